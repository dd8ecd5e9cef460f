"""Why nothing reads a link or a name: token by token, what was found, what belongs there, what is near."""

from __future__ import annotations

from .forms import Form, Template  # noqa: TID252 -- this folder is copied into generated clients
from .text import fold  # noqa: TID252 -- as above
from .values import ABSENT, Field, Name, problem  # noqa: TID252 -- as above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from .codec import Contract  # noqa: TID252 -- as above

MAX_TOKENS = 64
MEMORY = 2_000
"""Words remembered per template, with what each costs in each place."""


def explained(
    contracts: Iterable[Contract],
    params: Mapping[str, str],
    given: list[str],
    *,
    near: bool = True,
    platform: str | None = None,
) -> tuple[Form, list[dict[str, Any]], dict[str, Any]] | None:
    """The form that comes nearest, what is wrong with each parameter, and the values that could be read.

    Without `near`, words that are wrong are not yet compared with those that are right: see `with_nearest`.

    None where there are no contracts. A platform's form is only looked at where something is wrong with a
    parameter that it writes in its own way; where it is known on which platform it stands, only that one's,
    and no other form where one of its macros stands where it belongs.
    """
    best: tuple[tuple[float, int], Form, list[dict[str, Any]], dict[str, Any]] | None = None
    known: dict[int, Any] = {}
    for contract in contracts:
        own = contract.forms.get(platform or "")
        filled = own is not None and any(params.get(key) == each.macro for key, each in own.macros.items())
        for form in contract.forms.values():
            if own is not None and form is not own and (filled or form.platform is not None):
                continue
            cost, found, values = _explained(form, params, given, known)
            if best is None or cost < best[0]:
                best = (cost, form, found, values)
            if form.platform is None and all(each.get("param") in contract.common for each in found):
                break
    if best is None:
        return None
    _, form, found, values = best
    return form, with_nearest(found) if near else found, values


def with_nearest(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is wrong, with the right word that is nearest to each wrong one: the dearest part, so the last."""
    return [
        each
        if "reason" in each
        else {
            **_refused(each["field"], each["found"]),
            **{key: each[key] for key in ("token", "param") if key in each},
        }
        for each in found
    ]


def _explained(
    form: Form, params: Mapping[str, str], given: list[str], known: dict[int, Any]
) -> tuple[tuple[float, int], list[dict[str, Any]], dict[str, Any]]:
    cost = 0.0
    found: list[dict[str, Any]] = []
    values: dict[str, Any] = {}
    first: dict[str, Any] = {}
    for key in form.keys:
        text = params.get(key, "")
        part = id(form.templates.get(key))
        if key in form.macros or part not in known:  # forms of one contract share templates
            said: dict[str, Any] = {}
            known[part] = (*_parameter(form, key, text, said), said)
        far, wrong, said = known[part]
        values |= said
        first = {**said, **first}
        cost += far
        found += [{**each, "param": key} for each in wrong]
    if not found:
        mixed = form.mixed(values)
        found = [mixed] if mixed is not None else list(_disagreements(form, params))
        values = first  # of two values that disagree the first counts: the second is said to differ from it
    for key in given:
        if key not in form.known:
            found.append(
                {**problem("parameter-foreign", None, params[key], "no such parameter"), "param": key}
            )
            cost += 0.5
    return (cost + len(found) / 100, len(form.keys)), found, values


def _parameter(form: Form, key: str, text: str, values: dict[str, Any]) -> tuple[float, list[dict[str, Any]]]:
    """What one parameter costs and what is wrong with it; `values` gains what it says."""
    macro = form.macros.get(key)
    if macro is not None:
        if not text:
            return 2.0, [problem("parameter-missing", None, None, macro.expected(), macro.macro)]
        if macro.read(text, loosely=True):
            return 0.0, []
        return 1.0, [problem("macro-value", None, text, macro.expected(), macro.macro)]
    template = form.templates[key]
    readings = template.read(text)
    if readings:
        values |= readings[0][0]
        return 0.0, []
    if not text:
        wanted = template.text if template.sole is None else template.fields[template.sole].expected()
        return 2.0, [problem("parameter-missing", template.sole, None, wanted)]
    return _aligned(template, text, values)


def _disagreements(form: Form, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Fields to which two parameters give different values."""
    seen: dict[str, tuple[Any, str]] = {}
    for key, template in form.templates.items():
        for values, _ in template.read(params.get(key, ""))[:1]:
            for name, value in values.items():
                if name in seen and seen[name][0] != value:
                    other, where = seen[name]
                    expected = f"{ABSENT if other is None else other}, as in {where}"
                    yield {**problem("values-disagree", name, value, expected), "param": key}
                seen.setdefault(name, (value, key))


def _tokens(
    template: Template, items: list[str], cut: str, depth: int = 0
) -> list[list[tuple[str, Field | None]]]:
    """A shape cut at the delimiter; a nested name stands in its own tokens."""
    tokens: list[list[tuple[str, Field | None]]] = [[]]
    for place, item in enumerate(items):
        if place % 2 == 0:
            head, *rest = item.split(cut)
            if head:
                tokens[-1].append((head, None))
            tokens.extend([(piece, None)] if piece else [] for piece in rest)
            continue
        field = template.fields[item]
        if isinstance(field, Name) and depth < 3:  # noqa: PLR2004 -- names in names in names
            inner = field.target().form().templates["name"]
            first, *more = _tokens(inner, inner.shapes[0][0], cut, depth + 1)
            tokens[-1] += first
            tokens += more
        else:
            tokens[-1].append((item, field))
    return tokens


class Alignment:
    """How the tokens of a text are set against those of a template, apart from what they say.

    `steps` says of every token, last ones last, whether it is right, wrong, missing or superfluous, with its
    place in the shape and in the text. Texts whose tokens cost the same in every place have the same one.
    """

    __slots__ = ("cost", "shape", "steps")

    def __init__(self, cost: float, shape: int, steps: list[tuple[str, int, int]]) -> None:
        self.cost = cost
        self.shape = shape
        self.steps = steps


def aligned(template: Template, text: str) -> Alignment | None:
    """The cheapest account of how a text differs from a template; None where it has too many tokens."""
    cut, shapes = _cut(template)
    found = text.split(cut) if cut else [text]
    if len(found) > MAX_TOKENS:
        return None
    accounts = [_account(number, wanted, found, template) for number, wanted in enumerate(shapes)]
    return min(accounts, key=lambda account: account.cost)


def told(template: Template, text: str, alignment: Alignment) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What is wrong with a text by its alignment, as `explained` says it without `near`, and what it says."""
    cut, shapes = _cut(template)
    wanted, found = shapes[alignment.shape], text.split(cut) if cut else [text]
    wrong: list[dict[str, Any]] = []
    read: dict[str, Any] = {}
    for way, i, j in alignment.steps:
        if way == "right":
            read |= _read(wanted[i], found[j])
        elif way == "missing":
            wrong.append(_missing(wanted[i], j))
        elif way == "superfluous":
            each = problem("token-superfluous", None, found[j], f"nothing here: {template.text}")
            wrong.append({**each, "token": j + 1})
        else:
            refused = _judged(wanted[i], found[j], template)[1]
            assert refused is not None  # noqa: S101  it costs something
            wrong.append({**refused, "token": j + 1} if len(found) > 1 else refused)
    return wrong[::-1], {name: value for name, value in read.items() if name in template.names}


def _aligned(template: Template, text: str, values: dict[str, Any]) -> tuple[float, list[dict[str, Any]]]:
    """What a text costs and what is wrong with it; `values` gains what could be read."""
    alignment = aligned(template, text)
    if alignment is None:
        return float(MAX_TOKENS), [problem("name-long", None, text[:80], template.text)]
    wrong, read = told(template, text, alignment)
    values |= read
    if not wrong:
        return 1.0, [_unfit(template, text, alignment)]
    return alignment.cost, wrong


def _unfit(template: Template, text: str, alignment: Alignment) -> dict[str, Any]:
    """What is wrong where every token is right: the words of a name in the text do not go together."""
    cut, shapes = _cut(template)
    wanted, found = shapes[alignment.shape], text.split(cut) if cut else [text]
    values: dict[str, Any] = {}
    for _, i, j in alignment.steps:
        values |= _read(wanted[i], found[j])
    for field in _names_in(template):
        mixed = field.target().form().mixed(values)
        if mixed is not None:
            return mixed
    name = next((field.name for field in _names_in(template)), None)
    return problem("name-invalid", name, text, template.text)


def _names_in(template: Template) -> Iterator[Name]:
    """The names in a name, and those in them."""
    for field in map(template.fields.__getitem__, template.names):
        if isinstance(field, Name):
            yield field
            yield from _names_in(field.target().form().templates["name"])


def widths(contract: Contract) -> list[tuple[str, tuple[int, ...]]]:
    """The delimiter of each of a contract's ways to write a name, and into how many tokens it cuts them.

    In a name of `n` tokens that the contract does not read, at least as many things are wrong as `n` differs
    from the nearest width.
    """
    cuts = [_cut(form.templates["name"]) for form in contract.forms.values() if "name" in form.templates]
    return [(cut, tuple(sorted({len(wanted) for wanted in shapes}))) for cut, shapes in cuts]


def _cut(template: Template) -> tuple[str, list[list[list[tuple[str, Field | None]]]]]:
    """The delimiter of a template, and each of its shapes in the tokens between it."""
    if template.cut is None:
        cut = _delimiter(template)
        shapes = [
            _tokens(template, items, cut)
            if cut
            else [[(item, template.fields[item] if n % 2 else None) for n, item in enumerate(items) if item]]
            for items, _ in template.shapes
        ]
        template.cut = cut, shapes
    return template.cut


def _delimiter(template: Template) -> str:
    """The character that stands between the template's fields most often; empty where it has one field."""
    between = "".join([item for items, _ in template.shapes for item in items[2:-1:2]])
    if not between:
        fields = [template.fields[name] for name in template.names]
        nested = [field.target() for field in fields if isinstance(field, Name)]
        return _delimiter(nested[0].form().templates["name"]) if nested else ""
    marks = [char for char in between if not char.isalnum()]
    return max(sorted(set(marks)), key=marks.count) if marks else ""


def _account(
    shape: int, wanted: list[list[tuple[str, Field | None]]], found: list[str], template: Template
) -> Alignment:
    """The cheapest alignment of tokens.

    A wrong token costs up to 1, a missing or superfluous one 1.1, a loose spelling 0.1. What is right at both
    ends is left out of the search.
    """
    costs = [_costs(shape, wanted, word, template) for word in found]
    steps: list[tuple[str, int, int]] = []
    first, last, end = 0, len(wanted), len(found)
    while first < min(last, end) and costs[first][first] == 0:
        steps.append(("right", first, first))
        first += 1
    while first < min(last, end) and costs[end - 1][last - 1] == 0:
        last, end = last - 1, end - 1
        steps.append(("right", last, end))
    judged = [each[first:last] for each in costs[first:end]]
    cells = _cells(last - first, judged)
    i, j = last - first, end - first
    while i or j:
        way = cells[i][j][1]
        i, j = i - (way != "superfluous"), j - (way != "missing")
        if way == "both":
            way = "wrong" if judged[j][i] else "right"
        steps.append((way, first + i, first + j))
    return Alignment(cells[-1][-1][0], shape, steps)


def _costs(
    shape: int, wanted: list[list[tuple[str, Field | None]]], word: str, template: Template
) -> list[float]:
    """What a word costs in each place of a shape, remembered: most words of names come in by the thousand."""
    known = template.costs.get((shape, word))
    if known is None:
        known = [_judged(token, word, template)[0] for token in wanted]
        if len(template.costs) > MEMORY:
            template.costs.clear()
        template.costs[shape, word] = known
    return known


def _cells(rows: int, judged: list[list[float]]) -> list[list[tuple[float, str]]]:
    """The cost of aligning every beginning with every beginning, with the last step of each."""
    above: list[tuple[float, str]] = [(0.0, "")]
    for _ in judged:
        above.append((above[-1][0] + 1.1, "superfluous"))
    cells = [above]
    for i in range(rows):
        row = [(above[0][0] + 1.1, "missing")]
        for j, words in enumerate(judged):
            cost, way = above[j][0] + words[i], "both"
            missing = above[j + 1][0] + 1.1
            if missing < cost:
                cost, way = missing, "missing"
            superfluous = row[j][0] + 1.1
            if superfluous < cost:
                cost, way = superfluous, "superfluous"
            row.append((cost, way))
        cells.append(row)
        above = row
    return cells


def _refused(field: Field, text: str) -> dict[str, Any]:
    return problem(field.refusal(text), field.name, text, field.expected(), field.nearest(text))


def _read(token: list[tuple[str, Field | None]], text: str) -> dict[str, Any]:
    """What a token that is right says."""
    head = token[0][0] if token and token[0][1] is None else ""
    tail = token[-1][0] if token and token[-1][1] is None else ""
    inner = text[len(head) : len(text) - len(tail)]
    return {field.name: field.read(inner) for _, field in token if field is not None}


def _missing(token: list[tuple[str, Field | None]], after: int) -> dict[str, Any]:
    field = next((field for _, field in token if field is not None), None)
    expected = field.expected() if field is not None else "".join([text for text, _ in token])
    return {
        **problem("token-missing", field.name if field is not None else None, None, expected),
        "token": after + 1,
    }


def _judged(
    token: list[tuple[str, Field | None]], text: str, template: Template
) -> tuple[float, dict[str, Any] | None]:
    """What it costs to take a text for a token, and the rejection if it is not right.

    What is near is looked up for the tokens that are told of, not here, where each is compared with each.
    """
    fields = [field for _, field in token if field is not None]
    head = token[0][0] if token and token[0][1] is None else ""
    if not fields:
        if text == head:
            return 0.0, None
        return (0.1 if fold(text) == head else 1.0), problem("literal", None, text, head or "nothing", head)
    field = fields[0]
    tail = token[-1][0] if token[-1][1] is None else ""
    if len(fields) > 1 or not (
        text.startswith(head) and text.endswith(tail) and len(text) >= len(head) + len(tail)
    ):
        expected = f"{head}{{{field.name}}}{tail}, where {field.name} is {field.expected()}"
        return 1.0, problem("token-invalid", field.name, text, expected)
    inner = text[len(head) : len(text) - len(tail)]
    if field.read(inner) is not None or (inner == ABSENT and field.name in template.marks):
        return 0.0, None
    loose = field.read_loosely(inner)
    if loose is not None:
        reason = "word-retired" if loose[2] == "retired" else loose[2]
        return 0.1, problem(reason, field.name, inner, field.expected(), loose[1])
    return 1.0, {"field": field, "found": inner}

"""Compiles contracts, vocabularies and platforms into the JSON table that `canonry.naming.codec` runs on.

    table = compile_table(Sources(contracts=..., vocabularies=..., platforms=..., ...), resolve)
    codec = Codec(table)

Everything given is plain dicts as the files hold them: contracts by id, vocabularies and platforms by name.
What cannot be compiled is left out and named in `table["skipped"]`; why is for lint to say. Equal input gives
equal bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry import regular
from canonry.kernel.ids import NAMING_KINDS
from canonry.naming import automata, template
from canonry.naming.channels import compile_channels
from canonry.naming.fields import Resolve, Spec, Unsupported, read
from canonry.naming.template import Option, Slot, Template

VERSION: Final = 1
"""Changes whenever a codec of this version could misread a table of another."""

SLUG_PATTERNS: Final = frozenset({"^[a-z0-9]+(-[a-z0-9]+)*$", "^[a-z0-9]+(?:-[a-z0-9]+)*$"})

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a table is compiled from: documents by id or name; `groups` are the company's channel groups."""

    contracts: Mapping[str, Document]
    vocabularies: Mapping[str, Document] = field(default_factory=dict)
    platforms: Mapping[str, Document] = field(default_factory=dict)
    groups: Mapping[str, Document] = field(default_factory=dict)
    domains: Document = field(default_factory=dict)


class NotCompiled(Exception):  # noqa: N818 -- an answer, not a mistake
    """A contract that has no place in a table, and why."""


class Automata:
    """The automata of a table, each once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.tables: list[dict[str, Any]] = []

    def number(self, patterns: Sequence[str], nots: Sequence[str] = ()) -> int:
        """The place of an automaton. Raises `NotCompiled` for patterns that cannot be one."""
        key = repr((list(patterns), list(nots)))
        if key not in self.numbers:
            try:
                compiled = automata.compiled_patterns(patterns, nots)
            except (regular.PatternSyntaxError, regular.UnsupportedPattern, regular.BudgetExceeded) as error:
                raise NotCompiled(f"pattern {list(patterns)}: {error}") from error
            except automata.AutomatonTooLarge as error:
                raise NotCompiled(f"pattern {list(patterns)} needs too many states") from error
            self.numbers[key] = len(self.tables)
            self.tables.append(compiled)
        return self.numbers[key]


def compile_table(sources: Sources, resolve: Resolve) -> dict[str, Any]:
    """The table, JSON throughout. `resolve` gives the document of a `$ref` such as `/common/day/v1`."""
    made = Automata()
    contracts: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    for identifier in sorted(sources.contracts):
        document = sources.contracts[identifier]
        if identifier.split("/")[1] not in NAMING_KINDS or _x(document).get("status") == "retired":
            continue
        try:
            contracts[identifier] = compile_contract(identifier, document, sources, resolve, made)
        except NotCompiled as error:
            skipped[identifier] = str(error)
    _drop_unfounded(contracts, skipped)
    used = {
        spec["vocabulary"]
        for c in contracts.values()
        for spec in c["fields"].values()
        if "vocabulary" in spec
    }
    return {
        "version": VERSION,
        "contracts": contracts,
        "vocabularies": {name: _vocabulary(sources.vocabularies[name]) for name in sorted(used)},
        "platforms": {name: _platform(sources.platforms[name], made) for name in sorted(sources.platforms)},
        "channels": compile_channels(sources.groups, made.number),
        "domains": {
            key: list(sources.domains.get(key) or ()) for key in ("own", "landing", "short_link", "payment")
        },
        "automata": made.tables,
        "skipped": skipped,
    }


def _x(document: Document) -> Document:
    extra = document.get("x-contract")
    return extra if isinstance(extra, Mapping) else {}


def _drop_unfounded(contracts: dict[str, Any], skipped: dict[str, str]) -> None:
    """Removes contracts whose nested names belong to none, or to one another in a circle."""
    while True:
        unfounded = {
            identifier: spec["of"]
            for identifier, contract in contracts.items()
            for spec in contract["fields"].values()
            if spec["type"] == "name"
            and (
                spec["of"] not in contracts
                or contracts[spec["of"]]["kind"] == "utm"
                or _reaches(contracts, spec["of"], identifier)
            )
        }
        if not unfounded:
            return
        for identifier, target in unfounded.items():
            skipped[identifier] = f"holds names of {target}, which is not there or holds names of this one"
            del contracts[identifier]


def _reaches(contracts: Mapping[str, Any], start: str, goal: str) -> bool:
    seen: set[str] = set()
    queue = [start]
    for identifier in queue:  # grows while it is read
        if identifier == goal:
            return True
        if identifier not in seen and identifier in contracts:
            seen.add(identifier)
            queue.extend(s["of"] for s in contracts[identifier]["fields"].values() if s["type"] == "name")
    return False


def compile_contract(
    identifier: str, document: Document, sources: Sources, resolve: Resolve, made: Automata
) -> dict[str, Any]:
    """One contract's part of the table. Raises `NotCompiled`."""
    extra = _x(document)
    properties, named = document.get("properties") or {}, document.get("required") or []
    if not isinstance(properties, Mapping) or not isinstance(named, list):
        raise NotCompiled("it is no JSON Schema")
    fields = {
        name: field_spec(schema, document, sources.vocabularies, resolve, made)
        for name, schema in properties.items()
    }
    required = [name for name in named if isinstance(name, str) and name in fields]
    platforms = extra.get("platforms") or []
    kind, name = identifier.split("/")[1:3]
    forms = {
        key: _form(params, fields, required, made) for key, params in form_params(extra, platforms).items()
    }
    if "static" not in forms or not forms["static"]["params"]:
        raise NotCompiled("it has no template")
    if kind != "utm" and list(forms["static"]["params"]) != ["name"]:
        raise NotCompiled('the templates of a name have the one key "name"')
    written = {item for form in forms.values() for part in form["params"].values() for item in _written(part)}
    lost = [name for name in required if name not in written]
    if lost:
        raise NotCompiled(f"no template writes {', '.join(lost)}")
    compiled: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "title": title if isinstance(title := document.get("title"), str) and title else name,
        "status": extra.get("status") or "active",
        "aliases": list(extra.get("aliases") or ()),
        "platforms": list(platforms),
        "level": extra.get("level"),
        "channel": extra.get("channel"),
        "custom_channel": extra.get("custom_channel"),
        "tagging": extra.get("tagging") or "manual",
        "owner": extra.get("owner"),
        "fields": fields,
        "required": required,
        "forms": forms,
    }
    legacy = [
        _legacy(entry, forms["static"], fields, required, made)
        for entry in extra.get("legacy_templates") or ()
    ]
    if legacy:
        compiled["legacy"] = legacy
    combinations = [_combination(entry, fields) for entry in extra.get("allowed_combinations") or ()]
    if combinations:
        compiled["combinations"] = combinations
    return compiled


def form_params(extra: Document, platforms: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`static` and every platform that differs from it, to parameters in order: template text or macro.

    A platform's form takes the static text of each parameter for which it has none of its own; parameters
    without a static text exist only on the platforms that name them.
    """
    templates: Document = extra.get("templates") or {}
    named = sorted({key for value in templates.values() if _by_platform(value) for key in value} - {"static"})
    forms: dict[str, dict[str, Any]] = {"static": {}}
    for platform in ["static", *named]:
        params: dict[str, Any] = {}
        for key, value in templates.items():
            chosen = value.get(platform, value.get("static")) if _by_platform(value) else value
            if chosen is not None:
                params[key] = chosen
        forms[platform] = params
    return forms


def _by_platform(value: object) -> bool:
    return isinstance(value, Mapping) and "macro" not in value


def field_spec(
    schema: Document,
    root: Document,
    vocabularies: Mapping[str, Document],
    resolve: Resolve,
    made: Automata | None,
) -> Spec:
    """A field's dict as the table holds it. Raises `NotCompiled`."""
    try:
        spec = read(schema, resolve, root)
    except Unsupported as error:
        raise NotCompiled(str(error)) from error
    except LookupError as error:
        raise NotCompiled(f"{error} is not in the catalogue") from error
    spec = _narrowed(spec, vocabularies)
    if spec["type"] == "text":
        patterns, nots = spec["patterns"], spec["nots"]
        spec["slug"] = len(patterns) == 1 and patterns[0] in SLUG_PATTERNS
        if made is not None and (patterns or nots):
            spec["dfa"] = made.number(patterns, nots)
    elif spec["type"] == "date" and "patterns" in spec and made is not None:
        spec["dfa"] = made.number(spec["patterns"], spec.get("nots", ()))
    if isinstance(schema.get("title"), str):
        spec["title"] = schema["title"]
    return spec


def _narrowed(spec: Spec, vocabularies: Mapping[str, Document]) -> Spec:
    """The field with the keywords beside a list of values or a date carried out."""
    kind = spec["type"]
    if kind == "word" and spec["vocabulary"] not in vocabularies:
        raise NotCompiled(f"there is no vocabulary {spec['vocabulary']}")
    narrowing = {
        key: spec.pop(key)
        for key in ("patterns", "nots", "values", "min_length", "max_length")
        if key in spec
    }
    if kind == "text":
        return spec | narrowing
    if kind == "name":
        return spec | {key: value for key, value in narrowing.items() if key == "max_length"}
    if kind not in ("word", "set", "date"):
        return spec
    language = automata.matching(narrowing.get("patterns", ()), narrowing.get("nots", ()))
    shortest, longest = narrowing.get("min_length", 0), narrowing.get("max_length")

    def fits(text: str) -> bool:
        return language.accepts(text) and shortest <= len(text) and (longest is None or len(text) <= longest)

    if kind == "set":
        return spec | {"values": [v for v in narrowing["values"] if not isinstance(v, str) or fits(v)]}
    if kind == "date":
        bounded = shortest or (longest is not None and longest < len("2026-11-21"))
        if not bounded and language.includes(_plausible_dates(spec["unit"])):
            return spec
        if all(fits(value) for value in dates(spec["unit"])):
            return spec
        return spec | {key: narrowing[key] for key in ("patterns", "nots") if key in narrowing}
    words = [
        w
        for w, d in vocabularies[spec["vocabulary"]]["words"].items()
        if (d or {}).get("status") != "retired"
    ]
    kept = [w for w in words if fits(w) and ("values" not in narrowing or w in narrowing["values"])]
    return spec if len(kept) == len(words) else spec | {"only": kept}


_PLAUSIBLE_DATES: Final[Mapping[str, str]] = {
    "year": "^20[0-9]{2}$",
    "quarter": "^20[0-9]{2}-Q[1-4]$",
    "month": "^20[0-9]{2}-(?:0[1-9]|1[0-2])$",
    "day": (
        "^20[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
        "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))$"
    ),
}


def _plausible_dates(unit: str) -> regular.Language:
    """A few more than `dates`: every February has a 29th. Spares trying 36,525 days one by one."""
    return automata.matching([_PLAUSIBLE_DATES[unit]])


def dates(unit: str) -> Iterator[str]:
    """Every value of a date field, from 2000 to 2099."""
    for year in range(2000, 2100):
        if unit == "year":
            yield str(year)
        elif unit == "quarter":
            yield from (f"{year}-Q{quarter}" for quarter in range(1, 5))
        else:
            for month in range(1, 13):
                if unit == "month":
                    yield f"{year}-{month:02}"
                    continue
                days = 30 if month in (4, 6, 9, 11) else 31
                days = (29 if year % 4 == 0 else 28) if month == 2 else days  # noqa: PLR2004 -- February
                yield from (f"{year}-{month:02}-{day:02}" for day in range(1, days + 1))


def _form(
    params: Document,
    fields: Mapping[str, Spec],
    required: Sequence[str],
    made: Automata,
    *,
    older: bool = False,
) -> dict[str, Any]:
    compiled: dict[str, Any] = {}
    for key, value in params.items():
        if isinstance(value, Mapping):
            part = {
                name: value[name] for name in ("macro", "expands", "pattern") if value.get(name) is not None
            }
            if "pattern" in part:
                part["dfa"] = made.number([part["pattern"]])
            compiled[key] = part
        else:
            compiled[key] = _template(value, fields, required, older=older)
    return {"params": compiled}


def _written(part: Document) -> Iterator[str]:
    for shape in part.get("shapes", ()):
        yield from shape["items"][1::2]


def _legacy(
    entry: Mapping[str, str],
    static: Document,
    fields: Mapping[str, Spec],
    required: Sequence[str],
    made: Automata,
) -> dict[str, Any]:
    """An older spelling: its own parameters, and beside them those of today, which may also be missing."""
    form = _form(entry, fields, required, made, older=True)
    loose = [key for key in static["params"] if key not in entry]
    form["params"] |= {key: static["params"][key] for key in loose}
    form["loose"] = loose
    return form


def _template(
    text: str, fields: Mapping[str, Spec], required: Sequence[str], *, older: bool = False
) -> dict[str, Any]:
    read_template, problems = template.parse(text, older=older)
    if problems:
        raise NotCompiled(f"template {text!r}: {problems[0].message}")
    for slot in read_template.slots:
        check_slot(slot, fields)
    shapes = []
    for flat, absent in read_template.shapes():
        if absent & set(required):
            continue
        items: list[str] = [""]
        for part in flat:
            if isinstance(part, str):
                items[-1] += part
            else:
                items += [part.field, ""]
        shapes.append({"items": items} | ({"absent": sorted(absent)} if absent else {}))
    compiled: dict[str, Any] = {"text": text, "shapes": shapes}
    marks = marked(read_template, required)
    if marks:
        compiled["marks"] = sorted(marks)
    return compiled


def marked(parts: Template, required: Sequence[str]) -> set[str]:
    """The optional fields that stand outside brackets: absent, they write `xx`."""
    optional = {
        slot.field
        for part in parts.parts
        if isinstance(part, Option)
        for slot in part.parts
        if isinstance(slot, Slot)
    }
    return set(parts.fields) - optional - set(required)


def check_slot(slot: Slot, fields: Mapping[str, Spec]) -> None:
    """Raises `NotCompiled` where a slot names no field, or its date format does not fit the field."""
    spec = fields.get(slot.field)
    if spec is None:
        raise NotCompiled(f"{{{slot.field}}} is no property")
    wanted = template.DATE_FORMATS[spec["unit"]] if spec["type"] == "date" else None
    if slot.form != wanted:
        raise NotCompiled(f"{{{slot.field}:{slot.form}}} does not fit a field of type {spec['type']}")


def _combination(entry: Document, fields: Mapping[str, Spec]) -> dict[str, Any]:
    names = list(entry["fields"])
    if any(name not in fields for name in names) or any(len(row) != len(names) for row in entry["rows"]):
        raise NotCompiled(
            "an allowed combination names a field that is none, or has too few or too many columns"
        )
    rows = [
        [None if cell == "*" else [cell] if isinstance(cell, str) else list(cell) for cell in row]
        for row in entry["rows"]
    ]
    rows = [[None if cell is not None and "*" in cell else cell for cell in row] for row in rows]
    return {"fields": names, "rows": rows}


def _vocabulary(document: Document) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for word, details in (document.get("words") or {}).items():
        about: dict[str, Any] = {
            "label": (details or {}).get("label") or word,
            "status": (details or {}).get("status") or "active",
        }
        for key in ("aliases", "replaced_by"):
            if (details or {}).get(key):
                about[key] = details[key]
        words[word] = about
    return {"title": document.get("title"), "alphabet": document.get("alphabet") or "word", "words": words}


def _platform(document: Document, made: Automata) -> dict[str, Any]:
    compiled: dict[str, Any] = {
        "label": document.get("label"),
        "category": document.get("category"),
        "aliases": list(document.get("aliases") or ()),
        "click_ids": list(document.get("click_ids") or ()),
        "macros": {m["macro"]: m.get("means") for m in document.get("macros") or ()},
        "personal": [m["macro"] for m in document.get("macros") or () if m.get("personal_data")],
        "not_macros": list(document.get("not_macros") or ()),
        "auto_tagging": list(document.get("auto_tagging") or ()),
        "levels": {
            level: {"label": about.get("label"), "aliases": list(about.get("aliases") or ())}
            for level, about in (document.get("levels") or {}).items()
        },
    }
    for key in ("links", "self_tagging", "macro_pattern"):
        if document.get(key):
            compiled[key] = document[key]
    if document.get("macro_pattern"):
        try:
            compiled["macro_dfa"] = made.number([document["macro_pattern"]])
        except NotCompiled:
            compiled["macro_pattern_unread"] = True
    return compiled

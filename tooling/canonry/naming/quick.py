"""The short way through right links, which most are: one match per query, one look-up per field.

Each form becomes a regular expression of its own literals and of groups that stop at the next literal, so
that matching takes one pass whatever comes in; no pattern of a contract is in it. A form in which a field may
hold what stands behind it has no such expression, and its links go the long way. So does whatever is not
plainly right: `Quick.read` answers None and says nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from canonry.naming.runtime.codec import Codec, Contract
from canonry.naming.runtime.forms import Form, Template
from canonry.naming.runtime.rejections import MAX_TOKENS
from canonry.naming.runtime.text import fold
from canonry.naming.runtime.values import ABSENT, MAX_TEXT, MEMORY, Field, Name

_NESTED: Final = 4
"""Names in names in names."""
MAX_PREFIXES: Final = 5_000
"""Beginnings of queries (source and medium) whose forms are remembered."""


class Right(NamedTuple):
    """A link that is right."""

    contract: Contract
    platform: str | None
    fields: dict[str, Any]
    expanded: dict[str, Any]
    source: str
    medium: str
    campaign: str


class _Pattern:
    """One form as a regular expression over a whole query."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.groups: list[tuple[Field | None, str, bool]] = []
        """What each group holds: a field, or a macro's parameter; and whether the field may be absent."""
        self.campaign = 0
        pieces = [self._param(key) for key in form.keys]
        first, *others = pieces
        optional = [f"(?:&{text})?" if may_lack else f"&{text}" for text, may_lack in others]
        self.match = re.compile(first[0] + "".join(optional)).fullmatch

    def _param(self, key: str) -> tuple[str, bool]:
        """The expression of one parameter, and whether it may be left out."""
        head = re.escape(key) + "="
        if key in self.form.macros:
            self.groups.append((None, key, False))
            return f"{head}([^&]*)", False
        template = self.form.templates[key]
        if len(template.shapes) == 1:
            text = self._shape(template, template.shapes[0][0])
            may_lack = False
        elif sorted(len(items) for items, _ in template.shapes) == [1, 3] and template.shapes[-1][0] == [""]:
            text = self._shape(template, template.shapes[0][0])
            may_lack = True
        else:
            raise ValueError(key)
        if key == "utm_campaign":
            text = f"(?P<campaign>{text})"
            self.groups.insert(len(self.groups) - len(template.order), (None, "", False))
        return head + text, may_lack

    def _shape(self, template: Template, items: list[str]) -> str:
        pieces = [re.escape(items[0])]
        for place in range(1, len(items), 2):
            field, after = template.fields[items[place]], items[place + 1]
            last = place + 2 == len(items)
            if not last and (not after or field.holds(after[0])):
                raise ValueError(field.name)
            stop = "" if not after else re.escape(after[0]) if not field.holds(after[0]) else ""
            self.groups.append((field, field.name, field.name in template.marks))
            pieces.append(f"([^&{stop}]*)" + re.escape(after))
        return "".join(pieces)

    def read(self, query: str) -> tuple[dict[str, Any], dict[str, Any], str] | None:
        """Values, expanded macros and the campaign; None where the form does not read it."""
        found = self.match(query)
        if found is None:
            return None
        fields: dict[str, Any] = {}
        expanded: dict[str, Any] = {}
        campaign = ""
        for (field, name, mark), text in zip(self.groups, found.groups()):  # noqa: B905 -- same length, and hot
            if text is None:
                continue
            if field is None:
                if not name:
                    campaign = text
                elif not self._macro(name, text, expanded):
                    return None
                continue
            value = field.memory.get(text)
            if value is None:
                if mark and text == ABSENT:
                    continue
                value = field.read(text)
                if value is None:
                    return None
                if len(field.memory) > MEMORY:
                    field.memory.clear()
                field.memory[text] = value
            if name in fields and fields[name] != value:
                return None
            fields[name] = value
        return fields, expanded, campaign

    def _macro(self, key: str, text: str, expanded: dict[str, Any]) -> bool:
        readings = self.form.macros[key].read(text)
        if len(readings) != 1 or readings[0].get("notes") or "macro" in readings[0]:
            return False
        expanded[key] = readings[0]
        return True


class Quick:
    """Reads the queries of right links."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self._patterns: dict[str, list[_Pattern]] = {}
        self._prefixes: dict[str, tuple[Contract, str, str, list[_Pattern]] | None] = {}

    def read(self, query: str) -> Right | None:
        """What a query says that holds nothing but a right link's parameters, in their order."""
        prefix = query[: query.find("&", query.find("&") + 1)]
        known = self._prefixes.get(prefix, ...)
        if known is ...:
            if len(self._prefixes) > MAX_PREFIXES:
                self._prefixes.clear()
            known = self._prefixes[prefix] = self._known(prefix)
        if known is None:
            return None
        contract, source, medium, patterns = known
        for pattern in patterns:
            found = pattern.read(query)
            if found is not None:
                fields, expanded, campaign = found
                for name, after in contract.deprecated.items():
                    if fields.get(name) in after:
                        return None
                if pattern.form.combinations and pattern.form.mixed(fields) is not None:
                    return None
                return Right(contract, pattern.form.platform, fields, expanded, source, medium, campaign)
        return None

    def _known(self, prefix: str) -> tuple[Contract, str, str, list[_Pattern]] | None:
        """The one contract of a source and a medium, and its forms in the order in which they are tried."""
        params: Mapping[str, str] = dict(pair.partition("=")[::2] for pair in prefix.split("&"))
        if list(params) != ["utm_source", "utm_medium"]:
            return None
        candidates = self.codec.candidates(params["utm_source"], params["utm_medium"])
        if len(candidates) != 1:
            return None
        [contract] = candidates
        if contract.id not in self._patterns:
            try:
                self._patterns[contract.id] = [_Pattern(form) for form in contract.forms.values()]
            except ValueError:
                self._patterns[contract.id] = []
        return contract, params["utm_source"], params["utm_medium"], self._patterns[contract.id]


class _NamePattern:
    """One contract's name as a regular expression of its own literals."""

    __slots__ = (
        "combined",
        "contract",
        "deprecated",
        "form",
        "groups",
        "marks",
        "match",
        "refused",
        "text",
        "together",
    )

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.deprecated = list(contract.deprecated.items())
        self.form = contract.form()
        self.refused: set[tuple[str, str]] = set()
        self.combined = list(
            dict.fromkeys(names[place] for places, names, _ in self.form.combinations for place in places)
        )
        self.together: dict[tuple[Any, ...], bool] = {}
        template = self.form.templates["name"]
        if len(template.shapes) != 1:
            raise ValueError(contract.id)
        items = template.shapes[0][0]
        if len(set(items[1::2])) != len(items[1::2]):
            raise ValueError(contract.id)  # one field twice: the values have to agree
        self.groups: list[tuple[Field, str, bool]] = []
        pieces = [re.escape(items[0])]
        for place in range(1, len(items), 2):
            field, after = template.fields[items[place]], items[place + 1]
            last = place + 2 == len(items)
            if not last and (not after or field.holds(after[0])):
                raise ValueError(field.name)
            stop = f"[^{re.escape(after[0])}]*" if after and not field.holds(after[0]) else ".*"
            self.groups.append((field, field.name, field.name in template.marks))
            pieces.append(f"({stop}){re.escape(after)}")
        self.text = "".join(pieces)
        self.match = re.compile(self.text).fullmatch
        literal = sum(piece.count("_") for piece in items[::2])
        varies = any(field.holds("_") for field, _, _ in self.groups)
        self.marks: int | None = None if varies else literal
        """How many `_` its names have, where that is the same for all."""

    def read(self, text: str) -> dict[str, Any] | None:
        """The values of a right name; None where more must be looked at."""
        found = self.match(text)
        if found is None:
            return None
        fields: dict[str, Any] = {}
        refused = self.refused
        for (field, name, mark), part in zip(self.groups, found.groups()):  # noqa: B905 -- same length, and hot
            value = field.memory.get(part)
            if value is None:
                if mark and part == ABSENT:
                    continue
                if (name, part) in refused:
                    return None
                value = field.read(part)
                if value is None:
                    if len(refused) < MEMORY:
                        refused.add((name, part))
                    return None
                if len(field.memory) > MEMORY:
                    field.memory.clear()
                field.memory[part] = value
            fields[name] = value
        for name, after in self.deprecated:
            if fields.get(name) in after:
                return None
        if self.combined and not self._together(fields):
            return None
        return fields

    def _together(self, fields: dict[str, Any]) -> bool:
        """Whether no combination is broken; remembered, since few words stand together."""
        words = tuple([fields.get(name) for name in self.combined])
        known = self.together.get(words)
        if known is None:
            if len(self.together) > MEMORY:
                self.together.clear()
            known = self.together[words] = self.form.mixed(fields) is None
        return known


class _Outline:
    """What every text has that a contract reads, however loosely: so many `_`, and words between them."""

    def __init__(self, contract: Contract) -> None:
        self.marks: set[int] | None = set()
        """How many `_`; None where that varies."""
        self.words: dict[int, list[list[tuple[int, Field, bool]]]] | None = {}
        """By how many `_`, for each way of writing: the places that one field fills, and whether it may be
        absent; None where words have `_` themselves.
        """
        for form in (*contract.forms.values(), *contract.older):
            template = form.templates.get("name")
            for items, _ in template.shapes if template is not None else ():
                assert template is not None  # noqa: S101  it has shapes
                self._shape(template, items)
            if template is None:
                self.marks = None
        if self.marks is None:
            self.words = None

    def _shape(self, template: Template, items: list[str]) -> None:
        counts = {"".join(items[::2]).count("_")}
        for name in items[1::2]:
            held = _marks_in(template.fields[name])
            if held is None:
                self.marks = None
                return
            if held != {0}:
                self.words = None
            counts = {count + more for count in counts for more in held}
        if self.marks is not None:
            self.marks |= counts
        if self.words is not None:
            [count] = counts
            self.words.setdefault(count, []).append(list(_alone(template, items)))

    def may_have(self, marks: int) -> bool:
        """Whether a text of the contract may have so many `_`."""
        return self.marks is None or marks in self.marks

    def fits(self, words: list[str]) -> bool:
        """False where the contract cannot read a text of these words, of which it may have so many."""
        if self.words is None:
            return True
        return any(
            all(_readable(field, words[place], mark=mark) for place, field, mark in places)
            for places in self.words[len(words) - 1]
        )


def _marks_in(field: Field, depth: int = 0) -> set[int] | None:
    """How many `_` a readable spelling may hold; None where that varies."""
    if not isinstance(field, Name):
        return None if field.loosely_holds("_") else {0}
    found: set[int] = set()
    template = field.target().form().templates["name"]
    for items, _ in template.shapes:
        counts = {"".join(items[::2]).count("_")}
        for name in items[1::2]:
            held = _marks_in(template.fields[name], depth + 1) if depth < _NESTED else None
            if held is None:
                return None
            counts = {count + more for count in counts for more in held}
        found |= counts
    return found


def _alone(template: Template, items: list[str]) -> Iterator[tuple[int, Field, bool]]:
    """The fields that stand between two `_` with nothing beside them, by the place of their word."""
    place = items[0].count("_")
    for at in range(1, len(items), 2):
        before, after = items[at - 1], items[at + 1]
        begins = before.endswith("_") or (at == 1 and not before)
        ends = after.startswith("_") or (at + 2 == len(items) and not after)
        if begins and ends:
            yield place, template.fields[items[at]], items[at] in template.marks
        place += after.count("_")


def _readable(field: Field, word: str, *, mark: bool) -> bool:
    return (
        field.read(word) is not None
        or (mark and fold(word) == ABSENT)
        or field.read_loosely(word) is not None
    )


class QuickNames:
    """Reads names that are right, in a microsecond or two each; None says nothing but "look closer"."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self._patterns: dict[str, _NamePattern | None] = {}
        self._outlines: dict[str, _Outline] = {}
        self._outlined: dict[tuple[tuple[str, ...], int], list[tuple[Contract, _Outline]]] = {}
        self._indexes: dict[tuple[str, ...], tuple[dict[int, list[_NamePattern]], list[_NamePattern]]] = {}

    def read(self, text: str, identifiers: tuple[str, ...]) -> tuple[str, dict[str, Any]] | None:
        """The first of these contracts that reads the name as right, and its fields."""
        if len(text) > MAX_TEXT:
            return None
        fixed, others = self._indexed(identifiers)
        for pattern in (*fixed.get(text.count("_"), ()), *others):
            fields = pattern.read(text)
            if fields is not None:
                return pattern.contract.id, fields
        return None

    def reader(self, identifiers: tuple[str, ...]) -> Callable[[str], dict[str, Any] | None]:
        """As `read` of the fields, for many names against the same contracts."""
        fixed, others = self._indexed(identifiers)
        by_marks = {marks: [each.read for each in (*found, *others)] for marks, found in fixed.items()}
        otherwise = [each.read for each in others]

        def read(text: str) -> dict[str, Any] | None:
            if len(text) > MAX_TEXT:
                return None
            for pattern in by_marks.get(text.count("_"), otherwise):
                fields = pattern(text)
                if fields is not None:
                    return fields
            return None

        return read

    def _indexed(
        self, identifiers: tuple[str, ...]
    ) -> tuple[dict[int, list[_NamePattern]], list[_NamePattern]]:
        index = self._indexes.get(identifiers)
        if index is None:
            index = self._indexes[identifiers] = self._index(identifiers)
        return index

    def possible(self, text: str, identifiers: tuple[str, ...]) -> list[Contract]:
        """Those of the contracts that may read the name, however loosely: told by its `_` and its words."""
        words = text.split("_")
        key = (identifiers, len(words))
        alike = self._outlined.get(key)
        if alike is None:
            outlines = [(self.codec.contract(each), self._outline(each)) for each in identifiers]
            alike = [(contract, each) for contract, each in outlines if each.may_have(len(words) - 1)]
            if len(words) <= MAX_TOKENS:
                self._outlined[key] = alike
        return [contract for contract, outline in alike if outline.fits(words)]

    def _outline(self, identifier: str) -> _Outline:
        known = self._outlines.get(identifier)
        if known is None:
            known = self._outlines[identifier] = _Outline(self.codec.contract(identifier))
        return known

    def _index(
        self, identifiers: tuple[str, ...]
    ) -> tuple[dict[int, list[_NamePattern]], list[_NamePattern]]:
        """Patterns by how many `_` their names have, and those whose number varies; equal ones once."""
        fixed: dict[int, list[_NamePattern]] = {}
        others: list[_NamePattern] = []
        seen: set[str] = set()
        for identifier in identifiers:
            if identifier not in self._patterns:
                self._patterns[identifier] = self._made(identifier)
            pattern = self._patterns[identifier]
            if pattern is None:
                continue
            combined = pattern.contract.table.get("combinations")
            alike = repr([pattern.text, combined, *(each[0].spec for each in pattern.groups)])
            if alike in seen:
                continue
            seen.add(alike)
            if pattern.marks is None:
                others.append(pattern)
            else:
                fixed.setdefault(pattern.marks, []).append(pattern)
        return fixed, others

    def _made(self, identifier: str) -> _NamePattern | None:
        try:
            return _NamePattern(self.codec.contract(identifier))
        except ValueError:
            return None

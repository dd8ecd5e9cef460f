"""The exact languages of fields, templates, parameters and names, as `canonry.regular` values.

A `Model` wraps a compiled table, so that what is proved is what the codec does. Optional fields are absent or
present, repeated fields have one value, allowed combinations hold, registry ids carry their check, dates
exist, nested names are names, and a macro stands for what it becomes.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from canonry import regular
from canonry.naming import automata
from canonry.naming.runtime.values import ABSENT, ID_ALPHABET
from canonry.naming.table import dates
from canonry.regular import Choice, Language, Literal, Measure, Optional, Part, Slot
from canonry.regular.parts import fixed, slots

Document = Mapping[str, Any]
Row = Mapping[str, frozenset[str] | None]
"""Field to the spellings that one case allows; None: any."""
Longest = tuple[int, str] | None
"""Length and text of a longest text; None where there is no end."""
_IMPOSSIBLE: Final = (-1, "")
Gone = Mapping[str, bool]
"""Optional field to whether it is absent."""

_MAX_TIED: Final = 1000
"""Values of fields that stand twice in a template, tried one by one."""
_SMALL: Final = 2000
"""Numbers up to so many are kept as words."""
_SIX: Final = regular.pattern(f"^[{ID_ALPHABET}]{{6}}$")
_DAYS: Final = (
    "20[0-9][0-9](?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    "|02(?:0[1-9]|1[0-9]|2[0-8]))|20(?:[02468][048]|[13579][26])0229"
)
_DATES: Final = {
    "day": _DAYS,
    "month": "20[0-9][0-9](?:0[1-9]|1[0-2])",
    "quarter": "20[0-9][0-9]q[1-4]",
    "year": "20[0-9][0-9]",
}


class NoLanguage(Exception):  # noqa: N818 -- an answer, not a mistake
    """What a macro stands for, or a nested name, is not known; `str()` says of which."""


@dataclass(slots=True)
class Model:
    """A compiled table, and the languages of its parts, each computed once."""

    table: Document
    platforms: Mapping[str, Document] = field(default_factory=dict)
    """The registry's platform files, for limits and macros."""
    groups: Mapping[str, Sequence[Document]] = field(default_factory=dict)
    """The company's channel groups: name to rules, as the file has them."""
    rough: bool = False
    """Languages that hold more than can be written, and are small: ids without their check, words of any
    length, no combinations. What is proved over them is proved."""
    _fields: dict[str, Language] = field(default_factory=dict, init=False)
    _names: dict[str, Language] = field(default_factory=dict, init=False)
    _narrowed: dict[tuple[str, str, frozenset[str]], Language] = field(default_factory=dict, init=False)
    _params: dict[str, Language] = field(default_factory=dict, init=False)
    _longest: dict[tuple[str, str, str, str], Longest] = field(default_factory=dict, init=False)
    _rough: "Model | None" = field(default=None, init=False)

    def contract(self, identifier: str) -> Document:
        """The table's part of one contract. Raises `KeyError`."""
        found: Document = self.table["contracts"][identifier]
        return found

    def form(self, identifier: str, platform: str | None) -> Document:
        """Parameter to compiled template or macro, for a platform or (None) the static form."""
        forms = self.contract(identifier)["forms"]
        found: Document = (forms.get(platform or "static") or forms["static"])["params"]
        return found

    def field(self, identifier: str, name: str) -> Language:
        """Every spelling of a field that is present; fields that hold the same share one language."""
        spec = self.contract(identifier)["fields"][name]
        key = repr([(about, value) for about, value in spec.items() if about != "title"])
        if key not in self._fields:
            self._fields[key] = self._spelt(spec)
        return self._fields[key]

    def _spelt(self, spec: Document) -> Language:
        match spec["type"]:
            case "word":
                words: Document = self.table["vocabularies"][spec["vocabulary"]]["words"]
                only = spec.get("only")
                return regular.words(
                    word
                    for word, about in words.items()
                    if about["status"] != "retired" and (only is None or word in only)
                )
            case "set":
                return regular.words(str(value) for value in spec["values"])
            case "text":
                language = automata.matching(spec["patterns"], spec["nots"])
                if self.rough:
                    return language
                return language & regular.lengths(spec.get("min") or 0, spec.get("max"))
            case "integer":
                return integers(spec["min"], spec["max"])
            case "date":
                return _written_dates(spec)
            case "id":
                return _SIX if self.rough else automata.identifiers()
            case _:
                language = self.names(spec["of"])
                longest = spec.get("max_length")
                return language if longest is None else language & regular.lengths(0, longest)

    def names(self, identifier: str) -> Language:
        """Every name that a creative or object contract builds. Raises `NoLanguage` for what is not there."""
        if identifier not in self._names:
            self._names[identifier] = self._composed(self.parts(identifier, self._name_of(identifier)))
        return self._names[identifier]

    def _name_of(self, identifier: str) -> Document:
        """The template of a contract of names."""
        if identifier not in self.table["contracts"]:
            raise NoLanguage(f"{identifier} is not in the catalogue, or cannot be compiled")
        found: Document = self.form(identifier, None)["name"]
        return found

    def rows(self, identifier: str, fields: Sequence[str]) -> list[Row]:
        """The cases of the combinations that touch these fields: in each, fields are free of one another.

        Without any such combination, the one case that allows everything.
        """
        rows: list[Row] = [{}]
        if self.rough:
            return rows
        for entry in self.contract(identifier).get("combinations", ()):
            wanted = [name for name in entry["fields"] if name in fields]
            if not wanted:
                continue
            options = []
            for cells in entry["rows"]:
                row = dict(zip(entry["fields"], cells, strict=True))
                options.append({n: None if row[n] is None else frozenset(row[n]) for n in wanted})
            rows = [_both(row, option) for row in rows for option in options]
        return rows

    def parts(
        self, identifier: str, template: Document, row: Row | None = None, gone: Gone = MappingProxyType({})
    ) -> tuple[Part, ...]:
        """A template as parts for `canonry.regular`, under one case or (None) under all of its combinations.

        `gone` says of some optional fields whether they are absent; the others are free to be.
        """
        if row is None:
            names = [name for shape in template["shapes"] for name in shape["items"][1::2]]
            options = [self.parts(identifier, template, each, gone) for each in self.rows(identifier, names)]
            return options[0] if len(options) == 1 else (Choice(tuple(options)),)
        marks = template.get("marks", ())
        sequences = []
        for shape in template["shapes"]:
            absent, items = shape.get("absent", ()), shape["items"]
            if any(_refuses(row, name) or gone.get(name) is False for name in absent):
                continue
            if any(gone.get(name) and name not in marks for name in items[1::2]):
                continue
            sequences += list(self._sequences(identifier, items, marks, row, gone))
        return sequences[0] if len(sequences) == 1 else (Choice(tuple(sequences)),)

    def _sequences(
        self, identifier: str, items: Sequence[str], marks: Sequence[str], row: Row, gone: Gone
    ) -> Iterator[tuple[Part, ...]]:
        """One sequence per choice of which repeated optional fields are absent; others are free."""
        names = list(items[1::2])
        repeated = sorted({n for n in names if n in marks and n not in gone and names.count(n) > 1})
        for choice in itertools.product((False, True), repeat=len(repeated)):
            absent = {**gone, **dict(zip(repeated, choice, strict=True))}
            if any(absent.get(name) and _refuses(row, name) for name in names):
                continue
            parts: list[Part] = []
            for place, item in enumerate(items):
                if place % 2 == 0:
                    parts += [Literal(item)] if item else []
                elif item in absent and item in marks:
                    parts.append(Literal(ABSENT) if absent[item] else self._slot(identifier, item, row))
                elif item in marks and not _refuses(row, item):
                    parts.append(Choice(((self._slot(identifier, item, row),), (Literal(ABSENT),))))
                else:
                    parts.append(self._slot(identifier, item, row))
            yield tuple(parts)

    def _slot(self, identifier: str, name: str, row: Row) -> Slot:
        language = self.field(identifier, name)
        allowed = row.get(name)
        if allowed is None:
            return Slot(name, language)
        key = (identifier, name, allowed)
        if key not in self._narrowed:
            self._narrowed[key] = language & regular.words(allowed)
        return Slot(name, self._narrowed[key])

    def param(
        self, identifier: str, part: Document, row: Row | None = None, gone: Gone = MappingProxyType({})
    ) -> Language:
        """Every text of a parameter once macros are filled in; the empty text where it is left out.

        Raises `NoLanguage`.
        """
        if "macro" not in part:
            key = repr(
                (identifier, part["text"], sorted(row.items(), key=str) if row is not None else None, gone)
            )
            if key not in self._params:
                self._params[key] = self._composed(self.parts(identifier, part, row, gone))
            return self._params[key]
        if part.get("expands"):
            return self.names(part["expands"])
        if part.get("pattern"):
            return automata.matching([part["pattern"]])
        raise NoLanguage(f"the macro {part['macro']} names neither a contract nor a pattern")

    def _composed(self, parts: tuple[Part, ...]) -> Language:
        """Every text of a template; a field that stands twice has one value, tried value by value."""
        return automata.composed(parts if self.rough else tuple(_tied(parts)))

    def roughly(self) -> "Model":
        """The model of languages that hold more and are smaller."""
        if self._rough is None:
            self._rough = Model(self.table, self.platforms, self.groups, rough=True)
        return self._rough

    def longest(self, identifier: str, part: Document, measure: Measure, row: Row | None = None) -> Longest:
        """Length and text of a longest value of a parameter; None where nothing bounds it.

        Fields are free of one another within a case, so the longest text has the longest of each.
        Raises `NoLanguage` where nothing can be written.
        """
        key = (identifier, repr(part), measure.name, repr(row))
        if key not in self._longest:
            if part.get("expands"):
                self._longest[key] = self.longest(part["expands"], self._name_of(part["expands"]), measure)
            elif "macro" in part:
                self._longest[key] = _of_language(self.param(identifier, part), measure)
            else:
                self._longest[key] = self._of_parts(identifier, self.parts(identifier, part, row), measure)
        found = self._longest[key]
        if found is not None and found[0] < 0:
            raise NoLanguage("no combination of values is allowed")
        return found

    def _of_parts(self, identifier: str, parts: Sequence[Part], measure: Measure) -> Longest:
        total, text = 0, ""
        for part in parts:
            if isinstance(part, Literal):
                found: Longest = (measure.of_text(part.text), part.text)
            elif isinstance(part, Slot):
                found = self._of_field(identifier, part, measure)
            else:
                each = [self._of_parts(identifier, option, measure) for option in _options(part)]
                found = None if None in each else max((one for one in each if one), default=_IMPOSSIBLE)
            if found is None:
                return None
            if found[0] < 0:
                return _IMPOSSIBLE
            total, text = total + found[0], text + found[1]
        return total, text

    def _of_field(self, identifier: str, slot: Slot, measure: Measure) -> Longest:
        spec = self.contract(identifier)["fields"][slot.name]
        if spec["type"] == "name" and slot.language is self.field(identifier, slot.name):
            nested = self.longest(spec["of"], self._name_of(spec["of"]), measure)
            if nested is not None and len(nested[1]) <= spec.get("max_length", len(nested[1])):
                return nested
        return _of_language(slot.language, measure)

    def example(self, language: Language) -> str:
        """The most readable of the shortest members. Raises `NoLanguage` where there is none."""
        found = language.shortest()
        if found is None:
            raise NoLanguage("nothing can be written here")
        return found


def _of_language(language: Language, measure: Measure) -> Longest:
    text = language.longest(measure)
    if text is not None:
        return measure.of_text(text), text
    return _IMPOSSIBLE if language.is_empty() else None


def _tied(parts: Sequence[Part]) -> Sequence[Part]:
    """The same texts, with every field that a sequence writes twice held to one value at a time."""
    if len(parts) == 1 and isinstance(parts[0], Choice):
        return [Choice(tuple(tuple(_tied(option)) for option in parts[0].options))]
    counts: dict[str, int] = {}
    languages: dict[str, Language] = {}
    for part in parts:
        for name in {slot.name for slot in slots([part])}:
            counts[name] = counts.get(name, 0) + 1
        languages |= {slot.name: slot.language for slot in slots([part])}
    names = [name for name, count in counts.items() if count > 1]
    if not names:
        return parts
    values = [list(languages[name].members(_MAX_TIED + 1)) for name in names]
    if math.prod(map(len, values)) > _MAX_TIED:
        raise NoLanguage(
            f"{' and '.join(names)} stand twice in a template, with more values than can be tried"
        )
    chosen = itertools.product(*values)
    return [Choice(tuple(fixed(parts, dict(zip(names, each, strict=True))) for each in chosen))]


def _options(part: Part) -> tuple[tuple[Part, ...], ...]:
    if isinstance(part, Choice):
        return part.options
    return (part.parts, ()) if isinstance(part, Optional) else ()


def _both(left: Row, right: Row) -> Row:
    merged = dict(left)
    for name, allowed in right.items():
        known = merged.get(name)
        merged[name] = allowed if known is None else known if allowed is None else known & allowed
    return merged


def _refuses(row: Row, name: str) -> bool:
    """Whether a case does not allow a field to be absent."""
    allowed = row.get(name)
    return allowed is not None and ABSENT not in allowed


def _written_dates(spec: Document) -> Language:
    if "patterns" in spec or "nots" in spec:
        kept = automata.matching(spec.get("patterns", ()), spec.get("nots", ()))
        texts = (
            value.replace("-Q", "q").replace("-", "") for value in dates(spec["unit"]) if kept.accepts(value)
        )
        return regular.words(texts)
    return regular.pattern(f"^(?:{_DATES[spec['unit']]})$")


def integers(low: int, high: int) -> Language:
    """The decimal spellings, without leading zeros, of the whole numbers of an interval."""
    if high < low:
        return regular.EMPTY
    if high - low < _SMALL:
        return regular.words(str(number) for number in range(low, high + 1))
    parts = []
    if low < 0:
        parts.append("-(?:" + "|".join(_naturals(max(1, -high), -low)) + ")")
    if high >= 0:
        parts += _naturals(max(0, low), high)
    return regular.pattern("^(?:" + "|".join(parts) + ")$")


def _naturals(low: int, high: int) -> list[str]:
    """Patterns that together match the decimal spellings of an interval of natural numbers."""
    parts = []
    while low <= high:
        size = 1
        while (
            low % (size * 10) == 0
            and low + size * 10 - 1 <= high
            and len(str(low)) == len(str(low + size * 10 - 1))
        ):
            size *= 10
            if low == 0:
                size = 1
                break
        count = min(9 - low // size % 10, (high - low + 1) // size - 1)
        count = max(0, count)
        head, digit = str(low // size // 10).lstrip("0"), low // size % 10
        last = digit + count
        ones = str(digit) if digit == last else f"[{digit}-{last}]"
        zeros = len(str(size)) - 1
        parts.append(head + ones + (f"[0-9]{{{zeros}}}" if zeros else ""))
        low += size * (count + 1)
    return parts

"""Templates as regular expressions, so that any language can tell whether a text may be a name or a value.

A pattern holds for every name that a template builds. It leaves out what takes more than a pattern: lengths,
the check character of a registry id, values that only go together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from canonry.catalogue.model import Catalogue
from canonry.catalogue.resolved import WORD_PATTERNS
from canonry.kernel.ids import NAMING_KINDS
from canonry.naming.table import Sources, compile_table

_DATES: Final = {
    "day": "20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
    "month": "20[0-9]{2}(?:0[1-9]|1[0-2])",
    "quarter": "20[0-9]{2}q[1-4]",
    "year": "20[0-9]{2}",
}
_ID: Final = "[bcdfghjklmnpqrstvwxyz][23456789bcdfghjklmnpqrstvwxyz]{5}"
_ABSENT: Final = "xx"
_DEEPEST: Final = 8


def table(catalogue: Catalogue) -> dict[str, Any]:
    """The compiled table of a catalogue's names and links: what the client's codec runs on."""

    def document(path: str) -> Mapping[str, Any]:
        value = catalogue.sources[path].value
        return value if isinstance(value, dict) else {}

    documents = {identifier: contract.schema for identifier, contract in catalogue.by_text.items()}
    made = compile_table(
        Sources(
            contracts={
                identifier: contract.schema
                for identifier, contract in catalogue.by_text.items()
                if contract.id.kind in NAMING_KINDS and contract.is_live
            },
            vocabularies={n: document(f"registry/vocabularies/{n}.yaml") for n in catalogue.vocabularies},
        ),
        documents.__getitem__,
    )
    return {key: made[key] for key in ("version", "contracts", "vocabularies", "platforms", "automata")}


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns of one table. With `words`, open vocabularies are the words of today, else every word."""

    table: Mapping[str, Any]
    catalogue: Catalogue
    words: bool

    def of(self, identifier: str) -> dict[str, Any]:
        """Parameter (or `name`) to `static` and one pattern per platform that differs."""
        contract = self.table["contracts"].get(identifier)
        found: dict[str, dict[str, str]] = {}
        for platform, form in (contract or {"forms": {}})["forms"].items():
            for key, part in form["params"].items():
                pattern = self._part(contract, part)
                if platform == "static" or found.get(key, {}).get("static") != pattern:
                    found.setdefault(key, {})[platform] = pattern
        return found

    def _part(self, contract: Mapping[str, Any], part: Mapping[str, Any]) -> str:
        if "shapes" in part:
            return f"^(?:{self._shapes(contract, part, 0)})$"
        if "expands" in part:
            inner = self._name(part["expands"], 0)
            return f"^(?:{inner}|{_escaped(part['macro'])})$"
        return f"^(?:{_bare(part['pattern']) if part.get('pattern') else '.*'}|{_escaped(part['macro'])})$"

    def _name(self, identifier: str, depth: int) -> str:
        contract = self.table["contracts"].get(identifier)
        if contract is None or depth > _DEEPEST:
            return ".+"
        return self._shapes(contract, contract["forms"]["static"]["params"]["name"], depth)

    def _shapes(self, contract: Mapping[str, Any], part: Mapping[str, Any], depth: int) -> str:
        marks = part.get("marks", ())
        shapes = []
        for shape in part["shapes"]:
            items = shape["items"]
            text = ""
            for number, item in enumerate(items):
                if number % 2 == 0:
                    text += _escaped(item)
                else:
                    field = self._field(contract["fields"][item], depth)
                    text += f"(?:{field}|{_ABSENT})" if item in marks else f"(?:{field})"
            shapes.append(text)
        return "|".join(dict.fromkeys(shapes))

    def _field(self, spec: Mapping[str, Any], depth: int) -> str:
        kind = spec["type"]
        if kind == "word":
            return self._word(spec)
        if kind == "set":
            return "|".join(_escaped(str(value)) for value in spec["values"])
        if kind == "text":
            patterns = spec.get("patterns") or ()
            return _bare(patterns[0]) if patterns else ".+"
        if kind == "integer":
            return "-?(?:0|[1-9][0-9]*)" if spec["min"] < 0 else "0|[1-9][0-9]*"
        if kind == "date":
            return _DATES[spec["unit"]]
        return _ID if kind == "id" else self._name(spec["of"], depth + 1)

    def _word(self, spec: Mapping[str, Any]) -> str:
        vocabulary = self.catalogue.vocabularies[spec["vocabulary"]]
        if "only" in spec:
            words = list(spec["only"])
        elif vocabulary.openness == "open" and not self.words:
            return WORD_PATTERNS[vocabulary.alphabet][1:-1]
        else:
            words = [word for word, entry in vocabulary.words.items() if entry.status != "retired"]
        return "|".join(_escaped(word) for word in words)


def _escaped(text: str) -> str:
    """A literal, with the escapes that every engine knows."""
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text)


def _bare(pattern: str) -> str:
    """A pattern that is anchored at both ends, without its anchors; of any other, any text."""
    inner = pattern[1:-1]
    if pattern.startswith("^") and pattern.endswith("$") and not inner.endswith("\\") and not _parted(inner):
        return inner
    return ".+"


def _parted(pattern: str) -> bool:
    """Whether a `|` stands outside every bracket, so that the anchors belong to one side each."""
    depth, escaped, inside = 0, False, False
    for char in pattern:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif inside:
            inside = char != "]"
        elif char == "[":
            inside = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            return True
    return False

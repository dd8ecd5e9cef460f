"""What fields hold: one class per type of the table; each reads, writes and explains its spellings."""

from __future__ import annotations

from .text import fold, nearest, slug  # noqa: TID252 -- this folder is copied into generated clients

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .codec import Codec, Contract  # noqa: TID252 -- as above

ABSENT = "xx"
ID_ALPHABET = "23456789bcdfghjklmnpqrstvwxyz"
ID_LENGTH = 6
MAX_TEXT = 2048
MAX_DIGITS = 30
MEMORY = 20_000
"""Spellings remembered per field, so that memory stays flat whatever comes in."""
_ID_VALUES = {char: value for value, char in enumerate(ID_ALPHABET)}
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE_EXAMPLES = {"day": "2026-11-21", "month": "2026-11", "quarter": "2026-Q4", "year": "2026"}
_DATE_FORMS = {"day": "yyyymmdd", "month": "yyyymm", "quarter": "yyyyqn", "year": "yyyy"}


class Automaton:
    """A deterministic automaton of the table: character classes, transitions, accepting states."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        classes: list[str] = table["classes"]
        self.wide: list[tuple[int, int, int]] = [
            (low, high, number) for low, high, number in table.get("wide", ())
        ]
        self.rows: list[dict[str, int]] = []
        self.next: list[list[int]] = table["next"]
        for row in self.next:
            self.rows.append({c: row[n] for n, chars in enumerate(classes) for c in chars if row[n] >= 0})
        self.accepting = frozenset(table["accept"])

    def accepts(self, text: str) -> bool:
        """Whether the whole text belongs to the language."""
        rows, state = self.rows, 0
        if not rows:
            return False
        try:
            for char in text:
                state = rows[state][char]
        except KeyError:
            return bool(self.wide) and self._accepts_wide(text)
        return state in self.accepting

    def _accepts_wide(self, text: str) -> bool:
        state = 0
        for char in text:
            after = self.rows[state].get(char, -1)
            if after < 0 and (after := self._wide(state, ord(char))) < 0:
                return False
            state = after
        return state in self.accepting

    def _wide(self, state: int, code: int) -> int:
        for low, high, number in self.wide:
            if low <= code <= high:
                return self.next[state][number]
        return -1

    def holds(self, char: str) -> bool:
        """Whether some text of the language contains the character."""
        return any(char in row for row in self.rows) or any(
            self._wide(state, ord(char)) >= 0 for state in range(len(self.rows))
        )


def problem(
    reason: str, field: str | None, found: Any, expected: str, close: str | None = None
) -> dict[str, Any]:
    """A problem, note or rejection in its JSON form."""
    return {"reason": reason, "field": field, "found": found, "expected": expected, "nearest": close}


class Field:
    """What one field may hold, and how it is written. Subclasses know one type each."""

    fixed: str | None = None

    def __init__(self, name: str, spec: Mapping[str, Any], codec: Codec) -> None:
        self.name = name
        self.spec = spec
        self.codec = codec
        self.max_length = spec.get("max_length")
        self.only = codec.automaton(spec.get("dfa"))
        self.memory: dict[str, Any] = {}
        self.loose_memory: dict[str, Any] = {}
        self._near: dict[str, str | None] = {}
        self._expected: str | None = None

    def read(self, text: str) -> Any:
        """The value whose canonical spelling this is; None where it is none's."""
        raise NotImplementedError

    def read_loosely(self, text: str) -> tuple[Any, str | None, str] | None:
        """Value, the right spelling and the reason, for a text that is readable though not right."""
        folded = fold(text)
        value = None if folded == text else self.read(folded)
        return None if value is None else (value, folded, "case")

    def holds(self, char: str) -> bool:
        """Whether a canonical spelling may contain the character."""
        raise NotImplementedError

    def loosely_holds(self, char: str) -> bool:
        """Whether a readable spelling may contain the character."""
        return self.holds(fold(char))

    def expected(self) -> str:
        """What belongs here, in words."""
        if self._expected is None:
            self._expected = self.described()
        return self._expected

    def described(self) -> str:
        """What `expected` remembers."""
        raise NotImplementedError

    def choices(self) -> list[str] | None:
        """The allowed spellings, where they are a list."""
        return None

    def near(self, text: str) -> str | None:
        """The allowed spelling that the text most likely meant."""
        return None

    def nearest(self, text: str) -> str | None:
        """As `near`, remembered: the same mistakes come in by the thousand."""
        if text not in self._near:
            if len(self._near) > MEMORY:
                self._near.clear()
            self._near[text] = self.near(text)
        return self._near[text]

    def spelling(self, value: Any) -> str:
        """The value as a person gave it, as text."""
        return value if isinstance(value, str) else str(value)

    def write(self, value: Any) -> tuple[str | None, dict[str, Any] | None, dict[str, Any] | None]:
        """Canonical spelling, note, problem: of the last two at most one."""
        text = self.spelling(value)
        if self.read(text) is not None and text != "":
            return text, None, None
        loose = self.read_loosely(text) if len(text) <= MAX_TEXT else None
        if loose is not None and loose[1] is not None and loose[2] != "retired":
            note = problem(loose[2], self.name, text, self.expected())
            note["right"] = loose[1]
            return loose[1], note, None
        close = loose[1] if loose is not None else self.nearest(text)
        reason = "word-retired" if loose is not None and loose[2] == "retired" else self.refusal(text)
        return None, None, problem(reason, self.name, text, self.expected(), close)

    def refusal(self, text: str) -> str:
        """Why a text is refused, as a stable reason."""
        return "value-invalid"


class Words(Field):
    """The words of a vocabulary, or a set of its own."""

    def __init__(self, name: str, spec: Mapping[str, Any], codec: Codec) -> None:
        super().__init__(name, spec, codec)
        self.loose: dict[str, tuple[Any, str | None, str]] = {}
        self.deprecated: dict[str, str | None] = {}
        if spec["type"] == "set":
            values = {str(value): value for value in spec["values"]}
        else:
            values = self._vocabulary(codec.table["vocabularies"][spec["vocabulary"]], spec.get("only"))
        self.values: dict[str, Any] = values
        for text, value in values.items():
            if fold(text) not in values:
                self.loose[fold(text)] = (value, text, "case")
        if len(values) == 1 and (spec["type"] == "set" or "only" in spec):
            self.fixed = next(iter(values))
        self.chars = frozenset("".join(values))
        self.loose_chars = self.chars | frozenset("".join(self.loose))

    def _vocabulary(self, vocabulary: Mapping[str, Any], only: list[str] | None) -> dict[str, Any]:
        words: dict[str, Any] = vocabulary["words"]
        allowed = {w: w for w, d in words.items() if d["status"] != "retired" and (only is None or w in only)}
        for word, details in words.items():
            right = word if word in allowed else None
            replaced = details.get("replaced_by")
            if details["status"] == "retired":
                self.loose.setdefault(
                    fold(word), (word, replaced if replaced in allowed else None, "retired")
                )
                right = replaced if replaced in allowed else None
            elif details["status"] == "deprecated":
                self.deprecated[word] = replaced
            if right is None:
                continue
            for alias in details.get("aliases", ()):
                if alias not in allowed and fold(alias) not in allowed:
                    self.loose.setdefault(fold(alias), (word, right, "alias"))
        return allowed

    def read(self, text: str) -> Any:
        return self.values.get(text)

    def read_loosely(self, text: str) -> tuple[Any, str | None, str] | None:
        folded = fold(text)
        if folded in self.values and folded != text:
            return self.values[folded], folded, "case"
        return self.loose.get(folded)

    def holds(self, char: str) -> bool:
        return char in self.chars

    def loosely_holds(self, char: str) -> bool:
        return fold(char) in self.loose_chars

    def described(self) -> str:
        shown = list(self.values)[:12]
        more = len(self.values) - len(shown)
        listed = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
        return listed if len(self.values) == 1 else f"one of {listed}"

    def choices(self) -> list[str] | None:
        return list(self.values)

    def near(self, text: str) -> str | None:
        close = nearest(text, [*self.values, *self.loose])
        return self.loose[close][1] if close in self.loose and close not in self.values else close

    def refusal(self, text: str) -> str:
        return "word-unknown"


class Text(Field):
    """A free word: a pattern and a length."""

    def __init__(self, name: str, spec: Mapping[str, Any], codec: Codec) -> None:
        super().__init__(name, spec, codec)
        self.shortest: int = spec.get("min") or 0
        self.longest: int = MAX_TEXT if spec.get("max") is None else spec["max"]

    def read(self, text: str) -> Any:
        if self.shortest <= len(text) <= self.longest and (self.only is None or self.only.accepts(text)):
            return text
        return None

    def holds(self, char: str) -> bool:
        return self.only is None or self.only.holds(char)

    def described(self) -> str:
        sort = (
            "a word of a-z, 0-9 and -"
            if self.spec.get("slug")
            else f"text that matches {self.spec.get('shown')}"
        )
        refused = " or ".join(self.spec.get("nots") or ())
        return f"{sort}, at most {self.longest} characters" + (f", with no {refused}" if refused else "")

    def near(self, text: str) -> str | None:
        close = slug(text)[: self.longest].strip("-")
        return close if close and self.read(close) is not None else None


class Integer(Field):
    """A whole number, in decimal and without leading zeros."""

    def read(self, text: str) -> Any:
        digits = text[1:] if text[:1] == "-" else text
        if not digits or not digits.isascii() or not digits.isdigit() or len(digits) > MAX_DIGITS:
            return None
        if digits[0] == "0" and text != "0":
            return None
        value = int(text)
        return value if self.spec["min"] <= value <= self.spec["max"] else None

    def read_loosely(self, text: str) -> tuple[Any, str | None, str] | None:
        bare = text.lstrip("0") or "0"
        value = self.read(bare) if text.isascii() and text.isdigit() else None
        return None if value is None or bare == text else (value, bare, "zeros")

    def holds(self, char: str) -> bool:
        return char in "0123456789" or (char == "-" and self.spec["min"] < 0)

    def described(self) -> str:
        return f"a whole number from {self.spec['min']} to {self.spec['max']}"

    def spelling(self, value: Any) -> str:
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return super().spelling(value)


class Date(Field):
    """A day, month, quarter or year: `2026-11` as a value, `202611` as it is written. Years 2000 to 2099."""

    def __init__(self, name: str, spec: Mapping[str, Any], codec: Codec) -> None:
        super().__init__(name, spec, codec)
        self.unit: str = spec["unit"]
        self.length = {"day": 8, "month": 6, "quarter": 6, "year": 4}[self.unit]

    def read(self, text: str) -> Any:
        if len(text) != self.length or not text.startswith("20") or not text.isascii():
            return None
        year, rest = text[:4], text[4:]
        if self.unit == "quarter":
            if not year.isdigit() or rest not in ("q1", "q2", "q3", "q4"):
                return None
            value = year + "-Q" + rest[1]
        else:
            if not text.isdigit():
                return None
            month = int(rest[:2] or "1")
            if not 1 <= month <= len(_MONTH_DAYS):
                return None
            if self.unit == "day":
                days = _MONTH_DAYS[month - 1] + (rest[:2] == "02" and int(year) % 4 == 0)
                if not 1 <= int(rest[2:]) <= days:
                    return None
            value = "-".join([part for part in (year, rest[:2], rest[2:]) if part])
        return value if self.only is None or self.only.accepts(value) else None

    def holds(self, char: str) -> bool:
        return char in "0123456789" or (char == "q" and self.unit == "quarter")

    def described(self) -> str:
        example = _DATE_EXAMPLES[self.unit]
        return f"a {self.unit} as {_DATE_FORMS[self.unit]}, {fold(example.replace('-', ''))} for {example}"

    def write(self, value: Any) -> tuple[str | None, dict[str, Any] | None, dict[str, Any] | None]:
        text = self.spelling(value)
        written = text.replace("-Q", "q") if self.unit == "quarter" else text.replace("-", "")
        if self.read(written) == text:
            return written, None, None
        written = fold(text).replace("-", "").replace("/", "").replace(".", "").replace(" ", "")
        if self.read(written) is None:
            refused = problem(
                "date-invalid", self.name, text, f"a {self.unit}, such as {_DATE_EXAMPLES[self.unit]}"
            )
            return None, None, refused
        note = problem("date-written", self.name, text, self.expected())
        note["right"] = self.read(written)
        return written, note, None


class Identifier(Field):
    """A registry id: six characters of which the last checks the others."""

    def read(self, text: str) -> Any:
        if len(text) != ID_LENGTH or text[0] < "b":
            return None
        total = 0
        for weight, char in enumerate(text, 1):
            value = _ID_VALUES.get(char)
            if value is None:
                return None
            total += weight * value
        return text if total % 29 == 0 else None

    def holds(self, char: str) -> bool:
        return char in _ID_VALUES

    def described(self) -> str:
        return f"the {self.spec['of']}'s registry id, 6 characters of {ID_ALPHABET}"

    def refusal(self, text: str) -> str:
        bare = fold(text)
        shaped = len(bare) == ID_LENGTH and bare[:1] >= "b" and all(char in _ID_VALUES for char in bare)
        return "id-mistyped" if shaped else "id-invalid"


class Name(Field):
    """A name inside a name: whatever the other contract's template builds."""

    def target(self) -> Contract:
        """The contract whose names these are."""
        return self.codec.contract(self.spec["of"])

    def read(self, text: str) -> Any:
        if self.max_length is not None and len(text) > self.max_length:
            return None
        return text if self.target().read_name(text) else None

    def read_loosely(self, text: str) -> tuple[Any, str | None, str] | None:
        for reading in self.target().read_name(text, loosely=True):
            right = self.target().rebuild(reading)
            if right is None or self.read(right) is not None:
                return (text if right is None else right, right, "name")
        return None

    def holds(self, char: str) -> bool:
        return self.target().holds(char)

    def loosely_holds(self, char: str) -> bool:
        return self.target().holds(fold(char)) or char in "_-"

    def described(self) -> str:
        return f"a name of {self.spec['of']}, {self.target().pattern()}"

    def write(self, value: Any) -> tuple[str | None, dict[str, Any] | None, dict[str, Any] | None]:
        fields: Any = value  # stays Any, where isinstance would leave a checker with a dict of unknowns
        if isinstance(value, dict):
            built = self.target().build(fields)
            if built["ok"]:
                return built["name"], None, None
            first = built["problems"][0]
            return (
                None,
                None,
                problem(first["reason"], f"{self.name}.{first['field']}", first["found"], first["expected"]),
            )
        return super().write(value)

    def refusal(self, text: str) -> str:
        return "name-invalid"


TYPES = {
    "word": Words,
    "set": Words,
    "text": Text,
    "integer": Integer,
    "date": Date,
    "id": Identifier,
    "name": Name,
}

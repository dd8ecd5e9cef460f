"""Builds and reads names and links from a compiled table, and explains what it cannot read.

This file imports nothing, on purpose: it is the runtime of `canonry utm` and `canonry name`, starts in a
millisecond, and generated clients carry a copy of it. It knows no JSON Schema and runs no regular expression: the
table (`canonry.naming.table.compile_table`) holds words, automata and template parts.

    codec = Codec(table)
    codec.build("/utm/paid_social/v1", {"source": "facebook", ...}, platform="meta")
        {"ok": True, "params": [["utm_source", "facebook"], ...], "name": None, "fields": {...},
         "notes": [], "problems": []}
    join("https://example.com/a#top", built["params"])      "https://example.com/a?utm_source=facebook...#top"
    codec.read_params({"utm_source": "facebook", ...})       one reading or several, else rejections
    codec.read_name("creatives", "acme_de_video_k7m2qx")

Everything that goes in and comes out is JSON. A problem, a note or a rejection is
`{"reason": "word-unknown", "field": "market", "found": "ukk", "expected": "one of de, gb", "nearest": "gb", ...}`.
A note says that something was read which is not right; `right` is what it should be.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

ABSENT = "xx"
ID_ALPHABET = "23456789bcdfghjklmnpqrstvwxyz"
UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
MAX_TEXT = 2048
MAX_READINGS = 8
MEMORY = 20_000
_LOWER = {code: code + 32 for code in range(65, 91)}
_ID_VALUES = {char: value for value, char in enumerate(ID_ALPHABET)}
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DATE_EXAMPLES = {"day": "2026-11-21", "month": "2026-11", "quarter": "2026-Q4", "year": "2026"}
_DATE_FORMS = {"day": "yyyymmdd", "month": "yyyymm", "quarter": "yyyyqn", "year": "yyyy"}


def fold(text: str) -> str:
    """The text with A-Z in lower case; nothing else changes."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def quote(text: str) -> str:
    """Percent-encoding of one parameter value: everything but `A-Z a-z 0-9 - . _ ~`, as UTF-8, in capitals."""
    if not text.strip(UNRESERVED):
        return text
    data = text.encode("utf-8", "surrogatepass")
    return "".join(chr(b) if chr(b) in UNRESERVED else "%%%02X" % b for b in data)


def unquote(text: str) -> str | None:
    """The text that was percent-encoded, `+` read as a space; None where it is no valid UTF-8 or `%` encoding."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    head, *pieces = text.split("%")
    data = bytearray(head.encode("utf-8", "surrogatepass"))
    for piece in pieces:
        if len(piece) < 2 or not (piece[:2].isascii() and piece[:2].isalnum()):
            return None
        try:
            data.append(int(piece[:2], 16))
        except ValueError:
            return None
        data += piece[2:].encode("utf-8", "surrogatepass")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def split(url: str) -> tuple[str, list[tuple[str, str]], str]:
    """What stands before the query, its parameters as they are written, and the fragment with its `#`."""
    head, mark, fragment = url.partition("#")
    base, _, query = head.partition("?")
    pairs = []
    for pair in query.split("&"):
        if pair:
            key, _, value = pair.partition("=")
            pairs.append((key, value))
    return base, pairs, mark + fragment


def join(base: str, params: Iterable[tuple[str, str]], macros: Iterable[str] = ()) -> str:
    """The base URL with the parameters after those it has, and its fragment last; keys in `macros` stay raw.

    Raises `ValueError` where the base carries one of the parameters already.
    """
    head, mark, fragment = base.partition("#")
    raw = frozenset(macros)
    if "?" in head:
        present = {(unquote(key) or key) for key, _ in split(head)[1]}
        for key, _ in params:
            if key in present:
                raise ValueError(key)
        glue = "" if head[-1] in "?&" else "&"
    else:
        glue = "?"
    query = "&".join([f"{quote(k)}={v if k in raw else quote(v)}" for k, v in params])
    return head + glue + query + mark + fragment if query else base


def distance(left: str, right: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between two texts; above `limit`, `limit` + 1."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, char in enumerate(left, 1):
        older, before, row = before, row, [i] * (len(right) + 1)
        best = i
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if older and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row[j] = cost
            best = min(best, cost)
        if best > limit:
            return limit + 1
    return row[-1] if row[-1] <= limit else limit + 1


def nearest(found: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that was most likely meant; None where nothing is close."""
    wanted = _bare(found)[:64]
    if not wanted:
        return None
    best, limit = None, max(1, len(wanted) // 3)
    for word in allowed:
        bare = _bare(word)
        if bare == wanted:
            return word
        near = distance(wanted, bare, limit)
        if near <= limit:
            best, limit = word, near - 1
            if limit < 1:
                limit = 0
    if best is None and len(wanted) > 2:
        starts = [word for word in allowed if _bare(word).startswith(wanted) or wanted.startswith(_bare(word) or "\0")]
        best = max(starts, key=len) if starts else None
    return best


def _bare(text: str) -> str:
    return fold(text).replace("-", "").replace("_", "").replace(" ", "").replace(".", "")


def slug(text: str) -> str:
    """The text as a word of the usual grammar: `Spring Sale!` is `spring-sale`."""
    kept = "".join(char if char.isascii() and char.isalnum() else " " for char in fold(text).replace("'", ""))
    return "-".join(kept.split())


class Automaton:
    """A deterministic automaton of the table: character classes, transitions, accepting states."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        classes: list[str] = table["classes"]
        self.wide: list[tuple[int, int, int]] = [(low, high, number) for low, high, number in table.get("wide", ())]
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
        for char in text:
            after = rows[state].get(char, -1)
            if after < 0 and (not self.wide or (after := self._wide(state, ord(char))) < 0):
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


def problem(reason: str, field: str | None, found: Any, expected: str, close: str | None = None) -> dict[str, Any]:
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
        raise NotImplementedError

    def choices(self) -> list[str] | None:
        """The allowed spellings, where they are a list."""
        return None

    def near(self, text: str) -> str | None:
        """The allowed spelling that the text most likely meant."""
        return None

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
        close = loose[1] if loose is not None else self.near(text)
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
        if spec["type"] == "set" and len(values) == 1:
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
                self.loose.setdefault(fold(word), (word, replaced if replaced in allowed else None, "retired"))
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

    def expected(self) -> str:
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

    def expected(self) -> str:
        sort = "a word of a-z, 0-9 and -" if self.spec.get("slug") else f"text that matches {self.spec.get('shown')}"
        return f"{sort}, at most {self.longest} characters"

    def near(self, text: str) -> str | None:
        close = slug(text)[: self.longest].strip("-")
        return close if close and self.read(close) is not None else None


class Integer(Field):
    """A whole number, in decimal and without leading zeros."""

    def read(self, text: str) -> Any:
        digits = text[1:] if text[:1] == "-" else text
        if not digits or not digits.isascii() or not digits.isdigit() or len(digits) > 30:
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

    def expected(self) -> str:
        return f"a whole number from {self.spec['min']} to {self.spec['max']}"

    def spelling(self, value: Any) -> str:
        if isinstance(value, float) and value == int(value):
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
            if not 1 <= month <= 12:
                return None
            if self.unit == "day":
                days = _MONTH_DAYS[month - 1] + (month == 2 and int(year) % 4 == 0)
                if not 1 <= int(rest[2:]) <= days:
                    return None
            value = "-".join([part for part in (year, rest[:2], rest[2:]) if part])
        return value if self.only is None or self.only.accepts(value) else None

    def holds(self, char: str) -> bool:
        return char in "0123456789" or (char == "q" and self.unit == "quarter")

    def expected(self) -> str:
        example = _DATE_EXAMPLES[self.unit]
        return f"a {self.unit} as {_DATE_FORMS[self.unit]}, {fold(example.replace('-', ''))} for {example}"

    def write(self, value: Any) -> tuple[str | None, dict[str, Any] | None, dict[str, Any] | None]:
        text = self.spelling(value)
        written = text.replace("-Q", "q") if self.unit == "quarter" else text.replace("-", "")
        if self.read(written) == text:
            return written, None, None
        written = fold(text).replace("-", "").replace("/", "").replace(".", "").replace(" ", "")
        if self.read(written) is None:
            refused = problem("date-invalid", self.name, text, f"a {self.unit}, such as {_DATE_EXAMPLES[self.unit]}")
            return None, None, refused
        note = problem("date-written", self.name, text, self.expected())
        note["right"] = self.read(written)
        return written, note, None


class Identifier(Field):
    """A registry id: six characters of which the last checks the others."""

    def read(self, text: str) -> Any:
        if len(text) != 6 or text[0] < "b":
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

    def expected(self) -> str:
        return f"the {self.spec['of']}'s registry id, 6 characters of {ID_ALPHABET}"

    def refusal(self, text: str) -> str:
        bare = fold(text)
        shaped = len(bare) == 6 and bare[:1] >= "b" and all(char in _ID_VALUES for char in bare)
        return "id-mistyped" if shaped else "id-invalid"


class Name(Field):
    """A name inside a name: whatever the other contract's template builds."""

    def target(self) -> Contract:
        """The contract whose names these are."""
        return self.codec.contract(self.spec["of"])

    def read(self, text: str) -> Any:
        return text if self.target().read_name(text) else None

    def read_loosely(self, text: str) -> tuple[Any, str | None, str] | None:
        for reading in self.target().read_name(text, loosely=True):
            right = self.target().rebuild(reading)
            return (text if right is None else right, right, "name")
        return None

    def holds(self, char: str) -> bool:
        return self.target().holds(char)

    def loosely_holds(self, char: str) -> bool:
        return self.target().holds(fold(char)) or char in "_-"

    def expected(self) -> str:
        return f"a name of {self.spec['of']}, {self.target().pattern()}"

    def write(self, value: Any) -> tuple[str | None, dict[str, Any] | None, dict[str, Any] | None]:
        if isinstance(value, dict):
            built = self.target().build(value)
            if built["ok"]:
                return built["name"], None, None
            first = built["problems"][0]
            return None, None, problem(first["reason"], f"{self.name}.{first['field']}", first["found"], first["expected"])
        return super().write(value)

    def refusal(self, text: str) -> str:
        return "name-invalid"


TYPES = {"word": Words, "set": Words, "text": Text, "integer": Integer, "date": Date, "id": Identifier, "name": Name}


class Template:
    """One written form: flat shapes of literals (even places) and fields (odd places), one per set of absent fields."""

    def __init__(self, table: Mapping[str, Any], fields: Mapping[str, Field], codec: Codec) -> None:
        self.text: str = table["text"]
        self.marks = frozenset(table.get("marks", ()))
        self.shapes: list[tuple[list[str], frozenset[str]]] = [
            (shape["items"], frozenset(shape.get("absent", ()))) for shape in table["shapes"]
        ]
        self.fields = fields
        self.names = list(dict.fromkeys(name for items, _ in self.shapes for name in items[1::2]))
        self.plans: dict[bool, list[Any]] = {}
        only = self.shapes[0][0] if len(self.shapes) == 1 else []
        self.sole: str | None = only[1] if len(only) == 3 and not only[0] and not only[2] else None
        self.constant: str | None = only[0] if len(only) == 1 else None
        self.format = "%s".join([item.replace("%", "%%") for item in only[::2]]) if only else None
        self.order = only[1::2]

    def build(self, written: Mapping[str, str | None]) -> str | None:
        """The text for these spellings (None: absent); None where no shape leaves out exactly what is absent."""
        if self.format is not None:
            return self.format % tuple([written[name] or ABSENT for name in self.order])
        absent = {name for name in self.names if written.get(name) is None and name not in self.marks}
        for items, without in self.shapes:
            if absent == without:
                return "".join(
                    [item if n % 2 == 0 else (written[item] or ABSENT) for n, item in enumerate(items)]
                )
        return None

    def read(self, text: str, *, loosely: bool = False) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Every reading, as values (None: absent) and notes; at most `MAX_READINGS`."""
        if len(text) > MAX_TEXT:
            return []
        plans = self.plans.get(loosely)
        if plans is None:
            plans = self.plans[loosely] = [self._plan(items, loosely=loosely) for items, _ in self.shapes]
        found = []
        for (items, absent), (linear, slots) in zip(self.shapes, plans):  # noqa: B905 -- same length, and hot
            if linear and not loosely:
                values = self._linear(items[0], slots, text)
                if values is not None:
                    found.append((dict.fromkeys(absent) | values if absent else values, []))
                continue
            for values, notes in self._walk(items[0], slots, text, loosely=loosely):
                found.append((dict.fromkeys(absent) | values, notes))
                if len(found) >= MAX_READINGS:
                    return found
        return found

    def _plan(self, items: list[str], *, loosely: bool) -> tuple[bool, list[tuple[Any, ...]]]:
        linear, slots, seen = True, [], set()
        for place in range(1, len(items), 2):
            field, after = self.fields[items[place]], items[place + 1]
            last = place + 2 == len(items)
            stops = last or (after != "" and not (field.loosely_holds if loosely else field.holds)(after[0]))
            linear = linear and stops and field.name not in seen
            seen.add(field.name)
            slots.append((field, after, last, stops, field.name in self.marks))
        return linear, slots

    def _linear(self, first: str, slots: list[tuple[Any, ...]], text: str) -> dict[str, Any] | None:
        """The one reading of a shape whose every slot ends where the next literal begins."""
        if not text.startswith(first):
            return None
        at, values = len(first), {}
        if not slots:
            return values if at == len(text) else None
        for field, after, last, _, mark in slots:
            if last:
                end = len(text) - len(after)
                if end < at or (after and not text.endswith(after)):
                    return None
            else:
                end = text.find(after, at)
                if end < 0:
                    return None
            piece = text[at:end]
            memory = field.memory
            value = memory.get(piece)
            if value is None:
                if mark and piece == ABSENT:
                    values[field.name] = None
                    at = end + len(after)
                    continue
                value = field.read(piece)
                if value is None:
                    return None
                if len(memory) > MEMORY:
                    memory.clear()
                memory[piece] = value
            values[field.name] = value
            at = end + len(after)
        return values

    def _walk(
        self, first: str, slots: list[tuple[Any, ...]], text: str, *, loosely: bool
    ) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Every reading of a shape, by trying each place where a slot may end. Failures are remembered."""
        search = fold(text) if loosely else text
        dead: set[tuple[int, int]] = set()
        state: list[tuple[str, Any, dict[str, Any] | None]] = []

        def walk(index: int, at: int) -> Iterator[None]:
            if index == len(slots):
                if at == len(text):
                    yield None
                return
            if (index, at) in dead:
                return
            field, after, last, stops, mark = slots[index]
            lively = False
            for end in _ends(search, at, after, last=last, stops=stops):
                piece = text[at:end]
                read = (None, None) if mark and fold(piece) == ABSENT else self._piece(field, piece, loosely=loosely)
                if read is None:
                    continue
                earlier = [value for name, value, _ in state if name == field.name]
                if earlier and earlier[0] != read[0]:
                    lively = True
                    continue
                state.append((field.name, *read))
                for _ in walk(index + 1, end + len(after)):
                    lively = True
                    yield None
                state.pop()
            if not lively:
                dead.add((index, at))

        if search.startswith(first):
            for _ in walk(0, len(first)):
                yield {n: v for n, v, _ in state}, [note for _, _, note in state if note is not None]

    def _piece(self, field: Field, text: str, *, loosely: bool) -> tuple[Any, dict[str, Any] | None] | None:
        value = field.read(text)
        if value is not None:
            return value, None
        loose = field.read_loosely(text) if loosely else None
        if loose is None:
            return None
        note = problem(loose[2], field.name, text, field.expected(), loose[1])
        note["right"] = loose[1]
        return loose[0], note


def _ends(text: str, at: int, after: str, *, last: bool, stops: bool) -> Iterator[int]:
    """Where a slot that begins at `at` may end."""
    if last:
        end = len(text) - len(after)
        if end >= at and text.endswith(after):
            yield end
        return
    end = text.find(after, at)
    while 0 <= end:
        yield end
        if stops:
            return
        end = text.find(after, end + 1) if end < len(text) else -1


class Macro:
    """A parameter that a platform fills in: the macro itself, or what it becomes."""

    def __init__(self, table: Mapping[str, Any], codec: Codec) -> None:
        self.macro: str = table["macro"]
        self.expands: str | None = table.get("expands")
        self.codec = codec
        self.pattern = codec.automaton(table.get("dfa"))
        self.shown = table.get("pattern")

    def read(self, text: str, *, loosely: bool = False) -> list[dict[str, Any]]:
        """Every reading: `{}` for a plain value, `{"format", "fields"}` for a name, `{"macro"}` where unexpanded."""
        if text == self.macro:
            return [{"macro": text}]
        if self.expands is not None and self.expands in self.codec.table["contracts"]:
            readings = self.codec.contract(self.expands).read_name(text, loosely=loosely)
            return [{"format": self.expands, "fields": _present(r["fields"]), "notes": r["notes"]} for r in readings]
        return [{}] if self.pattern is not None and self.pattern.accepts(text) else []

    def expected(self) -> str:
        """What belongs here, in words."""
        return f"{self.macro}, or {'a name of ' + self.expands if self.expands else 'what it becomes: ' + str(self.shown)}"


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


class Form:
    """One way in which a contract is written: parameter to template or macro, in the order of the link."""

    def __init__(self, contract: Contract, platform: str | None, table: Mapping[str, Any]) -> None:
        self.contract = contract
        self.platform = platform
        self.legacy: bool = table.get("legacy", False)
        self.templates: dict[str, Template] = {}
        self.macros: dict[str, Macro] = {}
        self.keys: list[str] = list(table["params"])
        for key, part in table["params"].items():
            if "macro" in part:
                self.macros[key] = Macro(part, contract.codec)
            else:
                self.templates[key] = Template(part, contract.fields, contract.codec)
        self.names = list(dict.fromkeys(name for template in self.templates.values() for name in template.names))
        self.loose_params = frozenset(table.get("loose", ()))
        self.combinations = [
            ([names.index(name) for name in names if name in self.names], names, rows)
            for names, rows in contract.combinations
        ]

    def missing_mixed(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The combination rule that the values break; None where they break none."""
        for places, names, rows in self.combinations:
            if not places:
                continue
            found = [values.get(names[place]) for place in places]
            spelled = [ABSENT if value is None else str(value) for value in found]
            kept = rows
            for place, text in zip(places, spelled):  # noqa: B905 -- same length, and hot
                kept = [row for row in kept if row[place] is None or text in row[place]]
            if kept:
                continue
            shown = ", ".join([f"{names[place]} {text}" for place, text in zip(places, spelled)])  # noqa: B905
            refused = problem("combination", names[places[-1]], shown, self._allowed(places, names, rows, spelled))
            refused["fields"] = [names[place] for place in places]
            return refused
        return None

    def _allowed(self, places: list[int], names: list[str], rows: list[Any], spelled: list[str]) -> str:
        head = [row for row in rows if row[places[0]] is None or spelled[0] in row[places[0]]]
        lines = []
        for row in (head or rows)[:4]:
            parts = [f"{names[p]} {'any' if row[p] is None else ' or '.join(row[p][:6])}" for p in places]
            lines.append(", ".join(parts))
        return "; or ".join(lines)

    def build(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters for these values. See `Codec.build`."""
        contract = self.contract
        notes: list[dict[str, Any]] = []
        problems: list[dict[str, Any]] = []
        written: dict[str, str | None] = {}
        known = contract.fields
        for name in fields:
            if name not in known:
                problems.append(
                    problem("field-unknown", name, fields[name], "one of " + ", ".join(known), nearest(name, known))
                )
        for name in self.names:
            raw = fields.get(name)
            field = known[name]
            if raw is None or raw == "":
                written[name] = field.fixed if name in contract.required else None
                if written[name] is None and name in contract.required:
                    problems.append(problem("field-missing", name, None, field.expected()))
                continue
            if raw.__class__ is str:
                memory = contract.written[name]
                result = memory.get(raw)
                if result is None:
                    result = field.write(raw)
                    if len(memory) > MEMORY:
                        memory.clear()
                    memory[raw] = result
            else:
                result = field.write(raw)
            text, note, refused = result
            if refused is not None:
                problems.append(refused)
                continue
            if text == ABSENT and name not in contract.required:
                problems.append(problem("absent-mark", name, text, "another word: xx stands for no value"))
                continue
            if note is not None:
                notes.append(note)
            written[name] = text
        params: list[list[str]] = []
        if not problems:
            if self.combinations:
                refused = self.missing_mixed(written)
                if refused is not None:
                    problems.append(refused)
            for key in self.keys:
                macro = self.macros.get(key)
                built = macro.macro if macro is not None else self.templates[key].build(written)
                if built is None:
                    problems.append(self._together(key, written))
                elif built:
                    params.append([key, built])
        return {
            "ok": not problems,
            "format": contract.id,
            "platform": self.platform,
            "params": params if not problems else [],
            "macros": [key for key in self.keys if key in self.macros],
            "notes": notes,
            "problems": problems,
        }

    def _together(self, key: str, written: Mapping[str, str | None]) -> dict[str, Any]:
        template = self.templates[key]
        absent = [name for name in template.names if written.get(name) is None and name not in template.marks]
        return problem("fields-together", absent[0], None, f"a value, or none for the others of its part of {template.text}")

    def read(self, params: Mapping[str, str], *, loosely: bool = False) -> list[dict[str, Any]]:
        """Every reading of a link's parameters; parameters that the form does not know are not looked at."""
        states: list[tuple[dict[str, Any], list[dict[str, Any]], dict[str, Any]]] = [({}, [], {})]
        for key in self.keys:
            text = params.get(key, "")
            macro = self.macros.get(key)
            if macro is not None:
                seen = macro.read(text, loosely=loosely)
                states = [(v, n + s.get("notes", []), e | {key: s}) for v, n, e in states for s in seen]
            elif text == "" and key not in params and key in self.loose_params:
                continue
            else:
                template = self.templates[key]
                if template.constant is not None:
                    if text != template.constant:
                        if not loosely or fold(text) != template.constant:
                            return []
                        note = problem("case", None, text, template.constant, template.constant)
                        note["right"], note["param"] = template.constant, key
                        states = [(v, [*n, note], e) for v, n, e in states]
                    continue
                readings = template.read(text, loosely=loosely)
                if len(states) == 1 and len(readings) == 1 and not readings[0][1]:
                    values, notes, expanded = states[0]
                    for name, value in readings[0][0].items():
                        if name in values and values[name] != value:
                            return []
                        values[name] = value
                    continue
                states = _merged(states, readings, key)
            if not states:
                return []
        if self.combinations:
            states = [state for state in states if self.missing_mixed(state[0]) is None]
        return [
            {"format": self.contract.id, "platform": self.platform, "fields": v, "notes": n, "expanded": e}
            for v, n, e in states[:MAX_READINGS]
        ]


def _merged(states: list[Any], readings: list[Any], key: str) -> list[Any]:
    merged = []
    for values, notes, expanded in states:
        for more, extra in readings:
            if all(name not in values or values[name] == value for name, value in more.items()):
                marked = [note if "param" in note else {**note, "param": key} for note in extra]
                merged.append((values | more, notes + marked, expanded))
    return merged[:MAX_READINGS]


class Contract:
    """One contract of the table, with its fields and forms; made when first used."""

    def __init__(self, codec: Codec, identifier: str, table: Mapping[str, Any]) -> None:
        self.codec = codec
        self.id = identifier
        self.table = table
        self.kind: str = table["kind"]
        self.required = frozenset(table["required"])
        self.fields: dict[str, Field] = {
            name: TYPES[spec["type"]](name, spec, codec) for name, spec in table["fields"].items()
        }
        self.written: dict[str, dict[str, Any]] = {name: {} for name in self.fields}
        self.combinations: list[tuple[list[str], list[Any]]] = [
            (entry["fields"], [[cell and frozenset(cell) for cell in row] for row in entry["rows"]])
            for entry in table.get("combinations", ())
        ]
        self.forms: dict[str, Form] = {
            key: Form(self, None if key == "static" else key, form) for key, form in table["forms"].items()
        }
        self.older: list[Form] = [Form(self, None, {**form, "legacy": True}) for form in table.get("legacy", ())]
        self.found_chars: dict[str, bool] = {}

    def form(self, platform: str | None = None) -> Form:
        """The form of a platform, or the static one where the platform has none of its own."""
        return self.forms.get(platform or "static") or self.forms["static"]

    def pattern(self) -> str:
        """The template of a name, as the contract writes it."""
        return " or ".join(template.text for template in self.form().templates.values())

    def holds(self, char: str) -> bool:
        """Whether a name of the contract may contain the character."""
        known = self.found_chars.get(char)
        if known is None:
            template = self.form().templates["name"]
            known = self.found_chars[char] = any(
                (char in item) if n % 2 == 0 else self.fields[item].holds(char)
                for items, _ in template.shapes
                for n, item in enumerate(items)
            ) or bool(template.marks and char == ABSENT[0])
        return known

    def build(self, fields: Mapping[str, Any], platform: str | None = None) -> dict[str, Any]:
        """What `Codec.build` answers."""
        built = self.form(platform).build(fields)
        built["name"] = built["params"][0][1] if self.kind != "utm" and built["ok"] and built["params"] else None
        return built

    def read_name(self, text: str, *, loosely: bool = False) -> list[dict[str, Any]]:
        """Every reading of a name under the current template."""
        return self.form().read({"name": text}, loosely=loosely)

    def rebuild(self, reading: Mapping[str, Any]) -> str | None:
        """The right spelling of a name that was read loosely; None where a word of it has no successor."""
        params = self.right(reading)
        return None if params is None else params.get("name")

    def right(self, reading: Mapping[str, Any]) -> dict[str, str] | None:
        """The right parameters for a reading; None where a word of it has no successor."""
        values = dict(reading["fields"])
        for note in reading["notes"]:
            if note["field"] is not None and note["field"] in values:
                if note.get("right") is None:
                    return None
                values[note["field"]] = note["right"]
        form = self.form(reading["platform"])
        built = form.build({name: value for name, value in values.items() if value is not None})
        return {key: value for key, value in built["params"]} if built["ok"] else None


class Codec:
    """Everything that a compiled table can build and read. Parts are made when first used."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        self._contracts: dict[str, Contract] = {}
        self._automata: dict[int, Automaton] = {}
        self._forms: dict[str, list[Form]] = {}
        self._index: dict[tuple[str, str], list[Form]] | None = None
        self._loose: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
        self._keys: frozenset[str] | None = None

    def automaton(self, number: int | None) -> Automaton | None:
        """An automaton of the table by its number."""
        if number is None:
            return None
        if number not in self._automata:
            self._automata[number] = Automaton(self.table["automata"][number])
        return self._automata[number]

    def contract(self, identifier: str) -> Contract:
        """Raises `KeyError` where the table holds no such contract."""
        found = self._contracts.get(identifier)
        if found is None:
            found = self._contracts[identifier] = Contract(self, identifier, self.table["contracts"][identifier])
        return found

    def live(self, kind: str) -> list[str]:
        """The contracts of a kind that are read without being asked for: active and deprecated, newest major first."""
        contracts = self.table["contracts"]
        return [i for i, c in contracts.items() if c["kind"] == kind and c["status"] in ("active", "deprecated")]

    def find(self, kind: str, word: str) -> list[str]:
        """The contracts that a person means by an id, a short name, an alias or a platform; best first.

        Of several majors only the newest that is no draft, unless the word names the major.
        """
        wanted = fold(word.strip())
        contracts = self.table["contracts"]
        if wanted in contracts:
            return [wanted]
        bare = wanted.replace("-", "_").replace(" ", "_")
        live = [i for i in self.live(kind) if i == self.newest(i)]
        exact = [i for i in live if contracts[i]["name"] == bare]
        if exact:
            return exact
        named = [i for i in live if wanted in contracts[i]["aliases"] or bare in contracts[i]["aliases"]]
        if named:
            return named
        platform = self.platform(word)
        return [i for i in live if platform is not None and platform in contracts[i]["platforms"]]

    def newest(self, identifier: str) -> str:
        """The newest live major of a contract's name."""
        contracts = self.table["contracts"]
        stem = identifier.rpartition("/")[0]
        majors = [i for i in self.live(contracts[identifier]["kind"]) if i.rpartition("/")[0] == stem]
        return max(majors, key=lambda i: int(i.rpartition("/v")[2]), default=identifier)

    def platform(self, word: str) -> str | None:
        """The platform that a person means by its key, label or alias."""
        bare = _bare(word)
        for key, platform in self.table["platforms"].items():
            if bare in [_bare(name) for name in (key, platform["label"], *platform["aliases"])]:
                return key
        return None

    def build(self, identifier: str, fields: Mapping[str, Any], platform: str | None = None) -> dict[str, Any]:
        """`{"ok", "params", "name", "macros", "notes", "problems"}`; where not ok, params is empty and name None.

        `params` is a list of `[key, value]` in the order of the link; `macros` names the keys whose value must
        stay unencoded. Values may be text (aliases and other case are set right, with a note), numbers, or an
        object where the field is a name.
        """
        return self.contract(identifier).build(fields, platform)

    def needs(self, identifier: str, platform: str | None = None) -> list[dict[str, Any]]:
        """The fields that a form writes, in order: name, title, whether required, what is expected, choices."""
        contract = self.contract(identifier)
        form = contract.form(platform)
        return [
            {
                "field": name,
                "type": contract.fields[name].spec["type"],
                "title": contract.fields[name].spec.get("title"),
                "required": name in contract.required,
                "fixed": contract.fields[name].fixed,
                "expected": contract.fields[name].expected(),
                "choices": contract.fields[name].choices(),
            }
            for name in form.names
        ]

    def keys(self) -> frozenset[str]:
        """Every parameter that some format writes."""
        if self._keys is None:
            self._keys = frozenset(key for form in self._all_forms("utm") for key in form.keys)
        return self._keys

    def _all_forms(self, kind: str) -> list[Form]:
        if kind not in self._forms:
            contracts = [self.contract(identifier) for identifier in self.live(kind)]
            self._forms[kind] = [form for contract in contracts for form in contract.forms.values()]
            self._forms[kind] += [form for contract in contracts for form in contract.older]
        return self._forms[kind]

    def read_params(
        self, params: Mapping[str, str], identifier: str | None = None, *, explain: bool = True
    ) -> dict[str, Any]:
        """What a link's decoded parameters say.

        `{"status": "right" | "readable" | "rejected", "format", "platform", "fields", "expanded", "notes",
        "rejections", "right": {...} or None, "readings": [...]}`. *right*: exactly as a format builds it.
        *readable*: decoded, with notes. `expanded` holds what was found in place of macros. `readings` has more
        than one entry only where formats overlap. Parameters that no format writes are not looked at, unless
        they begin with `utm_`.
        """
        index = self._indexed()
        source, medium = params.get("utm_source", ""), params.get("utm_medium", "")
        if identifier is None:
            forms = index.get((source, medium))
            if forms is None:
                forms = index.get(("", medium), []) + index.get((source, ""), []) + index.get(("", ""), [])
        else:
            contract = self.contract(identifier)
            forms = [*contract.forms.values(), *contract.older]
        keys = self.keys()
        given = [key for key in params if key in keys or key[:4] == "utm_"]
        readings = []
        for form in forms:
            for reading in form.read(params):
                _settle(reading, form, given, params)
                readings.append(reading)
        if readings:
            best = min(readings, key=_rank)
            if best["status"] == "right" or not explain:
                return self._answer(best, readings)
        elif not explain:
            return _rejected([])
        return self._read_loosely(params, given, readings, None if identifier is None else forms)

    def _read_loosely(
        self, params: Mapping[str, str], given: list[str], readings: list[Any], forms: list[Form] | None
    ) -> dict[str, Any]:
        candidates = self._likely(params) if forms is None else forms
        if not readings:
            for form in candidates:
                for reading in form.read(params, loosely=True):
                    _settle(reading, form, given, params)
                    readings.append(reading)
        if readings:
            return self._answer(min(readings, key=_rank), readings)
        ranked = [(self._explain(form, params, given), form) for form in candidates if not form.legacy]
        if not ranked:
            return _rejected([])
        (_, rejections), form = min(ranked, key=lambda pair: pair[0][0])
        return {**_rejected(rejections), "format": form.contract.id, "platform": form.platform}

    def _answer(self, best: dict[str, Any], readings: list[dict[str, Any]]) -> dict[str, Any]:
        first = [reading for reading in readings if reading["status"] == best["status"]]
        contract = self.contract(best["format"])
        right = dict(best["params"]) if best["status"] == "right" else contract.right(best)
        return {
            "status": best["status"],
            "format": best["format"],
            "platform": best["platform"],
            "fields": _present(best["fields"]),
            "expanded": best["expanded"],
            "notes": best["notes"],
            "rejections": [],
            "right": right,
            "readings": [
                {"format": r["format"], "platform": r["platform"], "fields": _present(r["fields"])} for r in first
            ],
        }

    def _indexed(self) -> dict[tuple[str, str], list[Form]]:
        """Forms by the source and medium they allow; `""` where a form does not list its own."""
        if self._index is None:
            index: dict[tuple[str, str], list[Form]] = {}
            for form in self._all_forms("utm"):
                sources = _listed(form, "utm_source")
                mediums = _listed(form, "utm_medium")
                for source in sources or {"": ""}:
                    for medium in mediums or {"": ""}:
                        index.setdefault((source, medium), []).append(form)
            listed = list(index)
            for source, medium in listed:
                if source and medium:
                    wider = index.get(("", medium), []) + index.get((source, ""), []) + index.get(("", ""), [])
                    index[source, medium] = index[source, medium] + wider
            self._index = index
        return self._index

    def _likely(self, params: Mapping[str, str]) -> list[Form]:
        """The forms that a link most likely means: by its readable source and medium, else by one of them."""
        scored: list[tuple[int, Form]] = []
        for form in self._all_forms("utm"):
            score = 0
            for key, weight in (("utm_medium", 2), ("utm_source", 2)):
                if _loosely_is(form, key, params.get(key, "")):
                    score += weight
            present = sum(1 for key in form.keys if key in params)
            scored.append((score * 16 + present, form))
        if not scored:
            return []
        top = max(score for score, _ in scored) // 16
        return [form for score, form in scored if score // 16 == top][:24]

    def read_name(self, kind: str, text: str, identifier: str | None = None) -> dict[str, Any]:
        """What a name says: as `read_params`, with `right` a text. Without an id, every live contract of the kind."""
        forms = self._all_forms(kind) if identifier is None else None
        if forms is None:
            contract = self.contract(identifier or "")
            forms = [*contract.forms.values(), *contract.older]
        params = {"name": text}
        readings: list[dict[str, Any]] = []
        for loosely in (False, True):
            for form in forms:
                for reading in form.read(params, loosely=loosely):
                    _settle(reading, form, ["name"], params)
                    readings.append(reading)
            if readings:
                answer = self._answer(min(readings, key=_rank), readings)
                answer["right"] = None if answer["right"] is None else answer["right"].get("name")
                return answer
        ranked = [(self._explain(form, params, ["name"]), form) for form in forms if not form.legacy]
        if not ranked:
            return _rejected([])
        (_, rejections), form = min(ranked, key=lambda pair: pair[0][0])
        return {**_rejected(rejections), "format": form.contract.id}

    def _explain(
        self, form: Form, params: Mapping[str, str], given: list[str]
    ) -> tuple[tuple[float, int], list[dict[str, Any]]]:
        """How far the parameters are from a form, and what is wrong with each of them."""
        cost, found = 0.0, []
        values: dict[str, Any] = {}
        for key in form.keys:
            text = params.get(key)
            macro = form.macros.get(key)
            template = form.templates.get(key)
            if template is not None and template.read(text or ""):
                values |= template.read(text or "")[0][0]
                continue
            if not text:
                expected = macro.expected() if macro is not None else form.templates[key].text
                found.append({**problem("parameter-missing", None, None, expected), "param": key})
                cost += 2
            elif macro is not None:
                if not macro.read(text, loosely=True):
                    found.append({**problem("macro-value", None, text, macro.expected(), macro.macro), "param": key})
                    cost += 1
            elif template is not None:
                far, wrong = _align(template, text)
                cost += far
                found += [{**each, "param": key} for each in wrong]
        mixed = form.missing_mixed(values) if not found else None
        if mixed is not None:
            found.append(mixed)
        if not found:
            found = [*_disagreements(form, params)]
        for key in given:
            if key not in form.keys:
                expected = "no such parameter in this format"
                found.append({**problem("parameter-foreign", None, params[key], expected), "param": key})
                cost += 0.5
        return (cost + len(found) / 100, len(form.keys)), found


def _rejected(rejections: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "status": "rejected",
        "format": None,
        "platform": None,
        "fields": {},
        "expanded": {},
        "notes": [],
        "rejections": rejections,
        "right": None,
        "readings": [],
    }


def _listed(form: Form, key: str) -> dict[str, Any] | None:
    """The spellings that a parameter allows, where they are a list."""
    template = form.templates.get(key)
    if template is None or form.legacy:
        return None
    if template.constant is not None:
        return {template.constant: template.constant}
    field = None if template.sole is None or template.marks else template.fields[template.sole]
    return field.values if isinstance(field, Words) else None


def _loosely_is(form: Form, key: str, text: str) -> bool:
    template = form.templates.get(key)
    if template is None or not text:
        return False
    if template.constant is not None:
        return template.constant == fold(text)
    if template.sole is None:
        return bool(template.read(text, loosely=True))
    field = template.fields[template.sole]
    return field.read(text) is not None or field.read_loosely(text) is not None


def _settle(reading: dict[str, Any], form: Form, given: list[str], params: Mapping[str, str]) -> None:
    """Adds the status, and notes on deprecated words and foreign parameters, to a reading."""
    notes = reading["notes"]
    wrong = bool(notes)
    if form.legacy:
        wrong = True
        notes.append(problem("legacy", None, None, "the current template"))
    if len(given) != len(form.keys) or not all(key in form.keys for key in given):
        for key in given:
            if key not in form.keys:
                wrong = True
                notes.append({**problem("parameter-foreign", None, params[key], "no such parameter"), "param": key})
    for name, value in reading["fields"].items():
        field = form.contract.fields[name]
        if isinstance(field, Words) and field.deprecated and value in field.deprecated:
            after = field.deprecated[value]
            notes.append(problem("word-deprecated", name, value, after or "another word", after))
            notes[-1]["right"] = value
    for expanded in reading["expanded"].values():
        wrong = wrong or bool(expanded.get("notes"))
    reading["status"] = "readable" if wrong else "right"
    reading["params"] = {key: params[key] for key in form.keys if key in params}


def _rank(reading: dict[str, Any]) -> tuple[bool, int, bool, int]:
    """Best reading first: right, few notes, the static form, the newest major."""
    major = int(reading["format"].rpartition("/v")[2] or 0)
    return reading["status"] != "right", len(reading["notes"]), reading["platform"] is not None, -major


def _disagreements(form: Form, params: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Fields that two parameters give different values."""
    seen: dict[str, tuple[Any, str]] = {}
    for key, template in form.templates.items():
        for values, _ in template.read(params.get(key, ""))[:1]:
            for name, value in values.items():
                if name in seen and seen[name][0] != value:
                    other = seen[name]
                    expected = f"{ABSENT if other[0] is None else other[0]}, as in {other[1]}"
                    yield {**problem("values-disagree", name, value, expected, None), "param": key}
                seen.setdefault(name, (value, key))


def _tokens(template: Template, items: list[str], cut: str, depth: int = 0) -> list[list[tuple[str, Field | None]]]:
    """A shape cut at the delimiter; a nested name stands in its own tokens. Pieces are literals or fields."""
    tokens: list[list[tuple[str, Field | None]]] = [[]]
    for place, item in enumerate(items):
        if place % 2 == 0:
            head, *rest = item.split(cut)
            if head:
                tokens[-1].append((head, None))
            for piece in rest:
                tokens.append([(piece, None)] if piece else [])
            continue
        field = template.fields[item]
        if isinstance(field, Name) and depth < 3:
            inner = field.target().form().templates["name"]
            first, *more = _tokens(inner, inner.shapes[0][0], cut, depth + 1)
            tokens[-1] += first
            tokens += more
        else:
            tokens[-1].append((item, field))
    return tokens


def _align(template: Template, text: str) -> tuple[float, list[dict[str, Any]]]:
    """The cheapest account of how a text differs from a template, token by token."""
    best: tuple[float, list[dict[str, Any]]] | None = None
    cut = _delimiter(template)
    found = text.split(cut) if cut else [text]
    if len(found) > 64:
        return 64.0, [problem("name-long", None, text[:80], template.text)]
    for items, _ in template.shapes:
        wanted = _tokens(template, items, cut) if cut else [[(n, template.fields[n]) for n in items[1::2]]]
        account = _account(wanted, found, template)
        if best is None or account[0] < best[0]:
            best = account
    return best or (1.0, [problem("name-invalid", None, text, template.text)])


def _delimiter(template: Template) -> str:
    """The character that stands between the template's fields most often; empty where it has one field."""
    between = "".join([item for items, _ in template.shapes for item in items[2:-1:2]])
    if not between:
        inner = next((f for f in template.fields.values() if isinstance(f, Name) and f.name in template.names), None)
        return _delimiter(inner.target().form().templates["name"]) if inner is not None else ""
    marks = [char for char in between if not char.isalnum()]
    return max(sorted(set(marks)), key=marks.count) if marks else ""


def _account(
    wanted: list[list[tuple[str, Field | None]]], found: list[str], template: Template
) -> tuple[float, list[dict[str, Any]]]:
    """Aligns tokens: a token in another's place costs 1, a missing or a superfluous one 1.1, a loose spelling 0.1."""
    rows, columns = len(wanted) + 1, len(found) + 1
    cells: list[list[tuple[float, str]]] = [[(0.0, "")] * columns for _ in range(rows)]
    judged: dict[tuple[int, int], tuple[float, dict[str, Any] | None]] = {}
    for i in range(rows):
        for j in range(columns):
            ways = []
            if i and j:
                judged[i, j] = _judge(wanted[i - 1], found[j - 1], template)
                ways.append((cells[i - 1][j - 1][0] + judged[i, j][0], "both"))
            if i:
                ways.append((cells[i - 1][j][0] + 1.1, "missing"))
            if j:
                ways.append((cells[i][j - 1][0] + 1.1, "extra"))
            if ways:
                cells[i][j] = min(ways)
    wrong: list[dict[str, Any]] = []
    i, j = rows - 1, columns - 1
    while i or j:
        way = cells[i][j][1]
        each: dict[str, Any] | None = None
        if way == "both":
            each = judged[i, j][1]
            if each is not None:
                each["token"] = j
            i, j = i - 1, j - 1
        elif way == "missing":
            each = _missing(wanted[i - 1], j)
            i -= 1
        else:
            each = {**problem("token-extra", None, found[j - 1], f"nothing here: {template.text}"), "token": j}
            j -= 1
        if each is not None:
            wrong.append(each)
    return cells[-1][-1][0], wrong[::-1]


def _missing(token: list[tuple[str, Field | None]], after: int) -> dict[str, Any]:
    field = next((field for _, field in token if field is not None), None)
    literal = "".join([text for text, part in token if part is None])
    expected = field.expected() if field is not None else literal
    return {**problem("token-missing", field.name if field is not None else None, None, expected), "token": after + 1}


def _judge(token: list[tuple[str, Field | None]], text: str, template: Template) -> tuple[float, dict[str, Any] | None]:
    """What it costs to take a text for a token, and the rejection if it is not right."""
    fields = [field for _, field in token if field is not None]
    head = token[0][0] if token and token[0][1] is None else ""
    tail = token[-1][0] if len(token) > 1 and token[-1][1] is None else ""
    if not fields:
        if text == head:
            return 0.0, None
        return (0.1 if fold(text) == head else 1.0), problem("literal", None, text, head, head)
    field = fields[0]
    inner = text[len(head) : len(text) - len(tail)] if tail else text[len(head) :]
    if len(fields) > 1 or not (text.startswith(head) and text.endswith(tail) and len(text) >= len(head) + len(tail)):
        expected = f"{head}{{{field.name}}}{tail}, where {field.name} is {field.expected()}"
        return 1.0, problem("token-invalid", field.name, text, expected)
    if field.read(inner) is not None or (inner == ABSENT and field.name in template.marks):
        return 0.0, None
    loose = field.read_loosely(inner)
    if loose is not None:
        refused = problem("word-retired" if loose[2] == "retired" else loose[2], field.name, inner, field.expected(), loose[1])
        return 0.1, refused
    close = field.near(inner)
    return (0.6 if close else 1.0), problem(field.refusal(inner), field.name, inner, field.expected(), close)

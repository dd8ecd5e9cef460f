"""Pattern text -> tree, by the grammar of ECMA-262 with the `u` flag.

Where real schemas rely on what engines without `u` allow and no engine disputes the meaning (`\\_`, a lone `{`,
`[\\w-.]`), the text is read that way too, and a `Note` says that it is outside the shared subset.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, NamedTuple, TypeAlias

from canonry.kernel.errors import CanonryError
from canonry.regular import charset as cs
from canonry.regular import unicode
from canonry.regular.charset import CharSet

MAX_NESTING: Final = 80
"""Groups within groups; RE2 and Rust allow more, people never write as many."""
MAX_COUNT: Final = 10**9
SHARED_MAX_COUNT: Final = 1000
"""RE2 refuses a repetition count, or nested counts multiplied, beyond this."""


@dataclass(eq=False)
class PatternSyntaxError(CanonryError):
    """The text is no pattern. `position` counts characters from 0."""

    what: str
    position: int
    hint: ClassVar[str] = "Patterns are ECMA-262 regular expressions with the u flag."

    def __str__(self) -> str:
        return f"{self.what} (at character {self.position + 1})"


@dataclass(eq=False)
class UnsupportedPattern(CanonryError):  # noqa: N818  # a verdict ("not decided"), the pattern may be right
    """A valid pattern that is not decided here; `reason` says what stands in the way."""

    reason: str
    hint: ClassVar[str] = "Write the pattern without this construct; every engine then reads it alike."

    def __str__(self) -> str:
        return self.reason


class Chars(NamedTuple):
    """One character of a set."""

    charset: CharSet


class Seq(NamedTuple):
    """One after the other; none of them is the empty string."""

    items: "tuple[Node, ...]"


class Alt(NamedTuple):
    """Any one of them."""

    items: "tuple[Node, ...]"


class Repeat(NamedTuple):
    """From `low` to `high` times; None is without end."""

    body: "Node"
    low: int
    high: int | None


class Assertion(NamedTuple):
    """`^`, `$`, `b` or `B`: consumes nothing."""

    kind: str


class Look(NamedTuple):
    """A lookahead or lookbehind."""

    ahead: bool
    negative: bool
    body: "Node"


Node: TypeAlias = Chars | Seq | Alt | Repeat | Assertion | Look

EPSILON: Final = Seq(())
NEVER: Final = Chars(cs.NONE)
DOT: Final = Chars(cs.DOT)

Kind: TypeAlias = Literal["refused", "differs"]


class Note(NamedTuple):
    """Something outside the shared subset: some engine refuses it, or reads it differently."""

    position: int
    kind: Kind
    what: str
    instead: str = ""


def seq(items: Iterable[Node]) -> Node:
    """A sequence without needless nesting."""
    parts = tuple(items)
    return parts[0] if len(parts) == 1 else Seq(parts)


def alt(items: Iterable[Node]) -> Node:
    """Alternatives; single characters are merged into one set."""
    parts = list(items)
    if len(parts) == 1:
        return parts[0]
    sets = [part.charset for part in parts if type(part) is Chars]
    if len(sets) > 1:
        merged = Chars(CharSet(pair for one in sets for pair in one.ranges))
        parts = [merged, *(part for part in parts if type(part) is not Chars)]
    return parts[0] if len(parts) == 1 else Alt(tuple(parts))


_CLASSES: Final = {
    "d": cs.DIGIT,
    "D": ~cs.DIGIT,
    "w": cs.WORD,
    "W": ~cs.WORD,
    "s": cs.SPACE,
    "S": ~cs.SPACE,
}
_CONTROLS: Final = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_SYNTAX_CHARACTERS: Final = frozenset("^$\\.*+?()[]{}|/")
_QUANTIFIER: Final = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_LITERALS: Final = re.compile(r"[^\\^$.*+?()\[\]{}|]+")
_NAME: Final = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_PROPERTY: Final = re.compile(r"\{([A-Za-z0-9_=]+)\}")
_SINGLE: Final = {chr(point): Chars(CharSet([(point, point)])) for point in range(128)}
_HEX_SHORT, _HEX_LONG = 2, 4
_HIGH_SURROGATES = range(0xD800, 0xDC00)
_LOW_SURROGATES = range(0xDC00, 0xE000)


class _Frame:
    """A group that is still open."""

    __slots__ = ("branches", "items", "look", "position", "weight")

    def __init__(self, position: int, look: tuple[bool, bool] | None = None) -> None:
        self.position = position
        self.look = look
        self.branches: list[Node] = []
        self.items: list[Node] = []
        self.weight = 1

    def node(self) -> Node:
        return alt([*self.branches, seq(self.items)]) if self.branches else seq(self.items)


class Parser:
    """Reads one pattern. Groups are kept on a stack of its own, so that no nesting exhausts Python's."""

    def __init__(self, text: str) -> None:
        """Nothing is read until `parse`."""
        self.text = text
        self.at = 0
        self.notes: list[Note] = []
        self.names: set[str] = set()

    def fail(self, what: str, position: int | None = None) -> PatternSyntaxError:
        """The error to raise."""
        return PatternSyntaxError(what, self.at if position is None else position)

    def note(self, kind: Kind, what: str, instead: str = "", position: int | None = None) -> None:
        """Remember something outside the shared subset."""
        self.notes.append(Note(self.at if position is None else position, kind, what, instead))

    def parse(self) -> Node:
        """The tree. Raises `PatternSyntaxError` and `UnsupportedPattern`."""
        text, end = self.text, len(self.text)
        stack = [_Frame(0)]
        while self.at < end:
            frame = stack[-1]
            char = text[self.at]
            if char == "(":
                if len(stack) > MAX_NESTING:
                    raise UnsupportedPattern(f"groups are nested more than {MAX_NESTING} deep")
                stack.append(self._open())
            elif char == ")":
                if len(stack) == 1:
                    raise self.fail("')' closes nothing")
                self.at += 1
                self._close(stack)
            elif char == "|":
                self.at += 1
                frame.branches.append(seq(frame.items))
                frame.items = []
            else:
                self._term(frame, char)
        if len(stack) > 1:
            raise self.fail("this group is never closed", stack[-1].position)
        return stack[0].node()

    def _open(self) -> _Frame:
        text, start = self.text, self.at
        if not text.startswith("(?", start):
            self.at += 1
            return _Frame(start)
        if text.startswith("(?:", start):
            self.at += 3
            return _Frame(start)
        for mark, ahead, negative in (
            ("(?=", True, False),
            ("(?!", True, True),
            ("(?<=", False, False),
            ("(?<!", False, True),
        ):
            if text.startswith(mark, start):
                word = "lookahead" if ahead else "lookbehind"
                self.note("refused", f"a {word} ('{mark}'): linear-time engines have none")
                self.at += len(mark)
                return _Frame(start, (ahead, negative))
        if text.startswith(("(?<", "(?P<"), start):
            self._name(start)
            return _Frame(start)
        if text.startswith("(?>", start):
            raise self.fail("'(?>' (an atomic group) is no syntax of ECMA-262")
        if text.startswith("(?#", start):
            raise self.fail("'(?#' (a comment) is no syntax of ECMA-262")
        if re.compile(r"\(\?[a-zA-Z-]+:").match(text, start):
            raise UnsupportedPattern("flags inside a pattern, as in '(?i:', are not decided")
        if re.compile(r"\(\?[a-zA-Z-]+\)").match(text, start):
            raise self.fail("flags inside a pattern, as in '(?i)', are no syntax of ECMA-262")
        raise self.fail("'(?' begins no group that ECMA-262 knows")

    def _name(self, start: int) -> None:
        begin = self.text.index("<", start) + 1
        if self.text[start + 2] == "P":
            self.note("refused", "'(?P<name>' is Python's", "write (?<name>...) or (...)", start)
        match = _NAME.match(self.text, begin)
        if match is None or not self.text.startswith(">", match.end()):
            raise self.fail("a group's name is letters, digits, '_' or '$' and ends with '>'", begin)
        if match[0] in self.names:
            self.note("refused", f"two groups are named {match[0]!r}", position=start)
        self.names.add(match[0])
        self.at = match.end() + 1

    def _close(self, stack: list[_Frame]) -> None:
        frame = stack.pop()
        items = stack[-1].items
        if frame.look is not None:
            if self._quantifier() is not None:
                raise self.fail("a lookaround cannot be repeated", frame.position)
            items.append(Look(frame.look[0], frame.look[1], frame.node()))
            return
        node = self._repeated(frame.node(), frame.position, stack[-1], frame.weight)
        if type(node) is Seq:
            items.extend(node.items)
        else:
            items.append(node)

    def _term(self, frame: _Frame, char: str) -> None:
        start = self.at
        if char in "^$":
            self.at += 1
            frame.items.append(Assertion(char))
            self._no_quantifier(start)
            return
        if char in "*+?" or (char == "{" and _QUANTIFIER.match(self.text, start)):
            raise self.fail(f"nothing stands before {char!r} that could be repeated")
        if char == "\\":
            node = self._escape()
            if type(node) is Assertion:
                frame.items.append(node)
                self._no_quantifier(start)
                return
        elif char == "[":
            node = Chars(self._class())
        elif char == ".":
            self.at += 1
            self.note(
                "differs", "'.' leaves out \\n only in RE2, \\r \\u2028 \\u2029 too in ECMA-262", "", start
            )
            node = DOT
        elif char in "]{}":
            self.note("refused", f"an unescaped {char!r}", f"write \\{char}")
            self.at += 1
            node = _SINGLE[char]
        else:
            match = _LITERALS.match(self.text, start)
            run = match[0] if match is not None else char
            for literal in run[:-1]:
                frame.items.append(_character(literal))
            self.at = start + len(run)
            node = _character(run[-1])
        frame.items.append(self._repeated(node, start, frame))

    def _no_quantifier(self, start: int) -> None:
        if self._quantifier() is not None:
            raise self.fail("an assertion cannot be repeated", start)

    def _quantifier(self) -> tuple[int, int | None] | None:
        if self.at >= len(self.text):
            return None
        char = self.text[self.at]
        if char in "*+?":
            self.at += 1
            bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
        elif char == "{":
            match = _QUANTIFIER.match(self.text, self.at)
            if match is None:
                return None
            bounds = self._bounds(match)
            self.at = match.end()
        else:
            return None
        if self.text.startswith("?", self.at):
            self.at += 1  # lazy: the language is the same
        return bounds

    def _bounds(self, match: re.Match[str]) -> tuple[int, int | None]:
        if any(len(digits.lstrip("0")) > len(str(MAX_COUNT)) for digits in (match[1], match[3] or "")):
            raise UnsupportedPattern(f"a repetition count above {MAX_COUNT:,}")
        low = int(match[1])
        high = low if match[2] is None else int(match[3]) if match[3] else None
        if high is not None and high < low:
            raise self.fail(f"the counts of {match[0]} are the wrong way round")
        if max(low, high or 0) > MAX_COUNT:
            raise UnsupportedPattern(f"a repetition count above {MAX_COUNT:,}")
        if max(low, high or 0) > SHARED_MAX_COUNT:
            self.note(
                "refused",
                f"a repetition count above {SHARED_MAX_COUNT}, which RE2 refuses",
                "use minLength and maxLength",
            )
        return low, high

    def _repeated(self, node: Node, start: int, frame: _Frame, weight: int = 1) -> Node:
        """The node with the quantifier that may follow; `weight` multiplies the counts nested within it."""
        bounds = self._quantifier()
        if bounds is None:
            frame.weight = max(frame.weight, weight)
            return node
        if self.at < len(self.text):
            following = self.text[self.at]
            if following in "*+?" or (following == "{" and _QUANTIFIER.match(self.text, self.at)):
                raise self.fail(f"{following!r} repeats a repetition; put the first into a group")
        count = max(bounds[0], bounds[1] or 0, 1)
        if count <= SHARED_MAX_COUNT < count * weight:
            self.note("refused", f"nested repetitions of more than {SHARED_MAX_COUNT} in all", position=start)
        frame.weight = max(frame.weight, count * weight)
        if bounds == (1, 1):
            return node
        if bounds == (0, 0):
            return EPSILON
        return Repeat(node, *bounds)

    def _escape(self) -> Node:
        start = self.at
        if start + 1 >= len(self.text):
            raise self.fail("the pattern ends with a lone backslash")
        char = self.text[start + 1]
        if char in "bB":
            self.at += 2
            return Assertion(char)
        if char in "123456789":
            self.note("refused", f"a backreference (\\{char})")
            raise UnsupportedPattern(f"a backreference (\\{char}) makes a language that is not regular")
        if char == "k":
            self.note("refused", "a backreference (\\k)")
            raise UnsupportedPattern("a backreference (\\k<name>) makes a language that is not regular")
        found = self._set(in_class=False)
        if isinstance(found, CharSet):
            return Chars(found)
        return _character(chr(found))

    def _set(self, *, in_class: bool) -> CharSet | int:
        """The set, or the one code point, that the escape at the cursor stands for."""
        text, start = self.text, self.at
        if start + 1 >= len(text):
            raise self.fail("the pattern ends with a lone backslash")
        char = text[start + 1]
        self.at += 2
        if char in _CLASSES:
            if char in "sS":
                self.note("differs", f"'\\{char}' is ASCII in RE2, Unicode in ECMA-262", "", start)
            return _CLASSES[char]
        if char in _CONTROLS:
            return ord(_CONTROLS[char])
        if char in "pP":
            return self._property(negated=char == "P", start=start)
        if char in "xucub0":
            return self._code_point(char, start, in_class=in_class)
        if char.isascii() and char.isalnum():
            raise self.fail(f"'\\{char}' is no escape of ECMA-262" + _ADVICE.get(char, ""), start)
        if char not in _SYNTAX_CHARACTERS and not (in_class and char == "-"):
            self.note("refused", f"a needless escape ('\\{char}')", f"write {char}", start)
        return ord(char)

    def _property(self, *, negated: bool, start: int) -> CharSet:
        match = _PROPERTY.match(self.text, self.at)
        if match is None:
            raise self.fail("after '\\p' comes a property in braces, as in \\p{L}", start)
        self.at = match.end()
        found = unicode.named(match[1])
        if len(match[1]) > _HEX_SHORT:
            self.note("refused", f"'\\p{{{match[1]}}}', which RE2 does not know", "use the short name", start)
        if found is None:
            raise UnsupportedPattern(
                f"the property \\p{{{match[1]}}} is not decided (general categories are)"
            )
        return ~found if negated else found

    def _code_point(self, char: str, start: int, *, in_class: bool) -> int:
        text = self.text
        if char == "b":
            if not in_class:
                raise self.fail("'\\b' is no character here", start)
            self.note("refused", "'[\\b]' (a backspace)", "write \\x08", start)
            return ord("\b")
        if char == "0":
            self.note("refused", "'\\0'", "write \\x00", start)
            if text[self.at : self.at + 1].isdigit():
                raise self.fail("octal escapes are no syntax of ECMA-262", start)
            return 0
        if char == "c":
            letter = text[self.at : self.at + 1]
            if not (letter.isascii() and letter.isalpha()):
                raise self.fail("after '\\c' comes a letter", start)
            self.note("refused", "'\\c'", "write the character as \\xHH", start)
            self.at += 1
            return ord(letter) % 32
        return self._hex(_HEX_SHORT, start) if char == "x" else self._unicode(start)

    def _unicode(self, start: int) -> int:
        text = self.text
        self.note("refused", "'\\u', which RE2 does not know", "write the character itself", start)
        if text.startswith("{", self.at):
            match = _HEX.match(text, self.at + 1)
            if match is None or not text.startswith("}", match.end()):
                raise self.fail("'\\u{' needs hexadecimal digits and '}'", start)
            digits = match[0].lstrip("0") or "0"
            self.at = match.end() + 1
            if len(digits) > len("10FFFF") or int(digits, 16) > cs.LAST:
                raise self.fail(f"U+{digits} is beyond the last character, U+10FFFF", start)
            return int(digits, 16)
        point = self._hex(_HEX_LONG, start)
        if point in _HIGH_SURROGATES and text.startswith("\\u", self.at):
            resume = self.at
            self.at += 2
            match = _HEX.match(text, self.at)
            if match is not None and len(match[0]) >= _HEX_LONG:
                low = self._hex(_HEX_LONG, start)
                if low in _LOW_SURROGATES:
                    return 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
            self.at = resume
        return point

    def _hex(self, digits: int, start: int) -> int:
        match = _HEX.match(self.text, self.at)
        if match is None or len(match[0]) < digits:
            raise self.fail(f"this escape needs {digits} hexadecimal digits", start)
        self.at += digits
        return int(match[0][:digits], 16)

    def _class(self) -> CharSet:
        text, start, end = self.text, self.at, len(self.text)
        self.at += 1
        negated = text.startswith("^", self.at)
        self.at += negated
        if text.startswith("]", self.at):
            self.note("refused", f"'{text[start : self.at + 1]}'", "", start)
        ranges: list[tuple[int, int]] = []
        while True:
            if self.at >= end:
                raise self.fail("this character class is never closed", start)
            if text[self.at] == "]":
                break
            begin = self.at
            low = self._class_atom()
            if text.startswith("-", self.at) and self.at + 1 < end and text[self.at + 1] != "]":
                self.at += 1
                high = self._class_atom()
                if isinstance(low, CharSet) or isinstance(high, CharSet):
                    self.note("refused", f"'{text[begin : self.at]}' in a class", "escape the '-'", begin)
                    ranges.append((ord("-"), ord("-")))
                    for part in (low, high):
                        ranges += part.ranges if isinstance(part, CharSet) else [(part, part)]
                elif low > high:
                    raise self.fail(f"the range {text[begin : self.at]!r} is the wrong way round", begin)
                else:
                    ranges.append((low, high))
            elif isinstance(low, CharSet):
                ranges += low.ranges
            else:
                ranges.append((low, low))
        self.at += 1
        found = CharSet(ranges)
        return ~found if negated else found

    def _class_atom(self) -> CharSet | int:
        """One member: a code point, or the set of an escape such as `\\d`."""
        text, start = self.text, self.at
        char = text[start]
        if char == "\\":
            return self._set(in_class=True)
        if char == "[" or text[start : start + 2] in {"&&", "~~", "--"}:
            self.note(
                "differs", f"an unescaped {char!r} in a class: some engines do set arithmetic", "escape it"
            )
        self.at += 1
        return ord(char)


_ADVICE: Final = {
    "A": "; for the start of the text write ^",
    "Z": "; for the end of the text write $",
    "z": "; for the end of the text write $",
    "h": "; write [ \\t]",
}


def _character(char: str) -> Chars:
    found = _SINGLE.get(char)
    return found if found is not None else Chars(CharSet.of(char))


def parse(text: str) -> Node:
    """The tree of a pattern. Raises `PatternSyntaxError` and `UnsupportedPattern`."""
    return Parser(text).parse()

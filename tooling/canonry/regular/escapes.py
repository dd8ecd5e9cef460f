r"""The characters of a pattern: escapes and classes, as ECMA-262 reads them with the `u` flag.

Where real schemas rely on what engines without `u` allow and no engine disputes the meaning (`\_`, a lone
`{`, `[\w-.]`), the text is read that way too, and a `Note` says that it is outside the shared subset.
"""

import re
from typing import Final, Literal, NamedTuple, TypeAlias

from canonry.regular import charset as cs
from canonry.regular import unicode
from canonry.regular.charset import CharSet
from canonry.regular.syntax import PatternSyntaxError, UnsupportedPattern

Kind: TypeAlias = Literal["refused", "differs"]


class Note(NamedTuple):
    """Something outside the shared subset: some engine refuses it, or reads it differently."""

    position: int
    kind: Kind
    what: str
    instead: str = ""


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
_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_PROPERTY: Final = re.compile(r"\{([A-Za-z0-9_=]+)\}")
_HEX_SHORT, _HEX_LONG = 2, 4
_HIGH_SURROGATES = range(0xD800, 0xDC00)
_LOW_SURROGATES = range(0xDC00, 0xE000)
_ADVICE: Final = {
    "A": "; for the start of the text write ^",
    "Z": "; for the end of the text write $",
    "z": "; for the end of the text write $",
    "h": "; write [ \\t]",
}


class Cursor:
    """A place in a pattern, and what was noticed so far."""

    def __init__(self, text: str) -> None:
        """Begins at the first character."""
        self.text = text
        self.at = 0
        self.notes: list[Note] = []

    def fail(self, what: str, position: int | None = None) -> PatternSyntaxError:
        """The error to raise."""
        return PatternSyntaxError(what, self.at if position is None else position)

    def note(self, kind: Kind, what: str, instead: str = "", position: int | None = None) -> None:
        """Remember something outside the shared subset."""
        self.notes.append(Note(self.at if position is None else position, kind, what, instead))

    def charset_escape(self, *, in_class: bool) -> CharSet | int:
        """The set, or the one code point, that the escape at the cursor stands for."""
        text, start = self.text, self.at
        if start + 1 >= len(text):
            raise self.fail("the pattern ends with a lone backslash")
        char = text[start + 1]
        self.at += 2
        if char in _CLASSES:
            if char in "sS":
                what = f"'\\{char}' knows ASCII only in RE2, all of Unicode in ECMA-262"
                self.note("differs", what, "write the characters, as in [ \\t]", start)
            return _CLASSES[char]
        if char in _CONTROLS:
            return ord(_CONTROLS[char])
        if char in "pP":
            return self._property(negated=char == "P", start=start)
        if char in "xucub0":
            return self._code_point(char, start)
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

    def _code_point(self, char: str, start: int) -> int:
        text = self.text
        if char == "b":  # only in a class; elsewhere it is an assertion
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

    def charset_class(self) -> CharSet:
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
                if text.startswith("-", self.at):
                    self._set_arithmetic(self.at - 1)
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
        r"""One member: a code point, or the set of an escape such as `\d`."""
        text, start = self.text, self.at
        char = text[start]
        if char == "\\":
            return self.charset_escape(in_class=True)
        if char == "[" or text[start : start + 2] in {"&&", "~~", "--"}:
            self._set_arithmetic(start)
        self.at += 1
        return ord(char)

    def _set_arithmetic(self, position: int) -> None:
        seen = self.text[position : position + 2]
        instead = "write \\[" if seen.startswith("[") else "write the character once, or escape the '-'"
        self.note("differs", f"{seen!r} in a class: some engines do set arithmetic there", instead, position)

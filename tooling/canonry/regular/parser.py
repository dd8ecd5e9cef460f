"""Pattern text -> tree."""

import re
from typing import Final

from canonry.regular.charset import CharSet
from canonry.regular.escapes import Cursor
from canonry.regular.syntax import (
    DOT,
    Assertion,
    Chars,
    Look,
    Node,
    Seq,
    UnsupportedPattern,
    alt,
    repeat,
    seq,
)

MAX_NESTING: Final = 50
"""Groups within groups; RE2 and Rust allow more, people never write as many."""
MAX_COUNT: Final = 10**9
SHARED_MAX_COUNT: Final = 1000
"""RE2 refuses a repetition count, or nested counts multiplied, beyond this."""

_QUANTIFIER: Final = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_LITERALS: Final = re.compile(r"[^\\^$.*+?()\[\]{}|]+")
_NAME: Final = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_SINGLE: Final = {chr(point): Chars(CharSet([(point, point)])) for point in range(128)}
_LOOKS: Final = (
    ("(?=", True, False),
    ("(?!", True, True),
    ("(?<=", False, False),
    ("(?<!", False, True),
)
_FLAGS: Final = re.compile(r"\(\?[a-zA-Z-]+(:|\))")


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


class Parser(Cursor):
    """Reads one pattern. Groups are kept on a stack of its own, so that no nesting exhausts Python's."""

    def __init__(self, text: str) -> None:
        """Nothing is read until `parse`."""
        super().__init__(text)
        self.names: set[str] = set()

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
        for mark, ahead, negative in _LOOKS:
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
        flags = _FLAGS.match(text, start)
        if flags is not None and flags[1] == ":":
            raise UnsupportedPattern("flags inside a pattern, as in '(?i:', are not decided")
        if flags is not None:
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
            node = Chars(self.charset_class())
        elif char == ".":
            self.at += 1
            what = "'.' leaves out \\n alone in some engines, \\r, \\u2028 and \\u2029 too in ECMA-262"
            self.note("differs", what, "write [^\\n] or the characters that are meant", start)
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
        least, most = match[1].lstrip("0") or "0", (match[3] or "").lstrip("0") or "0"
        if max(len(least), len(most)) > len(str(MAX_COUNT)):
            raise UnsupportedPattern(f"a repetition count above {MAX_COUNT:,}")
        low = int(least)
        high = low if match[2] is None else int(most) if match[3] else None
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
        return repeat(node, *bounds)

    def _escape(self) -> Node:
        start = self.at
        if start + 1 >= len(self.text):
            raise self.fail("the pattern ends with a lone backslash")
        char = self.text[start + 1]
        if char in "bB":
            what = f"'\\{char}' counts é as part of a word in Rust's engine, not in RE2 and ECMA-262"
            self.note("differs", what, "write what may stand beside it")
            self.at += 2
            return Assertion(char)
        if char in "123456789":
            self.note("refused", f"a backreference (\\{char})")
            raise UnsupportedPattern(f"a backreference (\\{char}) makes a language that is not regular")
        if char == "k":
            self.note("refused", "a backreference (\\k)")
            raise UnsupportedPattern("a backreference (\\k<name>) makes a language that is not regular")
        found = self.charset_escape(in_class=False)
        if isinstance(found, CharSet):
            return Chars(found)
        return _character(chr(found))


def _character(char: str) -> Chars:
    found = _SINGLE.get(char)
    return found if found is not None else Chars(CharSet.of(char))


def parse(text: str) -> Node:
    """The tree of a pattern. Raises `PatternSyntaxError` and `UnsupportedPattern`."""
    return Parser(text).parse()

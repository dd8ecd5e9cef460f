"""Lookaheads and lookbehinds, by intersection with what they ask of the text around them.

`P(?=R)S` matches what `P` and then `S & R.*` match, `P(?<=R)S` what `P & .*R` and then `S` match; negated
ones subtract. That needs the rest of the text to be the rest of the pattern. Inside a repetition it is not;
there a lookaround is decided where the repeated part alone does so: `(?!-)` before something that is never
empty looks no further than its first character.
"""

from collections.abc import Sequence
from typing import Final

from canonry.regular import assertions, trees
from canonry.regular.building import concat, literal, repeat
from canonry.regular.language import ANY, EMPTY, Language
from canonry.regular.syntax import Alt, Assertion, Chars, Look, Node, Repeat, Seq, UnsupportedPattern, seq
from canonry.regular.trees import ANYTHING

_MAX_BRANCHES: Final = 64
_BEYOND: Final = "a lookaround that looks beyond the part that is repeated is not decided"
_START: Final = Assertion("^")
_END: Final = Assertion("$")
_EMPTY_STRING: Final = literal("")


def contains(node: Node, kinds: tuple[type, ...]) -> bool:
    """Is a node of these kinds anywhere in a tree?"""
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, kinds):
            return True
        if isinstance(item, Seq | Alt):
            stack.extend(item.items)
        elif isinstance(item, Repeat | Look):
            stack.append(item.body)
    return False


def language(node: Node) -> Language:
    """The strings that a tree matches as a whole. Raises `UnsupportedPattern`."""
    return _Resolver().sequence(_items(node), at_start=True, at_end=True)


def _items(node: Node) -> list[Node]:
    return list(node.items) if isinstance(node, Seq) else [node]


class _Resolver:
    """Splits sequences at lookarounds. `at_start` and `at_end` say that the text begins or ends there."""

    def __init__(self) -> None:
        self._branches = 0

    def sequence(self, items: Sequence[Node], *, at_start: bool, at_end: bool) -> Language:
        items = _tidy(items, at_start=at_start, at_end=at_end)
        for index, item in enumerate(items):
            if not contains(item, (Look,)):
                continue
            before, after = items[:index], items[index + 1 :]
            if isinstance(item, Look):
                if item.ahead:
                    return self._ahead(before, item, after, at_start=at_start, at_end=at_end)
                return self._behind(before, item, after, at_start=at_start, at_end=at_end)
            if isinstance(item, Alt):
                options = item.items
            elif isinstance(item, Repeat) and (item.low, item.high) == (0, 1):
                options = (item.body, seq(()))
            elif isinstance(item, Repeat):
                return self._repeated(before, item, after, at_start=at_start, at_end=at_end)
            else:
                options = (item,)
            result = EMPTY
            for option in options:
                self._branches += 1
                if self._branches > _MAX_BRANCHES:
                    raise UnsupportedPattern("lookarounds in very many alternatives are not decided")
                result |= self.sequence((*before, *_items(option), *after), at_start=at_start, at_end=at_end)
            return result
        return _chunk(items, at_start=at_start, at_end=at_end)

    def _ahead(
        self, before: list[Node], look: Look, after: list[Node], *, at_start: bool, at_end: bool
    ) -> Language:
        alone = at_start and not before
        rest = self.sequence(after, at_start=alone, at_end=at_end)
        if at_end:
            seen = self.sequence((*_items(look.body), ANYTHING), at_start=alone, at_end=True)
        else:
            seen = concat(self.sequence(_items(look.body), at_start=alone, at_end=False), ANY)
            if not concat(rest - seen, ANY).disjoint(seen):
                raise UnsupportedPattern(_BEYOND)
        rest = rest - seen if look.negative else rest & seen
        return concat(_chunk(before, at_start=at_start, at_end=False), rest) if before else rest

    def _behind(
        self, before: list[Node], look: Look, after: list[Node], *, at_start: bool, at_end: bool
    ) -> Language:
        head = _chunk(before, at_start=at_start, at_end=False)
        if at_start:
            seen = self.sequence((ANYTHING, *_items(look.body)), at_start=True, at_end=False)
        else:
            seen = concat(ANY, self.sequence(_items(look.body), at_start=False, at_end=False))
            if not concat(ANY, head - seen).disjoint(seen):
                raise UnsupportedPattern(_BEYOND)
        head = head - seen if look.negative else head & seen
        return self._behind_done(head, after, at_start=at_start, at_end=at_end)

    def _behind_done(self, head: Language, after: list[Node], *, at_start: bool, at_end: bool) -> Language:
        """`head` and then `after`; lookbehinds that follow may still look into `head`."""
        index = next((place for place, item in enumerate(after) if contains(item, (Look,))), len(after))
        if index == len(after):
            return concat(head, _chunk(after, at_start=False, at_end=at_end)) if after else head
        look = after[index]
        if not (at_start and isinstance(look, Look) and not look.ahead):
            return concat(head, self.sequence(after, at_start=False, at_end=at_end))
        if index:
            head = concat(head, _chunk(after[:index], at_start=False, at_end=False))
        seen = self.sequence((ANYTHING, *_items(look.body)), at_start=True, at_end=False)
        head = head - seen if look.negative else head & seen
        return self._behind_done(head, after[index + 1 :], at_start=True, at_end=at_end)

    def _repeated(
        self, before: list[Node], item: Repeat, after: list[Node], *, at_start: bool, at_end: bool
    ) -> Language:
        tempered = self._tempered(item) if at_end else None
        if tempered is not None and after == [ANYTHING] and not item.low:
            return self.sequence((*before, ANYTHING), at_start=at_start, at_end=at_end)
        if tempered is not None and not after:
            middle = tempered
        else:
            body = self.sequence(_items(item.body), at_start=False, at_end=False)
            middle = repeat(body, item.low, item.high)
        head = self.sequence(before, at_start=at_start, at_end=False) if before else _EMPTY_STRING
        tail = self.sequence(after, at_start=False, at_end=at_end) if after else _EMPTY_STRING
        return concat(head, middle, tail)

    def _tempered(self, item: Repeat) -> Language | None:
        """`((?!R)x)*` up to the end of the text: no `R` begins anywhere in it."""
        body = _items(item.body)
        if len(body) != len(("lookahead", "character")):
            return None
        look, char = body
        if not (isinstance(look, Look) and look.ahead and look.negative and isinstance(char, Chars)):
            return None
        if not _least(look.body):
            return None
        found = self.sequence((ANYTHING, *_items(look.body), ANYTHING), at_start=False, at_end=True)
        return trees.language(Repeat(char, item.low, item.high)) - found


def _tidy(items: Sequence[Node], *, at_start: bool, at_end: bool) -> list[Node]:
    """Without `^` where the text begins anyway, and `$` where it ends."""
    result = list(items)
    if at_start:
        if result[:2] == [ANYTHING, _START]:
            del result[0]
        if result[:1] == [ANYTHING] and _anchored(result[1:]):
            del result[0]
        while result and result[0] == _START:
            del result[0]
    if at_end:
        if result[-2:] == [_END, ANYTHING]:
            del result[-1]
        while result and result[-1] == _END:
            del result[-1]
    return result


def _anchored(items: Sequence[Node]) -> bool:
    """Whether `^` must hold before anything is read, though lookarounds stand before it."""
    for item in items:
        if item == _START:
            return True
        if isinstance(item, Look) and item.ahead and not item.negative and _anchored(_items(item.body)):
            return True
        if not _reads_nothing(item):
            return False
    return False


def _reads_nothing(node: Node) -> bool:
    if isinstance(node, Seq | Alt):
        return all(map(_reads_nothing, node.items))
    return _reads_nothing(node.body) if isinstance(node, Repeat) else isinstance(node, Look | Assertion)


def _chunk(items: Sequence[Node], *, at_start: bool, at_end: bool) -> Language:
    """The language of items without lookarounds."""
    node = seq(_tidy(items, at_start=at_start, at_end=at_end))
    kinds = _kinds(node)
    if not kinds:
        return trees.language(node)
    if (
        ("^" in kinds and not at_start)
        or ("$" in kinds and not at_end)
        or (kinds & {"b", "B"} and not (at_start and at_end))
    ):
        raise UnsupportedPattern("an assertion between lookarounds is not decided")
    return assertions.language(node)


def _kinds(node: Node) -> set[str]:
    if isinstance(node, Assertion):
        return {node.kind}
    if isinstance(node, Seq | Alt):
        return set().union(*map(_kinds, node.items))
    return _kinds(node.body) if isinstance(node, Repeat | Look) else set()


def _least(node: Node) -> int:
    """The least width of a match."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Seq):
        return sum(map(_least, node.items))
    if isinstance(node, Alt):
        return min(map(_least, node.items))
    return _least(node.body) * node.low if isinstance(node, Repeat) else 0

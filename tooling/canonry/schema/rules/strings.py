"""C3xx: how long a string is, what it looks like, and what it means."""

from typing import TYPE_CHECKING, Final

from canonry.kernel.errors import CanonryError
from canonry.regular.budget import Budget, current
from canonry.schema.assertions import language
from canonry.schema.pairs import (
    Difference,
    Differences,
    Effect,
    Pair,
    counted,
    joined,
    only_in,
    quoted,
    shown,
)
from canonry.schema.view import View

if TYPE_CHECKING:
    from canonry.regular import Language

_STEPS: Final = 20_000
"""What comparing two patterns may cost: an explanation is worth milliseconds, not seconds."""


def length_tightened(pair: Pair) -> Differences:
    """A string must be longer, or may be less long.

    ## Why it matters
    Strings whose length was fine start failing.

    ## Instead
    Measure what is being sent, and set the limit where nothing is lost.
    """
    old, new = pair.old.least("minLength"), pair.new.least("minLength")
    if new is not None and new.limit > (old.limit if old else 0):
        sentence = f"{pair.name} must now have at least {counted(new.limit, 'character')}"
        yield Difference(sentence, old.pointer if old else pair.old.pointer, new.pointer, "tightens")
    old, new = pair.old.most("maxLength"), pair.new.most("maxLength")
    if new is not None and (old is None or new.limit < old.limit):
        before = f" ({old.limit} before)" if old else ""
        sentence = f"{pair.name} may now have at most {counted(new.limit, 'character')}{before}"
        yield Difference(sentence, old.pointer if old else pair.old.pointer, new.pointer, "tightens")


def length_loosened(pair: Pair) -> Differences:
    """A string may be shorter, or longer.

    ## Why it matters
    Consumers that store it in a column of the old width, or expect something in it, fail.

    ## Instead
    Widen consumers first.
    """
    old, new = pair.old.least("minLength"), pair.new.least("minLength")
    if old is not None and old.limit > (new.limit if new else 0):
        what = f"have only {counted(new.limit, 'character')}" if new and new.limit else "be empty"
        sentence = f"{pair.name} may now {what}"
        yield Difference(sentence, old.pointer, new.pointer if new else pair.new.pointer, "loosens")
    old, new = pair.old.most("maxLength"), pair.new.most("maxLength")
    if old is not None and (new is None or new.limit > old.limit):
        what = f"up to {counted(new.limit, 'character')}" if new else "any number of characters"
        sentence = f"{pair.name} may now have {what} ({old.limit} before)"
        yield Difference(sentence, old.pointer, new.pointer if new else pair.new.pointer, "loosens")


def pattern_tightened(pair: Pair) -> Differences:
    """A string must match a pattern that refuses what was accepted.

    ## Why it matters
    Producers that send what the new pattern leaves out start failing validation.

    ## Instead
    Keep the old pattern as one alternative until nobody sends what only it allows.
    """
    yield from _pattern(pair, "tightens")


def pattern_loosened(pair: Pair) -> Differences:
    """A string may look like what was refused before.

    ## Why it matters
    Consumers that parse the string meet forms that they do not know.

    ## Instead
    Let consumers parse the new forms first.
    """
    yield from _pattern(pair, "loosens")


def pattern_changed(pair: Pair) -> Differences:
    """A string must match another pattern: some strings are lost, others are won.

    ## Why it matters
    It breaks in both directions at once.

    ## Instead
    Allow both patterns for a while, or take a new property.
    """
    yield from _pattern(pair, "both")


def format_added(pair: Pair) -> Differences:
    """A string must have a format.

    ## Why it matters
    Where formats are asserted, strings of any other form start failing.

    ## Instead
    Check what is being sent before you assert it.
    """
    old, new = pair.old.texts("format"), pair.new.texts("format")
    for name in only_in(new, old):
        sentence = f"{pair.name} must now be in the format {quoted(name)}"
        yield Difference(sentence, pair.old.where("format"), new[name], "tightens")


def format_removed(pair: Pair) -> Differences:
    """A string need not have a format any more.

    ## Why it matters
    Consumers that parse the format meet strings that are none.

    ## Instead
    Keep the format, or take a new property for the freer string.
    """
    old, new = pair.old.texts("format"), pair.new.texts("format")
    for name in only_in(old, new):
        sentence = f"{pair.name} need no longer be in the format {quoted(name)}"
        yield Difference(sentence, old[name], pair.new.where("format"), "loosens")


def _pattern(pair: Pair, effect: Effect) -> Differences:
    old, new = pair.old.texts("pattern"), pair.new.texts("pattern")
    if old.keys() == new.keys():
        return
    budget = Budget(_STEPS)  # of its own, so that one hard pattern leaves the others their sentences
    found, sentence = _compared(pair, old, new, budget)
    current().spend(budget.spent)
    if found == effect:
        yield Difference(sentence, pair.old.where("pattern"), pair.new.where("pattern"), effect)


def _compared(
    pair: Pair, old: dict[str, str], new: dict[str, str], budget: Budget
) -> tuple[Effect | None, str]:
    from canonry.regular import spending

    try:
        with spending(budget):
            before, after = _language(pair.old, old), _language(pair.new, new)
            lost, won = (before - after).shortest(), (after - before).shortest()
            if lost is None and won is None:
                return None, ""
            where = "`pattern`" if not pair.path else f"`pattern` of {pair.name}"
            gone, come = _classes(before, after), _classes(after, before)
            sentences = []
            if lost is not None:
                sentences.append(
                    f"no longer allows {gone}: {shown(_example(before - after, lost))} was accepted"
                    if gone
                    else f"no longer allows {shown(_example(before - after, lost))}"
                )
            if won is not None:
                sentences.append(f"now allows {come or shown(_example(after - before, won))}")
            effect: Effect = (
                "both" if lost is not None and won is not None else "loosens" if lost is None else "tightens"
            )
            return effect, f"{where} {', and '.join(sentences)}"
    except CanonryError:  # not regular, or too large to compare for an explanation
        texts = joined([quoted(text) for text in only_in(new, old)])
        if texts:
            return "both" if old else "tightens", f"{pair.name} must now match {texts}"
        return (
            "loosens",
            f"{pair.name} need no longer match {joined([quoted(text) for text in only_in(old, new)])}",
        )


def _language(view: View, patterns: dict[str, str]) -> "Language":
    from canonry.regular import ANY, lengths

    whole = ANY
    for text in patterns:
        whole = whole & language(text)
    least, most = view.least("minLength"), view.most("maxLength")
    if least is not None or most is not None:
        whole = whole & lengths(int(least.limit) if least else 0, int(most.limit) if most else None)
    return whole


def _classes(wide: "Language", narrow: "Language") -> str:
    """The kinds of characters that strings of the one may hold and those of the other may not."""
    from canonry.regular import ANY, concat

    gone = []
    for text, phrase in _CHARACTERS:
        holding = concat(ANY, language(text), ANY)
        if (narrow & holding).shortest() is None and (wide & holding).shortest() is not None:
            gone.append(phrase)
    return joined(gone, last="or") if len(gone) < len(_CHARACTERS) else ""


def _example(lost: "Language", shortest: str) -> str:
    """A string that a person might have written, where the language has one; else its shortest."""
    for text in _EXAMPLES:
        if lost.accepts(text):
            return text
    return shortest


_CHARACTERS: Final = (
    ("^[A-Z]$", "upper case"),
    ("^[a-z]$", "lower case"),
    ("^[0-9]$", "digits"),
    ("^-$", "hyphens"),
    ("^_$", "underscores"),
    (r"^\.$", "dots"),
    ("^ $", "spaces"),
    (r"^[^\x00-\x7f]$", "characters beyond ASCII"),
)
_EXAMPLES: Final = (
    "AB-1",
    "Ab1",
    "AB",
    "ABC",
    "Abc",
    "abc",
    "a-b",
    "a_b",
    "a b",
    "a.b",
    "123",
    "A1",
    "a",
    "1",
    "é",
)

"""C5xx: how many items an array has, and which."""

from canonry.schema.pairs import Difference, Differences, Pair, counted
from canonry.schema.view import View


def item_count_tightened(pair: Pair) -> Differences:
    """An array must have more items, or may have fewer.

    ## Why it matters
    Arrays whose length was fine start failing.

    ## Instead
    Look at what is being sent, and set the limit where nothing is lost.
    """
    old, new = pair.old.least("minItems"), pair.new.least("minItems")
    if new is not None and new.limit > (old.limit if old else 0):
        sentence = f"{_whole(pair)} must now have at least {counted(new.limit, 'item')}"
        yield Difference(sentence, old.pointer if old else pair.old.pointer, new.pointer, "tightens")
    old, new = pair.old.most("maxItems"), pair.new.most("maxItems")
    if new is not None and (old is None or new.limit < old.limit):
        sentence = f"{_whole(pair)} may now have at most {counted(new.limit, 'item')}"
        yield Difference(sentence, old.pointer if old else pair.old.pointer, new.pointer, "tightens")


def item_count_loosened(pair: Pair) -> Differences:
    """An array may have fewer items, or more.

    ## Why it matters
    Consumers that read a fixed number of items meet another.

    ## Instead
    Let consumers read any number first.
    """
    old, new = pair.old.least("minItems"), pair.new.least("minItems")
    if old is not None and old.limit > (new.limit if new else 0):
        what = f"have only {counted(new.limit, 'item')}" if new and new.limit else "be empty"
        sentence = f"{_whole(pair)} may now {what}"
        yield Difference(sentence, old.pointer, new.pointer if new else pair.new.pointer, "loosens")
    old, new = pair.old.most("maxItems"), pair.new.most("maxItems")
    if old is not None and (new is None or new.limit > old.limit):
        what = f"up to {counted(new.limit, 'item')}" if new else "any number of items"
        sentence = f"{_whole(pair)} may now have {what}"
        yield Difference(sentence, old.pointer, new.pointer if new else pair.new.pointer, "loosens")


def items_made_unique(pair: Pair) -> Differences:
    """No two items may be equal any more.

    ## Why it matters
    Arrays with a repeated item start failing.

    ## Instead
    Remove repetitions where the array is made, then require it.
    """
    if _unique(pair.new) and not _unique(pair.old):
        yield Difference(
            f"{_whole(pair)} may no longer hold an item twice",
            pair.old.pointer,
            pair.new.where("uniqueItems"),
            "tightens",
        )


def items_may_repeat(pair: Pair) -> Differences:
    """Two items may be equal from now on.

    ## Why it matters
    Consumers that use items as keys meet one twice.

    ## Instead
    Let consumers handle repetition first.
    """
    if _unique(pair.old) and not _unique(pair.new):
        yield Difference(
            f"{_whole(pair)} may now hold an item twice",
            pair.old.where("uniqueItems"),
            pair.new.pointer,
            "loosens",
        )


def position_added(pair: Pair) -> Differences:
    """A tuple describes a position that it did not.

    ## Why it matters
    Where further items were free, an item at the position may not fit; where they were refused, consumers
    meet one more.

    ## Instead
    Take an object with named members: tuples cannot grow without somebody noticing.
    """
    for index in range(len(pair.old.prefix), len(pair.new.prefix)):
        closed = any(node.value is False for node in pair.old.rest)
        verb = "may now be there" if closed else "is now described"
        sentence = f"item {index} of {pair.name} {verb}"
        where = pair.new.prefix[index][0].pointer
        yield Difference(sentence, _rest(pair.old), where, "loosens" if closed else "tightens", str(index))


def position_removed(pair: Pair) -> Differences:
    """A tuple no longer describes a position.

    ## Why it matters
    Where further items are refused, an item at the position is refused from now on; where they are free, it
    may be anything.

    ## Instead
    Keep the position, or take a new property.
    """
    for index in range(len(pair.new.prefix), len(pair.old.prefix)):
        closed = any(node.value is False for node in pair.new.rest)
        verb = "is no longer allowed" if closed else "is no longer described"
        sentence = f"item {index} of {pair.name} {verb}"
        where = pair.old.prefix[index][0].pointer
        yield Difference(sentence, where, _rest(pair.new), "tightens" if closed else "loosens", str(index))


def contains_tightened(pair: Pair) -> Differences:
    """An array must contain something that it need not have, or may contain fewer of it.

    ## Why it matters
    Arrays without it (or with too many) start failing.

    ## Instead
    Let producers add it first.
    """
    if pair.new.under("contains") and not pair.old.under("contains"):
        sentence = f"{_whole(pair)} must now contain an item that matches `contains`"
        yield Difference(sentence, pair.old.pointer, pair.new.where("contains"), "tightens")
        return
    old, new = pair.old.least("minContains"), pair.new.least("minContains")
    if new is not None and new.limit > (old.limit if old else 1):
        sentence = f"{_whole(pair)} must now contain at least {counted(new.limit, 'such item')}"
        yield Difference(
            sentence, old.pointer if old else pair.old.where("contains"), new.pointer, "tightens"
        )
    old, new = pair.old.most("maxContains"), pair.new.most("maxContains")
    if new is not None and (old is None or new.limit < old.limit):
        sentence = f"{_whole(pair)} may now contain at most {counted(new.limit, 'such item')}"
        yield Difference(
            sentence, old.pointer if old else pair.old.where("contains"), new.pointer, "tightens"
        )


def contains_loosened(pair: Pair) -> Differences:
    """An array need not contain something any more, or may contain more of it.

    ## Why it matters
    Consumers that look for the item do not find it.

    ## Instead
    Let consumers handle its absence first.
    """
    if pair.old.under("contains") and not pair.new.under("contains"):
        sentence = f"{_whole(pair)} need no longer contain an item that matches `contains`"
        yield Difference(sentence, pair.old.where("contains"), pair.new.pointer, "loosens")
        return
    old, new = pair.old.least("minContains"), pair.new.least("minContains")
    before, after = old.limit if old else 1, new.limit if new else 1
    if pair.new.under("contains") and before > after:
        sentence = f"{_whole(pair)} need only contain {counted(after, 'such item')}"
        yield Difference(
            sentence,
            pair.old.where("minContains", "contains"),
            pair.new.where("minContains", "contains"),
            "loosens",
        )
    old, new = pair.old.most("maxContains"), pair.new.most("maxContains")
    if old is not None and (new is None or new.limit > old.limit):
        what = f"up to {counted(new.limit, 'such item')}" if new else "any number of such items"
        sentence = f"{_whole(pair)} may now contain {what}"
        yield Difference(sentence, old.pointer, pair.new.where("maxContains", "contains"), "loosens")


def array_closed(pair: Pair) -> Differences:
    """Items beyond those that are described are refused from now on.

    ## Why it matters
    Arrays with further items start failing.

    ## Instead
    Describe the items that are being sent first, or leave the array open.
    """
    new = _shut(pair.new)
    if new is not None and _shut(pair.old) is None:
        yield Difference(f"{_whole(pair)} no longer allows further items", _rest(pair.old), new, "tightens")


def array_opened(pair: Pair) -> Differences:
    """Items beyond those that are described are accepted from now on.

    ## Why it matters
    Consumers that count on the length meet items that they do not know.

    ## Instead
    Let consumers ignore further items first.
    """
    old = _shut(pair.old)
    if old is not None and _shut(pair.new) is None:
        yield Difference(f"{_whole(pair)} now allows further items", old, _rest(pair.new), "loosens")


def _shut(view: View) -> str | None:
    """The pointer of what refuses further items."""
    closing = [*view.rest, *view.under("unevaluatedItems")]
    return next((node.pointer for node in closing if node.value is False), None)


def _whole(pair: Pair) -> str:
    return pair.name if pair.path else "the array"


def _unique(view: View) -> bool:
    return any(held is True for _, held in view.written("uniqueItems"))


def _rest(view: View) -> str:
    return view.rest[0].pointer if view.rest else view.pointer

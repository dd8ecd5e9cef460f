"""C1xx: which types and which values a place takes."""

from canonry.schema.decimals import key
from canonry.schema.pairs import Difference, Differences, Pair, listed, phrases


def type_narrowed(pair: Pair) -> Differences:
    """A type that used to be accepted no longer is.

    ## Why it matters
    Producers that still send the type start failing validation, whatever the value.

    ## Instead
    Accept both types until every producer has moved, then drop the old one in a new major version.
    """
    lost = pair.old.possible - pair.new.types
    if lost and pair.new.false is None and pair.old.false is None:
        what = "must now be an integer" if lost == {"number"} else f"may no longer be {phrases(lost)}"
        yield Difference(f"{pair.name} {what}", pair.old.where("type"), pair.new.where("type"), "tightens")


def type_widened(pair: Pair) -> Differences:
    """A type is accepted that was not before.

    ## Why it matters
    Consumers that rely on the old type meet values that they do not expect.

    ## Instead
    Add a property beside the old one, or tell consumers first and take a new major version.
    """
    won = pair.new.possible - pair.old.types
    if won and pair.old.false is None and pair.new.false is None:
        what = "a fraction" if won == {"number"} else None
        sentence = (
            f"{pair.name} may now have {what}" if what else f"{pair.name} may now also be {phrases(won)}"
        )
        yield Difference(sentence, pair.old.where("type"), pair.new.where("type"), "loosens")


def enum_value_added(pair: Pair) -> Differences:
    """A value is accepted that was not listed before.

    ## Why it matters
    Consumers that branch on the list meet a value that they have no branch for.

    ## Instead
    Let consumers handle unknown values before the list grows, or use an open vocabulary.
    """
    old, new = pair.old.values, pair.new.values
    if old is not None and new is not None:
        before = {key(value) for value in old}
        won = [value for value in new if key(value) not in before]
        if won:
            sentence = f"{pair.name} now also allows {listed(won)}"
            yield Difference(sentence, pair.old.values_at(), pair.new.values_at(), "loosens")


def enum_value_removed(pair: Pair) -> Differences:
    """A value that used to be allowed no longer is.

    ## Why it matters
    Producers that still send the value start failing validation.

    ## Instead
    Deprecate the value, wait for producers to move, then remove it in a major version.
    """
    old, new = pair.old.values, pair.new.values
    if old is not None and new is not None:
        after = {key(value) for value in new}
        lost = [value for value in old if key(value) not in after]
        if lost:
            sentence = f"{pair.name} no longer allows {listed(lost)}"
            yield Difference(sentence, pair.old.values_at(), pair.new.values_at(), "tightens")


def values_limited(pair: Pair) -> Differences:
    """A place that took any value of its type now takes listed values only.

    ## Why it matters
    Every other value that producers send today starts failing.

    ## Instead
    List every value that is in use, or describe the values with a pattern or a range that contains them.
    """
    new = pair.new.values
    if pair.old.values is None and new is not None:
        allowed = f"be {listed(new)}" if len(new) == 1 else f"be one of {listed(new, 'or') or 'no values'}"
        yield Difference(
            f"{pair.name} must now {allowed}", pair.old.pointer, pair.new.values_at(), "tightens"
        )


def values_freed(pair: Pair) -> Differences:
    """A place that took listed values only now takes others too.

    ## Why it matters
    Consumers that branch on the list meet values that they have no branch for.

    ## Instead
    Keep the list and add to it what is needed, or announce an open vocabulary.
    """
    if pair.old.values is not None and pair.new.values is None and pair.new.false is None:
        sentence = f"{pair.name} is no longer limited to {listed(pair.old.values) or 'no values'}"
        yield Difference(sentence, pair.old.values_at(), pair.new.pointer, "loosens")


def value_forbidden(pair: Pair) -> Differences:
    """A place that could hold a value may hold none at all.

    ## Why it matters
    Whatever producers send there is refused.

    ## Instead
    Deprecate it first, and keep accepting it until nobody sends it.
    """
    if pair.new.false is not None and pair.old.false is None:
        yield Difference(
            f"{pair.name} is no longer allowed", pair.old.pointer, pair.new.false.pointer, "tightens"
        )


def value_allowed(pair: Pair) -> Differences:
    """A place that could hold no value at all may hold one.

    ## Why it matters
    Consumers meet something that could not be there before.

    ## Instead
    Tell consumers before producers begin to send it.
    """
    if pair.old.false is not None and pair.new.false is None:
        yield Difference(f"{pair.name} is now allowed", pair.old.false.pointer, pair.new.pointer, "loosens")

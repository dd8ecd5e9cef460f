"""C4xx: how large a number is, and in which steps."""

from canonry.regular.budget import current
from canonry.schema.decimals import is_multiple
from canonry.schema.pairs import Difference, Differences, Pair
from canonry.schema.view import Bound


def _beyond(new: Bound | None, old: Bound | None, *, upwards: bool) -> bool:
    """Whether the first bound leaves less than the second."""
    if new is None:
        return False
    if old is None:
        return True
    if new.limit == old.limit:
        return new.exclusive and not old.exclusive
    return (new.limit > old.limit) is upwards


def _lower(bound: Bound) -> str:
    return f"greater than {bound.limit}" if bound.exclusive else f"at least {bound.limit}"


def _upper(bound: Bound) -> str:
    return f"less than {bound.limit}" if bound.exclusive else f"at most {bound.limit}"


def range_tightened(pair: Pair) -> Differences:
    """A number must be larger, or smaller, than before.

    ## Why it matters
    Numbers that were in range start failing.

    ## Instead
    Look at what is being sent, and set the limit where nothing is lost.
    """
    old, new = pair.old.minimum, pair.new.minimum
    if new is not None and _beyond(new, old, upwards=True):
        where = old.pointer if old else pair.old.pointer
        yield Difference(f"{pair.name} must now be {_lower(new)}", where, new.pointer, "tightens")
    old, new = pair.old.maximum, pair.new.maximum
    if new is not None and _beyond(new, old, upwards=False):
        where = old.pointer if old else pair.old.pointer
        yield Difference(f"{pair.name} must now be {_upper(new)}", where, new.pointer, "tightens")


def range_loosened(pair: Pair) -> Differences:
    """A number may be smaller, or larger, than before.

    ## Why it matters
    Consumers that count on the range (a column's width, a scale) meet numbers beyond it.

    ## Instead
    Widen consumers first.
    """
    old, new = pair.old.minimum, pair.new.minimum
    if old is not None and _beyond(old, new, upwards=True):
        what = f"need only be {_lower(new)}" if new else f"need no longer be {_lower(old)}"
        yield Difference(
            f"{pair.name} {what}", old.pointer, new.pointer if new else pair.new.pointer, "loosens"
        )
    old, new = pair.old.maximum, pair.new.maximum
    if old is not None and _beyond(old, new, upwards=False):
        what = f"need only be {_upper(new)}" if new else f"need no longer be {_upper(old)}"
        yield Difference(
            f"{pair.name} {what}", old.pointer, new.pointer if new else pair.new.pointer, "loosens"
        )


def step_tightened(pair: Pair) -> Differences:
    """A number must be a multiple of something it need not have been.

    ## Why it matters
    Numbers between the steps start failing.

    ## Instead
    Round where the number is made, then require the step.
    """
    old, new = pair.old.numbers("multipleOf"), pair.new.numbers("multipleOf")
    current().spend(8 * len(old) * len(new))
    for step in new:
        if not any(is_multiple(before, step) for before in old):
            yield Difference(
                f"{pair.name} must now be a multiple of {step}",
                pair.old.where("multipleOf"),
                pair.new.where("multipleOf"),
                "tightens",
            )


def step_loosened(pair: Pair) -> Differences:
    """A number need not be a multiple of something any more.

    ## Why it matters
    Consumers that count in the old steps (cents, whole units) lose what lies between.

    ## Instead
    Let consumers read the finer steps first.
    """
    old, new = pair.old.numbers("multipleOf"), pair.new.numbers("multipleOf")
    current().spend(8 * len(old) * len(new))
    for step in old:
        if not any(is_multiple(after, step) for after in new):
            yield Difference(
                f"{pair.name} need no longer be a multiple of {step}",
                pair.old.where("multipleOf"),
                pair.new.where("multipleOf"),
                "loosens",
            )

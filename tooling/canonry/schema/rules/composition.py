"""C6xx: alternatives, conditions and exclusions."""

from canonry.schema.branches import Union, branches, called, label, matched
from canonry.schema.likeness import text
from canonry.schema.pairs import Difference, Differences, Effect, Pair, counted, quoted, shown
from canonry.schema.resources import Node
from canonry.schema.view import View


def branch_removed(pair: Pair) -> Differences:
    """An alternative is gone.

    ## Why it matters
    Values that matched only that alternative start failing.

    ## Instead
    Deprecate the alternative, wait until nobody sends it, then remove it in a new major version.
    """
    for old, new in zip(pair.old.unions, pair.new.unions, strict=False):
        yield from removed(pair, old, new)


def branch_added(pair: Pair) -> Differences:
    """There is another alternative.

    ## Why it matters
    Consumers that handle each alternative meet one that they do not know. Under `oneOf` a value that matched
    one branch and now matches two is refused.

    ## Instead
    Let consumers handle unknown alternatives first, and keep branches apart by a required `const` property.
    """
    for old, new in zip(pair.old.unions, pair.new.unions, strict=False):
        yield from added(pair, old, new)


def alternatives_imposed(pair: Pair) -> Differences:
    """A value must match one of several alternatives that it need not have matched.

    ## Why it matters
    Values that match none of them start failing.

    ## Instead
    Make sure that the alternatives together take everything that is being sent.
    """
    for union in pair.new.unions[len(pair.old.unions) :]:
        sentence = f"{pair.name} must now match one of {counted(len(branches(union)), 'alternative')}"
        yield Difference(sentence, pair.old.pointer, _at(union), "tightens")


def alternatives_lifted(pair: Pair) -> Differences:
    """A value need not match one of several alternatives any more.

    ## Why it matters
    Consumers that handle each alternative meet values that match none.

    ## Instead
    Keep the alternatives, and add the one that is missing.
    """
    for union in pair.old.unions[len(pair.new.unions) :]:
        sentence = f"{pair.name} need no longer match one of {counted(len(branches(union)), 'alternative')}"
        yield Difference(sentence, _at(union), pair.new.pointer, "loosens")


def alternatives_made_exclusive(pair: Pair) -> Differences:
    """A value may match only one alternative where it could match several.

    ## Why it matters
    Values that match two alternatives start failing, which nobody sees in a diff.

    ## Instead
    Keep `anyOf`, or tell the branches apart by a required `const` property first.
    """
    for old, new in zip(pair.old.unions, pair.new.unions, strict=False):
        if (old[1], new[1]) == ("anyOf", "oneOf"):
            yield Difference(
                f"{pair.name} may now match only one alternative", _at(old), _at(new), "tightens"
            )


def alternatives_may_overlap(pair: Pair) -> Differences:
    """A value may match several alternatives where it could match only one.

    ## Why it matters
    Consumers that take the one alternative must choose.

    ## Instead
    Keep `oneOf` where the difference matters.
    """
    for old, new in zip(pair.old.unions, pair.new.unions, strict=False):
        if (old[1], new[1]) == ("oneOf", "anyOf"):
            yield Difference(f"{pair.name} may now match several alternatives", _at(old), _at(new), "loosens")


def condition_added(pair: Pair) -> Differences:
    """Something must hold under a condition where it need not have held.

    ## Why it matters
    Values that meet the condition and not its consequence start failing.

    ## Instead
    Let producers meet the consequence before you require it.
    """
    before = {text(node) for node in pair.old.under("if")}
    for node, branch in _consequences(pair.new):
        if text(node.children["if",]) not in before:
            sentence = f"{pair.name} must now meet `{branch}` {when(node, branch)}"
            yield Difference(sentence, pair.old.where("if"), f"{node.pointer}/{branch}", "tightens")


def condition_removed(pair: Pair) -> Differences:
    """Something need not hold any more that had to under a condition.

    ## Why it matters
    Consumers that count on the consequence meet values without it.

    ## Instead
    Let consumers do without it first.
    """
    after = {text(node) for node in pair.new.under("if")}
    for node, branch in _consequences(pair.old):
        if text(node.children["if",]) not in after:
            sentence = f"{pair.name} need no longer meet `{branch}` {when(node, branch)}"
            yield Difference(sentence, f"{node.pointer}/{branch}", pair.new.where("if"), "loosens")


def exclusion_added(pair: Pair) -> Differences:
    """Values are excluded that were not.

    ## Why it matters
    Producers that send them start failing validation.

    ## Instead
    Say what is allowed instead of what is not; a positive description is easier to keep.
    """
    before = {text(node) for node in pair.old.under("not")}
    for node in pair.new.under("not"):
        if text(node) not in before:
            sentence = f"{pair.name} may no longer match what `not` excludes"
            yield Difference(sentence, pair.old.where("not"), node.pointer, "tightens")


def exclusion_removed(pair: Pair) -> Differences:
    """Values are allowed that were excluded.

    ## Why it matters
    Consumers meet values that they were promised not to.

    ## Instead
    Let consumers handle them first.
    """
    after = {text(node) for node in pair.new.under("not")}
    for node in pair.old.under("not"):
        if text(node) not in after:
            sentence = f"{pair.name} may now match what `not` excluded"
            yield Difference(sentence, node.pointer, pair.new.where("not"), "loosens")


def keyword_refuses(pair: Pair) -> Differences:
    """A keyword refuses the payload, and no other rule says what changed about it.

    It stands in a report only where a break was found that the other rules do not explain: the keyword and
    the place are those that the validator names.

    ## Why it matters
    The payload was accepted by the one schema and is refused by the other, so whoever sends it is broken.

    ## Instead
    Look at the keyword named and at what the payload holds there.
    """
    yield from ()


def removed(pair: Pair, old: Union, new: Union) -> Differences:
    """The branches of one union that another does not have."""
    for branch in matched(old, new)[1]:
        sentence = f"{pair.name} may no longer match {called(branch)}"
        yield Difference(sentence, branch.pointer, _at(new), "tightens")


def added(pair: Pair, old: Union, new: Union) -> Differences:
    """The branches of one union that another did not have."""
    for branch in matched(old, new)[2]:
        sentence = f"{pair.name} may now match {called(branch)}"
        effect: Effect = "both" if new[1] == "oneOf" else "loosens"
        yield Difference(sentence, _at(old), branch.pointer, effect)


def _consequences(view: View) -> list[tuple[Node, str]]:
    return [
        (node, branch)
        for node, _ in view.written("if")
        for branch in ("then", "else")
        if (branch,) in node.children
    ]


def when(node: Node, branch: str) -> str:
    """Under which condition a branch of `if` holds, in words where it asks for one value of one member."""
    if branch == "else":
        return "where `if` does not hold"
    condition = node.children["if",]
    said = label(condition)
    if said.startswith("where "):
        return said
    view = View([condition])
    for name, nodes in view.properties.items():
        values = View(nodes).values
        if len(view.properties) == 1 and not view.unions and values is not None and len(values) == 1:
            return f"where {quoted(name)} is {shown(values[0])} or missing"
    return "where `if` holds"


def _at(union: tuple[Node, str]) -> str:
    return f"{union[0].pointer}/{union[1]}"

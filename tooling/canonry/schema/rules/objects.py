"""C2xx: which members an object has, must have and may have."""

from canonry.schema.pairs import (
    Difference,
    Differences,
    Pair,
    called_for,
    counted,
    governing,
    only_in,
    quoted,
    speaks,
)
from canonry.schema.view import View

_REQUIRING = ("dependentRequired", "dependencies")
_ASKING = ("dependentSchemas", "dependencies")


def property_required(pair: Pair) -> Differences:
    """A property must be there that could be left out.

    ## Why it matters
    Producers that leave it out start failing validation.

    ## Instead
    Keep it optional and let producers fill it, then require it in a new major version; or give it a default.
    """
    for name in only_in(pair.new.required, pair.old.required):
        sentence = f"{pair.member(name)} is now required"
        yield Difference(sentence, _property(pair.old, name), pair.new.required[name], "tightens", name)


def property_optional(pair: Pair) -> Differences:
    """A property may be left out that had to be there.

    ## Why it matters
    Consumers that read it without asking fail where it is missing.

    ## Instead
    Keep requiring it, or let every consumer handle its absence first.
    """
    for name in only_in(pair.old.required, pair.new.required):
        sentence = f"{pair.member(name)} is no longer required"
        yield Difference(sentence, pair.old.required[name], _property(pair.new, name), "loosens", name)


def property_added(pair: Pair) -> Differences:
    """A property is declared that was not before.

    ## Why it matters
    Where the old object was open, producers may already send a member of this name that does not fit the new
    declaration; where it was closed, consumers that refuse unknown members refuse this one.

    ## Instead
    Adding an optional property is safe in the declared reading. Choose a name that nobody sends yet.
    """
    for name in only_in(pair.new.properties, pair.old.properties):
        before = governing(pair.old, name)
        if speaks(before):
            continue  # what held for it and what holds now are compared themselves
        closed = pair.old.closed_by is not None and all(node.value is False for node in before)
        view = View(pair.new.properties[name])
        if not closed and (not (view.nodes or view.false) or all(not node.keywords for node in view.nodes)):
            continue  # declaring what was allowed anyway says nothing
        verb = "is no longer allowed" if view.false else "is now allowed" if closed else "is now declared"
        must = "" if closed or view.false else called_for(view)
        sentence = f"{pair.member(name)} {verb}{must and f', and must be {must}'}"
        yield Difference(
            sentence,
            pair.old.closed_by or pair.old.pointer,
            _property(pair.new, name),
            "loosens" if closed else "tightens",
            name,
        )


def property_removed(pair: Pair) -> Differences:
    """A property is no longer declared.

    ## Why it matters
    A closed object refuses the member from now on; an open one takes any value under its name.

    ## Instead
    Deprecate the property, wait until nobody sends or reads it, then remove it in a new major version.
    """
    for name in only_in(pair.old.properties, pair.new.properties):
        after = governing(pair.new, name)
        if speaks(after):
            continue
        closed = pair.new.closed_by is not None and all(node.value is False for node in after)
        view = View(pair.old.properties[name])
        if not closed and not (view.nodes or view.false):
            continue
        sentence = f"{pair.member(name)} is no longer {'allowed' if closed else 'declared'}"
        yield Difference(
            sentence,
            _property(pair.old, name),
            pair.new.closed_by or pair.new.pointer,
            "tightens" if closed else "loosens",
            name,
        )


def object_closed(pair: Pair) -> Differences:
    """Members that are not declared are refused from now on.

    ## Why it matters
    Producers that send anything extra start failing validation.

    ## Instead
    Declare what is being sent first, or leave the object open.
    """
    if pair.new.closed_by is not None and pair.old.closed_by is None:
        yield Difference(
            f"{_whole(pair)} no longer allows members that are not declared",
            pair.old.pointer,
            pair.new.closed_by,
            "tightens",
        )


def object_opened(pair: Pair) -> Differences:
    """Members that are not declared are accepted from now on.

    ## Why it matters
    Consumers that refuse unknown members fail on what producers may now send.

    ## Instead
    Declare the members that are needed, and keep the object closed.
    """
    if pair.old.closed_by is not None and pair.new.closed_by is None:
        yield Difference(
            f"{_whole(pair)} now allows members that are not declared",
            pair.old.closed_by,
            pair.new.pointer,
            "loosens",
        )


def dependency_added(pair: Pair) -> Differences:
    """One member calls for another that it did not call for.

    ## Why it matters
    Producers that send the one without the other start failing validation.

    ## Instead
    Let producers send both before you require both.
    """
    for (given, name), where in pair.new.dependents.items():
        if (given, name) not in pair.old.dependents:
            sentence = f"{pair.member(given)} now requires {pair.member(name)}"
            yield Difference(sentence, pair.old.where(*_REQUIRING), where, "tightens", name)
    for name in only_in(pair.new.conditional, pair.old.conditional):
        where = pair.new.conditional[name][0].pointer
        sentence = f"{_whole(pair)} must meet more where it has {pair.member(name)}"
        yield Difference(sentence, pair.old.where(*_ASKING), where, "tightens")


def dependency_removed(pair: Pair) -> Differences:
    """One member no longer calls for another.

    ## Why it matters
    Consumers that read both together meet one alone.

    ## Instead
    Let consumers handle the lone member first.
    """
    for (given, name), where in pair.old.dependents.items():
        if (given, name) not in pair.new.dependents:
            sentence = f"{pair.member(given)} no longer requires {pair.member(name)}"
            yield Difference(sentence, where, pair.new.where(*_REQUIRING), "loosens", name)
    for name in only_in(pair.old.conditional, pair.new.conditional):
        where = pair.old.conditional[name][0].pointer
        sentence = f"{_whole(pair)} need no longer meet more where it has {pair.member(name)}"
        yield Difference(sentence, where, pair.new.where(*_ASKING), "loosens")


def member_count_tightened(pair: Pair) -> Differences:
    """An object must have more members, or may have fewer.

    ## Why it matters
    Objects whose size was fine start failing.

    ## Instead
    Require the members that matter by name.
    """
    old, new = pair.old.least("minProperties"), pair.new.least("minProperties")
    if new is not None and new.limit > (old.limit if old else 0):
        sentence = f"{_whole(pair)} now needs at least {counted(new.limit, 'member')}"
        yield Difference(sentence, old.pointer if old else pair.old.pointer, new.pointer, "tightens")
    old, new = pair.old.most("maxProperties"), pair.new.most("maxProperties")
    if new is not None and (old is None or new.limit < old.limit):
        sentence = f"{_whole(pair)} may now have at most {counted(new.limit, 'member')}"
        yield Difference(sentence, old.pointer if old else pair.old.pointer, new.pointer, "tightens")


def member_count_loosened(pair: Pair) -> Differences:
    """An object may have fewer members, or more.

    ## Why it matters
    Consumers meet objects of a size that could not be before.

    ## Instead
    Tell consumers first.
    """
    old, new = pair.old.least("minProperties"), pair.new.least("minProperties")
    if old is not None and old.limit > (new.limit if new else 0):
        what = f"only {counted(new.limit, 'member')}" if new else "no member at all"
        sentence = f"{_whole(pair)} may now have {what}"
        yield Difference(sentence, old.pointer, new.pointer if new else pair.new.pointer, "loosens")
    old, new = pair.old.most("maxProperties"), pair.new.most("maxProperties")
    if old is not None and (new is None or new.limit > old.limit):
        what = f"up to {counted(new.limit, 'member')}" if new else "any number of members"
        sentence = f"{_whole(pair)} may now have {what}"
        yield Difference(sentence, old.pointer, new.pointer if new else pair.new.pointer, "loosens")


def name_pattern_added(pair: Pair) -> Differences:
    """Members whose names match a pattern are declared that were not before.

    ## Why it matters
    Where the object was open, members of such names may not fit; where it was closed, consumers meet new
    ones.

    ## Instead
    Choose names that nobody sends yet, or declare exactly what is being sent.
    """
    for pattern in only_in(pair.new.pattern_properties, pair.old.pattern_properties):
        closed = pair.old.closed_by is not None
        where = pair.new.pattern_properties[pattern][0].pointer
        verb = "are now allowed" if closed else "are now declared"
        sentence = f"members of {pair.name} whose names match {quoted(pattern)} {verb}"
        yield Difference(
            sentence,
            pair.old.closed_by or pair.old.pointer,
            where,
            "loosens" if closed else "tightens",
            f"/{pattern}/",
        )


def name_pattern_removed(pair: Pair) -> Differences:
    """Members whose names match a pattern are no longer declared.

    ## Why it matters
    A closed object refuses them from now on; an open one takes any value under such a name.

    ## Instead
    Keep the pattern until nobody sends such members.
    """
    for pattern in only_in(pair.old.pattern_properties, pair.new.pattern_properties):
        closed = pair.new.closed_by is not None
        where = pair.old.pattern_properties[pattern][0].pointer
        verb = "are no longer allowed" if closed else "are no longer declared"
        sentence = f"members of {pair.name} whose names match {quoted(pattern)} {verb}"
        yield Difference(
            sentence,
            where,
            pair.new.closed_by or pair.new.pointer,
            "tightens" if closed else "loosens",
            f"/{pattern}/",
        )


def _whole(pair: Pair) -> str:
    return pair.name if pair.path else "the object"


def _property(view: View, name: str) -> str:
    nodes = view.properties.get(name)
    return nodes[0].pointer if nodes else view.pointer

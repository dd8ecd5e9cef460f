"""What is taken away while somebody uses it: words, properties, contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from canonry.catalogue.dates import day
from canonry.catalogue.refs import ANNOTATIONS
from canonry.compat.delta import Delta, Pair, names
from canonry.kernel.findings import Finding, Level, Place
from canonry.kernel.ids import ContractId
from canonry.kernel.jsonvalue import same
from canonry.kernel.rule import Rule


def word_removed(delta: Delta) -> Iterator[Finding]:
    """A word of a vocabulary is gone, or has become an alias, while contracts or campaigns use it.

    ## Why it matters
    Names and links that carry the word are in the world. With the word they lose their meaning, and reports
    file them under nothing.

    ## Instead
    Set `status: deprecated` with `replaced_by`, later `retired`: retired words are still decoded.
    """
    for name in delta.changed_vocabularies:
        old, new = delta.old.vocabularies[name].words, delta.new.vocabularies[name].words
        for word in old.keys() - new.keys():
            successor = next((w for w, entry in new.items() if word in entry.aliases), None)
            fate = f"is an alias of {successor!r} now" if successor else "is gone"
            yield from _word(WORD_REMOVED, delta, name, word, f"the word {word!r} of {name} {fate}")


def word_retired(delta: Delta) -> Iterator[Finding]:
    """A word of a vocabulary is retired while contracts or campaigns use the vocabulary.

    ## Why it matters
    No new link can be built with it; a campaign that still runs cannot get another.

    ## Instead
    Deprecate it first with a `sunset`, and retire it when the campaigns that use it have ended.
    """
    for name in delta.changed_vocabularies:
        old, new = delta.old.vocabularies[name].words, delta.new.vocabularies[name].words
        for word in old.keys() & new.keys():
            if new[word].status == "retired" and old[word].status != "retired":
                yield from _word(WORD_RETIRED, delta, name, word, f"the word {word!r} of {name} is retired")


def property_removed_while_read(delta: Delta) -> Iterator[Finding]:
    """A property is gone while a consumer, segment, template or contract reads it.

    ## Why it matters
    Nothing fails where the property is removed. It fails where it is read: a segment that nobody enters any
    more.

    ## Instead
    Deprecate the property, move the readers that the message names, then remove it in a new major.
    """
    for pair in delta.judged:
        if pair.old is None or pair.new is None:
            continue
        for name in sorted(pair.old.properties.keys() - pair.new.properties.keys()):
            readers = [edge for edge in delta.readers(str(pair.id), [name]) if edge.fields]
            own = [key for key, forms in _own_templates(pair) if f"{{{name}" in forms]
            if readers or own:
                users = names(readers) if readers else f"its own template of {', '.join(own)}"
                yield _finding(
                    PROPERTY_REMOVED_WHILE_READ,
                    pair,
                    f"{pair.id}: {name!r} is gone, and {users} read{'s' if len(readers) == 1 else ''} it",
                    pointer="/properties",
                    suggestion=f"move {users} first" if readers else "change the template with it",
                    values=[name],
                ).having(effect="tightens", hurt="consumers", readers=names(readers))


def contract_deleted(delta: Delta) -> Iterator[Finding]:
    """A contract's file is gone before its sunset has passed, or while something still reads it.

    ## Why it matters
    Whoever still sends or reads it finds nothing: no schema, no page, no owner.

    ## Instead
    `canonry deprecate ID --sunset DATE --replaced-by ID`, and delete it once the day has passed and nothing
    reads it.
    """
    for pair in delta.pairs:
        if pair.new is not None or pair.old is None or pair.old.meta.status == "draft":
            continue
        if _moved_to(delta, pair) is None and (
            not _past(pair.old.meta.sunset, delta.today) or delta.new_graph.readers.get(str(pair.id))
        ):
            yield _gone(CONTRACT_DELETED, delta, pair, "is deleted")


def contract_moved(delta: Delta) -> Iterator[Finding]:
    """A contract's document stands under another kind or name now.

    ## Why it matters
    Its id is what producers, segments and links know. Under a new one it is another contract, and the old
    one is gone.

    ## Instead
    Keep the old file, deprecated with `replaced_by`, and give the new one `renamed_from`: its changelog goes
    on from the old one's. Where the old file is gone all the same, the new one is compared with it.
    """
    for pair in delta.pairs:
        target = _moved_to(delta, pair) if pair.new is None and pair.old is not None else None
        if target is not None:
            yield _gone(CONTRACT_MOVED, delta, pair, f"is {target} now", str(target))


def contract_retired_early(delta: Delta) -> Iterator[Finding]:
    """A contract is retired without a sunset that has passed, or made a draft again.

    ## Why it matters
    Retired contracts accept nothing, and drafts promise nothing. For those who still send, that is a break
    without a notice.

    ## Instead
    Deprecate it with a `sunset`; retire it after that day.
    """
    for pair in delta.pairs:
        if pair.old is None or pair.new is None or pair.old.meta.status in ("retired", "draft"):
            continue
        if pair.new.meta.status == "draft":
            yield _gone(CONTRACT_RETIRED_EARLY, delta, pair, "is a draft again")
        elif pair.new.meta.status == "retired" and not _past(pair.old.meta.sunset, delta.today):
            yield _gone(CONTRACT_RETIRED_EARLY, delta, pair, "is retired")


def rename_undeclared(delta: Delta) -> Iterator[Finding]:
    """A contract or property went and one that looks just like it came: perhaps a rename.

    A hint, never a verdict: canonry treats the two as different until `renamed_from` says otherwise.

    ## Why it matters
    A declared rename carries history, changelog and consumers along.

    ## Instead
    Say `renamed_from` in the new contract, or ignore the hint.
    """
    added = [pair for pair in delta.pairs if pair.old is None and pair.new is not None]
    for pair in delta.judged:
        if pair.old is not None and pair.new is not None:
            yield from _renamed_properties(pair)
        if pair.old is None or pair.new is not None:
            continue
        for other in added:
            contract = other.new
            if contract is None or contract.meta.renamed_from is not None or other.id.kind != pair.id.kind:
                continue
            if same(dict(pair.old.properties), dict(contract.properties)):
                message = f"{other.id} has the same properties as {pair.id}, which is gone"
                hint = f'"renamed_from": "{pair.id}" in x-contract, if it is a rename'
                yield _finding(
                    RENAME_UNDECLARED,
                    other,
                    message,
                    pointer="/x-contract",
                    suggestion=hint,
                    values=[str(pair.id)],
                )


def _renamed_properties(pair: Pair) -> Iterator[Finding]:
    old = pair.old.properties if pair.old else {}
    new = pair.new.properties if pair.new else {}
    came = [name for name in new if name not in old]
    for name in old:
        if name in new:
            continue
        like = [other for other in came if same(_shape(old[name]), _shape(new[other]))]
        if len(like) == 1:
            yield _finding(
                RENAME_UNDECLARED,
                pair,
                f"{pair.id}: {name!r} went and {like[0]!r}, which takes the same values, came",
                pointer=f"/properties/{like[0]}",
                suggestion=f"if it is a rename: keep {name!r} beside it until its readers have moved",
                values=[name, like[0]],
            )


def _shape(schema: Any) -> Any:
    """What a property takes, without what is said about it."""
    if not isinstance(schema, dict):
        return schema
    return {
        key: value for key, value in schema.items() if key not in ANNOTATIONS and not key.startswith("x-")
    }


WORD_REMOVED: Final = Rule("B140", "word-removed", word_removed, since="0.1")
WORD_RETIRED: Final = Rule("B141", "word-retired", word_retired, since="0.1", level=Level.WARNING)
PROPERTY_REMOVED_WHILE_READ: Final = Rule(
    "B150", "property-removed-while-read", property_removed_while_read, since="0.1"
)
CONTRACT_DELETED: Final = Rule("B160", "contract-deleted", contract_deleted, since="0.1")
CONTRACT_MOVED: Final = Rule("B161", "contract-moved", contract_moved, since="0.1")
CONTRACT_RETIRED_EARLY: Final = Rule("B162", "contract-retired-early", contract_retired_early, since="0.1")
RENAME_UNDECLARED: Final = Rule("B163", "rename-undeclared", rename_undeclared, since="0.1", level=Level.NOTE)
RULES: Final = (
    WORD_REMOVED,
    WORD_RETIRED,
    PROPERTY_REMOVED_WHILE_READ,
    CONTRACT_DELETED,
    CONTRACT_MOVED,
    CONTRACT_RETIRED_EARLY,
    RENAME_UNDECLARED,
)


def _word(rule: Rule, delta: Delta, vocabulary: str, word: str, message: str) -> Iterator[Finding]:
    path = f"registry/vocabularies/{vocabulary}.yaml"
    readers = delta.readers(f"/vocabularies/{vocabulary}")
    holders = sorted(
        f"campaign:{key}"
        for key, campaign in delta.new.campaigns.items()
        if word in campaign.fields.values() or any(word in plan.fields.values() for plan in campaign.channels)
    )
    if not readers and not holders:
        return
    users = ", ".join(filter(None, [names(readers), *holders]))
    advice = f"end {', '.join(holders)} first" if holders else "deprecate it with a sunset first"
    if rule is WORD_REMOVED:
        advice = "keep it with status: deprecated and replaced_by"
    yield rule.finding(
        f"{message}; users: {users}",
        delta.new.sources.place(path, f"/words/{word}" if rule is WORD_RETIRED else "/words"),
        owner=delta.new.vocabularies[vocabulary].owner,
        suggestion=advice,
        subject=f"/vocabularies/{vocabulary}",
        values=[word],
    ).having(effect="tightens", hurt="links already in the world", readers=users)


def _own_templates(pair: Pair) -> Iterator[tuple[str, str]]:
    templates = pair.new.meta.templates if pair.new else {}
    for key, forms in templates.items():
        yield key, " ".join(form for form in _forms(forms) if isinstance(form, str))


def _forms(forms: Any) -> list[Any]:
    return list(forms.values()) if isinstance(forms, dict) else [forms]


def _past(sunset: str | None, today: date) -> bool:
    return sunset is not None and day(sunset, date.max) < today


def _moved_to(delta: Delta, pair: Pair) -> ContractId | None:
    """The new contract that declares it is this one, or that holds the same document under another kind."""
    for other in delta.pairs:
        if other.old is not None or other.new is None or pair.old is None:
            continue
        if other.new.meta.renamed_from == str(pair.id):
            return other.id
        if (other.id.kind, other.id.name) == (pair.id.kind, pair.id.name):
            continue  # another major
        if set(other.new.properties) & set(pair.old.properties) and other.id.name == pair.id.name:
            return other.id
    return None


def _gone(rule: Rule, delta: Delta, pair: Pair, what: str, successor: str = "ID") -> Finding:
    old = pair.old
    assert old is not None  # noqa: S101  the rules above ask only of contracts that were there
    readers = delta.readers(str(pair.id))
    since = f"its sunset is {old.meta.sunset}" if old.meta.sunset else "it has no sunset"
    if _past(old.meta.sunset, delta.today):
        since = "it is still read"
    back = "put the file back, then " if pair.new is None else ""
    place = pair.place("/x-contract/status") if pair.new is not None else Place(pair.id.path)
    return rule.finding(
        f"{pair.id} {what}, though {since}" + (f"; {names(readers)} rest on it" if readers else ""),
        place,
        owner=old.meta.owner,
        suggestion=f"{back}canonry deprecate {pair.id} --sunset DATE --replaced-by {successor}",
        subject=str(pair.id),
        values=[what],
    ).having(effect="tightens", hurt="producers and consumers", readers=names(readers))


def _finding(
    rule: Rule, pair: Pair, message: str, *, pointer: str, suggestion: str, values: list[str]
) -> Finding:
    return rule.finding(
        message,
        pair.place(pointer),
        owner=pair.contract.meta.owner,
        suggestion=suggestion,
        subject=str(pair.id),
        values=values,
    )

"""Payloads that one version accepts and the other does not: what `compare` proves or refutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.catalogue.resolved import Role
from canonry.compat.delta import Delta, Pair, names
from canonry.kernel.findings import Finding, Place
from canonry.kernel.rule import Rule


def payload_rejected(delta: Delta) -> Iterator[Finding]:
    """A payload that producers already send is rejected by the new version.

    The message names the keyword that did it; the witness is a payload that every validator accepted under
    the old version and rejects under the new one.

    ## Why it matters
    Producers are apps in pockets and jobs at night. They go on sending what they were told to send, and from
    the day of the merge it is refused or dropped.

    ## Instead
    Keep accepting the old form in this major. A new obligation belongs in a new major, with a sunset for
    the old one.
    """
    return _broken(delta, "backward", PAYLOAD_REJECTED)


def payload_misread(delta: Delta) -> Iterator[Finding]:
    """Consumers of today cannot read a payload that producers will send under the new version.

    Fields that a consumer does not know are ignored before the question is asked; the witness shows what is
    left and why the old version refuses it.

    ## Why it matters
    Dashboards, segments and destinations validate with the version they were built on. They fail on the first
    new payload, and nobody who changed the contract sees it.

    ## Instead
    Add a property beside the old one, let consumers move, and remove the old one in a new major.
    """
    return _broken(delta, "forward", PAYLOAD_MISREAD)


def compatibility_undecided(delta: Delta) -> Iterator[Finding]:
    """Canonry could neither prove the change safe nor find a payload that it breaks.

    ## Why it matters
    Undecided is not safe. It is said, so that somebody looks.

    ## Instead
    Write the schema with the keywords of the profile, or accept the finding with a reason and an end date
    after having looked at it.
    """
    for pair, base, comparison in _comparisons(delta):
        for direction, part in comparison.parts.items():
            if part.verdict == "undecided":
                message = (
                    f"{_title(pair, base)}: not decided whether it is {direction} compatible: {part.reason}"
                )
                yield COMPATIBILITY_UNDECIDED.finding(
                    message,
                    pair.place(),
                    owner=pair.contract.meta.owner,
                    subject=str(pair.id),
                    values=[direction, base],
                    undecided=True,
                )


PAYLOAD_REJECTED: Final = Rule("B101", "payload-rejected", payload_rejected, since="0.1")
PAYLOAD_MISREAD: Final = Rule("B102", "payload-misread", payload_misread, since="0.1")
COMPATIBILITY_UNDECIDED: Final = Rule("B103", "compatibility-undecided", compatibility_undecided, since="0.1")
RULES: Final = (PAYLOAD_REJECTED, PAYLOAD_MISREAD, COMPATIBILITY_UNDECIDED)

_HURT: Final = {"backward": "producers", "forward": "consumers"}
_EFFECT: Final = {"backward": "tightens", "forward": "loosens"}


def _broken(delta: Delta, direction: str, rule: Rule) -> Iterator[Finding]:
    for pair, base, comparison in _comparisons(delta):
        part = comparison.parts.get(direction)
        if part is None or part.verdict != "broken":
            continue
        culprit = next((change for change in comparison.changes if change.breaks == direction), None)
        pointer = culprit.new_pointer or "" if culprit else ""
        sentence = culprit.sentence if culprit else "no single keyword explains it; the payload shows it"
        yield rule.finding(
            f"{_title(pair, base)}: {sentence}",
            pair.place(pointer) if pair.new is not None else Place(pair.id.path),
            owner=pair.contract.meta.owner,
            suggestion=_suggestion(pair, direction),
            witness=part.witness,
            subject=str(pair.id),
            values=[base, culprit.code if culprit else "", pointer],
        ).having(effect=_EFFECT[direction], hurt=_HURT[direction], readers=names(delta.readers(str(pair.id))))


def _suggestion(pair: Pair, direction: str) -> str:
    major = f"/{pair.id.kind}/{pair.id.name}/v{pair.id.major + 1}"
    kept = "keep accepting it" if direction == "backward" else "add a new property instead"
    return f"{kept}, make it {major}, or accept the break with canonry accept"


def _title(pair: Pair, base: str) -> str:
    return str(pair.id) if not base else f"{pair.id} against released {base}"


def _comparisons(delta: Delta) -> Iterator[tuple[Pair, str, Any]]:
    """Each changed contract against the base, and against every released version of its major."""
    yield from delta.memo("comparisons", lambda: tuple(_compare_all(delta)))


def _compare_all(delta: Delta) -> Iterator[tuple[Pair, str, Any]]:
    from canonry.schema import compare

    for pair in delta.pairs:
        old, new = pair.old, pair.new
        if new is None or new.meta.status == "draft":
            continue
        # Who writes sends the words of its version; who reads understands every word of the grammar.
        bases: list[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]] = []
        if old is not None and old.meta.status != "draft":
            before = [delta.schema(old, old=True, role=role) for role in _ROLES]
            bases.append(("", before[0], before[1]))
        bases.extend((str(version), schema, schema) for version, schema in delta.released.get(pair.id, ()))
        writes, reads = (delta.schema(new, old=False, role=role) for role in _ROLES)
        direction = delta.direction(new)
        for base, written, read in bases:
            if direction != "forward" and written is not None and reads is not None:
                yield pair, base, compare(dict(written), reads, direction="backward", reading="declared")
            if direction != "backward" and read is not None and writes is not None:
                yield pair, base, compare(dict(read), writes, direction="forward", reading="declared")


_ROLES: Final[tuple[Role, Role]] = ("writer", "reader")

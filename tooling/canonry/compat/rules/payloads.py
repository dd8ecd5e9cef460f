"""Payloads that one version accepts and the other does not: what `compare` proves or refutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from canonry.compat.breaks import Judgement, judged
from canonry.compat.bump import assertions
from canonry.compat.delta import Delta, Pair, names
from canonry.compat.shortcut import Way
from canonry.compat.writable import writable
from canonry.kernel.findings import Finding
from canonry.kernel.jsonvalue import same
from canonry.kernel.rule import Rule

Schema: TypeAlias = Mapping[str, Any]


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
    for pair in delta.pairs:
        if pair.id.path in delta.old.broken and pair.new is not None:
            yield _undecided(delta, pair, "", "the file of the version before cannot be read")
    for case in _cases(delta):
        if case.judgement.undecided:
            yield _undecided(
                delta, case.pair, case.base, f"{case.way} compatible: {case.judgement.undecided}", case.way
            )


PAYLOAD_REJECTED: Final = Rule("B101", "payload-rejected", payload_rejected, since="0.1")
PAYLOAD_MISREAD: Final = Rule("B102", "payload-misread", payload_misread, since="0.1")
COMPATIBILITY_UNDECIDED: Final = Rule("B103", "compatibility-undecided", compatibility_undecided, since="0.1")
RULES: Final = (PAYLOAD_REJECTED, PAYLOAD_MISREAD, COMPATIBILITY_UNDECIDED)

_HURT: Final[Mapping[Way, str]] = {"backward": "producers", "forward": "consumers"}
_EFFECT: Final[Mapping[Way, str]] = {"backward": "tightens", "forward": "loosens"}


@dataclass(frozen=True, slots=True)
class Case:
    """One contract, judged in one direction against the base ("") or a released version of its major."""

    pair: Pair
    base: str
    way: Way
    judgement: Judgement


def _broken(delta: Delta, way: Way, rule: Rule) -> Iterator[Finding]:
    for case in _cases(delta):
        if case.way != way:
            continue
        for found in case.judgement.breaks:
            change = found.change
            sentence = change.sentence if change else "no single keyword explains it; the payload shows it"
            pointer = change.new_pointer if change and change.new_pointer is not None else ""
            if change and change.new_pointer is None:
                pointer = (change.old_pointer or "").rpartition("/")[0]
            yield rule.finding(
                f"{_title(case)}: {sentence}",
                delta.origin(case.pair, pointer),
                owner=case.pair.contract.meta.owner,
                suggestion=_suggestion(case.pair, way),
                witness=found.witness,
                subject=str(case.pair.id),
                values=found.values,
            ).having(
                effect=_EFFECT[way],
                hurt=_HURT[way],
                readers=names(delta.readers(str(case.pair.id))),
                explained_by=change.code if change else None,
                against=case.base or "base",
            )


def _undecided(delta: Delta, pair: Pair, base: str, reason: str, way: Way | None = None) -> Finding:
    against = f" against released {base}" if base else ""
    return COMPATIBILITY_UNDECIDED.finding(
        f"{pair.id}{against}: not decided: {reason}",
        pair.place(),
        owner=pair.contract.meta.owner,
        suggestion="write it with the keywords of the profile, or accept it after having looked at it",
        subject=str(pair.id),
        values=[way or "", base],
        undecided=True,
    ).having(
        effect=_EFFECT[way] if way else "both",
        hurt=_HURT[way] if way else "producers and consumers",
        readers=names(delta.readers(str(pair.id))),
    )


def _suggestion(pair: Pair, way: Way) -> str:
    major = f"/{pair.id.kind}/{pair.id.name}/v{pair.id.major + 1}"
    kept = "keep accepting it" if way == "backward" else "add a new property instead"
    return f"{kept}, make it {major}, or accept the break with canonry accept"


def _title(case: Case) -> str:
    former = f" (renamed from {case.pair.renamed_from})" if case.pair.renamed_from else ""
    return f"{case.pair.id}{former}" + (f" against released {case.base}" if case.base else "")


def _cases(delta: Delta) -> tuple[Case, ...]:
    """Each changed contract against the base, and against every released version of its major."""
    return delta.memo(
        "payloads", lambda: tuple(case for pair in delta.judged for case in _judged(delta, pair))
    )


def _judged(delta: Delta, pair: Pair) -> Iterator[Case]:
    old, new = pair.old, pair.new
    if new is None or new.meta.status in ("draft", "retired"):
        return  # a draft may break; of what is retired, B162 speaks
    writes: Schema | None = delta.schema(new, old=False, role="writer")
    reads: Schema | None = delta.schema(new, old=False, role="reader")
    # Who writes sends the words of its version; who reads understands every word of the grammar.
    bases: list[tuple[str, Schema | None, Schema | None]] = []
    if old is not None and old.meta.status not in ("draft", "retired"):
        then = delta.schema(old, old=True, role="writer"), delta.schema(old, old=True, role="reader")
        bases.append(("", *then))
    bases.extend((str(version), schema, schema) for version, schema in delta.versions(pair))
    if bases and (writes is None or reads is None or bases[0][1] is None):
        reason = "a reference leads nowhere"
        yield Case(pair, "", "backward", Judgement(undecided=reason))
        bases = [base for base in bases if base[1] is not None]
    known: set[tuple[str, ...]] = set()
    for way in delta.ways(new):
        asked: list[Any] = []
        for base, written, read in bases:
            left, right = (written, reads) if way == "backward" else (read, writes)
            if left is None or right is None:
                continue
            if len(bases) > 1:  # most released versions differ from the base in words only
                plain = assertions(left)
                if any(same(plain, before) for before in asked):
                    continue
                asked.append(plain)
            judgement = judged(writable(new.id.kind, left), writable(new.id.kind, right), way)
            fresh = tuple(found for found in judgement.breaks if found.values not in known)
            known.update(found.values for found in judgement.breaks)
            yield Case(pair, base, way, Judgement(fresh, judgement.undecided))

"""Names and links that are in the world already: what becomes of them when a format changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from canonry.compat.delta import Delta, Pair, names
from canonry.kernel.findings import Finding
from canonry.kernel.ids import NAMING_KINDS
from canonry.kernel.rule import Rule

if TYPE_CHECKING:
    from canonry.compat.names import Verdict


def name_rejected(delta: Delta) -> Iterator[Finding]:
    """A name that the format built until now is read by none of its versions any more.

    The witness is such a name, with what it said. Names decode under every major that is not retired, and
    under `legacy_templates`: a new major breaks no link while the old one stands; retiring the old one does.

    ## Why it matters
    Links are printed, posted and paid for; campaigns and ads keep the name they were given. From now on none
    of them is recognised, and reports file them under nothing.

    ## Instead
    Put the old template into `legacy_templates`, or make a new major and keep the old one.
    """
    for pair, verdict in _verdicts(delta):
        if verdict.kind == "rejected":
            yield _finding(
                NAME_REJECTED,
                delta,
                pair,
                f": {_shown(verdict.name)} was a name of the format and is read no more",
                verdict,
                values=[],
                suggestion="put the old template into legacy_templates, or make it a new major",
            )


def name_reread(delta: Delta) -> Iterator[Finding]:
    """A name that the format built until now is still read, but says something else.

    The witness is such a name with both readings.

    ## Why it matters
    Nothing fails. The same link counts for one market before the change and for another one after it.

    ## Instead
    Keep the order and the meaning of what is written already; add new fields at the end, in an optional part.
    """
    for pair, verdict in _verdicts(delta):
        if verdict.kind == "reread":
            field, after = verdict.reason, verdict.after or {}
            said = f"is {after[field]!r} now" if field in after else "is lost now"
            yield _finding(
                NAME_REREAD,
                delta,
                pair,
                f": in {_shown(verdict.name)} {field!r} was {verdict.before[field]!r} and {said}",
                verdict,
                values=[field],
                suggestion="keep what is written already where it is, or make it a new major",
            )


def name_undecided(delta: Delta) -> Iterator[Finding]:
    """Canonry could neither prove that old names are still read alike nor find one that is not.

    ## Why it matters
    Undecided is not safe. It is said, so that somebody looks.

    ## Instead
    Keep the old template in `legacy_templates`, or accept the finding after having looked at it.
    """
    for pair, verdict in _verdicts(delta):
        if verdict.kind == "undecided":
            yield _finding(
                NAME_UNDECIDED,
                delta,
                pair,
                f": not decided whether old names are still read alike: {verdict.reason}",
                verdict,
                values=[],
                suggestion="keep the old template in legacy_templates",
            )


NAME_REJECTED: Final = Rule("B110", "name-rejected", name_rejected, since="0.1")
NAME_REREAD: Final = Rule("B111", "name-reread", name_reread, since="0.1")
NAME_UNDECIDED: Final = Rule("B112", "name-undecided", name_undecided, since="0.1")
RULES: Final = (NAME_REJECTED, NAME_REREAD, NAME_UNDECIDED)


def _verdicts(delta: Delta) -> tuple[tuple[Pair, Verdict], ...]:
    return delta.memo("names", lambda: tuple(_judged(delta)))


def _judged(delta: Delta) -> Iterator[tuple[Pair, Verdict]]:
    pairs = [
        pair
        for pair in delta.judged
        if pair.id.kind in NAMING_KINDS
        and pair.old is not None
        and pair.old.is_live
        and _may_read_otherwise(delta, pair)
    ]
    if not pairs:
        return
    from canonry.compat import names as reading  # regular languages: only a changed format pays for them

    before, after = reading.merged_words(delta.old, delta.new)
    for pair in pairs:
        former = pair.renamed_from or pair.id
        old = reading.side(delta.old, former, before)
        new = reading.side(delta.new, pair.id, after, former=former)
        for verdict in reading.judged(former, pair.id, old, new):
            yield pair, verdict


def _may_read_otherwise(delta: Delta, pair: Pair) -> bool:
    """Whether more than words of vocabularies changed, of which their own findings speak."""
    if pair.old is None or pair.new is None or pair.old.source.text != pair.new.source.text:
        return True
    return any(other.id.kind == "common" for other in delta.pairs)


def _shown(name: object) -> str:
    if isinstance(name, dict):
        return "?" + "&".join(f"{key}={value}" for key, value in name.items())
    return repr(name)


def _finding(
    rule: Rule,
    delta: Delta,
    pair: Pair,
    message: str,
    verdict: Verdict,
    *,
    values: list[str],
    suggestion: str,
) -> Finding:
    return rule.finding(
        f"{pair.id}{message}",
        pair.place(verdict.pointer if pair.new is not None else ""),
        owner=pair.contract.meta.owner,
        suggestion=suggestion,
        witness=None if verdict.kind == "undecided" else verdict.witness,
        subject=str(pair.id),
        values=[*values, *_templates(pair)],
        undecided=verdict.kind == "undecided",
    ).having(
        effect="tightens" if verdict.kind == "rejected" else "both",
        hurt="links already in the world",
        readers=names(delta.readers(str(pair.id))),
    )


def _templates(pair: Pair) -> Iterator[str]:
    """What the break is made of: how the format was written before and is now."""
    for side in (pair.old, pair.new):
        meta = side.schema.get("x-contract") if side is not None else None
        yield repr((meta or {}).get("templates") if isinstance(meta, dict) else None)

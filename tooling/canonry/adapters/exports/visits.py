"""SQL for visited addresses: most of what sets one apart from another is the id of a click, which is no tag.

`address` takes the values of such ids out of a text, by regular expressions, and is what the others are held
against. `Cuts` says the same of a column of many million rows as a key to group by: rows of one key have one
address. What it looks for is learned from a sample, and what the sample did not show costs groups, no truth.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from canonry.adapters.exports.queries import literal

PERSONAL_KEYS: Final = ("_gl", "srsltid", "mc_eid")
"""Marks of one visit or one recipient, beside the platforms' click ids."""
_FEW_VALUES: Final = frozenset({"gad_source", "gad_campaignid", "gclsrc"})
"""Parameters of clicks that have few values: they part no rows that belong together."""
_USUAL: Final = "clid="
_RARE: Final = 200
"""One address in so many: what is rarer may stay in what rows are grouped by."""
_DEEPEST: Final = 4
"""So many ids are cut out of one address before rows are grouped."""
_WIDEST: Final = 8
"""So many different parameters are looked for in each round."""
_NONE: Final = "chr(31)"
"""A separator that stands in no address; where it does, the address is not taken for a cut one."""


def address(column: str, click_ids: Iterable[str]) -> str:
    """An address without the values of click ids: their names stay, and so does whatever follows them.

    Most addresses hold one click id that ends in `clid`, or none: a pattern without groups is several times
    quicker, so only those that hold another one take the long way.
    """
    endings = _endings(click_ids)
    rare = " OR ".join(f"contains({column}, {literal(each)})" for each in endings if each != _USUAL)
    every = literal(f"((?:{'|'.join(map(re.escape, endings))}))[^&#;]*")
    usual = literal(f"{_USUAL}[^&#;]*")
    return (
        f"CASE WHEN {rare} THEN regexp_replace({column}, {every}, '\\1', 'g') "
        f"WHEN contains({column}, {literal(_USUAL)}) "
        f"THEN regexp_replace({column}, {usual}, {literal(_USUAL)}, 'g') ELSE {column} END"
    )


@dataclass(frozen=True, slots=True)
class Cut:
    """One round: of the `needles` (`&gclid=`), the first that an address has loses its value.

    No address of fewer than `shortest` bytes is looked into.
    """

    needles: tuple[str, ...]
    shortest: int


def learned(sample: Iterable[str], click_ids: Iterable[str]) -> list[Cut]:
    """What has to be cut so that addresses like these fall into few groups; nothing where they do already."""
    endings = "|".join(map(re.escape, _endings(click_ids)))
    find = re.compile(rf"[?&][^?&#;=]*?(?:{endings})").finditer
    left = list(sample)
    seen = len(left)
    cuts: list[Cut] = []
    while len(cuts) < _DEEPEST:
        last = [[match[0] for match in find(text)][-1:] for text in left]
        counts = Counter(needle for found in last for needle in found)
        needles = tuple(each for each, times in counts.most_common(_WIDEST) if times * _RARE > seen)
        if not needles:
            break
        shortest = min(
            len(text.encode())
            for text, found in zip(left, last, strict=True)
            if found and found[0] in needles
        )
        cuts.append(Cut(needles, shortest))
        left = [_before(text, needles) for text in left]
    return cuts


def _before(text: str, needles: Sequence[str]) -> str:
    """What stands before the first of the needles that the text has."""
    needle = next((each for each in needles if each in text), None)
    return text if needle is None else text.partition(needle)[0]


def keyed(scan: str, column: str, cuts: Sequence[Cut], *, beside: Iterable[str]) -> tuple[str, list[str]]:
    """A scan and the SQL of the key of an address in it: rows that agree in all of it have one `address`.

    The parts are two hashes of 64 bits, one of them of a length, too, since rows are grouped by numbers in
    half the time that texts take. `beside` are names of columns that new ones must not have.

    An address is split at a needle; its value ends at the first `&`, `#` or `;`. Positions count letters,
    and signs that join to one letter would move them: that the lengths in bytes agree proves that none did,
    and where they do not, a regular expression finds the end.
    """
    taken = set(beside)
    number = 0

    def fresh() -> str:
        nonlocal number
        number += 1
        while f"canonry {number}" in taken:
            number += 1
        return f'"canonry {number}"'

    current = column
    carried: list[str] = []
    for cut in cuts:
        needle, parts, before, after, many, at, odd, quick, rest, shorter = (fresh() for _ in range(10))
        chosen = " ".join(
            f"WHEN contains({current}, {literal(each)}) THEN {literal(each)}" for each in cut.needles
        )
        chosen = f"CASE WHEN strlen({current}) < {cut.shortest} THEN {_NONE} {chosen} ELSE {_NONE} END"
        scan = f"(SELECT *, {chosen} AS {needle} FROM {scan})"
        looked = f"CASE WHEN {needle} = {_NONE} THEN '' ELSE {current} END"  # what stays whole is not copied
        scan = f"(SELECT *, split({looked}, {needle}) AS {parts} FROM {scan})"
        # The last part, not the second: an index beyond a list's end costs more than all the rest.
        pieces = f"{parts}[1] AS {before}, {parts}[-1] AS {after}, len({parts}) AS {many}"
        scan = f"(SELECT *, {pieces} FROM {scan})"
        other = f"contains({after}, '#') OR contains({after}, ';')"
        scan = f"(SELECT *, strpos({after}, '&') AS {at}, {other} AS {odd} FROM {scan})"
        follows = f"substring_grapheme({after}, {at}, strlen({after}))"
        quickly = f"CASE WHEN {many} <> 2 THEN NULL WHEN {at} = 0 THEN '' ELSE {follows} END"
        scan = f"(SELECT *, {quickly} AS {quick} FROM {scan})"
        doubted = f"{odd} OR ({at} > 0 AND strlen({quick}) <> strlen({after}) - {at} + 1)"
        exact = f"CASE WHEN {many} = 2 THEN regexp_replace({after}, '^[^&#;]*', '') END"
        scan = f"(SELECT *, CASE WHEN {doubted} THEN {exact} ELSE {quick} END AS {rest} FROM {scan})"
        scan = (
            f"(SELECT *, CASE WHEN {rest} IS NULL THEN {current} ELSE {before} END AS {shorter} FROM {scan})"
        )
        current = shorter
        carried += [needle, rest]
    return scan, [f"hash({current})", f"hash({', '.join(carried)}, strlen({current}))"]


def _endings(click_ids: Iterable[str]) -> list[str]:
    """Few texts with which the keys that tell one click from another end, `=` included."""
    found: list[str] = []
    for key in sorted({*click_ids, *PERSONAL_KEYS}, key=lambda each: (len(each), each)):
        if key in _FEW_VALUES:
            continue
        ending = next((shared for shared in ("clid", "braid") if key.endswith(shared)), key)
        if f"{ending}=" not in found:
            found.append(f"{ending}=")
    return found

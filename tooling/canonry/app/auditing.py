"""Audits: sources in, one report out. Ports are passed in; nothing here reads a file or a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from canonry.app.compiled import WHOLE, compiled
from canonry.audit.baseline import Baseline
from canonry.audit.history import History
from canonry.audit.issued import Issued
from canonry.audit.judge import Judge
from canonry.audit.observation import Level, Observation, Weight
from canonry.audit.report import Report
from canonry.audit.run import Audit, Options
from canonry.audit.source import Gap, Passed, Source
from canonry.audit.standard import Standard
from canonry.kernel.errors import CanonryError
from canonry.naming.codec import Codec

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue
    from canonry.kernel.findings import Finding

SHOWN: Final = 5
"""Broken files that an error names."""


class BrokenRegistryError(CanonryError):
    """Files of a registry cannot be used; held against the rest, what is right would be charged as wrong."""

    hint = "Mend that first: canonry lint says all of it"

    def __init__(self, paths: Iterable[str], problems: Iterable[Finding]) -> None:
        found = {problem.place.path: problem for problem in reversed(tuple(problems))}
        self.places = [
            f"{path}:{found[path].place.line or 1}: {found[path].message}" if path in found else path
            for path in sorted(paths)
        ]
        super().__init__(self.places)

    def __str__(self) -> str:
        number = len(self.places)
        first = [f"  {place}" for place in self.places[:SHOWN]]
        more = [f"  and {number - SHOWN:,} more"] if number > SHOWN else []
        what = "1 file of the registry" if number == 1 else f"{number:,} files of the registry"
        return "\n".join([f"{what} cannot be used, so nothing is held against it", *first, *more])


def standard(catalogue: Catalogue, today: date, codec: Codec | None = None) -> Standard:
    """What observations are held against; `codec` where it is compiled already."""
    if codec is None:
        _, parts = compiled(catalogue)
        codec = Codec(parts[WHOLE])
    return Standard(catalogue, codec, today)


def audited(
    held_against: Standard,
    sources: Iterable[Source],
    *,
    owners: Mapping[str, str] | None = None,
    baseline: Baseline | None = None,
    history: History | None = None,
    options: Options | None = None,
    issued: Mapping[str, bytes] | None = None,
    keep_names: bool = False,
) -> tuple[Audit, Report]:
    """The audit with everything that it kept, and its report.

    `issued` are the files of `registry/links`, by campaign; `keep_names`: also what everything is called.
    """
    links = Issued(issued, held_against) if issued else None
    audit = Audit(held_against, baseline=baseline, history=history, options=options, issued=links)
    audit.keep_names = keep_names
    for source in sources:
        audit.take(source, (owners or {}).get(source.name, ""))
    return audit, audit.report()


def new_baseline(
    held_against: Standard, sources: Iterable[Source], options: Options | None = None
) -> Baseline:
    """A baseline of everything that is wrong today."""
    return renewed_baseline(held_against, sources, options)[0]


def renewed_baseline(
    held_against: Standard,
    sources: Iterable[Source],
    options: Options | None = None,
    before: Baseline | None = None,
) -> tuple[Baseline, list[Gap]]:
    """A baseline of everything that is wrong today, and what could not be read.

    What `before` has of objects that were not met stays, unless every source there is was read to its end.
    """
    from canonry.audit.baseline import of_findings

    audit = Audit(held_against, options=options)
    audit.keep_wrong = True
    for source in sources:
        audit.take(source)
    gaps = [gap for account in audit.accounts for gap in account.gaps]
    made = of_findings(audit.wrong)
    if before is not None and (gaps or not audit.options.whole):
        made = made.beside(before, audit.met)
    return made, gaps


@cache
def _standard_of(files: tuple[tuple[str, bytes], ...], today: date) -> Standard:
    """A standard from a registry's files; once per process, since a cluster's workers judge many parts."""
    from canonry.catalogue.load import load
    from canonry.catalogue.tree import MemoryTree

    return standard(load(MemoryTree(dict(files))).value, today)


def sifting(
    files: tuple[tuple[str, bytes], ...],
    today: date,
    params: frozenset[str],
    *,
    issued: Mapping[str, bytes] | None = None,
) -> Callable[[Iterable[Observation]], Iterator[Observation | Passed]]:
    """A checker that lets through what is not right, and sums up what is. Made of data, to be sent off.

    `issued` as of `audited`: which links were met is said with the sums.
    """
    held_against = _standard_of(files, today)

    def sift(seen: Iterable[Observation]) -> Iterator[Observation | Passed]:
        right: dict[tuple[Level, str, str], Passed] = {}
        links = None if issued is None else Issued(issued, held_against)
        for one in seen:
            audit = Audit(held_against, issued=links)
            judge = Judge(audit, one.source, params)
            before = (one.account, one.weight.currency)
            judge.take(one)
            refused = any(reach.refused for reach in audit.coverage.groups.values())
            if audit.findings or refused or not judge.judged or audit.foreign:
                one.account = before[0]  # as it came: whoever judges it again fills in what is missing
                yield one
                continue
            key = (one.level, one.native, one.weight.currency)
            known = right.get(key)
            weight = one.weight if known is None else _sum(known.weight, one.weight)
            right[key] = Passed(one.level, one.native, 1 + (known.things if known else 0), weight)
        places = links.places() if links is not None else None
        yield from (replace(each, met=places) for each in right.values())

    return sift


def _sum(one: Weight, other: Weight) -> Weight:
    def both(left: float | None, right: float | None) -> float | None:
        return left if right is None else right if left is None else left + right

    def whole(left: int | None, right: int | None) -> int | None:
        found = both(left, right)
        return None if found is None else int(found)

    return Weight(
        whole(one.rows, other.rows),
        both(one.cost, other.cost),
        one.currency,
        whole(one.impressions, other.impressions),
        whole(one.clicks, other.clicks),
    )


def contacts(catalogue: Catalogue) -> Mapping[str, str]:
    """Team to where it is reached."""
    teams = catalogue.teams.teams if catalogue.teams else {}
    return {key: team.contact for key, team in teams.items()}


def translated(
    held_against: Standard, sources: Iterable[Source], options: Options | None = None
) -> tuple[list[list[str]], list[Gap]]:
    """The table of observed values and canonical fields, and what could not be read."""
    from canonry.audit.translation import Translation

    translation = Translation()
    audit = Audit(held_against, options=options)
    audit.told = translation.add
    for source in sources:
        audit.take(source)
    return list(translation.table()), [gap for account in audit.accounts for gap in account.gaps]

"""Audits: sources in, one report out. Ports are passed in; nothing here reads a file or a clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from canonry.app.compiled import WHOLE, compiled
from canonry.audit.baseline import Baseline
from canonry.audit.history import History
from canonry.audit.report import Report
from canonry.audit.run import Audit, Options
from canonry.audit.source import Gap, Source
from canonry.audit.standard import Standard
from canonry.naming.codec import Codec

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue


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
) -> tuple[Audit, Report]:
    """The audit with everything that it kept, and its report."""
    audit = Audit(held_against, baseline=baseline, history=history, options=options)
    for source in sources:
        audit.take(source, (owners or {}).get(source.name, ""))
    return audit, audit.report()


def new_baseline(
    held_against: Standard, sources: Iterable[Source], options: Options | None = None
) -> Baseline:
    """A baseline of everything that is wrong today."""
    from canonry.audit.baseline import of

    audit = Audit(held_against, options=options)
    audit.keep_wrong = True
    for source in sources:
        audit.take(source)
    return of(audit.wrong)


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

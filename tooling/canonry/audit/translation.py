"""Observed values and the fields they stand for: history cannot be renamed, only translated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from canonry.audit.observation import Level, Observation
from canonry.audit.quotation import shown

LEADING: Final = ("platform", "level", "account", "observed", "format", "campaign_id")


class Translation:
    """Collects what was decoded. One row per observed name, or per set of tags."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str, str], dict[str, str]] = {}

    def add(self, seen: Observation, contract: str, campaign: str, fields: Mapping[str, Any]) -> None:
        """Takes one decoded observation; what could not be read has no row."""
        if not contract or not fields:
            return
        observed = seen.name
        if seen.level is Level.TAGS:
            observed = "&".join(f"{key}={value}" for key, value in seen.params.items())
        elif seen.level is Level.LINK:
            observed = seen.value
        if shown(observed) != observed:
            return  # personal data, or a text of pages: nobody joins by it
        known = {name: value for name, value in fields.items() if isinstance(value, str | int | float)}
        told = {name: str(value) for name, value in known.items() if name != "campaign_id"}
        key = (shown(seen.platform), shown(seen.native), shown(seen.account), observed)
        self.rows[key] = {"format": contract, "campaign_id": campaign, **told}

    def table(self) -> Iterable[list[str]]:
        """A header and the rows, sorted; every canonical field that occurs is a column."""
        names = sorted({name for row in self.rows.values() for name in row} - {"format", "campaign_id"})
        yield [*LEADING, *names]
        for (platform, level, account, observed), row in sorted(self.rows.items()):
            first = [platform, level, account, observed, row["format"], row["campaign_id"]]
            yield [*first, *(row.get(name, "") for name in names)]

"""Judging inside Spark: where even the distinct names are too many to bring back.

Every executor builds the checker once from the registry's own files and judges its part of the groups
(`mapInArrow`); back come the things that are not right, and one line that counts those that are.
Only analytics rows are judged so, tags and addresses: names of objects are held against each other too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters.exports.observed import Observed
from canonry.adapters.exports.queries import CONFIG
from canonry.adapters.exports.stage import Staged
from canonry.adapters.exports.warehouse import WarehouseSource, stage
from canonry.audit.mappings import METRICS, TAG_ROLES, Fit
from canonry.audit.observation import Level, Observation, Weight
from canonry.audit.source import Gap, Passed, Period

if TYPE_CHECKING:
    import pyarrow as pa

Sift = Callable[[Iterable[Observation]], Iterator[Observation | Passed]]
"""Lets through what is not right, and says at the end what was."""
Make = Callable[[frozenset[str]], Sift]
COLUMNS: Final = {
    "level": "string",
    "native": "string",
    "account": "string",
    "platform": "string",
    "name": "string",
    "value": "string",
    "params": "string",
    "rows": "bigint",
    "cost": "double",
    "currency": "string",
    "impressions": "bigint",
    "clicks": "bigint",
    "first_seen": "string",
    "last_seen": "string",
    "things": "bigint",
}
"""What comes back: an observation a row; with `things`, so many that are right, and in `params` which links
that campaigns have handed out were met.
"""
_SHARED: Final = ("account", "currency", "platform", "date", "first", "last", *METRICS)
_CHUNK: Final = 4096


class ClusterSource(WarehouseSource):
    """A table in Spark whose rows are judged there.

    `sift` makes the checker out of the UTM values that the source reports; it is sent to the executors.
    """

    def __init__(self, *arguments: Any, sift: Make, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sift = sift

    def read(self, period: Period) -> Iterator[Observation | Gap | Passed]:
        """What is not right, one by one; what is, in sums. Objects are read as from any warehouse."""
        try:
            fit = self._fit()
        except Exception:  # noqa: BLE001  the warehouse's own reading says what is wrong
            yield from super().read(period)
            return
        if isinstance(fit, Gap) or fit.mapping.tiers or self._speaks() != "pyspark":
            yield from super().read(period)
            return
        for roles in (TAG_ROLES, ("url", "suffix")):
            part = {r: n for r, n in fit.columns.items() if r in roles or r in _SHARED}
            if any(role in part for role in roles):
                yield from self._judged(replace(fit, columns=part), period)

    def _judged(self, fit: Fit, period: Period) -> Iterator[Observation | Gap | Passed]:
        import ibis

        try:
            query = self.grouped(fit, period)
            frame = self._opened().raw_sql(ibis.to_sql(query, dialect="pyspark"))
            about = (self.name, self.account, self.platform, self.click_ids)
            work = _Work(about, fit, tuple(query.columns), self._sift, self.capabilities().params)
            schema = ", ".join(f"`{name}` {kind}" for name, kind in COLUMNS.items())
            for row in frame.mapInArrow(work, schema).toLocalIterator():
                yield _item(self.name, row.asDict())
        except Exception as error:  # noqa: BLE001  Spark has errors of its own
            yield Gap(self.name, f"Spark refused: {self._said(error)}", "Read its driver's log")


class _Part:
    """What the stage needs to know of its source, on an executor."""

    def __init__(self, name: str, account: str, platform: str, click_ids: tuple[str, ...]) -> None:
        self.name = name
        self.account = account
        self.platform = platform
        self.click_ids = click_ids
        self.paths: list[Any] = []

    def laid_out(self, path: Any, folder: Any) -> Any:
        """There are no files."""
        raise NotImplementedError

    def suits(self, layout: Any, path: Any) -> Fit | Gap:
        """There are no files."""
        raise NotImplementedError


class _Work:
    """What an executor does with its part of the groups; sent there whole."""

    def __init__(
        self,
        about: tuple[str, str, str, tuple[str, ...]],
        fit: Fit,
        names: tuple[str, ...],
        sift: Make,
        params: frozenset[str],
    ) -> None:
        self.about = about
        self.params = params
        self.fit = fit
        self.names = names
        self.sift = sift

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import duckdb
        import pyarrow as pa

        with duckdb.connect(config=dict(CONFIG)) as local:
            kept: list[dict[str, Any]] = []
            for item in self.sift(self.params)(self._observations(local, batches)):
                kept.append(_row(item))
                if len(kept) >= _CHUNK:
                    yield pa.RecordBatch.from_pylist(kept, schema=_schema())
                    kept = []
            if kept:
                yield pa.RecordBatch.from_pylist(kept, schema=_schema())

    def _observations(self, local: Any, batches: Iterable[pa.RecordBatch]) -> Iterator[Observation]:
        for batch in batches:
            staged = Staged(local, _Part(*self.about))
            staged.begin(self.fit)
            stage(local, staged, self.fit, self.names, [batch])
            for item in Observed(staged).observations():
                if isinstance(item, Observation):
                    yield item


def _schema() -> pa.Schema:
    import pyarrow as pa

    kinds = {"string": pa.string(), "bigint": pa.int64(), "double": pa.float64()}
    return pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])


def _row(item: Observation | Passed) -> dict[str, Any]:
    weight = item.weight
    row: dict[str, Any] = {
        "level": item.level.value,
        "native": item.native,
        "rows": weight.rows,
        "cost": weight.cost,
        "currency": weight.currency,
        "impressions": weight.impressions,
        "clicks": weight.clicks,
    }
    if isinstance(item, Passed):
        met = None if item.met is None else json.dumps({key: list(each) for key, each in item.met.items()})
        return row | {"things": item.things, "params": met}
    return row | {
        "account": item.account,
        "platform": item.platform,
        "name": item.name,
        "value": item.value,
        "params": json.dumps(dict(item.params)),
        "first_seen": item.first_seen.isoformat() if item.first_seen else None,
        "last_seen": item.last_seen.isoformat() if item.last_seen else None,
    }


def _item(source: str, row: dict[str, Any]) -> Observation | Passed:
    weight = Weight(row["rows"], row["cost"], row["currency"] or "", row["impressions"], row["clicks"])
    if row["things"] is not None:
        met = None if row["params"] is None else json.loads(row["params"])
        return Passed(Level(row["level"]), row["native"], row["things"], weight, met)
    return Observation(
        source,
        row["platform"] or "",
        Level(row["level"]),
        account=row["account"] or "",
        native=row["native"],
        name=row["name"] or "",
        value=row["value"] or "",
        params=json.loads(row["params"] or "{}"),
        weight=weight,
        first_seen=date.fromisoformat(row["first_seen"]) if row["first_seen"] else None,
        last_seen=date.fromisoformat(row["last_seen"]) if row["last_seen"] else None,
    )

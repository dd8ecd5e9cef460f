"""The observations that grouped rows make, level by level.

`Observed` reads what `canonry.adapters.exports.stage` has grouped. Things that differ in name and weight only
come by the thousand (`together`): nothing is made of a name before something is to be said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from canonry.adapters.exports import nested
from canonry.adapters.exports.periods import period_in
from canonry.adapters.exports.queries import identifier
from canonry.adapters.exports.rounding import forgotten
from canonry.adapters.exports.stage import QUIET, Staged, tiers_of
from canonry.audit.mappings import TAG_ROLES, UPKEEP_ROLES, Tier
from canonry.audit.observation import PAGE, Alike, Level, Observation, Upkeep, Weight
from canonry.audit.source import Gap
from canonry.naming.url import opened

_FETCH: Final = 4096
_SHARED: Final = 5_000
"""Parents that are remembered, to be shared by what hangs under them."""
_ROUNDED: Final = "its id was rounded by a spreadsheet"
_STATES: Final = {
    "active": (
        "active",
        "enabled",
        "eligible",
        "delivering",
        "on",
        "running",
        "enable",
        "serving",
        "in progress",
        "aktiv",
        "aktiviert",
        "wird ausgeliefert",
        *("activé", "activée", "en cours de diffusion", "activo", "activa", "habilitado", "habilitada"),
    ),
    "paused": (
        "pausiert",
        "inaktiv",
        "deaktiviert",
        "paused",
        "inactive",
        "off",
        "not delivering",
        "disabled",
        "disable",
        "campaign paused",
        *("en pause", "désactivé", "désactivée", "suspendue", "inactivo", "inactiva", "en pausa"),
        *("pausado", "pausada", "detenido", "detenida", "inhabilitado", "inhabilitada"),
    ),
    "removed": (
        *("entfernt", "gelöscht", "archiviert", "removed", "deleted", "archived", "archive", "delete"),
        *("supprimé", "supprimée", "archivé", "archivée", "eliminado", "eliminada", "archivado", "archivada"),
        *("retirado", "retirada", "quitado", "quitada"),
    ),
    "ended": (
        *("beendet", "abgeschlossen", "ended", "completed", "complete", "finished", "done"),
        *("terminé", "terminée", "finalizado", "finalizada", "completado", "completada"),
    ),
}
_STATE_OF: Final = {word: state for state, words in _STATES.items() for word in words}


class Observed:
    """What a stage holds, as observations."""

    def __init__(self, staged: Staged) -> None:
        self.staged = staged
        self.db = staged.db
        self.source = staged.source
        self.roles, self.metrics = staged.roles, staged.metrics
        self._formats = staged.formats or (staged.fit.mapping.dates if staged.fit is not None else ())
        listed = {"parameter.name", "user_property.name"} & set(self.roles)
        self._uncounted = {Level.AUDIENCE, *((Level.EVENT,) if listed else ())}
        """Levels of which rows are no number: an event comes once per parameter in a report of parameters."""
        self._parents: dict[tuple[str, ...], dict[str, str]] = {}
        self._platforms: dict[str | None, str] = {}

    def observations(self) -> Iterator[Observation | Gap]:
        """What the stage holds, one by one."""
        for item in self.together():
            if isinstance(item, Alike):
                yield from item
            else:
                yield item

    def together(self) -> Iterator[Observation | Alike | Gap]:
        """What the stage holds, level by level."""
        if self.staged.fit is None:
            return
        exists = self.db.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'stage'"
        ).fetchall()[0][0]
        if not exists:
            return
        tiers = [
            t
            for t in tiers_of(self.staged.fit)
            if f"{t.native}.name" in self.roles or f"{t.native}.id" in self.roles
        ]
        for tier in tiers:
            if f"{tier.native}.id" in self.roles:
                yield from self._forget_rounded(tier)
        if any(role in self.roles for role in TAG_ROLES):
            yield from self._tags()
        elif "automatic" in self.roles:
            yield from self._automatic()
        for depth, tier in enumerate(tiers):
            yield from self._objects(tiers[:depth], tier)
        if "url" in self.roles or "suffix" in self.roles:
            yield from self._links(tiers)
        if "used_by.id" in self.roles or "used_by.name" in self.roles:
            yield from self._targetings()
        if "parameter.name" in self.roles or "user_property.name" in self.roles:
            yield from self._named_parameters()
        if self.staged.scans:
            yield from self._nested()

    # What every kind of observation shares.

    def _sums(self) -> str:
        have = [*self.metrics] if "rows" in self.metrics else ["rows", *self.metrics]
        parts = [f"sum({identifier(m)}) AS {identifier(m)}" for m in have]
        return ", ".join([*parts, "min(first_day) AS first_day", "max(last_day) AS last_day"])

    def _weight(self, row: Map[str, Any], *, counted: bool) -> Weight:
        rows = row.get("rows") if counted else None
        return Weight(
            int(rows) if rows is not None else None,
            row.get("cost"),
            (row.get("currency") or self.staged.currency) if "cost" in self.metrics else "",
            int(row["impressions"]) if row.get("impressions") is not None else None,
            int(row["clicks"]) if row.get("clicks") is not None else None,
        )

    def _seen(self, row: Map[str, Any], level: Level, **more: Any) -> Observation:
        """An observation of a row; `more` is what its level has of its own."""
        platform, account = self._who(row)
        return Observation(
            self.source.name,
            platform,
            level,
            account=account,
            first_seen=row.get("first_day"),
            last_seen=row.get("last_day"),
            **more,
        )

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        for names, rows in self._fetched(query):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def _columns(self, query: str) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        for names, rows in self._fetched(query):
            yield names, list(zip(*rows, strict=True))

    def _fetched(self, query: str) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        cursor = self.db.cursor()
        cursor.execute(QUIET)
        cursor.execute(f"{query} ORDER BY ALL")  # threads bring groups in any order; a run says the same
        names = [part[0] for part in cursor.description or ()]
        while rows := cursor.fetchmany(_FETCH):
            yield names, rows

    def _extras(self) -> list[str]:
        return [role for role in ("account", "currency", "platform") if role in self.roles]

    def _who(self, row: Map[str, Any]) -> tuple[str, str]:
        """Platform and account of a row."""
        said = row.get("platform")
        platform = self._platforms.get(said)
        if platform is None:
            assert self.staged.fit is not None  # noqa: S101  observations() looks first
            known = self.source.platform or said or self.staged.fit.mapping.platform
            platform = self._platforms[said] = str(known).strip().lower().replace(" ", "_")
        return platform, self.source.account or row.get("account") or ""

    @cached_property
    def _counted(self) -> bool:
        """Whether rows weigh something: where the export counts, or where rows are all that it tells."""
        assert self.staged.fit is not None  # noqa: S101
        told = any(role.endswith(".id") for role in self.roles) or bool(self.metrics)
        return "rows" in self.metrics or not told

    def _tags(self) -> Iterator[Observation | Gap]:
        tags = [role for role in TAG_ROLES if role in self.roles]
        keys = ", ".join(identifier(role) for role in (*tags, *self._extras()))
        folded = 0
        for row in self._rows(f"SELECT {keys}, {self._sums()} FROM stage GROUP BY {keys}"):
            params: dict[str, str] = {role: row[role] for role in tags if row[role] is not None}
            if "(other)" in params.values():
                folded += int(row["rows"] or 0)
            yield self._seen(
                row,
                Level.TAGS,
                name=params.get("utm_campaign", ""),
                params=params,
                weight=self._weight(row, counted=True),
            )
        if folded:
            yield Gap(
                self.source.name,
                f"GA4 folded values into (other), {folded:,} rows (data_loss_from_other_row)",
                "Ask for fewer dimensions, or read the export in the warehouse",
                frozenset({Level.TAGS}),
            )

    def _automatic(self) -> Iterator[Observation]:
        keys = ", ".join(
            identifier(r) for r in ("automatic", "automatic_source", *self._extras()) if r in self.roles
        )
        for row in self._rows(f"SELECT {keys}, {self._sums()} FROM stage GROUP BY {keys}"):
            yield self._seen(
                row,
                Level.CAMPAIGN,
                native="session_campaign",
                name=row["automatic"] or "",
                value=row.get("automatic_source") or "",
                weight=self._weight(row, counted=True),
            )

    def _objects(self, above: Sequence[Tier], tier: Tier) -> Iterator[Observation | Alike | Gap]:
        native = tier.native
        if self._alike(above, tier):
            yield from self._alone(f"{tier.native}.name", self._seen({}, tier.level, native=tier.native))
            return
        has = {
            part
            for part in ("id", "name", "status", "starts", "ends", "goal")
            if f"{native}.{part}" in self.roles
        }
        key = self._key(native)
        upkeep = [role for role in UPKEEP_ROLES if role in self.roles] if tier.level is Level.AUDIENCE else []
        parents = [
            f"any_value({self._key(each.native)}) AS {identifier('parent.' + each.native)}" for each in above
        ]
        latest = "coalesce(last_day, DATE '1970-01-01')"
        own = [
            f"arg_max({identifier(f'{native}.{part}')}, {latest}) AS {identifier(part)}"
            for part in sorted(has)
        ]
        rounded = native in self.staged.rounded
        own_key = "id" in has and not rounded
        by = [key] if own_key else [key, *(self._key(each.native) for each in above)]
        apart = [
            role for role in self._extras() if (role == "currency" or not own_key) and self._differs(role, by)
        ]
        by += map(identifier, apart)
        extras = [
            identifier(role) if role in apart else f"any_value({identifier(role)}) AS {identifier(role)}"
            for role in (*self._extras(), *upkeep)
        ]
        selected = ", ".join([f"{key} AS key", *own, *extras, *parents, self._sums()])
        query = f"SELECT {selected} FROM stage WHERE {key} IS NOT NULL GROUP BY {', '.join(by)}"
        for row in self._rows(query):
            identity = row.get("id") or ""
            partial = _ROUNDED if rounded and not identity else ""
            yield self._object(tier, above, row, identity, upkeep=bool(upkeep), partial=partial)

    def _differs(self, role: str, by: Sequence[str]) -> bool:
        """Whether rows of one object differ in it: its money in currencies, its name in accounts."""
        query = f"SELECT 1 FROM stage GROUP BY {', '.join(by)} HAVING count(DISTINCT {identifier(role)}) > 1"
        return bool(self.db.execute(f"{query} LIMIT 1").fetchall())

    def _alike(self, above: Sequence[Tier], tier: Tier) -> bool:
        """Whether a tier's objects have nothing but a name, beside what hangs on them."""
        own = [role for role in self.roles if role.startswith(f"{tier.native}.")]
        return own == [f"{tier.native}.name"] and not (
            above or self._extras() or tier.level is Level.AUDIENCE
        )

    def _alone(self, role: str, like: Observation) -> Iterator[Alike]:
        """Things that have nothing but what they are known by, which the role tells."""
        name = identifier(role)
        currency = self.staged.currency if "cost" in self.metrics else ""
        query = f"SELECT {name} AS name, {self._sums()} FROM stage WHERE {name} IS NOT NULL GROUP BY {name}"
        for names, rows in self._columns(query):
            told = {name: rows[place] for place, name in enumerate(names)}
            none = [None] * len(rows[0])
            yield Alike(
                like,
                told["name"],
                _counts(told["rows"]) if self._counted and like.level not in self._uncounted else none,
                told.get("cost", none),
                _counts(told.get("impressions", none)),
                _counts(told.get("clicks", none)),
                told["first_day"],
                told["last_day"],
                currency,
            )

    def _forget_rounded(self, tier: Tier) -> Iterator[Gap]:
        found = forgotten(self.db, f"{tier.native}.id")
        if not found.ids:
            return
        self.staged.rounded[tier.native] = found
        yield Gap(
            self.source.name,
            f"{found.ids:,} {tier.native} id{' was' if found.ids == 1 else 's were'} rounded by a "
            f"spreadsheet ({found.sample[:40]}) and match{'es' if found.ids == 1 else ''} nothing",
            "Export again with ids as text, and do not open the file in a spreadsheet",
            frozenset({tier.level}),
        )

    def _above(self, above: Sequence[Tier], row: Any) -> dict[str, str]:
        """What an object hangs under; what hangs under the same shares it."""
        numbers = tuple([row["parent." + each.native] or "" for each in above])
        known = self._parents.get(numbers)
        if known is None:
            if len(self._parents) > _SHARED:
                self._parents.clear()
            known = {each.native: number for each, number in zip(above, numbers, strict=True)}
            self._parents[numbers] = known
        return known

    def _object(
        self, tier: Tier, above: Sequence[Tier], row: Any, identity: str, *, upkeep: bool, partial: str = ""
    ) -> Observation:
        return self._seen(
            row,
            tier.level,
            native=tier.native,
            id=identity,
            parents=self._above(above, row),
            status=_status(row.get("status")),
            name=row.get("name") or "",
            weight=self._weight(row, counted=self._counted and tier.level not in self._uncounted),
            starts=as_day(row.get("starts"), self._formats),
            ends=as_day(row.get("ends"), self._formats),
            upkeep=_upkeep(row) if upkeep else None,
            goal=row.get("goal") or "",
            partial=partial,
        )

    def _key(self, native: str) -> str:
        """What a tier's objects are told apart by."""
        parts = [
            identifier(f"{native}.{part}") for part in ("id", "name") if f"{native}.{part}" in self.roles
        ]
        return f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]

    def _links(self, tiers: Sequence[Tier]) -> Iterator[Observation | Alike]:
        if not tiers and not self._extras() and "suffix" not in self.roles:
            yield from self._alone("url", self._seen({}, Level.LINK))
            return
        url = identifier("url") if "url" in self.roles else "NULL"
        suffix = identifier("suffix") if "suffix" in self.roles else "NULL"
        keys = [*(self._key(t.native) for t in tiers)]
        names = [f"{key} AS {identifier('parent.' + t.native)}" for key, t in zip(keys, tiers, strict=True)]
        extras = list(map(identifier, self._extras()))
        status = f"{tiers[-1].native}.status" if tiers else ""
        state = f"any_value({identifier(status)}) AS status, " if status in self.roles else ""
        selected = ", ".join([f"{url} AS url", f"{suffix} AS suffix", *names, *extras])
        by = ", ".join([*(part for part in (url, suffix) if part != "NULL"), *keys, *extras])
        present = " OR ".join(f"{part} IS NOT NULL" for part in (url, suffix) if part != "NULL")
        for row in self._rows(
            f"SELECT {selected}, {state}{self._sums()} FROM stage WHERE {present} GROUP BY {by}"
        ):
            parents = {t.native: row["parent." + t.native] or "" for t in tiers}
            yield self._seen(
                row,
                Level.LINK,
                id=parents[tiers[-1].native] if tiers else "",
                parents=parents,
                status=_status(row.get("status")),
                value=opened(row["url"] or "", row["suffix"] or ""),
                weight=self._weight(row, counted=self._counted),
            )

    def _targetings(self) -> Iterator[Observation]:
        parts = [identifier(f"used_by.{part}") for part in ("id", "name") if f"used_by.{part}" in self.roles]
        used_by = f"coalesce({', '.join(parts)})"
        keys = ", ".join([self._key("audience"), used_by, *map(identifier, self._extras())])
        name = identifier("audience.name") if "audience.name" in self.roles else "NULL"
        upkeep = "".join(
            f", any_value({identifier(r)}) AS {identifier(r)}" for r in UPKEEP_ROLES if r in self.roles
        )
        selected = ", ".join([f"{self._key('audience')} AS audience", f"any_value({name}) AS name",
                              f"{used_by} AS used_by", *map(identifier, self._extras())])  # fmt: skip
        query = f"SELECT {selected}{upkeep} FROM stage WHERE {used_by} IS NOT NULL GROUP BY {keys}"
        for row in self._rows(query):
            yield self._seen(
                row,
                Level.TARGETING,
                id=f"{row['used_by']}/{row['audience']}",
                parents={"audience": row["audience"] or "", "ad_group": row["used_by"] or ""},
                name=row["name"] or "",
                upkeep=_upkeep(row),
            )

    def _named_parameters(self) -> Iterator[Observation]:
        for role, level in (("parameter.name", Level.PARAMETER), ("user_property.name", Level.USER_PROPERTY)):
            if role not in self.roles:
                continue
            event = (
                identifier("event.name")
                if level is Level.PARAMETER and "event.name" in self.roles
                else "NULL"
            )
            longest = (
                f"max(try_cast({identifier('longest')} AS BIGINT))" if "longest" in self.roles else "NULL"
            )
            by = ", ".join([identifier(role), *([event] if event != "NULL" else [])])
            query = (
                f"SELECT {identifier(role)} AS name, {event} AS event, {longest} AS longest, {self._sums()} "
                f"FROM stage WHERE {identifier(role)} IS NOT NULL GROUP BY {by}"
            )
            for row in self._rows(query):
                yield self.parameter(level, row)

    def _nested(self) -> Iterator[Observation]:
        """Parameters, user properties and visited addresses of the BigQuery export."""
        assert self.staged.fit is not None  # noqa: S101
        for role, level in nested.LISTS.items():
            if role in self.staged.fit.columns:
                for row in nested.parameters(role, self.staged.types[role], self.staged.scans, self._rows):
                    yield self.parameter(level, row)
        if "event_params" in self.staged.fit.columns:
            days = self.staged.days(
                self.staged.fit, lambda place: f"CAST({identifier(self.staged.header[place])} AS VARCHAR)"
            )
            day = days[0] if days else "NULL::DATE"
            kind = self.staged.types["event_params"]
            for row in nested.addresses(kind, self.staged.scans, self.source.click_ids, day, self._rows):
                yield self.page(row)

    def page(self, row: Map[str, Any]) -> Observation:
        """A visited address: `url`, `rows` and days."""
        return self._seen(
            row,
            Level.LINK,
            native=PAGE,
            value=row["url"],
            weight=Weight(int(row["rows"] or 0)),
        )

    def parameter(self, level: Level, row: Map[str, Any]) -> Observation:
        """A parameter or a user property: `name`, `event`, `rows`, `longest` and days."""
        return self._seen(
            row,
            level,
            name=row["name"] or "",
            parents={"event": row["event"]} if row.get("event") else {},
            params={"longest": str(row["longest"])} if row.get("longest") is not None else {},
            weight=Weight(int(row["rows"] or 0)),
        )


def _status(word: str | None) -> str:
    plain = (word or "").strip().lower().replace("_", " ")
    return _STATE_OF.get(plain, plain)


def as_day(value: object, formats: Sequence[str] = ()) -> date | None:
    """A day, or the first that a text names."""
    if isinstance(value, date):
        return value
    words = str(value or "").strip()
    if not words:
        return None
    for form in formats:
        with suppress(ValueError):
            return datetime.strptime(words[:10], form).date()  # noqa: DTZ007  a day has no zone
    return period_in(words).start


def _counts(values: Sequence[Any]) -> list[int | None]:
    return [int(n) if n is not None else None for n in values]


def _upkeep(row: Map[str, Any]) -> Upkeep:
    return Upkeep(
        _whole(row.get("window")),
        _whole(row.get("recency")),
        _whole(row.get("refresh")),
        as_day(row.get("synced")),
        str(row.get("mechanism") or "").strip().lower().replace(" ", "_"),
        _whole(row.get("members")),
        str(row.get("rule") or ""),
    )


def _whole(value: object) -> int | None:
    """A count as people write it: `30 days`, `1,204`; None where there is none."""
    text = str(value or "")
    digits = re.sub(r"[,.\s](?=[0-9]{3}(?:[^0-9]|\Z))", "", text)
    match = re.search(r"[0-9]+", digits)
    return int(match[0]) if match else None

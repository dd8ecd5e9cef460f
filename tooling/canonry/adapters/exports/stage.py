"""The grouped rows of export files, and the observations that they make.

DuckDB scans and groups; what comes back is distinct. Numbers, days and ids are read as the file writes them,
and whatever could not be read is a gap. Every text in a query is quoted, every column named by this program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from canonry.adapters.cells import TableError
from canonry.adapters.exports import columns, nested
from canonry.adapters.exports.layout import Layout, first_line, identifier, laid_out, literal, period_in
from canonry.adapters.exports.rounding import Rounded, forgotten
from canonry.audit.mappings import METRICS, TAG_ROLES, UPKEEP_ROLES, Fit, Mapping, Tier
from canonry.audit.observation import PAGE, Level, Observation, Upkeep, Weight
from canonry.audit.source import Gap, Period
from canonry.naming.url import opened

if TYPE_CHECKING:
    import duckdb

_FETCH: Final = 4096
_ROUNDED: Final = "its id was rounded by a spreadsheet"
_LEANER: Final = ("SET threads = 1", "SET memory_limit = '2GB'")
_LARGE: Final = 100_000
"""Rows from which on it is worth to look at some before all are grouped."""
_SAMPLES: Final = 4
_SAMPLE: Final = 500
"""Rows that are looked at, at so many places of the file."""
QUIET: Final = "SET enable_progress_bar = false"
"""A bar on standard output would stand in the middle of a report."""
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
    ),
    "removed": ("entfernt", "gelöscht", "archiviert", "removed", "deleted", "archived", "archive", "delete"),
    "ended": ("beendet", "abgeschlossen", "ended", "completed", "complete", "finished", "done"),
}
_STATE_OF: Final = {word: state for state, words in _STATES.items() for word in words}


def tiers_of(fit: Fit) -> list[Tier]:
    """The tiers whose name or id the file has."""
    return [
        tier
        for tier in fit.mapping.tiers
        if f"{tier.native}.name" in fit.columns or f"{tier.native}.id" in fit.columns
    ]


def listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1] if words else ""


class Reading(Protocol):
    """What the stage needs to know of its source."""

    paths: list[Path]
    account: str
    platform: str
    click_ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the source."""

    def among(self) -> Sequence[Mapping]:
        """The mappings that a header may suit."""

    def suits(self, layout: Layout, path: Path) -> Fit | Gap:
        """How to read a file."""


class Staged:
    """The grouped rows of all files, one column per role, from which observations are made."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: Reading) -> None:
        self.db = connection
        self.db.execute(QUIET)
        self.source = source
        self.roles: list[str] = []
        self.metrics: list[str] = []
        self.fit: Fit | None = None
        self.currency = ""
        self.scans: list[str] = []
        """Of typed files, for what their nested columns hold."""
        self.header: list[str] = []
        self.types: dict[str, str] = {}
        self.rounded: dict[str, Rounded] = {}

    def take(self, path: Path, folder: Path, period: Period) -> Iterator[Gap]:
        """Groups one file into the stage; what could not be read is a gap."""
        import duckdb

        try:
            layout = laid_out(path, folder, self.source.among())
        except TableError as error:
            yield Gap(path.name, error.why, error.next_step)
            return
        fit = self.source.suits(layout, path)
        if isinstance(fit, Gap):
            yield fit
            return
        yield from layout.gaps
        if self.fit is None:
            self.begin(fit)
        elif {r for r in self.roles if r in fit.columns} != set(self.roles):
            gone = sorted(set(self.roles) - set(fit.columns))
            yield Gap(path.name, f"it lacks {listed(gone)}, which {self.source.paths[0].name} has")
            return
        try:
            yield from self._stage(layout, fit, path, period)
        except duckdb.Error as error:
            yield Gap(path.name, f"cannot be read to its end: {first_line(error)}", "Export it again")

    def begin(self, fit: Fit) -> None:
        """Says what the stage's columns will be: those of the first that is taken."""
        self.fit, self.currency = fit, fit.currency
        self.roles = [r for r in fit.columns if r not in METRICS and r not in NEVER_GROUPED]
        self.metrics = [r for r in METRICS if r in fit.columns]

    def _stage(self, layout: Layout, fit: Fit, path: Path, period: Period) -> Iterator[Gap]:
        table, cell = _scan(layout)
        scan = table
        for role, places in fit.twice.items():
            first, *others = places
            unlike = " OR ".join(f"{cell(first)} IS DISTINCT FROM {cell(other)}" for other in others)
            if self.db.execute(f"SELECT count(*) FROM {scan} WHERE {unlike}").fetchall()[0][0]:
                what = f"{layout.header[first]!r} heads {len(places)} columns that differ; the first was read"
                yield Gap(path.name, what, f"Name them apart, or leave one out ({role})")
        kinds = dict(enumerate(layout.types))
        marks = {
            role: columns.decimal_mark(
                (row[fit.columns[role]] for row in layout.rows if len(row) > fit.columns[role]),
                whole=role != "cost",
                delimiter=layout.delimiter,
            )
            for role in self.metrics
            if role in fit.columns
        }
        typed = layout.kind != "csv"
        grouped = {role: self.grouped(role, cell(fit.columns[role]), typed=typed) for role in self.roles}
        endings = (
            self._endings(scan, cell(fit.columns["url"]))
            if layout.kind == "parquet" and "url" in self.roles
            else []
        )
        if endings:
            scan, grouped["url"] = columns.shortened(
                scan, cell(fit.columns["url"]), endings, beside=layout.header
            )
        days = self._days(fit, cell)
        conditions = _data_only(layout, fit, cell, self.roles)
        if days and "date" in fit.columns and period.start and period.end:
            inside = f"{days[0]} BETWEEN DATE {literal(period.start)} AND DATE {literal(period.end)}"
            conditions.append(f"({inside} OR {days[0]} IS NULL)")
        self._keep(layout, table, conditions)
        sums = []
        for role in METRICS:
            if role not in fit.columns:
                continue
            column = cell(fit.columns[role])
            ready = columns.is_number(kinds.get(fit.columns[role], ""))
            value = column if ready else columns.number(column, marks[role])
            sums.append(f"sum({value}) AS {identifier(role)}")
            if not ready:
                stated = columns.text(column)
                bad = f"({value}) IS NULL AND NOT starts_with(trim({column}), '<')"
                sums.append(
                    f"count(*) FILTER ({stated} IS NOT NULL AND {bad}) AS {identifier('bad.' + role)}"
                )
        if "rows" not in fit.columns:
            sums.append('count(*) AS "rows"')
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        named = [f"{expression} AS {identifier(role)}" for role, expression in grouped.items()]
        span = [f"min({days[0]}) AS first_day", f"max({days[1]}) AS last_day"] if days else [
            "NULL::DATE AS first_day", "NULL::DATE AS last_day"]  # fmt: skip
        query = f"SELECT {', '.join([*named, *sums, *span])} FROM {scan}{where}" + (
            " GROUP BY ALL" if named else ""
        )
        if endings:  # what was made quickly groups the rows; few groups are looked into
            whole = columns.address(identifier("url"), self.source.click_ids)
            query = f"SELECT * REPLACE ({whole} AS {identifier('url')}) FROM ({query})"
        exists = self.db.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'stage'"
        ).fetchall()[0][0]
        into = "INSERT INTO stage BY NAME " if exists else "CREATE TABLE stage AS "
        self._run(into + query)
        for role in self.metrics:
            if role in fit.columns and not columns.is_number(kinds.get(fit.columns[role], "")):
                bad = self.db.execute(f"SELECT sum({identifier('bad.' + role)}) FROM stage").fetchall()[0][0]
                if bad:
                    heading = layout.header[fit.columns[role]]
                    yield Gap(
                        path.name, f"{int(bad):,} values of {heading!r} are no numbers: its sum is short"
                    )

    def _keep(self, layout: Layout, table: str, conditions: Sequence[str]) -> None:
        """Remembers where nested columns are read from."""
        if layout.kind != "csv":
            self.scans.append(f"FROM {table}" + (f" WHERE {' AND '.join(conditions)}" if conditions else ""))
            self.header = layout.header
            self.types = dict(zip(layout.header, layout.types, strict=True))

    def _run(self, query: str) -> duckdb.DuckDBPyConnection:
        """Executes a query; what does not fit into memory by one thread, and then within more memory.

        Every thread holds whole pages of the file, and some programs write pages as large as a row group.
        """
        import duckdb

        for setting in _LEANER:
            try:
                return self.db.execute(query)
            except duckdb.OutOfMemoryException:
                self.db.execute(setting)
        return self.db.execute(query)

    def _endings(self, scan: str, column: str) -> list[str]:
        """What click ids the addresses of a large file mostly hold; nothing for a small one."""
        rows = self.db.execute(f"SELECT count(*) FROM {scan}").fetchall()[0][0]
        if rows < _LARGE:
            return []
        sample: list[str] = []
        for part in range(_SAMPLES):
            query = f"SELECT {column} FROM {scan} LIMIT {_SAMPLE} OFFSET {rows * part // _SAMPLES}"
            sample += [text for (text,) in self._run(query).fetchall() if text]
        return columns.common_endings(sample, self.source.click_ids)

    @property
    def _heavy(self) -> frozenset[str]:
        """Roles of which a large table may have one distinct value per row."""
        return frozenset(
            r for r in self.roles if r in (*TAG_ROLES, "url", "automatic") or r.endswith(".name")
        )

    def grouped(self, role: str, column: str, *, typed: bool) -> str:
        """The SQL of a cell that is grouped by. `typed`: of a table that has a NULL for nothing."""
        if typed and role in self._heavy:  # nothing is nothing there: no row has to be looked into
            return columns.address(column, self.source.click_ids) if role == "url" else column
        cell = cleaned(role, column)
        return columns.address(cell, self.source.click_ids) if role == "url" else cell

    @staticmethod
    def _days(fit: Fit, cell: Any) -> tuple[str, str] | None:
        formats = fit.mapping.dates
        if "date" in fit.columns:
            day = columns.day(cell(fit.columns["date"]), formats)
            return day, day
        if "first" in fit.columns and "last" in fit.columns:
            return columns.day(cell(fit.columns["first"]), formats), columns.day(
                cell(fit.columns["last"]), formats
            )
        return None

    def observations(self) -> Iterator[Observation | Gap]:
        """What the stage holds, level by level."""
        if self.fit is None:
            return
        exists = self.db.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'stage'"
        ).fetchall()[0][0]
        if not exists:
            return
        tiers = [
            t
            for t in tiers_of(self.fit)
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
        if self.scans:
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
            (row.get("currency") or self.currency) if "cost" in self.metrics else "",
            int(row["impressions"]) if row.get("impressions") is not None else None,
            int(row["clicks"]) if row.get("clicks") is not None else None,
        )

    def _rows(self, query: str) -> Iterator[dict[str, Any]]:
        cursor = self.db.cursor()
        cursor.execute(QUIET)
        cursor.execute(f"{query} ORDER BY ALL")  # threads bring groups in any order; a run says the same
        names = [part[0] for part in cursor.description or ()]
        while rows := cursor.fetchmany(_FETCH):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    def _extras(self) -> list[str]:
        return [role for role in ("account", "currency", "platform") if role in self.roles]

    def _who(self, row: Map[str, Any]) -> tuple[str, str]:
        """Platform and account of a row."""
        assert self.fit is not None  # noqa: S101  observations() looks first
        platform = self.source.platform or row.get("platform") or self.fit.mapping.platform
        return str(platform).strip().lower().replace(" ", "_"), self.source.account or row.get(
            "account"
        ) or ""

    def _counted(self) -> bool:
        """Whether rows weigh something: where the export counts, or where rows are all that it tells."""
        assert self.fit is not None  # noqa: S101
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
            platform, account = self._who(row)
            yield Observation(
                self.source.name,
                platform,
                Level.TAGS,
                account=account,
                name=params.get("utm_campaign", ""),
                params=params,
                weight=self._weight(row, counted=True),
                first_seen=row["first_day"],
                last_seen=row["last_day"],
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
            platform, account = self._who(row)
            yield Observation(
                self.source.name,
                platform,
                Level.CAMPAIGN,
                account=account,
                native="session_campaign",
                name=row["automatic"] or "",
                value=row.get("automatic_source") or "",
                weight=self._weight(row, counted=True),
                first_seen=row["first_day"],
                last_seen=row["last_day"],
            )

    def _objects(self, above: Sequence[Tier], tier: Tier) -> Iterator[Observation | Gap]:
        native = tier.native
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
        extras = [
            f"any_value({identifier(role)}) AS {identifier(role)}" for role in (*self._extras(), *upkeep)
        ]
        rounded = native in self.rounded
        own_key = "id" in has and not rounded
        by = [key] if own_key else [key, *(self._key(each.native) for each in above)]
        selected = ", ".join([f"{key} AS key", *own, *extras, *parents, self._sums()])
        query = f"SELECT {selected} FROM stage WHERE {key} IS NOT NULL GROUP BY {', '.join(by)}"
        for row in self._rows(query):
            identity = row.get("id") or ""
            partial = _ROUNDED if rounded and not identity else ""
            yield self._object(tier, above, row, identity, upkeep=bool(upkeep), partial=partial)

    def _forget_rounded(self, tier: Tier) -> Iterator[Gap]:
        found = forgotten(self.db, f"{tier.native}.id")
        if not found.ids:
            return
        self.rounded[tier.native] = found
        yield Gap(
            self.source.name,
            f"{found.ids:,} {tier.native} id{' was' if found.ids == 1 else 's were'} rounded by a "
            f"spreadsheet ({found.sample[:40]}) and match nothing",
            "Export again with ids as text, and do not open the file in a spreadsheet",
            frozenset({tier.level}),
        )

    def _object(
        self, tier: Tier, above: Sequence[Tier], row: Any, identity: str, *, upkeep: bool, partial: str = ""
    ) -> Observation:
        platform, account = self._who(row)
        return Observation(
            self.source.name,
            platform,
            tier.level,
            account=account,
            native=tier.native,
            id=identity,
            parents={each.native: row["parent." + each.native] or "" for each in above},
            status=_status(row.get("status")),
            name=row.get("name") or "",
            weight=self._weight(row, counted=self._counted() and tier.level is not Level.AUDIENCE),
            first_seen=row["first_day"],
            last_seen=row["last_day"],
            starts=as_day(row.get("starts")),
            ends=as_day(row.get("ends")),
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

    def _links(self, tiers: Sequence[Tier]) -> Iterator[Observation]:
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
            platform, account = self._who(row)
            parents = {t.native: row["parent." + t.native] or "" for t in tiers}
            yield Observation(
                self.source.name,
                platform,
                Level.LINK,
                account=account,
                id=parents[tiers[-1].native] if tiers else "",
                parents=parents,
                status=_status(row.get("status")),
                value=opened(row["url"] or "", row["suffix"] or ""),
                weight=self._weight(row, counted=self._counted()),
                first_seen=row["first_day"],
                last_seen=row["last_day"],
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
            platform, account = self._who(row)
            yield Observation(
                self.source.name,
                platform,
                Level.TARGETING,
                account=account,
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
        assert self.fit is not None  # noqa: S101
        for role, level in nested.LISTS.items():
            if role in self.fit.columns:
                for row in nested.parameters(role, self.types[role], self.scans, self._rows):
                    yield self.parameter(level, row)
        if "event_params" in self.fit.columns:
            days = self._days(self.fit, lambda place: f"CAST({identifier(self.header[place])} AS VARCHAR)")
            day = days[0] if days else "NULL::DATE"
            kind = self.types["event_params"]
            for row in nested.addresses(kind, self.scans, self.source.click_ids, day, self._rows):
                yield self.page(row)

    def page(self, row: Map[str, Any]) -> Observation:
        """A visited address: `url`, `rows` and days."""
        platform, account = self._who(row)
        return Observation(
            self.source.name,
            platform,
            Level.LINK,
            account=account,
            native=PAGE,
            value=row["url"],
            weight=Weight(int(row["rows"] or 0)),
            first_seen=row["first_day"],
            last_seen=row["last_day"],
        )

    def parameter(self, level: Level, row: Map[str, Any]) -> Observation:
        """A parameter or a user property: `name`, `event`, `rows`, `longest` and days."""
        platform, account = self._who(row)
        return Observation(
            self.source.name,
            platform,
            level,
            account=account,
            name=row["name"] or "",
            parents={"event": row["event"]} if row.get("event") else {},
            params={"longest": str(row["longest"])} if row.get("longest") is not None else {},
            weight=Weight(int(row["rows"] or 0)),
            first_seen=row["first_day"],
            last_seen=row["last_day"],
        )


NEVER_GROUPED: Final = frozenset(
    {"date", "first", "last", "event_params", "user_properties", "campaign.type"}
)


def cleaned(role: str, column: str) -> str:
    """The SQL of a cell as its role wants it: text as it stands, an id exact, else without blanks around."""
    if role in TAG_ROLES or role.endswith(".name") or role in ("url", "automatic"):
        return columns.text(column)
    if role.endswith(".id") or role == "account":
        return columns.id_text(column)
    return columns.trimmed(column)


def _scan(layout: Layout) -> tuple[str, Any]:
    """The table function that reads a file, and the SQL of its n-th column as text (or number)."""
    if layout.kind == "csv":
        width = layout.width
        declared = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
        scan = (
            f"read_csv({literal(layout.path)}, header=false, auto_detect=false, skip={layout.skip}, "
            f"delim={literal(layout.delimiter)}, quote='\"', escape='\"', null_padding=true, "
            f"columns={{{declared}}}, max_line_size=4194304, nullstr='\\N')"
        )
        return scan, lambda number: f"c{number}"
    function = "read_parquet" if layout.kind == "parquet" else "read_json"
    more = "" if layout.kind == "parquet" else ", format='newline_delimited', maximum_object_size=4194304"
    scan = f"{function}({literal(layout.path)}{more})"

    def cell(number: int) -> str:
        heading, kind = layout.header[number], layout.types[number]
        column = identifier(heading)
        if "." in heading and heading not in layout.header[:number]:
            whole, _, member = heading.rpartition(".")
            if whole in layout.header:
                column = f"{identifier(whole)}.{identifier(member)}"
        plain = columns.is_number(kind) or kind == "VARCHAR"
        return column if plain else f"CAST({column} AS VARCHAR)"

    return scan, cell


def _data_only(layout: Layout, fit: Fit, cell: Any, roles: Sequence[str]) -> list[str]:
    """Conditions that leave out what is no data: blank lines, totals, and what a report says below them."""
    if layout.kind != "csv":
        return []
    identity = [
        r for r in roles if r in TAG_ROLES or r.endswith((".id", ".name")) or r in ("url", "automatic")
    ]
    conditions = []
    if identity:
        present = " OR ".join(f"{columns.text(cell(fit.columns[role]))} IS NOT NULL" for role in identity)
        conditions.append(f"({present})")
    ids = [role for role in roles if role.endswith(".id")]
    nameless = "".join(f" AND {columns.text(cell(fit.columns[role]))} IS NULL" for role in ids)
    total = " OR ".join(
        f"regexp_matches(coalesce({cell(number)}, ''), {literal(columns.TOTALS)})"
        for number in range(min(3, len(layout.header)))
    )
    last = len(layout.header) - 1
    total += f" OR coalesce({cell(last)}, '') IN ('Grand total', 'Gesamtsumme')"
    conditions.append(f"NOT (({total}){nameless})")
    if fit.mapping.footer:
        pattern = literal(f"^(?:{fit.mapping.footer})$")
        conditions.append(f"NOT regexp_matches(trim(coalesce({cell(0)}, '')), {pattern})")
    return conditions


def _status(word: str | None) -> str:
    plain = (word or "").strip().lower().replace("_", " ")
    return _STATE_OF.get(plain, plain)


def as_day(value: object) -> date | None:
    """A day, or the first that a text names."""
    if isinstance(value, date):
        return value
    return period_in(str(value)).start if value else None


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

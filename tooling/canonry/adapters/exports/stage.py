"""The grouped rows of export files, from which `canonry.adapters.exports.observed` makes observations.

DuckDB scans and groups; what is kept is distinct. Numbers, days and ids are read as the file writes them,
and whatever could not be read is a gap. Every text in a query is quoted, every column named by this program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from canonry.adapters.cells import TableError
from canonry.adapters.exports import columns
from canonry.adapters.exports.layout import Layout, first_line, identifier, literal
from canonry.adapters.exports.rounding import Rounded
from canonry.audit.mappings import METRICS, TAG_ROLES, Fit, Tier
from canonry.audit.source import Gap, Period

if TYPE_CHECKING:
    import duckdb

_LEANER: Final = ("SET threads = 1", "SET memory_limit = '2GB'")
_LARGE: Final = 100_000
"""Rows from which on it is worth to look at some before all are grouped."""
_SAMPLES: Final = 4
_SAMPLE: Final = 500
"""Rows that are looked at, at so many places of the file."""
QUIET: Final = "SET enable_progress_bar = false"
"""A bar on standard output would stand in the middle of a report."""


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

    def laid_out(self, path: Path, folder: Path) -> Layout:
        """What a file is. Raises `TableError`."""

    def suits(self, layout: Layout, path: Path) -> Fit | Gap:
        """How to read a file."""


class Staged:
    """The grouped rows of all files, one column per role."""

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
            layout = self.source.laid_out(path, folder)
        except TableError as error:
            yield Gap(path.name, error.why, error.next_step)
            return
        fit = self.source.suits(layout, path)
        if isinstance(fit, Gap):
            yield fit
            return
        yield from layout.gaps
        if fit.mapping.incomplete and re.search(fit.mapping.incomplete, "\n".join(layout.above)):
            yield Gap(
                path.name, "the platform says that its data is not complete yet", "Export it again later"
            )
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
        yield from self._twice(layout, fit, path, table, cell)
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

        def said(place: int) -> str:
            column: str = cell(place)
            return f"CAST({column} AS VARCHAR)" if columns.is_number(kinds.get(place, "")) else column

        grouped = {role: self.grouped(role, said(fit.columns[role]), typed=typed) for role in self.roles}
        endings = (
            self._endings(scan, cell(fit.columns["url"]))
            if layout.kind == "parquet" and "url" in self.roles
            else []
        )
        if endings:
            scan, grouped["url"] = columns.shortened(
                scan, cell(fit.columns["url"]), endings, beside=layout.header
            )
        days = self.days(fit, said, self._formats(layout, fit))
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
            exact = kinds.get(fit.columns[role], "").upper().startswith("DECIMAL")
            value = f"CAST({column} AS DOUBLE)" if exact else column
            value = value if ready else columns.number(column, marks[role])
            sums.append(f"sum({value}) AS {identifier(role)}")
            if not ready:
                stated = columns.text(column)
                bad = f"({value}) IS NULL AND NOT starts_with(trim({column}), '<')"
                sums.append(
                    f"count(*) FILTER ({stated} IS NOT NULL AND {bad}) AS {identifier('bad.' + role)}"
                )
        if "rows" not in fit.columns:
            sums.append('count(*) AS "rows"')
        if days and "date" in fit.columns and layout.kind == "csv":
            stated = columns.text(cell(fit.columns["date"]))
            sums.append(f"count(*) FILTER ({stated} IS NOT NULL AND ({days[0]}) IS NULL) AS {_BAD_DAYS}")
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
        numbers = [
            r
            for r in self.metrics
            if r in fit.columns and not columns.is_number(kinds.get(fit.columns[r], ""))
        ]
        yield from self._unreadable(layout, fit, path, numbers, days=bool(days))

    def _twice(self, layout: Layout, fit: Fit, path: Path, table: str, cell: Any) -> Iterator[Gap]:
        """Columns of one heading that do not say the same."""
        for role, places in fit.twice.items():
            first, *others = places
            unlike = " OR ".join(f"{cell(first)} IS DISTINCT FROM {cell(other)}" for other in others)
            if self.db.execute(f"SELECT count(*) FROM {table} WHERE {unlike}").fetchall()[0][0]:
                what = f"{layout.header[first]!r} heads {len(places)} columns that differ; the first was read"
                yield Gap(path.name, what, f"Name them apart, or leave one out ({role})")

    def _unreadable(
        self, layout: Layout, fit: Fit, path: Path, numbers: Sequence[str], *, days: bool
    ) -> Iterator[Gap]:
        """What stands where numbers and days should."""
        for role in numbers:
            bad = self.db.execute(f"SELECT sum({identifier('bad.' + role)}) FROM stage").fetchall()[0][0]
            if bad:
                heading = layout.header[fit.columns[role]]
                yield Gap(path.name, f"{int(bad):,} values of {heading!r} are no numbers: its sum is short")
        if days and "date" in fit.columns and layout.kind == "csv":
            bad = self.db.execute(f"SELECT sum({_BAD_DAYS}) FROM stage").fetchall()[0][0]
            if bad:
                heading = layout.header[fit.columns["date"]]
                why = (
                    f"{int(bad):,} values of {heading!r} are no days that can be told: no period was applied"
                )
                yield Gap(path.name, why, "Export it with days as 2026-11-16")

    @staticmethod
    def _formats(layout: Layout, fit: Fit) -> tuple[str, ...]:
        """How the file writes days."""
        places = [fit.columns[role] for role in ("date", "first") if role in fit.columns]
        cells = (row[places[0]] for row in layout.rows if len(row) > places[0]) if places else ()
        return columns.day_formats(cells, fit.mapping.dates)

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
            except duckdb.Error as error:
                if _BROKEN_LINES not in str(error) or _PARALLEL in query:
                    raise
                query = query.replace(_PADDED, f"{_PADDED}, {_PARALLEL}")
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
        half = self.fit.halves.get(role) if self.fit is not None else None
        if half is not None:
            return columns.text(columns.half(column, half))
        if typed and role in self._heavy:  # nothing is nothing there: no row has to be looked into
            return columns.address(column, self.source.click_ids) if role == "url" else column
        cell = cleaned(role, column)
        return columns.address(cell, self.source.click_ids) if role == "url" else cell

    @staticmethod
    def days(fit: Fit, cell: Any, formats: Sequence[str] = ()) -> tuple[str, str] | None:
        formats = formats or fit.mapping.dates
        if "date" in fit.columns:
            day = columns.day(cell(fit.columns["date"]), formats)
            return day, day
        if "first" in fit.columns and "last" in fit.columns:
            return columns.day(cell(fit.columns["first"]), formats), columns.day(
                cell(fit.columns["last"]), formats
            )
        return None


_SPARE: Final = 24
"""So many more cells than the header may a line have that was not looked at."""
_PADDED: Final = "null_padding=true"
_PARALLEL: Final = "parallel=false"
_BROKEN_LINES: Final = "quoted new line"
"""What DuckDB says of a file whose cells hold line ends, while it fills up short lines by several threads."""
_BAD_DAYS: Final = '"bad.days"'

NEVER_GROUPED: Final = frozenset(
    {"date", "first", "last", "event_params", "user_properties", "campaign.type"}
)


def is_identity(role: str) -> bool:
    """Whether a column says what a row is about."""
    return role in TAG_ROLES or role.endswith((".id", ".name")) or role in ("url", "automatic")


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
        width = layout.width + _SPARE
        declared = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(width))
        scan = (
            f"read_csv({literal(layout.path)}, header=false, auto_detect=false, skip={layout.skip}, "
            f"delim={literal(layout.delimiter)}, quote='\"', escape='\"', {_PADDED}, "
            f"columns={{{declared}}}, max_line_size=4194304, nullstr='\\N')"
        )
        return scan, lambda number: f"c{number}"
    function = "read_parquet" if layout.kind == "parquet" else "read_json"
    scan = f"{function}({literal(layout.path)}{layout.options})"

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
    identity = [r for r in roles if is_identity(r)]
    conditions = []
    if identity:
        present = " OR ".join(f"{columns.text(cell(fit.columns[role]))} IS NOT NULL" for role in identity)
        conditions.append(f"({present})")
    sums_up = f"regexp_matches(coalesce({{}}, ''), {literal(columns.TOTALS)})"
    nameless = "".join(
        f" AND ({columns.text(cell(place))} IS NULL"
        + ("" if role.endswith(".id") else f" OR {sums_up.format(cell(place))}")
        + ")"
        for role in identity
        for place in [fit.columns[role]]
    )
    total = " OR ".join(sums_up.format(cell(number)) for number in range(min(3, len(layout.header))))
    last = ", ".join(map(literal, columns.LAST_TOTALS))
    total += f" OR coalesce({cell(len(layout.header) - 1)}, '') IN ({last})"
    conditions.append(f"NOT (({total}){nameless})")
    if fit.mapping.footer:
        pattern = literal(f"^(?:{fit.mapping.footer})$")
        conditions.append(f"NOT regexp_matches(trim(coalesce({cell(0)}, '')), {pattern})")
    return conditions

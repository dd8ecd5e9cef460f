"""The grouped rows of export files, from which `canonry.adapters.exports.observed` makes observations.

DuckDB scans and groups; what is kept is distinct. Numbers, days and ids are read as the file writes them,
and whatever could not be read is a gap. Every text in a query is quoted, every column named by this program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from canonry.adapters.cells import TableError
from canonry.adapters.exports import columns, visits
from canonry.adapters.exports.counts import COMPARED, OUTSIDE, SPELLING, Counts, listed, widened
from canonry.adapters.exports.encoding import SAY
from canonry.adapters.exports.exclusions import Exclusions, beyond, unasked, within
from canonry.adapters.exports.layout import Layout
from canonry.adapters.exports.queries import broken, identifier
from canonry.adapters.exports.rounding import Rounded
from canonry.adapters.exports.unreadable import BAD_DAYS, PADDED, TOO_LONG, Unreadable, scanned
from canonry.adapters.tables import STDIO
from canonry.audit.mappings import METRICS, SPAN, TAG_ROLES, Fit, Tier
from canonry.audit.quotation import shown
from canonry.audit.source import Gap, Period

if TYPE_CHECKING:
    import duckdb

_LEANER: Final = (
    "SET threads = 1; SET disable_parquet_prefetching = true",  # a row group of compressed pages less
    "SET memory_limit = '2GB'",
)
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


def named(path: Path) -> str:
    """What a file is called for people."""
    return path.name if str(path) != STDIO else "standard input"


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
        self.formats: tuple[str, ...] = ()
        """How all of the files write days."""
        self.counts = Counts()
        self.elsewhere: list[Gap] = []

    def take(self, path: Path, folder: Path, period: Period) -> Iterator[Gap]:
        """Groups one file into the stage; what could not be read is a gap."""
        import duckdb

        try:
            layout = self.source.laid_out(path, folder)
        except TableError as error:
            line = re.search(r":[0-9]+\Z", error.file)
            yield Gap(named(path) + (line[0] if line else ""), error.why, error.next_step)
            return
        path = Path(named(path))  # from here on it is only told
        fit = self.source.suits(layout, path)
        if isinstance(fit, Gap):
            yield fit
            return
        yield from layout.gaps
        if fit.mapping.incomplete and re.search(fit.mapping.incomplete, "\n".join(layout.above)):
            yield Gap(
                path.name, "the platform says that its data is not complete yet", "Export it again later"
            )
        if not _dated(fit):
            if beyond(layout.period, period) == "none":
                self.elsewhere.append(unasked(path.name, layout.period, "none"))
                return
            yield from self._beyond(layout.period, period, path)
        if self.fit is None:
            self.begin(fit)
        elif unlike := self._unlike(fit):
            yield Gap(path.name, unlike, "Read them as sources of their own, or export them alike")
            return
        try:
            yield from self._stage(layout, fit, path, period)
        except duckdb.Error as error:
            if "Expected Number of Columns" not in str(error) or not widened(layout):
                yield broken(error, path.name)
                return
            try:
                yield from self._stage(layout, fit, path, period)
            except duckdb.Error as again:
                yield broken(again, path.name)

    @staticmethod
    def _beyond(held: Period, asked: Period, path: Path) -> Iterator[Gap]:
        if beyond(held, asked) == "more":
            yield unasked(path.name, held, "more")

    def nothing_asked(self) -> list[Gap]:
        """Files of other days than were asked for, where all are: of several weeks' files one is meant."""
        if self.fit is None:
            return self.elsewhere
        for gap in self.elsewhere:
            self.counts.add({}, gap.what, [f"{gap.why}, and was left out"])
        return []

    def _unlike(self, fit: Fit) -> str:
        """Why a file cannot be added to those before it; nothing where it can."""
        first = self.source.paths[0].name
        gone = sorted({*self.roles, *self.metrics} - set(fit.columns))
        if gone:
            return f"it lacks {listed(gone)}, which {first} has"
        if "currency" not in self.roles and fit.currency != self.currency and "cost" in self.metrics:
            told = [currency or "no currency" for currency in (fit.currency, self.currency)]
            return f"its money is in {told[0]}, that of {first} in {told[1]}"
        return ""

    def begin(self, fit: Fit) -> None:
        """Says what the stage's columns will be: those of the first that is taken."""
        self.fit, self.currency = fit, fit.currency
        self.roles = [r for r in fit.columns if r not in METRICS and r not in NEVER_GROUPED]
        self.metrics = [r for r in METRICS if r in fit.columns]

    def _stage(self, layout: Layout, fit: Fit, path: Path, period: Period) -> Iterator[Gap]:
        table, cell = scanned(layout)
        scan = table
        yield from self._twice(layout, fit, path, table, cell)
        kinds = dict(enumerate(layout.types))
        marks = {
            role: self._mark(layout, fit.columns[role], table, cell, whole=role != "cost")
            for role in self.metrics
            if role in fit.columns
        }
        typed = layout.kind == "parquet"

        def said(place: int) -> str:
            column: str = cell(place)
            return f"CAST({column} AS VARCHAR)" if columns.is_number(kinds.get(place, "")) else column

        grouped = {role: self.grouped(role, said(fit.columns[role]), typed=typed) for role in self.roles}
        scan, keys = self._keyed(layout, fit, scan, cell, grouped)
        days = self.days(fit, said, self._formats(layout, fit))
        inside = within(days, period)
        whole = layout.kind != "parquet"  # every row is looked at, and told from the others by its reason
        out = Exclusions(self._run, layout, fit, self.roles, table, cell)
        where = ""
        if whole:
            scan = f"(SELECT *, {out.of_rows(inside)} AS {_WHY} FROM {table})"
            grouped = {role: f"CASE WHEN {_WHY} IS NULL THEN {each} END" for role, each in grouped.items()}
            grouped["left out"] = _WHY
        compared = "" if whole else out.compared()
        if not whole:
            tests = [inside, f"NOT coalesce({compared}, false)" if compared else ""]
            where = " AND ".join(filter(None, tests))
        self._keep(layout, table, [inside] if inside else [])
        sums = self._figures(layout, fit, cell, marks)
        told = {
            role: day
            for role, day in zip(
                _PERIOD if "date" not in fit.columns else ("date",), days or (), strict=False
            )
            if not kinds.get(fit.columns[role], "").startswith(_DAYS)
        }
        for role, day in told.items():
            stated = f"{columns.text(said(fit.columns[role]))} IS NOT NULL"
            sums.append(f"count(*) FILTER ({stated} AND ({day}) IS NULL) AS {identifier(BAD_DAYS + role)}")
        named = [f"{expression} AS {identifier(role)}" for role, expression in grouped.items()]
        span = [f"min({days[0]}) AS first_day", f"max({days[1]}) AS last_day"] if days else [
            "NULL::DATE AS first_day", "NULL::DATE AS last_day"]  # fmt: skip
        query = f"SELECT {', '.join([*named, *sums, *span])} FROM {scan}" + (
            f" WHERE {where}" if where else ""
        )
        query = self._grouping(query, grouped, keys)
        if not whole:
            empty = [f"{columns.nothing(identifier(role))} AS {identifier(role)}" for role in self._heavy]
            replaced = f" REPLACE ({', '.join(empty)})" if empty else ""
            query = f"SELECT *{replaced}, {out.of_groups()} AS {_WHY} FROM ({query})"
        self._run(f"CREATE OR REPLACE TABLE arrived AS {query}")
        lines = self._lines()
        if not whole:
            lines = self._complete(lines, table, compared)
        self.counts.add(lines, path.name, layout.notes)
        yield from self._told(lines, path, layout)
        bad = Unreadable(self._run, layout, fit, path, cell, marks, told)
        self.db.execute(f"DELETE FROM arrived WHERE {_WHY} IS NOT NULL")
        if "date" not in fit.columns:
            held = Period(*self._run("SELECT min(first_day), max(last_day) FROM arrived").fetchall()[0])
            yield from self._beyond(held, period, path)
        yield from bad.gaps("arrived")
        yield from bad.shapes("arrived")
        self._settle()

    def _grouping(self, query: str, grouped: Map[str, str], keys: Sequence[str]) -> str:
        """The query with what it groups by."""
        if not keys:
            return f"{query} GROUP BY ALL" if grouped else query
        by = ", ".join([*keys, *(each for role, each in grouped.items() if role != "url")])
        # One address of each group tells what all of them are without their click ids.
        address = visits.address(identifier("url"), self.source.click_ids)
        return f"SELECT * REPLACE ({address} AS {identifier('url')}) FROM ({query} GROUP BY {by})"

    def _lines(self) -> dict[str, int]:
        """The lines of the groups that have just arrived, by why they are no data."""
        found = self.db.execute(f"SELECT {_WHY}, sum({_LINES}) FROM arrived GROUP BY 1").fetchall()
        return {reason or "": int(number) for reason, number in found if number}

    def _complete(self, lines: dict[str, int], table: str, compared: str) -> dict[str, int]:
        """The same with the rows that were never grouped: a typed file knows how many it has."""
        counts = f"count(*), count(*) FILTER ({compared})" if compared else "count(*), 0"
        rows, others = self._run(f"SELECT {counts} FROM {table}").fetchall()[0]
        outside = rows - others - sum(lines.values())
        return lines | {why: n for why, n in ((COMPARED, others), (OUTSIDE, outside)) if n}

    def _told(self, lines: Map[str, int], path: Path, layout: Layout) -> Iterator[Gap]:
        """That nothing of a file is judged, and why."""
        if SPELLING in lines:
            many = f"{lines[SPELLING]:,} lines" if lines[SPELLING] > 1 else "1 line"
            why = f"{many} with letters beyond ASCII could not be judged: nothing shows their encoding"
            yield Gap(path.name, why, SAY)
        if lines.get("") or SPELLING in lines:
            return
        if layout.kind == "parquet":
            of = " of the period" if OUTSIDE in lines else ""
            yield Gap(path.name, f"it has no row{of}", "Widen the period")
        elif not lines:
            yield Gap(path.name, "there is a header and no row below it", "Widen the period")
        elif OUTSIDE not in lines:
            yield Gap(path.name, "none of the lines below its header is a row of it", "Export it again")

    def _settle(self) -> None:
        """Puts what has arrived into the stage, without what was noted about it."""
        told = self.db.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = 'arrived'"
        ).fetchall()
        kept = [*self.roles, *METRICS, "first_day", "last_day"]
        exists = self.db.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'stage'").fetchall()
        if exists[0][0]:
            names = ", ".join(identifier(name) for (name,) in told if name in kept)
            self.db.execute(f"INSERT INTO stage BY NAME SELECT {names} FROM arrived")
            self.db.execute("DROP TABLE arrived")
            return
        for (name,) in told:
            if name not in kept:
                self.db.execute(f"ALTER TABLE arrived DROP COLUMN {identifier(name)}")
        self.db.execute("ALTER TABLE arrived RENAME TO stage")

    def _mark(self, layout: Layout, place: int, table: str, cell: Any, *, whole: bool) -> str:
        """Which sign begins the fraction in a column's numbers: its first rows show it, or all."""
        if whole:
            return ""
        if layout.types and columns.is_number(layout.types[place]):
            return "."
        told = columns.decimal_mark(row[place] for row in layout.rows if len(row) > place)
        if told:
            return told
        column = cell(place)
        counts = ", ".join(f"count(*) FILTER ({columns.shows_mark(column, mark)})" for mark in ".,")
        dots, commas = self._run(f"SELECT {counts} FROM {table}").fetchall()[0]
        if dots or commas:
            return "." if dots >= commas else ","
        mark = "," if layout.delimiter == ";" else "."
        unsure = columns.unsure(row[place] for row in layout.rows if len(row) > place)
        if unsure:
            heading = shown(layout.header[place].strip()[:40])
            read = "the fraction" if mark in unsure else "three digits of thousands"
            layout.notes.append(
                f"no number of {heading!r} shows which sign begins its fraction: in {unsure} it is {read}"
            )
        return mark

    def _figures(self, layout: Layout, fit: Fit, cell: Any, marks: Map[str, str]) -> list[str]:
        """The SQL of the sums of a group, and of how many of its values cannot be read."""
        kinds = dict(enumerate(layout.types))
        sums = []
        for role in METRICS:
            if role not in fit.columns:
                continue
            column = cell(fit.columns[role])
            kind = kinds.get(fit.columns[role], "")
            if columns.is_number(kind):
                exact = kind.upper().startswith("DECIMAL")
                value = f"CAST({column} AS DOUBLE)" if exact else column
                if columns.is_float(kind):
                    wrong = columns.not_finite(column)
                    value = f"CASE WHEN NOT ({wrong}) THEN {column} END"
                    sums.append(f"count(*) FILTER ({wrong}) AS {identifier('bad.' + role)}")
                sums.append(f"sum({value}) AS {identifier(role)}")
                continue
            value = columns.number(column, marks[role])
            sums.append(f"sum({value}) AS {identifier(role)}")
            wrong = columns.no_number(column, marks[role])
            sums.append(f"count(*) FILTER ({wrong}) AS {identifier('bad.' + role)}")
        if "rows" not in fit.columns:
            sums.append('count(*) AS "rows"')
        sums.append(f"count(*) AS {_LINES}")
        if layout.kind == "csv":
            beyond = f"coalesce({cell(len(layout.header))}, '') <> ''"
            sums.append(f"count(*) FILTER ({beyond}) AS {TOO_LONG}")
        return sums

    def _twice(self, layout: Layout, fit: Fit, path: Path, table: str, cell: Any) -> Iterator[Gap]:
        """Columns of one heading that do not say the same."""
        for role, places in fit.twice.items():
            first, *others = places
            unlike = " OR ".join(f"{cell(first)} IS DISTINCT FROM {cell(other)}" for other in others)
            if self._run(f"SELECT count(*) FROM {table} WHERE {unlike}").fetchall()[0][0]:
                what = f"{layout.header[first]!r} heads {len(places)} columns that differ; the first was read"
                yield Gap(path.name, what, f"Name them apart, or leave one out ({role})")

    def _formats(self, layout: Layout, fit: Fit) -> tuple[str, ...]:
        """How the file writes days; what all files have in common is remembered."""
        places = [
            place
            for role, place in fit.columns.items()
            if role in ("date", "first", "last", "synced") or role.endswith((".starts", ".ends"))
        ]
        cells = (row[place] for row in layout.rows for place in places if len(row) > place)
        formats = columns.day_formats(cells, fit.mapping.dates)
        self.formats = tuple(f for f in self.formats if f in formats) if self.formats else formats
        return formats

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
                query = query.replace(PADDED, f"{PADDED}, {_PARALLEL}")
        return self.db.execute(query)

    def _keyed(
        self, layout: Layout, fit: Fit, scan: str, cell: Any, grouped: dict[str, str]
    ) -> tuple[str, list[str]]:
        """The scan, and by what the addresses of a large table are grouped; nothing for a small one."""
        if layout.kind != "parquet" or "url" not in self.roles:
            return scan, []
        column = cell(fit.columns["url"])
        rows = self.db.execute(f"SELECT count(*) FROM {scan}").fetchall()[0][0]
        if rows < _LARGE:
            return scan, []
        sample: list[str] = []
        for part in range(_SAMPLES):
            query = f"SELECT {column} FROM {scan} LIMIT {_SAMPLE} OFFSET {rows * part // _SAMPLES}"
            sample += [text for (text,) in self._run(query).fetchall() if text]
        cuts = visits.learned(sample, self.source.click_ids)
        if not cuts:
            return scan, []
        grouped["url"] = f"any_value({column})"
        return visits.keyed(scan, column, cuts, beside=layout.header)

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
            return visits.address(column, self.source.click_ids) if role == "url" else column
        cell = cleaned(role, column)
        return visits.address(cell, self.source.click_ids) if role == "url" else cell

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


def _dated(fit: Fit) -> bool:
    """Whether rows have a day, or a first and a last one."""
    return "date" in fit.columns or all(role in fit.columns for role in _PERIOD)


_PERIOD: Final = ("first", "last")
_PARALLEL: Final = "parallel=false"
_BROKEN_LINES: Final = "quoted new line"
"""What DuckDB says of a file whose cells hold line ends, while it fills up short lines by several threads."""
_DAYS: Final = ("DATE", "TIMESTAMP")
"""Types of columns that hold nothing but days."""
_WHY: Final = '"left out"'
_LINES: Final = '"lines"'

NEVER_GROUPED: Final = frozenset(
    {"date", "first", "last", SPAN, "event_params", "user_properties", "campaign.type"}
)


def cleaned(role: str, column: str) -> str:
    """The SQL of a cell as its role wants it: text as it stands, an id exact, else without blanks around."""
    if role in TAG_ROLES or role.endswith(".name") or role in ("url", "automatic"):
        return columns.text(column)
    if role.endswith(".id") or role == "account":
        return columns.id_text(column)
    return columns.trimmed(column)

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
from canonry.adapters.exports.counts import BELOW, COMPARED, HEADER, NAMELESS, OUTSIDE, SUM, Counts, widened
from canonry.adapters.exports.layout import Layout
from canonry.adapters.exports.periods import period_in
from canonry.adapters.exports.queries import broken, identifier, literal
from canonry.adapters.exports.rounding import Rounded
from canonry.adapters.exports.unreadable import BAD_DAYS, PADDED, TOO_LONG, Unreadable, scanned
from canonry.adapters.tables import STDIO
from canonry.audit.drift import shown
from canonry.audit.mappings import METRICS, SPAN, TAG_ROLES, Fit, Tier
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
        self.counts = Counts()

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
        if self.fit is None:
            self.begin(fit)
        elif {r for r in self.roles if r in fit.columns} != set(self.roles):
            gone = sorted(set(self.roles) - set(fit.columns))
            yield Gap(path.name, f"it lacks {listed(gone)}, which {self.source.paths[0].name} has")
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
        typed = layout.kind != "csv"

        def said(place: int) -> str:
            column: str = cell(place)
            return f"CAST({column} AS VARCHAR)" if columns.is_number(kinds.get(place, "")) else column

        grouped = {role: self.grouped(role, said(fit.columns[role]), typed=typed) for role in self.roles}
        scan, keys = self._keyed(layout, fit, scan, cell, grouped)
        days = self.days(fit, said, self._formats(layout, fit))
        inside = _inside(days, fit, period)
        counted = layout.kind != "parquet"
        conditions = [inside] if inside and not counted else []
        if counted:
            why = self._why(layout, fit, table, cell, inside)
            scan = f"(SELECT *, {why} AS {_WHY} FROM {table})"
            grouped = {role: f"CASE WHEN {_WHY} IS NULL THEN {each} END" for role, each in grouped.items()}
            grouped["left out"] = _WHY
        self._keep(layout, table, [inside] if inside else [])
        sums = self._figures(layout, fit, cell, marks, days[0] if days else "")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        named = [f"{expression} AS {identifier(role)}" for role, expression in grouped.items()]
        span = [f"min({days[0]}) AS first_day", f"max({days[1]}) AS last_day"] if days else [
            "NULL::DATE AS first_day", "NULL::DATE AS last_day"]  # fmt: skip
        query = f"SELECT {', '.join([*named, *sums, *span])} FROM {scan}{where}"
        if keys:  # one address of each group tells what all of them are without their click ids
            by = ", ".join([*keys, *(each for role, each in grouped.items() if role != "url")])
            whole = visits.address(identifier("url"), self.source.click_ids)
            query = f"SELECT * REPLACE ({whole} AS {identifier('url')}) FROM ({query} GROUP BY {by})"
        elif named:
            query += " GROUP BY ALL"
        exists = self.db.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'stage'"
        ).fetchall()[0][0]
        into = "INSERT INTO stage BY NAME " if exists else "CREATE TABLE stage AS "
        bad = Unreadable(self._run, layout, fit, path, cell, marks, days[0] if days else "")
        if not counted:
            (kept,) = self._run(into + query).fetchall()[0]
            if not kept:
                yield Gap(
                    path.name, "it has no row" + (" of the period" if inside else ""), "Widen the period"
                )
            yield from bad.gaps("stage")
            return
        yield from self._counted(query, into, bad, layout, path)

    def _counted(self, query: str, into: str, bad: Unreadable, layout: Layout, path: Path) -> Iterator[Gap]:
        """Puts groups into the stage, but for those that are no data: their lines are counted."""
        self._run(f"CREATE OR REPLACE TEMP TABLE arrived AS {query}")
        found = self.db.execute(f"SELECT {_WHY}, sum({_LINES}) FROM arrived GROUP BY 1").fetchall()
        lines = {reason or "": int(number) for reason, number in found}
        self.counts.add(lines, path.name, layout.notes)
        if not lines:
            yield Gap(path.name, "there is a header and no row below it", "Widen the period")
        elif not lines.get("") and OUTSIDE not in lines:
            yield Gap(path.name, "none of the lines below its header is a row of it", "Export it again")
        self.db.execute(f"DELETE FROM arrived WHERE {_WHY} IS NOT NULL")
        yield from bad.gaps("arrived")
        yield from bad.shapes("arrived")
        self.db.execute(f"{into} SELECT * EXCLUDE ({_WHY}, {_LINES}) FROM arrived")
        self.db.execute("DROP TABLE arrived")

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

    def _why(self, layout: Layout, fit: Fit, table: str, cell: Any, inside: str) -> str:
        """The SQL that says why a row is not judged; NULL where it is."""
        reasons = left_out(layout, fit, cell, self.roles) if layout.kind == "csv" else []
        if layout.kind == "json":
            reasons = [(SUM, test) for test in self._json_sums(layout, fit, cell)]
        for reason, test in (
            (SUM, self._of_all_days(layout, fit, table, cell)),
            (COMPARED, self._spans(layout, fit, table, cell)),
        ):
            reasons += [(reason, test)] if test else []
        reasons += [(OUTSIDE, f"NOT {inside}")] if inside else []
        if not reasons:
            return "NULL::VARCHAR"
        return "CASE " + " ".join(f"WHEN {test} THEN {literal(name)}" for name, test in reasons) + " END"

    def _figures(self, layout: Layout, fit: Fit, cell: Any, marks: Map[str, str], day: str) -> list[str]:
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
        if layout.kind != "parquet":
            sums.append(f"count(*) AS {_LINES}")
            beyond = f"coalesce({cell(len(layout.header))}, '') <> ''" if layout.kind == "csv" else "false"
            sums.append(f"count(*) FILTER ({beyond}) AS {TOO_LONG}")
            if day and "date" in fit.columns:
                stated = columns.text(cell(fit.columns["date"]))
                sums.append(f"count(*) FILTER ({stated} IS NOT NULL AND ({day}) IS NULL) AS {BAD_DAYS}")
        return sums

    def _twice(self, layout: Layout, fit: Fit, path: Path, table: str, cell: Any) -> Iterator[Gap]:
        """Columns of one heading that do not say the same."""
        for role, places in fit.twice.items():
            first, *others = places
            unlike = " OR ".join(f"{cell(first)} IS DISTINCT FROM {cell(other)}" for other in others)
            if self._run(f"SELECT count(*) FROM {table} WHERE {unlike}").fetchall()[0][0]:
                what = f"{layout.header[first]!r} heads {len(places)} columns that differ; the first was read"
                yield Gap(path.name, what, f"Name them apart, or leave one out ({role})")

    def _json_sums(self, layout: Layout, fit: Fit, cell: Any) -> Iterator[str]:
        """The SQL that is true for objects that sum up the others, as some reports end."""
        places = [fit.columns[role] for role in self.roles if role.endswith(".name")]
        if places and all(layout.types[place] == "VARCHAR" for place in places):
            numbers = [cell(fit.columns[role]) for role in self.roles if role.endswith(".id")]
            nothing = "".join(f" AND {column} IS NULL" for column in numbers)
            said = " OR ".join(columns.sums_up(cell(place)) for place in places)
            named = "".join(
                f" AND ({columns.text(cell(place))} IS NULL OR {columns.sums_up(cell(place))})"
                for place in places
            )
            yield f"({said}){named}{nothing}"

    def _of_all_days(self, layout: Layout, fit: Fit, table: str, cell: Any) -> str:
        """The SQL that is true for lines that sum up the days of a thing, where those are lines of their own.

        Meta's reports begin each campaign with one that says `All`; some name the campaign only there.
        """
        place = fit.columns.get("date")
        if place is None or not any(
            row[place] in columns.EVERY_DAY for row in layout.rows if len(row) > place
        ):
            return ""
        summed = f"trim({cell(place)}) IN ({', '.join(map(literal, columns.EVERY_DAY))})"
        named = " OR ".join(
            f"{columns.text(cell(fit.columns[role]))} IS NOT NULL" for role in self.roles if is_identity(role)
        )
        query = (
            f"SELECT count(*) FROM {table} WHERE NOT ({summed}) AND trim({cell(place)}) <> '' AND ({named})"
        )
        return summed if self._run(query).fetchall()[0][0] else ""

    def _spans(self, layout: Layout, fit: Fit, table: str, cell: Any) -> str:
        """The SQL that is true for lines of another stretch of days than the last that is compared."""
        if SPAN not in fit.columns:
            return ""
        column = f"trim({cell(fit.columns[SPAN])})"
        found = self._run(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''").fetchall()
        ends = {
            text: period_in(str(text)).end for (text,) in found if text != layout.header[fit.columns[SPAN]]
        }
        told = [text for text, end in ends.items() if end is not None]
        if len(ends) < 2 or not told:  # noqa: PLR2004  one is compared with nothing
            return ""
        latest = max(told, key=lambda text: (ends[text], text))
        return f"{column} <> '' AND {column} <> {literal(latest)}"

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


_PARALLEL: Final = "parallel=false"
_BROKEN_LINES: Final = "quoted new line"
"""What DuckDB says of a file whose cells hold line ends, while it fills up short lines by several threads."""
_WHY: Final = '"left out"'
_LINES: Final = '"lines"'

NEVER_GROUPED: Final = frozenset(
    {"date", "first", "last", SPAN, "event_params", "user_properties", "campaign.type"}
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


def _inside(days: tuple[str, str] | None, fit: Fit, period: Period) -> str:
    """The SQL that is true for rows of the period, and for those whose day cannot be told."""
    if not days or "date" not in fit.columns or not (period.start and period.end):
        return ""
    inside = f"{days[0]} BETWEEN DATE {literal(period.start)} AND DATE {literal(period.end)}"
    return f"({inside} OR {days[0]} IS NULL)"


def left_out(layout: Layout, fit: Fit, cell: Any, roles: Sequence[str]) -> list[tuple[str, str]]:
    """Why a line is no data, and the SQL that is true for such a line; the first that holds is why."""
    places = sorted(set(fit.columns.values()))
    identity = [r for r in roles if is_identity(r)]
    figures = [cell(fit.columns[role]) for role in METRICS if role in fit.columns]
    reasons = []
    heads = " AND ".join(f"trim({cell(p)}) = {literal(layout.header[p].strip())}" for p in places)
    reasons.append((HEADER, heads))
    if fit.mapping.footer:
        pattern = literal(f"^(?:{fit.mapping.footer})$")
        reasons.append((BELOW, f"regexp_matches(trim(coalesce({cell(0)}, '')), {pattern})"))
    if figures and len(layout.header) > 1:  # what has fewer cells than the header, and none with a figure
        absent = " AND ".join(f"{column} IS NULL" for column in figures)
        reasons.append((BELOW, f"{cell(len(layout.header) - 1)} IS NULL AND {absent}"))
    nameless = "".join(
        f" AND ({columns.text(cell(place))} IS NULL"
        + ("" if role.endswith(".id") else f" OR {columns.sums_up(cell(place))}")
        + ")"
        for role in identity
        for place in [fit.columns[role]]
    )
    looked_at = {*range(min(3, len(layout.header))), *(fit.columns[role] for role in identity)}
    total = " OR ".join(columns.sums_up(cell(number)) for number in sorted(looked_at))
    last = ", ".join(map(literal, columns.LAST_TOTALS))
    total += f" OR coalesce({cell(len(layout.header) - 1)}, '') IN ({last})"
    reasons.append((SUM, f"({total}){nameless}"))
    if identity:
        present = " OR ".join(f"{columns.text(cell(fit.columns[role]))} IS NOT NULL" for role in identity)
        filled = " OR ".join(f"{columns.text(column)} IS NOT NULL" for column in figures) or "false"
        reasons += [(SUM, f"NOT ({present}) AND ({filled})"), (NAMELESS, f"NOT ({present})")]
    return reasons

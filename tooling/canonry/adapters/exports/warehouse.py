"""A table of a warehouse or a cluster as a source: Ibis groups where the rows are, distinct things come back.

Any backend that Ibis connects to by URL (DuckDB, Postgres, Spark, BigQuery, Snowflake, ...). The query is
one GROUP BY over the columns that a mapping knows; the groups go into the same stage as those of a file, so
that a warehouse and an export of it make the same observations.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from canonry.adapters.exports import columns, nested, visits
from canonry.adapters.exports.files import capable, unsuited
from canonry.adapters.exports.observed import Observed, as_day
from canonry.adapters.exports.queries import CONFIG, heeded, identifier
from canonry.adapters.exports.stage import NEVER_GROUPED, Staged
from canonry.audit.layouts import MAPPINGS, best
from canonry.audit.mappings import METRICS, Fit, Mapping
from canonry.audit.observation import Level, Observation
from canonry.audit.source import Capabilities, Gap, Passed, Period
from canonry.kernel.errors import CanonryError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import ibis
    import pyarrow as pa

    from canonry.adapters.exports.layout import Layout

CHUNK: Final = 50_000
"""Groups that are held at a time."""
UNDATED: Final = "undated rows"
"""The column of a group that counts rows whose day cannot be told."""
_IN_YAML: Final = (("--column campaign.name=HEADING", "columns: {campaign.name: NAME}"), ("--as", "mapping:"))
"""What the command line says, and `audit.yaml`."""
_DOLLAR: Final = frozenset({"pyspark", "databricks", "trino"})
"""Backends that write a group as `$1` in what replaces a match; the others write `\\1`."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class MissingExtraError(CanonryError):
    """What speaks to a warehouse is not installed."""

    package: str
    hint: ClassVar[str] = "pip install 'canonry[warehouse]', for Spark 'canonry[spark]'"

    def __str__(self) -> str:
        return f"a warehouse is read through {self.package}, which is not installed"


class WarehouseSource:
    """Reads one table. `url` is Ibis's; a password in it must have come from the environment.

    `table` is the table's name, with schema or dataset where it has one; or `path`, Parquet files that the
    backend reads itself.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        table: str = "",
        path: str = "",
        mapping: Mapping | None = None,
        account: str = "",
        platform: str = "",
        click_ids: Iterable[str] = (),
        connection: ibis.BaseBackend | None = None,
    ) -> None:
        self._name = name
        self._url = url
        self._table_name = table
        self._path = path
        self.mapping = mapping
        self.account = account
        self.platform = platform
        self.click_ids = tuple(click_ids)
        self.paths: list[Path] = []
        self._backend = connection
        self._table: ibis.Table | None = None
        self._dialect = ""

    @property
    def name(self) -> str:
        """The key in `audit.yaml`."""
        return self._name

    def capabilities(self) -> Capabilities:
        """What the columns say; a table that cannot be opened says nothing here, and is a gap in `read`."""
        try:
            fit = self._fit()
        except Exception as error:  # noqa: BLE001  whatever a backend raises, `read` says it
            heeded(error)
            return Capabilities(self.platform, frozenset(), account=self.account)
        if isinstance(fit, Gap):
            return Capabilities(self.platform, frozenset(), account=self.account)
        return capable(fit, platform=self.platform, account=self.account, period=Period())

    def read(self, period: Period) -> Iterator[Observation | Gap | Passed]:
        """One observation per distinct thing. Whatever the backend cannot do is a gap."""
        import duckdb

        try:
            fit = self._fit()
            if isinstance(fit, Gap):
                yield fit
                return
            with tempfile.TemporaryDirectory(prefix="canonry-") as folder:
                config = {**CONFIG, "temp_directory": folder}
                with duckdb.connect(config=config) as local:
                    staged = Staged(local, self)
                    yield from self._fill(local, staged, fit, period)
                    observed = Observed(staged)
                    yield from observed.observations()
                    yield from self._nested(observed, fit, period)
        except CanonryError:
            raise
        except Exception as error:  # noqa: BLE001  every backend has errors of its own
            heeded(error)
            yield Gap(self._name, f"the warehouse refused: {self._said(error)}", self._advice())

    def among(self) -> Sequence[Mapping]:
        """The mappings that the columns may suit."""
        return MAPPINGS if self.mapping is None else (self.mapping, *MAPPINGS)

    def laid_out(self, path: Path, folder: Path) -> Layout:
        """A warehouse has no files."""
        raise NotImplementedError

    def suits(self, layout: Layout, path: Path) -> Fit | Gap:
        """A warehouse has no files."""
        raise NotImplementedError

    def _said(self, error: Exception) -> str:
        """The first line of a backend's error, without what the URL may hold."""
        from canonry.naming.personal import masked

        text = str(error).strip().partition("\n")[0]
        if text[:1] == text[-1:] == "'":  # as Python quotes what it did not find
            text = text[1:-1]
        for secret in _secrets(self._url):
            text = text.replace(secret, "***")
        if " " not in text:  # the name of what it did not find, or nothing
            text = f"{type(error).__name__} {text}".strip()
        return masked(text)[:300]

    def _advice(self) -> str:
        """What to do about an error: amounts that are text are the likeliest."""
        with suppress(Exception):
            fit = self._fit()
            if isinstance(fit, Fit):
                cells = list(_leaves(self.table()).items())
                texts = [cells[fit.columns[r]] for r in METRICS if r in fit.columns]
                named = [name for name, cell in texts if cell.type().is_string()]
                if named:
                    hold = "holds" if len(named) == 1 else "hold"
                    return f"Read a view in which {' and '.join(named)} {hold} numbers, not text"
        return "Try the connection by hand"

    def table(self) -> ibis.Table:
        """The table as Ibis sees it. Raises `MissingExtraError`, and whatever the backend does."""
        if self._table is None:
            backend = self._opened()
            if self._path:
                self._table = backend.read_parquet(self._path)
            else:
                *database, table = self._table_name.split(".")
                place = ".".join(database) or None
                self._table = backend.table(table, database=place)
        return self._table

    def _fit(self) -> Fit | Gap:
        header = list(_leaves(self.table()))
        fits = best(header, among=self.among())
        wanted = [f for f in fits if self.mapping is None or f.mapping.key == self.mapping.key]
        found = next((f for f in wanted if f.whole), None)
        if found is not None:
            return found
        gap = unsuited(self._name, self.mapping, header, fits)
        return replace(gap, hint=gap.hint.replace(*_IN_YAML[0]).replace(*_IN_YAML[1]))

    def grouped(self, fit: Fit, period: Period) -> ibis.Table:
        """The query: a row per distinct combination of what the mapping knows, with its sums and days."""
        table = self._within(fit, period)
        leaves = _leaves(table)
        cells = {role: list(leaves.values())[place] for role, place in fit.columns.items()}
        keys = {
            role: self._without_click_ids(cell.cast("string")) if role == "url" else cell.cast("string")
            for role, cell in cells.items()
            if role not in METRICS and role not in NEVER_GROUPED
        }
        sums: dict[str, Any] = {role: cells[role].cast("float64").sum() for role in METRICS if role in cells}
        if "rows" not in sums:
            sums["rows"] = table.count()
        if "date" in cells and period.start is not None and period.end is not None:
            sums[UNDATED] = (_undated(cells["date"]) & cells["date"].notnull()).sum()
        first, last = (cells.get(role, cells.get("date")) for role in ("first", "last"))
        if first is not None and last is not None:
            sums["first_day"] = first.cast("string").min()
            sums["last_day"] = last.cast("string").max()
        return table.group_by(**keys).aggregate(**sums) if keys else table.aggregate(**sums)

    def _within(self, fit: Fit, period: Period) -> ibis.Table:
        """The rows of the period, where rows have a day."""
        table = self.table()
        if "date" not in fit.columns or period.start is None or period.end is None:
            return table
        cell = list(_leaves(table).values())[fit.columns["date"]]
        if cell.type().is_temporal():
            import ibis

            first, last = ibis.literal(period.start), ibis.literal(period.end)
            inside = cell.cast("date").between(first, last)
        else:
            text = cell.cast("string")  # with the time behind the day, where there is one
            written = [
                text.substr(0, size).between(period.start.strftime(form), period.end.strftime(form))
                for form, size in (("%Y-%m-%d", 10), ("%Y/%m/%d", 10), ("%Y%m%d", 8))
            ]
            inside = written[0] | written[1] | written[2]
        return table.filter(inside | _undated(cell))

    def _without_click_ids(self, address: Any) -> Any:
        """Click ids lose their values where the rows are: else every click would be an address of its own."""
        keys = "|".join(sorted({*self.click_ids, *visits.PERSONAL_KEYS}))
        group = "$1" if self._speaks() in _DOLLAR else "\\1"
        return address.re_replace(f"([?&#;]({keys})=)[^&#;]*", group)

    def _speaks(self) -> str:
        """The dialect: the name of the backend."""
        return self._dialect or str(self._opened().name)

    def _opened(self) -> ibis.BaseBackend:
        """The backend, opened when it is first needed. Raises `MissingExtraError`."""
        if self._backend is None:
            try:
                import ibis
            except ImportError as error:
                raise MissingExtraError("ibis") from error
            self._backend = ibis.connect(self._url)
        return self._backend

    def _batches(self, query: ibis.Table) -> Iterable[pa.RecordBatch]:
        """What the query answers, in parts."""
        backend = self._opened()
        if backend.name == "duckdb":  # Ibis 12 calls what DuckDB 2 has renamed
            import ibis

            reader: Iterable[pa.RecordBatch] = backend.con.sql(
                ibis.to_sql(query, dialect="duckdb")
            ).to_arrow_reader(CHUNK)
            return reader
        batches: Iterable[pa.RecordBatch] = backend.to_pyarrow_batches(query, chunk_size=CHUNK)
        return batches

    def _fill(
        self, local: duckdb.DuckDBPyConnection, staged: Staged, fit: Fit, period: Period
    ) -> Iterator[Gap]:
        """Streams the groups into the stage, cleaned as those of a file are; what is odd about them."""
        staged.begin(fit)
        query = self.grouped(fit, period)
        batches = self._batches(query)
        names = query.columns
        groups, undated = stage(local, staged, fit, names, batches)
        if undated:
            heading = list(_leaves(self.table()))[fit.columns["date"]]
            rows = "1 row has" if undated == 1 else f"{undated:,} rows have"
            why = f"{rows} no day in {heading!r} that can be told: no period was applied"
            yield Gap(self._name, why, "Read a column of days")
        if not groups:
            when = " of the period" if period.start is not None and "date" in fit.columns else ""
            yield Gap(self._name, f"it has no row{when}", "Widen the period, or look at the table")

    def _nested(self, observed: Observed, fit: Fit, period: Period) -> Iterator[Observation]:
        """Parameters and user properties of the BigQuery export, which are lists of key and value."""
        table = self._within(fit, period)
        for role, level in (("event_params", Level.PARAMETER), ("user_properties", Level.USER_PROPERTY)):
            if role not in fit.columns:
                continue
            listed = list(_leaves(table).values())[fit.columns[role]]
            if not _keyed(listed.type()):
                continue
            beside = {"event": table["event_name"]} if level is Level.PARAMETER else {}
            if beside and "date" in fit.columns:
                beside["day"] = list(_leaves(table).values())[fit.columns["date"]].cast("string")
            rows = table.select(part=listed.unnest(), **beside)
            part = rows["part"]
            keys = {"name": part["key"], **({"event": rows["event"]} if beside else {})}
            query = rows.group_by(**keys).aggregate(
                rows=rows.count(), longest=part["value"]["string_value"].length().max()
            )
            for row in self._answers(query):
                yield observed.parameter(level, {**row, "first_day": None, "last_day": None})
            if beside:
                yield from self._pages(observed, rows.filter(part["key"] == nested.ADDRESS))

    def _pages(self, observed: Observed, rows: ibis.Table) -> Iterator[Observation]:
        """Visited addresses, which are a parameter."""
        address = self._without_click_ids(rows["part"]["value"]["string_value"])
        pages = rows.mutate(url=address).filter(lambda each: each["url"].notnull())
        sums: dict[str, Any] = {"rows": pages.count()}
        if "day" in rows.columns:
            sums |= {"first_day": pages["day"].min(), "last_day": pages["day"].max()}
        for row in self._answers(pages.group_by("url").aggregate(**sums)):
            days = {each: as_day(row.get(each)) for each in ("first_day", "last_day")}
            yield observed.page({**row, **days})

    def _answers(self, query: ibis.Table) -> Iterator[dict[str, Any]]:
        for batch in self._batches(query):
            yield from _table_of(batch).to_pylist()


def stage(
    local: duckdb.DuckDBPyConnection,
    staged: Staged,
    fit: Fit,
    names: Iterable[str],
    batches: Iterable[pa.RecordBatch],
) -> tuple[int, int]:
    """Puts groups into the stage, as those of a typed file are. `names` are the groups' columns.

    How many there are, and how many rows of theirs have no day that can be told.
    """
    names = tuple(names)
    groups = undated = 0
    cells = [
        f"{staged.grouped(role, identifier(role), typed=False)} AS {identifier(role)}"
        for role in staged.roles
    ]
    sums = [identifier(role) for role in METRICS if role in names]
    days = [
        f"{columns.day(identifier(each), fit.mapping.dates)} AS {each}"
        if each in names
        else f"NULL::DATE AS {each}"
        for each in ("first_day", "last_day")
    ]
    selected = ", ".join([*cells, *sums, *days])
    into = "CREATE OR REPLACE TABLE stage AS"
    for batch in batches:
        groups += batch.num_rows
        if UNDATED in names:
            undated += sum(int(each or 0) for each in batch.column(UNDATED).to_pylist())
        local.register("arrived", _table_of(batch))
        local.execute(f"{into} SELECT {selected} FROM arrived")
        local.unregister("arrived")
        into = "INSERT INTO stage BY NAME"
    return groups, undated


def _undated(cell: Any) -> Any:
    """True for a row whose day nobody can tell: it is of any period, as in a file."""
    if cell.type().is_temporal():
        return cell.isnull()
    text = cell.cast("string")
    return text.isnull() | ~(text.startswith("19") | text.startswith("20"))


def _keyed(kind: Any) -> bool:
    """Whether a type is a list of key and value."""
    return bool(
        kind.is_array() and kind.value_type.is_struct() and {"key", "value"} <= set(kind.value_type.names)
    )


_KEYS: Final = re.compile(r"(?i)(?:^|[&;])[^=&]*(?:passw|pwd|token|secret|key|credential)[^=&]*=")


def _leaves(table: ibis.Table) -> dict[str, Any]:
    """Columns by name, members of a struct as `column.member`."""
    found: dict[str, Any] = {}
    for name in table.columns:
        column: Any = table[name]
        kind = column.type()
        if kind.is_struct():
            found |= {f"{name}.{member}": column[member] for member in kind.names}
        else:
            found[name] = column
    return found


def _table_of(batch: pa.RecordBatch) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def _secrets(url: str) -> list[str]:
    """What in a URL must not be said: the password and what follows the question mark, encoded or not.

    The longest first, so that none is replaced in part.
    """
    found: set[str] = set()
    with suppress(ValueError):
        parts = urlsplit(url)
        values = [value for _, value in parse_qsl(parts.query) if len(value) > 3]  # noqa: PLR2004  `off`
        for each in (parts.password, parts.query, *values):
            if each:
                found |= {each, unquote(each)}
    return sorted(found, key=len, reverse=True)


def checked_url(url: str, where: str) -> str:
    """A URL from a registry file. Raises `UsageError` where it holds a password."""
    parts = urlsplit(url)
    if parts.password or _KEYS.search(parts.query):
        raise UsageError(
            f"{where} holds a password",
            "Credentials come from the environment: write options: {url_env: NAME} instead",
        )
    return url

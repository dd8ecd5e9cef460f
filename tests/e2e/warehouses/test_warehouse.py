"""One set of rows in a file, in DuckDB, in Postgres and in Spark: the same observations from each."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.e2e.warehouses import messy, postgres

from canonry.adapters.exports.cluster import ClusterSource
from canonry.adapters.exports.files import FileSource
from canonry.adapters.exports.warehouse import WarehouseSource, checked_url
from canonry.adapters.worktree import DirectoryTree
from canonry.app import auditing
from canonry.audit.layouts import known
from canonry.audit.mappings import own as own_mapping
from canonry.audit.observation import Level, Observation
from canonry.audit.source import Gap, Passed, Period
from canonry.catalogue.load import load
from canonry.kernel.errors import UsageError

pytest.importorskip("ibis")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
TODAY = date(2026, 11, 25)
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))
CLICK_IDS = ("gclid", "fbclid", "ttclid")
SESSIONS = """
    SELECT
      DATE '2026-11-14' + CAST(i % 10 AS INTEGER) AS day,
      CASE i % 4 WHEN 0 THEN 'facebook' WHEN 1 THEN 'newsletter' WHEN 2 THEN '(not set)' END AS source,
      CASE i % 3 WHEN 0 THEN 'paid_social' ELSE 'Email ' END AS medium,
      'acme_de_' || (i % 17) || CASE WHEN i % 5 = 0 THEN ' ünïcode' ELSE '' END AS campaign,
      'https://www.example.com/p' || (i % 7) || '?a=1&fbclid=' || i || '&utm_source=x' || (i % 3)
        || CASE WHEN i % 2 = 0 THEN '&gclid=' || (i * 7) || '#top' ELSE '' END AS url,
      i % 11 AS sessions
    FROM range(2000) AS t(i)
"""
EVENTS = """
    SELECT '20261117' AS event_date, 'purchase' AS event_name,
      [{'key': 'page_location', 'value': {'string_value': 'https://www.example.com', 'int_value': NULL}},
       {'key': 'value', 'value': {'string_value': NULL, 'int_value': 3}}] AS event_params,
      [{'key': 'plan_tier', 'value': {'string_value': 'pro', 'int_value': NULL}}] AS user_properties,
      {'manual_source': 'facebook', 'manual_medium': 'paid_social', 'manual_campaign_name': 'a' || i % 3,
       'manual_campaign_id': NULL, 'manual_content': '', 'manual_term': NULL} AS collected_traffic_source
    FROM range(30) AS t(i)
"""
TAGS = {"utm_source": "source", "utm_medium": "medium", "utm_campaign": "campaign"}


def shown(items: Iterator[Observation | Gap]) -> list[tuple[Any, ...]]:
    """Observations in an order of their own; a gap fails."""
    found = []
    for item in items:
        assert isinstance(item, Observation), item
        weight = item.weight
        found.append(
            (
                item.level.value,
                item.name,
                item.value,
                tuple(sorted(item.params.items())),
                weight.rows,
                item.first_seen,
                item.last_seen,
            )
        )
    return sorted(found, key=repr)


def own(**columns: str) -> Any:
    """A mapping of one's own columns."""
    return own_mapping({**columns, "rows": "sessions", "date": "day"}, platform="ga4")


MAPPINGS = {"tags": own(**TAGS), "links": own(url="url")}


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows in a file."""
    path = tmp_path_factory.mktemp("rows") / "sessions.parquet"
    duckdb.sql(f"COPY ({SESSIONS}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.fixture(scope="module")
def from_file(parquet: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the file says, by mapping."""
    found = {
        name: shown(FileSource("f", [parquet], mapping=mapping, click_ids=CLICK_IDS).read(WEEK))
        for name, mapping in MAPPINGS.items()
    }
    assert len(found["links"]) == 7 * 3 * 2
    assert len(found["tags"]) > 100
    return found


def same(from_file: dict[str, list[tuple[Any, ...]]], **place: Any) -> None:
    """Holds a warehouse to the file."""
    for name, mapping in MAPPINGS.items():
        source = WarehouseSource("w", mapping=mapping, click_ids=CLICK_IDS, **place)
        assert source.capabilities().levels
        assert shown(source.read(WEEK)) == from_file[name]


def test_duckdb_says_what_the_file_says(
    from_file: dict[str, list[tuple[Any, ...]]], parquet: Path, tmp_path: Path
) -> None:
    """As a table, and reading the file itself."""
    database = tmp_path / "w.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute(f"CREATE SCHEMA web; CREATE TABLE web.sessions AS {SESSIONS}")
    same(from_file, url=f"duckdb://{database}", table="web.sessions")
    same(from_file, url="duckdb://", path=str(parquet))


def test_postgres_says_what_the_file_says(from_file: dict[str, list[tuple[Any, ...]]], parquet: Path) -> None:
    """A real server, with its own regular expressions."""
    if postgres.program("initdb") is None:
        pytest.skip("Postgres is not installed: apt-get install postgresql")
    psycopg = pytest.importorskip("psycopg")
    rows = duckdb.sql(f"SELECT * FROM '{parquet}'").fetchall()
    with postgres.running() as url:
        with psycopg.connect(url) as connection:
            connection.execute(
                "CREATE TABLE sessions (day date, source text, medium text, campaign text, url text, "
                "sessions bigint)"
            )
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO sessions VALUES (%s, %s, %s, %s, %s, %s)", rows)
            connection.execute(
                'CREATE SCHEMA "my schema"; CREATE TABLE "my schema"."select" ("group" text, "order" date, '
                '"table" numeric(10, 2), "Größe (100%)" bigint); '
                "INSERT INTO \"my schema\".\"select\" VALUES ('a', '2026-11-17', 1.5, 3), ('b', NULL, 2, 1); "
                'CREATE VIEW "my schema".shown AS SELECT * FROM "my schema"."select"'
            )
        same(from_file, url=url, table="sessions")
        mapping = own_mapping(
            {"campaign.name": "group", "date": "order", "cost": "table", "impressions": "Größe (100%)"},
            platform="meta",
        )
        for table in ("my schema.select", "my schema.shown"):
            seen = list(WarehouseSource("w", url, table=table, mapping=mapping).read(WEEK))
            assert [(o.name, o.weight.cost, o.first_seen) for o in seen if isinstance(o, Observation)] == [
                ("a", 1.5, date(2026, 11, 17)),
                ("b", 2.0, None),
            ]
        (gap,) = WarehouseSource("w", url.replace("canonry@", "canonry:s3%40cret@"), table="none").read(WEEK)
        assert isinstance(gap, Gap)
        assert "TableNotFound none" in gap.why
        refused = url.replace("postgres://canonry", 'postgres://no"body:s3%40cret')
        (gap,) = WarehouseSource("w", refused, table="sessions").read(WEEK)
        assert isinstance(gap, Gap)
        assert "s3" not in gap.why


@contextmanager
def spark_session() -> Iterator[Any]:
    """A local Spark on two cores."""
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable  # executors import canonry
    session = (
        sql.SparkSession.builder.master("local[2]")
        .appName("canonry-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    try:
        yield session
    finally:
        session.stop()
        del os.environ["PYSPARK_PYTHON"]


def test_spark_says_what_the_file_says(
    from_file: dict[str, list[tuple[Any, ...]]], parquet: Path, root: Path, tmp_path: Path
) -> None:
    """A cluster of one machine, with Java's regular expressions."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: apt-get install default-jre-headless")
    import ibis

    with spark_session() as session:
        backend = ibis.pyspark.connect(session)
        same(from_file, url="pyspark://", path=str(parquet), connection=backend)
        judged_there(root, tmp_path, backend)
        path = messy.written(tmp_path)
        catalogue = load(DirectoryTree(root)).value
        files = tuple((p, source.text.encode()) for p, source in sorted(catalogue.sources.items()))
        place = {"url": "pyspark://", "path": str(path), "connection": backend}
        sift = partial(auditing.sifting, files, TODAY)
        for name, wanted in messy_from_file(root, path).items():
            mapping = messy.mapping(name)
            for source in (
                WarehouseSource("s", mapping=mapping, click_ids=CLICK_IDS, **place),
                ClusterSource("s", mapping=mapping, click_ids=CLICK_IDS, sift=sift, **place),
            ):
                assert messy.said(auditing.standard(catalogue, TODAY), source) == wanted, (name, source)


@cache
def messy_from_file(root: Path, path: Path) -> dict[str, dict[str, Any]]:
    """What an audit says of the messy rows in a file, by mapping."""
    standard = auditing.standard(load(DirectoryTree(root)).value, TODAY)
    found = {
        name: messy.said(standard, FileSource("s", [path], mapping=messy.mapping(name), click_ids=CLICK_IDS))
        for name in messy.MAPPINGS
    }
    assert all(each["findings"] for each in found.values())
    return found


@pytest.mark.parametrize("backend", ["duckdb", "postgres"])
def test_messy_rows_are_judged_alike_everywhere(backend: str, root: Path, tmp_path: Path) -> None:
    """Blanks, letters beyond ASCII, quotes, line ends, absent values: the same findings, sums and gaps."""
    path = messy.written(tmp_path)
    standard = auditing.standard(load(DirectoryTree(root)).value, TODAY)
    with ExitStack() as stack:
        if backend == "duckdb":
            place = {"url": "duckdb://", "path": str(path)}
        else:
            if postgres.program("initdb") is None:
                pytest.skip("Postgres is not installed: apt-get install postgresql")
            psycopg = pytest.importorskip("psycopg")
            url = stack.enter_context(postgres.running())
            listed = ", ".join(f'"{name}" {kind}' for name, kind in messy.COLUMNS.items())
            with psycopg.connect(url) as connection, connection.cursor() as cursor:
                cursor.execute(f"CREATE TABLE messy ({listed})")
                places = ", ".join(["%s"] * len(messy.COLUMNS))
                cursor.executemany(f"INSERT INTO messy VALUES ({places})", messy.rows())
            place = {"url": url, "table": "messy"}
        for name, wanted in messy_from_file(root, path).items():
            source = WarehouseSource("s", mapping=messy.mapping(name), click_ids=CLICK_IDS, **place)
            told = messy.said(standard, source)
            del source  # its connection would keep the server from stopping
            assert told == wanted, name


LINKED = """
    SELECT
      CASE i % 6 WHEN 0 THEN 'facebook' WHEN 1 THEN 'FB' WHEN 2 THEN 'newsletter' WHEN 3 THEN '(not set)'
        WHEN 4 THEN 'chatgpt.com' ELSE 'tiktok' END AS source,
      CASE i % 4 WHEN 0 THEN 'paid_social' WHEN 1 THEN 'email' WHEN 2 THEN 'Paid Social' END AS medium,
      CASE i % 3 WHEN 0 THEN 'acme_' || CASE i % 5 WHEN 0 THEN 'de' WHEN 1 THEN 'at' ELSE 'dach' END
        || '_sales_winter-living-weeks_202611_tx7nrz'
        WHEN 1 THEN 'whatever ' || (i % 9) ELSE '' END AS campaign,
      i % 11 AS sessions
    FROM range(3000) AS t(i)
"""


def judged_there(root: Path, folder: Path, backend: Any) -> None:
    """What is judged inside Spark is what is judged here: the same findings, the same sums."""
    path = folder / "linked.parquet"
    duckdb.sql(f"COPY ({LINKED}) TO '{path}' (FORMAT parquet)")
    catalogue = load(DirectoryTree(root)).value
    today = date(2026, 11, 25)
    standard = auditing.standard(catalogue, today)
    files = tuple((p, source.text.encode()) for p, source in sorted(catalogue.sources.items()))
    mapping = own_mapping({**TAGS, "rows": "sessions"}, platform="ga4")
    shared: dict[str, Any] = {"mapping": mapping, "click_ids": CLICK_IDS}
    here = FileSource("s", [path], **shared)
    link = {
        "utm_source": "facebook",
        "utm_medium": "paid_social",
        "utm_campaign": "acme_de_sales_winter-living-weeks_202611_tx7nrz",
    }
    entries = [{"link": "https://www.example.com/", "issued": "2026-11-01", "params": link}]
    entries.append({**entries[0], "params": {**link, "utm_source": "nobody"}})
    issued = {"tx7nrz": b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)}
    there = ClusterSource(
        "s",
        "pyspark://",
        path=str(path),
        connection=backend,
        sift=partial(auditing.sifting, files, today, issued=issued),
        **shared,
    )
    found = []
    for source in (here, there):
        audit, _ = auditing.audited(standard, [source], issued=issued)
        met = audit.issued.places()
        (account,) = audit.accounts
        findings = {(f.fingerprint, f.message) for f in audit.findings}
        sums = (account.rows, account.wrong_rows, account.judged, account.observations, account.state)
        found.append((findings, sums, audit.foreign, audit.unjudged, audit.tagged_rows, met))
    assert found[0] == found[1]
    assert found[0][0]
    whole = list(here.read(Period()))
    back = [item for item in there.read(Period()) if not isinstance(item, Passed)]
    assert 0 < len(back) < len(whole)


@pytest.mark.parametrize(("backend", "group"), [("bigquery", "\\1"), ("snowflake", "\\1")])
def test_the_query_compiles_for_warehouses_elsewhere(backend: str, group: str) -> None:
    """One GROUP BY, click ids stripped, days and sums with it."""
    import ibis

    table = ibis.table(
        {
            "day": "date",
            "source": "string",
            "medium": "string",
            "campaign": "string",
            "url": "string",
            "sessions": "int64",
        },
        name="sessions",
    )
    for mapping in MAPPINGS.values():
        source = WarehouseSource("w", f"{backend}://", mapping=mapping, click_ids=CLICK_IDS)
        source._table, source._dialect = table, backend
        fit = source._fit()
        assert not isinstance(fit, Gap)
        sql = ibis.to_sql(source.grouped(fit, WEEK), dialect=backend)
        assert "GROUP BY" in sql
        assert "2026" in sql
        if "url" in fit.columns:
            assert "gclid" in sql
            assert group in sql


def test_the_bigquery_export_is_read_with_its_nested_parameters(tmp_path: Path) -> None:
    """Structs and lists of structs, as the export has them: file and warehouse alike."""
    path = tmp_path / "events.parquet"
    duckdb.sql(f"COPY ({EVENTS}) TO '{path}' (FORMAT parquet)")
    mapping = known("ga4_bigquery")
    assert mapping is not None
    file = shown(FileSource("f", [path], mapping=mapping).read(WEEK))
    warehouse = WarehouseSource("w", "duckdb://", path=str(path), mapping=mapping)
    assert shown(warehouse.read(WEEK)) == file
    levels = {row[0] for row in file}
    assert {Level.TAGS, Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY} <= levels


def test_what_a_warehouse_refuses_is_a_gap_without_the_password(tmp_path: Path) -> None:
    """No such table, no such server, columns that no mapping knows: said, not raised."""
    duckdb.connect(tmp_path / "e.duckdb").close()
    (gap,) = WarehouseSource("w", f"duckdb://{tmp_path}/e.duckdb", table="nope").read(WEEK)
    assert isinstance(gap, Gap)
    url = "postgres://canonry:s3cret-password@127.0.0.1:1/db"
    (gap,) = WarehouseSource("w", url, table="nope").read(WEEK)
    assert isinstance(gap, Gap)
    assert "s3cret" not in repr(gap)
    with duckdb.connect(tmp_path / "e.duckdb") as connection:
        connection.execute("CREATE TABLE odd (a INTEGER)")
    (gap,) = WarehouseSource("w", f"duckdb://{tmp_path}/e.duckdb", table="odd").read(WEEK)
    assert isinstance(gap, Gap)
    assert "It has: a" in gap.hint


def test_a_password_in_a_registry_file_is_refused() -> None:
    """Credentials come from the environment only."""
    with pytest.raises(UsageError):
        checked_url("postgres://me:secret@db.example/prod", "registry/audit.yaml")
    assert checked_url("postgres://me@db.example/prod", "registry/audit.yaml")


ODD: dict[str, tuple[str, list[tuple[str, float | None]], str]] = {
    "days": (
        (
            "SELECT * FROM (VALUES ('a', '2026-11-22T23:10:00', 1), ('b', '2026/11/20', 1), "
            "('c', '20261118', 1), ('d', NULL, 1), ('e', 'last week', 1), ('f', '2026-11-30', 1)) "
            "t(campaign, day, cost)"
        ),
        [("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0), ("e", 1.0)],
        "1 row has no day in 'day' that can be told",
    ),
    "ends": (
        "SELECT 'a' AS campaign, TIMESTAMP '2026-11-22 23:59:00' AS day, 1 AS cost",
        [("a", 1.0)],
        "",
    ),
    "taken": (
        (
            "SELECT 'a' AS campaign_name, 's' AS adset_name, 1.5 AS spend, 3 AS impressions, 9 AS \"rows\", "
            "1 AS first_day, 2 AS stage, 1 AS \"undated rows\", '2026-11-17 10:00:00' AS day"
        ),
        [("a", 1.5)],
        "",
    ),
    "nothing": ("SELECT 'a' AS campaign, 1 AS cost WHERE false", [], "it has no row"),
    "text": (
        "SELECT 'a' AS campaign, '1.234,56' AS cost",
        [],
        "Read a view in which cost holds numbers, not text",
    ),
    "unknown": (
        'SELECT 1 AS foo, 2 AS "bar""baz"',
        [],
        'columns: {campaign.name: NAME}. It has: foo, bar"baz',
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_tables_lose_nothing_in_silence(tmp_path: Path, name: str) -> None:
    """Days as text with their time, names that are ours, no rows, amounts that are text."""
    query, costs, said = ODD[name]
    database = tmp_path / "w.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute(f'CREATE SCHEMA "a b"; CREATE TABLE "a b"."order" AS {query}')
    items = list(WarehouseSource("w", f"duckdb://{database}", table="a b.order").read(WEEK))
    assert [
        (each.name, each.weight.cost)
        for each in items
        if isinstance(each, Observation) and each.level is Level.CAMPAIGN
    ] == costs
    gaps = [f"{each.why} {each.hint}" for each in items if isinstance(each, Gap)]
    assert (said in gaps[0]) if said else gaps == []


@pytest.mark.parametrize("backend", ["bigquery", "snowflake"])
def test_the_nested_export_compiles(backend: str) -> None:
    """Manual values of `collected_traffic_source`, parameters, addresses."""
    import ibis

    part = "struct<key: string, value: struct<string_value: string, int_value: int64>>"
    kinds = {
        "event_date": "string",
        "event_name": "string",
        "event_params": f"array<{part}>",
        "user_properties": f"array<{part}>",
        "collected_traffic_source": "struct<manual_source: string, manual_medium: string>",
    }
    source = WarehouseSource("w", f"{backend}://", click_ids=CLICK_IDS)
    source._table, source._dialect = ibis.table(kinds, name="events_20261117"), backend
    asked: list[str] = []

    def answers(query: Any) -> Iterator[dict[str, Any]]:
        asked.append(ibis.to_sql(query, dialect=backend))
        return iter(())

    source._answers = answers  # type: ignore[method-assign]  # nobody is there to answer
    fit = source._fit()
    assert not isinstance(fit, Gap)
    assert fit.mapping.key == "ga4_bigquery"
    asked.append(ibis.to_sql(source.grouped(fit, WEEK), dialect=backend))
    assert list(source._nested(None, fit, WEEK)) == []  # type: ignore[arg-type]  # nothing comes
    assert len(asked) == 4
    assert all("GROUP BY" in sql for sql in asked)
    assert "manual_source" in asked[0]


@pytest.mark.parametrize(
    "url", ["postgres://h/d?password=x", "postgres://u:p@h/d", "databricks://h?access_token=1"]
)
def test_credentials_do_not_stand_in_the_registry(url: str) -> None:
    """In no part of a URL."""
    with pytest.raises(UsageError, match="holds a password"):
        checked_url(url, "here")
    assert checked_url("postgres://h/d?sslmode=require", "here")


def test_what_a_url_holds_is_shown_nowhere() -> None:
    """Encoded or not, in every part that may be secret."""
    url = "foo://user:s3%40cret@host/db?token=abcdef&warehouse=big"
    (gap,) = WarehouseSource("w", url, table="x").read(WEEK)
    assert isinstance(gap, Gap)
    assert "s3" not in gap.why
    assert "abcdef" not in gap.why

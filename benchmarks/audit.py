"""The audit's numbers: grouping beside a count of distinct names, addresses beside a scan, names by contract.

    python benchmarks/audit.py [--rows 20000000] [--names 1000000] [--distinct 50000] [--objects 1000000]

The rows are made on the fly in a temporary folder. Every figure is the median of processes of their own, run
in turns; what starting takes (import, catalogue, compiled codec) is told apart and taken off. A scan is that
DuckDB reads the column and takes the length of every value (`sum(length(url))`): every byte is looked
at once, and nothing is made of it. Two columns of addresses: as a site with campaigns has them (four in ten
without a click id, three with one at the end, where platforms append it, two with one before the tags, one in
between), and one in which every row has a click id of its own before its tags. One address in forty is wrong,
and the others are what their campaign's registration says. What a scan costs depends on how the file was
compressed, and what canonry does beside it does not, so both are told for each codec.

Where pyarrow is installed (`make peers`), a second scan stands beside the first: every value of the column
is handed out in Arrow's memory, batch by batch. The first never leaves DuckDB's own pages and keeps nothing,
which no reader outside of DuckDB can do; the second is what a program pays that only looks at a column.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LAUNCH = """
import json, resource, subprocess, sys, time
before = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
wall = time.perf_counter() - before
told = {"code": done.returncode, "out": done.stdout.strip(), "err": done.stderr[-800:], "wall": wall}
print(json.dumps({**told, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}))
"""
MAKE = """
import duckdb, sys
path, rows, distinct, codec = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with duckdb.connect() as db:
    db.execute("SET memory_limit='1GB'")
    db.execute("SET enable_progress_bar=false")
    db.execute(f'''CREATE MACRO id(i) AS 'Cj0KCQ' || md5(i::VARCHAR) || md5((i + 1)::VARCHAR)''')
    db.execute(f'''COPY (SELECT name,
        CASE WHEN kind < 4 THEN page || '?' || tags || more
            WHEN kind < 7 THEN page || '?' || tags || more || '&gclid=' || id(i)
            WHEN kind < 9 THEN page || '?gclid=' || id(i) || '&' || tags || more
            ELSE page || '?' || tags || '&gbraid=' || id(i) || more END AS page_location,
        page || '?gclid=' || id(i) || '&' || tags || more AS clicked
        FROM (SELECT i, hash(i + 2) % 10 AS kind,
            'furniture_brand_exact_topic' || (hash(i) % {distinct}) AS name,
            'https://www.example.com/de/p' || (hash(i) % 4000) AS page,
            'utm_source=' || CASE WHEN hash(i) % 40 = 0 THEN 'Google' ELSE 'google' END
                || '&utm_medium=cpc&utm_campaign=acme_dach_sales_winter-living-weeks_202611_tx7nrz'
                || '&utm_id=tx7nrz' AS tags,
            '&ref=' || (hash(i + 3) % 3) AS more
        FROM range({rows}) t(i))) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 200000, COMPRESSION {codec})''')
"""
COUNT = """
import duckdb, sys
with duckdb.connect(config={"memory_limit": "220MB"}) as db:
    db.execute("SET enable_progress_bar=false")
    rows = f"FROM read_parquet('{sys.argv[1]}')"
    print(db.execute(f"SELECT count(DISTINCT {sys.argv[2]}) {rows}").fetchall()[0][0])
"""
SCAN = """
import duckdb, sys
with duckdb.connect(config={"memory_limit": "1GB"}) as db:
    db.execute("SET enable_progress_bar=false")
    rows = f"FROM read_parquet('{sys.argv[1]}')"
    print(db.execute(f"SELECT sum(length({sys.argv[2]})) {rows}").fetchall()[0][0])
"""
ARROW = """
import sys
import pyarrow.parquet
column = [sys.argv[2]]
print(sum(len(batch) for batch in pyarrow.parquet.ParquetFile(sys.argv[1]).iter_batches(columns=column)))
"""
AUDIT = """
import sys
from pathlib import Path
sys.path.insert(0, "benchmarks")
from audit import judged
judged(*sys.argv[1:])
"""
OBJECTS = """
import duckdb, sys
with duckdb.connect() as db:
    db.execute("SET enable_progress_bar=false")
    db.execute(f'''COPY (SELECT 'Enabled' AS "Campaign status",
        'search_acme_de_de_furniture_sales_' || ['brand', 'generic', 'competitor'][i % 3 + 1] || '_tx7nrz'
            AS "Campaign", 20000000000 + i % 3 AS "Campaign ID",
        'furniture_brand_exact_topic' || i AS "Ad group",
        150000000000 + i * 104729 AS "Ad group ID", 'Enabled' AS "Ad group status", 'EUR' AS "Currency code",
        hash(i) % 10000 / 100 AS "Cost", hash(i + 1) % 10000 + 1 AS "Impr.", hash(i + 2) % 500 AS "Clicks"
        FROM range({sys.argv[2]}) t(i)) TO '{sys.argv[1]}' (FORMAT csv)''')
"""
TAKEN = """
import sys
sys.path.insert(0, "benchmarks")
from audit import taken
taken(sys.argv[1], judging=sys.argv[2] == "judged")
"""
NAMES = """
import sys
sys.path.insert(0, "benchmarks")
from audit import names
names(int(sys.argv[1]), int(sys.argv[2]))
"""


def standard():
    """The registry of this repository, compiled."""
    from datetime import date

    from canonry.adapters.worktree import DirectoryTree
    from canonry.app.auditing import standard as made
    from canonry.catalogue.load import load

    return made(load(DirectoryTree(ROOT)).value, date(2026, 11, 25))


def judged(path: str, role: str, heading: str) -> None:
    """Audits one column of a Parquet file; with no path only what stands before reading is done."""
    from canonry.adapters.exports.files import FileSource
    from canonry.audit.mappings import own
    from canonry.audit.run import Audit

    held = standard()
    audit = Audit(held)
    held.reader  # noqa: B018  compiled before the clock of a real audit would run, too
    if path != "-":
        mapping = own({role: heading}, platform="google_ads" if role != "url" else "ga4", native="ad_group")
        source = FileSource("rows", [Path(path)], mapping=mapping, click_ids=held.reader.click_ids)
        account = audit.take(source)
        print(account.observations, len(audit.findings), account.state)


def taken(path: str, *, judging: bool) -> None:
    """Reads a report of ad groups, and judges it; with no path only what stands before reading is done."""
    from canonry.adapters.exports.files import FileSource
    from canonry.audit.layouts import MAPPINGS
    from canonry.audit.run import Audit
    from canonry.audit.source import Period

    held = standard()
    audit = Audit(held)
    held.reader  # noqa: B018
    if path == "-":
        return
    mapping = next(each for each in MAPPINGS if each.key == "google_ads")
    source = FileSource("rows", [Path(path)], mapping=mapping, account="google-ads-acme-dach")
    if judging:
        account = audit.take(source)
        report = audit.report()
        print(account.observations, len(report.findings), account.state)
    else:
        print(sum(1 for _ in source.read(Period())))


def _lively(contract, needs):
    """What names are made of, without the words that are on their way out."""
    old = contract.deprecated
    return [
        {**need, "choices": [word for word in need["choices"] if word not in old.get(need["field"], {})]}
        if need["choices"]
        else need
        for need in needs
    ]


def _spoilt(text, rng, place):
    """A name as people get it wrong: a slip, a word too few or too many, capitals, a copy, no convention."""
    words = text.split("_")
    at = rng.randrange(len(words))
    match rng.randrange(6):
        case 0:
            words[at] = f"{words[at][:-1]}q{words[at][-1:]}"
        case 1:
            del words[at]
        case 2:
            words.insert(at, f"extra{place % 50}")
        case 3:
            words[at] = words[at].upper()
        case 4:
            return f"{text} - Copy"
        case 5:
            return f"Spring Promo {place}"
    return "_".join(words)


def names(number: int, wrong: int) -> None:
    """Judges distinct names of every contract for objects, against all of these; `wrong` % are spoilt."""
    import random
    import time

    from canonry.audit.observation import Level, Observation, Weight
    from canonry.audit.run import Audit
    from canonry.audit.source import Capabilities, Recorded

    held = standard()
    rng = random.Random(1)
    shapes = []
    for identifier in held.codec.live("objects"):
        contract = held.codec.contract(identifier)
        free = [need for need in held.codec.needs(identifier) if not need["choices"]]
        kinds = {need["type"] for need in free}
        if contract.combinations:
            continue  # what is drawn would not go together
        if kinds & {"text", "integer"} and kinds <= {"text", "integer", "date"}:
            shapes.append(
                (contract.form().templates["name"], _lively(contract, held.codec.needs(identifier)))
            )

    def observed():
        for place in range(number):
            template, needs = shapes[place % len(shapes)]
            values = {}
            for need in needs:
                if need["choices"]:
                    values[need["field"]] = rng.choice(need["choices"])
                elif need["type"] == "date":
                    values[need["field"]] = "202611"
                elif need["type"] == "integer":
                    values[need["field"]] = str(rng.randrange(1, 100))
                else:
                    values[need["field"]] = f"t{place}"
            text = template.build(values)
            if text is not None:
                yield _spoilt(text, rng, place) if rng.randrange(100) < wrong else text

    texts = list(dict.fromkeys(observed()))
    before = time.process_time()
    audit = Audit(held)
    weight = Weight(rows=1)
    stream = (Observation("names", "", Level.CAMPAIGN, name=text, weight=weight) for text in texts)
    account = audit.take(Recorded("names", Capabilities("", frozenset({Level.CAMPAIGN})), stream))
    spent = time.process_time() - before
    contracts = len(held.contracts("", "campaign", ""))
    print(
        json.dumps(
            {
                "names": account.judged,
                "seconds": spent,
                "findings": len(audit.findings),
                "contracts": contracts,
            }
        )
    )


def run(code: str, *arguments: object):
    """CPU, wall and peak memory of a process. Stops where it fails."""
    command = [sys.executable, "-c", LAUNCH, sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    if figures["code"]:
        sys.exit(figures["err"])
    return figures


def middle(rounds):
    """The medians of several runs, taken in turns with what they stand beside."""
    import statistics

    return rounds[0] | {key: statistics.median(one[key] for one in rounds) for key in ("wall", "cpu", "mb")}


def line(what, figures, base=None):
    """One row of the table."""
    beside = ""
    if base is not None:
        beside = f"   {figures['wall'] / base['wall']:.2f} x wall, {figures['cpu'] / base['cpu']:.2f} x CPU"
    print(
        f"{what:<72}{figures['wall']:>7.2f} s {figures['cpu']:>7.2f} CPU-s {figures['mb']:>6.0f} MB{beside}"
    )


COLUMNS = {
    "name": ("ad_group.name", COUNT, "count(DISTINCT name)"),
    "page_location": ("url", SCAN, "scan of addresses, six in ten with a click id"),
    "clicked": ("url", SCAN, "scan of addresses, all with one before the tags"),
}


def columns(path, codec, names, rows, rounds):
    """One column after the other, each beside its floor."""
    for column in names:
        role, floor, title = COLUMNS[column]
        floors = {title: floor}
        if floor is SCAN and importlib.util.find_spec("pyarrow"):
            floors["the same column, read into Arrow"] = ARROW
        taken = [
            (
                run(AUDIT, "-", "campaign.name", "name"),
                run(AUDIT, path, role, column),
                *(run(code, path, column) for code in floors.values()),
            )
            for _ in range(rounds)
        ]
        start, whole, *bases = map(middle, zip(*taken, strict=True))
        apart = {**whole, "wall": whole["wall"] - start["wall"], "cpu": whole["cpu"] - start["cpu"]}
        line("start-up: import, catalogue, codec", start)
        for which, base in zip(floors, bases, strict=True):
            line(f"{rows:,} rows, {codec}: {which}", base)
            line(f"{rows:,} rows, {codec}: audited ({whole['out']})", apart, base)


def objects(number, rounds):
    """An export of objects with ids: read, and read and judged."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "objects.csv"
        run(OBJECTS, path, number)
        rounds = [
            (run(TAKEN, "-", "judged"), run(TAKEN, path, "read"), run(TAKEN, path, "judged"))
            for _ in range(rounds)
        ]
        start, base, whole = map(middle, zip(*rounds, strict=True))
        for figures in (base, whole):
            figures |= {key: figures[key] - start[key] for key in ("wall", "cpu")}
        line(f"{number:,} objects with ids, start-up apart: read", base)
        line(f"{number:,} objects with ids, start-up apart: audited ({whole['out']})", whole, base)


def main() -> None:
    """Everything, in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--distinct", type=int, default=50_000)
    parser.add_argument("--wrong", type=int, nargs="*", default=[0, 20, 50], help="percent of wrong names")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--columns", nargs="*", choices=list(COLUMNS), default=list(COLUMNS))
    parser.add_argument("--codecs", nargs="*", default=["snappy", "zstd"], help="of the addresses' files")
    parser.add_argument("--objects", type=int, default=1_000_000)
    chosen = parser.parse_args()
    for codec in chosen.codecs if chosen.rows else ():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{codec}.parquet"
            run(MAKE, path, chosen.rows, chosen.distinct, codec)
            names_too = codec == chosen.codecs[0]  # a count of names costs the same under every codec
            listed = [each for each in chosen.columns if names_too or each != "name"]
            columns(path, codec, listed, chosen.rows, chosen.rounds)
    if chosen.objects:
        objects(chosen.objects, chosen.rounds)
    for wrong in chosen.wrong if chosen.names else ():
        told = run(NAMES, chosen.names, wrong)
        figures = json.loads(told["out"])
        print(
            f"{figures['names']:,} distinct names against {figures['contracts']} contracts, {wrong} % wrong: "
            f"{figures['seconds']:.1f} CPU-s, {figures['findings']:,} findings, {told['mb']:.0f} MB"
        )


if __name__ == "__main__":
    main()

"""Links and names: start-up, sheets, a file of links. Every figure beside its floor, in one run.

    python benchmarks/names.py [--rows 10000 100000 1000000] [--starts 40]

Rows are drawn from a fixed seed, each with a slug and page of its own, so that little can be remembered from
the rows before. CPU seconds are of whole processes, start included; memory is the peak of the process.
"""

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEADER = ("url", "format", "market", "brand", "objective", "slug", "flight", "campaign_id", "source", "owner")
MARKETS = ("de", "at", "ch", "gb", "fr", "nl")
SOURCES = ("facebook", "tiktok", "linkedin", "pinterest")
IDS = ("tx7nrz", "d6dsp7", "dtxh48", "htywn5", "v883xm", "vzm99l")
BUILD = ("utm", "build", "meta", "--campaign", "winter-living-weeks", "--url", "https://www.example.com/x")
CANONRY = (sys.executable, "-c", "from canonry.cli.main import entry; entry()")
LAUNCH = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
COPY = """
import sys, openpyxl, xlsxwriter
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
with xlsxwriter.Workbook(sys.argv[2], {"constant_memory": True}) as out:
    sheet = out.add_worksheet()
    for n, row in enumerate(book.worksheets[0].iter_rows(values_only=True)):
        for m, cell in enumerate(row):
            if cell is not None:
                sheet.write(n, m, cell)
book.close()
"""


def started(*command):
    """CPU and wall seconds of a process. Stops the run where it fails."""
    null = os.open(os.devnull, os.O_WRONLY)
    before = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - before
    os.close(null)
    if status:
        sys.exit(f"{' '.join(command)} answered with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, wall


def run(*command):
    """CPU seconds, wall seconds and peak megabytes of a process. Stops the run where it fails.

    A small process stands between, since a child's peak is at least that of its parent.
    """
    before = time.perf_counter()
    said = subprocess.run((sys.executable, "-c", LAUNCH, *command), stdout=subprocess.PIPE, check=True)
    code, cpu, peak = said.stdout.split()
    if code != b"0":
        sys.exit(f"{' '.join(command)} answered with {code.decode()}")
    return float(cpu), time.perf_counter() - before, float(peak) / 1024


def rows(count):
    """So many rows that are right."""
    rng = random.Random(1)
    for n in range(count):
        yield (
            f"https://www.example.com/de/p{n % 50_000}",
            "paid_social",
            rng.choice(MARKETS),
            "acme",
            "sales",
            f"spring-{n}",
            f"2026-{n % 12 + 1:02}",
            rng.choice(IDS),
            rng.choice(SOURCES),
            "me",
        )


def write(path, count):
    """A CSV file of so many rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count))
    return path


def starts(repeat):
    """Start to exit of one link, beside an empty Python."""
    for command in ((*CANONRY, *BUILD), (sys.executable, "-c", "pass")):  # fills the cache, and compiles
        started(*command)
    time.sleep(2.5)  # a snapshot made within two seconds of a change is not trusted yet
    started(*CANONRY, *BUILD)
    floor, build = [], []
    for _ in range(repeat):
        floor.append(started(sys.executable, "-c", "pass"))
        build.append(started(*CANONRY, *BUILD))
    print(f"{'':<34}{'CPU':>11}{'wall':>14}   medians of {repeat}, in turn")
    for name, figures in (("python -c pass", floor), ("canonry utm build", build)):
        cpu, wall = (statistics.median(each[n] for each in figures) * 1e3 for n in (0, 1))
        print(f"{name:<34}{cpu:8.1f} ms{wall:11.1f} ms")
    ratios = [statistics.median(e[n] for e in build) / statistics.median(e[n] for e in floor) for n in (0, 1)]
    print(f"{'':<34}{ratios[0]:9.2f} x{ratios[1]:12.2f} x   (at most 5)")


def sheets(folder, counts):
    """CSV batches of growing length, and the links they built read back."""
    print()
    for count in counts:
        source, output = write(folder / "in.csv", count), folder / "out.csv"
        cpu, wall, peak = run(*CANONRY, "utm", "batch", str(source), "-o", str(output))
        show(f"utm batch, {count:,} rows of CSV", count, cpu, wall, peak)
        links = folder / "links.txt"
        with output.open(newline="", encoding="utf-8") as file, links.open("w", encoding="utf-8") as out:
            out.writelines(f"{row['link']}\n" for row in csv.DictReader(file))
        cpu, wall, peak = run(*CANONRY, "utm", "parse", "--file", str(links))
        print(
            f"{f'utm parse, {count:,} links':<34}{count / cpu:8,.0f} links/CPU-s {wall:7.1f} s {peak:6.0f} MB"
        )


def show(name, count, cpu, wall, peak):
    """One line of the table."""
    print(f"{name:<34}{count / cpu:8,.0f} links/CPU-s {wall:7.1f} s {peak:6.0f} MB", flush=True)


def workbooks(folder, count):
    """An XLSX batch beside copying the same sheet with openpyxl and xlsxwriter."""
    import xlsxwriter

    source = folder / "in.xlsx"
    with xlsxwriter.Workbook(str(source), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate((HEADER, *rows(count))):
            sheet.write_row(n, 0, row)
    floor, _, _ = run(sys.executable, "-c", COPY, str(source), str(folder / "copy.xlsx"))
    cpu, _, peak = run(*CANONRY, "utm", "batch", str(source), "-o", str(folder / "out.xlsx"))
    print(f"\n{f'openpyxl + xlsxwriter, {count:,} rows':<34}{floor:8.2f} CPU-s")
    name = f"utm batch, {count:,} rows of XLSX"
    print(f"{name:<34}{cpu:8.2f} CPU-s   {cpu / floor:.2f} x   (at most 1.5) {peak:.0f} MB")


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--xlsx", type=int, default=20_000)
    parser.add_argument("--starts", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        starts(options.starts)
        sheets(Path(folder), options.rows)
        workbooks(Path(folder), options.xlsx)


if __name__ == "__main__":
    main()

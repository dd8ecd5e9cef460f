"""`canonry docs build` beside plain mkdocs on the same pages, already written; the site's size; how it grows.

    python benchmarks/site.py [--contracts 1000 5000] [--rounds 3]

The catalogue is that of benchmarks/lint.py. At the first size both are measured in turn, round after round,
and medians are printed: on a shared machine one run is worth nothing. Every round starts cold. At the other
sizes `canonry docs build` alone is measured, and how its CPU time grows with the catalogue.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import lint

ROOT = Path(__file__).parents[1]
BUILDER = ("mkdocs.yml", "docs/assets", "docs/theme", "docs/reference")


def registry(folder: Path, contracts: int) -> None:
    """A registry with this many contracts, and what its site needs beside pages."""
    lint.write(folder, contracts)
    for name in BUILDER:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)


def timed(folder: Path, *command: str) -> tuple[float, float]:
    """Wall and CPU seconds of one process and its children."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "XDG_CACHE_HOME": str(folder / "cache")}
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    after = os.times()
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu


def size(folder: Path) -> int:
    """Bytes of every file below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def plain(folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of mkdocs alone, on pages that are already there."""
    timed(folder, "canonry", "docs", "pages")
    shutil.rmtree(folder / "site", ignore_errors=True)
    return timed(folder, "mkdocs", "build", "--strict")


def whole(folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of `canonry docs build`, where no page is written and nothing remembered."""
    for name in ("site", "cache", "docs/catalogue", "docs/links"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return timed(folder, "canonry", "docs", "build")


def median(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    """The median of wall and of CPU seconds."""
    wall, cpu = zip(*rounds, strict=True)
    return statistics.median(wall), statistics.median(cpu)


def shown(contracts: int, what: str, seconds: tuple[float, float], more: str = "") -> None:
    """One line of figures."""
    print(
        f"{contracts:>6} contracts  {what:<17} {seconds[0]:7.1f} s  {seconds[1]:7.1f} CPU-s{more}", flush=True
    )


def main() -> None:
    """Prints seconds, the ratio, kilobytes per contract, and how the time grows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contracts", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    grown: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as name:
        for number, contracts in enumerate(options.contracts):
            folder = Path(name, str(contracts))
            registry(folder, contracts)
            theirs, ours = [], []
            for turn in range(options.rounds if number == 0 else 1):
                if number == 0:
                    theirs.append(plain(folder))
                    shown(contracts, f"plain mkdocs, {turn + 1}", theirs[-1])
                ours.append(whole(folder))
                shown(contracts, f"canonry, {turn + 1}", ours[-1])
            seconds = median(ours)
            if theirs:
                beside = median(theirs)
                shown(contracts, "plain mkdocs", beside, "  median")
                ratio = seconds[1] / beside[1]
                apart = statistics.median(our[1] / their[1] for our, their in zip(ours, theirs, strict=True))
                said = f"  median: {ratio:.2f} times plain, {apart:.2f} round by round (at most 1.15)"
                shown(contracts, "canonry docs build", seconds, said)
            grown.append((contracts, seconds[1]))
            each = size(folder / "site") / contracts / 1000
            search = (folder / "site/catalogue/search.json").stat().st_size / 1000
            print(
                f"{'':>16}  {each:.1f} kB of site per contract (at most 60), search index {search:,.0f} kB",
                flush=True,
            )
            shutil.rmtree(folder)
    if len(grown) > 1:
        (few, little), (many, much) = grown[0], grown[-1]
        print(f"{many / few:g} times the contracts: {much / little:.2f} times the CPU time")


if __name__ == "__main__":
    main()

"""`canonry.schema.compare` on the public suites, beside jsonschema-rs, in one process and one run.

    python benchmarks/compare.py [SUITE.json ...]

The suites are looked for beside the project. jsonschema-rs answers yes, no or unknown, with no payload and
no explanation; its time includes reading both schemas, as canonry's does. Start to exit is timed for a
pair that is proved and for one that is broken, beside an interpreter that does nothing.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import jsonschema_rs

from canonry.schema import compare

SUITES = Path(__file__).parent.parent.parent / "shared" / "suites"
RUNS = 7


def timed(function: Callable[[], object]) -> tuple[object, float]:
    """What a function returns, and its milliseconds."""
    start = time.perf_counter()
    result = function()
    return result, 1000 * (time.perf_counter() - start)


def peer(old: object, new: object) -> str:
    """What jsonschema-rs says: yes, no, unknown, or nothing where it refuses a schema."""
    try:
        covers = jsonschema_rs.canonicalize(new).covers(jsonschema_rs.canonicalize(old))
    except Exception:  # noqa: BLE001 (it has no answer)
        return "refused"
    return str(covers)


def row(name: str, right: int, rows: int, times: list[float]) -> str:
    """One line of the table."""
    times = sorted(times)
    return (
        f"  {name:<14} right {100 * right / rows:6.2f} %   median {statistics.median(times):6.2f} ms"
        f"   p95 {times[int(0.95 * len(times))]:7.2f}   max {times[-1]:7.1f}"
    )


def suite(path: Path) -> None:
    """Both checkers on the core rows of one suite."""
    document = json.loads(path.read_text(encoding="utf-8"))
    rows = [pair for pair in document["pairs"] if pair.get("core", True)]
    ours: list[float] = []
    theirs: list[float] = []
    right = peer_right = 0
    for pair in rows:
        compared, spent = timed(lambda pair=pair: compare(pair["old"], pair["new"]).verdict)
        ours.append(spent)
        right += {"proved": "compatible", "broken": "incompatible"}.get(str(compared)) == pair["truth"]
        said, spent = timed(lambda pair=pair: peer(pair["old"], pair["new"]))
        theirs.append(spent)
        peer_right += {"yes": "compatible", "no": "incompatible"}.get(str(said)) == pair["truth"]
    print(f"{document['suite']}, {len(rows)} pairs")
    print(row("canonry", right, len(rows), ours))
    print(row("jsonschema-rs", peer_right, len(rows), theirs))


def process(command: Iterable[str]) -> float:
    """The best of several runs of a process, in milliseconds."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(list(command), capture_output=True, check=False)
        best = min(best, 1000 * (time.perf_counter() - start))
    return best


def startup() -> None:
    """From start to exit."""
    canonry = str(Path(sys.executable).parent / "canonry")
    with tempfile.TemporaryDirectory() as folder:
        schemas = {
            "integer": {"type": "integer"},
            "number": {"type": "number"},
        }
        paths = {}
        for name, schema in schemas.items():
            paths[name] = str(Path(folder) / f"{name}.json")
            Path(paths[name]).write_text(json.dumps(schema), encoding="utf-8")
        floor = process([sys.executable, "-c", "pass"])
        proved = process([canonry, "compare", paths["integer"], paths["number"]])
        broken = process([canonry, "compare", paths["number"], paths["integer"]])
    print(f"start to exit: python -c pass {floor:.0f} ms, proved {proved:.0f} ms, broken {broken:.0f} ms")


def main(arguments: list[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suites", nargs="*", type=Path, default=sorted(SUITES.glob("*.json")))
    options = parser.parse_args(arguments)
    if not options.suites:
        print(f"there are no suites in {SUITES}")
    compare({"type": "integer"}, {"type": "string"})  # imports the judges, which a process does once
    for path in options.suites:
        suite(path)
    startup()


if __name__ == "__main__":
    main()

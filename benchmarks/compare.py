"""`canonry.schema.compare` on the public suites, beside jsonschema-rs, in one process and one run.

    python benchmarks/compare.py [SUITE.json ...]

The suites are looked for beside the project. jsonschema-rs answers yes, no or unknown, with no payload and
no explanation; its time includes reading both schemas, as canonry's does. Start to exit is timed for a
pair that is proved and for one that is broken, beside an interpreter that does nothing. Pairs of about 10 MB,
in four shapes, are compared in a process each: CPU seconds and peak memory beside `json.loads` alone.
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


def described(index: int, *, wider: int = 0, reference: str = "") -> dict[str, object]:
    """One of many objects of a large document, about 300 bytes."""
    return {
        "type": "object",
        "description": f"Number {index} of many, with as many words as people write.",
        "properties": {
            "a": {"type": "string", "maxLength": index + 1 + wider, "description": "word " * 10},
            "b": {"type": "array", "items": {"type": "integer"}},
            "c": {"$ref": reference} if reference else {"enum": ["x", "y", "z"]},
        },
        "required": ["a"],
    }


def megabytes(shape: str) -> tuple[object, object]:
    """A pair of about 10 MB a side: one leaf changed, every object changed, a graph, or a wide union."""
    if shape in ("leaf", "all"):
        old = {f"p{index}": described(index) for index in range(32_000)}
        wider = {f"p{index}": described(index, wider=1) for index in range(32_000)}
        new = {**old, "p31000": described(2)} if shape == "leaf" else wider
        return {"type": "object", "properties": old}, {"type": "object", "properties": new}
    if shape == "graph":
        old = {f"d{i}": described(i, reference=f"#/$defs/d{(3 * i + 1) % 30_000}") for i in range(30_000)}
        root = {"properties": {name: {"$ref": f"#/$defs/{name}"} for name in old}}
        changed = {**old, "d29000": described(2, reference="#/$defs/d1")}
        return {**root, "$defs": old}, {**root, "$defs": changed}
    tagged = [
        {**described(index), "properties": {"kind": {"const": index}, "a": {"type": "string"}}}
        for index in range(52_000)
    ]
    for branch in tagged:
        branch["required"] = ["kind", "a"]
    return {"oneOf": tagged}, {"oneOf": [*tagged[:-1], {"type": "null"}]}


SHAPES = ("leaf", "all", "graph", "union")
LARGE = """
import json, resource, sys, time
def spent(): return time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
old, new = (json.loads(open(path, encoding="utf-8").read()) for path in sys.argv[1:3])
parsed = spent()
from canonry.schema import compare
compare({"type": "number"}, {"type": "integer"})
before = spent()
compared = compare(old, new, reading=sys.argv[3])
decided = spent()
compared.changes
told = spent()
taken = decided[0] - before[0], decided[1], told[0] - decided[0], told[1]
print(json.dumps([compared.verdict, parsed, *taken]))
"""


def large() -> None:
    """Pairs of 10 MB."""
    with tempfile.TemporaryDirectory() as folder:
        for shape in SHAPES:
            paths = [str(Path(folder) / f"{side}.json") for side in ("old", "new")]
            for path, document in zip(paths, megabytes(shape), strict=True):
                Path(path).write_text(json.dumps(document), encoding="utf-8")
            size = Path(paths[0]).stat().st_size / 1e6
            for reading in ("strict", "declared"):
                command = [sys.executable, "-c", LARGE, *paths, reading]
                said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
                verdict, parsed, decided, peak, told, peak_told = json.loads(said)
                print(
                    f"  {shape:<6} {size:4.1f} MB a side, {reading:<8} {verdict:<9}:"
                    f" json.loads {parsed[0]:.2f} CPU s"
                    f" {parsed[1]:.0f} MB; compare {decided:.2f} s {peak:.0f} MB; changes {told:.2f} s"
                    f" {peak_told:.0f} MB"
                )


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
    large()


if __name__ == "__main__":
    main()

"""Runs suites of schema pairs: `python tests/conformance/suites.py SUITE [PART PARTS]` prints a JSON summary.

A suite is `{"suite": ..., "pairs": [{"id", "truth", "core", "old", "new"}]}`; `truth` says whether every
value that is valid under `old` is valid under `new`. A row may ask for a `direction` and a `reading`.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from canonry.schema import compare

HERE = Path(__file__).parent
PUBLIC = HERE.parent.parent.parent / "shared" / "suites"
"""Where the public suites are, beside the project; they are not part of it."""

MEANING = {"proved": "compatible", "broken": "incompatible", "undecided": None}


def outcome(row: dict[str, Any]) -> str:
    """`right`, `unsound`, `alarm`, `undecided` or `crash: ...` for one row."""
    try:
        compared = compare(
            row["old"],
            row["new"],
            direction=row.get("direction", "backward"),
            reading=row.get("reading", "strict"),
        )
    except Exception as error:  # noqa: BLE001 (a crash is a result here)
        return f"crash: {type(error).__name__}: {error}"
    answer = MEANING[str(compared.verdict)]
    if answer == row["truth"]:
        return "right"
    return {None: "undecided", "compatible": "unsound", "incompatible": "alarm"}[answer]


def run(path: Path, part: int = 0, parts: int = 1) -> dict[str, Any]:
    """Every `parts`-th row from `part` on: how many core rows were right, the others, the times."""
    rows = json.loads(path.read_text(encoding="utf-8"))["pairs"][part::parts]
    result: dict[str, Any] = {"core": 0, "right": 0, "wrong": [], "milliseconds": []}
    for row in rows:
        start = time.perf_counter()
        got = outcome(row)
        result["milliseconds"].append(1000 * (time.perf_counter() - start))
        core = row.get("core", True)
        result["core"] += core
        if got == "right":
            result["right"] += core
        else:
            result["wrong"].append({"id": row["id"], "core": core, "outcome": got, "truth": row["truth"]})
    return result


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(Path(sys.argv[1]), *map(int, sys.argv[2:4]))))

"""Every suite of schema pairs: not one unsound answer, false alarm or crash, and nearly all decided."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PUBLIC = HERE.parent.parent.parent / "shared" / "suites"
PROCESSES = 2
CONTESTED = json.loads((HERE / "contested.json").read_text(encoding="utf-8"))

RIGHT = {
    "ibm-jsonsubschema": 99.0,
    "haggholm": 99.0,
    "jsoncompat": 99.0,
    "contract-mutants-dev": 99.0,
    "containment-draft7": 98.0,
    "jsts-const-draft7": 98.0,
}
"""Per cent of core rows that must be right; a suite that is not named here needs 97."""


@pytest.fixture(scope="module")
def results():
    """All suites, each in as many parts as there are processes."""
    tasks = [(path, part) for path in sorted(PUBLIC.glob("*.json")) for part in range(PROCESSES)]

    def run(task):
        path, part = task
        command = [sys.executable, str(HERE / "suites.py"), str(path), str(part), str(PROCESSES)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    with ThreadPoolExecutor(PROCESSES) as pool:
        finished = list(pool.map(run, tasks))
    merged = {}
    for (path, _), part in zip(tasks, finished, strict=True):
        whole = merged.setdefault(path.stem, {"core": 0, "right": 0, "wrong": []})
        whole["core"] += part["core"]
        whole["right"] += part["right"]
        whole["wrong"] += part["wrong"]
    return merged


needs_suites = pytest.mark.skipif(
    not PUBLIC.is_dir(), reason=f"the public suites are not at {PUBLIC}; see tests/conformance/README.md"
)


@pytest.mark.slow
@needs_suites
@pytest.mark.parametrize("suite", sorted(path.stem for path in PUBLIC.glob("*.json")) or ["none"])
def test_a_suite_holds(results, suite):
    """No unsound answer, no alarm, no crash; and at least the promised share of core rows right."""
    result = results[suite]
    contested = {entry["id"] for entry in CONTESTED if entry["suite"] == suite}
    wrong = [row for row in result["wrong"] if row["id"] not in contested]
    crashes = [row for row in wrong if row["outcome"].startswith("crash")]
    assert crashes == []
    false = [row for row in wrong if row["core"] and row["outcome"] in ("unsound", "alarm")]
    assert false == []
    undecided = [row["id"] for row in wrong if row["core"] and row["outcome"] == "undecided"]
    right = 100 * (1 - len(undecided) / result["core"])
    assert right >= RIGHT.get(suite, 97.0), undecided[:20]

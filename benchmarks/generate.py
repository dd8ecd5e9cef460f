"""Generating, importing and validating. Every figure beside its peer or floor, in one run.

    python benchmarks/generate.py [--contracts 1000] [--lines 400000] [--skip-plain]

The peer is datamodel-codegen over a directory of the same contracts, resolved, with formatter builtin.
Contracts are the shipped events under new names. Seconds are wall seconds, with CPU seconds in parentheses;
memory is the peak of a process. On a busy machine compare CPU seconds.
"""

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
CANONRY = (sys.executable, "-c", "from canonry.cli.main import entry; entry()")
PLAIN = (
    sys.executable, "-m", "datamodel_code_generator", "--input-file-type", "jsonschema",
    "--formatters", "builtin", "--output-model-type", "pydantic_v2.BaseModel", "--disable-timestamp",
)  # fmt: skip


IMPORTED = (
    "from datamodel_code_generator import generate\n"
    "from datamodel_code_generator.config import GenerateConfig\n"
    "import datamodel_code_generator.parser.jsonschema, datamodel_code_generator.model"
)


def run(command, cwd=ROOT, **environment):
    """Wall seconds, CPU seconds and peak megabytes of a process; its answer is not looked at."""
    null = os.open(os.devnull, os.O_WRONLY)
    started = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=cwd, stdout=null, stderr=null, env={**os.environ, **environment}, start_new_session=False
    )
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    os.close(null)
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def shown(name, result, beside=""):
    wall, cpu, peak = result
    print(f"{name:44} {wall:8.2f} s ({cpu:6.2f} CPU) {peak:7.0f} MB  {beside}")


def registry(folder, count):
    """A registry with so many events."""
    for part in ("registry", "contracts/common", "contracts/traits"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.rmtree(folder / "registry/campaigns", ignore_errors=True)
    events = [json.loads(path.read_bytes()) for path in sorted((ROOT / "contracts/events").glob("*/v1.json"))]
    for number in range(count):
        document = json.loads(json.dumps(events[number % len(events)]))
        name = f"{document['$id'].split('/')[2]}_{number}"
        document["$id"] = f"/events/{name}/v1"
        document["title"] = f"{document['title']} {number}"
        target = folder / f"contracts/events/{name}/v1.json"
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(document, indent=2))


def touch(folder, count):
    """Changes what so many events say."""
    for path in sorted((folder / "contracts/events").glob("*/v1.json"))[:count]:
        document = json.loads(path.read_bytes())
        document["properties"]["added"] = {"type": "string", "description": "New.", "x-pii": "none"}
        path.write_text(json.dumps(document, indent=2))


def generation(count, *, plain):
    """Cold, unchanged and a little changed, beside the plain generator and the start of the program."""
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "registry", Path(name) / "cache"
        folder.mkdir()
        registry(folder, count)
        environment = {"XDG_CACHE_HOME": str(cache)}
        command = (*CANONRY, "generate", "--registry", str(folder))
        cold = run(command, **environment)
        if plain:
            flat = Path(name) / "flat"
            flat.mkdir()
            for path in (folder / "generated/schemas/events").glob("*/latest.json"):
                shutil.copy(path, flat / f"{path.parent.name}.json")
            shown(
                f"{count} contracts, plain datamodel-codegen",
                peer := run((*PLAIN, "--input", str(flat), "--output", name + "/out")),
            )
            shown(
                f"{count} contracts, cold",
                cold,
                f"{cold[1] / peer[1]:.2f} of its CPU, {cold[0] / peer[0]:.2f} of its wall",
            )
        else:
            shown(f"{count} contracts, cold", cold)
        starts = [run((*CANONRY, "--version"), **environment) for _ in range(5)]
        start = min(starts)
        shown("start-up alone", start)
        run(command, **environment)
        same = min(run(command, **environment) for _ in range(5))
        shown(
            "nothing changed",
            same,
            f"{same[0] - start[0]:.2f} s ({same[1] - start[1]:.2f} CPU) after start-up",
        )
        shown("importing the model generator alone", run((sys.executable, "-c", IMPORTED)))
        touch(folder, 5)
        few = run(command, **environment)
        shown("5 changed", few, f"{few[0] - start[0]:.2f} s ({few[1] - start[1]:.2f} CPU) after start-up")


IMPORT = "import sys; sys.path.insert(0, {path!r}); import time; from typing import Annotated; from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WrapValidator; M = type('M', (BaseModel,), {{'__annotations__': {{'a': Annotated[int, BeforeValidator(int), Field(strict=False)]}}}}); a = time.process_time(); {what}; print(time.process_time() - a)"  # noqa: E501


def importing():
    """What the client adds to a program that has one pydantic model with validators and fields."""
    path = str(ROOT / "generated/python")
    for what in (
        "import acme_events",
        "from acme_events import Client, ListSink",
        "from acme_events import Client, ListSink; from acme_events.events import OrderCompleted",
    ):
        code = IMPORT.format(path=path, what=what)
        taken = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(7)]
        middle = statistics.median(taken) * 1000
        print(f"{what:92} {min(taken) * 1000:6.1f} ms CPU above pydantic (median {middle:.1f})")


def building():
    """One event, built and validated, beside the bare model."""
    sys.path.insert(0, str(ROOT / "generated/python"))
    from acme_events import Client, ListSink
    from acme_events._checks import problems
    from acme_events.events import OrderCompleted

    example = json.loads((ROOT / "contracts/events/order_completed/v1.json").read_bytes())["examples"][0]
    event = OrderCompleted.model_validate(example)

    def each(what, number=3000):
        best = float("inf")
        for _ in range(7):
            started = time.process_time()
            for _ in range(number):
                what()
            best = min(best, time.process_time() - started)
        return best / number * 1e6

    bare = each(lambda: OrderCompleted.model_validate(example))
    contract = OrderCompleted.__contract__
    both = each(lambda: problems(contract, OrderCompleted.model_validate(example).payload()))
    print(
        f"build one event: bare model {bare:.1f} µs, judged by its contract as well {both:.1f} µs: "
        f"{both - bare:+.1f} µs"
    )
    client = Client([ListSink("ga4")])
    track = each(lambda: client.track(event, consent=("analytics",)), 500)
    print(f"track it to a list, strict: {track:.1f} µs")


def validating(count):
    """Lines through `canonry validate`, beside parsing them with orjson."""
    events = []
    for path in sorted((ROOT / "contracts/events").glob("*/v1.json")):
        document = json.loads(path.read_bytes())
        events += [
            json.dumps({"contract": document["$id"], "event": document["title"], "properties": example})
            for example in document.get("examples", ())
        ]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "events.jsonl"
        with path.open("w") as file:
            for number in range(count):
                file.write(events[number % len(events)] + "\n")
        parse = f"import orjson\nfor line in open({str(path)!r}, 'rb'): orjson.loads(line)"
        floor = run((sys.executable, "-c", parse))
        start = run((*CANONRY, "validate", "--registry", str(ROOT), os.devnull))
        shown(f"{count:,} lines, orjson alone", floor)
        one = run((*CANONRY, "validate", "--registry", str(ROOT), "--jobs", "1", str(path)))
        shown(
            "validated, one process", one, f"{floor[1] / (one[1] - start[1]):.2f} of orjson's speed per core"
        )
        all_ = run((*CANONRY, "validate", "--registry", str(ROOT), str(path)))
        shown("validated, every core", all_, f"{one[0] / all_[0]:.2f} times one process")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contracts", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=400_000)
    parser.add_argument("--skip-plain", action="store_true")
    given = parser.parse_args()
    # as installed: PYTHONDONTWRITEBYTECODE would have every run compile what was edited since `make setup`
    compileall.compile_dir(ROOT / "tooling/canonry", quiet=2)
    generation(given.contracts, plain=not given.skip_plain)
    importing()
    building()
    validating(given.lines)


if __name__ == "__main__":
    main()

"""`canonry lint` on synthetic catalogues: whole-process seconds, beside reading and parsing the same files.

    python benchmarks/lint.py [--contracts 1000 5000] [--repeat 3]

The catalogue is drawn from a fixed seed: events of 8 to 25 properties, mixed as in a real tracking plan
(strings with patterns, words of vocabularies, shared definitions, numbers, lists of items).
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

TEAMS = ("checkout", "growth", "content", "analytics", "crm")
OBJECTS = (
    "order",
    "cart",
    "product",
    "lead",
    "account",
    "message",
    "coupon",
    "video",
    "search",
    "store",
    "plan",
)
ACTIONS = (
    "viewed",
    "completed",
    "started",
    "updated",
    "removed",
    "added",
    "shared",
    "failed",
    "paused",
    "renewed",
)
NOUNS = (
    "label", "price", "amount", "source", "reason", "market", "method", "status", "position", "duration",
    "category", "variant", "target", "origin", "channel", "device", "locale", "screen", "section", "rating",
)  # fmt: skip

LINT = """
import sys
from canonry.cli.main import entry
sys.argv[1:] = ["lint", "--registry", sys.argv[1]]
entry()
"""
CORE = """
import sys
from datetime import date
from pathlib import Path
from canonry.adapters.worktree import DirectoryTree
from canonry.app.lint import lint
report = lint(DirectoryTree(Path(sys.argv[1])), today=date(2026, 11, 21))
for finding in report.findings:
    print(finding.code, finding.place.path, finding.message)
sys.exit(bool(report.findings))
"""
FLOOR = """
import json, sys
from pathlib import Path
for path in sorted(Path(sys.argv[1], "contracts").rglob("*.json")):
    json.loads(path.read_bytes())
"""


def files(contracts: int, seed: int = 2026) -> Iterator[tuple[str, str]]:
    """Path and text of every file of a catalogue with this many contracts; the same for the same seed."""
    draw = random.Random(seed)
    yield (
        "registry/registry.yaml",
        "name: Synthetic\nbase_url: https://registry.example\nclient_package: synthetic\n",
    )
    teams = "".join(
        f"  {team}:\n    name: {team.title()}\n    contact: '#{team}'\n    code_owners: ['@example/{team}']\n"
        for team in TEAMS
    )
    yield "registry/teams.yaml", f"teams:\n{teams}"
    yield "registry/platforms/ga4.yaml", _GA4
    for number in range(10):
        yield f"registry/vocabularies/list_{number}.yaml", _vocabulary(number)
    yield "contracts/common/money/v1.json", json.dumps(_money(), indent=2)
    yield "contracts/common/item/v1.json", json.dumps(_item(), indent=2)
    for number in range(contracts - 2):
        name = f"{draw.choice(OBJECTS)}_{_letters(number)}_{draw.choice(ACTIONS)}"
        yield f"contracts/events/{name}/v1.json", json.dumps(_event(draw, name), indent=2)


_GA4 = """label: Google Analytics 4
category: analytics
description: Measures visits and events.
events:
  event_name: 40
  parameter_name: 40
  parameters_per_event: 30
  name_pattern: ^[A-Za-z][A-Za-z0-9_]*$
  reserved_events: [session_start, first_open]
  reserved_event_prefixes: [firebase_, google_, ga_]
  reserved_parameters: [cid, uid]
  reserved_parameter_prefixes: [_, firebase_, google_, ga_]
consent_required: []
"""


def _letters(number: int) -> str:
    text = ""
    while True:
        number, digit = divmod(number, 26)
        text += chr(97 + digit)
        if not number:
            return text


def _vocabulary(number: int) -> str:
    words = "".join(f"  w{number}-{i}:\n    label: Word {i} of list {number}\n" for i in range(20))
    about = f"Words that events of part {number} use."
    return f"title: List {number}\ndescription: {about}\nowner: analytics\nwords:\n{words}"


def _contract(identifier: str, title: str, description: str, **extra: object) -> dict[str, object]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        "title": title,
        "description": description,
        "x-contract": {
            "version": "1.0.0",
            "status": "active",
            "owner": "analytics",
            "backup_owner": "growth",
            **extra,
        },
        "type": "object",
        "additionalProperties": False,
    }


def _money() -> dict[str, object]:
    return _contract("/common/money/v1", "Money", "An amount with its currency.") | {
        "required": ["amount", "currency"],
        "properties": {
            "amount": {"type": "number", "minimum": 0, "description": "In major units.", "x-pii": "none"},
            "currency": {
                "type": "string",
                "pattern": "^[A-Z]{3}$",
                "description": "ISO 4217 code.",
                "x-pii": "none",
            },
        },
    }


def _item() -> dict[str, object]:
    return _contract("/common/item/v1", "Item", "One line of a cart.") | {
        "required": ["item_id"],
        "properties": {
            "item_id": {
                "type": "string",
                "maxLength": 64,
                "description": "Stock keeping unit.",
                "x-pii": "none",
            },
            "price": {"$ref": "/common/money/v1", "description": "Of one piece.", "x-pii": "none"},
        },
    }


def _event(draw: random.Random, name: str) -> dict[str, object]:
    owner, backup = draw.sample(TEAMS, 2)
    schema = _contract(
        f"/events/{name}/v1",
        name.replace("_", " ").title(),
        f"Recorded when the {name} step ends for a visitor.",
    )
    meta = schema["x-contract"]
    assert isinstance(meta, dict)
    properties = {f"{draw.choice(NOUNS)}_{_letters(i)}": _property(draw) for i in range(draw.randint(8, 25))}
    required = sorted(draw.sample(sorted(properties), len(properties) // 2))
    meta |= {
        "owner": owner,
        "backup_owner": backup,
        "trigger": "The server confirms the step.",
        "producers": ["web", "backend"],
        "consumers": [{"name": "weekly-report", "needs": "hard", "fields": required[:3], "owner": backup}],
        "platforms": {"ga4": name[:40]},
        "consent": {"ga4": ["analytics"]},
    }
    return schema | {"required": required, "properties": properties}


def _property(draw: random.Random) -> dict[str, object]:
    shapes: tuple[dict[str, object], ...] = (
        {"type": "string", "minLength": 1, "maxLength": draw.choice((50, 100, 250))},
        {"type": "string", "pattern": f"^[a-z0-9-]{{{draw.randint(1, 4)},{draw.randint(5, 40)}}}$"},
        {"$ref": f"/vocabularies/list_{draw.randrange(10)}"},
        {"$ref": f"/vocabularies/list_{draw.randrange(10)}"},
        {"$ref": "/common/money/v1"},
        {"type": "integer", "minimum": 0, "maximum": draw.choice((10, 1000, 100_000))},
        {"type": "number", "minimum": 0},
        {"type": "boolean"},
        {"type": "string", "format": draw.choice(("date", "date-time", "uuid", "uri"))},
        {"type": "string", "enum": draw.sample(["small", "medium", "large", "huge", "tiny", "other"], 3)},
        {"type": "array", "minItems": 1, "items": {"$ref": "/common/item/v1"}},
    )
    about = draw.choice(
        ("As the shop shows it.", "As the backend knows it.", "What the visitor chose.", "Set by the page.")
    )
    return {**draw.choice(shapes), "description": about, "x-pii": "none", "x-since": "1.0.0"}


def write(folder: Path, contracts: int) -> None:
    """The synthetic catalogue on disk."""
    for path, text in files(contracts):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def seconds(code: str, folder: Path, repeat: int) -> tuple[float, float]:
    """The best whole-process time of a program that is given the folder: on the wall, and on the CPU."""
    walls, cpus = [], []
    for _ in range(repeat):
        start, before = time.perf_counter(), os.times()
        done = subprocess.run(
            [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
        )
        after = os.times()
        walls.append(time.perf_counter() - start)
        cpus.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
        if done.returncode:
            raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return min(walls), min(cpus)


def run(sizes: tuple[int, ...] = (1000, 5000), repeat: int = 3) -> list[dict[str, object]]:
    """One row per size and program: seconds of `canonry lint`, of its core, and of reading the same files."""
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            folder = Path(name, str(size))
            write(folder, size)
            for what, code in (
                ("read and parse", FLOOR),
                ("load, rules, policy", CORE),
                ("canonry lint", LINT),
            ):
                wall, cpu = seconds(code, folder, repeat)
                rows.append({"contracts": size, "what": what, "seconds": wall, "cpu": cpu})
    return rows


def main() -> None:
    """Prints the rows, and how the time grows with the catalogue."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contracts", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    rows = run(tuple(options.contracts), options.repeat)
    for row in rows:
        print("{contracts:>6} contracts  {what:<20} {seconds:6.2f} s  {cpu:6.2f} CPU-s".format(**row))
    linted = [row for row in rows if row["what"] == "canonry lint"]
    if len(linted) > 1:
        first, last = linted[0], linted[-1]
        more = last["contracts"] / first["contracts"]
        print(f"{more:g} times the contracts: {last['cpu'] / first['cpu']:.2f} times the CPU time")


if __name__ == "__main__":
    main()

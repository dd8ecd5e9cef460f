"""Campaigns: what the commands cost on large plans, exports and audiences.

    python benchmarks/campaigns.py

Each figure is of a whole process, start and reading of the registry included. The floor of `campaign build`
is writing as many rows of as many cells with xlsxwriter.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
CANONRY = (sys.executable, "-c", "from canonry.cli.main import entry; entry()")
LAUNCH = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
FLOOR = """
import sys, xlsxwriter
rows, columns = int(sys.argv[2]), int(sys.argv[3])
with xlsxwriter.Workbook(sys.argv[1], {"constant_memory": True}) as book:
    sheet = book.add_worksheet()
    for row in range(rows):
        for column in range(columns):
            sheet.write_string(row, column, f"a text of some thirty characters {row}")
"""
ID_ALPHABET = "23456789bcdfghjklmnpqrstvwxyz"
KEY = "bcd2fj"


def run(*command, codes=(0,), env=None):
    """CPU seconds, wall seconds and peak megabytes of a process; a small one stands between, for the peak."""
    before = time.perf_counter()
    said = subprocess.run(
        (sys.executable, "-c", LAUNCH, *map(str, command)),
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, **(env or {})},
    )
    code, cpu, peak = said.stdout.split()
    if int(code) not in codes:
        sys.exit(f"{' '.join(map(str, command))} answered with {int(code)}")
    return float(cpu), time.perf_counter() - before, float(peak) / 1024


def creative(rng, number):
    """A creative tag whose id is right."""
    from canonry.naming.ids import draw

    return f"carousel_1x1_offer_shop-now_de_bof_mid_v{number % 99 + 1}_{draw(rng)}"


def registry(folder, creatives, markets, *, platforms=("meta", "tiktok", "pinterest", "linkedin")):
    """A copy of the starter registry with one large campaign in it; its slug."""
    from canonry.naming.ids import check_character

    for name in ("registry", "contracts"):
        shutil.copytree(ROOT / name, folder / name)
    key = KEY[:5] + check_character(KEY[:5])
    rng = random.Random(1)
    plan = yaml.safe_load((ROOT / "registry/campaigns/tx7nrz.yaml").read_text())
    plan |= {
        "slug": "large-plan",
        "markets": markets,
        "status": "planned",
        "start": "2027-01-11",
        "end": "2027-02-28",
    }
    plan.pop("platform_ids", None)
    plan["fields"] |= {
        "optimisation": "value", "placement": "feed", "variant": "control", "audience_stage": "intent",
        "seniority": "any", "ad_format": "carousel",
    }  # fmt: skip
    plan["channels"] = [
        {
            "format": "/utm/paid_social/v1",
            "platforms": [platform],
            "fields": {"source": "facebook" if platform == "meta" else platform},
            "creatives": [creative(rng, n) for n in range(creatives)],
        }
        for platform in platforms
    ]
    (folder / f"registry/campaigns/{key}.yaml").write_text(yaml.safe_dump(plan, sort_keys=False))
    return "large-plan"


def build():
    """`campaign build` of 10,000 objects, and the floor."""
    markets = ["de", "at", "ch", "gb", "fr", "nl", "be", "pl"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        slug = registry(folder, 165, markets)
        run(*CANONRY, "list", "platforms", "--registry", folder)
        out = folder / "plan.xlsx"
        cpu, wall, peak = run(
            *CANONRY, "campaign", "build", slug, "-o", out, "--registry", folder, codes=(0, 1),
            env={"CANONRY_TODAY": "2026-11-25"},
        )  # fmt: skip
        import json

        said = subprocess.run(
            [*CANONRY, "campaign", "build", slug, "--format", "json", "--registry", str(folder)],
            stdout=subprocess.PIPE,
            check=False,
        )
        counts = json.loads(said.stdout)["counts"]
        floor, _, _ = run(sys.executable, "-c", FLOOR, folder / "floor.xlsx", counts["objects"], 20)
    print(
        f"campaign build: {counts['objects']:,} objects, {counts['names']:,} names, {counts['links']:,} links"
    )
    print(
        f"  {wall:.2f} s wall, {cpu:.2f} CPU s, {peak:.0f} MB; wanted 5 s; "
        f"writing 20 cells a row {floor:.2f} CPU s"
    )


PARTS = {"build": build}


def main(wanted):
    """Run the parts that were named, or all."""
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            part()


if __name__ == "__main__":
    main(sys.argv[1:])

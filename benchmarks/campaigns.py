"""Campaigns: what the commands cost on large plans, exports and audiences.

    python benchmarks/campaigns.py

Each figure is of a whole process, start and reading of the registry included. The floor of `campaign build`
is writing as many rows of as many cells with xlsxwriter.
"""

import csv
import json
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


def check():
    """`campaign check` of 500 links, 12 segments and 10,000 visitors, and of half the visitors."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        slug = large_rehearsal(folder)
        run(*CANONRY, "campaign", "check", slug, "--visitors", "1000", "--registry", folder, codes=(0, 1, 3))
        took = {}
        for visitors in (5_000, 10_000):
            took[visitors] = run(
                *CANONRY,
                "campaign",
                "check",
                slug,
                "--visitors",
                visitors,
                "--registry",
                folder,
                codes=(0, 1, 3),
            )
        said = subprocess.run(
            [
                *CANONRY,
                "campaign",
                "check",
                slug,
                "--visitors",
                "0",
                "--format",
                "json",
                "--registry",
                str(folder),
            ],
            stdout=subprocess.PIPE,
            check=False,
        )
        report = json.loads(said.stdout)
    segments = len({row["segment"] for row in report["audiences"]})
    (half, _, _), (cpu, wall, peak) = took[5_000], took[10_000]
    print(f"campaign check: {report['links']['links']:,} links, {segments} segments, 10,000 visitors")
    print(
        f"  {wall:.2f} s wall, {cpu:.2f} CPU s, {peak:.0f} MB; wanted 15 s; "
        f"{cpu / half:.2f} times 5,000 visitors"
    )


def large_rehearsal(folder):
    """A registry with a campaign of 500 links and 12 segments; its slug."""
    slug = registry(folder, 125, ["dach"], platforms=("linkedin",))
    path = next(p for p in (folder / "registry/campaigns").iterdir() if "large-plan" in p.read_text())
    plan = yaml.safe_load(path.read_text())
    segments = [
        "product_viewers_7d", "cart_abandoners_3d", "checkout_abandoners_7d", "lapsed_customers_180d",
        "site_visitors_30d", "recent_site_visitors_3d", "newsletter_engaged_90d", "open_leads_90d",
        "high_value_customers", "active_trials",
    ]  # fmt: skip
    for name in ("product_viewers_7d", "cart_abandoners_3d"):
        text = (folder / f"contracts/segments/{name}/v1.json").read_text()
        twin = f"{name}_b"
        target = folder / f"contracts/segments/{twin}/v1.json"
        target.parent.mkdir(parents=True)
        target.write_text(text.replace(f"/segments/{name}/v1", f"/segments/{twin}/v1", 1))
        segments.append(twin)
    plan["segments"] = [f"/segments/{name}/v1" for name in segments]
    rng = random.Random(2)
    plan["channels"] = [
        {
            "format": "/utm/paid_social/v1",
            "platforms": [platform],
            "fields": {"source": source, "audience": "broad"},
            "creatives": [creative(rng, n) for n in range(250)],
        }
        for platform, source in (("x", "twitter"),)
    ]
    plan["channels"] += [
        {
            "format": "/utm/display/v1",
            "platforms": ["dv360"],
            "fields": {"source": "dv360", "buying_platform": "dv360"},
            "creatives": [creative(rng, n) for n in range(250)],
        }
    ]
    plan["channels"].append(
        {"format": "/utm/paid_social/v1", "platforms": ["meta"], "fields": {"source": "facebook"}}
    )
    plan["markets"] = []
    path.write_text(yaml.safe_dump(plan, sort_keys=False))
    return slug


def adopt():
    """`adopt` of 100,000 distinct names of five conventions, three in ten of them free text."""
    sys.path.insert(0, str(ROOT))
    from tests.property.adoption.hidden import account

    rng = random.Random(4)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "meta.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            sheet = csv.writer(out)
            sheet.writerow(["Campaign name", "Campaign delivery", "Amount spent (EUR)", "Impressions"])
            for each in account(5, names=100_000, conventions=5, free=0.3).names:
                sheet.writerow([each, "Active", f"{rng.expovariate(1 / 200):.2f}", rng.randrange(10_000)])
        cpu, wall, peak = run(*CANONRY, "adopt", file, "-o", folder / "out", codes=(0, 3))
    print("adopt: 100,000 distinct names")
    print(f"  {wall:.2f} s wall, {cpu:.2f} CPU s, {peak:.0f} MB; wanted 20 s, 500 MB")


PARTS = {"build": build, "check": check, "adopt": adopt}


def main(wanted):
    """Run the parts that were named, or all."""
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            part()


if __name__ == "__main__":
    main(sys.argv[1:])

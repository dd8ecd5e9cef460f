"""The main job on real input, as a person would type it: every step is a canonry command.

`make demo` runs it. Nothing outside `build/demo/` is written.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
OUT = ROOT / "build" / "demo"
CAMPAIGN = "winter-living-weeks"


def canonry(*arguments: str, expected: tuple[int, ...] = (0,)) -> None:
    """Shows a command, runs it, and stops the demo where it answers with another exit code than expected."""
    print("\n$ canonry " + " ".join(quoted(argument) for argument in arguments), flush=True)
    code = subprocess.run([sys.executable, "-m", "canonry", *arguments], cwd=ROOT, check=False).returncode
    if code not in expected:
        sys.exit(f"canonry answered with exit code {code}; expected {' or '.join(map(str, expected))}")


def quoted(argument: str) -> str:
    """The argument as a shell wants it, where it holds more than letters."""
    plain = argument.replace("_", "").replace("-", "").replace("/", "").replace(".", "")
    return argument if plain.isalnum() else f"'{argument}'"


def headline(text: str) -> None:
    """A line that says what comes next."""
    print(f"\n\n== {text}", flush=True)


def plans(slug: str) -> list[tuple[str, str | None]]:
    """Format and platform of every channel of a registered campaign."""
    for path in sorted((ROOT / "registry" / "campaigns").glob("*.yaml")):
        campaign = yaml.safe_load(path.read_text(encoding="utf-8"))
        if campaign["slug"] == slug:
            return [
                (plan["format"].split("/")[2], platform)
                for plan in campaign["channels"]
                for platform in plan.get("platforms") or [None]
            ]
    sys.exit(f"no registered campaign is called {slug}")


def main() -> None:
    """Lint, build, judge, audit."""
    OUT.mkdir(parents=True, exist_ok=True)

    headline("1. Is the registry in order? Every name is proved unambiguous, fitting and in its channel.")
    canonry("lint")

    headline(f"2. The links of the campaign {CAMPAIGN}, for every platform it runs on.")
    canonry("campaign", "show", CAMPAIGN)
    for form, platform in plans(CAMPAIGN):
        canonry("utm", "build", form, *(["--platform", platform] if platform else []), "--campaign", CAMPAIGN)

    headline("3. 200 links as found in the wild: what each says, what is wrong, what it should be.")
    checked = str((OUT / "links-checked.csv").relative_to(ROOT))
    canonry("utm", "parse", "--file", "examples/links.csv", "-o", checked, expected=(1,))
    print(f"\nEvery row with its verdict and corrected link: {checked}")

    headline("4. The weekly audit: what three platforms, GA4 and the CDP say against what the registry says.")
    page = audit()
    print(f"\nThe whole report, to open in a browser: {page.relative_to(ROOT)}")


def audit() -> Path:
    """Audits the exports of a week in a copy of the registry, with what the weeks before have left."""
    sys.path.insert(0, str(ROOT / "examples" / "exports"))
    from build import settle

    home = OUT / "audit"
    shutil.rmtree(home, ignore_errors=True)
    for part in ("registry", "contracts"):
        shutil.copytree(ROOT / part, home / part)
    settle(home)
    apart = shutil.ignore_patterns("*.py", "*.jsonl", "__pycache__")
    shutil.copytree(ROOT / "examples" / "exports", home / "exports", ignore=apart)
    for name in ("history.jsonl", "baseline.jsonl"):
        shutil.copy(ROOT / "examples" / "exports" / name, home / "registry" / name)
    where = str(home.relative_to(ROOT))
    page = home / "report.html"
    sheets = str((home / "sheets").relative_to(ROOT))
    os.environ["CANONRY_TODAY"] = "2026-11-23"  # the Monday after the week
    written = ["-o", str(page.relative_to(ROOT)), "-o", str((home / "findings.xlsx").relative_to(ROOT))]
    canonry("audit", "run", "--registry", where, *written, expected=(1,))
    canonry("audit", "fix-sheet", "--registry", where, "-o", sheets, expected=(3,))  # not all was read
    canonry("audit", "history", "--registry", where)
    return page


if __name__ == "__main__":
    main()

"""`canonry check` on synthetic catalogues, beside what it cannot do without and beside `buf breaking`.

    python benchmarks/check.py [--buf PATH] [--repeat 5]

The floor is a process that imports click, GitPython, pydantic with 25 models and jsonschema-rs, asks git for
what differs, reads and parses those blobs, and exits. `buf` is the npm package @bufbuild/buf (development:
npm install --no-save @bufbuild/buf); without it, its row is left out and said so. Bytecode is cached for all.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import lint  # noqa: E402  a script's own folder is no package

FLOOR = """
import json, subprocess, sys
import click, git, jsonschema_rs, pydantic
for number in range(25):
    fields = {f"f{i}": (str, ...) for i in range(8)}
    pydantic.create_model(f"M{number}", **fields).model_validate({name: "" for name in fields})
repo = git.Repo(sys.argv[1])
names = repo.git.diff("--cached", "--raw", "-z", "--no-abbrev", "HEAD").split("\\0")
ids = [part for name in names if name.startswith(":") for part in name.split()[2:4]]
asked = "\\n".join(ids).encode() + b"\\n"
out = subprocess.run(["git", "cat-file", "--batch"], input=asked, capture_output=True, cwd=sys.argv[1]).stdout
at = 0
for _ in ids:
    end = out.index(b"\\n", at)
    size = int(out[at:end].split()[2])
    json.loads(out[end + 1 : end + 1 + size])
    at = end + size + 2
"""
CHECK = [sys.executable, "-m", "canonry", "check", "--staged"]


def git(folder: Path, *arguments: str) -> None:
    """Runs git, quietly and under a fixed name."""
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def prepared(folder: Path, contracts: int, changed: int) -> None:
    """A repository of so many contracts, of which the staged ones gained a property each."""
    lint.write(folder, contracts)
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Begin")
    for path in sorted((folder / "contracts" / "events").rglob("*.json"))[:changed]:
        value = json.loads(path.read_text(encoding="utf-8"))
        value["x-contract"]["version"] = "1.1.0"
        value["properties"]["gained"] = {
            "type": "boolean",
            "description": "Set by the page.",
            "x-pii": "none",
        }
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    git(folder, "add", "--all")


def measured(
    command: list[str], folder: Path, repeat: int, *, kept: bool = True
) -> tuple[float, float, float]:
    """The best wall and CPU seconds of a command, and its largest memory in MB.

    `kept` says whether canonry's cache survives from run to run; the user's own is left alone either way.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["XDG_CACHE_HOME"] = str(folder.with_name(f"{folder.name}.cache"))
    walls, cpus = [], []
    for number in range(repeat + 1):
        if not kept:
            shutil.rmtree(environment["XDG_CACHE_HOME"], ignore_errors=True)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment)
        if done.returncode:
            raise SystemExit((done.stdout + done.stderr).decode()[-2000:])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if number:  # the first run fills the caches
            walls.append(time.perf_counter() - start)
            cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(walls), min(cpus), _memory(command, folder, environment)


def _memory(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Peak memory of one more run, asked of a process of its own."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=folder, capture_output=True, check=True, env=environment
    ).stdout
    return int(out) / 1024


def protos(folder: Path, catalogue: Path, *, gained: bool) -> None:
    """One message per contract, as wide as its properties, for buf."""
    (folder / "registry").mkdir(parents=True)
    (folder / "buf.yaml").write_text("version: v2\n")
    for number, path in enumerate(sorted((catalogue / "contracts").rglob("*.json"))):
        names = [name for name in json.loads(path.read_text())["properties"] if name != "gained"]
        names += ["gained"] if gained else []
        fields = "".join(f"  string {name} = {place};\n" for place, name in enumerate(names, 1))
        text = f'syntax = "proto3";\npackage registry;\nmessage M{number} {{\n{fields}}}\n'
        (folder / "registry" / f"m{number}.proto").write_text(text)


def run(buf: str | None, repeat: int) -> list[dict[str, object]]:
    """One row per measurement: what, wall and CPU seconds, MB."""
    rows: list[dict[str, object]] = []

    def row(what: str, command: list[str], folder: Path, times: int = repeat, *, kept: bool = True) -> None:
        wall, cpu, memory = measured(command, folder, times, kept=kept)
        rows.append({"what": what, "seconds": wall, "cpu": cpu, "mb": memory})

    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for contracts, changed in ((1000, 5), (1000, 1000), (2500, 2500), (5000, 5000)):
            folder = home / f"{contracts}-{changed}"
            prepared(folder, contracts, changed)
            times = repeat if contracts == 1000 else 1
            row(f"canonry, {contracts:,} contracts, {changed:,} changed", CHECK, folder, times)
            if changed == 5:
                row("the same without a snapshot", CHECK, folder, kept=False)
                row(
                    "floor: imports, diff, read and parse", [sys.executable, "-c", FLOOR, str(folder)], folder
                )
        if buf:
            before, after = home / "old", home / "new"
            protos(before, home / "1000-1000", gained=False)
            protos(after, home / "1000-1000", gained=True)
            row("buf breaking, 1,000 messages", [buf, "breaking", ".", "--against", str(before)], after)
        starter = home / "starter"
        for part in ("registry", "contracts"):
            shutil.copytree(ROOT / part, starter / part)
        _one_changed(starter)
        row("canonry check --staged, shipped registry, 1 changed", CHECK, starter)
    return rows


def _one_changed(folder: Path) -> None:
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Begin")
    path = folder / "contracts" / "events" / "product_added" / "v1.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    major, minor, _ = value["x-contract"]["version"].split(".")
    value["x-contract"]["version"] = f"{major}.{int(minor) + 1}.0"
    value["properties"]["gained"] = {"type": "boolean", "description": "Set by the page.", "x-pii": "none"}
    path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    git(folder, "add", "--all")


def found_buf(asked: str | None) -> str | None:
    """The buf program: as asked, of a local npm installation, or on the path."""
    local = ROOT / "node_modules" / ".bin" / "buf"
    return asked or (str(local) if local.exists() else shutil.which("buf"))


def main(say: Callable[[str], None] = print) -> None:
    """Prints one row per measurement, and the ratios that are promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--buf", help="path of the buf program")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    buf = found_buf(options.buf)
    rows = run(buf, options.repeat)
    for row in rows:
        say(f"{row['what']:55} {row['seconds']:8.3f} s {row['cpu']:8.3f} s CPU {row['mb']:7.0f} MB")
    by = {str(row["what"]): row for row in rows}

    def ratio(one: str, other: str, what: str = "seconds") -> float:
        return float(by[one][what]) / float(by[other][what])  # type: ignore[arg-type]

    floor = "floor: imports, diff, read and parse"
    for what, wanted in (("canonry, 1,000 contracts, 5 changed", 1.6), ("the same without a snapshot", 2.5)):
        say(
            f"{what}: {ratio(what, floor):.2f} times the floor, "
            f"{ratio(what, floor, 'cpu'):.2f} in CPU seconds ({wanted} wanted)"
        )
    if buf:
        beside = ratio("canonry, 1,000 contracts, 1,000 changed", "buf breaking, 1,000 messages")
        say(f"1,000 of 1,000 changed: {beside:.2f} times buf breaking (0.5 wanted)")
    else:
        say("buf is not installed, so its row is left out: npm install --no-save @bufbuild/buf")
    most, half = "canonry, 5,000 contracts, 5,000 changed", "canonry, 2,500 contracts, 2,500 changed"
    say(
        f"5,000 against 2,500 changed: {ratio(most, half):.2f} times as long, {ratio(most, half, 'cpu'):.2f} "
        f"in CPU seconds (2 is linear); {by[most]['mb']:.0f} MB (400 wanted)"
    )
    hook = by["canonry check --staged, shipped registry, 1 changed"]
    say(f"the hook on the shipped registry: {hook['seconds']:.2f} s, {hook['cpu']:.2f} s CPU (0.4 wanted)")


if __name__ == "__main__":
    main()

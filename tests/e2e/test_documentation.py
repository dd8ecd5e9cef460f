"""Every `console` block of the README and the guides is run in a clone, and answers what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("guides/*.md"))]
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\s+#\s*exit ([0-9](?: or [0-9])*)\s*$")


def steps(page):
    """Command, allowed exit codes and expected lines of every step of a page."""
    for block in _BLOCK.findall(page.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found = _EXIT.search(command)
            codes = {int(code) for code in found[1].split(" or ")} if found else {0}
            yield _EXIT.sub("", command), codes, output.splitlines()


@pytest.fixture
def clone(tmp_path_factory):
    """The files that git holds or would take, committed in a repository that no other page has changed."""
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        [*identity, "commit", "-q", "-m", "Begin"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    (folder / "build").mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_console_block_does_what_it_says(page, clone, tmp_path):
    """A reader who types it sees it."""
    program = tmp_path / "bin" / "canonry"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m canonry "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    for command, codes, expected in steps(page):
        if command.startswith(("make", "pip", "git clone")):
            continue  # they set up what runs here already
        said = subprocess.run(
            ["sh", "-c", command],
            cwd=clone,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PATH": path},
            check=False,
        )
        assert said.returncode in codes, f"$ {command}\n{said.stdout}{said.stderr}"
        assert "bug in canonry" not in said.stderr
        shown = said.stdout + said.stderr  # a terminal shows both
        assert matches(expected, shown.splitlines()), f"$ {command}\n{shown}"


def matches(expected, lines):
    """Whether lines are as expected; `...` alone stands for any lines, at a line's end for the rest of it."""
    if not expected:
        return True
    head, rest = expected[0], expected[1:]
    if head.strip() == "...":
        return any(matches(rest, lines[n:]) for n in range(len(lines) + 1)) if rest else True
    if not lines:
        return not head.strip() and matches(rest, lines)
    fits = lines[0].startswith(head[:-3]) if head.endswith("...") else lines[0].rstrip() == head.rstrip()
    return fits and matches(rest, lines[1:])

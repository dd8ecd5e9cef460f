"""Runs the `console` blocks of Markdown pages, so that what they show is what happens.

A block holds commands after `$ ` and what they print. `...` alone on a line stands for any lines. A comment
`# exit 1` after a command names the exit code that is expected; without one it is 0. Blocks of one page share
a folder and run in order, so a page reads as one session.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit (\d)$")


@dataclass
class Step:
    """One command, its expected exit code and the lines that the page shows."""

    command: str
    code: int
    shown: list[str] = field(default_factory=list)


def steps(block: str) -> list[Step]:
    """The commands of one block."""
    found: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            command = line[2:]
            expected = EXIT.search(command)
            found.append(Step(EXIT.sub("", command), int(expected[1]) if expected else 0))
        elif line.startswith("> ") and found and found[-1].command.endswith("\\"):
            found[-1].command += "\n" + line[2:]
        elif found:
            found[-1].shown.append(line)
    return found


def run(step: Step, folder: Path) -> tuple[int, list[str]]:
    """Exit code and printed lines of a command, run by bash with this interpreter's `canonry` first."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", step.command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    return done.returncode, [line.rstrip() for line in done.stdout.decode().splitlines()]


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are those shown, `...` standing for any."""
    lines = [line.rstrip() for line in shown]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        return True
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line) + r"\n" for line in lines)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None

"""What README and guides show is what happens."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.documents import BLOCK, matches, run, steps

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("guides/*.md"))]


@pytest.fixture
def checkout(tmp_path):
    """A committed copy of the registry, as somebody would have cloned it."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("registry", "contracts", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    subprocess.run(["git", "commit", "-q", "-m", "Start"], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_prints_what_the_page_shows(page, checkout):
    """A page that shows a command is wrong when the command fails or prints something else."""
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for step in steps(block):
            if step.command.startswith(("make ", "git clone")):
                continue  # CI runs these itself; inside a test they would run it again
            code, printed = run(step, checkout)
            assert code == step.code, f"{step.command}\n" + "\n".join(printed)
            assert matches(step.shown, printed), f"{step.command} printed:\n" + "\n".join(printed)

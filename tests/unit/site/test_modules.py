"""The site's JavaScript gives the answers of the Python, question by question."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.unit.site import vectors

NODE = shutil.which("node")
FOLDER = Path(__file__).parent
MODULES = vectors.ROOT / "docs/assets/links"

pytestmark = pytest.mark.skipif(NODE is None, reason="node is missing: apt-get install nodejs")


def node(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Node; what it said."""
    return subprocess.run(
        [NODE or "node", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=vectors.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_javascript_answers_as_python_does(tmp_path: Path) -> None:
    """Links built and read, names, sheets, landing pages: 5,000 questions or more, and each answer equal."""
    number = vectors.write(tmp_path)
    assert number >= 5_000
    done = node("--test", str(FOLDER / "vectors.test.mjs"), CANONRY_VECTORS=str(tmp_path))
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr


def test_units_of_the_modules() -> None:
    """What the modules do beyond the Python: QR codes, sheets, the address, proposals."""
    files = sorted(str(path) for path in FOLDER.glob("*.test.mjs") if path.name != "vectors.test.mjs")
    done = node("--test", *files)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr


@pytest.mark.parametrize("module", sorted(MODULES.glob("*.js")), ids=lambda path: path.name)
def test_modules_need_nothing_but_each_other(module: Path) -> None:
    """No framework, no build step, no other host, nothing that turns text into code or markup."""
    text = module.read_text(encoding="utf-8")
    for target in re.findall(r"""(?:from|import)\s+["']([^"']+)["']""", text):
        assert target.startswith("./") and (MODULES / target).is_file(), target
    for wrong in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert wrong not in text
    for host in re.findall(r"https?://([a-z][a-z0-9.-]+)", text):
        assert host in ("www", "www...", "www.w3.org", "www.example.com"), host

"""The audit's report in a real browser: nothing is asked for, nothing goes wrong, everything is there."""

import shutil
import sys
from pathlib import Path

import pytest

from canonry.cli.main import run

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT / "examples" / "exports"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """The report of the shipped week."""
    sys.path.insert(0, str(EXPORTS))
    from build import settle

    sys.path.remove(str(EXPORTS))
    home = tmp_path_factory.mktemp("audited")
    for part in ("registry", "contracts"):
        shutil.copytree(ROOT / part, home / part)
    settle(home)
    shutil.copytree(EXPORTS, home / "exports", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name in ("history.jsonl", "baseline.jsonl"):
        shutil.copy(EXPORTS / name, home / "registry" / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANONRY_TODAY", "2026-11-23")
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        run(["audit", "run", "--registry", str(home), "-o", str(home / "report.html"), "--no-record"])
    return home / "report.html"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (380, "dark")])
def test_the_report_stands_alone(browser, page_file, width, scheme):
    """No console error, no request but the page's own, nothing wider than the screen; details open."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    faults, asked = [], []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert page.locator("h1").inner_text() == "Acme starter registry"
    assert page.get_by_text("NOT COMPLETE", exact=True).is_visible()
    assert page.locator("ol.first > li").count() == 5
    assert page.locator("figure svg").count() >= 4
    page.locator("details summary").first.click()
    assert page.locator("details[open] table").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (faults, asked) == ([], [page_file.as_uri()])
    context.close()

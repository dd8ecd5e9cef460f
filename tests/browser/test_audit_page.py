"""The audit's report in a real browser: nothing is asked for, nothing goes wrong, everything is there."""

import shutil
import sys
from pathlib import Path

import pytest
from tests.browser.test_accessibility import AXE, faults

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
    errors, asked = [], []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert page.locator("h1").inner_text() == "Acme starter registry"
    assert page.get_by_text("NOT COMPLETE", exact=True).is_visible()
    assert page.locator("ol.first > li").count() == 5
    assert page.locator("figure svg").count() >= 4
    page.locator("details summary").first.click()
    assert page.locator("details[open] table").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (errors, asked) == ([], [page_file.as_uri()])
    context.close()


OVER = """() => [...document.querySelectorAll('main *')]
    .filter((e) => !e.closest('svg,thead') && e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "dark"), (768, "light"), (390, "light"), (390, "dark"), (320, "light")]
)
def test_every_finding_can_be_read(browser, page_file, width, scheme):
    """With everything open nothing is cut off or has to be scrolled sideways, and axe finds no fault."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert page.evaluate(OVER) == []
    assert faults(page) == []
    context.close()


def test_the_keyboard_opens_what_is_folded(browser, page_file):
    """Each rule is reached by Tab alone, one after the other, and opens with Enter."""
    page = browser.new_page()
    page.goto(page_file.as_uri())
    rules = page.locator("summary").count()
    for _ in range(rules):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == rules
    page.close()


def test_paper_has_the_first_page_and_then_every_finding(browser, page_file):
    """What is folded on a screen is open on paper, in dark ink whatever the screen's colours are."""
    context = browser.new_context(color_scheme="dark", viewport={"width": 794, "height": 1123})
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.emulate_media(media="print")
    heights = page.evaluate("[...document.querySelectorAll('details')].map((each) => each.offsetHeight)")
    assert min(heights) > 60
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 39, 51)"
    context.close()


@pytest.mark.parametrize("kind", ["none", "one", "many", "odd"])
def test_the_page_holds_whatever_an_audit_finds(browser, tmp_path, kind):
    """No finding, one, hundreds, and names that are long, written from the right or made of pictures."""
    names = {
        "none": [], "one": ["Winter Sale"], "many": [f"Winter {n}" for n in range(700)],
        "odd": [
            *("W" * 9000, "مبيعات الشتاء 2026", "שלום | עולם", "a\u0301" * 200, "冬のセール" * 60),
            "\u2744\ufe0f Winter \U0001f469\u200d\U0001f469\u200d\U0001f467 sale",
        ],
    }[kind]  # fmt: skip
    export = tmp_path / "meta.csv"
    rows = "".join(f'{n},"{name}",{n}.5\n' for n, name in enumerate(names, 1))
    export.write_text(f"Campaign ID,Campaign name,Amount spent (EUR)\n{rows}", "utf-8")
    out = tmp_path / "page.html"
    run(["audit", "run", "--file", str(export), "--as", "meta", "-o", str(out)])
    for width in (1280, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(out.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert page.evaluate(OVER) == []
        page.close()
    text = out.read_text("utf-8")
    assert ("200 more are in the sheet and in the JSON" in text) == (kind == "many")

"""Whatever contracts and registry files say, a page shows it as text: nothing runs, links or is fetched."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
SHOWN = (
    "<script>document.title='owned'</script>",
    "[link](javascript:alert(1))",
    '<a href="javascript:alert(2)">',
    "a | b",
    "{{ 7*7 }}",
    "{% include 'x' %}",
    '--8<-- "mkdocs.yml"',
    "<img src=x onerror=alert(3)>",
    "![i](http://evil.example/x.png)",
    "</title></p></table>",
    "&lt;b&gt;",
    "http://evil.example/",
    "*stars* _lines_ #hash",
)
HOSTILE = " ".join(SHOWN) + " \u202egnp.exe ``` ~~~ \x1b[31m"
WORDS = {"title", "description", "label", "trigger", "name", "responsible_for", "contact", "metric_note"}


def poisoned(value, key=""):
    """The document with hostile text wherever people write prose."""
    if isinstance(value, dict):
        return {name: poisoned(member, name) for name, member in value.items()}
    if isinstance(value, list):
        return [poisoned(member, key) for member in value]
    return f"{value} {HOSTILE}" if isinstance(value, str) and key in WORDS else value


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, serving) -> str:
    """The address of the site of a small registry in which all prose is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(ROOT / "tests/cases/base", folder, dirs_exist_ok=True)
    for name in ("mkdocs.yml", "docs/assets", "docs/theme", "docs/reference"):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
    for path in folder.glob("contracts/**/*.json"):
        consumers = json.loads(path.read_text("utf-8"))["x-contract"].get("consumers", [])
        document = poisoned(json.loads(path.read_text("utf-8")))
        document["x-contract"]["consumers"] = consumers  # their names are slugs
        if "events" in path.parts:
            document["properties"]["<b>bold</b>|x"] = {"enum": [HOSTILE], "description": HOSTILE}
            document["x-contract"]["platforms"]["ga4"] = HOSTILE
        path.write_text(json.dumps(document), "utf-8")
    for path in folder.glob("registry/**/*.yaml"):
        document = poisoned(yaml.safe_load(path.read_text("utf-8")))
        if "vocabularies" in path.parts:
            document["words"]["<img src=x onerror=alert(5)>"] = {"label": HOSTILE, "aliases": [HOSTILE[:90]]}
        path.write_text(yaml.safe_dump(document, allow_unicode=True, width=10_000), "utf-8")
    symptom = dict.fromkeys(("symptom", "likely_cause", "look_at", "fix", "command"), HOSTILE)
    autopsy = {"symptoms": {"odd": {**symptom, "layer": "link", "rules": ["<b>"]}}}
    (folder / "registry/autopsy.yaml").write_text(yaml.safe_dump(autopsy), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "canonry", "docs", "build", "--registry", str(folder)],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return serving(folder / "site")


PAGES = {
    "": "body",
    "catalogue/all/": "table.listing",
    "catalogue/events/order_completed/v1/": ".md-content",
    "catalogue/segments/cart_abandoners/v1/": ".md-content",
    "catalogue/utm/social/v1/": ".md-content",
    "catalogue/vocabularies/plan/": ".md-content",
    "catalogue/campaigns/k7m2p2/": ".md-content",
    "catalogue/campaigns/": ".md-content",
    "catalogue/teams/checkout/": ".md-content",
    "catalogue/autopsy/": ".md-content",
}


@pytest.mark.parametrize("path", PAGES)
def test_hostile_prose_is_text(page: Page, hostile: str, path: str) -> None:
    """The fixture watches for requests, errors and violations. Here: it reads as written, and nothing ran."""
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(hostile + path)
    page.wait_for_load_state("networkidle")
    said = page.locator(PAGES[path]).first.evaluate("(node) => node.textContent")
    for part in SHOWN:
        assert part in said, part
    assert "\u202e" not in said and "\\u202e" in said
    assert "\x1b" not in said
    assert page.title() != "owned"
    links = page.evaluate("[...document.querySelectorAll('a')].map((a) => a.getAttribute('href') ?? '')")
    assert not [href for href in links if href.lower().lstrip().startswith("javascript") or "//evil" in href]
    assert page.locator("img, [onerror], iframe, .md-content script").count() == 0
    assert asked == []


def test_hostile_search_results_are_text(page: Page, hostile: str) -> None:
    """What was found is shown as it is written, marked where it fits."""
    page.goto(hostile)
    page.locator("#find").fill("script owned")
    expect(page.locator("#found a").first).to_contain_text("<script>document.title='owned'</script>")
    assert page.locator("#found script, #found img").count() == 0
    page.locator("#find").fill("<img src=x onerror=alert(5)>")
    expect(page.locator("#found a").first).to_be_visible()

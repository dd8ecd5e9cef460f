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
    if key == "templates":  # which are no prose, and no links without them
        return value
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
        if path.stem == "plan":  # which no format reads: the builder offers what can be built
            document["words"]["<img src=x onerror=alert(5)>"] = {"label": HOSTILE, "aliases": [HOSTILE[:90]]}
        path.write_text(yaml.safe_dump(document, allow_unicode=True, width=10_000), "utf-8")
    for name in ("meta", "ga4"):
        platform = poisoned(yaml.safe_load((ROOT / f"registry/platforms/{name}.yaml").read_text("utf-8")))
        path = folder / f"registry/platforms/{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(platform, allow_unicode=True, width=10_000), "utf-8")
    for path in ("vocabularies/<img src=x>.yaml", "campaigns/[a](javascript:b).yaml", "teams {{ 7*7 }}.yaml"):
        (folder / "registry" / path).write_text("title: x\n", "utf-8")
    symptom = dict.fromkeys(("symptom", "likely_cause", "look_at", "fix", "command"), HOSTILE)
    autopsy = {"symptoms": {"odd": {**symptom, "layer": "link", "rules": ["<b>"]}}}
    (folder / "registry/autopsy.yaml").write_text(yaml.safe_dump(autopsy), "utf-8")
    for command in (
        ("init", "--quiet"),
        ("add", "--all", "registry", "contracts"),
        ("-c", "user.name=<b>x</b>", "-c", "user.email=x@example.com", "commit", "--quiet", "-m", HOSTILE),
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
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
    "": ".lately",
    "catalogue/all/": "table.listing",
    "catalogue/events/order_completed/v1/": ".md-content",
    "catalogue/segments/cart_abandoners/v1/": ".md-content",
    "catalogue/utm/social/v1/": ".md-content",
    "catalogue/vocabularies/plan/": ".md-content",
    "catalogue/campaigns/k7m2p2/": ".md-content",
    "catalogue/campaigns/": ".md-content",
    "catalogue/teams/checkout/": ".md-content",
    "catalogue/autopsy/": ".md-content",
    "catalogue/platforms/meta/": ".md-content",
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


def test_hostile_words_are_text_where_links_are_built(page: Page, hostile: str) -> None:
    """Titles of formats, labels of words, campaigns and platforms, in lists and in what is said of a link."""
    page.goto(f"{hostile}links/build/")
    page.locator("#canonry-build[data-ready]").wait_for()
    for name, typed in (("Campaign", "spring"), ("Format", "social"), ("Market", "germany")):
        field = page.get_by_role("combobox", name=name)
        field.fill(typed)
        expect(page.get_by_role("option").first).to_contain_text("<script>document.title='owned'</script>")
        field.press("Enter")
    page.get_by_role("combobox", name="Source").fill("facebook")
    page.get_by_text("Meta <script>").first.click()
    said = page.locator("#canonry-build").inner_text()
    assert "{{ 7*7 }}" in said and "\u202e" not in said
    assert page.locator("#canonry-build :is(script, img, iframe, [onerror])").count() == 0
    assert page.title() != "owned"


def test_hostile_words_are_text_where_additions_are_proposed(page: Page, hostile: str) -> None:
    """Titles of vocabularies and of fields."""
    for place in ("word=plan", "campaign"):
        page.goto(f"{hostile}links/propose/#{place}")
        page.reload()
        expect(page.get_by_role("textbox").nth(1)).to_be_visible()
        assert page.locator("#canonry-propose :is(script, img, iframe, [onerror])").count() == 0
        assert "\u202e" not in page.locator("#canonry-propose").inner_text()


def test_hostile_search_results_are_text(page: Page, hostile: str) -> None:
    """What was found is shown as it is written, marked where it fits."""
    page.goto(hostile)
    page.locator("#find").fill("script owned")
    expect(page.locator("#found a").first).to_contain_text("<script>document.title='owned'</script>")
    assert page.locator("#found script, #found img").count() == 0
    assert "\u202e" not in page.locator("#found").inner_text()
    page.locator("#find").fill("<img src=x onerror=alert(5)>")
    expect(page.locator("#found a").first).to_be_visible()

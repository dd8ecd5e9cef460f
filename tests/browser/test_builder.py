"""The link builder and the link checker, as people use them; any fault of a page fails its test."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Download, Locator, Page, expect

ROOT = Path(__file__).parents[2]
FITS = "document.querySelector('.ln-app').scrollWidth <= document.querySelector('.ln-app').clientWidth"
WINTER = "#format=paid_social&campaign=winter-living-weeks&f.source=facebook"


def canonry(*arguments: str) -> dict[str, object]:
    """What a command answers as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "canonry", *arguments, "--format", "json", "--registry", str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture
def builder(page: Page, address: str) -> Callable[..., Page]:
    """Opens the builder, with a form in its address."""

    def opened(form: str = "") -> Page:
        page.goto(f"{address}links/build/{form}")
        page.locator("#canonry-build[data-ready]").wait_for()
        return page

    return opened


def combo(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name)


def link(page: Page) -> str:
    return page.get_by_label("Link", exact=True).locator("visible=true").last.inner_text()


def state(page: Page) -> Locator:
    return page.locator(".ln-result .ln-state")


def saved(download: Download) -> list[dict[str, str]]:
    text = Path(download.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def checked(page: Page, address: str, links: list[str]) -> Page:
    page.goto(f"{address}links/check/")
    page.locator("#canonry-check[data-ready]").wait_for(state="attached")
    page.get_by_role("textbox", name="Links").evaluate(
        "(area, text) => { area.value = text; }", "\n".join(links)
    )
    page.get_by_role("button", name="Check").click()
    page.locator(f"#canonry-check[data-checked='{len(links)}']").wait_for()
    return page


def test_a_link_is_built_by_keyboard_alone(builder: Callable[..., Page]) -> None:
    """Tab, type, Enter: campaign, format, and the link that `canonry utm build` builds."""
    page = builder()
    combo(page, "Campaign").focus()
    page.keyboard.type("winter liv")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(combo(page, "Format")).to_be_focused()
    page.keyboard.type("meta")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(state(page)).to_have_text("Ready to paste into the platform")
    built = canonry("utm", "build", "meta", "--campaign", "winter-living-weeks")
    assert link(page) == built["text"]
    expect(page.get_by_text("Ad > Tracking > URL parameters")).to_be_visible()


def test_the_pages_read_what_was_generated(site: Path) -> None:
    """The site holds `generated/site/utm.json`, byte by byte."""
    generated = ROOT / "generated/site/utm.json"
    assert (site / "links/utm.json").read_bytes() == generated.read_bytes()


def test_what_another_format_left_behind_stops_no_link(builder: Callable[..., Page]) -> None:
    """A field that was filled in before the format was changed is no field any more."""
    page = builder(WINTER + "&platform=meta&f.creative=nonsense&f.constructor=x&f.tool=braze")
    page.get_by_label("Let Meta fill in").check()
    expect(state(page)).to_have_text("Ready to paste into the platform")
    expect(page.get_by_text("creative is not written")).to_be_visible()


def test_no_choice_is_offered_that_the_campaign_does_not_leave(builder: Callable[..., Page]) -> None:
    """Where the plan names the only platform of a source, the link cannot run elsewhere."""
    page = builder("#format=paid_social&campaign=winter-living-weeks")
    expect(page.get_by_role("radio", name="elsewhere")).to_have_count(1)
    combo(page, "Source").fill("facebook")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="Meta")).to_be_checked()
    expect(page.get_by_role("radio", name="elsewhere")).to_have_count(0)


def test_what_is_missing_is_listed_and_leads_to_its_field(builder: Callable[..., Page]) -> None:
    """No link before it is right, and the way to each field that is not."""
    page = builder("#format=email_newsletter")
    expect(state(page)).to_contain_text("to settle before there is a link")
    page.get_by_role("button", name="Market").click()
    market = combo(page, "Market")
    expect(market).to_be_focused()
    page.keyboard.type("atlantis")
    page.keyboard.press("Tab")
    expect(market).to_have_attribute("aria-invalid", "true")
    assert page.get_by_role("button", name="Copy", exact=True).count() == 0


def test_an_alias_finds_its_word(builder: Callable[..., Page]) -> None:
    """What everybody types first is offered as what it is called here, and set right if it is typed."""
    page = builder("#format=paid_social&campaign=winter-living-weeks")
    market = combo(page, "Market")
    market.fill("uk")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("United Kingdom")
    expect(option).to_contain_text("also written uk")
    page.keyboard.press("Enter")
    expect(market).to_have_value("gb")


def test_a_word_on_its_way_out_is_told(builder: Callable[..., Page]) -> None:
    """Deprecated words are offered as what they are."""
    data = json.loads((ROOT / "generated/site/utm.json").read_text(encoding="utf-8"))
    table = data["table"]
    for identifier, contract in table["contracts"].items():
        for name, spec in contract["fields"].items():
            words = table["vocabularies"].get(spec.get("vocabulary"), {}).get("words", ())
            old = [word for word, about in words if about["status"] == "deprecated"]
            listed = [word for word in old if word in spec.get("only", old)]
            if contract["kind"] == "utm" and listed and name in contract["required"]:
                page = builder(f"#format={identifier}")
                field = page.locator(f"#ln-field-{name}")
                field.fill(listed[0])
                expect(page.get_by_role("option").first).to_contain_text("on its way out")
                return
    pytest.skip("no format has a deprecated word")


def test_a_form_is_shared_by_its_address(builder: Callable[..., Page]) -> None:
    """Whoever opens the address sees the form half filled, and the address follows what is typed."""
    page = builder("#format=email_newsletter&f.market=gb&f.slug=spring&url=https%3A%2F%2Fwww.example.com%2Fa")
    expect(combo(page, "Market")).to_have_value("gb")
    expect(page.get_by_label("Landing page")).to_have_value("https://www.example.com/a")
    page.get_by_label("Slug").fill("summer")
    page.wait_for_url("**f.slug=summer**")
    again = builder(page.url[page.url.index("#") :])
    expect(again.get_by_label("Slug")).to_have_value("summer")


def test_links_are_put_in_a_table_and_exported(builder: Callable[..., Page]) -> None:
    """The table's CSV holds the link and its fields, and no cell that a spreadsheet would calculate."""
    page = builder(WINTER + "&platform=meta")
    page.get_by_role("button", name="Add to the table").click()
    page.get_by_label("Let Meta fill in").uncheck()
    page.get_by_role("button", name="Add to the table").click()
    expect(page.get_by_role("heading", name="Table of 2 links")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").first.click()
    rows = saved(download.value)
    assert [row["format"] for row in rows] == ["paid_social", "paid_social"]
    assert "{{ad.name}}" in rows[0]["link"] and "{{" not in rows[1]["link"]


def test_a_pasted_sheet_is_built(builder: Callable[..., Page], tmp_path: Path, shots: Path) -> None:
    """Rows from a spreadsheet come back in their places, each with its link or with what is wrong."""
    page = builder()
    rows = [
        ["format", "campaign", "source", "audience", "url"],
        ["paid_social", "winter-living-weeks", "pinterest", "interests", ""],
        ["paid_social", "winter-living-weeks", "=cmd()", "interests", ""],
        ["nothing", "", "", "", ""],
    ]
    page.get_by_role("textbox", name="Rows").fill("\n".join("\t".join(row) for row in rows))
    page.get_by_role("button", name="Build them all").click()
    expect(page.get_by_text("1 built, 2 with something to settle")).to_be_visible()
    page.screenshot(path=shots / "build-sheet.png", full_page=True)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    found = saved(download.value)
    sheet, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    canonry("utm", "batch", str(sheet), "-o", str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        wanted = list(csv.DictReader(file))
    assert [row["link"] for row in found] == [row["link"] for row in wanted]
    assert [row["error"] for row in found] == [row["error"] for row in wanted]
    assert found[1]["source"] == "'=cmd()"


def test_a_code_is_drawn_where_no_macro_is_left(builder: Callable[..., Page], shots: Path) -> None:
    """On paper nobody fills in macros; without them the code can be downloaded."""
    page = builder(WINTER + "&platform=meta")
    page.get_by_role("button", name="QR code").click()
    expect(page.get_by_text("A QR code cannot hold macros")).to_be_visible()
    page.get_by_label("Let Meta fill in").uncheck()
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()
    page.screenshot(path=shots / "build-code.png", full_page=True)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as SVG").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("<svg")


def test_copying_puts_the_link_in_the_clipboard(
    contexts: Callable[..., BrowserContext], address: str
) -> None:
    """What is copied is what is shown."""
    context = contexts(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}links/build/{WINTER}&platform=meta")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link(page)


def test_a_broken_link_is_explained_and_corrected(page: Page, address: str, shots: Path) -> None:
    """The same findings, in the same order, and the same correction as `canonry utm parse`."""
    broken = (
        "https://www.example.com/de/winter-living?utm_source=FB&amp;utm_medium=paid_social"
        "&utm_campaign=acme_dach_sales_winter-living-weeks_202611_tx7nrx&utm_content=xx&utm_id=tx7nrz"
    )
    checked(page, address, [broken])
    told = canonry("utm", "parse", broken)
    shown = page.locator(".ln-findings > li")
    findings = told["findings"]
    assert isinstance(findings, list) and len(findings) > 1
    expect(shown).to_have_count(len(findings))
    for place, finding in enumerate(findings):
        expect(shown.nth(place)).to_contain_text(finding["message"])
        expect(shown.nth(place)).to_contain_text(finding["code"])
    assert page.locator(".ln-corrected code").inner_text() == told["corrected"]
    page.screenshot(path=shots / "check-one.png", full_page=True)


def test_a_thousand_links_are_counted_and_filtered(page: Page, address: str, shots: Path) -> None:
    """Counts, filters, and a file of all of them."""
    with (ROOT / "examples/links.csv").open(encoding="utf-8", newline="") as file:
        links = [row["link"] for row in csv.DictReader(file) if "\n" not in row["link"]]
    checked(page, address, (links * 6)[:1000])
    page.get_by_role("group", name="Show only").get_by_role("button", name="right", exact=False).click()
    expect(page.locator(".ln-answer .ln-badge").first).to_have_text("right")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    assert len(saved(download.value)) == 1000
    page.screenshot(path=shots / "check.png")


def test_hostile_links_stay_text(page: Page, address: str) -> None:
    """Nothing that is pasted becomes markup, a request or a formula."""
    hostile = [
        "javascript:alert(1)?utm_source=<script>alert(1)</script>",
        "https://www.example.com/?utm_source=<img src=x onerror=alert(1)>&utm_medium={{7*7}}",
        "https://www.example.com/?utm_source=\u202eabc&utm_campaign=%3Cb%3E",
    ]
    checked(page, address, hostile)
    assert page.locator("#canonry-check script, #canonry-check img, #canonry-check b").count() == 0
    assert page.locator("#canonry-check a[href^='javascript']").count() == 0


def test_all_of_it_works_offline_once_loaded(contexts: Callable[..., BrowserContext], address: str) -> None:
    """Modules and data are there when the page is: nothing is fetched later."""
    context = contexts()
    page = context.new_page()
    page.goto(f"{address}links/build/")
    page.locator("#canonry-build[data-warm]").wait_for()
    other = context.new_page()
    other.goto(f"{address}links/check/")
    other.locator("#canonry-check[data-ready]").wait_for()
    # Chromium asks for the icon again, whenever the address changes; this server lets it keep nothing.
    context.route("**/{favicon.ico,mark.svg}", lambda route: route.fulfill(body=""))
    context.set_offline(offline=True)
    combo(page, "Campaign").fill("winter")
    page.keyboard.press("Enter")
    combo(page, "Format").fill("newsletter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What the link says")).to_be_visible()
    other.get_by_role("textbox", name="Links").fill("https://www.example.com/?utm_source=fb")
    other.get_by_role("button", name="Check").click()
    expect(other.locator(".ln-answer")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("dark", {"color_scheme": "dark"}),
        ("narrow", {"viewport": {"width": 360, "height": 740}}),
        ("print", {}),
    ],
)
def test_the_pages_elsewhere(
    contexts: Callable[..., BrowserContext], address: str, shots: Path, name: str, options: dict[str, object]
) -> None:
    """In the dark, on a telephone and on paper: nothing wider than the page, and pictures to look at."""
    page = contexts(**options).new_page()
    page.goto(f"{address}links/build/{WINTER}&platform=meta")
    page.locator(".ln-link").wait_for()
    assert page.evaluate(FITS)
    page.emulate_media(media="print" if name == "print" else "screen")
    page.screenshot(path=shots / f"build-{name}.png", full_page=True)
    page.emulate_media(media="screen")
    checked(page, address, ["https://www.example.com/?utm_source=fb&utm_medium=cpc"])
    assert page.evaluate(FITS)
    page.emulate_media(media="print" if name == "print" else "screen")
    page.screenshot(path=shots / f"check-{name}.png", full_page=True)

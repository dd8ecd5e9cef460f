"""Proposing a word or a campaign without git, from the page that lists it."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

ID = re.compile(r"registry/campaigns/([a-z0-9]{6})\.yaml")


def test_a_word_is_proposed_from_its_vocabulary(page: Page, address: str, shots: Path) -> None:
    """Add, fill in, be told what is wrong; then the host's page, the lines, and the whole file."""
    page.goto(f"{address}catalogue/vocabularies/market/")
    page.get_by_role("link", name="Add a word").click()
    page.locator("#canonry-propose[data-ready]").wait_for()
    word = page.get_by_role("textbox", name="Word")
    word.fill("UK")
    expect(page.get_by_text("UK is another spelling of gb already")).to_be_visible()
    word.fill("mt")
    page.get_by_role("textbox", name="Label").fill("Malta")
    page.get_by_role("textbox", name="Also written").fill("mlt, Malta: EU")
    expect(page.locator(".ln-file")).to_contain_text("aliases: [mlt, 'Malta: EU']")
    host = page.get_by_role("link", name="Copy the lines and open GitHub")
    target = host.get_attribute("href") or ""
    assert target.endswith("/edit/main/registry/vocabularies/market.yaml")
    assert host.get_attribute("rel") == "noopener noreferrer"
    page.screenshot(path=shots / "propose-word.png", full_page=True)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the whole file").click()
    assert "  mt:\n    label: Malta\n" in Path(download.value.path()).read_text("utf-8")


def test_a_campaign_is_proposed_from_the_index(page: Page, address: str, shots: Path) -> None:
    """The registry id is drawn in the page, and the host's page opens with the file in it."""
    page.goto(f"{address}catalogue/campaigns/")
    page.get_by_role("link", name="Add a campaign").click()
    page.locator("#canonry-propose[data-ready]").wait_for()
    expect(page.get_by_text("To settle: Label")).to_be_visible()
    page.get_by_role("textbox", name="Label").fill("Spring sofa weeks 2027")
    expect(page.get_by_role("textbox", name="Slug")).to_have_value("spring-sofa-weeks-2027")
    page.get_by_role("textbox", name="What it is about").fill("Sofas: for spring.")
    for name, typed in (("Owner", "paid"), ("Second team", "crm"), ("Add a channel", "paid social")):
        page.get_by_role("combobox", name=name).fill(typed)
        page.keyboard.press("Enter")
    page.get_by_label("First day").fill("2027-03-01")
    page.get_by_label("Last day").fill("2027-04-15")
    page.get_by_role("textbox", name="Judged by").fill("revenue")
    page.get_by_role("textbox", name="Landing page").fill("https://www.example.com/sofas")
    page.get_by_label("Meta").check()
    page.get_by_role("combobox", name="Market").fill("uk")
    page.keyboard.press("Enter")
    target = page.get_by_role("link", name="Open at GitHub").get_attribute("href") or ""
    query = parse_qs(urlsplit(target).query)
    found = ID.search(page.locator(".ln-result").inner_text())
    assert found is not None and query["filename"] == [f"{found[1]}.yaml"]
    assert "  market: gb\n" in query["value"][0] and "    platforms: [meta]\n" in query["value"][0]
    page.screenshot(path=shots / "propose-campaign.png", full_page=True)

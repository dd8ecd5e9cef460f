"""People read the site: they search, follow, narrow, switch the light off, and hold it in one hand."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

EVENT = "catalogue/events/order_completed/v1/"
PAGES = {
    "home": "",
    "event": EVENT,
    "format": "catalogue/utm/paid_social/v1/",
    "index": "catalogue/events/",
    "trouble": "catalogue/autopsy/",
    "rule": "catalogue/rules/B101/",
    "vocabulary": "catalogue/vocabularies/market/",
    "platform": "catalogue/platforms/meta/",
    "guides": "catalogue/guides/",
}


def find(page: Page, words: str):
    """Type into the search as people do: with the slash key."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    found = page.locator("#found a")
    expect(found.first).to_be_visible()
    return found


@pytest.mark.parametrize(
    ("words", "title", "why", "leads"),
    [
        ("fb", "Meta", "alias fb", "catalogue/platforms/meta/"),
        ("purchase", "Order Completed", "name on ga4 purchase", EVENT),
        (
            "checkout_id",
            "Payment Failed",
            "property checkout_id",
            "catalogue/events/payment_failed/v1/#checkout_id",
        ),
        ("paypal", "Payment methods", "word paypal", "catalogue/vocabularies/payment_method/#paypal"),
        ("B101", "payload-rejected", "", "catalogue/rules/B101/"),
        ("unassigned", "Unassigned grows", "", "catalogue/autopsy/#unassigned-rises"),
        ("order complted", "Order Completed", "", EVENT),
    ],
)
def test_search_finds_what_people_call_it(page: Page, address: str, words, title, why, leads):
    """A platform's name, an alias, a property, a value, a rule, a symptom, a slip of the finger."""
    page.goto(address)
    found = find(page, words)
    hit = found.filter(has_text=title).first
    expect(hit).to_contain_text(why)
    if leads is not None:
        assert hit.get_attribute("href") == address + leads


def test_search_is_all_keyboard(page: Page, address: str):
    """Slash, words, arrows, Enter; Escape closes; the chosen row is announced."""
    page.goto(address + "catalogue/all/")
    find(page, "cart")
    field = page.locator("#find")
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    target = page.locator("#found a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(target)


def test_a_dependency_is_followed(page: Page, address: str):
    """From an event to a segment that is defined by it, in the drawing, and back by keyboard."""
    page.goto(address + EVENT)
    page.locator(".drawing a", has_text="Cart Abandoners (3 days)").click()
    expect(page.locator("h1")).to_contain_text("Cart Abandoners (3 days)")
    back = page.locator(".drawing a", has_text="Order Completed")
    back.focus()
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Order Completed")
    first = page.locator(".drawing a").first
    first.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".drawing a").nth(1)).to_be_focused()
    assert page.locator(".drawing path.hard").count() > 0
    assert page.locator(".drawing path.soft").count() > 0


def test_a_list_is_narrowed_and_shared_by_its_address(page: Page, address: str):
    """Filters show what they leave; the address says the same to whoever opens it."""
    page.goto(address + "catalogue/all/")
    rows = page.locator("table.listing tbody tr:not([hidden])")
    every = rows.count()
    page.get_by_label("Kind").select_option("utm")
    page.get_by_label("Narrow by any word").fill("paid social")
    expect(page.locator(".count")).to_contain_text(f"of {every}")
    assert 0 < rows.count() < 22
    shared = page.url
    assert "kind=utm" in shared and "q=paid" in shared
    left = rows.count()
    page.goto("about:blank")
    page.goto(shared)
    expect(rows).to_have_count(left)
    page.get_by_role("button", name="Clear").click()
    expect(rows).to_have_count(every)


def test_in_trouble_the_word_on_the_screen_is_enough(page: Page, address: str):
    """Few symptoms left are shown open: what to look at, the tool, the rule."""
    page.goto(address + "catalogue/autopsy/")
    page.get_by_label("Narrow by any word").fill("unassigned grows")
    item = page.locator("details.item:not([hidden])")
    expect(item).to_have_count(1)
    for word in ("Usually", "Look at", "Tool", "Do", "Rules"):
        expect(item.locator("dt", has_text=word).first).to_be_visible()
    item.get_by_role("link", name="N203").click()
    expect(page.locator("h1")).to_be_visible()


def test_an_address_opens_what_it_leads_into(page: Page, address: str):
    """A symptom's own address shows it, whatever is folded."""
    page.goto(address + "catalogue/autopsy/#direct-jump")
    expect(page.locator("#direct-jump")).to_be_visible()


def test_light_and_dark(contexts, address: str, shots: Path):
    """The system decides, the button decides otherwise, and the choice stays."""
    dark = contexts(color_scheme="dark").new_page()
    dark.goto(address)
    ground = "getComputedStyle(document.body).backgroundColor"
    night = dark.evaluate(ground)
    dark.screenshot(path=shots / "home-dark.png")
    dark.get_by_role("button", name="Switch to light").click()
    day = dark.evaluate(ground)
    assert day != night
    dark.goto(address + EVENT)
    assert dark.evaluate(ground) == day
    expect(dark.get_by_role("button", name="Switch to dark")).to_be_visible()


def test_an_example_is_copied(contexts, address: str):
    """The button puts the payload into the clipboard, whole."""
    context = contexts(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + EVENT)
    page.locator(".md-code__button[data-md-type=copy]").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert '"order_id": "AC-2026-118231"' in copied and copied.strip().endswith("}")


def test_narrow_screens(contexts, address: str, shots: Path):
    """At 390 pixels nothing runs out of the page, and the menu opens without a script of ours."""
    page = contexts(viewport={"width": 390, "height": 844}).new_page()
    for name, path in PAGES.items():
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        page.screenshot(path=shots / f"{name}-390.png")
    page.get_by_role("button", name="Menu", exact=True).click()
    page.locator("#menu").get_by_role("link", name="Segments").click()
    expect(page.locator("h1")).to_contain_text("Segments")


def test_wide_screens(page: Page, address: str, shots: Path):
    """Screenshots for people to look at; the section that is open is marked."""
    for name, path in PAGES.items():
        page.goto(address + path)
        page.screenshot(path=shots / f"{name}-1280.png")
        marked = 0 if name == "home" else 1
        expect(page.locator(".tabs a[aria-current]")).to_have_count(marked)
        expect(page.locator(".rows a[aria-current]")).to_have_count(marked)


def test_paper(page: Page, address: str, shots: Path):
    """Printed, a page shows what is folded on the screen, and no controls."""
    page.goto(address + EVENT)
    page.emulate_media(media="print")
    expect(page.locator(".md-header")).to_be_hidden()
    page.screenshot(path=shots / "event-print.png")

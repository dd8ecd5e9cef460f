"""The site opens in a real browser, from a plain file server under a sub-path."""

from pathlib import Path

from playwright.sync_api import Page, expect


def test_the_home_page_opens(page: Page, address: str, shots: Path) -> None:
    """Without a fault of any kind (the fixture looks)."""
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible()
    page.screenshot(path=shots / "home.png")

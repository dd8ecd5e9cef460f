"""The site opens in a real browser, from a plain file server under a sub-path."""

from pathlib import Path

from playwright.sync_api import Page, expect


def test_the_home_page_opens(page: Page, address: str, shots: Path) -> None:
    """Without a fault of any kind (the fixture looks)."""
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible()
    page.screenshot(path=shots / "home.png")


def test_a_page_that_is_not_there_says_so_at_any_depth(page: Page, address: str, shots: Path) -> None:
    """File servers hand 404.html out under the address asked for, so it can ask for nothing beside it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    there = page.request.get(f"{address}404.html").text()
    page.route("**/no/such/page/", lambda route: route.fulfill(body=there, content_type="text/html"))
    page.goto(f"{address}no/such/page/")
    expect(page.locator("h1")).to_have_text("There is no such page")
    assert page.locator("main").evaluate("main => getComputedStyle(main).maxWidth") != "none"
    page.screenshot(path=shots / "404.png")
    assert [url for url in asked if not url.endswith("/no/such/page/")] == []


def test_nothing_is_published_that_no_page_loads(site: Path) -> None:
    """Neither source maps nor the theme's own search, which is off."""
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    assert [name for name in names if name.endswith(".map") or "lunr" in name] == []

"""axe-core finds no serious fault on the main pages, in light and in dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "",
    "catalogue/all/",
    "catalogue/events/order_completed/v1/",
    "catalogue/utm/paid_social/v1/",
    "catalogue/segments/cart_abandoners_3d/v1/",
    "catalogue/vocabularies/market/",
    "catalogue/platforms/meta/",
    "catalogue/autopsy/",
    "catalogue/rules/B101/",
    "guides/check/",
    "links/build/",
    "links/check/",
    "links/propose/#word=market",
    "links/propose/#campaign",
)
DARK = ("", "catalogue/events/order_completed/v1/", "links/build/")
"""The pages that are looked at in the dark, too: between them they have every colour."""


def faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical: rule, help, and where."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((done) => done.violations)")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize(
    ("path", "scheme"), [*((path, "light") for path in PAGES), *((path, "dark") for path in DARK)]
)
def test_no_serious_fault(contexts, site: Path, address: str, path: str, scheme: str) -> None:
    """Contrast, names, roles, focus: what keeps somebody out."""
    if not (site / path.partition("#")[0] / "index.html").is_file():
        pytest.skip(f"{path} is not built yet")
    page = contexts(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    if path == "catalogue/autopsy/":
        page.locator("summary").first.click()
    assert faults(page) == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci")
def test_the_open_search_has_no_serious_fault(page: Page, address: str) -> None:
    """The list of what was found is a list box to whoever hears it."""
    page.goto(address)
    page.locator("#find").fill("order")
    page.locator("#found a").first.wait_for()
    assert faults(page) == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_builder_and_the_checker_in_use_have_no_serious_fault(
    contexts, address: str, scheme: str
) -> None:
    """With a link, with something wrong, with the list open, with answers of every kind."""
    page = contexts(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(f"{address}links/build/#format=paid_social&campaign=winter-living-weeks&f.source=facebook")
    page.locator("#canonry-build[data-ready]").wait_for()
    page.get_by_role("button", name="Add to the table").click()
    page.locator("#ln-field-market").fill("atlantis")
    page.locator("#ln-field-brand").fill("a")
    page.get_by_role("option").first.wait_for()
    assert faults(page) == []
    page.goto(f"{address}links/check/")
    page.locator("#canonry-check[data-ready]").wait_for(state="attached")
    campaign = "acme_dach_sales_winter-living-weeks_202611_tx7nrz"
    right = f"utm_source=facebook&utm_medium=paid_social&utm_campaign={campaign}"
    lines = [
        f"https://www.example.com/?{right}&utm_content=xx&utm_term=xx&utm_id=tx7nrz",
        "nonsense",
        f"www.example.com/?{right}",
    ]
    page.get_by_role("textbox", name="Links").fill("\n".join(lines))
    page.get_by_role("button", name="Check").click()
    page.locator("#canonry-check[data-checked='3']").wait_for()
    page.locator("summary").first.click()
    assert faults(page) == []

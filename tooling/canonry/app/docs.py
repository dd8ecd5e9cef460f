"""The site's pages, planned from a registry and written where a static builder finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canonry.catalogue.load import load

if TYPE_CHECKING:
    from canonry.catalogue.tree import Tree
    from canonry.kernel.findings import Finding

DATA: Final = "links/utm.json"
"""What the builder and the checker read: the same bytes as `generated/site/utm.json`."""


def plan(tree: Tree) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Every generated page below the documentation folder, and what of the registry could not be read."""
    from canonry.app.linkdata import link_data
    from canonry.app.rules import all_rules
    from canonry.pages.plan import pages

    loaded = load(tree)
    found = pages(loaded.value, all_rules())
    files = {path: text.encode() for path, text in found.items()}
    return {**files, DATA: link_data(loaded.value)}, loaded.problems

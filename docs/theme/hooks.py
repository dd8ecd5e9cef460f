"""What the site's builder does on the way: nothing is published that no page loads.

MkDocs runs this by itself, so that `mkdocs build` and `canonry docs build` publish the same files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

SEARCHES: Final = ("search", "material/search")
"""The theme's own search; ours needs none of its scripts."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Leave out what the theme brings for debuggers, and for its own search where that is off."""
    searches = any(name in config.plugins for name in SEARCHES)
    for file in tuple(files):
        path = file.src_uri
        unused = path.startswith(("assets/javascripts/lunr/", "assets/javascripts/workers/")) and not searches
        if unused or (path.startswith("assets/") and path.endswith((".js.map", ".css.map"))):
            files.remove(file)
    return files

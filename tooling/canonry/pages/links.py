"""The pages that run in the browser: the link builder, the link checker, and proposals without git.

What they do stands in `docs/assets/links/`, modules without a framework or a build step; these pages hold the
place in which they open, and what to do where scripts are off.
"""

from __future__ import annotations

from canonry.pages.markup import code, page, text

_ASSETS = "../../assets/links/"


def _application(name: str, without: str) -> str:
    """The place of an application, its style and its module; `without`: what to do where scripts are off."""
    return "\n".join(
        [
            f'<link rel="stylesheet" href="{_ASSETS}links.css">',
            f'<div id="canonry-{name}" class="ln-app">',
            f"<noscript><p>This page needs scripts, which are off here. {without}</p></noscript>",
            "</div>",
            f'<script type="module" src="{_ASSETS}{name}.js"></script>',
        ]
    )


def build_page() -> str:
    """The link builder."""
    return page(
        "Build a link",
        text("Choose what the link is for and fill in its fields. What is not allowed cannot be built."),
        _application("build", f"At a terminal {code('canonry utm build')} does the same."),
        description="Campaign links that the registry allows, and no others.",
    )


def check_page() -> str:
    """The link checker."""
    return page(
        "Check links",
        text("Paste one link or ten thousand: what each says, where GA4 files it, and what it should be."),
        _application("check", f"At a terminal {code('canonry utm parse')} does the same."),
        description="What campaign links say, what is wrong with them, and the corrected links.",
    )


def propose_page() -> str:
    """Words and campaigns proposed without git."""
    return page(
        "Propose an addition",
        text(
            "A new word or a campaign, without git: fill in the form, and open it where the registry is kept."
        ),
        _application(
            "propose",
            f"At a terminal {code('canonry vocab add')} and {code('canonry campaign new')} do the same.",
        ),
        description="New words and campaigns for the registry, proposed from the browser.",
    )

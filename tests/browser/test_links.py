"""Every link of the built site leads somewhere: to a file that is there, and to a place on it."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

OUR_SCRIPTS = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if found.get("id"):
            self.places.add(found["id"])
        for name in ("href", "src"):
            if found.get(name):
                self.links.add(found[name])
        self.odd += [f"{tag} {name}" for name in found if name == "style" or name.startswith("on")]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, _Links]:
    """Every page with its links; 404.html is served anywhere, so its links are absolute."""
    found: dict[Path, _Links] = {}
    for file in site.rglob("*.html"):
        if file.name != "404.html":
            found[file] = _Links()
            found[file].feed(file.read_text("utf-8"))
    return found


def test_every_link_leads_somewhere(site: Path, pages: dict[Path, _Links]) -> None:
    """To a file that is there, and to a place on it; applications keep their state in the fragment."""
    assert len(pages) > 500
    there = set(site.rglob("*"))
    wrong = []
    for file, found in pages.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path, place = unquote(parts.path), unquote(parts.fragment)
            target = Path(os.path.normpath(file.parent / path)) if path else file
            target = target if target.suffix else target / "index.html"
            state = target.is_relative_to(site / "links")
            if target not in there or (place and not state and place not in pages[target].places):
                wrong.append(f"{file.relative_to(site)} -> {link}")
    assert wrong == []


def test_nothing_is_inline(pages: dict[Path, _Links]) -> None:
    """No page has a script, a style or a handler written into it: the policy would refuse it."""
    for file, found in pages.items():
        text = file.read_text("utf-8")
        assert not OUR_SCRIPTS.search(text), file
        assert "<style" not in text, file
        assert found.odd == [], file
        head = text.partition("</head>")[0]
        assert 'http-equiv="Content-Security-Policy"' in head, file
        assert "unsafe-" not in head, file

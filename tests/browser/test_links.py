"""Every link of the built site leads somewhere: to a file that is there, and to a place on it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

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


def test_every_link_leads_somewhere(site: Path) -> None:
    """Pages, anchors, styles and scripts; 404.html is served anywhere, so its links are absolute."""
    pages: dict[Path, _Links] = {}
    for file in site.rglob("*.html"):
        if file.name != "404.html":
            pages[file] = _Links()
            pages[file].feed(file.read_text("utf-8"))
    assert len(pages) > 500
    wrong = []
    for file, found in pages.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = unquote(parts.path)
            target = (file.parent / path).resolve() if path else file
            target = target / "index.html" if target.is_dir() else target
            place = unquote(parts.fragment)
            if not target.is_file() or (place and target in pages and place not in pages[target].places):
                wrong.append(f"{file.relative_to(site)} -> {link}")
    assert wrong == []


def test_nothing_is_inline(site: Path) -> None:
    """No page has a script, a style or a handler written into it: the policy would refuse it."""
    for file in site.rglob("*.html"):
        text = file.read_text("utf-8")
        assert not OUR_SCRIPTS.search(text), file
        assert "<style" not in text, file
        found = _Links()
        found.feed(text)
        assert found.odd == [], file
        assert 'http-equiv="Content-Security-Policy"' in text, file
        assert "unsafe-" not in text.split("</head>")[0], file

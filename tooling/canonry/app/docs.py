"""The site's pages, planned from a registry and written where a static builder finds them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from canonry.catalogue.load import load
from canonry.pages.plan import Beside, pages
from canonry.pages.site import Change

if TYPE_CHECKING:
    from canonry.app.changelog import Entry
    from canonry.catalogue.model import Catalogue
    from canonry.catalogue.tree import Tree
    from canonry.kernel.findings import Finding
    from canonry.naming.codec import Codec

DATA: Final = "links/utm.json"
"""What the builder and the checker read: the same bytes as `generated/site/utm.json`."""

PROPOSALS: Final = "links/propose.json"
"""What the page of proposals reads."""


class Planned(NamedTuple):
    """Every generated page below the documentation folder, what could not be read, the registry's name."""

    pages: dict[str, bytes]
    problems: tuple[Finding, ...]
    name: str


def plan(tree: Tree, beside: Beside | None = None) -> Planned:
    """The pages of a registry."""
    from canonry.app.finder import index
    from canonry.app.linkdata import link_data, proposal_data
    from canonry.app.rules import all_rules

    loaded = load(tree)
    compiler = codec(loaded.value)
    beside = replace(beside or Beside(), codec=compiler)
    rules = all_rules()
    found = {path: text.encode() for path, text in pages(loaded.value, rules, beside).items()}
    if compiler is not None:
        found[DATA] = link_data(loaded.value, compiler.table)
    found[PROPOSALS] = proposal_data(loaded.value)
    ours = {
        f"../{path}": found[path].decode()
        for path in found
        if path.startswith("links/") and path.endswith(".md")
    }
    finder = index(loaded.value, rules, {**beside.written, **ours})
    found["catalogue/search.json"] = json.dumps(finder, ensure_ascii=False, separators=(",", ":")).encode()
    registry = loaded.value.registry
    return Planned(found, loaded.problems, registry.name if registry else "Registry")


def codec(catalogue: Catalogue) -> Codec | None:
    """What writes the catalogue's links and names; None where a contract is no schema (lint says so)."""
    from canonry.app.compiled import WHOLE, compiled
    from canonry.naming.codec import Codec

    try:
        return Codec(compiled(catalogue)[1][WHOLE])
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def history(entries: Iterable[Entry]) -> dict[str, tuple[Change, ...]]:
    """The changelog by what it changed: node of the graph, or path of a registry file; newest first."""
    found: dict[str, list[Change]] = {}
    for entry in entries:
        for chapter in entry.chapters:
            sentences = tuple(line.sentence for line in chapter.lines)
            found.setdefault(chapter.subject, []).append(
                Change(
                    chapter.after or chapter.before,
                    entry.day,
                    sentences or _SAID[chapter.what],
                    bool(chapter.breaks),
                    entry.subject,
                )
            )
    return {subject: tuple(changes) for subject, changes in found.items()}


_SAID: Mapping[str, tuple[str, ...]] = {
    "added": ("It begins.",),
    "removed": ("It is gone.",),
    "follows": ("What it is built on changed.",),
    "changed": (),
}


def changes_to_json(told: Mapping[str, tuple[Change, ...]]) -> dict[str, Any]:
    """What one commit did, as it is kept."""
    return {
        subject: [[c.version, c.date, list(c.sentences), c.breaking, c.subject] for c in changes]
        for subject, changes in told.items()
    }


def changes_from_json(kept: Any) -> dict[str, tuple[Change, ...]] | None:
    """The reverse; None for anything else."""
    try:
        return {
            str(subject): tuple(
                Change(str(version), str(date), tuple(map(str, sentences)), bool(breaking), str(first))
                for version, date, sentences, breaking, first in changes
            )
            for subject, changes in kept.items()
        }
    except (AttributeError, TypeError, ValueError):
        return None

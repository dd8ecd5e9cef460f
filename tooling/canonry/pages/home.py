"""The first page: what this registry is, three doors, what changed lately, what goes soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canonry.pages.contracts import KINDS
from canonry.pages.markup import badge, code, lead, page, paragraphs, table, text

if TYPE_CHECKING:
    from canonry.pages.site import Site

DOORS: Final = (
    (
        "links/build/",
        "I build links",
        "Choose a campaign or a format, fill the fields, copy a link that cannot be wrong.",
        (
            ("links/check/", "Check a link"),
            ("catalogue/campaigns/", "Campaigns"),
            ("guides/links/", "How to"),
        ),
    ),
    (
        "guides/check/",
        "I change contracts",
        "Edit a contract, see whom it breaks before anybody else does, and open the pull request.",
        (
            ("catalogue/all/", "All contracts"),
            ("guides/registry/", "Working on the registry"),
            ("guides/exchange/", "Imports and exports"),
            ("guides/client/", "The Python client"),
        ),
    ),
    (
        "catalogue/autopsy/",
        "I run the audit",
        "Something looks wrong in a report: find what you see, and where it comes from.",
        (
            ("guides/audit/", "The weekly audit"),
            ("guides/audit-sources/", "Audit sources"),
            ("catalogue/rules/", "Rules"),
            ("catalogue/platforms/", "Platforms"),
            ("catalogue/teams/", "Who owns what"),
        ),
    ),
)

LATEST: Final = 8
"""Commits that the page shows."""

NAMED: Final = 5
"""Contracts and vocabularies that are named of each."""


def home_page(site: Site, written: frozenset[str] = frozenset()) -> str:
    """The whole page. `written`: addresses of hand-written pages; a door leads to the first that is there."""
    registry = site.catalogue.registry
    return page(
        registry.name if registry else "Registry",
        lead(registry.description if registry else ""),
        _doors(written),
        _lately(site),
        _leaving(site),
        _counts(site),
        description=(registry.description or "") if registry else "",
        toc=False,
    )


def _doors(written: frozenset[str]) -> str:
    def there(href: str) -> bool:
        return href.startswith("catalogue/") or href in written

    lines = ['<div class="doors">']
    for href, label, said, more in DOORS:
        leads = next((one for one in (href, *(target for target, _ in more)) if there(one)), "")
        title = f'<a href="{leads}">{text(label)}</a>' if leads else text(label)
        also = " ".join(f'<a href="{target}">{text(name)}</a>' for target, name in more if there(target))
        lines.append(
            f'<section class="door"><h2>{title}</h2><p>{text(said)}</p><p class="also">{also}</p></section>'
        )
    return "\n".join([*lines, "</div>"])


def _lately(site: Site) -> str:
    """One row per commit: when, what its author called it, what it touched, and whether it broke anything."""
    touched: dict[tuple[str, str], dict[str, bool]] = {}
    for node, history in site.changes.items():
        if site.path(node):
            for change in history:
                touched.setdefault((change.date, change.subject), {})[node] = change.breaking
    rows = []
    newest = sorted(touched.items(), key=lambda item: item[0][0], reverse=True)
    for (date, subject), nodes in newest[:LATEST]:
        ordered = sorted(nodes, key=lambda node: not nodes[node])
        names = ", ".join(site.anchor(node, 0, site.label(node)) for node in ordered[:NAMED])
        more = f" and {len(ordered) - NAMED:,} more" if len(ordered) > NAMED else ""
        broken = badge("breaking") if any(nodes.values()) else ""
        rows.append([text(date), f"{text(subject)}<small>{names}{more}</small>", broken])
    if not rows:
        return ""
    return paragraphs("## What changed lately", table(["When", "What", ""], rows, classes="lately"))


def _leaving(site: Site) -> str:
    found: list[tuple[str, list[str]]] = []
    for contract in site.catalogue.contracts.values():
        meta = contract.meta
        if meta.status == "deprecated":
            node, instead = str(contract.id), meta.replaced_by
            shown = site.anchor(node, 0, site.label(node)) + f" <small>{code(contract.id.name)}</small>"
            found.append(
                (
                    str(meta.sunset or ""),
                    [shown, site.anchor(instead, 0, site.label(instead)) if instead else ""],
                )
            )
    for name, vocabulary in site.catalogue.vocabularies.items():
        for word, entry in vocabulary.words.items():
            if entry.status == "deprecated":
                of = site.anchor(f"/vocabularies/{name}", 0, vocabulary.title)
                found.append(
                    (
                        str(entry.sunset or ""),
                        [f"{code(word)} of {of}", code(entry.replaced_by) if entry.replaced_by else ""],
                    )
                )
    found.sort(key=lambda item: item[0] or "9999")
    rows = [[text(sunset or "no day yet"), what, instead] for sunset, (what, instead) in found]
    return paragraphs("## What goes, and when", table(["Until", "What", "Use instead"], rows)) if rows else ""


def _counts(site: Site) -> str:
    catalogue = site.catalogue
    counted = [
        (f"catalogue/{kind}/", title, sum(1 for _ in catalogue.of_kind(kind)))
        for kind, (title, _) in KINDS.items()
    ]
    counted += [
        ("catalogue/vocabularies/", "Vocabularies", len(catalogue.vocabularies)),
        ("catalogue/platforms/", "Platforms", len(catalogue.platforms)),
        ("catalogue/campaigns/", "Campaigns", len(catalogue.campaigns)),
    ]
    tiles = "".join(
        f'<li><a href="{href}"><b>{count:,}</b> {text(title)}</a></li>'
        for href, title, count in counted
        if count
    )
    return paragraphs("## What is in it", f'<ul class="counts">{tiles}</ul>')

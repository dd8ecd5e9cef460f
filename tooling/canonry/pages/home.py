"""The first page: what this registry is, three doors, what changed lately, what goes soon."""

from __future__ import annotations

from canonry.pages.markup import badge, code, page, paragraphs, table, text
from canonry.pages.site import Site

DOORS = (
    (
        "links/build/",
        "I build links",
        "Choose a campaign or a format, fill the fields, copy a link that cannot be wrong.",
    ),
    (
        "guides/check/",
        "I change contracts",
        "Edit a contract, see whom it breaks before anybody else does, and open the pull request.",
    ),
    (
        "catalogue/autopsy/",
        "I run the audit",
        "Something looks wrong in a report: find what you see and where it comes from.",
    ),
)


def home_page(site: Site) -> str:
    """The whole page."""
    registry = site.catalogue.registry
    title = registry.name if registry else "Registry"
    doors = "\n".join(
        f'<a class="door" href="{href}"><strong>{text(label)}</strong><span>{text(said)}</span></a>'
        for href, label, said in DOORS
    )
    return page(
        title,
        text(registry.description or "") if registry else "",
        f'<div class="doors">\n{doors}\n</div>',
        _lately(site),
        _leaving(site),
        _counts(site),
        description=(registry.description or "") if registry else "",
    )


def _lately(site: Site) -> str:
    changes = [(change, node) for node, history in site.changes.items() for change in history[:1]]
    changes.sort(key=lambda item: (item[0].date, item[1]), reverse=True)
    rows = [
        [
            text(change.date),
            site.anchor(node, 0),
            code(change.version),
            badge("breaking") if change.breaking else "",
        ]
        for change, node in changes[:10]
    ]
    return (
        paragraphs("## What changed lately", table(["Date", "Contract", "Version", ""], rows)) if rows else ""
    )


def _leaving(site: Site) -> str:
    rows = [
        [
            site.anchor(str(c.id), 0),
            text(c.meta.sunset or "no day yet"),
            site.anchor(c.meta.replaced_by, 0) if c.meta.replaced_by else "",
        ]
        for c in site.catalogue.contracts.values()
        if c.meta.status == "deprecated"
    ]
    rows += [
        [
            f"{code(word)} of {site.anchor(f'/vocabularies/{name}', 0, v.title)}",
            text(entry.sunset or "no day yet"),
            code(entry.replaced_by) if entry.replaced_by else "",
        ]
        for name, v in site.catalogue.vocabularies.items()
        for word, entry in v.words.items()
        if entry.status == "deprecated"
    ]
    return paragraphs("## What goes soon", table(["What", "Until", "Use instead"], rows)) if rows else ""


def _counts(site: Site) -> str:
    catalogue = site.catalogue
    kinds = ("events", "traits", "segments", "utm", "creatives", "objects")
    rows = [
        [f'<a href="catalogue/{kind}/">{text(kind)}</a>', str(sum(1 for _ in catalogue.of_kind(kind)))]
        for kind in kinds
    ]
    rows += [
        [f'<a href="catalogue/{name}/">{name}</a>', str(len(getattr(catalogue, name)))]
        for name in ("vocabularies", "platforms", "campaigns")
    ]
    return paragraphs("## What is in it", table(["", ""], rows, classes="facts"))

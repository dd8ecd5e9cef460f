"""A page per contract: what it means, its fields, an example, who rests on it, where it is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.graph import Edge
from canonry.catalogue.refs import RefError
from canonry.pages.markup import attribute, badge, block, code, link, page, paragraphs, table, text
from canonry.pages.site import Site

if TYPE_CHECKING:
    from canonry.catalogue.model import Contract


SHOWN: Final = 12
"""Allowed values that a table cell lists."""

DEPTH: Final = 4
"""Folders above a contract's page: catalogue/<kind>/<name>/v<major>/."""


def contract_page(site: Site, contract: Contract) -> str:
    """The whole page."""
    schema, meta = contract.schema, contract.meta
    title = str(schema.get("title") or contract.id.name)
    return page(
        title,
        _status(site, contract),
        text(schema.get("description", "")),
        _facts(site, contract),
        _fields(site, contract),
        _templates(contract),
        _definition(site, contract),
        _example(contract),
        _uses(site, contract),
        _history(site, contract),
        _source(site, contract),
        description=str(schema.get("description", "")),
        tags=[contract.id.kind, meta.status, meta.owner],
    )


def _status(site: Site, contract: Contract) -> str:
    meta = contract.meta
    parts = [badge(meta.status), code(contract.id), f"version {code(meta.version)}"]
    line = " ".join(parts)
    if meta.status == "deprecated":
        until = f" until {text(meta.sunset)}" if meta.sunset else ""
        instead = f" Use {site.anchor(meta.replaced_by, DEPTH)} instead." if meta.replaced_by else ""
        line += f'\n\n<p class="notice">This contract is deprecated{until}.{instead}</p>'
    return f'<p class="status">{line}</p>' if "\n" not in line else line


def _facts(site: Site, contract: Contract) -> str:
    meta = contract.meta
    rows: list[tuple[str, str]] = [
        ("Owner", f"{site.team(meta.owner, DEPTH)}, else {site.team(meta.backup_owner, DEPTH)}"),
    ]
    if meta.trigger:
        rows.append(("Fires when", text(meta.trigger)))
    if meta.suppression:
        rows.append(("Held back when", "<br>".join(map(text, meta.suppression))))
    if meta.producers:
        rows.append(("Sent by", text(", ".join(meta.producers))))
    if meta.identity:
        rows.append(("Identified by", ", ".join(map(code, meta.identity))))
    if isinstance(meta.platforms, dict):
        for platform, name in meta.platforms.items():
            rows.append((f"On {text(platform)}", code(name)))
    elif meta.platforms:
        rows.append(("Platforms", ", ".join(text(name) for name in meta.platforms)))
    if meta.channel:
        rows.append(("GA4 channel", text(meta.channel)))
    if meta.custom_channel:
        rows.append(("Our channel", text(meta.custom_channel)))
    for platform, purposes in meta.consent.items():
        rows.append((f"Consent for {text(platform)}", ", ".join(map(code, purposes))))
    return table(["", ""], rows, classes="facts")


def _fields(site: Site, contract: Contract) -> str:
    if not contract.properties:
        return ""
    rows = [list(_field_row(site, contract, name, schema)) for name, schema in contract.properties.items()]
    head = ["Field", "Type", "Required", "Personal data", "What it is"]
    return paragraphs("## Fields", table(head, rows, classes="fields"))


def _field_row(site: Site, contract: Contract, name: str, schema: Any) -> Iterator[str]:
    try:
        known = site.references.field(schema, str(contract.id))
    except RefError:
        known = schema if isinstance(schema, dict) else {}
    yield f'<span id="{text(name)}"></span>{code(name)}'
    yield _type(site, schema if isinstance(schema, dict) else {}, known)
    yield "yes" if name in contract.required else ""
    pii = known.get("x-pii")
    yield badge(str(pii), "pii") if pii and pii != "none" else ""
    parts = [text(known.get("description", ""))]
    names = known.get("x-platforms")
    if isinstance(names, dict) and names:
        parts.append(
            "On " + ", ".join(f"{text(platform)}: {code(value)}" for platform, value in names.items())
        )
    consent = known.get("x-consent")
    if isinstance(consent, list) and consent:
        parts.append("Only with " + ", ".join(map(code, consent)))
    yield "<br>".join(part for part in parts if part)


def _type(site: Site, written: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    reference = written.get("$ref")
    if isinstance(reference, str) and site.path(reference):
        kind = "a word of " if reference.startswith("/vocabularies/") else ""
        return f"{kind}{site.anchor(reference, DEPTH, reference.split('/')[2])}"
    if "const" in known:
        return f"always {code(known['const'])}"
    if isinstance(known.get("enum"), list):
        more = " …" if len(known["enum"]) > SHOWN else ""
        return "one of " + ", ".join(map(code, known["enum"][:SHOWN])) + more
    if isinstance(written.get("x-name-of"), str):
        return f"a name of {site.anchor(written['x-name-of'], DEPTH)}"
    kind = known.get("type", "any")
    shown = " or ".join(kind) if isinstance(kind, list) else str(kind)
    extra = [
        f"{key} {known[key]}"
        for key in ("format", "pattern", "minimum", "maximum", "maxLength")
        if key in known
    ]
    return text(shown) + ("".join(f"<br><small>{text(item)}</small>" for item in extra))


def _templates(contract: Contract) -> str:
    templates = contract.meta.templates
    if not templates:
        return ""
    rows = []
    for key, forms in templates.items():
        for platform, form in forms.items() if isinstance(forms, dict) else (("static", forms),):
            shown = form if isinstance(form, str) else form.macro
            note = "" if isinstance(form, str) else f"becomes {form.expands or form.pattern or ''}"
            rows.append(
                [code(key), text("everywhere" if platform == "static" else platform), code(shown), text(note)]
            )
    return paragraphs("## How it is written", table(["Part", "Where", "Form", ""], rows))


def _definition(site: Site, contract: Contract) -> str:
    definition = contract.meta.definition
    if definition is None:
        return ""
    rows = [
        ("Looks back", text(definition.window or "without a limit")),
        ("Computed every", text(contract.meta.refresh or "(not said)")),
    ]
    for label, conditions in (
        ("All of", definition.all),
        ("Any of", definition.any),
        ("None of", definition.none),
    ):
        for condition in conditions:
            subject = condition.event or condition.trait or condition.segment or ""
            value = "" if condition.value is None else f" {condition.value}"
            detail = (
                ""
                if condition.property is None
                else f" {condition.property} {condition.op or 'exists'}{value}"
            )
            rows.append((label, site.anchor(subject, DEPTH) + text(detail)))
    rows += [("Excludes", site.anchor(item, DEPTH)) for item in contract.meta.exclusions]
    destinations = [
        [
            text(d.platform),
            code(d.audience),
            text(d.mechanism),
            text(f"{d.window_days} days" if d.window_days is not None else ""),
            text(d.sync or ""),
        ]
        for d in contract.meta.destinations
    ]
    parts = ["## Who belongs", table(["", ""], rows, classes="facts")]
    if destinations:
        parts += [
            "## Where it goes",
            table(["Platform", "Audience", "By", "Kept", "Sent every"], destinations),
        ]
    return paragraphs(*parts)


def _example(contract: Contract) -> str:
    examples = contract.schema.get("examples")
    if not isinstance(examples, list) or not examples:
        return ""
    return paragraphs("## Example", block(examples[0]))


def _uses(site: Site, contract: Contract) -> str:
    node = str(contract.id)
    readers = site.graph.readers.get(node, ())
    reads = site.graph.reads.get(node, ())
    parts = []
    if readers:
        parts += ["## Who rests on it", table(["Who", "Needs it", "Why"], _edges(site, readers, "reader"))]
    if reads:
        parts += ["## What it rests on", table(["What", "Needs it", "Why"], _edges(site, reads, "read"))]
    return paragraphs(*parts)


def _edges(site: Site, edges: tuple[Edge, ...], side: str) -> list[list[str]]:
    seen: dict[str, list[str]] = {}
    for edge in edges:
        node = getattr(edge, side)
        seen.setdefault(node, [site.anchor(node, DEPTH), badge(edge.need), text(edge.why)])
    return list(seen.values())


def _history(site: Site, contract: Contract) -> str:
    changes = site.changes.get(str(contract.id), ())
    if not changes:
        return ""
    rows = [
        [
            code(change.version),
            text(change.date),
            "<br>".join(map(text, change.sentences)),
            badge("breaking") if change.breaking else "",
        ]
        for change in changes
    ]
    return paragraphs("## Changes", table(["Version", "Date", "What changed", ""], rows))


def _source(site: Site, contract: Contract) -> str:
    registry = site.catalogue.registry
    url = registry.hosting.source_url if registry else None
    if not url or not url.startswith("https://"):
        return f"Source: {code(contract.path)}"
    branch = (registry.default_branch if registry else None) or "main"
    return "Source: " + link(
        code(contract.path), url.replace("{branch}", branch).replace("{path}", contract.path)
    )


def filter_attributes(contract: Contract) -> str:
    """What index pages filter a contract by."""
    platforms = " ".join(contract.meta.platforms)
    pii = sorted(
        {str(p.get("x-pii")) for p in contract.properties.values() if isinstance(p, dict) and p.get("x-pii")}
    )
    return " ".join(
        [
            attribute("kind", contract.id.kind),
            attribute("owner", contract.meta.owner),
            attribute("status", contract.meta.status),
            attribute("platform", platforms),
            attribute("pii", " ".join(pii)),
        ]
    )

"""A page per contract: meaning, fields, an example, who rests on it, what changed, where it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from canonry.pages.drawing import drawing, kind_word, neighbours
from canonry.pages.fields import DEPTH, fields_section
from canonry.pages.markup import (
    attribute,
    badge,
    block,
    code,
    crumbs,
    details,
    facts,
    lead,
    link,
    page,
    paragraphs,
    sentence,
    table,
    text,
)

if TYPE_CHECKING:
    from canonry.catalogue.documents.contract import Condition
    from canonry.catalogue.model import Contract
    from canonry.pages.drawing import Neighbour
    from canonry.pages.site import Site

KINDS: Final = {
    "events": ("Events", "What people do, and what each payload says."),
    "traits": ("Traits", "What is known of a user or an account."),
    "segments": ("Segments", "Who belongs, for how long, and which platforms are told."),
    "utm": ("UTM formats", "How links are tagged, and the channel each lands in."),
    "creatives": ("Creative tags", "How ads, assets and landing pages are named."),
    "objects": ("Platform names", "How campaigns, ad sets, ads and audiences are named."),
    "common": ("Shared definitions", "What contracts are built from."),
}
"""Title and purpose of every kind's index."""


def contract_page(site: Site, contract: Contract) -> str:
    """The whole page."""
    schema = contract.schema
    title = title_of(contract)
    return page(
        title,
        _status(site, contract),
        lead(schema.get("description", "")),
        _facts(site, contract),
        fields_section(site, contract),
        _templates(site, contract),
        _definition(site, contract),
        _example(site, contract),
        _platforms(site, contract),
        uses_section(site, str(contract.id), title, DEPTH),
        history_section(site, str(contract.id)),
        _source(site, contract),
        above=crumbs(link(text(KINDS[contract.id.kind][0]), "../../"), code(contract.id.name)),
        description=str(schema.get("description", "")),
    )


def title_of(contract: Contract) -> str:
    """What people call it."""
    title = contract.schema.get("title")
    return title if isinstance(title, str) and title.strip() else contract.id.name


def _status(site: Site, contract: Contract) -> str:
    meta = contract.meta
    parts = [badge(meta.status), code(contract.id), f"version {code(meta.version)}"]
    propose = site.hosted(contract.path, "Propose a change", edit=True)
    if propose:
        parts.append(f'<span class="away">{propose}</span>')
    line = f'<div class="status">{" ".join(f"<span>{part}</span>" for part in parts)}</div>'
    if meta.status in ("deprecated", "retired"):
        until = f" until {text(meta.sunset)}" if meta.sunset and meta.status == "deprecated" else ""
        instead = ""
        if meta.replaced_by:
            instead = f" Use {site.anchor(meta.replaced_by, DEPTH, site.label(meta.replaced_by))} instead."
        line += f'\n\n<p class="notice">This contract is {meta.status}{until}.{instead}</p>'
    return line


def _facts(site: Site, contract: Contract) -> str:
    meta = contract.meta
    rows: list[tuple[str, str]] = [
        ("Owner", f"{site.team(meta.owner, DEPTH)}, else {site.team(meta.backup_owner, DEPTH)}"),
        ("Fires when", sentence(meta.trigger or "")),
        ("Not sent when", _bullets([sentence(item) for item in meta.suppression])),
        ("Sent by", text(", ".join(meta.producers))),
        ("Identified by", ", ".join(map(code, meta.identity))),
        ("Short names", ", ".join(map(code, meta.aliases))),
        ("Of", text(meta.entity or "")),
        ("GA4 channel", text(meta.channel or "")),
        ("Our channel", text(meta.custom_channel or "")),
        ("Tagging", text(meta.tagging) if contract.id.kind == "utm" else ""),
        ("Level", text(meta.level or "")),
        ("Role", text(meta.role or "")),
    ]
    if isinstance(meta.platforms, list):
        rows.append(("Platforms", ", ".join(site.platform(name, DEPTH) for name in meta.platforms)))
    return facts(rows)


def _bullets(items: list[str]) -> str:
    if len(items) <= 1:
        return "".join(items)
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _platforms(site: Site, contract: Contract) -> str:
    """What each platform calls an event, and the consent without which nothing is sent to it."""
    meta = contract.meta
    named = meta.platforms if isinstance(meta.platforms, dict) else {}
    places = [*named, *(name for name in meta.consent if name not in named)]
    if not places:
        return ""
    rows = [
        [
            site.platform(name, DEPTH),
            code(named[name]) if name in named else "",
            ", ".join(map(code, meta.consent.get(name, ()))) or "none",
        ]
        for name in places
    ]
    return paragraphs("## On platforms", table(["Platform", "Called", "Needs consent"], rows))


def _templates(site: Site, contract: Contract) -> str:
    templates = contract.meta.templates
    if not templates:
        return ""
    rows = []
    for key, forms in templates.items():
        for platform, form in forms.items() if isinstance(forms, dict) else (("static", forms),):
            note = ""
            if not isinstance(form, str):
                becomes = form.expands or ""
                note = f"becomes {site.anchor(becomes, DEPTH, site.label(becomes))}" if becomes else ""
                note = note or f"becomes {code(form.pattern or '')}"
            where = "everywhere" if platform == "static" else site.platform(platform, DEPTH)
            rows.append([code(key), where, code(form if isinstance(form, str) else form.macro), note])
    older = [
        [code(key), code(form)]
        for template in contract.meta.legacy_templates
        for key, form in template.items()
    ]
    return paragraphs(
        "## How it is written",
        table(["Part", "Where", "Form", ""], rows, classes="forms"),
        details("Older forms, which are read and never written", _html(["Part", "Form"], older))
        if older
        else "",
    )


def _html(head: list[str], rows: list[list[str]]) -> str:
    """A table inside other HTML: Markdown would end a block at an empty line, and there is none."""
    return table(head, rows, classes="forms").replace("\n", "")


def _definition(site: Site, contract: Contract) -> str:
    definition = contract.meta.definition
    if definition is None:
        return ""
    meta = contract.meta
    rows = [
        ("Members are", site.anchor(definition.entity, DEPTH, site.label(definition.entity))),
        ("Looks back", text(definition.window or "without a limit")),
        ("Computed every", text(meta.refresh or "(not said)")),
        ("All of", _bullets([_condition(site, one) for one in definition.all])),
        ("At least one of", _bullets([_condition(site, one) for one in definition.any])),
        ("None of", _bullets([_condition(site, one) for one in definition.none])),
        ("Leaves out", ", ".join(site.anchor(node, DEPTH, site.label(node)) for node in meta.exclusions)),
    ]
    destinations = [
        [
            site.platform(d.platform, DEPTH),
            code(d.audience),
            text(d.mechanism.replace("_", " ")),
            text(f"{d.window_days} days" if d.window_days is not None else ""),
            text(d.sync or ""),
        ]
        for d in meta.destinations
    ]
    head = ["Platform", "Audience", "By", "Kept for", "Sent every"]
    return paragraphs(
        "## Who belongs",
        facts(rows),
        *(("## Where it goes", table(head, destinations)) if destinations else ()),
    )


def _condition(site: Site, condition: Condition) -> str:
    node = condition.event or condition.trait or condition.segment or ""
    said = site.anchor(node, DEPTH, site.label(node))
    if condition.property:
        said += f": {_test(condition)}"
    if condition.where:
        said += f" where {' and '.join(_test(inner) for inner in condition.where)}"
    if condition.at_least:
        said += f", {condition.at_least} times or more"
    return said + (f", within {text(condition.within)}" if condition.within else "")


def _test(condition: Condition) -> str:
    value = condition.value
    shown = ", ".join(map(code, value)) if isinstance(value, list) else code(value)
    operator = text((condition.op or "exists").replace("_", " "))
    return f"{code(condition.property or '')} {operator}" + ("" if value is None else f" {shown}")


def _example(site: Site, contract: Contract) -> str:
    example = site.example(contract)
    if example is None:
        return ""
    payload = json.dumps(example.payload, ensure_ascii=False, indent=2)
    return paragraphs(
        "## Example",
        *((block(example.written, "text"), "It says:") if example.written else ()),
        block(payload),
        *(("### In Python", block(example.code, "python")) if example.code else ()),
    )


def uses_section(site: Site, node: str, label: str, depth: int) -> str:
    """Who rests on a node and what it rests on: drawn, as Mermaid text, and as tables."""
    readers = neighbours(site.graph.readers.get(node, ()), "reader")
    reads = neighbours(site.graph.reads.get(node, ()), "read")
    if not readers and not reads:
        return ""
    parts = ["## Who depends on whom", drawing(site, node, label, depth)]
    if readers:
        head = ["Who", "Needs it", "Why", "Reads"]
        parts += ["### Who rests on it", table(head, [_edge(site, one, depth) for one in readers])]
    if reads:
        head = ["What", "Needs it", "Why", "Reads"]
        parts += ["### What it rests on", table(head, [_edge(site, one, depth) for one in reads])]
    parts.append(f"The same for other documents: {code(f'canonry impact {node} --format mermaid')}")
    return paragraphs(*parts)


def _edge(site: Site, one: Neighbour, depth: int) -> list[str]:
    names = sorted({name for edge in one.edges for name in edge.fields if name})
    reasons = dict.fromkeys(edge.why for edge in one.edges)
    return [
        f"{site.anchor(one.node, depth, site.label(one.node))} <small>{text(kind_word(one.node))}</small>",
        badge(one.need),
        text("; ".join(reasons)),
        ", ".join(map(code, names)),
    ]


def history_section(site: Site, node: str) -> str:
    """What changed, newest first, breaking changes marked."""
    changes = site.changes.get(node, ())
    if not changes:
        return ""
    rows = [
        [
            text(change.date),
            code(change.version) if change.version else "",
            f"<strong>{text(change.subject)}</strong>{_bullets_of(change.sentences)}",
            badge("breaking") if change.breaking else "",
        ]
        for change in changes
    ]
    note = "Earlier changes are not in this clone of the repository." if site.cut else ""
    return paragraphs(
        "## Changes", table(["Date", "Version", "What changed", ""], rows, classes="changes"), note
    )


def _bullets_of(sentences: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{sentence(one)}</li>' for one in sentences)}</ul>" if sentences else ""


def _source(site: Site, contract: Contract) -> str:
    source = site.hosted(contract.path, code(contract.path)) or code(contract.path)
    published = [
        site.hosted(one.path, code(one.path.rpartition("/")[2])) or code(one.path)
        for one in site.published.get(str(contract.id), ())
    ]
    rows = [
        ("Source", source),
        ("Published schemas", ", ".join(reversed(published))),
        ("Change it", site.hosted(contract.path, "Propose a change", edit=True)),
    ]
    return paragraphs("## Where it stands", facts(rows))


def filter_attributes(contract: Contract) -> str:
    """What index pages filter a contract by."""
    pii = sorted(
        {str(p.get("x-pii")) for p in contract.properties.values() if isinstance(p, dict) and p.get("x-pii")}
    )
    return " ".join(
        [
            attribute("kind", contract.id.kind),
            attribute("owner", contract.meta.owner),
            attribute("status", contract.meta.status),
            attribute("platform", " ".join(contract.meta.platforms)),
            attribute("pii", " ".join(pii)),
        ]
    )

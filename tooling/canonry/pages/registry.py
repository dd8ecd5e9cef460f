"""A page per vocabulary, platform, team and campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canonry.pages.contracts import history_section, title_of, uses_section
from canonry.pages.markup import (
    attribute,
    badge,
    code,
    crumbs,
    facts,
    filters,
    lead,
    link,
    page,
    paragraphs,
    sentence,
    table,
    text,
)

if TYPE_CHECKING:
    from canonry.catalogue.documents import Campaign, Platform, Vocabulary
    from canonry.catalogue.documents.settings import Team
    from canonry.pages.site import Site

DEPTH: Final = 3
"""Folders above such a page: catalogue/<section>/<name>/."""

MANY: Final = 20
"""Words above which a vocabulary's page has a filter."""


def _above(title: str, name: str) -> str:
    return crumbs(link(text(title), "../"), code(name))


def _away(site: Site, path: str, owner: str = "") -> str:
    source = site.hosted(path, code(path)) or code(path)
    parts = [f"owned by {site.team(owner, DEPTH)}" if owner else "", source]
    propose = site.hosted(path, "Propose a change", edit=True)
    parts.append(f'<span class="away">{propose}</span>' if propose else "")
    return f'<div class="status">{" ".join(f"<span>{part}</span>" for part in parts if part)}</div>'


def vocabulary_page(site: Site, name: str, vocabulary: Vocabulary) -> str:
    """The words with their labels, aliases and fates, and who uses them."""
    rows, data = [], []
    for word, entry in vocabulary.words.items():
        fate = badge(entry.status) if entry.status != "active" else ""
        if entry.replaced_by:
            fate += f" use {code(entry.replaced_by)}"
        if entry.sunset:
            fate += f" until {text(entry.sunset)}"
        said = text(entry.label)
        said += f"<small>{sentence(entry.description)}</small>" if entry.description else ""
        said += "".join(
            f"<small>{text(key)}: {text(', '.join(value) if isinstance(value, list) else value)}</small>"
            for key, value in entry.attributes.items()
        )
        anchor = f'<a id="{text(word)}"></a>{code(word)}'
        rows.append([anchor, said, ", ".join(map(code, entry.aliases)), fate])
        data.append(attribute("status", entry.status))
    if vocabulary.openness == "closed":
        kind = "Closed: published schemas list the words, so a change bumps every user."
    else:
        kind = "Open: adding a word breaks nobody."
    return page(
        vocabulary.title,
        _away(site, f"registry/vocabularies/{name}.yaml", vocabulary.owner),
        lead(vocabulary.description),
        f"{len(vocabulary.words):,} words. {kind}",
        "## Words",
        link("Add a word", f"{'../' * DEPTH}links/propose/#word={name}"),
        filters("status") if len(rows) > MANY else "",
        table(["Word", "Means", "Also written", ""], rows, classes="words filtered", rowdata=data),
        uses_section(site, f"/vocabularies/{name}", vocabulary.title, DEPTH),
        history_section(site, f"/vocabularies/{name}"),
        above=_above("Vocabularies", name),
        description=vocabulary.description,
    )


def platform_page(site: Site, name: str, platform: Platform) -> str:
    """Limits, macros, windows and what the tool does by itself, each with how sure we are."""
    levels = [
        [code(key), text(level.label), _limit(level.name.max, level.name.unit), badge(level.name.confidence)]
        for key, level in platform.levels.items()
    ]
    macros = [
        [
            code(m.macro),
            text(m.means) + (_small("frozen at first publication") if m.frozen else ""),
            badge(m.confidence),
        ]
        for m in platform.macros
    ]
    windows = [
        [
            text(w.mechanism.replace("_", " ")),
            text(_days(w.min, w.max, w.allowed)),
            "cannot be changed" if w.immutable else "",
            badge(w.confidence),
        ]
        for w in platform.windows
    ]
    links = platform.links
    return page(
        platform.label,
        _away(site, f"registry/platforms/{name}.yaml"),
        lead(platform.description),
        facts(
            [
                ("Kind", text(platform.category)),
                ("Also called", text(", ".join(platform.aliases))),
                ("Paste links at", text(links.paste) if links else ""),
                ("Links", _small(links.note) if links and links.note else ""),
                ("Longest link", text(f"{links.max} {links.unit}") if links and links.max else ""),
                ("Click ids", ", ".join(map(code, platform.click_ids))),
                ("Consent", ", ".join(map(code, platform.consent_required))),
                ("Facts checked", text(platform.checked or "")),
            ]
        ),
        _tagging(platform),
        _section("Names", ["Level", "Called", "Limit", "Sure"], levels),
        _section("Macros", ["Macro", "Becomes", "Sure"], macros),
        _section("Audience windows", ["By", "Days", "", "Sure"], windows),
        _events(platform),
        _section("Contracts for it", ["Contract", "Called", "Kind"], _contracts_for(site, name)),
        _section("Accounts", ["Account", "Number", "Tagging", "Owner"], _accounts(site, name)),
        history_section(site, f"registry/platforms/{name}.yaml"),
        paragraphs("## Sources", _list(platform.sources)) if platform.sources else "",
        above=_above("Platforms", name),
        description=platform.description,
    )


def _section(title: str, head: list[str], rows: list[list[str]]) -> str:
    return paragraphs(f"## {title}", table(head, rows)) if rows else ""


def _small(said: str) -> str:
    return f"<small>{text(said)}</small>"


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{text(item)}</li>' for item in items)}</ul>"


def _tagging(platform: Platform) -> str:
    tagging = platform.self_tagging
    if tagging is None:
        return ""
    adds = ", ".join(f"{code(key)} {code(value)}" for key, value in tagging.adds.items())
    wins = "Yes: it overwrites what the link carries" if tagging.wins else "No: the link's own stay"
    return paragraphs(
        "## What it tags by itself",
        facts(
            [
                ("Adds", adds),
                ("By default", "On" if tagging.by_default else "Off"),
                ("Wins over ours", wins),
                ("To switch it off", text(tagging.switch_off)),
            ]
        ),
    )


def _events(platform: Platform) -> str:
    limits = platform.events
    if limits is None:
        return ""
    rows = [
        ("Event name", _limit(limits.event_name, "chars")),
        ("Parameter name", _limit(limits.parameter_name, "chars")),
        ("Parameter value", _limit(limits.parameter_value, "chars")),
        ("Parameters per event", text(limits.parameters_per_event or "not known")),
        ("Name pattern", code(limits.name_pattern) if limits.name_pattern else ""),
        ("Reserved events", ", ".join(map(code, limits.reserved_events))),
        ("Reserved beginnings", ", ".join(map(code, limits.reserved_event_prefixes))),
        ("Reserved parameters", ", ".join(map(code, limits.reserved_parameters))),
        ("Sent by itself", ", ".join(map(code, limits.automatic_events))),
    ]
    return paragraphs("## Events", facts(rows))


def _contracts_for(site: Site, name: str) -> list[list[str]]:
    return [
        [
            site.anchor(str(c.id), DEPTH, title_of(c)),
            code(c.meta.platforms[name]) if isinstance(c.meta.platforms, dict) else "",
            text(c.id.kind),
        ]
        for c in site.catalogue.contracts.values()
        if name in c.meta.platforms
    ]


def _accounts(site: Site, name: str) -> list[list[str]]:
    accounts = site.catalogue.accounts.accounts if site.catalogue.accounts else {}
    return [
        [text(account.label), code(account.id), text(account.tagging), site.team(account.owner, DEPTH)]
        for account in accounts.values()
        if account.platform == name
    ]


def _limit(limit: int | None, unit: str) -> str:
    return text(f"{limit:,} {unit}") if limit is not None else "not known"


def _days(low: int | None, high: int | None, allowed: list[int]) -> str:
    if allowed:
        return ", ".join(map(str, allowed))
    return f"{low if low is not None else '?'} to {high if high is not None else '?'}"


def team_page(site: Site, name: str, team: Team) -> str:
    """What a team owns, by kind."""
    catalogue = site.catalogue
    owned = [
        [site.anchor(str(c.id), DEPTH, title_of(c)), text(c.id.kind), badge(c.meta.status)]
        for c in catalogue.contracts.values()
        if c.meta.owner == name
    ]
    stands_in = [
        [site.anchor(str(c.id), DEPTH, title_of(c)), text(c.id.kind), site.team(c.meta.owner, DEPTH)]
        for c in catalogue.contracts.values()
        if c.meta.backup_owner == name
    ]
    words = [
        [site.anchor(f"/vocabularies/{key}", DEPTH, v.title), str(len(v.words))]
        for key, v in catalogue.vocabularies.items()
        if v.owner == name
    ]
    campaigns = [
        [site.anchor(f"campaign:{key}", DEPTH, c.label), badge(c.status), text(f"{c.start} to {c.end}")]
        for key, c in catalogue.campaigns.items()
        if c.owner == name
    ]
    return page(
        team.name,
        lead(team.responsible_for or ""),
        facts([("Reach them at", text(team.contact)), ("Reviewers", ", ".join(map(code, team.code_owners)))]),
        _section("Contracts", ["Contract", "Kind", "Status"], owned),
        _section("Vocabularies", ["Vocabulary", "Words"], words),
        _section("Campaigns", ["Campaign", "Status", "Runs"], campaigns),
        _section("Stands in for", ["Contract", "Kind", "Owner"], stands_in),
        above=_above("Teams", name),
        description=team.responsible_for or "",
    )


def campaign_page(site: Site, key: str, campaign: Campaign) -> str:
    """What is planned, where it runs, whom it reaches and how it is judged."""
    success = campaign.success
    judged = text(success.metric) + (f", target {text(success.target)}" if success.target else "")
    if success.event:
        judged += f", measured by {site.anchor(success.event, DEPTH, site.label(success.event))}"
    channels = [
        [
            site.anchor(plan.format, DEPTH, site.label(plan.format)),
            ", ".join(site.platform(name, DEPTH) for name in plan.platforms) or "all of them",
            "<br>".join(f"{text(name)} {code(value)}" for name, value in plan.fields.items()),
            "<br>".join(map(code, plan.creatives)),
        ]
        for plan in campaign.channels
    ]
    decisions = [
        [text(d.metric), text(d.when), text(d.window), text(d.action), site.team(d.owner, DEPTH)]
        for d in campaign.decisions
    ]
    audience = [[site.anchor(s, DEPTH, site.label(s)), "reached"] for s in campaign.segments]
    audience += [[site.anchor(s, DEPTH, site.label(s)), "left out"] for s in campaign.exclusions]
    continues = campaign.continues
    return page(
        campaign.label,
        _away(site, f"registry/campaigns/{key}.yaml"),
        lead(campaign.description),
        facts(
            [
                ("Status", badge(campaign.status)),
                ("Runs", text(f"{campaign.start} to {campaign.end} ({campaign.time_zone})")),
                (
                    "Owner",
                    f"{site.team(campaign.owner, DEPTH)}, else {site.team(campaign.backup_owner, DEPTH)}",
                ),
                ("Registry id", code(key)),
                ("Slug", code(campaign.slug)),
                ("Judged by", judged),
                ("Landing page", code(campaign.landing_url)),
                ("Continues", site.anchor(f"campaign:{continues}", DEPTH) if continues else ""),
            ]
        ),
        _section("Channels", ["Format", "Platforms", "Fields", "Creatives"], channels),
        _section("Fields", ["Field", "Value"], [[code(k), code(v)] for k, v in campaign.fields.items()]),
        _section("Audience", ["Segment", ""], audience),
        _section("Decisions made before launch", ["Metric", "When", "Within", "Then", "Owner"], decisions),
        history_section(site, f"campaign:{key}"),
        above=_above("Campaigns", key),
        description=campaign.description,
    )

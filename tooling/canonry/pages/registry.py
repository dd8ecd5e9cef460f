"""A page per vocabulary, platform, team and campaign, and the failure map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from canonry.pages.markup import attribute, badge, code, page, paragraphs, table, text
from canonry.pages.site import Site, contract_path

if TYPE_CHECKING:
    from canonry.catalogue.documents import Campaign, Platform, Vocabulary
    from canonry.catalogue.documents.settings import Team

DEPTH: Final = 3
"""Folders above such a page: catalogue/<section>/<name>/."""


def vocabulary_page(site: Site, name: str, vocabulary: Vocabulary) -> str:
    """The words with their labels, aliases and fates, and who uses them."""
    rows = []
    for word, entry in vocabulary.words.items():
        fate = badge(entry.status) if entry.status != "active" else ""
        if entry.replaced_by:
            fate += f" use {code(entry.replaced_by)}"
        if entry.sunset:
            fate += f" until {text(entry.sunset)}"
        said = text(entry.label) + (
            f"<br><small>{text(entry.description)}</small>" if entry.description else ""
        )
        rows.append(
            [f'<span id="{text(word)}"></span>{code(word)}', said, ", ".join(map(code, entry.aliases)), fate]
        )
    readers = {edge.reader: edge for edge in site.graph.readers.get(f"/vocabularies/{name}", ())}
    users = [[site.anchor(reader, DEPTH), text(edge.why)] for reader, edge in readers.items()]
    kind = "Closed: published schemas list the words." if vocabulary.openness == "closed" else ""
    kind = kind or "Open: adding a word breaks nobody."
    return page(
        vocabulary.title,
        text(vocabulary.description),
        table(
            ["", ""], [["Owner", site.team(vocabulary.owner, DEPTH)], ["Kind", text(kind)]], classes="facts"
        ),
        "## Words",
        table(["Word", "Means", "Also written", ""], rows, classes="words"),
        paragraphs("## Who uses it", table(["Who", "Why"], users)) if users else "",
        description=vocabulary.description,
    )


def platform_page(site: Site, name: str, platform: Platform) -> str:
    """Limits, macros, windows and what the tool does by itself, each with how sure we are."""
    levels = [
        [code(key), text(level.label), _limit(level.name.max, level.name.unit), badge(level.name.confidence)]
        for key, level in platform.levels.items()
    ]
    macros = [
        [code(m.macro), text(m.means), "frozen at first publication" if m.frozen else "", badge(m.confidence)]
        for m in platform.macros
    ]
    windows = [
        [
            text(w.mechanism),
            text(_days(w.min, w.max, w.allowed)),
            "cannot be changed" if w.immutable else "",
            badge(w.confidence),
        ]
        for w in platform.windows
    ]
    used = [
        [site.anchor(str(c.id), DEPTH, str(c.schema.get("title") or c.id.name)), text(c.id.kind)]
        for c in site.catalogue.contracts.values()
        if name in c.meta.platforms
    ]
    tagging = platform.self_tagging
    own = ""
    if tagging is not None:
        adds = [[code(key), code(value)] for key, value in tagging.adds.items()]
        own = paragraphs(
            "## What it tags by itself",
            f"{'On' if tagging.by_default else 'Off'} by default.",
            f"To switch it off: {text(tagging.switch_off)}",
            table(["Parameter", "Value"], adds),
        )
    return page(
        platform.label,
        text(platform.description),
        paragraphs("## Where links go", text(platform.links.paste)) if platform.links else "",
        paragraphs("## Names", table(["Level", "Called", "Limit", "Sure"], levels)) if levels else "",
        paragraphs("## Macros", table(["Macro", "Becomes", "", "Sure"], macros)) if macros else "",
        paragraphs("## Audience windows", table(["By", "Days", "", "Sure"], windows)) if windows else "",
        own,
        paragraphs("## Contracts for it", table(["Contract", "Kind"], used)) if used else "",
        paragraphs("## Sources", "<br>".join(map(text, platform.sources))) if platform.sources else "",
        description=platform.description,
    )


def _limit(limit: int | None, unit: str) -> str:
    return text(f"{limit} {unit}") if limit is not None else "not known"


def _days(low: int | None, high: int | None, allowed: list[int]) -> str:
    if allowed:
        return ", ".join(map(str, allowed))
    return f"{low if low is not None else '?'} to {high if high is not None else '?'}"


def team_page(site: Site, name: str, team: Team) -> str:
    """What a team owns, by kind."""
    owned = [
        [
            site.anchor(str(c.id), DEPTH, str(c.schema.get("title") or c.id.name)),
            text(c.id.kind),
            badge(c.meta.status),
        ]
        for c in site.catalogue.contracts.values()
        if c.meta.owner == name
    ]
    words = [
        [site.anchor(f"/vocabularies/{key}", DEPTH, v.title)]
        for key, v in site.catalogue.vocabularies.items()
        if v.owner == name
    ]
    campaigns = [
        [site.anchor(f"campaign:{key}", DEPTH, c.label), badge(c.status)]
        for key, c in site.catalogue.campaigns.items()
        if c.owner == name
    ]
    return page(
        team.name,
        text(team.responsible_for or ""),
        f"Contact: {text(team.contact)}",
        paragraphs("## Contracts", table(["Contract", "Kind", "Status"], owned)) if owned else "",
        paragraphs("## Vocabularies", table(["Vocabulary"], words)) if words else "",
        paragraphs("## Campaigns", table(["Campaign", "Status"], campaigns)) if campaigns else "",
        description=team.responsible_for or "",
    )


def campaign_page(site: Site, key: str, campaign: Campaign) -> str:
    """What is planned, where it runs, whom it reaches and how it is judged."""
    facts: Mapping[str, str] = {
        "Registry id": code(key),
        "Slug": code(campaign.slug),
        "Status": badge(campaign.status),
        "Runs": text(f"{campaign.start} to {campaign.end} ({campaign.time_zone})"),
        "Owner": f"{site.team(campaign.owner, DEPTH)}, else {site.team(campaign.backup_owner, DEPTH)}",
        "Judged by": text(campaign.success.metric)
        + (f", target {text(campaign.success.target)}" if campaign.success.target else ""),
        "Landing page": code(campaign.landing_url),
    }
    channels = [
        [
            site.anchor(plan.format, DEPTH, plan.format.split("/")[2]),
            text(", ".join(plan.platforms) or "all"),
            "<br>".join(f"{code(field)} {code(value)}" for field, value in plan.fields.items()),
            "<br>".join(map(code, plan.creatives)),
        ]
        for plan in campaign.channels
    ]
    decisions = [
        [text(d.metric), text(d.when), text(d.window), text(d.action), site.team(d.owner, DEPTH)]
        for d in campaign.decisions
    ]
    audience = [[site.anchor(s, DEPTH), "reached"] for s in campaign.segments]
    audience += [[site.anchor(s, DEPTH), "excluded"] for s in campaign.exclusions]
    return page(
        campaign.label,
        text(campaign.description),
        table(["", ""], [[label, value] for label, value in facts.items()], classes="facts"),
        paragraphs(
            "## Fields", table(["Field", "Value"], [[code(k), code(v)] for k, v in campaign.fields.items()])
        ),
        paragraphs("## Channels", table(["Format", "Platforms", "Fields", "Creatives"], channels)),
        paragraphs("## Audience", table(["Segment", ""], audience)) if audience else "",
        paragraphs(
            "## Decisions made before launch", table(["Metric", "When", "Within", "Then", "Owner"], decisions)
        )
        if decisions
        else "",
        description=campaign.description,
    )


def autopsy_page(site: Site) -> str:
    """From what somebody sees to where its cause usually is."""
    autopsy = site.catalogue.autopsy
    if autopsy is None:
        return page("When something is wrong", "This registry has no failure map yet.")
    rows, data = [], []
    for key, symptom in autopsy.symptoms.items():
        rules = ", ".join(f'<a href="../rules/{text(rule)}/">{text(rule)}</a>' for rule in symptom.rules)
        rows.append(
            [
                f'<span id="{text(key)}"></span><strong>{text(symptom.symptom)}</strong>',
                text(symptom.likely_cause),
                text(symptom.look_at) + (f"<br>{code(symptom.command)}" if symptom.command else ""),
                text(symptom.fix),
                rules,
            ]
        )
        data.append(attribute("layer", symptom.layer))
    head = ["What you see", "What it usually is", "Where to look", "What to do", "Rules"]
    return page(
        "When something is wrong",
        "Find what you see, then look where it usually comes from.",
        filters("layer"),
        table(head, rows, classes="filtered autopsy", rowdata=data),
    )


def filters(*names: str) -> str:
    """Where the filter script puts its controls: one list per data attribute of the table that follows."""
    return f'<div class="filters" {attribute("filters", " ".join(names))}></div>'


def index_page(site: Site, title: str, kinds: tuple[str, ...], described: str) -> str:
    """Every contract of some kinds, with filters that work at thousands of rows."""
    from canonry.pages.contracts import filter_attributes

    rows, data = [], []
    for contract in site.catalogue.of_kind(*kinds):
        href = "../" * 2 + contract_path(contract)
        label = text(contract.schema.get("title") or contract.id.name)
        rows.append(
            [
                f'<a href="{href}">{label}</a><br><small>{code(contract.id.name)}</small>',
                text(str(contract.schema.get("description", "")).partition(". ")[0]),
                site.team(contract.meta.owner, 2),
                badge(contract.meta.status),
            ]
        )
        data.append(filter_attributes(contract))
    return page(
        title,
        described,
        filters("owner", "status", "platform", "pii"),
        table(["Name", "What it means", "Owner", "Status"], rows, classes="filtered", rowdata=data),
    )

"""Every page of the site: a catalogue in, path to text out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from canonry.catalogue.graph import graph
from canonry.catalogue.refs import References
from canonry.pages import links
from canonry.pages import registry as sections
from canonry.pages.contracts import contract_page
from canonry.pages.home import home_page
from canonry.pages.markup import page, table, text
from canonry.pages.rules import rule_page, rules_page
from canonry.pages.site import Change, Site, contract_path

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue
    from canonry.kernel.rule import Rule

KINDS: Final = {
    "events": ("Events", "What people do, and what each payload says."),
    "traits": ("Traits", "What is known of a user or an account."),
    "segments": ("Segments", "Who belongs, for how long, and which platforms are told."),
    "utm": ("UTM formats", "How links are tagged, and the channel each lands in."),
    "creatives": ("Creative tags", "How ads, assets and landing pages are named."),
    "objects": ("Platform names", "How campaigns, ad sets, ads and audiences are named."),
    "common": ("Shared definitions", "What contracts are built from."),
}


def pages(
    catalogue: Catalogue, rules: Iterable[Rule], changes: Mapping[str, tuple[Change, ...]] | None = None
) -> dict[str, str]:
    """Path below the documentation folder to Markdown; the same catalogue gives the same bytes."""
    site = Site(catalogue, graph(catalogue), References(catalogue), changes or {})
    rules = tuple(rules)
    found = {"index.md": home_page(site)}
    for kind, (title, described) in KINDS.items():
        found[f"catalogue/{kind}/index.md"] = sections.index_page(site, title, (kind,), described)
    for contract in catalogue.contracts.values():
        found[contract_path(contract).rstrip("/") + ".md"] = contract_page(site, contract)
    for name, vocabulary in catalogue.vocabularies.items():
        found[f"catalogue/vocabularies/{name}.md"] = sections.vocabulary_page(site, name, vocabulary)
    for name, platform in catalogue.platforms.items():
        found[f"catalogue/platforms/{name}.md"] = sections.platform_page(site, name, platform)
    for name, team in (catalogue.teams.teams if catalogue.teams else {}).items():
        found[f"catalogue/teams/{name}.md"] = sections.team_page(site, name, team)
    for key, campaign in catalogue.campaigns.items():
        found[f"catalogue/campaigns/{key}.md"] = sections.campaign_page(site, key, campaign)
    for rule in rules:
        found[f"catalogue/rules/{rule.code}.md"] = rule_page(rule)
    found["catalogue/rules/index.md"] = rules_page(rules)
    found["links/build.md"] = links.build_page()
    found["links/check.md"] = links.check_page()
    found["catalogue/autopsy.md"] = sections.autopsy_page(site)
    found.update(_lists(site))
    return found


def _lists(site: Site) -> dict[str, str]:
    catalogue = site.catalogue
    vocabularies = [
        [site.anchor(f"/vocabularies/{n}", 2, v.title), text(v.description)]
        for n, v in catalogue.vocabularies.items()
    ]
    platforms = [
        [f'<a href="{n}/">{text(p.label)}</a>', text(p.category), text(p.description)]
        for n, p in catalogue.platforms.items()
    ]
    teams = [
        [site.team(n, 2), text(t.responsible_for or "")]
        for n, t in (catalogue.teams.teams if catalogue.teams else {}).items()
    ]
    campaigns = [
        [
            site.anchor(f"campaign:{k}", 2, c.label),
            text(c.status),
            text(f"{c.start} to {c.end}"),
            site.team(c.owner, 2),
        ]
        for k, c in catalogue.campaigns.items()
    ]
    return {
        "catalogue/vocabularies/index.md": page(
            "Vocabularies",
            "The words that names and fields may use.",
            table(["Vocabulary", "What it lists"], vocabularies, classes="filtered"),
        ),
        "catalogue/platforms/index.md": page(
            "Platforms",
            "What each platform allows, reserves and adds.",
            table(["Platform", "Kind", "What it is"], platforms, classes="filtered"),
        ),
        "catalogue/teams/index.md": page("Teams", "Who owns what.", table(["Team", "Answers for"], teams)),
        "catalogue/campaigns/index.md": page(
            "Campaigns",
            "Registered campaigns.",
            table(["Campaign", "Status", "Runs", "Owner"], campaigns, classes="filtered"),
        ),
    }

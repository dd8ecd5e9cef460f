"""Pages that list: contracts by kind and all of them, vocabularies, platforms, teams, campaigns, guides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from canonry.pages.contracts import KINDS, filter_attributes, title_of
from canonry.pages.markup import attribute, badge, code, filters, link, page, sentence, table, text
from canonry.pages.site import contract_path

if TYPE_CHECKING:
    from canonry.catalogue.model import Contract
    from canonry.pages.site import Site

DEPTH: Final = 2
"""Folders above an index: catalogue/<section>/."""


def contracts_index(site: Site, kind: str) -> str:
    """Every contract of a kind, with filters that work at thousands of rows."""
    title, described = KINDS[kind]
    contracts = list(site.catalogue.of_kind(kind))
    return _listing(site, title, described, contracts, ("owner", "status", "platform", "pii"))


def everything_index(site: Site) -> str:
    """Every contract of every kind."""
    described = "Events, traits, segments, links and names: everything that has a version and an owner."
    contracts = list(site.catalogue.contracts.values())
    return _listing(
        site, "All contracts", described, contracts, ("kind", "owner", "status", "platform", "pii")
    )


def _listing(
    site: Site, title: str, described: str, contracts: Iterable[Contract], facets: tuple[str, ...]
) -> str:
    rows, data = [], []
    for contract in contracts:
        said = contract.schema.get("description")
        first = re.split(r"(?<=[.!?])\s", said, maxsplit=1)[0] if isinstance(said, str) else ""
        shown = f'<a href="../../{contract_path(contract)}">{text(title_of(contract))}</a>'
        rows.append(
            [
                f"{shown}<small>{code(contract.id.name)}</small>",
                sentence(first),
                site.team(contract.meta.owner, DEPTH),
                badge(contract.meta.status),
            ]
        )
        data.append(filter_attributes(contract))
    if not rows:
        return page(title, described, "There is none yet.", toc=False)
    return page(
        title,
        described,
        filters(*facets),
        table(["Name", "What it means", "Owner", "Status"], rows, classes="listing filtered", rowdata=data),
        toc=False,
    )


def lists(site: Site) -> dict[str, str]:
    """The other indexes, by path."""
    return {
        "catalogue/vocabularies/index.md": _vocabularies(site),
        "catalogue/platforms/index.md": _platforms(site),
        "catalogue/teams/index.md": _teams(site),
        "catalogue/campaigns/index.md": _campaigns(site),
    }


def _vocabularies(site: Site) -> str:
    rows, data = [], []
    for name, v in site.catalogue.vocabularies.items():
        users = {edge.reader for edge in site.graph.readers.get(f"/vocabularies/{name}", ())}
        rows.append(
            [
                f"{site.anchor(f'/vocabularies/{name}', DEPTH, v.title)}<small>{code(name)}</small>",
                sentence(v.description),
                f"{len(v.words):,}",
                f"{len(users):,}",
                site.team(v.owner, DEPTH),
            ]
        )
        data.append(f"{attribute('owner', v.owner)} {attribute('kind', v.openness)}")
    return page(
        "Vocabularies",
        "The words that names and fields may use.",
        filters("owner", "kind"),
        table(
            ["Vocabulary", "What it lists", "Words", "Users", "Owner"],
            rows,
            classes="listing filtered",
            rowdata=data,
        ),
        toc=False,
    )


def _platforms(site: Site) -> str:
    rows, data = [], []
    for name, platform in site.catalogue.platforms.items():
        rows.append(
            [
                f"{site.platform(name, DEPTH)}<small>{code(name)}</small>",
                sentence(platform.description),
                text(platform.category),
            ]
        )
        data.append(attribute("kind", platform.category))
    return page(
        "Platforms",
        "What each platform allows, reserves, replaces and adds, and how sure we are of it.",
        filters("kind"),
        table(["Platform", "What it is", "Kind"], rows, classes="listing filtered", rowdata=data),
        toc=False,
    )


def _teams(site: Site) -> str:
    owned: dict[str, int] = {}
    for contract in site.catalogue.contracts.values():
        owned[contract.meta.owner] = owned.get(contract.meta.owner, 0) + 1
    rows = [
        [
            f"{site.team(name, DEPTH)}<small>{code(name)}</small>",
            text(team.responsible_for or ""),
            text(team.contact),
            f'<a href="../all/?owner={text(name)}">{owned.get(name, 0):,} contracts</a>',
        ]
        for name, team in (site.catalogue.teams.teams if site.catalogue.teams else {}).items()
    ]
    head = ["Team", "Answers for", "Reach them at", "Owns"]
    return page("Teams", "Who owns what.", table(head, rows, classes="listing"), toc=False)


def _campaigns(site: Site) -> str:
    rows, data = [], []
    for key, campaign in site.catalogue.campaigns.items():
        shown = site.anchor(f"campaign:{key}", DEPTH, campaign.label)
        rows.append(
            [
                f"{shown}<small>{code(campaign.slug)}</small>",
                text(f"{campaign.start} to {campaign.end}"),
                text(campaign.fields.get("market", "")),
                site.team(campaign.owner, DEPTH),
                badge(campaign.status),
            ]
        )
        facets = {"owner": campaign.owner, "status": campaign.status}
        facets |= {name: campaign.fields[name] for name in ("brand", "market") if name in campaign.fields}
        data.append(" ".join(attribute(name, value) for name, value in facets.items()))
    return page(
        "Campaigns",
        "Registered campaigns: what runs, when, for whom, and who answers for it.",
        link("Add a campaign", f"{'../' * DEPTH}links/propose/#campaign"),
        filters("owner", "status", "brand", "market"),
        table(
            ["Campaign", "Runs", "Market", "Owner", "Status"], rows, classes="listing filtered", rowdata=data
        ),
        toc=False,
    )


@dataclass(frozen=True, slots=True)
class Guide:
    """A hand-written page: its title, and the paragraph that says for whom it is."""

    title: str
    purpose: str


def guide_of(markdown: str) -> Guide:
    """What a guide says of itself in its first lines."""
    title = re.search(r"^# +(.+)$", markdown, re.MULTILINE)
    rest = markdown[title.end() :] if title else markdown
    paragraph = next((part for part in re.split(r"\n\s*\n", rest) if part.strip()), "")
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(paragraph.split()))  # links lead from the guide
    first = re.split(r"(?<=[.!?])\s", plain, maxsplit=1)[0].rstrip(":")
    return Guide(title[1].strip() if title else "Guide", first if not first.startswith(("#", "```")) else "")


def guides_index(guides: Mapping[str, str]) -> str:
    """Every guide by its address; they are ours, so their first paragraph stays Markdown."""
    lines = []
    for name, markdown in sorted(guides.items()):
        if not name.startswith("../guides/"):
            continue
        guide = guide_of(markdown)
        lines.append(f"- **[{guide.title}]({name})**  \n  {guide.purpose}".rstrip())
    return page(
        "Guides",
        "One task each. Every command in them is run by the tests.",
        "\n".join(lines) or "There is none yet: they are Markdown files below `docs/guides/`.",
        "Every command and option stands in the [command line reference](../reference/cli.md).",
        toc=False,
    )

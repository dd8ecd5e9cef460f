"""Every page of the site: a catalogue in, path to text out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from canonry.catalogue.graph import graph
from canonry.catalogue.refs import References
from canonry.pages import links
from canonry.pages.contracts import KINDS, contract_page
from canonry.pages.home import home_page
from canonry.pages.indexes import contracts_index, everything_index, guides_index, lists
from canonry.pages.registry import campaign_page, platform_page, team_page, vocabulary_page
from canonry.pages.rules import rule_page, rules_page
from canonry.pages.site import Change, Published, Site, contract_path
from canonry.pages.trouble import trouble_page

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue
    from canonry.kernel.rule import Rule
    from canonry.naming.codec import Codec


@dataclass(frozen=True, slots=True)
class Beside:
    """What pages show that is not in the catalogue. Each may be missing, and its part then is left out."""

    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """By node of the graph, newest first."""
    cut: bool = False
    """Whether the history is only what a shallow clone holds."""
    published: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)
    """By contract id, the oldest version first."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Pages that people write: address from `catalogue/` (`../guides/check.md`) to Markdown."""
    cases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By rule code, the files of its case."""
    codec: Codec | None = None
    """What writes links and names."""


def pages(catalogue: Catalogue, rules: Iterable[Rule], beside: Beside | None = None) -> dict[str, str]:
    """Path below the documentation folder to Markdown; the same catalogue gives the same bytes."""
    beside = beside or Beside()
    site = Site(
        catalogue,
        graph(catalogue),
        References(catalogue),
        beside.changes,
        beside.published,
        cut=beside.cut,
        codec=beside.codec,
    )
    rules = tuple(rules)
    applications = {
        "links/build.md": links.build_page(),
        "links/check.md": links.check_page(),
        "links/propose.md": links.propose_page(),
    }
    return {
        "index.md": home_page(site, frozenset(map(_address, (*beside.written, *applications)))),
        **applications,
        **dict(_contracts(site)),
        **dict(_registry(site)),
        **lists(site),
        **{
            f"catalogue/rules/{rule.code}.md": rule_page(rule, beside.cases.get(rule.code, {}))
            for rule in rules
        },
        "catalogue/rules/index.md": rules_page(rules),
        "catalogue/autopsy.md": trouble_page(site, rules),
        "catalogue/guides.md": guides_index(beside.written),
    }


def _contracts(site: Site) -> Iterator[tuple[str, str]]:
    yield "catalogue/all/index.md", everything_index(site)
    for kind in KINDS:
        yield f"catalogue/{kind}/index.md", contracts_index(site, kind)
    for contract in site.catalogue.contracts.values():
        yield f"{contract_path(contract).rstrip('/')}.md", contract_page(site, contract)


def _registry(site: Site) -> Iterator[tuple[str, str]]:
    catalogue = site.catalogue
    for name, vocabulary in catalogue.vocabularies.items():
        yield f"catalogue/vocabularies/{name}.md", vocabulary_page(site, name, vocabulary)
    for name, platform in catalogue.platforms.items():
        yield f"catalogue/platforms/{name}.md", platform_page(site, name, platform)
    for name, team in (catalogue.teams.teams if catalogue.teams else {}).items():
        yield f"catalogue/teams/{name}.md", team_page(site, name, team)
    for key, campaign in catalogue.campaigns.items():
        yield f"catalogue/campaigns/{key}.md", campaign_page(site, key, campaign)


def _address(path: str) -> str:
    """`../guides/check.md` as its address from the site's root: `guides/check/`."""
    return path.removeprefix("../").removesuffix(".md") + "/"

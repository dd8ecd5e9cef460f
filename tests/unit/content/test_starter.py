"""The starter catalogue that ships: what it holds, and that its parts fit one another."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from canonry.catalogue.load import load
from canonry.catalogue.model import Catalogue
from canonry.catalogue.tree import MemoryTree
from canonry.naming.runtime.codec import Codec
from canonry.naming.table import Sources, compile_table

ROOT = Path(__file__).parents[3]
ID_ALPHABET = "23456789bcdfghjklmnpqrstvwxyz"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    files = {
        str(path.relative_to(ROOT)): path.read_bytes()
        for folder in ("registry", "contracts")
        for path in (ROOT / folder).rglob("*.*")
    }
    return load(MemoryTree(files)).value


@pytest.fixture(scope="module")
def codec(catalogue: Catalogue) -> Codec:
    def documents(folder: str) -> dict[str, Any]:
        prefix = f"registry/{folder}/"
        return {
            path.removeprefix(prefix).removesuffix(".yaml"): source.value
            for path, source in catalogue.sources.items()
            if path.startswith(prefix)
        }

    contracts = {identifier: contract.schema for identifier, contract in catalogue.by_text.items()}
    channels: Any = catalogue.sources["registry/channel_groups.yaml"].value
    sources = Sources(contracts, documents("vocabularies"), documents("platforms"), channels["groups"])
    table = compile_table(sources, lambda identifier: contracts[identifier])
    assert table["skipped"] == {}
    return Codec(table)


def planned(catalogue: Catalogue) -> Iterator[tuple[str, str, str | None, dict[str, str]]]:
    """Campaign, format, platform and field values of every link that the registered campaigns plan."""
    for identifier, campaign in catalogue.campaigns.items():
        for channel in campaign.channels:
            contract = catalogue.by_text[channel.format]
            known = {**campaign.fields, **channel.fields, "slug": campaign.slug, "campaign_id": identifier}
            fields = {key: value for key, value in known.items() if key in contract.properties}
            for creative in channel.creatives or [""]:
                tagged = fields | ({"creative": creative} if creative else {})
                for platform in (None, *channel.platforms):
                    yield campaign.slug, channel.format, platform, tagged


def test_it_holds_what_a_company_needs_to_begin(catalogue: Catalogue) -> None:
    """Twenty vocabularies, twelve platforms, five teams, six campaigns, a channel group, a failure map."""
    assert len(catalogue.vocabularies) >= 20
    assert len(catalogue.platforms) >= 12
    assert set(catalogue.team_names()) == {"web-analytics", "checkout", "crm", "paid-media", "brand-content"}
    assert len(catalogue.campaigns) == 6
    assert catalogue.channel_groups is not None and catalogue.channel_groups.groups
    assert catalogue.autopsy is not None and len(catalogue.autopsy.symptoms) >= 25
    tagging = {name for name, platform in catalogue.platforms.items() if platform.self_tagging}
    assert tagging == {"klaviyo", "mailchimp", "hubspot", "braze"}


def test_norway_is_a_market_and_uk_is_gb(catalogue: Catalogue) -> None:
    """`no` stays a word, and what everybody types is read as what ISO says."""
    words = catalogue.vocabularies["market"].words
    assert "no" in words
    assert "uk" in words["gb"].aliases
    assert "uk" not in words


def test_campaign_ids_pass_their_check(catalogue: Catalogue) -> None:
    """Position times character, summed, is divisible by 29."""
    for identifier in catalogue.campaigns:
        values = [ID_ALPHABET.index(char) for char in identifier]
        assert len(values) == 6 and identifier[0].isalpha()
        assert sum(place * value for place, value in enumerate(values, 1)) % 29 == 0


def test_every_planned_link_is_built_and_read_as_one_thing(catalogue: Catalogue, codec: Codec) -> None:
    """No campaign lacks a field, and no link of it belongs to two formats."""
    for slug, identifier, platform, fields in planned(catalogue):
        built = codec.build(identifier, fields, platform=platform)
        assert built["problems"] == [], (slug, identifier, platform)
        assert built["notes"] == [], (slug, identifier, platform)
        if platform is None:
            read = codec.read_params(dict(built["params"]))
            assert [reading["format"] for reading in read["readings"]] == [identifier], slug
            fields["medium"] = read["fields"]["medium"]
            assert {key: str(value) for key, value in read["fields"].items()} == fields, slug


def test_names_of_segments_are_names_that_their_platform_allows(catalogue: Catalogue, codec: Codec) -> None:
    """An audience that a segment expects is called as the platform's audience contract says."""
    for contract in catalogue.of_kind("segments"):
        for destination in contract.meta.destinations:
            readings = codec.read_name("objects", destination.audience)["readings"]
            platforms = {
                platform
                for reading in readings
                for platform in catalogue.by_text[reading["format"]].platform_names
            }
            assert destination.platform in platforms, (contract.path, destination.audience)


def test_campaigns_name_what_exists(catalogue: Catalogue) -> None:
    """Segments, accounts, events, metrics and the campaign that went before are all in the catalogue."""
    assert catalogue.accounts is not None
    metrics = catalogue.vocabularies["kpi"].words
    for campaign in catalogue.campaigns.values():
        named = [*campaign.segments, *campaign.exclusions]
        named += [campaign.success.event] if campaign.success.event else []
        assert all(reference in catalogue.by_text for reference in named), campaign.slug
        assert set(campaign.platform_ids) <= set(catalogue.accounts.accounts)
        assert {campaign.success.metric, *(decision.metric for decision in campaign.decisions)} <= set(
            metrics
        )
        assert campaign.continues is None or campaign.continues in catalogue.campaigns


def test_an_optimisation_goal_serves_the_metric_that_judges_the_campaign(catalogue: Catalogue) -> None:
    """Nobody bids for clicks and reports orders."""
    for campaign in catalogue.campaigns.values():
        for channel in campaign.channels:
            for platform in channel.platforms if channel.optimisation_goal else ():
                goals: Mapping[str, list[str]] = catalogue.platforms[platform].optimisation_goals
                assert campaign.success.metric in goals[channel.optimisation_goal or ""], campaign.slug


def test_partners_in_the_channel_group_are_those_of_the_vocabulary(catalogue: Catalogue) -> None:
    """The rule for partners lists every partner, those whose links still arrive included."""
    assert catalogue.channel_groups is not None
    (rule,) = (r for r in catalogue.channel_groups.groups["acme"].rules if r.channel == "Partner")
    listed = [c.value for c in rule.when.all or [] if c.field == "source"]
    assert listed == [list(catalogue.vocabularies["partner_source"].words)]


def test_custom_channels_of_formats_are_channels_of_the_group(catalogue: Catalogue) -> None:
    """A format promises no channel that nobody defined."""
    assert catalogue.channel_groups is not None
    defined = [rule.channel for rule in catalogue.channel_groups.groups["acme"].rules]
    promised = {c.meta.custom_channel for c in catalogue.of_kind("utm") if c.meta.custom_channel}
    assert promised <= set(defined)
    assert all(left != right for left, right in pairwise(sorted(defined)))

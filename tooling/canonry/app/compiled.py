"""What building and reading names needs of a catalogue, in parts small enough to load for one link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.ids import NAMING_KINDS
from canonry.naming.table import Sources, compile_table

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

WHOLE: Final = "whole"
"""The part that holds everything: what reading needs."""
CHANNELS: Final = "channels"
"""The part that decides channels."""

_NUMBERED: Final = ("dfa", "macro_dfa")


def compiled(catalogue: Catalogue) -> tuple[dict[str, Any], dict[str, Any]]:
    """The index, which tells what there is, and parts by name; one part per naming contract."""
    table = whole_table(catalogue)
    parts: dict[str, Any] = {WHOLE: table, CHANNELS: _subset(table, (), {"channels": table["channels"]})}
    for identifier, contract in table["contracts"].items():
        platforms = {
            name: table["platforms"][name] for name in contract["platforms"] if name in table["platforms"]
        }
        parts[part_name(identifier)] = _subset(table, (identifier,), {"platforms": platforms})
    return index_of(catalogue, table), parts


def index_of(catalogue: Catalogue, table: Mapping[str, Any]) -> dict[str, Any]:
    """What there is to build, and how findings are judged, beside a catalogue's table."""
    return {
        "contracts": {
            identifier: {
                key: contract[key]
                for key in ("kind", "name", "title", "status", "aliases", "platforms", "level", "tagging")
            }
            for identifier, contract in table["contracts"].items()
        },
        "platforms": {
            name: {key: platform[key] for key in ("label", "aliases", "click_ids", "auto_tagging")}
            for name, platform in table["platforms"].items()
        },
        "campaigns": {
            identifier: {
                "slug": campaign.slug,
                "label": campaign.label,
                "status": campaign.status,
                "fields": dict(campaign.fields),
                "landing_url": campaign.landing_url,
                "channels": [
                    {
                        "format": plan.format,
                        "platforms": list(plan.platforms),
                        "fields": dict(plan.fields),
                        "landing_url": plan.landing_url,
                        "creatives": list(plan.creatives),
                    }
                    for plan in campaign.channels
                ],
            }
            for identifier, campaign in catalogue.campaigns.items()
        },
        "domains": table["domains"],
        "keys": sorted(
            {
                key
                for contract in table["contracts"].values()
                if contract["kind"] == "utm"
                for form in contract["forms"].values()
                for key in form["params"]
            }
        ),
        "fields": {
            kind: sorted({n for c in table["contracts"].values() if c["kind"] == kind for n in c["fields"]})
            for kind in NAMING_KINDS
        },
        "left_out": _left_out(catalogue, table["skipped"]),
        "levels": dict(catalogue.registry.policy.levels) if catalogue.registry else {},
    }


def _left_out(catalogue: Catalogue, skipped: Iterable[str]) -> dict[str, str]:
    """Naming contracts that nothing can be built from or read with, and their files: lint says why."""
    found = {identifier: catalogue.by_text[identifier].path for identifier in skipped}
    for path in catalogue.broken:
        folder, _, rest = path.partition("/")
        kind = rest.partition("/")[0]
        if folder == "contracts" and kind in NAMING_KINDS and path.endswith(".json"):
            found[f"/{rest.removesuffix('.json')}"] = path
    return dict(sorted(found.items()))


def part_name(identifier: str) -> str:
    """`/utm/paid_social/v1` is kept as `utm.paid_social.v1`."""
    return identifier.strip("/").replace("/", ".")


def whole_table(catalogue: Catalogue) -> dict[str, Any]:
    """The table of everything that names and links rest on."""

    def document(path: str) -> Mapping[str, Any]:
        value = catalogue.sources[path].value
        return value if isinstance(value, dict) else {}

    documents = {identifier: contract.schema for identifier, contract in catalogue.by_text.items()}
    groups = document("registry/channel_groups.yaml").get("groups", {}) if catalogue.channel_groups else {}
    sources = Sources(
        contracts={
            identifier: contract.schema
            for identifier, contract in catalogue.by_text.items()
            if contract.id.kind in NAMING_KINDS
        },
        vocabularies={n: document(f"registry/vocabularies/{n}.yaml") for n in catalogue.vocabularies},
        platforms={n: document(f"registry/platforms/{n}.yaml") for n in catalogue.platforms},
        groups=groups,
        domains=document("registry/domains.yaml") if catalogue.domains else {},
    )
    return compile_table(sources, documents.__getitem__)


def _subset(table: Mapping[str, Any], identifiers: Iterable[str], more: Mapping[str, Any]) -> dict[str, Any]:
    """A table of some contracts and of what they rest on, with its own numbering of automata."""
    wanted: dict[str, Any] = {}
    queue = list(identifiers)
    for identifier in queue:  # grows while it is read
        if identifier in wanted or identifier not in table["contracts"]:
            continue
        wanted[identifier] = table["contracts"][identifier]
        queue += [spec["of"] for spec in wanted[identifier]["fields"].values() if spec["type"] == "name"]
    words = {
        spec["vocabulary"] for c in wanted.values() for spec in c["fields"].values() if "vocabulary" in spec
    }
    part = {
        "version": table["version"],
        "contracts": wanted,
        "vocabularies": {name: table["vocabularies"][name] for name in sorted(words)},
        "platforms": {},
        **more,
    }
    automata: list[Any] = []
    places: dict[int, int] = {}

    def place(number: int) -> int:
        if number not in places:
            places[number] = len(automata)
            automata.append(table["automata"][number])
        return places[number]

    def renumbered(value: Any) -> Any:
        if isinstance(value, list):
            return [renumbered(item) for item in value]
        if not isinstance(value, dict):
            return value
        copy = {key: renumbered(member) for key, member in value.items()}
        for key in _NUMBERED:
            if isinstance(copy.get(key), int):
                copy[key] = place(copy[key])
        if copy.get("op") == "matches":
            copy["value"] = place(copy["value"])
        return copy

    return {**renumbered(part), "automata": automata}

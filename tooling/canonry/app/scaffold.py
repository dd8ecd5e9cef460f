"""The first draft of a contract: lints clean, promises nothing yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from canonry.catalogue.resolved import DIALECT
from canonry.exchange.drafts import contract_name
from canonry.kernel.errors import CanonryError, UsageError
from canonry.kernel.ids import ContractId

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

KINDS: Final = {
    "event": "events",
    "trait": "traits",
    "segment": "segments",
    "utm": "utm",
    "creative": "creatives",
    "object": "objects",
}
"""What people call a contract of each kind."""


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class TakenError(CanonryError):
    """There is a contract of that name already."""

    id: ContractId
    hint: ClassVar[str] = "Edit it, or make a new major with --major"

    def __str__(self) -> str:
        return f"{self.id} is there already"


def scaffold(
    catalogue: Catalogue, kind: str, name: str, *, owner: str | None, backup_owner: str | None, major: int = 1
) -> tuple[ContractId, str]:
    """Id and text of a new draft. Raises `TakenError`, `UsageError`."""
    identifier = ContractId(KINDS[kind], contract_name(name), major)
    if catalogue.exists(str(identifier)):
        raise TakenError(identifier)
    first, second = owners(catalogue, owner, backup_owner)
    title = identifier.name.replace("_", " ").capitalize()
    if kind == "event":
        title = identifier.name.replace("_", " ").title()
    meta: dict[str, Any] = {
        "version": f"{major}.0.0-draft",
        "status": "draft",
        "owner": first,
        "backup_owner": second,
    }
    more, required, properties = _PARTS[kind](catalogue, identifier.name)
    document = {
        "$schema": DIALECT,
        "$id": str(identifier),
        "title": title,
        "description": _DESCRIPTIONS[kind].format(title=title),
        "x-contract": {**meta, **more},
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }
    return identifier, json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def owners(catalogue: Catalogue, owner: str | None, backup: str | None) -> tuple[str, str]:
    """Owner and backup owner: those given, else the first teams there are. Raises `UsageError`."""
    teams = catalogue.team_names()
    for name in (owner, backup):
        if name is not None and name not in teams:
            raise UsageError(
                f"there is no team {name!r}", f"registry/teams.yaml has {', '.join(teams) or 'none'}"
            )
    if len(teams) < 2 and (owner is None or backup is None):  # noqa: PLR2004  an owner and a second one
        raise UsageError(
            "a contract needs an owner and a backup owner", "Add two teams to registry/teams.yaml"
        )
    first = owner or next(team for team in teams if team != backup)
    second = backup or next(team for team in teams if team != first)
    if first == second:
        raise UsageError(f"{first} cannot stand in for itself", "--backup-owner wants another team")
    return first, second


_DESCRIPTIONS: Final = {
    "event": "{title}: say here in one or two sentences what happened, so that somebody new understands it.",
    "trait": "{title}: say here what is known about one such entity, and since when.",
    "segment": "{title}: say here who belongs, in words that a campaign's planner would use.",
    "utm": "{title}: say here which links carry this format, and who builds them.",
    "creative": "{title}: say here what these tags name, and where they are typed.",
    "object": "{title}: say here what is named so, and where on the platform it stands.",
}

_Parts = tuple[dict[str, Any], list[str], dict[str, Any]]


def _refers(catalogue: Catalogue, identifier: str, fallback: dict[str, Any]) -> dict[str, Any]:
    """A shared definition where the registry has it, else the same in place."""
    return {"$ref": identifier} if catalogue.contract(identifier) is not None else fallback


def _event(catalogue: Catalogue, name: str) -> _Parts:
    identity = {"type": "string", "format": "uuid"}
    when = {"type": "string", "format": "date-time"}
    meta = {
        "trigger": "Say here what has to happen for it to be sent, as exactly as a test could check it.",
        "identity": ["event_id"],
        "producers": ["web"],
    }
    properties = {
        "event_id": _refers(catalogue, "/common/event_id/v1", identity)
        | {
            "description": "Made once per event, so that pixel and server can be told to be one.",
            "x-pii": "none",
        },
        "occurred_at": _refers(catalogue, "/common/timestamp/v1", when)
        | {"description": "When it happened, not when it was sent.", "x-pii": "none"},
    }
    return meta, ["event_id", "occurred_at"], properties


def _trait(catalogue: Catalogue, name: str) -> _Parts:
    key = f"{name}_id"
    meta = {"entity": name, "identity": [key], "producers": ["crm"]}
    text = {"type": "string", "minLength": 1, "maxLength": 64}
    properties = {
        key: text | {"description": "The key by which every system knows it.", "x-pii": "pseudonymous"},
    }
    return meta, [key], properties


def _segment(catalogue: Catalogue, name: str) -> _Parts:
    entity = next((str(contract.id) for contract in catalogue.of_kind("traits")), None)
    if entity is None:
        raise UsageError("a segment needs an entity", "Begin with one: canonry new trait user")
    contract = catalogue.contract(entity)
    key = next(iter(contract.meta.identity or contract.properties), "user_id") if contract else "user_id"
    meta = {
        "role": "audience",
        "definition": {"entity": entity, "all": [{"trait": entity, "property": key, "op": "exists"}]},
        "refresh": "1d",
    }
    held = dict(contract.properties.get(key, {})) if contract else {}
    shape = {
        k: v for k, v in held.items() if k in ("$ref", "type", "minLength", "maxLength", "pattern", "format")
    }
    shape = shape or {"type": "string", "maxLength": 64}
    properties = {
        key: shape | {"description": "Whose membership it is.", "x-pii": held.get("x-pii", "pseudonymous")}
    }
    return meta, [key], properties


_WORD: Final = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 30}


def _naming(catalogue: Catalogue, name: str) -> tuple[list[str], dict[str, Any]]:
    word = name.replace("_", "-")
    properties: dict[str, Any] = {
        "marker": {"const": word, "description": "Tells these names from all others."},
        "topic": {**_WORD, "description": "What it is about, in a few words joined by hyphens."},
    }
    if catalogue.contract("/common/month/v1") is not None:
        properties["flight"] = {"$ref": "/common/month/v1", "description": "The month in which it begins."}
        return ["marker", "topic", "flight"], properties
    return ["marker", "topic"], properties


def _template(required: list[str]) -> str:
    return "_".join(f"{{{field}:yyyymm}}" if field == "flight" else f"{{{field}}}" for field in required)


def _utm(catalogue: Catalogue, name: str) -> _Parts:
    """A mailing's link. GA4 would file campaigns of these names elsewhere, whatever the medium."""
    required, properties = _naming(catalogue, name)
    del properties["marker"]
    required = [field for field in required if field != "marker"]
    properties["topic"] = {**properties["topic"], "not": {"pattern": "shop|cross-network"}}
    source = {"source": {"const": name.replace("_", "-"), "description": "Where the link is clicked."}}
    medium = {"medium": {"const": "email", "description": "The kind of traffic; it decides GA4's channel."}}
    meta = {
        "channel": "Email",
        "tagging": "manual",
        "templates": {
            "utm_source": "{source}",
            "utm_medium": "{medium}",
            "utm_campaign": _template(required),
        },
    }
    return meta, ["source", "medium", *required], {**source, **medium, **properties}


def _creative(catalogue: Catalogue, name: str) -> _Parts:
    required, properties = _naming(catalogue, name)
    return {"templates": {"name": _template(required)}}, required, properties


def _object(catalogue: Catalogue, name: str) -> _Parts:
    """A name that begins like a platform's is for that platform: `meta_lead_form`."""
    named = [p for p in catalogue.platforms if name.startswith(f"{p}_") and catalogue.platforms[p].levels]
    platform = max(
        named, key=len, default=next((p for p, d in catalogue.platforms.items() if d.levels), None)
    )
    if platform is None:
        raise UsageError("no platform of the registry has objects", "Add one under registry/platforms/")
    levels = list(catalogue.platforms[platform].levels)
    rest = name.removeprefix(f"{platform}_")
    level = rest if rest in levels else levels[0]
    required, properties = _naming(catalogue, name)
    meta = {"platforms": [platform], "level": level, "templates": {"name": _template(required)}}
    return meta, required, properties


_PARTS: Final = {
    "event": _event,
    "trait": _trait,
    "segment": _segment,
    "utm": _utm,
    "creative": _creative,
    "object": _object,
}

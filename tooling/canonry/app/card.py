"""One entry of the catalogue with everything that people ask of it: facts, tables and who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.graph import graph
from canonry.render.catalogue import field_words

if TYPE_CHECKING:
    from canonry.app.directory import Entry
    from canonry.catalogue.documents.campaign import Campaign
    from canonry.catalogue.documents.contract import XContract
    from canonry.catalogue.model import Catalogue, Contract

_MANY: Final = 40


def card(catalogue: Catalogue, found: Entry) -> dict[str, Any]:
    """`id`, `kind`, `title`, `description`, `facts` (label to text), `tables` (title to rows), `document`."""
    make = _MAKERS.get(found.kind, _contract)
    facts, tables, document = make(catalogue, found)
    facts = {**facts, "owner": facts.get("owner") or found.owner, "file": found.path}
    return {
        **found.to_json(),
        "facts": {key: value for key, value in facts.items() if value},
        "tables": {title: rows for title, rows in tables.items() if rows},
        "document": document,
    }


_Made = tuple[dict[str, str], dict[str, list[list[str]]], Any]


def _contract(catalogue: Catalogue, found: Entry) -> _Made:
    contract = catalogue.by_text[found.id]
    meta = contract.meta
    named = meta.platforms if isinstance(meta.platforms, dict) else {}
    consent = {purpose for purposes in meta.consent.values() for purpose in purposes}
    facts = {
        "status": f"{meta.status}, version {meta.version}",
        "sunset": meta.sunset or "",
        "instead": meta.replaced_by or "",
        "owner": f"{meta.owner}, else {meta.backup_owner}",
        "short names": ", ".join(meta.aliases),
        "sent when": meta.trigger or "",
        "not when": "; ".join(meta.suppression),
        "sent by": ", ".join(meta.producers),
        "platforms": ", ".join(meta.platforms) if not named else "",
        "channel": meta.channel or "",
        "own channel": meta.custom_channel or "",
        "tagging": meta.tagging if contract.id.kind == "utm" else "",
        "level": meta.level or "",
        "role": meta.role or "",
        "refresh": meta.refresh or "",
        "window": (meta.definition.window or "") if meta.definition else "",
        "consent": ", ".join(sorted(consent)),
    }
    tables = {
        "Called on platforms": [[platform, name] for platform, name in named.items()],
        "Written as": list(_templates(meta)),
        "Fields (* required)": list(_fields(contract)),
        "Destinations": [
            [d.platform, f"{d.audience} ({d.mechanism.replace('_', ' ')})"] for d in meta.destinations
        ],
        "Used by": _users(catalogue, found.id),
    }
    return facts, tables, contract.source.value


def _templates(meta: XContract) -> Iterator[list[str]]:
    for key, forms in meta.templates.items():
        for platform, form in (forms if isinstance(forms, dict) else {"static": forms}).items():
            written = form if isinstance(form, str) else form.macro
            yield [key, "" if platform == "static" else platform, written]


def _fields(contract: Contract) -> Iterator[list[str]]:
    for name, schema in contract.properties.items():
        if isinstance(schema, dict):
            mark = "*" if name in contract.required else ""
            about = schema.get("description", "")
            yield [f"{name}{mark}", f"{field_words(schema)}. {about}".strip()]


def _users(catalogue: Catalogue, node: str) -> list[list[str]]:
    edges = graph(catalogue).readers.get(node, ())
    rows = list(dict.fromkeys((edge.reader, edge.why, edge.need) for edge in edges))
    shown = [[reader, why if need == "hard" else f"{why} (soft)"] for reader, why, need in rows[:_MANY]]
    return shown + ([[f"and {len(rows) - _MANY} more", ""]] if len(rows) > _MANY else [])


def _vocabulary(catalogue: Catalogue, found: Entry) -> _Made:
    vocabulary = catalogue.vocabularies[found.name]
    words = []
    for word, details in vocabulary.words.items():
        about = [details.label]
        if details.status != "active":
            instead = f", instead: {details.replaced_by}" if details.replaced_by else ""
            about.append(f"({details.status}{instead})")
        if details.aliases:
            about.append(f"(also seen: {', '.join(details.aliases)})")
        words.append([word, " ".join(about)])
    facts = {"adding words": "breaks nobody" if vocabulary.openness == "open" else "changes every user"}
    return facts, {"Words": words, "Used by": _users(catalogue, found.id)}, _document(catalogue, found)


def _platform(catalogue: Catalogue, found: Entry) -> _Made:
    platform = catalogue.platforms[found.name]
    tagging = platform.self_tagging
    facts = {
        "kind": platform.category,
        "aliases": ", ".join(platform.aliases),
        "paste links": platform.links.paste if platform.links else "",
        "click ids": ", ".join(platform.click_ids),
        "tags itself": ", ".join(f"{key}={value}" for key, value in tagging.adds.items()) if tagging else "",
        "switch off": tagging.switch_off if tagging else "",
    }
    levels = [
        [name, level.label, f"names up to {level.name.max} {level.name.unit}" if level.name.max else ""]
        for name, level in platform.levels.items()
    ]
    formats = [
        [str(contract.id), contract.schema.get("title", "")]
        for contract in catalogue.of_kind("utm", "creatives", "objects")
        if found.name in contract.meta.platforms
    ]
    macros = [[macro.macro, macro.means] for macro in platform.macros]
    return facts, {"Objects": levels, "Formats": formats, "Macros": macros}, _document(catalogue, found)


def _campaign(catalogue: Catalogue, found: Entry) -> _Made:
    campaign = catalogue.campaigns[found.name]
    facts = {
        "slug": campaign.slug,
        "runs": f"{campaign.start} to {campaign.end} ({campaign.time_zone}), {campaign.status}",
        "owner": f"{campaign.owner}, else {campaign.backup_owner}",
        "leads to": campaign.landing_url,
        "judged by": campaign.success.metric,
        "continues": campaign.continues or "",
    }
    tables = {
        "Fields": [[name, value] for name, value in campaign.fields.items()],
        "Channels": list(_channels(campaign)),
        "Audiences": [[segment, ""] for segment in campaign.segments],
        "Left out": [[segment, ""] for segment in campaign.exclusions],
        "Agreed decisions": [[d.metric, f"{d.when} over {d.window}: {d.action}"] for d in campaign.decisions],
    }
    return facts, tables, _document(catalogue, found)


def _channels(campaign: Campaign) -> Iterator[list[str]]:
    for plan in campaign.channels:
        fixed = ", ".join(f"{name}={value}" for name, value in plan.fields.items())
        yield [plan.format, ", ".join(plan.platforms) or "all its platforms", fixed]


def _plain(catalogue: Catalogue, found: Entry) -> _Made:
    document = _document(catalogue, found)
    top = {"accounts": "accounts", "teams": "teams", "channel_groups": "groups"}[found.kind]
    part = document[top][found.name] if isinstance(document, Mapping) else {}
    facts = {
        key.replace("_", " "): value if isinstance(value, str) else ", ".join(map(str, value))
        for key, value in part.items()
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
    }
    facts.pop("description", None)
    rules = [[f"{n}.", rule["channel"]] for n, rule in enumerate(part.get("rules", ()), 1)]
    owned = (
        [
            [str(contract.id), contract.schema.get("title", "")]
            for contract in catalogue.contracts.values()
            if contract.meta.owner == found.name
        ]
        if found.kind == "teams"
        else []
    )
    return facts, {"Rules": rules, "Owns": owned}, part


def _document(catalogue: Catalogue, found: Entry) -> Any:
    source = catalogue.sources.get(found.path)
    return source.value if source else None


_MAKERS: Final = {
    "vocabularies": _vocabulary,
    "platforms": _platform,
    "campaigns": _campaign,
    "accounts": _plain,
    "teams": _plain,
    "channel_groups": _plain,
}

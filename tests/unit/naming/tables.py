"""A small registry of names, for tests: two formats, a creative tag, an object, a platform."""

from collections.abc import Mapping
from typing import Any

from canonry.naming.codec import Codec
from canonry.naming.languages import Model
from canonry.naming.table import Sources, compile_table

SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
COMMON: dict[str, Any] = {
    "/common/day/v1": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "/common/month/v1": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "/common/quarter/v1": {"type": "string", "pattern": "^[0-9]{4}-Q[1-4]$"},
    "/common/year/v1": {"type": "string", "pattern": "^[0-9]{4}$"},
    "/common/campaign_id/v1": {"type": "string", "x-registry-id": "campaign"},
    "/common/loop/v1": {"$ref": "/common/loop/v1"},
}
VOCABULARIES: dict[str, Any] = {
    "brand": {
        "title": "Brands",
        "words": {"acme": {"label": "Acme", "aliases": ["acme-home"]}, "nordwind": {}},
    },
    "market": {
        "title": "Markets",
        "words": {
            "de": {"label": "Germany"},
            "gb": {"label": "United Kingdom", "aliases": ["uk"]},
            "su": {"label": "Gone", "status": "retired", "replaced_by": "de"},
            "yu": {"label": "Going", "status": "deprecated", "replaced_by": "gb"},
        },
    },
    "social": {
        "title": "Social sources",
        "alphabet": "parameter",
        "words": {"facebook": {"label": "Meta", "aliases": ["FB", "meta_ads"]}, "tiktok": {}},
    },
    "format": {"title": "Formats", "words": {"video": {}, "image": {}, "text": {}}},
    "stage": {"title": "Stages", "words": {"tof": {}, "bof": {}}},
}
PLATFORMS: dict[str, Any] = {
    "meta": {
        "label": "Meta",
        "category": "ads",
        "aliases": ["facebook-ads"],
        "click_ids": ["fbclid"],
        "macro_pattern": r"\{\{[a-z_.]+\}\}",
        "macros": [
            {"macro": "{{ad.name}}", "means": "ad name", "level": "ad"},
            {"macro": "{{campaign.id}}", "means": "campaign id", "values": "^[0-9]{1,20}$"},
            {"macro": "{{user.email}}", "means": "e-mail", "personal_data": True},
        ],
        "not_macros": ["{{ad.format}}"],
        "levels": {"ad": {"label": "Ad", "name": {"max": 60}}, "campaign": {"label": "Campaign"}},
    },
    "tiktok": {
        "label": "TikTok",
        "category": "ads",
        "click_ids": ["ttclid"],
        "macros": [{"macro": "__CID_NAME__", "means": "ad name"}],
        "levels": {"ad": {"name": {"max": 512}}},
    },
    "google_ads": {
        "label": "Google Ads",
        "category": "ads",
        "click_ids": ["gclid"],
        "auto_tagging": ["Paid Search"],
    },
}
DOMAINS = {
    "own": ["www.example.com", "app.example.com"],
    "landing": ["www.example.com"],
    "payment": ["*.pay.example"],
    "short_link": ["go.example.com"],
}


def contract(
    templates: Mapping[str, Any],
    properties: Mapping[str, Any],
    *,
    optional: tuple[str, ...] = (),
    **extra: Any,
) -> dict[str, Any]:
    """A contract document: every property required but those in `optional`."""
    return {
        "x-contract": {"version": "1.0.0", "templates": dict(templates), **extra},
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
    }


AD = contract(
    {"name": "{format}_{concept}_v{version}"},
    {
        "format": {"$ref": "/vocabularies/format"},
        "concept": {"type": "string", "pattern": SLUG, "maxLength": 20},
        "version": {"type": "integer", "minimum": 1, "maximum": 99},
    },
    platforms=["meta", "tiktok"],
)
META_AD = contract(
    {"name": "{creative}[_{market}]"},
    {
        "creative": {"type": "string", "x-name-of": "/creatives/ad/v1"},
        "market": {"$ref": "/vocabularies/market"},
    },
    optional=("market",),
    platforms=["meta"],
    level="ad",
)
PAID_SOCIAL = contract(
    {
        "utm_source": "{source}",
        "utm_medium": "{medium}",
        "utm_campaign": "{brand}_{market}_{slug}_{flight:yyyymm}_{campaign_id}",
        "utm_content": {
            "static": "{creative}",
            "meta": {"macro": "{{ad.name}}", "expands": "/objects/meta_ad/v1"},
        },
        "utm_id": {
            "static": "{campaign_id}",
            "meta": {"macro": "{{campaign.id}}", "pattern": "^[0-9]{1,20}$"},
        },
    },
    {
        "source": {"$ref": "/vocabularies/social"},
        "medium": {"const": "paid_social"},
        "brand": {"$ref": "/vocabularies/brand"},
        "market": {"$ref": "/vocabularies/market"},
        "slug": {
            "type": "string",
            "pattern": SLUG,
            "maxLength": 30,
            "not": {"pattern": "shop|cross-network"},
        },
        "flight": {"$ref": "/common/month/v1"},
        "campaign_id": {"$ref": "/common/campaign_id/v1"},
        "creative": {"type": "string", "x-name-of": "/creatives/ad/v1"},
    },
    optional=("creative",),
    platforms=["meta", "tiktok"],
    channel="Paid Social",
    aliases=["psoc"],
    legacy_templates=[{"utm_campaign": "{brand}_{slug}"}],
)
EMAIL = contract(
    {
        "utm_source": "newsletter",
        "utm_medium": "email",
        "utm_campaign": "{slug}_{send:yyyymmdd}",
        "utm_term": "[{stage}]",
    },
    {
        "slug": {
            "type": "string",
            "pattern": SLUG,
            "maxLength": 30,
            "not": {"pattern": "shop|cross-network"},
        },
        "send": {"$ref": "/common/day/v1"},
        "stage": {"$ref": "/vocabularies/stage"},
    },
    optional=("stage",),
    channel="Email",
)
CONTRACTS = {
    "/utm/paid_social/v1": PAID_SOCIAL,
    "/utm/email/v1": EMAIL,
    "/creatives/ad/v1": AD,
    "/objects/meta_ad/v1": META_AD,
}
ID = "k7m2pk"
SOCIAL = {
    "source": "facebook",
    "brand": "acme",
    "market": "gb",
    "slug": "spring-sofa",
    "flight": "2026-11",
    "campaign_id": ID,
}


def table(contracts: Mapping[str, Any] = CONTRACTS, **given: Any) -> dict[str, Any]:
    """The compiled table of these contracts, with the small registry around them."""
    known = {**COMMON, **contracts}
    sources = Sources(
        contracts,
        given.get("vocabularies", VOCABULARIES),
        given.get("platforms", PLATFORMS),
        given.get("groups", {}),
        given.get("domains", DOMAINS),
    )
    return compile_table(sources, lambda ref: known[ref])


def codec(contracts: Mapping[str, Any] = CONTRACTS, **given: Any) -> Codec:
    """A codec over `table`."""
    return Codec(table(contracts, **given))


def model(contracts: Mapping[str, Any] = CONTRACTS, **given: Any) -> Model:
    """A model for proofs over `table`."""
    groups = {name: group["rules"] for name, group in given.get("groups", {}).items()}
    return Model(table(contracts, **given), given.get("platforms", PLATFORMS), groups)

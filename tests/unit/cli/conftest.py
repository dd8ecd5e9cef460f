"""A small registry on disk, and the program run in it without a new process."""

import json
from pathlib import Path

import pytest

from canonry.cli.main import run

CAMPAIGN = "k7m2pk"

REGISTRY = {
    "registry/registry.yaml": """
name: Tiny
base_url: https://registry.example.com
client_package: tiny
""",
    "registry/teams.yaml": """
teams:
  media: {name: Media, contact: '#media', code_owners: ['@tiny/media']}
  data: {name: Data, contact: '#data', code_owners: ['@tiny/data']}
""",
    "registry/domains.yaml": """
own: [www.example.com, account.example.com, "*.shop.example"]
landing: [www.example.com, '*.shop.example']
short_link: [go.example.com]
payment: [pay.example.com]
""",
    "registry/vocabularies/market.yaml": """
# Where we sell.
title: Markets
description: Countries that campaigns are aimed at.
owner: media
words:
  de: {label: Germany, aliases: [ger]}
  gb: {label: United Kingdom, aliases: [uk]}
  no: {label: Norway}
  su: {label: Soviet Union, status: retired, replaced_by: de}
""",
    "registry/vocabularies/social_source.yaml": """
title: Social sources
description: Networks.
owner: media
alphabet: parameter
words:
  facebook: {label: Meta, aliases: [fb]}
  tiktok: {label: TikTok}
""",
    "registry/platforms/meta.yaml": """
label: Meta
category: ads
description: Facebook and Instagram.
aliases: [fb, facebook]
click_ids: [fbclid]
links: {form: params, paste: Ad > Tracking > URL parameters}
macros:
  - {macro: '{{ad.name}}', means: name of the ad}
levels:
  ad: {label: Ad}
""",
    "registry/platforms/tiktok.yaml": """
label: TikTok
category: ads
description: Films.
links: {form: url, paste: Ad > Destination, max: 300, unit: bytes}
""",
    "registry/platforms/flyer.yaml": "{label: Flyer, category: offline, description: Paper.}",
    f"registry/campaigns/{CAMPAIGN}.yaml": """
slug: spring-sale
label: Spring sale
description: Sofas in spring.
owner: media
backup_owner: data
time_zone: Europe/Berlin
start: '2027-03-01'
end: '2027-04-01'
fields: {market: de, flight: 2027-03}
landing_url: https://www.example.com/spring
channels:
  - {format: /utm/paid_social/v1, platforms: [meta], fields: {source: facebook}}
  - {format: /utm/paid_social/v1, platforms: [tiktok], fields: {source: tiktok}}
success: {metric: revenue}
""",
}

SLUG = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 40}


def _contract(identifier, title, meta, properties, required):
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        "title": title,
        "description": f"{title}, for tests.",
        "x-contract": {"version": "1.0.0", "owner": "media", "backup_owner": "data", **meta},
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


CONTRACTS = [
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/common/month/v1",
        "title": "Month",
        "description": "A calendar month.",
        "x-contract": {"version": "1.0.0", "owner": "data", "backup_owner": "media"},
        "type": "string",
        "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$",
    },
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/common/campaign_id/v1",
        "title": "Campaign id",
        "description": "Registry id.",
        "x-contract": {"version": "1.0.0", "owner": "data", "backup_owner": "media"},
        "type": "string",
        "pattern": "^[b-df-hj-np-tv-z][2-9b-df-hj-np-tv-z]{5}$",
        "x-registry-id": "campaign",
    },
    _contract(
        "/utm/paid_social/v1",
        "Paid social",
        {
            "platforms": ["meta", "tiktok"],
            "channel": "Paid Social",
            "tagging": "manual",
            "aliases": ["psoc"],
            "templates": {
                "utm_source": "{source}",
                "utm_medium": "{medium}",
                "utm_campaign": "{market}_{slug}_{flight:yyyymm}_{campaign_id}",
                "utm_content": {
                    "static": "[{creative}]",
                    "meta": {"macro": "{{ad.name}}", "pattern": "^[a-z0-9-]{1,40}$"},
                },
            },
        },
        {
            "source": {"$ref": "/vocabularies/social_source", "description": "Network."},
            "medium": {"const": "paid_social", "description": "Fixed."},
            "market": {"$ref": "/vocabularies/market", "description": "Where."},
            "slug": {**SLUG, "not": {"pattern": "shop"}, "description": "Short name."},
            "flight": {"$ref": "/common/month/v1", "description": "First month."},
            "campaign_id": {"$ref": "/common/campaign_id/v1", "description": "Id."},
            "creative": {**SLUG, "description": "Creative."},
        },
        ["source", "medium", "market", "slug", "flight", "campaign_id"],
    ),
    _contract(
        "/utm/flyer/v1",
        "Flyer",
        {
            "platforms": ["flyer"],
            "channel": "Unassigned",
            "tagging": "manual",
            "templates": {"utm_source": "{source}", "utm_medium": "print", "utm_campaign": "{slug}"},
        },
        {
            "source": {"enum": ["flyer", "poster"], "type": "string", "description": "Paper."},
            "slug": {**SLUG, "description": "Short name."},
        },
        ["source", "slug"],
    ),
    _contract(
        "/objects/meta_ad/v1",
        "Meta ad name",
        {"platforms": ["meta"], "level": "ad", "templates": {"name": "{market}_{slug}_v{version}"}},
        {
            "market": {"$ref": "/vocabularies/market", "description": "Where."},
            "slug": {**SLUG, "description": "Short name."},
            "version": {"type": "integer", "minimum": 1, "maximum": 99, "description": "Counts up."},
        },
        ["market", "slug", "version"],
    ),
    _contract(
        "/events/order_completed/v1",
        "Order Completed",
        {
            "trigger": "The customer has paid.",
            "producers": ["web"],
            "platforms": {"ga4": "purchase", "meta": "Purchase"},
            "consent": {"ga4": ["analytics"]},
        },
        {
            "order_id": {"type": "string", "maxLength": 40, "description": "Number.", "x-pii": "none"},
            "coupon_code": {"type": "string", "maxLength": 40, "description": "Voucher.", "x-pii": "none"},
        },
        ["order_id"],
    ),
]


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """The small registry in a folder of its own."""
    root = tmp_path / "registry here"
    for path, text in REGISTRY.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.lstrip(), encoding="utf-8")
    for contract in CONTRACTS:
        file = root / "contracts" / f"{contract['$id'].strip('/')}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(contract, indent=2) + "\n", encoding="utf-8")
    return root


@pytest.fixture
def canonry(registry, monkeypatch, capsys):
    """Runs a command in the small registry: exit code, output, errors."""
    monkeypatch.chdir(registry)
    monkeypatch.setenv("CANONRY_TODAY", "2026-11-21")

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call

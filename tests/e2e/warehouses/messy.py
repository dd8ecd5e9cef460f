"""Rows as nobody would want them, and what an audit says of them, for holding one backend against another."""

import json
import random
from pathlib import Path
from typing import Any

import duckdb

from canonry.app import auditing
from canonry.audit.mappings import own as own_mapping
from canonry.audit.source import Source
from canonry.audit.standard import Standard

COLUMNS = {
    "source": "text",
    "medium": "text",
    "campaign": "text",
    "content": "text",
    "url": "text",
    "object": "text",
    "number": "text",
    "under": "text",
    "account": "text",
    "sessions": "bigint",
    "cost": "double precision",
    "currency": "text",
    "day": "date",
}
RIGHT = "acme_dach_sales_winter-living-weeks_202611_tx7nrz"
SOURCES = [
    *(
        "facebook",
        "FB",
        " facebook",
        "facebook ",
        "\tfacebook",
        "\u00a0facebook\u00a0",
        "Facebook",
        "newsletter",
    ),
    *(
        "",
        None,
        "(not set)",
        "(direct)",
        "google",
        "GOOGLE",
        "chatgpt.com",
        "{source}",
        "jo@example.com",
        "m\u00fcller",
    ),
    *(
        "mu\u0308ller",
        "\u4e2d\u6587",
        "\U0001f600",
        "a\u202eb",
        "a\nb",
        "a\r\nb",
        "a'b",
        'a"b',
        "a\\b",
        "a%20b",
        "a;b",
    ),
]
MEDIA = [
    "paid_social",
    "Paid_Social",
    "cpc",
    "email",
    "e-mail",
    "",
    None,
    " cpc ",
    "referral",
    "xx",
    "(none)",
]
CAMPAIGNS = [
    *(
        RIGHT,
        RIGHT.upper(),
        f" {RIGHT}",
        f"{RIGHT} ",
        RIGHT.replace("dach", "de"),
        RIGHT.replace("tx7nrz", "tx7nrx"),
    ),
    *(
        "",
        None,
        "Spring Sale",
        "{{campaign.name}}",
        "+491711234567",
        "x" * 3000,
        "a_b_c",
        "\u0130_x",
        "\u00df",
        "=1+1",
    ),
    *(
        "acme_dach_sales_winter-living-weeks_202613_tx7nrz",
        "acme__dach",
        "_",
        "null",
        "NULL",
        "None",
        "123",
        "1.0",
    ),
]
OBJECTS = [
    *(
        "furniture_brand_exact_sofa",
        "furniture_brand_exact",
        "Furniture_Brand_Exact_Sofa",
        "furniture_brand_exact_sofa - Copy",
    ),
    *(
        "Copy of furniture_brand_exact_sofa",
        "furniture_brand_exact_sofa_extra1",
        "furniture_brnd_exact_sofa",
        "Promo 1",
    ),
    *(
        "furniture_brand_exact_sof\u00e4",
        "furniture_brand_exact_sofa\u0301",
        "FURNITURE_BRAND_EXACT_SOFA",
        "furniture-brand-exact",
    ),
    *(
        " furniture_brand_exact_sofa",
        "furniture_brand_exact_sofa ",
        "",
        None,
        "\u00a0",
        "jo@example.com",
        "\U0001f6cb",
        "a_" * 70,
    ),
]
URLS = [
    *(
        "https://www.example.com/de/p1?utm_source=facebook&utm_medium=paid_social",
        "https://www.example.com/",
        "",
        None,
    ),
    f"https://www.example.com/?utm_source=google&utm_medium=cpc&utm_campaign={RIGHT}&utm_id=tx7nrz",
    f"https://www.example.com/?gclid=abc&utm_source=google&utm_medium=cpc&utm_campaign={RIGHT}&utm_id=tx7nrz",
    "https://www.example.com/?utm_source=Google&utm_medium=cpc&fbclid=1#top",
    "https://www.example.com/?utm_source=a??utm_medium=b",
    "https://www.example.com/a?b=1?utm_source=x",
    "https://www.example.com/?email=jo%40example.com&utm_source=facebook",
    "https://www.example.com/?utm_campaign={{campaign.name}}&utm_source=facebook",
    "https://m\u00fcnchen.example/\u00e4?utm_source=%C3%A4&utm_medium=%E4",
    "www.example.com/?utm_source=facebook",
    "not a link",
    " https://www.example.com/?utm_source=facebook ",
    "https://www.example.com/?utm_source=a%0Ab&utm_medium=a+b",
    "https://example.net/?utm_source=facebook&gbraid=1",
]
MAPPINGS = {
    "tags": {
        "utm_source": "source",
        "utm_medium": "medium",
        "utm_campaign": "campaign",
        "utm_content": "content",
    },
    "links": {"url": "url"},
    "names": {"ad_group.name": "object", "cost": "cost", "currency": "currency"},
    "objects": {
        "campaign.name": "under",
        "ad_group.name": "object",
        "ad_group.id": "number",
        "cost": "cost",
    },
}
PLATFORMS = {"tags": "ga4", "links": "ga4", "names": "google_ads", "objects": "google_ads"}


def _objects(rng: random.Random) -> list[tuple[Any, ...]]:
    """Name, id, parent, account and currency, of which rows of one id or one name never disagree."""
    return [
        (
            OBJECTS[place % len(OBJECTS)],
            None if place < len(OBJECTS) and place % 4 == 0 else str(10**11 + place),
            rng.choice(CAMPAIGNS[place % len(OBJECTS) % 6 :: 6]),
            rng.choice([None, "", "412-555-0137", "google-ads-acme-dach", "9999"]),
            [None, "", "EUR", "eur", "GBP", "x"][place % len(OBJECTS) % 6],
        )
        for place in range(90)
    ]


def rows(number: int = 600) -> list[tuple[Any, ...]]:
    """Everything beside everything."""
    rng = random.Random(7)
    objects = _objects(rng)
    found = []
    for _ in range(number):
        name, identity, under, account, currency = rng.choice(objects)
        found.append(
            (
                rng.choice(SOURCES),
                rng.choice(MEDIA),
                rng.choice(CAMPAIGNS),
                rng.choice([None, "", "image", " video", *OBJECTS]),
                rng.choice(URLS),
                name,
                identity,
                under,
                account,
                rng.choice([None, 0, 1, 7, 10**9]),
                rng.choice([None, 0.0, 0.25, 19.75, 1e6, -1.5]),
                currency,
                rng.choice([None, "2026-11-14", "2026-11-17", "2026-11-20"]),
            )
        )
    return found


def written(folder: Path) -> Path:
    """The rows in a file."""
    path = folder / "messy.parquet"
    with duckdb.connect() as db:
        listed = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
        db.execute(f"CREATE TABLE messy ({listed})")
        db.executemany(f"INSERT INTO messy VALUES ({', '.join('?' * len(COLUMNS))})", rows())
        db.execute(f"COPY messy TO '{path}' (FORMAT parquet)")
    return path


def mapping(name: str) -> Any:
    """How a kind of column is read."""
    shared = {"date": "day"} if name in ("names", "objects") else {"date": "day", "rows": "sessions"}
    return own_mapping({**MAPPINGS[name], **shared}, platform=PLATFORMS[name])


def said(standard: Standard, source: Source) -> dict[str, Any]:
    """Everything that an audit of a source says: findings with their weight, counts, spend and gaps."""
    audit, report = auditing.audited(standard, [source])
    (account,) = audit.accounts
    return {
        "findings": sorted(json.dumps(finding.to_json(), sort_keys=True) for finding in report.findings),
        "counts": (account.observations, account.judged, account.rows, account.wrong_rows),
        "money": account.money(),
        "gaps": [(gap.what, gap.why) for gap in account.gaps],
        "rest": (audit.foreign, audit.unjudged, audit.tagged_rows, audit.untagged_rows, audit.idle),
        "shares": dict(report.shares),
    }

"""Dutch headings. Meta's are those of exports, the others formed like those seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canonry.audit.headings.language import Columns, Language, tier

_ADS: Final[Columns] = {
    "cost": ("Kosten", "Totale kosten"),
    "currency": ("Valutacode", "Valuta"),
    "impressions": ("Weergaven", "Vertoningen", "Impressies", "Vert."),
    "clicks": ("Klikken",),
    "date": ("Dag", "Datum"),
    "account": ("Account-ID", "Klant-ID"),
}
_COLUMNS: Final[Mapping[str, Columns]] = {
    "ga4_sessions": {
        "utm_source": ("Handmatige bron van sessie", "Sessie - handmatige bron", "Handmatige bron"),
        "utm_medium": ("Handmatig medium van sessie", "Sessie - handmatig medium", "Handmatig medium"),
        "utm_campaign": (
            "Naam van handmatige campagne van sessie",
            "Handmatige campagnenaam van sessie",
            "Sessie - handmatige campagnenaam",
        ),
        "utm_content": ("Handmatige advertentiecontent van sessie", "Sessie - handmatige advertentiecontent"),
        "utm_term": ("Handmatige term van sessie", "Sessie - handmatige term"),
        "automatic": ("Sessiecampagne", "Campagne van sessie"),
        "automatic_source": ("Sessiebron/-medium", "Bron/medium van sessie", "Sessie bron / medium"),
        "rows": ("Sessies",),
        "date": ("Datum",),
    },
    "ga4_events": {
        "event.name": ("Gebeurtenisnaam", "Naam van gebeurtenis"),
        "rows": ("Aantal gebeurtenissen",),
        "date": ("Datum",),
    },
    "meta": {
        **tier(
            "campaign",
            ("Campagnenaam", "Naam campagne"),
            ("Campagne-ID",),
            ("Campagneweergave", "Weergave van campagne"),
        ),
        **tier(
            "ad_set",
            ("Naam advertentieset", "Advertentiesetnaam"),
            ("Advertentieset-ID", "ID van advertentieset"),
            ("Advertentiesetweergave",),
        ),
        **tier("ad", ("Advertentienaam", "Naam advertentie"), ("Advertentie-ID",), ("Advertentieweergave",)),
        **_ADS,
        "cost": ("Besteed bedrag",),
        "clicks": ("Klikken op link", "Linkklikken", "Klikken (alle)"),
        "first": ("Begin rapportage", "Begin van rapportage", "Rapportage start"),
        "last": ("Einde rapportage", "Einde van rapportage", "Rapportage eindigt"),
    },
    "google_ads": {
        **tier("campaign", ("Campagne",), ("Campagne-ID",), ("Campagnestatus", "Status van campagne")),
        **tier("ad_group", ("Advertentiegroep",), ("Advertentiegroep-ID",), ("Advertentiegroepstatus",)),
        **_ADS,
    },
}

DUTCH: Final = Language(
    "Dutch",
    _COLUMNS,
    confidence={"ga4_sessions": "low", "ga4_events": "low", "meta": "high", "google_ads": "medium"},
    telling={
        "ga4_sessions": frozenset({"handmatige bron van sessie"}),
        "ga4_events": frozenset({"gebeurtenisnaam"}),
        "meta": frozenset({"besteed bedrag", "naam advertentieset", "campagneweergave"}),
        "google_ads": frozenset({"campagne", "valutacode", "campagnestatus"}),
    },
)

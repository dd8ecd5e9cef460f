"""Italian headings. Meta's are those of exports, the others formed like those seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canonry.audit.headings.language import Columns, Language, tier

_ADS: Final[Columns] = {
    "cost": ("Costo", "Costo totale", "Spesa"),
    "currency": ("Codice valuta", "Valuta"),
    "impressions": ("Impressioni", "Impression", "Impr."),
    "clicks": ("Clic",),
    "date": ("Giorno", "Data"),
    "account": ("ID account", "ID cliente"),
}
_COLUMNS: Final[Mapping[str, Columns]] = {
    "ga4_sessions": {
        "utm_source": ("Sorgente manuale sessione", "Sorgente manuale della sessione", "Sorgente manuale"),
        "utm_medium": ("Mezzo manuale sessione", "Mezzo manuale della sessione", "Mezzo manuale"),
        "utm_source_medium": ("Sorgente/mezzo manuale sessione", "Sorgente/mezzo manuali sessione"),
        "utm_campaign": (
            "Nome campagna manuale sessione",
            "Nome della campagna manuale della sessione",
            "Nome campagna manuale",
        ),
        "utm_id": ("ID campagna manuale sessione", "ID campagna manuale"),
        "utm_content": ("Contenuto annuncio manuale sessione", "Contenuto manuale annuncio sessione"),
        "utm_term": ("Termine manuale sessione", "Termine manuale"),
        "automatic": ("Campagna sessione",),
        "automatic_source": ("Sorgente/mezzo sessione",),
        "rows": ("Sessioni",),
        "date": ("Data",),
    },
    "ga4_events": {
        "event.name": ("Nome evento",),
        "rows": ("Conteggio eventi",),
        "date": ("Data",),
    },
    "meta": {
        **tier(
            "campaign",
            ("Nome della campagna", "Nome campagna"),
            ("ID campagna", "ID della campagna"),
            ("Pubblicazione della campagna", "Stato della campagna"),
        ),
        **tier(
            "ad_set",
            ("Nome del gruppo di inserzioni", "Nome gruppo di inserzioni"),
            ("ID gruppo di inserzioni", "ID del gruppo di inserzioni"),
            ("Pubblicazione del gruppo di inserzioni",),
        ),
        **tier(
            "ad",
            ("Nome dell'inserzione", "Nome inserzione"),
            ("ID inserzione", "ID dell'inserzione"),
            ("Pubblicazione dell'inserzione",),
        ),
        **_ADS,
        "cost": ("Importo speso",),
        "clicks": ("Clic sul link", "Clic (tutti)"),
        "first": ("Inizio report", "Inizio dei report"),
        "last": ("Fine report", "Fine dei report"),
    },
    "google_ads": {
        **tier("campaign", ("Campagna",), ("ID campagna",), ("Stato campagna", "Stato della campagna")),
        **tier("ad_group", ("Gruppo di annunci",), ("ID gruppo di annunci",), ("Stato gruppo di annunci",)),
        **_ADS,
    },
}

ITALIAN: Final = Language(
    "Italian",
    _COLUMNS,
    confidence={"ga4_sessions": "low", "ga4_events": "low", "meta": "high", "google_ads": "medium"},
    telling={
        "ga4_sessions": frozenset({"sorgente manuale sessione", "sorgente/mezzo manuale sessione"}),
        "ga4_events": frozenset({"nome evento"}),
        "meta": frozenset({"importo speso", "nome del gruppo di inserzioni", "inizio report"}),
        "google_ads": frozenset({"campagna", "codice valuta", "stato campagna"}),
    },
)

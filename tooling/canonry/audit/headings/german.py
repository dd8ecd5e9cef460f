"""German headings. GA4's of terms and contents are those of its help, Meta's those of exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canonry.audit.headings.language import Columns, Language, tier

_ADS: Final[Columns] = {
    "cost": ("Kosten", "Ausgaben", "Gesamtkosten"),
    "currency": ("Währung", "Währungscode"),
    "impressions": ("Impressionen", "Impressions", "Impr."),
    "clicks": ("Klicks",),
    "date": ("Tag", "Datum"),
    "account": ("Konto-ID", "Kunden-ID", "Kundennummer", "Werbekonto-ID"),
}

_COLUMNS: Final[Mapping[str, Columns]] = {
    "ga4_sessions": {
        "utm_source": (
            "Sitzung - manuelle Quelle",
            "Manuelle Quelle der Sitzung",
            "Manuelle Quelle",
            "Erste Nutzerinteraktion - manuelle Quelle",
        ),
        "utm_source_medium": (
            "Sitzung - manuelle Quelle/manuelles Medium",
            "Sitzung - manuelle Quelle/Medium",
            "Manuelle Quelle/manuelles Medium",
            "Manuelle Quelle/Medium",
        ),
        "utm_medium": ("Sitzung - manuelles Medium", "Manuelles Medium der Sitzung", "Manuelles Medium"),
        "utm_campaign": (
            "Sitzung - Name der manuellen Kampagne",
            "Sitzung - manueller Kampagnenname",
            "Name der manuellen Kampagne der Sitzung",
            "Manueller Kampagnenname",
            "Name der manuellen Kampagne",
        ),
        "utm_id": (
            "Sitzung - ID der manuellen Kampagne",
            "Sitzung - manuelle Kampagnen-ID",
            "Manuelle Kampagnen-ID",
        ),
        "utm_content": (
            "Sitzung - manueller Anzeigeninhalt",
            "Sitzung - Inhalt der manuellen Anzeige",
            "Manueller Anzeigeninhalt",
        ),
        "utm_term": ("Sitzung - manueller Begriff", "Sitzung - manuelles Keyword", "Manueller Begriff"),
        "automatic": ("Sitzung - Kampagne", "Sitzungskampagne", "Sitzung - Kampagnenname"),
        "automatic_source": ("Sitzung - Quelle/Medium", "Sitzung - Quelle / Medium"),
        "rows": ("Sitzungen",),
        "date": ("Datum",),
        "span": ("Zeitraum",),
        "account": ("Property-ID",),
    },
    "ga4_pages": {
        "url": ("Seitenspeicherort", "Seitenposition", "Landingpage + Suchstring", "Seitenpfad + Suchstring"),
        "rows": ("Sitzungen", "Aufrufe", "Ereignisanzahl"),
        "date": ("Datum",),
        "account": ("Property-ID",),
    },
    "ga4_events": {
        "event.name": ("Ereignisname",),
        "parameter.name": ("Ereignisparameter", "Parametername"),
        "user_property.name": ("Nutzereigenschaft", "Nutzereigenschaften"),
        "rows": ("Ereignisanzahl",),
        "date": ("Datum",),
        "account": ("Property-ID",),
    },
    "meta": {
        **tier(
            "campaign",
            ("Kampagnenname", "Name der Kampagne"),
            ("Kampagnen-ID",),
            ("Auslieferung der Kampagne", "Kampagnenauslieferung", "Kampagnenstatus"),
        ),
        **tier(
            "ad_set",
            ("Anzeigengruppenname", "Name der Anzeigengruppe"),
            ("Anzeigengruppen-ID", "ID der Anzeigengruppe"),
            ("Auslieferung der Anzeigengruppe", "Anzeigengruppenauslieferung", "Anzeigengruppenstatus"),
        ),
        **tier(
            "ad",
            ("Anzeigenname", "Name der Werbeanzeige", "Name der Anzeige"),
            ("Anzeigen-ID", "ID der Werbeanzeige"),
            ("Auslieferung der Anzeige", "Anzeigenauslieferung", "Anzeigenstatus"),
        ),
        "ad_set.goal": ("Optimierungsziel",),
        "campaign.starts": ("Start",),
        "campaign.ends": ("Ende",),
        "url": ("Website-URL", "Link (Anzeigeneinstellungen)"),
        "suffix": ("URL-Parameter", "URL-Tags"),
        **_ADS,
        "cost": ("Ausgegebener Betrag", "Ausgegebener Betrag in EUR"),
        "clicks": ("Link-Klicks", "Linkklicks", "Klicks (alle)", "Klicks auf Link"),
        "first": (
            "Berichtsstart",
            "Beginn des Berichts",
            "Beginn des Berichtszeitraums",
            "Auswertungsbeginn",
        ),
        "last": ("Berichtsende", "Ende des Berichts", "Ende des Berichtszeitraums", "Auswertungsende"),
    },
    "google_ads": {
        **tier("campaign", ("Kampagne",), ("Kampagnen-ID",), ("Kampagnenstatus", "Status der Kampagne")),
        **tier(
            "ad_group",
            ("Anzeigengruppe",),
            ("Anzeigengruppen-ID",),
            ("Anzeigengruppenstatus", "Status der Anzeigengruppe"),
        ),
        **tier("ad", ("Anzeigenname",), ("Anzeigen-ID",), ("Anzeigenstatus", "Status der Anzeige")),
        "campaign.goal": ("Gebotsstrategietyp", "Typ der Gebotsstrategie"),
        "campaign.starts": ("Startdatum", "Startdatum der Kampagne"),
        "campaign.ends": ("Enddatum", "Enddatum der Kampagne"),
        "campaign.type": ("Kampagnentyp",),
        "url": ("Finale URL", "Endgültige URL", "Landingpage"),
        "suffix": ("Suffix der finalen URL", "Suffix für finale URL", "Suffix der endgültigen URL"),
        **_ADS,
    },
    "tiktok": {
        **tier("campaign", ("Kampagnenname",), ("Kampagnen-ID",), ("Kampagnenstatus",)),
        **tier(
            "ad_group",
            ("Anzeigengruppenname", "Name der Anzeigengruppe"),
            ("Anzeigengruppen-ID",),
            ("Anzeigengruppenstatus",),
        ),
        **tier("ad", ("Anzeigenname",), ("Anzeigen-ID",), ("Anzeigenstatus", "Primärer Status")),
        "ad_group.goal": ("Optimierungsziel",),
        "url": ("Website-URL", "URL der Landingpage"),
        **_ADS,
        "clicks": ("Klicks (Ziel)", "Klicks (Zielseite)", "Klicks (alle)", "Klicks"),
    },
    "linkedin": {
        **tier(
            "campaign_group",
            ("Kampagnengruppenname", "Name der Kampagnengruppe"),
            ("Kampagnengruppen-ID",),
            ("Kampagnengruppenstatus", "Status der Kampagnengruppe"),
        ),
        **tier(
            "campaign",
            ("Kampagnenname", "Name der Kampagne"),
            ("Kampagnen-ID",),
            ("Kampagnenstatus", "Status der Kampagne"),
        ),
        **tier("creative", ("Anzeigenname", "Name der Anzeige"), ("Anzeigen-ID",), ("Anzeigenstatus",)),
        "campaign.goal": ("Optimierungsziel", "Kampagnenziel"),
        "url": ("Klick-URL", "Ziel-URL"),
        **_ADS,
        "cost": ("Gesamtausgaben", "Ausgaben insgesamt"),
        "date": ("Startdatum",),
    },
    "audiences": {
        "audience.name": (
            "Zielgruppenname",
            "Name der Zielgruppe",
            "Zielgruppe",
            "Segmentname",
            "Listenname",
        ),
        "audience.id": ("Zielgruppen-ID", "Segment-ID", "Listen-ID"),
        "audience.status": ("Zielgruppenstatus",),
        "platform": ("Plattform", "Ziel"),
        "account": ("Konto-ID", "Konto"),
        "window": ("Mitgliedschaftsdauer (Tage)", "Mitgliedschaftsdauer", "Aufbewahrung (Tage)"),
        "synced": ("Zuletzt synchronisiert", "Letzte Synchronisierung", "Zuletzt aktualisiert"),
        "members": ("Größe", "Mitglieder", "Nutzer", "Zielgruppengröße"),
    },
}

GERMAN: Final = Language(
    "German",
    _COLUMNS,
    confidence={
        "ga4_sessions": "medium",
        "ga4_pages": "medium",
        "ga4_events": "medium",
        "meta": "high",
        "google_ads": "high",
        "tiktok": "low",
        "linkedin": "low",
        "audiences": "low",
    },
    telling={
        "ga4_sessions": frozenset(
            {"sitzung - manuelle quelle", "manuelle quelle der sitzung", "manuelle quelle"}
        ),
        "ga4_pages": frozenset({"seitenspeicherort", "landingpage + suchstring", "seitenpfad + suchstring"}),
        "ga4_events": frozenset({"ereignisname"}),
        "meta": frozenset({"ausgegebener betrag", "berichtsstart", "auswertungsbeginn"}),
        "google_ads": frozenset({"kampagne", "währungscode", "kampagnenstatus"}),
        "tiktok": frozenset({"klicks (ziel)", "primärer status"}),
        "linkedin": frozenset({"kampagnengruppenname", "name der kampagnengruppe", "gesamtausgaben"}),
        "audiences": frozenset({"zielgruppenname", "name der zielgruppe", "zuletzt synchronisiert"}),
    },
)

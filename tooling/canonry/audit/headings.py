"""What exports call their columns where the platform's screens speak German, French or Spanish, by mapping.

Analytics and ad platforms translate an export's headings into the language of whoever exports. Several
spellings of one column stand side by side, since translations change with releases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final


def _tier(
    native: str, name: Sequence[str], number: Sequence[str], status: Sequence[str]
) -> dict[str, Sequence[str]]:
    return {f"{native}.name": name, f"{native}.id": number, f"{native}.status": status}


_ADS: Final[Mapping[str, Sequence[str]]] = {
    "cost": ("Kosten", "Ausgaben", "Gesamtkosten"),
    "currency": ("Währung", "Währungscode"),
    "impressions": ("Impressionen", "Impressions", "Impr."),
    "clicks": ("Klicks",),
    "date": ("Tag", "Datum"),
    "account": ("Konto-ID", "Kunden-ID", "Kundennummer", "Werbekonto-ID"),
}

GERMAN: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "ga4_sessions": {
        "utm_source": ("Sitzung - manuelle Quelle", "Manuelle Quelle der Sitzung", "Manuelle Quelle"),
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
        "automatic": ("Sitzung - Kampagne", "Sitzungskampagne"),
        "automatic_source": ("Sitzung - Quelle/Medium", "Sitzung - Quelle / Medium"),
        "rows": ("Sitzungen",),
        "date": ("Datum",),
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
        **_tier(
            "campaign",
            ("Kampagnenname", "Name der Kampagne"),
            ("Kampagnen-ID",),
            ("Auslieferung der Kampagne", "Kampagnenauslieferung", "Kampagnenstatus"),
        ),
        **_tier(
            "ad_set",
            ("Anzeigengruppenname", "Name der Anzeigengruppe"),
            ("Anzeigengruppen-ID", "ID der Anzeigengruppe"),
            ("Auslieferung der Anzeigengruppe", "Anzeigengruppenauslieferung", "Anzeigengruppenstatus"),
        ),
        **_tier(
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
        **_tier("campaign", ("Kampagne",), ("Kampagnen-ID",), ("Kampagnenstatus", "Status der Kampagne")),
        **_tier(
            "ad_group",
            ("Anzeigengruppe",),
            ("Anzeigengruppen-ID",),
            ("Anzeigengruppenstatus", "Status der Anzeigengruppe"),
        ),
        **_tier("ad", ("Anzeigenname",), ("Anzeigen-ID",), ("Anzeigenstatus", "Status der Anzeige")),
        "campaign.goal": ("Gebotsstrategietyp", "Typ der Gebotsstrategie"),
        "campaign.starts": ("Startdatum", "Startdatum der Kampagne"),
        "campaign.ends": ("Enddatum", "Enddatum der Kampagne"),
        "campaign.type": ("Kampagnentyp",),
        "url": ("Finale URL", "Endgültige URL", "Landingpage"),
        "suffix": ("Suffix der finalen URL", "Suffix für finale URL", "Suffix der endgültigen URL"),
        **_ADS,
    },
    "tiktok": {
        **_tier("campaign", ("Kampagnenname",), ("Kampagnen-ID",), ("Kampagnenstatus",)),
        **_tier(
            "ad_group",
            ("Anzeigengruppenname", "Name der Anzeigengruppe"),
            ("Anzeigengruppen-ID",),
            ("Anzeigengruppenstatus",),
        ),
        **_tier("ad", ("Anzeigenname",), ("Anzeigen-ID",), ("Anzeigenstatus", "Primärer Status")),
        "ad_group.goal": ("Optimierungsziel",),
        "url": ("Website-URL", "URL der Landingpage"),
        **_ADS,
        "clicks": ("Klicks (Ziel)", "Klicks (Zielseite)", "Klicks (alle)", "Klicks"),
    },
    "linkedin": {
        **_tier(
            "campaign_group",
            ("Kampagnengruppenname", "Name der Kampagnengruppe"),
            ("Kampagnengruppen-ID",),
            ("Kampagnengruppenstatus", "Status der Kampagnengruppe"),
        ),
        **_tier(
            "campaign",
            ("Kampagnenname", "Name der Kampagne"),
            ("Kampagnen-ID",),
            ("Kampagnenstatus", "Status der Kampagne"),
        ),
        **_tier("creative", ("Anzeigenname", "Name der Anzeige"), ("Anzeigen-ID",), ("Anzeigenstatus",)),
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
OTHERS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "meta": {
        "campaign.name": ("Nom de la campagne", "Nombre de la campaña"),
        "ad_set.name": ("Nom de l'ensemble de publicités", "Nombre del conjunto de anuncios"),
        "ad.name": ("Nom de la publicité", "Nombre del anuncio"),
        "cost": ("Montant dépensé", "Importe gastado"),
        "impressions": ("Impresiones",),
        "clicks": ("Clics sur un lien", "Clics en el enlace"),
        "first": ("Début des rapports", "Inicio del informe"),
        "last": ("Fin des rapports", "Fin del informe"),
        "date": ("Jour", "Día"),
    },
    "google_ads": {
        "campaign.name": ("Campagne", "Campaña"),
        "ad_group.name": ("Groupe d'annonces", "Grupo de anuncios"),
        "cost": ("Coût", "Coste", "Costo"),
        "clicks": ("Clics",),
        "currency": ("Code de devise", "Código de moneda"),
        "url": ("URL finale", "URL final"),
        "date": ("Jour", "Día"),
    },
}
"""French and Spanish, where somebody has asked for them."""
TELLING: Final[Mapping[str, frozenset[str]]] = {
    "ga4_sessions": frozenset(
        {"sitzung - manuelle quelle", "manuelle quelle der sitzung", "manuelle quelle"}
    ),
    "ga4_pages": frozenset({"seitenspeicherort", "landingpage + suchstring", "seitenpfad + suchstring"}),
    "ga4_events": frozenset({"ereignisname"}),
    "meta": frozenset(
        {"ausgegebener betrag", "berichtsstart", "auswertungsbeginn", "montant dépensé", "importe gastado"}
    ),
    "google_ads": frozenset({"kampagne", "impr.", "währungscode", "kampagnenstatus", "code de devise"}),
    "tiktok": frozenset({"klicks (ziel)", "primärer status"}),
    "linkedin": frozenset({"kampagnengruppenname", "name der kampagnengruppe", "gesamtausgaben"}),
    "audiences": frozenset({"zielgruppenname", "name der zielgruppe", "zuletzt synchronisiert"}),
}
"""Headings that no other export has."""

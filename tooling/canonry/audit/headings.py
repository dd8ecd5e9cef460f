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
_FRENCH_ADS: Final[Mapping[str, Sequence[str]]] = {
    "cost": ("Coût", "Coût total", "Dépenses"),
    "currency": ("Devise", "Code de devise", "Code devise"),
    "impressions": ("Impressions", "Impr."),
    "clicks": ("Clics",),
    "date": ("Jour", "Date"),
    "account": ("ID de compte", "Identifiant du compte", "ID client", "Numéro client"),
}
_SPANISH_ADS: Final[Mapping[str, Sequence[str]]] = {
    "cost": ("Coste", "Costo", "Coste total", "Costo total"),
    "currency": ("Divisa", "Moneda", "Código de moneda"),
    "impressions": ("Impresiones", "Impr."),
    "clicks": ("Clics",),
    "date": ("Día", "Fecha"),
    "account": ("Identificador de la cuenta", "ID de la cuenta", "ID de cliente"),
}

FRENCH: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "ga4_sessions": {
        "utm_source": ("Source manuelle de la session", "Session - Source manuelle", "Source manuelle"),
        "utm_medium": (
            "Support manuel de la session",
            "Session - Support manuel",
            "Session - Support (manuel)",
            "Support manuel",
        ),
        "utm_campaign": (
            "Nom de la campagne manuelle de la session",
            "Nom de campagne manuelle de la session",
            "Session - Nom de la campagne manuelle",
            "Session - Nom de campagne manuel",
            "Nom de la campagne manuelle",
        ),
        "utm_id": (
            "ID de la campagne manuelle de la session",
            "Session - ID de la campagne manuelle",
            "ID de la campagne manuelle",
        ),
        "utm_content": (
            "Contenu manuel de l'annonce de la session",
            "Session - Contenu de l'annonce manuelle",
            "Contenu manuel de l'annonce",
        ),
        "utm_term": ("Terme manuel de la session", "Session - Terme manuel", "Terme manuel"),
        "automatic": ("Campagne de la session", "Session - Campagne"),
        "automatic_source": ("Source/Support de la session", "Session - Source/Support"),
        "rows": ("Sessions",),
        "date": ("Date",),
        "account": ("ID de propriété",),
    },
    "ga4_pages": {
        "url": (
            "Emplacement de la page",
            "Page de destination + chaîne de requête",
            "Chemin de la page + chaîne de requête",
        ),
        "rows": ("Sessions", "Vues", "Nombre d'événements"),
    },
    "ga4_events": {
        "event.name": ("Nom de l'événement",),
        "parameter.name": ("Paramètre d'événement", "Nom du paramètre"),
        "user_property.name": ("Propriété utilisateur",),
        "rows": ("Nombre d'événements",),
    },
    "meta": {
        **_tier(
            "campaign",
            ("Nom de la campagne",),
            ("Identifiant de la campagne", "ID de la campagne"),
            ("Diffusion de la campagne", "Statut de la campagne"),
        ),
        **_tier(
            "ad_set",
            ("Nom de l'ensemble de publicités",),
            ("Identifiant de l'ensemble de publicités", "ID de l'ensemble de publicités"),
            ("Diffusion de l'ensemble de publicités",),
        ),
        **_tier(
            "ad",
            ("Nom de la publicité",),
            ("Identifiant de la publicité", "ID de la publicité"),
            ("Diffusion de la publicité",),
        ),
        "ad_set.goal": ("Objectif d'optimisation",),
        "campaign.starts": ("Début",),
        "campaign.ends": ("Fin",),
        "url": ("URL du site web", "Lien (paramètres de la publicité)"),
        "suffix": ("Paramètres d'URL", "Paramètres URL"),
        **_FRENCH_ADS,
        "cost": ("Montant dépensé",),
        "clicks": ("Clics sur un lien", "Clics (tous)"),
        "first": ("Début des rapports", "Début du rapport"),
        "last": ("Fin des rapports", "Fin du rapport"),
    },
    "google_ads": {
        **_tier("campaign", ("Campagne",), ("ID de campagne", "ID de la campagne"), ("État de la campagne",)),
        **_tier(
            "ad_group",
            ("Groupe d'annonces",),
            ("ID du groupe d'annonces",),
            ("État du groupe d'annonces",),
        ),
        **_tier("ad", ("Nom de l'annonce",), ("ID de l'annonce", "ID d'annonce"), ("État de l'annonce",)),
        "campaign.goal": ("Type de stratégie d'enchères", "Type de stratégie d'enchères de la campagne"),
        "campaign.starts": ("Date de début",),
        "campaign.ends": ("Date de fin",),
        "campaign.type": ("Type de campagne",),
        "url": ("URL finale",),
        "suffix": ("Suffixe de l'URL finale",),
        **_FRENCH_ADS,
    },
    "tiktok": {
        **_tier("campaign", ("Nom de la campagne",), ("ID de la campagne", "ID de campagne"), ()),
        **_tier("ad_group", ("Nom du groupe de publicités",), ("ID du groupe de publicités",), ()),
        **_tier("ad", ("Nom de la publicité",), ("ID de la publicité",), ()),
        **_FRENCH_ADS,
        "clicks": ("Clics (destination)", "Clics (tous)", "Clics"),
    },
    "linkedin": {
        **_tier(
            "campaign_group",
            ("Nom du groupe de campagnes",),
            ("ID du groupe de campagnes", "Identifiant du groupe de campagnes"),
            ("Statut du groupe de campagnes",),
        ),
        **_tier(
            "campaign",
            ("Nom de la campagne",),
            ("ID de la campagne", "Identifiant de la campagne"),
            ("Statut de la campagne",),
        ),
        **_tier("creative", ("Nom de la publicité",), ("ID de la publicité",), ("Statut de la publicité",)),
        "url": ("URL de clic", "URL de destination"),
        **_FRENCH_ADS,
        "cost": ("Total dépensé", "Montant total dépensé"),
        "date": ("Date de début",),
    },
    "audiences": {
        "audience.name": ("Nom de l'audience", "Audience", "Nom du segment"),
        "audience.id": ("ID de l'audience", "ID du segment"),
        "platform": ("Plateforme", "Destination"),
        "window": ("Durée d'affiliation (jours)", "Durée de validité (jours)"),
        "synced": ("Dernière synchronisation",),
        "members": ("Taille", "Membres", "Utilisateurs"),
    },
}
SPANISH: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "ga4_sessions": {
        "utm_source": ("Fuente manual de la sesión", "Sesión - Fuente manual", "Fuente manual"),
        "utm_medium": ("Medio manual de la sesión", "Sesión - Medio manual", "Medio manual"),
        "utm_campaign": (
            "Nombre de la campaña manual de la sesión",
            "Nombre de campaña manual de la sesión",
            "Sesión - Nombre de la campaña manual",
            "Nombre de la campaña manual",
        ),
        "utm_id": (
            "ID de la campaña manual de la sesión",
            "ID de campaña manual de la sesión",
            "ID de la campaña manual",
        ),
        "utm_content": (
            "Contenido del anuncio manual de la sesión",
            "Contenido manual del anuncio de la sesión",
            "Contenido del anuncio manual",
        ),
        "utm_term": ("Término manual de la sesión", "Término manual"),
        "automatic": ("Campaña de la sesión",),
        "automatic_source": ("Fuente/medio de la sesión", "Fuente/Medio de la sesión"),
        "rows": ("Sesiones",),
        "date": ("Fecha",),
        "account": ("ID de propiedad",),
    },
    "ga4_pages": {
        "url": (
            "Ubicación de la página",
            "Página de destino + cadena de consulta",
            "Ruta de la página + cadena de consulta",
        ),
        "rows": ("Sesiones", "Vistas", "Número de eventos", "Recuento de eventos"),
    },
    "ga4_events": {
        "event.name": ("Nombre del evento",),
        "parameter.name": ("Parámetro de evento", "Nombre del parámetro"),
        "user_property.name": ("Propiedad de usuario",),
        "rows": ("Número de eventos", "Recuento de eventos"),
    },
    "meta": {
        **_tier(
            "campaign",
            ("Nombre de la campaña",),
            ("Identificador de la campaña", "ID de la campaña"),
            ("Entrega de la campaña", "Estado de la campaña"),
        ),
        **_tier(
            "ad_set",
            ("Nombre del conjunto de anuncios",),
            ("Identificador del conjunto de anuncios", "ID del conjunto de anuncios"),
            ("Entrega del conjunto de anuncios",),
        ),
        **_tier(
            "ad",
            ("Nombre del anuncio",),
            ("Identificador del anuncio", "ID del anuncio"),
            ("Entrega del anuncio",),
        ),
        "ad_set.goal": ("Objetivo de optimización",),
        "campaign.starts": ("Inicio",),
        "campaign.ends": ("Finalización", "Fin"),
        "url": ("URL del sitio web", "Enlace (configuración del anuncio)"),
        "suffix": ("Parámetros de URL",),
        **_SPANISH_ADS,
        "cost": ("Importe gastado",),
        "clicks": ("Clics en el enlace", "Clics (todos)"),
        "first": ("Inicio del informe",),
        "last": ("Fin del informe",),
    },
    "google_ads": {
        **_tier("campaign", ("Campaña",), ("ID de la campaña", "ID de campaña"), ("Estado de la campaña",)),
        **_tier(
            "ad_group",
            ("Grupo de anuncios",),
            ("ID del grupo de anuncios",),
            ("Estado del grupo de anuncios",),
        ),
        **_tier("ad", ("Nombre del anuncio",), ("ID del anuncio",), ("Estado del anuncio",)),
        "campaign.goal": ("Tipo de estrategia de puja", "Tipo de estrategia de oferta"),
        "campaign.starts": ("Fecha de inicio",),
        "campaign.ends": ("Fecha de finalización",),
        "campaign.type": ("Tipo de campaña",),
        "url": ("URL final",),
        "suffix": ("Sufijo de URL final", "Sufijo de la URL final"),
        **_SPANISH_ADS,
    },
    "tiktok": {
        **_tier("campaign", ("Nombre de la campaña",), ("ID de la campaña", "ID de campaña"), ()),
        **_tier("ad_group", ("Nombre del grupo de anuncios",), ("ID del grupo de anuncios",), ()),
        **_tier("ad", ("Nombre del anuncio",), ("ID del anuncio",), ()),
        **_SPANISH_ADS,
        "clicks": ("Clics (destino)", "Clics (todos)", "Clics"),
    },
    "linkedin": {
        **_tier(
            "campaign_group",
            ("Nombre del grupo de campañas",),
            ("ID del grupo de campañas",),
            ("Estado del grupo de campañas",),
        ),
        **_tier("campaign", ("Nombre de la campaña",), ("ID de la campaña",), ("Estado de la campaña",)),
        **_tier("creative", ("Nombre del anuncio",), ("ID del anuncio",), ("Estado del anuncio",)),
        "url": ("URL de clic", "URL de destino"),
        **_SPANISH_ADS,
        "cost": ("Total gastado", "Gasto total"),
        "date": ("Fecha de inicio",),
    },
    "audiences": {
        "audience.name": ("Nombre de la audiencia", "Audiencia", "Nombre del segmento"),
        "audience.id": ("ID de la audiencia", "ID del segmento"),
        "platform": ("Plataforma", "Destino"),
        "window": ("Duración de la pertenencia (días)", "Duración del público (días)"),
        "synced": ("Última sincronización",),
        "members": ("Tamaño", "Miembros", "Usuarios"),
    },
}
LANGUAGES: Final = (GERMAN, FRENCH, SPANISH)
TELLING: Final[Mapping[str, frozenset[str]]] = {
    "ga4_sessions": frozenset(
        {
            *("sitzung - manuelle quelle", "manuelle quelle der sitzung", "manuelle quelle"),
            *("source manuelle de la session", "session - source manuelle", "source manuelle"),
            *("fuente manual de la sesión", "sesión - fuente manual", "fuente manual"),
        }
    ),
    "ga4_pages": frozenset({"seitenspeicherort", "landingpage + suchstring", "seitenpfad + suchstring"}),
    "ga4_events": frozenset({"ereignisname", "nom de l'événement", "nombre del evento"}),
    "meta": frozenset(
        {
            *("ausgegebener betrag", "berichtsstart", "auswertungsbeginn"),
            *("montant dépensé", "nom de l'ensemble de publicités", "début des rapports"),
            *("importe gastado", "nombre del conjunto de anuncios", "inicio del informe"),
        }
    ),
    "google_ads": frozenset(
        {
            *("kampagne", "impr.", "währungscode", "kampagnenstatus"),
            *("campagne", "code de devise", "état de la campagne", "campaña", "código de moneda"),
        }
    ),
    "tiktok": frozenset(
        {"klicks (ziel)", "primärer status", "nom du groupe de publicités", "nombre del grupo de anuncios"}
    ),
    "linkedin": frozenset(
        {
            *("kampagnengruppenname", "name der kampagnengruppe", "gesamtausgaben"),
            *("nom du groupe de campagnes", "total dépensé"),
            *("nombre del grupo de campañas", "total gastado"),
        }
    ),
    "audiences": frozenset({"zielgruppenname", "name der zielgruppe", "zuletzt synchronisiert"}),
}
"""Headings that no other export has."""

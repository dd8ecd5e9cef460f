"""French headings. Meta's, and some of Google Ads' and GA4's, are those of exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canonry.audit.headings.language import Columns, Language, tier

_ADS: Final[Columns] = {
    "cost": ("Coût", "Coût total", "Dépenses"),
    "currency": ("Devise", "Code de devise", "Code de la devise", "Code devise"),
    "impressions": ("Impressions", "Impr."),
    "clicks": ("Clics",),
    "date": ("Jour", "Date"),
    "account": ("ID de compte", "Identifiant du compte", "ID client", "Numéro client"),
}

_COLUMNS: Final[Mapping[str, Columns]] = {
    "ga4_sessions": {
        "utm_source": ("Source manuelle de la session", "Session - Source manuelle", "Source manuelle"),
        "utm_source_medium": (
            "Source/support manuels de la session",
            "Source manuelle/Support manuel de la session",
            "Source/support manuel de la session",
            "Source/support manuels",
        ),
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
        "span": ("Plage de dates", "Période"),
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
        **tier(
            "campaign",
            ("Nom de la campagne",),
            ("Identifiant de la campagne", "ID de la campagne"),
            ("Diffusion de la campagne", "Statut de la campagne"),
        ),
        **tier(
            "ad_set",
            ("Nom de l'ensemble de publicités",),
            ("Identifiant de l'ensemble de publicités", "ID de l'ensemble de publicités"),
            ("Diffusion de l'ensemble de publicités",),
        ),
        **tier(
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
        **_ADS,
        "cost": ("Montant dépensé",),
        "clicks": ("Clics sur un lien", "Clics sur le lien", "Clics (tous)"),
        "first": ("Début des rapports", "Début du rapport"),
        "last": ("Fin des rapports", "Fin du rapport"),
    },
    "google_ads": {
        **tier("campaign", ("Campagne",), ("ID de campagne", "ID de la campagne"), ("État de la campagne",)),
        **tier(
            "ad_group",
            ("Groupe d'annonces",),
            ("ID du groupe d'annonces",),
            ("État du groupe d'annonces",),
        ),
        **tier("ad", ("Nom de l'annonce",), ("ID de l'annonce", "ID d'annonce"), ("État de l'annonce",)),
        "campaign.goal": ("Type de stratégie d'enchères", "Type de stratégie d'enchères de la campagne"),
        "campaign.starts": ("Date de début",),
        "campaign.ends": ("Date de fin",),
        "campaign.type": ("Type de campagne",),
        "url": ("URL finale",),
        "suffix": ("Suffixe de l'URL finale",),
        **_ADS,
    },
    "tiktok": {
        **tier("campaign", ("Nom de la campagne",), ("ID de la campagne", "ID de campagne"), ()),
        **tier("ad_group", ("Nom du groupe de publicités",), ("ID du groupe de publicités",), ()),
        **tier("ad", ("Nom de la publicité",), ("ID de la publicité",), ()),
        **_ADS,
        "clicks": ("Clics (destination)", "Clics (tous)", "Clics"),
    },
    "linkedin": {
        **tier(
            "campaign_group",
            ("Nom du groupe de campagnes",),
            ("ID du groupe de campagnes", "Identifiant du groupe de campagnes"),
            ("Statut du groupe de campagnes",),
        ),
        **tier(
            "campaign",
            ("Nom de la campagne",),
            ("ID de la campagne", "Identifiant de la campagne"),
            ("Statut de la campagne",),
        ),
        **tier(
            "creative",
            ("Nom de la publicité",),
            ("ID Pub", "ID de la publicité"),
            ("Statut de la publicité",),
        ),
        "url": ("URL à cliquer", "URL de clic", "URL de destination"),
        **_ADS,
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

FRENCH: Final = Language(
    "French",
    _COLUMNS,
    confidence={
        "ga4_sessions": "low",
        "ga4_pages": "medium",
        "ga4_events": "medium",
        "meta": "high",
        "google_ads": "medium",
        "tiktok": "low",
        "linkedin": "medium",
        "audiences": "low",
    },
    telling={
        "ga4_sessions": frozenset(
            {"source manuelle de la session", "session - source manuelle", "source manuelle"}
        ),
        "ga4_pages": frozenset({"emplacement de la page", "page de destination + chaîne de requête"}),
        "ga4_events": frozenset({"nom de l'événement"}),
        "meta": frozenset({"montant dépensé", "nom de l'ensemble de publicités", "début des rapports"}),
        "google_ads": frozenset({"campagne", "code de devise", "code de la devise", "état de la campagne"}),
        "tiktok": frozenset({"nom du groupe de publicités"}),
        "linkedin": frozenset({"nom du groupe de campagnes", "total dépensé"}),
    },
)

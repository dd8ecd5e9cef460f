"""Spanish headings, of Spain and of Latin America. GA4's, Meta's and Google Ads' are those of exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canonry.audit.headings.language import Columns, Language, tier

_ADS: Final[Columns] = {
    "cost": ("Coste", "Costo", "Coste total", "Costo total"),
    "currency": ("Divisa", "Moneda", "Código de moneda"),
    "impressions": ("Impresiones", "Impr."),
    "clicks": ("Clics",),
    "date": ("Día", "Fecha"),
    "account": ("Identificador de la cuenta", "ID de la cuenta", "ID de cliente"),
}


_COLUMNS: Final[Mapping[str, Columns]] = {
    "ga4_sessions": {
        "utm_source": ("Fuente manual de la sesión", "Sesión - Fuente manual", "Fuente manual"),
        "utm_source_medium": (
            "Fuente/medio manual de la sesión",
            "Fuente/medio manuales de la sesión",
            "Fuente/medio manual",
        ),
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
            "Contenido de anuncio manual de la sesión",
            "Contenido de anuncio manual",
            "Contenido del anuncio manual de la sesión",
            "Contenido manual del anuncio de la sesión",
            "Contenido del anuncio manual",
        ),
        "utm_term": ("Término manual de la sesión", "Término manual"),
        "automatic": ("Campaña de la sesión",),
        "automatic_source": ("Fuente/medio de la sesión", "Fuente/Medio de la sesión"),
        "rows": ("Sesiones",),
        "date": ("Fecha",),
        "span": ("Periodo", "Intervalo de fechas"),
        "account": ("ID de propiedad",),
    },
    "ga4_pages": {
        "url": (
            "Ubicación de la página",
            "Página de destino + cadena de consulta",
            "Página de destino y cadena de consulta",
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
        **tier(
            "campaign",
            ("Nombre de la campaña",),
            ("Identificador de la campaña", "ID de la campaña"),
            ("Entrega de la campaña", "Estado de la campaña"),
        ),
        **tier(
            "ad_set",
            ("Nombre del conjunto de anuncios",),
            ("Identificador del conjunto de anuncios", "ID del conjunto de anuncios"),
            ("Entrega del conjunto de anuncios",),
        ),
        **tier(
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
        **_ADS,
        "cost": ("Importe gastado",),
        "clicks": ("Clics en el enlace", "Clics (todos)"),
        "first": ("Inicio del informe",),
        "last": ("Fin del informe",),
    },
    "google_ads": {
        **tier("campaign", ("Campaña",), ("ID de la campaña", "ID de campaña"), ("Estado de la campaña",)),
        **tier(
            "ad_group",
            ("Grupo de anuncios",),
            ("ID del grupo de anuncios",),
            ("Estado del grupo de anuncios",),
        ),
        **tier("ad", ("Nombre del anuncio",), ("ID del anuncio",), ("Estado del anuncio",)),
        "campaign.goal": ("Tipo de estrategia de puja", "Tipo de estrategia de oferta"),
        "campaign.starts": ("Fecha de inicio",),
        "campaign.ends": ("Fecha de finalización",),
        "campaign.type": ("Tipo de campaña",),
        "url": ("URL final",),
        "suffix": ("Sufijo de URL final", "Sufijo de la URL final"),
        **_ADS,
    },
    "tiktok": {
        **tier("campaign", ("Nombre de la campaña",), ("ID de la campaña", "ID de campaña"), ()),
        **tier("ad_group", ("Nombre del grupo de anuncios",), ("ID del grupo de anuncios",), ()),
        **tier("ad", ("Nombre del anuncio",), ("ID del anuncio",), ()),
        **_ADS,
        "clicks": ("Clics (destino)", "Clics (todos)", "Clics"),
    },
    "linkedin": {
        **tier(
            "campaign_group",
            ("Nombre del grupo de campañas",),
            ("ID del grupo de campañas",),
            ("Estado del grupo de campañas",),
        ),
        **tier("campaign", ("Nombre de la campaña",), ("ID de la campaña",), ("Estado de la campaña",)),
        **tier("creative", ("Nombre del anuncio",), ("ID del anuncio",), ("Estado del anuncio",)),
        "url": ("URL de clic", "URL de destino"),
        **_ADS,
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

SPANISH: Final = Language(
    "Spanish",
    _COLUMNS,
    confidence={
        "ga4_sessions": "high",
        "ga4_pages": "medium",
        "ga4_events": "high",
        "meta": "high",
        "google_ads": "high",
        "tiktok": "low",
        "linkedin": "low",
        "audiences": "low",
    },
    telling={
        "ga4_sessions": frozenset({"fuente manual de la sesión", "sesión - fuente manual", "fuente manual"}),
        "ga4_pages": frozenset({"ubicación de la página", "página de destino + cadena de consulta"}),
        "ga4_events": frozenset({"nombre del evento"}),
        "meta": frozenset({"importe gastado", "nombre del conjunto de anuncios", "inicio del informe"}),
        "google_ads": frozenset({"campaña", "código de moneda", "estado de la campaña"}),
        "tiktok": frozenset({"nombre del grupo de anuncios"}),
        "linkedin": frozenset({"nombre del grupo de campañas", "total gastado"}),
    },
)

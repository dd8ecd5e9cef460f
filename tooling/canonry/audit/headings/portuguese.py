"""Portuguese headings, of Brazil. Meta's and Google Ads' are those of exports that public programs read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canonry.audit.headings.language import Columns, Language, tier

_ADS: Final[Columns] = {
    "cost": ("Custo", "Custo total", "Gasto"),
    "currency": ("Código da moeda", "Moeda"),
    "impressions": ("Impressões", "Impr."),
    "clicks": ("Cliques",),
    "date": ("Dia", "Data"),
    "account": ("ID da conta", "Código do cliente", "Identificação da conta"),
}
_COLUMNS: Final[Mapping[str, Columns]] = {
    "ga4_sessions": {
        "utm_source": ("Origem manual da sessão", "Origem manual"),
        "utm_medium": ("Mídia manual da sessão", "Meio manual da sessão", "Mídia manual"),
        "utm_source_medium": ("Origem/mídia manual da sessão", "Origem/mídia manual"),
        "utm_campaign": (
            "Nome da campanha manual da sessão",
            "Nome manual da campanha da sessão",
            "Nome da campanha manual",
        ),
        "utm_id": ("ID da campanha manual da sessão", "ID da campanha manual"),
        "utm_content": ("Conteúdo do anúncio manual da sessão", "Conteúdo do anúncio manual"),
        "utm_term": ("Termo manual da sessão", "Termo manual"),
        "automatic": ("Campanha da sessão",),
        "automatic_source": ("Origem/mídia da sessão", "Origem / mídia da sessão"),
        "rows": ("Sessões",),
        "date": ("Data",),
        "span": ("Período",),
    },
    "ga4_pages": {
        "url": (
            "Local da página",
            "Localização da página",
            "Página de destino + string de consulta",
            "Caminho da página + string de consulta",
        ),
        "rows": ("Sessões", "Visualizações", "Contagem de eventos"),
        "date": ("Data",),
    },
    "ga4_events": {
        "event.name": ("Nome do evento",),
        "parameter.name": ("Parâmetro de evento", "Nome do parâmetro"),
        "user_property.name": ("Propriedade do usuário",),
        "rows": ("Contagem de eventos",),
        "date": ("Data",),
    },
    "meta": {
        **tier(
            "campaign",
            ("Nome da campanha",),
            ("Identificação da campanha", "ID da campanha"),
            ("Veiculação da campanha", "Status da campanha"),
        ),
        **tier(
            "ad_set",
            ("Nome do conjunto de anúncios",),
            ("Identificação do conjunto de anúncios", "ID do conjunto de anúncios"),
            ("Veiculação do conjunto de anúncios",),
        ),
        **tier(
            "ad",
            ("Nome do anúncio",),
            ("Identificação do anúncio", "ID do anúncio"),
            ("Veiculação do anúncio",),
        ),
        "url": ("URL do site", "Link (configurações do anúncio)"),
        "suffix": ("Parâmetros de URL",),
        **_ADS,
        "cost": ("Valor usado", "Valor gasto"),
        "clicks": ("Cliques no link", "Cliques (todos)"),
        "first": ("Início dos relatórios",),
        "last": ("Encerramento dos relatórios", "Término dos relatórios"),
    },
    "google_ads": {
        **tier("campaign", ("Campanha",), ("ID da campanha",), ("Status da campanha",)),
        **tier(
            "ad_group", ("Grupo de anúncios",), ("ID do grupo de anúncios",), ("Status do grupo de anúncios",)
        ),
        **tier("ad", ("Nome do anúncio",), ("ID do anúncio",), ("Status do anúncio",)),
        "campaign.goal": ("Tipo de estratégia de lances",),
        "campaign.starts": ("Data de início",),
        "campaign.ends": ("Data de término",),
        "campaign.type": ("Tipo de campanha",),
        "url": ("URL final",),
        "suffix": ("Sufixo do URL final",),
        **_ADS,
    },
}

PORTUGUESE: Final = Language(
    "Portuguese",
    _COLUMNS,
    confidence={
        "ga4_sessions": "medium",
        "ga4_pages": "low",
        "ga4_events": "medium",
        "meta": "high",
        "google_ads": "high",
    },
    telling={
        "ga4_sessions": frozenset({"origem manual da sessão", "origem/mídia manual da sessão"}),
        "ga4_events": frozenset({"nome do evento"}),
        "meta": frozenset({"valor usado", "nome do conjunto de anúncios", "início dos relatórios"}),
        "google_ads": frozenset({"campanha", "código da moeda", "status da campanha"}),
    },
)

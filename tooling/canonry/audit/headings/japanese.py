"""Japanese headings. GA4's are those of its help, Meta's and Google Ads' those of exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canonry.audit.headings.language import Columns, Language, tier

_ADS: Final[Columns] = {
    "cost": ("費用", "コスト", "ご利用金額"),
    "currency": ("通貨コード", "通貨"),
    "impressions": ("表示回数", "インプレッション", "インプレッション数"),
    "clicks": ("クリック数",),
    "date": ("日", "日付"),
    "account": ("アカウント ID", "お客様 ID"),
}
_COLUMNS: Final[Mapping[str, Columns]] = {
    "ga4_sessions": {
        "utm_source": ("セッションの手動参照元", "手動の参照元", "ユーザーの最初の手動の参照元"),
        "utm_medium": ("セッションの手動メディア", "手動のメディア", "ユーザーの最初の手動のメディア"),
        "utm_source_medium": ("セッションの手動参照元 / メディア", "手動の参照元 / メディア"),
        "utm_campaign": ("セッションの手動キャンペーン名", "手動キャンペーン名"),
        "utm_id": ("セッションの手動キャンペーン ID", "手動キャンペーン ID"),
        "utm_content": ("セッションの手動広告コンテンツ", "手動広告コンテンツ"),
        "utm_term": ("セッションの手動キーワード", "手動キーワード"),
        "automatic": ("セッションのキャンペーン",),
        "automatic_source": ("セッションの参照元 / メディア",),
        "rows": ("セッション", "セッション数"),
        "date": ("日付",),
    },
    "ga4_events": {"event.name": ("イベント名",), "rows": ("イベント数",), "date": ("日付",)},
    "meta": {
        **tier(
            "campaign",
            ("キャンペーン名",),
            ("キャンペーンID",),
            ("キャンペーンの配信", "キャンペーンの配信状況"),
        ),
        **tier("ad_set", ("広告セット名",), ("広告セットID",), ("広告セットの配信",)),
        **tier("ad", ("広告名", "広告の名前"), ("広告ID",), ("広告の配信",)),
        **_ADS,
        "cost": ("消化金額",),
        "impressions": ("インプレッション",),
        "clicks": ("リンクのクリック", "リンククリック", "クリック(すべて)"),
        "first": ("レポート開始日",),
        "last": ("レポート終了日",),
    },
    "google_ads": {
        **tier(
            "campaign",
            ("キャンペーン",),
            ("キャンペーン ID",),
            ("キャンペーンの状態", "キャンペーンのステータス"),
        ),
        **tier("ad_group", ("広告グループ",), ("広告グループ ID",), ("広告グループの状態",)),
        **_ADS,
    },
}

JAPANESE: Final = Language(
    "Japanese",
    _COLUMNS,
    confidence={"ga4_sessions": "high", "ga4_events": "medium", "meta": "high", "google_ads": "medium"},
    telling={
        "ga4_sessions": frozenset({"セッションの手動参照元", "セッションの手動参照元 / メディア"}),
        "ga4_events": frozenset({"イベント名"}),
        "meta": frozenset({"消化金額", "広告セット名", "レポート開始日"}),
        "google_ads": frozenset({"キャンペーン", "通貨コード", "キャンペーンの状態"}),
    },
)

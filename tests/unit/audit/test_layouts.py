"""Reports of more platforms and languages, in the layouts in which they come: the mapping is found, nothing is lost."""
# ruff: noqa: E501  exports have long headers

from datetime import date

import pytest

from canonry.adapters.exports.files import FileSource
from canonry.audit.headings import LANGUAGES
from canonry.audit.layouts import MAPPINGS, best
from canonry.audit.mappings import bracketed, plain
from canonry.audit.observation import Observation
from canonry.audit.source import Gap, Period, Tells

MICROSOFT = """\
"Report Name: Campaign Performance Report"
"Report Time: 11/16/2026 - 11/22/2026"
"Time Zone: (GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"
"Potential Incomplete Data: false"
"Rows: 2"

"Gregorian date","Account number","Campaign ID","Campaign name","Currency code","Impressions","Clicks","Spend"
"2026-11-16","X111","[138689064]","one","EUR","1,234","56","78.90"
"2026-11-17","X111","[138689065]","two","EUR","10","1","0.55"
"Total","-","-","-","-","1,244","57","79.45"

"©2026 Microsoft Corporation. All rights reserved. "
"""
CM360 = """\
Acme week
Date/Time Generated,11/23/2026 6:02 AM
Report Time Zone,Europe/Berlin
Account ID,123
Date Range,11/16/2026 - 11/22/2026
MRC Accredited Metrics,Impressions

Report Fields
Date,Campaign,Campaign ID,Placement,Placement ID,Impressions,Clicks,Media Cost
2026-11-16,one,31,p,41,1000,5,7.50
2026-11-17,one,31,q,42,500,2,2.50
Grand Total:,,,,,1500,7,10.00
"""
PINTEREST = """\
Date,Ad account ID,Campaign name,Campaign ID,Ad group name,Ad group ID,Spend in account currency,Impressions,Pin clicks
2026-11-16,549,one,626,g,268,12.5,1000,7
"""
SNAPCHAT = """\
Start Date,Campaign Name,Campaign ID,Ad Set Name,Ad Set ID,Paid Impressions,Swipe Ups,Amount Spent,Currency
2026-11-16,one,abc-1,s,abc-2,1000,7,12.5,EUR
"""
AMAZON = """\
Date,Portfolio name,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Customer Search Term,Impressions,Clicks,Spend,7 Day Total Sales
"Nov 16, 2026",No Portfolio,EUR,one,g,x,BROAD,y,100,7,€12.50,€0.00
"""
X = """\
Time period,Campaign name,Campaign ID,Ad group name,Funding source name,Currency,Spend,Impressions,Link clicks
2026-11-16,one,9x1,g,Card,EUR,12.5,100,7
"""
REDDIT = """\
Date,Campaign Name,Ad Group Name,Ad Name,Amount Spent (EUR),Impressions,Clicks,eCPM (EUR)
2026-11-16,one,g,a,12.5,100,7,1.1
"""
MATOMO = "label,nb_uniq_visitors,nb_visits,nb_actions\none,70,80,200\n"
SOURCE_MEDIUM = """\
# ----------------------------------------
# Manual campaigns: Session manual source / medium
# Start date: 20261116
# End date: 20261122
# ----------------------------------------

Session manual source / medium,Session manual campaign name,Sessions
facebook / paid_social,one,80
(not set),(not set),20
"""
BRAZIL = """\
Relatório de campanha
16 de novembro de 2026 - 22 de novembro de 2026
Status da campanha,Campanha,Código da moeda,Custo,Impr.,Cliques
Ativada,one,BRL,"1.239,62","12.345",156
Pausada,"two: x",BRL,"0,00",0,0
Total: Campanhas, --,BRL,"1.239,62","12.345",156
Total: Conta,,,"1.239,62","12.345",156
"""
BRAZIL_META = """\
Início dos relatórios,Encerramento dos relatórios,Nome da campanha,Veiculação da campanha,Resultados,Valor usado (BRL),Impressões,Cliques no link
2026-11-16,2026-11-22,one,active,3,1239.62,12345,156
"""
ITALY = """\
Nome della campagna,Risultati,Importo speso (EUR),Impression,Clic sul link
one,10,"1.239,62","12.345",156
"""
NETHERLANDS = """\
Campagnenaam,Campagneweergave,Besteed bedrag (EUR),Weergaven,Begin rapportage,Einde rapportage
one,active,"1239,62",12345,2026-11-16,2026-11-22
"""
JAPAN = """\
レポート開始日,レポート終了日,キャンペーン名,広告セット名,消化金額 (JPY),インプレッション,クリック(すべて)
2026-11-16,2026-11-22,one,s,1239.62,12345,156
"""
JAPAN_GOOGLE = """\
キャンペーン レポート
2026年11月16日 - 2026年11月22日
キャンペーンの状態,キャンペーン,通貨コード,費用,表示回数,クリック数
有効,one,JPY,"1,239.62","12,345",156
合計: アカウント, --,JPY,"1,239.62","12,345",156
"""
GERMANY = """\
Name der Kampagne,Berichtsstart,Berichtsende,Ausgegebener Betrag (EUR),Impressionen,Link-Klicks
one,2026-11-16,2026-11-22,"1239,62",12345,156
"""
REPORTS = {
    "microsoft": (MICROSOFT, {"one": 78.9, "two": 0.55}, "EUR"),
    "cm360": (CM360, {"one": 10.0}, ""),
    "pinterest": (PINTEREST, {"one": 12.5}, ""),
    "snapchat": (SNAPCHAT, {"one": 12.5}, "EUR"),
    "amazon_ads": (AMAZON, {"one": 12.5}, "EUR"),
    "x": (X, {"one": 12.5}, "EUR"),
    "reddit": (REDDIT, {"one": 12.5}, "EUR"),
    "google_ads/pt": (BRAZIL, {"one": 1239.62, "two: x": 0.0}, "BRL"),
    "meta/pt": (BRAZIL_META, {"one": 1239.62}, "BRL"),
    "meta/it": (ITALY, {"one": 1239.62}, "EUR"),
    "meta/nl": (NETHERLANDS, {"one": 1239.62}, "EUR"),
    "meta/ja": (JAPAN, {"one": 1239.62}, "JPY"),
    "google_ads/ja": (JAPAN_GOOGLE, {"one": 1239.62}, "JPY"),
    "meta/de": (GERMANY, {"one": 1239.62}, "EUR"),
}


WEEKLY = {"microsoft", "cm360", "google_ads/pt", "google_ads/ja"}


def read(tmp_path, text, encoding="utf-8"):
    """The source, its observations, its gaps."""
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    source = FileSource(path.name, [path])
    items = list(source.read(Period()))
    return (
        source,
        [each for each in items if isinstance(each, Observation)],
        [each for each in items if isinstance(each, Gap)],
    )


@pytest.mark.parametrize("key", REPORTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_report_is_known_and_its_sums_are_no_data(tmp_path, key, encoding):
    """By its headings; campaigns, what they cost and in which currency."""
    text, costs, currency = REPORTS[key]
    source, seen, gaps = read(tmp_path, text, encoding)
    assert gaps == []
    assert source.fit.mapping.key == key.partition("/")[0]
    if key in WEEKLY:
        period = source.capabilities().period
        assert (period.start, period.end) == (date(2026, 11, 16), date(2026, 11, 22))
        assert period.time_zone == ("Europe/Berlin" if key == "cm360" else "")
    found = {each.name: each for each in seen if each.native == "campaign"}
    assert {name: each.weight.cost for name, each in found.items()} == pytest.approx(costs)
    assert {each.weight.currency for each in found.values()} == {currency}


def test_ids_in_brackets_are_ids(tmp_path):
    """As Microsoft shields them from spreadsheets."""
    _, seen, _ = read(tmp_path, MICROSOFT)
    assert {each.id for each in seen} == {"138689064", "138689065"}


def test_data_that_the_platform_calls_incomplete_is_a_gap(tmp_path):
    """The report says so above its header."""
    _, seen, gaps = read(tmp_path, MICROSOFT.replace("Data: false", "Data: true"))
    assert len(seen) == 2
    assert [gap.why for gap in gaps] == ["the platform says that its data is not complete yet"]


def test_a_column_of_source_and_medium_holds_two_values(tmp_path):
    """As GA4 shows them; what is not set stays in its parentheses."""
    source, seen, gaps = read(tmp_path, SOURCE_MEDIUM)
    assert gaps == [] and source.fit.mapping.key == "ga4_sessions"
    assert sorted((each.params.get("utm_source"), each.params.get("utm_medium"), each.weight.rows) for each in seen) == [
        ("(not set)", None, 20), ("facebook", "paid_social", 80),
    ]  # fmt: skip
    assert source.capabilities().params == {"utm_source", "utm_medium", "utm_campaign"}


BULK = {
    "google_ads_bulk": (
        "Campaign\tLabels\tCampaign Type\tNetworks\tBudget\tCampaign Status\tAd Group\tFinal URL\tFinal URL suffix\n"
        "one\t\tSearch\tGoogle search\t10\tEnabled\t\t\tutm_source=google\n"
        "one\t\t\t\t\t\tg\thttps://www.example.com/\t\n"
    ),
    "meta_bulk": (
        "Campaign ID\tCampaign Name\tCampaign Status\tAd Set ID\tAd Set Run Status\tAd Set Name\tAd ID\tAd Name\tLink\tURL Tags\n"
        "c:120214455667788990\tone\tACTIVE\ta:120214455667788991\tACTIVE\ts\ta:120214455667788992\tx\t"
        "https://www.example.com/\tutm_source=facebook\n"
    ),
    "dv360_sdf_line_items": "Line Item Id,Io Id,Type,Name,Status,Start Date\n88,77,Display,one,Active,11/16/2026 00:00\n",
    "dv360_sdf_insertion_orders": "Io Id,Campaign Id,Name,Io Type,Status\n77,66,one,standard,Active\n",
    "dv360_sdf_campaigns": "Campaign Id,Advertiser Id,Name,Status,Campaign Goal\n66,55,one,Active,Brand\n",
}


@pytest.mark.parametrize("key", BULK)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_bulk_sheets_list_everything(tmp_path, key, encoding):
    """Names, ids without what shields them, and links; no figures."""
    source, seen, gaps = read(tmp_path, BULK[key], encoding)
    assert gaps == [] and source.fit.mapping.key == key
    assert Tells.ALL in source.capabilities().tells
    assert "one" in {each.name for each in seen}
    assert all(each.id.isdecimal() for each in seen if each.id and key != "google_ads_bulk")
    if key == "meta_bulk":
        assert {each.value for each in seen if each.value} == {"https://www.example.com/?utm_source=facebook"}


def test_sums_stand_in_whatever_column_is_named(tmp_path):
    """Explorations put figures before dimensions."""
    text = (
        "# Free form 1\n\nEngaged sessions,Sessions,Bounces,Rate,Landing page + query string\n"
        "10,20,1,0.5,Totals\n4,6,1,0.6,/job?n=1\n1,2,1,0.5,Grand total\n"
    )
    source, seen, gaps = read(tmp_path, text)
    assert gaps == [] and [(each.value, each.weight.rows) for each in seen] == [("/job?n=1", 6)]
    assert source.counts.left == {"sum": 2}


def test_matomo_s_labels_are_campaign_tags(tmp_path):
    """Whatever mtm_campaign or utm_campaign was."""
    source, seen, _ = read(tmp_path, MATOMO)
    assert source.fit.mapping.key == "matomo"
    assert [(each.params, each.weight.rows) for each in seen] == [({"utm_campaign": "one"}, 80)]


@pytest.mark.parametrize(
    "heading",
    ["Campaign ID", "campaign_id", "CampaignId", "CAMPAIGN-ID", " Campaign\u00a0ID ", "\ufeffCampaign ID"],
)
def test_headings_are_compared_by_their_letters(heading):
    """Spacing, case, accents and a currency do not tell columns apart; what stands in other brackets does."""
    assert plain(heading) == "campaignid"
    assert plain("Montant dépensé (EUR)") == plain("montant depense") == plain("Montant de\u0301pense\u0301")
    assert plain("消化金額\uff08JPY\uff09") == plain("消化金額")
    assert plain("Clicks (all)") != plain("Clicks") != plain("Clicks %")
    assert (bracketed("Cost (in EUR)"), bracketed("Clicks (all)"), bracketed("Day (UTC)")) == ("EUR", "", "")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.name)
def test_a_language_says_how_sure_it_is_and_its_headings_are_told_apart(language):
    """Every mapping it translates; its own headings alone suit that mapping before all others of ad platforms."""
    assert language.columns.keys() == language.confidence.keys()
    assert {mapping.key for mapping in MAPPINGS} >= language.columns.keys() >= language.telling.keys()
    for key in ("ga4_sessions", "meta", "google_ads"):
        header = [
            headings[0]
            for role, headings in language.columns[key].items()
            if headings and role != "utm_source_medium"
        ]
        assert best(header)[0].mapping.key == key

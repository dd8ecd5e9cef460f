"""Exports as German, French and Spanish screens write them: headings, numbers, states, totals, titles."""

import csv
from datetime import date

import openpyxl
import pytest

from canonry.adapters.exports.files import FileSource
from canonry.audit.checks.names import uncopied
from canonry.audit.observation import Level
from canonry.audit.source import Gap, Period
from canonry.naming.personal import masked

NAME = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"
GA4 = """\
# ----------------------------------------
# Traffic-Akquisition: Manuelle Quelle/Medium
# Konto: Acme
# Startdatum: 20261116
# Enddatum: 20261122
# ----------------------------------------
Sitzung \u2013 manuelle Quelle,Sitzung \u2013 manuelles Medium,Manueller Kampagnenname,Sitzungen
,,,"12.345"
facebook,paid_social,november,"1.204"
(not set),(not set),(not set),900
Gesamtsumme,,,"2.104"
"""
META = f"""\
Berichtsstart,Berichtsende,Kampagnenname,Kampagnen-ID,Anzeigenname,Anzeigen-ID,Anzeigenstatus,\
Ausgegebener Betrag (EUR),Impressionen
2026-11-16,2026-11-22,,,,,,"1.234,56",50000
2026-11-16,2026-11-22,{NAME},120214455667788990,Reel,12031,Aktiv,"834,56",30000
2026-11-16,2026-11-22,Wintersale,120214455667788991,Bild,12032,Pausiert,"400,00",20000
"""
GOOGLE = """\
Kampagnenbericht
16. November 2026 - 22. M\u00e4rz 2027
Kampagnenstatus\tKampagne\tW\u00e4hrungscode\tKlicks\tImpr.\tKosten
Aktiviert\tBrand | DE\tEUR\t1.234\t10.000\t1.234,56
Pausiert\tGesamt Sommer\tEUR\t1.000\t9.000\t1.000,00
Gesamt: Konto\t --\tEUR\t2.234\t19.000\t2.234,56
"""


def read(path):
    """Objects and tags of an export, and the mapping that was found."""
    source = FileSource(path.name, [path])
    seen = list(source.read(Period()))
    assert [each for each in seen if isinstance(each, Gap)] == []
    return seen, source


def test_analytics_in_german(tmp_path):
    """The preamble is told from the header, `1.204` is a thousand, the sums are left out."""
    path = tmp_path / "ga4.csv"
    path.write_text(GA4, "utf-8")
    seen, source = read(path)
    assert sorted((each.params["utm_source"], each.weight.rows) for each in seen) == [
        ("(not set)", 900), ("facebook", 1204),
    ]  # fmt: skip
    assert source.fit.mapping.key == "ga4_sessions"
    period = source.capabilities().period
    assert (period.start, period.end, period.time_zone) == (date(2026, 11, 16), date(2026, 11, 22), "")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_meta_in_german(tmp_path, form):
    """The line of the sum has no name; what is delivered says so in German."""
    path = tmp_path / f"meta.{form}"
    if form == "csv":
        path.write_text(META, "utf-8-sig")
    else:
        book = openpyxl.Workbook()
        for number, row in enumerate(csv.reader(META.splitlines())):
            spent = float(row[7].replace(".", "").replace(",", ".")) if number else row[7]
            book.active.append([*(cell or None for cell in row[:7]), spent, row[8]])
        book.save(path)
    seen, source = read(path)
    ads = {each.name: each for each in seen if each.level is Level.AD}
    assert source.fit.mapping.key == "meta"
    assert {name: (ad.weight.cost, ad.weight.currency, ad.status) for name, ad in ads.items()} == {
        "Reel": (834.56, "EUR", "active"), "Bild": (400.0, "EUR", "paused"),
    }  # fmt: skip


def test_google_ads_in_german(tmp_path):
    """UTF-16 with tabs and titles; a campaign that begins with Gesamt is no sum."""
    path = tmp_path / "google.csv"
    path.write_text(GOOGLE.replace("\n", "\r\n"), "utf-16")
    seen, source = read(path)
    assert source.fit.mapping.key == "google_ads"
    assert {each.name: (each.weight.cost, each.weight.clicks, each.status) for each in seen} == {
        "Brand | DE": (1234.56, 1234, "active"), "Gesamt Sommer": (1000.0, 1000, "paused"),
    }  # fmt: skip
    assert source.capabilities().period.end == date(2027, 3, 22)


def test_whole_ids_of_sixteen_digits_are_not_rounded(tmp_path):
    """A workbook holds them exactly, one that ends in zero too."""
    path = tmp_path / "tiktok.xlsx"
    book = openpyxl.Workbook()
    book.active.append(
        ["Campaign name", "Campaign ID", "Ad group name", "Ad group ID", "Cost", "Impressions"]
    )
    book.active.append(["One", 1801234567890123, "A", 1801234567890120, 5, 5])
    book.save(path)
    seen = list(FileSource("tiktok", [path]).read(Period()))
    assert [each.id for each in seen] == ["1801234567890123", "1801234567890120"]


WEEK = (date(2026, 11, 16), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("key", "text", "name", "state", "cost"),
    [
        (
            "google_ads",
            (
                "Rapport sur les campagnes\n16 novembre 2026 - 22 novembre 2026\n"
                "État de la campagne,Campagne,Code de devise,Coût,Impr.,Clics\n"
                'Activée,Été,EUR,"1\u202f234,56","12\u202f345","2\u00a0345"\n'
                'Total : compte, --,EUR,"1\u202f234,56","12\u202f345","2\u00a0345"\n'
            ),
            "Été",
            "active",
            1234.56,
        ),
        (
            "google_ads",
            (
                "Informe de campañas\n16 de noviembre de 2026 - 22 de noviembre de 2026\n"
                "Estado de la campaña,Campaña,Código de moneda,Coste,Impr.,Clics\n"
                'En pausa,Marca,EUR,"1.234,56","12.345","2.345"\n'
                'Total: cuenta, --,EUR,"1.234,56","12.345","2.345"\n'
            ),
            "Marca",
            "paused",
            1234.56,
        ),
        (
            "meta",
            (
                "Nom de la campagne,Diffusion de la campagne,Nom de l\u2019ensemble de publicités,"
                "Impressions,Montant dépensé (EUR),Début des rapports,Fin des rapports\n"
                ',,,8000,"41,15",2026-11-16,2026-11-22\nSoldes,active,A,8000,"41,15",2026-11-16,2026-11-22\n'
            ),
            "Soldes",
            "active",
            41.15,
        ),
        (
            "meta",
            (
                "Nombre de la campaña,Entrega de la campaña,Nombre del conjunto de anuncios,Impresiones,"
                "Importe gastado (EUR),Inicio del informe,Fin del informe\n"
                'Rebajas,inactive,A,8000,"41,15",2026-11-16,2026-11-22\n'
            ),
            "Rebajas",
            "paused",
            41.15,
        ),
    ],
)
def test_reports_in_french_and_spanish(tmp_path, key, text, name, state, cost):
    """Narrow spaces between thousands, months in words, sums that say so."""
    path = tmp_path / "report.csv"
    path.write_text(text, "utf-8")
    seen, source = read(path)
    (campaign,) = (each for each in seen if each.native == "campaign")
    assert source.fit.mapping.key == key
    assert (campaign.name, campaign.status, campaign.weight.cost) == (name, state, cost)
    told = source.capabilities().period if key == "google_ads" else campaign
    days = (told.start, told.end) if key == "google_ads" else (told.first_seen, told.last_seen)
    assert days == WEEK


@pytest.mark.parametrize(
    ("headings", "total"),
    [
        (
            (
                "Source manuelle de la session,Support manuel de la session,"
                "Nom de la campagne manuelle de la session,Sessions"
            ),
            "Total général",
        ),
        (
            (
                "Fuente manual de la sesión,Medio manual de la sesión,"
                "Nombre de la campaña manual de la sesión,Sesiones"
            ),
            "Total general",
        ),
    ],
)
def test_explorations_in_french_and_spanish(tmp_path, headings, total):
    """The sum stands above, and is said to be left out."""
    path = tmp_path / "ga4.csv"
    path.write_text(
        f"# 20261116-20261122\n\n{headings}\n,,,300,{total}\nfacebook,paid_social,x,300\n", "utf-8"
    )
    seen, source = read(path)
    assert [(each.params, each.weight.rows) for each in seen] == [
        ({"utm_source": "facebook", "utm_medium": "paid_social", "utm_campaign": "x"}, 300)
    ]
    assert source.fit.mapping.key == "ga4_sessions" and source.counts.left == {"sum": 1}


@pytest.mark.parametrize(
    "mark",
    [
        "{} - Kopie",
        "{} \u2013 Kopie 2",
        "Kopie von {}",
        "{} - Copy",
        "Copy of {}",
        "{} - Copie",
        "Copia de {}",
        "{}_copy",
    ],
)
def test_a_copy_is_told_in_every_language(mark):
    """Whatever dash stands before it."""
    assert uncopied(mark.format(NAME)) == NAME


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.example/?access_token=sk_live_1234&x=1", "https://a.example/?access_token=***&x=1"),
        ("?API-Key=abc&Password=pw", "?API-Key=***&Password=***"),
        ("?state=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "?state=***"),
        ("?p=%2B491711234567", "?p=%***"),
        ("?tokens=3&signal=on", "?tokens=3&signal=on"),
    ],
)
def test_secrets_in_links_are_shown_nowhere(text, shown):
    """Tokens, keys and passwords by their parameter, signed tokens by their shape."""
    assert masked(text) == shown

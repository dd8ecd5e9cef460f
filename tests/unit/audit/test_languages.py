"""Exports as a platform's German screens write them: headings, numbers, states, totals and titles."""

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

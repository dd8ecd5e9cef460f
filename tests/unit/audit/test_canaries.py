"""What must never come out of an audit: put into every field, looked for in every byte of every output."""

import csv
import io
import re
import zipfile
from urllib.parse import quote

import markdown
from tests.unit.audit.cases import registry

from canonry.audit.baseline import of
from canonry.audit.baseline import parse as parse_baseline
from canonry.audit.history import parse
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Gap, Recorded, Tells
from canonry.audit.translation import Translation
from canonry.cli import reports
from canonry.cli import sheets as repair_sheets
from canonry.kernel.findings import Level as Severity

MAIL, SECRET = "canary.bird@victim-mail.example", "hunter2CANARYsecret"
PRIVATE = (
    MAIL,
    quote(MAIL, safe=""),
    f"https://www.example.com/?utm_source=facebook&email={quote(MAIL)}",
    f"https://www.example.com/?email={quote(quote(MAIL, safe=''), safe='')}&access_token={SECRET}",
    f"https://bird:{SECRET}@www.example.com/?utm_source=x",
    f"api_key={SECRET}&password={SECRET}",
)
HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "]]><evil/>",
    "\x1b]8;;http://evil.example\x07x\x1b[31m",
    "a\u202eb\u2028c\x00d\x9b31m",
    "[x](javascript:alert(1)) | `y` <!-- canonry -->",
    "::error file=x::y\r\n::set-output name=z::1",
)


def carriers(text):
    """Observations of every level, with the text in every field that a source fills."""
    weight = Weight(rows=7, cost=3.0, currency="EUR")
    plain = {"account": "meta-acme-dach", "weight": weight, "status": "active"}
    for level in Level:
        platform = (
            "ga4" if level in (Level.TAGS, Level.EVENT, Level.PARAMETER, Level.USER_PROPERTY) else "meta"
        )
        for field in ("account", "native", "id", "status", "name", "value", "goal", "partial", "provenance"):
            told = {**plain, "name": f"x {level}", "id": "1", field: text}
            if level is Level.LINK and field != "value":
                told["value"] = "https://www.example.com/?utm_source=x"
            yield Observation("world", platform, level, **told)
        for parents in (
            {"campaign": text},
            {"ad_group": text, "audience": text},
            {"event": text},
            {text: "1"},
        ):
            yield Observation(
                "world", platform, level, **{**plain, "name": "x", "id": "2", "parents": parents}
            )
        for params in ({"utm_source": text}, {"utm_campaign": text, "utm_medium": "email"}, {text: "x"}):
            yield Observation("world", platform, level, **plain, params=params)
        yield Observation("world", platform, level, name="x", weight=Weight(rows=1, cost=1.0, currency=text))
        rule = Upkeep(window=9, members=0, mechanism=text, rule=text)
        yield Observation("world", platform, level, **plain, name=text, upkeep=rule)


def written(texts, folder):
    """Every output of an audit of carriers, by name, as bytes; a workbook's parts one by one."""
    seen = [each for text in texts for each in carriers(text)]
    seen += [Gap(text, text, text) for text in texts]
    translation = Translation()
    audit = Audit(registry(), options=Options(idle=True))
    audit.told = translation.add
    audit.take(Recorded("world", Capabilities("meta", frozenset(Level), frozenset(Tells)), seen))
    report = audit.report()
    report.notes.extend(text for text in texts if text in HOSTILE)
    out = {}
    for ending in ("html", "md", "json", "xml", "sarif", "csv", "xlsx"):
        path = folder / f"report.{ending}"
        reports.write(path, report, {}, Severity.ERROR)
        out[ending] = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(out.pop("xlsx"))) as book:
        out.update({f"xlsx/{name}": book.read(name) for name in book.namelist()})
    out["text"] = reports.rendered("text", report, {}, Severity.ERROR).encode()
    audit.record(report)
    out["history"] = audit.history.text().encode()
    assert parse(audit.history.text()).text() == audit.history.text()
    baseline = of(seen for seen in seen if isinstance(seen, Observation))
    out["baseline"] = baseline.text().encode()
    assert parse_baseline(baseline.text()).entries == baseline.entries
    repair_sheets.write(report, registry(), folder / "sheets", "json")
    out.update({f"sheet/{path.name}": path.read_bytes() for path in (folder / "sheets").glob("*")})
    out["table"] = "\n".join(",".join(row) for row in translation.table()).encode()
    return out


def test_nothing_private_comes_out(tmp_path):
    """No address and no secret, plain or encoded, in any report, sheet or record."""
    out = written(PRIVATE, tmp_path)
    for name, data in out.items():
        for canary in (b"victim-mail", b"canary.bird", SECRET.encode()):
            at = data.find(canary)
            assert at < 0, (name, data[max(0, at - 120) : at + 60])


def test_nothing_hostile_stays_alive(tmp_path, capsys):
    """No markup, no formula, no escape: what came in is shown, and does nothing."""
    out = written(HOSTILE, tmp_path)
    out["said"] = capsys.readouterr().out.encode()
    for name, data in out.items():
        text = data.decode("utf-8")
        if name == "md":
            text = markdown.markdown(text, extensions=["tables"])
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", text), name
        if name in ("html", "md", "xml") or name.startswith("xlsx"):
            assert "<img" not in text and "<script>alert" not in text and "<evil" not in text, name
            assert "<!-- canonry -->" not in text, name
        if name.startswith("xlsx"):
            assert "<f>" not in text and "<f " not in text, name
        if name in ("text", "md"):
            assert not re.search(r"(?m)^::", text), name
        if name == "csv" or name.startswith("sheet/"):
            for row in csv.reader(io.StringIO(text)):
                assert [cell for cell in row if cell[:1] in "=+-@\t\r" and cell] == [], name

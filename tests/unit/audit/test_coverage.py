"""What a run could not check: what the registry promises and no source of the account tells."""

import shutil
from datetime import date

import orjson
import pytest
from tests.unit.audit.cases import ROOT, registry

from canonry.adapters.exports.files import FileSource
from canonry.audit.history import History
from canonry.audit.issued import Issued
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Gap, Passed, Recorded, Tells
from canonry.cli.main import run

AUDIENCE = frozenset({Level.AUDIENCE})
NAME = "acme_intent_cart-abandoners_3d_inc_dach"


def audience(source="list", **upkeep):
    """A registered audience of Meta's German account."""
    return Observation(
        source,
        "meta",
        Level.AUDIENCE,
        account="meta-acme-dach",
        id="7",
        name=NAME,
        upkeep=Upkeep(members=5, **upkeep),
    )


def recorded(name, *items, levels=AUDIENCE, tells=(), account="meta-acme-dach", platform="meta"):
    """A source of an account."""
    return Recorded(name, Capabilities(platform, levels, frozenset(tells), account), items)


def unchecked(*sources, **options):
    """The rules that could not be applied, as the report has them."""
    audit = Audit(registry(), options=Options(**options))
    for source in sources:
        audit.take(source)
    report = audit.report()
    found = [finding for finding in report.findings if finding.code == "A903"]
    assert all(finding.undecided for finding in found)
    assert report.next_owner or not found
    assert report.complete == (not found and all(each.state == "complete" for each in report.accounts))
    return sorted(code for finding in found for code in finding.values)


def test_a_promised_window_that_nobody_tells_is_missed():
    """And is not where it is told, or promised of nobody who was seen."""
    assert unchecked(recorded("list", audience())) == ["A301"]
    assert unchecked(recorded("list", audience(window=3))) == []
    assert unchecked(recorded("list", levels=frozenset({Level.EVENT}))) == []


def test_another_source_of_the_account_may_tell_it():
    """Capabilities belong to the account, not to one file of it."""
    assert unchecked(recorded("list", audience()), recorded("api", audience("api", window=3))) == []
    elsewhere = recorded("gb", account="meta-acme-gb", tells=[Tells.WINDOW])
    assert unchecked(recorded("list", audience()), elsewhere) == ["A301"]


def test_a_source_that_failed_is_one_gap():
    """What it would have told is not missed a second time."""
    failed = recorded("api", Gap("api", "the token has expired"))
    assert unchecked(recorded("list", audience()), failed) == []
    partial = recorded("api", audience("api"), Gap("api", "audiences: no right to read", levels=AUDIENCE))
    assert unchecked(partial) == []


def test_levels_that_no_source_reads_are_missed_in_a_whole_run():
    """Where one file was named, the others were left out on purpose."""
    tags = recorded("tags", levels=frozenset({Level.TAGS}))
    assert unchecked(tags) == []
    codes = unchecked(tags, whole=True)
    assert {"A305", "A101", "A503"} <= set(codes) and "A301" not in codes


def test_a_list_of_names_promises_nothing():
    """No platform wrote it."""
    name = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"
    seen = Observation("names", "", Level.CAMPAIGN, name=name, weight=Weight(rows=1))
    assert (
        unchecked(recorded("names", seen, levels=frozenset({Level.CAMPAIGN}), account="", platform="")) == []
    )


def test_the_targeting_of_an_audience_that_only_its_id_names():
    """DV360 names audiences by id in targeting; the list before says what each is called."""
    used = Observation(
        "list",
        "meta",
        Level.TARGETING,
        account="meta-acme-dach",
        id="5/7",
        parents={"ad_group": "5", "audience": "7"},
        upkeep=Upkeep(recency=30),
    )
    audit = Audit(registry())
    audit.take(recorded("list", audience(window=3), used, levels=AUDIENCE | {Level.TARGETING}))
    codes = [finding.code for finding in audit.report().findings]
    assert codes == ["A302", "A904"]  # and the threshold that counts it


WINTER = "acme_dach_sales_winter-living-weeks_202611_tx7nrz"
TAGS = frozenset({Level.TAGS})


def tags(**params):
    """Visits by a link of a campaign that keeps its links."""
    told = {
        "utm_source": "google",
        "utm_medium": "cpc",
        "utm_campaign": WINTER,
        "utm_id": "tx7nrz",
        "utm_content": "carousel_1x1_offer_shop-now_de_bof_mid_v2_mbtxf2",
        **params,
    }
    return Observation("ga4", "ga4", Level.TAGS, account="ga4-acme", params=told, weight=Weight(rows=9))


def visits(*items, account="ga4-acme"):
    """A source of visits."""
    return recorded("ga4", *items, levels=TAGS, account=account, platform="ga4")


def issued():
    """Two links that the campaign has handed out: by one of them people came."""
    links = [tags(utm_source=word) for word in ("google", "bing")]
    lines = [
        {
            "link": f"https://www.example.com/?n={n}",
            "issued": "2026-11-01",
            "platform": p,
            "params": each.params,
        }
        for n, (each, p) in enumerate(zip(links, ("google_ads", "microsoft"), strict=True))
    ]
    return Issued({"tx7nrz": b"".join(orjson.dumps(line) + b"\n" for line in lines)}, registry())


def of_issued(*sources, history=None, **options):
    """What is said of issued links: rule codes, undecided ones with a question mark."""
    audit = Audit(registry(), options=Options(**options), issued=issued(), history=history)
    for source in sources:
        audit.take(source)
    report = audit.report()
    found = [f for f in report.findings if f.code == "A208" or "A208" in f.values]
    assert not any(f.undecided for f in found) or not report.complete
    return [f.code + "?" * f.undecided for f in found], report


def test_issued_links_that_nothing_could_show_are_not_called_unseen():
    """No source of links; one whose links stay where they are; one of another brand; one cut short."""
    none = recorded("ads", levels=frozenset({Level.AUDIENCE}))
    assert of_issued(none)[0] == []  # one file was named, and it is of something else
    assert of_issued(none, whole=True)[0] == ["A903?"]
    name = "acme_dach_sales_bof_winter-living-weeks_202611_tx7nrz"
    running = Observation(
        "ads", "meta", Level.CAMPAIGN, account="meta-acme-dach", id="1", name=name, weight=Weight(cost=2.0)
    )
    ads = recorded("ads", running, levels=frozenset({Level.CAMPAIGN}))
    assert of_issued(ads)[0] == ["A903?"]  # the campaign runs there
    passed = Passed(Level.TAGS, "tags", 3, Weight(rows=9))
    assert of_issued(visits(passed, tags(utm_source="google")))[0] == ["A903?"]
    assert of_issued(visits(account="ga4-nordwind"), whole=True)[0] == ["A903?"]
    cut = visits(tags(), Gap("ga4", "the answer was cut"))
    assert of_issued(cut, whole=True)[0] == []  # its own gap says so


def test_issued_links_that_would_have_been_seen_are_missed():
    """By visits to the brand's site, or in the ads of the link's own platform; then they are fixed."""
    assert of_issued(visits(tags()))[0] == ["A208"]
    assert of_issued(visits(), whole=True)[0] == ["A208"]
    own = recorded("ads", levels=frozenset({Level.LINK}), platform="microsoft", account="microsoft-acme-dach")
    assert of_issued(own, whole=True)[0] == ["A903?", "A208"]  # Microsoft's was not there, Google's unread
    history = History()
    audit = Audit(registry(), issued=issued(), history=history)
    audit.standard.today, today = date(2026, 11, 18), audit.standard.today
    try:
        audit.take(visits(tags()))
        audit.record(audit.report())
    finally:
        audit.standard.today = today
    assert of_issued(recorded("ads"), history=history)[1].fixed == []  # nobody looked
    codes, report = of_issued(visits(tags(), tags(utm_source="bing")), history=history)
    assert codes == [] and [each["code"] for each in report.fixed] == ["A208"]


@pytest.mark.parametrize("accepted", [False, True])
def test_a_missing_column_is_never_green(tmp_path, monkeypatch, capsys, accepted):
    """Exit code 3 and the first thing said, until the registry accepts it."""
    for part in ("registry", "contracts"):
        shutil.copytree(ROOT / part, tmp_path / part)
    if accepted:
        file = tmp_path / "registry/registry.yaml"
        ignore = "[{rule: check-not-made, reason: Meta's list has none, until: '2027-01-31'}]"
        file.write_text(file.read_text("utf-8").replace("  ignore: []", f"  ignore: {ignore}"), "utf-8")
    monkeypatch.setenv("CANONRY_REGISTRY", str(tmp_path))
    monkeypatch.setenv("CANONRY_TODAY", "2026-11-23")
    export = tmp_path / "audiences.csv"
    export.write_text(f"Audience name,Audience ID,Platform,Account,Size\n{NAME},7,meta,meta-acme-dach,900\n")
    code = run(["audit", "run", "--file", str(export), "--no-record"])
    out = capsys.readouterr().out
    missing = [line for line in out.splitlines() if "windows of 1 audience" in line]
    assert (code == 3, bool(missing)) == (not accepted, not accepted) or "A305" in out
    assert ("check could not be made" in out) is not accepted


def test_a_report_of_parameters_is_no_list_of_events(tmp_path):
    """An event without any stands in no line of it, and may have come all the same."""
    file = tmp_path / "parameters.csv"
    file.write_text("Event name,Event parameter,Event count\npurchase,currency,900\n", "utf-8")
    source = FileSource("parameters", [file])
    assert Level.EVENT not in source.capabilities().levels
    audit = Audit(registry(), options=Options(whole=True))
    audit.take(source)
    found = audit.report().findings
    assert not [finding for finding in found if finding.name == "event-unseen"]
    assert [finding for finding in found if finding.undecided and "A402" in finding.values]

"""What a run could not check: what the registry promises and no source of the account tells."""

import shutil

import pytest
from tests.unit.audit.cases import ROOT, registry

from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.run import Audit, Options
from canonry.audit.source import Capabilities, Gap, Recorded, Tells
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

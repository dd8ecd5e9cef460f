"""Contracts that were renamed: compared with what they were, and told as one story."""

import json

import pytest
from tests.unit.compat.cases import base, edited, judged, released

from canonry.compat.story import told

OLD, NEW = "contracts/events/order_completed/v1.json", "contracts/events/order_paid/v1.json"
FORMAT = "contracts/utm/social/v1.json"


def renamed(edits, path=OLD, target=NEW, **more):
    """The small registry before and after a contract was renamed and edited."""
    name = target.removeprefix("contracts").removesuffix(".json")
    former = path.removeprefix("contracts").removesuffix(".json")
    copy = {"copy": path, "/$id": name, "/x-contract/renamed_from": former}
    after = edited(base(), {target: {**copy, **edits}, **more.get("other", {})})
    if not more.get("beside"):
        del after[path]
    return judged(base() | more.get("published", {}), after | more.get("published", {}))


def found(report):
    """Codes by subject."""
    return {(f.code, f.subject) for f in report.findings}


def test_a_rename_alone_breaks_those_who_know_the_id():
    """Payloads are the same, so nothing else is found: no bump is asked, no property is missing."""
    report = renamed({})
    assert found(report) == {("B161", "/events/order_completed/v1")}
    (chapter,) = [c for c in told(report.deltas) if c.subject.startswith("/events")]
    assert (chapter.what, chapter.subject, chapter.former, [line.sentence for line in chapter.lines]) == (
        "renamed", "/events/order_paid/v1", "/events/order_completed/v1",
        ["`renamed_from` is `/events/order_completed/v1` now"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ({"/properties/coupon/maxLength": 5}, "B101"),
        ({"/properties/coupon/maxLength": 50}, "B102"),
        ({"/x-contract/trigger": "Another moment."}, "B130"),
        ({"/properties/email/x-pii": "none"}, "B134"),
        ({"/properties/order_id": None, "/required": ["event_id", "total"]}, "B150"),
    ],
)
def test_a_renamed_contract_is_compared_with_what_it_was(edits, code):
    """Whatever a change in place would have been told, the new name is told, with the readers of the old."""
    report = renamed(edits)
    assert (code, "/events/order_paid/v1") in found(report)
    broken = next(f for f in report.findings if f.code == code)
    assert "consumer:revenue-dashboard" in broken.details["readers"]
    if code == "B101":
        assert broken.message.startswith("/events/order_paid/v1 (renamed from /events/order_completed/v1): ")
        assert len(broken.witness["coupon"]) > 5


def test_released_versions_of_the_old_name_are_compared_as_well():
    """A rename is no way around what was published."""
    published = released(edited(base(), {OLD: {"/properties/coupon/maxLength": 90}}), {OLD: "1.0.0"})
    report = renamed({}, published=published)
    assert ("B101", "/events/order_paid/v1") in found(report)


def test_a_successor_beside_the_old_contract_breaks_nobody():
    """Who sends the old one goes on doing so."""
    report = renamed({"/properties/coupon/maxLength": 5, "/x-contract/version": "1.0.0"}, beside=True)
    assert found(report) == set()


def test_an_undeclared_rename_is_a_hint_and_no_more():
    """The two are different contracts, and the note says how to make them one."""
    after = edited(base(), {NEW: {"copy": OLD, "/$id": "/events/order_paid/v1"}})
    del after[OLD]
    report = judged(base(), after)
    assert found(report) >= {("B160", "/events/order_completed/v1"), ("B163", "/events/order_paid/v1")}


def test_a_renamed_format_still_reads_the_links_it_wrote():
    """Nothing of the template changed, so no link is lost; a template that changed loses them."""
    target = "contracts/utm/community/v1.json"
    campaign = "registry/campaigns/k7m2p2.yaml"
    use = {campaign: {"/channels/0/format": "/utm/community/v1"}}
    codes = {code for code, _ in found(renamed({}, FORMAT, target, other=use))}
    assert "B161" in codes and not codes & {"B110", "B111", "B112"}
    templates = json.loads(base()[FORMAT])["x-contract"]["templates"]
    key = next(iter(templates))
    moved = {f"/x-contract/templates/{key}": f"x-{templates[key]}"}
    assert ("B110", "/utm/community/v1") in found(renamed(moved, FORMAT, target, other=use))

"""Rules observe; policy judges."""

from datetime import date

import pytest
from tests.unit.lint import cases

from canonry.catalogue.load import load
from canonry.catalogue.policy import Policy
from canonry.kernel.findings import Level
from canonry.lint import engine

UNKNOWN = {"contracts/events/order_completed/v1.json": {"x-contract": {"owner": "checkout"}}}


def judged(policy, today=cases.TODAY, patch=UNKNOWN):
    """Codes and levels of what is left of one unknown owner under a policy."""
    found = cases.lint(cases.tree({**patch, "registry/registry.yaml": {"policy": policy}}), today=today)
    return [(finding.code, finding.level) for finding in found.findings], found.ignored


def ignore(**changes):
    """An ignore that fits, with changes."""
    entry = {"rule": "owner-unknown", "until": "2027-01-31", "reason": "The team is being founded."}
    return {"ignore": [{**entry, **changes}]}


def test_without_a_policy_findings_keep_the_level_of_their_rule() -> None:
    """An unknown owner is an error."""
    assert judged({}) == ([("L202", Level.ERROR)], 0)


@pytest.mark.parametrize("key", ["L202", "owner-unknown"])
@pytest.mark.parametrize(
    ("word", "level"), [("warning", Level.WARNING), ("note", Level.NOTE), ("error", Level.ERROR)]
)
def test_levels_are_set_by_code_or_name(key, word, level) -> None:
    """A company decides how bad something is."""
    assert judged({"levels": {key: word}}) == ([("L202", level)], 0)


def test_off_silences_a_rule() -> None:
    """What is off is counted among the ignored."""
    assert judged({"levels": {"owner-unknown": "off"}}) == ([], 1)


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"rule": "L202"},
        {"path": "contracts/events/**"},
        {"path": "contracts/*"},
        {"id": "/events/*"},
        {"id": "/events/order_completed/v1", "path": "contracts/events/*"},
    ],
)
def test_an_ignore_silences_what_it_fits(place) -> None:
    """By rule, path glob or id glob."""
    assert judged(ignore(**place)) == ([], 1)


@pytest.mark.parametrize(
    "place", [{"path": "contracts/utm/*"}, {"id": "/utm/*"}, {"rule": "backup-owner-same"}]
)
def test_an_ignore_that_fits_nothing_is_told(place) -> None:
    """It would silence the next thing that fits, which nobody has looked at."""
    assert judged(ignore(**place)) == ([("L202", Level.ERROR), ("G121", Level.WARNING)], 0)


def test_rules_of_other_commands_are_known() -> None:
    """A policy is for all of canonry: lint neither doubts what check finds nor calls its ignores unused."""
    policy = {"levels": {"B101": "warning", "A904": "note", "L202": "note"}}
    assert judged(policy | ignore(rule="payload-misread")) == ([("L202", Level.NOTE)], 0)


def test_an_ignore_counts_until_its_last_day() -> None:
    """On the day after, the finding is back and the line is told."""
    assert judged(ignore(), today=date(2027, 1, 31)) == ([], 1)
    assert judged(ignore(), today=date(2027, 2, 1)) == ([("L202", Level.ERROR), ("G120", Level.WARNING)], 0)


def test_an_ignore_until_a_day_that_does_not_exist_counts_for_nothing() -> None:
    """And is no reason to stop."""
    codes = [code for code, _ in judged(ignore(until="2027-02-30"))[0]]
    assert codes == ["L202", "L219"]


def test_a_rule_that_does_not_exist_is_told() -> None:
    """A misspelt rule would be judged as if nothing had been said about it."""
    codes = {code for code, _ in judged({**ignore(rule="owner-unknwon"), "levels": {"L999": "off"}})[0]}
    assert codes == {"L202", "G122"}


def test_part_of_the_findings_says_nothing_about_unused_ignores() -> None:
    """Whoever runs one rule is not told that the ignore of another is unused."""
    catalogue = load(cases.tree({"registry/registry.yaml": {"policy": ignore()}})).value
    policy = Policy(catalogue, cases.TODAY, engine.every_rule())
    assert [f.code for f in policy.judge([]).findings] == ["G121"]
    assert policy.judge([], whole=False).findings == ()

"""Payloads of naming contracts that no template can write are nobody's: leaving them out breaks nothing."""

import json

import pytest
from tests.unit.compat.cases import base, edited, judged, released

PATH = "contracts/utm/social/v1.json"
MONTH = "contracts/common/month/v1.json"
MONTHS = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "/common/month/v1",
    "title": "Month",
    "description": "A calendar month.",
    "x-contract": {"version": "1.0.0", "status": "active", "owner": "web", "backup_owner": "crm"},
    "type": "string",
    "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$",
    "maxLength": 7,
}
FLIGHT = {"$ref": "/common/month/v1", "description": "When it begins.", "x-pii": "none"}


def codes(flight, kept="utm", *, version="1.3.0"):
    """What check finds when the schema of a date field becomes another, also against a released version."""
    document = json.loads(base()[PATH])
    document["properties"]["flight"] = FLIGHT
    templates = document["x-contract"]["templates"]
    templates["utm_campaign"] = "{flight:yyyymm}_" + templates["utm_campaign"]
    document["required"].append("flight")
    before = base() | {PATH: json.dumps(document).encode(), MONTH: json.dumps(MONTHS).encode()}
    published = released(before, {PATH: "1.2.0"})
    after = edited(before, {PATH: {"/properties/flight": flight, "/x-contract/version": version}})
    report = judged(before | published, after | published, released=True)
    assert not any(one.undecided for one in report.findings)
    return {finding.code for finding in report.findings if finding.code in ("B101", "B102", "B103")}


@pytest.mark.parametrize("pattern", ["^20", "^20[0-9]{2}", "^2"])
def test_years_that_no_name_has_may_go(pattern):
    """Templates write 2000 to 2099, whatever the schema of the field allows."""
    assert codes({**FLIGHT, "pattern": pattern}) == set()


@pytest.mark.parametrize("pattern", ["^202", "^20[0-9]{2}-0", "^19"])
def test_years_that_names_have_may_not(pattern):
    """With a witness that a template can write."""
    assert codes({**FLIGHT, "pattern": pattern}) == {"B101"}

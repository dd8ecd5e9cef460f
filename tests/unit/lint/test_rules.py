"""What rules find beside their golden cases: one line per variant, on the base of the cases."""
# ruff: noqa: E501  a table is read by its columns

from datetime import date

import pytest
from tests.unit.lint import cases

EVENT = "contracts/events/order_completed/v1.json"
MONEY = "contracts/common/money/v1.json"
USER = "contracts/traits/user/v1.json"
SEGMENT = "contracts/segments/recent_buyers/v1.json"
AD = "contracts/creatives/ad/v1.json"
META_AD = "contracts/objects/meta_ad/v1.json"
MAILING = "contracts/utm/newsletter/v1.json"
SOCIAL = "contracts/utm/paid_social/v1.json"
CAMPAIGN = "registry/campaigns/k7m2pk.yaml"
DOMAINS = "registry/domains.yaml"
GROUPS = "registry/channel_groups.yaml"
ACCOUNTS = "registry/accounts.yaml"
MARKET = "registry/vocabularies/market.yaml"

ORDERED = {"event": "/events/order_completed/v1"}
PLAN = {"trait": "/traits/user/v1", "property": "plan", "op": "eq", "value": "plus"}
ON_META = {
    "platform": "meta",
    "account": "meta-example",
    "audience": "Buyers",
    "mechanism": "list_sync",
    "sync": "1d",
}


def event(**changes):
    """The event with some of its schema changed."""
    return {EVENT: changes}


def prop(schema):
    """The event with one more property."""
    return event(properties={"extra": {"description": "Told by the till.", "x-pii": "none", **schema}})


def meta(path, **changes):
    """A contract with some of x-contract changed."""
    return {path: {"x-contract": changes}}


def condition(*every, **changes):
    """The segment with another definition."""
    return meta(SEGMENT, definition={"all": list(every), **changes})


def link(**rule):
    """The company's channel group with one rule."""
    return {GROUPS: {"groups": {"example": {"rules": [{"channel": "Print", "when": rule}]}}}}


def campaign(**changes):
    """The campaign with some of it changed."""
    return {CAMPAIGN: changes}


def codes(patch, today=cases.TODAY):
    """The codes that lint reports, each once, and its messages."""
    found = cases.lint(cases.tree(patch), today=today).findings
    return {finding.code for finding in found}, " | ".join(f"{f.message} ({f.suggestion})" for f in found)


@pytest.mark.parametrize(
    ("patch", "code", "told"),
    [
        # keywords
        (event(propertys={}), "L101", "did you mean 'properties'?"),
        (prop({"type": "string", "maxLenght": 3}), "L101", "maxLength"),
        (prop({"type": "string", "x-pi": "none"}), "L101", "did you mean 'x-pii'?"),
        (prop({"type": "string", "wholly_new": 1}), "L101", "begin it with x-"),
        (prop({"anyOf": [{"type": "string"}, {"type": "null"}]}), "L102", "oneOf"),
        (prop({"type": "object", "additionalProperties": False, "patternProperties": {}}), "L102", "patternProperties"),
        (prop({"type": "string", "$id": "/x"}), "L102", "belongs at the root"),
        (prop({"type": "strnig"}), "L103", "is no type"),
        (prop({"type": ["string", "string"]}), "L103", "a type twice"),
        (prop({"type": "string", "enum": []}), "L103", "at least one value"),
        (prop({"enum": [1, 1.0]}), "L103", "twice"),
        (prop({"type": "string", "title": 1}), "L103", "must be a string"),
        (prop({"type": "string", "deprecated": "yes"}), "L103", "true or false"),
        (prop({"type": "string", "examples": "a"}), "L103", "must be a list"),
        (event(required="order_id"), "L103", "list of names"),
        (event(required=["order_id", "order_id"]), "L103", "'order_id' twice"),
        (event(properties=[]), "L103", "must hold schemas"),
        (event(properties={"extra": True}), "L103", "accepts anything"),
        (event(properties={"extra": False}), "L103", "accepts nothing"),
        (event(properties={"extra": "string"}), "L103", "found a string"),
        (prop({"type": "array", "items": [{"type": "string"}]}), "L103", "found a list"),
        (prop({"type": "array", "items": True}), "L103", "accepts anything"),
        (prop({"allOf": [3]}), "L103", "found a number"),
        (prop({"allOf": {}}), "L103", "found an object"),
        (prop({"multipleOf": 0, "type": "number"}), "L103", "greater than 0"),
        # combinators
        (prop({"allOf": [{"type": "string"}]}), "L104", "describes no object"),
        (prop({"oneOf": []}), "L104", "tells the 0 branches"),
        (event(**{"if": {"properties": {"coupon": {"minLength": 3}}}, "then": {}}), "L104", "must ask for a const"),
        (event(**{"if": True, "then": {}}), "L104", "must ask for a const"),
        (event(**{"if": {"required": ["coupon"], "properties": {"coupon": {"const": "X"}}}}), "L104", "changes nothing"),
        (event(then={"required": ["coupon"]}), "L104", "then without if"),
        (event(**{"else": {"required": ["coupon"]}}), "L104", "else without if"),
        (prop({"type": "string", "not": {"const": "x"}}), "L104", "one pattern"),
        (event(**{"not": {"required": ["coupon"]}}), "L104", "one pattern"),
        # patterns, formats
        (prop({"type": "string", "pattern": "("}), "L105", "character"),
        (prop({"type": "string", "pattern": "(?i)a"}), "L105", ""),
        (prop({"type": "string", "pattern": r"(a)\1"}), "L105", ""),
        (prop({"type": "string", "format": "emial"}), "L106", "did you mean 'email'?"),
        (prop({"type": "string", "format": "idn-email"}), "L106", "email, or a pattern"),
        (prop({"type": "string", "format": "gtin"}), "L106", "use a pattern"),
        # objects
        (event(additionalProperties={"type": "string"}), "L107", "is a schema"),
        (prop({"type": "object", "properties": {}}), "L107", "does not say"),
        ({MAILING: {"additionalProperties": True}}, "L107", "closed"),
        ({MAILING: {"oneOf": []}}, "L108", "flat list"),
        (prop({"type": "array", "items": {}}), "L110", "may hold anything"),
        (prop({"type": "integer", "minimum": 5, "maximum": 4}), "L111", "leave no value"),
        (prop({"type": "number", "exclusiveMinimum": 5, "exclusiveMaximum": 5}), "L111", "leave no value"),
        (prop({"type": "string", "minimum": 5}), "L112", "for type number"),
        # references
        ({EVENT: {"properties": {"total": {"$ref": "#/$defs/nothing"}}}}, "L113", "has nothing at"),
        ({EVENT: {"properties": {"total": {"$ref": "a b"}}}}, "L113", "no URI reference"),
        (meta(SOCIAL) | {SOCIAL: {"properties": {"creative": {"x-name-of": "/creatives/add/v1"}}}}, "L113", "/creatives/ad/v1"),
        ({SOCIAL: {"properties": {"creative": {"x-name-of": "/utm/newsletter/v1"}}}}, "L113", "builds no names"),
        ({AD: {"properties": {"concept": {"pattern": None, "x-name-of": "/creatives/ad/v1"}}}}, "L115", "leads back"),
        ({MONEY: {"properties": {"amount": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}}, "L115", "leads back"),
        # examples
        (prop({"type": "integer", "default": "1"}), "L116", "the default of the property 'extra'"),
        (prop({"type": "integer", "default": 1, "examples": ["1"]}), "L116", "the example of the property"),
        (prop({"type": "string", "format": "uuid", "examples": ["no uuid"]}), "L116", "not valid"),
        (prop({"$ref": "/vocabularies/market", "examples": ["fr"]}), "L116", "not valid"),
        # identity
        ({EVENT: {"$schema": None}}, "L117", "there is no $schema"),
        ({EVENT: {"$id": None}}, "L118", "there is no $id"),
        ({EVENT: {"type": None}}, "L119", "the root has no type"),
        (event(properties={"order-id": {"type": "string", "description": "On paper.", "x-pii": "none"}}), "L120", "one identifier"),
        (event(properties={"9": {"type": "string", "description": "Old till.", "x-pii": "none"}}), "L121", "begin it with a letter"),
        (meta(SOCIAL, aliases=["newsletter"]), "L123", "already finds /utm/newsletter/v1"),
        (meta(SOCIAL, aliases=["google_analytics"]), "L123", "the platform ga4"),
        # ownership, descriptions
        (meta(EVENT, consumers=[{"name": "bi", "owner": "bi"}]), "L202", "'bi' is no team"),
        (campaign(channels=[{"format": "/utm/newsletter/v1", "owner": "shop"}]), "L202", "'shop' is no team"),
        (campaign(decisions=[{"metric": "cpl", "when": "> 80", "window": "7d", "action": "Stop.", "owner": "x"}]), "L202", "'x'"),
        ({"registry/audit.yaml": {"thresholds": [{"metric": "loss", "over": "3", "window": "7d", "then": "warn", "owner": "x"}]}}, "L202", "'x'"),
        (campaign(backup_owner="ads"), "L203", "both owner and backup owner"),
        (event(description=" "), "L204", "is empty"),
        (prop({"type": "string", "description": ""}), "L204", "is empty"),
        ({USER: {"properties": {"plan": {"description": "The user's plan"}}}}, "", ""),
        ({USER: {"properties": {"plan": {"description": "Plan value."}}}}, "L205", "only repeats"),
        ({EVENT: {"title": ""}}, "L206", "Order completed"),
        # lifecycle
        (meta(EVENT, version="1.2"), "L211", "not a version"),
        (meta(EVENT, version="1.1.0-draft", status="draft"), "L211", "a draft is"),
        (meta(EVENT, status="draft"), "L212", "1.2.0 with status draft"),
        (meta(EVENT, replaced_by="/events/order_paid/v1"), "L214", "replaced_by on a contract that is active"),
        (meta(SOCIAL, status="deprecated", sunset="2027-06-30", replaced_by="/utm/paid_social/v1"), "L216", "itself"),
        (meta(SOCIAL, status="deprecated", sunset="2027-06-30", replaced_by="/creatives/ad/v1"), "L216", "of another kind"),
        (
            meta(SOCIAL, status="deprecated", sunset="2027-06-30", replaced_by="/utm/newsletter/v1")
            | meta(MAILING, status="deprecated", sunset="2027-06-30", replaced_by="/utm/paid_social/v1"),
            "L216",
            "round in a circle",
        ),
        (
            meta(SOCIAL, status="deprecated", sunset="2027-06-30", replaced_by="/utm/newsletter/v1")
            | meta(MAILING, status="retired"),
            "L216",
            "retired itself",
        ),
        (meta(EVENT, status="retired", sunset="2026-01-31"), "L217", "(since 2026-01-31)"),
        (meta(SOCIAL, status="deprecated", sunset="2027-02-30", replaced_by="/utm/newsletter/v1"), "L219", "2027-02-30"),
        ({MARKET: {"words": {"de": {"since": "2025-02-29"}}}}, "L219", "2025-02-29"),
        (prop({"type": "string", "x-since": "soon"}), "L220", "no version"),
        (prop({"type": "string", "x-since": "2.0.0"}), "L220", "at 1.2.0"),
        # kinds
        (meta(USER, entity=None), "L222", "entity"),
        (meta(SEGMENT, refresh=None), "L222", "refresh"),
        (meta(META_AD, level=None), "L222", "level"),
        (meta(EVENT, identity=["ordr_id"]), "L223", "did you mean 'order_id'?"),
        # platforms
        (meta(EVENT, platforms={"ga4": "purchase", "gaa4": "x"}), "L301", "did you mean 'ga4'?"),
        (meta(EVENT, platforms={"google-analytics": "purchase"}), "L301", "did you mean 'ga4'?"),
        (meta(EVENT, platforms={"pinboard": "purchase"}), "L301", "add registry/platforms/pinboard.yaml"),
        (prop({"type": "string", "x-platforms": ["ga4"]}), "L301", "must map"),
        (prop({"type": "string", "x-platforms": {"ga5": "x"}}), "L301", "'ga5'"),
        (meta(SOCIAL, templates={"utm_term": {"snap": "{source}"}}), "L301", "'snap'"),
        (meta(EVENT, platforms={"ga4": "p" * 41}), "L303", "41 characters, 40 allowed"),
        (prop({"type": "string", "x-platforms": {"ga4": "till told"}}), "L303", "names match"),
        ({USER: {"properties": {"plan": {"x-platforms": {"ga4": "p" * 25}}}}}, "L303", "user property"),
        (meta(EVENT, platforms={"ga4": "session_start"}), "L304", "a reserved word"),
        ({USER: {"properties": {"plan": {"x-platforms": {"ga4": "ga_plan"}}}}}, "L304", "beginning with 'ga_'"),
        (event(properties={f"p{i}": {"type": "string", "description": "N.", "x-pii": "none", "x-platforms": {"ga4": f"p{i}"}} for i in range(25)}), "L305", "27 parameters"),
        ({"registry/platforms/meta.yaml": {"levels": {"ad": {"pattern": "("}}}}, "G109", "never closed"),
        (meta(SOCIAL, templates={"utm_content": {"meta": {"expands": None, "pattern": "[a"}}}), "G109", "cannot be read"),
        # audiences
        ({"registry/platforms/meta.yaml": {"windows": [{"mechanism": "platform_rule", "allowed": [7, 14]}]}}, "L311", "7, 14 days"),
        ({"registry/platforms/meta.yaml": {"windows": [{"mechanism": "platform_rule", "min": 60}]}}, "L311", "60 days or more"),
        (meta(SEGMENT, destinations=[{**ON_META, "mechanism": "ga4_audience", "window_days": 30}]), "L311", "offers no ga4_audience"),
        (meta(SEGMENT, destinations=[{**ON_META, "platform": "tiktok", "account": None}]), "L311", "nobody has written down"),
        # segments
        (condition({"event": "/events/order_complete/v1"}), "L315", "/events/order_completed/v1"),
        (condition({"event": "/traits/user/v1"}), "L315", "none of /events/"),
        (condition({"segment": "/segments/none/v1"}), "L315", "there is no /segments/none/v1"),
        (condition(ORDERED, entity="/traits/account/v1"), "L315", "/traits/account/v1"),
        (condition({**PLAN, "property": "plann"}), "L315", "did you mean 'plan'?"),
        (meta(SEGMENT, exclusions=["/segments/gone/v1"]), "L315", "/segments/gone/v1"),
        (meta(SEGMENT, destinations=[{**ON_META, "account": "meta-exmple"}]), "L315", "meta-example"),
        (meta(SEGMENT, destinations=[{**ON_META, "platform": "tiktok"}]), "L315", "is on meta, not tiktok"),
        (condition(), "L316", "no condition"),
        (condition(none=[ORDERED]), "L316", "that anybody meets"),
        (condition({}), "L316", "none of them"),
        (condition({**ORDERED, **PLAN}), "L316", "event and trait"),
        (condition({**ORDERED, "property": "coupon", "op": "exists"}), "L316", "under where"),
        (condition(ORDERED, window=None), "L316", "without a window"),
        (condition({**PLAN, "at_least": 2}), "L316", "belong to events"),
        (condition({"trait": "/traits/user/v1"}), "L316", "needs property and op"),
        (condition({**PLAN, "op": "exists"}), "L316", "takes no value"),
        (condition({**PLAN, "value": None}), "L316", "needs a value"),
        (condition({**PLAN, "op": "in"}), "L316", "takes a list"),
        (condition({**PLAN, "value": ["plus"]}), "L316", "takes one value"),
        (condition({**PLAN, "op": "gt"}), "L316", "words have no order"),
        (condition({**PLAN, "value": 1}), "L316", "is never 1"),
        (condition({**ORDERED, "where": [{"property": "total.amount", "op": "eq", "value": "9"}]}), "L316", "its type is number"),
        (condition({**ORDERED, "where": [{"property": "total.amount", "op": "eq", "value": -1}]}), "L316", "at least 0"),
        (condition({**ORDERED, "where": [{"property": "coupon", "op": "eq", "value": True}]}), "L316", "its type is string"),
        (condition({"segment": "/segments/recent_buyers/v1", "property": "plan"}), "L316", "a member or is none"),
        (condition({**ORDERED, "where": [{"property": "total.amount", "op": "eq", "value": 2.5}, {"property": "coupon"}]}), "L316", "needs property and op"),
        (prop({"type": "integer", "maximum": 3}) | condition({**ORDERED, "where": [{"property": "extra", "op": "eq", "value": 4}]}), "L316", "at most 3"),
        (meta(SEGMENT, exclusions=["/segments/recent_buyers/v1"]), "L317", "refers to itself"),
        # consent
        (prop({"type": "string", "x-consent": "ad_storage"}), "L321", "must be a list"),
        (prop({"type": "string", "x-consent": ["ad_user_date"]}), "L321", "did you mean 'ad_user_data'?"),
        (meta(EVENT, consent={"ga4": ["fun"]}), "L321", "purposes are"),
        (prop({"type": "string", "x-pii": 3}), "L326", "one of none"),
        (prop({"type": "array", "x-pii": None, "items": {"type": "string"}}), "L325", "personal data"),
        (prop({"type": "object", "x-pii": None, "additionalProperties": False}), "L325", "personal data"),
        ({EVENT: {"properties": {"total": {"properties": {}, "type": "object"}}}}, "L107", ""),
        (meta(EVENT, consumers=[{"name": "bi", "fields": ["items.prize"]}]) | {EVENT: {"x-contract": {"consumers": [{"name": "bi", "fields": ["items.prize"]}]}, "properties": {"items": {"type": "array", "description": "What was bought.", "x-pii": "none", "items": {"type": "object", "additionalProperties": False, "properties": {"price": {"type": "number", "description": "Each.", "x-pii": "none"}}}}}}}, "L223", "did you mean 'items.price'?"),
        (event(properties={"total": {"$ref": 3}}), "L103", "must be a string"),
        (event(**{"x-contract": {"version": "one"}, "properties": {"coupon": {"x-since": "1.0.0"}}}), "L211", "not a version"),
        (event(examples=[{"order_id": "AC-2026-1", "total": {"amount": 1, "currency": "EUR"}}], properties={"total": {"$ref": "/common/none/v1"}}), "L113", "/common/none/v1"),
        (event(examples=[{"order_id": 1}], properties={"order_id": {"pattern": "("}}), "L105", "never closed"),
        # registry files
        ({ACCOUNTS: {"accounts": {"meta-example": {"platform": "metta"}}}}, "G101", "did you mean 'meta'?"),
        ({ACCOUNTS: {"accounts": {"meta-example": {"contracts": ["/utm/paid_socal/v1"]}}}}, "G101", "/utm/paid_social/v1"),
        ({"registry/audit.yaml": {"currency_rates": {"ERU": 1.1}}}, "G103", "no currency 'ERU'"),
        (campaign(time_zone="Berlin"), "G104", "'Berlin'"),
        ({DOMAINS: {"own": ["www.example.com", "www.example.com"]}}, "G105", "listed twice"),
        ({DOMAINS: {"landing": ["shop.example.org"]}}, "G105", "none of our own"),
        ({DOMAINS: {"short_link": ["www.example.com"]}}, "G105", "nobody stays there"),
        (link(), "G106", "none"),
        (link(field="medium", op="exact", value="a", all=[]), "G106", "field and all"),
        (link(any=[]), "G106", "holds no condition"),
        (link(**{"not": {"field": "medium"}}), "G106", "needs op"),
        (link(all=[{"field": "medium", "op": "is_null", "value": "x"}]), "G106", "takes no value"),
        (link(field="medium", op="exact"), "G106", "needs a value"),
        (link(field="medium", op="regex", value="("), "G106", "cannot be read"),
        (link(field="source", op="in_category", value="FRIENDS"), "G106", "no category"),
        # campaigns
        (campaign(status="live"), "G113", "it is live"),
        (campaign(status="ended"), "G113", "it has ended"),
        (campaign(status="planned", start="2026-01-01", end="2026-02-01"), "G113", "was over"),
        (campaign(channels=[{"format": "/utm/nothing/v1"}]), "G114", "there is no /utm/nothing/v1"),
        (campaign(channels=[{"format": "/creatives/ad/v1"}]), "G114", "none of /utm/"),
        (campaign(channels=[{"format": "/utm/paid_social/v1", "platforms": ["mta"]}, {"format": "/utm/newsletter/v1"}]), "G114", "did you mean 'meta'?"),
        (campaign(success={"metric": "orders", "event": "/events/none/v1"}), "G114", "/events/none/v1"),
        (campaign(continues="k7m2px"), "G114", "no campaign"),
        (campaign(platform_ids={"meta-exampel": ["1"]}), "G114", "did you mean 'meta-example'?"),
        (campaign(fields={"season": "spring"}), "G115", "no format of the campaign has a field 'season'"),
        (campaign(fields={"medium": "sms"}), "G115", "always 'email'"),
        (campaign(fields={"slug": "Spring Sale"}), "G115", "must match"),
        (campaign(fields={"slug": "shop-sale"}), "G115", "must not match"),
        (campaign(fields={"slug": "s" * 41}), "G115", "41 characters"),
        (campaign(fields={"number": "0"}), "G115", "whole number from 1 to 99"),
        (campaign(channels=[{"format": "/utm/newsletter/v1", "fields": {"brand": "acmee"}}]), "G115", "did you mean 'acme'?"),
        (campaign(landing_url="http://www.example.com/x"), "G116", "no https address"),
        (campaign(landing_url="https://[x"), "G116", "no https address"),
        (campaign(landing_url="https://me@www.example.com/x"), "G116", "no https address"),
        (campaign(channels=[{"format": "/utm/newsletter/v1", "landing_url": "https://evil.example"}]), "G116", "evil.example"),
        # words
        ({MARKET: {"words": {"gb": {"aliases": ["GB"]}}}}, "V101", "the word itself"),
        ({MARKET: {"words": {"gb": {"aliases": ["DE"]}}}}, "V101", "the word 'de'"),
        ({MARKET: {"words": {"DE": {"label": "Germany"}}}}, "V101", "differ only in case"),
        ({MARKET: {"words": {"gb": {"aliases": ["xx"]}}}}, "V103", "absent mark"),
        ({MARKET: {"words": {"gb": {"status": "retired", "replaced_by": "gb"}}}}, "V104", "itself"),
        ({MARKET: {"words": {"eu": {"label": "EU", "status": "retired"}, "gb": {"status": "deprecated", "replaced_by": "eu"}}}}, "V104", "retired"),
        ({MARKET: {"words": {"gb": {"sunset": "2027-01-01"}}}}, "V105", "is active and has sunset"),
        ({MARKET: {"words": {"gb": {"status": "retired", "since": "2026-02-01", "sunset": "2026-01-01"}}}}, "V105", "before it begins"),
        ({MAILING: {"properties": {"medium": {"x-vocabulary": "mediums"}}}}, "V108", "did you mean 'medium'?"),
        # templates
        (meta(MAILING, templates={"utm_campaign": "{brand}_{market}{slug}"}), "N101", "side by side"),
        (meta(MAILING, legacy_templates=[{"utm_campaign": "{brand"}]), "N101", "never closed"),
        ({AD: {"properties": {"number": {"type": "integer", "maximum": None}}}}, "N103", "minimum and a maximum"),
        (meta(MAILING, templates={"utm_campaign": "{brand:yyyymm}_{market}_{slug}"}), "N103", "{brand}"),
        (meta(AD, allowed_combinations=[{"fields": ["brand", "shape"], "rows": [["acme", "*"]]}]), "N106", "no field 'shape'"),
        (meta(AD, allowed_combinations=[{"fields": ["brand", "number"], "rows": [["acme"]]}]), "N106", "1 entries for 2 fields"),
        (meta(MAILING, channel="Unassigned"), "N107", "without a custom_channel"),
        (meta(MAILING, custom_channel="Prnt"), "N107", "did you mean 'Print'?"),
        (meta(AD, templates={"name": None, "title": "{brand}_{concept}_{number}"}), "N108", "cannot be built"),
    ],
)  # fmt: skip
def test_a_variant_is_found_and_told(patch, code, told) -> None:
    """The rule sees it, and its message or advice says what to do."""
    found, messages = codes(patch)
    assert (code in found) if code else not found, messages
    assert told in messages


@pytest.mark.parametrize(
    "patch",
    [
        prop({"type": "string", "x-note": "for the team"}),
        prop({"type": ["string", "null"], "maxLength": 3}),
        prop({"const": 3}),
        prop({"type": "string", "not": {"pattern": "^test-"}}),
        prop({"$ref": "/common/money/v1", "x-pii": None, "description": None}),
        prop({"type": "array", "items": {"$ref": "/common/money/v1"}, "x-pii": None}),
        event(**{"if": {"required": ["coupon"], "properties": {"coupon": {"const": "X"}}}, "then": {"required": ["total"], "properties": {"total": {"description": "Less."}}}}),
        event(allOf=[{"required": ["coupon"]}]),
        event(**{"$defs": {"code": {"type": "string"}}, "properties": {"coupon": {"$ref": "#/$defs/code"}}}),
        prop({"type": "string", "x-consent": ["ad_storage"]}),
        meta(EVENT, platforms={"ga4": "purchase", "meta": "Purchase", "tiktok": "CompletePayment"}),
        meta(SOCIAL, status="retired", sunset="2026-01-01"),
        campaign(fields={"number": "7", "concept": "garden"}),
        campaign(status="cancelled", end="2026-01-01", start="2025-12-01"),
        {MARKET: {"words": {"gb": {"status": "deprecated", "sunset": "2026-11-21", "replaced_by": "de"}}}},
        link(any=[{"field": "source", "op": "in_category", "value": "SOURCE_CATEGORY_SOCIAL"}, {"not": {"field": "medium", "op": "is_null"}}]) | {GROUPS: None},
        {"registry/autopsy.yaml": {"symptoms": {"visits-unassigned": {"rules": ["A101", "C104", "owner-unknown"]}}}},
        {"registry/teams.yaml": None, "registry/domains.yaml": None},
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(patch) -> None:
    """A warning that may be wrong is ignored after a week."""
    found, messages = codes(patch)
    if "registry/teams.yaml" in patch:
        assert found == {"L202"}, messages
    else:
        assert found == set(), messages


def test_findings_carry_the_owner_of_their_place() -> None:
    """Whoever owns the contract, word, campaign or account hears of it."""
    patch = {
        EVENT: {"title": None},
        MARKET: {"words": {"xx": {"label": "Nowhere"}}},
        CAMPAIGN: {"time_zone": "Mars"},
        ACCOUNTS: {"accounts": {"meta-example": {"currency": "ERU"}}},
    }
    found = {finding.code: finding.owner for finding in cases.report(patch).findings}
    assert found == {"L206": "web", "V103": "web", "G104": "ads", "G103": "ads"}


def test_fingerprints_do_not_depend_on_line_or_wording() -> None:
    """A baseline survives a reformatted file."""
    bad = {EVENT: {"x-contract": {"owner": "wbe"}}}
    (one,) = cases.report(bad).findings
    files = cases.tree(bad).files
    (other,) = cases.lint(
        cases.MemoryTree({**files, EVENT: files[EVENT].replace("\n", "\n\n")}), today=cases.TODAY
    ).findings
    assert one.place.line != other.place.line
    assert one.fingerprint == other.fingerprint


def test_a_passed_sunset_is_found_on_the_day_after() -> None:
    """The last day still counts."""
    patch = meta(SOCIAL, status="deprecated", sunset="2026-11-21", replaced_by="/utm/newsletter/v1")
    assert codes(patch, date(2026, 11, 21))[0] == set()
    assert codes(patch, date(2026, 11, 22))[0] == {"L215"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"all": [ORDERED, PLAN]}, {"all": [PLAN, ORDERED]}, True),
        ({"all": [ORDERED], "window": "3d"}, {"all": [ORDERED], "window": "72h"}, True),
        ({"all": [ORDERED], "window": "3d"}, {"all": [{**ORDERED, "within": "3d"}], "window": "9d"}, True),
        ({"all": [{**ORDERED, "at_least": 1}]}, {"any": [ORDERED]}, True),
        ({"all": [PLAN]}, {"all": [{**PLAN, "op": "in", "value": ["plus"]}]}, True),
        ({"all": [{**PLAN, "op": "in", "value": ["free", "plus"]}]}, {"all": [{**PLAN, "op": "in", "value": ["plus", "free"]}]}, True),
        ({"all": [PLAN, PLAN]}, {"all": [PLAN]}, True),
        ({"all": [ORDERED], "none": [{"segment": "/segments/x/v1"}]}, {"all": [ORDERED], "exclusions": ["/segments/x/v1"]}, True),
        ({"all": [ORDERED], "window": "3d"}, {"all": [ORDERED], "window": "4d"}, False),
        ({"all": [ORDERED]}, {"none": [ORDERED]}, False),
        ({"all": [ORDERED, PLAN]}, {"any": [ORDERED, PLAN]}, False),
        ({"all": [{**ORDERED, "at_least": 2}]}, {"all": [ORDERED]}, False),
        ({"all": [PLAN]}, {"all": [{**PLAN, "op": "ne"}]}, False),
        ({"all": [PLAN]}, {"all": [{**PLAN, "value": "free"}]}, False),
        ({"all": [ORDERED]}, {"all": [{**ORDERED, "where": [{"property": "coupon", "op": "exists"}]}]}, False),
    ],
)  # fmt: skip
def test_segments_are_the_same_audience_when_they_say_the_same(one, other, same) -> None:
    """Order, spelling and units of conditions make no difference; anything else does."""
    from canonry.catalogue.documents.contract import Definition
    from canonry.lint.rules.audiences import canonical

    def text(parts):
        parts = {"entity": "/traits/user/v1", "window": "30d", **parts}
        exclusions = parts.pop("exclusions", [])
        return canonical(Definition.model_validate(parts), exclusions)

    assert (text(one) == text(other)) is same

"""Changes to a contract that must turn each proof red, with a witness that codec and engine confirm."""

import copy

import pytest
from tests.unit.naming import tables

from canonry.naming.channels import Channels
from canonry.naming.codec import Codec, split, unquote
from canonry.naming.languages import integers
from canonry.naming.proofs import Broken, Proved, Undecided, across, channel, fit, macros, prove, round_trip

SOCIAL, EMAIL, AD, OBJECT = "/utm/paid_social/v1", "/utm/email/v1", "/creatives/ad/v1", "/objects/meta_ad/v1"


def changed(identifier, change, **given):
    """A model of the small registry in which `change` was applied to one contract."""
    contracts = copy.deepcopy(tables.CONTRACTS)
    change(contracts[identifier]["x-contract"], contracts[identifier]["properties"], contracts[identifier])
    return tables.model(contracts, **given)


def broken(proofs):
    return [proof for proof in proofs if isinstance(proof.verdict, Broken)]


def test_the_small_registry_holds():
    """Every proof is there, and proved."""
    proofs = list(prove(tables.model()))
    assert {proof.kind for proof in proofs} == {"round-trip", "channel", "fit", "macro"}
    assert all(isinstance(proof.verdict, Proved) for proof in proofs)


def test_a_free_word_that_may_hold_shop_breaks_the_channel():
    """`spring_shop_launch`: the campaign alone makes it Organic Shopping, whatever the medium."""
    model = changed(EMAIL, lambda x, properties, d: properties["slug"].pop("not"))
    [proof] = broken(channel(model, EMAIL))
    witness = proof.verdict.witness
    assert witness["channel"] in ("Organic Shopping", "Cross-network") and witness["declared"] == "Email"
    params = {key: unquote(value) for key, value in split(witness["link"])[1]}
    codec = Codec(model.table)
    assert codec.read_params(params)["status"] == "right"
    values = (params["utm_source"], params["utm_medium"], params["utm_campaign"])
    assert Channels(codec).decide(*values)["channel"] == witness["channel"]


def test_a_source_that_ga4_does_not_know_breaks_the_channel():
    """`meta / paid_social` is Paid Other."""
    vocabularies = copy.deepcopy(tables.VOCABULARIES)
    vocabularies["social"]["words"]["meta"] = {}
    model = tables.model(vocabularies=vocabularies)
    [proof] = broken(channel(model, SOCIAL))
    assert proof.verdict.witness["utm_source"] == "meta" and proof.verdict.witness["channel"] == "Paid Other"


def test_a_field_in_source_and_campaign_is_one_field():
    """No false alarm: the source that would go astray never stands beside the campaign that makes it so."""

    def change(extra, properties, document):
        extra["templates"]["utm_campaign"] = "{source}-sale"
        extra["templates"]["utm_source"] = "{source}"
        extra["channel"] = "Organic Social"
        properties |= {"source": {"enum": ["facebook", "amazon"]}}
        del properties["slug"], properties["send"]
        document["required"] = ["source"]
        extra["templates"]["utm_medium"] = "social"
        extra["allowed_combinations"] = [{"fields": ["source", "stage"], "rows": [["facebook", "*"]]}]

    contracts = copy.deepcopy(tables.CONTRACTS)
    contract = contracts[EMAIL]
    change(contract["x-contract"], contract["properties"], contract)
    assert broken(channel(tables.model(contracts), EMAIL)) == []
    contract["x-contract"]["allowed_combinations"] = []
    [proof] = broken(channel(tables.model(contracts), EMAIL))
    assert proof.verdict.witness["utm_campaign"] == "amazon-sale"


def test_a_company_channel_that_no_group_has_is_broken():
    """A declared custom channel must exist, and take every link."""
    model = changed(EMAIL, lambda x, p, d: x.update(custom_channel="Mailings"))
    assert [proof.topic for proof in broken(channel(model, EMAIL))] == ["no-such-channel"]
    rule = {"channel": "Mailings", "when": {"field": "source", "op": "exact", "value": "newsletter"}}
    groups = {"own": {"label": "Own", "effective": "2026-01-01", "rules": [rule]}}
    model = changed(EMAIL, lambda x, p, d: x.update(custom_channel="Mailings"), groups=groups)
    assert broken(channel(model, EMAIL)) == []


def test_two_readings_of_one_name_break_the_round_trip():
    """Both sets of fields build the witness."""

    def change(extra, properties, document):
        extra["templates"]["name"] = "{format}-{concept}_v{version}"
        properties["format"] = {"enum": ["video", "video-long"]}

    model = changed(AD, change)
    [proof] = broken(round_trip(model, AD))
    witness = proof.verdict.witness
    codec = Codec(model.table)
    assert {codec.build(AD, reading)["name"] for reading in witness["readings"]} == {witness["name"]}
    assert len(codec.read_name("creatives", witness["name"])["readings"]) == 2


def test_an_ambiguous_parameter_may_be_settled_by_another():
    """The campaign alone has two readings; beside the id, which says the same again, it has one."""

    def change(extra, properties, document):
        extra["templates"] = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "{a}-{b}"}
        properties.clear()
        properties |= {"a": {"enum": ["x", "x-y"]}, "b": {"enum": ["y-z", "z"]}}
        document["required"] = ["a", "b"]

    model = changed(EMAIL, change)
    [proof] = broken(round_trip(model, EMAIL))
    assert proof.verdict.witness["params"]["utm_campaign"] == "x-y-z"

    def settled(extra, properties, document):
        change(extra, properties, document)
        extra["templates"]["utm_id"] = "{b}"

    assert broken(round_trip(changed(EMAIL, settled), EMAIL)) == []


def test_a_field_that_nothing_writes_is_lost():
    """Two sets of fields, one name."""
    model = changed(AD, lambda x, properties, d: properties.update(note={"enum": ["a", "b"]}))
    assert [proof.topic for proof in broken(round_trip(model, AD))] == ["field-unwritten"]


def test_the_absent_mark_as_a_value_breaks_the_round_trip():
    """`xx` may be a word, or no word."""

    def change(extra, properties, document):
        extra["templates"]["name"] = "{format}_{concept}_v{version}"
        document["required"].remove("concept")

    [proof] = broken(round_trip(changed(AD, change), AD))
    assert "_xx_" in proof.verdict.witness["name"]


def test_two_contracts_that_share_a_platform_may_share_no_name():
    """The witness is read by both; on separate platforms it does not matter."""
    contracts = {AD: tables.AD, "/creatives/clip/v1": copy.deepcopy(tables.AD)}
    contracts["/creatives/clip/v1"]["properties"]["concept"]["maxLength"] = 3
    model = tables.model(contracts)
    [proof] = broken(across(model, AD, "/creatives/clip/v1"))
    codec = Codec(model.table)
    for identifier in contracts:
        assert codec.read_name("creatives", proof.verdict.witness["name"], identifier)["status"] == "right"
    contracts["/creatives/clip/v1"]["x-contract"]["platforms"] = ["google_ads"]
    assert [p for p in prove(tables.model(contracts)) if p.kind == "across"] == []


def test_links_overlap_only_if_every_parameter_does():
    """A parameter that one of them lacks tells them apart, unless it may be left out."""
    twin = copy.deepcopy(tables.EMAIL)
    contracts = {EMAIL: tables.EMAIL, "/utm/mail/v1": twin}
    [proof] = broken(across(tables.model(contracts), EMAIL, "/utm/mail/v1"))
    assert proof.verdict.witness["params"].keys() == {"utm_source", "utm_medium", "utm_campaign"}
    twin["x-contract"]["templates"]["utm_content"] = "mail"
    assert broken(across(tables.model(contracts), EMAIL, "/utm/mail/v1")) == []


def test_a_creative_fits_the_thing_that_platforms_call_so():
    """It has no level of its own; the limit of the level of its name holds."""
    platforms = copy.deepcopy(tables.PLATFORMS)
    platforms["meta"]["levels"] = {"ad": {"name": {"max": 10, "unit": "chars"}}}
    contracts = copy.deepcopy(tables.CONTRACTS)
    contracts[AD]["x-contract"]["platforms"] = ["meta"]
    found = broken(fit(tables.model(contracts, platforms=platforms), AD))
    assert [proof.topic for proof in found] == ["length"]


def test_a_macro_that_both_have_tells_nothing_apart():
    """However many texts it stands for, it is no reason not to decide; the witness fills it in."""
    free = {"type": "string", "pattern": "^[a-z-]+$", "maxLength": 12}
    macro = {"static": "{slug}", "meta": {"macro": "{{ad.id}}", "pattern": "^[0-9a-z_]{1,60}$"}}
    first, second = copy.deepcopy(tables.EMAIL), copy.deepcopy(tables.EMAIL)
    for document, campaign in ((first, "{a}_{b}_{slug}"), (second, "{b}_{a}_{slug}")):
        document["x-contract"] |= {"platforms": ["meta"]}
        document["x-contract"]["templates"] |= {"utm_campaign": campaign, "utm_content": macro}
        del document["x-contract"]["templates"]["utm_term"]
        document["properties"] = {"a": free, "b": free, "slug": free}
        document["required"] = ["a", "b", "slug"]
    second["$id"] = "/utm/email/v2"
    contracts = {EMAIL: first, "/utm/email/v2": second}
    [proof] = broken(across(tables.model(contracts), EMAIL, "/utm/email/v2"))
    witness = proof.verdict.witness
    assert witness["params"]["utm_content"]
    one, two = (witness["readings"][each] for each in contracts)
    assert (one["a"], one["b"]) == (two["b"], two["a"])
    assert one["a"] != one["b"]


def test_a_field_of_two_types_is_left_out():
    """No template writes it, and whoever compiles the table is told so."""

    def change(extra, properties, document):
        properties["slug"] = {"type": ["string", "integer"]}

    table = changed(EMAIL, change).table
    assert "one type" in table["skipped"][EMAIL]


@pytest.mark.parametrize(
    "slug",
    [
        7,
        [],
        {"type": "string", "pattern": 5},
        {"type": 5},
        {"enum": "x"},
        {"type": "string", "maxLength": "9"},
        {"type": "string", "not": {"pattern": []}},
        {"type": "string", "x-unit": {}},
        {"x-name-of": 7},
    ],
)
def test_what_is_no_json_schema_is_left_out(slug):
    """Links are built without lint having looked before."""

    def change(extra, properties, document):
        properties["slug"] = slug

    table = changed(EMAIL, change).table
    assert EMAIL in table["skipped"]


def test_two_majors_may_read_a_link_alike():
    """A new major with the same template breaks nothing; one that reads the same text otherwise does."""
    second = copy.deepcopy(tables.AD)
    contracts = {AD: tables.AD, "/creatives/ad/v2": second}
    assert broken(across(tables.model(contracts), AD, "/creatives/ad/v2")) == []
    second["x-contract"]["templates"]["name"] = "{concept}_{format}_v{version}"
    [proof] = broken(across(tables.model(contracts), AD, "/creatives/ad/v2"))
    first, other = proof.verdict.witness["readings"].values()
    assert first != other


def test_a_name_that_is_too_long_breaks_the_fit():
    """The longest name, in the platform's unit; without any bound, some name that is too long."""
    model = changed(AD, lambda x, properties, d: properties["concept"].update(maxLength=60))
    [proof] = broken(fit(model, OBJECT))
    assert proof.verdict.witness["length"] == len(proof.verdict.witness["name"]) > 60
    assert Codec(model.table).read_name("objects", proof.verdict.witness["name"], OBJECT)["status"] == "right"
    model = changed(AD, lambda x, properties, d: properties["concept"].pop("maxLength"))
    [proof] = broken(fit(model, OBJECT))
    assert len(proof.verdict.witness["name"]) > 60


def test_a_value_that_ga4_may_cut_is_a_warning():
    """100 characters are sure; the whole address has 1,000."""
    model = changed(SOCIAL, lambda x, properties, d: properties["slug"].update(maxLength=90))
    [proof] = broken(fit(model, SOCIAL))
    assert proof.warning and proof.topic == "value" and proof.pointer.endswith("/utm_campaign")
    model = changed(SOCIAL, lambda x, properties, d: properties["slug"].update(maxLength=900))
    assert {p.topic for p in broken(fit(model, SOCIAL))} == {"value", "address"}


def test_a_macro_without_bound_is_undecided():
    """Nobody knows how long the link becomes; that is not rounded to fine."""

    def change(extra, properties, document):
        extra["templates"]["utm_id"]["meta"]["pattern"] = "^[0-9]+$"

    proofs = list(fit(changed(SOCIAL, change), SOCIAL))
    assert {p.topic for p in proofs if isinstance(p.verdict, Undecided)} == {"value", "address"}


@pytest.mark.parametrize(
    ("macro", "said"),
    [
        ({"macro": "__CID_NAME__", "expands": OBJECT}, "macro of tiktok, not of Meta"),
        ({"macro": "{{ad.format}}", "pattern": "^[a-z]+$"}, "looks like a macro"),
        ({"macro": "{{user.email}}", "pattern": "^[a-z]+$"}, "personal data"),
        ({"macro": "{{ad.nam}}", "expands": OBJECT}, "has no macro"),
        ({"macro": "{{campaign.id}}", "pattern": "^[0-9]{1,19}$"}, "may become '00000000000000000000'"),
        ({"macro": "{{ad.name}}", "expands": "/objects/nothing/v1"}, "is not there"),
        ({"macro": "{{ad.name}}", "expands": EMAIL}, "no contract of names"),
    ],
)
def test_a_wrong_macro_is_broken(macro, said):
    """Another platform's, none at all, personal data, or not what the form says it becomes."""
    model = changed(SOCIAL, lambda x, p, d: x["templates"]["utm_content"].update(meta=macro))
    [proof] = broken(macros(model, SOCIAL))
    assert said in proof.verdict.message and proof.pointer == "/x-contract/templates/utm_content/meta"


def test_what_is_too_hard_says_so():
    """A field that stands twice, with more values than can be tried, is undecided where it matters."""

    def change(extra, properties, document):
        extra["templates"]["name"] = "{creative}_{creative}"
        del properties["market"]

    model = changed(OBJECT, change)
    model.platforms["meta"] = tables.PLATFORMS["meta"] | {
        "levels": {"ad": {"reserved_prefixes": ["video_a_v1_image"]}}
    }
    assert isinstance(next(iter(fit(model, OBJECT))).verdict, Undecided)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 0), (7, 5), (1, 99), (0, 12_345), (95, 40_321), (-3000, 7), (10**6, 10**7)]
)
def test_whole_numbers_have_an_exact_language(low, high):
    """No leading zeros, no minus zero, nothing beyond the bounds."""
    language = integers(low, high)
    assert language.count() == max(0, high - low + 1)
    for number in {low - 1, low, low + 1, (low + high) // 2, high, high + 1, 0, -1, 1}:
        assert language.accepts(str(number)) == (low <= number <= high)
    assert not language.accepts("-0") and not language.accepts("007")

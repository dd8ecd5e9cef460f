"""Corners of the codec, the table, links and proofs that the usual cases do not reach."""

import copy

import pytest
from tests.unit.naming import tables

from canonry.naming import automata
from canonry.naming.channels import Channels
from canonry.naming.links import Reader, sentence
from canonry.naming.proofs import Broken, Proved, Undecided, across, channel, fit, round_trip
from canonry.naming.url import read

X = "/creatives/x/v1"
WORDS = {"type": "string", "pattern": tables.SLUG, "maxLength": 10}
FORMAT = {"$ref": "/vocabularies/format"}
STAGE = {"$ref": "/vocabularies/stage"}


def one(template, properties, **extra):
    """A codec with one contract of names."""
    return tables.codec({X: tables.contract({"name": template}, properties, **extra)})


def build(codec, **fields):
    return codec.build(X, fields)


# what cannot be compiled


@pytest.mark.parametrize(
    ("template", "schema", "said"),
    [
        ("{a}", {"type": "string", "pattern": "(", "maxLength": 3}, "pattern"),
        ("{a}", {"type": "string", "pattern": "^[a-z]{2001}b{2001}$"}, "too many states"),
        ("{a}", {"$ref": "/vocabularies/nothing"}, "no vocabulary nothing"),
        ("{a}", {"$ref": "/common/nothing/v1"}, "not in the catalogue"),
        ("{a}", {"$ref": "#/$defs/nothing"}, "not in the catalogue"),
        ("{a}", {"type": "string", "not": True}, "'not' must hold"),
        ("{b}", {"const": "x"}, "{b} is no property"),
        ("{a:yyyymm}", {"const": "x"}, "does not fit"),
        ("{a}", {"$ref": "/common/month/v1"}, "does not fit"),
        ("x", {"const": "x"}, "no template writes a"),
        ("{a", {"const": "x"}, "never closed"),
    ],
)
def test_what_cannot_be_compiled_says_why(template, schema, said):
    """The reason stands in the table; the other contracts do."""
    contracts = {X: tables.contract({"name": template}, {"a": schema}), "/utm/email/v1": tables.EMAIL}
    table = tables.table(contracts)
    assert said in table["skipped"][X] and "/utm/email/v1" in table["contracts"]


def test_contracts_without_a_usable_template_are_left_out():
    """No template, another key than name, combinations that name nothing, retired contracts, other kinds."""
    good = tables.contract({"name": "{a}"}, {"a": {"const": "x"}})
    wrong = {
        "/creatives/none/v1": tables.contract({}, {}),
        "/creatives/key/v1": tables.contract({"title": "{a}"}, {"a": {"const": "x"}}),
        "/creatives/mix/v1": tables.contract(
            {"name": "{a}"},
            {"a": {"const": "x"}},
            allowed_combinations=[{"fields": ["a", "b"], "rows": [["x", "y"]]}],
        ),
        "/creatives/gone/v1": good | {"x-contract": good["x-contract"] | {"status": "retired"}},
        "/events/a/v1": good,
    }
    table = tables.table(wrong | {X: good})
    assert set(table["contracts"]) == {X}
    assert set(table["skipped"]) == {"/creatives/none/v1", "/creatives/key/v1", "/creatives/mix/v1"}


def test_names_in_a_circle_are_left_out():
    """A name of a name of itself has no end."""
    holder = tables.contract({"name": "{n}"}, {"n": {"type": "string", "x-name-of": "/creatives/b/v1"}})
    other = tables.contract({"name": "{n}"}, {"n": {"type": "string", "x-name-of": "/creatives/a/v1"}})
    table = tables.table({"/creatives/a/v1": holder, "/creatives/b/v1": other, X: holder})
    assert set(table["skipped"]) == {"/creatives/a/v1", "/creatives/b/v1", X} and table["contracts"] == {}


def test_an_automaton_may_be_too_large():
    """Tables stay small."""
    with pytest.raises(automata.AutomatonTooLarge):
        automata.compiled_patterns(["^[a-z]{2500}$"])


def test_a_macro_pattern_that_cannot_be_read_is_noted():
    """The platform is still there; unexpanded macros are found by their names alone."""
    platforms = {"odd": {"label": "Odd", "category": "ads", "macro_pattern": r"(?=x)\1"}}
    assert tables.table(platforms=platforms)["platforms"]["odd"]["macro_pattern_unread"] is True


# values


def test_numbers_are_written_without_zeros_and_read_strictly():
    """A spreadsheet's 7.0 is 7; 007 is set right; nothing else is a number."""
    codec = one("{n}-{m}", {"n": {"type": "integer", "minimum": -5, "maximum": 99}, "m": {"const": 3}})
    assert build(codec, n=7.0, m=3)["name"] == build(codec, n="007", m="3")["name"] == "7-3"
    assert build(codec, n=-5)["name"] == "-5-3"
    for wrong in ("1e3", "٣", "-0", "100", "", "x", "7" * 40):
        assert not build(codec, n=wrong or "-")["ok"]
    assert codec.read_name("creatives", "07-3")["status"] == "readable"


def test_words_may_have_capitals():
    """A registry's own spelling is canonical; the folded one is read."""
    codec = one("{a}", {"a": {"enum": ["iOS", "web"]}})
    assert build(codec, a="ios")["name"] == "iOS"
    answer = codec.read_name("creatives", "IOS")
    assert (answer["status"], answer["right"]) == ("readable", "iOS")


def test_a_nested_name_is_read_loosely_too():
    """Other spellings inside a name are set right as a whole, unless a word of it has no successor."""
    contracts = copy.deepcopy(tables.CONTRACTS)
    codec = tables.codec(contracts)
    built = codec.build("/utm/paid_social/v1", tables.SOCIAL | {"creative": "VIDEO_sale_v03"})
    assert dict(built["params"])["utm_content"] == "video_sale_v3" and built["notes"][0]["reason"] == "name"
    nested = tables.contract({"name": "{m}_{s}"}, {"m": {"$ref": "/vocabularies/market"}, "s": STAGE})
    vocabularies = copy.deepcopy(tables.VOCABULARIES)
    del vocabularies["market"]["words"]["su"]["replaced_by"]
    codec = tables.codec(
        {
            X: tables.contract({"name": "{n}_z"}, {"n": {"type": "string", "x-name-of": "/creatives/y/v1"}}),
            "/creatives/y/v1": nested,
        },
        vocabularies=vocabularies,
    )
    assert codec.read_name("creatives", "UK_tof_z", X)["right"] == "gb_tof_z"
    assert codec.read_name("creatives", "su_tof_z", X)["right"] is None


def test_a_name_may_be_bounded():
    """`maxLength` beside `x-name-of` leaves fewer names."""
    nested = tables.contract({"name": "{a}"}, {"a": WORDS})
    outer = tables.contract(
        {"name": "{n}_x"}, {"n": {"type": "string", "x-name-of": "/creatives/y/v1", "maxLength": 3}}
    )
    contracts = {X: outer, "/creatives/y/v1": nested}
    model = tables.model(contracts)
    assert model.names(X).max_length() == 5
    codec = tables.codec(contracts)
    assert codec.build(X, {"n": "abc"})["ok"] and not codec.build(X, {"n": "abcd"})["ok"]


def test_the_absent_mark_is_no_value():
    """A free optional field outside brackets cannot be called xx."""
    codec = one("{a}_{b}", {"a": FORMAT, "b": WORDS}, optional=("b",))
    assert [p["reason"] for p in build(codec, a="text", b="xx")["problems"]] == ["absent-mark"]


def test_a_field_that_stands_twice_has_one_value():
    """In one template and across parameters."""
    codec = one("{a}_{b}_{a}", {"a": FORMAT, "b": WORDS})
    assert build(codec, a="text", b="x")["name"] == "text_x_text"
    assert codec.read_name("creatives", "text_x_text")["status"] == "right"
    assert codec.read_name("creatives", "text_x_video")["status"] == "rejected"


def test_readings_of_an_ambiguous_name_are_listed_and_bounded():
    """Nobody gets a thousand of them."""
    codec = one(
        "{a}-{b}",
        {"a": {"type": "string", "pattern": "^[a-]+$"}, "b": {"type": "string", "pattern": "^[a-]+$"}},
    )
    answer = codec.read_name("creatives", "a-a-a")
    assert len(answer["readings"]) == 2
    assert len(codec.read_name("creatives", "-".join("a" * 50))["readings"]) == 8
    assert codec.read_name("creatives", "-" * 300 + "b")["status"] == "rejected"


def test_memory_stays_flat():
    """Twenty thousand spellings are remembered, and then others."""
    codec = tables.codec()
    field = codec.contract("/utm/paid_social/v1").fields["slug"]
    linker = codec.linker("/utm/paid_social/v1")
    reader = Reader(codec)
    for number in range(20_050):
        fields = tables.SOCIAL | {"slug": f"s{number}"}
        url = linker.link("https://www.example.com/a", fields)[0]
        assert reader.read(url)["status"] == "right"
        if number % 50 == 0:
            codec.build("/utm/paid_social/v1", fields)
            codec.read_params({"utm_source": f"x{number}", "utm_medium": "email"})
    assert len(field.memory) <= 20_001
    template = codec.contract("/utm/paid_social/v1").form().templates["utm_campaign"]
    for number in range(2_500):
        template.read(f"acme_gb_s{number}_202611_k7m2pk")
    assert len(template._memory) <= 2_001


# links by the thousand


def test_the_quick_builder_answers_as_the_slow_one():
    """Options, combinations, problems, notes, and base addresses that need care."""
    document = copy.deepcopy(tables.EMAIL)
    document["x-contract"] |= {
        "templates": {
            "utm_source": "newsletter",
            "utm_medium": "email",
            "utm_campaign": "{slug}[_{stage}_{format}]",
        },
        "allowed_combinations": [{"fields": ["stage", "format"], "rows": [["tof", "video"], ["xx", "xx"]]}],
    }
    document["properties"] = {"slug": WORDS, "stage": STAGE, "format": FORMAT}
    document["required"] = ["slug"]
    codec = tables.codec({"/utm/email/v1": document})
    linker = codec.linker("/utm/email/v1")
    base = "https://www.example.com/a"
    cases = [
        {"slug": "a"},
        {"slug": "a", "stage": "tof", "format": "video"},
        {"slug": "a", "stage": "bof", "format": "video"},
        {"slug": "a", "stage": "tof"},
        {"slug": "A"},
        {"slug": ""},
        {"slug": 7},
        {"slug": "a", "colour": "red"},
    ]
    for fields in cases * 2:
        built = codec.build("/utm/email/v1", fields)
        url, notes, problems = linker.link(base, fields)
        assert (notes, problems) == (built["notes"], built["problems"])
        assert (url is None) == (not built["ok"])
    assert linker.link(base + "?x=1#top", {"slug": "a"})[0].endswith(
        "a?x=1&utm_source=newsletter&utm_medium=email&utm_campaign=a#top"
    )
    with pytest.raises(ValueError, match="utm_source"):
        linker.link(base + "?utm_source=b", {"slug": "a"})


def test_links_that_no_expression_reads_go_the_long_way():
    """A field that may hold what stands behind it; several options in one parameter."""
    for campaign in ("{a}-{b}", "{a}[_{b}]", "{a}[_{b}]_x"):
        document = tables.contract(
            {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": campaign},
            {"a": {"enum": ["x", "y-z"]}, "b": {"enum": ["u", "v"]}},
            optional=("b",) if "[" in campaign else (),
            channel="Email",
        )
        reader = Reader(tables.codec({"/utm/email/v1": document}))
        text = campaign.replace("{a}", "x").replace("{b}", "u").replace("[", "").replace("]", "")
        url = f"https://www.example.com/a?utm_source=newsletter&utm_medium=email&utm_campaign={text}"
        report = reader.read(url)
        assert (
            report["status"] == "right" and report["fields"] == {"a": "x", "b": "u"} and not report["issues"]
        )


# links


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("[a link](https://e.com/?utm_source=x&utm_medium=y)", "link-wrapped"),
        ("https://e.com/\\?utm_source\\=x\\&utm_medium\\=y", "link-wrapped"),
        ("https://e.com/#utm_source=x&utm_medium=y", "link-query-in-fragment"),
        ("https://e.com/#top&utm_source=x", "link-query-in-fragment"),
        ("https://e.com/a%3Futm_source=x&utm_medium=y", "link-question-marks"),
        ("https://e.com/a&utm_source=x&utm_medium=y", "link-question-marks"),
        ("ftp://e.com/?utm_source=x", "link-scheme"),
        ("//e.com/?utm_source=x", "link-scheme"),
        ("https://e.com/a b?utm_source=x", "link-space"),
        ("https://xn--exmple-cua.com/?utm_source=x", "link-host-foreign-letters"),
        ("https://e.com/?a=1&amp;amp;utm_source=x", "link-ampersand-escaped"),
        ("https://e.com/?utm_source=a%2520b", "link-encoding"),
        ("https://e.com/?utm_source=%E9", "link-encoding"),
        ("https://e.com/?amp;utm_source=x", None),
    ],
)
def test_every_way_of_breaking_a_link_is_seen(text, name):
    """And repaired as far as it can be."""
    link = read(text, {"utm_source", "utm_medium"})
    assert name is None or name in [issue.name for issue in link.issues]
    if name != "link-encoding":
        assert ("utm_source", "x") in link.params


def test_an_address_inside_of_an_address_has_a_query_of_its_own():
    """Where somebody is sent after logging in is no part of the link's own tags."""
    inner = "https%3A%2F%2Fe.com%2F%3Fa%3D1%26utm_source%3Dz"
    link = read(f"https://e.com/?next={inner}&utm_source=x", {"utm_source", "utm_medium"})
    assert link.issues == [] and ("utm_source", "x") in link.params
    link = read("https://e.com/?utm_medium=y%26utm_source=x", {"utm_source", "utm_medium"})
    assert [issue.name for issue in link.issues] == ["link-ampersand-escaped"]


def test_hosts_and_macros_of_others():
    """A payment host as a landing page; a macro of another platform; one that nobody knows."""
    platforms = tables.PLATFORMS | {
        "braze": {"label": "Braze", "category": "email", "macros": [{"macro": "{{canvas}}"}]}
    }
    reader = Reader(tables.codec(platforms=platforms))
    tail = "utm_medium=paid_social&utm_campaign=acme_gb_x_202611_k7m2pk&utm_id=k7m2pk"
    report = reader.read(f"https://eu.pay.example/?utm_source=facebook&utm_content={{{{canvas}}}}&{tail}")
    said = [issue["message"] for issue in report["issues"]]
    assert any("takes payments" in each for each in said) and any("macro of Braze" in each for each in said)
    report = reader.read(f"https://www.example.com/?utm_source=facebook&utm_content={{{{ad.nam}}}}&{tail}")
    assert any("no macro that is known" in issue["message"] for issue in report["issues"])


def test_every_reason_is_said_in_words():
    """No reason of the codec is left without a sentence of its own."""
    codec = one("{a}_{b}", {"a": FORMAT, "b": WORDS})
    said = [sentence(problem, X) for problem in build(codec, colour="red")["problems"]]
    assert said[0].startswith("colour is no field") and "missing" in said[1]
    [extra] = codec.read_name("creatives", "text_x_y")["rejections"]
    assert sentence(extra).endswith("one word too many; the template is {a}_{b}")


# channels


def test_conditions_of_every_kind_are_decided_and_proved():
    """Negations, alternatives and beginnings, over campaigns too."""
    when = {
        "not": {
            "any": [
                {"field": "campaign", "op": "begins_with", "value": "Sale"},
                {"field": "campaign", "op": "ends_with", "value": "-x"},
                {"field": "source", "op": "is_null"},
            ]
        }
    }
    rules = [
        {"channel": "Rest", "when": when},
        {"channel": "Sale", "when": {"field": "medium", "op": "exact", "value": "email"}},
    ]
    groups = {"own": {"label": "Own", "effective": "2026-01-01", "rules": rules}}
    engine = Channels(tables.codec(groups=groups))
    assert engine.decide("n", "email", "spring", "own")["channel"] == "Rest"
    assert engine.decide("n", "email", "SALE-1", "own")["channel"] == "Sale"
    assert engine.usual("n", "email") is None
    document = copy.deepcopy(tables.EMAIL)
    document["x-contract"]["custom_channel"] = "Rest"
    [proof] = [
        p
        for p in channel(tables.model({"/utm/email/v1": document}, groups=groups), "/utm/email/v1")
        if p.topic == "own"
    ]
    assert isinstance(proof.verdict, Broken) and proof.verdict.witness["utm_campaign"].startswith("sale")


def test_a_group_with_a_test_that_nobody_knows_is_undecided():
    """What an engine cannot read is not rounded to fine."""
    rules = [{"channel": "Odd", "when": {"field": "medium", "op": "sounds_like", "value": "email"}}]
    groups = {"own": {"label": "Own", "effective": "2026-01-01", "rules": rules}}
    document = copy.deepcopy(tables.EMAIL)
    document["x-contract"]["custom_channel"] = "Odd"
    model = tables.model({"/utm/email/v1": document}, groups=groups)
    assert [type(p.verdict) for p in channel(model, "/utm/email/v1") if p.topic == "own"] == [Undecided]


def test_a_format_without_a_campaign_is_proved_too():
    """A missing value is none."""
    document = tables.contract({"utm_source": "newsletter", "utm_medium": "email"}, {}, channel="Email")
    assert [type(p.verdict) for p in channel(tables.model({"/utm/e/v1": document}), "/utm/e/v1")] == [Proved]


def test_a_macro_that_says_nothing_leaves_the_channel_undecided():
    """Nobody knows what the campaign becomes."""
    document = copy.deepcopy(tables.EMAIL)
    document["x-contract"]["templates"]["utm_campaign"] = {
        "static": "{slug}_{send:yyyymmdd}",
        "meta": {"macro": "{{x}}"},
    }
    kinds = {p.platform: type(p.verdict) for p in channel(tables.model({"/utm/e/v1": document}), "/utm/e/v1")}
    assert kinds["meta"] is Undecided


# proofs


def test_platform_rules_of_names():
    """Forbidden characters, reserved names and patterns that hold say so together."""
    document = tables.contract({"name": "{a}_{b}"}, {"a": FORMAT, "b": WORDS}, platforms=["meta"], level="ad")
    level = {"forbidden": "!", "reserved": ["x"], "reserved_prefixes": ["zz"], "pattern": "^[a-z0-9_-]+$"}
    platforms = {"meta": {"label": "Meta", "category": "ads", "levels": {"ad": level}}}
    [proof] = fit(tables.model({"/objects/x/v1": document}, platforms=platforms), "/objects/x/v1")
    assert isinstance(proof.verdict, Proved) and "no reserved name" in proof.verdict.statement
    level |= {"forbidden": "-", "reserved_prefixes": ["Video"], "pattern": "^[a-z_]+$"}
    broken = {
        p.topic: p.verdict
        for p in fit(tables.model({"/objects/x/v1": document}, platforms=platforms), "/objects/x/v1")
    }
    assert broken.keys() == {"forbidden", "reserved", "pattern"}
    assert broken["reserved"].witness["name"].startswith("video")


def test_a_link_that_is_pasted_must_fit_its_platform():
    """Macros count as they stand; a field without bound leaves it open."""
    platforms = copy.deepcopy(tables.PLATFORMS)
    platforms["meta"]["links"] = {"form": "params", "paste": "x", "max": 220}
    broken = [
        p
        for p in fit(tables.model(platforms=platforms), "/utm/paid_social/v1")
        if not isinstance(p.verdict, Proved)
    ]
    assert [(p.topic, p.platform) for p in broken] == [("pasted", "meta")]
    contracts = copy.deepcopy(tables.CONTRACTS)
    contracts["/utm/paid_social/v1"]["properties"]["slug"].pop("maxLength")
    topics = {
        p.topic: type(p.verdict)
        for p in fit(tables.model(contracts, platforms=platforms), "/utm/paid_social/v1")
    }
    assert topics == {"value": Broken, "address": Undecided, "pasted": Undecided}


def test_values_that_are_written_alike_break_the_round_trip():
    """1 and "1" are two values and one spelling."""
    model = tables.model({X: tables.contract({"name": "{a}"}, {"a": {"enum": [1, "1"]}})})
    assert "written-alike" in [p.topic for p in round_trip(model, X) if isinstance(p.verdict, Broken)]


def test_combinations_that_allow_nothing_are_undecided_and_not_fine():
    """No name, no proof."""
    document = tables.contract(
        {"name": "{a}_{b}"},
        {"a": FORMAT, "b": STAGE},
        platforms=["meta"],
        level="ad",
        allowed_combinations=[{"fields": ["a", "b"], "rows": [["nothing", "tof"]]}],
    )
    model = tables.model({"/objects/x/v1": document})
    assert [type(p.verdict) for p in fit(model, "/objects/x/v1")] == [Undecided]
    link = tables.contract(
        {"utm_source": "{a}", "utm_medium": "{b}"},
        {"a": FORMAT, "b": STAGE},
        allowed_combinations=[{"fields": ["a", "b"], "rows": [["nothing", "tof"]]}],
    )
    model = tables.model({"/utm/x/v1": link})
    assert {p.topic: type(p.verdict) for p in fit(model, "/utm/x/v1")}["address"] is Undecided


def test_majors_whose_fields_change_places_are_compared_value_by_value():
    """Equal on both sides: alike. With an option more: unlike where it is there."""
    left = tables.contract({"name": "{a}_{b}"}, {"a": {"enum": ["x"]}, "b": {"enum": ["x"]}})
    right = tables.contract({"name": "{b}_{a}"}, {"a": {"enum": ["x"]}, "b": {"enum": ["x"]}})
    assert [
        type(p.verdict)
        for p in across(tables.model({X: left, "/creatives/x/v2": right}), X, "/creatives/x/v2")
    ] == [Proved]
    more = tables.contract({"name": "{b}_{a}[_{c}]"}, {"a": WORDS, "b": WORDS, "c": STAGE}, optional=("c",))
    left = tables.contract({"name": "{a}_{b}[_{d}]"}, {"a": WORDS, "b": WORDS, "d": STAGE}, optional=("d",))
    verdicts = [
        p.verdict for p in across(tables.model({X: left, "/creatives/x/v2": more}), X, "/creatives/x/v2")
    ]
    assert not isinstance(verdicts[0], Proved)


def test_free_text_may_hold_the_separator_of_the_proof():
    """Then two links are compared no further, and nobody says they are apart."""
    free = {"type": "string", "pattern": "^.+$", "maxLength": 5}
    one_, two = (
        tables.contract({"utm_source": "{a}", "utm_medium": "{b}"}, {"a": free, "b": {"enum": [word, "z"]}})
        for word in ("x", "y")
    )
    [proof] = across(tables.model({"/utm/a/v1": one_, "/utm/b/v1": two}), "/utm/a/v1", "/utm/b/v1")
    assert isinstance(proof.verdict, Undecided)

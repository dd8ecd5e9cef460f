"""What the codec builds, reads and says."""

import json
import subprocess
import sys

import pytest
from tests.unit.naming import tables

from canonry.naming.codec import Codec, fold, join, nearest, quote, slug, split, unquote

SOCIAL = tables.SOCIAL
CAMPAIGN = "acme_gb_spring-sofa_202611_k7m2pk"


@pytest.fixture(scope="module")
def codec() -> Codec:
    """One codec over the small registry, from a table that went through JSON."""
    return Codec(json.loads(json.dumps(tables.table())))


def read(codec, **params):
    return codec.read_params({f"utm_{key}": value for key, value in params.items()})


def test_the_runtime_imports_nothing_but_itself():
    """Start-up counts: the folder loads no module that Python has not loaded anyway."""
    code = (
        "import sys; before = set(sys.modules); sys.path.insert(0, sys.argv[1]);"
        "import runtime.codec, runtime.channels, runtime.rejections;"
        "print(*sorted(m for m in set(sys.modules) - before if not m.startswith('runtime')))"
    )
    folder = str(tables_folder())
    done = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert done.stdout.split() in ([], ["__future__"])


def tables_folder():
    from canonry.naming import runtime

    return __import__("pathlib").Path(runtime.__file__).parent.parent


def test_a_static_form_is_built_in_the_order_of_the_link(codec):
    """An optional field outside brackets writes xx; const fields fill themselves in."""
    built = codec.build("/utm/paid_social/v1", SOCIAL)
    assert built["ok"] and not built["notes"]
    assert built["params"] == [
        ("utm_source", "facebook"),
        ("utm_medium", "paid_social"),
        ("utm_campaign", CAMPAIGN),
        ("utm_content", "xx"),
        ("utm_id", "k7m2pk"),
    ]


def test_a_platform_s_form_carries_its_macros_unencoded(codec):
    """Macros are named, so that whoever joins the link leaves them raw."""
    built = codec.build("/utm/paid_social/v1", SOCIAL, "meta")
    url = join("https://www.example.com/a#top", built["params"], built["macros"])
    assert built["macros"] == ["utm_content", "utm_id"]
    assert url == (
        f"https://www.example.com/a?utm_source=facebook&utm_medium=paid_social&utm_campaign={CAMPAIGN}"
        "&utm_content={{ad.name}}&utm_id={{campaign.id}}#top"
    )


def test_aliases_case_and_dates_are_set_right_with_a_note(codec):
    """What a person types need not be canonical; what is built is."""
    given = SOCIAL | {"source": "FB", "market": "UK", "flight": "202611"}
    built = codec.build("/utm/paid_social/v1", given)
    assert dict(built["params"])["utm_campaign"] == CAMPAIGN
    assert {(n["field"], n["reason"], n["right"]) for n in built["notes"]} == {
        ("source", "alias", "facebook"),
        ("market", "alias", "gb"),
        ("flight", "date-written", "2026-11"),
    }


@pytest.mark.parametrize(
    ("field", "value", "reason", "near"),
    [
        ("market", "gbb", "word-unknown", "gb"),
        ("market", "su", "word-retired", "de"),
        ("slug", "Spring Sofa", "value-invalid", "spring-sofa"),
        ("slug", "spring-shop", "value-invalid", None),
        ("slug", "x" * 31, "value-invalid", "x" * 30),
        ("flight", "2026-13", "date-invalid", None),
        ("campaign_id", "k7m2pp", "id-mistyped", None),
        ("campaign_id", "17m2pk", "id-invalid", None),
        ("creative", "xx", "name-invalid", None),
        ("creative", {"format": "video"}, "field-missing", None),
        ("colour", "red", "field-unknown", None),
        ("brand", "", "field-missing", None),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(codec, field, value, reason, near):
    """No link is built; the problem names the field, what was found and what is near."""
    built = codec.build("/utm/paid_social/v1", SOCIAL | {field: value})
    assert not built["ok"] and built["params"] == []
    [problem] = built["problems"]
    assert problem["reason"] == reason and problem["field"].partition(".")[0] == field
    assert problem["nearest"] == near


def test_a_deprecated_word_is_built_with_a_note(codec):
    """Deprecated words are accepted; the note names what replaces them."""
    built = codec.build("/utm/paid_social/v1", SOCIAL | {"market": "yu"})
    assert built["ok"] and built["notes"][0]["reason"] == "word-deprecated"
    assert built["notes"][0]["nearest"] == "gb"


def test_a_name_can_be_given_as_its_fields(codec):
    """An object in place of a nested name is built under the nested contract."""
    creative = {"format": "video", "concept": "sale", "version": 3}
    built = codec.build("/utm/paid_social/v1", SOCIAL | {"creative": creative})
    assert dict(built["params"])["utm_content"] == "video_sale_v3"


def test_reading_is_the_inverse_of_building(codec):
    """The status is right and the fields are those that were given."""
    built = codec.build("/utm/paid_social/v1", SOCIAL | {"creative": "video_sale_v3"})
    answer = codec.read_params(dict(built["params"]))
    assert answer["status"] == "right" and answer["format"] == "/utm/paid_social/v1"
    assert answer["fields"] == SOCIAL | {"medium": "paid_social", "creative": "video_sale_v3"}
    assert len(answer["readings"]) == 1


def test_a_filled_macro_is_read_as_a_name_of_what_it_expands_to(codec):
    """The platform's form is recognised by what the platform writes."""
    answer = read(
        codec,
        source="facebook",
        medium="paid_social",
        campaign=CAMPAIGN,
        content="video_sale_v3_de",
        id="1203",
    )
    assert answer["status"] == "right" and answer["platform"] == "meta"
    expanded = answer["expanded"]["utm_content"]
    assert expanded["format"] == "/objects/meta_ad/v1" and expanded["fields"]["market"] == "de"


def test_an_unexpanded_macro_is_recognised(codec):
    """A link as it is pasted into the platform reads under the platform's form."""
    built = codec.build("/utm/paid_social/v1", SOCIAL, "meta")
    answer = codec.read_params(dict(built["params"]))
    assert answer["status"] == "right" and answer["expanded"]["utm_id"] == {"macro": "{{campaign.id}}"}


def test_other_spellings_are_read_and_not_right(codec):
    """FB should be facebook: it is read, the notes say what is not canonical, `right` is the link."""
    answer = read(
        codec,
        source="FB",
        medium="Paid_Social",
        campaign="ACME_uk_spring-sofa_202611_k7m2pk",
        content="xx",
        id="k7m2pk",
    )
    assert answer["status"] == "readable"
    assert [(n["param"], n["found"], n["right"]) for n in answer["notes"]] == [
        ("utm_source", "FB", "facebook"),
        ("utm_medium", "Paid_Social", "paid_social"),
        ("utm_campaign", "ACME", "acme"),
        ("utm_campaign", "uk", "gb"),
    ]
    assert answer["right"]["utm_campaign"] == CAMPAIGN


def test_an_older_template_only_decodes(codec):
    """Parameters that it does not name may be missing; a link of today needs more than it has."""
    answer = read(codec, source="facebook", medium="paid_social", campaign="acme_spring")
    assert answer["status"] == "readable" and answer["fields"]["slug"] == "spring"
    assert [note["reason"] for note in answer["notes"]] == ["legacy"] and answer["right"] is None


def test_a_retired_word_is_read_and_its_successor_is_right(codec):
    """Retired words and aliases decode; only what replaces them is written."""
    answer = read(
        codec,
        source="facebook",
        medium="paid_social",
        campaign="acme_su_x_202611_k7m2pk",
        content="xx",
        id="k7m2pk",
    )
    assert answer["fields"]["market"] == "su" and answer["right"]["utm_campaign"] == "acme_de_x_202611_k7m2pk"


def test_a_rejection_names_token_word_expectation_and_nearest(codec):
    """Every wrong token is explained at its place; what is right is still read."""
    answer = read(
        codec,
        source="facebook",
        medium="paid_social",
        campaign="acme_gbb_x_202613_k7m2pp",
        content="xx",
        id="k7m2pk",
    )
    assert answer["status"] == "rejected" and answer["format"] == "/utm/paid_social/v1"
    assert [(r["param"], r["token"], r["field"], r["found"], r["nearest"]) for r in answer["rejections"]] == [
        ("utm_campaign", 2, "market", "gbb", "gb"),
        ("utm_campaign", 4, "flight", "202613", None),
        ("utm_campaign", 5, "campaign_id", "k7m2pp", None),
    ]
    assert answer["fields"]["brand"] == "acme" and answer["fields"]["slug"] == "x"


def test_a_missing_and_a_superfluous_token_are_told_apart(codec):
    """The alignment finds where the word is missing rather than calling every later one wrong."""
    missing = read(
        codec,
        source="facebook",
        medium="paid_social",
        campaign="acme_x_202611_k7m2pk",
        content="xx",
        id="k7m2pk",
    )
    assert [(r["reason"], r["field"]) for r in missing["rejections"]] == [("token-missing", "market")]
    extra = read(
        codec, source="facebook", medium="paid_social", campaign=CAMPAIGN + "_old", content="xx", id="k7m2pk"
    )
    assert [(r["reason"], r["found"]) for r in extra["rejections"]] == [("token-superfluous", "old")]


def test_parameters_that_contradict_each_other_are_named(codec):
    """The campaign's id stands twice; both must be one."""
    answer = read(
        codec, source="facebook", medium="paid_social", campaign=CAMPAIGN, content="xx", id="bbbbbc"
    )
    assert [r["reason"] for r in answer["rejections"]] == ["values-disagree"]


def test_a_foreign_parameter_is_a_note_and_not_part_of_the_right_link(codec):
    """A utm parameter that the format does not write."""
    params = dict(codec.build("/utm/paid_social/v1", SOCIAL)["params"]) | {"utm_term": "x"}
    answer = codec.read_params(params)
    assert answer["status"] == "readable" and answer["notes"][0]["reason"] == "parameter-foreign"
    assert "utm_term" not in answer["right"]


def test_an_optional_parameter_is_left_out_when_it_is_empty(codec):
    """`[{stage}]` writes nothing, so the parameter is not there."""
    fields = {"slug": "spring", "send": "2026-11-21"}
    assert dict(codec.build("/utm/email/v1", fields)["params"]).keys() == {
        "utm_source",
        "utm_medium",
        "utm_campaign",
    }
    with_stage = codec.build("/utm/email/v1", fields | {"stage": "tof"})
    assert dict(with_stage["params"])["utm_term"] == "tof"
    for built in (codec.build("/utm/email/v1", fields), with_stage):
        assert codec.read_params(dict(built["params"]))["status"] == "right"


def test_combinations_hold_in_both_directions():
    """A combination that no row allows is neither built nor read."""
    ad = tables.contract(
        {"name": "{format}_{stage}"},
        {"format": {"$ref": "/vocabularies/format"}, "stage": {"$ref": "/vocabularies/stage"}},
        allowed_combinations=[{"fields": ["format", "stage"], "rows": [["video", ["tof"]], ["text", "*"]]}],
    )
    codec = tables.codec({"/creatives/ad/v1": ad})
    assert codec.build("/creatives/ad/v1", {"format": "text", "stage": "bof"})["name"] == "text_bof"
    refused = codec.build("/creatives/ad/v1", {"format": "video", "stage": "bof"})
    assert [p["reason"] for p in refused["problems"]] == ["combination"]
    assert "stage tof" in refused["problems"][0]["expected"]
    answer = codec.read_name("creatives", "video_bof")
    assert [r["reason"] for r in answer["rejections"]] == ["combination"]
    holder = tables.contract(
        {"name": "{ad}_{market}"},
        {
            "ad": {"type": "string", "x-name-of": "/creatives/ad/v1"},
            "market": {"$ref": "/vocabularies/market"},
        },
    )
    codec = tables.codec({"/creatives/ad/v1": ad, "/objects/ad/v1": holder})
    answer = codec.read_name("objects", "video_bof_de")
    assert [(r["reason"], r["field"]) for r in answer["rejections"]] == [("combination", "stage")]


def test_a_name_inside_a_longer_name_may_hold_the_delimiter(codec):
    """`{creative}[_{market}]`: the optional part is found behind a name that is full of delimiters."""
    answer = codec.read_name("objects", "video_big-sale_v12_de")
    assert answer["fields"] == {"creative": "video_big-sale_v12", "market": "de"}
    assert codec.read_name("objects", "video_big-sale_v12")["fields"] == {"creative": "video_big-sale_v12"}


def test_parts_of_an_optional_group_come_together():
    """One of two fields of an option alone would be lost, so it is refused."""
    both = tables.contract(
        {"name": "{format}[_{stage}_{market}]"},
        {
            "format": {"$ref": "/vocabularies/format"},
            "stage": {"$ref": "/vocabularies/stage"},
            "market": {"$ref": "/vocabularies/market"},
        },
        optional=("stage", "market"),
    )
    codec = tables.codec({"/creatives/x/v1": both})
    assert codec.build("/creatives/x/v1", {"format": "text"})["name"] == "text"
    refused = codec.build("/creatives/x/v1", {"format": "text", "stage": "tof"})
    assert [p["reason"] for p in refused["problems"]] == ["fields-together"]


def test_what_cannot_be_compiled_is_named_and_left_out():
    """A broken contract costs itself, and those that rest on it."""
    broken = tables.contract(
        {"name": "{format}{stage}"}, {"format": {"$ref": "/vocabularies/format"}, "stage": {"type": "object"}}
    )
    table = tables.table(tables.CONTRACTS | {"/creatives/ad/v1": broken})
    assert set(table["skipped"]) == {"/creatives/ad/v1", "/utm/paid_social/v1", "/objects/meta_ad/v1"}
    assert set(table["contracts"]) == {"/utm/email/v1"}


def test_contracts_are_found_by_name_alias_platform_and_id(codec):
    """Nobody types a version or a kind."""
    assert codec.find("utm", "Paid Social") == ["/utm/paid_social/v1"]
    assert codec.find("utm", "psoc") == ["/utm/paid_social/v1"]
    assert codec.find("utm", "tiktok") == ["/utm/paid_social/v1"]
    assert codec.find("utm", "Facebook Ads") == ["/utm/paid_social/v1"]
    assert codec.find("utm", "/utm/email/v1") == ["/utm/email/v1"]
    assert codec.find("utm", "nothing") == []


def test_needs_lists_what_a_form_asks_for(codec):
    """Fields that only a macro stands for are not asked for on that platform."""
    assert "creative" in [each["field"] for each in codec.needs("/utm/paid_social/v1")]
    needed = {each["field"]: each for each in codec.needs("/utm/paid_social/v1", "meta")}
    assert "creative" not in needed and needed["medium"]["fixed"] == "paid_social"
    assert needed["market"]["choices"] == ["de", "gb", "yu"]


def test_the_same_sources_give_the_same_bytes():
    """The table is deterministic, whatever the order of the files."""
    turned = dict(reversed(tables.CONTRACTS.items()))
    assert json.dumps(tables.table(turned)) == json.dumps(tables.table())


def test_a_very_long_text_is_refused_quickly(codec):
    """No text makes reading slow."""
    text = "video_" + "a_" * 50_000
    assert codec.read_name("objects", text)["status"] == "rejected"


def test_query_strings():
    """Encoding, decoding, splitting and joining."""
    assert quote("a b/ü~{") == "a%20b%2F%C3%BC~%7B" and unquote("a%20b+c%C3%BC") == "a b cü"
    assert unquote("%zz") is None and unquote("%") is None and unquote("%ff") is None
    assert split("https://e.com/?a=1&&b=2#x") == ("https://e.com/", [("a", "1"), ("b", "2")], "#x")
    assert join("https://e.com/?a=1#x", [("b", "ü")]) == "https://e.com/?a=1&b=%C3%BC#x"
    assert join("https://e.com/?", [("b", "1")]) == "https://e.com/?b=1"
    assert join("https://e.com/", []) == "https://e.com/"
    with pytest.raises(ValueError, match="utm_source"):
        join("https://e.com/?utm%5Fsource=1", [("utm_source", "2")])


def test_words_near_and_folded():
    """Only A-Z is folded; the nearest word is within a third of the letters, or begins alike."""
    assert fold("ÄB") == "Äb" and slug("Spring Sale's Übersicht") == "spring-sales-bersicht"
    assert nearest("facebok", ["twitter", "facebook"]) == "facebook"
    assert nearest("vdieo", ["video"]) == "video" and nearest("awar", ["awareness"]) == "awareness"
    assert nearest("zzzz", ["video"]) is None and nearest("", ["video"]) is None

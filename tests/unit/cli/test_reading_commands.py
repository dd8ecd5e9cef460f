"""list, show, search, explain: everything is found by every name that people know it by."""

import json

import pytest

from canonry.app.rules import all_rules


def test_list_counts_sections_and_lists_one(canonry):
    """Sections by their name, in the singular too."""
    code, out, _ = canonry("list", "--format", "json")
    counts = json.loads(out)["sections"]
    assert (code, counts["utm"], counts["events"], counts["campaigns"]) == (0, 2, 1, 1)
    assert "paid_social" in canonry("list", "utm")[1]
    assert "order_completed" in canonry("list", "event")[1]
    assert [
        item["name"] for item in json.loads(canonry("list", "vocab", "--format", "json")[1])["items"]
    ] == [
        "market",
        "social_source",
    ]
    assert "none" in canonry("list", "traits")[1]


def test_an_unknown_section_names_the_nearest(canonry):
    """And all of them where none is near."""
    assert "Did you mean vocabularies?" in canonry("list", "vocabularis")[2]
    assert "campaigns" in canonry("list", "zzz")[2]


NAMES = {
    "/events/order_completed/v1": "/events/order_completed/v1",
    "events/order_completed": "/events/order_completed/v1",
    "contracts/events/order_completed/v1.json": "/events/order_completed/v1",
    "order-completed": "/events/order_completed/v1",
    "Purchase": "/events/order_completed/v1",
    "psoc": "/utm/paid_social/v1",
    "market": "/vocabularies/market",
    "/vocabularies/market": "/vocabularies/market",
    "facebook": "/platforms/meta",
    "spring-sale": "/campaigns/k7m2pk",
    "k7m2pk": "/campaigns/k7m2pk",
    "Media": "/teams/media",
}


@pytest.mark.parametrize(("name", "identifier"), NAMES.items(), ids=NAMES)
def test_show_finds_things_by_every_name(canonry, name, identifier):
    """Ids, files, short names, aliases, platforms' names, slugs and labels."""
    code, out, _ = canonry("show", name, "--format", "json")
    assert (code, json.loads(out)["id"]) == (0, identifier)
    assert identifier in canonry("show", name)[1]


def test_show_says_what_people_ask(canonry):
    """Owner, fields with what they may hold, how it is written, who uses it."""
    out = canonry("show", "paid_social")[1]
    for part in (
        "Paid social",
        "media, else data",
        "market*",
        "a word of market",
        "{{ad.name}}",
        "campaign:k7m2pk",
    ):
        assert part in out
    out = canonry("show", "market")[1]
    assert "Germany (also seen: ger)" in out
    assert "(retired, instead: de)" in out


def test_show_names_the_nearest_or_asks_which(canonry, registry):
    """What is not there, and what is there twice."""
    code, _, err = canonry("show", "ordr_completed")
    assert code == 2
    assert "Did you mean order_completed" in err
    words = registry / "registry/vocabularies/flyer.yaml"
    words.write_text("title: T\ndescription: D.\nowner: media\nwords: {a: {label: A}}\n", encoding="utf-8")
    code, _, err = canonry("show", "flyer")
    assert code == 2
    assert "/utm/flyer/v1, /vocabularies/flyer, /platforms/flyer" in err
    assert canonry("show")[0] == 2


def test_show_prints_editor_schemas(canonry):
    """For the editor's settings."""
    code, out, _ = canonry("show", "--schema", "vocabulary")
    assert code == 0
    assert json.loads(out)["properties"]["words"]
    assert "Did you mean vocabulary?" in canonry("show", "--schema", "vocabulry")[2]


SEARCHES = {
    "coupon_code": ("/events/order_completed/v1", "property"),
    "purchase": ("/events/order_completed/v1", "name on ga4"),
    "uk": ("/vocabularies/market", "alias of gb"),
    "united kingdom": ("/vocabularies/market", "word gb"),
    "tiktok": ("/platforms/tiktok", "name"),
    "fbclid": ("/platforms/meta", "click id"),
    "spring sale": ("/campaigns/k7m2pk", "slug"),
    "{{ad.name}}": ("/platforms/meta", "macro"),
}


@pytest.mark.parametrize(("words", "first", "why"), [(w, *f) for w, f in SEARCHES.items()], ids=SEARCHES)
def test_search_finds_it_first_and_says_why(canonry, words, first, why):
    """Properties, words, aliases, platforms' names, macros, click ids."""
    items = json.loads(canonry("search", *words.split(), "--format", "json")[1])["items"]
    assert items[0]["id"] == first
    assert any(reason.startswith(why) for reason in items[0]["matches"])


def test_search_tries_the_nearest_word(canonry):
    """And says that it did."""
    assert "Nothing says cupon; the nearest is coupon." in canonry("search", "cupon")[1]
    code, out, _ = canonry("search", "qqqqqqqq")
    assert code == 0
    assert "Nothing in the registry says" in out


def test_explain_lists_and_explains_every_rule(canonry):
    """By code or name, in any case; the nearest is named."""
    listed = json.loads(canonry("explain", "--format", "json")[1])["rules"]
    assert [rule["code"] for rule in listed] == [rule.code for rule in all_rules()]
    for word in ("L001", "l001", "file-unreadable"):
        code, out, _ = canonry("explain", word)
        assert code == 0
        assert out.startswith("L001 file-unreadable  error")
        assert "Why it matters" in out
    assert "Did you mean file-unreadable?" in canonry("explain", "file-unreadible")[2]
    assert json.loads(canonry("explain", "L001", "--format", "json")[1])["prose"].startswith("A file cannot")


def test_untrusted_text_never_controls_the_terminal(canonry, registry):
    """Escapes, carriage returns and direction marks are shown as what they are."""
    words = registry / "registry/vocabularies/market.yaml"
    hostile = 'title: "Mark\\e[31mets\\r\\u202E"\n'
    words.write_text(words.read_text("utf-8").replace("title: Markets\n", hostile), encoding="utf-8")
    for command in (["show", "market"], ["list", "vocabularies"], ["search", "markets"], ["lint"]):
        code, out, err = canonry(*command)
        assert code in (0, 1)
        assert not {"\x1b", "\r", "\N{RIGHT-TO-LEFT OVERRIDE}"} & set(out + err)
    assert "\\x1b[31m" in canonry("show", "market")[1]

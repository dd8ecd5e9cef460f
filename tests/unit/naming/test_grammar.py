"""Templates, fields, vocabularies, registry ids and automata."""

from random import Random

import pytest
from tests.unit.naming import tables

from canonry import regular
from canonry.naming import automata, ids, template, vocabulary
from canonry.naming.fields import Unsupported, layers
from canonry.naming.fields import read as read_field
from canonry.naming.runtime.values import Automaton


def reasons(text):
    return [(problem.reason, problem.at) for problem in template.parse(text)[1]]


def test_a_template_is_text_fields_and_options():
    """Positions count from the start of the template."""
    parsed, problems = template.parse("x_{a}_{b:yyyymm}[_{c}-{d}]")
    assert problems == () and parsed.fields == ("a", "b", "c", "d")
    assert parsed.parts[0] == "x_" and parsed.parts[3] == template.Slot("b", "yyyymm", 6)
    assert isinstance(parsed.parts[4], template.Option) and parsed.parts[4].fields == ("c", "d")
    shapes = {absent: flat for flat, absent in parsed.shapes()}
    assert len(shapes[frozenset()]) == 8 and len(shapes[frozenset({"c", "d"})]) == 4
    assert list(template.literals(parsed.parts)) == ["x_", "_", "_", "-"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("template-empty", 0)]),
        ("{a", [("brace-unbalanced", 0)]),
        ("a}", [("brace-unbalanced", 1)]),
        ("{a}[_{b}", [("bracket-unbalanced", 3)]),
        ("{a}]", [("bracket-unbalanced", 3)]),
        ("{a}[_{b}[_{c}]]", [("bracket-nested", 8), ("bracket-unbalanced", 14)]),
        ("{a}[_x]", [("option-empty", 3)]),
        ("{}", [("slot-name", 0)]),
        ("{a-b}", [("slot-name", 0)]),
        ("{a:yyyy-mm}", [("date-format-unknown", 3)]),
        ("{a}{b}", [("slots-adjacent", 3)]),
        ("{a}[{b}]", [("slots-adjacent", 4)]),
        ("{a}_Sale", [("literal-alphabet", 4)]),
        ("{a}_{{ad.name}}", [("macro-in-text", 4)]),
        ("{a}_${CREATIVE_ID}", [("literal-alphabet", 4)]),
        ("__CID_NAME__", [("literal-alphabet", 2)]),
        ("{a}[_{b}]_{b}", [("option-field-repeated", 5)]),
        ("{a}" + "_{b}" * 600, [("template-too-long", 0)]),
        ("{a}" + "".join(f"[_{{f{n}}}]" for n in range(7)), [("options-many", 0)]),
    ],
)
def test_what_is_wrong_with_a_template_is_said_where(text, expected):
    """A stable reason and a position each."""
    assert reasons(text) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"$ref": "/vocabularies/market"}, {"type": "word", "vocabulary": "market"}),
        (
            {"$ref": "/vocabularies/market", "enum": ["de"]},
            {"type": "word", "vocabulary": "market", "values": ["de"]},
        ),
        ({"const": "x"}, {"type": "set", "values": ["x"]}),
        ({"enum": ["a", "b", 1, True], "not": {"const": "b"}}, Unsupported),
        ({"enum": ["a", "b"], "const": "b"}, {"type": "set", "values": ["b"]}),
        ({"type": "integer", "minimum": 1, "maximum": 5}, {"type": "integer", "min": 1, "max": 5}),
        ({"type": "integer", "minimum": 1}, Unsupported),
        ({"type": "integer", "minimum": 0.5, "maximum": 5}, Unsupported),
        ({"type": "number"}, Unsupported),
        ({"type": "string", "format": "uri"}, Unsupported),
        ({"type": "string", "multipleOf": 2}, Unsupported),
        ({"type": "string", "not": {"type": "null"}}, Unsupported),
        ({"type": "string", "x-name-of": "/creatives/ad/v1"}, {"type": "name", "of": "/creatives/ad/v1"}),
        ({"$ref": "/common/campaign_id/v1"}, {"type": "id", "of": "campaign"}),
        ({"type": "string", "format": "date"}, {"type": "date", "unit": "day"}),
        ({"type": "string", "x-unit": "year"}, {"type": "date", "unit": "year"}),
        ({"$ref": "/common/loop/v1"}, Unsupported),
        ({"$ref": "/common/nothing/v1"}, LookupError),
        ({"$ref": "#/$defs/a"}, {"type": "set", "values": ["in"]}),
        ({"$ref": "../../common/campaign_id/v1"}, {"type": "id", "of": "campaign"}),
    ],
)
def test_fields_are_read_from_their_schema(schema, expected):
    """What a template can write is told apart from what it cannot."""
    root = {"$id": "/utm/x/v1", "$defs": {"a": {"const": "in"}}}
    if isinstance(expected, type):
        with pytest.raises(expected):
            read_field(schema, tables.COMMON.__getitem__, root)
    else:
        assert read_field(schema, tables.COMMON.__getitem__, root) == expected


def test_layers_stop_at_a_vocabulary():
    """The words are the registry's; no document stands behind the reference."""
    found = list(layers({"$ref": "/vocabularies/brand"}, tables.COMMON.__getitem__, {}))
    assert [came_by for came_by, _ in found] == ["", "/vocabularies/brand"]


def test_a_narrowed_vocabulary_keeps_only_its_words():
    """Keywords beside the reference leave fewer words, in the table and in the codec."""
    narrowed = tables.contract(
        {"name": "{market}"},
        {"market": {"$ref": "/vocabularies/market", "pattern": "^[dg]", "not": {"const": "de"}}},
    )
    codec = tables.codec({"/creatives/x/v1": narrowed})
    assert codec.contract("/creatives/x/v1").fields["market"].choices() == ["gb"]
    assert codec.read_name("creatives", "de")["status"] == "rejected"


def test_dates_may_be_narrowed():
    """Only what the schema lets through; years run from 2000 to 2099."""
    narrowed = tables.contract(
        {"name": "{day:yyyymmdd}"}, {"day": {"$ref": "/common/day/v1", "pattern": "^2026-"}}
    )
    codec = tables.codec({"/creatives/x/v1": narrowed})
    assert codec.build("/creatives/x/v1", {"day": "2026-02-28"})["name"] == "20260228"
    assert not codec.build("/creatives/x/v1", {"day": "2027-02-28"})["ok"]
    assert not codec.build("/creatives/x/v1", {"day": "2026-02-29"})["ok"]


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        ("day", "2024-02-29", "20240229"),
        ("month", "2026-01", "202601"),
        ("quarter", "2026-Q4", "2026q4"),
        ("year", "2026", "2026"),
    ],
)
def test_dates_are_written_in_fixed_width(unit, value, written):
    """And read back as the value."""
    form = template.DATE_FORMATS[unit]
    contract = tables.contract({"name": f"{{d:{form}}}"}, {"d": {"$ref": f"/common/{unit}/v1"}})
    codec = tables.codec({"/creatives/x/v1": contract})
    assert codec.build("/creatives/x/v1", {"d": value})["name"] == written
    assert codec.read_name("creatives", written)["fields"] == {"d": value}
    for wrong in ("1999-01-01", "2026-13", "2026-Q5", "20261", "x", "20263131", "२०२६"):
        assert codec.read_name("creatives", wrong)["status"] == "rejected"


def test_ids_check_themselves():
    """One wrong character is always noticed, and nearly says what was meant."""
    rng = Random(7)
    for _ in range(50):
        drawn = ids.draw(rng)
        assert ids.valid(drawn) and not drawn[0].isdigit()
        place = rng.randrange(6)
        other = rng.choice([char for char in ids.ID_ALPHABET if char != drawn[place]])
        wrong = drawn[:place] + other + drawn[place + 1 :]
        assert not ids.valid(wrong) and (wrong[0] not in ids.LETTERS or drawn in ids.near_misses(wrong))
    assert (
        not ids.valid("") and not ids.valid("k7m2p") and not ids.valid("K7M2PK") and not ids.valid("17m2pk")
    )


def test_the_language_of_ids_is_exact():
    """21 letters, four free characters, one check."""
    language = automata.identifiers()
    assert language.count() == 21 * 29**4
    assert all(language.accepts(ids.draw(Random(n))) for n in range(50)) and not language.accepts("k7m2pp")


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("^[a-z0-9]+(-[a-z0-9]+)*$", ["a", "a-b", "", "-", "a--b", "A", "a\n", "é"]),
        ("^[^a]{2}$", ["bb", "éé", "😀x", "ab", "b", "\n\n"]),
        ("shop|[à-ü]", ["shop", "eshop", "ö", "x", ""]),
        ("^$", ["", "a"]),
    ],
)
def test_automata_agree_with_the_language(pattern, texts):
    """Through JSON and back, ASCII and beyond."""
    compiled = Automaton(automata.compiled_patterns([pattern]))
    language = regular.pattern(pattern)
    assert [compiled.accepts(text) for text in texts] == [language.accepts(text) for text in texts]
    for char in "a-é😀A":
        assert compiled.holds(char) or not any(char in text for text in texts if language.accepts(text))


def test_an_empty_language_accepts_nothing():
    """And holds nothing."""
    compiled = Automaton(automata.compiled(regular.EMPTY))
    assert not compiled.accepts("") and not compiled.holds("a")


def test_words_are_checked_for_themselves():
    """Spelling, the absent mark, duplicates, aliases that clash, replacements."""
    found = {
        (problem.reason, problem.word)
        for problem in vocabulary.problems(
            {
                "words": {
                    "a": {"aliases": ["A", "b2", "xx"]},
                    "b": {"aliases": ["b2"], "replaced_by": "c"},
                    "c": {"status": "retired", "replaced_by": "zz"},
                    "d": {"replaced_by": "d"},
                    "Big": {},
                    "big": {},
                    "two_words": {},
                    "xx": {},
                }
            }
        )
    }
    assert found == {
        ("alias-needless", "a"),
        ("word-absent-mark", "a"),
        ("alias-clash", "b"),
        ("replacement-retired", "b"),
        ("replacement-missing", "c"),
        ("replacement-missing", "d"),
        ("word-spelling", "Big"),
        ("word-twice", "big"),
        ("word-spelling", "two_words"),
        ("word-absent-mark", "xx"),
    }
    sources = {"alphabet": "parameter", "words": {"chatgpt.com": {}, "paid_social": {}}}
    assert list(vocabulary.problems(sources)) == []
    both = {"words": {"a": {}, "b": {"status": "retired"}}}
    assert vocabulary.words(both) == ["a"] and vocabulary.words(both, "retired") == ["b"]

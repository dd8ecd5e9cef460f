"""fmt, lint, vocab add, campaign new: what is written, and what is refused before anything is."""

import json

import pytest

from canonry.app.layout import json_layout, yaml_layout
from canonry.catalogue.text import parse
from canonry.kernel.jsonvalue import same

WORDS = "registry/vocabularies/market.yaml"


def test_fmt_keeps_comments_and_values_and_is_idempotent(canonry, registry):
    """A second run has nothing to do."""
    before = {path: path.read_bytes() for path in registry.rglob("*.*") if path.is_file()}
    code, out, _ = canonry("fmt", "--check")
    assert code == 1
    assert "would change" in out
    assert {path: path.read_bytes() for path in before} == before
    assert canonry("fmt")[0] == 0
    assert "# Where we sell." in (registry / WORDS).read_text("utf-8")
    for path, data in before.items():
        assert same(parse(str(path), path.read_bytes())[0].value, parse(str(path), data)[0].value)
    code, out, _ = canonry("fmt", "--check")
    assert (code, "all laid out already" in out) == (0, True)


def test_fmt_leaves_broken_files_alone_and_says_so(canonry, registry):
    """A file that cannot be read loses nothing; the others are laid out."""
    broken = registry / "contracts/utm/flyer/v1.json"
    broken.write_text('{"a": 1,\n "a": 2}', encoding="utf-8")
    code, out, _ = canonry("fmt", "--format", "json")
    document = json.loads(out)
    assert code == 1
    assert document["findings"][0]["code"] == "L003"
    assert broken.read_text("utf-8") == '{"a": 1,\n "a": 2}'
    assert document["changed"] == ["registry/platforms/flyer.yaml"]


def test_fmt_takes_paths(canonry, registry):
    """From here or from the root."""
    code, out, _ = canonry("fmt", "--check", "contracts/utm", "--format", "json")
    assert (code, json.loads(out)["files"]) == (0, 2)
    assert "there is no nowhere" in canonry("fmt", "nowhere")[2]


@pytest.mark.parametrize(
    "number", ["1.0", "1e5", "-0", "0.1000", "123456789012345678901234567890", "1E+2"], ids=str
)
def test_numbers_stay_as_they_were_written(number):
    """No digit is lost, and 1.0 does not become 1."""
    assert json_layout(f'{{"a":[{number}]}}') == f'{{\n  "a": [\n    {number}\n  ]\n}}\n'


def test_contract_keys_have_an_order_and_other_keys_keep_theirs():
    """As in the design's example."""
    text = '{"properties":{"b":1,"a":2},"x-contract":{"owner":"o","version":"1.0.0"},"$id":"/a","zz":[]}'
    assert json_layout(text) == (
        '{\n  "$id": "/a",\n  "x-contract": {\n    "version": "1.0.0",\n    "owner": "o"\n  },\n'
        '  "properties": {\n    "b": 1,\n    "a": 2\n  },\n  "zz": []\n}\n'
    )


def test_letters_stay_letters_and_invisible_ones_are_shown():
    """So that a diff shows what there is."""
    assert (
        json_layout('"\\u00e4\\u202e \N{EURO SIGN}"')
        == '"\N{LATIN SMALL LETTER A WITH DIAERESIS}\\u202e \N{EURO SIGN}"\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n  keeps  \n  blanks\n",
        "a: >-\n  folded\n  text\nb: 'no'\nc: no\nd: 012\n",
        "# top\na: 1 # beside\n# between\nb: [x, y]\n",
        "a: &x {b: 1}\nc: *x\n",
        f"a: {'word ' * 60}\n",
    ],
    ids=["literal", "folded", "comments", "aliases", "long"],
)
def test_yaml_layout_never_changes_a_value(text):
    """Whatever ruamel does to it."""
    value = parse("x.yaml", text.encode())[0].value
    laid = yaml_layout(text, value)
    assert same(parse("x.yaml", laid.encode())[0].value, value)
    assert yaml_layout(laid, value) == laid


def test_lint_exit_codes_follow_fail_on(canonry, registry):
    """1 at or above the level, else 0."""
    file = registry / "contracts/events/order_completed/v1.json"
    file.write_text(file.read_text("utf-8").replace('"title"', '"titel"'), encoding="utf-8")
    code, out, _ = canonry("lint", "contracts/events/order_completed")
    assert code == 1
    assert "titel" in out
    assert "canonry explain" in out


def test_a_baseline_leaves_out_what_is_known(canonry, registry, tmp_path):
    """And nothing else: a new finding counts."""
    file = registry / "registry/teams.yaml"
    file.write_text(file.read_text("utf-8").replace("contact", "kontakt"), encoding="utf-8")
    code, out, _ = canonry("lint", "--format", "json")
    findings = json.loads(out)["findings"]
    assert code == 1
    keys = {"code", "name", "level", "message", "place", "owner", "suggestion", "witness", "fingerprint"}
    assert all(keys <= finding.keys() for finding in findings)
    assert all({"path", "line", "pointer"} <= finding["place"].keys() for finding in findings)
    baseline = tmp_path / "baseline.json"
    baseline.write_text(out, encoding="utf-8")
    code, out, _ = canonry("lint", "--baseline", baseline)
    assert (code, "in the baseline" in out) == (0, True)
    (registry / WORDS).write_text("words: [", encoding="utf-8")
    assert canonry("lint", "--baseline", baseline)[0] == 1


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"findings": 1}', b'{"findings": [{}]}', b"\xff", b"[" * 99_999]
)
def test_a_file_that_is_no_baseline_is_refused(canonry, tmp_path, data):
    """Rather than hiding nothing, or everything."""
    file = tmp_path / "baseline.json"
    file.write_bytes(data)
    code, _, err = canonry("lint", "--baseline", file)
    assert code == 2
    assert "is no baseline" in err


def test_vocab_add_keeps_order_and_comments(canonry, registry):
    """One word more at the end."""
    before = (registry / WORDS).read_text("utf-8")
    code, out, _ = canonry("vocab", "add", "market", "pl", "--label", "Poland", "--alias", "pol")
    assert (code, "was added to market" in out) == (0, True)
    after = (registry / WORDS).read_text("utf-8")
    assert after.startswith(before.splitlines()[0])
    assert list(parse(WORDS, after.encode())[0].value["words"]) == ["de", "gb", "no", "su", "pl"]
    assert parse(WORDS, after.encode())[0].value["words"]["pl"] == {
        "label": "Poland",
        "aliases": ["pol"],
        "since": "2026-11-21",
    }
    assert "Poland" in canonry("show", "market")[1]


REFUSED = {
    "there": (["market", "DE"], 2, "'DE' is a word of market already"),
    "alias": (["market", "uk"], 2, "another spelling of 'gb'"),
    "retired": (["market", "su"], 2, "(retired)"),
    "vocabulary": (["markets", "pl"], 0, ""),
    "misspelt vocabulary": (["maket", "pl"], 2, "Did you mean market?"),
    "alphabet": (["market", "a_b"], 1, "was not added"),
    "absent mark": (["market", "xx"], 1, "was not added"),
    "no word": (["market"], 2, "which word?"),
}


@pytest.mark.parametrize(("arguments", "expected", "message"), REFUSED.values(), ids=REFUSED)
def test_vocab_add_refuses_what_would_break(canonry, registry, arguments, expected, message):
    """And writes nothing then."""
    before = (registry / WORDS).read_bytes()
    code, out, err = canonry("vocab", "add", *arguments, "--label", "A label", "--dry-run")
    assert code == expected
    assert message in out + err
    assert (registry / WORDS).read_bytes() == before


NEW = [
    *(
        "campaign",
        "new",
        "Sofa Wochen!",
        "--on",
        "paid_social:meta",
        "--on",
        "flyer",
        "--start",
        "2027-05-01",
    ),
    *("--end", "2027-06-01", "--url", "https://www.example.com/sofas", "--owner", "media"),
    *(
        "--backup-owner",
        "data",
        "--metric",
        "revenue",
        "--description",
        "Sofas.",
        "market=UK",
        "flight=2027-05",
    ),
]


def test_a_new_campaign_gets_an_id_and_builds_links(canonry, registry):
    """From its label to its first link, without a version, a kind or git."""
    code, out, _ = canonry(*NEW, "--format", "json")
    document = json.loads(out)
    assert (code, document["slug"], document["written"]) == (0, "sofa-wochen", True)
    file = registry / document["path"]
    assert "market: gb" in file.read_text("utf-8")
    assert "sofa-wochen" in canonry("campaign", "list")[1]
    assert "Sofa Wochen!" in canonry("campaign", "show", "sofa-wochen")[1]
    link = canonry("utm", "build", "meta", "source=facebook", "--campaign", "sofa-wochen", "--as", "url")[1]
    assert f"utm_campaign=gb_sofa-wochen_202705_{document['id']}" in link
    code, _, err = canonry(*NEW)
    assert code == 2
    assert "is called 'sofa-wochen' already" in err


def test_a_new_campaign_that_is_wrong_is_not_written(canonry, registry):
    """Checked like any other file."""
    before = sorted((registry / "registry/campaigns").iterdir())
    code, out, _ = canonry(*[each.replace("2027-06-01", "2027-04-01") for each in NEW])
    assert code == 1
    assert "was not registered" in out
    code, _, err = canonry("campaign", "new", "X")
    assert code == 2
    assert "also needs --on, --description" in err
    code, _, err = canonry(*NEW, "markt=de")
    assert "Did you mean market?" in err
    assert sorted((registry / "registry/campaigns").iterdir()) == before

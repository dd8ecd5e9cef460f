"""What the page of proposals writes is what canonry writes: words, campaigns, addresses of the host."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ruamel.yaml import YAML
from tests.unit.site import vectors

from canonry.app.additions import Word, with_word
from canonry.app.registration import Channel, Plan, file_of

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is missing: apt-get install nodejs")
PLAIN = {
    "word": "tuvalu",
    "label": "Tuvalu (islands)",
    "description": "",
    "aliases": ["tv", "tuv"],
    "since": "2027-01-01",
}
ODD = (
    {"word": "off", "label": "Norway: the north", "aliases": ["on", "NO", "a, b", "12", "[x]"], "since": ""},
    {"word": "2026", "label": "yes", "aliases": ["true", "null", "1e3", "- x", "~"], "since": "2027-01-01"},
    {
        "word": "a-b",
        "label": "[x] # not a comment",
        "aliases": ["{y}", "&z", "*q", "!t", "%u", "@v", "`w", ":x", "#y"],
    },
    {
        "word": "e",
        "label": "It's 'quoted' \"twice\"",
        "aliases": ["x: y", " lead", "ü", "q?"],
        "description": "x " * 90,
    },
    {
        "word": "f",
        "label": "line\nbreak\tand \u202eback\x07",
        "aliases": ["\ufeff", "a\\b"],
        "description": "\u2028",
    },
)
CAMPAIGN = {
    "slug": "spring-sofa-weeks",
    "label": "Spring sofa weeks",
    "description": "Sofas: for spring.",
    "owner": "paid-media",
    "backup_owner": "crm",
    "time_zone": "Europe/Berlin",
    "start": "2027-03-01",
    "end": "2027-04-15",
    "landing_url": "https://www.example.com/sofas",
    "metric": "revenue",
    "fields": {"brand": "acme", "market": "gb", "flight": "2027-03"},
    "channels": [
        {"format": "/utm/paid_social/v1", "platforms": ["meta", "tiktok"]},
        {"format": "/utm/email_newsletter/v1", "platforms": []},
    ],
    "continues": "tx7nrz",
}
GITHUB = {
    "kind": "github",
    "edit_url": "https://github.com/acme/registry/edit/{branch}/{path}",
    "new_file_url": "https://github.com/acme/registry/new/{branch}/{path}",
}
GITLAB = {
    "kind": "gitlab",
    "edit_url": "https://gitlab.com/acme/registry/-/edit/{branch}/{path}",
    "new_file_url": "https://gitlab.com/acme/registry/-/new/{branch}/{path}",
}
HOSTILE = {
    "kind": "github",
    "edit_url": "javascript:alert(1)//{path}",
    "new_file_url": "data:text/html,{path}",
}
PATH = "registry/campaigns/k7m2pk.yaml"


def written(**given: Any) -> dict[str, Any]:
    """What the page's module answers."""
    asked = {"words": [], "campaigns": [], "pages": [], "problems": []} | given
    done = subprocess.run(
        [NODE or "node", str(Path(__file__).parent / "proposals.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_a_plain_word_is_written_as_vocab_add_writes_it() -> None:
    """In every shipped vocabulary, byte by byte."""
    texts = [
        path.read_text("utf-8") for path in sorted((vectors.ROOT / "registry/vocabularies").glob("*.yaml"))
    ]
    new = Word(PLAIN["word"], PLAIN["label"], ("tv", "tuv"), "", "2027-01-01")
    found = written(words=[{"text": text, **PLAIN} for text in texts])["words"]
    assert found == [with_word(text, new) for text in texts]


@pytest.mark.parametrize("word", ODD, ids=lambda word: str(word["word"]))
def test_an_odd_word_says_what_was_typed(word: dict[str, Any]) -> None:
    """Whatever is typed stays a text, in a file that says the same as before of everything else."""
    text = (vectors.ROOT / "registry/vocabularies/market.yaml").read_text("utf-8")
    found = read(written(words=[{"text": text, **word}])["words"][0])
    wanted = read(text)
    entry = {key: word[key] for key in ("label", "description", "aliases", "since") if word.get(key)}
    wanted["words"][word["word"]] = entry
    assert found == wanted


def test_a_campaign_is_written_as_campaign_new_writes_it() -> None:
    """Byte by byte, for what people usually type; what they hardly type stays text."""
    plan = Plan(
        **{key: value for key, value in CAMPAIGN.items() if key != "channels"},
        channels=[Channel(each["format"], tuple(each["platforms"])) for each in CAMPAIGN["channels"]],
    )
    odd = {**CAMPAIGN, "label": "- [x]: {y} # z", "landing_url": "https://www.example.com/?a=b: c#d"}
    plain, strange = written(campaigns=[CAMPAIGN, odd])["campaigns"]
    assert plain.encode() == file_of(plan)
    assert read(strange)["label"] == odd["label"] and read(strange)["landing_url"] == odd["landing_url"]


def test_the_hosts_pages_are_opened_with_the_file_filled_in() -> None:
    """GitHub takes name and contents, GitLab the name; a pattern that is no web address leads nowhere."""
    contents = "label: 'A & B?'\n"
    asked = [
        {"hosting": hosting, "path": PATH, "contents": contents} for hosting in (GITHUB, GITLAB, HOSTILE)
    ]
    asked.append({"hosting": GITHUB, "path": PATH, "contents": "x" * 9_000})
    github, gitlab, hostile, long = written(pages=asked)["pages"]
    new = urlsplit(github[0]["url"])
    assert new.path == "/acme/registry/new/main/registry/campaigns"
    assert parse_qs(new.query) == {"filename": ["k7m2pk.yaml"], "value": [contents]} and github[0]["whole"]
    assert github[1] == f"https://github.com/acme/registry/edit/main/{PATH}"
    new = urlsplit(gitlab[0]["url"])
    assert new.path == "/acme/registry/-/new/main/registry/campaigns"
    assert parse_qs(new.query) == {"file_name": ["k7m2pk.yaml"]} and not gitlab[0]["whole"]
    assert hostile == [None, None]
    assert not long[0]["whole"] and len(long[0]["url"]) < 200


def test_a_word_that_is_there_already_is_refused() -> None:
    """As itself or as another spelling, whatever its case; and a word outside the grammar."""
    vocabulary = {"alphabet": "word", "words": [["gb", {"aliases": ["uk"], "status": "active"}]]}
    asked = [("gb", []), ("xy", ["UK"]), ("X Y", []), ("xy", [])]
    found = written(
        problems=[
            {"vocabulary": vocabulary, "word": {"word": word, "label": "x", "aliases": aliases}}
            for word, aliases in asked
        ]
    )["problems"]
    assert [[name for name, _ in each] for each in found] == [["word"], ["aliases"], ["word"], []]

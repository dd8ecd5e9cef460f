"""The site's search and `canonry search` find the same things in the same order."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from canonry.adapters.worktree import DirectoryTree
from canonry.app.directory import entries
from canonry.app.finder import index, telling
from canonry.app.rules import all_rules
from canonry.app.search import search
from canonry.catalogue.load import load

ROOT = Path(__file__).parents[3]
CATALOGUE = load(DirectoryTree(ROOT)).value
QUERIES = (
    "order_completed",
    "order completed",
    "purchase",
    "add_to_cart",
    "fb",
    "checkout_id",
    "paypal",
    "paid social",
    "utm paid",
    "cart",
    "meta ad",
    "market",
    "EUR",
    "winter living",
    "gclid",
    "crm",
    "order complted",
    "zzzz",
)
RUN = """
import { Finder } from "%s";
import { readFileSync } from "node:fs";
const { index, queries } = JSON.parse(readFileSync(0, "utf8"));
const finder = new Finder(index);
const said = queries.map((query) => finder.find(query).hits.map((hit) => [
  index.entries[hit.entry][0], index.entries[hit.entry][1], finder.address(hit), hit.score]));
console.log(JSON.stringify(said));
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """For every query what the site's search finds: kind, name, address, score."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    folder = tmp_path_factory.mktemp("search")
    (folder / "links").mkdir()
    shutil.copy2(ROOT / "docs/assets/search.js", folder / "search.mjs")
    shutil.copy2(ROOT / "docs/assets/links/visible.js", folder / "links")
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    (folder / "run.mjs").write_text(RUN % (folder / "search.mjs").as_uri(), "utf-8")
    asked = json.dumps({"index": index(CATALOGUE, all_rules(), {}), "queries": QUERIES})
    done = subprocess.run(
        ["node", folder / "run.mjs"],
        input=asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(QUERIES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("query", QUERIES)
def test_both_find_the_same_in_the_same_order(found, query):
    """Given the same terms; the site finds rules and symptoms too, and has no page for a channel group."""
    known = [replace(entry, terms=telling(entry)) for entry in entries(CATALOGUE)]
    ours = [
        (hit.entry.kind, hit.entry.name, pytest.approx(hit.score))
        for hit in search(known, [query]).found
        if hit.entry.kind != "channel_groups"
    ]
    beside = ("rules", "symptoms", "guides")
    theirs = [(kind, name, score) for kind, name, _, score in found[query] if kind not in beside]
    assert theirs[: len(ours)] == ours


def test_a_hit_leads_to_the_field_or_word(found):
    """To the place on the page, not only to the page."""
    assert found["paypal"][0][2] == "catalogue/vocabularies/payment_method/#paypal"
    assert found["order_completed"][0][2] == "catalogue/events/order_completed/v1/"
    assert found["fb"][1][2].endswith("_source/#facebook")


def test_the_index_is_small():
    """Less than a kilobyte and a half of text an entry: it is loaded when somebody searches."""
    made = index(CATALOGUE, all_rules(), {})
    data = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    assert len(data.encode()) < 1500 * len(made["entries"])

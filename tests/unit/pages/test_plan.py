"""Pages are a function of the catalogue, and none says less than it is there for."""

from pathlib import Path

import pytest

from canonry.adapters.cases import cases
from canonry.adapters.worktree import DirectoryTree
from canonry.app.docs import changes_from_json, changes_to_json, plan
from canonry.app.rules import all_rules
from canonry.pages.markup import block, sentence, text
from canonry.pages.plan import Beside
from canonry.pages.site import Change

ROOT = Path(__file__).parents[3]
PLANNED = plan(DirectoryTree(ROOT), Beside(cases=cases()))


def page(path):
    """One planned page as text."""
    return PLANNED.pages[path].decode()


def test_the_same_catalogue_gives_the_same_bytes():
    """Nothing of the clock, of the order of files or of the process is in a page."""
    assert plan(DirectoryTree(ROOT), Beside(cases=cases())).pages == PLANNED.pages
    assert PLANNED.problems == ()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_has_a_page_with_its_case(rule):
    """What the tests run is what readers see."""
    said = page(f"catalogue/rules/{rule.code}.md")
    assert "## Why it matters" in said
    assert "## Example" in said
    assert "What canonry says" in said


def test_a_contract_page_has_every_part():
    """Meaning, fields with values and since, an example, Python, platforms, dependencies, source."""
    said = page("catalogue/events/order_completed/v1.md")
    for part in (
        "## Fields", "## Example", "### In Python", "## On platforms", "## Who depends on whom",
        "### Who rests on it", "### What it rests on", "## Where it stands", "Propose a change",
    ):  # fmt: skip
        assert part in said, part
    format_page = page("catalogue/utm/paid_social/v1.md")
    assert (
        "It says:" in format_page
        and "utm&#95;" not in format_page.partition("```text")[2].partition("```")[0]
    )


def test_text_is_text():
    """Whatever stands in it, and wherever it is put."""
    for hostile in (
        "<b>",
        "[a](b)",
        "*a*",
        "_a_",
        "`a`",
        "a | b",
        "{{ a }}",
        "# a",
        "- a",
        "1. a",
        "&amp;",
        "http://a.b",
    ):
        shown = text(hostile)
        assert not set("<>[]*_`|{}#&").intersection(shown.replace("&#", "").replace("&", "")), shown
    assert text("well-known") == "well-known"
    assert text("- item").startswith("&#45;")
    assert sentence("use `a<b` here") == "use <code>a&#60;b</code> here"
    assert sentence("one ` only") == "one &#96; only"


def test_a_block_cannot_be_left():
    """A fence is longer than any run of backticks inside; what would reorder a line is shown."""
    made = block("```\n````\n</code>\u202e", "json")
    assert made.startswith("`````json\n") and made.endswith("\n`````")
    assert "\u202e" not in made


def test_what_a_commit_did_is_kept_and_read_again():
    """Anything else than what was kept is nothing."""
    told = {
        "/events/a/v1": (Change("1.1.0", "2026-11-22", ("`a` is gone",), breaking=True, subject="Drop a"),)
    }
    assert changes_from_json(changes_to_json(told)) == told
    for odd in (None, 3, [], {"a": 3}, {"a": [[1, 2]]}, {"a": [["1", "2", 3, True, "x"]]}):
        assert changes_from_json(odd) is None

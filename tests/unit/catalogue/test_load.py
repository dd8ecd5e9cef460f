"""Tree to catalogue: one bad file costs its findings, never the run."""

import json
import time

import pytest
from tests.unit.lint import cases

from canonry.catalogue.load import load, nearest
from canonry.catalogue.tree import MAX_FILE_BYTES, MemoryTree
from canonry.kernel.ids import ContractId

ORDER = "contracts/events/order_completed/v1.json"
BRAND = "registry/vocabularies/brand.yaml"


def with_files(**files):
    """The clean base with files changed; keys are paths."""
    return load(MemoryTree({**cases.tree({}).files, **files}))


def test_a_clean_tree_loads_without_problems() -> None:
    """Every document stands where its kind is looked up."""
    loaded = with_files()
    catalogue = loaded.value
    assert loaded.problems == ()
    assert catalogue.registry.name == "Example"
    assert catalogue.contract("/events/order_completed/v1").meta.owner == "web"
    assert catalogue.contracts[ContractId("utm", "newsletter", 1)].is_naming
    assert set(catalogue.vocabularies) == {"brand", "market", "medium", "consent_purpose"}
    assert set(catalogue.campaigns) == {"k7m2pk"}
    assert catalogue.broken == frozenset()


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        (ORDER, b"{", "L002"),
        (ORDER, b'{"a": 1, "a": 2}', "L003"),
        (ORDER, b"\xff\xfe{}", "L001"),
        (ORDER, b"[]", "L005"),
        (ORDER, b"{}", "L005"),
        (ORDER, b'"x"', "L005"),
        (ORDER, b"null", "L005"),
        (ORDER, b'{"x-contract": 1}', "L005"),
        (ORDER, b'{"x-contract": {"version": "1.0.0", "backup_owner": "web"}}', "L201"),
        (ORDER, b" " * (MAX_FILE_BYTES + 1), "L001"),
        (ORDER, b"[" * 5000 + b"]" * 5000, "L004"),
        (BRAND, b"a: [", "L002"),
        (BRAND, b"- a", "L005"),
        (BRAND, b"", "L002"),
        (BRAND, b"title: T\ndescription: D\nowner: web\nwords: {}", "L005"),
        ("registry/registry.yaml", b"name: x", "L005"),
    ],
)
def test_one_bad_file_hides_no_other(path, data, code) -> None:
    """The rest is loaded, the bad file is known as broken, and somebody is told."""
    loaded = with_files(**{path: data})
    assert code in {finding.code for finding in loaded.problems}
    assert {finding.place.path for finding in loaded.problems} == {path}
    catalogue = loaded.value
    if code != "L003":
        assert path in catalogue.broken
    assert catalogue.contract("/common/money/v1") is not None
    assert "market" in catalogue.vocabularies


def test_problems_name_owner_line_and_pointer() -> None:
    """Also in JSON, and although the document did not load."""
    text = cases.tree({}).files[ORDER].replace('"trigger"', '"triger"')
    (finding,) = with_files(**{ORDER: text}).problems
    assert finding.owner == "web"
    assert finding.place.pointer == "/x-contract/triger"
    assert text.split("\n")[finding.place.line - 1].strip().startswith('"triger"')
    assert finding.suggestion == "did you mean 'trigger'?"


@pytest.mark.parametrize(
    "path",
    [
        "contracts/events/Order/v1.json",
        "contracts/events/order-completed/v1.json",
        "contracts/events/order/v01.json",
        "contracts/events/order/v1.yaml",
        "contracts/event/order/v1.json",
        "contracts/events/order.json",
        "contracts/events/../../../etc/v1.json",
        "registry/vocabularies/Colour.yaml",
        "registry/campaigns/spring.yaml",
        "registry/accepted/abc.yaml",
        "registry/team.yaml",
        "registry/teams.yml",
        "registry/notes.txt",
    ],
)
def test_what_is_out_of_place_is_told_and_not_read(path) -> None:
    """A contract in the wrong folder would be in no catalogue."""
    (finding,) = with_files(**{path: b"\xff"}).problems
    assert finding.code == "L006" and finding.place.path == path and finding.suggestion


@pytest.mark.parametrize(
    "path", ["contracts/README.md", "registry/README.md", "contracts/events/order/notes.md"]
)
def test_prose_may_stand_beside(path) -> None:
    """Markdown belongs to people."""
    assert with_files(**{path: "Prose."}).problems == ()


def test_names_that_differ_only_in_case_are_told() -> None:
    """One of them is lost at checkout on macOS and Windows."""
    loaded = with_files(**{"contracts/events/Order_completed/v1.json": "{}"})
    assert {finding.code for finding in loaded.problems} == {"L006", "L007"}


def test_a_tree_of_nothing_says_what_is_missing() -> None:
    """And what to do about it."""
    loaded = load(MemoryTree({"README.md": "x"}))
    (finding,) = loaded.problems
    assert finding.code == "L008" and "canonry init" in finding.suggestion
    assert loaded.value.team_names() == ()


def test_a_contract_of_fifty_megabytes_is_refused_unread() -> None:
    """Its size is known before anybody parses it."""
    text = json.dumps({"x-contract": {}, "enum": ["x" * 1000] * 50_000})
    start = time.process_time()
    loaded = with_files(**{ORDER: text})
    assert time.process_time() - start < 2
    assert [finding.code for finding in loaded.problems] == ["L001"]
    assert "52," in loaded.problems[0].message or "50," in loaded.problems[0].message


def test_shape_errors_are_one_finding_per_place() -> None:
    """The failed alternatives of a union are one mistake."""
    patch = {BRAND: {"words": {"acme": {"status": "actve", "aliases": "x"}}}}
    found = {f.place.pointer: f for f in load(cases.tree(patch)).problems}
    assert set(found) == {"/words/acme/status", "/words/acme/aliases"}
    assert "'actve'" in found["/words/acme/status"].message


@pytest.mark.parametrize(
    ("word", "expected"), [("requierd", "required"), ("descripton", "description"), ("zzz", "")]
)
def test_the_nearest_known_word_is_offered(word, expected) -> None:
    """Only where it is near enough to be meant."""
    assert nearest(word, ["required", "description", "type"]) == expected

"""The catalogue by itself, and trees in memory."""

import pytest
from tests.unit.lint import cases

from canonry.catalogue.graph import graph
from canonry.catalogue.load import load
from canonry.catalogue.tree import MAX_FILE_BYTES, MemoryTree, UnreadableFileError, hidden
from canonry.kernel.findings import Place

EVENT = "contracts/events/order_completed/v1.json"


@pytest.fixture(scope="module")
def catalogue():
    patch = {
        "contracts/events/broken/v1.json": "{",
        "registry/vocabularies/broken.yaml": "words: [",
        "registry/accounts.yaml": {"accounts": {"meta-example": {"contracts": ["/utm/paid_social/v1"]}}},
    }
    return load(cases.tree(patch)).value


@pytest.mark.parametrize(
    ("identifier", "there"),
    [
        ("/events/order_completed/v1", True),
        ("/events/order_completed/v2", False),
        ("/events/broken/v1", True),
        ("/vocabularies/brand", True),
        ("/vocabularies/broken", True),
        ("/vocabularies/none", False),
        ("no id", False),
    ],
)
def test_what_did_not_load_still_exists(catalogue, identifier, there) -> None:
    """So whoever refers to it is not blamed for a missing document."""
    assert catalogue.exists(identifier) is there


def test_a_contract_knows_itself(catalogue) -> None:
    """Its properties, what must be there, whether it is live, where it stands."""
    event = catalogue.contract("/events/order_completed/v1")
    assert event.required == {"order_id", "total"}
    assert event.is_live and not event.is_naming
    assert event.platform_names == ("ga4", "meta")
    assert event.place("/title").line == 4
    assert catalogue.contract("/events/none/v1") is None


def test_places_of_files_that_are_not_there_have_no_line(catalogue) -> None:
    """A finding may be about a file that should exist."""
    assert catalogue.sources.place("registry/none.yaml", "/a") == Place("registry/none.yaml", 0, "/a")
    assert catalogue.owner_of(Place("registry/none.yaml")) == ""
    assert len(catalogue.sources) == len(set(catalogue.sources))


def test_the_owner_is_the_innermost_one(catalogue) -> None:
    """Of a contract its owner, of an account the account's."""
    assert catalogue.owner_of(Place(EVENT, 1, "/properties/total")) == "web"
    assert catalogue.owner_of(Place("registry/accounts.yaml", 1, "/accounts/meta-example/currency")) == "ads"
    assert catalogue.owner_of(Place("registry/accounts.yaml")) == ""


def test_an_account_reads_the_contracts_that_judge_it(catalogue) -> None:
    """Softly: without them its names are judged by nothing."""
    found = graph(catalogue)
    assert ("account:meta-example", "soft") in {
        (e.reader, e.need) for e in found.readers["/utm/paid_social/v1"]
    }
    assert {e.read for e in found.reads["/utm/paid_social/v1"]} >= {"/creatives/ad/v1", "/objects/meta_ad/v1"}


def test_a_tree_in_memory_is_text_or_bytes() -> None:
    """What a test writes down is what would stand on disk."""
    tree = MemoryTree(
        {"registry/a.yaml": "ä", "registry/b.yaml": b"\xff", "registry/c.yaml": " " * (MAX_FILE_BYTES + 1)}
    )
    assert tree.read("registry/a.yaml") == b"\xc3\xa4" and tree.read("registry/b.yaml") == b"\xff"
    assert tree.digest("registry/a.yaml") != tree.digest("registry/b.yaml")
    with pytest.raises(UnreadableFileError):
        tree.read("registry/c.yaml")
    with pytest.raises(KeyError):
        tree.read("registry/d.yaml")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("registry/.a", True), (".git/a", True), ("registry/.x/a", True), ("registry/a.b", False)],
)
def test_hidden_files_are_tools_own(path, expected) -> None:
    """An editor's swap file is no contract."""
    assert hidden(path) is expected

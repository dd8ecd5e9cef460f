"""Closed-world references, self-contained schemas and who reads what."""

import jsonschema_rs
import pytest
from tests.unit.lint import cases

from canonry.catalogue.graph import graph
from canonry.catalogue.load import load
from canonry.catalogue.refs import References, RefError
from canonry.catalogue.resolved import Resolver

HERE = "/events/order_completed/v1"


@pytest.fixture(scope="module")
def references():
    return References(load(cases.tree({})).value)


@pytest.mark.parametrize(
    ("ref", "document", "pointer"),
    [
        ("/common/money/v1", "/common/money/v1", ""),
        ("../../common/money/v1", "/common/money/v1", ""),
        ("https://registry.example.com/common/money/v1", "/common/money/v1", ""),
        ("/common/money/v1#/properties/amount", "/common/money/v1", "/properties/amount"),
        ("#/properties/order_id", HERE, "/properties/order_id"),
        ("#", HERE, ""),
        ("/vocabularies/brand", "/vocabularies/brand", ""),
    ],
)
def test_references_are_uri_references_inside_the_registry(references, ref, document, pointer) -> None:
    """Ordinary resolution, relative to the contract's own id."""
    target = references.target(ref, HERE)
    assert (target.document, target.pointer) == (document, pointer)


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        ("https://example.net/money.json", "outside"),
        ("https://registry.example.com.evil.net/common/money/v1", "outside"),
        ("//evil.net/common/money/v1", "outside"),
        ("file:///etc/passwd", "outside"),
        ("../../../../etc/passwd", "outside"),
        ("/../../etc/passwd", "outside"),
        ("/common/mony/v1", "dangling"),
        ("/common/money/v2", "dangling"),
        ("/common/money/v1#/properties/nothing", "dangling"),
        ("/common/money/v1#anchor", "dangling"),
        ("/contracts/common/money/v1.json", "dangling"),
        ("/vocabularies/nothing", "dangling"),
        ("C:\\money", "malformed"),
        ("a b", "malformed"),
        ("/common/money/v1\n", "malformed"),
    ],
)
def test_what_leads_nowhere_or_out_is_refused(references, ref, kind) -> None:
    """Nothing is ever fetched, and no path leaves the tree."""
    with pytest.raises(RefError) as caught:
        references.target(ref, HERE)
    assert caught.value.kind == kind and caught.value.ref == ref


def test_a_field_keeps_its_own_annotations_and_loses_no_assertion(references) -> None:
    """Keywords beside a reference count as well."""
    found = references.field({"$ref": "/vocabularies/brand", "description": "Ours.", "maxLength": 4}, HERE)
    assert found["description"] == "Ours." and found["allOf"] == [{"maxLength": 4}]
    assert found["enum"] == ["acme", "zenith"]


def test_a_reference_to_itself_is_refused() -> None:
    """A circle without anything in it describes nothing."""
    catalogue = load(cases.tree({"contracts/common/money/v1.json": {"$ref": "#"}})).value
    with pytest.raises(RefError, match="circle"):
        References(catalogue).field({"$ref": "/common/money/v1"}, HERE)


def test_resolved_schemas_stand_alone(references) -> None:
    """A published schema refers to nothing outside itself, and accepts what the contract accepts."""
    contract = references.catalogue.contract(HERE)
    schema = Resolver(references, role="reader").resolved(contract)
    assert "x-contract" not in schema and "$id" not in schema
    validator = jsonschema_rs.Draft202012Validator(schema)
    good = {"order_id": "AC-2026-1", "total": {"amount": 1, "currency": "EUR"}}
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "total": {"amount": 1, "currency": "euro"}})


@pytest.mark.parametrize("name", ["default", "enum", "required", "$ref", "properties"])
def test_a_property_may_be_called_like_a_keyword(name) -> None:
    """What stands in `properties` is a name; its references are followed and belong to the graph."""
    order = {"properties": {name: {"$ref": "/common/money/v1"}}}
    catalogue = load(cases.tree({"contracts/events/order_completed/v1.json": order})).value
    schema = Resolver(References(catalogue)).resolved(catalogue.contract(HERE))
    assert schema["properties"][name] == {"$ref": "#/$defs/common_money_v1"}
    assert {e.where[1] for e in graph(catalogue).reads[HERE]} >= {f"/properties/{name}/$ref"}


@pytest.mark.parametrize(
    ("role", "new", "retired"), [("reader", True, True), ("writer", False, False), ("today", False, False)]
)
def test_an_open_vocabulary_is_its_grammar_to_readers_and_its_words_to_writers(role, new, retired) -> None:
    """So adding a word breaks nobody who reads."""
    patch = {"registry/vocabularies/market.yaml": {"words": {"eu": {"label": "Europe", "status": "retired"}}}}
    catalogue = load(cases.tree(patch)).value
    schema = Resolver(References(catalogue), role=role).vocabulary("market")
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid("de")
    assert validator.is_valid("fr") is new
    assert validator.is_valid("eu") is retired
    assert not validator.is_valid("not a word")


def test_the_graph_says_who_rests_on_what(references) -> None:
    """Consumers, contracts, audiences, accounts and campaigns, each with why."""
    found = graph(references.catalogue)
    readers = {(edge.reader, edge.need) for edge in found.readers[HERE]}
    assert readers == {
        ("consumer:revenue-report", "hard"),
        ("/segments/recent_buyers/v1", "hard"),
        ("campaign:k7m2pk", "hard"),
    }
    money = {edge.reader for edge in found.downstream("/common/money/v1")}
    assert {HERE, "/segments/recent_buyers/v1", "campaign:k7m2pk"} <= money
    assert any(edge.reader.startswith("audience:meta/") for edge in found.downstream(HERE))


def test_an_edge_knows_which_fields_it_reads(references) -> None:
    """A consumer of two fields is not touched by a change of a third."""
    (edge,) = [e for e in graph(references.catalogue).readers[HERE] if e.reader == "consumer:revenue-report"]
    assert edge.touches(["order_id"]) and not edge.touches(["coupon"])

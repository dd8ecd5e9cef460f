"""Documents become nodes; references resolve inside what was given, and never by fetching."""

import json

import pytest

from canonry.schema.dialects import Dialect, UnknownDialectError, dialect_of
from canonry.schema.resources import DanglingRefError, NotASchemaError, RemoteRefError, Schema

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"


@pytest.mark.parametrize(
    ("uri", "dialect"),
    [
        (DRAFT_4, Dialect.DRAFT_4),
        ("http://json-schema.org/draft-05/schema#", Dialect.DRAFT_4),
        ("http://json-schema.org/draft-06/schema", Dialect.DRAFT_6),
        ("https://json-schema.org/draft-07/schema#", Dialect.DRAFT_7),
        (DRAFT_2019, Dialect.DRAFT_2019_09),
        ("https://json-schema.org/draft/2020-12/schema", Dialect.DRAFT_2020_12),
        ("http://json-schema.org/schema#", Dialect.DRAFT_2020_12),
        (None, Dialect.DRAFT_2020_12),
    ],
)
def test_the_declared_dialect_counts(uri, dialect):
    """Http or https, with or without an empty fragment; without a declaration it is 2020-12."""
    assert dialect_of(uri) is dialect


@pytest.mark.parametrize("uri", ["http://json-schema.org/draft-03/schema#", "urn:mine", "", 7])
def test_an_unknown_dialect_is_refused(uri):
    """What a schema of an unknown dialect means is unknown, so nothing is guessed."""
    with pytest.raises(UnknownDialectError, match="does not know") as caught:
        Schema.load({"$schema": uri})
    assert "2020-12" in caught.value.advice()


def test_the_callers_default_is_for_documents_without_a_dialect():
    """A default never overrides what a document declares."""
    assert Schema.load({}, Dialect.DRAFT_4).dialect is Dialect.DRAFT_4
    assert Schema.load({"$schema": DRAFT_7}, Dialect.DRAFT_4).dialect is Dialect.DRAFT_7


def test_the_same_place_is_the_same_node():
    """Nodes are compared by identity, however they were reached."""
    schema = Schema.load({"properties": {"a": {"items": {"type": "string"}}}, "$ref": "#/properties/a/items"})
    node = schema.root.child("properties", "a", "items")
    assert schema.root.child("properties", "a").child("items") is node
    assert schema.root.resolve_ref("#/properties/a/items") is node
    assert node.pointer == "/properties/a/items"


def test_list_positions_take_numbers():
    """`child("allOf", 1)` is the second branch."""
    schema = Schema.load({"allOf": [True, {"type": "null"}]})
    assert schema.root.child("allOf", 1).value == {"type": "null"}
    assert schema.root.child("allOf", 1).pointer == "/allOf/1"


def test_keywords_beside_a_ref_are_ignored_up_to_draft_7():
    """From 2019-09 they count."""
    old = Schema.load(
        {"$schema": DRAFT_7, "$ref": "#/definitions/a", "type": "null", "definitions": {"a": {}}}
    )
    assert dict(old.root.keywords) == {"$ref": "#/definitions/a"}
    assert old.root.hides_siblings
    new = Schema.load({"$ref": "#/$defs/a", "type": "null", "$defs": {"a": {}}})
    assert "type" in new.root.keywords
    assert not new.root.hides_siblings


@pytest.mark.parametrize(
    ("schema", "ref", "pointer"),
    [
        ({"$defs": {"a/b": {}}}, "#/$defs/a~1b", "/$defs/a~1b"),
        ({"$defs": {"a b": {}}}, "#/$defs/a%20b", "/$defs/a b"),
        ({"$defs": {"a": {"$anchor": "here"}}}, "#here", "/$defs/a"),
        ({"$defs": {"a": {"$id": "http://x.test/a"}}}, "http://x.test/a", "/$defs/a"),
        ({"$id": "http://x.test/dir/root", "$defs": {"a": {"$id": "a"}}}, "a", "/$defs/a"),
        ({"$id": "http://x.test/root"}, "http://x.test/root#", ""),
        ({"$defs": {"a": {"$id": "urn:x:a", "$anchor": "n"}}}, "urn:x:a#n", "/$defs/a"),
        (
            {"components": {"schemas": {"a": {"type": "null"}}}},
            "#/components/schemas/a",
            "/components/schemas/a",
        ),
        ({"$schema": DRAFT_4, "definitions": {"a": {"id": "#n"}}}, "#n", "/definitions/a"),
        ({"$schema": DRAFT_7, "definitions": {"a": {"$id": "#n"}}}, "#n", "/definitions/a"),
    ],
)
def test_references_resolve_inside_the_document(schema, ref, pointer):
    """By pointer, anchor and identifier, in known places and in others that a reference names."""
    assert Schema.load(schema).root.resolve_ref(ref).pointer == pointer


def test_a_pointer_is_read_from_the_root_of_its_resource():
    """Inside an embedded resource `#` is that resource, not the document."""
    schema = Schema.load(
        {"$defs": {"a": {"$id": "http://x.test/a", "$defs": {"b": {}}, "items": {"$ref": "#/$defs/b"}}}}
    )
    items = schema.root.child("$defs", "a", "items")
    assert items.resolve_ref("#/$defs/b").pointer == "/$defs/a/$defs/b"
    with pytest.raises(DanglingRefError):
        schema.root.resolve_ref("#/$defs/b")


def test_an_embedded_resource_may_have_its_own_dialect():
    """`$schema` counts beside an identifier, and nowhere else below the root."""
    schema = Schema.load(
        {"$defs": {"a": {"$schema": DRAFT_7, "$id": "http://x.test/a", "not": {}}, "b": {"$schema": DRAFT_7}}}
    )
    assert schema.root.child("$defs", "a", "not").dialect is Dialect.DRAFT_7
    assert schema.root.child("$defs", "b").dialect is Dialect.DRAFT_2020_12


def test_a_property_called_id_is_no_identifier():
    """Only schemas have identifiers; names of members and values of enums do not count."""
    schema = Schema.load(
        {"$schema": DRAFT_4, "properties": {"id": {"type": "string"}}, "enum": [{"id": "http://x.test/"}]}
    )
    with pytest.raises(RemoteRefError):
        schema.root.resolve_ref("http://x.test/")


def test_a_remote_reference_is_never_fetched():
    """The error says so, says where, and says what to do."""
    schema = Schema.load({"properties": {"a": {"$ref": "https://schemas.example.test/a.json"}}})
    (error,) = schema.broken_references()
    assert isinstance(error, RemoteRefError)
    assert error.pointer == "/properties/a"
    assert "never fetches" in str(error)
    assert "$defs" in error.advice()


def test_a_dangling_reference_says_where_it_stands():
    """It spoils only what depends on it, so loading does not refuse the document."""
    schema = Schema.load({"anyOf": [True, {"$ref": "#/$defs/gone"}]})
    assert [(type(error), error.pointer) for error in schema.broken_references()] == [
        (DanglingRefError, "/anyOf/1")
    ]


def test_unused_definitions_may_hold_broken_references():
    """What nothing reaches changes no meaning."""
    assert Schema.load({"$defs": {"a": {"$ref": "#/nowhere"}}}).broken_references() == ()
    used = {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/nowhere"}}}
    assert len(Schema.load(used).broken_references()) == 1


def test_other_documents_can_be_given():
    """References between contracts resolve in the documents that the caller hands over."""
    schema = Schema.load(
        {"$id": "https://x.test/a", "$ref": "/b#/$defs/c"},
        documents={"https://x.test/b": {"$defs": {"c": {"type": "null"}}}},
    )
    target = schema.root.resolve_ref("/b#/$defs/c")
    assert target.value == {"type": "null"}
    assert target.base == "https://x.test/b"


@pytest.mark.parametrize(
    "uri", [DRAFT_4, DRAFT_7, DRAFT_2019, "https://json-schema.org/draft/2020-12/schema"]
)
def test_metaschemas_are_at_hand(uri):
    """A schema may refer to its metaschema, which ships with the specifications."""
    schema = Schema.load({"$ref": uri})
    assert schema.broken_references() == ()
    assert schema.root.resolve_ref(uri) is Schema.load({}).root.resolve_ref(uri)


@pytest.mark.parametrize(
    ("schema", "where"),
    [
        ([], "the root"),
        ("text", "the root"),
        (None, "the root"),
        ({"type": "strnig"}, "/type"),
        ({"type": []}, "/type"),
        ({"properties": []}, "/properties"),
        ({"properties": {"a/b": 1}}, "/properties/a~1b"),
        ({"allOf": {"type": "string"}}, "/allOf"),
        ({"allOf": [1]}, "/allOf/0"),
        ({"items": [{}]}, "/items"),
        ({"required": "a"}, "/required"),
        ({"minLength": -1}, "/minLength"),
        ({"minLength": 1.5}, "/minLength"),
        ({"minLength": True}, "/minLength"),
        ({"multipleOf": 0}, "/multipleOf"),
        ({"maximum": float("nan")}, "/maximum"),
        ({"maximum": "1"}, "/maximum"),
        ({"const": float("inf")}, "/const"),
        ({"enum": [{1: 2}]}, "/enum"),
        ({"enum": "a"}, "/enum"),
        ({"const": {1, 2}}, "/const"),
        ({"pattern": 1}, "/pattern"),
        ({"$ref": 1}, "/$ref"),
        ({"$id": 1}, "/$id"),
        ({"dependentRequired": {"a": "b"}}, "/dependentRequired"),
        ({"$schema": DRAFT_4, "exclusiveMaximum": 3}, "/exclusiveMaximum"),
        ({"$schema": DRAFT_7, "exclusiveMaximum": True}, "/exclusiveMaximum"),
        ({"$schema": DRAFT_7, "dependencies": {"a": 1}}, "/dependencies/a"),
    ],
)
def test_what_is_no_schema_is_refused_with_its_place(schema, where):
    """Every wrong place is named; nothing is guessed about what was meant."""
    with pytest.raises(NotASchemaError) as caught:
        Schema.load(schema)
    assert where in str(caught.value)


def test_a_reference_to_something_else_than_a_schema_is_refused():
    """A list is no schema, even where a reference says so."""
    with pytest.raises(NotASchemaError, match="/x"):
        Schema.load({"x": [1], "$ref": "#/x"}).root.resolve_ref("#/x")
    broken = Schema.load({"x": {"type": 5}, "$ref": "#/x"})
    for _ in "twice":  # what could not be read the first time is not taken for read the second time
        with pytest.raises(NotASchemaError, match="/x/type"):
            broken.root.resolve_ref("#/x")


def test_only_the_first_problems_are_listed():
    """A document that is something else entirely does not fill the screen."""
    with pytest.raises(NotASchemaError, match="and 5 more") as caught:
        Schema.load({"properties": {str(n): n for n in range(10)}})
    assert len(caught.value.problems) == 10


def test_keywords_of_other_dialects_mean_nothing():
    """A keyword that the dialect does not know is not checked."""
    document = {"$schema": DRAFT_4, "const": {}, "frobnicate": 1, "if": 7, "$defs": 3, "prefixItems": "x"}
    assert Schema.load(document).dialect is Dialect.DRAFT_4


def test_deep_and_wide_documents_load():
    """Nothing recurses: 900 levels are as deep as the JSON parser goes."""
    text = '{"not":' * 900 + "{}" + "}" * 900
    node = Schema.load(json.loads(text)).root
    for _ in range(900):
        node = node.child("not")
    assert node.value == {}
    wide = Schema.load({"allOf": [{"type": "string"}] * 10_000})
    assert len(wide.root.children) == 10_000


def test_too_deep_a_value_is_refused():
    """Values are compared recursively, so their depth is limited and the limit is said."""
    deep = json.loads("[" * 400 + "]" * 400)
    with pytest.raises(NotASchemaError, match="deeper than 300"):
        Schema.load({"const": deep})


def test_dynamic_scopes_matter_only_where_something_is_dynamic():
    """So that the engine may forget scopes for all others."""
    assert not Schema.load({"$ref": "#", "$anchor": "a"}).dynamic
    assert Schema.load({"$dynamicAnchor": "a"}).dynamic
    assert Schema.load({"items": {"$dynamicRef": "#"}}).dynamic
    assert Schema.load({"$schema": DRAFT_2019, "$recursiveAnchor": True}).dynamic


def test_a_dynamic_reference_takes_the_outermost_anchor():
    """The resource entered first decides, as for a tree whose leaf type is refined."""
    schema = Schema.load(
        {
            "$id": "http://x.test/strict",
            "$dynamicAnchor": "node",
            "$ref": "tree",
            "$defs": {
                "tree": {"$id": "tree", "$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}},
            },
        }
    )
    tree = schema.root.child("$defs", "tree")
    items = tree.child("items")
    assert items.resolve_dynamic("#node", (schema.root, tree)) is schema.root
    assert items.resolve_dynamic("#node", (tree,)) is tree


def test_a_recursive_reference_takes_the_outermost_recursive_anchor():
    """The 2019-09 form of the same idea."""
    schema = Schema.load(
        {
            "$schema": DRAFT_2019,
            "$id": "http://x.test/strict",
            "$recursiveAnchor": True,
            "$defs": {"tree": {"$id": "tree", "$recursiveAnchor": True, "items": {"$recursiveRef": "#"}}},
        }
    )
    tree = schema.root.child("$defs", "tree")
    assert tree.child("items").resolve_recursive((schema.root, tree)) is schema.root
    assert tree.child("items").resolve_recursive((tree,)) is tree


def test_a_node_shows_where_it_is():
    """For whoever debugs."""
    schema = Schema.load({"$id": "http://x.test/a", "items": {}})
    assert repr(schema.root.child("items")) == "<Node http://x.test/a#/items>"


@pytest.mark.parametrize("ref", ["#nowhere", "#/$defs/gone", "#/$defs/b/0"])
def test_what_is_not_there_is_dangling(ref):
    """An anchor, a member or a position."""
    with pytest.raises(DanglingRefError, match="dangling"):
        Schema.load({"$defs": {"b": {"enum": [1]}}}).root.resolve_ref(ref)


def test_a_given_document_must_be_a_schema():
    """A list is none, wherever it comes from."""
    schema = Schema.load({"$ref": "http://x.test/b"}, documents={"http://x.test/b": [1]})
    with pytest.raises(NotASchemaError, match=r"http://x\.test/b is no schema"):
        schema.root.resolve_ref("http://x.test/b")


@pytest.mark.parametrize(
    "uri", ["http://json-schema.org/draft-07/no-such", "https://json-schema.org/draft/2020-12/x"]
)
def test_only_published_metaschemas_are_at_hand(uri):
    """Anything else under that host is remote."""
    with pytest.raises(RemoteRefError):
        Schema.load({}).root.resolve_ref(uri)


def test_recursion_through_references_is_followed_once():
    """Looking for broken references ends."""
    assert Schema.load({"items": {"$ref": "#"}, "$ref": "#/items"}).broken_references() == ()
    shared = {
        "$ref": "#/$defs/a",
        "items": {"$ref": "#/$defs/a"},
        "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}},
    }
    assert Schema.load(shared).broken_references() == ()


def test_a_dynamic_reference_outside_of_every_scope_is_an_ordinary_one():
    """Nothing that was entered has the anchor."""
    schema = Schema.load({"$defs": {"a": {"$id": "http://x.test/a", "$dynamicAnchor": "n"}}})
    target = schema.root.child("$defs", "a")
    assert schema.root.resolve_dynamic("http://x.test/a#n", ()) is target
    assert schema.root.resolve_dynamic("#/$defs/a", (schema.root,)) is target
    assert schema.root.resolve_recursive(()) is schema.root

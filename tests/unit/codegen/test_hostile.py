# ruff: noqa: E501  tables of odd texts read better in wide lines
"""No contract text becomes code, whatever it is and wherever it stands."""

import ast
import builtins
import importlib
import warnings
from pathlib import Path

import pytest

from canonry.codegen import prose
from canonry.codegen.identifiers import FIELD_RESERVED, class_name, constant_name, field_names, module_name

INJECTIONS = (
    '"""\nimport builtins; builtins.PWNED = True\n"""',
    "'''\nimport builtins; builtins.PWNED = True\n'''",
    '\\"""\nimport builtins; builtins.PWNED = True #',
    "\\",
    'ends with a quote "',
    "ends with a backslash \\",
    "']\nimport builtins\nbuiltins.PWNED = True\nx = ['",
    "{__import__('builtins').__setattr__('PWNED', True)}",
    "{0.__class__}", "%(x)s %s", "\\N{BULLET} \\x41 \\u202e \\",
    "\u202edesrever", "\u2066\u2069\u200b\ufeff", "a\x00b\x1b[31m\x07", "line\rline\x85line\u2028line\u2029line",
    "@@v0@@", "@@n0@@", "class Evil(Record):\n    pass\n", "    evil: str = print()\n", "\ud800", "Literal['@@v0@@']",
    "__import__('os').system('true')", "*/ --> <script>alert(1)</script> ${{ github.token }}",
)  # fmt: skip
ODD_NAMES = (
    "class", "None", "True", "__class__", "__init__", "__dict__", "_private", "model_config", "model_fields", "copy",
    "json", "dict", "schema", "validate", "payload", "from_payload", "str", "int", "Any", "Literal", "Record", "Field",
    "a b", "a-b", "a_b", "a.b", "1", "1a", "", " ", "é", "ﬁ", "self", "cls", "type", "import", "match", "print",
    "validation_alias", "customTypePath", "$ref", "@@n0@@", "Thing", "thing", "Contract",
)  # fmt: skip


def _package(schema, client_of, **meta):
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/events/thing/v1",
        "x-contract": {
            "version": "1.0.0",
            "owner": "web",
            "backup_owner": "crm",
            **meta,
        },
        "type": "object",
        "additionalProperties": False,
        **schema,
    }
    package = client_of({"/events/thing/v1": document})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        module = importlib.import_module(f"{package.__name__}.events.thing_v1")
        module.Thing.model_rebuild()
    return module


def _is_inert(module):
    """Only imports, models, annotated fields and literals: nothing runs that canonry did not write."""
    assert not hasattr(builtins, "PWNED")
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    for node in tree.body:
        assert isinstance(node, ast.ImportFrom | ast.ClassDef | ast.Expr), ast.dump(node)
        if isinstance(node, ast.ImportFrom):
            assert node.module.split(".")[0] in (
                "__future__", "typing", "collections", "pydantic", "typing_extensions", module.__name__.split(".")[0]
            )  # fmt: skip
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Import | ast.FunctionDef | ast.Lambda | ast.JoinedStr | ast.Assign)
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name in ("Field", "Contract", "Guard", "deprecated", "frozenset") or name.endswith(
                ".model_rebuild"
            ), name
            for inner in (*node.args, *(keyword.value for keyword in node.keywords)):
                assert all(
                    isinstance(
                        n, ast.Constant | ast.Tuple | ast.Dict | ast.Set | ast.Load | ast.Call | ast.Name
                    )
                    for n in ast.walk(inner)
                ), ast.dump(inner)
    return tree


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_text_stays_text(text, client_of):
    """Titles, descriptions, words, constants, property names, triggers, platform names: everywhere at once."""
    meta = "refused by the loader" if text == "\ud800" else text
    field = {"type": "string", "description": text, "title": text, "default": text, "examples": [text]}
    module = _package(
        {
            "title": text,
            "description": text,
            "properties": {
                "plain": field,
                text: field,
                "word": {"enum": [text, "ok"], "description": text},
                "fixed": {"const": text},
                "inner": {
                    "type": "object",
                    "title": text,
                    "description": text,
                    "additionalProperties": False,
                    "properties": {text: {**field, "deprecated": True, "x-consent": [text]}},
                },
            },
            "required": ["word"],
            "examples": [{"word": text}],
        },
        client_of,
        status="deprecated",
        trigger=f"x{meta}x",
        suppression=[f"x{meta}x"],
        consent={"ga4": [meta]},
        platforms={"ga4": meta},
    )
    _is_inert(module)
    with pytest.warns(DeprecationWarning, match="/events/thing/v1 is deprecated"):
        module.Thing.model_validate({"word": "ok"})
    if meta == text:  # else it is no text that anybody could send
        payload = {"word": text, "fixed": text, text: "x"}
        with pytest.warns(DeprecationWarning, match="deprecated"):
            assert module.Thing.model_validate(payload).payload() == payload
    assert module.Thing.__contract__.names == {"ga4": meta}
    shown = module.Thing.__doc__
    assert all(char == "\n" or char.isprintable() for char in shown)


def test_odd_property_names_can_all_be_used(client_of):
    """Keywords, dunder and model names, names that pydantic or Python uses, names that differ in one character."""
    properties = {name: {"type": "string", "description": name} for name in ODD_NAMES}
    module = _package({"properties": properties, "required": list(ODD_NAMES)}, client_of)
    _is_inert(module)
    payload = {name: f"v{number}" for number, name in enumerate(ODD_NAMES)}
    thing = module.Thing.from_payload(payload)
    assert thing.payload() == payload
    python = field_names(ODD_NAMES, methods=False)
    assert len(set(python.values())) == len(ODD_NAMES)
    assert module.Thing(**{python[name]: value for name, value in payload.items()}).payload() == payload


def test_five_hundred_properties_and_two_thousand_words(client_of):
    """Large contracts become large models, and nothing else happens."""
    properties = {f"p{number}": {"type": "integer"} for number in range(500)}
    properties["word"] = {"enum": [f"w {number}" for number in range(2000)]}
    module = _package({"properties": properties}, client_of)
    payload = {**{f"p{number}": number for number in range(500)}, "word": "w 1999"}
    assert module.Thing.from_payload(payload).payload() == payload


def test_deep_all_of_and_recursion_end(client_of):
    """Parts in parts in parts, mutual recursion, and a definition that is only itself."""
    deep = {"type": "object", "additionalProperties": True, "properties": {"a": {"type": "string"}}}
    for number in range(20):
        deep = {"allOf": [deep, {"properties": {f"p{number}": {"type": "integer"}}}]}
    node = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"other": {"$ref": "#/$defs/other"}},
    }
    other = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"node": {"allOf": [{"$ref": "#/$defs/node"}]}},
    }
    nested = {"type": "string"}
    for _ in range(25):
        nested = {"type": "object", "additionalProperties": False, "properties": {"in": nested}}
    schema = {
        "properties": {"deep": deep, "node": {"$ref": "#/$defs/node"}, "nested": nested},
        "$defs": {"node": node, "other": other},
    }
    module = _package(schema, client_of)
    payload = {"deep": {"a": "x", "p7": 1}, "node": {"other": {"node": {}}}}
    assert module.Thing.from_payload(payload).payload() == payload


def test_every_attribute_of_a_model_is_reserved(client_of):
    """No property can shadow what pydantic or the client defines."""
    module = _package({"properties": {}}, client_of)
    taken = {name for name in dir(module.Thing) if not name.startswith(("_", "model_"))}
    assert taken <= FIELD_RESERVED


@pytest.mark.parametrize("text", ["none", "1st_order", "order_completed", "", "é", "a-b", "true"])
def test_names_are_identifiers(text):
    """Whatever the text, classes, constants and modules get names that Python takes."""
    assert class_name(text).isidentifier()
    assert constant_name(text).isidentifier()
    assert module_name(text or "x", 1).isidentifier()


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
@pytest.mark.parametrize("around", ["{}", "x{}", "{}x", "{}\n\n{}", "a\n{}"])
def test_a_docstring_is_one_string(text, around):
    """Python reads a docstring back as one expression: the text, with what does not print spelt out."""
    source = prose.docstring(around.format(text, text), "    ")
    body = ast.parse(f"class X:\n{source}").body
    assert len(body) == 1 and len(body[0].body) == 1
    assert isinstance(body[0].body[0].value.value, str)

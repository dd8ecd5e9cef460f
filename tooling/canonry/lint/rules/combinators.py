"""How contracts may combine schemas."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from canonry.kernel.jsonvalue import identity
from canonry.lint.schemas import Node
from canonry.lint.subject import Remark, Subject


def combinator_outside_profile(subject: Subject) -> Iterator[Remark]:
    """`allOf`, `oneOf`, `if` or `not` is used in a way that contracts do not use it.

    `allOf` joins objects; the branches of `oneOf` are told apart by a required property with a `const` of its
    own in each; `if` asks for a `const` or `enum` of a required property; `not` holds one `pattern`, on a
    string.

    ## Why it matters
    Other uses have payloads that match several branches or none in ways nobody meant, and no generated type
    says the same.

    ## Instead
    Add the telling property, or make two contracts. `not: {"required": [...]}` is said by
    `additionalProperties: false`.
    """
    for node in subject.schemas.having("allOf"):
        for number, branch in enumerate(_dicts(node.schema["allOf"])):
            followed = subject.followed(branch, node.contract)
            if followed.get("type") != "object" and _OBJECT_MARKS.isdisjoint(followed):
                place = node.contract.place(f"{node.pointer}/allOf/{number}")
                advice = "write the keywords beside each other, or make it an object"
                yield Remark("a branch of allOf describes no object", place, advice, values=("allOf",))
    for node in subject.schemas.having("oneOf"):
        branches = [subject.followed(branch, node.contract) for branch in _dicts(node.schema["oneOf"])]
        if not _tag(branches):
            message = f"no property tells the {len(branches)} branches of oneOf apart"
            advice = 'give each a required property of one name with its own "const", such as "type"'
            yield Remark(message, node.place("oneOf"), advice, values=("oneOf",))
    for node in subject.schemas.having("if"):
        if not _asks_for_const(node.schema["if"]):
            advice = '"if": {"required": ["method"], "properties": {"method": {"const": "card"}}}'
            yield Remark(
                "if must ask for a const of a required property", node.place("if"), advice, values=("if",)
            )
        elif "then" not in node.schema:
            yield Remark("if without then changes nothing", node.place("if"), "add then", values=("then",))
    for keyword in ("then", "else"):
        for node in subject.schemas.having(keyword):
            if "if" not in node.schema:
                message = f"{keyword} without if changes nothing"
                yield Remark(message, node.place(keyword), "add if", values=(keyword, "if"))
    for node in subject.schemas.having("not"):
        if not _refuses_a_pattern(node, subject):
            advice = '"type": "string", "not": {"pattern": "^test-"}'
            yield Remark("not must hold one pattern, on a string", node.place("not"), advice, values=("not",))


_OBJECT_MARKS: Final = frozenset(
    {
        "properties",
        "required",
        "additionalProperties",
        "minProperties",
        "maxProperties",
        "if",
        "allOf",
        "oneOf",
    }
)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}


def _required(schema: Mapping[str, Any]) -> list[Any]:
    found = schema.get("required")
    return found if isinstance(found, list) else []


def _tag(branches: list[Mapping[str, Any]]) -> str:
    """The required property whose const differs in every branch, or nothing."""
    for name in _properties(branches[0]) if branches else ():
        consts: set[object] = set()
        for branch in branches:
            schema = _properties(branch).get(name)
            if not isinstance(schema, dict) or "const" not in schema or name not in _required(branch):
                break
            consts.add(identity(schema["const"]))
        else:
            if len(consts) == len(branches):
                return name
    return ""


def _asks_for_const(condition: object) -> bool:
    if not isinstance(condition, dict) or not condition.keys() <= {
        "properties",
        "required",
        "$comment",
        "type",
    }:
        return False
    properties, required = _properties(condition), _required(condition)
    return bool(properties) and all(
        isinstance(schema, dict) and schema.keys() in ({"const"}, {"enum"}) and name in required
        for name, schema in properties.items()
    )


def _refuses_a_pattern(node: Node, subject: Subject) -> bool:
    refused = node.schema["not"]
    if not isinstance(refused, dict) or refused.keys() - {"type", "$comment", "description"} != {"pattern"}:
        return False
    return subject.field(node).get("type") == "string" or refused.get("type") == "string"

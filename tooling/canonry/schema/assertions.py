"""The keywords that judge a value without asking any subschema, each made ready once per node."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.schema.decimals import exact, is_multiple, is_number, is_whole, key
from canonry.schema.dialects import Dialect
from canonry.schema.resources import Node

if TYPE_CHECKING:
    from canonry.regular import Language

Assertion: TypeAlias = Callable[[Json], bool]
Formats: TypeAlias = Mapping[str, Callable[[str], bool]]
Maker: TypeAlias = Callable[[Any, Node, Formats | None], Assertion | None]
"""Keyword value, node and asserted formats to the assertion; None where it asserts nothing."""


@lru_cache(maxsize=4096)
def language(text: str) -> "Language":
    """The strings that a `pattern` matches somewhere. Raises the errors of `canonry.regular.pattern`."""
    from canonry.regular import pattern  # here, so that a schema without patterns never loads automata

    return pattern(text)


def _is_object(value: Json) -> bool:
    return isinstance(value, dict)


_TYPE_TESTS: Final[dict[str, Assertion]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: value is True or value is False,
    "integer": lambda value: is_number(value) and is_whole(value),
    "null": lambda value: value is None,
    "number": is_number,
    "object": _is_object,
    "string": lambda value: isinstance(value, str),
}


def _whole_as_written(value: Json) -> bool:
    """Draft 4 defines an integer as a number written without fraction or exponent, so 1.0 is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _type(held: Any, node: Node, _: Formats | None) -> Assertion:
    tests = _TYPE_TESTS | ({"integer": _whole_as_written} if node.dialect is Dialect.DRAFT_4 else {})
    if isinstance(held, str):
        return tests[held]
    wanted = [tests[name] for name in held]
    return lambda value: any(test(value) for test in wanted)


def _enum(held: Any, _: Node, __: Formats | None) -> Assertion:
    keys = {key(member) for member in held}
    return lambda value: key(value) in keys


def _const(held: Any, node: Node, _: Formats | None) -> Assertion | None:
    if node.dialect < Dialect.DRAFT_6:
        return None
    wanted = key(held)
    return lambda value: key(value) == wanted


def _number(test: Callable[[Any, Any], bool]) -> Maker:
    def make(held: Any, _: Node, __: Formats | None) -> Assertion:
        bound = exact(held)
        return lambda value: not is_number(value) or test(exact(value), bound)

    return make


def _minimum(held: Any, node: Node, _: Formats | None) -> Assertion:
    bound = exact(held)
    if node.dialect is Dialect.DRAFT_4 and node.keywords.get("exclusiveMinimum") is True:
        return lambda value: not is_number(value) or exact(value) > bound
    return lambda value: not is_number(value) or exact(value) >= bound


def _maximum(held: Any, node: Node, _: Formats | None) -> Assertion:
    bound = exact(held)
    if node.dialect is Dialect.DRAFT_4 and node.keywords.get("exclusiveMaximum") is True:
        return lambda value: not is_number(value) or exact(value) < bound
    return lambda value: not is_number(value) or exact(value) <= bound


def _exclusive(test: Callable[[Any, Any], bool]) -> Maker:
    def make(held: Any, node: Node, formats: Formats | None) -> Assertion | None:
        return None if node.dialect is Dialect.DRAFT_4 else _number(test)(held, node, formats)

    return make


def _size(of: type, test: Callable[[int, Any], bool]) -> Maker:
    def make(held: Any, _: Node, __: Formats | None) -> Assertion:
        bound = exact(held)
        return lambda value: not isinstance(value, of) or test(len(value), bound)  # type: ignore[arg-type]  # sized

    return make


def _pattern(held: Any, _: Node, __: Formats | None) -> Assertion:
    def matches(value: Json) -> bool:
        return not isinstance(value, str) or language(held).accepts(value)

    return matches


def _format(held: Any, _: Node, formats: Formats | None) -> Assertion | None:
    meets = formats.get(held) if formats is not None else None
    if meets is None:
        return None
    return lambda value: not isinstance(value, str) or meets(value)


def _unique(held: Any, _: Node, __: Formats | None) -> Assertion | None:
    if not held:
        return None

    def distinct(value: Json) -> bool:
        return not isinstance(value, list) or len({key(item) for item in value}) == len(value)

    return distinct


def _required(held: Any, _: Node, __: Formats | None) -> Assertion:
    return lambda value: not isinstance(value, dict) or all(name in value for name in held)


def _dependent_required(held: Any, node: Node, _: Formats | None) -> Assertion | None:
    if node.dialect < Dialect.DRAFT_2019_09:
        return None

    def complete(value: Json) -> bool:
        return not isinstance(value, dict) or all(
            name in value for given, names in held.items() if given in value for name in names
        )

    return complete


MAKERS: Final[Mapping[str, Maker]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "required": _required,
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _exclusive(lambda value, bound: value > bound),
    "exclusiveMaximum": _exclusive(lambda value, bound: value < bound),
    "multipleOf": lambda held, _, __: lambda value: not is_number(value) or is_multiple(value, held),
    "minLength": _size(str, lambda size, bound: size >= bound),
    "maxLength": _size(str, lambda size, bound: size <= bound),
    "minItems": _size(list, lambda size, bound: size >= bound),
    "maxItems": _size(list, lambda size, bound: size <= bound),
    "minProperties": _size(dict, lambda size, bound: size >= bound),
    "maxProperties": _size(dict, lambda size, bound: size <= bound),
    "dependentRequired": _dependent_required,
    "uniqueItems": _unique,
    "format": _format,
    "pattern": _pattern,
}
"""Cheapest first, which is the order in which they are tried."""

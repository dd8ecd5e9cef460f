"""Bounds that contradict each other or their type."""

from collections.abc import Iterator
from typing import Final

from canonry.lint.subject import Remark, Subject


def bounds_contradictory(subject: Subject) -> Iterator[Remark]:
    """A lower bound lies above the upper one, so no value fits.

    ## Why it matters
    Every payload that carries the property is refused.

    ## Instead
    Correct the bound; lengths and counts are whole numbers from 0.
    """
    for low, high, strict in _BOUNDS:
        for node in subject.schemas.having(low):
            below, above = node.schema[low], node.schema.get(high)
            if not _is_number(below) or not _is_number(above):
                continue
            if below > above or (strict and below == above):
                message = f"{low} {below} and {high} {above} of {node.says} leave no value"
                yield Remark(message, node.place(low), values=(low, high))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_BOUNDS: Final = (
    ("minimum", "maximum", False),
    ("exclusiveMinimum", "exclusiveMaximum", True),
    ("minimum", "exclusiveMaximum", True),
    ("exclusiveMinimum", "maximum", True),
    ("minLength", "maxLength", False),
    ("minItems", "maxItems", False),
    ("minProperties", "maxProperties", False),
)


def keyword_ineffective(subject: Subject) -> Iterator[Remark]:
    """A keyword stands beside a type that it says nothing about, such as `maxLength` on an integer.

    ## Why it matters
    The bound that somebody meant is not checked: JSON Schema skips keywords of other types.

    ## Instead
    Take the keyword of the type (`maximum` for numbers, `maxLength` for strings, `maxItems` for lists), or
    correct the type.
    """
    for type_name, keywords in _KEYWORDS_OF.items():
        for keyword in keywords:
            for node in subject.schemas.having(keyword):
                kind = node.schema.get("type")
                if (
                    isinstance(kind, str)
                    and kind != type_name
                    and not (type_name == "number" and kind == "integer")
                ):
                    message = f"{keyword!r} says nothing about {node.says}, whose type is {kind}"
                    yield Remark(
                        message, node.place(keyword), f"it is for type {type_name}", values=(keyword,)
                    )


_KEYWORDS_OF: Final = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
}

"""What schemas say of numbers and of strings."""

from typing import TYPE_CHECKING, Final

from canonry.schema.dialects import Dialect
from canonry.schema.formulas import Formula, all_of
from canonry.schema.numbers import Maximum, Minimum, Multiple
from canonry.schema.scalars import Among
from canonry.schema.strings import InLanguage, Length
from canonry.schema.values import exact

if TYPE_CHECKING:
    from canonry.schema.normal import SchemaTerm


def number_formula(term: "SchemaTerm") -> Formula:
    """Bounds, `multipleOf`, and integers as the multiples of 1."""
    keywords = term.keywords
    parts: list[Formula] = []
    types = keywords.get("type")
    names = types if isinstance(types, list) else [types]
    if "integer" in names and "number" not in names:
        parts.append(Multiple(1))
    old_style = term.node.dialect is Dialect.DRAFT_4
    for keyword, bound in (("minimum", Minimum), ("maximum", Maximum)):
        exclusive = keywords.get("exclusive" + keyword.capitalize())
        if keyword in keywords:
            parts.append(bound(exact(keywords[keyword]), open=old_style and exclusive is True))
        if exclusive is not None and not old_style:
            parts.append(bound(exact(exclusive), open=True))
    if "multipleOf" in keywords:
        parts.append(Multiple(exact(keywords["multipleOf"])))
    return all_of(parts)


def string_formula(term: "SchemaTerm") -> Formula:
    """Lengths, `pattern`, and `format` where it is asserted."""
    keywords = term.keywords
    parts: list[Formula] = []
    if low := count(keywords.get("minLength")):
        parts.append(Length(low, None))
    high = count(keywords.get("maxLength"))
    if high is not None:
        parts.append(Length(0, high))
    pattern = keywords.get("pattern")
    if isinstance(pattern, str):
        word = _only_word(pattern)
        parts.append(
            InLanguage(term.terms.languages.pattern(pattern)) if word is None else Among(frozenset((word,)))
        )
    name = keywords.get("format")
    if isinstance(name, str):
        vocable = term.terms.format(name)
        if vocable is not None:
            parts.append(InLanguage(vocable))
    return all_of(parts)


def _only_word(pattern: str) -> str | None:
    """The one word of a pattern such as `^Deploy@2$`, which needs no automaton."""
    word = pattern[1:-1]
    return word if pattern[:1] == "^" and pattern[-1:] == "$" and not _META & set(word) else None


_META: Final = frozenset("\\^$.|?*+()[]{}/")


def count(value: object) -> int | None:
    """A length or a count; 2.0 is 2."""
    return None if value is None else int(value)  # type: ignore[call-overload]  # was checked

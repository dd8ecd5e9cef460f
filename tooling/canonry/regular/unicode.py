r"""What `\p{...}` names: general categories and a few binary properties, from the interpreter's tables."""

import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Final

from canonry.regular.charset import ALL, LAST, CharSet

_LONG_NAMES: Final = {
    "Letter": "L",
    "Cased_Letter": "LC",
    "Uppercase_Letter": "Lu",
    "Lowercase_Letter": "Ll",
    "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm",
    "Other_Letter": "Lo",
    "Mark": "M",
    "Combining_Mark": "M",
    "Nonspacing_Mark": "Mn",
    "Spacing_Mark": "Mc",
    "Enclosing_Mark": "Me",
    "Number": "N",
    "Decimal_Number": "Nd",
    "digit": "Nd",
    "Letter_Number": "Nl",
    "Other_Number": "No",
    "Punctuation": "P",
    "punct": "P",
    "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd",
    "Open_Punctuation": "Ps",
    "Close_Punctuation": "Pe",
    "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf",
    "Other_Punctuation": "Po",
    "Symbol": "S",
    "Math_Symbol": "Sm",
    "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk",
    "Other_Symbol": "So",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp",
    "Other": "C",
    "Control": "Cc",
    "cntrl": "Cc",
    "Format": "Cf",
    "Private_Use": "Co",
    "Unassigned": "Cn",
}
_SHORT_NAMES: Final = frozenset(_LONG_NAMES.values())
_EMPTY_PLANES: Final = (0x40000, 0xDFFFF)
_PRIVATE_PLANES: Final = ((0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))


@lru_cache(maxsize=1)
def _categories() -> dict[str, CharSet]:
    """Every two-letter category. Planes 4 to 13 are unassigned, 15 and 16 private: they are not walked."""
    ranges: dict[str, list[tuple[int, int]]] = {"Cn": [_EMPTY_PLANES], "Co": list(_PRIVATE_PLANES)}
    for first, last in ((0, _EMPTY_PLANES[0] - 1), (_EMPTY_PLANES[1] + 1, _PRIVATE_PLANES[0][0] - 1)):
        point = first
        for category, run in groupby(map(unicodedata.category, map(chr, range(first, last + 1)))):
            length = sum(1 for _ in run)
            ranges.setdefault(category, []).append((point, point + length - 1))
            point += length
    ranges["Cn"] += [(0xFFFFE, 0xFFFFF), (LAST - 1, LAST)]
    return {category: CharSet(parts) for category, parts in ranges.items()}


@lru_cache(maxsize=64)
def category(name: str) -> CharSet | None:
    """The characters of a general category by its short or long name; None where there is none such."""
    short = _LONG_NAMES.get(name, name)
    if short not in _SHORT_NAMES:
        return None
    if short == "LC":
        prefixes: tuple[str, ...] = ("Lu", "Ll", "Lt")
    else:
        prefixes = (short,)
    return CharSet(
        part for key, charset in _categories().items() if key.startswith(prefixes) for part in charset.ranges
    )


def named(text: str) -> CharSet | None:
    r"""What stands between the braces of `\p{...}`; None where it is not known here (scripts are not)."""
    if text == "Any":
        return ALL
    if text == "ASCII":
        return CharSet([(0, 0x7F)])
    key, equals, value = text.partition("=")
    if equals:
        return category(value) if key in {"General_Category", "gc"} else None
    return category(text)

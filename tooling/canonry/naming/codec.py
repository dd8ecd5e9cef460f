"""The codec, under the name by which the rest of canonry knows it. See `canonry.naming.runtime.codec`."""

from canonry.naming.runtime.codec import Codec, Contract
from canonry.naming.runtime.text import fold, join, nearest, quote, slug, split, unquote
from canonry.naming.runtime.values import ABSENT, ID_ALPHABET

__all__ = [
    "ABSENT",
    "ID_ALPHABET",
    "Codec",
    "Contract",
    "fold",
    "join",
    "nearest",
    "quote",
    "slug",
    "split",
    "unquote",
]

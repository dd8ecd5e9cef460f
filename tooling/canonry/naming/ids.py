"""Registry ids: six characters that no spreadsheet takes for a number, a date or a word.

The alphabet has 29 characters, a prime number, and the last character makes the sum of position (from 1)
times value divisible by 29. So every single mistyped character and every swap of two is noticed.
"""

from random import Random
from typing import Final

from canonry.naming.codec import ID_ALPHABET
from canonry.naming.runtime.values import ID_LENGTH

LETTERS: Final = ID_ALPHABET[8:]
"""What an id may begin with."""


def check_character(first_five: str) -> str:
    """The sixth character of an id. Raises `ValueError` for characters outside the alphabet."""
    total = sum(place * ID_ALPHABET.index(char) for place, char in enumerate(first_five, 1))
    inverse = pow(ID_LENGTH, -1, len(ID_ALPHABET))
    return ID_ALPHABET[-total * inverse % len(ID_ALPHABET)]


def draw(rng: Random) -> str:
    """A new id. The caller looks whether it is taken; about 16 million can be drawn."""
    head = rng.choice(LETTERS) + "".join(rng.choice(ID_ALPHABET) for _ in range(ID_LENGTH - 2))
    return head + check_character(head)


def valid(text: str) -> bool:
    """Whether a text is an id, its check character included."""
    if len(text) != ID_LENGTH or text[0] not in LETTERS or not set(text) <= set(ID_ALPHABET):
        return False
    return check_character(text[:-1]) == text[-1]


def near_misses(text: str) -> list[str]:
    """The valid ids that one mistyped character or one swap of neighbours away could have been meant."""
    found = {
        text[:place] + char + text[place + 1 :]
        for place in range(min(len(text), ID_LENGTH))
        for char in ID_ALPHABET
    }
    found |= {
        text[:place] + text[place + 1] + text[place] + text[place + 2 :] for place in range(len(text) - 1)
    }
    return sorted(candidate for candidate in found if valid(candidate))

"""In which encoding a text makes sense: what its bytes say of it, and what they leave open.

A reading makes sense where its words are words of languages that are written so. Words in Latin letters mix
letters beyond ASCII with others, and each has only those of one language; a text is read in the encoding in
which its words are of the fewest languages. Cyrillic, Greek and Hebrew words are told by how often their
letters stand in a text, Chinese by the characters that are common. What two readings share is known whichever
of them is right; where two differ and make equal sense, nothing is known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple


class Reading(NamedTuple):
    """The likeliest encoding of a text, as Python calls it, and whether no other makes as much sense."""

    encoding: str
    sure: bool


_WESTERN: Final = {
    "German": "äöüß",
    "French": "àâæçéèêëîïôœùûüÿ",
    "Spanish": "áéíñóúü",
    "Portuguese": "ãõáâàçéêíóôúü",
    "Italian": "àèéìíîòóùú",
    "Dutch": "áéëïóöüèçê",
    "Swedish": "åäöéü",
    "Danish": "æøåéüö",
    "Catalan": "àçéèíïóòúü",
    "Icelandic": "áéíóúýþæöð",
}
_CENTRAL: Final = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Croatian": "čćžšđ",
    "Romanian": "ăâîşţ",
    "German": _WESTERN["German"],
}
LATIN: Final[Mapping[str, Mapping[str, str]]] = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "cp1254": {"Turkish": "çğ\u0131iöşüâîû"},
    "cp1257": {"Lithuanian": "ąčęėįšųūž", "Latvian": "āčēģīķļņšūž", "Estonian": "äõöüšž"},
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
    "cp852": _CENTRAL,
    "iso8859_2": _CENTRAL,
}
"""Encodings of Latin letters, the likeliest first: per language its letters beyond ASCII."""

_RARE: Final = frozenset({"mac_roman", "cp850", "cp852", "iso8859_2"})
"""Encodings in which hardly anything is exported: a Windows one that makes as much sense is meant."""

_FREQUENT: Final[Mapping[str, str]] = {
    "Cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ",
    "Greek": "αοιετσνηυρπκμλςάίόέήωδγύώχθφβξζψϊϋΐΰ",
    "Hebrew": "יוהלאמתרבשנכקםעפחדטגסזצןץךף",
}
"""Letters by how often they stand in a text of such a language, the most frequent first."""
_SCRIPTS: Final[Mapping[str, str]] = {
    "cp1251": "Cyrillic",
    "koi8_r": "Cyrillic",
    "cp866": "Cyrillic",
    "iso8859_5": "Cyrillic",
    "mac_cyrillic": "Cyrillic",
    "cp1253": "Greek",
    "cp1255": "Hebrew",
}
_STRANGE: Final = 12.0
"""Bits of a letter that stands in no text of the language."""
_SIGN: Final = 7.0
"""Bits of a quotation mark or a dash."""
_USUAL: Final = 5.2
"""Bits of a letter of a text that makes sense; of a random one they are about six."""
_APART: Final = 0.6
"""Bits of a letter by which another reading makes less sense, if one is to be believed."""
_LETTERS: Final = 12
"""Letters that must be there for any of it."""
_FEW: Final = 3
"""Words in which letters of several encodings may agree by chance."""
_ODD: Final = 50
"""One word in so many may be none of any language: a brand, or a slip."""

_HIGH: Final = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_RUN: Final = re.compile(rb"[\x80-\xff]+")
_DOT: Final = "\u0307"
"""What Python leaves of a Turkish capital in small letters."""
_WORD: Final = re.compile(r"[^\W_]+")
_INSIDE: Final = re.compile(r"[^\W\d_][^\w\s\x00-\x7f\u2018\u2019\u2013\u2014\u00b7\u2022\u00b4]+[^\W\d_]")
"""A sign within a word that stands in no word."""
_SIGNS: Final = frozenset("\u201e\u201c\u201d\u2018\u2019\u00ab\u00bb\u2013\u2014\u2026\u2022\u2116\u00a0")
"""Signs that stand beside words of any language."""
_MARKS: Final = _SIGNS | frozenset(
    "\u00bf\u00a1\u20ac\u00a3\u00a7\u00a9\u00ae\u2122\u00b0\u00aa\u00ba\u00b7\u00b4\u00b2\u00b3\u00bd\u00bc\u00b1\u00d7\u2030\u2039\u203a"
)


def words_in(line: bytes) -> list[bytes]:
    """The words with bytes beyond ASCII."""
    return _HIGH.findall(line)


def told(words: Collection[bytes]) -> Reading:
    """How words with bytes beyond ASCII are to be read; `cp1252` and unsure where nothing makes sense."""
    if _is_chinese(words):
        return Reading("gb18030", sure=True)
    latin = dict(_latin(words))
    script = dict(_scripted(words))
    if latin and not script:
        return _fewest(latin, words)
    if script and not latin:
        return _clearest(script)
    return Reading("cp1252", sure=False)


def _decoded(words: Collection[bytes], encoding: str) -> list[str] | None:
    """None where a byte has no letter in it."""
    try:
        return [word.decode(encoding) for word in words]
    except UnicodeDecodeError:
        return None


def _latin(words: Collection[bytes]) -> Iterator[tuple[str, tuple[int, list[str]]]]:
    """Encodings in which words make sense: how many languages they are of, and how they read."""
    for encoding, languages in LATIN.items():
        texts = _decoded(words, encoding)
        if texts is None:
            continue
        wanted: list[frozenset[str]] = []
        odd = 0
        for text in texts:
            able = _languages(text, languages)
            if able is None:
                continue
            if able:
                wanted.append(able)
            else:
                odd += 1
        if odd * _ODD <= len(texts):
            yield encoding, (_cover(wanted), texts)


def _languages(text: str, languages: Mapping[str, str]) -> frozenset[str] | None:
    """The languages of which a text may be; None where it may be any, having no letter beyond ASCII."""
    if _INSIDE.search(text) or any(not (each.isalpha() or each.isascii() or each in _MARKS) for each in text):
        return frozenset()
    found: frozenset[str] | None = None
    for word in _WORD.findall(text):
        if word.isascii():
            continue
        beyond = {letter for letter in word.lower() if not letter.isascii() and letter != _DOT}
        if all(not letter.isalpha() for letter in beyond) and word[:-1].isascii():
            continue  # m2 with the two raised
        plain = sum(letter.isascii() for letter in word)
        if not plain and len(word) > 1:
            return frozenset()
        able = frozenset(name for name, letters in languages.items() if beyond <= set(letters))
        found = able if found is None else found & able
        if not found:
            return found
    return found


def _cover(wanted: list[frozenset[str]]) -> int:
    """How few languages all words are of, or a few more."""
    count = 0
    while wanted:
        names = [name for able in wanted for name in able]
        chosen = max(sorted(set(names)), key=names.count)
        wanted = [able for able in wanted if chosen not in able]
        count += 1
    return count


def _fewest(found: Mapping[str, tuple[int, list[str]]], words: Collection[bytes]) -> Reading:
    order = list(found)
    likely = [encoding for encoding in order if encoding not in _RARE]
    best = min(likely or order, key=lambda encoding: (found[encoding][0], order.index(encoding)))
    count, texts = found[best]
    unlike = [each for each in order if found[each][1] != texts]
    if any(found[each][0] < count for each in unlike):
        return Reading(best, sure=False)
    rivals = [each for each in unlike if found[each][0] == count and (each in likely or not likely)]
    return Reading(best, sure=not rivals or (best == "cp1252" and len(words) >= _FEW))


class _Cost(NamedTuple):
    """Bits of a letter, how many of the letters are none of the language, and how the words read."""

    bits: float
    strange: int
    texts: list[str]


def _scripted(words: Collection[bytes]) -> Iterator[tuple[str, _Cost]]:
    """Encodings in which words are of another alphabet."""
    for encoding, script in _SCRIPTS.items():
        texts = _decoded(words, encoding)
        if texts is None:
            continue
        bits = _bits(script)
        letters = [letter.lower() for text in texts for letter in text if not letter.isascii()]
        if len(letters) < _LETTERS:
            continue
        each = [bits.get(letter, _SIGN if letter in _SIGNS else _STRANGE) for letter in letters]
        turned = sum(map(_turned, texts))
        if sum(each) <= _USUAL * len(each) and turned * 10 <= len(each):
            yield encoding, _Cost(sum(each) / len(each), sum(bits.get(x) is None for x in letters), texts)


def _turned(text: str) -> int:
    """Capitals that follow a small letter: a few in names put together, many where case is turned around."""
    return sum(one.islower() and two.isupper() for one, two in pairwise(text))


def _bits(script: str) -> dict[str, float]:
    """Bits of each letter, as the order of their frequency has it (Zipf with a flat head)."""
    letters = _FREQUENT[script]
    weights = [1 / (place + 3) for place in range(len(letters))]
    return {
        letter: -math.log2(weight / sum(weights)) for letter, weight in zip(letters, weights, strict=True)
    }


def _clearest(found: Mapping[str, _Cost]) -> Reading:
    order = sorted(found, key=lambda encoding: found[encoding].bits)
    best = found[order[0]]
    others = [found[each] for each in order[1:] if found[each].texts != best.texts]
    sure = all(
        other.bits - best.bits >= _APART or (not best.strange and other.strange > 1) for other in others
    )
    return Reading(order[0], sure)


_HANGUL: Final = 0xC8
"""The last first byte of a Korean syllable in EUC-KR, which looks like Chinese else."""
_CHARACTERS: Final = 6


def _is_chinese(words: Collection[bytes]) -> bool:
    """Whether bytes come in pairs that are common Chinese characters, and some that are no Korean ones."""
    pairs = common = beyond = 0
    for word in words:
        for run in _RUN.findall(word):
            if len(run) % 2:
                return False
            for first, second in zip(run[::2], run[1::2], strict=True):
                if second < 0xA1 or not 0xA1 <= first <= 0xF7:  # noqa: PLR2004
                    return False
                pairs += 1
                common += 0xB0 <= first <= 0xD7 or first in (0xA1, 0xA3)  # noqa: PLR2004
                beyond += _HANGUL < first <= 0xD7  # noqa: PLR2004
    return pairs >= _CHARACTERS and common * 20 >= pairs * 19 and beyond * 10 >= pairs

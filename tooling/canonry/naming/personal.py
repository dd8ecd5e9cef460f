"""Personal data and secrets in links: found by shape or by a parameter's name, shown masked, kept nowhere."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from canonry.naming.runtime.text import fold, unquote

_EMAIL = re.compile(  # what lies beyond ASCII may be a letter of a name or of a host
    r"[A-Za-z0-9._+%~\x80-\U0010ffff-]{1,64}(?:@|%40)[A-Za-z0-9\x80-\U0010ffff][A-Za-z0-9\x80-\U0010ffff-]{0,62}"
    r"(?:\.[A-Za-z0-9\x80-\U0010ffff-]{1,63}){1,8}"
)
_NO_DATE: Final = (
    r"(?!20[0-9]{2}(?:\.[0-9]{1,2}\.|/[0-9]{1,2}/|-[0-9]{1,2}-)[0-9]"
    r"|[0-3]?[0-9](?:\.[01]?[0-9]\.|/[01]?[0-9]/|-[01]?[0-9]-) ?20[0-9]{2})"
)
_ABROAD: Final = _NO_DATE + (  # where nothing but 00 or a space tells, it has a country's code and length
    r"(?:[17][ ()./-]{0,3}[2-9](?:[ ()./-]{0,3}[0-9]){9}"
    r"|(?:2[0-79]|[3-6][0-9]|8[0-24-8]|9[0-9])(?:[ ()./-]{0,3}[0-9]){8,13})"
)
_PHONE = re.compile(
    rf"(?:\+[ ]?{_NO_DATE}[1-9](?:[ ()./-]{{0,3}}[0-9]){{7,14}}|00[ ()./-]{{0,2}}{_ABROAD})\Z"
)
_SPACED: Final = re.compile(rf"{_ABROAD}\Z")
_KEYS: Final = {
    "an e-mail address": ("email", "mail", "emailaddress", "useremail"),
    "a telephone number": ("phone", "tel", "mobile", "telephone", "phonenumber", "msisdn"),
    "a name": ("firstname", "lastname", "surname", "fullname", "givenname", "familyname"),
    "a date of birth": ("birthday", "birthdate", "dob"),
    "an account number": ("iban", "ssn", "creditcard", "cardnumber"),
}
_SECRETS: Final = frozenset(
    {
        *("accesstoken", "apikey", "authtoken", "authorization", "bearer", "clientsecret", "idtoken", "jwt"),
        *("key", "passwd", "password", "pwd", "refreshtoken", "secret", "secretkey", "sessiontoken", "sig"),
        *("signature", "token"),
    }
)
_STEMS: Final = ("auth", "bearer", "jwt", "key", "pass", "pwd", "secret", "sig", "token")
"""One of these is in each of `_SECRETS`."""
_SORTS: Final = {name: sort for sort, names in _KEYS.items() for name in names}


def sort_of(key: str, value: str) -> str | None:
    """What kind of personal data a parameter holds, in words; None where it seems to hold none."""
    if not value:
        return None
    if _EMAIL.search(value):
        return "an e-mail address"
    if _PHONE.match(value.strip()) or (value.startswith(" ") and _SPACED.match(value.strip())):
        return "a telephone number"
    return _SORTS.get(_bare(key))


def _bare(key: str) -> str:
    return fold(key).replace("_", "").replace("-", "")


_SHORT: Final = 100
"""Characters of a pair, or of its key, that is remembered: addresses of one site share most of theirs."""
_known_key = lru_cache(maxsize=1 << 10)(_bare)


def masked_value(value: str) -> str:
    """The value with nothing left that identifies anybody: `j***@e***`."""
    local, mark, domain = value.replace("%40", "@").partition("@")
    return f"{local[:1]}***@{domain[:1]}***" if mark else f"{value.strip()[:1]}***"


# No pattern begins within what it could have begun with earlier: a name may be long.
_KEY: Final = re.compile(r"(?<![A-Za-z0-9_.-])([A-Za-z0-9_.-]++)=")
_VALUE: Final = re.compile(r"[^&#;?=\s]*")
_REST: Final = re.compile(r"[^&#\s]*")
_TOLD: Final = re.compile(
    r"""(?<![A-Za-z_-])(?P<key>[A-Za-z_-]++)["']?\s*:\s*["']?(?P<value>[^\s"'/,;&}][^\s"',;&}]*)"""
)
_BEARER: Final = re.compile(r"(?i)(?<![A-Za-z0-9_])(bearer|basic)(\s+)[A-Za-z0-9+/._~=-]{8,}")
_ISSUED: Final = re.compile(  # keys that their issuers gave a shape, so that they are found where they leaked
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?"
    r"|(?<![A-Za-z0-9_])(?:(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9_])|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{10,}"
    r"|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}"
    r"|EAA[A-Za-z0-9]{40,})"
)
_ISSUERS: Final = (
    *("eyJ", "AKIA", "ASIA", "AIza", "ya29.", "k_live_", "k_test_", "EAA"),
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-"),
)
"""One of these is in whatever `_ISSUED` finds."""
_CALLED: Final = re.compile(r"(?<![A-Za-z0-9_+])\+[1-9](?:[ ()./-]{0,2}[0-9]){9,14}(?![0-9])")
_DIALLED: Final = re.compile(rf"(?<![A-Za-z0-9])(?<![0-9][.,:])00[ ()./-]{{0,2}}{_ABROAD}(?![A-Za-z0-9])")
_LOGIN: Final = re.compile(r"(//[^/@\s:]{1,64}:)[^/@\s]{1,64}@")
_TELLING: Final = re.compile(
    "[@=+:]|%40|00[ ()./-]{0,2}[1-9]"
    "|eyJ|AKIA|ASIA|AIza|ya29|k_live_|k_test_|gh[pousr]_|xox|EAA|(?i:bearer|basic)"
)
_DEPTH: Final = 4
"""How often a link may stand encoded in a link before its value is masked unread."""


def masked(text: str) -> str:
    """A text in which every e-mail address, telephone number and value of a telling parameter is masked, and
    passwords, tokens and keys with them.
    """
    if not _TELLING.search(text):
        return text
    if "@" in text or "%40" in text:
        text = _LOGIN.sub(r"\1***@", text)
        text = _EMAIL.sub(lambda match: masked_value(match[0]), text)

    low = text.casefold()
    if "bearer" in low or "basic" in low:
        text = _BEARER.sub(r"\1\2***", text)
    if "=" in text:
        text = "".join(_pairs(text))
    if ":" in text and any(map(_bare(low).__contains__, _STEMS)):
        text = _TOLD.sub(
            lambda match: (
                match[0][: match.start("value") - match.start()] + "***"
                if _bare(match["key"]) in _SECRETS
                else match[0]
            ),
            text,
        )
    if "+" in text:
        text = _CALLED.sub(lambda match: f"{match[0][:2]}***", text)
    if "00" in text:
        text = _DIALLED.sub("00***", text)
    if any(map(text.__contains__, _ISSUERS)):
        text = _ISSUED.sub("***", text)
    return text


def _pairs(text: str) -> Iterator[str]:
    """The text in pieces, with the values of telling parameters masked."""
    told = at = 0
    while key := _KEY.search(text, at):
        bare = _known_key(key[1]) if len(key[1]) < _SHORT else _bare(key[1])
        rest = _REST if bare in _SECRETS else _VALUE
        value = rest.match(text, key.end())
        assert value is not None  # noqa: S101  both match nothing, too
        at = value.end()
        if rest is _VALUE and _KEY.match(text, key.end()):
            at = key.end()  # the value is a key itself
            continue
        judged = _known_pair if len(key[1]) + len(value[0]) < _SHORT else _masked_pair
        shown = judged(key[1], value[0], secret=rest is _REST)
        if shown is not None:
            yield text[told : key.end()]
            yield shown
            told = at
    yield text[told:]


def _masked_pair(key: str, value: str, *, secret: bool) -> str | None:
    """What is shown for a value; None where there is nothing to mask."""
    if not value:
        return None
    if secret:
        return "***"
    plain = value.replace("+", " ").replace("%20", " ")
    if sort_of(key, plain):
        return masked_value(value)
    depth = 0
    while "%" in plain:
        if depth == _DEPTH:
            return "***"
        inner = unquote(plain)
        if inner is None or inner == plain:
            break
        if sort_of(key, inner):
            return masked_value(value)
        plain, depth = inner, depth + 1
    return "***" if plain != value and masked(plain) != plain else None


_known_pair = lru_cache(maxsize=1 << 12)(_masked_pair)

_SIGNS: Final = (
    *(b"\\n", b"\\r", b"\\t", b"\\u1680", b"\\u2", b"\\u3000"),  # what a space or a line end is written as
    *(b"@", b"\\u00", b"eyJ", b"AKIA", b"ASIA", b"AIza", b"ya29", b"k_live_", b"k_test_", b"xox", b"EAA"),
    *(b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"),
)
_SHAPES: Final = tuple(  # each begins with letters that can be looked for without trying anything else
    re.compile(pattern)
    for pattern in (
        rb"%(?:40|3[0-9adAD]|2[5bB]|[46][1-9a-fA-F]|[57][0-9aA])",  # nobody encodes what needs no encoding
        rb"=(?:[+ ]|%20|00)[ 1-9]",
        rb"%[0-9a-f]{2}00",
        rb"[+][1-9](?:[ ()./-]{0,2}[0-9]){9}",
        rb"00(?:(?<![0-9]00)|(?<=\\u[0-9a-f]{4}00))(?<![0-9][.,:]00)[ ()./-]{0,2}"
        + _ABROAD.encode()
        + rb"(?![a-z0-9])",
        *(
            # the quotation mark of a key of JSON itself has no backslash before it
            word + rb"[_-]*(?:\\\x22|')?[\s\x80-\xff]*:"
            for word in (b"token", b"key", b"authorization", b"bearer", b"secret", b"jwt", b"passwd")
        ),
        *(
            word + rb"[_-]*(?:\\\x22|')?[\s\x80-\xff]*:"
            for word in (b"password", b"pwd", b"sig", b"signature")
        ),
        *(word + rb"[\s\x80-\xff]" for word in (b"bearer", b"basic")),
    )
)
_NAME: Final = re.compile(rb"[A-Za-z0-9_.-]++\Z")
_LONG: Final = 48


def suspected(document: bytes) -> bool:
    """Whether a text of a JSON document may be one that `masked` changes. False: none is.

    A glance at the bytes: most answers of a platform hold nothing of the kind, and no text need be looked at.
    """
    if any(sign in document for sign in _SIGNS):
        return True
    small = document.lower()
    if any(shape.search(small) for shape in _SHAPES):
        return True
    parts = document.split(b"=")
    names = {
        part[-_LONG:]
        for part, value in pairwise(parts)
        if not value.startswith((b"***&", b'***"', b"&", b'"'))
    }
    return any(_telling(name) for name in names)


@lru_cache(maxsize=1 << 12)
def _telling(before: bytes) -> bool:
    found = _NAME.search(before)
    if found is None:
        return False
    bare = _bare(found[0].decode())
    return len(found[0]) == _LONG or bare in _SECRETS or bare in _SORTS

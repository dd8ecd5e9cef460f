"""Personal data and secrets in links: found by shape or by a parameter's name, shown masked, kept nowhere."""

import re
from typing import Final

from canonry.naming.runtime.text import fold, unquote

_EMAIL = re.compile(  # what lies beyond ASCII may be a letter of a name or of a host
    r"[A-Za-z0-9._+%~\x80-\U0010ffff-]{1,64}(?:@|%40)[A-Za-z0-9\x80-\U0010ffff][A-Za-z0-9\x80-\U0010ffff-]{0,62}"
    r"(?:\.[A-Za-z0-9\x80-\U0010ffff-]{1,63}){1,8}"
)
_PHONE = re.compile(r"(?:\+|00)[ ]?[1-9][0-9 ()./-]{6,18}[0-9]\Z")
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
        *("passwd", "password", "pwd", "refreshtoken", "secret", "secretkey", "sessiontoken", "sig"),
        *("signature", "token"),
    }
)
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?")
_INNER = re.compile(r"([A-Za-z0-9_.-]{1,40})=(?=[^&#\s])")
_SORTS: Final = {name: sort for sort, names in _KEYS.items() for name in names}

_TELLING: Final = frozenset({*_SECRETS, *_SORTS})


def sort_of(key: str, value: str) -> str | None:
    """What kind of personal data a parameter holds, in words; None where it seems to hold none."""
    if not value:
        return None
    if _EMAIL.search(value):
        return "an e-mail address"
    if _PHONE.match(value.strip()) or (value.startswith(" ") and _PHONE.match("+" + value.strip())):
        return "a telephone number"
    return _SORTS.get(_bare(key))


def _bare(key: str) -> str:
    return fold(key).replace("_", "").replace("-", "")


def masked_value(value: str) -> str:
    """The value with nothing left that identifies anybody: `j***@e***`."""
    local, mark, domain = value.replace("%40", "@").partition("@")
    return f"{local[:1]}***@{domain[:1]}***" if mark else f"{value.strip()[:1]}***"


def masked(text: str) -> str:
    """A text in which every e-mail address, telephone number and value of a telling parameter is masked, and
    passwords, tokens and keys with them.
    """
    at = "@" in text or "%40" in text
    if not at and "=" not in text:
        return text
    if at:
        text = _EMAIL.sub(lambda match: masked_value(match[0]), text)

    def pair(match: re.Match[str]) -> str:
        key, value = match["key"], match["value"]
        if _bare(key) in _SECRETS:
            return f"{key}=***"
        plain = value.replace("+", " ").replace("%20", " ")
        bare = unquote(plain) or plain if "%" in plain else plain
        if sort_of(key, plain) or (bare is not plain and sort_of(key, bare)):
            return f"{key}={masked_value(value)}"
        if "=" in bare and any(_bare(inner[1]) in _TELLING for inner in _INNER.finditer(bare)):
            return f"{key}=***"  # a link, or a pair, inside a value
        return match[0]

    if "eyJ" in text:
        text = _JWT.sub("***", text)
    text = re.sub(r"(?P<key>[A-Za-z0-9_.-]+)=(?P<value>[^&#\s]+)", pair, text)
    return re.sub(r"(//[^/@\s:]{1,64}:)[^/@\s]{1,64}@", r"\1***@", text)

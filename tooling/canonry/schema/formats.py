"""The formats that canonry asserts, each defined once, as a regular language.

Sources: RFC 3339 (dates, times, and durations in its appendix A), RFC 9562 (uuid), RFC 5321 section 4.1.2
(email), RFC 1123 section 2.1 (hostname), RFC 3986 (uri, ipv4, ipv6). A leap second is accepted where UTC has
them, at 23:59:60, written in UTC. Other formats assert nothing.
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from canonry.regular import Language


class Format:
    """One format: call it with a string to ask whether the string meets it."""

    def __init__(self, name: str, pattern: str, *, longest: int | None = None, example: str) -> None:
        self.name = name
        self.pattern = f"^(?:{pattern})$"
        self.longest = longest
        self.example = example
        """A word that a person would write, for witnesses."""

    def __repr__(self) -> str:
        return f"<Format {self.name}>"

    def __call__(self, text: str) -> bool:
        return self.language.accepts(text)

    @cached_property
    def language(self) -> "Language":
        """The strings that meet it."""
        from canonry.regular import lengths, pattern

        language = pattern(self.pattern)
        return language if self.longest is None else language & lengths(0, self.longest)


_DATE: Final = (
    r"[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
)
_TIME: Final = (
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
    r"|23:59:60(?:\.[0-9]+)?(?:[Zz]|[+-]00:00)"
)
_CLOCK: Final = r"T(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_DURATION: Final = (
    r"P(?:[0-9]+W|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
    rf"(?:{_CLOCK})?|{_CLOCK})"
)
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME: Final = rf"{_LABEL}(?:\.{_LABEL})*"
_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H16: Final = r"[0-9A-Fa-f]{1,4}"
_LS32: Final = rf"(?:{_H16}:{_H16}|{_IPV4})"
_IPV6: Final = "|".join(
    (
        rf"(?:{_H16}:){{6}}{_LS32}",
        rf"::(?:{_H16}:){{5}}{_LS32}",
        rf"(?:{_H16})?::(?:{_H16}:){{4}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,1}}{_H16})?::(?:{_H16}:){{3}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,2}}{_H16})?::(?:{_H16}:){{2}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,3}}{_H16})?::{_H16}:{_LS32}",
        rf"(?:(?:{_H16}:){{0,4}}{_H16})?::{_LS32}",
        rf"(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}",
        rf"(?:(?:{_H16}:){{0,6}}{_H16})?::",
    )
)
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_QUOTED: Final = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
_EMAIL: Final = rf"(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@(?:{_HOSTNAME}|\[(?:{_IPV4}|IPv6:(?:{_IPV6}))\])"
_ESCAPED: Final = r"%[0-9A-Fa-f]{2}"
_REGISTERED: Final = rf"(?:[A-Za-z0-9._~!$&'()*+,;=-]|{_ESCAPED})*"
_USER: Final = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|{_ESCAPED})*"
_PCHAR: Final = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|{_ESCAPED})"
_LITERAL: Final = rf"\[(?:{_IPV6}|v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]"
_AUTHORITY: Final = rf"(?:{_USER}@)?(?:{_LITERAL}|{_REGISTERED})(?::[0-9]*)?"
_PATH: Final = rf"(?:/{_PCHAR}*)*"
_URI: Final = (
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://{_AUTHORITY}{_PATH}|/(?:{_PCHAR}+{_PATH})?|{_PCHAR}+{_PATH}|)"
    rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
)

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        made.name: made
        for made in (
            Format("date", _DATE, example="2026-01-31"),
            Format("time", _TIME, example="12:30:00Z"),
            Format("date-time", rf"(?:{_DATE})[Tt](?:{_TIME})", example="2026-01-31T12:30:00Z"),
            Format("duration", _DURATION, example="P1D"),
            Format("uuid", r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
                   example="123e4567-e89b-42d3-a456-426614174000"),
            Format("email", _EMAIL, longest=254, example="ada@example.com"),
            Format("hostname", _HOSTNAME, longest=253, example="www.example.com"),
            Format("ipv4", _IPV4, example="192.0.2.1"),
            Format("ipv6", _IPV6, example="2001:db8::1"),
            Format("uri", _URI, example="https://www.example.com/"),
        )
    }
)  # fmt: skip
"""By name, as `format` writes it."""

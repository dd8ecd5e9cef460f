"""The asserted formats, by the examples of the documents that define them."""

import pytest

from canonry.schema import compare
from canonry.schema.formats import FORMATS

EXAMPLES = {
    "date": (
        ["2024-02-29", "2000-02-29", "0001-12-31"],
        ["2023-02-29", "1900-02-29", "2024-2-9", "2024-04-31"],
    ),
    "time": (
        ["12:00:00Z", "23:59:60Z", "12:00:00.5+01:30"],
        ["24:00:00Z", "12:00:00", "12:00:60Z", "12:00Z"],
    ),
    "date-time": (
        ["1985-04-12T23:20:50.52Z", "1990-12-31t23:59:60z"],
        ["1985-04-12 23:20:50Z", "1985-04-12"],
    ),
    "duration": (["P4DT12H30M5S", "PT36H", "P2W", "P1Y2M"], ["P", "PT", "P1Y2W", "P1D2H", "4DT", "P1YT"]),
    "uuid": (
        ["2eb8aa08-aa98-11ea-b4aa-73b441d16380"],
        ["2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea"],
    ),
    "email": (
        ["ada@example.com", "a.b+c@example.co.uk", '"a b"@example.com', "a@[127.0.0.1]"],
        ["ada", "@example.com", "a..b@example.com", ".a@example.com", "a@b@c", "a@-example.com"],
    ),
    "hostname": (
        ["example.com", "a", "xn--bcher-kva.example"],
        ["-a.com", "a-.com", "a..b", "a_b", "a" * 64, ""],
    ),
    "ipv4": (["192.0.2.1", "255.255.255.255"], ["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5"]),
    "ipv6": (
        ["::1", "2001:db8::8:800:200c:417a", "::ffff:192.0.2.1", "::"],
        [":::", "1::2::3", "12345::", "1:2:3"],
    ),
    "uri": (
        ["https://example.com/a?b=c#d", "urn:isbn:1", "mailto:ada@example.com", "http://[::1]:8080/"],
        ["example.com", "//example.com", "http://a b", "http://a/%zz", "1http://a"],
    ),
}


@pytest.mark.parametrize(
    ("name", "text", "valid"),
    [(name, text, n == 0) for name, both in EXAMPLES.items() for n, some in enumerate(both) for text in some],
)
def test_examples(name, text, valid):
    """Valid and invalid ones."""
    assert FORMATS[name](text) is valid


def test_each_has_an_example_and_is_tested():
    """The offered word meets the format."""
    assert FORMATS.keys() == EXAMPLES.keys()
    assert all(asserted(asserted.example) for asserted in FORMATS.values())


def test_formats_are_compared_as_languages():
    """Every ipv4 address is a hostname; not every hostname is an ipv4 address."""
    old, new = {"type": "string", "format": "ipv4"}, {"type": "string", "format": "hostname"}
    assert compare(old, new, format_assertion=True).verdict == "proved"
    assert compare(new, old, format_assertion=True).witness == "www.example.com"

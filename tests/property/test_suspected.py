"""A glance at the bytes of a document overlooks no text that would be masked."""

import json

import orjson
from hypothesis import given
from hypothesis import strategies as st

from canonry.naming.personal import masked, suspected

PIECES = (
    *("jane.doe@example.com", "%40", "%2540example.com", "jane.doe", "@", "example.com", "//user:pw@host/"),
    *("+49 170 1234567", "+491701234567", "00491701234567", "%2B491701234567", " 491701234567", "1234567890"),
    *(
        "token",
        "access_token",
        "api-key",
        "password",
        "Signature",
        "email",
        "tel",
        "first_name",
        "utm_id",
        "sig",
    ),
    *(
        "=",
        "&",
        "?",
        "#",
        ":",
        " : ",
        '"',
        "'",
        "\\",
        "/",
        " ",
        "\n",
        "\t",
        "%3D",
        "%26",
        "%3A",
        "+",
        "%20",
        "a",
    ),
    *(
        "Bearer abcdefgh12345",
        "basic ",
        "Basic Zm9vOmJhcg==",
        "secret",
        "é",
        "\u00a0",
        "\u2028",
        "***",
        "key",
    ),
    *("eyJhbGciOiJI.eyJzdWIiOiIx", "AKIAABCDEFGHIJKLMNOP", "ya29.abcdefghijkl", "ghp_abcdefghij0123456789"),
    *(
        "EAA" + "b" * 44,
        "xoxb-1234567890ab",
        "sk_live_abcdefghij",
        "paid_social",
        "https://www.example.com/p",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_what_is_masked_is_suspected(text: str) -> None:
    """However a platform writes its JSON: with what is beyond ASCII as it is, or escaped."""
    document = {"name": text, "id": "1", "list": [{"value": "x"}]}
    if masked(text) != text:
        assert suspected(orjson.dumps(document))
        assert suspected(json.dumps(document).encode())


def test_ordinary_answers_are_not_suspected() -> None:
    """Otherwise every answer would be asked for twice."""
    link = "https://www.example.com/p?a=1&utm_source=facebook&utm_content={{ad.name}}&utm_term=a%20b%2Fc#x"
    things = [
        {"id": "120", "name": "acme_de: spring + summer", "link": link, "at": "2026-11-02T00:00:00+0100"}
    ]
    document = {
        "data": things,
        "paging": {"next": "https://x/?access_token=***&after=MTIz"},
        "key": "k",
        "token": 1,
    }
    assert not suspected(json.dumps(document).encode())

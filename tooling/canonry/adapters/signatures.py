"""Signatures of service accounts: RSA with SHA-256 (RFC 8017, RSASSA-PKCS1-v1_5) by a key in PKCS #8.

A token is asked for once an hour with a key that lies on this machine, so nobody measures the time it takes;
a library for this would be the largest of all that canonry needs.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from typing import Final

_SEQUENCE: Final = 0x30
_INTEGER: Final = 0x02
_LONG: Final = 0x80
_SHA256: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""How a digest is marked as one of SHA-256."""
_SMALLEST: Final = 2048
"""Bits of a key that a token service takes."""


def signer(pem: str) -> Callable[[bytes], bytes]:
    """What signs with a private key. Raises `ValueError`, without any of the key."""
    head, mark, rest = pem.partition("-----BEGIN PRIVATE KEY-----")
    body, end, _ = rest.partition("-----END PRIVATE KEY-----")
    if head.strip() or not mark or not end:
        raise ValueError("no key in PKCS #8")
    try:
        key = b64decode("".join(body.split()), validate=True)
        _, _, octets = _parts(_only(key, _SEQUENCE))[:3]
        numbers = _parts(_only(octets[1], _SEQUENCE))
        modulus, exponent = (_number(numbers[at]) for at in (1, 3))
    except (ValueError, IndexError):
        raise ValueError("no RSA key") from None
    if modulus.bit_length() < _SMALLEST:
        raise ValueError("no RSA key of 2048 bits")
    size = (modulus.bit_length() + 7) // 8

    def sign(message: bytes) -> bytes:
        marked = _SHA256 + sha256(message).digest()
        block = b"\x00\x01" + b"\xff" * (size - len(marked) - 3) + b"\x00" + marked
        return pow(int.from_bytes(block, "big"), exponent, modulus).to_bytes(size, "big")

    return sign


def _parts(content: bytes) -> list[tuple[int, bytes]]:
    """Kinds and contents of what stands one after the other in DER."""
    found, at = [], 0
    while at < len(content):
        kind, length, at = content[at], content[at + 1], at + 2
        if length >= _LONG:
            size = length - _LONG
            length, at = int.from_bytes(content[at : at + size], "big"), at + size
        if at + length > len(content):
            raise ValueError("cut short")
        found.append((kind, content[at : at + length]))
        at += length
    return found


def _only(content: bytes, kind: int) -> bytes:
    ((found, inner),) = _parts(content)
    if found != kind:
        raise ValueError("another kind")
    return inner


def _number(part: tuple[int, bytes]) -> int:
    if part[0] != _INTEGER:
        raise ValueError("no number")
    return int.from_bytes(part[1], "big")

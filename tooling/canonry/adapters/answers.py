"""What a platform's answers mean: which are errors, what can be done about them, and what is in a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.kernel.errors import CanonryError

BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may go through."""
OK: Final = 200
GONE: Final = 404
"""The status of one thing that is not there; the others may be."""
EXPIRED: Final = 401
REFUSED: Final = frozenset({401, 403})
RENEW: Final = "Renew the credentials, and see that they may read this account"


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class ApiError(CanonryError):
    """A platform did not answer as it should. `why` carries no secret."""

    platform: str
    path: str
    why: str
    next_step: str = ""
    status: int | None = None
    passing: bool = False
    """Whether the same request may go through another time, or with other credentials."""

    def __str__(self) -> str:
        return f"{self.platform}: {self.path}: {self.why}"

    def advice(self) -> str:
        """What to do about it."""
        return self.next_step


class HeavyError(ApiError):
    """The request asks for too much at once; fewer things may come."""


class ReachedError(Exception):
    """The end of what an earlier run was answered, from where the platform goes on."""


@dataclass(eq=False)  # as above
class CredentialsMissingError(CanonryError):
    """The environment lacks a credential. Names the variables, never their values."""

    platform: str
    variables: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.platform}: no credentials: {' or '.join(self.variables)} is not set"

    def advice(self) -> str:
        """Where credentials come from."""
        return "Credentials come from the environment only; docs/guides/audit-sources.md lists the variables"


class OddError(ValueError):
    """Something in an answer is not as published. The text names our own keys only, no value."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What an API's answers mean beyond their status; each is asked with the status and the document."""

    explain: Callable[[Any], str | None] = lambda document: None
    """The API's own words for an error, from its document."""
    busy: Callable[[int, Any], bool] = lambda status, document: False
    """Whether it asks to come back later: rate limits that arrive as 400, or as 200 with a code."""
    wait: Callable[[Mapping[str, str], Any], float | None] = lambda headers, document: None
    """Seconds until it may be asked again, where it tells them otherwise than by `Retry-After`."""
    expired: Callable[[int, Any], bool] = lambda status, document: status == EXPIRED
    """Whether the credentials are no longer taken."""
    heavy: Callable[[int, Any], bool] = lambda status, document: False
    """Whether fewer things at once may come."""
    renewal: str = RENEW
    """What to do about credentials that are not taken."""


@dataclass(frozen=True, slots=True)
class Access:
    """What lets a request in."""

    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)


def members(document: Any, key: str) -> list[dict[str, Any]]:
    """The objects of a list in a thing; nothing where it has none. Raises `OddError` for anything else."""
    found = document.get(key) if isinstance(document, dict) else document
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise OddError(f"{key} is no list of objects")
    return found

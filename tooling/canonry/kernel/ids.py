"""Contract ids and versions."""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final, Self

KINDS: Final = ("common", "events", "traits", "segments", "utm", "creatives", "objects")
"""Folders under `contracts/`. `common` holds shared definitions; the others hold contracts."""

NAMING_KINDS: Final = ("utm", "creatives", "objects")
"""Kinds whose fields are written as strings by templates."""

_ID = re.compile(r"/(?P<kind>[a-z]+)/(?P<name>[a-z0-9]+(?:_[a-z0-9]+)*)/v(?P<major>0|[1-9][0-9]{0,5})\Z")
_VERSION = re.compile(
    r"(?P<major>0|[1-9][0-9]{0,5})\.(?P<minor>0|[1-9][0-9]{0,5})\.(?P<patch>0|[1-9][0-9]{0,5})(?P<draft>-draft)?\Z"
)


@dataclass(frozen=True, slots=True, order=True)
class ContractId:
    """`/events/order_completed/v1`: what a contract is called for as long as it lives."""

    kind: str
    name: str
    major: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ValueError` where the text is not `/<kind>/<name>/v<major>`."""
        match = _ID.match(text)
        if match is None or match["kind"] not in KINDS:
            raise ValueError(f"not a contract id: {text!r} (expected /<kind>/<name>/v<major>)")
        return cls(match["kind"], match["name"], int(match["major"]))

    @property
    def path(self) -> str:
        """The file that holds it, relative to the tree's root."""
        return f"contracts/{self.kind}/{self.name}/v{self.major}.json"

    def __str__(self) -> str:
        return f"/{self.kind}/{self.name}/v{self.major}"


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """`1.2.0`, or `2.0.0-draft`, which sorts before `2.0.0`."""

    major: int
    minor: int
    patch: int
    draft: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ValueError` where the text is not `x.y.z` or `x.0.0-draft`."""
        match = _VERSION.match(text)
        if match is None:
            raise ValueError(f"not a version: {text!r} (expected 1.2.0 or 2.0.0-draft)")
        version = cls(
            int(match["major"]), int(match["minor"]), int(match["patch"]), match["draft"] is not None
        )
        if version.draft and (version.minor or version.patch):
            raise ValueError(f"a draft is <major>.0.0-draft, not {text!r}")
        return version

    def __lt__(self, other: Self) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[int, int, int, bool]:
        return (self.major, self.minor, self.patch, not self.draft)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + ("-draft" if self.draft else "")

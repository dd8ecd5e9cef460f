"""What is sent: a payload, and who, what, when and under which key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from ._native import native
from ._record import Guard

__all__ = ["Message", "User"]


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class User(NamedTuple):
    """Whom an event is about. Give what is known; GA4's server-side API wants client and session id."""

    user_id: str | None = None
    anonymous_id: str | None = None
    account_id: str | None = None
    client_id: str | None = None
    session_id: str | None = None

    def to_json(self) -> dict[str, str]:
        """What is known, under its names."""
        found = {
            "user_id": self.user_id,
            "anonymous_id": self.anonymous_id,
            "account_id": self.account_id,
            "client_id": self.client_id,
            "session_id": self.session_id,
        }
        return {key: value for key, value in found.items() if value is not None}


class Message(NamedTuple):
    """One payload for one destination. `key` stays the same however often it is tried.

    A named tuple, because one is made for every event and sink, in a third of the time of a frozen class.
    """

    type: str
    """track, identify or group."""
    key: str
    name: str
    """The event's name at the destination."""
    contract: str
    version: str
    payload: dict[str, Any]
    """Under the contract's own names; `native` has the destination's."""
    user: User
    timestamp: str
    context: Mapping[str, Any] = _NOTHING
    consent: tuple[str, ...] = ()
    """The purposes that were given."""
    needs: tuple[str, ...] = ()
    """The purposes that the destination needs."""
    guards: tuple[Guard, ...] = ()
    renamed: Mapping[str, str] = _NOTHING
    """Place (`/total`, `/items/*/item_id`) to the property's name at the destination."""

    def native(self) -> dict[str, Any]:
        """The payload as the destination has it: flat, under the names that the contract gives it there."""
        return native(self.payload, self.renamed)

    def to_json(self) -> dict[str, Any]:
        """As files and HTTP requests carry it."""
        return {
            "type": self.type,
            "idempotency_key": self.key,
            "event": self.name,
            "contract": self.contract,
            "version": self.version,
            "timestamp": self.timestamp,
            "user": self.user.to_json(),
            "properties": self.payload,
            "context": dict(self.context),
            "consent": list(self.consent),
        }

    def to_row(self) -> dict[str, Any]:
        """Everything, for a queue on disk."""
        return {
            **self.to_json(),
            "needs": list(self.needs),
            "guards": [[list(g.path), list(g.purposes), g.required] for g in self.guards],
            "renamed": dict(self.renamed),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Message:
        """What `to_row` wrote."""
        return cls(
            row["type"],
            row["idempotency_key"],
            row["event"],
            row["contract"],
            row["version"],
            row["properties"],
            User(**row["user"]),
            row["timestamp"],
            row["context"],
            tuple(row["consent"]),
            tuple(row["needs"]),
            tuple(
                Guard(tuple(path), tuple(purposes), required) for path, purposes, required in row["guards"]
            ),
            row["renamed"],
        )

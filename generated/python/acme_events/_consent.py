"""Consent: who agreed to what, and what may therefore leave. What was not given is denied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ._values import is_list, is_object

if TYPE_CHECKING:
    from ._record import Contract, Guard

__all__ = ["ALWAYS", "ConsentGiven", "Withheld", "allowed", "granted"]

ALWAYS = "necessary"
"""The one purpose that nobody is asked about."""

ConsentGiven = Collection[str] | Mapping[str, bool | str]
"""Purposes that were granted; or purposes with their state: True or "granted", all else denied."""


class Withheld(Exception):  # noqa: N818  an answer, not a mistake
    """A payload may not go to a destination; `str` says why."""


def granted(given: ConsentGiven | None) -> frozenset[str]:
    """The purposes that were given, and the one that needs no giving."""
    if given is None:
        return frozenset((ALWAYS,))
    if isinstance(given, str):
        raise TypeError("consent is a collection of purposes, not one text")
    if isinstance(given, Mapping):
        return frozenset({ALWAYS, *(name for name in given if given[name] in (True, "granted"))})
    return frozenset({ALWAYS, *given})


def needed(contract: Contract, destination: str) -> tuple[str, ...]:
    """The purposes that a destination needs. Raises `Withheld` where the contract does not name it."""
    purposes = contract.consent.get(destination)
    if purposes is None:
        raise Withheld(f"{contract.id} says nothing of consent for {destination!r}, so nothing is sent to it")
    return purposes


def allowed(
    payload: dict[str, Any], needs: Iterable[str], guards: Iterable[Guard], given: frozenset[str]
) -> dict[str, Any]:
    """The payload without what was not consented to. Raises `Withheld` where nothing of it may be sent."""
    missing = [purpose for purpose in needs if purpose not in given]
    if missing:
        raise Withheld(f"no consent to {', '.join(missing)}")
    for guard in guards:
        if given.issuperset(guard.purposes) or not _holds(payload, guard.path):
            continue
        if guard.required:
            refused = [purpose for purpose in guard.purposes if purpose not in given]
            raise Withheld(f"/{'/'.join(guard.path)} is required and needs consent to {', '.join(refused)}")
        payload = _without(payload, guard.path)
    return payload


def _holds(value: Any, path: tuple[str, ...]) -> bool:
    for number, key in enumerate(path):
        if key == "*":
            return is_list(value) and any(_holds(item, path[number + 1 :]) for item in value)
        if not is_object(value) or key not in value:
            return False
        value = value[key]
    return True


def _without(value: Any, path: tuple[str, ...]) -> Any:
    """A copy without what the path names."""
    if path[0] == "*":
        return [_without(item, path[1:]) for item in value] if is_list(value) else value
    if not is_object(value) or path[0] not in value:
        return value
    if len(path) == 1:
        return {key: member for key, member in value.items() if key != path[0]}
    return {key: _without(member, path[1:]) if key == path[0] else member for key, member in value.items()}

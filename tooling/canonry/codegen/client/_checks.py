"""The validator of record: the contract's schema, run by jsonschema-rs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ._cents import places, surely, without

if TYPE_CHECKING:
    from ._record import Contract

__all__ = ["ContractError", "ContractWarning", "Problem", "check", "problems"]

MOST_PROBLEMS = 20
"""How many problems one error lists."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a payload; `pointer` is the JSON Pointer of the value, empty for all of it."""

    pointer: str
    message: str


class ContractError(ValueError):
    """A payload is not what its contract says."""

    def __init__(self, contract: str, version: str, page: str, found: tuple[Problem, ...]) -> None:
        self.contract = contract
        self.version = version
        self.page = page
        self.problems = found
        lines = "".join(f"\n  {problem.pointer or '/'}: {problem.message}" for problem in found)
        super().__init__(f"not {contract} {version}:{lines}\n  see {page}")


class ContractWarning(UserWarning):
    """A payload that is not what its contract says was sent all the same, because the mode is `warn`."""


@lru_cache(maxsize=1024)
def _validator(package: str, schema: str) -> tuple[Any, Callable[[Any], bool]]:
    """The validator of a schema, and a quick test that says the same."""
    import json
    from importlib.resources import files

    import jsonschema_rs

    text = files(package).joinpath(*schema.split("/")).read_text(encoding="utf-8")
    options: dict[str, Any] = {"validate_formats": False, "offline": True, "mask": "the value"}
    whole = jsonschema_rs.validator_for(text, **options)
    document = json.loads(text)
    paths = places(document)
    if not paths:
        return whole, whole.is_valid
    part = jsonschema_rs.validator_for(json.dumps(without(document)), **options).is_valid

    holds = surely(paths)

    def is_valid(payload: Any) -> bool:
        return part(payload) and (holds(payload) or whole.is_valid(payload))

    return whole, is_valid


def problems(contract: Contract, payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """What is wrong with a payload, in the contract's own judgement; empty means nothing."""
    validator, is_valid = _validator(contract.package, contract.schema)
    try:
        if is_valid(payload):
            return ()
        found = [
            Problem("".join(f"/{_token(token)}" for token in error.instance_path), _said(error.message))
            for error, _ in zip(validator.iter_errors(payload), range(MOST_PROBLEMS), strict=False)
        ]
    except (ValueError, TypeError) as error:  # what is no JSON: a date object, a lone surrogate
        return (Problem("", f"no JSON: {error}"),)
    return tuple(found)


def check(contract: Contract, payload: Mapping[str, Any]) -> None:
    """Raises `ContractError` where the contract does not accept the payload."""
    found = problems(contract, payload)
    if found:
        raise ContractError(contract.id, contract.version, contract.page, found)


def _token(token: object) -> str:
    return str(token).replace("~", "~0").replace("/", "~1")


def _said(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:297]}..."  # noqa: PLR2004  a message, not the payload

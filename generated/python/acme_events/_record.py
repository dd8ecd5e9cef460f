"""What every model is: keyword-only, immutable, and exact about types: nothing is silently converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ._modes import lenient
from ._values import is_list, is_object

if TYPE_CHECKING:
    from typing import Self

__all__ = [
    "Contract",
    "Event",
    "Guard",
    "Membership",
    "OpenEvent",
    "OpenMembership",
    "OpenRecord",
    "OpenTraits",
    "Record",
    "Traits",
]


@dataclass(frozen=True, slots=True)
class Guard:
    """A property that needs consent of its own; `path` leads to it, `*` is every item."""

    path: tuple[str, ...]
    purposes: tuple[str, ...]
    required: bool = False
    """Whether the payload is nothing without it: then it is not sent at all."""


@dataclass(frozen=True, slots=True)
class Contract:
    """Which contract a model was made from, and what the contract says beside its fields."""

    id: str
    version: str
    title: str
    page: str
    """Where the published schema stands."""
    package: str
    schema: str
    """File of the package that holds the schema."""
    consent: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Destination to the purposes without which nothing is sent to it."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Destination to the event's name there."""
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Destination to the names of properties there."""
    guards: tuple[Guard, ...] = ()


if TYPE_CHECKING:

    class _Model(BaseModel, frozen=True):
        pass

else:

    class _Kind(type(BaseModel)):
        """Answers for `Model(...)` where the fields do not fit; an `__init__` would slow every model."""

        def __call__(cls, /, *positional: Any, **given: Any) -> Any:
            try:
                return super().__call__(*positional, **given)
            except ValidationError as error:
                return _unfit(cls, given, error)

    class _Model(BaseModel, frozen=True, metaclass=_Kind):
        pass


class Record(_Model, frozen=True):
    """A model of which every field is known. Fields that are None and may not be null count as absent.

    Building one from fields that the contract refuses raises `ContractError`; where the client that was
    opened last is of mode `warn` or `off` it is built as it was given, and the client warns, or sends it.
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
        defer_build=True,
    )

    __nullable__: ClassVar[frozenset[str]] = frozenset()
    __plain__: ClassVar[bool] = False
    __contract__: ClassVar[Contract]

    def payload(self) -> dict[str, Any]:
        """The JSON object as it is sent, under the contract's own names. Absent fields are not in it."""
        if self.__plain__ and not _AS_GIVEN:
            # as model_dump, which takes a tenth longer to pass its other options on
            plain: dict[str, Any] = self.__pydantic_serializer__.to_python(
                self, mode="json", by_alias=True, exclude_none=True
            )
            return plain
        found: dict[str, Any] = _written(self)
        return found

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        """The model of a JSON object. Raises `ContractError`, which names every place that is wrong."""
        from ._checks import check

        check(cls.__contract__, payload)
        return cls.model_validate(payload)


_AS_GIVEN: set[str] = set()
"""Models that were built as they were given. While there are any, pydantic's own writer is not asked."""


def _unfit(kind: type[Record], given: Mapping[str, Any], error: ValidationError) -> Record:
    """The model as it was given, where that may be. Raises `ContractError`, or pydantic's own error of a part
    that is no contract.
    """
    made = kind.model_construct(**given)
    aliases = [about.validation_alias for about in kind.model_fields.values()]
    extra = {
        name: value for name, value in given.items() if name not in kind.model_fields and name not in aliases
    }
    object.__setattr__(made, "__pydantic_extra__", extra or None)
    if lenient():
        _AS_GIVEN.add(kind.__name__)
        return made
    contract: Contract | None = getattr(kind, "__contract__", None)
    if contract is not None:
        from ._checks import ContractError, problems

        found = problems(contract, _written(made))
        if found:
            raise ContractError(contract.id, contract.version, contract.page, found) from error
    raise error


def _written(value: Any) -> Any:
    if isinstance(value, Record):
        kind = type(value)
        written = {
            about.serialization_alias or name: _written(value.__dict__[name])
            for name, about in kind.model_fields.items()
            if name in value.model_fields_set
            and (value.__dict__[name] is not None or name in kind.__nullable__)
        }
        for name, extra in (value.model_extra or {}).items():
            written[name] = _written(extra)
        return written
    if is_list(value):
        return [_written(item) for item in value]
    if is_object(value):
        return {str(key): _written(member) for key, member in value.items()}
    if value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
        return value
    return str(value)  # only of what was built as it was given: a date, a NaN


class OpenRecord(Record, frozen=True):
    """A model that takes members that its contract does not name."""

    model_config = ConfigDict(extra="allow")


class Event(Record, frozen=True):
    """Something that happened; `client.track` sends it."""


class OpenEvent(Event, frozen=True):
    """An event that takes members that its contract does not name."""

    model_config = ConfigDict(extra="allow")


class Traits(Record, frozen=True):
    """What is known of somebody; `client.identify` and `client.group` send it."""


class OpenTraits(Traits, frozen=True):
    """Traits that take members that their contract does not name."""

    model_config = ConfigDict(extra="allow")


class Membership(Record, frozen=True):
    """What a destination receives for each member of a segment."""


class OpenMembership(Membership, frozen=True):
    """A membership that takes members that its contract does not name."""

    model_config = ConfigDict(extra="allow")

"""Platforms' APIs as sources: one connection, several surfaces, and a gap for each that could not be read.

A platform's module says how to connect and which surfaces there are; everything else is here. Credentials
come from the environment only. An address other than the platform's own is taken from there too, and only
where it is this machine: a registry that was cloned from anywhere cannot send a token elsewhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from canonry.adapters.rest import ApiError, CredentialsMissingError, Rest
from canonry.audit.observation import NO_WEIGHT, Level, Observation, Upkeep, Weight
from canonry.audit.source import Capabilities, Gap, Period, Tells
from canonry.kernel.errors import CanonryError, UsageError

if TYPE_CHECKING:
    from types import ModuleType

Environment = Mapping[str, str]
Seen = Iterator[Observation | Gap]

PLATFORMS: Final[Mapping[str, str]] = {
    name: f"canonry.adapters.platforms.{name}"
    for name in ("dv360", "ga4", "google_ads", "linkedin", "meta", "rudderstack", "segment", "tiktok")
}
"""Platform to the module that reads it; each is imported when it is first asked for."""

_LOCAL_NAMES: Final = frozenset({"localhost"})


@dataclass(frozen=True, slots=True)
class Account:
    """Whose things are read: the source's name, the account's key in `accounts.yaml` and its id there."""

    source: str
    key: str
    id: str
    options: Mapping[str, str | int | bool] = field(default_factory=dict)

    @property
    def segment(self) -> str:
        """The id as one segment of a path, whatever it holds."""
        return quote(self.id, safe="")

    def option(self, name: str, default: str = "") -> str:
        """An option of the source in `audit.yaml`, as text."""
        return str(self.options.get(name, default))


@dataclass(frozen=True, slots=True)
class Connection:
    """An open API and whose things it is asked for."""

    rest: Rest
    platform: str
    account: Account

    def seen(
        self,
        level: Level,
        *,
        native: str = "",
        id: str = "",  # noqa: A002  the field's own word
        name: str = "",
        value: str = "",
        status: str = "",
        parents: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        weight: Weight = NO_WEIGHT,
        starts: date | None = None,
        ends: date | None = None,
        upkeep: Upkeep | None = None,
        goal: str = "",
        provenance: str = "",
    ) -> Observation:
        """An observation of this account."""
        return Observation(
            self.account.source,
            self.platform,
            level,
            account=self.account.key,
            native=native,
            id=id,
            parents=parents,
            status=status,
            name=name,
            value=value,
            params=params,
            weight=weight,
            starts=starts,
            ends=ends,
            upkeep=upkeep,
            goal=goal,
            provenance=provenance,
        )


@dataclass(frozen=True, slots=True)
class Surface:
    """One thing that an API lists: what people call it, the levels it fills, and how it is read."""

    what: str
    levels: frozenset[Level]
    read: Callable[[Connection, Period], Seen]


@dataclass(frozen=True, slots=True)
class Api:
    """What a platform's module declares."""

    platform: str
    host: str
    connect: Callable[[str, Environment, Account], Rest]
    """Opens the API at an address. Raises `CredentialsMissingError`, `ApiError`."""
    surfaces: tuple[Surface, ...]
    tells: frozenset[Tells]
    variables: tuple[str, ...]
    """The environment variables that credentials are taken from; alternatives and optional ones included."""
    lacks: tuple[str, ...] = ()


class ApiSource:
    """An account on a platform, read through its API; a `canonry.audit.source.Source`."""

    def __init__(self, api: Api, account: Account, environment: Environment) -> None:
        self._api = api
        self._account = account
        self._environment = environment

    @property
    def name(self) -> str:
        """The key in `audit.yaml`."""
        return self._account.source

    def capabilities(self) -> Capabilities:
        """What the platform's API can say; asks it nothing."""
        levels = frozenset(level for surface in self._api.surfaces for level in surface.levels)
        return Capabilities(self._api.platform, levels, self._api.tells, self._account.key, self._api.lacks)

    def read(self, period: Period) -> Seen:
        """Surface after surface; one that fails is a gap, and the others are read all the same."""
        host = endpoint(self._api, self._environment)
        try:
            rest = self._api.connect(host, self._environment, self._account)
        except (ApiError, CredentialsMissingError) as error:
            yield _gap(self._api.platform, error, frozenset())
            return
        connection = Connection(rest, self._api.platform, self._account)
        try:
            for surface in self._api.surfaces:
                try:
                    yield from surface.read(connection, period)
                except ApiError as error:
                    yield _gap(f"{self._api.platform}: {surface.what}", error, surface.levels)
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    why = f"the answer is not as published ({type(error).__name__})"
                    yield Gap(f"{self._api.platform}: {surface.what}", why, levels=surface.levels)
        finally:
            rest.close()


def api_of(platform: str) -> Api:
    """The API of a platform. Raises `UsageError` where none is read."""
    import importlib

    if platform not in PLATFORMS:
        raise UsageError(
            f"no API of {platform!r} is read", f"These are: {', '.join(PLATFORMS)}; others by their exports"
        )
    module: ModuleType = importlib.import_module(PLATFORMS[platform])
    found: Api = module.API
    return found


def endpoint(api: Api, environment: Environment) -> str:
    """The API's address, or a stand-in on this machine that the environment names.

    Raises `UsageError` for a stand-in that is elsewhere: it would be sent the credentials.
    """
    variable = f"CANONRY_ENDPOINT_{api.platform.upper()}"
    given = environment.get(variable)
    if not given:
        return api.host
    host = urlsplit(given).hostname or ""
    try:
        local = host in _LOCAL_NAMES or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise UsageError(
            f"{variable} leads off this machine", "It is for stand-ins in tests: http://127.0.0.1:PORT"
        )
    return given.rstrip("/")


def required(platform: str, environment: Environment, *variables: str) -> tuple[str, ...]:
    """Values of environment variables. Raises `CredentialsMissingError` that names those not set."""
    missing = tuple(variable for variable in variables if not environment.get(variable))
    if missing:
        raise CredentialsMissingError(platform, missing)
    return tuple(environment[variable] for variable in variables)


def days_between(period: Period) -> tuple[str, str] | None:
    """First and last day as ISO text; None where the period has no bounds."""
    return (period.start.isoformat(), period.end.isoformat()) if period.start and period.end else None


Thing = dict[str, Any]


def weighed(
    things: Iterator[Thing],
    number: Callable[[Thing], str],
    weights: Callable[[list[str]], Mapping[str, Weight]] | None,
    size: int,
) -> Iterator[tuple[Thing, Weight]]:
    """Things with their delivery, which a report tells of `size` ids at a time.

    What the report does not name delivered nothing. Without `weights` nothing is known of delivery.
    """
    while batch := list(islice(things, size)):
        found = weights([number(each) for each in batch]) if weights is not None else None
        for each in batch:
            if found is None:
                yield each, NO_WEIGHT
            else:
                yield each, found.get(number(each)) or Weight(cost=0.0, impressions=0, clicks=0)


def day(value: object) -> date | None:
    """The day of an ISO text, of seconds or milliseconds since 1970, or of `{year, month, day}`."""
    try:
        match value:
            case {"year": int(year), "month": int(month), "day": int(number)}:
                return date(year, month, number)
            case str(text) if text.isdigit():
                return day(int(text))
            case str(text) if text:
                return date.fromisoformat(text[:10])
            case int(number) if number > 0:
                seconds = number / 1000 if number > 10**11 else number
                return datetime.fromtimestamp(seconds, tz=UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
    return None


def whole(value: object) -> int | None:
    """A whole number that an API gives as a number or as text; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return round(value)
    try:
        return round(float(str(value)))
    except (ValueError, OverflowError):
        return None


def money(value: object, scale: float = 1) -> float | None:
    """An amount that an API gives as a number or as text, divided by `scale`."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(str(value)) / scale
    except ValueError:
        return None


def _gap(what: str, error: CanonryError, levels: frozenset[Level]) -> Gap:
    return Gap(what, str(error), error.advice(), levels)

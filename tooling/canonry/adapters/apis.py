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
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from canonry.adapters.rest import ApiError, CredentialsMissingError, OddError, Rest
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


GONE: Final = 404
"""The status of one thing that is not there; the others may be."""
_ODD: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)
"""What reading an answer raises that is not as published."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One thing that an API lists: what people call it, the levels it fills, and how it is read.

    `things` are the members of the list, and `Gap`s; `told` is what one of them says.
    """

    what: str
    levels: frozenset[Level]
    things: Callable[[Connection, Period], Iterator[Any]]
    told: Callable[[Connection, Any], Seen]

    def read(self, connection: Connection, period: Period) -> Seen:
        """What every member says; one that is not as published is left out and counted."""
        what = f"{connection.platform}: {self.what}"
        number = odd = 0
        first = ""
        try:
            for thing in self.things(connection, period):
                if isinstance(thing, Gap):
                    yield thing
                    continue
                number += 1
                try:
                    seen = list(self.told(connection, thing))
                except _ODD as error:
                    odd, first = odd + 1, first or _oddity(error)
                except ApiError as error:
                    if error.status != GONE:
                        raise
                    yield _gap(what, error, self.levels)
                else:
                    yield from seen
        except ApiError as error:
            yield _gap(what, error, self.levels)
        except _ODD as error:
            yield Gap(what, f"the answer is not as published ({_oddity(error)})", levels=self.levels)
        if odd:
            why = f"{odd:,} of {number:,} are not as published and were left out ({first})"
            yield Gap(what, why, levels=self.levels)


def _oddity(error: Exception) -> str:
    """What is odd about an answer, without what it holds."""
    if isinstance(error, OddError):
        return str(error)
    return f"no {error.args[0]}" if isinstance(error, KeyError) and error.args else type(error).__name__


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
                yield from surface.read(connection, period)
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
    """Values of environment variables, without the line end that files leave behind them.

    Raises `CredentialsMissingError` that names those not set, `ApiError` for what no header can hold.
    """
    values = tuple(environment.get(variable, "").strip() for variable in variables)
    missing = tuple(variable for variable, value in zip(variables, values, strict=True) if not value)
    if missing:
        raise CredentialsMissingError(platform, missing)
    for variable, value in zip(variables, values, strict=True):
        if not (value.isascii() and value.isprintable()):
            raise ApiError(platform, variable, "holds characters that no credential has", "Copy it again")
    return values


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


def identity(thing: Mapping[str, Any], key: str) -> str:
    """An id as text. Raises `KeyError` where there is none, `OddError` for one that is a rounded number."""
    value = thing[key]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise OddError(f"{key} is no id")
    return str(value)


def text(thing: Mapping[str, Any], key: str) -> str:
    """A text; empty where there is none. Raises `OddError` for a list or an object."""
    value = thing.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise OddError(f"{key} is no text")
    return str(value)


def texts(thing: Mapping[str, Any], key: str) -> list[str]:
    """The texts or ids of a list; none where there is none. Raises `OddError` for anything else."""
    found = thing.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(type(each) in (str, int) for each in found):
        raise OddError(f"{key} is no list of texts")
    return [str(each) for each in found]


def whole(value: object) -> int | None:
    """A whole number that an API gives as a number or as text; None where it gives none.

    Raises `OddError` for anything else.
    """
    found = money(value)
    return None if found is None else value if isinstance(value, int) else round(found)


def money(value: object, scale: float = 1) -> float | None:
    """An amount that an API gives as a number or as text, divided by `scale`; None where it gives none.

    Raises `OddError` for anything else.
    """
    if value is None or value in ("", "-", "--"):
        return None
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else inf
    except (ValueError, OverflowError):
        found = inf
    if not isfinite(found):
        raise OddError("an amount is no number")
    return found / scale


_EXACT: Final = 2**53
"""Beyond it not every whole number is a float."""


def _gap(what: str, error: CanonryError, levels: frozenset[Level]) -> Gap:
    return Gap(what, str(error), error.advice(), levels)

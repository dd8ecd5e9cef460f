"""Platforms' APIs as sources: one connection, several surfaces, and a gap for each that could not be read.

A platform's module says how to connect and which surfaces there are; everything else is here. Credentials
come from the environment only. An address other than the platform's own is taken from there too, and only
where it is this machine: a registry that was cloned from anywhere cannot send a token elsewhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from canonry.adapters import checkpoints
from canonry.adapters.answers import GONE, ApiError, CredentialsMissingError, OddError, ReachedError
from canonry.adapters.rest import Rest
from canonry.audit.observation import NO_WEIGHT, Level, Observation, Upkeep, Weight
from canonry.audit.source import Capabilities, Gap, Period, Tells
from canonry.kernel.errors import CanonryError, UsageError

if TYPE_CHECKING:
    from types import ModuleType

    from canonry.adapters.checkpoints import Checkpoint

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
    time_zone: str = ""
    """Where `accounts.yaml` says that its days begin."""

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
    day: str = ""
    """The day of the run, on which a checkpoint counts; empty: none is kept."""
    restart: bool = False
    """Whether what an earlier run was answered is forgotten."""
    notes: list[str] = field(default_factory=list)
    """What is to be said of how it was read."""
    settled: list[Checkpoint] = field(default_factory=list)
    """Of lists that were read to their end; removed once the run has made something of them."""

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
        with self._checkpoint(connection, period) as kept:
            try:
                yield from self._seen(connection, period)
            except ApiError as error:
                yield _gap(what, error, self.levels)
            except _ODD as error:
                yield Gap(what, f"the answer is not as published ({_oddity(error)})", levels=self.levels)
            else:
                if kept is not None:
                    kept.done = True

    def _seen(self, connection: Connection, period: Period) -> Seen:
        what = f"{connection.platform}: {self.what}"
        number = odd = 0
        first = ""
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
        if odd:
            why = f"{odd:,} of {number:,} are not as published and were left out ({first})"
            yield Gap(what, why, levels=self.levels)

    @contextmanager
    def _checkpoint(self, connection: Connection, period: Period) -> Iterator[Checkpoint | None]:
        """The checkpoint of the list while it is read, gone through as far as an earlier run came."""
        rest, account = connection.rest, connection.account
        kept = connection.day and checkpoints.opened(
            *(
                connection.platform,
                rest.base_url,
                account.id,
                account.key,
                repr(sorted(account.options.items())),
            ),
            *(self.what, repr(period), connection.day, *(rest.principal or rest.secrets)),
        )
        if not kept:
            yield None
            return
        rest.kept = kept
        try:
            if connection.restart:
                kept.clear()
            elif kept.inherited:
                self._follow(connection, period, kept)
            yield kept
        finally:
            rest.kept = None
            kept.close()
            if kept.done:
                connection.settled.append(kept)

    def _follow(self, connection: Connection, period: Period, kept: Checkpoint) -> None:
        """Goes through what an earlier run was answered, to where the platform goes on from there or refuses.

        Nothing is told before this is known: what was told once cannot be taken back.
        """
        what = f"{connection.account.source}: {self.what}"
        then = f"{datetime.fromtimestamp(kept.stopped, tz=UTC).astimezone():%H:%M}"
        kept.trial = True
        try:
            for _ in self._seen(connection, period):
                pass
        except ReachedError:
            pass
        except (ApiError, *_ODD) as error:
            if not (isinstance(error, ApiError) and error.passing):
                why = error.why if isinstance(error, ApiError) else _oddity(error)
                connection.notes.append(
                    f"{what}: read from the start; where a run stopped at {then} it does not go on ({why})."
                )
                kept.clear()
                return
            kept.error = error
        connection.notes.append(
            f"{what}: goes on where a run stopped at {then}; what that had read is of then."
        )
        kept.rewind()


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

    def __init__(
        self, api: Api, account: Account, environment: Environment, today: date, *, restart: bool = False
    ) -> None:
        """`restart`: whether to read from the start, also where an earlier run of the day stopped."""
        self._api = api
        self._account = account
        self._environment = environment
        self._today = today
        self._day = today.isoformat()
        self._restart = restart
        self._settled: list[Checkpoint] = []
        self.notes: list[str] = []
        """What is to be said of how it was read."""

    @property
    def name(self) -> str:
        """The key in `audit.yaml`."""
        return self._account.source

    def capabilities(self) -> Capabilities:
        """What the platform's API can say; asks it nothing."""
        levels = frozenset(level for surface in self._api.surfaces for level in surface.levels)
        return Capabilities(
            self._api.platform,
            levels,
            self._api.tells,
            self._account.key,
            self._api.lacks,
            period=self._bounded(Period()),
        )

    def _bounded(self, period: Period) -> Period:
        """The days that are asked for: where none are named, the seven before today.

        Raises `UsageError` for a last day without a first one.
        """
        if period.end is not None and period.start is None:
            raise UsageError("a platform is asked for the days between two", "Give the first day with --from")
        end = period.end or self._today - timedelta(days=1)
        start = period.start or end - timedelta(days=6)
        return Period(start, max(start, end), period.time_zone or self._account.time_zone)

    def read(self, period: Period) -> Seen:
        """Surface after surface; one that fails is a gap, and the others are read all the same."""
        checkpoints.sweep()
        host = endpoint(self._api, self._environment)
        days = self._bounded(period)
        try:
            rest = self._api.connect(host, self._environment, self._account)
        except (ApiError, CredentialsMissingError) as error:
            yield _gap(self._api.platform, error, frozenset())
            return
        connection = Connection(
            rest, self._api.platform, self._account, self._day, self._restart, self.notes, self._settled
        )
        try:
            said: set[Gap] = set()
            for surface in self._api.surfaces:
                for item in surface.read(connection, days):
                    if isinstance(item, Gap):
                        if item in said:  # of the account, not of one list
                            continue
                        said.add(item)
                    yield item
        finally:
            rest.close()

    def settle(self) -> None:
        """Forgets what was read: something was made of it, and the next run looks again."""
        while self._settled:
            self._settled.pop().remove()


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


def days_between(period: Period) -> tuple[str, str]:
    """First and last day as ISO text. Raises `ValueError` where the period has no bounds."""
    if period.start is None or period.end is None:
        raise ValueError("a period without bounds")
    return period.start.isoformat(), period.end.isoformat()


Thing = dict[str, Any]


def weighed(
    things: Iterator[Thing],
    number: Callable[[Thing], str],
    weights: Callable[[list[str]], Mapping[str, Weight]],
    size: int,
) -> Iterator[tuple[Thing, Weight]]:
    """Things with their delivery, which a report tells of `size` ids at a time.

    What the report does not name delivered nothing.
    """
    while batch := list(islice(things, size)):
        found = weights([number(each) for each in batch])
        for each in batch:
            yield each, found.get(number(each)) or Weight(cost=0.0, impressions=0, clicks=0)


def _gap(what: str, error: CanonryError, levels: frozenset[Level]) -> Gap:
    return Gap(what, str(error), error.advice(), levels)

"""The client: checks an event against its contract and the person's consent, and hands it to the sinks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

from ._checks import ContractError, ContractWarning, problems
from ._consent import ConsentGiven, Withheld, allowed, granted, needed
from ._message import Message, User
from ._modes import Validation, entered
from ._record import Event, Traits
from ._values import is_object

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ._record import Contract, Record
    from ._sinks import Sink

__all__ = ["AsyncClient", "Client", "Outcome", "Sent", "Suppressed"]

T = TypeVar("T")
P = ParamSpec("P")
ConsentOf = Callable[[User], ConsentGiven | None]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Nothing was sent to a destination, on purpose; `reason` says why. Never true in an `if`."""

    reason: str
    destination: str = ""

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Sent:
    """The sinks of `destinations` took it over under `key`; `suppressed` are those that did not get it."""

    key: str
    destinations: tuple[str, ...]
    suppressed: tuple[Suppressed, ...] = ()


Outcome = Sent | Suppressed


class Client:
    """Sends events to sinks. Safe to share between threads. Close it, or use it in a `with`.

    `validation`: `strict` raises `ContractError` before anything is sent, `warn` warns and sends, `off` does
    not look. Building models follows the client that was opened last: but for `strict`, a model takes what it
    is given.

    `consent` answers who agreed to what, where a call does not say; without an answer nothing is sent that
    needs consent. An error of a sink is raised after the other sinks had their turn.
    """

    def __init__(
        self,
        sinks: Sequence[Sink],
        *,
        validation: Validation = "strict",
        consent: ConsentOf | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> None:
        self._leave = entered(self, validation)
        self.sinks = tuple(sinks)
        self.validation: Validation = validation
        self._consent = consent
        self._context = dict(context or {})
        self._about: dict[str, dict[str, Any]] = {}
        for sink in self.sinks:
            if consent is not None and getattr(sink, "consent", consent) is None:
                setattr(sink, "consent", consent)  # noqa: B010  a spool asks the same question again

    def track(
        self,
        event: Event,
        *,
        user: User | str | None = None,
        consent: ConsentGiven | None = None,
        timestamp: datetime | None = None,
    ) -> Outcome:
        """Sends an event. Its `event_id` is its key, so that what a pixel also sends counts once."""
        return self._send("track", type(event), event.payload(), user, consent, timestamp)

    def track_payload(
        self,
        contract: type[Event],
        payload: Mapping[str, Any],
        *,
        user: User | str | None = None,
        consent: ConsentGiven | None = None,
        timestamp: datetime | None = None,
    ) -> Outcome:
        """Sends a JSON object as an event of a contract, judged by the contract alone."""
        return self._send("track", contract, dict(payload), user, consent, timestamp)

    def identify(
        self,
        traits: Traits,
        *,
        user: User | str | None = None,
        consent: ConsentGiven | None = None,
        timestamp: datetime | None = None,
    ) -> Outcome:
        """Sends what is known of a person; without `user` the traits' own `user_id` says who."""
        return self._send("identify", type(traits), traits.payload(), user, consent, timestamp)

    def group(
        self,
        traits: Traits,
        *,
        user: User | str | None = None,
        consent: ConsentGiven | None = None,
        timestamp: datetime | None = None,
    ) -> Outcome:
        """Sends what is known of an organisation that the user belongs to."""
        return self._send("group", type(traits), traits.payload(), user, consent, timestamp)

    def flush(self) -> None:
        """Sends what sinks have kept back, also where one fails. Raises `UndeliveredError`."""
        _each([sink.flush for sink in self.sinks])

    def close(self) -> None:
        """Flushes and ends every sink, also where one fails."""
        self._leave()
        _each([sink.close for sink in self.sinks])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _send(
        self,
        sort: str,
        model: type[Record],
        payload: dict[str, Any],
        user: User | str | None,
        consent: ConsentGiven | None,
        timestamp: datetime | None,
    ) -> Outcome:
        contract = model.__contract__
        if self.validation != "off":
            self._judge(contract, payload)
        who = _user(user, payload)
        given = granted(consent if consent is not None or self._consent is None else self._consent(who))
        key = payload.get("event_id")
        key = key if isinstance(key, str) and key and sort == "track" else str(uuid4())
        moment = _moment(timestamp) if timestamp is not None else payload.get("occurred_at")
        if not isinstance(moment, str):
            moment = _moment(datetime.now(UTC))  # noqa: TID251  a client's business is with now
        purposes = tuple(sorted(given))
        context = self._about.get(contract.id)
        if context is None:
            context = self._about[contract.id] = {**self._context, **_context(contract)}
        sent: list[str] = []
        held: list[Suppressed] = []
        turns: list[Callable[[], None]] = []
        for sink in self.sinks:
            destination = sink.destination
            try:
                needs = needed(contract, destination)
                part = allowed(payload, needs, contract.guards, given)
            except Withheld as why:
                held.append(Suppressed(str(why), destination))
                continue
            message = Message(
                type=sort,
                key=key,
                name=contract.names.get(destination, contract.title),
                contract=contract.id,
                version=contract.version,
                payload=part,
                user=who,
                timestamp=moment,
                context=dict(context),
                consent=purposes,
                needs=needs,
                guards=contract.guards,
                renamed=contract.renamed.get(destination, {}),
            )
            turns.append(partial(sink.deliver, (message,)))
            sent.append(destination)
        _each(turns)
        if sent:
            return Sent(key, tuple(sent), tuple(held))
        if len(held) == 1:
            return held[0]
        reason = "; ".join(f"{one.destination}: {one.reason}" for one in held) or "the client has no sink"
        return Suppressed(reason)

    def _judge(self, contract: Contract, payload: Mapping[str, Any]) -> None:
        found = problems(contract, payload)
        if found:
            error = ContractError(contract.id, contract.version, contract.page, found)
            if self.validation == "strict":
                raise error
            warnings.warn(str(error), ContractWarning, stacklevel=4)


def _threaded(
    method: Callable[Concatenate[Client, P], T],
) -> Callable[Concatenate[AsyncClient, P], Coroutine[Any, Any, T]]:
    """The method of `Client`, run in a thread: what is sent and when is decided in one place."""

    async def call(self: AsyncClient, /, *positional: P.args, **named: P.kwargs) -> T:
        import asyncio  # 30 ms, which programs without it need not pay

        return await asyncio.to_thread(method, self.client, *positional, **named)

    update_wrapper(call, method)
    return call


class AsyncClient:
    """`Client` for asyncio: the same methods, to be awaited. Those of its `client` run in threads, so that
    the event loop never waits for a sink.
    """

    def __init__(
        self,
        sinks: Sequence[Sink],
        *,
        validation: Validation = "strict",
        consent: ConsentOf | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> None:
        self.client = Client(sinks, validation=validation, consent=consent, context=context)

    track = _threaded(Client.track)
    track_payload = _threaded(Client.track_payload)
    identify = _threaded(Client.identify)
    group = _threaded(Client.group)
    flush = _threaded(Client.flush)
    close = _threaded(Client.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _each(turns: Sequence[Callable[[], None]]) -> None:
    """Everybody has a turn; the first error is raised afterwards, with notes on the others."""
    first: Exception | None = None
    for turn in turns:
        try:
            turn()
        except Exception as error:  # noqa: BLE001  one sink's trouble is not another's
            if first is None:
                first = error
            else:
                first.add_note(f"and then {type(error).__name__}: {error}")
    if first is not None:
        raise first


def _user(user: User | str | None, payload: Mapping[str, Any]) -> User:
    if isinstance(user, User):
        return user
    if isinstance(user, str):
        return User(user_id=user)
    inside = payload.get("identity")
    about: Mapping[str, Any] = inside if inside is not None and is_object(inside) else payload
    return User(
        user_id=_text(about.get("user_id")),
        anonymous_id=_text(about.get("anonymous_id")),
        account_id=_text(about.get("account_id")),
        session_id=_text(about.get("session_id")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a timestamp without a time zone is another moment on every machine")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _context(contract: Contract) -> dict[str, Any]:
    from ._about import NAME, VERSION

    return {
        "library": {"name": NAME, "version": VERSION},
        "contract": {"id": contract.id, "version": contract.version, "page": contract.page},
    }

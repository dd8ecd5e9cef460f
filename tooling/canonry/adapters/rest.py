"""Reads JSON over HTTP page by page: waits and tries again where that helps, and says why where it does not.

One `Rest` speaks to one host. What it raises names the platform, the path and the status, and carries no
secret: neither query nor header nor token ever reaches a message. It follows no redirect and no address that
an answer holds, so credentials go nowhere but to the host they were given for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    import ssl

    import httpx
    from tenacity import RetryCallState

BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may go through."""
OK: Final = 200
REFUSED: Final = frozenset({401, 403})
ATTEMPTS: Final = 6
LONGEST_WAIT: Final = 120.0
"""Seconds. An API that asks for more is given up on, and the run says what it could not read."""
TIMEOUT: Final = 60.0
"""Seconds without a byte."""
HIDDEN: Final = "***"
_SHORTEST_SECRET: Final = 4
"""A shorter one is none, and taking it out would take words apart."""
TRIED: Final = f"also after {ATTEMPTS} attempts"


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class ApiError(CanonryError):
    """A platform did not answer as it should. `why` carries no secret."""

    platform: str
    path: str
    why: str
    next_step: str = ""
    status: int | None = None

    def __str__(self) -> str:
        return f"{self.platform}: {self.path}: {self.why}"

    def advice(self) -> str:
        """What to do about it."""
        return self.next_step


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


class _BusyError(Exception):
    """The request may go through later; carries what to say if it never does."""

    def __init__(self, error: ApiError, after: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.after = after


@dataclass
class Rest:
    """A connection to one API.

    `busy`: whether an answer that is no error by its status asks to come back later (rate limits that arrive
    as 400, or as 200 with a code). `explain`: the API's own words for an error, from its document. `secrets`
    are taken out of everything that is said. `sleep` is passed in by tests.
    """

    platform: str
    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    busy: Callable[[int, Any], bool] = lambda status, document: False
    explain: Callable[[Any], str | None] = lambda document: None
    sleep: Callable[[float], None] | None = None
    timeout: float = TIMEOUT
    requests: int = 0

    def __post_init__(self) -> None:
        import httpx

        self._client = httpx.Client(
            base_url=self.base_url,
            headers=dict(self.headers),
            params=dict(self.params),
            timeout=self.timeout,
            follow_redirects=False,
            verify=_certificates(),
        )

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The document at `path`. Raises `ApiError`."""
        return self._persistently(lambda: self._document("GET", path, params=params))

    def post(self, path: str, body: Any) -> Any:
        """What the API answers to a JSON body. Raises `ApiError`."""
        return self._persistently(lambda: self._document("POST", path, json=body))

    def form(self, path: str, values: Mapping[str, str]) -> Any:
        """What the API answers to a form. Raises `ApiError`."""
        return self._persistently(lambda: self._document("POST", path, data=dict(values)))

    def tunnelled(self, path: str, query: str) -> Any:
        """The document at `path` for a query that is longer than an address may be. Raises `ApiError`.

        It is sent as Rest.li wants it: in the body, by a POST that stands for a GET.
        """
        kind = {"Content-Type": "application/x-www-form-urlencoded", "X-HTTP-Method-Override": "GET"}
        return self._persistently(lambda: self._document("POST", path, content=query, headers=kind))

    def stream(
        self, path: str, body: Callable[[Any], Any], items: str, *, place: Callable[[Any], Any]
    ) -> Iterator[Any]:
        """The values at `items` (an ijson path) of one JSON answer of any length, in constant memory.

        `body(None)` is the request. Where the answer breaks off, it is taken up with `body(place of the last
        item)`: the answer to that may begin with items of that very place, of which those that came already
        are left out. Raises `ApiError`.
        """
        last: Any = None
        came: list[Any] = []
        failures = 0
        while True:
            arrived = False
            try:
                for item in self._items(path, body(last), items):
                    here = place(item)
                    if here == last and item in came:
                        continue
                    came = [*came, item] if here == last else [item]
                    arrived, last = True, here
                    yield item
            except _BusyError as error:
                failures = 1 if arrived else failures + 1
                if failures >= ATTEMPTS or (error.after or 0) > LONGEST_WAIT:
                    raise error.error from None
                self._pause(_backoff(failures) if error.after is None else error.after)
            else:
                return

    def _items(self, path: str, body: Any, items: str) -> Iterator[Any]:
        import httpx
        import ijson

        self.requests += 1
        try:
            with self._client.stream("POST", path, json=body) as response:
                if response.status_code != OK:
                    response.read()
                    self._judge(response, path)
                yield from ijson.items(ijson.from_iter(response.iter_bytes()), items, use_float=True)
        except httpx.HTTPError as error:
            raise _BusyError(self._error(path, _in_words(error))) from None
        except ijson.IncompleteJSONError:
            raise _BusyError(self._error(path, f"the answer broke off, {TRIED}")) from None
        except ijson.JSONError:
            raise self._error(path, "the answer is no JSON") from None

    def _document(self, method: str, path: str, **request: Any) -> Any:
        import httpx

        self.requests += 1
        try:
            response = self._client.request(method, path, **request)
        except httpx.HTTPError as error:
            raise _BusyError(self._error(path, _in_words(error))) from None
        return self._judge(response, path)

    def _judge(self, response: httpx.Response, path: str) -> Any:
        """The document of a good answer."""
        import orjson

        status = response.status_code
        try:
            document = orjson.loads(response.content) if response.content else {}
        except orjson.JSONDecodeError:
            if status == OK:
                raise _BusyError(self._error(path, "the answer is no JSON", status)) from None
            document = None
        if status == OK and not self.busy(status, document):
            return document
        said = self.explain(document) if document is not None else None
        words = f"HTTP {status}" + (f": {said}" if said else "")
        if status in BUSY or self.busy(status, document):
            after = _asked(response)
            again = f"and asks to come back in {after:.0f} s" if (after or 0) > LONGEST_WAIT else TRIED
            raise _BusyError(self._error(path, f"{words}, {again}", status), after)
        advice = "Renew the credentials, and see that they may read this account" if status in REFUSED else ""
        raise self._error(path, words, status, advice)

    def _error(self, path: str, why: str, status: int | None = None, advice: str = "") -> ApiError:
        for secret in self.secrets:
            if len(secret) >= _SHORTEST_SECRET:
                why = why.replace(secret, HIDDEN)
        return ApiError(self.platform, path.partition("?")[0], why[:500], advice, status)

    def _persistently(self, call: Callable[[], Any]) -> Any:
        from tenacity import Retrying, retry_if_exception_type

        retrying = Retrying(
            retry=retry_if_exception_type(_BusyError),
            stop=_enough,
            wait=_wait,
            sleep=self._pause,
            reraise=True,
        )
        try:
            return retrying(call)
        except _BusyError as error:
            raise error.error from None

    def _pause(self, seconds: float) -> None:
        import time

        (self.sleep or time.sleep)(min(seconds, LONGEST_WAIT))


def pages(
    fetch: Callable[[str | None], Any], cursor: Callable[[Any], str | None], *, platform: str, path: str
) -> Iterator[Any]:
    """Documents one after the other, each asked for with the cursor of the one before.

    Raises `ApiError` where a cursor comes back that was followed before: it would never end.
    """
    followed: set[str] = set()
    after: str | None = None
    while True:
        document = fetch(after)
        yield document
        after = cursor(document)
        if not after:
            return
        if after in followed:
            raise ApiError(platform, path, "its cursor leads back to a page that was read already")
        followed.add(after)


def numbered(
    fetch: Callable[[int], Any], total: Callable[[Any], int], *, limit: int = 100_000
) -> Iterator[Any]:
    """Documents of pages 1 to as many as the newest of them says there are."""
    for number in range(1, limit):
        document = fetch(number)
        yield document
        if number >= total(document):
            return


def members(document: Any, key: str) -> Iterable[Any]:
    """The objects of a list in a document; nothing where it has none."""
    found = document.get(key) if isinstance(document, dict) else None
    return (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


@cache
def _certificates() -> ssl.SSLContext:
    """Trusted certificates, read once: that takes longer than many a request."""
    import httpx

    return httpx.create_ssl_context()


def _enough(state: RetryCallState) -> bool:
    return state.attempt_number >= ATTEMPTS or (_asked_in(state) or 0) > LONGEST_WAIT


def _wait(state: RetryCallState) -> float:
    asked = _asked_in(state)
    return _backoff(state.attempt_number) if asked is None else asked


def _asked_in(state: RetryCallState) -> float | None:
    failure = state.outcome.exception() if state.outcome else None
    return failure.after if isinstance(failure, _BusyError) else None


def _backoff(attempt: int) -> float:
    """Seconds: 1, 2, 4, ... with up to half a second of jitter, so that two readers do not march in step."""
    import random

    return min(float(2 ** (attempt - 1)), LONGEST_WAIT) + random.random() / 2  # noqa: S311  jitter is no secret


def _asked(response: httpx.Response) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or a date."""
    text = response.headers.get("retry-after")
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(text)
        sent = response.headers.get("date")
        return max(0.0, (then - parsedate_to_datetime(sent)).total_seconds()) if sent else None
    except (ValueError, TypeError):
        return None


def _in_words(error: Exception) -> str:
    """What went wrong, without the address that the library puts into its messages."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return f"no answer in time, {TRIED}"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached, {TRIED}"
    return f"the connection broke off ({type(error).__name__}), {TRIED}"

"""Reads JSON over HTTP page by page: waits and tries again where that helps, and says why where it does not.

One `Rest` speaks to one host. What it raises names the platform, the path and the status, and carries no
secret: neither query nor header nor token ever reaches a message. It follows no redirect and no address that
an answer holds, so credentials go nowhere but to the host they were given for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import count, islice
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
RENEW: Final = "Renew the credentials, and see that they may read this account"
ATTEMPTS: Final = 6
LONGEST_WAIT: Final = 120.0
"""Seconds. An API that asks for more is given up on, and the run says what it could not read."""
TIMEOUT: Final = 60.0
"""Seconds without a byte."""
SLOWEST: Final = 300.0
"""Seconds for a whole answer, or for the next item of a stream: bytes that trickle are an end as well."""
LARGEST: Final = 64 * 1024**2
"""Bytes of an answer, or between two items of a stream, unpacked."""
EMPTY_PAGES: Final = 100
"""Pages without anything, one after the other, after which there is no hope for more."""
_HEAD: Final = 64
_RESULTS: Final = re.compile(rb"\[\s*[{\]]")
"""How a stream of results begins."""
_FAULT: Final = re.compile(rb'"error"\s*:')
"""The key of an error in a stream; within a text its second quote would have a backslash before it."""
_PACKED: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
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


class OddError(ValueError):
    """Something in an answer is not as published. The text names our own keys only, no value."""


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
            headers={"Accept-Encoding": "gzip, deflate", **self.headers},
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
        self,
        path: str,
        body: Callable[[Any], Any],
        items: str,
        *,
        place: Callable[[Any], Any],
        told: Callable[[Any], Any],
    ) -> Iterator[Any]:
        """The values at `items` (an ijson path) of one JSON answer of any length, in constant memory.

        `body(None)` is the request. Where the answer breaks off, it is taken up with `body(place of the last
        item)`: the answer to that may begin with items of that very place, of which those that came already
        are left out. `told` is what tells items of one place apart. Raises `ApiError`.
        """
        last: Any = None
        came: list[Any] = []
        failures = 0
        while True:
            arrived = False
            try:
                for item in self._items(path, body(last), items):
                    here = place(item)
                    same = told(item)
                    if here == last and same in came:
                        continue
                    came = [*came, same] if here == last else [same]
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
                    self._judge(response, self._content(response, path), path)
                found = ijson.sendable_list()
                reader = ijson.items_coro(found, items, use_float=True)
                head, tail = b"", b""
                parts = self._parts(response, path, found)
                for part in parts:
                    head = head if len(head) > _HEAD else (head + part[:_HEAD]).lstrip()
                    tail = tail[-_HEAD:] + part
                    reader.send(part)
                    yield from found
                    if fault := _FAULT.search(tail):  # it may come after results that were right
                        rest = b"".join(islice(parts, _HEAD))
                        self._faulty({"error": _first(tail[fault.end() :] + rest)}, path)
                reader.close()
                if not _RESULTS.match(head):
                    raise self._error(path, "the answer is no list of results")
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
            with self._client.stream(method, path, **request) as response:
                content = self._content(response, path)
        except httpx.HTTPError as error:
            raise _BusyError(self._error(path, _in_words(error))) from None
        return self._judge(response, content, path)

    def _content(self, response: httpx.Response, path: str) -> bytes:
        return b"".join(self._parts(response, path))

    def _parts(self, response: httpx.Response, path: str, taken: list[Any] | None = None) -> Iterator[bytes]:
        """An answer's bytes, as far as they go and as fast as they come.

        `taken` are the items that were made of the last part: what they came in counts no more.
        """
        import time

        if response.headers.get("content-encoding", "").strip().lower() not in _PACKED:
            raise self._error(path, "the answer is packed in a way that was not asked for")
        began, size = time.monotonic(), 0
        for part in response.iter_bytes():
            size += len(part)
            if size > LARGEST:
                raise self._error(path, f"the answer is larger than {LARGEST >> 20} MB")
            now = time.monotonic()
            if now - began > SLOWEST:
                raise _BusyError(self._error(path, f"no whole answer within {SLOWEST:.0f} s, {TRIED}"))
            yield part
            if taken:
                taken.clear()
                began, size = now, 0

    def _judge(self, response: httpx.Response, content: bytes, path: str) -> Any:
        """The document of a good answer."""
        import orjson

        status = response.status_code
        try:
            document = orjson.loads(content)
        except orjson.JSONDecodeError:
            if status == OK:
                why = "the answer is no JSON" if content.strip() else "the answer is empty"
                raise _BusyError(self._error(path, f"{why}, {TRIED}", status)) from None
            document = None
        if status == OK and not self.busy(status, document):
            self._faulty(document, path)
            return document
        words = f"HTTP {status}{self._said(document)}"
        if status in BUSY or self.busy(status, document):
            after = _asked(response)
            again = f"and asks to come back in {after:.0f} s" if (after or 0) > LONGEST_WAIT else TRIED
            raise _BusyError(self._error(path, f"{words}, {again}", status), after)
        if response.has_redirect_location:
            raise self._error(path, f"{words}: it leads elsewhere, where no credential is sent", status)
        advice = RENEW if status in REFUSED else ""
        raise self._error(path, words, status, advice)

    def _faulty(self, document: Any, path: str) -> None:
        """Raises for an answer that is good by its status and an error by what it says."""
        error = (document.get("error") or document.get("errors")) if isinstance(document, dict) else None
        if not error:
            return
        code = error.get("code") if isinstance(error, dict) else None
        words = f"HTTP {OK} with an error{self._said(document)}"
        if code in BUSY or self.busy(OK, document):
            raise _BusyError(self._error(path, f"{words}, {TRIED}", OK))
        advice = RENEW if code in REFUSED else ""
        raise self._error(path, words, OK, advice)

    def _said(self, document: Any) -> str:
        """The API's own words for an error, after a colon; nothing where it has none."""
        try:
            said = self.explain(document) if document is not None else None
        except (TypeError, ValueError, KeyError, AttributeError):
            return ""
        return f": {said}" if said else ""

    def listed(self, document: Any, key: str, path: str, *, optional: bool = False) -> list[dict[str, Any]]:
        """The objects of the list that an answer is about. `optional`: left out where it is empty.

        Raises `ApiError` for anything else: an answer without its list is no empty list.
        """
        found = document.get(key) if isinstance(document, dict) else None
        if found is None and optional and isinstance(document, dict) and key not in document:
            return []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise self._error(path, f"the answer has no list of {key}{self._said(document)}")
        return found

    def _error(self, path: str, why: str, status: int | None = None, advice: str = "") -> ApiError:
        from urllib.parse import quote

        from canonry.naming.personal import masked

        for secret in self.secrets:
            if len(secret) >= _SHORTEST_SECRET:
                why = why.replace(secret, HIDDEN).replace(quote(secret, safe=""), HIDDEN)
        return ApiError(self.platform, path.partition("?")[0], masked(why[:2000])[:500], advice, status)

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


def _first(text: bytes) -> Any:
    """The JSON value that a text begins with; true where it is none."""
    import json

    try:
        return json.JSONDecoder().raw_decode(text.decode("utf-8", "replace").lstrip())[0] or True
    except (ValueError, RecursionError):
        return True


class Turns:
    """Watches that pages go on: none comes twice in a row, and something comes now and then."""

    def __init__(self, platform: str, path: str) -> None:
        self.platform = platform
        self.path = path
        self.first: Any = None
        self.empty = 0

    def taken(self, items: list[Any]) -> None:
        """A page. Raises `ApiError` where reading on would never end."""
        self.empty = 0 if items else self.empty + 1
        if self.empty > EMPTY_PAGES:
            raise ApiError(
                self.platform, self.path, f"its last {EMPTY_PAGES} pages are empty, and more follow"
            )
        if items and items[0] == self.first:
            raise ApiError(self.platform, self.path, "its next page leads back to the same one")
        self.first = items[0] if items else self.first


def pages(
    fetch: Callable[[str | None], Any],
    items: Callable[[Any], list[Any]],
    cursor: Callable[[Any], str | None],
    *,
    platform: str,
    path: str,
) -> Iterator[Any]:
    """Items of page after page, each asked for with the cursor of the one before.

    Raises `ApiError` where a cursor comes back that was followed before: it would never end.
    """
    turns = Turns(platform, path)
    followed: set[str] = set()
    after: str | None = None
    while True:
        document = fetch(after)
        found = items(document)
        turns.taken(found)
        yield from found
        after = cursor(document)
        if not after:
            return
        if not isinstance(after, str | int):
            raise OddError("the cursor is no text")
        if after in followed:
            raise ApiError(platform, path, "its cursor leads back to a page that was read already")
        followed.add(after)
        del document, found  # a page is let go before the next one comes


def numbered(
    fetch: Callable[[int], Any],
    items: Callable[[Any], list[Any]],
    more: Callable[[Any, int], bool],
    *,
    platform: str,
    path: str,
) -> Iterator[Any]:
    """Items of pages 1, 2, ... for as long as `more` says that another follows a document's number."""
    turns = Turns(platform, path)
    for number in count(1):
        document = fetch(number)
        found = items(document)
        turns.taken(found)
        yield from found
        if not more(document, number):
            return
        del document, found  # as above


def members(document: Any, key: str) -> list[dict[str, Any]]:
    """The objects of a list in a thing; nothing where it has none. Raises `OddError` for anything else."""
    found = document.get(key) if isinstance(document, dict) else document
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise OddError(f"{key} is no list of objects")
    return found


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

"""Reads JSON over HTTP: waits and tries again where that helps, renews a token that has expired, and says why
where nothing helps.

One `Rest` speaks to one host. What it raises names the platform, the path and the status, and carries no
secret: neither query nor header nor token ever reaches a message. It follows no redirect and no address that
an answer holds, so credentials go nowhere but to the host they were given for. Where it has a checkpoint,
what an earlier run was answered is not asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters import checkpoints
from canonry.adapters.answers import (
    GONE,
    OK,
    Access,
    ApiError,
    Conventions,
    ReachedError,
)
from canonry.adapters.responses import Responses, in_words
from canonry.adapters.retries import (
    ATTEMPTS,
    LONGEST_WAIT,
    TRIED,
    BusyError,
    ExpiredError,
    backoff,
    enough,
    wait,
)

if TYPE_CHECKING:
    import ssl

    from canonry.adapters.checkpoints import Checkpoint

TIMEOUT: Final = 60.0
"""Seconds without a byte."""
CHUNK: Final = 500
"""Items of a stream that are kept together."""
_HEAD: Final = 64
_RESULTS: Final = re.compile(rb"\[\s*[{\]]")
"""How a stream of results begins."""
_FAULT: Final = re.compile(rb'"error"\s*:')
"""The key of an error in a stream; within a text its second quote would have a backslash before it."""


@dataclass
class Rest:
    """A connection to one API.

    `secrets` are taken out of everything that is said. `renew` gives new access where a token has expired;
    `principal` is what stays of the credentials when it does. `sleep` is passed in by tests.
    """

    platform: str
    base_url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    conventions: Conventions = field(default_factory=Conventions)
    renew: Callable[[], Access] | None = field(default=None, repr=False)
    principal: tuple[str, ...] = field(default=(), repr=False)
    kept: Checkpoint | None = None
    sleep: Callable[[float], None] | None = None
    timeout: float = TIMEOUT
    requests: int = 0
    _new: bool = field(default=False, init=False)
    """Whether the access was renewed and nothing was answered since: then renewing does not help."""

    _others: dict[str, Rest] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        import httpx

        self._responses = Responses(self.platform, self.conventions, self.secrets)
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
        for other in self._others.values():
            other.close()

    def at(self, host: str) -> Rest:
        """The same access to another host of the platform, closed with this one."""
        if host == self.base_url:
            return self
        if host not in self._others:
            self._others[host] = replace(self, base_url=host)
        self._others[host].kept = self.kept
        return self._others[host]

    def get(
        self, path: str, params: Mapping[str, Any] | None = None, *, size: str = "", accept: str = "*/*"
    ) -> Any:
        """The document at `path`. `size` names the parameter that tells how many things are wanted, which
        does not decide where they begin; `accept` a version of the API. Raises `ApiError`.
        """
        return self._asked("GET", path, size, params=dict(params or {}), headers={"Accept": accept})

    def post(self, path: str, body: Any) -> Any:
        """What the API answers to a JSON body. Raises `ApiError`."""
        return self._asked("POST", path, json=body)

    def form(self, path: str, values: Mapping[str, str]) -> Any:
        """What the API answers to a form. Raises `ApiError`."""
        return self._asked("POST", path, data=dict(values))

    def tunnelled(self, path: str, query: str) -> Any:
        """The document at `path` for a query that is longer than an address may be. Raises `ApiError`.

        It is sent as Rest.li wants it: in the body, by a POST that stands for a GET.
        """
        kind = {"Content-Type": "application/x-www-form-urlencoded", "X-HTTP-Method-Override": "GET"}
        return self._asked("POST", path, content=query, headers=kind)

    @property
    def following(self) -> bool:
        """Whether answers of an earlier run are followed to where they end."""
        return self.kept is not None and self.kept.trial

    def watch(self, whose: object, check: Callable[[], None] | None) -> None:
        """`check` is made before reading goes on where an earlier run stopped; None: no more."""
        if self.kept is not None:
            self.kept.watch(id(whose), check)

    def anew(self, fetch: Callable[[], Any]) -> Any:
        """What `fetch` is answered now, whatever it was answered before."""
        kept, self.kept = self.kept, None
        try:
            return fetch()
        finally:
            self.kept = kept

    def _asked(self, method: str, path: str, size: str = "", **request: Any) -> Any:
        """What is answered, or was answered to the same request at the same place of an earlier run."""
        import orjson

        kept = self.kept
        if kept is None:
            return self._persistently(lambda: self._document(method, path, **request))[0]
        params = {key: value for key, value in (request.get("params") or {}).items() if key != size}
        key = checkpoints.key_of(
            method, self.base_url, path, params, request.get("json"), request.get("content")
        )
        record = kept.answer(key)
        if record is None:
            self._arrive(kept)
        elif record.kind == checkpoints.GONE:
            raise self._responses.error(path, record.content.decode(), GONE)
        elif record.kind == checkpoints.WHOLE or kept.trial:
            return orjson.loads(record.content)
        try:
            document, content = self._persistently(lambda: self._document(method, path, **request))
        except ApiError as error:
            if error.status == GONE and record is None:
                kept.keep(key, checkpoints.GONE, error.why.encode())
            raise
        if record is None:
            kept.keep(key, *checkpoints.keepable(document, content, self._responses.telling))
            if kept.trial:
                raise ReachedError
        return document

    def _arrive(self, kept: Checkpoint) -> None:
        """Nothing more was answered before. Raises where the platform does not go on from here."""
        if kept.error is not None:
            raise kept.error
        if kept.trial:
            kept.verify()

    def stream(
        self,
        path: str,
        body: Callable[..., Any],
        items: str,
        *,
        place: Callable[[Any], Any],
        told: Callable[[Any], Any],
    ) -> Iterator[Any]:
        """The values at `items` (an ijson path) of one JSON answer of any length, in constant memory.

        `body(None)` is the request. Where the answer breaks off, or an earlier run stopped, it is taken up
        with `body(place of the last item)`: the answer to that may begin with items of that very place, of
        which those that came already are left out. `body(..., until=place)` wants items up to a place.
        `told` is what tells items of one place apart. Raises `ApiError`.
        """
        import orjson

        course = _Course(place, told)
        kept = self.kept
        if kept is None:
            yield from self._lasting(path, body, items, course)
            return
        key = checkpoints.key_of("STREAM", self.base_url, path, body(None))
        while (record := kept.answer(key)) is not None:
            found = orjson.loads(record.content)
            if found is None:
                return
            if record.kind == checkpoints.WHOLE or kept.trial:
                yield from filter(course.news, found)
            else:
                yield from self._lasting(path, partial(body, until=place(found[-1])), items, course)
        if kept.trial:  # nothing that could have expired: the last place stands in the items themselves
            raise ReachedError
        chunk: list[Any] = []

        def put() -> None:
            if chunk:
                kept.keep(key, *checkpoints.keepable(chunk, orjson.dumps(chunk), self._responses.telling))
                chunk.clear()

        try:
            for item in self._lasting(path, body, items, course):
                chunk.append(item)
                if len(chunk) == CHUNK:
                    put()
                yield item
        finally:
            put()
        kept.keep(key, checkpoints.WHOLE, b"null")

    def _lasting(self, path: str, body: Callable[..., Any], items: str, course: _Course) -> Iterator[Any]:
        """New items of a stream, which is taken up where it breaks off."""
        failures = 0
        while True:
            arrived = False
            try:
                for item in self._items(path, body(course.last), items):
                    if course.news(item):
                        arrived = True
                        yield item
            except BusyError as error:
                failures = 1 if arrived else failures + 1
                if failures >= ATTEMPTS or (error.after or 0) > LONGEST_WAIT:
                    raise error.error from None
                self._pause(backoff(failures) if error.after is None else error.after)
            except ExpiredError as error:
                self._renewed(error.error)
            else:
                return

    def _items(self, path: str, body: Any, items: str) -> Iterator[Any]:
        import httpx
        import ijson

        self.requests += 1
        try:
            with self._client.stream("POST", path, json=body) as response:
                if response.status_code != OK:
                    self._responses.document(response, self._responses.content(response, path), path)
                found = ijson.sendable_list()
                reader = ijson.items_coro(found, items, use_float=True)
                head, tail = b"", b""
                parts = self._responses.parts(response, path, found)
                for part in parts:
                    head = head if len(head) > _HEAD else (head + part[:_HEAD]).lstrip()
                    tail = tail[-_HEAD:] + part
                    reader.send(part)
                    if found:
                        self._new = False
                    yield from found
                    if fault := _FAULT.search(tail):  # it may come after results that were right
                        rest = b"".join(islice(parts, _HEAD))
                        self._responses.faulty(
                            {"error": _first(tail[fault.end() :] + rest)}, path, response.headers
                        )
                reader.close()
                if not _RESULTS.match(head):
                    raise self._responses.error(path, "the answer is no list of results")
        except httpx.HTTPError as error:
            raise BusyError(self._responses.error(path, in_words(error))) from None
        except ijson.IncompleteJSONError:
            raise BusyError(self._responses.error(path, f"the answer broke off, {TRIED}")) from None
        except ijson.JSONError:
            raise self._responses.error(path, "the answer is no JSON") from None

    def _document(self, method: str, path: str, **request: Any) -> tuple[Any, bytes]:
        """What is answered, and as it came."""
        import httpx

        self.requests += 1
        try:
            with self._client.stream(method, path, **request) as response:
                content = self._responses.content(response, path)
        except httpx.HTTPError as error:
            raise BusyError(self._responses.error(path, in_words(error))) from None
        document = self._responses.document(response, content, path)
        self._new = False
        return document, content

    def listed(self, document: Any, key: str, path: str, *, optional: bool = False) -> list[dict[str, Any]]:
        """As `Responses.listed`."""
        return self._responses.listed(document, key, path, optional=optional)

    def _persistently(self, call: Callable[[], tuple[Any, bytes]]) -> tuple[Any, bytes]:
        from tenacity import Retrying, retry_if_exception_type

        retrying = Retrying(
            retry=retry_if_exception_type(BusyError),
            stop=enough,
            wait=wait,
            sleep=self._pause,
            reraise=True,
        )
        while True:
            try:
                return retrying(call)
            except BusyError as error:
                error.error.passing = True
                raise error.error from None
            except ExpiredError as error:
                self._renewed(error.error)

    def _renewed(self, refusal: ApiError) -> None:
        """Takes new access in the place of what has expired. Raises `ApiError` where that is of no use."""
        refusal.passing = True
        if self.renew is None or self._new:
            raise refusal
        access = self.renew()
        self._client.headers.update(access.headers)
        self.headers = {**self.headers, **access.headers}
        self.secrets = self._responses.secrets = (*self.secrets, *access.secrets)
        self._new = True

    def _pause(self, seconds: float) -> None:
        import time

        (self.sleep or time.sleep)(min(seconds, LONGEST_WAIT))


class _Course:
    """How far a stream has come: the place of its last item, and which items of that place came."""

    def __init__(self, place: Callable[[Any], Any], told: Callable[[Any], Any]) -> None:
        self._place = place
        self._told = told
        self._came: list[Any] = []
        self.last: Any = None

    def news(self, item: Any) -> bool:
        """Whether an item did not come yet."""
        here, same = self._place(item), self._told(item)
        if here == self.last and same in self._came:
            return False
        self._came = [*self._came, same] if here == self.last else [same]
        self.last = here
        return True


def _first(text: bytes) -> Any:
    """The JSON value that a text begins with; true where it is none."""
    import json

    try:
        return json.JSONDecoder().raw_decode(text.decode("utf-8", "replace").lstrip())[0] or True
    except (ValueError, RecursionError):
        return True


@cache
def _certificates() -> ssl.SSLContext:
    """Trusted certificates, read once: that takes longer than many a request."""
    import httpx

    return httpx.create_ssl_context()

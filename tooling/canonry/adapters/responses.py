"""What the answers of an API are: a document, something to be waited for or renewed, or an error in words.

Text that goes into an error carries no secret and no personal data, and is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters.answers import BUSY, OK, REFUSED, ApiError, Conventions, HeavyError
from canonry.adapters.retries import COME_BACK, LONGEST_WAIT, TRIED, BusyError, ExpiredError, asked
from canonry.kernel.durations import spoken

if TYPE_CHECKING:
    import httpx

SLOWEST: Final = 300.0
"""Seconds for a whole answer, or for the next item of a stream: bytes that trickle are an end as well."""
LARGEST: Final = 64 * 1024**2
"""Bytes of an answer, or between two items of a stream, unpacked."""
_PACKED: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
HIDDEN: Final = "***"
_SHORTEST_SECRET: Final = 4
"""A shorter one is none, and taking it out would take words apart."""


@dataclass
class Responses:
    """The answers of one platform. `secrets` are taken out of everything that is said."""

    platform: str
    conventions: Conventions
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def telling(self) -> tuple[str, ...]:
        """The secrets that are long enough to be some."""
        return tuple(secret for secret in self.secrets if len(secret) >= _SHORTEST_SECRET)

    def content(self, response: httpx.Response, path: str) -> bytes:
        return b"".join(self.parts(response, path))

    def parts(self, response: httpx.Response, path: str, taken: list[Any] | None = None) -> Iterator[bytes]:
        """An answer's bytes, as far as they go and as fast as they come.

        `taken` are the items that were made of the last part: what they came in counts no more.
        """
        import time

        if response.headers.get("content-encoding", "").strip().lower() not in _PACKED:
            raise self.error(path, "the answer is packed in a way that was not asked for")
        began, size = time.monotonic(), 0
        for part in response.iter_bytes():
            size += len(part)
            if size > LARGEST:
                raise self.error(path, f"the answer is larger than {LARGEST >> 20} MB")
            now = time.monotonic()
            if now - began > SLOWEST:
                raise BusyError(self.error(path, f"no whole answer within {SLOWEST:.0f} s, {TRIED}"))
            yield part
            if taken:
                taken.clear()
                began, size = now, 0

    def document(self, response: httpx.Response, content: bytes, path: str) -> Any:
        """The document of a good answer."""
        import orjson

        status = response.status_code
        try:
            document = orjson.loads(content)
        except orjson.JSONDecodeError:
            if status == OK:
                why = "the answer is no JSON" if content.strip() else "the answer is empty"
                raise BusyError(self.error(path, f"{why}, {TRIED}", status)) from None
            document = None
        conventions = self.conventions
        if (
            status == OK
            and not conventions.busy(status, document)
            and not conventions.expired(status, document)
        ):
            self.faulty(document, path, response.headers)
            return document
        words = f"HTTP {status}{self._said(document)}"
        self._turned_away(status, document, response.headers, words, path)
        if response.has_redirect_location:
            raise self.error(path, f"{words}: it leads elsewhere, where no credential is sent", status)
        raise self.error(path, words, status, conventions.renewal if status in REFUSED else "")

    def _turned_away(
        self, status: int, document: Any, headers: Mapping[str, str], words: str, path: str
    ) -> None:
        """Raises where there is something to be done about an answer."""
        conventions = self.conventions
        if conventions.heavy(status, document):
            error = self.error(path, words, status)
            raise HeavyError(error.platform, error.path, error.why, status=status, passing=True)
        if conventions.expired(status, document):
            raise ExpiredError(self.error(path, words, status, conventions.renewal))
        if status in BUSY or conventions.busy(status, document):
            after = conventions.wait(headers, document)
            after = asked(headers) if after is None else after
            again = TRIED
            advice = ""
            if (after or 0) > LONGEST_WAIT:
                again = f"and asks to come back in {spoken(-int(-(after or 0) // 60))}"
                advice = COME_BACK
            raise BusyError(self.error(path, f"{words}, {again}", status, advice), after)

    def faulty(self, document: Any, path: str, headers: Mapping[str, str]) -> None:
        """Raises for an answer that is good by its status and an error by what it says."""
        error = (document.get("error") or document.get("errors")) if isinstance(document, dict) else None
        if not error:
            return
        code = error.get("code") if isinstance(error, dict) else None
        words = f"HTTP {OK} with an error{self._said(document)}"
        self._turned_away(code if isinstance(code, int) else OK, document, headers, words, path)
        raise self.error(path, words, OK, self.conventions.renewal if code in REFUSED else "")

    def _said(self, document: Any) -> str:
        """The API's own words for an error, after a colon; nothing where it has none."""
        try:
            said = self.conventions.explain(document) if document is not None else None
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
            raise self.error(path, f"the answer has no list of {key}{self._said(document)}")
        return found

    def error(self, path: str, why: str, status: int | None = None, advice: str = "") -> ApiError:
        from urllib.parse import quote

        from canonry.naming.personal import masked

        for secret in self.telling:
            why = why.replace(secret, HIDDEN).replace(quote(secret, safe=""), HIDDEN)
        return ApiError(self.platform, path.partition("?")[0], masked(why[:2000])[:500], advice, status)


def in_words(error: Exception) -> str:
    """What went wrong, without the address that the library puts into its messages."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return f"no answer in time, {TRIED}"
    if isinstance(error, httpx.ConnectError):
        return f"cannot be reached, {TRIED}"
    return f"the connection broke off ({type(error).__name__}), {TRIED}"

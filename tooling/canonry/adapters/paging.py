"""Lists over many pages: by cursor or by position, to their end, and never in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from canonry.adapters.answers import ApiError, HeavyError, OddError
from canonry.adapters.rest import Rest

EMPTY_PAGES: Final = 100
"""Pages without anything, one after the other, after which there is no hope for more."""
CALM: Final = 8
"""Pages that came as they should, after which more is asked for again."""


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
    rest: Rest,
    path: str,
    fetch: Callable[[str | None, int], Any],
    items: Callable[[Any], list[Any]],
    cursor: Callable[[Any], str | None],
    *,
    size: int,
) -> Iterator[Any]:
    """Items of page after page, each asked for with the cursor of the one before and a number of items.

    Where the platform says that this is too much at once, fewer are asked for, of the same cursor. Raises
    `ApiError` where a cursor comes back that was followed before: it would never end.
    """
    turns = Turns(rest.platform, path)
    followed: set[str] = set()
    after: str | None = None
    few, calm = size, 0
    while True:
        try:
            document = fetch(after, few)
        except HeavyError:
            if few == 1:
                raise
            few, calm = max(1, few // 2), 0
            continue
        calm += 1
        if few < size and calm == CALM:
            few, calm = min(size, few * 2), 0
        found = items(document)
        turns.taken(found)
        yield from found
        after = cursor(document)
        if not after:
            return
        if not isinstance(after, str | int):
            raise OddError("the cursor is no text")
        if after in followed:
            raise ApiError(rest.platform, path, "its cursor leads back to a page that was read already")
        followed.add(after)
        del document, found  # a page is let go before the next one comes


def positioned(
    rest: Rest,
    path: str,
    fetch: Callable[[int], Any],
    items: Callable[[Any], list[Any]],
    following: Callable[[Any, int, int], int | None],
    still: Callable[[Any], Any],
    *,
    first: int = 1,
) -> Iterator[Any]:
    """Items of pages that are asked for by number or offset, beginning with `first`.

    `following` says from a document, its position and how many items it held where the next one is. `still`
    is what a page says of its place in the list: which things it holds, and how long the list is. Positions
    move when things come and go, so a list that was begun by an earlier run is gone on with only where its
    last page is still the same.
    """
    turns = Turns(rest.platform, path)
    here: int | None = first
    whose = object()
    while here is not None:
        at = here
        document = fetch(at)
        found = items(document)
        number = len(found)
        turns.taken(found)
        rest.watch(whose, _unmoved(rest, path, fetch, still, at, document))
        yield from found
        here = following(document, at, number)
        del document, found  # as above
    rest.watch(whose, None)


def _unmoved(
    rest: Rest, path: str, fetch: Callable[[int], Any], still: Callable[[Any], Any], at: int, document: Any
) -> Callable[[], None] | None:
    """Raises, when it is called, where a page that was told from a checkpoint is another one by now."""
    if not rest.following:
        return None
    before = still(document)

    def check() -> None:
        if still(rest.anew(lambda: fetch(at))) != before:
            raise ApiError(rest.platform, path, "the list has moved since")

    return check

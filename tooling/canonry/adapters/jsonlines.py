"""Files of JSON lines in blocks, and processes that judge them, in constant memory."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")

BLOCK: Final = 512 * 1024
_ALONE: Final = 2
"""Blocks that are judged before more processes are started."""
_MARK: Final = b"\xef\xbb\xbf"
"""What some programs write before UTF-8."""
MAX_LINE: Final = 16 * 1024 * 1024
"""A longer line is no event; it would have to be held in memory."""


@dataclass(eq=False)
class LongLineError(CanonryError):
    """A line is longer than any event."""

    path: str
    hint: ClassVar[str] = (
        "One event per line: a JSON array, or text of another kind, is no file of JSON lines"
    )

    def __str__(self) -> str:
        return f"{self.path} holds a line of more than {MAX_LINE:,} bytes"


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: their bytes, or where they stand in a file."""

    data: bytes = b""
    path: str = ""
    start: int = 0
    size: int = 0

    def read(self) -> bytes:
        """The bytes."""
        if not self.path:
            return self.data
        with Path(self.path).open("rb") as file:
            file.seek(self.start)
            return file.read(self.size)


def blocks(path: str) -> Iterator[Block]:
    """A file's blocks: of a plain file places only, of a `.gz` and of standard input (`-`) bytes.

    Raises `LongLineError`, `OSError`; `OSError` also where a `.gz` is none, or is cut off.
    """
    if path == "-":
        yield from _streamed(sys.stdin.buffer, "standard input")
        return
    with Path(path).open("rb") as file:
        first = file.read(3)
        if first.startswith(b"\x1f\x8b"):
            import gzip

            file.seek(0)
            with gzip.open(file) as unpacked:
                try:
                    yield from _streamed(unpacked, path)
                except EOFError as error:
                    raise OSError(0, "the compressed file is cut off", path) from error
            return
        start, end = len(first) if first == _MARK else 0, os.fstat(file.fileno()).st_size
        while start < end:
            file.seek(min(start + BLOCK, end))
            rest = file.readline(MAX_LINE)
            if len(rest) == MAX_LINE and not rest.endswith(b"\n"):
                raise LongLineError(path)
            after = file.tell()
            yield Block(path=path, start=start, size=after - start)
            start = after


def _streamed(stream: Any, name: str) -> Iterator[Block]:
    first = True
    while data := stream.read(BLOCK):
        if first:
            data, first = data.removeprefix(_MARK), False
        rest = b"" if data.endswith(b"\n") else stream.readline(MAX_LINE)
        if len(rest) == MAX_LINE and not rest.endswith(b"\n"):
            raise LongLineError(name)
        yield Block(data + rest)


_judge: Callable[[bytes], Any] | None = None


def _quietly(judge: Callable[[bytes], T], data: bytes) -> T:
    """Judges without the cyclic collector: JSON has no cycles, and the search costs as much as parsing."""
    import gc

    gc.disable()
    try:
        return judge(data)
    finally:
        gc.enable()


def _prepare(make: Callable[[Any], Callable[[bytes], Any]], given: Any) -> None:
    global _judge  # noqa: PLW0603  a worker process has one judge for all of its life
    if _judge is None:
        _judge = make(given)


def _judged(block: Block) -> Any:
    assert _judge is not None  # noqa: S101  the pool has prepared it
    return _quietly(_judge, block.read())


def judged(
    source: Iterator[Block],
    judge: Callable[[bytes], T],
    make: Callable[[Any], Callable[[bytes], T]],
    given: Any,
    *,
    processes: int,
) -> Iterator[T]:
    """What `judge`, which `make(given)` made, says of each block, in order; few are under way at once.

    The first blocks are judged here: starting processes takes longer, and forks know what it learned.
    """
    global _judge  # noqa: PLW0603  where forks find it
    for block in islice(source, _ALONE):
        yield _quietly(judge, block.read())
    following = next(source, None)
    rest = source if following is None else chain((following,), source)
    if processes == 1 or following is None:
        for block in rest:
            yield _quietly(judge, block.read())
        return
    from concurrent.futures import ProcessPoolExecutor

    _judge = judge
    waiting: deque[Future[T]] = deque()
    try:
        with ProcessPoolExecutor(processes, initializer=_prepare, initargs=(make, given)) as pool:
            for block in rest:
                if len(waiting) >= 2 * processes:
                    yield waiting.popleft().result()
                waiting.append(pool.submit(_judged, block))
            while waiting:
                yield waiting.popleft().result()
    finally:
        _judge = None


def size(paths: Iterable[str]) -> int:
    """How many bytes the files hold together; 0 where one of them is a stream, or compressed."""
    found = 0
    for path in paths:
        if path == "-" or not Path(path).is_file():
            return 0
        with Path(path).open("rb") as file:
            if file.read(2) == b"\x1f\x8b":
                return 0
            found += os.fstat(file.fileno()).st_size
    return found


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

"""Room for deep recursion and large schemas: frames on one piece of memory, no search for garbage."""

import gc
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Final, TypeVar, cast

T = TypeVar("T")

_FRAMES: Final = 12_000
"""Python frames that may be stacked up; each level of a schema takes about ten, and half a kilobyte
of the C stack, which has 8 MB in all."""
_SLOTS: Final = 1 << 19
"""Pointers that the frames of an ordinary search need; only what is used of them is ever paid for."""


def roomy(ask: Callable[[], T]) -> T:
    """Asks with room for deep recursion.

    CPython keeps frames in chunks of 16 KB, and takes a new chunk, of the frame's size where that is larger,
    whenever one is full. A loop whose calls happen to cross from one chunk to the next then maps and unmaps
    memory at every call, which made comparisons eight times slower at unlucky depths. A first frame that
    claims a large stack puts all the others on its chunk.

    Nor is memory searched for cycles meanwhile: what a comparison makes lives as long as the comparison, so
    that looking through all of it again and again finds nothing, and took most of the time of large schemas.
    """
    before, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(before, _FRAMES))
    gc.disable()
    try:
        return cast("T", _on_one_chunk(ask))
    finally:
        sys.setrecursionlimit(before)
        if collecting:
            gc.enable()


def _ask(ask: Callable[[], object]) -> object:
    return ask()


_on_one_chunk: Final = FunctionType(_ask.__code__.replace(co_stacksize=_SLOTS), globals(), "_on_one_chunk")

"""Standard output when nobody reads it any more (`| head`): a command goes on, and ends as it would have."""

from __future__ import annotations

import sys


def flush_output() -> None:
    """Writes what is left, if somebody still reads it: an exit code says the same whether or not."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        forget_output()


def forget_output() -> None:
    """Lets the interpreter's last flush go nowhere instead of failing again."""
    import os

    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # no file behind the stream, as in a test
        sys.stdout = sys.stderr

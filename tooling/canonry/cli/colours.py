"""Colours where standard output is a terminal that wants them."""

import os
import sys

from canonry.render.palette import Palette


def terminal() -> Palette:
    """None for a file or a pipe, with `NO_COLOR`, and on a terminal that says it is dumb."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Palette(wanted and sys.stdout.isatty())

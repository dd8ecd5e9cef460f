"""Lengths of time in minutes: as the registry writes them, as people say them."""

from typing import Final

_SCALES: Final = {"d": 1440, "h": 60, "m": 1}


def minutes(duration: str) -> int:
    """Length of a `Duration` in minutes: `3d` is 4320."""
    return int(duration[:-1]) * _SCALES[duration[-1]]


def spoken(length: int) -> str:
    """Minutes as people say them: `3 d`, `1 h 30 m`; the two largest units that are there."""
    if length <= 0:
        return "at once"
    parts = []
    for unit, scale in _SCALES.items():
        if length >= scale:
            parts.append(f"{length // scale} {unit}")
            length %= scale
    return " ".join(parts[:2])

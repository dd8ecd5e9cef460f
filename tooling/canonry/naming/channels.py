"""Channel groups."""

from collections.abc import Callable, Mapping
from typing import Any


def compile_channels(groups: Mapping[str, Any], number: Callable[..., int]) -> dict[str, Any]:
    return {}

"""Links that campaigns have handed out: `registry/links/<id>.jsonl`, one JSON object a line."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

FOLDER: Final = "registry/links/"


def path_of(key: str) -> str:
    """Where a campaign's issued links are kept."""
    return f"{FOLDER}{key}.jsonl"


def read(data: bytes) -> Iterator[Mapping[str, Any]]:
    """The entries of a file; a line that holds none is passed over, and stays in the file."""
    for line in data.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and isinstance(entry.get("link"), str):
            yield entry

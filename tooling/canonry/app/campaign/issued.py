"""Links that a campaign has handed out: `registry/links/<id>.jsonl`, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from canonry.app.campaign.objects import Item


def path_of(key: str) -> str:
    """Where a campaign's issued links are kept."""
    return f"registry/links/{key}.jsonl"


def read(data: bytes) -> Iterator[Mapping[str, Any]]:
    """The entries of a file; a line that holds none is passed over, and stays in the file."""
    for line in data.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and isinstance(entry.get("link"), str):
            yield entry


def added(data: bytes, items: Iterable[Item], today: date) -> tuple[bytes, int]:
    """The file with every link that it does not hold yet, and how many those are.

    A line holds `link` (as it is pasted, macros unexpanded), `format`, `platform`, `params`, `creative` and
    `issued`.
    """
    known = {(entry["link"], entry.get("platform")) for entry in read(data)}
    lines = []
    for item in items:
        if item.link is None:
            continue
        text = item.link["url"] or item.link["text"]
        if (text, item.platform) in known:
            continue
        known.add((text, item.platform))
        entry = {
            "link": text,
            "format": item.format,
            "platform": item.platform,
            "params": dict(item.link["params"]),
            "creative": item.creative,
            "issued": today.isoformat(),
        }
        lines.append(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
    joint = b"\n" if data and not data.endswith(b"\n") else b""
    more = "".join(f"{line}\n" for line in lines).encode()
    return data + (joint + more if lines else b""), len(lines)

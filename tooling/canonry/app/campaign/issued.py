"""Links that a campaign has handed out: `registry/links/<id>.jsonl`, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import date

    from canonry.app.campaign.objects import Item


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


def carrying(files: Mapping[str, bytes], subject: str) -> int:
    """How many issued links belong to a campaign (`campaign:tx7nrz`) or a format (`/utm/paid_social/v1`).

    `files` are those of a tree, by path.
    """
    if subject.startswith("campaign:"):
        data = files.get(path_of(subject.removeprefix("campaign:")), b"")
        return sum(1 for _ in read(data))
    if not subject.startswith("/utm/"):
        return 0
    return sum(
        entry.get("format") == subject
        for path, data in files.items()
        if path.startswith(FOLDER) and path.endswith(".jsonl")
        for entry in read(data)
    )


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


_KEY: Final = ("utm_source", "utm_medium", "utm_campaign")
"""What is compared: other parameters are filled in by the platform."""


def compared(
    data: bytes, key: str, seen: Iterable[Mapping[str, str]]
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, str]]]:
    """Issued links that were never seen, and tags of the campaign that were seen and never issued, each once.

    `seen` are the parameters of links as they were met. Letter case is not compared; a campaign's tags are
    those whose utm_campaign ends with its id, or whose utm_id is it.
    """
    met: dict[tuple[str, ...], Mapping[str, str]] = {}
    for params in seen:
        met.setdefault(_told(params), params)
    issued = {_told(entry.get("params") or {}): entry for entry in read(data)}
    unseen = [entry for told, entry in issued.items() if told not in met]
    strange = [params for told, params in met.items() if told not in issued and _belongs(params, key)]
    return unseen, strange


def _told(params: Mapping[str, str]) -> tuple[str, ...]:
    return tuple([str(params.get(name, "")).casefold() for name in _KEY])


def _belongs(params: Mapping[str, str], key: str) -> bool:
    campaign = str(params.get("utm_campaign", "")).casefold()
    return campaign.endswith(f"_{key}") or str(params.get("utm_id", "")).casefold() == key

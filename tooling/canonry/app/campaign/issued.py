"""Links that a campaign has handed out: `registry/links/<id>.jsonl`, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from canonry.catalogue.issued import FOLDER, path_of, read

__all__ = ["FOLDER", "added", "carrying", "compared", "path_of", "read"]

if TYPE_CHECKING:
    from datetime import date

    from canonry.app.campaign.objects import Item


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


def compared(
    data: bytes,
    key: str,
    seen: Iterable[Mapping[str, str]],
    macros: Callable[[str], Iterable[str]] = lambda _: (),
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, str]]]:
    """Issued links that were never seen, and tags of the campaign that were seen and never issued, each once.

    `seen` are the parameters of links as they were met, `macros` those of a platform.
    """
    from canonry.audit.issued import Links, belongs, told  # what check, which counts, does not pay for

    links = Links(list(read(data)), macros)
    strange: dict[tuple[str, ...], Mapping[str, str]] = {}
    for params in seen:
        if not links.meet(params) and belongs(params, key):
            strange.setdefault(told(params), params)
    return links.unseen(), list(strange.values())

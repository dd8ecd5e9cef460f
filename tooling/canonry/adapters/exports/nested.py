"""What the BigQuery export holds in lists of key and value: parameters, user properties, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from canonry.adapters.exports import visits
from canonry.adapters.exports.queries import identifier
from canonry.audit.observation import Level

LISTS: Final = {"event_params": Level.PARAMETER, "user_properties": Level.USER_PROPERTY}
ADDRESS: Final = "page_location"
"""The parameter that holds the address of the page."""
_TEXT: Final = re.compile(r'\bstring_value"? ')

Rows = Callable[[str], Iterator[dict[str, Any]]]


def parameters(role: str, kind: str, scans: Sequence[str], rows: Rows) -> Iterator[dict[str, Any]]:
    """Rows with `event`, `name`, `rows` and the length of the `longest` text.

    `kind` is the column's type, `scans` are the tables to read, conditions included.
    """
    if not readable(kind):
        return
    event = "event_name" if LISTS[role] is Level.PARAMETER else "NULL"
    text = "length(CAST(part.value.string_value AS VARCHAR))" if _TEXT.search(kind) else "NULL"
    parts = " UNION ALL ".join(
        f"SELECT event_name, unnest({identifier(role)}) AS part {scan}" for scan in scans
    )
    yield from rows(
        f"SELECT {event} AS event, part.key AS name, count(*) AS rows, NULL::DATE AS first_day, "
        f"NULL::DATE AS last_day, max({text}) AS longest FROM ({parts}) GROUP BY 1, 2"
    )


def addresses(
    kind: str, scans: Sequence[str], click_ids: Sequence[str], day: str, rows: Rows
) -> Iterator[dict[str, Any]]:
    """Rows with `url`, `rows`, `first_day`, `last_day`: visited addresses without the values of click ids."""
    if not readable(kind) or not _TEXT.search(kind):
        return
    found = f"list_filter({identifier('event_params')}, lambda part: part.key = '{ADDRESS}')[1]"
    parts = " UNION ALL ".join(
        f"SELECT CAST({found}.value.string_value AS VARCHAR) AS url, {day} AS day {scan}" for scan in scans
    )
    yield from rows(
        f"SELECT {visits.address('url', click_ids)} AS url, count(*) AS rows, min(day) AS first_day, "
        f"max(day) AS last_day FROM ({parts}) WHERE url IS NOT NULL GROUP BY 1"
    )


def readable(kind: str) -> bool:
    """Whether a column's type is a list of key and value: an empty one says nothing of its members."""
    return kind.startswith("STRUCT(") and kind.endswith("[]") and "key" in kind and "value" in kind

"""What a change reaches, as text, JSON and Mermaid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from canonry.impact.downstream import Reached
from canonry.render.plain import visible, wrapped
from canonry.render.text import PLAIN, Palette

_STYLES: Final = {"pause": "error", "split": "warning", "proceed on an assumption": "note"}

MAX_NODES: Final = 200
"""Mermaid draws no more in reasonable time."""


def text(
    origins: Sequence[str],
    found: Sequence[Reached],
    label: Callable[[str], str],
    owner: Callable[[str], str],
    palette: Palette = PLAIN,
) -> str:
    """What is reached, by what it should do, the nearest first."""
    names = ", ".join(map(visible, origins))
    if not found:
        return f"Nothing rests on {names}."
    lines = [wrapped(f"{len(found)} rest on {names}:")]
    for action in _STYLES:
        chosen = [item for item in found if item.action == action]
        if not chosen:
            continue
        lines += ["", palette(_STYLES[action], f"{action} ({len(chosen)})")]
        for item in chosen:
            who = owner(item.node)
            title = label(item.node)
            head = f"  {palette('bold', visible(item.node))}"
            if title not in item.node:
                head += f"  {visible(title)}"
            lines.append(head + (palette("dim", f"  ({visible(who)})") if who else ""))
            lines.append(wrapped(_because(item), indent="      "))
    return "\n".join(lines)


def _because(item: Reached) -> str:
    reasons = []
    for edge in item.edges[:3]:
        fields = ", ".join(sorted(name for name in edge.fields if name))
        reasons.append(f"{edge.why}: {edge.read}" + (f" ({fields})" if fields else ""))
    if len(item.edges) > 3:  # noqa: PLR2004  as many as are shown
        reasons.append(f"and {len(item.edges) - 3} more")
    return "; ".join(reasons)


def document(
    origins: Sequence[str], found: Sequence[Reached], label: Callable[[str], str], owner: Callable[[str], str]
) -> Mapping[str, Any]:
    """The same for programs."""
    return {
        "origins": list(origins),
        "reached": [
            {
                "node": item.node,
                "label": label(item.node),
                "kind": item.kind,
                "owner": owner(item.node) or None,
                "action": item.action,
                "distance": item.distance,
                "edges": [
                    {
                        "read": edge.read,
                        "need": edge.need,
                        "why": edge.why,
                        "fields": sorted(edge.fields),
                        "place": {
                            "path": edge.place.path,
                            "line": edge.place.line,
                            "pointer": edge.place.pointer,
                        },
                    }
                    for edge in item.edges
                ],
            }
            for item in found
        ],
    }


def mermaid(origins: Iterable[str], found: Sequence[Reached], label: Callable[[str], str]) -> str:
    """A flow chart: hard edges drawn through, soft ones dotted. Labels are text whatever they hold."""
    origins = list(origins)
    shown = list(found[:MAX_NODES])
    numbers = {node: f"n{index}" for index, node in enumerate([*origins, *(item.node for item in shown)])}
    lines = ["flowchart LR"]
    lines += [f'  {numbers[node]}["{_quoted(label(node))}"]' for node in numbers]
    for item in shown:
        for edge in item.edges:
            if edge.read in numbers:
                arrow = "-->" if edge.need == "hard" else "-.->"
                lines.append(f"  {numbers[edge.read]} {arrow} {numbers[item.node]}")
    if len(found) > len(shown):
        lines.append(f'  more["and {len(found) - len(shown)} more"]')
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _quoted(text: str) -> str:
    return "".join(char if char.isalnum() or char in " .,_-" else f"#{ord(char)};" for char in visible(text))

"""What a thing rests on and who rests on it, drawn: hard edges solid, soft ones dashed, every box a link.

SVG, laid out here. Mermaid would have to be drawn in the reader's browser by three megabytes of script that
write style elements as they go, which a strict Content-Security-Policy refuses; and nobody could print it.
`canonry impact ID --format mermaid` prints the same for other documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from canonry.impact.downstream import kind_of
from canonry.pages.markup import text

if TYPE_CHECKING:
    from canonry.catalogue.graph import Edge, Need
    from canonry.pages.site import Site

WIDTH: Final = 900
"""Of the drawing, in units of its own, as all that follow."""
BOX: Final = 250
HEIGHT: Final = 38
STEP: Final = 50
"""From the middle of one box to that of the next."""

MOST: Final = 9
"""Boxes on a side; the tables below list everybody."""

_KEY: Final = (
    '<figcaption><span><i class="line"></i> stops without it</span> '
    '<span><i class="line soft"></i> carries on with an assumption</span></figcaption>'
)

_LETTERS: Final = 29
"""As many as a box holds in the face and size of the style sheet."""

_KINDS: Final = {
    "events": "event", "traits": "trait", "segments": "segment", "utm": "UTM format",
    "creatives": "creative tag", "objects": "platform name", "common": "shared definition",
    "vocabularies": "vocabulary",
    "campaign": "campaign", "consumer": "consumer", "audience": "audience", "account": "account",
}  # fmt: skip


def kind_word(node: str) -> str:
    """What a node of the graph is, in one or two words."""
    return _KINDS.get(kind_of(node), kind_of(node))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One node beside the one that is drawn; hard where any of its edges is."""

    node: str
    need: Need
    edges: tuple[Edge, ...]


def neighbours(edges: Iterable[Edge], side: Literal["reader", "read"]) -> tuple[Neighbour, ...]:
    """The nodes at one end of some edges, each once: the hard ones first, then in the edges' order."""
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(getattr(edge, side), []).append(edge)
    every = [
        Neighbour(node, "hard" if any(edge.need == "hard" for edge in held) else "soft", tuple(held))
        for node, held in found.items()
    ]
    return tuple(sorted(every, key=lambda one: one.need != "hard"))


def drawing(site: Site, node: str, label: str, depth: int) -> str:
    """The figure; nothing where the node stands alone."""
    left = neighbours(site.graph.reads.get(node, ()), "read")
    right = neighbours(site.graph.readers.get(node, ()), "reader")
    if not left and not right:
        return ""
    rows = max(len(left[:MOST]) + (len(left) > MOST), len(right[:MOST]) + (len(right) > MOST))
    height = max(rows * STEP - (STEP - HEIGHT), HEIGHT) + 4
    middle = height / 2
    parts = [
        *_side(site, left, 1, middle, depth, to_the_middle=True),
        *_side(site, right, WIDTH - BOX - 1, middle, depth, to_the_middle=False),
        _box((WIDTH - BOX) / 2, middle, label, "this page", "", "here"),
    ]
    about = f"{label}: {len(left)} it rests on, {len(right)} rest on it"
    return "\n".join(
        [
            '<figure class="drawing">',
            f'<svg viewBox="0 0 {WIDTH} {height:g}" role="group" aria-label="{text(about)}">',
            *parts,
            "</svg>",
            _KEY,
            "</figure>",
        ]
    )


def _side(
    site: Site, found: Sequence[Neighbour], x: float, middle: float, depth: int, *, to_the_middle: bool
) -> Iterable[str]:
    shown = found[:MOST]
    count = len(shown) + (len(found) > MOST)
    top = middle - (count - 1) * STEP / 2
    lines, boxes = [], []
    for number in range(count):
        y = top + number * STEP
        need = shown[number].need if number < len(shown) else "soft"
        lines.append(_line(x, y, middle, need, to_the_middle=to_the_middle))
        if number < len(shown):
            one = shown[number]
            target = site.path(one.node)
            href = "../" * depth + target if target else ""
            boxes.append(_box(x, y, site.label(one.node), kind_word(one.node), href, one.need))
        else:
            anchor = "#what-it-rests-on" if to_the_middle else "#who-rests-on-it"
            boxes.append(_box(x, y, f"and {len(found) - MOST} more", "in the table below", anchor, "soft"))
    return [*lines, *boxes]


def _line(x: float, y: float, middle: float, need: Need, *, to_the_middle: bool) -> str:
    inner_left, inner_right = (WIDTH - BOX) / 2, (WIDTH + BOX) / 2
    begin, end = ((x + BOX, y), (inner_left, middle)) if to_the_middle else ((inner_right, middle), (x, y))
    bend = (begin[0] + end[0]) / 2
    path = f"M{begin[0]:g} {begin[1]:g}C{bend:g} {begin[1]:g} {bend:g} {end[1]:g} {end[0]:g} {end[1]:g}"
    return f'<path class="{need}" d="{path}"/>'


def _box(x: float, y: float, label: str, kind: str, href: str, style: str) -> str:
    short = label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1]}…"
    inner = (
        f'<rect x="{x:g}" y="{y - HEIGHT / 2:g}" width="{BOX}" height="{HEIGHT}" rx="5"/>'
        f'<text x="{x + 10:g}" y="{y - 3:g}">{text(short)}</text>'
        f'<text class="kind" x="{x + 10:g}" y="{y + 13:g}">{text(kind)}</text>'
    )
    if short != label:
        inner = f"<title>{text(label)}</title>{inner}"
    return f'<a class="{style}" href="{href}">{inner}</a>' if href else f'<g class="{style}">{inner}</g>'

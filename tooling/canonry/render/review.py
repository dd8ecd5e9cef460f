"""One pull request as one comment, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from canonry.render import story
from canonry.render.markdown import MARKER, MAX_COMMENT, accepted_table, code, escaped, item
from canonry.render.plain import visible, wrapped
from canonry.render.text import PLAIN, Palette, counts
from canonry.render.text import findings as findings_text

if TYPE_CHECKING:
    from canonry.compat.story import Chapter
    from canonry.impact.downstream import Reached
    from canonry.kernel.findings import Finding

_OUTCOMES: Final = {"breaks": "breaks somebody", "undecided": "not decided", "fine": "nothing breaks"}
_TIERS: Final = {
    "self-serve": "self-serve: words, aliases and campaigns need nobody's approval",
    "normal": "normal: the owners of what changes look",
    "high": "high: the owners of everything that is reached look",
}
_NOTE: Final = 120
"""What the sentence on what was left out takes at most."""


class Reviewed(Protocol):
    """What a review offers; see `canonry.app.review.Review`."""

    @property
    def outcome(self) -> str: ...
    @property
    def tier(self) -> str: ...
    @property
    def findings(self) -> Sequence[Finding]: ...
    @property
    def accepted(self) -> Sequence[Finding]: ...
    @property
    def chapters(self) -> Sequence[Chapter]: ...
    @property
    def reached(self) -> Sequence[Reached]: ...
    @property
    def reviewers(self) -> Sequence[tuple[str, Sequence[str], Sequence[str]]]: ...
    @property
    def wanted(self) -> Sequence[tuple[str, str]]: ...
    @property
    def next_step(self) -> str: ...


@dataclass(slots=True)
class _Section:
    title: str
    items: list[str]
    what: str


def markdown(view: Reviewed, limit: int = MAX_COMMENT) -> str:
    """The comment, of at most `limit` characters, marker first; it says how much it left out."""
    head = [
        MARKER,
        f"## canonry: {_OUTCOMES[view.outcome]}",
        "",
        f"{_said(view)} Review tier {escaped(_TIERS[view.tier])}.",
        "",
        f"**Next:** {escaped(view.next_step)}",
    ]
    sections = [
        _Section("What breaks", [item(finding) for finding in view.findings], "findings"),
        _Section("What changes", list(story.bullets(view.chapters)), "contracts or files"),
        _Section("Who is asked to look", list(_reviewers(view.reviewers)), "teams"),
        _Section(
            "Versions", [f"- {code(subject)} becomes {code(to)}" for subject, to in view.wanted], "versions"
        ),
        _Section("What it reaches", list(_reached(view.reached, harmed=view.outcome != "fine")), "readers"),
    ]
    tail = [accepted_table(view.accepted)] if view.accepted else []
    room = limit - sum(len(part) + 2 for part in (*head, *tail)) - len(sections) * _NOTE
    body: list[str] = []
    for number, section in enumerate(sections):
        if not section.items:
            continue
        # The first sections are worth the most: each takes two thirds of what is left, the last all of it.
        share = room if number == len(sections) - 1 else room * 2 // 3
        text = _fitted(section, share)
        room -= len(text) + 2
        body += ["", text]
    return "\n".join([*head, *body, *(["", *tail] if tail else []), ""])


def _fitted(section: _Section, room: int) -> str:
    lines = [f"### {section.title}", ""]
    used = sum(len(line) + 1 for line in lines)
    left = 0
    for text in section.items:
        if left or used + len(text) + 1 > room:
            left += 1
            continue
        lines.append(text)
        used += len(text) + 1
    if left:
        lines += [
            "",
            f"**{left:,} more {section.what} are left out here**; `canonry review --format text` has all.",
        ]
    return "\n".join(lines)


def _reviewers(reviewers: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> Iterator[str]:
    for team, handles, why in reviewers:
        # Handles stand in code, so that a comment that is edited every hour pings nobody; the host asks them.
        asked = f" ({', '.join(map(code, handles))})" if handles else ""
        more = f" and {len(why) - 3} more" if len(why) > 3 else ""  # noqa: PLR2004  reasons shown
        yield f"- **{escaped(team)}**{asked}: {'; '.join(map(escaped, why[:3]))}{more}"


def _reached(found: Iterable[Reached], *, harmed: bool) -> Iterator[str]:
    """Who rests on what changes, and what they should do where it breaks somebody."""
    for reached in found:
        action = f": **{reached.action}**" if harmed else ""
        yield f"- {code(reached.node)} {escaped(reached.edges[0].why)}{action}"


def _said(view: Reviewed) -> str:
    return f"{counts(view.findings).capitalize()}." if view.findings else "No findings."


def text(view: Reviewed, palette: Palette = PLAIN) -> str:
    """The same for a terminal, with nothing left out."""
    style = {"breaks": "error", "undecided": "warning", "fine": "good"}[view.outcome]
    blocks = [f"{palette(style, _OUTCOMES[view.outcome])}. {_said(view)} Tier {view.tier}."]
    if view.findings:
        blocks.append(findings_text(view.findings, palette))
    blocks.append(story.text(view.chapters, palette))
    if view.reviewers:
        lines = ["Asked to look:"]
        for team, handles, why in view.reviewers:
            lines.append(
                wrapped(f"{team} ({', '.join(handles)}): {'; '.join(why)}", indent="  ", hanging="    ")
            )
        blocks.append("\n".join(lines))
    if view.wanted:
        blocks.append(
            "\n".join(["Versions:", *(f"  {visible(subject)} becomes {to}" for subject, to in view.wanted)])
        )
    if view.reached:
        lines = [f"Reaches {len(view.reached)}:"]
        lines += [
            f"  {visible(r.node)}" + (f"  {r.action}" if view.outcome != "fine" else "") for r in view.reached
        ]
        blocks.append("\n".join(lines))
    if view.accepted:
        blocks.append("Accepted:\n" + findings_text(view.accepted, palette))
    blocks.append(wrapped(f"Next: {view.next_step}"))
    return "\n\n".join(blocks)

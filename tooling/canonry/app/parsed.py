"""Links and names that were pasted: what each says, what is wrong with it and what it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.app.links import NAMES, Book
from canonry.app.reading import in_words, of_codec, of_issues
from canonry.kernel.findings import Finding, Level, Place
from canonry.naming.links import Reader
from canonry.naming.runtime.text import fold

if TYPE_CHECKING:
    from canonry.naming.codec import Codec

_MEMORY: Final = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What one link or name says. `corrected` is what it should be, where that can be told."""

    text: str
    status: str
    format: str | None
    title: str
    platform: str | None
    fields: Mapping[str, Any]
    words: list[tuple[str, str, str]]
    """Field, value, and the value in words."""
    channel: Mapping[str, Any] | None
    findings: tuple[Finding, ...]
    corrected: str | None
    expanded: Mapping[str, Any] = field(default_factory=dict)

    @property
    def worst(self) -> Level | None:
        """The level of the worst finding."""
        return max((finding.level for finding in self.findings), default=None)

    def to_json(self, key: str) -> dict[str, Any]:
        """The public JSON. `key` is what the text is called: link or name."""
        channel = self.channel
        document: dict[str, Any] = {
            key: self.text,
            "status": self.status,
            "format": self.format,
            "title": self.title or None,
            "platform": self.platform,
            "fields": dict(self.fields),
            "meanings": {name: meaning for name, _, meaning in self.words if meaning},
        }
        if key == "link":
            own = channel["custom"] if channel else []
            document |= {
                "channel": channel["channel"] if channel else None,
                "channel_because": channel["because"] if channel else None,
                "own_channel": own[0]["channel"] if own else None,
                "expanded": dict(self.expanded),
            }
        document |= {
            "findings": [finding.to_json() for finding in self.findings],
            "corrected": self.corrected,
        }
        return document


class Links:
    """Reads links one after the other; what it remembers has an end."""

    key = "link"

    def __init__(self, book: Book) -> None:
        self.codec: Codec = book.whole()
        self.reader = Reader(self.codec)
        self.contracts = self.codec.table["contracts"]
        self.levels = book.index.get("levels", {})

    def read(self, text: str, place: Place, *, from_shell: bool = False) -> Answer:
        """One link."""
        report = self.reader.read(text, from_shell=from_shell)
        identifier = report["format"]
        issues = report["issues"]
        return Answer(
            report["link"],
            report["status"],
            identifier,
            self.contracts[identifier]["title"] if identifier else "",
            report["platform"],
            report["fields"],
            in_words(self.codec, identifier, report["fields"]),
            report["channel"],
            of_issues(issues, place, self.levels) if issues else (),
            report["corrected"] if issues else None,
            report["expanded"],
        )


class Names:
    """Reads names one after the other, of one contract or of all."""

    key = "name"

    def __init__(self, book: Book, identifiers: tuple[str, ...] = ()) -> None:
        self.codec: Codec = book.whole()
        self.contracts = self.codec.table["contracts"]
        self.identifiers = identifiers

    def read(self, text: str, place: Place, *, from_shell: bool = False) -> Answer:
        """One name. Where several contracts can read it, the best reading; the others are noted."""
        name = text.strip()
        found = self._best(name)
        identifier = found["format"]
        findings = list(
            of_codec([*found["rejections"], *found["notes"]], place, identifier or "the registry")
        )
        right = found["right"] if found["status"] != "right" else None
        if right is None and found["rejections"]:
            right = _mended(name, found["rejections"])
        return Answer(
            name,
            found["status"],
            identifier,
            self.contracts[identifier]["title"] if identifier else "",
            found["platform"],
            found["fields"],
            in_words(self.codec, identifier, found["fields"]),
            None,
            tuple(findings),
            right,
        )

    def _best(self, name: str) -> dict[str, Any]:
        if self.identifiers:
            answers = [
                self.codec.read_name(self.contracts[each]["kind"], name, each) for each in self.identifiers
            ]
        else:
            answers = [self.codec.read_name(kind, name) for kind in NAMES]
        order = {"right": 0, "readable": 1, "rejected": 2}
        return min(
            answers, key=lambda each: (order[each["status"]], len(each["rejections"]), len(each["notes"]))
        )


def _mended(name: str, rejections: list[dict[str, Any]]) -> str | None:
    """The name with every wrong token replaced by the nearest right one, where each has one."""
    tokens = name.split("_")
    for each in rejections:
        token, near, found = each.get("token"), each.get("nearest"), each.get("found")
        if not token or not near or token > len(tokens) or fold(tokens[token - 1]) != fold(str(found)):
            return None
        tokens[token - 1] = near
    return "_".join(tokens)


@dataclass(slots=True)
class Tally:
    """What became of many links or names."""

    total: int = 0
    right: int = 0
    readable: int = 0
    rejected: int = 0
    worst: Level | None = None
    names: Counter[str] = field(default_factory=Counter)

    def add(self, answer: Answer) -> None:
        """Counts one more."""
        self.total += 1
        worst = answer.worst
        if worst is not None:
            self.worst = worst if self.worst is None or worst > self.worst else self.worst
            for finding in answer.findings:
                self.names[finding.name] += 1
        if answer.status == "right" and worst in (None, Level.NOTE):
            self.right += 1
        elif answer.status == "rejected":
            self.rejected += 1
        else:
            self.readable += 1

    def to_json(self) -> dict[str, Any]:
        """The public JSON."""
        return {
            "total": self.total,
            "right": self.right,
            "to_correct": self.readable,
            "unreadable": self.rejected,
            "findings": dict(self.names.most_common()),
        }

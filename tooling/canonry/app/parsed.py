"""Links and names that were pasted: what each says, what is wrong with it and what it should be.

Imports nothing but the naming runtime until something is wrong: it is on the way to every link that is read
(`canonry.cli.quick`).
"""

from __future__ import annotations

from canonry.app.links import NAMES, Book
from canonry.naming.links import Reader
from canonry.naming.runtime.text import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from canonry.kernel.findings import Finding, Level
    from canonry.naming.codec import Codec


class Answer:
    """What one link or name says. A class of its own making, since files hold a million of them: nothing is
    worked out before somebody asks.
    """

    __slots__ = (
        "_corrected",
        "_reread",
        "channel",
        "codec",
        "expanded",
        "fields",
        "findings",
        "format",
        "platform",
        "status",
        "text",
    )

    def __init__(
        self,
        codec: Codec,
        report: Mapping[str, Any],
        findings: tuple[Finding, ...],
        corrected: str | None,
        reread: Callable[[str], str],
    ) -> None:
        self.codec = codec
        self.text: str = report["link"]
        self.status: str = report["status"]
        self.format: str | None = report["format"]
        self.platform: str | None = report["platform"]
        self.fields: Mapping[str, Any] = report["fields"]
        self.channel: Mapping[str, Any] | None = report["channel"]
        self.expanded: Mapping[str, Any] = report["expanded"]
        self.findings = findings
        self._corrected = corrected
        self._reread = reread

    @property
    def title(self) -> str:
        """What people call the format."""
        return str(self.codec.table["contracts"][self.format]["title"]) if self.format else ""

    @property
    def words(self) -> list[tuple[str, str, str]]:
        """Field, value, and the value in words."""
        from canonry.app.meanings import in_words

        return in_words(self.codec, self.format, self.fields)

    @property
    def corrected(self) -> str | None:
        """What it should be, as far as that can be told; None where nothing is wrong or nobody knows."""
        return self._corrected if self.findings else None

    @property
    def corrected_right(self) -> bool | None:
        """Whether that is right as a whole; False where something is left that only a person can settle."""
        corrected = self.corrected
        return None if corrected is None else self._reread(corrected) == "right"

    @property
    def verdict(self) -> str:
        """`right`, `to correct` or `unreadable`."""
        if self.status == "rejected":
            return "unreadable"
        if not self.findings:
            return "right" if self.status == "right" else "to correct"
        from canonry.kernel.findings import Level

        settled = all(finding.level is Level.NOTE for finding in self.findings)
        return "right" if settled and self.corrected in (None, self.text) else "to correct"

    @property
    def worst(self) -> Level | None:
        """The level of the worst finding."""
        return max([each.level for each in self.findings]) if self.findings else None

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
            "findings": [each.to_json() for each in self.findings],
            "corrected": self.corrected,
            "corrected_right": self.corrected_right,
        }
        return document


class Links:
    """Reads links one after the other; what it remembers has an end."""

    key = "link"

    def __init__(self, book: Book) -> None:
        self.codec: Codec = book.whole()
        self.reader = Reader(self.codec)
        self.levels = book.index["levels"]

    def read(self, text: str, path: str, number: int, *, from_shell: bool = False) -> Answer:
        """One link, that stands in a line or row of something."""
        report = self.reader.read(text, from_shell=from_shell, live=None)
        issues = report["issues"]
        findings: tuple[Finding, ...] = ()
        if issues:
            from canonry.app.reading import of_issues

            findings = of_issues(issues, path, number, self.levels)
        corrected = report["corrected"] if "://" in report["corrected"] else None
        return Answer(self.codec, report, findings, corrected, self._status)

    def _status(self, text: str) -> str:
        return str(self.reader.read(text, live=None)["status"])


class Names:
    """Reads names one after the other, of some contracts or of all."""

    key = "name"

    def __init__(self, book: Book, identifiers: tuple[str, ...] = ()) -> None:
        self.codec: Codec = book.whole()
        self.contracts = self.codec.table["contracts"]
        self.identifiers = identifiers

    def read(self, text: str, path: str, number: int, *, from_shell: bool = False) -> Answer:
        """One name, that stands in a line or row of something."""
        name = text.strip()
        found = self._best(name)
        identifier = found["format"] or "the registry"
        said = [*found["rejections"], *found["notes"]]
        findings: tuple[Finding, ...] = ()
        if said or found["status"] == "rejected":
            from canonry.app.reading import of_name

            findings = of_name(said, path, number, identifier)
        right = found["right"]
        if right is None and found["rejections"]:
            right = _mended(name, found["rejections"])
        report = {**found, "link": name, "channel": None}
        return Answer(self.codec, report, findings, right, lambda text: str(self._best(text)["status"]))

    def _best(self, name: str) -> dict[str, Any]:
        if self.identifiers:
            answers = [
                self.codec.read_name(self.contracts[each]["kind"], name, each) for each in self.identifiers
            ]
        else:
            answers = [self.codec.read_name(kind, name) for kind in NAMES]
        return min(answers, key=_distance)


def _distance(answer: Mapping[str, Any]) -> tuple[int, int, int]:
    """How far an answer is from right; one that knows no format at all is the farthest."""
    order = {"right": 0, "readable": 1, "rejected": 2}[answer["status"]]
    return order + (answer["format"] is None), len(answer["rejections"]), len(answer["notes"])


def _mended(name: str, rejections: list[dict[str, Any]]) -> str | None:
    """The name with every wrong token replaced by the nearest right one, where each has one."""
    tokens = name.split("_")
    for each in rejections:
        token, near, found = each.get("token"), each.get("nearest"), each.get("found")
        if not token or not near or token > len(tokens) or fold(tokens[token - 1]) != fold(str(found)):
            return None
        tokens[token - 1] = near
    return "_".join(tokens)

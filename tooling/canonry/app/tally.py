"""What became of many links or names."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from canonry.app.parsed import Answer
from canonry.kernel.findings import Level


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
        if not answer.findings:
            self.right += 1
            return
        worst = answer.worst
        if worst is not None and (self.worst is None or worst > self.worst):
            self.worst = worst
        self.names.update([each.name for each in answer.findings])
        verdict = answer.verdict
        self.rejected += verdict == "unreadable"
        self.right += verdict == "right"
        self.readable += verdict == "to correct"

    def to_json(self) -> dict[str, Any]:
        """The public JSON."""
        return {
            "total": self.total,
            "right": self.right,
            "to_correct": self.readable,
            "unreadable": self.rejected,
            "findings": dict(self.names.most_common()),
        }

"""What stops a command. What an author can fix in a file is a `Finding` instead."""

from dataclasses import dataclass
from typing import ClassVar


class CanonryError(Exception):
    """A command cannot continue: `str(error)` says why, `hint` what to do next. Exit code 2."""

    hint: ClassVar[str] = ""

    def advice(self) -> str:
        """What to do next, where it depends on the values; the class's `hint` by default."""
        return self.hint


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class UsageError(CanonryError):
    """The arguments make no sense together; `message` says which, `next_step` what would."""

    message: str
    next_step: str = ""

    def __str__(self) -> str:
        return self.message

    def advice(self) -> str:
        """The next step that the caller gave."""
        return self.next_step

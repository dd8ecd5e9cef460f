"""What stops a command. What an author can fix in a file is a `Finding` instead."""

import errno
from dataclasses import dataclass
from typing import ClassVar, Final

_NEXT: Final = {
    errno.EACCES: "See who may read and write it, or name another place",
    errno.EPERM: "See who may read and write it, or name another place",
    errno.EROFS: "Name another place: nothing can be written there",
    errno.ENOSPC: "Make room on the disk, and run it again",
    errno.EDQUOT: "Make room on the disk, and run it again",
    errno.ENOENT: "Correct the path, or make the folder first",
    errno.ENOTDIR: "Correct the path: a file stands where a folder is meant",
    errno.EISDIR: "Name a file: this is a folder",
}


def refusal(error: OSError, otherwise: str) -> tuple[str, str]:
    """What the system said, and what to do next, which may be empty; `otherwise` where it said nothing."""
    why = (error.strerror or otherwise).lower()
    return why, _NEXT.get(error.errno or 0, "")


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

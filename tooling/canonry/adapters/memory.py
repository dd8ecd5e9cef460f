"""What was proved before, in the user's cache directory: JSON, one file per question.

A key is made of everything that the answer depends on, canonry's own code included, so an answer never grows
old; what cannot be read is worked out again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Final

from canonry.adapters.cache import cache_folder
from canonry.kernel.jsonvalue import Json

_KEPT: Final = 64
"""Answers that are kept; the oldest go first."""
_MAX_BYTES: Final = 8 * 1024 * 1024


class ProofMemory:
    """Answers to questions that are long to work out and short to keep."""

    def __init__(self) -> None:
        self.folder = Path(cache_folder(), "proofs")

    def recall(self, question: str) -> Json:
        """The answer that was kept; None where there is none that can be trusted."""
        file = self._file(question)
        try:
            found = file.lstat()
            ours = not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)
            if file.is_symlink() or not ours or found.st_size > _MAX_BYTES:
                return None
            held = json.loads(file.read_bytes())
            answer: Json = held["answer"] if held["question"] == self._digest(question) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return answer

    def keep(self, question: str, answer: Json) -> None:
        """Keeps an answer where the disk allows it."""
        file = self._file(question)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._forget()
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                json.dump({"question": self._digest(question), "answer": answer}, opened)
            draft.replace(file)
        except OSError:
            with suppress(OSError):  # a full or read-only disk costs time, never an answer
                draft.unlink()

    def _file(self, question: str) -> Path:
        return self.folder / f"{self._digest(question)[:32]}.json"

    def _digest(self, question: str) -> str:
        return hashlib.sha256(f"{self._code}\n{question}".encode()).hexdigest()

    @cached_property
    def _code(self) -> str:
        """What changes when the code that answers does."""
        home = Path(__file__).parent.parent
        return "\n".join(sorted(_signed(home)))

    def _forget(self) -> None:
        files = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for file in files[: max(0, len(files) - _KEPT + 1)]:
            file.unlink(missing_ok=True)


def _signed(home: Path) -> Iterator[str]:
    for folder in ("naming", "regular", "lint"):
        for place, folders, names in os.walk(home / folder):
            folders[:] = [name for name in folders if name != "__pycache__"]
            for name in names:
                found = os.stat(os.path.join(place, name))  # noqa: PTH116, PTH118  hundreds of them
                yield f"{place}/{name} {found.st_size} {found.st_mtime_ns}"

"""Small answers that cost seconds and never change, kept in the user's cache directory as JSON.

A memo counts only while canonry's own code is what it was. Whatever is wrong with it, the answer is worked
out anew, so every command answers the same with the cache deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from canonry.adapters.cache import cache_folder
from canonry.adapters.files import keep_own, own_bytes


def recall(name: str) -> dict[str, Any]:
    """What was kept under a name; empty where nothing was, or where it cannot be trusted."""
    try:
        kept = json.loads(own_bytes(_place(name)))
        return dict(kept["answers"]) if kept["code"] == _code() else {}
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}


def keep(name: str, answers: Mapping[str, Any]) -> None:
    """Keeps answers under a name, where the cache directory can be written to."""
    keep_own(_place(name), json.dumps({"code": _code(), "answers": answers}, ensure_ascii=False).encode())


def _place(name: str) -> Path:
    return Path(cache_folder()) / "memo" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _code() -> str:
    """What changes when canonry's code does."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        found = path.stat()
        digest.update(f"{path.relative_to(package)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()

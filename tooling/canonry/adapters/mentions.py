"""What the files of a registry mention, kept by blob id in the user's cache directory as JSON.

A blob id stands for one text, and what is kept is a function of that text alone: a check then reads what
changed and what depends on it, and leaves the rest where it is. Whatever is wrong with the file, texts are
looked over anew, so every command answers the same with the cache deleted.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from canonry import __version__
from canonry.adapters.cache import cache_folder
from canonry.adapters.files import keep_own, own_bytes
from canonry.catalogue import mentions
from canonry.catalogue.mentions import Mentioned, Texts, mentioned


class KeptIndex:
    """The index of one registry: only texts that it does not know are read."""

    def __init__(self, root: Path) -> None:
        name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
        self._path = Path(cache_folder()) / f"mentions-{name}.json"
        self._used: dict[str, Mentioned] = {}

    def of(self, files: Texts, paths: Iterable[str]) -> Mapping[str, Mentioned]:
        """Of every file that can be read."""
        ids = files.ids
        asked = {path: ids[path] for path in paths}
        known = {object_id: about for object_id in {*asked.values()} if (about := self._known(object_id))}
        unknown = [path for path, object_id in asked.items() if object_id not in known]
        read = {asked[path]: mentioned(data) for path, data in files.contents(unknown).items()}
        known |= read
        self._used |= known
        if read:
            self._keep()
        return {path: known[object_id] for path, object_id in asked.items() if object_id in known}

    def _known(self, object_id: str) -> Mentioned | None:
        if about := self._used.get(object_id):
            return about
        row = self._kept.get(object_id)
        if row is None:
            return None
        try:
            names, held, hidden = row
        except (TypeError, ValueError):
            return None
        if not (isinstance(names, list) and isinstance(held, list) and isinstance(hidden, bool)):
            return None
        return Mentioned(frozenset(map(str, names)), frozenset(map(str, held)), hidden)

    @cached_property
    def _kept(self) -> Mapping[str, Any]:
        import orjson

        try:
            document = orjson.loads(own_bytes(self._path))
            return dict(document["texts"]) if document["code"] == _code() else {}
        except (OSError, ValueError, LookupError, TypeError):
            return {}

    def _keep(self) -> None:
        import orjson

        texts = {name: [sorted(a.names), sorted(a.held), a.hidden] for name, a in self._used.items()}
        keep_own(self._path, orjson.dumps({"code": _code(), "texts": texts}))


def _code() -> str:
    """What changes when the reading of a text does."""
    about = Path(mentions.__file__).stat()
    return f"{__version__} {about.st_size} {about.st_mtime_ns}"

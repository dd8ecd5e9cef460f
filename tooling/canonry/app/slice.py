"""The part of a registry that a change can reach, found by what files mention, without parsing the rest.

Mentions over-approximate references: a file that names another in a description is read for nothing, and
a file that refers to another is never missed.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

_MENTION: Final = re.compile(rb"([a-z0-9_]+)/v([0-9]+)|vocabularies/([a-z0-9_]+)")
_ALWAYS: Final = ("registry/registry.yaml", "registry/teams.yaml")
_CONTRACT: Final = re.compile(r"contracts/([a-z]+)/([^/]+)/v([0-9]+)\.json\Z")
_VOCABULARY: Final = re.compile(r"registry/vocabularies/([^/]+)\.yaml\Z")
_SHORT_REFERENCE: Final = re.compile(rb'"\$ref"\s*:\s*"[^"/#]')
"""`"v1"` or `"../x"`: a reference too short for its target to be seen in it."""


class Mentions:
    """Which files mention which, by the bytes of every file of one tree."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._by_name: dict[str, list[str]] = {}
        self._found: dict[str, frozenset[str]] = {}
        for path in files:
            for name in _names(path):
                self._by_name.setdefault(name, []).append(path)

    def of(self, path: str) -> frozenset[str]:
        """Files that this one may refer to."""
        if path not in self._found:
            data = self.files.get(path, b"")
            named = {_key(match) for match in _MENTION.finditer(data)}
            found = {target for name in named for target in self._by_name.get(name, ())}
            if b"\\" in data or _SHORT_REFERENCE.search(data):
                # Escapes may spell any name, and a short reference shows none: take every possible target.
                found.update(self._obscure(path))
            self._found[path] = frozenset(found - {path})
        return self._found[path]

    def _obscure(self, path: str) -> Iterable[str]:
        import json

        try:
            text = json.dumps(json.loads(self.files[path]), ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return
        for match in _MENTION.finditer(text):
            yield from self._by_name.get(_key(match), ())
        if _SHORT_REFERENCE.search(text):
            folder = path.rpartition("/")[0]
            yield from (other for other in self.files if other.startswith(folder.rpartition("/")[0]))


def affected(changed: Iterable[str], mentions: Mentions) -> frozenset[str]:
    """Changed files, the files that rest on them at any distance, and what all of those refer to."""
    changed = frozenset(changed)
    names = frozenset(name for path in changed for name in _names(path))
    readers: set[str] = set()
    front = names
    # Who mentions a changed file, and who mentions them: a segment's campaign, a macro's format.
    while front:
        pattern = re.compile(b"|".join(sorted(re.escape(name.encode()) for name in front)))
        new = {
            path
            for path, data in mentions.files.items()
            if path not in readers
            and (pattern.search(data) or (b"\\" in data and mentions.of(path) & changed))
        }
        readers |= new
        front = frozenset(name for path in new for name in _names(path)) - names
        names |= front
    wanted = set(changed) | readers
    todo = list(wanted)
    while todo:
        for target in mentions.of(todo.pop()):
            if target not in wanted:
                wanted.add(target)
                todo.append(target)
    if any(_VOCABULARY.match(path) for path in changed):
        wanted |= {path for path in mentions.files if path.startswith("registry/campaigns/")}
    wanted |= {path for path in mentions.files if path in _ALWAYS or path.startswith("registry/accepted/")}
    return frozenset(wanted & mentions.files.keys() | changed)


def _names(path: str) -> tuple[str, ...]:
    if match := _CONTRACT.match(path):
        return (f"{match[2]}/v{match[3]}",)
    if match := _VOCABULARY.match(path):
        return (f"vocabularies/{match[1]}",)
    return ()


def _key(match: re.Match[bytes]) -> str:
    vocabulary = match[3]
    if vocabulary is not None:
        return f"vocabularies/{vocabulary.decode()}"
    return f"{match[1].decode()}/v{match[2].decode()}"

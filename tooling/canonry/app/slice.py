"""The part of a registry that a change can reach, found by what files mention, without parsing the rest.

Mentions over-approximate references: a file that names another in a description is read for nothing, and
a file that refers to another is never missed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

_MAJOR: Final = re.compile(rb"/v([0-9]+)")
_WORDS: Final = re.compile(rb"vocabularies/([a-z0-9_]+)")
_NAME: Final = re.compile(rb"[a-z0-9_]+")
_TAIL: Final = re.compile(rb"[a-z0-9_]+\Z")
_FEW: Final = 64
"""So many names are looked for one by one, which is faster than to index every mention."""
_ALWAYS: Final = "registry/registry.yaml"
_CONTRACT: Final = re.compile(r"contracts/([a-z]+)/([^/]+)/v([0-9]+)\.json\Z")
_NAMING: Final = re.compile(r"contracts/(?:utm|creatives|objects)/")
_VOCABULARY: Final = re.compile(r"registry/vocabularies/([^/]+)\.yaml\Z")
_SHORT: Final = re.compile(rb'"\$ref"\s*:\s*"[^"/#]')
"""A relative reference, too short to show its target. Such a file, and one with escapes that may spell any
name, counts as mentioning everything of its own kind."""


class Mentions:
    """Which files mention which, by the bytes of every file, and of what edited ones held (`former`)."""

    def __init__(self, files: Mapping[str, bytes], former: Mapping[str, bytes] | None = None) -> None:
        self.former = former or {}
        self.files = {**self.former, **files}
        files = self.files
        self._by_name: dict[bytes, list[str]] = {}
        for path in files:
            if name := _name(path):
                self._by_name.setdefault(name, []).append(path)
        self._readers: dict[bytes, set[str]] | None = None

    def readers(self, names: Iterable[bytes]) -> set[str]:
        """Files that mention one of these, and those that may do so unseen."""
        names = set(names)
        if self._readers is None and len(names) <= _FEW:
            return {
                path for path, data in self.files.items() if any(name in data for name in names)
            } | self.obscure
        if self._readers is None:
            self._readers = {}
            for path, data in self.files.items():
                for name in _mentioned(data):
                    self._readers.setdefault(name, set()).add(path)
        return self.obscure.union(*(self._readers.get(name, ()) for name in names))

    @cached_property
    def obscure(self) -> set[str]:
        """Contracts whose references may be spelt in a way that no search finds."""
        return {path for path, data in self.files.items() if path.startswith("contracts/") and _hidden(data)}

    def read(self, path: str) -> set[str]:
        """Files that this one may refer to, or referred to before."""
        found: set[str] = set()
        for data in (self.files.get(path, b""), self.former.get(path, b"")):
            found.update(target for name in _mentioned(data) for target in self._by_name.get(name, ()))
            if path in self.obscure or (data and _hidden(data)):
                kind = "/".join(path.split("/")[:2])
                found.update(o for o in self.files if o.startswith((f"{kind}/", "contracts/common/")))
                found.update(self._unescaped(data))
        return found - {path}

    def _unescaped(self, data: bytes) -> Iterable[str]:
        import json

        try:
            text = json.dumps(json.loads(data), ensure_ascii=False).encode(errors="surrogatepass")
        except (ValueError, RecursionError):
            return
        for name in _mentioned(text):
            yield from self._by_name.get(name, ())


def _hidden(data: bytes) -> bool:
    return b"\\u" in data or b"\\/" in data or _SHORT.search(data) is not None


def affected(changed: Iterable[str], mentions: Mentions) -> frozenset[str]:
    """Changed files, the files that rest on them at any distance, and what the contracts among them refer to.

    Of files that only read (a campaign, a segment) what else they refer to is left out: nothing is resolved
    through them.
    """
    changed = frozenset(changed)
    names = {name for path in changed if (name := _name(path))}
    readers: set[str] = set()
    front = set(names)
    while front:  # who mentions a changed file, and who mentions them: a segment's campaign
        new = mentions.readers(front) - readers
        readers |= new
        front = {name for path in new if (name := _name(path))} - names
        names |= front
    # What has to be resolved: changed contracts with their other majors, which read the same names, and
    # those whose schema may hold a changed one.
    wanted = set(changed) | _holders(changed, mentions)
    folders = tuple(f"{path.rpartition('/')[0]}/" for path in wanted if _NAMING.match(path))
    wanted |= {path for path in mentions.files if path.startswith(folders)} if folders else set()
    todo = list(wanted)
    while todo:
        for target in mentions.read(todo.pop()):
            if target not in wanted:
                wanted.add(target)
                todo.append(target)
    wanted |= readers
    if any(_VOCABULARY.match(path) for path in changed):
        wanted |= {path for path in mentions.files if path.startswith("registry/campaigns/")}
    wanted |= {path for path in mentions.files if path == _ALWAYS or path.startswith("registry/accepted/")}
    return frozenset(wanted & mentions.files.keys() | changed)


def _holders(changed: frozenset[str], mentions: Mentions) -> set[str]:
    """Contracts that may be built on a changed file: those that mention it, or mention one that does.

    Only shared definitions and vocabularies are built upon across contracts, and other contracts by `$ref`.
    """
    found: set[str] = set()
    front = {name for path in changed if (name := _name(path))}
    while front:
        new = {
            path
            for path in mentions.readers(front) - found - changed
            if path.startswith("contracts/")
            and (path in mentions.obscure or _refers(mentions.files[path], front))
        }
        found |= new
        front = {name for path in new if (name := _name(path))}
    return found


def _refers(data: bytes, names: Iterable[bytes]) -> bool:
    """Whether a keyword that refers has a value that holds one of these names."""
    for name in names:
        at = data.find(name)
        while at >= 0:
            key = data[max(0, (quote := data.rfind(b'"', 0, at)) - 200) : max(quote, 0)].rstrip()
            if key.endswith(b":") and key[:-1].rstrip().endswith(_REFERRING):
                return True
            at = data.find(name, at + 1)
    return False


_REFERRING: Final = (b'"$ref"', b'"x-name-of"', b'"expands"')


def _name(path: str) -> bytes:
    """What a reference to the file holds; nothing where no file refers to it."""
    if match := _CONTRACT.match(path):
        return f"{match[2]}/v{match[3]}".encode()
    if match := _VOCABULARY.match(path):
        return f"vocabularies/{match[1]}".encode()
    return b""


def _mentioned(data: bytes) -> Iterator[bytes]:
    """Every name as `_name` gives them, wherever one stands in a text."""
    for match in _MAJOR.finditer(data):
        at = match.start()
        name = data[data.rfind(b"/", max(0, at - 100), at) + 1 : at]
        if not _NAME.fullmatch(name):  # not below another slash: a relative reference, or prose
            found = _TAIL.search(name[-100:])
            name = found[0] if found else b""
        if name:
            yield name + match[0]
    for match in _WORDS.finditer(data):
        yield match[0]

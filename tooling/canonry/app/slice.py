"""The part of a registry that a change can reach, found by what files mention, without parsing the rest.

A file that names another in a description is read for nothing, and a file that refers to another is never
missed.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from canonry.catalogue.mentions import PLAIN, Mentioned, name_of

_ALWAYS: Final = "registry/registry.yaml"
_NAMING: Final = re.compile(r"contracts/(?:utm|creatives|objects)/")
_VOCABULARY: Final = re.compile(r"registry/vocabularies/([^/]+)\.yaml\Z")


class Mentions:
    """Which files mention which, now, and what edited ones mentioned before (`former`)."""

    def __init__(self, now: Mapping[str, Mentioned], former: Mapping[str, Mentioned] | None = None) -> None:
        self.former = former or {}
        self.files = {**self.former, **now}
        self._by_name: dict[str, list[str]] = {}
        for path in self.files:
            if name := name_of(path):
                self._by_name.setdefault(name, []).append(path)

    @cached_property
    def _readers(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path, about in self.files.items():
            for name in about.names:
                found.setdefault(name, set()).add(path)
        return found

    def readers(self, names: Iterable[str]) -> set[str]:
        """Files that mention one of these, and those that may do so unseen."""
        found = set(self.obscure)
        for name in names:
            found.update(self._readers.get(name, ()) if PLAIN.fullmatch(name) else self.files)
        return found

    @cached_property
    def obscure(self) -> set[str]:
        """Contracts whose references may be spelt in a way that no search finds."""
        return {path for path, about in self.files.items() if about.hidden and path.startswith("contracts/")}

    def holds(self, path: str, names: set[str]) -> bool:
        """Whether a keyword that refers names one of these, or may do so unseen."""
        odd = any(not PLAIN.fullmatch(name) for name in names)
        return odd or path in self.obscure or not names.isdisjoint(self.files[path].held)

    def read(self, path: str) -> set[str]:
        """Files that this one may refer to, or referred to before."""
        found: set[str] = set()
        for about in (self.files.get(path), self.former.get(path)):
            if about is None:
                continue
            found.update(target for name in about.names for target in self._by_name.get(name, ()))
            if path in self.obscure or about.hidden:
                kind = "/".join(path.split("/")[:2])
                found.update(o for o in self.files if o.startswith((f"{kind}/", "contracts/common/")))
        return found - {path}


def affected(changed: Iterable[str], mentions: Mentions) -> frozenset[str]:
    """Changed files, the files that rest on them at any distance, and what the contracts among them refer to.

    Of files that only read (a campaign, a segment) what else they refer to is left out: nothing is resolved
    through them.
    """
    changed = frozenset(changed)
    names = {name for path in changed if (name := name_of(path))}
    readers: set[str] = set()
    front = set(names)
    while front:  # who mentions a changed file, and who mentions them: a segment's campaign
        new = mentions.readers(front) - readers
        readers |= new
        front = {name for path in new if (name := name_of(path))} - names
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
    front = {name for path in changed if (name := name_of(path))}
    while front:
        new = {
            path
            for path in mentions.readers(front) - found - changed
            if path.startswith("contracts/") and mentions.holds(path, front)
        }
        found |= new
        front = {name for path in new if (name := name_of(path))}
    return found

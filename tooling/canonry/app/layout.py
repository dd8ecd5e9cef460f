"""The one layout of registry files and contracts: what `canonry fmt` writes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from canonry.catalogue.load import read
from canonry.catalogue.text import is_yaml, parse
from canonry.catalogue.tree import Tree
from canonry.kernel.findings import Finding
from canonry.kernel.jsonvalue import Json, same

WIDTH: Final = 110
"""YAML text longer than this is folded."""

_FIRST: Final = (
    "$schema",
    "$id",
    "title",
    "description",
    "x-contract",
    "type",
    "additionalProperties",
    "required",
    "properties",
)
_META_FIRST: Final = ("version", "status", "owner", "backup_owner")


@dataclass(frozen=True, slots=True)
class Layout:
    """Files whose layout is another than the one, as they should be; and files that could not be laid out."""

    changed: dict[str, bytes]
    problems: tuple[Finding, ...]
    files: int


def layout(tree: Tree, paths: Iterable[str]) -> Layout:
    """What has to be written so that every file has the one layout. Broken files stay as they are."""
    sources, problems = read(_Part(tree, tuple(paths)))
    broken = {problem.place.path for problem in problems}
    changed: dict[str, bytes] = {}
    for path, source in sources.items():
        if path in broken:
            continue
        wanted = yaml_layout(source.text, source.value) if is_yaml(path) else json_layout(source.text)
        if wanted != source.text or tree.read(path).startswith(b"\xef\xbb\xbf"):
            changed[path] = wanted.encode()
    return Layout(changed, tuple(problems), len(sources))


@dataclass(frozen=True, slots=True)
class _Part:
    """Some files of a tree."""

    tree: Tree
    wanted: tuple[str, ...]

    def paths(self) -> Iterable[str]:
        return self.wanted

    def read(self, path: str) -> bytes:
        return self.tree.read(path)

    def digest(self, path: str) -> str:
        return self.tree.digest(path)


class _Number(str):
    """A number as it was written: 1.0 stays 1.0, and no digit is lost."""

    __slots__ = ()


def json_layout(text: str) -> str:
    """The JSON text with an indent of 2, contract keys in their order, numbers and all values untouched."""
    value = json.loads(text, parse_float=_Number, parse_int=_Number)
    if isinstance(value, dict) and "x-contract" in value:
        value = _ordered(value, _FIRST)
        if isinstance(value["x-contract"], dict):
            value["x-contract"] = _ordered(value["x-contract"], _META_FIRST)
    return "".join(_pieces(value, "\n")) + "\n"


def _ordered(members: dict[str, Any], first: tuple[str, ...]) -> dict[str, Any]:
    return {key: members[key] for key in (*(k for k in first if k in members), *members)}


def _pieces(value: Any, newline: str) -> Iterator[str]:
    inner = f"{newline}  "
    if isinstance(value, dict) and value:
        mark = "{"
        for key, member in value.items():
            yield f"{mark}{inner}{_string(key)}: "
            yield from _pieces(member, inner)
            mark = ","
        yield f"{newline}}}"
    elif isinstance(value, list) and value:
        mark = "["
        for item in value:
            yield f"{mark}{inner}"
            yield from _pieces(item, inner)
            mark = ","
        yield f"{newline}]"
    elif isinstance(value, _Number):
        yield str(value)
    else:
        yield _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    if written.isprintable():
        return written
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in written)


def yaml_layout(text: str, value: Json) -> str:
    """The YAML text with an indent of 2, folded at `WIDTH`, comments and quotes kept.

    Where that would change what the file says (`value`), the text comes back untouched.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        document = yaml.load(text)
        out = io.StringIO()
        yaml.dump(document, out)
    except (YAMLError, ValueError, TypeError, RecursionError):
        return text
    written = out.getvalue()
    bare = "\n".join(line.rstrip(" ") for line in written.split("\n"))
    for candidate in (bare, written):  # folding leaves blanks at line ends, which only a literal block needs
        source, faults = parse("x.yaml", candidate.encode())
        if not faults and same(source.value, value):
            return candidate
    return text

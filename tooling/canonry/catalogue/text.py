"""Bytes to values, with the line of every value: JSON and YAML 1.2, strict about what people get wrong.

Values are parsed fast; positions are found only when a finding needs them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.kernel import pointer as pointers
from canonry.kernel.jsonvalue import Json

MAX_DEPTH: Final = 64
"""Deeper documents are refused: no contract needs it, and recursion has an end."""

MAX_YAML_NODES: Final = 200_000
"""Nodes after aliases are followed; a "billion laughs" stops here."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no document: `kind` is syntax, duplicate, complex or encoding; the line is from 1."""

    kind: str
    message: str
    line: int = 0
    pointer: str = ""


@dataclass(slots=True)
class Source:
    """One file's text and value. `line_of` costs a second parse, once, and only where something is wrong."""

    path: str
    text: str
    value: Json = None
    _lines: dict[str, int] | None = field(default=None, repr=False)

    def line_of(self, pointer: str) -> int:
        """The line (from 1) of the value at a pointer, or of its nearest ancestor."""
        if self._lines is None:
            walk = yaml_lines if is_yaml(self.path) else json_lines
            try:
                self._lines = dict(walk(self.text))
            except (ValueError, RecursionError):
                self._lines = {}
        while pointer and pointer not in self._lines:
            pointer = pointer.rpartition("/")[0]
        return self._lines.get(pointer, 1)


def is_yaml(path: str) -> bool:
    """Whether a path names a YAML file."""
    return path.endswith((".yaml", ".yml"))


def parse(path: str, data: bytes) -> tuple[Source, tuple[Fault, ...]]:
    """Value of a JSON or YAML file by its ending. With a fault other than `duplicate` the value is None."""
    try:
        text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Source(path, ""), (Fault("encoding", f"byte {data[error.start]:#04x} is not UTF-8", line),)
    source = Source(path, text)
    try:
        source.value, faults = _parse_yaml(text) if is_yaml(path) else _parse_json(text)
    except RecursionError:
        return source, (_too_deep(),)
    return source, tuple(faults)


def _too_deep(line: int = 0) -> Fault:
    return Fault("complex", f"nested more than {MAX_DEPTH} levels deep", line)


# JSON


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _parse_json(text: str) -> tuple[Json, list[Fault]]:
    repeated = False

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        members = dict(pairs)
        repeated = repeated or len(members) < len(pairs)
        return members

    try:
        value: Json = json.loads(text, object_pairs_hook=collect, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return None, [_json_fault(text, error)]
    except ValueError as error:  # NaN, Infinity, or an integer of thousands of digits
        return None, [Fault("syntax", f"not a JSON number: {str(error)[:60]}", _line_of_constant(text))]
    if _depth_exceeds(text):
        return None, [_too_deep()]
    return value, list(_repeated_members(text)) if repeated else []


def _json_fault(text: str, error: json.JSONDecodeError) -> Fault:
    before, here = text[: error.pos].rstrip(), text[error.pos : error.pos + 1]
    if before.endswith(",") and here in ("}", "]"):
        line = before.count("\n") + 1
        return Fault("syntax", f"a comma before {here!r}: JSON has none after the last value", line)
    if not text.strip():
        return Fault("syntax", "the file is empty", 1)
    return Fault("syntax", f"{error.msg} (column {error.colno})", error.lineno)


def _depth_exceeds(text: str) -> bool:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    depth = 0
    for match in _BRACKETS.finditer(text):
        char = match[0]
        if char in "{[":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif char in "}]":
            depth -= 1
    return False


_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_JSON_TOKEN = re.compile(r'[ \t\r]*(?:(\n)|("(?:[^"\\]|\\.)*")|([{}\[\],:])|([^\s{}\[\],:"]+))')
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?(?:NaN|Infinity)|[0-9]{4000,})')


def _line_of_constant(text: str) -> int:
    for match in _CONSTANT.finditer(text):
        if match[1]:
            return text.count("\n", 0, match.start()) + 1
    return 1


@dataclass(slots=True)
class _Frame:
    pointer: str
    array: bool
    index: int = 0
    key: str | None = None
    seen: set[str] = field(default_factory=set)


def _json_events(text: str) -> Iterator[tuple[str, int, bool]]:
    """Pointer and line of each value, and whether its member name stood there before."""
    stack: list[_Frame] = []
    line = 1
    repeated = False
    for match in _JSON_TOKEN.finditer(text):
        newline, string, mark, _literal = match.groups()
        if newline:
            line += 1
            continue
        top = stack[-1] if stack else None
        if top is not None and not top.array and top.key is None:
            if string is not None:
                top.key = json.loads(string)
                repeated = top.key in top.seen
                top.seen.add(top.key)
            elif mark == "}":
                stack.pop()
            continue
        if mark == ",":
            if top is not None:
                top.index += 1
                top.key = None
            continue
        if mark == ":":
            continue
        if mark in ("}", "]"):
            stack.pop()
            continue
        if top is None:
            here = ""
        else:
            here = f"{top.pointer}/{top.index if top.array else pointers.escape(top.key or '')}"
        yield here, line, repeated
        repeated = False
        if mark in ("{", "["):
            stack.append(_Frame(here, array=mark == "["))


def json_lines(text: str) -> Iterator[tuple[str, int]]:
    """Pointer and line of every value of a JSON text that has been parsed already."""
    for pointer, line, _ in _json_events(text):
        yield pointer, line


def _repeated_members(text: str) -> Iterator[Fault]:
    for pointer, line, again in _json_events(text):
        if again:
            name = pointers.split(pointer)[-1]
            yield Fault("duplicate", f"the member {name!r} stands twice in one object", line, pointer)


# YAML 1.2, core schema: `no` is a word, `012` is twelve, `0o14` too.

_CORE: Final[Sequence[tuple[re.Pattern[str], Any]]] = (
    (re.compile(r"(?:|~|null|Null|NULL)\Z"), lambda _: None),
    (re.compile(r"(?:true|True|TRUE)\Z"), lambda _: True),
    (re.compile(r"(?:false|False|FALSE)\Z"), lambda _: False),
    (re.compile(r"[-+]?[0-9]{1,4000}\Z"), int),
    (re.compile(r"0o[0-7]{1,1000}\Z"), lambda text: int(text, 0)),
    (re.compile(r"0x[0-9a-fA-F]{1,1000}\Z"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"), float),
)
_STR: Final = "tag:yaml.org,2002:str"
_COLLECTION_TAGS: Final = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class _RefusedYamlError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    value: Any
    pointer: str
    anchor: str | None
    nodes: int
    key: str | None = None
    key_line: int = 0


class _YamlReader:
    """Builds values from parser events, since libyaml's own composer recurses until the stack is gone."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.lines: dict[str, int] = {}
        self.root: Any = None
        self.documents = 0
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0

    def read(self, text: str) -> None:
        """Raises `yaml.YAMLError` or `_RefusedYamlError`."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        try:
            while loader.check_event():
                self._take(loader.get_event(), yaml)
        finally:
            loader.dispose()

    def _take(self, event: Any, yaml: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            top = self._stack[-1] if self._stack else None
            if top is not None and isinstance(top.value, dict) and top.key is None:
                top.key, top.key_line = event.value, line  # as written: `no:` is the word "no"
            else:
                self._add(self._scalar(event, line), line, event.anchor, 1)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _RefusedYamlError(
                    Fault("syntax", f"the alias *{event.anchor} names nothing complete", line)
                )
            value, nodes = self._anchors[event.anchor]
            self._add(value, line, None, nodes)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if event.tag not in _COLLECTION_TAGS:
                raise _RefusedYamlError(
                    Fault("syntax", f"the tag {_show_tag(event.tag)} is not allowed", line)
                )
            if len(self._stack) >= MAX_DEPTH:
                raise _RefusedYamlError(_too_deep(line))
            pointer, line = self._here(line)
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._stack.append(_Open(value, pointer, event.anchor, self._nodes))
            self.lines[pointer] = line
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = self._stack.pop()
            self._add(done.value, line, done.anchor, 1, self._nodes - done.nodes + 1, done.pointer)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _RefusedYamlError(Fault("syntax", "a registry file is one document, not several", line))

    def _here(self, line: int) -> tuple[str, int]:
        """Pointer of the value that is about to be added, and the line that people know it by."""
        if not self._stack:
            return "", line
        top = self._stack[-1]
        if isinstance(top.value, list):
            return f"{top.pointer}/{len(top.value)}", line
        if top.key is None:
            raise _RefusedYamlError(Fault("syntax", "a key must be a word", line, top.pointer))
        return f"{top.pointer}/{pointers.escape(top.key)}", top.key_line

    def _add(
        self,
        value: Any,
        line: int,
        anchor: str | None,
        nodes: int,
        size: int | None = None,
        pointer: str | None = None,
    ) -> None:
        self._nodes += nodes
        if self._nodes > MAX_YAML_NODES:
            problem = f"more than {MAX_YAML_NODES:,} values once aliases are followed"
            raise _RefusedYamlError(Fault("complex", problem, line))
        if pointer is None:
            pointer, line = self._here(line)
            self.lines[pointer] = line
        if anchor is not None:
            self._anchors[anchor] = (value, size or nodes)
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            return
        key = top.key or ""
        if key in top.value:
            self.faults.append(Fault("duplicate", f"the key {key!r} stands twice", top.key_line, pointer))
        top.value[key] = value
        top.key = None

    def _scalar(self, event: Any, line: int) -> Any:
        if event.tag not in (None, "!", _STR):
            raise _RefusedYamlError(Fault("syntax", f"the tag {_show_tag(event.tag)} is not allowed", line))
        return _core(event.value) if event.implicit[0] else event.value


def _show_tag(tag: str) -> str:
    return "!!" + tag.removeprefix("tag:yaml.org,2002:") if tag.startswith("tag:yaml.org,2002:") else tag


def _core(text: str) -> Any:
    if text and text[0].isalpha() and text[0] not in "ntfNTF":
        return text
    for pattern, construct in _CORE:
        if pattern.match(text):
            return construct(text)
    return text


def _parse_yaml(text: str) -> tuple[Json, list[Fault]]:
    import yaml

    reader = _YamlReader()
    try:
        reader.read(text)
    except _RefusedYamlError as error:
        return None, [error.fault]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Fault("syntax", error.problem or "not YAML", mark.line + 1 if mark else 0)]
    except yaml.YAMLError as error:
        return None, [Fault("syntax", str(error).partition("\n")[0])]
    if not reader.documents:
        return None, [Fault("syntax", "the file is empty", 1)]
    return reader.root, reader.faults


def yaml_lines(text: str) -> Iterator[tuple[str, int]]:
    """Pointer and line of every value of a YAML text; of a member, the line of its key."""
    import yaml

    reader = _YamlReader()
    with suppress(yaml.YAMLError, _RefusedYamlError):
        reader.read(text)
    yield from reader.lines.items()

"""What the text of a file mentions, found without parsing it: names of contracts and of vocabularies.

Mentions over-approximate references: a name in a description counts, and one in a reference is never missed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol

_MAJOR: Final = re.compile(rb"/v([0-9]+)")
_WORDS: Final = re.compile(rb"vocabularies/([a-z0-9_]+)")
_NAME: Final = re.compile(rb"[a-z0-9_]+")
_TAIL: Final = re.compile(rb"[a-z0-9_]+\Z")
PLAIN: Final = re.compile(r"[a-z0-9_]{1,99}/v[0-9]+|vocabularies/[a-z0-9_]+")
"""Names that are found wherever they stand; lint refuses others."""
_LONGEST: Final = 100
_FAR: Final = 4000
"""So many bytes a value may be long before it is taken for one that refers."""
_CONTRACT: Final = re.compile(r"contracts/([a-z]+)/([^/]+)/v([0-9]+)\.json\Z")
_VOCABULARY: Final = re.compile(r"registry/vocabularies/([^/]+)\.yaml\Z")
_SHORT: Final = re.compile(rb'"\$ref"\s*:\s*"[^"/#]')
_REFERRING: Final = (b'"$ref"', b'"x-name-of"', b'"expands"')


class Mentioned(NamedTuple):
    """What one text mentions: a function of its bytes alone, so that it may be kept by blob id."""

    names: frozenset[str]
    """Every name as `name_of` gives them, wherever it stands."""
    held: frozenset[str]
    """Those in the value of a keyword that refers."""
    hidden: bool
    """Whether it may refer in a way that no search finds: a relative reference, too short to show its target,
    or escapes that may spell any name. A contract of that kind counts as mentioning all of its own kind."""


def mentioned(data: bytes) -> Mentioned:
    """Look one file over, without parsing it."""
    names: set[str] = set()
    held: set[str] = set()
    for name, at in _names(data):
        if name not in held:
            names.add(name)
            if _refers(data, at):
                held.add(name)
    hidden = b"\\u" in data or b"\\/" in data or _SHORT.search(data) is not None
    if hidden:
        names.update(name for name, _ in _names(_unescaped(data)))
    return Mentioned(frozenset(names), frozenset(held), hidden)


class Texts(Protocol):
    """Files by path, with their blob ids."""

    @property
    def ids(self) -> Mapping[str, str]:
        """Blob id of every file."""
        ...

    def contents(self, paths: Iterable[str]) -> Mapping[str, bytes]:
        """Contents of some files; those that cannot be read are left out."""
        ...


class Index(Protocol):
    """What files mention, from wherever that is known already."""

    def of(self, files: Texts, paths: Iterable[str]) -> Mapping[str, Mentioned]:
        """Of every file that can be read."""
        ...


class ReadIndex:
    """Looks every file over anew."""

    def of(self, files: Texts, paths: Iterable[str]) -> Mapping[str, Mentioned]:
        """Reads them in one batch."""
        return {path: mentioned(data) for path, data in files.contents(paths).items()}


def name_of(path: str) -> str:
    """What a reference to the file holds; nothing where no file refers to it."""
    if match := _CONTRACT.match(path):
        return f"{match[2]}/v{match[3]}"
    if match := _VOCABULARY.match(path):
        return f"vocabularies/{match[1]}"
    return ""


def _unescaped(data: bytes) -> bytes:
    import json

    try:
        return json.dumps(json.loads(data), ensure_ascii=False).encode(errors="surrogatepass")
    except (ValueError, RecursionError):
        return b""


def _names(data: bytes) -> Iterator[tuple[str, int]]:
    """Every name as `name_of` gives them, wherever one stands in a text, and where it begins."""
    for match in _MAJOR.finditer(data):
        at = match.start()
        low = max(0, at - _LONGEST)
        name = data[max(low, data.rfind(b"/", low, at) + 1) : at]
        if not _NAME.fullmatch(name):  # not below another slash: a relative reference, or prose
            found = _TAIL.search(name[-_LONGEST:])
            name = found[0] if found else b""
        if name:
            yield (name + match[0]).decode(), at - len(name)
    for match in _WORDS.finditer(data):
        yield match[0].decode(), match.start()


def _refers(data: bytes, at: int) -> bool:
    """Whether what stands here is in the value of a keyword that refers."""
    quote = data.rfind(b'"', max(0, at - _FAR), at)
    if quote < 0:
        return at >= _FAR
    key = data[max(0, quote - 200) : quote].rstrip()
    return key.endswith(b":") and key[:-1].rstrip().endswith(_REFERRING)

"""What a marketer adds through a command, a word or a campaign: checked before it is written."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from canonry.app.layout import WIDTH
from canonry.app.lint import lint
from canonry.catalogue.model import Catalogue
from canonry.catalogue.tree import Tree
from canonry.kernel.errors import CanonryError
from canonry.kernel.findings import Finding, Level
from canonry.naming.runtime.text import fold
from canonry.naming.suggest import nearest

_DAY_LENGTH: Final = len("2026-11-21")


@dataclass(frozen=True, slots=True)
class Overlay:
    """A tree in which one file is another."""

    tree: Tree
    path: str
    data: bytes

    def paths(self) -> Iterable[str]:
        """The tree's, and the file's."""
        return {*self.tree.paths(), self.path}

    def read(self, path: str) -> bytes:
        """The new content of the one file, the tree's of any other."""
        return self.data if path == self.path else self.tree.read(path)

    def digest(self, path: str) -> str:
        """Changes with the contents."""
        import hashlib

        return hashlib.sha256(self.data).hexdigest() if path == self.path else self.tree.digest(path)


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class RefusedError(CanonryError):
    """Something cannot be added; `why` says what stands in its way."""

    why: str
    next_step: str = ""

    def __str__(self) -> str:
        return self.why

    def advice(self) -> str:
        """What would be right."""
        return self.next_step


def new_findings(tree: Tree, path: str, data: bytes, *, today: date) -> tuple[Finding, ...]:
    """What would be wrong after a change that is not wrong before it."""
    before = {finding.fingerprint for finding in lint(tree, today=today).findings}
    after = lint(Overlay(tree, path, data), today=today).findings
    return tuple(finding for finding in after if finding.fingerprint not in before)


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that forbid a change."""
    return tuple(finding for finding in findings if finding.level is Level.ERROR and not finding.undecided)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is to be added."""

    word: str
    label: str
    aliases: Sequence[str] = ()
    description: str = ""
    since: str = ""


def vocabulary_of(catalogue: Catalogue, name: str) -> str:
    """The vocabulary that a person means. Raises `RefusedError`."""
    wanted = fold(name).strip("/").removeprefix("vocabularies/").replace("-", "_").replace(" ", "_")
    for key, vocabulary in catalogue.vocabularies.items():
        if wanted in (key, fold(vocabulary.title).replace(" ", "_")):
            return key
    near = nearest(name, catalogue.vocabularies)
    raise RefusedError(
        f"there is no vocabulary {name!r}",
        f"Did you mean {near}?" if near else "canonry list vocabularies shows them",
    )


def check_word(catalogue: Catalogue, vocabulary: str, new: Word) -> None:
    """Raises `RefusedError` where the word is there already, as itself or as another spelling."""
    words = catalogue.vocabularies[vocabulary].words
    for word, details in words.items():
        spellings = {fold(text) for text in (word, *details.aliases)}
        for text in (new.word, *new.aliases):
            if fold(text) in spellings:
                what = "a word" if fold(text) == fold(word) else f"another spelling of {word!r}"
                raise RefusedError(
                    f"{text!r} is {what} of {vocabulary} already",
                    f"Use {word!r}" + (f" ({details.status})" if details.status != "active" else ""),
                )


def with_word(text: str, new: Word) -> str:
    """The vocabulary's file with one more word at its end; comments and order stay."""
    entry: dict[str, Any] = {"label": new.label}
    if new.description:
        entry["description"] = new.description
    if new.aliases:
        entry["aliases"] = _flow(new.aliases)
    if new.since:
        entry["since"] = _quoted(new.since)

    def change(document: Any) -> None:
        document["words"][new.word] = entry

    return _edited(text, change)


def _edited(text: str, change: Callable[[Any], None]) -> str:
    yaml = _yaml()
    document = yaml.load(text)
    change(document)
    return _dumped(yaml, document)


def yaml_text(document: Mapping[str, Any]) -> str:
    """A new YAML file in the one layout."""
    return _dumped(_yaml(), _prepared(document))


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _dumped(yaml: Any, document: Any) -> str:
    out = io.StringIO()
    yaml.dump(document, out)
    return "\n".join(line.rstrip(" ") for line in out.getvalue().split("\n"))


def _prepared(value: Any) -> Any:
    """Short lists on one line, and days in quotes, as registry files have them."""
    if isinstance(value, Mapping):
        return {key: _prepared(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        if all(isinstance(item, str) for item in value):
            return _flow(value)
        return [_prepared(item) for item in value]
    if isinstance(value, str) and len(value) == _DAY_LENGTH and value[:2] == "20" and value[4] == "-":
        return _quoted(value)
    return value


def _flow(items: Iterable[str]) -> Any:
    from ruamel.yaml.comments import CommentedSeq

    listed = CommentedSeq(items)
    listed.fa.set_flow_style()
    return listed


def _quoted(text: str) -> Any:
    from ruamel.yaml.scalarstring import SingleQuotedScalarString

    return SingleQuotedScalarString(text)

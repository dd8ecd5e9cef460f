"""`generated/site/utm.json`: all that the site's link builder and checker need, for a browser to read.

The compiled table of `canonry.naming.table`, with words as pairs, since JavaScript puts a key like `2026`
first; registered campaigns; and how findings of links are judged. Equal catalogues give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from canonry.app.compiled import index_of, whole_table
from canonry.app.reading import RULES
from canonry.naming.link_rules import RULES as LINK_RULES

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

FOLDER: Final = "generated/site"
PATH: Final = f"{FOLDER}/utm.json"
_LARGEST: Final = 2**53 - 1
_LINES: Final = 3
"""Members down to this depth stand on lines of their own, so that a change shows as a few lines."""


def link_data(catalogue: Catalogue, table: Mapping[str, Any] | None = None) -> bytes:
    """The file's contents; `table` where the catalogue is compiled already."""
    table = whole_table(catalogue) if table is None else table
    return (_laid_out(document_of(table, index_of(catalogue, table)), 0) + "\n").encode()


def proposal_data(catalogue: Catalogue) -> bytes:
    """What the page for proposals reads: where the repository is, the teams, and every vocabulary."""
    registry = catalogue.registry
    document = {
        "hosting": registry.hosting.model_dump(mode="json") if registry else {"kind": "other"},
        "branch": (registry.default_branch if registry else None) or "main",
        "teams": {
            name: team.name for name, team in (catalogue.teams.teams if catalogue.teams else {}).items()
        },
        "vocabularies": {
            name: {
                "title": vocabulary.title,
                "alphabet": vocabulary.alphabet,
                "openness": vocabulary.openness,
                "words": [
                    [word, {"aliases": list(entry.aliases), "status": entry.status}]
                    for word, entry in vocabulary.words.items()
                ],
                "text": catalogue.sources[f"registry/vocabularies/{name}.yaml"].text,
            }
            for name, vocabulary in catalogue.vocabularies.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def document_of(table: Mapping[str, Any], index: Mapping[str, Any]) -> dict[str, Any]:
    """The file as JSON, of a compiled table and its index."""
    return {
        "table": _exact(
            {
                **table,
                "vocabularies": {
                    name: {**about, "words": list(about["words"].items())}
                    for name, about in table["vocabularies"].items()
                },
            }
        ),
        "campaigns": index["campaigns"],
        "keys": index["keys"],
        "levels": index["levels"],
        "rules": {rule.name: {"code": rule.code, "level": rule.level.word} for rule in (*RULES, *LINK_RULES)},
    }


def _exact(value: Any) -> Any:
    """The value with whole numbers that JavaScript would round as texts."""
    if isinstance(value, Mapping):
        return {key: _exact(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    if isinstance(value, int) and abs(value) > _LARGEST:
        return str(value)
    return value


def _laid_out(value: Any, depth: int) -> str:
    if depth >= _LINES or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, dict):
        lines = [f"{json.dumps(key)}:{_laid_out(member, depth + 1)}" for key, member in value.items()]
        return "{\n" + ",\n".join(lines) + "\n}"
    return "[\n" + ",\n".join(_laid_out(item, depth + 1) for item in value) + "\n]"

"""Takes contracts and words in from other tools, as drafts; nothing that stands is overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from canonry.app.additions import yaml_text
from canonry.app.layout import json_layout
from canonry.exchange import bigquery, iglu, odcs, tables, tracking_plans
from canonry.exchange.drafts import Draft, Drafting
from canonry.exchange.omissions import Exported, Omission
from canonry.exchange.pieces import Piece
from canonry.kernel.errors import UsageError

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

FORMS: Final = ("segment", "rudderstack", "iglu", "odcs", "bigquery", "csv")
"""What `canonry export` writes."""
_EXPORTERS: Final = {
    "segment": tracking_plans.segment,
    "rudderstack": tracking_plans.rudderstack,
    "iglu": iglu.exported,
    "odcs": odcs.exported,
    "bigquery": bigquery.exported,
    "csv": tables.exported,
}
_ENTITIES: Final = {"IDENTIFY": "user", "GROUP": "account"}


def exported(catalogue: Catalogue, form: str) -> Exported:
    """The catalogue's live contracts in a form of `FORMS`."""
    return _EXPORTERS[form](catalogue)


@dataclass(slots=True)
class Intake:
    """What came of it: files to write, what stood already, what could not be expressed or read."""

    files: dict[str, bytes] = field(default_factory=dict)
    standing: list[str] = field(default_factory=list)
    omitted: tuple[Omission, ...] = ()
    problems: list[str] = field(default_factory=list)


def intake(catalogue: Catalogue, pieces: Iterable[Piece], *, owner: str, backup_owner: str) -> Intake:
    """Drafts of everything that the pieces list."""
    result = Intake()
    drafting = Drafting(owner, backup_owner, vocabularies=frozenset(catalogue.vocabularies))
    for piece in pieces:
        if piece.problem:
            result.problems.append(piece.problem)
            continue
        for made in _taken(catalogue, piece, drafting, result):
            _keep(catalogue, result, made.id.path, made.text, str(made.id))
        if piece.sheets is not None:
            _words(catalogue, piece, drafting, result)
    result.omitted = drafting.omissions.listed()
    return result


def _keep(catalogue: Catalogue, result: Intake, path: str, text: str, what: str) -> None:
    if path in catalogue.sources or path in catalogue.broken:
        result.standing.append(what)
    elif path in result.files:
        result.problems.append(f"{what} came twice; the first was kept")
    else:
        result.files[path] = (json_layout(text) if path.endswith(".json") else text).encode()


def _taken(catalogue: Catalogue, piece: Piece, drafting: Drafting, result: Intake) -> Iterator[Draft]:
    before = (len(result.files), len(result.standing), len(result.problems))
    for call in _calls(catalogue, piece, drafting):
        try:
            yield call()
        except UsageError as error:
            result.problems.append(f"{piece.name}: {error}")
    if piece.sheets is None and before == (len(result.files), len(result.standing), len(result.problems)):
        result.problems.append(f"{piece.name}: no tracking plan, contract or JSON Schema")


def _calls(catalogue: Catalogue, piece: Piece, drafting: Drafting) -> Iterator[Any]:
    """What makes the drafts of a piece, by what it is."""
    document = piece.document
    if piece.sheets is not None:
        yield from _sheets(piece, drafting)
    elif isinstance(document, dict) and document.get("kind") == "DataContract":
        for kind, name, schema in odcs.schema_of(document):
            make = drafting.trait if kind == "traits" else drafting.event
            yield lambda make=make, name=name, schema=schema: make(name, schema)
    elif isinstance(document, dict) and _is_plan(document):
        platform = catalogue.platforms.get("segment")
        planned = replace(
            drafting,
            platform="segment" if platform else "",
            purposes=tuple(platform.consent_required) if platform else (),
        )
        for call, name, words, schema in tracking_plans.rules_of(document):
            body = tracking_plans.payload_schema(call, schema)
            if call in _ENTITIES:
                yield lambda call=call, body=body: planned.trait(_ENTITIES[call], body)
            elif call == "TRACK":
                yield lambda name=name, body=body, words=words: planned.event(name, body, description=words)
            else:
                drafting.omissions.add(f"{call.lower()} calls", "contracts are events and traits", piece.name)
    elif isinstance(document, dict) and _is_schema(document):
        yield lambda: drafting.event(_schema_name(piece.name, document), document)


def _is_plan(document: Mapping[str, Any]) -> bool:
    return next(tracking_plans.rules_of(document), None) is not None


def _is_schema(document: Mapping[str, Any]) -> bool:
    return "$schema" in document or "properties" in document or document.get("type") == "object"


def _schema_name(file: str, document: Mapping[str, Any]) -> str:
    """Iglu's own name, else the title, else the file's name without what stands behind its first point."""
    about = document.get("self")
    if isinstance(about, dict) and about.get("name"):
        return str(about["name"])
    title = document.get("title")
    return title if isinstance(title, str) and title else file.partition(".")[0]


def _sheets(piece: Piece, drafting: Drafting) -> Iterator[Any]:
    for name, rows in (piece.sheets or {}).items():
        sheet = tables.read(name, rows, drafting.omissions)
        for event, schema in sheet.events.items():
            about = sheet.about.get(event, "")
            yield lambda event=event, schema=schema, about=about: drafting.event(
                event, schema, description=about
            )


def _words(catalogue: Catalogue, piece: Piece, drafting: Drafting, result: Intake) -> None:
    """Vocabularies of the sheets: new ones whole, of those that stand only what is said of it."""
    for name, rows in (piece.sheets or {}).items():
        sheet = tables.read(name, rows, drafting.omissions)
        result.problems += [f"{piece.name}: {problem}" for problem in sheet.problems]
        if sheet.empty:
            headings = ", ".join(str(cell) for cell in next(iter(rows), [])[:6] if cell)
            result.problems.append(
                f"{piece.name}, {name}: neither events (Event, Property, ...) nor words (Word, Label, ...): "
                f"{headings or 'no headings'}"
            )
        for key, words in sheet.words.items():
            title = key.replace("_", " ").capitalize()
            document = {
                "title": title,
                "description": f"Words taken over from {piece.name}: say here what they stand for.",
                "owner": drafting.owner,
                "openness": "open",
                "words": words,
            }
            _keep(
                catalogue,
                result,
                f"registry/vocabularies/{key}.yaml",
                yaml_text(document),
                f"/vocabularies/{key}",
            )

"""Contracts and words as rows, and rows as contracts and words: spreadsheets, Notion and Airtable exports."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from canonry.catalogue.model import Catalogue
from canonry.exchange.omissions import Exported, Omissions
from canonry.exchange.schemas import Plain, RecursiveError

EVENT_COLUMNS: Final = (
    *("event", "event_description", "property", "type", "required", "description", "allowed", "format"),
    *("pattern", "minimum", "maximum", "min_length", "max_length", "pii", "example", "schema"),
)
WORD_COLUMNS: Final = ("vocabulary", "word", "label", "description", "status", "aliases", "replaced_by")
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "event": ("event", "event name", "event key", "track event", "ereignis"),
    "event_description": ("event description", "about the event", "event notes"),
    "property": (
        "property",
        "property name",
        "parameter",
        "parameter name",
        "field",
        "attribute",
        "eigenschaft",
    ),
    "type": ("type", "data type", "property type", "datatype", "typ"),
    "required": ("required", "mandatory", "required?", "pflicht"),
    "description": ("description", "definition", "notes", "note", "meaning", "comment", "beschreibung"),
    "allowed": ("allowed", "allowed values", "values", "enum", "options", "possible values"),
    "format": ("format",),
    "pattern": ("pattern", "regex"),
    "minimum": ("minimum", "min"),
    "maximum": ("maximum", "max"),
    "min_length": ("min length", "minimum length"),
    "max_length": ("max length", "maximum length"),
    "pii": ("pii", "x-pii", "personal data", "privacy"),
    "example": ("example", "examples", "sample", "sample value", "beispiel"),
    "schema": ("schema", "json schema"),
    "vocabulary": ("vocabulary", "list", "dimension", "token", "group"),
    "word": ("word", "value", "code", "key", "slug", "canonical", "name", "abbreviation"),
    "label": ("label", "title", "display name", "full name", "long name"),
    "status": ("status", "state"),
    "aliases": ("aliases", "alias", "synonyms", "also known as", "other spellings"),
    "replaced_by": ("replaced by", "successor", "use instead"),
}
_TYPES: Final = {
    "string": "string", "str": "string", "text": "string", "varchar": "string", "char": "string",
    "id": "string", "url": "string", "uuid": "string", "email": "string", "single select": "string",
    "integer": "integer", "int": "integer", "int64": "integer", "long": "integer", "bigint": "integer",
    "number": "number", "float": "number", "double": "number", "decimal": "number", "numeric": "number",
    "currency": "number", "money": "number", "percent": "number",
    "boolean": "boolean", "bool": "boolean", "checkbox": "boolean", "flag": "boolean",
    "date": "date", "datetime": "date-time", "date-time": "date-time", "timestamp": "date-time",
    "array": "array", "list": "array", "object": "object", "record": "object", "json": "object",
    "map": "object", "struct": "object",
    "single line text": "string", "long text": "string", "rich text": "string", "title": "string",
    "select": "string", "status": "string", "phone": "string", "phone number": "string",
    "multiple select": "string", "multi-select": "string", "multi select": "string",
    "count": "integer", "rating": "integer", "autonumber": "integer", "auto number": "integer",
    "created time": "date-time", "last modified time": "date-time", "date & time": "date-time",
}  # fmt: skip
_FORMATS: Final = {"uuid": "uuid", "url": "uri", "uri": "uri", "email": "email", "date": "date"}
_YES: Final = frozenset({"yes", "y", "true", "1", "x", "required", "mandatory", "ja", "checked", "must"})
_NUMBER: Final = re.compile(r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?")
_STATUSES: Final = ("active", "deprecated", "retired")


def exported(catalogue: Catalogue) -> Exported:
    """`events.csv`, `traits.csv` and `words.csv`."""
    omissions = Omissions()
    plain = Plain.of(catalogue)
    files: dict[str, bytes] = {}
    for kind in ("events", "traits"):
        rows: list[list[str]] = []
        live = [contract for contract in catalogue.of_kind(kind) if contract.is_live]
        majors = Counter(contract.id.name for contract in live)
        for contract in live:
            try:
                schema = plain.schema(contract)
            except RecursiveError:
                omissions.add(
                    "contracts that refer to themselves", "a row has no references", str(contract.id)
                )
                continue
            several = f"_v{contract.id.major}" if majors[contract.id.name] > 1 else ""
            rows += _event_rows(contract.id.name + several, schema)
            told = ("type", "properties", "required", "title", "description", "additionalProperties")
            rest = {key for key in schema if key not in told}
            if schema.get("additionalProperties") is not False:
                rest.add("additionalProperties")
            for keyword in sorted(rest - {"examples"}):
                omissions.add(
                    f"`{keyword}` between properties", "a row speaks of one property", str(contract.id)
                )
        files[f"{kind}.csv"] = _written(EVENT_COLUMNS, rows)
    words = [
        [
            name,
            word,
            entry.label,
            entry.description or "",
            entry.status,
            ", ".join(entry.aliases),
            entry.replaced_by or "",
        ]
        for name, vocabulary in catalogue.vocabularies.items()
        for word, entry in vocabulary.words.items()
    ]
    files["words.csv"] = _written(WORD_COLUMNS, words)
    return Exported(files, omissions.listed())


def _event_rows(name: str, schema: Mapping[str, Any]) -> Iterator[list[str]]:
    required = set(schema.get("required", ()))
    about = str(schema.get("description", ""))
    for key, inner in (schema.get("properties") or {}).items():
        row = dict.fromkeys(EVENT_COLUMNS, "")
        row |= {"event": name, "event_description": about, "property": key}
        row["required"] = "yes" if key in required else "no"
        if isinstance(inner, dict):
            row |= _cells(inner)
        yield [row[column] for column in EVENT_COLUMNS]
        about = ""


def _cells(schema: Mapping[str, Any]) -> dict[str, str]:
    kind = schema.get("type")
    plain_kind = kind if isinstance(kind, str) else ""
    cells = {
        "type": plain_kind,
        "description": str(schema.get("description", "")),
        "format": str(schema.get("format", "")),
        "pattern": str(schema.get("pattern", "")),
        "pii": str(schema.get("x-pii", "")),
    }
    columns = {
        "minimum": "minimum",
        "maximum": "maximum",
        "min_length": "minLength",
        "max_length": "maxLength",
    }
    cells |= {column: json.dumps(schema[key]) for column, key in columns.items() if key in schema}
    values = schema.get("enum")
    listed = isinstance(values, list) and plain_kind in ("string", "integer", "number")
    if listed and not any(re.search(r"[,;|\n]|^\s|\s$|^$", str(value)) for value in values or ()):
        cells["allowed"] = ", ".join(map(str, values or ()))
    if schema.get("examples"):
        first = schema["examples"][0]
        cells["example"] = first if isinstance(first, str) else json.dumps(first, ensure_ascii=False)
    told = {
        *columns.values(),
        "type",
        "description",
        "format",
        "pattern",
        "x-pii",
        "examples",
        "title",
    }
    if "allowed" in cells:
        told.add("enum")
    if set(schema) - told - {"x-platforms", "x-vocabulary", "x-since"} or not plain_kind:
        body = {
            key: value for key, value in schema.items() if key not in ("description", "examples", "x-pii")
        }
        cells["schema"] = json.dumps(body, ensure_ascii=False)
    return cells


def _written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV that no spreadsheet takes for a formula: such a cell begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _inert(cell: str) -> str:
    formula = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if formula else cell


@dataclass(slots=True)
class Sheet:
    """What a sheet held: events with their properties' schemas, or words by vocabulary."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing was recognised."""
        return not self.events and not self.words


def read(name: str, rows: Iterable[Sequence[Any]], omissions: Omissions) -> Sheet:
    """What a sheet lists, by its headings. `name` is the sheet's, and that of words without a list."""
    sheet = Sheet()
    lines = iter(rows)
    header = [str(cell or "").strip() for cell in next(lines, [])]
    columns = _columns(header)
    sheet.unknown = tuple(h for n, h in enumerate(header) if h and n not in columns.values())
    if "event" in columns and "property" not in columns and "word" not in columns:
        columns.setdefault("property", -1)
    if "event" in columns:
        _read_events(sheet, lines, columns, omissions)
    elif "word" in columns or "label" in columns:
        columns.setdefault("word", columns.get("label", -1))
        _read_words(sheet, lines, columns, name)
    for heading in sheet.unknown:
        omissions.add(f"column {heading!r}", "nothing in the registry holds it", name)
    return sheet


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Role to column; a heading serves one role, the first that knows it."""
    plain = [re.sub(r"[\s_]+", " ", heading).strip().casefold() for heading in header]
    found: dict[str, int] = {}
    event = any(heading in _HEADINGS["event"] for heading in plain)
    for role, headings in _HEADINGS.items():
        if event and role in ("vocabulary", "word", "label", "status", "aliases", "replaced_by"):
            continue
        if not event and role not in (*WORD_COLUMNS, "description"):
            continue
        for heading in headings:
            place = next((n for n, h in enumerate(plain) if h == heading and n not in found.values()), None)
            if place is not None:
                found[role] = place
                break
    return found


def _cell(row: Sequence[Any], columns: Mapping[str, int], role: str) -> str:
    place = columns.get(role, -1)
    if place < 0 or place >= len(row) or row[place] is None:
        return ""
    value = row[place]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return text[1:] if text.startswith(("'=", "'+", "'-", "'@")) else text


def _read_events(
    sheet: Sheet, rows: Iterable[Sequence[Any]], columns: Mapping[str, int], omissions: Omissions
) -> None:
    last = ""
    for number, row in enumerate(rows, 2):
        event = _cell(row, columns, "event") or last  # merged cells leave the ones below empty
        if not event:
            if any(cell not in (None, "") for cell in row):
                sheet.problems.append(f"row {number} names no event")
            continue
        last = event
        closed = {"type": "object", "additionalProperties": False}  # a sheet lists what there is
        schema = sheet.events.setdefault(event, {**closed, "properties": {}, "required": []})
        about = _cell(row, columns, "event_description")
        if about:
            sheet.about.setdefault(event, about)
        name = _cell(row, columns, "property")
        if not name:
            if columns.get("event_description") is None and _cell(row, columns, "description"):
                sheet.about.setdefault(event, _cell(row, columns, "description"))
            continue
        if name in schema["properties"]:
            sheet.problems.append(f"row {number}: {event} has {name} twice; the first was kept")
            continue
        schema["properties"][name] = _schema(row, columns, f"{event} {name}", omissions)
        if _cell(row, columns, "required").casefold() in _YES:
            schema["required"].append(name)


def _schema(row: Sequence[Any], columns: Mapping[str, int], of: str, omissions: Omissions) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    written = _cell(row, columns, "schema")
    if written:
        try:
            found = json.loads(written)
            schema = found if isinstance(found, dict) else {}
        except json.JSONDecodeError:
            omissions.add("schemas that are no JSON", "the other columns were read", of)
    word = _cell(row, columns, "type").casefold()
    listed = word.endswith("[]") or word.startswith(("array of ", "list of ", "multi"))
    inner = re.sub(r"^(?:array|list) of |\[\]$", "", word).strip()
    kind = _TYPES.get(inner if listed else word)
    if word and kind is None:
        omissions.add(f"type {word!r}", "no JSON type is called so; any value is let in", of)
    if kind in ("date", "date-time"):
        schema |= {"type": "string", "format": kind}
    elif kind and "type" not in schema:
        schema["type"] = kind
    if listed and kind:
        schema = {"type": "array", "items": schema}
    form = _cell(row, columns, "format") or _FORMATS.get(word, "")
    if form:
        schema.setdefault("format", form)
    for column, key in (("minimum", "minimum"), ("maximum", "maximum"), ("min_length", "minLength"),
                        ("max_length", "maxLength")):  # fmt: skip
        text = _cell(row, columns, column)
        if text and re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text):
            schema.setdefault(key, json.loads(text))
    if _cell(row, columns, "pattern"):
        schema.setdefault("pattern", _cell(row, columns, "pattern"))
    allowed = [part.strip() for part in re.split(r"[,;|\n]", _cell(row, columns, "allowed")) if part.strip()]
    if allowed and "enum" not in schema:
        _allow(schema, list(dict.fromkeys(allowed)))
    if _cell(row, columns, "description"):
        schema["description"] = _cell(row, columns, "description")
    pii = _cell(row, columns, "pii").casefold()
    if pii in ("none", "pseudonymous", "personal", "sensitive"):
        schema["x-pii"] = pii
    elif pii:
        schema["x-pii"] = "personal" if pii in _YES else "none"
    example = _cell(row, columns, "example")
    if example:
        schema["examples"] = [_as(schema.get("type"), example)]
    return schema


def _allow(schema: dict[str, Any], values: list[str]) -> None:
    kind = schema.get("type")
    if kind == "array":
        items = schema.setdefault("items", {})
        items |= {"type": "string", "enum": values}
    elif kind in (None, "string"):
        schema |= {"type": "string", "enum": values}
    else:
        schema["enum"] = [_as(kind, value) for value in values]


def _as(kind: object, text: str) -> Any:
    if kind in ("integer", "number", "boolean", "object", "array"):
        try:
            return json.loads(text.lower() if kind == "boolean" else text)
        except json.JSONDecodeError:
            return text
    return text


def _read_words(sheet: Sheet, rows: Iterable[Sequence[Any]], columns: Mapping[str, int], name: str) -> None:
    for number, row in enumerate(rows, 2):
        written = _cell(row, columns, "word")
        if not written:
            if any(cell not in (None, "") for cell in row):
                sheet.problems.append(f"row {number} names no word")
            continue
        vocabulary = vocabulary_name(_cell(row, columns, "vocabulary") or name)
        word = word_of(written)
        if not word:
            sheet.problems.append(f"row {number}: {written!r} makes no word: a-z, 0-9 and hyphens")
            continue
        words = sheet.words.setdefault(vocabulary, {})
        if word in words:
            sheet.problems.append(f"row {number}: {vocabulary} has {word} twice; the first was kept")
            continue
        entry: dict[str, Any] = {"label": _cell(row, columns, "label") or written}
        if _cell(row, columns, "description"):
            entry["description"] = _cell(row, columns, "description")
        status = _cell(row, columns, "status").casefold()
        if status in _STATUSES and status != "active":
            entry["status"] = status
        aliases = [part.strip() for part in re.split(r"[,;|\n]", _cell(row, columns, "aliases"))]
        spellings = [word_of(each) for each in aliases if each]
        if (
            word != written.lower()
            and word_of(written) == word
            and re.fullmatch(r"[a-z0-9_.-]+", written.lower())
        ):
            spellings.append(written.lower())
        kept = [each for each in dict.fromkeys(spellings) if each and each != word]
        if kept:
            entry["aliases"] = kept
        after = word_of(_cell(row, columns, "replaced_by"))
        if after:
            entry["replaced_by"] = after
        words[word] = entry


def vocabulary_name(text: str) -> str:
    """`Ad Formats` as `ad_formats`."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "words"


def word_of(text: str) -> str:
    """`Paid Social` as `paid-social`: a word as names write it; nothing where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.strip().lower()).strip("-")

"""JSON Schemas of the document models, for editors to complete and check registry files by."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, get_args

from pydantic import BaseModel

from canonry.catalogue.documents.campaign import Campaign
from canonry.catalogue.documents.channels import ChannelGroups
from canonry.catalogue.documents.contract import XContract
from canonry.catalogue.documents.model import Document
from canonry.catalogue.documents.notes import Accepted, Audit, Autopsy
from canonry.catalogue.documents.platform import Platform
from canonry.catalogue.documents.settings import Accounts, Domains, Registry, Teams
from canonry.catalogue.documents.vocabulary import Vocabulary

MODELS: Final[Mapping[str, tuple[type[Document], str]]] = {
    "registry": (Registry, "registry/registry.yaml"),
    "teams": (Teams, "registry/teams.yaml"),
    "accounts": (Accounts, "registry/accounts.yaml"),
    "domains": (Domains, "registry/domains.yaml"),
    "channel_groups": (ChannelGroups, "registry/channel_groups.yaml"),
    "autopsy": (Autopsy, "registry/autopsy.yaml"),
    "audit": (Audit, "registry/audit.yaml"),
    "vocabulary": (Vocabulary, "registry/vocabularies/*.yaml"),
    "platform": (Platform, "registry/platforms/*.yaml"),
    "campaign": (Campaign, "registry/campaigns/*.yaml"),
    "accepted": (Accepted, "registry/accepted/*.yaml"),
    "x-contract": (XContract, "the x-contract keyword of contracts/**/*.json"),
}
"""Name of each schema, the model it comes from, and the files that it describes."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def editor_schemas() -> dict[str, dict[str, Any]]:
    """A JSON Schema per kind of file, by name, and `contract` for whole contracts. The same at every call."""
    schemas = {name: _schema(model, files) for name, (model, files) in MODELS.items()}
    meta = {
        key: value
        for key, value in schemas["x-contract"].items()
        if key not in ("$schema", "$comment", "$defs")
    }
    schemas["contract"] = {
        "$schema": _DIALECT,
        "$comment": "Describes contracts/**/*.json. Written by canonry from its own models; do not edit.",
        "title": "Contract",
        "description": "A JSON Schema 2020-12 document with the keyword x-contract.",
        "$ref": _DIALECT,
        "type": "object",
        "required": ["$schema", "$id", "title", "description", "x-contract"],
        "properties": {"x-contract": meta},
        "$defs": schemas["x-contract"].get("$defs", {}),
    }
    return dict(sorted(schemas.items()))


def _schema(model: type[Document], files: str) -> dict[str, Any]:
    schema = model.model_json_schema()
    classes = {each.__name__: each for each in _models(model)}
    _describe(schema, model)
    for name, definition in schema.get("$defs", {}).items():
        if name in classes:
            _describe(definition, classes[name])
    comment = f"Describes {files}. Written by canonry from its own models; do not edit."
    return {"$schema": _DIALECT, "$comment": comment, **schema}


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Puts the docstrings that follow a model's fields into its schema.

    pydantic would do so itself, but by reading every model's source at import: 40 ms that each command pays.
    """
    properties = schema.get("properties", {})
    for name, text in _field_docstrings(model):
        field = model.model_fields.get(name)
        key = field.alias or name if field is not None else name
        if key in properties:
            properties[key].setdefault("description", text)


def _field_docstrings(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    for before, after in pairwise(body):
        if (
            isinstance(before, ast.AnnAssign)
            and isinstance(before.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            yield before.target.id, " ".join(after.value.value.split())


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and every model inside it."""
    seen: set[type[BaseModel]] = set()
    todo: list[Any] = [model]
    while todo:
        current = todo.pop()
        if isinstance(current, type) and issubclass(current, BaseModel):
            if current not in seen:
                seen.add(current)
                yield current
                todo.extend(field.annotation for field in current.model_fields.values())
        else:
            todo.extend(get_args(current))

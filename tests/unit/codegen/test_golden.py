"""What is generated for each kind, as it is reviewed; and names that the client writes as canonry does."""

import importlib
import json
from pathlib import Path
from random import Random

import pytest
from tests.unit.codegen.conftest import contract, planned, registry, tree
from tests.unit.codegen.instances import Maker

from canonry.adapters.worktree import DirectoryTree
from canonry.app.compiled import whole_table
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.catalogue.resolved import Resolver
from canonry.codegen.identifiers import module_name
from canonry.codegen.shapes import root_class
from canonry.naming.codec import Codec, join

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"

CLOSED = {"type": "object", "additionalProperties": False}
NAME = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 20, "description": "A word."}
DOCUMENTS = {
    "/common/money/v1": contract(
        "/common/money/v1",
        {
            **CLOSED,
            "required": ["amount"],
            "properties": {"amount": {"type": "number", "multipleOf": 0.01, "description": "How much."}},
        },
    ),
    "/events/order_placed/v1": contract(
        "/events/order_placed/v1",
        {
            **CLOSED,
            "required": ["total", "class"],
            "properties": {
                "total": {"$ref": "/common/money/v1", "description": "What is paid."},
                "class": {"enum": ["a", "b"], "description": "A keyword as a name."},
                "market": {"$ref": "/vocabularies/market", "description": "Where."},
                "note": {
                    "type": ["string", "null"],
                    "description": "May be null.",
                    "x-consent": ["analytics"],
                },
            },
            "examples": [{"total": {"amount": 1.5}, "class": "a"}],
        },
        status="deprecated",
        sunset="2027-06-30",
        replaced_by="/events/order_placed/v2",
        trigger="The button is pressed.",
        consent={"ga4": ["analytics"]},
        platforms={"ga4": "purchase"},
    ),
    "/traits/user/v1": contract(
        "/traits/user/v1",
        {
            **CLOSED,
            "required": ["user_id"],
            "properties": {"user_id": {"type": "string", "description": "Who."}},
        },
        entity="user",
    ),
    "/segments/buyers_7d/v1": contract(
        "/segments/buyers_7d/v1",
        {**CLOSED, "properties": {"user_id": {"type": "string", "description": "Who."}}},
        definition={
            "entity": "/traits/user/v1",
            "window": "7d",
            "all": [{"event": "/events/order_placed/v1"}],
        },
        refresh="1h",
        destinations=[
            {"platform": "ga4", "audience": "buyers", "mechanism": "ga4_audience", "window_days": 7}
        ],
    ),
    "/creatives/ad/v1": contract(
        "/creatives/ad/v1",
        {**CLOSED, "required": ["concept"], "properties": {"concept": NAME, "name": NAME}},
        templates={"name": "{concept}[_{name}]"},
    ),
    "/utm/social/v1": contract(
        "/utm/social/v1",
        {
            **CLOSED,
            "required": ["source", "slug"],
            "properties": {
                "source": {"const": "facebook", "description": "Where."},
                "slug": NAME,
                "url": NAME,
            },
        },
        templates={"utm_source": "{source}", "utm_campaign": "{slug}_{url}"},
    ),
}
MARKET = """title: Markets
description: Countries.
owner: web
openness: open
words:
  de: {label: Germany}
  uk: {label: Britain, status: deprecated, replaced_by: gb}
  gb: {label: Britain}
"""


def test_the_output_of_every_kind_is_as_reviewed(update) -> None:
    """Modules, indexes and schemas of one contract per kind, byte for byte."""
    report = planned(
        tree(
            DOCUMENTS,
            **{"registry/registry.yaml": registry(), "registry/vocabularies/market.yaml": MARKET},
        )
    )
    assert not report.problems
    wanted = {
        path: data
        for path, data in report.plan.files.items()
        if path.startswith("generated/schemas/")
        or (
            path.startswith("generated/python/acme_events/") and path.count("/") > 3 and "_naming" not in path
        )
        or path.endswith("pyproject.toml")
    }
    if update:
        for old in GOLDEN.rglob("*"):
            if old.is_file():
                old.unlink()
        for path, data in wanted.items():
            target = GOLDEN / f"{path.removeprefix('generated/')}.txt"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    held = {
        f"generated/{path.relative_to(GOLDEN).as_posix().removesuffix('.txt')}": path.read_bytes()
        for path in GOLDEN.rglob("*.txt")
    }
    assert held.keys() == wanted.keys()
    assert [path for path in held if held[path] != wanted[path]] == []


CATALOGUE = load(DirectoryTree(ROOT)).value
NAMING = [str(one.id) for one in CATALOGUE.of_kind("utm", "creatives", "objects") if one.is_live]


RESOLVER = Resolver(References(CATALOGUE), "today")
CODEC = Codec(whole_table(CATALOGUE))


def _fields(identifier: str, rng: Random) -> dict[str, object]:
    """Fields that the schema accepts, with real ids and real names inside; they need not go together."""
    specs = CODEC.table["contracts"][identifier]["fields"]
    schema = RESOLVER.resolved(CATALOGUE.by_text[identifier])
    fields = Maker(schema, rng).value(schema)
    for key in fields:
        if specs[key]["type"] == "id":
            fields[key] = rng.choice(list(CATALOGUE.campaigns))
        elif specs[key]["type"] == "date":
            fields[key] = f"20{str(fields[key])[2:]}"  # names hold this century
        elif specs[key]["type"] == "name":
            of = specs[key]["of"]
            fields[key] = next(
                answer["name"]
                for answer in (CODEC.build(of, _fields(of, rng)) for _ in range(2000))
                if answer["ok"]
            )
    return fields


@pytest.mark.parametrize("identifier", NAMING)
def test_names_and_links_are_those_of_canonry(identifier, committed) -> None:
    """Built and read by the package exactly as by canonry itself, on every platform."""
    found = CATALOGUE.by_text[identifier]
    codec = CODEC
    module = importlib.import_module(
        f"acme_events.{found.id.kind}.{module_name(found.id.name, found.id.major)}"
    )
    model = getattr(module, root_class(found.id))
    names = importlib.import_module("acme_events._names")
    rng = Random(identifier)
    base = "https://www.example.com/a?x=1#top"
    built = 0
    for _ in range(2000):
        if built > 10:
            break
        fields = _fields(identifier, rng)
        record = model.model_validate(fields)
        for platform in (None, *found.platform_names):
            answer = codec.build(identifier, fields, platform)
            if found.id.kind == "utm":
                if not answer["ok"]:
                    with pytest.raises(names.Unwritable):
                        record.params(platform)
                    continue
                assert record.params(platform) == dict(answer["params"])
                assert list(record.params(platform)) == [key for key, _ in answer["params"]]
                assert record.url(base, platform) == join(base, answer["params"], answer["macros"])
                text = record.url(base)
            elif not answer["ok"]:
                with pytest.raises(names.Unwritable):
                    record.name()
                continue
            else:
                assert record.name() == answer["name"]
                text = record.name()
        if answer["ok"]:
            built += 1
            try:
                assert model.parse(text) == record, json.dumps(fields)
            except names.Unreadable as error:
                pytest.fail(f"{text}: {error}")
    assert built
    with pytest.raises(names.Unreadable):
        model.parse("https://www.example.com/?utm_source=!" if found.id.kind == "utm" else "!!")

"""What is written for other tools says what the contract says, and is read back equal."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator, Draft7Validator, Draft201909Validator

from canonry.adapters.worktree import DirectoryTree
from canonry.catalogue.load import load
from canonry.catalogue.model import Catalogue, Contract
from canonry.exchange import bigquery, iglu, odcs, tables, tracking_plans
from canonry.exchange.omissions import Omissions
from canonry.exchange.schemas import DRAFT7, Plain, draft4, draft7
from canonry.kernel.jsonvalue import same
from canonry.schema import compare

DRAFT4 = "http://json-schema.org/draft-04/schema#"
WORDS = ("title", "description", "examples")
SELF = {
    "type": "object",
    "required": ["self", "$schema"],
    "properties": {
        "$schema": {"enum": [iglu.META]},
        "self": {
            "type": "object",
            "required": ["vendor", "name", "format", "version"],
            "additionalProperties": False,
            "properties": {
                "vendor": {"type": "string", "pattern": r"^[a-zA-Z0-9\-_.]+$"},
                "name": {"type": "string", "pattern": r"^[a-zA-Z0-9\-_]+$"},
                "format": {"type": "string", "pattern": r"^[a-zA-Z0-9\-_]+$"},
                "version": {"type": "string", "pattern": r"^[1-9][0-9]*-(0|[1-9][0-9]*)-(0|[1-9][0-9]*)$"},
            },
        },
    },
}
"""Iglu's rule for self-describing schemas, from its published definition."""


@pytest.fixture(scope="module")
def catalogue(root: Any) -> Catalogue:
    """The starter catalogue."""
    return load(DirectoryTree(root)).value


@pytest.fixture(scope="module")
def plain(catalogue: Catalogue) -> Plain:
    """Schemas in place."""
    return Plain.of(catalogue)


def live(catalogue: Catalogue) -> Iterator[Contract]:
    """Events and traits in use."""
    return (contract for contract in catalogue.of_kind("events", "traits") if contract.is_live)


def equal(one: Any, other: Any, dialect: str | None = None) -> None:
    """Both let in the same payloads: proved, not sampled."""
    if dialect is not None:
        one = {**{k: v for k, v in one.items() if k != "self"}, "$schema": dialect}
    comparison = compare(one, other, direction="full", reading="strict")
    assert comparison.verdict == "proved", (comparison.witness, comparison.reason)


def test_every_dialect_says_the_same(catalogue: Catalogue, plain: Plain) -> None:
    """References in place, draft 7 and draft 4: each the same set of payloads."""
    for contract in live(catalogue):
        schema = plain.schema(contract)
        resolved = plain.resolver.resolved(contract)
        equal(schema, resolved)
        equal(draft7(schema), resolved, DRAFT7)
        equal(draft4(schema), resolved, DRAFT4)
        Draft7Validator.check_schema(draft7(schema))
        Draft4Validator.check_schema(draft4(schema))


def test_segments_plan_holds_every_event(catalogue: Catalogue, plain: Plain) -> None:
    """One rule per event and entity, under the name that Segment knows, read back equal."""
    plan = json.loads(tracking_plans.segment(catalogue).files["tracking-plan.json"])
    contracts = {
        tracking_plans.event_name(c, "segment") if c.id.kind == "events" else c.id.name.upper(): c
        for c in live(catalogue)
    }
    read = list(tracking_plans.rules_of(plan))
    assert len(read) == len(contracts)
    for rule in plan["rules"]:
        Draft7Validator.check_schema(rule["jsonSchema"])
        assert set(rule) <= {"type", "key", "jsonSchema", "version"}
    entities = {"IDENTIFY": "USER", "GROUP": "ACCOUNT"}
    for call, name, _, schema in read:
        contract = contracts[name or entities[call]]
        equal(tracking_plans.payload_schema(call, schema), plain.schema(contract), DRAFT7)


def test_rudderstacks_plan_holds_every_event(catalogue: Catalogue, plain: Plain) -> None:
    """As Segment's, in RudderStack's form."""
    plan = json.loads(tracking_plans.rudderstack(catalogue).files["tracking-plan.json"])
    by_page = {f"{catalogue.base_url}/{c.id.kind}/{c.id.name}/{c.meta.version}": c for c in live(catalogue)}
    assert len(plan["events"]) == len(by_page)
    for event in plan["events"]:
        assert event["eventType"] in ("track", "identify", "group")
        contract = by_page[event["rules"]["$id"]]
        call = event["eventType"].upper()
        equal(tracking_plans.payload_schema(call, event["rules"]), plain.schema(contract), DRAFT7)


def test_iglu_schemas_describe_themselves(catalogue: Catalogue, plain: Plain) -> None:
    """Valid draft 4, valid by Iglu's own rule, at the path that they say themselves."""
    made = iglu.exported(catalogue).files
    contracts = {(c.id.name, c.meta.version.replace(".", "-")): c for c in live(catalogue)}
    assert len(made) == len(contracts)
    for path, data in made.items():
        document = json.loads(data)
        Draft4Validator(SELF).validate(document)
        about = document["self"]
        assert path == f"schemas/{about['vendor']}/{about['name']}/jsonschema/{about['version']}"
        body = {key: value for key, value in document.items() if key not in ("$schema", "self")}
        Draft4Validator.check_schema(body)
        equal(body, plain.schema(contracts[(about["name"], about["version"])]), DRAFT4)
    assert iglu.vendor("https://registry.example.com:8443/base") == "com.example.registry"


def test_open_data_contracts_are_valid_and_read_back_equal(catalogue: Catalogue, plain: Plain) -> None:
    """By the standard's own schema and models; the schema comes back member by member."""
    standard = pytest.importorskip("open_data_contract_standard")
    from importlib.resources import files

    schema = json.loads(files(standard).joinpath("schema.json").read_text(encoding="utf-8"))
    model = pytest.importorskip("open_data_contract_standard.model").OpenDataContractStandard
    made = odcs.exported(catalogue).files
    validator = Draft201909Validator(schema)
    for contract in live(catalogue):
        path = f"{contract.id.kind}/{contract.id.name}_v{contract.id.major}.odcs.yaml"
        document = yaml.safe_load(made[path])
        assert not list(validator.iter_errors(document)), path
        assert model.model_validate(document).name == document["name"]
        ((kind, name, read),) = odcs.schema_of(document)
        assert (kind, name) == (contract.id.kind, contract.id.name)
        assert same(_sorted(read), _sorted(plain.schema(contract))), path


def _sorted(schema: Any) -> Any:
    """As it is, with `required` in the order of properties and nothing that only describes an empty list."""
    if isinstance(schema, list):
        return [_sorted(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _sorted(value) for key, value in schema.items()}
    if isinstance(made.get("required"), list):
        made["required"] = sorted(made["required"])
        if not made["required"]:
            del made["required"]
    return made


def test_table_schemas_are_those_of_bigquery(catalogue: Catalogue) -> None:
    """BigQuery's own client reads each field and writes it back as it was."""
    client = pytest.importorskip("google.cloud.bigquery")
    made = bigquery.exported(catalogue).files
    assert len(made) == sum(1 for _ in live(catalogue))
    for data in made.values():
        for field in json.loads(data):
            assert client.SchemaField.from_api_repr(field).to_api_repr() == field
    order = {f["name"]: f for f in json.loads(made["events/order_completed_v1.json"])}
    assert (order["occurred_at"]["type"], order["occurred_at"]["mode"]) == ("TIMESTAMP", "REQUIRED")
    assert (order["items"]["type"], order["items"]["mode"]) == ("RECORD", "REPEATED")
    assert order["event_id"]["maxLength"] == "36"


def test_sheets_hold_every_property_and_no_formula(catalogue: Catalogue, plain: Plain) -> None:
    """Read back, each property lets in what it did; no cell is one that a spreadsheet would run."""
    made = tables.exported(catalogue).files
    by_name = {(c.id.kind, c.id.name): c for c in live(catalogue)}
    for kind in ("events", "traits"):
        rows = list(csv.reader(io.StringIO(made[f"{kind}.csv"].decode())))
        assert not [cell for row in rows for cell in row if cell[:1] in "=+@" and cell]
        sheet = tables.read(kind, rows, Omissions())
        assert not sheet.problems
        for name, read in sheet.events.items():
            schema = plain.schema(by_name[(kind, name)])
            assert sheet.about.get(name, "") == schema["description"]
            assert sorted(read["required"]) == sorted(schema["required"])
            for key, inner in schema["properties"].items():
                equal(read["properties"][key], inner)
                assert read["properties"][key].get("description", "") == inner.get("description", "")
    words = tables.read("words", csv.reader(io.StringIO(made["words.csv"].decode())), Omissions())
    for name, vocabulary in catalogue.vocabularies.items():
        assert {w for w, e in vocabulary.words.items() if tables.word_of(w) == w} <= set(words.words[name])


def test_what_a_form_cannot_say_is_listed(catalogue: Catalogue) -> None:
    """Consent, triggers, producers: named with the contracts that lose them."""
    for made in (tracking_plans.segment(catalogue), iglu.exported(catalogue), odcs.exported(catalogue)):
        assert {"consent per destination", "who sends it"} <= {each.what for each in made.omitted}
    limits = {each.what for each in bigquery.exported(catalogue).omitted}
    assert {"`pattern`", "`enum`", "`minimum`"} <= limits

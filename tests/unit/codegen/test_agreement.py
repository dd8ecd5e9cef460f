"""Model, published schema and contract say the same of every payload."""

import importlib
import json
import zlib
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import pytest
from tests.unit.codegen.instances import Maker, near_misses

from canonry.adapters.worktree import DirectoryTree
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.catalogue.resolved import Resolver
from canonry.codegen.identifiers import module_name
from canonry.codegen.package import modelled
from canonry.codegen.shapes import root_class
from canonry.kernel.jsonvalue import same
from canonry.schema.evaluator import Evaluator
from canonry.schema.formats import FORMATS
from canonry.schema.resources import Schema

ROOT = Path(__file__).parents[3]
CATALOGUE = load(DirectoryTree(ROOT)).value
CONTRACTS = {str(contract.id): contract for contract in modelled(CATALOGUE)}
RESOLVER = Resolver(References(CATALOGUE), "today")

VALID, MISSES = 100, 20
"""Per contract: payloads that are right, and near misses of each."""

EXACTLY = 20
"""Of how many payloads one is put before canonry's own evaluator too, which shares no code and is slow."""


class Verdicts:
    """What each of them says of a payload."""

    def __init__(self, model: Any, resolved: dict[str, Any], published: dict[str, Any] | None = None) -> None:
        from pydantic import ValidationError

        self.model = model
        self.failure = ValidationError
        self.exact = Evaluator(Schema.load(resolved), FORMATS)
        self.published = jsonschema_rs.validator_for(
            published or resolved,
            validate_formats=True,
            offline=True,
            formats=dict(FORMATS),
        )
        checks = importlib.import_module(f"{model.__contract__.package}._checks")
        self.asked = 0
        self.exactly = EXACTLY
        self.error = checks.ContractError
        self.problems = checks.problems

    def agree(self, payload: Any) -> bool:
        """Asserts that they agree, and says whether they accept."""
        right = self.published.is_valid(payload)
        self.asked += 1
        if self.asked % self.exactly == 1 or self.exactly == 1:
            assert self.exact.accepts(payload) is right, payload
        if not isinstance(payload, dict):
            return right
        try:
            model = self.model.model_validate(payload)
        except self.failure:
            model = None
        if right:
            assert model is not None, f"the model rejects what the contract accepts: {payload!r}"
            assert same(model.payload(), payload), payload
        refusal = self._refusal(payload)
        assert (refusal is None) is right, f"the client and the contract disagree on {payload!r}: {refusal}"
        if model is not None and not right and not _has_null(payload):
            # built in Python: what is sent is judged, and it is what was given
            assert same(model.payload(), payload) or self.problems(model.__contract__, model.payload()) == ()
            assert same(model.payload(), payload), payload
        return right

    def _refusal(self, payload: dict[str, Any]) -> Any:
        """The problems for which the client refuses a payload; None where it does not."""
        try:
            self.model.from_payload(payload)
        except self.error as error:
            return error.problems or "no problem is named"
        return None


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_null(member) for member in value.values())
    if isinstance(value, list):
        return any(_has_null(item) for item in value)
    return value is None


def _model(identifier: str) -> Any:
    contract = CONTRACTS[identifier].id
    module = importlib.import_module(
        f"acme_events.{contract.kind}.{module_name(contract.name, contract.major)}"
    )
    return getattr(module, root_class(contract))


@pytest.mark.parametrize("identifier", CONTRACTS)
def test_every_shipped_contract_is_judged_alike(identifier: str, committed: Path) -> None:
    """Examples, payloads and near misses: accepted by all or by none, and sent as they were given."""
    contract = CONTRACTS[identifier]
    resolved = RESOLVER.resolved(contract)
    path = ROOT / f"generated/schemas/{contract.id.kind}/{contract.id.name}/latest.json"
    verdicts = Verdicts(_model(identifier), resolved, json.loads(path.read_bytes()))
    rng = Random(zlib.crc32(identifier.encode()))
    maker = Maker(resolved, rng)
    for example in contract.schema.get("examples", ()):
        assert verdicts.agree(example)
    accepted = refused = wasted = 0
    for _ in range(VALID):
        payload = maker.value(resolved)
        while not verdicts.agree(payload):  # the maker knows no conditions
            wasted += 1
            assert wasted < VALID or "if" in json.dumps(resolved), payload
            assert wasted < 20 * VALID, payload
            payload = maker.value(resolved)
        for near in near_misses(payload, rng, MISSES):
            if verdicts.agree(near):
                accepted += 1
            else:
                refused += 1
    assert refused > VALID
    assert accepted + refused == VALID * MISSES

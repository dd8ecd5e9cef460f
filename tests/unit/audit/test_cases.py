"""Golden cases of every rule of the audit; `--update` rewrites what they find."""

import json

import pytest
from tests.unit.audit import cases
from tests.unit.audit.cases import registry

from canonry.audit.checks import RULES
from canonry.audit.coverage import ALONE, NEEDS
from canonry.audit.drift import LAYERS
from canonry.catalogue.documents.notes import Symptom
from canonry.kernel.rule import Rule
from canonry.naming.link_rules import RULES as LINK_RULES

BY_CODE = {rule.code: rule for rule in RULES}
FOLDERS = sorted(folder for folder in cases.FOLDER.iterdir() if folder.is_dir())


@pytest.mark.parametrize("rule", BY_CODE.values(), ids=BY_CODE)
def test_every_rule_is_documented_and_demonstrated(rule: Rule) -> None:
    """A rule without prose, without a case or without a layer does not ship."""
    lines = rule.prose.splitlines()
    assert {"## Why it matters", "## Instead"} <= set(lines)
    assert lines[0].endswith(".") and len(lines[0]) <= 110
    assert (cases.FOLDER / f"{rule.code}-{rule.name}" / "case.yaml").is_file()


def test_every_rule_has_its_place_in_the_failure_map() -> None:
    """Its layer is written down, and somebody who sees what it finds is led to it by a symptom there."""
    symptoms = registry().catalogue.autopsy.symptoms.values()
    led = {(code, each.layer) for each in symptoms for code in each.rules}
    assert {rule.code for rule in RULES} <= LAYERS.keys()
    assert [rule.code for rule in RULES if (rule.code, LAYERS[rule.code]) not in led] == []
    allowed = Symptom.model_fields["layer"].annotation.__args__
    assert set(LAYERS.values()) <= set(allowed)


def test_every_rule_declares_what_it_needs() -> None:
    """In `NEEDS`, so that a run says when it was not made, or in `ALONE` with what it rests on."""
    needing = {code for need in NEEDS for code in need.rules}
    assert needing.isdisjoint(ALONE)
    assert needing | ALONE.keys() == {rule.code for rule in RULES}


def test_codes_and_names_are_unique_and_well_formed() -> None:
    """Codes and names are the public handles of rules: each means one thing for ever."""
    both = (*RULES, *LINK_RULES)
    assert len({rule.code for rule in both}) == len({rule.name for rule in both}) == len(both)
    assert all(rule.code[0] == "A" and len(rule.code) == 4 for rule in RULES)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_finds_what_it_shows(folder, update) -> None:
    """The bad recording breaks its rule and says so as the golden file has it; the good one breaks none."""
    code = folder.name.partition("-")[0]
    known = {**BY_CODE, **{rule.code: rule for rule in LINK_RULES}}
    assert folder.name.startswith(f"{code}-{known[code].name}")
    case = cases.read(folder / "case.yaml")
    assert case.keys() == {"bad", "good"}
    found = cases.shown(cases.report(case["bad"]).findings)
    golden = folder / "expected.json"
    if update:
        golden.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))
    assert code in {finding["code"] for finding in found}
    assert cases.shown(cases.report(case["good"]).findings) == []

"""Golden cases of every rule that lint may report; `--update` rewrites what they find."""

import json

import pytest
from tests.unit.lint import cases

from canonry.kernel.rule import Rule
from canonry.lint.engine import every_rule

RULES = {rule.code: rule for rule in every_rule()}
FOLDERS = sorted(folder for folder in cases.FOLDER.iterdir() if folder.is_dir())


def test_the_base_of_the_cases_is_clean() -> None:
    """What a case reports comes from its change alone."""
    assert cases.shown(cases.report({})) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_documented_and_demonstrated(rule: Rule) -> None:
    """A rule without prose or without a case does not ship."""
    lines = rule.prose.splitlines()
    assert {"## Why it matters", "## Instead"} <= set(lines)
    assert lines[0].endswith(".") and len(lines[0]) <= 110
    assert (cases.FOLDER / f"{rule.code}-{rule.name}" / "case.yaml").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_finds_what_it_shows(folder, update) -> None:
    """The bad change breaks its rule and says so as the golden file has it; the good one breaks none."""
    code = folder.name.partition("-")[0]
    assert folder.name == f"{code}-{RULES[code].name}"
    case = cases.read(folder / "case.yaml")
    assert case.keys() == {"bad", "good"}
    found = cases.shown(cases.report(case["bad"]))
    golden = folder / "expected.json"
    if update:
        golden.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))
    assert code in {finding["code"] for finding in found}
    assert cases.shown(cases.report(case["good"])) == []


def test_codes_and_names_are_unique_and_well_formed() -> None:
    """Codes and names are the public handles of rules: each means one thing for ever."""
    rules = every_rule()
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.code[0] in "LNVG" and rule.code[1:].isdigit() and len(rule.code) == 4
        assert rule.name == rule.name.lower().replace("_", "-")

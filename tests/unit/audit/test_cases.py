"""Golden cases of every rule of the audit; `--update` rewrites what they find."""

import json

import pytest
from tests.unit.audit import cases
from tests.unit.audit.cases import registry

from canonry.audit.checks import BY_CODE as EVERY
from canonry.audit.checks import RULES
from canonry.audit.needs import NEEDS
from canonry.audit.rule import AuditRule, Facts, Filing
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
    """Somebody who sees what it finds is led to it by a symptom of its layer."""
    symptoms = registry().catalogue.autopsy.symptoms.values()
    led = {(code, each.layer) for each in symptoms for code in each.rules}
    assert [rule.code for rule in RULES if (rule.code, rule.facts.layer) not in led] == []


def test_every_need_is_some_rules() -> None:
    """What no rule needs is no need; what a rule needs and reports do not list stops the import."""
    assert [need.what for need in NEEDS if not any(need in rule.facts.needs for rule in RULES)] == []


def test_a_rule_that_lacks_a_fact_does_not_load() -> None:
    """Nothing is taken for granted of a new rule: what it needs, what it is about, how it is filed."""
    known = {name: getattr(BY_CODE["A304"].facts, name) for name in Facts.__slots__}
    for name in ("layer", "reads", "about", "filing", "of_a_word", "guardrail"):
        with pytest.raises(TypeError, match=name):
            Facts(**{other: told for other, told in known.items() if other != name})
    for needs, rests in (((), ""), (NEEDS[:1], "the audience itself")):
        with pytest.raises(ValueError, match="needs, or something it rests on"):
            Facts(**{**known, "needs": needs, "rests": rests})
    with pytest.raises(TypeError, match="facts"):
        AuditRule("A399", "audience-odd", print, "0.1")  # type: ignore[call-arg]


def test_what_the_reader_of_links_finds_has_its_facts_too() -> None:
    """A link that is wrong has a layer, a class and a guardrail; who reads links knows nothing of audits."""
    assert {rule.code for rule in LINK_RULES} < EVERY.keys()
    for rule in LINK_RULES:
        found = EVERY[rule.code]
        assert (found.name, found.level, found.prose) == (rule.name, rule.level, rule.prose)
        assert found.facts.guardrail
        assert found.facts.filing is Filing.WRONG_AS_ERROR


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

"""Every rule over two catalogues has prose and a case that shows it."""

import pytest
from tests.unit.compat import cases

from canonry.catalogue.text import parse
from canonry.compat.engine import compat_rules
from canonry.render import text

FOLDERS = sorted(path.parent for path in (cases.CASES / "compat").glob("B*/case.yaml"))


@pytest.mark.parametrize("rule", compat_rules(), ids=lambda rule: rule.code)
def test_every_rule_is_documented_and_demonstrated(rule):
    """A rule without prose or without a case does not ship."""
    assert {"## Why it matters", "## Instead"} <= set(rule.prose.splitlines())
    assert any(folder.name == f"{rule.code}-{rule.name}" for folder in FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_shows_its_rule(folder, update):
    """What check says of the case is what was reviewed, and its rule is among it, at a line of a file."""
    case = parse("case.yaml", (folder / "case.yaml").read_bytes())[0].value
    report = cases.run(case)
    code = folder.name.partition("-")[0]
    shown = [finding for finding in report.findings if finding.code == code]
    assert shown, text.findings(report.findings)
    assert all(finding.place.line for finding in shown) or code in ("B160", "B161", "B171")
    if code < "B180":
        assert all({"effect", "hurt"} <= finding.details.keys() for finding in shown if code != "B163")
    said = text.check(report.findings, report.accepted, len(report.changed), "the base") + "\n"
    golden = folder / "expected.txt"
    if update or not golden.exists():
        golden.write_text(said)
    assert said == golden.read_text()

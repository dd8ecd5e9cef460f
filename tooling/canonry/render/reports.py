"""Findings in the report formats of others: JUnit XML, SARIF 2.1.0, GitLab's code quality."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from canonry.kernel.findings import Finding, Level, Place
from canonry.kernel.rule import Rule
from canonry.render.json import document
from canonry.render.plain import visible
from canonry.render.text import witness

_SARIF_LEVELS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}
_SEVERITIES: Final = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTE: "info"}
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def _words(finding: Finding) -> str:
    parts = [finding.message]
    if finding.suggestion:
        parts.append(f"Instead: {finding.suggestion}")
    if finding.witness is not None:
        parts.append(f"For example: {witness(finding.witness)}")
    return "\n".join(map(visible, parts))


def sarif(
    findings: Sequence[Finding],
    rules: Iterable[Rule],
    version: str,
    prefix: str = "",
    unread: Sequence[Finding] = (),
) -> str:
    """SARIF 2.1.0: one run, the rules that were broken, one result per finding.

    `unread` are findings on what is no file and could not be checked: the run says that it was not whole.
    """
    broken = {finding.code for finding in findings}
    described = [rule for rule in rules if rule.code in broken]
    index = {rule.code: number for number, rule in enumerate(described)}
    driver = {
        "name": "canonry",
        "version": version,
        "rules": [
            {
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.summary},
                "help": {"text": rule.prose, "markdown": rule.prose},
            }
            for rule in described
        ],
    }
    results = [_sarif_result(finding, index, prefix) for finding in findings]
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "results": results,
        "columnKind": "unicodeCodePoints",
    }
    if unread:
        said = [
            {
                "level": "error",
                "message": {"text": f"{visible(finding.place.path)}: {_words(finding)}"},
                "descriptor": {"id": finding.code},
            }
            for finding in unread
        ]
        run["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": said}]
    return document({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_result(finding: Finding, index: dict[str, int], prefix: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": _words(finding)},
        "partialFingerprints": {"canonry/v1": finding.fingerprint},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(prefix + finding.place.path)},
                    "region": {"startLine": max(finding.place.line, 1)},
                }
            }
        ],
    }
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    return result


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


def gitlab(findings: Iterable[Finding], prefix: str = "") -> str:
    """GitLab's code quality report: a list of issues."""
    return document(
        [
            {
                "description": _words(finding),
                "check_name": f"{finding.code} {finding.name}",
                "fingerprint": finding.fingerprint,
                "severity": _SEVERITIES[finding.level],
                "location": {
                    "path": prefix + finding.place.path,
                    "lines": {"begin": max(finding.place.line, 1)},
                },
            }
            for finding in findings
        ]
    )


def _where(place: Place) -> str:
    return f"{place.path}:{place.line}" if place.line else place.path


def junit(findings: Sequence[Finding], checked: Iterable[str], fail_on: Level) -> str:
    """One test case per checked file; its failing findings are its failures, undecided ones are errors."""
    by_path: dict[str, list[Finding]] = {path: [] for path in sorted(checked)}
    for finding in findings:
        by_path.setdefault(finding.place.path, []).append(finding)
    failures = sum(any(_fails(f, fail_on) for f in found) for found in by_path.values())
    errors = sum(
        not any(_fails(f, fail_on) for f in found) and any(f.undecided for f in found)
        for found in by_path.values()
    )
    counts = f'tests="{len(by_path)}" failures="{failures}" errors="{errors}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="canonry" {counts}>']
    lines.append(f'  <testsuite name="canonry" {counts} skipped="0" time="0">')
    for path, found in by_path.items():
        lines.append(f'    <testcase classname={_attribute("canonry")} name={_attribute(path)} time="0">')
        failing = [finding for finding in found if _fails(finding, fail_on)]
        undecided = [finding for finding in found if finding.undecided]
        if failing:
            lines.append(_problem("failure", [*failing, *undecided]))
        elif undecided:
            lines.append(_problem("error", undecided))
        beside = [finding for finding in found if finding not in failing and finding not in undecided]
        if beside:
            lines.append(f"      <system-out>{_text(_listed(beside))}</system-out>")
        lines.append("    </testcase>")
    lines += ["  </testsuite>", "</testsuites>", ""]
    return "\n".join(lines)


def _fails(finding: Finding, fail_on: Level) -> bool:
    return not finding.undecided and finding.level >= fail_on


def _problem(tag: str, findings: Sequence[Finding]) -> str:
    first = findings[0]
    head = f"{first.code} {first.name}"
    body = _text(_listed(findings))
    return f"      <{tag} message={_attribute(visible(first.message))} type={_attribute(head)}>{body}</{tag}>"


def _listed(findings: Sequence[Finding]) -> str:
    return "\n\n".join(f"{_head(finding)}\n{_words(finding)}" for finding in findings)


def _head(finding: Finding) -> str:
    level = "undecided" if finding.undecided else finding.level.word
    return f"{visible(_where(finding.place))} {level} {finding.code} {finding.name}"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("�", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("�", text))

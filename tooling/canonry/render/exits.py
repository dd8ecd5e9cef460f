"""The exit code that findings ask for; codes are public (`canonry.cli.main`)."""

from collections.abc import Iterable

from canonry.kernel.findings import Finding, Level


def exit_code(findings: Iterable[Finding], fail_on: Level) -> int:
    """1 where something decided is at or above `fail_on`, else 3 where something is undecided, else 0."""
    undecided = False
    for finding in findings:
        if finding.undecided:
            undecided = True
        elif finding.level >= fail_on:
            return 1
    return 3 if undecided else 0

"""Accepting a break: one reviewed file, with a reason, an approver and an end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from canonry.compat.acceptance import MOST_DAYS, UNACCEPTABLE, place_of
from canonry.compat.rules import versions
from canonry.kernel.errors import CanonryError, UsageError

if TYPE_CHECKING:
    from canonry.app.check import Report
    from canonry.kernel.findings import Finding

_REFUSED: Final = UNACCEPTABLE | {rule.code for rule in versions.RULES}


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class UnknownFingerprintError(CanonryError):
    """No finding of this change has the fingerprint."""

    fingerprint: str
    known: Sequence[Finding]
    hint: ClassVar[str] = "canonry check lists what is open"

    def __str__(self) -> str:
        return f"no open finding has the fingerprint {self.fingerprint!r}"

    def advice(self) -> str:
        """What is open, or that nothing is."""
        if not self.known:
            return "Nothing is open against the base: there is nothing to accept"
        shown = [f"{finding.fingerprint}  {finding.code} {place_of(finding)}" for finding in self.known[:10]]
        more = [f"and {len(self.known) - 10} more"] if len(self.known) > 10 else []  # noqa: PLR2004  shown
        return "Open are:\n" + "\n".join(f"    {line}" for line in (*shown, *more))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The file to write, and the finding that it accepts."""

    path: str
    content: bytes
    finding: Finding


def accepted(
    report: Report, fingerprint: str, *, reason: str, until: date, approver: str, today: date
) -> Acceptance:
    """What accepting a finding of a check writes. Raises `UnknownFingerprintError`, `UsageError`."""
    known = [f for f in (*report.findings, *report.accepted) if f.code not in _REFUSED]
    open_now = [f for f in known if f.code.startswith("B")]
    found = next((f for f in open_now if f.fingerprint == fingerprint.strip().lower()), None)
    if found is None:
        raise UnknownFingerprintError(fingerprint, open_now)
    if not reason.strip():
        raise UsageError(
            "an acceptance needs a reason", "--reason says why the break is bearable, and for whom"
        )
    if until < today:
        raise UsageError(f"{until} is over", "--until wants a day that is still to come")
    if (until - today).days > MOST_DAYS:
        raise UsageError(
            f"{until} is more than a year away",
            "Accept it for a shorter while; what is to stay is a new major",
        )
    fields = {
        "rule": found.code,
        "place": place_of(found),
        "reason": reason.strip(),
        "approver": approver,
        "until": until.isoformat(),
    }
    # A JSON string is a YAML string whatever it holds, so nothing that was typed becomes structure.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return Acceptance(
        f"registry/accepted/{found.fingerprint}.yaml", ("\n".join(lines) + "\n").encode(), found
    )

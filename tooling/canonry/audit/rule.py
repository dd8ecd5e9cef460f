"""What a rule of the audit is: a rule, and the facts that the rest of an audit asks of it.

Each stands once, in the row of its family's table (`canonry.audit.checks`). What a check needs, what of an
object a baseline keeps, which threshold counts a finding and what would prevent it are read from there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from canonry.audit.observation import Level, Observation
from canonry.kernel.rule import Rule

if TYPE_CHECKING:
    from canonry.audit.needs import Need
    from canonry.catalogue.documents.notes import Layer


class Filing(Enum):
    """What a finding says of where reports file the object it is of."""

    WRONG = auto()
    """In the wrong place, or in none."""
    WRONG_AS_ERROR = auto()
    """In the wrong place where the finding is an error."""
    RIGHT = auto()
    """In the right place: something else is wrong."""
    AT_RISK = auto()
    """In the right place until something changes: what hangs on it is not lost, so it ranks late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What else is known of a rule. Of `needs` and `rests` each rule has one."""

    layer: Layer
    """The layer of the failure map in which its cause lies; a symptom there leads to it (`autopsy.yaml`)."""
    reads: frozenset[Level]
    """One of these must have been read for it to find anything."""
    needs: tuple[Need, ...] = ()
    """What a source must tell for it to be checked of registered things, what matters most first."""
    rests: str = ""
    """Of a rule that misses nothing of a registered thing: what it rests on."""
    about: Callable[[Observation], object] | None
    """What of an object it is about, beside which a baseline no longer hides it when it changes.

    None: its name, address or tags, or, of two objects of one name, that there are two.
    """
    filing: Filing
    of_a_word: bool
    """Whether findings on one word are a class that comes back; else all of the rule are."""
    guardrail: str
    """What would keep findings from coming back; empty for what an audit says of itself."""
    metric: str = ""
    """The metric of a threshold that counts its findings, beside the rule's own name."""
    mended_with: str = ""
    """The code of a rule whose findings the same action mends."""

    def __post_init__(self) -> None:
        """Raises `ValueError` where a rule says neither what it needs nor what it rests on, or both."""
        if bool(self.needs) is bool(self.rests):
            msg = "a rule of the audit has either needs, or something it rests on"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class AuditRule(Rule):
    """One row of a rule table of the audit."""

    facts: Facts = field(kw_only=True)

    @classmethod
    def of(cls, rule: Rule, facts: Facts) -> AuditRule:
        """A rule of another family, which the audit finds too."""
        return cls(rule.code, rule.name, rule.check, rule.since, rule.level, facts=facts)

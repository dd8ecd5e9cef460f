"""What judges write into: the record of an audit, apart from how it takes sources and reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from canonry.audit.baseline import Baseline, Key
from canonry.audit.coverage import Coverage
from canonry.audit.followup import Followup
from canonry.audit.history import History
from canonry.audit.issued import Issued
from canonry.audit.observation import Observation
from canonry.audit.standard import Standard
from canonry.audit.volumes import Volumes

if TYPE_CHECKING:
    from canonry.kernel.findings import Finding


class Scope(Protocol):
    """What of a source is judged."""

    @property
    def accounts(self) -> frozenset[str]:
        """Only these; empty: all."""
        ...

    @property
    def idle(self) -> bool:
        """Also what delivered nothing in the period."""
        ...


class Record(Protocol):
    """What things are held against, and where what is found goes: an audit (`canonry.audit.run`)."""

    standard: Standard
    baseline: Baseline
    history: History
    issued: Issued | None
    coverage: Coverage
    followup: Followup
    enforced: bool
    findings: list[Finding]
    wrong: list[tuple[Observation, list[Finding]]]
    keep_wrong: bool
    told: Callable[[Observation, str, str, Mapping[str, Any]], None] | None
    grandfathered: int
    foreign: dict[str, tuple[int, int]]
    unjudged: int
    idle: int
    tagged_rows: int
    untagged_rows: int
    met: set[Key]
    received: Volumes
    currencies: set[str]
    days: list[date]

    @property
    def options(self) -> Scope:
        """What is looked at."""
        ...

    def volume(self, key: str, rows: int | None) -> None:
        """How often something came."""
        ...

"""How often events came, by account, against earlier runs.

Two sources of one account tell of the same events, so the one that saw more counts; accounts are never added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from canonry.audit.checks import events
from canonry.audit.coverage import Coverage
from canonry.audit.drift import shown
from canonry.audit.needs import Group
from canonry.audit.observation import Observation, Weight
from canonry.kernel.findings import Finding

if TYPE_CHECKING:
    from canonry.audit.history import History
    from canonry.audit.source import Period
    from canonry.audit.standard import Standard

_WEEK: Final = 7


def key_of(group: Group, name: str) -> str:
    """What the history knows an event by: platform, account where one is known, and name."""
    return shown("/".join(filter(None, (group.platform, group.account, name))))


def last_seen(history: History, group: Group, name: str) -> str | None:
    """The last run in which an event came; older records do not say to which account."""
    days = {history.last_seen(key_of(each, name)) for each in (group, Group(group.platform, ""))}
    return max(filter(None, days), default=None)


class Volumes:
    """Fills while sources are judged."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Group, str], dict[str, tuple[Observation, int]]] = {}

    def enter(self, group: Group, seen: Observation) -> None:
        """One row on an event: a source may have several of one."""
        mine = self._seen.setdefault((group, seen.name), {})
        first, rows = mine.get(seen.source, (seen, 0))
        mine[seen.source] = (first, rows + (seen.weight.rows or 0))

    def _most(self) -> Iterator[tuple[Group, str, Observation, int]]:
        for (group, name), told in self._seen.items():
            first, rows = max(told.values(), key=lambda each: each[1])
            yield group, name, first, rows

    def told(self) -> dict[str, float]:
        """What the history keeps of this run."""
        return {key_of(group, name): float(rows) for group, name, _, rows in self._most()}

    def unusual(
        self, standard: Standard, history: History, coverage: Coverage, period: Period
    ) -> Iterator[Finding]:
        """Events that came much more or less often than before in a period as long.

        Shorter than a week, it is held against such as ended on the same day of the week, where there are
        enough. Nothing is said of an account of which something was not read.
        """
        accounts = {group for group, _ in self._seen}
        for group, name, first, rows in self._most():
            if coverage.reach(group).partial:
                continue
            before = history.volumes_before(key_of(group, name), standard.today)
            alone = [each for each in accounts if each.platform == group.platform] == [group]
            if not before and group.account and alone:
                before = history.volumes_before(key_of(Group(group.platform, ""), name), standard.today)
            alike = [each for each in before if _on_the_same_day(each[0], history.runs, period)]
            before = alike if len(alike) >= events.LEAST_RUNS else before
            usual = [_scaled(rows_then, day, history.runs, period) for day, rows_then in before]
            contract = standard.event(group.platform, name)
            account = standard.accounts.get(group.account)
            owner = contract.meta.owner if contract else account.owner if account else ""
            seen = Observation(
                first.source,
                first.platform,
                first.level,
                account=first.account,
                native=first.native,
                id=first.id,
                parents=first.parents,
                name=name,
                weight=Weight(rows=rows),
            )
            yield from events.unusual(seen, usual, owner)


def _period(day: str, runs: Mapping[str, Mapping[str, object]]) -> tuple[date, date] | None:
    """The period of an earlier run; None where it is not known."""
    told = runs.get(day, {}).get("period")
    if not isinstance(told, list) or len(told) != 2 or not all(told):  # noqa: PLR2004
        return None
    return date.fromisoformat(str(told[0])), date.fromisoformat(str(told[1]))


def _length(start: date, end: date) -> int:
    return max((end - start).days + 1, 1)


def _on_the_same_day(day: str, runs: Mapping[str, Mapping[str, object]], period: Period) -> bool:
    """Whether a period shorter than a week ended on the same day of the week as that of an earlier run."""
    then = _period(day, runs)
    if then is None or period.start is None or period.end is None:
        return True
    return _length(period.start, period.end) >= _WEEK or then[1].weekday() == period.end.weekday()


def _scaled(rows: float, day: str, runs: Mapping[str, Mapping[str, object]], period: Period) -> float:
    """The volume of an earlier run, as of a period that long; as it was where a period is not known."""
    then = _period(day, runs)
    if then is None or period.start is None or period.end is None:
        return rows
    return rows * _length(period.start, period.end) / _length(*then)

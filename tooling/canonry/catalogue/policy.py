"""Rules observe; policy judges: levels, ignores, and what they cost when they expire."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from canonry.catalogue.dates import is_day
from canonry.catalogue.model import Catalogue
from canonry.kernel.findings import Finding, Level, Place, ordered
from canonry.kernel.rule import Rule


def ignore_expired() -> None:
    """An ignore in `registry.yaml` has passed its last day and counts for nothing.

    ## Why it matters
    What was ignored is reported again; the line only looks as if it still worked.

    ## Instead
    Mend what it ignored and delete it, or give it a new `until` with a reason that still holds.
    """


def ignore_unused() -> None:
    """An ignore in `registry.yaml` matches no finding.

    ## Why it matters
    It will silence the next one that fits, which nobody has looked at.

    ## Instead
    Delete it.
    """


def level_unknown() -> None:
    """`policy.levels` or `policy.ignore` names a rule that does not exist.

    ## Why it matters
    A misspelt rule is judged as if nothing had been said about it.

    ## Instead
    Use a code or name that `canonry explain` lists.
    """


IGNORE_EXPIRED: Final = Rule("G120", "ignore-expired", ignore_expired, since="0.1", level=Level.WARNING)
IGNORE_UNUSED: Final = Rule("G121", "ignore-unused", ignore_unused, since="0.1", level=Level.WARNING)
RULE_UNKNOWN: Final = Rule("G122", "rule-unknown", level_unknown, since="0.1")
RULES: Final = (IGNORE_EXPIRED, IGNORE_UNUSED, RULE_UNKNOWN)

_REGISTRY: Final = "registry/registry.yaml"


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings as policy sees them, and how many it silenced."""

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """One catalogue's policy on one day."""

    catalogue: Catalogue
    today: date
    rules: tuple[Rule, ...] = field(default=())
    """Rules whose findings are judged, so that a name without a rule is noticed."""
    others: Callable[[], Iterable[Rule]] = tuple
    """Rules whose findings are judged elsewhere; asked only for a name that is none of `rules`."""

    def judge(self, findings: Iterable[Finding], *, whole: bool = True) -> Judged:
        """Levels set, ignored findings apart. `whole`: the findings are all that `rules` have to say of the
        catalogue, so what is wrong with the policy itself is told as well.
        """
        settings = self.catalogue.registry.policy if self.catalogue.registry else None
        if settings is None:
            return Judged(ordered(findings))
        kept: list[Finding] = []
        silenced: list[Finding] = []
        used: set[int] = set()
        for finding in findings:
            level = settings.levels.get(finding.code, settings.levels.get(finding.name))
            if level == "off":
                silenced.append(finding)
                continue
            number = self._ignored_by(finding)
            if number is not None:
                used.add(number)
                silenced.append(finding)
                continue
            kept.append(finding.at_level(Level.parse(level)) if level else finding)
        if whole:
            kept.extend(self._about_itself(used))
        return Judged(ordered(kept), ordered(silenced))

    def _ignored_by(self, finding: Finding) -> int | None:
        registry = self.catalogue.registry
        for number, ignore in enumerate(registry.policy.ignore if registry else ()):
            if ignore.rule not in (finding.code, finding.name) or not self._holds(ignore.until):
                continue
            if ignore.path is not None and not fnmatchcase(finding.place.path, ignore.path):
                continue
            if ignore.id is not None and not fnmatchcase(_subject(finding), ignore.id):
                continue
            return number
        return None

    def _holds(self, until: str) -> bool:
        return is_day(until) and date.fromisoformat(until) >= self.today

    def _about_itself(self, used: set[int]) -> Iterable[Finding]:
        registry = self.catalogue.registry
        if registry is None:
            return
        known = _names(self.rules)
        asked = {*(ignore.rule for ignore in registry.policy.ignore), *registry.policy.levels} - known
        elsewhere = _names(self.others()) if asked and known else set()
        for number, ignore in enumerate(registry.policy.ignore):
            place = self._place(f"/policy/ignore/{number}")
            if known and ignore.rule not in known | elsewhere:
                yield RULE_UNKNOWN.finding(f"no rule is called {ignore.rule!r}", place, values=[ignore.rule])
            elif not is_day(ignore.until):
                continue  # date-invalid says so; until then the ignore counts for nothing
            elif not self._holds(ignore.until):
                message = f"the ignore of {ignore.rule} ended on {ignore.until}"
                yield IGNORE_EXPIRED.finding(message, place, values=[ignore.rule, ignore.until])
            elif number not in used and ignore.rule not in elsewhere:
                yield IGNORE_UNUSED.finding(
                    f"nothing is left for the ignore of {ignore.rule}", place, values=[ignore.rule]
                )
        for name in registry.policy.levels:
            if known and name not in known | elsewhere:
                place = self._place(f"/policy/levels/{name}")
                yield RULE_UNKNOWN.finding(f"no rule is called {name!r}", place, values=[name])

    def _place(self, pointer: str) -> Place:
        return self.catalogue.sources.place(_REGISTRY, pointer)


def _names(rules: Iterable[Rule]) -> set[str]:
    return {name for rule in rules for name in (rule.code, rule.name)}


def _subject(finding: Finding) -> str:
    if finding.subject:
        return finding.subject
    path = finding.place.path
    return path.removeprefix("contracts").removesuffix(".json") if path.startswith("contracts/") else path

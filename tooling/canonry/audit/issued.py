"""Links that campaigns have handed out (`registry/links/<id>.jsonl`) against those that were met.

Compared are source, medium and campaign: platforms fill in the rest. Letter case does not count; where an
issued value holds a macro, any value of the same campaign is what the platform made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from canonry.audit.drift import drift
from canonry.audit.needs import SHOWN, Group, Uncompared, listed
from canonry.audit.observation import LINKS, Level, Observation
from canonry.audit.quotation import shown
from canonry.audit.rule import AuditRule, Facts, Filing
from canonry.audit.source import Capabilities, Gap, Outcome
from canonry.catalogue.issued import read
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity

if TYPE_CHECKING:
    from canonry.audit.needs import Reach
    from canonry.audit.standard import Standard

_KEY: Final = ("utm_source", "utm_medium", "utm_campaign")


def link_unissued() -> None:
    """A link of a campaign was met that the campaign never handed out.

    Only campaigns that keep their links (`campaign build --record`) are looked at, and only links that are
    right: what is wrong with the others is said by other rules.

    ## Why it matters
    Somebody built it by hand. It reads well today, and nobody finds it when the campaign's links change.

    ## Instead
    Take it into the campaign's plan and record it (`canonry campaign build --record`), or replace it by the
    link that was issued.
    """


def links_unseen() -> None:
    """Links that a running campaign handed out were met nowhere.

    ## Why it matters
    Something was booked that does not run, or runs with another link: its visits are filed elsewhere.

    ## Instead
    `canonry campaign links SLUG` lists them; see whether each was put in place.
    """


_ISSUED: Final = partial(
    Facts,
    layer="link",
    reads=LINKS,
    rests="issued links: `Issued.uncompared` says where they are not compared",
    about=None,
    of_a_word=False,
    guardrail="build links in a sheet (canonry utm batch) and paste them with the ads' bulk upload",
)
RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule(
        "A207",
        "link-unissued",
        link_unissued,
        "0.1",
        Severity.WARNING,
        facts=_ISSUED(filing=Filing.AT_RISK),
    ),
    AuditRule(
        "A208", "links-unseen", links_unseen, "0.1", Severity.WARNING, facts=_ISSUED(filing=Filing.WRONG)
    ),
)
_RULE: Final = {rule.name: rule for rule in RULES}

Told = tuple[str, ...]


def told(params: Mapping[str, str]) -> Told:
    """What of a link's parameters is compared."""
    return tuple([str(params.get(name, "")).casefold() for name in _KEY])


def belongs(params: Mapping[str, str], key: str) -> bool:
    """Whether parameters name a campaign: at the end of `utm_campaign`, or as `utm_id`."""
    campaign = str(params.get("utm_campaign", "")).casefold()
    return campaign.endswith(f"_{key}") or str(params.get("utm_id", "")).casefold() == key


@dataclass
class Links:
    """The issued links of one campaign, and which of them were met. `macros` are those of a platform."""

    entries: list[Mapping[str, Any]]
    macros: Callable[[str], Iterable[str]] = field(default=lambda _: ())
    met: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._exact: dict[Told, list[int]] = {}
        self._open: list[tuple[tuple[str | None, ...], int]] = []
        for number, entry in enumerate(self.entries):
            params = entry.get("params")
            key = told(params if isinstance(params, dict) else {})
            self._exact.setdefault(key, []).append(number)
            macros = [macro.casefold() for macro in self.macros(str(entry.get("platform") or ""))]
            parts = tuple(None if any(macro in part for macro in macros) else part for part in key)
            if None in parts:
                self._open.append((parts, number))

    def meet(self, params: Mapping[str, str]) -> bool:
        """Notes that a link of this campaign was met; whether it was issued."""
        key = told(params)
        found = self._exact.get(key)
        if found is None:
            found = [
                number
                for parts, number in self._open
                if all(wanted in (None, is_) for wanted, is_ in zip(parts, key, strict=True))
            ]
            self._exact[key] = found
        self.met.update(found)
        return bool(found)

    def unseen(self) -> list[Mapping[str, Any]]:
        """Entries that nothing met; of several that are compared alike all are met with one."""
        return [entry for number, entry in enumerate(self.entries) if number not in self.met]


Sight = Literal["clear", "blind", "cut"]
"""*clear*: its links were compared. *blind*: judged where they are by a checker that did not know them.
*cut*: something of it was not read, and its own gap says so."""


class Looked(NamedTuple):
    """A source that tells links or tags, of which accounts, and how well it was seen."""

    source: str
    groups: frozenset[Group]
    sight: Sight


class Issued:
    """What all campaigns have handed out. `files` are those of `registry/links`, by campaign."""

    def __init__(self, files: Mapping[str, bytes], standard: Standard) -> None:
        self.standard = standard
        self.looked: list[Looked] = []
        self.compared: set[str] = set()
        """Classes of findings (`A208/<campaign>`) of which every link was compared: filled by `unseen`."""
        self.campaigns = {
            key: Links(entries, self._macros)
            for key, data in sorted(files.items())
            if key in standard.campaigns and (entries := list(read(data)))
        }

    def _macros(self, platform: str) -> list[str]:
        known = self.standard.platform(platform)
        return [macro.macro for macro in known.macros] if known else []

    def own(self, params: Mapping[str, str], campaign: str) -> bool:
        """Notes that right tags were met. False if their campaign keeps its links and this is none."""
        links = self.campaigns.get(campaign)
        return links is None or links.meet(params) or not params

    def places(self) -> dict[str, list[int]]:
        """Which links were met, by campaign: what `take` takes."""
        return {key: sorted(links.met) for key, links in self.campaigns.items() if links.met}

    def take(self, places: Mapping[str, Iterable[int]]) -> None:
        """Notes links that were met where they are, by a checker that held the same files."""
        for key, numbers in places.items():
            if key in self.campaigns:
                self.campaigns[key].met.update(numbers)

    def met(self, seen: Observation, params: Mapping[str, str], campaign: str, owner: str) -> Finding | None:
        """A link or tags that are right: a finding where its campaign keeps its links and this is none."""
        if self.own(params, campaign):
            return None
        registered = self.standard.campaigns[campaign]
        return drift(
            _RULE["link-unissued"],
            seen,
            f"{registered.label} never issued this link",
            owner=owner,
            do=f"record it, or use an issued one: canonry campaign links {registered.slug}",
            sheet="relink" if seen.level is Level.LINK and seen.parents else "",
            values=(campaign, *told(params)),
            campaign=campaign,
        )

    def note(self, params: Mapping[str, str]) -> None:
        """A link that is wrong otherwise: it may be an issued one all the same, and then it was met."""
        for key, links in self.campaigns.items():
            if belongs(params, key):
                links.meet(params)

    def enter(
        self,
        source: str,
        can: Capabilities,
        outcome: Outcome,
        met: Iterable[tuple[str, str, Level]],
        *,
        blind: bool,
    ) -> None:
        """A source that was read to its end; `blind` where nobody compared the links of it that are right."""
        told = {Group(platform, account) for platform, account, level in met if level in LINKS}
        if can.levels & LINKS:
            told.add(Group(can.platform, can.account if can.account in self.standard.accounts else ""))
        if told:
            sight: Sight = "cut" if outcome.state != "complete" else "blind" if blind else "clear"
            self.looked.append(Looked(source, frozenset(told), sight))

    def _reaches(self, group: Group, key: str, platform: str) -> bool:
        """Whether an account would show a campaign's link on a platform.

        Analytics shows the visits of every platform, on the sites of its brand and market; a platform shows
        its own ads. Where nobody says whose an account is, it shows the campaigns of which it showed some.
        """
        known = self.standard.platform(group.platform)
        visits = not group.platform or (known is not None and known.category == "analytics")
        if not visits and group.platform != platform:
            return False
        account, campaign = self.standard.accounts.get(group.account), self.standard.campaigns[key]
        if account is not None and all(
            self.standard.within(account, name, campaign.fields[name])
            for name in ("brand", "market")
            if name in campaign.fields
        ):
            return True
        return bool(self.campaigns[key].met)

    def _sights(self, key: str, platform: str) -> set[Sight]:
        return {
            looked.sight
            for looked in self.looked
            if any(self._reaches(group, key, platform) for group in looked.groups)
        }

    def _awaited(self) -> Iterator[tuple[str, list[tuple[Mapping[str, Any], set[Sight]]]]]:
        """Running campaigns, and of each the issued links that nothing met, with how well was looked."""
        today = self.standard.today.isoformat()
        for key, links in self.campaigns.items():
            campaign = self.standard.campaigns[key]
            if campaign.status != "live" or not str(campaign.start) <= today:
                continue
            sights: dict[str, set[Sight]] = {}
            missing = []
            for entry in links.unseen():
                if str(entry.get("issued") or "") >= today:
                    continue
                platform = str(entry.get("platform") or "")
                if platform not in sights:
                    sights[platform] = self._sights(key, platform)
                missing.append((entry, sights[platform]))
            yield key, missing

    def unseen(self) -> Iterator[Finding]:
        """One finding per running campaign that has issued links which nothing met that would show them."""
        for key, awaited in self._awaited():
            missing = [entry for entry, sights in awaited if "clear" in sights]
            if len(missing) == len(awaited):
                self.compared.add(f"A208/{key}")
            if not missing:
                continue
            links, campaign = self.campaigns[key], self.standard.campaigns[key]
            seen = Observation("", "", Level.LINK, native="issued", id=key, name=campaign.label)
            whole, number = len(links.entries), len(missing)
            listed = ", ".join(shown(str(entry["link"]))[:120] for entry in missing[:SHOWN])
            found = drift(
                _RULE["links-unseen"],
                seen,
                f"{number:,} of {whole:,} links that {campaign.label} issued were never seen: {listed}"
                + (f" and {number - SHOWN:,} more" if number > SHOWN else ""),
                owner=campaign.owner,
                do=f"canonry campaign links {campaign.slug} lists them; see whether each was put in place",
                values=(key,),
                campaign=key,
                place=self.standard.catalogue.sources.place(f"registry/campaigns/{key}.yaml", "/channels"),
            )
            yield found

    def uncompared(
        self, sources: Sequence[str], groups: Mapping[Group, Reach], *, whole: bool
    ) -> list[Uncompared]:
        """Issued links of which nobody can say whether they are in use, by the source this is charged to.

        `whole`: every source there is was taken; else links are missed only of campaigns that were seen.
        """
        if not sources:
            return []
        blind: list[str] = []
        unread: dict[tuple[str, Group], list[str]] = {}
        first = (sources[0], Group("", ""))
        for key, awaited in self._awaited():
            left = [sights for _, sights in awaited if "clear" not in sights and "cut" not in sights]
            if not left:
                continue
            label = f"{self.standard.campaigns[key].slug} ({key})"
            if any("blind" in sights for sights in left):
                blind.append(label)
                continue
            at = next(
                ((reach.sources[0], group) for group, reach in groups.items() if key in reach.campaigns),
                None,
            )
            if at is not None or whole:
                unread.setdefault(at or first, []).append(label)
        found = []
        if blind:
            looked = next(each for each in self.looked if each.sight == "blind")
            gap = Gap(
                f"issued links of {_campaigns(blind)}",
                f"links of {looked.source} are judged where they are, and only wrong ones come back: "
                + listed(blind),
                "Read the campaign's links or tags with a source whose values come here",
                LINKS,
            )
            found.append(Uncompared(looked.source, min(looked.groups), ("A207", "A208"), gap))
        for (source, group), labels in unread.items():
            gap = Gap(
                f"issued links of {_campaigns(labels)}",
                f"no source tells where they are in use: {listed(labels)}",
                "Add a source of visits with their tags (GA4), or of the ads' links",
                LINKS,
            )
            found.append(Uncompared(source, group, ("A207", "A208"), gap))
        return found


def _campaigns(labels: list[str]) -> str:
    return f"{len(labels):,} campaign{'' if len(labels) == 1 else 's'}"

"""Links that campaigns have handed out (`registry/links/<id>.jsonl`) against those that were met.

Compared are source, medium and campaign: platforms fill in the rest. Letter case does not count; where an
issued value holds a macro, any value of the same campaign is what the platform made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.audit.drift import drift, shown
from canonry.audit.observation import Level, Observation
from canonry.catalogue.issued import read
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity
from canonry.kernel.rule import Rule

if TYPE_CHECKING:
    from canonry.audit.standard import Standard

SHOWN: Final = 3
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


RULES: Final[tuple[Rule, ...]] = (
    Rule("A207", "link-unissued", link_unissued, "0.1", Severity.WARNING),
    Rule("A208", "links-unseen", links_unseen, "0.1", Severity.WARNING),
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


class Issued:
    """What all campaigns have handed out. `files` are those of `registry/links`, by campaign."""

    def __init__(self, files: Mapping[str, bytes], standard: Standard) -> None:
        self.standard = standard
        self.blind = False
        """Whether links were judged where they are, so that nobody knows which were met."""
        self.looked = False
        """Whether any source told links or tags."""
        self.campaigns = {
            key: Links(entries, self._macros)
            for key, data in sorted(files.items())
            if key in standard.campaigns and (entries := list(read(data)))
        }

    def _macros(self, platform: str) -> list[str]:
        known = self.standard.platform(platform)
        return [macro.macro for macro in known.macros] if known else []

    def met(self, seen: Observation, params: Mapping[str, str], campaign: str, owner: str) -> Finding | None:
        """A link or tags that are right: a finding where its campaign keeps its links and this is none."""
        links = self.campaigns.get(campaign)
        if links is None or links.meet(params) or not params:
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

    def unseen(self) -> Iterator[Finding]:
        """One finding per running campaign that has issued links which nothing met."""
        if self.blind or not self.looked:
            return
        today = self.standard.today.isoformat()
        for key, links in self.campaigns.items():
            campaign = self.standard.campaigns[key]
            if campaign.status != "live" or not str(campaign.start) <= today:
                continue
            missing = [entry for entry in links.unseen() if str(entry.get("issued") or "") < today]
            if not missing:
                continue
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

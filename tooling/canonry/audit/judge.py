"""Judges the observations of one source as they come, and at its end what only the whole can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from canonry.audit.account import Account
from canonry.audit.alike import Sharers
from canonry.audit.baseline import Key, key_of, told_of
from canonry.audit.checks import BY_CODE, audiences, campaigns, events, links, names, recall
from canonry.audit.drift import drift
from canonry.audit.needs import Group
from canonry.audit.observation import GONE, OBJECTS, PAGE, Alike, Level, Observation, Weight
from canonry.audit.quotation import shown
from canonry.audit.roll import Roll
from canonry.audit.rule import Filing
from canonry.audit.source import Passed
from canonry.audit.spending import Spending
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity

if TYPE_CHECKING:
    from canonry.audit.record import Record
    from canonry.audit.standard import Promise
    from canonry.catalogue.documents.settings import Account as RegisteredAccount

_RULE: Final = {rule.name: rule for rule in names.RULES}
_NOTED: Final = frozenset({"campaign_id", "creative"})
"""Fields that other observations are held against."""
_MARK: Final = 20
"""Characters that are kept of a currency that is none."""
_SCOPED: Final = frozenset({*OBJECTS, Level.LINK})


def _misfiled(finding: Finding) -> bool:
    """Whether reports file what a finding is of in the wrong place."""
    filing = BY_CODE[finding.code].facts.filing
    return filing is Filing.WRONG or (filing is Filing.WRONG_AS_ERROR and finding.level is Severity.ERROR)


class Judge:
    """Judges the observations of one source."""

    def __init__(
        self,
        audit: Record,
        name: str,
        reported: frozenset[str] = frozenset(),
        *,
        nested: bool = True,
        leaves: frozenset[str] = frozenset(),
        since: date | None = None,
    ) -> None:
        self.audit = audit
        self.reported = reported
        """The UTM values that the source reports, where it reports only some."""
        self.name = name
        self.since = since
        """The first day that the source covers."""
        self.judged = 0
        self.leaves = leaves
        """The platform's own levels under which nothing hangs."""
        self.spending = Spending(nested=nested, leaves=leaves)
        self.campaign_of: dict[tuple[str, str], str] = {}
        self.creative_of: dict[str, Any] = {}
        self.roll = Roll()
        self.audiences = Sharers()
        self.audience_names: dict[tuple[str, str], str] = {}
        self.rules = Sharers()
        self.stopped: list[tuple[Promise, Observation]] = []
        """Registered audiences that are switched off."""
        self.standing: set[tuple[str, str, str, str]] = set()
        """Those that are not: contract, platform, account and name."""
        self.shielded: set[Key] = set()
        """What is grandfathered."""
        self.met: set[tuple[str, str, Level]] = set()
        """Platform, account and level of what was seen."""
        self.natives: set[tuple[str, str]] = set()
        """Platform and its own level of what was seen."""
        self.parameters: dict[tuple[str, str, str], tuple[Observation, set[str]]] = {}
        """Platform, account and event to what it came with."""

    def take(self, seen: Observation) -> None:
        """One observation."""
        audit = self.audit
        key, account = audit.standard.account(seen)
        if account is not None:
            seen.account = key
        if audit.options.accounts and seen.account not in audit.options.accounts:
            return
        if seen.weight.currency == "" and seen.weight.cost is not None and account is not None:
            seen.weight.currency = account.currency or ""
        self.met.add((seen.platform, key, seen.level))
        self.natives.add((seen.platform, seen.native))
        currency = seen.weight.currency
        if currency and currency not in audit.currencies:
            if not _is_currency(currency):
                currency = seen.weight.currency = shown(currency)[:_MARK]
            audit.currencies.add(currency)
        if seen.first_seen is not None or seen.last_seen is not None:
            audit.days = _widened(audit.days, seen.first_seen, seen.last_seen)
        if seen.level in _SCOPED and seen.weight.delivered is False and not audit.options.idle:
            audit.idle += 1
            audit.followup.leave(seen)
            return
        audit.followup.meet(seen)
        owner = account.owner if account is not None else ""
        match seen.level:
            case Level.TAGS:
                found = self._tags(seen, owner)
            case Level.LINK:
                found = self._link(seen, account, owner)
            case Level.EVENT | Level.PARAMETER | Level.USER_PROPERTY:
                found = self._event(seen, owner)
            case Level.TARGETING:
                found = self._targeting(seen, key, owner)
            case _:
                found = self._named(seen, key, owner)
        if found is None:
            self.spending.unjudged(seen)
            return
        self.judged += 1
        self._enter(seen, found)

    def take_alike(self, things: Alike) -> None:
        """As `take` of each: what is right, and says nothing of a campaign or a creative, is only counted."""
        audit, standard, like = self.audit, self.audit.standard, things.like
        key, account = standard.account(like)
        right = self._right(like, key, account)
        if right is None or audit.options.accounts or audit.told is not None:
            for seen in things:
                self.take(seen)
            return
        number = 0
        counted: int | None = None
        spent: float | None = None
        clicked: int | None = None
        columns = zip(things.names, things.rows, things.costs, things.impressions, things.clicks, strict=True)
        for place, (name, rows, cost, impressions, clicks) in enumerate(columns):
            if not (name and (rows or cost or impressions or clicks) and right(name)):
                self.take(things.at(place))
                continue
            number += 1
            if rows is not None:
                counted = (counted or 0) + rows
            if cost is not None:
                spent = (spent or 0.0) + cost
            if clicks is not None:
                clicked = (clicked or 0) + clicks
        if not number:
            return
        self.judged += number
        self.met.add((like.platform, key, like.level))
        self.natives.add((like.platform, like.native))
        days = [day for day in (*things.first, *things.last) if day is not None]
        if days:
            audit.days = _widened(audit.days, min(days), max(days))
        currency = things.currency
        if spent is not None and not currency and account is not None:
            currency = account.currency or ""
        if currency and not _is_currency(currency):
            currency = shown(currency)[:_MARK]
        if currency:
            audit.currencies.add(currency)
        weight = Weight(counted, spent, currency, clicks=clicked)
        if like.level is Level.LINK:
            audit.tagged_rows += counted or 0
            self.spending.visits(like.native, weight, wrong=False)
        else:
            self.spending.right(weight)

    def _right(
        self, like: Observation, key: str, account: RegisteredAccount | None
    ) -> Callable[[str], bool] | None:
        """Tells of such things by what they are known by: True if nothing is to be said of one, nor kept.

        None where each has to be taken.
        """
        standard = self.audit.standard
        if like.level is Level.LINK:
            if like.parents or like.native == PAGE:
                return None
            tagging, owner = (account.tagging, account.owner) if account is not None else ("", "")
            issued = self.audit.issued

            def linked(text: str) -> bool:
                known = recall.right(like, text, standard, tagging, owner)
                return known is not None and (issued is None or issued.own(known.params, known.campaign))

            return linked
        contracts = standard.contracts(like.platform, like.native, key)
        if like.level not in OBJECTS or like.native == "session_campaign" or self.spending.nested:
            return None
        if not contracts:
            return None
        read = standard.names.reader(contracts)

        def named(text: str) -> bool:
            fields = read(text)
            return (
                fields is not None
                and _NOTED.isdisjoint(fields)
                and (account is None or not names.outside(standard, key, account, contracts, fields))
            )

        return named

    def passed(self, right: Passed) -> None:
        """Things that were judged where they are."""
        self.judged += right.things
        self.spending.visits(right.native, right.weight, wrong=False)
        if right.level is Level.TAGS or (right.level is Level.LINK and right.native != PAGE):
            self.audit.tagged_rows += right.weight.rows or 0

    def _enter(self, seen: Observation, found: list[Finding]) -> None:
        """Counts an observation, and keeps what was found unless the baseline shields it."""
        audit = self.audit
        if audit.keep_wrong:
            audit.met.add(key_of(seen))
        if not found:
            self.spending.enter(seen, wrong=False, old=False)
            return
        deciding = [f for f in found if f.level > Severity.NOTE]
        old: list[Finding] = []
        if deciding and not audit.enforced and len(audit.baseline):
            old = [f for f in deciding if audit.baseline.shields(seen, f)]
        if old:
            audit.followup.leave(seen)
            deciding = [f for f in deciding if f not in old]
        shielded = bool(old) and not deciding
        if shielded:
            self.shielded.add(key_of(seen))
            audit.grandfathered += 1
        else:
            audit.findings.extend(f for f in found if f not in old)
            if audit.keep_wrong and deciding:
                audit.wrong.append((seen, deciding))
        self.spending.enter(seen, wrong=any(map(_misfiled, deciding)), old=shielded)

    def _shared(self, seen: Observation, other: Observation, found: Finding) -> None:
        """Keeps what two things have in common: neither was right under its name."""
        self.roll.contested.update("/".join(key_of(each)) for each in (seen, other))
        self._keep(seen, found)

    def _keep(self, seen: Observation, found: Finding) -> None:
        """Keeps what only the whole source could tell, unless the baseline shields it."""
        audit = self.audit
        if not audit.enforced and audit.baseline.shields(seen, found):
            if key_of(seen) not in self.shielded:
                self.shielded.add(key_of(seen))
                audit.grandfathered += 1
                audit.followup.leave(seen)
            return
        audit.findings.append(found)
        if audit.keep_wrong:
            audit.wrong.append((seen, [found]))

    def settle(self, account: Account) -> None:
        """Writes the source's spend and rows into its account."""
        self.spending.settle(account)

    # One method per sort of observation; None: not ours to judge.

    def _named(self, seen: Observation, account: str, owner: str) -> list[Finding] | None:
        audit, standard = self.audit, self.audit.standard
        if seen.native == "session_campaign":
            return self._session_campaign(seen)
        if not seen.name:
            return None
        if seen.level is Level.AUDIENCE:
            return self._audience(seen, account, owner)
        told = names.judged(seen, standard, account, owner)
        if told.unread:
            audit.coverage.refused(Group(seen.platform, account), "name", told.unread)
        found, right = told.findings, not told.findings
        identity = seen.id or seen.name
        campaign = told.campaign or standard.campaign_of(seen, account)
        for native, parent in seen.parents.items():
            campaign = campaign or self.campaign_of.get((native, parent), "")
        if campaign:
            if seen.native not in self.leaves:
                self.campaign_of[seen.native, identity] = campaign
            audit.coverage.campaign(Group(seen.platform, account), campaign, seen)
        owner = standard.owner(campaign, seen.platform) or owner
        if audit.told is not None:
            audit.told(seen, told.contract, campaign, told.fields)
        if seen.level is Level.AD and "creative" in told.fields:
            self.creative_of[identity] = told.fields["creative"]
        if seen.level is Level.CAMPAIGN and campaign:
            found.extend(campaigns.judged(seen, campaign, standard, owner, self.since))
        if seen.goal and campaign:
            found.extend(campaigns.goal(seen, campaign, standard, owner))
            if campaigns.goal_unknown(seen, campaign, standard):
                audit.coverage.goal_unknown(Group(seen.platform, account), campaign, seen.goal)
        if seen.id:
            self.roll.enter(seen, owner, right=right)
            found.extend(self._changed(seen, owner))
        return (
            [replace(f, owner=owner) if owner and f.owner != owner else f for f in found] if found else found
        )

    def _changed(self, seen: Observation, owner: str) -> Iterator[Finding]:
        history = self.audit.history
        if not history.names:
            return
        before = history.name_before("/".join(key_of(seen)), self.audit.standard.today.isoformat())
        if before is None or not before["right"] or before["digest"] == (digest := told_of(seen)):
            return
        yield drift(
            _RULE["name-changed"],
            seen,
            f"{seen.name} was called otherwise on {before['day']}, and that name was right",
            owner=owner,
            do="the earlier name, and a new object for a new thing",
            values=(str(before["digest"]), digest),
        )

    def _session_campaign(self, seen: Observation) -> list[Finding] | None:
        """What GA4 attributed: compared with names of platform objects, and with nothing else."""
        standard = self.audit.standard
        if standard.names.read(seen.name, standard.contracts("", "campaign", "")) is not None:
            return []
        self.audit.unjudged += seen.weight.rows or 0
        return None

    def _tags(self, seen: Observation, owner: str) -> list[Finding] | None:
        audit = self.audit
        told = links.judged_tags(seen, audit.standard, self._owner_of(seen, owner), self.reported)
        return self._of_tags(seen, told, owner)

    def _of_tags(self, seen: Observation, told: links.Linked, owner: str) -> list[Finding] | None:
        audit = self.audit
        rows = seen.weight.rows or 0
        if told.foreign:
            values, known = audit.foreign.get(told.foreign, (0, 0))
            audit.foreign[told.foreign] = (values + 1, known + rows)
            return None
        if not told.checked:
            if not told.findings:
                audit.unjudged += rows
                audit.untagged_rows += rows
                return None
            return told.findings
        audit.tagged_rows += rows
        self._refused(seen, told)
        if audit.told is not None:
            audit.told(seen, told.format or "", told.campaign, told.fields)
        self._against_issued(seen, told, owner)
        return told.findings

    def _refused(self, seen: Observation, told: links.Linked) -> None:
        """Counts a link that may be right by a format which cannot be read."""
        if told.unread:
            account = seen.account if seen.account in self.audit.standard.accounts else ""
            self.audit.coverage.refused(Group(seen.platform, account), "link", told.unread)

    def _against_issued(self, seen: Observation, told: links.Linked, owner: str) -> None:
        """Whether a link that is right is one that its campaign has handed out."""
        issued = self.audit.issued
        if issued is None:
            return
        if told.findings:
            issued.note(told.params)
            return
        owner = self.audit.standard.owner(told.campaign, seen.platform) or owner
        found = issued.met(seen, told.params, told.campaign, owner)
        if found is not None:
            told.findings.append(found)

    def _owner_of(self, seen: Observation, owner: str) -> Callable[[links.Linked], str]:
        standard = self.audit.standard

        def owner_of(told: links.Linked) -> str:
            if told.campaign in standard.campaigns:
                return standard.owner(told.campaign, "", told.format or "")
            contract = standard.catalogue.contract(told.format or told.meant or "")
            return (contract.meta.owner if contract is not None else "") or owner

        return owner_of

    def _link(self, seen: Observation, account: RegisteredAccount | None, owner: str) -> list[Finding] | None:
        standard = self.audit.standard
        tagging = account.tagging if account is not None else ""
        told = recall.judged_link(seen, standard, self._owner_of(seen, owner), tagging, owner)
        if seen.parents and told.checked and told.params:
            campaign = next(
                (c for pair in reversed(list(seen.parents.items())) if (c := self.campaign_of.get(pair, ""))),
                "",
            )
            ad = next(reversed(list(seen.parents.values())), "")
            owner = standard.owner(campaign or told.campaign, seen.platform) or owner
            creative = self.creative_of.get(ad)
            told.findings.extend(
                links.disagreement(seen, told, campaign, _as_text(creative), standard, owner)
            )
        if seen.parents or seen.native == PAGE:
            if told.foreign or not told.checked:
                return told.findings or None
            self._refused(seen, told)
            if self.audit.told is not None:
                self.audit.told(seen, told.format or "", told.campaign, told.fields)
            self._against_issued(seen, told, owner)
            return told.findings
        return self._of_tags(seen, told, owner)

    def _event(self, seen: Observation, owner: str) -> list[Finding] | None:
        audit, standard = self.audit, self.audit.standard
        found = list(events.judged(seen, standard, owner))
        group = Group(seen.platform, seen.account if seen.account in standard.accounts else "")
        reach = audit.coverage.reach(group)
        if seen.level is Level.USER_PROPERTY:
            reach.traits.add(seen.name)
            audit.volume(f"{shown(seen.platform)}/user_property/{shown(seen.name)}", seen.weight.rows)
        elif seen.level is Level.EVENT:
            reach.events.add(seen.name)
            audit.received.enter(group, seen)
        elif seen.level is Level.PARAMETER and seen.parents.get("event") and not events.automatic(seen.name):
            event = seen.parents["event"]
            key = (seen.platform, seen.account, event)
            self.parameters.setdefault(key, (seen, set()))[1].add(seen.name)
        return found

    def _targeting(self, seen: Observation, account: str, owner: str) -> list[Finding] | None:
        standard = self.audit.standard
        number = seen.parents.get("audience", "")
        name = seen.name or self.audience_names.get((seen.platform, number), "")
        promise = standard.promise(seen.platform, account, name, number)
        owner = promise.contract.meta.owner if promise else owner
        return list(audiences.judged(seen, standard, account, promise, owner))

    def _audience(self, seen: Observation, account: str, owner: str) -> list[Finding]:
        audit, standard = self.audit, self.audit.standard
        promise = standard.promise(seen.platform, account, seen.name, seen.id)
        if seen.id:
            self.audience_names[seen.platform, seen.id] = seen.name
        found: list[Finding] = []
        if promise is not None:
            owner, wanted = promise.contract.meta.owner, promise.destination.audience
            audit.coverage.audience(Group(seen.platform, account), promise, seen)
            if seen.status in GONE:
                self.stopped.append((promise, seen))
            else:
                self.standing.add((str(promise.contract.id), seen.platform, seen.account, wanted))
                if seen.name and seen.name != wanted:
                    found.append(names.registered(seen, wanted, owner))
        elif seen.status not in GONE:
            told = names.judged(seen, standard, account, owner)
            if told.unread:
                audit.coverage.refused(Group(seen.platform, account), "name", told.unread)
            found.extend(told.findings)
        right = not found
        found.extend(audiences.judged(seen, standard, account, promise, owner))
        if seen.status not in GONE:
            self.audiences.add((seen.platform, seen.account, seen.name.casefold()), seen, owner)
            if seen.upkeep and seen.upkeep.rule:
                # The same people for another time are another audience.
                rule = (str(seen.upkeep.window), audiences.rule_of(seen.upkeep.rule))
                self.rules.add((seen.platform, seen.account, *rule), seen, owner)
            if seen.id:
                self.roll.enter(seen, right=right, shares=False)
                found.extend(self._changed(seen, owner))
        return found

    def finish(self) -> None:
        """What only the whole source can tell."""
        audit, standard = self.audit, self.audit.standard
        for seen, owner, other in self.roll.pairs():
            self._shared(seen, other, names.shared(seen, other, owner))
        named: set[Key] = set()
        for seen, owner, other in self.audiences.pairs():
            named.add(key_of(seen))
            self._shared(seen, other, audiences.twice(seen, other, "both have one name", owner))
        for seen, owner, other in self.rules.pairs():
            if key_of(seen) not in named:
                self._shared(seen, other, audiences.twice(seen, other, "both have one rule", owner))
        for promise, seen in self.stopped:
            told = promise.destination
            if (str(promise.contract.id), seen.platform, seen.account, told.audience) not in self.standing:
                owner = promise.contract.meta.owner
                self._keep(seen, audiences.dead(seen, promise, owner, f"is {seen.status}"))
        for (_, _, event), (first, known) in self.parameters.items():
            seen = Observation(self.name, first.platform, Level.EVENT, account=first.account, name=event)
            contract = standard.event(first.platform, event)
            audit.findings.extend(
                events.crowded(seen, len(known), standard, contract.meta.owner if contract else "")
            )


def _is_currency(text: str) -> bool:
    """Whether a currency has the form of a code; anything else is text of an export, like a name."""
    return len(text) == 3 and text.isascii() and text.isalpha()  # noqa: PLR2004  as ISO 4217 has them


def _widened(days: list[date], *more: date | None) -> list[date]:
    """The first and the last of the days."""
    known = [*days, *(day for day in more if day is not None)]
    return [min(known), max(known)]


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else ""

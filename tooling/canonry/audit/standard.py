"""What observations are held against: the registry, prepared for being asked a million times."""

from __future__ import annotations

import re
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from canonry.audit.observation import Observation
from canonry.audit.rule import OBJECTS
from canonry.naming.codec import Codec
from canonry.naming.essence import Essence
from canonry.naming.links import Reader
from canonry.naming.nearest import NearestNames
from canonry.naming.quick import QuickNames

if TYPE_CHECKING:
    from canonry.catalogue.documents.campaign import Campaign, ChannelPlan
    from canonry.catalogue.documents.contract import Destination
    from canonry.catalogue.documents.platform import Platform, Window
    from canonry.catalogue.documents.settings import Account
    from canonry.catalogue.model import Catalogue, Contract

ANYWHERE: Final = frozenset({"ww", "global", "all"})
_BROKEN: Final = re.compile(r"contracts(/(?:objects|utm)/.+)\.json\Z")
_DURATION: Final = re.compile(r"([0-9]+)([mhdw])\Z")
_HOURS: Final = {"m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}


@dataclass(frozen=True)
class Promise:
    """A registered audience: the segment that fills it and what the segment's contract says of it."""

    contract: Contract
    destination: Destination

    @property
    def sync_hours(self) -> float | None:
        """How often it is promised to be sent; None where it is no list that is sent."""
        return hours(self.destination.sync or (self.contract.meta.refresh if self._sent else None))

    @property
    def _sent(self) -> bool:
        return self.destination.mechanism == "list_sync"


def hours(duration: str | None) -> float | None:
    """`15m`, `7d` in hours."""
    match = _DURATION.match(duration or "")
    return int(match[1]) * _HOURS[match[2]] if match else None


def digits(identifier: str) -> str:
    """An account's id without what people put between the digits: `412-555-0137`, `act_120...`."""
    return re.sub(r"[^0-9A-Za-z]", "", identifier.removeprefix("act_")).casefold()


@dataclass
class Standard:
    """A registry, compiled. `today` is the day on which dates are judged."""

    catalogue: Catalogue
    codec: Codec
    today: date
    _contracts: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _lost: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _account_fields: dict[tuple[str, str], tuple[tuple[str, str], ...]] = field(
        default_factory=dict, repr=False
    )
    _patterns: dict[tuple[str, ...], str] = field(default_factory=dict, repr=False)
    _nearest: dict[tuple[str, ...], NearestNames] = field(default_factory=dict, repr=False)
    links: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What was found of links, by what decides (`canonry.audit.checks.recall`)."""
    _owners: dict[tuple[str, str, str | None], tuple[Campaign, str]] = field(default_factory=dict, repr=False)
    _traits: dict[str, Mapping[str, Contract]] = field(default_factory=dict, repr=False)
    _replaced: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict, repr=False)

    @cached_property
    def reader(self) -> Reader:
        """Reads links."""
        return Reader(self.codec)

    @cached_property
    def essence(self) -> Essence:
        """Reduces addresses to what decides how they are judged."""
        return Essence(self.reader, {parameter for parameter, _, _ in self.foreign})

    @cached_property
    def names(self) -> QuickNames:
        """Reads names that are right, quickly."""
        return QuickNames(self.codec)

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """Accounts by key."""
        return self.catalogue.accounts.accounts if self.catalogue.accounts else {}

    @cached_property
    def _by_number(self) -> Mapping[tuple[str, str], str]:
        return {(each.platform, digits(each.id)): key for key, each in self.accounts.items()}

    def account(self, seen: Observation) -> tuple[str, Account | None]:
        """Key and account of an observation: by key, by the platform's number, or the platform's only one."""
        found = self.accounts.get(seen.account)
        if found is not None:
            return seen.account, found
        if seen.account:
            key = self._by_number.get((seen.platform, digits(seen.account)))
            return (key, self.accounts[key]) if key else ("", None)
        return "", None

    def contracts(self, platform: str, native: str, account: str) -> tuple[str, ...]:
        """The naming contracts that names of this level are judged by; empty where nothing says."""
        key = (platform, native, account)
        known = self._contracts.get(key)
        if known is None:
            listed = self.accounts[account].contracts if account in self.accounts else []
            table = self.codec.table["contracts"]
            fitting = [
                identifier
                for identifier in self.codec.live("objects")
                if (not platform or platform in table[identifier]["platforms"])
                and (not platform or table[identifier]["level"] in spellings(native))
            ]
            applying = [identifier for identifier in fitting if identifier in listed]
            known = self._contracts[key] = tuple(applying or fitting)
        return known

    def unread(self, platform: str, native: str, account: str) -> tuple[str, ...]:
        """Contracts by which names of this level are to be judged too, and that nothing can be read by.

        What no other contract reads may be right by them.
        """
        key = (platform, native, account)
        known = self._lost.get(key)
        if known is None:
            listed = self.accounts[account].contracts if account in self.accounts else []
            others = any(each in listed for each in self.contracts(platform, native, account))
            known = self._lost[key] = tuple(
                identifier
                for identifier, platforms, level in self._unread
                if identifier.startswith("/objects/")
                and (platform in platforms or not platforms)
                and (level in spellings(native) or not level)
                and (identifier in listed or (not others and bool(platforms)))
            )
        return known

    @cached_property
    def unread_formats(self) -> tuple[str, ...]:
        """Formats of links that nothing can be read by."""
        return tuple(identifier for identifier, _, _ in self._unread if identifier.startswith("/utm/"))

    @cached_property
    def _unread(self) -> list[tuple[str, frozenset[str], str]]:
        """Live naming contracts that the table lacks, since lint refuses them: id, platforms, level.

        Of those whose file could not be loaded nobody knows platform and level.
        """
        table = self.codec.table["contracts"]
        found = [
            (str(each.id), frozenset(each.meta.platforms), each.meta.level or "")
            for each in self.catalogue.of_kind("objects", "utm")
            if each.is_live and str(each.id) not in table
        ]
        broken = (_BROKEN.match(path) for path in sorted(self.catalogue.broken))
        return found + [(match[1], frozenset(), "") for match in broken if match is not None]

    def nearest(self, contracts: tuple[str, ...]) -> NearestNames:
        """Says of names that are not right what the nearest of the contracts says."""
        known = self._nearest.get(contracts)
        if known is None:
            known = self._nearest[contracts] = NearestNames(self.codec, self.names, contracts)
        return known

    def patterns(self, contracts: tuple[str, ...]) -> str:
        """How names of these contracts are written, in words."""
        known = self._patterns.get(contracts)
        if known is None:
            listed = sorted({self.codec.contract(each).pattern() for each in contracts})
            known = self._patterns[contracts] = " or ".join(listed)
        return known

    def within(self, account: Account, name: str, value: str) -> bool:
        """Whether a brand or market is the account's; True where the registry cannot tell."""
        wanted = account.brand if name == "brand" else account.market
        if wanted is None or wanted == value or wanted in ANYWHERE or value in ANYWHERE:
            return True
        if name == "brand":
            return False
        inside = self._regions.get(wanted)
        if inside:
            return value in inside
        if value in self._regions:  # a cluster of markets, whose account this may be one of
            return wanted in self._regions[value] or wanted not in self._countries
        return wanted not in self._countries

    def account_fields(self, account: str, contract: str) -> tuple[tuple[str, str], ...]:
        """What an account is for, `brand` or `market`, and the contract's field that says it.

        That is the field of this name, else the only one whose words have the account's among them.
        """
        key = (account, contract)
        known = self._account_fields.get(key)
        if known is None:
            held = self.accounts[account]
            fields = self.codec.table["contracts"].get(contract, {}).get("fields", {})
            found = []
            for what, wanted in (("brand", held.brand), ("market", held.market)):
                mine = [name for name, spec in fields.items() if wanted in self._words_of(spec)]
                if what in fields:
                    found.append((what, what))
                elif wanted is not None and len(mine) == 1:
                    found.append((what, mine[0]))
            known = self._account_fields[key] = tuple(found)
        return known

    def _words_of(self, spec: Mapping[str, Any]) -> Container[str | None]:
        vocabulary = self.catalogue.vocabularies.get(spec.get("vocabulary") or "")
        return vocabulary.words if vocabulary is not None else ()

    @cached_property
    def dated(self) -> frozenset[str]:
        """Fields that campaigns register and that stand for days, months or quarters."""
        said = {name for campaign in self.campaigns.values() for name in campaign.fields}
        table = self.codec.table["contracts"]
        return frozenset(
            name
            for each in table.values()
            for name, spec in each["fields"].items()
            if name in said and spec["type"] == "date"
        )

    def now(self, contract: str, name: str, word: str) -> str:
        """The word that stands for a word today: what replaced it where it is deprecated or retired."""
        key = (contract, name)
        replaced = self._replaced.get(key)
        if replaced is None:
            spec: Mapping[str, Any] = self.codec.table["contracts"].get(contract, {}).get("fields", {})
            vocabulary = self.catalogue.vocabularies.get(spec.get(name, {}).get("vocabulary") or "")
            replaced = self._replaced[key] = {
                old: entry.replaced_by
                for old, entry in (vocabulary.words.items() if vocabulary else ())
                if entry.replaced_by
            }
        for _ in replaced:
            if word not in replaced:
                break
            word = replaced[word]
        return word

    def is_place(self, contract: str, name: str) -> bool:
        """Whether a field holds markets: by its name, or since its words lie in clusters of them."""
        if name == "market":
            return True
        spec: Mapping[str, Any] = self.codec.table["contracts"].get(contract, {}).get("fields", {})
        vocabulary = self.catalogue.vocabularies.get(spec.get(name, {}).get("vocabulary") or "")
        words = vocabulary.words.values() if vocabulary is not None else ()
        return any("region" in entry.attributes for entry in words)

    def covers(self, registered: str, value: str) -> bool:
        """Whether a market lies in a registered cluster of markets: `de` in `dach`."""
        return registered == value or registered in ANYWHERE or value in self._regions.get(registered, ())

    @cached_property
    def _countries(self) -> frozenset[str]:
        return frozenset(word for words in self._regions.values() for word in words)

    @cached_property
    def _regions(self) -> Mapping[str, frozenset[str]]:
        """Clusters of markets and what lies in them, whatever the vocabulary of markets is called."""
        found: dict[str, set[str]] = {}
        for vocabulary in self.catalogue.vocabularies.values():
            for word, entry in vocabulary.words.items():
                region = entry.attributes.get("region")
                if isinstance(region, str):
                    found.setdefault(region, set()).add(word)
        return {region: frozenset(words) for region, words in found.items()}

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        """Registered campaigns by registry id."""
        return self.catalogue.campaigns

    def campaign_of(self, seen: Observation, account: str, said: str = "") -> str:
        """The campaign for which an object's own id is registered; empty where it is for none.

        Where it is for several, as one campaign continues another: the one that is `said`, else the last that
        has begun.
        """
        if not seen.id or seen.level not in OBJECTS:
            return ""
        found = self._campaigns_of_number.get((account, seen.id), ())
        if said in found or len(found) < 2:  # noqa: PLR2004  it takes two to choose
            return said if said in found else next(iter(found), "")
        begun = [key for key in found if str(self.campaigns[key].start) <= self.today.isoformat()]
        return max(begun or found, key=lambda key: str(self.campaigns[key].start))

    def campaigns_of(self, platform: str, number: str) -> list[str]:
        """The campaigns for which a platform's number is registered, in any of its accounts."""
        return self._campaigns_of_platform.get((platform, number), [])

    @cached_property
    def _campaigns_of_platform(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for (account, number), keys in self._campaigns_of_number.items():
            if account in self.accounts:
                found.setdefault((self.accounts[account].platform, number), []).extend(keys)
        return found

    @cached_property
    def _campaigns_of_number(self) -> Mapping[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for key, campaign in self.campaigns.items():
            for account, numbers in campaign.platform_ids.items():
                for number in numbers:
                    found.setdefault((account, number), []).append(key)
        return found

    def plan(self, campaign: str, platform: str, format_: str | None = None) -> ChannelPlan | None:
        """The first of `plans`."""
        return next(iter(self.plans(campaign, platform, format_)), None)

    def plans(self, campaign: str, platform: str, format_: str | None = None) -> Iterator[ChannelPlan]:
        """What a registered campaign plans on a platform (and in a format); search and video are two."""
        found = self.campaigns.get(campaign)
        for plan in found.channels if found else ():
            if format_ is not None and plan.format != format_:
                continue
            if not platform or platform in self._platforms(plan):
                yield plan

    def owner(self, campaign: str, platform: str, format_: str | None = None) -> str:
        """Who answers for a campaign there: the plans' owner where they have one, else the campaign's.

        Empty for a campaign that is not registered.
        """
        found = self.campaigns.get(campaign)
        if found is None:
            return ""
        key = (campaign, platform, format_)
        of, owner = self._owners.get(key, (None, ""))
        if of is not found:
            owners = {plan.owner or found.owner for plan in self.plans(campaign, platform, format_)}
            owner = owners.pop() if len(owners) == 1 else found.owner
            self._owners[key] = (found, owner)
        return owner

    def _platforms(self, plan: ChannelPlan) -> Iterable[str]:
        if plan.platforms:
            return plan.platforms
        entry: Mapping[str, Any] = self.codec.table["contracts"].get(plan.format, {})
        return list(entry.get("platforms", ()))

    @cached_property
    def promises(self) -> Mapping[tuple[str, str], list[Promise]]:
        """Registered audiences by platform and name."""
        found: dict[tuple[str, str], list[Promise]] = {}
        for contract in self.catalogue.of_kind("segments"):
            if contract.is_live:
                for destination in contract.meta.destinations:
                    key = (destination.platform, destination.audience.casefold())
                    found.setdefault(key, []).append(Promise(contract, destination))
        return found

    def promise(self, platform: str, account: str, name: str, number: str = "") -> Promise | None:
        """The registered audience of a name (or the platform's id), in this account where several have it."""
        found = self.promises.get((platform, name.casefold()), [])
        if number:
            found = list(self._by_audience_id.get((platform, number), [])) or found
        mine = [p for p in found if not account or p.destination.account in (account, None)]
        return mine[0] if mine else None

    @cached_property
    def _by_audience_id(self) -> Mapping[tuple[str, str], list[Promise]]:
        found: dict[tuple[str, str], list[Promise]] = {}
        for promises in self.promises.values():
            for promise in promises:
                if promise.destination.audience_id:
                    key = (promise.destination.platform, promise.destination.audience_id)
                    found.setdefault(key, []).append(promise)
        return found

    @cached_property
    def events(self) -> Mapping[str, Mapping[str, Contract]]:
        """Per platform (and "" for our own name) what an event is called to its contract."""
        found: dict[str, dict[str, Contract]] = {"": {}}
        for contract in self.catalogue.of_kind("events"):
            if not contract.is_live:
                continue
            found[""][contract.id.name] = contract
            named = contract.meta.platforms
            for platform, word in named.items() if isinstance(named, dict) else ():
                found.setdefault(platform, {})[word] = contract
        return found

    def event(self, platform: str, name: str) -> Contract | None:
        """The contract of an event as a platform calls it."""
        return self.events.get(platform, {}).get(name) or self.events[""].get(name)

    @cached_property
    def user_properties(self) -> frozenset[str]:
        """What traits are called, on platforms and by us."""
        found: set[str] = set()
        for contract in self.catalogue.of_kind("traits"):
            for name, schema in contract.properties.items():
                found.add(name)
                if isinstance(schema, dict) and isinstance(schema.get("x-platforms"), dict):
                    found.update(str(word) for word in schema["x-platforms"].values())
        return frozenset(found)

    def traits(self, platform: str) -> Mapping[str, Contract]:
        """What each trait that goes to a platform is called there, and its contract.

        A trait goes to the platforms that its contract lists; where the contract maps some of its properties
        for one (`x-platforms`), only those go.
        """
        known = self._traits.get(platform)
        if known is None:
            known = self._traits[platform] = dict(self._traits_of(platform))
        return known

    def _traits_of(self, platform: str) -> Iterator[tuple[str, Contract]]:
        found = self.platform(platform)
        limits = found.events if found else None
        reserved = limits.reserved_user_properties if limits else ()
        for contract in self.catalogue.of_kind("traits"):
            if not contract.is_live or platform not in contract.meta.platforms:
                continue
            plain = {
                name: schema
                for name, schema in contract.properties.items()
                if isinstance(schema, dict) and schema.get("type") not in ("object", "array")
            }
            mapped = {
                str(word): contract
                for schema in plain.values()
                if isinstance(words := schema.get("x-platforms"), dict) and (word := words.get(platform))
            }
            own = {name: contract for name, schema in plain.items() if "$ref" not in schema}
            yield from ((name, each) for name, each in (mapped or own).items() if name not in reserved)

    def parameters(self, contract: Contract, platform: str) -> frozenset[str]:
        """What an event's properties are called on a platform, and by us."""
        found: set[str] = set()
        for name, schema in contract.properties.items():
            found.add(name)
            if isinstance(schema, dict) and isinstance(schema.get("x-platforms"), dict):
                word = schema["x-platforms"].get(platform)
                if isinstance(word, str):
                    found.add(word)
        return frozenset(found)

    def platform(self, key: str) -> Platform | None:
        """What is known of a platform."""
        return self.catalogue.platforms.get(key)

    def label(self, key: str) -> str:
        """What people call a platform."""
        found = self.platform(key)
        return found.label if found else key

    def window(self, platform: str, mechanism: str) -> Window | None:
        """The windows that a platform offers for a mechanism."""
        found = self.platform(platform)
        return next((w for w in found.windows if w.mechanism == mechanism), None) if found else None

    @cached_property
    def foreign(self) -> list[tuple[str, Any, str]]:
        """Parameter, what accepts the values that others write, and why they are foreign."""
        from canonry.naming.automata import compiled_patterns
        from canonry.naming.runtime.values import Automaton
        from canonry.regular import PatternSyntaxError, UnsupportedPattern

        found = []
        for each in self.catalogue.audit.foreign if self.catalogue.audit else ():
            try:
                found.append((each.parameter, Automaton(compiled_patterns([each.pattern])), each.why))
            except (PatternSyntaxError, UnsupportedPattern):
                continue  # canonry lint says so
        return found

    def written_by_others(self, params: Mapping[str, str]) -> str | None:
        """Why these values are foreign; None where they are ours."""
        for parameter, accepts, why in self.foreign:
            value = params.get(parameter)
            if value and accepts.accepts(value):
                return str(why)
        return None

    def enforced(self, day: date | None = None) -> bool:
        """Whether the baseline no longer shields anything."""
        since = self.catalogue.audit.enforce_from if self.catalogue.audit else None
        return since is not None and (day or self.today) >= date.fromisoformat(str(since))

    def days_since(self, day: date) -> int:
        """Whole days from a day to today."""
        return (self.today - day) // timedelta(days=1)


_ALIKE: Final = (
    frozenset({"ad_set", "ad_group"}),
    frozenset({"audience", "list", "segment"}),
    frozenset({"goal", "conversion_action", "key_event", "floodlight_activity"}),
)


def spellings(native: str) -> frozenset[str]:
    """The platform levels that a level may go by."""
    return next((group for group in _ALIKE if native in group), frozenset({native}))

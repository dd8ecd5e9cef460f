"""Every object name and link of a campaign: channels by platform, market, segment and creative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from canonry.app import links
from canonry.app.links import Book, Target
from canonry.catalogue.dates import is_day
from canonry.naming.links import sentence

if TYPE_CHECKING:
    from canonry.catalogue.documents.campaign import Campaign, ChannelPlan
    from canonry.catalogue.documents.platform import Platform
    from canonry.catalogue.model import Catalogue

MARKET: Final = "market"
_SAID: Final = ("audience", "audience_stage")
"""Fields of an audience's name that also tell what its ad set is about."""
_GENERATED: Final = ("month", "quarter", "year")
"""Dates that follow from the first day. A day of its own, such as that of a mailing, somebody has to say."""


class Open(NamedTuple):
    """One thing that keeps names or links from being built, told once however many it stops."""

    channel: int
    what: str
    """The contract that cannot be written, or what else is missing."""
    field: str
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Item:
    """One object to set up: where it runs, what everything is called, and where it leads."""

    channel: int
    format: str
    platform: str | None
    market: str | None
    segment: str | None
    creative: str | None
    names: Mapping[str, str]
    """Object level to name; a level without a contract of its own has none."""
    audience: str | None
    """What the segment is called on the platform."""
    link: Mapping[str, Any] | None
    """What `canonry.app.links.build` answered; None where it could not be built."""

    def to_json(self) -> dict[str, Any]:
        """The item, with its link's text, address, parameters and channel."""
        link = self.link
        return {
            "channel": self.channel,
            "format": self.format,
            "platform": self.platform,
            "market": self.market,
            "segment": self.segment,
            "creative": self.creative,
            "names": dict(self.names),
            "audience": self.audience,
            "link": None
            if link is None
            else {
                "text": link["text"],
                "url": link["url"],
                "params": dict(link["params"]),
                "ga4_channel": link["channel"]["name"] if link["channel"] else None,
            },
        }


@dataclass(frozen=True, slots=True)
class Objects:
    """All objects of a campaign, and what keeps others from being built."""

    key: str
    campaign: Campaign
    items: tuple[Item, ...]
    open: tuple[Open, ...]

    def to_json(self, recorded: int | None = None) -> dict[str, Any]:
        """Items, what is open, and counts. `recorded`: how many links were newly kept as issued."""
        names = {(i.platform, level, name) for i in self.items for level, name in i.names.items()}
        texts = {(i.platform, i.link["url"] or i.link["text"]) for i in self.items if i.link}
        return {
            "id": self.key,
            "slug": self.campaign.slug,
            "counts": {"objects": len(self.items), "names": len(names), "links": len(texts)},
            "items": [item.to_json() for item in self.items],
            "open": [row._asdict() for row in self.open],
            "recorded": recorded,
        }


def objects(catalogue: Catalogue, book: Book, key: str) -> Objects:
    """What a registered campaign consists of. Raises `KeyError` where there is none of this id."""
    return _Maker(catalogue, book, key).objects()


def exclusion_names(catalogue: Catalogue, campaign: Campaign, platform: str | None) -> list[str]:
    """What the campaign's exclusions, and those of its segments, are called on a platform."""
    wanted = dict.fromkeys(campaign.exclusions)
    for identifier in campaign.segments:
        contract = catalogue.contract(identifier)
        wanted.update(dict.fromkeys(contract.meta.exclusions if contract is not None else ()))
    found: dict[str, None] = {}
    for identifier in wanted:
        contract = catalogue.contract(identifier)
        for destination in contract.meta.destinations if contract is not None else ():
            if destination.platform == platform:
                found[destination.audience] = None
    return list(found)


@dataclass
class _Channel:
    """One channel on one platform, with what is worked out once for all of its rows."""

    number: int
    plan: ChannelPlan
    platform: str | None
    levels: Mapping[str, str]
    landing: str
    base: Mapping[str, str]


@dataclass
class _Maker:
    catalogue: Catalogue
    book: Book
    key: str
    _open: dict[tuple[int, str, str], Open] = field(default_factory=dict)
    _names: dict[tuple[Any, ...], str | None] = field(default_factory=dict)
    _links: dict[tuple[Any, ...], Mapping[str, Any] | None] = field(default_factory=dict)
    _tags: dict[str, tuple[str, Mapping[str, str]] | None] = field(default_factory=dict)
    _audiences: dict[tuple[str, str | None, str | None], tuple[str, Mapping[str, str]] | None] = field(
        default_factory=dict
    )
    _generated: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.campaign = self.catalogue.campaigns[self.key]
        self.codec = self.book.whole()

    def objects(self) -> Objects:
        items = tuple(
            item
            for number, plan in enumerate(self.campaign.channels)
            for channel in self._channels(number, plan)
            for item in self._items(channel)
        )
        return Objects(self.key, self.campaign, items, tuple(self._open.values()))

    def _channels(self, number: int, plan: ChannelPlan) -> Iterator[_Channel]:
        if plan.format not in self.codec.table["contracts"]:
            path = self.book.index["left_out"].get(plan.format)
            reason = f"{path} has errors" if path else "there is no such format"
            self._miss(number, plan.format, "", f"{plan.format} cannot be built: {reason}", "canonry lint")
            return
        contract = self.codec.contract(plan.format)
        platforms: Sequence[str | None] = plan.platforms or contract.table["platforms"] or [None]
        for platform in platforms:
            base = {"slug": self.campaign.slug, **self.campaign.fields, **plan.fields}
            levels = self._levels(plan.format, platform)
            yield _Channel(
                number, plan, platform, levels, plan.landing_url or self.campaign.landing_url, base
            )

    def _levels(self, identifier: str, platform: str | None) -> dict[str, str]:
        """Object levels of a platform that the format's ads hang from, to the contracts of their names."""
        about = self.catalogue.platforms.get(platform or "")
        if about is None or platform is None:
            return {}
        contracts = self.codec.table["contracts"]
        named: dict[str, str] = {}
        for each in self.codec.live("objects"):
            if platform in contracts[each]["platforms"] and contracts[each]["level"]:
                named[contracts[each]["level"]] = self.codec.newest(each)
        used = self._used(identifier, platform, about)
        chain = _chain(about, used)
        found = {level: named[level] for level in chain if level in named}
        for level, contract in named.items():  # a creative's name hangs from nothing
            loose = about.levels[level].parent is None and not _has_children(about, level)
            fields = self.codec.contract(contract).fields.values()
            if level not in found and loose and any(each.spec["type"] == "name" for each in fields):
                found[level] = contract
        return found

    def _used(self, identifier: str, platform: str, about: Platform) -> set[str]:
        """Object levels that the format's macros stand for."""
        form = self.codec.contract(identifier).forms.get(platform)
        if form is None:
            return set()
        levels = {macro.macro: macro.level for macro in about.macros}
        contracts = self.codec.table["contracts"]
        used = set()
        for key, macro in form.macros.items():
            part = self.codec.table["contracts"][identifier]["forms"][platform]["params"][key]
            target = part.get("of") or part.get("expands")
            level = contracts[target]["level"] if target in contracts else levels.get(macro.macro)
            if level:
                used.add(level)
        return used

    def _items(self, channel: _Channel) -> Iterator[Item]:
        plan, campaign = channel.plan, self.campaign
        own = channel.base.get(MARKET)
        markets: Sequence[str | None] = plan.markets or (
            [own] if MARKET in plan.fields else campaign.markets or [own]
        )
        creatives: Sequence[str | None] = plan.creatives or [None]
        for market in markets:
            segments: Sequence[str | None] = self._segments(channel, market) or [None]
            for segment in segments:
                for creative in creatives:
                    yield self._item(channel, market, segment, creative)

    def _segments(self, channel: _Channel, market: str | None) -> list[str]:
        """The segments that the platform holds and the channel's own audience does not rule out."""
        found = []
        fixed = channel.plan.fields.get("audience")
        for identifier in channel.plan.segments or self.campaign.segments:
            audience = self._audience(identifier, channel.platform, market)
            if audience is None:
                continue
            if fixed is None or channel.plan.segments or audience[1].get("audience", fixed) == fixed:
                found.append(identifier)
        return found

    def _item(self, channel: _Channel, market: str | None, segment: str | None, creative: str | None) -> Item:
        known: dict[str, str] = {}
        audience = self._audience(segment, channel.platform, market) if segment else None
        tag = self._tag(channel, creative) if creative else None
        if audience is not None:
            known.update(audience[1])
        if tag is not None:
            known.update(tag[1])
        known.update(channel.base)
        if market is not None:
            known[MARKET] = market
        spoken = {**(tag[1] if tag else {}), **(audience[1] if audience else {})}
        names: dict[str, str] = {}
        for level, contract in channel.levels.items():
            name = self._name(channel, level, contract, known, spoken, tag, creative)
            if name is not None:
                names[level] = name
        link = self._link(channel, known, spoken, tag, creative)
        return Item(
            channel.number,
            channel.plan.format,
            channel.platform,
            market,
            segment,
            creative,
            names,
            audience[0] if audience else None,
            link,
        )

    def _name(
        self,
        channel: _Channel,
        level: str,
        identifier: str,
        known: Mapping[str, str],
        spoken: Mapping[str, str],
        tag: tuple[str, Mapping[str, str]] | None,
        creative: str | None,
    ) -> str | None:
        fields = self._fields(identifier, known, spoken, tag, creative)
        memory = (identifier, *fields.items())
        if memory not in self._names:
            built = self.codec.build(identifier, fields)
            self._names[memory] = built["name"] if built["ok"] else None
            for problem in built["problems"]:
                about = self.catalogue.platforms[channel.platform or ""].levels[level].label
                self._problem(channel, identifier, problem, about)
        return self._names[memory]

    def _link(
        self,
        channel: _Channel,
        known: Mapping[str, str],
        spoken: Mapping[str, str],
        tag: tuple[str, Mapping[str, str]] | None,
        creative: str | None,
    ) -> Mapping[str, Any] | None:
        identifier = channel.plan.format
        fields = self._fields(identifier, known, spoken, tag, creative)
        memory = (identifier, channel.platform, channel.landing, *fields.items())
        if memory not in self._links:
            target = Target(identifier, channel.platform)
            target.campaign, target.fixed, target.landing = self.key, fields, channel.landing
            answer = links.build(self.book, target, {})
            self._links[memory] = answer if answer["ok"] else None
            for problem in answer["problems"]:
                self._problem(channel, identifier, problem, answer["title"])
            for rule, message, advice in answer["landing"]["problems"] if not answer["ok"] else ():
                self._miss(channel.number, "landing page", rule, message, advice)
        return self._links[memory]

    def _fields(
        self,
        identifier: str,
        known: Mapping[str, str],
        spoken: Mapping[str, str],
        tag: tuple[str, Mapping[str, str]] | None,
        creative: str | None,
    ) -> dict[str, str]:
        """What the plan says of each field of a contract: by its name, by its words, or worked out."""
        found: dict[str, str] = {}
        for name, about in self.codec.contract(identifier).fields.items():
            spec = about.spec
            if spec["type"] == "id" and spec["of"] == "campaign":
                found[name] = self.key
            elif name in known:
                found[name] = known[name]
            elif spec["type"] == "name" and creative is not None and tag is not None and spec["of"] == tag[0]:
                found[name] = creative
            elif spec["type"] == "date" and spec["unit"] in _GENERATED and is_day(self.campaign.start):
                found[name] = self._period(spec["unit"])
            elif "vocabulary" in spec:
                said = self._said(spec["vocabulary"], spoken, tag)
                if said is not None:
                    found[name] = said
        return found

    def _said(
        self, vocabulary: str, spoken: Mapping[str, str], tag: tuple[str, Mapping[str, str]] | None
    ) -> str | None:
        """What the creative says in the words of a vocabulary, where only one of its fields has them."""
        if tag is None:
            return None
        fields = self.codec.contract(tag[0]).fields
        names = [name for name in tag[1] if fields[name].spec.get("vocabulary") == vocabulary]
        return spoken[names[0]] if len(names) == 1 else None

    def _period(self, unit: str) -> str:
        day = date.fromisoformat(self.campaign.start)
        if unit == "month":
            return f"{day.year}-{day.month:02}"
        return str(day.year) if unit == "year" else f"{day.year}-Q{(day.month + 2) // 3}"

    def _tag(self, channel: _Channel, creative: str) -> tuple[str, Mapping[str, str]] | None:
        """The creative tag's contract, and what it says."""
        if creative not in self._tags:
            read = self.codec.read_name("creatives", creative)
            self._tags[creative] = (
                (read["format"], _texts(read["fields"])) if read["status"] == "right" else None
            )
        if self._tags[creative] is None:
            message = f"{creative} is no creative tag"
            self._miss(channel.number, "creative", creative, message, "canonry name parse explains it")
        return self._tags[creative]

    def _audience(
        self, identifier: str, platform: str | None, market: str | None
    ) -> tuple[str, Mapping[str, str]] | None:
        """What a segment is called on a platform, and what that says; None where it is not held there."""
        memory = (identifier, platform, market)
        if memory not in self._audiences:
            self._audiences[memory] = self._named(identifier, platform, market)
        return self._audiences[memory]

    def _named(
        self, identifier: str, platform: str | None, market: str | None
    ) -> tuple[str, Mapping[str, str]] | None:
        contract = self.catalogue.contract(identifier)
        meta = contract.meta if contract is not None and contract.meta.role in (None, "audience") else None
        held = [d for d in meta.destinations if d.platform == platform] if meta is not None else []
        if not held:
            return None
        accounts = self.catalogue.accounts.accounts if self.catalogue.accounts else {}
        brand = self.campaign.fields.get("brand")

        def fitness(destination: Any) -> tuple[bool, bool]:
            account = accounts.get(destination.account or "")
            if account is None:
                return False, False
            return account.brand == brand, account.market in (market, self.campaign.fields.get(MARKET))

        best = max(held, key=fitness)
        read = self.codec.read_name("objects", best.audience, platform=platform, level="audience")
        said = _texts(read["fields"]) if read["status"] == "right" else {}
        about: dict[str, str] = {}
        for name in _SAID:
            if name in said:
                about[name] = said[name]
        return best.audience, about

    def _problem(self, channel: _Channel, identifier: str, problem: Mapping[str, Any], about: str) -> None:
        near = problem.get("nearest")
        where = self.book.label(channel.platform) if channel.platform else ""
        message = f"{f'{where} ' if where else ''}{about}: {sentence(dict(problem), identifier)}"
        advice = f"did you mean {near!r}?" if near else f"set {problem['field']} under fields"
        self._miss(channel.number, identifier, str(problem["field"]), message, advice)

    def _miss(self, channel: int, what: str, name: str, message: str, advice: str) -> None:
        self._open.setdefault((channel, what, name), Open(channel, what, name, message, advice))


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(value)
        for name, value in fields.items()
        if value is not None and not isinstance(value, dict)
    }


def _has_children(platform: Platform, level: str) -> bool:
    return any(about.parent == level for about in platform.levels.values())


def _chain(platform: Platform, used: set[str]) -> list[str]:
    """The levels from the top down. Of several kinds of children those in use, or the first."""

    def reaches(level: str) -> bool:
        return level in used or any(
            about.parent == level and reaches(child) for child, about in platform.levels.items()
        )

    roots = [n for n, about in platform.levels.items() if about.parent is None and _has_children(platform, n)]
    found: list[str] = []
    todo = roots[:1]
    while todo:
        level = todo.pop(0)
        found.append(level)
        children = [name for name, about in platform.levels.items() if about.parent == level]
        todo = [name for name in children if reaches(name)] or children[:1]
        todo = todo[:1] if level not in used else todo
    return found

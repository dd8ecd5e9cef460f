"""Registered campaigns: who they are, when, where and in which words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from canonry.catalogue.dates import is_day
from canonry.catalogue.documents.campaign import Campaign, ChannelPlan
from canonry.catalogue.model import Contract
from canonry.kernel.findings import Place
from canonry.lint.subject import Remark, Subject
from canonry.lint.values import unsound
from canonry.naming import ids
from canonry.naming.suggest import nearest


def _place(subject: Subject, key: str, pointer: str = "") -> Place:
    return subject.catalogue.sources.place(f"registry/campaigns/{key}.yaml", pointer)


def campaign_id_invalid(subject: Subject) -> Iterator[Remark]:
    """A campaign's registry id is mistyped: its check character does not fit.

    ## Why it matters
    The check character catches ids that were copied by hand. A file under such an id teaches everybody the
    wrong one.

    ## Instead
    Let `canonry campaign new` draw the id. Never number campaigns by hand.
    """
    for key in subject.catalogue.campaigns:
        if not ids.valid(key):
            advice = (
                f"its first five characters belong with {ids.check_character(key[:5])!r}"
                if key[0].isalpha()
                else ""
            )
            yield Remark(
                f"{key!r} is no registry id: the check character is wrong",
                _place(subject, key),
                advice,
                values=(key,),
            )


def campaign_slug_duplicate(subject: Subject) -> Iterator[Remark]:
    """Two campaigns have the same slug.

    ## Why it matters
    People find campaigns by slug; `utm build --campaign spring-sale` must mean one.

    ## Instead
    Name them apart, by year or market. One that goes on has `continues`, and a slug of its own.
    """
    taken: dict[str, str] = {}
    for key, campaign in subject.catalogue.campaigns.items():
        other = taken.setdefault(campaign.slug, key)
        if other != key:
            message = f"the slug {campaign.slug!r} belongs to {other} already"
            yield Remark(
                message,
                _place(subject, key, "/slug"),
                "add the year or market",
                values=(campaign.slug, other),
            )


def campaign_dates_contradictory(subject: Subject) -> Iterator[Remark]:
    """A campaign ends before it begins, or its status does not fit its dates.

    ## Why it matters
    Reports and checks go by the dates: links of a campaign that is over, or not begun, count as mistakes.

    ## Instead
    Correct the dates or the status; `canonry campaign` commands set both.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        if not (is_day(campaign.start) and is_day(campaign.end)):
            continue
        today = subject.today.isoformat()
        if campaign.end < campaign.start:
            message = f"it ends on {campaign.end}, before it begins on {campaign.start}"
            yield Remark(message, _place(subject, key, "/end"), values=("order",))
        elif campaign.status == "live" and (today < campaign.start or today > campaign.end):
            message = f"it is live, and runs from {campaign.start} to {campaign.end}"
            yield Remark(
                message,
                _place(subject, key, "/status"),
                "status planned or ended, or other dates",
                values=("live",),
            )
        elif campaign.status == "ended" and today < campaign.start:
            message = f"it has ended, and begins on {campaign.start}"
            yield Remark(
                message, _place(subject, key, "/status"), "status planned or cancelled", values=("ended",)
            )
        elif campaign.status == "planned" and today > campaign.end:
            message = f"it is planned, and was over on {campaign.end}"
            yield Remark(
                message, _place(subject, key, "/status"), "status ended or cancelled", values=("planned",)
            )


def campaign_reference_unknown(subject: Subject) -> Iterator[Remark]:
    """A campaign refers to a format, platform, account, segment, event or campaign that does not exist.

    ## Why it matters
    Its links cannot be built, or its audience is nobody.

    ## Instead
    Use an id that exists; the message gives the nearest one.
    """
    catalogue = subject.catalogue
    for key, campaign in catalogue.campaigns.items():
        for number, channel in enumerate(campaign.channels):
            yield from _contract(subject, key, channel.format, "utm", f"/channels/{number}/format")
            contract = catalogue.contract(channel.format)
            for index, target in enumerate(channel.segments):
                pointer = f"/channels/{number}/segments/{index}"
                yield from _contract(subject, key, target, "segments", pointer)
            for index, platform in enumerate(channel.platforms):
                if contract is not None and platform not in contract.meta.platforms:
                    near = nearest(platform, contract.meta.platforms)
                    advice = (
                        f"did you mean {near!r}?"
                        if near
                        else f"it is for {', '.join(contract.meta.platforms) or 'no platform'}"
                    )
                    message = f"{channel.format} is not for {platform!r}"
                    place = _place(subject, key, f"/channels/{number}/platforms/{index}")
                    yield Remark(message, place, advice, values=(channel.format, platform))
        for part in ("segments", "exclusions"):
            for number, target in enumerate(getattr(campaign, part)):
                yield from _contract(subject, key, target, "segments", f"/{part}/{number}")
        if campaign.success.event is not None:
            yield from _contract(subject, key, campaign.success.event, "events", "/success/event")
        for number, target in enumerate(campaign.journey):
            yield from _contract(subject, key, target, "events", f"/journey/{number}")
        if campaign.continues is not None and campaign.continues not in catalogue.campaigns:
            near = nearest(campaign.continues, catalogue.campaigns)
            advice = f"did you mean {near!r}?" if near else "name the registry id of a campaign"
            message = f"there is no campaign {campaign.continues!r} that it could continue"
            yield Remark(message, _place(subject, key, "/continues"), advice, values=(campaign.continues,))
        yield from _accounts(subject, key, campaign)


def _contract(subject: Subject, key: str, target: str, kind: str, pointer: str) -> Iterator[Remark]:
    if target.startswith(f"/{kind}/") and subject.catalogue.exists(target):
        return
    message = f"there is no {target}" if target.startswith(f"/{kind}/") else f"{target} is none of /{kind}/"
    near = nearest(target, [str(each.id) for each in subject.catalogue.of_kind(kind)])
    yield Remark(
        message, _place(subject, key, pointer), f"did you mean {near}?" if near else "", values=(target,)
    )


def _accounts(subject: Subject, key: str, campaign: Campaign) -> Iterator[Remark]:
    accounts = subject.catalogue.accounts
    if accounts is None:
        return
    for name in campaign.platform_ids:
        if name not in accounts.accounts:
            near = nearest(name, accounts.accounts)
            advice = f"did you mean {near!r}?" if near else "use a key of registry/accounts.yaml"
            yield Remark(
                f"there is no account {name!r}",
                _place(subject, key, f"/platform_ids/{name}"),
                advice,
                values=(name,),
            )


def campaign_field_invalid(subject: Subject) -> Iterator[Remark]:
    """A campaign fills in a field that none of its formats has, or a value that the field does not allow.

    ## Why it matters
    The links would miss the value, or cannot be built at all.

    ## Instead
    Fields are those of the formats under `channels`, of creative tags, and of the objects of their platforms;
    values are words of their vocabularies. `canonry list` shows both.
    """
    for key, campaign in subject.catalogue.campaigns.items():
        formats = [_readable(subject, channel.format) for channel in campaign.channels]
        links = _schemas(subject, formats)
        inside = _schemas(subject, _named_inside(subject, campaign.channels))
        for number, market in enumerate(campaign.markets):
            problem, advice = _misfit("market", market, links if "market" in links else inside)
            if problem:
                yield Remark(problem, _place(subject, key, f"/markets/{number}"), advice, values=(market,))
        for number, (channel, contract) in enumerate(zip(campaign.channels, formats, strict=True)):
            own = _schemas(subject, [contract])
            hung = _schemas(subject, _named_inside(subject, [channel])) if contract is not None else {}
            for name, value in channel.fields.items() if contract is not None else ():
                problem, advice = (
                    _misfit(name, value, own)
                    if name in own or name not in hung
                    else _unfit(name, value, hung)
                )
                if problem:
                    place = _place(subject, key, f"/channels/{number}/fields/{name}")
                    yield Remark(f"{problem} ({channel.format})", place, advice, values=(name, value))
        for name, value in campaign.fields.items():
            if None in formats and name not in links:
                continue  # the format that has it may be the one that is missing
            if name in links or name not in inside:
                problem, advice = _misfit(name, value, links)
            else:
                problem, advice = _unfit(name, value, inside)
            if problem:
                yield Remark(problem, _place(subject, key, f"/fields/{name}"), advice, values=(name, value))


def _unfit(name: str, value: str, inside: Mapping[str, list[Mapping[str, Any]]]) -> tuple[str, str]:
    """What is wrong with a field of a tag or an object: one of them has to take it."""
    answers = [_misfit(name, value, {name: [schema]}) for schema in inside[name]]
    return min(answers, key=lambda answer: bool(answer[0]))


def _readable(subject: Subject, identifier: str) -> Contract | None:
    """A contract whose fields can be judged by."""
    return None if identifier in subject.once(unsound) else subject.catalogue.contract(identifier)


def _named_inside(subject: Subject, channels: Iterable[ChannelPlan]) -> Iterator[Contract]:
    """Contracts of the creative tags and objects that the channels' platforms hold."""
    platforms: set[str] = set()
    for channel in channels:
        contract = subject.catalogue.contract(channel.format)
        platforms.update(channel.platforms or (contract.meta.platforms if contract is not None else ()))
    for contract in subject.catalogue.of_kind("creatives", "objects"):
        if str(contract.id) in subject.once(unsound):
            continue
        if contract.id.kind == "creatives" or not platforms.isdisjoint(contract.meta.platforms):
            yield contract


def _schemas(subject: Subject, contracts: Iterable[Contract | None]) -> dict[str, list[Mapping[str, Any]]]:
    """Every schema that the contracts have for a field, by its name."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for contract in contracts:
        for name in contract.properties if contract is not None else ():
            schema = subject.at_path(contract, name) if contract is not None else None
            if schema is not None:
                found[name].append(schema)
    return dict(found)


def _misfit(name: str, value: str, known: Mapping[str, list[Mapping[str, Any]]]) -> tuple[str, str]:
    schemas = known.get(name)
    if not schemas:
        near = nearest(name, known)
        advice = f"did you mean {near!r}?" if near else f"fields are {', '.join(known)}"
        return f"no format of the campaign has a field {name!r}", advice
    for schema in schemas:
        wrong = _refusal(value, schema)
        if wrong:
            words = [word for word in schema.get("enum", ()) if isinstance(word, str)]
            near = nearest(value, words)
            return f"{name} cannot be {value!r}: {wrong}", f"did you mean {near!r}?" if near else ""
    return "", ""


def _refusal(value: str, schema: Mapping[str, Any]) -> str:
    """Why a field does not take a written value; nothing where it does."""
    if "const" in schema and str(schema["const"]) != value:
        return f"it is always {schema['const']!r}"
    words = schema.get("enum")
    if isinstance(words, list) and value not in map(str, words):
        return f"words are {', '.join(map(str, words[:12]))}{', ...' if len(words) > 12 else ''}"  # noqa: PLR2004  a line
    if schema.get("type") == "integer":
        low, high = schema.get("minimum", 0), schema.get("maximum", 0)
        if (
            not (value.isascii() and value.isdigit())
            or str(int(value)) != value
            or not low <= int(value) <= high
        ):
            return f"it is a whole number from {low} to {high}"
    if isinstance(schema.get("maxLength"), int) and len(value) > schema["maxLength"]:
        return f"it has {len(value)} characters, {schema['maxLength']} are allowed"
    if isinstance(schema.get("pattern"), str) and not _matches(schema["pattern"], value):
        return f"it must match {schema['pattern']}"
    if (
        isinstance(schema.get("not"), dict)
        and isinstance(schema["not"].get("pattern"), str)
        and _matches(schema["not"]["pattern"], value)
    ):
        return f"it must not match {schema['not']['pattern']}"
    if schema.get("x-registry-id") and not ids.valid(value):
        return "the check character is wrong"
    for part in schema.get("allOf", ()):
        wrong = _refusal(value, part) if isinstance(part, dict) else ""
        if wrong:
            return wrong
    return ""


def _matches(pattern: str, value: str) -> bool:
    from canonry.regular import PatternSyntaxError, UnsupportedPattern
    from canonry.regular import pattern as language

    try:
        return language(pattern).accepts(value)
    except (PatternSyntaxError, UnsupportedPattern):
        return True  # pattern-outside-subset says so


def campaign_landing_foreign(subject: Subject) -> Iterator[Remark]:
    """A campaign leads to a host that `registry/domains.yaml` does not list under `landing`.

    ## Why it matters
    A page without our tags measures nothing, and a misspelt host sends paid visitors to strangers.

    ## Instead
    Correct the address, or add the host to `landing` when it carries our tags. Short links and redirects are
    for print: name where they lead.
    """
    domains = subject.catalogue.domains
    if domains is None:
        return
    hosts = [host.lower() for host in domains.landing]
    for key, campaign in subject.catalogue.campaigns.items():
        addresses = [("/landing_url", campaign.landing_url)]
        addresses += [
            (f"/channels/{number}/landing_url", channel.landing_url)
            for number, channel in enumerate(campaign.channels)
            if channel.landing_url is not None
        ]
        for pointer, address in addresses:
            host = _host(address)
            if not host:
                message = f"{address!r:.100} is no https address"
                yield Remark(
                    message, _place(subject, key, pointer), "https://www.example.com/page", values=(address,)
                )
            elif not any(
                host == each or (each.startswith("*.") and host.endswith(each[1:])) for each in hosts
            ):
                near = nearest(host, hosts)
                advice = (
                    f"did you mean {near}?" if near else "add the host to landing in registry/domains.yaml"
                )
                yield Remark(
                    f"{host} is no landing host", _place(subject, key, pointer), advice, values=(host,)
                )


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme == "https" and parts.username is None else ""

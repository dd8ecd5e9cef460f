"""Build one link or name: which format is meant, what the campaign fixes, what is missing, where to paste it.

Imports nothing but the naming runtime: it is on the way to every link that is built (`canonry.cli.quick`).
Answers are JSON; `Ask` says what a person has to decide.
"""

from __future__ import annotations

from canonry.app.landing import Pages
from canonry.naming.runtime.channels import DEFAULT, Channels
from canonry.naming.runtime.codec import Codec
from canonry.naming.runtime.text import fold, join, nearest, same_letters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

NAMES = ("creatives", "objects")
"""The kinds that are names and no links."""


class Ask(Exception):  # noqa: N818  a question, not a mistake
    """A person has to choose. `about` is format, platform or campaign; `choices` are word and label."""

    def __init__(self, about: str, message: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(message)
        self.about = about
        self.message = message
        self.choices = choices


class Book:
    """What can be built: the index of a snapshot, and codecs for its parts."""

    def __init__(self, index: Mapping[str, Any], part: Callable[[str], Any]) -> None:
        self.index = index
        self._part = part
        self.finder = Codec(index)
        self._codecs: dict[str, Codec] = {}

    def codec(self, identifier: str) -> Codec:
        """The codec of one contract, and of those whose names it holds."""
        return self._opened(identifier.strip("/").replace("/", "."))

    def whole(self) -> Codec:
        """The codec of everything: what reading needs."""
        return self._opened("whole")

    def channels(self) -> Channels:
        """The channel groups."""
        return Channels(self._opened("channels"))

    def pages(self) -> Pages:
        """What is known of landing pages."""
        return Pages(self.index["domains"], self.index["keys"], self.index["platforms"])

    def _opened(self, name: str) -> Codec:
        if name not in self._codecs:
            self._codecs[name] = Codec(self._part(name))
        return self._codecs[name]

    def label(self, platform: str | None) -> str:
        """What people call a platform."""
        return self.index["platforms"].get(platform or "", {}).get("label") or platform or ""

    def kinds(self, kind: str) -> tuple[str, ...]:
        """`utm`, or the kinds that are names."""
        return (kind,) if kind == "utm" else NAMES


class Target:
    """What is to be built: a contract, the platform it is for, the campaign, and the fields that fixes."""

    __slots__ = ("campaign", "fixed", "format", "landing", "plans", "platform")

    def __init__(self, identifier: str, platform: str | None) -> None:
        self.format = identifier
        self.platform = platform
        self.campaign: str | None = None
        self.fixed: dict[str, str] = {}
        self.landing: str | None = None
        self.plans: list[Mapping[str, Any]] = []


def target(
    book: Book,
    kind: str,
    word: str,
    *,
    platform: str | None = None,
    campaign: str | None = None,
    given: Mapping[str, str] | None = None,
) -> Target:
    """The contract that a word means: its short name, an alias, a platform. Raises `Ask` for several.

    `kind` is `utm`, or anything else for names. `given` are the fields that were typed.
    """
    named = _platform(book, platform) if platform else None
    key = _campaign(book, campaign) if campaign else None
    contracts = book.index["contracts"]
    found = [each for k in book.kinds(kind) for each in book.finder.find(k, word)]
    if not found:
        raise _unknown(book, kind, word)
    by_platform = book.finder.platform(word)
    if by_platform is not None and all(by_platform in contracts[each]["platforms"] for each in found):
        named = named or by_platform
    if key is not None and len(found) > 1:
        planned = {plan["format"] for plan in _plans(book, key, named)}
        found = [each for each in found if each in planned] or found
    if len(found) > 1:
        raise Ask("format", f"{word} can mean {len(found)} formats", _choices(book, found))
    if named is not None and named not in contracts[found[0]]["platforms"]:
        labels = [(each, book.label(each)) for each in contracts[found[0]]["platforms"]]
        message = f"{contracts[found[0]]['title']} is not written for {book.label(named)}"
        raise Ask("platform", message, labels)
    if named is None and len(contracts[found[0]]["platforms"]) == 1:
        named = contracts[found[0]]["platforms"][0]
    chosen = Target(found[0], named)
    if key is not None:
        _fix(book, chosen, key, given or {})
    return chosen


def _choices(book: Book, identifiers: Sequence[str]) -> list[tuple[str, str]]:
    contracts = book.index["contracts"]
    return [(contracts[each]["name"], contracts[each]["title"]) for each in identifiers]


def _unknown(book: Book, kind: str, word: str) -> Ask:
    for identifier, path in book.index.get("left_out", {}).items():
        if fold(word.strip()) in (identifier, identifier.split("/")[2]):
            from canonry.kernel.errors import UsageError

            raise UsageError(f"nothing can be built from {identifier}: it has errors", f"canonry lint {path}")
    contracts = book.index["contracts"]
    live = [each for k in book.kinds(kind) for each in book.finder.live(k)]
    names = [name for each in live for name in (contracts[each]["name"], *contracts[each]["aliases"])]
    platforms = {name for each in live for name in contracts[each]["platforms"]}
    words = [*names, *platforms, *(book.label(name) for name in platforms if name in book.index["platforms"])]
    near = nearest(word, words)
    message = f"nothing is called {word!r}" + (f"; did you mean {near!r}?" if near else "")
    return Ask("format", message, _choices(book, live))


def _platform(book: Book, word: str) -> str:
    found = book.finder.platform(word)
    if found is None:
        platforms = book.index["platforms"]
        near = nearest(word, [*platforms, *(p["label"] for p in platforms.values() if p["label"])])
        message = f"no platform is called {word!r}" + (f"; did you mean {near!r}?" if near else "")
        raise Ask("platform", message, [(name, book.label(name)) for name in platforms])
    return found


def _campaign(book: Book, word: str) -> str:
    campaigns = book.index["campaigns"]
    wanted = fold(word.strip())
    found = [
        key for key, c in campaigns.items() if wanted in (key, c["slug"]) or same_letters(word, c["label"])
    ]
    if len(found) == 1:
        return str(found[0])
    choices = [(key, campaigns[key]["label"]) for key in found or campaigns]
    if found:
        raise Ask("campaign", f"{len(found)} campaigns are called {word!r}; name one by its id", choices)
    near = nearest(word, [*(c["slug"] for c in campaigns.values()), *campaigns])
    message = f"no campaign is called {word!r}" + (f"; did you mean {near!r}?" if near else "")
    raise Ask("campaign", message, [(campaigns[key]["slug"], campaigns[key]["label"]) for key in campaigns])


def _plans(book: Book, key: str, platform: str | None) -> list[Mapping[str, Any]]:
    plans = book.index["campaigns"][key]["channels"]
    return [plan for plan in plans if not platform or not plan["platforms"] or platform in plan["platforms"]]


def _fix(book: Book, chosen: Target, key: str, given: Mapping[str, str]) -> None:
    """Fields that the campaign fixes: its own, its slug and id, and what all fitting channels agree on."""
    campaign = book.index["campaigns"][key]
    plans = [plan for plan in _plans(book, key, chosen.platform) if plan["format"] == chosen.format]
    plans = [
        p for p in plans if all(p["fields"].get(name, value) == value for name, value in given.items())
    ] or plans
    chosen.campaign, chosen.plans = key, plans
    if chosen.platform is None:
        named = {name for plan in plans for name in plan["platforms"]}
        if len(named) == 1 and all(len(plan["platforms"]) == 1 for plan in plans):
            chosen.platform = named.pop()
    fixed = {"slug": campaign["slug"], **campaign["fields"]}
    if plans:
        first = plans[0]["fields"]
        agreed = {n: v for n, v in first.items() if all(plan["fields"].get(n) == v for plan in plans)}
        fixed.update(agreed)
        if any(name not in p["fields"] for p in plans for name in first) or len(plans) > 1:
            for name in {name for plan in plans for name in plan["fields"]}:
                if len({plan["fields"].get(name) for plan in plans}) > 1:
                    fixed.pop(name, None)  # the channels differ, so it has to be said
    fields = book.codec(chosen.format).contract(chosen.format).fields
    for name, field in fields.items():
        if field.spec["type"] == "id" and field.spec["of"] == "campaign":
            fixed[name] = key
    creatives = {creative for plan in plans for creative in plan["creatives"]}
    if len(creatives) == 1:
        for name, field in fields.items():
            if field.spec["type"] == "name":
                fixed.setdefault(name, next(iter(creatives)))
    chosen.fixed = {name: value for name, value in fixed.items() if name in fields}
    landings = {plan["landing_url"] for plan in plans if plan["landing_url"]}
    chosen.landing = landings.pop() if len(landings) == 1 else campaign["landing_url"]


def form_of(book: Book, chosen: Target, given: Mapping[str, str], *, macros: bool | None) -> str | None:
    """The platform whose macros are written; None for the form without any.

    Unless it was said: macros, where the platform is known and has some, and nothing was given that only the
    form without macros writes.
    """
    contract = book.codec(chosen.format).contract(chosen.format)
    if macros is False or chosen.platform is None or chosen.platform not in contract.forms:
        return None
    if macros is None:
        names = contract.form(chosen.platform).names
        if any(name in contract.fields and name not in names for name, value in given.items() if value):
            return None
    return chosen.platform


def needs(book: Book, chosen: Target, form: str | None) -> list[dict[str, Any]]:
    """The fields that are written, in order, with what is expected in each."""
    return book.codec(chosen.format).needs(chosen.format, form)


def build(
    book: Book,
    chosen: Target,
    given: Mapping[str, str],
    *,
    url: str | None = None,
    way: str | None = None,
    macros: bool | None = None,
) -> dict[str, Any]:
    """One link or name.

    `ok`, `format`, `title`, `platform`, `campaign`, `params` (pairs), `macros` (key to macro), `notes` and
    `problems` of the codec, `unwritten` (fields given that this form does not write), `replaced`. A name has
    `name`; a link `way` (url, suffix, params), `text` (what to paste), `url`, `channel`, `paste` and
    `landing`: `notes` and `problems` that are to be said of the page, each rule name, sentence and advice.
    """
    codec = book.codec(chosen.format)
    contract = codec.contract(chosen.format)
    fields = {**chosen.fixed, **given}
    form = form_of(book, chosen, given, macros=macros)
    built = codec.build(chosen.format, fields, form)
    written = contract.form(form)
    answer: dict[str, Any] = {
        "ok": built["ok"],
        "format": chosen.format,
        "title": book.index["contracts"][chosen.format]["title"],
        "platform": chosen.platform,
        "campaign": chosen.campaign,
        "fields": fields,
        "params": built["params"],
        "macros": {key: written.macros[key].macro for key in built["macros"]},
        "notes": built["notes"],
        "problems": built["problems"],
        "unwritten": [n for n, v in given.items() if v and n in contract.fields and n not in written.names],
        "replaced": [
            (name, chosen.fixed[name], value)
            for name, value in given.items()
            if name in chosen.fixed and value and value != chosen.fixed[name]
        ],
    }
    if contract.kind != "utm":
        answer["name"] = built["name"]
        return answer
    return _link(book, chosen, answer, url, way)


def _link(
    book: Book, chosen: Target, answer: dict[str, Any], url: str | None, way: str | None
) -> dict[str, Any]:
    platforms = book.codec(chosen.format).table["platforms"]
    links: Mapping[str, Any] = (platforms.get(chosen.platform) or {}).get("links") or {}
    answer["way"] = way or links.get("form") or "url"
    answer["paste"] = links.get("paste")
    page = url if url is not None else chosen.landing
    answer["landing"] = {"notes": [], "problems": []}
    answer["url"] = answer["text"] = None
    answer["channel"] = None
    base = None
    if page is not None:
        landing = book.pages().look(page)
        answer["landing"] = {"notes": landing.notes, "problems": landing.problems}
        answer["ok"] = answer["ok"] and not landing.problems
        base = landing.url
    elif answer["way"] == "url":
        answer["ok"] = False
        answer["landing"]["problems"].append(("link-scheme", "there is no landing page", "--url https://..."))
    if not answer["ok"]:
        return answer
    params, raw = answer["params"], answer["macros"]
    answer["url"] = join(base, params, raw) if base is not None else None
    limit = links.get("max")
    if limit is not None and answer["url"] is not None:
        unit = links.get("unit") or "chars"
        size = len(answer["url"].encode()) if unit == "bytes" else len(answer["url"])
        if size > limit:
            message = f"the link has {size:,} {unit}; {book.label(chosen.platform)} takes {limit:,}"
            answer["landing"]["problems"].append(("link-long", message, "a shorter landing page"))
            answer["ok"] = False
            return answer
    suffix = join("", params, raw)[1:]
    answer["text"] = answer["url"] if answer["way"] == "url" else suffix
    answer["channel"] = channel(book, chosen, params)
    return answer


def channel(book: Book, chosen: Target, params: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Where GA4 files the link: `name`, `because`, `own` (the company's), `lines` on automatic tagging."""
    channels = book.channels()
    values = dict(params)
    where = (values.get("utm_source"), values.get("utm_medium"), values.get("utm_campaign"))
    decided = channels.decide(*where)
    own = [channels.decide(*where, group=group) for group in channels.groups if group != DEFAULT]
    contract = book.index["contracts"][chosen.format]
    platforms = [chosen.platform] if chosen.platform else contract["platforms"]
    lines: list[str] = []
    if contract["tagging"] != "manual":
        known = book.index["platforms"]
        likely = [c for name in platforms if name in known for c in known[name]["auto_tagging"]]
        listed = ", ".join(dict.fromkeys(likely)) or "the channels of its network"
        lines.append(f"with a click id GA4 decides by network: one of {listed}")
    return {
        "name": decided["channel"],
        "because": decided["because"],
        "own": [each["channel"] for each in own if each["channel"] != decided["channel"]],
        "lines": lines,
    }


def formats(book: Book, kind: str) -> list[tuple[str, str]]:
    """Everything that can be built: short name and title."""
    return _choices(book, [each for k in book.kinds(kind) for each in book.finder.live(k)])


def field_names(book: Book, kind: str) -> frozenset[str]:
    """The fields of everything that can be built."""
    return frozenset(name for k in book.kinds(kind) for name in book.index["fields"].get(k, ()))

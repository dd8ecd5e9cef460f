"""UTM formats from the links of an account: per channel, which sources, media and campaign names it has.

The channel is what GA4 makes of a link today; a format promises it for every link that it will ever write.
New links carry the campaign's registry id as the last token of `utm_campaign`; how campaigns were written so
far becomes the legacy template. What GA4 files under Unassigned gets no format: it is told.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from canonry.app.additions import yaml_text
from canonry.app.adoption.conventions import Convention, Seen, conventions
from canonry.app.adoption.fields import BACKUP, OWNER, SLUG, Field, fields, property_of, vocabularies
from canonry.app.adoption.templates import Drafted, joined, older, writable
from canonry.naming.runtime.text import fold, slug

_MACRO: Final = re.compile(r"\{|\}|__[A-Za-z_]+__|%%|\[[A-Za-z_]+\]|\*\|")
_NOTHING: Final = frozenset(("", "(not set)", "(none)", "(direct)", "not set", "none", "null", "undefined"))
_PARAMETER: Final = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*\Z")
_NO_CHANNEL: Final = frozenset(("Unassigned", "Direct", "(Other)"))
_FILED_ELSEWHERE: Final = {"pattern": "(^|[^a-df-z])shop|shopping|cross-network"}
"""What GA4 files a link by, whatever its medium, when `utm_campaign` holds it."""
LEAST: Final = 0.01
"""A channel with a smaller share of all links is left out."""
_SLIP: Final = 0.12
"""A slip is this much rarer than its word, at most."""
_LONG: Final = 5
_OFTEN: Final = 0.5
_MANY: Final = 4

Decide = Callable[[str, str], str]
"""GA4's channel of a source and a medium."""


class Tagged(NamedTuple):
    """A tagged link as it was seen: on which platform, with which values, how often and at what cost."""

    platform: str
    params: Mapping[str, str]
    cost: float = 0.0
    times: int = 1


class Known(NamedTuple):
    """What is known of sources elsewhere: their one spelling, and the platform that they stand for."""

    spelling: Mapping[str, str]
    platform: Mapping[str, str]


@dataclass(slots=True)
class Format:
    """The links of one channel, and what became of them."""

    channel: str
    sources: Counter[str] = field(default_factory=Counter)
    media: Counter[str] = field(default_factory=Counter)
    spelt: dict[str, Counter[str]] = field(default_factory=dict)
    """Source or medium to how it is written; sources and media share no word that is written differently."""
    links: list[Tagged] = field(default_factory=list)
    platforms: tuple[str, ...] = ()
    id: str = ""
    template: str = ""
    why: str = ""
    """Why there is no contract of it."""

    @property
    def cost(self) -> float:
        """What its links cost."""
        return sum(link.cost for link in self.links)

    def to_json(self) -> dict[str, Any]:
        """What is reported of it."""
        return {
            "channel": self.channel,
            "format": self.id or None,
            "platforms": list(self.platforms),
            "links": len(self.links),
            "cost": round(self.cost, 2),
            "sources": [word for word, _ in self.sources.most_common()],
            "media": [word for word, _ in self.media.most_common()],
            "utm_campaign": self.template or None,
            "why": self.why or None,
        }


def grouped(links: Iterable[Tagged], decide: Decide, known: Known) -> list[Format]:
    """The links by channel, the dearest first. Links with macros for a source are left out."""
    found: dict[str, Format] = {}
    kept = [link for link in links if _said(link.params, "utm_source") and _said(link.params, "utm_medium")]
    sources = _one_spelling(Counter(fold(link.params["utm_source"]) for link in kept), known.spelling)
    media = _one_spelling(Counter(fold(link.params["utm_medium"]) for link in kept), {})
    for link in kept:
        written = link.params["utm_source"], link.params["utm_medium"]
        source, medium = sources[fold(written[0])], media[fold(written[1])]
        channel = decide(source, medium)
        each = found.setdefault(channel, Format(channel))
        each.links.append(link)
        for word, text, counts in ((source, written[0], each.sources), (medium, written[1], each.media)):
            counts[word] += link.times
            each.spelt.setdefault(word, Counter())[text] += link.times
    for each in found.values():
        each.platforms = _platforms(each, known)
    return sorted(found.values(), key=lambda each: (-each.cost, -len(each.links), each.channel))


def _said(params: Mapping[str, str], key: str) -> bool:
    value = params.get(key, "")
    return fold(value) not in _NOTHING and not _MACRO.search(value)


def _one_spelling(counts: Counter[str], known: Mapping[str, str]) -> dict[str, str]:
    """Each spelling's word: the known one, else the most frequent of those with the same letters."""
    groups: dict[str, list[str]] = defaultdict(list)
    for text in counts:
        groups["".join([char for char in known.get(text, text) if char.isalnum()])].append(text)
    found: dict[str, str] = {}
    for texts in groups.values():
        named = [known[text] for text in texts if text in known]
        fit = [text for text in texts if _PARAMETER.match(text)]
        best = named[0] if named else max(fit, key=lambda text: (counts[text], text), default="")
        best = best or slug(max(texts, key=counts.__getitem__))
        found.update(dict.fromkeys(texts, best))
    return _without_slips(found, counts)


def _without_slips(found: dict[str, str], counts: Counter[str]) -> dict[str, str]:
    """The same, where a rare word a letter away from a frequent one is that one."""
    from rapidfuzz.distance import OSA

    sums: Counter[str] = Counter()
    for text, word in found.items():
        sums[word] += counts[text]
    near: dict[str, str] = {}
    for word, count in sums.items():
        for other, often in sums.most_common():
            if count > _SLIP * often:
                break
            if min(len(word), len(other)) >= _LONG and OSA.distance(word, other, score_cutoff=1) <= 1:
                near[word] = other
                break
    return {text: near.get(word, word) for text, word in found.items()}


def _platforms(each: Format, known: Known) -> tuple[str, ...]:
    seen = {link.platform for link in each.links if link.platform in known.platform.values()}
    named = {known.platform[word] for word in each.sources if word in known.platform}
    return tuple(sorted(seen | named))


class Drafting:
    """Contracts of channels, each the fullest that lint lets stand. `fine` says what is wrong with files."""

    def __init__(
        self,
        files: dict[str, bytes],
        known: list[Field],
        hints: Mapping[str, frozenset[str]],
        decide: Decide,
        wrong: Callable[[Mapping[str, bytes]], Sequence[str]],
        *,
        status: Mapping[str, str],
        least: float = 0.0,
    ) -> None:
        self.status = status
        self.least = least
        self.files = files
        self.known = known
        self.hints = hints
        self.decide = decide
        self.wrong = wrong

    def draft(self, each: Format) -> None:
        """Adds the format's contract and vocabularies to the files, or says why not."""
        if len(each.links) < self.least:
            each.why = "too few to tell a habit from a slip"
            return
        if each.channel in _NO_CHANNEL:
            each.why = "GA4 gives such links no channel of their own: another medium does"
            return
        if not all(map(_PARAMETER.match, (*each.sources, *each.media))):
            odd = next(w for w in (*each.sources, *each.media) if not _PARAMETER.match(w))
            each.why = f"{odd!r} is no word that a parameter may hold"
            return
        name = slug(each.channel).replace("-", "_")
        media = self._fitting(each)
        if not media:
            each.why = "no medium of its links puts every one of its sources into the channel"
            return
        found = self._campaign(each)
        extra = [self._optional(each, key) for key in ("utm_content", "utm_term")]
        said: Sequence[str] = ()
        for campaign, others, closed in (
            (found, extra, False),
            (found, extra, True),
            (found, (), False),
            (found, (), True),
            (None, (), False),
            (None, (), True),
        ):
            files = self._files(each, name, media, campaign, [o for o in others if o], closed=closed)
            said = self.wrong({**self.files, **files})
            if not said:
                self.files |= files
                each.id = f"/utm/{name}/v1"
                return
        each.why = said[0]

    def _fitting(self, each: Format) -> list[str]:
        """Media that keep the channel with every source, the most frequent first."""
        return [
            medium
            for medium, _ in each.media.most_common()
            if all(self.decide(source, medium) == each.channel for source in each.sources)
        ]

    def _campaign(self, each: Format) -> Drafted | None:
        """The convention that most of the channel's campaigns follow."""
        seen = _values(each.links, "utm_campaign")
        found = conventions(seen).conventions if seen else []
        best = max(found, key=lambda one: one.support, default=None)
        if best is None or best.support < _OFTEN * len(seen):
            return None
        drafted = Drafted(best, fields(best, self.known, self.hints, text="slug"))
        return drafted if writable(drafted) else None

    def _optional(self, each: Format, key: str) -> tuple[str, str, dict[str, Any]] | None:
        """A parameter that many links have: its field and what that may hold."""
        values = _values(each.links, key)
        having = sum(value.times for value in values)
        if having < _OFTEN * sum(link.times for link in each.links) / _MANY:
            return None
        name = "content" if key == "utm_content" else "keyword"
        about = "Tells links of one campaign apart." if key == "utm_content" else "What was searched, or who."
        return (
            key,
            name,
            {
                "type": "string",
                "pattern": "^[a-z0-9]+([._-][a-z0-9]+)*$",
                "maxLength": 100,
                "description": about,
            },
        )

    def _files(
        self,
        each: Format,
        name: str,
        media: Sequence[str],
        campaign: Drafted | None,
        others: Sequence[tuple[str, str, dict[str, Any]]],
        *,
        closed: bool,
    ) -> dict[str, bytes]:
        files = {
            f"registry/vocabularies/{name}_source.yaml": _words(
                each, f"{each.channel} sources", list(each.sources), closed=closed
            )
        }
        properties: dict[str, Any] = {
            "source": {"$ref": f"/vocabularies/{name}_source", "description": "Where the link is clicked."},
            "medium": {"const": media[0], "description": f"With these sources it makes {each.channel}."},
        }
        if len(media) > 1:
            files[f"registry/vocabularies/{name}_medium.yaml"] = _words(
                each, f"{each.channel} media", media, closed=True
            )
            properties["medium"] = {
                "$ref": f"/vocabularies/{name}_medium",
                "description": f"The kind of traffic; each makes {each.channel}.",
            }
        required = ["source", "medium"]
        legacy = "{topic}"
        if campaign is not None:
            places = campaign.convention.places
            kept = [at for at, each_field in enumerate(campaign.fields) if each_field.kind != "campaign_id"]
            bare = Drafted(
                Convention(
                    campaign.convention.delimiter,
                    campaign.convention.written,
                    [places[at] for at in kept],
                    campaign.convention.rows,
                ),
                [campaign.fields[at] for at in kept],
            )
            written = joined(bare, [""] * len(kept), ["_"] * len(kept)) + "_{campaign_id}"
            legacy = older(bare) if len(kept) == len(places) else ""
            for at in kept:
                each_field = campaign.fields[at]
                properties[each_field.name] = _kept_out(property_of(each_field))
                if not places[at].optional:
                    required.append(each_field.name)
            files |= vocabularies([f for f in bare.fields if f.kind == "words"])
        else:
            written = "{slug}_{campaign_id}"
            properties["slug"] = _kept_out(
                {
                    "type": "string",
                    "pattern": SLUG,
                    "maxLength": 40,
                    "description": "The campaign's own slug.",
                }
            )
            properties["topic"] = _kept_out(
                {
                    "type": "string",
                    "pattern": SLUG,
                    "maxLength": 60,
                    "description": "How it was called so far.",
                }
            )
            required.append("slug")
        each.template = written
        properties["campaign_id"] = {
            "$ref": "/common/campaign_id/v1",
            "description": "Drawn by canonry campaign new; finds the campaign whatever else has changed.",
        }
        required.append("campaign_id")
        templates = {"utm_source": "{source}", "utm_medium": "{medium}", "utm_campaign": written}
        for key, field_name, spec in others:
            templates[key] = f"[{{{field_name}}}]"
            properties[field_name] = spec
        meta: dict[str, Any] = {
            **self.status,
            "owner": OWNER,
            "backup_owner": BACKUP,
            "platforms": list(each.platforms),
            "channel": each.channel,
            "tagging": "manual",
            "templates": templates,
        }
        if legacy:
            meta["legacy_templates"] = [{"utm_campaign": legacy}]
        document = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"/utm/{name}/v1",
            "title": each.channel,
            "description": f"Proposed by adopt from {len(each.links):,} links; say what they are for.",
            "x-contract": meta,
            "type": "object",
            "additionalProperties": False,
            "required": required,
            "properties": properties,
        }
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        return {**files, f"contracts/utm/{name}/v1.json": text.encode()}


def _kept_out(spec: dict[str, Any]) -> dict[str, Any]:
    """Text that GA4 would file by is no text of such a campaign."""
    if spec.get("type") == "string" and "shop" not in spec.get("pattern", ""):
        return {**spec, "not": _FILED_ELSEWHERE}
    return spec


def _values(links: Iterable[Tagged], key: str) -> list[Seen]:
    sums: dict[str, list[float]] = {}
    for link in links:
        if _said(link.params, key):
            entry = sums.setdefault(link.params[key], [0.0, 0])
            entry[0] += link.cost
            entry[1] += link.times
    return [Seen(text, cost, int(times)) for text, (cost, times) in sums.items()]


def _words(each: Format, title: str, words: Sequence[str], *, closed: bool) -> bytes:
    taken = set(words)
    listed: dict[str, Any] = {}
    for word in words:
        spelt = each.spelt.get(word, Counter())
        entry: dict[str, Any] = {"label": word}
        aliases = [text for text in dict.fromkeys(map(fold, spelt)) if text not in taken and text]
        if aliases:
            entry["aliases"] = aliases
            taken.update(aliases)
        listed[word] = entry
    document = {
        "title": title,
        "description": "Found in links as they stand. Say what they have in common.",
        "owner": OWNER,
        "openness": "closed" if closed else "open",
        "alphabet": "parameter",
        "words": listed,
    }
    return yaml_text(document).encode()

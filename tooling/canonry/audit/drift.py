"""Findings of an audit: a finding of the kernel with what was observed, what hangs on it and what to do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from canonry.audit.observation import Observation, Weight
from canonry.audit.rule import AuditRule
from canonry.kernel.findings import Finding, Place
from canonry.kernel.jsonvalue import Json
from canonry.naming.personal import masked

_PARENTHESISED: Final = re.compile(r"\(.*\)\Z", re.DOTALL)
_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half of a pair: JSON can say it, UTF-8 cannot."""
LONGEST: Final = 300
"""Characters of an observed text that a finding shows."""


def not_ours(value: str) -> bool:
    """Whether an analytics tool wrote a manual value itself: nothing, or something in parentheses."""
    return not value or bool(_PARENTHESISED.match(value))


def clean(text: str) -> str:
    """An observed text without personal data, and without what cannot be written."""
    return masked(text if text.isascii() else _HALF.sub("\ufffd", text))


def shown(text: str) -> str:
    """An observed text as findings hold it: clean, and no longer than a person reads."""
    whole = clean(text)
    return whole if len(whole) <= LONGEST else f"{whole[:LONGEST]}... ({len(text):,} characters)"


_word: Final = lru_cache(256)(shown)
"""As `shown`, of a platform or a level: a source has few of them."""
_sentence: Final = lru_cache(4096)(shown)
"""As `shown`, of what findings say: those of one class say the same, and hold one text."""
_WORD: Final = re.compile(r"[^\W_]{4,}")
_place: Final = lru_cache(256)(Place)


@lru_cache(4096)
def _values(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([shown(value)[:LONGEST] for value in values])


def _private(seen: Observation) -> str:
    """Words of an observation that nobody may see; a finding may quote parts of them."""
    texts = (seen.name, seen.value, seen.id, *seen.params.values(), *seen.params)
    hidden: set[str] = set()
    for text in filter(None, texts):
        if (told := clean(text)) != text:
            hidden.update(set(_WORD.findall(text.lower())) - set(_WORD.findall(told.lower())))
    return " ".join(hidden)


def subject_of(seen: Observation) -> str:
    """What a finding is known by from week to week: platform, level, and id, or a digest of what has none."""
    if seen.id and not (seen.level == "link" or seen.params):
        return f"{_word(seen.platform)}/{_word(seen.native)}/{shown(seen.id)}"
    text = seen.name or seen.value
    if seen.params:
        text = "&".join(f"{key}={value}" for key, value in sorted(seen.params.items()))
    elif seen.level == "link":
        text = f"{seen.id} {seen.value}"
    parents = "/".join(value for _, value in sorted(seen.parents.items())) if not seen.id else ""
    digest = hashlib.sha256(masked(f"{seen.account}|{parents}|{text}").encode("utf-8", "replace")).hexdigest()
    return f"{_word(seen.platform)}/{_word(seen.native)}/{digest[:16]}"


def _once(seen: Observation, key: str, make: Callable[[Observation], str]) -> str:
    """What is made of an observation: a link with a thousand wrong parameters has as many findings."""
    if not (seen.value or seen.params):
        return make(seen)  # a name is short
    if seen.memory is None:
        seen.memory = {}
    known = seen.memory.get(key)
    if known is None:
        known = seen.memory[key] = make(seen)
    return known


def _observed(seen: Observation) -> str:
    about = seen.value or seen.name
    if seen.params:
        about = "&".join(f"{key}={value}" for key, value in seen.params.items() if not not_ours(value))
    return shown(about)


def weighed(weight: Weight) -> dict[str, Json]:
    """What hangs on something, as JSON."""
    return {
        "rows": weight.rows,
        "cost": round(weight.cost, 2) if weight.cost is not None else None,
        "currency": _word(weight.currency) or None,
        "impressions": weight.impressions,
        "clicks": weight.clicks,
    }


def drift(
    rule: AuditRule,
    seen: Observation,
    message: str,
    *,
    owner: str,
    do: str = "",
    correct: str = "",
    sheet: str = "",
    values: Iterable[str] = (),
    campaign: str = "",
    place: Place | None = None,
    beside: Observation | None = None,
) -> Finding:
    """What a check found of one observation.

    `do` is the next action in words, `correct` the exact right spelling where it is known, `sheet` the repair
    sheet that carries it out (`rename`, `relink`), `values` what tells this finding from others of its rule
    and object, and what findings of one cause share. `beside` is a second object that it is of just as much:
    whichever of the two is met first, it is one finding.
    """
    told = _values(tuple(values))
    action = do or correct
    if private := frozenset(_once(seen, "private", _private).split()):

        def hidden(text: str) -> str:
            return _WORD.sub(lambda word: "***" if word[0].lower() in private else word[0], text)

        told = tuple(map(hidden, told))
        message, action = hidden(message), hidden(action)
        correct = correct if hidden(correct) == correct else ""
    return Finding(
        rule.code,
        rule.name,
        rule.level,
        _sentence(message),
        place or _place(seen.source),
        owner=owner,
        suggestion=_sentence(action),
        subject=_once(seen, "subject", subject_of),
        beside=subject_of(beside) if beside is not None else "",
        values=told,
        details=Details(seen, rule, correct, sheet, campaign),
    )


Standing = tuple[str, str, str]
"""Where a thing stands: source, level, id."""


class Details(Mapping[str, Json]):
    """What a finding tells of its observation beside the message: made when asked for, since there may be
    hundreds of thousands of findings.
    """

    __slots__ = ("campaign", "correct", "rule", "seen", "sheet", "since")

    def __init__(
        self, seen: Observation, rule: AuditRule, correct: str, sheet: str, campaign: str, since: str = ""
    ) -> None:
        self.seen = seen
        self.rule = rule
        self.correct = correct
        self.sheet = sheet
        self.campaign = campaign
        self.since = since
        """The day of the first run that found it, where an earlier one did."""

    def __iter__(self) -> Iterator[str]:
        yield from _DETAILS
        if self.since:
            yield "since"

    def __len__(self) -> int:
        return len(_DETAILS) + bool(self.since)

    def __getitem__(self, key: str) -> Json:
        if key == "since" and self.since:
            return self.since
        return _DETAILS[key](self)

    def recurring(self, since: str) -> Details:
        """The same, found before."""
        return Details(self.seen, self.rule, self.correct, self.sheet, self.campaign, since)

    @property
    def place(self) -> Standing:
        """Source, level and id of the thing, as the details tell them."""
        seen = self.seen
        return (seen.source, _word(seen.native), shown(seen.id) or "None")

    @property
    def above(self) -> set[Standing]:
        """What the thing hangs under."""
        seen = self.seen
        return {(seen.source, _word(level), shown(number)) for level, number in seen.parents.items()}

    @property
    def kind(self) -> tuple[str, str, str]:
        """Platform, level and sheet: things of one kind are mended in one place."""
        return (_word(self.seen.platform), _word(self.seen.native), self.sheet)

    def __repr__(self) -> str:
        return repr(dict(self))

    def object_(self) -> Json:
        """The thing itself."""
        seen = self.seen
        return {
            "level": _word(seen.native),
            "id": shown(seen.id) or None,
            "name": shown(seen.name) or None,
            "parents": {_word(key): shown(value) for key, value in seen.parents.items()},
            "status": _word(seen.status) or None,
        }

    def right(self) -> Json:
        """The right spelling, where it is known and may be shown."""
        correct = self.correct
        return correct if correct and clean(correct) == correct else None  # half a link is none


def place(finding: Finding) -> Standing:
    """Where the thing stands that a finding is about."""
    told = finding.details
    return told.place if isinstance(told, Details) else (str(told.get("source")), "None", "None")


def above(finding: Finding) -> set[Standing]:
    """What that thing hangs under."""
    told = finding.details
    return told.above if isinstance(told, Details) else set()


_DETAILS: Final[dict[str, Callable[[Details], Json]]] = {
    "layer": lambda told: told.rule.facts.layer,
    "source": lambda told: told.seen.source,
    "platform": lambda told: _word(told.seen.platform),
    "account": lambda told: _word(told.seen.account),
    "object": Details.object_,
    "observed": lambda told: _once(told.seen, "observed", _observed),
    "correct": Details.right,
    "sheet": lambda told: told.sheet or None,
    "campaign": lambda told: _word(told.campaign) or None,
    "weight": lambda told: weighed(told.seen.weight),
}


class Draft(NamedTuple):
    """What a check found of a link, before it is told of one observation: many links share one.

    `do` is the next action; None: to relink it, to the right link where that is known. `corrects` says
    whether the right link is part of the finding.
    """

    rule: AuditRule
    message: str
    owner: str
    do: str | None
    values: tuple[str, ...]
    campaign: str
    corrects: bool = False

    def of(self, seen: Observation, correct: str) -> Finding:
        """The finding. `correct` is the right link where it is known, else empty."""
        do = self.do
        if do is None:
            do = f"relink it: {correct}" if correct else "build the link anew: canonry utm build"
        return drift(
            self.rule,
            seen,
            self.message,
            owner=self.owner,
            do=do,
            correct=correct if self.corrects else "",
            sheet="relink",
            values=self.values,
            campaign=self.campaign,
        )

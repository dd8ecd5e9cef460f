"""Channel: every manually tagged link that a format permits lands in the channel it declares.

Sources and mediums are split into classes that no rule tells apart; for each pair of classes the ordered
rules are carried out on the language of campaigns. Fields that stand in several of the three parameters, and
allowed combinations across them, are taken case by case.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from canonry import regular
from canonry.naming import automata
from canonry.naming.channels import DEFAULT, categories, category, default_group, sentence, whole
from canonry.naming.fields import literal as quoted
from canonry.naming.languages import Document, Gone, Model, NoLanguage, Row
from canonry.naming.proofs.verdict import (
    Broken,
    Proof,
    Proved,
    Undecided,
    Verdict,
    decided,
    distinct_forms,
    shown_link,
)
from canonry.naming.runtime.codec import Codec
from canonry.naming.runtime.text import fold
from canonry.naming.runtime.values import ABSENT
from canonry.regular import ANY, EMPTY, Language

PARAMETERS: Final = {"source": "utm_source", "medium": "utm_medium", "campaign": "utm_campaign"}
_NULL: Final = regular.literal("")
_MAX_CASES: Final = 4000
"""Cases of shared fields and combinations that are taken one by one."""

Leaf = tuple[str, str, str | tuple[str, ...]]


def channel(model: Model, identifier: str) -> Iterator[Proof]:
    """One proof per form and group in which a link lands elsewhere, else one for the format."""
    contract = model.contract(identifier)
    if contract["kind"] != "utm":
        return
    wanted = [(DEFAULT, contract["channel"])] if contract["channel"] else []
    if contract["custom_channel"]:
        groups = [
            g
            for g in model.groups
            if any(r["channel"] == contract["custom_channel"] for r in model.groups[g])
        ]
        wanted += [(group, contract["custom_channel"]) for group in groups]
        if not groups:
            broken = Broken(f"no channel group has the channel {contract['custom_channel']}", None)
            yield Proof(
                "channel", identifier, broken, pointer="/x-contract/custom_channel", topic="no-such-channel"
            )
    for group, declared in wanted:
        failed = 0
        asked = {
            name: {
                "params": {key: form["params"][key] for key in PARAMETERS.values() if key in form["params"]}
            }
            for name, form in contract["forms"].items()
        }
        for platform, params in distinct_forms(asked):
            verdict = decided(
                lambda p=platform, params=params, g=group, d=declared: _Question(
                    model, identifier, p, params, g, d
                ).answer()  # type: ignore[misc]
            )
            if not isinstance(verdict, Proved):
                failed += 1
                pointer = "/x-contract/channel" if group == DEFAULT else "/x-contract/custom_channel"
                yield Proof("channel", identifier, verdict, platform=platform, pointer=pointer, topic=group)
        if not failed:
            yield Proof("channel", identifier, Proved(f"manual traffic: proved {declared}"), topic=group)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Campaigns that land in a channel by a rule (None: by none)."""

    channel: str
    rule: int | None
    because: str
    campaigns: Language


@dataclass(slots=True)
class _Question:
    model: Model
    identifier: str
    platform: str | None
    params: Document
    group: str
    declared: str

    def answer(self) -> Verdict:
        proved = Proved(f"manual traffic: proved {self.declared}")
        exact, self.model = self.model, self.model.roughly()
        found = self._anywhere({}, {}, rough=True)
        if found is None:
            return proved
        self.model = exact
        found = self._anywhere({}, {}, rough=True)
        if found is None:
            return proved
        cases = list(itertools.islice(self._cases(), _MAX_CASES + 1))
        if len(cases) > _MAX_CASES:
            return Undecided(
                "fields that stand in several of source, medium and campaign have too many values"
            )
        if len(cases) > 1:
            found = None
            for row, gone in cases:
                found = self._anywhere(row, gone, rough=False)
                if found is not None:
                    break
            if found is None:
                return proved
        source, medium, taken = found
        return self._broken(source, medium, taken)

    def _cases(self) -> Iterator[tuple[Row, Gone]]:
        """Cases in each of which source, medium and campaign are free of one another."""
        identifier = self.identifier
        names: dict[str, list[str]] = {}
        for dimension, key in PARAMETERS.items():
            for shape in self.params.get(key, {}).get("shapes", ()):
                for name in shape["items"][1::2]:
                    if dimension not in names.setdefault(name, []):
                        names[name].append(dimension)
        shared = [name for name, dimensions in names.items() if len(dimensions) > 1]
        required = self.model.contract(identifier)["required"]
        for row in self.model.rows(identifier, list(names)):
            options = []
            for name in shared:
                allowed = row.get(name)
                may_lack = name not in required and (allowed is None or ABSENT in allowed)
                values: list[str | None] = [None] if may_lack else []
                language = self.model.field(identifier, name)
                spelt = language if allowed is None else language & regular.words(allowed)
                options.append(itertools.chain(values, spelt.members(_MAX_CASES + 1)))
            for chosen in itertools.product(*options):
                merged = dict(row)
                gone: dict[str, bool] = {}
                for name, value in zip(shared, chosen, strict=True):
                    gone |= {} if name in required else {name: value is None}
                    merged[name] = frozenset([ABSENT if value is None else value])
                yield merged, gone

    def _language(self, dimension: str, row: Row, gone: Gone, *, rough: bool) -> Language:
        part = self.params.get(PARAMETERS[dimension])
        if part is None:
            return _NULL
        return self.model.param(self.identifier, part, None if rough else row, gone)

    def _anywhere(self, row: Row, gone: Gone, *, rough: bool) -> tuple[Language, Language, _Taken] | None:
        """Sources, mediums and campaigns that land elsewhere; None where none do."""
        campaigns = self._language("campaign", row, gone, rough=rough)
        if campaigns.is_empty():
            return None
        leaves = group_leaves(self.model, self.group)
        mediums = list(_classes(self._language("medium", row, gone, rough=rough), leaves["medium"]))
        for sources, source_truth in _classes(
            self._language("source", row, gone, rough=rough), leaves["source"]
        ):
            for medium, medium_truth in mediums:
                for taken in regions(self.model, self.group, source_truth | medium_truth, campaigns):
                    if taken.channel != self.declared:
                        return sources, medium, taken
        return None

    def _broken(self, source: Language, medium: Language, taken: _Taken) -> Verdict:
        values = {
            "source": source.shortest() or "",
            "medium": medium.shortest() or "",
            "campaign": taken.campaigns.shortest() or "",
        }
        witness: dict[str, Any] = {
            "link": self._link(values),
            "channel": taken.channel,
            "rule": taken.rule,
            "declared": self.declared,
            **{PARAMETERS[dimension]: value or None for dimension, value in values.items()},
        }
        spoken = " / ".join(value or "(none)" for value in values.values())
        message = f"{spoken} lands in {taken.channel}, not in {self.declared}: {taken.because}"
        return Broken(
            message, witness, "narrow the field that lets this in, or declare the channel it lands in"
        )

    def _link(self, values: Mapping[str, str]) -> str:
        """A whole link of the form with these three values."""
        codec = Codec(self.model.table)
        contract = codec.contract(self.identifier)
        form = contract.form(self.platform)
        fields: dict[str, Any] = {}
        for dimension, key in PARAMETERS.items():
            if key in form.templates:
                for reading, _ in form.templates[key].read(values[dimension])[:1]:
                    fields |= reading
        for name in form.names:
            if name not in fields and name in contract.required:
                fields[name] = self.model.example(self.model.field(self.identifier, name))
        params, _, _ = form.params({name: value for name, value in fields.items() if value is not None})
        named = dict(params) | {PARAMETERS[d]: value for d, value in values.items() if value}
        return shown_link(named, form.macro_keys)


def _classes(language: Language, leaves: Sequence[Leaf]) -> Iterator[tuple[Language, dict[Leaf, bool]]]:
    """The language split so that within a class every condition has one truth."""
    classes: list[tuple[Language, dict[Leaf, bool]]] = [(language, {})]
    for leaf in leaves:
        split = []
        for part, truth in classes:
            inside = part & _leaf_language(leaf)
            if inside.is_empty():
                split.append((part, {**truth, leaf: False}))
                continue
            outside = part - _leaf_language(leaf)
            split.append((inside, {**truth, leaf: True}))
            if not outside.is_empty():
                split.append((outside, {**truth, leaf: False}))
        classes = split
    return iter([each for each in classes if not each[0].is_empty()])


def leaf_of(when: Document) -> Leaf:
    """A condition on one field, as a key."""
    value = when.get("value")
    frozen = tuple(str(each) for each in value) if isinstance(value, list | tuple) else str(value or "")
    return when["field"], when["op"], frozen


@lru_cache(maxsize=1024)
def _leaf_language(leaf: Leaf) -> Language:
    """The texts of which a condition holds; the empty text stands for a missing value."""
    _, op, value = leaf
    text = fold(value) if isinstance(value, str) else ""
    match op:
        case "is_null":
            return _NULL
        case "exact":
            found = regular.words([text])
        case "in":
            found = regular.words(fold(each) for each in ((value,) if isinstance(value, str) else value))
        case "in_category":
            found = regular.words(fold(each) for each in categories()[category(text)])
        case "contains":
            found = automata.matching([quoted(text)])
        case "begins_with":
            found = automata.matching([f"^{quoted(text)}"])
        case "ends_with":
            found = automata.matching([f"{quoted(text)}$"])
        case "regex":
            found = automata.matching([whole(value if isinstance(value, str) else "")])
        case _:
            raise NoLanguage(f"nobody knows what {op} means")
    return found.case_folded_preimage() - _NULL


def leaves_of(rules: Sequence[Document]) -> dict[str, list[Leaf]]:
    """The conditions of rules by the field that they ask about, each once."""
    found: dict[str, list[Leaf]] = {name: [] for name in (*PARAMETERS, "default_channel")}

    def collect(when: Document) -> None:
        for part in (
            *(when.get("all") or ()),
            *(when.get("any") or ()),
            *([when["not"]] if when.get("not") else ()),
        ):
            collect(part)
        if when.get("field"):
            leaf = leaf_of(when)
            if leaf not in found[leaf[0]]:
                found[leaf[0]].append(leaf)

    for rule in rules:
        collect(rule["when"])
    return found


def group_leaves(model: Model, group: str) -> dict[str, list[Leaf]]:
    """The conditions of a group's rules, and of the default group's, on which it rests."""
    rules = list(default_group()["rules"])
    return leaves_of(rules if group == DEFAULT else [*rules, *model.groups[group]])


def regions(model: Model, group: str, truth: Mapping[Leaf, bool], campaigns: Language) -> Iterator[_Taken]:
    """The campaigns by the channel they land in, given what is true of source and medium. None is empty."""
    if group == DEFAULT:
        rules = default_group()["rules"]
        yield from _taken(rules, truth, campaigns, default_group()["fallback"])
        return
    for before in regions(model, DEFAULT, truth, campaigns):
        known = {
            leaf: _leaf_language(leaf).accepts(before.channel)
            for leaf in group_leaves(model, group)["default_channel"]
        }
        yield from _taken(model.groups[group], {**truth, **known}, before.campaigns, before.channel)


def _taken(
    rules: Sequence[Document], truth: Mapping[Leaf, bool], campaigns: Language, fallback: str
) -> Iterator[_Taken]:
    rest = campaigns
    for number, rule in enumerate(rules, 1):
        holds = _holds(rule["when"], truth)
        if holds is False:
            continue
        inside = rest if holds is True else rest & holds
        if inside.is_empty():
            continue
        yield _Taken(rule["channel"], number, sentence(rule["when"]), inside)
        if holds is True:
            return
        rest -= holds
        if rest.is_empty():
            return
    yield _Taken(fallback, None, "no rule takes it", rest)


def _holds(when: Document, truth: Mapping[Leaf, bool]) -> bool | Language:
    """A condition as a truth, or as the campaigns of which it is true."""
    if when.get("all"):
        return _folded([_holds(part, truth) for part in when["all"]], every=True)
    if when.get("any"):
        return _folded([_holds(part, truth) for part in when["any"]], every=False)
    if when.get("not"):
        inner = _holds(when["not"], truth)
        return not inner if isinstance(inner, bool) else ~inner
    leaf = leaf_of(when)
    return truth[leaf] if leaf in truth else _leaf_language(leaf)


def _folded(parts: Sequence[bool | Language], *, every: bool) -> bool | Language:
    known = [part for part in parts if isinstance(part, bool)]
    if every and not all(known):
        return False
    if not every and any(known):
        return True
    open_parts = [part for part in parts if not isinstance(part, bool)]
    if not open_parts:
        return every
    result = ANY if every else EMPTY
    for part in open_parts:
        result = result & part if every else result | part
    return result

"""Whether every name that a contract built before is still read, and read alike.

Decided on languages (`canonry.naming.languages`, `canonry.regular`); what is called broken has been read by
the codec on both sides. Words are those of both trees: a word that goes is its vocabulary's finding.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from canonry import regular
from canonry.kernel.ids import ContractId
from canonry.kernel.jsonvalue import Json, same
from canonry.naming.codec import Codec
from canonry.naming.languages import Model, NoLanguage
from canonry.naming.proofs.roundtrip import SEPARATOR, link_parts
from canonry.naming.table import Sources, compile_table
from canonry.regular import ANY, Choice, Language, Part, Slot, Unread

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue

Kind = Literal["rejected", "reread", "undecided"]
_UNDECIDABLE: Final = (
    NoLanguage,
    regular.BudgetExceeded,
    regular.UnsupportedPattern,
    regular.PatternSyntaxError,
)
_BESIDE: Final = ("dfa", "title", "owner", "status", "aliases", "channel", "custom_channel", "tagging")
"""Of the compiled contract: what says nothing about how names are read."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One form that breaks: what becomes of which name, and how it was read before and is now (None: not)."""

    kind: Kind
    pointer: str
    reason: str = ""
    name: Json = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] | None = None

    @property
    def witness(self) -> Json:
        """The name or link with both readings."""
        after = dict(self.after) if self.after is not None else None
        return {"name": self.name, "before": dict(self.before), "after": after}


@dataclass(frozen=True, slots=True)
class Side:
    """The naming contracts of one tree that matter to one of them, compiled."""

    codec: Codec
    model: Model
    readers: tuple[str, ...]
    """Every live major of the contract's name, itself first."""

    def reading(self, params: Mapping[str, str]) -> dict[str, Any] | None:
        """What names decode to; None where no live major reads them as they are."""
        for identifier in self.readers:
            found = self.codec.contract(identifier).read(dict(params), list(params), loosely=False)
            if found:
                best = min(found, key=lambda reading: reading["status"] != "right")
                return {name: value for name, value in best["fields"].items() if value is not None}
        return None


def side(
    catalogue: Catalogue,
    identifier: ContractId,
    words: Mapping[str, Any],
    *,
    former: ContractId | None = None,
) -> Side:
    """The contract's side of a change, with these vocabularies; no `readers` where it cannot be read.

    `former` is what it was called before: names of that are read by its other majors as well.
    """
    known = {(one.kind, one.name) for one in (identifier, former) if one is not None}
    wanted = _closure(catalogue, known)
    sources = Sources(contracts=wanted, vocabularies=words)
    table = compile_table(sources, lambda ref: _document(catalogue, ref))
    live = [
        str(other)
        for other in catalogue.contracts
        if (other.kind, other.name) in known
        and str(other) in table["contracts"]
        and table["contracts"][str(other)]["status"] in ("active", "deprecated")
    ]
    own = str(identifier)
    ordered = [own, *(o for o in reversed(live) if o != own)] if own in live else list(reversed(live))
    return Side(Codec(table), Model(table), tuple(ordered))


def merged_words(old: Catalogue, new: Catalogue) -> tuple[dict[str, Any], dict[str, Any]]:
    """Vocabularies before, and those of now with every word that was allowed before."""
    before = {name: _raw(old, name) for name in old.vocabularies}
    after: dict[str, Any] = {}
    for name in new.vocabularies:
        document = dict(_raw(new, name))
        kept = {
            word: about
            for word, about in (before.get(name, {}).get("words") or {}).items()
            if (about or {}).get("status") != "retired"
        }
        document["words"] = {**(document.get("words") or {}), **kept}
        after[name] = document
    return before, after


def judged(before: ContractId, after: ContractId, old: Side, new: Side) -> Iterator[Verdict]:
    """What does not hold: one verdict per parameter, whichever form shows it first."""
    own, now = str(before), str(after)
    if own not in old.readers:
        return
    contract = old.model.contract(own)
    if now in new.readers and same(_plain(contract), _plain(new.model.contract(now))):
        return
    told: set[tuple[str, str]] = set()
    for platform, params in _forms(contract):
        found = _Question(own, platform, params, old, new).answer()
        if found is not None and (found.kind, found.pointer) not in told:
            told.add((found.kind, found.pointer))
            yield found


@dataclass(slots=True)
class _Question:
    own: str
    platform: str | None
    params: Mapping[str, Any]
    old: Side
    new: Side

    def answer(self) -> Verdict | None:
        try:
            return self._rejected() or self._reread()
        except _UNDECIDABLE as error:
            return self._undecided(str(error))

    def _undecided(self, reason: str) -> Verdict:
        return Verdict("undecided", self._pointer(next(iter(self.params), "name")), reason)

    def _pointer(self, key: str) -> str:
        return f"/x-contract/templates/{key}"

    def _others(self) -> Iterator[tuple[str, Mapping[str, Any], frozenset[str]]]:
        """Every way in which the new side reads such names: contract, parameters, which may be missing."""
        for identifier in self.new.readers:
            contract = self.new.model.contract(identifier)
            wanted = self.platform if self.platform in contract["forms"] else "static"
            names = [wanted, *(name for name in contract["forms"] if name != wanted)]
            for name in names:
                yield identifier, contract["forms"][name]["params"], frozenset()
            for form in contract.get("legacy", ()):
                yield identifier, form["params"], frozenset(form["loose"])

    def _rejected(self) -> Verdict | None:
        """A name that nothing reads any more, parameter by parameter; None where each finds a reader."""
        ways = list(self._others())
        keys = list(self.params) + [key for _, params, _ in ways for key in params if key not in self.params]
        unsure = False
        for key in dict.fromkeys(keys):
            rest = self._written(key)
            for number, (identifier, params, loose) in enumerate(ways):
                rest = rest - self._read(identifier, params, loose, key)
                if rest.is_empty():
                    unsure = unsure or number > 0
                    break
            else:
                link = self._link({key: rest.shortest() or ""})
                before, after = self.old.reading(link), self.new.reading(link)
                if before is None or after is not None:
                    return self._undecided(f"{key} {rest.shortest()!r} was not read as it was written")
                return Verdict("rejected", self._pointer(key), "", self._shown(link), before, None)
        return self._jointly(ways) if unsure or len(ways) == 0 else None

    def _jointly(self, ways: Sequence[tuple[str, Mapping[str, Any], frozenset[str]]]) -> Verdict | None:
        """Each parameter has a reader: whether all of a link's have the same one. One template: they do."""
        for identifier, params, loose in ways:
            if all(
                self._read(identifier, params, loose, key).includes(self._written(key)) for key in self.params
            ):
                return None
        return self._undecided(
            "parameters are read by different templates; whether any link is lost is not decided"
        )

    def _written(self, key: str) -> Language:
        part = self.params.get(key)
        return regular.literal("") if part is None else self.old.model.param(self.own, part)

    def _read(self, identifier: str, params: Mapping[str, Any], loose: Iterable[str], key: str) -> Language:
        part = params.get(key)
        if part is None:
            return ANY  # a parameter that nobody knows is passed over
        language = self.new.model.param(identifier, part)
        return language | regular.literal("") if key in loose else language

    def _reread(self) -> Verdict | None:
        """A name whose old fields have other values now."""
        for link in self._samples():
            if found := self._differs(link):
                return found
        for identifier, params, loose in self._others():
            keys = [key for key in params if key not in loose]
            if _alike(self.params, params, keys) or not self._shares(identifier, params, loose):
                continue
            old_fields = set(self.old.model.contract(self.own)["fields"])
            first = link_parts(self.old.model, self.own, self.params, keys)
            second = link_parts(self.new.model, identifier, params, keys)
            if isinstance(first, str) or isinstance(second, str):
                return self._undecided(first if isinstance(first, str) else str(second))
            options = (tuple(_known(first, old_fields)), tuple(_known(second, old_fields)))
            clash = regular.ambiguity((Choice(options),))
            if clash is None:
                continue
            texts = dict(zip(keys, clash.text.split(SEPARATOR), strict=True))
            return self._differs(
                self._link({k: text for k, text in texts.items() if text})
            ) or self._undecided(f"{clash.text.replace(SEPARATOR, ' ')!r} may have two readings")
        return None

    def _shares(self, identifier: str, params: Mapping[str, Any], loose: Iterable[str]) -> bool:
        return not any(
            self._written(key).disjoint(self._read(identifier, params, loose, key)) for key in self.params
        )

    def _samples(self) -> Iterator[dict[str, str]]:
        """A link with the fields that must be there, and one with all, for what becomes of types."""
        yield self._link({})
        yield self._link({}, whole=True)
        yield self._link({}, whole=True, apart=True)

    def _differs(self, link: dict[str, str]) -> Verdict | None:
        before, after = self.old.reading(link), self.new.reading(link)
        if before is None:
            return None
        if after is None:
            return Verdict("rejected", self._pointer(next(iter(link))), "", self._shown(link), before, None)
        for name, value in before.items():
            if name not in after or not same(value, after[name]):
                return Verdict(
                    "reread", self._pointer(self._key_of(name)), name, self._shown(link), before, after
                )
        return None

    def _key_of(self, name: str) -> str:
        for key, part in self.params.items():
            if any(name in shape["items"][1::2] for shape in part.get("shapes", ())):
                return key
        return next(iter(self.params), "name")

    def _link(self, texts: Mapping[str, str], *, whole: bool = False, apart: bool = False) -> dict[str, str]:
        """A whole link of the old contract around these parameters.

        `whole` writes every optional field, `apart` gives fields that could be mistaken for one another other
        values.
        """
        contract = self.old.codec.contract(self.own)
        form = contract.form(self.platform)
        fields: dict[str, Any] = {}
        for key, text in texts.items():
            if key in form.templates:
                for reading, _ in form.templates[key].read(text)[:1]:
                    fields |= {name: value for name, value in reading.items() if value is not None}
        for number, name in enumerate(form.names):
            if name not in fields and (whole or name in contract.required):
                spelt = self.old.model.field(self.own, name)
                member = next(reversed(list(spelt.members(number + 1 if apart else 1))), None)
                fields[name] = contract.fields[name].read(member or self.old.model.example(spelt))
        built = dict(form.params(fields)[0])
        for key in form.macro_keys:
            built[key] = texts.get(key) or self.old.model.example(
                self.old.model.param(self.own, self.params[key])
            )
        return {key: value for key, value in built.items() if value}

    def _shown(self, link: Mapping[str, str]) -> Json:
        return link["name"] if list(link) == ["name"] else dict(link)


def _closure(catalogue: Catalogue, known: Collection[tuple[str, str]]) -> dict[str, Any]:
    """Documents of every major of some kinds and names, and of every name that they hold or expand to."""
    todo = [contract for other, contract in catalogue.contracts.items() if (other.kind, other.name) in known]
    found: dict[str, Any] = {}
    while todo:
        contract = todo.pop()
        if str(contract.id) in found:
            continue
        found[str(contract.id)] = contract.schema
        named = [p.get("x-name-of") for p in contract.properties.values() if isinstance(p, dict)]
        for forms in contract.meta.templates.values():
            for form in forms.values() if isinstance(forms, dict) else (forms,):
                named += [] if isinstance(form, str) else [form.expands]
        todo.extend(other for name in named if name and (other := catalogue.contract(name)))
    return found


def _document(catalogue: Catalogue, ref: str) -> Mapping[str, Any]:
    contract = catalogue.contract(ref)
    if contract is None:
        raise LookupError(ref)
    return contract.schema


def _raw(catalogue: Catalogue, vocabulary: str) -> dict[str, Any]:
    value = catalogue.sources[f"registry/vocabularies/{vocabulary}.yaml"].value
    return value if isinstance(value, dict) else {}


def _forms(contract: Mapping[str, Any]) -> Iterator[tuple[str | None, Mapping[str, Any]]]:
    seen: list[Any] = []
    for name, form in contract["forms"].items():
        if form["params"] not in seen:
            seen.append(form["params"])
            yield (None if name == "static" else name), form["params"]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key not in _BESIDE}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _alike(old: Mapping[str, Any], new: Mapping[str, Any], keys: Iterable[str]) -> bool:
    """Whether the templates are the same text: then the same slots, and the old reading is a new one."""
    return all(key in old and same(_plain(old[key]), _plain(new[key])) for key in keys)


def _known(parts: Iterable[Part], names: set[str]) -> Iterator[Part]:
    """The parts, with what is none of these fields read without a name."""
    for part in parts:
        if isinstance(part, Slot):
            yield part if part.name in names else Unread(part.language)
        elif isinstance(part, Choice):
            yield Choice(tuple(tuple(_known(option, names)) for option in part.options))
        elif isinstance(part, regular.Optional):
            yield regular.Optional(tuple(_known(part.parts, names)))
        else:
            yield part

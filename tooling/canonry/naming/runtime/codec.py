"""Builds and reads names and links from a compiled table, and explains what it cannot read.

This folder imports nothing but itself, on purpose: it is what `canonry utm` and `canonry name` run, starts in
a millisecond or two, and generated clients carry a copy of it. It knows no JSON Schema and runs no regular
expression: the table (`canonry.naming.table.compile_table`) holds words, automata and template parts.

    codec = Codec(table)
    codec.build("/utm/paid_social/v1", {"source": "facebook", ...}, platform="meta")
        {"ok": True, "params": [("utm_source", "facebook"), ...], "name": None, "macros": [...],
         "notes": [], "problems": []}
    join("https://example.com/a#top", built["params"], built["macros"])
    codec.read_params({"utm_source": "facebook", ...})
    codec.read_name("creatives", "image_1x1_...")

What goes in and comes out is JSON. A problem, a note or a rejection is
`{"reason": "word-unknown", "field": "market", "found": "ukk", "expected": "one of de, gb", "nearest": "gb"}`
with, where it has one, `param` and `token` (counted from 1). A note says that something was read which is not
right; its `right` is what it should be.
"""

from __future__ import annotations

from .forms import Form, Template, present, unknown  # noqa: TID252 -- the folder is copied into clients
from .text import fold, same_letters  # noqa: TID252 -- as above
from .values import ABSENT, MEMORY, TYPES, Automaton, Words, problem  # noqa: TID252 -- as above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .linker import Linker  # noqa: TID252 -- as above
    from .values import Field  # noqa: TID252 -- as above


class Contract:
    """One contract of the table, with its fields and forms; made when first used."""

    def __init__(self, codec: Codec, identifier: str, table: Mapping[str, Any]) -> None:
        self.codec = codec
        self.id = identifier
        self.table = table
        self.kind: str = table["kind"]
        self.major = int(identifier.rpartition("/v")[2])
        self.required = frozenset(table["required"])
        self.fields: dict[str, Field] = {
            name: TYPES[spec["type"]](name, spec, codec) for name, spec in table["fields"].items()
        }
        self.written: dict[str, dict[str, Any]] = {name: {} for name in self.fields}
        self.deprecated = {
            n: f.deprecated for n, f in self.fields.items() if isinstance(f, Words) and f.deprecated
        }
        self.combinations: list[tuple[list[str], list[Any]]] = [
            (entry["fields"], [[cell and frozenset(cell) for cell in row] for row in entry["rows"]])
            for entry in table.get("combinations", ())
        ]
        self._templates: dict[str, Template] = {}
        self.forms: dict[str, Form] = {
            key: Form(self, None if key == "static" else key, form) for key, form in table["forms"].items()
        }
        self.older: list[Form] = [
            Form(self, None, {**form, "legacy": True}) for form in table.get("legacy", ())
        ]
        self._holds: dict[str, bool] = {}
        first, *others = self.forms.values()
        self.common = {
            key: template
            for key, template in first.templates.items()
            if all(form.templates.get(key) is template for form in others)
        }

    def template(self, table: Mapping[str, Any]) -> Template:
        """The template of a parameter; forms that write it alike share it."""
        found = self._templates.get(table["text"])
        if found is None:
            found = self._templates[table["text"]] = Template(table, self.fields)
        return found

    def form(self, platform: str | None = None) -> Form:
        """The form of a platform, or the static one where the platform has none of its own."""
        return self.forms.get(platform or "static") or self.forms["static"]

    def pattern(self) -> str:
        """The template of a name, as the contract writes it."""
        return " or ".join(template.text for template in self.form().templates.values())

    def holds(self, char: str) -> bool:
        """Whether a name of the contract may contain the character."""
        known = self._holds.get(char)
        if known is None:
            template = self.form().templates["name"]
            pieces = [(n, item) for items, _ in template.shapes for n, item in enumerate(items)]
            known = any((char in item) if n % 2 == 0 else self.fields[item].holds(char) for n, item in pieces)
            known = self._holds[char] = known or bool(template.marks and char == ABSENT[0])
        return known

    def spelling(
        self, name: str, raw: Any
    ) -> tuple[str | None, dict[str, Any] | None, dict[str, Any] | None]:
        """Canonical spelling of a field's value, note, problem."""
        text, note, refused = self.fields[name].write(raw)
        if text == ABSENT and name not in self.required:
            return (
                None,
                None,
                problem("absent-mark", name, text, f"another word: {ABSENT} stands for no value"),
            )
        after = self.deprecated.get(name, {})
        if note is None and text in after:
            note = problem("word-deprecated", name, text, after[text] or "another word", after[text])
            note["right"] = text
        return text, note, refused

    def strangers(self, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One problem per given field that the contract does not have."""
        return [
            unknown(name, value, self.fields) for name, value in fields.items() if name not in self.fields
        ]

    def build(self, fields: Mapping[str, Any], platform: str | None = None) -> dict[str, Any]:
        """What `Codec.build` answers."""
        built = self.form(platform).build(fields)
        built["name"] = built["params"][0][1] if self.kind != "utm" and built["params"] else None
        return built

    def read(self, params: Mapping[str, str], given: list[str], *, loosely: bool) -> list[dict[str, Any]]:
        """Readings under the first way of writing that gives any: today's, a platform's, an older one."""
        if all(template.read(params.get(key, ""), loosely=loosely) for key, template in self.common.items()):
            for form in self.forms.values():
                readings = form.read(params, loosely=loosely)
                if readings:
                    return [self.settled(reading, form, given, params) for reading in readings]
        for form in self.older:
            readings = form.read(params, loosely=loosely)
            if readings:
                return [self.settled(reading, form, given, params) for reading in readings]
        return []

    def settled(
        self, reading: dict[str, Any], form: Form, given: list[str], params: Mapping[str, str]
    ) -> dict[str, Any]:
        """The reading with its status, and notes on older templates, deprecated words, foreign parameters."""
        notes = reading["notes"]
        wrong = bool(notes) or form.legacy
        if form.legacy:
            notes.append(problem("legacy", None, None, "today's template"))
        for key in given:
            if key not in form.known:
                wrong = True
                notes.append(
                    {**problem("parameter-foreign", None, params[key], "no such parameter"), "param": key}
                )
        for name, after in self.deprecated.items():
            value = reading["fields"].get(name)
            if value in after:
                notes.append(
                    problem("word-deprecated", name, value, after[value] or "another word", after[value])
                )
                notes[-1]["right"] = value
        reading["status"] = "readable" if wrong else "right"
        return reading

    def read_name(self, text: str, *, loosely: bool = False) -> list[dict[str, Any]]:
        """Every reading of a name under the current template."""
        return self.form().read({"name": text}, loosely=loosely)

    def rebuild(self, reading: Mapping[str, Any]) -> str | None:
        """The right spelling of a name that was read loosely; None where a word of it has no successor."""
        right = self.right(reading)
        return None if right is None else right.get("name")

    def right(self, reading: Mapping[str, Any]) -> dict[str, str] | None:
        """The right parameters for a reading; None where today's form needs a value that it has not."""
        values = present(reading["fields"])
        for note in reading["notes"]:
            if note["field"] in values and note["reason"] != "word-deprecated":
                if note.get("right") is None:
                    return None
                values[note["field"]] = note["right"]
        params, _, problems = self.form(reading["platform"]).params(values)
        return None if problems else dict(params)


class Codec:
    """Everything that a compiled table can build and read. Parts are made when first used."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        self._contracts: dict[str, Contract] = {}
        self._automata: dict[int, Automaton] = {}
        self._kinds: dict[str, list[Contract]] = {}
        self._index: dict[tuple[str, str], list[Contract]] | None = None
        self._keys: frozenset[str] | None = None
        self._pairs: dict[tuple[str, str], list[Contract]] = {}
        self._meant: dict[tuple[str, str], list[Contract]] = {}

    def automaton(self, number: int | None) -> Automaton | None:
        """An automaton of the table by its number."""
        if number is None:
            return None
        if number not in self._automata:
            self._automata[number] = Automaton(self.table["automata"][number])
        return self._automata[number]

    def contract(self, identifier: str) -> Contract:
        """Raises `KeyError` where the table holds no such contract."""
        found = self._contracts.get(identifier)
        if found is None:
            found = self._contracts[identifier] = Contract(
                self, identifier, self.table["contracts"][identifier]
            )
        return found

    def live(self, kind: str) -> list[str]:
        """The contracts of a kind that are read unasked: the active and the deprecated."""
        contracts = self.table["contracts"]
        return [
            i for i, c in contracts.items() if c["kind"] == kind and c["status"] in ("active", "deprecated")
        ]

    def find(self, kind: str, word: str) -> list[str]:
        """The contracts that a person means by an id, a short name, an alias or a platform; best first.

        Of several majors the newest that is live, unless the word is an id.
        """
        wanted = fold(word.strip())
        contracts = self.table["contracts"]
        if wanted in contracts:
            return [wanted]
        live = [identifier for identifier in self.live(kind) if identifier == self.newest(identifier)]
        for names in (
            {i: (contracts[i]["name"], contracts[i]["title"]) for i in live},
            {i: contracts[i]["aliases"] for i in live},
        ):
            found = [i for i in live if any(same_letters(wanted, name) for name in names[i])]
            if found:
                return found
        platform = self.platform(word)
        return [i for i in live if platform is not None and platform in contracts[i]["platforms"]]

    def newest(self, identifier: str) -> str:
        """The newest live major of a contract's name."""
        stem, _, _ = identifier.rpartition("/")
        kind = self.table["contracts"][identifier]["kind"]
        majors = [i for i in self.live(kind) if i.rpartition("/")[0] == stem]
        return max(majors, key=lambda i: int(i.rpartition("/v")[2]), default=identifier)

    def platform(self, word: str) -> str | None:
        """The platform that a person means by its key, label or alias."""
        platforms: dict[str, Any] = self.table["platforms"]
        for key, platform in platforms.items():
            if any(
                same_letters(word, name) for name in (key, platform["label"] or key, *platform["aliases"])
            ):
                return key
        return None

    def build(
        self, identifier: str, fields: Mapping[str, Any], platform: str | None = None
    ) -> dict[str, Any]:
        """`{"ok", "params", "name", "macros", "notes", "problems"}`.

        `params` is a list of `(key, value)` in the order of the link, empty where not ok; `macros` names the
        keys whose value must stay unencoded. Values may be text (aliases and other case are set right, with a
        note), numbers, or an object where the field is a name.
        """
        return self.contract(identifier).build(fields, platform)

    def linker(self, identifier: str, platform: str | None = None) -> Linker:
        """Builds links by the thousand, with the answers of `build`."""
        from .linker import Linker  # noqa: TID252 -- as above

        return Linker(self.contract(identifier), platform)

    def needs(self, identifier: str, platform: str | None = None) -> list[dict[str, Any]]:
        """The fields that a form writes, in order, with what is expected and the choices."""
        contract = self.contract(identifier)
        return [
            {
                "field": name,
                "type": contract.fields[name].spec["type"],
                "title": contract.fields[name].spec.get("title"),
                "required": name in contract.required,
                "fixed": contract.fields[name].fixed,
                "expected": contract.fields[name].expected(),
                "choices": contract.fields[name].choices(),
            }
            for name in contract.form(platform).names
        ]

    def keys(self) -> frozenset[str]:
        """Every parameter that some format writes."""
        if self._keys is None:
            forms = [
                form for contract in self.kind("utm") for form in (*contract.forms.values(), *contract.older)
            ]
            self._keys = frozenset(key for form in forms for key in form.keys)
        return self._keys

    def kind(self, kind: str) -> list[Contract]:
        """The live contracts of a kind."""
        if kind not in self._kinds:
            self._kinds[kind] = [self.contract(identifier) for identifier in self.live(kind)]
        return self._kinds[kind]

    def read_params(
        self,
        params: Mapping[str, str],
        identifier: str | None = None,
        *,
        explain: bool = True,
        platform: str | None = None,
    ) -> dict[str, Any]:
        """What a link's decoded parameters say.

        `{"status": "right" | "readable" | "rejected", "format", "platform", "fields", "expanded", "notes",
        "rejections", "right": {...} or None, "readings": [...]}`. *right*: exactly as a format builds it.
        *readable*: decoded, with notes. `expanded` holds what was found in place of macros. `readings` has
        more than one entry only where formats overlap. Parameters that no format writes are not looked at,
        unless they begin with `utm_`. Without `explain`, rejections stay empty, which is quicker. `platform`:
        the link stands there, so a rejection speaks of no other one's macros.
        """
        keys = self.keys()
        given = [key for key in params if key in keys or key[:4] == "utm_"]
        if identifier is None:
            candidates = self.candidates(params.get("utm_source", ""), params.get("utm_medium", ""))
        else:
            candidates = [self.contract(identifier)]
        answer = self._read(candidates, params, given, loosely=False)
        if answer is not None:
            return answer
        if identifier is None:
            candidates = self._likely(params)
        answer = self._read(candidates, params, given, loosely=True)
        if answer is not None:
            return answer
        return self._rejected(candidates, params, given, explain=explain, platform=platform)

    def read_name(
        self,
        kind: str,
        text: str,
        identifier: str | None = None,
        *,
        platform: str | None = None,
        level: str | None = None,
    ) -> dict[str, Any]:
        """What a name says, as `read_params` does; `right` is a text.

        Under one contract, or under every live one of the kind; `platform` and `level` leave fewer of them.
        """
        if identifier is not None:
            contracts = [self.contract(identifier)]
        else:
            contracts = [
                contract
                for contract in self.kind(kind)
                if (platform is None or platform in contract.table["platforms"])
                and (level is None or level == contract.table["level"])
            ]
        params = {"name": text}
        answer = self._read(contracts, params, ["name"], loosely=False)
        if answer is None:
            answer = self._read(contracts, params, ["name"], loosely=True)
        if answer is None:
            return self._rejected(contracts, params, ["name"], explain=True)
        if answer["right"] is not None:
            answer["right"] = answer["right"].get("name")
        return answer

    def refused_name(self, text: str, identifier: str, *, near: bool = True) -> dict[str, Any]:
        """As `read_name` under one contract, of a name that the contract does not read in any spelling.

        Without `near`, the rejections are complete in number only; `rejections.with_nearest` makes them so.
        """
        return self._rejected([self.contract(identifier)], {"name": text}, ["name"], explain=True, near=near)

    def _read(
        self, contracts: Iterable[Contract], params: Mapping[str, str], given: list[str], *, loosely: bool
    ) -> dict[str, Any] | None:
        readings: list[dict[str, Any]] = []
        for contract in contracts:
            readings += contract.read(params, given, loosely=loosely)
        if not readings:
            return None
        best = readings[0] if len(readings) == 1 else min(readings, key=self._rank)
        status = best["status"]
        if status == "right":
            macros = self.contract(best["format"]).form(best["platform"]).macros
            right: dict[str, str] | None = {key: params[key] for key in given if params[key] or key in macros}
        else:
            right = self.contract(best["format"]).right(best)
        return {
            "status": status,
            "format": best["format"],
            "platform": best["platform"],
            "fields": present(best["fields"]),
            "expanded": best["expanded"],
            "notes": best["notes"],
            "rejections": [],
            "right": right,
            "readings": [
                {"format": r["format"], "platform": r["platform"], "fields": present(r["fields"])}
                for r in readings
                if r["status"] == status
            ],
        }

    def _rank(self, reading: dict[str, Any]) -> tuple[bool, int, bool, int]:
        """Best reading first: right, few notes, the static form, the newest major."""
        major = self.contract(reading["format"]).major
        return reading["status"] != "right", len(reading["notes"]), reading["platform"] is not None, -major

    def _rejected(
        self,
        contracts: list[Contract],
        params: Mapping[str, str],
        given: list[str],
        *,
        explain: bool,
        near: bool = True,
        platform: str | None = None,
    ) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "status": "rejected",
            "format": None,
            "platform": None,
            "fields": {},
            "expanded": {},
            "notes": [],
            "rejections": [],
            "right": None,
            "readings": [],
        }
        if explain:
            from .rejections import explained  # noqa: TID252 -- as above

            found = explained(contracts, params, given, near=near, platform=platform)
            if found is not None:
                form, answer["rejections"], values = found
                answer["fields"] = present(values)
                answer["format"], answer["platform"] = form.contract.id, form.platform
        return answer

    def candidates(self, source: str, medium: str) -> list[Contract]:
        """The contracts that allow this source and medium, as far as they list theirs."""
        known = self._pairs.get((source, medium))
        if known is not None:
            return known
        if self._index is None:
            index: dict[tuple[str, str], list[Contract]] = {}
            for contract in self.kind("utm"):
                for form in (*contract.forms.values(), *contract.older):
                    for one in _listed(form, "utm_source"):
                        for other in _listed(form, "utm_medium"):
                            if contract not in index.setdefault((one, other), []):
                                index[one, other].append(contract)
            self._index = index
        index = self._index
        found: list[Contract] = []
        for key in ((source, medium), ("", medium), (source, ""), ("", "")):
            if key in index:
                found = index[key] if not found else found + [c for c in index[key] if c not in found]
        if len(self._pairs) > MEMORY:
            self._pairs.clear()
        self._pairs[source, medium] = found
        return found

    def _likely(self, params: Mapping[str, str]) -> list[Contract]:
        """The contracts that a link most likely means: by its source and medium, else by one of them."""
        source, medium = params.get("utm_source", ""), params.get("utm_medium", "")
        if (source, medium) in self._meant:
            return self._meant[source, medium]
        if len(self._meant) > MEMORY:
            self._meant.clear()
        scored = [(_closeness(contract, source, medium), contract) for contract in self.kind("utm")]
        top = max([score for score, _ in scored], default=0)
        self._meant[source, medium] = [contract for score, contract in scored if score == top]
        return self._meant[source, medium]


def _closeness(contract: Contract, source: str, medium: str) -> int:
    form = contract.forms["static"]
    return 3 * _may_be(form, "utm_medium", medium) + 2 * _may_be(form, "utm_source", source)


def _may_be(form: Form, key: str, text: str) -> bool:
    template = form.templates.get(key)
    if template is None or not text:
        return False
    if template.constant is not None:
        return template.constant == fold(text)
    return bool(template.read(text)) or bool(template.read(text, loosely=True))


def _listed(form: Form, key: str) -> Iterable[str]:
    """The spellings that a parameter allows, where they are a list; else one empty text."""
    template = form.templates.get(key)
    if template is None or key in form.loose:
        return ("",)
    if template.constant is not None:
        return (template.constant,)
    field = None if template.sole is None or template.marks else template.fields[template.sole]
    return field.values if isinstance(field, Words) else ("",)

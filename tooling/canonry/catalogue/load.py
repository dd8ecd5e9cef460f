"""Tree to catalogue, and everything wrong on the way. One bad file never hides the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from canonry.catalogue import documents, problems
from canonry.catalogue.model import Catalogue, Contract, Sources
from canonry.catalogue.text import Fault, Source, parse
from canonry.catalogue.tree import ROOTS, Tree, UnreadableFileError
from canonry.kernel import pointer as pointers
from canonry.kernel.findings import Finding, Loaded, Place, ordered
from canonry.kernel.ids import KINDS, ContractId
from canonry.kernel.jsonvalue import Json

if TYPE_CHECKING:
    from canonry.catalogue.documents import Document, XContract

D = TypeVar("D", bound="Document")

_SINGLE: Final[Mapping[str, tuple[str, str]]] = {
    "registry/registry.yaml": ("registry", "Registry"),
    "registry/teams.yaml": ("teams", "Teams"),
    "registry/accounts.yaml": ("accounts", "Accounts"),
    "registry/domains.yaml": ("domains", "Domains"),
    "registry/channel_groups.yaml": ("channel_groups", "ChannelGroups"),
    "registry/autopsy.yaml": ("autopsy", "Autopsy"),
    "registry/audit.yaml": ("audit", "Audit"),
}

_FOLDERS: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (re.compile(r"registry/vocabularies/([a-z0-9]+(?:_[a-z0-9]+)*)\.yaml\Z"), "vocabularies", "Vocabulary"),
    (re.compile(r"registry/platforms/([a-z0-9]+(?:_[a-z0-9]+)*)\.yaml\Z"), "platforms", "Platform"),
    (re.compile(r"registry/campaigns/([23456789bcdfghjklmnpqrstvwxyz]{6})\.yaml\Z"), "campaigns", "Campaign"),
    (re.compile(r"registry/accepted/([0-9a-f]{16})\.yaml\Z"), "accepted", "Accepted"),
)

_CONTRACT = re.compile(r"contracts/([a-z]+)/([^/]+)/v([0-9]+)\.json\Z")

_ELSEWHERE: Final = re.compile(
    r"registry/(?:links/[^/]+\.jsonl|baseline\.jsonl|history\.jsonl|[^/]*README\.md|.*\.md)\Z|contracts/.*\.md\Z"
)
"""Files that other parts of canonry read, and prose."""


def load(tree: Tree) -> Loaded[Catalogue]:
    """Every document of a tree, with a finding for each that could not be taken or has the wrong shape."""
    sources, found = read(tree)
    return assemble(sources, found)


def read(tree: Tree) -> tuple[dict[str, Source], list[Finding]]:
    """Parsed files by path, sorted, and what could not be parsed."""
    found: list[Finding] = []
    sources: dict[str, Source] = {}
    paths = sorted(path for path in tree.paths() if path.startswith(tuple(f"{root}/" for root in ROOTS)))
    found.extend(_case_collisions(paths))
    for path in paths:
        if _ELSEWHERE.match(path):
            continue
        if not path.endswith((".json", ".yaml")) or not _expected(path):
            found.append(_unexpected(path))
            continue
        try:
            data = tree.read(path)
        except UnreadableFileError as error:
            found.append(problems.FILE_UNREADABLE.finding(f"cannot read the file: {error.why}", Place(path)))
            sources[path] = Source(path, "")
            continue
        source, faults = parse(path, data)
        sources[path] = source
        found.extend(_fault_finding(path, fault) for fault in faults)
        if source.value is None and not faults:
            found.append(problems.DOCUMENT_INVALID.finding("the file holds null", Place(path, 1)))
    return sources, found


def assemble(sources: Mapping[str, Source], found: Iterable[Finding] = ()) -> Loaded[Catalogue]:
    """The catalogue that parsed files make up. A source whose value is None counts as broken."""
    problems_found = list(found)
    singles: dict[str, Any] = {}
    keyed: dict[str, dict[str, Any]] = {name: {} for _, name, _ in _FOLDERS}
    contracts: dict[ContractId, Contract] = {}
    broken: set[str] = set()
    for path, source in sources.items():
        if source.value is None:
            broken.add(path)
            continue
        if path.startswith("contracts/"):
            contract = _contract(source, problems_found)
            if contract is None:
                broken.add(path)
            else:
                contracts[contract.id] = contract
            continue
        place, key, model = _slot(path)
        document = _validated(model, source.value, source, "", problems_found)
        if document is None:
            broken.add(path)
        elif key is None:
            singles[place] = document
        else:
            keyed[place][key] = document
    if "registry" not in singles and "registry/registry.yaml" not in broken:
        message = "there is no registry/registry.yaml, so the registry has no name and no policy"
        hint = "canonry init writes one"
        problems_found.append(
            problems.FILE_MISSING.finding(message, Place("registry/registry.yaml"), suggestion=hint)
        )
    slots: dict[str, Any] = {**singles, **keyed}
    catalogue = Catalogue(
        **slots,
        contracts=dict(sorted(contracts.items())),
        sources=Sources(sources),
        broken=frozenset(broken),
    )
    owned = (replace(finding, owner=catalogue.owner_of(finding.place)) for finding in problems_found)
    return Loaded(catalogue, ordered(owned))


def _slot(path: str) -> tuple[str, str | None, type[Document]]:
    if path in _SINGLE:
        name, model = _SINGLE[path]
        return name, None, getattr(documents, model)
    for pattern, name, model in _FOLDERS:
        if match := pattern.match(path):
            return name, match[1], getattr(documents, model)
    raise AssertionError(path)  # `read` lets no other path through


def _expected(path: str) -> bool:
    if path.startswith("contracts/"):
        match = _CONTRACT.match(path)
        if match is None:
            return False
        try:
            ContractId.parse(f"/{match[1]}/{match[2]}/v{match[3]}")
        except ValueError:
            return False
        return True
    return path in _SINGLE or any(pattern.match(path) for pattern, _, _ in _FOLDERS)


def _unexpected(path: str) -> Finding:
    if path.startswith("contracts/"):
        advice = _contract_advice(path)
    elif path.startswith("registry/campaigns/"):
        advice = (
            "a campaign's file is named by its registry id: six of 23456789bcdfghjklmnpqrstvwxyz, then .yaml"
        )
    elif path.startswith("registry/accepted/"):
        advice = "an acceptance is named by its fingerprint; canonry accept writes it"
    else:
        advice = "expected registry.yaml, teams.yaml, accounts.yaml, domains.yaml, channel_groups.yaml, "
        advice += "autopsy.yaml, audit.yaml, or <name>.yaml under vocabularies/, platforms/, campaigns/"
    return problems.FILE_UNEXPECTED.finding(
        "nothing in a registry is called this", Place(path), suggestion=advice
    )


def _contract_advice(path: str) -> str:
    match = _CONTRACT.match(path)
    if match is None:
        return "contracts are contracts/<kind>/<name>/v<major>.json"
    if match[1] not in KINDS:
        near = nearest(match[1], KINDS)
        return f"did you mean contracts/{near}/?" if near else f"kinds are {', '.join(KINDS)}"
    better = re.sub(r"[^a-z0-9]+", "_", match[2].lower()).strip("_")
    return f"did you mean contracts/{match[1]}/{better}/v{int(match[3])}.json? Names are words joined by '_'"


def _case_collisions(paths: Iterable[str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for path in paths:
        other = seen.setdefault(path.casefold(), path)
        if other != path:
            message = f"differs from {other} only in case: on macOS and Windows the two are one file"
            yield problems.PATH_COLLISION.finding(message, Place(path), values=[other])


_FAULT_RULES: Final = {
    "syntax": problems.SYNTAX_INVALID,
    "duplicate": problems.KEY_DUPLICATE,
    "complex": problems.DOCUMENT_TOO_COMPLEX,
    "encoding": problems.FILE_UNREADABLE,
}


def _fault_finding(path: str, fault: Fault) -> Finding:
    return _FAULT_RULES[fault.kind].finding(
        fault.message, Place(path, fault.line, fault.pointer), values=[fault.message]
    )


def _contract(source: Source, found: list[Finding]) -> Contract | None:
    match = _CONTRACT.match(source.path)
    assert match is not None  # noqa: S101  `read` lets no other path through
    identifier = ContractId.parse(f"/{match[1]}/{match[2]}/v{match[3]}")
    schema = source.value
    if not isinstance(schema, dict):
        message = f"a contract is a JSON object, not {_kind(schema)}"
        found.append(problems.DOCUMENT_INVALID.finding(message, Place(source.path, 1)))
        return None
    if "x-contract" not in schema:
        message = "there is no x-contract, so nobody owns this contract and it has no version"
        found.append(problems.DOCUMENT_INVALID.finding(message, Place(source.path, 1), values=["x-contract"]))
        return None
    model: type[XContract] = documents.XContract
    meta = _validated(model, schema["x-contract"], source, "/x-contract", found)
    if meta is None:
        return None
    return Contract(identifier, schema, meta, source)


def _validated(model: type[D], value: Json, source: Source, pointer: str, found: list[Finding]) -> D | None:
    from pydantic import ValidationError

    try:
        return model.model_validate(value)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False)
        found.extend(_shape_findings(errors, model, value, source, pointer))
        return None


def _shape_findings(
    errors: Iterable[Mapping[str, Any]], model: type[Document], value: Json, source: Source, pointer: str
) -> Iterator[Finding]:
    """One finding per place: a union's failed alternatives are one mistake, told by the deepest of them."""
    by_place: dict[str, list[Mapping[str, Any]]] = {}
    for error in errors:
        tokens = _existing(value, error["loc"])
        by_place.setdefault(pointers.join(tokens), []).append(error)
    deepest = {place for place in by_place if not any(other.startswith(f"{place}/") for other in by_place)}
    for place, group in by_place.items():
        kinds = {error["type"] for error in group}
        if place not in deepest and not kinds & {"missing", "extra_forbidden"}:
            continue
        for error in group if kinds & {"missing", "extra_forbidden"} else group[:1]:
            here = f"{pointer}{place}"
            message, suggestion = _shape_message(error, model)
            rule = problems.DOCUMENT_INVALID
            if error["type"] == "missing" and error["loc"][-1] in ("owner", "backup_owner"):
                rule = problems.OWNER_MISSING
            yield rule.finding(
                message,
                Place(source.path, source.line_of(here), here),
                suggestion=suggestion,
                values=[error["type"], str(error["loc"][-1:])],
            )


def _existing(value: Json, location: Iterable[str | int]) -> list[str | int]:
    """The part of pydantic's location that is in the document: union tags and missing keys are not."""
    tokens: list[str | int] = []
    here: Any = value
    for token in location:
        inside: Any = here
        if isinstance(inside, list):
            known = isinstance(token, int) and token < len(inside)
        else:
            known = isinstance(inside, dict) and token in inside
        if known:
            here = inside[token]
            tokens.append(token)
    return tokens


def _shape_message(error: Mapping[str, Any], model: type[Document]) -> tuple[str, str]:
    last = error["loc"][-1] if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = _keys_near(model, error["loc"])
        near = nearest(str(last), known)
        return f"unknown key {last!r}", f"did you mean {near!r}?" if near else ""
    if error["type"] == "missing":
        advice = "name a team of registry/teams.yaml" if last in ("owner", "backup_owner") else ""
        return f"{last!r} is missing", advice
    shown = _shown(error.get("input"))
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}, found {shown}", ""


def _keys_near(model: type[Document], location: Iterable[str | int]) -> list[str]:
    """Every key of the model and of the models inside it; enough to guess at a misspelling."""
    names: set[str] = set()
    todo: list[Any] = [model]
    seen: set[Any] = set()
    while todo:
        current = todo.pop()
        if current in seen or not hasattr(current, "model_fields"):
            continue
        seen.add(current)
        for name, field in current.model_fields.items():
            names.add(field.alias or name)
            todo.extend(_inner(field.annotation))
    return sorted(names)


def _inner(annotation: Any) -> Iterator[Any]:
    from typing import get_args

    yield annotation
    for argument in get_args(annotation):
        yield from _inner(argument)


def nearest(word: str, known: Iterable[str], *, cutoff: int = 60) -> str:
    """The known word that is most like this one, or nothing where none is near."""
    from rapidfuzz import fuzz, process

    best = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=cutoff)
    return str(best[0]) if best else ""


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, dict | list) else _kind(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004  fits a terminal's line


_KINDS: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (bool, "a boolean"),
    (dict, "an object"),
    (list, "a list"),
    (str, "a string"),
    ((int, float), "a number"),
)


def _kind(value: object) -> str:
    return next((name for types, name in _KINDS if isinstance(value, types)), "null")

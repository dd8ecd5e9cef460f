"""The text of one module: what the model generator made of a skeleton, with all that the contract says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from canonry.codegen import identifiers, prose
from canonry.codegen.shapes import ClassShape, ModuleShape
from canonry.kernel.ids import ContractId

if TYPE_CHECKING:
    from canonry.catalogue.documents import XContract
    from canonry.catalogue.model import Contract

_CLASS = re.compile(r"class (\w+)\(")
_FIELD = re.compile(r"    (\w+): ")
_LITERAL = re.compile(r"Literal\['@@v([0-9]+)@@'\]")
_NAME = re.compile(r"'@@n([0-9]+)@@'")
_IMPORT = re.compile(r"^from (\S+) import (?:\(\n)?((?:[\w, ]|\n    )+)", re.MULTILINE)
_CONFIG = re.compile(r"    model_config = ConfigDict\(\n        arbitrary_types_allowed=True,\n    \)\n")


class GeneratorError(Exception):
    """The model generator answered with something else than was asked for; `str` says what."""


def module(
    shape: ModuleShape, generated: str, contract: Contract, package: str, about: str, header: str
) -> str:
    """A module. `about` is the expression of its `Contract`, `header` its first comment lines."""
    start = generated.find("from __future__ import annotations")
    if start < 0:
        raise GeneratorError("the models do not begin with their imports")
    text = _placeholders(generated[start:], shape)
    imports, body = _split(_CONFIG.sub("", text))
    imports = _imports(imports, body, shape, contract, package, guarded="Guard(" in about)
    return header + imports + "\n\n" + _documented(body, shape, contract, about)


def _split(text: str) -> tuple[str, str]:
    found = re.search(r"^class ", text, re.MULTILINE)
    if found is None:
        raise GeneratorError("there is no model in it")
    return text[: found.start()].rstrip() + "\n", text[found.start() :].rstrip() + "\n"


def _placeholders(text: str, shape: ModuleShape) -> str:
    def values(match: re.Match[str]) -> str:
        number = int(match[1])
        source = prose.items(list(shape.literals[number]), "Literal[", "]", "    ")
        return f"Annotated[{source}, Exact]" if number in shape.exact else source

    text = _LITERAL.sub(values, text)
    return _NAME.sub(lambda match: prose.literal(shape.names[int(match[1])]), text)


def _imports(
    imports: str, body: str, shape: ModuleShape, contract: Contract, package: str, *, guarded: bool
) -> str:
    """The generator's imports with ours: `Sequence` is the client's own, which keeps tuples."""
    found: dict[str, set[str]] = {"typing": {"ClassVar"}, f"{package}._record": {"Contract"}}
    for module, names in _IMPORT.findall(imports):
        found.setdefault(module, set()).update(name.strip() for name in names.split(","))
    found.get("collections.abc", set()).discard("Sequence")
    if "ConfigDict" not in body:
        found.get("pydantic", set()).discard("ConfigDict")
    own = found.setdefault(f"{package}._values", set())
    if "Sequence[" in body:
        own.add("Sequence")
    if shape.exact:
        own.add("Exact")
        found["typing"].add("Annotated")
    if guarded:
        found[f"{package}._record"].add("Guard")
    if contract.id.kind == "segments":
        found[f"{package}._segments"] = {"Destination", "Segment"}
    if contract.meta.status == "deprecated":
        found["typing_extensions"] = {"deprecated"}
    future = found.pop("__future__", {"annotations"})
    groups = (
        {"__future__": future},
        {module: names for module, names in found.items() if module in ("typing", "collections.abc")},
        {module: names for module, names in found.items() if module in ("pydantic", "typing_extensions")},
        {module: names for module, names in found.items() if module.startswith(f"{package}.")},
    )
    known = {module for group in groups for module in group}
    if strange := found.keys() - known:
        raise GeneratorError(f"the models import {', '.join(sorted(strange))}")
    written = [
        "".join(
            f"from {module} import {', '.join(sorted(names))}\n"
            for module, names in sorted(group.items())
            if names
        )
        for group in groups
    ]
    return "\n".join(group for group in written if group)


def _documented(body: str, shape: ModuleShape, contract: Contract, about: str) -> str:
    """The classes with docstrings, and what the base class asks of them."""
    written: list[str] = []
    current: ClassShape | None = None
    pending = ""
    seen: set[str] = set()

    def settle() -> None:
        nonlocal pending
        if pending:
            blank = 0
            while written and not written[-1].strip():
                written.pop()
                blank += 1
            written.append(pending)
            written.extend(["\n"] * blank)
            pending = ""

    for line in body.splitlines(keepends=True):
        if match := _CLASS.match(line):
            settle()
            current = shape.classes.get(match[1])
            if current is None:
                raise GeneratorError(f"nobody asked for a model {match[1]}")
            seen.add(current.name)
            root = current.name == shape.root
            if root and contract.meta.status == "deprecated":
                written.append(
                    f"@deprecated({prose.literal(deprecation(contract.meta, str(contract.id)))})\n"
                )
            written.append(line.replace("):", ", frozen=True):"))  # a keyword: type checkers read no config
            written.append(prose.docstring(_class_doc(current, contract if root else None), "    "))
            written.append("\n")
            written.extend(_class_lines(current, shape, about if root else ""))
            continue
        if line.strip() == "pass":
            continue
        if not line.startswith(" ") and line.strip():
            settle()
            current = None
        if current is not None and (match := _FIELD.match(line)):
            settle()
            field = next((field for field in current.fields if field.name == match[1]), None)
            if field is None:
                raise GeneratorError(f"nobody asked for a field {match[1]}")
            pending = prose.docstring(field.doc, "    ") if field.doc else ""
        written.append(line)
    settle()
    missing = shape.classes.keys() - seen
    if missing:
        raise GeneratorError(f"there is no model {', '.join(sorted(missing))}")
    return "".join(written)


def _class_lines(found: ClassShape, shape: ModuleShape, about: str) -> list[str]:
    lines = []
    if found.nullable:
        names = ", ".join(prose.literal(name) for name in found.nullable)
        lines.append(f"    __nullable__: ClassVar[frozenset[str]] = frozenset({{{names}}})\n")
    if about:
        if shape.plain:
            lines.append("    __plain__: ClassVar[bool] = True\n")
        lines.append(f"    __contract__: ClassVar[Contract] = {about}\n")
    return [*lines, "\n"] if lines else []


def _class_doc(found: ClassShape, contract: Contract | None) -> str:
    if contract is None:
        return found.doc or f"Part of a payload: {found.name}."
    meta = contract.meta
    parts = [found.doc or str(contract.schema.get("title") or found.name)]
    if meta.status == "deprecated":
        parts.append(f"Deprecated: {deprecation(meta, str(contract.id))}")
    if meta.trigger:
        parts.append(f"When: {meta.trigger}")
    if meta.suppression:
        parts.append("Not sent when:\n" + "\n".join(f"- {text}" for text in meta.suppression))
    parts.append(f"Contract {contract.id}, version {meta.version}, owned by {meta.owner}.")
    examples = contract.schema.get("examples")
    if isinstance(examples, list) and examples:
        text = json.dumps(examples[0], indent=2, ensure_ascii=False)
        parts.append("Example payload:\n\n" + "\n".join(f"    {line}" for line in text.split("\n")))
    return "\n\n".join(parts)


def deprecation(meta: XContract, identifier: str) -> str:
    """What to do instead, and until when."""
    until = f" until {meta.sunset}" if meta.sunset else ""
    instead = f"; use {meta.replaced_by}" if meta.replaced_by else ""
    return f"{identifier} is deprecated and accepted{until}{instead}"


def contract_expression(
    contract: Contract, package: str, page: str, guards: list[Any], renamed: Mapping[str, Any]
) -> str:
    """The `Contract(...)` that a model carries."""
    meta = contract.meta
    title = contract.schema.get("title")
    arguments: list[tuple[str, str]] = [
        ("id", prose.literal(str(contract.id))),
        ("version", prose.literal(meta.version)),
        ("title", prose.literal(title if isinstance(title, str) else contract.id.name)),
        ("page", prose.literal(page)),
        ("package", prose.literal(package)),
        ("schema", prose.literal(schema_file(contract.id))),
    ]
    if meta.consent:
        arguments.append(("consent", _dict({key: tuple(value) for key, value in meta.consent.items()})))
    if isinstance(meta.platforms, dict) and contract.id.kind == "events":
        arguments.append(("names", _dict(meta.platforms)))
    if renamed:
        arguments.append(("renamed", _dict(renamed)))
    if guards:
        inner = "".join(f"            Guard{prose.literal(guard)},\n" for guard in guards)
        arguments.append(("guards", f"(\n{inner}        )"))
    return "Contract(\n" + "".join(f"        {name}={value},\n" for name, value in arguments) + "    )"


def _dict(value: Mapping[str, Any]) -> str:
    lines = []
    for key, member in value.items():
        inner = _dict_line(member) if isinstance(member, Mapping) else prose.literal(member)
        lines.append(f"            {prose.literal(key)}: {inner},\n")
    return "{\n" + "".join(lines) + "        }"


def _dict_line(value: Mapping[str, Any]) -> str:
    lines = "".join(f"                {prose.literal(k)}: {prose.literal(v)},\n" for k, v in value.items())
    return "{\n" + lines + "            }"


def schema_file(identifier: ContractId) -> str:
    """Where the client keeps a contract's schema, inside its package."""
    return f"schemas/{identifier.kind}/{identifiers.module_name(identifier.name, identifier.major)}.json"


def segment_constant(contract: Contract) -> str:
    """The `Segment(...)` of a segment contract."""
    meta = contract.meta
    definition = meta.definition
    lines = [
        f"    id={prose.literal(str(contract.id))},\n",
        f"    version={prose.literal(meta.version)},\n",
        f"    entity={prose.literal(definition.entity if definition else '')},\n",
        f"    window={prose.literal(definition.window if definition else None)},\n",
        f"    refresh={prose.literal(meta.refresh)},\n",
    ]
    if meta.destinations:
        lines.append("    destinations=(\n")
        for destination in meta.destinations:
            given = {
                "platform": destination.platform,
                "audience": destination.audience,
                "mechanism": destination.mechanism,
                "account": destination.account,
                "audience_id": destination.audience_id,
                "window_days": destination.window_days,
                "sync": destination.sync,
            }
            inner = ", ".join(
                f"{key}={prose.literal(value)}" for key, value in given.items() if value is not None
            )
            lines.append(f"        Destination({inner}),\n")
        lines.append("    ),\n")
    if meta.exclusions:
        lines.append(f"    exclusions={prose.literal(tuple(meta.exclusions))},\n")
    name = identifiers.constant_name(contract.id.name)
    return f"{name} = Segment(\n{''.join(lines)})\n"

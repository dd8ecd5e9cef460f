"""Three validators that share no code: a counterexample counts only where those that can judge it agree.

Two of them are other people's. jsonschema-rs is used as it is; jsonschema gets `pattern`, `patternProperties`
and `multipleOf` from here, because as shipped it matches `^a$` against a line end and says that 19.99 is no
multiple of 0.01. Asserted formats are canonry's own definitions in all three, and no judge fetches anything.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from canonry.kernel.errors import CanonryError
from canonry.kernel.jsonvalue import Json
from canonry.regular.budget import given
from canonry.schema.assertions import Formats, language
from canonry.schema.decimals import is_multiple, is_number
from canonry.schema.dialects import Dialect
from canonry.schema.evaluator import Evaluator
from canonry.schema.resources import Node, Schema

if TYPE_CHECKING:
    import jsonschema.protocols

QUORUM: Final = 2
"""How many judges must have an opinion; canonry's own evaluator must be one of them."""

LARGE: Final = 20_000
"""Subschemas that jsonschema-rs compiles in 40 MB and a sixth of a second; of 10 MB it would make 300."""


class AbstentionError(Exception):
    """A judge cannot judge; `reason` says why. It is no opinion, and never counts as one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Judge(Protocol):
    """Says whether a schema accepts a value, or raises `AbstentionError`."""

    name: str

    def accepts(self, schema: Schema, value: Json) -> bool: ...


@dataclass(eq=False)
class ExactJudge:
    """The evaluator. Abstains where a reference ends nowhere or in a circle, or a pattern is not regular."""

    formats: Formats | None = None
    name: str = "canonry"
    _evaluators: dict[Schema, Evaluator] = field(default_factory=dict)

    def accepts(self, schema: Schema, value: Json) -> bool:
        evaluator = self._evaluators.get(schema)
        if evaluator is None:
            evaluator = self._evaluators[schema] = Evaluator(schema, self.formats)
        try:
            return evaluator.accepts(value)
        except CanonryError as error:
            raise AbstentionError(str(error)) from error


@dataclass(eq=False)
class RustJudge:
    """jsonschema-rs. Abstains from schemas that it refuses to compile, and from very large ones."""

    formats: Formats | None = None
    name: str = "jsonschema-rs"
    _validators: dict[Schema, Any] = field(default_factory=dict)

    def accepts(self, schema: Schema, value: Json) -> bool:
        if schema.size > LARGE:
            raise AbstentionError(f"more than {LARGE:,} subschemas take it too much memory")
        if schema not in self._validators and _repetitions(schema) > _MOST_REPETITIONS:
            raise AbstentionError("it takes too long to compile that many repetitions in patterns")
        if _longest(value) > _MOST_BITS:
            raise AbstentionError("it takes too long to divide numbers of so many digits")
        _check_effort(schema, value)
        try:
            if schema not in self._validators:
                self._validators[schema] = self._validator(schema)
            return bool(self._validators[schema].is_valid(value))
        except (ValueError, TypeError) as error:  # UnicodeEncodeError, for a lone surrogate, is a ValueError
            raise AbstentionError(str(error).partition("\n")[0]) from error

    def _validator(self, schema: Schema) -> Any:
        import jsonschema_rs  # 30 ms, and most comparisons are proved

        if not isinstance(schema.document, dict):
            return jsonschema_rs.validator_for(bool(schema.document))
        make = {
            Dialect.DRAFT_4: jsonschema_rs.Draft4Validator,
            Dialect.DRAFT_6: jsonschema_rs.Draft6Validator,
            Dialect.DRAFT_7: jsonschema_rs.Draft7Validator,
            Dialect.DRAFT_2019_09: jsonschema_rs.Draft201909Validator,
            Dialect.DRAFT_2020_12: jsonschema_rs.Draft202012Validator,
        }[schema.dialect]
        documents = [(uri, document) for uri, document in schema.documents.items()]
        return make(
            schema.document,
            offline=True,
            validate_formats=self.formats is not None,
            formats=None if self.formats is None else _only(self.formats),
            registry=jsonschema_rs.Registry(documents) if documents else None,
        )


@dataclass(eq=False)
class PythonJudge:
    """jsonschema, with exact numbers and patterns. Abstains where it raises anything at all."""

    formats: Formats | None = None
    name: str = "jsonschema"
    _validators: dict[Schema, "jsonschema.protocols.Validator"] = field(default_factory=dict)

    def accepts(self, schema: Schema, value: Json) -> bool:
        if schema not in self._validators and (reason := _beyond_jsonschema(schema)):
            raise AbstentionError(reason)
        budget = given()
        if budget is not None and budget.spent > _MOST_SPENT:
            raise AbstentionError("it would take seconds for so many subschemas")
        _check_effort(schema, value)
        try:
            if schema not in self._validators:
                self._validators[schema] = self._validator(schema)
            with _ordinary_depth():
                return self._validators[schema].is_valid(value)  # type: ignore[arg-type]  # JSON
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # they share no class: references, patterns, depth, panics of rpds
            raise AbstentionError(f"{type(error).__name__}: {error}".partition("\n")[0]) from error

    def _validator(self, schema: Schema) -> "jsonschema.protocols.Validator":
        import jsonschema  # 76 ms
        from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # ships no types
        from referencing.jsonschema import specification_with

        checker = None
        if self.formats is not None:
            checker = jsonschema.FormatChecker(formats=())
            for name, meets in self.formats.items():
                checker.checkers[name] = (_strings_only(meets), ())
        registry = REGISTRY.with_resources(
            (uri, specification_with(schema.dialect.uri).create_resource(document))
            for uri, document in schema.documents.items()
        )
        made: jsonschema.protocols.Validator = _exact_class(schema.dialect)(
            schema.document, registry=registry, format_checker=checker
        )
        return made


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the judges said of a candidate. `agreed` is the only ground for calling a pair broken."""

    agreed: bool
    reason: str = ""
    opinions: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)
    abstentions: Mapping[str, str] = field(default_factory=dict)


def judges(formats: Formats | None = None) -> tuple[Judge, ...]:
    """The three, own first. They keep what they compile, so use one set for one comparison."""
    return (ExactJudge(formats), RustJudge(formats), PythonJudge(formats))


def confirm(
    candidate: Json,
    *,
    accepting: Schema,
    refusing: Schema,
    panel: Sequence[Judge],
    as_read: Json = None,
) -> Hearing:
    """Hears whether `accepting` takes the candidate and `refusing` does not take it (or `as_read`, if given).

    `as_read` is what is left of the candidate for a reader that ignores what it does not name: strip(old, v)
    in the declared reading's forward direction. Agreed means that canonry's evaluator and at least one other
    judge said so and no judge said otherwise; a judge may abstain only where it cannot run the schema.
    """
    read = candidate if as_read is None else as_read
    opinions: dict[str, tuple[bool, bool]] = {}
    abstentions: dict[str, str] = {}
    for judge in panel:
        try:
            opinions[judge.name] = (judge.accepts(accepting, candidate), judge.accepts(refusing, read))
        except AbstentionError as abstention:
            abstentions[judge.name] = abstention.reason
            if judge is panel[0]:
                break
            continue
        if opinions[judge.name] != (True, False):
            break  # nothing that the others say can make this agreement
    if all(opinion == (True, False) for opinion in opinions.values()):
        if panel[0].name in opinions and len(opinions) >= QUORUM:
            return Hearing(agreed=True, opinions=opinions, abstentions=abstentions)
        unable = "; ".join(f"{name}: {reason}" for name, reason in abstentions.items())
        reason = f"too few judges could replay the candidate ({unable})"
    else:
        name = next(name for name, opinion in opinions.items() if opinion != (True, False))
        reason = f"{name} does not agree that the candidate is a break"
    return Hearing(agreed=False, reason=reason, opinions=opinions, abstentions=abstentions)


_MOST_SPENT: Final = 200_000
"""Steps of canonry's evaluator, heard before, from which on jsonschema would take half a second."""
_MOST_BITS: Final = 4_000
"""Bits of a number, more than which jsonschema-rs divides in seconds."""


def _longest(value: Json) -> int:
    """The bits of the longest integer that a value holds."""
    longest = 0
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)
        elif isinstance(part, int):
            longest = max(longest, part.bit_length())
    return longest


_MOST_REPETITIONS: Final = 100_000
"""What the bounds of repetitions may sum up to: jsonschema-rs unrolls them, at some microseconds each."""
_REPETITION: Final = re.compile(r"\{(\d+)(?:,(\d*))?\}")


def _repetitions(schema: Schema) -> int:
    """The sum of the bounds of repetitions in all patterns of a schema."""
    total = 0
    for node in _reached(schema):
        patterns = node.keywords.get("patternProperties")
        texts = [node.keywords.get("pattern"), *(patterns if isinstance(patterns, dict) else ())]
        for text in texts:
            if isinstance(text, str) and "{" in text:
                total += sum(int(low) + int(high or 0) for low, high in _REPETITION.findall(text))
    return total


_MOST_EFFORT: Final = 200_000


def _check_effort(schema: Schema, value: Json) -> None:
    """Abstains where validators that remember nothing would ask the same schemas of a value without end.

    References that meet again (two to `b` in `a`, two to `c` in `b`, ...) double at every level.
    """
    if schema.plain:
        return
    efforts: dict[tuple[Node, int], int] = {}
    stack: list[tuple[Node, Json, bool]] = [(schema.root, value, False)]
    while stack:
        node, part, entered = stack.pop()
        name = (node, id(part))
        if not entered:
            if name in efforts:
                continue
            efforts[name] = 1  # what a circle meets
            stack.append((node, part, True))
        below = [(child, part) for child in _same_value(node)]
        inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        if inside and not node.hides_siblings:
            for tokens, child in node.children.items():
                if tokens[0] == "properties":
                    if isinstance(part, dict) and tokens[1] in part:
                        below.append((child, part[tokens[1]]))
                elif tokens[0] not in _IN_PLACE and tokens[0] not in ("$defs", "definitions"):
                    below += [(child, member) for member in inside]
        if not entered:
            stack += [(child, member, False) for child, member in below if (child, id(member)) not in efforts]
            continue
        efforts[name] = 1 + sum(efforts[child, id(member)] for child, member in below)
        if efforts[name] > _MOST_EFFORT:
            raise AbstentionError("it would ask the same schemas of the same value over and over")


@contextmanager
def _ordinary_depth() -> Iterator[None]:
    """A few thousand further frames, whatever the caller has allowed itself.

    Its generators use the C stack as well, which ends the process where a limit of many thousand frames would
    end only the call.
    """
    before, depth, frame = sys.getrecursionlimit(), 0, sys._getframe()  # noqa: SLF001 (the only way to count)
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + _FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


_FRAMES: Final = 4_000


def _beyond_jsonschema(schema: Schema) -> str:
    """Why jsonschema 4.26 cannot judge a schema; "" where it can.

    In 2019-09 it counts as evaluated each member that is named like a keyword inside `additionalProperties`
    or `unevaluatedProperties`, and no other, wherever these hold an object. References that lead back to
    themselves it follows until Python's stack is spent, where its resolver panics.
    """
    if schema.plain and schema.dialect is not Dialect.DRAFT_2019_09:
        return ""
    closing = holding = False
    targets: dict[Node, list[Node]] = {}
    for node in _reached(schema, targets):
        if node.dialect is Dialect.DRAFT_2019_09:
            closing = closing or ("unevaluatedProperties",) in node.children
            for keyword in ("additionalProperties", "unevaluatedProperties"):
                holding = holding or isinstance(node.keywords.get(keyword), dict)
    if closing and holding:
        return "it misreads unevaluatedProperties of 2019-09"
    return "it follows references in a circle without end" if _circular(targets) else ""


def _reached(schema: Schema, targets: dict[Node, list[Node]] | None = None) -> Iterator[Node]:
    """Every node that the root leads to; `targets` takes down whom each asks about the same value."""
    seen = {schema.root}
    stack = [schema.root]
    while stack:
        node = stack.pop()
        yield node
        beside = _same_value(node)
        if beside and targets is not None:
            targets[node] = beside
        for below in (*node.children.values(), *beside):
            if below not in seen:
                seen.add(below)
                stack.append(below)


def _circular(asked: Mapping[Node, Iterable[Node]]) -> bool:
    """Whether some schema leads back to itself through others that apply to the same value."""
    done: set[Node] = set()
    for start in asked:
        if start in done:
            continue
        active = {start}
        stack = [(start, iter(asked[start]))]
        while stack:
            node, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                stack.pop()
                active.discard(node)
                done.add(node)
            elif target in active:
                return True
            elif target not in done:
                active.add(target)
                stack.append((target, iter(asked.get(target, ()))))
    return False


def _same_value(node: Node) -> list[Node]:
    """The schemas that a node asks about the same value; every one that a dynamic reference might mean."""
    keywords = node.keywords
    found: list[Node] = []
    for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        if isinstance(ref := keywords.get(keyword), str):
            with suppress(CanonryError):
                found.append(node.resolve_ref(ref))
            if keyword != "$ref":
                found += node.owner.dynamic_nodes()
    if not node.hides_siblings:
        found += [child for tokens, child in node.children.items() if tokens[0] in _IN_PLACE]
    return found


_IN_PLACE: Final = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"}
)


def _only(formats: Formats) -> dict[str, Any]:
    """The formats to assert, with every other one that jsonschema-rs knows switched off."""
    return dict.fromkeys(_RUST_FORMATS, _anything) | dict(formats)


def _anything(_: str) -> bool:
    return True


def _strings_only(meets: Any) -> Any:
    return lambda value: not isinstance(value, str) or meets(value)


_RUST_FORMATS: Final = (
    "date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6", "iri",
    "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri", "uri-reference",
    "uri-template", "uuid",
)  # fmt: skip


@lru_cache(maxsize=len(Dialect))
def _exact_class(dialect: Dialect) -> Any:
    """The validator of a dialect in jsonschema, with the keywords that it reads inexactly replaced."""
    import jsonschema
    from jsonschema.validators import extend

    base = {
        Dialect.DRAFT_4: jsonschema.Draft4Validator,
        Dialect.DRAFT_6: jsonschema.Draft6Validator,
        Dialect.DRAFT_7: jsonschema.Draft7Validator,
        Dialect.DRAFT_2019_09: jsonschema.Draft201909Validator,
        Dialect.DRAFT_2020_12: jsonschema.Draft202012Validator,
    }[dialect]
    return extend(  # type: ignore[no-untyped-call]  # ships no types
        base,
        validators={
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "additionalProperties": _additional_properties,
            "multipleOf": _multiple_of,
        },
    )


def _pattern(_: Any, text: str, instance: Any, __: Any) -> Iterator[Exception]:
    if isinstance(instance, str) and not language(text).accepts(instance):
        yield _refusal("pattern")


def _multiple_of(_: Any, divisor: Any, instance: Any, __: Any) -> Iterator[Exception]:
    if is_number(instance) and not is_multiple(instance, divisor):
        yield _refusal("multipleOf")


def _pattern_properties(validator: Any, schemas: Any, instance: Any, _: Any) -> Iterator[Exception]:
    if isinstance(instance, dict):
        for text, schema in schemas.items():
            for name, member in instance.items():
                if language(text).accepts(name):
                    yield from validator.descend(member, schema, path=name, schema_path=text)


def _additional_properties(validator: Any, rest: Any, instance: Any, schema: Any) -> Iterator[Exception]:
    if isinstance(instance, dict):
        patterns = [language(text) for text in schema.get("patternProperties", {})]
        for name, member in instance.items():
            named = name in schema.get("properties", {}) or any(
                language.accepts(name) for language in patterns
            )
            if not named:
                yield from validator.descend(member, rest, path=name)


def _refusal(keyword: str) -> Exception:
    from jsonschema import ValidationError

    return ValidationError(f"refused by {keyword}")

"""Examples and defaults, judged by the schema that they illustrate."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from canonry.catalogue.refs import RefError
from canonry.catalogue.resolved import Resolver
from canonry.kernel.ids import ContractId
from canonry.kernel.jsonvalue import Json
from canonry.lint.schemas import Node
from canonry.lint.subject import Remark, Subject
from canonry.schema.formats import FORMATS


def example_invalid(subject: Subject) -> Iterator[Remark]:
    """An example or default is not valid by its own schema.

    Formats are asserted, and references followed.

    ## Why it matters
    Examples are what people copy. A default that is not valid is refused as soon as anybody sends it.

    ## Instead
    Correct the value, or the schema if the value is right after all.
    """
    illustrated = list(subject.schemas.having("examples", "default"))
    if illustrated:
        judge = _Judge(subject)
        for node in dict.fromkeys(illustrated):  # one that has both came twice
            yield from _judged(node, judge)


def _judged(node: Node, judge: "_Judge") -> Iterator[Remark]:
    listed = node.schema.get("examples")
    values: list[tuple[str, Json]] = []
    if isinstance(listed, list):
        values = [(f"examples/{number}", value) for number, value in enumerate(listed)]
    if "default" in node.schema:
        values.append(("default", node.schema["default"]))
    for key, value in values:
        wrong = judge.problem(node, value)
        if wrong:
            where, why = wrong
            here = f" at {where}" if where else ""
            message = (
                f"the {'default' if key == 'default' else 'example'} of {node.says} is not valid{here}: {why}"
            )
            yield Remark(message, node.contract.place(f"{node.pointer}/{key}"), witness=value, values=(key,))


class _Judge:
    """Validators of single schemas, one registry per contract, its references turned into its own `$defs`."""

    def __init__(self, subject: Subject) -> None:
        import jsonschema_rs  # 30 ms, which a catalogue without examples need not pay

        self._rust = jsonschema_rs
        # `today`: an example shows words that are accepted now, not any word of the grammar.
        self._resolver = Resolver(subject.references, role="today")
        self._registries: dict[ContractId, Any] = {}
        self._formats: dict[str, Callable[..., bool]] = dict(FORMATS)

    def problem(self, node: Node, value: Json) -> tuple[str, str] | None:
        """Where and why a value is not valid; None where it is, or where another rule refuses the schema."""
        registry = self._registry(node)
        if registry is None:
            return None
        try:
            validator = self._rust.Draft202012Validator(
                {"$ref": f"{_BASE}{node.contract.id}#{node.pointer}"},
                registry=registry,
                offline=True,
                validate_formats=True,
                formats=self._formats,
            )
            for error in validator.iter_errors(value):
                return "".join(f"/{token}" for token in error.instance_path), str(error.message)[:200]
        except (ValueError, self._rust.ReferencingError):  # a bad pattern or keyword: their rules say so
            return None
        return None

    def _registry(self, node: Node) -> Any:
        contract = node.contract
        if contract.id not in self._registries:
            try:
                resolved = self._resolver.resolved(contract)
                self._registries[contract.id] = self._rust.Registry([(f"{_BASE}{contract.id}", resolved)])
            except (RefError, KeyError, ValueError, RecursionError, self._rust.ReferencingError):
                self._registries[contract.id] = None  # dangling, cyclic or no schema: rules of their own
        return self._registries[contract.id]


_BASE: Final = "https://registry.invalid"

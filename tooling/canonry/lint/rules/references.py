"""References between contracts, shared definitions and vocabularies."""

from collections.abc import Iterator
from typing import Final

from canonry.catalogue.refs import RefError, Target
from canonry.kernel.ids import ContractId
from canonry.lint.schemas import Node
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest


def reference_dangling(subject: Subject) -> Iterator[Remark]:
    """A `$ref` or `x-name-of` names nothing in this registry.

    ## Why it matters
    A validator that meets it fails, or fetches whatever an address happens to hold that day.

    ## Instead
    Correct the id: `/common/<name>/v<major>`, `/vocabularies/<name>`, or `#/$defs/<name>` inside the
    contract. The message names the nearest one that exists.
    """
    advised: dict[str, str] = {}
    for node, target in _followed(subject):
        if isinstance(target, RefError) and target.kind != "outside" and not _broken(subject, target.ref):
            if target.ref not in advised:  # one missing definition may be missed a thousand times
                near = nearest(target.ref, _known(subject))
                advised[target.ref] = (
                    f"did you mean {near!r}?" if near else "canonry list shows what there is"
                )
            advice = advised[target.ref]
            yield Remark(
                f"{node.says} refers to nothing: {target}", node.place("$ref"), advice, values=(target.ref,)
            )
    for node in subject.schemas.having("x-name-of"):
        name = node.schema["x-name-of"]
        contract = subject.catalogue.contract(name) if isinstance(name, str) else None
        if isinstance(name, str) and contract is None and not subject.catalogue.exists(name):
            near = nearest(name, [str(each.id) for each in subject.catalogue.of_kind("creatives", "objects")])
            advice = f"did you mean {near!r}?" if near else "name a contract under creatives or objects"
            yield Remark(
                f"{node.says} holds names of {name}, which does not exist",
                node.place("x-name-of"),
                advice,
                values=(name,),
            )
        elif contract is not None and contract.id.kind not in ("creatives", "objects"):
            message = f"{name} builds no names: only creative tags and object names do"
            yield Remark(message, node.place("x-name-of"), values=(str(name),))


def reference_outside(subject: Subject) -> Iterator[Remark]:
    """A `$ref` leads out of the registry: to another host, or above its root.

    ## Why it matters
    Nothing is ever fetched. What lies elsewhere is not reviewed, not versioned and not there when the
    network is not.

    ## Instead
    Copy the definition to `contracts/common/` and refer to it there.
    """
    for node, target in _followed(subject):
        if isinstance(target, RefError) and target.kind == "outside":
            advice = "copy the definition to contracts/common/"
            yield Remark(f"{node.says}: {target}", node.place("$ref"), advice, values=(target.ref,))


def reference_cyclic(subject: Subject) -> Iterator[Remark]:
    """A reference comes back to where it started.

    ## Why it matters
    A contract that contains itself describes payloads of any depth, which no platform and no table can hold;
    a `$ref` that goes straight back to itself describes nothing.

    ## Instead
    Send the id of the inner thing, or describe the levels that exist as properties of their own.
    """
    edges: dict[tuple[str, str], Node] = {}
    inside: dict[str, list[tuple[str, tuple[str, str]]]] = {}
    for node, target in _followed(subject):
        if isinstance(target, Target):
            document, place = str(node.contract.id), (target.document, target.pointer)
            inside.setdefault(document, []).append((node.pointer, place))
            edges.setdefault((document, node.pointer), node)
    for node in subject.schemas.having("x-name-of"):
        document, name = str(node.contract.id), node.schema["x-name-of"]
        if isinstance(name, str):
            inside.setdefault(document, []).append((node.pointer, (name, "")))
            edges.setdefault((document, node.pointer), node)
    for document, pointer, place in _closing(inside):
        node = edges[document, pointer]
        keyword = "$ref" if "$ref" in node.schema else "x-name-of"
        message = (
            f"{node.says} leads back to {place[0]}{'#' + place[1] if place[1] else ''}, which contains it"
        )
        yield Remark(message, node.place(keyword), values=place)


_DONE: Final = 2


def _closing(
    inside: dict[str, list[tuple[str, tuple[str, str]]]],
) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """References that close a circle: document, pointer of the reference, and the place it leads back to."""
    state: dict[tuple[str, str], int] = {}
    starts = sorted({place for found in inside.values() for _, place in found})
    for start in starts:
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(_below(inside, start)))]
        while stack:
            current, rest = stack[-1]
            for pointer, place in rest:
                if state.get(place) == 1:
                    yield current[0], pointer, place
                elif place not in state:
                    state[place] = 1
                    stack.append((place, iter(_below(inside, place))))
                    break
            else:
                state[current] = _DONE
                stack.pop()


def _below(
    inside: dict[str, list[tuple[str, tuple[str, str]]]], place: tuple[str, str]
) -> list[tuple[str, tuple[str, str]]]:
    document, at = place
    return [
        (pointer, target)
        for pointer, target in inside.get(document, ())
        if pointer == at or pointer.startswith(f"{at}/")
    ]


def _followed(subject: Subject) -> Iterator[tuple[Node, Target | RefError]]:
    for node in subject.schemas.having("$ref"):
        ref = node.schema["$ref"]
        if not isinstance(ref, str):
            continue
        try:
            yield node, subject.references.target(ref, str(node.contract.id))
        except RefError as error:
            yield node, error


def _broken(subject: Subject, ref: str) -> bool:
    """Whether the file that would answer exists and did not load: then that is the finding."""
    document = ref.partition("#")[0]
    if document.startswith("/vocabularies/"):
        return f"registry{document}.yaml" in subject.catalogue.broken
    try:
        return ContractId.parse(document).path in subject.catalogue.broken
    except ValueError:
        return False


def _known(subject: Subject) -> list[str]:
    return [*subject.catalogue.by_text, *(f"/vocabularies/{name}" for name in subject.catalogue.vocabularies)]

"""What a contract is called, in files, links, typed clients and on the command line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from canonry.catalogue.model import Contract
from canonry.kernel.ids import NAMING_KINDS
from canonry.lint.subject import Remark, Subject

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def dialect_missing(subject: Subject) -> Iterator[Remark]:
    """A contract does not say that it is JSON Schema 2020-12, or says that it is another.

    ## Why it matters
    Without `$schema` every validator assumes the dialect it likes best, and keywords change their meaning
    between drafts.

    ## Instead
    `"$schema": "https://json-schema.org/draft/2020-12/schema"` as the first line.
    """
    for contract in subject.catalogue.contracts.values():
        found = contract.schema.get("$schema")
        if found != _DIALECT:
            message = "there is no $schema" if found is None else f"$schema is {found!r:.80}"
            place = contract.place("/$schema" if found is not None else "")
            yield Remark(message, place, f'"$schema": "{_DIALECT}"', values=("$schema",))


def id_mismatch(subject: Subject) -> Iterator[Remark]:
    """`$id` is not what the file's path says.

    ## Why it matters
    References find a contract by its path. A copied file that kept its `$id` claims to be another contract in
    every tool that trusts `$id`.

    ## Instead
    `$id` is the path without `contracts` and `.json`: `/events/order_completed/v1`.
    """
    for contract in subject.catalogue.contracts.values():
        found = contract.schema.get("$id")
        wanted = str(contract.id)
        if found == wanted:
            continue
        message = (
            "there is no $id" if found is None else f"$id is {found!r:.80}, but the file is {contract.path}"
        )
        place = contract.place("/$id" if found is not None else "")
        yield Remark(message, place, f'"$id": "{wanted}"', values=("$id",))


def root_not_object(subject: Subject) -> Iterator[Remark]:
    """A contract describes something other than an object.

    Shared definitions under `common` may be strings and numbers; everything that is sent or written has
    named properties.

    ## Why it matters
    A list or string cannot grow: there is nowhere to put the next property without breaking everybody.

    ## Instead
    `"type": "object"` at the root, with the value as a property.
    """
    for contract in subject.catalogue.contracts.values():
        if contract.id.kind == "common":
            continue
        kind = subject.followed(contract.schema, contract).get("type")
        if kind != "object":
            message = f"the root's type is {kind!r}" if kind is not None else "the root has no type"
            pointer = "/type" if "type" in contract.schema else ""
            yield Remark(message, contract.place(pointer), '"type": "object"', values=("type",))


_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def identifier(name: str) -> str:
    """What a typed client calls a property: words in lower case joined by `_`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def property_identifier_collision(subject: Subject) -> Iterator[Remark]:
    """Two properties of one object become one identifier in a typed client.

    ## Why it matters
    `orderId` and `order_id` are both `order_id` in Python and one column in most warehouses: one silently
    overwrites the other.

    ## Instead
    Rename one of them, so that they differ in more than case and punctuation. Names are lower case words
    joined by `_`.
    """
    for node in subject.schemas.having("properties"):
        properties = node.schema["properties"]
        if not isinstance(properties, dict):
            continue
        odd = [name for name in properties if not _PLAIN.fullmatch(name)]
        if not odd:  # plain names are their own identifiers, and keys differ
            continue
        first: dict[str, str] = {}
        for name in properties:
            other = first.setdefault(identifier(name), name)
            if other != name:
                message = f"{name!r} and {other!r} are one identifier, {identifier(name)!r}, in typed clients"
                pointer = node.contract.place(
                    f"{node.pointer}/properties/{name.replace('~', '~0').replace('/', '~1')}"
                )
                yield Remark(message, pointer, "rename one of them", values=(other,))


def property_name_irregular(subject: Subject) -> Iterator[Remark]:
    """A property is not named by lower-case words joined by `_`.

    ## Why it matters
    Warehouses fold case and refuse punctuation, GA4 refuses hyphens and spaces, and a name that only one
    team writes that way is misspelt by all others.

    ## Instead
    `order_id`, not `orderId`, `Order ID` or `order-id`. What a platform calls it stands in `x-platforms`.
    """
    for node in subject.schemas.having("properties"):
        properties = node.schema["properties"]
        for name in properties if isinstance(properties, dict) else ():
            if not _PLAIN.fullmatch(name):
                place = node.contract.place(
                    f"{node.pointer}/properties/{name.replace('~', '~0').replace('/', '~1')}"
                )
                better = identifier(name)
                advice = f"{better!r}" if better and better[0].isalpha() else "begin it with a letter"
                yield Remark(
                    f"the property name {name!r} is no lower-case words joined by '_'",
                    place,
                    advice,
                    values=(name,),
                )


def contract_name_collision(subject: Subject) -> Iterator[Remark]:
    """Two contracts of one kind have names that differ only in how their words are joined.

    ## Why it matters
    `order_completed` and `ordercompleted` become one class, one page and one table, and whoever searches for
    one finds the other.

    ## Instead
    Keep the one that others already send, and make the other a new major of it or give it a name of its own.
    """
    groups: dict[tuple[str, str], dict[str, Contract]] = defaultdict(dict)
    for contract in subject.catalogue.contracts.values():
        groups[contract.id.kind, contract.id.name.replace("_", "")].setdefault(contract.id.name, contract)
    for named in groups.values():
        first, *others = named.values()
        for contract in others:
            message = f"{contract.id.name} and {first.id.name} differ only in underscores"
            yield Remark(
                message,
                contract.place(),
                f"rename it, or make it a major of {first.id}",
                values=(str(first.id),),
            )


def short_name_collision(subject: Subject) -> Iterator[Remark]:
    """One word finds two formats: the short name or alias of both, or a platform as well.

    ## Why it matters
    `canonry utm build social` must mean one thing. The second format is out of reach by that word.

    ## Instead
    Remove the alias from one of them. Case and the choice of `-` or `_` make no difference.
    """
    for kind in NAMING_KINDS:
        taken: dict[str, tuple[str, str]] = {}
        for key, platform in subject.catalogue.platforms.items():
            for word in (key, *platform.aliases):
                taken.setdefault(_folded(word), (f"the platform {key}", ""))
        contracts = list(subject.catalogue.of_kind(kind))
        for contract in contracts:
            taken.setdefault(_folded(contract.id.name), (str(contract.id), contract.id.name))
        for contract in contracts:
            yield from _taken_words(contract, taken)


def _taken_words(contract: Contract, taken: dict[str, tuple[str, str]]) -> Iterator[Remark]:
    own: Iterable[tuple[str, str]] = (
        (f"/x-contract/aliases/{number}", alias) for number, alias in enumerate(contract.meta.aliases)
    )
    for pointer, word in own:
        holder, name = taken.setdefault(_folded(word), (str(contract.id), contract.id.name))
        if name != contract.id.name:
            message = f"{word!r} already finds {holder}"
            yield Remark(message, contract.place(pointer), "choose another alias", values=(word, holder))


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_")

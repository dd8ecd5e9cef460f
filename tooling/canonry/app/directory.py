"""Everything in a catalogue that has a name, under every name that people know it by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from canonry.kernel.errors import CanonryError
from canonry.kernel.ids import KINDS

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue, Contract

SECTIONS: Final = (*KINDS, "vocabularies", "platforms", "campaigns", "accounts", "teams", "channel_groups")
"""What `canonry list` lists."""


@dataclass(frozen=True, slots=True)
class Term:
    """A text by which an entry is found, what it is ("property", "GA4 event") and how much it says."""

    text: str
    what: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with a name. `id` is what `canonry show` takes without doubt."""

    kind: str
    id: str
    name: str
    title: str
    description: str
    status: str = ""
    owner: str = ""
    path: str = ""
    names: tuple[str, ...] = ()
    """Other names that mean it: aliases, labels, a campaign's slug."""
    platform_names: tuple[str, ...] = ()
    terms: tuple[Term, ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """What lists and searches say of it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "status": self.status or None,
            "owner": self.owner or None,
            "path": self.path,
        }


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class NotFoundError(CanonryError):
    """Nothing is called so."""

    word: str
    near: tuple[str, ...] = ()
    what: str = "thing"

    def __str__(self) -> str:
        return f"the registry holds no {self.what} called {self.word!r}"

    def advice(self) -> str:
        """The nearest names, or how to search."""
        if self.near:
            return f"Did you mean {' or '.join(self.near)}?"
        return f"canonry search {self.word} looks through everything"


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class AmbiguousError(CanonryError):
    """Several things are called so."""

    word: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.ids)} things are called {self.word!r}"

    def advice(self) -> str:
        """Their ids."""
        return f"Name one of them: {', '.join(self.ids)}"


def folded(text: str) -> str:
    """How names are compared: case, spaces and hyphens do not count."""
    return text.strip().casefold().replace("-", "_").replace(" ", "_")


def entries(catalogue: Catalogue) -> tuple[Entry, ...]:
    """Every entry, by section and name."""
    return (
        *(_contract(contract) for kind in KINDS for contract in catalogue.of_kind(kind)),
        *_vocabularies(catalogue),
        *_platforms(catalogue),
        *_campaigns(catalogue),
        *_accounts(catalogue),
        *_teams(catalogue),
        *_groups(catalogue),
    )


def _contract(contract: Contract) -> Entry:
    meta = contract.meta
    named = meta.platforms if isinstance(meta.platforms, dict) else {}
    title = _text(contract.schema.get("title")) or contract.id.name
    description = _text(contract.schema.get("description"))
    terms = [
        Term(contract.id.name, "name", 5),
        Term(title, "title", 4),
        *(Term(alias, "alias", 4) for alias in meta.aliases),
        *(Term(name, f"name on {platform}", 4) for platform, name in named.items()),
        *([Term(platform, "platform", 2) for platform in meta.platforms] if not named else []),
        *(Term(tag, "tag", 2) for tag in meta.tags),
        Term(meta.channel or "", "channel", 2),
        Term(meta.trigger or "", "trigger"),
        Term(description, "description"),
        *_destinations(contract),
        *_properties(contract.properties),
    ]
    return Entry(
        contract.id.kind,
        str(contract.id),
        contract.id.name,
        title,
        description,
        status=meta.status,
        owner=meta.owner,
        path=contract.path,
        names=tuple(meta.aliases),
        platform_names=tuple(named.values()),
        terms=tuple(term for term in terms if term.text),
    )


def _destinations(contract: Contract) -> Iterator[Term]:
    for destination in contract.meta.destinations:
        yield Term(destination.audience, f"audience on {destination.platform}", 3)
        yield Term(destination.platform, "platform", 2)


def _properties(properties: Mapping[str, Any], prefix: str = "") -> Iterator[Term]:
    for name, schema in properties.items():
        yield Term(name, f"property {prefix}{name}" if prefix else "property", 3)
        if not isinstance(schema, dict):
            continue
        where = f"property {prefix}{name}"
        yield Term(_text(schema.get("description")), where)
        renamed = schema.get("x-platforms")
        for platform, other in renamed.items() if isinstance(renamed, dict) else ():
            yield Term(_text(other), f"{where} on {platform}", 2)
        allowed = schema.get("enum")
        for value in allowed if isinstance(allowed, list) else [schema.get("const")]:
            yield Term(_text(value), f"value of {prefix}{name}", 2)
        reference = _text(schema.get("$ref"))
        if reference.startswith("/vocabularies/"):
            yield Term(reference.rpartition("/")[2], where, 1)
        inner = schema.get("properties")
        if isinstance(inner, dict):
            yield from _properties(inner, f"{prefix}{name}.")


def _vocabularies(catalogue: Catalogue) -> Iterator[Entry]:
    for name, vocabulary in catalogue.vocabularies.items():
        terms = [Term(name, "name", 5), Term(vocabulary.title, "title", 4)]
        for word, details in vocabulary.words.items():
            terms.append(Term(word, "word", 3))
            terms.append(Term(details.label, f"word {word}", 2))
            terms.extend(Term(alias, f"alias of {word}", 2) for alias in details.aliases)
            terms.append(Term(details.description or "", f"word {word}"))
        terms.append(Term(vocabulary.description, "description"))
        yield Entry(
            "vocabularies",
            f"/vocabularies/{name}",
            name,
            vocabulary.title,
            vocabulary.description,
            owner=vocabulary.owner,
            path=f"registry/vocabularies/{name}.yaml",
            terms=tuple(term for term in terms if term.text),
        )


def _platforms(catalogue: Catalogue) -> Iterator[Entry]:
    for name, platform in catalogue.platforms.items():
        yield Entry(
            "platforms",
            f"/platforms/{name}",
            name,
            platform.label,
            platform.description,
            path=f"registry/platforms/{name}.yaml",
            names=(platform.label, *platform.aliases),
            terms=(
                Term(name, "name", 5),
                Term(platform.label, "title", 4),
                *(Term(alias, "alias", 4) for alias in platform.aliases),
                *(Term(macro.macro, "macro", 3) for macro in platform.macros),
                *(Term(macro.means, f"macro {macro.macro}") for macro in platform.macros),
                *(Term(click_id, "click id", 3) for click_id in platform.click_ids),
                Term(platform.description, "description"),
            ),
        )


def _campaigns(catalogue: Catalogue) -> Iterator[Entry]:
    for identifier, campaign in catalogue.campaigns.items():
        yield Entry(
            "campaigns",
            f"/campaigns/{identifier}",
            identifier,
            campaign.label,
            campaign.description,
            status=campaign.status,
            owner=campaign.owner,
            path=f"registry/campaigns/{identifier}.yaml",
            names=(campaign.slug, campaign.label),
            terms=(
                Term(identifier, "id", 5),
                Term(campaign.slug, "slug", 5),
                Term(campaign.label, "title", 4),
                Term(campaign.description, "description"),
                *(Term(value, name, 2) for name, value in campaign.fields.items()),
                *(Term(number, "platform id", 3) for ids in campaign.platform_ids.values() for number in ids),
            ),
        )


def _accounts(catalogue: Catalogue) -> Iterator[Entry]:
    for name, account in (catalogue.accounts.accounts if catalogue.accounts else {}).items():
        yield Entry(
            "accounts",
            f"/accounts/{name}",
            name,
            account.label,
            f"{account.platform} account {account.id}",
            owner=account.owner,
            path="registry/accounts.yaml",
            names=(account.label, account.id),
            terms=(
                Term(name, "name", 5),
                Term(account.label, "title", 4),
                Term(account.id, "account number", 4),
                Term(account.platform, "platform", 2),
                Term(account.brand or "", "brand"),
                Term(account.market or "", "market"),
            ),
        )


def _teams(catalogue: Catalogue) -> Iterator[Entry]:
    for name, team in (catalogue.teams.teams if catalogue.teams else {}).items():
        yield Entry(
            "teams",
            f"/teams/{name}",
            name,
            team.name,
            team.responsible_for or "",
            owner=name,
            path="registry/teams.yaml",
            names=(team.name,),
            terms=(
                Term(name, "name", 5),
                Term(team.name, "title", 4),
                Term(team.contact, "contact", 2),
                Term(team.responsible_for or "", "description"),
            ),
        )


def _groups(catalogue: Catalogue) -> Iterator[Entry]:
    for name, group in (catalogue.channel_groups.groups if catalogue.channel_groups else {}).items():
        yield Entry(
            "channel_groups",
            f"/channel_groups/{name}",
            name,
            group.label,
            group.description,
            path="registry/channel_groups.yaml",
            names=(group.label,),
            terms=(
                Term(name, "name", 5),
                Term(group.label, "title", 4),
                Term(group.description, "description"),
                *(Term(rule.channel, "channel", 3) for rule in group.rules),
            ),
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def find(known: Iterable[Entry], word: str) -> Entry:
    """What a word means: an id, a short name, another name, a platform's event name, in this order.

    Of several majors the newest that is neither draft nor retired, unless the word names one.
    Raises `NotFoundError` and `AmbiguousError`.
    """
    known = tuple(known)
    wanted = folded(word)
    bare = wanted.strip("/").removesuffix(".json").removeprefix("contracts/").removesuffix(".yaml")
    bare = bare.removeprefix("registry/")
    tiers = (
        [entry for entry in known if folded(entry.id).strip("/") == bare],
        [entry for entry in known if f"{entry.kind}/{folded(entry.name)}" == bare],
        [entry for entry in known if folded(entry.name) == wanted],
        [entry for entry in known if wanted in map(folded, entry.names)],
        [entry for entry in known if wanted in map(folded, entry.platform_names)],
    )
    for tier in tiers:
        found = _newest(tier)
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousError(word, tuple(entry.id for entry in found))
    raise NotFoundError(word, near(known, word))


def near(known: Iterable[Entry], word: str) -> tuple[str, ...]:
    """Up to three names that are close to a word that means nothing."""
    from canonry.naming.suggest import nearest

    names = [name for entry in known for name in (entry.name, *entry.names, *entry.platform_names)]
    found: list[str] = []
    for _ in range(3):
        best = nearest(word, [name for name in names if name not in found])
        if best is None:
            break
        found.append(best)
    return tuple(found)


def _newest(found: Iterable[Entry]) -> list[Entry]:
    """One entry per contract name: its newest live major, or the newest there is."""
    best: dict[str, Entry] = {}
    for entry in found:
        stem = entry.id.rpartition("/v")[0] if entry.kind in KINDS else entry.id
        held = best.get(stem)
        if held is None or _age(entry) > _age(held):
            best[stem] = entry
    return list(best.values())


def _age(entry: Entry) -> tuple[bool, int]:
    major = entry.id.rpartition("/v")[2]
    return (entry.status in ("active", "deprecated"), int(major) if major.isdigit() else 0)

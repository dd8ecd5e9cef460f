"""What the site's search reads: every entry of the catalogue, every rule, symptom and guide, with its terms.

The terms and their weights are those of `canonry search`, so that both find the same, in the same order.
Prose about single fields and words is left out: it is a third of the index, and says little that the names
do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from canonry.app.directory import Entry, Term, entries
from canonry.pages.indexes import guide_of
from canonry.pages.site import contract_path

if TYPE_CHECKING:
    from canonry.catalogue.model import Catalogue
    from canonry.kernel.rule import Rule

_PAGES: Final = {
    "vocabularies": "catalogue/vocabularies/{}/",
    "platforms": "catalogue/platforms/{}/",
    "campaigns": "catalogue/campaigns/{}/",
    "teams": "catalogue/teams/{}/",
}
_PROSE: Final = 40
"""Characters above which what is said of a field or word is prose."""


def index(catalogue: Catalogue, rules: Iterable[Rule], guides: Mapping[str, str]) -> dict[str, Any]:
    """`whats`: what terms are; `entries`: kind, id, title, address, status, description, then the terms as
    text, number of `whats` and weight, one after the other.
    """
    whats: dict[str, int] = {}
    rows = []
    for entry, address in (*_catalogue(catalogue), *_rules(rules), *_symptoms(catalogue), *_guides(guides)):
        terms: list[str | int] = []
        for term in telling(entry):
            terms += [term.text, whats.setdefault(term.what, len(whats)), term.weight]
        rows.append([entry.kind, entry.name, entry.title, address, entry.status, entry.description, terms])
    return {"whats": list(whats), "entries": rows}


def telling(entry: Entry) -> tuple[Term, ...]:
    """An entry's terms without prose about single fields and words."""
    return tuple(
        term
        for term in dict.fromkeys(entry.terms)
        if term.weight > 1 or len(term.text) <= _PROSE or term.what in _DESCRIBES
    )


_DESCRIBES: Final = frozenset({"description", "trigger", "text"})


def _catalogue(catalogue: Catalogue) -> Iterator[tuple[Entry, str]]:
    for entry in entries(catalogue):
        if entry.kind in _PAGES:
            yield entry, _PAGES[entry.kind].format(entry.name)
        elif entry.kind == "accounts" and catalogue.accounts:
            platform = catalogue.accounts.accounts[entry.name].platform
            if platform in catalogue.platforms:
                yield entry, _PAGES["platforms"].format(platform) + "#accounts"
        elif (contract := catalogue.contract(entry.id)) is not None:
            yield entry, contract_path(contract)


def _rules(rules: Iterable[Rule]) -> Iterator[tuple[Entry, str]]:
    for rule in rules:
        terms = (Term(rule.code, "code", 5), Term(rule.name, "name", 5), Term(rule.summary, "description"))
        yield (
            Entry("rules", rule.code, rule.code, rule.name, rule.summary, terms=terms),
            f"catalogue/rules/{rule.code}/",
        )


def _symptoms(catalogue: Catalogue) -> Iterator[tuple[Entry, str]]:
    for key, symptom in (catalogue.autopsy.symptoms if catalogue.autopsy else {}).items():
        terms = (
            Term(symptom.symptom, "title", 4),
            Term(symptom.layer, "layer", 2),
            Term(symptom.likely_cause, "description"),
            Term(symptom.fix, "description"),
        )
        yield (
            Entry("symptoms", key, key, symptom.symptom, symptom.likely_cause, terms=terms),
            f"catalogue/autopsy/#{key}",
        )


def _guides(guides: Mapping[str, str]) -> Iterator[tuple[Entry, str]]:
    for path, markdown in sorted(guides.items()):
        guide = guide_of(markdown)
        name = path.rpartition("/")[2].removesuffix(".md")
        plain = re.sub(r"[`*\[\]|#>]", " ", markdown)
        terms = (
            Term(guide.title, "title", 5),
            *(
                Term(one.strip("# `"), "heading", 3)
                for one in re.findall(r"^##+ .+$", markdown, re.MULTILINE)
            ),
            Term(" ".join(dict.fromkeys(plain.split())), "text"),
        )
        address = path.removeprefix("../").removesuffix(".md") + "/"
        yield Entry("guides", name, name, guide.title, guide.purpose, terms=terms), address

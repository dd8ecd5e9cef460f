"""A contract's fields as a table: type and allowed values, required, personal data, consent, since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from canonry.catalogue.refs import RefError
from canonry.pages.markup import badge, code, details, paragraphs, sentence, table, text

if TYPE_CHECKING:
    from canonry.catalogue.documents import Vocabulary
    from canonry.catalogue.model import Contract
    from canonry.pages.site import Site

DEPTH: Final = 4
"""Folders above a contract's page: catalogue/<kind>/<name>/v<major>/."""

SHOWN: Final = 12
"""Values that stand in a cell; more of them open on demand."""

LISTED: Final = 60
"""Words that open on demand; the vocabulary's page has them all."""

DEEPEST: Final = 4

_LIMITS: Final = {
    "format": "format {}",
    "pattern": "matches {}",
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "in steps of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
}
_TYPES: Final = {"array": "list", "integer": "whole number", "boolean": "true or false"}


def fields_section(site: Site, contract: Contract) -> str:
    """Every field, members of nested objects below their parent; nothing where there is none."""
    if not contract.properties:
        return ""
    rows = list(_rows(site, str(contract.id), contract.schema, "", 0))
    head = ["Field", "Type and values", "What it is", "Personal data", "Since"]
    if not any(row[-1] for row in rows):
        head, rows = head[:-1], [row[:-1] for row in rows]
    return paragraphs("## Fields", table(head, rows, classes="fields"), _conditions(contract.schema))


def _rows(
    site: Site, document: str, schema: Mapping[str, Any], prefix: str, depth: int
) -> Iterator[list[str]]:
    properties = schema.get("properties")
    needed = schema.get("required")
    required = set(needed) if isinstance(needed, list) else set()
    for name, written in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(written, dict):
            continue
        known = written
        if "$ref" in written:
            with suppress(RefError):
                known = site.references.field(written, document)
        yield [
            _name(f"{prefix}{name}", required=name in required),
            _type(site, document, written, known),
            _meaning(known),
            _personal(known),
            code(since) if (since := known.get("x-since") or site.since(document, f"{prefix}{name}")) else "",
        ]
        inner, mark = written, "."
        if isinstance(written.get("items"), dict):
            inner, mark = written["items"], "[]."
        if depth < DEEPEST and "$ref" not in inner:
            yield from _rows(site, document, inner, f"{prefix}{name}{mark}", depth + 1)


def _name(path: str, *, required: bool) -> str:
    anchor = path.replace("[]", "")
    need = '<span class="need">required</span>' if required else '<span class="need">optional</span>'
    return f'<a id="{text(anchor)}"></a>{code(path)}{need}'


def _type(site: Site, document: str, written: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    if "const" in known:
        return f"always {code(known['const'])}"
    reference = written.get("$ref")
    if isinstance(reference, str) and site.path(reference):
        label = site.label(reference)
        shown = site.anchor(reference, DEPTH, label)
        vocabulary = site.catalogue.vocabularies.get(reference.removeprefix("/vocabularies/"))
        if vocabulary is not None:
            if reference not in site.words:  # the same in every contract that uses it
                site.words[reference] = _words(site, reference, shown, vocabulary)
            return site.words[reference]
        return shown + _limits({key: value for key, value in written.items() if key != "$ref"})
    if isinstance(known.get("enum"), list):
        return _values(known["enum"], known.get("x-labels"))
    if isinstance(written.get("x-name-of"), str):
        target = written["x-name-of"]
        return f"a name of {site.anchor(target, DEPTH, site.label(target))}"
    kinds = known.get("type", "any")
    shown = " or ".join(_TYPES.get(k, k) for k in (kinds if isinstance(kinds, list) else [str(kinds)]))
    items = written.get("items")
    if isinstance(items, dict):
        try:
            inner = site.references.field(items, document)
        except RefError:
            inner = items
        return f"list of {_type(site, document, items, inner)}{_limits(known)}"
    return text(shown) + _limits(known)


def _limits(known: Mapping[str, Any]) -> str:
    said = [
        f"{before}{code(known[key])}{after}"
        for key, form in _LIMITS.items()
        if key in known
        for before, _, after in [form.partition("{}")]
    ]
    refused = known.get("not")
    if isinstance(refused, dict) and "pattern" in refused:
        said.append(f"never matches {code(refused['pattern'])}")
    if known.get("uniqueItems"):
        said.append("no item twice")
    return "".join(f"<small>{item}</small>" for item in said)


def _values(values: list[Any], labels: Any) -> str:
    said = labels if isinstance(labels, dict) else {}
    shown = [
        code(value) + (f" {text(said[value])}" if isinstance(value, str) and value in said else "")
        for value in values
    ]
    if len(shown) <= SHOWN:
        return f"one of {', '.join(shown)}"
    rest = "".join(f"<li>{item}</li>" for item in shown)
    return details(f"one of {len(shown):,} values", f'<ul class="words">{rest}</ul>')


def _words(site: Site, reference: str, shown: str, vocabulary: Vocabulary) -> str:
    used = [(word, entry) for word, entry in vocabulary.words.items() if entry.status != "retired"]
    lines = [
        f"<li>{code(word)} {text(entry.label)}"
        + (f" {badge(entry.status)}" if entry.status != "active" else "")
        + "</li>"
        for word, entry in used[:LISTED]
    ]
    if len(used) > LISTED:
        more = site.anchor(reference, DEPTH, f"and {len(used) - LISTED:,} more")
        lines.append(f"<li>{more}</li>")
    return f"a word of {shown}" + details(f"{len(used):,} words", f'<ul class="words">{"".join(lines)}</ul>')


def _meaning(known: Mapping[str, Any]) -> str:
    parts = [sentence(known.get("description", ""))]
    if known.get("deprecated") is True:
        parts.insert(0, badge("deprecated"))
    names = known.get("x-platforms")
    if isinstance(names, dict) and names:
        shown = ", ".join(f"{text(platform)} {code(value)}" for platform, value in names.items())
        parts.append(f"<small>On {shown}</small>")
    return " ".join(part for part in parts if part)


def _personal(known: Mapping[str, Any]) -> str:
    pii = known.get("x-pii")
    shown = badge(str(pii), "pii") if pii and pii != "none" else ("none" if pii else "")
    consent = known.get("x-consent")
    if isinstance(consent, list) and consent:
        shown += f"<small>only with {', '.join(map(code, consent))}</small>"
    return shown


def _conditions(schema: Mapping[str, Any]) -> str:
    """What is required only in some cases, where the schema says it with if and then."""
    rules = schema.get("allOf")
    found = [schema, *(rules if isinstance(rules, list) else [])]
    said = []
    for rule in found:
        when, then = (rule.get(key) if isinstance(rule, dict) else None for key in ("if", "then"))
        if not isinstance(when, dict) or not isinstance(then, dict):
            continue
        tests = [
            f"{code(name)} is {code(test['const'])}"
            for name, test in (when.get("properties") or {}).items()
            if isinstance(test, dict) and "const" in test
        ]
        needs = [code(name) for name in then.get("required") or () if isinstance(name, str)]
        if tests and needs:
            said.append(f"<li>Where {' and '.join(tests)}, {', '.join(needs)} must be there.</li>")
    return f"<ul>{''.join(said)}</ul>" if said else ""

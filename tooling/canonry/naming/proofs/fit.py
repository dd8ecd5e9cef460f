"""Fit: every name fits its platform, every link fits GA4 and the platform that it is pasted into."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from canonry import regular
from canonry.naming import automata
from canonry.naming.fields import literal as quoted
from canonry.naming.languages import Document, Model, NoLanguage
from canonry.naming.proofs.verdict import Broken, Proof, Proved, Undecided, Verdict, decided, distinct_forms
from canonry.regular import CHARACTERS, PERCENT_ENCODED, UTF8_BYTES, UTF16_UNITS, Language, Measure

LANDING: Final = 200
"""Characters that are kept free for scheme, host and path of the landing page."""
ADDRESS: Final = 1000
"""Characters of a page's address that GA4 keeps."""
VALUE: Final = 100
"""Characters of a parameter's value that GA4 surely keeps."""
GA4_KEYS: Final = frozenset(
    f"utm_{name}"
    for name in (
        *("id", "source", "medium", "campaign", "term", "content"),
        *("source_platform", "creative_format", "marketing_tactic"),
    )
)
"""The parameters that GA4 reads."""
MEASURES: Final = {"chars": CHARACTERS, "bytes": UTF8_BYTES, "utf16": UTF16_UNITS}
_WORDS: Final = {"chars": "characters", "bytes": "bytes", "utf16": "UTF-16 units"}


def fit(model: Model, identifier: str, landing: int = LANDING) -> Iterator[Proof]:
    """One proof per limit that is broken or undecided, else one for the contract."""
    contract = model.contract(identifier)
    proofs = list(
        _link(model, identifier, landing) if contract["kind"] == "utm" else _name(model, identifier)
    )
    failed = [proof for proof in proofs if not isinstance(proof.verdict, Proved)]
    if failed:
        yield from failed
    elif proofs:
        statement = "; ".join(
            dict.fromkeys(p.verdict.statement for p in proofs if isinstance(p.verdict, Proved))
        )
        yield Proof("fit", identifier, Proved(statement))


def _name(model: Model, identifier: str) -> Iterator[Proof]:
    contract = model.contract(identifier)
    # A creative says no level, since it runs on many platforms: an ad or landing page is what they call one.
    called = contract["level"] or (contract["name"] if contract["kind"] == "creatives" else "")
    for platform in contract["platforms"]:
        level = ((model.platforms.get(platform) or {}).get("levels") or {}).get(called)
        if level is None:
            continue
        for topic, ask in (
            ("length", _length),
            ("forbidden", _forbidden),
            ("reserved", _reserved),
            ("pattern", _pattern),
        ):
            verdict = decided(lambda ask=ask, level=level: ask(model, identifier, level))  # type: ignore[misc]
            pointer = "/x-contract/templates/name"
            yield Proof("fit", identifier, verdict, platform=platform, pointer=pointer, topic=topic)


class Limit(NamedTuple):
    """At most so many of what, and of what is counted."""

    most: int
    measure: Measure
    unit: str
    what: str = "name"


def within(model: Model, identifier: str, part: Document, limit: Limit) -> Verdict:
    """Whether every text of a parameter keeps a limit; if not, the longest, or one that is too long."""
    most, measure, unit, what = limit
    found = model.longest(identifier, part, measure)
    if found is None:
        witness = (model.param(identifier, part) & regular.lengths(most + 1)).shortest() or ""
        message = f"a {what} may be of any length; {most} {unit} are allowed"
        return Broken(
            message, {what: witness, "length": measure.of_text(witness), "max": most}, "add maxLength"
        )
    longest, text = found
    if longest <= most:
        return Proved(f"the longest {what} has {longest} of {most} {unit}")
    message = f"a {what} may have {longest} {unit}; {most} are allowed"
    return Broken(
        message, {what: text, "length": longest, "max": most}, "shorten a word, or lower a maxLength"
    )


def _length(model: Model, identifier: str, level: Document) -> Verdict:
    limit = level.get("name") or {}
    if limit.get("max") is None:
        return Proved("the platform publishes no limit")
    unit = limit.get("unit") or "chars"
    part = model.form(identifier, None)["name"]
    return within(model, identifier, part, Limit(limit["max"], MEASURES[unit], _WORDS[unit]))


def _common(model: Model, identifier: str, bad: Language) -> str | None:
    """A name that is in `bad`; none where there is none. Asks the smaller language of more names first."""
    if model.roughly().names(identifier).disjoint(bad):
        return None
    return (model.names(identifier) & bad).shortest()


def _forbidden(model: Model, identifier: str, level: Document) -> Verdict:
    characters = level.get("forbidden") or ""
    if not characters:
        return Proved("no character is forbidden")
    witness = _common(model, identifier, automata.matching(["|".join(quoted(char) for char in characters)]))
    if witness is None:
        return Proved("no forbidden character")
    found = next(char for char in witness if char in characters)
    return Broken(f"a name may hold {found!r}, which the platform refuses", {"name": witness})


def _reserved(model: Model, identifier: str, level: Document) -> Verdict:
    if not level.get("reserved") and not level.get("reserved_prefixes"):
        return Proved("no name is reserved")
    words = regular.words(str(word).lower() for word in level.get("reserved") or ())
    starts = [quoted(str(prefix).lower()) for prefix in level.get("reserved_prefixes") or ()]
    kept = words | automata.matching([f"^(?:{'|'.join(starts)})"]) if starts else words
    witness = _common(model, identifier, kept.case_folded_preimage())
    if witness is None:
        return Proved("no reserved name")
    return Broken(f"{witness!r} is a name that the platform keeps for itself", {"name": witness})


def _pattern(model: Model, identifier: str, level: Document) -> Verdict:
    if not level.get("pattern"):
        return Proved("no further rule")
    witness = _common(model, identifier, ~automata.matching([level["pattern"]]))
    if witness is None:
        return Proved("matches the platform's pattern")
    return Broken(f"{witness!r} does not match {level['pattern']}, as the platform wants", {"name": witness})


def _link(model: Model, identifier: str, landing: int) -> Iterator[Proof]:
    seen: list[Any] = []
    for platform, params in distinct_forms(model.contract(identifier)["forms"]):
        for key, part in params.items():
            if key in GA4_KEYS and part not in seen:
                seen.append(part)
                verdict = decided(lambda k=key, p=part: _value(model, identifier, k, p))  # type: ignore[misc]
                pointer = f"/x-contract/templates/{key}"
                yield Proof("fit", identifier, verdict, "", platform, pointer, warning=True, topic="value")
        verdict = decided(lambda p=params: _address(model, identifier, p, landing))  # type: ignore[misc]
        yield Proof("fit", identifier, verdict, platform=platform, topic="address")
    for platform in model.contract(identifier)["platforms"]:
        links = (model.platforms.get(platform) or {}).get("links") or {}
        if links.get("max"):
            verdict = decided(lambda p=platform, m=links: _pasted(model, identifier, p, m, landing))  # type: ignore[misc]
            yield Proof("fit", identifier, verdict, platform=platform, topic="pasted")


def _value(model: Model, identifier: str, key: str, part: Document) -> Verdict:
    if "macro" in part and model.longest(identifier, part, CHARACTERS) is None:
        return Undecided(f"nothing bounds what {part['macro']} becomes; give its pattern a greatest length")
    limit = Limit(VALUE, CHARACTERS, "characters that GA4 surely keeps", f"value of {key}")
    return within(model, identifier, part, limit)


def _address(model: Model, identifier: str, params: Document, landing: int) -> Verdict:
    """The whole address as GA4 sees it, macros filled in."""
    total, worst = _longest(model, identifier, params, filled=True)
    if isinstance(total, str):
        return Undecided(total)
    return _judged(total + landing, ADDRESS, worst, landing, "GA4 keeps")


def _pasted(model: Model, identifier: str, platform: str, links: Document, landing: int) -> Verdict:
    """The link as it is pasted, macros as they stand."""
    total, worst = _longest(model, identifier, model.form(identifier, platform), filled=False)
    if isinstance(total, str):
        return Undecided(total)
    kept = 0 if links.get("form") == "suffix" and links.get("max", 0) < ADDRESS else landing
    return _judged(total + kept, links["max"], worst, kept, "the platform takes")


def _judged(total: int, most: int, worst: dict[str, str], landing: int, who: str) -> Verdict:
    if total <= most:
        return Proved(
            f"the longest link has {total} of {most:,} characters, {landing} of them for the landing page"
        )
    message = f"a link may have {total:,} characters, {landing} of them for the landing page; {who} {most:,}"
    return Broken(message, {"params": dict(worst), "length": total, "max": most}, "lower a maxLength")


def _longest(
    model: Model, identifier: str, params: Document, *, filled: bool
) -> tuple[int | str, dict[str, str]]:
    """Length of the longest query with its `?`, and its parameters; a reason where nothing bounds it.

    In one case of the combinations, each parameter is longest when each field is, and a field that several
    write is then the same in all of them.
    """
    names = [n for part in params.values() for shape in part.get("shapes", ()) for n in shape["items"][1::2]]
    best: tuple[int, dict[str, str]] | None = None
    for row in model.rows(identifier, names):
        total, worst = 0, {}
        for key, part in params.items():
            if "macro" in part and not filled:
                length, text = len(part["macro"]), part["macro"]
            else:
                try:
                    found = model.longest(identifier, part, PERCENT_ENCODED, None if "macro" in part else row)
                except NoLanguage:
                    break
                if found is None:
                    return f"nothing bounds the length of {part.get('macro') or part.get('text')}", {}
                length, text = found
            total += 1 + len(key) + 1 + length
            worst[key] = text
        else:
            if best is None or total > best[0]:
                best = (total, worst)
    if best is None:
        raise NoLanguage("no combination of values is allowed at all")
    return best

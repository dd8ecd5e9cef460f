"""Macros: known to their platform, at the right level, without personal data, becoming what the form says."""

import re
from collections.abc import Iterator
from typing import Any

from canonry.naming import automata
from canonry.naming.languages import Document, Model
from canonry.naming.proofs.verdict import Broken, Proof, Proved, Verdict, decided


def macros(model: Model, identifier: str) -> Iterator[Proof]:
    """One proof per macro that is wrong or unknown, else one for the contract where it has macros."""
    contract = model.contract(identifier)
    asked = failed = 0
    for platform, form in contract["forms"].items():
        for key, part in form["params"].items():
            if "macro" not in part:
                continue
            asked += 1
            verdict = decided(lambda p=platform, part=part: _judged(model, identifier, p, part))  # type: ignore[misc]
            if not isinstance(verdict, Proved):
                failed += 1
                pointer = f"/x-contract/templates/{key}/{platform}"
                yield Proof(
                    "macro", identifier, verdict, platform=platform, pointer=pointer, topic=part["macro"]
                )
    if asked and not failed:
        yield Proof("macro", identifier, Proved("every macro is its platform's own"))


def _judged(model: Model, identifier: str, platform: str, part: Document) -> Verdict:
    macro = part["macro"]
    witness: dict[str, Any] = {"macro": macro, "platform": platform}
    if platform == "static":
        return Broken(f"{macro} stands in the static form, where no platform fills it in", witness)
    known = model.platforms.get(platform)
    if known is None:
        return Broken(f"{platform} is no platform of this registry", witness)
    if platform not in model.contract(identifier)["platforms"]:
        return Broken(f"there is a form for {platform}, but the contract is not for it", witness)
    label = known.get("label") or platform
    if any(str(name).partition(" ")[0] == macro for name in known.get("not_macros") or ()):
        return Broken(f"{macro} looks like a macro of {label}, but it is none and stays as it is", witness)
    entry = entry_of(known, macro)
    if entry is None:
        owners = [name for name, other in model.platforms.items() if entry_of(other, macro) is not None]
        if owners:
            return Broken(f"{macro} is a macro of {', '.join(sorted(owners))}, not of {label}", witness)
        return Broken(f"{label} has no macro {macro}", witness, _similar(known, macro))
    if entry.get("personal_data"):
        return Broken(f"{macro} carries personal data into links and reports", witness)
    if part.get("expands"):
        return _expanding(model, platform, entry, part, witness)
    values = entry.get("values")
    if values and part.get("pattern"):
        extra = (automata.matching([values]) - automata.matching([part["pattern"]])).shortest()
        if extra is not None:
            return Broken(
                f"{macro} may become {extra!r}, which {part['pattern']} does not match",
                {**witness, "value": extra},
            )
    if not part.get("pattern"):
        return Broken(f"{macro} says neither what it expands to nor what pattern it becomes", witness)
    return Proved(f"{macro} is a macro of {label}")


def _expanding(
    model: Model, platform: str, entry: Document, part: Document, witness: dict[str, Any]
) -> Verdict:
    """Whether the contract that a macro expands to names the thing whose name the macro is."""
    target = model.table["contracts"].get(part["expands"])
    if target is None:
        return Broken(f"{part['expands']}, which {part['macro']} expands to, is not there", witness)
    if target["kind"] == "utm":
        return Broken(f"{part['expands']} is no contract of names", witness)
    if target["kind"] == "objects":
        if platform not in target["platforms"]:
            return Broken(f"{part['expands']} holds no names of {platform}", witness)
        level, named = entry.get("level"), target["level"]
        levels = model.platforms[platform].get("levels") or {}
        means = str(entry.get("means") or "").lower()  # some macros name two levels, by campaign type
        others = re.findall(r"[a-z]+", means.replace(str(level).replace("_", " "), ""))  # "ad set" is no ad
        if level in levels and named not in (None, level) and not set(named.split("_")) <= set(others):
            return Broken(
                f"{part['macro']} is the name of the {level}, {part['expands']} names a {named}", witness
            )
    return Proved(f"{part['macro']} becomes a name of {part['expands']}")


def entry_of(platform: Document, macro: str) -> Document | None:
    """What a platform's file says of a macro; `{_name}` and `{ifmobile:x}` stand for a family each."""
    for entry in platform.get("macros") or ():
        listed = str(entry["macro"])
        if listed == macro:
            return entry  # type: ignore[no-any-return]  # plain data
        if listed == "{_name}" and macro[:2] == "{_" and macro[-1:] == "}" and macro[2:-1].isalnum():
            return entry  # type: ignore[no-any-return]  # plain data
        head, colon, _ = listed.partition(":")
        if colon and macro.startswith(head + ":") and macro[-1:] == listed[-1:]:
            return entry  # type: ignore[no-any-return]  # plain data
    return None


def _similar(platform: Document, macro: str) -> str:
    from canonry.naming.suggest import nearest

    return nearest(macro, [str(entry["macro"]) for entry in platform.get("macros") or ()]) or ""

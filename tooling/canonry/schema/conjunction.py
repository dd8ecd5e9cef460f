"""What applies at a place as one schema of keywords: references and `allOf` carried out, limits the tightest.

For making values, not for judging them: what it says is what most values that it leads to meet.
"""

from collections.abc import Mapping
from typing import Any, Final

from canonry.kernel.jsonvalue import same
from canonry.schema.formats import FORMATS

REFERENCES: Final = 400
"""References that are followed from one place: they may lead in a circle."""


def merged(document: Mapping[str, Any], schemas: list[Any]) -> dict[str, Any]:
    """What applies where all of the schemas do; limits are the tightest."""
    found: dict[str, Any] = {}
    stack, followed = list(reversed(schemas)), 0
    while stack:
        part = stack.pop()
        if not isinstance(part, Mapping):
            continue
        for key, value in part.items():
            if key == "$ref" and isinstance(value, str) and followed < REFERENCES:
                followed += 1
                stack.append(target(document, value))
            elif key == "allOf" and isinstance(value, list):
                stack.extend(reversed(value))
            else:
                _take(found, key, value)
        if "if" in part:
            found.setdefault("conditions", []).append(part)
    return found


def _take(found: dict[str, Any], key: str, value: Any) -> None:
    """Adds one keyword to what applies already."""
    if key in ("pattern", "format"):
        if key == "pattern" or value in FORMATS:
            found.setdefault(f"{key}s", []).append(value)
    elif key == "not":
        if isinstance(value, Mapping) and "pattern" in value:
            found.setdefault("refused", []).append(value["pattern"])
    elif key == "properties":
        own = found.setdefault(key, {})
        for name, inner in value.items():
            own[name] = {"allOf": [own[name], inner]} if name in own else inner
    elif key == "required":
        found[key] = [*dict.fromkeys([*found.get(key, ()), *value])]
    elif key == "type":
        kinds = [value] if isinstance(value, str) else list(value)
        held = found.get(key)
        found[key] = kinds if held is None else _both(held, kinds)
    elif key == "enum" and key in found:
        found[key] = [one for one in found[key] if any(same(one, other) for other in value)]
    elif key == "items" and key in found:
        found[key] = {"allOf": [found[key], value]}
    elif key in ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"):
        found[key] = max(value, found.get(key, value))
    elif key in ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"):
        found[key] = min(value, found.get(key, value))
    elif key not in ("if", "then", "else", "$defs", "$schema", "$id", "$comment"):
        found.setdefault(key, value)


def _both(left: list[str], right: list[str]) -> list[str]:
    found = [kind for kind in left if kind in right or (kind == "integer" and "number" in right)]
    return found + [kind for kind in right if kind == "integer" and "number" in left and kind not in found]


def unmerged(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What was merged, as a schema again."""
    plain = {
        key: value
        for key, value in parts.items()
        if key not in ("patterns", "formats", "refused", "conditions", "examples", "default")
    }
    more: list[Any] = [{"pattern": text} for text in parts.get("patterns", ())]
    more += [{"format": name} for name in parts.get("formats", ())]
    more += [{"not": {"pattern": text}} for text in parts.get("refused", ())]
    more += [
        {key: part[key] for key in ("if", "then", "else") if key in part}
        for part in parts.get("conditions", ())
    ]
    return {**plain, "allOf": more} if more else plain


def target(document: Mapping[str, Any], reference: str) -> Any:
    found: Any = document
    for token in reference.removeprefix("#").split("/")[1:]:
        found = found[token.replace("~1", "/").replace("~0", "~")]
    return found

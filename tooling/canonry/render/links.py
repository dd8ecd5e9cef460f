"""A link or name that was built, as text and as JSON.

Imports nothing but `canonry.render.plain`: it is on the way to every link that is built.
"""

from __future__ import annotations

from canonry.render.plain import visible, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

_KEY = 11


def built_text(answer: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """The link or name alone on the first line, then what to know about it. `labels`: platform to name."""
    lines: list[str] = []
    if answer.get("name") is not None:
        lines.append(visible(answer["name"]))
    elif answer["way"] == "params":
        width = max([len(key) for key, _ in answer["params"]], default=0)
        lines += [f"{visible(key):<{width}}  {visible(value)}" for key, value in answer["params"]]
    else:
        lines.append(visible(answer["text"]))
    lines.append("")
    platform = labels.get(answer["platform"] or "", answer["platform"] or "")
    about = answer["title"] + (f" for {platform}" if platform else "")
    lines.append(_fact("format", f"{about} ({answer['format']})"))
    channel = answer.get("channel")
    if channel:
        lines.append(_fact("channel", f"{channel['name']} in GA4: {channel['because']}"))
        lines += [_fact("", line) for line in channel["lines"]]
        lines += [_fact("own channel", name) for name in channel["own"]]
    for key, macro in answer["macros"].items():
        lines.append(
            _fact("filled in", f"{key}: {platform or 'the platform'} puts its own value for {macro}")
        )
    if answer.get("paste"):
        lines.append(_fact("paste into", answer["paste"]))
    return "\n".join(lines)


def _fact(key: str, text: str) -> str:
    return wrapped(text, indent=f"  {key:<{_KEY}}  ", hanging=" " * (_KEY + 4))


def built_json(answer: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> str:
    """The public JSON of `utm build` and `name build`."""
    import json

    document: dict[str, Any] = {
        "format": answer["format"],
        "platform": answer["platform"],
        "campaign": answer["campaign"],
        "fields": answer["fields"],
    }
    if "way" in answer:
        channel = answer["channel"]
        document = {
            "url": answer["url"],
            "text": answer["text"],
            "as": answer["way"],
            "channel": channel["name"] if channel else None,
            "channel_because": channel["because"] if channel else None,
            "own_channel": channel["own"][0] if channel and channel["own"] else None,
            "channel_notes": channel["lines"] if channel else [],
            "params": dict(answer["params"]),
            "macros": answer["macros"],
            "paste": answer["paste"],
            **document,
        }
    else:
        document = {"name": answer["name"], **document}
    return json.dumps({**document, "findings": list(findings)}, ensure_ascii=False, indent=2)

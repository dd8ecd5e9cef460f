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
        manual = "manual traffic: " if channel["lines"] else ""
        lines.append(_fact("channel", f"{manual}{channel['name']} in GA4, since {channel['because']}"))
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


def parsed_text(answer: Any, label: str, palette: Any) -> str:
    """One link or name that was read, at length. `answer` is a `canonry.app.parsed.Answer`."""
    from canonry.render.catalogue import table

    lines = [palette("bold", visible(answer.text))]
    if answer.format:
        about = answer.title + (f" for {label}" if label else "")
        like = "nearest to " if answer.status == "rejected" else ""
        lines.append(_fact("format", f"{like}{about} ({answer.format})"))
    if answer.channel:
        lines.append(
            _fact("channel", f"{answer.channel['channel']} in GA4, since {answer.channel['because']}")
        )
        lines += [_fact("own channel", own["channel"]) for own in answer.channel["custom"]]
    for key, seen in answer.expanded.items():
        if "macro" in seen:
            lines.append(_fact("macro", f"{key}: {seen['macro']}"))
        elif seen.get("format"):
            inner = ", ".join(f"{name} {value}" for name, value in seen["fields"].items())
            lines.append(_fact(key, f"{inner} ({seen['format']})"))
    if answer.words:
        lines += ["", table([list(row) for row in answer.words], palette=palette)]
    if answer.findings:
        from canonry.render.text import remarks

        lines += ["", remarks(answer.findings, palette)]
        if answer.corrected and answer.corrected != answer.text:
            lines += ["", _correction(answer, palette)]
    elif answer.status == "right":
        lines += ["", f"  {palette('good', 'right')}: nothing to correct"]
    return "\n".join(lines)


def _correction(answer: Any, palette: Any) -> str:
    """The link or name as it should be, or as far as that can be told."""
    label = palette("good", "corrected") if answer.corrected_right else palette("warning", "so far   ")
    return f"  {label}  {visible(answer.corrected)}"


def parsed_line(number: int, answer: Any, palette: Any) -> str:
    """One of many: a line, and what is wrong with it."""
    if not answer.findings and answer.status == "right":
        where = f"  {answer.channel['channel']}" if answer.channel else ""
        return f"{number}  {palette('good', 'right')}  {answer.format}{where}\n    {visible(answer.text)}"
    verdict = answer.verdict
    style = {"right": "good", "to correct": "warning", "unreadable": "error"}[verdict]
    channel = f"  {answer.channel['channel']}" if answer.channel else ""
    kind = f"  {visible(answer.format)}" if answer.format else ""
    line = f"{number}  {palette(style, verdict)}{kind}{channel}\n    {visible(answer.text)}"
    if not answer.findings:
        return line
    from canonry.render.text import remarks

    line += "\n" + remarks(answer.findings, palette)
    if answer.corrected and answer.corrected != answer.text:
        line += f"\n{_correction(answer, palette)}"
    return line


def tally_text(tally: Any, noun: str, palette: Any) -> str:
    """What became of many links or names."""
    good = palette("good", f"{tally.right:,} right")
    counts = f"{tally.total:,} {noun}s: {good}, {tally.readable:,} to correct, {tally.rejected:,} unreadable"
    if not tally.names:
        return counts
    most = ", ".join(f"{name} {number:,}" for name, number in tally.names.most_common(5))
    return f"{counts}\n{wrapped(most, indent='Most often: ', hanging='  ')}"

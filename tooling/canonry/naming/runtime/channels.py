"""Which channel GA4 gives to a visit, by source, medium and campaign: the first rule that takes it.

    channels = Channels(codec)
    channels.decide("facebook", "paid_social", "spring")
        {"channel": "Paid Social", "rule": 5, "group": "default", "effective": "2026-05-13", "because": ...}

Rules ignore case. A missing or empty value is none. Company groups come before the default one: what none of
their rules takes falls to the default channel.
"""

from __future__ import annotations

from .text import fold  # noqa: TID252 -- this folder is copied into generated clients

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .codec import Codec  # noqa: TID252 -- as above

DEFAULT = "default"
MEMORY = 10_000
"""Pairs of source and medium whose rules are remembered."""


_STAND_IN = "\x00"
"""A campaign that holds nothing that a rule could ask for."""


class Channels:
    """The channel groups of a table."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.table: Mapping[str, Any] = codec.table["channels"]
        self.categories = {name: frozenset(sources) for name, sources in self.table["categories"].items()}
        self._memory: dict[tuple[str, str | None, str | None], list[tuple[int, Any]]] = {}
        self._usual: dict[
            tuple[str, str], tuple[tuple[str, ...], dict[str, Any], list[dict[str, Any]]] | None
        ] = {}
        self._last: tuple[tuple[str | None, str | None, str | None], dict[str, Any]] | None = None

    @property
    def groups(self) -> list[str]:
        """The groups, the default one first."""
        return list(self.table["groups"])

    def decide(
        self, source: str | None, medium: str | None, campaign: str | None, group: str = DEFAULT
    ) -> dict[str, Any]:
        """The channel and the rule that took the visit; `rule` counts from 1 and is None for the fallback."""
        if group == DEFAULT:
            if self._last is None or self._last[0] != (source, medium, campaign):
                self._last = ((source, medium, campaign), self._decide(source, medium, campaign, group))
            return self._last[1]  # asked again for each of the company's groups
        return self._decide(source, medium, campaign, group)

    def usual(
        self, source: str, medium: str
    ) -> tuple[tuple[str, ...], dict[str, Any], list[dict[str, Any]]] | None:
        """Texts, and what is decided of a campaign that holds none of them: by the default group, by others.

        None where no such texts tell. Remembered, for links by the thousand; callers must not change it.
        """
        key = (source, medium)
        if key not in self._usual:
            if len(self._usual) > MEMORY:
                self._usual.clear()
            self._usual[key] = self._settled(source, medium)
        return self._usual[key]

    def _settled(
        self, source: str, medium: str
    ) -> tuple[tuple[str, ...], dict[str, Any], list[dict[str, Any]]] | None:
        texts: list[str] = []
        default: dict[str, Any] = {}
        custom: list[dict[str, Any]] = []
        for group in self.groups:
            known = {"default_channel": fold(default["channel"])} if default else {}
            for _, rest in self._possible(group, source, medium):
                left = True if rest is None else self._residual(rest, known)
                if left is True:
                    break
                needed = [] if left is False else _needed(left)
                if needed is None:
                    return None
                texts += needed
            if any(text in _STAND_IN for text in texts):
                return None
            decided = self._decide(source, medium, _STAND_IN, group)
            default = default or decided
            if decided["channel"] != default["channel"]:
                custom.append(decided)
        return tuple(dict.fromkeys(texts)), default, custom

    def _decide(
        self, source: str | None, medium: str | None, campaign: str | None, group: str
    ) -> dict[str, Any]:
        described: Mapping[str, Any] = self.table["groups"][group]
        values: dict[str, str | None] = {"campaign": fold(campaign) if campaign else None}
        default: dict[str, Any] | None = None
        if group != DEFAULT:
            default = self.decide(source, medium, campaign)
            values["default_channel"] = fold(default["channel"])
        for number, rest in self._possible(group, source, medium):
            if rest is None or self._holds(rest, values):
                rule = described["rules"][number]
                return {
                    "channel": rule["channel"],
                    "rule": number + 1,
                    "group": group,
                    "effective": described["effective"],
                    "because": rule["because"],
                }
        if default is not None:
            return default
        return {
            "channel": described["fallback"],
            "rule": None,
            "group": group,
            "effective": described["effective"],
            "because": "no rule takes it",
        }

    def _possible(self, group: str, source: str | None, medium: str | None) -> list[tuple[int, Any]]:
        """The rules that may take this source and medium, up to one that surely does.

        With each, what is left to ask of the campaign and the default channel; None where nothing is.
        """
        key = (group, source, medium)
        found = self._memory.get(key)
        if found is None:
            found = []
            known = {"source": fold(source) if source else None, "medium": fold(medium) if medium else None}
            for number, rule in enumerate(self.table["groups"][group]["rules"]):
                rest = self._residual(rule["when"], known)
                if rest is False:
                    continue
                found.append((number, None if rest is True else rest))
                if rest is True:
                    break
            if len(self._memory) > MEMORY:
                self._memory.clear()
            self._memory[key] = found
        return found

    def _residual(self, when: Mapping[str, Any], values: Mapping[str, str | None]) -> Any:
        """The condition with what is known carried out: a truth, or a condition on the other fields."""
        if "not" in when:
            rest = self._residual(when["not"], values)
            return not rest if isinstance(rest, bool) else {"not": rest}
        for group, decides in (("all", False), ("any", True)):
            if group in when:
                rests = [self._residual(part, values) for part in when[group]]
                if any(rest is decides for rest in rests):
                    return decides
                rests = [rest for rest in rests if not isinstance(rest, bool)]
                return {group: rests} if len(rests) > 1 else rests[0] if rests else not decides
        return self._holds(when, values) if when["field"] in values else when

    def _holds(self, when: Mapping[str, Any], values: Mapping[str, str | None]) -> bool:
        """Whether a condition holds of values that are all known."""
        if "all" in when:
            return all(self._holds(part, values) for part in when["all"])
        if "any" in when:
            return any(self._holds(part, values) for part in when["any"])
        if "not" in when:
            return not self._holds(when["not"], values)
        value = values[when["field"]]
        if "needs" in when and (value is None or when["needs"] not in value):
            return False  # no match without this text, which is quicker to look for
        return self._test(when["op"], when.get("value"), value)

    def _test(self, op: str, wanted: Any, value: str | None) -> bool:
        if op == "is_null":
            return value is None
        if value is None:
            return False
        if op == "exact":
            return bool(value == wanted)
        if op == "in":
            return value in wanted
        if op == "contains":
            return wanted in value
        if op == "begins_with":
            return value.startswith(wanted)
        if op == "ends_with":
            return value.endswith(wanted)
        if op == "in_category":
            return value in self.categories[wanted]
        automaton = self.codec.automaton(wanted)
        return automaton is not None and automaton.accepts(value)

    def verdict(self, channel: str, tagging: str, platforms: list[str]) -> list[str]:
        """What may be said of a format's traffic, one line per way in which it is tagged."""
        lines: list[str] = []
        if tagging != "auto":
            lines.append(f"manual traffic: {channel}")
        if tagging != "manual":
            known = self.codec.table["platforms"]
            likely = [c for p in platforms if p in known for c in known[p]["auto_tagging"]]
            listed = ", ".join(dict.fromkeys(likely)) or "its channels for automatically tagged traffic"
            lines.append(f"with a click id GA4 decides by network: one of {listed}")
        return lines


def _needed(when: Mapping[str, Any]) -> list[str] | None:
    """Texts of which a campaign must hold one for the condition to be true; None where none are known."""
    if "any" in when:
        parts = [_needed(part) for part in when["any"]]
        return None if None in parts else [text for part in parts for text in part or ()]
    if "all" in when:
        return next((found for found in map(_needed, when["all"]) if found), None)
    if when.get("field") != "campaign":
        return None
    if "needs" in when:
        return [when["needs"]]
    return (
        [when["value"]]
        if when["op"] in ("contains", "begins_with", "ends_with", "exact") and when["value"]
        else None
    )

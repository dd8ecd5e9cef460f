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


class Channels:
    """The channel groups of a table."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.table: Mapping[str, Any] = codec.table["channels"]
        self.categories = {name: frozenset(sources) for name, sources in self.table["categories"].items()}
        self._memory: dict[tuple[str, str | None, str | None], list[tuple[int, bool]]] = {}

    @property
    def groups(self) -> list[str]:
        """The groups, the default one first."""
        return list(self.table["groups"])

    def decide(
        self, source: str | None, medium: str | None, campaign: str | None, group: str = DEFAULT
    ) -> dict[str, Any]:
        """The channel and the rule that took the visit; `rule` counts from 1 and is None for the fallback."""
        described: Mapping[str, Any] = self.table["groups"][group]
        values = {
            "source": fold(source) if source else None,
            "medium": fold(medium) if medium else None,
            "campaign": fold(campaign) if campaign else None,
        }
        default: dict[str, Any] | None = None
        if group != DEFAULT:
            default = self.decide(source, medium, campaign)
            values["default_channel"] = fold(default["channel"])
        rules = described["rules"]
        for number, sure in self._possible(group, values, rules):
            if sure or self._holds(rules[number]["when"], values):
                return {
                    "channel": rules[number]["channel"],
                    "rule": number + 1,
                    "group": group,
                    "effective": described["effective"],
                    "because": rules[number]["because"],
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

    def _possible(
        self, group: str, values: Mapping[str, str | None], rules: list[Any]
    ) -> list[tuple[int, bool]]:
        """The rules that may take this source and medium, up to one that does whatever the campaign."""
        key = (group, values["source"], values["medium"])
        found = self._memory.get(key)
        if found is None:
            found = []
            known = {"source": values["source"], "medium": values["medium"]}
            for number, rule in enumerate(rules):
                verdict = self._holds(rule["when"], known)
                if verdict is not False:
                    found.append((number, bool(verdict)))
                if verdict:
                    break
            if len(self._memory) > MEMORY:
                self._memory.clear()
            self._memory[key] = found
        return found

    def _holds(self, when: Mapping[str, Any], values: Mapping[str, str | None]) -> bool | None:
        """Whether a condition holds; None where it depends on a field that `values` does not have."""
        if "all" in when:
            unknown = False
            for part in when["all"]:
                verdict = self._holds(part, values)
                if verdict is False:
                    return False
                unknown = unknown or verdict is None
            return None if unknown else True
        if "any" in when:
            unknown = False
            for part in when["any"]:
                verdict = self._holds(part, values)
                if verdict:
                    return True
                unknown = unknown or verdict is None
            return None if unknown else False
        if "not" in when:
            verdict = self._holds(when["not"], values)
            return None if verdict is None else not verdict
        if when["field"] not in values:
            return None
        return self._test(when["op"], when.get("value"), values[when["field"]])

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
        lines = []
        if tagging != "auto":
            lines.append(f"manual traffic: {channel}")
        if tagging != "manual":
            known = self.codec.table["platforms"]
            likely = [c for p in platforms if p in known for c in known[p]["auto_tagging"]]
            listed = ", ".join(dict.fromkeys(likely)) or "its channels for automatically tagged traffic"
            lines.append(f"with a click id GA4 decides by network: one of {listed}")
        return lines

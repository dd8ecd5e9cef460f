"""Everything that canonry says of a pasted link: decoded fields, channel, what is wrong, the corrected link.

    reader = Reader(codec)
    report = reader.read("https://example.com/?utm_source=FB&utm_medium=paid_social&...")
    report["format"], report["fields"], report["channel"], report["issues"], report["corrected"]

The report is JSON. Personal data is masked in it, and the corrected link does not carry it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from canonry.naming import personal
from canonry.naming.quick import Quick
from canonry.naming.runtime.channels import Channels
from canonry.naming.runtime.codec import Codec
from canonry.naming.runtime.text import fold
from canonry.naming.runtime.values import MEMORY
from canonry.naming.url import Issue, Link, read

ANALYTICS_LIMIT: Final = 1000
"""Characters of a page's address that GA4 keeps."""
VALUE_LIMIT: Final = 100
"""Characters of a parameter's value that GA4 surely keeps."""
RESERVED: Final = frozenset(
    {
        *("(not set)", "(none)", "(direct)", "(organic)", "(referral)", "(other)", "(ai-assistant)"),
        *("ai-assistant", "direct", "none", "null", "undefined", "organic", "referral"),
    }
)
"""Values that analytics tools write themselves."""

_MARKS: Final = ("{", "$", "%", "__")
"""What macros are written with; some are words in capitals instead."""
_PLAIN = re.compile(r"[A-Za-z0-9._~:/&=-]*\?[A-Za-z0-9._~&=-]*").fullmatch
RULE_OF_REASON: Final = {
    "word-unknown": "link-value-unknown",
    "word-retired": "link-word-retired",
    "word-deprecated": "link-word-deprecated",
    "retired": "link-word-retired",
    "case": "link-spelling",
    "alias": "link-spelling",
    "zeros": "link-spelling",
    "date-written": "link-spelling",
    "name": "link-spelling",
    "legacy": "link-legacy-template",
    "combination": "link-combination",
    "values-disagree": "link-values-disagree",
    "parameter-missing": "link-parameter-missing",
    "parameter-foreign": "link-parameter-foreign",
    "id-mistyped": "link-id-mistyped",
    "macro-value": "link-macro-value",
}


class Reader:
    """Reads links against one table. Keeps no link; remembers nothing but what the codec remembers."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.channels = Channels(codec)
        self.groups = self.channels.groups[1:]
        table = codec.table
        self.known = codec.keys()
        self.click_ids = {key: name for name, p in table["platforms"].items() for key in p["click_ids"]}
        platforms = table["platforms"].items()
        self.macros: dict[str, list[str]] = {}
        for name, platform in platforms:
            for macro in filter(_shaped, platform["macros"]):
                self.macros.setdefault(macro, []).append(name)
        listed = [(wrong.partition(" ")[0], name) for name, p in platforms for wrong in p["not_macros"]]
        self.not_macros = {wrong: name for wrong, name in listed if _shaped(wrong)}
        patterns = [(name, codec.automaton(p.get("macro_dfa"))) for name, p in platforms]
        self.patterns = [(name, automaton) for name, automaton in patterns if automaton is not None]
        self.quick = Quick(codec)
        self._channels: dict[tuple[str, str], tuple[tuple[str, ...] | None, dict[str, Any]]] = {}
        self._sources: dict[str, str | None] = {}
        self.landing = frozenset(table["domains"]["landing"])
        self.domains: Mapping[str, list[str]] = table["domains"]

    def read(self, text: str, *, from_shell: bool = False, live: bool | None = True) -> dict[str, Any]:
        """What one link says.

        `live`: the link was clicked, so that a macro in it was left unexpanded. False: it is one to paste.
        None: nobody knows; a link with every macro of its platform's form is one to paste.
        """
        return self.parsed(text, from_shell=from_shell, live=live)[0]

    def parsed(
        self,
        text: str,
        *,
        from_shell: bool = False,
        live: bool | None = True,
        platform: str | None = None,
        near: bool = False,
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """As `read`, and every parameter as it was understood, personal data and click ids among them.

        `platform`: the link stands in one of its ads, which fill in no other platform's macros. `near`: it
        stands nowhere, and most likely came from the platform that its source names.
        """
        quick = self._quick(text)
        if quick is not None and not (platform and _filled_elsewhere(quick, platform)):
            pairs = filter(None, text[text.index("?") + 1 :].split("&"))
            return quick, dict(pair.partition("=")[::2] for pair in pairs)
        link = read(text, self.known, self.macros, from_shell=from_shell)
        params = dict(link.params)
        self._personal(link)
        tags = {key: value for key, value in link.params if key in self.known or key.startswith("utm_")}
        found = self.codec.read_params(tags, platform=platform)
        if near and found["status"] == "rejected" and found["platform"] is not None:
            likely = self._platform(tags.get("utm_source", ""))
            if likely not in (None, found["platform"]):
                found = self.codec.read_params(tags, platform=likely)
        if not tags:
            found |= {"format": None, "platform": None}  # none is nearer than another
        self._host(link)
        self._click_ids(link, found)
        strange = self._macros(link, found, tags, live=live, platform=platform)
        if not tags:
            link.issue(
                "link-untagged", "the link carries no parameter that a format writes", "canonry utm build"
            )
        else:
            left = {issue.param for issue in link.issues if "macro" in issue.name and issue.param}
            link.issues += self._findings(found, left)
            self._values(link, found, tags)
        channel = self._channel(tags)
        self._declared(link, found, channel)
        self._corrected(link, found, tags)
        if strange:
            self._at_home(link, found, strange, platform)
        return self._report(text, link, found, channel), params

    def _platform(self, source: str) -> str | None:
        """The platform that a source names."""
        if source not in self._sources:
            if len(self._sources) > MEMORY:
                self._sources.clear()
            self._sources[source] = self.codec.platform(source)
        return self._sources[source]

    def _quick(self, text: str) -> dict[str, Any] | None:
        """The report of a link with nothing wrong, which most are; None where more must be looked at."""
        asked = text.find("?")
        if asked < 0 or text[:8] != "https://" or len(text) > ANALYTICS_LIMIT or not _PLAIN(text):
            return None
        if text[8:asked].partition("/")[0] not in self.landing or "=00" in text:
            return None  # 00 may begin a telephone number
        found = self.quick.read(text[asked + 1 :])
        if found is None:
            return None
        if len(text) - asked > VALUE_LIMIT and any(
            len(pair) - pair.find("=") > VALUE_LIMIT for pair in text[asked + 1 :].split("&")
        ):
            return None
        contract, platform, fields, expanded, source, medium, campaign = found
        channel = self._usually(source, medium, campaign)
        declared = contract.table["channel"]
        if declared is not None and channel["channel"] != declared:
            return None
        return {
            "link": text,
            "status": "right",
            "format": contract.id,
            "platform": platform,
            "fields": fields,
            "expanded": expanded,
            "channel": channel,
            "issues": [],
            "corrected": text,
        }

    def _usually(self, source: str, medium: str, campaign: str) -> dict[str, Any]:
        """As `_channel`, at once where nothing in the campaign's name matters."""
        key = (source, medium)
        known = self._channels.get(key)
        if known is None:
            usual = self.channels.usual(source, medium)
            known = (None, {}) if usual is None else (usual[0], {**usual[1], "custom": usual[2]})
            if len(self._channels) > MEMORY:
                self._channels.clear()
            self._channels[key] = known
        texts, decided = known
        if texts is not None and campaign:
            folded = fold(campaign)
            for text in texts:
                if text in folded:
                    break
            else:
                return decided
        tags = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
        return self._channel(tags) or {}

    def _report(
        self, text: str, link: Link, found: dict[str, Any], channel: dict[str, Any] | None
    ) -> dict[str, Any]:
        telling = any(issue.name in ("link-personal-data", "link-userinfo") for issue in link.issues)
        shown = personal.masked(text) if telling else text
        return self._answer(shown, found, channel, [_plain(issue) for issue in link.issues], link.url())

    def _answer(
        self,
        text: str,
        found: dict[str, Any],
        channel: dict[str, Any] | None,
        issues: list[Any],
        corrected: str,
    ) -> dict[str, Any]:
        return {
            "link": text,
            "status": found["status"],
            "format": found["format"],
            "platform": found["platform"],
            "fields": found["fields"],
            "expanded": found["expanded"],
            "channel": channel,
            "issues": issues,
            "corrected": corrected,
        }

    def _channel(self, tags: Mapping[str, str]) -> dict[str, Any] | None:
        """The channel in the default group, and in the company's where that says something else."""
        if not tags:
            return None
        values = (tags.get("utm_source"), tags.get("utm_medium"), tags.get("utm_campaign"))
        decided = self.channels.decide(*values)
        own = [self.channels.decide(*values, group=group) for group in self.groups]
        return {**decided, "custom": [each for each in own if each["channel"] != decided["channel"]]}

    def _other_channel(self, found: dict[str, Any], channel: dict[str, Any] | None) -> str | None:
        """The declared channel, where the link lands in another one."""
        if found["format"] is None or found["status"] == "rejected" or channel is None:
            return None
        declared: str | None = self.codec.table["contracts"][found["format"]]["channel"]
        return declared if declared is not None and declared != channel["channel"] else None

    def _declared(self, link: Link, found: dict[str, Any], channel: dict[str, Any] | None) -> None:
        declared = self._other_channel(found, channel)
        if declared is not None and channel is not None:
            message = f"the link lands in {channel['channel']} ({channel['because']}), not in {declared}"
            link.issue(
                "link-channel", message, f"see canonry show {found['format']}", found=channel["channel"]
            )

    def _personal(self, link: Link) -> None:
        """Takes personal data out of the link before anything else looks at it."""
        kept = []
        for key, value in link.params:
            sort = personal.sort_of(key, value)
            if sort is None:
                kept.append((key, value))
                continue
            shown = personal.masked_value(value)
            message = f"{key} holds {sort} ({shown}): it must reach no analytics tool"
            link.issue("link-personal-data", message, "remove the parameter", param=key, found=shown)
        link.params = kept
        if personal.sort_of("", link.path) is not None or personal.sort_of("", link.fragment) is not None:
            link.issue("link-personal-data", "the path holds an e-mail address", "remove it")
            link.path, link.fragment = personal.masked(link.path), personal.masked(link.fragment)

    def _host(self, link: Link) -> None:
        host = link.host.partition(":")[0]
        if not host:
            return
        domains = self.domains
        if _one_of(host, domains["landing"]) or _one_of(host, domains["short_link"]):
            return
        if _one_of(host, domains["payment"]):
            link.issue("link-host-elsewhere", f"{host} takes payments; campaigns lead elsewhere", found=host)
        elif _one_of(host, domains["own"]):
            message = (
                f"{host} is a page of ours to which no campaign leads: tags on a link between our pages "
            )
            link.issue(
                "link-internal", message + "overwrite where the visitor came from", "no tags", found=host
            )
        elif domains["landing"]:
            link.issue("link-host-elsewhere", f"{host} is no landing host of ours", found=host)

    def _click_ids(self, link: Link, found: dict[str, Any]) -> None:
        """Click ids belong to one click, and to one platform."""
        contracts = self.codec.table["contracts"]
        allowed = contracts[found["format"]]["platforms"] if found["format"] is not None else None
        kept = []
        for key, value in link.params:
            owner = self.click_ids.get(key)
            if owner is None:
                kept.append((key, value))
                continue
            label = self.codec.table["platforms"][owner]["label"]
            if allowed is not None and owner not in allowed:
                message = f"{key} is {label}'s click id on a link of another channel: it was shared or copied"
                link.issue("link-click-id-elsewhere", message, "remove it", param=key)
            else:
                link.issue(
                    "link-click-id", f"{key} is {label}'s mark of one click", "not part of a link", param=key
                )
        link.params = kept

    def _macros(
        self,
        link: Link,
        found: dict[str, Any],
        tags: Mapping[str, str],
        *,
        live: bool | None,
        platform: str | None,
    ) -> set[str]:
        """Says what is wrong with macros; the parameters that hold those of another platform."""
        strange: set[str] = set()
        expected = {key for key, each in found["expanded"].items() if "macro" in each}
        if live is None:
            wanted = self._macro_keys(found)
            refused = {each.get("param") for each in found["rejections"]}
            if refused:  # then no form read it; the nearest one says which macros belong there
                expected = {key for key, macro in wanted.items() if tags.get(key) == macro}
            live = not (expected and all(key in expected or key in refused for key in wanted))
            if not live:
                label = self.codec.table["platforms"][found["platform"]]["label"]
                message = (
                    f"it holds {label}'s macros: right to paste there, wrong in a report or anywhere else"
                )
                link.issue("link-macro-waiting", message)
        contracts = self.codec.table["contracts"]
        platforms = contracts[found["format"]]["platforms"] if found["format"] is not None else []
        for key, value in tags.items():
            seen = self._macro(value, [*filter(None, [platform, found["platform"]]), *platforms])
            if seen is None:
                continue
            owner, macro, problem = seen
            label = self.codec.table["platforms"][owner]["label"]
            if problem is not None:
                link.issue("link-macro-wrong", f"{macro} {problem} ({label})", param=key, found=macro)
            elif platform is not None and owner != platform:
                here = self.codec.table["platforms"][platform]["label"]
                message = f"{macro} is a macro of {label}; {here} does not fill it in"
                link.issue("link-macro-wrong", message, param=key, found=macro)
                strange.add(key)
            elif platform is not None and value == macro and key not in link.raw:
                message = f"{macro} is percent-encoded, and {label} fills in only what is written as it is"
                link.issue("link-encoding", message, param=key, found=macro)
            elif key in expected and not live:
                link.raw[key] = value
            elif platforms and owner not in platforms:
                message = f"{macro} is a macro of {label}, where this format does not run"
                link.issue("link-macro-wrong", message, param=key, found=macro)
            elif live or key not in expected:
                message = f"{macro} was not filled in by {label}" if live else f"{macro} does not belong here"
                link.issue("link-macro-unexpanded", message, param=key, found=macro)
            link.raw[key] = value
        return strange

    def _at_home(self, link: Link, found: Mapping[str, Any], strange: set[str], platform: str | None) -> None:
        """Puts a platform's own macros in place of another's, all that the format has."""
        own = self._macro_keys({**found, "platform": platform})
        link.params = [
            (key, own[key] if key in strange and key in own else value) for key, value in link.params
        ]
        given = {key for key, _ in link.params}
        link.params += [(key, macro) for key, macro in own.items() if key not in given]
        link.raw.update({key: own[key] for key in own if key in strange or key not in given})

    def _macro_keys(self, found: Mapping[str, Any]) -> dict[str, str]:
        """The parameters that the format fills with macros on the platform that was found, and the macros."""
        if found["format"] is None or found["platform"] is None:
            return {}
        form = self.codec.table["contracts"][found["format"]]["forms"].get(found["platform"])
        return {key: part["macro"] for key, part in form["params"].items() if "macro" in part} if form else {}

    def _macro(self, value: str, likely: Sequence[str]) -> tuple[str, str, str | None] | None:
        """Platform, macro and what is wrong with it, for a value that holds one.

        Several platforms may spell a macro alike; then it is that of the first likely one.
        """
        if not any(mark in value for mark in _MARKS) and fold(value) == value:
            return None
        found = max((macro for macro in self.macros if macro in value), key=len, default=None)
        if found is not None:
            owners = self.macros[found]
            owner = next((name for name in likely if name in owners), owners[0])
            carries = found in self.codec.table["platforms"][owner]["personal"]
            return owner, found, "carries personal data" if carries else None
        for wrong, name in self.not_macros.items():
            if wrong in value:
                return name, wrong, "looks like a macro but is none"
        for name, automaton in sorted(self.patterns, key=lambda each: each[0] not in likely):
            if any(mark in value for mark in _MARKS) and automaton.accepts(value):
                return name, value[:80], "is no macro that is known"
        return None

    def _findings(self, found: dict[str, Any], filled: set[str]) -> Iterator[Issue]:
        """What the codec says, but for parameters in which a macro was left."""
        for each in (*found["rejections"], *found["notes"]):
            if each.get("param") in filled:
                continue
            name = RULE_OF_REASON.get(each["reason"], "link-value-invalid")
            right = each.get("right") or each["nearest"]
            if name == "link-word-deprecated":
                right = each["nearest"]
            yield Issue(
                name,
                sentence(each, found["format"]),
                right or "",
                each.get("param"),
                each["found"],
                each["nearest"],
            )
        if found["status"] == "rejected" and not found["rejections"]:
            yield Issue(
                "link-format-unknown", "no format of this registry writes such a link", "canonry list utm"
            )
        formats = sorted({reading["format"] for reading in found["readings"]})
        if len(formats) > 1:
            yield Issue("link-ambiguous", f"the link belongs to several formats: {', '.join(formats)}")

    def _values(self, link: Link, found: dict[str, Any], tags: Mapping[str, str]) -> None:
        for key, value in tags.items():
            if fold(value) in RESERVED and found["status"] != "right":
                message = f"{value} is a value that analytics tools write themselves"
                link.issue("link-value-reserved", message, param=key, found=value)
            if not value.isascii():
                message = "letters beyond a-z are spelt in several ways and tripled in length"
                link.issue("link-value-letters", message, param=key, found=value[:80])
            if len(value) > VALUE_LIMIT:
                message = f"{key} has {len(value)} characters; GA4 surely keeps {VALUE_LIMIT}"
                link.issue("link-value-long", message, param=key)
        if len(link.url()) > ANALYTICS_LIMIT:
            message = (
                f"the link has {len(link.url()):,} characters; GA4 keeps {ANALYTICS_LIMIT:,} of an address"
            )
            link.issue("link-long", message)

    def _corrected(self, link: Link, found: dict[str, Any], tags: Mapping[str, str]) -> None:
        """Puts the right parameters in place of those found, as far as they are known."""
        if found["right"] is not None:
            right = dict(found["right"])
            for key, seen in found["expanded"].items():
                if "macro" not in seen and key in tags:
                    right[key] = tags[key]  # the platform filled it in: no macro in a clicked link
        else:
            right = dict(tags)
            for each in (*found["rejections"], *found["notes"]):
                key, wrong, meant = each.get("param"), each["found"], each.get("right") or each["nearest"]
                if key in right and wrong and meant and right[key].count(wrong) == 1:
                    right[key] = right[key].replace(wrong, meant)
                elif key not in right and meant and meant in self.macros:
                    right[key] = meant  # the macro that belongs there
                if meant in self.macros and right.get(key) == meant:
                    link.raw[key] = meant
            right = self._derived(right)
        others = [(key, value) for key, value in link.params if key not in tags]
        link.params = [*others, *right.items()]

    def _derived(self, tags: dict[str, str]) -> dict[str, str]:
        """The parameters with what the others tell: a format's one medium, the id that the campaign ends in.

        As they are where that is not enough for a link, and where anything that was given would be dropped.
        """
        found = self.codec.read_params(tags) if tags else None
        if found is None or found["status"] != "rejected" or found["format"] is None or found["expanded"]:
            return tags
        built = self.codec.build(found["format"], found["fields"])
        right = dict(built["params"])
        return right if built["ok"] and not built["notes"] and tags.keys() <= right.keys() else tags


def _filled_elsewhere(report: Mapping[str, Any], platform: str) -> bool:
    """Whether a right link holds macros of another platform."""
    return report["platform"] not in (None, platform) and any(
        "macro" in each for each in report["expanded"].values()
    )


def _plain(issue: Issue) -> dict[str, Any]:
    return issue._asdict()


def _one_of(host: str, hosts: list[str]) -> bool:
    return any(host == known or (known.startswith("*.") and host.endswith(known[1:])) for known in hosts)


def _shaped(macro: str) -> bool:
    """Whether a macro can be told from a plain word: bare names of tools such as `campaign_name` cannot."""
    return (
        any(mark in macro for mark in "{}%$") or macro.startswith("__") or (macro.isupper() and "_" in macro)
    )


def sentence(each: Mapping[str, Any], identifier: str | None = None) -> str:
    """A problem, note or rejection of the codec in words."""
    where = f"{each['param']}: " if each.get("param") else ""
    if each.get("token"):
        where += f"word {each['token']}, "
    about = where + (f"{each['field']}: " if each["field"] else "")
    found, expected = each["found"], each["expected"]
    match each["reason"]:
        case "parameter-missing":
            return f"{where}missing; {identifier or 'the format'} writes {expected}"
        case "parameter-foreign":
            return f"{where}{identifier or 'the format'} has no such parameter"
        case "field-missing":
            return f"{about}missing; expected {expected}"
        case "field-unknown":
            return f"{each['field']} is no field; there are {expected.removeprefix('one of ')}"
        case "token-missing":
            return f"{about}nothing stands here; expected {expected}"
        case "token-superfluous":
            return f"{where}{found!r} is one word too many; the template is {expected.partition(': ')[2]}"
        case "combination":
            return f"{where}{found} do not go together; allowed: {expected}"
        case "legacy":
            return f"the link follows an older template of {identifier or 'the format'}"
        case "word-deprecated":
            return f"{about}{found!r} is on its way out; use {expected}"
        case "word-retired" | "retired":
            return f"{about}{found!r} is retired; expected {expected}"
        case "case" | "alias" | "zeros" | "name" | "date-written":
            return f"{about}{found!r} should be {each.get('right') or each['nearest']!r}"
        case "id-mistyped":
            return f"{about}{found!r} fails its check: a character is mistyped or two are swapped"
        case "values-disagree":
            return f"{about}{found!r}; expected {expected}"
        case _:
            return f"{about}{found!r} is not allowed; expected {expected}"

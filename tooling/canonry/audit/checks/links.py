"""Links and the tags that came of them: what the reader of links says, and what only an audit can see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from canonry.audit import needs
from canonry.audit.drift import Draft, drift, not_ours
from canonry.audit.observation import GONE, LINKS, PAGE, Level, Observation
from canonry.audit.registration import VARYING, contradictions
from canonry.audit.rule import AuditRule, Facts, Filing
from canonry.audit.standard import Standard
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity
from canonry.naming.ids import valid
from canonry.naming.link_rules import RULES as LINK_RULES
from canonry.naming.links import RULE_OF_REASON
from canonry.naming.runtime.text import fold, join
from canonry.naming.url import read


def click_id_contradicted() -> None:
    """A link carries the click id of one platform and the paid source of another.

    A `gclid` beside the tags of a Google campaign is normal, and a click id on a mailing or an organic link
    is somebody sharing what they had clicked; neither is reported.

    ## Why it matters
    The click is paid on one platform and counted on the other: an ad's link was copied from elsewhere with
    its tags.

    ## Instead
    Build the link for the platform on which it runs.
    """


def link_tool_tags_itself() -> None:
    """A link carries tags and stands in a tool that adds its own.

    ## Why it matters
    The link then has two sources; which of them counts depends on the tool, and on the day.

    ## Instead
    Switch the tool's own tagging off, or let it write our values; the platform's page says where.
    """


def link_disagrees_with_name() -> None:
    """An ad's link, its name and its campaign's registration do not say the same.

    ## Why it matters
    Spend is joined by the ad's name, visits by the link: the campaign's cost and its result end up in
    different rows.

    ## Instead
    Build the link from the campaign the ad belongs to. Where the platform froze the name in the link,
    duplicate the ad.
    """


def link_unassigned() -> None:
    """Visits by these tags land in Unassigned.

    ## Why it matters
    They belong to no channel: whoever reads the report by channel does not see them at all.

    ## Instead
    The source and medium of the format that is meant; `canonry utm build` writes them.
    """


def link_campaign_unregistered() -> None:
    """A link carries a campaign id that is not registered.

    ## Why it matters
    Its visits belong to no plan and no owner.

    ## Instead
    Register the campaign (`canonry campaign new`), or correct the id in the link.
    """


def ad_untagged() -> None:
    """An ad leads to our pages without tags, in an account that is tagged by hand.

    ## Why it matters
    Its clicks are paid for and arrive as referrals or direct visits.

    ## Instead
    Build the link (`canonry utm build`) and paste it where the platform wants it.
    """


_LINK: Final = Facts(
    layer="link",
    reads=LINKS,
    needs=(needs.AD_LINKS,),
    about=None,
    filing=Filing.WRONG,
    of_a_word=False,
    guardrail="build links in a sheet (canonry utm batch) and paste them with the ads' bulk upload",
)
_VISIT: Final = replace(_LINK, needs=(), rests="a link, or tags")

RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule("A201", "click-id-contradicted", click_id_contradicted, "0.1", Severity.WARNING, facts=_LINK),
    AuditRule(
        "A202",
        "link-tool-tags-itself",
        link_tool_tags_itself,
        "0.1",
        Severity.WARNING,
        facts=replace(_LINK, layer="platform"),
    ),
    AuditRule("A203", "link-disagrees-with-name", link_disagrees_with_name, "0.1", facts=_LINK),
    AuditRule(
        "A204", "link-unassigned", link_unassigned, "0.1", facts=replace(_VISIT, metric="unassigned-share")
    ),
    AuditRule(
        "A205",
        "link-campaign-unregistered",
        link_campaign_unregistered,
        "0.1",
        facts=replace(_VISIT, layer="registry", mended_with="A108"),
    ),
    AuditRule("A206", "ad-untagged", ad_untagged, "0.1", facts=replace(_LINK, metric="untagged-share")),
)

_READ: Final = replace(
    _VISIT,
    filing=Filing.WRONG_AS_ERROR,
    guardrail="build links in a sheet (canonry utm batch), and paste them as they are",
)
"""Of a rule of whoever reads a link, an audit or not."""
_WORD: Final = replace(_READ, of_a_word=True)
_MACRO: Final = replace(_READ, layer="platform")
_FACTS: Final[Mapping[str, Facts]] = {
    "link-untagged": replace(_READ, metric="untagged-share"),
    "link-parameter-foreign": _WORD,
    "link-value-unknown": _WORD,
    "link-spelling": _WORD,
    "link-word-deprecated": _WORD,
    "link-word-retired": _WORD,
    "link-macro-unexpanded": replace(
        _MACRO,
        guardrail="paste macros only where canonry utm build says",
        metric="unexpanded-macros",
    ),
    "link-macro-wrong": _MACRO,
    "link-macro-value": _MACRO,
    "link-personal-data": replace(
        _READ,
        guardrail="strip e-mail addresses and telephone numbers from addresses before tags fire",
        metric="personal-data-in-links",
    ),
}
READ: Final = tuple(AuditRule.of(rule, _FACTS.get(rule.name, _READ)) for rule in LINK_RULES)
"""What the reader of links finds, as rules of the audit."""
_RULE: Final = {rule.name: rule for rule in (*RULES, *READ)}

_WAITING: Final = "link-macro-waiting"
_NOT_OF_TAGS: Final = frozenset(
    {"link-click-id", "link-click-id-elsewhere", _WAITING, "link-untagged", "link-value-reserved"}
)
"""What reading a link says, and an audit judges itself, or not at all."""
_OF_FORMATS: Final = frozenset({*RULE_OF_REASON.values(), "link-format-unknown"})
"""What is said of a link that no format reads."""
_ANYWHERE: Final = ("link-personal-data", "link-userinfo")
_HOSTLESS: Final = frozenset({"link-internal", "link-host-elsewhere", "link-scheme", "link-host"})
_WRITTEN: Final = frozenset({"link-long", "link-encoding", "link-value-long"})

_VARYING: Final = VARYING | {"quarter", "product_line", "language"}
"""A link may lead to another part of the site than the campaign is about."""
_PAID_MEDIA: Final = ("cpc", "ppc", "paid", "cpm", "cpv", "retargeting")
STAND_IN: Final = "https://landing.invalid/"


class Linked:
    """What a link or a set of tags says, and what is wrong with it."""

    __slots__ = (
        "campaign",
        "channel",
        "checked",
        "correct",
        "drafts",
        "fields",
        "findings",
        "foreign",
        "format",
        "meant",
        "params",
        "unread",
    )

    def __init__(self) -> None:
        self.checked = False
        """Whether it is ours to judge at all."""
        self.foreign = ""
        self.params: Mapping[str, str] = {}
        self.format: str | None = None
        self.meant: str | None = None
        """The format that a rejected link was most likely meant as."""
        self.fields: Mapping[str, Any] = {}
        self.campaign = ""
        self.channel = ""
        self.correct = ""
        self.drafts: list[Draft] = []
        self.findings: list[Finding] = []
        self.unread: tuple[str, ...] = ()
        """Formats that cannot be read themselves, by which it may be right."""

    def copy(self) -> Linked:
        """The same link, with findings of its own."""
        told = Linked()
        for name in self.__slots__:
            setattr(told, name, getattr(self, name))
        told.findings = list(self.findings)
        return told

    def tell(self, seen: Observation) -> None:
        """Makes findings of the drafts."""
        for draft in self.drafts:
            # Where nothing has to be written otherwise, the link itself is no correction.
            same = draft.rule.name == "link-unassigned" and self.correct == seen.value
            self.findings.append(draft.of(seen, "" if same else self.correct))


def judged_tags(
    seen: Observation, standard: Standard, owner_of: Any, reported: frozenset[str] = frozenset()
) -> Linked:
    """The manual values of a visit. Those that the analytics tool wrote itself are not looked at.

    `reported`: the only parameters that the source can see, where it does not see all.
    """
    told = Linked()
    told.params = {key: value for key, value in seen.params.items() if not not_ours(value)}
    if not told.params:
        return told
    why = standard.written_by_others(told.params)
    if why is not None:
        told.foreign = why
        return told
    told.checked = True
    landing = standard.reader.domains["landing"]
    base = f"https://{landing[0]}/" if landing else STAND_IN
    report, _ = standard.reader.parsed(join(base, list(told.params.items()), {}), live=True, near=True)
    if reported:
        report = _as_reported(report, reported)
    _taken(told, report)
    told.drafts.extend(_issues(seen, standard, told, report, owner_of, hostless=True))
    told.drafts.extend(_channel(told, report, owner_of))
    told.drafts.extend(_registration(standard, told, report, owner_of))
    told.correct = _proved(standard, told, seen.platform, live=True).removeprefix(base).removeprefix("?")
    told.tell(seen)
    return told


def _as_reported(report: dict[str, Any], reported: frozenset[str]) -> dict[str, Any]:
    """The report without what it says of parameters that the source does not see."""
    issues = [
        issue
        for issue in report["issues"]
        if not (issue["name"] == "link-parameter-missing" and issue["param"] not in reported)
    ]
    return {**report, "issues": issues}


def _proved(standard: Standard, told: Linked, platform: str, *, live: bool | None) -> str:
    """The corrected link where nothing is wrong with it; else nothing: half a correction is none.

    Macros may wait in it where `platform`, which would fill them in, is the ad's own. It says of its campaign
    what the campaign is registered with.
    """
    if not told.correct or not told.drafts:
        return ""
    again = standard.reader.read(told.correct, live=live)
    issues = {issue["name"] for issue in again["issues"]}
    if _WAITING in issues and again["platform"] == platform:
        issues.remove(_WAITING)
    if again["status"] != "right" or issues:
        return ""
    campaign, form = str(again["fields"].get("campaign_id") or ""), str(again["format"] or "")
    wrong = contradictions(standard, campaign, form, again["fields"], varying=_VARYING)
    return told.correct if next(wrong, None) is None else ""


def _renewed(report: Mapping[str, Any]) -> str:
    """The corrected link with what replaced each word that is on its way out."""
    correct = str(report["corrected"] or "")
    place, asked, query = correct.partition("?")
    for issue in report["issues"]:
        old, new = issue["found"], issue["nearest"]
        if issue["name"] != "link-word-deprecated" or not old or not new:
            continue
        pairs = query.split("&")
        words = re.compile(rf"(?<![A-Za-z0-9-]){re.escape(old)}(?![A-Za-z0-9-])")
        for number, pair in enumerate(pairs):
            key, is_, value = pair.partition("=")
            if (issue["param"] or key) == key and len(words.findall(value)) == 1:
                pairs[number] = f"{key}{is_}{words.sub(new, value)}"
        query = "&".join(pairs)
    return f"{place}{asked}{query}"


def judged_link(seen: Observation, standard: Standard, owner_of: Any, tagging: str) -> Linked:
    """An address: an ad's, or a page's as it was visited."""
    told = drafted(seen, standard, owner_of, tagging)
    told.tell(seen)
    return told


def drafted(seen: Observation, standard: Standard, owner_of: Any, tagging: str) -> Linked:
    """As `judged_link`, with the drafts of its findings only."""
    told = Linked()
    text, hostless = whole(seen.value, standard)
    visited = not seen.parents
    live = True if visited else None
    platform = None if visited else seen.platform
    report, told.params = standard.reader.parsed(text, live=live, platform=platform, near=visited)
    tagged = any(key in standard.reader.known or key.startswith("utm_") for key in told.params)
    if visited and (seen.native == PAGE or not tagged):
        told.drafts.extend(_issues(seen, standard, told, report, owner_of, hostless=hostless, only=_ANYWHERE))
        return told
    why = standard.written_by_others(told.params)
    if why is not None:
        told.foreign = why
        return told
    told.checked = True
    _taken(told, report)
    if any(key.startswith("utm_") or key in standard.reader.known for key in told.params):
        told.drafts.extend(_issues(seen, standard, told, report, owner_of, hostless=hostless))
        told.drafts.extend(_channel(told, report, owner_of))
        told.drafts.extend(_click_ids(standard, told, owner_of))
        told.drafts.extend(_registration(standard, told, report, owner_of))
        told.drafts.extend(_self_tagging(seen, standard, told, owner_of))
    else:
        told.drafts.extend(_untagged(seen, standard, told, owner_of, tagging))
    told.correct = _proved(standard, told, seen.platform, live=live)
    return told


def whole(text: str, standard: Standard) -> tuple[str, bool]:
    """The address with a host, and whether it had none: analytics tools report paths."""
    if not text.startswith("/"):
        return text, False
    landing = standard.reader.domains["landing"]
    return f"https://{landing[0] if landing else 'landing.invalid'}{text}", True


def _taken(told: Linked, report: Mapping[str, Any]) -> None:
    told.format = report["format"] if report["status"] != "rejected" else None
    told.meant = report["format"]
    told.fields = report["fields"]
    told.channel = report["channel"]["channel"] if report["channel"] else ""
    told.correct = _renewed(report)
    campaign = report["fields"].get("campaign_id")
    told.campaign = campaign if isinstance(campaign, str) and valid(campaign) else ""


def _issues(
    seen: Observation,
    standard: Standard,
    told: Linked,
    report: Mapping[str, Any],
    owner_of: Any,
    *,
    hostless: bool,
    only: tuple[str, ...] = (),
) -> Iterator[Draft]:
    if report["status"] == "rejected" and told.checked:
        told.unread = standard.unread_formats
    for issue in _merged(report["issues"], told, standard):
        name = issue["name"]
        if told.unread and name in _OF_FORMATS:
            continue
        if name in _NOT_OF_TAGS or (hostless and name in _HOSTLESS) or (only and name not in only):
            continue
        if seen.level is Level.TAGS and name in _WRITTEN:
            continue
        meant = issue["nearest"] or issue["suggestion"] or ""
        yield Draft(
            _RULE[name],
            issue["message"],
            owner_of(told),
            _next_step(seen, issue),
            (str(issue["param"] or ""), str(issue["found"] or ""), str(meant)),
            told.campaign,
            corrects=True,
        )


def _merged(issues: list[dict[str, Any]], told: Linked, standard: Standard) -> Iterator[dict[str, Any]]:
    """One issue for a value of which several words are missing: it was meant as none of the template."""
    empty: dict[str, int] = {}
    for issue in issues:
        if issue["name"] == "link-value-invalid" and not issue["found"]:
            empty[issue["param"]] = empty.get(issue["param"], 0) + 1
    said: set[str] = set()
    for issue in issues:
        param = issue["param"]
        if empty.get(param, 0) < 2 or issue["name"] != "link-value-invalid":  # noqa: PLR2004  a pair
            yield issue
        elif param not in said:
            said.add(param)
            value = told.params.get(param, "")
            form = next((f for f in (told.format, told.meant) if f), None)
            template = standard.codec.contract(form).form().templates.get(param) if form else None
            written = f": {_short(form)} writes {template.text}" if template is not None and form else ""
            yield {
                **issue,
                "message": f"{param}: {value!r} is no name that a format builds{written}",
                "found": value,
                "suggestion": f"canonry utm build {_short(form)}" if form else "canonry utm build",
                "nearest": None,
            }


def _short(identifier: str) -> str:
    return identifier.split("/")[2]


def _next_step(seen: Observation, issue: Mapping[str, Any]) -> str | None:
    advice = str(issue["suggestion"] or "")
    if issue["name"] == "link-parameter-missing":
        advice = ""
    if seen.level is Level.TAGS and issue["param"] and issue["found"] and issue["nearest"]:
        return f"find the link that carries {issue['param']}={issue['found']} and write {issue['nearest']}"
    return advice or None


def _channel(told: Linked, report: Mapping[str, Any], owner_of: Any) -> Iterator[Draft]:
    channel = report["channel"]
    if told.format is not None or channel is None or channel["channel"] != "Unassigned" or channel["custom"]:
        return
    source, medium = told.params.get("utm_source", ""), told.params.get("utm_medium", "")
    yield Draft(
        _RULE["link-unassigned"],
        f"source {source or '(none)'} with medium {medium or '(none)'} lands in Unassigned",
        owner_of(told),
        "the source and medium of the channel that is meant: canonry list utm",
        (source, medium),
        told.campaign,
        corrects=True,
    )


def _untagged(
    seen: Observation, standard: Standard, told: Linked, owner_of: Any, tagging: str
) -> Iterator[Draft]:
    if tagging != "manual" or not seen.parents or seen.status in GONE:
        return
    if not _ours(seen.value, standard):
        return
    adds = standard.platform(seen.platform)
    if adds is not None and adds.self_tagging is not None and adds.self_tagging.by_default:
        return
    yield Draft(
        _RULE["ad-untagged"],
        "the ad's link carries no tags, and nothing tags this account automatically",
        owner_of(told),
        f"canonry utm build {seen.platform}, then paste it into the ad",
        ("untagged",),
        "",
    )


def _ours(address: str, standard: Standard) -> bool:
    """Whether an address leads to a page of ours; what a short link or an app store hides, nobody sees."""
    host = read(address).host.partition(":")[0]
    known = (*standard.reader.domains["own"], *standard.reader.domains["landing"])
    return (
        not host
        or not known
        or any(host == each or (each[:2] == "*." and host.endswith(each[1:])) for each in known)
    )


def _click_ids(standard: Standard, told: Linked, owner_of: Any) -> Iterator[Draft]:
    """A click id against a paid source of another platform. Shares and mailings stay silent."""
    medium = fold(told.params.get("utm_medium", ""))
    if not any(word in medium for word in _PAID_MEDIA):
        return
    table = standard.codec.table
    allowed = set(table["contracts"][told.format]["platforms"]) if told.format else set()
    source = told.params.get("utm_source", "")
    named = standard.codec.platform(source)
    for key in told.params:
        owner = standard.reader.click_ids.get(key)
        if owner is None or owner in allowed or not (allowed or named):
            continue
        if named == owner or (named is None and not allowed):
            continue
        if owner in ("google_ads", "dv360", "cm360") and allowed & {"google_ads", "dv360", "cm360"}:
            continue  # one house: dclid and gclid travel together
        label = table["platforms"][owner]["label"]
        yield Draft(
            _RULE["click-id-contradicted"],
            f"{key} is a click on {label}, the tags say {source} / {told.params.get('utm_medium', '')}",
            owner_of(told),
            f"build the link for {label}: its ad carries the tags of another platform",
            (key, source, medium),
            told.campaign,
        )


def _registration(
    standard: Standard, told: Linked, report: Mapping[str, Any], owner_of: Any
) -> Iterator[Draft]:
    """What a link says of its campaign against what the campaign is registered with."""
    if not told.campaign:
        return
    if told.campaign in standard.campaigns:
        yield from _contradictions(standard, told, owner_of)
        yield from _numbers(standard, told, report, owner_of)
        return
    if f"registry/campaigns/{told.campaign}.yaml" in standard.catalogue.broken:
        return
    yield Draft(
        _RULE["link-campaign-unregistered"],
        f"the campaign id {told.campaign} is not registered",
        owner_of(told),
        "canonry campaign new, or the id of the campaign that is meant",
        (told.campaign,),
        told.campaign,
    )


def _contradictions(standard: Standard, told: Linked, owner_of: Any) -> Iterator[Draft]:
    form, slug = told.format or told.meant or "", standard.campaigns[told.campaign].slug
    for field, value, said in contradictions(standard, told.campaign, form, told.fields, varying=_VARYING):
        yield Draft(
            _RULE["link-disagrees-with-name"],
            f"{field}: the link says {value}, the registration of {told.campaign} says {said}",
            owner_of(told),
            f"build the link from the campaign: canonry utm build --campaign {slug}",
            ("registration", told.campaign, field, value, said),
            told.campaign,
        )


def _numbers(standard: Standard, told: Linked, report: Mapping[str, Any], owner_of: Any) -> Iterator[Draft]:
    """A campaign's number that the platform filled in, which is registered for another campaign."""
    platform = standard.platform(report["platform"] or "")
    if platform is None:
        return
    form = standard.codec.contract(report["format"]).form(report["platform"])
    levels = {macro.macro: macro.level for macro in platform.macros}
    for key, macro in form.macros.items():
        number = told.params.get(key, "")
        found = standard.campaigns_of(report["platform"], number)
        if levels.get(macro.macro) != "campaign" or not found or told.campaign in found:
            continue
        meant = found[0]
        yield Draft(
            _RULE["link-disagrees-with-name"],
            f"the link says campaign {told.campaign}, {key} is the number of {meant}",
            owner_of(told),
            f"build it anew: canonry utm build {report['platform']} --campaign {meant}",
            ("campaign", told.campaign, meant),
            told.campaign,
        )


def _self_tagging(seen: Observation, standard: Standard, told: Linked, owner_of: Any) -> Iterator[Draft]:
    platform = standard.platform(seen.platform)
    if platform is None or platform.self_tagging is None or not seen.parents:
        return
    adds = platform.self_tagging
    both = [key for key in adds.adds if key in told.params and key.startswith("utm_")]
    if not adds.by_default or not both:
        return
    wins = "the tool's win" if adds.wins else "the link's win"
    yield Draft(
        _RULE["link-tool-tags-itself"],
        f"{platform.label} adds {', '.join(both)} by itself; here {wins}",
        owner_of(told),
        adds.switch_off,
        (seen.platform, *both),
        told.campaign,
    )


def disagreement(
    seen: Observation, told: Linked, ad_campaign: str, ad_creative: str, standard: Standard, owner: str
) -> Iterator[Finding]:
    """The ad's link against what its campaign and ad are called: `ad_campaign` is the id in their names.

    Against the registration every link is held (`drafted`).
    """
    if told.campaign and ad_campaign and told.campaign != ad_campaign:
        yield drift(
            _RULE["link-disagrees-with-name"],
            seen,
            f"the link says campaign {told.campaign}, the campaign's name says {ad_campaign}",
            owner=owner,
            do=f"build it anew: canonry utm build {seen.platform} --campaign {ad_campaign}",
            sheet="relink",
            values=("campaign", told.campaign, ad_campaign),
            campaign=ad_campaign,
        )
    creative = told.fields.get("creative")
    if isinstance(creative, str) and ad_creative and creative != ad_creative:
        yield drift(
            _RULE["link-disagrees-with-name"],
            seen,
            f"the link says creative {creative}, the ad is called {ad_creative}",
            owner=owner,
            do="write the ad's own creative into the link, or rename the ad",
            sheet="relink",
            values=("creative", creative, ad_creative),
            campaign=told.campaign,
        )

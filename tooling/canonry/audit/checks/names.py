"""Names on platforms against the contracts of their account."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from canonry.audit import needs
from canonry.audit.drift import drift, shown
from canonry.audit.observation import Level, Observation
from canonry.audit.registration import contradictions
from canonry.audit.rule import OBJECTS, AuditRule, Facts, Filing
from canonry.audit.standard import Standard
from canonry.kernel.findings import Finding
from canonry.kernel.findings import Level as Severity
from canonry.naming.ids import valid
from canonry.naming.links import sentence
from canonry.naming.runtime.rejections import with_nearest

if TYPE_CHECKING:
    from canonry.catalogue.documents.settings import Account


def name_unmatched() -> None:
    """An object on a platform has a name that no contract of its account reads.

    ## Why it matters
    Nobody can tell by machine which campaign, market or audience it belongs to: its spend is reported under
    "other".

    ## Instead
    Build the name (`canonry name build`) and rename the object; a rename is safe on every platform. Objects
    that are older than the registry can be grandfathered with `canonry audit baseline`.
    """


def name_value_wrong() -> None:
    """One word of a name is none that its contract allows there.

    ## Why it matters
    Reports that split the name by its words file the object under a value that nobody plans with.

    ## Instead
    The word that the finding names. If the new word is wanted, add it to the vocabulary first:
    `canonry vocab add`.
    """


def name_word_outdated() -> None:
    """A name uses a word that is deprecated or retired.

    ## Why it matters
    It is still understood, until the day on which it is not, and two words for one thing split a report.

    ## Instead
    The word that replaces it.
    """


def name_spelling() -> None:
    """A name is understood, but spelt otherwise than its contract does: letter case, or an alias.

    ## Why it matters
    `FB` and `facebook` are two rows in every report, and a join by name finds only one of them.

    ## Instead
    The canonical spelling, as the finding gives it; the rename sheet has it ready.
    """


def name_template_old() -> None:
    """A name follows an older template of its contract.

    ## Why it matters
    It decodes, but lacks what today's reports need.

    ## Instead
    Rename the object while it runs; leave what has ended.
    """


def name_shared() -> None:
    """Two objects under one parent have the same name, and none of them is removed.

    ## Why it matters
    By name nobody can tell them apart: reports add them up, and a change meant for one is made to the other.

    ## Instead
    Give each its own variant, or remove the one that is not used.
    """


def name_id_contradicted() -> None:
    """A name contradicts a registration: its words that of the id it carries, or its id that of the object.

    The object's own id may be registered too, under `platform_ids` of a campaign.

    ## Why it matters
    Joined by id the spend belongs to one brand or market, or to one campaign, read by its words to another.

    ## Instead
    Correct the word, or the id if the object was copied from another campaign; where the name is right and
    the object is registered for another campaign, correct `platform_ids`.
    """


def name_id_unregistered() -> None:
    """A name carries a campaign id that is not registered.

    ## Why it matters
    There is no owner, no plan and no end for what is being spent.

    ## Instead
    Register the campaign (`canonry campaign new`), or correct the id.
    """


def name_outside_account() -> None:
    """A name says another brand or market than its account is for.

    ## Why it matters
    Either the object stands in the wrong account, so that the wrong budget pays, or its name is wrong.

    ## Instead
    Move the object, or correct the word. If the account has grown, say so in `registry/accounts.yaml`.
    """


def name_changed() -> None:
    """An object's name is another than in the last run.

    ## Why it matters
    Reports by name begin a new row in the middle of the campaign. On some platforms links keep the name of
    the first publication, so that ad and link disagree from then on.

    ## Instead
    Nothing, if it was corrected. Else the earlier name, and new objects for new things.
    """


def name_copied() -> None:
    """A name still carries the platform's mark of a copy: `- Copy`, `Copy of`, `Kopie von`.

    ## Why it matters
    The copy has the registry id, the market and often the link of what it was copied from.

    ## Instead
    Build a name of its own, and look at the copy's link as well.
    """


_NAME: Final = Facts(
    layer="platform",
    reads=OBJECTS | {Level.AUDIENCE, Level.GOAL},
    needs=(needs.CAMPAIGNS,),
    about=None,
    filing=Filing.WRONG,
    of_a_word=False,
    guardrail="build names with canonry name build, and upload them instead of typing them",
)
"""Of a rule on one name, by which reports file the object."""
_REGISTERED: Final = replace(_NAME, layer="registry")

RULES: Final[tuple[AuditRule, ...]] = (
    AuditRule(
        "A101",
        "name-unmatched",
        name_unmatched,
        "0.1",
        facts=replace(
            _NAME,
            guardrail="let names be made by canonry name batch: one naming sheet per launch",
            metric="unknown-names-share",
        ),
    ),
    AuditRule(
        "A102",
        "name-value-wrong",
        name_value_wrong,
        "0.1",
        facts=replace(
            _NAME,
            of_a_word=True,
            guardrail="give the platform's users the word lists: "
            "canonry name batch --template FORMAT has drop-downs",
            metric="unknown-names-share",
        ),
    ),
    AuditRule(
        "A103",
        "name-word-outdated",
        name_word_outdated,
        "0.1",
        Severity.WARNING,
        facts=replace(_NAME, of_a_word=True),
    ),
    AuditRule(
        "A104",
        "name-spelling",
        name_spelling,
        "0.1",
        Severity.WARNING,
        facts=replace(
            _NAME, of_a_word=True, guardrail="build names with canonry name build instead of typing them"
        ),
    ),
    AuditRule("A105", "name-template-old", name_template_old, "0.1", Severity.WARNING, facts=_NAME),
    AuditRule(
        "A106",
        "name-shared",
        name_shared,
        "0.1",
        Severity.WARNING,
        facts=replace(_NAME, filing=Filing.AT_RISK),
    ),
    AuditRule("A107", "name-id-contradicted", name_id_contradicted, "0.1", facts=_REGISTERED),
    AuditRule(
        "A108",
        "name-id-unregistered",
        name_id_unregistered,
        "0.1",
        facts=replace(
            _REGISTERED,
            guardrail="register a campaign before its first object is created: canonry campaign new",
            metric="unknown-names-share",
        ),
    ),
    AuditRule(
        "A109",
        "name-changed",
        name_changed,
        "0.1",
        Severity.WARNING,
        facts=replace(_NAME, needs=(), rests="the history of names", filing=Filing.AT_RISK),
    ),
    AuditRule(
        "A110",
        "name-copied",
        name_copied,
        "0.1",
        Severity.WARNING,
        facts=replace(
            _NAME,
            guardrail="rename copies before they are published: "
            "filter the platform's list for Copy every Friday",
        ),
    ),
    AuditRule("A111", "name-outside-account", name_outside_account, "0.1", facts=_REGISTERED),
)
_RULE: Final = {rule.name: rule for rule in RULES}

_OUTDATED: Final = frozenset({"word-deprecated", "word-retired", "retired"})
_SPELLING: Final = frozenset({"case", "alias", "zeros", "date-written", "name"})
_MARKS: Final = (
    *("copy", "duplicate", "duplikat", "kopie", "kopia", "kopija", "kopio", "kopi", "kopya", "koopia"),
    *("copie", "copia", "c\u00f3pia", "k\u00f3pia", "m\u00e1solat", "salinan", "b\u1ea3n sao"),
    *("\u043a\u043e\u043f\u0438\u044f", "\u043a\u043e\u043f\u0438\u0435", "\u043a\u043e\u043f\u0456\u044f"),
    *("\u03b1\u03bd\u03c4\u03af\u03b3\u03c1\u03b1\u03c6\u03bf", "\u0646\u0633\u062e\u0629"),
    *("\u05e2\u05d5\u05ea\u05e7", "\u0e2a\u0e33\u0e40\u0e19\u0e32", "\u526f\u672c", "\u590d\u5236"),
    *("\u8907\u88fd", "\uc0ac\ubcf8", "\ubcf5\uc0ac\ubcf8", "\u30b3\u30d4\u30fc"),
)
"""What platforms call a copy: English, then by script."""
_OF: Final = "of|von|van|de|di|da|do|d[ao]s|av|af|z"
_ANY: Final = "|".join(_MARKS)
_COPY_OF: Final = re.compile(
    rf"(?:\[(?:{_ANY})\]|(?:{_ANY})(?: \(?[0-9]{{1,3}}\)?)?(?: (?:{_OF})| ?[-:\u2013\u2014])|kopia) ",
    re.IGNORECASE,
)
_COPIED: Final = re.compile(
    rf"(?:[ _|\u2010-\u2015-]+[(\[]?(?:{_ANY})[)\]]?(?:[ _]?\(?[0-9]{{1,3}}\)?)?"
    r"| ?(?:- |\u306e ?)?\u30b3\u30d4\u30fc(?: ?[0-9]{1,3})?| ?\u7684 ?\u526f\u672c)\Z",
    re.IGNORECASE,
)
_LAST: Final = frozenset("0123456789)]") | {end for mark in _MARKS for end in (mark[-1], mark[-1].upper())}
"""What a mark of a copy ends in: most names are told by that."""
_NUMBERED: Final = re.compile(r" (?:\([0-9]{1,2}\)|#[0-9]{1,2})\Z")
"""A number behind a name, which is a copy's where what is left is a name."""
_MARK: Final = 40
"""Characters at the end of a name among which a mark of a copy is looked for."""
_COPIES: Final = 8
"""Copies of copies that are looked through."""
NAMED: Final = frozenset({Level.CAMPAIGN, Level.AD_GROUP, Level.AD, Level.AUDIENCE, Level.GOAL})
"""Levels whose objects have a name that a contract may build."""


class Named:
    """What a name says, and what is wrong with it."""

    __slots__ = ("campaign", "contract", "correct", "fields", "findings", "unread")

    def __init__(self) -> None:
        self.contract = ""
        self.fields: Mapping[str, Any] = {}
        self.campaign = ""
        self.correct = ""
        self.findings: list[Finding] = []
        self.unread: tuple[str, ...] = ()
        """Contracts that cannot be read themselves, by which it may be right."""


def shared(seen: Observation, other: Observation, owner: str) -> Finding:
    """Two objects under one parent that have one name."""
    return drift(
        _RULE["name-shared"],
        seen,
        f"{seen.name} is also the name of {other.id}",
        owner=owner,
        do="give each its own variant, or remove the one that is not used",
        sheet="rename",
        beside=other,
    )


def registered(seen: Observation, wanted: str, owner: str) -> Finding:
    """Something that is registered under another name than it has."""
    return drift(
        _RULE["name-spelling"],
        seen,
        f"{seen.name} is registered as {wanted}",
        owner=owner,
        do=f"rename it to {wanted}",
        correct=wanted,
        sheet="rename",
        values=("name", seen.name, wanted),
    )


def _marked(name: str, *, certain: bool) -> re.Match[str] | None:
    """The mark of a copy at the end of a name."""
    start = max(0, len(name) - _MARK)
    return _COPIED.search(name, start) or (None if certain else _NUMBERED.search(name, start))


def uncopied(name: str, *, certain: bool = False) -> str | None:
    """The name without a platform's mark of a copy; None where it has none.

    `certain`: a number alone is no mark.
    """
    plain = name.strip()
    for _ in range(_COPIES):
        if before := _COPY_OF.match(plain):
            plain = plain[before.end() :].strip()
        elif plain[-1:] in _LAST and (after := _marked(plain, certain=certain)):
            plain = plain[: after.start()].strip()
        else:
            break
    return plain if plain != name.strip() else None


def _plain(name: str) -> str:
    """The name without what nobody sees: blanks around it, wide letters, characters of no width."""
    if name.isascii():
        return name.strip()
    return "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf").strip()


def judged(seen: Observation, standard: Standard, account: str, owner: str) -> Named:
    """A name against the contracts of its account; `findings` is empty where it is right, or not ours."""
    told = Named()
    contracts = standard.contracts(seen.platform, seen.native, account)
    lost = standard.unread(seen.platform, seen.native, account)
    if not contracts:
        told.unread = lost
        return told
    quick = standard.names.read(seen.name, contracts)
    if quick is not None:
        told.contract, told.fields = quick
        told.findings.extend(_against_registration(seen, standard, told, account, owner))
        return told
    if lost:
        told.unread = lost
        return told
    text = seen.name
    original = uncopied(text, certain=True)
    if original is None and (numbered := uncopied(text)) and standard.names.read(numbered, contracts):
        original = numbered
    if original is not None:
        told.findings.append(
            drift(
                _RULE["name-copied"],
                seen,
                f"{seen.name} still carries the mark of a copy",
                owner=owner,
                do=f"a name of its own: canonry name build {_short(contracts[0])}",
                values=(shown(original),),
            )
        )
        text = original
        quick = standard.names.read(text, contracts)
        if quick is not None:
            told.contract, told.fields = quick
            told.findings.extend(_against_registration(seen, standard, told, account, owner))
            return told
    plain = _plain(text)
    if plain != text and (quick := standard.names.read(plain, contracts)) is not None:
        told.contract, told.fields = quick
        told.correct = plain
        told.findings.append(
            drift(
                _RULE["name-spelling"],
                seen,
                f"{text} has blanks around it, or letters that only look like those of {plain}",
                owner=owner,
                do=f"rename it to {plain}",
                correct=plain,
                sheet="rename",
                values=("written", plain),
            )
        )
        told.findings.extend(_against_registration(seen, standard, told, account, owner))
        return told
    found = standard.nearest(contracts).read(text)
    told.fields = found["fields"] if found["status"] != "rejected" else {}
    told.contract = found["format"] or ""
    if found["status"] != "right" or found["notes"]:
        told.findings.extend(_of_reading(seen, text, standard, found, contracts, told, owner))
    told.findings.extend(_against_registration(seen, standard, told, account, owner))
    return told


def _short(contract: str) -> str:
    return contract.split("/")[2]


def _of_reading(
    seen: Observation,
    text: str,
    standard: Standard,
    found: Mapping[str, Any],
    contracts: tuple[str, ...],
    told: Named,
    owner: str,
) -> Iterator[Finding]:
    """What the codec says of a name that is not right."""
    rejections = found["rejections"]
    if found["status"] == "rejected" and not _recognised(standard, found, contracts[0]):
        patterns = standard.patterns(contracts)
        yield drift(
            _RULE["name-unmatched"],
            seen,
            f"{text} is no name of {_short(contracts[0])}: it is written {patterns}",
            owner=owner,
            do=f"canonry name build {_short(contracts[0])}, then rename it",
            sheet="rename",
            values=(_short(contracts[0]),),
        )
        return
    rejections = with_nearest(rejections)
    right = found["right"]
    if right is None and rejections:
        right = _mended(text, rejections)
    outdated = [n for n in found["notes"] if n["reason"] == "word-deprecated" and n.get("nearest")]
    if right is not None and outdated:
        right = _mended(right, [{"found": n["found"], "nearest": n["nearest"]} for n in outdated])
    told.correct = right or ""
    for each in (*rejections, *found["notes"]):
        reason = each["reason"]
        if reason == "legacy":
            name, do = "name-template-old", f"canonry name build {_short(told.contract or contracts[0])}"
        elif reason in _OUTDATED:
            name, do = "name-word-outdated", ""
        elif reason in _SPELLING:
            name, do = "name-spelling", ""
        else:
            name, do = "name-value-wrong", ""
        meant = each.get("right") or each.get("nearest") or ""
        if reason == "word-deprecated":
            meant = each.get("nearest") or ""
        words = sentence({**each, "param": None}, told.contract or contracts[0])
        yield drift(
            _RULE[name],
            seen,
            words.replace("the link follows", "the name follows"),
            owner=owner,
            do=do or _next_step(told.correct, str(meant), told.contract or contracts[0]),
            correct=told.correct,
            sheet="rename",
            values=(str(each.get("field") or ""), str(each.get("found") or ""), str(meant)),
            campaign=_campaign(found["fields"]),
        )


def _recognised(standard: Standard, found: Mapping[str, Any], contract: str) -> bool:
    """Whether a rejected name was meant as one of the contract: most of its words are where they belong."""
    form = standard.codec.contract(found["format"] or contract).form()
    rejections = found["rejections"]
    if sum(each.get("reason") in ("token-missing", "token-superfluous") for each in rejections) > 1:
        return False  # one word may be forgotten, not two
    if len(found["fields"]) * 2 >= len(form.names):
        return True
    return len(rejections) == 1 and bool(with_nearest(rejections)[0].get("nearest"))


def _next_step(correct: str, meant: str, contract: str) -> str:
    if correct:
        return f"rename it to {correct}"
    return f"write {meant}" if meant else f"canonry name build {_short(contract)}, then rename it"


def _mended(name: str, rejections: list[dict[str, Any]]) -> str | None:
    """The name with every rejected word replaced by the nearest one, where each has one."""
    for each in rejections:
        wrong, meant = each.get("found"), each.get("right") or each.get("nearest")
        if not wrong or not meant or name.count(wrong) != 1:
            return None
        name = name.replace(wrong, meant)
    return name


def _campaign(fields: Mapping[str, Any]) -> str:
    found = fields.get("campaign_id")
    return found if isinstance(found, str) else ""


def _against_registration(
    seen: Observation, standard: Standard, told: Named, account: str, owner: str
) -> Iterator[Finding]:
    """The words of a name against its campaign's registration and its account."""
    campaign = _campaign(told.fields)
    told.campaign = campaign
    known = standard.accounts.get(account)
    if known is not None:
        for what, field in standard.account_fields(account, told.contract):
            value = told.fields.get(field)
            if isinstance(value, str) and not _within(standard, known, told.contract, what, field, value):
                wanted = known.brand if what == "brand" else known.market
                yield drift(
                    _RULE["name-outside-account"],
                    seen,
                    f"{field}: {value}, in an account for {wanted} ({known.label})",
                    owner=owner,
                    do="move it to the account of its market, or correct the word",
                    values=(field, value, str(wanted)),
                    campaign=campaign,
                )
    other = _against_number(seen, standard, told, account, owner)
    if other is not None:
        yield other
        if other.details["correct"]:
            return  # its words are right with the other id
    meant = standard.campaign_of(seen, account)
    if not campaign:
        campaign = meant  # a name that has no place for the id is held against the object's own
    elif not valid(campaign):
        return
    registered = standard.campaigns.get(campaign)
    if registered is None:
        if not campaign or f"registry/campaigns/{campaign}.yaml" in standard.catalogue.broken:
            return
        yield drift(
            _RULE["name-id-unregistered"],
            seen,
            f"the campaign id {campaign} is not registered",
            owner=owner,
            do=f"write {meant}: registry/campaigns/{meant}.yaml has this object's id"
            if meant
            else "canonry campaign new, or the id of the campaign that is meant (canonry campaign list)",
            values=(campaign,),
            campaign=campaign,
        )
        return
    for field, value, said in contradictions(
        standard, campaign, told.contract, told.fields, platform=seen.platform
    ):
        yield drift(
            _RULE["name-id-contradicted"],
            seen,
            f"{field}: the name says {value}, {campaign} ({registered.label}) is registered with {said}",
            owner=owner,
            do=f"{field}: {said}, or the id of the campaign that is meant",
            sheet="rename",
            values=(campaign, field, value, said),
            campaign=campaign,
        )


def _against_number(
    seen: Observation, standard: Standard, told: Named, account: str, owner: str
) -> Finding | None:
    """The campaign that a name says against that for which the object's own id is registered."""
    meant, says = standard.campaign_of(seen, account, told.campaign), standard.campaigns.get(told.campaign)
    if says is None or meant in ("", told.campaign):
        return None
    path, label = f"registry/campaigns/{meant}.yaml", standard.campaigns[meant].label
    correct = seen.name.replace(told.campaign, meant) if seen.name.count(told.campaign) == 1 else ""
    right = standard.names.read(correct, standard.contracts(seen.platform, seen.native, account))
    if right is None or any(contradictions(standard, meant, *right, platform=seen.platform)):
        correct = ""
    return drift(
        _RULE["name-id-contradicted"],
        seen,
        f"the name says {told.campaign} ({says.label}), {path} registers {seen.id} for {meant} ({label})",
        owner=owner,
        do=f"rename it to {correct}" if correct else f"take {seen.id} out of {path}, or build the name anew",
        correct=correct,
        sheet="rename" if correct else "",
        values=(meant, "campaign_id", told.campaign, meant),
        campaign=told.campaign,
        place=None if correct else standard.catalogue.sources.place(path, f"/platform_ids/{account}"),
    )


def _within(standard: Standard, account: Account, contract: str, what: str, field: str, value: str) -> bool:
    """Whether a brand or market is the account's, under its name of today or its old one."""
    return standard.within(account, what, value) or standard.within(
        account, what, standard.now(contract, field, value)
    )


def outside(
    standard: Standard, key: str, account: Account, contracts: Iterable[str], fields: Mapping[str, Any]
) -> bool:
    """Whether a name may say another brand or market than its account is for."""
    return any(
        isinstance(value := fields.get(field), str) and not standard.within(account, what, value)
        for contract in contracts
        for what, field in standard.account_fields(key, contract)
    )

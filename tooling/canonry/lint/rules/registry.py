"""Accounts, domains, channel groups, the autopsy map and the audit's settings."""

from collections.abc import Iterator

from canonry.kernel.findings import Place
from canonry.lint.conditions import condition_faults
from canonry.lint.standards import CURRENCIES, is_time_zone
from canonry.lint.subject import Remark, Subject
from canonry.naming.suggest import nearest

_ACCOUNTS = "registry/accounts.yaml"
_DOMAINS = "registry/domains.yaml"
_ELSEWHERE = ("A", "B", "C", "U")
"""Families of rules that look at something else than one catalogue: audits, changes, links."""


def account_reference_unknown(subject: Subject) -> Iterator[Remark]:
    """An account names a platform, contract, brand or market that does not exist.

    ## Why it matters
    The audit judges the account's names by them: with a misspelt one it judges by nothing.

    ## Instead
    A file of `registry/platforms/`, a contract of utm or objects, words of the vocabularies brand and market.
    """
    catalogue = subject.catalogue
    for key, account in (catalogue.accounts.accounts if catalogue.accounts else {}).items():
        if (
            account.platform not in catalogue.platforms
            and f"registry/platforms/{account.platform}.yaml" not in catalogue.broken
        ):
            near = nearest(account.platform, catalogue.platforms)
            advice = f"did you mean {near!r}?" if near else f"add registry/platforms/{account.platform}.yaml"
            place = _account(subject, key, "platform")
            yield Remark(
                f"there is no platform {account.platform!r}", place, advice, values=(account.platform,)
            )
        for number, target in enumerate(account.contracts):
            if not catalogue.exists(target):
                near = nearest(target, catalogue.by_text)
                advice = f"did you mean {near}?" if near else ""
                place = _account(subject, key, f"contracts/{number}")
                yield Remark(f"there is no {target}", place, advice, values=(target,))
        for field in ("brand", "market"):
            word, vocabulary = getattr(account, field), catalogue.vocabularies.get(field)
            if word is None or vocabulary is None:
                continue
            entry = vocabulary.words.get(word)
            if entry is None or entry.status == "retired":
                near = nearest(word, vocabulary.words)
                advice = (
                    f"did you mean {near!r}?" if near else f"add it to registry/vocabularies/{field}.yaml"
                )
                yield Remark(
                    f"{word!r} is no word of {field}", _account(subject, key, field), advice, values=(word,)
                )


def _account(subject: Subject, key: str, rest: str) -> Place:
    return subject.catalogue.sources.place(_ACCOUNTS, f"/accounts/{key}/{rest}")


def account_duplicate(subject: Subject) -> Iterator[Remark]:
    """Two accounts have the same id on the same platform.

    ## Why it matters
    Its spend and its mistakes would be counted twice, under two owners.

    ## Instead
    One entry per account.
    """
    taken: dict[tuple[str, str], str] = {}
    for key, account in (subject.catalogue.accounts.accounts if subject.catalogue.accounts else {}).items():
        other = taken.setdefault((account.platform, account.id), key)
        if other != key:
            message = f"{other!r} has the id {account.id} on {account.platform} already"
            yield Remark(message, _account(subject, key, "id"), "keep one of the two", values=(other,))


def currency_unknown(subject: Subject) -> Iterator[Remark]:
    """A currency is none of ISO 4217.

    ## Why it matters
    Spend in a currency that does not exist cannot be added up.

    ## Instead
    The three letters that banks use: EUR, GBP, CHF.
    """
    found = [
        (account.currency, _account(subject, key, "currency"))
        for key, account in (
            subject.catalogue.accounts.accounts if subject.catalogue.accounts else {}
        ).items()
        if account.currency is not None and account.currency not in CURRENCIES
    ]
    found += [
        (currency, subject.catalogue.sources.place("registry/audit.yaml", f"/currency_rates/{currency}"))
        for currency in (subject.catalogue.audit.currency_rates if subject.catalogue.audit else ())
        if currency not in CURRENCIES
    ]
    for currency, place in found:
        near = nearest(currency, sorted(CURRENCIES))
        yield Remark(
            f"there is no currency {currency!r}",
            place,
            f"did you mean {near}?" if near else "",
            values=(currency,),
        )


def time_zone_unknown(subject: Subject) -> Iterator[Remark]:
    """The time zone of an account or campaign is none of the IANA names.

    ## Why it matters
    Days begin at midnight somewhere. Comparing a platform's days with ours, or judging whether a campaign has
    begun, needs to know where.

    ## Instead
    `Europe/Berlin`, never an offset or an abbreviation: those ignore daylight saving.
    """
    catalogue = subject.catalogue
    found = [
        (account.time_zone, _ACCOUNTS, f"/accounts/{key}/time_zone")
        for key, account in (catalogue.accounts.accounts if catalogue.accounts else {}).items()
    ]
    found += [
        (campaign.time_zone, f"registry/campaigns/{key}.yaml", "/time_zone")
        for key, campaign in catalogue.campaigns.items()
    ]
    for name, path, pointer in found:
        if not is_time_zone(name):
            place = catalogue.sources.place(path, pointer)
            advice = "zones are named by one city each, such as Europe/Berlin"
            yield Remark(f"there is no time zone {name!r}", place, advice, values=(name,))


def domain_contradictory(subject: Subject) -> Iterator[Remark]:
    """A host is listed twice, or under headings that exclude each other.

    A payment host is never ours, a short-link host is no landing page, and a landing host is one of our own.

    ## Why it matters
    Whether a link is internal, and whether a visit is a referral, is decided by these lists.

    ## Instead
    Keep the host under the heading that it is.
    """
    domains = subject.catalogue.domains
    if domains is None:
        return

    def at(part: str, number: int) -> Place:
        return subject.catalogue.sources.place(_DOMAINS, f"/{part}/{number}")

    for part in ("own", "landing", "short_link", "payment"):
        seen: set[str] = set()
        for number, host in enumerate(getattr(domains, part)):
            if host in seen:
                yield Remark(
                    f"{host} is listed twice under {part}",
                    at(part, number),
                    "remove one",
                    values=(part, host),
                )
            seen.add(host)
    told: set[str] = set()
    for part, other, why in (
        ("payment", "own", "a payment host is not ours"),
        ("payment", "landing", "nobody lands on a payment page"),
        ("short_link", "landing", "a short link forwards, nobody stays there"),
    ):
        for number, host in enumerate(getattr(domains, part)):
            clash = any(_covers(each, host) or _covers(host, each) for each in getattr(domains, other))
            if clash and host not in told:
                told.add(host)
                message = f"{host} is under {part} and {other}: {why}"
                advice = f"remove it from {part} or {other}"
                yield Remark(message, at(part, number), advice, values=(part, other, host))
    for number, host in enumerate(domains.landing):
        if not any(_covers(each, host) for each in domains.own):
            message = f"{host} is a landing host and none of our own"
            yield Remark(
                message, at("landing", number), "add it to own, or remove it", values=("landing", host)
            )


def _covers(pattern: str, host: str) -> bool:
    return pattern == host or (pattern.startswith("*.") and host.removeprefix("*").endswith(pattern[1:]))


def channel_rule_invalid(subject: Subject) -> Iterator[Remark]:
    """A rule of the company's channel group cannot be evaluated.

    A condition is one test (`field`, `op`, `value`) or one group (`all`, `any`, `not`).

    ## Why it matters
    Every rule after it decides with it: one broken rule moves traffic between channels.

    ## Instead
    Correct the condition. `regex` takes a pattern that matches the whole value; `in` takes a list; `is_null`
    takes no value.
    """
    groups = subject.catalogue.channel_groups
    for name, group in (groups.groups if groups else {}).items():
        for number, rule in enumerate(group.rules):
            pointer = f"/groups/{name}/rules/{number}/when"
            for where, wrong in condition_faults(rule.when, pointer):
                place = subject.catalogue.sources.place("registry/channel_groups.yaml", where)
                yield Remark(f"{rule.channel}: {wrong}", place, values=(rule.channel, wrong))


def autopsy_rule_unknown(subject: Subject) -> Iterator[Remark]:
    """The autopsy map sends people to a rule that does not exist.

    ## Why it matters
    Somebody with a broken report at hand looks up a code and finds nothing.

    ## Instead
    Codes that `canonry explain` lists.
    """
    autopsy = subject.catalogue.autopsy
    if autopsy is None:
        return
    known = {name for rule in subject.rules for name in (rule.code, rule.name)}
    for key, symptom in autopsy.symptoms.items():
        for number, code in enumerate(symptom.rules):
            if code not in known and not code.startswith(_ELSEWHERE):
                place = subject.catalogue.sources.place(
                    "registry/autopsy.yaml", f"/symptoms/{key}/rules/{number}"
                )
                near = nearest(code, sorted(known))
                yield Remark(
                    f"there is no rule {code!r}",
                    place,
                    f"did you mean {near}?" if near else "",
                    values=(code,),
                )


def audit_reference_unknown(subject: Subject) -> Iterator[Remark]:
    """The audit's settings name an account that `registry/accounts.yaml` does not have.

    ## Why it matters
    The source is read and judged by nothing.

    ## Instead
    A key of `registry/accounts.yaml`.
    """
    audit, accounts = subject.catalogue.audit, subject.catalogue.accounts
    if audit is None or accounts is None:
        return
    for key, source in audit.sources.items():
        if source.account is not None and source.account not in accounts.accounts:
            near = nearest(source.account, accounts.accounts)
            place = subject.catalogue.sources.place("registry/audit.yaml", f"/sources/{key}/account")
            yield Remark(
                f"there is no account {source.account!r}",
                place,
                f"did you mean {near!r}?" if near else "",
                values=(source.account,),
            )

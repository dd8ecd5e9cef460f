"""Clean observations, generated from the catalogue, and faults of known kinds to plant among them.

A fault is a thing of its own beside the clean ones, with the rule that must find it and the right correction;
whatever else is found is a false alarm.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from tests.unit.audit import broken_links

from canonry.audit.baseline import key_of
from canonry.audit.drift import subject_of
from canonry.audit.history import History
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.naming.ids import draw
from canonry.naming.runtime.text import distance, fold, join

ADS = ("meta", "google_ads", "tiktok", "linkedin", "dv360", "microsoft")
TIERS = {
    "meta": (("campaign", Level.CAMPAIGN), ("ad_set", Level.AD_GROUP), ("ad", Level.AD)),
    "google_ads": (("campaign", Level.CAMPAIGN), ("ad_group", Level.AD_GROUP)),
    "tiktok": (("campaign", Level.CAMPAIGN), ("ad_group", Level.AD_GROUP), ("ad", Level.AD)),
    "linkedin": (("campaign_group", Level.CAMPAIGN), ("campaign", Level.AD_GROUP), ("creative", Level.AD)),
    "dv360": (
        ("campaign", Level.CAMPAIGN),
        ("insertion_order", Level.AD_GROUP),
        ("line_item", Level.AD_GROUP),
    ),
    "microsoft": (("campaign", Level.CAMPAIGN), ("ad_group", Level.AD_GROUP)),
}
LINKED = (
    "/utm/paid_social/v1",
    "/utm/paid_search/v1",
    "/utm/display/v1",
    "/utm/email_newsletter/v1",
    "/utm/programmatic_video/v1",
    "/utm/paid_video/v1",
)

WEEKS = ("10-28", "11-04", "11-11", "11-18")
"""Days of earlier runs."""
COMPARED = ("utm_source", "utm_medium", "utm_campaign")
LISTED = "google-ads-acme-dach"
"""An account whose audiences a source lists whole."""
AGAIN = frozenset({"A307"})
"""There are fewer audiences than faults: the same one stands there twice, and is found to."""


@dataclass
class Fault:
    """One planted fault: what is observed, which rule finds it, and the right correction if there is one.

    An empty correction: nobody can know it, so none may be given. None: it is not looked at.
    """

    kind: str
    seen: list[Observation]
    rule: str
    correct: str | None = None
    also: frozenset[str] = field(default_factory=frozenset)
    """Rules that say the same thing from another side."""
    absent: str = ""
    """The subject of a finding on something that nobody saw."""

    @property
    def subjects(self) -> list[str]:
        """What its findings are known by."""
        return [self.absent] if self.absent else [subject_of(each) for each in self.seen]


class World:
    """What a registry's own campaigns look like when everything is right."""

    def __init__(self, standard, seed: int) -> None:
        self.standard = standard
        self.codec = standard.codec
        self.rng = random.Random(seed)
        self.numbers = iter(range(10**11, 10**12))
        self.campaigns = {
            key: campaign for key, campaign in standard.campaigns.items() if campaign.status == "live"
        }
        self.accounts = self._accounts()
        self._known: dict[tuple, str] = {}
        self.history = History(runs={f"2026-{day}": {} for day in WEEKS})
        self.issued: dict[str, dict[tuple[str, ...], dict]] = {}
        """Campaign to what it has handed out, by what of a link is compared."""
        self.closed = False
        """From now on links are right only if they were issued."""
        self.withheld: tuple[str, ...] | None = None
        """A right link's words that are handed out to nobody."""
        self.withheld = self._compared(self.tags().params)
        self.issued.clear()
        self._lost_audiences()

    def _accounts(self):
        """Campaign, platform and account that go together."""
        found = []
        for key, campaign in self.campaigns.items():
            platforms = {p for plan in campaign.channels for p in plan.platforms if p in ADS}
            for platform in sorted(platforms):
                for account_key, account in self.standard.accounts.items():
                    if account.platform == platform and all(
                        self.standard.within(account, name, str(campaign.fields[name]))
                        for name in ("brand", "market")
                    ):
                        found.append((key, platform, account_key))
        return found

    def number(self) -> str:
        """An id of a platform."""
        return str(next(self.numbers))

    def weight(self, currency="EUR") -> Weight:
        """What something cost."""
        return Weight(
            cost=round(self.rng.uniform(5, 900), 2), currency=currency, impressions=self.rng.randrange(9000)
        )

    def fields(self, contract: str, campaign_id: str, platform: str):
        """Values for every field of a name, those of the campaign where it has them."""
        campaign = self.standard.campaigns[campaign_id]
        plan = self.standard.plan(campaign_id, platform)
        fixed = {
            "slug": campaign.slug,
            **campaign.fields,
            **(plan.fields if plan else {}),
            "campaign_id": campaign_id,
        }
        values = {}
        for need in self.codec.needs(contract):
            name = need["field"]
            if name in fixed:
                values[name] = fixed[name]
            elif name == "creative":
                values[name] = self.rng.choice(
                    (plan.creatives if plan else None) or self._creatives(campaign)
                )
            elif need["choices"]:
                values[name] = self.rng.choice(
                    [c for c in need["choices"] if self._lively(contract, name, c)]
                )
            elif need["type"] == "date":
                values[name] = "2026-Q4" if name == "quarter" else "2026-11"
            elif need["type"] == "integer":
                values[name] = "2"
            else:
                values[name] = f"x{self.rng.randrange(10**6)}"
        return values

    def _lively(self, contract, name, word):
        return word not in self.codec.contract(contract).deprecated.get(name, {})

    @staticmethod
    def _creatives(campaign):
        return [tag for plan in campaign.channels for tag in plan.creatives]

    def name(self, contract: str, campaign: str, platform: str) -> str:
        """A right name."""
        for _ in range(200):
            built = self.codec.build(contract, self.fields(contract, campaign, platform))
            if built["ok"]:
                return built["name"]
        raise AssertionError(contract)

    def tree(self) -> list[Observation]:
        """A campaign with what hangs under it, down to an ad's link."""
        campaign, platform, account = self.rng.choice(self.accounts)
        self._campaign = campaign
        made: list[Observation] = []
        parents: dict[str, str] = {}
        currency = self.standard.accounts[account].currency or ""
        for native, level in TIERS[platform]:
            [contract, *_] = self.standard.contracts(platform, native, account)
            name = self.name(contract, campaign, platform)
            key = (account, native, *parents.values(), name)
            known = self._known.get(key)
            seen = Observation(
                account,
                platform,
                level,
                account=account,
                native=native,
                id=known or self.number(),
                status="active",
                name=name,
                parents=dict(parents),
                weight=self.weight(currency),
            )
            self._known[key] = seen.id
            if known is None or level is Level.AD:
                made.append(seen)
            parents[native] = seen.id
        if made and made[-1].level is Level.AD:
            link = self.ad_link(campaign, platform, made[-1])
            if link is not None:
                made.append(
                    Observation(
                        account,
                        platform,
                        Level.LINK,
                        account=account,
                        id=made[-1].id,
                        parents=parents,
                        status="active",
                        value=link,
                        weight=made[-1].weight,
                    )
                )
        return made

    def ad_link(self, campaign: str, platform: str, ad: Observation) -> str | None:
        """A link that says what the ad's name says, with the platform's macros or without."""
        plan = self.standard.plan(campaign, platform)
        if plan is None or platform not in self.codec.table["contracts"][plan.format]["platforms"]:
            return None
        macros = self.rng.random() < 0.5
        values = self.fields(plan.format, campaign, platform)
        values["creative"] = ad.name.rpartition("_")[0]
        built = self.codec.build(plan.format, values, platform if macros else None)
        if not built["ok"]:
            return None
        landing = self.standard.campaigns[campaign].landing_url
        if not self._issues(campaign, dict(built["params"]), platform):
            return None
        return join(landing, built["params"], built["macros"])

    def _issues(self, campaign: str, params, platform: str = "") -> bool:
        """Whether a link may be met: its campaign hands it out, unless it has handed out all there are."""
        known = self.issued.setdefault(campaign, {})
        key = self._compared(params)
        if key == self.withheld:
            return False
        if key in known or not self.closed:
            landing = str(self.standard.campaigns[campaign].landing_url)
            known.setdefault(
                key,
                {
                    "link": join(landing, list(params.items()), {}),
                    "platform": platform,
                    "issued": "2026-11-01",
                    "params": dict(params),
                },
            )
            return True
        return False

    def tags(self, contract: str | None = None) -> Observation:
        """The manual values of right visits."""
        for _ in range(2_000):
            campaign = self.rng.choice(list(self.campaigns))
            plans = [p for p in self.standard.campaigns[campaign].channels if p.format in LINKED]
            plan = self.rng.choice(plans)
            values = {**self.fields(plan.format, campaign, ""), **plan.fields}
            built = self.codec.build(plan.format, {k: v for k, v in values.items() if v is not None})
            if built["ok"]:
                seen = self.as_tags(dict(built["params"]))
                if self.right(seen) and self._issues(campaign, seen.params):
                    return seen
        raise AssertionError(self.issued)

    def right(self, seen: Observation) -> bool:
        """Whether the reader of links, which is tested on its own, finds nothing wrong."""
        report = self.standard.reader.read(
            join("https://www.example.com/", list(seen.params.items()), {}), live=True
        )
        return report["status"] == "right" and not report["issues"]

    def as_tags(self, params) -> Observation:
        """Manual values as GA4 reports them."""
        return Observation(
            "ga4-acme",
            "ga4",
            Level.TAGS,
            account="ga4-acme",
            params=params,
            name=params.get("utm_campaign", ""),
            weight=Weight(rows=self.rng.randrange(1, 500)),
        )

    def page(self, params, more=()) -> Observation:
        """A page as it was visited."""
        value = join("https://www.example.com/de/winter", [*params.items(), *more], {})
        return Observation(
            "ga4-acme", "ga4", Level.LINK, account="ga4-acme", value=value, weight=Weight(rows=3)
        )

    def object(self, native=None, name=None):
        """A right object that nothing hangs under, its contract and what its words are."""
        while True:
            campaign, platform, account = self.rng.choice(self.accounts)
            tiers = [pair for pair in TIERS[platform] if native is None or pair[0] == native]
            if not tiers:
                continue
            chosen, level = self.rng.choice(tiers)
            [contract, *_] = self.standard.contracts(platform, chosen, account)
            seen = Observation(
                account,
                platform,
                level,
                account=account,
                native=chosen,
                id=self.number(),
                status="active",
                name=self.name(contract, campaign, platform),
                parents={"campaign": self.number()},
                weight=self.weight(self.standard.accounts[account].currency or ""),
            )
            return seen, contract, campaign

    def audience(self):
        """A registered audience and its promise."""
        promises = [p for each in self.standard.promises.values() for p in each if p.destination.account]
        promise = self.rng.choice([p for p in promises if p not in self.lost])
        return promise, self.standing(promise)

    def _lost_audiences(self):
        here = [
            p
            for each in self.standard.promises.values()
            for p in each
            if p.destination.account == LISTED and p.destination.platform == "google_ads"
        ]
        self.lost = self.rng.sample(here, 2)
        self.listed = [self.standing(p) for p in here if p not in self.lost]

    def standing(self, promise) -> Observation:
        """A registered audience as it should stand on its platform."""
        told = promise.destination
        return Observation(
            told.account,
            told.platform,
            Level.AUDIENCE,
            account=told.account,
            id=self.number(),
            name=told.audience,
            status="active",
            upkeep=Upkeep(window=told.window_days, members=500, synced=self.standard.today),
        )

    # Faults. Each answers None where the dice chose something that cannot have it.

    def spelling(self) -> Fault | None:
        """A word in capitals."""
        seen, contract, _ = self.object()
        words = self._vocabulary_words(contract, seen.name)
        if not words:
            return None
        word = self.rng.choice(words)
        right = seen.name
        seen.name = self._replaced(right, word, word.upper())
        return Fault("spelling", [seen], "A104", right)

    def alias(self) -> Fault | None:
        """An alias of a word."""
        seen, contract, _ = self.object()
        found = []
        for name, field_ in self.codec.contract(contract).fields.items():
            aliases = getattr(field_, "spec", {}).get("vocabulary")
            vocabulary = self.standard.catalogue.vocabularies.get(aliases or "")
            for word, entry in vocabulary.words.items() if vocabulary else ():
                found += [(word, alias, name) for alias in entry.aliases]
        self.rng.shuffle(found)
        right = seen.name
        for word, alias, _ in found:
            if (
                right.split("_").count(word) == 1
                and self._plain(alias)
                and fold(alias) not in right.split("_")
            ):
                seen.name = self._replaced(right, word, alias)
                read = self.codec.read_name("objects", seen.name, contract)
                if read["right"] == right:
                    return Fault("alias", [seen], "A104", right)
        return None

    @staticmethod
    def _plain(alias):
        return alias.replace("-", "").isalnum()

    def typo(self) -> Fault | None:
        """A letter of a word lost: no other word of the vocabulary is as near."""
        seen, contract, _ = self.object()
        candidates = self._typos(contract, seen.name)
        if not candidates:
            return None
        word, wrong = self.rng.choice(candidates)
        right = seen.name
        seen.name = self._replaced(right, word, wrong)
        return Fault("typo", [seen], "A102", right)

    def _typos(self, contract, name):
        found = []
        pieces = name.split("_")
        for field_ in self.codec.contract(contract).fields.values():
            choices = field_.choices() or []
            for word in choices:
                if len(word) < 6 or pieces.count(word) != 1:
                    continue
                wrong = word[:2] + word[3:]
                nearest = [other for other in choices if distance(wrong, other, 2) <= 2 and other != word]
                if (
                    not nearest
                    and wrong not in choices
                    and field_.read_loosely(wrong) is None
                    and name.count(word) == 1
                ):
                    found.append((word, wrong))
        return found

    def free_text(self) -> Fault:
        """A name somebody made up."""
        seen, _, _ = self.object()
        seen.name = (
            self.rng.choice(("Winter Sale 24", "TEST do not use", "Neue Kampagne", "brand push - Q4"))
            + f" {seen.id}"
        )
        return Fault("free text", [seen], "A101")

    def copy(self) -> Fault:
        """A copy that kept its mark."""
        seen, _, _ = self.object()
        marks = (
            *(("", " - Copy"), ("Copy of ", ""), ("Kopie von ", ""), ("", " - Copy 2"), ("", " - Kopie")),
            *(("", " \u2013 Kopie 2"), ("", " - Copie"), ("Copia de ", ""), ("", " (2)"), ("", "_copy")),
        )
        before, after = self.rng.choice(marks)
        seen.name = f"{before}{seen.name}{after}"
        return Fault("copy", [seen], "A110")

    def sibling(self) -> Fault:
        """Two under one parent with one name."""
        seen, _, _ = self.object()
        other = Observation(
            seen.source,
            seen.platform,
            seen.level,
            account=seen.account,
            native=seen.native,
            id=self.number(),
            name=seen.name,
            parents=seen.parents,
            status="active",
            weight=seen.weight,
        )
        return Fault("sibling", [seen, other], "A106")

    def unregistered(self) -> Fault | None:
        """An id that is none of the registry's."""
        seen, _, campaign = self.object()
        if campaign not in seen.name:
            return None
        other = draw(self.rng)
        if other in self.standard.campaigns:
            return None
        seen.name = seen.name.replace(campaign, other)
        return Fault("unregistered", [seen], "A108")

    def mistyped(self) -> Fault | None:
        """An id with two characters swapped."""
        seen, _, campaign = self.object()
        wrong = campaign[:2] + campaign[3] + campaign[2] + campaign[4:]
        if campaign not in seen.name or wrong == campaign:
            return None
        seen.name = seen.name.replace(campaign, wrong)
        return Fault("mistyped", [seen], "A102")

    def contradiction(self) -> Fault | None:
        """An objective that the campaign does not have."""
        seen, contract, campaign = self.object()
        said = str(self.standard.campaigns[campaign].fields["objective"])
        if campaign not in seen.name or "objective" not in self.codec.contract(contract).fields:
            return None
        other = self.rng.choice([w for w in ("awareness", "hiring", "retention") if w != said])
        if seen.name.split("_").count(said) != 1:
            return None
        seen.name = self._replaced(seen.name, said, other)
        return Fault("contradiction", [seen], "A107")

    def elsewhere(self) -> Fault | None:
        """A market that is none of the account's."""
        seen, contract, campaign = self.object(native=self.rng.choice(("ad_set", "ad_group")))
        account = self.standard.accounts[seen.account]
        market = str(self.standard.campaigns[campaign].fields["market"])
        if "market" not in self.codec.contract(contract).fields or campaign in seen.name:
            return None
        if seen.name.split("_").count(market) != 1 or self.standard.within(account, "market", "jp"):
            return None
        seen.name = self._replaced(seen.name, market, "jp")
        return Fault("elsewhere", [seen], "A111")

    def tag_spelling(self) -> Fault:
        """A parameter's value in capitals."""
        seen = self.tags()
        key = self.rng.choice(("utm_source", "utm_medium"))
        right = "&".join(f"{k}={v}" for k, v in seen.params.items())
        seen.params = {**seen.params, key: seen.params[key].upper()}
        return Fault("tag spelling", [seen], "U127", right)

    def tag_macro(self) -> Fault:
        """A macro that was not filled in."""
        seen = self.tags()
        seen.params = {**seen.params, "utm_campaign": "{{campaign.name}}"}
        facebook = seen.params["utm_medium"] == "paid_social"  # a format that runs on Meta too
        also = frozenset({"U123", "U125", "U126", "U132"})
        return Fault("tag macro", [seen], "U134" if facebook else "U135", also=also)

    def tag_missing(self) -> Fault | None:
        """No campaign id although the format writes one."""
        seen = self.tags()
        if "utm_id" not in seen.params:
            return None
        seen.params = {k: v for k, v in seen.params.items() if k != "utm_id"}
        return Fault("tag missing", [seen], "U123")

    def tag_foreign(self) -> Fault:
        """A parameter that no format has."""
        seen = self.tags()
        seen.params = {**seen.params, "utm_flavour": "vanilla"}
        return Fault("tag foreign", [seen], "U124")

    def tag_unregistered(self) -> Fault | None:
        """A campaign id that is none of the registry's."""
        seen = self.tags()
        other = draw(self.rng)
        campaign = seen.params["utm_campaign"].rpartition("_")[2]
        if other in self.standard.campaigns:
            return None
        seen.params = {k: v.replace(campaign, other) for k, v in seen.params.items()}
        return Fault("tag unregistered", [seen], "A205") if self.right(seen) else None

    def unassigned(self) -> Fault:
        """A medium of one's own invention."""
        seen = self.as_tags({"utm_source": f"blog{self.rng.randrange(10**5)}", "utm_medium": "sticker"})
        return Fault("unassigned", [seen], "A204", also=frozenset({"U121", "U123", "U125", "U126"}))

    def read(self, link: str):
        """What a link says."""
        return self.standard.reader.read(link, live=None)

    def broken(self, code: str) -> Fault | None:
        """A link that was right and is broken in one way: a page as it was visited, or an ad's."""
        breakage, also = broken_links.BREAKAGES[code]
        ads = code not in broken_links.VISITED and self.rng.random() < 0.5
        made = self.linked_ad() if ads else [self.page(self.tags().params)]
        link, right = made[-1], made[-1].value
        wrong, correct = breakage(self, right)
        if wrong is None:
            return None
        link.value = wrong
        correct = right if correct is broken_links.EXACT else "" if correct is None else correct or None
        return Fault(f"broken {breakage.__name__}", made, code, correct, frozenset(also))

    def click_id(self) -> Fault | None:
        """A click of one platform on the paid tags of another."""
        seen = self.tags()
        if seen.params["utm_medium"] != "paid_social":
            return None
        return Fault("click id", [self.page(seen.params, [("gclid", "EAIaIQ")])], "A201")

    def window(self) -> Fault | None:
        """An audience that keeps people longer."""
        promise, seen = self.audience()
        if promise.destination.window_days is None:
            return None
        seen.upkeep.window = promise.destination.window_days + 27
        return Fault("window", [seen], "A301", str(promise.destination.window_days), AGAIN)

    def late(self) -> Fault | None:
        """A list that was not sent for three weeks."""
        promise, seen = self.audience()
        if promise.sync_hours is None:
            return None
        seen.upkeep.synced = self.standard.today - timedelta(days=21)
        return Fault("late", [seen], "A303", also=AGAIN)

    def dead(self) -> Fault:
        """An audience without members."""
        _, seen = self.audience()
        seen.upkeep.members = 0
        return Fault("dead", [seen], "A306", also=AGAIN)

    def stranger(self) -> Fault | None:
        """An audience that no segment registers, with a right name."""
        _, seen = self.audience()
        contracts = self.standard.contracts(seen.platform, "audience", seen.account)
        if not contracts:
            return None
        day = self.rng.randrange(200, 500)
        pieces = seen.name.split("_")
        seen.name = "_".join([*pieces[:3], f"{day}d", *pieces[4:]])
        if self.codec.read_name("objects", seen.name, contracts[0])["status"] != "right":
            return None
        return Fault("stranger", [seen], "A304", also=AGAIN)

    def recency(self) -> Fault | None:
        """An ad group that reaches further back than its audience's segment."""
        promise, seen = self.audience()
        if promise.destination.window_days is None:
            return None
        used = Observation(
            seen.source,
            seen.platform,
            Level.TARGETING,
            account=seen.account,
            id=self.number(),
            name=seen.name,
            parents={"ad_group": self.number()},
            upkeep=Upkeep(recency=promise.destination.window_days + 11),
        )
        return Fault("recency", [used], "A302", str(promise.destination.window_days))

    def event(self) -> Fault | None:
        """An event with a letter lost."""
        names = sorted({*self.standard.events.get("ga4", {}), *self.standard.events[""]})
        name = self.rng.choice([n for n in names if len(n) > 7])
        wrong = name[:3] + name[4:]
        if wrong in names or any(distance(wrong, other, 2) <= 1 for other in names if other != name):
            return None
        seen = Observation(
            "ga4-acme", "ga4", Level.EVENT, account="ga4-acme", name=wrong, weight=Weight(rows=9)
        )
        return Fault("event", [seen], "A401", name)

    def long_value(self) -> Fault:
        """A parameter longer than the platform keeps."""
        seen = Observation(
            "ga4-acme",
            "ga4",
            Level.PARAMETER,
            account="ga4-acme",
            name="transaction_id",
            parents={"event": "purchase"},
            params={"longest": str(self.rng.randrange(101, 900))},
        )
        return Fault("long value", [seen], "A403")

    def outdated(self) -> Fault | None:
        """A word that another one has replaced."""
        seen, contract, _ = self.object()
        found = []
        for field_ in self.codec.contract(contract).fields.values():
            vocabulary = self.standard.catalogue.vocabularies.get(
                getattr(field_, "spec", {}).get("vocabulary") or ""
            )
            for word, entry in vocabulary.words.items() if vocabulary else ():
                if entry.status == "deprecated" and entry.replaced_by:
                    found += [(entry.replaced_by, word)]
        right = seen.name
        self.rng.shuffle(found)
        for new, old in found:
            if right.split("_").count(new) == 1 and old not in right.split("_"):
                seen.name = self._replaced(right, new, old)
                read = self.codec.read_name("objects", seen.name, contract)
                if read["status"] == "right" and [n["reason"] for n in read["notes"]] == ["word-deprecated"]:
                    also = frozenset()
                    return Fault("outdated", [seen], "A103", right, also)
        return None

    def renamed(self) -> Fault:
        """A name that was right last week, and is another right one now."""
        seen, _, _ = self.object()
        self.history.names["/".join(key_of(seen))] = {"digest": "0" * 16, "right": True, "day": "2026-11-18"}
        return Fault("renamed", [seen], "A109")

    def ended(self) -> Fault | None:
        """A campaign that is registered as ended, or planned, and runs."""
        over = [key for key, each in self.standard.campaigns.items() if each.status in ("ended", "planned")]
        key = self.rng.choice(over)
        campaign = self.standard.campaigns[key]
        platforms = sorted({p for plan in campaign.channels for p in plan.platforms if p in ADS})
        for platform in platforms:
            for account_key, account in self.standard.accounts.items():
                if account.platform == platform and all(
                    self.standard.within(account, name, str(campaign.fields[name]))
                    for name in ("brand", "market")
                ):
                    native = TIERS[platform][0][0]
                    [contract, *_] = self.standard.contracts(platform, native, account_key)
                    seen = Observation(
                        account_key,
                        platform,
                        Level.CAMPAIGN,
                        account=account_key,
                        native=native,
                        id=self.number(),
                        status="active",
                        name=self.name(contract, key, platform),
                        parents={"business": self.number()},
                        weight=Weight(cost=9.0, currency=account.currency or ""),
                    )
                    return Fault("ended", [seen], "A503") if key in seen.name else None
        return None

    def linked_ad(self):
        """An ad with its campaign above and its link below, all right."""
        while True:
            made = self.tree()
            if made and made[-1].level is Level.LINK:
                return made

    def disagreement(self) -> Fault | None:
        """An ad's link that says another creative than the ad does."""
        *above, ad, link = self.linked_ad()
        others = [
            tag for tag in self._creatives(self.standard.campaigns[self._campaign]) if tag not in ad.name
        ]
        told = ad.name.rpartition("_")[0]
        if not others or link.value.count(told) != 1:
            return None
        link.value = link.value.replace(told, self.rng.choice(others))
        return Fault("disagreement", [*above, ad, link], "A203")

    def untagged(self) -> Fault | None:
        """An ad without tags in an account that is tagged by hand."""
        *above, ad, link = self.linked_ad()
        if self.standard.accounts[ad.account].tagging != "manual":
            return None
        link.value = link.value.partition("?")[0]
        return Fault("untagged", [*above, ad, link], "A206")

    def parameter(self) -> Fault:
        """A parameter that the event's contract does not have."""
        seen = Observation(
            "ga4-acme",
            "ga4",
            Level.PARAMETER,
            account="ga4-acme",
            name=f"zz_{self.rng.randrange(10**9)}",
            parents={"event": self.rng.choice(sorted(self.standard.events["ga4"]))},
        )
        return Fault("parameter", [seen], "A404")

    def user_property(self) -> Fault:
        """A user property that no trait registers."""
        seen = Observation(
            "ga4-acme",
            "ga4",
            Level.USER_PROPERTY,
            account="ga4-acme",
            name=f"zz_{self.rng.randrange(10**9)}",
        )
        return Fault("user property", [seen], "A406")

    def dates(self) -> Fault | None:
        """A campaign that is scheduled beyond its registration."""
        seen, _, campaign = self.object(native=self.rng.choice(("campaign", "campaign_group")))
        if seen.level is not Level.CAMPAIGN or campaign not in seen.name:
            return None
        seen.ends = date.fromisoformat(str(self.standard.campaigns[campaign].end)) + timedelta(days=30)
        return Fault("dates", [seen], "A502")

    def goal(self) -> Fault | None:
        """An optimisation goal that the campaign is not judged by."""
        seen, _, campaign = self.object(native="campaign")
        wrong = {"meta": "LINK_CLICKS", "google_ads": "target-impression-share", "microsoft": "MaxClicks"}
        if seen.platform not in wrong or campaign not in seen.name:
            return None
        seen.goal = wrong[seen.platform]
        return Fault("goal", [seen], "A501")

    def old_template(self) -> Fault | None:
        """A name written as an older template of its contract had it: words left out."""
        seen, contract, _ = self.object()
        pieces = seen.name.split("_")
        for out in self.rng.sample(range(len(pieces)), len(pieces)):
            for also in range(out, len(pieces)):
                name = "_".join(each for at, each in enumerate(pieces) if at not in (out, also))
                read = self.codec.read_name("objects", name, contract)
                if [note["reason"] for note in read["notes"]] == ["legacy"] and not read["rejections"]:
                    seen.name = name
                    return Fault("old template", [seen], "A105", read["right"])
        return None

    def self_tagged(self) -> Fault | None:
        """A mail's link with our tags in a tool that adds its own."""
        tools = [
            (key, account)
            for key, account in self.standard.accounts.items()
            if (platform := self.standard.platform(account.platform)) is not None
            and platform.self_tagging is not None
            and platform.self_tagging.by_default
        ]
        key, account = self.rng.choice(tools)
        mail = self.tags()
        if mail.params["utm_medium"] != "email":
            return None
        page, message = self.page(mail.params), self.number()
        link = Observation(
            key,
            account.platform,
            Level.LINK,
            account=key,
            id=message,
            parents={"message": message},
            value=page.value,
        )
        adds = self.standard.platform(account.platform).self_tagging.adds
        return Fault("self tagged", [link], "A202") if set(adds) & mail.params.keys() else None

    def doubled(self) -> Fault:
        """An audience that was built a second time: under its name, or with its rule."""
        promise, seen = self.audience()
        other = self.standing(promise)
        # With another window it would be another audience.
        alike = [
            p
            for each in self.standard.promises.values()
            for p in each
            if p not in self.lost
            and p.destination.account == promise.destination.account
            and p.destination.window_days == promise.destination.window_days
        ]
        if self.rng.random() < 0.5:
            other = self.standing(self.rng.choice(alike))
            seen.upkeep.rule = other.upkeep.rule = f"event = {self.number()}"
        return Fault("doubled", [seen, other], "A307")

    def unissued(self) -> Fault:
        """A link that is right, and that its campaign has not handed out."""
        withheld, self.withheld = self.withheld, None
        known, self.issued, self.closed = self.issued, {}, False
        seen = next(each for each in iter(self.tags, None) if self._compared(each.params) == withheld)
        self.withheld, self.issued, self.closed = withheld, known, True
        return Fault("unissued", [seen], "A207")

    @staticmethod
    def _compared(params):
        return tuple(params.get(name, "").casefold() for name in COMPARED)

    def unmet(self) -> list[Fault]:
        """Of every second campaign one more link was handed out, which nobody met."""
        made = []
        for key in sorted(self.issued)[::2]:
            entry = next(iter(self.issued[key].values()))
            link = {**entry, "link": f"{entry['link']}&x=unmet", "platform": ""}
            link["params"] = {**entry["params"], "utm_source": f"unmet{self.rng.randrange(99)}"}
            self.issued[key]["unmet",] = link
            whole = Observation("", "", Level.LINK, native="issued", id=key)
            made.append(Fault("unmet", [], "A208", absent=subject_of(whole)))
        return made

    def received(self) -> tuple[list[Observation], list[Fault]]:
        """Every registered event and trait as GA4 receives them, but for some; and volumes that jump."""
        events = sorted(self.standard.events["ga4"])
        traits = sorted(self.standard.traits("ga4"))
        lost = {*self.rng.sample(events, 3)}
        several = [
            w
            for w in traits
            if sum(c is self.standard.traits("ga4")[w] for c in self.standard.traits("ga4").values()) > 1
        ]
        silent = {self.rng.choice(several)}
        seen, faults = [], []
        odd = {*self.rng.sample([name for name in events if name not in lost], 3)}
        for name in events:
            usual = self.rng.randrange(400, 90_000)
            days = {f"2026-{day}": usual * self.rng.uniform(0.95, 1.05) for day in WEEKS}
            self.history.volumes[f"ga4/{name}"] = days
            if name in lost:
                faults.append(Fault("lost event", [], "A402", absent=f"ga4/event/{name}"))
                continue
            rows = usual * (self.rng.choice((5, 0.2)) if name in odd else 1)
            seen.append(self.told(Level.EVENT, name, int(rows)))
            if name in odd:
                faults.append(Fault("odd volume", [seen[-1]], "A405"))
        for name in traits:
            if name in silent:
                faults.append(Fault("lost trait", [], "A407", absent=f"ga4/user_property/{name}"))
            else:
                seen.append(self.told(Level.USER_PROPERTY, name, 300))
        return seen, faults

    @staticmethod
    def told(level: Level, name: str, rows: int) -> Observation:
        """Something that GA4 received."""
        return Observation("ga4-acme", "ga4", level, account="ga4-acme", name=name, weight=Weight(rows=rows))

    def missing(self) -> list[Fault]:
        """Registered audiences that the account's list does not have."""
        return [
            Fault("lost audience", [], "A305", absent=f"{d.platform}/audience/{d.audience_id or d.audience}")
            for d in (promise.destination for promise in self.lost)
        ]

    def _vocabulary_words(self, contract, name):
        words = set()
        for field_ in self.codec.contract(contract).fields.values():
            words.update(field_.choices() or ())
        pieces = name.split("_")
        return [piece for piece in pieces if piece in words and pieces.count(piece) == 1 and piece.isalpha()]

    @staticmethod
    def _replaced(name, word, other):
        return "_".join(other if piece == word else piece for piece in name.split("_"))

    KINDS = (
        spelling,
        alias,
        typo,
        free_text,
        copy,
        sibling,
        unregistered,
        mistyped,
        contradiction,
        elsewhere,
        tag_spelling,
        tag_macro,
        tag_missing,
        tag_foreign,
        tag_unregistered,
        unassigned,
        click_id,
        window,
        late,
        dead,
        stranger,
        recency,
        event,
        long_value,
        dates,
        goal,
        outdated,
        renamed,
        ended,
        disagreement,
        untagged,
        parameter,
        user_property,
        old_template,
        self_tagged,
        doubled,
        unissued,
    )

    def faults(self, number: int) -> list[Fault]:
        """Faults of every kind in turn, among links that were all handed out."""
        self.closed = True
        made: list[Fault] = []
        missed = 0
        kinds = [partial(kind, self) for kind in self.KINDS]
        kinds += [partial(self.broken, code) for code in broken_links.BREAKAGES]
        while len(made) < number:
            kind = kinds[len(made) % len(kinds)]
            fault = kind()
            missed = missed + 1 if fault is None else 0
            assert missed < 1_000, f"{kind} finds nothing to spoil: hand out more links first"
            if fault is not None:
                fault.kind = f"{fault.kind} {len(made)}"
                made.append(fault)
        return made

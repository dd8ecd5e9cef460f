"""Other registries than the shipped one: another separator and language, brands, contracts per account."""

import json
import random
from datetime import date

import pytest
import yaml
from tests.unit.audit.cases import ROOT

from canonry.app.auditing import standard
from canonry.audit.observation import Level, Observation, Weight
from canonry.audit.run import Audit
from canonry.audit.source import Capabilities, Recorded, Tells
from canonry.catalogue.load import load
from canonry.catalogue.tree import MemoryTree
from canonry.naming.ids import draw
from canonry.naming.runtime.text import join

TODAY = date(2026, 11, 25)
WORDS = {
    "marke": {"nordlicht": ["NL"], "suedwind": ["SW"]},
    "land": {"de": ["deutschland"], "at": ["oesterreich"], "ch": []},
    "ziel": {"umsatz": ["sales"], "reichweite": ["reach"]},
    "quelle": {"facebook": ["FB"], "instagram": ["IG"]},
}
SLUG = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 30}


def _contract(identifier, template, fields, required=None, **meta):
    told = {"version": "1.0.0", "status": "active", "owner": "media", "backup_owner": "media", **meta}
    told["templates"] = template
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        "title": identifier,
        "description": "Words of a name.",
        "x-contract": told,
        "type": "object",
        "additionalProperties": False,
        "required": list(required if required is not None else fields),
        "properties": {name: {**spec, "description": "A word."} for name, spec in fields.items()},
    }
    return f"contracts{identifier}.json", json.dumps(document)


def _word(name):
    return {"$ref": f"/vocabularies/{name}"}


def small(seed, cut=".", *, formats=(), fields=("marke", "land", "ziel")):
    """A registry of two brands, and its campaigns: `fields` are what names say beside slug, month and id."""
    rng = random.Random(seed)
    files = {
        "registry/registry.yaml": {
            "name": "Klein", "base_url": "https://klein.example", "client_package": "klein",
        },
        "registry/teams.yaml": {
            "teams": {"media": {"name": "Media", "contact": "#media", "code_owners": ["@k/media"]}}
        },
        "registry/domains.yaml": {
            "own": ["www.klein.example", "konto.klein.example"], "landing": ["www.klein.example"],
        },
        "registry/accounts.yaml": {"accounts": {
            "meta-eins": {
                "platform": "meta", "id": "act_1", "label": "Eins", "currency": "EUR", "owner": "media",
                "time_zone": "Pacific/Auckland", "tagging": "manual", "contracts": ["/objects/eins/v1"],
            },
            "meta-zwei": {
                "platform": "meta", "id": "act_2", "label": "Zwei", "currency": "CHF", "owner": "media",
                "time_zone": "America/Los_Angeles", "tagging": "manual", "contracts": ["/objects/zwei/v1"],
            },
            "ga4": {
                "platform": "ga4", "id": "5", "label": "GA4", "currency": "EUR", "owner": "media",
                "time_zone": "Europe/Berlin", "tagging": "both",
            },
        }},
    }  # fmt: skip
    for name, words in WORDS.items():
        listed = {word: {"label": word, "aliases": list(also)} for word, also in words.items()}
        if name == "ziel":
            listed["verkauf"] = {
                "label": "old", "status": "deprecated", "replaced_by": "umsatz", "aliases": ["vk"],
            }  # fmt: skip
        vocabulary = {"title": name, "description": "Words.", "owner": "media", "words": listed}
        if name == "quelle":
            vocabulary["alphabet"] = "parameter"
        files[f"registry/vocabularies/{name}.yaml"] = vocabulary
    for key in ("meta", "ga4", "google_ads"):
        path = f"registry/platforms/{key}.yaml"
        files[path] = yaml.safe_load((ROOT / path).read_text("utf-8"))
    common = {"campaign_id": {"type": "string", "x-registry-id": "campaign"}}
    common["month"] = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
    texts = {path: yaml.safe_dump(told, allow_unicode=True) for path, told in files.items()}
    for name, schema in common.items():
        document = {
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"/common/{name}/v1",
            "title": name, "description": "Shared.", **schema,
            "x-contract": {"version": "1.0.0", "status": "active", "owner": "media", "backup_owner": "media"},
        }  # fmt: skip
        texts[f"contracts/common/{name}/v1.json"] = json.dumps(document)
    said = {name: _word(name) for name in fields}
    said |= {"slug": SLUG, "flight": {"$ref": "/common/month/v1"}}
    said |= {"campaign_id": {"$ref": "/common/campaign_id/v1"}}
    order = [*(f"{{{name}}}" for name in fields), "{slug}", "{flight:yyyymm}", "{campaign_id}"]
    objects = {"level": "campaign", "platforms": ["meta"]}
    made = [
        _contract("/objects/eins/v1", {"name": cut.join(order)}, said, **objects),
        _contract("/objects/zwei/v1", {"name": f"zwei{cut}" + cut.join(order)}, said, **objects),
        _contract(
            "/utm/sozial/v1",
            {
                "utm_source": "{quelle}", "utm_medium": "paid_social",
                "utm_campaign": "_".join(order), "utm_id": "{campaign_id}",
            },
            {"quelle": _word("quelle"), **said},
            channel="Paid Social", tagging="manual", platforms=["meta"],
        ),
        *formats,
    ]  # fmt: skip
    texts |= dict(made)
    for number in range(4):
        key = draw(rng)
        plan = {name: rng.choice(sorted(WORDS[name])) for name in fields}
        texts[f"registry/campaigns/{key}.yaml"] = yaml.safe_dump({
            "slug": f"aktion-{number}", "label": f"Aktion {number}", "description": "Kampagne.",
            "owner": "media", "backup_owner": "media", "time_zone": "Europe/Berlin", "status": "live",
            "start": "2026-11-01", "end": "2026-11-30", "fields": {**plan, "flight": "2026-11"},
            "landing_url": "https://www.klein.example/", "success": {"metric": "purchases"},
            "channels": [{"format": "/utm/sozial/v1", "platforms": ["meta"]}],
        })  # fmt: skip
    return standard(load(MemoryTree({path: text.encode() for path, text in texts.items()})).value, TODAY)


def seen(held, rng, account="meta-eins"):
    """A right campaign of an account, and a right link to it."""
    key = rng.choice(sorted(held.campaigns))
    fields = {"slug": held.campaigns[key].slug, **held.campaigns[key].fields, "campaign_id": key}
    contract = f"/objects/{account.partition('-')[2]}/v1"
    built = held.codec.build(contract, fields)
    assert built["ok"], built
    number = str(rng.randrange(10**15, 10**16))
    made = Observation(
        account, "meta", Level.CAMPAIGN, account=account, id=number, name=built["name"], status="active",
        starts=date(2026, 11, 1), ends=date(2026, 11, 30), parents={"account": number},
        weight=Weight(cost=5.0, currency=held.accounts[account].currency),
    )  # fmt: skip
    words = held.codec.build("/utm/sozial/v1", {**fields, "quelle": rng.choice(sorted(WORDS["quelle"]))})
    assert words["ok"], words
    return made, dict(words["params"])


def visit(params):
    """A page as it was visited by a link."""
    value = join("https://www.klein.example/", list(params.items()), {})
    return Observation("ga4", "ga4", Level.LINK, account="ga4", value=value, weight=Weight(rows=3))


def found(held, *observations, account=""):
    """Findings but thresholds: code, correction."""
    audit = Audit(held)
    levels = frozenset({Level.CAMPAIGN, Level.LINK})
    audit.take(
        Recorded("all", Capabilities("meta", levels, frozenset(Tells) - {Tells.ALL}, account), observations)
    )
    return [(f.code, f.details.get("correct")) for f in audit.report().findings if f.code[:2] != "A9"]


@pytest.mark.parametrize("cut", [".", "~"])
def test_a_small_registry_is_judged_by_its_own_words(cut):
    """Clean is silent; an alias, an old word, a typo, a name of the other account, a strange id are found."""
    held, rng = small(7, cut), random.Random(cut)
    assert not held.catalogue.broken
    clean = [
        pair
        for account in ("meta-eins", "meta-zwei")
        for _ in range(20)
        for pair in [seen(held, rng, account)]
    ]
    assert found(held, *(each for each, _ in clean), *(visit(params) for _, params in clean)) == []

    def spoilt(change, account="meta-eins"):
        while True:
            one, _ = seen(held, rng, account)
            right = one.name
            one.name = change(right)
            if one.name != right:
                return right, found(held, one)

    right, told = spoilt(lambda name: name.replace("nordlicht", "NL"))
    assert told == [("A104", right)]
    right, told = spoilt(lambda name: name.replace("umsatz", "verkauf"))
    assert told == [("A103", right)]
    right, told = spoilt(lambda name: name.replace("reichweite", "reichwiete"))
    assert told == [("A102", right)]
    _, told = spoilt(lambda name: f"zwei{cut}{name}")
    assert [code for code, _ in told] and {code for code, _ in told} <= {"A101", "A102"}
    _, told = spoilt(lambda name: name[:-6] + draw(rng))
    assert told == [("A108", None)]
    _, told = spoilt(lambda name: name.replace("aktion-", "aktionen-"))
    assert [code for code, _ in told] == ["A107"]
    _, told = spoilt(lambda name: name.replace("202611", "202503"))
    assert [code for code, _ in told] == ["A107"]


def test_what_stands_under_a_campaign_is_dated_in_its_own_zone():
    """Auckland and Los Angeles are a day apart; two days are two days."""
    held, rng = small(3), random.Random(3)
    for account in ("meta-eins", "meta-zwei"):
        one, _ = seen(held, rng, account)
        one.ends = date(2026, 12, 1)
        assert found(held, one) == []
        one.ends = date(2026, 12, 4)
        assert [code for code, _ in found(held, one)] == ["A502"]


def _format(name, medium, channel, **more):
    fields = {"quelle": _word("quelle"), "stufe": {"enum": ["oben", "unten"]}, "slug": SLUG}
    template = {"utm_source": "{quelle}", "utm_medium": medium, "utm_campaign": "{stufe}_{slug}"}
    return _contract(f"/utm/{name}/v1", template, fields, channel=channel, tagging="manual", **more)


def test_rules_that_a_tidy_registry_cannot_break():
    """Two formats that write the same, and words that land elsewhere than is declared."""
    twins = small(
        5, formats=(_format("eins", "social", "Organic Social"), _format("zwei", "social", "Organic Social"))
    )
    link = {"utm_source": "facebook", "utm_medium": "social", "utm_campaign": "oben_herbst"}
    assert [code for code, _ in found(twins, visit(link))] == ["U122"]
    astray = small(5, formats=(_format("eins", "social", "Email"),))
    assert [code for code, _ in found(astray, visit(link))] == ["U143"]

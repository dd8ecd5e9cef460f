"""Build and read are inverse over every template of the shipped catalogue."""

import json
from pathlib import Path
from random import Random

import pytest
from ruamel.yaml import YAML

from canonry.naming import ids
from canonry.naming.codec import Codec, join, split, unquote
from canonry.naming.languages import Model
from canonry.naming.links import Reader
from canonry.naming.proofs import Broken, prove
from canonry.naming.table import Sources, compile_table

ROOT = Path(__file__).parents[3]


def load():
    """The shipped registry as plain dicts."""
    yaml = YAML(typ="safe")
    contracts = {}
    for path in sorted(ROOT.glob("contracts/*/*/v*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        contracts[document["$id"]] = document
    folders = {
        name: {
            p.stem: yaml.load(p.read_text(encoding="utf-8"))
            for p in sorted(ROOT.glob(f"registry/{name}/*.yaml"))
        }
        for name in ("vocabularies", "platforms")
    }
    groups = yaml.load((ROOT / "registry/channel_groups.yaml").read_text(encoding="utf-8"))["groups"]
    domains = yaml.load((ROOT / "registry/domains.yaml").read_text(encoding="utf-8"))
    return contracts, folders["vocabularies"], folders["platforms"], groups, domains


CONTRACTS, VOCABULARIES, PLATFORMS, GROUPS, DOMAINS = load()
TABLE = json.loads(
    json.dumps(
        compile_table(
            Sources(CONTRACTS, VOCABULARIES, PLATFORMS, GROUPS, DOMAINS), lambda ref: CONTRACTS[ref]
        )
    )
)
CODEC = Codec(TABLE)
MODEL = Model(TABLE, PLATFORMS)
READER = Reader(CODEC)
FORMS = [(i, platform) for i, c in TABLE["contracts"].items() for platform in c["forms"]]


def some_value(identifier, name, rng):
    """A value that the field's schema allows."""
    spec = TABLE["contracts"][identifier]["fields"][name]
    match spec["type"]:
        case "word":
            field = CODEC.contract(identifier).fields[name]
            return rng.choice([word for word in field.choices() if word not in field.deprecated])
        case "set":
            return rng.choice(spec["values"])
        case "integer":
            return rng.randint(spec["min"], spec["max"])
        case "id":
            return ids.draw(rng)
        case "date":
            day = f"20{rng.randrange(100):02}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
            quarter = f"{day[:4]}-Q{rng.randrange(1, 5)}"
            return {"day": day, "month": day[:7], "quarter": quarter, "year": day[:4]}[spec["unit"]]
        case "name":
            return some_name(spec["of"], rng)
        case _:
            return Model(TABLE).field(identifier, name).sample(rng)


def some_fields(identifier, rng):
    """Values of every required field and of some of the others, that go together."""
    contract = CODEC.contract(identifier)
    for _ in range(500):
        chosen = [name for name in contract.fields if name in contract.required or rng.random() < 0.6]
        fields = {name: some_value(identifier, name, rng) for name in chosen}
        problems = [
            problem
            for problem in contract.form().params(fields)[2]
            if problem["reason"] in ("combination", "fields-together", "absent-mark")
        ]
        if not problems:
            return fields
    pytest.fail(f"no fields of {identifier} go together")


def some_name(identifier, rng):
    return CODEC.build(identifier, some_fields(identifier, rng))["name"]


def test_everything_that_ships_can_be_compiled():
    """No contract is left out of the table."""
    assert TABLE["skipped"] == {}
    assert len([i for i in TABLE["contracts"] if i.startswith("/utm/")]) >= 20


@pytest.mark.parametrize(("identifier", "platform"), FORMS)
def test_what_is_built_is_read_back(identifier, platform):
    """Every form: the fields that it writes come back as they were, and the reading is right."""
    rng = Random(f"{identifier} {platform}")
    contract = CODEC.contract(identifier)
    form = contract.forms[platform]
    linker = CODEC.linker(identifier, None if platform == "static" else platform)
    for _ in range(25):
        fields = some_fields(identifier, rng)
        built = CODEC.build(identifier, fields, platform)
        assert built["ok"], built["problems"]
        params = dict(built["params"])
        if contract.kind == "utm":
            url = join("https://www.example.com/a", built["params"], built["macros"])
            assert linker.link("https://www.example.com/a", fields) == (url, built["notes"], [])
            written = [
                (key, value if key in built["macros"] else unquote(value)) for key, value in split(url)[1]
            ]
            assert dict(written) == params
            answer = CODEC.read_params(params)
        else:
            answer = CODEC.read_name(contract.kind, params["name"], identifier)
        assert answer["status"] == "right", answer
        assert answer["format"] == identifier
        told = {name: str(value) for name, value in fields.items() if name in form.names}
        fixed = {
            name: contract.fields[name].fixed
            for name in form.names
            if contract.fields[name].fixed is not None
        }
        read = {name: str(value) for name, value in answer["fields"].items()}
        assert {**fixed, **told}.items() <= read.items()


def clicked(identifier, platform, rng):
    """A link of a form as it arrives: macros filled in with what they become."""
    form = CODEC.contract(identifier).forms[platform]
    built = CODEC.build(identifier, some_fields(identifier, rng), platform)
    parts = TABLE["contracts"][identifier]["forms"][platform]["params"]
    params = [
        (key, value if key not in form.macros else MODEL.param(identifier, parts[key]).sample(rng))
        for key, value in built["params"]
    ]
    return join(f"https://{DOMAINS['landing'][0]}/a", params)


@pytest.mark.parametrize(("identifier", "platform"), [form for form in FORMS if form[0].startswith("/utm/")])
def test_the_quick_way_of_reading_a_right_link_says_what_the_long_way_says(identifier, platform):
    """`Reader` has a short cut for links with nothing wrong; a harmless fragment closes it."""
    rng = Random(f"{identifier} {platform} 5")
    for _ in range(5):
        url = clicked(identifier, platform, rng)
        quick, long = READER.read(url), READER.read(url + "#top")
        assert [i["name"] for i in quick["issues"]] == [i["name"] for i in long["issues"]]
        for key in ("status", "format", "platform", "fields", "channel", "expanded"):
            assert quick[key] == long[key]
        if not quick["issues"]:
            assert long["corrected"] == url + "#top" and quick["corrected"] == url


def test_nothing_that_ships_breaks_a_proof():
    """Lint says so too; here it costs a second."""
    groups = {name: group["rules"] for name, group in GROUPS.items()}
    broken = [proof for proof in prove(Model(TABLE, PLATFORMS, groups)) if isinstance(proof.verdict, Broken)]
    assert broken == []

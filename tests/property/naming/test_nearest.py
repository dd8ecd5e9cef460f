"""Why a name is wrong is remembered by the classes of its tokens: what is told of it stays the same."""

import os
import random

import pytest
from tests.unit.naming import tables

from canonry.naming.codec import Codec
from canonry.naming.nearest import NearestNames
from canonry.naming.quick import QuickNames
from canonry.naming.runtime.rejections import with_nearest

ROUNDS = int(os.environ.get("CANONRY_ROUNDS", "150"))
FIELDS = {
    "market": {"$ref": "/vocabularies/market"},
    "format": {"$ref": "/vocabularies/format"},
    "stage": {"$ref": "/vocabularies/stage"},
    "source": {"$ref": "/vocabularies/social"},
    "size": {"enum": ["S", "m", 3]},
    "slug": {"type": "string", "pattern": tables.SLUG, "maxLength": 5},
    "topic": {"type": "string", "pattern": tables.SLUG, "minLength": 2, "maxLength": 9},
    "free": {"type": "string", "pattern": "^[a-z_]{1,6}$"},
    "version": {"type": "integer", "minimum": 1, "maximum": 99},
    "day": {"$ref": "/common/day/v1"},
    "month": {"$ref": "/common/month/v1"},
    "quarter": {"$ref": "/common/quarter/v1"},
    "campaign_id": {"$ref": "/common/campaign_id/v1"},
    "tag": {"type": "string", "x-name-of": "/creatives/tag/v1"},
}
WORDS = [
    *("de", "DE", "gb", "uk", "UK", "su", "yu", "YU", "xx", "XX", "video", "Video", "image", "text", "txt"),
    *(
        "tof",
        "bof",
        "BOF",
        "facebook",
        "FB",
        "meta",
        "ads",
        "tiktok",
        "S",
        "s",
        "m",
        "M",
        "3",
        "03",
        "v3",
        "V3",
    ),
    *(
        "v03",
        "v",
        "3d",
        "03d",
        "3D",
        "d",
        "vd",
        "v100",
        "202611",
        "2026Q4",
        "2026q4",
        "20261121",
        "202613",
        "",
    ),
    *(
        "k7m2pk",
        "K7M2PK",
        "k7m2pp",
        "a",
        "ab",
        "a-b",
        "A-B",
        "a--b",
        "abcdef",
        "abcdefghij",
        "é",
        " de",
        "by",
    ),
    *("By", "on", "\u0130", "\ud800", "\u212a", "q" * 300),
]


def _template(rng: random.Random, names: list[str]) -> str:
    pieces = []
    for name in names:
        head, tail = (rng.choice(["", "", "", "v", "on-"]), rng.choice(["", "", "", "d", "-x"]))
        slot = f"{{{name}:{rng.choice(['yyyymm'])}}}" if name == "month" else f"{{{name}}}"
        slot = {"day": "{day:yyyymmdd}", "quarter": "{quarter:yyyyqn}"}.get(name, slot)
        pieces.append(f"{slot}" if name == "tag" else f"{head}{slot}{tail}")
    if rng.random() < 0.2:
        pieces.insert(rng.randrange(len(pieces) + 1), "by")
    cut = rng.choice(["_"] * 9 + ["-"])
    if len(pieces) > 2 and rng.random() < 0.2:
        return cut.join(pieces[:-1]) + f"[{cut}{pieces[-1]}]"
    return cut.join(pieces)


def _contract(rng: random.Random, among: list[str]):
    names = rng.sample(among, rng.randrange(2, min(6, len(among))))
    if rng.random() < 0.4:
        names = list(dict.fromkeys([*rng.sample(["market", "format", "stage"], 2), *names[:3]]))
    text = _template(rng, names)
    listed = [name for name in names if name in ("market", "format", "stage")]
    extra = {}
    if len(listed) > 1 and rng.random() < 0.4:
        rows = [["video", ["tof"]], ["text", "*"], ["de", "*"], ["*", ["de", "gb"]], ["*", ["tof"]]]
        extra["allowed_combinations"] = [{"fields": listed[:2], "rows": rng.sample(rows, 2)}]
    if rng.random() < 0.3:
        extra["legacy_templates"] = [{"name": _template(rng, rng.sample(names, max(1, len(names) - 1)))}]
    optional = tuple(names[-1:] if "[" in text else ())
    return tables.contract({"name": text}, {name: FIELDS[name] for name in names}, optional=optional, **extra)


def _codec(rng: random.Random) -> Codec:
    plain = [
        name for name in FIELDS if name not in ("tag", *([] if rng.random() < 0.2 else ["free", "source"]))
    ]
    contracts = {f"/objects/o{n}/v1": _contract(rng, [*plain, "tag"]) for n in range(rng.randrange(1, 7))}
    return tables.codec({"/creatives/tag/v1": _contract(rng, plain), **contracts})


def _right(codec: Codec, identifier: str, rng: random.Random) -> str:
    """A name of the contract, if its words go together."""
    contract = codec.contract(identifier)
    form = rng.choice([*contract.forms.values(), *contract.older])
    template = form.templates["name"]
    text = ""
    for place, item in enumerate(rng.choice(template.shapes)[0]):
        if place % 2 == 0:
            text += item
            continue
        field = template.fields[item]
        if field.spec["type"] == "name":
            text += _right(codec, field.spec["of"], rng)
        else:
            fitting = [word for word in WORDS if field.read(word) is not None]
            text += rng.choice(fitting or WORDS)
    return text


@pytest.mark.parametrize("seed", range(max(4, ROUNDS // 10)))
def test_what_is_remembered_of_a_class_of_names_is_what_a_search_finds(seed):
    """Of any contracts and any names, in any order: by token, by head and tail, nested, mixed, too long."""
    rng = random.Random(seed)
    codec = _codec(rng)
    live = tuple(codec.live("objects"))
    if not live:
        return
    nearest = NearestNames(codec, QuickNames(codec), live)
    for _ in range(400):
        words = _right(codec, rng.choice(live), rng).split("_")
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            words = words or [""]
            at = rng.randrange(len(words))
            match rng.randrange(4):
                case 0:
                    words[at] = rng.choice(WORDS)
                case 1:
                    words.insert(at, rng.choice(WORDS))
                case 2 if len(words) > 1:
                    del words[at]
                case _:
                    words[at] = rng.choice([words[at].upper(), words[at] + "q", words[at][:-1]])
        text = "_".join(words)
        found = nearest.read(text)
        assert found == nearest.searched(text), text
        assert found["status"] != "rejected" or found["rejections"], text
        if rng.random() < 0.1:
            _as_by_every_contract(codec, live, text, found)


def _as_by_every_contract(codec, live, text, found):
    """The nearest of the answers of all contracts, each asked by itself."""
    answers = [codec.read_name("objects", text, each) for each in live]
    order = {"right": 0, "readable": 1, "rejected": 2}
    best = min(answers, key=lambda a: (order[a["status"]], len(a["rejections"]), len(a["notes"])))
    assert {**found, "rejections": with_nearest(found["rejections"])} == best, text


def test_most_registries_have_classes_of_names():
    """Else the test above would compare a search with itself."""
    made = [_codec(random.Random(seed)) for seed in range(60)]
    nearest = [NearestNames(codec, QuickNames(codec), tuple(codec.live("objects"))) for codec in made]
    assert sum(each.remembers for each in nearest) > 20

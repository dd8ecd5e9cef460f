"""Every proof agrees with brute force on vocabularies small enough to try everything."""

import itertools
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.naming import tables

from canonry.naming import template as grammar
from canonry.naming.channels import Channels
from canonry.naming.codec import Codec
from canonry.naming.languages import Model
from canonry.naming.proofs import Broken, Proved, across, channel, fit, round_trip
from canonry.naming.runtime.text import quote

WORDS = st.lists(
    st.sampled_from(["a", "b", "ab", "a-b", "b-a", "a_b", "xx", "1", "11", "a1"]),
    min_size=1,
    max_size=3,
    unique=True,
)
LITERALS = st.sampled_from(["_", "_", "-", "a", "_a_", "v", "1"])
NAMES = ("f", "g", "h")


@st.composite
def templates(draw, names=NAMES):
    """A template over some fields: slots with literals between, some of them in brackets."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    text = f"{{{chosen[0]}}}"
    for name in chosen[1:]:
        piece = f"{draw(LITERALS)}{{{name}}}"
        text += f"[{piece}]" if draw(st.booleans()) else piece
    if draw(st.booleans()) and "[" not in text:
        text += f"{draw(LITERALS)}{{{chosen[0]}}}"
    return text


@st.composite
def contracts(draw):
    """A contract of names with small vocabularies, optional fields and, sometimes, combinations."""
    text = draw(templates())
    used = grammar.parse(text)[0].fields
    words = {name: draw(WORDS) for name in used}
    optional = tuple(name for name in used if draw(st.booleans()))
    extra = {}
    if len(used) > 1 and draw(st.booleans()):
        cells = {
            name: st.one_of(st.just("*"), st.lists(st.sampled_from([*words[name], "xx"]), min_size=1))
            for name in used
        }
        rows = draw(st.lists(st.tuples(*(cells[name] for name in used)), min_size=1, max_size=3))
        extra["allowed_combinations"] = [{"fields": list(used), "rows": [list(row) for row in rows]}]
    return tables.contract(
        {"name": text}, {name: {"enum": words[name]} for name in used}, optional=optional, **extra
    )


def values(document):
    """Every allowed set of fields, None for absent ones."""
    names = list(document["properties"])
    required = document["required"]
    choices = [document["properties"][n]["enum"] + ([] if n in required else [None]) for n in names]
    for chosen in itertools.product(*choices):
        fields = dict(zip(names, chosen, strict=True))
        if all(allowed(entry, fields) for entry in document["x-contract"].get("allowed_combinations", ())):
            yield fields


def allowed(entry, fields):
    spelt = ["xx" if fields[name] is None else fields[name] for name in entry["fields"]]
    return any(
        all(cell == "*" or text in cell for cell, text in zip(row, spelt, strict=True))
        for row in entry["rows"]
    )


def written(text, fields):
    """What a template writes, by the letter of the design; None where fields of one option come apart."""
    out = ""
    for part in grammar.parse(text)[0].parts:
        if isinstance(part, grammar.Option):
            present = [fields.get(name) is not None for name in part.fields]
            if any(present) and not all(present):
                return None
            out += (
                "".join(p if isinstance(p, str) else fields[p.field] for p in part.parts)
                if all(present)
                else ""
            )
        else:
            out += part if isinstance(part, str) else (fields.get(part.field) or "xx")
    return out


def names(document):
    """Every name with the sets of fields that write it."""
    found = defaultdict(list)
    for fields in values(document):
        name = written(document["x-contract"]["templates"]["name"], fields)
        if name is not None and fields not in found[name]:
            found[name].append(fields)
    return found


def compiled(documents):
    table = tables.table(documents)
    return None if table["skipped"] else Model(table)


@settings(max_examples=200, deadline=None)
@given(contracts())
def test_round_trip_agrees_with_trying_every_name(document):
    """Proved exactly where no name has two sets of fields; the witness is such a name."""
    model = compiled({"/creatives/x/v1": document})
    if model is None:
        return
    found = names(document)
    if not found:
        return
    clashing = {name for name, readings in found.items() if len(readings) > 1}
    verdicts = [proof.verdict for proof in round_trip(model, "/creatives/x/v1")]
    assert all(isinstance(verdict, Proved) for verdict in verdicts) == (not clashing), (verdicts, clashing)
    for verdict in verdicts:
        if isinstance(verdict, Broken):
            assert verdict.witness["name"] in clashing
            for reading in verdict.witness["readings"]:
                assert {n: reading.get(n) for n in document["properties"]} in found[verdict.witness["name"]]


@settings(max_examples=150, deadline=None)
@given(contracts())
def test_the_codec_reads_what_it_builds(document):
    """Build and read are inverse wherever the proof holds; only the absent mark is refused as a value."""
    model = compiled({"/creatives/x/v1": document})
    if model is None or any(isinstance(p.verdict, Broken) for p in round_trip(model, "/creatives/x/v1")):
        return
    codec = Codec(model.table)
    for fields in values(document):
        given_fields = {name: value for name, value in fields.items() if value is not None}
        name = written(document["x-contract"]["templates"]["name"], fields)
        built = codec.build("/creatives/x/v1", given_fields)
        if name is None:
            assert not built["ok"]
            continue
        if not built["ok"]:
            assert built["problems"][0]["reason"] == "absent-mark"
            continue
        assert built["name"] == name
        answer = codec.read_name("creatives", name)
        assert (answer["status"], answer["fields"]) == ("right", given_fields)


@settings(max_examples=150, deadline=None)
@given(contracts(), contracts())
def test_overlap_agrees_with_trying_every_name(one, two):
    """Proved exactly where no name belongs to both; the witness belongs to both."""
    model = compiled({"/creatives/x/v1": one, "/creatives/y/v1": two})
    if model is None:
        return
    common = names(one).keys() & names(two).keys()
    [proof] = across(model, "/creatives/x/v1", "/creatives/y/v1")
    assert isinstance(proof.verdict, Proved) == (not common), (proof, common)
    if isinstance(proof.verdict, Broken):
        assert proof.verdict.witness["name"] in common


@settings(max_examples=120, deadline=None)
@given(contracts(), contracts())
def test_two_majors_may_share_what_they_read_alike(one, two):
    """Between majors, what counts is a name with two different readings."""
    model = compiled({"/creatives/x/v1": one, "/creatives/x/v2": two})
    if model is None:
        return
    first, second = names(one), names(two)
    unlike = {
        name
        for name in first.keys() & second.keys()
        for left, right in itertools.product(first[name], second[name])
        if {k: v for k, v in left.items() if v} != {k: v for k, v in right.items() if v}
    }
    alone = any(len(readings) > 1 for names_ in (first, second) for readings in names_.values())
    [proof] = across(model, "/creatives/x/v1", "/creatives/x/v2")
    if not alone:
        assert isinstance(proof.verdict, Proved) == (not unlike), (proof, unlike)


@settings(max_examples=200, deadline=None)
@given(
    contracts(),
    st.integers(2, 12),
    st.sampled_from(["chars", "bytes"]),
    st.sampled_from(["", "-", "_1", "b"]),
)
def test_fit_agrees_with_trying_every_name(document, most, unit, forbidden):
    """The longest name, forbidden characters and reserved names."""
    document["x-contract"] |= {"platforms": ["p"], "level": "ad"}
    level = {
        "name": {"max": most, "unit": unit},
        "forbidden": forbidden,
        "reserved": ["A", "a_b"],
        "reserved_prefixes": ["1"],
    }
    model = compiled({"/objects/x/v1": document})
    found = names(document)
    if model is None or not found:
        return
    model.platforms = {"p": {"levels": {"ad": level}}}
    bad = {
        "length": {n for n in found if len(n) > most},
        "forbidden": {n for n in found if set(n) & set(forbidden)},
        "reserved": {n for n in found if n.lower() in ("a", "a_b") or n.startswith("1")},
    }
    broken = {p.topic: p.verdict for p in fit(model, "/objects/x/v1") if isinstance(p.verdict, Broken)}
    assert broken.keys() == {topic for topic, witnesses in bad.items() if witnesses}
    for topic, verdict in broken.items():
        assert verdict.witness["name"] in bad[topic]
        if topic == "length":
            assert verdict.witness["length"] == max(map(len, found))


SOURCES = st.lists(
    st.sampled_from(["facebook", "google", "klaviyo", "amazon", "youtube", "sms", "shop", "x"]),
    min_size=1,
    max_size=3,
    unique=True,
)
MEDIUMS = st.lists(
    st.sampled_from(["cpc", "paid_social", "email", "social", "push", "display", "qr", "video"]),
    min_size=1,
    max_size=2,
    unique=True,
)
CAMPAIGN_WORDS = st.lists(
    st.sampled_from(["spring", "shop", "workshop", "eshop", "cross-network", "a", "xx", "shopping"]),
    min_size=1,
    max_size=3,
    unique=True,
)
GROUPS = {
    "own": {
        "label": "Own",
        "effective": "2026-01-01",
        "rules": [
            {"channel": "Codes", "when": {"field": "medium", "op": "exact", "value": "QR"}},
            {
                "channel": "Shops",
                "when": {
                    "all": [
                        {"field": "default_channel", "op": "begins_with", "value": "organic"},
                        {"not": {"field": "campaign", "op": "regex", "value": "(spring|a).*"}},
                    ]
                },
            },
        ],
    }
}


@st.composite
def formats(draw):
    """A format whose source, medium and campaign share fields, options and combinations."""
    fields = {"s": draw(SOURCES), "m": draw(MEDIUMS), "c": draw(CAMPAIGN_WORDS)}
    optional = tuple(name for name in ("c",) if draw(st.booleans()))
    campaign = draw(st.sampled_from(["{c}", "{s}_{c}", "{c}_{m}", "x[_{c}]", "{s}", "[{c}]", "sale-{c}"]))
    templates_ = {
        "utm_source": draw(st.sampled_from(["{s}", "{s}", "klaviyo", "[{c}]"])),
        "utm_medium": draw(st.sampled_from(["{m}", "{m}", "email"])),
        "utm_campaign": campaign,
    }
    text = " ".join(templates_.values())
    used = [name for name in fields if f"{{{name}}}" in text]
    extra = {}
    if len(used) > 1 and draw(st.booleans()):
        pair = draw(st.permutations(used))[:2]
        rows = draw(
            st.lists(
                st.tuples(*(st.lists(st.sampled_from(fields[n]), min_size=1) for n in pair)),
                min_size=1,
                max_size=2,
            )
        )
        extra["allowed_combinations"] = [{"fields": pair, "rows": [list(row) for row in rows]}]
    declared = draw(
        st.sampled_from(
            ["Paid Social", "Email", "Organic Social", "Unassigned", "Organic Shopping", "Display"]
        )
    )
    custom = draw(st.sampled_from([None, "Codes", "Shops"]))
    return tables.contract(
        templates_,
        {n: {"enum": fields[n]} for n in used},
        optional=optional,
        channel=declared,
        custom_channel=custom,
        **extra,
    )


@settings(max_examples=200, deadline=None)
@given(formats())
def test_the_channel_proof_agrees_with_trying_every_link(document):
    """Proved exactly where the engine puts every link where it is declared; a witness lands elsewhere."""
    table = tables.table({"/utm/x/v1": document}, groups=GROUPS)
    if table["skipped"]:
        return
    model = Model(table, {}, {"own": GROUPS["own"]["rules"]})
    engine = Channels(Codec(table))
    links = set()
    for fields in values(document):
        texts = [written(t, fields) for t in document["x-contract"]["templates"].values()]
        if None not in texts:
            links.add(tuple(texts))
    if not links:
        return
    extra = document["x-contract"]
    for group, declared in (("default", extra["channel"]), ("own", extra["custom_channel"])):
        if declared is None:
            continue
        landed = {link: engine.decide(*link, group=group)["channel"] for link in links}
        [proof] = [p for p in channel(model, "/utm/x/v1") if p.topic == group]
        wrong = {link for link, where in landed.items() if where != declared}
        assert isinstance(proof.verdict, Proved) == (not wrong), (proof, wrong)
        if isinstance(proof.verdict, Broken):
            witness = proof.verdict.witness
            link = tuple(witness[f"utm_{name}"] or "" for name in ("source", "medium", "campaign"))
            assert link in wrong and witness["channel"] == landed[link]
            assert all(f"={quote(text)}" in witness["link"] for text in link if text)

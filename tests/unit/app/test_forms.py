"""A line that a form matches is right: by the schema, and by every other way of judging it."""

import json
import random
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.regular.strategies import patterns
from tests.unit.app.test_judge import SCHEMAS
from tests.unit.codegen.instances import Maker, near_misses

from canonry.adapters.worktree import DirectoryTree
from canonry.app.forms.known import Forms
from canonry.app.forms.layout import STYLES, Layout
from canonry.app.forms.scalars import UnwrittenError, scalars
from canonry.app.judge import Judge
from canonry.app.validate import Table, table
from canonry.catalogue.load import load
from canonry.kernel.errors import CanonryError
from canonry.regular import CharSet, pattern
from canonry.regular.atomic import atomic

ROOT = Path(__file__).parents[3]
TAGGED = {
    "/events/paid/v1": {  # what must be there depends on a word
        "type": "object",
        "additionalProperties": False,
        "required": ["method"],
        "properties": {
            "method": {"enum": ["card", "invoice", "cash"]},
            "card": {"type": "string", "pattern": "^[0-9]{4}$"},
            "due": {"type": "string", "allOf": [{"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}]},
        },
        "if": {"properties": {"method": {"const": "card"}}, "required": ["method"]},
        "then": {"required": ["card"]},
        "else": {"properties": {"card": {"maxLength": 0}}},
    },
    "/events/reached/v1": {
        "type": "object",
        "properties": {"kind": {"type": "string"}, "by": {"type": ["integer", "string", "null"]}},
        "oneOf": [
            {"properties": {"kind": {"const": "mail"}, "by": {"type": "string"}}, "required": ["kind"]},
            {"properties": {"kind": {"const": "call"}, "by": {"type": "integer"}}, "required": ["kind"]},
        ],
    },
    "/events/scored/v1": {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {
            "points": {"type": "integer", "minimum": -30, "exclusiveMaximum": 1200},
            "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            "words": {"type": "array", "uniqueItems": True, "maxItems": 3, "items": {"type": "string"}},
            "text": {"type": "string", "minLength": 2, "maxLength": 5},
            "place": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
        },
    },
    "/events/nested/v1": {  # a value that is no object meets every test of members
        "type": "object",
        "properties": {
            "by": {
                "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                "then": {"type": ["object", "null"]},
                "else": {"type": ["object", "string"]},
                "properties": {"kind": {"enum": ["a", "b"]}},
            },
            "of": {
                "oneOf": [
                    {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
                    {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
                ]
            },
        },
    },
    "/events/empty/v1": {"type": "object", "additionalProperties": False},
}  # fmt: skip
OWN = {**SCHEMAS, **TAGGED}
OWN_TABLE = Table({name: json.dumps(schema) for name, schema in OWN.items()}, {name: name for name in OWN})
SHIPPED = table(load(DirectoryTree(ROOT)).value)


def taught(of: Table, lines: list[bytes]) -> Judge:
    """A judge that has the forms of some right lines."""
    judge = Judge(of)
    for _ in range(2):  # the second time with the unusual texts of what did not match
        judge._forms._credit = 10**6
        judge.lines(b"\n".join(lines))
        judge._forms._compile()
    return judge


def untaught(of: Table) -> Judge:
    judge = Judge(of)
    judge._forms.learn = lambda *_: None
    return judge


def tallied(judge: Judge, data: bytes) -> object:
    judge._forms._idle = 0
    tally = judge.lines(data)
    return tally.lines, tally.right, tally.wrong, tally.failures, tally.unknown_events


def written(event: object, rng: random.Random) -> bytes:
    """As one of the programs writes it that there are."""
    style = rng.choice([{"separators": (",", ":")}, {}, {"ensure_ascii": False}])
    return json.dumps(event, **style).encode("utf-8", "surrogatepass")


def garbled(line: bytes, rng: random.Random) -> bytes:
    """A line with a few characters gone, doubled or replaced by others that JSON gives a meaning."""
    text = list(line.decode("utf-8", "surrogatepass"))
    for _ in range(rng.choice([1, 1, 2])):
        place = rng.randrange(len(text))
        text[place : place + rng.choice([0, 1])] = rng.choice(
            [
                "",
                "",
                *'"\\,:{}[]0159eE.-+ \r\t\x00é\u2028',
                "\\u0041",
                "null",
                ', "x": 1',
                '"properties": {}',
                text[place] * 2,
            ]
        )
    return "".join(text).encode("utf-8", "surrogatepass").replace(b"\n", b"")


@pytest.mark.parametrize("of", [OWN_TABLE, SHIPPED], ids=["own", "shipped"])
def test_forms_change_no_verdict(of: Table) -> None:
    """Right lines, near misses and garbled lines, in every style, are judged as without forms."""
    rng = random.Random(3)
    schemas = {name: json.loads(text) for name, text in of.schemas.items()}
    chosen = sorted(schemas) if len(schemas) < 20 else rng.sample(sorted(schemas), 25)
    right, doubtful = [], []
    for name in chosen:
        maker = Maker(schemas[name], rng)
        for _ in range(12):
            payload = maker.value(schemas[name])
            event = {"contract": name, "id": rng.choice(["a", "é", 1, None]), "properties": payload}
            line = written(event, rng)
            right.append(line)
            doubtful += [written({**event, "properties": near}, rng) for near in near_misses(payload, rng, 5)]
            doubtful += [garbled(line, rng) for _ in range(8)]
            doubtful += [line + b"\r", b" " + line, line]
    judge, plain = taught(of, right), untaught(of)
    found = judge._forms.right(b"\n".join(right))
    assert found is not None and sum(found[0].values()) > len(right) / 3, "forms match what they were made of"
    rng.shuffle(doubtful)
    for start in range(0, len(doubtful), 50):
        data = b"\n".join(doubtful[start : start + 50])
        assert tallied(judge, data) == tallied(plain, data)
    for line in doubtful:  # alone, so that nothing makes up for anything
        judge._forms._idle = 0
        told = judge._forms.right(line)
        if told is not None and told[0]:
            assert plain.lines(line).right == told[0], line


def test_most_examples_of_shipped_events_have_a_form() -> None:
    """Or `validate` would be as slow as the validator."""
    events = []
    for path in sorted((ROOT / "contracts/events").glob("*/v1.json")):
        document = json.loads(path.read_bytes())
        events += [{"contract": document["$id"], "properties": one} for one in document.get("examples", ())]
    lines = [json.dumps(event).encode() for event in events]
    found = taught(SHIPPED, lines)._forms.right(b"\n".join(lines))
    assert found is not None and len(found[1]) < len(lines) / 50


@pytest.mark.parametrize(
    "line",
    [
        '{"contract": "/events/tree/v1", "properties": {"n": 1}, "properties": {"n": "x"}}',
        '{"contract": "/events/tree/v1", "contract": "/events/large/v1", "properties": {"n": 1}}',
        '{"contract": "/events/tree/v1", "properties": {"n": 1}} {}',
        '{"contract": "/events/tree/v1", "properties": {"n": 1},}',
        '{"contract": "/events/tree/v1", "properties": {"n": 01}}',
        '{"contract": "/events/tree/v1", "properties": {"n": 1 }}',
        '{"contract": "/events/tree/v1", "payload": {"n": "x"}, "properties": {"n": 1}}',
        '{"contract": "/events/large/v1", "event": "/events/tree/v1", "properties": {"n": 1}}',
        '{"contract": 5, "event": "/events/tree/v1", "properties": {"n": 1}}',
        '{"contract": "nobody", "event": "/events/tree/v1", "properties": {"n": 1}}',
        '{"contract": "/events/tree/v1", "properties": {"\\u006e": 1}}',
        '{"contract": "/events/tree/v1", "properties": {"n": 1, "next": {"n": "x"}}}',
    ],
)
def test_lines_that_look_like_a_form(line: str) -> None:
    """Names twice, two values, other places of name and payload: as without forms."""
    taught_lines = [
        '{"contract": "/events/tree/v1", "properties": {"n": 1}}',
        '{"contract": "/events/tree/v1", "properties": {"n": 1, "next": {"n": 2}}}',
        '{"contract": "nobody", "event": "/events/tree/v1", "properties": {"n": 1}}',
        '{"contract": "/events/large/v1", "properties": {"id": 1}}',
        '{"contract": "/events/tree/v1", "payload": 5, "properties": {"n": 1}}',
        '{"event": "/events/tree/v1", "properties": {"n": 1}, "params": 1}',
    ]
    judge = taught(OWN_TABLE, [one.encode() for one in taught_lines])
    for known in taught_lines[:-1]:
        assert judge._forms.right(known.encode())[0], known
    assert tallied(judge, line.encode()) == tallied(untaught(OWN_TABLE), line.encode())


TEXT = ~(CharSet([(0, 0x1F)]) | CharSet.of('"\\'))


NESTED = "/events/nested/v1"
SCORED = "/events/scored/v1"
ALL = {"points": 5, "share": 0.5, "words": ["a"], "text": "abc", "place": [1, 2]}


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize(
    ("contract", "payloads", "old", "new"),
    [
        (SCORED, [ALL], ',"share"', '"share"'),
        (SCORED, [ALL], "[1,2]}", "[1,2],}"),
        (SCORED, [ALL], "[1,2]}", "[1,2,]}"),
        (SCORED, [ALL], "[1,2]", "[12]"),
        (SCORED, [ALL], '{"points"', '{,"points"'),
        (SCORED, [ALL], ',"share"', ',,"share"'),
        (SCORED, [{"points": 1, "text": "ab"}], ',"text"', '"text"'),
        (SCORED, [{"points": 1, "text": "ab"}], '"ab"}', '"ab",}'),
        (SCORED, [{"points": 1}, {"text": "ab"}], '{"points":1}', "{}"),
        ("/events/paid/v1", [{"method": "cash", "due": "2024-02-28"}], '"method":"cash",', ""),
        ("/events/paid/v1", [{"method": "cash", "due": "2024-02-28"}], "02-28", "02-30"),
        ("/events/paid/v1", [{"method": "card", "card": "1234"}], "card", "cash"),
        (NESTED, [{"by": {"kind": "a"}}, {"by": {"kind": "b"}}, {"by": None}], '{"kind":"b"}', '"text"'),
        (NESTED, [{"of": {"kind": "a"}}, {"of": {"kind": "b"}}], '{"kind":"b"}', '"text"'),
        ("/events/money/v1", [{"rate": 1.25}], "1.25", "1.255"),
        ("/events/money/v1", [{"rate": 1.25}], "1.25", "1e400"),
    ],
)
def test_one_character_more_or_less(
    contract: str, payloads: list[object], old: str, new: str, separators: tuple[str, str]
) -> None:
    """Commas that are missing or too many, and values one step outside: as without forms."""
    events = [{"contract": contract, "properties": payload} for payload in payloads]
    lines = [json.dumps(event, separators=separators).encode() for event in events]
    old, new = (text.replace(",", separators[0]).replace(":", separators[1]) for text in (old, new))
    judge, plain = taught(OWN_TABLE, lines), untaught(OWN_TABLE)
    assert judge._forms.right(b"\n".join(lines)) is not None
    changed = [line.decode().replace(old, new).encode() for line in lines]
    assert changed != lines
    for line in (*lines, *changed):
        assert tallied(judge, line) == tallied(plain, line), line


@given(st.data(), patterns)
def test_an_atomic_pattern_matches_nothing_else(data: st.DataObject, text: str) -> None:
    """What it matches is of the language, and of the characters that were asked for."""
    import re

    found = atomic(text, TEXT, data.draw(st.sampled_from([None, 1, 3])))
    if found is None:
        return
    try:
        language = pattern(text)
        sample = language.shortest() or ""
    except CanonryError:
        return
    compiled = re.compile(found.text)
    for word in (sample, *data.draw(st.lists(st.text('ab01-_ é"\\\n'), max_size=8))):
        if compiled.fullmatch(word):
            assert language.accepts(word) and not set(word) & set('"\\\n')
            assert found.shortest <= len(word) <= (len(word) if found.longest is None else found.longest)


def test_atomic_patterns_do_not_go_back() -> None:
    """What takes a backtracking engine for ever takes no time."""
    import re
    import time

    found = atomic("^(?:(?:a+)+b|a*a*a*c)$", TEXT)
    assert found is not None
    started = time.process_time()
    assert re.fullmatch(found.text, "a" * 50_000) is None
    assert time.process_time() - started < 5


@pytest.mark.parametrize("seed", range(4))
def test_numbers_within_limits(seed: int) -> None:
    """Whatever the limits, a number that is matched is accepted."""
    import re

    rng = random.Random(seed)
    limits = [
        -1e300,
        -1000,
        -99.5,
        -1,
        -0.5,
        0,
        0.5,
        1,
        7,
        9,
        10,
        99,
        99.99,
        100,
        1234,
        10**12,
        10**15,
        2**60,
    ]
    texts = [
        "-0",
        "0",
        "0.0",
        "1.50",
        "-1.5",
        "10",
        "100",
        "99.999999999999999",
        "1e3",
        "5.0",
        "0.000000000000001",
    ]
    texts += [str(rng.randint(-2000, 2000)) for _ in range(60)]
    texts += [f"{rng.uniform(-120, 120):.{rng.randint(1, 4)}f}" for _ in range(60)] + [
        str(10**k - 1) for k in range(17)
    ]
    matched = 0
    for _ in range(150):
        node = {key: rng.choice(limits) for key in rng.sample(
            ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], rng.randint(0, 2))}  # fmt: skip
        node["type"] = rng.choice(["number", "integer"])
        node |= rng.choice([{}, {"multipleOf": 0.01}, {"multipleOf": 1}])
        try:
            ((found,),) = scalars([node], {node["type"]}, thorough=True)
        except UnwrittenError:
            continue
        holds = jsonschema_rs.validator_for(node).is_valid
        for text in texts:
            if re.fullmatch(found, text):
                matched += 1
                assert holds(json.loads(text)), (node, text)
    assert matched > 1000


def test_layouts_grow_by_what_is_new() -> None:
    """Members that are new find their places; another order is another layout."""
    layout = Layout()
    assert layout.take({"a": 1, "c": [{"x": 1}]})
    assert layout.takes({"a": 1, "b": None, "c": []}) and layout.take({"a": 1, "b": None, "c": []})
    assert layout.members == ["a", "b", "c"] and layout.always == {"a", "c"}
    assert not layout.takes({"c": [], "a": 1})
    assert not layout.take({"a": 1, "c": []})


def test_what_is_learned_is_bounded() -> None:
    """Lines that are all different in what no contract is about make no pattern without end."""
    forms = Forms({"/events/tree/v1": SCHEMAS["/events/tree/v1"]})
    judge = Judge(OWN_TABLE)
    for number in range(3000):
        event = {"contract": "/events/tree/v1", f"key{number}": 1, "properties": {"n": 1}}
        forms._credit = 10
        forms.learn([json.dumps(event).encode()], [event], judge.route)
    assert forms._number <= 4 and len(STYLES) == 2
    assert all(len(form.layout.members) <= 1001 for group in forms._forms.values() for form in group)

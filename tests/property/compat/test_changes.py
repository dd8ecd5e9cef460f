"""Random sequences of edits: check passes none that compare calls broken, and versions only go up."""

import copy
import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.unit.compat.cases import TODAY, base, edited, judged

from canonry.adapters.snapshot import FileSnapshot
from canonry.app.bump import bumps
from canonry.app.check import check
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.catalogue.resolved import Resolver
from canonry.catalogue.tree import MemoryTree
from canonry.kernel.ids import ContractId, Version
from canonry.schema import compare

EVENT = "contracts/events/order_completed/v1.json"
MONEY = "contracts/common/money/v1.json"
IDENTIFIER = ContractId.parse("/events/order_completed/v1")
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

SCHEMAS = st.sampled_from(
    [
        {"type": "string", "maxLength": 20},
        {"type": "string", "maxLength": 10},
        {"type": "string", "enum": ["a", "b"]},
        {"type": "string", "enum": ["a"]},
        {"type": "integer", "minimum": 0},
        {"type": "number", "minimum": 0},
        {"type": ["string", "integer"]},
        {"$ref": "/common/money/v1"},
        {"$ref": "/vocabularies/market"},
        {"$ref": "/vocabularies/plan"},
    ]
)
NAMES = st.sampled_from(["coupon", "note", "plan", "email", "total"])
EDITS = st.one_of(
    st.tuples(st.just("set"), NAMES, SCHEMAS),
    st.tuples(st.just("drop"), NAMES, st.none()),
    st.tuples(st.just("require"), NAMES, st.booleans()),
    st.tuples(st.just("say"), NAMES, st.sampled_from(["One.", "Two."])),
    st.tuples(st.just("money"), st.just("amount"), st.sampled_from([0, -5, 10])),
    st.tuples(st.just("word"), st.sampled_from(["pl", "nl"]), st.sampled_from(["market", "plan"])),
)


def applied(files, edits):
    """The files after some edits."""
    event, money = json.loads(files[EVENT]), json.loads(files[MONEY])
    files = dict(files)
    for what, name, value in edits:
        properties = event["properties"]
        if what == "set":
            properties[name] = {**copy.deepcopy(value), "description": "Edited.", "x-pii": "none"}
        elif what == "drop":
            properties.pop(name, None)
            event["required"] = [other for other in event["required"] if other != name]
        elif what == "require" and name in properties:
            event["required"] = [other for other in event["required"] if other != name] + [name] * value
        elif what == "say" and name in properties:
            properties[name]["description"] = value
        elif what == "money":
            money["properties"]["amount"]["minimum"] = value
        elif what == "word":
            path = f"registry/vocabularies/{value}.yaml"
            line = f"  {name}:\n    label: {name}\n".encode()
            files[path] += b"" if line in files[path] else line
    files[EVENT], files[MONEY] = (json.dumps(value, indent=2).encode() for value in (event, money))
    return files


def resolved(files, role):
    """The event as one schema."""
    catalogue = load(MemoryTree(files)).value
    return Resolver(References(catalogue), role).resolved(catalogue.contracts[IDENTIFIER])


@SLOW
@given(st.lists(EDITS, min_size=1, max_size=5))
def test_check_passes_nothing_that_compare_calls_broken(edits):
    """Whatever the rest does: a break in the policy's direction is a finding of the event."""
    before = base()
    after = applied(before, edits)
    report = judged(before, after)
    found = {f.code for f in report.findings if f.subject == str(IDENTIFIER)}
    backward = compare(
        resolved(before, "writer"), resolved(after, "reader"), direction="backward", reading="declared"
    ).verdict
    forward = compare(
        resolved(before, "reader"), resolved(after, "writer"), direction="forward", reading="declared"
    ).verdict
    assert ("B101" in found) == (backward == "broken")
    assert ("B102" in found) == (forward == "broken")
    assert ("B103" in found) == ("undecided" in (backward, forward))


@SLOW
@given(st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_versions_only_go_up_and_settle(steps):
    """Each step's bump raises the version or leaves it, a second bump has nothing to do, and check agrees."""
    before = base()
    last = Version.parse("1.2.0")
    for edits in steps:
        after = applied(before, edits)
        for one in bumps(check(FileSnapshot(before), FileSnapshot(after), today=TODAY)):
            assert Version.parse(one.wanted) > Version.parse(one.now)
            after[one.path] = one.text.encode()
        report = check(FileSnapshot(before), FileSnapshot(after), today=TODAY)
        assert bumps(report) == ()
        assert not {f.code for f in report.findings} & {"B180", "B181", "B182", "B183"}
        now = Version.parse(json.loads(after[EVENT])["x-contract"]["version"])
        assert not now < last
        before, last = after, now


@SLOW
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_each_break_is_accepted_by_itself(edits):
    """Accepting every finding one by one ends, and what was not accepted still stands."""
    before = base()
    after = applied(before, edits)
    findings = [f for f in judged(before, after).findings if f.code in ("B101", "B102")]
    for number, finding in enumerate(findings):
        accepted = {
            "rule": finding.code,
            "place": finding.subject + (f"#{finding.place.pointer}" if finding.place.pointer else ""),
            "reason": "Agreed.",
            "approver": "ada@example.com",
            "until": "2026-12-31",
        }
        after[f"registry/accepted/{finding.fingerprint}.yaml"] = json.dumps(accepted).encode()
        report = judged(before, after)
        left = {f.fingerprint for f in report.findings if f.code in ("B101", "B102")}
        assert left == {f.fingerprint for f in findings[number + 1 :]}
        assert "B192" not in {f.code for f in report.findings}


def published(files, version):
    """The event as it stands, as a released schema."""
    path = f"generated/schemas/events/order_completed/{version}.json"
    return {path: json.dumps(resolved(files, "reader")).encode()}


@SLOW
@given(
    st.sampled_from(["full", "forward"]),
    st.lists(st.lists(EDITS, min_size=1, max_size=2), min_size=2, max_size=4),
)
@example("forward", [[("drop", "coupon", None)], [("set", "coupon", {"type": "integer", "minimum": 0})]])
def test_steps_that_are_each_safe_never_add_up_to_a_break(direction, steps):
    """The declared reading is not transitive, so each step is judged against every released version as well.

    A sequence that check passes has no two versions of which compare calls the later one broken.
    """
    policy = {"registry/registry.yaml": {"/policy": {"directions": {"events": direction}}}}
    before, released, history = edited(base(), policy), {}, []
    released |= published(before, "1.2.0")
    history.append(before)
    for edits in steps:
        after = applied(before, edits)
        for one in bumps(check(FileSnapshot(before | released), FileSnapshot(after | released), today=TODAY)):
            after[one.path] = one.text.encode()
        report = check(FileSnapshot(before | released), FileSnapshot(after | released), today=TODAY)
        found = {f.code for f in report.findings if f.subject == str(IDENTIFIER)}
        if found & {"B101", "B102", "B103", "B180", "L002"}:
            continue  # refused: the step is not taken
        now = resolved(after, "reader"), resolved(after, "writer")
        for earlier in history:
            then = resolved(earlier, "reader")
            # A released version is what its readers know; in them an open vocabulary is its grammar.
            for old, new, way in ((then, now[1], "forward"), (then, now[0], "backward")):
                assert (
                    direction not in (way, "full")
                    or compare(old, new, direction=way, reading="declared").verdict == "proved"
                )
        version = json.loads(after[EVENT])["x-contract"]["version"]
        released |= published(after, version)
        history.append(after)
        before = after

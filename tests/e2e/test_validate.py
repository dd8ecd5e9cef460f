"""`canonry validate`: counts, first failures, nearest names, every kind of file, and constant memory."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from tests.unit.codegen.instances import near_misses

from canonry.adapters import jsonlines
from canonry.adapters.worktree import DirectoryTree
from canonry.app.judge import Judge
from canonry.app.validate import table, total
from canonry.catalogue.load import load
from canonry.cli.group import program

ROOT = Path(__file__).parents[2]
CATALOGUE = load(DirectoryTree(ROOT)).value
ORDER = json.loads((ROOT / "contracts/events/order_completed/v1.json").read_bytes())["examples"][0]


def run(*arguments: str, stdin: bytes | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(
        program,
        ["validate", "--registry", str(ROOT), *arguments],
        input=stdin,
        standalone_mode=False,
        catch_exceptions=False,
    )
    return result.return_value, result.output


def lines(*events: Any) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def event(name: str = "Order Completed", **changes: Any) -> dict[str, Any]:
    return {"event": name, "properties": {**ORDER, **changes}}


def test_right_events_pass_by_any_of_their_names(tmp_path: Path) -> None:
    """Id, title, name and platform name all lead to the contract; blank lines do not count."""
    path = tmp_path / "events.jsonl"
    path.write_bytes(
        lines(
            {"contract": "/events/order_completed/v1", "properties": ORDER},
            event(),
            event("order_completed"),
            event("purchase"),
            {"event": "order_completed", **ORDER},
        )
        + b"\n  \n"
    )
    code, output = run(str(path))
    assert code == 0, output
    assert "/events/order_completed/v1" in output and "all right" in output


def test_failures_have_line_pointer_and_the_nearest_name(tmp_path: Path) -> None:
    """What is wrong, where, and what was probably meant; values are not repeated."""
    path = tmp_path / "events.jsonl"
    path.write_bytes(
        lines(
            event(),
            event(total={"amount": 1.005, "currency": "secret-text"}),
            event(cuopon="X"),
            event("Order Complete"),
            {"properties": {}},
        )
        + b"{not json\n"
    )
    code, output = run(str(path))
    output = " ".join(output.split())
    assert code == 1
    assert f"{path}:2" in output and "/total/amount" in output and "multiple of 0.01" in output
    assert "/cuopon: the contract has no such property; did you mean coupon?" in output
    assert "did you mean 'Order Completed'?" in output
    assert f"{path}:6" in output and "(not JSON)" in output
    assert "secret-text" not in output
    code, output = run(str(path), "--format", "json", "--first", "2")
    document = json.loads(output)
    assert (document["lines"], document["wrong"]) == (6, 5)
    assert document["contracts"]["/events/order_completed/v1"] == {"right": 1, "wrong": 2}
    assert document["unknown_events"] == {"Order Complete": 1}
    assert document["unknown_properties"] == [
        {"contract": "/events/order_completed/v1", "property": "cuopon", "lines": 1}
    ]
    assert [failure["line"] for failure in document["failures"]] == [2, 3]


def test_one_contract_for_every_line(tmp_path: Path) -> None:
    """With `--contract` a line is the payload; an unknown contract is answered with the nearest."""
    from canonry.kernel.errors import UsageError

    path = tmp_path / "orders.jsonl"
    path.write_bytes(lines(ORDER, {**ORDER, "order_id": "x"}))
    code, output = run("--contract", "/events/order_completed/v1", str(path))
    assert (code, "/order_id" in output) == (1, True)
    with pytest.raises(UsageError) as error:
        run("--contract", "/events/order_complete/v1", str(path))
    assert "/events/order_completed/v1" in error.value.advice()


def test_plain_packed_and_piped_are_one(tmp_path: Path) -> None:
    """The same lines as a file, as .gz and from standard input give the same counts."""
    data = lines(*(event(order_id=f"AC-{number:06}") for number in range(3000)), event(market="atlantis"))
    assert len(data) > 2 * jsonlines.BLOCK
    (tmp_path / "plain.jsonl").write_bytes(data)
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(data))
    answers = [
        json.loads(run("--format", "json", *arguments, stdin=stdin)[1])
        for arguments, stdin in (
            ([str(tmp_path / "plain.jsonl")], None),
            ([str(tmp_path / "plain.jsonl"), "--jobs", "1"], None),
            ([str(tmp_path / "packed.jsonl.gz")], None),
            (["-"], data),
        )
    ]
    for answer in answers:
        assert answer["contracts"] == answers[0]["contracts"] == {
            "/events/order_completed/v1": {"right": 3000, "wrong": 1}
        }  # fmt: skip
        assert answer["failures"][0]["line"] == 3001


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """In a file and in a stream."""
    data = b"\xef\xbb\xbf" + lines(event(), event())
    path = tmp_path / "marked.jsonl"
    path.write_bytes(data)
    assert run(str(path))[0] == run("-", stdin=data)[0] == 0


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A cut-off archive and a line without end stop the command with the reason."""
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(lines(*[event()] * 50))[:-20])
    with pytest.raises(OSError, match="cut off"):
        run(str(path))
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b" " * (jsonlines.MAX_LINE + jsonlines.BLOCK + 10))
    with pytest.raises(jsonlines.LongLineError):
        run(str(path))


def test_the_verdict_is_the_published_schemas() -> None:
    """Whatever is done to be quick: on near misses of money and all else, line by line the same answer."""
    judge = Judge(table(CATALOGUE))
    rng = random.Random(5)
    for name in ("order_completed", "product_added", "order_refunded", "page_viewed"):
        path = ROOT / f"generated/schemas/events/{name}/latest.json"
        document = json.loads(path.read_bytes())
        from canonry.schema.formats import FORMATS

        validator = jsonschema_rs.validator_for(document, validate_formats=True, formats=dict(FORMATS))
        payloads = [near for example in document["examples"] for near in near_misses(example, rng, 1500)]
        payloads = [payload for payload in payloads if isinstance(payload, dict)]
        for payload in payloads:
            for key in ("total", "tax"):
                if isinstance(payload.get(key), dict) and rng.random() < 0.5:
                    payload[key]["amount"] = rng.choice([0.1, 19.99, 1.005, 1e9, 1e13, 0.001, 5, 1e300, -1.5])
        rights = sum(validator.is_valid(payload) for payload in payloads)
        tally = judge.lines(lines(*({"contract": f"/events/{name}/v1", "properties": p} for p in payloads)))
        assert tally.right.get(f"/events/{name}/v1", 0) == rights
        assert sum(tally.wrong.values()) == len(payloads) - rights


def test_tallies_of_parts_add_up_to_that_of_the_whole() -> None:
    """However lines are cut into blocks, counts and line numbers are the same."""
    judge = Judge(table(CATALOGUE))
    events = [event(), event(market="x"), event("nope"), event()] * 5
    whole = total([judge.lines(lines(*events))], 100)
    parts = total((judge.lines(lines(*events[start : start + 3])) for start in range(0, 20, 3)), 100)
    assert (whole.right, whole.wrong, whole.lines) == (parts.right, parts.wrong, parts.lines)
    assert whole.failures == parts.failures


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is asked of Linux")
def test_memory_is_constant(tmp_path: Path) -> None:
    """Ten times the lines take no more memory worth speaking of."""
    peaks = []
    for count in (4_000, 40_000):
        path = tmp_path / f"{count}.jsonl"
        path.write_bytes(lines(event()) * count)
        code = (
            "import sys\nfrom canonry.cli.main import run\n"
            "code = run(['validate', '--jobs', '1', *sys.argv[1:]])\n"
            "status = open('/proc/self/status').read()\n"  # getrusage would count what the parent held
            "print(code, status.partition('VmHWM:')[2].split()[0])\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "--registry", str(ROOT), str(path)],
            check=True,
            capture_output=True,
            text=True,
        )
        status, peak = done.stdout.splitlines()[-1].split()
        assert status == "0", done.stdout
        peaks.append(int(peak))
    assert peaks[1] < peaks[0] * 1.1 + 4096

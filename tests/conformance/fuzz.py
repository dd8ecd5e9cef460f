"""Looks for wrong verdicts: `python tests/conformance/fuzz.py [--seed N] [--pairs N] [--seconds N] [--save]`.

Pairs of schemas are generated for every draft and both readings. A verdict is checked against sampled values,
the judges, boolean rewritings of the same pair and the containment of jsonschema-rs. Whatever contradicts is
printed; `--save` appends it to regressions.json, which `test_own.py` replays. The seed decides everything.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from canonry.kernel.jsonvalue import same
from canonry.schema import compare
from canonry.schema.formats import FORMATS
from canonry.schema.judges import AbstentionError, Judge, confirm, judges
from canonry.schema.resources import RefError, Schema
from canonry.schema.strip import strip

sys.path.insert(0, str(Path(__file__).parent))
import splice
from generator import DRAFTS, Generator, changed, rewritten, values_near
from splice import Parts

REGRESSIONS = Path(__file__).parent / "regressions.json"
SAMPLES = 40


def pair(seed: int) -> dict[str, Any]:
    """The pair of a seed: an old schema, a changed or an unrelated new one, a direction and a reading."""
    rng = random.Random(seed)
    generator = Generator(rng, rng.choice(list(DRAFTS)))
    old = generator.document(rng.choice([1, 2, 2, 3]))
    roll = rng.random()
    if roll < 0.75:
        new = changed(rng, generator, old)
    elif roll < 0.85:
        new = rewritten(rng, changed(rng, generator, old))
    else:
        new = Generator(rng, rng.choice(list(DRAFTS))).document(2)
    if rng.random() < 0.5:
        old, new = new, old
    return {
        "id": f"fuzz-{seed}",
        "old": old,
        "new": new,
        "direction": rng.choice(["backward", "forward"]),
        "reading": rng.choice(["strict", "strict", "declared"]),
        "format_assertion": rng.random() < 0.3,
    }


def problems(case: dict[str, Any], seed: int) -> list[tuple[str, list[str], Any]]:
    """What contradicts the verdict of a pair, each with the verdicts that it may never be and a value."""
    rng = random.Random(seed)
    old, new, direction, reading = case["old"], case["new"], case["direction"], case["reading"]
    try:
        compared = compare(
            old, new, direction=direction, reading=reading, format_assertion=case["format_assertion"]
        )
    except Exception as error:  # noqa: BLE001 (a crash is a result here)
        return [(f"crash {type(error).__name__}: {error}", ["crash"], None)]
    verdict = compared.verdict
    case["verdict"] = verdict
    case["reason"] = compared.reason
    try:
        left, right = Schema.load(old), Schema.load(new)
        found = list(_contradictions(case, left, right, compared.witness, rng))
        found += _invariance(case, rng)
        found += _second_opinion(case)
        list(compared.changes)
    except Exception as error:  # noqa: BLE001 (a crash is a result here)
        return [(f"crash while checking, {type(error).__name__}: {error}", ["crash"], None)]
    return found


def _contradictions(
    case: dict[str, Any], old: Schema, new: Schema, witness: Any, rng: random.Random
) -> Iterator[tuple[str, list[str], Any]]:
    writer, reader = (old, new) if case["direction"] == "backward" else (new, old)
    panel = judges(FORMATS if case["format_assertion"] else None)
    if case["verdict"] == "broken":
        as_read = witness
        if case["reading"] == "declared":
            if not same(strip(writer, witness), witness):
                yield "the witness is not declared", ["broken"], witness
            if case["direction"] == "forward":
                as_read = strip(old, witness)
        hearing = confirm(witness, accepting=writer, refusing=reader, panel=panel, as_read=as_read)
        if not hearing.agreed:
            yield f"the judges refuse the witness: {hearing.reason}", ["broken"], witness
        return
    if case["verdict"] != "proved":
        return
    samples = values_near(rng, writer.document, SAMPLES) + values_near(rng, reader.document, SAMPLES // 2)
    for value in map(as_number, samples):
        candidate = as_read = value
        try:
            if case["reading"] == "declared":
                candidate = as_read = strip(writer, value)
                if case["direction"] == "forward":
                    as_read = strip(old, candidate)
        except RefError:
            continue
        if _accepts(panel[0], writer, candidate) and _accepts(panel[0], reader, as_read) is False:
            yield "a sampled value refutes the proof", ["proved"], candidate
            return


def as_number(value: Any) -> Any:
    """The value with 2.0 written as 2. They are one JSON value, though draft 4 calls only one an integer."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: as_number(member) for name, member in value.items()}
    return [as_number(item) for item in value] if isinstance(value, list) else value


def _accepts(judge: Judge, schema: Schema, value: Any) -> bool | None:
    try:
        return judge.accepts(schema, value)
    except AbstentionError:
        return None


def _invariance(case: dict[str, Any], rng: random.Random) -> list[tuple[str, list[str], Any]]:
    if case["reading"] == "declared":  # rewriting with `not` changes what is named
        return []
    again = compare(
        rewritten(rng, case["old"]),
        rewritten(rng, case["new"]),
        direction=case["direction"],
        format_assertion=case["format_assertion"],
    ).verdict
    if {again, case["verdict"]} == {"proved", "broken"}:
        return [(f"rewritten, the verdict is {again}", ["broken" if again == "proved" else "proved"], None)]
    for side in ("old", "new"):
        if compare(case[side], case[side]).verdict == "broken":
            return [(f"{side} does not contain itself", ["crash"], None)]
    return []


def _second_opinion(case: dict[str, Any]) -> list[tuple[str, list[str], Any]]:
    if case["reading"] == "declared" or case["format_assertion"]:
        return []
    text = json.dumps([case["old"], case["new"]])
    if (
        '"tree"' in text or '"format"' in text
    ):  # it is wrong on $dynamicRef, and asserts formats in old drafts
        return []
    written, read = ("old", "new") if case["direction"] == "backward" else ("new", "old")
    try:
        canonical = jsonschema_rs.canonicalize
        opinion = str(canonical(case[read]).covers(canonical(case[written])))
    except Exception:  # noqa: BLE001 (it has no opinion)
        return []
    case["peer"] = opinion
    if (opinion, case["verdict"]) in (("yes", "broken"), ("no", "proved")):
        return [(f"jsonschema-rs says {opinion}", [case["verdict"]], None)]
    return []


def main() -> int:
    """Runs, prints a summary, and returns 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--undecided", action="store_true", help="show undecided pairs as well")
    parser.add_argument(
        "--splice", type=Path, metavar="SUITES", help="splice the rows of the suites in a folder"
    )
    options = parser.parse_args()
    parts = Parts(options.splice) if options.splice else None
    tally: Counter[str] = Counter()
    peers: Counter[str] = Counter()
    slowest = (0.0, 0)
    saved = json.loads(REGRESSIONS.read_text(encoding="utf-8"))
    start = time.monotonic()
    wrong = 0
    for seed in range(options.seed, options.seed + options.pairs):
        if time.monotonic() - start > options.seconds:
            break
        case = pair(seed) if parts is None else parts.pair(seed)
        began = time.perf_counter()
        found = problems(case, seed) if parts is None else splice.problems(case, seed, parts)
        slowest = max(slowest, (time.perf_counter() - began, seed))
        verdict = case.pop("verdict", "crash")
        reason = case.pop("reason", None)
        tally[f"{case['reading']} {verdict}"] += 1
        splice.tallied(case, tally)
        if peer := case.pop("peer", None):
            peers[f"{verdict}, peer {peer}"] += 1
        if verdict == "undecided" and options.undecided:
            sys.stdout.write(f"undecided {seed}: {reason}\n  {json.dumps(case, ensure_ascii=False)}\n")
        for what, never, value in found:
            wrong += 1
            sys.stdout.flush()
            sys.stdout.write(
                f"{case['id']}: {verdict}: {what}; {json.dumps(value, ensure_ascii=False, default=str)}\n"
                f"  {json.dumps(case, ensure_ascii=False)}\n"
            )
            if case["id"] not in [entry["id"] for entry in saved]:
                saved.append({**case, "never": never, "why": what})
    seconds = time.monotonic() - start
    sys.stdout.write(
        f"{seed + 1 - options.seed} pairs in {seconds:.0f} s, {wrong} wrong; "
        f"slowest {slowest[0]:.2f} s (seed {slowest[1]})\n"
        f"  {dict(sorted(tally.items()))}\n  {dict(sorted(peers.items()))}\n"
    )
    if options.save:
        lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in saved)
        REGRESSIONS.write_text(f"[\n{lines}\n]\n" if saved else "[]\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Whatever stands in the files of either side: a review has something to say, and never stops as a bug."""

import copy
import json
import random

import pytest
from tests.unit.compat.cases import TODAY, base

from canonry.adapters.snapshot import FileSnapshot
from canonry.app.bump import bumps
from canonry.app.review import review
from canonry.app.rules import all_rules
from canonry.catalogue.text import parse
from canonry.kernel.findings import Level
from canonry.render import github, reports
from canonry.render import review as view

BASE = base()
DOCUMENTS = {path: parse(path, data)[0].value for path, data in BASE.items()}
VALUES = [
    None, True, 0, -1, 1e308, 10**30, "", "x", "\x00", "::error::", [], {}, [None], {"a": 1}, "2026-02-31",
    "/events/none/v1", [[]], "^(", {"$ref": "#"}, {"$ref": "/events/order_completed/v1"}, "1.2",
    {"$ref": "/common/none/v1"}, {"type": "string"}, False,
]  # fmt: skip


def places(node):
    """Every member and item of a document."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from places(node[key])


def mutated(document, rng):
    """The document with up to three places deleted or holding something else."""
    document = copy.deepcopy(document)
    for _ in range(rng.choice([1, 1, 2, 3])):
        found = list(places(document))
        if found:
            node, key = rng.choice(found)
            if rng.random() < 0.3:
                del node[key]
            else:
                node[key] = rng.choice(VALUES)
    return json.dumps(document).encode()


@pytest.mark.parametrize("seed", range(4))
def test_a_review_of_anything_ends(seed):
    """One side broken, or both: no schemas, no days, no versions, references to nowhere."""
    rng = random.Random(seed)
    for _ in range(40):
        before, after = dict(BASE), dict(BASE)
        for side in (after, before) if rng.random() < 0.3 else (after,):
            for path in rng.sample(sorted(BASE), rng.choice([1, 1, 2])):
                side[path] = mutated(DOCUMENTS[path], rng)
        found = review(FileSnapshot(before), FileSnapshot(after), today=TODAY)
        view.markdown(found)
        view.text(found)
        github.annotations(found.report.findings)
        reports.junit(found.report.findings, found.report.changed, Level.ERROR)
        reports.sarif(found.report.findings, all_rules(), "0")
        for one in bumps(found.report):
            json.loads(one.text)

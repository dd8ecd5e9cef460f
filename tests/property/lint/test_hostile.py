"""Whatever stands in a file, lint answers with findings."""

import copy
import random
import time

import pytest
from tests.unit.lint import cases

from canonry.catalogue.tree import MemoryTree

ODD = (
    *(None, True, False, 0, -1, 3.5, 10**30, "", "x", "{", "é", "(", "#", "2026-02-30", "1.0.0", "__proto__"),
    *("/common/money/v1", "/vocabularies/brand", "/utm/newsletter/v1", "{{ad.name}}", "a" * 300),
    *([], [1], ["x"], [[]], {}, {"x": 1}, {"$ref": "#"}, {"type": "object"}),
)
NAMES = (
    *(
        "properties",
        "$ref",
        "items",
        "enum",
        "const",
        "allOf",
        "oneOf",
        "if",
        "then",
        "not",
        "examples",
        "default",
    ),
    *(
        "x-name-of",
        "x-platforms",
        "x-pii",
        "x-consent",
        "x-since",
        "x-vocabulary",
        "$defs",
        "pattern",
        "type",
    ),
)


def places(value, path=()):
    """The path of every value inside a document."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def broken(draw, document):
    """A copy with up to three values gone, replaced or added."""
    document = copy.deepcopy(document)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        path = draw.choice(list(places(document)))
        if not path:
            continue
        here = document
        for key in path[:-1]:
            here = here[key]
        what = draw.random()
        if what < 0.2:
            del here[path[-1]]
        elif what < 0.85:
            here[path[-1]] = copy.deepcopy(draw.choice(ODD))
        elif isinstance(here, dict):
            here[draw.choice(NAMES)] = copy.deepcopy(draw.choice(ODD))
    return document


@pytest.mark.parametrize("seed", range(12))
def test_no_document_stops_lint(seed) -> None:
    """A broken document is a finding, at once, and never the end of the run."""
    draw = random.Random(seed)
    files = dict(cases.tree({}).files)
    for _ in range(8):
        path = draw.choice(list(cases.BASE))
        document = broken(draw, cases.BASE[path])
        start = time.process_time()
        report = cases.lint(MemoryTree({**files, path: cases.written(path, document)}), today=cases.TODAY)
        assert time.process_time() - start < 10
        for finding in report.findings:
            assert finding.message and finding.place.path
            assert len(finding.fingerprint) == 16

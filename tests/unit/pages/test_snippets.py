"""Examples: payloads that the contract accepts, and code that runs against the generated client as it is."""

import json
import sys
from pathlib import Path

import pytest

from canonry.adapters.worktree import DirectoryTree
from canonry.app.docs import codec
from canonry.catalogue.graph import graph
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.pages.site import Site
from canonry.schema.sample import Sampler

ROOT = Path(__file__).parents[3]
CATALOGUE = load(DirectoryTree(ROOT)).value
SITE = Site(CATALOGUE, graph(CATALOGUE), References(CATALOGUE), codec=codec(CATALOGUE))


@pytest.fixture(scope="module", autouse=True)
def _client():
    """The generated client, importable."""
    sys.path.insert(0, str(ROOT / "generated" / "python"))
    yield
    sys.path.remove(str(ROOT / "generated" / "python"))


@pytest.mark.parametrize("identifier", CATALOGUE.by_text)
def test_the_example_is_accepted_and_its_code_runs(identifier, monkeypatch):
    """What a reader copies is sent as it is: with the sink recorded, and nothing else changed."""
    import acme_events

    contract = CATALOGUE.by_text[identifier]
    example = SITE.example(contract)
    assert example is not None
    assert Sampler(SITE.resolver.resolved(contract)).accepts(example.payload)
    if contract.id.kind == "common":
        assert not example.code
        return
    sent = []

    def recording(destination, url):
        sink = acme_events.ListSink(destination)
        sent.append(sink)
        return sink

    monkeypatch.setattr(acme_events, "HttpSink", recording, raising=False)
    names: dict[str, object] = {}
    exec(compile(example.code, f"{identifier}.py", "exec"), names)
    if sent:
        (message,) = sent[0].messages
        assert message.contract == identifier
    elif contract.id.kind in ("events", "traits", "segments"):
        assert contract.id.kind == "segments" or not contract.meta.consent
        assert json.dumps(
            names[{"events": "event", "traits": "traits"}.get(contract.id.kind, "member")].payload()
        )
    elif contract.id.kind == "utm":
        assert names["link"].url("https://www.example.com/") == example.written
    else:
        assert names["tag"].name() == example.written

"""Proofs that are kept between runs say what they said at first, and lint never depends on them."""

import os
from pathlib import Path

import pytest
from tests.unit.lint import cases

from canonry.adapters.cache import cache_folder
from canonry.adapters.memory import ProofMemory
from canonry.naming import proofs

BROKEN = {
    "contracts/utm/paid_social/v1.json": {"x-contract": {"channel": "Display"}},
    "registry/platforms/meta.yaml": {"levels": {"ad": {"name": {"max": 30}}}},
    "contracts/creatives/ad/v1.json": {
        "x-contract": {"allowed_combinations": [{"fields": ["brand", "number"], "rows": [["none", "*"]]}]}
    },
}


def linted(memory):
    """Findings of a registry with broken and undecided proofs."""
    return cases.shown(cases.lint(cases.tree(BROKEN), today=cases.TODAY, memory=memory))


@pytest.fixture
def counted(monkeypatch):
    """How often anything was proved."""
    calls = []
    prove = proofs.prove
    monkeypatch.setattr(proofs, "prove", lambda model: calls.append(1) or prove(model))
    return calls


def test_what_is_kept_is_what_was_found(counted) -> None:
    """The second run proves nothing and says the same, witnesses included."""
    first = linted(ProofMemory())
    assert {"N203", "N204"} <= {finding["code"] for finding in first}
    assert linted(ProofMemory()) == first
    assert len(counted) == 1
    assert linted(None) == first


def test_another_registry_is_proved_anew(counted) -> None:
    """The question is made of all that the answer depends on."""
    linted(ProofMemory())
    assert cases.shown(cases.lint(cases.tree({}), today=cases.TODAY, memory=ProofMemory())) == []
    assert len(counted) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"question": 1}', b"\xff", b"[" * 100_000])
def test_what_cannot_be_read_is_proved_again(counted, content) -> None:
    """A damaged cache costs time, never an answer."""
    first = linted(ProofMemory())
    (file,) = Path(cache_folder(), "proofs").glob("*.json")
    file.write_bytes(content)
    assert linted(ProofMemory()) == first
    assert len(counted) == 2


def test_what_somebody_else_could_write_is_not_believed(counted) -> None:
    """Nor a link that somebody laid there."""
    memory = ProofMemory()
    linted(memory)
    (file,) = memory.folder.glob("*.json")
    file.chmod(0o666)
    assert memory.recall("x") is None
    linted(ProofMemory())
    (file,) = memory.folder.glob("*.json")
    aside = file.with_name("aside")
    file.rename(aside)
    file.symlink_to(aside)
    linted(ProofMemory())
    assert len(counted) == 3


def test_answers_that_are_none_of_ours_are_proved_again(counted) -> None:
    """Whatever another version kept."""

    class Odd:
        def recall(self, question):
            return [{"kind": "channel"}]

        def keep(self, question, answer):
            raise AssertionError

    with pytest.raises(AssertionError):
        linted(Odd())
    assert len(counted) == 1


def test_a_disk_that_takes_nothing_is_no_obstacle(monkeypatch, tmp_path) -> None:
    """Lint answers on a read-only machine."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert linted(ProofMemory()) == linted(None)


def test_old_answers_make_room() -> None:
    """The cache does not grow for ever."""
    memory = ProofMemory()
    for number in range(70):
        memory.keep(str(number), number)
        newest = max(memory.folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, ns=(number * 10**9, number * 10**9))
    assert len(list(memory.folder.glob("*.json"))) == 64
    assert memory.recall("69") == 69 and memory.recall("0") is None

"""What files mention: never less than they refer to, and the same from the cache as read anew."""

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonry.adapters.mentions import KeptIndex
from canonry.adapters.snapshot import blob_id
from canonry.app.slice import Mentions
from canonry.catalogue.mentions import ReadIndex, mentioned


def test_names_are_found_wherever_they_stand():
    """As a reference, relative or absolute, in prose, in YAML."""
    text = b"""{"$ref": "/events/order_completed/v1", "x": {"$ref" : "order_refunded/v2#/a"},
    "description": "see events/cart_viewed/v3 and vocabularies/market", "x-name-of": "/common/x/v10"}"""
    about = mentioned(text)
    assert about.names == {
        "order_completed/v1",
        "order_refunded/v2",
        "cart_viewed/v3",
        "vocabularies/market",
        "x/v10",
    }
    assert about.held == {"order_completed/v1", "order_refunded/v2", "x/v10"}
    assert about.hidden  # order_refunded/v2 stands there without its kind
    assert mentioned(b"segment: segments/lapsed/v1\n").names == {"lapsed/v1"}


def test_escapes_and_long_names_hide_nothing():
    """Escapes are undone; a name too long to be told from prose counts as mentioned everywhere."""
    about = mentioned(b'{"$ref": "\\/events\\/order\\u005fcompleted\\/v1"}')
    assert about.hidden
    assert "order_completed/v1" in about.names
    path = f"contracts/events/{'x' * 150}/v1.json"
    entries = {path: mentioned(b"{}"), "contracts/events/other/v1.json": mentioned(b"{}")}
    assert Mentions(entries).readers({f"{'x' * 150}/v1"}) == set(entries)


@given(st.text('abc_/v1"$ref: \n', max_size=60), st.sampled_from(["a/v1", "abc_b/v11", "vocabularies/abc"]))
def test_a_name_between_quotes_is_never_missed(noise, name):
    """Whatever stands around it."""
    assert name in mentioned(f'{noise}"{name}"{noise}'.encode()).names


@dataclass
class Recorded:
    """Files in memory that remember what was asked of them."""

    files: dict[str, bytes]
    asked: list[str] = field(default_factory=list)

    @property
    def ids(self):
        return {path: blob_id(data) for path, data in self.files.items()}

    def contents(self, paths):
        paths = list(paths)
        self.asked += paths
        return {path: self.files[path] for path in paths if path in self.files}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A few files, and a cache of their own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return {
        f"contracts/events/e{number}/v1.json": json.dumps({"$ref": f"/common/c{number}/v1"}).encode()
        for number in range(20)
    }


def test_a_second_run_reads_only_what_changed(files, tmp_path):
    """The answers are those of reading everything."""
    first = Recorded(files)
    assert KeptIndex(tmp_path).of(first, first.ids) == ReadIndex().of(first, first.ids)
    changed = files | {"contracts/events/e3/v1.json": b'{"$ref": "/common/new/v1"}'}
    second = Recorded(changed)
    found = KeptIndex(tmp_path).of(second, second.ids)
    assert second.asked == ["contracts/events/e3/v1.json"]
    assert found == ReadIndex().of(second, second.ids)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"[]",
        lambda data: b"\xff\x00",
        lambda data: data.replace(b"false", b"17,[]"),
        lambda data: data.replace(b'"code":"', b'"code":"x'),
        lambda data: data.replace(b'["c3/v1"]', b"7"),
        lambda data: data.replace(b'["c3/v1"]', b'"c3/v1"'),
    ],
)
def test_a_damaged_cache_is_read_anew(files, tmp_path, damage):
    """Whatever happened to the file, the answer is the same."""
    tree = Recorded(files)
    wanted = KeptIndex(tmp_path).of(tree, tree.ids)
    (kept,) = (tmp_path / "cache" / "canonry").glob("mentions-*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    before = kept.read_bytes()
    kept.write_bytes(damage(before))
    assert kept.read_bytes() != before
    assert KeptIndex(tmp_path).of(tree, tree.ids) == wanted


def test_a_cache_that_cannot_be_written_costs_time_only(files, tmp_path, monkeypatch):
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    tree = Recorded(files)
    assert KeptIndex(tmp_path).of(tree, tree.ids) == ReadIndex().of(tree, tree.ids)

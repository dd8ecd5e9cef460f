"""Snapshots: the same answer with and without them, and no trust in what may be wrong."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from canonry import __version__
from canonry.adapters import cache
from canonry.cli import main
from canonry.cli.books import open_book

BUILD = ("utm", "build", "tiktok", "--campaign", "spring-sale")
HEAVY = ("pydantic", "git", "duckdb", "jsonschema", "jsonschema_rs", "click", "yaml", "re", "dataclasses")


@pytest.fixture
def settled(registry, monkeypatch):
    """The small registry and its snapshot, trusted at once."""
    monkeypatch.setattr(cache, "_SETTLED", 0)
    open_book(registry)
    return registry


def home(root):
    """Where the snapshot of a registry is."""
    return Path(cache._home(os.path.realpath(root)))


def test_a_settled_snapshot_is_used(settled):
    """Without looking into any file of the registry."""
    snapshot = cache.load(str(settled), __version__)
    assert snapshot is not None
    assert "/utm/paid_social/v1" in snapshot.index["contracts"]
    assert snapshot.part("utm.paid_social.v1")["contracts"].keys() == {"/utm/paid_social/v1"}


def test_a_link_is_built_without_heavy_imports(registry):
    """Not even click, which takes longer to import than the whole of it."""
    time.sleep(cache._SETTLED / 1e9 + 0.1)  # the time of a file's last change of any kind cannot be set
    open_book(registry)
    code = (
        "import sys; from canonry.cli.main import run; code = run(sys.argv[1:])\n"
        f"print(code, [m for m in {HEAVY!r} if m in sys.modules and m not in BEFORE], file=sys.stderr)"
    )
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; BEFORE = set(sys.modules)\n" + code,
            *BUILD,
            "--registry",
            registry,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = said.stderr.strip().partition(" ")[2]
    assert said.stderr.startswith("0 ")
    assert "click" not in loaded
    assert "pydantic" not in loaded
    assert "dataclasses" not in loaded
    assert said.stdout.startswith("https://www.example.com/spring?utm_source=tiktok")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("target", ["tiktok", "meta", "flyer"])
def test_the_short_and_the_long_way_answer_alike(settled, canonry, monkeypatch, target, form):
    """Byte for byte, with the cache and with the cache deleted."""
    extra = ["--campaign", "spring-sale"]
    if target == "flyer":
        extra = ["source=poster", "slug=spring", "--url", "https://www.example.com/x"]
    arguments = ["utm", "build", target, *extra, "--format", form]
    quick = canonry(*arguments)
    monkeypatch.setattr("canonry.cli.quick.run", lambda _: None)
    long = canonry(*arguments)
    shutil.rmtree(home(settled))
    cold = canonry(*arguments)
    assert quick == long == cold
    assert quick[0] == 0


def test_every_change_of_the_registry_is_noticed(settled, canonry):
    """Also one that keeps a file's size and time of change."""
    assert canonry(*BUILD)[0] == 0
    words = settled / "registry/vocabularies/social_source.yaml"
    before = words.stat()
    words.write_text(words.read_text().replace("tiktok: {", "tiktak: {"), encoding="utf-8")
    os.utime(words, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert words.stat().st_size == before.st_size
    code, out, _ = canonry(*BUILD)
    assert code == 1
    assert "tiktak" in out


def test_a_registry_that_was_just_edited_is_not_trusted_yet(registry):
    """Two edits within one tick of the clock look like one."""
    open_book(registry)
    assert cache.load(str(registry), __version__) is None


def test_another_version_makes_its_own(settled):
    """What an older canonry compiled is nothing to a newer one."""
    assert cache.load(str(settled), "9.9") is None


DAMAGE = {
    "empty": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "other keys": b'{"root": 1}',
    "null": b"null",
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize(
    "file", ["header.json", "index.json", "utm.paid_social.v1.json", "channels.json", "whole.json"]
)
@pytest.mark.parametrize("data", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_noticed_and_mended(settled, canonry, file, data):
    """A cache is never the reason for another answer."""
    right = canonry(*BUILD)
    (home(settled) / file).write_bytes(data)
    assert canonry(*BUILD) == right
    assert canonry("utm", "build", "tiktok", "--campaign", "spring-sale", "--format", "json")[0] == 0


def test_a_forged_part_of_the_right_size_is_noticed(settled, canonry):
    """Checksums hold the parts to the index."""
    right = canonry(*BUILD)
    part = home(settled) / "utm.paid_social.v1.json"
    part.write_bytes(part.read_bytes().replace(b'"tiktok"', b'"evil01"'))
    assert canonry(*BUILD) == right


def test_an_index_of_the_wrong_shape_is_compiled_anew(settled, canonry):
    """It has a checksum as its parts have."""
    right = canonry(*BUILD)
    file = home(settled) / "index.json"
    document = {"contracts": {"/utm/paid_social/v1": []}, "platforms": 7}
    file.write_text(json.dumps(document), encoding="utf-8")
    assert canonry(*BUILD) == right


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
def test_files_that_others_could_have_written_are_not_read(settled):
    """Owner and permissions are looked at; what we write is ours alone."""
    index = home(settled) / "index.json"
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    assert stat.S_IMODE(home(settled).stat().st_mode) == 0o700
    index.chmod(0o622)
    assert cache.load(str(settled), __version__) is None
    index.chmod(0o600)
    assert cache.load(str(settled), __version__) is not None
    kept = index.read_bytes()
    index.unlink()
    elsewhere = settled / "elsewhere.json"
    elsewhere.write_bytes(kept)
    index.symlink_to(elsewhere)
    assert cache.load(str(settled), __version__) is None


def test_a_cache_that_cannot_be_written_costs_time_only(registry, canonry, monkeypatch, tmp_path):
    """A full disk, a read-only home."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert canonry(*BUILD)[0] == 0


def test_nothing_is_kept_inside_the_tree(settled, canonry):
    """A clone from anywhere brings no cache, and gets none."""
    before = {file: file.stat().st_mtime_ns for file in settled.rglob("*")}
    canonry(*BUILD)
    assert {file: file.stat().st_mtime_ns for file in settled.rglob("*")} == before


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", None, ".cache/canonry"),
        ("darwin", None, "Library/Caches/canonry"),
        ("win32", None, "AppData/Local/canonry"),
        ("linux", "relative", ".cache/canonry"),
    ],
)
def test_the_cache_is_where_the_system_keeps_caches(monkeypatch, platform, variable, expected):
    """A relative XDG_CACHE_HOME counts for nothing, as its specification says."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("XDG_CACHE_HOME")
    if variable:
        monkeypatch.setenv("XDG_CACHE_HOME", variable)
    assert cache.cache_folder() == f"/home/ada/{expected}"


def test_the_registry_is_found_from_any_folder_below(registry, monkeypatch):
    """As git finds its own."""
    monkeypatch.chdir(registry / "contracts" / "utm")
    assert cache.find_registry(".") == str(registry)
    assert cache.find_registry("/") is None


def test_the_short_way_leaves_anything_unusual_to_the_long(settled, canonry, monkeypatch):
    """Help, mistakes and missing values are said properly."""
    monkeypatch.chdir(settled)
    for arguments in (
        ["--help"],
        ["tiktok", "--nope"],
        ["tiktok", "a"],
        ["tiktok", "a=1", "a=2"],
        [],
        ["--url"],
    ):
        from canonry.cli import quick

        assert quick.run(["utm", "build", *arguments]) is None
    assert main.run(["utm", "build", "--help"]) == 0


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("source", ["tiktok", "TikTok", "tiktak"])
def test_links_are_read_alike_the_short_and_the_long_way(settled, canonry, monkeypatch, source, form):
    """Right, nearly right and wrong."""
    link = (
        f"https://www.example.com/?utm_source={source}&utm_medium=paid_social&utm_campaign=de_x_202703_k7m2pk"
    )
    arguments = ["utm", "parse", link, "--format", form]
    quick = canonry(*arguments)
    monkeypatch.setattr("canonry.cli.quick.run", lambda _: None)
    assert canonry(*arguments) == quick

"""Every implementation of the tree port, against one real repository."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from canonry.adapters.gitrepo import index_tree, tree_at
from canonry.adapters.repository import NotARepositoryError, UnknownRefError
from canonry.adapters.worktree import DirectoryTree, find_root
from canonry.catalogue.load import load
from canonry.catalogue.tree import MAX_FILE_BYTES, MemoryTree, Tree, UnreadableFileError

FILES = {
    "registry/registry.yaml": "name: Example\nbase_url: https://example.com\nclient_package: example\n",
    "registry/vocabularies/brand.yaml": "title: Brands\n",
    "contracts/events/order_completed/v1.json": "{}\n",
    "contracts/events/größe_geändert/v1.json": '{"title": "Größe"}\n',
    "contracts/events/with space/ünï'code\"/v1.json": "{}\n",
    "contracts/README.md": "Prose.\n",
}
LINK = "contracts/events/linked/v1.json"
LINKS = {
    LINK: "../order_completed/v1.json",
    "contracts/events/out/v1.json": "../../../../outside.json",
    "contracts/events/absolute/v1.json": "/etc/hostname",
    "contracts/events/beside/v1.json": "../../../README.md",
    "contracts/events/nothing/v1.json": "nowhere.json",
    "contracts/events/round/v1.json": "v1.json",
    "contracts/events/folder/v1.json": "../order_completed",
}
UNREADABLE = sorted(set(LINKS) - {LINK})


def git(folder: Path, *arguments: str, **extra: str) -> str:
    """Output of a git command that has to succeed."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **extra},
    )
    return done.stdout


def fill(root: Path) -> None:
    """The files and links of the registry, and what must not be seen of it."""
    for path, text in FILES.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for path, target in LINKS.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(target)
    (root / "registry" / ".draft.yaml").write_text("hidden\n", encoding="utf-8")
    (root / "README.md").write_text("Not part of the registry.\n", encoding="utf-8")


@pytest.fixture(params=["", "company/registry"], ids=["at the top", "in a subfolder"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A committed registry with a submodule inside, and a file outside that links point to."""
    (tmp_path / "outside.json").write_text('{"secret": true}\n', encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    (other / "v1.json").write_text("{}\n", encoding="utf-8")
    git(other, "add", "-A")
    git(other, "commit", "-qm", "Shared")
    repository = tmp_path / "repository"
    folder = repository / request.param
    folder.mkdir(parents=True)
    git(repository, "init", "-q", "-b", "main")
    fill(folder)
    place = (folder / "contracts" / "shared").relative_to(repository).as_posix()
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(other), place)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Begin")
    return folder


@contextmanager
def memory(root: Path) -> Iterator[Tree]:
    """What a test would write down by itself."""
    yield MemoryTree({**FILES, LINK: FILES["contracts/events/order_completed/v1.json"]})


@contextmanager
def folder(root: Path) -> Iterator[Tree]:
    """A copy without git around it."""
    with TemporaryDirectory() as name:
        fill(Path(name))
        yield DirectoryTree(Path(name))


@contextmanager
def worktree(root: Path) -> Iterator[Tree]:
    """What is checked out."""
    yield DirectoryTree(root)


TREES: dict[str, Callable[[Path], AbstractContextManager[Tree]]] = {
    "memory": memory,
    "directory": folder,
    "worktree": worktree,
    "index": index_tree,
    "commit": lambda root: tree_at(root, "HEAD"),
}
ON_DISK_OR_IN_GIT = {name: opener for name, opener in TREES.items() if name != "memory"}


@pytest.mark.parametrize("open_tree", TREES.values(), ids=TREES)
def test_every_tree_shows_the_same_files(root, open_tree) -> None:
    """A new kind of tree earns its place by passing this, unchanged."""
    with open_tree(root) as tree:
        seen = set(tree.paths())
        assert seen - set(UNREADABLE) == set(FILES) | {LINK}
        for path, text in FILES.items():
            assert tree.read(path) == text.encode()
        assert tree.read(LINK) == b"{}\n"
        assert tree.digest(LINK) and tree.digest("contracts/README.md") != tree.digest(LINK)
        with pytest.raises((KeyError, UnreadableFileError)):
            tree.read("contracts/events/absent/v1.json")


@pytest.mark.parametrize("open_tree", ON_DISK_OR_IN_GIT.values(), ids=ON_DISK_OR_IN_GIT)
def test_links_out_of_the_tree_are_seen_and_refused(root, open_tree) -> None:
    """A link shows that something is there, and never what lies outside."""
    with open_tree(root) as tree:
        assert set(UNREADABLE) <= set(tree.paths())
        for path in UNREADABLE:
            with pytest.raises(UnreadableFileError):
                tree.read(path)
        found = {finding.place.path: finding for finding in load(tree).problems if finding.code == "L001"}
    assert set(UNREADABLE) <= set(found)
    assert "leads out of the tree" in found["contracts/events/out/v1.json"].message
    assert "secret" not in str(found)


@pytest.mark.parametrize("open_tree", TREES.values(), ids=TREES)
def test_every_tree_loads_to_the_same_catalogue(root, open_tree) -> None:
    """What a file says does not depend on where it was read."""
    with open_tree(root) as tree:
        loaded = load(tree)
    assert loaded.value.registry is not None and loaded.value.registry.name == "Example"
    assert "contracts/events/größe_geändert/v1.json" not in loaded.value.sources  # no name of a contract
    assert {f.place.path for f in loaded.problems if f.code == "L006"} == {
        path for path in FILES if "ö" in path or "ü" in path
    }


def test_the_index_is_what_is_staged(root) -> None:
    """Neither what is only on disk nor what is only committed counts."""
    path = "registry/vocabularies/brand.yaml"
    (root / path).write_text("title: Staged\n", encoding="utf-8")
    git(root, "add", path)
    (root / path).write_text("title: On disk\n", encoding="utf-8")
    with index_tree(root) as tree:
        assert tree.read(path) == b"title: Staged\n"
    with tree_at(root, "HEAD") as tree:
        assert tree.read(path) == b"title: Brands\n"
    assert DirectoryTree(root).read(path) == b"title: On disk\n"


def test_a_hook_of_commit_a_sees_the_temporary_index(root, tmp_path) -> None:
    """`git commit -a` stages into an index of its own, which GIT_INDEX_FILE names."""
    repository = tmp_path / "repository"
    hook = repository / ".git" / "hooks" / "pre-commit"
    seen = tmp_path / "seen"
    code = (
        "import sys; from pathlib import Path; from canonry.adapters.gitrepo import index_tree\n"
        f"with index_tree(Path({str(root)!r})) as tree:\n"
        f"    Path({str(seen)!r}).write_bytes(tree.read('registry/vocabularies/brand.yaml'))\n"
    )
    script = tmp_path / "hook.py"
    script.write_text(code, encoding="utf-8")
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{script}'\n", encoding="utf-8")
    hook.chmod(0o755)
    (root / "registry/vocabularies/brand.yaml").write_text("title: Changed\n", encoding="utf-8")
    git(repository, "commit", "-qam", "Change")
    assert seen.read_bytes() == b"title: Changed\n"


def test_a_large_blob_is_refused_unread(root) -> None:
    """Eight megabytes are the limit, on disk and in git alike."""
    path = "contracts/events/large/v1.json"
    (root / path).parent.mkdir(parents=True)
    (root / path).write_bytes(b" " * (MAX_FILE_BYTES + 1))
    git(root, "add", path)
    with index_tree(root) as tree, pytest.raises(UnreadableFileError, match="8,388,609 bytes"):
        tree.read(path)
    with pytest.raises(UnreadableFileError, match="8,388,609 bytes"):
        DirectoryTree(root).read(path)


def test_a_folder_outside_git_has_neither_index_nor_commits(tmp_path) -> None:
    """The error says which folder, and what to do instead."""
    with pytest.raises(NotARepositoryError) as caught, index_tree(tmp_path) as tree:
        list(tree.paths())
    assert str(tmp_path) in str(caught.value)
    assert caught.value.advice()
    with pytest.raises(NotARepositoryError), tree_at(tmp_path, "HEAD"):
        pass


@pytest.mark.parametrize("ref", ["nowhere", "-x", "--upload-pack=touch", "HEAD:registry", ""])
def test_an_unknown_commit_is_named(root, ref) -> None:
    """Names come from people and hooks: they never become options of git."""
    with pytest.raises(UnknownRefError) as caught, tree_at(root, ref):
        pass
    assert repr(ref) in str(caught.value)
    assert "fetch" in caught.value.advice()


def test_the_root_is_found_from_inside(root) -> None:
    """Commands work in every folder of a registry."""
    assert find_root(root / "contracts" / "events") == root
    assert find_root(Path("/")) is None


def test_a_root_that_is_a_link_is_not_followed(tmp_path) -> None:
    """`registry -> /somewhere` would read somebody else's files."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "registry.yaml").write_text("name: Other\n", encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    (home / "registry").symlink_to(elsewhere)
    assert list(DirectoryTree(home).paths()) == []

"""`canonry check` in real repositories."""

import json
import shutil
import tarfile

import pytest
from tests.e2e.repositories import BREAK, EVENT, FINE, SEGMENT, canonry, codes, edit, git, repository, write
from tests.unit.compat.cases import base, edited


@pytest.fixture
def repo(tmp_path):
    return repository(tmp_path / "repo")


def test_a_branch_is_judged_by_all_that_it_adds(repo):
    """Not by what main did meanwhile, and not only by the last commit."""
    git(repo, "switch", "-qc", "topic")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    edit(repo, {SEGMENT: {"/title": "Left a cart"}})
    git(repo, "commit", "-qam", "More")
    git(repo, "switch", "-q", "main")
    edit(repo, {"contracts/traits/user/v1.json": {"/x-contract/owner": "crm"}})
    git(repo, "commit", "-qam", "Elsewhere")
    git(repo, "switch", "-q", "topic")
    assert codes(repo) == (1, ["B101", "B181"])


def test_on_the_default_branch_the_last_commit_is_judged(repo):
    """With nothing left to commit, HEAD is compared with its first parent."""
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    assert codes(repo) == (1, ["B101"])
    edit(repo, {SEGMENT: {"/title": "X", "/x-contract/version": "1.2.1"}})
    assert codes(repo) == (0, [])


def test_the_former_tip_of_a_push_is_the_base_in_ci(repo):
    """A push of several commits is judged as a whole; a force push falls back to the parent."""
    before = git(repo, "rev-parse", "HEAD")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    edit(repo, {SEGMENT: {"/title": "X", "/x-contract/version": "1.2.1"}})
    git(repo, "commit", "-qam", "More")
    assert codes(repo) == (0, [])
    assert codes(repo, CANONRY_BEFORE_SHA=before) == (1, ["B101"])
    assert codes(repo, CANONRY_BEFORE_SHA="1" * 40) == (0, [])
    assert codes(repo, CANONRY_BEFORE_SHA="0" * 40) == (0, [])


def test_what_is_staged_is_judged_and_nothing_else(repo):
    """Partial staging: the index decides, in either direction."""
    edit(repo, BREAK)
    assert codes(repo, "--staged") == (0, [])
    git(repo, "add", "--all")
    git(repo, "show", f"HEAD:{EVENT}")
    (repo / EVENT).write_text(git(repo, "show", f"HEAD:{EVENT}") + "\n")
    assert codes(repo, "--staged") == (1, ["B101"])
    assert codes(repo) == (0, [])


def test_a_file_that_is_only_announced_is_not_judged(repo):
    """`git add -N` commits nothing, so there is nothing to judge; an empty file is judged as what it is."""
    path = "contracts/events/cart_viewed/v1.json"
    write(repo, {path: (repo / EVENT).read_bytes()})
    git(repo, "add", "-N", path)
    assert codes(repo, "--staged") == (0, [])
    (repo / path).unlink()
    assert codes(repo, "--staged") == (0, [])
    write(repo, {path: b""})
    git(repo, "add", path)
    assert codes(repo, "--staged")[0] == 1


def test_what_a_sparse_checkout_leaves_out_is_not_gone(repo):
    """It is taken from the index; what is there is judged."""
    git(repo, "sparse-checkout", "set", "--no-cone", "/registry/", "/contracts/events/")
    assert not (repo / SEGMENT).exists()
    assert codes(repo) == (0, [])
    edit(repo, BREAK)
    assert codes(repo) == (1, ["B101"])


def test_the_index_that_git_names_is_read(repo, tmp_path):
    """`git commit -a` stages into an index of its own, of which its hooks are told by a path."""
    edit(repo, BREAK)
    index = repo / ".git" / "other-index"
    shutil.copy(repo / ".git" / "index", index)
    git(repo, "add", "--all", GIT_INDEX_FILE=str(index))
    assert codes(repo, "--staged") == (0, [])
    assert codes(repo, "--staged", GIT_INDEX_FILE=str(index)) == (1, ["B101"])
    assert codes(repo, "--staged", GIT_INDEX_FILE=".git/other-index") == (1, ["B101"])


def test_a_registry_in_a_folder_of_its_repository(tmp_path):
    """Annotations have the repository's paths, and the hook's relative index is found from there."""
    repo = repository(tmp_path / "mono", prefix="data/registry")
    home = repo / "data" / "registry"
    edit(home, BREAK)
    git(repo, "add", "--all")
    assert codes(home, "--staged") == (1, ["B101"])
    assert codes(repo, "--staged", "--registry", "data/registry", GIT_INDEX_FILE=".git/index") == (
        1,
        ["B101"],
    )
    said = canonry(home, "check", "--format", "github").stdout
    assert f"file=data/registry/{EVENT},line=" in said


def test_a_shallow_clone_says_what_to_fetch(repo, tmp_path):
    """Without the merge base there is no verdict, and the message says how to get it."""
    edit(repo, FINE)
    git(repo, "commit", "-qam", "One")
    git(repo, "switch", "-qc", "topic", "HEAD~1")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Two")
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{repo}", "clone")
    git(tmp_path / "clone", "switch", "-q", "topic")
    done = canonry(tmp_path / "clone", "check")
    assert done.returncode == 2
    assert "git fetch --unshallow" in done.stderr
    git(tmp_path / "clone", "fetch", "-q", "--unshallow")
    assert codes(tmp_path / "clone") == (1, ["B101"])


def test_a_clone_without_the_default_branch_is_no_judge_of_a_branch(repo, tmp_path):
    """A break in the first of two commits would pass unseen, so the base must be named or fetched."""
    git(repo, "switch", "-qc", "topic")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    edit(repo, {SEGMENT: {"/title": "X", "/x-contract/version": "1.2.1"}})
    git(repo, "commit", "-qam", "Fine")
    git(tmp_path, "clone", "-q", "--single-branch", "-b", "topic", f"file://{repo}", "clone")
    clone = tmp_path / "clone"
    done = canonry(clone, "check")
    assert done.returncode == 2
    assert "the default branch, main, is not in this clone" in done.stderr
    edit(clone, FINE)
    git(clone, "add", "--all")
    assert "HEAD, since main is not in this clone" in canonry(clone, "check", "--staged").stdout
    git(clone, "restore", "--staged", "--worktree", ".")
    assert codes(clone, "--against", "HEAD~2") == (1, ["B101"])
    git(clone, "fetch", "-q", "origin", "main:refs/remotes/origin/main")
    assert codes(clone) == (1, ["B101"])
    git(repo, "branch", "-m", "topic", "only")
    git(repo, "branch", "-qD", "main")
    assert codes(repo) == (0, []), "the only branch there is, is the default one"


def test_a_detached_head_is_judged_like_its_branch(repo):
    """CI checks out commits, not branches."""
    git(repo, "switch", "-qc", "topic")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    git(repo, "switch", "-q", "--detach")
    assert codes(repo) == (1, ["B101"])


def test_a_linked_worktree(repo, tmp_path):
    """A worktree has its own index and HEAD."""
    git(repo, "worktree", "add", "-q", "-b", "topic", str(tmp_path / "linked"))
    edit(tmp_path / "linked", BREAK)
    git(tmp_path / "linked", "add", "--all")
    assert codes(tmp_path / "linked", "--staged") == (1, ["B101"])
    assert codes(repo, "--staged") == (0, [])


def test_a_submodule(repo, tmp_path):
    """The registry may be a submodule, and a repository that holds one is not looked into."""
    outer = repository(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repo), "sub")
    git(outer, "commit", "-qm", "Add a submodule")
    edit(outer / "sub", BREAK)
    git(outer / "sub", "add", "--all")
    assert codes(outer / "sub", "--staged") == (1, ["B101"])
    assert codes(outer, "--staged") == (0, [])


def test_the_first_commit_breaks_nobody(tmp_path):
    """Before any commit, and with one commit, there is nothing that could break."""
    repo = tmp_path / "new"
    repo.mkdir()
    git(repo, "init", "-q", "-b", "main")
    write(repo, base())
    git(repo, "add", "--all")
    assert codes(repo, "--staged") == (0, [])
    assert codes(repo) == (0, [])
    git(repo, "commit", "-qm", "First")
    assert codes(repo) == (0, [])


def test_outside_of_git_a_folder_is_asked_for(tmp_path):
    """No repository is no crash."""
    write(tmp_path / "plain", base())
    done = canonry(tmp_path / "plain", "check", GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert done.returncode == 2
    assert "--against DIR" in done.stderr
    write(tmp_path / "other", edited(base(), BREAK))
    assert codes(tmp_path / "other", "--against", str(tmp_path / "plain")) == (1, ["B101"])


def test_an_archive_is_a_base(repo, tmp_path):
    """Also below a folder of its own, as hosts pack them."""
    with tarfile.open(tmp_path / "base.tar.gz", "w:gz") as archive:
        archive.add(repo / "registry", "registry-1.0/registry")
        archive.add(repo / "contracts", "registry-1.0/contracts")
    edit(repo, BREAK)
    assert codes(repo, "--against", str(tmp_path / "base.tar.gz")) == (1, ["B101"])
    (tmp_path / "bad.zip").write_bytes(b"not a zip")
    done = canonry(repo, "check", "--against", str(tmp_path / "bad.zip"))
    assert done.returncode == 2 and "cannot be compared with" in done.stderr


@pytest.mark.parametrize("ref", ["nowhere", "--help", "HEAD~99", "refs/heads/none"])
def test_a_base_that_does_not_exist(repo, ref):
    """A name that git does not know stops the command with a hint, options among them."""
    done = canonry(repo, "check", f"--against={ref}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert ref in done.stderr


def test_a_corrupt_object(repo):
    """A store that cannot be read says so, and what to do."""
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    name = git(repo, "rev-parse", f"HEAD~1:{EVENT}")
    loose = repo / ".git" / "objects" / name[:2] / name[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"garbage")
    done = canonry(repo, "check")
    assert done.returncode == 2
    assert "git fsck" in done.stderr


def test_a_file_that_became_a_directory(repo):
    """The contract is gone, and what stands there is no contract."""
    (repo / EVENT).unlink()
    write(repo, {f"{EVENT}/v1.json": b"{}"})
    code, found = codes(repo)
    assert code == 1
    assert {"B160", "L006"} <= set(found)


def test_old_problems_are_not_charged(repo):
    """A base that does not load makes its own contracts undecided, not this change's fault."""
    (repo / SEGMENT).write_text("{")
    git(repo, "commit", "-qam", "Oops")
    edit(repo, FINE)
    git(repo, "commit", "-qam", "Fine")
    assert codes(repo) == (0, [])
    write(repo, {SEGMENT: base()[SEGMENT]})
    git(repo, "commit", "-qam", "Mend")
    assert codes(repo) == (3, ["B103"])


def test_a_rename_in_git_is_no_rename_of_a_contract(repo):
    """The id is the path: git's rename detection has no say."""
    git(repo, "mv", "contracts/events/order_completed", "contracts/events/order_paid")
    edit(repo, {"contracts/events/order_paid/v1.json": {"/$id": "/events/order_paid/v1"}})
    git(repo, "add", "--all")
    code, found = codes(repo, "--staged")
    assert code == 1 and {"B160", "B163"} <= set(found)


def test_two_branches_that_each_are_fine_break_together(repo):
    """One deletes what nothing reads, the other begins to read it: the merged tree is what is judged."""
    old = {"copy": EVENT, "/$id": "/events/order_paid/v1", "/x-contract/consumers": []}
    sunset = {"/x-contract/status": "deprecated", "/x-contract/sunset": "2026-06-30"}
    write(repo, edited(base(), {"contracts/events/order_paid/v1.json": old}))
    edit(repo, {"contracts/events/order_paid/v1.json": sunset})
    git(repo, "add", "--all")
    git(repo, "commit", "-qm", "An event past its sunset")
    git(repo, "switch", "-qc", "one")
    edit(repo, {"contracts/events/order_paid/v1.json": None})
    assert codes(repo) == (0, [])
    git(repo, "commit", "-qam", "Delete it")
    git(repo, "switch", "-qc", "two", "main")
    reads = {
        "/x-contract/version": "1.2.1",
        "/x-contract/definition/none/0": {"event": "/events/order_paid/v1"},
    }
    write(repo, edited(base(), {"contracts/segments/payers/v1.json": {"copy": SEGMENT, **reads}}))
    edit(repo, {"contracts/segments/payers/v1.json": {"/$id": "/segments/payers/v1"}})
    git(repo, "add", "--all")
    assert codes(repo) == (0, [])
    git(repo, "commit", "-qm", "A segment that reads it")
    git(repo, "switch", "-q", "main")
    git(repo, "merge", "-q", "two")
    git(repo, "switch", "-q", "one")
    assert codes(repo) == (0, [])
    git(repo, "merge", "-q", "main", "-m", "Merge")
    assert codes(repo) == (1, ["B160"])


def test_two_branches_that_take_the_same_version_are_told(repo):
    """The number is free on either branch, and taken on the merged tree."""
    for branch, name in (("one", "gift"), ("two", "note")):
        git(repo, "switch", "-qc", branch, "main")
        new = {"type": "string", "maxLength": 9, "description": "New.", "x-pii": "none"}
        edit(repo, {EVENT: {"/x-contract/version": "1.3.0", f"/properties/{name}": new}})
        assert codes(repo) == (0, [])
        git(repo, "commit", "-qam", name)
        git(repo, "switch", "-q", "main")
    git(repo, "merge", "-q", "one")
    git(repo, "switch", "-q", "two")
    git(repo, "merge", "-q", "-X", "ours", "main", "-m", "Merge")
    edit(
        repo,
        {
            EVENT: {
                "/properties/gift": {"type": "string", "maxLength": 9, "description": "New.", "x-pii": "none"}
            }
        },
    )
    code, found = codes(repo)
    assert code == 1 and found == ["B181"]
    assert canonry(repo, "bump", "--write").returncode == 0
    assert codes(repo) == (0, [])
    assert json.loads((repo / EVENT).read_text())["x-contract"]["version"] == "1.4.0"


def test_since_release_fails_only_on_what_the_change_introduces(repo):
    """What the default branch already broke since the release is told apart."""
    git(repo, "tag", "release/2026.10.1")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    edit(repo, {SEGMENT: {"/title": "X", "/x-contract/version": "1.2.1"}})
    git(repo, "commit", "-qam", "Fine")
    assert codes(repo, "--since-release") == (0, [])
    # Two steps of which each is safe in the declared reading, and the whole is not.
    git(repo, "tag", "release/2026.11.1")
    edit(repo, {EVENT: {"/x-contract/version": "1.4.0", "/properties/coupon": None}})
    git(repo, "commit", "-qam", "Gone")
    edit(
        repo,
        {
            EVENT: {
                "/x-contract/version": "1.5.0",
                "/properties/coupon": {"type": "integer", "description": "N.", "x-pii": "none"},
            }
        },
    )
    git(repo, "commit", "-qam", "Back as a number")
    assert codes(repo) == (0, [])
    code, found = codes(repo, "--since-release")
    assert code == 1 and "B101" in found


def test_nothing_is_left_behind(repo):
    """Checking writes nothing: no checkout, no index refresh, no cache in the tree."""
    git(repo, "switch", "-qc", "topic")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    before = sorted((p.as_posix(), p.stat().st_mtime_ns) for p in repo.rglob("*") if p.is_file())
    codes(repo)
    codes(repo, "--staged")
    assert before == sorted((p.as_posix(), p.stat().st_mtime_ns) for p in repo.rglob("*") if p.is_file())

"""The hooks, through git and the real pre-commit program, and the paths that they look at."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.repositories import BREAK, EVENT, FINE, canonry, edit, git, repository

from canonry.catalogue.text import parse

ROOT = Path(__file__).parents[2]
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"


def hooks(name):
    """Hooks by id, from a file of this repository."""
    value = parse(name, (ROOT / name).read_bytes())[0].value
    if isinstance(value, dict):
        value = [hook for repo in value["repos"] for hook in repo["hooks"]]
    return {hook["id"]: hook for hook in value}


@pytest.fixture
def repo(tmp_path):
    """A repository with canonry check as its pre-commit hook, run by the pre-commit program."""
    if not PRE_COMMIT.exists():
        pytest.skip("pre-commit is not installed")
    repo = repository(tmp_path / "repo")
    hook = {
        "id": "canonry-check",
        "name": "canonry check",
        "entry": f"{sys.executable} -m canonry check --staged",
        "language": "system",
        "always_run": True,
        "pass_filenames": False,
    }
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (repo / ".pre-commit-config.yaml").write_text(json.dumps(config))
    git(repo, "add", "--all")
    git(repo, "commit", "-qm", "Hooks")
    git(repo, "switch", "-qc", "topic")
    done = subprocess.run([PRE_COMMIT, "install"], cwd=repo, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return repo


def commit(repo, *arguments):
    """`git commit`, which may be refused."""
    return subprocess.run(
        ["git", "commit", "-m", "Change", *arguments], cwd=repo, capture_output=True, text=True, check=False
    )


def test_a_breaking_commit_is_refused_and_an_accepted_one_passes(repo):
    """The hook prints what breaks and how to accept it; the acceptance is part of the commit."""
    edit(repo, BREAK)
    git(repo, "add", "--all")
    done = commit(repo)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "payload-rejected" in said
    fingerprint = re.search(r"canonry accept ([0-9a-f]{16})", said)[1]
    arguments = ("accept", fingerprint, "--reason", "Nobody sends longer ones", "--until", "2027-01-31")
    done = canonry(repo, *arguments)
    assert done.returncode == 0, done.stderr
    assert (repo / "registry" / "accepted" / f"{fingerprint}.yaml").is_file()
    git(repo, "add", "--all")
    done = commit(repo)
    assert done.returncode == 0, done.stdout + done.stderr


def test_commit_a_is_judged_by_what_it_commits(repo):
    """Nothing is staged beforehand; the hook sees the index that git made for the commit."""
    edit(repo, BREAK)
    done = commit(repo, "-a")
    assert done.returncode == 1 and "payload-rejected" in done.stdout + done.stderr
    git(repo, "restore", ".")
    edit(repo, FINE)
    assert commit(repo, "-a").returncode == 0


def test_partial_staging_is_judged_by_what_is_staged(repo):
    """A break that is not staged does not stop a commit that is fine."""
    edit(repo, FINE)
    git(repo, "add", "--all")
    edit(repo, {EVENT: {"/properties/coupon/maxLength": 5}})
    assert commit(repo).returncode == 0
    assert json.loads((repo / EVENT).read_text())["properties"]["coupon"]["maxLength"] == 5


def test_a_commit_that_only_deletes_is_judged(repo):
    """pre-commit hands over no deleted files; the hook runs all the same."""
    git(repo, "rm", "-q", EVENT)
    done = commit(repo)
    assert done.returncode == 1 and "contract-deleted" in done.stdout + done.stderr


MATCHING = {
    "canonry-fmt": (
        ["registry/registry.yaml", "registry/vocabularies/market.yaml", "contracts/events/a/v1.json"],
        [
            "docs/registry/a.yaml",
            "contracts/README.md",
            "generated/schemas/events/a/1.0.0.json",
            "registry/a.yaml.bak",
        ],
    ),
    "canonry-lint": (
        ["registry/registry.yaml", "contracts/events/a/v1.json", "contracts/events/a/v1.JSON"],
        ["docs/contracts/a.json", "my-registry/a.yaml", "generated/python/registry/a.py", "mkdocs.yml"],
    ),
}


@pytest.mark.parametrize("name", MATCHING)
def test_hooks_look_at_the_right_paths(name):
    """Each `files:` pattern takes what the hook is about, and nothing else."""
    pattern = re.compile(hooks(".pre-commit-hooks.yaml")[name]["files"])
    wanted, others = MATCHING[name]
    assert [path for path in wanted if not pattern.search(path)] == []
    assert [path for path in others if pattern.search(path)] == []


def test_this_repository_runs_its_own_hooks():
    """The hooks that are offered are the hooks that are used: same command, same files."""
    offered, used = hooks(".pre-commit-hooks.yaml"), hooks(".pre-commit-config.yaml")
    for name in ("canonry-fmt", "canonry-lint", "canonry-check", "canonry-generate"):
        assert used[name]["entry"] == f".venv/bin/{offered[name]['entry']}"
        assert used[name].get("files") == offered[name].get("files")
        assert used[name].get("always_run") == offered[name].get("always_run")


def test_every_offered_hook_is_a_command():
    """An entry is a command line that this canonry understands."""
    from canonry.cli.group import program

    for hook in hooks(".pre-commit-hooks.yaml").values():
        words = hook["entry"].split()
        assert words[0] == "canonry"
        command = program.get_command(None, words[1])
        options = {name for parameter in command.params for name in parameter.opts}
        assert set(words[2:]) <= options


def test_generated_files_go_with_the_contract(tmp_path):
    """A commit with a new contract is stopped once, with its generated files ready to be added."""
    if not PRE_COMMIT.exists():
        pytest.skip("pre-commit is not installed")
    repo = repository(tmp_path / "repo")
    offered = hooks(".pre-commit-hooks.yaml")["canonry-generate"]
    hook = {**offered, "language": "system", "entry": f"{sys.executable} -m {offered['entry']}"}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (repo / ".pre-commit-config.yaml").write_text(json.dumps(config))
    canonry(repo, "generate")
    git(repo, "add", "--all")
    git(repo, "commit", "-qm", "Hooks")
    subprocess.run([PRE_COMMIT, "install"], cwd=repo, capture_output=True, check=True)
    document = json.loads((repo / EVENT).read_text())
    name = document["$id"].split("/")[2]
    new = repo / EVENT.replace(f"/{name}/", "/thing_done/")
    new.parent.mkdir()
    document |= {"$id": "/events/thing_done/v1", "title": "Thing Done"}
    new.write_text(json.dumps(document, indent=2))
    git(repo, "add", "--all")
    done = commit(repo)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "generated/schemas/events/thing_done/" in done.stdout + done.stderr
    git(repo, "add", "--all")
    done = commit(repo)
    assert done.returncode == 0, done.stdout + done.stderr
    assert canonry(repo, "generate", "--check").returncode == 0

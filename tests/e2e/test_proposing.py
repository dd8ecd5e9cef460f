"""From a change to a pull request: `propose` with a remote and a host, and the mechanical commit."""

import json
import os
import stat
import sys

import pytest
from tests.e2e.repositories import EVENT, FINE, canonry, codes, edit, git, repository

GH = """#!{python}
import json, sys
from pathlib import Path
home = Path({home!r})
calls = json.loads((home / "calls.json").read_text()) if (home / "calls.json").exists() else []
body = next((a.partition("=")[2] for a in sys.argv if a.startswith("--body-file=")), None)
calls.append({{"arguments": sys.argv[1:], "body": body and Path(body).read_text(encoding="utf-8")}})
(home / "calls.json").write_text(json.dumps(calls))
answer = json.loads((home / "answers.json").read_text())[sys.argv[2]]
print(answer.get("out", ""))
print(answer.get("error", ""), file=sys.stderr)
sys.exit(answer.get("code", 0))
"""
ADDRESS = "https://github.example/acme/registry/pull/7"


@pytest.fixture
def repo(tmp_path):
    """A clone of a bare remote, on main, with nothing left to commit."""
    origin = repository(tmp_path / "seed")
    git(tmp_path, "clone", "-q", "--bare", str(origin), "origin.git")
    git(tmp_path, "clone", "-q", str(tmp_path / "origin.git"), "repo")
    return tmp_path / "repo"


@pytest.fixture
def gh(tmp_path):
    """A `gh` on the path that remembers its calls and answers as it is told."""
    home = tmp_path / "bin"
    home.mkdir()
    (home / "gh").write_text(GH.format(python=sys.executable, home=str(home)))
    (home / "gh").chmod(0o755 | stat.S_IXUSR)

    class Host:
        path = f"{home}{os.pathsep}{os.environ['PATH']}"

        @staticmethod
        def answers(**commands):
            (home / "answers.json").write_text(json.dumps(commands))

        @staticmethod
        def calls():
            file = home / "calls.json"
            return json.loads(file.read_text()) if file.exists() else []

    Host.answers(create={"out": f"Creating pull request\n{ADDRESS}"})
    return Host


CHANGE = {EVENT: {k: v for k, v in FINE[EVENT].items() if "version" not in k}}


def test_a_change_becomes_a_pull_request(repo, gh):
    """Branch, mechanical fixes, one commit, a push, and the review as the request's text."""
    edit(repo, CHANGE)
    done = canonry(repo, "propose", "--title --evil\nmore", PATH=gh.path)
    assert done.returncode == 2, "an option that is none is no title"
    done = canonry(repo, "propose", "--", "--web  Add a\nnote", PATH=gh.path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"opened {ADDRESS}\n"
    (call,) = gh.calls()
    branch = "canonry/web-add-a-note"
    assert call["arguments"][:5] == [
        "pr", "create", f"--head={branch}", "--base=main", "--title=--web Add a note",
    ]  # fmt: skip
    assert call["body"].startswith("<!-- canonry:review -->") and "nothing breaks" in call["body"]
    assert git(repo, "log", "-1", "--format=%B") == "--web Add a note"
    assert git(repo, "status", "--porcelain") == ""
    assert git(repo.parent / "origin.git", "rev-parse", branch) == git(repo, "rev-parse", "HEAD")
    assert git(repo, "rev-parse", "--abbrev-ref", "@{upstream}") == f"origin/{branch}"
    assert json.loads((repo / EVENT).read_text())["x-contract"]["version"] == "1.3.0"
    assert codes(repo) == (0, [])


def test_proposing_again_pushes_to_the_request_that_is_open(repo, gh):
    """The second time there is a request already; its address is what the person wants."""
    edit(repo, CHANGE)
    assert canonry(repo, "propose", "Add a note", PATH=gh.path).returncode == 0
    edit(repo, {EVENT: {"/properties/note/description": "A better note."}})
    gh.answers(create={"code": 1, "error": "a pull request already exists"}, view={"out": ADDRESS})
    done = canonry(repo, "propose", "Say it better", PATH=gh.path)
    assert done.stdout == f"pushed to {ADDRESS}\n"
    assert git(repo, "log", "--format=%s", "main..HEAD").split("\n") == ["Say it better", "Add a note"]
    assert git(repo.parent / "origin.git", "rev-parse", "canonry/add-a-note") == git(
        repo, "rev-parse", "HEAD"
    )


def test_a_host_that_says_no_is_quoted(repo, gh):
    """The branch is pushed, and what is left to do stands there with the text."""
    edit(repo, CHANGE)
    gh.answers(
        create={"code": 4, "error": "To get started with GitHub CLI, please run:  gh auth login"},
        view={"code": 4, "error": "no"},
    )
    done = canonry(repo, "propose", "Add a note", PATH=gh.path)
    assert done.returncode == 0
    assert "pushed, but gh opened no pull request: To get started" in done.stdout
    assert "git push" not in done.stdout and "<!-- canonry:review -->" in done.stdout
    found = json.loads(canonry(repo, "propose", "--format", "json", PATH=gh.path).stdout)
    assert (found["pushed"], found["opened"]) == (True, None) and "gh auth login" in found["refused"]


def test_a_push_that_is_refused_loses_nothing(repo, gh):
    """The commit stands; the host's answer is told without a traceback, and gh is not asked."""
    hook = repo.parent / "origin.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'main is frozen until Monday' >&2\nexit 1\n")
    hook.chmod(0o755)
    edit(repo, CHANGE)
    done = canonry(repo, "propose", "Add a note", PATH=gh.path)
    assert done.returncode == 2 and "main is frozen until Monday" in done.stderr
    assert "Traceback" not in done.stderr and gh.calls() == []
    assert git(repo, "log", "-1", "--format=%s") == "Add a note"


def test_a_hook_that_refuses_the_commit_is_quoted(repo):
    """A repository's own hooks hold for what canonry commits as well."""
    hook = repo / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'no ticket in the branch name'\nexit 1\n")
    hook.chmod(0o755)
    edit(repo, CHANGE)
    done = canonry(repo, "propose", "--no-open", "Add a note")
    assert done.returncode == 2 and "no ticket in the branch name" in done.stderr
    assert git(repo, "diff", "--cached", "--name-only") == EVENT


def test_without_a_host_it_says_what_is_left_to_do(repo):
    """--no-open neither pushes nor asks gh."""
    edit(repo, CHANGE)
    done = canonry(repo, "propose", "Add a note", "--no-open", "--branch", "mine")
    assert "git push -u origin mine" in done.stdout
    assert git(repo.parent / "origin.git", "branch", "--list") == "* main"
    assert canonry(repo, "propose", "Nothing more", "--no-open").returncode == 0, "the branch has a commit"
    git(repo, "switch", "-q", "main")
    edit(repo, CHANGE)
    assert canonry(repo, "propose", "x", "--branch", "-f").returncode == 2


def test_the_mechanical_commit_is_made_on_the_default_branch(repo):
    """What `fix` writes is committed by itself and pushed; twice does nothing."""
    before = git(repo, "rev-parse", "HEAD")
    edit(repo, CHANGE)
    assert canonry(repo, "fix", "--commit").returncode == 2, "what somebody typed is not mechanical"
    git(repo, "commit", "-qam", "Add a note")
    (repo / "notes.txt").write_text("mine")
    done = canonry(repo, "fix", "--commit", "--push", "--against", before, "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["written"] == [EVENT] and found["pushed"]
    assert git(repo, "show", "--format=%s", "--name-only").split() == [
        "Take", "versions,", "layout", "and", "generated", "files", EVENT,
    ]  # fmt: skip
    assert git(repo.parent / "origin.git", "rev-parse", "main") == found["commit"]
    again = json.loads(
        canonry(repo, "fix", "--commit", "--push", "--against", before, "--format", "json").stdout
    )
    assert again == {"written": [], "commit": None, "pushed": False}
    assert codes(repo, "--against", before) == (0, [])


def test_code_owners_of_a_registry_in_a_folder(tmp_path):
    """The file stands at the repository's root, with the folder in its paths; other people's lines stay."""
    repo = repository(tmp_path / "mono", prefix="data/registry")
    home = repo / "data" / "registry"
    file = repo / ".github" / "CODEOWNERS"
    file.parent.mkdir()
    file.write_text("* @acme/everyone\n")
    assert canonry(home, "codeowners", "--check").returncode == 1
    assert canonry(home, "codeowners", "--write").returncode == 0
    lines = file.read_text().splitlines()
    assert lines[0] == "* @acme/everyone"
    assert any(line.split()[:2] == [f"/data/registry/{EVENT}", "@example/checkout"] for line in lines)
    file.write_text(file.read_text() + "/docs/ @acme/writers\n")
    assert canonry(home, "codeowners", "--check").returncode == 0
    edit(home, {EVENT: {"/x-contract/owner": "media"}})
    assert "../../.github/CODEOWNERS" in canonry(home, "fix").stdout
    text = file.read_text()
    assert text.startswith("* @acme/everyone\n") and text.endswith("/docs/ @acme/writers\n")
    assert any(
        line.split()[:2] == [f"/data/registry/{EVENT}", "@example/media"] for line in text.splitlines()
    )

"""Commands that follow a change: bump, fix, accept, deprecate, release, diff, changelog, propose, init."""

import json
import re
import subprocess
import sys

import pytest
from tests.e2e.repositories import BREAK, EVENT, FINE, SEGMENT, canonry, codes, edit, git, repository, write
from tests.unit.compat.cases import base


@pytest.fixture
def repo(tmp_path):
    repo = repository(tmp_path / "repo")
    git(repo, "switch", "-qc", "topic")
    return repo


def said(repo, *arguments, code=0):
    """A command's JSON."""
    done = canonry(repo, *arguments, "--format", "json")
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_bump_edits_the_number_and_nothing_else(repo):
    """The smallest honest version, by one line of the file."""
    edit(repo, {EVENT: {"/properties/coupon/description": "The code that was used."}})
    assert [one["wanted"] for one in said(repo, "bump")["bumps"]] == ["1.2.1"]
    edit(repo, FINE | {EVENT: {k: v for k, v in FINE[EVENT].items() if "version" not in k}})
    before = (repo / EVENT).read_text()
    assert [one["wanted"] for one in said(repo, "bump", "--write")["bumps"]] == ["1.3.0"]
    assert (repo / EVENT).read_text() == before.replace('"version": "1.2.0"', '"version": "1.3.0"')
    assert said(repo, "bump") == {"bumps": [], "written": False}


def test_fix_does_all_that_is_mechanical(repo):
    """Layout and versions of what was touched; what was not touched keeps its layout."""
    text = json.dumps(json.loads((repo / EVENT).read_text()) | {"title": "Order"})
    (repo / EVENT).write_text(text)
    (repo / "registry" / "teams.yaml").write_text((repo / "registry" / "teams.yaml").read_text())
    assert said(repo, "fix")["written"] == [EVENT]
    assert codes(repo) == (0, [])
    assert '"title": "Order",\n' in (repo / EVENT).read_text()
    assert said(repo, "fix")["written"] == []


def test_acceptances_are_refused_where_they_make_no_sense(repo):
    """An unknown fingerprint lists what is open; an end that is over or years away is no end."""
    edit(repo, BREAK)
    done = canonry(repo, "accept", "0" * 16, "--reason", "x", "--until", "2027-01-01")
    assert (
        done.returncode == 2 and "B101 /events/order_completed/v1#/properties/coupon/maxLength" in done.stderr
    )
    known = re.search(r"([0-9a-f]{16})  B101", done.stderr)[1]
    for until in ("2026-11-20", "2031-01-01", "soon"):
        assert canonry(repo, "accept", known, "--reason", "x", "--until", until).returncode == 2
    assert canonry(repo, "accept", known, "--reason", " ", "--until", "2027-01-01").returncode == 2
    nasty = "yes: [no]\n- &a !!python/object:os.system \x1b]0;x"
    made = said(repo, "accept", known, "--reason", nasty, "--until", "2027-01-01")
    assert codes(repo) == (0, [])
    assert json.loads((repo / made["path"]).read_text().split("reason: ")[1].split("\n")[0]) == nasty.strip()
    report = json.loads(canonry(repo, "check", "--format", "json").stdout)
    assert [finding["fingerprint"] for finding in report["accepted"]] == [known]


def test_deprecating_says_until_when_and_what_instead(repo):
    """Three members in the file's own layout; the reader of a deprecated contract is not broken."""
    write(
        repo,
        {"contracts/events/order_paid/v1.json": base()[EVENT].replace(b"order_completed", b"order_paid")},
    )
    arguments = (
        "deprecate",
        "order_completed",
        "--sunset",
        "2027-06-30",
        "--replaced-by",
        "/events/order_paid/v1",
    )
    assert said(repo, *arguments)["written"] == [EVENT]
    meta = json.loads((repo / EVENT).read_text())["x-contract"]
    assert list(meta)[:4] == ["version", "status", "sunset", "replaced_by"]
    assert canonry(repo, "fix").returncode == 0
    assert codes(repo) == (0, [])
    assert canonry(repo, "deprecate", "order_completed", "--sunset", "2026-01-01").returncode == 2
    done = canonry(
        repo, "deprecate", "order_completed", "--sunset", "2027-06-30", "--replaced-by", "/events/x/v1"
    )
    assert done.returncode == 2 and "no other contract" in done.stderr


def test_releases_are_tags_of_a_default_branch_that_breaks_nobody(repo):
    """Numbered within the month; refused off the branch, with changes open, and while something breaks."""
    assert "this is topic" in canonry(repo, "release").stderr
    git(repo, "switch", "-q", "main")
    assert said(repo, "release")["tag"] == "release/2026.11.1"
    edit(repo, FINE)
    assert "not committed" in canonry(repo, "release").stderr
    git(repo, "commit", "-qam", "Fine")
    assert said(repo, "release", "--dry-run")["written"] is False
    assert said(repo, "release")["tag"] == "release/2026.11.2"
    assert "`note` is now allowed" in git(repo, "tag", "-l", "--format=%(contents)", "release/2026.11.2")
    edit(repo, {EVENT: {"/x-contract/version": "1.4.0", "/properties/coupon/maxLength": 5}})
    git(repo, "commit", "-qam", "Break")
    assert said(repo, "release", code=1)["tag"] is None
    assert git(repo, "tag", "-l").split() == ["release/2026.11.1", "release/2026.11.2"]


def test_diff_and_changelog_tell_the_same_story(repo):
    """In words, per contract, with versions; what was accepted is marked as breaking all the same."""
    edit(repo, BREAK)
    fingerprint = json.loads(canonry(repo, "check", "--format", "json").stdout)["findings"][0]["fingerprint"]
    canonry(repo, "accept", fingerprint, "--reason", "Agreed", "--until", "2027-01-01")
    git(repo, "add", "--all")
    git(repo, "commit", "-qm", "Shorter coupons")
    told = said(repo, "diff", "main", "HEAD")["changes"]
    assert next((c["subject"], c["version_before"], c["version_after"], c["breaking"]) for c in told) == (
        "/events/order_completed/v1", "1.2.0", "1.3.0", True,
    )  # fmt: skip
    entries = said(repo, "changelog", "order_completed")["entries"]
    assert [entry["subject"] for entry in entries] == ["Shorter coupons", "Begin"]
    assert [entry["changes"][0]["breaking"] for entry in entries] == [True, False]
    assert said(repo, "changelog", "--since", "main")["entries"][0]["changes"][0] == told[0]
    assert "**breaking**" in canonry(repo, "changelog", "--format", "markdown").stdout
    assert said(repo, "diff", "HEAD")["changes"] == []


def test_proposing_makes_branch_and_commit_and_prints_the_rest(repo, tmp_path):
    """From the default branch, mechanical fixes included, without a host's command."""
    git(repo, "switch", "-q", "main")
    assert "nothing has changed" in canonry(repo, "propose").stderr
    edit(repo, {EVENT: {k: v for k, v in FINE[EVENT].items() if "version" not in k}})
    done = canonry(repo, "propose", "--no-open", "--format", "json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert made["branch"] == "canonry/change-events-order-completed-v1"
    assert made["title"] == "Change /events/order_completed/v1"
    assert made["body"].startswith("<!-- canonry:review -->")
    assert git(repo, "status", "--porcelain") == ""
    assert json.loads((repo / EVENT).read_text())["x-contract"]["version"] == "1.3.0"
    assert git(repo, "log", "-1", "--format=%s") == made["title"]


def test_codeowners_follow_the_teams(repo):
    """Written, current, and stale once an owner changes."""
    assert canonry(repo, "codeowners", "--check").returncode == 1
    assert canonry(repo, "codeowners", "--write").returncode == 0
    assert canonry(repo, "codeowners", "--check").returncode == 0
    lines = (repo / ".github" / "CODEOWNERS").read_text().split("\n")
    assert any(line.split() == [f"/{SEGMENT}", "@example/crm", "@example/checkout"] for line in lines)
    edit(repo, {SEGMENT: {"/x-contract/owner": "media"}})
    assert canonry(repo, "codeowners", "--check").returncode == 1


@pytest.mark.parametrize("empty", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_new_registry_passes_its_own_tests_at_once(tmp_path, empty):
    """Lint, layout, check and tests; and every kind of contract that is begun in it lints clean."""
    arguments = ["init", "reg", "--name", 'Acme "quoted": yes', "--base-url", "https://names.example.com/"]
    done = canonry(tmp_path, *arguments, *(["--empty"] if empty else []))
    assert done.returncode == 0, done.stderr
    home = tmp_path / "reg"
    tests = [sys.executable, "-m", "unittest", "discover", "tests"]
    done = subprocess.run(tests, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for kind in ("event", "trait", "segment", "utm", "creative", "object"):
        made = said(home, "new", kind, "Fresh Thing")
        assert (home / made["path"]).is_file()
    done = canonry(home, "lint", "--fail-on", "note")
    assert done.returncode == 0, done.stdout
    assert canonry(home, "fmt", "--check").returncode == 0
    assert canonry(home, "new", "event", "fresh_thing").returncode == 2
    assert canonry(tmp_path, "init", "x", "--base-url", "https://a.example/b").returncode == 2
    assert canonry(tmp_path, *arguments).returncode == 2
    assert (home / ".github" / "workflows" / "pull-request.yml").is_file()
    assert "canonry==" in (home / ".github" / "workflows" / "default-branch.yml").read_text()
    git(home, "add", "--all")
    git(home, "commit", "-qm", "Begin")
    assert codes(home) == (0, [])


def test_impact_of_a_change_and_of_a_name(repo):
    """Everything that rests on it, with what it should do."""
    reached = {item["node"]: item["action"] for item in said(repo, "impact", "order_completed")["reached"]}
    assert reached["consumer:revenue-dashboard"] == "pause"
    assert reached["campaign:k7m2p2"] == "pause"
    assert "/segments/cart_abandoners/v1" in reached
    edit(repo, {EVENT: {"/title": "Order"}})
    changed = {item["node"] for item in said(repo, "impact", "--against", "main")["reached"]}
    assert changed == set(reached)
    assert canonry(repo, "impact", "order_completed", "--format", "mermaid").stdout.startswith("flowchart LR")
    assert canonry(repo, "impact").returncode == 2


def test_review_is_the_same_on_every_machine(repo):
    """A pure function of two trees: another folder, another order of hashes, the same bytes."""
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    git(repo.parent, "clone", "-q", "-b", "topic", f"file://{repo}", "again")
    first = canonry(repo, "review", "--format", "markdown", PYTHONHASHSEED="1")
    second = canonry(repo.parent / "again", "review", "--format", "markdown", PYTHONHASHSEED="2")
    assert first.returncode == second.returncode == 1
    assert first.stdout == second.stdout

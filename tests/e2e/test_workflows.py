"""The action, the workflows and the GitLab template: valid by published schemas, and run step by step."""

import importlib.util
import json
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import jsonschema
import pytest
from tests.e2e.repositories import BREAK, EVENT, FINE, SEGMENT, edit, git, repository
from tests.e2e.runner import Runner, document, programs

ROOT = Path(__file__).parents[2]
UNFINISHED = ("L301", "L316", "N203", "G111", "G113", "G134", "G143")
MARKER = "<!-- canonry:review -->"
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_LOG"
case "$*" in
  *"--jq"*) cat "$GH_LOG.known" 2>/dev/null || true ;;
  *"body=@"*) file="${*##*body=@}"; cp "$file" "$GH_LOG.body"; touch "$GH_LOG.written" ;;
esac
"""


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("action.yml", "github-actions"),
        (".github/workflows/pull-request.yml", "github-workflows"),
        (".github/workflows/default-branch.yml", "github-workflows"),
        (".github/workflows/weekly.yml", "github-workflows"),
        (".gitlab/canonry.gitlab-ci.yml", "gitlab-ci"),
    ],
)
def test_valid_by_the_published_schema(file, schema):
    """The schemas that check-jsonschema ships."""
    found = importlib.util.find_spec("check_jsonschema")
    if found is None or found.origin is None:
        pytest.skip("check-jsonschema is not installed")
    vendor = Path(found.origin).parent / "builtin_schemas" / "vendor"
    validator = jsonschema.Draft7Validator(json.loads((vendor / f"{schema}.json").read_text()))
    assert [error.message for error in validator.iter_errors(document(file))] == []


@pytest.fixture
def repo(tmp_path):
    """A clone of a bare remote, on a branch."""
    seed = repository(tmp_path / "seed")
    edit(seed, {"registry/registry.yaml": {"/policy": {"levels": dict.fromkeys(UNFINISHED, "off")}}})
    git(seed, "commit", "-qam", "A small registry is not finished")
    git(tmp_path, "clone", "-q", "--bare", str(seed), "origin.git")
    git(tmp_path, "clone", "-q", str(tmp_path / "origin.git"), "repo")
    git(tmp_path / "repo", "switch", "-qc", "topic")
    return tmp_path / "repo"


def pull_request(repo, event="pull_request"):
    """A runner that has checked out the pull request together with its target, as GitHub does."""
    git(repo, "switch", "-q", "--detach", "origin/main")
    git(repo, "merge", "-q", "--no-ff", "topic", "-m", "Merge topic into main")
    folder = repo.parent / "bin"
    path = f"{folder}:{programs(repo.parent / 'tools')}"
    folder.mkdir()
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    this = {"full_name": "acme/registry"}
    github = {
        "event_name": event, "repository": "acme/registry", "token": "secret-token",
        "event": {"pull_request": {"number": "7", "head": {"repo": this, "ref": "topic"}}},
    }  # fmt: skip
    return Runner(repo, {"github": github}, path, {"GH_LOG": str(repo.parent / "gh.log")})


def test_a_pull_request_that_breaks(repo):
    """Annotations and a failed job; the comment all the same, edited in place the second time; the tier."""
    edit(repo, BREAK | {SEGMENT: {"/title": "Left", "/x-contract/version": "1.2.1"}})
    git(repo, "commit", "-qam", "Break")
    runner, log = pull_request(repo), repo.parent / "gh.log"
    assert not runner.job("pull-request.yml", "registry")
    assert runner.codes["Lint"] == 0 and runner.codes["Check"] == 1
    (line,) = [line for line in runner.said["Check"].splitlines() if line.startswith("::error")]
    assert f"file={EVENT},line=" in line and "title=B101 payload-rejected::" in line
    body = Path(f"{log}.body").read_text()
    assert body.startswith(MARKER) and "B101" in body
    assert runner.said["Review: summary"] == body
    calls = log.read_text().splitlines()
    assert any("--method POST repos/acme/registry/issues/7/comments" in call for call in calls)
    assert "pr edit 7 --add-label canonry: normal" in calls
    assert "secret-token" not in "".join(runner.said.values())
    Path(f"{log}.known").write_text("4711\n")
    log.write_text("")
    runner.job("pull-request.yml", "registry")
    assert "--method PATCH repos/acme/registry/issues/comments/4711" in log.read_text()
    assert "POST" not in log.read_text()
    assert Path(f"{log}.body").read_text() == body


def test_what_breaks_only_together_is_told_on_the_pull_request(repo):
    """The branch is fine by itself; main took the same number for something else meanwhile."""
    edit(repo, FINE)
    git(repo, "commit", "-qam", "A note")
    git(repo, "switch", "-qc", "other", "main")
    reads = {"/x-contract/version": "1.3.0", "/properties/gift": {"type": "boolean", "x-pii": "none"}}
    edit(repo, {EVENT: reads})
    text = (repo / EVENT).read_text()
    git(repo, "commit", "-qam", "A gift")
    git(repo, "push", "-q", "origin", "other:main")
    git(repo, "switch", "-q", "topic")
    git(repo, "merge", "-q", "-X", "ours", "other", "-m", "Merge")
    both = json.loads(text)
    both["properties"]["note"] = FINE[EVENT]["/properties/note"]
    (repo / EVENT).write_text(json.dumps(both, indent=2) + "\n")
    git(repo, "commit", "-qam", "Both")
    runner = pull_request(repo, "merge_group")
    assert not runner.job("pull-request.yml", "registry")
    assert "B181" in runner.said["Check"] and "Comment" not in runner.said


def test_the_default_branch_takes_versions_by_itself(repo):
    """Whoever merged without a version is not asked: one commit, pushed, and none the next time."""
    edit(repo, {EVENT: {k: v for k, v in FINE[EVENT].items() if "version" not in k}})
    git(repo, "switch", "-q", "main")
    before = git(repo, "rev-parse", "HEAD")
    git(repo, "commit", "-qam", "Add a note")
    git(repo, "push", "-q", "origin", "main")
    for expected in (1, 0):
        github = {"event_name": "push", "event": {"before": before}, "token": ""}
        tools = repo.parent / f"tools{expected}"
        runner = Runner(repo, {"github": github, "secrets": {}}, programs(tools))
        start = git(repo, "rev-parse", "HEAD")
        assert runner.job("default-branch.yml", "mechanics"), runner.said
        assert git(repo, "rev-list", "--count", f"{start}..origin/main") == str(expected)
    assert json.loads((repo / EVENT).read_text())["x-contract"]["version"] == "1.3.0"
    assert git(repo.parent / "origin.git", "log", "-1", "--format=%an %s", "main") == (
        "canonry Take versions, layout and generated files"
    )
    assert Runner(repo, {"github": {}}, programs(repo.parent / "weekly")).job("weekly.yml", "registry")


def monday(repo, day, pages):
    """The week's audit over an export of pages; what the host was asked to write."""
    export = repo / "exports" / "pages.csv"
    export.parent.mkdir(exist_ok=True)
    export.write_text("URL,Visits\n" + "".join(f"{page},5\n" for page in pages))
    log = repo.parent / "gh.log"
    log.write_text("")
    runner = Runner(
        repo,
        {"github": {"repository": "acme/registry", "token": "secret-token"}, "secrets": {}},
        f"{repo.parent / 'bin'}:{programs(repo.parent / f'tools{day}')}",
        {"GH_LOG": str(log), "CANONRY_TODAY": f"2026-11-{day}"},
    )
    assert runner.job("weekly.yml", "audit"), runner.said
    assert "secret-token" not in "".join(runner.said.values())
    return [line for line in log.read_text().splitlines() if "--method" in line]


def test_the_week_keeps_one_issue_up_to_date(repo):
    """Opened once, left alone while nothing changes, edited with a comment, closed when clean."""
    git(repo, "switch", "-q", "main")
    source = {"kind": "file", "mapping": "links", "path": "exports/*.csv"}
    (repo / "registry/audit.yaml").write_text(json.dumps({"sources": {"pages": source}, "thresholds": []}))
    git(repo, "add", "--all")
    git(repo, "commit", "-qm", "Audit pages")
    folder, known = repo.parent / "bin", repo.parent / "gh.log.known"
    folder.mkdir()
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    one, two, fine = (
        f"https://www.example.com/{part}" for part in ("a?e=a@b.example", "b?e=c@d.example", "c")
    )

    opened = monday(repo, "02", [one, fine])
    text = (repo.parent / "gh.log.body").read_text()
    assert (
        len(opened) == 1 and "--method POST repos/acme/registry/issues --raw-field title=Weekly" in opened[0]
    )
    assert text.startswith("<!-- canonry:audit -->\n<!-- canonry:fingerprints ") and "b.example" not in text
    known.write_text(f"12 open {text.splitlines()[1].split()[2]} 1\n9 closed \n")
    assert monday(repo, "09", [one, fine]) == []
    edited, comment = monday(repo, "16", [one, two])
    assert "--method PATCH repos/acme/registry/issues/12" in edited and "title=Weekly audit: 2 open" in edited
    assert comment.endswith("issues/12/comments --raw-field body=1 new, 0 fixed since 2026-11-09")
    closed, comment = monday(repo, "23", [fine])
    assert "title=Weekly audit: nothing is open --raw-field state=closed" in closed
    assert comment.endswith("body=0 new, 2 fixed since 2026-11-16")
    known.unlink()
    assert monday(repo, "30", [fine]) == []
    history = git(repo.parent / "origin.git", "log", "--format=%s", "main", "--", "registry/history.jsonl")
    assert history.startswith("Audit of ") and len(history.splitlines()) == 5


def test_a_warning_keeps_the_issue_open_and_a_note_does_not(repo):
    """What is to be mended is open, also where the run ended with 0; somebody else's push is not lost."""
    git(repo, "switch", "-q", "main")
    source = {"kind": "file", "mapping": "links", "path": "exports/*.csv"}
    registry = json.dumps({"sources": {"pages": source}, "thresholds": []})
    (repo / "registry/audit.yaml").write_text(registry)
    edit(
        repo,
        {
            "registry/registry.yaml": {
                "/policy/levels": {**dict.fromkeys(UNFINISHED, "off"), "U137": "warning"}
            }
        },
    )
    shutil.copy(ROOT / ".gitattributes", repo)
    git(repo, "add", "--all")
    git(repo, "commit", "-qm", "Audit pages")
    git(repo, "push", "-q")
    git(repo.parent, "clone", "-q", "origin.git", "elsewhere")
    folder, known = repo.parent / "bin", repo.parent / "gh.log.known"
    folder.mkdir()
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    private = "https://www.example.com/a?e=a@b.example"
    (opened,) = monday(repo, "02", [private])
    assert "title=Weekly audit: 1 open" in opened
    other = repo.parent / "elsewhere"
    git(other, "pull", "-q")
    git(other, "commit", "--allow-empty", "-qm", "Meanwhile")
    git(other, "push", "-q")
    text = (repo.parent / "gh.log.body").read_text()
    known.write_text(f"12 closed {text.splitlines()[1].split()[2]} 1\n")
    (again,) = monday(repo, "09", [private])
    assert "--method PATCH repos/acme/registry/issues/12" in again and "state=open" in again
    said = git(repo.parent / "origin.git", "log", "--format=%s", "main").splitlines()
    assert said[0].startswith("Audit of ") and said[1] == "Meanwhile"
    edit(repo, {"registry/registry.yaml": {"/policy/levels/U137": "note"}})
    known.write_text(f"12 open {text.splitlines()[1].split()[2]} 1\n")
    closed, *_ = monday(repo, "16", [private])
    assert "state=closed" in closed


def test_the_filter_of_issues_finds_ours(repo, tmp_path):
    """Ours begins with the marker and is no pull request; one of an older form has no digest."""
    jq = shutil.which("jq")
    if jq is None:
        pytest.skip("there is no jq here; gh has its own")
    step = document(".github/workflows/weekly.yml")["jobs"]["audit"]["steps"][-1]["run"]
    program = re.search(r"--jq '(.*?)'\)$", step, re.DOTALL | re.MULTILINE)[1]
    mark = "<!-- canonry:audit -->"
    issues = [
        {"number": 1, "state": "open", "body": f"{mark}\n", "pull_request": {}},
        {"number": 2, "state": "open", "body": None},
        {"number": 3, "state": "open", "body": f"quoted {mark}"},
        {"number": 4, "state": "closed", "body": f"{mark}\n<!-- canonry:fingerprints 0a1b 17 -->\n"},
        {"number": 5, "state": "open", "body": f"{mark}\nold"},
    ]
    done = subprocess.run(
        [jq, "-r", program], input=json.dumps(issues), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["4 closed 0a1b 17", "5 open null"]


class Notes(BaseHTTPRequestHandler):
    """The notes of one merge request."""

    known: ClassVar[list] = []
    asked: ClassVar[list] = []

    def _answer(self, value):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def do_GET(self):
        self._answer(self.known)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        self.asked.append((self.command, self.path, self.headers["PRIVATE-TOKEN"], body))
        self._answer({})

    def do_PUT(self):
        self.do_POST()

    def log_message(self, *arguments):
        """Says nothing."""


@pytest.fixture
def notes():
    server = HTTPServer(("127.0.0.1", 0), Notes)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Notes.known, Notes.asked = [], []
    yield f"http://127.0.0.1:{server.server_port}/api/v4"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_gitlab_template(repo, notes):
    """Reports and one note on a merge request; the mechanical commit on the default branch."""
    jobs = document(".gitlab/canonry.gitlab-ci.yml")
    edit(repo, BREAK)
    git(repo, "commit", "-qam", "Break")
    environment = {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(repo, "rev-parse", "main"), "CI_MERGE_REQUEST_IID": "3",
        "CI_PROJECT_ID": "12", "CI_API_V4_URL": notes, "CANONRY_TOKEN": "glpat", "CI_DEFAULT_BRANCH": "main",
    }  # fmt: skip
    runner = Runner(repo, {}, programs(repo.parent / "tools"), environment)
    codes = [runner.script(str(n), line, {})[1] for n, line in enumerate(jobs["canonry"]["script"])]
    assert codes == [0, 1]
    assert [issue["check_name"] for issue in json.loads((repo / "gl-code-quality-report.json").read_text())]
    assert (repo / "junit.xml").read_text().startswith("<?xml")
    review = (repo / "review.md").read_text()
    for known in ([], [{"id": 5, "body": "Mine"}, {"id": 6, "body": review}]):
        Notes.known = known
        assert runner.script("after", jobs["canonry"]["after_script"][0], {})[1] == 0, runner.said["after"]
    place = "/api/v4/projects/12/merge_requests/3/notes"
    assert Notes.asked == [("POST", place, "glpat", review), ("PUT", f"{place}/6", "glpat", review)]
    assert "glpat" not in "".join(runner.said.values())

    git(repo, "switch", "-q", "main")
    before = git(repo, "rev-parse", "HEAD")
    edit(repo, {EVENT: {k: v for k, v in FINE[EVENT].items() if "version" not in k}})
    git(repo, "commit", "-qam", "Add a note")
    git(repo, "push", "-q", "origin", "main")
    git(repo, "switch", "-q", "--detach")
    job = jobs["canonry-mechanics"]
    environment = {
        "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": before,
        "CANONRY_PUSH_URL": str(repo.parent / "origin.git"), **job["variables"],
    }  # fmt: skip
    runner.environment = environment
    assert [runner.script("check", line, {})[1] for line in jobs["canonry"]["script"]] == [0, 0]
    assert runner.script("mechanics", job["script"][0], {})[1] == 0, runner.said["mechanics"]
    assert git(repo.parent / "origin.git", "log", "-1", "--format=%an %s", "main") == (
        "canonry Take versions, layout and generated files"
    )

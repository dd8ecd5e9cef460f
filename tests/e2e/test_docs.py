"""`canonry docs`: pages from the files, changes from git, and any builder that takes Markdown."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.repositories import BREAK, FINE, canonry, edit, git, repository

ROOT = Path(__file__).parents[2]
PAGE = "docs/catalogue/events/order_completed/v1.md"


@pytest.fixture
def repo(tmp_path):
    """Three commits: the beginning, a break that nobody accepted, and a word in a vocabulary."""
    folder = repository(tmp_path / "repo")
    edit(folder, BREAK)
    git(folder, "commit", "-qam", "Shorten `coupon`", GIT_COMMITTER_DATE="2026-11-22T12:00:00+00:00")
    edit(folder, {"registry/vocabularies/plan.yaml": {"/words/max": {"label": "Max"}}})
    git(folder, "commit", "-qam", "A plan more", GIT_COMMITTER_DATE="2026-11-23T12:00:00+00:00")
    return folder


def builder(folder):
    """What a registry needs for its site beside its pages."""
    for name in ("mkdocs.yml", "docs/assets", "docs/theme", "docs/reference"):
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)


def test_changes_come_from_git_and_breaking_ones_are_marked(repo):
    """Newest first, each with its commit; of vocabularies as well; the home page names them."""
    done = canonry(repo, "docs", "pages")
    assert done.returncode == 0, done.stderr
    page = (repo / PAGE).read_text("utf-8")
    changes = page[page.index("## Changes") :]
    assert changes.index("Shorten") < changes.index("Begin")
    assert "2026-11-22" in changes and 'class="badge breaking">breaking<' in changes
    assert "<code>coupon</code> may now have at most 5 characters" in changes
    plan = (repo / "docs/catalogue/vocabularies/plan.md").read_text("utf-8")
    assert "A plan more" in plan and "badge breaking" not in plan
    home = (repo / "docs/index.md").read_text("utf-8")
    assert home.index("A plan more") < home.index("Shorten")


def test_a_merge_is_told_by_the_title_of_its_pull_request(repo):
    """As hosts write it below git's own line; without one by that line."""
    for branch, message in (("one", "Merge pull request #7 from x/one\n\nA word for spring"), ("two", "")):
        git(repo, "checkout", "-qb", branch)
        edit(repo, {"registry/vocabularies/plan.yaml": {f"/words/{branch}": {"label": branch}}})
        git(repo, "commit", "-qam", f"wip {branch}")
        git(repo, "checkout", "-q", "main")
        git(repo, "merge", "--quiet", "--no-ff", *(("-m", message) if message else ("--no-edit",)), branch)
    canonry(repo, "docs", "pages")
    plan = (repo / "docs/catalogue/vocabularies/plan.md").read_text("utf-8")
    assert "A word for spring" in plan and "pull request" not in plan and "wip" not in plan
    assert "Merge branch" in plan


def test_the_answer_is_the_same_without_a_cache(repo, tmp_path):
    """What was kept is only quicker; what is broken in the cache is worked out anew."""
    canonry(repo, "docs", "pages", XDG_CACHE_HOME=str(tmp_path / "cache"))
    first = (repo / PAGE).read_bytes()
    kept = list((tmp_path / "cache").rglob("*.json"))
    assert kept
    for path in kept:
        path.write_text(path.read_text("utf-8").replace("Shorten", "<b>"), "utf-8")
        path.chmod(0o666)  # anybody may have written it
    canonry(repo, "docs", "pages", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert (repo / PAGE).read_bytes() == first
    canonry(repo, "docs", "pages", XDG_CACHE_HOME=str(tmp_path / "none"))
    assert (repo / PAGE).read_bytes() == first


def test_a_shallow_clone_says_that_it_is_one(repo, tmp_path):
    """Changes that it does not have are not passed off as never having been."""
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{repo}", "shallow")
    canonry(tmp_path / "shallow", "docs", "pages")
    page = (tmp_path / "shallow" / PAGE).read_text("utf-8")
    assert "Earlier changes are not in this clone" in page


def test_outside_a_repository_there_are_pages_without_changes(repo):
    """An unpacked archive has no history, and a site all the same."""
    shutil.rmtree(repo / ".git")
    done = canonry(repo, "docs", "pages", GIT_CEILING_DIRECTORIES=str(repo.parent))
    assert done.returncode == 0, done.stderr
    assert "## Changes" not in (repo / PAGE).read_text("utf-8")


def test_pages_are_written_once_and_forgotten_pages_deleted(repo):
    """What is equal is left alone; a page whose contract is gone goes, and nothing that people wrote."""
    canonry(repo, "docs", "pages")
    mine = repo / "docs/guides/mine.md"
    mine.parent.mkdir()
    mine.write_text("# Mine\n\nFor me.\n", "utf-8")
    stale = repo / "docs/catalogue/events/gone/v1.md"
    stale.parent.mkdir()
    stale.write_text("x", "utf-8")
    done = canonry(repo, "docs", "pages")
    assert "2 written, 1 deleted" in done.stdout  # the list of guides, and what search knows
    assert mine.is_file() and not stale.exists()
    assert "0 written, 0 deleted" in canonry(repo, "docs", "pages").stdout


def test_a_link_out_of_the_registry_is_not_written_through(repo, tmp_path):
    """A cloned repository cannot make the pages land, or delete, somewhere else."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/precious.md").write_text("x", "utf-8")
    (repo / "docs").mkdir()
    (repo / "docs/catalogue").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    done = canonry(repo, "docs", "pages")
    assert done.returncode == 2
    assert "docs/catalogue leads out of the registry" in done.stderr
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["precious.md"]


def test_plain_mkdocs_builds_the_pages_strictly(repo):
    """`canonry docs pages`, then the builder by itself; a dead link in a guide then fails both."""
    builder(repo)
    canonry(repo, "docs", "pages")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=repo, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (repo / "site/catalogue/events/order_completed/v1/index.html").is_file()
    guide = repo / "docs/guides/mine.md"
    guide.parent.mkdir()
    guide.write_text("# Mine\n\n[gone](nowhere.md)\n", "utf-8")
    failed = canonry(repo, "docs", "build")
    assert failed.returncode == 2
    assert "nowhere.md" in failed.stderr and "mkdocs stopped" in failed.stderr


def test_a_registry_of_ones_own_gets_a_site_of_its_own(tmp_path):
    """What the builder needs is written once, and is the registry's to change from then on."""
    done = canonry(tmp_path, "init", "own", "--empty", "--name", 'Ada\'s "names": x', "--no-git")
    assert done.returncode == 0, done.stderr
    own = tmp_path / "own"
    done = canonry(own, "docs", "build")
    assert done.returncode == 0, done.stderr
    assert "wrote .gitignore, docs/assets, docs/reference, docs/theme, mkdocs.yml" in done.stderr
    assert "Ada&#39;s &#34;names&#34;: x" in (own / "site/index.html").read_text("utf-8")
    assert "/docs/catalogue/" in (own / ".gitignore").read_text("utf-8").splitlines()
    (own / "docs/assets/canonry.css").write_text("/* mine */", "utf-8")
    done = canonry(own, "docs", "pages")
    assert done.stderr == ""
    assert (own / "docs/assets/canonry.css").read_text("utf-8") == "/* mine */"


def test_a_file_that_cannot_be_read_is_named(repo):
    """The site is built of the rest, and says that it is not whole."""
    (repo / "contracts/events/order_completed/v1.json").write_text("{", "utf-8")
    done = canonry(repo, "docs", "pages")
    assert done.returncode == 0
    assert "1 file that has no page could not be read: canonry lint says why" in done.stderr


def test_a_fine_change_is_no_break(repo):
    """A property more is told, and not marked."""
    edit(repo, {**FINE, "contracts/events/order_completed/v1.json": {"/properties/note": {"type": "string"}}})
    git(repo, "commit", "-qam", "A note")
    canonry(repo, "docs", "pages")
    page = (repo / PAGE).read_text("utf-8")
    first = page[page.index("A note") :].partition("</tr>")[0]
    assert "breaking" not in first

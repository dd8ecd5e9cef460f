"""Bad input of every kind: a clear message, the right exit code, and nothing lost."""

import os
import subprocess

import pytest

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
)

FILES = {
    "malformed JSON": ("contracts/events/a/v1.json", b'{"a": ', "L002"),
    "malformed YAML": ("registry/vocabularies/bad.yaml", b"a: [1", "L002"),
    "duplicate key in JSON": ("contracts/events/a/v1.json", b'{"a": 1, "a": 2}', "L003"),
    "duplicate key in YAML": ("registry/vocabularies/bad.yaml", b"a: 1\na: 2\n", "L003"),
    "YAML bomb": ("registry/vocabularies/bad.yaml", BOMB.encode(), "L004"),
    "YAML tag": ("registry/vocabularies/bad.yaml", b"a: !!python/object/apply:os.system [id]\n", "L002"),
    "50 MB": ("contracts/events/a/v1.json", b'{"a": "' + b"x" * 50_000_000 + b'"}', "L001"),
    "not UTF-8": ("contracts/events/a/v1.json", b'{"a": "\xff\xfe"}', "L001"),
    "deep": ("contracts/events/a/v1.json", b"[" * 100_000, "L00"),
    "wrong folder": ("contracts/events/a.json", b"{}", "L006"),
    "unknown key": ("registry/teams.yaml", b"teams: {}\nteems: {}\n", "L005"),
    "NaN": ("contracts/events/a/v1.json", b'{"a": NaN}', "L002"),
    "empty": ("registry/vocabularies/bad.yaml", b"", "L002"),
}


@pytest.mark.parametrize(("path", "data", "code"), FILES.values(), ids=FILES)
def test_a_bad_file_is_one_finding_and_hides_no_other(canonry, registry, path, data, code):
    """With its file; links are still built from the rest."""
    file = registry / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    exit_code, out, err = canonry("lint", "--fail-on", "error")
    assert exit_code == 1
    assert any(path in line and code in line for line in out.splitlines()), out[:2000]
    assert err == ""
    assert canonry("utm", "build", "tiktok", "--campaign", "spring-sale")[0] == 0
    assert canonry("list")[0] == 0
    assert canonry("fmt", "--check")[0] == 1
    assert file.read_bytes() == data


def test_links_out_of_the_tree_are_not_followed(canonry, registry, tmp_path):
    """A pull request must not show somebody else's files."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("title: secret-content\n", encoding="utf-8")
    (registry / "registry/vocabularies/leak.yaml").symlink_to(secret)
    (registry / "contracts/loop").symlink_to(registry / "contracts")
    code, out, _ = canonry("lint")
    assert code == 1
    assert "leads out of the tree" in out
    assert "secret-content" not in out + canonry("search", "secret-content")[1].replace(
        "says secret-content", ""
    )


def test_names_that_differ_only_in_case_are_found(canonry, registry):
    """Where the file system lets them."""
    other = registry / "registry/vocabularies/Market.yaml"
    if (registry / "registry/vocabularies/MARKET.yaml").exists():
        pytest.skip("the file system ignores case")
    other.write_text("title: x\n", encoding="utf-8")
    code, out, _ = canonry("lint")
    assert code == 1
    assert "L007" in out


@pytest.mark.parametrize(
    "reference", ["../../../../etc/passwd", "https://evil.test/x", "file:///etc/passwd", "#"]
)
def test_references_never_leave_the_tree(canonry, registry, reference):
    """Nor the machine; circles end."""
    file = registry / "contracts/events/order_completed/v1.json"
    text = file.read_text("utf-8").replace(
        '"type": "string",\n      "maxLength": 40,\n      "description": "Number."',
        f'"$ref": "{reference}",\n      "description": "Number."',
    )
    file.write_text(text, encoding="utf-8")
    assert reference in text
    code, _, err = canonry("lint")
    assert (code, err) == (1, "")
    assert canonry("show", "order_completed")[0] == 0


def test_lint_reads_what_git_would_commit(canonry, registry):
    """--staged looks at the index, also at the temporary one of `git commit -a`."""
    run = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run([*run, "init", "-q"], cwd=registry, check=True)
    subprocess.run([*run, "add", "-A"], cwd=registry, check=True)
    before = canonry("lint", "--staged", "--format", "json")
    words = registry / "registry/vocabularies/market.yaml"
    good = words.read_bytes()
    words.write_text("words: [", encoding="utf-8")
    assert canonry("lint", "--staged", "--format", "json") == before
    assert "L002" in canonry("lint")[1]
    subprocess.run([*run, "add", "-A"], cwd=registry, check=True)
    words.write_bytes(good)
    assert "L002" in canonry("lint", "--staged")[1]
    assert "L002" not in canonry("lint")[1]


def test_staged_outside_git_says_so(canonry, registry):
    """With what to do."""
    code, _, err = canonry("lint", "--staged")
    assert code == 2
    assert "is in no git repository" in err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_says_so(canonry, registry):
    """And the file stays."""
    folder = registry / "registry/vocabularies"
    folder.chmod(0o500)
    try:
        code, _, err = canonry("vocab", "add", "market", "pl", "--label", "Poland")
    finally:
        folder.chmod(0o700)
    assert code == 2
    assert "permission denied" in err

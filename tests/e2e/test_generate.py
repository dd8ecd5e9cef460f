"""`canonry generate` in real folders and repositories, and what this repository has committed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from click.testing import CliRunner

from canonry.cli.group import program

ROOT = Path(__file__).parents[2]
CONTRACT = "contracts/events/signed_up/v1.json"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and output of `canonry generate`."""
    result = CliRunner().invoke(
        program,
        ["generate", "--registry", str(folder), *arguments],
        standalone_mode=False,
        catch_exceptions=False,
    )
    return result.return_value, result.output


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A registry of one event, one naming contract and what they need; in no repository."""
    folder = tmp_path / "small"
    for kept in ("registry/registry.yaml", "registry/teams.yaml", CONTRACT, "contracts/common"):
        source = ROOT / kept
        target = folder / kept
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    shutil.copytree(ROOT / "registry/vocabularies", folder / "registry/vocabularies")
    return folder


def edit(folder: Path, **changes: Any) -> None:
    """Changes members of the contract; `version` is that of x-contract."""
    path = folder / CONTRACT
    document = json.loads(path.read_bytes())
    version = changes.pop("version", None)
    document.update(changes)
    if version:
        document["x-contract"]["version"] = version
    path.write_text(json.dumps(document))


def test_generated_is_up_to_date() -> None:
    """What is committed is what the catalogue says."""
    code, output = run(ROOT, "--check")
    assert code == 0, output


def test_every_published_schema_is_valid_for_two_validators() -> None:
    """Meta-valid, self-contained and with an absolute `$id`, by jsonschema and by jsonschema-rs."""
    paths = sorted((ROOT / "generated/schemas").rglob("*.json"))
    assert len(paths) > 300
    for path in paths:
        document = json.loads(path.read_bytes())
        stem = "/".join(path.relative_to(ROOT / "generated/schemas").with_suffix("").parts)
        assert document["$id"] == f"https://registry.example.com/{stem}"
        jsonschema_rs.meta.validate(document)
        jsonschema_rs.validator_for(document, offline=True)
        jsonschema.Draft202012Validator.check_schema(document)
        references = [
            line for line in json.dumps(document, indent=0).splitlines() if line.startswith('"$ref"')
        ]
        assert all('"#' in line for line in references)
        assert document["x-contract"]["version"] in document["$comment"]
        assert document["x-contract"]["id"] in document["$comment"]
        for example in document.get("examples", ()):
            assert jsonschema_rs.is_valid(document, example), (path, example)


def test_patterns_of_templates_hold_what_templates_build() -> None:
    """Every pattern compiles, and the names of examples match theirs."""
    import re

    from canonry.adapters.worktree import DirectoryTree
    from canonry.catalogue.load import load
    from canonry.codegen.written import Patterns, table
    from canonry.naming.codec import Codec
    from canonry.regular import pattern

    catalogue = load(DirectoryTree(ROOT)).value
    compiled = table(catalogue)
    codec = Codec(compiled)
    built = 0
    for words in (False, True):
        patterns = Patterns(compiled, catalogue, words=words)
        for identifier, contract in catalogue.by_text.items():
            for key, forms in patterns.of(identifier).items():
                for text in forms.values():
                    pattern(text)
                    jsonschema_rs.validator_for({"pattern": text})
                for example in contract.schema.get("examples", ()) if contract.is_naming else ():
                    answer = codec.build(identifier, example)
                    value = dict(answer["params"]).get(key)
                    if answer["ok"] and value is not None and "static" in forms:
                        assert re.fullmatch(forms["static"], value), (identifier, key, value)
                        built += 1
    assert built == 0 or built > 10


def test_a_first_run_writes_and_a_second_finds_nothing(small: Path) -> None:
    """The same output twice, byte for byte, wherever the folder stands."""
    code, output = run(small, "--check")
    assert code == 1
    assert "missing  generated/schemas/events/signed_up/1.0.0.json" in output
    assert run(small)[0] == 0
    code, output = run(small, "--check")
    assert (code, "up to date" in output) == (0, True)
    other = small.parent / "elsewhere" / "deeper"
    shutil.copytree(small, other, ignore=shutil.ignore_patterns("generated"))
    assert run(other)[0] == 0
    first, second = (
        {p.relative_to(folder): p.read_bytes() for p in (folder / "generated").rglob("*") if p.is_file()}
        for folder in (small, other)
    )
    assert first == second
    assert not any(str(small).encode() in data for data in first.values())


def test_check_names_every_stale_missing_and_extra_file(small: Path) -> None:
    """Three kinds of drift, each named; generating mends them all."""
    run(small)
    package = small / "generated/python/acme_events"
    (package / "events/signed_up_v1.py").write_text("tampered")
    (package / "_spool.py").unlink()
    (package / "events/left_over_v1.py").write_text("")
    (small / "generated/schemas/events/gone").mkdir()
    (small / "generated/schemas/events/gone/1.0.0.json").write_text("{}")
    code, output = run(small, "--check", "--format", "json")
    document = json.loads(output)
    assert code == 1
    assert document["stale"] == ["generated/python/acme_events/events/signed_up_v1.py"]
    assert document["missing"] == ["generated/python/acme_events/_spool.py"]
    assert document["extra"] == [
        "generated/python/acme_events/events/left_over_v1.py",
        "generated/schemas/events/gone/1.0.0.json",
    ]
    assert run(small)[0] == 0
    assert run(small, "--check")[0] == 0
    assert not (small / "generated/schemas/events/gone").exists()


def test_only_one_contract(small: Path) -> None:
    """`--only` writes the files of one contract and nothing else."""
    code, output = run(small, "--only", "/events/signed_up/v1", "--format", "json")
    assert code == 0
    written = json.loads(output)["missing"]
    assert written == [
        "generated/python/acme_events/events/signed_up_v1.py",
        "generated/python/acme_events/schemas/events/signed_up_v1.json",
        "generated/schemas/events/signed_up/1.0.0.json",
        "generated/schemas/events/signed_up/latest.json",
    ]


def test_a_link_out_of_the_tree_is_never_written_through(small: Path, tmp_path: Path) -> None:
    """A symbolic link below generated/ is replaced, or refused where it is a folder."""
    from canonry.adapters.files import OutsideError

    run(small)
    outside = tmp_path / "outside"
    outside.mkdir()
    victim = outside / "victim"
    victim.write_text("mine")
    target = small / "generated/python/acme_events/_spool.py"
    target.unlink()
    target.symlink_to(victim)
    assert run(small)[0] == 0
    assert victim.read_text() == "mine" and not target.is_symlink()
    shutil.rmtree(small / "generated/schemas")
    (small / "generated/schemas").symlink_to(outside, target_is_directory=True)
    with pytest.raises(OutsideError):
        run(small)
    assert [path.name for path in outside.iterdir()] == ["victim"]


def test_a_catalogue_with_errors_is_not_generated_from(small: Path) -> None:
    """Half a client is worse than yesterday's."""
    (small / CONTRACT).write_text("{")
    code, output = run(small)
    assert (code, "Nothing was generated" in output) == (1, True)
    assert not (small / "generated").exists()


NODE = {
    "type": "object",
    "description": "A category, and those in it.",
    "additionalProperties": False,
    "required": ["label"],
    "properties": {
        "label": {"type": "string", "maxLength": 20, "description": "As shown.", "x-pii": "none"},
        "inner": {"type": "array", "description": "Inside.", "items": {"$ref": "#/$defs/category"}},
    },
}


def circular(folder: Path) -> None:
    """Makes the contract one that contains itself."""
    document = json.loads((folder / CONTRACT).read_bytes())
    document["properties"]["category"] = {"$ref": "#/$defs/category"}
    edit(folder, properties=document["properties"], **{"$defs": {"category": NODE}})


def test_what_lint_refuses_is_said_and_generated_all_the_same(small: Path) -> None:
    """With its place, every time until it is mended, and with exit code 1; `policy` has the last word."""
    assert run(small)[0] == 0
    circular(small)
    for arguments in ((), (), ("--check",)):
        code, output = run(small, *arguments)
        assert code == 1
        assert f"{CONTRACT}:" in output and "L115 reference-cyclic" in output
    _, output = run(small, "--format", "json")
    assert [(one["code"], one["level"]) for one in json.loads(output)["findings"]] == [("L115", "error")]
    registry = small / "registry/registry.yaml"
    registry.write_text(registry.read_text().replace("levels: {}", "levels: {reference-cyclic: warning}", 1))
    code, output = run(small)
    assert (code, "L115" in output) == (0, False), output
    script = (
        "from acme_events.events.signed_up_v1 import Category, SignedUp\n"
        "from acme_events._checks import problems\n"
        "made = Category(label='a', inner=[Category(label='b', inner=[Category(label='c')])])\n"
        "payload = made.payload() if hasattr(made, 'payload') else made.model_dump(exclude_unset=True)\n"
        "found = problems(SignedUp.__contract__, {'category': payload})\n"
        "assert not any('category' in one.pointer for one in found), found\n"
        "payload['inner'][0]['inner'][0]['label'] = 5\n"
        "found = problems(SignedUp.__contract__, {'category': payload})\n"
        "assert '/category/inner/0/inner/0/label' in [one.pointer for one in found], found\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=small / "generated/python", check=True)


def test_a_default_that_does_not_fit_is_refused(small: Path) -> None:
    """No model has it unsaid."""
    document = json.loads((small / CONTRACT).read_bytes())
    document["properties"]["extra"] = {
        "type": "integer", "minimum": 3, "default": 1, "description": "How many, at least.", "x-pii": "none"
    }  # fmt: skip
    edit(small, properties=document["properties"])
    code, output = run(small)
    output = " ".join(output.split())
    assert code == 1 and "L116 example-invalid" in output and "1 is less than the minimum of 3" in output


def test_a_name_like_one_that_stands_is_refused(small: Path) -> None:
    """Also where only the new contract is read, since the other has not changed."""
    run(small)
    document = json.loads((small / CONTRACT).read_bytes())
    document["$id"] = "/events/signedup/v1"
    other = small / "contracts/events/signedup/v1.json"
    other.parent.mkdir()
    other.write_text(json.dumps(document))
    code, output = run(small)
    assert code == 1 and "L122 contract-name-collision" in output


def test_a_reference_that_leads_nowhere_is_said(small: Path) -> None:
    """It stops the command with what is missing, and lint says where."""
    from canonry.kernel.errors import UsageError

    edit(small, allOf=[{"$ref": "/common/nothing/v1"}])
    with pytest.raises(UsageError, match="there is no /common/nothing/v1") as error:
        run(small)
    assert "canonry lint" in error.value.advice()


def test_the_release_becomes_the_version_and_stays(small: Path) -> None:
    """`.dev0` until the first release; afterwards the last one."""
    pyproject = small / "generated/python/pyproject.toml"
    run(small)
    assert 'version = "0.dev0"' in pyproject.read_text()
    run(small, "--release", "2026.11.1")
    run(small)
    assert 'version = "2026.11.1"' in pyproject.read_text()
    assert "2026.11.1" in (small / "generated/python/acme_events/_about.py").read_text()


@pytest.fixture
def released(small: Path) -> Path:
    """The same, committed to a default branch, with a branch checked out on top."""
    run(small)
    git(small, "init", "--quiet", "--initial-branch", "main")
    git(small, "add", "--all")
    git(small, "commit", "--quiet", "--message", "first")
    git(small, "checkout", "--quiet", "-b", "work")
    return small


def test_the_version_is_the_last_release(released: Path) -> None:
    """A tag that HEAD contains; a clone without tags makes the same package, and no version goes back."""
    about = released / "generated/python/acme_events/_about.py"
    git(released, "tag", "release/2026.09.2")
    git(released, "tag", "release/2026.10.1")
    git(released, "tag", "release/2026.10.x")
    run(released)
    assert "'2026.10.1'" in about.read_text()
    git(released, "tag", "--delete", "release/2026.10.1")
    assert run(released, "--check")[0] == 0
    git(released, "commit", "--quiet", "--allow-empty", "--message", "elsewhere")
    git(released, "tag", "release/2026.11.1")
    git(released, "reset", "--quiet", "--hard", "HEAD~1")
    run(released)
    assert "2026.11" not in about.read_text()


def test_a_released_version_is_never_rewritten(released: Path) -> None:
    """Other content under a released number is refused and left alone; with a new number both stand."""
    path = released / "generated/schemas/events/signed_up/1.0.0.json"
    before = path.read_bytes()
    edit(released, title="Signed up, newly")
    code, output = run(released)
    assert code == 1
    assert "1.0.0 is released" in output and "canonry bump --write" in output
    assert path.read_bytes() == before
    edit(released, version="1.0.1")
    assert run(released)[0] == 0
    assert path.read_bytes() == before
    assert "Signed up, newly" in (path.parent / "1.0.1.json").read_text()
    assert run(released, "--check")[0] == 0


def test_a_version_that_is_not_released_yet_is_rewritten_freely(released: Path) -> None:
    """Until it stands in the base tree; and when it is given up, its file goes."""
    folder = released / "generated/schemas/events/signed_up"
    edit(released, title="One", version="1.1.0")
    assert run(released)[0] == 0
    edit(released, title="Two")
    assert run(released)[0] == 0
    assert '"Two"' in (folder / "1.1.0.json").read_text()
    edit(released, version="1.2.0")
    assert run(released)[0] == 0
    assert sorted(path.name for path in folder.iterdir()) == ["1.0.0.json", "1.2.0.json", "latest.json"]


def test_a_released_file_that_was_edited_or_deleted_comes_back(released: Path) -> None:
    """`--check` names it, and generating restores what was released."""
    path = released / "generated/schemas/events/signed_up/1.0.0.json"
    before = path.read_bytes()
    for change in (lambda: path.write_text("{}"), path.unlink):
        change()
        code, output = run(released, "--check")
        assert (code, "signed_up/1.0.0.json" in output) == (1, True)
        assert run(released)[0] == 0
        assert path.read_bytes() == before


def test_a_new_word_rewrites_no_published_version(released: Path) -> None:
    """An open vocabulary grows: `latest.json` and the client know the word, `1.0.0.json` stays."""
    vocabulary = next(
        path
        for path in sorted((released / "registry/vocabularies").glob("*.yaml"))
        if "openness: open" in path.read_text()
        and f'"/vocabularies/{path.stem}"' in (released / CONTRACT).read_text()
    )
    vocabulary.write_text(vocabulary.read_text().rstrip() + "\n  brand-new:\n    label: Brand new\n")
    code, output = run(released, "--check", "--format", "json")
    document = json.loads(output)
    assert code == 1 and document["findings"] == []
    assert not any(path.endswith("1.0.0.json") for path in document["stale"])
    assert "generated/schemas/events/signed_up/latest.json" in document["stale"]


def test_drafts_are_not_published_and_majors_stand_side_by_side(small: Path) -> None:
    """A draft has no file; a second major has its own, and the plain name means the newest in use."""
    second = json.loads((small / CONTRACT).read_bytes())
    second["$id"] = "/events/signed_up/v2"
    second["x-contract"] |= {"version": "2.0.0-draft", "status": "draft"}
    path = small / "contracts/events/signed_up/v2.json"
    path.write_text(json.dumps(second))
    run(small)
    folder = small / "generated/schemas/events/signed_up"
    index = small / "generated/python/acme_events/events/__init__.py"
    assert sorted(file.name for file in folder.iterdir()) == ["1.0.0.json", "latest.json"]
    assert "SignedUpV2" not in index.read_text()
    second["x-contract"] |= {"version": "2.0.0", "status": "active"}
    path.write_text(json.dumps(second))
    first = json.loads((small / CONTRACT).read_bytes())
    first["x-contract"] |= {
        "status": "deprecated", "sunset": "2027-06-30", "replaced_by": "/events/signed_up/v2"
    }  # fmt: skip
    (small / CONTRACT).write_text(json.dumps(first))
    assert run(small)[0] == 0
    assert sorted(file.name for file in folder.iterdir()) == ["1.0.0.json", "2.0.0.json", "latest.json"]
    assert json.loads((folder / "latest.json").read_bytes())["x-contract"]["version"] == "2.0.0"
    text = index.read_text()
    assert "from .signed_up_v1 import SignedUp as SignedUpV1" in text
    assert "from .signed_up_v2 import SignedUp as SignedUp, SignedUp as SignedUpV2" in text
    module = (small / "generated/python/acme_events/events/signed_up_v1.py").read_text()
    assert "@deprecated('/events/signed_up/v1 is deprecated and accepted until 2027-06-30" in module
    assert "use /events/signed_up/v2" in module


def test_the_cache_changes_nothing(small: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Deleted, broken, foreign or poisoned: the output is the same."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    run(small)
    (cache,) = (tmp_path / "cache/canonry").glob("models-*.json")
    held = json.loads(cache.read_bytes())
    held["models"] = {key: f"import os\n{text}" for key, text in held["models"].items()}
    for content in (b"", b"{", b"[]", json.dumps(held).encode()):
        cache.write_bytes(content)
        assert run(small, "--check")[0] == 0
    cache.chmod(0o666)
    assert run(small, "--check")[0] == 0


def test_what_is_remembered_never_decides(
    small: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Edited contracts, words, settings and outputs: with and without a memory the same files stand."""
    from canonry.adapters import generated

    monkeypatch.setattr(
        generated, "_SETTLED", -(10**18)
    )  # believe at once what would be believed in two seconds
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    registry = small / "registry/registry.yaml"
    module = small / "generated/python/acme_events/events/signed_up_v1.py"
    latest = small / "generated/schemas/events/signed_up/latest.json"
    market = small / "registry/vocabularies/market.yaml"
    changes = (
        lambda: None,
        lambda: edit(small, description="Another description."),
        lambda: market.write_text(market.read_text().rstrip() + "\n  zz:\n    label: Nowhere\n"),
        lambda: module.write_text("tampered"),
        latest.unlink,
        lambda: registry.write_text(registry.read_text().replace("acme-events", "other-events")),
        lambda: (small / CONTRACT).rename(small / "contracts/events/signed_up/v2.json"),
        lambda: (small / "contracts/events/signed_up/v2.json").write_text(
            (small / "contracts/events/signed_up/v2.json")
            .read_text()
            .replace("1.0.0", "2.0.0")
            .replace("signed_up/v1", "signed_up/v2")
        ),
    )
    for number, change in enumerate(changes):
        run(small)
        assert run(small, "--check")[0] == 0
        change()
        code, output = run(small, "--check")
        fresh = tmp_path / f"fresh{number}"
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"none{number}"))
        assert run(small, "--check") == (code, output)
        shutil.copytree(small, fresh)
        expected = run(fresh)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        assert run(small)[0] == expected[0]
        first, second = (
            {p.relative_to(folder): p.read_bytes() for p in (folder / "generated").rglob("*") if p.is_file()}
            for folder in (small, fresh)
        )
        assert first == second

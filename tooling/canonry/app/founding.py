"""A registry to start from: the starter content as it is, or its shape with nothing of a company in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from canonry.app.edits import replaced

_TESTS: Final = b'''"""What CI asks of this registry: python -m unittest discover tests"""

import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent


def canonry(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "canonry", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


class RegistryTest(unittest.TestCase):
    def test_nothing_is_wrong(self) -> None:
        done = canonry("lint")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_layout_is_the_one(self) -> None:
        done = canonry("fmt", "--check")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_nothing_breaks(self) -> None:
        done = canonry("check")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
'''

_HOOKS: Final = """\
# pre-commit install: each commit is then linted, laid out and checked as it is staged.
default_install_hook_types: [pre-commit]
repos:
  - repo: local
    hooks:
      - id: canonry-fmt
        name: canonry fmt
        entry: canonry fmt
        language: system
        files: ^(registry/.*\\.ya?ml|contracts/.*\\.json)$
      - id: canonry-lint
        name: canonry lint
        entry: canonry lint --staged
        language: system
        files: ^(registry|contracts)/
        pass_filenames: false
      - id: canonry-check
        name: canonry check
        entry: canonry check --staged
        language: system
        always_run: true
        pass_filenames: false
"""

_README: Final = """\
# {name}

Names and data contracts, kept by canonry.

| Folder | Holds |
|---|---|
| `registry/` | settings, teams, accounts, vocabularies, platforms, campaigns |
| `contracts/` | events, traits, segments, UTM formats, creative tags, object names |

```sh
pip install canonry
canonry lint      # what is wrong
canonry check     # whom a change breaks, and with what
canonry fix       # layout, versions, generated files
canonry --help
```
"""

_TEAMS: Final = """\
teams:
  data:
    name: Data
    contact: '#data'
    code_owners: ['@your-org/data']
    responsible_for: What is measured, and everything that no other team owns.
  marketing:
    name: Marketing
    contact: '#marketing'
    code_owners: ['@your-org/marketing']
    responsible_for: Campaigns, links, creatives, and how they are named.
"""

_SETTINGS: Final = """\
name: {name}
base_url: {base_url}
client_package: {package}
default_branch: main
policy:
  directions:
    events: full
    traits: full
    segments: full
    utm: backward
    creatives: backward
    objects: backward
"""

_KEPT: Final = re.compile(r"registry/platforms/.*\.yaml\Z")
_SHARED: Final = (
    "day",
    "month",
    "quarter",
    "year",
    "event_id",
    "timestamp",
    "money",
    "campaign_id",
    "creative_id",
)
"""Shared definitions that belong to no company."""


def founded(
    starter: Mapping[str, bytes], *, name: str, base_url: str, empty: bool, version: str
) -> dict[str, bytes]:
    """Every file of a new registry, by path."""
    files = dict(_empty(starter) if empty else _whole(starter))
    package = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "contracts"
    package = package if package[0].isalpha() else f"registry-{package}"
    if empty:
        settings = _SETTINGS.format(name=json.dumps(name), base_url=base_url, package=f"{package}-events")
        files["registry/registry.yaml"] = settings.encode()
        files["registry/teams.yaml"] = _TEAMS.encode()
    else:
        text = files["registry/registry.yaml"].decode()
        text = re.sub(r"(?m)^name: .*$", lambda _: f"name: {json.dumps(name)}", text, count=1)
        text = re.sub(r"(?m)^base_url: .*$", lambda _: f"base_url: {base_url}", text, count=1)
        files["registry/registry.yaml"] = text.encode()
    files |= _hosting(starter, version)
    files[".pre-commit-config.yaml"] = _HOOKS.encode()
    files["README.md"] = _README.format(name=name).encode()
    files["tests/test_registry.py"] = _TESTS
    return files


def _whole(starter: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in starter.items() if path.startswith(("registry/", "contracts/"))}


def _empty(starter: Mapping[str, bytes]) -> dict[str, bytes]:
    files = {path: data for path, data in starter.items() if _KEPT.match(path)}
    for name in _SHARED:
        path = f"contracts/common/{name}/v1.json"
        if path in starter:
            text = starter[path].decode()
            text = replaced(text, "/x-contract/owner", "data")
            files[path] = replaced(text, "/x-contract/backup_owner", "marketing").encode()
    return files


def _hosting(starter: Mapping[str, bytes], version: str) -> dict[str, bytes]:
    """Workflows, editor settings and the action, which install canonry from where it is published."""
    wanted = f"canonry=={version}"
    files = {}
    for path, data in starter.items():
        text = data.decode() if path.endswith((".yml", ".yaml")) else ""
        if path.startswith((".github/workflows/", ".gitlab/")):
            if path.startswith(".github/workflows/") and path.rpartition("/")[2] not in _WORKFLOWS:
                continue
            text = text.replace('CANONRY: "."', f'CANONRY: "{wanted}"').replace(
                "uses: ./\n", f"uses: ./{_ACTION}\n"
            )
            files[path] = text.encode()
        elif path == "action.yml":
            files[f"{_ACTION}/action.yml"] = text.replace(
                "${WANTED:-$GITHUB_ACTION_PATH}", f"${{WANTED:-{wanted}}}"
            ).encode()
        elif path.startswith(".vscode/") or path in (".editorconfig", ".gitattributes"):
            files[path] = data
    return files


_WORKFLOWS: Final = ("pull-request.yml", "default-branch.yml", "weekly.yml")
_ACTION: Final = ".github/actions/canonry"

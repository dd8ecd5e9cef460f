"""Lint one tree: load it, run every rule, let policy judge, leave out what a baseline knows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from canonry.app.rules import all_rules
from canonry.catalogue.load import load
from canonry.catalogue.model import Catalogue
from canonry.catalogue.policy import Policy
from canonry.catalogue.tree import Tree
from canonry.kernel.errors import CanonryError
from canonry.kernel.findings import Finding
from canonry.lint import engine


@dataclass(eq=False)  # eq would make it unhashable; frozen would break re-raising
class BaselineError(CanonryError):
    """A baseline file holds no findings that canonry wrote."""

    file: str
    why: str
    hint: ClassVar[str] = "Write one with: canonry lint --format json > baseline.json"

    def __str__(self) -> str:
        return f"{self.file} is no baseline: {self.why}"


@dataclass(frozen=True, slots=True)
class LintReport:
    """What is wrong, and what was left out of it and why."""

    catalogue: Catalogue = field(repr=False)
    findings: tuple[Finding, ...]
    ignored: int = 0
    """Silenced by `policy`."""
    known: int = 0
    """Left out because the baseline has them."""
    files: int = 0


def lint(
    tree: Tree,
    *,
    today: date,
    rules: Collection[str] = (),
    paths: Collection[str] = (),
    baseline: Collection[str] = (),
    memory: engine.Memory | None = None,
) -> LintReport:
    """Everything wrong with a tree. `rules`: codes or names; `paths`: files or folders of the tree;
    `baseline`: fingerprints that are known. Each of the three, where empty, leaves nothing out.
    `memory` keeps proofs between runs.
    """
    loaded = load(tree)
    found = [*loaded.problems, *engine.findings(loaded.value, today=today, memory=memory)]
    judged = Policy(loaded.value, today, engine.every_rule(), all_rules).judge(found)
    wanted = [
        finding
        for finding in judged.findings
        if (not rules or finding.code in rules or finding.name in rules)
        and _inside(finding.place.path, paths)
    ]
    counted = _subtract(wanted, baseline)
    return LintReport(
        loaded.value,
        counted,
        ignored=len(judged.ignored),
        known=len(wanted) - len(counted),
        files=len(loaded.value.sources),
    )


def _inside(path: str, folders: Collection[str]) -> bool:
    return not folders or any(folder in ("", path) or path.startswith(f"{folder}/") for folder in folders)


def _subtract(findings: Iterable[Finding], baseline: Collection[str]) -> tuple[Finding, ...]:
    """Each known fingerprint takes away as many findings as the baseline has of it: a second one is new."""
    left = Counter(baseline)
    kept = []
    for finding in findings:
        if left[finding.fingerprint]:
            left[finding.fingerprint] -= 1
        else:
            kept.append(finding)
    return tuple(kept)


def fingerprints(data: bytes, file: str) -> tuple[str, ...]:
    """What a baseline knows: the output of `canonry lint --format json`. Raises `BaselineError`."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BaselineError(file, "it is not JSON") from error
    listed = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise BaselineError(file, 'it has no list "findings"')
    found = [entry.get("fingerprint") if isinstance(entry, dict) else None for entry in listed]
    if not all(isinstance(each, str) for each in found):
        raise BaselineError(file, "an entry has no fingerprint")
    return tuple(each for each in found if isinstance(each, str))

"""As much of a hosted runner as these workflows use: steps with their environment, outputs and conditions."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from canonry.catalogue.text import parse

ROOT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"'[^']*'|[a-z][a-z_]*(?:\.[A-Za-z_][A-Za-z_-]*)+|cancelled\(\)")


def document(name: str) -> Any:
    """A workflow, an action or a template of this repository."""
    source, faults = parse(name, (ROOT / name).read_bytes())
    assert not faults
    return source.value


@dataclass
class Runner:
    """A checked-out repository, the contexts of an event, and what is on the path."""

    folder: Path
    contexts: dict[str, Any]
    path: str
    environment: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def value(self, expression: str, contexts: dict[str, Any]) -> Any:
        """An expression of the host: names, texts, ==, !=, &&, || and !cancelled()."""

        def known(match: re.Match[str]) -> str:
            if match[0].startswith("'"):
                return match[0]
            if match[0] == "cancelled()":
                return "False"
            here: Any = contexts
            for part in match[0].split("."):
                here = here.get(part, "") if isinstance(here, dict) else ""
            return repr(here)

        text = _NAME.sub(known, expression.strip()).replace("&&", " and ").replace("||", " or ")
        return eval(re.sub(r"!(?!=)", " not ", text), {"__builtins__": {}})

    def filled(self, text: Any, contexts: dict[str, Any]) -> str:
        """A text with its expressions filled in."""
        return _EXPRESSION.sub(lambda match: str(self.value(match[1], contexts)), str(text))

    def steps(self, steps: list[Any], *, inputs: dict[str, Any], environment: dict[str, str]) -> bool:
        """Run steps until one fails, and those that run all the same; whether all went well."""
        contexts = {**self.contexts, "inputs": inputs, "steps": {}, "env": environment}
        well = True
        for number, step in enumerate(steps):
            condition = str(step.get("if", "true")).removeprefix("${{").removesuffix("}}").strip()
            always = "cancelled()" in condition or condition == "always()"
            condition = "true" if condition == "always()" else condition
            if (not well and not always) or (condition != "true" and not self.value(condition, contexts)):
                continue
            name, outputs, outcome = step.get("name", str(number)), {}, "success"
            if str(step.get("uses", "")).startswith("./"):
                action = document("action.yml")
                given = {**{k: v["default"] for k, v in action["inputs"].items()}, **step.get("with", {})}
                given = {key: self.filled(text, contexts) for key, text in given.items()}
                done = self.steps(action["runs"]["steps"], inputs=given, environment=environment)
                inner = {**contexts, "steps": self.contexts.pop("made")}
                outputs = {key: self.filled(o["value"], inner) for key, o in action["outputs"].items()}
                well = well and done
                outcome = "success" if done else "failure"
            elif "run" in step:
                outputs, code = self.script(name, self.filled(step["run"], contexts), {
                    **environment, **{k: self.filled(v, contexts) for k, v in step.get("env", {}).items()},
                })  # fmt: skip
                well = well and code == 0
                outcome = "success" if code == 0 else "failure"
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": outputs, "outcome": outcome}
        self.contexts["made"] = contexts["steps"]
        return well

    def script(self, name: str, text: str, environment: dict[str, str]) -> tuple[dict[str, str], int]:
        """One shell script as the host runs it; its outputs and exit code."""
        temporary = self.folder.parent / "runner"
        temporary.mkdir(exist_ok=True)
        for file in ("output", "summary"):
            (temporary / file).write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env={
                **os.environ, "CANONRY_TODAY": "2026-11-21", "PATH": self.path, "RUNNER_TEMP": str(temporary),
                "GITHUB_OUTPUT": str(temporary / "output"), "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_STEP_SUMMARY": str(temporary / "summary"), **self.environment, **environment,
            },
        )  # fmt: skip
        self.said[name], self.codes[name] = done.stdout + done.stderr, done.returncode
        self.said[f"{name}: summary"] = (temporary / "summary").read_text()
        lines = (temporary / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines), done.returncode

    def job(self, workflow: str, name: str) -> bool:
        """One job of a workflow."""
        found = document(f".github/workflows/{workflow}")
        job = found["jobs"][name]
        environment = {**found.get("env", {}), **job.get("env", {})}
        filled = {key: self.filled(text, self.contexts) for key, text in environment.items()}
        return self.steps(job["steps"], inputs={}, environment=filled)


def programs(folder: Path) -> str:
    """A path with canonry, and a python that installs nothing."""
    folder.mkdir()
    (folder / "python").write_text(
        f'#!/bin/sh\nif [ "$1 $2 $3" = "-m pip install" ]; then exit 0; fi\nexec {sys.executable} "$@"\n'
    )
    (folder / "canonry").write_text(f'#!/bin/sh\nexec {sys.executable} -m canonry "$@"\n')
    for file in folder.iterdir():
        file.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"

"""`canonry audit run` on a platform, as it is typed: killed in the middle, and run again."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.platforms import meta
from tests.e2e.platforms.server import TOKEN, Platform, Request, running

from canonry.adapters.cache import cache_folder

SOURCES = "sources:\n  meta-api: {kind: api, account: meta-acme-dach}\n"


@pytest.fixture
def home(tmp_path: Path, root: Path) -> Path:
    """The registry, whose audit reads one platform."""
    for part in ("registry", "contracts"):
        shutil.copytree(root / part, tmp_path / part)
    (tmp_path / "registry" / "audit.yaml").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def command(home: Path, platform: Platform, *more: str) -> list[str]:
    """What is typed."""
    return [sys.executable, "-m", "canonry", "audit", "run", "--registry", str(home), *more]


def environment(platform: Platform) -> dict[str, str]:
    """Where it is typed."""
    variables = {"META_ACCESS_TOKEN": TOKEN, "CANONRY_ENDPOINT_META": platform.url}
    return {**os.environ, **variables, "CANONRY_TODAY": "2026-11-23"}


def called(home: Path, platform: Platform, *more: str) -> tuple[int, str, int]:
    """Exit code, what was said, and how many requests it took."""
    before = len(platform.requests)
    done = subprocess.run(
        command(home, platform, *more),
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env=environment(platform),
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, len(platform.requests) - before


class Hanging:
    """Meta, which does not come back from a request."""

    def __init__(self, turn: int) -> None:
        self.turn = turn
        self.number = 0
        self.reached, self.free = threading.Event(), threading.Event()

    def __call__(self, request: Request) -> Any:
        self.number += 1
        if self.number == self.turn:
            self.reached.set()
            self.free.wait(30)
        return meta.answer(request)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    """In the middle of the ad sets."""
    platform = Hanging(5)
    yield platform
    platform.free.set()


def test_a_killed_audit_is_gone_on_with_and_says_so(home: Path, hanging: Hanging) -> None:
    """History stays whole, what was answered is not asked again, and the run after that asks everything."""
    with running(hanging) as platform:
        process = subprocess.Popen(
            command(home, platform), stdout=subprocess.DEVNULL, env=environment(platform), cwd=home
        )
        assert hanging.reached.wait(30)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        hanging.free.set()
        assert not (home / "registry" / "history.jsonl").exists()
        code, text, requests = called(home, platform)
        _, fresh, all_of_them = called(home, platform)
    assert code in (1, 3)
    assert "goes on where a run stopped at" in text and "meta-api: ad sets" in " ".join(text.split())
    assert requests == all_of_them - 4
    assert "goes on" not in fresh
    without = [line for line in text.splitlines() if "meta-api:" not in line]
    assert [line for line in without if line in fresh.splitlines()][:5] == without[:5]
    assert not list((Path(cache_folder()) / "checkpoints").iterdir())
    assert (home / "registry" / "history.jsonl").exists()


def test_restart_reads_everything_anew(home: Path, hanging: Hanging) -> None:
    """Whoever has just repaired something wants to see it."""
    with running(hanging) as platform:
        process = subprocess.Popen(
            command(home, platform), stdout=subprocess.DEVNULL, env=environment(platform), cwd=home
        )
        assert hanging.reached.wait(30)
        process.kill()
        process.wait(30)
        hanging.free.set()
        _, text, requests = called(home, platform, "--restart")
        _, later, all_of_them = called(home, platform)
    assert requests == all_of_them
    assert "goes on" not in text + later

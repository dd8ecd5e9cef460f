"""What every test needs: a clean environment, and golden files that `--update` rewrites."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test fails for the time it takes: on a busy machine an example of milliseconds takes a second.
settings.register_profile(
    "canonry", parent=settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("canonry")

ROOT = Path(__file__).parent.parent

GIT_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Ada Author",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_AUTHOR_DATE": "2026-11-21T12:00:00+00:00",
    "GIT_COMMITTER_NAME": "Ada Author",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_COMMITTER_DATE": "2026-11-21T12:00:00+00:00",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` rewrites golden files; review approves them."""
    parser.addoption("--update", action="store_true", help="rewrite golden files")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Git and canonry see nothing of the machine: no configuration, no cache, fixed names and dates."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "CANONRY_")):
            monkeypatch.delenv(name)
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout's root."""
    return ROOT

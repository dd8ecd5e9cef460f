"""The site in a real browser: built once, served under a sub-path from this machine, watched for every fault.

A page fails its test when it writes an error to the console, breaks the site's Content-Security-Policy, asks
any other host for anything, or asks for a file that is not there.
"""

import contextlib
import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SUB_PATH = "/acme/registry/"
PARTS = ("registry", "contracts", "generated", "docs", "mkdocs.yml")
"""What of the checkout the site is built from."""
GENERATED = ("catalogue", "links", "index.md")
"""What a build before may have left in docs/; the copy is built from scratch."""
ORIGIN = "http://127.0.0.1:"
ROOT = Path(__file__).parents[2]


class _Silent(http.server.SimpleHTTPRequestHandler):
    """A plain file server, which keeps its log to itself and lets the browser keep nothing."""

    def log_message(self, *_: object) -> None: ...

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


class _Server(http.server.ThreadingHTTPServer):
    """A browser that leaves in the middle of an answer is no fault; any other is still told."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _build(folder: Path) -> None:
    """Build the site of a copy of the checkout into `folder`/site."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=_generated)
        else:
            shutil.copy2(source, folder / part)
    done = subprocess.run(
        [sys.executable, "-m", "canonry", "docs", "build", "--registry", str(folder)],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _generated(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if Path(folder) == ROOT / "docs" and name in GENERATED}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site's folder; built once, however many processes run tests."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "canonry-site"
    with (shared / "canonry-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _build(folder)
            (folder / "built").touch()
    return folder / "site"


@contextlib.contextmanager
def _served(site: Path, top: Path) -> Iterator[str]:
    place = top / SUB_PATH.strip("/")
    place.parent.mkdir(parents=True)
    place.symlink_to(site, target_is_directory=True)
    handler = functools.partial(_Silent, directory=str(top))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"{ORIGIN}{server.server_port}{SUB_PATH}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """Serves a built site under a sub-path, by a server that does nothing but hand out files; its address."""
    with contextlib.ExitStack() as stack:
        yield lambda site: stack.enter_context(_served(site, tmp_path_factory.mktemp("served")))


@pytest.fixture(scope="session")
def address(site: Path, serving: Callable[[Path], str]) -> str:
    """Where the site is served."""
    return serving(site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if not CHROMIUM.is_file():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield chromium
        chromium.close()


class Watch:
    """What went wrong on the pages of one context."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page that the context opens."""
        context.expose_function("canonryViolation", lambda text: self.faults.append(f"CSP: {text}"))
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) =>"
            " window.canonryViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"
        )
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        context.on(
            "console",
            lambda message: (
                self.faults.append(f"console: {message.text} ({message.location['url']})")
                if message.type == "error"
                else None
            ),
        )

    def _request(self, request: Request) -> None:
        if not request.url.startswith((ORIGIN, "data:", "blob:")):
            self.faults.append(f"request off the host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens contexts (`color_scheme="dark"`, `viewport={...}`, ...); every fault of theirs fails the test."""
    watch = Watch()
    opened: list[BrowserContext] = []

    def new(**options: object) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(10_000)
        watch.follow(context)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
    assert watch.faults == []


@pytest.fixture
def page(contexts: Callable[..., BrowserContext]) -> Page:
    """A page of its own, at a desk: light, 1280 by 900."""
    return contexts().new_page()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots go, for people to look at."""
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder

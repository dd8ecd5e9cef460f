"""The builder and the checker in headless Chromium, from a plain server on this machine, in one run.

    python benchmarks/browser.py [--loads 7] [--links 10000] [--words 5000] [--contracts 5000]

The site is built from this checkout; for keystrokes, vocabularies of the form are drawn out to `--words`.
The list that is narrowed is that of a catalogue of benchmarks/lint.py, as its site shows it.
Links are the examples with campaigns of their own, so that little is remembered; seven of ten are wrong.
"""

import argparse
import csv
import functools
import http.server
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import lint
from playwright.sync_api import sync_playwright

from canonry.adapters.worktree import DirectoryTree
from canonry.app.compiled import compiled
from canonry.app.links import Book
from canonry.app.parsed import Links
from canonry.catalogue.load import load

ROOT = Path(__file__).parent.parent
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
FORM = "links/build/#format=paid_social&campaign=winter-living-weeks&f.source=facebook"
READY = "performance.getEntriesByName('canonry-ready')[0].startTime"
PARSED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
TYPE = """
async ([selector, text]) => {
  const input = document.querySelector(selector);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const handled = [], shown = [];
  input.focus();
  for (let end = 1; end <= text.length; end += 1) {
    await frame();
    const start = performance.now();
    input.value = text.slice(0, end);
    input.dispatchEvent(new InputEvent("input", {bubbles: true}));
    handled.push(performance.now() - start);
    await frame();
    shown.push(performance.now() - start);
  }
  return [handled, shown];
}
"""
CHECK = """
async (text) => {
  const area = document.getElementById("ln-links");
  const root = document.getElementById("canonry-check");
  const start = performance.now();
  area.value = text;
  area.getBoundingClientRect();
  const pasted = performance.now();
  document.querySelector(".ln-pasted .ln-main").click();
  const wanted = String(text.split("\\n").length);
  while (root.dataset.checked !== wanted) await new Promise((done) => setTimeout(done, 2));
  return [pasted - start, performance.now() - pasted];
}
"""

NODE = """
import { readFileSync } from "node:fs";
const [folder, root] = process.argv.slice(2);
const { Book } = await import(`${root}/docs/assets/links/building.js`);
const { Checker } = await import(`${root}/docs/assets/links/checking.js`);
const checker = new Checker(new Book(JSON.parse(readFileSync(`${root}/site/links/utm.json`, "utf8"))));
const links = JSON.parse(readFileSync(`${folder}/links.json`, "utf8"));
const before = process.cpuUsage();
for (const link of links) checker.read(link);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1e6));
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server without a log."""

    def log_message(self, *_):
        """Say nothing."""


def drawn_out(data, words):
    """The data of the pages with every vocabulary that has more than one word at so many words."""
    for about in data["table"]["vocabularies"].values():
        more = words - len(about["words"])
        about["words"] += [
            [
                f"word-{n}",
                {"label": f"Word {n} of many", "status": "active", "aliases": [f"w{n}", f"alias-{n}"]},
            ]
            for n in range(more if len(about["words"]) > 1 else 0)
        ]
    return data


def links(count):
    """So many links, each with a campaign of its own."""
    with (ROOT / "examples/links.csv").open(encoding="utf-8", newline="") as file:
        known = [row["link"] for row in csv.DictReader(file) if "\n" not in row["link"]]
    return [known[n % len(known)].replace("_2026", f"-{n}_2026") for n in range(count)]


def site():
    """Build the site of this checkout; its folder."""
    command = [sys.executable, "-m", "canonry", "docs", "build", "--registry", str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return ROOT / "site"


def listed(folder, contracts):
    """Build the page that lists so many contracts, and no other; its site's folder."""
    lint.write(folder, contracts)
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "-m", "canonry", "docs", "pages", "--registry", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    pages = folder / "docs/catalogue"
    for path in pages.iterdir():
        if path.name != "all":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    build = [sys.executable, "-m", "mkdocs", "build", "--no-strict", "--quiet"]
    subprocess.run(build, check=True, stderr=subprocess.DEVNULL, cwd=folder, env=environment)
    return folder / "site"


def narrowing(chromium, address, loads):
    """The first keystroke in a list of many contracts, and the ones after it."""
    first, drawn, rest = [], [], []
    for _ in range(loads):
        page = chromium.new_context().new_page()
        page.goto(f"{address}catalogue/all/")
        page.locator(".filtered.ready").wait_for()
        handled, shown = page.evaluate(TYPE, [".filters input", "order viewed"])
        first.append(handled[0])
        drawn.append(shown[0])
        rest += handled[1:]
        rows = page.locator(".filters .count").inner_text()
        page.context.close()
    frame = statistics.median(drawn)
    print(f"keystroke in a list ({rows}), first  {median(first)}, {frame:.1f} to the next frame  (wanted 50)")
    print(f"  and those after it            {median(rest)}")


def median(values):
    """The median and the worst of some milliseconds, as text."""
    return f"{statistics.median(values):7.1f} ms median, {max(values):7.1f} ms worst"


def measure(address, long, options):
    """Every figure of one browser; `long` is where the list of many contracts is."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        ready, parsed = [], []
        for _ in range(options.loads):
            context = chromium.new_context()
            page = context.new_page()
            page.goto(address + FORM)
            page.locator("#canonry-build[data-ready]").wait_for()
            ready.append(page.evaluate(READY))
            parsed.append(page.evaluate(PARSED))
            context.close()
        print(f"builder usable, cold cache      {median(ready)}  (wanted 1,000)")
        print(f"  the page without the builder  {median(parsed)}")
        context = chromium.new_context()
        page = context.new_page()
        body = json.dumps(drawn_out(json.loads((ROOT / "site/links/utm.json").read_bytes()), options.words))
        page.route(
            "**/links/utm.json", lambda route: route.fulfill(body=body, content_type="application/json")
        )
        page.goto(address + FORM)
        page.locator("#canonry-build[data-ready]").wait_for()
        for what, selector, text in (
            ("of a label", "#ln-field-market", "word 4321 of many"),
            ("of a word that is not there", "#ln-field-market", "wrod-4321x"),
            ("of a slug", "#ln-field-slug", "spring-sofa-weeks"),
        ):
            handled, shown = page.evaluate(TYPE, [selector, text])
            print(
                f"keystroke {what:<28}  {median(handled)}, {statistics.median(shown):.1f} to the next frame"
            )
        _, shown = page.evaluate(TYPE, ["#ln-rows", "nothing listens here"])
        print(f"  where nothing listens         {median(shown)} to the next frame")
        for count in (1, options.links):
            page = context.new_page()
            page.goto(f"{address}links/check/")
            page.locator("#canonry-check[data-ready]").wait_for()
            pasted, checked = page.evaluate(CHECK, "\n".join(links(count)))
            print(f"{count:>7,} links checked           {checked:7.0f} ms, {pasted:.0f} ms to show the text")
        narrowing(chromium, long, options.loads)
        chromium.close()


def peers(count):
    """CPU seconds of one thread for as many links, in Node and in the Python that it is held to."""
    lines = links(count)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "links.json").write_text(json.dumps(lines), encoding="utf-8")
        done = subprocess.run(
            ["node", "--input-type=module", "-", folder, str(ROOT)],
            input=NODE,
            capture_output=True,
            text=True,
            check=True,
        )
    print(f"  CPU of one thread, in Node    {float(done.stdout):7.2f} s")
    book = Book(*opened(ROOT))
    reader = Links(book)
    start = time.process_time()
    for line in lines:
        answer = reader.read(line, "links", 1)
        answer.to_json("link")
    print(f"  and in Python                 {time.process_time() - start:7.2f} s")


def opened(root):
    """The registry's index, and its parts by name."""
    index, parts = compiled(load(DirectoryTree(root)).value)
    return index, parts.__getitem__


def main():
    """Build, serve, measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--loads", type=int, default=7)
    parser.add_argument("--links", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=5_000)
    parser.add_argument("--contracts", type=int, default=5_000)
    options = parser.parse_args()
    if not CHROMIUM.is_file():
        print(f"{CHROMIUM} is missing: apt-get install chromium")
        return
    with tempfile.TemporaryDirectory() as folder:
        served = Path(folder, "served")
        served.mkdir()
        (served / "registry").symlink_to(site())
        (served / "long").symlink_to(listed(Path(folder, "long"), options.contracts))
        handler = functools.partial(Quiet, directory=str(served))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            root = f"http://127.0.0.1:{server.server_port}"
            measure(f"{root}/registry/", f"{root}/long/", options)
            server.shutdown()
    peers(options.links)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()

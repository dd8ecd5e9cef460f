"""An API of 10,000 and 100,000 objects on 127.0.0.1: objects a second, and memory that does not grow.

    python benchmarks/platforms.py [--objects 10000 100000]

The floor reads the same pages with httpx and parses them with orjson, one after the other. Answers are made
before they are asked for, in the process of the server.
"""

import argparse
import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parent.parent
PAGE = 500
BATCH = 10_000
LAUNCH = """
import resource, subprocess, sys
said = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(said, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def campaign(number: int) -> dict[str, object]:
    """A campaign as Meta answers it."""
    insights = {"spend": "1.20", "impressions": "10", "clicks": "1", "account_currency": "EUR"}
    return {
        "id": f"120{number:015d}",
        "name": f"acme_de_conversion_spring-{number}_202611_k7f4p2",
        "objective": "OUTCOME_SALES",
        "effective_status": "ACTIVE",
        "start_time": "2026-11-02T00:00:00+0100",
        "insights": {"data": [insights]},
    }


def google(number: int) -> dict[str, object]:
    """A campaign as Google Ads streams it."""
    return {
        "campaign": {
            "resourceName": f"customers/1/campaigns/{number}",
            "id": str(number),
            "name": f"acme_de_search_brand-{number}",
            "status": "ENABLED",
            "biddingStrategyType": "MAXIMIZE_CONVERSIONS",
        },
        "metrics": {"costMicros": "1200000", "impressions": "10", "clicks": "1"},
        "customer": {"currencyCode": "EUR"},
    }


def serve(objects: int) -> None:
    """Answers until it is ended; its port is the first line that it prints."""
    pages: dict[int, bytes] = {}
    for start in range(0, objects, PAGE):
        after = start + PAGE
        paging: dict[str, object] = {"cursors": {"after": str(after)}}
        if after < objects:
            paging["next"] = "http://127.0.0.1/"
        members = [campaign(number) for number in range(start, min(after, objects))]
        pages[start] = json.dumps({"data": members, "paging": paging}).encode()
    batches = [
        {
            "results": [google(number) for number in range(start, min(start + BATCH, objects))],
            "requestId": "r",
        }
        for start in range(0, objects, BATCH)
    ]
    stream = json.dumps(batches, indent=1).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16

        def log_message(self, *arguments: object) -> None: ...

        def answer(self, payload: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def do_GET(self) -> None:
            self.answer(pages[int(parse_qs(urlsplit(self.path).query).get("after", ["0"])[0])])

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(stream)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def read(platform: str, port: str) -> None:
    """Reads the platform's campaigns, and prints how many and how many seconds it took, start-up apart."""
    from datetime import date

    from canonry.adapters.apis import Account, Connection, api_of
    from canonry.audit.source import Period

    tokens = ("META_ACCESS_TOKEN", "GOOGLE_OAUTH_ACCESS_TOKEN", "GOOGLE_ADS_DEVELOPER_TOKEN")
    account = Account("bench", "acme", "1")
    api = api_of(platform)
    week = Period(date(2026, 11, 16), date(2026, 11, 22))
    begin = time.process_time(), time.perf_counter()
    rest = api.connect(f"http://127.0.0.1:{port}", dict.fromkeys(tokens, "t"), account)
    seen = api.surfaces[0].read(Connection(rest, platform, account), week)
    count = sum(1 for _ in seen)
    print(count, time.process_time() - begin[0], time.perf_counter() - begin[1])


def floor(platform: str, port: str) -> None:
    """The same bytes, fetched and parsed only."""
    import httpx
    import orjson

    begin = time.process_time(), time.perf_counter()
    count = 0
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        if platform == "google_ads":
            document = orjson.loads(client.post("/stream", json={}).content)
            count = sum(len(batch["results"]) for batch in document)
        else:
            after = "0"
            while True:
                document = orjson.loads(client.get("/campaigns", params={"after": after}).content)
                count += len(document["data"])
                if "next" not in document["paging"]:
                    break
                after = document["paging"]["cursors"]["after"]
    print(count, time.process_time() - begin[0], time.perf_counter() - begin[1])


def measured(*words: str) -> tuple[int, float, float, float]:
    """Objects, CPU and wall seconds of the reading, peak megabytes of the process."""
    command = (sys.executable, "-c", LAUNCH, sys.executable, str(Path(__file__)), *words)
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout.split()
    return int(said[0]), float(said[1]), float(said[2]), float(said[4]) / 1024


def main() -> None:
    """Prints a row per platform and size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, nargs="+", default=[10_000, 100_000])
    print(f"{'':34}{'objects/s':>10}{'CPU s':>8}{'MB':>7}   floor: {'objects/s':>10}{'CPU s':>8}{'MB':>7}")
    for objects in parser.parse_args().objects:
        server = subprocess.Popen(
            [sys.executable, __file__, "serve", str(objects)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            for platform in ("meta", "google_ads"):
                count, cpu, wall, peak = measured("read", platform, port)
                _, floor_cpu, floor_wall, floor_peak = measured("floor", platform, port)
                assert count == objects
                print(
                    f"{f'{platform}, {objects:,} objects':34}{count / wall:>10,.0f}{cpu:>8.2f}"
                    f"{peak:>7.0f}          {count / floor_wall:>10,.0f}{floor_cpu:>8.2f}{floor_peak:>7.0f}"
                )
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", objects]:
            serve(int(objects))
        case ["read", platform, port]:
            read(platform, port)
        case ["floor", platform, port]:
            floor(platform, port)
        case _:
            main()

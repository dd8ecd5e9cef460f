"""An API of 10,000 and 100,000 objects on 127.0.0.1: objects a second, and memory that does not grow.

    python benchmarks/platforms.py [--objects 10000 100000]

The floor reads the same pages with httpx and parses them with orjson, one after the other. Answers are made
before they are asked for, in the process of the server. The reader keeps a checkpoint, as an audit does;
*again* is what a run takes that is told everything from it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parent.parent
PAGE = 500
Answers = tuple[list[bytes], Callable[[str, Mapping[str, str], bytes], bytes]]
"""Everything that is read, and what answers a path, a query and a body."""
BATCH = 10_000
ROWS = 2_000
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


def paged(objects: int, size: int, page) -> list[bytes]:
    """The pages of a list: `page` makes one of the numbers in it, and is told whether there are more."""
    return [
        json.dumps(page(range(start, min(start + size, objects)), start + size < objects)).encode()
        for start in range(0, objects, size)
    ]


def meta(objects: int) -> Answers:
    """Cursors count pages."""

    def page(numbers, more):
        paging = {
            "cursors": {"after": str(numbers.stop // PAGE)},
            **({"next": "http://127.0.0.1/"} if more else {}),
        }
        return {"data": [campaign(number) for number in numbers], "paging": paging}

    pages = paged(objects, PAGE, page)
    return pages, lambda path, query, body: pages[int(query.get("after", "0"))]


def google_ads(objects: int) -> Answers:
    """One stream."""
    batches = [
        {
            "results": [google(number) for number in range(start, min(start + BATCH, objects))],
            "requestId": "r",
        }
        for start in range(0, objects, BATCH)
    ]
    stream = json.dumps(batches, indent=1).encode()
    return [stream], lambda path, query, body: stream


def dv360(objects: int) -> Answers:
    """Page tokens count pages."""

    def page(numbers, more):
        listed = [
            {
                "campaignId": str(number),
                "displayName": f"acme_de_reach_spring-{number}_202611",
                "entityStatus": "ENTITY_STATUS_ACTIVE",
                "campaignFlight": {"plannedDates": {"startDate": {"year": 2026, "month": 11, "day": 2}}},
                "campaignGoal": {"campaignGoalType": "CAMPAIGN_GOAL_TYPE_BRAND_AWARENESS"},
            }
            for number in numbers
        ]
        return {"campaigns": listed, **({"nextPageToken": str(numbers.stop // 200)} if more else {})}

    pages = paged(objects, 200, page)
    return pages, lambda path, query, body: pages[int(query.get("pageToken", "0"))]


def ga4(objects: int) -> Answers:
    """A report, by offsets."""

    def page(numbers, more):
        words = ("google", "cpc", "", "tx7nrz", "", "")
        rows = [
            {
                "dimensionValues": [
                    {"value": word or f"acme_de_conversion_spring-{number}_202611_k7f4p2"} for word in words
                ],
                "metricValues": [{"value": "12"}],
            }
            for number in numbers
        ]
        return {"rows": rows, "rowCount": objects, "metadata": {}}

    pages = paged(objects, ROWS, page)

    def answer(path, query, body):
        asked = json.loads(body)
        assert int(asked["limit"]) == ROWS
        return pages[int(asked["offset"]) // ROWS]

    return pages, answer


def linkedin(objects: int) -> Answers:
    """Campaign groups by page tokens, and what each page of them cost."""

    def page(numbers, more):
        listed = [
            {
                "id": number,
                "name": f"acme_de_lead_spring-{number}_202611",
                "status": "ACTIVE",
                "runSchedule": {"start": 1_762_000_000_000},
            }
            for number in numbers
        ]
        return {"elements": listed, "metadata": {"nextPageToken": str(numbers.stop // PAGE)} if more else {}}

    pages = paged(objects, PAGE, page)

    def report(numbers, more):
        rows = [
            {
                "costInLocalCurrency": "1.20",
                "impressions": 10,
                "clicks": 1,
                "pivotValues": [f"urn:li:sponsoredCampaignGroup:{number}"],
            }
            for number in numbers
        ]
        return {"elements": rows}

    reports, account = paged(objects, PAGE, report), b'{"currency": "EUR"}'

    def answer(path, query, body):
        if "adAnalytics" in path:
            first = re.search(rb"campaignGroups=List\(urn%3Ali%3AsponsoredCampaignGroup%3A(\d+)", body)
            return reports[int(first[1]) // PAGE]
        return pages[int(query.get("pageToken", "0"))] if "adCampaignGroups" in path else account

    return [*reports, *pages], answer


def tiktok(objects: int) -> Answers:
    """Numbered pages of campaigns, and reports on a hundred of them."""

    def page(thing, total):
        def made(numbers, more):
            listed = [thing(number) for number in numbers]
            return {"code": 0, "data": {"list": listed, "page_info": {"total_page": total}}}

        return made

    def named(number):
        return {
            "campaign_id": str(number),
            "campaign_name": f"acme_de_reach_spring-{number}_202611",
            "objective_type": "REACH",
            "operation_status": "ENABLE",
        }

    def spent(number):
        metrics = {"spend": "1.20", "impressions": "10", "clicks": "1"}
        return {"dimensions": {"campaign_id": str(number)}, "metrics": metrics}

    campaigns = paged(objects, 1000, page(named, -(-objects // 1000)))
    reports = paged(objects, 100, page(spent, 1))
    account = b'{"code": 0, "data": {"list": [{"currency": "EUR"}]}}'

    def answer(path, query, body):
        if "report" in path:
            return reports[int(json.loads(json.loads(query["filtering"])[0]["filter_value"])[0]) // 100]
        return account if "advertiser" in path else campaigns[int(query.get("page", "1")) - 1]

    return [*reports, *campaigns], answer


def segment(objects: int) -> Answers:
    """The rules of one tracking plan."""

    def page(numbers, more):
        rules = [
            {"type": "TRACK", "key": f"Event {number}", "jsonSchema": {}, "version": 1} for number in numbers
        ]
        after = {"next": str(numbers.stop // 200)} if more else {}
        return {"data": {"rules": rules, "pagination": after}}

    pages = paged(objects, 200, page)
    plans = b'{"data": {"trackingPlans": [{"id": "tp_1", "name": "Plan"}], "pagination": {}}}'

    def answer(path, query, body):
        return pages[int(query.get("pagination[cursor]", "0"))] if path.endswith("/rules") else plans

    return pages, answer


def rudderstack(objects: int) -> Answers:
    """Event models by numbered pages of fifty."""

    def page(numbers, more):
        models = [
            {
                "uid": str(number),
                "eventType": "track",
                "eventIdentifier": f"Event {number}",
                "writeKey": "w",
                "lastSeen": "2026-11-20T00:00:00Z",
                "createdAt": "2026-01-01T00:00:00Z",
                "count": 5,
            }
            for number in numbers
        ]
        return {"results": models, "hasNext": more, "currentPage": numbers.start // 50 + 1}

    pages = paged(objects, 50, page)
    return pages, lambda path, query, body: pages[int(query["page"]) - 1]


SURFACES = {"rudderstack": 1}
"""Which of a platform's surfaces is read, where it is not the first."""
PLATFORMS = (meta, google_ads, dv360, ga4, linkedin, tiktok, segment, rudderstack)


def serve(platform: str, objects: int) -> None:
    """Answers until it is ended; its port is the first line that it prints."""
    pages, answer = next(each for each in PLATFORMS if each.__name__ == platform)(objects)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16

        def log_message(self, *arguments: object) -> None: ...

        def reply(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            if parts.path.startswith("/floor/"):
                number = int(parts.path.rpartition("/")[2])
                payload = pages[number] if number < len(pages) else b"null"
            else:
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                payload = answer(parts.path, query, body)
            self.send_response(200)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def do_GET(self) -> None:
            self.reply(b"")

        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def read(platform: str, port: str) -> None:
    """Reads the platform's objects, and prints how many and how many seconds it took, start-up apart."""
    from datetime import date

    from canonry.adapters.apis import Account, Connection, api_of
    from canonry.audit.source import Gap, Period

    account = Account("bench", "acme", "1")
    api = api_of(platform)
    tokens = (*api.variables, "GOOGLE_OAUTH_ACCESS_TOKEN", "GOOGLE_ADS_DEVELOPER_TOKEN")
    week = Period(date(2026, 11, 16), date(2026, 11, 22))
    begin = time.process_time(), time.perf_counter()
    rest = api.connect(f"http://127.0.0.1:{port}", dict.fromkeys(tokens, "a-token"), account)
    connection = Connection(rest, platform, account, week.end.isoformat())
    seen = api.surfaces[SURFACES.get(platform, 0)].read(connection, week)
    count = sum(not isinstance(each, Gap) for each in seen)
    print(count, time.process_time() - begin[0], time.perf_counter() - begin[1])


def floor(platform: str, port: str) -> None:
    """The same bytes, fetched and parsed only."""
    from itertools import count as numbers

    import httpx
    import orjson

    begin = time.process_time(), time.perf_counter()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for number in numbers():
            if orjson.loads(client.get(f"/floor/{number}").content) is None:
                break
    print(0, time.process_time() - begin[0], time.perf_counter() - begin[1])


def measured(cache: str, *words: str) -> tuple[int, float, float, float]:
    """Objects, CPU and wall seconds of the reading, peak megabytes of the process."""
    command = (sys.executable, "-c", LAUNCH, sys.executable, str(Path(__file__)), *words)
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    said = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, cwd=ROOT, env=environment
    ).stdout.split()
    return int(said[0]), float(said[1]), float(said[2]), float(said[4]) / 1024


def main() -> None:
    """Prints a row per platform and size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--platforms", nargs="+", default=[each.__name__ for each in PLATFORMS])
    chosen = parser.parse_args()
    print(
        f"{'':34}{'objects/s':>10}{'CPU s':>8}{'MB':>7}   again: {'CPU s':>8}{'MB':>7}"
        f"   floor: {'objects/s':>10}{'CPU s':>8}{'MB':>7}"
    )
    for platform in chosen.platforms:
        for objects in chosen.objects:
            server = subprocess.Popen(
                [sys.executable, __file__, "serve", platform, str(objects)],
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
            try:
                assert server.stdout is not None
                port = server.stdout.readline().strip()
                with tempfile.TemporaryDirectory() as cache:
                    count, cpu, wall, peak = measured(cache, "read", platform, port)
                    told, again_cpu, _, again_peak = measured(cache, "read", platform, port)
                    _, floor_cpu, floor_wall, floor_peak = measured(cache, "floor", platform, port)
                assert count == told == objects, (platform, count, told)
                print(
                    f"{f'{platform}, {objects:,} objects':34}{count / wall:>10,.0f}{cpu:>8.2f}"
                    f"{peak:>7.0f}          {again_cpu:>8.2f}{again_peak:>7.0f}"
                    f"          {objects / floor_wall:>10,.0f}{floor_cpu:>8.2f}{floor_peak:>7.0f}",
                    flush=True,
                )
            finally:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", platform, objects]:
            serve(platform, int(objects))
        case ["read", platform, port]:
            read(platform, port)
        case ["floor", platform, port]:
            floor(platform, port)
        case _:
            main()

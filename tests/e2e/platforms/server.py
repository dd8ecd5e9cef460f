"""A platform on 127.0.0.1 that answers as it is told, and misbehaves as it is told."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-tests"
"""What every stand-in lets in."""


@dataclass
class Request:
    """What arrived: `query` and `body` decoded, header names in lower case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any = None

    def one(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]


class RefusedError(Exception):
    """The platform says no: a status and its document."""

    def __init__(self, status: int, document: Any) -> None:
        super().__init__(status)
        self.status = status
        self.document = document


@dataclass
class Raw:
    """An answer that is sent as it stands."""

    payload: bytes
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


Answer = Callable[[Request], Any]


@dataclass
class Platform:
    """`faults` are done with the next requests, one each: a status, a status with a document or with headers,
    `drop` (no answer), `truncate` (half of the right one), `garbage`, None (nothing wrong).
    """

    answer: Answer
    url: str = ""
    faults: list[Any] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, request: Request) -> Any:
        """Takes the next fault."""
        with self.lock:
            self.requests.append(request)
            return self.faults.pop(0) if self.faults else None


@contextmanager
def running(answer: Answer, *faults: Any) -> Iterator[Platform]:
    """A platform as long as the block lasts."""
    platform = Platform(answer, faults=list(faults))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = (
            1 << 16
        )  # one packet an answer: otherwise each waits 40 ms for the acknowledgement of its head

        def log_message(self, *arguments: object) -> None: ...

        def do_GET(self) -> None:
            self.handle_one("GET")

        def do_POST(self) -> None:
            self.handle_one("POST")

        def handle_one(self, method: str) -> None:
            parts = urlsplit(self.path)
            request = Request(
                method,
                parts.path,
                parse_qs(parts.query, keep_blank_values=True),
                {key.lower(): value for key, value in self.headers.items()},
                self.content(),
            )
            fault = platform.fault(request)
            headers: dict[str, str] = {}
            status, document = 200, None
            match fault:
                case "drop":
                    self.close_connection = True
                    return
                case int(status):
                    document = {"error": {"code": status, "message": f"as told: {status}"}}
                case (int(status), dict(headers)) if "Retry-After" in headers:
                    document = {}
                case (int(status), document):
                    pass
                case _:
                    try:
                        document = platform.answer(request)
                    except RefusedError as no:
                        status, document = no.status, no.document
                    except AssertionError as error:  # the request is not as published
                        status, document = 400, {"error": {"code": 400, "message": str(error)}}
            payload = b"<html>no" if fault == "garbage" else b""
            if isinstance(document, Raw):
                status, headers, payload = document.status, document.headers, document.payload
            elif fault != "garbage":
                payload = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(payload)))
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            if fault == "truncate":
                payload = payload[: len(payload) // 2]
                self.close_connection = True
            self.wfile.write(payload)

        def content(self) -> Any:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                raw = gzip.decompress(raw)
            try:
                return json.loads(raw) if raw else None
            except json.JSONDecodeError:
                return {key: values[0] for key, values in parse_qs(raw.decode()).items()}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""A local HTTP server that takes batches, and misbehaves as it is told."""

import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server:
    """`plan` holds what to do with the next requests; then, or when it is empty, `always` is done.

    `ok`, a status such as `503`, `(429, seconds)` with Retry-After, `stall` (no answer in time), `truncate`
    (the connection ends within the answer, the batch having been taken) or `drop` (ends before any answer).
    """

    def __init__(self) -> None:
        self.plan: list[Any] = []
        self.always: Any = "ok"
        self.stalled = 3.0
        self.requests: list[tuple[str, str | None, float]] = []
        self.taken: list[dict[str, Any]] = []
        """Every message that was acknowledged or may have been."""
        self.batches: dict[str | None, list[str]] = {}
        """Keys of messages by the key of their request: what a receiver that knows it counts once."""
        self.lock = threading.Lock()
        self.url = ""

    def keys(self) -> list[str]:
        """Idempotency keys, each once, in the order of their first arrival."""
        return list(dict.fromkeys(message["idempotency_key"] for message in self.taken))

    def next(self) -> Any:
        with self.lock:
            return self.plan.pop(0) if self.plan else self.always


@contextmanager
def running(plan: Sequence[Any] = ()) -> Iterator[Server]:
    """A server on a free port."""
    server = Server()
    server.plan = list(plan)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            what = server.next()
            with server.lock:
                server.requests.append((self.path, self.headers.get("Idempotency-Key"), time.monotonic()))
            if what == "stall":
                time.sleep(server.stalled)
                return
            if what == "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            if what in ("ok", "truncate"):
                document = json.loads(body)
                with server.lock:
                    messages = document.get("batch") or [document]
                    server.taken.extend(messages)
                    keys = [message.get("idempotency_key", "") for message in messages]
                    server.batches.setdefault(self.headers.get("Idempotency-Key"), keys)
            status, wait = what if isinstance(what, tuple) else (what if isinstance(what, int) else 200, None)
            self.send_response(status)
            if wait is not None:
                self.send_header("Retry-After", str(wait))
            self.send_header("Content-Length", "100" if what == "truncate" else "2")
            self.end_headers()
            self.wfile.write(b"{}")
            if what == "truncate":
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            return

    http = Quiet(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_address[1]}/batch"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()

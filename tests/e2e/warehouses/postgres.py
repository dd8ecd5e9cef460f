"""A Postgres server of the tests' own, on 127.0.0.1, gone with the block."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path


def program(name: str) -> str | None:
    """A program of the newest Postgres there is."""
    found = shutil.which(name)
    return found or max(glob(f"/usr/lib/postgresql/*/bin/{name}"), default=None)  # noqa: PTH207


@contextmanager
def running() -> Iterator[str]:
    """The URL of an empty database. The server refuses to run as root, so root becomes somebody else."""
    initdb, server = program("initdb"), program("postgres")
    assert initdb is not None
    assert server is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="canonry-pg-") as folder:
        data = Path(folder) / "data"
        somebody = _somebody()
        if somebody is not None:
            os.chown(folder, somebody, -1)
        run = {"user": somebody, "cwd": folder} if somebody is not None else {"cwd": folder}
        subprocess.run(
            [initdb, "-D", data, "-U", "canonry", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"],
            check=True,
            capture_output=True,
            **run,
        )
        process = subprocess.Popen(
            [server, "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", folder, "-F"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **run,
        )
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if "ready to accept connections" in line:
                    break
            yield f"postgres://canonry@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait(20)
            if process.stderr is not None:
                process.stderr.close()


def _somebody() -> int | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return None

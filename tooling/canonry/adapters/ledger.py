"""The history of audits on disk: sorted JSON lines that can be committed, and one file built from them.

The lines are the record. Writing takes a lock, reads what stands there by then, and puts a whole new file in
its place, so that neither two runs at once nor a kill loses or halves anything. The embedded file (DuckDB, in
the user's cache directory) answers questions over many runs; it is built anew whenever the lines are others.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters.cache import cache_folder
from canonry.adapters.tables import replacing
from canonry.audit import baseline as baselines
from canonry.audit import history as histories
from canonry.audit.baseline import Baseline, BaselineLineError
from canonry.audit.history import History, HistoryLineError
from canonry.catalogue.issued import FOLDER
from canonry.kernel.errors import CanonryError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_TABLES: Final = 1
"""Changes when the tables of the embedded file do."""


def _read(path: Path, damaged: Callable[[int], CanonryError]) -> str:
    """What a record says; empty where there is none yet."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise damaged(data.count(b"\n", 0, error.start) + 1) from error


class Ledger:
    """Baseline and history of one registry."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / histories.PATH

    def history(self) -> History:
        """What earlier runs found. Raises `HistoryLineError`."""
        return histories.parse(self._lines())

    def _lines(self) -> str:
        return _read(self.path, HistoryLineError)

    def baseline(self) -> Baseline:
        """What is grandfathered. Raises `BaselineLineError`."""
        return baselines.parse(_read(self.root / baselines.PATH, BaselineLineError))

    def issued(self) -> dict[str, bytes]:
        """The links that campaigns have handed out, by registry id."""
        folder = self.root / FOLDER
        return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.jsonl")) if path.is_file()}

    def enter(self, change: Callable[[History], None]) -> None:
        """Enters a run: `change` gets the history as it stands once nobody else writes."""
        with self._locked() as alone:
            for draft in self.path.parent.glob(f".{self.path.stem}-*{self.path.suffix}") if alone else ():
                with suppress(OSError):
                    draft.unlink()  # of a run that was killed
            history = self.history()
            change(history)
            with replacing(self.path) as draft, draft.open("w", encoding="utf-8") as file:
                file.writelines(history.lines())

    def write_baseline(self, baseline: Baseline) -> Path:
        """Puts a new baseline in the old one's place."""
        path = self.root / baselines.PATH
        with self._locked(), replacing(path) as draft:
            draft.write_text(baseline.text(), encoding="utf-8")
        return path

    @contextmanager
    def _locked(self) -> Iterator[bool]:
        """True where nobody else writes meanwhile."""
        folder = Path(cache_folder()) / "locks"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder / _key(self.root), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:  # no cache directory: the replacement is still whole, only not in turn
            yield False
            return
        try:
            _lock(handle)
            yield True
        finally:
            os.close(handle)  # which gives the lock back, as the end of a killed process does

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query over `runs` (day, findings, ...) and `found` (day, fingerprint, code, ...).

        The embedded file saves time and nothing else: where it is damaged, or cannot be kept, what it would
        hold is built again.
        """
        import duckdb

        text = self._lines()
        folder = Path(cache_folder()) / "history"
        digest = hashlib.sha256(text.encode()).hexdigest()[:24]
        target = folder / f"{_key(self.root)}-{_TABLES}-{digest}.duckdb"
        for _ in range(2):
            try:
                if not target.is_file():
                    self._embed(target, text)
                with duckdb.connect(str(target), read_only=True) as connection:
                    return connection.execute(query).fetchall()
            except (OSError, duckdb.Error):
                with suppress(OSError):
                    target.unlink()
        with duckdb.connect() as connection:
            _build(connection, histories.parse(text))
            return connection.execute(query).fetchall()

    def _embed(self, target: Path, text: str) -> None:
        """Puts the file in place, and those of earlier lines away."""
        import duckdb

        history = histories.parse(text)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{os.getpid()}-{target.name}")
        try:
            with duckdb.connect(str(draft)) as connection:
                _build(connection, history)
            draft.replace(target)
        finally:
            with suppress(OSError):
                draft.unlink()
        for older in target.parent.glob(f"{_key(self.root)}-*.duckdb"):
            if older != target:
                with suppress(OSError):
                    older.unlink()


def _key(root: Path) -> str:
    return hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:24]


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # pragma: no cover  another operating system
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(handle, fcntl.LOCK_EX)


def _build(connection: DuckDBPyConnection, history: History) -> None:
    connection.execute(
        "CREATE TABLE runs (day DATE, complete BOOLEAN, findings INTEGER, errors INTEGER, new INTEGER, "
        "fixed INTEGER, grandfathered INTEGER, foreign_rows BIGINT, spend DOUBLE, visits DOUBLE)"
    )
    connection.execute(
        "CREATE TABLE found (day DATE, fingerprint VARCHAR, code VARCHAR, owner VARCHAR, source VARCHAR)"
    )
    runs = [
        (
            day,
            run.get("complete"),
            run.get("findings"),
            run.get("errors"),
            run.get("new"),
            run.get("fixed"),
            run.get("grandfathered"),
            run.get("foreign"),
            run.get("shares", {}).get("spend"),
            run.get("shares", {}).get("rows"),
        )
        for day, run in sorted(history.runs.items())
    ]
    if runs:
        connection.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", runs)
    found = [
        (day, fingerprint, entry.get("code"), entry.get("owner"), entry.get("source"))
        for fingerprint, entry in sorted(history.findings.items())
        for day in entry["days"]
    ]
    if found:
        connection.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?)", found)

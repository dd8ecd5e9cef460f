"""A client package that canonry has just written: put into a folder of its own, imported, and forgotten."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType


@contextmanager
def imported(files: Mapping[str, bytes], package: str) -> Iterator[ModuleType]:
    """The package whose files these are, by path. Its modules are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="canonry-") as name:
        folder = Path(name)
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        _forget(package)
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
        try:
            yield importlib.import_module(package)
        finally:
            sys.path.remove(str(folder))
            _forget(package)


def _forget(package: str) -> None:
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]

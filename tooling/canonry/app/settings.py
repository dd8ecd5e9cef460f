"""The few settings that a command needs before it loads a catalogue."""

from __future__ import annotations

from pathlib import Path


def default_branch(root: Path) -> str | None:
    """`default_branch` of registry.yaml as it is on disk; None where it is not said or cannot be read."""
    from canonry.catalogue.text import parse

    try:
        data = (root / "registry" / "registry.yaml").read_bytes()
    except OSError:
        return None
    value = parse("registry.yaml", data)[0].value
    found = value.get("default_branch") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None

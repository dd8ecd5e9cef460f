"""datamodel-code-generator as a library, in one process, behind a cache of what it answered.

It sees skeletons of canonry's own making, never contract text. What it answers depends on the skeleton, its
version and the options, so that is the cache's key; the cache is JSON in the user's cache directory.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

from canonry.kernel.errors import CanonryError

PINNED: Final = "0.89.0"
"""Its output is reviewed, so its version is pinned exactly."""

FORMAT: Final = 1
"""Changes when options or skeletons change their meaning."""

MAX_BYTES: Final = 256 * 1024 * 1024


@dataclass(eq=False)
class WrongGeneratorError(CanonryError):
    """Another version of the model generator is installed than the one whose output was reviewed."""

    found: str
    hint: ClassVar[str] = f"Install datamodel-code-generator=={PINNED}; another version writes other code"

    def __str__(self) -> str:
        return f"datamodel-code-generator is {self.found}, not {PINNED}"


@dataclass
class ModelGenerator:
    """The port's implementation: skeletons to modules. `cache` is a file; None keeps nothing."""

    cache: Path | None = None
    generated: int = 0
    """How many modules the last call made anew."""
    _kept: dict[str, str] = field(default_factory=dict)

    def __call__(self, skeletons: Sequence[dict[str, Any]]) -> list[str]:
        """One module of pydantic models per skeleton. Raises `WrongGeneratorError`."""
        texts = [json.dumps(skeleton, sort_keys=False, separators=(",", ":")) for skeleton in skeletons]
        keys = [hashlib.sha256(f"{FORMAT} {PINNED} {text}".encode()).hexdigest() for text in texts]
        known = self._load()
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        self.generated = len(wanted)
        if wanted:
            known = {**known, **dict(zip(wanted, generate(wanted.values()), strict=True))}
            self._store({key: known[key] for key in dict.fromkeys(keys)})
        return [known[key] for key in keys]

    def _load(self) -> Mapping[str, str]:
        if self.cache is None:
            return {}
        try:
            kept = json.loads(own_bytes(self.cache))
        except (OSError, ValueError, RecursionError):
            return {}
        models = kept.get("models") if isinstance(kept, dict) else None
        if not isinstance(models, dict) or kept.get("sum") != _sum(models):
            return {}
        return models

    def _store(self, models: Mapping[str, str]) -> None:
        if self.cache is None:
            return
        from canonry.adapters.files import replace

        data = json.dumps({"sum": _sum(models), "models": models}, separators=(",", ":")).encode()
        try:
            self.cache.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace(self.cache, data)
            self.cache.chmod(0o600)
        except OSError:
            return  # a full or read-only disk costs time, never an answer


def _sum(models: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for key, text in models.items():
        digest.update(f"{key}\0{text}\0".encode())
    return digest.hexdigest()


def own_bytes(path: Path) -> bytes:
    """A file that nobody else could have written. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            raise PermissionError(path)
        if found.st_size > MAX_BYTES:
            raise OSError(path)
        return stream.read()


def generate(skeletons: Iterable[str]) -> list[str]:
    """One module per skeleton, made in this process. Raises `WrongGeneratorError`."""
    from importlib.metadata import version

    if version("datamodel-code-generator") != PINNED:
        raise WrongGeneratorError(version("datamodel-code-generator"))
    from datamodel_code_generator import generate as run
    from datamodel_code_generator.config import GenerateConfig
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import Formatter, PythonVersion
    from datamodel_code_generator.parser import LiteralType

    config = GenerateConfig(
        input_filename="contract.json",
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        formatters=[Formatter.BUILTIN],
        enum_field_as_literal=LiteralType.All,
        use_annotated=True,
        use_standard_collections=True,
        use_union_operator=True,
        use_generic_container_types=True,
        field_extra_keys={"validation_alias", "serialization_alias"},
        disable_timestamp=True,
        custom_file_header="#",
        allow_remote_refs=False,
        keep_model_order=True,
    )
    return [str(run(text, config=config)) for text in skeletons]

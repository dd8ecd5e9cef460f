"""datamodel-code-generator as a library, in one process, behind a cache of what it answered.

It sees skeletons of canonry's own making, never contract text. What it answers depends on the skeleton, its
version and the options, so that is the cache's key; the cache is JSON in the user's cache directory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from canonry.adapters.declarations import MOST, Known, composed, learnt
from canonry.adapters.files import keep_own, own_bytes
from canonry.kernel.errors import CanonryError

PINNED: Final = "0.89.0"
"""Its output is reviewed, so its version is pinned exactly."""

FORMAT: Final = 2
"""Changes when options or skeletons change their meaning."""


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
    """How many modules the last call had the generator make."""

    def __call__(self, skeletons: Sequence[dict[str, Any]]) -> list[str]:
        """One module of pydantic models per skeleton. Raises `WrongGeneratorError`."""
        texts = [json.dumps(skeleton, sort_keys=False, separators=(",", ":")) for skeleton in skeletons]
        keys = [hashlib.sha256(f"{FORMAT} {PINNED} {text}".encode()).hexdigest() for text in texts]
        kept, fields = self._load()
        known = dict(kept)
        wanted: dict[str, tuple[dict[str, Any], str]] = {}
        for key, skeleton, text in zip(keys, skeletons, texts, strict=True):
            if key not in known:
                made = composed(skeleton, fields)
                if made is None:
                    wanted[key] = (skeleton, text)
                else:
                    known[key] = made
        self.generated = len(wanted)
        made_anew = generate(text for _, text in wanted.values()) if wanted else []
        for (key, (skeleton, _)), made in zip(wanted.items(), made_anew, strict=True):
            known[key] = made
            fields |= learnt(skeleton, made) if len(fields) < MOST else {}
        if known.keys() != kept.keys():
            self._store({key: known[key] for key in dict.fromkeys(keys)}, fields)
        return [known[key] for key in keys]

    def _load(self) -> tuple[Mapping[str, str], Known]:
        """Modules by the key of their skeleton, and declarations of fields."""
        if self.cache is None:
            return {}, {}
        try:
            kept = json.loads(own_bytes(self.cache))
        except (OSError, ValueError, RecursionError):
            return {}, {}
        if not isinstance(kept, dict) or kept.get("format") != [FORMAT, PINNED]:
            return {}, {}
        models, fields = kept.get("models"), kept.get("fields")
        if not isinstance(models, dict) or not isinstance(fields, dict):
            return {}, {}
        return (models, fields) if kept.get("sum") == _sum(models, fields) else ({}, {})

    def _store(self, models: Mapping[str, str], fields: Known) -> None:
        if self.cache is None:
            return
        document = {
            "format": [FORMAT, PINNED],
            "sum": _sum(models, fields),
            "models": models,
            "fields": fields,
        }
        keep_own(self.cache, json.dumps(document, separators=(",", ":")).encode())


def _sum(models: Mapping[str, str], fields: Known) -> str:
    return hashlib.sha256(json.dumps([models, fields]).encode()).hexdigest()


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

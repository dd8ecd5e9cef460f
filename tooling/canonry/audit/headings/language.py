"""What a language's exports call their columns, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Columns: TypeAlias = Mapping[str, Sequence[str]]
Confidence: TypeAlias = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Language:
    """Role to headings by mapping. Several spellings of one column stand side by side: releases change them.

    `confidence`, by mapping. *high*: the needed headings were seen in the platform's help, or in several
    public programs that read real exports. *medium*: some of them were, the others are formed alike.
    *low*: from memory. A heading that is wrong is met in no file; a missing one is said with the file.
    """

    name: str
    columns: Mapping[str, Columns]
    confidence: Mapping[str, Confidence]
    telling: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Headings that no other export has."""


def tier(native: str, name: Sequence[str], number: Sequence[str], status: Sequence[str]) -> Columns:
    """The columns of a sort of object."""
    return {f"{native}.name": name, f"{native}.id": number, f"{native}.status": status}

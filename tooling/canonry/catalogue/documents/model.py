"""What every document model shares: frozen, closed to unknown keys, strict about types."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=100)]
"""A name in the registry: lower-case words joined by `-` or `_`."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Prose for people: not empty."""

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$")]
"""A calendar day, `2026-11-21`, kept as text; `date-invalid` says when there is no such day."""

ContractRef = Annotated[str, StringConstraints(pattern=r"^/[a-z]+/[a-z0-9_]+/v(?:0|[1-9][0-9]*)$")]
"""A contract id, `/events/order_completed/v1`."""

AccountNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_:.-]{1,100}$")]
"""A platform's id, always text: as a number it would lose digits."""

Duration = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,4}(?:m|h|d)$")]
"""Minutes, hours or days: `15m`, `1h`, `3d`."""


class Document(BaseModel):
    """A registry file or a part of one."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True
    )


__all__ = ["AccountNumber", "ContractRef", "Day", "Document", "Duration", "Field", "Slug", "Text"]

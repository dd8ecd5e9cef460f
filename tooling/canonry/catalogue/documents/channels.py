"""`registry/channel_groups.yaml`: the company's own GA4 channel group."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from canonry.catalogue.documents.model import Day, Document, Slug, Text

Dimension = Literal["source", "medium", "campaign", "default_channel"]


class Condition(Document):
    """One test, or a group of tests; exactly one of the three shapes."""

    field: Dimension | None = None
    op: (
        Literal["exact", "in", "contains", "begins_with", "ends_with", "regex", "in_category", "is_null"]
        | None
    ) = None
    value: str | list[str] | None = None
    all: list[Condition] | None = None
    any: list[Condition] | None = None
    not_: Annotated[Condition | None, Field(alias="not")] = None


class ChannelRule(Document):
    """A channel and when it takes a link; the first rule that matches wins."""

    channel: Text
    when: Condition
    note: str | None = None


class ChannelGroup(Document):
    """An ordered list of rules, as GA4 evaluates a custom channel group."""

    label: Text
    description: Text
    effective: Day
    """The date from which these rules hold."""
    rules: Annotated[list[ChannelRule], Field(min_length=1, max_length=50)]
    """Rules before the default group's; what none takes falls to the default channel."""


class ChannelGroups(Document):
    """`registry/channel_groups.yaml`."""

    groups: dict[Slug, ChannelGroup]

"""`x-contract`: what a JSON Schema cannot say of a contract."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from canonry.catalogue.documents.model import ContractRef, Day, Document, Duration, Slug, Text

Status = Literal["draft", "active", "deprecated", "retired"]
Scalar = str | int | float | bool


class Consumer(Document):
    """Somebody who reads the contract's data."""

    name: Slug
    needs: Literal["hard", "soft"] = "hard"
    """Hard: without it the consumer stops. Soft: it carries on with an assumption."""
    fields: list[str] = Field(default_factory=list)
    owner: Slug | None = None


class Macro(Document):
    """A platform's own placeholder, and the language it stands for: one of `expands`, `pattern`."""

    macro: Text
    expands: ContractRef | None = None
    """The naming contract whose names it becomes."""
    pattern: str | None = None
    """What it becomes, where that is no contract's name."""


Form = str | Macro
"""A template string, or a macro."""


class Condition(Document):
    """Somebody did something, or is something. Exactly one of `event`, `trait`, `segment`."""

    event: ContractRef | None = None
    trait: ContractRef | None = None
    segment: ContractRef | None = None
    property: str | None = None
    op: (
        Literal["eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "exists", "not_exists", "contains"]
        | None
    ) = None
    value: Scalar | list[Scalar] | None = None
    where: list[Condition] = Field(default_factory=list)
    """Conditions on the event's properties (only `property`, `op`, `value`)."""
    at_least: Annotated[int, Field(ge=1)] | None = None
    """How many times within the window."""
    within: Duration | None = None
    """A window of its own, where it differs from the segment's."""


class Definition(Document):
    """Who belongs: all of `all`, at least one of `any` (where given), none of `none`, within `window`."""

    entity: ContractRef
    """The trait contract of the entity that is a member."""
    window: Duration | None = None
    """How far back events count. None: the segment rests on traits alone."""
    all: list[Condition] = Field(default_factory=list)
    any: list[Condition] = Field(default_factory=list)
    none: list[Condition] = Field(default_factory=list)


class Update(Document):
    """What an event does to a trait. Exactly one of `add`, `set` and `takes`."""

    property: str
    event: ContractRef
    add: int | None = None
    """How much the number grows by."""
    set: Scalar | None = None
    takes: str | None = None
    """The event's property whose value it gets, dots leading inwards."""
    after: Duration | None = None
    """How often it is computed anew. None: at once."""


class Destination(Document):
    """A platform audience that holds the segment."""

    platform: Slug
    account: Slug | None = None
    audience: Text
    """The audience's name on the platform."""
    audience_id: str | None = None
    mechanism: Literal["platform_rule", "ga4_audience", "list_sync"]
    window_days: int | None = None
    """How long the platform keeps a member; what the audit expects to find."""
    sync: Duration | None = None
    """How often a list is sent."""


class XContract(Document):
    """The `x-contract` keyword. Which parts apply depends on the contract's kind."""

    version: str
    status: Status = "active"
    owner: Slug
    backup_owner: Slug
    sunset: Day | None = None
    replaced_by: ContractRef | None = None
    renamed_from: ContractRef | None = None
    compatibility: Literal["backward", "forward", "full"] | None = None
    """Stricter than policy, never looser."""
    tags: list[Slug] = Field(default_factory=list)
    consumers: list[Consumer] = Field(default_factory=list)
    consent: dict[Slug, list[str]] = Field(default_factory=dict)
    """Destination to the consent purposes without which nothing is sent to it."""

    # events
    trigger: Text | None = None
    producers: list[Slug] = Field(default_factory=list)
    identity: list[str] = Field(default_factory=list)
    """Properties that identify who or what it happened to, and the payload itself."""
    suppression: list[Text] = Field(default_factory=list)
    """When the event must not be sent although its trigger fired."""

    # events: name on each platform. naming kinds: the platforms that the format is for.
    platforms: dict[Slug, str] | list[Slug] = Field(default_factory=list)

    # traits
    entity: Slug | None = None
    updates: list[Update] = Field(default_factory=list)
    """Which events change which property; what no event changes stays as it is."""

    # segments
    role: Literal["audience", "exclusion", "suppression"] | None = None
    definition: Definition | None = None
    refresh: Duration | None = None
    exclusions: list[ContractRef] = Field(default_factory=list)
    destinations: list[Destination] = Field(default_factory=list)

    # naming kinds
    templates: dict[str, Form | dict[str, Form]] = Field(default_factory=dict)
    """UTM formats: query parameter to form, or to `static` and one form per platform.
    Creative tags and objects: the single key `name`."""
    legacy_templates: list[dict[str, str]] = Field(default_factory=list)
    """Older spellings that are recognised and never built."""
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=3)] = "_"
    level: Slug | None = None
    """Objects: the platform's object level whose names these are."""
    channel: Text | None = None
    """UTM formats: the GA4 default channel that every link of the format lands in."""
    custom_channel: Text | None = None
    """UTM formats: the channel in the company's own group."""
    tagging: Literal["manual", "auto", "both"] = "manual"
    aliases: list[Slug] = Field(default_factory=list)
    """Short names that people type for the format."""
    allowed_combinations: list[AllowedCombination] = Field(default_factory=list)


class AllowedCombination(Document):
    """Values of several fields that go together; a name whose fields match no row is refused."""

    fields: Annotated[list[str], Field(min_length=2)]
    rows: Annotated[list[list[str | list[str]]], Field(min_length=1)]
    """One entry per field: a value, or a list of values; `*` is any."""


XContract.model_rebuild()

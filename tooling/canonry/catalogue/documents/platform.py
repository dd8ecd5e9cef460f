"""`registry/platforms/*.yaml`: what a platform allows, reserves, replaces and adds."""

from typing import Annotated, Literal

from pydantic import Field

from canonry.catalogue.documents.model import Document, Duration, Slug, Text

Confidence = Literal["high", "medium", "low", "unknown"]
Unit = Literal["chars", "bytes", "utf16"]


class NameLimit(Document):
    """How long a name may be. `max: null` says that nobody knows."""

    max: Annotated[int, Field(gt=0)] | None = None
    unit: Unit = "chars"
    """Code points, UTF-8 bytes or UTF-16 code units."""
    confidence: Confidence = "unknown"
    source: str | None = None


class ObjectLevel(Document):
    """A kind of object that has a name: campaign, ad group, ad, audience."""

    label: Text
    """What the platform's own screens call it."""
    parent: Slug | None = None
    aliases: list[str] = Field(default_factory=list)
    name: NameLimit = Field(default_factory=NameLimit)
    forbidden: str = ""
    """Characters that the platform refuses, one by one."""
    reserved: list[str] = Field(default_factory=list)
    """Whole names that the platform keeps for itself (case ignored)."""
    reserved_prefixes: list[str] = Field(default_factory=list)
    pattern: str | None = None
    """What a whole name must match, where the platform says so."""
    unique: str | None = None
    immutable: dict[Literal["name", "link"], Text] = Field(default_factory=dict)
    """What stays as it was when the object was created, and where that is written: another name or link is
    another object."""
    api_field: str | None = None
    note: str | None = None


class Macro(Document):
    """A placeholder that the platform replaces at click time."""

    macro: Text
    """As it is written in a link, never percent-encoded."""
    means: Text
    level: str | None = None
    values: str | None = None
    """RE2 pattern of what it becomes, where known."""
    frozen: bool = False
    """The value is a snapshot from first publication: a later rename does not change links."""
    personal_data: bool = False
    confidence: Confidence = "medium"
    note: str | None = None


class Links(Document):
    """How links are put on the platform."""

    form: Literal["url", "suffix", "params"] = "url"
    """What its screens ask for: a whole URL, a final URL suffix, or separate parameters."""
    paste: Text
    """Where to paste it, in the words of the platform's own screens."""
    max: Annotated[int, Field(gt=0)] | None = None
    unit: Unit = "chars"
    reviewed: bool = False
    """Whether a changed address sends the ad into review."""
    note: str | None = None


class Window(Document):
    """How long the platform keeps somebody in an audience, in days."""

    mechanism: Literal["platform_rule", "ga4_audience", "list_sync"]
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None
    allowed: list[int] = Field(default_factory=list)
    """The only values on offer, where it is a list."""
    default: int | None = None
    immutable: bool = False
    """Whether it is fixed once the audience exists, so that another window is another audience."""
    recency: bool = False
    """Whether an ad group may use the audience with a shorter time than the audience keeps people."""
    field: str | None = None
    confidence: Confidence = "medium"
    source: str | None = None
    note: str | None = None


class Processing(Document):
    """How long the platform takes, at most, until a member that it was told of counts."""

    mechanism: Literal["platform_rule", "ga4_audience", "list_sync"]
    up_to: Duration
    confidence: Confidence = "unknown"
    source: str | None = None


class SelfTagging(Document):
    """What the tool adds to links by itself."""

    adds: dict[str, str]
    """Parameter to the value that it writes, `{...}` where it depends."""
    by_default: bool
    switch_off: Text
    """How to turn it off, or to make it write our values."""
    wins: bool = False
    """Whether it overwrites parameters that the link already carries."""


class EventLimits(Document):
    """What an analytics platform allows for events, parameters and user properties."""

    event_name: int | None = None
    parameter_name: int | None = None
    parameter_value: int | None = None
    parameters_per_event: int | None = None
    user_property_name: int | None = None
    user_property_value: int | None = None
    user_properties: int | None = None
    name_pattern: str | None = None
    page_location: int | None = None
    page_referrer: int | None = None
    page_title: int | None = None
    reserved_events: list[str] = Field(default_factory=list)
    reserved_event_prefixes: list[str] = Field(default_factory=list)
    reserved_parameters: list[str] = Field(default_factory=list)
    reserved_parameter_prefixes: list[str] = Field(default_factory=list)
    reserved_user_properties: list[str] = Field(default_factory=list)
    reserved_user_property_prefixes: list[str] = Field(default_factory=list)
    automatic_events: list[str] = Field(default_factory=list)
    """Events that the platform collects itself; a contract may map to one, never send it again."""
    source: str | None = None


class BulkColumn(Document):
    """One column of a sheet that the platform's screens take in bulk. Exactly one of `holds`, `text`."""

    heading: Text
    holds: str | None = None
    """`name:<level>`, `parameter:<utm key>`, or one of `landing` (the page without tags), `link` (the tagged
    page), `paste` (what the platform's field for tags takes), `audience`, `exclusions`, `goal`, `start`,
    `end`, `account`, `market`, `creative`."""
    text: str | None = None
    """The same in every row."""


class BulkSheet(Document):
    """The layout in which objects are uploaded in bulk."""

    program: Text
    """Where the sheet is taken in, in the words of the platform's own screens."""
    columns: Annotated[list[BulkColumn], Field(min_length=1)]
    confidence: Confidence = "unknown"
    source: str | None = None
    note: str | None = None


class Platform(Document):
    """One platform or tool, named by the file."""

    label: Text
    category: Literal["analytics", "ads", "email", "messaging", "cdp", "affiliate", "offline", "other"]
    description: Text
    aliases: list[str] = Field(default_factory=list)
    levels: dict[Slug, ObjectLevel] = Field(default_factory=dict)
    links: Links | None = None
    bulk: BulkSheet | None = None
    macro_pattern: str | None = None
    """RE2 pattern of how its macros look, to find those left unexpanded."""
    macros: list[Macro] = Field(default_factory=list)
    not_macros: list[str] = Field(default_factory=list)
    """Names that look like its macros but are none."""
    click_ids: list[str] = Field(default_factory=list)
    windows: list[Window] = Field(default_factory=list)
    processing: list[Processing] = Field(default_factory=list)
    self_tagging: SelfTagging | None = None
    events: EventLimits | None = None
    auto_tagging: list[str] = Field(default_factory=list)
    """GA4 channels that its auto-tagged traffic can land in, decided by network."""
    optimisation_goals: dict[str, list[str]] = Field(default_factory=dict)
    """Its goal to the success metrics that it serves."""
    consent_required: list[str] = Field(default_factory=list)
    """Consent purposes without which no personal data may be sent to it."""
    sources: list[str] = Field(default_factory=list)
    """Where these facts come from."""
    checked: str | None = None

"""`registry/campaigns/<id>.yaml`: a registered campaign, named by its registry id."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from canonry.catalogue.documents.model import AccountNumber, ContractRef, Day, Document, Slug, Text


class Decision(Document):
    """What will be done when a metric crosses a threshold, agreed before launch."""

    metric: Slug
    when: Text
    """Threshold, `cost_per_lead > 80 EUR`."""
    window: Text
    action: Text
    owner: Slug
    signal: Literal["leading", "lagging"] = "leading"


class SuccessMetric(Document):
    """What the campaign is judged by."""

    metric: Slug
    event: ContractRef | None = None
    target: Text | None = None


class ChannelPlan(Document):
    """One platform or format the campaign runs on."""

    format: ContractRef
    """UTM format, `/utm/paid_social/v1`."""
    platforms: list[Slug] = Field(default_factory=list)
    """The platforms of the format that are used; none: all of them."""
    fields: dict[str, str] = Field(default_factory=dict)
    """Fields that this channel fixes, beside the campaign's own."""
    creatives: list[str] = Field(default_factory=list)
    """Creative tags (names) that run here."""
    landing_url: str | None = None
    optimisation_goal: str | None = None
    owner: Slug | None = None
    markets: list[str] = Field(default_factory=list)
    """Markets that this channel runs in; none: all of the campaign's."""
    segments: list[ContractRef] = Field(default_factory=list)
    """Segments that this channel addresses; none: all of the campaign's that its platforms hold."""


class Step(Document):
    """What somebody is shown next: how near to the order, and how often."""

    funnel_stage: Slug
    frequency_tier: Slug


class FieldPolicy(Document):
    """Who may say what a field holds. A field that stands in no list may be set anywhere."""

    by_channel: list[str] = Field(default_factory=list)
    """May differ from channel to channel."""
    never: list[str] = Field(default_factory=list)
    """The same on every channel: only the campaign sets it."""
    generated: list[str] = Field(default_factory=list)
    """Worked out from dates, ids and names: nobody sets it."""
    approval: list[str] = Field(default_factory=list)
    """A person has to agree to its value, see `approvals`."""


class Approval(Document):
    """A person's yes to one value of one field."""

    field: str
    value: str
    by: Slug
    """The team that agreed."""
    on: Day


class Campaign(Document):
    """What is planned, by whom, when, where, and how it is judged."""

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=40)]
    label: Text
    description: Text
    owner: Slug
    backup_owner: Slug
    time_zone: str
    start: Day
    end: Day
    status: Literal["planned", "live", "ended", "cancelled"] = "planned"
    fields: dict[str, str]
    """Values of template fields: brand, market, objective, flight, ..."""
    landing_url: str
    channels: Annotated[list[ChannelPlan], Field(min_length=1)]
    segments: list[ContractRef] = Field(default_factory=list)
    exclusions: list[ContractRef] = Field(default_factory=list)
    markets: list[str] = Field(default_factory=list)
    """Values of the field `market` that names and links are built for; none: the one in `fields`."""
    success: SuccessMetric
    journey: list[ContractRef] = Field(default_factory=list)
    """Events from the landing to the goal, in order; none: the success metric's event alone."""
    sequence: list[Step] = Field(default_factory=list)
    """Funnel stage and frequency tier of what people are shown, first to last; none: no order is planned."""
    policy: FieldPolicy | None = None
    approvals: list[Approval] = Field(default_factory=list)
    frozen: list[
        Literal[
            "end",
            "landing_url",
            "channels",
            "segments",
            "exclusions",
            "success",
            "sequence",
            "markets",
            "journey",
        ]
    ] = Field(default_factory=list)
    """What may not change from the start date on, beside `slug`, `fields` and `decisions`."""
    decisions: list[Decision] = Field(default_factory=list)
    platform_ids: dict[Slug, list[AccountNumber]] = Field(default_factory=dict)
    """Account key to the ids that the platform gave."""
    continues: str | None = None
    """Registry id of the campaign that this one succeeds."""

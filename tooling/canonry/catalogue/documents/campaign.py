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
    success: SuccessMetric
    decisions: list[Decision] = Field(default_factory=list)
    platform_ids: dict[Slug, list[AccountNumber]] = Field(default_factory=dict)
    """Account key to the ids that the platform gave."""
    continues: str | None = None
    """Registry id of the campaign that this one succeeds."""

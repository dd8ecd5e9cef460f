"""`accepted/<fingerprint>.yaml`, `autopsy.yaml`, `audit.yaml`."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from canonry.catalogue.documents.model import AccountNumber, Day, Document, Slug, Text


class Accepted(Document):
    """A break that somebody accepted, for a reason and until a day."""

    rule: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[0-9]{3}$")]
    place: Text
    reason: Text
    approver: Text
    until: Day


Layer: TypeAlias = Literal[
    "registry", "link", "platform", "tag", "consent", "identity", "segment", "sync", "warehouse", "report"
]
"""Where the cause of a failure may lie."""


class Symptom(Document):
    """Something somebody sees, and where its cause usually is."""

    symptom: Text
    layer: Layer
    likely_cause: Text
    look_at: Text
    """The tool or screen that shows it."""
    command: str | None = None
    """A canonry command that checks it."""
    rules: list[str] = Field(default_factory=list)
    """Rule codes that find it."""
    fix: Text


class Autopsy(Document):
    """`registry/autopsy.yaml`: from symptom to cause."""

    symptoms: dict[Slug, Symptom]


class AuditSource(Document):
    """Where observations come from."""

    kind: Literal["file", "warehouse", "api"]
    mapping: Slug | None = None
    account: Slug | None = None
    path: str | None = None
    """Files below the registry's root; `*` stands for any name."""
    url: str | None = None
    columns: dict[Annotated[str, StringConstraints(pattern=r"^[a-z_]+(?:\.[a-z]+)?$")], Text] = Field(
        default_factory=dict
    )
    """Which column says what, where it is no common export: role to heading."""
    encoding: Text | None = None
    """How the letters of a text file are written, where the file does not show it: `windows-1251`."""
    options: dict[str, str | int | bool] = Field(default_factory=dict)


class ForeignValue(Document):
    """A value that others write; counted, charged to nobody."""

    parameter: str
    pattern: str
    why: Text


class Threshold(Document):
    """When a metric crosses a value over a window, what follows."""

    metric: Slug
    over: Text
    window: Text
    then: Literal["fail", "warn", "issue"]
    owner: Slug | None = None


class Audit(Document):
    """`registry/audit.yaml`: what the weekly audit reads and how it decides."""

    sources: dict[Slug, AuditSource] = Field(default_factory=dict)
    thresholds: list[Threshold] = Field(default_factory=list)
    foreign: list[ForeignValue] = Field(default_factory=list)
    enforce_from: Day | None = None
    currency_rates: dict[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")], float] = Field(
        default_factory=dict
    )
    scope: list[AccountNumber] = Field(default_factory=list)

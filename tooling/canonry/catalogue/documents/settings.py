"""`registry.yaml`, `teams.yaml`, `accounts.yaml`, `domains.yaml`."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from canonry.catalogue.documents.model import AccountNumber, ContractRef, Day, Document, Slug, Text

Direction = Literal["backward", "forward", "full"]
LevelName = Literal["error", "warning", "note", "off"]
Glob = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Host = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$"
    ),
]

BASE_URL: Final = r"^https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$"


def base_url(text: str) -> str:
    """The text, where it is `https://` and a host. Raises `ValueError`.

    No path: `/common/money/v1` is an ordinary relative reference, and such a one begins at the host.
    """
    if re.fullmatch(BASE_URL[1:-1], text) is None:
        raise ValueError(
            "a base URL is https:// and a host in lower case, without a path: "
            "/common/money/v1 begins at the host"
        )
    return text


BaseUrl = Annotated[str, AfterValidator(base_url), WithJsonSchema({"type": "string", "pattern": BASE_URL})]


class Ignore(Document):
    """A finding that is left alone for a while: rule, where, why, and until when."""

    rule: Slug | Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[0-9]{3}$")]
    """Rule code or name."""
    path: Glob | None = None
    """Glob over files of the tree."""
    id: Glob | None = None
    """Glob over contract ids."""
    until: Day
    """Last day on which the ignore counts."""
    reason: Text


class Directions(Document):
    """Which way each kind must stay compatible. A contract may be stricter, never looser."""

    events: Direction = "full"
    traits: Direction = "full"
    segments: Direction = "full"
    utm: Direction = "backward"
    creatives: Direction = "backward"
    objects: Direction = "backward"


class ReviewTiers(Document):
    """Which findings and changes need whose eyes."""

    self_serve: list[Slug] = Field(default_factory=lambda: ["word-added", "alias-added", "campaign-added"])
    high: list[Slug] = Field(
        default_factory=lambda: ["trigger", "suppression", "identity", "consent", "segment-definition"]
    )


class Policy(Document):
    """How this company judges what the rules observe."""

    directions: Directions = Field(default_factory=Directions)
    levels: dict[str, LevelName] = Field(default_factory=dict)
    """Rule code or name to level; `off` silences a rule."""
    ignore: list[Ignore] = Field(default_factory=list)
    review: ReviewTiers = Field(default_factory=ReviewTiers)


class Hosting(Document):
    """URL patterns of the repository host, for the site's links."""

    kind: Literal["github", "gitlab", "other"] = "other"
    source_url: str | None = None
    """`https://host/org/repo/blob/{branch}/{path}`"""
    edit_url: str | None = None
    new_file_url: str | None = None


class Registry(Document):
    """`registry/registry.yaml`: what this registry is called and how it judges."""

    name: Text
    base_url: BaseUrl
    """What `$id`s are relative to: `https://` and a host, without a path and without a final slash."""
    client_package: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$")]
    default_branch: str | None = None
    description: Text | None = None
    policy: Policy = Field(default_factory=Policy)
    hosting: Hosting = Field(default_factory=Hosting)


class Team(Document):
    """Who owns contracts and answers for findings."""

    name: Text
    contact: Text
    """Where to reach the team: a channel or an address."""
    code_owners: Annotated[list[Text], Field(min_length=1)]
    """Handles for CODEOWNERS, `@acme/web-analytics`."""
    responsible_for: Text | None = None


class Teams(Document):
    """`registry/teams.yaml`."""

    teams: dict[Slug, Team]


class Account(Document):
    """One account on a platform, and what its names are judged by."""

    platform: Slug
    id: AccountNumber
    """As text: a spreadsheet rounds long numbers."""
    label: Text
    brand: Slug | None = None
    market: Slug | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    time_zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*$")]
    """IANA name, `Europe/Berlin`."""
    tagging: Literal["manual", "auto", "both"] = "manual"
    contracts: list[ContractRef] = Field(default_factory=list)
    """Naming contracts that apply to the account's objects and links; none: all of its platform."""
    owner: Slug


class Accounts(Document):
    """`registry/accounts.yaml`."""

    accounts: dict[Slug, Account]


class Redirect(Document):
    """A host or path that forwards, and whether the query survives."""

    from_: Annotated[str, Field(alias="from")]
    to: str
    keeps_query: bool = True


class Domains(Document):
    """`registry/domains.yaml`: which hosts are ours, and what they are for."""

    own: list[Host] = Field(default_factory=list)
    """Hosts whose pages carry our analytics. A link between them is internal."""
    landing: list[Host] = Field(default_factory=list)
    """Hosts that campaign links may lead to."""
    short_link: list[Host] = Field(default_factory=list)
    payment: list[Host] = Field(default_factory=list)
    """Hosts that visitors pass on the way back: never a source."""
    redirects: list[Redirect] = Field(default_factory=list)

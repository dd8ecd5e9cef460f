"""Campaigns that have begun: what may not move under them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from canonry.catalogue.dates import day
from canonry.compat.delta import Delta
from canonry.kernel.findings import Finding
from canonry.kernel.rule import Rule


def campaign_field_frozen(delta: Delta) -> Iterator[Finding]:
    """A field that a template uses was changed after the campaign began.

    ## Why it matters
    Links with the old value are printed, posted and paid for. From now on the same campaign has two names,
    and its results fall into two rows.

    ## Instead
    Put the value back. A campaign that really becomes another one is a new registration that `continues`
    this one.
    """
    for key in sorted(delta.old.campaigns.keys() & delta.new.campaigns.keys()):
        old, new = delta.old.campaigns[key], delta.new.campaigns[key]
        if day(old.start, date.min) > delta.today or old.status == "cancelled":
            continue
        path = f"registry/campaigns/{key}.yaml"
        before = {"slug": old.slug, **old.fields}
        after = {"slug": new.slug, **new.fields}
        for name in sorted({*before, *after}):
            if before.get(name) == after.get(name):
                continue
            pointer = "/slug" if name == "slug" else f"/fields/{name}"
            yield CAMPAIGN_FIELD_FROZEN.finding(
                f"campaign {old.slug} ({key}) began on {old.start}: {name!r} was {before.get(name)!r} "
                f"and is {after.get(name)!r} now",
                delta.new.sources.place(path, pointer),
                owner=new.owner,
                suggestion=f"put {before.get(name)!r} back, or register a campaign that continues {key}",
                subject=f"campaign:{key}",
                values=[name, str(before.get(name)), str(after.get(name))],
            ).having(effect="both", hurt="links already in the world")


def campaign_plan_frozen(delta: Delta) -> Iterator[Finding]:
    """What a campaign settled before its first day was changed after it: a decision, or a frozen part.

    The decision table is frozen in any case; other parts are those that the campaign lists under `frozen`.

    ## Why it matters
    A threshold that moves once the figure is known decides nothing. Audiences, goals or dates that change
    under a running campaign make its result one of two halves.

    ## Instead
    Let the row stand, and act on it. A campaign that really becomes another one is a new registration that
    `continues` this one.
    """
    for key in sorted(delta.old.campaigns.keys() & delta.new.campaigns.keys()):
        old, new = delta.old.campaigns[key], delta.new.campaigns[key]
        if day(old.start, date.min) > delta.today or old.status == "cancelled":
            continue
        path = f"registry/campaigns/{key}.yaml"
        parts = [
            ("decisions", "the decision table"),
            *((name, f"{name}, which is frozen,") for name in old.frozen),
        ]
        for part, what in parts:
            if getattr(old, part) == getattr(new, part):
                continue
            yield CAMPAIGN_PLAN_FROZEN.finding(
                f"campaign {old.slug} ({key}) began on {old.start}, and {what} has changed since",
                delta.new.sources.place(path, f"/{part}"),
                owner=new.owner,
                suggestion=f"put it back, or register a campaign that continues {key}",
                subject=f"campaign:{key}",
                values=[part],
            ).having(effect="both", hurt="what was agreed before launch")


def campaign_deleted(delta: Delta) -> Iterator[Finding]:
    """A registered campaign is gone though it has begun.

    ## Why it matters
    Its id is in links. Without the registration they decode to nobody's campaign.

    ## Instead
    Set `status: ended` or `cancelled`; the file stays.
    """
    for key in sorted(delta.old.campaigns.keys() - delta.new.campaigns.keys()):
        old, path = delta.old.campaigns[key], f"registry/campaigns/{key}.yaml"
        if path in delta.new.broken or day(old.start, date.min) > delta.today:
            continue
        yield CAMPAIGN_DELETED.finding(
            f"campaign {old.slug} ({key}) is deleted though it began on {old.start}",
            delta.new.sources.place(path),
            owner=old.owner,
            suggestion="set status: ended and keep the file",
            subject=f"campaign:{key}",
        ).having(effect="tightens", hurt="links already in the world")


CAMPAIGN_FIELD_FROZEN: Final = Rule("B170", "campaign-field-frozen", campaign_field_frozen, since="0.1")
CAMPAIGN_DELETED: Final = Rule("B171", "campaign-deleted", campaign_deleted, since="0.1")
CAMPAIGN_PLAN_FROZEN: Final = Rule("B172", "campaign-plan-frozen", campaign_plan_frozen, since="0.1")
RULES: Final = (CAMPAIGN_FIELD_FROZEN, CAMPAIGN_DELETED, CAMPAIGN_PLAN_FROZEN)

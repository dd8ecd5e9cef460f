"""Sheets say what an upload does: nothing, a review, or that only a new object helps."""

from functools import partial
from urllib.parse import parse_qsl

import pytest
from tests.unit.audit.cases import registry
from tests.unit.audit.test_faults import audited, taken
from tests.unit.audit.worlds import World

from canonry.audit.drift import shown, subject_of
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.repair import repairs, sheets
from canonry.audit.run import Audit
from canonry.audit.source import Capabilities, Recorded

RIGHT = "reel_9x16_lifestyle_shop-now_de_tof_high_v1_b86ngr_a"
FROZEN = (
    "https://www.example.com/de/winter-living?utm_source=facebook&utm_medium=paid_socia"
    "&utm_campaign=acme_dach_sales_winter-living-weeks_202611_tx7nrz&utm_content={{ad.name}}"
    "&utm_id={{campaign.id}}"
)
WEIGHT = Weight(cost=5.0, currency="EUR")


def seen(platform, level, account, **more):
    """Something active that costs."""
    told = {"id": "1", "status": "active", "weight": WEIGHT, **more}
    return Observation("ads", platform, level, account=account, **told)


def rows(*observations):
    """Every row of every sheet, and the report's standard."""
    audit = Audit(registry())
    levels = frozenset(each.level for each in observations)
    audit.take(Recorded("ads", Capabilities("", levels), observations))
    return repairs(audit.report(), registry())


def meta_ad(name):
    """An ad and its link with a macro that Meta froze."""
    parents = {"campaign": "7", "ad_set": "8"}
    return (
        seen("meta", Level.AD, "meta-acme-dach", native="ad", name=name, parents=parents),
        seen(
            "meta",
            Level.LINK,
            "meta-acme-dach",
            id="1/0",
            native="ad",
            value=FROZEN,
            parents={**parents, "ad": "1"},
        ),
    )


@pytest.mark.parametrize(
    ("found", "kind", "effect", "said"),
    [
        (meta_ad(RIGHT.upper()), "rename", "none", "keep the first name"),
        (meta_ad(RIGHT.upper()), "relink", "new object needed", "froze {{ad.name}}"),
        (meta_ad(RIGHT), "relink", "review", "into review"),
        (
            (seen("google_ads", Level.AD, "google-ads-acme-dach", native="ad", name="Winter Copy"),),
            "rename",
            None,
            "",
        ),
        (
            (
                seen(
                    "google_ads",
                    Level.CAMPAIGN,
                    "google-ads-acme-dach",
                    native="campaign",
                    name="Brand | DE",
                ),
            ),
            "rename",
            "none",
            "safe",
        ),
        (
            (
                seen(
                    "ga4",
                    Level.AUDIENCE,
                    "ga4-acme",
                    name="acme_intent_cart-abandoners_3d_inc_ww",
                    upkeep=Upkeep(window=30),
                ),
            ),
            "window",
            "new object needed",
            "Analytics Admin API v1alpha",
        ),
        (
            (
                seen(
                    "meta",
                    Level.AUDIENCE,
                    "meta-acme-dach",
                    name="acme_intent_cart-abandoners_3d_inc_dach",
                    upkeep=Upkeep(window=30),
                ),
            ),
            "window",
            "none",
            "people who are in it",
        ),
    ],
    ids=["renamed", "frozen", "review", "unnamed", "safe", "immutable", "settable"],
)
def test_an_effect_is_what_the_platform_allows(found, kind, effect, said):
    """Each from the platform's file, with where it is written."""
    made = rows(*found)[kind]
    assert [row.effect for row in made] == ([effect] if effect else [])
    assert all(said in row.note for row in made)


def test_what_a_platform_never_renames_is_made_anew(monkeypatch):
    """The facts are those of the registry: a level whose name is immutable has no safe rename."""
    platform = registry().catalogue.platforms["meta"]
    levels = {
        **platform.levels,
        "ad": platform.levels["ad"].model_copy(update={"immutable": {"name": "the API", "link": "the API"}}),
    }
    monkeypatch.setitem(
        registry().catalogue.platforms, "meta", platform.model_copy(update={"levels": levels})
    )
    made = rows(*meta_ad(RIGHT.upper()))
    assert [row.effect for row in (*made["rename"], *made["relink"])] == ["new object needed"] * 2
    assert all("(the API)" in row.note for row in (*made["rename"], *made["relink"]))


def test_a_window_sheet_has_both_windows_and_the_name():
    """What it is, what it should be, and whose audience it is."""
    name = "acme_intent_cart-abandoners_3d_inc_ww"
    audience = seen("ga4", Level.AUDIENCE, "ga4-acme", name=name, upkeep=Upkeep(window=30))
    [sheet] = sheets(rows(audience)["window"], "window")
    [row] = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    assert sheet.name == "ga4-audience-window"
    assert (row["Membership duration (days)"], row["Before"], row["Name"]) == ("3", "30", name)


def test_what_a_sheet_says_mends_what_it_was_written_for():
    """Uploaded, it leaves nothing to find on its objects; and no two rows of a kind are about one object."""
    world = World(registry(), seed=20261125)
    seen = [one for _ in range(20) for one in world.tree() or ()]
    kinds = (
        world.spelling,
        world.alias,
        world.typo,
        world.tag_spelling,
        world.window,
        partial(world.broken, "U137"),
    )
    faults = [fault for kind in kinds for _ in range(12) if (fault := kind())]
    seen += [one for fault in faults for one in fault.seen]
    made = repairs(taken(seen, history=world.history).report(), registry())
    mended = []
    for kind, found in made.items():
        keys = [(row.platform, row.account, row.level, row.id, row.before) for row in found]
        assert len(keys) == len(set(keys))
        for row in (row for row in found if row.after):
            hit = [one for one in seen if uploaded(kind, row, one)]
            assert hit, row
            mended += hit
    assert len(mended) > 30
    left = audited(seen, history=world.history)
    assert [left[subject_of(one)] for one in mended if subject_of(one) in left] == []


def uploaded(kind, row, one):
    """Does what a row says to its object; False where it is about another."""
    if (row.platform, row.level, row.id) != (one.platform, one.native, one.id):
        return False
    if kind == "rename" and one.name == row.before:
        one.name = row.after
    elif kind == "window" and one.upkeep and str(one.upkeep.window) == row.before:
        one.upkeep.window = int(row.after)
    elif kind == "relink" and one.level is Level.LINK and shown(one.value) == row.before:
        one.value = row.after
    elif kind == "relink" and one.level is Level.TAGS and shown(spelled(one.params)) == row.before:
        one.params = dict(parse_qsl(row.after))
    else:
        return False
    one.memory = None
    return True


def spelled(params):
    """UTM values as a sheet writes them."""
    return "&".join(f"{key}={value}" for key, value in params.items())

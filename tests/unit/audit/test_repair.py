"""Sheets say what an upload does: nothing, a review, or that only a new object helps."""

from functools import partial
from urllib.parse import parse_qsl

import pytest
from tests.unit.audit.cases import registry
from tests.unit.audit.test_faults import audited, taken
from tests.unit.audit.worlds import AGAIN, World

from canonry.audit.baseline import digest
from canonry.audit.drift import shown, subject_of
from canonry.audit.history import History
from canonry.audit.observation import Level, Observation, Upkeep, Weight
from canonry.audit.repair import Neighbours, repairs, sheets, uploads
from canonry.audit.run import Audit
from canonry.audit.source import Capabilities, Recorded
from canonry.audit.uploads import LEVELS, UPLOADS, tags_apart

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
    more = [f for one in mended for f in left.get(subject_of(one), ())]
    # There are fewer audiences than faults: one that was drawn twice stands there twice.
    assert [f for f in more if f.code not in AGAIN] == []


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


def beside(*observations, history=None):
    """Repairs, and what stands beside them."""
    audit = Audit(registry(), history=history)
    audit.keep_names = True
    levels = frozenset(each.level for each in observations)
    audit.take(Recorded("ads", Capabilities("", levels), observations))
    neighbours = Neighbours(audit.siblings, audit.history)
    return repairs(audit.report(), registry(), neighbours), neighbours


SEARCH = "search_acme_dach_de_furniture_sales_generic_tx7nrz"


def google(number, name, **more):
    """A campaign of Google Ads."""
    return seen(
        "google_ads", Level.CAMPAIGN, "google-ads-acme-dach", native="campaign", id=number, name=name, **more
    )


def group(number, name, campaign):
    """An ad group."""
    return seen(
        "google_ads", Level.AD_GROUP, "google-ads-acme-dach",
        native="ad_group", id=number, name=name, parents={"campaign": campaign},
    )  # fmt: skip


def test_a_new_name_that_another_has_is_held_back():
    """The platform would refuse it, or reports would add both up; a removed one is in nobody's way."""
    made, _ = beside(google("1", SEARCH), google("2", SEARCH.upper()))
    [row] = made["rename"]
    assert row.after == "" and f"{SEARCH} is the name of 1 already" in row.note
    made, _ = beside(google("1", SEARCH, status="removed"), google("2", SEARCH.upper()))
    assert [row.after for row in made["rename"]] == [SEARCH]


def test_two_that_would_get_one_name_get_none():
    """Under one parent; under two parents both are renamed."""
    wrong = ("Furniture_generic_phrase_sofa-beds", "furniture_Generic_phrase_sofa-beds")
    made, _ = beside(group("8", wrong[0], "1"), group("9", wrong[1], "1"))
    assert [row.after for row in made["rename"]] == ["", ""]
    assert ["would be the name of" in row.note for row in made["rename"]] == [True, True]
    made, _ = beside(group("8", wrong[0], "1"), group("9", wrong[1], "2"))
    assert [row.after for row in made["rename"]] == ["furniture_generic_phrase_sofa-beds"] * 2


def test_two_findings_on_one_object_are_one_row():
    """A name that is spelled wrong and shared has one row, with both rules."""
    made, _ = beside(google("1", SEARCH.upper()), google("2", SEARCH.upper()))
    assert [row.id for row in made["rename"]] == ["1", "2"]
    assert made["rename"][1].rules == ["A104", "A106"]


def files(made, neighbours):
    """What is uploaded: path, columns and rows."""
    every = [each for kind, rows in made.items() for each in uploads(rows, kind, registry(), neighbours)]
    return {"/".join(each.path): (each.header, each.rows) for each in every}


def test_an_upload_has_the_platforms_columns_and_only_what_changes_something():
    """Google's editor knows by the name so far, Meta by the id; what is to be built is in no upload."""
    ad = meta_ad(RIGHT.upper())
    told = files(
        *beside(
            google("1", SEARCH.upper()),
            google("2", "Brand | DE"),
            group("8", "Furniture_generic_phrase_sofa-beds", "1"),
            *ad,
        )
    )
    assert told == {
        "google-ads-acme-dach/2-campaign-rename": (
            ["Account", "Campaign#Original", "Campaign"],
            [["412-555-0137", SEARCH.upper(), SEARCH]],
        ),
        "google-ads-acme-dach/1-ad_group-rename": (
            ["Account", "Campaign", "Ad Group#Original", "Ad Group"],
            [
                [
                    "412-555-0137",
                    SEARCH.upper(),
                    "Furniture_generic_phrase_sofa-beds",
                    "furniture_generic_phrase_sofa-beds",
                ]
            ],
        ),
        "meta-acme-dach/ad-rename": (["Ad ID", "Ad Name"], [["1", RIGHT]]),
    }


def test_uploads_that_find_things_by_their_names_are_in_an_order():
    """An ad group is found by its campaign's name so far, so it comes first; one file alone has no number."""
    both = (google("1", SEARCH.upper()), group("8", "Furniture_generic_phrase_sofa-beds", "1"))
    assert [name.partition("/")[2] for name in files(*beside(*both))] == [
        "1-ad_group-rename",
        "2-campaign-rename",
    ]
    assert list(files(*beside(both[0]))) == ["google-ads-acme-dach/campaign-rename"]


def test_what_a_sheet_would_defuse_is_in_no_upload():
    """A campaign that is called like a formula would not be found by the name that is written."""
    told = files(*beside(google("1", "=SUM(A1)"), group("8", "Furniture_generic_phrase_sofa-beds", "1")))
    assert told == {}


def test_a_relink_is_uploaded_with_its_tags_apart():
    """Where the field beside the address takes them; macros stay raw, and one link per ad."""
    ad, link = meta_ad(RIGHT)
    link.value = FROZEN.replace("paid_socia&", "Paid_Social&").replace(
        "&utm_id", "&utm_term={{adset.name}}&utm_id"
    )
    told = files(*beside(ad, link))
    [[number, landing, tags]] = told["meta-acme-dach/ad-relink"][1]
    assert (number, landing) == ("1", "https://www.example.com/de/winter-living")
    assert "utm_medium=paid_social" in tags and "utm_content={{ad.name}}" in tags
    link.memory = None
    other = seen(
        "meta",
        Level.LINK,
        "meta-acme-dach",
        id="1/1",
        native="ad",
        value=f"{link.value}&x=1",
        parents=link.parents,
    )
    assert files(*beside(ad, link, other)) == {}


@pytest.mark.parametrize(
    ("url", "landing", "tags"),
    [
        ("https://a.example/", "https://a.example/", ""),
        ("https://a.example/?utm_id=1", "https://a.example/", "utm_id=1"),
        ("https://a.example/?a&b=%20&utm_id={{x}}#f", "https://a.example/?a&b=%20#f", "utm_id={{x}}"),
        ("?utm_id=1&UTM_source=b", "", "utm_id=1&UTM_source=b"),
    ],
)
def test_tags_come_apart_as_they_are_written(url, landing, tags):
    """What is no tag stays where it is."""
    assert tags_apart(url) == (landing, tags)


def test_what_is_masked_or_cut_off_is_not_uploaded():
    """A name that nobody may see finds nothing on the platform."""
    long = SEARCH.replace("furniture", "f" * 400)
    assert files(*beside(google("1", long), google("2", f"{SEARCH}_jane.doe@mail.example"))) == {}


def test_an_ad_renamed_in_an_earlier_week_still_needs_a_new_one():
    """The history knows; the macro keeps the first name for ever."""
    name = "meta/ad/1"
    line = {"digest": digest(RIGHT), "right": True, "day": "2026-11-02", "since": "2026-11-02"}
    history = History(names={name: {**line, "was": {k: line[k] for k in ("digest", "right", "day")}}})
    made, _ = beside(*meta_ad(RIGHT), history=history)
    assert [row.effect for row in made["relink"]] == ["new object needed"]
    made, _ = beside(*meta_ad(RIGHT), history=History(names={name: line}))
    assert [row.effect for row in made["relink"]] == ["review"]


def test_every_upload_is_of_a_level_that_its_platform_has():
    """As the registry's platform files call them, with no column twice."""
    platforms = registry().catalogue.platforms
    for platform, level, _ in UPLOADS:
        assert level in platforms[platform].levels and level in LEVELS[platform]

"""Writes the exports of a week as the platforms would, with the faults that weeks have. Deterministic.

    python examples/exports/build.py

The files beside this one are what it wrote for the week from 16 to 22 November 2026; `history.jsonl` and
`baseline.jsonl` are what auditing the five weeks before has left. `make demo` audits them.
"""

import csv
import gzip
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from canonry.adapters.worktree import DirectoryTree
from canonry.app.compiled import WHOLE, compiled
from canonry.catalogue.load import load
from canonry.naming.codec import Codec
from canonry.naming.ids import draw
from canonry.naming.runtime.text import join

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LAST = date(2026, 11, 22)
WEEKS = 6

SOURCES = """\
sources:
  ga4-sessions: {kind: file, mapping: ga4-sessions, account: ga4-acme, path: 'exports/ga4/sessions-*.csv'}
  ga4-pages: {kind: file, mapping: ga4-pages, account: ga4-acme, path: 'exports/ga4/pages-*.csv'}
  ga4-events: {kind: file, mapping: ga4-events, account: ga4-acme, path: 'exports/ga4/events-*.csv'}
  ga4-parameters: {kind: file, mapping: ga4-events, account: ga4-acme, path: 'exports/ga4/parameters-*.csv'}
  google-ads-dach:
    {kind: file, mapping: google-ads, account: google-ads-acme-dach, path: 'exports/google-ads/*.csv'}
  meta-dach: {kind: file, mapping: meta, account: meta-acme-dach, path: 'exports/meta/dach-*.csv'}
  meta-gb: {kind: file, mapping: meta, account: meta-acme-gb, path: 'exports/meta/gb-*.csv'}
  linkedin:
    {kind: file, mapping: linkedin, account: linkedin-acme-business, path: 'exports/linkedin/*.csv.gz'}
  tiktok: {kind: file, mapping: tiktok, account: tiktok-lumiq-ww, path: 'exports/tiktok/*.csv'}
  audiences: {kind: file, mapping: audiences, path: 'exports/audiences/*.csv'}
  klaviyo-messages:
    kind: file
    account: klaviyo-acme
    path: exports/klaviyo/*.csv
    columns: {campaign.id: Message ID, campaign.name: Message, url: Link}
"""


class Week:
    """The exports of one week. `number` counts from 0; faults come and go with it."""

    def __init__(self, folder: Path, number: int, codec: Codec, catalogue) -> None:
        self.folder = folder
        self.number = number
        self.end = LAST - timedelta(days=7 * (WEEKS - 1 - number))
        self.start = self.end - timedelta(days=6)
        self.codec = codec
        self.catalogue = catalogue
        self.rng = random.Random(20261116)  # the same things every week
        self.noise = random.Random(number)  # other numbers
        self.stray = draw(random.Random(7))
        self.last = number == WEEKS - 1

    def name(self, contract: str, **fields: str) -> str:
        """A right name; what is not given is drawn."""
        for _ in range(100):
            values = {}
            for need in self.codec.needs(contract):
                field = need["field"]
                if field in fields:
                    values[field] = fields[field]
                elif need["choices"]:
                    old = self.codec.contract(contract).deprecated.get(field, {})
                    values[field] = self.rng.choice([word for word in need["choices"] if word not in old])
                elif need["type"] == "integer":
                    values[field] = "1"
                elif need["type"] == "date":
                    values[field] = "2026-11"
                else:
                    values[field] = self.rng.choice(("sofas", "tables", "lamps", "beds", "shelves", "rugs"))
            built = self.codec.build(contract, values)
            if built["ok"]:
                return built["name"]
        raise ValueError(contract)

    def link(self, form: str, platform: str | None = None, **fields: str):
        """Parameters and macros of a right link."""
        known = {need["field"] for need in self.codec.needs(form)}
        built = self.codec.build(form, {k: v for k, v in fields.items() if k in known}, platform)
        if not built["ok"]:
            raise ValueError(f"{form}: {built['problems']}")
        return built["params"], built["macros"]

    def spend(self, about: float) -> float:
        """What something cost this week."""
        return round(about * self.noise.uniform(0.85, 1.15), 2)

    def write(self, name: str, rows, *, above=(), below=(), encoding="utf-8", delimiter=",") -> None:
        """One CSV file in the layout of its platform."""
        text = io.StringIO()
        text.writelines(f"{line}\r\n" for line in above)
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        writer.writerows(rows)
        text.writelines(f"{line}\r\n" for line in below)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = text.getvalue().encode(encoding)
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)

    def all(self) -> None:
        """Every file."""
        self.meta_dach()
        self.meta_gb()
        self.google_ads()
        self.linkedin()
        self.sessions()
        self.pages()
        self.events()
        self.audiences()
        self.klaviyo()

    # Meta: one row per ad, as the Ads Manager exports it.

    META = (
        "Reporting starts",
        "Reporting ends",
        "Campaign name",
        "Campaign ID",
        "Campaign delivery",
        "Ends",
        "Ad set name",
        "Ad set ID",
        "Ad set delivery",
        "Optimization goal",
        "Ad name",
        "Ad ID",
        "Ad delivery",
        "Website URL",
        "URL parameters",
        "Amount spent ({})",
        "Impressions",
        "Link clicks",
    )

    def meta_dach(self) -> None:
        """Winter living weeks in Germany, Austria and Switzerland, and what autumn has left."""
        campaign = self.name(
            "/objects/meta_campaign/v1",
            brand="acme",
            market="dach",
            objective="sales",
            funnel_stage="bof",
            slug="winter-living-weeks",
            flight="2026-11",
            campaign_id="tx7nrz",
        )
        autumn = campaign.replace("winter-living-weeks_202611_tx7nrz", "autumn-living-weeks_202609_htywn5")
        creatives = (
            "reel_9x16_lifestyle_shop-now_de_tof_high_v1_b86ngr",
            "carousel_1x1_offer_shop-now_de_bof_mid_v2_mbtxf2",
        )
        params, macros = self.link(
            "/utm/paid_social/v1",
            "meta",
            source="facebook",
            brand="acme",
            market="dach",
            objective="sales",
            slug="winter-living-weeks",
            flight="2026-11",
            campaign_id="tx7nrz",
        )
        suffix = join("", params, macros)[1:]
        rows = [[head.format("EUR") for head in self.META]]
        number = 120214500000000000
        for place, market in enumerate(("de", "at", "ch") * 8):
            ad_set = self.name(
                "/objects/meta_ad_set/v1", market=market, flight="2026-11", optimisation="value"
            )
            number += 1000
            parent = number
            goal, end = "VALUE", "2026-12-20"
            if place == 1:
                goal = "LINK_CLICKS"
            if place == 2:
                ad_set = ad_set.replace("_ch_", "_us_")
            if place == 3:
                ad_set = "_".join(ad_set.split("_")[:1] + ad_set.split("_")[2:3] + ad_set.split("_")[4:])
            if place == 4:
                ad_set = ad_set.replace("_at_", "_AT_")
            for copy, creative in enumerate(creatives):
                number += 1
                ad = f"{creative}_{'ab'[copy]}"
                page, tags, delivery = "https://www.example.com/de/winter", suffix, "active"
                if place == 5:
                    ad = f"{creatives[0]}_a"  # both siblings have one name
                if place == 6 and copy and self.number >= 2:
                    ad += " - Copy"
                if place == 7 and copy:
                    tags = ""
                if place == 8 and copy:
                    tags = suffix.replace("{{ad.name}}", "__CREATIVE_NAME__")
                if place == 9 and copy:
                    tags = suffix.replace("tx7nrz", "htywn5").replace("winter-living", "autumn-living")
                    tags = tags.replace("202611", "202609")
                if place == 10:
                    ad = ad.replace("lifestyle", "lifestile").replace("offer", "ofer")
                if place == 11 and copy:
                    ad = "Winter Sofa Push NEW"
                if place == 12 and copy and self.last:
                    ad = f"{creatives[0]}_c"  # was _b until last week
                if place == 13 and copy and not self.last:
                    ad = ad.replace("carousel", "Carousel")  # corrected in the last week
                rows.append(
                    [
                        self.start,
                        self.end,
                        campaign,
                        120214455667788990,
                        "active",
                        end,
                        ad_set,
                        parent,
                        "active",
                        goal,
                        ad,
                        number,
                        delivery,
                        page,
                        tags,
                        self.spend(700 / (place + 2)),
                        self.noise.randrange(900, 40000),
                        self.noise.randrange(20, 900),
                    ]
                )
        old = 120210334455667788
        for place in range(3):
            ad_set = self.name(
                "/objects/meta_ad_set/v1", market="de", flight="2026-09", optimisation="purchase"
            )
            rows.append(
                [
                    self.start,
                    self.end,
                    autumn,
                    old,
                    "active",
                    "2026-10-04",
                    ad_set,
                    old + 10 + place,
                    "active",
                    "OFFSITE_CONVERSIONS",
                    f"{creatives[1].replace('v2', 'v1')}_a",
                    old + 100 + place,
                    "active",
                    "https://www.example.com/de/herbst",
                    suffix.replace("tx7nrz", "htywn5")
                    .replace("winter", "autumn")
                    .replace("202611", "202609"),
                    self.spend(35),
                    4000,
                    60,
                ]
            )
        for place in range(14):
            rows += [
                [
                    self.start,
                    self.end,
                    f"Evergreen {place + 1}",
                    120209000000000000 + place,
                    "active",
                    "",
                    f"All DE {place}",
                    120209000000001000 + place,
                    "active",
                    "REACH",
                    f"Image {place + 1}",
                    120209000000002000 + place,
                    "active",
                    "https://www.example.com/de/",
                    suffix,
                    self.spend(18),
                    3000,
                    25,
                ]
            ]
        rows.append(
            ["", "", "", "", "", "", "", "", "", "", "", "", "", "", "", sum(r[15] for r in rows[1:]), "", ""]
        )
        self.write(f"meta/dach-{self.start}.csv", rows, encoding="utf-8-sig")

    def meta_gb(self) -> None:
        """Plus trials in the United Kingdom; half of the ad sets carry an id that nobody registered."""
        rows = [[head.format("GBP") for head in self.META]]
        creative = "video_4x5_testimonial_start-trial_en-gb_mof_mid_v1_jqb84q"
        fields = {"brand": "acme", "market": "gb", "objective": "trials", "flight": "2026-11"}
        number = 120215500000000000
        for place in range(10):
            key, slug = (
                ("v883xm", "plus-trial-winter")
                if place < 7 or self.number < 3
                else (self.stray, "black-week")
            )
            campaign = self.name(
                "/objects/meta_campaign/v1", **fields, funnel_stage="mof", slug=slug, campaign_id=key
            )
            if place == 2:
                campaign = campaign.replace("_trials_", "_retention_")
            params, macros = self.link(
                "/utm/paid_social/v1", "meta", source="facebook", **fields, slug=slug, campaign_id=key
            )
            for each in range(6):
                number += 1
                ad_set = self.name(
                    "/objects/meta_ad_set/v1", market="gb", flight="2026-11", optimisation="trial"
                )
                rows.append(
                    [
                        self.start,
                        self.end,
                        campaign,
                        120215566778899001 + place,
                        "active",
                        "2027-03-31" if place == 1 else "2027-01-31",
                        ad_set,
                        number + 500,
                        "active",
                        "OFFSITE_CONVERSIONS",
                        f"{creative}_{'abcd'[each % 4]}",
                        number,
                        "active",
                        "https://uk.example.com/plus",
                        join("", params, macros)[1:],
                        self.spend(60),
                        self.noise.randrange(900, 9000),
                        self.noise.randrange(20, 300),
                    ]
                )
        self.write(f"meta/gb-{self.start}.csv", rows)

    def google_ads(self) -> None:
        """The report that Google Ads calls "Excel .csv": UTF-16, tabs, two lines above, totals below."""
        rows = [
            [
                "Campaign status",
                "Campaign",
                "Campaign ID",
                "Bid strategy type",
                "Ad group",
                "Ad group ID",
                "Ad group status",
                "Currency code",
                "Cost",
                "Impr.",
                "Clicks",
            ]
        ]
        total = 0.0
        for place in range(9):
            kind = ("search", "search", "shopping", "pmax")[place % 4]
            campaign = self.name(
                "/objects/google_ads_campaign/v1",
                campaign_type=self._kind(kind),
                brand="acme",
                market="dach",
                language="de",
                product_line="furniture",
                objective="sales",
                campaign_id="tx7nrz",
            )
            if place == 5:
                campaign = campaign.replace("acme", "ACME")
            if place == 6:
                campaign = "Brand | DE | Exact"
            for each in range(7):
                group = self.name("/objects/google_ads_ad_group/v1", product_line="furniture")
                if (place, each) == (0, 3):
                    group = group.replace("furniture", "furnitur")
                cost = self.spend(1900 / (place + each + 1))
                total += cost
                rows.append(
                    [
                        "Enabled",
                        campaign,
                        21999887766 + place,
                        "Target ROAS",
                        group,
                        150000000000 + place * 100 + each,
                        "Enabled",
                        "EUR",
                        f"{cost:,.2f}",
                        f"{self.noise.randrange(1000, 90000):,}",
                        f"{int(cost / 0.8):,}",
                    ]
                )
        for word in ("Total: Ad groups in your current view", "Total: Account"):
            rows += [[word, " --", " --", " --", " --", " --", " --", "EUR", f"{total:,.2f}", " --", " --"]]
        first, last = (f"{day:%B} {day.day}, {day.year}" for day in (self.start, self.end))
        above = ["Ad group report", f"{first} - {last}"]
        self.write(f"google-ads/dach-{self.start}.csv", rows, above=above, encoding="utf-16", delimiter="\t")

    def _kind(self, word: str) -> str:
        choices = self.codec.contract("/objects/google_ads_campaign/v1").fields["campaign_type"].choices()
        return next((choice for choice in choices if choice.startswith(word[:2])), choices[0])

    def linkedin(self) -> None:
        """A report with lines above, compressed; the last week's copy is cut off."""
        rows = [
            [
                "Start Date (in UTC)",
                "Account Name",
                "Currency",
                "Campaign Group Name",
                "Campaign Group ID",
                "Campaign Name",
                "Campaign ID",
                "Creative Name",
                "Ad ID",
                "Impressions",
                "Clicks",
                "Total Spent",
            ]
        ]
        group = self.name(
            "/objects/linkedin_campaign_group/v1",
            brand="acme",
            market="de",
            objective="leads",
            slug="office-planning",
            quarter="2026-Q4",
            campaign_id="dtxh48",
        )
        for place in range(12):
            campaign = self.name(
                "/objects/linkedin_campaign/v1", market="de", quarter="2026-Q4", audience="job-titles"
            )
            for each in range(4):
                rows += [
                    [
                        f"{self.start:%m/%d/%Y}",
                        "Acme Business",
                        "EUR",
                        group,
                        648112233,
                        campaign,
                        700000 + place,
                        f"document_1x1_how-to_download_de_mof_low_v1_hq5y7f_{'abcd'[each]}",
                        800000 + place * 10 + each,
                        self.noise.randrange(900, 9000),
                        self.noise.randrange(4, 90),
                        self.spend(75),
                    ]
                ]
        above = [
            "Ad Performance Report (in UTC)",
            f"Report Start: {self.start:%B %d}, {self.start.year}",
            f"Report End: {self.end:%B %d}, {self.end.year}",
            "",
        ]
        name = f"linkedin/report-{self.start}.csv.gz"
        self.write(name, rows, above=above)
        if self.last:
            path = self.folder / name
            path.write_bytes(path.read_bytes()[:-400])

    # GA4: what visits carried.

    def sessions(self) -> None:
        """Manual dimensions, with the lines and the totals that the interface adds."""
        heads = [
            "Session manual source",
            "Session manual medium",
            "Session manual campaign name",
            "Session manual campaign ID",
            "Session manual ad content",
            "Session manual term",
            "Sessions",
        ]
        keys = ("utm_source", "utm_medium", "utm_campaign", "utm_id", "utm_content", "utm_term")
        rows = []

        def add(params, sessions: int, **other: str) -> None:
            told = {**dict(params), **other}
            rows.append(
                [
                    *(told.get(key) or "(not set)" for key in keys),
                    f"{int(sessions * self.noise.uniform(0.9, 1.1)):,}",
                ]
            )

        winter = {
            "brand": "acme",
            "market": "dach",
            "objective": "sales",
            "slug": "winter-living-weeks",
            "flight": "2026-11",
            "campaign_id": "tx7nrz",
        }
        for place in range(30):
            creative = "carousel_1x1_offer_shop-now_de_bof_mid_v2_mbtxf2"
            params, _ = self.link(
                "/utm/paid_social/v1",
                source="facebook",
                **winter,
                creative=creative,
                audience=self.rng.choice(("cart-abandoners", "product-viewers", "interests", "broad")),
            )
            if place < 6:
                add(
                    params,
                    500 - 20 * place,
                    **({"utm_source": "FB"} if place < 3 else {"utm_source": "facebook "}),
                )
            elif place == 6:
                add(params, 340, utm_campaign="{{campaign.name}}", utm_id="{{campaign.id}}")
            elif place == 7:
                add(params, 120, utm_campaign="__CAMPAIGN_NAME__")
            elif place == 8:
                add(params, 90, utm_medium="social_paid")
            elif place == 9:
                add(params, 80, utm_id="")
            elif place == 10:
                add(params, 60, utm_source="facebok")
            else:
                add(params, 900 - 20 * place)
        for place in range(12):
            search, _ = self.link("/utm/paid_search/v1", source="google", **winter)
            add(search, 800 - 50 * place, utm_term=f"sofa {place}" if place == 3 else "")
        for place, spot in enumerate(("hero", "button", "footer", "product")):
            mail, _ = self.link(
                "/utm/email_newsletter/v1",
                source="newsletter",
                brand="acme",
                market="de",
                language="de",
                slug="winter-living-weeks",
                send="2026-11-18",
                campaign_id="tx7nrz",
                link=spot,
                tool="klaviyo",
            )
            add(mail, 700 - 100 * place)
        add({"utm_source": "newsletter", "utm_medium": "newsletter", "utm_campaign": "november"}, 1450)
        add({"utm_source": "sticker", "utm_medium": "offline", "utm_campaign": "campus"}, 310)
        stray, _ = self.link(
            "/utm/paid_social/v1",
            source="facebook",
            **{**winter, "market": "gb", "slug": "black-week", "campaign_id": self.stray},
        )
        add(stray, 260)
        for source, medium, sessions in (
            ("chatgpt.com", "", 730),
            ("perplexity", "", 90),
            ("ig_web_copy_link", "", 60),
            ("awin", "affiliates", 220),
        ):
            add({"utm_source": source, "utm_medium": medium}, sessions)
        rows.append(["(not set)"] * 6 + ["48,211"])
        above = [
            "# ----------------------------------------",
            "# Session manual source / medium",
            "# Account: Acme",
            "# Property: GA4 property, all Acme sites and apps",
            "#",
            f"# Start date: {self.start:%Y%m%d}",
            f"# End date: {self.end:%Y%m%d}",
            "# ----------------------------------------",
            "",
        ]
        total = ["", "", "", "", "", "", "61,000"]
        self.write(f"ga4/sessions-{self.start}.csv", [heads, total, *rows], above=above)

    def pages(self) -> None:
        """Pages with their query: what was clicked, shared, mailed, and linked from our own pages."""
        rows = [["Page location", "Sessions"]]
        winter = {
            "brand": "acme",
            "market": "dach",
            "objective": "sales",
            "slug": "winter-living-weeks",
            "flight": "2026-11",
            "campaign_id": "tx7nrz",
        }
        social, _ = self.link("/utm/paid_social/v1", source="facebook", **winter)
        search, _ = self.link("/utm/paid_search/v1", source="google", **winter)
        at = "https://www.example.com/de/winter"
        for place in range(20):
            rows.append([join(at, [*search, ("gclid", f"EAIaIQob{place}")], {}), 40 + place])
            rows.append([join(at, [*social, ("fbclid", f"IwAR{place}")], {}), 60 + place])
        rows += [
            [join(at, [*social, ("gclid", "EAIaIQobX")], {}), 75],
            [join(at, social, {}).replace("?", "?page=2?", 1), 33],
            [join(at, [*social, ("email", "ada.lovelace@example.org")], {}), 4],
            [join("https://account.example.com/orders", social, {}), 51],
            [join(at, social, {}).replace("&", "&amp;"), 12],
            [f"{at}?gclid=EAIaIQobY", 400],
            [f"{at}?page=3", 220],
        ]
        self.write(
            f"ga4/pages-{self.start}.csv",
            rows,
            above=["# Pages", f"# Start date: {self.start:%Y%m%d}", f"# End date: {self.end:%Y%m%d}"],
        )

    def events(self) -> None:
        """Event counts, and which parameters and user properties came with them."""
        registered = {}
        for contract in self.catalogue.of_kind("events"):
            named = contract.meta.platforms
            if contract.is_live and isinstance(named, dict) and "ga4" in named:
                registered[named["ga4"]] = contract
        rows = [["Event name", "Event count"]]
        for place, name in enumerate(sorted(registered)):
            count = int(90000 / (place + 1) * self.noise.uniform(0.95, 1.05))
            if name == "purchase" and self.last:
                count *= 2
            if name != "refund" or not self.last:
                rows.append([name, f"{count:,}"])
        rows += [["purchse", "212"], ["button_click_new", "8,004"]]
        span = [f"# Start date: {self.start:%Y%m%d}", f"# End date: {self.end:%Y%m%d}"]
        self.write(f"ga4/events-{self.start}.csv", rows, above=["# Events", *span])
        rows = [["Event name", "Event parameter", "User property", "Longest value", "Event count"]]
        known = registered["purchase"]
        for name, schema in sorted(known.properties.items()):
            told = schema.get("x-platforms", {}).get("ga4", name) if isinstance(schema, dict) else name
            rows.append(["purchase", told, "", 40, 900])
        rows += [
            ["purchase", "coupon_text", "", 64, 900],
            ["purchase", "transactionid", "", 12, 40],
            ["purchase", "coupon", "", 180, 210],
            ["page_view", "", "customer_tier_old", 9, 5000],
        ]
        self.write(f"ga4/parameters-{self.start}.csv", rows, above=["# Parameters", *span])

    def audiences(self) -> None:
        """What the CDP and the platforms say of the audiences, and which ad sets use them."""
        rows = [
            [
                "Platform",
                "Account",
                "Audience name",
                "Audience ID",
                "Status",
                "Window (days)",
                "Recency (days)",
                "Size",
                "Last synced",
                "Used by",
                "Rule",
            ]
        ]
        number = 5000
        seen = set()
        for contract in self.catalogue.of_kind("segments"):
            for told in contract.meta.destinations if contract.is_live else ():
                if told.platform not in ("ga4", "meta", "google_ads", "klaviyo") or not told.account:
                    continue
                key = (told.platform, told.account, told.audience)
                if key in seen:
                    continue
                seen.add(key)
                number += 1
                window, recency, size, used = told.window_days, "", self.noise.randrange(900, 90000), ""
                synced = self.end if told.mechanism == "list_sync" else ""
                if told.audience.startswith("acme_intent_cart-abandoners_3d_inc") and told.platform == "ga4":
                    window = 30
                if told.audience == "acme_customer_recent-buyers_30d_exc_emea":
                    synced = self.end - timedelta(days=9)
                if told.audience == "acme_prospect_staff_0d_exc_dach" and told.platform == "meta":
                    size = 0
                if told.audience == "acme_visitor_recent-visitors_3d_inc_dach" and told.platform == "meta":
                    continue  # registered, and not there
                if told.audience == "acme_visitor_site-visitors_30d_inc_dach" and told.platform == "meta":
                    recency, used = 90, "120214500000001000"
                rows.append(
                    [
                        told.platform,
                        told.account,
                        told.audience,
                        number,
                        "active",
                        "" if window is None else window,
                        recency,
                        size,
                        synced,
                        used,
                        "",
                    ]
                )
        rows += [
            [
                "meta",
                "meta-acme-dach",
                "acme_visitor_site-visitors_180d_inc_dach",
                6001,
                "active",
                180,
                "",
                44000,
                "",
                "",
                "",
            ],
            [
                "ga4",
                "ga4-acme",
                "acme_visitor_site-visitors_30d_inc_ww",
                6002,
                "active",
                30,
                "",
                41000,
                "",
                "",
                "",
            ],
            [
                "ga4",
                "ga4-acme",
                "acme_visitor_site-visitors_180d_inc_eu",
                6004,
                "active",
                180,
                "",
                900,
                "",
                "",
                "",
            ],
            ["meta", "meta-acme-dach", "Lookalike alt", 6003, "removed", 30, "", 0, "", "", ""],
        ]
        self.write(f"audiences/audiences-{self.start}.csv", rows)

    def klaviyo(self) -> None:
        """Messages and their links, in one's own columns."""
        rows = [["Message", "Message ID", "Link", "Recipients"]]
        mail, _ = self.link(
            "/utm/email_newsletter/v1",
            source="newsletter",
            brand="acme",
            market="de",
            language="de",
            slug="winter-living-weeks",
            send="2026-11-18",
            campaign_id="tx7nrz",
            link="hero",
            tool="klaviyo",
        )
        rows += [
            ["Winter 1", "01HA", join("https://www.example.com/de/winter", mail, {}), "41,200"],
            ["Winter 2", "01HB", "https://www.example.com/de/winter", "39,870"],
        ]
        self.write(f"klaviyo/messages-{self.start}.csv", rows)


def main() -> None:
    """Six weeks are written and audited; the last one's files and what the others left stay."""
    catalogue = load(DirectoryTree(ROOT)).value
    codec = Codec(compiled(catalogue)[1][WHOLE])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in ("registry", "contracts"):
            shutil.copytree(ROOT / part, home / part)
        settle(home)
        for number in range(WEEKS):
            shutil.rmtree(home / "exports", ignore_errors=True)
            week = Week(home / "exports", number, codec, catalogue)
            week.all()
            if number == WEEKS - 1:
                break
            audit = [sys.executable, "-m", "canonry", "audit"]
            day = {**os.environ, "CANONRY_TODAY": (week.end + timedelta(days=1)).isoformat()}
            if number == 1:  # what was there before the registry
                file = str(next((home / "exports/meta").glob("dach-*")))
                cut = Path(folder) / "evergreen.csv"
                lines = Path(file).read_text("utf-8-sig").splitlines(keepends=True)
                cut.write_text("".join([lines[0], *(line for line in lines if "Evergreen" in line)]), "utf-8")
                command = [*audit, "baseline", "--registry", folder, "--file", str(cut), "--as", "meta"]
                subprocess.run([*command, "--account", "meta-acme-dach"], check=True, env=day)
            subprocess.run(
                [*audit, "run", "--registry", folder], check=False, env=day, stdout=subprocess.DEVNULL
            )
        for part in ("ga4", "google-ads", "meta", "linkedin", "audiences", "klaviyo"):
            shutil.rmtree(HERE / part, ignore_errors=True)
            shutil.copytree(home / "exports" / part, HERE / part)
        for name in ("history.jsonl", "baseline.jsonl"):
            shutil.copy(home / "registry" / name, HERE / name)


def settle(home: Path) -> None:
    """Lets a copy of the registry read the exports: its own sources give way to those of this folder."""
    path = home / "registry" / "audit.yaml"
    text = path.read_text("utf-8")
    path.write_text(SOURCES + text[text.index("thresholds:") :], "utf-8")
    links = home / "registry" / "links" / "tx7nrz.jsonl"
    links.parent.mkdir(exist_ok=True)
    links.write_text("".join(f"{json.dumps(entry)}\n" for entry in issued()), "utf-8")


def issued() -> Iterator[dict[str, object]]:
    """What the winter campaign handed out: its search ads were built by hand, its pins never went live."""
    campaign = "acme_dach_sales_winter-living-weeks_202611_tx7nrz"
    mail = "acme_de_de_winter-living-weeks_20261118_tx7nrz"
    for platform, source, medium, name in (
        ("meta", "facebook", "paid_social", campaign),
        ("klaviyo", "newsletter", "email", mail),
        ("pinterest", "pinterest", "paid_social", campaign),
    ):
        params = {"utm_source": source, "utm_medium": medium, "utm_campaign": name, "utm_id": "tx7nrz"}
        link = join("https://www.example.com/de/winter-living", params.items())
        yield {"link": link, "platform": platform, "params": params, "issued": "2026-10-12"}


if __name__ == "__main__":
    main()

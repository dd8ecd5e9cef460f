"""The short ways of the audit say what the long ones say, on addresses and names that nobody would write."""

import os
import random
import re
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import orjson
import pytest

from canonry.adapters.exports import visits
from canonry.adapters.exports.files import FileSource
from canonry.adapters.worktree import DirectoryTree
from canonry.app.auditing import standard
from canonry.audit.checks import links, names, recall
from canonry.audit.issued import Issued
from canonry.audit.judge import Judge
from canonry.audit.mappings import own
from canonry.audit.observation import Level, Observation
from canonry.audit.run import Audit
from canonry.audit.source import Period, Recorded
from canonry.catalogue.load import load
from canonry.naming.runtime.rejections import with_nearest

ROOT = Path(__file__).parent.parent.parent
ROUNDS = int(os.environ.get("CANONRY_ROUNDS", "150"))
CAMPAIGN = "acme_dach_sales_winter-living-weeks_202611_tx7nrz"
SOURCES = [
    *("google", "facebook", "newsletter", "FB", "a+b", "a%20b", "{source}", "winter%26utm_medium=cpc", ""),
    *("M%C3%BCller", "%E4", "%zz", "a%2520b", "jo@x.de", "jo%40x.de", "00491711234567", "(not set)"),
    *("CAMPAIGN_NAME", "__CAMPAIGN__", "x" * 120),
]
CAMPAIGNS = [CAMPAIGN, CAMPAIGN.replace("dach", "de"), "acme_dach_sales_x_202611_zzzzzz", "Winter%20Sale", ""]
OTHERS = [
    *("ref=7", "page=2", "gclid=abc", "q=blue%20sofa", "q=blue+sofa", "email=a", "email=", "id=00491711234"),
    *("id=004", "tel=1", "gclid=", "fbclid=x%3D", "_gl=1*abc", "gclid=jo%40x.de", "gbraid=1", "x", "=", ""),
    *("x=1=2", "ref=a%26utm_source=b", "ref=%3Futm_x=1", "ref=a?utm_source=b", "ref=a;utm_source=b"),
    *(
        "ref=jo@x.de",
        "ref=jo%40example.com",
        "ref=jo%2540example.com",
        "ref=%2B491711234567",
        "ref=0%30491711",
    ),
    *(
        "ref=+491711234567",
        "ref= 49171123456",
        "ref=CAMPAIGN_NAME",
        "mtm_campaign=x",
        "utm_foo=1",
        "utm_x%3D1",
    ),
    *(
        "ref=%00",
        "ref=\0",
        "ref=é",
        "ref=a%zz",
        "ref=1",
        "s=%E4",
        "UTM_ID=4",
        "r" * 40 + "=1",
        "pa[]=1",
        "k.k=1",
    ),
    *("ref=" + "y" * 400, "ref=" + "y" * 10_000, "ref=\udcff", "utm_source=again"),
]
BASES = [
    *("https://www.example.com", "https://example.com", "", "http://www.example.com", "https://example.net"),
    *("https://WWW.Example.com", "https://shop.example.com:8080", "https://münchen.de", "https://-x.de"),
    *("https://xn--mnchen-3ya.de", "//www.example.com", "www.example.com", "https://u:p@www.example.com"),
    *("mailto:a", "https://www.example.com:443", "https://pay.example.com"),
]
PATHS = [
    *("/de/p1", "", "/", "/de/p1/", "/a b", "/%40x", "/jo@x.de", "/jo%40x.de", "/00491711234567", "/a,b"),
    *("/a%3Futm_source=x", "/a&utm_source=b", "/ä", "//", "/a;b", "/utm_source=4"),
]
ENDS = [
    *("", "#top", "#", "", "#?utm_source=a&utm_medium=b", "#utm_source=a", "#a&utm_source=b", "#/route/x"),
    *("#00491711234567", "#a=b", ",", '"', "&", "/", ")"),
]


@cache
def held():
    return standard(load(DirectoryTree(ROOT)).value, date(2026, 11, 25))


class Writer:
    """Writes addresses, some of them as odd as can be, others with one oddity."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.odd = 0.5

    def one(self, pool: list[str]) -> str:
        return self.rng.choice(pool if self.rng.random() < self.odd else pool[:3])

    def tags(self) -> list[str]:
        values = {
            "utm_source": self.one(SOURCES),
            "utm_medium": self.one(["cpc", "paid_social", "email", "CPC", "", "social%3Futm_campaign=x"]),
            "utm_campaign": self.one(CAMPAIGNS),
            "utm_id": self.one(["tx7nrz", "x", ""]),
            "utm_content": "a-1",
        }
        written = []
        for key, value in values.items():
            spelt = self.one([key] * 6 + [key.upper(), key.replace("_", "-"), key.replace("_", "%5F")])
            if self.rng.random() < 0.85:
                written.append(f"{spelt}={value}")
        return written

    def address(self) -> str:
        self.odd = self.rng.choice([0.02, 0.1, 0.5])
        pairs = self.tags() if self.rng.random() < 0.85 else []
        for _ in range(self.rng.choice([0, 1, 1, 2, 4])):
            pairs.insert(self.rng.randrange(len(pairs) + 1), self.one(OTHERS))
        query = "&".join(pairs)
        if self.rng.random() < 0.1 * self.odd:
            query = query.replace("&", self.rng.choice(["&amp;", "%26", "?", "&&", ";"]))
        mark = self.one(["?", "?", "?", "??", "&", "%3F", "?x?"])
        return self.one(BASES) + self.one(PATHS) + (mark + query if query else "") + self.one(ENDS)


@pytest.mark.parametrize("seed", range(3))
def test_a_link_that_is_remembered_is_judged_as_one_that_is_read_whole(seed):
    writer, registry = Writer(seed), held()
    judge = Judge(Audit(registry), "s")
    remembered = 0
    for _ in range(ROUNDS):
        text, rng = writer.address(), writer.rng
        parents = {"ad": "5"} if rng.random() < 0.4 else {}
        platform, status = rng.choice(["meta", "google_ads", "klaviyo", "ga4"]), rng.choice(["", "removed"])
        tagging, owner = rng.choice(["manual", "auto", ""]), rng.choice(["", "paid-media"])
        seen = Observation("s", platform, Level.LINK, account="a", parents=parents, status=status, value=text)
        quick = recall.judged_link(seen, registry, judge._owner_of(seen, owner), tagging, owner)
        whole = links.judged_link(seen, registry, judge._owner_of(seen, owner), tagging)
        assert quick.findings == whole.findings, text
        said = [(t.checked, t.foreign, t.format, t.fields, t.campaign, t.channel) for t in (quick, whole)]
        assert said[0] == said[1], text
        remembered += registry.essence.of(links.whole(text, registry)[0]) is not None
    assert remembered > ROUNDS / 5


@pytest.mark.parametrize("issued", [False, True])
def test_addresses_that_come_as_columns_are_judged_as_one_by_one(tmp_path, issued):
    """Findings, rows and what of the issued links was met are those of each address on its own."""
    writer, registry = Writer(11), held()
    right = (
        "utm_source=google&utm_medium=cpc&utm_campaign=acme_dach_sales_winter-living-weeks_202611_tx7nrz"
        "&utm_id=tx7nrz"
    )
    texts = list(dict.fromkeys(writer.address() for _ in range(ROUNDS)))
    texts += [f"https://www.example.com/p{page}?{right}&ref={page}" for page in range(20)]
    file = tmp_path / "visits.parquet"
    with duckdb.connect() as db:
        db.execute(f"COPY (SELECT u, 3 AS visits FROM (SELECT unnest($1) AS u)) TO '{file}'", [texts * 2])
    mapping = own({"url": "u", "rows": "visits"}, platform="ga4", native="campaign")
    link = {"platform": "meta", "params": {"utm_source": "facebook", "utm_id": "tx7nrz", "utm_content": "x"}}
    files = {"tx7nrz": orjson.dumps(link) + b"\n"}

    def told(source):
        handed_out = Issued(files, registry) if issued else None
        audit = Audit(registry, issued=handed_out)
        took = audit.take(source)
        met = handed_out and {key: links.met for key, links in handed_out.campaigns.items()}
        found = [finding.to_json() for finding in audit.report().findings]
        figures = (took.judged, took.observations, took.rows, took.wrong_rows, took.spent, met)
        return found, figures, (audit.tagged_rows, audit.untagged_rows, audit.unjudged, audit.foreign)

    together = FileSource("visits", [file], mapping=mapping)
    found, *rest = told(together)
    assert (found, *rest) == told(Recorded("visits", together.capabilities(), together.read(Period())))
    assert found
    assert sum(known.checked and not known.drafts for known in registry.links.values())


BITS = [
    *("clid=", "gclid=", "braid=", "_gl=", "&", "&", "&", "#", ";", "?", "utm_source=a", "x", "é", "e\u0301"),
    *("👩‍👩‍👧", "%26", "ScCid=", "mc_eid=", "\0", "=", "1", "\r\n", "&gclid=", "?gclid=", "&gbraid=", "\x1f"),
]
FEW_BITS = [
    "?gclid=",
    "&gclid=",
    "&gbraid=",
    "&_gl=",
    "?x=",
    "&x=",
    "1",
    "2",
    "#",
    ";",
    "é",
    "👩‍👩‍👧",
    "\r\n",
]


def test_addresses_of_one_key_are_one_address():
    """Also where a name is taken, letters are made of several signs, and an address holds several ids."""
    rng = random.Random(7)
    texts = ["".join(rng.choices(BITS, k=rng.randrange(1, 14))) for _ in range(4_000)]
    texts += ["".join(rng.choices(FEW_BITS, k=rng.randrange(3, 9))) for _ in range(20_000)]
    texts = [text for text in texts if "\0" not in text]
    keys = tuple(held().reader.click_ids)
    cuts = visits.learned(texts, keys)
    assert len(cuts) > 1
    with duckdb.connect() as db:
        db.execute('CREATE TABLE t (u VARCHAR, "canonry 1" INTEGER)')
        db.executemany("INSERT INTO t SELECT unnest($1), 1", [[texts]])
        db.execute("INSERT INTO t VALUES (NULL, 1)")
        whole = visits.address("u", keys)
        for shortest in (0, cuts[0].shortest):
            made = [visits.Cut(cut.needles, shortest) for cut in cuts]
            scan, key = visits.keyed("t", "u", made, beside=["u", "canonry 1"])
            by = ", ".join(key)
            groups = f"SELECT {by}, list(DISTINCT {whole}) AS all_of FROM {scan} GROUP BY {by}"
            wrong, number = db.execute(
                f"SELECT any_value(all_of) FILTER (len(all_of) > 1), count(*) FROM ({groups})"
            ).fetchall()[0]
            assert wrong is None
            assert number < len(set(texts)) * 0.9


@pytest.mark.parametrize(
    "shapes",
    [
        ["/a?x=1&gclid={}", "/b?gclid={}&utm_source=a", "/c?utm_source=a&gbraid={}&y=2", "/d?q={n}"],
        ["/a?x=1&gad_source=1&gbraid={}&gclid={}", "/b?fbclid={}#part", "/é?msclkid={};a=1&b=2"],
        ["/a?mc_eid={}&_gl={}&srsltid={}&gclid={}&utm_source=a", "/b?ScCid={}&utm_source=a\u0301"],
    ],
)
def test_a_table_with_ids_of_its_own_in_every_row_falls_into_few_groups(shapes):
    rng = random.Random(5)
    texts = [
        re.sub(
            r"\{n?\}",
            lambda found: f"{rng.randrange(3 if 'n' in found[0] else 10**12):012}é",
            rng.choice(shapes),
        )
        for _ in range(5_000)
    ]
    keys = tuple(held().reader.click_ids)
    with duckdb.connect() as db:
        db.execute("CREATE TABLE t AS SELECT unnest($1) AS u", [texts])
        scan, key = visits.keyed("t", "u", visits.learned(texts[:500], keys), beside=["u"])
        made = db.execute(f"SELECT count(*) FROM (SELECT 1 FROM {scan} GROUP BY {', '.join(key)})").fetchall()
        right = db.execute(f"SELECT count(DISTINCT {visits.address('u', keys)}) FROM t").fetchall()
    assert made == right


def test_of_all_contracts_the_nearest_explains_a_wrong_name():
    """Contracts are left out only where they cannot be nearer; an account may have more than eight."""
    registry, rng = held(), random.Random(3)
    codec = registry.codec
    whole = registry.contracts("", "campaign", "")
    assert len(whole) > 8
    for place in range(ROUNDS // 4):
        contract = codec.contract(whole[place % len(whole)])
        values = {
            need["field"]: rng.choice(need["choices"] or ["t1", "202611"])
            for need in codec.needs(contract.id)
        }
        text = contract.form().templates["name"].build(values) or "a_b_c"
        words = text.split("_")
        for _ in range(rng.randrange(3)):
            words[rng.randrange(len(words))] = rng.choice(
                ["", "é\0", "FB", "a_b", "xx", "Spring Promo", "DE"]
            )
        text = "_".join(words)
        if place % 50 == 0:
            text = rng.choice(["", "_", "x" * 10_000, "_".join("a" * 65), "_".join("a" * 64)])
        answers = [codec.read_name(contract.kind, text, each) for each in whole]
        order = {"right": 0, "readable": 1, "rejected": 2}
        best = min(answers, key=lambda a: (order[a["status"]], len(a["rejections"]), len(a["notes"])))
        found = registry.nearest(whole).read(text)
        assert {**found, "rejections": with_nearest(found["rejections"])} == best, text


@pytest.mark.parametrize(
    ("text", "original"),
    [
        ("Copy of a - Copy (2)", "a"),
        ("a - copy of b", None),
        ("a" + " - Copy" * 3, "a"),
        ("_" * 1_000_000, None),
        ("a" + " " * 1_000_000 + "b", None),
    ],
)
def test_marks_of_copies_are_found_at_the_ends_of_names_of_any_length(text, original):
    assert names.uncopied(text) == original


@pytest.mark.parametrize("text", ["_" * 1_000_000, "a" + " - Copy" * 100_000, "acme_" + "a-" * 100_000])
def test_a_name_as_long_as_a_book_is_no_name(text):
    seen = Observation("s", "", Level.CAMPAIGN, name=text, id="1")
    told = names.judged(seen, held(), "", "")
    assert told.findings[-1].code in ("A101", "A102")

# ruff: noqa: RUF001 -- letters that look like others are what is tested
"""Shared vectors: questions, and what the Python answers, for the site's JavaScript to be held to.

    python -m tests.unit.site.vectors OUT

writes two books (`generated/site/utm.json` of the shipped registry, and of a small one with corners of its
own) and `vectors.jsonl`, a question per line: `{"book", "op", "in", "out"}`, where `out` is canonical JSON.
Equal registries give equal files.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from tests.unit.naming import tables

from canonry.adapters.worktree import DirectoryTree
from canonry.app import landing, links
from canonry.app.batch import Batch, Defaults
from canonry.app.compiled import compiled
from canonry.app.linkdata import document_of
from canonry.app.links import Ask, Book
from canonry.app.parsed import Links
from canonry.app.reading import of_building
from canonry.catalogue.load import load
from canonry.naming import ids, personal
from canonry.naming.codec import Codec
from canonry.naming.runtime import text

ROOT = Path(__file__).parents[3]
SEED = 20261121
ABSENT_FROM_PAGES = ("place", "owner", "witness", "fingerprint")
"""Members of a finding that speak of files and acceptances, which a page has none of."""

PER_FORM = 2
"""Right links of each form, of which each is broken in some fifty ways."""

Question = tuple[str, Any]


def canonical(value: Any) -> str:
    """One text for equal values: members in order of their names, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


class Asked:
    """One book and the answers of its Python."""

    def __init__(self, name: str, book: Book, campaigns: Mapping[str, Any] | None = None) -> None:
        self.name = name
        self.book = book
        self.codec: Codec = book.whole()
        self.links = Links(book)
        self.random = Random(SEED)

    def answer(self, op: str, given: Any) -> Any:
        """What Python says."""
        return getattr(self, f"_{op}")(given)

    def _parse(self, link: str) -> Any:
        answer = self.links.read(link, "vectors", 1)
        document = answer.to_json("link")
        document["findings"] = [_bare(each) for each in document["findings"]]
        return {**document, "verdict": answer.verdict}

    def _build(self, given: Mapping[str, Any]) -> Any:
        try:
            chosen = links.target(
                self.book,
                given["kind"],
                given["word"],
                platform=given.get("platform"),
                campaign=given.get("campaign"),
                given=given["fields"],
            )
        except Ask as question:
            return {"about": question.about, "message": question.message, "choices": question.choices}
        answer = links.build(
            self.book,
            chosen,
            given["fields"],
            url=given.get("url"),
            way=given.get("way"),
            macros=given.get("macros"),
        )
        findings = [_bare(each.to_json()) for each in of_building(self.book, answer)]
        return {**answer, "findings": findings}

    def _needs(self, given: Mapping[str, Any]) -> Any:
        return self.codec.needs(given["format"], given["platform"])

    def _name(self, given: Mapping[str, Any]) -> Any:
        return self.codec.read_name(given["kind"], given["text"], given.get("format"))

    def _sheet(self, given: Mapping[str, Any]) -> Any:
        header, *rows = given["rows"]
        batch = Batch(self.book, header, Defaults("utm", **given["defaults"]))
        return {
            "understood": batch.understood,
            "repeated": batch.repeated(),
            "rows": [batch.row(row) for row in rows],
        }

    def _landing(self, url: str) -> Any:
        page: landing.Landing = self.book.pages().look(url)
        return {"url": page.url, "notes": page.notes, "problems": page.problems}

    def _text(self, given: str) -> Any:
        return {
            "fold": text.fold(given),
            "quote": text.quote(given),
            "unquote": text.unquote(given),
            "slug": text.slug(given),
            "repr": repr(given),
            "strip": given.strip(),
            "length": len(given),
            "printable": given.isprintable(),
        }

    def _nearest(self, given: Mapping[str, Any]) -> Any:
        return text.nearest(given["found"], given["allowed"])

    def _host(self, host: str) -> Any:
        try:
            return host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""

    def _personal(self, given: Mapping[str, str]) -> Any:
        return {
            "sort": personal.sort_of(given["key"], given["value"]),
            "masked": personal.masked(f"https://www.example.com/?{given['key']}={given['value']}"),
            "alone": personal.masked(given["value"]),
        }

    def _id(self, given: str) -> Any:
        return {"valid": ids.valid(given), "near": ids.near_misses(given)}

    def _draw(self, given: list[float]) -> Any:
        return ids.draw(_Given(given))


class _Given(Random):
    """Chances that were decided before, from 0 up to 1."""

    def __init__(self, chances: list[float]) -> None:
        super().__init__(0)
        self.chances = iter(chances)

    def choice(self, seq: Any) -> Any:
        return seq[int(next(self.chances) * len(seq))]


def _bare(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in finding.items() if key not in ABSENT_FROM_PAGES}


def shipped() -> Book:
    """The book of this checkout."""
    index, parts = compiled(load(DirectoryTree(ROOT)).value)
    return Book(index, parts.__getitem__)


def small() -> Book:
    """A registry of few contracts: older templates, names in names, numbers as words, one campaign."""
    words = dict(tables.VOCABULARIES)
    words["year"] = {"title": "Years", "words": {"b": {}, "2026": {"aliases": ["26"]}, "7": {}, "a": {}}}
    contracts = dict(tables.CONTRACTS)
    contracts["/utm/organic/v1"] = tables.contract(
        {"utm_source": "{source}", "utm_medium": "social", "utm_campaign": "[{year}.]{slug}-{count}"},
        {
            "source": {"$ref": "/vocabularies/social"},
            "year": {"$ref": "/vocabularies/year"},
            "slug": {"type": "string", "pattern": tables.SLUG, "maxLength": 12},
            "count": {"type": "integer", "minimum": -5, "maximum": 12345678901234567890},
        },
        optional=("year",),
        channel="Organic Social",
        allowed_combinations=[
            {"fields": ["source", "year"], "rows": [["tiktok", ["2026", "xx"]], ["facebook", "*"]]}
        ],
    )
    groups = {
        "ours": {
            "rules": [
                {"channel": "Spring", "when": {"field": "campaign", "op": "regex", "value": ".*spring.*"}},
                {"channel": "Paid", "when": {"field": "default_channel", "op": "contains", "value": "Paid"}},
            ]
        }
    }
    table = tables.table(contracts, vocabularies=words, groups=groups)
    campaign = {
        "slug": "spring-sofa",
        "label": "Spring sofa",
        "status": "live",
        "fields": {"brand": "acme", "market": "gb", "flight": "2026-11"},
        "landing_url": "https://www.example.com/sofas",
        "channels": [
            {
                "format": "/utm/paid_social/v1",
                "platforms": [],
                "fields": {"source": "facebook"},
                "landing_url": None,
                "creatives": ["video_sale_v3"],
            },
            {
                "format": "/utm/paid_social/v1",
                "platforms": ["tiktok"],
                "fields": {"source": "tiktok"},
                "landing_url": "https://www.example.com/tiktok",
                "creatives": [],
            },
        ],
    }
    index = {
        **{key: table[key] for key in ("contracts", "platforms", "domains", "skipped")},
        "campaigns": {tables.ID: campaign},
        "keys": ["utm_campaign", "utm_content", "utm_id", "utm_medium", "utm_source", "utm_term"],
        "fields": {
            kind: sorted({n for c in table["contracts"].values() if c["kind"] == kind for n in c["fields"]})
            for kind in ("utm", "creatives", "objects")
        },
        "levels": {"link-space": "note", "L-none": "off"},
        "broken": [],
    }
    return Book(index, lambda _: table)


WORDS = ("spring", "sofa-sale", "x", "winter-living-weeks", "a-b-c", "7-days", "garden2026", "very-long" * 9)
ODD = (
    "",
    " ",
    "Grün Öl",
    "ＦＢ",
    "\u202eabc",
    "a\u200bb",
    "漢字",
    "🎉 go",
    "ſale",
    "İstanbul",
    "q'uote\"",
    "tab\there",
)


class Samples:
    """Values of fields, right and wrong, drawn from a codec's own table."""

    def __init__(self, codec: Codec, random: Random) -> None:
        self.codec = codec
        self.random = random

    def right(self, identifier: str, name: str, depth: int = 0) -> str:
        """A value that the field takes."""
        field = self.codec.contract(identifier).fields[name]
        spec, random = field.spec, self.random
        if spec["type"] in ("word", "set"):
            return random.choice(field.choices() or [""])
        if spec["type"] == "integer":
            return str(random.randint(spec["min"], min(spec["max"], 10**20)))
        if spec["type"] == "id":
            return ids.draw(random)
        if spec["type"] == "date":
            year, month = random.randint(2024, 2028), random.randint(1, 12)
            return {
                "year": f"{year}",
                "quarter": f"{year}-Q{(month + 2) // 3}",
                "month": f"{year}-{month:02}",
                "day": f"{year}-{month:02}-{random.randint(1, 28):02}",
            }[spec["unit"]]
        if spec["type"] == "name":
            for _ in range(4):
                built = self.codec.build(spec["of"], self.fields(spec["of"], None))
                if built["ok"]:
                    return str(built["name"])
            return "no-name"
        return next((w for w in random.sample(WORDS, len(WORDS)) if field.read(w) is not None), "word")

    def wrong(self, identifier: str, name: str) -> str:
        """A value that a person might type instead: misspelt, of another case, an alias, none at all."""
        field = self.codec.contract(identifier).fields[name]
        value = self.right(identifier, name)
        loose = sorted(getattr(field, "loose", {})) or [value.upper()]
        kind = self.random.randrange(9)
        if kind == 0:
            return self.random.choice(loose)
        if kind == 1:
            return value.upper()
        if kind == 2:
            return self.random.choice(ODD)
        if kind == 3:
            return value.replace("-", "") if "-" in value else value + "-"
        if kind == 4:
            return "0" + value
        if kind == 5:
            return "xx"
        return self.mistyped(value)

    def mistyped(self, value: str) -> str:
        """One letter more, less, swapped or another."""
        place = self.random.randrange(max(1, len(value)))
        way = self.random.randrange(4)
        if way == 0:
            return value[:place] + value[place + 1 :]
        if way == 1:
            return value[:place] + self.random.choice("abcxyz019_-") + value[place:]
        if way == 2 and place + 1 < len(value):
            return value[:place] + value[place + 1] + value[place] + value[place + 2 :]
        return value[:place] + self.random.choice("abcxyz019_-") + value[place + 1 :]

    def fields(self, identifier: str, platform: str | None) -> dict[str, str]:
        """Values for all that a form needs, and for some of what it may have."""
        contract = self.codec.contract(identifier)
        return {
            name: self.right(identifier, name)
            for name in contract.form(platform).names
            if name in contract.required or self.random.random() < 0.5
        }


def _rewritten(link: str) -> Iterator[str]:
    """The link as tools break it."""
    base, _, query = link.partition("?")
    pairs = query.split("&")
    yield link.replace("&", "&amp;")
    yield link.replace("?", f"?next={quote(link, safe='')}&", 1)
    yield link.replace("&", "?", 2)
    yield link.replace("?", "#", 1)
    yield link.replace("?", "#top?", 1)
    yield f"{base}?{query.replace('_', '%5F')}"
    yield f"{base}?{query.replace('-', '%252D', 1)}"
    yield f"{base}?{query.replace('-', '%2', 1)}"
    yield f"{base}?{query.replace('-', '%E4', 1)}"
    yield f"{base}?{query.replace('-', '+', 1)}"
    yield f"{base}?{query.replace('-', '%20', 1)}"
    yield f"{base}?{query.upper()}"
    yield f"{base}?{query.replace('utm_', 'UTM-')}"
    yield f"{base}?{'&'.join(pairs[:-1])}"
    yield f"{base}?{'&'.join(pairs[1:])}"
    yield f"{base}?{query}&{pairs[0]}"
    yield f"{base}?{query}&{pairs[0]}x"
    yield f"{base}?{query}&fbclid=AbC&gclid=1"
    yield f"{base}?{query}&email=ada.lovelace@example.com&phone=%2B49%20151%201234567"
    yield f"{base}?{query}&constructor=__proto__&utm___proto__=toString"
    yield f"{base}?{query}&1=2&0=1&utm_2026=7"
    yield f'"{link}",'
    yield f"[text]({link})"
    yield link.replace("https://", "")
    yield link.replace("https://", "http://ada:secret@")
    yield link.replace("www.", "straße.")
    yield link + "&ref=" + "y" * 990
    yield link + "#utm_term=late"
    yield link.replace("=", "=\u200b", 1)


def _mutations(link: str, samples: Samples) -> Iterator[str]:
    """The link as tools and people break it."""
    yield from _rewritten(link)
    random = samples.random
    base, _, query = link.partition("?")
    pairs = query.split("&")
    yield f"{base}?{'&'.join(random.sample(pairs, len(pairs)))}"
    for _ in range(4):
        place = random.randrange(len(pairs))
        key, _, value = pairs[place].partition("=")
        broken = [*pairs]
        broken[place] = f"{key}={samples.mistyped(value)}"
        yield f"{base}?{'&'.join(broken)}"
    place = random.randrange(len(pairs))
    key, _, value = pairs[place].partition("=")
    tokens = value.split("_")
    for changed in (tokens[:-1], [*tokens, "extra"], tokens[::-1]):
        broken = [*pairs]
        broken[place] = f"{key}={'_'.join(changed)}"
        yield f"{base}?{'&'.join(broken)}"
    odd = random.choice(ODD)
    broken = [*pairs]
    broken[place] = f"{key}={odd}"
    yield f"{base}?{'&'.join(broken)}"
    for macro in (
        "{{ad.id}}",
        "{adgroupid}",
        "__CID__",
        "{{campaign.name}}",
        "{{user.email}}",
        "(not set)",
        "%%X%%",
    ):
        if random.random() < 0.3:
            broken[place] = f"{key}={macro}"
            yield f"{base}?{'&'.join(broken)}"


PIECES = (
    "?", "??", "&", "&&", "#", "%", "%2", "%E4", "%2520", "%u0041", "%00", "+", "%20", "%2B", ";", "=",
    "&amp;", "[", "]", "@", ":", "//", "\\", "\r\n", "\t", " ", "\xa0", "\u2028", "\u200d", "\ufeff",
    "\u202e", "e\u0301", "\xc9", "\u1e9e", "K", "\u0131", "\u03a9", "\uff21", "\u0661", "\xb2",
    "\u2460", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u05d0", "\x00", "\x85", "\ue000",
    "\uffff", "{{ad.name}}", "{{", "}}", "__CID__", "xx", "_", "-", ".", "UTM_", "utm_source=",
    "&utm_medium=cpc", "&gclid=1", "&email=ada@example.com", "javascript:", '"', "'", "<", ")", "=1+1",
    "007", "\u2013", "\u2026", "^", "`", "|", "0", "Z",
)  # fmt: skip


def _spoiled(given: str, random: Random) -> str:
    """A text after some accidents: pieces put in, cut out, doubled, of another case."""
    chars = list(given)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        place = random.randrange(len(chars) + 1)
        way = random.randrange(6)
        if way <= 2:
            chars[place:place] = random.choice(PIECES)
        elif way == 3:
            del chars[place : place + random.choice((1, 2, 9))]
        elif way == 4:
            chars[place:place] = chars[place : place + random.choice((1, 3, 12))]
        else:
            chars[place : place + 1] = [char.swapcase() for char in chars[place : place + 1]]
    return "".join(chars)


def _accidents(asked: Asked) -> Iterator[Question]:
    """Links, forms and hosts after accidents that no list foresees."""
    samples, random = Samples(asked.codec, asked.random), asked.random
    for identifier in asked.codec.live("utm"):
        contract = asked.codec.contract(identifier)
        for platform in dict.fromkeys([None, *contract.table["platforms"]]):
            form = contract.form(platform)
            fields = samples.fields(identifier, platform)
            link = text.join("https://www.example.com/sofas?a=b", form.params(fields)[0], form.macro_keys)
            for _ in range(6):
                yield "parse", _spoiled(link, random)
            name = random.choice(list(contract.fields))
            fields[name] = _spoiled(samples.right(identifier, name), random)
            url = _spoiled(random.choice(URLS), random)
            yield (
                "build",
                {"kind": "utm", "word": identifier, "platform": platform, "url": url, "fields": fields},
            )
    for each in (*URLS, *HOSTS, *(value for _key, value in (*PEOPLE, *SECRETS))):
        spoiled = _spoiled(each, random)
        yield "host", spoiled
        yield "landing", spoiled
        yield "personal", {"key": "q", "value": spoiled}


def _of_format(asked: Asked, identifier: str) -> Iterator[Question]:
    samples = Samples(asked.codec, asked.random)
    contract = asked.codec.contract(identifier)
    url = "https://www.example.com/sofas"
    for platform in dict.fromkeys([None, *contract.table["platforms"]]):
        yield "needs", {"format": identifier, "platform": platform}
        request = {"kind": "utm", "word": identifier, "platform": platform, "url": url}
        for macros in (None, False, True):
            yield "build", {**request, "fields": samples.fields(identifier, platform), "macros": macros}
        for way in ("url", "suffix", "params"):
            yield "build", {**request, "fields": samples.fields(identifier, platform), "way": way}
        for _ in range(4):
            fields = samples.fields(identifier, platform)
            name = asked.random.choice(list(contract.fields))
            fields[name] = samples.wrong(identifier, name)
            yield "build", {**request, "fields": fields}
        fields = samples.fields(identifier, platform)
        fields.pop(next(iter(fields), ""), None)
        yield "build", {**request, "fields": {**fields, "constructor": "x"}}
    built = []
    for platform in contract.forms:
        made = contract.form(platform if platform != "static" else None)
        found = 0
        for _ in range(24):
            params, _notes, problems = made.params(samples.fields(identifier, made.platform))
            if not problems:
                built.append(text.join(url, params, made.macro_keys))
                found += 1
            if found == PER_FORM:
                break
    for link in built:
        yield "parse", link
        for broken in _mutations(link, samples):
            yield "parse", broken


def _names(asked: Asked, identifier: str) -> Iterator[Question]:
    samples = Samples(asked.codec, asked.random)
    kind = asked.codec.contract(identifier).kind
    for _ in range(3):
        fields = samples.fields(identifier, None)
        yield "build", {"kind": "name", "word": identifier, "fields": fields}
        name = asked.codec.build(identifier, fields)["name"]
        if name is None:
            continue
        for shown in (name, name.upper(), samples.mistyped(name), f"{name}_extra", name.rpartition("_")[0]):
            yield "name", {"kind": kind, "text": shown, "format": identifier}
    yield "name", {"kind": kind, "text": asked.random.choice(ODD)}


def _campaigns(asked: Asked) -> Iterator[Question]:
    for key, campaign in asked.book.index["campaigns"].items():
        for plan in campaign["channels"]:
            for platform in (None, *plan["platforms"]):
                request = {"kind": "utm", "word": plan["format"], "platform": platform, "campaign": key}
                yield "build", {**request, "fields": {}}
                yield "build", {**request, "fields": dict(plan["fields"]), "macros": False}
                fields = dict(plan["fields"]) | {"market": "gb"}
                yield "build", {**request, "fields": fields, "campaign": campaign["slug"]}


def _asks(asked: Asked) -> Iterator[Question]:
    contracts = asked.codec.table["contracts"]
    words = {
        name for c in contracts.values() for name in (c["name"], c["title"], *c["aliases"], *c["platforms"])
    }
    words |= {p["label"] or name for name, p in asked.codec.table["platforms"].items()}
    for word in sorted(words):
        yield "build", {"kind": "utm", "word": word, "fields": {}, "url": "https://www.example.com/"}
    for word in ("nothing", "paid_socal", "Meta ads", "", "CPC", "constructor"):
        yield "build", {"kind": "utm", "word": word, "fields": {}}
        yield "build", {"kind": "utm", "word": "email", "platform": word or None, "fields": {}}
        yield "build", {"kind": "utm", "word": "email", "campaign": word or None, "fields": {}}


def _sheets(asked: Asked) -> Iterator[Question]:
    samples = Samples(asked.codec, asked.random)
    for identifier in asked.codec.live("utm"):
        contract = asked.codec.contract(identifier)
        header = ["URL", "Platform", *(name.replace("_", " ").title() for name in contract.form().names)]
        rows = []
        for _ in range(3):
            fields = samples.fields(identifier, None)
            platform = asked.random.choice([*contract.table["platforms"], "", "Nowhere"])
            cells = [fields.get(name, "") for name in contract.form().names]
            rows.append(["https://www.example.com/sofas", platform, *cells])
        rows[1][-1] = "1,2E+15"
        rows[2][0] = "example"
        rows += [["", "", *("" for _ in contract.form().names)], [*rows[0], "more"]]
        yield "sheet", {"rows": [header, *rows], "defaults": {"format": contract.table["name"]}}
        yield (
            "sheet",
            {
                "rows": [["format", *header[2:]], [contract.table["name"], *rows[0][2:]], ["", *rows[0][2:]]],
                "defaults": {"url": "https://www.example.com/", "way": "suffix"},
            },
        )


URLS = (
    "https://www.example.com/a", "www.example.com/a b", "http://www.example.com:8080/x?y=1#z", "ftp://x.example",
    "mailto:ada@example.com", "//www.example.com/", "/de/sofas", "?a=b", "", "  ", "https://", "https:///x",
    "https://ada:pw@www.example.com/", "https://www.example.com/?utm_source=x", "https://www.example.com/?UTM_X=1",
    "https://www.example.com/?fbclid=1&a=b", "https://www.example.com/?a=b?c=d", "https://www.example.com/#utm_x=1",
    "https://www.example.com/%zz", "https://www.example.com/<script>", "https://exämple.com/ü", "https://go.example.com/",
    "https://www.example.com/?mail=ada@example.com", "https://app.example.com/", "https://localhost/x", "HTTPS://WWW.EXAMPLE.COM/A",
    "https://www.example.com/\nx", "https://..example.com", "https://-x.example.com/", "javascript:alert(1)", "https://checkout.pay.example/",
    "https://www.example.com/a?x=%41&y=%2", "example", "https://www.example.com./", "https://xn--exmple-cua.com/",
)  # fmt: skip
HOSTS = (
    "", ".", "..",
    "straße.de", "exämple.com", "ΣΊΓΜΑς.gr", "漢字.jp", "🎉.example", "İstanbul.tr", "ﬁne.example",
    "אבג.example", "אa.example", "a\u00adb\u00e4.de", "ｗｗｗ。example．com", "xn--ä.de",
    "ä" * 60 + ".de", "a..ä.de", "ä.de.", "ı.tr",
    "go.example.c\u0663m", "\u0663.example", "\u0627\u0663.example", "\u0663\u0627.example",
    "\u0627\u064b.example",
)  # fmt: skip
PEOPLE = (
    ("email", "x"), ("e-mail", "ada"), ("q", "ada@example.com"), ("q", "ada%40example.co.uk"), ("tel", "1"),
    ("x", "+49 151 1234567"), ("x", "0049 (0)151 12345"), ("x", " 49 151 1234567"), ("First_Name", "Ada"),
    ("dob", "1"), ("iban", "DE00"), ("q", "@"), ("q", "a@b"), ("ſurname", "x"),
    ("ref", "jane+doe@mail.example.org/x"), ("ref", "janıe+doe@mail.example.org"),
    ("q", "jürgen@bücher.example"),
    ("q", "ада@пример.рф"), ("q", "ſ@K.example"),
)  # fmt: skip
SECRETS = (
    ("token", "abc;d=e"),
    ("API-key", "x%20y"),
    ("q", "a=https://www.example.com/?token=x"),
    ("q", "token%3Dx"),
    ("q", "token%252525253Dx"),
    ("q", "email%25253Dada%252540example.com"),
    ("q", "x%3Dy"),
    ("q", "%E4token%3Dx"),
    ("q", 'x", "password": "abc", "user": 1'),
    ("q", "secret : x/y,z"),
    ("q", "Bearer abcdefgh.1"),
    ("q", "BEARER abcdefgh"),
    ("q", "baſic abcdefgh"),
    ("q", "eyJhbGciOi.eyJzdWIiOj.abc-_"),
    ("q", "AKIAABCDEFGHIJKLMNOP"),
    ("q", "xAKIAABCDEFGHIJKLMNOP"),
    ("q", "call +49 (0)151 234 56 78 now"),
    ("q", "a+49151234567890"),
    ("q", "ä+49151234567890"),
    ("q", "gh" + "p_0123456789012345678901"),
    ("q", "//ada:secret@example.com/x@y"),
    ("a.b", "c=d=e&f"),
    ("key", ""),
    ("q", "token=;x"),
    ("q", "token=a b"),
    *(
        ("q", each)
        for each in (
            *("00491711234567", "Lead 0049 171 1234567", "lead_00491711234567_x", "0049 (0)171 / 123 45 67"),
            *("0033.1.23.45.67.89", "001 718 555 1234", "0012345678", "001234567890", "0012000001ABCDE"),
            *("00 2026-11-25 12:30", "10:00 2026-11-25 12:30", "00-2026-11-25-12", "0001234567890123"),
            *("acme_00_20261101-20261130", "00 25.11.2026 12:30", "2.00 4912345678901", "x00491711234567"),
            *(" 20261125", " 2026-11-25", " 120219988776655443", "+2026-11-25", " 491701234567"),
        )
    ),
)


def _texts(asked: Asked) -> Iterator[Question]:
    samples = Samples(asked.codec, asked.random)
    texts = [
        *ODD,
        *WORDS,
        *URLS,
        *HOSTS,
        "%41%c3%a4",
        "%ff",
        "a+b%20",
        "\\u0000\x00\x7f\x85\xa0",
        "\U0001f389" * 3,
        "'",
        "it's",
    ]
    texts += [samples.mistyped("Spring Sale! %20_-.") for _ in range(40)]
    for each in texts:
        yield "text", each
    for url in URLS:
        yield "landing", url
        yield "parse", url
    for host in HOSTS:
        yield "host", host
        yield "parse", f"https://{host}/?utm_source=facebook"
    for key, value in (*PEOPLE, *SECRETS):
        yield "personal", {"key": key, "value": value}
    for vocabulary in asked.codec.table["vocabularies"].values():
        allowed = list(vocabulary["words"])
        for word in asked.random.sample(allowed, min(2, len(allowed))):
            for found in (
                samples.mistyped(word),
                word[:3],
                word.upper(),
                samples.mistyped(samples.mistyped(word)),
            ):
                yield "nearest", {"found": found, "allowed": allowed}
    for _ in range(40):
        drawn = ids.draw(asked.random)
        yield "id", drawn
        yield "id", samples.mistyped(drawn)
        yield "draw", [asked.random.random() for _ in range(5)]


def questions(asked: Asked, *, more: bool) -> Iterator[Question]:
    """Everything that is asked of one book."""
    for identifier in asked.codec.live("utm"):
        yield from _of_format(asked, identifier)
    for kind in links.NAMES:
        for identifier in asked.codec.live(kind):
            yield from _names(asked, identifier)
    yield from _campaigns(asked)
    yield from _asks(asked)
    yield from _sheets(asked)
    yield from _accidents(asked)
    if more:
        with (ROOT / "examples/links.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield "parse", row["link"]
        yield from _texts(asked)


BOOKS: Mapping[str, tuple[Callable[[], Book], bool]] = {"shipped": (shipped, True), "small": (small, False)}


def write(folder: Path) -> int:
    """Write the books and the vectors into a folder; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    with (folder / "vectors.jsonl").open("w", encoding="utf-8") as file:
        for name, (made, more) in BOOKS.items():
            book = made()
            document = document_of(book.whole().table, book.index)
            (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
            asked = Asked(name, book)
            for op, given in questions(asked, more=more):
                out = canonical(asked.answer(op, given))
                file.write(json.dumps({"book": name, "op": op, "in": given, "out": out}) + "\n")
                number += 1
    return number


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1])):,} vectors\n")

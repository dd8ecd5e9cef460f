"""The rehearsal before go-live: audiences over time, routes, drafts, and what is said of it all."""

import json
from html.parser import HTMLParser
from random import Random

import openpyxl
import pytest
from tests.unit.campaign import plans

from canonry.app.campaign.audiences import Audience, Audiences, Happening, Span, Visitor, holds, known, later
from canonry.app.campaign.handoff import to_json
from canonry.app.campaign.routes import route
from canonry.catalogue.documents.contract import Definition, XContract
from canonry.catalogue.documents.settings import Domains
from canonry.catalogue.model import Catalogue
from canonry.cli.main import run
from canonry.render.rehearsal import markdown, text
from canonry.render.rehearsal_page import page


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Where made models are kept between the tests."""
    return tmp_path_factory.mktemp("models") / "models.json"


@pytest.fixture(scope="module")
def report(models):
    """The rehearsal of the plan without faults."""
    return to_json(plans.rehearsed(plans.files(), models, number=400))


EVENTS = ("/events/a/v1", "/events/b/v1")
NOBODY = Audiences(Catalogue())


def definitions(rng):
    """A definition over two events, at random."""

    def conditions(most):
        return [
            {
                "event": rng.choice(EVENTS),
                **({"at_least": rng.randint(1, 3)} if rng.random() < 0.4 else {}),
                **({"within": f"{rng.randint(5, 40)}m"} if rng.random() < 0.4 else {}),
                **({"where": [{"property": "n", "op": "gte", "value": 2}]} if rng.random() < 0.4 else {}),
            }
            for _ in range(rng.randrange(most + 1))
        ]

    return Definition.model_validate(
        {
            "entity": "/traits/user/v1",
            "window": "30m",
            "all": conditions(2),
            "any": conditions(2),
            "none": conditions(1),
        }
    )


def belongs(definition, history, now):
    """The definition read literally, at one minute."""

    def true(condition):
        window = int((condition.within or definition.window)[:-1])
        met = [
            h
            for h in history
            if h.event == condition.event
            and now - window < h.at <= now
            and all(h.payload.get("n", 0) >= each.value for each in condition.where)
        ]
        return len(met) >= (condition.at_least or 1)

    return (
        all(true(c) for c in definition.all)
        and (not definition.any or any(true(c) for c in definition.any))
        and not any(true(c) for c in definition.none)
    )


@pytest.mark.parametrize("seed", range(150))
def test_spans_are_what_the_definition_says_minute_by_minute(seed):
    """Held against the definition read literally, with windows, counts and tests at random."""
    rng = Random(seed)
    definition = definitions(rng)
    history = [
        Happening(rng.randrange(100), rng.choice(EVENTS), {"n": rng.randrange(4)}, frozenset())
        for _ in range(rng.randrange(7))
    ]
    visitor = Visitor(0, 0, frozenset(), 0, history=history)
    spans = Audience("/segments/x/v1", definition, None, NOBODY).spans(visitor, lambda _: True)
    for now in range(-5, 160):
        assert holds(spans, now) == belongs(definition, history, now), (definition, history, now)


def test_intervals_add_up_and_short_visits_go_unnoticed():
    """A refresh of an hour and a sync of a day: known at the next of both; gone before the refresh: never."""
    assert later(61, 60, 1440) == 1440
    assert known([Span(61, 100)], 60, 1440) == []
    assert known([Span(61, 130)], 60, 0) == [Span(120, 180)]
    assert known([Span(61, 130)], 60, 0, 1440) == [Span(1560, 1620)]


@pytest.mark.parametrize("seed", range(20))
def test_a_trait_changes_with_the_events_that_update_it(seed):
    """By what the trait contract declares, read literally minute by minute; what nothing changes stays."""
    rng = Random(seed)
    updates = [
        {"property": "orders", "event": EVENTS[0], "add": 1, "after": "10m"},
        {"property": "status", "event": EVENTS[1], "set": "active"},
        {"property": "last", "event": EVENTS[0], "takes": "n"},
    ]
    meta = XContract.model_validate(
        {"version": "1.0.0", "owner": "crm", "backup_owner": "web", "updates": updates}
    )
    least = rng.randint(1, 3)
    definition = Definition.model_validate(
        {
            "entity": "/traits/user/v1",
            "all": [{"trait": "/traits/user/v1", "property": "orders", "op": "gte", "value": least}],
            "none": [{"trait": "/traits/user/v1", "property": "status", "op": "eq", "value": "active"}],
        }
    )
    history = [
        Happening(
            rng.randrange(100),
            rng.choice(EVENTS),
            {"n": 1},
            frozenset(("ga4",) if rng.random() < 0.8 else ()),
        )
        for _ in range(rng.randrange(8))
    ]
    visitor = Visitor(0, 0, frozenset(), 0, {"/traits/user/v1": {"orders": 0, "status": "trial"}}, history)

    class Traits(Audiences):
        def updates(self, trait):
            return meta.updates

    audience = Audience("/segments/x/v1", definition, None, Traits(Catalogue()))
    assert audience.changes == set(EVENTS)
    spans = audience.spans(visitor, lambda _: True)
    for now in range(-5, 160):
        told = [h for h in history if h.received]
        orders = sum(h.event == EVENTS[0] and later(h.at, 10) <= now for h in told)
        active = any(h.event == EVENTS[1] and h.at <= now for h in told)
        assert holds(spans, now) == (orders >= least and not active), (definition, history, now)


def test_customers_are_left_out_once_the_trait_says_so(models):
    """The exclusion reads a trait that the order changes: by its computation, the sync and the platform."""
    edits = {
        f"contracts/segments/{segment}/v1.json#/x-contract/{part}": []
        for segment in ("product_viewers_7d", "cart_abandoners_3d")
        for part in ("exclusions", "definition/none")
    }
    longest = {}
    for excluded in ("/segments/customers_all/v1", "/segments/staff_and_tests/v1"):
        data = plans.changed({**edits, "/exclusions": [excluded]})
        report = to_json(plans.rehearsed(data, models, number=60))
        viewers = next(
            row for row in report["audiences"] if row["segment"] == "/segments/product_viewers_7d/v1"
        )
        longest[excluded] = viewers["paid_after_conversion"]["longest"]
    assert 1440 < longest["/segments/customers_all/v1"] <= 4 * 1440 < longest["/segments/staff_and_tests/v1"]


@pytest.mark.parametrize(
    ("url", "stations", "lost", "loop"),
    [
        ("https://www.example.com/x", ("www.example.com/x",), None, False),
        ("https://go.example.com/x", ("go.example.com/x", "www.example.com/x"), None, False),
        ("https://m.example.com/x", ("m.example.com/x", "www.example.com/x"), "m.example.com", False),
        ("https://a.example/y", ("a.example/y", "b.example/y", "a.example/y"), None, True),
    ],
)
def test_links_are_followed_through_the_declared_redirects(url, stations, lost, loop):
    """Where they lead, where the tags are lost, and whether they ever end."""
    redirects = [
        {"from": "go.example.com", "to": "www.example.com"},
        {"from": "m.example.com", "to": "www.example.com", "keeps_query": False},
        {"from": "a.example", "to": "b.example"},
        {"from": "b.example", "to": "a.example"},
    ]
    found = route(Domains.model_validate({"redirects": redirects}), url)
    assert (found.stations, found.lost, found.loop) == (stations, lost, loop)


def test_a_rehearsal_is_the_same_for_a_seed(models):
    """Another seed plays other visitors."""
    one, two, other = (
        json.dumps(to_json(plans.rehearsed(plans.files(), models, seed=seed, number=30)))
        for seed in (5, 5, 6)
    )
    assert one == two
    assert one != other


def test_consent_decides_what_leaves(report):
    """Something is held back for every destination that needs consent, and something is sent."""
    rows = {(row["event"], row["destination"]): row for row in report["visits"]["deliveries"]}
    meta = rows["/events/order_completed/v1", "meta"]
    assert meta["sent"] and meta["held_back"]
    assert report["visits"]["agreed_to_nothing"] > 0


def test_times_until_a_platform_knows_stay_within_refresh_and_sync(report):
    """Nobody is known later than the intervals allow."""
    for row in report["audiences"]:
        assert row["entered"] >= row["noticed"] > 0
        assert 0 <= row["known_after"]["longest"] < row["refresh"] + row["sync"] + 1


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_data(self, data):
        self.text.append(data)


def test_hostile_words_stay_words_on_the_page(report):
    """No script, no address, nothing live, whatever a plan is called."""
    evil = "</title><script>alert(1)</script><img src=x onerror=alert(1)>"
    hostile = {**report, "label": evil, "slug": evil}
    hand = handoff_with(report, evil)
    hostile["handoff"] = hand
    hostile["audiences"] = [{**row, "platform": evil} for row in report["audiences"]]
    hostile["timeline"] = [{**row, "platform": evil} for row in report["timeline"]]
    parsed = _Page()
    parsed.feed(page(hostile))
    assert {"script", "img", "link", "iframe"}.isdisjoint(parsed.tags)
    assert parsed.addresses == []
    assert "svg" in parsed.tags
    for rendered in (text(hostile), markdown(hostile)):
        assert "\x1b" not in rendered
    assert "<script" not in markdown(hostile)


def handoff_with(report, words):
    """The handoff with an open row that says something."""
    row = {
        "part": "links",
        "weight": "blocker",
        "message": words,
        "missing": words,
        "owner": words,
        "way": words,
    }
    return {**report["handoff"], "open": [row], "because": words, "done": [words], "verdict": "no-go"}


def test_text_fits_a_terminal(report):
    """Eighty columns."""
    shown = text({**report, "handoff": handoff_with(report, "a plain word " * 20)})
    assert max(map(len, shown.splitlines())) <= 80


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The registry with the plan, on disk."""
    for path, data in plans.files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CANONRY_TODAY", "2026-11-25")
    return tmp_path


def test_drafts_are_held_against_the_plan(folder, capsys):
    """The sheet as built is as planned; each changed cell, a missing row and a rounded id are told."""
    assert run(["campaign", "build", "spring-beds", "-o", "plan.xlsx"]) == 0
    book = openpyxl.load_workbook("plan.xlsx")
    for name in book.sheetnames:
        if name != "Meta":
            del book[name]
    book.save("good.xlsx")
    capsys.readouterr()
    assert run(["campaign", "check", "spring-beds", "--file", "good.xlsx", "--visitors", "4"]) == 0
    assert "2 of 2 rows as planned" in capsys.readouterr().out
    sheet = book["Meta"]
    heads = [cell.value for cell in sheet[1]]

    def at(row, heading):
        return sheet.cell(row, heads.index(heading) + 1)

    at(2, "Campaign Name").value = "acme_de_sales_bof_spring-bed_202703_bcd2fw"
    at(3, "URL Tags").value = (
        at(3, "URL Tags").value.replace("bcd2fw", "tx7nrz").replace("spring-beds", "winter-living-weeks")
    )
    at(3, "Excluded Custom Audiences").value = None
    at(3, "Ad Set Time Start").value = "2027-03-02"
    sheet.cell(1, len(heads) + 1).value = "Campaign ID"
    sheet.cell(3, len(heads) + 1).value = 1.2e17
    book.save("bad.xlsx")
    code = run(
        ["campaign", "check", "spring-beds", "--file", "bad.xlsx", "--visitors", "4", "--format", "json"]
    )
    said = json.loads(capsys.readouterr().out)
    assert code == 1
    told = [row["message"] for row in said["handoff"]["open"] if row["part"] == "drafts"]
    for words in (
        "is a name of ours, and not of this plan",
        "was rounded by the spreadsheet",
        "URL Tags belongs to the campaign tx7nrz",
        "Excluded Custom Audiences is empty",
        "Ad Set Time Start is '2027-03-02'",
        "1 planned object is not in the sheet",
    ):
        assert any(words in message for message in told), (words, told)
    assert len(told) == 6


def test_a_sheet_of_nothing_known_is_said_to_be_one(folder, capsys):
    """Could not check is never passed."""
    book = openpyxl.Workbook()
    book.active.append(["fruit", "colour"])
    book.active.append(["apple", "red"])
    book.save("fruit.xlsx")
    assert run(["campaign", "check", "spring-beds", "--file", "fruit.xlsx", "--visitors", "4"]) == 3
    assert "the columns are none of a platform of this campaign" in " ".join(capsys.readouterr().out.split())


def test_every_form_is_written_to_a_file(folder, capsys):
    """Text, JSON, Markdown and a page say the same verdict."""
    for form in ("text", "json", "markdown", "html"):
        assert (
            run(
                ["campaign", "check", "spring-beds", "--format", form, "-o", f"out.{form}", "--visitors", "4"]
            )
            == 0
        )
        assert "go" in (folder / f"out.{form}").read_text("utf-8").lower()
    assert capsys.readouterr().out.count("go: ") == 4


def test_an_unknown_campaign_is_answered_with_the_nearest(folder, capsys):
    """As everywhere."""
    assert run(["campaign", "check", "spring-bed"]) == 2
    assert "spring-beds" in capsys.readouterr().err

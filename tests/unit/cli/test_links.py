"""One link or name at a time: built, asked for, pasted, corrected."""

import json
import os
import pty
import subprocess
import sys
import threading

import pytest
import yaml

from canonry.app.reading import RULES

CAMPAIGN = ("--campaign", "spring-sale")
LINK = (
    "https://www.example.com/spring?utm_source=tiktok&utm_medium=paid_social"
    "&utm_campaign=de_spring-sale_202703_k7m2pk"
)


def built(answer):
    """The JSON of a build."""
    code, out, _ = answer
    return code, json.loads(out)


def test_a_platform_and_a_campaign_are_enough(canonry):
    """No version, no kind, no id is ever typed; the first line is the link, alone."""
    code, out, _ = canonry("utm", "build", "TikTok", *CAMPAIGN)
    assert code == 0
    assert out.splitlines()[0] == LINK
    assert "Paid Social in GA4" in out
    assert "Ad > Destination" in out


@pytest.mark.parametrize("word", ["paid_social", "psoc", "Paid Social", "/utm/paid_social/v1"])
def test_formats_are_found_by_every_name(canonry, word):
    """Short name, alias, title, id."""
    _, document = built(canonry("utm", "build", word, *CAMPAIGN, "--platform", "tiktok", "--format", "json"))
    assert document["url"] == LINK
    assert document["channel"] == "Paid Social"
    assert document["params"]["utm_campaign"] == "de_spring-sale_202703_k7m2pk"
    assert document["format"] == "/utm/paid_social/v1"


def test_what_the_platform_wants_decides_what_is_printed(canonry):
    """Meta takes parameters, and fills some in itself; macros stay as they are."""
    _, document = built(canonry("utm", "build", "meta", *CAMPAIGN, "--format", "json"))
    assert document["as"] == "params"
    assert document["params"]["utm_content"] == "{{ad.name}}"
    assert document["url"].endswith("&utm_content={{ad.name}}")
    assert document["paste"].startswith("Ad > Tracking")
    _, document = built(canonry("utm", "build", "meta", *CAMPAIGN, "--as", "suffix", "--format", "json"))
    assert document["text"].startswith("utm_source=facebook&")


def test_macros_can_be_asked_for_and_refused(canonry):
    """A value that macros leave no room for is written without them, or noted."""
    _, document = built(canonry("utm", "build", "meta", "creative=film", *CAMPAIGN, "--format", "json"))
    assert document["params"]["utm_content"] == "film"
    _, document = built(
        canonry("utm", "build", "meta", "creative=film", "--macros", *CAMPAIGN, "--format", "json")
    )
    assert document["params"]["utm_content"] == "{{ad.name}}"
    assert document["findings"][0]["name"] == "link-value-unused"
    code, _, err = canonry(
        "utm", "build", "flyer", "source=poster", "slug=x", "--macros", "--url", "https://www.example.com"
    )
    assert code == 2
    assert "no macros" in err


def test_several_formats_or_platforms_are_named(canonry, registry):
    """Nothing is guessed."""
    code, _, err = canonry("utm", "build", "meta", "--platform", "flyer")
    assert code == 2
    assert "There are: meta, tiktok" in err
    code, _, err = canonry("utm", "build")
    assert code == 2
    assert "There are: flyer, paid_social" in err
    assert "did you mean 'paid_social'?" in canonry("utm", "build", "paid_socail")[2]
    assert "did you mean 'spring-sale'?" in canonry("utm", "build", "meta", "--campaign", "sprng-sale")[2]


def test_everything_missing_and_wrong_is_said_at_once(canonry):
    """With the nearest right word, and 1."""
    code, document = built(
        canonry(
            "utm",
            "build",
            "psoc",
            "source=tiktok",
            "market=ux",
            "slug=Big Sale",
            "--url",
            "/x",
            "--format",
            "json",
        )
    )
    assert code == 1
    assert document["url"] is None
    said = {finding["message"].partition(":")[0]: finding for finding in document["findings"]}
    assert {"market", "slug", "flight", "campaign_id"} <= said.keys()
    assert said["slug"]["suggestion"] == "big-sale"
    text = canonry("utm", "build", "psoc", "source=tiktok", "market=ux")[1]
    assert text.startswith("No link yet")


PAGES = {
    "relative": ("/sofas", "link-internal"),
    "own": ("https://account.example.com/", "link-internal"),
    "payment": ("https://pay.example.com/x", "link-host-elsewhere"),
    "no scheme": ("mailto:a@b.c", "link-scheme"),
    "no host": ("https://", "link-host"),
    "words": ("sofas", "link-scheme"),
    "two question marks": ("https://www.example.com/?a=1?b=2", "link-question-marks"),
    "fragment first": ("https://www.example.com/#top?utm_x=1", "link-query-in-fragment"),
    "tagged": ("https://www.example.com/?UTM_Source=x&utm_source=y", "link-parameter-repeated"),
    "percent": ("https://www.example.com/?a=100%", "link-encoding"),
    "space": ("https://www.example.com/a b", "link-space"),
    "braces": ("https://www.example.com/{id}", "link-space"),
    "newline": ("https://www.example.com/a\nb", "link-control-character"),
    "password": ("https://ada:secret@www.example.com/", "link-userinfo"),
    "e-mail": ("https://www.example.com/?m=ada@example.com", "link-personal-data"),
    "encoded e-mail": ("https://www.example.com/?m=ada%40example.com", "link-personal-data"),
    "odd host": ("https://www..com/", "link-host"),
    "long": (f"https://www.example.com/{'x' * 300}", "link-long"),
}


@pytest.mark.parametrize(("page", "rule"), PAGES.values(), ids=PAGES)
def test_a_landing_page_that_cannot_be_tagged_is_refused(canonry, page, rule):
    """By a rule that has a page; no personal data is repeated."""
    code, document = built(canonry("utm", "build", "tiktok", *CAMPAIGN, "--url", page, "--format", "json"))
    assert code == 1
    assert rule in [finding["name"] for finding in document["findings"]]
    assert "ada@" not in json.dumps(document)
    assert "secret" not in json.dumps(document)
    assert canonry("explain", rule)[0] == 0


@pytest.mark.parametrize(
    ("page", "start", "rule"),
    [
        ("https://other.test/a", "https://other.test/a?utm_source", "link-host-elsewhere"),
        ("https://go.example.com/a", "https://go.example.com/a?utm_source", "link-host-elsewhere"),
        ("www.example.com/a", "https://www.example.com/a?utm_source", "link-scheme"),
        (
            "https://www.example.com/?fbclid=1&a=2#top",
            "https://www.example.com/?a=2&utm_source",
            "link-click-id",
        ),
    ],
)
def test_a_landing_page_that_is_odd_is_noted(canonry, page, start, rule):
    """And used, repaired where that is sure."""
    code, document = built(canonry("utm", "build", "tiktok", *CAMPAIGN, "--url", page, "--format", "json"))
    assert code == 0
    assert document["url"].startswith(start)
    assert [finding["name"] for finding in document["findings"]] == [rule]


@pytest.mark.parametrize(
    "page",
    [
        *(
            "https://www.example.com",
            "https://a.shop.example/x",
            "HTTPS://WWW.Example.com/a?b=c&d",
            "http://www.example.com/#x",
        ),
        *("https://www.example.com/%C3%A4", "https://www.example.com:8443/?q=a%20b"),
    ],
)
def test_other_landing_pages_are_left_as_they_are(canonry, page):
    """Existing parameters, ports, fragments and encodings stay, the fragment last."""
    code, document = built(canonry("utm", "build", "tiktok", *CAMPAIGN, "--url", page, "--format", "json"))
    assert (code, document["findings"]) == (0, [])
    before, _, fragment = page.partition("#")
    assert document["url"].lower().startswith(before.lower())
    assert document["url"].endswith(f"#{fragment}" if fragment else "_k7m2pk")


def test_a_qr_code_is_drawn_of_the_link(canonry, tmp_path):
    """As SVG or PNG; macros cannot be printed on paper."""
    for ending in ("svg", "png"):
        file = tmp_path / f"code.{ending}"
        assert (
            canonry(
                "utm",
                "build",
                "flyer",
                "source=poster",
                "slug=x",
                "--url",
                "https://www.example.com",
                "--qr",
                file,
            )[0]
            == 0
        )
        assert file.stat().st_size > 100
    assert canonry("utm", "build", "meta", *CAMPAIGN, "--qr", tmp_path / "x.svg")[0] == 2
    assert canonry("utm", "build", "tiktok", *CAMPAIGN, "--qr", tmp_path / "x.gif")[0] == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [(["market"], "is no field"), (["market=de", "market=gb"], "given twice"), (["=x"], "is no field")],
)
def test_fields_are_name_and_value(canonry, words, why):
    """Anything else is explained."""
    code, _, err = canonry("utm", "build", "psoc", *words)
    assert code == 2
    assert why in err


def conversation(registry, arguments, answers):
    """Exit code, standard output, and what was asked on a terminal that gives these answers."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "canonry", *arguments, "--registry", str(registry)],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "TERM": "dumb"},
    )
    os.close(slave)
    seen = bytearray()
    coming = iter(answers)

    def talk():
        while True:
            try:
                data = os.read(master, 1000)
            except OSError:
                return
            if not data:
                return
            seen.extend(data)
            if data.rstrip()[-1:] in (b"?", b":"):
                os.write(master, next(coming, "").encode() + b"\n")

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    out, _ = process.communicate(timeout=60)
    os.close(master)
    thread.join(timeout=10)
    return process.returncode, out.decode(), seen.decode()


def test_a_terminal_is_asked_for_what_is_missing(registry):
    """With the choices; a wrong answer is explained, and the link comes out alone on standard output."""
    answers = ["paid_social", "none", "2", "tiktok", "ux", "gb", "Big Sale!", "big-sale", "2027-03", "k7m2pk"]
    code, out, seen = conversation(registry, ["utm", "build"], [*answers, "www.example.com/x"])
    assert code == 0, seen
    assert out.splitlines()[0] == (
        "https://www.example.com/x?utm_source=tiktok&utm_medium=paid_social&utm_campaign=gb_big-sale_202703_k7m2pk"
    )
    assert "'ux' is not allowed" in seen


def test_a_campaign_that_is_chosen_answers_the_rest(registry):
    """Nobody who picks a campaign types its id."""
    code, out, seen = conversation(registry, ["utm", "build", "psoc"], ["spring-sale", "tiktok"])
    assert code == 0, seen
    assert out.splitlines()[0] == LINK


def test_names_are_built_and_read_back(canonry):
    """The same three commands as for links."""
    code, out, _ = canonry("name", "build", "meta", "market=uk", "slug=sale", "version=03")
    assert code == 0
    assert out.splitlines()[0] == "gb_sale_v3"
    code, document = built(canonry("name", "parse", "gb_sale_v3", "--format", "json"))
    assert code == 0
    assert document["fields"] == {"market": "gb", "slug": "sale", "version": 3}
    assert document["meanings"] == {"market": "United Kingdom"}
    code, document = built(canonry("name", "parse", "UK_sale_v3", "--of", "meta_ad", "--format", "json"))
    assert (code, document["corrected"]) == (0, "gb_sale_v3")
    code, document = built(canonry("name", "parse", "ux_sale_v3", "--format", "json"))
    assert (code, document["status"]) == (1, "rejected")


def test_a_right_link_is_said_in_words(canonry):
    """Fields, meaning, channel; nothing to correct."""
    code, out, _ = canonry("utm", "parse", LINK)
    assert code == 0
    for part in ("Paid social", "Paid Social in GA4", "Germany", "nothing to correct"):
        assert part in out
    code, document = built(canonry("utm", "parse", LINK, "--format", "json"))
    assert {"format", "fields", "channel", "findings", "corrected"} <= document.keys()
    assert (code, document["channel"], document["findings"]) == (0, "Paid Social", [])


WRONG = {
    "alias": (LINK.replace("tiktok", "TikTok"), LINK, "link-spelling"),
    "retired": (LINK.replace("=de_", "=su_"), LINK, "link-word-retired"),
    "unknown": (LINK.replace("=de_", "=ux_"), None, "link-value-unknown"),
    "second question mark": (LINK.replace("&utm_medium", "?utm_medium"), LINK, "link-question-marks"),
    "fragment": (LINK.replace("?", "#?"), LINK, "link-query-in-fragment"),
    "escaped": (LINK.replace("&", "&amp;"), LINK, "link-ampersand-escaped"),
    "repeated": (f"{LINK}&utm_source=tiktok", LINK, "link-parameter-repeated"),
    "e-mail": (f"{LINK}&email=ada@example.com", LINK, "link-personal-data"),
    "click id": (f"{LINK}&fbclid=abc", LINK, "link-click-id"),
    "macro": (f"{LINK}&utm_content={{{{ad.name}}}}", None, "link-macro"),
    "foreign host": (LINK.replace("www.example.com", "other.test"), None, "link-host-elsewhere"),
}


@pytest.mark.parametrize(("link", "corrected", "rule"), WRONG.values(), ids=WRONG)
def test_a_wrong_link_is_explained_and_corrected(canonry, link, corrected, rule):
    """By a rule; personal data is masked everywhere."""
    _, document = built(canonry("utm", "parse", link, "--format", "json"))
    assert any(finding["name"].startswith(rule) for finding in document["findings"])
    if corrected:
        assert sorted(document["corrected"].partition("?")[2].split("&")) == sorted(
            corrected.partition("?")[2].split("&")
        )
    assert "ada@" not in json.dumps(document)
    text = canonry("utm", "parse", link)
    assert "ada@" not in text[1]


def test_a_link_that_the_shell_cut_says_so(canonry):
    """The commonest mistake of all, but only where a shell was between."""
    cut = LINK.partition("&")[0]
    assert "your shell cut this link at `&`" in canonry("utm", "parse", cut)[1]


@pytest.mark.parametrize("how", ["file", "standard input", "argument that is a file"])
def test_many_links_are_read_line_by_line(registry, canonry, tmp_path, how):
    """Each with its verdict; blank lines are none; a summary ends it."""
    file = tmp_path / "links.txt"
    file.write_bytes(b"\xef\xbb\xbf" + f"{LINK}\n\n{LINK.replace('=de_', '=ux_')}\r\n\xe9\n".encode())
    if how == "standard input":
        said = subprocess.run(
            [sys.executable, "-m", "canonry", "utm", "parse", "--registry", registry],
            input=file.read_bytes(),
            capture_output=True,
            check=False,
        )
        code, out = said.returncode, said.stdout.decode()
    else:
        code, out, _ = canonry("utm", "parse", *(["--file", file] if how == "file" else [file]))
    assert code == 1
    assert "3 links: 1 right, 0 to correct, 2 unreadable" in out


def test_many_links_as_json(canonry, tmp_path):
    """One document, or one line each."""
    file = tmp_path / "links.txt"
    file.write_text(f"{LINK}\n{LINK}\n", encoding="utf-8")
    document = json.loads(canonry("utm", "parse", "--file", file, "--format", "json")[1])
    assert [each["status"] for each in document["links"]] == ["right", "right"]
    assert document["summary"]["right"] == 2
    lines = canonry("utm", "parse", "--file", file, "--format", "jsonl")[1].splitlines()
    assert [json.loads(line)["status"] for line in lines] == ["right", "right"]


def test_a_sheet_of_links_comes_back_checked(canonry, tmp_path):
    """Every row, in order, with verdict, problems and the corrected link."""
    file = tmp_path / "links.csv"
    file.write_text(f"who,link\n=a,{LINK}\nb,\nc,{LINK.replace('=de_', '=UK_')}\n", encoding="utf-8")
    code, out, _ = canonry("utm", "parse", "--file", file, "-o", tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert code == 0
    assert lines[0] == "who,link,status,format,channel,problems,corrected"
    assert lines[1].startswith("'=a,")
    assert lines[2].startswith("b,,")
    assert "=gb_spring-sale" in lines[3].rpartition(",")[2]
    assert "1 to correct" in out
    assert "no column 'x'" in canonry("utm", "parse", file, "--column", "x", "-o", tmp_path / "o.csv")[2]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_sheet_as_json_is_one_document(canonry, tmp_path, form):
    """Or one line each; every answer says in which row it stands."""
    file = tmp_path / "links.csv"
    file.write_text(f"Report of May\n\nwho,link\na,{LINK}\nb,\nc,{LINK}\n", encoding="utf-8")
    code, out, _ = canonry("utm", "parse", file, "--format", form)
    links = json.loads(out)["links"] if form == "json" else [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(each["status"], each["place"]["line"]) for each in links] == [("right", 4), ("right", 6)]
    silent = json.loads(canonry("utm", "parse", file, "--format", form, "-o", tmp_path / "o.csv")[1])
    assert silent["summary"]["right"] == 2
    assert silent["output"].endswith("o.csv")


def test_a_list_without_a_heading_loses_no_link(canonry, tmp_path):
    """The first row is a link like the others."""
    file = tmp_path / "links.csv"
    file.write_text(f"{LINK},x\n{LINK},y\n", encoding="utf-8")
    code, out, _ = canonry("utm", "parse", file, "-o", tmp_path / "out.csv")
    assert code == 0
    assert "2 links: 2 right" in out
    assert (tmp_path / "out.csv").read_text("utf-8").splitlines()[1].startswith(f"{LINK},x,right,")


def test_every_sheet_of_a_workbook_is_read(canonry, tmp_path):
    """One without links is copied; none is left out."""
    import openpyxl

    book = openpyxl.Workbook()
    for name, rows in {
        "May": [["link"], [LINK]],
        "Notes": [["hello", "you"]],
        "June": [["url"], [LINK]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "in.xlsx")
    assert "2 links: 2 right" in canonry("utm", "parse", tmp_path / "in.xlsx", "-o", tmp_path / "out.xlsx")[1]
    done = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert done.sheetnames == ["May", "Notes", "June"]
    assert done["June"]["B2"].value == "right"
    assert done["Notes"]["B1"].value == "you"


def test_links_as_arguments_are_not_dropped_for_a_sheet(canonry, tmp_path):
    """Arguments and files do not mix."""
    code, _, err = canonry("utm", "parse", LINK, "-o", tmp_path / "out.csv")
    assert (code, "Put the links into a file" in err) == (2, True)
    (tmp_path / "in.csv").write_text("link\n", encoding="utf-8")
    assert canonry("utm", "parse", LINK, "--file", tmp_path / "in.csv")[0] == 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_building_says_has_a_page_and_a_case(canonry, root, update, rule):
    """The bad command is told what the golden file has, the good one is not."""
    assert {"## Why it matters", "## Instead"} <= set(rule.prose.splitlines())
    folder = root / "tests" / "cases" / "links" / f"{rule.code}-{rule.name}"
    case = yaml.safe_load((folder / "case.yaml").read_text("utf-8"))

    def told(command):
        findings = json.loads(canonry(*command.split(), "--format", "json")[1])["findings"]
        kept = ("code", "name", "level", "message", "place")
        return [
            {k: v for k, v in each.items() if k in kept} for each in findings if each["code"] == rule.code
        ]

    found = told(case["bad"])
    golden = folder / "expected.json"
    if update:
        golden.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found
    assert found == json.loads(golden.read_text("utf-8"))
    assert told(case["good"]) == []


@pytest.mark.parametrize(
    "link", ["", "x" * 30_000, "\x00\x1b[31m", "https://", "javascript:alert(1)", "?" * 50, "%" * 500]
)
def test_anything_can_be_pasted(canonry, link):
    """No input is a bug."""
    code, out, err = canonry("utm", "parse", "--", link)
    assert code in (0, 1, 2)
    assert "bug in canonry" not in err
    assert "\x1b" not in out + err
    assert canonry("name", "parse", "--", link)[0] in (0, 1, 2)

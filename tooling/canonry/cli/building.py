"""`utm build` and `name build`: find out what is meant, ask for what is missing, build, say what to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from canonry.app import links
from canonry.app.links import Ask, Book, Target
from canonry.app.reading import of_building
from canonry.cli.asking import ask_field, choose, interactive, refuse
from canonry.cli.books import open_book
from canonry.cli.options import invocation, palette, say
from canonry.kernel.errors import UsageError
from canonry.kernel.findings import Finding, Level

_NONE: Final = "none"


def pairs(words: Iterable[str]) -> dict[str, str]:
    """`key=value` arguments. Raises `UsageError`."""
    found: dict[str, str] = {}
    for word in words:
        name, mark, value = word.partition("=")
        if not mark or not name:
            raise UsageError(f"{word!r} is no field", "Fields are written as name=value, such as market=de")
        if name in found:
            raise UsageError(f"{name} is given twice", "Give each field once")
        found[name] = value
    return found


def run_build(
    kind: str,
    word: str | None,
    words: Iterable[str],
    *,
    form: str,
    campaign: str | None = None,
    platform: str | None = None,
    url: str | None = None,
    way: str | None = None,
    macros: bool | None = None,
    qr: Path | None = None,
) -> int:
    """One link or name on standard output; 1 where something stands in its way."""
    if word is not None and "=" in word:
        words, word = [word, *words], None
    given = pairs(words)
    book = open_book(invocation().root())
    asking = interactive() and form == "text"
    chosen = find_target(book, kind, word, platform, campaign, given, asking=asking)
    if asking:
        chosen = _placed(book, kind, chosen, given)
    if macros and links.form_of(book, chosen, given, macros=True) is None:
        where = (
            f"{book.label(chosen.platform)} has no macros in this format"
            if chosen.platform
            else "no platform"
        )
        raise UsageError(
            f"--macros cannot be used: {where}", "Name the platform (--platform), or leave it out"
        )
    if asking:
        url = _ask(book, chosen, given, url, macros=macros)
    answer = links.build(book, chosen, given, url=url, way=way, macros=macros)
    findings = of_building(book, answer)
    if qr is not None and answer["ok"]:
        _draw(qr, answer)
    _report(book, answer, findings, form, qr)
    return 0 if answer["ok"] else 1


def find_target(
    book: Book,
    kind: str,
    word: str | None,
    platform: str | None,
    campaign: str | None,
    given: Mapping[str, str],
    *,
    asking: bool,
) -> Target:
    """What is meant; asks, or raises `UsageError` with the choices."""
    if word is None:
        listed = links.formats(book, kind)
        if not asking:
            raise refuse("say which format or platform", listed)
        word = choose("What is the link for?" if kind == "utm" else "What is the name for?", listed)
    while True:
        try:
            return links.target(book, kind, word, platform=platform, campaign=campaign, given=given)
        except Ask as question:
            if not asking:
                raise refuse(question.message, question.choices) from None
            answer = choose(question.message, question.choices)
            if question.about == "format":
                platform = platform or book.finder.platform(word)
                word = answer
            elif question.about == "platform":
                platform = answer
            else:
                campaign = answer


def _placed(book: Book, kind: str, chosen: Target, given: Mapping[str, str]) -> Target:
    """The target with its campaign and its platform, asked for where they are not known."""
    fields = book.codec(chosen.format).contract(chosen.format).fields
    marks = [
        n for n, field in fields.items() if field.spec["type"] == "id" and field.spec["of"] == "campaign"
    ]
    campaign = chosen.campaign
    running = [
        (each["slug"], each["label"])
        for each in book.index["campaigns"].values()
        if each["status"] in ("planned", "live")
    ]
    if campaign is None and running and marks and not any(given.get(name) for name in marks):
        answer = choose("Which campaign is it for?", [*running, (_NONE, "none of these")])
        if answer != _NONE:
            campaign = answer
            again = find_target(book, kind, chosen.format, chosen.platform, campaign, given, asking=True)
            chosen = again
    places = [(name, book.label(name)) for name in book.index["contracts"][chosen.format]["platforms"]]
    if kind == "utm" and chosen.platform is None and len(places) > 1:
        answer = choose("Where will it run?", [*places, (_NONE, "somewhere else")])
        if answer != _NONE:
            chosen = find_target(book, kind, chosen.format, answer, campaign, given, asking=True)
    return chosen


def _ask(
    book: Book, chosen: Target, given: dict[str, str], url: str | None, *, macros: bool | None
) -> str | None:
    """Fills in `given` from a terminal, and returns the landing page."""
    form = links.form_of(book, chosen, given, macros=macros)
    contract = book.codec(chosen.format).contract(chosen.format)
    for need in links.needs(book, chosen, form):
        name = need["field"]
        value = given.get(name) or chosen.fixed.get(name)
        wrong = _checker(contract, name)
        if value and wrong(value) is None:
            continue
        if not value and (not need["required"] or need["fixed"] is not None):
            continue
        if value:
            from canonry.cli.asking import tell

            tell(wrong(value) or "")
        given[name] = ask_field(need, wrong)
    if contract.kind == "utm" and url is None and chosen.landing is None:
        pages = book.pages()

        def check(text: str) -> str | None:
            problems = pages.look(text).problems
            return f"{problems[0][1]}: {problems[0][2]}" if problems else None

        page = {"field": "url", "title": "Landing page", "choices": None, "expected": "https://..."}
        url = ask_field(page, check)
    return url


def _checker(contract: Any, name: str) -> Any:
    from canonry.naming.links import sentence

    def check(text: str) -> str | None:
        _, _, problem = contract.spelling(name, text)
        if problem is None:
            return None
        near = f" Did you mean {problem['nearest']}?" if problem["nearest"] else ""
        return f"{sentence(problem, contract.id)}.{near}"

    return check


def _draw(qr: Path, answer: Mapping[str, Any]) -> None:
    """Raises `UsageError` for a file that is neither SVG nor PNG."""
    if qr.suffix.lower() not in (".svg", ".png"):
        raise UsageError(f"{qr} is neither .svg nor .png", "Say --qr code.svg")
    if answer["url"] is None:
        raise UsageError("a QR code needs a landing page", "--url https://...")
    if answer["macros"]:
        raise UsageError("a QR code cannot hold macros, which nobody fills in on paper", "Say --no-macros")
    import segno

    from canonry.adapters.tables import replacing

    with replacing(qr) as draft:
        segno.make_qr(answer["url"], error="m").save(str(draft), scale=8, border=4)


def _report(
    book: Book, answer: Mapping[str, Any], findings: tuple[Finding, ...], form: str, qr: Path | None
) -> None:
    from canonry.render import text
    from canonry.render.links import built_json, built_text
    from canonry.render.plain import visible

    if form == "json":
        say(built_json(answer, [finding.to_json() for finding in findings]))
        return
    style = palette()
    if not answer["ok"]:
        errors = [finding for finding in findings if finding.level is Level.ERROR]
        what = "name" if "name" in answer else "link"
        say(style("bold", f"No {what} yet; {len(errors)} to settle:"))
        say(text.remarks(errors, style))
        say(f"\ncanonry show {visible(answer['format'])} lists the fields.")
        return
    say(built_text(answer, {key: book.label(key) for key in (answer["platform"],) if key}))
    if findings:
        say("\n" + text.remarks(findings, style))
    if qr is not None:
        say(f"\nThe QR code is in {visible(str(qr))}.")

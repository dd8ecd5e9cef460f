"""Lists, search results and single entries as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from canonry.render.palette import PLAIN, Palette
from canonry.render.plain import visible, wrapped

_WIDTH: Final = 80
_SHOWN_VALUES: Final = 12


def table(rows: Sequence[Sequence[str]], *, indent: str = "  ", palette: Palette = PLAIN) -> str:
    """Columns as wide as they need; the last one is wrapped. The first one is bold."""
    if not rows:
        return ""
    clean = [[visible(cell) for cell in row] for row in rows]
    widths = [
        min(max(len(row[column]) for row in clean if column < len(row)), 40)
        for column in range(max(map(len, clean)))
    ]
    lines = []
    for row in clean:
        cells = list(row)
        head = indent + "".join(
            f"{palette('bold', cell) if n == 0 else cell}{' ' * (widths[n] - len(cell))}  "
            for n, cell in enumerate(cells[:-1])
        )
        plain = indent + "".join(f"{cell:<{widths[n]}}  " for n, cell in enumerate(cells[:-1]))
        if len(plain) > _WIDTH - 20:
            lines.append(head.rstrip())
            lines.append(wrapped(cells[-1], indent=f"{indent}    "))
            continue
        body = wrapped(cells[-1], indent=plain, hanging=" " * len(plain))
        lines.append((head + body[len(plain) :]).rstrip())
    return "\n".join(line for line in lines if line)


def heading(text: str, palette: Palette) -> str:
    """A line that says what follows."""
    return palette("bold", visible(text))


def section_counts(counts: Mapping[str, int], palette: Palette = PLAIN) -> str:
    """What a registry holds, by section."""
    rows = [[name, f"{number:,}"] for name, number in counts.items()]
    return f"{table(rows, palette=palette)}\n\ncanonry list SECTION shows one of them."


def listing(items: Iterable[Mapping[str, Any]], palette: Palette = PLAIN) -> str:
    """One line per entry: its short name, what it is, its status where that is not the usual one."""
    rows = []
    for item in items:
        odd = item["status"] in ("draft", "deprecated", "retired", "cancelled", "ended", "planned", "live")
        mark = f"({item['status']}) " if odd else ""
        rows.append([item["name"], f"{mark}{_first_sentence(item['description'] or item['title'])}"])
    return table(rows, palette=palette) or "  none"


def _first_sentence(text: str) -> str:
    head, mark, _ = text.partition(". ")
    return head + mark.strip()


def hits(found: Sequence[tuple[Mapping[str, Any], Sequence[str]]], palette: Palette = PLAIN) -> str:
    """Search results: the id, the title and why it was found."""
    blocks = []
    for item, reasons in found:
        lines = [f"{palette('bold', visible(item['id']))}  {visible(item['title'])}"]
        lines += [wrapped(reason, indent="    ") for reason in reasons]
        blocks.append("\n".join(lines))
    return "\n".join(blocks)


def entry(card: Mapping[str, Any], palette: Palette = PLAIN) -> str:
    """Everything worth knowing of one entry (`canonry.app.card`)."""
    blocks = [f"{palette('bold', visible(card['title']))}  {palette('dim', visible(card['id']))}"]
    if card.get("description"):
        blocks.append(wrapped(card["description"]))
    blocks.append(table([[key, value] for key, value in card["facts"].items() if value], palette=palette))
    for title, rows in card["tables"].items():
        if rows:
            blocks.append(f"{heading(title, palette)}\n{table(rows, palette=palette)}")
    return "\n\n".join(block for block in blocks if block)


def field_words(schema: Mapping[str, Any]) -> str:
    """What a property may hold, in words."""
    return ", ".join(_parts(schema)) or "anything"


def _parts(schema: Mapping[str, Any]) -> Iterator[str]:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield (
            f"a word of {reference.rpartition('/')[2]}"
            if reference.startswith("/vocabularies/")
            else reference
        )
    if "const" in schema:
        yield f"always {_value(schema['const'])}"
    allowed = schema.get("enum")
    if isinstance(allowed, list):
        shown = ", ".join(map(_value, allowed[:_SHOWN_VALUES]))
        more = len(allowed) - _SHOWN_VALUES
        yield f"one of {shown}" + (f" and {more} more" if more > 0 else "")
    if isinstance(schema.get("x-name-of"), str):
        yield f"a name of {schema['x-name-of']}"
    kind = schema.get("type")
    if kind and allowed is None and "x-name-of" not in schema:
        yield " or ".join(kind) if isinstance(kind, list) else str(kind)
    items = schema.get("items")
    if isinstance(items, Mapping):
        yield f"each {field_words(items)}"
    for keyword, words in _LIMITS.items():
        if keyword in schema:
            yield f"{words} {_value(schema[keyword])}"


_LIMITS: Final[Mapping[str, str]] = {
    "format": "as",
    "pattern": "like",
    "minimum": "from",
    "maximum": "to",
    "minLength": "at least",
    "maxLength": "at most",
    "minItems": "at least",
    "maxItems": "at most",
}


def _value(value: object) -> str:
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def prose(markdown: str, palette: Palette = PLAIN) -> str:
    """A rule's page for the terminal: headings stand out, paragraphs are wrapped, lists and code kept."""
    blocks = []
    for block in markdown.strip().split("\n\n"):
        lines = block.split("\n")
        if lines[0].startswith("#"):
            title = heading(lines[0].lstrip("# "), palette)
            rest = " ".join(line.strip() for line in lines[1:])
            blocks.append(f"{title}\n{wrapped(rest)}" if rest else title)
        elif lines[0].startswith(("    ", "- ", "* ", "|", "```")):
            blocks.append("\n".join(visible(line) for line in lines))
        else:
            blocks.append(wrapped(" ".join(line.strip() for line in lines)))
    return "\n\n".join(blocks)

"""Text of names and links: case, percent-encoding, query strings, nearest words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
MIN_START = 3
"""A word of which at least so many letters were typed is offered whole."""
_HEX = {a + b: int(a + b, 16) for a in "0123456789abcdefABCDEF" for b in "0123456789abcdefABCDEF"}
_LOWER = {code: code + 32 for code in range(65, 91)}


def fold(text: str) -> str:
    """The text with A-Z in lower case; nothing else changes."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def quote(text: str) -> str:
    """Percent-encoding of a parameter value: all but `A-Z a-z 0-9 - . _ ~`, as UTF-8, in capitals."""
    if not text.strip(UNRESERVED):
        return text
    data = text.encode("utf-8", "surrogatepass")
    return "".join(chr(b) if chr(b) in UNRESERVED else f"%{b:02X}" for b in data)


def unquote(text: str) -> str | None:
    """The text that was percent-encoded, `+` read as a space; None where the encoding is no valid one."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    head, *pieces = text.split("%")
    data = bytearray(head.encode("utf-8", "surrogatepass"))
    for piece in pieces:
        code = _HEX.get(piece[:2])
        if code is None:
            return None
        data.append(code)
        data += piece[2:].encode("utf-8", "surrogatepass")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def split(url: str) -> tuple[str, list[tuple[str, str]], str]:
    """What stands before the query, its parameters as they are written, and the fragment with its `#`."""
    head, mark, fragment = url.partition("#")
    base, _, query = head.partition("?")
    pairs: list[tuple[str, str]] = []
    for pair in query.split("&"):
        if pair:
            key, _, value = pair.partition("=")
            pairs.append((key, value))
    return base, pairs, mark + fragment


def join(base: str, params: Iterable[tuple[str, str]], macros: Iterable[str] = ()) -> str:
    """The base URL with the parameters after those it has, and its fragment last; keys in `macros` stay raw.

    Raises `ValueError` where the base carries one of the parameters already.
    """
    head, mark, fragment = base.partition("#")
    raw = frozenset(macros)
    if "?" in head:
        present = {(unquote(key) or key) for key, _ in split(head)[1]}
        for key, _ in params:
            if key in present:
                raise ValueError(key)
        glue = "" if head[-1] in "?&" else "&"
    else:
        glue = "?"
    query = "&".join([f"{quote(k)}={v if k in raw else quote(v)}" for k, v in params])
    return head + glue + query + mark + fragment if query else base


def distance(left: str, right: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps between two texts; above `limit`, `limit` + 1."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, char in enumerate(left, 1):
        older, before, row = before, row, [i, *[limit + 1] * len(right)]
        best = i
        for j in range(max(1, i - limit), min(len(right), i + limit) + 1):  # further off it costs too much
            other = right[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if older and j > 1 and char == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row[j] = cost
            best = min(best, cost)
        if best > limit:
            return limit + 1
    return row[-1] if row[-1] <= limit else limit + 1


def nearest(found: str, allowed: Collection[str]) -> str | None:
    """The allowed word that was most likely meant; None where nothing is close."""
    wanted = _bare(found)[:64]
    if not wanted:
        return None
    best, limit = None, max(1, len(wanted) // 3)
    for word in allowed:
        bare = _bare(word)
        if bare == wanted:
            return word
        near = distance(wanted, bare, limit)
        if near <= limit:
            best, limit = word, near - 1
            if limit < 1:
                limit = 0
    if best is None and len(wanted) >= MIN_START:
        starts = [
            word
            for word in allowed
            if _bare(word).startswith(wanted) or wanted.startswith(_bare(word) or "\0")
        ]
        best = max(starts, key=len) if starts else None
    return best


def _bare(text: str) -> str:
    return fold(text).replace("-", "").replace("_", "").replace(" ", "").replace(".", "")


def same_letters(left: str, right: str) -> bool:
    """Whether two names differ in nothing but case, spaces, `.`, `-` and `_`."""
    return _bare(left) == _bare(right)


def slug(text: str) -> str:
    """The text as a word of the usual grammar: `Spring Sale!` is `spring-sale`."""
    kept = "".join(char if char.isascii() and char.isalnum() else " " for char in fold(text).replace("'", ""))
    return "-".join(kept.split())

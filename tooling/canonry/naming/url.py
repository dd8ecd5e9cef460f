"""Reads a pasted link however it was broken, and says how.

`read` takes anything that was meant to be a link: cut by a shell, wrapped by a mail programme, escaped for
HTML, with its query in the fragment. It answers the parts as they should be and one `Issue` per repair. It
knows no formats; `canonry.naming.links` judges what the parameters say.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from canonry.naming.runtime.text import distance, fold, join, unquote

MAX_LINK: Final = 20_000
"""A longer text is not read."""

MISNAMED: Final = {
    "utm_keyword": "utm_term",
    "utm_keywords": "utm_term",
    "utm_campaign_id": "utm_id",
    "utm_campaignid": "utm_id",
    "utm_name": "utm_campaign",
    "utm_campaign_name": "utm_campaign",
}
"""Parameters that people write and nothing reads."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_INNER_QUERY = re.compile(r"\?(?=[A-Za-z_][A-Za-z0-9_.-]*=)")
_ENCODED_QUERY = re.compile(r"%3[fF](?=utm_)")
_ENCODED_AMPERSAND = re.compile(r"&(?:amp|#38|#x26);|%26(?=utm_[a-z_]+(?:=|%3[dD]))|\\u0026", re.IGNORECASE)
_ENTITY_PREFIX = re.compile(r"\A(?:amp;)+", re.IGNORECASE)
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD])
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNWRITABLE = re.compile(r"[^!$'()*+,\-./0-9:;=@A-Z_a-z~%?{}]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TWICE = re.compile(r"%25(?=[0-9A-Fa-f]{2})")
_MARKDOWN = re.compile(r"\[[^\]]*\]\((?P<link>[^()\s]+)\)\Z")
_QUOTES: Final = {'"': '"', "'": "'", "<": ">", "`": "`", "“": "”", "«": "»", "(": ")", "[": "]"}


class Issue(NamedTuple):
    """Something wrong with a link; `name` is its rule's. It holds no personal data."""

    name: str
    message: str
    suggestion: str = ""
    param: str | None = None
    found: str | None = None
    nearest: str | None = None


class Link:
    """A link that was read; `params` are decoded and in the link's order, those of formats each once.

    `raw` holds parameters that are written as they were: they are not ours, or hold a macro. No dataclass:
    importing that takes as long as Python takes to start, and one link is read in little more.
    """

    __slots__ = ("fragment", "host", "issues", "params", "path", "raw", "scheme", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.scheme = self.host = self.path = self.fragment = ""
        self.params: list[tuple[str, str]] = []
        self.issues: list[Issue] = []
        self.raw: dict[str, str] = {}

    @property
    def base(self) -> str:
        """Scheme, host and path."""
        return f"{self.scheme}://{self.host}{self.path}" if self.host else self.path

    def issue(
        self,
        name: str,
        message: str,
        suggestion: str = "",
        *,
        param: str | None = None,
        found: str | None = None,
        nearest: str | None = None,
    ) -> None:
        """Notes something wrong."""
        self.issues.append(Issue(name, message, suggestion, param, found, nearest))

    def url(self) -> str:
        """The link as it should be written."""
        base = self.base or "/"
        return join(base + self.fragment, [(k, self.raw.get(k, v)) for k, v in self.params], self.raw)


def read(
    text: str, known: Collection[str] = (), macros: Collection[str] = (), *, from_shell: bool = False
) -> Link:
    """The parts of a link, repaired. `known` are the parameters that formats write, `macros` what stays raw.

    `from_shell`: the text was an argument, so that a shell may have cut it.
    """
    link = Link(text)
    if len(text) > MAX_LINK:
        link.issue(
            "link-long",
            f"the text has {len(text):,} characters; links have a few hundred",
            "one link per line",
        )
        return link
    body = _unescaped(link, _unwrapped(link, text))
    head, mark, fragment = body.partition("#")
    head, fragment = _from_fragment(link, head, fragment)
    link.fragment = mark + fragment if fragment else ""
    head = _one_query(link, head)
    place, asked, query = head.partition("?")
    _place(link, place)
    _params(link, query, known, macros)
    if from_shell and asked and "&" not in text:
        _cut(link)
    return link


def opened(address: str, suffix: str) -> str:
    """The address as a click opens it: with the parameters that the platform appends (URL parameters, final
    URL suffix).

    One that the address has too is taken from the suffix, as Meta documents it; what stands twice on one side
    stays twice. A fragment stays last, the suffix's own before the address's. A mark that somebody typed
    before the suffix is not doubled.
    """
    tail, hash_, anchor = suffix.strip().partition("#")
    tail = tail.lstrip("?& ")
    if not tail:
        return address
    head, mark, fragment = address.partition("#")
    path, _, query = head.partition("?")
    keys = {_named(pair) for pair in tail.split("&")}
    kept = [pair for pair in query.split("&") if pair and _named(pair) not in keys]
    end = f"#{anchor}" if hash_ and anchor else mark + fragment
    return f"{path}?{'&'.join([*kept, tail])}{end}"


def _named(pair: str) -> str:
    key = pair.partition("=")[0]
    return unquote(key) or key


def _unwrapped(link: Link, text: str) -> str:
    """The link without what stands around it: quotes, brackets, a cell's comma, invisible characters."""
    body = text.translate(_INVISIBLE).strip()
    kept = body
    if match := _MARKDOWN.match(body):
        body = match["link"]
    for _ in range(4):
        if len(body) > 1 and _QUOTES.get(body[0]) == body[-1]:
            body = body[1:-1].strip()
        elif body[-1:] in (",", ";", "|", "“", '"', "'") and body[:1] != body[-1:]:
            body = body[:-1].rstrip()
        elif body[:1] in ('"', "'", "=", "“") and body[1:]:
            body = body[1:].lstrip()
    if re.search(r"\\[?&=#]", body):
        body = re.sub(r"\\(?=[?&=#])", "", body)
    if body != kept or text.translate(_INVISIBLE) != text:
        link.issue(
            "link-wrapped", "the link stands between quotes, brackets or other marks", "paste the link alone"
        )
    if _CONTROL.search(body):
        body = _CONTROL.sub("", body)
        link.issue(
            "link-control-character", "the link holds a line break, a tab or another control character"
        )
    return body


def _ampersand(match: re.Match[str]) -> str:
    """The ampersand; as it was inside of an address that is a parameter's value, whose own query it parts."""
    body, place = match.string, match.start()
    start = max(body.rfind("&", 0, place), body.rfind("?", 0, place))
    _, is_, value = body[start + 1 : place].partition("=")
    nested = match[0] == "%26" and start >= 0 and is_ and "%3f" in value.lower()
    return match[0] if nested else "&"


def _unescaped(link: Link, body: str) -> str:
    repaired = _ENCODED_AMPERSAND.sub(_ampersand, body)
    if repaired != body:
        body = re.sub(r"(&utm_[a-z_]+)%3[dD]", r"\1=", repaired)
        link.issue(
            "link-ampersand-escaped",
            "an ampersand was escaped, so the parameters after it are part of the value before",
            "write & between parameters, not &amp; or %26",
        )
    return body


def _from_fragment(link: Link, head: str, fragment: str) -> tuple[str, str]:
    """Moves a query that stands after `#` to where it is sent to the server."""
    anchor, mark, query = fragment.partition("?")
    if not mark and re.match(r"&?[A-Za-z_][\w.-]*=", fragment) and "utm_" in fragment:
        anchor, query = "", fragment.lstrip("&")
    elif not mark and "&utm_" in fragment:
        anchor, _, query = fragment.partition("&")
    if not query or "=" not in query or "utm_" not in query:
        return head, fragment
    link.issue(
        "link-query-in-fragment",
        "the parameters stand after #, where browsers send them to nobody",
        "put ?... before #...",
    )
    return head + ("&" if "?" in head else "?") + query, anchor


def _one_query(link: Link, head: str) -> str:
    """The link with one question mark before its parameters."""
    place, mark, query = head.partition("?")
    repaired = False
    if not mark:
        found = _ENCODED_QUERY.search(place) or re.search("&(?=utm_)", place)
        if found is not None:
            place, query, repaired = place[: found.start()], place[found.end() :], True
    elif _INNER_QUERY.search(query) or _ENCODED_QUERY.search(query):
        query = _ENCODED_QUERY.sub("&", _INNER_QUERY.sub("&", query))
        repaired = True
    if repaired:
        link.issue(
            "link-question-marks",
            "the parameters need exactly one ? before them; behind a second one they are part of a value"
            if mark
            else "there is no ? before the parameters, so they are part of the path",
            "? before the first parameter, & before each further one",
        )
    return f"{place}?{query}" if mark or repaired else place


def _place(link: Link, place: str) -> None:
    """Scheme, host and path."""
    match = _SCHEME.match(place)
    rest = place
    if match is not None and place[match.end() : match.end() + 2] == "//":
        link.scheme, rest = match[1].lower(), place[match.end() + 2 :]
        if link.scheme not in ("http", "https"):
            link.issue("link-scheme", f"{link.scheme}: is no web address", "https://...", found=link.scheme)
    elif match is not None and "." not in match[1] and not place[match.end() :][:1].isdigit():
        link.scheme = match[1].lower()
        link.issue("link-scheme", f"{link.scheme}: is no web address", "https://...", found=link.scheme)
        return
    elif place.startswith("//"):
        link.scheme, rest = "https", place[2:]
        link.issue("link-scheme", "the link has no scheme", "https: before it")
    elif not place and not link.text.strip():
        link.issue("link-scheme", "there is no link here", "https://...")
        return
    elif place.startswith(("/", "./", "../")) or not place:
        link.path = place
        link.issue(
            "link-internal", "a link without a host leads to the same site", "campaign links name their host"
        )
        return
    elif "." in place.partition("/")[0]:
        link.scheme = "https"
        link.issue("link-scheme", "the link has no scheme", "https:// before it")
    else:
        link.path = place
        link.issue("link-scheme", "this is no link: it has neither scheme nor host", "https://...")
        return
    authority, slash, path = rest.partition("/")
    link.path = slash + path
    if "@" in authority:
        authority = authority.rpartition("@")[2]
        link.issue("link-userinfo", "the link carries a user name or a password before its host", "remove it")
    link.host = _host(link, authority)
    if " " in link.path:
        link.path = link.path.replace(" ", "%20")
        link.issue("link-space", "the path holds a space, where programmes cut the link", "%20 or a hyphen")


def _host(link: Link, authority: str) -> str:
    name, colon, port = authority.partition(":")
    host = name.lower().rstrip(".")
    if not host.isascii():
        try:
            ascii_host = host.encode("idna").decode("ascii")
        except UnicodeError:
            ascii_host = ""
        if ascii_host:
            link.issue(
                "link-host-foreign-letters",
                f"the host has letters beyond a-z; it is {ascii_host}",
                ascii_host,
            )
            host = ascii_host
    elif any(label.startswith("xn--") for label in host.split(".")):
        link.issue(
            "link-host-foreign-letters", f"{host} stands for a host with letters beyond a-z: look twice"
        )
    if not all(_HOST_LABEL.match(label) for label in host.split(".")) or (colon and not port.isdigit()):
        link.issue("link-host", "this is no host that a browser could reach", found=host[:80])
    return host + (colon + port if colon and port not in ("80", "443") else "")


def _params(link: Link, query: str, known: Collection[str], macros: Collection[str]) -> None:
    values: list[tuple[str, str]] = []
    for pair in query.split("&"):
        if not pair:
            continue
        if _ENTITY_PREFIX.match(pair):
            pair = _ENTITY_PREFIX.sub("", pair)  # noqa: PLW2901 -- the repaired pair is the pair
        key, _, value = pair.partition("=")
        key = meant(link, _decoded(link, key, key), known)
        if value in macros:
            link.raw[key] = value
            values.append((key, value))
            continue
        ours = key in known or key.startswith("utm_")
        if ours and _spaced(value):
            link.issue(
                "link-space",
                "the value holds a space or a +, which some programmes cut and others spell differently",
                "a hyphen between words",
                param=key,
            )
        values.append((key, _decoded(link, value, key, ours=ours)))
        if not ours and not _UNWRITABLE.search(value) and not _BAD_PERCENT.search(value):
            link.raw[key] = value
    link.params = values
    _repeated(link, known)


def _spaced(value: str) -> bool:
    return " " in value or "+" in value or "%20" in value


def _decoded(link: Link, text: str, key: str, *, ours: bool = False) -> str:
    if ours and _TWICE.search(text):
        text = _TWICE.sub("%", text)
        link.issue("link-encoding", "the value is percent-encoded twice", "encode it once", param=key)
    if _BAD_PERCENT.search(text):
        text = _BAD_PERCENT.sub("%25", text)
        if ours:
            link.issue(
                "link-encoding", "a % is followed by no two hexadecimal digits", "%25 for a %", param=key
            )
    decoded = unquote(text)
    if decoded is not None:
        return decoded
    from urllib.parse import unquote_to_bytes

    if ours:
        link.issue(
            "link-encoding", "the value is percent-encoded, but not as UTF-8", "encode it as UTF-8", param=key
        )
    data = text.replace("+", " ").encode("utf-8", "surrogatepass")
    return unquote_to_bytes(data).decode("cp1252", "replace")


def meant(link: Link, key: str, known: Collection[str]) -> str:
    """The parameter that was meant; another one than the key is an issue of the link."""
    if key in known:
        return key
    plain = fold(key).replace("-", "_").strip()
    right = MISNAMED.get(plain, plain)
    if right not in known and plain.startswith(("utm", "ut_", "um_", "mtm_")):
        right = next((word for word in _near_keys(plain, known)), plain)
    if right == key or (right not in known and not plain.startswith("utm_")):
        return key
    link.issue(
        "link-parameter-misspelt", f"nothing reads {key}", f"{right}", param=right, found=key, nearest=right
    )
    return right


def _near_keys(plain: str, known: Collection[str]) -> Iterator[str]:
    scored = sorted((distance(plain, word, 2), word) for word in known)
    yield from (word for score, word in scored if score <= 2)  # noqa: PLR2004 -- two slips of the finger


def _repeated(link: Link, known: Collection[str]) -> None:
    seen: dict[str, list[str]] = {}
    for key, value in link.params:
        seen.setdefault(key, []).append(value)
    for key, values in seen.items():
        if len(values) < 2 or not (key in known or key.startswith("utm_")):  # noqa: PLR2004 -- a pair
            continue
        same = len(set(values)) == 1
        how = "each time alike" if same else "with different values"
        link.issue(
            "link-parameter-repeated",
            f"{key} stands there {len(values)} times, {how}",
            "once" if same else "once; the last value is the one that Google Analytics takes",
            param=key,
        )
        kept = False
        for place in range(len(link.params) - 1, -1, -1):
            if link.params[place][0] == key:
                if kept:
                    del link.params[place]
                kept = True


def _cut(link: Link) -> None:
    tags = [key for key, _ in link.params if key.startswith("utm_")]
    if len(link.params) == 1 and tags:
        link.issue(
            "link-cut",
            f"the link ends after {tags[0]}: your shell cut this link at `&`",
            "put the link in single quotes: 'https://...'",
        )

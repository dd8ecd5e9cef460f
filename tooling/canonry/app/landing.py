"""Whether a page may be the landing page of a tagged link, and the address that parameters are added to.

Imports nothing but the naming runtime: it is on the way to every link that is built (`canonry.cli.quick`).
"""

from __future__ import annotations

from canonry.naming.runtime.text import UNRESERVED, fold, split, unquote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

_SAFE = UNRESERVED + "/:"
_HEX = frozenset("0123456789abcdefABCDEF")
_NEVER = frozenset(' "<>\\^`{|}')
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_MAX = 2000


class Landing:
    """A landing page: its address without what belongs to somebody's click, and what is wrong with it.

    `problems` stop the link, `notes` do not. Each is a rule's name, a sentence and what to do.
    """

    __slots__ = ("host", "notes", "problems", "url")

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = ""
        self.notes: list[tuple[str, str, str]] = []
        self.problems: list[tuple[str, str, str]] = []

    @property
    def around(self) -> tuple[str, str]:
        """What stands before and after the parameters that are added."""
        head, mark, fragment = self.url.partition("#")
        glue = "" if head[-1:] in ("?", "&") else "&" if "?" in head else "?"
        return head + glue, mark + fragment

    @property
    def clean(self) -> bool:
        """Whether there is nothing to say."""
        return not self.problems and not self.notes


class Pages:
    """The company's hosts, and the parameters that a landing page must not carry already."""

    def __init__(
        self,
        domains: Mapping[str, Sequence[str]],
        keys: Collection[str],
        platforms: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.domains = domains
        self.keys = keys
        self.click_ids = {key: name for name, platform in platforms.items() for key in platform["click_ids"]}
        self.labels = {name: platform["label"] or name for name, platform in platforms.items()}
        self._hosts: dict[str, tuple[str, str, str, bool] | None] = {}

    def look(self, text: str) -> Landing:
        """The landing page that a person typed."""
        page = Landing(text.strip())
        if page.url[:8] == "https://" and not page.url.strip(_SAFE):  # nothing to look at but the host
            page.host = fold(page.url[8:].partition("/")[0])
            if page.host:
                verdict = self._host(page.host)
                if verdict is not None:
                    (page.problems if verdict[3] else page.notes).append(verdict[:3])
                return page
        if not page.url:
            page.problems.append(("link-scheme", "there is no landing page", "--url https://..."))
            return page
        for each in self._scheme(page):
            page.problems.append(each)
        if page.problems:
            return page
        page.problems.extend(_characters(page.url))
        authority = page.url.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
        if "@" in authority:
            advice = "https://" + authority.rpartition("@")[2]
            page.problems.append(("link-userinfo", "the address carries a user name or password", advice))
            return page
        host = page.host = fold(authority.partition(":")[0]).rstrip(".")
        verdict = self._host(host)
        if verdict is not None:
            (page.problems if verdict[3] else page.notes).append(verdict[:3])
        if "?" in page.url or "#" in page.url:
            self._query(page)
        if "@" in page.url or "%40" in page.url:
            self._personal(page)
        return page

    def _scheme(self, page: Landing) -> Iterator[tuple[str, str, str]]:
        url = page.url
        scheme, mark, rest = url.partition("://")
        if mark and fold(scheme) in ("http", "https"):
            page.url = f"{fold(scheme)}://{rest}"
            if not rest or rest[0] in "/?#":
                yield "link-host", "the address has no host", "https://www.example.com/..."
            return
        first = url.partition("/")[0].partition("?")[0].partition("#")[0]
        if url[0] in "/.?#" and not url.startswith("//"):
            message = "an address without a host leads from one page of the site to another"
            yield "link-internal", message, "no tags on links inside the site; campaign links name their host"
        elif mark or ":" in first.partition(".")[0]:
            yield "link-scheme", f"{first[:40]} is no web address", "https://..."
        elif url.startswith("//") or ("." in first and "@" not in first):
            page.url = "https://" + url.lstrip("/")
            page.notes.append(("link-scheme", "the address had no https://", page.url[:200]))
        else:
            yield "link-scheme", f"{first[:40]} is no address of a page", "https://..."

    def _host(self, host: str) -> tuple[str, str, str, bool] | None:
        """Rule, sentence, advice, and whether it stops the link."""
        if host not in self._hosts:
            if len(self._hosts) > _MAX:
                self._hosts.clear()
            self._hosts[host] = self._judged(host)
        return self._hosts[host]

    def _judged(self, host: str) -> tuple[str, str, str, bool] | None:
        domains = self.domains
        if not host or host.strip("".join(_HOST)) or "." not in host or ".." in host or host[0] in "-.":
            return "link-host", f"{host[:80]!r} is no host that a browser could reach", "https://www...", True
        if _one_of(host, domains["landing"]):
            return None
        if _one_of(host, domains["short_link"]):
            message = f"{host} only forwards; tag the page that it leads to"
            return "link-host-elsewhere", message, "shorten the finished link afterwards", False
        if _one_of(host, domains["payment"]):
            message = f"{host} takes payments; no campaign leads there"
            return "link-host-elsewhere", message, "the page that the visitor should see first", True
        if _one_of(host, domains["own"]):
            message = (
                f"{host} is a site of ours to which no campaign leads, and tags on a link between our "
                "own pages overwrite where the visitor really came from"
            )
            return "link-internal", message, "leave the link untagged", True
        if not domains["landing"]:
            return None
        message = f"{host} is no landing host of ours"
        return (
            "link-host-elsewhere",
            message,
            "check the address; new hosts go to registry/domains.yaml",
            False,
        )

    def _query(self, page: Landing) -> None:
        base, pairs, fragment = split(page.url)
        query = page.url.partition("#")[0].partition("?")[2]
        if "?" in query:
            fixed = page.url.replace("?", "\0", 1).replace("?", "&").replace("\0", "?")
            page.problems.append(("link-question-marks", "the address has two question marks", fixed[:200]))
            return
        if "utm_" in fold(fragment):
            message = "parameters after # reach nobody"
            page.problems.append(("link-query-in-fragment", message, "put ?... before #..."))
            return
        kept: list[tuple[str, str]] = []
        tags: list[str] = []
        for key, value in pairs:
            name = unquote(key) or key
            if name in self.click_ids:
                label = self.labels[self.click_ids[name]]
                message = f"{name} is {label}'s mark of one click, and was taken out"
                page.notes.append(("link-click-id", message, "copy addresses without it"))
            elif name in self.keys or fold(name).startswith("utm_"):
                tags.append(name)
            else:
                kept.append((key, value))
        shown = base + ("?" + "&".join([f"{k}={v}" if v else k for k, v in kept]) if kept else "") + fragment
        if tags:
            listed = ", ".join(dict.fromkeys(tags))
            message = f"the address carries {listed} already"
            page.problems.append(("link-parameter-repeated", message, f"use {shown[:200]}"))
        elif len(kept) < len(pairs):
            page.url = shown

    def _personal(self, page: Landing) -> None:
        from canonry.naming.personal import masked

        shown = masked(page.url)
        if shown != page.url:
            message = f"the address carries personal data: {shown[:200]}"
            page.problems.append(("link-personal-data", message, "an address without it"))


def _characters(url: str) -> Iterator[tuple[str, str, str]]:
    if not url.isascii():
        head = url.partition("/")[0]
        host = url.partition("://")[2].partition("/")[0]
        if not host.isascii():
            try:
                other = host.encode("idna").decode("ascii")
            except UnicodeError:
                other = ""
            yield (
                "link-host-foreign-letters",
                "the host has letters beyond a-z",
                f"{head}//{other}" if other else "",
            )
    if not url.isprintable():
        yield (
            "link-control-character",
            "the address holds a line break or another invisible character",
            "type it",
        )
        return
    wrong = sorted(_NEVER.intersection(url))
    if wrong:
        shown = "a space" if wrong == [" "] else " ".join(wrong)
        yield "link-space", f"the address holds {shown}, which no address may hold", "percent-encode it: %20"
    at = url.find("%")
    while at >= 0:
        if len(url) < at + 3 or url[at + 1] not in _HEX or url[at + 2] not in _HEX:
            yield "link-encoding", "a % is followed by no two hexadecimal digits", "%25 for a % sign"
            return
        at = url.find("%", at + 1)


def _one_of(host: str, hosts: Sequence[str]) -> bool:
    return host in hosts or any(known[:2] == "*." and host.endswith(known[1:]) for known in hosts)

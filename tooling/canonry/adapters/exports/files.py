"""An export file, or several of one layout, as a source of observations.

DuckDB scans and groups; what comes back is distinct (`canonry.adapters.exports.stage`).
"""

from __future__ import annotations

import shutil
import stat
import sys
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from canonry.adapters.cells import TableError
from canonry.adapters.exports.counts import Counts, listed
from canonry.adapters.exports.layout import Layout
from canonry.adapters.exports.observed import Observed
from canonry.adapters.exports.queries import CONFIG, first_line, heeded
from canonry.adapters.exports.recognition import laid_out
from canonry.adapters.exports.stage import Staged, tiers_of
from canonry.adapters.tables import STDIO
from canonry.audit.layouts import MAPPINGS
from canonry.audit.mappings import TAG_ROLES, Fit, Mapping
from canonry.audit.mappings import fit as fitted
from canonry.audit.observation import Alike, Level, Observation
from canonry.audit.source import Capabilities, Gap, Period, Tells
from canonry.kernel.errors import refusal


class _Kept:
    """How a file is laid out, and the copy that was made of it: a workbook is unpacked once."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="canonry-"))
        self.layout: Layout | None = None
        self._remove = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def clear(self) -> None:
        """Removes the copy; done at the latest when nobody knows of it any more."""
        self.layout = None
        self._remove()


class FileSource:
    """Reads files of one layout. What was chosen is in `fit` once `capabilities` or `read` was called."""

    def __init__(
        self,
        name: str,
        paths: Sequence[Path],
        *,
        mapping: Mapping | None = None,
        account: str = "",
        platform: str = "",
        click_ids: Iterable[str] = (),
        encoding: str = "",
    ) -> None:
        self._name = name
        self.paths = list(paths)
        self.mapping = mapping
        self.account = account
        self.platform = platform
        self.click_ids = tuple(click_ids)
        self.encoding = encoding
        self.fit: Fit | None = None
        self.fits: list[Fit] = []
        self.counts = Counts()
        """The lines of its files, once they were read."""
        self._known: Capabilities | None = None
        self._kept: _Kept | None = None
        self._streams: dict[Path, Path] = {}
        """What pipes held, which can be read once."""

    @property
    def name(self) -> str:
        """The key in `audit.yaml`, or the file's name."""
        return self._name

    def capabilities(self) -> Capabilities:
        """What the headers say; a file that cannot be opened says nothing here and is a gap in `read`."""
        if self._known is None:
            self._kept = _Kept()
            try:
                self._kept.layout = laid_out(
                    self._whole(self.paths[0]), self._kept.folder, self.among(), self.encoding
                )
            except (TableError, IndexError):
                self._kept.clear()
                return Capabilities(self.platform, frozenset(), account=self.account)
            self._learn(self._kept.layout)
        assert self._known is not None  # noqa: S101  _learn has just set it
        return self._known

    def among(self) -> Sequence[Mapping]:
        return MAPPINGS if self.mapping is None else (self.mapping, *MAPPINGS)

    def _learn(self, layout: Layout) -> None:
        self.fits = layout.fits
        wanted = [f for f in layout.fits if self.mapping is None or f.mapping.key == self.mapping.key]
        self.fit = next((f for f in wanted if f.whole), None)
        fit = self.fit
        if fit is None:
            self._known = Capabilities(self.platform, frozenset(), account=self.account)
            return
        self._known = capable(fit, platform=self.platform, account=self.account, period=layout.period)

    def read(self, period: Period) -> Iterator[Observation | Gap]:
        """One observation per distinct thing; `Gap` for what could not be read."""
        for item in self.read_together(period):
            if isinstance(item, Alike):
                yield from item
            else:
                yield item

    def read_together(self, period: Period) -> Iterator[Observation | Alike | Gap]:
        """As `read`, what differs in name and weight only together."""
        import duckdb

        if not self.paths:
            yield Gap(self._name, "there is no such file", "Export it to where audit.yaml looks for it")
            return
        with tempfile.TemporaryDirectory(prefix="canonry-") as folder:
            config = {**CONFIG, "temp_directory": folder, "enable_external_access": "true"}
            with duckdb.connect(config=config) as connection:
                staged = Staged(connection, self)
                self.counts = staged.counts
                try:
                    for path in self.paths:
                        yield from staged.take(path, Path(folder), period)
                    yield from staged.nothing_asked()
                    yield from Observed(staged).together()
                except duckdb.Error as error:
                    heeded(error)
                    yield Gap(
                        self._name, f"cannot be read to its end: {first_line(error)}", "Export it again"
                    )
                finally:
                    if self._kept is not None:
                        self._kept.clear()

    def laid_out(self, path: Path, folder: Path) -> Layout:
        """What a file is; of the first, what `capabilities` found. Raises `TableError`."""
        kept = self._kept
        if kept is not None and kept.layout is not None and path == self.paths[0]:
            return kept.layout
        return laid_out(self._whole(path), folder, self.among(), self.encoding)

    def _whole(self, path: Path) -> Path:
        """The file; of standard input (`-`) and of a pipe a copy, since what they hold comes once.

        Raises `TableError`.
        """
        if path in self._streams:
            return self._streams[path]
        try:
            kind = path.stat().st_mode if str(path) != STDIO else stat.S_IFIFO
        except OSError as error:
            raise TableError(str(path), *refusal(error, "cannot be read")) from error
        if stat.S_ISREG(kind):
            return path
        if stat.S_ISDIR(kind):
            raise TableError(str(path), "a folder, no file", "Name the files in it")
        folder = Path(tempfile.mkdtemp(prefix="canonry-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        copy = self._streams[path] = folder / (path.name if str(path) != STDIO else "standard input")
        try:
            with (
                sys.stdin.buffer if str(path) == STDIO else path.open("rb") as stream,
                copy.open("wb") as file,
            ):
                shutil.copyfileobj(stream, file)
        except OSError as error:
            raise TableError(str(path), *refusal(error, "cannot be read")) from error
        return copy

    def suits(self, layout: Layout, path: Path) -> Fit | Gap:
        """The fit to read a file by, or what is missing and which mapping suits better."""
        if self._known is None or self.fit is None:
            self._learn(layout)
        wanted = [f for f in layout.fits if self.mapping is None or f.mapping.key == self.mapping.key]
        whole = next((f for f in wanted if f.whole), None)
        if whole is not None:
            return whole
        return unsuited(path.name, self.mapping, layout.header, layout.fits)


def unsuited(name: str, mapping: Mapping | None, header: Sequence[str], fits: Sequence[Fit]) -> Gap:
    """What a table lacks for the mapping that was named, or for the nearest; and which would suit better."""
    other = next((f for f in fits if f.whole), None)
    seen = ", ".join(heading.strip()[:40] for heading in header[:8] if heading.strip())
    say = f"Say which column is what: --column campaign.name=HEADING. It has: {seen or 'no headings'}"
    if mapping is not None:
        known = next((f for f in fits if f.mapping.key == mapping.key), None) or fitted(mapping, header)
        hint = f"--as {other.mapping.key} suits it: {other.mapping.title}" if other else say
        return Gap(name, f"as {mapping.key} it lacks {listed(known.missing_words())}", hint)
    if not fits:
        return Gap(name, "no mapping knows any of its columns", say)
    lacking = listed(fits[0].missing_words())
    return Gap(name, f"no mapping fits; nearest is {fits[0].mapping.key}, which lacks {lacking}", say)


def capable(fit: Fit, *, platform: str, account: str, period: Period) -> Capabilities:
    """What columns that suit a mapping so can say."""
    roles = fit.columns
    levels = {tier.level for tier in tiers_of(fit)}
    tags = any(role in roles for role in TAG_ROLES)
    lacks: list[str] = []
    if tags:
        levels.add(Level.TAGS)
    elif "automatic" in roles or "automatic_source" in roles:
        levels.add(Level.CAMPAIGN)
        lacks.append(
            "the export has no manual dimensions, only what GA4 attributed: no link can be judged; add "
            "Session manual source, medium and campaign name"
        )
    elif fit.mapping.key == "ga4_bigquery":
        lacks.append(
            "the export has no collected_traffic_source, which holds the manual dimensions: no tags can be "
            "judged; export days since GA4 writes it, or read the Data API"
        )
    if "parameter.name" in roles or "user_property.name" in roles:
        levels.discard(Level.EVENT)  # an event without any is not in the list, and came all the same
    if "url" in roles or "suffix" in roles or "event_params" in roles:
        levels.add(Level.LINK)
    if "parameter.name" in roles or "event_params" in roles:
        levels.add(Level.PARAMETER)
    if "user_property.name" in roles or "user_properties" in roles:
        levels.add(Level.USER_PROPERTY)
    if "used_by.id" in roles or "used_by.name" in roles:
        levels.add(Level.TARGETING)
    tells = {
        Tells.MANUAL_TAGS: tags,
        Tells.LINKS: "url" in roles or "suffix" in roles,
        Tells.COST: "cost" in roles,
        Tells.ROWS: "rows" in roles,
        Tells.WINDOW: "window" in roles,
        Tells.RECENCY: "recency" in roles,
        Tells.SYNCED: "synced" in roles,
        Tells.STATUS: any(role.endswith(".status") for role in roles),
        Tells.GOAL: any(role.endswith(".goal") for role in roles),
        Tells.DATES: any(role.endswith((".starts", ".ends")) for role in roles),
        Tells.PARENTS: len(tiers_of(fit)) > 1,
        Tells.PARAMETERS: "event_params" in roles or {"parameter.name", "event.name"} <= roles.keys(),
        Tells.LENGTHS: bool(roles.keys() & {"event_params", "user_properties", "longest"}),
        Tells.ALL: fit.mapping.all_objects,
    }
    return Capabilities(
        platform or fit.mapping.platform,
        frozenset(levels),
        frozenset(tell for tell, told in tells.items() if told),
        account=account,
        lacks=tuple(lacks),
        period=period,
        params=frozenset(role for role in TAG_ROLES if role in roles) if tags else frozenset(),
        leaves=frozenset(tier.native for tier in tiers_of(fit)[-1:] if Level.LINK not in levels),
    )

"""What the commands of `canonry audit` share: the registry, its sources, its record."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from canonry.cli.options import Invocation, NoRegistryError, columns, palette, say
from canonry.kernel.errors import CanonryError, UsageError, refusal
from canonry.kernel.findings import Level

if TYPE_CHECKING:
    from canonry.adapters.ledger import Ledger
    from canonry.audit.report import Report
    from canonry.audit.run import Audit, Options
    from canonry.audit.source import Source
    from canonry.audit.standard import Standard

_CLOSE = 2.0
"""So much less of a score is near enough to be named."""


class UnwrittenError(CanonryError):
    """What was found was said; some of it could not be kept."""

    def __init__(self, errors: Sequence[CanonryError | OSError]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(self._told(error)[0] for error in self.errors)

    def advice(self) -> str:
        """What to do about the first."""
        return self._told(self.errors[0])[1]

    @staticmethod
    def _told(error: CanonryError | OSError) -> tuple[str, str]:
        if isinstance(error, CanonryError):
            return str(error), error.advice()
        why, next_step = refusal(error, "cannot be written")
        return f"{error.filename}: {why}" if error.filename else why, next_step


class Desk:
    """One audit command at work."""

    def __init__(
        self,
        call: Invocation,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        idle: bool = False,
    ) -> None:
        from canonry.audit.run import Options
        from canonry.audit.source import Period

        if start is not None and end is not None and end < start:
            raise UsageError("--to is before --from", "Give the first day with --from, the last with --to")
        # Findings live until the process ends; looking them over for dead cycles costs an eighth of a run.
        gc.set_threshold(100_000, 50, 50)
        if end is not None and start is None:
            raise UsageError("--to without --from", "Give the first day with --from, the last with --to")
        self.call = call
        days = [moment.date() if moment is not None else None for moment in (start, end)]
        if days[0] is not None and days[1] is None:  # up to yesterday, as platforms are asked
            days[1] = max(days[0], call.today - timedelta(days=1))
        self.options: Options = Options(Period(days[0], days[1]), idle=idle)
        self.starter = False
        """Whether there is no registry here, so that the bundled one judges."""

    @cached_property
    def root(self) -> Path | None:
        """The registry's folder; None where there is none."""
        try:
            return self.call.root()
        except NoRegistryError:
            if self.call.registry is not None:
                raise
            return None

    @cached_property
    def standard(self) -> Standard:
        """What observations are held against: the registry here, or the bundled starter."""
        from canonry.app.auditing import BrokenRegistryError, standard
        from canonry.catalogue.load import load

        if self.root is None:
            from canonry.adapters.starter import starter
            from canonry.catalogue.tree import MemoryTree

            self.starter, self.options.registered = True, False
            return standard(load(MemoryTree(starter())).value, self.today)
        from canonry.adapters.worktree import DirectoryTree
        from canonry.cli.books import open_book

        loaded = load(DirectoryTree(self.root))
        book = open_book(self.root)
        if broken := loaded.value.broken or set(book.index["left_out"].values()):
            raise BrokenRegistryError(broken, loaded.problems)
        return standard(loaded.value, self.today, book.whole())

    @property
    def today(self) -> date:
        """The day of the run."""
        return self.call.today

    @property
    def ledger(self) -> Ledger | None:
        """Where the registry keeps its record; None for the bundled starter."""
        from canonry.adapters.ledger import Ledger

        return Ledger(self.root) if self.root is not None else None

    def sources(
        self,
        files: Sequence[Path],
        mapping: str | None,
        columns: Sequence[str],
        account: str | None,
        platform: str | None,
        encoding: str | None,
        wanted: Sequence[str],
        *,
        restart: bool,
    ) -> list[Source]:
        """The files that were named, else the sources of `audit.yaml`.

        `restart`: whether platforms are read from the start, also where a run of the day stopped.
        """
        from canonry.cli import exports

        if files and wanted:
            raise UsageError("--file and --source exclude each other", "Name files, or sources of audit.yaml")
        if files:
            found: Iterable[Source] = exports.of_files(
                files,
                self.standard,
                mapping=mapping,
                account=account,
                platform=platform,
                columns=columns,
                encoding=encoding,
            )
            return list(found)
        if mapping or columns or account or platform or encoding:
            raise UsageError(
                "--as, --column, --account, --platform and --encoding describe a --file",
                "Name the file, or write them into registry/audit.yaml",
            )
        if self.root is None:
            raise NoRegistryError(Path.cwd())
        self.options.whole = not wanted
        return list(exports.of_registry(self.root, self.standard, wanted, restart=restart))

    def judged(self, sources: Sequence[Source], *, keep_names: bool = False) -> tuple[Audit, Report]:
        """The audit of these sources, with what is known from before."""
        from canonry.app.auditing import audited

        ledger = self.ledger
        return audited(
            self.standard,
            sources,
            baseline=ledger.baseline() if ledger else None,
            history=ledger.history() if ledger else None,
            options=self.options,
            issued=ledger.issued() if ledger else None,
            keep_names=keep_names,
        )

    def run(
        self, sources: list[Source], *, record: bool, outputs: Sequence[Path], fail_on: Level, form: str
    ) -> int:
        """`canonry audit run`."""
        from canonry.app.auditing import contacts
        from canonry.cli import reports
        from canonry.cli.exports import settle
        from canonry.render import audits, exits

        reports.checked(outputs)
        audit, report = self.judged(sources)
        report.notes.extend(self._said_of(sources))
        ledger = self.ledger
        steps: list[tuple[str, Callable[[], object]]] = []
        if record and ledger is not None:

            def enter(history: Any) -> None:
                audit.history = history
                audit.record(report)

            steps.append(("", partial(ledger.enter, enter)))
        people = contacts(self.standard.catalogue)
        steps += [(str(path), partial(reports.write, path, report, people, fail_on)) for path in outputs]
        written, failed = [], []
        for path, step in steps:
            try:
                step()
                written.append(path)
            except (CanonryError, OSError) as error:
                failed.append(error)
        if form == "text":
            say(audits.text(report, palette(), people, columns()))
            for path in filter(None, written):
                say(f"Written: {path}")
        else:
            say(reports.rendered(form, report, people, fail_on))
        if failed:
            raise UnwrittenError(failed)
        settle(sources)
        return exits.exit_code(report.findings, fail_on)

    def _said_of(self, sources: Sequence[Source]) -> Iterator[str]:
        """Which mapping was found for a file that named none, and by which registry it was judged."""
        from canonry.adapters.exports.files import FileSource
        from canonry.audit.source import Resumable

        if self.starter:
            yield "There is no registry here: judged by the bundled starter, whose words are not yours."
        for source in sources:
            if isinstance(source, Resumable):
                yield from source.notes
            if not isinstance(source, FileSource) or source.fit is None:
                continue
            if source.mapping is not None:
                better = source.fits[0]
                if better.whole and better.score > source.fit.score + 2:
                    named = f"{source.name} looks like {better.mapping.key} ({better.mapping.title})"
                    yield f"{named}, and was read as {source.fit.mapping.key}: --as {better.mapping.key}"
            else:
                fit = source.fit.mapping
                near = [f for f in source.fits if f.whole and f.score > source.fit.score - _CLOSE]
                others = [f.mapping.key for f in near if f.mapping.key != fit.key][:1]
                more = f"; --as {others[0]} would fit too" if others else ""
                yield f"{source.name} was read as {fit.key} ({fit.title}){more}."
            for said in source.counts.said():
                about = "" if said.startswith(f"{source.name}: ") else f"{source.name}: "
                yield f"{about}{said}."

    def history(self, runs: int, form: str) -> int:
        """`canonry audit history`."""
        from canonry.render import json as as_json
        from canonry.render import trends

        if self.root is None:
            raise NoRegistryError(Path.cwd())
        ledger = self.ledger
        assert ledger is not None  # noqa: S101  there is one wherever there is a registry
        rows = ledger.rows(
            "SELECT day, complete, findings, errors, new, fixed, grandfathered, foreign_rows, spend, visits "
            "FROM runs ORDER BY day DESC"
        )[:runs]
        codes = ledger.rows(
            "SELECT code, count(DISTINCT fingerprint), min(day), max(day) FROM found GROUP BY code "
            "ORDER BY count(*) DESC, code"
        )
        if form == "json":
            names = (
                *("day", "complete", "findings", "errors", "new", "fixed", "grandfathered"),
                *("foreign", "spend", "rows"),
            )
            listed = [dict(zip(names, (row[0].isoformat(), *row[1:]), strict=True)) for row in rows]
            rules = [
                {"code": code, "findings": number, "first": first.isoformat(), "last": last.isoformat()}
                for code, number, first, last in codes
            ]
            say(as_json.document({"runs": listed, "rules": rules}))
        else:
            say(trends.text(rows[::-1], codes, palette()))
        return 0

    def baseline(self, sources: list[Source], form: str) -> int:
        """`canonry audit baseline`."""
        from canonry.app.auditing import renewed_baseline
        from canonry.cli.exports import settle
        from canonry.render import audits
        from canonry.render import json as as_json

        ledger = self.ledger
        if ledger is None:
            raise NoRegistryError(Path.cwd())
        before = ledger.baseline()
        made, gaps = renewed_baseline(self.standard, sources, self.options, before)
        path = ledger.write_baseline(made)
        settle(sources)
        shown = path.relative_to(self.root or path.parent)
        if form == "json":
            unread = [f"{gap.what}: {gap.why}" for gap in gaps]
            told = {"path": str(shown), "objects": len(made), "before": len(before), "unread": unread}
            say(as_json.document(told))
        else:
            since = self.standard.catalogue.audit.enforce_from if self.standard.catalogue.audit else None
            until = f"until {since}" if since else "until each is renamed, copied or changed"
            are = "object is" if len(made) == 1 else "objects are"
            say(f"{len(made):,} {are} grandfathered {until} (before: {len(before):,}).")
            say(f"Written: {shown}")
            if gaps:
                say(audits.unread_text(gaps, "nothing new of it is grandfathered", palette(), columns()))
        return 3 if gaps else 0

    def fix_sheets(self, sources: list[Source], folder: Path, form: str) -> int:
        """`canonry audit fix-sheet`."""
        from canonry.audit.repair import Neighbours
        from canonry.cli.exports import settle
        from canonry.cli.sheets import write

        audit, report = self.judged(sources, keep_names=True)
        neighbours = Neighbours(audit.siblings, audit.history)
        gaps = [gap for account in report.accounts for gap in account.gaps]
        write(report, self.standard, folder, form, neighbours, gaps)
        settle(sources)
        return 3 if gaps else 0

"""Which rows of an export are no data, and why: each is counted by its reason.

A line of text is looked at by itself. Of a typed file the groups are, which are fewer; only what groups do
not hold any more (the stretch of days that is compared) is asked of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from canonry.adapters.exports import columns
from canonry.adapters.exports.counts import BELOW, COMPARED, HEADER, NAMELESS, OUTSIDE, SPELLING, SUM
from canonry.adapters.exports.layout import Layout
from canonry.adapters.exports.periods import period_in
from canonry.adapters.exports.queries import identifier, literal
from canonry.audit.mappings import METRICS, SPAN, TAG_ROLES, Fit
from canonry.audit.source import Gap, Period

if TYPE_CHECKING:
    import duckdb

Reason = tuple[str, str]
"""Why a row is no data, and the SQL that is true for such a row; the first that holds is why."""
_NONE: Final = "NULL::VARCHAR"


class Exclusions:
    """What of one file is no data. `cell` gives the SQL of its n-th column."""

    def __init__(
        self,
        run: Callable[[str], duckdb.DuckDBPyConnection],
        layout: Layout,
        fit: Fit,
        roles: Sequence[str],
        table: str,
        cell: Any,
    ) -> None:
        self.run = run
        self.layout = layout
        self.fit = fit
        self.roles = roles
        self.table = table
        self.cell = cell

    def of_rows(self, inside: str) -> str:
        """The SQL that says why a row is not judged, NULL where it is; `inside` is true within the period."""
        if self.layout.kind == "csv":
            reasons = left_out(self.layout, self.fit, self.cell, self.roles)
        else:
            reasons = [*self._typed(lambda role: f"CAST({self.cell(self.fit.columns[role])} AS VARCHAR)")]
        for reason, test in ((SUM, self._of_all_days()), (COMPARED, self.compared())):
            reasons += [(reason, test)] if test else []
        return _cases([*reasons, (OUTSIDE, f"NOT {inside}")] if inside else reasons)

    def of_groups(self) -> str:
        """The same for groups of the rows of a typed file, whose columns are the roles."""
        return _cases([*self._typed(identifier)])

    def _typed(self, column: Callable[[str], str]) -> Iterator[Reason]:
        """Rows that sum up the others, as some reports end, and those that name nothing.

        Sessions without tags are data: they are counted as such.
        """
        identity = [role for role in self.roles if is_identity(role)]
        names = [role for role in identity if role.endswith(".name")]
        if names and all(self.layout.types[self.fit.columns[role]] == "VARCHAR" for role in names):
            said = " OR ".join(columns.sums_up(column(role)) for role in names)
            named = "".join(
                f" AND ({columns.text(column(role))} IS NULL OR {columns.sums_up(column(role))})"
                for role in names
            )
            nothing = "".join(f" AND {column(role)} IS NULL" for role in identity if role.endswith(".id"))
            yield SUM, f"({said}){named}{nothing}"
        if identity and not any(role in TAG_ROLES or role == "automatic" for role in identity):
            yield NAMELESS, " AND ".join(f"{columns.text(column(role))} IS NULL" for role in identity)

    def _of_all_days(self) -> str:
        """The SQL that is true for lines that sum up the days of a thing, where those are lines of their own.

        Meta's reports begin each campaign with one that says `All`; some name the campaign only there.
        """
        place = self.fit.columns.get("date")
        if place is None or not any(
            row[place] in columns.EVERY_DAY for row in self.layout.rows if len(row) > place
        ):
            return ""
        day = f"trim({self.cell(place)})"
        summed = f"{day} IN ({', '.join(map(literal, columns.EVERY_DAY))})"
        named = " OR ".join(
            f"{columns.text(self.cell(self.fit.columns[role]))} IS NOT NULL"
            for role in self.roles
            if is_identity(role)
        )
        query = f"SELECT count(*) FROM {self.table} WHERE NOT ({summed}) AND {day} <> '' AND ({named})"
        return summed if self.run(query).fetchall()[0][0] else ""

    def compared(self) -> str:
        """The SQL that is true for rows of another stretch of days than the last that is compared."""
        if SPAN not in self.fit.columns:
            return ""
        place = self.fit.columns[SPAN]
        column = f"trim({self.cell(place)})"
        found = self.run(f"SELECT DISTINCT {column} FROM {self.table} WHERE {column} <> ''").fetchall()
        ends = {text: period_in(str(text)).end for (text,) in found if text != self.layout.header[place]}
        told = [text for text, end in ends.items() if end is not None]
        if len(ends) < 2 or not told:  # noqa: PLR2004  one is compared with nothing
            return ""
        latest = max(told, key=lambda text: (ends[text], text))
        return f"{column} <> '' AND {column} <> {literal(latest)}"


def _cases(reasons: Sequence[Reason]) -> str:
    if not reasons:
        return _NONE
    return "CASE " + " ".join(f"WHEN {test} THEN {literal(name)}" for name, test in reasons) + " END"


def is_identity(role: str) -> bool:
    """Whether a column says what a row is about."""
    return role in TAG_ROLES or role.endswith((".id", ".name")) or role in ("url", "automatic")


def within(days: tuple[str, str] | None, period: Period) -> str:
    """The SQL that is true for rows with a day of the period, and for those whose day cannot be told."""
    if not days:
        return ""
    first, last = days
    tests = []
    if period.start:
        tests.append(f"({last} >= DATE {literal(period.start)} OR {last} IS NULL)")
    if period.end:
        tests.append(f"({first} <= DATE {literal(period.end)} OR {first} IS NULL)")
    return " AND ".join(tests)


def beyond(held: Period, asked: Period) -> str:
    """Why days that are only told as a whole are not those that were asked for; empty where they are.

    `none` of them are, or `more` than was asked for.
    """
    if held.start is None or held.end is None:
        return ""
    first, last = asked.start or held.start, asked.end or held.end
    if held.end < first or held.start > last:
        return "none"
    return "more" if held.start < first or held.end > last else ""


def unasked(file: str, held: Period, how: str) -> Gap:
    """What is said of such days."""
    told = f"it holds {held.start} to {held.end}"
    if how == "none":
        return Gap(file, f"{told}, none of which was asked for", "Export those days, or ask for these")
    why = f"{told}, more than was asked for, and does not tell them apart: all of it was judged"
    return Gap(file, why, "Export those days alone, or by day")


def left_out(layout: Layout, fit: Fit, cell: Any, roles: Sequence[str]) -> list[Reason]:
    """Why a line is no data, and the SQL that is true for such a line; the first that holds is why."""
    places = sorted(set(fit.columns.values()))
    identity = [r for r in roles if is_identity(r)]
    figures = [cell(fit.columns[role]) for role in METRICS if role in fit.columns]
    reasons = []
    heads = " AND ".join(f"trim({cell(p)}) = {literal(layout.header[p].strip())}" for p in places)
    reasons.append((HEADER, heads))
    if fit.mapping.footer:
        pattern = literal(f"^(?:{fit.mapping.footer})$")
        reasons.append((BELOW, f"regexp_matches(trim(coalesce({cell(0)}, '')), {pattern})"))
    if figures and len(layout.header) > 1:  # what has fewer cells than the header, and none with a figure
        absent = " AND ".join(f"{column} IS NULL" for column in figures)
        reasons.append((BELOW, f"{cell(len(layout.header) - 1)} IS NULL AND {absent}"))
    nameless = "".join(
        f" AND ({columns.text(cell(place))} IS NULL"
        + ("" if role.endswith(".id") else f" OR {columns.sums_up(cell(place))}")
        + ")"
        for role in identity
        for place in [fit.columns[role]]
    )
    looked_at = {*range(min(3, len(layout.header))), *(fit.columns[role] for role in identity)}
    total = " OR ".join(columns.sums_up(cell(number)) for number in sorted(looked_at))
    last = ", ".join(map(literal, columns.LAST_TOTALS))
    total += f" OR coalesce({cell(len(layout.header) - 1)}, '') IN ({last})"
    reasons.append((SUM, f"({total}){nameless}"))
    if identity:
        present = " OR ".join(f"{columns.text(cell(fit.columns[role]))} IS NOT NULL" for role in identity)
        filled = " OR ".join(f"{columns.text(column)} IS NOT NULL" for column in figures) or "false"
        reasons += [(SUM, f"NOT ({present}) AND ({filled})"), (NAMELESS, f"NOT ({present})")]
        if not layout.sure:
            told = [cell(fit.columns[role]) for role in identity]
            reasons.append((SPELLING, " OR ".join(f"strlen({each}) <> length({each})" for each in told)))
    return reasons

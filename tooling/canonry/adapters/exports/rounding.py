"""Ids that a spreadsheet or a number type has rounded: they match nothing, or worse, somebody else's.

`1.2E+17` shows it. Where only digits are left, one id shows nothing: many a right one ends in zeros. A column
shows it, where every long id lies on the grid that rounding leaves and chance does not put them there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from canonry.adapters.exports.queries import identifier, literal

if TYPE_CHECKING:
    import duckdb

WRITTEN: Final = r"^(?:[0-9]{1,3}[.,][0-9]+[eE]\+?[0-9]{1,3}|[0-9]{1,3}[eE]\+[0-9]{1,3}|[0-9]{16,}[.,]0+)$"
"""As programs write a large number that is no whole one to them. `12e45678` may be a right id."""
_LONG: Final = "^[0-9]{16,30}$"
_SHEET_DIGITS: Final = 15
"""What Excel keeps."""
_MANTISSA: Final = 53
"""Bits that a number in most programs keeps."""
_ZEROS: Final = 6
_BITS: Final = 20
"""Digits or bits that all lie on the grid by chance once in a million columns."""


class Rounded(NamedTuple):
    """How many different ids of a column were rounded, and one of them."""

    ids: int
    sample: str


def forgotten(db: duckdb.DuckDBPyConnection, role: str) -> Rounded:
    """Takes the rounded ids out of a column of the stage, so that names tell its objects apart."""
    column = identifier(role)
    wrong = f"regexp_matches({column}, {literal(WRITTEN)})"
    if _on_a_grid(db, column):
        wrong += f" OR regexp_full_match({column}, {literal(_LONG)})"
    found = db.execute(f"SELECT count(DISTINCT {column}), min({column}) FROM stage WHERE {wrong}").fetchall()
    count, sample = found[0]
    if count:
        db.execute(f"UPDATE stage SET {column} = NULL WHERE {wrong}")
    return Rounded(int(count), str(sample or ""))


def _on_a_grid(db: duckdb.DuckDBPyConnection, column: str) -> bool:
    """Whether the long ids of a column are all multiples of what rounding leaves, more than chance makes."""
    digits = f"length({column}) - {_SHEET_DIGITS}"
    number = f"CAST({column} AS HUGEINT)"
    bits = f"greatest(floor(log2(CAST({column} AS DOUBLE))) - {_MANTISSA - 1}, 0)"
    query = (
        f"SELECT coalesce(bool_and({number} % CAST(10::HUGEINT ** ({digits}) AS HUGEINT) = 0), false), "
        f"coalesce(sum({digits}), 0), "
        f"coalesce(bool_and(CAST(CAST({column} AS DOUBLE) AS HUGEINT) = {number}), false), "
        f"coalesce(sum({bits}), 0) "
        f"FROM (SELECT DISTINCT {column} FROM stage WHERE regexp_full_match({column}, {literal(_LONG)}))"
    )
    ends_in_zeros, zeros, fits, spared = db.execute(query).fetchall()[0]
    return bool((ends_in_zeros and zeros >= _ZEROS) or (fits and spared >= _BITS))

"""How a convention is written as a template: new names by one delimiter, old ones as they were."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from canonry.app.adoption.conventions import Convention, Place
from canonry.app.adoption.fields import SLUG, UNITS, Field

_WORDY: Final = 0.95
_OLDER: Final = re.compile(r"[a-z0-9._~|:;/+,#> -]*")
"""What a template that only recognises may hold between its fields."""
_KEPT: Final = frozenset(("_", "-", ".", "~"))


@dataclass(slots=True)
class Drafted:
    """One convention with its fields in order."""

    convention: Convention
    fields: list[Field]
    status: str = "reported"
    """`template`, `legacy`, or `reported`: found, and not what a contract can write."""


def writable(drafted: Drafted) -> bool:
    """Whether a template can write such names: a delimiter of three characters, dates of one word."""
    convention = drafted.convention
    if len(convention.written) > 3 or len(set(map(id, drafted.fields))) < len(drafted.fields):  # noqa: PLR2004  the model
        return False
    return all(
        field_.kind not in UNITS or field_.form or _slugs(place)
        for field_, place in zip(drafted.fields, convention.places, strict=True)
    )


def _slugs(place: Place) -> bool:
    """Whether dates of no fixed form are words at least: nov26, 2026-11."""
    fine = sum(count for token, count in place.counts.items() if re.fullmatch(SLUG, token))
    return fine >= _WORDY * place.counts.total()


def delimiter_of(drafted: Drafted) -> str:
    """What new names are joined by: as they are, where a link can hold it."""
    return drafted.convention.written if drafted.convention.written in _KEPT and not _marked(drafted) else "_"


def _marked(drafted: Drafted) -> bool:
    """Whether something else than one delimiter separates the tokens, which new names need not keep."""
    return any(each.prefix or each.join for each in drafted.convention.places)


def moved(drafted: Drafted) -> bool:
    return _marked(drafted) or delimiter_of(drafted) != drafted.convention.written


def template(drafted: Drafted) -> str:
    """How new names are written: tokens joined by the one delimiter."""
    delimiter = delimiter_of(drafted)
    return joined(drafted, [""] * len(drafted.fields), [delimiter] * len(drafted.fields))


def older(drafted: Drafted) -> str:
    """How names were written so far; empty where no template may hold what separates them."""
    places = drafted.convention.places
    joins = [each.join or drafted.convention.written for each in places]
    marks = [each.prefix for each in places]
    if not all(map(_OLDER.fullmatch, (*joins[:-1], *marks))):
        return ""
    return joined(drafted, marks, joins)


def joined(drafted: Drafted, marks: Sequence[str], joins: Sequence[str]) -> str:
    forms = {"day": ":yyyymmdd", "month": ":yyyymm", "quarter": ":yyyyqn", "year": ":yyyy"}
    places = drafted.convention.places
    lead = next((at for at, place in enumerate(places) if not place.optional), 0)
    text = ""
    for at, (each, place) in enumerate(zip(drafted.fields, places, strict=True)):
        form = forms.get(each.kind, "") if each.form else ""
        slot = f"{marks[at]}{each.form if each.kind == 'number' else ''}{{{each.name}{form}}}"
        if at < lead:
            text += f"[{slot}{joins[at]}]"
        elif place.optional:
            text += f"[{joins[at - 1]}{slot}]"
        else:
            text += f"{joins[at - 1] if at > lead else ''}{slot}"
    return text

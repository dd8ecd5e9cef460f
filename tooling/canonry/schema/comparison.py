"""`compare`: two schemas, the directions and the reading asked for, and a verdict for each direction."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from canonry.kernel.errors import CanonryError, UsageError
from canonry.kernel.jsonvalue import Json, same
from canonry.regular.budget import Budget, spending
from canonry.schema.containment import Broken, Outcome, Proved, Undecided, contained
from canonry.schema.dialects import Dialect, dialect_of
from canonry.schema.formats import FORMATS
from canonry.schema.judges import LARGE, Judge, confirm, judges
from canonry.schema.lexicon import Lexicon
from canonry.schema.likeness import Likeness, same_text
from canonry.schema.resources import Schema
from canonry.schema.search import Solver
from canonry.schema.stack import roomy
from canonry.schema.strip import place_of, strip
from canonry.schema.terms import IMPOSSIBLE, Goal, conjunct

if TYPE_CHECKING:
    from canonry.schema.changes import Change, Changes, Refused

Direction: TypeAlias = Literal["backward", "forward", "full"]
Reading: TypeAlias = Literal["strict", "declared"]
Verdict: TypeAlias = Literal["proved", "broken", "undecided"]

STEPS: Final = 6_200_000
"""What one comparison may cost in all: reading, both directions, judging and explaining. A step is about a
quarter of a microsecond.

The directions that are asked share what reading, judging and the least explanation leave, so a pair near the
bound may be decided in one direction by itself and not in `full`; what they do not use explains.
"""
_READING: Final = 4
"""Steps that reading one subschema is worth."""
_JUDGING: Final = 30
"""Steps that three judges take to make one subschema their own; of large schemas one of them makes none."""
_LEAST_EXPLAINED: Final = 12
"""The part of the budget that is kept for explaining."""
_EXPLAINING: Final = 3
"""Steps that a step of explaining is worth: it looks at more at once."""
_LARGE: Final = 50_000
"""Subschemas of both documents from which on it is their size that a budget did not suffice for."""
_WORST_FIRST: Final = ("broken", "undecided", "proved")


@dataclass(frozen=True, slots=True)
class Part:
    """One direction's verdict. `witness` is meaningful where it is broken, `reason` where it is undecided."""

    verdict: Verdict
    witness: Json = None
    reason: str | None = None

    def to_json(self) -> dict[str, Json]:
        """The public JSON form."""
        return {"verdict": self.verdict, "witness": self.witness, "reason": self.reason}


class Comparison:
    """What `compare` found; `verdict`, `witness` and `reason` are those of the worst part."""

    def __init__(
        self,
        old: Schema,
        new: Schema,
        reading: Reading,
        parts: Mapping[str, Part],
        *,
        asserted: bool = False,
        likeness: Likeness | None = None,
        left: int | None = None,
    ) -> None:
        self.reading = reading
        self.parts = MappingProxyType(dict(parts))
        self._asserted = asserted
        self._likeness = likeness
        self._left = left
        self._old = old
        self._new = new
        self._changes: Changes | None = None

    def __bool__(self) -> bool:
        raise TypeError("a comparison is neither true nor false: look at its verdict")

    def __repr__(self) -> str:
        shown = ", ".join(f"{direction}: {part.verdict}" for direction, part in self.parts.items())
        return f"<Comparison {self.reading} {shown}>"

    @property
    def _worst(self) -> Part:
        return min(self.parts.values(), key=lambda part: _WORST_FIRST.index(part.verdict))

    @property
    def verdict(self) -> Verdict:
        """broken, then undecided, then proved."""
        return self._worst.verdict

    @property
    def witness(self) -> Json:
        """A value that shows the break; None unless the verdict is broken (and null may show a break)."""
        return self._worst.witness

    @property
    def reason(self) -> str | None:
        """Why nothing was decided; None unless the verdict is undecided."""
        return self._worst.reason

    @property
    def changes(self) -> "tuple[Change, ...]":
        """What differs between the two schemas, worked out when first asked for."""
        return self._explained.found

    @property
    def more(self) -> bool:
        """Whether `changes` may lack some, because the schemas are too large to look through."""
        return self._explained.more

    @property
    def _explained(self) -> "Changes":
        if self._changes is None:
            from canonry.schema.changes import changes

            formats = FORMATS if self._asserted else None
            left = None if self._left is None else self._left // _EXPLAINING
            self._changes = changes(self._old, self._new, self._refused(), formats, self._likeness, left)
            self._likeness = None
        return self._changes

    def _refused(self) -> "dict[str, Refused]":
        """Per broken direction, the witness, and what its reader made of it."""
        from canonry.schema.changes import Refused

        broken = {name: part.witness for name, part in self.parts.items() if part.verdict == "broken"}
        return {
            name: Refused(
                witness,
                strip(self._old, witness) if (name, self.reading) == ("forward", "declared") else witness,
            )
            for name, witness in broken.items()
        }

    def to_json(self) -> dict[str, Json]:
        """The public JSON form; the keys are those of this class."""
        return {
            "verdict": self.verdict,
            "witness": self.witness,
            "reason": self.reason,
            "reading": self.reading,
            "parts": {direction: part.to_json() for direction, part in self.parts.items()},
            "changes": [change.to_json() for change in self.changes],
            "more": self.more,
        }


def compare(
    old: Json,
    new: Json,
    *,
    direction: Direction = "backward",
    reading: Reading = "strict",
    format_assertion: bool | None = None,
) -> Comparison:
    """Whether `new` breaks anyone who relies on `old`.

    `direction`: backward asks whether what was accepted still is, forward the reverse, full both. `reading`:
    strict is set containment; declared lets writers send only what is declared and readers ignore the rest.
    `format_assertion`: whether `format` asserts; by default in declared only.

    Raises `NotASchemaError`, `UnknownDialectError`, `DanglingRefError` or `RemoteRefError` for either
    document, `UsageError` for any other argument.
    """
    if direction not in ("backward", "forward", "full"):
        raise UsageError(f"no such direction: {direction!r}", "Directions are backward, forward and full.")
    if reading not in ("strict", "declared"):
        raise UsageError(f"no such reading: {reading!r}", "Readings are strict and declared.")
    asserted = reading == "declared" if format_assertion is None else format_assertion
    return roomy(lambda: _compared(old, new, direction, reading, asserted=asserted))


def _compared(old: Json, new: Json, direction: Direction, reading: Reading, *, asserted: bool) -> Comparison:
    left, right = _loaded(old, new)
    asked = ("backward", "forward") if direction == "full" else (direction,)
    question = _Question(left, right, reading, asserted=asserted)
    if same_text(left, right):  # also where its meaning is hard to know, or nobody's to say
        parts = dict.fromkeys(asked, Part("proved"))
    else:
        parts = {one: _part(question.outcome(one, of=len(asked) - done)) for done, one in enumerate(asked)}
    return Comparison(
        left,
        right,
        reading,
        parts,
        asserted=asserted,
        likeness=question.terms.likeness,
        left=question.left,
    )


def _loaded(old: Json, new: Json) -> tuple[Schema, Schema]:
    """Both documents; a boolean is read in the other's dialect."""
    default = Dialect.DRAFT_2020_12
    for document in (old, new):
        if isinstance(document, dict):
            default = dialect_of(document.get("$schema"))
            break
    else:
        default = Dialect.DRAFT_2020_12
    left = Schema.load(old, default if isinstance(old, bool) else Dialect.DRAFT_2020_12)
    right = Schema.load(new, default if isinstance(new, bool) else Dialect.DRAFT_2020_12)
    return left, right


class _Question:
    """Two loaded schemas, and what both directions share: terms, answers, judges."""

    def __init__(self, old: Schema, new: Schema, reading: Reading, *, asserted: bool) -> None:
        self.old = old
        self.new = new
        self.reading = reading
        self.terms = Lexicon((old, new), format_assertion=asserted)
        self.solver = Solver(self.terms, Budget(STEPS))
        self.terms.solver = self.solver
        judged = sum(schema.size if schema.size <= LARGE else LARGE // 4 for schema in (old, new))
        self.left = STEPS - _READING * self.size - _JUDGING * judged
        """Steps that are left of those of the whole comparison."""
        self.panel: tuple[Judge, ...] | None = None
        self.asserted = asserted

    def outcome(self, direction: str, *, of: int = 1) -> Outcome:
        """The verdict of one direction, on its share of what is left of the budget `of` so many."""
        budget = Budget(max(0, self.left - STEPS // _LEAST_EXPLAINED) // of)
        self.solver.begin(budget)
        writer, reader = (self.old, self.new) if direction == "backward" else (self.new, self.old)

        def objection(value: Json) -> str:
            return self._objection(value, writer, reader, direction)

        found = contained(lambda: self._goal(writer, reader, direction), self.solver, objection)
        self.left -= min(budget.spent, budget.steps)
        if isinstance(found, Undecided) and budget.spent > budget.steps and self.size > _LARGE:
            return Undecided(
                f"the schemas are larger than can be compared within {STEPS:,} steps: "
                f"together they hold {self.size:,} subschemas"
            )
        return found

    @property
    def size(self) -> int:
        """The subschemas of both documents."""
        return self.old.size + self.new.size

    def _goal(self, writer: Schema, reader: Schema, direction: str) -> Goal:
        """What every counterexample belongs to."""
        written, read = self.terms.schema(writer.root), self.terms.schema(reader.root)
        if written is read:
            return IMPOSSIBLE
        if self.reading == "strict":
            return conjunct((written, read.complement))
        with spending(Budget()):  # places share patterns across comparisons, which must not count
            places = place_of(self.old), place_of(self.new)
        old, new = map(self.terms.lens, places)
        if direction == "backward":
            return conjunct((written, self.terms.closed(old), read.complement))
        return conjunct((written, self.terms.closed(new), self.terms.seen(read, old).complement))

    def _objection(self, value: Json, writer: Schema, reader: Schema, direction: str) -> str:
        """Why a candidate does not convince the judges, or "" where they agree."""
        if self.panel is None:
            self.panel = judges(FORMATS if self.asserted else None)
        seen = value
        if self.reading == "declared":
            try:
                if not same(strip(writer, value), value):
                    return "the candidate holds a member that its writer does not declare"
                if direction == "forward":
                    seen = strip(self.old, value)
            except CanonryError as error:
                return str(error)
        hearing = confirm(value, accepting=writer, refusing=reader, panel=self.panel, as_read=seen)
        return "" if hearing.agreed else hearing.reason


def _part(outcome: Outcome) -> Part:
    if isinstance(outcome, Proved):
        return Part("proved")
    if isinstance(outcome, Broken):
        return Part("broken", witness=outcome.witness)
    return Part("undecided", reason=outcome.reason)

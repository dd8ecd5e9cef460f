"""Regular languages: what a pattern accepts, and whether one language lies within another.

    >>> from canonry.regular import pattern
    >>> old, new = pattern("^[A-Za-z0-9-]{2,40}$"), pattern("^[a-z0-9-]{2,40}$")
    >>> new.includes(old), (old - new).shortest()
    (False, 'aA')

Strings are sequences of code points without surrogates. Questions draw on a deterministic budget of steps
(`with spending(Budget(steps)):`, else a default one per question) and raise `BudgetExceeded` when it is
spent.
"""

from canonry.regular.ambiguity import Clash, ambiguity, overlap
from canonry.regular.budget import Budget, BudgetExceeded, current, spending
from canonry.regular.building import characters, concat, literal, optional, repeat, star, union
from canonry.regular.charset import CharSet
from canonry.regular.language import ANY, EMPTY, Language, lengths, words
from canonry.regular.measure import CHARACTERS, PERCENT_ENCODED, UTF8_BYTES, UTF16_UNITS, Measure
from canonry.regular.parts import Choice, Literal, Optional, Part, Reading, Slot, Unread, built
from canonry.regular.patterns import pattern
from canonry.regular.shared import Problem, shared_subset
from canonry.regular.syntax import PatternSyntaxError, UnsupportedPattern

__all__ = [
    "ANY",
    "CHARACTERS",
    "EMPTY",
    "PERCENT_ENCODED",
    "UTF8_BYTES",
    "UTF16_UNITS",
    "Budget",
    "BudgetExceeded",
    "CharSet",
    "Choice",
    "Clash",
    "Language",
    "Literal",
    "Measure",
    "Optional",
    "Part",
    "PatternSyntaxError",
    "Problem",
    "Reading",
    "Slot",
    "Unread",
    "UnsupportedPattern",
    "ambiguity",
    "built",
    "characters",
    "concat",
    "current",
    "lengths",
    "literal",
    "optional",
    "overlap",
    "pattern",
    "repeat",
    "shared_subset",
    "spending",
    "star",
    "union",
    "words",
]

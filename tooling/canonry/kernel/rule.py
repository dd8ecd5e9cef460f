"""What a rule is: a code and a name that are never reused, prose, and a default level."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from canonry.kernel.findings import Finding, Level, Place
from canonry.kernel.jsonvalue import Json


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a rule table. The check's docstring is the rule's page, so neither can miss the other.

    `check` is called by the engine of its family; what it takes depends on the family. A rule that is raised
    by code which does other work (a parser, say) names a function that only documents it.
    """

    code: str
    name: str
    check: Callable[..., Any]
    since: str
    level: Level = Level.ERROR

    @property
    def prose(self) -> str:
        """The page: what it says, why it matters, what to do instead (Markdown)."""
        return inspect.getdoc(self.check) or ""

    @property
    def summary(self) -> str:
        """The page's first line."""
        return self.prose.partition("\n")[0]

    def finding(
        self,
        message: str,
        place: Place,
        *,
        owner: str = "",
        suggestion: str = "",
        witness: Json = None,
        subject: str = "",
        values: Iterable[str] = (),
        undecided: bool = False,
    ) -> Finding:
        """A finding of this rule at its default level; policy may judge otherwise."""
        return Finding(
            self.code,
            self.name,
            self.level,
            message,
            place,
            owner=owner,
            suggestion=suggestion,
            witness=witness,
            subject=subject,
            values=tuple(values),
            undecided=undecided,
        )

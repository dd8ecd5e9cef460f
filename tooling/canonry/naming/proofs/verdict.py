"""What a proof answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from canonry.kernel.jsonvalue import Json
from canonry.naming.languages import NoLanguage
from canonry.naming.runtime.text import join
from canonry.regular import BudgetExceeded, PatternSyntaxError, UnsupportedPattern

LANDING: Final = "https://www.example.com/"
"""The page of the links that witnesses show."""


@dataclass(frozen=True, slots=True)
class Proved:
    """It holds for everything that can be written; `statement` says what."""

    statement: str


@dataclass(frozen=True, slots=True)
class Broken:
    """It does not hold: `message` in words, `witness` what shows it, `suggestion` what would help."""

    message: str
    witness: Json
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nobody knows, and why."""

    reason: str


Verdict: TypeAlias = Proved | Broken | Undecided
Kind: TypeAlias = Literal["round-trip", "across", "channel", "fit", "macro"]


@dataclass(frozen=True, slots=True)
class Proof:
    """One question about a contract and its answer.

    `pointer` leads into the contract's document, to the template where there is one. `warning` marks what is
    no error by default: GA4 may cut a value off. `topic` is a stable word for what was asked.
    """

    kind: Kind
    contract: str
    verdict: Verdict
    other: str = ""
    platform: str | None = None
    pointer: str = "/x-contract/templates"
    warning: bool = False
    topic: str = ""


def shown_link(params: Mapping[str, str], macros: Iterable[str] = ()) -> str:
    """A whole link with these parameters, the empty ones left out."""
    return join(LANDING, [(key, value) for key, value in params.items() if value], macros)


def decided(ask: Callable[[], Verdict]) -> Verdict:
    """The answer, or `Undecided` where a language is not known or the question needs too much work."""
    try:
        return ask()
    except NoLanguage as error:
        return Undecided(str(error))
    except (BudgetExceeded, UnsupportedPattern, PatternSyntaxError) as error:
        return Undecided(f"too hard to decide: {error}")


def distinct_forms(forms: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Platform (None: static) and parameters of every form, each once."""
    seen: list[object] = []
    for name, form in forms.items():
        params = form["params"]
        if params not in seen:
            seen.append(params)
            yield (None if name == "static" else name), params

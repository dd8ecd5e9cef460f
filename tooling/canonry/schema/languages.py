"""What a pattern or an asserted format names: a regular language, read once and shared."""

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

from canonry.kernel.errors import CanonryError
from canonry.schema.formats import FORMATS, Format

if TYPE_CHECKING:
    from canonry.regular import Language


class Undecidable(CanonryError):  # noqa: N818  # a verdict, not a mistake
    """Something in the schemas is beyond what canonry decides; `str(error)` says what."""


class Vocable:
    """A pattern by its text, or a format by its name: equal texts are one language and one object."""

    __slots__ = ("_language", "example", "problem", "text")

    def __init__(self, text: str, example: str = "") -> None:
        self.text = text
        self.example = example
        self.problem = ""
        self._language: Language | None = None

    @property
    def language(self) -> "Language | None":
        """The language, or None where it is not regular or no pattern; then `problem` says why."""
        if self._language is None and not self.problem:
            self._language = self._read()
        return self._language

    def _read(self) -> "Language | None":
        from canonry.regular import PatternSyntaxError, UnsupportedPattern, pattern

        try:
            return pattern(self.text)
        except (PatternSyntaxError, UnsupportedPattern) as error:
            self.problem = str(error)
            return None

    def holds(self, word: str) -> bool:
        """Whether it is a word of the language. Raises `Undecidable` where the language is not known."""
        language = self.language
        if language is None:
            raise Undecidable(f"the pattern {self.text!r:.100} is not decided: {self.problem}")
        return language.accepts(word)


class FormatVocable(Vocable):
    """An asserted format."""

    __slots__ = ("_format",)

    def __init__(self, asserted: Format) -> None:
        super().__init__(f"format {asserted.name}", asserted.example)
        self._format = asserted

    def _read(self) -> "Language":
        return self._format.language


class Languages:
    """The languages of one comparison. Kept no longer, so that costs never depend on earlier questions."""

    __slots__ = ("_conjunctions", "_formats", "_patterns")

    def __init__(self) -> None:
        self._patterns: dict[str, Vocable] = {}
        self._formats: dict[str, Vocable | None] = {}
        self._conjunctions: dict[Hashable, Language] = {}

    def pattern(self, text: str) -> Vocable:
        """What `pattern: text` names."""
        known = self._patterns.get(text)
        if known is None:
            known = self._patterns[text] = Vocable(text)
        return known

    def format(self, name: str) -> Vocable | None:
        """What an asserted `format: name` names; None for formats that are not asserted."""
        if name not in self._formats:
            asserted = FORMATS.get(name)
            self._formats[name] = None if asserted is None else FormatVocable(asserted)
        return self._formats[name]

    def conjunction(
        self, inside: Collection[Vocable], outside: Collection[Vocable], low: int, high: int | None
    ) -> "Language":
        """The words in all of `inside` and none of `outside` that have from `low` to `high` code points."""
        question = (frozenset(inside), frozenset(outside), low, high)
        known = self._conjunctions.get(question)
        if known is None:
            from canonry.regular import lengths

            known = lengths(low, high)
            for vocable in sorted(inside, key=_text):
                known &= _known(vocable)
            for vocable in sorted(outside, key=_text):
                known -= _known(vocable)
            self._conjunctions[question] = known
        return known


def _text(vocable: Vocable) -> str:
    return vocable.text


def _known(vocable: Vocable) -> "Language":
    language = vocable.language
    if language is None:
        raise Undecidable(f"the pattern {vocable.text!r:.100} is not decided: {vocable.problem}")
    return language

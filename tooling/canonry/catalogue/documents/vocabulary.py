"""`registry/vocabularies/*.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from canonry.catalogue.documents.model import Day, Document, Slug, Text

Spelling = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Word(Document):
    """One allowed value."""

    label: Text
    description: Text | None = None
    status: Literal["active", "deprecated", "retired"] = "active"
    aliases: list[Spelling] = Field(default_factory=list)
    """Other spellings found in the wild; decoded, never right."""
    since: Day | None = None
    sunset: Day | None = None
    replaced_by: Spelling | None = None
    consent_mode: list[str] = Field(default_factory=list)
    """Google Consent Mode v2 signals that a consent purpose maps to."""
    attributes: dict[Slug, str | int | bool | list[str]] = Field(default_factory=dict)
    """Anything else that the company wants to say of a word, e.g. a size's width."""


class Vocabulary(Document):
    """A set of words that fields may use, named by the file."""

    title: Text
    description: Text
    owner: Slug
    openness: Literal["open", "closed"] = "open"
    """Open: adding a word breaks nobody. Closed: published schemas enumerate the words."""
    alphabet: Literal["word", "parameter"] = "word"
    """`parameter` allows `. _ -` inside a word; such a word may only be a parameter's sole token."""
    words: Annotated[dict[Spelling, Word], Field(min_length=1)]

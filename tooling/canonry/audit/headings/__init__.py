"""What exports call their columns where the platform's screens speak another language than English.

Analytics and ad platforms translate an export's headings into the language of whoever exports.
"""

from __future__ import annotations

from typing import Final

from canonry.audit.headings.dutch import DUTCH
from canonry.audit.headings.french import FRENCH
from canonry.audit.headings.german import GERMAN
from canonry.audit.headings.italian import ITALIAN
from canonry.audit.headings.japanese import JAPANESE
from canonry.audit.headings.language import Language
from canonry.audit.headings.portuguese import PORTUGUESE
from canonry.audit.headings.spanish import SPANISH

__all__ = ["LANGUAGES"]

LANGUAGES: Final[tuple[Language, ...]] = (GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, JAPANESE)

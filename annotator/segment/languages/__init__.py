"""The words of each language, as data; a further language is a further file and a name here."""

from __future__ import annotations

from typing import Final

from annotator.segment.languages.base import Language
from annotator.segment.languages.eastern import ARABIC, CHINESE, HINDI
from annotator.segment.languages.english import ENGLISH
from annotator.segment.languages.french import FRENCH
from annotator.segment.languages.german import GERMAN
from annotator.segment.languages.romance import ITALIAN, PORTUGUESE, SPANISH
from annotator.segment.languages.slavic import RUSSIAN, UKRAINIAN

LANGUAGES: Final[tuple[Language, ...]] = (
    ENGLISH,
    FRENCH,
    GERMAN,
    SPANISH,
    PORTUGUESE,
    ITALIAN,
    RUSSIAN,
    UKRAINIAN,
    ARABIC,
    HINDI,
    CHINESE,
)
"""Every language at once: readouts mix them, and nobody has to say which one is meant."""

__all__ = ["LANGUAGES", "Language"]

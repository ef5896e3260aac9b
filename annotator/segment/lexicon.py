"""The words of all languages, laid out for quick questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from annotator.segment.languages import LANGUAGES


class Kind(Enum):
    """What a word before a full stop says about the end of the sentence; see `Language`."""

    TITLE = auto()
    BEFORE_NUMBER = auto()
    NAME = auto()
    UNIT = auto()
    CLOCK = auto()


def _every(field: str) -> Iterator[str]:
    return (word for language in LANGUAGES for word in getattr(language, field))


def _spellings(word: str) -> tuple[str, ...]:
    return (word,) if word == word.lower() else (word, word.upper())


def _known() -> dict[str, Kind]:
    # The last one said of a word holds, so the kinds that bind strongest come last.
    fields = {
        "names": Kind.NAME,
        "before_number": Kind.BEFORE_NUMBER,
        "units": Kind.UNIT,
        "clock": Kind.CLOCK,
        "titles": Kind.TITLE,
    }
    return {
        spelling: kind
        for field, kind in fields.items()
        for word in _every(field)
        for spelling in _spellings(word)
    }


def alternatives(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))


_KNOWN: Final = _known()
_STARTERS: Final = frozenset(_every("starters"))
_NAME_WORDS: Final = frozenset(_every("name_words"))
_ELISION: Final = re.compile(r"\w+['’]")

MONTHS: Final = alternatives(_every("months"))
WEEKDAYS: Final = alternatives(_every("weekdays"))
DATE_LEADS: Final = alternatives(_every("date_leads"))
YEAR_WORDS: Final = alternatives(_every("year_words"))
REPORTING: Final = alternatives(_every("reporting"))
MONTH_WORDS: Final = frozenset(_every("months"))
ORDINAL_LEADS: Final = frozenset(_every("ordinal_leads"))
AFTER_CLOCK: Final = MONTH_WORDS | frozenset(_every("weekdays")) | frozenset(_every("zones"))
FORMULAS: Final = frozenset(_every("formulas"))
FORMULA_OPENINGS: Final = tuple(_every("formula_openings"))


class Lexicon:
    """The abbreviations of all languages and those of a project."""

    def __init__(self, extra_abbreviations: Iterable[str] = ()) -> None:
        extra = {
            spelling: Kind.TITLE
            for entry in extra_abbreviations
            for word in entry.split()
            if (bare := word.rstrip("."))
            for spelling in _spellings(bare)
        }
        self._known = {**_KNOWN, **extra}

    def kind(self, word: str) -> Kind | None:
        """Tell what is known of a word that a full stop follows; None for an ordinary word."""
        return self._known.get(word) or self._known.get(word.lower())

    def starts(self, word: str, *, after_initial: bool = False) -> bool:
        """Tell whether a capitalised word is one that starts a sentence rather than a name."""
        if len(word) > 1 and word.isupper():
            return False
        folded = word.lower()
        elided = _ELISION.match(folded)
        if elided and elided[0].replace("’", "'") in _STARTERS:
            return True
        folded = re.split("['’]", folded, maxsplit=1)[0]
        return folded in _STARTERS and not (after_initial and folded in _NAME_WORDS)


@lru_cache(maxsize=8)
def _lexicon(extra_abbreviations: tuple[str, ...]) -> Lexicon:
    return Lexicon(extra_abbreviations)


def lexicon(extra_abbreviations: Sequence[str] = ()) -> Lexicon:
    """Return the lexicon with a project's own abbreviations, which never end a sentence."""
    return _lexicon(tuple(extra_abbreviations))

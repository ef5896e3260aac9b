"""Place, date and agency before the text, or on a line of their own."""

from __future__ import annotations

import re
from typing import Final

from annotator.segment.lexicon import DATE_LEADS, MONTHS, WEEKDAYS, YEAR_WORDS, lexicon
from annotator.segment.marks import ALNUM, WORD, ends_with_mark, is_caseless

_LONGEST: Final = 160
_YEAR: Final = rf"(?:\d{{4}}(?:\s(?:{YEAR_WORDS})(?!\w))?)"
_DAY: Final = r"(?:\d{1,2}\s?[-–]\s?)?\d{1,2}(?:st|nd|rd|th|er|º|\.)?"
_DATE: Final = rf"""
    (?:(?:{WEEKDAYS})\.?,?\s{{1,2}})?
    (?: (?:{MONTHS})\.?\s{{1,2}}{_DAY}(?!\d)(?:,?\s{{1,2}}{_YEAR})?
      | {_DAY}\s{{1,2}}(?:de\s)?(?:{MONTHS})\b\.?(?:,?\s(?:de\s)?{_YEAR})?
      | \d{{1,2}}[./]\s?\d{{1,2}}[./]\s?\d{{4}} | \d{{4}}-\d\d-\d\d
      | (?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日
    )
"""
_PLACE_WORD: Final = r"[^\W\d_][\w.’'\-]{0,30}"
_PLACES: Final = rf"{_PLACE_WORD}(?:,?\ {_PLACE_WORD}){{0,5}}"
_AGENCY: Final = r"(?:\([^()\n]{2,60}\)|/\s?[^/\n]{2,60}/)"
_DASH: Final = r"(?:--|[-–—])"
_WIRE: Final = r"[A-ZА-Я]{3,20}(?:\.RU)?"
_LEADING: Final = re.compile(
    rf"""
    (?P<place>{_PLACES})?
    (?: (?(place)[,.]?\s+) (?:(?:{DATE_LEADS})\s)? (?P<date>{_DATE})[.,]? )?
    (?: \s*(?P<agency>{_AGENCY}|(?<=[.,]\s)(?-i:{_WIRE})(?=\s*{_DASH}\s))\.? )?
    (?: \s*(?P<dash>{_DASH})|(?<=/)|(?<=/\.) ) (?=\s|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHINESE_AGENCY: Final = re.compile(
    r"(?:新华社|中新社|中新网|人民网|央视网|本报)[^。，\s]{0,15}?[电讯](?:\s?[（(][^（）()\n]{1,40}[）)])?"
)
_TIME: Final = r"\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?"
_ALONE: Final = re.compile(
    rf"""
    (?:(?P<place>{_PLACES})[,.:|]?\s+(?:{_DASH}\s)?)?
    (?:(?:{DATE_LEADS})\s)? {_DATE}[.,]?
    (?:[\s,|–-]{{1,3}}(?:at\s|à\s|в\s)?{_TIME})?
    (?:[\s,|–-]{{1,3}}(?P<after>{_PLACES}))?
    [.]?\s*{_DASH}?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SMALL: Final = frozenset({"of", "the", "de", "du", "des", "la", "del", "di", "da", "do", "и"})
_LEAD: Final = re.compile(DATE_LEADS)


def is_dateline(text: str, start: int, end: int) -> bool:
    """Tell whether a block is nothing but a date, with a place and a time perhaps."""
    if end - start > _LONGEST:
        return False
    found = _ALONE.fullmatch(text, start, end)
    return found is not None and all(
        _is_place(found[group]) for group in ("place", "after") if found[group]
    )


def dateline_end(text: str, start: int, end: int) -> int:
    """Return where the dateline that opens a block ends.

    That is `start` where there is none, and `end` where no word follows it.
    """
    stop = min(end, start + _LONGEST)
    found = _CHINESE_AGENCY.match(text, start, stop)
    if found is None:
        found = _LEADING.match(text, start, stop)
        if found is None or not _is_credible(text, found, end):
            return start
    return found.end() if ALNUM.search(text, found.end(), end) else end


def _is_credible(text: str, found: re.Match[str], end: int) -> bool:
    after = ALNUM.search(text, found.end(), end)
    if after is not None and after[0].islower():
        return False
    place = found["place"]
    if place is None:
        return bool(found["date"] or found["agency"])
    if not _is_place(place):
        return False
    if found["date"]:
        return True
    capitals = place.split(",", 1)[0].isupper()
    if found["agency"]:
        return capitals or len(place.split()) <= 3
    if not capitals or sum(map(str.isalpha, place)) < 4:
        return False
    if not ends_with_mark(text, found.end(), end):
        return False
    # A short dash may as well join two names: NATO – Russia Council.
    return found["dash"] in ("--", "—") or (found["dash"] == "–" and _starts_sentence(text, after))


def _starts_sentence(text: str, letter: re.Match[str] | None) -> bool:
    word = WORD.match(text, letter.start(), letter.start() + _LONGEST) if letter else None
    return word is not None and lexicon().starts(word[0])


def _is_place(words: str) -> bool:
    """Tell whether words could name a place: capitalised, and not the start of a sentence."""
    first, *others = words.replace(",", " ").split()
    if lexicon().starts(first):
        return False
    return _is_name(first) and all(
        word in _SMALL or _LEAD.fullmatch(word) or _is_name(word) for word in others
    )


def _is_name(word: str) -> bool:
    return word[0].isupper() or is_caseless(word[0])

"""Words, phrases and clauses of a text: what a span grows and shrinks by.

All functions take offsets of the readout's text and return such offsets, half-open. They look at
the characters between two bounds (a sentence) only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category

from annotator.session import signs

# A word is a run of letters, marks and digits, held together by an apostrophe, hyphen or decimal
# point inside it; every CJK character is a word, since these scripts put no spaces between words.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLAUSE_END = re.compile(r"[,;:.!?。，；：！？،؛؟()\[\]«»“”\"—–]")
# Words before which a phrase ends, by language.
_LINKS = {
    "en": "and or to that of in on at for with from by between as which who",
    "fr": "et ou à au aux de du des en dans sur pour avec par entre que qui dont",
    "de": "und oder zu dass daß von vom in im an am auf für mit zwischen als der die das",
    "es": "y o e a al de del en sobre para con por entre que quien",
    "pt": "e ou a ao de do da dos das em no na sobre para com por entre que",
    "it": "e o a al di del della dei in nel su per con da tra fra che",
    "ru": "и или в во на с со по для о об от к до между что который которая которые",
    "uk": "і й та або в у на з із зі по для про від до між що який яка які",
    "ar": "في من إلى على عن مع بين أن التي الذي",
}

Range = tuple[int, int]


@lru_cache(maxsize=16)
def _phrase_end(language: str) -> re.Pattern[str]:
    links = "|".join(_LINKS.get(language.partition("-")[0], _LINKS["en"]).split())
    return re.compile(rf"{_CLAUSE_END.pattern}|\b(?:{links})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _word() -> re.Pattern[str]:
    letter = rf"[^\W_{_CJK}]"
    return re.compile(rf"[{_CJK}]|{letter}(?:[{_marks()}]|{letter}|[.,'’\-‑](?={letter}))*")


def _marks() -> str:
    """Return the marks that are written on letters, as the inside of a character class."""
    marks = [c for c in range(0x300, 0x10000) if category(chr(c)) in ("Mn", "Mc", "Me")]
    starts = [c for c, before in zip(marks, [0, *marks], strict=False) if c != before + 1]
    ends = [c for c, after in zip(marks, [*marks[1:], 0], strict=True) if c != after - 1]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


def words(text: str, start: int, end: int) -> list[Range]:
    """Return the words of `text[start:end]`."""
    return list(_words(text, start, end))


@lru_cache(maxsize=16)
def _words(text: str, start: int, end: int) -> tuple[Range, ...]:
    return tuple(match.span() for match in _word().finditer(text, start, end))


def _segments(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[Range]:
    cuts = [start]
    for match in pattern.finditer(text, start, end):
        cuts += match.span()
    cuts.append(end)
    trimmed = [trim(text, a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    return [found for found in trimmed if found is not None]


def trim(text: str, start: int, end: int) -> Range | None:
    """Take white space off both ends; None where nothing is left."""
    piece = text[start:end]
    body = piece.strip()
    if not body:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(body)


def clause_ends(text: str, start: int, end: int) -> list[int]:
    """Return where the clauses of `text[start:end]` end before a mark, in reading order."""
    return [match.start() for match in _CLAUSE_END.finditer(text, start, end)]


def widen(text: str, bounds: Range, selection: Range, language: str = "en") -> Range:
    """Grow a selection to the phrase, then the clause, then the sentence it lies in."""
    start, end = selection
    for pattern in (_phrase_end(language), _CLAUSE_END):
        inside = [s for s in _segments(pattern, text, *bounds) if s[0] < end and start < s[1]]
        if not inside:
            continue
        wider = (min(start, inside[0][0]), max(end, inside[-1][1]))
        if wider != selection:
            return wider
    whole = without_stop(text, *bounds)
    return min(start, whole[0]), max(end, whole[1])


def run_on(text: str, bounds: Range, word: Range, language: str = "en") -> list[Range]:
    """Return what runs on from a word: to the end of its phrase, its clause, and the sentence."""
    found = []
    # A word such as "before" or "to" belongs to what follows it, which has such words of its own.
    links = _phrase_end(language)
    first = _CLAUSE_END if links.fullmatch(text, *word) else links
    for pattern in (first, _CLAUSE_END):
        stop = pattern.search(text, word[1], bounds[1])
        end = stop.start() if stop else without_stop(text, *bounds)[1]
        found.append(trim(text, word[0], max(word[1], end)) or word)
    return [*found, (word[0], max(word[1], without_stop(text, *bounds)[1]))]


def narrow(text: str, selection: Range, language: str = "en") -> Range:
    """Shrink a selection to its last clause, phrase or word, whichever is the next smaller."""
    for pattern in (_CLAUSE_END, _phrase_end(language)):
        inside = _segments(pattern, text, *selection)
        if inside and inside[-1] != selection:
            return inside[-1]
    inside = words(text, *selection)
    return inside[-1] if inside else selection


def without_stop(text: str, start: int, end: int) -> Range:
    """Take the sentence's final punctuation off, as spans leave it out."""
    body = text[start:end].rstrip(" \t\n\u00a0\u202f.!?。！？؟।…")
    return (start, start + len(body)) if body else (start, end)


def step(text: str, bounds: Range, selection: Range, by: int) -> Range:
    """Move to the word `by` places from the selection's first word."""
    found = words(text, *bounds)
    if not found:
        return selection
    places = [i for i, (_, end) in enumerate(found) if end > selection[0]]
    here = places[0] if places else len(found) - 1
    return found[max(0, min(len(found) - 1, here + by))]


def move_edge(text: str, bounds: Range, selection: Range, *, edge: str, by: int) -> Range:
    """Move the `left` or `right` edge over `by` words; the selection keeps one word at least."""
    found = words(text, *bounds)
    start, end = selection
    if edge == "right":
        ends = [b for _, b in found if b > start]
        later = [b for b in ends if b > end] if by > 0 else [b for b in reversed(ends) if b < end]
        return (start, later[0]) if later else selection
    starts = [a for a, _ in found if a < end]
    other = (
        [a for a in reversed(starts) if a < start] if by < 0 else [a for a in starts if a > start]
    )
    return (other[0], end) if other else selection


def nudge(text: str, bounds: Range, selection: Range, *, edge: str, by: int) -> Range:
    """Move the `left` or `right` edge by signs as they are read, inside the bounds.

    The selection keeps one sign at least.
    """
    start, end = selection
    if edge == "left":
        last = max(start, signs.step(text, end, -1))
        return max(bounds[0], min(last, signs.step(text, start, by))), end
    first = min(end, signs.step(text, start, 1))
    return start, min(bounds[1], max(first, signs.step(text, end, by)))

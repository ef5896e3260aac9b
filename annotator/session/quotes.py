"""Quoted stretches of a text, in the quotation marks of many languages.

A stretch is a half-open range of code points, its marks included. The text is read once from start
to end, so that no text is slow to read.
"""

from __future__ import annotations

import re

from annotator.session import words
from annotator.session.words import Range

LONGEST = 2000
"""Code points that a quotation may hold between marks that pair up."""

# Two single marks stand for a double one: ‘’so it is written here,’’ and ``here''. A single closing
# mark within a word is an apostrophe, and so is an opening one behind a letter.
_MARK = re.compile(r"‘’|’’|‚‚|``|''|[“”„«»\"「」『』《》‹›]|(?<!\w)‘|’(?!\w)")
_CLOSED_BY = {
    "“": "”", "„": "“”", "«": "»", "»": "«", '"': '"', "「": "」", "『": "』", "《": "》",
    "‹": "›", "‘": "’", "‘’": "’’", "’’": "’’", "``": "''", "''": "''", "‚‚": "‘’",
}  # fmt: skip
_CLOSERS = frozenset("”»」』》›’") | {"’’", "''"}
_EITHER = frozenset({'"', "''", "’’", "»"})
# Fewer words in quotation marks are a name, a title or an irony, and no speech; for scripts without
# blanks, where each character counts as a word, it takes more of them.
_FEWEST_WORDS, _FEWEST_CHARACTERS = 3, 9
_CLAUSE_ENDS = ".,!?…。，！？؟،"


def quoted(text: str, start: int, end: int) -> list[Range]:
    """Return the quotations of `text[start:end]` that are opened and closed, inner ones too."""
    return sorted(_pairs(text, start, end)[0])


def half_quoted(text: str, start: int, end: int) -> list[Range]:
    """Return what is quoted beyond the sentence: from a mark that nothing closes, or up to one."""
    pairs, opened, closed = _pairs(text, start, end)
    last = max((b for _, b in pairs), default=start)
    found = [(at, end) for at in opened[:1] if at >= last]
    first = min((a for a, _ in pairs), default=end)
    return found + [(start, at) for at in closed[-1:] if at <= first]


def speech(text: str, bounds: Range) -> list[Range]:
    """Return what is quoted as speech; names, titles and single words in such marks are none."""
    return [quote for quote in quoted(text, *bounds) if _is_speech(text, quote)]


def closing(text: str, quote: Range) -> int:
    """Return where the mark stands that closes a quotation."""
    return [found.start() for found in _MARK.finditer(text, *quote)][-1]


def _is_speech(text: str, quote: Range) -> bool:
    inside = words.words(text, *quote)
    if inside and text[inside[-1][1]] in _CLAUSE_ENDS:
        return True
    if len(inside) < _FEWEST_WORDS:
        return False
    single = sum(end - start == 1 for start, end in inside)
    if single == len(inside):
        return len(inside) >= _FEWEST_CHARACTERS
    # In a title most words begin with a capital; in a quotation hardly more than the first does.
    later = [text[start] for start, _ in inside[1:]]
    return sum(letter.isupper() for letter in later) * 2 < len(later)


def _pairs(text: str, start: int, end: int) -> tuple[list[Range], list[int], list[int]]:
    """Return the pairs, where marks stand that stay open, and behind those that close nothing."""
    pairs: list[Range] = []
    closed: list[int] = []
    # What is open by its mark; marks of one kind do not nest, so that the last of a kind counts.
    opened: dict[str, int] = {}
    for match in _MARK.finditer(text, start, end):
        mark = match.group()
        opener = next((o for o in reversed(opened) if mark in _closing(o)), None)
        if opener is not None:
            begun = opened[opener]
            # What was opened within the pair and not closed is no quotation.
            opened = {o: at for o, at in opened.items() if at < begun}
            if 2 < match.end() - begun <= LONGEST:
                pairs.append((begun, match.end()))
        elif mark in _CLOSED_BY and (mark not in _CLOSERS or _opens(text, mark, match.span(), end)):
            opened.pop(mark, None)
            opened[mark] = match.start()
        elif mark in _CLOSERS and mark != "’":
            closed.append(match.end())
    return pairs, [at for mark, at in opened.items() if mark not in "‘»"], closed


def _closing(opener: str) -> tuple[str, ...]:
    closers = _CLOSED_BY[opener]
    return (closers,) if len(opener) == 2 else tuple(closers)


def _opens(text: str, mark: str, span: Range, end: int) -> bool:
    """Tell whether a mark that may do either opens here: a word begins behind it."""
    after = text[span[1] : span[1] + 1] if span[1] < end else ""
    before = text[span[0] - 1 : span[0]]
    return mark in _EITHER and (after.isalnum() or after == "…") and not before.isalnum()

"""What a block is in its document: running text, or something around it."""

from __future__ import annotations

from typing import Final

from annotator.segment.lexicon import FORMULA_OPENINGS, FORMULAS, Kind, Lexicon
from annotator.segment.marks import HIDDEN, LETTER, WORD, cells, ends_with_mark

_LONGEST_FORMULA: Final = 200
_LONGEST_TITLE: Final = 200
_LONGEST_HEADING: Final = 100
_AROUND_FORMULA: Final = " \t\u00a0*#-–—_=~.:!•[](){}/|<>" + "\u200b\ufeff"
_CLOSING: Final = {
    '"': '"', "＂": "＂", "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", "‹": "›",
    "「": "」", "『": "』", "〝": "〞",
}  # fmt: skip
_DOUBLED: Final = {"‘‘": "’’", "‘’": "’’", "’’": "’’", "''": "''", "``": "''"}


def is_boilerplate(text: str, start: int, end: int) -> bool:
    """Tell whether a block is a formula of a press office, an address, or holds no letter."""
    if LETTER.search(text, start, end) is None:
        return True
    if end - start > _LONGEST_FORMULA:
        return False
    line = " ".join(text[start:end].casefold().split()).strip(_AROUND_FORMULA + HIDDEN)
    if not line or line in FORMULAS or _is_address(line):
        return True
    return line.startswith(FORMULA_OPENINGS) and any(
        line.startswith(opening) and not line[len(opening) : len(opening) + 1].isalnum()
        for opening in FORMULA_OPENINGS
    )


def _is_address(line: str) -> bool:
    return " " not in line and ("://" in line or line.startswith("www.") or "@" in line[1:-1])


def is_set_apart(text: str, start: int, end: int) -> bool:
    """Tell whether a block is a quotation throughout, though it may go on in the next one."""
    if text[start] == ">":
        return True
    closing = _DOUBLED.get(text[start : start + 2])
    if closing is not None:
        after = text.find(closing, start + 2, end)
        return after < 0 or _nothing_after(text, after + 2, end)
    opening = text[start]
    if opening not in _CLOSING:
        return False
    place = _closing_place(text, start, end, opening, _CLOSING[opening])
    return place is None or _nothing_after(text, place + 1, end)


def _closing_place(text: str, start: int, end: int, opening: str, closing: str) -> int | None:
    depth = 0
    for place in range(start + 1, end):
        sign = text[place]
        if sign in closing:
            if depth == 0:
                return place
            depth -= 1
        elif sign == opening:
            depth += 1
    return None


def _nothing_after(text: str, place: int, end: int) -> bool:
    return WORD.search(text, place, end) is None


def is_heading(
    text: str, start: int, end: int, words: Lexicon, *, before_body: bool, last: bool
) -> bool:
    """Tell whether a block that holds one sentence is a heading.

    Before the running text starts a heading may be long; the last block of a text heads nothing.
    """
    if text[start] == "#":
        return True
    limit = _LONGEST_TITLE if before_body else _LONGEST_HEADING
    if end - start > limit:
        return False
    block = text[start:end]
    if cells(block) > limit or _opens_small(block):
        return False
    if block[-1] in ",;，；、،؛":
        return False
    if block[-1] in ":：":
        return _is_title_like(block)
    if ends_with_mark(text, start, end):
        return _ends_in_abbreviation(block, words) and _is_title_like(block)
    return before_body or not last or _is_title_like(block) or len(block.split()) < 5


def _opens_small(block: str) -> bool:
    found = LETTER.search(block)
    return found is not None and found[0].islower()


def _ends_in_abbreviation(block: str, words: Lexicon) -> bool:
    last = block.split()[-1]
    bare = last.rstrip(".")
    return last != bare and (words.kind(bare) in (Kind.NAME, Kind.CLOCK) or "." in bare)


def _is_title_like(block: str) -> bool:
    """Tell whether the longer words are capitalised, as in the title of a text."""
    words: list[str] = WORD.findall(block)
    shown = [word for word in words if len(word) > 3 and word[0].isalpha()] or words
    capitalised = sum(word[0].isupper() for word in shown)
    return capitalised * 5 >= len(shown) * 4

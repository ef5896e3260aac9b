"""Rows of text: where a line breaks at a width, and which row shows what.

Widths are terminal cells, ranges are code points, half-open. Nothing here knows what is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size

from annotator.session.words import Range

# Letters and marks of the scripts that fill one cell each, so that width is length.
_NARROW = re.compile(
    "[\n -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0556\u2010-\u2027\u202f-\u205e"
    "\u20a0-\u20bf\u2190-\u21ff\u2400-\u2426\ufffd]*"
)
_VS16 = "\ufe0f"


def narrow(text: str) -> bool:
    """Tell whether every character of a text is known to fill one cell."""
    return _NARROW.fullmatch(text) is not None


@lru_cache(maxsize=8192)
def cells(text: str) -> int:
    """Return how many cells a text fills."""
    return len(text) if narrow(text) else sum(_widths(text))


def widths(text: str) -> list[int]:
    """Return how many cells each character of a text fills."""
    return [1] * len(text) if narrow(text) else _widths(text)


def _widths(text: str) -> list[int]:
    if _VS16 not in text:
        return [get_character_cell_size(char) for char in text]
    widths, before = [], ""
    for char in text:
        if char == _VS16:
            widths.append(_widening(before))
            before = ""
        else:
            widths.append(get_character_cell_size(char))
            before = char if widths[-1] else before
    return widths


@lru_cache(maxsize=1024)
def _widening(sign: str) -> int:
    """Return by how many cells an emoji selector widens the sign before it, if it is one."""
    return cell_len(sign + _VS16) - cell_len(sign)


def wrap(text: str, width: int, start: int = 0) -> list[Range]:
    """Break a text into rows of at most `width` cells; returns the range of each row.

    Rows break after white space where there is some, else within a word. The ranges tile the text;
    `start` is added to each, so that they can be offsets of a longer text. A line feed in the text
    is white space like any other.
    """
    width = max(2, width)
    if narrow(text):
        return _wrap_narrow(text, width, start)
    return _wrap_wide(text, width, start)


def _wrap_narrow(text: str, width: int, start: int) -> list[Range]:
    rows, at, end = [], 0, len(text)
    while end - at > width:
        # The blank that ends a row may stand beyond its edge.
        cut = max(text.rfind(" ", at, at + width + 1), text.rfind("\n", at, at + width + 1))
        stop = cut + 1 if cut > at else at + width
        rows.append((start + at, start + stop))
        at = stop
    if at < end or not rows:
        rows.append((start + at, start + end))
    return rows


def _wrap_wide(text: str, width: int, start: int) -> list[Range]:
    rows, at, used, breakable = [], 0, 0, 0
    widths = _widths(text)
    for place, wide in enumerate(widths):
        char = text[place]
        blank = char in " \n"
        if used + wide > width and place > at and not (blank and used + wide == width + 1):
            # Before a wide sign there is always a place to break, inside a word only at need.
            stop = place if wide == 2 or breakable <= at else breakable
            rows.append((start + at, start + stop))
            used = sum(widths[stop:place])
            at = stop
        used += wide
        if blank or wide == 2:
            breakable = place + 1
    if at < len(text) or not rows:
        rows.append((start + at, start + len(text)))
    return rows


def fill(text: str, width: int) -> list[Range]:
    """Break what is no prose into rows that are full, wherever that is; returns the range of each.

    No sign is cut from what is written on it.
    """
    width = max(2, width)
    if narrow(text):
        return [(at, min(at + width, len(text))) for at in range(0, max(1, len(text)), width)]
    rows, at, sign, used = [], 0, 0, 0
    widths = _widths(text)
    for place, wide in enumerate(widths):
        if wide and text[place] != _VS16:
            sign = place
        used += wide
        if used > width and sign > at:
            rows.append((at, sign))
            at, used = sign, sum(widths[sign : place + 1])
    return [*rows, (at, len(text))]


class Rows:
    """Blocks of rows, one under the other: which block a row belongs to, and where a block lies."""

    def __init__(self, heights: Iterable[int]) -> None:
        self.tops = [0, *accumulate(heights)]

    @property
    def total(self) -> int:
        """How many rows there are."""
        return self.tops[-1]

    def at(self, row: int) -> tuple[int, int] | None:
        """Return the place of the block that a row belongs to and the row within it, or None."""
        if not 0 <= row < self.total:
            return None
        place = bisect_right(self.tops, row) - 1
        return place, row - self.tops[place]

    def of(self, place: int) -> Range:
        """Return the rows of a block, half-open."""
        return self.tops[place], self.tops[place + 1]

    def replaced(self, first: int, end: int, heights: Iterable[int]) -> None:
        """Put blocks of these heights in the place of others, half-open."""
        new = [*accumulate(heights, initial=self.tops[first])]
        by = new[-1] - self.tops[end]
        self.tops[first:] = [*new, *(top + by for top in self.tops[end + 1 :])]

    def resized(self, place: int, height: int) -> None:
        """Give one block another height."""
        by = height - (self.tops[place + 1] - self.tops[place])
        if by:
            self.tops[place + 1 :] = [top + by for top in self.tops[place + 1 :]]

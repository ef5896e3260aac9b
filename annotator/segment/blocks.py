"""Lines, and the blocks of lines that are read as one.

A line end is the end of a block, unless it only breaks a line: in text wrapped at a fixed width,
or in the middle of a sentence. The text is not changed by that, a break counts as a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from annotator.segment import lists
from annotator.segment.marks import ALNUM, cells, ends_with_mark, is_caseless, is_cjk

_NARROWEST: Final = 40
_WIDEST: Final = 120
_FIRST_WORD: Final = re.compile(r"\S{1,200}")


class Block(NamedTuple):
    """A stretch of text that holds whole sentences: code points, half-open, trimmed."""

    start: int
    end: int


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    follows: bool
    """Whether it comes right after a line that is not blank."""


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in order; together they hold all that is not white space."""
    lines = _lines(text)
    if not lines:
        return
    width = _wrapping_width(text, lines)
    start, opening = lines[0].start, lists.kind(lists.marker(text, lines[0].start, lines[0].end))
    for line, following in pairwise(lines):
        marker = lists.kind(lists.marker(text, following.start, following.end))
        if _is_soft(text, line, following, width) and not _opens_item(
            text, line, marker, same=marker == opening
        ):
            continue
        yield Block(start, line.end)
        start, opening = following.start, marker
    yield Block(start, lines[-1].end)


def _lines(text: str) -> list[_Line]:
    found, at, follows = [], 0, False
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            indent = len(line) - len(line.lstrip())
            found.append(_Line(at + indent, at + indent + len(body), indent, follows))
        follows = bool(body)
        at += len(line)
    return found


def _wrapping_width(text: str, lines: Sequence[_Line]) -> int | None:
    """Return the width at which a text was wrapped, or None if it seems not to be wrapped."""
    widest = 0
    for line in lines:
        if line.end - line.start > _WIDEST:
            # One long word, an address for example, could not have been wrapped.
            if _FIRST_WORD.match(text, line.start).end() < line.end:  # type: ignore[union-attr]
                return None
        else:
            widest = max(widest, line.indent + cells(text[line.start : line.end]))
    if not _NARROWEST <= widest <= _WIDEST:
        return None
    run = 0
    for line, following in pairwise(lines):
        if not (following.follows and _is_full(text, line, following, widest)):
            run = 0
            continue
        run += 1
        first = _first_letter(text, following)
        if ends_with_mark(text, line.start, line.end):
            continue
        # A script without capitals cannot show by one line that it goes on.
        if first.islower() or (is_caseless(first) and run > 1):
            return widest
    return None


def _is_full(text: str, line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the first word of the following line would not have fitted into this one."""
    room = width - line.indent - cells(text[line.start : line.end])
    if is_cjk(text[following.start]) or is_cjk(text[line.end - 1]):
        return room < 4
    word = _FIRST_WORD.match(text, following.start)
    return word is not None and room < 1 + cells(word[0])


def _is_soft(text: str, line: _Line, following: _Line, width: int | None) -> bool:
    if not following.follows:
        return False
    if _breaks_sentence(text, line, following):
        return True
    if width is None:
        return False
    # Programs that wrap are not exact: a long line that stops after a bare word goes on as well.
    stops_short = text[line.end - 1].isalnum() and 4 * (line.end - line.start) >= 3 * width
    if not stops_short and not _is_full(text, line, following, width):
        return False
    before, after = text[line.start : line.end], text[following.start : following.end]
    return before.isupper() == after.isupper()


def _breaks_sentence(text: str, line: _Line, following: _Line) -> bool:
    """Tell whether a long line stops after a bare word, and the next goes on in small letters."""
    return (
        text[line.end - 1].isalpha()
        and text[following.start].islower()
        and line.end - line.start >= _NARROWEST
    )


def _opens_item(text: str, line: _Line, marker: str | None, *, same: bool) -> bool:
    if marker in (None, "bullet", "cjk"):
        return marker is not None
    # A dash or a number may as well stand within a sentence that goes on.
    return same or text[line.end - 1] in ":;" or ends_with_mark(text, line.start, line.end)


def _first_letter(text: str, line: _Line) -> str:
    found = ALNUM.search(text, line.start, line.end)
    return found[0] if found else ""

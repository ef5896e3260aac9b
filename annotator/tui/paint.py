"""From values to runs of styled text: the only door through which outside text reaches the screen.

`ink` makes a run, and `show` is what it does to text: one code point becomes one code point that a
terminal shows and does not obey. Styles are Textual's style expressions over the theme's names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import set_cell_size

from annotator.files import MARKS_PER_LETTER, printable
from annotator.session.words import Range
from annotator.tui.reflow import cells, fill, wrap

MUTED: Final = "$muted"
FAINT: Final = "$faint"
STRONG: Final = "bold"
KEY: Final = "bold $accent"
GOOD: Final = "$success"
WARN: Final = "bold $warning"
BAD: Final = "bold $error"
TITLE: Final = "bold $primary"

_BLANKS = str.maketrans("\n\t", "  ")


class Run(NamedTuple):
    """A stretch of one style; a click on it is a press of `key`."""

    text: str
    style: str = ""
    key: str = ""


Line = tuple[Run, ...]


_SHORT: Final = 200
"""Texts up to this length are kept once they are translated: names, labels, our own words."""


def show(text: str) -> str:
    """Return text as the screen may have it, one code point for each of its own.

    Line feeds and tabs become blanks, whatever a terminal obeys or a reader does not see becomes
    a visible sign, and marks piled on one letter beyond `MARKS_PER_LETTER` become dots.
    """
    return _show_short(text) if len(text) <= _SHORT else _show(text)


def _show(text: str) -> str:
    return printable(text.translate(_BLANKS))


_show_short = lru_cache(maxsize=8192)(_show)


def ink(text: str, style: str = "", key: str = "") -> Run:
    """Make a run from any text."""
    return Run(show(text), style, key)


def width(line: Line) -> int:
    """Return how many cells a line fills."""
    return sum(cells(run.text) for run in line)


def fits(text: str, most: int) -> bool:
    """Tell whether text stands whole in `most` cells."""
    return len(text) <= _enough(most) and cells(show(text)) <= most


def _enough(most: int) -> int:
    """Return of how many code points so many cells can show some, with every letter's marks."""
    return (most + 2) * (MARKS_PER_LETTER + 1)


def cut(text: str, most: int) -> str:
    """Shorten text to `most` cells, with an ellipsis where something is left out."""
    if fits(text, most):
        return show(text)
    text = show(text[: _enough(most)])
    return set_cell_size(text, max(0, most - 1)).rstrip() + "…" if most > 0 else ""


def prose(
    text: str, most: int, style: str = "", *, indent: str = "", rows: int | None = None
) -> list[Line]:
    """Wrap text into lines of `most` cells, all but the first behind `indent`.

    With `rows`, there are so many lines at most, and the last one tells of what is left out.
    """
    lines: list[Line] = []
    for row in _rows(text, max(8, most - len(indent)), rows, wrap):
        lead = indent if lines else ""
        lines.append((Run(lead + row.rstrip(" "), style),))
    return lines


def beneath(text: str, most: int, style: str = "", *, rows: int) -> list[Line]:
    """Wrap what is said beneath a list, a blank from the edge; nothing for nothing."""
    return [(Run(" "), *line) for line in prose(text, most - 2, style, rows=rows)] if text else []


def data(text: str, most: int, *, rows: int | None = None) -> list[Line]:
    """Break what is no prose into lines that are full, so that none ends where one of a file might.

    `rows` is as `prose` has it.
    """
    return [(Run(row),) for row in _rows(text, max(8, most), rows, fill)]


def _rows(
    text: str, measure: int, rows: int | None, breaking: Callable[[str, int], list[Range]]
) -> list[str]:
    enough = len(text) if rows is None else (rows + 1) * measure * (MARKS_PER_LETTER + 1)
    shown = show(text[:enough])
    found = breaking(shown, measure)
    if rows is not None and len(found) > rows:
        # A sign for what is missing takes the place of the last letters.
        start, _ = found[rows - 1]
        shown = shown[:start] + cut(shown[start : start + 2 * enough] + "  ", measure)
        found = [*found[: rows - 1], (start, len(shown))]
    return [shown[start:end] for start, end in found]


def fit(line: Line, most: int) -> Line:
    """Shorten a line to `most` cells, with an ellipsis where something is left out."""
    if width(line) <= most:
        return line
    kept: list[Run] = []
    room = most
    for run in line:
        wide = cells(run.text)
        if wide >= room:
            # The ellipsis is due although this run alone might just fit.
            kept.append(run._replace(text=cut(run.text + " …", room)))
            break
        kept.append(run)
        room -= wide
    return tuple(kept)


def within(lines: Sequence[Line], rows: int, most: int) -> list[Line]:
    """Return the first `rows` lines, with an ellipsis at the end where more follow."""
    if len(lines) <= max(1, rows):
        return [*lines]
    kept = [*lines[: max(1, rows)]]
    return [*kept[:-1], fit((*kept[-1], Run(" …")), most)]


def flow(items: Iterable[Line], most: int, *, gap: int = 2) -> list[Line]:
    """Set items side by side into lines of `most` cells; an item that is too long is cut."""
    lines: list[Line] = []
    used = 0
    for item in (fit(item, most) for item in items):
        wide = width(item)
        if lines and used + gap + wide <= most:
            lines[-1] = (*lines[-1], Run(" " * gap), *item)
            used += gap + wide
        else:
            lines.append(item)
            used = wide
    return lines


def columns(items: Sequence[Line], most: int, *, least: int = 12) -> list[Line]:
    """Set items into columns of equal width, read downwards.

    There are as many as the widest item leaves room for.
    """
    if not items:
        return []
    wide = max(least, *(width(item) for item in items)) + 2
    count = max(1, (most + 2) // wide)
    deep = -(-len(items) // count)
    lines = []
    for row in range(deep):
        line: list[Run] = []
        for item in items[row::deep]:
            line += [*item, Run(" " * (wide - width(item)))]
        lines.append(tuple(line[:-1]))
    return lines


def ends(left: Line, right: Line, most: int) -> Line:
    """Set two lines at both ends of one; the left one gives way."""
    room = most - width(right) - 1
    kept: list[Run] = []
    for run in left:
        wide = cells(run.text)
        if wide > room:
            piece = cut(run.text, room)
            kept.append(Run(piece, run.style, run.key))
            room -= cells(piece)
            break
        kept.append(run)
        room -= wide
    return (*kept, Run(" " * (room + 1)), *right)

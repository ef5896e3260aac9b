"""The rows of a form as lines, each in a place that neither focus nor filling moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.tui import paint
from annotator.tui.modes.base import Field
from annotator.tui.paint import Line, Run, ink

_STYLES: Final = {
    "unseen": paint.MUTED,
    "filled": "",
    "none": paint.MUTED,
    "missing": paint.WARN,
    "proposed": "italic",
}
_WORDS: Final = {"unseen": "·", "missing": "to be filled"}
_NAME: Final = 16
_ENOUGH: Final = 8
_LEAST_CELL: Final = 18
"""Cells that a row needs beside others, for its key, its name and the first of its value."""


def form(title: Line, fields: Sequence[Field], width: int, height: int) -> list[Line]:
    """Lay out a form's title and rows for a panel of this size.

    The rows stand one under the other where that leaves a third of the height, or eight lines, for
    what fills them. Else they stand side by side, a page of them where not all have room, and the
    one in focus is said once more on a line of its own, unless it stands whole among the others.
    """
    if height - len(fields) - 3 >= min(height // 3, _ENOUGH):
        return [title, (), *rows(fields, width), ()]
    count = max(1, (width + 2) // (_LEAST_CELL + 2))
    cell = (width + 2) // count - 2
    deep = -(-len(fields) // count)
    shown = deep if deep <= height // 2 else min(deep, max(1, (height - 2) // 3))
    at = next((place for place, field in enumerate(fields) if field.focused), 0)
    top = max(0, min(at // count // shown * shown, deep - shown))
    seen = fields[top * count : (top + shown) * count]
    if len(seen) < len(fields):
        title = paint.ends(title, (Run(f"row {at + 1} of {len(fields)}", paint.MUTED),), width)
    cells = [paint.fit(_cell(field, cell), cell) for field in seen]
    more = [field for field in seen if field.focused and paint.width(_cell(field)) > cell]
    grid = [_beside(cells[start : start + count], cell) for start in range(0, len(cells), count)]
    return [title, *grid, *(rows(more, width) or [()])]


def rows(fields: Sequence[Field], width: int) -> list[Line]:
    """Set rows one under the other, their values in a column."""
    name_width = min(_NAME, max((len(field.name) for field in fields), default=0))
    found: list[Line] = []
    for field in fields:
        value = _value(field, width - name_width - 4)
        ground = _ground(field)
        key = Run(f"{field.key or ' '} ", f"{paint.KEY}{ground}", field.key)
        named = (paint.STRONG if field.focused else paint.MUTED) + ground
        name = ink(field.name[:name_width].ljust(name_width), named, field.key)
        found.append((key, name, Run("  ", ground), ink(value, _STYLES[field.state] + ground)))
    return found


def _cell(field: Field, width: int | None = None) -> Line:
    ground = _ground(field)
    value = _all(field) if width is None else _value(field, width - len(field.name) - 3)
    named = (paint.STRONG if field.focused else paint.MUTED) + ground
    return (
        ink(f"{field.key or ' '} ", paint.KEY + ground, field.key),
        ink(f"{field.name} ", named, field.key),
        ink(value, _STYLES[field.state] + ground, field.key),
    )


def _beside(cells: Sequence[Line], wide: int) -> Line:
    line: list[Run] = []
    for cell in cells:
        line += [*cell, Run(" " * (wide + 2 - paint.width(cell)))]
    return tuple(line[:-1])


def _ground(field: Field) -> str:
    return " on $choice" if field.focused else ""


def _value(field: Field, most: int) -> str:
    """Say in so many cells what a row holds, and how many values more than there is room for."""
    every, parts = _all(field), field.parts
    if len(parts) < 2 or paint.fits(every, most):
        return paint.cut(every, most)
    shown = 1
    while paint.fits(f"{', '.join(parts[: shown + 1])} +{len(parts) - shown - 1}", most):
        shown += 1
    more = f" +{len(parts) - shown}"
    return paint.cut(", ".join(parts[:shown]), most - len(more)) + more


def _all(field: Field) -> str:
    return field.value or _WORDS.get(field.state, "")

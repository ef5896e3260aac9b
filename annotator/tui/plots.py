"""Plots made of characters: bars, lines of blocks and columns with an axis, as runs of text.

Every plot can be read without colour: what is full and what is empty are different signs, and the
numbers stand beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.tui import paint
from annotator.tui.paint import Line, Run, ink
from annotator.tui.reflow import cells

_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_WIDEST: Final = 4
"""Cells that a column fills at most, the one between columns included."""


def bar(share: float, width: int, style: str = "$primary") -> Line:
    """Return a bar of `width` cells that is full up to a share from 0 to 1, to half a cell.

    A share that is more than nothing shows, and only a whole one fills the bar.
    """
    halves = round(max(0.0, min(1.0, share)) * 2 * width)
    if 0 < share < 1:
        halves = max(1, min(2 * width - 1, halves))
    full, half = divmod(halves, 2)
    return (
        Run("━" * full + "╸" * half, style),
        Run("─" * (width - full - half), paint.FAINT),
    )


def sparkline(values: Sequence[float]) -> str:
    """Return a block for each value, a blank for none, the highest for the largest."""
    most = max(values, default=0.0)
    return "".join(_EIGHTHS[_steps(value, most, 1)] for value in values)


def _steps(value: float, most: float, height: int) -> int:
    """Return how many eighths of a row a value fills; one that is not nothing fills one."""
    return max(1, round(value / most * 8 * height)) if most > 0 and value > 0 else 0


def columns(
    bars: Sequence[tuple[str, float]], width: int, height: int, style: str = "$primary"
) -> list[Line]:
    """Return columns over an axis: the last that `width` cells hold, under their largest number.

    Their names stand beneath, as many as there is room for, the last one always.
    """
    edge = max((len(_number(value)) for _, value in bars), default=0)
    room = width - edge - 2
    if not bars or room < 1 or height < 1:
        return []
    shown = bars[-room:]
    wide = max(1, min(_WIDEST, room // len(shown)))
    most = max(value for _, value in shown)
    steps = [_steps(value, most, height) for _, value in shown]
    lines: list[Line] = []
    for row in reversed(range(height)):
        blocks = (_EIGHTHS[max(0, min(8, step - 8 * row))] for step in steps)
        drawn = "".join(_widened(block, wide) for block in blocks)
        number = _number(most) if row == height - 1 else ""
        lines.append((Run(f"{number:>{edge}} ┤", paint.MUTED), Run(drawn, style)))
    lines.append((Run(f"{'0':>{edge}} └{'─' * (wide * len(shown))}", paint.MUTED),))
    names = _names([name for name, _ in shown], wide, room)
    lines.append((Run(" " * (edge + 2)), ink(names, paint.MUTED)))
    return lines


def _widened(block: str, wide: int) -> str:
    return block if wide == 1 else block * (wide - 1) + " "


def _names(names: Sequence[str], wide: int, room: int) -> str:
    """Set names under their columns, the last first, and others where two blanks are left."""
    line = [" "] * room
    for place in (len(names) - 1, *range(len(names) - 1)):
        name = paint.show(names[place])
        long = cells(name)
        start = min(place * wide, room - long)
        around = line[max(0, start - 2) : start + long + 2]
        if long and start >= 0 and all(cell == " " for cell in around):
            line[start : start + long] = [name, *[""] * (long - 1)]
    return "".join(line).rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def beside(left: Sequence[Line], right: Sequence[Line], width: int, gap: int = 4) -> list[Line]:
    """Set lines of `width` cells and others side by side."""
    lines: list[Line] = []
    for place in range(max(len(left), len(right))):
        one = paint.fit(left[place], width) if place < len(left) else ()
        other = right[place] if place < len(right) else ()
        pad = Run(" " * (width - paint.width(one) + gap))
        lines.append((*one, pad, *other) if other else one)
    return lines


_LEAST_NAME: Final = 6


def table(head: Sequence[str], rows: Sequence[Sequence[Line]], widths: Sequence[int]) -> list[Line]:
    """Return a table whose first column begins at the left, and all others end at the right.

    No number is cut: its column takes what it needs from the first one.
    """
    wide = [
        max(least, *(paint.width(row[place]) for row in rows if place < len(row)))
        for place, least in enumerate(widths)
        if place
    ]
    widths = (
        [max(_LEAST_NAME, widths[0] - (sum(wide) - sum(widths[1:]))), *wide] if rows else widths
    )
    lines: list[Line] = [_row([(Run(name, paint.MUTED),) for name in head], widths)]
    return lines + [_row(row, widths) for row in rows]


def _row(cells: Sequence[Line], widths: Sequence[int]) -> Line:
    runs: list[Run] = []
    for place, (cell, wide) in enumerate(zip(cells, widths, strict=False)):
        cut = paint.fit(cell, wide)
        pad = Run(" " * (wide - paint.width(cut)))
        runs += [*cut, pad] if place == 0 else [Run("  "), pad, *cut]
    return tuple(runs)

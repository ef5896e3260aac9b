"""How what a key of a panel chooses is shown: its key, its sign, its name and what it means."""

from __future__ import annotations

from typing import Final

from annotator.tui import paint
from annotator.tui.modes.base import Item
from annotator.tui.paint import Line, Run, ink

LONGEST: Final = 40
"""Rows of one line of words, which may be a chosen stretch of any length."""
LEAST_BESIDE: Final = 14
"""Cells behind a name from which what it means begins beside it."""


def item_line(item: Item, most: int) -> Line:
    """Show an item with its key, its name cut at so many cells."""
    style = f"{_item_style(item)}{_lit_ground(item)}"
    return (*_item_lead(item), ink(paint.cut(item.text, most), style, item.key))


def _item_lead(item: Item) -> Line:
    """Show an item's key, and the sign of its label or of its state."""
    ground = _lit_ground(item)
    box = {"on": "●", "rejected": "✗", "suggested": "○", "off": item.glyph or " "}[item.state]
    return (
        ink(item.key.rjust(1), paint.KEY + ground, item.key),
        Run(" ", ground, item.key),
        ink(f"{box} " if box.strip() else "", _item_style(item) + ground, item.key),
    )


def _lit_ground(item: Item) -> str:
    return " on $choice" if item.lit else ""


def wrapped(item: Item, width: int) -> list[Line]:
    """Show the whole name of an item, in as many rows as it takes."""
    lead = _item_lead(item)
    pad = Run(" " * paint.width(lead), "", item.key)
    style = f"{_item_style(item)}{_lit_ground(item)}"
    first, *rest = [
        tuple(run._replace(key=item.key) for run in row)
        for row in paint.prose(item.text, width - paint.width(lead), style, rows=LONGEST)
    ] or [()]
    return [(*lead, *first), *((pad, *row) for row in rest)]


def _item_style(item: Item) -> str:
    if item.state == "rejected":
        return f"strike {paint.MUTED}"
    colour = f"$family-{item.colour}" if item.glyph else ""
    return f"bold {colour}".strip() if item.state == "on" else colour


def detailed(item: Item, width: int) -> list[Line]:
    """Show an item and what it means: behind its name where there is room, else beneath."""
    name = wrapped(item, width)
    lead = paint.width(_item_lead(item))
    pad = Run(" " * lead, "", item.key)
    room = width - lead
    if not item.detail or len(name) > 1 or paint.width(name[0]) + LEAST_BESIDE > width:
        rows = paint.prose(item.detail, room, paint.MUTED) if item.detail else []
        return [*name, *((pad, *row) for row in rows)]
    ended = item.text.endswith((".", "?", "!", "…"))
    said = f"{item.text}{' ' if ended else ': '}{item.detail}"
    first, *rest = paint.prose(said, room, paint.MUTED)
    behind = first[0].text[len(paint.show(item.text)) :]
    return [(*name[0], Run(behind, paint.MUTED, item.key)), *((pad, *row) for row in rest)]

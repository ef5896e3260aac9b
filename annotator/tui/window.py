"""Which of many lines are seen where there is no room for all."""

from __future__ import annotations

from typing import Final

LEAST: Final = 4
"""Rows below which nothing is left out, for what says so would take most of them."""


def seen(count: int, room: int, lit: int, pages: int, *, above: int | None = None) -> range:
    """Return which of so many lines are seen: those around the lit one, or pages on from there.

    `above` says how many stand over the lit one, else it is in the middle. Behind the last page
    comes the first. Where lines are left out above or below, the first or the
    last one that is seen is the place to say so.
    """
    if count <= room or room < LEAST:
        return range(count)
    last = count - room
    start = max(0, min(lit - (room // 2 if above is None else above), last))
    # The first and the last row of a page may say what is left out, so the next one begins there.
    tops = sorted({0, last, *range(start, last, room - 2), *range(start, 0, 2 - room)})
    start = tops[(tops.index(start) + pages) % len(tops)]
    return range(start, start + room)

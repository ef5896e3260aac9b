"""A row of the library keeps its columns, and gives its title the room that there is."""

from __future__ import annotations

import pytest

from annotator.pipeline.shelf import Entry
from annotator.tui import paint, shelves
from annotator.tui.paint import Line

TITLE = "leaders-of-two-lakes-speak-of-fish"
ENTRIES = [
    Entry(TITLE),
    Entry(TITLE, decided=3, sentences=15),
    Entry(TITLE, decided=15, sentences=15),
    Entry(TITLE, problem="It is no text."),
]


def words(line: Line) -> str:
    return "".join(run.text for run in line)


@pytest.mark.parametrize("width", [30, 58, 72, 78, 118])
def test_titles_begin_in_one_column_however_far_each_readout_is(width: int) -> None:
    rows = [words(shelves.row(entry, width)) for entry in ENTRIES]
    assert len({row.index(TITLE[:6]) for row in rows}) == 1
    assert all(paint.width(shelves.row(entry, width)) <= width for entry in ENTRIES)


def test_where_there_is_little_room_the_title_has_more_of_it_than_a_bar() -> None:
    row = words(shelves.row(ENTRIES[1], 58))
    assert "3/15" in row
    assert "━" not in row
    assert TITLE[:22] in row
    assert "━" in words(shelves.row(ENTRIES[1], shelves.ROOMY))

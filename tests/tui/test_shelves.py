"""A row of the library keeps its columns, and gives its title the room that there is."""

from __future__ import annotations

import pytest

from annotator.model.progress import Progress
from annotator.pipeline.index import Totals
from annotator.pipeline.shelf import Entry
from annotator.tui import keys, paint, shelves
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


@pytest.mark.parametrize(
    ("width", "far"),
    [
        (120, "1,300 of 2,000 sentences decided in 9 readouts begun   5 for a second pass"),
        (84, "1,300 of 2,000 sentences decided   5 for a second pass"),
        (70, "1,300/2,000 decided   5 for a second pass"),
        (62, "1,300/2,000   5 for a second pass"),
        (48, "5 for a second pass"),
        (38, ""),
    ],
)
def test_the_head_says_ever_shorter_how_far_one_is_and_what_waits(width: int, far: str) -> None:
    totals = Totals(begun=9, in_begun=2000, again=5, progress=Progress(total=2000, done=1300))
    line = shelves.head("calls", shelves.counted(totals), "9 readouts   ada ", width)
    assert paint.width(line) == width
    assert " ".join(words(line).split()) == " ".join(f"calls {far} 9 readouts ada".split())


def test_a_project_with_a_long_name_leaves_room_for_how_far_one_is() -> None:
    totals = Totals(begun=1, in_begun=1, progress=Progress(total=1, done=1))
    line = words(shelves.head("calls" * 20, shelves.counted(totals), "1 readout   ada ", 80))
    assert "callsc" in line
    assert "1 of 1 sentence decided" in line


@pytest.mark.parametrize("width", [30, 58, 78, 118])
def test_an_empty_project_says_how_readouts_come_into_it(width: int) -> None:
    lines = shelves.welcome(keys.keymap({}, ()), width)
    assert max(map(paint.width, lines)) <= width
    said = " ".join(" ".join(map(words, lines)).split())
    assert "annotator add FILE …" in said
    assert "annotator init DIR" in said
    assert "^z goes to the shell" in said

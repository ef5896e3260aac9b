"""Escape and other keys that reach the program in one read of a real terminal."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.project import Project

from .harness import Place

pytestmark = pytest.mark.terminal

READOUT = "2021-04-13-biden-putin-us"


def test_a_letter_right_behind_escape_is_not_lost(tmp_path: Path) -> None:
    with Place(tmp_path, READOUT).coding(READOUT) as terminal:
        terminal.steps(("2 g", "Sentence 2 of 9"), ("t", "key toggles"))
        terminal.type("\x1bs")
        terminal.wait_for("Speakers")
        terminal.wait_for("somebody new")
        terminal.type("\x1bz")
        terminal.wait_for("Note on this sentence")


BEHIND_ESCAPE: Final = (
    *((f"{number}g", f"Sentence {number} of 9") for number in (1, 3, 4, 5, 6, 7, 8, 9)),
    *((key, f"{key} means nothing here") for key in "bTZ>-=§"),
    *(("[", "There is no readout"), (" b", "b means"), ("\t", "This sentence has no")),
    *(("f", "✱ flagged"), ("\x1b[B", "Sentence 3 of 9"), ("\r", "Sentence 3 of 9")),
    ("\x1b", "leaves the readout"),
)


def test_every_key_right_behind_escape_does_what_it_does(tmp_path: Path) -> None:
    with Place(tmp_path, READOUT).coding(READOUT) as terminal:
        for keys, shown in BEHIND_ESCAPE:
            terminal.steps(("2 g", "Sentence 2 of 9"), ("t", "key toggles"))
            terminal.type(f"\x1b{keys}")
            terminal.wait_for(shown)


def test_escapes_among_fast_keys_close_what_they_are_to_close(tmp_path: Path) -> None:
    with Place(tmp_path, READOUT).coding(READOUT) as terminal:
        terminal.steps(("2 g", "Sentence 2 of 9"))
        for key in ("s", "1", "\x1b", "s", "2", "\x1b", "t", "c", "\r"):
            terminal.type(key)
            time.sleep(0.03)
        terminal.wait_for("Sentence 3 of 9")
        terminal.steps(("2 g", "Sentence 2 of 9"))
        block = terminal.block(2)
    assert block.count("☉") == 2
    assert "courtesy" in block


def test_a_circumflex_is_typed_into_a_line(tmp_path: Path) -> None:
    with Place(tmp_path, READOUT).coding(READOUT) as terminal:
        terminal.steps(("2 g z", "Note on this sentence"))
        terminal.type("re:^The")
        terminal.wait_for(r"re:^The")


@pytest.mark.parametrize(
    ("keys", "marks", "notes"),
    [("te", ["prot.event"], []), ("te\x1b", ["prot.event"], []), ("zwhy\r", [], ["why"])],
)
def test_what_was_pressed_right_before_the_program_is_left_is_done(
    tmp_path: Path, keys: str, marks: list[str], notes: list[str]
) -> None:
    place = Place(tmp_path, READOUT)
    with place.coding(READOUT) as terminal:
        terminal.type(f"{keys}\x11")
        assert terminal.wait_exit() == 0
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    coded = [sentence for _, sentence in snapshot.coding.sentences()]
    assert [mark.label for sentence in coded for mark in sentence.marks] == marks
    assert [sentence.note for sentence in coded if sentence.note] == notes


def test_keys_behind_the_one_that_leads_to_another_readout_are_meant_for_that(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path, READOUT, "2023-11-15-biden-xi-us")
    with place.coding(READOUT) as terminal:
        terminal.type("tt\r]tr\r")
        terminal.wait_for(lambda text: "◆ relations" in text and "● saved" in text)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    store = Project.open(place.root).store()
    for readout, label in ((READOUT, "sec.terror"), ("2023-11-15-biden-xi-us", "rel.general")):
        snapshot = store.read("ada", readout)
        assert snapshot is not None
        marks = [mark.label for _, one in snapshot.coding.sentences() for mark in one.marks]
        assert marks == [label]


@pytest.mark.parametrize("keys", ["qqqq", "Cqqq", "\x1b\x1bqqq", "tt\rqqq", "?qqq"])
def test_going_back_more_often_than_there_are_screens_leaves_the_program(
    tmp_path: Path, keys: str
) -> None:
    with Place(tmp_path, READOUT).coding(READOUT) as terminal:
        terminal.type(keys)
        assert terminal.wait_exit() == 0


def test_a_second_enter_is_meant_for_the_readout_that_the_first_one_opened(tmp_path: Path) -> None:
    with Place(tmp_path, READOUT).start() as terminal:
        terminal.wait_for("1 readout")
        terminal.type("\r\r")
        terminal.wait_for("1/8")


NOTHING: Final = ("qtv\r", "qw\r", "Dteq", "\x1bOPteq", "?tvq", "Mteq", "rq", "r1\x1b")


@pytest.mark.parametrize("keys", NOTHING)
def test_keys_that_mean_nothing_where_another_leads_never_come_back_as_marks(
    tmp_path: Path, keys: str
) -> None:
    place = Place(tmp_path, READOUT)
    with place.coding(READOUT) as terminal:
        terminal.type(keys)
        terminal.wait_for("Sentence 2 of 9")
        terminal.type("f")
        terminal.wait_for("flagged")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    coded = [sentence for _, sentence in snapshot.coding.sentences()]
    assert [(one.marks, one.state) for one in coded] == [((), "new")] * len(coded)


def test_the_palette_can_be_turned_before_it_is_filled(tmp_path: Path) -> None:
    with Place(tmp_path, READOUT).coding(READOUT) as terminal:
        terminal.type("\x10\x1b[6~\x1b[5~")
        terminal.wait_for("Search for commands")
        terminal.type("\x1b")
        terminal.wait_for(lambda text: "Search for commands" not in text)
        terminal.steps(("2 g", "Sentence 2 of 9"), ("t", "key toggles"))

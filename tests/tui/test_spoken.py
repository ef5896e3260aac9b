"""The screens in words, without a screen."""

from __future__ import annotations

import re

import pytest

from annotator.model.progress import Progress
from annotator.model.readout import Event, Metadata
from annotator.pipeline.shelf import Entry
from annotator.tui import spoken
from annotator.tui.keys import COMMANDS, shown
from annotator.tui.modes.base import Field, Group, Item, View
from annotator.tui.paint import width
from tests.session.making import Coder

DRAWN = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf]")


def page(coder: Coder, typed: str = "") -> list[str]:
    view = coder.bench.mode.view() if coder.bench.mode else None
    return spoken.page(coder.bench, Progress.of(coder.session.coding), view, typed)


def test_the_sentence_in_work_is_said_with_its_place_its_role_and_its_state() -> None:
    coder = Coder.at("They met.", "They parted.")
    assert page(coder)[:3] == ["Sentence 1 of 2, body, not decided.", "They met.", "No marks."]
    coder.press("enter", "k")
    assert page(coder)[0] == "Sentence 1 of 2, body, done."


def test_marks_are_said_under_their_layers_with_what_their_slots_hold() -> None:
    coder = Coder.at().press("t", "g", "escape", "s", "1", "escape", "f")
    said = page(coder)
    assert "Flagged." in said
    assert any(line.startswith("Topics: ") for line in said)
    speaker = next(line for line in said if line.startswith("Speakers: "))
    assert coder.session.cast.entities[0].name in speaker


def test_the_last_message_comes_first() -> None:
    coder = Coder.at().press("t", "g", "escape", "backspace")
    assert page(coder)[0].startswith("removed: ")
    assert page(coder)[0].endswith("u brings it back")


def test_an_open_panel_is_a_list_of_keys_with_their_states() -> None:
    coder = Coder.at().press("t", "g")
    said = page(coder)
    assert said[0].startswith("Panel: Topics")
    assert any(re.fullmatch(r"g: \w+.*, marked.*", line) for line in said)
    assert any(line.endswith(", here") or ", here" in line for line in said)
    assert any(line.startswith("Keys: ") and "Escape" in line for line in said)


def test_a_form_is_said_row_by_row_and_the_one_in_focus_first() -> None:
    coder = Coder.at().press("j", "c", "a")
    said = page(coder)
    rows = [line for line in said if line.startswith("Shift ")]
    assert rows[0].endswith(", here")
    assert any("none stated" in row or "not looked at" in row or "empty" in row for row in rows)


def test_a_span_is_said_with_the_words_that_are_chosen_and_those_under_keys() -> None:
    coder = Coder.at().press("t", "g", "escape", "v")
    said = page(coder)
    start, end = coder.view.selection or (0, 0)
    assert f"Chosen: “{coder.session.readout.text[start:end]}”." in said
    for place, key in coder.view.hops:
        first = coder.session.readout.text[place : place + 3]
        assert any(line.startswith(f"{key}: “{first}") for line in said)


def test_a_place_to_split_is_said_by_the_words_after_it() -> None:
    coder = Coder.at("They met on Monday in Orsk.").press("S")
    assert any(line.startswith("Before: “") for line in page(coder))


def test_an_open_question_is_said_with_what_is_typed() -> None:
    coder = Coder.at().press("z")
    assert page(coder, "half a no")[0] == "Note on this sentence: half a no."
    assert page(coder)[0] == "Note on this sentence: nothing typed."


def test_nothing_is_said_that_only_the_eye_reads() -> None:
    courses = ((), ("t", "g"), ("j", "c", "a"), ("t", "g", "escape", "v"), ("x",), ("o",))
    for keys in courses:
        told = "\n".join(page(Coder.at().press(*keys)))
        assert DRAWN.findall(told) == []


def test_every_key_of_the_table_has_a_name_without_signs() -> None:
    for command in COMMANDS:
        for key in command.keys:
            name = spoken.key_name(key)
            assert DRAWN.findall(name) == [], shown(key)
            assert name


@pytest.mark.parametrize(
    ("key", "name"),
    [("t", "t"), ("T", "Shift T"), ("ctrl+r", "Control R"), ("enter", "Enter"), ("f1", "F1")],
)
def test_keys_are_called_by_name(key: str, name: str) -> None:
    assert spoken.key_name(key) == name


def test_what_an_item_says_beyond_its_name_is_said_too() -> None:
    item = Item("a", "Agreement", detail="Both will act.", state="rejected", lit=True)
    field = Field("", "Action", "", "missing", focused=True)
    said = spoken.panel(View("P", "h", groups=(Group("Kinds", (item,)),), fields=(field,)), "", 0)
    assert "a: Agreement, rejected, here. Both will act." in said
    assert "Action, empty, to be filled, here" in said


def test_a_readout_of_the_library_is_one_line_of_words() -> None:
    metadata = Metadata(title="A call", issuing_side="XA", event=Event(date="2021-04-13"))
    entry = Entry("call", metadata=metadata)
    line = spoken.entry(entry, "en", 100, lit=True)
    told = "".join(run.text for run in line)
    assert told.startswith("Here: ")
    assert told.endswith("not begun, 13 April 2021, XA side")


def test_a_long_title_gives_way_to_what_is_known() -> None:
    metadata = Metadata(title="A very long title " * 20, event=Event(date="2021-04-13"))
    line = spoken.entry(Entry("call", metadata=metadata), "en", 60, lit=False)
    assert width(line) <= 60
    assert "".join(run.text for run in line).endswith("13 April 2021")

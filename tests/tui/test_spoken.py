"""The screens in words, without a screen."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.progress import Progress
from annotator.model.readout import Event, Metadata
from annotator.pipeline.find import Found
from annotator.pipeline.shelf import Entry
from annotator.tui import spoken
from annotator.tui.app import AnnotatorApp
from annotator.tui.keys import COMMANDS, shown
from annotator.tui.modes.base import Field, Group, Item, View
from annotator.tui.paint import Run, width
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView
from tests.rendering import RENDER, painted
from tests.session.making import Coder

DRAWN = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf]")


def page(coder: Coder, typed: str = "") -> list[str]:
    view = coder.bench.mode.view() if coder.bench.mode else None
    return spoken.page(coder.bench, Progress.of(coder.session.coding), view, typed).lines


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


def test_what_a_key_did_is_said_also_where_the_eye_sees_it_without_a_message() -> None:
    coder = Coder.at("They met.", "They parted.", "They wrote.")
    coder.press("f")
    assert page(coder)[0] == "flagged."
    assert page(coder.press("f"))[0] == "no longer flagged."
    coder.press("w")
    assert page(coder)[:2] == ["Sentence 1: unsure.", "Sentence 2 of 3, body, not decided."]
    coder.press("j")
    assert page(coder)[0] == "Sentence 3 of 3, body, not decided."


def test_the_sentences_before_and_after_are_a_line_each_with_their_labels() -> None:
    coder = Coder.at("They met.", "They parted.", "They wrote.").press("t", "g", "enter")
    said = page(coder)
    assert "Before: sentence 1, body, done, trade: They met." in said
    assert "After: sentence 3, body, not decided: They wrote." in said
    coder.press("k")
    assert "This is the first sentence." in page(coder)
    coder.press("G")
    assert "This is the last sentence." in page(coder)
    # An open panel has enough to say.
    assert not any("They parted." in line for line in page(coder.press("t")))


def test_the_last_message_comes_first() -> None:
    coder = Coder.at().press("t", "g", "escape", "backspace")
    assert page(coder)[0].startswith("removed: ")
    assert page(coder)[0].endswith("u brings it back")


def test_an_open_panel_is_a_list_of_keys_with_their_states() -> None:
    coder = Coder.at().press("t", "g")
    said = page(coder)
    given, *said = said
    assert given == "+ Trade and investment"
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
    said = spoken.panel(
        View("P", "h", groups=(Group("Kinds", (item,)),), fields=(field,)), "", 0
    ).lines
    assert "a: Agreement, rejected, here. Both will act." in said
    assert "Action, empty, to be filled, here" in said


def test_a_readout_of_the_library_is_one_line_of_words() -> None:
    metadata = Metadata(title="A call", issuing_side="XA", event=Event(date="2021-04-13"))
    entry = Entry("call", metadata=metadata)
    told = spoken.entry(entry, "en", 100)
    assert told == "A call, not begun, 13 April 2021, XA side"
    lit, other = (spoken.row(told, 2, 12, 40, lit=lit) for lit in (True, False))
    assert "".join(run.text for run in lit).startswith("Here: 3 of 12: A call, not begun")
    assert "".join(run.text for run in other).startswith("3 of 12: A call, not begun")
    assert width(lit) <= 40


def test_a_long_title_gives_way_to_what_is_known() -> None:
    metadata = Metadata(title="A very long title " * 20, event=Event(date="2021-04-13"))
    told = spoken.entry(Entry("call", metadata=metadata), "en", 60)
    assert width((Run(told),)) <= 60
    assert told.endswith("13 April 2021")


def test_a_drawn_line_is_said_with_commas_between_its_columns_and_without_bars() -> None:
    drawn = (Run("  ━━━╸──── ", "$primary"), Run("4/15✓"), Run("  "), Run("★ trade     12"))
    (said,) = spoken.line(drawn)
    assert said.text.strip() == "4/15 done, trade, 12"
    clicked = (Run("━ open", key="o"),)
    assert spoken.line(clicked) == clicked
    plain = (Run("plain words, and more", "bold"),)
    assert spoken.line(plain) == plain


def test_what_was_found_is_said_with_where_it_is_and_what_it_is_coded_as() -> None:
    place = Found("call", 5, 10, "They ", "spoke", " long.", ("talks",), "bob", (0, 16), "")
    assert spoken.found(place, "bob") == (
        "“spoke”, readout call, coded: talks, in: They spoke long."
    )
    assert "readout call by bob, not coded" in spoken.found(replace(place, labels=()), "ada")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("slash", *"trade", "enter"), r"Here: 1 of \d+: “trade”, readout 2017-01-28-putin"),
        (("question_mark", "j"), r"Here: 2 of \d+: .*[a-z]"),
        (("question_mark",), r"1 of \d+: layer Topics, key t, \d+ labels"),
        (("f1",), r"Every key|Move|move"),
        (("D",), r"30 of 30 sentences, 100%"),
        (("C",), r"1 of \d+: "),
    ],
)
@pytest.mark.parametrize("size", [(120, 40), (60, 16)])
async def test_every_screen_is_said_and_not_drawn(
    tmp_path: Path, keys: tuple[str, ...], said: str, size: tuple[int, int]
) -> None:
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada")
    app.manner.reader = True
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.press(*keys)
        for _ in range(200):
            shown = "\n".join(painted(app))
            if re.search(said, shown):
                break
            await pilot.pause(0.02)
        assert re.search(said, shown), shown
        views = app.screen.query(LinesView).results(LinesView)
        text = "\n".join(v.render_line(y).text for v in views for y in range(v.size.height))
        assert not re.search("[\u2500-\u259f]", text)
    app.close_all()
    app.catalogue.close()


async def test_f2_says_the_list_that_is_shown_and_draws_it_again(tmp_path: Path) -> None:
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        for told in (True, False):
            await pilot.press("f2")
            await pilot.pause()
            text = app.screen.query_one("#rows", RowsView).render_line(0).text
            assert ("1 of 22: " in text) is told
    app.catalogue.close()


async def said(pilot: Pilot[None], *keys: str) -> list[str]:
    """Press keys, and return the rows that are said then."""
    await pilot.press(*keys)
    await pilot.pause()
    view = pilot.app.screen.query_one("#spoken", LinesView)
    return [view.render_line(y).text.strip() for y in range(view.size.height)]


async def test_an_open_panel_is_seen_around_its_light_and_can_be_turned_to_its_end(
    tmp_path: Path,
) -> None:
    readout = "2017-01-28-putin-trump-kremlin-retold"
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada", readout)
    app.manner.reader = True
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await said(pilot, "9", "G", "t")
        assert re.fullmatch(r"\d+ more lines below: PgDn", rows[-1])
        for _ in range(27):
            rows = await said(pilot, "right")
            assert rows[0] == "Panel: Topics."
            (lit,) = (at for at, row in enumerate(rows) if re.search(r"\bhere\b", row))
            assert pilot.app.cursor_position.y == lit
        assert re.fullmatch(r"\d+ more lines above: PgUp", rows[1])
        assert isinstance(app.screen, AnnotateScreen)
        bench = app.screen.bench
        about = bench.mode.view().about[1] if bench.mode else ""
        told = [rows]
        for _ in range(6):
            told.append(await said(pilot, "pagedown"))
            assert pilot.app.cursor_position.y == 1
        heard = " ".join(" ".join(page) for page in told)
        assert about[:40] in heard
        assert bench.sentence.text[:40] in heard
        rows = await said(pilot, "escape", "e")
        assert rows[0].startswith("Panel: ")
        assert any(row.endswith("here") for row in rows[1:3])
        rows = await said(pilot, "escape", "v")
        assert re.fullmatch(r"\d+ more lines below: Control D", rows[-1])
        assert await said(pilot, "ctrl+d") != rows
    app.close_all()
    app.catalogue.close()


async def test_the_line_of_keys_is_said_to_its_end(tmp_path: Path) -> None:
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada")
    app.manner.reader = True
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"trade", "enter")
        await pilot.pause()
        foot = app.screen.query_one("#foot", LinesView)
        assert foot.render_line(foot.size.height - 1).text.strip().endswith("commands.")
    app.close_all()
    app.catalogue.close()

"""Undo and redo from an open panel: wherever the panel has no use of its own for the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.mark import ChoiceValue
from annotator.tui.app import AnnotatorApp
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.workbench import takes_back
from tests.rendering import RENDER
from tests.session.making import Coder


@pytest.fixture
def coder() -> Coder:
    """Somebody at “They agreed to meet in May, and to keep the bridge open.”."""
    return Coder.at().press("j")


def novelty(coder: Coder) -> list[str]:
    values = coder.marks[0].slots.get("novelty", ())
    return [value.choice for value in values if isinstance(value, ChoiceValue)]


def test_a_form_at_rest_takes_its_last_act_back_and_stays_open(coder: Coder) -> None:
    coder.press("c", "a", "N", "n")
    assert novelty(coder) == ["new"]
    coder.press("u")
    assert novelty(coder) == []
    assert isinstance(coder.bench.mode, FrameMode)
    coder.press("ctrl+r")
    assert novelty(coder) == ["new"]
    assert isinstance(coder.bench.mode, FrameMode)


def test_a_form_whose_mark_is_taken_back_closes(coder: Coder) -> None:
    coder.press("c", "a", "u")
    assert (coder.marks, coder.bench.mode) == ((), None)


def test_a_row_that_is_walked_to_leaves_the_key_as_well(coder: Coder) -> None:
    coder.press("c", "a", "N", "n", "tab", "u")
    assert novelty(coder) == []


def test_a_panel_of_labels_stays_open(coder: Coder) -> None:
    panel = next(p for p in coder.bench.keymap.panels if p.key == "o")
    assert "u" not in panel.keys.values()
    coder.press("o", "n", "u")
    assert coder.labels == []
    assert isinstance(coder.bench.mode, PickMode)
    assert coder.press("ctrl+r").labels == ["narrator"]


def test_a_label_with_the_key_wins(coder: Coder) -> None:
    panel = next(p for p in coder.bench.keymap.panels if p.key == "t")
    (label,) = [label for label, key in panel.keys.items() if key == "u"]
    assert coder.press("t", "u").labels == [label]
    assert coder.press("ctrl+r").labels == [label]
    coder.press("escape", "u")
    assert coder.labels == []


def test_where_a_line_is_typed_the_key_is_a_letter(coder: Coder) -> None:
    coder.press("c", "a", "Y", "tab", "u")
    assert coder.bench.ask is not None
    assert coder.bench.ask.value == "u"
    assert len(coder.marks) == 1


@pytest.mark.parametrize(
    ("opened", "key"),
    [
        (("s",), "u"),
        (("d",), "u"),
        (("R",), "u"),
        (("v",), "ctrl+r"),
        (("S",), "ctrl+r"),
        (("s", "&"), "u"),
    ],
)
def test_every_panel_leaves_the_key_that_it_does_not_use(
    coder: Coder, opened: tuple[str, ...], key: str
) -> None:
    coder.press("o", "n", "escape", "c", "a", "escape")
    if key == "ctrl+r":
        coder.press("f", "u")
    coder.press(*opened, key)
    assert coder.bench.message.startswith("undone" if key == "u" else "done again")
    assert coder.bench.mode is None


def test_the_key_is_shown_where_it_takes_back(coder: Coder) -> None:
    assert takes_back(coder.press("t").bench, coder.view) == ""
    assert "key toggles · ⌫ undo · ⏎ done, next · esc close" in coder.view.hint
    coder.press("/")
    assert coder.bench.ask is not None
    assert coder.bench.ask.live is not None
    coder.bench.ask.live("cyber")
    coder.bench.ask = None
    assert takes_back(coder.bench, coder.view) == ""
    coder.press("escape", "escape", "c", "a")
    assert takes_back(coder.bench, coder.view) == "u"
    coder.press("Y", "tab")
    assert takes_back(coder.bench, coder.view) == ""
    coder.press("escape", "v")
    assert takes_back(coder.bench, coder.view) == ""


def test_a_panel_of_labels_says_what_a_key_gave_and_takes_it_back_by_a_key_of_its_own(
    coder: Coder,
) -> None:
    syria = coder.press("t", "s").bench.message
    assert (syria, coder.labels) == ("+ Syria", ["conf.syria"])
    assert coder.press("s").bench.message == "− Syria"
    coder.press("s", "u", "backspace")
    assert coder.labels == ["conf.syria"]
    assert coder.bench.message.startswith("undone: ")
    assert isinstance(coder.bench.mode, PickMode)
    coder.press("backspace", "backspace", "backspace", "backspace")
    assert (coder.labels, coder.bench.message) == ([], "There is nothing to undo.")


def test_what_is_rejected_is_not_taken_back_by_the_panel_that_closes(coder: Coder) -> None:
    coder.press("t", "g", "escape", "x", "backspace")
    assert coder.labels == ["eco.trade"]
    assert "⌫" not in coder.view.hint


def test_a_rejection_says_that_it_takes_a_given_label_away(coder: Coder) -> None:
    taken = "it was given here, and that is taken away"
    assert taken in coder.press("t", "g", "escape", "x", "g").bench.message
    assert coder.labels == ["!eco.trade"]
    assert taken not in coder.press("x", "g").bench.message
    assert taken not in coder.press("x", "y").bench.message


def test_the_key_of_the_settings_is_the_one(coder: Coder) -> None:
    coder = Coder.at(wishes={"undo": "ctrl+e"}).press("j", "c", "a", "N", "n", "ctrl+e")
    assert novelty(coder) == []
    assert "u says nothing here" in coder.press("u").bench.message


async def test_on_the_screen_a_form_takes_back_and_stays_and_all_of_it_is_saved(
    tmp_path: Path,
) -> None:
    readout = "2017-01-28-putin-trump-kremlin-retold"
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada", readout)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "0", "G", "c", "a", "N", "n", "u")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, AnnotateScreen)
        bench = screen.bench
        assert isinstance(bench.mode, FrameMode)
        assert "novelty" not in bench.sentence.marks[-1].slots
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert isinstance(bench.mode, FrameMode)
        assert "novelty" in bench.sentence.marks[-1].slots
        assert screen.session.pending == 0
        marks = len(bench.sentence.marks)
        await pilot.press("u", "u")
        await pilot.pause()
        assert len(screen.bench.sentence.marks) == marks - 1
        assert screen.bench.mode is None
    app.close_all()

"""The foot names keys whole, as many as have room, and always the one that lists them all."""

from __future__ import annotations

import pytest

from annotator.tui import footer, paint
from annotator.tui.keys import SCOPES, Scope, keymap
from annotator.tui.modes.span import HINT
from annotator.tui.paint import Line
from annotator.tui.panel import lines
from tests.session.making import Coder, book

WIDTHS = [60, 80, 100, 120, 200]
KEYMAP = keymap({}, book().panels)


def words(line: Line) -> str:
    return "".join(run.text for run in line)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scope", SCOPES)
def test_every_screen_names_what_lists_all_keys_and_the_way_out(scope: Scope, width: int) -> None:
    line = footer.foot(KEYMAP, scope, width)
    assert words(line).rstrip().endswith("q back")
    assert "F1 keys" in words(line)
    assert paint.width(line) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_keys_of_all_panels_are_named_while_one_codes(width: int) -> None:
    said = words(footer.foot(KEYMAP, "annotate", width))
    assert all(f" {panel.key} " in said for panel in KEYMAP.panels)
    assert "undo" in said
    assert ("near misses" in said) == (width == 200)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_key_of_a_panel_is_cut_from_its_word(width: int, most: int) -> None:
    rows = footer.of_panel(HINT, width, most, "u")
    said = [item for line in rows for item in words(line).strip().split("  ") if item]
    whole = [item.replace(": ", " ", 1) for item in f"{HINT} · u undo".split(footer.BETWEEN)]
    assert len(rows) <= most
    assert all(paint.width(line) <= width for line in rows)
    kept = [item.strip() for item in said if item.strip() != "F1 all keys"]
    assert kept == whole[: len(kept)]
    assert ("F1 all keys" in [item.strip() for item in said]) == (len(kept) < len(whole))


def test_a_key_at_the_foot_is_pressed_by_a_click_on_it() -> None:
    (line,) = footer.of_panel("key toggles · / filter · ⇥ span · ⏎ done · esc close", 80)
    pressed = {run.key for run in line if run.key}
    assert pressed == {"/", "tab", "enter", "escape"}


@pytest.mark.parametrize(
    "opened", [("c", "a", "v"), ("c", "a"), ("t",), ("S",), ("d",)], ids=" ".join
)
def test_what_the_foot_says_is_not_said_in_the_panel_too(opened: str) -> None:
    coder = Coder.at().press("j", *opened)
    last = coder.view.hint.split(footer.BETWEEN)[-1]
    assert last not in "\n".join(words(line) for line in lines(coder.bench, 40, 60))


@pytest.mark.parametrize("width", WIDTHS)
def test_what_has_no_room_at_the_foot_is_all_that_stands_beside_the_text(width: int) -> None:
    at_foot = words(footer.of_panel(HINT, width, 1, "u")[0])
    beside = " ".join(words(line) for line in footer.of_rest(HINT, width, 1, 40, "u"))
    for item in [*HINT.split(footer.BETWEEN), "u undo"]:
        said = item.replace(": ", " ", 1)
        assert (said in at_foot) != (said in beside)

"""The panel beside the text: what it shows at each width, and that it keeps to it."""

from __future__ import annotations

import pytest

from annotator.model.entity import Entity
from annotator.tui import paint
from annotator.tui.footer import foot
from annotator.tui.keys import Scope, keymap
from annotator.tui.paint import Line
from annotator.tui.panel import DENSE, LISTED, ROOMY, lines, view_lines
from tests.session.making import CALL, PEOPLE, Coder, book, session_on

WIDTHS = [40, 60]
OPENED: list[tuple[str, ...]] = [
    (),
    ("t",),
    ("t", "g", "r"),
    ("t", "g", "escape", "v"),
    ("t", "g", "escape", "e"),
    ("s",),
    ("s", "1"),
    ("s", "1", "escape"),
    ("c",),
    ("j", "c", "a"),
    ("j", "c", "a", "1", "2", "escape"),
    ("j", "c", "a", "space"),
    ("m",),
    ("x",),
    ("o",),
    ("R",),
    ("S",),
]


def words(found: list[Line]) -> str:
    return "\n".join("".join(run.text for run in line).rstrip() for line in found)


def keys_in(found: list[Line]) -> set[str]:
    return {run.key for line in found for run in line if run.key}


def too_wide(found: list[Line], width: int) -> list[str]:
    return [words([line]) for line in found if paint.width(line) > width]


@pytest.mark.parametrize("height", [6, 14, 24, 400])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("opened", OPENED, ids=" ".join)
def test_no_line_is_wider_than_the_panel(opened: tuple[str, ...], width: int, height: int) -> None:
    coder = Coder.at().press(*opened)
    assert too_wide(lines(coder.bench, width, height), width) == []


@pytest.mark.parametrize("opened", [("s",), ("s", "1"), ("s", "1", "escape"), ("j", "c", "a", "1")])
def test_long_and_hostile_names_keep_to_the_width(opened: tuple[str, ...]) -> None:
    long = Entity(id="ada", type="person", name="Ada \x1b[31m" + "of the Long Name " * 6)
    session = session_on(*CALL, entities=(long, *PEOPLE[1:]))
    coder = Coder.at(session=session).press(*opened)
    for width in WIDTHS:
        found = lines(coder.bench, width, 100)
        assert "\x1b" not in words(found)
        assert too_wide(found, width) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("room", [DENSE, LISTED, ROOMY])
@pytest.mark.parametrize("panel", book().panels, ids=lambda panel: str(panel.key))
def test_every_key_of_a_panel_is_shown_and_can_be_clicked(
    panel: object, room: int, width: int
) -> None:
    key: str = panel.key  # type: ignore[attr-defined]
    coder = Coder.at().press(key)
    view = coder.view
    wanted = {item.key for group in view.groups for item in group.items}
    assert wanted <= keys_in(view_lines(view, width, room))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("room", [DENSE, LISTED, ROOMY])
def test_a_form_shows_every_row_with_its_key(room: int, width: int) -> None:
    coder = Coder.at().press("j", "c", "a")
    view = coder.view
    found = view_lines(view, width, room)
    said = words(found)
    assert "Commitments: Agreement" in said
    for field in view.fields:
        assert field.name[:16] in said
        assert field.key in keys_in(found)


def test_the_panel_shows_less_where_there_is_less_room() -> None:
    coder = Coder.at().press("j", "c", "a")
    heights = [len(lines(coder.bench, 60, height)) for height in (400, 30, 5)]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]


def test_without_a_panel_the_marks_stand_under_their_layers_with_what_they_hold() -> None:
    coder = Coder.at().press("t", "g", "escape", "s", "1", "escape", "f", "z").answer("odd")
    said = words(lines(coder.bench, 60, 400))
    for shown in (
        "Sentence 2 of 5",
        "✱ flagged",
        "✎ odd",
        "Topics",
        "▸ ",
        "trade",
        "Ada Arda, indirect",
        "“said”",
        "Commitments",
        "Voice",
    ):
        assert shown in said


def test_the_entry_of_the_lit_mark_is_shown_where_there_is_room() -> None:
    coder = Coder.at().press("o", "n", "escape")
    label = next(x for x in book().layers[-1].labels if x.id == "narrator")
    assert label.definition in " ".join(words(lines(coder.bench, 60, 400)).split())
    assert label.definition not in words(lines(coder.bench, 60, 4))


def test_a_decided_sentence_says_how() -> None:
    coder = Coder.at().press("w", "k")
    assert "body · unsure" in words(lines(coder.bench, 60, 400))


def test_states_of_labels_are_shown_by_signs_not_only_by_colour() -> None:
    coder = Coder.at().press("x", "r", "t", "g")
    said = words(view_lines(coder.view, 60, LISTED))
    assert said.count("●") == 1
    assert said.count("✗") == 1


@pytest.mark.parametrize("scope", ["annotate", "library", "find", "read"])
@pytest.mark.parametrize("width", [10, 40, 60, 200])
def test_the_line_of_keys_holds_what_fits_and_each_can_be_clicked(scope: Scope, width: int) -> None:
    line = foot(keymap({}, book().panels), scope, width)
    assert paint.width(line) <= width
    if width == 200:
        assert {"^p", "commands"} <= set(words([line]).split())
    if scope == "annotate" and width == 200:
        assert {"enter", "t", "s", "c", "m", "o", "v", "u", "/", "?"} <= keys_in([line])


@pytest.mark.parametrize("height", [6, 9, 12])
def test_a_panel_that_is_too_long_shows_what_is_lit_and_says_how_much_more_there_is(
    height: int,
) -> None:
    coder = Coder.at().press("t")
    for _ in range(28):
        found = lines(coder.bench, 30, height)
        assert len(found) <= height
        said = words(found)
        assert "Topics" in said
        assert any("$choice" in run.style for line in found for run in line), said
        assert "more lines" in said
        coder.press("down")


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_line_of_keys_names_help_and_commands_at_every_width(width: int) -> None:
    said = words([foot(keymap({}, book().panels), "annotate", width)])
    assert (
        {"undo", "keys", "commands"} <= set(said.split()) if width < 112 else "done, next" in said
    )
    assert all(f" {key} " in said for key in "tscmo")

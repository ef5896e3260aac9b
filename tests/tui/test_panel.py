"""The panel beside the text: what it shows at each width, and that it keeps to it."""

from __future__ import annotations

import pytest

from annotator.model.entity import Entity
from annotator.session import acts
from annotator.tui import paint
from annotator.tui.footer import foot
from annotator.tui.keys import Scope, keymap
from annotator.tui.paint import Line
from annotator.tui.panel import DENSE, LISTED, ROOMY, lines, view_lines
from annotator.tui.spoken import sentence
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


def test_a_layer_that_a_file_did_not_ask_for_says_so_in_any_room_and_to_a_reader() -> None:
    coder = Coder.at()
    decided = coder.session.sentence(2).changed(state="done", asked=("topics",))
    coder.session.do(coder.session.pen.edit(coder.session.coding, "take in", {2: decided}))
    coder.press("k", "j")
    for height in (400, 24, 8):
        found = lines(coder.bench, 60, height)
        asked = [line for line in found if "asked" in words([line]).casefold()]
        said = words(asked)
        assert "Speakers" in said
        assert "Topics" not in said
        assert all(
            run.style == paint.MUTED for line in asked for run in line if "asked" in run.text
        )
        assert too_wide(found, 60) == []
    told = [line for line in sentence(coder.bench) if "asked" in line]
    assert len(told) == 1
    assert told[0].startswith("Not asked: Speakers, ")
    coder.press("enter", "enter", "k")
    assert "asked" not in words(lines(coder.bench, 60, 400)).casefold()
    assert not [line for line in sentence(coder.bench) if "asked" in line]


def test_a_mark_from_a_source_that_is_a_bare_number_is_said_to_be_from_a_user() -> None:
    coder = Coder.at().press("t", "g", "escape")
    mark = coder.bench.sentence.marks[0]
    taken = {"origin": "accepted", "suggester": "7"}
    provenance = mark.provenance.model_copy(update=taken)
    changed = coder.bench.sentence.changed(marks=(mark.replaced(provenance=provenance),))
    edit = coder.session.pen.edit(coder.session.coding, "take", {coder.bench.key: changed})
    coder.session.do(edit)
    assert "○ user 7, accepted" in words(lines(coder.bench, 60, 400))
    assert "accepted from user 7" in "\n".join(sentence(coder.bench))


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
        assert "more · Pg" in said
        coder.press("down")


SIZES = [(40, 37), (77, 15), (58, 9), (24, 7)]
"""Widths and heights of the panel in terminals of 120×40, 80×24 and 60×16, and in a small one."""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("opened", [("t",), ("s",), ("d",), ("c",), ("j", "c", "a", "W"), ("m",)])
def test_page_down_shows_every_line_of_a_panel_and_comes_back_to_the_first(
    opened: tuple[str, ...], size: tuple[int, int]
) -> None:
    coder = Coder.at().press(*opened)
    first = lines(coder.bench, *size)
    pages = [first]
    while (page := lines(coder.press("pagedown").bench, *size)) != first:
        pages.append(page)
        assert len(pages) < 30
    view = coder.view
    seen = [line for page in pages for line in page]
    assert {item.key for group in view.groups for item in group.items} <= keys_in(seen)
    assert ("more · Pg" in words(seen)) == (len(pages) > 1)
    for line in view.about:
        assert line.split()[-1] in words(seen).split()
    coder.press("pageup", "pagedown")
    assert lines(coder.bench, *size) == first


def test_a_page_that_was_turned_to_is_left_by_the_next_key_and_offers_both_ways_to_the_mouse() -> (
    None
):
    coder = Coder.at().press("t")
    first = lines(coder.bench, 58, 9)
    assert "pagedown" in keys_in(first)
    assert "pageup" not in keys_in(first)
    coder.press("pagedown")
    assert "pageup" in keys_in(lines(coder.bench, 58, 9))
    coder.press("c")
    assert coder.labels == ["prot.courtesy"]
    assert "pageup" not in keys_in(lines(coder.bench, 58, 9))


def test_nothing_is_said_of_more_where_there_is_no_more() -> None:
    coder = Coder.at().press("o")
    assert "more · Pg" not in words(lines(coder.bench, 40, 37))


FORMS = [("s", "1"), ("c", "a"), ("m", "s")]


def places(found: list[Line], names: list[str]) -> list[tuple[int, int]]:
    """Return the line and the cell at which each of these names stands first."""
    texts = ["".join(run.text for run in line) for line in found]
    return [
        next((row, text.index(name)) for row, text in enumerate(texts) if name in text)
        for name in names
    ]


@pytest.mark.parametrize("size", SIZES[:3])
@pytest.mark.parametrize("opened", FORMS, ids=" ".join)
def test_no_row_of_a_form_leaves_its_place_while_the_form_is_walked_and_filled(
    opened: tuple[str, ...], size: tuple[int, int]
) -> None:
    coder = Coder.at().press("j", *opened)
    count = len(coder.view.fields)
    pages: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    seen: set[str] = set()
    for _ in range(count):
        for key in ("", "1", "-", "backspace"):
            at = [f.focused for f in coder.view.fields].index(True)
            if key:
                coder.press(key)
                coder.bench.ask = None
                while not coder.view.fields[at].focused:
                    coder.press("shift+tab")
            found = lines(coder.bench, *size)
            assert len(found) <= size[1]
            said = words(found)
            shown = [f"{f.key} {f.name[:16]}" for f in coder.view.fields]
            shown = [name for name in shown if name in said]
            seen |= set(shown)
            assert f"{coder.view.fields[at].key} {coder.view.fields[at].name[:16]}" in shown
            assert pages.setdefault(tuple(shown), places(found, shown)) == places(found, shown)
        coder.press("tab")
    assert len(seen) == count
    # At most the pages that the rows need.
    assert len(pages) <= -(-count // 4)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("height", [2, 3, 4, 5, 6, 9, 24])
def test_the_lit_mark_is_shown_at_every_height(width: int, height: int) -> None:
    coder = Coder.at().press("j", "t", "e", "escape", "c", "a", "escape", "c", "p", "escape")
    marks = coder.bench.sentence.marks
    assert len(marks) >= 3
    for place, mark in enumerate(marks):
        coder.bench.lit_mark = place
        found = lines(coder.bench, width, height)
        assert len(found) <= height
        layer = book().layer(mark.layer)
        label = layer.label(mark.label) if layer else None
        (lit,) = [words([line]) for line in found if words([line]).startswith("▸ ")]
        assert label is not None
        assert label.tag in lit


@pytest.mark.parametrize("height", [24, 400])
def test_a_panel_is_headed_once(height: int) -> None:
    found = words(lines(Coder.at().press("m").bench, 40, height))
    assert found.count("Near misses") == 1


def test_a_confirmed_sentence_shows_what_its_marks_leave_empty() -> None:
    coder = Coder.at().press("j", "c", "a", "C", "backspace", "escape", "enter", "enter", "k")
    assert coder.bench.sentence.state == "done"
    assert "    to be filled: Committers" in words(lines(coder.bench, 40, 400)).splitlines()
    coder.press("e", "1", "enter")
    assert "to be filled" not in words(lines(coder.bench, 40, 400))


def test_at_rest_no_key_is_named_that_turns_the_text_instead() -> None:
    coder = Coder.at().press("j", "c", "a", "escape")
    rows = words(lines(coder.bench, 60, 8)).splitlines()
    assert rows[-1].endswith("more · ⇥ next mark · e all of it")
    assert "^" not in "".join(rows)


@pytest.mark.parametrize("height", [32, 36, 38, 40, 44, 60])
def test_the_keys_of_labels_stay_where_they_are_while_the_panel_is_open(height: int) -> None:
    coder = Coder.at().press("t")
    seen = set()
    for _ in book().panels[0].labels:
        shown = lines(coder.bench, 46, height)
        if "more ·" not in words(shown):
            keys = [(row, run.key) for row, line in enumerate(shown) for run in line if run.key]
            seen.add(tuple(key for key in keys if key[1] in book().panels[0].keys.values()))
        coder.press("right")
    assert len(seen) <= 1


def test_what_is_lit_is_explained_behind_the_title_where_its_entry_is_not_seen() -> None:
    coder = Coder.at().press("t", "right")
    about = coder.view.about
    small, large = (words(lines(coder.bench, 60, height)) for height in (5, 40))
    begun = f"   {about[1][:12]}"
    assert begun in small.splitlines()[0]
    assert begun not in large.splitlines()[0]
    assert about[1][:12] in large
    coder.press("right")
    assert coder.view.about[1][:12] in words(lines(coder.bench, 60, 5)).splitlines()[0]


@pytest.mark.parametrize("size", SIZES[:3])
def test_the_halves_of_a_split_are_told_apart_and_their_marks_said_whole(
    size: tuple[int, int],
) -> None:
    coder = Coder.at().press("j", "t", "e", "escape", "s", "3", "escape", "S")
    said = words(lines(coder.bench, *size)).splitlines()
    assert "first half" in [line.strip() for line in said]
    assert "second half" in [line.strip() for line in said]
    assert not [line for line in said if line.endswith("…")]


def test_where_there_is_little_room_the_marks_of_each_half_stand_behind_its_name() -> None:
    coder = Coder.at().press("j", "t", "e", "c", "escape", "s", "3", "escape", "S")
    assert words(lines(coder.bench, 58, 6)).splitlines()[:4] == [
        "Split",
        "first half   ◇ event ?  ◇ courtesy ?",
        "  ☉ the leaders, indirect ?",
        "second half   ◇ event ?  ◇ courtesy ?",
    ]


@pytest.mark.parametrize(("width", "name"), [(40, "class of cue"), (34, "class of c…")])
def test_the_name_of_a_slot_is_whole_or_cut_with_a_sign(width: int, name: str) -> None:
    coder = Coder.at().press("j", "s", "3", "escape")
    assert f"    {name} " in words(lines(coder.bench, width, 400))


def test_a_question_is_followed_by_no_other_sign() -> None:
    coder = Coder.at().press("d")
    assert "?:" not in words(lines(coder.bench, 77, 20))


def test_a_row_that_stands_whole_is_not_said_twice() -> None:
    coder = Coder.at().press("j", "c", "a")
    for _ in coder.view.fields:
        (row,) = [f"{field.key} {field.name}" for field in coder.view.fields if field.focused]
        said = [line for line in words(lines(coder.bench, 58, 9)).splitlines() if row in line]
        cell = said[0][said[0].index(row) :].split("   ")[0]
        assert len(said) == 1 + ("…" in cell)
        coder.press("tab")


def test_what_belongs_to_a_mark_stands_in_one_column_all_its_rows() -> None:
    note = "a note that is much longer than one row of the panel has room for, and goes on below"
    coder = Coder.at().press("j", "c", "a", "escape")
    desk, mark = coder.bench.desk(), coder.bench.mark
    assert mark is not None
    noted = mark.model_copy(update={"note": note})
    desk.do(acts.replace_mark(desk.pen, desk.session.coding, desk.key, noted))
    rows = words(lines(coder.bench, 40, 400)).splitlines()
    at = next(place for place, row in enumerate(rows) if row.startswith("    ✎ a note"))
    assert len(rows[at]) > 34
    assert rows[at + 1].startswith("      ")
    assert not rows[at + 1].startswith("       ")

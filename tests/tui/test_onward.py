"""A form at rest lets the key of a panel through; in a row every key is the row's."""

from __future__ import annotations

import pytest

from annotator.model.entity import Entity
from annotator.tui.modes.base import Mode
from annotator.tui.modes.cast import CastMode
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from annotator.tui.modes.tree import TreeMode
from tests.session.making import CALL, PEOPLE, Coder, book, session_on

SIGN = "t s c m o d: that panel"


@pytest.fixture
def coder() -> Coder:
    """Somebody at “They agreed to meet in May, and to keep the bridge open.”."""
    return Coder.at().press("j")


def form(coder: Coder) -> FrameMode:
    assert isinstance(coder.bench.mode, FrameMode)
    return coder.bench.mode


def title(mode: Mode | None) -> str:
    assert isinstance(mode, PickMode | CastMode)
    return mode.view().title


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("t", "Topics"),
        ("s", "Speakers"),
        ("c", "Commitments"),
        ("m", "Near misses"),
        ("o", "Voice"),
    ],
)
@pytest.mark.parametrize("opened", [("s", "3"), ("c", "a")], ids=" ".join)
def test_the_key_of_any_panel_leads_from_a_form_straight_into_it(
    coder: Coder, opened: tuple[str, ...], key: str, name: str
) -> None:
    coder.press(*opened)
    assert coder.view.hint.startswith(SIGN)
    before = coder.session.coding
    coder.press(key)
    assert title(coder.bench.mode) == name
    assert coder.session.coding == before


def test_a_sentence_is_coded_without_one_escape(coder: Coder) -> None:
    coder.press("s", "3", "c", "a", "S", "3", "V", "2", "t", "v", "enter")
    sentence = coder.session.sentence(3)
    assert [mark.label for mark in sentence.marks] == ["indirect", "agreement", "rel.contacts"]
    assert sentence.state == "done"


def test_in_a_row_every_key_is_the_rows_until_it_is_filled(coder: Coder) -> None:
    coder.press("c", "a", "N")
    assert not coder.view.hint.startswith(SIGN)
    coder.press("c")
    assert form(coder).desk.values_text(coder.marks[-1].slots["novelty"]) == "continuing"
    assert coder.view.hint.startswith(SIGN)
    assert title(coder.press("c").bench.mode) == "Commitments"


def test_whoever_walks_is_in_a_row_all_the_way(coder: Coder) -> None:
    coder.press("c", "a", "tab", "shift+tab")
    for _ in coder.view.fields:
        assert not coder.view.hint.startswith(SIGN)
        coder.press("down")
    coder.press("t")
    assert coder.bench.message == "t says nothing here."


def test_a_row_that_takes_several_is_not_left_by_the_first(coder: Coder) -> None:
    coder.press("c", "a", "W", "g")
    assert [v for v in coder.marks[-1].slots["topics"] if "eco.trade" in str(v)]
    coder.press("t")
    assert isinstance(coder.bench.mode, FrameMode)
    assert [v for v in coder.marks[-1].slots["topics"] if "sec.terror" in str(v)]


def test_where_a_text_is_typed_the_key_of_a_panel_is_its_first_letter(coder: Coder) -> None:
    coder.press("c", "a", "G")
    assert form(coder).slot is None
    coder.press("t")
    assert coder.bench.ask is not None
    assert coder.bench.ask.value == "t"


def test_a_form_at_rest_never_stands_in_a_row_where_a_key_is_typed(coder: Coder) -> None:
    coder.press("c", "a", "Y", "l")
    assert coder.marks[-1].certainty == "low"
    assert title(coder.press("t").bench.mode) == "Topics"
    assert coder.bench.ask is None


def test_words_that_are_chosen_for_a_row_leave_the_form_at_rest(coder: Coder) -> None:
    coder.press("c", "a", "A", "space", "escape")
    assert title(coder.press("t").bench.mode) == "Topics"


def test_what_is_required_is_asked_for_once_before_another_panel_opens(coder: Coder) -> None:
    coder.press("c", "a", "A", "backspace", "escape", "e")
    assert "action" not in coder.marks[-1].slots
    coder.press("t")
    assert isinstance(coder.bench.mode, FrameMode)
    assert "t once more leaves it so." in coder.bench.message
    assert coder.view.fields[0].focused
    assert title(coder.press("t").bench.mode) == "Topics"
    coder.press("enter")
    assert "Enter once more confirms it so." in coder.bench.message
    assert coder.bench.sentence.state == "new"


def test_undo_takes_back_one_act_after_the_other_as_after_escape(coder: Coder) -> None:
    coder.press("s", "3", "t", "v", "escape")
    assert coder.labels == ["indirect", "rel.contacts"]
    assert coder.press("u").labels == ["indirect"]
    assert coder.press("u").labels == []


def test_with_a_large_cast_the_key_still_opens_the_panel_and_chooses_nobody() -> None:
    many = [Entity(id=f"p{n}", type="person", name=f"Person {n}") for n in range(40)]
    session = session_on(*CALL, entities=(*PEOPLE, *many))
    coder = Coder.at(session=session).press("j", "s", "3")
    before = coder.session.coding
    assert title(coder.press("t").bench.mode) == "Topics"
    assert coder.session.coding == before


def test_the_key_counts_for_what_it_opens(coder: Coder) -> None:
    coder.press("s", "3", "s", "2", "escape", "enter")
    first, second = coder.session.sentence(3).marks
    assert (first.provenance.keys, second.provenance.keys) == (2, 3)


@pytest.mark.parametrize("opened", [("s", "3"), ("c", "a")], ids=" ".join)
def test_the_key_of_the_questions_asks_them_from_a_form(
    coder: Coder, opened: tuple[str, ...]
) -> None:
    coder.press(*opened)
    before = coder.session.coding
    coder.press("d")
    assert isinstance(coder.bench.mode, TreeMode)
    assert coder.session.coding == before
    coder.press("y", "y", "y", "y", "a")
    assert [mark.label for mark in coder.marks][-1] == "agreement"


def test_in_a_row_the_key_of_the_questions_is_the_rows(coder: Coder) -> None:
    coder.press("s", "3", "K", "d")
    assert form(coder).desk.values_text(coder.marks[-1].slots["cue_class"]) == "discuss"


def test_where_the_codebook_asks_nothing_no_form_speaks_of_questions() -> None:
    plain = book().model_copy(
        update={"layers": tuple(one.model_copy(update={"questions": ()}) for one in book().layers)}
    )
    coder = Coder.at(session=session_on(*CALL, codebook=plain)).press("j", "s", "3")
    assert coder.view.hint.startswith("t s c m o: that panel")
    coder.press("d")
    assert coder.bench.message == "d says nothing here."


def test_the_key_of_ones_own_for_the_questions_leads_there_too() -> None:
    coder = Coder.at(wishes={"decide": "ctrl+g"}).press("j", "s", "3", "ctrl+g")
    assert isinstance(coder.bench.mode, TreeMode)

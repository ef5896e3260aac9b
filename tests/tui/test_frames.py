"""Commitments by keys: proposed, copied, told apart, and left in whatever state they are."""

from __future__ import annotations

import pytest

from annotator.model.codebook import Slot
from annotator.model.mark import ChoiceValue, DateValue, LabelValue, Mark, NoneStated, SpanValue
from annotator.tui.modes.base import Field, Item
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.span import SpanMode
from annotator.tui.panel import lines
from annotator.tui.twins import first_words
from tests.session.making import Coder, book

LAYER = next(layer for layer in book().layers if layer.id == "commitments")


@pytest.fixture
def coder() -> Coder:
    """Somebody at “They agreed to meet in May, and to keep the bridge open.”."""
    return Coder.at().press("j")


def act(mark: Mark) -> str:
    (value,) = mark.slots["action"]
    assert isinstance(value, SpanValue)
    return value.span.exact


def field(coder: Coder, name: str) -> Field:
    return next(f for f in coder.view.fields if f.name == name)


def focus(coder: Coder) -> str:
    (focused,) = [f.name for f in coder.view.fields if f.focused]
    return focused


def lit(coder: Coder) -> list[Item]:
    return [item for group in coder.view.groups for item in group.items if item.lit]


def text(coder: Coder, width: int, height: int) -> str:
    return "\n".join(
        "".join(run.text for run in line) for line in lines(coder.bench, width, height)
    )


def test_two_commitments_of_a_sentence_get_two_acts(coder: Coder) -> None:
    coder.press("c", "a", "enter", "c", "a")
    assert [act(mark) for mark in coder.marks] == ["meet", "keep the bridge open"]


def test_a_near_miss_beside_a_commitment_gets_words_of_its_own() -> None:
    coder = Coder.at("Arda hoped for peace and agreed to meet.").press("c", "p", "enter", "m", "d")
    assert [act(mark) for mark in coder.marks] == ["meet", "hoped for peace"]


def test_the_form_of_a_near_miss_is_called_by_its_panel(coder: Coder) -> None:
    assert coder.press("m", "d").view.title == "Near misses: Desire"


def test_a_copy_is_one_edit_with_the_next_act_and_its_form_opens(coder: Coder) -> None:
    coder.press("c", "a", "N", "n", "e", "escape")
    coder.press("y")
    first, second = coder.marks
    assert isinstance(coder.bench.mode, FrameMode)
    assert coder.bench.mode.mark_id == second.id != first.id
    assert focus(coder) == "Action"
    assert (act(first), act(second)) == ("meet", "keep the bridge open")
    assert second.slots["novelty"] == first.slots["novelty"] == (ChoiceValue(choice="new"),)
    assert "novelty" not in second.provenance.proposed
    assert "action" in second.provenance.proposed
    assert "timeframe" not in second.slots
    assert coder.bench.message.startswith("copied: agreement “keep the bridge …”")
    coder.press("escape", "u")
    assert [act(mark) for mark in coder.marks] == ["meet"]


def test_a_copy_has_the_parties_of_its_original(coder: Coder) -> None:
    coder.press("c", "a", "escape", "y")
    first, second = coder.marks
    assert act(first) != act(second)
    for slot in ("committers", "counterparties", "mutual"):
        assert second.slots[slot] == first.slots[slot]
        assert slot in second.provenance.proposed
    assert not [field for field in coder.view.fields if field.state == "missing"]


def test_a_copy_that_differs_in_nothing_is_not_made() -> None:
    coder = Coder.at("Arda will open a railway.").press("c", "p", "escape")
    before = coder.marks
    coder.press("y")
    assert coder.marks == before
    assert coder.bench.mode is None
    assert coder.bench.message == (
        "promise stands here already, and a copy would say the same:"
        " e changes its words, y then copies it; c p makes another."
    )
    # Each of the ways that it names leads on.
    coder.press("c", "p", "escape")
    assert len(coder.marks) == len(before) + 1


def test_a_copy_has_what_an_and_joins_to_the_words_of_the_first() -> None:
    coder = Coder.at("Arda will open a railway and close the bridge.").press("c", "p", "escape")
    coder.press("y")
    assert "e changes its words, y then copies it" in coder.bench.message
    coder.press("e", "A", "v")
    for _ in range(4):
        coder.press("shift+left")
    coder.press("enter", "escape", "y")
    assert [act(mark) for mark in coder.marks] == ["open a railway", "close the bridge"]


def test_a_copy_of_an_unsure_mark_is_unsure_and_has_no_note(coder: Coder) -> None:
    coder.press("c", "a", "Y", "l", "tab", "space").answer("odd").press("escape", "y", "escape")
    first, second = coder.marks
    assert (first.certainty, first.note) == ("low", "odd")
    assert (second.certainty, second.note) == ("low", "")


@pytest.mark.parametrize(
    ("pressed", "said"),
    [
        ((), "This sentence has no mark to copy."),
        (("o", "n", "escape"), "narrator stands once on a sentence"),
        (("x", "tab", "tab", "p"), "promise stands once on a sentence"),
    ],
)
def test_what_cannot_be_copied_is_said(coder: Coder, pressed: tuple[str, ...], said: str) -> None:
    coder.press(*pressed)
    before = coder.marks
    coder.press("y")
    assert coder.bench.message.startswith(said)
    assert coder.marks == before


def test_two_marks_of_one_label_are_told_apart_by_the_first_words_of_their_acts(
    coder: Coder,
) -> None:
    coder.press("c", "a", "escape")
    (one,) = coder.marks
    assert first_words(LAYER, coder.bench.sentence, one) == ""
    coder.press("y", "escape")
    sentence = coder.bench.sentence
    assert [first_words(LAYER, sentence, mark) for mark in sentence.marks] == [
        "meet",
        "keep the bridge …",
    ]
    shown = text(coder, 60, 40)
    assert "agreement 3/2 “meet”" in shown
    assert "agreement 2/1 “keep the bridge …”" in shown
    coder.press("v")
    assert "agreement “meet”" in "".join(field.value for field in coder.view.fields)


def test_marks_of_two_labels_or_speakers_need_no_words(coder: Coder) -> None:
    coder.press("c", "a", "escape", "c", "p", "escape", "s", "1", "escape", "s", "2", "escape")
    sentence = coder.bench.sentence
    for layer in book().layers:
        for mark in sentence.of_layer(layer.id):
            assert first_words(layer, sentence, mark) == ""


def test_words_of_time_and_what_follows_from_them_are_one_edit() -> None:
    coder = Coder.at("They agreed to meet next to the bridge by the end of 2027.")
    coder.press("c", "a", "T", "backspace")
    assert not {"timeframe", "timeframe_class", "timeframe_date"} & set(coder.marks[0].slots)
    coder.press("space")
    assert isinstance(coder.bench.mode, SpanMode)
    start = coder.session.readout.text.index("by the end")
    coder.bench.mode.selection = (start, start + len("by the end of 2027"))
    coder.press("enter")
    assert field(coder, "Time").state == "filled"
    assert field(coder, "Class of time").state == "proposed"
    assert coder.marks[0].slots["timeframe_date"] == (DateValue(date="2027-12-31"),)
    coder.press("D", "2")
    assert coder.bench.ask is not None
    coder.answer("٢٠٢٧")
    assert field(coder, "Date").state == "filled"
    assert coder.marks[0].slots["timeframe_date"] == (DateValue(date="2027"),)
    coder.press("escape", "u")
    assert coder.marks[0].slots["timeframe_date"] == (DateValue(date="2027-12-31"),)
    coder.press("u")
    assert not {"timeframe", "timeframe_class", "timeframe_date"} & set(coder.marks[0].slots)


def test_none_stated_and_not_looked_at_look_different(coder: Coder) -> None:
    coder.press("c", "a", "I", "-")
    assert (field(coder, "Condition").state, field(coder, "Conditional").value) == ("none", "no")
    assert coder.marks[0].slots["condition"] == (NoneStated(),)
    rows = text(coder, 60, 60).splitlines()
    assert any(row.startswith("I Condition") and row.endswith("none stated") for row in rows)
    assert any(row.startswith("N Novelty") and row.endswith("·") for row in rows)


def scales() -> list[Slot]:
    return [s for s in LAYER.slots_of("agreement") if s.type in ("choice", "scale")]


@pytest.mark.parametrize("slot", scales(), ids=[slot.id for slot in scales()])
@pytest.mark.parametrize(("width", "height"), [(40, 37), (78, 15), (58, 9)])
def test_the_meaning_of_the_choice_that_is_looked_at_is_shown_at_every_size(
    coder: Coder, slot: Slot, width: int, height: int
) -> None:
    coder.press("c", "a")
    coder.press(next(f.key for f in coder.view.fields if f.name == slot.name))
    for choice in slot.choices:
        coder.press("right")
        (item,) = lit(coder)
        shown = " ".join(text(coder, width, height).split())
        meant = slot.choice(next(c.id for c in slot.choices if c.name == item.text))
        assert meant is not None
        assert " ".join(meant.definition.split()[:4]) in shown, choice.id


def test_looking_at_a_choice_fills_nothing_and_space_takes_it(coder: Coder) -> None:
    coder.press("c", "a", "N")
    before = coder.marks
    assert [item.text for item in lit(coder)] == ["New"]
    coder.press("right")
    assert [item.text for item in lit(coder)] == ["Reaffirmed"]
    assert coder.press("left", "left").marks == before
    assert [item.text for item in lit(coder)] == ["Unclear"]
    coder.press("space")
    assert coder.marks[0].slots["novelty"] == (ChoiceValue(choice="unclear"),)
    assert focus(coder) == "Side"
    assert [item.text for item in lit(coder.press("up"))] == ["Unclear"]


def test_what_is_looked_at_at_first_is_what_stands(coder: Coder) -> None:
    coder.press("c", "a", "S")
    (item,) = lit(coder)
    assert (item.key, item.state) == ("3", "on")
    coder.press("K")
    assert [item.text for item in lit(coder)] == ["Agreement"]


def test_the_form_is_full_after_two_keys_where_the_wording_says_it_all(coder: Coder) -> None:
    coder.press("c", "a", "enter")
    assert coder.bench.mode is None
    assert coder.bench.message == ""
    assert coder.press("enter").session.sentence(3).state == "done"


def test_an_incomplete_frame_is_left_as_unsure_without_a_word(coder: Coder) -> None:
    coder.press("c", "a", "S", "backspace", "C", "backspace", "escape")
    coder.press("w")
    assert coder.session.sentence(3).state == "unsure"
    assert "lacks" not in coder.bench.message
    assert coder.bench.key != 3


def test_an_incomplete_frame_is_passed_over_and_flagged_without_a_word(coder: Coder) -> None:
    coder.press("c", "a", "S", "backspace", "escape", "f")
    assert coder.session.sentence(3).flagged
    coder.press("p")
    assert coder.session.sentence(3).state == "skipped"
    assert "lacks" not in coder.bench.message


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize(("key", "state"), [("enter", "done"), ("w", "unsure"), ("p", "skipped")])
def test_every_sentence_is_decided_by_one_key(place: int, key: str, state: str) -> None:
    coder = Coder.at().press(str(place + 1), "g")
    at = coder.bench.key
    coder.press(key)
    assert coder.session.sentence(at).state == state
    assert coder.session.sentence(at).marks == ()


@pytest.mark.parametrize("place", range(5))
def test_every_sentence_is_flagged_noted_rejected_for_and_missed_by_one_key_and_what_it_says(
    place: int,
) -> None:
    coder = Coder.at().press(str(place + 1), "g", "f")
    assert coder.bench.sentence.flagged
    coder.press("z").answer("odd")
    assert coder.bench.sentence.note == "odd"
    coder.press("x", "g")
    coder.press("m", "c", "escape")
    assert coder.labels == ["!eco.trade", "courtesy"]


def test_a_class_that_says_no_time_is_a_proposal_until_a_key_takes_it() -> None:
    coder = Coder.at("Arda agreed to open a railway.").press("c", "p")
    assert (field(coder, "Time").state, field(coder, "Time").value) == ("unseen", "")
    assert (field(coder, "Class of time").state, field(coder, "Class of time").value) == (
        "proposed",
        "none",
    )
    assert "timeframe_class" in coder.marks[0].provenance.proposed
    coder.press("T", "-")
    assert field(coder, "Time").state == "none"
    coder.press("F", "space")
    assert field(coder, "Class of time").state == "filled"
    assert "timeframe_class" not in coder.marks[0].provenance.proposed


def test_a_cue_that_is_chosen_by_keys_brings_what_goes_with_it_in_one_edit() -> None:
    said = "Arda thanked the guard, and later promised more of it."
    coder = Coder.at(said).press("s", "1")
    assert field(coder, "Class of cue").value == "courtesy"
    row = field(coder, "Cue")
    assert row.value == "“thanked”"
    coder.press(row.key, "space")
    assert isinstance(coder.bench.mode, SpanMode)
    hop = dict(coder.view.hops)[said.index("promised")]
    coder.press(hop, hop.upper(), "enter")
    assert field(coder, "Cue").value == "“promised”"
    assert (field(coder, "Class of cue").value, field(coder, "Class of cue").state) == (
        "commit",
        "proposed",
    )
    assert field(coder, "Content").value == "“more of it”"
    while not isinstance(coder.bench.mode, FrameMode):
        coder.press("escape")
    coder.press("escape", "u")
    (mark,) = coder.marks
    assert mark.slots["cue_class"] == (ChoiceValue(choice="courtesy"),)


def test_a_mark_of_another_sentence_is_named_with_its_number_and_a_label_by_its_tag() -> None:
    coder = Coder.at().press("s", "1", "escape")
    coder.bench.goto(3)
    desk = coder.bench.desk()
    [mark] = coder.session.sentence(2).marks
    assert desk.mark_text(mark.id) == f"sentence 2: {desk.describe(mark)}"
    assert coder.bench.desk().value_text(LabelValue(label="rel.general")) == "relations"

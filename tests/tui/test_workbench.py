"""The coder's place: what each key of the annotate screen leads to."""

from __future__ import annotations

from contextlib import nullcontext, suppress

import pytest

from annotator.errors import MarkError
from annotator.model.codebook import Codebook
from annotator.model.mark import SpanValue
from annotator.model.text import Span
from annotator.session import acts
from annotator.session.effort import IDLE
from annotator.store.memory import MemoryStore
from annotator.tui import keys
from annotator.tui.deeds import DEEDS, select
from annotator.tui.modes.cast import CastMode
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from annotator.tui.modes.role import RoleMode
from annotator.tui.modes.span import SpanMode
from annotator.tui.modes.split import SplitMode
from annotator.tui.workbench import Workbench
from tests.session.making import CALL, Coder, book, session_on

ALL_DECIDED = "Every sentence of this readout is decided.  ] opens the next readout."

TRADE = next(label.name for label in book().layers[0].labels if label.id == "eco.trade")


@pytest.fixture
def coder() -> Coder:
    return Coder.at()


def without(layer: str) -> Codebook:
    """Return the shipped codebook as a project might have cut it."""
    left = tuple(kept for kept in book().layers if kept.id in ("speakers", layer))
    return Codebook(name="cut", version="1.0.0", layers=left)


# Where one is


def test_work_begins_at_the_first_sentence_that_waits(coder: Coder) -> None:
    assert (coder.bench.key, coder.bench.place) == (2, 1)


def test_work_may_begin_at_a_given_sentence_but_only_at_one_that_is_there() -> None:
    session = session_on(*CALL)
    keymap = keys.keymap({}, book().panels)
    assert Workbench(session, keymap, key=4).key == 4
    assert Workbench(session, keymap, key=99).key == 2
    assert Workbench(session, keymap, key=0).key == 2


def test_a_readout_without_a_sentence_is_refused() -> None:
    with pytest.raises(MarkError, match="call-1 has no sentence"):
        Coder.at(session=session_on())


@pytest.mark.parametrize(
    ("pressed", "place"),
    [
        ("j", 2),
        ("k", 0),
        ("kk", 0),
        ("jjjjjjjj", 4),
        ("2j", 3),
        ("99j", 4),
        ("2k", 0),
        ("g", 0),
        ("G", 4),
        ("3g", 2),
        ("3G", 2),
        ("99g", 4),
        ("10k", 0),
        ("n", 2),
        ("Gn", 1),
    ],
)
def test_keys_and_counts_move_within_the_readout(coder: Coder, pressed: str, place: int) -> None:
    assert coder.press(*pressed).bench.place == place


def test_arrows_and_home_and_end_do_what_letters_do(coder: Coder) -> None:
    places = [coder.press(key).bench.place for key in ("down", "up", "end", "home")]
    assert places == [2, 1, 4, 0]


def test_a_count_is_taken_by_one_command_only(coder: Coder) -> None:
    coder.press("2", "j")
    assert coder.bench.count == ""
    assert coder.press("k").bench.place == 2


def test_a_count_has_six_digits_at_most_and_does_not_begin_with_nought(coder: Coder) -> None:
    assert coder.bench.press("0") is False
    coder.press(*"1234567890")
    assert len(coder.bench.count) == 6
    assert coder.press("j").bench.place == 4


def test_opening_a_panel_forgets_the_count(coder: Coder) -> None:
    assert coder.press("3", "t", "escape", "j").bench.place == 2


@pytest.mark.parametrize("key", ["²", "³", "①", "٣"])
def test_a_sign_that_python_calls_a_digit_does_no_harm(coder: Coder, key: str) -> None:
    coder.bench.press(key)
    coder.press("j")
    assert coder.bench.place in (2, 4)


def test_back_to_what_waits_and_a_word_where_nothing_does(coder: Coder) -> None:
    coder.press("G")
    assert coder.press("N").bench.place == 3
    coder.press("g", "N")
    assert (coder.bench.place, coder.bench.message) == (0, "No sentence before this one waits.")


def test_next_that_waits_says_so_where_none_does() -> None:
    coder = Coder.at("One.").press("enter", "n")
    assert coder.bench.message == ALL_DECIDED


# Deciding


def test_enter_with_no_marks_says_seen_none_and_goes_on(coder: Coder) -> None:
    coder.press("enter")
    assert (coder.session.sentence(2).state, coder.session.sentence(2).marks) == ("done", ())
    assert coder.bench.place == 2


@pytest.mark.parametrize(("key", "state"), [("enter", "done"), ("w", "unsure"), ("p", "skipped")])
def test_each_key_of_deciding_sets_its_state_and_goes_on(
    coder: Coder, key: str, state: str
) -> None:
    coder.press(key)
    assert coder.session.sentence(2).state == state
    assert coder.bench.key == 3


def test_a_whole_readout_is_decided_and_the_last_says_so(coder: Coder) -> None:
    coder.press("enter", "enter", "enter", "enter")
    assert coder.bench.message == ALL_DECIDED
    states = [sentence.state for _, sentence in coder.session.coding.sentences()]
    assert states == ["new", "done", "done", "done", "done"]


def test_deciding_again_what_is_decided_so_and_untouched_is_no_edit(coder: Coder) -> None:
    coder.press("enter", "k")
    before = coder.session.coding
    coder.press("enter")
    assert coder.session.coding == before


def test_missing_slots_are_named_once_and_let_through_by_a_second_enter(coder: Coder) -> None:
    coder.press("j", "c", "a", "C", "backspace", "S", "backspace", "escape", "enter")
    assert coder.bench.key == 3
    assert coder.bench.message.endswith("Enter once more confirms it so.")
    assert "“agreement” still lacks: Committers, Strength." in coder.bench.message
    coder.press("enter")
    assert coder.session.sentence(3).state == "done"
    assert coder.bench.key == 4


@pytest.mark.parametrize("between", [("f",), ("tab",), ("t", "g", "escape"), ("V",)])
def test_what_is_done_between_asks_again_before_a_frame_that_lacks_something_is_let_through(
    coder: Coder, between: tuple[str, ...]
) -> None:
    coder.press("j", "c", "a", "C", "backspace", "escape", "enter")
    assert coder.bench.message.endswith("Enter once more confirms it so.")
    coder.press(*between, "enter")
    assert coder.bench.sentence.state == "new"
    assert coder.bench.message.endswith("Enter once more confirms it so.")
    coder.press("enter")
    assert coder.session.sentence(3).state == "done"


def test_a_sentence_that_one_came_back_to_is_asked_about_again(coder: Coder) -> None:
    coder.press("c", "a", "escape", "enter", "j", "k", "enter")
    assert coder.bench.key == 2
    assert "still lacks" in coder.bench.message


@pytest.mark.parametrize("key", ["w", "p"])
def test_missing_slots_do_not_hold_up_unsure_and_passing_over(coder: Coder, key: str) -> None:
    assert coder.press("c", "a", "escape", key).bench.key == 3


def test_a_mark_that_became_doubtful_is_asked_about(coder: Coder) -> None:
    coder.press("t", "g", "escape", "S", "enter", "enter")
    assert "doubtful" in coder.bench.message
    assert coder.bench.key == 2


def test_a_second_enter_settles_the_doubt_of_a_sentence_in_the_act_that_confirms_it(
    coder: Coder,
) -> None:
    coder.press("t", "g", "escape", "S", "enter")
    before = coder.session.coding
    coder.press("enter")
    assert coder.session.coding == before
    coder.press("enter")
    first, second = (one for _, one in coder.session.coding.sentences()[1:3])
    assert (first.state, [mark.doubtful for mark in first.marks]) == ("done", [False])
    assert (second.state, [mark.doubtful for mark in second.marks]) == ("new", [True])
    coder.press("u")
    assert coder.session.coding.but_effort() == before.but_effort()


def test_the_doubt_of_a_sentence_that_is_decided_is_settled_too(coder: Coder) -> None:
    mark = coder.press("t", "g", "enter").session.sentence(2).marks[0]
    decided = coder.session.sentence(2).changed(marks=(mark.model_copy(update={"doubtful": True}),))
    coder.session.do(coder.session.pen.edit(coder.session.coding, "doubt", {2: decided}))
    coder.press("k", "j", "k", "enter", "enter")
    assert not coder.session.sentence(2).marks[0].doubtful


def decided_by_a_file(coder: Coder) -> None:
    """Let a file decide the second sentence that speaks of the topics alone, and come to it."""
    decided = coder.session.sentence(2).changed(state="done", asked=("topics",))
    coder.session.do(coder.session.pen.edit(coder.session.coding, "take in", {2: decided}))
    coder.press("k", "j")


def test_walking_past_what_a_file_decided_looks_at_no_layer_unless_enter_says_so_twice(
    coder: Coder,
) -> None:
    decided_by_a_file(coder)
    coder.press("enter")
    assert coder.bench.key == 2
    assert coder.session.sentence(2).asked == ("topics",)
    assert coder.bench.message.startswith("Nobody was asked here for: Spe")
    assert "Enter once more" in coder.bench.message
    coder.press("j", "k", "enter")
    assert coder.session.sentence(2).asked == ("topics",)
    coder.press("enter")
    assert coder.session.sentence(2).asked is None
    assert coder.bench.key == 3
    assert coder.bench.message.startswith("Now looked at for every layer, also: Speakers, ")


def test_what_a_file_decided_is_confirmed_at_once_where_it_was_marked_or_looked_for(
    coder: Coder,
) -> None:
    decided_by_a_file(coder)
    coder.press("t", "g", "escape", "enter")
    assert coder.session.sentence(2).asked is None
    assert "Now looked at for every layer" in coder.bench.message
    other = Coder.at()
    decided_by_a_file(other)
    other.bench.visiting = True
    other.press("enter")
    assert other.session.sentence(2).asked is None
    assert "Now looked at for every layer" in other.bench.message


def test_a_layer_that_came_later_is_asked_once_the_sentence_is_confirmed(coder: Coder) -> None:
    decided = coder.session.sentence(2).changed(state="done", not_asked=("speakers",))
    coder.session.do(coder.session.pen.edit(coder.session.coding, "unask", {2: decided}))
    coder.press("k", "j", "enter")
    assert coder.session.sentence(2).not_asked == ("speakers",)
    assert coder.bench.message.startswith("Nobody was asked here for: Speakers.")
    coder.press("enter")
    assert coder.session.sentence(2).not_asked == ()
    assert coder.bench.message.startswith("Now looked at for every layer, also: Speakers.")
    coder.press("u")
    assert coder.session.sentence(2).not_asked == ("speakers",)


@pytest.mark.parametrize("key", ["enter", "w", "p"])
def test_a_sentence_that_a_file_decided_was_looked_at_for_all_layers_once_it_is_decided(
    coder: Coder, key: str
) -> None:
    decided_by_a_file(coder)
    assert coder.session.sentence(2).asked == ("topics",)
    coder.press(*([key] if key != "enter" else [key, key]))
    assert coder.session.sentence(2).asked is None
    assert "Now looked at for every layer" in coder.bench.message
    coder.press("u")
    assert coder.session.sentence(2).asked == ("topics",)


@pytest.mark.parametrize("key", ["w", "p"])
def test_a_doubt_outlasts_unsure_and_passing_over(coder: Coder, key: str) -> None:
    coder.press("t", "g", "escape", "S", "enter", key)
    assert [mark.doubtful for mark in coder.session.sentence(2).marks] == [True]


def test_a_doubt_is_named_beside_what_a_frame_lacks(coder: Coder) -> None:
    coder.press("t", "g", "escape", "S", "enter", "c", "a", "C", "backspace", "escape", "enter")
    said = coder.bench.message
    assert "doubtful since a boundary moved" in said
    assert "still lacks" in said


@pytest.mark.parametrize(("key", "state"), [("enter", "done"), ("w", "unsure"), ("p", "skipped")])
def test_a_decision_that_is_made_again_goes_on_as_it_did(
    coder: Coder, key: str, state: str
) -> None:
    coder.press("t", "g", "escape", key)
    assert coder.press("u").bench.key == 2
    assert coder.press("ctrl+r").bench.key == 3
    assert coder.session.sentence(2).state == state
    assert coder.bench.message.startswith("done again")
    assert coder.press("u", "u").bench.key == 2
    assert coder.press("ctrl+r").bench.key == 2


def test_enter_in_a_panel_confirms_and_goes_on(coder: Coder) -> None:
    coder.press("t", "g", "enter")
    assert coder.session.sentence(2).state == "done"
    assert (coder.bench.key, coder.bench.mode) == (3, None)


# Effort


def test_keys_and_seconds_of_a_sentence_are_counted_until_it_is_confirmed(coder: Coder) -> None:
    coder.press("t", "g", "enter", seconds=2.0)
    sentence = coder.session.sentence(2)
    assert (sentence.keys, sentence.seconds) == (3, 6.0)
    coder.press("enter", seconds=1.5)
    sentence = coder.session.sentence(3)
    assert (sentence.keys, sentence.seconds) == (1, 1.5)


def test_a_pause_counts_only_up_to_where_it_is_no_work_any_more(coder: Coder) -> None:
    coder.press("t", seconds=3600.0)
    coder.press("g", "enter", seconds=1.0)
    assert coder.session.sentence(2).seconds == IDLE + 2.0


def test_effort_of_a_second_look_is_added_to_that_of_the_first(coder: Coder) -> None:
    coder.press("enter", seconds=2.0)
    coder.press("k", seconds=5.0)
    coder.press("f", "enter", seconds=1.0)
    sentence = coder.session.sentence(2)
    assert (sentence.keys, sentence.seconds) == (3, 4.0)


def test_the_last_sentence_starts_counting_anew_when_all_is_decided() -> None:
    coder = Coder.at("One.").press("enter", seconds=2.0)
    coder.press("f", "enter", seconds=1.0)
    sentence = coder.session.sentence(1)
    assert (sentence.keys, sentence.seconds) == (3, 4.0)


def test_a_mark_knows_how_long_the_sentence_had_been_worked_on(coder: Coder) -> None:
    coder.press("t", "g", seconds=1.5)
    assert coder.marks[0].provenance.seconds == 3.0


# Undo and redo


def test_undo_goes_to_the_sentence_it_belongs_to_and_says_what(coder: Coder) -> None:
    coder.press("t", "g", "enter", "enter")
    coder.press("u")
    assert (coder.bench.key, coder.bench.message) == (3, "undone: done")
    coder.press("u", "u")
    assert (coder.bench.key, coder.bench.message) == (2, "undone: mark trade")
    assert coder.marks == ()
    coder.press("ctrl+r")
    assert (coder.bench.message, coder.labels) == ("done again: mark trade", ["eco.trade"])


def test_undo_and_redo_with_nothing_left_say_so(coder: Coder) -> None:
    assert coder.press("u").bench.message == "There is nothing to undo."
    assert coder.press("ctrl+r").bench.message == "There is nothing to redo."


def test_undoing_the_removal_of_a_mark_goes_to_where_it_stood(coder: Coder) -> None:
    coder.press("s", "1", "escape", "j", "s", "3", "N", "1", "escape", "k")
    (mark,) = coder.marks
    assert coder.session.sentence(3).marks[0].slots["continues"]
    coder.press("backspace")
    assert "continues" not in coder.session.sentence(3).marks[0].slots
    coder.press("u")
    assert coder.session.sentence(2).marks == (mark,)
    assert coder.bench.key == 2


def test_what_was_done_yesterday_is_undone_today() -> None:
    store = MemoryStore()
    first = Coder.at(session=session_on(*CALL, store=store)).press("t", "g", "enter")
    first.session.close()
    second = Coder.at(session=session_on(*CALL, store=store))
    assert second.bench.key == 3
    second.press("u", "u")
    assert (second.bench.key, second.marks) == (2, ())


def test_undoing_a_change_of_the_cast_stays_where_one_is(coder: Coder) -> None:
    coder.press("s", "+").answer("Envoy").press("escape", "u", "j", "u")
    assert coder.bench.key == 3
    assert coder.bench.message == "undone: cast Envoy"


# Boundaries


def test_a_split_stays_on_the_first_half_and_a_join_on_the_whole(coder: Coder) -> None:
    whole = coder.bench.sentence
    coder.press("S", "enter")
    assert coder.bench.key == 2
    assert coder.bench.sentence.end < whole.end
    coder.press("J")
    assert coder.bench.key == 2
    assert coder.bench.sentence.text == whole.text
    coder.press("u", "u")
    spent = {"keys": 5, "seconds": coder.bench.sentence.seconds}
    assert coder.bench.sentence == whole.model_copy(update=spent)


def test_undoing_a_split_from_its_second_half_leads_to_the_whole(coder: Coder) -> None:
    coder.press("S", "enter", "j")
    second = coder.bench.key
    assert second not in (1, 2, 3)
    coder.press("u")
    assert coder.bench.key == 2


def test_redoing_a_join_from_the_sentence_that_it_takes_leads_to_the_whole(coder: Coder) -> None:
    coder.press("J", "u", "j", "ctrl+r")
    assert coder.bench.key == 2
    assert 3 not in coder.session.coding.position


def test_joining_the_last_sentence_is_refused_in_a_sentence(coder: Coder) -> None:
    with pytest.raises(MarkError, match="no next sentence"):
        coder.press("G", "J")


def test_a_sentence_that_vanishes_is_left_for_the_nearest(coder: Coder) -> None:
    coder.press("G")
    bench, session = coder.bench, coder.session
    bench.goto(4)
    coder.press("J")
    bench.goto(4)
    session.undo()
    bench.goto(5)
    session.redo()
    assert bench.key == 4
    assert bench.mode is None


# Marks of the sentence


def test_the_newest_mark_is_lit_and_tab_lights_one_after_the_other(coder: Coder) -> None:
    coder.press("t", "g", "r", "escape")
    lit = [coder.bench.mark, coder.press("tab").bench.mark, coder.press("tab").bench.mark]
    assert [mark.label for mark in lit if mark] == ["rel.general", "eco.trade", "rel.general"]
    assert coder.press("j", "tab").bench.message == "This sentence has no mark."


@pytest.mark.parametrize("key", ["backspace", "delete"])
def test_the_lit_mark_is_removed(coder: Coder, key: str) -> None:
    coder.press("t", "g", "r", "escape", key)
    assert coder.labels == ["eco.trade"]
    assert coder.bench.message == "removed: rel.general  u brings it back"
    coder.press(key, key)
    assert coder.bench.message == "This sentence has no mark to remove."


def test_the_form_of_the_lit_mark_is_opened(coder: Coder) -> None:
    assert coder.press("e").bench.message == "This sentence has no mark to edit."
    coder.press("t", "g", "escape", "e")
    assert isinstance(coder.bench.mode, FrameMode)
    assert coder.view.title == f"Topics: {TRADE}"


def test_marks_of_a_layer_that_the_codebook_lost_can_be_removed_and_stand_in_nothings_way() -> None:
    store = MemoryStore()
    first = Coder.at(session=session_on(*CALL, store=store)).press("t", "g", "escape")
    first.session.close()
    session = session_on(*CALL, store=store, codebook=without("voice"))
    coder = Coder.at(session=session)
    coder.press("e")
    assert coder.bench.message == "The codebook has no layer topics; remove the mark or keep it."
    coder.press("backspace")
    assert coder.marks == ()


def test_choosing_a_span_beside_a_mark_of_a_lost_layer_does_no_harm() -> None:
    store = MemoryStore()
    first = Coder.at(session=session_on(*CALL, store=store)).press("t", "g", "escape")
    first.session.close()
    coder = Coder.at(session=session_on(*CALL, store=store, codebook=without("voice")))
    coder.press("v")
    assert coder.bench.message or coder.bench.mode


def test_repeat_puts_the_last_marking_here_and_says_so(coder: Coder) -> None:
    assert coder.press(".").bench.message == "There is no marking to repeat here."
    coder.press("t", "g", "r", "enter", ".")
    assert (coder.labels, coder.bench.message) == (
        ["eco.trade", "rel.general"],
        "repeated: trade; relations",
    )


def test_repeat_says_where_the_last_marking_stands_already(coder: Coder) -> None:
    coder.press("t", "g", "escape", ".")
    assert coder.bench.message == "The last marking stands here already."
    assert coder.labels == ["eco.trade"]


def test_reject_takes_a_label_of_any_layer(coder: Coder) -> None:
    coder.press("x", "g")
    assert coder.bench.message == f"{TRADE}: considered and rejected"
    coder.press("x", "tab", "tab", "p")
    assert coder.labels == ["!eco.trade", "!promise"]
    coder.press("x", "g")
    assert coder.bench.message == f"{TRADE}: not rejected any more"
    assert coder.labels == ["!promise"]


def test_the_keys_of_a_panel_say_what_they_do(coder: Coder) -> None:
    told = {"t": "key toggles ·", "c": "key gives one more ·", "x": "key rejects, closes ·"}
    for key, hint in told.items():
        assert coder.press(key).view.hint.startswith(hint)
        coder.press("escape")
    coder.press("j", "c", "a", "escape", "c", "a", "escape")
    assert coder.labels == ["agreement", "agreement"]


def test_a_note_is_asked_for_written_changed_and_taken_away(coder: Coder) -> None:
    coder.press("z").answer("  why? ")
    assert (coder.bench.sentence.note, coder.bench.message) == ("why?", "noted")
    coder.press("z")
    assert coder.bench.ask is not None
    assert coder.bench.ask.value == "why?"
    coder.answer("")
    assert coder.bench.sentence.note == ""


def test_a_flag_is_set_and_taken_away(coder: Coder) -> None:
    assert coder.press("f").bench.sentence.flagged
    assert not coder.press("f").bench.sentence.flagged


# Panels


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        ("t", PickMode),
        ("s", CastMode),
        ("c", PickMode),
        ("m", PickMode),
        ("o", PickMode),
        ("x", PickMode),
        ("R", RoleMode),
        ("S", SplitMode),
    ],
)
def test_each_key_opens_its_panel_and_escape_closes_it(
    coder: Coder, key: str, mode: type[object]
) -> None:
    assert isinstance(coder.press(key).bench.mode, mode)
    assert coder.press("escape").bench.mode is None


def test_a_span_needs_a_mark(coder: Coder) -> None:
    coder.press("v")
    assert coder.bench.message == "A span belongs to a mark: mark this sentence first."
    coder.press("t", "g", "escape", "v")
    assert isinstance(coder.bench.mode, SpanMode)


def test_a_span_is_for_the_lit_mark_first(coder: Coder) -> None:
    coder.press("t", "g", "r", "escape", "tab", "v")
    assert coder.view.fields[0].value == "relations"


def test_going_elsewhere_closes_the_panel_and_the_question(coder: Coder) -> None:
    coder.press("z")
    coder.bench.goto(3)
    assert coder.bench.ask is None
    coder.press("t")
    coder.bench.goto(4)
    assert coder.bench.mode is None


def test_what_a_panel_refuses_is_said_and_the_panel_stays_open(coder: Coder) -> None:
    coder.press("t", "g", "escape", "e")
    mode = coder.bench.mode
    held = coder.marks[0]
    stranger = held.model_copy(update={"label": "no.such"})
    documents = {2: coder.bench.sentence.changed(marks=(stranger,))}
    session = coder.session
    session.do(session.pen.edit(session.coding, "odd", documents))  # type: ignore[arg-type]
    coder.press("-")
    assert "no label “no.such”" in coder.bench.message
    assert coder.bench.mode is mode


def test_the_codebook_can_be_asked_for_from_an_open_panel(coder: Coder) -> None:
    coder.press("t")
    assert coder.bench.press("?") is False
    assert coder.bench.mode is not None


def test_what_the_codebook_is_to_explain_follows_from_panel_and_mark(coder: Coder) -> None:
    assert coder.bench.entry() is None
    assert coder.press("t").bench.entry() == ("topics", "rel.general")
    assert coder.press("right").bench.entry() == ("topics", "rel.contacts")
    assert coder.press("g", "escape").bench.entry() == ("topics", "eco.trade")
    assert coder.press("S").bench.entry() is None


def test_answering_without_a_question_does_nothing(coder: Coder) -> None:
    coder.bench.answer("words")
    assert coder.bench.message == ""


# The mouse


def test_a_stretch_drawn_with_the_mouse_is_a_selection_for_the_mark(coder: Coder) -> None:
    coder.press("t", "g", "escape")
    start = coder.bench.sentence.start
    select(coder.bench, start + 10, start + 20)
    assert isinstance(coder.bench.mode, SpanMode)
    coder.press("enter")
    span = Span.of(coder.session.readout.text, start + 10, start + 20)
    assert coder.marks[0].slots["evidence"] == (SpanValue(span=span),)


@pytest.mark.parametrize(("left", "right"), [(-1, 3), (0, 500), (5, 5), (6, 5)])
def test_a_stretch_outside_the_sentence_is_not_taken(coder: Coder, left: int, right: int) -> None:
    coder.press("t", "g", "escape")
    start = coder.bench.sentence.start
    select(coder.bench, start + left, start + right)
    assert coder.bench.mode is None


def test_a_stretch_without_a_mark_says_what_it_needs(coder: Coder) -> None:
    start = coder.bench.sentence.start
    select(coder.bench, start, start + 4)
    assert coder.bench.mode is None
    assert "mark this sentence first" in coder.bench.message


def test_every_deed_can_be_done_on_every_sentence_without_harm() -> None:
    coder = Coder.at()
    for key in coder.session.coding.order:
        for name, deed in DEEDS.items():
            for count in (None, 1, 999_999):
                coder.bench.goto(key if key in coder.session.coding.position else 1)
                coder.bench.open(None)
                with suppress(MarkError) if name == "join" else nullcontext():
                    deed(coder.bench, count)
                assert coder.bench.key in coder.session.coding.position
    coder.session.save_all()
    while coder.session.undo():
        pass
    assert coder.session.coding.but_effort() == session_on(*CALL).coding.but_effort()


def test_an_edit_made_elsewhere_does_not_leave_the_bench_without_a_sentence(coder: Coder) -> None:
    session = coder.session
    session.do(acts.toggle_flag(session.pen, session.coding, 5))
    assert coder.bench.key == 2


def test_undo_names_a_label_by_its_tag() -> None:
    coder = Coder.at().press("j", "s", "1", "escape", "escape")
    before = coder.bench.sentence.marks
    assert before
    layer = coder.bench.session.codebook.layer("speakers")
    label = layer.label(before[-1].label) if layer else None
    assert label is not None
    while coder.bench.sentence.marks:
        coder.press("u")
    assert coder.bench.message == f"undone: mark {label.tag}"


def test_undo_in_a_form_says_which_row_it_took_back_and_that_a_flag_was_taken_away() -> None:
    coder = Coder.at().press("c", "p", "S", "3", "escape")
    coder.press("u")
    assert coder.bench.message == "undone: promise: strength"
    coder.press("ctrl+r")
    assert coder.bench.message == "done again: promise: strength"
    coder.press("e", "K")
    kinds = [item for group in coder.view.groups for item in group.items]
    coder.press(next(item.key for item in kinds if item.state == "off"), "escape", "u")
    assert coder.bench.message.endswith(": kind")
    said = []
    for key in ("f", "f", "u", "u", "ctrl+r", "ctrl+r"):
        coder.press(key)
        said.append(coder.bench.message)
    assert said[2:] == [
        "undone: flag taken away",
        "undone: flag",
        "done again: flag",
        "done again: flag taken away",
    ]

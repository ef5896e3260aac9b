"""What coding costs: every key and second goes to one place, and rides on edits."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import MarkError
from annotator.model.edit import Edit
from annotator.model.mark import Mark
from annotator.model.progress import Progress
from annotator.pipeline import ledger
from annotator.session import acts
from annotator.session.effort import IDLE, Meter, Spent
from annotator.store.memory import MemoryStore
from annotator.tui.deeds import DEEDS
from tests.session.making import CALL, Clock, Coder, session_on


@pytest.fixture
def coder() -> Coder:
    return Coder.at()


def effort(mark: Mark) -> tuple[int | None, float | None]:
    return mark.provenance.keys, mark.provenance.spent


def efforts(coder: Coder, key: int = 2) -> dict[str, tuple[int | None, float | None]]:
    return {mark.label: effort(mark) for mark in coder.session.sentence(key).marks}


def total(coder: Coder, key: int = 2) -> tuple[int, float]:
    sentence = coder.session.sentence(key)
    return sentence.keys, sentence.seconds


# Marks


def test_the_first_label_of_a_panel_has_its_opening_key_and_the_next_only_its_own(
    coder: Coder,
) -> None:
    coder.press("t", "g", "e", seconds=2.0)
    # The pause before the panel is the sentence's: it was read.
    assert efforts(coder) == {"eco.trade": (2, 2.0), "prot.event": (1, 2.0)}
    assert total(coder) == (3, 6.0)
    coder.press("enter", seconds=1.0)
    assert total(coder) == (4, 7.0)


def test_looking_and_filtering_in_a_panel_is_the_work_of_the_label_that_comes_of_it(
    coder: Coder,
) -> None:
    coder.press("t", "right", "right", "left", "g", seconds=1.0)
    assert efforts(coder) == {"eco.trade": (5, 4.0)}
    coder.press("/", seconds=1.0)
    assert coder.bench.ask is not None
    coder.answer("courtesy")
    assert efforts(coder)["prot.courtesy"] == (2, 1.0)


def test_a_panel_that_is_closed_without_a_label_is_nobodys_work(coder: Coder) -> None:
    coder.press("t", "right", "escape", "t", "g", "enter", seconds=1.0)
    assert efforts(coder) == {"eco.trade": (2, 1.0)}
    assert total(coder) == (6, 6.0)


def test_a_form_is_the_work_of_its_mark_from_its_panel_to_the_key_that_closes_it(
    coder: Coder,
) -> None:
    coder.press("s", "1", "tab", "D", "n", "escape", "enter", seconds=1.0)
    [mark] = coder.session.sentence(2).marks
    assert mark.label == "narrated_act"
    assert effort(mark) == (6, 5.0)
    assert total(coder) == (7, 7.0)


def test_words_chosen_for_a_mark_are_its_work(coder: Coder) -> None:
    coder.press("t", "g", "escape", "v", "right", "shift+right", "enter", "enter", seconds=1.0)
    [mark] = coder.session.sentence(2).marks
    assert mark.spans()
    # The panel and the label; then v, two keys that shape, and the one that takes the words.
    assert effort(mark) == (6, 4.0)
    assert total(coder) == (8, 8.0)


def test_a_speaker_is_the_work_of_the_key_that_names_it(coder: Coder) -> None:
    coder.press("s", "1", "escape", "enter", seconds=1.0)
    [mark] = coder.session.sentence(2).marks
    assert effort(mark) == (3, 2.0)


def test_somebody_new_is_typed_for_the_speaker_that_is_made(coder: Coder) -> None:
    coder.press("s", "+", seconds=1.0)
    coder.answer("Cora Cole")
    coder.press("escape", "enter", seconds=1.0)
    [mark] = coder.session.sentence(2).marks
    assert effort(mark) == (4, 2.0)


def test_a_rejected_label_has_its_effort_too(coder: Coder) -> None:
    coder.press("x", "g", "enter", seconds=1.0)
    assert efforts(coder) == {"eco.trade": (2, 1.0)}


def test_a_repeated_marking_is_one_key(coder: Coder) -> None:
    coder.press("t", "g", "e", "enter", ".", "enter", seconds=1.0)
    assert sum(effort(mark)[0] or 0 for mark in coder.session.sentence(3).marks) == 1
    assert total(coder, 3) == (2, 2.0)


def test_what_is_made_elsewhere_by_the_same_act_took_no_key_of_its_own(coder: Coder) -> None:
    session = coder.session
    coder.press("t", seconds=1.0)
    marks = {key: session.pen.mark(session.sentence(key), "topics", "eco.trade") for key in (2, 3)}
    documents = {key: session.sentence(key).changed(marks=(mark,)) for key, mark in marks.items()}
    edit = session.pen.edit(session.coding, "mark both", {**documents})
    coder.bench.do(edit)
    assert efforts(coder) == {"eco.trade": (1, 0.0)}
    assert efforts(coder, 3) == {"eco.trade": (0, 0.0)}
    assert (total(coder), total(coder, 3)) == ((1, 1.0), (0, 0.0))


def test_a_copy_that_a_split_makes_took_nothing(coder: Coder) -> None:
    coder.press("t", "g", "escape", "S", "enter", seconds=1.0)
    first, second = coder.session.sentence(2), coder.session.sentence(6)
    assert [effort(mark) for mark in (*first.marks, *second.marks)] == [(2, 1.0), (0, 0.0)]
    assert (first.keys, second.keys) == (5, 0)


# Sentences


def test_effort_rides_on_every_edit_so_that_what_is_on_disk_has_it() -> None:
    store = MemoryStore()
    coder = Coder.at(session=session_on(*CALL, store=store))
    coder.press("t", "g", "e", seconds=2.0)
    coder.session.save_all()
    snapshot = store.read("ada", "call-1")
    assert snapshot is not None
    sentence = snapshot.coding.sentence(2)
    assert (sentence.state, sentence.keys, sentence.seconds) == ("new", 3, 6.0)


def test_what_is_left_undecided_goes_on_where_it_was(coder: Coder) -> None:
    coder.press("t", "g", "escape", "j", seconds=1.0)
    assert total(coder) == (2, 2.0)
    # The keys that closed the panel and moved away no edit followed.
    assert coder.bench.meter.apart == Spent(2, 20)
    coder.press("k", "enter", seconds=1.0)
    assert total(coder) == (3, 3.0)


def test_a_done_sentence_that_is_changed_and_confirmed_again_adds_to_its_effort(
    coder: Coder,
) -> None:
    coder.press("t", "g", "enter", "k", seconds=1.0)
    assert total(coder) == (3, 3.0)
    coder.press("t", "e", "enter", seconds=1.0)
    assert total(coder) == (6, 6.0)
    assert efforts(coder) == {"eco.trade": (2, 1.0), "prot.event": (2, 1.0)}
    coder.press("k", "tab", "enter", seconds=1.0)
    assert total(coder) == (6, 6.0)


def test_a_mark_that_is_edited_later_grows_by_what_that_took(coder: Coder) -> None:
    coder.press("s", "1", "escape", "enter", seconds=1.0)
    assert efforts(coder) == {"indirect": (3, 2.0)}
    coder.press("k", "e", "D", "n", "escape", "enter", seconds=1.0)
    # The pause before the form was opened again is the sentence's.
    assert efforts(coder) == {"narrated_act": (7, 5.0)}


def test_a_pause_counts_up_to_its_bound_for_a_mark_too(coder: Coder) -> None:
    coder.press("t", seconds=1.0)
    coder.press("g", seconds=3600.0)
    assert efforts(coder) == {"eco.trade": (2, IDLE)}
    assert total(coder) == (2, IDLE + 1.0)


def test_small_pauses_do_not_vanish_in_rounding() -> None:
    clock = Clock()
    meter = Meter(clock)
    for _ in range(100):
        clock.now += 0.033
        meter.key(None)
    assert meter.due == Spent(100, 33)
    assert meter.seconds == 3.3


# Undo


def test_what_was_undone_is_still_spent_on_the_sentence(coder: Coder) -> None:
    coder.press("t", "g", "escape", "u", "t", "e", "enter", seconds=1.0)
    assert total(coder) == (7, 7.0)
    assert efforts(coder) == {"prot.event": (2, 1.0)}


def test_an_undone_decision_that_is_made_again_has_all_that_it_took(coder: Coder) -> None:
    coder.press("t", "g", "enter", "u", "enter", seconds=1.0)
    assert total(coder) == (5, 5.0)
    assert coder.bench.meter.apart == Spent()


def test_what_is_taken_back_and_made_again_is_as_it_was_but_for_the_keys_that_did_so(
    coder: Coder,
) -> None:
    coder.press("t", "g", "enter", seconds=1.0)
    done = coder.session.coding
    coder.press("u", "u", seconds=1.0)
    assert (coder.session.sentence(2).state, total(coder)) == ("new", (5, 5.0))
    coder.press("ctrl+r", "ctrl+r", seconds=1.0)
    assert total(coder) == (7, 7.0)
    but_effort = coder.session.sentence(2).model_copy(update={"keys": 3, "seconds": 3.0})
    assert but_effort == done.sentence(2)


def test_keys_that_only_take_back_and_make_again_are_the_sentences(coder: Coder) -> None:
    coder.press("t", "t", "escape", "enter", *("u", "ctrl+r") * 5)
    assert total(coder)[0] == 14
    coder.press("j", "k", "j")
    assert total(coder)[0] == 14


def test_what_was_undone_stays_spent_when_the_readout_is_opened_again() -> None:
    store = MemoryStore()
    coder = Coder.at(session=session_on(*CALL, store=store))
    coder.press("t", "t", "escape", "enter", "u", "u")
    assert total(coder)[0] == 6
    coder.session.close()
    again = Coder.at(session=session_on(*CALL, store=store))
    again.press("t", "t", "escape", "enter")
    assert total(again)[0] == 10
    again.press("u", "u")
    assert total(again)[0] == 12


def test_what_a_boundary_took_and_what_it_took_to_take_it_back_stays_with_the_first(
    coder: Coder,
) -> None:
    coder.press("t", "g", "escape", "S", "enter", "u", seconds=1.0)
    assert total(coder) == (6, 6.0)
    coder.press("ctrl+r", seconds=1.0)
    assert (total(coder), total(coder, 6)) == ((7, 7.0), (0, 0.0))


def test_what_is_counted_after_every_undo_is_what_a_new_count_finds(coder: Coder) -> None:
    counted = [Progress.of(coder.session.coding)]
    coder.session.on_change = lambda edit: counted.append(counted[-1].after(edit))
    for key, seconds in (("t", 0.1), ("g", 0.2), ("enter", 1.7), ("enter", 0.3), ("enter", 2.4)):
        coder.press(key, seconds=seconds)
    for _ in range(2):
        coder.press("u", "u", "u", "ctrl+r", "ctrl+r", "w", "u", "u", "u", "u", seconds=0.1)
        assert counted[-1] == Progress.of(coder.session.coding)
        assert str(counted[-1].seconds) == "0.0"
        coder.press("enter", "enter", "enter", seconds=0.7)


@pytest.mark.parametrize("lit", [2, 3, 4])
def test_walking_over_an_act_on_many_is_the_work_of_none_of_them_and_leaves_the_light(
    coder: Coder, lit: int
) -> None:
    session = coder.session
    coder.press("t", "g", "enter")
    marks = {key: session.pen.mark(session.sentence(key), "topics", "prot.event") for key in (3, 4)}
    done = {k: session.sentence(k).changed(marks=(m,), state="done") for k, m in marks.items()}
    coder.bench.do(session.pen.edit(session.coding, "bulk 3fa9c1: event", {**done}))
    coder.bench.goto(lit)
    before = Progress.of(session.coding)
    assert (before.decided, before.keyed) == (3, 1)
    coder.press("u")
    assert (coder.bench.key, session.sentence(3).state) == (lit, "new")
    coder.press("ctrl+r")
    assert (coder.bench.key, session.sentence(3).state) == (lit, "done")
    assert Progress.of(session.coding) == before
    assert coder.bench.meter.due.keys == 2


def test_an_edit_that_nobody_keyed_is_not_weighed() -> None:
    session = session_on(*CALL)
    edit = acts.toggle(session.pen, session.coding, 2, "topics", "eco.trade")
    assert session.do(edit) is not None
    [mark] = session.sentence(2).marks
    assert effort(mark) == (None, None)


def test_undo_and_other_acts_than_edits_are_left_alone() -> None:
    meter = Meter(Clock())
    meter.key(None)
    act = Edit(act="undo", at="", what="x", changes=())
    assert meter.weighed(act, 1) is act
    assert meter.due.keys == 1


def test_a_mark_that_a_split_moves_takes_along_what_was_spent_on_it() -> None:
    coder = Coder.at()
    for key in ("c", "n", "escape", "S", "enter"):
        press(coder, key)
    first, second = (coder.session.sentence(key) for key in coder.session.coding.order[1:3])
    assert [effort(mark)[0] for mark in second.marks] == [3]
    assert (first.keys, second.keys) == (2, 3)


# All of it

KEYS = st.sampled_from(
    [
        *("t", "g", "e", "c", "a", "m", "s", "1", "2", "x", ".", "v", "right", "tab", "S", "J"),
        *("enter", "enter", "escape", "escape", "u", "ctrl+r", "j", "k", "n", "w", "p", "f"),
        *("backspace", "e", "z", "+", "/", "R", "-"),
    ]
)


def press(coder: Coder, key: str) -> None:
    """Press any key, whatever is open."""
    bench = coder.bench
    if bench.ask is not None:
        coder.answer("Cora" if key == "enter" else "")
        return
    bench.tick()
    command = bench.keymap.command("annotate", key)
    if not bench.press(key) and command is not None and command.id in DEEDS:
        bench.open(None)
        DEEDS[command.id](bench, bench.take_count())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(KEYS, st.sampled_from([0.0, 0.04, 1.3, 90.0])), max_size=60))
def test_every_key_is_a_sentences_or_due_or_apart_and_marks_have_no_more_than_theirs(
    pressed: list[tuple[str, float]],
) -> None:
    coder = Coder.at()
    meter = coder.bench.meter
    most = 0
    for count, (key, pause) in enumerate(pressed, 1):
        coder.clock.now += pause
        with suppress(MarkError):
            press(coder, key)
        sentences = [sentence for _, sentence in coder.session.coding.sentences()]
        kept = Spent(
            sum(sentence.keys for sentence in sentences),
            sum(round(sentence.seconds * 10) for sentence in sentences),
        )
        assert kept + meter.due + meter.apart == meter.pressed
        assert meter.pressed.keys == count
        assert kept.keys >= most
        most = kept.keys
        for sentence in sentences:
            marks = [mark.provenance for mark in sentence.marks]
            assert sum(source.keys or 0 for source in marks) <= sentence.keys
            assert sum(round(10 * (source.spent or 0)) for source in marks) <= round(
                sentence.seconds * 10
            )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(KEYS, st.sampled_from([0.0, 0.04, 1.3, 90.0])), max_size=60))
def test_the_days_count_what_the_sentences_have_once_and_for_good(
    pressed: list[tuple[str, float]],
) -> None:
    coder = Coder.at()
    for key, pause in pressed:
        coder.clock.now += pause
        with suppress(MarkError):
            press(coder, key)
    session = coder.session
    counted = ledger.of_history(session.history, session.coding)
    sentences = [sentence for _, sentence in session.coding.sentences()]
    assert sum(n for (kind, *_), n in counted.items() if kind == "pressed") == sum(
        sentence.keys for sentence in sentences
    )
    assert sum(n for (kind, *_), n in counted.items() if kind == "active") == sum(
        round(sentence.seconds * 10) for sentence in sentences
    )

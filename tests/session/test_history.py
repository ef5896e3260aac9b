"""Whatever a coder does can be taken back and done again, and never bends the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import Conflict, MarkError
from annotator.model import revision
from annotator.model.codebook import Codebook, Slot
from annotator.model.edit import CAST, Coding, Edit, Timeline
from annotator.model.entity import Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    RefValue,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.progress import Progress
from annotator.model.text import Role, Span, State
from annotator.session import acts, boundaries, casting, chains
from annotator.session.repeat import last_marking, repeat
from annotator.session.session import Session
from annotator.store.memory import MemoryStore
from tests.session.making import AT, PEOPLE, book, journal_of, placed, readout_of, session_of

T = TypeVar("T")
ROLES: tuple[Role, ...] = ("heading", "body", "list_item", "dateline", "boilerplate", "quotation")
STATES: tuple[State, ...] = ("new", "done", "unsure", "skipped")

# Words of several scripts, and what is hard about text: marks, wide signs, quotes, blanks.
HARD = ["said", "双方同意", "встретиться", "قال", "e\u0301té", "👩‍🚀", "“so”", "a", "\u00a0b"]
PIECES = st.one_of(
    st.sampled_from(HARD),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=6),
)
GAPS = st.sampled_from([" ", "\n", "\n\n", "\u00a0 ", "\u3000"])
BODIES = st.lists(
    st.lists(PIECES, min_size=1, max_size=4).map(" ".join).map(str.strip).filter(bool),
    min_size=1,
    max_size=4,
)


@st.composite
def begun(draw: st.DrawFn) -> Session:
    """A session on a generated text, nothing coded yet."""
    bodies = draw(BODIES)
    text = draw(st.sampled_from(["", "\n", " "])) + "".join(body + draw(GAPS) for body in bodies)
    return session_of(readout_of(text), placed(text, bodies, {}), store=MemoryStore())


class Dice:
    """Numbers that decide what an act does, whatever state it meets."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def below(self, limit: int) -> int:
        self._seed, found = divmod(self._seed, max(1, limit))
        return found

    def of(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]


def a_mark(session: Session, dice: Dice) -> tuple[int, Mark] | None:
    marks = [(key, mark) for key, s in session.coding.sentences() for mark in s.marks]
    return dice.of(marks) if marks else None


def a_value(session: Session, key: int, slot: Slot, dice: Dice) -> SlotValue:
    sentence = session.sentence(key)
    start = sentence.start + dice.below(sentence.end - sentence.start)
    end = start + 1 + dice.below(sentence.end - start)
    span = Span.of(session.readout.text, start, end)
    if slot.type in ("choice", "scale"):
        return ChoiceValue(choice=dice.of(slot.choices).id)
    if slot.type == "span":
        return SpanValue(span=span)
    if slot.type == "entity":
        mention = span if dice.below(2) else None
        return EntityValue(entity=dice.of(PEOPLE).id, mention=mention, inferred=mention is None)
    if slot.type == "label":
        layer = session.pen.codebook.layer(slot.layer or "")
        assert layer is not None
        return LabelValue(label=dice.of(layer.in_use).id)
    if slot.type == "date":
        return DateValue(date="2027-05/2028")
    if slot.type == "ref":
        found = a_mark(session, dice)
        return RefValue(mark=found[1].id if found else "nobody")
    return TextValue(text="words")


def mark(session: Session, key: int, dice: Dice) -> Edit | None:
    layer = dice.of(session.pen.codebook.layers)
    return acts.toggle(session.pen, session.coding, key, layer.id, dice.of(layer.in_use).id, 1.5)


def reject(session: Session, key: int, dice: Dice) -> Edit | None:
    layer = dice.of(session.pen.codebook.layers)
    label = dice.of(layer.in_use).id
    return acts.toggle_rejected(session.pen, session.coding, key, layer.id, label)


def fill(session: Session, key: int, dice: Dice) -> Edit | None:
    """Fill a slot of some mark; where no mark has slots, make one."""
    codebook = session.pen.codebook
    frames = [
        (where, held, slots)
        for where, sentence in session.coding.sentences()
        for held in sentence.marks
        if (layer := codebook.layer(held.layer)) and (slots := layer.slots_of(held.label))
    ]
    if not frames:
        return mark(session, key, dice)
    where, held, slots = dice.of(frames)
    slot = dice.of(slots)
    many = 1 + dice.below(2) if slot.repeatable else 1
    values = tuple(a_value(session, where, slot, dice) for _ in range(many))
    chosen = dice.of([values, values, values, NONE_STATED, ()])
    return acts.fill_slot(session.pen, session.coding, where, held.id, slot.id, chosen)


def change(session: Session, key: int, dice: Dice) -> Edit | None:
    found = a_mark(session, dice)
    if found is None:
        return None
    updates: list[dict[str, object]] = [{"certainty": "low"}, {"note": "?"}, {"doubtful": True}]
    after = found[1].model_copy(update=dice.of(updates))
    return acts.replace_mark(session.pen, session.coding, found[0], after)


def remove(session: Session, key: int, dice: Dice) -> Edit | None:
    found = a_mark(session, dice)
    return found and acts.remove_mark(session.pen, session.coding, found[0], found[1].id)


def note(session: Session, key: int, dice: Dice) -> Edit | None:
    return acts.write_note(session.pen, session.coding, key, dice.of(["", " a note ", "\u202e"]))


def flag(session: Session, key: int, dice: Dice) -> Edit | None:
    return acts.toggle_flag(session.pen, session.coding, key)


def decide(session: Session, key: int, dice: Dice) -> Edit | None:
    state, keys = dice.of(STATES), dice.below(5)
    return acts.decide(session.pen, session.coding, key, state, keys, dice.below(7) / 2)


def role(session: Session, key: int, dice: Dice) -> Edit | None:
    return acts.set_role(session.pen, session.coding, key, dice.of(ROLES))


def split(session: Session, key: int, dice: Dice) -> Edit | None:
    sentence = session.sentence(key)
    at = sentence.start + dice.below(sentence.end - sentence.start + 1)
    return boundaries.split(session.pen, session.coding, key, at)


def join(session: Session, key: int, dice: Dice) -> Edit | None:
    return boundaries.join(session.pen, session.coding, key, session.readout.text)


def cast(session: Session, key: int, dice: Dice) -> Edit | None:
    names = dice.of([("ada", "Ada of Arda"), ("new", "Somebody"), ("new", "Somebody else")])
    entity = Entity(id=names[0], type="person", name=names[1])
    return acts.add_entity(session.pen, session.coding, entity)


def recast(session: Session, key: int, dice: Dice) -> Edit | None:
    """Put the cast in order: somebody of it is renamed, merged, moved, removed or called more."""
    pen, coding = session.pen, session.coding
    one, other = dice.of(coding.cast.entities), dice.of(coding.cast.entities)
    acts_on_cast: list[Callable[[], Edit | None]] = [
        lambda: casting.rename(pen, coding, one.id, dice.of(["Ada", "The Envoy", "Bo"])),
        lambda: casting.merge(pen, coding, one.id, other.id),
        lambda: casting.merge(pen, coding, other.id, one.id),
        lambda: casting.move(pen, coding, one.id, dice.below(5) - 2),
        lambda: casting.remove(pen, coding, one.id),
        lambda: casting.add_alias(pen, coding, one.id, "the one"),
        lambda: casting.sort_by_use(pen, coding),
        lambda: casting.change(pen, coding, one.model_copy(update={"members": (other.id,)})),
    ]
    return dice.of(acts_on_cast)()


def again(session: Session, key: int, dice: Dice) -> Edit | None:
    marks = last_marking(session.timeline, session.coding, session.codebook)
    return repeat(session.pen, session.coding, key, marks)


Act = Callable[[Session, int, Dice], Edit | None]
# Some come more often, so that there is something to split, join and remove.
ACTS: tuple[Act, ...] = (
    *(mark, fill, fill, fill, fill, mark, fill, fill, split, join, split, join),
    *(reject, change, remove, note, flag, decide, role, cast, recast, recast, again),
)
BACK, ON = "back", "on"
# Small numbers, which are drawn most, would always choose the first of everything.
SEEDS = st.integers(2**47, 2**48)
PLAN = st.lists(st.tuples(st.sampled_from([*ACTS, BACK, ON]), SEEDS), min_size=5, max_size=25)
Plan = list[tuple[Act | str, int]]


def run(session: Session, plan: Plan) -> list[Coding]:
    """Do what is planned and return every state on the way; what is not allowed is left out."""
    states = [session.coding]
    for act, seed in plan:
        dice = Dice(seed)
        try:
            if isinstance(act, str):
                edit = session.undo() if act == BACK else session.redo()
            else:
                edit = session.do(act(session, dice.of(session.coding.order), dice))
        except MarkError:
            continue
        if edit is not None:
            states.append(session.coding)
    return states


def undo_all(session: Session) -> int:
    times = 0
    while session.undo():
        times += 1
    return times


@settings(deadline=None, max_examples=120)
@given(begun(), PLAN)
def test_undoing_everything_restores_the_beginning_and_redoing_it_the_end(
    session: Session, plan: Plan
) -> None:
    first = session.coding
    run(session, plan)
    last = session.coding
    times = undo_all(session)
    assert session.coding.but_effort() == first.but_effort()
    for _ in range(times):
        session.redo()
    assert session.coding.but_effort() == last.but_effort()


@settings(deadline=None, max_examples=80)
@given(begun(), PLAN)
def test_each_undo_restores_the_state_before_and_each_redo_the_state_after(
    session: Session, plan: Plan
) -> None:
    states = run(session, [(act, seed) for act, seed in plan if act not in (BACK, ON)])
    for state in reversed(states[:-1]):
        session.undo()
        assert session.coding.but_effort() == state.but_effort()
    for state in states[1:]:
        session.redo()
        assert session.coding.but_effort() == state.but_effort()


@settings(deadline=None, max_examples=120)
@given(begun(), PLAN)
def test_in_no_state_does_an_attribution_stand_inside_itself_or_too_deep(
    session: Session, plan: Plan
) -> None:
    layer = book().layer("speakers")
    assert layer is not None
    for coding in run(session, plan):
        for _, sentence in coding.sentences():
            for one in sentence.of_layer("speakers"):
                told = chains.chain(layer, coding, one)
                assert len(told) <= chains.DEEPEST
                assert chains.parent_id(layer, told[0]) not in {m.id for m in told}


@settings(deadline=None, max_examples=120)
@given(begun(), PLAN)
def test_in_every_state_spans_quote_the_text_and_sentences_neither_overlap_nor_lose_a_word(
    session: Session, plan: Plan
) -> None:
    text = session.readout.text
    for coding in run(session, plan):
        sentences = [sentence for _, sentence in coding.sentences()]
        for sentence in sentences:
            assert text[sentence.start : sentence.end] == sentence.text
            assert sentence.text == sentence.text.strip() != ""
            assert all(span.holds(text) for m in sentence.marks for span in m.spans())
            assert all((m.start, m.end) == (sentence.start, sentence.end) for m in sentence.marks)
        assert all(one.end <= other.start for one, other in pairwise(sentences))
        ends = [0, *(x for s in sentences for x in (s.start, s.end)), len(text)]
        between = "".join(text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True))
        assert not between.strip()


@settings(deadline=None, max_examples=80)
@given(begun(), PLAN)
def test_in_every_state_ids_differ_and_marks_are_what_the_codebook_allows(
    session: Session, plan: Plan
) -> None:
    for coding in run(session, plan):
        marks = [held for _, sentence in coding.sentences() for held in sentence.marks]
        assert len({held.id for held in marks}) == len(marks)
        assert [problem for held in marks if (problem := book().check(held))] == []


@settings(deadline=None, max_examples=80)
@given(begun(), PLAN)
def test_the_order_kept_across_edits_is_the_order_that_the_ranges_give(
    session: Session, plan: Plan
) -> None:
    for coding in run(session, plan):
        fresh = Coding(coding.docs)
        assert coding.order == fresh.order
        assert coding.position == fresh.position


@settings(deadline=None, max_examples=80)
@given(begun(), PLAN)
def test_a_history_read_again_gives_the_same_state_and_the_same_timeline(
    session: Session, plan: Plan
) -> None:
    store = MemoryStore()
    first = [s for _, s in session.coding.sentences()]
    live = session_of(session.readout, first, store=store)
    run(live, plan)
    live.close()
    journal = journal_of(store, session.readout, ())
    reopened = Session(session.readout, book(), journal, now=lambda: AT)
    assert reopened.coding == live.coding
    assert reopened.timeline == live.timeline == Timeline.of(journal.history)
    undo_all(reopened)
    begun_with = Coding({**dict(enumerate(first, 1)), CAST: session.readout.cast})
    assert reopened.coding.but_effort() == begun_with.but_effort()


@settings(deadline=None, max_examples=80)
@given(begun(), PLAN)
def test_an_edit_inverted_twice_is_the_same_and_fits_only_the_state_it_was_made_for(
    session: Session, plan: Plan
) -> None:
    edits: list[Edit] = []
    session.on_change = edits.append
    states = run(session, plan)
    for before, edit, after in zip(states[:-1], edits, states[1:], strict=True):
        back = edit.invert("undo", AT)
        assert back.invert(edit.act, edit.at) == edit
        assert edit.apply(before) == after
        assert back.apply(after) == before
        documents = dict(after.docs)
        if all(change.before == change.after for change in edit.changes):
            # Only effort differed, and that is not taken back.
            assert edit.apply(after) == after
            continue
        with pytest.raises(Conflict):
            edit.apply(after)
        assert after.docs == documents


@settings(deadline=None, max_examples=30)
@given(begun(), PLAN)
def test_progress_counted_edit_by_edit_is_progress_counted_anew(
    session: Session, plan: Plan
) -> None:
    counted = Progress.of(session.coding)
    edits: list[Edit] = []
    session.on_change = edits.append
    run(session, plan)
    for edit in edits:
        counted = counted.after(edit)
    anew = Progress.of(session.coding)
    assert counted.seconds == pytest.approx(anew.seconds)
    assert (counted.total, counted.done, counted.unsure, counted.skipped, counted.keys) == (
        anew.total,
        anew.done,
        anew.unsure,
        anew.skipped,
        anew.keys,
    )


def renamed_and_merged(codebook: Codebook) -> Codebook:
    """Change labels that many marks have: some get another id, some go into one that stands."""
    for layer in codebook.layers:
        one, two, three = (label.id for label in layer.labels[:3])
        codebook = revision.rename(codebook, layer.id, one, f"{one}.now")
        codebook = revision.merge(codebook, layer.id, two, three)
    return codebook


@settings(deadline=None, max_examples=120)
@given(begun(), PLAN, PLAN)
def test_past_a_change_of_the_codebook_redo_gives_back_all_that_undo_took(
    session: Session, plan: Plan, after: Plan
) -> None:
    run(session, plan)
    session.pen = replace(session.pen, codebook=renamed_and_merged(book()))
    session.do(acts.renew(session.pen, session.coding))
    run(session, after)
    last, count = session.coding, len(session.timeline.undone)
    times = undo_all(session)
    for _ in range(times):
        assert session.redo() is not None
    assert session.coding.but_effort() == last.but_effort()
    assert len(session.timeline.undone) == count
    assert session.timeline == Timeline.of(session.history)

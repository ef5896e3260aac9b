"""A coding's past: its acts in words, and the coding as it was after each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

import pytest

from annotator.errors import InputError
from annotator.model.edit import CAST, Change, Coding, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import ChoiceValue, EntityValue, NoneStated, RefValue, Slots, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span, quoted
from annotator.pipeline import wording
from annotator.pipeline.past import Past, taken_back
from annotator.session import acts, boundaries
from annotator.session.session import Session
from tests.session.making import ADA, AT, PEOPLE, session_on

PARTS = ("# A call", "Arda said so.", "They met in May. They parted.", "The talk was long.")
HEAD, SAID, MET, LONG = 1, 2, 3, 4


@pytest.fixture
def session() -> Session:
    return session_on(*PARTS)


def past_of(session: Session) -> Past:
    return Past("ada", session.history)


def toggle(session: Session, key: int, label: str, layer: str = "topics") -> None:
    session.do(acts.toggle(session.pen, session.coding, key, layer, label))


def last(session: Session) -> tuple[str, tuple[str, ...]]:
    past = past_of(session)
    step = past.step(len(past))
    return step.words, step.changes


def replayed(history: Sequence[Edit], number: int) -> Coding:
    coding = Coding()
    for edit in history[:number]:
        coding = edit.apply(coding)
    return coding


def many_acts(session: Session, count: int) -> None:
    dice = Random(7)  # noqa: S311 - no secret
    labels = [label.id for label in session.codebook.layers[0].labels]
    while len(session.history) <= count:
        key = dice.choice(session.coding.order)
        match dice.randrange(7):
            case 0:
                session.undo()
            case 1:
                session.redo()
            case 2:
                state = dice.choice(["done", "unsure", "skipped"])
                session.do(acts.decide(session.pen, session.coding, key, state))  # type: ignore[arg-type]
            case 3 if key != session.coding.order[-1]:
                text = session.readout.text
                session.do(boundaries.join(session.pen, session.coding, key, text))
            case 4 if " " in session.sentence(key).text:
                at = session.sentence(key).start + session.sentence(key).text.index(" ") + 1
                session.do(boundaries.split(session.pen, session.coding, key, at))
            case _:
                toggle(session, key, dice.choice(labels))


def test_the_coding_as_it_was_is_the_same_from_wherever_one_comes(session: Session) -> None:
    many_acts(session, 120)
    past = past_of(session)
    numbers = [*range(1, len(past) + 1)]
    Random(3).shuffle(numbers)  # noqa: S311 - no secret
    for number in (*numbers, 1, len(past), 2):
        assert past.coding(number).docs == replayed(session.history, number).docs
    assert past.coding(len(past)).docs == session.coding.docs


def test_a_coding_that_was_looked_at_does_not_change_when_another_is(session: Session) -> None:
    toggle(session, SAID, "eco.trade")
    past = past_of(session)
    begun = past.coding(1)
    assert past.coding(2).sentence(SAID).marks
    assert begun.sentence(SAID).marks == ()


@pytest.mark.parametrize("number", [0, -1, 3])
def test_an_act_that_is_not_there_is_refused_by_its_number(session: Session, number: int) -> None:
    toggle(session, SAID, "eco.trade")
    past = past_of(session)
    for look in (past.step, past.coding, past.edit):
        with pytest.raises(InputError, match=f"no act {number} .* from 1 to 2"):
            look(number)


def test_a_step_says_who_did_what_when_and_where(session: Session) -> None:
    toggle(session, MET, "eco.trade")
    step = past_of(session).step(2)
    assert (step.number, step.act, step.at, step.coder) == (2, "edit", AT, "ada")
    assert (step.words, step.keys) == ("mark eco.trade", (MET,))
    assert (step.text, step.changes) == ("They met in May. They parted.", ("+ topics eco.trade",))


def test_the_sentences_of_an_act_stand_in_reading_order(session: Session) -> None:
    session.do(boundaries.split(session.pen, session.coding, HEAD, 2))
    step = past_of(session).step(2)
    assert step.keys == (HEAD, 5)
    assert step.text == "A"
    assert past_of(session).step(1).keys == (HEAD, SAID, MET, LONG)


def test_every_act_of_a_coder_is_told_in_a_few_words(session: Session) -> None:
    pen = session.pen
    at = session.readout.text.index("They parted")
    told = {}
    deeds: dict[str, Callable[[], Edit | None]] = {
        "decide": lambda: acts.decide(pen, session.coding, SAID, "done"),
        "again": lambda: acts.decide(pen, session.coding, SAID, "done", keys=3),
        "reject": lambda: acts.toggle_rejected(pen, session.coding, SAID, "topics", "eco.trade"),
        "instead": lambda: acts.toggle(pen, session.coding, SAID, "topics", "eco.trade"),
        "remove": lambda: acts.toggle(pen, session.coding, SAID, "topics", "eco.trade"),
        "note": lambda: acts.write_note(pen, session.coding, SAID, "see\nMay"),
        "unnote": lambda: acts.write_note(pen, session.coding, SAID, ""),
        "flag": lambda: acts.toggle_flag(pen, session.coding, SAID),
        "unflag": lambda: acts.toggle_flag(pen, session.coding, SAID),
        "role": lambda: acts.set_role(pen, session.coding, SAID, "quotation"),
        "split": lambda: boundaries.split(pen, session.coding, MET, at),
        "join": lambda: boundaries.join(pen, session.coding, MET, session.readout.text),
        "cast": lambda: acts.add_entity(
            pen, session.coding, Entity(id="kai", type="person", name="Kai")
        ),
        "recast": lambda: acts.add_entity(
            pen, session.coding, ADA.model_copy(update={"role": "Premier"})
        ),
    }
    for name, make in deeds.items():
        session.do(make())
        told[name] = last(session)
    assert told == {
        "decide": ("done", ("state new → done",)),
        "again": ("done", ("looked at again",)),
        "reject": ("reject eco.trade", ("+ topics eco.trade (rejected)",)),
        "instead": ("mark eco.trade", ("− topics eco.trade (rejected)", "+ topics eco.trade")),
        "remove": ("remove eco.trade", ("− topics eco.trade",)),
        "note": ("note", ("note “see May”",)),
        "unnote": ("note", ("no note any more",)),
        "flag": ("flag", ("flagged",)),
        "unflag": ("flag taken away", ("no flag any more",)),
        "role": ("role quotation", ("role body → quotation",)),
        "split": ("split", ("split before “They parted.”",)),
        "join": ("join", ("joined with “They parted.”",)),
        "cast": ("cast Kai", ("cast + Kai",)),
        "recast": ("cast Ada Arda", ("cast ± Ada Arda",)),
    }
    session.undo()
    assert last(session) == ("undone: cast Ada Arda", ("cast ± Ada Arda",))
    session.redo()
    assert last(session) == ("done again: cast Ada Arda", ("cast ± Ada Arda",))


def test_a_changed_mark_is_told_by_the_slots_that_changed(session: Session) -> None:
    toggle(session, SAID, "eco.trade")
    mark = session.sentence(SAID).marks[0]
    start = session.sentence(SAID).start
    evidence = (SpanValue(span=Span.of(session.readout.text, start, start + 4)),)
    session.do(acts.fill_slot(session.pen, session.coding, SAID, mark.id, "evidence", evidence))
    assert last(session) == ("change eco.trade", ("± topics eco.trade: evidence",))


def test_acts_that_are_no_coders_are_told_in_words_and_count_what_they_changed() -> None:
    def sentence(start: int, text: str, **said: object) -> Sentence:
        made = Sentence(start=start, end=start + len(text), role="body", text=text)
        return made.changed(**said)

    one, two, moved = sentence(0, "One."), sentence(5, "Two."), sentence(9, "One.", note="seen")
    first = (
        Change(key=CAST, before=None, after=Cast(entities=PEOPLE)),
        Change(key=1, before=None, after=one),
        Change(key=2, before=None, after=two),
    )
    shift = (
        Change(key=1, before=one, after=moved),
        Change(key=2, before=two, after=None),
        Change(key=3, before=None, after=sentence(0, "New.")),
    )
    history = [
        Edit(act="import", at=AT, what="import", changes=first),
        Edit(act="reanchor", at=AT, what="reanchor", changes=shift),
        Edit(act="adopt", at=AT, what="adopt", changes=shift[:1]),
        Edit(act="compact", at=AT, what="57 acts gathered", changes=shift[:1]),
    ]
    steps = [Past("ada", history).step(number) for number in range(1, 5)]
    assert [step.words for step in steps] == [
        "begun",
        "moved to the changed text",
        "taken over from another program",
        "57 acts gathered",
    ]
    assert steps[0].changes == ("2 sentences", "cast + 4")
    assert steps[1].changes == ("1 sentence changed", "1 sentence new", "1 sentence gone")
    assert steps[3].changes == ("1 sentence changed",)


def test_an_act_on_many_sentences_counts_the_marks_it_took_away_and_changed() -> None:
    parts = [f"They promised {number}." for number in range(6)]
    session = session_on(*parts)
    toggle(session, 1, "indirect", "speakers")
    parent = session.sentence(1).marks[0]
    for key in range(2, 7):
        toggle(session, key, "indirect", "speakers")
        mark = session.sentence(key).marks[0]
        ref = (RefValue(mark=parent.id),)
        session.do(acts.fill_slot(session.pen, session.coding, key, mark.id, "parent", ref))
    session.do(acts.remove_mark(session.pen, session.coding, 1, parent.id))
    assert last(session) == ("remove indirect", ("6 sentences changed", "− 1 mark", "± 5 marks"))


def test_many_sentences_are_counted_with_a_thousands_sign() -> None:
    made = (Sentence(start=n, end=n + 1, role="body", text="a") for n in range(1200))
    new = tuple(Change(key=key, before=None, after=one) for key, one in enumerate(made, 1))
    step = Past("ada", [Edit(act="import", at=AT, what="import", changes=new)]).step(1)
    assert step.changes == ("1,200 sentences",)


def away(history: Iterable[Edit]) -> list[int]:
    return [*taken_back((edit.act, edit.what) for edit in history)]


def test_what_was_undone_is_told_from_what_stands(session: Session) -> None:
    toggle(session, SAID, "eco.trade")  # 2
    toggle(session, SAID, "eco.energy")  # 3
    session.undo()  # 4
    session.undo()  # 5
    session.redo()  # 6: the mark of 2 stands again
    toggle(session, MET, "eco.trade")  # 7: and 3 cannot come back
    assert away(session.history) == [5, 3]
    session.undo()  # 8
    session.undo()  # 9: 2 again
    assert sorted(away(session.history)) == [2, 3, 6, 7]
    past = past_of(session)
    assert [past.step(n).taken_back for n in range(1, 10)] == [
        n in (2, 3, 6, 7) for n in range(1, 10)
    ]


def test_what_was_undone_before_a_journal_was_taken_over_stays_undone(session: Session) -> None:
    toggle(session, SAID, "eco.trade")  # 2
    session.undo()  # 3
    sentence = session.sentence(MET)
    change = Change(key=MET, before=sentence, after=sentence.changed(note="from outside"))
    adopted = Edit(act="adopt", at=AT, what="adopt", changes=(change,))
    # An undo or redo that nothing is left for, as a damaged file may hold, is none.
    undo, redo = adopted.invert("undo", AT), session.history[1].model_copy(update={"act": "redo"})
    assert away([*session.history, adopted, undo, redo]) == [2]
    edit = session.history[1]
    assert away([*session.history, edit, redo]) == [2]
    assert away([*session.history[:2], adopted, undo]) == []


def test_the_acts_on_a_sentence_are_found_by_its_name(session: Session) -> None:
    toggle(session, SAID, "eco.trade")
    toggle(session, MET, "eco.trade")
    session.do(acts.toggle_flag(session.pen, session.coding, SAID))
    past = past_of(session)
    assert past.touching(SAID) == [1, 2, 4]
    assert past.touching(99) == []
    assert past.touching(CAST) == []


def test_a_mark_is_told_with_what_stands_in_its_slots(session: Session) -> None:
    text = session.readout.text
    toggle(session, SAID, "indirect", "speakers")
    toggle(session, MET, "indirect", "speakers")
    parent = session.sentence(SAID).marks[0]
    start = session.sentence(MET).start
    they = Span.of(text, start, start + 4)
    slots: Slots = {
        "source": (
            EntityValue(entity="both", mention=they),
            EntityValue(entity="x", inferred=True),
        ),
        "cue": (SpanValue(span=they),),
        "parent": (RefValue(mark=parent.id),),
        "addressee": (NoneStated(),),
        "stance": (ChoiceValue(choice="assert"),),
    }
    found = (
        session.sentence(MET)
        .marks[0]
        .model_copy(update={"slots": slots, "certainty": "low", "doubtful": True, "note": "hm"})
    )
    assert wording.mark(session.coding, found) == (
        "speakers indirect; source the leaders “They”, x (inferred); cue “They”; parent speakers"
        f" indirect of sentence {SAID}; addressee none stated; stance assert; uncertain;"
        " to be looked at again; note “hm”"
    )
    gone = RefValue(mark="m99")
    assert wording.value(session.coding, gone) == "m99"


def test_the_beginning_of_a_sentence_is_one_line() -> None:
    assert wording.beginning("They\n\tmet.") == "They met."
    long = "word " * 100
    assert wording.beginning(long) == ("word " * 16)[:79].rstrip() + "…"
    assert wording.beginning("a" * 80) == "a" * 80
    assert len(wording.beginning("a" * 81)) == 80
    assert wording.beginning(f"a{' ' * 400}b") == "a…"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("We agree", "“We agree”"),
        ("“We agree”", "“We agree”"),
        ("agreed on “it”", "agreed on “it”"),
    ],
)
def test_words_that_are_quoted_already_are_not_quoted_twice(words: str, said: str) -> None:
    assert quoted(words) == said

"""Splitting and joining sentences: where the marks go, and that none is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import MarkError
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding, Edit
from annotator.model.mark import ChoiceValue, RefValue, Slots, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.session import acts
from annotator.session.acts import Pen
from annotator.session.boundaries import doubts, join, merged, places, split
from annotator.session.words import words
from tests.session.making import book, coding_of, pen_of

TEXT = "They agreed to meet;  they will trade. It was late."
WHOLE, LAST = "They agreed to meet;  they will trade.", "It was late."
MIDDLE = TEXT.index("they will")


@pytest.fixture
def pen() -> Pen:
    return pen_of()


@pytest.fixture
def coding() -> Coding:
    return coding_of(TEXT, WHOLE, LAST)


def done(edit: Edit | None, coding: Coding) -> Coding:
    assert edit is not None
    return edit.apply(coding)


def evidence(pen: Pen, coding: Coding, key: int, label: str, *words: tuple[int, int]) -> Coding:
    """Give a topic with these stretches as its evidence."""
    mark = pen.mark(coding.sentence(key), "topics", label)
    coding = done(acts.add_mark(pen, coding, key, mark), coding)
    spans = [SpanValue(span=Span.of(TEXT, start, end)) for start, end in words]
    return done(acts.fill_slot(pen, coding, key, mark.id, "evidence", spans), coding)


def sentences(coding: Coding) -> list[Sentence]:
    return [sentence for _, sentence in coding.sentences()]


def test_a_split_makes_two_sentences_without_the_blanks_between(pen: Pen, coding: Coding) -> None:
    after = done(split(pen, coding, 1, MIDDLE), coding)
    assert [s.text for s in sentences(after)] == ["They agreed to meet;", "they will trade.", LAST]
    assert after.order == (1, 3, 2)


@pytest.mark.parametrize("at", [20, 21, MIDDLE])
def test_a_split_within_blanks_is_the_split_before_the_word(
    pen: Pen, coding: Coding, at: int
) -> None:
    after = done(split(pen, coding, 1, at), coding)
    assert sentences(after)[1].text == "they will trade."


@pytest.mark.parametrize("at", [-1, 0, len(WHOLE), len(WHOLE) + 3, 500])
def test_a_split_that_leaves_nothing_on_one_side_is_refused(
    pen: Pen, coding: Coding, at: int
) -> None:
    with pytest.raises(MarkError, match="between two words"):
        split(pen, coding, 1, at)


def test_halves_keep_the_role_and_the_flag_and_are_to_be_decided_anew(
    pen: Pen, coding: Coding
) -> None:
    for edit in (acts.set_role, acts.write_note):
        coding = done(edit(pen, coding, 1, "quotation"), coding)
    coding = done(acts.toggle_flag(pen, coding, 1), coding)
    coding = done(acts.decide(pen, coding, 1, "done"), coding)
    one, two, _ = sentences(done(split(pen, coding, 1, MIDDLE), coding))
    assert [(s.role, s.flagged, s.state) for s in (one, two)] == [("quotation", True, "new")] * 2
    assert (one.note, two.note) == ("quotation", "")


def test_a_mark_with_words_goes_where_its_words_are(pen: Pen, coding: Coding) -> None:
    coding = evidence(pen, coding, 1, "rel.contacts", (5, 19))
    coding = evidence(pen, coding, 1, "eco.trade", (MIDDLE + 10, MIDDLE + 15))
    one, two, _ = sentences(done(split(pen, coding, 1, MIDDLE), coding))
    assert [(m.label, m.doubtful) for m in one.marks] == [("rel.contacts", False)]
    assert [(m.label, m.doubtful) for m in two.marks] == [("eco.trade", False)]
    assert (two.marks[0].start, two.marks[0].end) == (two.start, two.end)


def test_a_mark_whose_words_lie_on_both_sides_stays_where_they_begin_and_is_doubtful(
    pen: Pen, coding: Coding
) -> None:
    coding = evidence(pen, coding, 1, "rel.contacts", (5, 11), (MIDDLE, MIDDLE + 4))
    coding = evidence(pen, coding, 1, "eco.trade", (15, MIDDLE + 4))
    one, two, _ = sentences(done(split(pen, coding, 1, MIDDLE), coding))
    assert [(m.label, m.doubtful) for m in one.marks] == [
        ("rel.contacts", True),
        ("eco.trade", True),
    ]
    assert two.marks == ()


def test_a_mark_without_words_stands_in_both_halves_doubtful_under_ids_of_their_own(
    pen: Pen, coding: Coding
) -> None:
    coding = done(acts.toggle(pen, coding, 1, "topics", "eco.trade"), coding)
    coding = done(acts.toggle_rejected(pen, coding, 1, "topics", "conf.iran"), coding)
    old = [mark.id for mark in coding.sentence(1).marks]
    one, two, _ = sentences(done(split(pen, coding, 1, MIDDLE), coding))
    for half in (one, two):
        assert [(m.label, m.rejected, m.doubtful) for m in half.marks] == [
            ("eco.trade", False, True),
            ("conf.iran", True, True),
        ]
    assert [mark.id for mark in one.marks] == old
    assert not {mark.id for mark in two.marks} & set(old)


def test_a_mark_whose_words_begin_with_the_blank_at_the_cut_is_not_lost(
    pen: Pen, coding: Coding
) -> None:
    coding = evidence(pen, coding, 1, "eco.trade", (MIDDLE - 1, MIDDLE + 9))
    halves = sentences(done(split(pen, coding, 1, MIDDLE), coding))[:2]
    assert [mark.label for half in halves for mark in half.marks] == ["eco.trade"]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_mark_on_words_is_lost_wherever_a_sentence_is_split(data: st.DataObject) -> None:
    pen, coding = pen_of(), coding_of(TEXT, WHOLE, LAST)
    found = words(TEXT, 0, len(WHOLE))
    for label in ("eco.trade", "conf.iran", "rel.general"):
        first = data.draw(st.integers(0, len(found) - 1))
        last = data.draw(st.integers(first, len(found) - 1))
        coding = evidence(pen, coding, 1, label, (found[first][0], found[last][1]))
    before = [mark.id for mark in coding.sentence(1).marks]
    for _ in range(2):
        at = data.draw(st.integers(coding.sentence(1).start, coding.sentence(1).end))
        try:
            coding = done(split(pen, coding, 1, at), coding)
        except MarkError:
            continue
    after = [mark.id for s in sentences(coding) for mark in s.marks]
    assert sorted(after) == sorted(before)


def test_joining_keeps_the_marks_notes_flags_and_effort_of_both(pen: Pen, coding: Coding) -> None:
    for key, label in ((1, "eco.trade"), (2, "rel.general")):
        coding = done(acts.toggle(pen, coding, key, "topics", label), coding)
        coding = done(acts.write_note(pen, coding, key, f"note {key}"), coding)
        coding = done(acts.decide(pen, coding, key, "done", 3, 1.5), coding)
    coding = done(acts.toggle_flag(pen, coding, 2), coding)
    after = done(join(pen, coding, 1, TEXT), coding)
    (whole,) = sentences(after)
    assert (whole.text, whole.state) == (TEXT, "new")
    assert [mark.label for mark in whole.marks] == ["eco.trade", "rel.general"]
    assert {(mark.start, mark.end) for mark in whole.marks} == {(0, len(TEXT))}
    assert (whole.note, whole.flagged) == ("note 1 note 2", True)
    assert (whole.keys, whole.seconds) == (6, 3.0)


Asked = tuple[str, ...] | None


def test_both_halves_were_asked_what_the_whole_was(pen: Pen, coding: Coding) -> None:
    asked = coding.sentence(1).changed(asked=("topics",), not_asked=("tone",))
    coding = done(pen.edit(coding, "take in", {1: asked}), coding)
    after = done(split(pen, coding, 1, MIDDLE), coding)
    assert [one.asked for one in sentences(after)] == [("topics",), ("topics",), None]
    assert [one.not_asked for one in sentences(after)] == [("tone",), ("tone",), ()]


def test_what_is_joined_was_not_asked_what_either_half_was_not(pen: Pen, coding: Coding) -> None:
    halves = {
        key: coding.sentence(key).changed(not_asked=layers)
        for key, layers in ((1, ("tone",)), (2, ("speakers", "tone")))
    }
    coding = done(pen.edit(coding, "take in", {**halves}), coding)
    (joined,) = sentences(done(join(pen, coding, 1, TEXT), coding))
    assert joined.not_asked == ("speakers", "tone")


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        (None, None, None),
        (("topics",), None, ("topics",)),
        (None, (), ()),
        (("speakers", "topics"), ("commitments", "topics"), ("topics",)),
    ],
)
def test_what_is_joined_was_asked_what_both_were(
    pen: Pen, coding: Coding, first: Asked, second: Asked, whole: Asked
) -> None:
    asked = {
        key: coding.sentence(key).changed(asked=layers) for key, layers in ((1, first), (2, second))
    }
    edit = pen.edit(coding, "take in", {**asked})
    coding = edit.apply(coding) if edit else coding
    (joined,) = sentences(done(join(pen, coding, 1, TEXT), coding))
    assert joined.asked == whole


def test_a_label_that_both_have_without_words_stands_once_after_joining(
    pen: Pen, coding: Coding
) -> None:
    for key in (1, 2):
        coding = done(acts.toggle(pen, coding, key, "topics", "eco.trade"), coding)
    (whole,) = sentences(done(join(pen, coding, 1, TEXT), coding))
    assert [mark.label for mark in whole.marks] == ["eco.trade"]


def test_what_was_split_and_joined_again_reads_as_before(pen: Pen, coding: Coding) -> None:
    coding = done(acts.toggle(pen, coding, 1, "topics", "eco.trade"), coding)
    after = done(split(pen, coding, 1, MIDDLE), coding)
    after = done(join(pen, after, 1, TEXT), after)
    assert [s.text for s in sentences(after)] == [WHOLE, LAST]
    assert [(m.id, m.label) for m in after.sentence(1).marks] == [("m1", "eco.trade")]


def test_after_joining_two_voices_one_stands_or_both_are_doubtful(pen: Pen, coding: Coding) -> None:
    coding = done(acts.toggle(pen, coding, 1, "voice", "narrator"), coding)
    coding = done(acts.toggle(pen, coding, 2, "voice", "attributed"), coding)
    (whole,) = sentences(done(join(pen, coding, 1, TEXT), coding))
    voices = whole.of_layer("voice")
    assert len(voices) == 1 or all(mark.doubtful for mark in voices)


def test_a_label_given_in_one_and_rejected_in_the_other_does_not_stand_both_ways_unnoticed(
    pen: Pen, coding: Coding
) -> None:
    coding = done(acts.toggle(pen, coding, 1, "topics", "eco.trade"), coding)
    coding = done(acts.toggle_rejected(pen, coding, 2, "topics", "eco.trade"), coding)
    (whole,) = sentences(done(join(pen, coding, 1, TEXT), coding))
    assert len(whole.marks) == 1 or all(mark.doubtful for mark in whole.marks)


def test_the_last_sentence_has_nothing_to_be_joined_with(pen: Pen, coding: Coding) -> None:
    with pytest.raises(MarkError, match="no next sentence"):
        join(pen, coding, 2, TEXT)


def test_marks_that_wait_for_a_place_stay_with_the_first_half_and_with_what_is_joined(
    pen: Pen, coding: Coding
) -> None:
    for key, label in ((1, "sec.terror"), (2, "conf.syria")):
        waiting = pen.mark(coding.sentence(key), "topics", label)
        changed = coding.sentence(key).changed(unplaced=(waiting,))
        coding = done(pen.edit(coding, "wait", {key: changed}), coding)
    halves = sentences(done(split(pen, coding, 1, MIDDLE), coding))
    assert [[mark.label for mark in one.unplaced] for one in halves] == [
        ["sec.terror"], [], ["conf.syria"],
    ]  # fmt: skip
    (whole,) = sentences(done(join(pen, coding, 1, TEXT), coding))
    assert [mark.label for mark in whole.unplaced] == ["sec.terror", "conf.syria"]


# What is said of it


def said(edit: Edit | None) -> list[tuple[str, str]]:
    assert edit is not None
    return [(doubt.mark.label, doubt.why) for doubt in doubts(edit)]


def test_a_split_names_each_mark_in_doubt_once_and_says_why(pen: Pen, coding: Coding) -> None:
    coding = done(acts.toggle(pen, coding, 1, "topics", "conf.iran"), coding)
    coding = evidence(pen, coding, 1, "rel.contacts", (5, MIDDLE + 4))
    coding = evidence(pen, coding, 1, "eco.trade", (5, 11))
    assert said(split(pen, coding, 1, MIDDLE)) == [
        ("conf.iran", "in both halves"),
        ("rel.contacts", "its words lie on both sides"),
    ]


def test_a_join_names_what_clashes(pen: Pen, coding: Coding) -> None:
    coding = done(acts.toggle(pen, coding, 1, "topics", "eco.trade"), coding)
    coding = done(acts.toggle_rejected(pen, coding, 2, "topics", "eco.trade"), coding)
    coding = done(acts.toggle(pen, coding, 1, "voice", "narrator"), coding)
    coding = done(acts.toggle(pen, coding, 2, "voice", "attributed"), coding)
    beside = "beside another where one label stands"
    assert said(join(pen, coding, 1, TEXT)) == [
        ("eco.trade", "given and rejected"),
        ("narrator", beside),
        ("eco.trade", "given and rejected"),
        ("attributed", beside),
    ]


def test_what_was_in_doubt_before_is_not_named_again(pen: Pen, coding: Coding) -> None:
    coding = evidence(pen, coding, 1, "rel.contacts", (5, MIDDLE + 4))
    coding = done(split(pen, coding, 1, MIDDLE), coding)
    assert said(join(pen, coding, 1, TEXT)) == []


def test_nothing_is_in_doubt_where_nothing_is_marked(pen: Pen, coding: Coding) -> None:
    assert said(split(pen, coding, 1, MIDDLE)) == []
    assert said(join(pen, coding, 1, TEXT)) == []


def test_likely_places_are_behind_signs() -> None:
    text = "They met; late, as (ever) in May. Then: all."
    ranked = [(text[at:].split()[0], rank) for at, rank in places(text, 0, len(text))]
    assert ranked == [
        ("met;", 0), ("late,", 2), ("as", 1), ("(ever)", 1), ("in", 1), ("May.", 0), ("Then:", 2),
        ("all.", 1),
    ]  # fmt: skip
    assert places(text, 0, 4) == []


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("He said that “peace and trade” remain.", "“peace and trade” remain."),
        ("He said: ``peace and trade'' remain.", "``peace and trade'' remain."),
        ("He said, (“peace and trade” remain).", "(“peace and trade” remain)."),
        ('He said "peace and trade" remain.', '"peace and trade" remain.'),
        ("Он сказал: «мир и торговля» важны.", "«мир и торговля» важны."),
        ("Il a dit que « la paix et le commerce » restent.", "« la paix et le commerce » restent."),
        ("Er sagte, „Frieden und Handel“ bleiben.", "„Frieden und Handel“ bleiben."),
        ("Er sagte, »Frieden und Handel« bleiben.", "»Frieden und Handel« bleiben."),
        ("双方表示，“和平与合作”很重要。", "“和平与合作”很重要。"),
        ("双方（中国和俄罗斯）同意", "（中国和俄罗斯）同意"),
        ("Preguntó: ¿quién paga?", "¿quién paga?"),
        ("They said (!) they agree.", "they agree."),
        ("“They agreed.” “We pay $5.”", "“We pay $5.”"),
        ("They pay: $5 now.", "$5 now."),
        ("He said “peace and trade.", "“peace and trade."),
    ],
)
def test_what_opens_before_a_word_goes_with_it(text: str, second: str) -> None:
    cuts = [at for at, _ in places(text, 0, len(text))]
    assert len(text) - len(second) in cuts
    for at in cuts:
        assert text[:at].rstrip()[-1] not in "(（„¿`$"
        assert text[at] not in "”」）) "


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_undo_of_any_course_of_splits_and_joins_restores_exactly_and_every_span_holds(
    data: st.DataObject,
) -> None:
    pen, coding = pen_of(), coding_of(TEXT, WHOLE, LAST)
    found = words(TEXT, 0, len(WHOLE))
    for label in ("eco.trade", "conf.iran"):
        first = data.draw(st.integers(0, len(found) - 1))
        last = data.draw(st.integers(first, len(found) - 1))
        coding = evidence(pen, coding, 1, label, (found[first][0], found[last][1]))
    for key in (1, 2):
        label = data.draw(st.sampled_from(["rel.general", "sec.terror"]))
        act = data.draw(st.sampled_from([acts.toggle, acts.toggle_rejected]))
        coding = done(act(pen, coding, key, "topics", label), coding)
    states, edits = [coding], []
    for _ in range(data.draw(st.integers(1, 4))):
        key = data.draw(st.sampled_from(coding.order))
        sentence = coding.sentence(key)
        at = data.draw(st.none() | st.integers(sentence.start, sentence.end))
        try:
            edit = join(pen, coding, key, TEXT) if at is None else split(pen, coding, key, at)
        except MarkError:
            continue
        assert edit is not None
        coding = edit.apply(coding)
        for one in sentences(coding):
            assert TEXT[one.start : one.end] == one.text
            assert all(span.holds(TEXT) for mark in one.marks for span in mark.spans())
            crossing = [m for m in one.marks if any(s.end > one.end for s in m.spans())]
            assert all(mark.doubtful for mark in crossing)
        named = {doubt.mark.label for doubt in doubts(edit)}
        new = {
            m.label for c in edit.changes if isinstance(c.after, Sentence) for m in c.after.marks
            if m.doubtful
        }  # fmt: skip
        assert named <= new
        states.append(coding)
        edits.append(edit)
    for edit, before in zip(reversed(edits), reversed(states[:-1]), strict=True):
        coding = edit.invert("undo", "now").apply(coding)
        assert coding.docs == before.docs
        assert coding.order == before.order


def test_a_join_keeps_a_note_and_a_doubt_of_a_mark_that_stands_in_both(pen: Pen) -> None:
    coding = coding_of(TEXT, WHOLE, LAST)
    for key in (1, 2):
        mark = pen.mark(coding.sentence(key), "topics", "eco.trade")
        coding = done(acts.add_mark(pen, coding, key, mark), coding)
        if key == 2:
            noted = mark.model_copy(update={"note": "important", "certainty": "low"})
            coding = done(acts.replace_mark(pen, coding, key, noted), coding)
    joined = done(join(pen, coding, 1, TEXT), coding)
    (sentence,) = sentences(joined)
    assert [(mark.note, mark.certainty) for mark in sentence.marks] == [("important", "low")]


LATE = TEXT.index("late")


@pytest.mark.parametrize("bare", [None, 1, 2])
def test_a_topic_of_both_halves_is_one_mark_with_the_words_of_both(
    pen: Pen, coding: Coding, bare: int | None
) -> None:
    places = {1: (5, 11), 2: (LATE, LATE + 4)}
    for key, place in places.items():
        if key == bare:
            coding = done(acts.toggle(pen, coding, key, "topics", "eco.trade"), coding)
        else:
            coding = evidence(pen, coding, key, "eco.trade", place)
    edit = join(pen, coding, 1, TEXT)
    after = done(edit, coding)
    (mark,) = after.sentence(1).marks
    told = [place for key, place in places.items() if key != bare]
    assert [(span.start, span.end) for span in mark.spans()] == told
    assert (mark.id, mark.doubtful) == (coding.sentence(1).marks[0].id, False)
    assert edit is not None
    assert [one.label for one in merged(edit)] == ([] if bare == 2 else ["eco.trade"])
    assert edit.invert("undo", "now").apply(after).docs == coding.docs


def test_one_mark_of_two_counts_the_effort_of_both_and_is_edited_where_it_was_accepted(
    pen: Pen, coding: Coding
) -> None:
    for key, place in ((1, (5, 11)), (2, (LATE, LATE + 4))):
        mark = pen.mark(coding.sentence(key), "topics", "eco.trade")
        was = mark.provenance.model_copy(update={"origin": "accepted", "keys": 2, "spent": 1.5})
        spans = (SpanValue(span=Span.of(TEXT, *place)),)
        mark = mark.model_copy(update={"provenance": was, "slots": {"evidence": spans}})
        coding = done(acts.add_mark(pen, coding, key, mark), coding)
    (one,) = done(join(pen, coding, 1, TEXT), coding).sentence(1).marks
    assert (one.provenance.origin, one.provenance.keys, one.provenance.spent) == ("edited", 4, 3.0)


def test_what_pointed_to_the_second_of_two_points_to_the_one_that_stands(
    pen: Pen, coding: Coding
) -> None:
    for key in (1, 2):
        coding = done(acts.toggle(pen, coding, key, "speakers", "indirect"), coding)
    one, two = (coding.sentence(key).marks[0] for key in (1, 2))
    told: Slots = {"action": (SpanValue(span=Span.of(TEXT, LATE, LATE + 4)),)}
    told["attribution"] = (RefValue(mark=two.id),)
    act = pen.mark(coding.sentence(2), "commitments", "promise", slots=told)
    coding = done(acts.add_mark(pen, coding, 2, act), coding)
    voice, promise = done(join(pen, coding, 1, TEXT), coding).sentence(1).marks
    assert voice.id == one.id
    assert promise.slots["attribution"] == (RefValue(mark=one.id),)


def different() -> tuple[Pen, Coding]:
    """Return a coding whose halves have one topic with a slot that takes one value, and differ."""
    data = json.loads(book().model_dump_json())
    topics = next(layer for layer in data["layers"] if layer["id"] == "topics")
    words = [{"id": word, "name": word} for word in ("warm", "cool")]
    topics["slots"].append({"id": "tone", "name": "Tone", "type": "choice", "choices": words})
    pen, coding = (
        pen_of(Codebook.model_validate_json(json.dumps(data))),
        coding_of(TEXT, WHOLE, LAST),
    )
    for key, word in ((1, "warm"), (2, "cool")):
        slots: Slots = {"tone": (ChoiceValue(choice=word),)}
        mark = pen.mark(coding.sentence(key), "topics", "eco.trade", slots=slots)
        coding = done(acts.add_mark(pen, coding, key, mark), coding)
    return pen, coding


def test_a_topic_that_cannot_be_one_mark_stands_twice_in_doubt_and_goes_by_one_key() -> None:
    pen, coding = different()
    edit = join(pen, coding, 1, TEXT)
    joined = done(edit, coding)
    assert [mark.doubtful for mark in joined.sentence(1).marks] == [True, True]
    assert said(edit) == [("eco.trade", "twice, and the two differ")] * 2
    assert edit is not None
    assert merged(edit) == ()
    off = acts.toggle(pen, joined, 1, "topics", "eco.trade")
    gone = done(off, joined)
    assert gone.sentence(1).marks == ()
    assert off is not None
    assert off.invert("undo", "now").apply(gone).docs == joined.docs
    assert edit.invert("undo", "now").apply(joined).docs == coding.docs

"""Moving a coder's work to the changed text of its readout: what goes where, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import add
from typing import Any, get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.model.anchoring import GONE, Anchoring, Counts, Kind, Move, reanchor
from annotator.model.edit import CAST, Coding, Document, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    ChoiceValue,
    EntityValue,
    Mark,
    Provenance,
    RefValue,
    SlotValue,
    SpanValue,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.segment import segment
from annotator.store import rules

MADE = Provenance(coder="ada", at="2026-01-02T03:04:05Z", codebook="book 1.0.0")
ADA = Cast(entities=(Entity(id="ada", type="person", name="Ada Arda"),))
FREE = 100

ARDA = "President Arda offered to open the northern bridge to lorries in May."
BELMONT = "President Belmont thanked her and promised to send 40 engineers."
TALK = "They talked for an hour about trade and the border."
LATE = "The press was told late at night."
TEXT = f"{ARDA} {BELMONT} {TALK} {LATE}"


def cut(text: str) -> list[Sentence]:
    """Cut a text into sentences, as a project does."""
    return [Sentence(start=a, end=b, role=r, text=text[a:b]) for a, b, r in segment(text)]


def units(text: str, *bounds: int) -> list[Sentence]:
    """Cut a text at places of one's own choice, white space left out."""
    found = []
    for start, end in pairwise((0, *bounds, len(text))):
        body = text[start:end].strip()
        if body:
            at = text.index(body, start)
            found.append(Sentence(start=at, end=at + len(body), role="body", text=body))
    return found


def quoted(text: str, words: str) -> Span:
    """Return the first place of some words in a text."""
    return Span.of(text, text.index(words), text.index(words) + len(words))


def span(text: str, words: str) -> tuple[SlotValue, ...]:
    return (SpanValue(span=quoted(text, words)),)


def mark(sentence: Sentence, mark_id: str = "m", **values: Any) -> Mark:
    known = {"id": mark_id, "layer": "topics", "label": "trade", "provenance": MADE}
    return Mark(**{**known, "start": sentence.start, "end": sentence.end, **values})


def coding_of(sentences: Sequence[Sentence]) -> Coding:
    return Coding({CAST: ADA, **dict[int, Document](enumerate(sentences, 1))})


def coded(text: str = TEXT, **slots: dict[int, tuple[SlotValue, ...]]) -> Coding:
    """Code every sentence of a text: done, with a mark `m1`, `m2` … that has these slots."""
    docs = {}
    for key, sentence in enumerate(cut(text), 1):
        filled = {name: values[key] for name, values in slots.items() if key in values}
        docs[key] = sentence.changed(state="done", marks=(mark(sentence, f"m{key}", slots=filled),))
    return coding_of(list(docs.values()))


def changed(coding: Coding, key: int, **values: object) -> Coding:
    return Coding({**coding.docs, key: coding.sentence(key).changed(**values)})


def moved(coding: Coding, text: str) -> Anchoring:
    return reanchor(coding, text, cut(text), free_key=FREE)


def told(anchoring: Anchoring) -> list[tuple[str, int]]:
    return [(move.kind, move.key) for move in anchoring.moves]


def texts(coding: Coding) -> list[str]:
    return [sentence.text for _, sentence in coding.sentences()]


def only(moves: Iterable[Move], kind: str) -> Move:
    (found,) = [move for move in moves if move.kind == kind]
    return found


# What stays


def test_the_same_text_changes_nothing() -> None:
    coding = coded(cue={1: span(TEXT, "offered")})
    anchoring = moved(coding, TEXT)
    assert (anchoring.coding, anchoring.changes, anchoring.moves) == (coding, (), ())
    assert anchoring.counts == Counts(kept=4)


def test_the_same_words_with_other_white_space_behind_them_change_nothing() -> None:
    assert moved(coded(), f"{TEXT}\n\n").changes == ()


def test_a_mark_without_a_range_is_left_alone_while_the_text_is_the_same() -> None:
    coding = coded()
    odd = mark(coding.sentence(1), start=5, end=5)
    assert moved(changed(coding, 1, marks=(odd,)), TEXT).changes == ()


def test_what_is_put_in_front_moves_offsets_and_nothing_else() -> None:
    coding = changed(coded(cue={2: span(TEXT, " promised ")}), 2, note="hm", flagged=True, keys=7)
    text = f"A call took place.\n\n{TEXT}"
    anchoring = moved(coding, text)
    assert told(anchoring) == [("new", FREE)]
    assert anchoring.counts == Counts(kept=4, new=1)
    before, after = coding.sentence(2), anchoring.coding.sentence(2)
    assert (after.start, after.end) == (before.start + 20, before.end + 20)
    (held,) = after.marks
    assert (held.start, held.end) == (after.start, after.end)
    assert held.spans() == (quoted(text, " promised "),)
    assert (after.state, after.note, after.flagged, after.keys) == ("done", "hm", True, 7)


def test_new_sentences_are_uncoded_and_named_from_the_free_key_on() -> None:
    text = f"Readout of a call\n\n{TEXT} Nobody asked."
    coding = moved(coded(), text).coding
    assert coding.sentence(FREE).role == "heading"
    assert coding.order == (FREE, 1, 2, 3, 4, FREE + 1)
    assert coding.sentence(FREE) == cut(text)[0]
    assert coding.sentence(FREE + 1) == cut(text)[-1]


def test_the_cast_stays() -> None:
    anchoring = moved(coded(), f"A call took place. {TEXT}")
    assert anchoring.coding.cast == ADA
    assert CAST not in {change.key for change in anchoring.changes}


def test_only_what_changes_is_among_the_changes() -> None:
    coding = coded()
    anchoring = moved(coding, TEXT.replace(LATE, "Nobody asked. Snow fell in Oren."))
    keys = {change.key for change in anchoring.changes}
    assert keys == {4, FREE, FREE + 1}
    edit = Edit(act="reanchor", at="", what="reanchor", changes=anchoring.changes)
    assert edit.apply(coding).docs == anchoring.coding.docs


def test_other_white_space_between_words_keeps_a_sentence_done_and_its_spans_quote_it() -> None:
    coding = coded(action={1: span(TEXT, "open the northern bridge")})
    text = TEXT.replace("the northern", "the\u00a0 northern")
    anchoring = moved(coding, text)
    assert anchoring.moves == ()
    sentence = anchoring.coding.sentence(1)
    assert sentence.state == "done"
    assert sentence.marks[0].spans()[0].exact == "open the\u00a0 northern bridge"


def test_units_of_ones_own_stay_and_fresh_sentences_fill_only_what_is_new() -> None:
    middle = TEXT.index("and promised")
    first, second = TEXT[:middle].rstrip(), TEXT[middle:]
    coding = coding_of(
        [
            Sentence(start=0, end=len(first), role="body", text=first, state="done"),
            Sentence(start=middle, end=len(TEXT), role="body", text=second, state="skipped"),
        ]
    )
    anchoring = moved(coding, f"A call took place. {TEXT} Nobody asked.")
    assert texts(anchoring.coding) == ["A call took place.", first, second, "Nobody asked."]
    assert [s.state for _, s in anchoring.coding.sentences()] == ["new", "done", "skipped", "new"]


def test_of_sentences_alike_the_one_between_its_old_neighbours_keeps_its_name() -> None:
    coding = coded(f"He agreed. {ARDA} He agreed. {LATE}")
    anchoring = moved(coding, f"{ARDA} He agreed. {LATE}")
    assert anchoring.coding.order == (2, 3, 4)
    assert [m.id for m in anchoring.coding.sentence(3).marks] == ["m3"]


# What moved


def test_a_sentence_that_moved_keeps_its_coding_and_is_told() -> None:
    coding = coded(cue={1: span(TEXT, "offered")})
    text = f"{BELMONT} {TALK} {LATE} {ARDA}"
    anchoring = moved(coding, text)
    assert anchoring.coding.order == (2, 3, 4, 1)
    assert anchoring.counts == Counts(kept=3, moved=1)
    move = only(anchoring.moves, "moved")
    assert (move.key, move.old, move.new) == (1, quoted(TEXT, ARDA), quoted(text, ARDA))
    sentence = anchoring.coding.sentence(1)
    assert sentence.state == "done"
    assert sentence.marks[0].spans() == (quoted(text, "offered"),)


def test_moves_are_told_in_the_reading_order_of_the_new_text() -> None:
    text = f"First of all. {TALK} {ARDA.replace('May', 'June')} {BELMONT}"
    anchoring = moved(coded(), text)
    assert told(anchoring) == [
        ("new", FREE),
        ("moved", 3),
        ("gone", 4),
        ("unplaced", 3),
        ("reworded", 1),
    ]


# What was reworded


@pytest.mark.parametrize(
    ("before", "after"),
    [("done", "unsure"), ("unsure", "unsure"), ("new", "new"), ("skipped", "skipped")],
)
def test_a_reworded_sentence_keeps_its_coding_and_is_looked_at_again(
    before: str, after: str
) -> None:
    coding = changed(coded(), 1, state=before, note="hm", flagged=True, keys=7, seconds=2.5)
    new = ARDA.replace("in May", "before the end of June")
    text = TEXT.replace(ARDA, new)
    anchoring = moved(coding, text)
    sentence = anchoring.coding.sentence(1)
    assert (sentence.text, sentence.state) == (new, after)
    assert (sentence.note, sentence.flagged) == ("hm", True)
    assert (sentence.keys, sentence.seconds) == (7, 2.5)
    assert [(m.id, m.start, m.end) for m in sentence.marks] == [("m1", 0, len(new))]
    assert sentence.unplaced == ()
    assert anchoring.counts == Counts(kept=3, reworded=1)
    move = only(anchoring.moves, "reworded")
    assert (move.old, move.new) == (quoted(TEXT, ARDA), quoted(text, new))


def test_the_role_that_a_coder_gave_stays() -> None:
    coding = changed(coded(), 1, role="quotation")
    assert moved(coding, TEXT.replace("May", "June")).coding.sentence(1).role == "quotation"


def test_words_are_found_at_their_place_though_they_stand_elsewhere_too() -> None:
    text = "She said to go to Oren and to stay. It was late."
    at = text.index("to Oren")
    value = SpanValue(span=Span.of(text, at, at + 2))
    new = text.replace("She said", "She also said that they had").replace("and to", "or to")
    sentence = moved(coded(text, cue={1: (value,)}), new).coding.sentence(1)
    assert sentence.marks[0].spans()[0].start == new.index("to Oren")


def test_words_that_swapped_places_are_found_where_they_stand_once() -> None:
    coding = coded(
        cue={2: span(TEXT, "promised to send 40 engineers")}, source={2: span(TEXT, "thanked her")}
    )
    text = TEXT.replace(
        "thanked her and promised to send 40 engineers",
        "promised to send 40 engineers and thanked her",
    )
    anchoring = moved(coding, text)
    (held,) = anchoring.coding.sentence(2).marks
    assert {one.exact for one in held.spans()} == {"promised to send 40 engineers", "thanked her"}
    assert all(one.holds(text) for one in held.spans())
    move = only(anchoring.moves, "words moved")
    assert move.new is not None
    assert move.new.holds(text)
    assert (move.key, move.mark and move.mark.id) == (2, "m2")
    assert anchoring.counts == Counts(kept=3, reworded=1, marks_moved=1)


def test_words_that_went_to_the_sentence_beside_are_found_there() -> None:
    coding = coded(when={1: span(TEXT, "in May")})
    text = TEXT.replace(" in May.", ".").replace("40 engineers.", "40 engineers in May.")
    anchoring = moved(coding, text)
    assert anchoring.coding.sentence(1).marks[0].spans() == (quoted(text, "in May"),)
    assert only(anchoring.moves, "words moved").slot == "when"


def test_words_that_came_twice_to_the_sentence_beside_are_not_guessed_at() -> None:
    coding = coded(when={1: span(TEXT, "in May")})
    text = TEXT.replace(" in May.", ".").replace("40 engineers.", "40 in May and in May again.")
    assert only(moved(coding, text).moves, "words lost").slot == "when"


def test_words_of_another_sentence_are_looked_for_where_they_stood() -> None:
    coding = coded(source={4: span(TEXT, "President Arda")})
    new = "To open the northern bridge to lorries in May President\u00a0Arda offered."
    text = TEXT.replace(ARDA, new)
    anchoring = moved(coding, text)
    found = quoted(text, "President\u00a0Arda")
    assert anchoring.coding.sentence(4).marks[0].spans() == (found,)
    assert only(anchoring.moves, "words moved").key == 4


def test_words_that_stood_beside_already_are_not_the_ones_that_are_gone() -> None:
    old = TEXT.replace(BELMONT, "All will end in May.")
    anchoring = moved(coded(old, when={1: span(old, "in May")}), old.replace(" in May", "", 1))
    assert anchoring.coding.sentence(1).marks[0].spans() == ()
    assert only(anchoring.moves, "words lost").key == 1
    new = old.replace(" in May", "", 1).replace("All will", "All of it will")
    assert only(moved(coded(old, when={1: span(old, "in May")}), new).moves, "words lost").key == 1


def test_a_word_is_not_found_within_another() -> None:
    text = "They sent the USA a note of thanks for it. It was late."
    new = text.replace("the USA a note of thanks", "a note of thanks to the USAF")
    anchoring = moved(coded(text, who={1: span(text, "USA")}), new)
    assert only(anchoring.moves, "words lost").slot == "who"


def test_a_mark_stands_without_words_that_are_gone_and_is_kept_whole_beside_it() -> None:
    kind = (ChoiceValue(choice="offer"),)
    coding = coded(
        action={1: span(TEXT, "open the northern bridge")},
        when={1: (*span(TEXT, "in May"), *span(TEXT, "lorries"))},
        kind={1: kind},
    )
    text = TEXT.replace("in May", "soon").replace("northern ", "")
    anchoring = moved(coding, text)
    sentence = anchoring.coding.sentence(1)
    (held,) = sentence.marks
    assert held.slots == {"when": span(text, "lorries"), "kind": kind}
    assert sentence.unplaced == coding.sentence(1).marks
    lost = [(move.slot, move.old) for move in anchoring.moves if move.kind == "words lost"]
    assert lost == [
        ("action", quoted(TEXT, "open the northern bridge")),
        ("when", quoted(TEXT, "in May")),
    ]
    assert anchoring.counts.marks_unplaced == 1


def test_somebody_whose_name_is_gone_from_the_sentence_stands_without_it() -> None:
    value = EntityValue(entity="ada", mention=quoted(TEXT, "President Arda"), inferred=True)
    coding = coded(source={1: (value,)})
    sentence = moved(coding, TEXT.replace("President Arda", "She")).coding.sentence(1)
    assert sentence.marks[0].slots == {"source": (EntityValue(entity="ada", inferred=True),)}
    assert sentence.unplaced == coding.sentence(1).marks


def test_a_done_sentence_that_loses_words_to_another_is_looked_at_again() -> None:
    coding = coded(source={3: span(TEXT, "President Arda")})
    sentence = moved(coding, TEXT.replace("President Arda", "She")).coding.sentence(3)
    assert (sentence.text, sentence.state) == (TALK, "unsure")
    assert [m.id for m in sentence.unplaced] == ["m3"]


def test_a_span_over_several_sentences_follows_while_its_words_are_together() -> None:
    words = f"40 engineers. {TALK[:11]}"
    coding = coded(content={2: span(TEXT, words)})
    text = f"A call took place. {TEXT}".replace(". They", ".\n\nThey")
    (held,) = moved(coding, text).coding.sentence(2).marks
    assert [one.exact for one in held.spans()] == [words.replace(". ", ".\n\n")]
    apart = moved(coding, TEXT.replace(TALK, f"Nobody asked. {TALK}")).coding.sentence(2)
    assert apart.marks[0].spans() == ()


# What is gone


def test_what_was_said_of_a_sentence_that_is_gone_goes_to_the_one_before() -> None:
    coding = changed(coded(), 3, note="hm", flagged=True, state="skipped")
    coding = changed(coding, 2, note="first")
    anchoring = moved(coding, f"{ARDA} {BELMONT} {LATE}")
    assert anchoring.coding.order == (1, 2, 4)
    host = anchoring.coding.sentence(2)
    assert host.unplaced == coding.sentence(3).marks
    assert host.note == f"first {GONE} “{TALK}” (skipped, flagged; hm)"
    assert (host.state, host.marks) == ("done", coding.sentence(2).marks)
    gone = only(anchoring.moves, "gone")
    assert (gone.key, gone.old, gone.new, gone.host) == (3, quoted(TEXT, TALK), None, 2)
    assert only(anchoring.moves, "unplaced").key == 2
    assert anchoring.counts == Counts(kept=3, gone=1, marks_unplaced=1)


def test_where_none_stands_before_it_goes_to_the_one_behind() -> None:
    anchoring = moved(coded(), f"{BELMONT} {TALK} {LATE}")
    assert [m.id for m in anchoring.coding.sentence(2).unplaced] == ["m1"]


def test_where_a_new_sentence_stands_in_its_place_it_goes_there() -> None:
    anchoring = moved(coded(), TEXT.replace(TALK, "No date was set."))
    assert anchoring.coding.order == (1, 2, FREE, 4)
    host = anchoring.coding.sentence(FREE)
    assert (host.text, host.state, host.marks) == ("No date was set.", "new", ())
    assert [m.id for m in host.unplaced] == ["m3"]
    assert anchoring.coding.sentence(2).unplaced == ()


def test_a_wholly_new_text_takes_what_was_said_in_its_order() -> None:
    text = "Nothing else is known so far. No word came from Oren. Ask again on Monday."
    anchoring = moved(coded(), text)
    assert anchoring.counts == Counts(gone=4, new=3, marks_unplaced=4)
    held = {s.text: [m.id for m in s.unplaced] for _, s in anchoring.coding.sentences()}
    assert list(held.values()) == [["m1", "m2"], ["m3"], ["m4"]]
    assert [key for kind, key in told(anchoring) if kind != "unplaced"] == [
        *(FREE, 1, 2),
        *(FREE + 1, 3),
        *(FREE + 2, 4),
    ]


def test_a_sentence_of_which_nothing_was_said_goes_without_a_trace() -> None:
    coding = changed(coded(), 3, state="new", marks=())
    anchoring = moved(coding, f"{ARDA} {BELMONT} {LATE}")
    assert anchoring.coding.sentence(2) == coding.sentence(2)
    assert only(anchoring.moves, "gone").host is None


def test_marks_that_were_unplaced_before_are_carried_along() -> None:
    old = mark(cut(TEXT)[0], "old", start=900, end=950)
    for text in (f"A call. {TEXT}", TEXT.replace("May", "June"), f"{BELMONT} {TALK} {LATE}"):
        coding = changed(coded(), 1, unplaced=(old,))
        kept = [m for _, s in moved(coding, text).coding.sentences() for m in s.unplaced]
        assert old in kept


# Marks over several sentences, and between marks


def test_both_ends_of_a_mark_over_several_sentences_move() -> None:
    one, two, *_ = cut(TEXT)
    coding = changed(coded(), 1, marks=(mark(one, end=two.end),))
    text = TEXT.replace(BELMONT, f"Nobody asked. {BELMONT.replace('40', 'sixty')}")
    (held,) = moved(coding, text).coding.sentence(1).marks
    assert text[held.start : held.end] == text[: text.index(" They talked")]


def test_a_mark_within_a_sentence_stays_on_its_words() -> None:
    at = quoted(TEXT, "the northern bridge")
    coding = changed(coded(), 1, marks=(mark(cut(TEXT)[0], start=at.start, end=at.end),))
    text = f"A call took place. {TEXT.replace('May', 'June')}"
    (held,) = moved(coding, text).coding.sentence(1).marks
    assert text[held.start : held.end] == "the northern bridge"


def test_a_mark_that_loses_an_end_does_not_stand() -> None:
    one, two, *_ = cut(TEXT)
    far = mark(one, end=two.end)
    coding = changed(coded(), 1, marks=(far,))
    anchoring = moved(coding, f"{ARDA} {TALK} {LATE}")
    sentence = anchoring.coding.sentence(1)
    assert (sentence.marks, sentence.state) == ((), "unsure")
    assert far in sentence.unplaced
    assert {move.mark and move.mark.id for move in anchoring.moves if move.kind == "unplaced"} == {
        "m",
        "m2",
    }


def test_a_mark_whose_ends_changed_places_does_not_stand() -> None:
    one, two, *_ = cut(TEXT)
    coding = changed(coded(), 1, marks=(mark(one, end=two.end),))
    sentence = moved(coding, f"{BELMONT} {ARDA} {TALK} {LATE}").coding.sentence(1)
    assert (sentence.marks, [m.id for m in sentence.unplaced]) == ((), ["m"])


def test_a_slot_without_values_stays_as_it_is() -> None:
    after = moved(coded(a={1: ()}), f"A call took place. {TEXT}").coding
    assert after.sentence(1).marks[0].slots == {"a": ()}


def test_a_reference_stays_though_its_mark_has_no_place() -> None:
    parent = (RefValue(mark="m3"),)
    anchoring = moved(coded(parent={1: parent}), f"{ARDA} {BELMONT} {LATE}")
    assert anchoring.coding.sentence(1).marks[0].slots == {"parent": parent}
    assert [m.id for m in anchoring.coding.sentence(2).unplaced] == ["m3"]


# Scripts, and what is refused


def test_text_without_spaces_and_letters_of_several_code_points_are_placed() -> None:
    text = "两国元首通电话。双方同意五月会晤。 Cafe\u0301 talks 👩🏽\u200d⚕️ went on."
    coding = coded(text, a={2: span(text, "会晤")}, b={3: span(text, "Cafe\u0301")})
    new = text.replace("五月", "六月在北京").replace("went on", "ended")
    after = moved(coding, f"👩🏽\u200d⚕️ {new}").coding
    assert [one.exact for one in after.sentence(2).marks[0].spans()] == ["会晤"]
    assert [one.exact for one in after.sentence(3).marks[0].spans()] == ["Cafe\u0301"]


def test_characters_that_swapped_places_are_found_without_spaces_around_them() -> None:
    text = "两国元首通电话。双方同意会晤以及贸易。"
    coding = coded(text, a={2: span(text, "会晤")}, b={2: span(text, "贸易")})
    new = "两国元首通电话。双方同意贸易以及会晤。"
    (held,) = moved(coding, new).coding.sentence(2).marks
    assert [one.exact for one in held.spans()] == ["会晤", "贸易"]


def test_letters_are_not_torn_from_the_accents_on_them() -> None:
    text = "The cafe and the old bridge were closed. It was late."
    new = "The old bridge was closed, and so was the cafe\u0301. It was late."
    anchoring = moved(coded(text, where={1: span(text, "cafe")}), new)
    found = anchoring.coding.sentence(1).marks[0].spans() if 1 in anchoring.coding.docs else ()
    assert [one for one in found if new[one.end] == "\u0301"] == []


@pytest.mark.parametrize("text", ["", " \n\n "])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no words any more"):
        moved(coded(), text)


def test_names_that_are_in_use_are_refused() -> None:
    with pytest.raises(ValueError, match="4 is or was"):
        reanchor(coded(), TEXT, cut(TEXT), free_key=4)


def test_every_kind_of_move_says_what_happened_without_words_of_the_text() -> None:
    text = f"New. {LATE} {TALK} {ARDA.replace('May', 'June')}"
    coding = coded(when={1: span(TEXT, "in May"), 2: span(TEXT, "40")})
    moves = moved(coding, text).moves
    assert {move.kind for move in moves} >= {"new", "moved", "reworded", "gone", "words lost"}
    for move in moves:
        assert move.what.endswith(".")
        assert "Arda" not in move.what


# Whatever is changed

NAMES = ("Arda", "Belmont", "agreed", "the", "bridge", "to", "talks", "in", "May", "2027", "U.S.")
SCRIPTS = ("👩🏽\u200d⚕️", "🤝", "两国元首", "会晤", "cafe\u0301", "don’t", "(sic)", "«да»", "مرحبا")
WORDS = (*NAMES, *SCRIPTS)
GAPS = (" ", " ", " ", " ", "\u00a0", ", ", "。", ". ", ". ", "! ", ".\n\n", "\n", "")
CHUNK = st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)).map("".join)
SENTENCE = st.lists(st.sampled_from(NAMES), min_size=2, max_size=6).map(" ".join)
CHUNKS = st.lists(CHUNK | SENTENCE.map("{}. ".format) | SENTENCE.map("{}.\n\n".format))
UP_TO_TWO = st.integers(0, 2)
STATES = st.sampled_from(["new", "done", "unsure", "skipped"])


@st.composite
def codings(draw: st.DrawFn, text: str) -> Coding:
    """Return some coding of a text, with boundaries of the coder's own and marks anywhere."""
    own = draw(st.lists(st.integers(1, len(text)), max_size=4))
    joined = draw(st.integers(1, 4))
    bounds = sorted({*own, *(one.start for one in cut(text)[::joined])} - {0, len(text)})
    ids = (f"m{number}" for number in range(1000))
    sentences = [
        one.changed(
            state=draw(STATES),
            note=draw(st.sampled_from(["", f"note {number}"])),
            flagged=draw(st.booleans()),
            marks=tuple(draw(marks(text, one, next(ids))) for _ in range(draw(UP_TO_TWO))),
            unplaced=(mark(one, next(ids), start=9, end=99),) * draw(UP_TO_TWO),
        )
        for number, one in enumerate(units(text, *bounds), 1)
    ]
    return coding_of(sentences)


@st.composite
def marks(draw: st.DrawFn, text: str, sentence: Sentence, mark_id: str) -> Mark:
    slots = {
        name: tuple(draw(st.lists(values(text, sentence), min_size=1, max_size=2)))
        for name in draw(st.sets(st.sampled_from(["a", "b", "c"])))
    }
    range_ = (sentence.start, sentence.end)
    if draw(st.integers(0, 4)) == 0:
        range_ = draw(stretches(0, len(text)))
    return mark(sentence, mark_id, start=range_[0], end=range_[1], slots=slots)


@st.composite
def stretches(draw: st.DrawFn, start: int, end: int) -> tuple[int, int]:
    at = draw(st.integers(start, end - 1))
    return at, draw(st.integers(at + 1, min(end, at + 25)))


def values(text: str, sentence: Sentence) -> st.SearchStrategy[SlotValue]:
    within, anywhere = stretches(sentence.start, sentence.end), stretches(0, len(text))
    spans = st.one_of(within, within, anywhere).map(lambda found: Span.of(text, *found))
    return st.one_of(
        spans.map(lambda one: SpanValue(span=one)),
        spans.map(lambda one: EntityValue(entity="ada", mention=one)),
        st.integers(0, 9).map(lambda number: RefValue(mark=f"m{number}")),
        st.just(ChoiceValue(choice="yes")),
    )


@st.composite
def edited(draw: st.DrawFn, chunks: list[str]) -> list[str]:
    """Put in, take out, replace, move and respace some chunks."""
    after = list(chunks)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(after)))
        end = start + draw(st.integers(1, 4))
        part = after[start:end]
        match draw(st.sampled_from(["put in", "take out", "replace", "move", "respace"])):
            case "put in":
                after[start:start] = draw(CHUNKS)
            case "take out":
                after[start:end] = []
            case "replace":
                after[start:end] = draw(CHUNKS)
            case "move":
                del after[start:end]
                at = draw(st.integers(0, len(after)))
                after[at:at] = part
            case _:
                gap = draw(st.sampled_from(["\n", "  ", "\u2003", "\n\n"]))
                after[start:end] = [chunk.replace(" ", gap) for chunk in part]
    return after


@settings(deadline=None, max_examples=150)
@given(st.builds(add, CHUNKS.filter(any), CHUNKS), st.data())
def test_whatever_is_changed_everything_holds_and_nothing_is_lost(
    chunks: list[str], data: st.DataObject
) -> None:
    coding = data.draw(codings("".join(chunks)))
    text = "".join(data.draw(edited(chunks)))
    assume(text.strip())
    anchoring = moved(coding, text)
    assert_it_can_be_written(coding, anchoring, text)
    assert_the_text_is_covered_once(anchoring.coding, text)
    assert_nothing_is_lost(coding, anchoring.coding)
    assert_what_changed_is_told(coding, anchoring)
    assert moved_again(anchoring.coding, text).changes == ()


def moved_again(coding: Coding, text: str) -> Anchoring:
    return reanchor(coding, text, cut(text), free_key=max(coding.docs) + 1)


def assert_it_can_be_written(coding: Coding, anchoring: Anchoring, text: str) -> None:
    edit = Edit(act="reanchor", at="", what="reanchor", changes=anchoring.changes)
    assert edit.apply(coding).docs == anchoring.coding.docs
    assert edit.invert("undo", "").apply(anchoring.coding).docs == coding.docs
    if edit.changes:
        rules.require_form(edit)
    rules.require_quotes(edit, text)


def assert_the_text_is_covered_once(coding: Coding, text: str) -> None:
    found = [sentence for _, sentence in coding.sentences()]
    assert all(text[one.start : one.end] == one.text == one.text.strip() for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert "".join("".join(one.text.split()) for one in found) == "".join(text.split())
    assert all(span.holds(text) for one in found for m in one.marks for span in m.spans())


def said(held: Mark) -> Any:
    """Return what a mark says, places and white space left out."""
    rest = held.model_dump(exclude={"start", "end", "slots"})
    plain = {
        name: [value.model_dump(exclude={"span", "mention"}) for value in values]
        for name, values in held.slots.items()
    }
    return rest, plain, [span.exact.split() for span in held.spans()]


def assert_nothing_is_lost(before: Coding, after: Coding) -> None:
    old = [sentence for _, sentence in before.sentences()]
    new = [sentence for _, sentence in after.sentences()]
    standing = {m.id: m for one in new for m in one.marks}
    unplaced = [m for one in new for m in one.unplaced]
    for one in old:
        assert all(m in unplaced for m in one.unplaced)
        for m in one.marks:
            assert m in unplaced or said(standing[m.id]) == said(m)
        assert any(one.note in other.note for other in new)
    assert len(standing) == sum(len(one.marks) for one in new)
    assert after.cast == before.cast


def assert_what_changed_is_told(before: Coding, anchoring: Anchoring) -> None:
    after, counts = anchoring.coding, anchoring.counts
    fates = {kind: [m.key for m in anchoring.moves if m.kind == kind] for kind in get_args(Kind)}
    assert sorted(fates["gone"]) == sorted({*before.order} - {*after.order})
    assert fates["new"] == [key for key in after.order if key >= FREE]
    assert counts.kept + counts.moved + counts.reworded + counts.gone == len(before.order)
    assert counts.kept + counts.moved + counts.reworded + counts.new == len(after.order)
    for key in {*after.order} & {*before.order}:
        old, new = before.sentence(key), after.sentence(key)
        assert (old.text.split() == new.text.split()) is (key not in fates["reworded"])
        lost = {m.id for m in new.unplaced} & {m.id for m in old.marks}
        again = old.state == "done" and (lost or key in fates["reworded"])
        assert new.state == ("unsure" if again else old.state)
    unplaced = {m.id for _, one in after.sentences() for m in one.unplaced}
    unplaced -= {m.id for _, one in before.sentences() for m in one.unplaced}
    assert counts.marks_unplaced == len(unplaced)


@settings(deadline=None)
@given(st.data())
def test_units_of_ones_own_outlive_whatever_is_put_in_and_taken_out_around_them(
    data: st.DataObject,
) -> None:
    sizes = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=30))
    names = iter(range(sum(sizes)))
    own = [" ".join(f"w{next(names)}" for _ in range(size)) for size in sizes]
    kept = data.draw(st.lists(st.booleans(), min_size=len(own), max_size=len(own)))
    assume(any(kept))
    coding = coding_of(placed_in_order(" ".join(own), own))
    left = [unit for unit, stays in zip(own, kept, strict=True) if stays]
    gaps = data.draw(st.lists(st.sampled_from([" ", " so on ", " x y z. "]), min_size=len(left)))
    text = "".join(unit + gap for unit, gap in zip(left, gaps, strict=False))
    text = text[: text.rindex(left[-1]) + len(left[-1])]
    after = moved(coding, text).coding
    stand = {key: after.sentence(key).text for key in after.order if key < FREE}
    assert stand == {key: own[key - 1] for key in coding.order if kept[key - 1]}


def placed_in_order(text: str, parts: Sequence[str]) -> list[Sentence]:
    found, at = [], 0
    for part in parts:
        at = text.index(part, at)
        found.append(Sentence(start=at, end=at + len(part), role="body", text=part))
        at += len(part)
    return found


def test_a_long_text_with_a_few_changes_is_moved_without_comparing_all_with_all() -> None:
    sentences = [f"Sentence {number} tells of day {number * 7}." for number in range(5000)]
    coding = coding_of(placed_in_order(" ".join(sentences), sentences))
    after = [*sentences[:9], "Quite new.", *sentences[9:3000], *sentences[3002:]]
    text = " ".join(after)
    anchoring = reanchor(coding, text, placed_in_order(text, after), free_key=FREE * FREE)
    assert anchoring.counts == Counts(kept=4998, gone=2, new=1)

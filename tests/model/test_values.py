"""Values of the ground floor: what they refuse, and what they say of themselves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from annotator.model.edit import CAST, Change, Coding, Edit, Timeline, begun
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    Mark,
    NoneStated,
    Provenance,
    SpanValue,
    TextValue,
)
from annotator.model.progress import Progress, waits
from annotator.model.readout import Event, Readout
from annotator.model.sentence import Sentence
from annotator.model.suggestion import Suggestion
from annotator.model.text import Role, Span, State, overlaps

MADE = Provenance(coder="ada", at="2026-01-02T03:04:05Z", codebook="book 1.0.0")
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1)


def mark(**values: Any) -> Mark:
    known: dict[str, Any] = {"id": "m1", "layer": "topics", "label": "trade", "start": 0, "end": 4}
    return Mark(**{**known, "provenance": MADE, **values})


def sentence(text: str = "They met.", start: int = 0, **values: Any) -> Sentence:
    return Sentence(
        **{"start": start, "end": start + len(text), "role": "body", "text": text, **values}
    )


# Spans


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.data())
def test_a_span_cut_from_a_text_holds_its_words_in_code_points(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = Span.of(text, start, end)
    assert span.holds(text)
    assert span.exact == text[start:end]
    assert Span.model_validate_json(span.model_dump_json()) == span


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 0), (3, 2), (0, 5), (4, 5)])
def test_what_is_no_stretch_of_a_text_is_no_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no stretch of a text of 4 characters"):
        Span.of("text", start, end)


@pytest.mark.parametrize(
    ("start", "end", "exact"), [(2, 2, ""), (3, 2, "x"), (0, 2, "x"), (0, 1, "xy"), (-1, 1, "xy")]
)
def test_a_span_is_as_long_as_its_words(start: int, end: int, exact: str) -> None:
    with pytest.raises(ValidationError):
        Span(start=start, end=end, exact=exact)


def test_a_span_does_not_hold_in_another_text() -> None:
    assert not Span.of("trade talks", 0, 5).holds("Trade talks")
    assert not Span.of("trade talks", 6, 11).holds("trade")


@pytest.mark.parametrize(
    ("other", "shared"), [((0, 2), False), ((0, 3), True), ((4, 9), True), ((5, 9), False)]
)
def test_ranges_overlap_where_they_share_a_code_point(other: tuple[int, int], shared: bool) -> None:
    assert overlaps(2, 5, *other) is shared
    assert overlaps(*other, 2, 5) is shared


# Borders


@pytest.mark.parametrize(
    ("model", "json"),
    [
        (Span, '{"start":0,"end":1,"exact":"a","more":1}'),
        (Span, '{"start":"0","end":1,"exact":"a"}'),
        (Span, '{"start":0.0,"end":1,"exact":"a"}'),
        (Span, '{"start":0,"end":1}'),
        (Entity, '{"id":"Ada","type":"person","name":"Ada"}'),
        (Entity, '{"id":"ada","type":"robot","name":"Ada"}'),
        (Entity, '{"id":"ada","type":"person","name":""}'),
        (Provenance, '{"coder":"a","at":"","codebook":"","score":NaN}'),
        (Provenance, '{"coder":"a","at":"","codebook":"","seconds":Infinity}'),
        (Suggestion, '{"layer":"l","label":"a","score":1.5,"source":"s"}'),
        (Change, '{"key":1,"before":null,"after":{"entities":[],"start":0}}'),
        (Edit, '{"act":"invent","at":"","what":"","changes":[]}'),
    ],
)
def test_what_is_not_exactly_a_value_is_refused(model: type[Span], json: str) -> None:
    with pytest.raises(ValidationError):
        model.model_validate_json(json)


def test_a_refusal_does_not_repeat_the_text_it_refuses() -> None:
    with pytest.raises(ValidationError) as refused:
        Span.model_validate_json('{"start":0,"end":1,"exact":"\\u001b]52;secret"}')
    assert "secret" not in str(refused.value)


def test_values_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        sentence().text = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "date", ["2027", "2027-05", "2027-05-03", "2027/2028-01", "2027-05-03/2027-05-09"]
)
def test_a_date_is_a_year_month_day_or_an_interval(date: str) -> None:
    assert DateValue(date=date).date == date


@pytest.mark.parametrize(
    "date", ["", "May", "27", "2027-5", "2027/", "2027-05-03/", "2027\n", "٢٠٢٧-"]
)
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(ValidationError):
        DateValue(date=date)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("２０２６-０５-０１", "2026-05-01"),
        ("٢٠٢٦", "2026"),
        ("२०२६-०५/۲۰۲۷", "2026-05/2027"),
    ],
)
def test_a_date_has_the_digits_that_it_is_compared_by(typed: str, meant: str) -> None:
    assert DateValue(date=typed).date == meant
    assert Event(date=typed.partition("/")[0]).date == meant.partition("/")[0]


@pytest.mark.parametrize("typed", ["²⁰²⁶", "①②③④", "二〇二六", "٢٠٢٦-١٣"])
def test_what_looks_like_digits_or_is_no_month_makes_no_date(typed: str) -> None:
    with pytest.raises(ValidationError):
        DateValue(date=typed)


# Sentences, marks, casts


def test_a_sentence_is_as_long_as_its_text() -> None:
    with pytest.raises(ValidationError):
        Sentence(start=0, end=3, role="body", text="They")


def test_a_changed_sentence_is_a_checked_copy() -> None:
    before = sentence()
    after = before.changed(keys=3, note="hm")
    assert (before.keys, after.keys, after.note) == (0, 3, "hm")
    assert after.changed(keys=0, note="") == before
    with pytest.raises(ValidationError):
        before.changed(end=99)
    with pytest.raises(ValidationError):
        before.changed(state="finished")


def test_a_sentence_finds_its_marks_by_layer_and_by_id() -> None:
    one, two = mark(), mark(id="m2", rejected=True)
    held = sentence(marks=(one, two))
    assert held.of_layer("topics") == (one,)
    assert held.of_layer("voice") == ()
    assert held.mark("m2") == two
    assert held.mark("m3") is None


def test_a_mark_tells_values_from_none_stated_and_lists_all_its_words() -> None:
    text = "Arda said so."
    cue, name = Span.of(text, 5, 9), Span.of(text, 0, 4)
    held = mark(
        slots={
            "cue": (SpanValue(span=cue),),
            "source": (EntityValue(entity="ada", mention=name), EntityValue(entity="bo")),
            "holder": NONE_STATED,
            "time": (TextValue(text="now"),),
        }
    )
    assert held.spans() == (cue, name)
    assert held.none_stated("holder")
    assert not held.none_stated("cue")
    assert held.values("holder") == ()
    assert held.values("nowhere") == ()
    assert len(held.values("source")) == 2


def test_a_mark_reads_back_from_json_as_it_was() -> None:
    held = mark(slots={"a": (ChoiceValue(choice="x"), NoneStated()), "b": NONE_STATED})
    assert Mark.model_validate_json(held.model_dump_json()) == held


def test_a_cast_keeps_its_order_and_names_whom_it_does_not_know_by_id() -> None:
    ada, bo = (Entity(id=i, type="person", name=i.title()) for i in ("ada", "bo"))
    cast = Cast().with_entity(ada).with_entity(bo)
    other = Entity(id="ada", type="office", name="The crown")
    assert [e.name for e in cast.with_entity(other).entities] == ["The crown", "Bo"]
    assert cast.name("bo") == "Bo"
    assert cast.name("nobody") == "nobody"
    assert cast.get("nobody") is None


def test_a_readout_without_a_title_goes_by_its_id() -> None:
    assert Readout(id="call-1", text="", sha256="", text_sha256="").title == "call-1"


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "a b", "-x", "é", "x" * 101, "a\n"])
def test_a_readout_cannot_have_an_id_that_is_no_safe_file_name(name: str) -> None:
    with pytest.raises(ValidationError):
        Readout(id=name, text="", sha256="", text_sha256="")


# Codings and timelines


def test_reading_order_is_the_order_of_places_not_of_names() -> None:
    coding = Coding({7: sentence("a", 9), 3: sentence("b", 0), CAST: Cast(), 5: sentence("c", 4)})
    assert coding.order == (3, 5, 7)
    assert coding.position == {3: 0, 5: 1, 7: 2}
    assert [s.text for _, s in coding.sentences()] == ["b", "c", "a"]


def test_a_coding_without_a_cast_has_an_empty_one_and_the_cast_is_no_sentence() -> None:
    assert Coding().cast == Cast()
    with pytest.raises(KeyError):
        Coding({CAST: Cast()}).sentence(CAST)
    with pytest.raises(KeyError):
        Coding().sentence(1)


def edit(act: str, what: str) -> Edit:
    changes = (Change(key=1, before=None, after=sentence(note=what)),)
    return Edit.model_validate({"act": act, "at": "", "what": what, "changes": changes})


def test_undo_that_has_nothing_to_undo_in_a_history_is_passed_over() -> None:
    one = edit("edit", "one")
    history = [edit("redo", "?"), edit("undo", "?"), one, edit("undo", "one"), edit("undo", "?")]
    assert Timeline.of(history) == Timeline((), (one,))


def test_an_import_is_not_undone_and_what_follows_it_can_be_redone() -> None:
    one = edit("edit", "one")
    timeline = Timeline.of([edit("import", "all"), one, edit("undo", "one")])
    assert timeline.undo("") is None
    again = timeline.redo("later")
    assert again is not None
    assert (again.act, again.at, again.changes) == ("redo", "later", one.changes)


@pytest.mark.parametrize("act", ["adopt", "reanchor", "compact"])
def test_nothing_is_undone_or_redone_past_an_act_that_put_the_coding_on_another_ground(
    act: str,
) -> None:
    before = [edit("edit", "one"), edit("edit", "two"), edit("undo", "two")]
    timeline = Timeline.of(before)
    assert timeline.undo("") is not None
    assert timeline.redo("") is not None
    for after in (timeline.then(edit(act, "all")), Timeline.of([*before, edit(act, "all")])):
        assert after.undo("") is None
        assert after.redo("") is None


def test_a_coding_of_the_present_text_began_with_the_last_act_that_put_it_there() -> None:
    first = Edit(
        act="import", at="", what="", changes=(Change(key=1, before=None, after=sentence()),)
    )
    noted = first.apply(Coding()).sentence(1).changed(note="x")
    second = Edit(
        act="edit", at="", what="", changes=(Change(key=1, before=sentence(), after=noted),)
    )
    moved = noted.changed(flagged=True)
    third = Edit(
        act="reanchor", at="", what="", changes=(Change(key=1, before=noted, after=moved),)
    )
    assert begun([first, second]) == (0, first.apply(Coding()))
    place, coding = begun([first, second, third, third.invert("undo", "")])
    assert (place, coding.sentence(1)) == (2, moved)


def test_only_an_edit_of_ranges_moves_boundaries() -> None:
    one = sentence()
    moves = [
        (1, one, one.changed(note="x"), False),
        (1, one, sentence("They"), True),
        (1, None, one, True),
        (1, one, None, True),
        (CAST, None, Cast(), False),
    ]
    for key, before, after, expected in moves:
        changes = (Change(key=key, before=before, after=after),)
        assert Edit(act="edit", at="", what="", changes=changes).moves_boundaries is expected


# Progress


@pytest.mark.parametrize(
    ("role", "state", "expected"),
    [
        ("body", "new", True),
        ("list_item", "new", True),
        ("quotation", "new", True),
        ("heading", "new", False),
        ("dateline", "new", False),
        ("boilerplate", "new", False),
        ("body", "done", False),
        ("body", "unsure", False),
        ("body", "skipped", False),
    ],
)
def test_a_sentence_waits_while_it_is_new_and_part_of_the_text(
    role: Role, state: State, expected: bool
) -> None:
    assert waits(sentence(role=role, state=state)) is expected


def test_progress_counts_states_and_effort_and_headings_only_when_decided() -> None:
    coding = Coding(
        {
            1: sentence("a", 0, role="heading"),
            2: sentence("b", 1, role="heading", state="done", keys=1, seconds=0.5),
            3: sentence("c", 2, state="unsure", keys=2, seconds=1.5),
            4: sentence("d", 3, state="skipped"),
            5: sentence("e", 4),
        }
    )
    progress = Progress.of(coding)
    assert progress == Progress(4, 1, 1, 1, 3, 2.0, 2)
    assert progress.decided == 3
    assert progress.plus(progress) == Progress(8, 2, 2, 2, 6, 4.0, 4)
    assert (progress.keys_per_sentence, progress.seconds_per_sentence) == (1.5, 1.0)


@pytest.mark.parametrize("wrong", ["2025-13-45", "2025-02-30", "2025-00", "0000", "2025/2025-13"])
def test_a_date_that_no_calendar_has_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        DateValue(date=wrong)


@pytest.mark.parametrize("right", ["2025", "2025-12", "2024-02-29", "2025-01-01/2025-03"])
def test_a_date_or_two_with_a_slash_between_is_taken(right: str) -> None:
    assert DateValue(date=right).date == right

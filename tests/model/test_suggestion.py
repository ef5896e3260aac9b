"""A suggestion keeps to its words, its codebook and its source, and knows when it is answered."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from annotator.model.codebook import Codebook
from annotator.model.mark import EntityValue, Mark, Slots, SpanValue
from annotator.model.suggestion import Suggestion
from annotator.model.text import Span
from tests.session.making import book

TEXT = "They spoke of trade. They spoke of peace."
OLD, NEW = "0" * 64, "1" * 64


def words(said: str, text: str = TEXT) -> Span:
    start = text.index(said)
    return Span.of(text, start, start + len(said))


def suggestion(said: str = "trade", slots: Slots | None = None, **fields: object) -> Suggestion:
    made = Suggestion(
        layer="topics",
        label="sec.terror",
        span=words(said),
        slots=slots or {},
        source="model:m",
        score=0.5,
        codebook="readouts 1.0.0",
        text_sha256=OLD,
    )
    return made.replaced(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"score": 1.5},
        {"score": float("nan")},
        {"source": ""},
        {"source": "\x1b[31mred"},
        {"source": " m"},
        {"source": "m" * 65},
        {"label": "\x1b[2J"},
        {"text_sha256": "x"},
        {"span": {"start": 3, "end": 2, "exact": ""}},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_suggestion_is_refused(fields: dict[str, object]) -> None:
    good = suggestion().model_dump()
    with pytest.raises(ValidationError):
        Suggestion.model_validate({**good, **fields})


def test_its_id_comes_from_what_it_says_and_not_from_how_sure() -> None:
    assert suggestion().id == suggestion(score=0.9).id == suggestion(codebook="x 1.0.0").id
    slots: Slots = {"evidence": (SpanValue(span=words("trade")),)}
    others = [suggestion("peace"), suggestion(source="n"), suggestion(slots=slots)]
    assert len({suggestion().id, *(one.id for one in others)}) == 4


def test_in_the_text_that_it_is_for_its_words_stand_at_their_place_or_it_is_none() -> None:
    assert suggestion().placed(TEXT, OLD) == suggestion()
    assert suggestion().placed(f"!{TEXT}", OLD) is None
    elsewhere: Slots = {"evidence": (SpanValue(span=Span(start=0, end=4, exact="Thex")),)}
    assert suggestion(slots=elsewhere).placed(TEXT, OLD) is None


def test_in_a_text_that_changed_it_moves_with_its_words_if_they_stand_there_once() -> None:
    said = EntityValue(entity="x", mention=words("They"))
    slots: Slots = {"evidence": (SpanValue(span=words("trade")), said)}
    moved = suggestion(slots=slots).placed(f"Yes. {TEXT}", NEW)
    assert moved is not None
    assert (moved.span, moved.text_sha256) == (words("trade", f"Yes. {TEXT}"), NEW)
    assert [one.start for one in moved.spans()] == [moved.span.start, 5]
    assert suggestion().placed(TEXT, NEW) == suggestion(text_sha256=NEW)
    assert suggestion().placed("They spoke of nothing.", NEW) is None
    assert suggestion().placed(f"Oh! {TEXT} They spoke of trade.", NEW) is None
    # What stood before its words does not any more.
    assert suggestion(slots=slots).placed("trade.", NEW) is None


def test_it_follows_the_codebook_and_is_none_where_that_knows_no_such_label() -> None:
    now = book()
    topics = now.layer("topics")
    assert topics is not None
    first = topics.labels[0]
    given = suggestion(label=first.id)
    assert given.current(now) == given
    assert suggestion(label="no.such").current(now) is None
    assert suggestion(layer="nolayer").current(now) is None
    assert given.replaced(slots={"nope": (SpanValue(span=words("trade")),)}).current(now) is None
    renamed = first.replaced(id="new.name", was=(first.id,))
    layer = topics.replaced(labels=(renamed, *topics.labels[1:]))
    later: Codebook = now.replaced(layers=(layer, *now.layers[1:]))
    current = given.current(later)
    assert current is not None
    assert current.label == "new.name"


def mark(slots: Slots | None = None, *, rejected: bool = False, label: str = "sec.terror") -> Mark:
    return suggestion(label=label, slots=slots or {}).as_mark().replaced(rejected=rejected)


def test_a_mark_that_says_it_or_refuses_it_answers_it() -> None:
    of_trade: Slots = {"evidence": (SpanValue(span=words("of trade")),)}
    of_peace: Slots = {"evidence": (SpanValue(span=words("peace")),)}
    own = suggestion(slots={"evidence": (SpanValue(span=words("trade")),)})
    for marks in ((mark(),), (mark(of_trade),), (mark(of_peace, rejected=True),)):
        assert own.answered_by(marks)
    for others in ((), (mark(label="eco.trade"),), (mark(of_peace),)):
        assert not own.answered_by(others)
    assert suggestion().answered_by((mark(of_peace),))


def spoken(cue: str, content: str) -> Slots:
    """Return the slots of a statement in `NESTED`."""
    return {
        "cue": (SpanValue(span=words(cue, NESTED)),),
        "content": (SpanValue(span=words(content, NESTED)),),
    }


NESTED = "He said that she told of peace."


def test_a_statement_within_another_is_answered_by_its_own_cue_only() -> None:
    outer, inner = spoken("said", "she told of peace"), spoken("told", "peace")
    of_outer = suggestion(label="indirect", slots=outer).as_mark()
    of_inner = suggestion(label="indirect", slots=inner)
    assert not of_inner.answered_by((of_outer,))
    assert of_inner.answered_by((of_outer, of_inner.as_mark()))
    told = suggestion(label="indirect", slots=spoken("she told", "of peace"))
    assert of_inner.answered_by((told.as_mark(),))


def test_what_a_source_proposes_beside_is_answered_by_the_same_words_only() -> None:
    one = suggestion(label="indirect", slots=spoken("told", "peace"))
    near = suggestion(label="indirect", slots=spoken("she told", "of peace")).as_mark()
    taken = near.provenance.model_copy(update={"origin": "accepted", "suggester": one.source})
    assert not one.answered_by((near.replaced(provenance=taken),))
    others = taken.model_copy(update={"suggester": "another"})
    assert one.answered_by((near.replaced(provenance=others),))
    assert one.answered_by((one.as_mark().replaced(provenance=taken),))

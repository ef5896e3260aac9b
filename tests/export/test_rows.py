from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given

from annotator.errors import InputError
from annotator.formats.jsonl_out import dumps
from annotator.formats.work import Work
from annotator.model.base import Value
from annotator.model.edit import Coding
from annotator.model.mark import EntityValue, SlotValue, SpanValue
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline.making import batch_of
from annotator.store import Header

from .conftest import mark
from .generated import BOOK, works


@given(works())
def test_a_row_is_what_its_model_would_have_made_of_it(work: Work) -> None:
    batch = batch_of([work])
    rows: list[Value] = list(batch.documents)
    for one in batch.sentences:
        rows += (one.sentence, *one.attributions, *one.commitments)
    for row in rows:
        assert type(row).model_validate_json(dumps(row)) == row
        for value in _values(row):
            assert list(vars(value)) == list(type(value).model_fields)


def _values(value: object) -> Iterator[Value]:
    if isinstance(value, Value):
        yield value
        for part in vars(value).values():
            yield from _values(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _values(part)


@pytest.mark.parametrize("named", [False, True])
def test_words_that_stand_elsewhere_stop_the_export(named: bool) -> None:
    there, elsewhere = (_agreeing(text, named=named) for text in ("They agreed.", "Then agreed."))
    (row,) = batch_of([there]).sentences
    assert [one.exact for one in row.sentence.marks[0].slots] == ["They"]
    with pytest.raises(InputError, match="the characters 0 to 4 of the readout are not the words"):
        batch_of([elsewhere])


def _agreeing(text: str, *, named: bool) -> Work:
    """Return the work on a text of one sentence, in which “They” stands in a slot of a mark."""
    words = Span(start=0, end=4, exact="They")
    value: SlotValue = EntityValue(entity="xa", mention=words) if named else SpanValue(span=words)
    given = mark("m1", "commitments", "agreement", {"committers" if named else "action": (value,)})
    sentence = Sentence(
        start=0, end=len(text), role="body", text=text, state="done", marks=(given,)
    )
    readout = Readout(id="call", text=text, sha256="0", text_sha256="0")
    header = Header(
        readout="call", by="ada", source="0", text="0", segmenter="rules 1", codebook=BOOK.stamp
    )
    return Work(readout, header, Coding({1: sentence}), BOOK)

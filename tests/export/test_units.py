"""Sentences while work is taken in: found by place, in the order of the text, as they become."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.edit import CAST, Coding, Document
from annotator.model.entity import Cast
from annotator.model.readout import Metadata, Readout
from annotator.model.sentence import Sentence
from annotator.pipeline.units import Units

TEXT = "ab cd ef gh ij kl mn op qr st uv wx yz"
Stretch = tuple[int, int]


def sentence(start: int, end: int) -> Sentence:
    return Sentence(start=start, end=end, role="body", text=TEXT[start:end])


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    start = draw(st.integers(0, len(TEXT) - 1))
    return start, draw(st.integers(start + 1, len(TEXT)))


def units(cuts: set[int]) -> Units:
    """Return the sentences of a text that is cut at these words."""
    edges = sorted({0, *(3 * cut for cut in cuts), len(TEXT) + 1})
    docs: dict[int, Document] = {CAST: Cast()}
    for key, (start, end) in enumerate(pairwise(edges), start=1):
        docs[key] = sentence(start, end - 1)
    readout = Readout(id="r", text=TEXT, sha256="0", text_sha256="0", metadata=Metadata())
    return Units(readout, Coding(docs))


@given(
    cuts=st.sets(st.integers(1, 12)),
    made=st.lists(stretches(), max_size=4),
    looked_at=st.lists(stretches(), min_size=1, max_size=4),
)
def test_words_are_in_the_sentences_that_they_touch_whatever_boundaries_moved(
    cuts: set[int], made: list[Stretch], looked_at: list[Stretch]
) -> None:
    found = units(cuts)
    for start, end in made:
        if TEXT[start:end].strip() == TEXT[start:end]:
            key = found.between(99, sentence(start, end))
            assert key is not None
            assert (found.now(key).start, found.now(key).end) == (start, end)
    everything = [found.now(key) for key in found.within(0, len(TEXT))]
    places = [(one.start, one.end) for one in everything]
    assert places == sorted(places)
    assert "".join(one.text for one in everything).replace(" ", "") == TEXT.replace(" ", "")
    for start, end in looked_at:
        within = [found.now(key) for key in found.within(start, end)]
        assert within == [one for one in everything if one.start < end and start < one.end]


@given(
    here=st.sets(st.integers(1, 12)),
    there=st.sets(st.integers(1, 12), max_size=8),
    data=st.data(),
)
def test_rows_keep_their_numbers_however_sentences_were_split_and_joined(
    here: set[int], there: set[int], data: st.DataObject
) -> None:
    edges = sorted({0, *(3 * cut for cut in there), len(TEXT) + 1})
    numbers = data.draw(st.permutations(range(1, 16)))
    rows = [
        (number, sentence(start, end - 1).changed(state="done"))
        for number, (start, end) in zip(numbers, pairwise(edges), strict=False)
    ]
    # Not every sentence is in a dataset, and rows may come in any order.
    rows = data.draw(st.lists(st.sampled_from(rows), unique=True, min_size=1))
    found = units(here)
    found.reserve(number for number, _ in rows)
    for number, row in rows:
        assert found.between(number, row) == number
        found.put(number, row)
    assert {number: found.now(number) for number, _ in rows} == dict(rows)
    keys = found.within(0, len(TEXT))
    assert len(keys) == len(set(keys))
    assert "".join(found.now(key).text for key in keys).replace(" ", "") == TEXT.replace(" ", "")


def test_a_number_that_is_none_or_that_a_coded_sentence_has_is_not_taken() -> None:
    found = units({4})
    first, second = found.within(0, len(TEXT))
    found.put(second, found.now(second).changed(state="done"))
    for number in (second, 0, -1, 10**30):
        key = found.between(number, sentence(0, 2) if number == second else found.now(first))
        assert key not in (None, second, 0, -1, 10**30)
        first = key or 0

"""What tells two marks of one label on one sentence apart: the first words of their acts."""

from __future__ import annotations

from typing import Final

from annotator.model.codebook import Layer
from annotator.model.mark import Mark, SpanValue
from annotator.model.sentence import Sentence
from annotator.session import words

_WORDS: Final = 3


def first_words(layer: Layer, sentence: Sentence, mark: Mark) -> str:
    """Return the first words of a mark's act; empty where no other mark looks the same."""
    if mark.rejected or not any(_alike(layer, mark, other) for other in sentence.marks):
        return ""
    return _first(layer, mark)


def of_one_source(layer: Layer, sentence: Sentence, mark: Mark) -> str:
    """Return the first words of a mark's act; empty where no other has the same in its entry."""
    others = (other for other in sentence.of_layer(layer.id) if other.id != mark.id)
    shared = any(other.values(layer.entry) == mark.values(layer.entry) for other in others)
    return _first(layer, mark) if shared else ""


def _first(layer: Layer, mark: Mark) -> str:
    spans = (
        value.span.exact
        for slot in layer.slots_of(mark.label)
        if slot.type == "span"
        for value in mark.values(slot.id)
        if isinstance(value, SpanValue)
    )
    exact = next(spans, "")
    found = words.words(exact, 0, len(exact))
    if len(found) <= _WORDS:
        return exact
    return f"{exact[: found[_WORDS - 1][1]]} …"


def _alike(layer: Layer, mark: Mark, other: Mark) -> bool:
    same = (mark.layer, mark.label) == (other.layer, other.label) and mark.id != other.id
    return same and not other.rejected and mark.values(layer.entry) == other.values(layer.entry)

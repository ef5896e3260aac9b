"""A label that rules, a model or another's file propose; no mark until a coder takes it."""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from operator import eq
from typing import Annotated, Final

from pydantic import Field, field_validator

from annotator.model.base import Identifier, Value
from annotator.model.codebook import Codebook
from annotator.model.mark import (
    Certainty,
    EntityValue,
    Mark,
    Provenance,
    Slots,
    SlotValue,
    SpanValue,
    spans_of,
)
from annotator.model.text import Span

LONGEST_SOURCE: Final = 64
"""Code points of the name of a source."""


class Suggestion(Value):
    """A proposed label with its slots, for the words of `span` or the sentence they stand in.

    `unnamed` are slots whose words name nobody of the cast: they stay empty when it is taken.
    `score` is between 0 and 1, None where the source gives none; `source` says who proposes it.
    `certainty` and `note` are those of a mark that it was, None where it was none or has none.
    `text_sha256` is that of the text whose offsets these are, `codebook` the name and version by
    which the label was chosen.
    """

    layer: Identifier
    label: Identifier
    span: Span
    slots: Slots = Field(default_factory=dict)
    unnamed: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    source: Annotated[str, Field(min_length=1, max_length=LONGEST_SOURCE)]
    score: Annotated[float, Field(ge=0, le=1)] | None = None
    certainty: Certainty | None = None
    note: Annotated[str, Field(min_length=1)] | None = None
    codebook: str
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @field_validator("source")
    @classmethod
    def _can_be_shown(cls, source: str) -> str:
        if not source.isprintable() or source != source.strip():
            raise ValueError("the name of a source is printable, without blanks around it")
        return source

    @cached_property
    def id(self) -> str:
        """A name that comes from what is suggested where and by whom, whatever the score."""
        said = self.model_dump_json(include={"layer", "label", "span", "slots", "source"})
        return f"s{blake2b(said.encode(), digest_size=8).hexdigest()}"

    def spans(self) -> tuple[Span, ...]:
        """Return every span of the slots, mentions of entities included."""
        return spans_of(self.slots)

    def placed(self, text: str, text_sha256: str) -> Suggestion | None:
        """Return it with its offsets in a text of that sha256, None where its words are not there.

        In a text that changed, words that moved are those that stand in it once.
        """
        if not self.span.holds(text) and self.text_sha256 != text_sha256:
            start = text.find(self.span.exact)
            if start < 0 or text.find(self.span.exact, start + 1) >= 0:
                return None
            return self._moved(start - self.span.start).placed(text, text_sha256)
        spans = (self.span, *self.spans())
        # What moved along with the words may lie before the text now.
        if not all(span.start >= 0 and span.holds(text) for span in spans):
            return None
        return self if self.text_sha256 == text_sha256 else self.replaced(text_sha256=text_sha256)

    def _moved(self, by: int) -> Suggestion:
        slots = {
            name: tuple(_moved(value, by) for value in held) for name, held in self.slots.items()
        }
        return self.replaced(span=_shifted(self.span, by), slots=slots)

    def current(self, book: Codebook) -> Suggestion | None:
        """Return it with the label that a renamed or merged one is now, None where there is none.

        None is also what a codebook makes of it that does not give the label any more, or knows no
        such slots.
        """
        layer = book.layer(self.layer)
        label = layer.label(layer.current(self.label)) if layer else None
        if label is None or label.retired is not None:
            return None
        found = self if label.id == self.label else self.replaced(label=label.id)
        # Most have no slots, and then there is nothing more to check of the thousands of a file.
        return found if not found.slots or book.check(found.as_mark()) is None else None

    def as_mark(self) -> Mark:
        """Return the mark that it would be, by nobody, for a codebook to check."""
        return Mark(
            id=self.id,
            layer=self.layer,
            label=self.label,
            start=self.span.start,
            end=self.span.end,
            slots=self.slots,
            provenance=Provenance(coder="", at="", codebook=self.codebook),
        )

    def answered_by(self, marks: tuple[Mark, ...]) -> bool:
        """Tell whether marks of its sentence say what it proposes, or refuse it.

        Where both have words, the same label with other words is another thing: in every slot that
        both fill with words, these have to meet. A statement within another shares words with what
        it stands in, but not its cue. What the same source proposed beside it, and a coder took as
        it was, answers it with the same words only.
        """
        return any(
            mark.layer == self.layer
            and mark.label == self.label
            and (mark.rejected or self._is_said(mark))
            for mark in marks
        )

    def _is_said(self, mark: Mark) -> bool:
        own, theirs = _words(self.slots), _words(mark.slots)
        shared = own.keys() & theirs.keys()
        if shared:
            source = mark.provenance
            beside = source.origin == "accepted" and source.suggester == self.source
            meet = eq if beside else _overlap
            return all(meet(own[slot], theirs[slot]) for slot in shared)
        spans, others = self.spans(), mark.spans()
        return not spans or not others or _overlap(spans, others)


def _words(slots: Slots) -> dict[str, tuple[Span, ...]]:
    """Return the words of each slot of words; those that name somebody go with the cast."""
    found = {
        slot: tuple(value.span for value in values if isinstance(value, SpanValue))
        for slot, values in slots.items()
    }
    return {slot: spans for slot, spans in found.items() if spans}


def _overlap(some: tuple[Span, ...], others: tuple[Span, ...]) -> bool:
    return any(a.start < b.end and b.start < a.end for a in some for b in others)


def _moved(value: SlotValue, by: int) -> SlotValue:
    if isinstance(value, SpanValue):
        return value.replaced(span=_shifted(value.span, by))
    if isinstance(value, EntityValue) and value.mention is not None:
        return value.replaced(mention=_shifted(value.mention, by))
    return value


def _shifted(span: Span, by: int) -> Span:
    return span.replaced(start=span.start + by, end=span.end + by)

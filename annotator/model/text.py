"""Text and stretches of it.

The text of a readout is never altered; whatever is said about it is said by offsets.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from annotator.model.base import Value

Role = Literal["heading", "body", "list_item", "dateline", "boilerplate", "quotation"]
"""What a sentence is in its document: running text, or something around it."""

State = Literal["new", "done", "unsure", "skipped"]
"""`new` was not decided yet; `done` with no marks says: seen, none."""

_QUOTES = '“”„‟"«»「」『』'


def quoted(words: str) -> str:
    """Return words in quotation marks; those that have marks of their own at an edge need none."""
    return words if words[:1] in _QUOTES or words[-1:] in _QUOTES else f"“{words}”"


Offset = Annotated[int, Field(ge=0)]


class Span(Value):
    """A stretch of a readout's text: code points, half-open, with the text itself as `exact`."""

    start: Offset
    end: Offset
    exact: str

    @model_validator(mode="after")
    def _lengths_agree(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a span ends after it starts")
        if self.end - self.start != len(self.exact):
            raise ValueError("a span is as long as its exact text")
        return self

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """Cut `text[start:end]`; raises ValueError where that is no stretch of the text."""
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{start} to {end} is no stretch of a text of {len(text)} characters")
        return cls(start=start, end=end, exact=text[start:end])

    def holds(self, text: str) -> bool:
        """Tell whether `text[start:end] == exact`."""
        return text[self.start : self.end] == self.exact


def overlaps(start: int, end: int, other_start: int, other_end: int) -> bool:
    """Tell whether two half-open ranges share at least one code point."""
    return start < other_end and other_start < end

"""A sentence with everything one coder said about it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from annotator.model.base import Value
from annotator.model.mark import Mark, is_taken_in
from annotator.model.text import Offset, Role, State


class Sentence(Value):
    """A half-open range of the readout's text, and its coding.

    `text` is the text of the range. `keys` and `seconds` are the effort until its last
    edit. `unplaced` holds marks as they were before the readout's text changed, where their
    words are no longer in it: their offsets are those of the text before. A sentence's name, a
    number that stays when others are split or joined, is its key in `Coding`, and is not repeated
    here.
    """

    start: Offset
    end: Offset
    role: Role
    text: str
    state: State = "new"
    marks: tuple[Mark, ...] = ()
    note: str = ""
    flagged: bool = False
    keys: Annotated[int, Field(ge=0)] = 0
    seconds: Annotated[float, Field(ge=0)] = 0.0
    unplaced: tuple[Mark, ...] = ()

    @model_validator(mode="after")
    def _range_is_of_its_text(self) -> Self:
        if self.start >= self.end or self.end - self.start != len(self.text):
            raise ValueError("a sentence is as long as its text, and not empty")
        return self

    @property
    def is_from_file(self) -> bool:
        """Whether a file of another program labelled it, and no key of a coder went into it.

        Of what such a sentence lacks nobody is known to have looked for it.
        """
        if self.keys:
            return False
        return any(is_taken_in(mark.id) for mark in (*self.marks, *self.unplaced))

    def of_layer(self, layer: str) -> tuple[Mark, ...]:
        """Return the marks of a layer that stand, rejected ones left out."""
        return tuple(mark for mark in self.marks if mark.layer == layer and not mark.rejected)

    def mark(self, mark_id: str) -> Mark | None:
        """Return the mark of that id, or None."""
        return next((mark for mark in self.marks if mark.id == mark_id), None)

    def saying(self, mark: Mark) -> Mark | None:
        """Return a mark that stands and says all that another does and no more, or None."""
        alike = (one for one in self.of_layer(mark.layer) if one.label == mark.label)
        return next((one for one in alike if one.slots == mark.slots), None)

    def changed(self, **values: object) -> Sentence:
        """Return a copy with some fields changed, checked like a new one."""
        # With a field called `keys`, dict() would take the value for a mapping; not its iterator.
        return Sentence.model_validate({**dict(iter(self)), **values})

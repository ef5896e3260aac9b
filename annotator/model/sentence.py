"""A sentence with everything one coder said about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import Field, model_validator

from annotator.model.base import Value
from annotator.model.mark import Mark
from annotator.model.text import Offset, Role, State


class Sentence(Value):
    """A half-open range of the readout's text, and its coding.

    `text` is the text of the range. `keys` and `seconds` are the effort until its last
    edit. `unplaced` holds marks as they were before the readout's text changed, where their
    words are no longer in it: their offsets are those of the text before. `asked` holds the layers
    that files of other programs looked at where nobody else decided the sentence; it is None where
    all were looked at, as by a coder who decides, or none yet. `not_asked` holds the layers of
    which a coder who decided is not known to have been asked: those that a dataset left out, or
    that came into the codebook later. A sentence's name, a number that stays when others are split
    or joined, is its key in `Coding`, and is not repeated here.
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
    asked: tuple[str, ...] | None = None
    not_asked: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _range_is_of_its_text(self) -> Self:
        if self.start >= self.end or self.end - self.start != len(self.text):
            raise ValueError("a sentence is as long as its text, and not empty")
        return self

    @property
    def is_from_file(self) -> bool:
        """Whether what was looked at is only what files of other programs speak of."""
        return self.asked is not None

    @property
    def is_partial(self) -> bool:
        """Whether a layer may be there that nobody is known to have looked at."""
        return self.is_from_file or bool(self.not_asked)

    def was_asked(self, layer: str) -> bool:
        """Tell whether somebody looked at a layer: that it has none of its marks says so, then.

        Of a layer with a mark that waits for a place, and none that stands, a file told only that.
        """
        if any(mark.layer == layer for mark in self.marks):
            return True
        if layer in self.not_asked:
            return False
        if self.asked is None:
            return True
        return layer in self.asked and all(mark.layer != layer for mark in self.unplaced)

    def unasked(self, layers: Iterable[str]) -> tuple[str, ...]:
        """Return those layers that nobody is known to have looked at, once it is decided."""
        if self.state == "new" or not self.is_partial:
            return ()
        return tuple(layer for layer in layers if not self.was_asked(layer))

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

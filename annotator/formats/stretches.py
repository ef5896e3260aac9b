"""Labelled stretches of a text: all that the plain forms of spans can hold of a coding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotator.model.record import MarkRecord, SentenceRow

MARK_REJECTED: Final = "rejected mark"
CUT: Final = "span that is no run of whole tokens"


@dataclass(frozen=True)
class Stretch:
    """Words with a label; `slot` is empty where they are the whole sentence of a mark.

    `start` and `end` are code points of the readout, half-open. `mark` is the mark's id.
    """

    layer: str
    slot: str
    label: str
    start: int
    end: int
    mark: str

    @property
    def name(self) -> str:
        """The label, after the slot where there is one."""
        return f"{self.slot}:{self.label}" if self.slot else self.label


def standing(row: SentenceRow) -> Iterator[MarkRecord]:
    """Yield the marks that are not rejected."""
    return (mark for mark in row.marks if not mark.rejected)


def in_slots(mark: MarkRecord) -> Iterator[Stretch]:
    """Yield the words in the slots of a mark."""
    for slot in mark.slots:
        if slot.start is not None and slot.end is not None:
            yield Stretch(mark.layer, slot.slot, mark.label, slot.start, slot.end, mark.id)


def of_sentence(row: SentenceRow, mark: MarkRecord) -> Stretch:
    """Return the sentence of a mark with its label."""
    return Stretch(mark.layer, "", mark.label, row.start, row.end, mark.id)

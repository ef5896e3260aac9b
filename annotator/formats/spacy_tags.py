"""What of a sentence's row stands in the own fields of a spaCy document, as tags.

`doc.cats` has the labels of the layer `topics`. `doc.spans["sc"]`, the group that spaCy's
component for overlapping spans reads by default, has the words of the slots of every mark: the
label of such a span is `layer/slot`, its `kb_id` the label of the mark and its `id` the mark's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotator.formats.output import OUTSIDE
from annotator.formats.told import Tag
from annotator.formats.work import TOPICS
from annotator.model.record import SentenceRow

CATS: Final = "cats"
SPANS: Final = "sc"
BROKEN: Final = "words that begin or end inside a token"
UNSHOWN: Final = (BROKEN, OUTSIDE)
"""What the fields do not show; our row beside them holds it."""


def cats(row: SentenceRow) -> list[Tag]:
    """Return a tag of the whole sentence for each topic, once for each mark that gives it."""
    return [
        Tag(CATS, mark.label, mark=mark.id)
        for mark in row.marks
        if mark.layer == TOPICS and not mark.rejected
    ]


def spans(row: SentenceRow) -> Iterator[Tag]:
    """Yield a tag for the words of each slot, in code points of the readout."""
    for mark in row.marks:
        for slot in mark.slots if not mark.rejected else ():
            if slot.start is not None and slot.end is not None:
                yield Tag(
                    f"{mark.layer}/{slot.slot}", mark.label, slot.start, slot.end, mark=mark.id
                )

"""What of a sentence's row stands in a CAS of UIMA, as INCEpTION and others read it.

Every layer of the codebook is a type `webanno.custom.<Layer>`, a mark an annotation of that type on
its sentence; each value of a slot is one of the type `webanno.custom.<Layer>Slot`, on its words or
else on the sentence. Offsets are code points here; the library cassis turns them into the UTF-16
code units of a CAS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from annotator.formats.told import Tag
from annotator.model.record import MarkRecord, SentenceRow, SlotRecord

CUSTOM: Final = "webanno.custom."
SLOT: Final = "Slot"
# No layer is called so: an id has no capital letters, of which only the first is made one.
SENTENCE: Final = f"{CUSTOM}CodedSentence"
READOUT: Final = f"{CUSTOM}CodedReadout"

FORBIDDEN: Final = "character that XML does not allow, written as a space"
_FORBIDDEN: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Clean = Callable[[str], str]
"""What makes a text one that the form can hold; it stays as long as it was."""


def allowed(text: str) -> str:
    """Return a text with a space for each character that XML 1.0 does not allow."""
    return _FORBIDDEN.sub(" ", text)


def escaped(json: str) -> str:
    """Return JSON in which characters that XML 1.0 does not allow are escaped."""
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", json)


def type_of(layer: str) -> str:
    """Return the type of a layer's marks: another for each id, as UIMA takes names."""
    name = layer.replace(".", "DOT")
    return f"{CUSTOM}{name[0].upper()}{name[1:]}" if name[0].isalpha() else f"{CUSTOM}LAYER{name}"


def mark_tag(row: SentenceRow, mark: MarkRecord, clean: Clean) -> Tag:
    """Return the tag of a mark: its label on its sentence."""
    return Tag(
        type_of(mark.layer), clean(mark.label), row.start, row.end, mark.rejected, mark=mark.id
    )


def slot_tag(row: SentenceRow, mark: MarkRecord, slot: SlotRecord, clean: Clean) -> Tag:
    """Return the tag of a value of a slot, on its words or else on the sentence."""
    start, end = row.start, row.end
    if slot.start is not None and slot.end is not None:
        start, end = slot.start, slot.end
    label = slot_label(clean(slot.slot), None if slot.value is None else clean(slot.value))
    return Tag(f"{type_of(mark.layer)}{SLOT}", label, start, end, mark=mark.id)


def slot_label(slot: str, value: str | None) -> str:
    """Return what the tag of a slot is called."""
    return slot if value is None else f"{slot}={value}"


def tags(row: SentenceRow, clean: Clean) -> Iterator[Tag]:
    """Yield the tags of a row, in code points of the readout."""
    for mark in row.marks:
        yield mark_tag(row, mark, clean)
        for slot in mark.slots:
            yield slot_tag(row, mark, slot, clean)

"""A dataset as brat standoff: a text and its annotations side by side, in a folder for each coder.

Defined by brat's manual and its server. Offsets are code points of the whole text, half-open. A
stretch is cut where a line ends and at tabs, for neither may stand in the column of its words; one
in which nothing can be seen is a place without length.

A mark whose layer has slots is an event, any other a text-bound annotation, on its whole sentence;
words in its slots are arguments, choices are attributes, references relations. Only a note of the
sentence holds our row, so the rest may be changed in brat.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from annotator.formats.carried import note
from annotator.formats.output import REFERENCE, About, Batch, Output, Written, folder_of
from annotator.formats.told import Tag
from annotator.model.codebook import Codebook, Layer, Slot
from annotator.model.record import DocumentRow, MarkRecord, SentenceRow, SlotRecord

CONFIGURATION: Final = "annotation.conf"
SENTENCE: Final = "Sentence"
REJECTED: Final = "Rejected"
NOTE: Final = "AnnotatorNotes"
_NUMBER_LIKE = re.compile(r"[0-9]_*\Z")
_VISIBLE = re.compile(r"[^\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
Pieces = list[tuple[int, int]]


def writer(output: Output, about: About) -> Brat:
    """Return what writes a dataset as brat standoff."""
    return Brat(output, about)


class Brat:
    """Writes a text and its annotations for each coder, and the configuration of them all."""

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._layers = about.layers
        self._book = about.book
        self._rows: Counter[str] = Counter()

    def add(self, batch: Batch) -> None:
        """Write a readout."""
        for work, document in zip(batch.works, batch.documents, strict=True):
            folder = folder_of(work.coder)
            name = f"{folder}/{work.readout.id}"
            rows = batch.rows_of(work.coder)
            annotations = _Annotations(self._layers)
            for place, row in enumerate(rows):
                annotations.add(row, None if place else document)
            annotations.refer(rows)
            self._output.write(f"{name}.txt", work.readout.text.encode())
            self._output.write(f"{name}.ann", "".join(annotations.lines).encode())
            self._rows[f"{folder}/*.ann"] += len(annotations.lines)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def finish(self) -> Sequence[Written]:
        """Write the configuration."""
        self._output.write(CONFIGURATION, configuration(self._layers, self._book).encode())
        return [Written(file, rows, "annotation") for file, rows in sorted(self._rows.items())]


def slot_type(layer: str, slot: str) -> str:
    """Return the type of the words, the choice or the reference in a slot."""
    return f"{layer}-{slot}".replace(".", "-")


def pieces(text: str, start: int) -> Pieces:
    """Return the pieces of a stretch that begins at `start`: what stands between ends of lines."""
    found = [match.span() for match in _VISIBLE.finditer(text)]
    if not any(text[first:last].strip() for first, last in found):
        return [(start, start)]
    return [(start + first, start + last) for first, last in found]


def label_type(layer: str, label: str) -> str:
    """Return the type of a label: brat takes letters, digits, hyphens and underscores."""
    return f"{layer}--{label}".replace(".", "-")


def role_of(slot: str) -> str:
    """Return the role of the words in a slot in an event.

    To brat, digits at its end are the number that one of several has, and no part of its name.
    """
    role = slot.replace(".", "-")
    return f"{role}_" if _NUMBER_LIKE.search(role) else role


def unnumbered(role: str) -> str:
    """Return a role without its number, and without what `role_of` put before that."""
    bare = role.rstrip("0123456789") or role
    return bare[:-1] if bare.endswith("_") and _NUMBER_LIKE.search(bare) else bare


def kind_of(mark: MarkRecord) -> str:
    """Return the type of a mark."""
    return label_type(mark.layer, mark.label)


def tags(row: SentenceRow, kinds: Mapping[str, str]) -> Iterator[Tag]:
    """Yield the tags that the annotations of a sentence are read as.

    `kinds` holds the type of every mark of the readout, by its id.
    """
    start, end = hull(pieces(row.text, row.start))
    for mark in row.marks:
        yield Tag("type", kind_of(mark), start, end, mark.rejected, mark.id)
        for slot in mark.slots:
            name = slot_type(mark.layer, slot.slot)
            if slot.start is not None and slot.exact is not None:
                yield Tag("type", name, *hull(pieces(slot.exact, slot.start)), mark=mark.id)
            if _is_attribute(slot):
                yield Tag(name, slot.value or "", start, end, mark=mark.id)
            if slot.type == "ref" and slot.value and slot.value in kinds:
                yield Tag(name, kinds[slot.value], start, end, mark=mark.id)


def hull(found: Pieces) -> tuple[int, int]:
    """Return where the first piece begins and the last one ends."""
    return found[0][0], found[-1][1]


def _is_attribute(slot: SlotRecord) -> bool:
    return slot.type in ("choice", "label")


class _Annotations:
    """The lines of one file of annotations."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.lines: list[str] = []
        self._framed = {layer.id for layer in layers if layer.slots}
        self._ids: Counter[str] = Counter()
        self._marks: dict[str, str] = {}

    def add(self, row: SentenceRow, document: DocumentRow | None) -> None:
        """Write a sentence with its marks; the first of a readout holds its row, `document`."""
        whole = self._words(SENTENCE, row.text, row.start)
        self._line("#", f"{NOTE} {whole}", note(row, document))
        for mark in row.marks:
            self._mark(row, mark)

    def _mark(self, row: SentenceRow, mark: MarkRecord) -> None:
        kind = kind_of(mark)
        own = self._words(kind, row.text, row.start)
        if mark.layer in self._framed:
            # What is said of an event is said of its id: its trigger may not be a target.
            own = self._line("E", " ".join((f"{kind}:{own}", *self._arguments(mark))))
        self._marks[mark.id] = own
        for slot in mark.slots:
            if _is_attribute(slot):
                self._line("A", f"{slot_type(mark.layer, slot.slot)} {own} {slot.value}")
        if mark.rejected:
            self._line("A", f"{REJECTED} {own}")

    def _arguments(self, mark: MarkRecord) -> Iterator[str]:
        times: Counter[str] = Counter()
        for slot in mark.slots:
            if slot.start is not None and slot.exact is not None:
                role = role_of(slot.slot)
                words = self._words(slot_type(mark.layer, slot.slot), slot.exact, slot.start)
                times[role] += 1
                yield f"{role}{times[role] if times[role] > 1 else ''}:{words}"

    def refer(self, rows: Sequence[SentenceRow]) -> None:
        """Write what marks refer to, once all of them are there."""
        for mark in (mark for row in rows for mark in row.marks):
            for slot in mark.slots:
                if slot.type == "ref" and slot.value in self._marks:
                    kind = slot_type(mark.layer, slot.slot)
                    ends = f"Arg1:{self._marks[mark.id]} Arg2:{self._marks[slot.value]}"
                    self._line("R", f"{kind} {ends}")

    def _words(self, kind: str, text: str, start: int) -> str:
        found = pieces(text, start)
        where = ";".join(f"{first} {last}" for first, last in found)
        words = " ".join(text[first - start : last - start] for first, last in found)
        return self._line("T", f"{kind} {where}", words)

    def _line(self, kind: str, *columns: str) -> str:
        self._ids[kind] += 1
        own = f"{kind}{self._ids[kind]}"
        self.lines.append("\t".join((own, *columns)) + "\n")
        return own


def configuration(layers: Sequence[Layer], book: Codebook) -> str:
    """Return what brat must know of the types: its `annotation.conf`."""
    parts: dict[str, list[str]] = {
        "entities": [SENTENCE],
        "relations": ["<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"],
        "events": [],
        "attributes": [f"{REJECTED} Arg:<ANY>"],
    }
    labels = {layer.id: [label.id for label in layer.labels] for layer in book.layers}
    for layer in layers:
        for slot in layer.slots:
            name = slot_type(layer.id, slot.id)
            if slot.type in ("span", "entity"):
                parts["entities"].append(name)
            elif slot.type == "ref":
                parts["relations"].append(f"{name} Arg1:<EVENT>, Arg2:<ANY>")
            elif values := [one.id for one in slot.choices] or labels.get(slot.layer or "", []):
                parts["attributes"].append(f"{name} Arg:<EVENT>, Value:{'|'.join(values)}")
        for label in layer.labels:
            kind = label_type(layer.id, label.id)
            roles = ", ".join(filter(None, (_role(layer, s) for s in layer.slots_of(label.id))))
            parts["events" if layer.slots else "entities"].append(f"{kind} {roles}".rstrip())
    return "\n".join(
        f"[{part}]\n" + "".join(f"{entry}\n" for entry in entries)
        for part, entries in parts.items()
    )


def _role(layer: Layer, slot: Slot) -> str:
    if slot.type not in ("span", "entity"):
        return ""
    times = "*" if slot.repeatable else "?"
    return f"{role_of(slot.id)}{times}:{slot_type(layer.id, slot.id)}"

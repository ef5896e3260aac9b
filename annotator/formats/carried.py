"""The rows of our own datasets inside files of another dialect.

Where a dialect has room for fields of one's own, its rows carry ours, from which a coding is read
back whole. What another program changed in the meantime, its own fields tell: see `reconciling`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import orjson
from pydantic import ValidationError

from annotator.errors import InputError
from annotator.files import printable, sha256
from annotator.formats.jsonl import json_object
from annotator.formats.jsonl_out import dumps, json_line
from annotator.formats.told import Tag, Told
from annotator.model.base import Value
from annotator.model.entity import Cast
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    NoneStated,
    Provenance,
    RefValue,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.record import DocumentRow, MarkRecord, SentenceRow, SlotRecord
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.tomlfile import explain, key_text

KEY: Final = "annotator"
"""The field that holds a row of ours in a row of another dialect."""

_DOCUMENT: Final = "document"


def packed(row: Value) -> dict[str, Any]:
    """Return a row as plain JSON values."""
    found: dict[str, Any] = orjson.loads(dumps(row))
    return found


def sentence_row(raw: object, place: str, *, alone: bool = False) -> SentenceRow:
    """Return the sentence's row that was packed; raises InputError where it is none.

    It tells of a sentence then, and the ranges of its marks were compared with its words. One that
    stands `alone` was not packed, but is the row of a file.
    """
    row: SentenceRow = _checked(raw, place, SentenceRow, alone=alone)
    try:
        spans = [span for mark in sentence(row).marks for span in mark.spans()]
    except ValidationError as error:
        trouble = explain(error, Sentence)
        raise InputError(f"{place}: “{KEY}” is no sentence of ours: {trouble}") from error
    for span in spans:
        if not (row.start <= span.start and span.end <= row.end):
            continue
        start, end = span.start - row.start, span.end - row.start
        if row.text[start:end] != span.exact:
            raise InputError(f"{place}: “{KEY}” has a span whose words stand elsewhere.")
    return row


def wordless_row(raw: object, place: str) -> SentenceRow:
    """Return a sentence's row of a dataset without text; raises InputError where it is none."""
    row: SentenceRow = _checked(raw, place, SentenceRow, alone=True)
    return row


def document_row(raw: object, place: str, *, alone: bool = False) -> DocumentRow:
    """Return the readout's row that was packed, or that stands `alone`; raises InputError."""
    row: DocumentRow = _checked(raw, place, DocumentRow, alone=alone)
    return row


def _checked(raw: object, place: str, model: type[Any], *, alone: bool) -> Any:
    try:
        return model.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        trouble = explain(error, model)
        what, remedy = f"“{KEY}”", "Leave it out, or export again."
        if alone:
            what, remedy = "this", "Name the format of the file, or export again."
        if any(one["type"] == "extra_forbidden" for one in error.errors(include_url=False)):
            said = f"“{key_text(trouble.path)}” is no key of a row of ours."
            raise InputError(f"{place}: {said}", remedy) from error
        raise InputError(f"{place}: {what} is no row of ours: {trouble}", remedy) from error


def without_text(document: DocumentRow) -> dict[str, Any]:
    """Return the row of a readout for a file that stands beside its text."""
    raw = packed(document)
    del raw["text"]
    return raw


def note(row: SentenceRow, document: DocumentRow | None) -> str:
    """Return a sentence's row as one line of JSON, with the row of its readout where it is given.

    The text of the readout is left out: it stands beside.
    """
    raw = {KEY: packed(row)}
    if document:
        raw[_DOCUMENT] = without_text(document)
    return json_line(raw).decode().removesuffix("\n")


def is_note(raw: str) -> bool:
    """Tell whether a note begins as ours do."""
    return raw.startswith(f'{{"{KEY}":')


def noted(raw: str, text: str, place: str) -> tuple[SentenceRow, DocumentRow | None]:
    """Return what `note` wrote; raises InputError where it is none or the text is another."""
    found = json_object(raw.encode(), place)
    row = sentence_row(found.get(KEY), place)
    if text[row.start : row.end] != row.text:
        raise InputError(f"{place}: the sentence does not lie where it says.", "Export again.")
    if _DOCUMENT not in found:
        return row, None
    about = found[_DOCUMENT]
    if not isinstance(about, dict):
        raise InputError(f"{place}: the readout's row is no object.", "Export again.")
    document = document_row({**about, "text": text}, place)
    if document.text_sha256 != sha256(text.encode()):
        raise InputError(f"{place}: the text is not the one that was coded.", "Export again.")
    return row, document


def whole(
    place: str,
    document: DocumentRow,
    rows: Iterable[SentenceRow],
    tags: tuple[Tag, ...] = (),
    places: tuple[str, ...] = (),
) -> Told | InputError:
    """Return what our own export told of a readout, or which sentence does not lie in its text.

    `places` are those of the rows, where these stand apart from the readout's.
    """
    rows = tuple(rows)
    for row, at in zip(rows, places or (place,) * len(rows), strict=True):
        if document.text[row.start : row.end] != row.text:
            return InputError(
                f"{at}: the sentence {printable(row.id)} does not lie where it says.",
                "Export again.",
            )
    readout, coder = document.readout, document.coder
    return Told(place, readout, document.text, 0, coder, tags, rows, document, row_places=places)


def sentence(row: SentenceRow) -> Sentence:
    """Return the sentence that a row tells of, with its marks; raises ValueError for none."""
    return Sentence(
        start=row.start,
        end=row.end,
        role=row.role,
        text=row.text,
        state=row.state,
        marks=tuple(mark(record) for record in row.marks),
        note=row.note,
        flagged=row.flagged,
        keys=row.keys,
        seconds=row.seconds,
    )


def mark(record: MarkRecord) -> Mark:
    """Return the mark that a record tells of."""
    slots: dict[str, tuple[SlotValue, ...]] = {}
    for value in record.slots:
        if value.type != "ref" or value.value:  # What it referred to was not in the dataset.
            slots[value.slot] = (*slots.get(value.slot, ()), slot_value(value))
    return Mark(
        id=own_id(record.id),
        layer=record.layer,
        label=record.label,
        start=record.start,
        end=record.end,
        slots=slots,
        rejected=record.rejected,
        certainty=record.certainty,
        doubtful=record.doubtful,
        note=record.note,
        provenance=Provenance(
            coder=record.coder,
            at=record.at,
            codebook=record.codebook,
            origin=record.origin,
            suggester=record.suggester,
            score=record.score,
            seconds=record.seconds,
            proposed=record.proposed,
            keys=record.keys,
            spent=record.spent,
            imported=record.imported,
        ),
    )


def cast(row: DocumentRow) -> Cast:
    """Return the cast of a readout as its row tells it."""
    return Cast(entities=row.entities)


def own_id(mark_id: str) -> str:
    """Return the name that a mark has in its coding, of its id in the rows."""
    return mark_id.partition("#")[2].rpartition("@")[0]


def slot_value(record: SlotRecord) -> SlotValue:
    """Return the value that a record tells of; raises ValidationError for none."""
    words = _span(record)
    said = record.value or ""
    match record.type:
        case "span":
            return SpanValue(span=words) if words else NoneStated()
        case "entity":
            return EntityValue(entity=said, mention=words, inferred=record.inferred)
        case "choice":
            return ChoiceValue(choice=said)
        case "label":
            return LabelValue(label=said)
        case "date":
            return DateValue(date=said)
        case "text":
            return TextValue(text=said)
        case "ref":
            return RefValue(mark=own_id(said))
        case "none":
            return NoneStated()


def _span(record: SlotRecord) -> Span | None:
    if record.start is None or record.end is None or record.exact is None:
        return None
    return Span(start=record.start, end=record.end, exact=record.exact)

"""A dataset without text read: what it tells lacks its words until `joined` gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.files import printable, sha256
from annotator.formats.carried import document_row, sentence, whole, wordless_row
from annotator.formats.jsonl import json_lines, unless_wrong
from annotator.formats.jsonl_out import DOCUMENT_FILE, SENTENCE_FILE
from annotator.formats.standoff import WORDS
from annotator.formats.told import Told
from annotator.model.record import DocumentRow, LabelledSpan, MarkRecord, SentenceRow, SlotRecord
from annotator.model.text import Span


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder, with the sha256 of the text that it lacks.

    `path` is the folder of the dataset or its file of sentences.
    """
    file = path / SENTENCE_FILE if path.is_dir() else path
    rows: dict[tuple[str, str, str], list[tuple[str, SentenceRow]]] = {}
    for place, raw in json_lines(file):
        try:
            row = wordless_row(_wordless(unless_wrong(raw)), place)
        except InputError as error:
            yield error
            continue
        rows.setdefault((row.readout, row.coder, row.text_sha256), []).append((place, row))
    documents = file.with_name(DOCUMENT_FILE)
    if documents.is_file():
        for place, raw in json_lines(documents):
            try:
                document = document_row({**unless_wrong(raw), "text": ""}, place, alone=True)
            except InputError as error:
                yield error
                continue
            key = (document.readout, document.coder, document.text_sha256)
            yield _told(place, key, rows.pop(key, []), document)
    for key, left in rows.items():
        yield _told(printable(f"{file}, {key[0]}"), key, left, None)


def _told(
    place: str,
    key: tuple[str, str, str],
    placed: Sequence[tuple[str, SentenceRow]],
    document: DocumentRow | None,
) -> Told:
    readout, coder, digest = key
    places, rows = tuple(at for at, _ in placed), tuple(row for _, row in placed)
    return Told(place, readout, "", 0, coder, (), rows, document, lacks=digest, row_places=places)


def joined(told: Told, text: str) -> Told | InputError:
    """Return what was told with its words, out of the text of its readout.

    `before` and `after` of the rows stay empty. It is an InputError where the text is another, or
    where a place is none in it.
    """
    if sha256(text.encode()) != told.lacks:
        return InputError(
            f"{told.place}: the text of {printable(told.name)} is not the one that was coded.",
            "Use the readout as it was; its text is told by its sha256.",
        )
    try:
        rows = tuple(_with_words(row, text) for row in told.rows)
        for row in rows:
            sentence(row)
    except ValueError:
        return InputError(f"{told.place}: a place lies outside of the text.", "Export again.")
    if told.document is None:
        return replace(told, text=text, rows=rows, lacks="")
    return whole(told.place, told.document.replaced(text=text), rows, told.tags, told.row_places)


def _wordless(raw: dict[str, Any]) -> dict[str, Any]:
    slots = (slot for mark in _dicts(raw.get("marks")) for slot in _dicts(mark.get("slots")))
    for slot in slots:
        slot["exact"] = None
    for place in _dicts(raw.get("topic_evidence")):
        place["exact"] = ""
    return {**raw, **dict.fromkeys(WORDS, "")}


def _dicts(raw: object) -> Iterable[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _with_words(row: SentenceRow, text: str) -> SentenceRow:
    return row.replaced(
        text=Span.of(text, row.start, row.end).exact,
        marks=tuple(_mark(mark, text) for mark in row.marks),
        topic_evidence=tuple(_evidence(one, text) for one in row.topic_evidence),
    )


def _mark(mark: MarkRecord, text: str) -> MarkRecord:
    return mark.replaced(slots=tuple(_slot(slot, text) for slot in mark.slots))


def _slot(slot: SlotRecord, text: str) -> SlotRecord:
    if slot.start is None or slot.end is None:
        return slot
    return slot.replaced(exact=Span.of(text, slot.start, slot.end).exact)


def _evidence(one: LabelledSpan, text: str) -> LabelledSpan:
    return one.replaced(exact=Span.of(text, one.start, one.end).exact)

"""The texts of a file in one of the forms of a dataset, on their way into a project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from annotator.errors import InputError, PartUnread
from annotator.formats.dialect import Dialect
from annotator.formats.guessing import require_form
from annotator.formats.incoming import Incoming, taken
from annotator.formats.told import Told
from annotator.model.readout import Event, Metadata
from annotator.model.record import DocumentRow
from annotator.tomlfile import explain

_SHARED: Final = sorted(
    # A readout that is added is no sample here, whatever it was where it comes from.
    (set(Metadata.model_fields) & set(DocumentRow.model_fields)) - {"sample"}
)


def texts(form: Dialect, path: Path) -> Iterator[Incoming | InputError]:
    """Yield each text of a file once, whoever coded it, and what is wrong with the others.

    What is known about a readout comes along where a dataset of ours tells it; where whole readouts
    lie beside its sentences, they are what is taken. Raises as `Dialect.read` does.
    """
    seen: set[tuple[str, str]] = set()
    sentences: list[Told] = []
    readouts: set[str] = set()
    require_form(form, path)
    for told in form.read(path):
        if isinstance(told, PartUnread):
            continue  # The text is whole, and it is all that is wanted.
        if isinstance(told, InputError):
            yield told
        elif told.lacks:
            yield InputError(
                f"{told.place} holds no text.", "Add the readouts, and take the marks in after."
            )
        elif told.rows and not told.document:
            sentences.append(replace(told, name=told.rows[0].readout, rows=()))
        else:
            readouts.update([told.document.readout] if told.document else [])
            yield from _once(told, seen)
    for told in sentences:
        if told.name not in readouts:
            yield from _once(told, seen)


def _once(told: Told, seen: set[tuple[str, str]]) -> Iterator[Incoming | InputError]:
    document = told.document
    key = (document.readout, document.text) if document else (told.name, told.text)
    if key in seen:
        return
    seen.add(key)
    try:
        known = metadata(document, told.place) if document else Metadata()
        text = taken(key[1], told.place)
        whole = document is not None
        yield Incoming(key[0], text, known, whole=whole, place=told.place)
    except InputError as error:
        yield error


def metadata(row: DocumentRow, place: str) -> Metadata:
    """Return what is known about a readout as the row of a dataset tells it.

    Raises InputError, with `place`, where a field holds what the metadata cannot.
    """
    said = {name: getattr(row, name) for name in _SHARED}
    event = {name: getattr(row, f"event_{name}") for name in Event.model_fields}
    try:
        return Metadata.model_validate({**said, "event": Event.model_validate(event)})
    except ValidationError as error:
        trouble = explain(error, Metadata)
        raise InputError(f"{place}: {trouble}", trouble.remedy) from error

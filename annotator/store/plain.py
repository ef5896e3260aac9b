"""The same files through TinyDB itself, as any other program reads them."""

from __future__ import annotations

from pathlib import Path

from tinydb import TinyDB

from annotator.model.edit import Document
from annotator.store import format as form


def documents(path: Path) -> dict[int, Document]:
    """Return the current documents of a journal, by key, as plain TinyDB finds them.

    Raises ValueError where TinyDB reads what is no document of ours.
    """
    with TinyDB(path, access_mode="r", encoding="utf-8") as database:
        found = {row.doc_id: dict(row) for row in database.all()}
    read: dict[int, Document] = {}
    for key, fields in found.items():
        written = fields.pop("_", {})
        document = form.document(key, None if written.get("gone") else fields)
        if document is not None:
            read[key] = document
    return read

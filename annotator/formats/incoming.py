"""What every format for readouts gives: a text on its way into a project."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.errors import InputError
from annotator.files import decode, encoded, printable
from annotator.model.readout import Metadata


@dataclass(frozen=True)
class Incoming:
    """One readout as a file from outside tells it.

    `name` is the name it wishes for, which may be hostile. `metadata` is what the file says of the
    readout, `title` a title for want of a better one. `raw` are the bytes to keep where the file is
    itself a text, with their `encoding` where they do not show it; None says that `text` was taken
    from another format and is kept instead. `note` is what whoever adds it is told of that. What is
    not `whole` may be a part of a readout. `place` names the file and the line or part of it, ready
    to be shown, where the file holds several texts; their names are none of files.
    """

    name: str
    text: str
    metadata: Metadata = field(default_factory=Metadata)
    title: str | None = None
    raw: bytes | None = None
    encoding: str | None = None
    note: str = ""
    whole: bool = True
    place: str = ""


def taken(text: str, name: str) -> str:
    """Return text from another format as a file of its own will give it back.

    Raises InputError where such a file would be refused, or where there is nothing to read.
    """
    found = decode(encoded(text.lstrip("\ufeff"), name), name=name).text
    require_words(found, name)
    return found


def require_words(text: str, name: str) -> None:
    """Raise InputError where a text has no words."""
    if not text.strip():
        raise InputError(f"{printable(name)} holds no text.")

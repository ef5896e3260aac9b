"""What every store asks of a coding, whichever way it keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from annotator.errors import DamagedFile, InputError, MarkError, TextChanged
from annotator.files import printable
from annotator.model.edit import CAST, Document, Edit
from annotator.model.entity import Cast
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.store.base import Header

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def is_name(text: str) -> bool:
    """Tell whether a coder or a readout can have this name: it becomes that of a file."""
    return _NAME.fullmatch(text) is not None


def require_names(coder: str, readout: str) -> None:
    """Raise InputError where a coder or a readout has a name that no file can have."""
    for name in (coder, readout):
        if not is_name(name):
            raise InputError(
                f"“{printable(name)}” cannot be the name of a coder or a readout.",
                "Use letters, digits, dots, underscores and hyphens of ASCII.",
            )


def require_place(header: Header, coder: str, readout: str, *, sample: bool, name: str) -> None:
    """Raise InputError where a journal says that it belongs elsewhere; `name` is its own."""
    if (header.by, header.readout) != (coder, readout):
        raise InputError(
            f"{name} is the coding of {printable(header.readout)} by {printable(header.by)}.",
            "Move it to where it belongs.",
        )
    if header.sample != sample:
        problem = "comes with the program" if header.sample else "is no sample"
        raise InputError(
            f"{name} {problem} and does not belong here.", "Move it to where it belongs."
        )


def require_bytes(header: Header, readout: Readout) -> None:
    """Raise TextChanged where the readout's bytes are not those that the journal belongs to."""
    if not are_bytes(header, readout):
        raise TextChanged(
            f"The readout {printable(readout.id)} changed since {printable(header.by)} began"
            " to code it.",
            f"See what moved, and move the coding, with “annotator reanchor {readout.id}”, or put"
            " the old bytes back.",
        )


def are_bytes(header: Header, readout: Readout) -> bool:
    """Tell whether the readout's bytes are those that the journal belongs to."""
    return (header.source, header.text) == (readout.sha256, readout.text_sha256)


def model(key: int) -> type[Sentence] | type[Cast]:
    """Return what the document of a key is."""
    return Cast if key == CAST else Sentence


def require_form(edit: Edit) -> None:
    """Raise ValueError where an edit is none that can be kept.

    It touches some documents, each of them once, and only the cast stands at the cast's key.
    """
    keys = {change.key for change in edit.changes}
    if not keys or len(keys) < len(edit.changes) or min(keys) < 0:
        raise ValueError("an edit touches some documents, and each of them once")
    for change in edit.changes:
        if change.after is not None and not isinstance(change.after, model(change.key)):
            raise ValueError("the cast, and nothing else, stands at the cast's key")


def require_quotes(edit: Edit, text: str) -> None:
    """Raise MarkError where an edit quotes words that the text does not have there."""
    key = misquoted(written(edit), text)
    if key is not None:
        raise MarkError(
            f"“{printable(edit.what)}” quotes words that the readout does not have there"
            f" (item {key})."
        )


def require_quoted(docs: Mapping[int, Document], text: str, name: str) -> None:
    """Raise DamagedFile where a journal's state quotes words that the text does not have there."""
    key = misquoted(docs.items(), text)
    if key is not None:
        raise DamagedFile(
            f"{name}: item {key} quotes words that the readout does not have there.",
            "Put back a sound copy, from git or a backup.",
        )


def overlaps(docs: Mapping[int, Document]) -> Iterator[tuple[int, int]]:
    """Yield the keys of neighbouring sentences that share characters."""
    places = sorted(
        (doc.start, doc.end, key) for key, doc in docs.items() if isinstance(doc, Sentence)
    )
    for (_, end, key), (start, _, other) in pairwise(places):
        if start < end:
            yield key, other


def written(edit: Edit) -> Iterator[tuple[int, Document | None]]:
    """Yield the key of each changed document, and the document after the edit."""
    return ((change.key, change.after) for change in edit.changes)


def misquoted(docs: Iterable[tuple[int, Document | None]], text: str) -> int | None:
    """Return the key of a sentence whose words are not the text's at their place, or None."""
    return next((key for key, doc in docs if not _quotes(doc, text)), None)


def _quotes(document: Document | None, text: str) -> bool:
    if not isinstance(document, Sentence):
        return True
    return text[document.start : document.end] == document.text and all(
        span.holds(text) for mark in document.marks for span in mark.spans()
    )

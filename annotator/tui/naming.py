"""Names in place of ids, in what the program says to a coder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook, Layer
    from annotator.model.edit import Edit
    from annotator.model.mark import Mark
    from annotator.model.sentence import Sentence

_ID = re.compile(r"[\w.]+")
_CHANGE = "change "
_DOTTED = re.compile(r"\w+(?:\.\w+)+")


def named(said: str, book: Codebook) -> str:
    """Return words of the program with the tags of labels in place of their ids.

    An id without a dot is a word that reads as one, and may be meant as one.
    """
    return _DOTTED.sub(lambda found: tag(found.group(), book), said)


def unnamed(layer: Layer, mark: Mark) -> str:
    """Say why a mark names nobody in its entry: the text does not, or the coder did not look."""
    slot = layer.slot(layer.entry)
    if mark.none_stated(layer.entry) or slot is None:
        return "nobody named"
    return f"{slot.name.lower()} not coded"


def not_asked(book: Codebook, sentence: Sentence) -> str:
    """Name the layers of a decided sentence that nobody is known to have looked at."""
    unasked = sentence.unasked(layer.id for layer in book.layers)
    return ", ".join(layer.name for layer in book.layers if layer.id in unasked)


def act(edit: Edit, book: Codebook) -> str:
    """Say what an edit did, with the tags of the labels that it gave, changed or took."""
    from annotator.model.sentence import Sentence
    from annotator.pipeline.wording import deed

    ids = {
        mark.label
        for change in edit.changes
        for document in (change.before, change.after)
        if isinstance(document, Sentence)
        for mark in (*document.marks, *document.unplaced)
    }
    return _ID.sub(
        lambda found: tag(found.group(), book) if found.group() in ids else found.group(),
        deed(edit),
    )


def walked(edit: Edit, book: Codebook, *, back: bool) -> str:
    """Say what an undo took back or a redo made again, and what of it stays elsewhere.

    Of a mark that was changed it is said in what: many acts in a row change the same one.
    """
    from annotator.model.bulk import is_of_register
    from annotator.pipeline.wording import parts

    verb = "undone" if back else "done again"
    if is_of_register(edit):
        verb += " in this coding alone, not in metadata or other readouts"
    said = act(edit, book)
    if said.startswith(_CHANGE) and (changed := parts(edit)):
        names = dict.fromkeys(_part(book.layer(layer), part) for layer, part in changed)
        said = f"{said.removeprefix(_CHANGE)}: {', '.join(names)}"
    return f"{verb}: {said}"


def _part(layer: Layer | None, part: str) -> str:
    slot = layer.slot(part) if layer else None
    return slot.name.lower() if slot else {"label": "kind"}.get(part, part)


def tag(label_id: str, book: Codebook) -> str:
    """Return the tag of the label that has an id; the id itself where none has it."""
    labels = (layer.label(label_id) for layer in book.layers)
    return next((label.tag for label in labels if label is not None), label_id)

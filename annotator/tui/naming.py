"""Names in place of ids, in what the program says to a coder."""

from __future__ import annotations

import re

from annotator.model.codebook import Codebook

_DOTTED = re.compile(r"\w+(?:\.\w+)+")


def named(said: str, book: Codebook) -> str:
    """Return words of the program with the tags of labels in place of their ids.

    An id without a dot is a word that reads as one, and may be meant as one.
    """
    return _DOTTED.sub(lambda found: _tag(found.group(), book), said)


def _tag(label_id: str, book: Codebook) -> str:
    labels = (layer.label(label_id) for layer in book.layers)
    return next((label.tag for label in labels if label is not None), label_id)

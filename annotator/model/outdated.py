"""Labels that the words of a codebook name by an id under which they are not given any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.model.codebook import Codebook, Layer

# An id without a dot is a word that reads as one, and may be meant as one.
_DOTTED = re.compile(r"(?<![\w.])\w+(?:\.\w+)+")
_TEXTS = ("definition", "include", "exclude")

Place = tuple[str | int, ...]
"""Where in a codebook's file a text stands, as `key_lines` takes it."""


def fate(layer: Layer, label_id: str) -> str:
    """Say what became of the label that has or had an id; empty where it is given under that."""
    label = layer.label(label_id)
    if label is None:
        return ""
    now = layer.current(label_id)
    standing = layer.label(now)
    if standing is not None and standing.retired is not None:
        return f"now {' or '.join(standing.into)}" if standing.into else "retired"
    return f"now {now}" if now != label_id else ""


def not_given(layer: Layer, label_id: str) -> str | None:
    """Say in one sentence why a label cannot be given any more, or None where it can.

    One that was renamed or merged can: what it is now is given.
    """
    label = layer.label(layer.current(label_id))
    if label is None or label.retired is None:
        return None
    into = f"; it became {' or '.join(label.into)}" if label.into else ""
    return f"“{label.id}” was retired in {label.retired} and is not given any more{into}."


def led_to(layer: Layer, label_id: str) -> str:
    """Name the label that an answer leads to now, and say where it is not given; empty for none."""
    label = layer.label(layer.current(label_id))
    if label is None:
        return ""
    became = fate(layer, label.id)
    return f"{label.name} ({became})" if became else label.name


def noted(layer: Layer, text: str) -> str:
    """Return a text with what became of each label behind its id, where it is not given by that."""

    def said(found: re.Match[str]) -> str:
        became = fate(layer, found[0])
        return f"{found[0]} ({became})" if became else found[0]

    return _DOTTED.sub(said, text)


def outdated(book: Codebook) -> Iterator[tuple[Place, str, str]]:
    """Yield where a text names a label that is not given any more by that id, the id and its fate.

    What is said of labels that are retired themselves is left out.
    """
    for number, layer in enumerate(book.layers):
        for place, text, is_id in _texts(layer):
            for label_id in [text] if is_id else _DOTTED.findall(text):
                became = fate(layer, label_id)
                if became:
                    yield ("layers", number, *place), label_id, became


def _texts(layer: Layer) -> Iterator[tuple[Place, str, bool]]:
    """Yield the texts of a layer with their places, and whether one is nothing but an id."""
    for name in ("rules", "edge_cases"):
        for place, text in enumerate(getattr(layer, name)):
            yield (name, place), text, False
    for number, label in enumerate(layer.labels):
        for name in _TEXTS if label.retired is None else ():
            said = getattr(label, name)
            for text in [said] if isinstance(said, str) else said:
                yield ("labels", number, name), text, False
    for number, question in enumerate(layer.questions):
        here: Place = ("questions", number)
        for name in ("ask", "hint"):
            yield (*here, name), getattr(question, name), False
        for place, answer in enumerate(question.answers):
            for name in ("name", "hint"):
                yield (*here, "answers", place, name), getattr(answer, name), False
            if answer.label:
                yield (*here, "answers", place, "label"), answer.label, True

"""What a coder decided before under a label: the sentences most like one in work come first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError
from annotator.files import sha256
from annotator.model.likeness import Bag, bag, likeness
from annotator.pipeline.postings import Wanted
from annotator.pipeline.project import Project
from annotator.pipeline.revise import bearing, never

if TYPE_CHECKING:
    from annotator.model.codebook import Label, Layer
    from annotator.model.sentence import Sentence
    from annotator.pipeline.index import Index

MOST: Final = 12
"""How many precedents are told."""
MOST_READOUTS: Final = 300
"""In how many readouts they are looked for, at most."""
MOST_JOURNALS: Final = 2_000
"""How many journals are looked at for what the index does not know, at most."""
MOST_SENTENCES: Final = 5_000
"""How many sentences are compared, at most."""
LONGEST: Final = 2_000
"""Code points of a sentence that are compared and shown."""


@dataclass(frozen=True)
class Precedent:
    """A sentence that bears a label, or for which it was considered and `rejected`.

    `start` is a code point of its readout, `likeness` to the sentence in work is from 0.0 to 1.0.
    """

    readout: str
    start: int
    text: str
    rejected: bool = False
    likeness: float = 0.0


def precedents(
    project: Project,
    coder: str,
    layer: str,
    label: str,
    text: str = "",
    *,
    index: Index | None = None,
    here: tuple[str, int] | None = None,
    most: int = MOST,
    stopped: Callable[[], bool] = never,
) -> list[Precedent]:
    """Return what a coder decided under a label, most like `text` first.

    Without a text they come by readout. `here` is the readout and start of the sentence in work,
    which is no precedent of itself. With `index`, which is to be up to date, only texts are read
    for sentences that bear the label; those that rejected it are looked for in the journals.
    """
    own = bag(text[:LONGEST])
    found: dict[tuple[str, int], Precedent] = {}
    for one in islice(_found(project, coder, layer, label, index, stopped), MOST_SENTENCES):
        if stopped():
            return []
        if (one.readout, one.start) != here:
            found.setdefault((one.readout, one.start), _compared(one, own))
    ordered = sorted(found.values(), key=lambda one: (-one.likeness, one.readout, one.start))
    return ordered[:most]


def _compared(one: Precedent, own: Bag) -> Precedent:
    return replace(one, likeness=likeness(own, bag(one.text))) if own else one


def _found(
    project: Project,
    coder: str,
    layer: str,
    label: str,
    index: Index | None,
    stopped: Callable[[], bool],
) -> Iterator[Precedent]:
    known = project.codebook.layer(layer)
    entry = known.label(label) if known else None
    ids = (label, *(entry.was if entry else ()))
    if index is not None:
        for one in ids:
            yield from _indexed(project, coder, layer, one, index)
    yield from _read(project, coder, layer, ids, stopped)


def _indexed(
    project: Project, coder: str, layer: str, label: str, index: Index
) -> Iterator[Precedent]:
    """Yield sentences that the index knows to bear a label and to be done."""
    terms = [Wanted((term,)) for term in (("layer", layer), ("label", label), ("state", "done"))]
    for hits in islice(index.postings.places(coder, terms), MOST_READOUTS):
        try:
            text = project.readout(hits.readout).text
        except AnnotatorError:
            continue
        if sha256(text.encode()) == hits.text:
            for spot in hits.spots:
                yield Precedent(hits.readout, spot.start, text[spot.start : spot.end][:LONGEST])


def _read(
    project: Project,
    coder: str,
    layer: str,
    ids: tuple[str, ...],
    stopped: Callable[[], bool],
) -> Iterator[Precedent]:
    """Yield decided sentences from the journals, also those that rejected a label."""
    naming = bearing(project, coder, ids, stopped, most=MOST_JOURNALS)
    for readout, snapshot in islice(naming, MOST_READOUTS):
        if isinstance(snapshot, str):
            continue
        for _, sentence in snapshot.coding.sentences():
            rejected = _rejected(sentence, layer, ids)
            if rejected is not None and sentence.state in ("done", "unsure"):
                yield Precedent(readout, sentence.start, sentence.text[:LONGEST], rejected)


def _rejected(sentence: Sentence, layer: str, ids: tuple[str, ...]) -> bool | None:
    """Tell whether a sentence rejected a label, None where it says nothing of it."""
    own = [mark.rejected for mark in sentence.marks if mark.layer == layer and mark.label in ids]
    return all(own) if own else None


def places(coder: str, layer: Layer, label: Label, index: Index) -> Iterator[tuple[str, int, str]]:
    """Yield the sentences of a coder that bear a label, each as readout, start and nothing more.

    Raises StorageError where a folder cannot be listed.
    """
    index.refresh(coder=coder, metadata=False)
    for name in (label.id, *label.was):
        terms = [Wanted((("layer", layer.id),)), Wanted((("label", name),))]
        for hits in index.postings.places(coder, terms):
            yield from ((hits.readout, spot.start, "") for spot in hits.spots)

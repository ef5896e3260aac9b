"""How a coder's work on a readout begins: with what others began with, else newly cut sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.config import SAMPLE_CODER
from annotator.errors import AnnotatorError, InputError, StorageError
from annotator.model.edit import CAST, Change, Coding, Document, Edit, beginning, begun
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.segment import SEGMENTER
from annotator.store import Header, Store

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


@dataclass(frozen=True)
class Original:
    """How, and at what time, somebody began to code a text."""

    at: str
    segmenter: str
    coding: Coding


def original(project: Project, readout: Readout) -> Original | None:
    """Return how the first who coded this text began, None where nobody did."""
    first = None
    for store in (project.samples(), project.store()):
        for coder in store.coders():
            first = _begun(store, coder, readout, first) or first
    return first


def header(project: Project, coder: str, readout: Readout, first: Original | None) -> Header:
    """Return what a new journal says of itself, where `first` is how somebody began."""
    return Header(
        readout=readout.id,
        by=coder,
        source=readout.sha256,
        text=readout.text_sha256,
        segmenter=first.segmenter if first else SEGMENTER,
        codebook=project.codebook.stamp,
        sample=coder == SAMPLE_CODER,
    )


def first_edit(project: Project, readout: Readout, first: Original | None, at: str) -> Edit:
    """Return the act that begins a journal; raises InputError where there are no words to code."""
    sentences = _uncoded(first) if first else project.segment(readout)
    if not sentences:
        raise InputError(
            f"The readout {readout.id} has no words to code.",
            "Put its text into the file, or take the file out of seeds.",
        )
    documents: dict[int, Document] = {CAST: readout.cast, **dict(enumerate(sentences, 1))}
    changes = (Change(key=key, before=None, after=document) for key, document in documents.items())
    return Edit(act="import", at=at, what="import", changes=tuple(changes))


def gone(coder: str, readout_id: str) -> Edit:
    """Begin nothing where something was begun before: raises StorageError."""
    raise StorageError(
        f"The file of {coder}'s coding of {readout_id} is gone.",
        "Put it back; what is not saved waits here.",
    )


def _begun(store: Store, coder: str, readout: Readout, before: Original | None) -> Original | None:
    """Return how a coder began to code a text, None for whoever did not, or not before another."""
    try:
        snapshot = store.read(coder, readout.id)
        if snapshot is None or snapshot.header.text != readout.text_sha256:
            return None
        history = snapshot.history
        # To read a whole one takes its time, and there is only one text where none is earlier.
        acts = history if snapshot.header.earlier else [history[0]]
        at = acts[beginning(acts)].at
        if before is not None and before.at <= at:
            return None
        _, coding = begun(acts)
        return Original(at, snapshot.header.segmenter, coding)
    except AnnotatorError:  # It is for its coder to mend, and no reason not to code.
        return None


def _uncoded(first: Original) -> tuple[Sentence, ...]:
    """Return the sentences that somebody began with."""
    return tuple(
        Sentence(start=sentence.start, end=sentence.end, role=sentence.role, text=sentence.text)
        for _, sentence in first.coding.sentences()
    )

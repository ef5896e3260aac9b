"""One coder's work on one readout, with what of it is exported, and whether it is sound."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Protocol

from annotator import __version__
from annotator.errors import InputError
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding
from annotator.model.mark import Certainty, Mark, Origin
from annotator.model.readout import Readout
from annotator.model.renewal import renewed
from annotator.model.sentence import Sentence
from annotator.model.splitting import Split
from annotator.model.text import State

TOPICS = "topics"
SPEAKERS = "speakers"
COMMITMENTS = "commitments"
VOICE = "voice"


_ORIGIN: Final[Origin] = "human"
_CERTAINTY: Final[Certainty] = "high"
"""What a sentence without any mark is of: a person decided, and noted no doubt."""


class HeaderLike(Protocol):
    """What the rows need to know of a journal."""

    @property
    def by(self) -> str:
        """The coder."""

    @property
    def segmenter(self) -> str:
        """What cut the text into sentences."""

    @property
    def sample(self) -> bool:
        """Whether the coding is a sample that came with the program."""


@dataclass(frozen=True)
class Work:
    """One coder's work on one readout, and what of it is to become rows.

    `states` are the states of a sentence that are exported; `layers` limits the marks to those
    layers, None takes all. A sentence with a mark, given or refused, whose origin or certainty is
    not among `origins` and `certainties` is not exported at all: without that mark it would say
    that nothing was found. A sentence without any mark is `human` and `high`. `split` is the
    readout's. Where all must be `asked`, a sentence with a layer that is `unasked` is not exported,
    either. `adjudicated` says whether this is the coding that holds where coders differ, None
    where none does. Raises InputError, when rows are made, where a mark is not of the codebook or a
    span does not lie where it says.
    """

    readout: Readout
    header: HeaderLike
    coding: Coding
    codebook: Codebook
    states: frozenset[State] = frozenset({"done"})
    layers: frozenset[str] | None = None
    split: Split | None = None
    origins: frozenset[Origin] | None = None
    certainties: frozenset[Certainty] | None = None
    adjudicated: bool | None = None
    asked: bool = False

    @property
    def coder(self) -> str:
        """Who coded."""
        return self.header.by

    @cached_property
    def _around_ids(self) -> tuple[str, str]:
        return f"{self.readout.id}#", f"@{self.coder}"

    def sentence_id(self, key: int) -> str:
        """Return the id of a sentence's row; `key` is its name in the coding."""
        before, after = self._around_ids
        return f"{before}{key}{after}"

    def mark_id(self, mark_id: str) -> str:
        """Return the id that a mark has in the rows."""
        before, after = self._around_ids
        return f"{before}{mark_id}{after}"

    @cached_property
    def sentences(self) -> tuple[tuple[int, Sentence], ...]:
        """Every sentence with its name, in reading order; marks have the labels of now."""
        renamed = renewed(self.codebook, self.coding)
        every = self.coding.sentences()
        return tuple((key, renamed.get(key, one)) for key, one in every) if renamed else every

    @cached_property
    def chosen(self) -> tuple[tuple[int, Sentence], ...]:
        """The sentences that become rows, in reading order."""
        if not self.asked:
            return self.fitting
        return tuple(one for one in self.fitting if not self.unasked(one[1]))

    @cached_property
    def fitting(self) -> tuple[tuple[int, Sentence], ...]:
        """The sentences whose state and marks are among those that are exported."""
        return tuple(
            (key, sentence)
            for key, sentence in self.sentences
            if sentence.state in self.states and self._wants(sentence)
        )

    def _wants(self, sentence: Sentence) -> bool:
        if self.origins is None and self.certainties is None:
            return True
        marks = self.listed(sentence)
        origins = {mark.provenance.origin for mark in marks} or {_ORIGIN}
        certainties = {mark.certainty for mark in marks} or {_CERTAINTY}
        return (self.origins is None or origins <= self.origins) and (
            self.certainties is None or certainties <= self.certainties
        )

    @cached_property
    def standing(self) -> dict[str, Mark]:
        """Every mark of the readout that is not rejected, by its id."""
        return {
            mark.id: mark
            for _, sentence in self.sentences
            for mark in sentence.marks
            if not mark.rejected
        }

    @cached_property
    def row_marks(self) -> frozenset[str]:
        """The ids of the marks that have rows of their own."""
        return frozenset(
            mark.id
            for _, sentence in self.chosen
            for mark in self.listed(sentence)
            if mark.layer in (SPEAKERS, COMMITMENTS) and not mark.rejected
        )

    @cached_property
    def about(self) -> dict[str, Any]:
        """The fields that every row of the readout repeats."""
        metadata, event = self.readout.metadata, self.readout.metadata.event
        return {
            "readout": self.readout.id,
            "split": self.split,
            "title": self.readout.title,
            "doc_kind": metadata.doc_kind,
            "told_by": metadata.issuing_side,
            "issuer": metadata.issuer,
            "language": metadata.language,
            "is_translation": metadata.is_translation,
            "publication_date": metadata.publication_date,
            "licence": metadata.licence,
            "sample": self.header.sample or metadata.sample,
            "event_id": event.id,
            "event_type": event.type,
            "event_date": event.date,
            "event_participants": event.participants,
        }

    @cached_property
    def made_of(self) -> dict[str, Any]:
        """The fields that every sentence's row repeats of what it was made of."""
        return {
            "codebook": self.codebook.name,
            "codebook_version": self.codebook.version,
            "sha256": self.readout.sha256,
            "text_sha256": self.readout.text_sha256,
            "segmenter": self.header.segmenter,
            "annotator_version": __version__,
            "adjudicated": self.adjudicated,
        }

    @cached_property
    def listed_marks(self) -> frozenset[str]:
        """The ids of the marks that stand in the rows of their sentences."""
        return frozenset(mark.id for _, sentence in self.chosen for mark in self.listed(sentence))

    @property
    def lost_references(self) -> Iterator[Mark]:
        """Each mark of the rows that refers to one that is in none, once for each reference."""
        for _, sentence in self.chosen:
            for mark in self.listed(sentence):
                for slot in self._referring.get(mark.layer, ()):
                    for value in mark.slots.get(slot, ()):
                        if value.type == "ref" and value.mark not in self.listed_marks:
                            yield mark

    @cached_property
    def _referring(self) -> Mapping[str, Sequence[str]]:
        return {layer.id: layer.references for layer in self.codebook.layers}

    def slots(self, mark: Mark) -> Collection[str]:
        """Return the ids of the slots that a mark may fill, in the order of the codebook."""
        layer = self.codebook.layer(mark.layer)
        return (layer.slots_by_id(mark.label) if layer else None) or ()

    @cached_property
    def row_layers(self) -> tuple[str, ...]:
        """The layers whose marks are exported, in the order of the codebook."""
        return tuple(layer.id for layer in self.codebook.layers if self.includes(layer.id))

    def includes(self, layer: str) -> bool:
        """Tell whether a layer's marks are exported."""
        return self.layers is None or layer in self.layers

    def listed(self, sentence: Sentence) -> tuple[Mark, ...]:
        """Return the marks of the layers that are exported, rejected ones among them."""
        if self.layers is None:
            return sentence.marks
        return tuple(mark for mark in sentence.marks if mark.layer in self.layers)

    def unasked(self, sentence: Sentence) -> tuple[str, ...]:
        """Return the exported layers that nobody is known to have looked at, of the sentence."""
        return sentence.unasked(self.row_layers)


def require_sound(work: Work, key: int, sentence: Sentence) -> None:
    """Raise InputError where the sentence or a mark of it cannot be exported as it is.

    The words in the slots of the marks are not looked at.
    """
    if work.readout.text[sentence.start : sentence.end] != sentence.text:
        raise moved(work, key, sentence.start, sentence.end)
    check = work.codebook.check
    for mark in work.listed(sentence):
        problem = check(mark)
        if problem:
            raise InputError(
                f"{_place(work, key)}: {problem}",
                "Change the mark, or bring the label back into the codebook.",
            )


def _place(work: Work, key: int) -> str:
    return f"{work.readout.id}, sentence {key}, coder {work.coder}"


def moved(work: Work, key: int, start: int, end: int) -> InputError:
    """Return the error that says that words of a sentence do not stand where they were marked."""
    return InputError(
        f"{_place(work, key)}: the characters {start} to {end} of the readout are not the words"
        " that were marked.",
        "Run “annotator check”.",
    )

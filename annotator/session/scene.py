"""A sentence, and what is known around it when something is proposed for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from annotator.model.codebook import Codebook
from annotator.model.entity import Cast
from annotator.model.language import read_as
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.session.timeframe import day_of


@dataclass(frozen=True)
class Scene:
    """A sentence and what is known around it: the readout, its cast, the codebook."""

    codebook: Codebook
    readout: Readout
    sentence: Sentence
    cast: Cast

    @property
    def text(self) -> str:
        """The readout's text."""
        return self.readout.text

    @property
    def language(self) -> str:
        """The letters of the readout's language; English where it is not known."""
        return read_as(self.readout.metadata.language)

    @property
    def day(self) -> date | None:
        """The day of the event, or of the publication, if one is known."""
        about = self.readout.metadata
        return day_of(about.event.date) or day_of(about.publication_date)

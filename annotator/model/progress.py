"""How far a readout is coded."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.model.edit import Coding, Edit
    from annotator.model.sentence import Sentence

AROUND_THE_TEXT = frozenset({"heading", "dateline", "boilerplate"})
"""Roles that the walk from sentence to sentence passes over; every other key reaches them."""


def waits(sentence: Sentence) -> bool:
    """Tell whether a sentence is still to be decided."""
    return sentence.state == "new" and sentence.role not in AROUND_THE_TEXT


@dataclass(frozen=True)
class Progress:
    """How far a readout is coded; `total` leaves out what stands around the text uncoded.

    `keys` and `seconds` are those of the sentences that are decided, and `keyed` how many of them
    took any key: what an act on many decided, or an import, is in no mean.
    """

    total: int = 0
    done: int = 0
    unsure: int = 0
    skipped: int = 0
    keys: int = 0
    seconds: float = 0.0
    keyed: int = 0

    @property
    def decided(self) -> int:
        """Sentences that are not new."""
        return self.done + self.unsure + self.skipped

    @property
    def keys_per_sentence(self) -> float | None:
        """Keys for each sentence that was decided by keys, None where there is none."""
        return self.keys / self.keyed if self.keyed else None

    @property
    def seconds_per_sentence(self) -> float | None:
        """Seconds for each sentence that was decided by keys, None where there is none."""
        return self.seconds / self.keyed if self.keyed else None

    @classmethod
    def of(cls, coding: Coding) -> Progress:
        """Count a coding's sentences."""
        progress = cls()
        for _, sentence in coding.sentences():
            progress = progress._with(sentence, 1)
        return progress

    def after(self, edit: Edit) -> Progress:
        """Count again only what an edit changed."""
        # Whoever only shows counts that others made does without.
        from annotator.model.sentence import Sentence

        progress = self
        for change in edit.changes:
            if isinstance(change.before, Sentence):
                progress = progress._with(change.before, -1)
            if isinstance(change.after, Sentence):
                progress = progress._with(change.after, 1)
        return progress

    def plus(self, other: Progress) -> Progress:
        """Add two counts."""
        return Progress(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def _with(self, sentence: Sentence, sign: int) -> Progress:
        if sentence.state == "new" and sentence.role in AROUND_THE_TEXT:
            return self
        if sentence.state == "new":
            return replace(self, total=self.total + sign)
        return replace(
            self,
            total=self.total + sign,
            done=self.done + sign * (sentence.state == "done"),
            unsure=self.unsure + sign * (sentence.state == "unsure"),
            skipped=self.skipped + sign * (sentence.state == "skipped"),
            keys=self.keys + sign * sentence.keys,
            seconds=exactly(self.seconds + sign * sentence.seconds),
            keyed=self.keyed + sign * (sentence.keys > 0),
        )


def exactly(seconds: float) -> float:
    """Return a sum without what adding and taking away leaves of fractions, nor a minus at zero."""
    return round(seconds, 3) + 0.0

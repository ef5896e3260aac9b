"""What is suggested for a readout, sentence by sentence, as far as nobody answered it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from annotator.model.codebook import Codebook
from annotator.model.sentence import Sentence
from annotator.model.suggestion import Suggestion


class Suggested:
    """The suggestions for a readout that fit its text and its codebook.

    They are found by the words they are for, wherever sentences begin and end now. While they are
    not `shown`, none is there: whoever codes blind takes nothing that is suggested.
    """

    def __init__(
        self, book: Codebook, found: Iterable[Suggestion] = (), *, shown: bool = True
    ) -> None:
        self.shown = shown
        self._book = book
        self._layers = {layer.id: place for place, layer in enumerate(book.layers)}
        self._found = sorted(found, key=lambda one: one.span.start)
        self._starts = [one.span.start for one in self._found]
        self._longest = max((one.span.end - one.span.start for one in self._found), default=0)
        self._near: dict[tuple[int, int], tuple[Suggestion, ...]] = {}

    def __len__(self) -> int:
        return len(self._found)

    def of(self, sentence: Sentence) -> tuple[Suggestion, ...]:
        """Return what is suggested for a sentence and not answered by its marks.

        They come in the order of the codebook's layers, the surest first.
        """
        if not self.shown or not self._found:
            return ()
        near = self._near.get((sentence.start, sentence.end))
        if near is None:
            near = self._near[sentence.start, sentence.end] = self._around(sentence)
        return tuple(one for one in near if not self.answered(one, sentence)) if near else ()

    def _around(self, sentence: Sentence) -> tuple[Suggestion, ...]:
        first = bisect_left(self._starts, sentence.start - self._longest)
        last = bisect_left(self._starts, sentence.end)
        near = (one for one in self._found[first:last] if one.span.end > sentence.start)
        return tuple(sorted(near, key=self._rank))

    def _rank(self, one: Suggestion) -> tuple[int, float, str, str]:
        return self._layers.get(one.layer, 0), -(one.score or 0), one.label, one.source

    def of_label(self, sentence: Sentence, layer: str, label: str) -> Suggestion | None:
        """Return the surest suggestion of a label for a sentence, or None."""
        alike = (one for one in self.of(sentence) if one.layer == layer and one.label == label)
        return next(alike, None)

    def answered(self, one: Suggestion, sentence: Sentence) -> bool:
        """Tell whether the marks of a sentence say or refuse what is suggested.

        In a layer of which one label stands, whichever stands is the answer.
        """
        layer = self._book.layer(one.layer)
        if layer is not None and not layer.multiple and sentence.of_layer(layer.id):
            return True
        return one.answered_by(sentence.marks)

"""Which of a sentence's stretches are likely to be the words for a slot.

A stretch is likely where the cast or the rules say what it is, or where it shares words with what
the codebook says of the label. Without such a reason there is none: the coder chooses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from annotator.model.codebook import Label, Layer
from annotator.model.entity import Cast
from annotator.model.sentence import Sentence
from annotator.session import propose, words
from annotator.session.candidates import Candidate, Kind
from annotator.session.words import Range

_KINDS: Final[dict[str, Kind]] = {"cue": "cue", "timeframe": "date"}
"""What the words of a slot look like, where they always look so."""
_SHORTEST: Final = 4
"""Letters of a word that may say what a label is about."""
_STEM: Final = 6
"""Letters by which two forms of a word are one."""
_SMALL_WORDS: Final = """
about after also been came come first from have into itself long many more most other same some such
take than that their them then there these they this those took were what when where which whose
will with words would
"""
_SAYS_NOTHING: Final = frozenset(_SMALL_WORDS.split())
"""Words that may stand with one label only, and yet are about nothing."""
_FEW_LABELS: Final = 2
"""Labels of a layer that may speak of a word which is to tell them apart."""


def of_entity(cast: Cast, text: str, sentence: Sentence, entity: str) -> Range | None:
    """Return the words of a sentence that name somebody first."""
    mentions = propose.find_mentions(cast, text, sentence.start, sentence.end)
    return next(((m.start, m.end) for m in mentions if m.entity == entity), None)


def of_slot(
    layer: Layer, label: Label, slot: str, text: str, found: Sequence[Candidate]
) -> Range | None:
    """Return the candidate that is likeliest the words for a slot of a label, None where none is.

    Of several that share as many words with the label it is the shortest, and then the first.
    """
    kind = _KINDS.get(slot)
    if kind is not None:
        return next(((one.start, one.end) for one in found if one.kind == kind), None)
    if any(other.required for other in layer.slots_of(label.id)):
        # What such a mark is about is told by its other slots, and a label by no words.
        return None
    telling = _telling(layer, label)
    shared = [(len(telling & _stems(text[one.start : one.end])), one) for one in found]
    likely = [(-count, one.end - one.start, one.start) for count, one in shared if count]
    if not likely:
        return None
    _, length, start = min(likely)
    return start, start + length


def shared_words(layer: Layer, label: Label, words_of_it: str) -> int:
    """Return how many words a stretch shares with what the codebook says of this label alone."""
    return len(_telling(layer, label) & _stems(words_of_it))


def _telling(layer: Layer, label: Label) -> frozenset[str]:
    """Return the words by which a label is told from the others of its layer."""
    spoken = {one.id: _stems(_said(one)) for one in layer.labels}
    of_how_many = Counter(stem for stems in spoken.values() for stem in stems)
    return frozenset(s for s in spoken[label.id] if of_how_many[s] <= _FEW_LABELS)


def _said(label: Label) -> str:
    return " ".join((label.name, label.short, label.definition, *label.include, *label.examples))


def _stems(text: str) -> frozenset[str]:
    written = {text[start:end].casefold() for start, end in words.words(text, 0, len(text))}
    told = written - _SAYS_NOTHING
    return frozenset(word[:_STEM] for word in told if len(word) >= _SHORTEST)

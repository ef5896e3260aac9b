"""How alike two stretches of text are in their words.

The measure is the weighted Jaccard index over words and pairs of neighbouring words, without case:
what both have, divided by what either has (Ruzicka 1958). It is 1.0 for the same words in the same
order, 0.0 where no word is shared. Words are the same however Unicode writes them: an accent on its
letter or behind it, a full-width digit, a ligature, a soft hyphen or joiner within.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from unicodedata import normalize

Bag = Counter[str]
"""How often each word and each pair of neighbours stands in a text."""

# Chinese, Japanese, Thai, Lao, Burmese and Khmer put no blanks between words, so each of their
# characters counts as one.
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Accents, points and vowel signs, which are no letters by themselves. NFKC leaves them behind their
# letter where no code point has both.
_SIGNS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06ed\u0900-\u0963\u0966-\u0dff"
)
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}](?:[^\W_{_ALONE}]|[{_SIGNS}])*")

_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+"
)
"""What is not seen, or only stretches a word: soft hyphens, joiners, direction, tatweel."""


def bag(text: str) -> Bag:
    """Count the words of a text and the pairs of its neighbouring words."""
    words = folded(text)
    return Counter([*words, *pairs(words)])


def folded(text: str) -> list[str]:
    """Return the words of a text in their order, normalised and without case."""
    return [word.casefold() for word in _WORD.findall(normalised(text))]


def normalised(text: str) -> str:
    """Return a text as its words are told apart: in NFKC, and without what is not seen in them.

    Offsets of what is returned are not those of the text.
    """
    return text if text.isascii() else normalize("NFKC", _UNSEEN.sub("", text))


def pairs(words: Sequence[str]) -> Iterator[str]:
    """Yield each word with the one behind it, as a bag holds them."""
    return (f"{one} {other}" for one, other in pairwise(words))


def likeness(one: Bag, other: Bag) -> float:
    """Return how alike two bags are, between 0.0 and 1.0; two empty ones share nothing."""
    either = (one | other).total()
    return (one & other).total() / either if either else 0.0

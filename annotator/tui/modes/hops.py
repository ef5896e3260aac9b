"""Letters for the words of a sentence: which word is where under which key."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from annotator.session import words
from annotator.session.candidates import Candidate
from annotator.session.words import Range

HOP_KEYS: Final = "asdfghjklqwertyuiopzxcvbnm"
"""The home row first: what is hopped to most often is under the fingers."""
BLOCK: Final = len(HOP_KEYS)


class Hops:
    """The words of a sentence, their letters, and what may begin at each.

    Letters come again after 26 words in the same order, so that of any 26 words in a row each has
    a letter of its own; the words where candidates begin have the letters that are reached best.
    """

    def __init__(
        self, text: str, bounds: Range, found: Sequence[Candidate], language: str = "en"
    ) -> None:
        self._language = language
        self._text = text
        self._bounds = bounds
        self.words = words.words(text, *bounds)
        self._starts = [start for start, _ in self.words]
        self._found: dict[int, list[Candidate]] = {}
        for candidate in found:
            place = self.place_of(candidate.start)
            if place is not None:
                self._found.setdefault(place, []).append(candidate)
        self._letters = self._allotted()
        self._places = {letter: n for n, letter in enumerate(self._letters)}

    def _allotted(self) -> str:
        """Give the best letters to the places of a block where most candidates begin."""
        size = min(BLOCK, len(self.words))
        many = [0] * size
        for place in self._found:
            many[place % BLOCK] += 1
        ranked = sorted(range(size), key=lambda n: -many[n])
        letters = dict(zip(ranked, HOP_KEYS, strict=False))
        return "".join(letters[n] for n in range(size))

    @property
    def candidates(self) -> list[int]:
        """The places of words where a candidate begins, in reading order."""
        return sorted(self._found)

    def place_of(self, offset: int) -> int | None:
        """Return the place of the word at a code point, or of the next; None behind the last."""
        place = bisect_right(self._starts, offset) - 1
        if place >= 0 and offset < self.words[place][1]:
            return place
        return place + 1 if place + 1 < len(self.words) else None

    def around(self, place: int) -> int:
        """Return the first of 26 words in whose middle a word stands, as far as there are words."""
        return max(0, min(place - BLOCK // 2, len(self.words) - BLOCK))

    def letter(self, place: int) -> str:
        """Return the letter of a word."""
        return self._letters[place % BLOCK]

    def at(self, letter: str, first: int) -> int | None:
        """Return which of the 26 words from `first` on has a letter, or None."""
        rest = self._places.get(letter)
        if rest is None:
            return None
        place = first + (rest - first) % BLOCK
        return place if place < len(self.words) else None

    def stretches(self, place: int) -> list[Range]:
        """Return what may begin at a word: its candidates, its phrase, the word, its clause.

        The phrase stands before the word, for more spans are one, and to end a span elsewhere takes
        a key either way.
        """
        word = self.words[place]
        found = [(start, end) for start, end, _ in self._found.get(place, ())]
        phrase, *wider = words.run_on(self._text, self._bounds, word, self._language)
        # What begins before the word, at a quotation mark, must cost no key to what begins at it.
        own = [stretch for stretch in found if stretch[0] >= word[0]]
        return list(dict.fromkeys([*(own or [phrase]), *found, phrase, word, *wider]))

    def ends(self, place: int) -> list[int]:
        """Return where a stretch may end that goes through to a word: it, then its candidates."""
        found = sorted({end for _, end, _ in self._found.get(place, ())})
        word_end = self.words[place][1]
        return [word_end, *(end for end in found if end > word_end)]

    def shown(self, small: int, capitals: int) -> tuple[tuple[int, str], ...]:
        """Return where letters stand: small ones at a block of words, CAPITALS at another.

        Both begin at the place that is given; a word that is in both has its small letter.
        """
        block, count = range(small, min(small + BLOCK, len(self.words))), len(self.words)
        others = range(capitals, min(capitals + BLOCK, count))
        letters = [(self._starts[n], self.letter(n)) for n in block]
        letters += [(self._starts[n], self.letter(n).upper()) for n in others if n not in block]
        return tuple(sorted(letters))

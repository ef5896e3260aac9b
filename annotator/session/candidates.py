"""The stretches of a sentence that a span is likely to be, found by rules.

Names of the cast and other names, offices, places, dates and periods, money, cues, quotations, and
the clauses that say what is told, hoped or agreed. Offsets are code points of the readout's text,
half-open. Everything here takes time in proportion to the sentence, whatever is written in it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Set
from typing import Final, Literal, NamedTuple

from annotator.model.codebook import Codebook
from annotator.model.entity import Cast
from annotator.model.sentence import Sentence
from annotator.session import periods, places, propose, quotes, words
from annotator.session.words import Range

Kind = Literal["name", "office", "place", "date", "money", "cue", "quote", "clause"]


class Candidate(NamedTuple):
    """A stretch, and what it looks like."""

    start: int
    end: int
    kind: Kind


LONGEST: Final = 4000
"""Code points of a sentence that are looked at; what stands behind them is reached word by word."""

_LEAST_QUOTE: Final = 2
_MOST_WORDS: Final = 12
"""Words that a name or an office may have."""
_OPENERS: Final = {
    "en": "that whether which who if unless once provided should subject until before after",
    "fr": "que qu qui si dont afin pourvu dès avant après",
    "de": "dass daß ob um wenn falls sobald sofern der die das",
    "es": "que si para siempre antes después cuando",
    "pt": "que se para desde antes depois quando",
    "it": "che se per purché quando prima dopo",
    "ru": "что чтобы о который которая которые если когда после при",
    "uk": "що щоб про який яка які якщо коли після за",
    "ar": "أن أنّ أنه أنها إن إنّ بأن بأنّ لأن كي الذي التي إذا شريطة بعد قبل",
    "zh": "",
}
_BEFORE_VERB: Final = {
    "en": "to",
    "fr": "de d à pour",
    "es": "a de para por en",
    "pt": "a de para por em",
    "it": "a ad di per",
}
_VERB_ENDS: Final = {
    "fr": ("er", "ir", "re"),
    "es": ("ar", "er", "ir", "se"),
    "pt": ("ar", "er", "ir", "or"),
    "it": ("are", "ere", "ire", "arsi", "ersi", "irsi"),
    "ru": ("ть", "ться", "ти", "тись", "чь"),
    "uk": ("ти", "тися"),
}
_NO_VERB_WORDS = """
the a an this these that those his her its their our your my all both each every any some
which whom what him them us it one two
"""
_NO_VERB: Final = frozenset(_NO_VERB_WORDS.split())


def candidates(
    codebook: Codebook, cast: Cast, text: str, sentence: Sentence, language: str
) -> list[Candidate]:
    """Return the candidates of a sentence in reading order.

    Of those that begin at one place, clauses come last, and the longer before the shorter: of the
    orders that were tried, spans of the sample gold stand first most often in this one.
    `language` is a BCP 47 tag.
    """
    bounds = (sentence.start, min(sentence.end, sentence.start + LONGEST))
    code = language.partition("-")[0] or "en"
    found: dict[Range, Kind] = {}
    for start, end, kind in _all(codebook, cast, text, bounds, code):
        trimmed = words.trim(text, start, end)
        if trimmed is not None:
            found.setdefault(trimmed, kind)
    every = (Candidate(*stretch, kind) for stretch, kind in found.items())
    return sorted(every, key=lambda one: (one.start, one.kind == "clause", -one.end))


def _all(
    codebook: Codebook, cast: Cast, text: str, bounds: Range, language: str
) -> Iterator[Candidate]:
    for mention in propose.find_mentions(cast, text, *bounds):
        yield Candidate(mention.start, mention.end, "name")
    sentence = _Words(text, bounds)
    dates = periods.periods(text, *bounds, language)
    in_dates = {place for start, end in dates for place in range(start, end)}
    by_kind: tuple[tuple[Kind, Iterable[Range]], ...] = (
        ("date", dates),
        ("money", periods.money(text, *bounds)),
        ("office", sentence.offices()),
        ("place", sentence.places()),
        ("name", sentence.names(in_dates, nouns=language == "de")),
    )
    for kind, ranges in by_kind:
        yield from (Candidate(start, end, kind) for start, end in ranges)
    for layer in codebook.layers:
        if layer.cues:
            for cue in propose.find_cues(layer, text, *bounds, language):
                yield Candidate(cue.start, cue.end, "cue")
                yield from sentence.clauses_from(cue.end)
    for start, end in (*quotes.quoted(text, *bounds), *quotes.half_quoted(text, *bounds)):
        yield Candidate(start, end, "quote")
        yield from _inside(text, start, end)
    for start in sentence.openings(language):
        yield from sentence.clauses_from(start)


def _inside(text: str, start: int, end: int) -> Iterator[Candidate]:
    """Yield a quotation without its marks, and without the comma before the closing one."""
    left = start + next((n for n in range(3) if text[start + n : start + n + 1].isalnum()), 0)
    right = end - next((n for n in range(4) if text[end - n - 1 : end - n].isalnum()), 0)
    if right - left >= _LEAST_QUOTE:
        yield Candidate(left, right, "quote")


class _Words:
    """The words of a sentence, and what they make up."""

    def __init__(self, text: str, bounds: Range) -> None:
        self.text = text
        self.bounds = bounds
        self.words = words.words(text, *bounds)
        self.written = [text[start:end] for start, end in self.words]
        self.plain = [_plain(word) for word in self.written]
        self.end = words.without_stop(text, *bounds)[1]
        self.ends = words.clause_ends(text, *bounds)

    def _joined(self, place: int) -> bool:
        """Tell whether only blanks stand between a word and the one before it."""
        return place > 0 and self.text[self.words[place - 1][1] : self.words[place][0]].isspace()

    def _end(self, place: int) -> int:
        """Return where a word ends; the ending of a genitive is no part of a name."""
        word = self.written[place]
        return self.words[place][0] + len(word.removesuffix("’s").removesuffix("'s"))

    def _capital(self, place: int) -> bool:
        return self.written[place][0].isupper()

    def names(self, dates: Set[int], *, nouns: bool) -> Iterator[Range]:
        """Yield runs of words in capitals; the first word of the sentence alone is none.

        Nor is a single one that lies in a date, or, with `nouns`, where every noun has a capital.
        """
        place = 0
        while place < len(self.words):
            if not self._capital(place):
                place += 1
                continue
            last = self._end_of_name(place)
            alone = last == place
            a_name = place and not nouns and self.plain[place] != "i"
            if not alone or (a_name and self.words[place][0] not in dates):
                yield self.words[place][0], self._end(last)
            place = last + 1

    def _end_of_name(self, place: int) -> int:
        last = place
        for following in range(place + 1, min(len(self.words), place + _MOST_WORDS)):
            if not self._joined(following):
                break
            if self._capital(following):
                last = following
            elif self.plain[following] not in places.LINKS or last == 0:
                # Whatever begins the sentence has a capital, and need not belong to a name.
                break
        return last

    def offices(self) -> Iterator[Range]:
        """Yield offices with what stands around them: article, of whom, the holder's name."""
        for place, word in enumerate(self.plain):
            if word not in places.OFFICES:
                continue
            first = place
            while self._joined(first) and self.plain[first - 1] in places.BEFORE_OFFICE:
                first -= 1
            starts = {self.words[first][0], self.words[min(place, first + 1)][0]}
            ends = {self._end(last) for last in (place, *self._ends_of_office(place))}
            yield from ((start, end) for start in sorted(starts) for end in sorted(ends))

    def _ends_of_office(self, place: int) -> Iterator[int]:
        last = place
        for following in range(place + 1, min(len(self.words), place + _MOST_WORDS)):
            word = self.plain[following]
            if not self._joined(following):
                break
            if self._capital(following) or word in places.BEHIND_OFFICE or word.startswith("ال"):
                last = following
            elif word not in places.LINKS:
                break
        yield last
        named = last + 1
        # "the President of Marenne, Chloe Laurens": the name stands behind a comma.
        if named < len(self.words) and self._capital(named):
            between = self.text[self.words[last][1] : self.words[named][0]]
            if between == ", ":
                yield self._end_of_name(named)

    def places(self) -> Iterator[Range]:
        """Yield names of states, cities and, in scripts without blanks, of offices."""
        single, stems = places.single(), places.stems()
        for place, (start, _) in enumerate(self.words):
            word = self.text[start : self._end(place)]
            endings = range(max(2, len(word) - 4), len(word) + 1)
            if word in single or any(word[:cut] in stems for cut in endings):
                yield start, start + len(word)
        for pattern in (places.phrases(), places.unspaced()):
            yield from (match.span() for match in pattern.finditer(self.text, *self.bounds))

    def openings(self, language: str) -> Iterator[int]:
        """Yield where a clause begins that says what is told, hoped or agreed."""
        openers = frozenset(_OPENERS.get(language, _OPENERS["en"]).split())
        before = frozenset(_BEFORE_VERB.get(language, "").split())
        verbs = _VERB_ENDS.get(language, ())
        for place, word in enumerate(self.plain):
            if self.written[place] in openers or word in openers:
                yield self.words[place][0]
                # What is told begins behind the word that opens it.
                yield self.words[place][1]
            follows = place > 0 and self.plain[place - 1] in before
            is_verb = word.endswith(verbs) if verbs else word not in _NO_VERB and word.isalpha()
            if is_verb and (follows or (verbs and not before)):
                yield self.words[place][0]
                yield self.words[place - 1 if follows else place][0]
        if language in ("zh", "ja"):
            yield from self.ends

    def clauses_from(self, start: int) -> Iterator[Candidate]:
        """Yield the clause that begins at or behind a place, and what runs on to the stop."""
        begun = next(iter(self.words[bisect_left(self.words, (start, start)) :][:1]), None)
        if begun is None:
            return
        start = begun[0]
        place = bisect_left(self.ends, start)
        if place < len(self.ends):
            yield Candidate(start, self.ends[place], "clause")
        if self.end > start:
            yield Candidate(start, self.end, "clause")


def _plain(word: str) -> str:
    """Return a word in small letters, without an article or genitive written onto it."""
    word = word.casefold().replace("'", "’")
    head, mark, rest = word.partition("’")
    if not mark:
        return word
    # "l’ambassadeur" and "d’agir", but "prime minister’s".
    return rest if len(head) <= 2 and rest else head if rest == "s" else word

"""Moving a coder's work to the changed text of its readout.

Sentences go where their words stand now, and take their marks with them; the words that marks quote
are looked for at their place, then near by. What has no place in the new text is kept as it was,
and all that a coder should look at is told.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from typing import Final, Literal
from unicodedata import category

from annotator.errors import InputError
from annotator.model.alignment import CJK, Place, ascending, placed, runs, words
from annotator.model.edit import CAST, Change, Coding, Document
from annotator.model.mark import EntityValue, Mark, Slots, SlotValue, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span

Kind = Literal["moved", "reworded", "gone", "new", "words moved", "words lost", "unplaced"]
Range = tuple[int, int]
Sentences = Sequence[Sentence]

GONE: Final = "No longer in the text:"
"""What the note begins with that a sentence gets for one that is gone."""

_WHAT: Final[dict[Kind, str]] = {
    "moved": "The sentence stands elsewhere now.",
    "reworded": "The sentence was reworded, and waits for another look.",
    "gone": "The sentence is gone; what was said of it is kept with another one.",
    "new": "The sentence is new, and waits to be coded.",
    "words moved": "Words that the mark quotes were found elsewhere.",
    "words lost": "Words that the mark quotes are gone; it stands without them, and is kept whole.",
    "unplaced": "The mark has no place in the new text; it is kept as it was.",
}
_CJK: Final = re.compile(f"[{CJK}]")


@dataclass(frozen=True)
class Move:
    """One thing that a coder should know of the move.

    `old` is the stretch of the text before that it is about, `new` that of the text now: of the
    sentence, or, where `slot` names one, of the words that the slot quotes. `mark` is the mark as
    it was. `key` names the sentence that holds it now; of a sentence that is gone it is the name it
    had, and `host` the sentence that keeps what was said of it, None where nothing was.
    """

    kind: Kind
    key: int
    old: Span | None = None
    new: Span | None = None
    mark: Mark | None = None
    slot: str = ""
    host: int | None = None

    @property
    def what(self) -> str:
        """What happened, in one sentence that repeats no words of the text."""
        return _WHAT[self.kind]


@dataclass(frozen=True)
class Counts:
    """How many sentences and marks met which fate; `kept` stand unchanged, in their old order."""

    kept: int = 0
    moved: int = 0
    reworded: int = 0
    gone: int = 0
    new: int = 0
    marks_moved: int = 0
    marks_unplaced: int = 0


@dataclass(frozen=True)
class Anchoring:
    """A coding under the new text, the changes that lead there, and what is worth telling.

    `moves` are in the reading order of the new text; what merely has other offsets is not told.
    """

    coding: Coding
    changes: tuple[Change, ...] = ()
    moves: tuple[Move, ...] = ()

    @cached_property
    def counts(self) -> Counts:
        """How many sentences and marks met which fate."""
        told = Counter(move.kind for move in self.moves if move.mark is None)
        moved, reworded, new = told["moved"], told["reworded"], told["new"]
        return Counts(
            kept=len(self.coding.order) - moved - reworded - new,
            moved=moved,
            reworded=reworded,
            gone=told["gone"],
            new=new,
            marks_moved=self._marks("words moved"),
            marks_unplaced=self._marks("words lost", "unplaced"),
        )

    def _marks(self, *kinds: Kind) -> int:
        return len({move.mark.id for move in self.moves if move.kind in kinds and move.mark})


def reanchor(coding: Coding, text: str, sentences: Sentences, *, free_key: int) -> Anchoring:
    """Move a coding to the new text of its readout, which was cut into these `sentences`.

    The names of new sentences count from `free_key`, the first that no sentence of the coding ever
    had. No mark is dropped: each stands in the new coding, or is `unplaced` there.
    Where every sentence still holds at its offsets and there is nothing else, nothing changes.

    A sentence whose words are the same keeps all that was said of it. A reworded one keeps it too,
    but is `unsure` where it was done, as is one that lost a mark. References between marks stay as
    they are, also to a mark that is unplaced, so that they hold again once it is placed.

    Raises InputError where the new text has no sentence, ValueError where `free_key` is in use.
    """
    if not text.strip() or not sentences:
        raise InputError(
            "The readout has no words any more, so there is nothing to place its coding on.",
            "Put its text back into the file.",
        )
    if free_key <= max(coding.docs, default=CAST):
        raise ValueError(f"{free_key} is or was the name of a sentence")
    if _stands(coding, text, sentences):
        return Anchoring(coding)
    return _Moving(coding, text, sentences, free_key).moved()


def _stands(coding: Coding, text: str, sentences: Sentences) -> bool:
    old = [sentence for _, sentence in coding.sentences()]
    return (
        all(text[sentence.start : sentence.end] == sentence.text for sentence in old)
        and all(s.holds(text) for one in old for mark in one.marks for s in mark.spans())
        and not any(_uncovered(text, sentences, list(map(_range, old))))
    )


def _uncovered(text: str, sentences: Sentences, covered: Sequence[Range]) -> Iterator[Sentence]:
    """Yield the sentences, or parts of them, that the ascending ranges leave uncovered."""
    first = 0
    for sentence in sentences:
        while first < len(covered) and covered[first][1] <= sentence.start:
            first += 1
        start, at = sentence.start, first
        while at < len(covered) and covered[at][0] < sentence.end:
            yield from _part(text, sentence, start, covered[at][0])
            start = covered[at][1]
            at += 1
        yield from _part(text, sentence, start, sentence.end)


def _part(text: str, sentence: Sentence, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end] if start < end else ""
    body = piece.strip()
    if body:
        start += len(piece) - len(piece.lstrip())
        yield Sentence(start=start, end=start + len(body), role=sentence.role, text=body)


class _Ground:
    """The new text, where its sentences are, and where places of the old one are in it."""

    def __init__(
        self, text: str, ranges: Sequence[Range], old: Sentences, places: Sequence[Place | None]
    ) -> None:
        self.text, self.ranges, self.old, self.places = text, ranges, old, places
        self.starts = [sentence.start for sentence in old]
        self.same = {(place.start, place.end) for place in places if place and place.same}
        self.known = {new for place in places if place for _, _, new in place.words}

    def mark(self, mark: Mark) -> Range | None:
        """Return the new range of a mark; None where one of its ends has no place."""
        first, last = self._holding(mark.start), self._holding(mark.end - 1)
        if first is None or last is None or mark.start >= mark.end:
            return None
        begins, ends = self.old[first].start == mark.start, self.old[last].end == mark.end
        from_, to = self.places[first], self.places[last]
        start = from_.start if from_ and begins else self._at(mark.start)
        end = to.end if to and ends else self._at(mark.end - 1, 1)
        return (start, end) if start is not None and end is not None and start < end else None

    def aligned(self, span: Span) -> Span | None:
        """Return a span at its place in the new text; None where other words stand there."""
        body = span.exact.strip() or span.exact
        before = span.exact.index(body)
        behind = len(span.exact) - before - len(body)
        start, end = self._at(span.start + before), self._at(span.end - behind - 1, 1)
        if start is None or end is None or start >= end:
            return None
        if start >= before and self.text[start - before : end + behind] == span.exact:
            return Span.of(self.text, start - before, end + behind)
        same = self.text[start:end].split() == body.split()
        return Span.of(self.text, start, end) if same and body.split() else None

    def found(self, span: Span, place: Place) -> Span | None:
        """Return the only place where a span's words are new: in a sentence, or around it.

        The sentence is the one that the words stood in, else that at `place`; around it are those
        before and after it.
        """
        number = self._holding(span.start)
        place = (None if number is None else self.places[number]) or place
        at = bisect_left(self.ranges, (place.start, place.end))
        around = self.ranges[max(at - 1, 0) : at + 2]
        within = self._only(span.exact, place.start, place.end)
        return within or self._only(span.exact, around[0][0], around[-1][1])

    def _only(self, exact: str, start: int, end: int) -> Span | None:
        parts = r"\s+".join(re.escape(part) for part in exact.split())
        if not parts:
            return None
        found = [
            match.span()
            for match in re.compile(parts).finditer(self.text, start, end)
            if not self._glued(match.start())
            and not self._glued(match.end())
            and not self._stood(*match.span())
        ]
        return Span.of(self.text, *found[0]) if len(found) == 1 else None

    def _stood(self, start: int, end: int) -> bool:
        """Tell whether words stood in the old text already, and so did not come here."""
        at = bisect_right(self.ranges, (start, len(self.text))) - 1
        return self.ranges[at] in self.same or all(
            word.start in self.known for word in words(self.text[start:end], start)
        )

    def _glued(self, at: int) -> bool:
        """Tell whether a place is within a word."""
        return 0 < at < len(self.text) and all(map(_in_word, self.text[at - 1 : at + 1]))

    def _holding(self, offset: int) -> int | None:
        number = bisect_right(self.starts, offset) - 1
        return number if number >= 0 and offset < self.old[number].end else None

    def _at(self, offset: int, behind: int = 0) -> int | None:
        """Return where a character of the old text is in the new one, or so many behind it."""
        number = self._holding(offset)
        place = None if number is None else self.places[number]
        if number is None or place is None:
            return None
        if place.same and not place.words:
            return offset - self.old[number].start + place.start + behind
        word = bisect_right(place.words, offset, key=lambda known: known[0]) - 1
        if word < 0 or offset >= place.words[word][1]:
            return None
        return offset - place.words[word][0] + place.words[word][2] + behind


def _in_word(char: str) -> bool:
    return category(char)[0] == "M" or (char.isalnum() and not _CJK.match(char))


class _Moving:
    """A coding on its way to the new text."""

    def __init__(self, coding: Coding, text: str, sentences: Sentences, free_key: int) -> None:
        self.coding, self.text = coding, text
        self.names = coding.order
        self.old = [coding.sentence(key) for key in self.names]
        self.places = placed(self.old, sentences, text)
        standing = sorted((place.start, place.end) for place in self.places if place)
        fresh = [(_range(one), one) for one in _uncovered(text, sentences, standing)]
        ranges = sorted((*standing, *(range_ for range_, _ in fresh)))
        self.ground = _Ground(text, ranges, self.old, self.places)
        self.fresh = {range_: key for key, (range_, _) in enumerate(fresh, free_key)}
        self.new = {self.fresh[range_]: one for range_, one in fresh}
        self.moves = [
            (one.start, Move("new", key, new=_span(one))) for key, one in self.new.items()
        ]

    def moved(self) -> Anchoring:
        self._carry()
        self._keep_what_is_gone()
        docs: dict[int, Document] = {
            key: doc for key, doc in self.coding.docs.items() if not isinstance(doc, Sentence)
        }
        docs.update(self.new)
        moves = sorted(self.moves, key=lambda told: told[0])
        return Anchoring(Coding(docs), self._changes(docs), tuple(move for _, move in moves))

    def _carry(self) -> None:
        """Let every sentence that has a place stand there with its marks."""
        carried = [(number, place) for number, place in enumerate(self.places) if place]
        in_order = set(ascending([place.start for _, place in carried]))
        for at, (number, place) in enumerate(carried):
            key, old = self.names[number], self.old[number]
            if not (place.same and at in in_order):
                kind: Kind = "moved" if place.same else "reworded"
                new = Span.of(self.text, place.start, place.end)
                self.moves.append((place.start, Move(kind, key, _span(old), new)))
            self.new[key] = self._carried(key, old, place)

    def _carried(self, key: int, old: Sentence, place: Place) -> Sentence:
        carried = [(mark, self._mark(key, mark, place)) for mark in old.marks]
        lost = [
            mark for mark, new in carried if new is None or len(new.spans()) < len(mark.spans())
        ]
        look_again = old.state == "done" and (lost or not place.same)
        return old.changed(
            start=place.start,
            end=place.end,
            text=self.text[place.start : place.end],
            state="unsure" if look_again else old.state,
            marks=tuple(new for _, new in carried if new is not None),
            unplaced=(*old.unplaced, *lost),
        )

    def _mark(self, key: int, mark: Mark, place: Place) -> Mark | None:
        """Return a mark as it can stand in the new text; None where it has no place there."""
        range_ = self.ground.mark(mark)
        if range_ is None:
            self.moves.append((place.start, Move("unplaced", key, mark=mark)))
            return None
        slots: Slots = {}
        for slot, values in mark.slots.items():
            found = (self._value(key, mark, slot, value, place) for value in values)
            kept = tuple(value for value in found if value is not None)
            if kept or not values:
                slots[slot] = kept
        return mark.model_copy(update={"start": range_[0], "end": range_[1], "slots": slots})

    def _value(
        self, key: int, mark: Mark, slot: str, value: SlotValue, place: Place
    ) -> SlotValue | None:
        """Return a value with its words where they stand now.

        Where they stand nowhere, somebody of the cast still stands without the words that name
        them; words that are the value itself are None.
        """
        if isinstance(value, SpanValue):
            new = self._words(key, mark, slot, value.span, place)
            return SpanValue(span=new) if new else None
        if isinstance(value, EntityValue) and value.mention is not None:
            new = self._words(key, mark, slot, value.mention, place)
            return value.model_copy(update={"mention": new})
        return value

    def _words(self, key: int, mark: Mark, slot: str, old: Span, place: Place) -> Span | None:
        new = self.ground.aligned(old)
        if new is None:
            new = self.ground.found(old, place)
            kind: Kind = "words moved" if new else "words lost"
            self.moves.append((place.start, Move(kind, key, old, new, mark, slot)))
        return new

    def _keep_what_is_gone(self) -> None:
        """Hand what was said of a sentence that is gone to the one that stands where it stood."""
        kept: dict[int, list[Sentence]] = {}
        gone = (number for number, place in enumerate(self.places) if place is None)
        for run in runs(gone):
            hosts = self._hosts(run)
            for place, number in enumerate(run):
                old, host = self.old[number], hosts[place * len(hosts) // len(run)]
                said = _said(old)
                lost = [Move("unplaced", host, mark=mark) for mark in old.marks]
                told = Move("gone", self.names[number], _span(old), host=host if said else None)
                at = max(self._end_before(run), self.new[host].start)
                self.moves += [(at, move) for move in (told, *lost)]
                if said:
                    kept.setdefault(host, []).append(old)
        for host, sentences in kept.items():
            self.new[host] = _with_gone(self.new[host], sentences)

    def _end_before(self, run: Sequence[int]) -> int:
        place = self.places[run[0] - 1] if run[0] else None
        return place.end if place else 0

    def _hosts(self, run: Sequence[int]) -> list[int]:
        """Return the new sentences that stand where a run stood, else one beside it."""
        first = bisect_left(self.ground.ranges, (self._end_before(run), 0))
        after = islice(self.ground.ranges, first, None)
        there = [self.fresh[range_] for range_ in takewhile(self.fresh.__contains__, after)]
        return there or [self.names[run[0] - 1 if run[0] else run[-1] + 1]]

    def _changes(self, docs: dict[int, Document]) -> tuple[Change, ...]:
        before = self.coding.docs
        keys = sorted({*before, *docs})
        return tuple(
            Change(key=key, before=before.get(key), after=docs.get(key))
            for key in keys
            if before.get(key) != docs.get(key)
        )


def _range(sentence: Sentence) -> Range:
    return sentence.start, sentence.end


def _span(sentence: Sentence) -> Span:
    return Span(start=sentence.start, end=sentence.end, exact=sentence.text)


def _said(sentence: Sentence) -> bool:
    """Tell whether a coder said anything of a sentence."""
    said = (sentence.marks, sentence.unplaced, sentence.note, sentence.flagged)
    return sentence.state != "new" or any(said)


def _with_gone(host: Sentence, gone: Iterable[Sentence]) -> Sentence:
    """Return a sentence that keeps what was said of others, which are gone."""
    unplaced, notes = list(host.unplaced), [host.note] if host.note else []
    for sentence in gone:
        unplaced += (*sentence.unplaced, *sentence.marks)
        flagged = ", flagged" if sentence.flagged else ""
        note = f"; {sentence.note}" if sentence.note else ""
        words = " ".join(sentence.text.split())
        notes.append(f"{GONE} “{words}” ({sentence.state}{flagged}{note})")
    return host.changed(unplaced=tuple(unplaced), note=" ".join(notes))

"""Splitting and joining sentences without losing a mark.

Marks are held by their offsets. A mark with spans goes where its spans lie; one without goes to
both halves of a split, and is doubtful there until the coder has looked. A label that both halves
of a join have is one mark where it can be, as `halves` says. Marks that wait for a
place stay with the first half, and with what is joined. A mark takes what was spent on it along;
what else was spent on a sentence stays with the first half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from unicodedata import category

from annotator.errors import MarkError
from annotator.model.edit import Coding, Document, Edit
from annotator.model.mark import Mark
from annotator.model.progress import exactly
from annotator.model.renewal import pointing
from annotator.model.sentence import Sentence
from annotator.session import halves
from annotator.session.acts import Pen
from annotator.session.quotes import half_quoted, quoted
from annotator.session.words import words


def split(pen: Pen, coding: Coding, key: int, at: int) -> Edit | None:
    """Split a sentence before the code point `at`; the first half keeps the name.

    Raises MarkError where a half would hold nothing but white space.
    """
    sentence = coding.sentence(key)
    left = _part(sentence, sentence.start, at)
    right = _part(sentence, at, sentence.end)
    if left is None or right is None:
        raise MarkError("A sentence can only be split between two words.")
    second = right.changed(marks=_marks_for(pen, sentence, right, at))
    own = {mark.id for mark in sentence.marks}
    taken = [mark.provenance for mark in second.marks if mark.id in own]
    keys = sum(source.keys or 0 for source in taken)
    seconds = exactly(sum(source.spent or 0 for source in taken))
    first = left.changed(
        marks=_marks_for(pen, sentence, left, at),
        note=sentence.note,
        keys=sentence.keys - keys,
        seconds=exactly(sentence.seconds - seconds),
        unplaced=sentence.unplaced,
    )
    second = second.changed(keys=keys, seconds=seconds)
    return pen.edit(coding, "split", {key: first, max(coding.docs, default=0) + 1: second})


def _part(sentence: Sentence, start: int, end: int) -> Sentence | None:
    if not sentence.start <= start < end <= sentence.end:
        return None
    text = sentence.text[start - sentence.start : end - sentence.start]
    body = text.strip()
    if not body:
        return None
    start += len(text) - len(text.lstrip())
    return Sentence(
        start=start,
        end=start + len(body),
        role=sentence.role,
        text=body,
        flagged=sentence.flagged,
        asked=sentence.asked,
        not_asked=sentence.not_asked,
    )


def _marks_for(pen: Pen, whole: Sentence, part: Sentence, at: int) -> tuple[Mark, ...]:
    is_left = part.start < at
    marks = []
    for mark in whole.marks:
        spans = mark.spans()
        if spans:
            if (min(span.start for span in spans) < at) != is_left:
                continue
            crosses = any(not part.start <= span.start < span.end <= part.end for span in spans)
            update: dict[str, object] = {"doubtful": crosses or mark.doubtful}
        else:
            update = {"doubtful": True}
            if not is_left:
                update["id"] = pen.new_id()
        marks.append(mark.model_copy(update={**update, "start": part.start, "end": part.end}))
    return tuple(marks)


def join(pen: Pen, coding: Coding, key: int, text: str) -> Edit | None:
    """Join a sentence with the next one; the first keeps its name, the marks of both stand."""
    place = coding.position[key]
    if place + 1 == len(coding.order):
        raise MarkError("There is no next sentence to join with.")
    other = coding.order[place + 1]
    first, second = coding.sentence(key), coding.sentence(other)
    joined = Sentence(
        start=first.start,
        end=second.end,
        role=first.role,
        text=text[first.start : second.end],
        flagged=first.flagged or second.flagged,
        note=" ".join(note for note in (first.note, second.note) if note),
        keys=first.keys + second.keys,
        seconds=first.seconds + second.seconds,
        unplaced=(*first.unplaced, *second.unplaced),
        asked=_asked_of_both(first, second),
        not_asked=tuple(sorted({*first.not_asked, *second.not_asked})),
    )
    both, gone = halves.both(pen.codebook, first.marks, second.marks)
    marks = [
        mark.model_copy(
            update={
                "start": joined.start,
                "end": joined.end,
                "doubtful": mark.doubtful
                or any(halves.clash(pen.codebook, mark, twin) for twin in both),
            }
        )
        for mark in both
    ]
    documents: dict[int, Document | None] = {}
    for one, sentence in coding.sentences() if gone else ():
        pointed = tuple(pointing(mark, gone) for mark in sentence.marks)
        if pointed != sentence.marks:
            documents[one] = sentence.changed(marks=pointed)
    pointed = tuple(pointing(mark, gone) for mark in marks)
    documents |= {key: joined.changed(marks=pointed), other: None}
    return pen.edit(coding, "join", documents)


def _asked_of_both(first: Sentence, second: Sentence) -> tuple[str, ...] | None:
    if first.asked is None or second.asked is None:
        return second.asked if first.asked is None else first.asked
    return tuple(layer for layer in first.asked if layer in second.asked)


_STRONG: Final = frozenset(".!?…。！？؟।;；")
_WEAK: Final = frozenset(',:—–()[]«»“”"，：、،')


def places(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where a sentence can be split: before which code points, and how likely each is.

    That is 2 behind the end of a sentence, 1 behind another sign, 0 between two words. What opens
    before a word, as a quotation mark or a bracket does, goes with it.
    """
    found = words(text, start, end)
    quotes = [*quoted(text, start, end), *half_quoted(text, start, end)]
    closed = {begun: over for begun, over in quotes if begun > start}
    return [
        (_before(text, ended, begins, closed), _likely(text[ended:begins]))
        for (_, ended), (begins, _) in pairwise(found)
    ]


def _before(text: str, ended: int, begins: int, closed: Mapping[int, int]) -> int:
    """Return where a gap between two words is cut; `closed` says where quotations end."""
    for at in range(ended, begins):
        quote = closed.get(at, 0) > begins
        if quote or (category(text[at]) == "Ps" and not _closes(text[at + 1 : begins])):
            return at
    # Whatever touches the next word alone, such as ¿ or $, is that one's.
    blanks = (at for at in range(begins, ended, -1) if text[at - 1].isspace())
    return next(blanks, begins)


def _closes(signs: str) -> bool:
    return any(category(sign) == "Pe" for sign in signs)


def _likely(between: str) -> int:
    signs = set(between)
    return 2 if signs & _STRONG else 1 if signs & _WEAK else 0


@dataclass(frozen=True)
class Doubt:
    """A mark that is in doubt since a boundary moved, and why in a few words."""

    mark: Mark
    why: str


def doubts(edit: Edit) -> tuple[Doubt, ...]:
    """Return the marks that a split or a join leaves in doubt, each label of both halves once."""
    before, after = _sides(edit)
    known = {mark.id for sentence in before for mark in sentence.marks if mark.doubtful}
    found: dict[tuple[object, ...], Doubt] = {}
    for sentence in after:
        for mark in sentence.marks:
            if not mark.doubtful or mark.id in known:
                continue
            if _joins(edit):
                found[(mark.id,)] = Doubt(mark, _why(mark, sentence.marks))
            elif mark.spans():
                found[(mark.id,)] = Doubt(mark, "its words lie on both sides")
            else:
                copies = (mark.layer, mark.label, mark.rejected, str(mark.slots))
                found.setdefault(copies, Doubt(mark, "in both halves"))
    return tuple(found.values())


def merged(edit: Edit) -> tuple[Mark, ...]:
    """Return the marks that a join made of one in each half, where these said different things."""
    before, after = _sides(edit)
    if not _joins(edit):
        return ()
    standing = {mark.id: mark for sentence in after for mark in sentence.marks}
    return tuple(
        now
        for sentence in before
        for was in sentence.marks
        if (now := standing.get(was.id)) is not None and halves.says_more(was, now)
    )


def _joins(edit: Edit) -> bool:
    return any(change.after is None for change in edit.changes)


def _sides(edit: Edit) -> tuple[list[Sentence], list[Sentence]]:
    befores = [change.before for change in edit.changes]
    afters = [change.after for change in edit.changes]
    return (
        [one for one in befores if isinstance(one, Sentence)],
        [one for one in afters if isinstance(one, Sentence)],
    )


def _why(mark: Mark, marks: tuple[Mark, ...]) -> str:
    same = [m for m in marks if (m.layer, m.label) == (mark.layer, mark.label)]
    if any(other.rejected != mark.rejected for other in same):
        return "given and rejected"
    if len(same) > 1:
        return "twice, and the two differ"
    return "beside another where one label stands"

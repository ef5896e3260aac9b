"""How the move to a changed text is shown: a row for each thing to know, and the lit in full."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

from annotator.model.anchoring import Kind, Move
from annotator.model.codebook import Codebook
from annotator.model.differing import changed
from annotator.model.edit import Coding
from annotator.model.mark import Mark
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline import moving as pipeline
from annotator.pipeline.moving import Moving
from annotator.tui import paint
from annotator.tui.page import named
from annotator.tui.paint import Line, Run, ink
from annotator.tui.pairs import Part, beside, in_a_row, one_line, stacked

LOST: Final[frozenset[Kind]] = frozenset({"words lost", "unplaced"})
"""What leaves a mark waiting for a place."""

State = Literal["looking", "asking", "writing", "stuck"]
"""How far it is with the question whether to move the coding; `stuck` where it cannot be moved."""

_NOTHING_DROPPED: Final = (
    "Your work goes to the new text as it is listed here, and none of it is dropped."
    " Nothing is written until you confirm."
)
_ALL_STANDS: Final = "Every sentence and every mark stands as it was."
_YES: Final = "bold $background on $primary"
_NO: Final = "on $panel"
_ROOM_FOR_WORDS: Final = 72
_SIDE_BY_SIDE: Final = 76
_OLD: Final = f"strike {paint.BAD}"
_NEW: Final = f"bold {paint.GOOD}"
_QUOTED: Final = "bold $accent underline"


class _Sign(NamedTuple):
    glyph: str
    word: str
    short: str
    style: str


_SIGNS: Final[dict[Kind, _Sign]] = {
    "moved": _Sign("⇅", "moved", "moved", "$primary"),
    "reworded": _Sign("±", "reworded", "reworded", "bold $accent"),
    "gone": _Sign("−", "gone", "gone", paint.BAD),
    "new": _Sign("+", "new", "new", paint.GOOD),
    "words moved": _Sign("⇅", "words moved", "words moved", "$primary"),
    "words lost": _Sign("⚠", "words lost", "words lost", paint.WARN),
    "unplaced": _Sign("⚠", "lost its place", "place lost", paint.WARN),
}


class MoveView:
    """The moves of a coding to a new text; rows are only made when they are asked for."""

    def __init__(self, codebook: Codebook, moving: Moving) -> None:
        self._codebook = codebook
        self.title = moving.readout.title
        self._same_text = moving.same_text
        self._moves = moving.anchoring.moves
        self._counts = moving.anchoring.counts
        self._before = moving.snapshot.coding
        self._after = moving.anchoring.coding

    def __len__(self) -> int:
        return len(self._moves)

    @cached_property
    def lost(self) -> tuple[int, ...]:
        """The places of the moves that leave a mark waiting for a place."""
        return tuple(place for place, move in enumerate(self._moves) if move.kind in LOST)

    def next_lost(self, place: int) -> int | None:
        """Return the next of these places after one, or the first; None where there is none."""
        after = bisect_right(self.lost, place)
        return self.lost[after % len(self.lost)] if self.lost else None

    def told(self, width: int, *, roomy: bool) -> list[Line]:
        """Say what happened, and in numbers what becomes of the coding."""
        of = f" of “{paint.cut(self.title, width - 50)}”" if width >= _ROOM_FOR_WORDS else ""
        what = f"The text{of} changed since you began to code it."
        if self._same_text:
            what = f"The file{of} changed since you began to code it, its text did not."
        lines = paint.prose(what, width, paint.STRONG)
        if roomy:
            lines += paint.prose(_NOTHING_DROPPED, width, paint.MUTED)
        if not self._moves:
            lines += paint.prose(_ALL_STANDS, width)
        return [*lines, *self.counts(width)]

    def counts(self, width: int) -> list[Line]:
        """Say how many sentences and marks met which fate."""
        counts = self._counts
        waits = "mark waits" if counts.marks_unplaced == 1 else "marks wait"
        moved = "mark" if counts.marks_moved == 1 else "marks"
        fates = (
            (counts.kept, "✓", "kept", paint.GOOD),
            (counts.moved, *_said("moved")),
            (counts.reworded, *_said("reworded")),
            (counts.new, *_said("new")),
            (counts.gone, *_said("gone")),
            (counts.marks_moved, "⇅", f"{moved} moved", "$primary"),
            (counts.marks_unplaced, "⚠", f"{waits} for a place", paint.WARN),
        )
        items: list[Line] = [
            (Run(f"{glyph} {count:,}", style), Run(f" {word}"))
            for count, glyph, word, style in fates
            if count
        ]
        return paint.flow(items, width, gap=3)

    def row(self, place: int, width: int) -> Line:
        """Show a move in one row: what it is, the sentence's number now, the words."""
        move = self._moves[place]
        roomy = width >= _ROOM_FOR_WORDS
        sign = _SIGNS[move.kind]
        word = f"{sign.word:<14}" if roomy else f"{sign.short:<11}"
        digits = len(str(len(self._after.order)))
        head: Line = (
            Run(f"{sign.glyph} {word}", sign.style),
            Run(f"  {self._number(move):>{digits}}  ", paint.MUTED),
        )
        return (*head, *self._words(move, width - paint.width(head)))

    def _number(self, move: Move) -> str:
        position = self._after.position.get(move.key)
        return "–" if position is None else str(position + 1)

    def _words(self, move: Move, room: int) -> Line:
        if move.mark is not None:
            return paint.fit(tuple(self._marked(move, move.mark)), room)
        old, new = move.old, move.new
        if move.kind == "reworded" and old and new:
            return in_a_row(old.exact, new.exact, room)
        span, aside, style = new or old, "", ""
        if move.kind == "moved":
            aside = f"was {self._before.position[move.key] + 1}"
        elif move.kind == "gone":
            style = f"strike {paint.MUTED}"
            aside = self._kept(move)
        line = ink(one_line(span.exact) if span else "", style)
        return paint.ends((line,), (ink(aside, paint.MUTED),), room)

    def _kept(self, move: Move) -> str:
        if move.host is None:
            return "nothing said"
        return f"kept with {self._after.position[move.host] + 1}"

    def _marked(self, move: Move, mark: Mark) -> Iterator[Run]:
        yield from named(self._codebook, self._before, mark)
        if move.slot:
            yield ink(f"  {self._slot(mark, move.slot)} ", paint.MUTED)
        style = paint.MUTED if move.kind in LOST else ""
        quoted = [move.old] if move.old else list(mark.spans())
        yield from (ink(f" “{one_line(span.exact)}”", style) for span in quoted)
        old, new = (one_line(span.exact) if span else "" for span in (move.old, move.new))
        if new and new != old:
            yield ink(f" → “{new}”")

    def _slot(self, mark: Mark, slot_id: str) -> str:
        layer = self._codebook.layer(mark.layer)
        slots = layer.slots_of(mark.label) if layer else ()
        return next((slot.name.lower() for slot in slots if slot.id == slot_id), slot_id)

    def lit(self, place: int, width: int) -> list[Line]:
        """Show a move in full: what happened, and the words before and now."""
        move = self._moves[place]
        sign = _SIGNS[move.kind]
        told = paint.prose(f"{sign.glyph} {pipeline.what(move)}", width, sign.style, indent="  ")
        if move.mark is not None:
            told.append(paint.fit((Run("  "), *self._marked(move, move.mark)), width))
        old, new = self._parts(move)
        if width >= _SIDE_BY_SIDE:
            return [*told, (), *beside(old, new, width)]
        return [*told, *stacked(old, width), *stacked(new, width)]

    def _parts(self, move: Move) -> tuple[Part, Part]:
        if move.mark is not None:
            return self._parts_of_mark(move, move.mark)
        old, new = move.old.exact if move.old else "", move.new.exact if move.new else ""
        before, now = self._title("before", self._before, move.key), "now"
        if move.key in self._after.position:
            now = self._title("now", self._after, move.key)
        match move.kind:
            case "reworded":
                less, more = changed(old, new)
                return Part(before, old, less, _OLD), Part(now, new, more, _NEW)
            case "moved":
                return _aside(before, "the same words"), Part(now, new)
            case "new":
                return _aside("before", "it was not there"), Part(now, new)
            case _:
                if move.host is None:
                    return Part(before, old), _aside("now", "it is not there")
                title = self._title("kept with", self._after, move.host)
                return Part(before, old), Part(title, self._after.sentence(move.host).text)

    def _parts_of_mark(self, move: Move, mark: Mark) -> tuple[Part, Part]:
        quoted = [move.old] if move.old else mark.spans()
        at = quoted[0].start if quoted else mark.start
        home = self._old_sentences.at(at) or move.key
        there = (self._new_sentences.at(move.new.start) if move.new else None) or move.key
        now = "now" if move.new else "waits with"
        return (
            self._part("before", self._before, home, quoted),
            self._part(now, self._after, there, [move.new] if move.new else []),
        )

    def _part(self, title: str, coding: Coding, key: int, quoted: Iterable[Span]) -> Part:
        if key not in coding.position:
            return Part(title)
        sentence = coding.sentence(key)
        marked = [(s.start - sentence.start, s.end - sentence.start) for s in quoted]
        return Part(self._title(title, coding, key), sentence.text, marked, _QUOTED)

    @staticmethod
    def _title(word: str, coding: Coding, key: int) -> str:
        position = coding.position.get(key)
        return word if position is None else f"{word}  sentence {position + 1}"

    @cached_property
    def _old_sentences(self) -> _Ground:
        return _Ground(self._before)

    @cached_property
    def _new_sentences(self) -> _Ground:
        return _Ground(self._after)


class _Ground:
    """Which sentence of a coding holds a code point of its text."""

    def __init__(self, coding: Coding) -> None:
        self._sentences: Sequence[tuple[int, Sentence]] = coding.sentences()
        self._starts = [sentence.start for _, sentence in self._sentences]

    def at(self, offset: int) -> int | None:
        """Return the name of the sentence that holds a code point, or None."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return None
        key, sentence = self._sentences[place]
        return key if offset < sentence.end else None


def ask(state: State, width: int, *, roomy: bool) -> list[Line]:
    """Say what the keys do that move the coding and that leave it, where nobody can miss them."""
    wide = width >= _ROOM_FOR_WORDS
    keep: Line = (
        Run(f" esc  {'Leave everything as it is' if wide else 'Leave it'} ", _NO, "escape"),
    )
    if state == "writing":
        line: Line = (Run(" Moving your coding …", paint.STRONG),)
    elif state == "asking":
        yes = "Move my coding to the new text" if wide else "Move it and open"
        line = (Run("  "), Run(f" ⏎  {yes} ", _YES, "enter"), Run("   "), *keep)
    else:
        line = (Run("  "), *keep)
    line = paint.fit(line, width)
    return [(), line, ()] if roomy else [line]


def _aside(title: str, words: str) -> Part:
    return Part(title, words, [(0, len(words))], f"italic {paint.MUTED}")


def _said(kind: Kind) -> tuple[str, str, str]:
    sign = _SIGNS[kind]
    return sign.glyph, sign.word, sign.style

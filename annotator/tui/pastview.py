"""How the history is shown: one row of the list, what is said of the lit act, and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from annotator.model.codebook import Codebook
from annotator.model.edit import CAST, Change, Coding, Edit
from annotator.model.renewal import is_renewal
from annotator.model.sentence import Sentence
from annotator.pipeline.past import Past, Step
from annotator.plural import many
from annotator.tui import naming, paint, spoken
from annotator.tui.page import Light
from annotator.tui.paint import Line, Run, ink

_WHAT = 30
"""Cells for what was done, where the sentence's words stand beside it."""
_ROOM_FOR_TEXT = 72
_MANY = 3
"""More sentences than these are counted, not numbered."""
_MOST_LIT = 8
"""More sentences than these are not lit: an act on so many is about all of them."""


class Acts:
    """The acts of a past as they are listed: the newest at place 0, its number the highest.

    Acts in a row that did nothing but follow the codebook stand there as one, the latest of them.
    """

    def __init__(self, past: Past, codebook: Codebook) -> None:
        self._codebook = codebook
        self.show(past)

    def show(self, past: Past) -> None:
        """List the acts of a past, in the place of those of another."""
        self.past = past
        self._where: dict[int, str] = {}
        self._firsts: dict[int, int] = {}
        for follows, numbers in groupby(range(1, len(past) + 1), self._follows):
            alike = [*numbers]
            groups = [alike] if follows else [[number] for number in alike]
            self._firsts |= {group[-1]: group[0] for group in groups}
        self._listed = sorted(self._firsts, reverse=True)

    def _follows(self, number: int) -> bool:
        return is_renewal(self.past.edit(number))

    def __len__(self) -> int:
        return len(self._listed)

    def number(self, place: int) -> int:
        """Return the number of the act at a place of the list."""
        return self._listed[place]

    def place(self, number: int) -> int:
        """Return the place at which the act of a number stands, or the nearest that there is."""
        return max(0, sum(listed >= number for listed in self._listed) - 1)

    def step(self, number: int) -> Step:
        """Return a listed act, whose labels are named as the codebook has them now."""
        steps = [self.past.step(n) for n in range(self._firsts[number], number + 1)]
        step = _joined(steps) if len(steps) > 1 else steps[0]
        # The words of one sentence say nothing of an act that is about many.
        text = step.text if len(step.keys) <= _MANY else ""
        return named(replace(step, text=text), self._codebook)

    def row(self, place: int, width: int) -> Line:
        """Show an act in one row."""
        number = self.number(place)
        return row(self.step(number), self._place(number), width, len(str(len(self.past))))

    def said(self, place: int, width: int) -> str:
        """Say an act in words, whatever the width."""
        number = self.number(place)
        return spoken.act(self.step(number), self._place(number))

    def _place(self, number: int) -> str:
        if number not in self._where:
            self._where[number] = where(self.step(number), self.past.coding(number))
        return self._where[number]


def _joined(steps: Sequence[Step]) -> Step:
    """Return acts in a row as one: the latest, with all that they changed, and their count."""
    last = steps[-1]
    return replace(
        last,
        words=f"{last.words} ×{len(steps)}",
        keys=tuple(dict.fromkeys(key for step in steps for key in step.keys)),
        text=next((step.text for step in steps if step.text), ""),
        changes=tuple(change for step in steps for change in step.changes),
        taken_back=all(step.taken_back for step in steps),
    )


def row(step: Step, where: str, width: int, digits: int = 1) -> Line:
    """Show an act in one row: its number, in at least `digits` cells, when, what, and where."""
    beside = width >= _ROOM_FOR_TEXT
    style = paint.MUTED if step.taken_back else ""
    left: list[Run] = [
        Run(f" {step.number:>{digits}}  ", paint.MUTED),
        ink(_short(step.at) if not beside else _long(step.at)[:16], paint.MUTED),
        Run("  "),
    ]
    words = paint.cut(step.words, _WHAT) if beside else step.words
    left.append(ink(words, f"strike {style}" if step.taken_back else style))
    if beside:
        left.append(Run(" " * (_WHAT + 2 - paint.width((left[-1],)))))
        left.append(ink(step.text, paint.MUTED))
    return paint.ends(tuple(left), (ink(where, paint.MUTED),), width)


def named(step: Step, book: Codebook) -> Step:
    """Return an act with the tags of labels in place of their ids."""
    changes = tuple(naming.named(words, book) for words in step.changes)
    return replace(step, words=naming.named(step.words, book), changes=changes)


def _long(at: str) -> str:
    return at.replace("T", " ").removesuffix("Z")


def _short(at: str) -> str:
    return _long(at)[5:16]


def where(step: Step, coding: Coding) -> str:
    """Say which sentences an act touched, by their numbers in the coding after it."""
    places = [coding.position[key] + 1 for key in step.keys if key in coding.position]
    if len(places) > _MANY:
        return many(len(places), "sentence")
    return ", ".join(map(str, places)) or ("cast" if not step.keys else "")


def told(step: Step, of: int, width: int, height: int, *, earlier: bool = False) -> list[Line]:
    """Say in at most `height` lines, of two or more, which state is shown, and what the act did.

    `earlier` says that the state is about an earlier text of the readout.
    """
    title = "As it is now" if step.number == of else f"After act {step.number:,} of {of:,}"
    asides = ("an earlier text",) * earlier + ("taken back later",) * step.taken_back
    left = (Run(title, paint.TITLE), *(Run(f"  {a}", f"italic {paint.MUTED}") for a in asides))
    right = (ink(f"{_long(step.at)} UTC  {step.coder}", paint.MUTED),)
    if paint.width(left) + paint.width(right) >= width:
        right = (ink(f"{_short(step.at)} UTC", paint.MUTED),)
    items: list[Line] = [(ink(step.words, paint.STRONG),)]
    items += [_change(change) for change in step.changes]
    lines = paint.flow(items, width)
    room = height - 1
    if len(lines) > room:
        rest = [run for line in lines[room - 1 :] for run in (*line, Run("  "))]
        lines = [*lines[: room - 1], paint.fit(tuple(rest[:-1]), width)]
    return [paint.ends(left, right, width), *lines]


def _change(words: str) -> Line:
    style = {"+": paint.GOOD, "−": paint.BAD, "±": "$accent"}.get(words[:1])
    if style is None:
        return (ink(words),)
    return (Run(words[0], style), ink(words[1:]))


def light(step: Step, edit: Edit, coding: Coding) -> Light:
    """Return what to light in the coding after an act: the first sentence that it touched.

    The words of the mark that it gave or changed there are underlined.
    """
    here = touched(step, coding)
    if not here:
        return Light()
    key = min(here, key=coding.position.__getitem__)
    changes = [change for change in edit.changes if change.key == key]
    return Light(key, mark=next((mark for change in changes for mark in _given(change)), None))


def touched(step: Step, coding: Coding) -> frozenset[int]:
    """Return the sentences to show as touched by an act; none where it touched so many."""
    here = frozenset(key for key in step.keys if key in coding.position)
    return here if len(here) <= _MOST_LIT else frozenset()


def _given(change: Change) -> Iterator[str]:
    """Yield the ids of the marks that a change gave to a sentence or changed there."""
    if not isinstance(change.after, Sentence):
        return
    had = change.before.marks if isinstance(change.before, Sentence) else ()
    yield from (mark.id for mark in change.after.marks if mark not in had)


def text_of(coding: Coding, text: str) -> str:
    """Return the text that a coding is about: `text` where all its sentences stand in it.

    The coding may be of an earlier text, of which only the sentences' own words are known. They are
    put where they stood, with a new line where there was more than a blank between two.
    """
    sentences = [sentence for _, sentence in coding.sentences()]
    if all(text[s.start : s.end] == s.text for s in sentences):
        return text
    parts = [" " * sentences[0].start]
    for sentence, following in pairwise([*sentences, None]):
        if sentence is not None:
            gap = max(0, following.start - sentence.end) if following else 0
            parts += [sentence.text, " " if gap == 1 else "\n" * gap]
    return "".join(parts)


def to_mend(shown: Coding, coding: Coding) -> frozenset[int] | None:
    """Return the sentences to lay out again for another coding; None where all have to be.

    That is where a sentence begins, ends or reads otherwise.
    """
    if shown.order != coding.order:
        return None
    changed = [key for key in coding.order if shown.docs[key] is not coding.docs[key]]
    for key in changed:
        old, new = shown.sentence(key), coding.sentence(key)
        if (old.start, old.text) != (new.start, new.text):
            return None
    recast = shown.docs.get(CAST) != coding.docs.get(CAST)
    return frozenset(coding.order if recast else changed)

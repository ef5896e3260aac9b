"""Where to go next in a readout."""

from __future__ import annotations

from annotator.model.edit import Coding
from annotator.model.progress import waits


def next_waiting(coding: Coding, key: int) -> int | None:
    """Return the next sentence to be decided after `key`, from the start again at the end."""
    place = coding.position.get(key, -1)
    order = coding.order
    ahead = (*order[place + 1 :], *order[: max(place, 0)])
    return next((other for other in ahead if waits(coding.sentence(other))), None)


def first_to_show(coding: Coding) -> int | None:
    """Return where work goes on: the first sentence to be decided, else the first of all."""
    waiting = (key for key in coding.order if waits(coding.sentence(key)))
    return next(waiting, coding.order[0] if coding.order else None)


def sentence_at(coding: Coding, offset: int) -> int | None:
    """Return the sentence that holds a code point of the text, or the nearest before it."""
    before = [key for key in coding.order if coding.sentence(key).start <= offset]
    return before[-1] if before else None

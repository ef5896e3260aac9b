"""Attributions inside attributions: press service, within it the leader, within that the state."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from annotator.errors import MarkError
from annotator.model.codebook import Layer
from annotator.model.edit import Coding
from annotator.model.mark import Mark, RefValue
from annotator.model.sentence import Sentence

DEEPEST = 3
"""How many attributions stand inside each other at most; what lies deeper goes into a note."""
NEAR = 5
"""How many sentences before a mark's own its chain is followed for showing it."""


def nest_slot(layer: Layer) -> str | None:
    """Return the slot by which a mark of the layer stands inside another, None where none does."""
    own = (slot.id for slot in layer.slots if slot.type == "ref" and slot.layer == layer.id)
    return next(own, None)


def parent_id(layer: Layer, mark: Mark) -> str | None:
    """Return the id of the mark that a mark stands inside of, None where it stands by itself."""
    slot = nest_slot(layer)
    values = mark.values(slot) if slot else ()
    return next((value.mark for value in values if isinstance(value, RefValue)), None)


def chain(layer: Layer, coding: Coding, mark: Mark, *, near: bool = False) -> tuple[Mark, ...]:
    """Return the marks that a mark stands inside of, the outermost first, and itself last.

    With `near`, only its own sentence and the few before it are looked through.
    """
    found = [mark]
    while (above := parent_id(layer, found[-1])) is not None:
        outer = _find(coding, above, mark, near=near)
        if outer is None or any(outer.id == one.id for one in found):
            break
        found.append(outer)
    return tuple(reversed(found))


def with_chained(coding: Coding, keys: Iterable[int]) -> list[int]:
    """Return these sentences, and those behind them whose chains may lead into them when shown.

    Keys that the coding does not have any more are left out.
    """
    found = dict.fromkeys(key for key in keys if key in coding.position)
    for place in [coding.position[key] for key in found]:
        behind = coding.order[place + 1 : place + 1 + NEAR]
        found.update(dict.fromkeys(key for key in behind if _refers(coding.sentence(key))))
    return [*found]


def _refers(sentence: Sentence) -> bool:
    values = (v for mark in sentence.marks for found in mark.slots.values() for v in found)
    return any(isinstance(value, RefValue) for value in values)


def _find(coding: Coding, mark_id: str, beside: Mark, *, near: bool) -> Mark | None:
    order = coding.order
    place = bisect_right(order, beside.start, key=lambda key: coding.sentence(key).start)
    close = order[max(0, place - 1 - NEAR) : place]
    for keys in (reversed(close), () if near else order):
        for key in keys:
            mark = coding.sentence(key).mark(mark_id)
            if mark is not None:
                return mark
    return None


def nested(layer: Layer, marks: Sequence[Mark]) -> list[tuple[int, Mark]]:
    """Return marks of one sentence with their depths below each other, a parent before its own.

    The depth counts from 0 and only through marks that are among these.
    """
    inside: dict[str | None, list[Mark]] = {}
    ids = {mark.id for mark in marks}
    for mark in marks:
        above = parent_id(layer, mark)
        inside.setdefault(above if above in ids else None, []).append(mark)
    found = list(_walk(inside, None, 0))
    shown = {mark.id for _, mark in found}
    # Marks that stand inside each other in a ring, as only a foreign file can say, are shown too.
    return [*found, *((0, mark) for mark in marks if mark.id not in shown)]


def _walk(
    inside: dict[str | None, list[Mark]], above: str | None, depth: int
) -> Iterator[tuple[int, Mark]]:
    for mark in inside.get(above, ()):
        yield depth, mark
        yield from _walk(inside, mark.id, depth + 1)


def standing_inside(layer: Layer, coding: Coding, mark: Mark) -> list[tuple[int, Mark]]:
    """Return the marks that stand directly inside a mark, and the keys of their sentences."""
    sentences = coding.sentences() if nest_slot(layer) else ()
    return [
        (key, other)
        for key, sentence in sentences
        for other in sentence.of_layer(layer.id)
        if parent_id(layer, other) == mark.id
    ]


def require_room(layer: Layer, coding: Coding, outer: Mark) -> None:
    """Raise MarkError where nothing more can stand inside a mark."""
    if len(chain(layer, coding, outer)) >= DEEPEST:
        raise MarkError(
            f"{DEEPEST} levels are enough: nothing more stands inside this one.",
            "What lies deeper goes into the note.",
        )


def require_sound(layer: Layer, coding: Coding, mark: Mark) -> None:
    """Raise MarkError where a mark would refer to itself in the end, or stand too deep.

    `mark` is as it is to become; what stands inside it already counts too.
    """
    for slot in layer.slots:
        if slot.type == "ref" and slot.layer == layer.id:
            for value in mark.values(slot.id):
                if isinstance(value, RefValue) and _leads_to(slot.id, coding, value.mark, mark):
                    raise MarkError("An attribution cannot stand inside itself.")
    above = parent_id(layer, mark)
    outer = _find(coding, above, mark, near=False) if above else None
    if outer is None:
        return
    if len(chain(layer, coding, outer)) + _height(layer, coding, mark) > DEEPEST:
        raise MarkError(
            f"{DEEPEST} levels are enough, and here would be more.",
            "What lies deeper goes into the note.",
        )


def _leads_to(slot: str, coding: Coding, start: str, target: Mark) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        mark_id = waiting.pop()
        if mark_id == target.id:
            return True
        if mark_id in seen:
            continue
        seen.add(mark_id)
        mark = _find(coding, mark_id, target, near=False)
        values = mark.values(slot) if mark else ()
        waiting += [value.mark for value in values if isinstance(value, RefValue)]
    return False


def _height(layer: Layer, coding: Coding, mark: Mark) -> int:
    """Return how many levels a mark and what stands inside it take."""
    inside: dict[str, list[Mark]] = {}
    for document in coding.docs.values():
        for other in document.marks if isinstance(document, Sentence) else ():
            above = parent_id(layer, other) if other.layer == layer.id else None
            if above is not None:
                inside.setdefault(above, []).append(other)
    levels, row = 0, [mark.id]
    while row and levels <= DEEPEST:
        levels += 1
        row = [other.id for mark_id in row for other in inside.get(mark_id, ())]
    return levels

"""A label over several sentences becomes one on each of them, where the homes file says so.

A mark is of one sentence. That what is said of a passage is true of each of its sentences only a
person can say, and so nothing is given to each without `each` in the homes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from annotator.formats.told import Relation, Tag, Told
from annotator.pipeline.homes import HomesOf
from annotator.pipeline.units import Units

Pieces = Mapping[int, Tag]
"""A label as it stands in each of some sentences, by their keys, in the order of the text."""

REMEDY: Final = "“each = true” at the head of the homes file gives it to each."


def is_passage(tag: Tag, keys: Sequence[int]) -> bool:
    """Tell whether a label is of words in several sentences, and not of a whole text."""
    return tag.start is not None and len(keys) > 1


def pieces(tag: Tag, told: Told, units: Units) -> Pieces:
    """Return a label of words for each sentence that they touch, with the words that are there."""
    begin, found = told.start or 0, dict[int, list[tuple[int, int]]]()
    for start, end in told.parts_of(tag):
        for key in units.within(start, end):
            around = units.now(key)
            part = max(start, around.start) - begin, min(end, around.end) - begin
            found.setdefault(key, []).append(part)
    return {
        key: replace(
            tag, start=parts[0][0], end=parts[-1][1], parts=tuple(parts) if len(parts) > 1 else ()
        )
        for key, parts in found.items()
    }


def on_each(told: Told, homes: HomesOf, units: Units) -> tuple[Told, tuple[int, ...]]:
    """Return what is told with each passage as labels of its sentences, where `homes` say so.

    Besides, of how many sentences each of these was. A relation stands in the sentences that both
    of its ends touch; where there is none, it leads from the first of the one to that of the other.
    """

    def keys_of(tag: Tag) -> list[int]:
        return units.within(*told.range_of(tag))

    passages = {
        tag: pieces(tag, told, units)
        for tag in (told.tags if homes.homes.each else ())
        if homes.of(tag) is not None and is_passage(tag, keys_of(tag))
    }

    def related() -> Iterator[Relation]:
        for one in told.relations:
            ends = one.head, one.child
            heads, children = (passages.get(e) or dict.fromkeys(keys_of(e), e) for e in ends)
            if passages.keys().isdisjoint(ends) or not (heads and children):
                yield one
                continue
            both = [(heads[key], children[key]) for key in heads if key in children]
            first = next(iter(heads.values())), next(iter(children.values()))
            yield from (replace(one, head=head, child=child) for head, child in both or [first])

    if not passages:
        return told, ()
    tags = (piece for tag in told.tags for piece in passages.get(tag, {0: tag}).values())
    split = replace(told, tags=tuple(dict.fromkeys(tags)), relations=tuple(related()))
    return split, tuple(map(len, passages.values()))

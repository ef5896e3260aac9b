"""Marks that were taken in before, when a file tells of them once more.

A mark has an id that comes from its label, the words and the sentence that it was given to. What a
codebook renamed or merged since, whose sentence was joined or split, or moved in a text that
changed, is known by the id that it had then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import chain

from annotator.formats.told import Tag, Told
from annotator.model.codebook import Codebook, Layer
from annotator.model.edit import Coding
from annotator.model.mark import Mark
from annotator.model.renewal import as_now
from annotator.pipeline.earlier import Ground, Range
from annotator.pipeline.gathering import Gathered, Group, gathered
from annotator.pipeline.relating import Relating
from annotator.pipeline.taker import Taker

Places = list[tuple[str, int, int]]


def mark_id(
    group: Group, label: str, around: Range, parts: Sequence[Sequence[Range]], places: Places
) -> str:
    """Return the id of the mark that a group becomes: the same for what says the same.

    `around` is its sentence, `parts` are the words of each label of the group, and `places` what
    relations put into its slots.
    """
    tag, home = group[0]
    said = (home.layer, label, home.slot, *around, tag.rejected)
    place = chain(*parts[0]) if home.slot else ()
    more = ((home.slot, *own) for (_, home), own in zip(group[1:], parts[1:], strict=True))
    whole = (*said, *place, *places, *more)
    return f"i{blake2b(repr(whole).encode(), digest_size=8).hexdigest()}"


def says(book: Codebook, mark: Mark, other: Mark) -> bool:
    """Tell whether a mark says what another does with the labels of now, whoever gave them."""
    if (mark.layer, mark.rejected) != (other.layer, other.rejected):
        return False
    one, other = as_now(book, mark), as_now(book, other)
    if one.label != other.label:
        return False
    held, wanted = ({slot: {*v} for slot, v in each.slots.items() if v} for each in (one, other))
    return held == wanted


@dataclass(frozen=True)
class Known:
    """A mark that was taken in before; it `stands`, or was taken away.

    Without an id, it went into another one. `former` says that the id is that of another sentence,
    place or label than the mark would have now.
    """

    id: str
    stands: bool
    former: bool = False


class Recognising:
    """Knows marks of a readout by the ids that they had or may have had before."""

    def __init__(
        self, text: str, coding: Coding, taker: Taker, related: Callable[[Told], Relating]
    ) -> None:
        self._text, self._coding, self._taker, self._related = text, coding, taker, related
        self._of_then: tuple[Told, dict[tuple[int, Range], Gathered]] | None = None

    @cached_property
    def _standing(self) -> frozenset[str]:
        sentences = (one for _, one in self._coding.sentences())
        return frozenset(mark.id for one in sentences for mark in (*one.marks, *one.unplaced))

    @cached_property
    def _seen(self) -> bool:
        """Whether any mark stands, or ever stood."""
        earlier = self._taker.earlier
        return bool(self._standing or earlier.removed or earlier.absorbed)

    def known(self, group: Group, told: Told) -> Known | None:
        """Return what became of the mark of a group, None where it, or a part of it, is new."""
        if not self._seen:
            return None
        found = [self._known(tag, told) for tag, _ in group]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        return next((one for one in known if not one.stands), known[0])

    def _known(self, tag: Tag, told: Told) -> Known | None:
        gone, earlier = None, self._taker.earlier
        for layer, label, own, one in self._names(tag, told):
            if one in self._standing:
                return Known(one, stands=True)
            if one in earlier.absorbed:
                gone = Known("", stands=True)
            # Taken away as a narrower label that was merged since, it says nothing of the wider.
            last = earlier.removed.get(one, "")
            if last and (label in _ids(layer, own) or last in _ids(layer, layer.current(own))):
                gone = Known(one, stands=False)
        return gone

    def _names(self, tag: Tag, told: Told) -> Iterator[tuple[Layer, str, str, str]]:
        """Yield the ids that the mark of a label may have got, each with the label it is of."""
        related = self._related(told)
        for ground in self._taker.earlier.grounds:
            then = ground.then(*self._words(tag, told))
            for around in ground.around(*then) if then else ():
                group = self._group(tag, told, ground, around)
                layer = self._taker.book.layer(group[0][1].layer) if group else None
                if not group or layer is None:
                    continue
                parts = [_moved(told.parts_of(one), ground) for one, _ in group]
                places = _placed(related.places(group[0][0]), ground)
                sound = [one for one in parts if one is not None]
                if places is None or len(sound) < len(parts):
                    continue
                own = group[0][1].to
                for label in _merged(layer, own):
                    yield layer, label, own, mark_id(group, label, around, sound, places)

    def _words(self, tag: Tag, told: Told) -> Range:
        """Return the words of a label without the white space around them."""
        start, end = told.range_of(tag)
        words = self._text[start:end]
        return end - len(words.lstrip()), start + len(words.rstrip())

    def _group(self, tag: Tag, told: Told, ground: Ground, around: Range) -> Group | None:
        """Return the labels that became one mark with a label in a sentence that stood then."""
        homes = self._taker.homes
        if not told.relations and not homes.homes.join:
            home = homes.of(tag)
            return ((tag, home),) if home else None
        if self._of_then is None or self._of_then[0] is not told:
            self._of_then = told, {}
        key = id(ground), around
        if key not in self._of_then[1]:
            self._of_then[1][key] = self._gathered(told, ground, around)
        return self._of_then[1][key].of.get(tag)

    def _gathered(self, told: Told, ground: Ground, around: Range) -> Gathered:
        start, end = around
        inside = set()
        for tag in told.tags:
            then = ground.then(*self._words(tag, told))
            if then and start <= then[0] and then[1] <= end:
                inside.add(tag)
        relations = (one for one in told.relations if {one.head, one.child} & inside)
        there = replace(
            told,
            tags=tuple(tag for tag in told.tags if tag in inside),
            relations=tuple(relations),
        )
        return gathered(there, self._taker.homes, lambda tag: [0] if tag in inside else [])


def _moved(parts: Sequence[Range], ground: Ground) -> list[Range] | None:
    then = [one for part in parts if (one := ground.then(*part)) is not None]
    return then if len(then) == len(parts) else None


def _placed(places: Places, ground: Ground) -> Places | None:
    then = [(slot, ground.then(start, end)) for slot, start, end in places]
    sound = sorted((slot, *place) for slot, place in then if place is not None)
    return sound if len(sound) == len(places) else None


def _ids(layer: Layer, label_id: str) -> tuple[str, ...]:
    """Return the id of a label, and those that it had."""
    label = layer.label(label_id)
    return (label.id, *label.was) if label else ()


def _merged(layer: Layer, label_id: str) -> Sequence[str]:
    """Return the ids of all labels whose marks became those of a label, its own first."""
    if not layer.moved:
        return (label_id,)
    now = layer.current(label_id)
    others = (one for one in layer.label_ids if layer.current(one) == now)
    return list(dict.fromkeys((label_id, *others)))

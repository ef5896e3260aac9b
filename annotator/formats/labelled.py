"""What a sentence's row says in the terms of other programs: labels, spans and relations.

Their labels live in one flat list, and names from several layers would meet there. So a label is
written `layer:label`, a near miss `layer:family:label`, and the words of a slot `layer:slot`; the
words that speak for a topic are written with the topic, as theirs is the only slot of words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from annotator.errors import InputError
from annotator.formats import topic_words
from annotator.formats.carried import KEY
from annotator.formats.output import OUTSIDE, OVERLAPPING, TWICE
from annotator.formats.reconciling import Writer, once_reconciled
from annotator.formats.told import Relation, Tag, Told
from annotator.formats.work import TOPICS
from annotator.model.codebook import Layer
from annotator.model.record import MarkRecord, SentenceRow


@dataclass(frozen=True)
class Words:
    """Words of a sentence in a slot of a mark.

    `start` and `end` are code points of the sentence. `name` is the slot, or the topic.
    """

    layer: str
    slot: str
    name: str
    start: int
    end: int
    mark: str

    @property
    def label(self) -> str:
        """The label of these words among those of all layers."""
        return f"{self.layer}:{self.name}"

    @property
    def range(self) -> tuple[int, int]:
        """Where they begin and end."""
        return self.start, self.end

    @property
    def place(self) -> tuple[int, int, str]:
        """Where they are and what they are: words of one place are written once."""
        return self.start, self.end, self.label


@dataclass(frozen=True)
class Link:
    """A relation between words, by the slot that it stands for."""

    head: Words
    child: Words
    label: str


def standing(row: SentenceRow) -> Iterator[MarkRecord]:
    """Yield the marks that are not rejected."""
    return (mark for mark in row.marks if not mark.rejected)


def words(row: SentenceRow) -> list[Words]:
    """Return the words in the slots of standing marks, as far as they lie in the sentence."""
    return [one for one in _everywhere(row) if _is_inside(row, one)]


def unshown(
    row: SentenceRow, shown: Collection[tuple[int, int, str]] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield why words of the marks are not written, as the loss, and the id of each one's mark.

    `shown` are the places of those that are, where not all of the sentence are.
    """
    seen: set[tuple[int, int, str]] = set()
    for one in _everywhere(row):
        if not _is_inside(row, one):
            yield OUTSIDE, one.mark
        elif shown is not None and one.place not in shown:
            yield OVERLAPPING, one.mark
        elif one.place in seen:
            yield TWICE, one.mark
        seen.add(one.place)


def _everywhere(row: SentenceRow) -> Iterator[Words]:
    for mark in standing(row):
        for value in mark.slots:
            if value.start is not None and value.end is not None:
                name = mark.label if mark.layer == TOPICS else value.slot
                start, end = value.start - row.start, value.end - row.start
                yield Words(mark.layer, value.slot, name, start, end, mark.id)


def _is_inside(row: SentenceRow, one: Words) -> bool:
    return 0 <= one.start < one.end <= row.end - row.start


def once(found: Iterable[Words]) -> list[Words]:
    """Return words in the order of the text, those of one place once."""
    unique = {one.place: one for one in found}
    return [unique[key] for key in sorted(unique)]


def links(row: SentenceRow, layers: Iterable[Layer]) -> list[Link]:
    """Return the relations of a sentence.

    From a mark's first words that are no mention of somebody, in the order of the codebook (a cue,
    an action), one leads to each of its other words, and one to those of a mark that it refers to.
    """
    by_id = {layer.id: layer for layer in layers}
    by_mark: dict[str, list[Words]] = {}
    for one in words(row):
        if one.layer != TOPICS:
            by_mark.setdefault(one.mark, []).append(one)
    heads: dict[str, Words] = {}
    for mark, parts in by_mark.items():
        slots = by_id[parts[0].layer].slots
        order = {slot.id: place for place, slot in enumerate(slots) if slot.type == "span"}
        able = [one for one in parts if one.slot in order]
        if able:
            heads[mark] = min(able, key=lambda one: order[one.slot])
    found = [Link(head, one, one.slot) for mark, head in heads.items() for one in by_mark[mark]]
    for record in standing(row):
        for value in record.slots:
            if value.type == "ref" and record.id in heads and value.value in heads:
                found.append(Link(heads[record.id], heads[value.value], value.slot))
    unique = {(one.head.place, one.child.place, one.label): one for one in found}
    return [unique[key] for key in sorted(unique) if key[0] != key[1]]


def label_of(layer: Layer, label: str) -> str:
    """Return the name of a layer's label among those of all layers."""
    family = layer.family(label)
    near_miss = f"{family.id}:" if family and family.negative else ""
    return f"{layer.id}:{near_miss}{label}"


def plain(label: str) -> str:
    """Return a name that `label_of` made, without the family of near misses."""
    layer, colon, rest = label.partition(":")
    return f"{layer}{colon}{rest.rpartition(':')[2]}"


def unexplained(row: SentenceRow, found: Iterable[Relation]) -> tuple[Relation, ...]:
    """Return the relations that stand for no slot of a row.

    One that leads from words of a mark to others of it is called like the slot of these; so is one
    that leads to words of a mark that it refers to.
    """
    by_mark: dict[str, list[Words]] = {}
    for one in words(row):
        by_mark.setdefault(one.mark, []).append(one)
    known: set[tuple[tuple[int, int], tuple[int, int], str]] = set()
    for record in standing(row):
        own = by_mark.get(record.id, [])
        for head in own:
            known |= {(head.range, one.range, one.slot) for one in own}
            for value in record.slots:
                if value.type == "ref":
                    referred = by_mark.get(value.value or "", [])
                    known |= {(head.range, one.range, value.slot) for one in referred}
    return tuple(
        one
        for one in found
        if ((one.head.start, one.head.end), (one.child.start, one.child.end), one.label)
        not in known
    )


def require_text(row: SentenceRow, text: str, place: str) -> None:
    """Raise InputError where the text beside a row of ours is another one."""
    if row.text != text:
        raise InputError(
            f"{place}: the text is not the one that “{KEY}” tells of.",
            f"Leave “{KEY}” out, or export again.",
        )


def ours(
    row: SentenceRow,
    text: str,
    place: str,
    written: Writer,
    found: Iterable[Tag],
    related: Iterable[Relation] = (),
) -> Told:
    """Return what a row of ours tells, after the tags that stand beside it now.

    `written` returns a tag for each mark that says it, though equal ones stand in the file once;
    `related` are the relations that stand beside it.
    Raises InputError where the text beside the row is another one.
    """
    require_text(row, text, place)
    (kept,), new = once_reconciled([row], written, found)
    fresh = unexplained(kept, unexplained(row, related))
    ends = {end for one in fresh for end in (one.head, one.child)}
    now, beside = topic_words.gathered(kept, new, ends)
    return Told(place, row.readout, text, row.start, row.coder, beside, (now,), relations=fresh)

"""Topics that another program gave beside our rows: with the words that speak for them, one mark.

A topic and its words stand apart in these forms, under one name. Our export writes them so of one
mark, and so they are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from annotator.formats.reconciling import Changed, changed
from annotator.formats.told import Tag
from annotator.formats.work import TOPICS
from annotator.model.record import MarkRecord, SentenceRow, SlotRecord


def gathered(
    row: SentenceRow, new: Iterable[Tag], apart: Collection[Tag] = ()
) -> tuple[SentenceRow, tuple[Tag, ...]]:
    """Return a row and the new tags beside it, with those of one topic together.

    Words of the one mark that gives their topic already go into its slot for words, which only a
    codebook names. What is `apart`, an end of a relation, is left as it is.
    """
    given: dict[str, list[MarkRecord]] = defaultdict(list)
    for mark in row.marks:
        if mark.layer == TOPICS and not mark.rejected:
            given[mark.label].append(mark)
    left = []
    into: dict[str, list[Tag]] = defaultdict(list)
    for tag in new:
        marks = given[_topic(tag) or ""]
        if tag.start is not None and tag not in apart and len(marks) == 1:
            into[marks[0].id].append(tag)
        else:
            left.append(tag)
    return _with_words(row, into), together(left, apart)


def together(tags: Iterable[Tag], apart: Collection[Tag] = ()) -> tuple[Tag, ...]:
    """Return tags with a topic and the words for it as one, as `gathered` does without a row."""
    tags = tuple(tags)
    words: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        topic = _topic(tag)
        if topic is not None and tag.start is not None and tag not in apart:
            words[topic].append(tag)
    first = {own[0]: own for own in words.values()}
    others = {tag for own in words.values() for tag in own} - first.keys()
    return tuple(
        _as_one(first[tag]) if tag in first else tag
        for tag in tags
        if tag not in others and not (tag.start is None and _topic(tag) in words)
    )


def _topic(tag: Tag) -> str | None:
    """Return the topic that a tag gives or speaks for, None where it does neither."""
    layer, colon, label = tag.label.partition(":")
    if tag.rejected:
        return None
    if tag.field.partition("-")[0] == TOPICS:
        return tag.label
    return label if colon and layer == TOPICS else None


def _as_one(tags: Iterable[Tag]) -> Tag:
    """Return the stretches of tags with one name as one tag."""
    tags = sorted(tags, key=lambda tag: (tag.start or 0, tag.end or 0))
    parts = tuple((tag.start or 0, tag.end or 0) for tag in tags)
    start, end = min(parts)[0], max(end for _, end in parts)
    return Tag(tags[0].field, tags[0].label, start, end, parts=parts if len(parts) > 1 else ())


def _with_words(row: SentenceRow, words: Mapping[str, Sequence[Tag]]) -> SentenceRow:
    """Return a row with more words in its marks, by their ids."""
    if not words:
        return row
    valued = row.valued if isinstance(row, Changed) else ()
    marks = []
    for mark in row.marks:
        more = tuple(_record(row, tag) for tag in words.get(mark.id, ()))
        valued += tuple((mark.id, one) for one in more)
        marks.append(mark.replaced(slots=(*mark.slots, *more)) if more else mark)
    return changed(row, tuple(marks), valued=valued)


def _record(row: SentenceRow, tag: Tag) -> SlotRecord:
    start, end = tag.start or 0, tag.end or 0
    return SlotRecord(
        slot="",
        type="span",
        value=None,
        start=row.start + start,
        end=row.start + end,
        exact=row.text[start:end],
        inferred=False,
    )

"""Text into sentences: blocks, their datelines, their sentences, their roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from annotator.model.text import Role
from annotator.segment import lists
from annotator.segment.blocks import Block, blocks
from annotator.segment.boundaries import sentence_ends
from annotator.segment.datelines import dateline_end, is_dateline
from annotator.segment.lexicon import Lexicon, lexicon
from annotator.segment.marks import INK
from annotator.segment.roles import is_boilerplate, is_heading, is_set_apart

SEGMENTER: Final = "readseg/1"
"""Names the rules; stored with every segmentation, and changed whenever a rule changes."""


class Segment(NamedTuple):
    """A sentence's place and role: code points of the text, half-open, no white space around."""

    start: int
    end: int
    role: Role


def segment(text: str, *, extra_abbreviations: Sequence[str] = ()) -> list[Segment]:
    """Split a text into its sentences, headings and list items included.

    The segments are in order, do not overlap, and hold every character but white space; each is
    trimmed, no-break spaces counting as white space. Offsets are code points of the text as given.
    `extra_abbreviations`, with or without their last full stop, never end a sentence. Any text is
    accepted; the time taken grows with its length only.
    """
    return list(_segments(text, lexicon(tuple(extra_abbreviations))))


def _segments(text: str, words: Lexicon) -> Iterator[Segment]:
    context = _Context()
    found = list(blocks(text))
    for place, block in enumerate(found):
        context.last = place + 1 == len(found)
        for part in _of_block(text, block, words, context):
            context.note(text, part)
            yield part


class _Context:
    """What the blocks before say about the next one."""

    def __init__(self) -> None:
        self.before_body = True
        self.last = False
        self.expects_item = False

    def note(self, text: str, part: Segment) -> None:
        if part.role in ("body", "list_item", "quotation"):
            self.before_body = False
        goes_on = ":" if part.role != "list_item" else ";,"
        self.expects_item = text[part.end - 1] in goes_on


def _of_block(text: str, block: Block, words: Lexicon, context: _Context) -> Iterator[Segment]:
    start, end = block
    if is_dateline(text, start, end):
        yield Segment(start, end, "dateline")
        return
    if is_boilerplate(text, start, end):
        yield Segment(start, end, "boilerplate")
        return
    said = dateline_end(text, start, end)
    if said > start:
        yield Segment(start, said, "dateline")
        start = INK.search(text, said).start()  # type: ignore[union-attr]
    ...

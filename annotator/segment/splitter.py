"""Text into sentences: its blocks, their datelines, their sentences, their roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final, NamedTuple

from annotator.model.text import Role
from annotator.segment import lists
from annotator.segment.blocks import Block, blocks
from annotator.segment.boundaries import sentence_ends
from annotator.segment.datelines import dateline_end, is_dateline
from annotator.segment.lexicon import Lexicon, lexicon
from annotator.segment.marks import INK, LETTER
from annotator.segment.roles import is_boilerplate, is_heading, is_set_apart

SEGMENTER: Final = "readseg/1"
"""Names the rules; stored with every segmentation, and changed whenever a rule changes."""

_LONGEST_NUMBERED: Final = 60
_RUNNING_TEXT: Final = frozenset({"body", "list_item", "quotation"})


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
    accepted; the time taken grows in line with its length.
    """
    return _Splitter(text, lexicon(extra_abbreviations)).segments()


class _Splitter:
    """Goes through the blocks of one text, and knows what came before each."""

    def __init__(self, text: str, words: Lexicon) -> None:
        self.text, self.words = text, words
        self.found: list[Segment] = []
        self.before_body = True

    def segments(self) -> list[Segment]:
        for block, following in pairwise(chain(blocks(self.text), (None,))):
            if block is not None:
                self._add(*block, following)
        return self.found

    def _add(self, start: int, end: int, following: Block | None) -> None:
        around = self._role_around(start, end)
        if around is not None:
            self.found.append(Segment(start, end, around))
            return
        opening = start
        said = dateline_end(self.text, start, end)
        if said > start:
            self.found.append(Segment(start, said, "dateline"))
            if said == end:
                return
            opening = self._skip_space(said)
        marker = lists.marker(self.text, opening, end)
        cuts = sentence_ends(self.text, marker.end() if marker else opening, end, self.words)
        if marker:
            alone = not cuts and self._is_numbered_heading(marker, end, following)
            role: Role = "heading" if alone else "list_item"
        elif is_set_apart(self.text, opening, end):
            role = "quotation"
        elif said == start and not cuts and self._is_heading(start, end, following):
            role = "heading"
        else:
            role = "list_item" if self._continues_list(opening, end) else "body"
        self.before_body = self.before_body and role not in _RUNNING_TEXT
        self.found.extend(Segment(*part, role) for part in self._parts(opening, cuts, end))

    def _role_around(self, start: int, end: int) -> Role | None:
        if is_dateline(self.text, start, end):
            return "dateline"
        return "boilerplate" if is_boilerplate(self.text, start, end) else None

    def _is_heading(self, start: int, end: int, following: Block | None) -> bool:
        return is_heading(
            self.text,
            start,
            end,
            self.words,
            before_body=self.before_body,
            last=following is None,
        )

    def _is_numbered_heading(
        self, marker: re.Match[str], end: int, following: Block | None
    ) -> bool:
        """Tell whether a number stands before a heading: one that is no item among others."""
        if following is None or lists.kind(marker) != "number":
            return False
        if self.found and self.found[-1].role == "list_item":
            return False
        if lists.marker(self.text, *following) or end - marker.end() > _LONGEST_NUMBERED:
            return False
        start = self._skip_space(marker.end())
        return start < end and self._is_heading(start, end, following)

    def _continues_list(self, start: int, end: int) -> bool:
        """Tell whether a line in small letters is an item of a list that has no markers."""
        if not self.found:
            return False
        before = self.found[-1]
        sign = self.text[before.end - 1]
        first = LETTER.search(self.text, start, end)
        announced = sign == ":" or (before.role == "list_item" and sign in ";,")
        return announced and first is not None and first[0].islower()

    def _parts(self, start: int, cuts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
        starts = [start, *(self._skip_space(cut) for cut in cuts)]
        return zip(starts, [*cuts, end], strict=True)

    def _skip_space(self, place: int) -> int:
        found = INK.search(self.text, place)
        return found.start() if found else len(self.text)

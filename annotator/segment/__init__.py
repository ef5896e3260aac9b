"""From text to sentences, with exact offsets.

`segment` cuts a text into blocks of lines (`blocks`), a block into its dateline (`datelines`) and
its sentences (`boundaries`), and says what each is (`roles`). What differs by language is data
(`languages`); all languages hold at once.
"""

from __future__ import annotations

from annotator.segment.splitter import SEGMENTER, Segment, segment

__all__ = ["SEGMENTER", "Segment", "segment"]

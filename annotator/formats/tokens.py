"""A text cut into tokens, for forms that have rows of them. Nothing but white space is left out.

A token is a run of letters, digits and underscores, or else one character. A letter of a script
that is written without spaces, such as Han, kana or Thai, is a token of its own. Marks, joiners and
skin colours belong to the character before them, and so does what a joiner joins.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

_JOINER = "\u200d"
_ATTACHED = frozenset((_JOINER, "\u200c", *map(chr, range(0x1F3FB, 0x1F400))))
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)

Kind = Literal["space", "word", "sign", "attached"]
Token = tuple[int, int]
"""The code points of a token, half-open."""


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text in their order; what stands between them is white space."""
    found: list[Token] = []
    in_word = joined = False
    for place, char in enumerate(text):
        kind = _kind(char)
        if kind == "space":
            in_word = joined = False
            continue
        follows = bool(found) and found[-1][1] == place
        if follows and (kind == "attached" or joined or (in_word and kind == "word")):
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
            in_word = kind == "word"
        joined = char == _JOINER
    return found


@lru_cache(maxsize=4096)
def _kind(char: str) -> Kind:
    if char.isspace():
        return "space"
    category = unicodedata.category(char)
    if category[0] == "M" or char in _ATTACHED:
        return "attached"
    alone = any(first <= ord(char) <= last for first, last in _UNSPACED)
    return "word" if (category[0] in "LN" or char == "_") and not alone else "sign"


def covered(found: Sequence[Token], start: int, end: int) -> tuple[int, int] | None:
    """Return the first and the last of the tokens in a stretch; None where it cuts one or has none.

    White space at its edges is no matter.
    """
    first = bisect_right(found, start, key=lambda one: one[1])
    last = bisect_left(found, end, key=lambda one: one[0]) - 1
    if first > last:
        return None
    return (first, last) if start <= found[first][0] and found[last][1] <= end else None

"""The marks that end, open and close, in all scripts."""

from __future__ import annotations

import re
from typing import Final

# Marks that end a sentence whatever comes next: their scripts have no capitals, or no spaces.
STRONG: Final = "。｡！？؟۔।॥։።፧။។៕"
ENDS: Final = f".!?…‥‼⁇⁈⁉{STRONG}"
HIDDEN: Final = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_CLOSERS: Final = f"\"'”’»›)\\]}}）］】｝」』》〉〞＂⁰¹²³⁴-⁹{HIDDEN}"

CANDIDATE: Final = re.compile(
    rf"""
    ([{ENDS}]                                            # a mark, or a run of marks,
        (?:[{ENDS}]|[ \u00a0\u202f](?=[!?]|\.(?:[ .]|\Z)))*+)
    (?:[{_CLOSERS}]                                      # with what closes after it,
        |[“‘«‹](?!\w)                                    # in German the opening signs do
        |[ \u00a0\u202f]["”»’'」)](?=[\s.,;:)]|\Z)
        |\[\d{{1,3}}\])*+
    """,
    re.VERBOSE,
)
"""A place where a sentence may end: group 1 the marks, the whole with the closing signs.

It always matches where a mark stands and never looks back, so that finding all is linear.
"""

FINAL: Final = re.compile(rf"[{ENDS}][{_CLOSERS}“‘«‹\s]*+\Z")
QUOTES: Final = "\"'”’»›“‘«‹」』〞＂"
"""What may close a quotation."""

ALNUM: Final = re.compile(r"[^\W_]")
LETTER: Final = re.compile(r"[^\W\d_]")
INK: Final = re.compile(r"\S")
WORD: Final = re.compile(r"\w+(?:[-’'‑]\w+)*")

_CJK: Final = re.compile(
    "[\u2e80-\u2fdf\u3000-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60"
    "\U00020000-\U0003ffff]"
)


def is_cjk(char: str) -> bool:
    """Tell whether a character belongs to Chinese or Japanese text, where words have no spaces."""
    return _CJK.match(char) is not None


def cells(text: str) -> int:
    """Return how wide a text is, a Chinese or Japanese character counted as two."""
    return len(text) if text.isascii() else len(text) + len(_CJK.findall(text))


def is_caseless(char: str) -> bool:
    """Tell whether a character is a letter of a script without capitals."""
    return char.isalpha() and char.lower() == char.upper()


def ends_with_mark(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch ends with a mark of the end, closing signs left out of account."""
    return FINAL.search(text, max(start, end - 12), end) is not None

"""Texts that are the same to a reader: a letter with its accent is one code point or two.

Unicode calls these canonically equivalent. A text is never changed for it; what is looked for is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

# What makes another letter of the one before it: accents, kana and Arabic signs, Hangul endings.
_ADDED: Final = "".join(
    chr(code)
    for first, last in ((0x300, 0x36F), (0x653, 0x655), (0x11A8, 0x11C2), (0x3099, 0x309A))
    for code in range(first, last + 1)
)


def folded(text: str) -> str:
    """Return a text as it is compared: without case, each letter with its accents composed.

    Offsets of what is returned are not those of the text.
    """
    return normalize("NFC", normalize("NFD", text).casefold())


def pattern(words: str) -> str:
    """Return an expression that matches words however their accents are written.

    Its matches are stretches of the text as it is, in code points; a letter is never matched
    without an accent that makes another letter of it.
    """
    letters = _letters(normalize("NFC", words))
    return "".join(map(_ways, letters)) + (_alone(letters[-1]) if letters else "")


def _letters(composed: str) -> list[str]:
    """Cut a composed text into letters, each with the marks on it that it is not composed with."""
    letters: list[str] = []
    for char in composed:
        if combining(char) and letters:
            letters[-1] += char
        else:
            letters.append(char)
    return letters


@lru_cache(maxsize=1024)
def _ways(letter: str) -> str:
    parts = normalize("NFD", letter)
    partly = (normalize("NFC", parts[:end]) + parts[end:] for end in range(1, len(parts)))
    ways = dict.fromkeys((letter, *partly, parts))
    escaped = sorted(map(re.escape, ways), key=len, reverse=True)
    return escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"


@lru_cache(maxsize=1024)
def _alone(letter: str) -> str:
    """Return what says that the letter before it has no further accent."""
    made = normalize("NFC", letter)
    others = [mark for mark in _ADDED if len(normalize("NFC", made + mark)) <= len(made)]
    return f"(?![{''.join(others)}])" if others else ""

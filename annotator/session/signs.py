"""Where a text can be cut without taking apart what is read as one sign.

A letter and the marks on it, an emoji with its skin tone or joined to others, a flag and a syllable
of Hangul letters are one sign each, of several code points: extended grapheme clusters, without the
conjuncts of Indic scripts, in which a letter can be cut off.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category

_JOINER: Final = "\u200d"
_EXTENDING: Final = frozenset({"Mn", "Mc", "Me"})
_CONTROLS: Final = frozenset({"Cc", "Zl", "Zp"})
_PICTURES: Final = frozenset({"So", "Sm"})


def step(text: str, at: int, by: int) -> int:
    """Return the place to cut at so many signs after, or with a negative `by` before, a place."""
    end, way = (len(text), 1) if by > 0 else (0, -1)
    left = abs(by)
    while left and at != end:
        at += way
        left -= is_cut(text, at)
    return at


def is_cut(text: str, at: int) -> bool:
    """Tell whether a sign ends before the code point `at`, or the text begins or ends there."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if category(before) in _CONTROLS or category(after) in _CONTROLS:
        return (before, after) != ("\r", "\n")
    if _extends(after):
        return False
    if before == _JOINER and category(after) in _PICTURES:
        return not _is_picture(text, at - 1)
    if _is_flag_letter(before) and _is_flag_letter(after):
        return _flag_letters(text, at) % 2 == 0
    return (_hangul(before), _hangul(after)) not in _SYLLABLE


def _extends(char: str) -> bool:
    return (
        category(char) in _EXTENDING
        or char in "\u200c\u200d\uff9e\uff9f"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_picture(text: str, end: int) -> bool:
    """Tell whether a picture stands before a place, with what is joined to it."""
    while end > 0 and _extends(text[end - 1]):
        end -= 1
    return end > 0 and category(text[end - 1]) in _PICTURES


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters(text: str, end: int) -> int:
    start = end
    while start > 0 and _is_flag_letter(text[start - 1]):
        start -= 1
    return end - start


_SYLLABLE: Final = frozenset(
    (before, after)
    for before, afters in {
        "L": ("L", "V", "LV", "LVT"),
        "V": ("V", "T"),
        "LV": ("V", "T"),
        "T": ("T",),
        "LVT": ("T",),
    }.items()
    for after in afters
)
"""Kinds of Hangul letters and syllables of which the second goes on with the first."""


def _hangul(char: str) -> str:
    """Return the kind of a Hangul letter (leading, vowel, trailing) or syllable; empty for none."""
    if "\uac00" <= char <= "\ud7a3":
        return "LVT" if (ord(char) - 0xAC00) % 28 else "LV"
    if "\u1100" <= char <= "\u115f" or "\ua960" <= char <= "\ua97c":
        return "L"
    if "\u1160" <= char <= "\u11a7" or "\ud7b0" <= char <= "\ud7c6":
        return "V"
    return "T" if "\u11a8" <= char <= "\u11ff" or "\ud7cb" <= char <= "\ud7fb" else ""

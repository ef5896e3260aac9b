"""In which units a REFI-QDA project counts: the standard does not say, and programs differ.

Many name a selection by its words, whole or cut off behind some of them. A name proves nothing that
is no such words: it counts only where it is as long as its selection, or long enough to be cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from annotator.formats.foreign import CodePoints, Utf16

_CUT: Final = 20
"""Code points that a name has at least which is cut off."""


def units_of(text: str, selections: Iterable[Element]) -> CodePoints:
    """Return the units by which more of the selections have the words of their names."""
    code_points, utf16 = CodePoints(text), Utf16(text)
    named = [one for one in selections if _name(one)]
    if max(text, default="") <= "\uffff" or not named:
        return code_points
    found = {
        units: sum(_begins(text, units, one) for one in named) for units in (code_points, utf16)
    }
    return utf16 if found[utf16] > found[code_points] else code_points


def stands_elsewhere(text: str, units: CodePoints, selection: Element) -> bool:
    """Tell whether a selection is named by words of the text that do not stand where it is."""
    name, places = _name(selection), _places(units, selection)
    if not name or places is None or _begins(text, units, selection):
        return False
    is_words = len(name) == places[1] - places[0] or len(name) >= _CUT
    return is_words and name in _folded(text)


def _begins(text: str, units: CodePoints, selection: Element) -> bool:
    places = _places(units, selection)
    return places is not None and _folded(text[slice(*places)]).startswith(_name(selection))


def _name(selection: Element) -> str:
    return _folded(selection.get("name", "").rstrip("….")).rstrip()


def _folded(words: str) -> str:
    return " ".join(words.split())


def _places(units: CodePoints, selection: Element) -> tuple[int, int] | None:
    found = []
    for key in ("startPosition", "endPosition"):
        raw = selection.get(key, "")
        at = units.inward(int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None
        if at is None:
            return None
        found.append(at)
    return found[0], found[1]

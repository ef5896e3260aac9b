"""Whether two names may be of one: the same but for case and accents, shorter, or much alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from annotator.model.ids import plain
from annotator.model.likeness import bag, likeness

ALIKE: Final = 0.5
"""How alike two names are, from which on they are proposed as one."""
_WORD = re.compile(r"\w+")


def words(name: str) -> list[str]:
    """Return the words of a name as they are compared."""
    return _WORD.findall(plain(name))


def shared(names: Iterable[str], others: Iterable[str]) -> str:
    """Return the first of the others that is among the names, empty where none is."""
    known = {plain(name) for name in names}
    return next((other for other in others if plain(other) in known), "")


def nearest(names: Sequence[str], others: Sequence[str]) -> tuple[float, tuple[str, str]]:
    """Return the two that are most alike, and how much, between 0 and 1."""
    return max(
        (likeness(bag(plain(one)), bag(plain(other))), (one, other))
        for one in names
        for other in others
    )


def is_short_for(short: str, whole: str) -> bool:
    """Tell whether a person's name is another in fewer words: “Orsk”, “P. Orsk” of “Pavel Orsk”.

    A name of one word is the last of the other, or its first: some families stand there.
    """
    few, many = words(short), words(whole)
    if not few or len(few) > len(many) or few == many:
        return False
    if len(few) == 1:
        return len(few[0]) > 1 and few[0] in (many[0], many[-1])
    ahead = iter(many[:-1])
    return few[-1] == many[-1] and all(any(_stands_for(w, x) for x in ahead) for w in few[:-1])


def _stands_for(word: str, whole: str) -> bool:
    return word == whole or (len(word) == 1 and whole.startswith(word))

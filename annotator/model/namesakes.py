"""Whether two names may be of one: the same but for case and accents, shorter, or much alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

from annotator.model.ids import plain
from annotator.model.likeness import bag, likeness

ALIKE: Final = 0.5
"""How alike two names are, from which on they are proposed as one."""
_TITLE_WORDS: Final = """
president prime minister foreign defence defense finance interior trade energy secretary
secretary-general general of state vice deputy special envoy ambassador king queen emir
prince princess crown chancellor premier chairman chairwoman chair speaker director
director-general commissioner high representative adviser advisor mr mrs ms dr sir h.e
h.h m mme président présidente ministre première präsident kanzler presidente
президент премьер-министр министр
"""
_TITLES: Final = frozenset(_TITLE_WORDS.split())
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


def titles(parts: Sequence[str]) -> int:
    """Return how many of the words of a name are titles before it."""
    own = (n for n, one in enumerate(parts) if one.casefold().strip(".") not in _TITLES)
    return next(own, len(parts))


def short(names: Sequence[str], others: Sequence[str]) -> tuple[str, str] | None:
    """Return a name of each of two persons that may be one: but for titles the same, or shorter.

    “Mr Orsk” may be Pavel Orsk, and so may “Orsk”, “P. Orsk” and “President Pavel Orsk”. None where
    no two names are so. Whose full name is known is not told by a title and the surname.
    """
    pairs = product(_untitled(names), _untitled(others))
    alike = (
        (name, other)
        for (one, name), (two, other) in pairs
        if words(one) == words(two) or is_short_for(one, two) or is_short_for(two, one)
    )
    return next(alike, None)


def _untitled(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return names without the titles before them, each with how it is written."""
    split = [(name.split(), name) for name in names]
    bare = [(parts[(n := titles(parts)) :], n, name) for parts, name in split]
    full = any(len(own) > 1 for own, _, _ in bare)
    return [
        (" ".join(own), name) for own, n, name in bare if own and (len(own) > 1 or not (n and full))
    ]


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

"""What somebody may have meant by a word of a line: one ranking for what is offered and asked."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

_ALIKE: Final = 0.6
"""How alike, of 1.0, a word is at least that neither begins so nor holds what is typed."""
_COMPARED: Final = 500
"""Of how many words each is compared letter by letter at most: it is done at every key."""


def nearest(typed: str, known: Sequence[str]) -> list[str]:
    """Return those that begin so, and behind them those that hold it; else the most alike."""
    wanted = typed.casefold()
    first = [one for one in known if one.casefold().startswith(wanted)]
    inside = [o for o in known if wanted in o.casefold() and not o.casefold().startswith(wanted)]
    if first or inside or len(known) > _COMPARED:
        return [*first, *inside]
    named = {one.casefold(): one for one in reversed(known)}
    return [named[one] for one in get_close_matches(wanted, named, 3, _ALIKE)]


def nearest_fields(typed: str, fields: Sequence[str]) -> list[str]:
    """Return the fields that are nearest to one that there is not.

    What stands before the last full stop of both, such as `slot.`, makes no two of them alike.
    """
    head = typed[: typed.rfind(".") + 1]
    tails = [field.removeprefix(head) for field in fields if field.startswith(head)]
    return [head + tail for tail in nearest(typed.removeprefix(head), tails)]

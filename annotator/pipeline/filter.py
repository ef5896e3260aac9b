"""Which readouts the library shows: by words, by what is known of them, and by their coding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from annotator.errors import InputError
from annotator.files import printable
from annotator.model.codebook import Codebook
from annotator.model.readout import DocKind
from annotator.pipeline.gist import Term
from annotator.pipeline.nearest import nearest_fields
from annotator.pipeline.query import require_known, require_one_of

Stage = Literal["new", "begun", "done"]
"""How far a coder is with a readout: nothing decided yet, something, everything."""

KNOWN_FIELDS: Final = ("lang", "side", "event", "kind", "progress")
"""Fields of which a readout has one value: of several that are typed, it may be any."""

CODED_FIELDS: Final = ("label", "layer", "state", "flag", "again")
"""Fields that sentences answer to: all that are typed must stand somewhere in the readout."""

FIELDS: Final = (*KNOWN_FIELDS, *CODED_FIELDS)
CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "kind": get_args(DocKind),
    "progress": get_args(Stage),
}
_ALL: Final = f"There is {', '.join(FIELDS)}."
_TERM = re.compile(r"(\w+):(\S+)")


@dataclass(frozen=True)
class Filter:
    """What a readout must answer to; an empty one lets every readout through.

    Every word is a part of its title or id. Words, languages, sides and events are casefolded.
    """

    words: tuple[str, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    coded: tuple[Term, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values that a field of `KNOWN_FIELDS` may have; none stands for any."""
        return tuple(value for field, value in self.known if field == name)


def parse_filter(typed: str, codebook: Codebook) -> Filter:
    """Read a line such as `summit lang:fr progress:begun label:sec.terror`.

    Raises InputError for a field or value that cannot be.
    """
    known, coded = [], []
    for name, value in _TERM.findall(typed):
        if name in CODED_FIELDS:
            require_known(name, value, codebook)
            coded.append((name, value))
        elif name in KNOWN_FIELDS:
            require_one_of(CHOICES.get(name), name, value)
            known.append((name, value.casefold()))
        else:
            near = nearest_fields(name, FIELDS)
            remedy = f"Did you mean {near[0]}:{printable(value)}?" if near else _ALL
            raise InputError(f"There is no field “{printable(name)}”.", remedy)
    words = _TERM.sub("", typed).casefold().split()
    return Filter(tuple(words), tuple(known), tuple(dict.fromkeys(coded)))

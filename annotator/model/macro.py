"""A marking that a project keeps under a key, to be put on a sentence again.

The settings hold macros, and are read before anything else; what a codebook says of a macro is in
`keeping`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from annotator.model.base import Value

LONGEST_NAME = 60
"""Signs of a macro's name at most."""
MacroKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9]$")]


class MacroMark(Value):
    """One mark of a macro.

    `slots` holds what does not belong to the words of one sentence, each value as a word: the id of
    an entity, of a choice or of a label, a date, or text.
    """

    layer: str
    label: str
    rejected: bool = False
    slots: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(default_factory=dict)


class Macro(Value):
    """Marks under a name."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    marks: Annotated[tuple[MacroMark, ...], Field(min_length=1)]


def said(mark: MacroMark) -> str:
    """Say a mark of a macro in words: its layer, its label, and its slots with their values."""
    refused = " (considered and rejected)" if mark.rejected else ""
    slots = (f"; {slot} {', '.join(words)}" for slot, words in mark.slots.items())
    return f"{mark.layer}: {mark.label}{refused}{''.join(slots)}"

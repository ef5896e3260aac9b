"""Who takes the work of others in, and what of it a history tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from annotator.files import printable
from annotator.model.codebook import Codebook
from annotator.pipeline.earlier import Earlier
from annotator.pipeline.homes import HomesOf

_LONGEST: Final = 60
"""Characters of the name of a file in a history."""


@dataclass(frozen=True)
class Taker:
    """Who takes work in, when, by which codebook and homes; `decided` says it is done.

    `source` is the name of the file that it comes from, as its history tells. `earlier` is what
    the history of their work on a readout tells.
    """

    coder: str
    at: str
    book: Codebook
    homes: HomesOf
    decided: bool = False
    source: str = ""
    earlier: Earlier = field(default_factory=Earlier)

    @property
    def what(self) -> str:
        """What is done, as a history tells."""
        name = printable(self.source)
        name = f"{name[:_LONGEST]}…" if len(name) > _LONGEST else name
        return f"take work in from {name}" if name else "take work in"

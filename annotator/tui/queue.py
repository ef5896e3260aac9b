"""Places of the project that are walked through one after the other.

Whoever finds places (a search, a second pass, labels whose meaning changed) makes a queue of them;
the app keeps the one that is walked through, and the annotate screen steps along it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A code point of a readout's text, and in a few words why it is visited."""

    readout: str
    start: int
    why: str = ""


@dataclass
class Queue:
    """Places in their order, and which of them is visited; `title` says what they have in common.

    A queue holds at least one place. `back` opens the list again that it came from, where that was
    left for a readout beneath it.
    """

    title: str
    places: tuple[Place, ...]
    at: int = 0
    back: Callable[[], object] | None = field(default=None, compare=False)

    @property
    def here(self) -> Place:
        """The place that is visited."""
        return self.places[self.at]

    def step(self, by: int) -> Place | None:
        """Go to the place `by` further on and return it; None, and no step, beyond either end."""
        if not 0 <= self.at + by < len(self.places):
            return None
        self.at += by
        return self.here

    def said(self) -> str:
        """Say where in the queue one is: “unsure: 3 of 17”, and why."""
        why = f"  {self.here.why}" if self.here.why else ""
        return f"{self.title}: {self.at + 1:,} of {len(self.places):,}{why}"

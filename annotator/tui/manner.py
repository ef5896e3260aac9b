"""How things are shown, whatever is shown: how densely, in words or in signs, and with what."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.config import Dates, Settings


@dataclass
class Manner:
    """What a person chose, and may choose otherwise while the program runs.

    Whoever codes blind has `suggesting` off.
    """

    compact: bool = False
    reader: bool = False
    dates: Dates = "iso"
    suggesting: bool = True

    @classmethod
    def of(cls, settings: Settings) -> Manner:
        """Begin as the settings say."""
        return cls(
            settings.density == "compact",
            settings.reader,
            settings.dates,
            settings.suggestions == "shown",
        )

"""How things are shown, whatever is shown: how densely, in words or in signs, and dates."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.config import Dates, Personal


@dataclass
class Manner:
    """What a person chose, and may choose otherwise while the program runs."""

    compact: bool = False
    reader: bool = False
    dates: Dates = "iso"

    @classmethod
    def of(cls, settings: Personal) -> Manner:
        """Begin as the settings say."""
        return cls(settings.density == "compact", settings.reader, settings.dates)

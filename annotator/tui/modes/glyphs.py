"""The sign and the colour of each type of entity."""

from __future__ import annotations

from typing import Final

from annotator.model.entity import EntityType

COLOURS: Final[dict[EntityType, str]] = {
    "person": "blue",
    "office": "blue",
    "state": "green",
    "organisation": "violet",
    "people": "teal",
    "group": "red",
    "collective": "orange",
}
GLYPHS: Final[dict[EntityType, str]] = {
    "person": "☉",
    "office": "☉",
    "state": "■",
    "organisation": "□",
    "people": "○",
    "group": "○",
    "collective": "⚭",
}

"""Slots of a codebook whose values may have no place in the column that is called so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from annotator.formats.work import COMMITMENTS, SPEAKERS, TOPICS
from annotator.model.codebook import Layer, Slot, SlotType

YES: Final[Mapping[str, bool]] = {"yes": True, "true": True, "no": False, "false": False}
"""What the words of a slot of yes or no mean."""

STEP: Final = re.compile("[0-9]{1,9}")
"""The step of a scale that is a number."""

_SPAN: Final = frozenset[SlotType](("span", "entity"))
_WHO: Final = frozenset[SlotType](("entity",))
_WORD: Final = frozenset[SlotType](("choice", "scale", "date", "text", "label"))
_MARK: Final = frozenset[SlotType](("ref",))
_TYPES: Final[Mapping[str, Mapping[str, frozenset[SlotType]]]] = {
    SPEAKERS: {
        **dict.fromkeys(("cue", "content"), _SPAN),
        **dict.fromkeys(("source", "source_inferred", "addressee"), _WHO),
        **dict.fromkeys(("holder", "cue_lemma", "cue_class"), _WORD),
        **dict.fromkeys(("parent", "continues"), _MARK),
    },
    COMMITMENTS: {
        **dict.fromkeys(("action", "timeframe", "condition"), _SPAN),
        **dict.fromkeys(("committers", "counterparties", "beneficiaries"), _WHO),
        **dict.fromkeys(
            ("side", "timeframe_class", "timeframe_date", "novelty", "polarity", "topics"), _WORD
        ),
        "attribution": _MARK,
    },
}
_YES_OR_NO: Final = {COMMITMENTS: ("mutual", "conditional"), TOPICS: ("primary",)}
_STEPS: Final = {COMMITMENTS: ("strength", "verifiability")}


def unfit(layers: Iterable[Layer]) -> Iterator[str]:
    """Yield the id of each slot of which some value may have no place in its column.

    The column is null or empty then; `marks` of the sentence has every value.
    """
    for layer in layers:
        for slot in layer.slots:
            if not _fits(layer.id, slot):
                yield slot.id


def _fits(layer: str, slot: Slot) -> bool:
    if slot.id in _YES_OR_NO.get(layer, ()):
        return bool(slot.choices) and all(one.id in YES for one in slot.choices)
    if slot.id in _STEPS.get(layer, ()):
        return bool(slot.choices) and all(STEP.fullmatch(one.id) for one in slot.choices)
    types = _TYPES.get(layer, {}).get(slot.id)
    return types is None or slot.type in types

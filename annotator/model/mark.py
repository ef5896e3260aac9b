"""One application of a label to a sentence, with its slots and where it comes from."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from annotator.model.base import PlainDigits, Value, in_the_calendar
from annotator.model.entity import EntityId
from annotator.model.text import Offset, Span

Origin = Literal["human", "accepted", "edited"]
"""Who gave the label: a person, or a person who took (or took and changed) a suggestion."""

Certainty = Literal["high", "low"]


class SpanValue(Value):
    """Words of the readout."""

    type: Literal["span"] = "span"
    span: Span


class EntityValue(Value):
    """Somebody of the cast, with the words that name them if any do.

    `inferred` says that only context tells who it is.
    """

    type: Literal["entity"] = "entity"
    entity: EntityId
    mention: Span | None = None
    inferred: bool = False


class ChoiceValue(Value):
    """One of the slot's choices; a step of a scale is the choice of its digit."""

    type: Literal["choice"] = "choice"
    choice: str


class LabelValue(Value):
    """A label of another layer."""

    type: Literal["label"] = "label"
    label: str


class DateValue(Value):
    """An ISO 8601 date (year, month or day), or an interval of two with a slash between.

    Digits of another script become those that they mean, also as a file is read.
    """

    type: Literal["date"] = "date"
    date: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$",
            max_length=21,
        ),
        PlainDigits,
    ]

    @field_validator("date")
    @classmethod
    def _is_in_the_calendar(cls, value: str) -> str:
        for part in value.split("/"):
            in_the_calendar(part)
        return value


class TextValue(Value):
    """Free text."""

    type: Literal["text"] = "text"
    text: Annotated[str, Field(min_length=1)]


class RefValue(Value):
    """Another mark of the same coder in the same readout, by its id."""

    type: Literal["ref"] = "ref"
    mark: str


class NoneStated(Value):
    """The coder looked, and the text does not say; an absent slot was not looked at."""

    type: Literal["none"] = "none"


SlotValue = Annotated[
    SpanValue
    | EntityValue
    | ChoiceValue
    | LabelValue
    | DateValue
    | TextValue
    | RefValue
    | NoneStated,
    Field(discriminator="type"),
]
Slots = dict[str, tuple[SlotValue, ...]]
NONE_STATED: tuple[SlotValue, ...] = (NoneStated(),)


class Provenance(Value):
    """Where a mark comes from.

    `at` is UTC in ISO 8601; `codebook` is "name version"; `seconds` is the time from the moment
    the sentence was shown to the mark. `proposed` names slots that rules filled and the coder,
    who saw them, left as they were. `keys` and `spent` are the keys and the active seconds that
    went into the mark itself, a part of its sentence's; None where nobody counted them. `imported`
    says that the mark was taken in from a file of another program: nobody of the project gave it,
    and `at` and `codebook` are those of its taking in.
    """

    coder: str
    at: str
    codebook: str
    origin: Origin = "human"
    suggester: str | None = None
    score: float | None = None
    seconds: float | None = None
    proposed: tuple[str, ...] = ()
    keys: Annotated[int, Field(ge=0)] | None = None
    spent: Annotated[float, Field(ge=0)] | None = None
    imported: bool = False


class Mark(Value):
    """A label of a layer on `[start, end)`, the range of its sentence when it was made.

    `rejected` says "considered, and it is not": a hard negative. `doubtful` asks the coder to look
    again after a boundary moved.
    """

    id: Annotated[str, Field(min_length=1, max_length=64)]
    layer: str
    label: str
    start: Offset
    end: Offset
    slots: Slots = Field(default_factory=dict)
    rejected: bool = False
    certainty: Certainty = "high"
    doubtful: bool = False
    note: str = ""
    provenance: Provenance

    def values(self, slot: str) -> tuple[SlotValue, ...]:
        """Return the slot's values without "none stated"; empty where there are none."""
        return tuple(v for v in self.slots.get(slot, ()) if not isinstance(v, NoneStated))

    def none_stated(self, slot: str) -> bool:
        """Tell whether the coder said that the text does not state this slot."""
        return any(value.type == "none" for value in self.slots.get(slot, ()))

    def spans(self) -> tuple[Span, ...]:
        """Return every span of the mark, mentions of entities included."""
        return spans_of(self.slots)


def spans_of(slots: Slots) -> tuple[Span, ...]:
    """Return every span in slots, mentions of entities included."""
    found: list[Span] = []
    for values in slots.values():
        for value in values:
            if value.type == "span":
                found.append(value.span)
            elif value.type == "entity" and value.mention is not None:
                found.append(value.mention)
    return tuple(found)

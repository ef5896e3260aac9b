"""A readout: its text exactly as read, and what is known about it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from annotator.model.base import PlainDigits, Value, in_the_calendar
from annotator.model.entity import Cast, Entity, EntityId

READOUT_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
ReadoutId = Annotated[str, Field(pattern=READOUT_ID)]
IsoDate = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
    AfterValidator(in_the_calendar),
    PlainDigits,
]

DocKind = Literal[
    "official_readout",
    "joint_statement",
    "social_post",
    "letter",
    "spokesperson_remarks",
    "news_report_of_readout",
]
EventType = Literal[
    "call", "video_call", "meeting", "multilateral_meeting", "letter", "several_calls"
]


class Event(Value):
    """The call or meeting that one or more readouts tell."""

    id: str | None = None
    type: EventType | None = None
    date: IsoDate | None = None
    date_precision: Literal["day", "month", "year", "unknown"] | None = None
    initiator: EntityId | None = None
    duration_minutes: Annotated[int, Field(ge=0)] | None = None
    tone: str | None = None
    participants: tuple[EntityId, ...] = ()

    @property
    def sure_date(self) -> str | None:
        """The date as far as its precision goes: the month alone where no day is sure."""
        digits = {"year": 4, "month": 7}.get(self.date_precision or "")
        return self.date[:digits] if self.date else None


class Metadata(Value):
    """What is known about a readout; every field may be absent.

    `issuing_side` says whose account it is. `source_chain` is the default chain of sources,
    outermost first, which is not coded again on every sentence. `encoding` is set where the bytes
    are neither UTF-8 nor marked by a byte-order mark. `source_file` and `source_sha256` name what
    the text was taken from where it was taken from another format.
    """

    title: str | None = None
    doc_kind: DocKind | None = None
    issuing_side: str | None = None
    issuer: str | None = None
    outlet: str | None = None
    outlet_is_issuer: bool | None = None
    language: str | None = None
    original_language: str | None = None
    is_translation: bool | None = None
    translation_of: str | None = None
    publication_date: IsoDate | None = None
    publication_date_certainty: Literal["stated", "inferred", "unknown"] | None = None
    source_url: str | None = None
    retrieved: str | None = None
    licence: str | None = None
    completeness: Literal["full", "truncated", "fragment"] | None = None
    counterpart_of: tuple[ReadoutId, ...] = ()
    source_chain: tuple[EntityId, ...] = ()
    sample: bool = False
    note: str | None = None
    encoding: str | None = None
    source_file: str | None = None
    source_sha256: str | None = None
    event: Event = Event()
    entities: tuple[Entity, ...] = ()


class Readout(Value):
    """One document: `text` with line ends read as a line feed and nothing else changed.

    `sha256` is that of the raw bytes, `text_sha256` that of the text in UTF-8.
    """

    id: ReadoutId
    text: str
    sha256: str
    text_sha256: str
    metadata: Metadata = Metadata()

    @property
    def cast(self) -> Cast:
        """The cast that the metadata names."""
        return Cast(entities=self.metadata.entities)

    @property
    def title(self) -> str:
        """The title, or the id where there is none."""
        return self.metadata.title or self.id

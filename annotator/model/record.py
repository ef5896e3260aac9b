"""The rows of an export.

Every row of a file has the same keys; lists are never null; ids are names, not positions; offsets
are code points of the whole readout's text, half-open.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from annotator.model.base import Value
from annotator.model.entity import Entity
from annotator.model.mark import Certainty, Origin
from annotator.model.splitting import Split
from annotator.model.text import Offset, Role, Span, State

Voice = Literal["narrator", "attributed", "mixed"]


class LabelledSpan(Value):
    """A stretch of text that speaks for a label."""

    label: str
    start: Offset
    end: Offset
    exact: str


class LabelRef(Value):
    """A label of a layer."""

    layer: str
    label: str


class SlotRecord(Value):
    """One value of a slot, whichever its type.

    `value` holds the entity's id, the choice, the label, the date, the text or the mark referred
    to; it is null for a span, whose words are `exact`, and for "none stated", whose type is `none`.
    An entity that is named in the text has the place of its name. `inferred` says that only
    context tells who it is.
    """

    slot: str
    type: Literal["span", "entity", "choice", "label", "date", "text", "ref", "none"]
    value: str | None
    start: Offset | None
    end: Offset | None
    exact: str | None
    inferred: bool


class MarkRecord(Value):
    """One mark of a row, with its slots and where it comes from.

    `start` and `end` are the range of its sentence when it was made. `imported` says that it was
    taken in from a file of another program: who gave it there is not known, and `origin` and
    `certainty` do not tell.
    """

    id: str
    layer: str
    label: str
    start: Offset
    end: Offset
    rejected: bool
    certainty: Certainty
    doubtful: bool
    note: str
    slots: tuple[SlotRecord, ...]
    origin: Origin
    imported: bool = False
    suggester: str | None
    score: float | None
    coder: str
    at: str
    codebook: str
    seconds: float | None
    proposed: tuple[str, ...]
    keys: int | None
    spent: float | None


class About(Value):
    """What every row repeats of its document, so that a row can be read alone.

    `sample` says that the readout or the coding came with the program. `told_by` is the side whose
    account this is: a row says what that side says was said. `split` is null where the dataset is
    not split, or the readout is kept out of all splits.
    """

    readout: str
    split: Split | None
    title: str
    doc_kind: str | None
    told_by: str | None
    issuer: str | None
    language: str | None
    is_translation: bool | None
    publication_date: str | None
    licence: str | None
    sample: bool
    event_id: str | None
    event_type: str | None
    event_date: str | None
    event_participants: tuple[str, ...]


class SentenceRow(About):
    """One sentence that a coder decided.

    `layers` lists the layers whose marks the row has: of others it says nothing. It is empty in a
    row that is older than this field. `unasked` lists those of them that nobody is known to have
    looked at. `imported` says that only a file of another program decided the sentence, and no
    coder since. `voice` is null where nobody looked at the speakers.
    `adjudicated` says whether this is the coding that holds where coders differ; it is null where
    no coding was named as that.
    """

    id: str
    sentence: int
    coder: str
    state: State
    role: Role
    text: str
    start: Offset
    end: Offset
    offset_unit: Literal["code_point"]
    before: str
    after: str
    duplicate_of: str | None
    topics: tuple[str, ...]
    primary_topic: str | None
    topic_evidence: tuple[LabelledSpan, ...]
    voice: Voice | None
    speakers: tuple[str, ...]
    attributions: tuple[str, ...]
    commitments: tuple[str, ...]
    commitment_kinds: tuple[str, ...]
    near_misses: tuple[str, ...]
    rejected: tuple[LabelRef, ...]
    layers: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    imported: bool = False
    marks: tuple[MarkRecord, ...]
    note: str
    flagged: bool
    keys: Annotated[int, Field(ge=0)]
    seconds: Annotated[float, Field(ge=0)]
    codebook: str
    codebook_version: str
    sha256: str
    text_sha256: str
    segmenter: str
    annotator_version: str
    adjudicated: bool | None = None


class AttributionRow(About):
    """Who is said to have said or thought what, in PARC's terms: source, cue, content.

    `source_implicit` is null where the source was not coded.
    """

    id: str
    sentence_id: str
    coder: str
    parent: str | None
    continues: str | None
    depth: Annotated[int, Field(ge=1)]
    form: str
    holder: str | None
    source: tuple[str, ...]
    source_spans: tuple[Span, ...]
    source_implicit: bool | None
    source_inferred: tuple[str, ...]
    cue: tuple[Span, ...]
    cue_lemma: str | None
    cue_class: str | None
    content: tuple[Span, ...]
    addressee: tuple[str, ...]
    addressee_spans: tuple[Span, ...]
    none_stated: tuple[str, ...]
    certainty: Certainty
    note: str
    origin: Origin
    imported: bool = False
    codebook_version: str


class CommitmentRow(About):
    """An undertaking as a frame, or the near miss that looks like one.

    `none_stated` lists the slots of which the text says nothing, `not_coded` those nobody looked
    at. `committers_inferred` is null where the committers are not coded. `strength` runs from 1 to
    4, `verifiability` from 0 to 2; both are null where the codebook's step is no number.
    """

    id: str
    sentence_id: str
    coder: str
    label: Literal["commitment", "near_miss"]
    kind: str | None
    reason: str | None
    action: tuple[Span, ...]
    committers: tuple[str, ...]
    committers_inferred: bool | None
    counterparties: tuple[str, ...]
    beneficiaries: tuple[str, ...]
    mutual: bool | None
    side: str | None
    strength: int | None
    verifiability: int | None
    timeframe: tuple[Span, ...]
    timeframe_class: str | None
    timeframe_date: str | None
    conditional: bool | None
    condition: tuple[Span, ...]
    novelty: str | None
    polarity: str | None
    topics: tuple[str, ...]
    plover: tuple[str, ...]
    attribution: str | None
    none_stated: tuple[str, ...]
    not_coded: tuple[str, ...]
    certainty: Certainty
    note: str
    origin: Origin
    imported: bool = False
    codebook_version: str


class DocumentRow(About):
    """One readout with its metadata and how far it is coded."""

    id: str
    coder: str
    text: str
    sha256: str
    text_sha256: str
    segmenter: str
    issuing_side: str | None
    outlet: str | None
    outlet_is_issuer: bool | None
    original_language: str | None
    translation_of: str | None
    publication_date_certainty: str | None
    source_url: str | None
    retrieved: str | None
    completeness: str | None
    counterpart_of: tuple[str, ...]
    source_chain: tuple[str, ...]
    event_date_precision: str | None
    event_initiator: str | None
    event_duration_minutes: int | None
    event_tone: str | None
    entities: tuple[Entity, ...]
    sentences: Annotated[int, Field(ge=0)]
    done: Annotated[int, Field(ge=0)]
    unsure: Annotated[int, Field(ge=0)]
    skipped: Annotated[int, Field(ge=0)]
    codebook: str
    codebook_version: str

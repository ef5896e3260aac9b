"""From marks to the rows of an export: pure functions over one coder's work on one readout.

Topics, speakers and commitments fill the columns that are named after them where the codebook has
layers of those ids; every layer's marks stand in `marks`, with their slots.

What a row says was looked at where it was read, and `require_sound` looks at what only the codebook
and the text can tell; so rows are made `unchecked`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from annotator import __version__
from annotator.errors import InputError
from annotator.formats import slots
from annotator.formats.work import COMMITMENTS, SPEAKERS, TOPICS, VOICE, Work, require_sound
from annotator.model.base import unchecked
from annotator.model.entity import Entity
from annotator.model.mark import Mark
from annotator.model.record import (
    AttributionRow,
    CommitmentRow,
    DocumentRow,
    LabelledSpan,
    LabelRef,
    MarkRecord,
    SentenceRow,
    SlotRecord,
    Voice,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Span

_Kind = Literal["span", "entity", "choice", "label", "date", "text", "ref", "none"]

_new_sentence: Final = unchecked(SentenceRow)
_new_attribution: Final = unchecked(AttributionRow)
_new_commitment: Final = unchecked(CommitmentRow)
_new_mark: Final = unchecked(MarkRecord)
_new_slot: Final = unchecked(SlotRecord)
_new_evidence: Final = unchecked(LabelledSpan)

_VOICES: dict[str, Voice] = {"narrator": "narrator", "attributed": "attributed", "mixed": "mixed"}
_COLONS = (":", "：")


@dataclass(frozen=True)
class Decided:
    """The rows of one sentence; `start` is its first code point."""

    start: int
    sentence: SentenceRow
    attributions: tuple[AttributionRow, ...]
    commitments: tuple[CommitmentRow, ...]


def decided(work: Work) -> Iterator[Decided]:
    """Yield the rows of every chosen sentence in reading order."""
    around = _surroundings(work)
    first_of_text: dict[str, str] = {}
    for key, sentence in work.chosen:
        require_sound(work, key, sentence)
        own_id = work.sentence_id(key)
        earlier = first_of_text.setdefault(" ".join(sentence.text.split()), own_id)
        attributions: list[AttributionRow] = []
        commitments: list[CommitmentRow] = []
        for mark in work.listed(sentence):
            if mark.layer == SPEAKERS and not mark.rejected:
                attributions.append(_attribution_row(work, own_id, mark))
            elif mark.layer == COMMITMENTS and not mark.rejected:
                commitments.append(_commitment_row(work, own_id, mark))
        again = earlier if earlier != own_id else None
        yield Decided(
            sentence.start,
            _sentence_row(work, key, sentence, around[key], again, attributions, commitments),
            tuple(attributions),
            tuple(commitments),
        )


def document_row(work: Work) -> DocumentRow:
    """Return the row of the readout, with how far the coder has come."""
    metadata, event = work.readout.metadata, work.readout.metadata.event
    states = [sentence.state for _, sentence in work.sentences]
    return DocumentRow(
        **work.about,
        id=f"{work.readout.id}@{work.coder}",
        coder=work.coder,
        text=work.readout.text,
        sha256=work.readout.sha256,
        text_sha256=work.readout.text_sha256,
        segmenter=work.header.segmenter,
        issuing_side=metadata.issuing_side,
        outlet=metadata.outlet,
        outlet_is_issuer=metadata.outlet_is_issuer,
        original_language=metadata.original_language,
        translation_of=metadata.translation_of,
        publication_date_certainty=metadata.publication_date_certainty,
        source_url=metadata.source_url,
        retrieved=metadata.retrieved,
        completeness=metadata.completeness,
        counterpart_of=metadata.counterpart_of,
        source_chain=metadata.source_chain,
        event_date_precision=event.date_precision,
        event_initiator=event.initiator,
        event_duration_minutes=event.duration_minutes,
        event_tone=event.tone,
        entities=_entities(work),
        sentences=len(states),
        done=states.count("done"),
        unsure=states.count("unsure"),
        skipped=states.count("skipped"),
        codebook=work.codebook.name,
        codebook_version=work.codebook.version,
    )


def _entities(work: Work) -> tuple[Entity, ...]:
    cast = work.coding.cast
    return (*cast.entities, *(e for e in work.readout.cast.entities if cast.get(e.id) is None))


def _surroundings(work: Work) -> dict[int, tuple[str, str]]:
    """Return the text before and after each sentence; a list item's "before" is its lead-in."""
    found: dict[int, tuple[str, str]] = {}
    sentences = work.sentences
    previous = lead_in = ""
    for place, (key, sentence) in enumerate(sentences):
        in_list = sentence.role == "list_item"
        if not in_list:
            lead_in = sentence.text if sentence.text.rstrip().endswith(_COLONS) else ""
        after = sentences[place + 1][1].text if place + 1 < len(sentences) else ""
        found[key] = (lead_in if in_list and lead_in else previous, after)
        previous = sentence.text
    return found


def _sentence_row(
    work: Work,
    key: int,
    sentence: Sentence,
    around: tuple[str, str],
    duplicate_of: str | None,
    attributions: Sequence[AttributionRow],
    commitments: Sequence[CommitmentRow],
) -> SentenceRow:
    marks = work.listed(sentence)
    topics = [mark for mark in marks if mark.layer == TOPICS and not mark.rejected]
    sources = [who for row in attributions for who in (*row.source, *row.source_inferred)]
    return _new_sentence(
        **work.about,
        id=work.sentence_id(key),
        sentence=key,
        coder=work.coder,
        state=sentence.state,
        role=sentence.role,
        text=sentence.text,
        start=sentence.start,
        end=sentence.end,
        offset_unit="code_point",
        before=around[0],
        after=around[1],
        duplicate_of=duplicate_of,
        topics=_in_codebook_order(work, TOPICS, topics),
        primary_topic=_primary(topics),
        topic_evidence=_evidence(topics),
        voice=_voice(sentence),
        speakers=slots.unique(sources),
        attributions=tuple([row.id for row in attributions]),
        commitments=tuple([row.id for row in commitments if row.kind is not None]),
        commitment_kinds=tuple([row.kind for row in commitments if row.kind is not None]),
        near_misses=tuple([row.reason for row in commitments if row.reason is not None]),
        rejected=tuple(
            [LabelRef(layer=mark.layer, label=mark.label) for mark in marks if mark.rejected]
        ),
        marks=tuple([_mark_record(work, mark) for mark in marks]),
        note=sentence.note,
        flagged=sentence.flagged,
        keys=sentence.keys,
        seconds=sentence.seconds,
        codebook=work.codebook.name,
        codebook_version=work.codebook.version,
        sha256=work.readout.sha256,
        text_sha256=work.readout.text_sha256,
        segmenter=work.header.segmenter,
        annotator_version=__version__,
        adjudicated=work.adjudicated,
    )


def _mark_record(work: Work, mark: Mark) -> MarkRecord:
    source = mark.provenance
    return _new_mark(
        id=work.mark_id(mark.id),
        layer=mark.layer,
        label=mark.label,
        start=mark.start,
        end=mark.end,
        rejected=mark.rejected,
        certainty=mark.certainty,
        doubtful=mark.doubtful,
        note=mark.note,
        slots=tuple(_slot_records(work, mark)),
        origin=source.origin,
        suggester=source.suggester,
        score=source.score,
        coder=source.coder,
        at=source.at,
        codebook=source.codebook,
        seconds=source.seconds,
        proposed=source.proposed,
        keys=source.keys,
        spent=source.spent,
    )


def _slot_records(work: Work, mark: Mark) -> list[SlotRecord]:
    records = []
    for slot, values in sorted(mark.slots.items()):
        for value in values:
            span: Span | None = None
            said: str | None = None
            inferred = False
            if value.type == "span":
                span = value.span
            elif value.type == "entity":
                said, span, inferred = value.entity, value.mention, value.inferred
            elif value.type == "ref":
                said = work.mark_id(value.mark) if value.mark in work.listed_marks else None
            else:
                said = slots.word_of(value)
            records.append(
                _without_words(slot, value.type, said, inferred)
                if span is None
                else _new_slot(
                    slot=slot,
                    type=value.type,
                    value=said,
                    start=span.start,
                    end=span.end,
                    exact=span.exact,
                    inferred=inferred,
                )
            )
    return records


@lru_cache(1024)
def _without_words(slot: str, kind: _Kind, said: str | None, inferred: bool) -> SlotRecord:
    """Return what has no place in the text: mostly the same choices again and again."""
    return _new_slot(
        slot=slot, type=kind, value=said, start=None, end=None, exact=None, inferred=inferred
    )


def _attribution_row(work: Work, sentence_id: str, mark: Mark) -> AttributionRow:
    named, inferred = slots.sources(mark)
    return _new_attribution(
        **work.about,
        id=work.mark_id(mark.id),
        sentence_id=sentence_id,
        coder=work.coder,
        parent=_reference(work, mark, "parent"),
        continues=_reference(work, mark, "continues"),
        depth=_depth(work, mark),
        form=mark.label,
        holder=slots.word(mark, "holder"),
        source=named,
        source_spans=slots.spans(mark, "source"),
        source_implicit=slots.is_implicit(mark),
        source_inferred=inferred,
        cue=slots.spans(mark, "cue"),
        cue_lemma=slots.word(mark, "cue_lemma"),
        cue_class=slots.word(mark, "cue_class"),
        content=slots.spans(mark, "content"),
        addressee=slots.entity_ids(mark, "addressee"),
        addressee_spans=slots.spans(mark, "addressee"),
        none_stated=_none_stated(work, mark),
        certainty=mark.certainty,
        note=mark.note,
        origin=mark.provenance.origin,
        codebook_version=work.codebook.version,
    )


def _commitment_row(work: Work, sentence_id: str, mark: Mark) -> CommitmentRow:
    layer = work.codebook.layer(COMMITMENTS)
    label = layer.label(mark.label) if layer else None
    near_miss = _is_near_miss(work, mark)
    return _new_commitment(
        **work.about,
        id=work.mark_id(mark.id),
        sentence_id=sentence_id,
        coder=work.coder,
        label="near_miss" if near_miss else "commitment",
        kind=None if near_miss else mark.label,
        reason=mark.label if near_miss else None,
        action=slots.spans(mark, "action"),
        committers=slots.entity_ids(mark, "committers"),
        committers_inferred=slots.inferred(mark, "committers"),
        counterparties=slots.entity_ids(mark, "counterparties"),
        beneficiaries=slots.entity_ids(mark, "beneficiaries"),
        mutual=slots.yes_or_no(mark, "mutual"),
        side=slots.word(mark, "side"),
        strength=_step(work, mark, "strength"),
        verifiability=_step(work, mark, "verifiability"),
        timeframe=slots.spans(mark, "timeframe"),
        timeframe_class=slots.word(mark, "timeframe_class"),
        timeframe_date=slots.word(mark, "timeframe_date"),
        conditional=slots.yes_or_no(mark, "conditional"),
        condition=slots.spans(mark, "condition"),
        novelty=slots.word(mark, "novelty"),
        polarity=slots.word(mark, "polarity"),
        topics=slots.words(mark, "topics"),
        plover=label.plover if label else (),
        attribution=_reference(work, mark, "attribution"),
        none_stated=_none_stated(work, mark),
        not_coded=tuple([slot for slot in work.slots(mark) if slot not in mark.slots]),
        certainty=mark.certainty,
        note=mark.note,
        origin=mark.provenance.origin,
        codebook_version=work.codebook.version,
    )


def _is_near_miss(work: Work, mark: Mark) -> bool:
    layer = work.codebook.layer(mark.layer)
    return layer is not None and layer.negative(mark.label)


def _voice(sentence: Sentence) -> Voice:
    attributed = False
    for mark in sentence.marks:
        if mark.rejected:
            continue
        if mark.layer == VOICE and mark.label in _VOICES:
            return _VOICES[mark.label]
        attributed = attributed or mark.layer == SPEAKERS
    return "attributed" if attributed else "narrator"


def _in_codebook_order(work: Work, layer_id: str, marks: Iterable[Mark]) -> tuple[str, ...]:
    layer = work.codebook.layer(layer_id)
    if layer is None:
        return ()
    places = layer.places
    return tuple(sorted({m.label for m in marks if m.label in places}, key=places.__getitem__))


def _primary(topics: Sequence[Mark]) -> str | None:
    """The topic that the coder called the first, or the only one."""
    said = [mark.label for mark in topics if slots.yes_or_no(mark, "primary")]
    labels = said or [mark.label for mark in topics]
    return labels[0] if len(set(labels)) == 1 else None


def _evidence(topics: Iterable[Mark]) -> tuple[LabelledSpan, ...]:
    found = {
        (span.start, span.end, mark.label, span.exact)
        for mark in topics
        for slot in mark.slots
        for span in slots.spans(mark, slot)
    }
    return tuple(
        _new_evidence(label=label, start=start, end=end, exact=exact)
        for start, end, label, exact in sorted(found)
    )


def _depth(work: Work, mark: Mark) -> int:
    seen = {mark.id}
    parent = slots.referred(mark, "parent")
    while parent is not None and parent in work.standing and parent not in seen:
        seen.add(parent)
        parent = slots.referred(work.standing[parent], "parent")
    return len(seen)


def _reference(work: Work, mark: Mark, slot: str) -> str | None:
    other = slots.referred(mark, slot)
    return work.mark_id(other) if other is not None and other in work.row_marks else None


def _step(work: Work, mark: Mark, slot: str) -> int | None:
    word = slots.word(mark, slot)
    if word is None:
        return None
    if not (word.isascii() and word.isdigit()):
        raise InputError(
            f"{work.codebook.stamp}: the step “{word}” of “{slot}” is no number.",
            "Name the steps of this scale by digits in the codebook.",
        )
    return int(word)


def _none_stated(work: Work, mark: Mark) -> tuple[str, ...]:
    # Where one value says so there is no other: a mark that says more was refused.
    said = [slot for slot, values in mark.slots.items() if values[0].type == "none"]
    return tuple([slot for slot in work.slots(mark) if slot in said]) if said else ()

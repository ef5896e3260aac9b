"""From marks to the rows of an export: pure functions over one coder's work on one readout.

Topics, speakers and commitments fill the columns that are named after them where the codebook has
layers of those ids; every layer's marks stand in `marks`, with their slots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotator import __version__
from annotator.errors import InputError
from annotator.formats import slots
from annotator.formats.work import COMMITMENTS, SPEAKERS, TOPICS, VOICE, Work, require_sound
from annotator.model.entity import Entity
from annotator.model.mark import Mark, SlotValue
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
        before, after = around[key]
        yield Decided(
            start=sentence.start,
            sentence=_sentence_row(
                work, key, sentence, before, after, earlier if earlier != own_id else None
            ),
            attributions=tuple(
                _attribution_row(work, key, mark) for mark in work.marks(sentence, SPEAKERS)
            ),
            commitments=tuple(
                _commitment_row(work, key, mark) for mark in work.marks(sentence, COMMITMENTS)
            ),
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
    work: Work, key: int, sentence: Sentence, before: str, after: str, duplicate_of: str | None
) -> SentenceRow:
    topics = work.marks(sentence, TOPICS)
    speakers = work.marks(sentence, SPEAKERS)
    frames = work.marks(sentence, COMMITMENTS)
    commitments = [mark for mark in frames if not _is_near_miss(work, mark)]
    return SentenceRow(
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
        before=before,
        after=after,
        duplicate_of=duplicate_of,
        topics=_in_codebook_order(work, TOPICS, topics),
        primary_topic=_primary(topics),
        topic_evidence=_evidence(topics),
        voice=_voice(sentence),
        speakers=slots.unique(e for mark in speakers for e in slots.all_sources(mark)),
        attributions=tuple(work.mark_id(mark.id) for mark in speakers),
        commitments=tuple(work.mark_id(mark.id) for mark in commitments),
        commitment_kinds=tuple(mark.label for mark in commitments),
        near_misses=tuple(mark.label for mark in frames if _is_near_miss(work, mark)),
        rejected=tuple(
            LabelRef(layer=mark.layer, label=mark.label)
            for mark in sentence.marks
            if mark.rejected and work.includes(mark.layer)
        ),
        marks=tuple(
            _mark_record(work, mark) for mark in sentence.marks if work.includes(mark.layer)
        ),
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
    )


def _mark_record(work: Work, mark: Mark) -> MarkRecord:
    source = mark.provenance
    return MarkRecord(
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


def _slot_records(work: Work, mark: Mark) -> Iterator[SlotRecord]:
    for slot, values in sorted(mark.slots.items()):
        for value in values:
            span = slots.span_of(value)
            yield SlotRecord(
                slot=slot,
                type=value.type,
                value=_said(work, value),
                start=span.start if span else None,
                end=span.end if span else None,
                exact=span.exact if span else None,
                inferred=value.type == "entity" and value.inferred,
            )


def _said(work: Work, value: SlotValue) -> str | None:
    if value.type == "entity":
        return value.entity
    if value.type == "ref":
        return work.mark_id(value.mark) if value.mark in work.listed_marks else None
    return slots.word_of(value)


def _attribution_row(work: Work, key: int, mark: Mark) -> AttributionRow:
    named, inferred = slots.sources(mark)
    return AttributionRow(
        **work.about,
        id=work.mark_id(mark.id),
        sentence_id=work.sentence_id(key),
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


def _commitment_row(work: Work, key: int, mark: Mark) -> CommitmentRow:
    layer = work.codebook.layer(COMMITMENTS)
    label = layer.label(mark.label) if layer else None
    near_miss = _is_near_miss(work, mark)
    return CommitmentRow(
        **work.about,
        id=work.mark_id(mark.id),
        sentence_id=work.sentence_id(key),
        coder=work.coder,
        label="near_miss" if near_miss else "commitment",
        kind=None if near_miss else mark.label,
        reason=mark.label if near_miss else None,
        action=slots.spans(mark, "action"),
        committers=slots.entity_ids(mark, "committers"),
        committers_inferred=any(slots.inferred(mark, "committers")),
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
        not_coded=tuple(slot for slot in work.slots(mark) if slot not in mark.slots),
        certainty=mark.certainty,
        note=mark.note,
        origin=mark.provenance.origin,
        codebook_version=work.codebook.version,
    )


def _is_near_miss(work: Work, mark: Mark) -> bool:
    layer = work.codebook.layer(mark.layer)
    return layer is not None and layer.negative(mark.label)


def _voice(sentence: Sentence) -> Voice:
    said = (_VOICES[m.label] for m in sentence.of_layer(VOICE) if m.label in _VOICES)
    return next(said, "attributed" if sentence.of_layer(SPEAKERS) else "narrator")


def _in_codebook_order(work: Work, layer_id: str, marks: Iterable[Mark]) -> tuple[str, ...]:
    layer = work.codebook.layer(layer_id)
    given = {mark.label for mark in marks}
    return tuple(label.id for label in layer.labels if label.id in given) if layer else ()


def _primary(topics: tuple[Mark, ...]) -> str | None:
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
        LabelledSpan(label=label, start=start, end=end, exact=exact)
        for start, end, label, exact in sorted(found)
    )


def _depth(work: Work, mark: Mark) -> int:
    seen = {mark.id}
    parent = slots.referred(mark, "parent")
    while parent in work.standing and parent not in seen:
        seen.add(parent)
        parent = slots.referred(work.standing[parent], "parent")
    return len(seen)


def _reference(work: Work, mark: Mark, slot: str) -> str | None:
    other = slots.referred(mark, slot)
    return work.mark_id(other) if other in work.row_marks and other is not None else None


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
    return tuple(slot for slot in work.slots(mark) if slot in mark.slots and mark.none_stated(slot))

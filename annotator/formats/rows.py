"""From marks to the rows of an export: pure functions over one coder's work on one readout.

Topics, speakers and commitments fill the columns that are named after them where the codebook has
layers of those ids; every layer's marks stand in `marks`, with their slots.

What a row says was looked at where it was read, and `require_sound` and `said` look at what only
the codebook and the text can tell; so rows are made `unchecked`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.formats.slots import Said, referred, said, unique
from annotator.formats.unfit import STEP
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
    Voice,
)
from annotator.model.sentence import Sentence

_new_sentence: Final = unchecked(SentenceRow)
_new_attribution: Final = unchecked(AttributionRow)
_new_commitment: Final = unchecked(CommitmentRow)
_new_document: Final = unchecked(DocumentRow)
_new_mark: Final = unchecked(MarkRecord)
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


_Topics = list[tuple[str, Said]]
"""The topics of a sentence, each with what its mark says."""


def decided(work: Work) -> Iterator[Decided]:
    """Yield the rows of every chosen sentence in reading order."""
    around = _surroundings(work)
    first_of_text: dict[str, str] = {}
    for key, sentence in work.chosen:
        require_sound(work, key, sentence)
        own_id = work.sentence_id(key)
        earlier = first_of_text.setdefault(" ".join(sentence.text.split()), own_id)
        records: list[MarkRecord] = []
        topics: _Topics = []
        attributions: list[AttributionRow] = []
        commitments: list[CommitmentRow] = []
        for mark in work.listed(sentence):
            found = said(work, key, mark)
            records.append(_mark_record(work, mark, found))
            if mark.rejected:
                continue
            if mark.layer == TOPICS:
                topics.append((mark.label, found))
            elif mark.layer == SPEAKERS:
                attributions.append(_attribution_row(work, own_id, mark, found))
            elif mark.layer == COMMITMENTS:
                commitments.append(_commitment_row(work, own_id, mark, found))
        again = earlier if earlier != own_id else None
        whole = _sentence_row(
            work, key, sentence, around[key], again, records, topics, attributions, commitments
        )
        yield Decided(sentence.start, whole, tuple(attributions), tuple(commitments))


def document_row(work: Work) -> DocumentRow:
    """Return the row of the readout, with how far the coder has come."""
    metadata, event = work.readout.metadata, work.readout.metadata.event
    states = [sentence.state for _, sentence in work.sentences]
    return _new_document(
        {
            **work.about,
            "id": f"{work.readout.id}@{work.coder}",
            "coder": work.coder,
            "text": work.readout.text,
            "sha256": work.readout.sha256,
            "text_sha256": work.readout.text_sha256,
            "segmenter": work.header.segmenter,
            "issuing_side": metadata.issuing_side,
            "outlet": metadata.outlet,
            "outlet_is_issuer": metadata.outlet_is_issuer,
            "original_language": metadata.original_language,
            "translation_of": metadata.translation_of,
            "publication_date_certainty": metadata.publication_date_certainty,
            "source_url": metadata.source_url,
            "retrieved": metadata.retrieved,
            "completeness": metadata.completeness,
            "counterpart_of": metadata.counterpart_of,
            "source_chain": metadata.source_chain,
            "event_date_precision": event.date_precision,
            "event_initiator": event.initiator,
            "event_duration_minutes": event.duration_minutes,
            "event_tone": event.tone,
            "entities": _entities(work),
            "sentences": len(states),
            "done": states.count("done"),
            "unsure": states.count("unsure"),
            "skipped": states.count("skipped"),
            "codebook": work.codebook.name,
            "codebook_version": work.codebook.version,
        }
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
    records: Sequence[MarkRecord],
    topics: _Topics,
    attributions: Sequence[AttributionRow],
    commitments: Sequence[CommitmentRow],
) -> SentenceRow:
    sources = [who for row in attributions for who in (*row.source, *row.source_inferred)]
    refused = [LabelRef(layer=one.layer, label=one.label) for one in records if one.rejected]
    return _new_sentence(
        {
            **work.about,
            "id": work.sentence_id(key),
            "sentence": key,
            "coder": work.coder,
            "state": sentence.state,
            "role": sentence.role,
            "text": sentence.text,
            "start": sentence.start,
            "end": sentence.end,
            "offset_unit": "code_point",
            "before": around[0],
            "after": around[1],
            "duplicate_of": duplicate_of,
            "topics": _in_codebook_order(work, TOPICS, topics),
            "primary_topic": _primary(topics),
            "topic_evidence": _evidence(topics),
            "voice": _voice(sentence),
            "speakers": unique(sources),
            "attributions": tuple([row.id for row in attributions]),
            "commitments": tuple([row.id for row in commitments if row.kind is not None]),
            "commitment_kinds": tuple([row.kind for row in commitments if row.kind is not None]),
            "near_misses": tuple([row.reason for row in commitments if row.reason is not None]),
            "rejected": tuple(refused),
            "layers": work.row_layers,
            "unasked": work.unasked(sentence),
            "imported": sentence.is_from_file,
            "marks": tuple(records),
            "note": sentence.note,
            "flagged": sentence.flagged,
            "keys": sentence.keys,
            "seconds": sentence.seconds,
            **work.made_of,
        }
    )


def _mark_record(work: Work, mark: Mark, found: Said) -> MarkRecord:
    source = mark.provenance
    return _new_mark(
        {
            "id": work.mark_id(mark.id),
            "layer": mark.layer,
            "label": mark.label,
            "start": mark.start,
            "end": mark.end,
            "rejected": mark.rejected,
            "certainty": mark.certainty,
            "doubtful": mark.doubtful,
            "note": mark.note,
            "slots": tuple(found.records),
            "origin": source.origin,
            "imported": source.imported,
            "suggester": source.suggester,
            "score": source.score,
            "coder": source.coder,
            "at": source.at,
            "codebook": source.codebook,
            "seconds": source.seconds,
            "proposed": source.proposed,
            "keys": source.keys,
            "spent": source.spent,
        }
    )


def _attribution_row(work: Work, sentence_id: str, mark: Mark, found: Said) -> AttributionRow:
    named, inferred = found.sources()
    spans, word = found.spans.get, found.word.get
    return _new_attribution(
        {
            **work.about,
            "id": work.mark_id(mark.id),
            "sentence_id": sentence_id,
            "coder": work.coder,
            "parent": _reference(work, mark, "parent"),
            "continues": _reference(work, mark, "continues"),
            "depth": _depth(work, mark),
            "form": mark.label,
            "holder": word("holder"),
            "source": named,
            "source_spans": spans("source", ()),
            "source_implicit": _is_implicit(found, named, inferred),
            "source_inferred": inferred,
            "cue": spans("cue", ()),
            "cue_lemma": word("cue_lemma"),
            "cue_class": word("cue_class"),
            "content": spans("content", ()),
            "addressee": found.who("addressee"),
            "addressee_spans": spans("addressee", ()),
            "none_stated": _none_stated(work, mark, found),
            "certainty": mark.certainty,
            "note": mark.note,
            "origin": mark.provenance.origin,
            "imported": mark.provenance.imported,
            "codebook_version": work.codebook.version,
        }
    )


def _is_implicit(found: Said, named: Sequence[str], inferred: Sequence[str]) -> bool | None:
    """Tell whether no words of the sentence name the source, None where nobody coded it."""
    if "source" in found.nowhere:
        return True
    if named or "source" in found.spans:
        return False
    return True if inferred else None


def _commitment_row(work: Work, sentence_id: str, mark: Mark, found: Said) -> CommitmentRow:
    layer = work.codebook.layer(COMMITMENTS)
    label = layer.label(mark.label) if layer else None
    near_miss = layer is not None and layer.negative(mark.label)
    spans, word = found.spans.get, found.word.get
    return _new_commitment(
        {
            **work.about,
            "id": work.mark_id(mark.id),
            "sentence_id": sentence_id,
            "coder": work.coder,
            "label": "near_miss" if near_miss else "commitment",
            "kind": None if near_miss else mark.label,
            "reason": mark.label if near_miss else None,
            "action": spans("action", ()),
            "committers": found.who("committers"),
            "committers_inferred": _are_inferred(mark, found),
            "counterparties": found.who("counterparties"),
            "beneficiaries": found.who("beneficiaries"),
            "mutual": found.yes_or_no("mutual"),
            "side": word("side"),
            "strength": _step(found, "strength"),
            "verifiability": _step(found, "verifiability"),
            "timeframe": spans("timeframe", ()),
            "timeframe_class": word("timeframe_class"),
            "timeframe_date": word("timeframe_date"),
            "conditional": found.yes_or_no("conditional"),
            "condition": spans("condition", ()),
            "novelty": word("novelty"),
            "polarity": word("polarity"),
            "topics": found.words("topics"),
            "plover": label.plover if label else (),
            "attribution": _reference(work, mark, "attribution"),
            "none_stated": _none_stated(work, mark, found),
            "not_coded": tuple([slot for slot in work.slots(mark) if slot not in mark.slots]),
            "certainty": mark.certainty,
            "note": mark.note,
            "origin": mark.provenance.origin,
            "imported": mark.provenance.imported,
            "codebook_version": work.codebook.version,
        }
    )


def _are_inferred(mark: Mark, found: Said) -> bool | None:
    """Tell whether only context says who is bound, None where nobody coded it."""
    return "committers" in found.guessed if "committers" in mark.slots else None


def _voice(sentence: Sentence) -> Voice | None:
    attributed = False
    for mark in sentence.marks:
        if mark.rejected:
            continue
        if mark.layer == VOICE and mark.label in _VOICES:
            return _VOICES[mark.label]
        attributed = attributed or mark.layer == SPEAKERS
    if VOICE in sentence.not_asked:
        return None  # A mark of it would say otherwise, and may have been left out.
    if attributed:
        return "attributed"
    return "narrator" if sentence.was_asked(SPEAKERS) else None


def _in_codebook_order(work: Work, layer_id: str, given: _Topics) -> tuple[str, ...]:
    layer = work.codebook.layer(layer_id)
    if layer is None:
        return ()
    places = layer.places
    labels = {label for label, _ in given if label in places}
    return tuple(sorted(labels, key=places.__getitem__) if len(labels) > 1 else labels)


def _primary(topics: _Topics) -> str | None:
    """The topic that the coder called the first, or the only one."""
    called = [label for label, found in topics if found.yes_or_no("primary")]
    labels = called or [label for label, _ in topics]
    return labels[0] if len(set(labels)) == 1 else None


def _evidence(topics: _Topics) -> tuple[LabelledSpan, ...]:
    places = {
        (span.start, span.end, label, span.exact)
        for label, found in topics
        for spans in found.spans.values()
        for span in spans
    }
    return tuple(
        [
            _new_evidence({"label": label, "start": start, "end": end, "exact": exact})
            for start, end, label, exact in sorted(places)
        ]
    )


def _depth(work: Work, mark: Mark) -> int:
    seen = {mark.id}
    parent = referred(mark, "parent")
    while parent is not None and parent in work.standing and parent not in seen:
        seen.add(parent)
        parent = referred(work.standing[parent], "parent")
    return len(seen)


def _reference(work: Work, mark: Mark, slot: str) -> str | None:
    other = referred(mark, slot)
    return work.mark_id(other) if other is not None and other in work.row_marks else None


def _step(found: Said, slot: str) -> int | None:
    """Return a step that is a number; any other is in `marks` alone, which the card says."""
    word = found.word.get(slot, "")
    return int(word) if STEP.fullmatch(word) else None


def _none_stated(work: Work, mark: Mark, found: Said) -> tuple[str, ...]:
    nowhere = found.nowhere
    return tuple([slot for slot in work.slots(mark) if slot in nowhere]) if nowhere else ()

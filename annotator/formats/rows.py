"""From marks to the rows of an export: pure functions over one coder's work on one readout.

Topics, speakers and commitments fill the columns that are named after them where the codebook has
layers of those ids; every layer's marks stand in `marks`. The values of slots are told apart by
their `type`: with a million rows, asking for their class would take longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from annotator import __version__
from annotator.errors import InputError
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding
from annotator.model.entity import Entity
from annotator.model.mark import Mark, SlotValue
from annotator.model.readout import Readout
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
from annotator.model.text import Span, State

TOPICS = "topics"
SPEAKERS = "speakers"
COMMITMENTS = "commitments"
VOICE = "voice"
_VOICES: dict[str, Voice] = {"narrator": "narrator", "attributed": "attributed", "mixed": "mixed"}
_COLONS = (":", "：")
_YES = {"yes": True, "true": True, "no": False, "false": False}


class HeaderLike(Protocol):
    """What the rows need to know of a journal."""

    @property
    def by(self) -> str:
        """The coder."""

    @property
    def segmenter(self) -> str:
        """What cut the text into sentences."""

    @property
    def sample(self) -> bool:
        """Whether the coding is a sample that came with the program."""


@dataclass(frozen=True)
class Decided:
    """The rows of one sentence; `start` is its first code point."""

    start: int
    sentence: SentenceRow
    attributions: tuple[AttributionRow, ...]
    commitments: tuple[CommitmentRow, ...]


@dataclass(frozen=True)
class Work:
    """One coder's work on one readout, and what of it is to become rows.

    `states` are the states of a sentence that are exported; `layers` limits the marks to those
    layers, None takes all. Raises InputError, when rows are made, where a mark is not of the
    codebook or a span does not lie where it says.
    """

    readout: Readout
    header: HeaderLike
    coding: Coding
    codebook: Codebook
    states: frozenset[State] = frozenset({"done"})
    layers: frozenset[str] | None = None

    @property
    def coder(self) -> str:
        """Who coded."""
        return self.header.by

    def sentence_id(self, key: int) -> str:
        """Return the id of a sentence's row; `key` is its name in the coding."""
        return f"{self.readout.id}#{key}@{self.coder}"

    def mark_id(self, mark_id: str) -> str:
        """Return the id that a mark has in the rows."""
        return f"{self.readout.id}#{mark_id}@{self.coder}"

    @cached_property
    def sentences(self) -> tuple[tuple[int, Sentence], ...]:
        """Every sentence with its name, in reading order."""
        return self.coding.sentences()

    @cached_property
    def chosen(self) -> tuple[tuple[int, Sentence], ...]:
        """The sentences that become rows, in reading order."""
        return tuple(
            (key, sentence) for key, sentence in self.sentences if sentence.state in self.states
        )

    @cached_property
    def standing(self) -> dict[str, Mark]:
        """Every mark of the readout that is not rejected, by its id."""
        return {
            mark.id: mark
            for _, sentence in self.sentences
            for mark in sentence.marks
            if not mark.rejected
        }

    @cached_property
    def row_marks(self) -> frozenset[str]:
        """The ids of the marks that have rows of their own."""
        return frozenset(
            mark.id
            for _, sentence in self.chosen
            for layer in (SPEAKERS, COMMITMENTS)
            for mark in self.marks(sentence, layer)
        )

    @cached_property
    def about(self) -> dict[str, Any]:
        """The fields that every row of the readout repeats."""
        metadata, event = self.readout.metadata, self.readout.metadata.event
        return {
            "readout": self.readout.id,
            "title": self.readout.title,
            "doc_kind": metadata.doc_kind,
            "told_by": metadata.issuing_side,
            "issuer": metadata.issuer,
            "language": metadata.language,
            "is_translation": metadata.is_translation,
            "publication_date": metadata.publication_date,
            "licence": metadata.licence,
            "sample": self.header.sample or metadata.sample,
            "event_id": event.id,
            "event_type": event.type,
            "event_date": event.date,
            "event_participants": event.participants,
        }

    def slots(self, mark: Mark) -> tuple[str, ...]:
        """Return the ids of the slots that a mark may fill, in the order of the codebook."""
        layer = self.codebook.layer(mark.layer)
        return tuple(slot.id for slot in layer.slots_of(mark.label)) if layer else ()

    def includes(self, layer: str) -> bool:
        """Tell whether a layer's marks are exported."""
        return self.layers is None or layer in self.layers

    def marks(self, sentence: Sentence, layer: str) -> tuple[Mark, ...]:
        """Return the standing marks of a layer, none where the layer is left out."""
        return sentence.of_layer(layer) if self.includes(layer) else ()


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


def require_sound(work: Work, key: int, sentence: Sentence) -> None:
    """Raise InputError where a mark or an offset of the sentence cannot be exported as it is."""
    text = work.readout.text
    if text[sentence.start : sentence.end] != sentence.text:
        raise _moved(work, key, sentence.start, sentence.end)
    for mark in sentence.marks:
        if not work.includes(mark.layer):
            continue
        problem = work.codebook.check(mark)
        if problem:
            raise InputError(
                f"{_place(work, key)}: {problem}",
                "Change the mark, or bring the label back into the codebook.",
            )
        for span in mark.spans():
            if not span.holds(text):
                raise _moved(work, key, span.start, span.end)


def _place(work: Work, key: int) -> str:
    return f"{work.readout.id}, sentence {key}, coder {work.coder}"


def _moved(work: Work, key: int, start: int, end: int) -> InputError:
    return InputError(
        f"{_place(work, key)}: the characters {start} to {end} of the readout are not the words"
        " that were marked.",
        "Run “annotator check”.",
    )


def lost_references(work: Work, mark: Mark) -> int:
    """Count a mark's references to marks without a row, which its own row leaves empty."""
    values = (value for values in mark.slots.values() for value in values)
    return sum(v.type == "ref" and v.mark not in work.row_marks for v in values)


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
        speakers=_unique(e for mark in speakers for e in _all_sources(mark)),
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
    )


def _slot_records(work: Work, mark: Mark) -> Iterator[SlotRecord]:
    for slot, values in sorted(mark.slots.items()):
        for value in values:
            span = _span_of(value)
            yield SlotRecord(
                slot=slot,
                type=value.type,
                value=_said(work, value),
                start=span.start if span else None,
                end=span.end if span else None,
                exact=span.exact if span else None,
                inferred=value.type == "entity" and value.inferred,
            )


def _span_of(value: SlotValue) -> Span | None:
    if value.type == "span":
        return value.span
    return value.mention if value.type == "entity" else None


def _said(work: Work, value: SlotValue) -> str | None:
    match value.type:
        case "entity":
            return value.entity
        case "choice":
            return value.choice
        case "label":
            return value.label
        case "date":
            return value.date
        case "text":
            return value.text
        case "ref":
            return work.mark_id(value.mark) if value.mark in work.row_marks else None
        case _:
            return None


def _attribution_row(work: Work, key: int, mark: Mark) -> AttributionRow:
    named, inferred = _sources(mark)
    return AttributionRow(
        **work.about,
        id=work.mark_id(mark.id),
        sentence_id=work.sentence_id(key),
        coder=work.coder,
        parent=_reference(work, mark, "parent"),
        continues=_reference(work, mark, "continues"),
        depth=_depth(work, mark),
        form=mark.label,
        holder=_word(mark, "holder"),
        source=named,
        source_spans=_spans(mark, "source"),
        source_implicit=_implicit(mark, named, inferred),
        source_inferred=inferred,
        cue=_spans(mark, "cue"),
        cue_lemma=_word(mark, "cue_lemma"),
        cue_class=_word(mark, "cue_class"),
        content=_spans(mark, "content"),
        addressee=_entity_ids(mark, "addressee"),
        addressee_spans=_spans(mark, "addressee"),
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
        action=_spans(mark, "action"),
        committers=_entity_ids(mark, "committers"),
        committers_inferred=any(_inferred(mark, "committers")),
        counterparties=_entity_ids(mark, "counterparties"),
        beneficiaries=_entity_ids(mark, "beneficiaries"),
        mutual=_yes_or_no(mark, "mutual"),
        side=_word(mark, "side"),
        strength=_step(work, mark, "strength"),
        verifiability=_step(work, mark, "verifiability"),
        timeframe=_spans(mark, "timeframe"),
        timeframe_class=_word(mark, "timeframe_class"),
        timeframe_date=_word(mark, "timeframe_date"),
        conditional=_yes_or_no(mark, "conditional"),
        condition=_spans(mark, "condition"),
        novelty=_word(mark, "novelty"),
        polarity=_word(mark, "polarity"),
        topics=_words(mark, "topics"),
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
    said = [mark.label for mark in topics if _yes_or_no(mark, "primary")]
    labels = said or [mark.label for mark in topics]
    return labels[0] if len(set(labels)) == 1 else None


def _evidence(topics: Iterable[Mark]) -> tuple[LabelledSpan, ...]:
    found = {
        (span.start, span.end, mark.label, span.exact)
        for mark in topics
        for slot in mark.slots
        for span in _spans(mark, slot)
    }
    return tuple(
        LabelledSpan(label=label, start=start, end=end, exact=exact)
        for start, end, label, exact in sorted(found)
    )


def _sources(mark: Mark) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who is named as source, and who only context tells."""
    values = [value for value in mark.slots.get("source", ()) if value.type == "entity"]
    named = _unique(value.entity for value in values if not value.inferred)
    inferred = _unique(value.entity for value in values if value.inferred)
    also = _entity_ids(mark, "source_inferred")
    return named, _unique(e for e in (*inferred, *also) if e not in named)


def _implicit(mark: Mark, named: tuple[str, ...], inferred: tuple[str, ...]) -> bool:
    if mark.none_stated("source"):
        return True
    return bool(inferred) and not named and not _spans(mark, "source")


def _all_sources(mark: Mark) -> tuple[str, ...]:
    named, inferred = _sources(mark)
    return (*named, *inferred)


def _depth(work: Work, mark: Mark) -> int:
    seen = {mark.id}
    parent = _referred(mark, "parent")
    while parent in work.standing and parent not in seen:
        seen.add(parent)
        parent = _referred(work.standing[parent], "parent")
    return len(seen)


def _referred(mark: Mark, slot: str) -> str | None:
    if slot not in mark.slots:
        return None
    return next((v.mark for v in mark.slots[slot] if v.type == "ref"), None)


def _reference(work: Work, mark: Mark, slot: str) -> str | None:
    other = _referred(mark, slot)
    return work.mark_id(other) if other in work.row_marks and other is not None else None


# Of the many slots that a row asks for, most marks fill a few: that is looked at first.


def _spans(mark: Mark, slot: str) -> tuple[Span, ...]:
    if slot not in mark.slots:
        return ()
    found = (_span_of(value) for value in mark.slots[slot])
    return tuple(span for span in found if span is not None)


def _entity_ids(mark: Mark, slot: str) -> tuple[str, ...]:
    if slot not in mark.slots:
        return ()
    return _unique(v.entity for v in mark.slots[slot] if v.type == "entity")


def _inferred(mark: Mark, slot: str) -> Iterator[bool]:
    return (v.inferred for v in mark.slots.get(slot, ()) if v.type == "entity")


def _words(mark: Mark, slot: str) -> tuple[str, ...]:
    if slot not in mark.slots:
        return ()
    words = []
    for value in mark.slots[slot]:
        if value.type == "choice":
            words.append(value.choice)
        elif value.type == "label":
            words.append(value.label)
        elif value.type == "text":
            words.append(value.text)
        elif value.type == "date":
            words.append(value.date)
    return tuple(words)


def _word(mark: Mark, slot: str) -> str | None:
    words = _words(mark, slot)
    return words[0] if words else None


def _yes_or_no(mark: Mark, slot: str) -> bool | None:
    word = _word(mark, slot)
    return None if word is None else _YES.get(word)


def _step(work: Work, mark: Mark, slot: str) -> int | None:
    word = _word(mark, slot)
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


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))

"""What the text proposes about an attribution: cue, content, form, whose it is, and to whom.

Rules only, and every one of them gives way to a key. As in `propose`, offsets are code points of
the readout's text, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotator.model.codebook import Layer
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    EntityValue,
    Mark,
    Slots,
    SlotValue,
    SpanValue,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.session import hearers, holders, quotes, words
from annotator.session.hearers import TO_SOMEBODY
from annotator.session.propose import (
    CueFound,
    Mention,
    after,
    cue_slot,
    find_cues,
    find_mentions,
)
from annotator.session.whose import (
    AUXILIARIES,
    PASSIVE,
    cue_of,
    in_one_breath,
    name_for,
    quoted_by,
    titles_only,
)
from annotator.session.words import Range

_NAME_BEHIND_CUE = 8
_IN_A_ROW = re.compile(r"(?:,|\band|,\s+and)\s+$")
_ASIDE = re.compile(r"\s*,\s+\w+(?:\s+\w+){0,3},")
# “Her” may as well belong to what follows.
_PRONOUN = re.compile(r"\s+(?:him|them|us|me)\b(?=\s)", re.IGNORECASE)
_ACTS_NAMED_ONLY = frozenset({"courtesy", "discuss", "inform"})
_CLAUSE_BEHIND = re.compile(r"\s*,?\s*(?:that|что|que|qu[’']|dass|أن)\b", re.IGNORECASE)
_OF_A_NOUN = frozenset({"express_wish", "express_concern", "express_support", "attitude"})
_PREPOSITION = re.compile(r"\s+(?:for|about|over|at|with)\b|(?<=interest)\s+in\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\b(?:an?|the)\s+(?:\w+\s+)?(?:initiative|proposal|plan|decision|hope|wish|concern|readiness)\s+$",
    re.IGNORECASE,
)
_AS = re.compile(r"\bas\s+(?:it\s+)?$", re.IGNORECASE)
_WHERE = re.compile(r"(\s+(?:in|by|at|from))\s+", re.IGNORECASE)
_DIRECT_SHARE = 0.6


@dataclass(frozen=True)
class Place:
    """A sentence, and what is known of its readout.

    `source_chain` and `participants` are ids from the metadata; `taken` are the cues that other
    attributions of the sentence have already. `within` is what is said by whoever the attribution
    stands inside of.
    """

    text: str
    sentence: Sentence
    language: str
    cast: Cast
    source_chain: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    taken: frozenset[Range] = frozenset()
    within: Range | None = None

    @property
    def bounds(self) -> Range:
        """The sentence's range."""
        return self.sentence.start, self.sentence.end


def attribution(layer: Layer, place: Place, source: Entity | None) -> tuple[str, Slots]:
    """Propose form and slots for an attribution to `source`, or to nobody named where it is None.

    Only slots that the layer has are filled.
    """
    text, bounds = place.text, place.bounds
    mentions = find_mentions(place.cast, text, *bounds)
    own = [m for m in mentions if source is not None and m.entity == source.id]
    within = place.within or bounds
    every = find_cues(layer, text, *within, place.language)
    cues = [c for c in every if _is_free(c, place.taken)]
    inside = [m for m in own if within[0] <= m.start and m.end <= within[1]]
    cue = (
        cue_of(text, within, place.language, cues, inside, mentions)
        if source
        else _passive_cue(text, cues, mentions)
    )
    name = name_for(text, bounds, place.language, cue, own)
    sources = _sources(place, source, name, cue, cues, mentions)
    slots: Slots = {layer.entry: sources or NONE_STATED}
    quoted = quotes.speech(text, within)
    quoted = quoted_by(text, cue, every, quoted) if cue else quoted
    told = hearers.told(text, cue, mentions, own) if cue else None
    form = _form(layer, place, cue, told, quoted)
    if cue is not None:
        named_slot = cue_slot(layer)
        if named_slot:
            slots[named_slot] = (ChoiceValue(choice=cue.choice),)
        start, end = _whole(text, bounds, cue, name)
        cue = replace(cue, end=end)
        slots["cue"] = (SpanValue(span=Span.of(text, start, end)),)
        said = _content(text, within, cue, cues, told, name)
        content = _quoted_part(form, quoted, said)
        if content is not None and content != bounds:
            slots["content"] = (SpanValue(span=Span.of(text, *content)),)
    if cue is not None:
        slots["addressee"] = _addressee(place, cue, told, sources)
    itself = {source.id: source} if source else {}
    named = [e for v in sources if (e := itself.get(v.entity) or place.cast.get(v.entity))]
    slots["holder"] = (ChoiceValue(choice=_held(named, place)),)
    known = {slot.id: slot for slot in layer.slots}
    kept = {name: values for name, values in slots.items() if name in known and values}
    return form, kept


def of_cue(layer: Layer, place: Place, mark: Mark, span: Span) -> Slots:
    """Propose what goes with a cue that the coder chose: its class, what is said, and to whom.

    A slot without values is one for which nothing is proposed any more.
    """
    text, within = place.text, place.within or place.bounds
    cue, others = _cue_at(layer, place, span)
    sources = tuple(v for v in mark.values(layer.entry) if isinstance(v, EntityValue))
    own, told = _hearing(place, cue, sources)
    name = name_for(text, within, place.language, cue, own)
    said = _content(text, within, cue, others, told, name)
    quoted = quoted_by(text, cue, others, quotes.speech(text, within))
    content = _quoted_part(mark.label, quoted, said)
    slots: Slots = {"content": (), "addressee": _addressee(place, cue, told, sources)}
    named_slot = cue_slot(layer)
    if named_slot:
        slots[named_slot] = (ChoiceValue(choice=cue.choice),) if cue.choice else ()
    if content is not None and content != place.bounds:
        slots["content"] = (SpanValue(span=Span.of(text, *content)),)
    return slots


def of_source(layer: Layer, place: Place, mark: Mark, values: Sequence[SlotValue]) -> Slots:
    """Propose what goes with whom the coder chose to speak: whose it is, and to whom it is said.

    A slot without values is one for which nothing is proposed any more.
    """
    sources = tuple(value for value in values if isinstance(value, EntityValue))
    named = [entity for v in sources if (entity := place.cast.get(v.entity)) is not None]
    slots: Slots = {"holder": (), "addressee": ()}
    if values:
        slots["holder"] = (ChoiceValue(choice=_held(named, place)),)
    span = next((v.span for v in mark.values("cue") if isinstance(v, SpanValue)), None)
    if sources and span is not None:
        cue, _ = _cue_at(layer, place, span)
        _, told = _hearing(place, cue, sources)
        slots["addressee"] = _addressee(place, cue, told, sources)
    return slots


def _cue_at(layer: Layer, place: Place, span: Span) -> tuple[CueFound, list[CueFound]]:
    """Return the cue that a stretch is, without a class where it is none, and the others."""
    found = find_cues(layer, place.text, *(place.within or place.bounds), place.language)
    known = [c for c in found if c.start < span.end and span.start < c.end]
    choice = max(known, key=lambda c: c.end - c.start).choice if known else ""
    return CueFound(span.start, span.end, choice), [c for c in found if c not in known]


def _hearing(
    place: Place, cue: CueFound, sources: Sequence[EntityValue]
) -> tuple[list[Mention], Mention | None]:
    """Return where the sources are named, and who behind the cue is told."""
    mentions = find_mentions(place.cast, place.text, *place.bounds)
    named = {value.entity for value in sources}
    own = [mention for mention in mentions if mention.entity in named]
    return own, hearers.told(place.text, cue, mentions, own)


def _held(sources: list[Entity], place: Place) -> str:
    return holders.holder(sources, place.source_chain, place.participants, place.cast)


def _is_free(cue: CueFound, taken: frozenset[Range]) -> bool:
    return not any(cue.start < end and start < cue.end for start, end in taken)


def _quoted_part(form: str, quoted: list[Range], said: Range | None) -> Range | None:
    """Return the quotation as the content, but what is said where only part of that is quoted."""
    if not quoted:
        return said
    (start, end), *_ = quoted
    whole = said is not None and said[0] <= start and end <= said[1]
    return said if form == "mixed" and whole else (start, end)


def _whole(text: str, bounds: Range, cue: CueFound, source: Mention | None) -> Range:
    """Return a cue with the small words that belong to it.

    These are the auxiliaries, modals and “not” before it; what is announced or hoped in a passive;
    the preposition behind a noun, as in “voiced hope for”; and “as … in” around an aside.
    """
    lead = text[bounds[0] : cue.start]
    found = AUXILIARIES.search(lead)
    start = bounds[0] + found.start() if found else cue.start
    passive = found is not None or PASSIVE.search(text[cue.start : cue.end]) is not None
    subject = _SUBJECT.search(text, bounds[0], start) if passive else None
    aside = _AS.search(text, bounds[0], start) if passive else None
    before = next((m for m in (subject, aside) if m is not None and m.end() == start), None)
    start = before.start() if before else start
    end = cue.end
    if before is aside and aside is not None and source is not None:
        behind = _WHERE.fullmatch(text, end, max(end, source.start))
        end = behind.end(1) if behind else end
    elif cue.choice in _OF_A_NOUN and " " in text[cue.start : end]:
        behind = _PREPOSITION.match(text, end, bounds[1])
        end = behind.end() if behind else end
    return start, end


def _sources(
    place: Place,
    source: Entity | None,
    mention: Mention | None,
    cue: CueFound | None,
    cues: list[CueFound],
    mentions: list[Mention],
) -> tuple[EntityValue, ...]:
    """Propose who speaks: the source, and whoever is named in one breath with it before the cue."""
    if source is None:
        return ()
    if mention is None:
        return (EntityValue(entity=source.id, inferred=True),)
    row = [mention]
    if cue is not None and mention.end <= cue.start:
        inside = place.within[0] if place.within else place.bounds[0]
        first = inside if inside <= mention.start else place.bounds[0]
        near = (m for m in mentions if first <= m.start and m.end <= cue.start)
        alike = [m for m in near if _alike(place.cast, m, source)]
        row = in_one_breath(place.text, mention, alike, cues)
    named = {one.entity: one for one in reversed(row)}
    return tuple(
        EntityValue(entity=one.entity, mention=Span.of(place.text, one.start, one.end))
        for one in reversed(named.values())
    )


def _alike(cast: Cast, mention: Mention, source: Entity) -> bool:
    entity = cast.get(mention.entity)
    return entity is not None and entity.type == source.type


def _addressee(
    place: Place, cue: CueFound, told: Mention | None, sources: Sequence[EntityValue]
) -> tuple[SlotValue, ...]:
    """Propose to whom it is said; of what was said elsewhere, inside of this, nobody knows that."""
    known = place.within is None
    other = hearers.other_of_two(place.participants, sources, place.cast) if known else None
    return hearers.addressee(place.text, cue, told, other)


def _content(
    text: str,
    bounds: Range,
    cue: CueFound,
    cues: list[CueFound],
    told: Mention | None,
    source: Mention | None,
) -> Range | None:
    """Propose what is said: from the cue, or the name right behind it, to the next cue in a row.

    Whoever says it is no part of it. Where nothing follows, it is what stands before: “…, he said.”
    """
    start = cue.end
    named = told or source
    near = named is not None and 0 <= named.start - cue.end <= _NAME_BEHIND_CUE
    if named is not None and (near or (named is source and _stands_behind(text, cue, named))):
        start = named.end
    elif cue.choice in TO_SOMEBODY and (pronoun := _PRONOUN.match(text, start, bounds[1])):
        start = pronoun.end()
    aside = _ASIDE.match(text, start, bounds[1])
    start = aside.end() if aside else start
    ends = (_IN_A_ROW.search(text, start, c.start) for c in cues if c.start > start)
    end = next((found.start() for found in ends if found), bounds[1])
    if source is not None and start <= source.start < end:
        end = next(reversed(words.clause_ends(text, start, source.start)), source.start)
    if words.words(text, start, end):
        return after(text, (bounds[0], end), start)
    return _said_before(text, bounds, min(cue.start, source.start) if source else cue.start)


def _stands_behind(text: str, cue: CueFound, mention: Mention) -> bool:
    return mention.start >= cue.end and not words.clause_ends(text, cue.end, mention.start)


def _said_before(text: str, bounds: Range, start: int) -> Range | None:
    """Return what stands before whoever said it, where a comma parts the two."""
    marks = words.clause_ends(text, bounds[0], start)
    if not marks or not titles_only(text[marks[-1] + 1 : start]):
        return None
    return words.trim(text, bounds[0], marks[-1])


def _passive_cue(text: str, cues: list[CueFound], mentions: list[Mention]) -> CueFound | None:
    """Return the cue that goes with nobody: a passive, else one before which nobody is named."""
    for cue in cues:
        lead = text[max(0, cue.start - 20) : cue.start]
        if PASSIVE.search(text[cue.start : cue.end]) or PASSIVE.search(lead):
            return cue
    ends = [0, *(cue.end for cue in cues)]
    alone = (
        cue
        for cue, start in zip(cues, ends, strict=False)
        if not any(start <= m.start < cue.start for m in mentions)
    )
    return next(alone, next(iter(cues), None))


def _form(
    layer: Layer,
    place: Place,
    cue: CueFound | None,
    told: Mention | None,
    quoted: list[Range],
) -> str:
    wanted = "indirect"
    if quoted:
        wanted = "direct" if _mostly(place, cue, quoted) else "mixed"
    elif (
        cue is not None
        and cue.choice in _ACTS_NAMED_ONLY
        and not _CLAUSE_BEHIND.match(place.text, told.end if told else cue.end)
    ):
        wanted = "narrated_act"
    label = layer.label(wanted)
    if label is None or label.retired is not None:
        label = (layer.in_use or layer.labels)[0]
    return label.id


def _mostly(place: Place, cue: CueFound | None, quoted: list[Range]) -> bool:
    """Tell whether a sentence is a quotation with its cue, and not a report that quotes a part.

    That is so where it begins with the quotation, or this stands right behind the cue, or the words
    outside, cue and names left out, are few.
    """
    text, first = place.text, quoted[0][0]
    if not text[place.bounds[0] : first].strip():
        return True
    if cue is not None and cue.end <= first and not text[cue.end : first].strip(" ,:，：、"):
        return True
    named = [(m.start, m.end) for m in find_mentions(place.cast, text, *place.bounds)]
    aside = [*named, *([(cue.start, cue.end)] if cue else [])]
    every = words.words(text, *place.bounds)
    inside = sum(any(a <= start < b for a, b in quoted) for start, _ in every)
    others = sum(not any(a <= start < b for a, b in (*quoted, *aside)) for start, _ in every)
    return inside >= _DIRECT_SHARE * (inside + others)

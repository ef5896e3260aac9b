"""What the text itself proposes: who is named, which cue announces them, and what follows.

Rules only, from the codebook's cues and the readout's cast. A proposal fills a slot that the coder
sees at once and can change by a key; nothing here decides a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from annotator.model.codebook import Codebook, Cue, Layer
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    EntityValue,
    Slots,
    SpanValue,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.session import words
from annotator.session.words import Range

_QUOTED = re.compile(r"[“«„\"‘「『][^“”«»„\"「」『』\n]{2,2000}?(?:[”»\"」』]|’’|’(?!\w))")
_DATE = re.compile(
    r"\b(?:\d{1,2}[.\s](?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)(?:\s\d{4})?|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\s\d{1,2}(?:,\s\d{4})?|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}"
    r"|today|tomorrow|yesterday|tonight|soon|next (?:week|month|year|spring|summer|autumn|winter)"
    r"|this (?:week|month|year)|(?:in|within) the (?:near future|coming \w+|next \w+)"
    r"|by (?:the end of \w+|\w+ \d{4}|[A-Z]\w+))\b"
)
_MONEY = re.compile(
    r"(?:[€$£¥₽]\s?\d[\d.,]*(?:\s(?:thousand|million|billion|trillion))?"
    r"|\d[\d.,]*\s(?:thousand |million |billion |trillion )?"
    r"(?:dollars|euros?|roubles|rubles|yuan|pounds))"
)
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_PARTICLES = "وفبلك"
_CAPITAL = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
_NAME = re.compile(
    rf"{_CAPITAL}[\w’'.-]+(?:\s+(?:(?:of|de|van|von|der|al|bin)\s+)?{_CAPITAL}[\w’'-]+)+"
)
# Whoever says something mostly stands before the cue; a name behind it counts as farther away.
_BEHIND = 15
_NAME_BEHIND_CUE = 8
_IN_A_ROW = re.compile(r"(?:,|\band|,\s+and)\s+$")
_WHAT_IS_SAID = re.compile(r"\s+(?:to|that|on|about|for|of)\b")
_CLAUSE = re.compile(r"\b(?:that|to)\s+(?=\w)")
_ACTING = frozenset({"agree", "commit", "announce", "invite", "instruct", "reject", "express_wish"})
_ACTS_NAMED_ONLY = frozenset({"courtesy", "discuss", "inform"})


@dataclass(frozen=True)
class CueFound:
    """Words that announce an attribution, and the choice that the codebook gives them."""

    start: int
    end: int
    choice: str


@lru_cache(maxsize=32)
def _cue_pattern(cues: tuple[Cue, ...], language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    forms: dict[str, str] = {}
    for cue in cues:
        if cue.language == language:
            forms.update({form.casefold(): cue.choice for form in cue.forms})
    longest_first = sorted(forms, key=len, reverse=True)
    spaced = language not in ("zh", "ja")
    body = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
    pattern = rf"(?<!\w)(?:{body})(?!\w)" if spaced else f"(?:{body})"
    return re.compile(pattern if forms else r"(?!)", re.IGNORECASE), forms


def cue_slot(layer: Layer) -> str | None:
    """Return the id of the choice slot that the layer's cues speak for."""
    wanted = {cue.choice for cue in layer.cues}
    slots = (s.id for s in layer.slots if wanted and wanted <= {c.id for c in s.choices})
    return next(slots, None)


def find_cues(layer: Layer, text: str, start: int, end: int, language: str) -> list[CueFound]:
    """Return the cues of `text[start:end]` in reading order; `language` is a BCP 47 tag."""
    pattern, forms = _cue_pattern(layer.cues, language.partition("-")[0] or "en")
    found = []
    for match in pattern.finditer(text, start, end):
        # A pattern that ignores case also takes letters that only look alike.
        choice = forms.get(" ".join(match.group().split()).casefold())
        if choice is not None:
            found.append(CueFound(*match.span(), choice))
    return found


@dataclass(frozen=True)
class Mention:
    """Words that name somebody of the cast."""

    start: int
    end: int
    entity: str


def find_mentions(cast: Cast, text: str, start: int, end: int) -> list[Mention]:
    """Return where `text[start:end]` names the cast, longest names first, without overlaps."""
    written = {
        name: entity.id
        for entity in reversed(cast.entities)
        for name in (entity.name, *entity.aliases)
        if name
    }
    if not written:
        return []
    folded = {name.casefold(): entity for name, entity in written.items()}
    pattern = _names_pattern(tuple(sorted(written, key=len, reverse=True)))
    return [
        Mention(*match.span(), folded[match.group().casefold()])
        for match in pattern.finditer(text, start, end)
        if match.group().casefold() in folded
    ]


def unknown_name(cast: Cast, text: str, sentence: Sentence) -> str:
    """Return the first name of several words that the cast does not know; empty where none is."""
    bounds = (sentence.start, sentence.end)
    known = find_mentions(cast, text, *bounds)
    names = (match.span() for match in _NAME.finditer(text, *bounds))
    free = ((a, b) for a, b in names if not any(m.start < b and a < m.end for m in known))
    return next((" ".join(text[a:b].split()) for a, b in free), "")


@lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_name_pattern, names)), re.IGNORECASE)


def _name_pattern(name: str) -> str:
    # Chinese and Japanese put no blanks between words; Arabic writes its particles onto them.
    before = "" if _UNSPACED.match(name[0]) else rf"(?<![^\W{_PARTICLES}])"
    after = "" if _UNSPACED.match(name[-1]) else r"(?!\w)"
    return f"{before}{re.escape(name)}{after}"


def candidates(
    codebook: Codebook, cast: Cast, text: str, sentence: Sentence, language: str
) -> list[Range]:
    """Return the stretches of a sentence that a span is likely to be, in reading order."""
    bounds = (sentence.start, sentence.end)
    found: set[Range] = {(m.start, m.end) for m in find_mentions(cast, text, *bounds)}
    for layer in codebook.layers:
        if layer.cues:
            cues = find_cues(layer, text, *bounds, language)
            found.update((cue.start, cue.end) for cue in cues)
            found.update(_after(text, bounds, cue.end) for cue in cues)
    for pattern in (_DATE, _MONEY, _QUOTED):
        found.update(match.span() for match in pattern.finditer(text, *bounds))
    found.update(_after(text, bounds, match.end()) for match in _CLAUSE.finditer(text, *bounds))
    return sorted(range_ for range_ in found if range_[0] < range_[1])


def _after(text: str, bounds: Range, start: int) -> Range:
    trimmed = words.trim(text, start, bounds[1])
    if trimmed is None:
        return bounds
    start = trimmed[0] + (len(text[trimmed[0]]) if text[trimmed[0]] in ",:" else 0)
    trimmed = words.trim(text, start, words.without_stop(text, start, bounds[1])[1])
    return trimmed or bounds


def attribution(
    layer: Layer,
    readout_sources: tuple[str, ...],
    cast: Cast,
    text: str,
    sentence: Sentence,
    language: str,
    source: Entity | None,
    taken: frozenset[Range] = frozenset(),
) -> tuple[str, Slots]:
    """Propose form and slots for an attribution to `source`, or to nobody named where it is None.

    `taken` are cues that other attributions of the sentence have already. Only slots that the layer
    has are filled.
    """
    bounds = (sentence.start, sentence.end)
    mentions = find_mentions(cast, text, *bounds)
    own = [m for m in mentions if source is not None and m.entity == source.id]
    cues = [c for c in find_cues(layer, text, *bounds, language) if (c.start, c.end) not in taken]
    cue = _cue_of(cues, own, mentions)
    slots: Slots = {}
    mention = _nearest_mention(own, cue)
    if source is None:
        slots[layer.entry] = NONE_STATED
    else:
        span = Span.of(text, mention.start, mention.end) if mention else None
        slots[layer.entry] = (EntityValue(entity=source.id, mention=span, inferred=span is None),)
    quoted = _QUOTED.search(text, *bounds)
    if cue is not None:
        slots["cue"] = (SpanValue(span=Span.of(text, cue.start, cue.end)),)
        named_slot = cue_slot(layer)
        if named_slot:
            slots[named_slot] = (ChoiceValue(choice=cue.choice),)
        told = _told(text, cue, mentions)
        if told is not None:
            span = Span.of(text, told.start, told.end)
            slots["addressee"] = (EntityValue(entity=told.entity, mention=span),)
        behind = told or mention
        content = quoted.span() if quoted else _content(text, bounds, cue, cues, behind)
        if content != bounds:
            slots["content"] = (SpanValue(span=Span.of(text, *content)),)
    slots["holder"] = (ChoiceValue(choice=_holder(source, readout_sources)),)
    known = {slot.id: slot for slot in layer.slots}
    kept = {name: values for name, values in slots.items() if name in known}
    return _form(layer, cue, quoted is not None), kept


def _told(text: str, cue: CueFound, mentions: list[Mention]) -> Mention | None:
    """Return who stands right behind a cue with what is said to them after it: "asked X to"."""
    behind = (m for m in mentions if m.start > cue.end and not text[cue.end : m.start].strip())
    return next((m for m in behind if _WHAT_IS_SAID.match(text, m.end)), None)


def _content(
    text: str, bounds: Range, cue: CueFound, cues: list[CueFound], mention: Mention | None
) -> Range:
    """Propose what is said: from the cue, or the name right behind it, to the next cue in a row."""
    start = cue.end
    if mention is not None and 0 <= mention.start - cue.end <= _NAME_BEHIND_CUE:
        start = mention.end
    ends = (_IN_A_ROW.search(text, start, c.start) for c in cues if c.start > start)
    end = next((found.start() for found in ends if found), bounds[1])
    return _after(text, (bounds[0], end), start)


def _cue_of(cues: list[CueFound], own: list[Mention], all_of: list[Mention]) -> CueFound | None:
    """Return the cue that a source most likely goes with.

    That is the first of which nobody else is named nearer by, else the first after the source.
    """
    for cue in cues:
        nearest = min(all_of, key=lambda mention: _distance(mention, cue), default=None)
        if nearest is not None and nearest in own:
            return cue
    after = [cue for cue in cues if own and cue.start >= own[0].end]
    return next(iter(after or cues), None)


def _distance(mention: Mention, cue: CueFound) -> int:
    if mention.end <= cue.start:
        return cue.start - mention.end
    return mention.start - cue.end + _BEHIND if mention.start >= cue.end else 0


def _nearest_mention(own: list[Mention], cue: CueFound | None) -> Mention | None:
    if cue is not None:
        return min(own, key=lambda mention: _distance(mention, cue), default=None)
    return own[0] if own else None


def _holder(source: Entity | None, readout_sources: tuple[str, ...]) -> str:
    if source is None:
        return "unspecified"
    if source.type == "collective":
        return "joint"
    if source.id in readout_sources:
        return "issuer"
    return "third_party" if source.type in ("people", "group") else "individual"


def _form(layer: Layer, cue: CueFound | None, quoted: bool) -> str:
    wanted = "indirect"
    if quoted:
        wanted = "direct"
    elif cue is not None and cue.choice in _ACTS_NAMED_ONLY:
        wanted = "narrated_act"
    label = layer.label(wanted)
    if label is None or label.retired is not None:
        label = (layer.in_use or layer.labels)[0]
    return label.id


def action(
    codebook: Codebook, text: str, sentence: Sentence, language: str, near_miss: str | None = None
) -> Span:
    """Propose the words of the act: what follows the first acting cue.

    For the label of a near miss it is the cue that is called as the label is, else the last one,
    with what follows. Without any cue it is the sentence without its final stop.
    """
    bounds = (sentence.start, sentence.end)
    cues = [
        cue
        for layer in codebook.layers
        if layer.cues
        for cue in find_cues(layer, text, *bounds, language)
    ]
    named = [cue for cue in cues if cue.choice == near_miss]
    acting = named or [cue for cue in cues if cue.choice in _ACTING] or cues
    if not acting:
        return Span.of(text, *words.without_stop(text, *bounds))
    cue = acting[-1] if near_miss else acting[0]
    start, end = _after(text, bounds, cue.end)
    if near_miss:
        return Span.of(text, cue.start, end)
    lead = re.match(r"(?:to|that)\s+", text[start:end])
    return Span.of(text, start + (lead.end() if lead else 0), end)


def parties(sentence: Sentence, layer: Layer, cast: Cast) -> tuple[EntityValue, ...]:
    """Propose who commits: the sources of the sentence's attributions, collectives taken apart."""
    found: dict[str, EntityValue] = {}
    for mark in sentence.of_layer(layer.id):
        for value in mark.values(layer.entry):
            if isinstance(value, EntityValue):
                entity = cast.get(value.entity)
                for member in entity.members if entity and entity.members else (value.entity,):
                    found[member] = EntityValue(entity=member, inferred=value.inferred)
    return tuple(found.values())

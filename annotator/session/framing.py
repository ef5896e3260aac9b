"""What the text proposes for the slots of a frame, when it is made and while it is filled.

Only slots that the label has are proposed, and only where the wording speaks for a value: a slot
about which the text says nothing stays “not looked at”. Whatever is proposed is marked as such, and
the coder, who sees it at once, changes it by a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from annotator.model.codebook import Layer, Slot
from annotator.model.mark import (
    ChoiceValue,
    EntityValue,
    Mark,
    NoneStated,
    RefValue,
    Slots,
    SlotValue,
    SpanValue,
)
from annotator.model.text import Span
from annotator.session import labelslots, propose, terms, undertakings
from annotator.session.attribution import Place, of_cue, of_source
from annotator.session.phrases import pattern
from annotator.session.scene import Scene
from annotator.session.terms import choice
from annotator.session.undertakings import Told
from annotator.session.whose import is_joined

_OF_PARTIES: Final = frozenset({"side", "mutual"})
"""Choices that follow from who the parties are."""

_READ_FROM: Final = {
    "timeframe": ("timeframe_class", "timeframe_date"),
    "condition": ("conditional",),
}

_MUTUAL: Final = frozenset({"agreement", "intention"})
"""Kinds that several take on towards one another, where several take them on."""


def proposed(
    scene: Scene,
    layer: Layer,
    label_id: str,
    presets: Mapping[str, str] | None = None,
    *,
    given: Slots | None = None,
    said: Slots | None = None,
) -> Slots:
    """Propose the slots of a new mark; `presets` are choices that go before those of the wording.

    The act is one that no other mark of the layer on this sentence has. `given` slots stand already
    and decide about those that are read from them. Slots that are `said` stay as they are, empty
    where they are said to be; what reads from other words than theirs is not proposed.
    """
    said = said or {}
    slots_of = layer.slots_of(label_id)
    near = label_id if layer.negative(label_id) else None
    told = undertakings.action(
        scene.codebook, scene.text, scene.sentence, scene.language, near, _taken(scene, layer)
    )
    slots = Slots()
    for slot in slots_of:
        known = slot.id in said
        values = said[slot.id] if known else _from_marks(scene, layer, slot, told)
        if values:
            slots[slot.id] = values
    if near is None and any(slot.type == "span" and slot.required for slot in slots_of):
        people = _entities(slots.get("committers", ()))
        worded = {
            **terms.from_words(scene, label_id, told, given),
            **_from_committers(scene, label_id, people),
        }
        slots |= {name: values for name, values in worded.items() if name not in slots}
    slots |= {name: choice(preset) for name, preset in (presets or {}).items()}
    silent = {*said, *(name for one in said for name in read_from(layer, one))}
    free = {name: values for name, values in slots.items() if name not in silent}
    return _fitting(slots_of, free) | {name: values for name, values in said.items() if values}


def following(
    scene: Scene, layer: Layer, mark: Mark, slot_id: str, values: tuple[SlotValue, ...]
) -> Slots:
    """Propose what follows for other slots when one is filled; no values take a proposal back.

    Only slots that are not looked at or hold a proposal are named.
    """
    if layer.negative(mark.label):
        return {}
    found: Slots = dict.fromkeys(read_from(layer, slot_id), ())
    span = next((value.span for value in values if isinstance(value, SpanValue)), None)
    match slot_id:
        case "timeframe":
            hangs = bool(mark.values("condition"))
            found |= terms.of_time(scene, values, from_event=not hangs)
        case "condition":
            found |= terms.of_condition(values)
        case "committers":
            found = _from_committers(scene, mark.label, _entities(values))
        case "cue":
            found |= _from_cue(scene, layer, mark, span)
        case layer.entry:
            told = next((v.span for v in mark.values("cue") if isinstance(v, SpanValue)), None)
            found = of_source(layer, _place(scene, mark, told), mark, values)
    slots_of = layer.slots_of(mark.label)
    free = {s.id for s in slots_of if s.id not in mark.slots} | set(mark.provenance.proposed)
    kept = _fitting(slots_of, found)
    return {
        name: kept.get(name, ())
        for name in found
        if name in free and (name in kept or name in mark.slots)
    }


def read_from(layer: Layer, slot_id: str) -> tuple[str, ...]:
    """Return the slots that say in classes what the words of another one mean."""
    if slot_id == "cue":
        named = propose.cue_slot(layer)
        return (named,) if named else ()
    return _READ_FROM.get(slot_id, ())


def copied(scene: Scene, layer: Layer, mark: Mark) -> tuple[Slots, tuple[str, ...]]:
    """Return the slots of a copy of a mark, and which of them are proposals.

    What the coder filled is taken over; what was only proposed, and the words of the act, are
    proposed anew, from what was taken over where that decides and else from the sentence. The
    parties stay as they are, as proposals, where the words of the next act do not say who takes it
    on.
    """
    slots_of = layer.slots_of(mark.label)
    act = {slot.id for slot in slots_of if slot.type == "span" and slot.required}
    dropped = act | set(mark.provenance.proposed)
    kept = {name: values for name, values in mark.slots.items() if name not in dropped}
    anew = proposed(scene, layer, mark.label, given=kept)
    parties = {slot.id for slot in slots_of if slot.type == "entity"} | _OF_PARTIES
    who = {slot.id for slot in slots_of if slot.type == "entity" and slot.required}
    if not any(name in anew and name not in kept for name in who):
        anew = {name: values for name, values in anew.items() if name not in parties}
        anew |= {name: values for name, values in mark.slots.items() if name in parties}
    return {**anew, **kept}, tuple(sorted(name for name in anew if name not in kept))


def _from_cue(scene: Scene, layer: Layer, mark: Mark, cue: Span | None) -> Slots:
    return {} if cue is None else of_cue(layer, _place(scene, mark, cue), mark, cue)


def _place(scene: Scene, mark: Mark, cue: Span | None) -> Place:
    """Return what is known around an attribution; with a cue, also within what it is said."""
    outer = [scene.sentence.mark(v.mark) for v in _all(mark) if isinstance(v, RefValue)]
    told = [value for one in outer if one for value in one.values("content")]
    said = [(v.span.start, v.span.end) for v in told if isinstance(v, SpanValue)]
    around = next((s for s in said if cue and s[0] <= cue.start and cue.end <= s[1]), None)
    metadata = scene.readout.metadata
    return Place(
        scene.text,
        scene.sentence,
        scene.language,
        scene.cast,
        metadata.source_chain,
        metadata.event.participants,
        within=around,
    )


def _all(mark: Mark) -> list[SlotValue]:
    return [value for values in mark.slots.values() for value in values]


def _taken(scene: Scene, layer: Layer) -> list[Span]:
    return [
        value.span
        for mark in scene.sentence.of_layer(layer.id)
        for slot in layer.slots_of(mark.label)
        if slot.type == "span" and slot.required
        for value in mark.values(slot.id)
        if isinstance(value, SpanValue)
    ]


def _fitting(slots_of: Iterable[Slot], slots: Slots) -> Slots:
    """Return what the codebook's own slots can hold: it may have others, or other choices."""
    found = Slots()
    for slot in slots_of:
        values = slots.get(slot.id, ())
        if all(_fits(slot, value) for value in values) and values:
            found[slot.id] = values if slot.repeatable else values[:1]
    return found


def _fits(slot: Slot, value: SlotValue) -> bool:
    if isinstance(value, NoneStated):
        return True
    if isinstance(value, ChoiceValue):
        return slot.type in ("choice", "scale") and slot.choice(value.choice) is not None
    return slot.type == value.type


def _entities(values: tuple[SlotValue, ...]) -> tuple[EntityValue, ...]:
    return tuple(value for value in values if isinstance(value, EntityValue))


def _from_marks(scene: Scene, layer: Layer, slot: Slot, told: Told) -> tuple[SlotValue, ...]:
    """Propose what the act itself and the other marks of the sentence give."""
    if slot.type == "span" and slot.required:
        return (SpanValue(span=Span.of(scene.text, told.start, told.end)),)
    if slot.type == "entity" and slot.required:
        return _parties(scene, told)
    labels = labelslots.standing(slot, scene.sentence)
    if labels:
        return labels
    standing = scene.sentence.of_layer(slot.layer or "")
    if slot.type == "ref" and slot.layer != layer.id and standing:
        around = _announced(standing, told) or _innermost(standing, told)
        return (RefValue(mark=(around or standing[-1]).id),)
    return ()


def refers_to(scene: Scene, mark: Mark, other: Mark) -> str | None:
    """Return the empty slot of a mark that would refer to another one made before it, or None.

    That is where the other one holds or announces its words.
    """
    layer = scene.codebook.layer(mark.layer)
    if layer is None or mark.rejected or mark.layer == other.layer:
        return None
    slots_of = layer.slots_of(mark.label)
    words = [
        value.span
        for slot in slots_of
        if slot.type == "span" and slot.required
        for value in mark.values(slot.id)
        if isinstance(value, SpanValue)
    ]
    free = (s.id for s in slots_of if s.type == "ref" and s.layer == other.layer)
    slot = next((name for name in free if name not in mark.slots), None)
    if slot is None or not words:
        return None
    bounds = (words[0].start, words[0].end)
    told = Told(*bounds, head=words[0].start, around=bounds)
    held = _announced((other,), told) or _innermost((other,), told)
    return slot if held is not None else None


def _announced(marks: tuple[Mark, ...], told: Told) -> Mark | None:
    """Return the mark whose cue the words of an act begin with, as those of a near miss do."""
    for mark in marks:
        cues = (value.span for value in mark.values("cue") if isinstance(value, SpanValue))
        if any(cue.start <= told.start < cue.end <= told.end for cue in cues):
            return mark
    return None


def _innermost(marks: tuple[Mark, ...], told: Told) -> Mark | None:
    """Return the mark with the fewest words that hold those of the act, if any does."""
    holding = [
        (span.end - span.start, place)
        for place, mark in enumerate(marks)
        for span in mark.spans()
        if span.start <= told.start and told.end <= span.end
    ]
    return marks[min(holding)[1]] if holding else None


def _parties(scene: Scene, told: Told) -> tuple[SlotValue, ...]:
    """Propose who takes it on: who is named before the act, else whose words it stands in."""
    sources = [layer for layer in scene.codebook.layers if layer.entry != "label"]
    standing = scene.sentence.of_layer(sources[0].id) if sources else ()
    around = _innermost(standing, told)
    content = around.values("content") if around else ()
    inside = next((v.span.start for v in content if isinstance(v, SpanValue)), None)
    named = _named(scene, told.around[0] if inside is None else inside, told.head)
    if named or not sources:
        return named
    nearest = propose.parties((around,) if around else standing, sources[0], scene.cast)
    return nearest or propose.parties(standing, sources[0], scene.cast)


def _named(scene: Scene, start: int, end: int) -> tuple[SlotValue, ...]:
    """Return whom of the cast the words before an act name last, a collective taken apart."""
    end = max(start, end)
    that = pattern(scene.language, "that").finditer(scene.text, start, end)
    start = max((match.end() for match in that), default=start)
    mentions = propose.find_mentions(scene.cast, scene.text, start, end)
    if is_joined(scene.text, start, end):
        cues = undertakings.cues_in(scene.codebook, scene.text, (start, end), scene.language)
        before = [one for one in mentions if cues and one.end <= cues[-1].start]
        mentions = before or mentions
    if not mentions:
        return ()
    last = mentions[-1]
    entity = scene.cast.get(last.entity)
    if entity is not None and entity.members:
        return tuple(EntityValue(entity=member) for member in entity.members)
    span = Span.of(scene.text, last.start, last.end)
    return (EntityValue(entity=last.entity, mention=span),)


def _from_committers(scene: Scene, label_id: str, people: tuple[EntityValue, ...]) -> Slots:
    """Propose whose undertaking it is, and who stands on the other end of a mutual one."""
    slots = Slots()
    side = _side(scene, people)
    if side is not None:
        slots["side"] = choice(side)
    entities = [scene.cast.get(value.entity) for value in people]
    several = len(people) > 1 or any(one and one.type == "collective" for one in entities)
    if people and not several:
        slots["mutual"] = choice("no")
    elif people and label_id in _MUTUAL:
        slots["mutual"] = choice("yes")
        slots["counterparties"] = tuple(
            value.model_copy(update={"mention": None}) for value in people
        )
    return slots


def _side(scene: Scene, people: tuple[EntityValue, ...]) -> str | None:
    about = scene.readout.metadata
    own = (about.issuing_side or "").casefold()
    taking_part = {_state(scene, name) for name in about.event.participants} - {""}
    sides = {_state(scene, value.entity) for value in people}
    if not own or not sides or "" in sides:
        return None
    if sides == {own}:
        return "own"
    if own in sides:
        return "joint"
    return "other" if sides <= taking_part and len(taking_part) == 2 else None


def _state(scene: Scene, entity_id: str) -> str:
    """Return for which state somebody stands, in lower case; empty where that is not known."""
    entity = scene.cast.get(entity_id)
    if entity is None:
        return ""
    own = entity.id if entity.type == "state" else ""
    return (entity.affiliation or own).casefold()

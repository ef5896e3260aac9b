"""What a coder can do to a coding, as pure functions from a coding to an edit.

Every function returns the edit and changes nothing. An act that would change nothing returns None.
Sentences are named by their key in the coding, offsets are code points of the readout's text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from annotator.errors import MarkError
from annotator.model.codebook import Codebook, Layer
from annotator.model.edit import CAST, RENEWAL, Change, Coding, Document, Edit
from annotator.model.entity import Entity
from annotator.model.fitting import gives_way
from annotator.model.mark import Mark, Provenance, RefValue, Slots, SlotValue, SpanValue
from annotator.model.outdated import not_given
from annotator.model.renewal import renewed, reviewed
from annotator.model.sentence import Sentence
from annotator.model.suggestion import Suggestion
from annotator.model.text import Role, Span, State
from annotator.session.chains import require_sound
from annotator.session.labelslots import followed


@dataclass(frozen=True)
class Pen:
    """Who marks, by which codebook, and where new ids and times come from.

    `now` returns UTC in ISO 8601, `new_id` an id that no other mark of the readout has.
    """

    coder: str
    codebook: Codebook
    now: Callable[[], str]
    new_id: Callable[[], str]

    def mark(
        self,
        sentence: Sentence,
        layer: str,
        label: str,
        *,
        slots: Slots | None = None,
        rejected: bool = False,
        seconds: float | None = None,
        suggestion: Suggestion | None = None,
        proposed: Iterable[str] | None = None,
    ) -> Mark:
        """Make a mark on a sentence whose `slots`, or those named `proposed`, came from rules.

        It says which `suggestion` it was taken from, if it was from one. It gets the label that a
        renamed or merged one is now. Raises MarkError where the codebook does not allow it, or the
        label was retired.
        """
        known = self.codebook.layer(layer)
        gone = not_given(known, label) if known else None
        if gone:
            raise MarkError(gone)
        mark = Mark(
            id=self.new_id(),
            layer=layer,
            label=known.current(label) if known else label,
            start=sentence.start,
            end=sentence.end,
            slots=slots or {},
            rejected=rejected,
            provenance=Provenance(
                coder=self.coder,
                at=self.now(),
                codebook=self.codebook.stamp,
                origin="accepted" if suggestion else "human",
                suggester=suggestion.source if suggestion else None,
                score=suggestion.score if suggestion else None,
                seconds=seconds,
                proposed=tuple(sorted(slots or {})) if proposed is None else tuple(proposed),
            ),
        )
        self.require(mark)
        return mark

    def require(self, mark: Mark) -> None:
        """Raise MarkError where the codebook does not allow the mark."""
        problem = self.codebook.check(mark)
        if problem:
            raise MarkError(problem)

    def edit(self, coding: Coding, what: str, documents: dict[int, Document | None]) -> Edit | None:
        """Bundle changed documents into one edit, or None where nothing changes.

        What was proposed from a sentence's labels follows these within the same act.
        """
        changes = tuple(
            Change(key=key, before=before, after=self._followed(before, after))
            for key, after in documents.items()
            if (before := coding.docs.get(key)) != after
        )
        return Edit(act="edit", at=self.now(), what=what, changes=changes) if changes else None

    def _followed(self, before: Document | None, after: Document | None) -> Document | None:
        if isinstance(before, Sentence) and isinstance(after, Sentence):
            return followed(self.codebook, before, after)
        return after


def add_mark(pen: Pen, coding: Coding, key: int, mark: Mark) -> Edit | None:
    """Put a mark on a sentence.

    It takes the place of the same label rejected there, and, in a layer where one label stands, of
    the label that stood there.
    """
    pen.require(mark)
    sentence = coding.sentence(key)
    layer = _layer(pen, mark.layer)
    require_sound(layer, coding, mark)
    kept = [other for other in sentence.marks if not gives_way(layer, other, mark)]
    after = sentence.changed(marks=(*kept, mark))
    verb = "reject" if mark.rejected else "mark"
    return pen.edit(coding, f"{verb} {mark.label}", {key: after})


def replace_mark(pen: Pen, coding: Coding, key: int, mark: Mark) -> Edit | None:
    """Put a changed mark in the place of the one with its id.

    Whoever chooses another label for it chooses by the codebook of now. What was taken from a
    suggestion is `edited` once it says something else than that. What was in doubt was looked at.
    """
    pen.require(mark)
    sentence = coding.sentence(key)
    before = sentence.mark(mark.id)
    if before is not None and before.doubtful:
        mark = _settled(mark)
    if before is not None and before.label != mark.label:
        provenance = mark.provenance.model_copy(update={"codebook": pen.codebook.stamp})
        mark = mark.model_copy(update={"provenance": provenance})
    if before is None:
        raise MarkError(f"This sentence has no mark {mark.id}.", "Open the readout again.")
    says_other = (before.label, before.slots) != (mark.label, mark.slots)
    if says_other and mark.provenance.origin == "accepted":
        provenance = mark.provenance.model_copy(update={"origin": "edited"})
        mark = mark.model_copy(update={"provenance": provenance})
    if _refs(before) != _refs(mark):
        require_sound(_layer(pen, mark.layer), coding, mark)
    marks = tuple(mark if other.id == mark.id else other for other in sentence.marks)
    return pen.edit(coding, f"change {mark.label}", {key: sentence.changed(marks=marks)})


def _refs(mark: Mark) -> list[tuple[str, str]]:
    values = ((slot, value) for slot, held in mark.slots.items() for value in held)
    return [(slot, value.mark) for slot, value in values if isinstance(value, RefValue)]


def remove_mark(pen: Pen, coding: Coding, key: int, mark_id: str) -> Edit | None:
    """Take a mark away, and with it every reference to it in the readout."""
    removed = coding.sentence(key).mark(mark_id)
    return _remove(pen, coding, key, [removed]) if removed else None


def _remove(pen: Pen, coding: Coding, key: int, marks: Sequence[Mark]) -> Edit | None:
    """Take marks of one label away in one act."""
    documents: dict[int, Document | None] = {}
    after = coding
    for mark in marks:
        changed = _without(pen, after, key, mark)
        after = Coding({**after.docs, **changed})
        documents |= changed
    return pen.edit(coding, f"remove {marks[0].label}", documents)


def put_away(pen: Pen, coding: Coding, key: int) -> Edit | None:
    """Take away the first of a sentence's marks that wait for a place since the text changed.

    With it goes every reference to it, but where the mark also stands, without the words it lost.
    """
    sentence = coding.sentence(key)
    if not sentence.unplaced:
        return None
    first, *others = sentence.unplaced
    after = sentence.changed(unplaced=tuple(others))
    documents: dict[int, Document | None] = {key: after}
    if not any(other.mark(first.id) for _, other in coding.sentences()):
        documents |= _without(pen, Coding({**coding.docs, key: after}), key, first)
    return pen.edit(coding, f"put away {first.label}", documents)


def _without(pen: Pen, coding: Coding, key: int, mark: Mark) -> dict[int, Document]:
    """Return the sentences that change where a mark of one goes, with every reference to it."""
    documents: dict[int, Document] = {}
    layers = pen.codebook.layers
    referred = any(
        slot.type == "ref" and slot.layer == mark.layer for layer in layers for slot in layer.slots
    )
    sentences = coding.sentences() if referred else ((key, coding.sentence(key)),)
    for other, sentence in sentences:
        marks = tuple(_without_refs(one, mark.id) for one in sentence.marks if one.id != mark.id)
        if marks != sentence.marks:
            documents[other] = sentence.changed(marks=marks)
    return documents


def _without_refs(mark: Mark, gone: str) -> Mark:
    slots: Slots = {}
    for slot, values in mark.slots.items():
        kept = tuple(v for v in values if not (isinstance(v, RefValue) and v.mark == gone))
        if kept:
            slots[slot] = kept
    return mark if slots == mark.slots else mark.model_copy(update={"slots": slots})


def toggle(
    pen: Pen, coding: Coding, key: int, layer: str, label: str, seconds: float | None = None
) -> Edit | None:
    """Put a label on a sentence, or take all of it away where it stands."""
    sentence = coding.sentence(key)
    standing = [mark for mark in sentence.of_layer(layer) if mark.label == label]
    if standing:
        return _remove(pen, coding, key, standing)
    return add_mark(pen, coding, key, pen.mark(sentence, layer, label, seconds=seconds))


def toggle_rejected(
    pen: Pen, coding: Coding, key: int, layer: str, label: str, seconds: float | None = None
) -> Edit | None:
    """Say that a label was considered and is not given, or take that back.

    Raises MarkError where the label stands with a frame, which would be lost.
    """
    sentence = coding.sentence(key)
    standing = [m for m in sentence.marks if (m.layer, m.label) == (layer, label)]
    rejected = [mark for mark in standing if mark.rejected]
    if rejected:
        return _remove(pen, coding, key, rejected)
    for mark in standing:
        if mark.slots:
            raise MarkError(f"“{label}” stands here with its slots filled.", "Remove it first.")
    mark = pen.mark(sentence, layer, label, rejected=True, seconds=seconds)
    return add_mark(pen, coding, key, mark)


def fill_slot(
    pen: Pen,
    coding: Coding,
    key: int,
    mark_id: str,
    slot: str,
    values: Iterable[SlotValue],
    following: Slots | None = None,
) -> Edit | None:
    """Set a slot's values; without values the slot is "not looked at" again.

    `following` are proposals for other slots that come with it, by the id of the slot.
    """
    mark = coding.sentence(key).mark(mark_id)
    if mark is None:
        raise MarkError("That mark is no longer there.")
    given = {slot: tuple(values), **(following or {})}
    slots = {name: kept for name, kept in mark.slots.items() if name not in given}
    slots |= {name: filled for name, filled in given.items() if filled}
    left = {name for name in mark.provenance.proposed if name not in given}
    proposed = tuple(sorted(left | {name for name in following or {} if given[name]}))
    provenance = mark.provenance.model_copy(update={"proposed": proposed})
    after = mark.model_copy(update={"slots": slots, "provenance": provenance})
    return replace_mark(pen, coding, key, after)


def with_words(
    held: Iterable[SlotValue], span: Span, instead: Span | None = None
) -> tuple[SlotValue, ...]:
    """Return what a slot holds once it has a stretch, which stands `instead` of another.

    It also takes the place of all that it overlaps, so that no words are held twice.
    """
    values = list(held)
    gone = [v for v in values if isinstance(v, SpanValue) and _goes(v.span, span, instead)]
    place = values.index(gone[0]) if gone else len(values)
    kept = [value for value in values if value not in gone]
    return (*kept[:place], SpanValue(span=span), *kept[place:])


def _goes(held: Span, span: Span, instead: Span | None) -> bool:
    return held == instead or (held.start < span.end and span.start < held.end)


def decide(
    pen: Pen, coding: Coding, key: int, state: State, keys: int = 0, seconds: float = 0.0
) -> Edit | None:
    """Set a sentence's state, and add the effort it took.

    Its marks that were to be looked at again since the codebook changed are looked at by that, and
    no mark of a sentence that is done is in doubt any more. Whatever was asked of it before, every
    layer is asked then.
    """
    sentence = reviewed(pen.codebook, coding.sentence(key))
    after = sentence.changed(
        state=state,
        keys=sentence.keys + keys,
        seconds=round(sentence.seconds + seconds, 1),
        marks=tuple(map(_settled, sentence.marks)) if state == "done" else sentence.marks,
        asked=None,
        not_asked=(),
    )
    return pen.edit(coding, state, {key: after})


def _settled(mark: Mark) -> Mark:
    return mark.model_copy(update={"doubtful": False}) if mark.doubtful else mark


def renew(pen: Pen, coding: Coding) -> Edit | None:
    """Give marks the labels that the codebook has now, where these were renamed or merged."""
    documents: dict[int, Document | None] = {**renewed(pen.codebook, coding)}
    return pen.edit(coding, RENEWAL, documents)


def write_note(pen: Pen, coding: Coding, key: int, note: str) -> Edit | None:
    """Set a sentence's note; an empty one takes it away."""
    return pen.edit(coding, "note", {key: coding.sentence(key).changed(note=note.strip())})


def toggle_flag(pen: Pen, coding: Coding, key: int) -> Edit | None:
    """Flag a sentence, or take the flag away."""
    sentence = coding.sentence(key)
    return pen.edit(coding, "flag", {key: sentence.changed(flagged=not sentence.flagged)})


def set_role(pen: Pen, coding: Coding, key: int, role: Role) -> Edit | None:
    """Say what a sentence is in its document."""
    return pen.edit(coding, f"role {role}", {key: coding.sentence(key).changed(role=role)})


def add_entity(pen: Pen, coding: Coding, entity: Entity) -> Edit | None:
    """Put an entity into the cast, in place of an older one of its id."""
    return pen.edit(coding, f"cast {entity.name}", {CAST: coding.cast.with_entity(entity)})


def _layer(pen: Pen, layer_id: str) -> Layer:
    layer = pen.codebook.layer(layer_id)
    if layer is None:
        raise MarkError(f"The codebook {pen.codebook.stamp} has no layer “{layer_id}”.")
    return layer

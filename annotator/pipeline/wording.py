"""What acts and marks say, in a few words each, for lists of what was done.

Words are layers, labels and slots by their ids, so that they mean the same under every codebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from annotator.formats.slots import word_of
from annotator.model.edit import Change, Coding, Edit
from annotator.model.entity import Cast
from annotator.model.mark import Mark, RefValue, SlotValue
from annotator.model.sentence import Sentence
from annotator.model.text import quoted
from annotator.plural import many

FEW: Final = 3
"""Up to how many sentences or people are told of one by one; more are counted."""
BEGINNING: Final = 80
"""Code points of a sentence by which it is known again."""

_ACTS: Final = {
    "import": "begun",
    "adopt": "taken over from another program",
    "reanchor": "moved to the changed text",
}


def act(edit: Edit) -> str:
    """Say what an act was."""
    match edit.act:
        case "undo":
            return f"undone: {deed(edit)}"
        case "redo":
            return f"done again: {deed(edit)}"
        case _:
            return _ACTS.get(edit.act, deed(edit))


def deed(edit: Edit) -> str:
    """Say what was done, also of an act that takes it back: a flag is given or taken away."""
    flags = [
        (change.after if edit.act == "undo" else change.before)
        for change in edit.changes
        if _is_of_sentence(change)
    ]
    taken = edit.what == "flag" and any(isinstance(one, Sentence) and one.flagged for one in flags)
    return "flag taken away" if taken else edit.what


def parts(edit: Edit) -> list[tuple[str, str]]:
    """Name what an act changed in marks that stand before and after it: layer, and slot or field.

    A slot in which a proposal was only taken is one of them. That a mark is in doubt no more
    follows from every other change of it, and is not named.
    """
    sentences = [change for change in edit.changes if _is_of_sentence(change)]
    had, has = _marks(c.before for c in sentences), _marks(c.after for c in sentences)
    found = [
        (mark.layer, part)
        for mark in has.values()
        if mark.id in had
        for part in (*changed_parts(had[mark.id], mark), *_settled(had[mark.id], mark))
        if part != "doubtful"
    ]
    return list(dict.fromkeys(found))


def beginning(text: str) -> str:
    """Return the beginning of a sentence in one line."""
    line = " ".join(text[: 4 * BEGINNING].split())
    short = len(line) <= BEGINNING and len(text) <= 4 * BEGINNING
    return line if short else f"{line[: BEGINNING - 1].rstrip()}…"


def changes(edit: Edit) -> tuple[str, ...]:
    """Say what an act changed: what was added (+), taken away (−) and changed (±).

    Of an act on many sentences, the changes are counted.
    """
    sentences = [change for change in edit.changes if _is_of_sentence(change)]
    counted = len(sentences) > FEW or edit.act not in ("edit", "undo", "redo")
    said = [*_counted(sentences)] if counted else [*_told(sentences)]
    for change in edit.changes:
        if not _is_of_sentence(change):
            said += _cast(change.before, change.after)
    return tuple(said)


def _is_of_sentence(change: Change) -> bool:
    return isinstance(change.before, Sentence) or isinstance(change.after, Sentence)


def _counted(sentences: list[Change]) -> Iterator[str]:
    new = sum(change.before is None for change in sentences)
    gone = sum(change.after is None for change in sentences)
    kept = len(sentences) - new - gone
    if new == len(sentences):
        yield many(new, "sentence")
    else:
        counts = ((kept, "changed"), (new, "new"), (gone, "gone"))
        told = [f"{many(count, 'sentence')} {what}" for count, what in counts if count]
        yield from told
    had, has = _marks(c.before for c in sentences), _marks(c.after for c in sentences)
    changed = [i for i in has if i in had and had[i] != has[i]]
    for sign, ids in (("+", has.keys() - had.keys()), ("−", had.keys() - has.keys())):
        if ids:
            yield f"{sign} {many(len(ids), 'mark')}"
    if changed:
        yield f"± {many(len(changed), 'mark')}"


def _told(sentences: list[Change]) -> Iterator[str]:
    for change in sentences:
        if change.before is None and isinstance(change.after, Sentence):
            yield f"split before “{beginning(change.after.text)}”"
        elif change.after is None and isinstance(change.before, Sentence):
            yield f"joined with “{beginning(change.before.text)}”"
    had, has = _marks(c.before for c in sentences), _marks(c.after for c in sentences)
    said = [*_marks_told(had, has), *(word for change in sentences for word in _fields(change))]
    yield from said
    ranges = any(change.before is None or change.after is None for change in sentences)
    if sentences and not said and not ranges:
        yield "looked at again"


def _marks(documents: Iterable[object]) -> dict[str, Mark]:
    return {
        mark.id: mark
        for document in documents
        if isinstance(document, Sentence)
        for mark in document.marks
    }


def _marks_told(had: Mapping[str, Mark], has: Mapping[str, Mark]) -> Iterator[str]:
    for mark in had.values():
        if mark.id not in has:
            yield f"− {label(mark)}"
    for mark in has.values():
        if mark.id not in had:
            yield f"+ {label(mark)}"
        elif parts := changed_parts(had[mark.id], mark):
            yield f"± {label(mark)}: {', '.join(parts)}"


def label(mark: Mark) -> str:
    """Name a mark by its layer and label."""
    return f"{mark.layer} {mark.label}{' (rejected)' if mark.rejected else ''}"


def changed_parts(before: Mark, after: Mark) -> list[str]:
    """Name the slots and fields in which two versions of a mark differ, but for its place."""
    slots = dict.fromkeys((*before.slots, *after.slots))
    parts = [slot for slot in slots if before.slots.get(slot) != after.slots.get(slot)]
    fields = ("label", "rejected", "certainty", "doubtful", "note")
    return parts + [name for name in fields if getattr(before, name) != getattr(after, name)]


def _settled(before: Mark, after: Mark) -> list[str]:
    """Name the slots that were proposed in one of two versions of a mark alone."""
    had, has = before.provenance.proposed, after.provenance.proposed
    return [slot for slot in dict.fromkeys((*had, *has)) if (slot in had) is not (slot in has)]


def _fields(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    if not isinstance(before, Sentence) or not isinstance(after, Sentence):
        return
    if before.state != after.state:
        yield f"state {before.state} → {after.state}"
    if before.role != after.role:
        yield f"role {before.role} → {after.role}"
    if before.flagged != after.flagged:
        yield "flagged" if after.flagged else "no flag any more"
    if before.note != after.note:
        yield f"note “{beginning(after.note)}”" if after.note else "no note any more"


def _cast(before: object, after: object) -> Iterator[str]:
    had = {e.id: e for e in before.entities} if isinstance(before, Cast) else {}
    has = {e.id: e for e in after.entities} if isinstance(after, Cast) else {}
    groups = (
        ("+", [has[i].name for i in has if i not in had]),
        ("−", [had[i].name for i in had if i not in has]),
        ("±", [has[i].name for i in has if i in had and had[i] != has[i]]),
    )
    for sign, names in groups:
        if names:
            yield f"cast {sign} {', '.join(names) if len(names) <= FEW else f'{len(names):,}'}"


def mark(coding: Coding, found: Mark) -> str:
    """Say a mark with what stands in its slots, people by the names that the coding's cast has."""
    said = [label(found)]
    said += [
        f"{slot} {', '.join(value(coding, one) for one in values)}"
        for slot, values in found.slots.items()
    ]
    if found.certainty == "low":
        said.append("uncertain")
    if found.doubtful:
        said.append("to be looked at again")
    if found.note:
        said.append(f"note “{found.note}”")
    return "; ".join(said)


def value(coding: Coding, found: SlotValue) -> str:
    """Say what stands in a slot."""
    match found.type:
        case "span":
            return quoted(found.span.exact)
        case "entity":
            words = f" {quoted(found.mention.exact)}" if found.mention else ""
            inferred = " (inferred)" if found.inferred else ""
            return f"{coding.cast.name(found.entity)}{words}{inferred}"
        case "ref":
            return _referred(coding, found)
        case "none":
            return "none stated"
        case _:
            return word_of(found)


def _referred(coding: Coding, ref: RefValue) -> str:
    for key, sentence in coding.sentences():
        there = sentence.mark(ref.mark)
        if there is not None:
            return f"{label(there)} of sentence {key}"
    return ref.mark

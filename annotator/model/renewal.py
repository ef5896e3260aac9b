"""What a change of the codebook means for the marks that were made before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from annotator.model.codebook import Codebook, Revision
from annotator.model.edit import RENEWAL, Coding, Edit, Timeline
from annotator.model.mark import LabelValue, Mark, RefValue, Slots
from annotator.model.sentence import Sentence


def is_renewal(edit: Edit) -> bool:
    """Tell whether an act did nothing but follow the codebook."""
    return edit.what == RENEWAL


def held(book: Codebook, timeline: Timeline, coding: Coding) -> int:
    """Return how many of the last acts followed the codebook and cannot be taken back alone.

    Taken back, they would leave marks of labels that the codebook has no more.
    """
    count = 0
    for edit in reversed(timeline.done):
        if not is_renewal(edit):
            break
        coding = edit.invert("undo", "").upon(coding).apply(coding)
        if not renewed(book, coding):
            return 0
        count += 1
    return count


def unknown_labels(book: Codebook, coding: Coding) -> Counter[str]:
    """Return which labels marks bear that the codebook does not have, with how many marks do.

    One of a layer that it does not have either stands with the layer before it.
    """
    found: Counter[str] = Counter()
    for _, sentence in coding.sentences():
        for mark in (*sentence.marks, *sentence.unplaced):
            layer = book.layer(mark.layer)
            if layer is None:
                found[f"{mark.layer} {mark.label}"] += 1
            elif layer.label(mark.label) is None:
                found[mark.label] += 1
    return found


def renewed(book: Codebook, coding: Coding) -> dict[int, Sentence]:
    """Return the sentences that change where marks get the labels that the codebook has now.

    Where a sentence has that label already, a mark that says no more than it goes, and whatever
    points to it points to the other one. The rejection of a label that was merged falls away:
    whoever refused the narrower label never considered the wider one.
    """
    if not any(layer.moved for layer in book.layers):
        return {}
    gone: dict[str, str] = {}
    changed: dict[int, Sentence] = {}
    for key, sentence in coding.sentences():
        before = tuple(mark for mark in sentence.marks if not falls_away(book, mark))
        marks = tuple(as_now(book, mark) for mark in before)
        waiting = tuple(
            as_now(book, mark) for mark in sentence.unplaced if not falls_away(book, mark)
        )
        if (marks, waiting) != (sentence.marks, sentence.unplaced):
            kept = _without_doubles(before, marks, gone)
            changed[key] = sentence.changed(marks=kept, unplaced=waiting)
    if gone:
        for key, sentence in coding.sentences():
            standing = changed.get(key, sentence)
            marks = tuple(pointing(mark, gone) for mark in standing.marks)
            if marks != standing.marks:
                changed[key] = standing.changed(marks=marks)
    return changed


def falls_away(book: Codebook, mark: Mark) -> bool:
    """Tell whether a mark rejects a label that was merged into another one."""
    layer = book.layer(mark.layer)
    label = layer.label(mark.label) if layer else None
    return mark.rejected and label is not None and len(label.into) == 1


def as_now(book: Codebook, mark: Mark) -> Mark:
    """Return a mark with the labels that the codebook has now."""
    layer = book.layer(mark.layer)
    if layer is None:
        return mark
    label, slots = layer.current(mark.label), {}
    for name, values in mark.slots.items():
        slot = layer.slot(name)
        other = book.layer(slot.layer) if slot and slot.type == "label" and slot.layer else None
        slots[name] = values
        if other is not None:
            named = tuple(
                LabelValue(label=other.current(v.label)) if isinstance(v, LabelValue) else v
                for v in values
            )
            if named != values:
                slots[name] = tuple(dict.fromkeys(named))
    if (label, slots) == (mark.label, mark.slots):
        return mark
    return mark.model_copy(update={"label": label, "slots": slots})


def _without_doubles(
    before: Sequence[Mark], after: Sequence[Mark], gone: dict[str, str]
) -> tuple[Mark, ...]:
    kept = list(after)
    for old, new in zip(before, after, strict=True):
        twins = [m for m in kept if m.id != new.id and (m.layer, m.label) == (new.layer, new.label)]
        if old.label == new.label or new not in kept or not twins:
            continue
        twin = next((m for m in twins if not m.rejected), twins[0])
        if new.rejected or (not twin.rejected and not (new.slots or new.note)):
            going, staying = new, twin
        elif twin.rejected:
            going, staying = twin, new
        else:
            # Two of one label with slots of their own: which is meant, a person says.
            for mark in (new, twin):
                kept[kept.index(mark)] = mark.model_copy(update={"doubtful": True})
            continue
        kept.remove(going)
        gone[going.id] = staying.id
        if going.rejected != staying.rejected:
            # Given under one name and rejected under the other.
            kept[kept.index(staying)] = staying.model_copy(update={"doubtful": True})
    return tuple(kept)


def pointing(mark: Mark, gone: Mapping[str, str]) -> Mark:
    """Return a mark whose references to what is gone are to what stands in its place, by ids."""
    slots: Slots = {
        name: tuple(
            RefValue(mark=gone.get(v.mark, v.mark)) if isinstance(v, RefValue) else v
            for v in values
        )
        for name, values in mark.slots.items()
    }
    return mark if slots == mark.slots else mark.model_copy(update={"slots": slots})


def labels_of(book: Codebook, mark: Mark) -> Iterator[tuple[str, str]]:
    """Yield the layer and current id of every label that a mark gives or names in a slot."""
    layer = book.layer(mark.layer)
    yield mark.layer, layer.current(mark.label) if layer else mark.label
    for name, values in mark.slots.items():
        slot = layer.slot(name) if layer else None
        other = book.layer(slot.layer) if slot and slot.layer else None
        if other is not None:
            for value in values:
                if isinstance(value, LabelValue):
                    yield other.id, other.current(value.label)


def asks(book: Codebook, mark: Mark) -> Revision | None:
    """Return the latest change after a mark was made for which it is to be looked at again."""
    if not any(change.review for change in book.changes):
        return None
    made, own = _made(book, mark), set(labels_of(book, mark))
    for change in reversed(book.changes):
        layer = book.layer(change.layer)
        if change.review and layer is not None and _numbers(change.version) > made:
            label = change.label if change.kind != "rename" else change.into[0]
            if (layer.id, layer.current(label)) in own:
                return change
    return None


def why(change: Revision) -> str:
    """Say in a few words why a mark is looked at again."""
    into = " or ".join(change.into)
    match change.kind:
        case "split":
            return f"{change.label} was split in {change.version}: choose {into}"
        case "retire":
            return f"{change.label} was retired in {change.version}"
        case "merge" | "rename":
            return f"{change.label} became {into} in {change.version}"
        case _:
            return f"{change.label} means something else since {change.version}"


def reviewed(book: Codebook, sentence: Sentence) -> Sentence:
    """Return a sentence whose marks were looked at again, and are of this codebook from now on.

    A mark of a label that was split stays as it is until one of the parts is chosen.
    """
    marks = tuple(
        _stamped(book, mark) if asks(book, mark) and not _to_choose(book, mark) else mark
        for mark in sentence.marks
    )
    return sentence if marks == sentence.marks else sentence.changed(marks=marks)


def _stamped(book: Codebook, mark: Mark) -> Mark:
    provenance = mark.provenance.model_copy(update={"codebook": book.stamp})
    return mark.model_copy(update={"provenance": provenance})


def _to_choose(book: Codebook, mark: Mark) -> bool:
    for layer_id, label_id in labels_of(book, mark):
        layer = book.layer(layer_id)
        label = layer.label(label_id) if layer else None
        if label is not None and len(label.into) > 1:
            return True
    return False


def _made(book: Codebook, mark: Mark) -> tuple[int, ...]:
    name, _, version = mark.provenance.codebook.rpartition(" ")
    return _numbers(version) if name == book.name else ()


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(int(part) for part in parts if part.isascii() and part.isdigit())

"""How a codebook changes: labels added, reworded, renamed, merged, split, retired.

Every change raises the version. Wording that changes no meaning raises its last number; a label
that is new or has another id, the middle one; whatever changes what a label means, the first.

A change is a pure function from a codebook to the next one, which is checked like any other: they
raise InputError where the codebook has no such label, and ValueError where it would contradict
itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from annotator.errors import InputError
from annotator.model.codebook import Codebook, Label, Layer, Revision, RevisionKind, allocate_keys

Entry = Mapping[str, Any]
"""The fields of a label that are to be written, as the codebook's file names them."""
_Table = dict[str, Any]

LEVELS: Final[Mapping[RevisionKind, int]] = {
    "redefine": 0,
    "merge": 0,
    "split": 0,
    "retire": 0,
    "add": 1,
    "rename": 1,
    "reword": 2,
}
"""Which number of the version a change raises."""
REVIEWED: Final = frozenset({"redefine", "split", "retire"})
"""Changes after which older marks of the label are looked at again, unless somebody says no.

A mark of a label that was merged into a wider one stays right.
"""


def raised(version: str, kind: RevisionKind) -> str:
    """Return the version after a change."""
    numbers = [int(part) for part in version.split(".")]
    level = LEVELS[kind]
    return ".".join(str(n) for n in (*numbers[:level], numbers[level] + 1, *[0] * (2 - level)))


def found(book: Codebook, layer_id: str, label_id: str) -> tuple[Layer, Label]:
    """Return a layer and a label of it that can be given; raises InputError."""
    layer = book.layer(layer_id)
    if layer is None:
        raise InputError(f"The codebook {book.stamp} has no layer “{layer_id}”.")
    label = layer.label(label_id)
    if label is None:
        near = get_close_matches(label_id, [one.id for one in layer.in_use], 1, 0.4)
        remedy = f"Did you mean “{near[0]}”?" if near else ""
        raise InputError(f"The layer “{layer_id}” has no label “{label_id}”.", remedy)
    if label.retired is not None:
        raise InputError(f"The label “{label.id}” was retired in {label.retired}.")
    return layer, label


def panel_keys(book: Codebook, layer_id: str, family: str | None) -> dict[str, str]:
    """Return the keys of the panel in which labels of a family stand, by label."""
    panels = [panel for panel in book.panels if panel.layer == layer_id]
    own = next((p for p in panels if p.family is not None and p.family == family), None)
    return (own or panels[0]).keys if panels else {}


def key_owners(books: Sequence[Codebook], layer_id: str, family: str | None) -> dict[str, str]:
    """Return the labels of the panel in which those of a family stand, by their keys.

    The codebooks are one and the same, with the keys of its file and with those that a person
    wishes: a key that is taken in either of them is taken.
    """
    return {
        key: label
        for book in reversed(books)
        for label, key in panel_keys(book, layer_id, family).items()
    }


def free_key(taken: Iterable[str], tag: str) -> str:
    """Return the key that a new label would best have beside others; empty where none is left.

    It is none that is taken, so that no other key moves.
    """
    wishes = [(f"={key}", "", key) for key in taken]
    return allocate_keys([*wishes, ("", tag, None)]).get("", "")


def add(book: Codebook, layer_id: str, entry: Entry, *, date: str = "", note: str = "") -> Codebook:
    """Put a label behind the last of its family."""

    def change(layer: _Table, revision: Revision) -> None:
        _insert(layer, [_entry(entry)], _end_of_family(layer["labels"], entry.get("family")))

    return _revised(book, "add", layer_id, str(entry.get("id", "")), change, date, note)


def reword(
    book: Codebook,
    layer_id: str,
    label_id: str,
    entry: Entry,
    *,
    redefine: bool = False,
    date: str = "",
    note: str = "",
) -> Codebook:
    """Write fields of a label anew; `redefine` says that it means something else from now on."""
    label = found(book, layer_id, label_id)[1]

    def change(layer: _Table, revision: Revision) -> None:
        table = _table(layer, label.id)
        table.update({k: v for k, v in entry.items() if v or (k in table and k != "key")})

    kind: RevisionKind = "redefine" if redefine else "reword"
    return _revised(book, kind, layer_id, label.id, change, date, note)


def rename(
    book: Codebook, layer_id: str, label_id: str, new: str, *, date: str = "", note: str = ""
) -> Codebook:
    """Give a label another id, and name it by that in the rules and entries of its layer."""
    label = found(book, layer_id, label_id)[1]

    def change(layer: _Table, revision: Revision) -> None:
        table = _table(layer, label.id)
        table["id"] = new
        table["was"] = [*(old for old in label.was if old != new), label.id]
        pattern = re.compile(rf"(?<![\w.]){re.escape(label.id)}(?![\w*]|\.\w)")
        for texts, names in ((layer, ("rules", "edge_cases")), *_entries(layer)):
            for name in names:
                if name in texts:
                    texts[name] = [pattern.sub(new, text) for text in texts[name]]

    return _revised(book, "rename", layer_id, label.id, change, date, note, (new,))


def merge(
    book: Codebook, layer_id: str, label_id: str, into: str, *, date: str = "", note: str = ""
) -> Codebook:
    """Let a label go into another, which its marks become."""
    layer, label = found(book, layer_id, label_id)
    target = found(book, layer_id, into)[1]
    if target is label:
        raise InputError(f"“{label.id}” cannot go into itself.", "Name another label.")
    if layer.slots_of(target.id) != layer.slots_of(label.id):
        raise InputError(
            f"“{label.id}” and “{target.id}” have different slots, and marks would lose some.",
            "Merge labels of one family.",
        )
    change = _retiring(label.id, [target.id])
    return _revised(book, "merge", layer_id, label.id, change, date, note, (target.id,))


def split(
    book: Codebook,
    layer_id: str,
    label_id: str,
    parts: Sequence[Entry],
    *,
    date: str = "",
    note: str = "",
) -> Codebook:
    """Put labels in the place of one; a person chooses among them for each of its marks."""
    label = found(book, layer_id, label_id)[1]
    ids = [str(part.get("id", "")) for part in parts]
    if len(parts) < 2:
        raise InputError(f"“{label.id}” is split into two labels or more.")

    def change(layer: _Table, revision: Revision) -> None:
        _retiring(label.id, ids)(layer, revision)
        family = {"family": label.family} if label.family else {}
        place = next(i for i, one in enumerate(layer["labels"]) if one["id"] == label.id)
        _insert(layer, [_entry({**part, **family}) for part in parts], place + 1)

    return _revised(book, "split", layer_id, label.id, change, date, note, tuple(ids))


def retire(
    book: Codebook, layer_id: str, label_id: str, *, date: str = "", note: str = ""
) -> Codebook:
    """Let a label not be given any more; its marks stay what they are."""
    label = found(book, layer_id, label_id)[1]
    return _revised(book, "retire", layer_id, label.id, _retiring(label.id), date, note)


def reviewing(book: Codebook, *, review: bool) -> Codebook:
    """Return a codebook whose latest change lets older marks be looked at again, or does not."""
    *before, last = book.changes
    return book.replaced(changes=(*before, last.replaced(review=review)))


_ORDER: Final = (
    *("id", "family", "name", "short", "key", "definition"),
    *("include", "exclude", "examples"),
)


def _entry(entry: Entry) -> _Table:
    """Return what is to be written of a label, in the order of the file; nothing that is empty."""
    return {name: entry[name] for name in _ORDER if entry.get(name) or name in ("id", "name")}


def _table(layer: _Table, label_id: str) -> _Table:
    table: _Table = next(one for one in layer["labels"] if one["id"] == label_id)
    return table


def _entries(layer: _Table) -> Iterator[tuple[_Table, tuple[str, ...]]]:
    for table in layer["labels"]:
        yield table, ("include", "exclude", "into")


def _end_of_family(labels: Sequence[_Table], family: str | None) -> int:
    own = [place for place, one in enumerate(labels) if one.get("family") == family]
    return own[-1] + 1 if own else len(labels)


def _insert(layer: _Table, entries: list[_Table], place: int) -> None:
    layer["labels"][place:place] = entries


def _retiring(label_id: str, into: Sequence[str] = ()) -> Callable[[_Table, Revision], None]:
    def change(layer: _Table, revision: Revision) -> None:
        table = _table(layer, label_id)
        table["retired"] = revision.version
        if into:
            table["into"] = [*into]

    return change


def _revised(
    book: Codebook,
    kind: RevisionKind,
    layer_id: str,
    label_id: str,
    change: Callable[[_Table, Revision], None],
    date: str,
    note: str,
    into: tuple[str, ...] = (),
) -> Codebook:
    data = json.loads(book.model_dump_json(exclude_unset=True))
    layer = next((one for one in data["layers"] if one["id"] == layer_id), None)
    if layer is None:
        raise InputError(f"The codebook {book.stamp} has no layer “{layer_id}”.")
    fields: _Table = {
        "version": raised(book.version, kind),
        "kind": kind,
        "layer": layer_id,
        "label": label_id,
        "into": into,
        "review": kind in REVIEWED,
        "date": date,
        "note": note,
    }
    revision = Revision.model_validate_json(
        json.dumps({name: value for name, value in fields.items() if value})
    )
    change(layer, revision)
    data["version"] = revision.version
    data["changes"] = [
        *data.get("changes", ()),
        json.loads(revision.model_dump_json(exclude_unset=True)),
    ]
    return Codebook.model_validate_json(json.dumps(data))

"""Texts of doccano as JSON Lines, ours and those of others, of whichever kind of project.

Offsets are UTF-16 code units, as doccano counts unless a project is told to count graphemes.
`label` holds labels of the text, or spans as `[start, end, label]`; `cats` labels of the text, and
`entities` spans, as lists or objects, between which `relations` stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from annotator.errors import InputError, PassedOver
from annotator.formats import companions
from annotator.formats.carried import KEY, sentence_row
from annotator.formats.doccano_out import FOLDER, apart
from annotator.formats.foreign import Utf16, as_said, fields, is_shifted, items, name, string
from annotator.formats.jsonl import json_lines, unless_wrong
from annotator.formats.jsonl_out import DOCUMENT_FILE
from annotator.formats.labelled import once, ours, plain, standing, words
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.reading import tried, unread, without_labels
from annotator.formats.signs import require_own
from annotator.formats.told import Relation, Tag, Told
from annotator.model.record import SentenceRow

_WHOLE = "label"
_SPANS = "entities"
_EVERYBODY = "all"
_LABELS = ("label", "labels", "cats", "entities")
_ENDS = ("from_id", "to_id")


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield what each text says; `path` is a file, or a folder with one for each coder.

    In a folder that doccano wrote, the name of a file is that of the coder. `variant` is the kind
    of project that a dataset of ours was written for.
    """
    if not path.is_dir():
        yield from _file(path, variant, None)
        return
    yield from companions.documents(path)
    folder = path / FOLDER if (path / FOLDER).is_dir() else path
    files = [file for file in sorted(folder.glob("*.jsonl")) if file.is_file()]
    files = [file for file in files if file.name not in (DOCUMENT_FILE, LOSSES) or folder != path]
    if not files:
        raise InputError(f"{path} holds no file that ends in “.jsonl”.")
    for file in files:
        yield from _file(file, variant, None if file.stem == _EVERYBODY else file.stem)


def _file(file: Path, variant: str, coder: str | None) -> Iterator[Told | InputError]:
    is_said = False
    loose: list[InputError] = []
    for number, (place, raw) in enumerate(json_lines(file), start=1):
        try:
            row = unless_wrong(raw)
            yield _told(row, place, variant, f"{file.stem}-{number:05}", coder, loose)
        except InputError as error:
            yield error
            continue
        yield from unread(loose)
        loose.clear()
        if row.get("Comments") and not is_said and KEY not in row:
            is_said = True
            yield PassedOver(f"{place}: “Comments” is not read, here and further on.")


def _told(
    raw: dict[str, Any],
    place: str,
    variant: str,
    default: str,
    coder: str | None,
    loose: list[InputError],
) -> Told:
    """Return what a text says; `loose` gets what is wrong with its labels and relations."""
    require_own(raw, place, "doccano")
    text = string(raw.get("text", raw.get("data")), place, "“text”")
    by_id: dict[str, Tag] = {}
    wrong: list[InputError] = []
    shifted: list[Tag] = []
    tags = _tags(raw, text, place, by_id, wrong, shifted)
    related = list(_relations(raw, place, by_id, loose))
    carried = _unpacked(raw.get(KEY), place)
    if isinstance(carried, dict):
        # Without a label of a mark of ours, the mark would be taken for one that is gone.
        for error in wrong:
            raise error
        row = sentence_row(carried, place)
        plainly = [replace(one, head=_plain(one.head), child=_plain(one.child)) for one in related]
        return ours(
            row, text, place, partial(_written, variant=variant), map(_plain, tags), plainly
        )
    loose += without_labels(wrong)
    said = raw.get("id")
    called = default if said is None else name(said, place, "“id”")
    return Told(
        place,
        called,
        text,
        coder=coder,
        tags=tuple(tags),
        relations=tuple(related),
        looked=any(raw.get(key) == [] for key in _LABELS),
        spoilt=bool(loose),
        shifted=len(shifted),
    )


def _plain(tag: Tag) -> Tag:
    return replace(tag, label=plain(tag.label))


def _relations(
    raw: dict[str, Any], place: str, by_id: Mapping[str, Tag], loose: list[InputError]
) -> Iterator[Relation]:
    for one in items(raw.get("relations"), place, "“relations”"):
        with tried(loose):
            relation = fields(one, place, "a relation")
            label = name(relation.get("type"), place, "the type of a relation")
            yield Relation(label, *(_end(relation, key, place, by_id) for key in _ENDS))


def _end(relation: dict[str, Any], key: str, place: str, by_id: Mapping[str, Tag]) -> Tag:
    tag = by_id.get(name(relation.get(key), place, f"“{key}” of a relation"))
    if tag is None:
        said = as_said(relation.get(key))
        raise InputError(f"{place}: a relation has “{key}” {said}, which no span has.")
    return tag


def _unpacked(raw: object, place: str) -> object:
    """Return what doccano may have made a text of; anything but an object is of somebody else."""
    if not isinstance(raw, str) or not raw.lstrip().startswith("{"):
        return raw
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: “{KEY}” is not JSON.") from error


def _written(row: SentenceRow, variant: str) -> list[Tag]:
    whole = [Tag(_WHOLE, f"{one.layer}:{one.label}", mark=one.id) for one in standing(row)]
    shown = words(row)
    if variant == "combined":
        places = {one.place for one in apart(once(shown))}
        shown = [one for one in shown if one.place in places]
    spans = [Tag(_SPANS, one.label, one.start, one.end, mark=one.mark) for one in shown]
    return [*(whole if variant != "spans" else ()), *(spans if variant != "classification" else ())]


def _tags(
    raw: dict[str, Any],
    text: str,
    place: str,
    by_id: dict[str, Tag],
    wrong: list[InputError],
    shifted: list[Tag],
) -> list[Tag]:
    """Return all tags, and put those that have an id into `by_id`; `wrong` gets what is none.

    `shifted` gets those that look as if they counted code points.
    """
    units = Utf16(text)
    tags = []
    for key in _LABELS:
        value = raw.get(key)
        said: list[Any] = [value] if isinstance(value, str) else []
        if not said:
            with tried(wrong):
                said = items(value, place, f"“{key}”")
        for one in said:
            with tried(wrong):
                if isinstance(one, list | dict):
                    start, end, label = _span(one, place)
                    found = units.span(start, end, place)
                    tags.append(Tag(_SPANS, label, *found))
                    if is_shifted(text, (start, end), found):
                        shifted.append(tags[-1])
                    if isinstance(one, dict) and one.get("id") is not None:
                        by_id[name(one["id"], place, "the id of a span")] = tags[-1]
                else:
                    tags.append(Tag(_WHOLE, name(one, place, f"an item of “{key}”")))
    return tags


def _span(raw: list[Any] | dict[str, Any], place: str) -> tuple[object, object, str]:
    if isinstance(raw, list):
        if len(raw) != 3:
            raise InputError(f"{place}: a span is no list of start, end and label.")
        start, end, label = raw
    else:
        span = fields(raw, place, "a span")
        start, end, label = (span.get(key) for key in ("start_offset", "end_offset", "label"))
    return start, end, name(label, place, "the label of a span")

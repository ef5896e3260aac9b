"""Tasks of Prodigy, ours and those of others.

Offsets are code points of the text. `accept` names chosen options, `label` the question of a task
that is answered by yes or no, `spans` what is marked in the text, and `relations` stand between
these. What was answered by `reject` is rejected: the one label that a task offers. Of several, that
does not say which is wrong, and of a choice not which would be right. What was answered by `ignore`
was not decided. Nothing else is told of our own row beside either answer, but our export itself
writes `ignore` for what is not done. `score` says how sure a program is, of a task or a span.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats import companions
from annotator.formats.carried import KEY, sentence_row
from annotator.formats.foreign import CodePoints, as_said, fields, items, name, score, string
from annotator.formats.jsonl import json_lines, unless_wrong
from annotator.formats.labelled import ours, plain, require_text, standing, words
from annotator.formats.prodigy_out import REJECTED, TASKS
from annotator.formats.reading import tried, unread, without_labels
from annotator.formats.signs import require_own
from annotator.formats.told import Relation, Tag, Told
from annotator.model.record import SentenceRow

_ANSWERS = ("accept", "reject", "ignore")
_ASKED = frozenset(("accept", "options", "spans", "relations"))
_FIELDS = frozenset(("accept", "spans"))
_ENDS = ("head", "child")


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield what each task says; `path` is a file of tasks, or the folder of a dataset of ours.

    In a folder, the labels that were refused are read with the tasks of their sentences.
    """
    file, refused = path, _Refused()
    if path.is_dir():
        yield from companions.documents(path)
        file = path / TASKS
        if (path / REJECTED).is_file():
            yield from refused.take(path / REJECTED)
    reading = _Reading(path.stem)
    for place, raw in json_lines(file):
        try:
            yield reading.task(unless_wrong(raw), place, refused)
        except InputError as error:
            yield error
        yield from unread(reading.loose)
        reading.loose.clear()
    yield from refused.left()


class _Refused:
    """The labels of a dataset of ours that were refused, by the id of their sentence's row.

    `known` says that their file was read: a label that it does not have is refused no more. One of
    which somebody ignored the task is refused as before.
    """

    def __init__(self) -> None:
        self.known = False
        self._told: dict[str, list[Told]] = {}
        self._ignored: dict[str, list[Tag]] = {}

    def take(self, file: Path) -> Iterator[Told | InputError]:
        """Read their file; tasks in it that are not ours are told at once."""
        self.known = True
        reading = _Reading(file.stem)
        for place, raw in json_lines(file):
            try:
                task = unless_wrong(raw)
                told = reading.task(task, place, self)
            except InputError as error:
                yield error
                continue
            yield from unread(reading.loose)
            reading.loose.clear()
            row_id = task[KEY].get("id") if isinstance(task.get(KEY), dict) else None
            if not isinstance(row_id, str) or told.rows:
                yield told
            elif told.undecided:
                yield told
                before = reading.task({**task, "answer": "reject"}, place, self)
                self._ignored.setdefault(row_id, []).extend(before.tags)
            else:
                self._told.setdefault(row_id, []).append(told)

    def of(self, row: SentenceRow) -> list[Tag]:
        """Return the labels of a row, which are then told."""
        told = [tag for told in self._told.pop(row.id, ()) for tag in told.tags]
        return [*told, *self._ignored.get(row.id, ())]

    def part(self, row: SentenceRow) -> None:
        """Let the labels of a row be told by themselves, as nothing is taken of the row."""
        for at, told in enumerate(own := self._told.get(row.id, [])):
            own[at] = replace(told, start=row.start, unsettled=True)

    def left(self) -> Iterator[Told]:
        """Yield the labels whose sentences have no task any more."""
        for found in self._told.values():
            yield from found


class _Reading:
    """Reads tasks; `loose` says what is wrong with labels and relations of the last one."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._number = 0
        self.loose: list[InputError] = []

    def task(self, raw: dict[str, Any], place: str, refused: _Refused) -> Told:
        self._number += 1
        require_own(raw, place, "prodigy")
        text = string(raw.get("text"), place, "“text”")
        wrong: list[InputError] = []
        tags = _tags(raw, text, place, wrong)
        related = list(_relations(raw, text, place, self.loose))
        # Of another type, it is a field of somebody else that is called so.
        carried = said if isinstance(said := raw.get(KEY), dict) else {}
        if "text" in carried:
            # Without a label of a mark of ours, the mark would be taken for one that is gone.
            for error in wrong:
                raise error
            row = sentence_row(carried, place)
            if raw.get("answer") == "reject" or _is_put_aside(raw, row):
                require_text(row, text, place)
                refused.part(row)
                return _without_row(row, raw, place, tags)
            found = [_plain(tag) for tag in tags] + refused.of(row)
            written = partial(_written, rejected=refused.known)
            plainly = [Relation(one.label, _plain(one.head), _plain(one.child)) for one in related]
            return ours(row, text, place, written, found, plainly)
        self.loose += without_labels(wrong)
        if carried:
            tags = [_plain(tag) for tag in tags]
        unsettled = _is_unsettled(raw, tags)
        if unsettled and len(tags) > 1:
            tags = []
        return Told(
            place,
            self._name(raw, place),
            text,
            coder=_coder(raw, place),
            tags=tuple(tags),
            relations=tuple(related),
            undecided=raw.get("answer") == "ignore",
            looked=raw.get("answer") == "accept" and not _ASKED.isdisjoint(raw),
            unsettled=unsettled,
            spoilt=bool(self.loose),
            offered=tuple(_offered(raw)),
            fields=_FIELDS.intersection(raw),
            single=raw.get("label") is not None and not _is_choice(raw),
        )

    def _name(self, raw: dict[str, Any], place: str) -> str:
        meta = fields(raw.get("meta"), place, "“meta”")
        for said in (raw.get("id"), meta.get("readout"), meta.get("id")):
            if said is not None:
                return name(said, place, "its id")
        return f"{self._stem}-{self._number:05}"


def _is_put_aside(raw: dict[str, Any], row: SentenceRow) -> bool:
    """Tell whether somebody ignored a task, and not our own export, as it was not done."""
    return raw.get("answer") == "ignore" and row.state == "done"


def _without_row(row: SentenceRow, raw: dict[str, Any], place: str, tags: Sequence[Tag]) -> Told:
    """Return what a task says of whose row nothing is taken: that of one label, that it is wrong.

    Words in slots of marks are a part of the labels of these.
    """
    is_put_aside = _is_put_aside(raw, row)
    offered = {plain(tag.label): _plain(tag) for tag in tags if tag.field != "spans"}
    known = {one.label for one in words(row)} if offered else set()
    for tag in tags:
        if plain(tag.label) not in known:
            offered.setdefault(plain(tag.label), _plain(tag))
    return Told(
        place,
        row.readout,
        row.text,
        row.start,
        row.coder,
        tags=tuple(offered.values()) if len(offered) == 1 and not is_put_aside else (),
        undecided=is_put_aside,
        unsettled=not is_put_aside,
    )


def _is_unsettled(raw: dict[str, Any], tags: Sequence[Tag]) -> bool:
    """Tell whether a task was rejected that does not ask of one label whether it is right."""
    return raw.get("answer") == "reject" and (_is_choice(raw) or len(tags) != 1)


def _is_choice(raw: dict[str, Any]) -> bool:
    return "options" in raw or "accept" in raw


def _offered(raw: dict[str, Any]) -> Iterator[Tag]:
    """Yield the options of a choice that was answered, if only by none of them."""
    options = raw.get("options")
    if raw.get("answer") != "accept" or not all(
        isinstance(one, list) for one in (raw.get("accept"), options)
    ):
        return
    for one in options or ():
        said = one.get("id") if isinstance(one, dict) else None
        if type(said) in (int, str):
            yield Tag("accept", str(said))


def _coder(raw: dict[str, Any], place: str) -> str | None:
    said = raw.get("_annotator_id") or raw.get("_session_id")
    return name(said, place, "“_annotator_id”") if said else None


def _written(row: SentenceRow, *, rejected: bool) -> list[Tag]:
    whole = [Tag("accept", f"{one.layer}:{one.label}", mark=one.id) for one in standing(row)]
    spans = [Tag("spans", one.label, one.start, one.end, mark=one.mark) for one in words(row)]
    refused = [
        Tag("label", f"{one.layer}:{one.label}", rejected=True, mark=one.id)
        for one in row.marks
        if one.rejected and rejected
    ]
    return [*whole, *spans, *refused]


def _plain(tag: Tag) -> Tag:
    return Tag(tag.field, plain(tag.label), tag.start, tag.end, tag.rejected)


def _tags(raw: dict[str, Any], text: str, place: str, wrong: list[InputError]) -> list[Tag]:
    """Return the labels of a task; `wrong` gets what is none."""
    answer = raw.get("answer", "accept")
    if answer not in _ANSWERS:
        shown = as_said(answer)
        remedy = f"It is {', '.join(_ANSWERS)}."
        wrong.append(InputError(f"{place}: the answer is {shown}.", remedy))
        return []
    carried = raw.get(KEY)
    is_whole_row = isinstance(carried, dict) and "text" in carried
    if answer == "ignore" and not is_whole_row:
        return []
    rejected = answer == "reject"
    sure = score(raw.get("score"))
    tags: list[Tag] = []
    spans: list[Tag] = []
    with tried(wrong):
        for one in _listed(raw, "accept", place):
            with tried(wrong):
                label = name(one, place, "an item of “accept”")
                tags.append(Tag("accept", label, rejected=rejected, score=sure))
    with tried(wrong):
        for one in _listed(raw, "spans", place):
            with tried(wrong):
                spans.append(replace(_span(one, text, place, sure), rejected=rejected))
    asked = raw.get("label")
    # A task that asks about one span repeats the span's label.
    if asked is not None and not any(one.label == asked for one in spans):
        with tried(wrong):
            label = name(asked, place, "“label”")
            tags.append(Tag("label", label, rejected=rejected, score=sure))
    return tags + spans


def _relations(
    raw: dict[str, Any], text: str, place: str, loose: list[InputError]
) -> Iterator[Relation]:
    """Yield the relations of an accepted task; `loose` gets what is wrong with them.

    Where an end has no words of its own, it is the span, else the token, at the place of a token.
    """
    if raw.get("answer", "accept") != "accept":
        return
    for one in _listed(raw, "relations", place):
        with tried(loose):
            relation = fields(one, place, "a relation")
            label = name(relation.get("label"), place, "the label of a relation")
            yield Relation(label, *(_end(raw, relation, key, text, place) for key in _ENDS))


def _end(raw: dict[str, Any], relation: dict[str, Any], key: str, text: str, place: str) -> Tag:
    said, at = relation.get(f"{key}_span"), relation.get(key)
    if said is None:
        spans = (fields(one, place, "a span") for one in _listed(raw, "spans", place))
        tokens = (fields(one, place, "a token") for one in _listed(raw, "tokens", place))
        at_token = [span for span in spans if span.get("token_end") == at]
        said = next(iter([*at_token, *(one for one in tokens if one.get("id") == at)]), None)
    if said is None:
        shown = as_said(at)
        raise InputError(f"{place}: a relation has “{key}” {shown}, where no span or token ends.")
    span = fields(said, place, f"“{key}_span”")
    start, end = CodePoints(text).span(span.get("start"), span.get("end"), place)
    label = span.get("label")
    return Tag("spans", string(label, place, "the label of a span") if label else "", start, end)


def _listed(raw: dict[str, Any], key: str, place: str) -> Sequence[Any]:
    return items(raw.get(key), place, f"“{key}”")


def _span(raw: object, text: str, place: str, sure: float | None) -> Tag:
    span = fields(raw, place, "a span")
    start, end = CodePoints(text).span(span.get("start"), span.get("end"), place)
    said = span.get("text")
    if isinstance(said, str) and said != text[start:end]:
        raise InputError(f"{place}: the words of the span {start} to {end} stand elsewhere.")
    own = score(span.get("score"))
    label = name(span.get("label"), place, "the label of a span")
    return Tag("spans", label, start, end, score=sure if own is None else own)

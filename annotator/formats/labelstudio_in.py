"""Tasks of Label Studio as JSON, ours and those of others: each annotator of a task for itself.

Offsets are code points of the text, or UTF-16 code units where only those find the words that a
region says it has: so counted older versions, and ours. Read are choices and labels of a text,
taxonomies, and relations between words; what else a configuration can ask is named as not read. A
prediction is told as the work of `model:` and its version; what an annotator cancelled, as a text
of which nobody said anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from annotator.errors import InputError, PartUnread, PassedOver
from annotator.files import printable
from annotator.formats import companions, topic_words
from annotator.formats.carried import KEY, sentence_row
from annotator.formats.foreign import CodePoints, Utf16, as_said, fields, items, name, score, string
from annotator.formats.json_array import json_array
from annotator.formats.jsonl import unless_wrong
from annotator.formats.labelled import ours, words
from annotator.formats.labelstudio_out import TASKS, TEXT, WORDS, field_of, layer_of
from annotator.formats.reading import tried, unread
from annotator.formats.signs import is_minimal, require_own
from annotator.formats.told import Relation, Tag, Told
from annotator.model.record import SentenceRow

MODEL: Final = "model:"
_SPANS = ("labels", "hypertextlabels")
_READ = ("choices", "taxonomy", *_SPANS)
_NAME_IT = f"Name the field of “data” that holds the text “{TEXT}”."


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield what each annotator says of each task; `path` is a file, or a folder of ours."""
    file = path
    if path.is_dir():
        yield from companions.documents(path)
        file = path / TASKS
    known: set[str] = set()
    number = 0
    try:
        for line, raw in json_array(file):
            number += 1
            # All of an array may stand on one line.
            place = f"{line}, task {_shown(raw, number)}"
            try:
                task = _Task(unless_wrong(raw), place, f"{file.stem}-{number:05}")
                yield from task.told()
            except _MinimalError as error:
                yield error
                return
            except InputError as error:
                yield error
                continue
            yield from unread(task.loose)
            for kind in sorted(task.unread - known):
                known.add(kind)
                # Such as those of stretches of a recording, which are nowhere in a text.
                unread_kind = PartUnread if kind.endswith("labels") else PassedOver
                yield unread_kind(f"{place}: “{printable(kind)}” is not read, here and further on.")
    except InputError as error:
        if not number:
            raise
        # Where the next task begins cannot be told.
        yield InputError(f"{error.message} Nothing after it was read.", error.hint)


class _MinimalError(InputError):
    """All of a file is in a form that does not say enough."""


def _shown(raw: dict[str, Any] | InputError, number: int) -> str:
    """Return the id that Label Studio shows of a task, its place in the array where it has none."""
    own = None if isinstance(raw, InputError) else raw.get("id")
    return str(number) if own is None else as_said(own)


class _Task:
    """One task; raises InputError where it has no text.

    `unread` are the types left out, `loose` says what is wrong with relations.
    """

    def __init__(self, raw: dict[str, Any], place: str, default: str) -> None:
        self.unread: set[str] = set()
        self.loose: list[InputError] = []
        self._raw = raw
        self._place = place
        if is_minimal(raw):
            raise _MinimalError(
                f"{place}: this is JSON-MIN, which does not say what its labels are labels of.",
                "Export it from Label Studio as JSON.",
            )
        require_own(raw, place, "labelstudio")
        data = fields(raw.get("data"), place, "“data”")
        texts = [value for value in data.values() if isinstance(value, str)]
        said = data.get(TEXT, texts[0] if len(texts) == 1 else None)
        if said is None:
            raise InputError(f"{place}: “data” has no text.", _NAME_IT)
        self._text = string(said, place, f"“{TEXT}”")
        self._units = (CodePoints(self._text), Utf16(self._text))
        meta = raw.get("meta")
        carried = meta.get(KEY) if isinstance(meta, dict) else None
        rows = carried if isinstance(carried, list) else []
        self._rows = [sentence_row(one, place) for one in rows]
        task_id = raw.get("id")
        self._name = default if task_id is None else name(task_id, place, "its id")
        self._start: int | None = None
        if self._rows:
            self._name, self._start = self._rows[0].readout, self._rows[0].start

    def told(self) -> Iterator[Told | InputError]:
        """Yield each annotator's work, or the text alone where there is none."""
        place = self._place
        done = self._raw.get("annotations", self._raw.get("completions"))
        annotations = items(done, place, "“annotations”")
        predictions = items(self._raw.get("predictions"), place, "“predictions”")
        if not annotations and not predictions:
            yield self._said(None)
        for take, kind, found in (
            (self._annotation, "annotation", annotations),
            (self._prediction, "prediction", predictions),
        ):
            for number, one in enumerate(found, 1):
                self._place = f"{place}, {kind} {number}" if len(found) > 1 else place
                try:
                    yield take(fields(one, self._place, f"the {kind}"))
                except InputError as error:
                    yield error

    def _annotation(self, raw: dict[str, Any]) -> Told:
        row = self._row_of(raw)
        # Our own export writes so of what its coder skipped.
        if raw.get("was_cancelled") and (row is None or row.state != "skipped"):
            return replace(self._said(row.coder if row else None), undecided=True)
        if row is not None:
            # Without a region of a mark of ours, the mark would be taken for one that is gone.
            tags, related = self._tags(raw, whole=True)
            return ours(row, self._text, self._place, _written, tags, related)
        before = len(self.loose)
        said = self._said(_coder(raw, self._place), *self._tags(raw))
        # What is not read may have been an answer.
        looked, spoilt = raw.get("result") == [], len(self.loose) > before
        return replace(said, looked=looked, spoilt=spoilt)

    def _prediction(self, raw: dict[str, Any]) -> Told:
        version = raw.get("model_version") or ""
        shown = name(version, self._place, "“model_version”") if version else ""
        tags, related = self._tags(raw, score(raw.get("score")))
        return replace(self._said(f"{MODEL}{shown}", tags, related), predicted=True)

    def _said(
        self, coder: str | None, tags: tuple[Tag, ...] = (), related: tuple[Relation, ...] = ()
    ) -> Told:
        if self._rows:
            tags = topic_words.together(tags, {end for x in related for end in (x.head, x.child)})
        return Told(
            self._place, self._name, self._text, self._start, coder, tags, relations=related
        )

    def _row_of(self, raw: dict[str, Any]) -> SentenceRow | None:
        """Return the row that an annotation of ours shows; one made since then shows none."""
        number = raw["import_id"] if "import_id" in raw else raw.get("id")
        if type(number) is int and 1 <= number <= len(self._rows):
            return self._rows[number - 1]
        return None

    def _tags(
        self, raw: dict[str, Any], of_all: float | None = None, *, whole: bool = False
    ) -> tuple[tuple[Tag, ...], tuple[Relation, ...]]:
        """Return the labels that are given, and the relations between those of words.

        The score of a region goes before that `of_all`. A region that is none is left out; where
        the `whole` annotation is wanted, it raises InputError.
        """
        tags: list[Tag] = []
        by_id: dict[str, list[Tag]] = {}
        relations: list[dict[str, Any]] = []
        for one in items(raw.get("result"), self._place, "“result”"):
            try:
                given = self._region(one, of_all, by_id, relations)
            except InputError as error:
                if whole:
                    raise
                said = f"{error.message} That region is left out."
                self.loose.append(InputError(said, error.hint))
            else:
                tags += given
        related: list[Relation] = []
        for region in relations:
            with tried(self.loose):
                related += self._relations(region, by_id)
        return tuple(tags), tuple(related)

    def _region(
        self,
        raw: object,
        of_all: float | None,
        by_id: dict[str, list[Tag]],
        relations: list[dict[str, Any]],
    ) -> list[Tag]:
        """Return the labels of a region, which are put into `by_id` too, or keep a relation."""
        region = fields(raw, self._place, "a region")
        kind = string(region.get("type"), self._place, "the type of a region")
        if kind == "relation":
            relations.append(region)
        elif kind not in _READ:
            self.unread.add(kind)
        else:
            own = score(region.get("score"))
            given = list(self._labels(kind, region, of_all if own is None else own))
            if kind in _SPANS and region.get("id") is not None:
                named = name(region["id"], self._place, "the id of a region")
                by_id.setdefault(named, []).extend(given)
            return given
        return []

    def _relations(self, region: dict[str, Any], by_id: dict[str, list[Tag]]) -> list[Relation]:
        """Return a relation by each of its names; one without any is called “relation”.

        One that is turned to the left leads the other way.
        """
        place = self._place
        ends = [
            by_id.get(name(region.get(key), place, f"“{key}” of a relation"))
            for key in ("from_id", "to_id")
        ]
        head, child = reversed(ends) if region.get("direction") == "left" else ends
        if not head or not child:
            raise InputError(f"{place}: a relation leads to a region without words or labels.")
        labels = items(region.get("labels"), place, "the labels of a relation") or ["relation"]
        names = [name(label, place, "the label of a relation") for label in labels]
        return [Relation(label, head[0], child[0]) for label in names]

    def _labels(self, kind: str, region: dict[str, Any], sure: float | None) -> Iterator[Tag]:
        place = self._place
        control = name(region.get("from_name"), place, "“from_name”")
        value = fields(region.get("value"), place, f"a value of “{printable(control)}”")
        span = self._span(value)
        if span is None and kind in _SPANS:
            raise InputError(f"{place}: a region of “{printable(control)}” has no start and end.")
        for one in items(value.get(kind), place, f"“{kind}”"):
            parts = one if kind == "taxonomy" and isinstance(one, list) else [one]
            label = " / ".join(name(part, place, f"an item of “{kind}”") for part in parts)
            start, end = span or (None, None)
            tag = Tag(field_of(control), label, start, end, score=sure)
            yield _ours(tag) if self._rows else tag

    def _span(self, value: dict[str, Any]) -> tuple[int, int] | None:
        """Return the range of a region in code points, None for the whole text.

        Whichever way of counting finds its words, to the space, is the one that was meant.
        """
        place = self._place
        whole = fields(value.get("globalOffsets"), place, "“globalOffsets”") or value
        if whole.get("start") is None and whole.get("end") is None:
            return None
        said = value.get("text")
        found: list[tuple[int, int]] = []
        trouble: InputError | None = None
        for units in self._units:
            try:
                found.append(units.span(whole.get("start"), whole.get("end"), place))
            except InputError as error:
                trouble = trouble or error
        if trouble and not found:
            raise trouble
        if not isinstance(said, str):
            return found[0]
        # Label Studio writes line feeds and spaces of a region in more than one way.
        for form in (str, _bare):
            for start, end in found:
                if form(said) == form(self._text[start:end]):
                    return start, end
        start, end = found[0]
        raise InputError(
            f"{place}: the words of the region {start} to {end} stand elsewhere.",
            "A text with “\\r\\n” moves them: import it with “\\n” alone."
            if "\r\n" in self._text
            else "Export it again from Label Studio.",
        )


def _bare(text: str) -> str:
    return "".join(text.replace("\\n", "\n").split())


def _coder(raw: dict[str, Any], place: str) -> str | None:
    said = raw.get("completed_by")
    if isinstance(said, dict):
        said = said.get("email") or said.get("id")
    return None if said is None else name(said, place, "“completed_by”")


def _ours(tag: Tag) -> Tag:
    """Return a tag of a task of ours, whose control is that of a layer, with the layer for it."""
    if tag.field.endswith(WORDS):
        return tag
    layer, rejected = layer_of(tag.field)
    return replace(tag, field=layer, rejected=rejected)


def _written(row: SentenceRow) -> list[Tag]:
    whole = [Tag(m.layer, m.label, rejected=m.rejected, mark=m.id) for m in row.marks]
    spans = [
        Tag(f"{one.layer}{WORDS}", one.name, one.start, one.end, mark=one.mark)
        for one in words(row)
    ]
    return [*whole, *spans]

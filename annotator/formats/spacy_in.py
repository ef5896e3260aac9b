"""spaCy's `DocBin`s, read: a text for each `Doc`.

The form is that of spaCy's own `DocBin.from_bytes`: MessagePack, compressed by zlib, version 0.1.
It is read here without making documents of it, for spaCy trusts the numbers in it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from spacy.attrs import ENT_IOB, ENT_TYPE, ORTH
from spacy.strings import StringStore
from srsly import msgpack

from annotator.errors import InputError
from annotator.files import printable, read_bytes, too_large
from annotator.formats.carried import KEY, sentence_row
from annotator.formats.jsonl import json_lines
from annotator.formats.jsonl_out import DOCUMENT_FILE
from annotator.formats.reading import files_below
from annotator.formats.reconciling import reconciled
from annotator.formats.rows_in import Tagged, gathered
from annotator.formats.spacy_out import SUFFIX
from annotator.formats.spacy_tags import CATS, cats, spans
from annotator.formats.told import Tag, Told
from annotator.formats.whose import with_coders
from annotator.model.record import SentenceRow

_LARGEST: Final = 100_000_000
"""The most bytes that a file may have, and that it may have unpacked."""
_BROKEN: Final = (LookupError, ValueError, TypeError, AttributeError, OverflowError, struct.error)
_SPAN: Final = struct.Struct(">QQQllll")
_BEGINS, _GOES_ON = 3, 1


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each text; those of ours as readouts where the file of the readouts is there.

    `path` is a file, or a folder with files at any depth. Raises InputError where there is none.
    """
    files, documents = [path], path.parent / DOCUMENT_FILE
    if path.is_dir():
        files, documents = files_below(path, SUFFIX), path / DOCUMENT_FILE
        if not files and not documents.is_file():
            raise InputError(f"{printable(str(path))} has no file “…{SUFFIX}”.")
    rows: list[Tagged | InputError] = []
    foreign: list[tuple[Path, Told]] = []
    for file in files:
        for number, found in enumerate(_docs(file)):
            place = printable(f"{file}, document {number}")
            try:
                doc = _checked(found, place)
                if doc.row is None:
                    name = f"{file.stem}-{number:05}"
                    foreign.append((file, Told(place, name, doc.text, tags=tuple(doc.tags))))
                else:
                    rows.append(_ours(doc, place))
            except InputError as error:
                rows.append(error)
    yield from with_coders(path, foreign) if path.is_dir() else (one for _, one in foreign)
    yield from gathered(
        rows, json_lines(documents) if path.is_dir() and documents.is_file() else ()
    )


@dataclass(frozen=True)
class _Doc:
    """A document: `starts` and `ends` are those of its tokens, in code points as all of it."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    tags: Sequence[Tag]
    row: object


def _ours(doc: _Doc, place: str) -> Tagged:
    row = sentence_row(doc.row, place)
    if row.text != doc.text:
        raise InputError(f"{place}: the words are not those of “{KEY}”.", "Export it again.")
    given = {tag.label for tag in doc.tags if tag.field == CATS}
    topics = cats(row)
    # A category stands once, however many marks give it.
    known = {tag.label for tag in topics}
    found = [tag for tag in topics if tag.label in given]
    found += [tag for tag in doc.tags if tag.field == CATS and tag.label not in known]
    found += [_moved(tag, row.start) for tag in doc.tags if tag.field != CATS]
    return place, *reconciled(row, lambda one: _written(one, doc), found)


def _written(row: SentenceRow, doc: _Doc) -> Iterator[Tag]:
    """Yield the tags of topics, and those of words that the writer could write."""
    yield from cats(row)
    starts, ends = set(doc.starts), set(doc.ends)
    for tag in spans(row):
        if (tag.start or 0) - row.start in starts and (tag.end or 0) - row.start in ends:
            yield tag


def _moved(tag: Tag, by: int) -> Tag:
    return Tag(tag.field, tag.label, (tag.start or 0) + by, (tag.end or 0) + by)


class _UnfitError(ValueError):
    """Says in words what does not fit."""


def _why(error: Exception) -> str:
    """Return in words why nothing was read, which Python tells in terms of its own."""
    return str(error) if isinstance(error, _UnfitError) else "it is not made as spaCy makes it"


def _checked(found: _Doc | Exception, place: str) -> _Doc:
    if isinstance(found, Exception):
        said = _why(found)
        raise InputError(f"{place} is none of spaCy: {said}.") from found
    return found


def _docs(path: Path) -> Iterator[_Doc | Exception]:
    """Yield each document of a file, or what is wrong with it; raises InputError for no file."""
    shown = printable(str(path))
    try:
        message = _unpacked(_inflated(read_bytes(path, limit=_LARGEST), shown))
        bin_ = _Bin(message)
    except (*_BROKEN, zlib.error) as error:
        said = _why(error)
        raise InputError(f"{shown} is no file of spaCy documents: {said}.") from error
    for number in range(len(bin_)):
        try:
            yield bin_.doc(number)
        except _BROKEN as error:
            yield error


def _inflated(raw: bytes, shown: str) -> bytes:
    packed = zlib.decompressobj()
    data = packed.decompress(raw, _LARGEST + 1)
    if len(data) > _LARGEST:
        raise too_large(shown, _LARGEST)
    if not packed.eof:
        raise _UnfitError("it ends too early")
    return data


def _unpacked(raw: bytes) -> Any:
    return msgpack.loads(raw, raw=False)


class _Bin:
    """The message of a file, whose numbers were compared with each other."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        self._message = message
        self._strings = StringStore(message["strings"])
        self._attrs: list[int] = list(message["attrs"])
        self._lengths = list(memoryview(message["lengths"]).cast("i"))
        self._tokens = memoryview(message["tokens"]).cast("Q")
        self._spaces: bytes = message["spaces"]
        total = sum(self._lengths)
        if min(self._lengths, default=0) < 0 or len(self._spaces) != total:
            raise _UnfitError("the lengths of its documents do not fit its tokens")
        if len(self._tokens) != total * len(self._attrs):
            raise _UnfitError("its tokens do not fit its attributes")
        self._begins = [0]
        for length in self._lengths:
            self._begins.append(self._begins[-1] + length)

    def __len__(self) -> int:
        return len(self._lengths)

    def doc(self, number: int) -> _Doc:
        """Return a document; raises many an error where the numbers lead nowhere."""
        text = ""
        starts, ends, pieces = [], [], []
        at = 0
        unknown = self._part("flags", number, {}).get("has_unknown_spaces")
        begin, end = self._begins[number], self._begins[number + 1]
        for code, space in zip(self._column(number, ORTH), self._spaces[begin:end], strict=True):
            word = self._strings[code]
            starts.append(at)
            ends.append(at + len(word))
            pieces += [word, " " if space or unknown else ""]
            at = ends[-1] + len(pieces[-1])
        text = "".join(pieces)
        user_data = self._part("user_data", number, None)
        tags = [*self._cats(number), *self._groups(number, starts, ends)]
        if ENT_IOB in self._attrs and ENT_TYPE in self._attrs:
            tags += self._entities(number, starts, ends)
        own = _unpacked(user_data) if user_data else {}
        return _Doc(text, starts, ends, tags, own.get(KEY))

    def _part(self, name: str, number: int, default: Any) -> Any:
        parts = self._message.get(name)
        return parts[number] if parts else default

    def _column(self, number: int, attr: int) -> list[int]:
        width, place = len(self._attrs), self._attrs.index(attr)
        begin, end = self._begins[number] * width, self._begins[number + 1] * width
        return list(self._tokens[begin + place : end : width])

    def _cats(self, number: int) -> Iterator[Tag]:
        for label, value in self._part("cats", number, {}).items():
            if float(value) >= 0.5:
                yield Tag(CATS, _text(label))

    def _groups(self, number: int, starts: Sequence[int], ends: Sequence[int]) -> Iterator[Tag]:
        packed = self._part("span_groups", number, b"")
        groups = _unpacked(packed) if packed else []
        named = groups.items() if isinstance(groups, dict) else ((raw, None) for raw in groups)
        for raw, names in named:
            group = _unpacked(raw)
            for span in group["spans"]:
                _, kb_id, label, first, behind, _, _ = _SPAN.unpack(span)
                if not 0 <= first < behind <= len(starts):
                    raise _UnfitError("a span lies outside of its document")
                called = self._strings[label] if label else ""
                field = _text((names or [group["name"]])[0])
                own = (called, self._strings[kb_id]) if kb_id else (field, called)
                yield Tag(own[0], own[1], starts[first], ends[behind - 1])

    def _entities(self, number: int, starts: Sequence[int], ends: Sequence[int]) -> list[Tag]:
        found: list[Tag] = []
        column = zip(self._column(number, ENT_IOB), self._column(number, ENT_TYPE), strict=True)
        for place, (state, label) in enumerate(column):
            if state == _BEGINS:
                found.append(Tag("ents", self._strings[label], starts[place], ends[place]))
            elif state == _GOES_ON and found:
                last = found.pop()
                found.append(Tag("ents", last.label, last.start, ends[place]))
        return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _UnfitError("a name is no string")
    return value

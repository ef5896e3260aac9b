"""A dataset of ours in CSV, read back: rows in any order, columns in any order."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from annotator.errors import InputError
from annotator.files import MAX_BYTES, printable
from annotator.formats import tables
from annotator.formats.columns import columns
from annotator.formats.csv_cells import plains
from annotator.formats.csv_out import ANNOTATIONS, MARK, SLOT, SUFFIX, UNIT, header, later
from annotator.formats.jsonl import text_lines
from annotator.formats.reading import left_out
from annotator.formats.rows_in import OF_OTHERS, Placed, assembled
from annotator.formats.told import Told
from annotator.model.record import DocumentRow

_OURS: Final = "Export it again, or keep the first row as it was."
_FOREIGN: Final = f"Only the long form that our export writes is read. {OF_OTHERS}"

# A readout stands in one cell; what no readout can be is refused before it is taken.
csv.field_size_limit(MAX_BYTES)


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; without the file of the documents, each sentence alone.

    `path` is the folder of the dataset or its file of annotations.
    """
    file = path / f"{ANNOTATIONS.name}{SUFFIX}" if path.is_dir() else path
    documents = file.with_name(f"{tables.DOCUMENTS.name}{SUFFIX}")
    return assembled(_sentences(file), _documents(documents) if documents.is_file() else ())


def _documents(path: Path) -> Iterator[Placed]:
    made = columns(DocumentRow)
    for place, record in _records(path, [column.name for column in made]):
        try:
            yield place, dict(plains(made, _unless_wrong(record), place))
        except InputError as error:
            yield place, error


class _SpoiltRowError(InputError):
    """A row without all of its cells, or with a byte that is not UTF-8.

    `cells` are those that it has, in the order of our columns where none is missing.
    """

    def __init__(self, message: str, hint: str, cells: list[str]) -> None:
        super().__init__(message, hint)
        self.cells = cells


_Record = tuple[list[str], list[str], list[str]]
"""The cells of a row: those of the sentence, of the mark and of the value."""


@dataclass
class _Sentence:
    """The rows of one sentence: its own cells, and the rows of each of its marks by their id."""

    place: str
    unit: list[str]
    marks: dict[str, tuple[list[str], list[tuple[str, list[str]]]]] = field(default_factory=dict)
    wrong: InputError | None = None

    def add(self, place: str, record: _Record) -> None:
        """Take a row; raises InputError where it contradicts an earlier one."""
        unit, mark, slot = record
        if unit != self.unit:
            raise InputError(f"{place}: its sentence is another than in {self.place}.")
        if not any(mark):
            if any(slot):
                raise InputError(f"{place}: the row has a slot and no mark.")
            return
        known, slots = self.marks.setdefault(mark[0], (mark, []))
        if known != mark:
            raise InputError(f"{place}: its mark is another than in an earlier row.")
        if any(slot):
            slots.append((place, slot))

    def plain(self) -> dict[str, Any]:
        """Return the row of the sentence as plain values; raises InputError for none."""
        if self.wrong:
            raise self.wrong
        marks = [
            {
                **dict(plains(MARK, mark, self.place)),
                "slots": [dict(plains(SLOT, slot, place)) for place, slot in slots],
            }
            for mark, slots in self.marks.values()
        ]
        return {**dict(plains(UNIT, self.unit, self.place)), "marks": marks}


def _sentences(path: Path) -> Iterator[Placed]:
    found: dict[str, _Sentence] = {}
    spoilt: list[_SpoiltRowError] = []
    first, second = len(UNIT), len(UNIT) + len(MARK)
    for place, record in _records(path, header()):
        if isinstance(record, _SpoiltRowError):
            spoilt.append(record)
            continue
        unit, mark, slot = record[:first], record[first:second], record[second:]
        sentence = found.setdefault(unit[0], _Sentence(place, unit))
        try:
            sentence.add(place, (unit, mark, slot))
        except InputError as error:
            sentence.wrong = sentence.wrong or error
    yield from ((str(path), error) for error in _spoil(found, spoilt))
    for sentence in found.values():
        try:
            yield sentence.place, sentence.plain()
        except InputError as error:
            yield sentence.place, error


def _spoil(
    found: Mapping[str, _Sentence], spoilt: Sequence[_SpoiltRowError]
) -> Iterator[InputError]:
    """Put what is wrong with rows into their sentences, and yield it where it is of none of them.

    A sentence without one of its rows would say that a mark is not there.
    """
    last = len(UNIT)
    about = {tuple(one.unit[1:]): one for one in found.values()} if spoilt else {}
    for error in spoilt:
        cells = error.cells
        named = (found[cell] for cell in cells if cell in found)
        own = found.get(cells[0]) or about.get(tuple(cells[1:last])) or next(named, None)
        if own is None:
            yield left_out(error, "Its row")
        else:
            own.wrong = own.wrong or left_out(error, "Its sentence")


def _records(path: Path, names: Sequence[str]) -> Iterator[tuple[str, list[str] | _SpoiltRowError]]:
    """Yield the place of each row, and its cells in the order of `names` or what is wrong.

    Raises InputError where the file is no CSV, or its first row does not name those columns.
    """
    shown = printable(str(path))
    wrong: list[InputError] = []
    reader = csv.reader(_lines(path, wrong), strict=True)
    try:
        first = next(reader, [])
        for error in wrong:
            raise error
        added = {name: said for name, said in later().items() if name in {*names}.difference(first)}
        order = _order(shown, [*first, *added], names)
        for record in reader:
            place = f"{shown}, line {reader.line_num}"
            is_whole = len(record) == len(first)
            whole = [*record, *added.values()]
            cells = [whole[at] for at in order] if is_whole else record
            if wrong:
                yield place, _SpoiltRowError(wrong[0].message, wrong[0].hint, cells)
            elif is_whole:
                yield place, cells
            elif cells:
                said = f"{place} has {len(cells)} cells, and the first row {len(first)}."
                yield place, _SpoiltRowError(said, "", cells)
            wrong.clear()
    except csv.Error as error:
        raise InputError(
            f"{shown}, line {reader.line_num} is not CSV: {error}.",
            "Save the file with commas between the cells and quotation marks around them.",
        ) from error


def _lines(path: Path, wrong: list[InputError]) -> Iterator[str]:
    """Yield each line; one that is not UTF-8 has half a pair for each such byte, and is listed."""
    for number, line in enumerate(text_lines(path), 1):
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            place = f"{printable(str(path))}, line {number}"
            said = f"{place}: the byte at offset {error.start} of the line is not UTF-8."
            wrong.append(InputError(said, "Save the file as CSV in UTF-8."))
            yield line.decode(errors="surrogateescape")


def _order(shown: str, found: Sequence[str], names: Sequence[str]) -> list[int]:
    """Return where each of the columns `names` stands."""
    if missing := [name for name in names if name not in found]:
        why = f"{shown} has no column “{missing[0]}” in its first row."
        raise InputError(why, _OURS if "mark_id" in found else _FOREIGN)
    if len(found) != len(names):
        other = next((name for name in found if name not in names), "")
        said = f"a column “{printable(other)}” that is not ours" if other else "a column twice"
        raise InputError(f"{shown} has {said}.", "Leave it out, for it would be lost.")
    return [found.index(name) for name in names]


def _unless_wrong(record: list[str] | _SpoiltRowError) -> list[str]:
    if isinstance(record, _SpoiltRowError):
        raise record
    return record

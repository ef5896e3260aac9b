"""Annotations of slate read, in any of its scopes: document, line, token and character.

In a folder of ours, the rows that stand beside the folders of the coders tell of the readouts, and
the annotations of what was changed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Final

from annotator.errors import InputError, PassedOver
from annotator.files import decode, printable, read_bytes
from annotator.formats import companions
from annotator.formats.reading import each_file, told_of, tried, utf8_lines
from annotator.formats.reconciling import once_reconciled
from annotator.formats.rows_in import Tagged, gathered, tagged
from annotator.formats.slate import CHARACTER, FIELD, SUFFIX, Grid, Place, tags
from annotator.formats.told import Tag, Told
from annotator.plural import many

_PLACE: Final = r"\((?:[0-9]{1,9}(?:, ?[0-9]{1,9}){0,2},?)?\)"
_LINE = re.compile(rf"\s*(?:\(({_PLACE}), ?({_PLACE})\)|({_PLACE}|[0-9]{{1,9}}))\s+-\s+(\S.*)")
_LINK = re.compile(r"\s*(?:\[[0-9(), \[\]]*\]|[0-9 ]+)\s+-\s*")


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each text of a folder, or of one file of annotations; a folder in it is a coder's."""
    rows = companions.sentence_lines(path)
    if rows is None:
        return each_file(path, SUFFIX, _text, by_folder=True)
    return _Ours(path, variant).told(map(tagged, rows))


def _text(file: Path, folder: str | None) -> Iterator[Told | InputError]:
    found = _Annotations.read(file)
    yield from found.troubles()
    yield found.told(None)


class _Ours:
    """A folder of ours that is being read; its rows are taken by coder and readout."""

    def __init__(self, folder: Path, variant: str) -> None:
        self._folder, self._variant = folder, variant
        self._rows: dict[tuple[str | None, str], list[Tagged]] = {}
        self._lacks_rows = False

    def told(self, rows: Iterable[Tagged | InputError]) -> Iterator[Told | InputError]:
        """Yield each readout of each coder."""
        for one in rows:
            if isinstance(one, InputError):
                self._lacks_rows = True
                yield one
            else:
                self._rows.setdefault((one[1].coder, one[1].readout), []).append(one)
        yield from each_file(self._folder, SUFFIX, self._text)
        sentences = (one for rows in self._rows.values() for one in rows)
        yield from gathered(sentences, companions.document_lines(self._folder))

    def _text(self, file: Path, coder: str | None) -> Iterator[Told | InputError]:
        """Take what was changed since into the rows of a text; yield it where it has none."""
        found = _Annotations.read(file)
        yield from found.troubles()
        told = found.told(coder)
        rows = self._rows.pop((coder, told.name), [])
        if not rows:
            yield told
        elif any(found.grid.text[row.start : row.end] != row.text for _, row, _ in rows):
            yield InputError(
                f"{found.place}: the text beside it is not the one that was coded.", "Export again."
            )
        else:
            by_character = found.by_character(self._variant)
            written = partial(tags, found.grid, by_character=by_character)
            kept, new = once_reconciled(
                (row for _, row, _ in rows),
                written,
                found.tags,
                complete=found.complete and not self._lacks_rows,
            )
            beyond = (new, *repeat((), len(rows) - 1))
            self._rows[coder, told.name] = [
                (place, row, more)
                for (place, _, _), row, more in zip(rows, kept, beyond, strict=True)
            ]


@dataclass(frozen=True)
class _Annotations:
    """A file of annotations with its text.

    `depths` are how many numbers its places have, `links` the lines that link places, `wrong` says
    what other lines could not be read.
    """

    place: str
    name: str
    grid: Grid
    tags: list[Tag] = field(default_factory=list)
    depths: set[int] = field(default_factory=set)
    wrong: list[InputError] = field(default_factory=list)
    links: list[int] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> _Annotations:
        """Read a file, and list what is wrong with parts of it."""
        text_file = file.with_suffix("")
        grid = Grid(decode(read_bytes(text_file), name=str(text_file)).text)
        found = cls(printable(str(file)), text_file.stem, grid)
        for line in utf8_lines(file):
            if _LINK.fullmatch(line.shown):
                found.links.append(line.number)
            elif line.shown.strip():
                with tried(found.wrong):
                    found._take(line.words, f"{found.place}, line {line.number}")
        return found

    def _take(self, line: str, place: str) -> None:
        found = _LINE.fullmatch(line)
        if found is None:
            raise InputError(
                f"{place} is no annotation of slate.", "It is a place, “ - ” and labels."
            )
        first, last, single, labels = found.groups()
        try:
            start = self._stretch(first or single)[0]
            end = self._stretch(last or single)[1]
        except IndexError as error:
            raise InputError(f"{place}: there is no such place in the text.") from error
        if start >= end:
            raise InputError(f"{place}: the last place stands before the first.")
        self.tags.extend(Tag(FIELD, label, start, end) for label in labels.split())

    def _stretch(self, place: str) -> tuple[int, int]:
        numbers: Place = tuple(map(int, re.findall(r"[0-9]+", place)))
        self.depths.add(len(numbers))
        return self.grid.stretch(numbers)

    @property
    def complete(self) -> bool:
        """Tell whether every line could be read."""
        return not self.wrong

    def troubles(self) -> Iterator[InputError]:
        """Yield what could not be read, and how many links were passed over."""
        yield from told_of(self.wrong, self.place)
        if self.links:
            links = many(len(self.links), "link")
            are = "is" if len(self.links) == 1 else "are"
            yield PassedOver(f"{self.place}: {links} between places {are} not read; labels are.")

    def told(self, coder: str | None) -> Told:
        """Return what the annotations alone tell."""
        told = Told(self.place, self.name, self.grid.text, 0, coder, tuple(self.tags))
        return replace(told, spoilt=not self.complete)

    def by_character(self, variant: str) -> bool:
        """Tell whether places count characters; a file without any is as the variant says."""
        return 3 in self.depths if self.depths else variant == CHARACTER

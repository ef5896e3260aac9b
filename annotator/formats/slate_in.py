"""Annotations of slate read, in any of its scopes: document, line, token and character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from annotator.errors import InputError
from annotator.files import decode, printable, read_bytes
from annotator.formats.reading import each_file, told_of, tried, utf8_lines
from annotator.formats.slate import SUFFIX, Grid
from annotator.formats.told import Tag, Told

_PLACE: Final = r"\((?:[0-9]{1,9}(?:, ?[0-9]{1,9}){0,2},?)?\)"
_LINE = re.compile(rf"\s*(?:\(({_PLACE}), ?({_PLACE})\)|({_PLACE}|[0-9]{{1,9}}))\s+-\s+(\S.*)")
_LINK = re.compile(r"\s*(?:\[[0-9(), \[\]]*\]|[0-9 ]+)\s+-\s*")


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each text of a folder, or of one file of annotations; a folder in it is a coder's."""
    return each_file(path, SUFFIX, _text)


def _text(file: Path, coder: str | None) -> Iterator[Told | InputError]:
    text_file = file.with_suffix("")
    grid = Grid(decode(read_bytes(text_file), name=str(text_file)).text)
    place = printable(str(file))
    wrong: list[InputError] = []
    tags: list[Tag] = []
    links = 0
    for number, line in utf8_lines(file):
        if _LINK.fullmatch(line):
            links += 1
        elif line.strip():
            with tried(wrong):
                tags += _tags(grid, line, f"{place}, line {number}")
    if links:
        wrong.append(InputError(f"{place}: {links} links between places are not read."))
    yield from told_of(wrong, place)
    yield Told(place, text_file.stem, grid.text, 0, coder, tuple(tags))


def _tags(grid: Grid, line: str, place: str) -> Iterator[Tag]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise InputError(f"{place} is no annotation of slate.", "It is a place, “ - ” and labels.")
    first, last, single, labels = found.groups()
    try:
        start = grid.stretch(_numbers(first or single))[0]
        end = grid.stretch(_numbers(last or single))[1]
    except IndexError as error:
        raise InputError(f"{place}: there is no such place in the text.") from error
    if start >= end:
        raise InputError(f"{place}: the last place stands before the first.")
    return (Tag("label", label, start, end) for label in labels.split())


def _numbers(place: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"[0-9]+", place)))

"""What a file from outside says of texts: the form in which every dialect is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from annotator.errors import InputError
from annotator.model.record import DocumentRow, SentenceRow


@dataclass(frozen=True)
class Tag:
    """A label that a file gives to a stretch of a text, or to all of it.

    `field` is where in the file such labels stand, such as the name of a control or a type.
    `start` and `end` are code points of the text of its `Told`, half-open, None for all of it. If
    it is given to several stretches between them, and not to what lies between, these are `parts`.
    `rejected` says that the label was considered and refused. `mark` is the id of the mark that a
    dialect of ours wrote the tag for, `score` how sure a program is of it, from 0 to 1, NaN where
    the file says something else; neither counts when tags are compared.
    """

    field: str
    label: str
    start: int | None = None
    end: int | None = None
    rejected: bool = False
    mark: str = dataclasses.field(default="", compare=False)
    score: float | None = dataclasses.field(default=None, compare=False)
    parts: tuple[tuple[int, int], ...] = ()

    def moved(self, by: int) -> Tag:
        """Return the tag so many code points further on; one of the whole text stays."""
        return self.placed(lambda at: at + by)

    def placed(self, to: Callable[[int], int]) -> Tag:
        """Return the tag with each of its places put elsewhere; one of the whole text stays."""
        if self.start is None or self.end is None:
            return self
        parts = tuple((to(start), to(end)) for start, end in self.parts)
        return dataclasses.replace(self, start=to(self.start), end=to(self.end), parts=parts)


@dataclass(frozen=True)
class Relation:
    """A relation that a file tells of: what it is called, and between which tags it stands.

    The tags are those of the same `Told`, or words that have no label there, with an empty one.
    """

    label: str
    head: Tag
    child: Tag


@dataclass(frozen=True)
class Told:
    """One text of a file, with what is said of it.

    `place` names the file and the line or part of it, ready to be shown. `name` is what the file
    calls the text, which may be hostile. `text` begins at the code point `start` of the readout
    where that is known. `rows` are what our own export laid into the file, with what was changed
    since taken into account, and `document` the row of the readout, where they are there; `tags`
    are the labels and `relations` the relations that none of them explains. `row_places` are the
    places of the rows, where these stand apart from the text.

    `looked` says that somebody looked at the text and gave it these tags and no others, even if
    they are none; `unsettled` that they refused an answer, which tells of no right one; `spoilt`
    that they said something that could not be read, so that what is told is not all of it.

    `offered` are labels that somebody was asked about, be they given or not, and `fields` those
    whose labels they were asked for here, where the file says so of each text. `single` says that
    the question was one label by yes or no. `shifted` counts spans that cut words, and would not if
    the file counted code points.

    `predicted` says that a program proposes this, and nobody said so, `undecided` that somebody saw
    the text and put it aside.

    `lacks` is the sha256 of the text in UTF-8 where the file does not hold it: text and rows have
    no words then, until `standoff_in.joined` gives them.

    `spaced` says that the file lost the white space of the text: `respaced` finds what it was.
    """

    place: str
    name: str
    text: str
    start: int | None = None
    coder: str | None = None
    tags: tuple[Tag, ...] = ()
    rows: tuple[SentenceRow, ...] = ()
    document: DocumentRow | None = None
    lacks: str = ""
    relations: tuple[Relation, ...] = ()
    predicted: bool = False
    spaced: bool = False
    undecided: bool = False
    looked: bool = False
    unsettled: bool = False
    spoilt: bool = False
    offered: tuple[Tag, ...] = ()
    fields: frozenset[str] = frozenset()
    single: bool = False
    shifted: int = 0
    row_places: tuple[str, ...] = ()

    def placed_rows(self) -> Iterator[tuple[str, SentenceRow]]:
        """Yield the rows, each with its place."""
        places = self.row_places or (self.place,) * len(self.rows)
        return zip(places, self.rows, strict=True)

    def range_of(self, tag: Tag) -> tuple[int, int]:
        """Return the words of a tag in code points of the readout, half-open; all without any."""
        begin = self.start or 0
        end = len(self.text) if tag.end is None else tag.end
        return begin + (tag.start or 0), begin + end

    def parts_of(self, tag: Tag) -> tuple[tuple[int, int], ...]:
        """Return each stretch of words of a tag, as `range_of` does; none for all of the text."""
        if tag.start is None:
            return ()
        begin = self.start or 0
        parts = tuple((begin + start, begin + end) for start, end in tag.parts)
        return parts or (self.range_of(tag),)


class Reader(Protocol):
    """Reads a file, or a folder that an export wrote."""

    def __call__(self, path: Path, variant: str) -> Iterator[Told | InputError]:
        """Yield each text, and an InputError that names its place for each part that is none.

        Raises InputError where the file as a whole is none, StorageError where it is refused.
        """

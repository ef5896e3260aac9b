"""XML from outside, read in parts: no document type, no entity, and bounds on what it may take."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import IO, Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from annotator.errors import InputError
from annotator.files import MAX_BYTES, too_large

_CHUNK: Final = 1 << 17
_DEEPEST: Final = 100
_MOST: Final = 2_000_000
"""How many elements are read: those of other programs and ours take about 100 bytes and more."""

_LONGEST: Final = 4 * MAX_BYTES
"""How long one tag or comment may be: an attribute may hold a whole text, with escapes."""


def elements(
    file: IO[bytes], names: Collection[str], place: str, *, limit: int
) -> Iterator[Element]:
    """Yield each outermost element that has one of the names, whole; namespaces are left out.

    Raises InputError, with `place` for the file, where it is no XML that is safe to read, has
    more than `limit` bytes, or more elements or a longer tag than any file of such work.
    """
    parts = _Parts(frozenset(names), place)
    read = 0
    while chunk := file.read(_CHUNK):
        read += len(chunk)
        if read > limit:
            raise too_large(place, limit)
        try:
            parts.feed(chunk, last=False)
        except InputError:
            # What was whole before it is told, wherever the chunks end.
            yield from parts.taken()
            raise
        yield from parts.taken()
    parts.feed(b"", last=True)
    yield from parts.taken()


class _Parts:
    """Builds the elements that are wanted, and passes over all others."""

    def __init__(self, names: frozenset[str], place: str) -> None:
        self._names = names
        self._place = place
        self._depth = self._inside = 0
        self._count = self._waiting = 0
        self._builder = TreeBuilder()
        self._done: list[Element] = []
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.CommentHandler = parser.ProcessingInstructionHandler = self._pass
        self._parser = parser

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Read on; raises InputError."""
        self._waiting += len(chunk)
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise InputError(
                f"{self._place}, line {error.lineno}: this is no XML: {what}. Nothing after it was"
                " read."
            ) from error
        except (LookupError, ValueError) as error:  # Of the declaration in the first line.
            raise InputError(
                f"{self._place}: the encoding that it names cannot be read.", "Save it in UTF-8."
            ) from error

        if self._waiting > _LONGEST:
            # The parser would begin with it anew for every chunk that is added.
            raise InputError(
                f"{self._place} has a tag of more than {_LONGEST // 1_000_000} MB, and is not read."
            )

    def taken(self) -> list[Element]:
        """Return the elements that are whole now, once."""
        done, self._done = self._done, []
        return done

    def _refuse(self, *_: object) -> None:
        raise InputError(f"{self._place} has a document type, which is not read.", "Leave it out.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._waiting = 0
        self._count += 1
        if self._count > _MOST:
            raise InputError(
                f"{self._place} has more than {_MOST:,} elements.", "Split it into smaller files."
            )
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InputError(f"{self._place} is nested too deeply.")
        local = _local(name)
        if self._inside or local in self._names:
            self._inside += 1
            self._builder.start(local, {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._waiting = 0
        self._depth -= 1
        if self._inside:
            self._builder.end(_local(name))
            self._inside -= 1
            if not self._inside:
                self._done.append(self._builder.close())
                self._builder = TreeBuilder()

    def _pass(self, *_: object) -> None:
        self._waiting = 0

    def _data(self, text: str) -> None:
        self._waiting = 0
        if self._inside:
            self._builder.data(text)


def _local(name: str) -> str:
    return name.rpartition("}")[2]

"""Files of CoNLL columns read: the word stands first, the tag last; IOB1, IOB2 and BIOES.

White space is lost, so a text is its tokens with a space between, and a line for each sentence;
`respaced` finds it in the readout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.conll import SENTENCES
from annotator.formats.reading import each_file, told_of, tried, utf8_lines
from annotator.formats.told import Tag, Told

_START = "-DOCSTART-"


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each document of a file, or of all files in a folder; its field is the file's name."""
    return each_file(path, ".conll", _documents)


def _names(file: Path) -> Iterator[str]:
    """Yield the ids of the sentences; none where nobody wrote them down."""
    if file.is_file():
        yield from (line for _, line in utf8_lines(file))


def _documents(file: Path, folder: str | None) -> Iterator[Told | InputError]:
    names = _names(file.with_name(SENTENCES))
    place = printable(str(file))
    count = 1
    wrong: list[InputError] = []
    document = _Document(file.stem)
    for number, line in utf8_lines(file):
        columns = line.split()
        if columns and columns[0] == _START:
            if document.words:
                yield document.told(place, count)
                count += 1
            document = _Document(file.stem)
        elif columns:
            with tried(wrong):
                document.take(columns, names, f"{place}, line {number}")
        else:
            document.end_sentence()
    if document.words:
        yield document.told(place, count)
    yield from told_of(wrong, place)


@dataclass
class _Document:
    """A document that is being read."""

    layer: str
    words: list[str] = field(default_factory=list)
    name: str = ""
    _tags: list[Tag] = field(default_factory=list)
    _length: int = 0
    _open: tuple[str, int] | None = None
    _fresh: bool = True

    def take(self, columns: list[str], names: Iterator[str], place: str) -> None:
        """Take a token; raises InputError, and takes it as outside, where its tag is none."""
        if self._fresh:
            named = next(names, "")
            self.name = self.name or named
        prefix, _, label = columns[-1].partition("-")
        goes_on = prefix in ("I", "E", "L") and self._open is not None and self._open[0] == label
        if not goes_on:
            self._close()
        if self.words:
            self.words.append("\n" if self._fresh else " ")
        self._fresh = False
        start = self._length + (1 if self.words else 0)
        self.words.append(columns[0])
        self._length = start + len(columns[0])
        if columns[-1] == "O":
            return
        if prefix not in ("B", "I", "E", "L", "S", "U") or not label or len(columns) < 2:
            raise InputError(
                f"{place}: “{printable(columns[-1])}” is no tag.", "Write O or B-name."
            )
        if not goes_on:
            self._open = (label, start)
        if prefix in ("E", "L", "S", "U"):
            self._close()

    def end_sentence(self) -> None:
        """Close what is open."""
        self._close()
        self._fresh = True

    def _close(self) -> None:
        if self._open:
            self._tags.append(Tag(self.layer, self._open[0], self._open[1], self._length))
        self._open = None

    def told(self, place: str, count: int) -> Told:
        """Return the document, the one of that number in its file."""
        self._close()
        readout, _, rest = self.name.partition("#")
        coder = rest.rpartition("@")[2] or None
        shown = f"{place}, document {count}"
        name = readout if coder else f"{self.layer}-{count}"
        words = "".join(self.words)
        return Told(shown, name, words, None, coder, tuple(self._tags), spaced=True)

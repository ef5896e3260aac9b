"""Files of CoNLL columns read: the word stands first, the tag last; IOB1, IOB2 and BIOES.

White space is lost, so a text is its tokens with a space between, and a line for each sentence;
`respaced` finds it in the readout. In a folder of ours, the rows that stand beside the columns tell
of the readouts, and the columns of what was changed since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotator.errors import InputError, PartUnread, PassedOver
from annotator.files import printable
from annotator.formats import companions
from annotator.formats.conll import SENTENCES, SUFFIX, tags
from annotator.formats.reading import each_file, files_below, left_out, told_of, tried, utf8_lines
from annotator.formats.reconciling import reconciled
from annotator.formats.respaced import Line, bare, lines_of
from annotator.formats.rows_in import Placed, Tagged, gathered, tagged
from annotator.formats.told import Tag, Told
from annotator.model.record import SentenceRow

_START: Final = "-DOCSTART-"
_EMPTY: Final = ("_", "-X-", "O")
"""What stands in columns that say nothing."""
_Shown = dict[str, dict[str, Line]]
"""What the files of columns show of each sentence of ours, by its id, then by the file's name."""


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each document of a file, or of all files in a folder; its field is the file's name.

    Of a folder of ours, each readout of each coder.
    """
    rows = companions.sentence_lines(path)
    return each_file(path, SUFFIX, _told, layered=True) if rows is None else _ours(path, rows)


def _told(file: Path, folder: str | None) -> Iterator[Told | InputError]:
    for one in _documents(file):
        yield one if isinstance(one, InputError) else one.told()


def _ours(folder: Path, rows: Iterator[Placed]) -> Iterator[Told | InputError]:
    shown: _Shown = {}
    spoilt: set[str] = set()

    def look(file: Path, _: str | None) -> Iterator[InputError]:
        for one in _documents(file):
            if isinstance(one, InputError):
                spoilt.update(() if isinstance(one, PartUnread) else (file.stem,))
                yield one
                continue
            for name, line in zip(one.names, lines_of(one.told()), strict=True):
                shown.setdefault(name, {})[one.layer] = line

    # Where no layer that was exported keeps words, there are no columns.
    if files_below(folder, SUFFIX):
        yield from each_file(folder, SUFFIX, look)
    sentences = (_as_now(tagged(one), shown, spoilt) for one in rows)
    yield from gathered(sentences, companions.document_lines(folder))


def _as_now(
    one: Tagged | InputError, shown: Mapping[str, Mapping[str, Line]], spoilt: Collection[str]
) -> Tagged | InputError:
    """Return a sentence without what its columns do not show any more, and with what is new there.

    It stays as it is as far as no file has columns of it; in files that are `spoilt`, nothing
    counts as gone.
    """
    if isinstance(one, InputError):
        return one
    place, row, _ = one
    lines = shown.get(row.id, {})
    if any(line.bare != bare(row.text) for line in lines.values()):
        return InputError(
            f"{place}: the columns of {printable(row.id)} have other words than when it was coded.",
            f"Change tags alone, and keep the order of {SENTENCES}.",
        )
    found = [tag.moved(row.start) for line in lines.values() for tag in line.at(0, row.text)]

    def written(row: SentenceRow) -> Iterator[Tag]:
        return (tag for file in lines for tag in tags(row, file))

    return place, *reconciled(row, written, found, complete=lines.keys().isdisjoint(spoilt))


def _names(file: Path, wrong: list[InputError]) -> Iterator[str]:
    """Yield the ids of the sentences; none where nobody wrote them down, an empty one for none."""
    if file.is_file():
        for line in utf8_lines(file):
            if line.wrong:
                wrong.append(left_out(line.wrong, "That name"))
            yield "" if line.wrong else line.words


def _documents(file: Path) -> Iterator[_Document | InputError]:
    wrong: list[InputError] = []
    names = _names(file.with_name(SENTENCES), wrong)
    place = printable(str(file))
    count = 1
    passed: set[int] = set()
    document = _Document(file.stem, place, count)
    for line in utf8_lines(file):
        columns = line.shown.split()
        if columns and columns[0] == _START:
            if document.words:
                yield document
                count += 1
            document = _Document(file.stem, place, count)
            wrong += [line.wrong] if line.wrong else []
        elif line.wrong:
            wrong.append(left_out(line.wrong, "Its sentence in that file"))
            document.drop(names)
        elif columns:
            passed.update(at for at, said in enumerate(columns[1:-1], 2) if said not in _EMPTY)
            before = len(wrong)
            with tried(wrong):
                document.take(columns, names, f"{place}, line {line.number}")
            document.spoilt |= len(wrong) > before
        else:
            document.end_sentence()
    if document.words:
        yield document
    if passed:
        which = ", ".join(map(str, sorted(passed)[:9]))
        which = f"column {which} is" if len(passed) == 1 else f"columns {which} are"
        yield PassedOver(f"{place}: {which} not read; words and tags are.")
    yield from told_of(wrong, place)


@dataclass
class _Document:
    """A document that is being read, the one of that number in its file.

    `names` are those of its sentences, empty where nobody wrote them down.
    """

    layer: str
    place: str
    count: int
    words: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    _tags: list[Tag] = field(default_factory=list)
    _length: int = 0
    _open: tuple[str, int] | None = None
    _fresh: bool = True
    _dropped: bool = False
    _before: tuple[int, int, int] = (0, 0, 0)
    _columns: int = 0
    spoilt: bool = False

    def take(self, columns: list[str], names: Iterator[str], place: str) -> None:
        """Take a token; raises InputError, and takes it as outside, where its tag is none.

        A row that has not as many columns as the first of the document has lost its tag, or more.
        """
        is_first = self._begins(names)
        if self._dropped:
            return
        self._columns = self._columns or len(columns)
        is_whole = len(columns) == self._columns
        prefix, _, label = columns[-1].partition("-") if is_whole else ("", "", "")
        goes_on = prefix in ("I", "E", "L") and self._open is not None and self._open[0] == label
        if not goes_on:
            self._close()
        if self.words:
            self.words.append("\n" if is_first else " ")
        start = self._length + (1 if self.words else 0)
        self.words.append(columns[0])
        self._length = start + len(columns[0])
        if not is_whole:
            raise InputError(
                f"{place} has {len(columns)} columns, and the first row of its document"
                f" {self._columns}.",
                "Write as many in each row.",
            )
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

    def drop(self, names: Iterator[str]) -> None:
        """Leave out the sentence that is being read, all of it."""
        self._begins(names)
        if not self._dropped:
            words, tags, self._length = self._before
            del self.words[words:], self._tags[tags:], self.names[-1]
            self._open = None
            self._dropped = self.spoilt = True

    def end_sentence(self) -> None:
        """Close what is open."""
        self._close()
        self._fresh, self._dropped = True, False

    def _begins(self, names: Iterator[str]) -> bool:
        """Tell whether a sentence begins here, and take its name."""
        if not self._fresh:
            return False
        self._fresh = False
        self._before = len(self.words), len(self._tags), self._length
        self.names.append(next(names, ""))
        return True

    def _close(self) -> None:
        if self._open:
            self._tags.append(Tag(self.layer, self._open[0], self._open[1], self._length))
        self._open = None

    def told(self) -> Told:
        """Return what the document tells."""
        self._close()
        readout, _, rest = next(filter(None, self.names), "").partition("#")
        coder = rest.rpartition("@")[2] or None
        shown = f"{self.place}, document {self.count}"
        name = readout if coder else f"{self.layer}-{self.count}"
        words = "".join(self.words)
        tags = tuple(self._tags)
        return Told(shown, name, words, None, coder, tags, spaced=True, spoilt=self.spoilt)

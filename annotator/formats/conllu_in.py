"""Files of CoNLL-U read. A comment `# key = value|value` gives its labels to the sentence.

What is no comment of the format itself is taken for such a key. A text is put together from its
tokens and the white space that MISC tells of, so it is exact where our own export wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from annotator.errors import InputError, PassedOver
from annotator.files import printable
from annotator.formats.carried import KEY, document_row, sentence_row, whole
from annotator.formats.conllu import DOCUMENT, names_labels, tags, unescaped
from annotator.formats.jsonl import json_object
from annotator.formats.reading import each_file, left_out, told_of, tried, utf8_lines
from annotator.formats.reconciling import reconciled
from annotator.formats.told import Tag, Told
from annotator.model.record import DocumentRow, SentenceRow

_COLUMNS: Final = {"LEMMA": 2, "UPOS": 3, "XPOS": 4, "FEATS": 5, "DEPREL": 7, "DEPS": 8}
_MOST: Final = 12
_STARTS: Final = ("newdoc", "newdoc id", DOCUMENT)
_SPACES: Final = frozenset(("SpaceAfter", "SpacesAfter", "SpacesBefore"))


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout that our own export tells of whole, and any other sentence alone."""
    return each_file(path, ".conllu", _file)


def _file(file: Path, folder: str | None) -> Iterator[Told | InputError]:
    wrong: list[InputError] = []
    document: DocumentRow | None = None
    place = printable(str(file))
    rows: list[SentenceRow] = []
    new: list[Tag] = []
    unread: set[str] = set()
    for sentence in _sentences(file, wrong):
        if sentence.starts:
            if document:
                yield whole(place, document, rows, tuple(new))
            document, rows, new = None, [], []
            with tried(wrong):
                document = sentence.document()
        if sentence.spoilt:
            continue
        told = sentence.told(wrong)
        if document and told.rows:
            rows += told.rows
            start, end = told.rows[0].start, told.rows[0].end
            new += (replace(tag, start=start, end=end) for tag in told.tags)
        else:
            yield told
        unread |= sentence.unread if not told.rows else set()
    if document:
        yield whole(place, document, rows, tuple(new))
    if unread:
        named = sorted(unread)
        more = f" and {len(named) - _MOST:,} more columns" if len(named) > _MOST else ""
        yield PassedOver(
            f"{place}: {', '.join(named[:_MOST])}{more} are not read.",
            "A label is read from a comment, “# key = label|label”, and is one of its sentence.",
        )
    yield from told_of(wrong, place)


def _sentences(file: Path, wrong: list[InputError]) -> Iterator[_Sentence]:
    sentence = _Sentence(printable(str(file)))
    for one in utf8_lines(file):
        place, line = printable(f"{file}, line {one.number}"), one.shown
        if one.wrong:
            wrong.append(left_out(one.wrong, sentence.spoil(line)))
        elif not line.strip():
            if sentence.forms or sentence.spoilt:
                yield sentence
                sentence = _Sentence(place)
        elif line.startswith("#"):
            key, _, value = line[1:].partition("=")
            sentence.comments[key.strip()] = (value.strip(), place)
        else:
            with tried(wrong):
                sentence.take(line, place)
    if sentence.forms or sentence.spoilt:
        yield sentence


@dataclass
class _Sentence:
    """A sentence that is being read, `spoilt` where a line of it is none."""

    place: str
    spoilt: bool = False
    comments: dict[str, tuple[str, str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    forms: list[str] = field(default_factory=list)
    _covered: int = 0
    _between: str = ""
    _trailing: str = ""

    def take(self, line: str, place: str) -> None:
        """Take a row of a token; raises InputError where it is none."""
        columns = line.split("\t")
        first, _, last = columns[0].partition("-")
        if len(columns) != 10 or not (first.isascii() and first.replace(".", "").isdigit()):
            raise InputError(f"{place} is no row of ten columns, apart by tabs.")
        if "." in first or len(first) > 9 or int(first) <= self._covered:
            return  # A word that the text leaves out, or one of those that a token stands for.
        self._covered = int(last) if last.isascii() and last.isdigit() and len(last) < 9 else 0
        self.unread |= {name for name, at in _COLUMNS.items() if columns[at] != "_"}
        misc = dict(one.partition("=")[::2] for one in columns[9].split("|"))
        self.unread |= {
            f"“{printable(key[:40])}” of MISC" for key in misc if key not in _SPACES and key != "_"
        }
        if not self.forms:
            self.forms.append(unescaped(misc.get("SpacesBefore", "")))
        self.forms.append(self._between)
        nothing = columns[1] == "_" and "SpacesBefore" in misc
        self.forms.append("" if nothing else columns[1])
        self._between = "" if misc.get("SpaceAfter") == "No" or nothing else " "
        self._trailing = ""
        if "SpacesAfter" in misc:
            self._between = self._trailing = unescaped(misc["SpacesAfter"])

    def spoil(self, line: str) -> str:
        """Take a line that is not UTF-8, and return what is left out for it.

        A line that starts a document still does so: what follows is not of the one before.
        """
        key = line[1:].partition("=")[0].strip() if line.startswith("#") else ""
        if key in _STARTS:
            self.comments["newdoc"] = ("", "")
            return "The row of its readout" if key == DOCUMENT else "That name"
        self.spoilt = True
        return "Its sentence"

    @property
    def starts(self) -> bool:
        """Tell whether a document starts here."""
        return not self.comments.keys().isdisjoint(_STARTS)

    def document(self) -> DocumentRow | None:
        """Return the row of the readout; raises InputError where it is none."""
        if DOCUMENT not in self.comments:
            return None
        value, place = self.comments[DOCUMENT]
        return document_row(json_object(value.encode(), place), place)

    def told(self, wrong: list[InputError]) -> Told:
        """Return what the sentence tells, with our row where it is one."""
        text = "".join((*self.forms, self._trailing))
        found = tuple(
            Tag(key, label)
            for key, (value, _) in self.comments.items()
            if value and names_labels(key)
            for label in value.split("|")
        )
        name = self.comments.get("sent_id", ("", ""))[0]
        if KEY not in self.comments:
            return Told(self.place, name, text, None, None, found)
        value, place = self.comments[KEY]
        try:
            row = sentence_row(json_object(value.encode(), place), place)
        except InputError as error:
            wrong.append(error)  # What its labels are a part of cannot be told.
            return Told(self.place, name, text)
        if row.text != text:
            why = f"{place}: the sentence has other words than when it was coded."
            wrong.append(InputError(why))
            return Told(self.place, name, text, None, None, found)
        kept, new = reconciled(row, tags, found)
        return Told(self.place, row.readout, text, row.start, row.coder, new, (kept,))

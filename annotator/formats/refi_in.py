"""REFI-QDA projects read: our own and those of programs for qualitative analysis.

A tag's field are the names of the codes above its own, with slashes between. Only texts are read;
they come out of the archive by the names that the project gives them, and nothing is unpacked.
Positions count code points of the text as the archive has it, CR LF as two; UTF-16 code units where
only those find, in a text, the words that its selections are named by.
"""

from __future__ import annotations

import errno
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from annotator.errors import InputError, PassedOver
from annotator.files import MAX_BYTES, opened, printable, too_large
from annotator.formats.carried import is_note, noted, whole
from annotator.formats.foreign import CodePoints
from annotator.formats.reading import Counted, each_file, told_of, tried, unread
from annotator.formats.reconciling import all_reconciled
from annotator.formats.refi import MEMBER, SOURCES, coded, guid
from annotator.formats.refi_units import stands_elsewhere, units_of
from annotator.formats.told import Tag, Told
from annotator.formats.xml_in import elements
from annotator.model.record import DocumentRow, SentenceRow
from annotator.plural import many

_MOST: Final = 40 * MAX_BYTES
"""The largest project that is read, and the most that its texts may take together.

Each sentence's description holds a whole row.
"""

_PROJECT: Final = ".qdpx"
_CODEBOOK: Final = ".qdc"
_INTERNAL: Final = "internal://"
_OTHERS: Final = frozenset(("PictureSource", "PDFSource", "AudioSource", "VideoSource"))
_BROKEN = (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each text of a project for each user who coded it.

    Raises InputError also for a codebook alone, which has no texts.
    """
    if path.suffix.lower() == _CODEBOOK and path.is_file():
        raise InputError(
            f"{printable(str(path))} is a codebook without texts: there is nothing to take in.",
            f"Name the project that it is of, which ends in “{_PROJECT}”, or draft a codebook from"
            " it with “annotator codebook draft”.",
        )
    return each_file(path, _PROJECT, _project)


def _project(file: Path, folder: str | None) -> Iterator[Told | InputError]:
    shown = printable(str(file))
    with opened(file) as raw:
        try:
            with _archive(raw) as archive:
                yield from _parts(archive, shown)
        except _BROKEN as error:
            raise _no_archive(shown) from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # A place in the file before its start.
                raise
            raise _no_archive(shown) from error


def _no_archive(shown: str) -> InputError:
    return InputError(f"{shown} is no archive that can be read.", "Export it again.")


def _archive(raw: IO[bytes]) -> ZipFile:
    try:
        return ZipFile(raw)
    except (ValueError, struct.error) as error:
        raise BadZipFile from error


def _parts(archive: ZipFile, shown: str) -> Iterator[Told | InputError]:
    if MEMBER not in archive.namelist():
        raise InputError(f"{shown} is no REFI-QDA project: it has no {MEMBER}.")
    place = f"{shown}, {MEMBER}"
    users: dict[str, str] = {}
    codes: dict[str, tuple[str, str]] = {}
    passed = memos = 0
    texts = _Texts(archive, shown)
    with archive.open(MEMBER) as member:
        names = ("User", "Code", "TextSource", "Note", *_OTHERS)
        for part in elements(member, names, place, limit=_MOST):
            if part.tag == "User":
                users[_guid(part, "guid")] = part.get("name", "")
            elif part.tag == "Code":
                codes.update(_codes(part, ""))
            elif part.tag == "TextSource":
                yield from _source(texts, part, shown, users, codes)
            elif part.tag == "Note":
                memos += 1
            else:
                passed += 1
    if passed:
        one = passed == 1
        kinds = "picture, PDF file or recording" if one else "pictures, PDF files and recordings"
        yield InputError(f"{place}: {passed:,} {kinds} {'is' if one else 'are'} not read.")
    if memos:
        # Also those that no code or text links to, which nothing else would name.
        are = "is" if memos == 1 else "are"
        yield PassedOver(f"{place}: {many(memos, 'memo')} {are} not read; texts and codes are.")


def _guid(part: Element, key: str) -> str:
    return part.get(key, "").strip("{}").lower()


def _codes(code: Element, above: str) -> Iterator[tuple[str, tuple[str, str]]]:
    name = code.get("name", "")
    yield _guid(code, "guid"), (above, name)
    for inner in code.findall("Code"):
        yield from _codes(inner, f"{above}/{name}" if above else name)


def _source(
    texts: _Texts,
    source: Element,
    shown: str,
    users: Mapping[str, str],
    codes: Mapping[str, tuple[str, str]],
) -> Iterator[Told | InputError]:
    name = source.get("name") or source.get("plainTextPath") or _guid(source, "guid")
    place = f"{shown}, {printable(name)}"
    wrong: list[InputError] = []
    try:
        text = texts.of(source, place)
    except _TooMuchError:
        raise
    except InputError as error:
        yield error
        return
    found = _Found(text, codes, place, wrong)
    found.take_all(source)
    complete = not wrong
    for user, work in found.works.items():
        kept, new = all_reconciled(work.rows, found.tags_of, work.tags, complete=complete)
        if work.document:
            yield whole(place, work.document, kept, new)
        else:
            told = Told(place, name, text.words, 0, users.get(user), new, kept)
            yield replace(told, spoilt=not complete)
    if not found.works:
        yield Told(place, name, text.words, 0)
    yield from unread([*told_of(wrong, place)])
    passed = ", ".join(many(times, what) for what, times in sorted(found.unread.items()) if times)
    if passed:
        are = "is" if found.unread.total() == 1 else "are"
        yield PassedOver(f"{place}: {passed} {are} not read; the codes are.")


class _Texts:
    """The texts of an archive; what is packed small may be large, and be named many times."""

    def __init__(self, archive: ZipFile, shown: str) -> None:
        self._archive, self._shown, self._left = archive, shown, _MOST

    def of(self, source: Element, place: str) -> Counted:
        """Return the text of a source; raises InputError where there is none to be read."""
        inline = source.findtext("PlainTextContent")
        if inline is not None:
            return Counted.of(inline.encode(), place, mark=False)
        wanted = source.get("plainTextPath", "")
        own = wanted.removeprefix(_INTERNAL)
        if not own or ":" in own:
            why = f"{place}: its text is not in the archive."
            raise InputError(why, "Export the project with it.")
        known = self._archive.NameToInfo
        info = known.get(f"{SOURCES}{own}") or known.get(f"{SOURCES.capitalize()}{own}")
        if info is None:
            raise InputError(f"{place}: the archive has no text “{printable(own)}”.")
        with self._archive.open(info) as member:
            raw = member.read(MAX_BYTES + 1)
        self._left -= len(raw)
        if self._left < 0:
            raise _TooMuchError(
                f"{self._shown}: its texts are larger than {_MOST // 1_000_000} MB together.",
                "Split it into smaller projects.",
            )
        if len(raw) > MAX_BYTES:
            raise too_large(place, MAX_BYTES)
        return Counted.of(raw, place, mark=False)


class _TooMuchError(InputError):
    """Texts are so large that no more of them are read."""


@dataclass
class _Work:
    """What one user made of a text."""

    rows: list[SentenceRow] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    document: DocumentRow | None = None


@dataclass
class _Found:
    """The selections of one text; `works` are by the guids of users, empty where none is named."""

    text: Counted
    codes: Mapping[str, tuple[str, str]]
    place: str
    wrong: list[InputError]
    works: dict[str, _Work] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    units: CodePoints = field(init=False)

    def take_all(self, source: Element) -> None:
        """Take every selection of a source, and what is coded on all of it."""
        parts = source.findall("PlainTextSelection")
        self.units = units_of(self.text.counted, parts)
        for part in parts:
            with tried(self.wrong):
                self._take(part)
        self._codings(source, None, None)
        self._pass_over(source)

    def _pass_over(self, part: Element) -> None:
        """Count what is said beside the codes of a part, and of what is coded there."""
        for one in (part, *part.iterfind("Coding")):
            said = (one.findtext("Description") or "").strip()
            self.unread["description"] += bool(said) and not is_note(said)
            self.unread["note link"] += len(one.findall("NoteRef"))
        self.unread += Counter()  # Without those of which there are none.

    def _take(self, part: Element) -> None:
        start, end = self._position(part, "startPosition"), self._position(part, "endPosition")
        if start > end:
            raise InputError(f"{self.place}: a selection ends at {end}, before it starts.")
        if stands_elsewhere(self.text.counted, self.units, part):
            raise InputError(
                f"{self.place}: the words “{printable(part.get('name', '')):.60}” of a selection do"
                f" not stand at {part.get('startPosition')}; it was left out.",
                "Export it again from the program that holds the text as it is.",
            )
        self._pass_over(part)
        said = part.findtext("Description") or ""
        if is_note(said):
            with tried(self.wrong):
                row, document = noted(said, self.text.words, f"{self.place}, at {start}")
                work = self.works.setdefault(guid("coder", row.coder), _Work())
                work.rows.append(row)
                work.document = document or work.document
        self._codings(part, start, end)

    def _codings(self, part: Element, start: int | None, end: int | None) -> None:
        for coding in part.iterfind("Coding"):
            user = _guid(coding, "creatingUser") or _guid(part, "creatingUser")
            work = self.works.setdefault(user, _Work())
            for reference in coding.iterfind("CodeRef"):
                own = _guid(reference, "targetGUID")
                if own in self.codes:
                    work.tags.append(Tag(*self.codes[own], start, end))
                else:
                    what = f"there is no code “{printable(own)}”"
                    self.wrong.append(InputError(f"{self.place}: {what}."))

    def _position(self, part: Element, key: str) -> int:
        raw = part.get(key, "")
        if raw.isascii() and raw.isdigit() and len(raw) < 10:
            at = self.units.inward(int(raw))
            if at is not None:
                return self.text.place(at)
        raise InputError(f"{self.place}: “{printable(raw[:20])}” is no position in the text.")

    def tags_of(self, row: SentenceRow) -> Iterable[Tag]:
        """Yield the tags that our codings of a sentence are read as."""
        for one in coded(row):
            above, name = self.codes.get(one.code, ("", ""))
            yield Tag(above, name, one.start, one.end, mark=one.mark)

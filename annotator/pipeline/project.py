"""A project: a folder of readouts, their codebook, and the work of its coders.

Opening one reads its settings and nothing else; everything is read when it is asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import files
from annotator.config import (
    CODEBOOK_FILE,
    SAMPLE_CODER,
    SETTINGS_FILE,
    Paths,
    Settings,
    find_root,
    read_settings,
)
from annotator.errors import AnnotatorError, InputError, StorageError
from annotator.files import printable, refusals
from annotator.formats.codebook import read_codebook
from annotator.formats.metadata import read_metadata
from annotator.formats.registry import TEXT_ENDINGS
from annotator.model.codebook import Codebook
from annotator.model.edit import CAST, Change, Coding, Document, Edit, begun
from annotator.model.readout import READOUT_ID, Metadata, Readout
from annotator.model.sentence import Sentence
from annotator.pipeline.labelkeys import with_keys
from annotator.resources import shipped

if TYPE_CHECKING:
    from annotator.store import Header, Journal, Snapshot, Store

_READOUT_ID = re.compile(READOUT_ID)
_TEXT_FILE = re.compile(
    f"({READOUT_ID.strip('^$')})({'|'.join(re.escape(ending) for ending in TEXT_ENDINGS)})"
)


class Project:
    """The folder `paths.root` and what is in it."""

    def __init__(self, paths: Paths, settings: Settings) -> None:
        self.paths = paths
        self.settings = settings
        self._codebook_read = (0, 0, 0)

    @classmethod
    def open(cls, start: Path | None = None) -> Project:
        """Open the project `start`, or the nearest one from the current folder upwards.

        Raises InputError where there is none, or its settings say what nobody understands.
        """
        root = find_root(start)
        settings = read_settings(root)
        return cls(Paths(root, settings.codebook), settings)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.paths.root

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook, with the keys that the settings give its labels.

        Raises InputError where it cannot be understood, the settings name one that is not there, or
        want keys that cannot be.
        """
        path = self.codebook_file
        self._codebook_read = _stamp(path)
        return with_keys(read_codebook(path), self.settings.labels)

    def forget_codebook(self, *, only_changed: bool = False) -> bool:
        """Read the codebook again when it is next asked for, and return that.

        With `only_changed`, it is kept where its file is the one that was read, which is False.
        Raises InputError where the settings name a codebook that is not there.
        """
        same = "codebook" in self.__dict__ and self._codebook_read == _stamp(self.codebook_file)
        if only_changed and same:
            return False
        self.__dict__.pop("codebook", None)
        return True

    @property
    def codebook_file(self) -> Path:
        """The codebook's file; the one that came with the program where the project has none.

        Raises InputError where the settings name one that is not there.
        """
        path = self.paths.codebook
        if self.settings.codebook == CODEBOOK_FILE and not os.path.lexists(path):
            return shipped("schemas") / Path(CODEBOOK_FILE).name
        if not os.path.lexists(path):
            raise InputError(
                f"There is no codebook {printable(self.settings.codebook)} in the project.",
                f"Put it there, or name another one in {SETTINGS_FILE}.",
            )
        return path

    def readout_ids(self) -> list[str]:
        """Return the ids of the readouts, sorted.

        Files whose name could not be a readout's are none. Raises InputError where two files have
        one id, StorageError where the folder cannot be read.
        """
        found: dict[str, str] = {}
        for readout_id, name in _text_files(self.paths.seeds):
            if readout_id in found:
                raise _two_files(found[readout_id], name)
            found[readout_id] = name
        return sorted(found)

    def readout(self, readout_id: str) -> Readout:
        """Read a readout with its metadata.

        Raises InputError where there is none of that id, or it is not what it should be.
        """
        metadata = self.metadata(readout_id)
        path = _text_file(self.paths.seeds, readout_id)
        raw = files.read_bytes(path)
        text = files.decode(raw, encoding=metadata.encoding, name=self.paths.shown(path)).text
        return Readout(
            id=readout_id,
            text=text,
            sha256=files.sha256(raw),
            text_sha256=files.sha256(text.encode()),
            metadata=metadata,
        )

    def metadata(self, readout_id: str) -> Metadata:
        """Read the metadata of a readout, which need not have any; raises as `readout` does."""
        path = self.metadata_file(readout_id)
        return read_metadata(path) if os.path.lexists(path) else Metadata()

    def metadata_file(self, readout_id: str) -> Path:
        """Return where the metadata of a readout lie or would; raises InputError for a bad id."""
        return self.paths.seeds / f"{_checked(readout_id)}.toml"

    def store(self) -> Store:
        """Return the work of the coders."""
        from annotator.store import TinyStore

        return TinyStore(self.paths.tags)

    def samples(self) -> Store:
        """Return the coding of the sample readouts."""
        from annotator.store import TinyStore

        return TinyStore(self.paths.samples, samples=True)

    def segment(self, readout: Readout) -> tuple[Sentence, ...]:
        """Cut a readout into sentences that nobody has coded yet."""
        from annotator.segment import segment

        return tuple(
            Sentence(start=start, end=end, role=role, text=readout.text[start:end])
            for start, end, role in segment(
                readout.text, extra_abbreviations=self.settings.extra_abbreviations
            )
        )

    def header(self, coder: str, readout: Readout) -> Header:
        """Return what a new journal of a coder for a readout says of itself."""
        return self._header(coder, readout, _original(self, readout))

    def first_edit(self, readout: Readout, at: str) -> Edit:
        """Return the act that begins a journal: the sentences from key 1 on, and the known cast.

        Where somebody began to code the readout before, the sentences are those they began with,
        so that the work of all coders is about the same units.
        """
        return self._first_edit(readout, _original(self, readout), at)

    def journal(self, coder: str, readout_id: str, at: str) -> Journal:
        """Open a coder's work on a readout for writing, begun at `at` where it is new.

        Raises as `readout` and `Store.open` do.
        """
        readout = self.readout(readout_id)
        store = self.store()
        begun = store.holds(coder, readout_id)
        original = None if begun else _original(self, readout)
        return store.open(
            self._header(coder, readout, original),
            readout,
            lambda: self._first_edit(readout, original, at),
        )

    def reopened(self, coder: str, readout_id: str) -> Journal:
        """Open again for writing what was open before; nothing is begun.

        Raises StorageError where the journal is gone, else as `journal` does.
        """
        readout = self.readout(readout_id)
        header = self._header(coder, readout, None)
        return self.store().open(header, readout, partial(_gone, coder, readout_id))

    def event_tellings(self, event_id: str) -> list[str]:
        """Return the ids of the readouts that tell an event, sorted.

        A readout whose metadata cannot be read tells nothing here; to open it says why.
        """
        return [
            readout_id for readout_id in self.readout_ids() if _tells(self, readout_id, event_id)
        ]

    def _header(self, coder: str, readout: Readout, original: _Original | None) -> Header:
        from annotator.segment import SEGMENTER
        from annotator.store import Header

        return Header(
            readout=readout.id,
            by=coder,
            source=readout.sha256,
            text=readout.text_sha256,
            segmenter=original.segmenter if original else SEGMENTER,
            codebook=self.codebook.stamp,
            sample=coder == SAMPLE_CODER,
        )

    def _first_edit(self, readout: Readout, original: _Original | None, at: str) -> Edit:
        sentences = _uncoded(original) if original else self.segment(readout)
        if not sentences:
            raise _no_words(readout.id)
        documents: dict[int, Document] = {CAST: readout.cast, **dict(enumerate(sentences, 1))}
        changes = (
            Change(key=key, before=None, after=document) for key, document in documents.items()
        )
        return Edit(act="import", at=at, what="import", changes=tuple(changes))


def _stamp(path: Path) -> tuple[int, int, int]:
    """Return by what a file is known to be another one than before; zeros where it is not there."""
    try:
        found = path.stat()
    except OSError:  # To read it says what is wrong with it.
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino


def _no_words(readout_id: str) -> InputError:
    return InputError(
        f"The readout {readout_id} has no words to code.",
        "Put its text into the file, or take the file out of seeds.",
    )


def _gone(coder: str, readout_id: str) -> Edit:
    raise StorageError(
        f"The file of {coder}'s coding of {readout_id} is gone.",
        "Put it back; what is not saved waits here.",
    )


@dataclass(frozen=True)
class _Original:
    """How, and at what time, somebody began to code a text."""

    at: str
    segmenter: str
    coding: Coding


def _original(project: Project, readout: Readout) -> _Original | None:
    """Return how the first who coded this text began, None where nobody did."""
    originals = (
        original
        for store in (project.samples(), project.store())
        for coder in store.coders()
        if (original := _begun(store, coder, readout))
    )
    return min(originals, key=lambda original: original.at, default=None)


def _begun(store: Store, coder: str, readout: Readout) -> _Original | None:
    """Return how a coder began to code a text, None for whoever did not."""
    try:
        snapshot = store.read(coder, readout.id)
        if snapshot is None or snapshot.header.text != readout.text_sha256:
            return None
        place, coding = _beginning(snapshot)
        return _Original(snapshot.history[place].at, snapshot.header.segmenter, coding)
    except AnnotatorError:  # It is for its coder to mend, and no reason not to code.
        return None


def _beginning(snapshot: Snapshot) -> tuple[int, Coding]:
    """Return the act with which the coding of the present text began, and the state after it."""
    if snapshot.header.earlier:
        return begun(snapshot.history)
    # To read a whole history takes its time, and there is only one text here.
    return 0, snapshot.history[0].apply(Coding())


def _uncoded(original: _Original) -> tuple[Sentence, ...]:
    """Return the sentences that somebody began with."""
    return tuple(
        Sentence(start=sentence.start, end=sentence.end, role=sentence.role, text=sentence.text)
        for _, sentence in original.coding.sentences()
    )


def _checked(readout_id: str) -> str:
    if not _READOUT_ID.fullmatch(readout_id):
        raise InputError(f"“{printable(readout_id)}” cannot be the id of a readout.")
    return readout_id


def _text_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the ids of a project's readouts and the names of their files."""
    if not os.path.lexists(folder):
        return
    with refusals(folder, "read"), os.scandir(folder) as entries:
        for entry in entries:
            named = _TEXT_FILE.fullmatch(entry.name)
            if named and _is_file(entry):
                yield named[1], entry.name


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # A symbolic link that leads to itself.
        return False


def _text_file(seeds: Path, readout_id: str) -> Path:
    names = [f"{_checked(readout_id)}{ending}" for ending in TEXT_ENDINGS]
    found = [name for name in names if os.path.lexists(seeds / name)]
    if len(found) > 1:
        raise _two_files(*found)
    if not found:
        raise InputError(f"There is no readout “{readout_id}” in the project.")
    return seeds / found[0]


def _tells(project: Project, readout_id: str, event_id: str) -> bool:
    try:
        raw = files.read_bytes(project.metadata_file(readout_id))
        # To look for the words is many times faster than to parse; an escape may hide them.
        if event_id.encode() not in raw and b"\\" not in raw:
            return False
        return project.metadata(readout_id).event.id == event_id
    except AnnotatorError:
        return False


def _two_files(one: str, other: str) -> InputError:
    first, second = sorted((one, other))
    return InputError(
        f"The files {first} and {second} among the readouts have one id.", "Rename one of them."
    )

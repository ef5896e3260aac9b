"""A project: a folder of readouts, their codebook, and the work of its coders.

Opening one reads its settings and nothing else; everything is read when it is asked for. The
library, which is shown first, knows no codebook and no coding: what is about these is imported by
what needs it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import files
from annotator.config import (
    CODEBOOK_FILE,
    SETTINGS_FILE,
    Paths,
    Settings,
    find_root,
    read_settings,
)
from annotator.errors import AnnotatorError, InputError
from annotator.files import printable, refusals
from annotator.formats.metadata import read_metadata
from annotator.formats.registry import TEXT_ENDINGS
from annotator.model.readout import READOUT_ID, Metadata, Readout
from annotator.resources import shipped

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook
    from annotator.model.edit import Edit
    from annotator.model.sentence import Sentence
    from annotator.store import Header, Journal, Store

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
        from annotator.formats.codebook import read_codebook
        from annotator.pipeline.labelkeys import with_keys

        path = self.codebook_file
        self._codebook_read = _stamp(path)
        return with_keys(read_codebook(path), self.settings.labels, self._place_of_label)

    def _place_of_label(self, name: str) -> str:
        from annotator.tomlfile import key_lines  # Only what is wrong needs it.

        source = files.read_bytes(self.root / SETTINGS_FILE).decode("utf-8-sig")
        return f"{SETTINGS_FILE}, line {key_lines(source).line(('labels', name))}"

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
        from annotator.model.sentence import Sentence
        from annotator.segment import segment

        return tuple(
            Sentence(start=start, end=end, role=role, text=readout.text[start:end])
            for start, end, role in segment(
                readout.text, extra_abbreviations=self.settings.extra_abbreviations
            )
        )

    def header(self, coder: str, readout: Readout) -> Header:
        """Return what a new journal of a coder for a readout says of itself."""
        from annotator.pipeline import beginning

        return beginning.header(self, coder, readout, beginning.original(self, readout))

    def first_edit(self, readout: Readout, at: str) -> Edit:
        """Return the act that begins a journal: the sentences from key 1 on, and the known cast.

        Where somebody began to code the readout before, the sentences are those they began with,
        so that the work of all coders is about the same units.
        """
        from annotator.pipeline import beginning

        return beginning.first_edit(self, readout, beginning.original(self, readout), at)

    def journal(self, coder: str, readout_id: str, at: str) -> Journal:
        """Open a coder's work on a readout for writing, begun at `at` where it is new.

        Raises as `readout` and `Store.open` do.
        """
        from annotator.pipeline import beginning

        readout = self.readout(readout_id)
        store = self.store()
        begun = store.holds(coder, readout_id)
        original = None if begun else beginning.original(self, readout)
        return store.open(
            beginning.header(self, coder, readout, original),
            readout,
            lambda: beginning.first_edit(self, readout, original, at),
        )

    def reopened(self, coder: str, readout_id: str) -> Journal:
        """Open again for writing what was open before; nothing is begun.

        Raises StorageError where the journal is gone, else as `journal` does.
        """
        from annotator.pipeline import beginning

        readout = self.readout(readout_id)
        header = beginning.header(self, coder, readout, None)
        return self.store().open(header, readout, partial(beginning.gone, coder, readout_id))

    def event_tellings(self, event_id: str) -> list[str]:
        """Return the ids of the readouts that tell an event, sorted.

        A readout whose metadata cannot be read tells nothing here; to open it says why.
        """
        return [
            readout_id for readout_id in self.readout_ids() if _tells(self, readout_id, event_id)
        ]


def _stamp(path: Path) -> tuple[int, int, int]:
    """Return by what a file is known to be another one than before; zeros where it is not there."""
    try:
        found = path.stat()
    except OSError:  # To read it says what is wrong with it.
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino


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

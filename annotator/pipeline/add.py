"""Files from outside become readouts of a project.

The bytes of a text are kept as they are. The text of any other format is kept as it was taken,
with the name and the checksum of its file. What is bad is named and left out, the rest is added.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotator import files
from annotator.errors import AnnotatorError, Busy, InputError, StorageError
from annotator.files import printable, refusals, safe_name, sha256
from annotator.formats.dialect import Dialect
from annotator.formats.guessing import likely, require_readouts
from annotator.formats.incoming import Incoming
from annotator.formats.metadata import merged, metadata_toml
from annotator.formats.registry import ENDINGS, METADATA_ENDING, TEXT_ENDINGS, reader
from annotator.formats.texts import texts
from annotator.model.readout import Metadata
from annotator.pipeline.placing import Texts
from annotator.tomlfile import parse_toml

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Progress = Callable[[int, int, str], None]
"""Called with how many files are read, of how many, and the name of the last, ready to be shown."""

Refused = tuple[str, str]
"""The name of a file and what is wrong with it, both ready to be shown."""

_BATCH: Final = 128
_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")


@dataclass(frozen=True)
class Added:
    """A readout that was added; `source` is its file, or its place there, ready to be shown.

    `other_name` says that the name it wished for could not be its id, `note` what of the file is
    not in its text.
    """

    id: str
    source: str
    other_name: bool = False
    note: str = ""


@dataclass(frozen=True)
class AddReport:
    """What became of the files.

    `known` holds files whose text the project has, each with the id of that readout, `standing`
    texts of datasets that stand in one; `refused` what was bad, with the reason. `ignored` counts
    the files of folders by an ending that nobody reads. All of it is ready to be shown.
    """

    added: tuple[Added, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    refused: tuple[Refused, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)
    standing: tuple[tuple[str, str], ...] = ()

    def summary(self, *, most: int = 20) -> list[str]:
        """Return what became of the files as lines, at most `most` of each kind."""
        renamed = [f"{one.source} is “{one.id}” here." for one in self.added if one.other_name]
        renamed += [f"{one.id}: {one.note}." for one in self.added if one.note]
        known = [f"{source} is there already, as “{one}”." for source, one in self.known]
        known += [f"{name} stands in “{one}” already." for name, one in self.standing]
        refused = [reason for _, reason in self.refused]
        endings = [f"{ending or 'no ending'} ({n})" for ending, n in sorted(self.ignored.items())]
        lines = _section(len(self.added), "readout was added", "readouts were added", renamed, most)
        if known:
            lines += _section(len(known), "was skipped", "were skipped", known, most)
        if refused:
            no = "could not be added"
            # Each of these is work for somebody, so none is left out.
            lines += _section(len(refused), no, no, refused, len(refused))
        if endings:
            lines.append(f"Files of other kinds were passed over: {', '.join(endings)}.")
        return lines


def _section(count: int, one: str, many: str, lines: Sequence[str], most: int) -> list[str]:
    rest = [f"… and {len(lines) - most:,} more."] if len(lines) > most else []
    head = f"{count:,} {one if count == 1 else many}{':' if lines else '.'}"
    return [head, *(f"  {line}" for line in (*lines[:most], *rest))]


def add(
    project: Project,
    paths: Iterable[Path],
    *,
    encoding: str | None = None,
    form: Dialect | None = None,
    progress: Progress | None = None,
) -> AddReport:
    """Add files, and the files in folders, as readouts, and say what became of each.

    A file beside it with the same name and the ending `.toml` is its metadata. `encoding` is for
    files that have no byte-order mark. With a `form` of a dataset, each path is a file or
    folder in it, whose texts are taken.

    Raises InputError where there is no such encoding, Busy while another process adds readouts,
    StorageError where the project cannot be written to; what was added before then is complete.
    """
    if encoding is not None:
        files.text_codec(encoding)
    found = _Search(project)
    for path in paths:
        if form is None:
            found.look_at(path)
        else:
            found.files.append(path)
    refused = list(found.refused)
    with _exclusively(project.paths.seeds):
        desk = _Desk(project.paths.seeds, Texts(project) if form else None)
        try:
            for count, path in enumerate(found.files, start=1):
                refused += desk.take(path, _items(path, encoding, form))
                if progress:
                    progress(count, len(found.files), printable(str(path)))
            desk.put_in_place()
        finally:
            desk.clear()
    known, standing = tuple(desk.known), tuple(desk.standing)
    return AddReport(tuple(desk.added), known, tuple(refused), dict(found.ignored), standing)


@contextmanager
def _exclusively(seeds: Path) -> Iterator[None]:
    """Keep others from adding at the same time, and sweep what a killed process left."""
    with refusals(seeds, "written"):
        seeds.mkdir(exist_ok=True)
        descriptor = os.open(seeds, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with refusals(seeds, "written"):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(
                    "Another process is adding readouts to this project.", "Wait until it is done."
                ) from error
            for entry in os.scandir(descriptor):
                if _TEMPORARY.fullmatch(entry.name):
                    os.unlink(entry.name, dir_fd=descriptor)
        yield
    finally:
        os.close(descriptor)


class _Search:
    """Collects files in a fixed order, each folder once, whatever the symbolic links say."""

    def __init__(self, project: Project) -> None:
        self.files: list[Path] = []
        self.refused: list[Refused] = []
        self.ignored: Counter[str] = Counter()
        places = project.paths
        own = (places.seeds, places.schemas, places.tags, places.exports, places.cache)
        self._own = {_identity(folder) for folder in own if _is_folder(folder)}
        self._seen = set(self._own)

    def look_at(self, path: Path) -> None:
        """Take a file or folder that was named."""
        shown = printable(str(path))
        if not os.path.lexists(path):
            self._refuse(path, InputError(f"There is no file {shown}."))
        elif not _is_folder(path):
            self._take_named(path, shown)
        elif _identity(path) in self._own:
            self._refuse(path, InputError(f"{shown} is a part of the project itself."))
        else:
            self._walk(path)

    def _take_named(self, path: Path, shown: str) -> None:
        if reader(path) is None:
            said = f"{shown} has none of the endings {', '.join(ENDINGS)}."
            plain = InputError(said, "Save it as plain text and add that file.")
            self._refuse(path, likely(path) or plain)
        else:
            self.files.append(path)

    def _walk(self, folder: Path) -> None:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                with refusals(here, "read"):
                    identity = _identity(here)
                    visible = sorted(e for e in here.iterdir() if not e.name.startswith("."))
            except StorageError as error:
                self._refuse(here, error)
                continue
            if identity not in self._seen:
                self._seen.add(identity)
                waiting += reversed([entry for entry in visible if self._is_folder_or_taken(entry)])

    def _is_folder_or_taken(self, entry: Path) -> bool:
        if _is_folder(entry):
            return True
        if reader(entry) is not None:
            self.files.append(entry)
        elif entry.suffix.lower() != METADATA_ENDING:
            self.ignored[printable(entry.suffix.lower())] += 1
        return False

    def _refuse(self, path: Path, error: AnnotatorError) -> None:
        self.refused.append((printable(str(path)), str(error)))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # What lies in a closed folder is refused when it is read.
        return False


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


@dataclass(frozen=True)
class _Sidecar:
    """The metadata file beside a file from outside."""

    raw: bytes
    metadata: Metadata

    @classmethod
    def of(cls, path: Path) -> _Sidecar | None:
        beside = path.with_suffix(METADATA_ENDING)
        if not os.path.lexists(beside):
            return None
        raw = files.read_bytes(beside)
        return cls(raw, parse_toml(raw, Metadata, name=str(beside)))


@dataclass(frozen=True)
class _Staged:
    """A readout that is written under temporary names."""

    added: Added
    text: Path
    metadata: Path | None


class _Desk:
    """Where readouts wait to be put in place, a batch at a time.

    Whatever is in place is complete and on disk; `clear` removes the rest.
    """

    def __init__(self, seeds: Path, texts: Texts | None) -> None:
        self.added: list[Added] = []
        self.known: list[tuple[str, str]] = []
        self.standing: list[tuple[str, str]] = []
        self._texts_before = texts
        self._seeds = seeds
        self._batch: list[_Staged] = []
        self._temporary: list[Path] = []
        self._ids: dict[str, str] = {}
        self._by_size: dict[int, list[Path]] = {}
        self._texts: set[str] = set()
        self._described: set[str] = set()
        with refusals(seeds, "read"), os.scandir(seeds) as entries:
            for entry in entries:
                self._notice(Path(entry.path), entry)

    def _notice(self, path: Path, entry: os.DirEntry[str]) -> None:
        if path.suffix == METADATA_ENDING:
            self._described.add(path.stem.casefold())
        elif path.suffix in TEXT_ENDINGS:
            self._texts.add(path.stem.casefold())
            size = entry.stat(follow_symlinks=False).st_size
            self._by_size.setdefault(size, []).append(path)

    def take(
        self, path: Path, items: Iterable[tuple[Incoming, _Sidecar | None] | AnnotatorError]
    ) -> list[Refused]:
        """Take the readouts of a file; return what was bad about it."""
        refused = []
        for item in items:
            if isinstance(item, AnnotatorError):
                refused.append((printable(str(path)), str(item)))
            else:
                self._stage(*item, item[0].place or printable(str(path)))
        return refused

    def _stage(self, incoming: Incoming, sidecar: _Sidecar | None, source: str) -> None:
        raw = incoming.text.encode() if incoming.raw is None else incoming.raw
        digest = sha256(raw)
        if known := self._known_as(digest, len(raw)):
            self.known.append((source, known))
            return
        if self._texts_before:
            there = self._texts_before.holding(incoming)
            if there:
                self.standing.append((printable(incoming.name), there))
                return
        readout_id, metadata = self._named(incoming, sidecar, digest)
        self._ids[digest] = readout_id
        self._texts.add(readout_id.casefold())
        renamed = readout_id != incoming.name
        added = Added(readout_id, source, other_name=renamed, note=incoming.note)
        described = None if metadata is None else self._write(metadata)
        self._batch.append(_Staged(added, self._write(raw), described))
        if len(self._batch) >= _BATCH:
            self.put_in_place()

    def _known_as(self, digest: str, size: int) -> str | None:
        # Only a text of the same size can be the same.
        for path in self._by_size.pop(size, ()):
            with suppress(AnnotatorError):
                self._ids.setdefault(sha256(files.read_bytes(path)), path.stem)
        return self._ids.get(digest)

    def _named(
        self, incoming: Incoming, sidecar: _Sidecar | None, digest: str
    ) -> tuple[str, bytes | None]:
        """Return an id that is free, and the metadata to write for it."""
        wished = safe_name(incoming.name)
        others = (f"{wished[: 99 - size]}-{digest[:size]}" for size in range(8, 64))
        for readout_id in (wished, *others):
            metadata = _metadata(incoming, sidecar, readout_id)
            if self._is_free(readout_id, metadata):
                return readout_id, metadata
        raise InputError(f"There is no free name for {printable(incoming.name)}.")

    def _is_free(self, readout_id: str, metadata: bytes | None) -> bool:
        name = readout_id.casefold()
        if name in self._texts:
            return False
        if name not in self._described:
            return True
        # A killed process may have put the metadata in place, and not the text.
        path = self._seeds / f"{readout_id}{METADATA_ENDING}"
        return path.is_file() and files.read_bytes(path) == metadata

    def _write(self, data: bytes) -> Path:
        with refusals(self._seeds, "written"):
            self._temporary.append(files.stage(self._seeds, data))
        return self._temporary[-1]

    def put_in_place(self) -> None:
        """Bring what was taken to disk and give it its names."""
        with refusals(self._seeds, "written"):
            files.sync(self._temporary)
            for one in self._batch:
                self._place(one)
                self.added.append(one.added)
            files.sync_folder(self._seeds)
        self._batch.clear()
        self.clear()

    def _place(self, one: _Staged) -> None:
        # The text comes last: it is what makes a readout.
        metadata = self._seeds / f"{one.added.id}{METADATA_ENDING}"
        if one.metadata and not metadata.exists():
            files.place(one.metadata, metadata, exclusive=True)
        try:
            files.place(one.text, self._seeds / f"{one.added.id}.txt", exclusive=True)
        except OSError:
            if one.metadata:
                metadata.unlink(missing_ok=True)
            raise

    def clear(self) -> None:
        """Remove what was taken and is not in place."""
        with refusals(self._seeds, "written"):
            while self._temporary:
                self._temporary[-1].unlink(missing_ok=True)
                self._temporary.pop()


def _items(
    path: Path, encoding: str | None, form: Dialect | None
) -> Iterator[tuple[Incoming, _Sidecar | None] | AnnotatorError]:
    """Yield the readouts of a file, and what is wrong with it or with parts of it."""
    try:
        if form is not None:
            for one in texts(form, path):
                yield (one, None) if isinstance(one, Incoming) else one
            return
        read = reader(path)
        assert read is not None  # noqa: S101 - the search takes no others
        require_readouts(path)
        sidecar = _Sidecar.of(path)
        for item in read(path, encoding or (sidecar.metadata.encoding if sidecar else None)):
            yield (item, sidecar) if isinstance(item, Incoming) else item
    except (InputError, StorageError) as error:
        yield error


def _metadata(incoming: Incoming, sidecar: _Sidecar | None, readout_id: str) -> bytes | None:
    """Return the metadata file of a readout, None where there is nothing to say."""
    beside = sidecar.metadata if sidecar else Metadata()
    said = merged(
        Metadata(title=incoming.title) if incoming.title else Metadata(),
        beside,
        Metadata(source_file=printable(incoming.name))
        if readout_id != incoming.name and not incoming.place
        else Metadata(),
        incoming.metadata,
        Metadata(encoding=incoming.encoding),
    )
    if said == beside:
        return sidecar.raw if sidecar else None
    return metadata_toml(said)

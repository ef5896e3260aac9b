"""From the store to a dataset: a folder of JSON Lines with its labels, its card and its checksums.

Rows are written as they are made, one readout after the other, so that memory does not grow with
the project. The folder is built beside its place and moved there when it is complete.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from annotator import __version__
from annotator.errors import Busy, InputError, NothingToDo
from annotator.files import printable, read_bytes, refusals, safe_name, sync, sync_folder
from annotator.formats import jsonl_out
from annotator.formats.jsonl_out import (
    ATTRIBUTIONS,
    CARD,
    CHECKSUMS,
    COMMITMENTS,
    DOCUMENTS,
    LABELS,
    ROW_FILES,
    SENTENCES,
)
from annotator.formats.rows import Decided, decided, document_row
from annotator.formats.work import Work, lost_references
from annotator.model.base import Value
from annotator.model.text import State
from annotator.store.base import Snapshot, Store
from annotator.store.rules import require_bytes

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Progress = Callable[[int, int, str], None]
"""Called with how many readouts are done, of how many, and the id of the last."""

FORMATS: Final = ("jsonl",)
"""The forms in which a dataset can be written."""

STATES: Final[tuple[State, ...]] = ("done", "unsure", "skipped")
"""The states of a sentence that a coder has given, in the order of the datasets' cards."""


@dataclass(frozen=True)
class ExportReport:
    """What was written, and what could not be.

    `rows` holds the number of rows by file name. `emptied` counts references to marks that have no
    row in this export, `unplaced` marks that have none as their place in the text is not known.
    """

    folder: Path
    rows: dict[str, int]
    readouts: int
    coders: tuple[str, ...]
    emptied: int
    unplaced: int


@dataclass(frozen=True)
class Selection:
    """What of a project becomes a dataset.

    None takes every coder or every layer. The samples that came with the program are left out
    unless `samples` says otherwise or their coder is named.
    """

    coders: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None
    states: tuple[State, ...] = ("done",)
    samples: bool = False


def export(
    project: Project,
    selection: Selection | None = None,
    *,
    name: str | None = None,
    output: Path | None = None,
    format_name: str = "jsonl",
    force: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Write the coded sentences of a project as a dataset, and say what was written.

    The dataset is the folder `output`, or `name` among the project's exports. The default name is
    refreshed in place; any other folder that is there already needs `force`, and one that holds
    anything but an export is never replaced.

    Raises NothingToDo where no sentence is selected, InputError where a mark does not fit the
    codebook or the text, StorageError where the file system refuses, Busy where another export is
    being written beside this one. Nothing is left behind then, and an older export stays.
    """
    chosen = selection or Selection()
    book = project.codebook
    if format_name not in FORMATS:
        raise InputError(
            f"There is no export format “{printable(format_name)}”.",
            f"Choose {' or '.join(FORMATS)}.",
        )
    layers = _known_layers(project, chosen.layers)
    states = tuple(state for state in STATES if state in chosen.states)
    target = _target(project, name, output)
    replace = force or (name is None and output is None)
    _require_replaceable(target, replace=replace)
    journals = _journals(project, chosen)
    tally = _Tally()
    with _Draft(target) as draft:
        for done, (readout_id, sources) in enumerate(sorted(journals.items()), start=1):
            _write_readout(draft, list(_works(project, readout_id, sources, states, layers)), tally)
            if progress:
                progress(done, len(journals), readout_id)
        if not tally.rows[SENTENCES]:
            raise _nothing(chosen, states)
        wanted = [layer for layer in book.layers if layers is None or layer.id in layers]
        draft.write(LABELS, jsonl_out.labels(book, wanted))
        contents = tally.contents(project, [layer.id for layer in wanted], states)
        draft.write(CARD, jsonl_out.card(contents))
        _require_replaceable(target, replace=replace)
        draft.put_in_place()
    rows, coders = {file: tally.rows[file] for file in ROW_FILES}, tuple(sorted(tally.coders))
    return ExportReport(target, rows, len(tally.readouts), coders, tally.emptied, tally.unplaced)


def _known_layers(project: Project, layers: tuple[str, ...] | None) -> frozenset[str] | None:
    for layer in layers or ():
        if project.codebook.layer(layer) is None:
            known = ", ".join(layer.id for layer in project.codebook.layers)
            raise InputError(
                f"The codebook {project.codebook.stamp} has no layer “{printable(layer)}”.",
                f"Its layers are {known}.",
            )
    return frozenset(layers) if layers else None


def _target(project: Project, name: str | None, output: Path | None) -> Path:
    book = project.codebook
    if output is not None:
        with refusals(output, "written"):
            return output.parent.resolve() / output.name if output.name else output.resolve()
    chosen = name or f"{book.name}-{book.version}"
    if safe_name(chosen) != chosen:
        raise InputError(
            f"“{printable(chosen)}” cannot be the name of an export: it takes up to 100 letters,"
            " digits, dots, underscores and hyphens of ASCII, a letter or digit first.",
            "Name a folder elsewhere with -o.",
        )
    return project.paths.exports.resolve() / chosen


def _require_replaceable(target: Path, *, replace: bool) -> None:
    shown = printable(str(target))
    elsewhere = "Choose another name, or another folder with -o."
    with refusals(target, "read"):
        if not os.path.lexists(target):
            return
        if target.is_symlink() or not target.is_dir():
            raise InputError(f"{shown} is there already, and is no folder.", elsewhere)
        names = {entry.name for entry in target.iterdir()}
    if not names:
        return
    sums = read_bytes(target / CHECKSUMS) if CHECKSUMS in names else b""
    listed = jsonl_out.read_checksums(sums)
    foreign = sorted(names - {CHECKSUMS, *listed} if listed else names)
    if foreign:
        raise InputError(
            f"{shown} holds “{printable(foreign[0])}”, which no export wrote.", elsewhere
        )
    if not replace:
        raise InputError(f"There is an export {shown} already.", "Replace it with --force.")


_Sources = list[tuple[Store, str]]


def _journals(project: Project, chosen: Selection) -> dict[str, _Sources]:
    """Return the coders of every readout, each with the store that holds their work."""
    own, samples = project.store(), project.samples()
    coders = dict.fromkeys(own.coders(), own)
    known_samples = dict.fromkeys(samples.coders(), samples)
    known = {**coders, **known_samples}
    for coder in chosen.coders or ():
        if coder not in known:
            raise NothingToDo(
                f"“{printable(coder)}” has coded nothing in this project.",
                f"Those who have: {', '.join(sorted(known))}." if known else "",
            )
    wanted = {
        coder: store
        for coder, store in known.items()
        if (chosen.coders is None and coder in coders)
        or coder in (chosen.coders or ())
        or (chosen.samples and coder in known_samples)
    }
    journals: dict[str, _Sources] = {}
    for coder, store in sorted(wanted.items()):
        for readout_id in store.coded(coder):
            journals.setdefault(readout_id, []).append((store, coder))
    return journals


def _works(
    project: Project,
    readout_id: str,
    sources: _Sources,
    states: tuple[State, ...],
    layers: frozenset[str] | None,
) -> Iterator[Work]:
    snapshots = [
        snapshot
        for store, coder in sources
        if (snapshot := store.read(coder, readout_id)) and _has_any(snapshot, states)
    ]
    if not snapshots:
        return
    readout = project.readout(readout_id)
    for snapshot in snapshots:
        require_bytes(snapshot.header, readout)
        yield Work(
            readout, snapshot.header, snapshot.coding, project.codebook, frozenset(states), layers
        )


def _has_any(snapshot: Snapshot, states: tuple[State, ...]) -> bool:
    return any(sentence.state in states for _, sentence in snapshot.coding.sentences())


def _write_readout(draft: _Draft, works: list[Work], tally: _Tally) -> None:
    batch: list[Decided] = []
    for work in works:
        rows = list(decided(work))
        tally.add(work, rows)
        batch.extend(rows)
        draft.write(DOCUMENTS, jsonl_out.dumps(document_row(work)))
    batch.sort(key=lambda row: (row.start, row.sentence.coder))
    draft.write(SENTENCES, _lines(row.sentence for row in batch))
    draft.write(ATTRIBUTIONS, _lines(row for one in batch for row in one.attributions))
    draft.write(COMMITMENTS, _lines(row for one in batch for row in one.commitments))


def _lines(rows: Iterable[Value]) -> bytes:
    return b"".join(jsonl_out.dumps(row) for row in rows)


def _nothing(chosen: Selection, states: tuple[State, ...]) -> NothingToDo:
    whose = f" of {printable(', '.join(chosen.coders))}" if chosen.coders else ""
    return NothingToDo(
        f"There is nothing to export: no sentence{whose} is {' or '.join(states)}.",
        "Open a readout with “annotator” and press Enter on a sentence that is coded.",
    )


@dataclass
class _Tally:
    rows: Counter[str] = field(default_factory=Counter)
    given: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    coders: set[str] = field(default_factory=set)
    readouts: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    licences: set[str] = field(default_factory=set)
    emptied: int = 0
    unplaced: int = 0
    bare: int = 0
    samples: int = 0

    def add(self, work: Work, rows: Sequence[Decided]) -> None:
        metadata = work.readout.metadata
        self.coders.add(work.coder)
        self.readouts.add(work.readout.id)
        self.languages.update(filter(None, [metadata.language]))
        self.licences.update(filter(None, [metadata.licence]))
        self.rows[DOCUMENTS] += 1
        for row in rows:
            self.rows[SENTENCES] += 1
            self.rows[ATTRIBUTIONS] += len(row.attributions)
            self.rows[COMMITMENTS] += len(row.commitments)
            self.bare += not any(not mark.rejected for mark in row.sentence.marks)
            self.samples += row.sentence.sample
            for mark in row.sentence.marks:
                counter = self.rejected if mark.rejected else self.given
                counter[mark.layer, mark.label, work.coder] += 1
        for _, sentence in work.chosen:
            for coded in sentence.marks:
                if coded.slots and work.includes(coded.layer) and not coded.rejected:
                    self.emptied += lost_references(work, coded)
        waiting = (mark for _, sentence in work.sentences for mark in sentence.unplaced)
        self.unplaced += sum(work.includes(mark.layer) for mark in waiting)

    def contents(
        self, project: Project, layers: Sequence[str], states: Sequence[State]
    ) -> jsonl_out.Contents:
        return jsonl_out.Contents(
            book=project.codebook,
            version=__version__,
            layers=layers,
            states=states,
            coders=sorted(self.coders),
            languages=sorted(self.languages),
            licences=sorted(self.licences),
            rows=self.rows,
            readouts=len(self.readouts),
            bare=self.bare,
            samples=self.samples,
            given=self.given,
            rejected=self.rejected,
            emptied=self.emptied,
        )


class _Draft:
    """A dataset on its way: a hidden folder beside its place, made with the first write.

    Leaving the context before `put_in_place` leaves nothing behind. The folder around it is locked
    meanwhile, so what a killed export left can be told from one that is being written.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._folder = target.with_name(f".{target.name}.new")
        self._old = target.with_name(f".{target.name}.old")
        self._files: dict[str, BinaryIO] = {}
        self._digests = {file: hashlib.sha256() for file in (*ROW_FILES, LABELS, CARD)}
        self._lock = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._files.values():
            # What a full disk refused once, it refuses again; the error is on its way already.
            with suppress(OSError):
                opened.close()
        if self._files:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._lock.close()

    def write(self, file: str, data: bytes) -> None:
        """Append to a file of the dataset; raises StorageError and Busy."""
        if not data:
            return
        with refusals(self._target, "written"):
            if not self._files:
                self._begin()
            self._files[file].write(data)
        self._digests[file].update(data)

    def _begin(self) -> None:
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._lock.enter_context(_only_writer(self._target.parent))
        self._clear_away()
        self._folder.mkdir()
        for file in self._digests:
            self._files[file] = (self._folder / file).open("xb", buffering=1 << 18)

    def _clear_away(self) -> None:
        """Finish or take back what an export that was killed had begun."""
        if self._old.exists():
            if self._target.exists():
                shutil.rmtree(self._old)
            else:
                self._old.rename(self._target)
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def put_in_place(self) -> None:
        """Bring the dataset to disk and move it to its place; raises StorageError."""
        digests = {file: digest.hexdigest() for file, digest in self._digests.items()}
        with refusals(self._target, "written"):
            for opened in self._files.values():
                opened.close()
            (self._folder / CHECKSUMS).write_bytes(jsonl_out.checksums(digests))
            sync([self._folder / file for file in (*digests, CHECKSUMS)])
            sync_folder(self._folder)
            self._swap()
            sync_folder(self._target.parent)
        shutil.rmtree(self._old, ignore_errors=True)

    def _swap(self) -> None:
        older = self._target.exists()
        if older:
            self._target.rename(self._old)
        try:
            self._folder.rename(self._target)
        except OSError:
            if older:
                self._old.rename(self._target)
            raise


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                f"Another export is being written in {printable(str(folder))}.",
                "Wait until it is done.",
            ) from error
        except OSError as error:
            # Some network file systems lock no folders; there, one export at a time is custom.
            if error.errno not in (errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EINVAL):
                raise
        yield
    finally:
        os.close(descriptor)

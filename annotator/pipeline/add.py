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
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotator import files
from annotator.errors import AnnotatorError, Busy, InputError
from annotator.files import printable, refusals, safe_name, sha256
from annotator.formats.incoming import Incoming
from annotator.formats.metadata import merged, metadata_toml
from annotator.formats.registry import ENDINGS, TEXT_ENDINGS, reader
from annotator.model.readout import Metadata
from annotator.tomlfile import parse_toml

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Progress = Callable[[int, int, str], None]
"""Called with how many files are read, of how many, and the name of the last, ready to be shown."""

_BATCH: Final = 128
_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")
_ENDINGS_SHOWN = ", ".join(ENDINGS)


@dataclass(frozen=True)
class Added:
    """A readout that was added; `source` is the name of its file, ready to be shown.

    `other_name` says that the name it wished for could not be its id.
    """

    id: str
    source: str
    other_name: bool = False


@dataclass(frozen=True)
class AddReport:
    """What became of the files.

    `known` holds files whose text the project has, each with the id of that readout; `refused`
    what was bad, with the reason. `ignored` counts the files of folders by an ending that nobody
    reads. All of it is ready to be shown.
    """

    added: tuple[Added, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)

    def summary(self, *, most: int = 20) -> list[str]:
        """Return what became of the files as lines, at most `most` of each kind."""
        renamed = [f"{one.source} is “{one.id}” here." for one in self.added if one.other_name]
        known = [f"{source} is there already, as “{one}”." for source, one in self.known]
        refused = [reason for _, reason in self.refused]
        endings = [f"{ending or 'no ending'} ({n})" for ending, n in sorted(self.ignored.items())]
        lines = [_counted(len(self.added), "readout was added", "readouts were added")]
        lines += _at_most(renamed, most)
        if known:
            lines.append(_counted(len(known), "was skipped", "were skipped"))
            lines += _at_most(known, most)
        if refused:
            lines.append(_counted(len(refused), "could not be added", "could not be added"))
            lines += _at_most(refused, most)
        if endings:
            lines.append(f"Files of other kinds were passed over: {', '.join(endings)}.")
        return lines


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}."


def _at_most(lines: Sequence[str], most: int) -> list[str]:
    rest = len(lines) - most
    return [f"  {line}" for line in lines[:most]] + ([f"  … and {rest:,} more."] if rest > 0 else [])


def add(
    project: Project,
    paths: Iterable[Path],
    *,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> AddReport:
    """Add files, and the files in folders, as readouts, and say what became of each.

    A file beside it with the same name and the ending `.toml` is its metadata. `encoding` is for
    files that have no byte-order mark.

    Raises InputError where there is no such encoding, Busy while another process adds readouts,
    StorageError where the project cannot be written to; what was added before then is complete.
    """
    if encoding is not None:
        files.text_codec(encoding)
    found = _Search(project)
    for path in paths:
        found.look_at(path)
    with _exclusively(project.paths.seeds):
        desk = _Desk(project.paths.seeds)
        try:
            for count, path in enumerate(found.files, start=1):
                _take(desk, path, encoding)
                if progress:
                    progress(count, len(found.files), printable(str(path)))
            desk.put_in_place()
        finally:
            desk.clear()
    return AddReport(
        added=tuple(desk.added),
        known=tuple(desk.known),
        refused=(*found.refused, *desk.refused),
        ignored=dict(found.ignored),
    )


class _Search:
    """Collects files in a fixed order, each folder once, whatever the symbolic links say."""

    def __init__(self, project: Project) -> None:
        self.files: list[Path] = []
        self.refused: list[tuple[str, str]] = []
        self.ignored: Counter[str] = Counter()
        places = project.paths
        own = (places.seeds, places.schemas, places.tags, places.exports, places.cache)
        self._own = {_identity(folder) for folder in own if folder.is_dir()}
        self._seen = set(self._own)

    def look_at(self, path: Path) -> None:
        """Take a file or folder that was named."""
        shown = printable(str(path))
        if not path.is_dir():
            if reader(path) is None and path.exists():
                self._refuse(shown, InputError(
                    f"{shown} has none of the endings {_ENDINGS_SHOWN}.",
                    "Save it as plain text in UTF-8 and add that file.",
                ))
            else:
                self.files.append(path)
        elif _identity(path) in self._own:
            self._refuse(shown, InputError(f"{shown} is a part of the project itself."))
        else:
            self._walk(path)

    def _walk(self, folder: Path) -> None:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                with refusals(here, "read"):
                    identity = _identity(here)
                    entries = sorted(here.iterdir())
            except AnnotatorError as error:
                self._refuse(printable(str(here)), error)
                continue
            if identity in self._seen:
                continue
            self._seen.add(identity)
            visible = [entry for entry in entries if not entry.name.startswith(".")]
            folders = [entry for entry in visible if entry.is_dir()]
            self._sort(entry for entry in visible if entry not in folders)
            waiting += reversed(folders)

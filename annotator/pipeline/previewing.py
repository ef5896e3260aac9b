"""How a dataset begins: its first readout alone, as the format writes it."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from annotator.formats.losses import Losses
from annotator.formats.output import About, Batch, Written
from annotator.formats.training import LOSSES as OF_TRAINING
from annotator.formats.training import Extras, Training, require
from annotator.formats.work import Work
from annotator.pipeline.exporting import FORMS, Choice, Form, Stop, Stopped
from annotator.pipeline.making import batch_of, report_waiting
from annotator.pipeline.selection import Chosen

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

_MOST_LINES: Final = 60
_LONGEST: Final = 8_000
"""Code points of a line that are shown at most."""
_KEPT: Final = 1 << 20
"""Bytes of a file that are kept to be shown."""


@dataclass(frozen=True)
class Preview:
    """How a dataset begins: the first readout that is in it.

    `lines` are the first ones of `file`, and `training` has those of the files for training; of
    those that are `no_text` they are the rows that they hold, as the reference writes them. `rows`
    holds the number of rows by file, `losses` what the format could not hold of this readout,
    `unseen` what it does not show of it.
    """

    readout: str
    coders: tuple[str, ...]
    file: str
    lines: tuple[str, ...]
    rows: dict[str, int]
    losses: dict[str, int]
    unseen: dict[str, int]
    training: dict[str, tuple[str, ...]] = field(default_factory=dict)
    no_text: tuple[str, ...] = ()


def preview(project: Project, choice: Choice, stop: Stop) -> Preview:
    """Write the first readout alone, by the writer of the format, and return how that begins.

    It has no split yet. Raises what `export` raises but for what it meets on the disk, and Stopped.
    """
    chosen, form = Chosen(project, choice.selection), choice.dialect
    require(choice.extras, [layer.id for layer in chosen.layers], words=form.words)
    works = _first(chosen, stop)
    about = About(project.codebook, chosen.layers, adjudicated=chosen.adjudicates)
    batch = batch_of(works)
    with TemporaryDirectory(prefix="annotator-") as folder:
        shown = _Shown(Path(folder), form)
        files, more = shown.written(batch, about, choice.extras)
        file = shown.named(files[0].file) if files else ""
        told = [file, *(one.file for one in more)]
        no_text = tuple(filter(shown.is_no_text, told))
        lines = {one: shown.lines(one) for one in told}
    if no_text:
        rows = _rows(batch, about, choice.extras)
        lines |= {one: found for one, found in zip(told, rows, strict=True) if one in no_text}
    return Preview(
        works[0].readout.id,
        tuple(work.coder for work in works),
        file,
        lines[file],
        {one.file: one.rows for one in (*files, *more)},
        dict(shown.losses.counts),
        dict(shown.losses.unseen),
        {one.file: lines[one.file] for one in more},
        no_text,
    )


def _first(chosen: Chosen, stop: Stop) -> list[Work]:
    for _, works in chosen.works():
        if stop():
            raise Stopped
        if works:
            return works
    raise chosen.nothing()


def _rows(batch: Batch, about: About, extras: Extras) -> list[tuple[str, ...]]:
    """Return the rows of the reference: those of its main file, and of each one for training."""
    with TemporaryDirectory(prefix="annotator-") as folder:
        shown = _Shown(Path(folder), FORMS[0])
        files, more = shown.written(batch, about, extras)
        return [shown.lines(one.file) for one in (*files[:1], *more)]


def _lines(raw: bytes) -> tuple[str, ...] | None:
    """Return how a text begins, None for none; what the end of `raw` cut in two is left out."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return None
    lines = text.removesuffix("\n").split("\n") if text else []
    return tuple(line[:_LONGEST] for line in lines[:_MOST_LINES])


class _Shown:
    """What a writer writes to: memory, and a folder for the files that a library makes."""

    def __init__(self, folder: Path, form: Form) -> None:
        self._folder, self._form = folder, form
        self.kept: dict[str, bytearray] = {}
        self.losses = Losses((*form.cannot, *OF_TRAINING), lambda line: None, form.unseen)

    def written(
        self, batch: Batch, about: About, extras: Extras
    ) -> tuple[Sequence[Written], Sequence[Written]]:
        """Write a readout, and return the files of rows, and those for training."""
        about = replace(about, variant=self._form.variant)
        writer = self._form.writer(self, about)
        training = Training(self, about, extras, self._form)
        writer.add(batch)
        training.add(batch)
        report_waiting(batch, self)
        return writer.finish(), training.finish()

    def write(self, file: str, data: bytes) -> None:
        kept = self.kept.setdefault(file, bytearray())
        kept += data[: max(0, _KEPT - len(kept))]

    def path(self, file: str) -> Path:
        place = self._folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def lost(self, what: str, where: str) -> None:
        self.losses.add(what, where)

    def is_no_text(self, file: str) -> bool:
        """Tell whether there is such a file, and it is none that can be shown."""
        if file in self.kept:
            return _lines(bytes(self.kept[file])) is None
        return bool(file) and (self._folder / file).exists()

    def lines(self, file: str) -> tuple[str, ...]:
        """Return how a file begins; nothing of one that is empty or no text."""
        return _lines(bytes(self.kept.get(file, b""))) or ()

    def named(self, pattern: str) -> str:
        """Return the first file that is meant where a format tells of one for each readout.

        Their name is a pattern, or the folder that they are in.
        """
        patterns = (pattern, f"{pattern}/*")
        meant = (file for file in self.kept if any(fnmatchcase(file, one) for one in patterns))
        return next(meant, pattern)

"""The suggestions that a project keeps: a file for each readout, which is written whole.

They are nobody's work and stand beside the codings, not in them. What a file proposes is compared
with the text and the codebook of now whenever it is read; what does not fit is kept, and not shown.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError, InputError
from annotator.files import printable, refusals, sync_folder, write_atomic
from annotator.formats import suggestions as form
from annotator.model.suggestion import Suggestion
from annotator.store.base import Finding
from annotator.store.rules import is_name

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook
    from annotator.model.readout import Readout
    from annotator.pipeline.project import Project


@dataclass(frozen=True)
class Kept:
    """What is kept for a readout.

    `fitting` are suggestions at their place in the text, with labels of the codebook. `lost` are
    those whose words the text has no more, or has at several places; `foreign` those whose label
    the codebook does not give, or not with such slots. `problems` name the lines that are none.
    """

    fitting: tuple[Suggestion, ...] = ()
    lost: tuple[Suggestion, ...] = ()
    foreign: tuple[Suggestion, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def notice(self) -> str:
        """What a coder is to know of it in one sentence, empty where there is nothing."""
        if not self.problems:
            return ""
        more = len(self.problems) - 1
        others = f" And {more} more of its lines: “annotator check” names them." if more else ""
        return f"{self.problems[0]}{others}"


def file_of(project: Project, readout_id: str) -> Path:
    """Return where the suggestions for a readout lie, or would."""
    return project.paths.suggestions / f"{readout_id}{form.SUFFIX}"


def kept(project: Project, readout: Readout) -> Kept:
    """Read what is suggested for a readout; nothing where there is no file.

    Raises InputError where the file is none or too large, StorageError where it is refused.
    """
    path = file_of(project, readout.id)
    if not os.path.lexists(path):
        return Kept()
    found, problems = [], []
    for one in form.read(path, project.paths.shown(path)):
        if isinstance(one, InputError):
            problems.append(str(one))
        else:
            found.append(one)
    return _sorted_out(found, readout, project.codebook, problems)


def _sorted_out(
    found: Iterable[Suggestion], readout: Readout, book: Codebook, problems: Iterable[str]
) -> Kept:
    fitting: dict[str, Suggestion] = {}
    lost: dict[str, Suggestion] = {}
    foreign: dict[str, Suggestion] = {}
    for one in found:
        placed = one.placed(readout.text, readout.text_sha256)
        current = placed.current(book) if placed else None
        if placed is None:
            lost[one.id] = one
        elif current is None:
            foreign[placed.id] = placed
        else:
            fitting[current.id] = current
    return Kept(
        tuple(fitting.values()), tuple(lost.values()), tuple(foreign.values()), tuple(problems)
    )


@dataclass(frozen=True)
class Added:
    """What new suggestions change: how many are `new`, and how many have another score now."""

    new: int = 0
    rescored: int = 0
    there: int = 0

    @property
    def changes(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.new or self.rescored)


def compared(before: Kept, new: Iterable[Suggestion]) -> Added:
    """Tell what suggestions would change in what is kept; each counts once."""
    known = {one.id: one for one in before.fitting}
    counts: Counter[str] = Counter()
    for name, one in {one.id: one for one in new}.items():
        old = known.get(name)
        counts["new" if old is None else "there" if old.score == one.score else "rescored"] += 1
    return Added(**counts)


def add(project: Project, readout: Readout, new: Iterable[Suggestion]) -> Added:
    """Keep suggestions beside those that are kept; one that is there gets its score of now.

    Raises InputError, and changes nothing, where lines of the file are none, as they would be lost
    with it; else as `kept` does.
    """
    before = kept(project, readout)
    _require_whole(project, readout.id, before)
    new = tuple(new)
    added = compared(before, new)
    if added.changes:
        after = {one.id: one for one in (*before.fitting, *new)}
        _write(project, readout.id, (*after.values(), *before.foreign, *before.lost))
    return added


def sources(project: Project) -> dict[str, Counter[str]]:
    """Return how many suggestions each source has for which readout.

    Raises as `kept` does.
    """
    found: dict[str, Counter[str]] = {}
    for readout_id in readouts(project):
        for one in _read_whole(project, readout_id):
            found.setdefault(one.source, Counter())[readout_id] += 1
    return found


def drop(project: Project, readout_id: str, source: str) -> int:
    """Take away what a source suggests for a readout; return how many suggestions that were.

    Raises as `add` does.
    """
    before = _read_whole(project, readout_id)
    after = [one for one in before if one.source != source]
    if len(after) != len(before):
        _write(project, readout_id, after)
    return len(before) - len(after)


def readouts(project: Project) -> list[str]:
    """Return the readouts for which a file of suggestions lies there, sorted."""
    folder = project.paths.suggestions
    with refusals(folder, "read"):
        try:
            names = os.listdir(folder)  # noqa: PTH208 - names are all
        except (FileNotFoundError, NotADirectoryError):
            return []
    stems = (name.removesuffix(form.SUFFIX) for name in names if name.endswith(form.SUFFIX))
    return sorted(filter(is_name, stems))


def _read_whole(project: Project, readout_id: str) -> list[Suggestion]:
    path = file_of(project, readout_id)
    found = []
    for one in form.read(path, project.paths.shown(path)):
        if isinstance(one, InputError):
            raise one
        found.append(one)
    return found


def _require_whole(project: Project, readout_id: str, before: Kept) -> None:
    if before.problems:
        name = project.paths.shown(file_of(project, readout_id))
        raise InputError(
            f"{printable(name)} holds lines that are no suggestions, and was left as it is:"
            f" {before.problems[0]}"
        )


def _write(project: Project, readout_id: str, suggestions: Iterable[Suggestion]) -> None:
    path = file_of(project, readout_id)
    ordered = sorted(suggestions, key=lambda one: (one.span.start, one.span.end, one.id))
    raw = form.written(ordered, project.paths.shown(path))
    with refusals(path, "written"):
        path.parent.mkdir(exist_ok=True)
        if not raw:
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
    if raw:
        write_atomic(path, raw)


def findings(project: Project) -> Iterator[Finding]:
    """Yield what is wrong with the files of suggestions, which keeps nobody from coding."""
    try:
        found_there = readouts(project)
        known = frozenset(project.readout_ids())
    except AnnotatorError as error:
        yield _warning("", str(error))
        return
    for readout_id in found_there:
        name = printable(project.paths.shown(file_of(project, readout_id)))
        if readout_id not in known:
            yield _warning("", f"{name} is about a readout that is not there.", "Remove the file.")
            continue
        try:
            found = kept(project, project.readout(readout_id))
        except AnnotatorError as error:
            yield _warning(readout_id, error.message, error.hint)
            continue
        for problem in found.problems:
            yield _warning(readout_id, problem)
        for said, remedy in _left_out(project, found):
            yield _warning(readout_id, f"{name}: {said}", remedy)


def _left_out(project: Project, found: Kept) -> Iterator[tuple[str, str]]:
    """Yield what is kept and not shown, and what can be done."""
    for (source, label), count in _counted(found.lost):
        yield (
            f"{count:,} × {label} of {source} is not shown, for its words are not at their place"
            " in the text, nor once elsewhere.",
            "Import again, with the offsets of the text of now.",
        )
    for (source, label), count in _counted(found.foreign):
        yield (
            f"{count:,} × {label} of {source} is not shown, for the codebook"
            f" {project.codebook.stamp} does not give that label, or not with such slots.",
            "Bring the label back, or import again.",
        )


def _counted(suggestions: Iterable[Suggestion]) -> list[tuple[tuple[str, str], int]]:
    named = ((printable(one.source), f"{one.layer} {one.label}") for one in suggestions)
    return sorted(Counter(named).items())


def _warning(readout_id: str, what: str, remedy: str = "") -> Finding:
    return Finding("warning", "", readout_id, what, remedy)

"""Whether everything that a project holds can be read, and means what it says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError, InputError
from annotator.files import printable, read_bytes
from annotator.formats.registry import TEXT_ENDINGS
from annotator.model import casting
from annotator.model.edit import Coding
from annotator.model.entity import Cast
from annotator.model.mark import EntityValue, Mark, RefValue
from annotator.model.outdated import outdated
from annotator.model.readout import READOUT_ID, Readout
from annotator.pipeline import suggestions
from annotator.pipeline.about import troubles
from annotator.store.base import Finding, Snapshot, Store
from annotator.tomlfile import key_lines

if TYPE_CHECKING:
    from annotator.pipeline.index import Index
    from annotator.pipeline.project import Project

_ANEW: Final = frozenset({"compact", "adopt"})
"""Acts with which a history begins anew, and is shorter."""
_SHOWN: Final = 40
"""Code points of a stretch of text that a finding quotes."""


def check(project: Project, *, repair: bool = False) -> Iterator[Finding]:
    """Yield what is wrong: readouts that cannot be read, journals, marks, then suggestions.

    Damage is what has to be put right before all of the work can be used again; everything else is
    a warning. With `repair`, what can be mended without guessing is. A codebook that cannot be read
    is raised by the project itself.
    """
    yield from _of_codebook(project)
    yield from _readouts(project)
    for store in (project.store(), project.samples()):
        yield from store.check(partial(_coded_readout, project), repair=repair)
        yield from _codings(project, store)
    yield from suggestions.findings(project)


def _of_codebook(project: Project) -> Iterator[Finding]:
    """Yield the texts of the codebook that name labels by ids under which they are not given."""
    found = list(outdated(project.codebook))
    if not found:
        return
    lines = key_lines(read_bytes(project.codebook_file).decode("utf-8-sig"))
    name = project.paths.shown(project.codebook_file)
    for place, label_id, became in found:
        yield Finding(
            "warning",
            "",
            "",
            f"{name}, line {lines.line(place)}: “{label_id}” is named there, and is {became}.",
            "Word the text anew in the file, or leave it: what became of the label is shown there.",
        )


def _readouts(project: Project) -> Iterator[Finding]:
    yield from _strays(project)
    try:
        ids = project.readout_ids()
    except AnnotatorError as error:
        yield Finding("damage", "", "", error.message, error.hint)
        return
    for readout_id in ids:
        try:
            readout = project.readout(readout_id)
            name = project.paths.shown(project.metadata_file(readout_id))
            cast = Cast(entities=readout.metadata.entities)
            for trouble, remedy in (*troubles(readout.metadata), *_of_too_few(cast)):
                yield Finding("warning", "", readout_id, f"{name}: {trouble}", remedy)
            if not readout.text.strip():
                yield Finding(
                    "warning",
                    "",
                    readout_id,
                    f"The readout {readout_id} has no words to code.",
                    "Put its text into the file, or take the file out of seeds.",
                )
        except AnnotatorError as error:
            yield Finding("damage", "", readout_id, error.message, error.hint)


def _strays(project: Project) -> Iterator[Finding]:
    """Yield the files among the readouts that belong to none."""
    seeds = project.paths.seeds
    names = sorted(os.listdir(seeds)) if seeds.is_dir() else []  # noqa: PTH208 - names are all
    texts = {name for name in names if name.endswith(TEXT_ENDINGS)}
    for name in names:
        stem, ending = os.path.splitext(name)  # noqa: PTH122
        if ending == ".toml" and not any(f"{stem}{each}" in texts for each in TEXT_ENDINGS):
            yield Finding(
                "warning",
                "",
                "",
                f"seeds/{printable(name)} tells of a readout whose text is not there.",
                f"Put its text beside it as {printable(stem)}{TEXT_ENDINGS[0]}, or remove it.",
            )
        elif name in texts and not re.match(READOUT_ID, stem):
            yield Finding(
                "warning",
                "",
                "",
                f"seeds/{printable(name)} is passed over, for its name cannot be a readout's id.",
                "Name it with letters, digits, dots, underscores and hyphens of ASCII.",
            )


def _coded_readout(project: Project, readout_id: str) -> Readout:
    """Read the readout of a coding; raises InputError with what to do where its text is gone."""
    names = (f"{readout_id}{ending}" for ending in TEXT_ENDINGS)
    if not any(os.path.lexists(project.paths.seeds / name) for name in names):
        raise InputError(
            f"The readout {printable(readout_id)} of this coding is not in the project.",
            "Put its text back into seeds, or move its coding out of tags.",
        )
    return project.readout(readout_id)


def _codings(project: Project, store: Store) -> Iterator[Finding]:
    from annotator.pipeline.index import Index

    with Index.of(project) as index:
        yield from _each_coding(project, store, index)


def _each_coding(project: Project, store: Store, index: Index) -> Iterator[Finding]:
    for coder in store.coders():
        for readout_id in store.coded(coder):
            try:
                snapshot = store.read(coder, readout_id)
                readout = project.readout(readout_id)
            except AnnotatorError:
                continue  # The store's own check has named it.
            if snapshot is not None:
                seen = index.seen(coder, readout_id)
                yield from _shorter(snapshot, seen[0] if seen else 0)
            if snapshot is not None and snapshot.header.text == readout.text_sha256:
                for what, remedy in _doubts(project, snapshot.coding, readout.text):
                    yield Finding("warning", coder, readout_id, what, remedy)


def _shorter(snapshot: Snapshot, seen: int) -> Iterator[Finding]:
    """Yield that a journal lost lines since it was last seen, which nothing in it shows."""
    count = len(snapshot.history)
    if count < seen and not any(act in _ANEW for act in (edit.act for edit in snapshot.history)):
        yield Finding(
            "warning",
            snapshot.header.by,
            snapshot.header.readout,
            f"This coding holds {count} acts, and held {seen} when it was last seen.",
            "Compare its file with the one in version control or a backup.",
        )


def _doubts(project: Project, coding: Coding, text: str) -> Iterator[tuple[str, str]]:
    """Yield what does not fit together in a coding, and what can be done."""
    yield from _uncovered(coding, text)
    yield from _of_too_few(coding.cast)
    ids = {mark.id for _, sentence in coding.sentences() for mark in sentence.marks}
    people = {entity.id for entity in coding.cast.entities}
    for key, sentence in coding.sentences():
        for mark in sentence.marks:
            problem = project.codebook.check(mark)
            if problem:
                remedy = "Change the mark, or bring the label back into the codebook."
                yield f"Sentence {key}: {problem}", remedy
            for lost in _lost(mark, ids, people):
                yield (
                    f"Sentence {key}: {mark.layer} {mark.label} points to {lost}, which is gone.",
                    "Open the mark's form and choose again.",
                )
        if sentence.unplaced:
            count = len(sentence.unplaced)
            noun = "mark waits" if count == 1 else "marks wait"
            yield (
                f"Sentence {key}: {count} {noun} for a place since the text changed.",
                "Mark it again, and then put the old one away.",
            )


def _of_too_few(cast: Cast) -> Iterator[tuple[str, str]]:
    for one in casting.of_too_few(cast):
        yield (
            f"{printable(one.name)} is a collective of fewer than two of the cast.",
            "Name its members, or make it a group.",
        )


def _lost(mark: Mark, ids: set[str], people: set[str]) -> Iterator[str]:
    for values in mark.slots.values():
        for value in values:
            if isinstance(value, RefValue) and value.mark not in ids:
                yield f"the mark {printable(value.mark)}"
            elif isinstance(value, EntityValue) and value.entity not in people:
                yield f"{printable(value.entity)} of the cast"


def _uncovered(coding: Coding, text: str) -> Iterator[tuple[str, str]]:
    """Yield the stretches with words that no sentence holds."""
    end = 0
    ranges = [(sentence.start, sentence.end) for _, sentence in coding.sentences()]
    for start, following in [*ranges, (len(text), len(text))]:
        between = text[end:start].strip()
        if any(character.isalnum() for character in between):
            place = text.index(between, end)
            quoted = printable(" ".join(between.split())[:_SHOWN])
            yield (
                f"No sentence holds “{quoted}”, from character {place} on.",
                "Put the file back from git or a backup: its sentences do not fit the text.",
            )
        end = max(end, following)

"""What every form of a dataset promises, for each row of the table."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from annotator.errors import InputError
from annotator.formats import carried
from annotator.formats.dialects import DIALECTS, Dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.told import Told
from annotator.formats.work import Work
from annotator.model.sentence import Sentence
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .generated import works, written

SLOW_TO_INSTALL = frozenset({"spacy"})
READ = [
    pytest.param(
        dialect,
        id=dialect.name,
        marks=[pytest.mark.peers] if dialect.extra in SLOW_TO_INSTALL else [],
    )
    for dialect in DIALECTS
    if dialect.reader
]


def told(dialect: Dialect, folder: Path) -> list[Told]:
    """Read a dataset, in which nothing may be wrong."""
    found = list(dialect.read(folder))
    assert not [item for item in found if isinstance(item, InputError)]
    return [item for item in found if isinstance(item, Told)]


def sentences(project: Project) -> dict[str, Sentence]:
    """Return the sentences that are exported, by the id of their row."""
    store = project.store()
    found = {}
    for coder in store.coders():
        for readout in store.coded(coder):
            snapshot = store.read(coder, readout)
            assert snapshot is not None
            for key, sentence in snapshot.coding.sentences():
                if sentence.state == "done":
                    found[f"{readout}#{key}@{coder}"] = sentence
    return found


@pytest.mark.parametrize("dialect", READ)
def test_what_was_written_is_read_back_whole(dialect: Dialect, coded: Project) -> None:
    report = export(coded, format_name=dialect.name)
    assert_whole(dialect, report.folder, sentences(coded))


@pytest.mark.parametrize("dialect", READ)
@settings(max_examples=25, deadline=None)
@given(work=works())
def test_what_nobody_would_code_is_read_back_whole(dialect: Dialect, work: Work) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "dataset"
        written(dialect, folder, [work])
        expected = {work.sentence_id(key): sentence for key, sentence in work.chosen}
        assert_whole(dialect, folder, expected)


def assert_whole(dialect: Dialect, folder: Path, expected: dict[str, Sentence]) -> None:
    """Check that a dataset tells of each sentence just what it was; marks in its losses may miss.

    A loss of a dialect that carries no rows of ours is checked by its own tests.
    """
    lost = _lost(folder)
    found = told(dialect, folder)
    assert not [item.tags for item in found if item.tags]
    back = {row.id: carried.sentence(row) for item in found for row in item.rows}
    assert back.keys() == expected.keys()
    for row_id, sentence in expected.items():
        readout, _, rest = row_id.partition("#")
        coder = rest.rpartition("@")[2]
        whole = [mark for mark in sentence.marks if f"{readout}#{mark.id}@{coder}" not in lost]
        ours = [mark for mark in back[row_id].marks if f"{readout}#{mark.id}@{coder}" not in lost]
        assert ours == whole
        assert back[row_id].replaced(marks=()) == sentence.replaced(marks=())


def _lost(folder: Path) -> set[str]:
    if not (folder / LOSSES).exists():
        return set()
    return {json.loads(line)["where"] for line in (folder / LOSSES).read_bytes().splitlines()}

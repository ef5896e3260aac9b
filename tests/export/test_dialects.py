"""What every form of a dataset promises, for each row of the table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from annotator.errors import InputError
from annotator.formats.card import CHECKSUMS
from annotator.formats.dialect import Dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.output import REFERENCE
from annotator.formats.standoff_in import joined
from annotator.formats.told import Told
from annotator.formats.work import Work
from annotator.model.codebook import Codebook
from annotator.model.sentence import Sentence
from annotator.pipeline import asked
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from .conftest import Code, example, mark
from .forms import forms
from .generated import BOOK, works, written

READ = forms(lambda form: bool(form.reader))


def told(dialect: Dialect, folder: Path, texts: Iterable[str]) -> list[Told]:
    """Read a dataset, in which nothing may be wrong, with the texts of its readouts at hand."""
    known = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    found = [
        joined(item, known[item.lacks]) if isinstance(item, Told) and item.lacks else item
        for item in dialect.read(folder)
    ]
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
    texts = [coded.readout("call-a").text]
    assert_whole(dialect, report.folder, sentences(coded), texts, coded.codebook)


@pytest.mark.parametrize("dialect", READ)
def test_the_work_of_several_coders_is_read_back_whole(
    dialect: Dialect, coded: Project, code: Code
) -> None:
    code("bob", "call-a", example())
    code("bob", "call-b", {1: ("done", (mark("t1", "topics", "eco.trade"),)), 2: ("done", ())})
    once = export(coded, format_name=dialect.name).folder
    texts = [coded.readout(one).text for one in ("call-a", "call-b")]
    assert_whole(dialect, once, sentences(coded), texts, coded.codebook)
    again = export(coded, format_name=dialect.name, name="again").folder
    assert (once / CHECKSUMS).read_bytes() == (again / CHECKSUMS).read_bytes()


@pytest.mark.parametrize("dialect", READ)
def test_a_part_of_the_layers_is_read_back_and_what_is_lost_is_named(
    dialect: Dialect, coded: Project
) -> None:
    selection = Selection(layers=("commitments", "topics"), states=("done", "unsure"))
    report = export(coded, selection, format_name=dialect.name)
    found = told(dialect, report.folder, [coded.readout("call-a").text])
    marks = [mark for item in found for row in item.rows for mark in row.marks]
    assert {mark.layer for mark in marks} == {"commitments", "topics"}
    assert sum(len(item.rows) for item in found) == 6
    assert not [item.tags for item in found if item.tags]
    assert report.losses["reference to a mark that is not in it"] == 1


@pytest.mark.parametrize("dialect", READ)
@settings(max_examples=12, deadline=None)
@given(work=works())
def test_what_nobody_would_code_is_read_back_whole(dialect: Dialect, work: Work) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "dataset"
        written(dialect, folder, [work])
        expected = {work.sentence_id(key): sentence for key, sentence in work.chosen}
        assert_whole(dialect, folder, expected, [work.readout.text])


def assert_whole(
    dialect: Dialect,
    folder: Path,
    expected: dict[str, Sentence],
    texts: Iterable[str],
    book: Codebook = BOOK,
) -> None:
    """Check that a dataset tells of each sentence just what it was.

    What a mark refers to may miss where that is reported, and nothing else.
    """
    lost = _lost(folder)
    found = told(dialect, folder, texts)
    assert not [item.tags for item in found if item.tags]
    back = {row.id: asked.of_row(row, book) for item in found for row in item.rows}
    assert back.keys() == expected.keys()
    for row_id, sentence in expected.items():
        readout, _, rest = row_id.partition("#")
        coder = rest.rpartition("@")[2]
        whole = [mark for mark in sentence.marks if f"{readout}#{mark.id}@{coder}" not in lost]
        ours = [mark for mark in back[row_id].marks if f"{readout}#{mark.id}@{coder}" not in lost]
        assert ours == whole
        known = sentence.replaced(**_asked(sentence, book), marks=())
        assert back[row_id].replaced(marks=()) == known


def _asked(sentence: Sentence, book: Codebook) -> dict[str, tuple[str, ...]]:
    """Return what the row of a sentence tells of what was asked, by a file or by a coder."""
    layers = sorted(layer.id for layer in book.layers)
    if sentence.asked is not None:
        return {"asked": tuple(one for one in layers if sentence.was_asked(one))}
    return {"not_asked": tuple(one for one in layers if not sentence.was_asked(one))}


def _lost(folder: Path) -> set[str]:
    if not (folder / LOSSES).exists():
        return set()
    told = [json.loads(line) for line in (folder / LOSSES).read_bytes().splitlines()]
    return {one["where"] for one in told if one["what"] == REFERENCE}

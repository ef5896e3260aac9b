"""A check warns of acts that were there when the index saw the file last, and are not any more."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from annotator.pipeline.check import check
from annotator.pipeline.index import FILE, Index
from annotator.pipeline.project import Project
from annotator.pipeline.stats import stats
from annotator.session import acts
from annotator.session.acts import Pen
from tests.rendering import RENDER

READOUT = "2021-04-13-biden-putin-us"
AT = "2026-03-05T12:00:00Z"


def coded(tmp_path: Path) -> tuple[Project, Path]:
    project: Project = RENDER.worked_project(tmp_path)
    journal = project.journal("ada", READOUT, AT)
    pen = Pen("ada", project.codebook, lambda: AT, lambda: "0123456789ab")
    for key in journal.coding.order[:4]:
        edit = acts.write_note(pen, journal.coding, key, "a note")
        assert edit is not None
        journal.put(edit)
    journal.close()
    return project, project.paths.tags / "ada" / f"{READOUT}.json"


def test_lines_that_were_cut_off_cleanly_are_missed(tmp_path: Path) -> None:
    project, path = coded(tmp_path)
    with Index.of(project) as index:
        index.refresh()
    assert list(check(project)) == []
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:3], b"}}", b""]))
    (found,) = check(project)
    assert found.severity == "warning"
    assert "holds 2 acts, and held 5 when it was last seen" in found.what


def test_a_compaction_is_no_loss(tmp_path: Path) -> None:
    project, _ = coded(tmp_path)
    with Index.of(project) as index:
        index.refresh()
    journal = project.journal("ada", READOUT, AT)
    assert journal.compact(AT) is not None
    journal.close()
    assert list(check(project)) == []


def test_an_index_whose_rows_were_spoiled_is_not_believed(tmp_path: Path) -> None:
    project, _ = coded(tmp_path)
    with Index.of(project) as index:
        expected = list(stats(project, index=index))
    with sqlite3.connect(project.paths.cache / FILE) as database:
        database.execute("UPDATE coding SET labels = x'7b7b'")
        database.execute("UPDATE readout SET metadata = x'00'")
    database.close()
    with Index.of(project) as index:
        assert list(stats(project, index=index)) == expected
        assert index.metadata(READOUT) is None
        assert index.entry("ada", READOUT) is None

"""A codebook that names a label by an id under which it is not given any more is warned of."""

from __future__ import annotations

from pathlib import Path

from annotator.formats.codebook import read_codebook, rewritten
from annotator.model import revision
from annotator.pipeline.check import check
from annotator.pipeline.project import Project
from tests.rendering import RENDER


def test_a_check_names_the_line_that_names_a_label_that_is_gone(tmp_path: Path) -> None:
    project: Project = RENDER.worked_project(tmp_path)
    assert list(check(project)) == []
    path = project.codebook_file
    after = revision.retire(read_codebook(path), "topics", "rel.general")
    after = revision.retire(after, "commitments", "intention")
    path.write_bytes(rewritten(path.read_bytes(), after, name="x"))
    lines = path.read_text().splitlines()
    found = [one.what for one in check(Project.open(project.paths.seeds.parent))]
    assert found
    for what in found:
        number = int(what.partition(", line ")[2].partition(":")[0])
        gone = what.partition("“")[2].partition("”")[0]
        assert gone in lines[number - 1]
        assert what.endswith("is named there, and is retired.")
    assert sum("“rel.general”" in what for what in found) > 1
    assert any("“intention”" in what for what in found)

"""One picture in letters of each screen, at a wide and at the smallest width."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from tests.rendering import RENDER, painted

READOUT = RENDER.READOUT
SIZES = ((120, 36), (60, 16))
SCREENS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "library": (None, ()),
    "annotate": (READOUT, ("1", "0", "G")),
    "form": (READOUT, ("1", "0", "G", "tab", "tab", "tab", "e")),
    "find": (None, ("slash", *"trade", "enter")),
    "help": (READOUT, ("f1",)),
    "codebook": (READOUT, ("c", "question_mark")),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder: Path = tmp_path_factory.mktemp("project")
    made: Project = RENDER.worked_project(folder)
    return made


@pytest.mark.parametrize("size", SIZES, ids=["wide", "small"])
@pytest.mark.parametrize("name", SCREENS)
async def test_a_screen_looks_as_it_did(
    project: Project, name: str, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    readout, keys = SCREENS[name]
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=size) as pilot:
        await RENDER.settled(pilot)
        for key in keys:
            await pilot.press(key)
        await RENDER.settled(pilot)
        words = [row.rstrip("\n") for row in RENDER.words(app.export_screenshot())]
        # The other tests look at what is painted without drawing it, which takes far longer.
        drawn = [row for row in words if row not in ("", app.title)]
        assert drawn == [row for row in painted(app) if row]
        shown = "\n".join(line.rstrip() for line in words)
    app.close_all()
    assert shown == snapshot

"""Render the pictures of the documentation from the app itself: `python docs/pictures.py`.

A test compares what the committed pictures say with what the app shows now.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from html import unescape
from pathlib import Path

from annotator.config import SAMPLE_CODER
from annotator.model.edit import Change, Edit
from annotator.pipeline.project import Project
from annotator.store import Snapshot
from annotator.tui.app import AnnotatorApp

DOCS = Path(__file__).parent
READOUT = "2017-01-28-putin-trump-kremlin-retold"
PICTURES: dict[str, tuple[tuple[int, int], str | None, tuple[str, ...]]] = {
    "annotate": ((120, 36), READOUT, ("1", "0", "G")),
    "topics": ((120, 36), READOUT, ("9", "G", "t")),
    "form": ((120, 36), READOUT, ("1", "0", "G", "tab", "tab", "tab", "e", "tab", "tab")),
    "span": ((120, 36), READOUT, ("1", "1", "G", "v")),
    "library": ((120, 30), None, ()),
    "narrow": ((80, 24), READOUT, ("1", "2", "G")),
}
"""The size of the terminal, the readout that is opened, and the keys, by the picture's name."""


def worked_project(folder: Path) -> Project:
    """Make a project in a folder, whose coder `ada` has done what the sample gold holds."""
    root = folder / "readouts"
    for name in ("seeds", "schemas"):
        shutil.copytree(DOCS.parent / name, root / name)
    project = Project.open(root)
    samples = project.samples()
    for readout_id in samples.coded(SAMPLE_CODER):
        sample = samples.read(SAMPLE_CODER, readout_id)
        if sample is not None:
            _begin(project, sample)
    return project


def _begin(project: Project, sample: Snapshot) -> None:
    readout = project.readout(sample.header.readout)
    docs = sample.coding.docs.items()
    changes = tuple(Change(key=key, before=None, after=document) for key, document in docs)
    first = Edit(act="import", at=sample.history[0].at, what="import", changes=changes)
    project.store().open(project.header("ada", readout), readout, lambda: first).close()


async def render(project: Project, name: str) -> str:
    """Return a picture as SVG."""
    size, readout, keys = PICTURES[name]
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        for key in keys:
            await pilot.press(key)
        await app.workers.wait_for_complete()
        await pilot.pause()
        svg = app.export_screenshot(title="Annotator")
    app.close_all()
    # Viewers that follow XML to the letter drop blanks at the edges of a text.
    return svg.replace("<text ", '<text xml:space="preserve" ')


def words(svg: str) -> list[str]:
    """Return what a picture shows, row by row."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
        rows.setdefault(float(y), []).append((float(x), unescape(text).replace("\xa0", " ")))
    return ["".join(text for _, text in sorted(rows[y])) for y in sorted(rows)]


def render_all(folder: Path) -> None:
    """Write every picture into a folder."""
    for name in PICTURES:
        with tempfile.TemporaryDirectory() as place:
            project = worked_project(Path(place))
            (folder / f"{name}.svg").write_text(asyncio.run(render(project, name)), "utf-8")


if __name__ == "__main__":
    render_all(DOCS)

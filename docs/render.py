"""Render what the documentation takes from the app: `python docs/render.py`.

That is the pictures, the page of keys, and the row in the README. A test compares what is committed
with what the app shows and exports now.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import chdir, closing, contextmanager
from functools import cache
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from annotator.config import SAMPLE_CODER
from annotator.formats.dialects import DIALECTS
from annotator.model.edit import Change, Document, Edit
from annotator.model.sentence import Sentence
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.store import Journal, Snapshot
from annotator.tui.app import AnnotatorApp
from annotator.tui.inner import INNER, Inner
from annotator.tui.keys import COMMANDS, FIXED, shown

DOCS = Path(__file__).parent
PARTS = ("Decide", "Mark", "Change", "Move", "Look", "Program")
ROW = 10
IN_README = (
    *("id", "text", "start", "end", "state", "topics", "primary_topic", "voice", "speakers"),
    *("commitment_kinds", "near_misses", "rejected", "told_by", "event_date", "coder"),
    *("codebook", "codebook_version"),
)
READOUT = "2017-01-28-putin-trump-kremlin-retold"
PICTURES: dict[str, tuple[tuple[int, int], str | None, tuple[str, ...]]] = {
    "annotate": ((120, 36), READOUT, ("1", "0", "G", "tab", "tab", "tab")),
    "topics": ((120, 36), READOUT, ("9", "G", "t")),
    "form": ((120, 36), READOUT, ("1", "0", "G", "tab", "tab", "tab", "e", "tab", "tab")),
    "span": ((120, 36), READOUT, ("1", "1", "G", "v")),
    "library": ((120, 30), None, ()),
    "questions": ((120, 36), READOUT, ("1", "0", "G", "d", "y", "y")),
    "find": ((120, 30), None, ("slash", *"label:agreement", "enter")),
    "about": ((120, 36), None, ("M", "j", "j")),
    "cast": ((120, 36), READOUT, ("C", "j", "j")),
    "figures": ((120, 40), None, ("D",)),
    "export": ((120, 40), None, ("E", *["j"] * 11, "l", "g")),
    "book": ((120, 36), READOUT, ("8", "G", "tab", "tab", "question_mark")),
    "narrow": ((80, 24), READOUT, ("1", "2", "G")),
}
"""The size of the terminal, the readout that is opened, and the keys, by the picture's name."""
_A_DAY = 7
"""Sentences that are decided on a day, in the picture of figures."""


def worked_project(folder: Path) -> Project:
    """Make a project in a folder, whose coder `ada` has done what the sample gold holds."""
    root = folder / "readouts"
    shutil.copytree(_worked(), root)
    return Project.open(root)


@cache
def _worked() -> Path:
    """Return a folder with the worked project, which is removed when the program ends."""
    place = tempfile.TemporaryDirectory()
    atexit.register(place.cleanup)
    root = Path(place.name) / "readouts"
    for name in ("seeds", "schemas"):
        shutil.copytree(DOCS.parent / name, root / name)
    project = Project.open(root)
    samples = project.samples()
    for readout_id in samples.coded(SAMPLE_CODER):
        sample = samples.read(SAMPLE_CODER, readout_id)
        if sample is not None:
            _begin(project, sample)
    return root


def _begin(project: Project, sample: Snapshot) -> None:
    _import(project, sample, sample.coding.docs).close()


def _import(project: Project, sample: Snapshot, docs: Mapping[int, Document]) -> Journal:
    readout = project.readout(sample.header.readout)
    changes = tuple(Change(key=key, before=None, after=one) for key, one in docs.items())
    first = Edit(act="import", at=sample.history[0].at, what="import", changes=changes)
    return project.store().open(project.header("ada", readout), readout, lambda: first)


def paced_project(folder: Path) -> Project:
    """Make the worked project as though `ada` had coded it by keys, over some days.

    What each mark took is made up by a rule, for a picture of figures needs some.
    """
    root = folder / "readouts"
    for name in ("seeds", "schemas"):
        shutil.copytree(DOCS.parent / name, root / name)
    project = Project.open(root)
    samples = project.samples()
    number = count()
    for readout_id in sorted(samples.coded(SAMPLE_CODER)):
        sample = samples.read(SAMPLE_CODER, readout_id)
        if sample is None:
            continue
        docs = sample.coding.docs
        blank = {key: _blank(one) for key, one in docs.items()}
        with closing(_import(project, sample, blank)) as journal:
            for key, after in docs.items():
                if isinstance(after, Sentence) and after.state == "done":
                    coded = _taken(after)
                    day, turn = divmod(next(number), _A_DAY)
                    at = f"2026-03-{2 + day:02}T{9 + turn // 4:02}:{turn % 4 * 9:02}:00.000Z"
                    change = Change(key=key, before=blank[key], after=coded)
                    journal.put(Edit(act="edit", at=at, what="done", changes=(change,)))
    return project


def _blank(document: Document) -> Document:
    if not isinstance(document, Sentence):
        return document
    return document.model_copy(update={"marks": (), "state": "new"})


def _taken(sentence: Sentence) -> Sentence:
    """Return a sentence as it would be had its marks been counted: two keys, and one a slot."""
    marks = []
    for mark in sentence.marks:
        keys = 2 + len(mark.slots) // 2
        counted = mark.provenance.model_copy(update={"keys": keys, "spent": keys * 1.3})
        marks.append(mark.model_copy(update={"provenance": counted}))
    pressed = 1 + sum(mark.provenance.keys or 0 for mark in marks)
    spent = round(4 + (sentence.end - sentence.start) / 20 + 1.3 * pressed, 1)
    return sentence.model_copy(update={"marks": tuple(marks), "keys": pressed, "seconds": spent})


async def render(folder: Path, name: str) -> str:
    """Return a picture as SVG; its project is made in a folder."""
    size, readout, keys = PICTURES[name]
    project = paced_project(folder) if name == "figures" else worked_project(folder)
    app = AnnotatorApp(project, "ada", readout)
    # The program is shown as it is where it was started in the project's folder.
    with chdir(project.root), _utc():
        svg = await _picture(app, size, keys)
    app.close_all()
    # Viewers that follow XML to the letter drop blanks at the edges of a text.
    return svg.replace("<text ", '<text xml:space="preserve" ')


@contextmanager
def _utc() -> Iterator[None]:
    """Let the days and hours of a picture be the same on every machine."""
    before = os.environ.get("TZ")
    try:
        os.environ["TZ"] = "UTC"
        time.tzset()
        yield
    finally:
        del os.environ["TZ"]
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


async def _picture(app: AnnotatorApp, size: tuple[int, int], keys: tuple[str, ...]) -> str:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
        await settled(pilot)
        return app.export_screenshot(title="Annotator")


async def settled(pilot: Pilot[None]) -> None:
    """Wait until the app has painted what it read, and what that led to."""
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def words(svg: str) -> list[str]:
    """Return what a picture shows, row by row."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', svg):
        rows.setdefault(float(y), []).append((float(x), unescape(text).replace("\xa0", " ")))
    return ["".join(text for _, text in sorted(rows[y])) for y in sorted(rows)]


def keys_page() -> str:
    """Return the page of keys: the one table, by what the commands are for."""
    commands = {part: [c for c in COMMANDS if c.part == part] for part in PARTS}
    lines = [
        "# Keys",
        "",
        "The keys of the panels (topics, speakers, commitments, near misses, voice) come from the",
        "codebook. Every other key is a command; its name in the last column is what",
        "`annotator.toml` calls it under `[keys]`. These keep their keys, so that nobody locks",
        f"themselves out and panels obey them too: {_fixed()}.",
    ]
    for part, listed in commands.items():
        lines += ["", f"## {part}", "", "| key | act | screens | name |"]
        lines.append("| --- | --- | --- | --- |")
        for command in listed:
            signs = " ".join(f"`{shown(key)}`" for key in command.keys)
            where = ", ".join(command.scopes)
            act = f"{command.title}. {command.help}"
            lines.append(f"| {signs} | {act} | {where} | `{command.id}` |")
    lines += ["", "## Within panels", ""]
    lines += ["Panels take these keys before any command; they stay where they are."]
    for place, inner in INNER.items():
        lines += ["", f"### {place}", "", "| key | act |", "| --- | --- |"]
        lines += [f"| {_signs(one)} | {one.help} |" for one in inner]
    return "\n".join(lines) + "\n"


def _fixed() -> str:
    """Name the commands that keep their keys, with those keys."""
    kept = [command for command in COMMANDS if command.id in FIXED]
    return ", ".join(f"`{c.id}` ({' '.join(map(shown, c.keys))})" for c in kept)


def _signs(inner: Inner) -> str:
    return inner.sign or " ".join(f"`{shown(key)}`" for key in inner.keys)


def formats_page() -> str:
    """Return the page of formats: the one table, and what each of its forms cannot hold."""
    head = (DOCS / "formats.head.md").read_text("utf-8")
    lines = [
        "| format | what it is | read back | offsets count | needs |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in DIALECTS:
        back = "whole" if one.reader else "no"
        extra = f"`{one.library}`, extra `{one.extra}`" if one.library else ""
        lines.append(f"| `{one.name}` | {one.title} | {back} | {one.unit} | {extra} |")
    for one in DIALECTS:
        lines += ["", f"## {one.name}", "", f"{one.title}. Files: {', '.join(one.suffixes)}."]
        lines += ["", one.reading] if one.reading else []
        lines += (
            ["", "Cannot hold:", "", *(f"- {what}" for what in one.cannot)] if one.cannot else []
        )
        lines += (
            ["", "Does not show, but keeps:", "", *(f"- {what}" for what in one.unseen)]
            if one.unseen
            else []
        )
    return head + "\n".join(lines) + "\n"


def sample_row() -> dict[str, Any]:
    """Return one row of the sample gold as an export writes it."""
    with tempfile.TemporaryDirectory() as place:
        project = worked_project(Path(place))
        report = export(project, Selection(coders=(SAMPLE_CODER,), samples=True))
        lines = (report.folder / "sentences.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found: dict[str, Any] = next(
        row for row in rows if row["readout"] == READOUT and row["sentence"] == ROW
    )
    return found


def in_readme(row: dict[str, Any]) -> str:
    """Return the fields of a row that the README shows, one to a line."""
    shown_fields = (
        f'  "{name}": {json.dumps(row[name], ensure_ascii=False)}' for name in IN_README
    )
    return "{\n" + ",\n".join(shown_fields) + "\n}"


def with_block(page: str, block: str) -> str:
    """Return a page with this in place of its block of JSON."""
    before, after = page.split("```json\n", 1)
    return before + "```json\n" + block + "\n```" + after.split("```", 1)[1]


def main() -> None:
    """Write everything anew."""
    for name in PICTURES:
        with tempfile.TemporaryDirectory() as place:
            svg = asyncio.run(render(Path(place), name))
        (DOCS / f"{name}.svg").write_text(svg, "utf-8")
    (DOCS / "keys.md").write_text(keys_page(), "utf-8")
    (DOCS / "formats.md").write_text(formats_page(), "utf-8")
    row = sample_row()
    whole = json.dumps(row, ensure_ascii=False, indent=2)
    for page, block in ((DOCS.parent / "README.md", in_readme(row)), (DOCS / "data.md", whole)):
        page.write_text(with_block(page.read_text("utf-8"), block), "utf-8")


if __name__ == "__main__":
    main()

"""A file that is taken in again adds nothing, whatever became of its marks in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.foreign import Utf16
from annotator.model.edit import Change, Coding, Edit, Timeline
from annotator.model.mark import Mark, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.session.acts import Pen
from annotator.session.boundaries import join, split

from .conftest import Call, mark, quote, text_of

AT = "2026-02-03T04:05:06Z"
FIGHT = "The parties agreed to fight terrorism in Syria by June."
WHERE = FIGHT.index("terrorism")
WORDS = [WHERE, WHERE + len("terrorism in Syria")]
WHOLE = text_of("call-a")
# Offsets of doccano count UTF-16 code units.
AT_END = [Utf16(WHOLE).outward(WHOLE.index(words)) for words in ("trade;", "visas.")]
ROWS: list[dict[str, Any]] = [
    {"text": FIGHT, "label": ["Terrorism", [*WORDS, "topics:evidence:eco.trade"]]},
    {"text": "trade;", "label": ["topics:eco.trade", "Warm"]},
    {"text": "visas.", "label": ["eco.trade", [0, 5, "topics:evidence:sec.terror"]]},
    {
        "text": WHOLE,
        "label": [
            [AT_END[0], AT_END[0] + 5, "topics:evidence:eco.trade"],
            [AT_END[1], AT_END[1] + 5, "topics:evidence:eco.trade"],
            [AT_END[1], AT_END[1] + 5, "Terrorism"],
        ],
    },
]

Act = Callable[[Project, Call], None]


def coding(project: Project) -> Coding:
    snapshot = project.store().read("eve", "call-a")
    assert snapshot is not None
    return snapshot.coding


def marks(project: Project) -> list[Mark]:
    return [one for _, sentence in coding(project).sentences() for one in sentence.marks]


def put(project: Project, make: Callable[[Pen, Coding], Edit | None]) -> None:
    """Let eve do something, with the boundaries as the screen moves them."""
    project = Project.open(project.root)
    ids = count()
    pen = Pen("eve", project.codebook, lambda: AT, lambda: f"hers-{next(ids)}")
    journal = project.journal("eve", "call-a", AT)
    edit = make(pen, journal.coding)
    assert edit is not None
    journal.put(edit)
    journal.close()


def key_of(now: Coding, words: str) -> int:
    return next(key for key, one in now.sentences() if words in one.text)


def joined(project: Project, call: Call) -> None:
    text = project.readout("call-a").text
    put(project, lambda pen, now: join(pen, now, key_of(now, "trade;"), text))


def cut(project: Project, call: Call) -> None:
    at = project.readout("call-a").text.index("terrorism")
    put(project, lambda pen, now: split(pen, now, key_of(now, "terrorism"), at))


def cut_and_joined(project: Project, call: Call) -> None:
    cut(project, call)
    text = project.readout("call-a").text
    put(project, lambda pen, now: join(pen, now, key_of(now, "terrorism"), text))


def moved(project: Project, call: Call) -> None:
    path = project.paths.seeds / "call-a.txt"
    path.write_text(f"A new first line.\n\n{path.read_text('utf-8')}", "utf-8")
    said = call("reanchor", "--yes", "--coder", "eve", "call-a")
    assert said[0] == 0, said


def renamed(project: Project, call: Call) -> None:
    args = ("--yes", "--coder", "eve")
    assert call("codebook", "rename", "topics", "eco.trade", "eco.commerce", *args)[0] == 0


def merged(project: Project, call: Call) -> None:
    args = ("--yes", "--coder", "eve")
    assert call("codebook", "merge", "topics", "sec.terror", "eco.trade", *args)[0] == 0


def merged_by_another(project: Project, call: Call) -> None:
    args = ("--yes", "--coder", "ada")
    assert call("codebook", "merge", "topics", "sec.terror", "eco.trade", *args)[0] == 0


def emptied(project: Project, call: Call) -> None:
    def make(pen: Pen, now: Coding) -> Edit:
        changes = tuple(
            Change(key=key, before=one, after=one.changed(marks=(), unplaced=()))
            for key, one in now.sentences()
            if one.marks or one.unplaced
        )
        return Edit(act="edit", at=AT, what="take all away", changes=changes)

    put(project, make)


def worded(project: Project, call: Call) -> None:
    """Let eve put words into a mark that came without."""

    def make(pen: Pen, now: Coding) -> Edit:
        key = key_of(now, "trade;")
        before = now.sentence(key)
        one = next(mark for mark in before.marks if not mark.slots and mark.label != "warm")
        words = {"evidence": (SpanValue(span=quote("call-a", "trade;")),)}
        held = tuple(m.replaced(slots=words) if m == one else m for m in before.marks)
        change = Change(key=key, before=before, after=before.changed(marks=held))
        return Edit(act="edit", at=AT, what="words", changes=(change,))

    put(project, make)


@pytest.mark.parametrize("homes", [False, True])
@pytest.mark.parametrize(
    "acts",
    [
        [],
        [joined],
        [cut],
        [cut_and_joined],
        [moved],
        [renamed],
        [merged],
        [merged_by_another],
        [emptied],
        [worded, joined],
        [worded, joined, renamed],
        [joined, emptied],
        [emptied, joined],
        [cut, emptied],
        [emptied, cut],
        [cut_and_joined, emptied, moved],
        [emptied, moved],
        [moved, emptied],
        [joined, moved, cut, renamed],
        [moved, moved, joined],
        [renamed, emptied],
        [emptied, merged],
        [merged, emptied],
        [merged, renamed, joined, moved, cut],
        [emptied, cut, renamed, moved],
    ],
    ids=lambda acts: "-".join(one.__name__ for one in acts) if isinstance(acts, list) else None,
)
def test_the_same_file_twice_adds_nothing(
    project: Project, tmp_path: Path, call: Call, acts: list[Act], homes: bool
) -> None:
    path = tmp_path / "theirs.jsonl"
    # A whole text is not found any more once it has another line.
    rows = ROWS if moved not in acts else ROWS[:-1]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    args = ("import", str(path), "--format", "doccano", "--as", "eve")
    if homes:
        assert call(*args)[0] == 0
    assert call(*args, "--yes")[0] == 0
    assert {one.label for one in marks(project)} == {"sec.terror", "eco.trade", "warm"}
    for act in acts:
        act(project, call)
    before = coding(project)
    for decided in ((), ("--decided",)):
        said = call(*args, *decided)
        assert (said[0], "\n0 marks in " in said[1]) == (0, True), said[1]
        said = call(*args, *decided, "--yes")
        assert said[0] == 0
        assert ("Nothing new is taken in." in said[1]) or decided, said[1]
        assert ("taken away by eve before" in said[1]) == (emptied in acts), said[1]
        held = [(one.start, one.marks, one.unplaced) for _, one in coding(project).sentences()]
        assert held == [(one.start, one.marks, one.unplaced) for _, one in before.sentences()]

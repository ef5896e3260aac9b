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
from annotator.model.mark import Mark, RefValue, Slots, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.session.acts import Pen
from annotator.session.boundaries import join, split

from .conftest import Call, Code, mark, quote, text_of

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
        assert said[0] == 0, said[1]
        assert ("\n0 marks in " in said[1]) or (decided and "be taken in as" not in said[1])
        said = call(*args, *decided, "--yes")
        assert said[0] == 0
        assert ("Nothing new is taken in." in said[1]) or decided, said[1]
        assert ("taken away by eve before" in said[1]) == (emptied in acts), said[1]
        held = [(one.start, one.marks, one.unplaced) for _, one in coding(project).sentences()]
        assert held == [(one.start, one.marks, one.unplaced) for _, one in before.sentences()]


def twice(call: Call, path: Path, form: str, *, exit_code: int = 0) -> str:
    """Take a file in once more, and return what was said; nothing is new, in the look too."""
    args = ("import", str(path), "--format", form, "--as", "eve")
    code, said = call(*args)
    assert code == exit_code, said
    assert "0 marks in 0 readouts would be taken in" in said, said
    code, said = call(*args, "--yes")
    assert code == exit_code, said
    assert "Nothing new is taken in." in said, said
    return said


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize("rejected", [False, True])
def test_what_the_coder_says_already_is_not_given_twice_by_a_first_import(
    project: Project, code: Code, tmp_path: Path, call: Call, rejected: bool
) -> None:
    code("eve", "call-a", {2: ("new", (mark("hers", "topics", "sec.terror", rejected=rejected),))})
    answer = "reject" if rejected else "accept"
    task = {"text": FIGHT, "label": "Terrorism", "answer": answer}
    twice(call, lines(tmp_path / "tasks.jsonl", task), "prodigy")
    assert [one.id for one in marks(project)] == ["hers"]
    # A mark that has words is another one.
    span = {"start": WORDS[0], "end": WORDS[1], "label": "topics:evidence:sec.terror"}
    path = lines(tmp_path / "spans.jsonl", {"text": FIGHT, "spans": [span], "answer": "accept"})
    assert "1 mark in 1 readout" in call("import", str(path), "--format", "prodigy", "--as", "e")[1]


def test_the_coders_own_mark_of_a_label_that_was_merged_is_known_before_it_follows(
    project: Project, code: Code, tmp_path: Path, call: Call
) -> None:
    code("eve", "call-a", {2: ("done", (mark("hers", "topics", "sec.terror"),))})
    merged_by_another(project, call)
    for label in ("Terrorism", "Trade"):
        twice(
            call, lines(tmp_path / f"{label}.jsonl", {"text": FIGHT, "label": [label]}), "doccano"
        )
    assert [(one.id, one.label) for one in marks(project)] == [("hers", "sec.terror")]


def test_labels_of_former_versions_come_in_as_they_are_called_now(
    project: Project, tmp_path: Path, call: Call
) -> None:
    merged(project, call)
    rows = [{"text": "trade;", "label": ["Terrorism"]}, {"text": FIGHT, "label": ["sec.terror"]}]
    path = lines(tmp_path / "theirs.jsonl", *rows, {"text": "visas.", "label": ["Trade"]})
    args = ("import", str(path), "--format", "doccano", "--as", "eve")
    said = call(*args, "--yes")[1]
    assert "topics sec.terror → eco.trade (merged): 2 marks." in said
    assert [one.label for one in marks(project)] == ["eco.trade"] * 3
    before = coding(project)
    call(*args)
    said = twice(call, path, "doccano")
    assert "topics sec.terror → eco.trade (merged)" in said
    assert coding(project) == before
    said = call("import", str(path), "--format", "doccano", "--suggest")[1]
    assert "3 suggestions in 1 readout would be taken in" in said


def test_a_rejection_of_a_label_that_was_merged_is_not_taken_in(
    coded: Project, tmp_path: Path, call: Call
) -> None:
    folder = export(coded).folder
    args = ("--yes", "--coder", "ada")
    assert call("codebook", "merge", "topics", "eco.trade", "sec.terror", *args)[0] == 0
    code_, said = call("import", str(folder), "--as", "eve", "--yes")
    assert code_ == 0
    assert "1 rejection of labels that were merged falls away" in said
    assert "topics eco.trade → sec.terror (merged): 2 marks." in said
    assert {one.label for one in marks(coded) if one.layer == "topics"} == {"sec.terror"}
    assert not any(one.rejected for one in marks(coded))
    assert "other than" not in twice(call, folder, "jsonl")
    task = {"text": "They discussed trade.", "label": "eco.trade", "answer": "reject"}
    path = lines(tmp_path / "tasks.jsonl", task)
    code_, said = call("import", str(path), "--format", "prodigy", "--as", "eve", "--decided")
    assert code_ == 0
    assert "1 rejection of labels that were merged falls away" in said
    assert "0 marks in 0 readouts" in said


def test_our_own_rows_say_nothing_else_once_their_labels_are_renamed(
    coded: Project, call: Call
) -> None:
    folder = export(coded).folder
    assert call("import", str(folder), "--as", "eve", "--yes")[0] == 0
    merged_by_another(coded, call)
    assert "other than" not in twice(call, folder, "jsonl")
    args = ("--yes", "--coder", "eve")
    assert call("codebook", "rename", "topics", "eco.trade", "eco.commerce", *args)[0] == 0
    assert "other than" not in twice(call, folder, "jsonl")


def test_rows_whose_marks_the_coder_took_away_do_not_come_back(coded: Project, call: Call) -> None:
    folder = export(coded).folder
    assert call("import", str(folder), "--as", "eve", "--yes")[0] == 0

    def make(pen: Pen, now: Coding) -> Edit:
        before = now.sentence(5)
        after = before.changed(marks=(), state="new")
        change = Change(key=5, before=before, after=after)
        return Edit(act="edit", at=AT, what="take away", changes=(change,))

    put(coded, make)
    assert "1 sentence of the file says other than what eve has" in twice(call, folder, "jsonl")
    journal = coded.journal("eve", "call-a", AT)
    for _ in range(2):
        undo = Timeline.of(journal.history).undo(AT)
        assert undo is not None
        journal.put(undo.upon(journal.coding))
    journal.close()
    said = call("import", str(folder), "--as", "eve", "--yes")[1]
    assert "Nothing new" not in said
    assert len(marks(coded)) == 10


def test_who_was_taken_out_of_the_cast_does_not_come_back(coded: Project, call: Call) -> None:
    folder = export(coded).folder
    assert call("import", str(folder), "--as", "eve", "--yes")[0] == 0

    def make(pen: Pen, now: Coding) -> Edit:
        left = now.cast.replaced(entities=now.cast.entities[:-1])
        return Edit(
            act="edit", at=AT, what="out", changes=(Change(key=0, before=now.cast, after=left),)
        )

    before = coding(coded).cast
    put(coded, make)
    said = twice(call, folder, "jsonl")
    assert f"{before.entities[-1].name} was taken out of the cast before." in said


HOMES = """
[[home]]
field = "{field}"
label = "WHAT"
layer = "commitments"
to = "agreement"
slot = "action"
[[home]]
field = "{field}"
label = "WHEN"
layer = "commitments"
to = "agreement"
slot = "timeframe"
"""
RELATION = """
[[relation]]
label = "until"
head = "WHAT"
child = "WHEN"
of = "head"
slot = "timeframe"
"""


def entity(text: str, name: int, words: str, label: str) -> dict[str, Any]:
    units = Utf16(text)
    start, end = units.outward(text.index(words)), units.outward(text.index(words) + len(words))
    return {"id": name, "label": label, "start_offset": start, "end_offset": end}


def test_the_coders_own_marks_that_refer_to_each_other_are_known_as_they_stand(
    project: Project, code: Code, tmp_path: Path, call: Call
) -> None:
    slots: Slots = {
        "action": (SpanValue(span=quote("call-a", "fight")),),
        "attribution": (RefValue(mark="s1"),),
    }
    own = (
        mark("c1", "commitments", "agreement", slots),
        mark("s1", "speakers", "indirect"),
    )
    code("eve", "call-a", {2: ("done", own)})
    ends = (entity(FIGHT, 0, "fight", "WHAT"), entity(FIGHT, 1, "agreed", "Indirect"))
    relation = {"id": 1, "type": "said", "from_id": 0, "to_id": 1}
    row = {"text": FIGHT, "entities": ends, "relations": [relation]}
    path = lines(tmp_path / "theirs.jsonl", row)
    homes = HOMES.format(field="entities") + RELATION.replace("until", "said")
    homes = homes.replace('child = "WHEN"', 'child = "Indirect"')
    homes = homes.replace('"head"\nslot = "timeframe"', '"head"\nslot = "attribution"')
    who = '[[home]]\nfield = "entities"\nlabel = "Indirect"\nlayer = "speakers"\nto = "indirect"\n'
    path.with_name("theirs.jsonl.homes.toml").write_text(homes + who, "utf-8")
    twice(call, path, "doccano")
    assert marks(project) == list(own)


@pytest.mark.parametrize(
    ("head", "relations"),
    [("join = true\n", []), ("", [("until", 0, 1)])],
    ids=["join", "relation"],
)
@pytest.mark.parametrize(
    ("text", "words", "acts"),
    [
        (FIGHT, ("fight", "by June"), [cut]),
        (FIGHT, ("fight", "by June"), [cut, emptied]),
        (FIGHT, ("fight", "by June"), [emptied, cut, moved]),
        ("trade;\nvisas.", ("trade", "visas"), [joined]),
        ("trade;\nvisas.", ("trade", "visas"), [emptied, joined, moved]),
    ],
)
def test_labels_that_are_one_mark_are_known_where_a_boundary_came_between_or_went(
    project: Project,
    tmp_path: Path,
    call: Call,
    head: str,
    relations: list[tuple[str, int, int]],
    text: str,
    words: tuple[str, str],
    acts: list[Act],
) -> None:
    row = {
        "text": text,
        "entities": [entity(text, n, one, ["WHAT", "WHEN"][n]) for n, one in enumerate(words)],
        "relations": [
            {"id": n, "type": label, "from_id": one, "to_id": other}
            for n, (label, one, other) in enumerate(relations)
        ],
    }
    path = lines(tmp_path / "theirs.jsonl", row)
    homes = head + HOMES.format(field="entities") + RELATION * bool(relations)
    path.with_name("theirs.jsonl.homes.toml").write_text(homes, "utf-8")
    code_, said = call("import", str(path), "--format", "doccano", "--as", "eve", "--yes")
    apart = text != FIGHT
    assert f"{1 + apart} mark" in said
    exit_code = 2 if apart and relations else 0  # A relation that leads out of its sentence.
    assert code_ == exit_code, said
    for act in acts:
        act(project, call)
    before = coding(project)
    code_, said = call("import", str(path), "--format", "doccano", "--as", "eve", "--yes")
    assert (code_, "Nothing new is taken in." in said) == (0, True), said
    assert ("taken away by eve before" in said) == (emptied in acts), said
    assert coding(project) == before

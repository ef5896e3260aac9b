"""A text of a file finds its readout, by its words before its name, whatever ends its lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.foreign import Utf16
from annotator.formats.incoming import Incoming
from annotator.formats.told import Told
from annotator.pipeline import placing, taking
from annotator.pipeline.add import add
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import text_of

TEXT = "🤝 They met.\nThey spoke of trade 🚢 by June.\n"


def written(path: Path, form: str, tasks: list[tuple[int, str, str]]) -> Path:
    """Write numbered texts, with the words that are marked in each, as another program would."""
    rows: list[dict[str, Any]] = []
    for number, text, words in tasks:
        start, end = text.index(words), text.index(words) + len(words)
        if form == "prodigy":
            spans = [{"start": start, "end": end, "label": "Trade"}]
            rows.append({"id": number, "text": text, "spans": spans})
            continue
        units = Utf16(text)
        start, end = units.outward(start), units.outward(end)
        if form == "doccano":
            rows.append({"id": number, "text": text, "label": [[start, end, "Trade"]]})
        else:
            value = {"start": start, "end": end, "text": words, "labels": ["Trade"]}
            region = {"id": "a", "from_name": "t", "to_name": "x", "type": "labels", "value": value}
            done = [{"completed_by": 1, "result": [region]}]
            rows.append({"id": number, "data": {"text": text}, "annotations": done})
    lines = json.dumps(rows) if form == "labelstudio" else "\n".join(map(json.dumps, rows))
    path.write_bytes(lines.encode())
    return path


def marked(project: Project, form: str, path: Path) -> list[tuple[str, str]]:
    """Return the readouts of a file, each with the words that are marked in it."""
    reading = taking.read(project, dialect(form), path)
    assert reading.problems == []
    found = []
    for readout_id, told in reading.told.items():
        text = project.readout(readout_id).text
        for one in told:
            assert one.start is not None
            for tag in one.tags:
                assert tag.start is not None
                assert tag.end is not None
                found.append((readout_id, text[one.start + tag.start : one.start + tag.end]))
    return found


@pytest.mark.parametrize("form", ["labelstudio", "prodigy", "doccano"])
@pytest.mark.parametrize("ends", [("\r\n", "\n"), ("\n", "\r\n"), ("\r\n", "\r\n"), ("\r", "\n")])
def test_line_ends_move_no_offset(
    project: Project, tmp_path: Path, form: str, ends: tuple[str, str]
) -> None:
    theirs, ours = (TEXT.replace("\n", end) for end in ends)
    (project.paths.seeds / "met.txt").write_bytes(ours.encode())
    path = written(tmp_path / "tasks.json", form, [(1, theirs, "trade 🚢")])
    assert marked(project, form, path) == [("met", "trade 🚢")]


@pytest.mark.parametrize("form", ["labelstudio", "prodigy", "doccano"])
def test_the_same_number_in_two_files_is_not_the_same_text(
    project: Project, tmp_path: Path, form: str
) -> None:
    """Other programs number their texts from 1, each file anew."""
    first = written(tmp_path / "a.json", form, [(1, "A first text of trade.\r\n", "trade")])
    second = written(tmp_path / "b.json", form, [(1, "Another text of trade.", "trade")])
    for path in (first, second):
        assert len(add(project, [path], form=dialect(form)).added) == 1
    (one,), (two,) = (marked(project, form, path) for path in (first, second))
    assert (one[1], two[1]) == ("trade", "trade")
    assert one[0] == "1"
    assert two[0] != "1"
    assert "Another text" in project.readout(two[0]).text


def test_texts_that_stand_in_readouts_are_not_added_again(coded: Project, tmp_path: Path) -> None:
    folder = export(coded, format_name="prodigy").folder
    (folder / "documents.jsonl").unlink()
    fight = text_of("call-a").split("\n")[1]
    path = written(
        tmp_path / "tasks.json",
        "doccano",
        [(1, f"{fight}\n", "Syria"), (2, text_of("call-b") + "\n", "trade"), (3, "New.", "New")],
    )
    report = add(coded, [path], form=dialect("doccano"))
    assert [one.id for one in report.added] == ["3"]
    assert report.standing == (("1", "call-a"), ("2", "call-b"))
    assert "2 were skipped:" in report.summary()
    assert add(coded, [folder], form=dialect("prodigy")).added == ()
    (at,) = (words for readout, words in marked(coded, "doccano", path) if readout == "call-a")
    assert at == "Syria"


@pytest.mark.parametrize("some", [0, 10**9])
def test_a_text_is_found_where_it_stands_however_it_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, some: int
) -> None:
    monkeypatch.setattr(placing, "_SOME", some)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "annotator.toml").touch()
    held = {
        "a": "They met.\nThey spoke\u00a0of trade, and met again.",
        "b": "They met. They\tspoke of aid.\n\n会谈结束。",
        "c": "One",
    }
    for name, text in held.items():
        (tmp_path / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    texts = placing.Texts(Project.open(tmp_path))
    for text in held.values():
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                part = text[start:end]
                if part.endswith("\n"):
                    continue  # Line feeds at the end are no matter.
                times = {name: _times(part, whole) for name, whole in held.items()}
                places = [name for name, count in times.items() if count]
                placed = texts.placed(Told("f", "none", part))
                if sum(times.values()) == 1:
                    assert isinstance(placed, tuple), part
                    name, told = placed
                    assert [name] == places
                    assert told.start == held[name].find(part)
                else:
                    assert isinstance(placed, InputError), part
                    assert "more than once" in str(placed)
    assert isinstance(texts.placed(Told("f", "none", "They spoke of war now")), InputError)
    assert texts.holding(Incoming("x", f"{held['b']}\n")) == "b"
    assert texts.holding(Incoming("x", held["b"][:-1])) is None


def _times(part: str, text: str) -> int:
    return sum(text.startswith(part, at) for at in range(len(text)))


@pytest.mark.parametrize("form", ["labelstudio", "prodigy", "doccano"])
@pytest.mark.parametrize("around", [(" \t", ""), ("", " \n "), ("\u00a0", "\r\n")])
def test_white_space_around_a_text_hides_no_readout_and_moves_no_offset(
    project: Project, tmp_path: Path, form: str, around: tuple[str, str]
) -> None:
    (project.paths.seeds / "call-c.txt").write_text(TEXT, "utf-8")
    before, after = around
    tasks = [(1, f"{before}They spoke of trade 🚢 by June.{after}", "🚢 by June")]
    path = written(tmp_path / "theirs", form, tasks)
    assert marked(project, form, path) == [("call-c", "🚢 by June")]


def test_a_span_of_nothing_but_the_white_space_around_a_text_leaves_it_spoilt(
    project: Project, tmp_path: Path
) -> None:
    (project.paths.seeds / "call-c.txt").write_text(TEXT, "utf-8")
    path = written(tmp_path / "theirs", "prodigy", [(1, "  They spoke of trade 🚢", "  ")])
    reading = taking.read(project, dialect("prodigy"), path)
    (told,) = reading.told["call-c"]
    assert (told.tags, told.spoilt, reading.spoilt) == ((), True, 1)


@pytest.mark.parametrize("form", ["doccano", "conll"])
def test_a_readout_of_just_that_text_is_meant_before_those_that_only_hold_it(
    project: Project, tmp_path: Path, form: str
) -> None:
    held = {
        "a": "Well, they spoke of trade by June.\nAnd met.",
        "z": "they spoke of trade by June.\n",
    }
    for name, text in held.items():
        (project.paths.seeds / f"{name}.txt").write_text(text, "utf-8")
    path = tmp_path / f"theirs.{form}"
    text = held["z"].strip()
    if form == "doccano":
        written(path, form, [(7, text, "trade")])
    else:
        tags = ("B-Trade" if word == "trade" else "O" for word in text.split())
        rows = (f"{word} {tag}" for word, tag in zip(text.split(), tags, strict=True))
        path.write_text("\n".join(rows) + "\n", "utf-8")
    assert marked(project, form, path) == [("z", "trade")]
    if form == "doccano":
        report = add(project, [path], form=dialect(form))
        assert (report.added, report.standing) == ((), (("7", "z"),))
    (project.paths.seeds / "y.txt").write_text(held["z"], "utf-8")
    (problem,) = taking.read(project, dialect(form), path).problems
    assert "more than once" in problem

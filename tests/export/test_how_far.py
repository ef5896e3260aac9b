"""What writes many readouts says first what will come, and how far it came, however it ends."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.pipeline import add
from annotator.pipeline.project import Project

from .conftest import Call, text_of

Break = Callable[[Path, BaseException], None]


@pytest.fixture
def broken_off(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Have the next sync end by an error, once there is a file."""
    sync = os.fsync

    def broken_off(path: Path, error: BaseException) -> None:
        def once(descriptor: int) -> None:
            if path.exists():
                monkeypatch.setattr(os, "fsync", sync)
                raise error
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", once)

    return broken_off


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    texts = ("trade;", text_of("call-b").split("\n")[0])
    path = tmp_path / "tasks.jsonl"
    path.write_text("".join(json.dumps({"text": one, "label": ["Trade"]}) + "\n" for one in texts))
    return path


@pytest.mark.parametrize(
    ("way", "place", "what"),
    [
        (("--as", "eve"), "tags/eve/call-b.json", "2 marks in 2 readouts will be taken in as eve."),
        (("--suggest",), "suggestions/call-b.jsonl", "2 suggestions in 2 readouts will be taken"),
    ],
    ids=["marks", "suggestions"],
)
def test_an_import_that_is_broken_off_says_in_how_many_readouts_it_was_done(
    project: Project,
    tasks: Path,
    call: Call,
    broken_off: Break,
    way: tuple[str, ...],
    place: str,
    what: str,
) -> None:
    args = ("import", str(tasks), "--format", "doccano", "--yes", *way)
    broken_off(project.root / place, KeyboardInterrupt())
    code, said = call(*args)
    assert code == 130
    assert what in said
    assert "annotator: Done in 1 of 2 readouts; call again to go on.\nannotator: inter" in said
    assert call(*args)[0] == 0
    code, said = call(*args)
    assert (code, "Nothing new is taken in." in said, "Done in" in said) == (0, True, False)


def test_an_import_that_ends_says_in_how_many_readouts_it_was_done(tasks: Path, call: Call) -> None:
    code, said = call("import", str(tasks), "--format", "doccano", "--yes", "--as", "eve")
    assert (code, said.splitlines()[-1]) == (0, "Done in 2 readouts.")


def test_suggestions_that_are_taken_away_are_told_readout_by_readout(
    project: Project, tasks: Path, call: Call, broken_off: Break
) -> None:
    for name in ("m1", "m2"):
        args = ("import", str(tasks), "--format", "doccano", "--yes", "--suggest", "--as", name)
        assert call(*args)[0] == 0
    full = OSError(errno.ENOSPC, "No space left on device")
    broken_off(project.root / "suggestions" / "call-a.jsonl", full)
    code, said = call("suggestions", "--drop", "m1", "--yes")
    assert code == 3
    assert "call-a.jsonl could not be written: No space left on device." in said
    assert "call-b: 1 taken away." in said
    assert "Done in 1 of 2 readouts; nothing in the others." in said
    assert call("suggestions", "--drop", "m1", "--yes")[0] == 0
    assert "m1" not in call("suggestions")[1]


def test_files_that_are_added_are_counted_where_it_is_broken_off(
    project: Project, tmp_path: Path, call: Call, broken_off: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(add, "_BATCH", 1)
    names = ("new-a", "new-b", "new-c")
    files = [tmp_path / f"{name}.txt" for name in names]
    for file in files:
        file.write_text(f"{file.stem} was said.\n", "utf-8")
    broken_off(project.paths.seeds / "new-a.txt", KeyboardInterrupt())
    before = set(project.readout_ids())
    code, said = call("add", *map(str, files))
    added = set(project.readout_ids()) - before
    assert (code, 0 < len(added) < 3) == (130, True)
    assert f"annotator: Readouts added: {len(added)}; call again to go on." in said
    assert call("add", *map(str, files))[0] == 0
    assert set(project.readout_ids()) - before == {*names}

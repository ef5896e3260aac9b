"""The verbs that change the codebook, called as a person calls them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from annotator import cli
from annotator.pipeline.project import Project
from tests.coded import Made
from tests.test_revise import STAMPED, labels


class Said(NamedTuple):
    """What a call gave back."""

    code: int
    out: str
    err: str


class Caller:
    """Calls a verb of `annotator codebook` in a project, as ada."""

    def __init__(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.root, self._monkeypatch, self._capsys = root, monkeypatch, capsys

    def __call__(self, *args: str) -> Said:
        options = ["annotator", "-p", str(self.root), "--coder", "ada", "codebook", *args]
        self._monkeypatch.setattr("sys.argv", options)
        code = cli.main()
        out, err = self._capsys.readouterr()
        return Said(code, out, err)

    @property
    def project(self) -> Project:
        return Project.open(self.root)


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    made = Made(tmp_path / "p")
    made.readout("one")
    made.code("ada", "one", STAMPED)
    made.code("bo", "one", STAMPED)
    return Caller(made.root, monkeypatch, capsys)


def test_a_dry_run_says_what_it_would_do_and_does_nothing(call: Caller) -> None:
    before = call.project.paths.codebook.read_bytes()
    said = call("retire", "topics", "a", "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "a would not be given any more; its marks would stay what they are.",
        "The codebook b would go from 1.0.0 to 2.0.0.",
        "It would touch 4 marks in 2 codings, 2 of them yours.",
        "  ada  one  2",
        "  bo  one  2",
    ]
    assert call.project.paths.codebook.read_bytes() == before


def test_without_yes_it_has_to_be_confirmed(call: Caller) -> None:
    said = call("retire", "topics", "a")
    assert (said.code, "Add --yes." in said.err) == (2, True)
    assert call.project.codebook.version == "1.0.0"


def test_a_label_is_added_with_a_free_key(call: Caller) -> None:
    said = call("add", "tone", "tone.wry", "--name", "Wry", "--include", "a smile", "--yes")
    assert said.code == 0
    layer = call.project.codebook.layers[1]
    label = layer.label("tone.wry")
    assert label is not None
    assert (label.key, label.include, call.project.codebook.version) == ("r", ("a smile",), "1.1.0")


def test_the_key_that_is_proposed_is_free_beside_those_of_the_settings(call: Caller) -> None:
    with (call.project.root / "annotator.toml").open("a", encoding="utf-8") as file:
        file.write('\n[labels]\n"topics.a" = "w"\n')
    assert call("add", "topics", "wry", "--name", "Wry", "--yes").code == 0
    assert call.project.codebook.panels[0].keys["wry"] == "r"


def test_a_label_is_renamed_and_merged_and_marks_follow(call: Caller) -> None:
    assert call("rename", "topics", "a", "z", "--yes").code == 0
    assert labels(call.project, "ada", "one") == ["z", "z", "b"]
    said = call("merge", "topics", "z", "b", "--yes", "--note", "too like")
    assert "Your marks were changed in 1 readout." in said.out
    assert labels(call.project, "ada", "one") == ["b", "b"]
    assert labels(call.project, "bo", "one") == ["a", "a", "b"]
    assert call.project.codebook.changes[-1].note == "too like"


def test_a_label_is_split_and_what_waits_is_listed(call: Caller) -> None:
    assert call("review").out == "No mark is older than a change that touches it.\n"
    assert call("split", "topics", "a", "x=Ex", "y=Why", "--yes").code == 0
    assert call("review").out.splitlines() == [
        "one  0  a was split in 2.0.0: choose x or y",
        "one  10  a was split in 2.0.0: choose x or y",
    ]
    assert call("split", "topics", "b", "x").code == 2


def test_whether_older_marks_are_looked_at_again_can_be_said(call: Caller) -> None:
    assert call("retire", "topics", "a", "--yes", "--no-review").code == 0
    assert call("review").out == "No mark is older than a change that touches it.\n"
    assert call("merge", "topics", "b", "c", "--yes", "--review").code == 0
    assert len(call("review").out.splitlines()) == 1


@pytest.mark.parametrize(
    "args",
    [
        ("retire", "topics", "nothing"),
        ("rename", "topics", "a", "b"),
        ("rename", "topics", "a", "\x1b]52;c;x\x07"),
        ("add", "nowhere", "a", "--name", "A"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(call: Caller, args: tuple[str, ...]) -> None:
    said = call(*args, "--yes")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("annotator: ")
    assert "\x1b" not in said.err


def test_what_could_not_be_written_is_named_and_the_answer_is_no(call: Caller) -> None:
    journal = call.project.reopened("ada", "one")
    try:
        said = call("rename", "topics", "a", "z", "--yes")
    finally:
        journal.close()
    assert said.code == 1
    assert "Left as they were, and changed once you open them: one." in said.out


def test_a_change_that_is_broken_off_says_in_how_many_readouts_the_marks_follow(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, sync = call.root / "tags" / "ada" / "one.json", os.fsync

    def stopped(descriptor: int) -> None:
        if os.path.samestat(os.fstat(descriptor), journal.stat()):
            raise KeyboardInterrupt
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", stopped)
    said = call("rename", "topics", "a", "z", "--yes")
    assert said.code == 130
    assert said.err == (
        "annotator: The codebook is b 1.1.0 now. Your marks follow it in 0 of 1 readout, and in"
        " the others once you open them.\nannotator: interrupted.\n"
    )
    assert "is b 1.1.0 now" not in said.out
    assert call.project.codebook.version == "1.1.0"

"""The verb `reanchor`, called as a person calls it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from annotator import cli
from annotator.pipeline.project import Project
from tests.test_moving import CODEBOOK, REWORDED, TEXT, code, cue, done, stored, topic, write

CHANGED = REWORDED.replace("open the border", "close the border")
TWO, THREE = 2, 3


class Said(NamedTuple):
    """What a call gave back."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


Call = Callable[..., Said]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose one readout ada and bob coded, before its text was changed."""
    root = tmp_path / "home"
    for name in ("seeds", "schemas"):
        (root / name).mkdir(parents=True)
    (root / "schemas/readouts.toml").write_text(CODEBOOK)
    write(root, TEXT)
    project = Project.open(root)
    code(project, "ada", cue(TWO, "open"), done(TWO), topic(THREE))
    code(project, "bob", topic(1))
    write(root, CHANGED)
    return project


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], project: Project
) -> Call:
    """Call the verb in this process in the project, as somebody who types `typed`."""
    monkeypatch.chdir(project.root)

    def call(*args: str, typed: str | None = None) -> Said:
        monkeypatch.setattr(sys, "argv", ["annotator", "reanchor", *args])
        monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Typed(typed))
        exit_code = cli.main()
        out, err = capsys.readouterr()
        return Said(exit_code, out, err)

    return call


def journals(project: Project) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in project.paths.tags.glob("*/*.json")}


def is_moved(project: Project, coder: str) -> bool:
    return stored(project, coder).header.text == project.readout("call").text_sha256


# What is listed


def test_what_moves_is_listed_by_kind_with_places_and_words(call: Call) -> None:
    said = call("call", "--coder", "ada", "--yes")
    assert said.code == 0
    for shown in (
        "The text of call changed since ada began to code it.",
        "2 reworded: The sentence was reworded, and waits for another look.",
        "  sentence 1  0–25 → 0–26\n",
        "    before “The ministers met in May.”\n    now    “The ministers met in June.”",
        "1 words lost: Words that the mark quotes are gone",
        "  sentence 2  topics peace, cue  41–45\n    “open”",
        "1 sentence kept, 2 reworded, 1 mark waits for a place.",
        "The coding of call by ada is about the new text now.",
    ):
        assert shown in said.out
    assert said.out.index("reworded:") < said.out.index("words lost:")


def test_sentences_that_come_and_go_are_listed_with_what_keeps_their_marks(
    call: Call, project: Project
) -> None:
    write(project.root, "Trade was discussed.\nThe ministers met in May.\nA dinner was given.\n")
    said = call("call", "--coder", "ada", "--yes")
    for shown in (
        "1 moved: The sentence stands elsewhere now.",
        "1 new: The sentence is new, and waits to be coded.\n  sentence 4  47–66\n"
        "    “A dinner was given.”",
        "1 gone: The sentence is gone; what was said of it is kept with another one.\n"
        "  sentence 2  26–57, kept with sentence 4",
        "1 unplaced: The mark has no place in the new text; it is kept as it was.\n"
        "  sentence 4  topics peace; cue “open”",
    ):
        assert shown in said.out
    assert stored(project).coding.sentence(4).unplaced


def test_a_sentence_of_which_nothing_was_said_is_kept_with_none(
    call: Call, project: Project
) -> None:
    write(project.root, TEXT.replace("They agreed to open the border.\n", ""))
    said = call("call", "--coder", "bob", "--yes")
    assert (
        "1 gone: The sentence is gone; nothing was said of it.\n  sentence 2  26–57\n" in said.out
    )


def test_without_a_readout_the_codings_of_another_text_are_listed(
    call: Call, project: Project
) -> None:
    said = call()
    assert said.code == 0
    assert [row.split() for row in said.out.splitlines()] == [
        ["readout", "coder"],
        ["call", "ada"],
        ["call", "bob"],
    ]
    assert [row.split() for row in call("--coder", "bob").out.splitlines()][1:] == [["call", "bob"]]
    assert call("--json").rows == [
        {"coder": "ada", "readout": "call", "problem": ""},
        {"coder": "bob", "readout": "call", "problem": ""},
    ]
    assert call("--yes").code == 2
    write(project.root, TEXT)
    said = call()
    assert (said.code, said.out) == (1, "")
    assert "No coding is about another text" in said.err


def test_a_coding_that_cannot_be_looked_at_is_named_and_the_others_are_listed(
    call: Call, project: Project
) -> None:
    (project.paths.tags / "ada/call.json").write_bytes(b"damaged")
    said = call()
    assert said.code == 0
    assert "ada/call: " in said.err
    assert "ada" not in said.out
    assert "bob" in said.out


# What is asked


def test_nothing_is_moved_before_somebody_says_yes(call: Call, project: Project) -> None:
    before = journals(project)
    said = call("call", "--coder", "ada", typed="n\n")
    assert "Move this coding to the new text?" in said.err
    assert said.code != 0
    assert journals(project) == before
    said = call("call", "--coder", "ada", typed="y\n")
    assert said.code == 0
    assert is_moved(project, "ada")
    assert journals(project)["bob"] == before["bob"]


def test_where_nobody_can_be_asked_nothing_is_moved(call: Call, project: Project) -> None:
    before = journals(project)
    said = call("call", "--coder", "ada")
    assert said.code == 2
    assert "--yes" in said.err
    assert "2 reworded" in said.out
    assert journals(project) == before


def test_all_coders_are_moved_each_by_themselves_after_one_question(
    call: Call, project: Project
) -> None:
    said = call("call", "--all-coders", typed="y\n")
    assert said.code == 0
    assert said.err.count("Move these 2 codings to the new text?") == 1
    assert is_moved(project, "ada")
    assert is_moved(project, "bob")
    assert call("call", "--all-coders").code == 1


def test_who_is_meant_is_said_once(call: Call, project: Project) -> None:
    before = journals(project)
    said = call("call", "--all-coders", "--coder", "ada", "--yes")
    assert said.code == 2
    assert journals(project) == before


def test_other_bytes_of_the_same_text_are_taken_over_without_a_question(
    call: Call, project: Project
) -> None:
    (project.root / "seeds/call.txt").write_bytes(TEXT.encode("utf-16"))
    said = call("call", "--coder", "ada")
    assert (said.code, said.err) == (0, "")
    assert "its text did not: every mark stands as it was" in said.out
    assert is_moved(project, "ada")
    assert call("call", "--coder", "ada").code == 1


# Where there is nothing to do, or it cannot be done


def test_a_coding_of_the_text_that_is_there_has_nothing_to_move(
    call: Call, project: Project
) -> None:
    write(project.root, TEXT)
    said = call("call", "--coder", "ada", "--yes")
    assert (said.code, said.out) == (1, "")
    assert "nothing to move" in said.err


def test_a_coder_without_a_coding_is_told_who_has_one(call: Call) -> None:
    said = call("call", "--coder", "cy", "--yes")
    assert said.code == 1
    assert "cy has not coded call" in said.err
    assert "ada and bob" in said.err


def test_a_readout_that_is_not_there_or_has_no_words_is_refused(
    call: Call, project: Project
) -> None:
    assert call("none", "--coder", "ada").code == 2
    assert call("none", "--all-coders").code == 2
    write(project.root, "\n")
    said = call("call", "--coder", "ada", "--yes")
    assert said.code == 2
    assert "no words any more" in said.err
    assert call("call", "--all-coders", "--yes").code == 2


def test_a_coding_that_is_being_written_stays_and_the_others_are_moved(
    call: Call, project: Project
) -> None:
    write(project.root, TEXT)
    held = project.journal("ada", "call", "2026-01-02T03:04:05Z")
    write(project.root, CHANGED)
    before = journals(project)
    assert call("call", "--coder", "ada", "--yes").code == 4
    assert journals(project) == before
    said = call("call", "--all-coders", "--yes")
    assert said.code == 4
    assert journals(project)["ada"] == before["ada"]
    assert is_moved(project, "bob")
    assert "by bob is about the new text now" in said.out
    assert "by ada is about" not in said.out
    held.close()


def test_a_damaged_coding_keeps_no_other_from_being_moved(call: Call, project: Project) -> None:
    (project.paths.tags / "ada/call.json").write_bytes(b"damaged")
    said = call("call", "--all-coders", "--yes")
    assert said.code == 3
    assert is_moved(project, "bob")


# JSON


def test_json_lists_every_move_and_writes_nothing_without_yes(call: Call, project: Project) -> None:
    before = journals(project)
    said = call("call", "--coder", "ada", "--json")
    assert (said.code, said.err) == (0, "")
    *moves, summary = said.rows
    assert [row["kind"] for row in moves] == ["reworded", "reworded", "words lost"]
    assert moves[0]["old"] == {"start": 0, "end": 25, "exact": "The ministers met in May."}
    assert moves[0]["new"] == {"start": 0, "end": 26, "exact": "The ministers met in June."}
    assert (moves[0]["sentence"], moves[0]["mark"], moves[0]["slot"]) == (1, None, None)
    lost = moves[2]
    assert (lost["mark"]["label"], lost["slot"], lost["new"]) == ("peace", "cue", None)
    assert summary["counts"]["marks_unplaced"] == 1
    assert (summary["coder"], summary["readout"], summary["moved"]) == ("ada", "call", False)
    assert journals(project) == before
    said = call("call", "--coder", "ada", "--json", "--yes")
    assert said.rows[-1] == {**summary, "moved": True}
    assert is_moved(project, "ada")

"""A layer that came later is not asked of what was decided before, once somebody says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.model.edit import Timeline
from annotator.pipeline.check import check
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.session import acts
from annotator.session.acts import Pen
from tests.coded import CODEBOOK, Made, Said
from tests.test_revising_verbs import Caller

AT = "2026-11-27T00:00:00Z"
MOOD = """
[[layers]]
id = "mood"
name = "Mood"
key = "B"
labels = [{ id = "calm", name = "Calm" }]
"""


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Sentences that were decided, and a layer that is added to the codebook after."""
    made = Made(tmp_path / "p")
    for name in ("one", "two"):
        made.readout(name)
    topic = Said(marks=(("topics", "a"),))
    made.code("ada", "one", {1: topic, 2: Said(), 3: Said(state="skipped"), 4: Said(state="new")})
    made.code("ada", "two", {1: Said(asked=("topics",)), 2: Said(state="unsure")})
    made.code("bo", "one", {1: topic})
    (made.root / "schemas" / "readouts.toml").write_text(CODEBOOK + MOOD, "utf-8")
    made.project.forget_codebook()
    return made


@pytest.fixture
def call(made: Made, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Caller:
    return Caller(made.root, monkeypatch, capsys)


def rows(project: Project) -> dict[str, Any]:
    chosen = Selection(coders=("ada", "bo"), states=("done", "unsure", "skipped"))
    folder = export(project, chosen, output=project.root.parent / "out", force=True).folder
    found = map(json.loads, (folder / "sentences.jsonl").read_bytes().splitlines())
    return {row["id"]: row for row in found}


def missing(project: Project) -> dict[str, list[str]]:
    return {name: row["unasked"] for name, row in rows(project).items()}


def test_it_is_shown_first_and_then_said_of_each_decided_sentence_without_a_mark(
    made: Made, call: Caller
) -> None:
    before = made.journal("ada", "one").read_bytes()
    shown = "mood would count as not asked of 4 sentences of 2 readouts:\n  one  3\n  two  1\n"
    assert call("unask", "mood", "--dry-run") == (0, shown, "")
    assert call("unask", "mood").code == 2
    assert made.journal("ada", "one").read_bytes() == before
    said = call("unask", "mood", "--yes")
    assert said.code == 0
    assert said.out.startswith(shown)
    assert "“unasked:mood” finds them" in said.out
    assert missing(made.project) == {
        **{name: ["mood"] for name in ("one#1@ada", "one#2@ada", "one#3@ada", "two#2@ada")},
        "two#1@ada": ["tone", "mood"],
        "one#1@bo": [],
    }
    assert not any(
        row["imported"] for name, row in rows(made.project).items() if name != "two#1@ada"
    )
    assert "No sentence would change" in call("unask", "mood", "--yes").out
    assert list(check(made.project)) == []


def test_a_sentence_with_a_mark_of_the_layer_stays_asked(made: Made, call: Caller) -> None:
    made.code(
        "ada", "one", {2: Said(marks=(("mood", "calm"),)), 3: Said(rejected=(("mood", "calm"),))}
    )
    assert call("unask", "mood", "--yes").code == 0
    found = missing(made.project)
    assert (found["one#1@ada"], found["one#2@ada"], found["one#3@ada"]) == (["mood"], [], [])


def test_each_readout_gets_one_act_and_to_decide_again_asks_all(made: Made, call: Caller) -> None:
    call("unask", "mood", "--yes")
    journal = made.project.reopened("ada", "one")
    assert (journal.history[-1].what, len(journal.history[-1].changes)) == ("unask mood", 3)
    pen = Pen("ada", made.project.codebook, lambda: AT, lambda: "m1")
    decided = acts.decide(pen, journal.coding, 1, "done")
    assert decided is not None
    journal.put(decided)
    assert journal.coding.sentence(1).not_asked == ()
    for _ in range(2):
        undone = Timeline.of(journal.history).undo(AT)
        assert undone is not None
        journal.put(undone)
    journal.close()
    assert missing(made.project)["one#2@ada"] == []


def test_what_was_touched_since_a_day_stays_asked(made: Made, call: Caller) -> None:
    journal = made.project.reopened("ada", "one")
    pen = Pen("ada", made.project.codebook, lambda: AT, lambda: "m1")
    decided = acts.decide(pen, journal.coding, 2, "done", keys=1)
    assert decided is not None
    journal.put(decided)
    journal.close()
    assert "touched since" in call("unask", "mood", "--before", "2026-01-02", "--yes").out
    assert call("unask", "mood", "--before", "2026-11-27", "--yes").code == 0
    found = missing(made.project)
    assert (found["one#1@ada"], found["one#2@ada"]) == (["mood"], [])


@pytest.mark.parametrize("args", [("nowhere",), ("mood", "--before", "May"), ("\x1b[2J",)])
def test_what_is_no_layer_or_no_day_is_refused(call: Caller, args: tuple[str, ...]) -> None:
    said = call("unask", *args, "--yes")
    assert (said.code, said.out) == (2, "")
    assert "\x1b" not in said.err


def test_a_coder_who_coded_nothing_is_told_who_did(call: Caller) -> None:
    said = call("unask", "mood", "--coder", "nobody", "--yes")
    assert said.code == 1
    assert "“nobody” has coded nothing in this project. Those who have: ada, bo." in said.err


def test_a_coding_that_cannot_be_read_is_named_and_the_others_are_written(
    made: Made, call: Caller
) -> None:
    path = made.journal("ada", "two")
    path.write_bytes(path.read_bytes().replace(b'"unsure"', b'"unsvre"'))
    said = call("unask", "mood", "--yes")
    assert said.code == 1
    assert "  two  " in said.out
    snapshot = made.project.store().read("ada", "one")
    assert snapshot is not None
    assert snapshot.coding.sentence(1).not_asked == ("mood",)


def test_a_check_of_the_codebook_names_a_layer_that_no_coding_names(
    made: Made, call: Caller
) -> None:
    assert "No coding of ada, bo names the layer mood." in call("check").out
    assert "the layer topics" not in call("check").out
    call("unask", "mood", "--yes", "--coder", "ada")
    assert "No coding of bo names the layer mood." in call("check").out
    call("unask", "mood", "--yes", "--coder", "bo")
    assert "the layer mood" not in call("check").out

"""What a file tells is kept as suggestions: looked at first, exact, once, and nobody's marks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.files import MAX_BYTES
from annotator.model.suggestion import Suggestion
from annotator.pipeline import suggestions
from annotator.pipeline.check import check
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import PIECES, Call, text_of

FIGHT = PIECES["call-a"][1][1]
NEVER = PIECES["call-b"][0][1]
TASKS: list[Mapping[str, Any]] = [
    {"text": FIGHT, "label": "Terrorism", "score": 0.75},
    {"text": FIGHT, "spans": [{"start": 28, "end": 37, "label": "Trade", "score": 0.5}]},
    {"text": NEVER, "accept": ["Terrorism", "odd"], "_annotator_id": "m\x1b[2J"},
    {"text": NEVER, "label": "Trade", "answer": "reject"},
    {"text": FIGHT, "label": "Trade", "score": "very"},
    {"text": text_of("call-b"), "label": "Trade"},
]


def written(path: Path, tasks: Sequence[Mapping[str, Any]]) -> Path:
    path.write_bytes(b"".join(json.dumps(task).encode() + b"\n" for task in tasks))
    return path


def kept(project: Project, readout_id: str = "call-a") -> dict[tuple[str, str], Suggestion]:
    found = suggestions.kept(project, project.readout(readout_id))
    assert (found.lost, found.foreign, found.problems) == ((), (), ())
    return {(one.label, one.source): one for one in found.fitting}


def file_of(project: Project, readout_id: str = "call-a") -> Path:
    return project.root / "suggestions" / f"{readout_id}.jsonl"


@pytest.fixture
def suggested(project: Project, tmp_path: Path, call: Call) -> Project:
    """The project with what `TASKS` suggests."""
    file = written(tmp_path / "tasks.jsonl", TASKS)
    assert call("import", str(file), "--format", "prodigy", "--suggest", "--yes")[0] == 2
    return project


def test_tasks_become_suggestions_after_a_look_and_only_once(
    project: Project, tmp_path: Path, call: Call
) -> None:
    file = written(tmp_path / "tasks.jsonl", TASKS)
    args = ("import", str(file), "--format", "prodigy", "--suggest")
    code, said = call(*args)
    assert code == 2  # Parts of the file are bad, which the look says too.
    for words in (
        "3 suggestions in 2 readouts would be taken in, by m␛[2J, tasks;",
        "nothing: no home",
        "line 5: the score of “Trade” is not between 0 and 1; it was left out.",
        "line 6: “Trade” is given to a whole text of 3 sentences; it was left out.",
        "1 label of whole texts that have several sentences was left out: a mark is of one",
        "1 label that the file refuses: no suggestions",
        "Complete",
    ):
        assert words in said
    assert not (project.root / "suggestions").exists()
    assert call(*args, "--yes")[0] == 2  # Parts of the file are bad.
    assert not project.paths.tags.exists()
    text = text_of("call-a")
    whole, spanned = kept(project)["sec.terror", "tasks"], kept(project)["eco.trade", "tasks"]
    assert (whole.span.exact, whole.score) == (FIGHT, 0.75)
    assert (spanned.span.exact, spanned.score, spanned.slots) == ("terrorism", 0.5, {})
    assert text[spanned.span.start : spanned.span.end] == "terrorism"
    assert [*kept(project, "call-b")] == [("sec.terror", "m␛[2J")]
    before = file_of(project).read_bytes()
    code, said = call(*args, "--yes")
    assert code == 2  # The same parts are bad.
    assert "0 suggestions in 0 readouts will be taken in" in said
    assert "3 are there already, 0 will get another score" in said
    assert file_of(project).read_bytes() == before


def test_a_later_run_of_a_model_gives_new_scores_and_adds_nothing(
    suggested: Project, tmp_path: Path, call: Call
) -> None:
    file = written(tmp_path / "tasks.jsonl", [{**TASKS[0], "score": 0.25}])
    code, said = call("import", str(file), "--format", "prodigy", "--suggest", "--yes")
    assert code == 0
    assert "1 will get another score" in said
    assert len(kept(suggested)) == 2
    assert kept(suggested)["sec.terror", "tasks"].score == 0.25


def test_words_go_into_the_slot_that_the_homes_name(
    project: Project, tmp_path: Path, call: Call
) -> None:
    file = written(tmp_path / "tasks.jsonl", [TASKS[1]])
    args = ("import", str(file), "--format", "prodigy", "--suggest", "--as", "m 3")
    call(*args)
    homes = file.with_name("tasks.jsonl.homes.toml")
    homes.write_text(homes.read_text("utf-8").replace('slot = ""', 'slot = "evidence"'), "utf-8")
    assert call(*args, "--yes")[0] == 0
    (one,) = kept(project).values()
    assert (one.source, [span.exact for span in one.spans()]) == ("m 3", ["terrorism"])


def test_predictions_of_label_studio_are_suggestions_and_nobodys_marks(
    project: Project, tmp_path: Path, call: Call
) -> None:
    def choice(label: str, **more: object) -> dict[str, object]:
        return {
            "type": "choices",
            "from_name": "topic",
            "value": {"choices": [label]},
            **more,
        }

    task = {
        "data": {"text": FIGHT},
        "annotations": [{"completed_by": 7, "result": [choice("Terrorism")]}],
        "predictions": [
            {
                "model_version": "v2",
                "score": 0.9,
                "result": [choice("Trade"), choice("Terrorism", score=0.4)],
            },
            {"model_version": "v3", "score": 7, "result": [choice("Trade")]},
        ],
    }
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps([task]), "utf-8")
    args = ("import", str(file), "--format", "labelstudio", "--yes")
    code, said = call(*args, "--as", "eve")
    assert code == 0
    assert "3 labels of a program: nobody's mark, and left out." in said
    snapshot = project.store().read("eve", "call-a")
    assert snapshot is not None
    marks = [mark.label for _, one in snapshot.coding.sentences() for mark in one.marks]
    assert marks == ["sec.terror"]
    code, said = call(*args, "--suggest", "--from", "model:v2")
    assert code == 0
    assert "not between" not in said
    said = call(*args, "--suggest")[1]
    assert "line 1, task 1, prediction 2: the score of “Trade” is not between" in said
    found = {name: one.score for name, one in kept(project).items()}
    assert found == {
        ("eco.trade", "model:v2"): 0.9,
        ("sec.terror", "model:v2"): 0.4,
        ("sec.terror", "7"): None,
    }


def test_what_somebody_coded_is_suggested_to_others_with_its_slots(
    coded: Project, call: Call
) -> None:
    folder = export(coded).folder
    code, said = call("import", str(folder), "--suggest", "--yes")
    assert code == 0
    assert "1 label that the file refuses" in said
    found = kept(coded)
    agreement = found["agreement", "ada"]
    assert agreement.span.exact == FIGHT
    assert {*agreement.slots} == {"action", "committers", "strength", "timeframe"}
    assert call("import", str(folder), "--suggest", "--yes")[0] == 0


def test_notes_and_doubts_of_marks_are_kept_and_what_is_left_out_is_counted(
    coded: Project, call: Call
) -> None:
    file = export(coded).folder / "sentences.jsonl"
    rows = [json.loads(line) for line in file.read_bytes().splitlines()]
    rows[0] |= {"note": "odd", "flagged": True}
    rows[0]["marks"][0] |= {"note": "why", "certainty": "low"}
    code, said = call("import", str(written(file, rows)), "--suggest", "--yes")
    assert code == 0
    for words in (
        "2 × references to other marks: left out.",
        "1 × notes on sentences: left out.",
        "1 × flags of sentences: left out.",
    ):
        assert words in said
    found = kept(coded)
    terror, trade = found["sec.terror", "ada"], found["eco.trade", "ada"]
    assert (terror.certainty, terror.note) == ("low", "why")
    assert (trade.certainty, trade.note) == (None, None)


@pytest.mark.parametrize("scores", [(0.9, 0.2), (0.2, 0.9)])
def test_of_two_scores_of_the_same_the_higher_is_kept_and_that_is_said(
    project: Project, tmp_path: Path, call: Call, scores: tuple[float, float]
) -> None:
    file = written(tmp_path / "tasks.jsonl", [{**TASKS[0], "score": one} for one in scores])
    code, said = call("import", str(file), "--format", "prodigy", "--suggest", "--yes")
    assert code == 0
    assert "1 × lower scores of what a source suggests twice: left out." in said
    assert kept(project)["sec.terror", "tasks"].score == 0.9


def test_equal_labels_are_one_suggestion_and_that_is_said(
    project: Project, tmp_path: Path, call: Call
) -> None:
    file = written(tmp_path / "tasks.jsonl", [TASKS[0]] * 3)
    code, said = call("import", str(file), "--format", "prodigy", "--suggest", "--yes")
    assert code == 0
    assert "1 suggestion in 1 readout will be taken in" in said
    assert "2 × labels that say the same as another of their source: left out." in said


def test_sources_are_listed_and_one_is_taken_away(suggested: Project, call: Call) -> None:
    code, said = call("suggestions")
    assert code == 0
    assert [line.split() for line in said.splitlines()[1:]] == [
        ["m␛[2J", "1", "1"],
        ["tasks", "1", "2"],
    ]
    assert call("suggestions", "--drop", "nobody", "--yes")[0] == 1
    assert call("suggestions", "--drop", "tasks")[0] == 2
    assert len(kept(suggested)) == 2
    assert call("suggestions", "--drop", "tasks", "--yes")[0] == 0
    assert not file_of(suggested).exists()
    assert len(kept(suggested, "call-b")) == 1
    assert "tasks" not in call("suggestions")[1]


def test_a_readout_is_taken_whole_or_not_at_all(
    suggested: Project, tmp_path: Path, call: Call
) -> None:
    bad = file_of(suggested)
    bad.write_bytes(bad.read_bytes() + b"no JSON\n")
    before = bad.read_bytes()
    new = [{"text": FIGHT, "label": "Trade"}, {"text": NEVER, "label": "Trade"}]
    file = written(tmp_path / "tasks.jsonl", new)
    code, said = call("import", str(file), "--format", "prodigy", "--suggest", "--yes")
    assert code == 2
    assert "call-a: suggestions/call-a.jsonl holds lines that are no suggestions" in said
    assert "1 readout was left as it is" in said
    assert bad.read_bytes() == before
    assert ("eco.trade", "tasks") in kept(suggested, "call-b")


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ((), "Nobody is named whose marks they become"),
        (("--suggest", "--decided"), "Suggestions decide no sentence"),
        (("--suggest", "--as", "m" * 65), "cannot be the name of a source"),
        (("--suggest", "--as", "\x1b[2J"), "“␛[2J” cannot be the name of a source"),
    ],
)
def test_a_call_that_means_nothing_is_refused(
    tmp_path: Path, call: Call, args: tuple[str, ...], complaint: str
) -> None:
    file = written(tmp_path / "tasks.jsonl", TASKS)
    code, said = call("import", str(file), "--format", "prodigy", *args)
    assert (code, complaint in said) == (2, True)


def told(project: Project) -> str:
    found = list(check(project))
    assert {one.severity for one in found} <= {"warning"}
    return "\n".join(f"{one.readout}: {one.what} {one.remedy}" for one in found)


def test_suggestions_move_with_a_text_that_changed_and_check_names_those_that_cannot(
    suggested: Project, tmp_path: Path, call: Call
) -> None:
    assert told(suggested) == ""
    path = suggested.paths.seeds / "call-a.txt"
    path.write_bytes(b"New. " + path.read_bytes())
    assert all(one.span.holds(suggested.readout("call-a").text) for one in kept(suggested).values())
    path.write_bytes(path.read_bytes().replace(b"terrorism", b"terror"))
    readout = suggested.readout("call-a")
    assert len(suggestions.kept(suggested, readout).lost) == 2
    assert "1 × topics eco.trade of tasks is not shown, for its words are not at" in told(suggested)
    # They are kept beside what is new: the words may come back.
    file = written(tmp_path / "more.jsonl", [{"text": "trade;", "label": "Trade"}])
    assert call("import", str(file), "--format", "prodigy", "--suggest", "--yes")[0] == 0
    assert len(suggestions.kept(suggested, readout).lost) == 2
    assert len(suggestions.kept(suggested, readout).fitting) == 1


def hostile(**changes: object) -> Callable[[dict[str, Any]], bytes]:
    return lambda good: json.dumps({**good, **changes}).encode()


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda good: b"{", "line 3 is not JSON"),
        (lambda good: b"\xff", "is not UTF-8"),
        (lambda good: b"[" * 100_000, "line 3"),
        (lambda good: b"[]", "line 3"),
        (hostile(source="\x1b[2Jm"), "line 3 is no suggestion: the name of a source is printable"),
        (hostile(label="\x1b[2J"), "line 3 is no suggestion: label does not fit the pattern"),
        (hostile(score=2), "line 3 is no suggestion: score"),
        (hostile(**{"\x1b[2J": 1}), "there is no key “␛[2J”"),
        (hostile(label="no.label"), "1 × topics no.label of tasks is not shown, for the codebook"),
        (hostile(codebook="other 7.0.0", layer="mood"), "1 × mood eco.trade of tasks"),
        (
            hostile(span={"start": 0, "end": 4, "exact": "Nope"}),
            "1 × topics eco.trade of tasks is not shown, for its words are not at their place",
        ),
        (hostile(span={"start": 0, "end": 4, "exact": "x"}), "a span is as long as its exact text"),
    ],
    ids=range(12),
)
def test_a_hostile_line_is_told_in_one_sentence_and_stops_no_other(
    suggested: Project, spoil: Callable[[dict[str, Any]], bytes], complaint: str
) -> None:
    path = file_of(suggested)
    good = next(x for x in map(json.loads, path.read_bytes().splitlines()) if "eco" in x["label"])
    path.write_bytes(path.read_bytes() + spoil(good) + b"\n")
    found = suggestions.kept(suggested, suggested.readout("call-a"))
    assert len(found.fitting) == 2
    said = told(suggested)
    assert complaint in said
    assert "suggestions/call-a.jsonl" in said
    assert "\x1b" not in said
    assert len(said.splitlines()) == 1


def test_a_file_that_is_too_large_or_about_nothing_is_told(suggested: Project) -> None:
    file_of(suggested).write_bytes(b"x" * (MAX_BYTES + 1))
    file_of(suggested, "gone").write_bytes(b"")
    said = told(suggested)
    assert "call-a.jsonl is larger than 5 MB." in said
    assert "suggestions/gone.jsonl is about a readout that is not there. Remove the file." in said


def test_suggestions_that_name_whom_the_readout_does_not_are_told(
    coded: Project, call: Call
) -> None:
    folder = export(coded).folder
    exit_code, said = call("import", str(folder), "--suggest")
    assert exit_code == 0
    assert "call-a: suggestions name Xb, whom the file of the readout does not;" in said
    path = coded.paths.seeds / "call-a.toml"
    known = '[[entities]]\nid = "xb"\ntype = "state"\nname = "Xb"\n'
    path.write_text(path.read_text("utf-8") + known, "utf-8")
    assert "suggestions name" not in call("import", str(folder), "--suggest")[1]

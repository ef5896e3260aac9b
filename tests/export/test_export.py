from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_origin

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from annotator.errors import Busy, InputError, NothingToDo, StorageError
from annotator.model.base import Value
from annotator.model.mark import ChoiceValue, Mark, Provenance, Slots, TextValue
from annotator.model.record import AttributionRow, CommitmentRow, DocumentRow, SentenceRow
from annotator.model.sentence import Sentence
from annotator.pipeline.export import export
from annotator.pipeline.exporting import Choice
from annotator.pipeline.previewing import preview
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.store import TinyStore

from .conftest import Call, Code, coding_edit, header_of, mark

MODELS: dict[str, type[Value]] = {
    "sentences.jsonl": SentenceRow,
    "attributions.jsonl": AttributionRow,
    "commitments.jsonl": CommitmentRow,
    "documents.jsonl": DocumentRow,
}
FILES = {*MODELS, "labels.json", "README.md", "croissant.json", "checksums.txt"}


def rows(folder: Path, file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / file).read_bytes().splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_the_folder_holds_the_dataset_and_nothing_else(coded: Project) -> None:
    report = export(coded)
    assert report.folder == coded.paths.exports.resolve() / "readouts-9.8.7"
    assert left(report.folder) == FILES
    assert left(coded.paths.exports) == {"readouts-9.8.7"}
    assert report.rows == {file: len(rows(report.folder, file)) for file in MODELS}
    assert report.rows["sentences.jsonl"] == 5


@pytest.mark.parametrize("file", MODELS)
def test_every_row_obeys_the_schema_of_its_model_and_has_its_keys(
    coded: Project, file: str
) -> None:
    validator = Draft202012Validator(MODELS[file].model_json_schema(mode="serialization"))
    found = rows(export(coded).folder, file)
    assert found
    for row in found:
        validator.validate(row)
        assert list(row) == list(MODELS[file].model_fields)
        for key, field in MODELS[file].model_fields.items():
            assert isinstance(row[key], list) == (get_origin(field.annotation) is tuple), key


def test_every_range_holds_its_words_in_the_text_that_was_read(coded: Project) -> None:
    folder = export(coded).folder
    text = rows(folder, "documents.jsonl")[0]["text"]
    assert text == coded.readout("call-a").text
    ranges = 0

    def compare(value: object) -> None:
        nonlocal ranges
        if isinstance(value, list):
            for one in value:
                compare(one)
        elif isinstance(value, dict):
            if value.get("start") is not None and value.keys() & {"exact", "text"}:
                ranges += 1
                words = value["exact"] if "exact" in value else value["text"]
                assert text[value["start"] : value["end"]] == words
            compare(list(value.values()))

    for file in ("sentences.jsonl", "attributions.jsonl", "commitments.jsonl"):
        compare(rows(folder, file))
    # Each sentence once, and each span in its mark and in the row of its own kind.
    assert ranges == 5 + 2 * (1 + 3 + 1)


def test_a_sentence_says_what_its_coder_decided(coded: Project) -> None:
    second, third, fourth, fifth, last = rows(export(coded).folder, "sentences.jsonl")
    assert second["id"] == "call-a#2@ada"
    assert (second["topics"], second["primary_topic"]) == (["sec.terror"], "sec.terror")
    assert second["rejected"] == [{"layer": "topics", "label": "eco.trade"}]
    assert (second["voice"], second["speakers"]) == ("attributed", ["xa"])
    assert second["commitments"] == ["call-a#c1@ada"]
    assert second["commitment_kinds"] == ["agreement"]
    assert (second["told_by"], second["event_participants"]) == ("xa", ["xa", "xb"])
    assert (second["keys"], second["seconds"]) == (3, 1.5)
    assert third["near_misses"] == ["assertion"]
    assert third["commitments"] == []
    assert [mark["layer"] for mark in third["marks"]][-1] == "tone"
    assert (fourth["topics"], fourth["marks"], fourth["voice"]) == ([], [], "narrator")
    assert (fifth["before"], fifth["after"]) == ("They discussed:", "visas.")
    assert (fourth["duplicate_of"], last["duplicate_of"]) == (None, "call-a#4@ada")


def test_attributions_nest_and_commitments_refer_to_them(coded: Project) -> None:
    folder = export(coded).folder
    said = {row["id"]: row for row in rows(folder, "attributions.jsonl")}
    assert said["call-a#s3@ada"]["parent"] == "call-a#s2@ada"
    assert (said["call-a#s2@ada"]["depth"], said["call-a#s3@ada"]["depth"]) == (1, 2)
    assert said["call-a#s3@ada"]["source_spans"][0]["exact"] == "The minister"
    frame, near_miss = rows(folder, "commitments.jsonl")
    assert (frame["label"], frame["kind"], frame["reason"]) == ("commitment", "agreement", None)
    assert (frame["strength"], frame["plover"]) == (2, ["AGREE"])
    assert (frame["committers"], frame["committers_inferred"]) == (["xa", "xb"], True)
    assert (frame["none_stated"], frame["not_coded"]) == (["timeframe"], [])
    assert frame["attribution"] == "call-a#s1@ada"
    assert (near_miss["label"], near_miss["reason"]) == ("near_miss", "assertion")
    assert "action" in near_miss["not_coded"]


def test_no_line_splitter_breaks_a_row(coded: Project) -> None:
    folder = export(coded).folder
    raw = (folder / "sentences.jsonl").read_bytes()
    assert "\u2028" in json.loads(raw.splitlines()[1])["text"]
    for file, count in export(coded).rows.items():
        raw = (folder / file).read_bytes()
        assert len(raw.decode().splitlines()) == len(raw.splitlines()) == raw.count(b"\n") == count


def test_the_same_store_gives_the_same_bytes(coded: Project, tmp_path: Path) -> None:
    first = export(coded, output=tmp_path / "one").folder
    second = export(Project.open(coded.root), output=tmp_path / "two").folder
    assert contents(first) == contents(second)


def test_the_checksums_are_those_of_the_files(coded: Project) -> None:
    folder = export(coded).folder
    lines = (folder / "checksums.txt").read_text().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    assert listed == {
        file: hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for file in FILES - {"checksums.txt"}
    }
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "-c", "--strict", "checksums.txt"], cwd=folder, check=True)


def test_the_labels_are_described_and_hide_nothing(coded: Project) -> None:
    raw = (export(coded).folder / "labels.json").read_text(encoding="utf-8")
    described = json.loads(raw)
    assert [layer["id"] for layer in described["layers"]] == [
        "topics",
        "speakers",
        "commitments",
        "tone",
    ]
    assert described["layers"][0]["labels"][0]["include"] == ["\u202ehidden"]
    assert "\u202e" not in raw


def test_the_card_counts_what_is_there(coded: Project) -> None:
    report = export(coded)
    card = (report.folder / "README.md").read_text(encoding="utf-8")
    assert "| `topics` | `eco.trade` | ada | 2 | 1 | 40.0% |" in card
    assert "sentences: 5, of them without any mark: 2" in card
    marks = [mark for row in rows(report.folder, "sentences.jsonl") for mark in row["marks"]]
    given = sum(not mark["rejected"] for mark in marks)
    assert f"- marks: {given:,} given; {len(marks) - given:,} rejected, which only the" in card


def test_coders_are_rows_of_their_own_in_the_order_of_the_text(coded: Project, code: Any) -> None:
    code("bob", "call-a", {2: ("done", ()), 3: ("skipped", ())})
    code("bob", "call-b", {2: ("done", ()), 3: ("done", ())})
    found = rows(export(coded).folder, "sentences.jsonl")
    assert [row["id"] for row in found][:3] == ["call-a#2@ada", "call-a#2@bob", "call-a#3@ada"]
    assert [row["id"] for row in found][-2:] == ["call-b#2@bob", "call-b#3@bob"]
    assert found[-1]["duplicate_of"] == "call-b#2@bob"
    assert {row["id"]: row["duplicate_of"] for row in found}["call-a#2@bob"] is None


def test_coders_layers_and_states_limit_the_rows(coded: Project, code: Any) -> None:
    code("bob", "call-b", {1: ("skipped", ()), 2: ("done", ())})
    only_bob = export(coded, Selection(coders=("bob",)))
    assert [row["id"] for row in rows(only_bob.folder, "sentences.jsonl")] == ["call-b#2@bob"]
    assert [row["readout"] for row in rows(only_bob.folder, "documents.jsonl")] == ["call-b"]
    unsure = export(coded, Selection(states=("unsure", "skipped")))
    assert [row["state"] for row in rows(unsure.folder, "sentences.jsonl")] == ["unsure", "skipped"]
    frames = export(coded, Selection(coders=("ada",), layers=("commitments",)))
    assert frames.rows["attributions.jsonl"] == 0
    assert frames.losses == {"reference to a mark that is not in it": 1}
    assert rows(frames.folder, "commitments.jsonl")[0]["attribution"] is None
    first = rows(frames.folder, "sentences.jsonl")[0]
    assert (first["topics"], first["rejected"], first["voice"]) == ([], [], "attributed")
    assert [mark["layer"] for mark in first["marks"]] == ["commitments"]


def test_marks_that_wait_for_a_place_are_losses(project: Project) -> None:
    edit = coding_edit("call-a", {2: ("done", (mark("t1", "topics", "sec.terror"),))})
    waiting = mark("t2", "topics", "eco.trade")
    changes = tuple(
        one.replaced(after=one.after.changed(unplaced=(waiting,)))
        if one.key == 2 and isinstance(one.after, Sentence)
        else one
        for one in edit.changes
    )
    TinyStore(project.paths.tags).open(
        header_of("ada", "call-a"),
        project.readout("call-a"),
        lambda: edit.replaced(changes=changes),
    ).close()
    what = "mark that waits for a place since the text changed"
    report = export(project)
    assert report.losses == {what: 1}
    assert rows(report.folder, "losses.jsonl") == [
        {"kind": "lost", "what": what, "where": "call-a#t2@ada"}
    ]
    with pytest.raises(InputError, match="give marks that wait their place"):
        export(project, strict=True)
    assert preview(project, Choice(), lambda: False).losses == {what: 1}


def test_a_language_has_its_regions_within_it_and_others_are_counted(
    coded: Project, code: Any
) -> None:
    code("ada", "call-b", {1: ("done", ()), 2: ("done", ())})
    (coded.paths.seeds / "call-b.toml").write_text('language = "zh-Hans"\n', "utf-8")
    for said in ("zh", "ZH-hans"):
        report = export(Project.open(coded.root), Selection(languages=(said,)))
        assert report.readouts == 1
        assert report.passed == {
            "their readout is of another language or date": 5,
            "they are not decided yet": 1,
        }
    with pytest.raises(NothingToDo, match=r"no coded readout is in z\. They are in en, zh-Hans"):
        export(Project.open(coded.root), Selection(languages=("z",)))


def test_what_is_not_decided_is_counted_in_the_readouts_that_a_filter_takes(
    coded: Project, code: Any, call: Call
) -> None:
    (coded.paths.seeds / "call-b.toml").write_text(
        'language = "zh"\n[event]\ndate = "2024-05-31"\n', "utf-8"
    )
    code("ada", "call-b", {1: ("done", ())})
    # Nothing of these is decided.
    code("bo", "call-a", {})
    code("bo", "call-b", {})
    for option, value in (("--language", "zh"), ("--from", "2024")):
        _, said = call("export", "d", "--force", option, value)
        told = "they are not decided yet: 5"
        assert f"{told} sentences." in said
        assert f"{told}." in (coded.paths.exports / "d" / "README.md").read_text("utf-8")
    passed = export(Project.open(coded.root)).passed
    assert passed["they are not decided yet"] == 1 + 2 + 7 + 3 - 2
    assert passed["they stand around the text: headings, datelines and formulas"] == 2


def test_samples_come_only_when_they_are_asked_for(sample: Project, code: Any) -> None:
    with pytest.raises(NothingToDo):
        export(sample)
    code("ada", "call-a", {1: ("done", ())})
    assert export(sample).coders == ("ada",)
    both = export(sample, Selection(samples=True))
    assert both.coders == ("ada", "sample")
    assert [row["sample"] for row in rows(both.folder, "sentences.jsonl")] == [False, True]
    assert export(sample, Selection(coders=("sample",))).coders == ("sample",)


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        (Selection(states=("skipped",)), "no sentence is skipped"),
        (Selection(coders=("ada",), states=("skipped",)), "no sentence of ada is skipped"),
        (Selection(coders=("eve",)), "“eve” has coded nothing"),
    ],
)
def test_nothing_to_export_is_one_sentence_and_leaves_nothing(
    coded: Project, selection: Selection, says: str
) -> None:
    with pytest.raises(NothingToDo, match=says) as raised:
        export(coded, selection)
    assert raised.value.exit_code == 1
    assert not coded.paths.exports.exists()


def test_an_unknown_layer_or_format_names_those_that_there_are(coded: Project) -> None:
    with pytest.raises(InputError, match="topics, speakers, commitments, tone"):
        export(coded, Selection(layers=("topic",)))
    with pytest.raises(InputError, match="There are jsonl"):
        export(coded, format_name="clay")
    with pytest.raises(InputError, match="cannot be the name of an export"):
        export(coded, name="../seeds")


def test_a_mark_that_the_codebook_does_not_know_stops_the_export(coded: Project, code: Any) -> None:
    older = contents(export(coded).folder)
    alien = Mark(
        id="z",
        layer="topics",
        label="gone",
        start=0,
        end=1,
        provenance=Provenance(coder="bob", at="", codebook="b 1"),
    )
    code("bob", "call-b", {1: ("done", (alien,))})
    with pytest.raises(InputError, match=r"call-b, sentence 1, coder bob: .*no label “gone”"):
        export(coded)
    assert contents(coded.paths.exports / "readouts-9.8.7") == older
    assert left(coded.paths.exports) == {"readouts-9.8.7"}


def test_a_readout_that_was_changed_after_it_was_coded_stops_the_export(coded: Project) -> None:
    path = coded.paths.seeds / "call-a.txt"
    path.write_bytes(b"More. " + path.read_bytes())
    with pytest.raises(InputError, match="call-a changed since ada"):
        export(coded)
    assert left(coded.paths.exports) == set()


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_a_refused_rename_leaves_the_older_export(
    coded: Project, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """The file system refuses the nth rename, or the sync before the first."""
    folder = export(coded).folder
    older = contents(folder)
    (coded.paths.root / "tags" / "bob").mkdir()
    rename, calls = Path.rename, 0

    def refuse(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == moment:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    def refuse_sync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if moment < 3:
        monkeypatch.setattr(Path, "rename", refuse)
    else:
        monkeypatch.setattr(os, "fsync", refuse_sync)
    with pytest.raises(StorageError, match="could not be written"):
        export(coded, Selection(states=("unsure",)))
    monkeypatch.undo()
    assert contents(folder) == older
    assert left(coded.paths.exports) == {folder.name}


@pytest.mark.parametrize("moment", [1, 2])
def test_an_interrupt_between_renames_leaves_one_whole_export(
    coded: Project, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """It comes right after the nth rename, when the export that is older, or both, have moved."""
    folder = export(coded).folder
    older = contents(folder)
    rename, calls = Path.rename, 0

    def interrupted(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        moved = rename(self, target)
        if calls == moment:
            raise KeyboardInterrupt
        return moved

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export(coded, Selection(states=("unsure",)))
    monkeypatch.undo()
    assert (contents(folder) == older) == (moment == 1)
    assert left(coded.paths.exports) == {folder.name}


def test_what_a_killed_export_left_is_put_right_by_the_next(coded: Project) -> None:
    folder = export(coded).folder
    older = contents(folder)
    # It was killed between its two renames, when the older export had just been moved away.
    (folder.parent / f".{folder.name}.new").mkdir()
    (folder.parent / f".{folder.name}.new" / "sentences.jsonl").write_bytes(b"{")
    folder.rename(folder.parent / f".{folder.name}.old")
    with pytest.raises(NothingToDo):
        export(coded, Selection(states=("skipped",)))
    assert contents(export(coded).folder) == older
    assert left(coded.paths.exports) == {folder.name}


def test_an_export_beside_another_waits_for_nobody(coded: Project) -> None:
    coded.paths.exports.mkdir()
    descriptor = os.open(coded.paths.exports, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        with pytest.raises(Busy, match="Another export is being written"):
            export(coded)
    finally:
        os.close(descriptor)
    assert left(coded.paths.exports) == set()


def test_only_an_export_is_replaced_and_only_by_force(coded: Project, tmp_path: Path) -> None:
    place = tmp_path / "out"
    export(coded, output=place)
    with pytest.raises(InputError, match="--force"):
        export(coded, output=place)
    export(coded, Selection(states=("unsure",)), output=place, force=True)
    assert len(rows(place, "sentences.jsonl")) == 1
    (place / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"“notes\.txt”, which no export wrote"):
        export(coded, output=place, force=True)
    other = tmp_path / "other"
    other.mkdir()
    export(coded, output=other)
    link = tmp_path / "link"
    link.symlink_to(other)
    with pytest.raises(InputError, match="is no folder"):
        export(coded, output=link, force=True)
    with pytest.raises(InputError, match="which no export wrote"):
        export(coded, output=coded.paths.seeds, force=True)


@pytest.mark.parametrize("form", ["refi", "parquet"])
def test_a_disk_that_is_full_is_one_sentence(coded: Project, form: str) -> None:
    call = [sys.executable, "-B", "-m", "annotator", "-p", str(coded.root), "export"]
    said = subprocess.run(
        ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", *call, "--format", form],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 3
    assert "File too large" in said.stderr
    assert "could not be written" in said.stderr
    assert "Traceback" not in said.stderr
    assert not list(coded.root.glob("exports/*"))


def test_what_somebody_wrote_into_a_card_is_never_lost(coded: Project, call: Call) -> None:
    folder = export(coded).folder
    card = folder / "README.md"
    answers = []
    for times, name in enumerate((".edited", ".edited-2"), start=1):
        answers.append(card.read_text("utf-8").replace("TODO", f"Answered {times} times"))
        card.write_text(answers[-1], "utf-8")
        code, said = call("export")
        assert code == 2
        assert "README.md was changed since the export wrote it." in " ".join(said.split())
        assert card.read_text("utf-8") == answers[-1]
        code, said = call("export", "--force")
        assert code == 0
        kept = folder.with_name(f"{folder.name}{name}")
        assert f"is kept in exports/{kept.name}." in " ".join(said.split())
        assert "Answered" not in card.read_text("utf-8")
    assert [
        (folder.with_name(f"{folder.name}{name}") / "README.md").read_text("utf-8")
        for name in (".edited", ".edited-2")
    ] == answers
    # A dataset as it was written is refreshed without a word.
    assert call("export")[0] == 0
    with pytest.raises(InputError, match=r"holds “README\.md”"):
        export(coded, name=kept.name, force=True)


def test_the_slots_of_a_layer_of_ones_own_are_exported_with_its_marks(coded: Project) -> None:
    marks = [m for row in rows(export(coded).folder, "sentences.jsonl") for m in row["marks"]]
    slots = [slot for mark in marks if mark["layer"] == "tone" for slot in mark["slots"]]
    assert [(slot["slot"], slot["type"]) for slot in slots] == [("why", "text")]
    assert slots[0]["value"]
    assert {frozenset(slot) for mark in marks for slot in mark["slots"]} == {frozenset(slots[0])}


def test_a_scale_in_words_is_exported_without_a_number_and_the_card_says_so(
    project: Project, code: Code, call: Call
) -> None:
    book = project.root / "schemas" / "readouts.toml"
    steps = '{ id = "1", name = "weak" }, { id = "2", name = "firm" } ] },'
    words = (
        '{ id = "weak", name = "weak" }, { id = "99999999999999999999", name = "firm" } ] },'
        '{ id = "verifiability", name = "verifiable", type = "text" },'
        '{ id = "mutual", name = "mutual", type = "choice", '
        'choices = [{ id = "both", name = "both" }] },'
    )
    book.write_text(book.read_text("utf-8").replace(steps, words), "utf-8")
    slots: Slots = {
        "strength": (ChoiceValue(choice="weak"),),
        "verifiability": (TextValue(text="by visits"),),
        "mutual": (ChoiceValue(choice="both"),),
    }
    huge: Slots = {
        "strength": (ChoiceValue(choice="99999999999999999999"),),
        "verifiability": (TextValue(text="2"),),
    }
    given = (
        mark("c1", "commitments", "agreement", slots),
        mark("c2", "commitments", "agreement", huge),
    )
    code("ada", "call-a", {2: ("done", given)})
    assert call("codebook", "check")[0] == 0
    for form in ("jsonl", "parquet", "csv", "brat"):
        assert call("export", form, "--format", form)[0] == 0
    folder = project.paths.exports / "jsonl"
    found = rows(folder, "commitments.jsonl")
    assert [(one["strength"], one["verifiability"]) for one in found] == [(None, None), (None, 2)]
    (row,) = rows(folder, "sentences.jsonl")
    said = {slot["slot"]: slot["value"] for slot in row["marks"][0]["slots"]}
    assert said == {"strength": "weak", "verifiability": "by visits", "mutual": "both"}
    told = "`marks` has them all: `strength`, `verifiability`, `mutual`."
    assert told in (folder / "README.md").read_text("utf-8")
    assert told not in (project.paths.exports / "brat" / "README.md").read_text("utf-8")

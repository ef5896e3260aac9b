"""An export that is prepared: what its command line writes, what it shows, and what it leaves."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from annotator import cli
from annotator.errors import InputError, NothingToDo
from annotator.formats.training import Extras
from annotator.pipeline import exporting, previewing
from annotator.pipeline.export import export
from annotator.pipeline.exporting import FORMS, Choice, Older, People, Stopped
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from .conftest import Code, example
from .forms import SLOW_TO_INSTALL, forms

EVERY = ("topics", "speakers", "commitments", "tone")
CHOICES = [
    Choice(),
    Choice(name="two", selection=Selection(states=("done", "unsure"))),
    Choice(selection=Selection(coders=("bo",), layers=("topics", "tone")), form="doccano"),
    Choice(selection=Selection(samples=True), form="labelstudio"),
    Choice(selection=Selection(coders=("ada", "sample"))),
    Choice(selection=Selection(adjudicator="bo"), form="csv"),
    Choice(way="event", seed=7, validation=0.25, test=0.35, form="conllu"),
    Choice(way="event", name="split"),
    Choice(way="time", validation=0.0, seed=3, test=0.5),
    Choice(way="side", held="xa", test=0.9, validation=1e-05),
    Choice(way="dyad", held="xb-xa"),
    Choice(form="jsonl", strict=True),
    *(Choice(form=form.name) for form in FORMS if form.extra not in SLOW_TO_INSTALL),
]


@pytest.fixture
def many(sample: Project, code: Code) -> Project:
    """A project whose readouts two coders coded, and one of them the samples' coder."""
    code("ada", "call-a", example())
    code("bo", "call-a", {2: ("done", ()), 3: ("unsure", ())})
    code("bo", "call-b", {1: ("done", ()), 3: ("skipped", ())})
    return sample


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def run(monkeypatch: pytest.MonkeyPatch, command: str) -> int:
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    return cli.main()


def never() -> bool:
    return False


def nowhere(done: int, of: int) -> None:
    pass


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_the_command_line_that_is_shown_writes_the_same_bytes(
    many: Project, choice: Choice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert exporting.folder_to_name(many) == many.root
    report = exporting.write(many, choice, nowhere, never)
    written = contents(report.folder)
    assert len(written) > 3
    shutil.rmtree(report.folder)
    assert run(monkeypatch, choice.command(many.root)) == 0
    assert contents(report.folder) == written


def test_the_command_line_names_only_what_differs_and_no_folder_within_the_project(
    many: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(many.paths.seeds)
    assert exporting.folder_to_name(many) is None
    assert Choice().command() == "annotator export"
    assert Choice(way="event").command() == "annotator export --split event"
    assert Choice(way="time", seed=3).command() == "annotator export --split time"


def test_the_command_line_replaces_only_what_was_to_be_replaced(
    many: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = Choice(name="two")
    exporting.write(many, choice, nowhere, never)
    assert run(monkeypatch, choice.command(many.root)) == 2
    assert run(monkeypatch, replace(choice, force=True).command(many.root)) == 0
    # Without a name, the verb replaces its own export and needs no leave.
    assert Choice(force=True).command() == "annotator export"


def test_words_that_a_shell_would_obey_are_one_word_of_the_command_line(
    many: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held = 'xa\'; touch "$(pwd)/x"\n`id` [red]\x1b[31m'
    choice = Choice(way="side", held=held)
    assert shlex.split(choice.command()) == choice.arguments()
    assert run(monkeypatch, choice.command(many.root)) == 1
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "choice", [Choice(way="side"), Choice(way="dyad"), Choice(way="event", test=0.95)]
)
def test_a_split_that_is_none_is_told_before_anything_is_written(choice: Choice) -> None:
    with pytest.raises(InputError):
        choice.command()


def test_coders_are_taken_and_left_one_by_one(many: Project) -> None:
    people = People.of(many)
    assert people == People(("ada", "bo"), ("sample",))
    all_own = Selection()
    assert people.taken(all_own) == {"ada", "bo"}
    one = people.turned(all_own, "bo")
    assert one == Selection(coders=("ada",))
    assert people.turned(one, "bo") == all_own
    assert people.turned(all_own, "sample") == Selection(samples=True)
    mixed = people.turned(one, "sample")
    assert mixed == Selection(coders=("ada", "sample"))
    assert people.taken(mixed) == {"ada", "sample"}
    with pytest.raises(InputError, match="One coder stays"):
        people.turned(one, "ada")


def test_the_adjudicator_is_one_of_those_who_are_taken(many: Project) -> None:
    people = People.of(many)
    own = sorted(people.own)
    chosen = Selection()
    for name in (*own, None):
        chosen = people.adjudicated(chosen, 1)
        assert chosen.adjudicator == name
    chosen = people.adjudicated(chosen, -1)
    assert chosen.adjudicator == own[-1]
    assert "--adjudicated" in Choice(selection=chosen).arguments()
    assert people.turned(chosen, own[0]).adjudicator == own[-1]
    assert people.turned(chosen, own[-1]).adjudicator is None


def test_where_nobody_coded_yet_the_samples_can_be_taken_and_left(sample: Project) -> None:
    people = People.of(sample)
    taken = people.turned(Selection(), "sample")
    assert taken == Selection(samples=True)
    assert people.turned(taken, "sample") == Selection()


def test_the_last_layer_and_the_last_state_stay() -> None:
    one = Selection()
    for layer in EVERY[1:]:
        one = exporting.with_layer(one, layer, EVERY)
    assert one.layers == ("topics",)
    with pytest.raises(InputError, match="One layer stays"):
        exporting.with_layer(one, "topics", EVERY)
    for layer in reversed(EVERY[1:]):
        one = exporting.with_layer(one, layer, EVERY)
    assert one.layers is None
    assert exporting.with_state(one, "unsure").states == ("done", "unsure")
    with pytest.raises(InputError, match="One state stays"):
        exporting.with_state(one, "done")


@pytest.mark.parametrize("form", forms())
def test_a_preview_is_how_the_dataset_of_its_readout_begins(
    coded: Project, form: exporting.Form
) -> None:
    report = export(coded, format_name=form.name)
    shown = previewing.preview(coded, Choice(form=form.name), never)
    assert (shown.readout, shown.coders) == ("call-a", ("ada",))
    assert (shown.rows, shown.losses) == (report.rows, report.losses)
    first = next(iter(report.rows))
    assert fnmatchcase(shown.file, first) or shown.file.startswith(f"{first}/")
    file = report.folder / shown.file
    if shown.no_text:
        # A library writes it: a zip, Parquet, or what spaCy packs.
        assert file.read_bytes().startswith((b"PK", b"PAR1", b"x\x9c"))
        assert shown.lines == previewing.preview(coded, Choice(), never).lines
    else:
        raw = file.read_bytes()
        lines = raw.decode().removesuffix("\n").split("\n")[:60]
        assert list(shown.lines) == [line[:8000] for line in lines]


def test_a_file_without_rows_begins_with_nothing(many: Project) -> None:
    one_coder = Choice(selection=Selection(coders=("ada",)), extras=Extras(soft=True))
    assert previewing.preview(many, one_coder, never).training == {"soft.jsonl": ()}


def test_what_was_chosen_before_is_chosen_still_but_for_what_is_gone(many: Project) -> None:
    people = People.of(many)
    whole = Choice(
        form="csv",
        way="event",
        validation=0.3,
        selection=Selection(
            coders=("ada", "bo"), layers=("topics", "tone"), adjudicator="bo", certainty="high"
        ),
        force=True,
    )
    kept = exporting.still(whole, people, EVERY)
    assert kept.selection.layers == ("topics", "tone")
    assert kept == replace(
        whole, selection=replace(whole.selection, coders=kept.selection.coders), force=False
    )
    assert people.taken(kept.selection) == {"ada", "bo"}
    ada = People(("ada", "cy"), ())
    left = exporting.still(whole, ada, EVERY[:1]).selection
    assert (left.coders, left.layers, left.adjudicator) == (("ada",), None, None)
    assert left.certainty == "high"
    gone = exporting.still(whole, People(("cy",), ()), ("new",)).selection
    assert (gone.coders, gone.layers) == (None, None)
    assert exporting.still(Choice(), people, EVERY) == Choice()


def test_a_format_is_named_by_how_it_begins() -> None:
    names = [exporting.form_beginning(typed) for typed in ("co", "CONLLU", "lab", "slate-")]
    assert names == ["conll", "conllu", "labelstudio", "slate-character"]
    with pytest.raises(InputError, match="No format begins with “xml”"):
        exporting.form_beginning("xml")


@pytest.mark.parametrize("form", ["jsonl", "hf", "hf-parquet"])
def test_a_preview_shows_how_the_files_for_training_begin(coded: Project, form: str) -> None:
    extras = Extras(multi_hot=True, soft=True)
    report = export(coded, format_name=form, extras=extras)
    shown = previewing.preview(coded, Choice(form=form, extras=extras), never)
    assert shown.rows == report.rows
    assert [*shown.training] == [*report.rows][-2:]
    reference = previewing.preview(coded, Choice(extras=extras), never)
    for (name, lines), rows in zip(
        shown.training.items(), reference.training.values(), strict=True
    ):
        raw = (report.folder / name).read_bytes()
        if form == "hf-parquet":
            assert (name in shown.no_text, lines, raw[:4]) == (True, rows, b"PAR1")
        else:
            assert "\n".join(lines) == raw.decode().removesuffix("\n")


def test_a_preview_writes_nothing_into_the_project(coded: Project) -> None:
    before = sorted(coded.root.rglob("*"))
    previewing.preview(coded, Choice(form="refi"), never)
    part = Selection(layers=("commitments",))
    choice = Choice(way="event", strict=True, form="conll", selection=part)
    report = exporting.check(coded, choice, nowhere, never)
    assert sorted(coded.root.rglob("*")) == before
    assert not report.folder.exists()
    assert report.losses
    assert report.survey is not None


def test_a_preview_is_of_the_first_readout_that_has_anything(many: Project) -> None:
    choice = Choice(selection=Selection(states=("skipped",)))
    shown = previewing.preview(many, choice, never)
    assert (shown.readout, shown.coders, shown.rows["sentences.jsonl"]) == ("call-b", ("bo",), 1)


def test_where_there_is_nothing_the_preview_says_so(project: Project) -> None:
    with pytest.raises(NothingToDo, match="nothing to export"):
        previewing.preview(project, Choice(), never)


def test_a_check_counts_what_the_export_writes(many: Project) -> None:
    choice = Choice(way="event", test=0.5)
    checked = exporting.check(many, choice, nowhere, never)
    written = exporting.write(many, choice, nowhere, never)
    assert checked == replace(written, folder=checked.folder)


def test_a_check_keeps_the_seed_of_the_export_that_is_there(many: Project) -> None:
    exporting.write(many, Choice(way="event", seed=61), nowhere, never)
    checked = exporting.check(many, Choice(way="event"), nowhere, never)
    assert checked.survey is not None
    assert checked.survey.splits.seed == 61


@pytest.mark.parametrize(("way", "readings"), [("", 1), ("event", 2)])
def test_how_far_it_is_is_told_through_all_readings(
    many: Project, way: exporting.Way, readings: int
) -> None:
    told: list[tuple[int, int]] = []
    exporting.write(many, Choice(way=way), lambda done, of: told.append((done, of)), never)
    whole = 2 * readings
    assert told == [(done, whole) for done in range(1, whole + 1)]


@pytest.mark.parametrize("after", [0, 1, 2, 3])
@pytest.mark.parametrize("older", [False, True])
def test_whenever_it_is_stopped_nothing_is_left_and_an_older_export_stays(
    many: Project, after: int, *, older: bool
) -> None:
    before: dict[str, bytes] = {}
    if older:
        exporting.write(many, Choice(), nowhere, never)
        before = contents(many.paths.exports)
    calls: list[int] = []
    choice = Choice(way="event", force=older)
    with pytest.raises(Stopped):
        exporting.write(
            many, choice, lambda done, of: calls.append(done), lambda: len(calls) >= after
        )
    assert len(calls) == after
    left = many.paths.exports.iterdir() if many.paths.exports.exists() else ()
    assert [path.name for path in left] == (["readouts-9.8.7"] if older else [])
    assert contents(many.paths.exports) == before


def test_an_older_export_is_in_the_way_until_it_may_be_replaced(many: Project) -> None:
    assert exporting.older(many, Choice()) is None
    first = exporting.write(many, Choice(), nowhere, never)
    assert exporting.older(many, Choice()) == Older()
    assert exporting.older(many, Choice(name="two")) is None
    card = first.folder / "README.md"
    whole = card.read_bytes()
    card.write_bytes(whole + b"Answered.")
    (first.folder.with_name(f"{first.folder.name}.edited")).touch()
    edited = Older("README.md", f"{first.folder.name}.edited-2")
    assert exporting.older(many, Choice()) == edited
    kept = exporting.write(many, Choice(force=True), nowhere, never).kept
    assert kept is not None
    assert kept.name == edited.kept
    with pytest.raises(InputError, match="already"):
        exporting.write(many, Choice(), nowhere, never)
    conll = exporting.write(many, Choice(form="conll"), nowhere, never)
    assert conll.folder.name == f"{first.folder.name}-conll"
    assert not (first.folder / "losses.jsonl").exists()
    named = Choice(force=True, form="conll", name=first.folder.name)
    exporting.write(many, named, nowhere, never)
    assert (first.folder / "losses.jsonl").exists()


def test_what_no_export_wrote_is_never_replaced(many: Project) -> None:
    report = exporting.write(many, Choice(), nowhere, never)
    (report.folder / "notes.txt").write_text("mine")
    for choice in (Choice(), Choice(force=True)):
        with pytest.raises(InputError, match=r"notes\.txt"):
            exporting.older(many, choice)
    with pytest.raises(InputError, match=r"notes\.txt"):
        exporting.write(many, Choice(force=True), nowhere, never)
    assert (report.folder / "notes.txt").read_text() == "mine"

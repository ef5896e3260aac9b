"""An export that several processes share is the export of one, whatever becomes of the others."""

from __future__ import annotations

import gc
import os
import signal
import sys
import weakref
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import AnnotatorError, NothingToDo
from annotator.formats.counts import Counts
from annotator.formats.dialect import Dialect
from annotator.formats.output import About
from annotator.formats.training import Extras
from annotator.formats.work import Work
from annotator.model.mark import EntityValue, RefValue, Slots, SpanValue
from annotator.model.splitting import Plan
from annotator.pipeline import portions
from annotator.pipeline.export import ExportReport, export
from annotator.pipeline.exporting import Stopped
from annotator.pipeline.making import Making, batch_of
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Chosen, Selection
from tests.processes import helpers as helpers_of

from .conftest import PIECES, Code, example, mark, quote, text_of
from .forms import forms
from .generated import works

READOUTS: Final = 14
EXTRAS: Final = Extras(multi_hot=True, tokens=True, soft=True)


def joining(form: Dialect) -> bool:
    return form.joins


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def many(project: Project, code: Code, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project of many readouts and several coders, with what forms cannot hold among it."""
    for number in range(READOUTS):
        name = f"call-{number:02}"
        monkeypatch.setitem(PIECES, name, PIECES["call-a"])
        (project.paths.seeds / f"{name}.txt").write_bytes(text_of(name).encode())
        licence = ("CC0", "CC-BY-4.0")[number % 2]
        (project.paths.seeds / f"{name}.toml").write_text(
            f'language = "{("en", "fr")[number % 3 == 0]}"\nlicence = "{licence}"\n'
            f'issuing_side = "x{number % 4}"\n'
            f'[event]\nid = "e{number // 2}"\ndate = "20{number:02}"\n'
            '[[entities]]\nid = "xa"\ntype = "state"\nname = "Xa"\n',
            "utf-8",
        )
        code("ada", name, example())
        if number % 2:
            overlapping: Slots = {
                "source": (EntityValue(entity="xb", mention=quote(name, "The minister")),),
                "cue": (SpanValue(span=quote(name, "minister")),),
                "parent": (RefValue(mark="gone"),),
            }
            code("bo", name, {3: ("done", (mark("s9", "speakers", "direct", overlapping),))})
        if number % 5 == 4:
            code("cy", name, {2: ("skipped", ()), 4: ("unsure", ()), 5: ("done", ())})
        if number % 4 == 3:
            heading, (role, second), (_, third), *rest = PIECES["call-a"]
            joined = [heading, (role, f"{second}\n{third}"), *rest]
            monkeypatch.setitem(PIECES, name, joined)
            code("eve", name, {2: ("done", ())})
    return Project.open(project.root)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut portions of one or two readouts each."""
    monkeypatch.setattr(portions, "_AHEAD", 1)
    monkeypatch.setattr(portions, "_PORTION", 12_000)


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[bool]]:
    """Give what tells, for each portion that a helper was asked for, whether it came."""
    told: list[bool] = []
    answer = portions._Helper.answer

    def listened(self: portions._Helper) -> object:
        made = answer(self)
        told.append(made is not None)
        return made

    monkeypatch.setattr(portions._Helper, "answer", listened)
    return lambda: told


def helpers() -> list[int]:
    """Return the processes that this one started and that run."""
    return [one for one, state in helpers_of(os.getpid()).items() if state != "Z"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("form", forms(joining))
@pytest.mark.parametrize("processes", [2, 3, 9])
def test_what_several_processes_write_is_what_one_writes(
    many: Project,
    tmp_path: Path,
    form: Dialect,
    processes: int,
    helped: Callable[[], list[bool]],
) -> None:
    extras = Extras(multi_hot=True, soft=True, tokens=form.words)
    one = export(many, output=tmp_path / "one", format_name=form.name, extras=extras, processes=1)
    assert helped() == []
    more = export(
        many, output=tmp_path / "more", format_name=form.name, extras=extras, processes=processes
    )
    assert len(helped()) > 3
    assert all(helped())
    assert contents(more.folder) == contents(one.folder)
    assert one.losses
    assert any("coders" in what for what in one.losses)
    assert not form.words or any("tag" in what for what in one.losses)
    for field in fields(one):
        if field.name != "folder":
            assert getattr(more, field.name) == getattr(one, field.name), field.name
    assert list(more.rows) == list(one.rows)
    assert helpers() == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("selection", "plan"),
    [
        (Selection(), Plan(by="event", seed=3, validation=0.2, test=0.2)),
        (Selection(), Plan(by="side", held="x1")),
        (Selection(adjudicator="bo"), None),
        (Selection(coders=("bo", "cy"), states=("done", "unsure", "skipped")), None),
        (Selection(languages=("fr",), since="2003", until="2010"), None),
        (Selection(origins=("human",), certainty="high", layers=("topics", "speakers")), None),
    ],
    ids=["event", "side", "adjudicated", "coders", "dates", "filters"],
)
def test_whatever_is_chosen_several_processes_choose_it(
    many: Project,
    tmp_path: Path,
    selection: Selection,
    plan: Plan | None,
    helped: Callable[[], list[bool]],
) -> None:
    def call(processes: int) -> tuple[ExportReport, list[tuple[int, int, str]]]:
        far: list[tuple[int, int, str]] = []
        report = export(
            many,
            selection,
            output=tmp_path / str(processes),
            plan=plan,
            extras=EXTRAS,
            trial=True,
            processes=processes,
            progress=lambda *told: far.append(told),
        )
        return report, far

    (one, told), (more, also) = call(1), call(2)
    assert helped()
    assert all(helped())
    assert contents(more.folder) == contents(one.folder)
    assert (more.passed, more.losses) == (one.passed, one.losses)
    assert also == told


@pytest.mark.usefixtures("small")
def test_samples_are_shared_out_too(
    sample: Project, many: Project, tmp_path: Path, helped: Callable[[], list[bool]]
) -> None:
    chosen = Selection(samples=True)
    one = export(many, chosen, output=tmp_path / "one", processes=1)
    more = export(many, chosen, output=tmp_path / "more", processes=2)
    assert "sample" in one.coders
    assert all(helped())
    assert contents(more.folder) == contents(one.folder)


def test_other_forms_are_written_by_one_process(
    many: Project, helped: Callable[[], list[bool]]
) -> None:
    for form in ("csv", "hf", "labelstudio", "doccano-spans"):
        export(many, format_name=form, processes=2)
    assert helped() == []


@pytest.mark.usefixtures("small")
def test_what_is_killed_costs_nothing_but_time(
    many: Project, tmp_path: Path, helped: Callable[[], list[bool]]
) -> None:
    one = export(many, output=tmp_path / "one", processes=1)

    def kill(done: int, of: int, name: str) -> None:
        if done == 1:  # They have only just been started, and have answered nothing yet.
            running = helpers()
            assert len(running) == 2
            for process in running:
                os.kill(process, signal.SIGKILL)

    more = export(many, output=tmp_path / "more", processes=3, progress=kill)
    assert not all(helped())
    assert contents(more.folder) == contents(one.folder)


def test_an_answer_is_whole_also_where_a_write_takes_a_part_of_it(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, bytes(data[:7])))
    portions._answer(b"what was made" * 9)
    monkeypatch.undo()
    assert capfdbinary.readouterr().out == (117).to_bytes(8) + b"what was made" * 9


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("trouble", ["no interpreter", "another version", "no room", "no sense"])
def test_what_cannot_start_costs_nothing_but_time(
    many: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    helped: Callable[[], list[bool]],
    trouble: str,
) -> None:
    one = export(many, output=tmp_path / "one", processes=1)
    if trouble == "no interpreter":
        monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    elif trouble == "another version":
        monkeypatch.setattr(portions, "__version__", "0.0.0")
    elif trouble == "no room":

        def full() -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(portions, "TemporaryFile", full)
    else:
        monkeypatch.setattr(portions, "_HELP", "import nothing_of_that_name")
    more = export(many, output=tmp_path / "more", processes=3)
    assert not any(helped())
    assert contents(more.folder) == contents(one.folder)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("place", [6, 7, READOUTS - 1])
@pytest.mark.parametrize("trouble", ["text", "journal", "mark"])
def test_an_error_of_a_helper_is_the_error_of_one_process(
    many: Project, code: Code, place: int, trouble: str
) -> None:
    older = contents(export(many).folder)
    name = f"call-{place:02}"
    if trouble == "text":
        (many.paths.seeds / f"{name}.txt").write_text("Another text.", "utf-8")
    elif trouble == "journal":
        (many.paths.tags / "ada" / f"{name}.json").write_bytes(b"{")
    else:
        code("dan", name, {2: ("done", (mark("z1", "topics", "nowhere"),))})
    with pytest.raises(AnnotatorError) as alone:
        export(many, processes=1)
    with pytest.raises(AnnotatorError) as shared:
        export(many, processes=3)
    assert type(shared.value) is type(alone.value)
    assert vars(shared.value) == vars(alone.value)
    assert name in str(shared.value)
    assert [path.name for path in many.paths.exports.iterdir()] == ["readouts-9.8.7"]
    assert contents(many.paths.exports / "readouts-9.8.7") == older
    assert helpers() == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("after", [0, 1, 5, READOUTS - 1])
@pytest.mark.parametrize("error", [Stopped, KeyboardInterrupt])
def test_whenever_it_is_stopped_nothing_is_left(
    many: Project, after: int, error: type[BaseException]
) -> None:
    def stop(done: int, of: int, name: str) -> None:
        if done > after:
            raise error

    with pytest.raises(error):
        export(many, processes=3, progress=stop)
    assert list(many.paths.exports.iterdir()) == []
    assert helpers() == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "selection",
    [
        Selection(languages=("de", "nl")),
        Selection(until="1990"),
        Selection(coders=("cy",), states=("unsure",), layers=("topics",), certainty="low"),
        Selection(coders=("bo",), states=("skipped",)),
    ],
)
def test_where_nothing_is_chosen_it_is_said_as_one_process_says_it(
    many: Project, selection: Selection
) -> None:
    said = []
    for processes in (1, 2):
        with pytest.raises(NothingToDo) as nothing:
            export(many, selection, processes=processes)
        said.append(vars(nothing.value))
    assert said[0] == said[1]


def test_one_process_is_enough_for_little_and_never_are_there_more_than_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portions, "_processors", lambda: 4)
    assert [portions.worth(size) for size in (0, 1_000_000, 13_000_000, 10**9)] == [0, 0, 2, 4]
    monkeypatch.setattr(portions, "_processors", lambda: 64)
    assert portions.worth(10**9) == 8
    monkeypatch.setattr(sys, "executable", "")
    assert portions.worth(10**9) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(works(), min_size=1, max_size=4), st.integers(0, 4))
def test_counts_of_portions_are_the_counts_of_all(every: list[Work], cut: int) -> None:
    whole, first, rest = Counts(), Counts(), Counts()
    for place, work in enumerate(every):
        batch = batch_of([work])
        whole.add(batch)
        (first if place < cut else rest).add(batch)
    first.merge(rest)
    assert first == whole
    # What comes first breaks ties, so the order matters to the card.
    for name in ("given", "marks", "sentences", "languages", "licences", "licensed"):
        assert list(getattr(first, name)) == list(getattr(whole, name)), name


@pytest.mark.parametrize("form", forms(joining))
def test_what_a_portion_took_is_free_at_once(many: Project, form: Dialect) -> None:
    chosen = Chosen(many, Selection())
    about = About(many.codebook, chosen.layers, form.variant, adjudicated=True)
    extras = Extras() if not form.words else EXTRAS
    gc.collect()
    gc.disable()
    try:
        kept = portions._Kept()
        making = Making(kept, about, form, extras)
        for _, found in chosen.works():
            making.add(found)
        making.finish()
        there = weakref.ref(kept)
        del kept, making
        assert there() is None
    finally:
        gc.enable()

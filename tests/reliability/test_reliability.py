"""The short versions of `python -m tests.reliability`, and proofs that it would see a loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.store import MemoryStore
from annotator.store.lines import journal
from tests.reliability import kills, replay
from tests.reliability.desk import CONTROLS
from tests.reliability.medium import MISPLACED, Depth, Medium
from tests.reliability.plan import Course, Model, Walker
from tests.reliability.recorded import (
    SHORT,
    TINY,
    Recording,
    Scribe,
    brief,
    odd_ends,
    session,
    upkeep,
)
from tests.reliability.replay import UNKNOWN, Examiner, Seen, judged
from tests.reliability.tape import Cut, Event, Name, Sync, SyncNames, Write

LONG = 600
EVERY_BYTE = Depth(bytes=1, zeros=8, drawn=20)
COARSE = Depth(bytes=100, zeros=100, drawn=20)


def test_killed_processes_lose_nothing_that_they_acknowledged(tmp_path: Path) -> None:
    tally = kills.run(tmp_path, 60)
    assert tally.sound, tally.failures
    assert tally.kills == 60
    assert tally.acknowledged > 100
    assert len(tally.fell) > 1


def test_each_kind_of_work_is_killed(tmp_path: Path) -> None:
    for name in kills.SHARES:
        tally = kills.run(tmp_path, 6, scenarios=[name], seed=3)
        assert tally.sound, (name, tally.failures)
        assert tally.acknowledged >= 10, name


@pytest.mark.parametrize(
    ("control", "failure"), [*zip(CONTROLS, ("lost", "silent", "unreadable"), strict=True)]
)
def test_the_observer_sees_what_a_treacherous_disk_does(
    tmp_path: Path, control: str, failure: str
) -> None:
    tally = kills.run(tmp_path, 8, scenarios=[control])
    assert getattr(tally, failure) > 0
    assert not tally.sound
    assert tally.failures


def figures(root: Path, recordings: list[Recording], depth: Depth) -> replay.Figures:
    return replay.run(root, [(recording, depth) for recording in recordings])


def test_a_write_cut_at_any_byte_leaves_the_state_before_or_after(tmp_path: Path) -> None:
    [recording] = brief(tmp_path / "brief")
    found = figures(tmp_path, [recording], EVERY_BYTE)
    assert found.failures == []
    assert found.went_on > 10
    events = recording.tape.events
    assert found.states > sum(len(event.data) for event in events if isinstance(event, Write))


def test_any_blocks_that_a_loss_of_power_takes_leave_the_state_before_or_after(
    tmp_path: Path,
) -> None:
    recordings = [*session(tmp_path / "session", course=SHORT, long=LONG)]
    found = figures(tmp_path, recordings, COARSE)
    assert found.failures == []
    for kind in ("whole calls", "blocks of 512", "names", *MISPLACED):
        assert any(kind == seen for seen, _ in found.counts), kind


def test_whatever_a_loss_of_power_leaves_of_a_new_file_is_the_old_or_the_new(
    tmp_path: Path,
) -> None:
    found = figures(tmp_path, [*upkeep(tmp_path / "upkeep", course=SHORT)], COARSE)
    assert found.failures == []
    assert found.of("opened", "taken back") > 100


def test_a_write_that_begins_in_the_last_bytes_of_a_block_loses_any_of_its_blocks(
    tmp_path: Path,
) -> None:
    found = figures(tmp_path, [*odd_ends(tmp_path / "ends", course=SHORT, long=LONG)], COARSE)
    assert found.failures == []
    assert found.of("taken back") > 100


@pytest.mark.parametrize("calls", [Sync, SyncNames])
def test_a_store_that_does_not_wait_for_the_disk_would_be_found_out(
    tmp_path: Path, calls: type[Event]
) -> None:
    scribe = Scribe(tmp_path / "scribe", TINY)
    scribe.open()
    scribe.put(scribe.note(0, "short"))
    scribe.journal.close()
    sound = scribe.recording("careful")
    careless = replace(sound, tape=sound.tape.without(calls))
    assert figures(tmp_path, [sound], COARSE).sound
    found = figures(tmp_path, [careless], COARSE)
    assert found.of("lost") > 0
    assert not found.sound


def test_the_examiner_tells_an_earlier_state_and_one_that_nobody_wrote(tmp_path: Path) -> None:
    [recording, *_] = session(tmp_path / "session", course=SHORT, long=LONG)
    name = f"{recording.course.name}.json"
    examiner = Examiner(tmp_path / "seen", recording)
    last = len(recording.stands) - 1
    header, edits = recording.course.header, recording.stands[-1].history
    whole = examiner.look({name: journal(header, edits)})
    assert whole == Seen(last, "opened")
    less = examiner.look({name: journal(header, edits[:-1])})
    assert judged(less, frozenset({last})) == "lost"
    assert judged(less, frozenset({last - 1, last})) == "opened"
    assert judged(examiner.look({}), frozenset({0})) == "lost"
    other = edits[-1].model_copy(update={"what": "otherwise"})
    foreign = examiner.look({name: journal(header, [*edits[:-1], other])})
    assert foreign.stand == UNKNOWN
    assert judged(foreign, frozenset({last})) == "silent"
    broken = examiner.look({name: journal(header, edits).replace(b"short", b"SHORT", 1)})
    assert broken.how == "refused"


def states(before: dict[str, bytes], *events: Event) -> list[dict[str, bytes]]:
    medium = Medium.holding(before)
    for event in events:
        medium.take(event)
    return [files for kind, files in medium.states(Depth()) if kind not in MISPLACED]


def test_any_of_a_writes_blocks_may_be_missing_until_it_is_synced() -> None:
    old, new = b"a" * 1024, b"b" * 1024
    write = Write(0, new, 0)
    found = states({"f": old}, write)
    for files in ({"f": old}, {"f": new}, {"f": old[:512] + new[512:]}, {"f": new[:7] + old[7:]}):
        assert files in found
    assert all(files == {"f": new} for files in states({"f": old}, write, Sync(0)))


def test_a_file_may_have_grown_before_its_bytes_arrived() -> None:
    found = states({"f": b"a" * 10}, Write(0, b"b" * 600, 10))
    for raw in (b"a" * 10 + bytes(600), b"a" * 10 + b"b" * 502, b"a" * 10 + b"b" * 3 + bytes(597)):
        assert {"f": raw} in found
    assert {"f": b"a" * 4} in states({"f": b"a" * 10}, Cut(0, 4))


def test_a_name_may_stand_for_the_old_or_the_new_file_until_the_folder_is_synced() -> None:
    moved = (Name("new", 1), Write(1, b"new", 0), Sync(1), Name("f", 1), Name("new", None))
    found = states({"f": b"old"}, *moved)
    for files in ({"f": b"old"}, {"f": b"old", "new": b"new"}, {"f": b"new"}):
        assert files in found
    assert all(files == {"f": b"new"} for files in states({"f": b"old"}, *moved, SyncNames()))


def test_who_goes_on_in_another_process_does_the_same() -> None:
    course = Course(1, gather=11)
    model, store = Model(course), MemoryStore()
    for number in range(60):
        walker = Walker(course, store.open(course.header, course.readout, course.first))
        assert walker.number == number
        assert walker.journal.coding == model.stand(number).coding
        walker.act()
        walker.save()
        walker.session.close()
    acts = {edit.act for number in range(60) for edit in model.stand(number).history}
    assert acts == {"import", "edit", "undo", "redo", "compact"}

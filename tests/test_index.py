"""The index is a cache: whatever happens to it or to the files, it says what the files say."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from itertools import count
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import DamagedFile, InputError, StorageError
from annotator.pipeline.filter import parse_filter
from annotator.pipeline.gist import ALL, Spot, packed_places, packed_spots, unpacked_spots
from annotator.pipeline.index import FILE, Index
from annotator.pipeline.postings import Wanted
from annotator.pipeline.project import Project
from annotator.pipeline.refresh import Freshness, Refresh
from annotator.pipeline.shelf import Shelf
from annotator.pipeline.stats import stats, total
from annotator.pipeline.tables import Tables
from annotator.store import FORMAT, TinyStore, lines
from annotator.store import format as form
from tests.coded import Coding, Made, Said

ROOT = Path(__file__).parents[1]
DECIDED = Said(marks=(("topics", "a"),))


def later() -> int:
    """A clock by which no file was changed lately, so that stamps are believed."""
    return time.time_ns() + 10**12


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = Made(tmp_path / "project")
    for name in ("r1", "r2", "r3"):
        made.readout(name, f'title = "Talk {name}"')
    made.code("ada", "r1", {2: DECIDED})
    made.code("ada", "r2", {})
    made.code("bob", "r1", {2: Said(state="unsure"), 3: Said(marks=(("tone", "warm"),))})
    return made


@pytest.fixture
def index(made: Made) -> Iterator[Index]:
    with file_index(made) as index:
        index.refresh()
        yield index


def file_index(made: Made, clock: Callable[[], int] = later) -> Index:
    return Index(made.project, made.project.paths.cache / FILE, clock=clock)


def agrees(index: Index, made: Made) -> bool:
    """Tell whether an index says what the files say, once it is refreshed."""
    assert index.refresh().complete
    rows = list(stats(made.project))
    assert list(index.tallies()) == rows
    sums, every = index.totals(), total(rows)
    # Added up in another order, fractions may be rounded otherwise.
    assert isclose(sums.progress.seconds, every.progress.seconds)
    assert replace(sums.progress, seconds=0) == replace(every.progress, seconds=0)
    assert sums.labels == every.labels
    assert sums.journals == len(rows)
    shelf, files = Shelf(made.project, "ada", lambda: index), Shelf(made.project, "ada")
    ids = made.project.readout_ids()
    assert [shelf.read(name) for name in ids] == [files.read(name) for name in ids]
    assert index.readouts(parse_filter("", made.project.codebook), "ada") == ids
    return True


def test_only_what_changed_is_read(made: Made, index: Index) -> None:
    assert index.refresh() == Freshness(complete=True)
    made.code("ada", "r2", {2: DECIDED})
    assert index.refresh() == Freshness(read=1, of=1, complete=True)
    assert [row.progress.done for row in index.tallies()] == [1, 1, 1]
    assert index.refresh() == Freshness(complete=True)


def test_an_index_is_there_again_the_next_time(made: Made, index: Index) -> None:
    index.close()
    with file_index(made) as again:
        assert again.refresh() == Freshness(complete=True)
        assert agrees(again, made)
        assert not again.in_memory


def test_a_file_that_changed_a_moment_ago_is_read_again(made: Made) -> None:
    with file_index(made, time.time_ns) as index:
        assert index.refresh().read == 6
        assert index.refresh().read == 6
        assert index.entry("ada", "r1") is None
    for path in (*made.root.glob("seeds/*"), *made.root.glob("tags/*/*")):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    with file_index(made, time.time_ns) as index:  # It is the change that counts, not its date.
        index.refresh()
        assert index.refresh().read == 6


def test_a_file_that_was_put_back_with_an_older_date_is_read_again(
    made: Made, index: Index, tmp_path: Path
) -> None:
    path = made.journal("ada", "r1")
    other = made.code("ada", "r3", {2: Said(marks=(("topics", "b"),))})
    raw = other.read_bytes()
    head = form.head(TinyStore(made.project.paths.tags).read("ada", "r1").header)  # type: ignore[union-attr]
    other.unlink()
    aside = tmp_path / "aside"
    aside.write_bytes(head + raw[raw.index(b"\n") :])
    assert aside.stat().st_size == path.stat().st_size
    os.utime(aside, (1_000_000_000, 1_000_000_000))
    aside.replace(path)
    assert index.refresh().read == 1
    assert next(index.tallies()).labels == {"topics": {"b": 1}}


def test_bytes_that_changed_in_their_place_are_seen_though_size_and_date_are_the_same(
    made: Made, index: Index
) -> None:
    path = made.about("r1")
    before = path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:
        with path.open("r+b") as file:
            file.write(b'title = "Walk')
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
        before.st_size,
        before.st_mtime_ns,
        before.st_ino,
    )
    assert index.entry("ada", "r1") is None
    assert index.refresh().read == 1
    entry = index.entry("ada", "r1")
    assert entry is not None
    assert entry.title == "Walk r1"


def test_what_is_deleted_is_forgotten_and_what_is_added_is_found(made: Made, index: Index) -> None:
    made.journal("ada", "r1").unlink()
    shutil.rmtree(made.root / "tags" / "bob")
    made.about("r2").unlink()
    (made.root / "seeds" / "r3.txt").unlink()
    made.readout("r4")
    made.code("eve", "r4", {4: DECIDED})
    found = index.refresh()
    assert (found.read, found.removed) == (3, 3)
    assert [(row.readout, row.coder) for row in index.tallies()] == [("r2", "ada"), ("r4", "eve")]
    assert agrees(index, made)


def test_a_renamed_readout_is_another_one(made: Made, index: Index) -> None:
    for path in (*made.root.glob("seeds/r1.*"), *made.root.glob("tags/*/r1.json")):
        path.rename(path.with_name(path.name.replace("r1", "r9")))
    with pytest.raises(InputError, match=r"r9\.json is the coding of r1 by ada"):
        list(stats(made.project, index=index))
    index.refresh()
    assert index.totals().problems == 2
    assert index.entry("ada", "r9") is None
    assert index.readouts(parse_filter("talk", made.project.codebook), "ada") == ["r2", "r3", "r9"]


def test_changed_metadata_are_known(made: Made, index: Index) -> None:
    made.about("r1").write_text('title = "Other"\nlanguage = "ru"\nissuing_side = "XA"')
    assert index.metadata("r1") is None
    index.refresh()
    book = made.project.codebook
    assert index.readouts(parse_filter("other lang:ru side:xa", book), "ada") == ["r1"]
    assert index.metadata("r1") == made.project.metadata("r1")
    made.about("r1").write_text("title = ")
    assert agrees(index, made)
    assert index.metadata("r1") is None


def test_nothing_is_kept_of_a_text(made: Made, index: Index) -> None:
    made.readout("r1", text="Other words.")
    assert index.refresh() == Freshness(complete=True)
    assert agrees(index, made)


def test_a_link_is_what_it_leads_to(made: Made, index: Index, tmp_path: Path) -> None:
    link = made.journal("ada", "r3")
    link.symlink_to(tmp_path / "elsewhere.json")
    assert agrees(index, made)
    made.code("ada", "r3", {2: DECIDED})
    assert (tmp_path / "elsewhere.json").exists()
    assert agrees(index, made)
    assert index.totals(coder="ada").progress.done == 2


State_ = st.sampled_from(["new", "done", "unsure", "skipped"])
MARKS = st.lists(
    st.sampled_from([("topics", "a"), ("topics", "b"), ("tone", "a"), ("tone", "warm")]), max_size=3
).map(tuple)
SAID = st.builds(
    Said,
    state=State_,
    marks=MARKS,
    rejected=MARKS,
    note=st.sampled_from(["", "look"]),
    note_on_mark=st.sampled_from(["", "look"]),
    flagged=st.booleans(),
    keys=st.integers(0, 9),
    seconds=st.floats(0, 1e9).map(lambda seconds: round(seconds, 1)),
    role=st.sampled_from(["body", "heading", "boilerplate"]),
)
READOUTS = st.sampled_from(["r1", "r2", "r3"])
STEPS = st.tuples(
    st.sampled_from(["code", "code", "delete", "text", "about", "damage"]),
    st.sampled_from(["ada", "bob"]),
    READOUTS,
    st.dictionaries(st.sampled_from([1, 2, 3, 4]), SAID, max_size=4),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=8), st.booleans())
def test_whatever_is_done_the_index_counts_as_the_files_do(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, str, str, Coding]],
    believed: bool,
) -> None:
    made = Made(tmp_path_factory.mktemp("index") / "project")
    for name in ("r1", "r2", "r3"):
        made.readout(name)
    dates = count(1_000_000_000)
    with file_index(made, later if believed else time.time_ns) as index:
        for what, coder, name, coding in steps:
            path = made.journal(coder, name)
            if what == "code":
                with suppress(InputError, DamagedFile):
                    made.code(coder, name, coding)
            elif what == "delete":
                path.unlink(missing_ok=True)
            elif what == "damage" and path.exists():
                path.write_bytes(path.read_bytes().replace(b"start", b"stare"))
                assert index.refresh().complete
                assert index.totals().problems == 1
                path.unlink()
            elif what == "about":
                path = made.about(name)
                path.write_text(f'title = "{coder}"')
            if path.exists():
                # Two changes within one tick of the clock are not what is tried here.
                os.utime(path, (next(dates), next(dates)))
            assert agrees(index, made)


def test_labels_of_any_characters_are_counted(made: Made, index: Index) -> None:
    nasty = ("'); DROP TABLE given; --", 'a"b', "a\0b", "\U0001f91d", "a:b", "%_", "", "\x1b[31m")
    marks = tuple((label, other) for label in nasty for other in nasty[:3])
    made.code("ada", "r3", {2: Said(marks=marks), 3: Said(marks=marks[:2], rejected=marks)})
    assert agrees(index, made)
    for label in nasty[:3]:
        (hits,) = index.postings.places("ada", [Wanted((("label", label),))])
        assert hits.readout == "r3"
    assert [spot.start for spot in hits.spots] == [10]


def test_files_that_are_no_journals_are_passed_over(made: Made, index: Index) -> None:
    folder = made.root / "tags" / "ada"
    for name in ("'; DROP TABLE journal; --.json", ".hidden.json", "a b.json", "r1.txt"):
        (folder / name).write_text("{}")
    (made.root / "tags" / "'; --").mkdir()
    (made.root / "tags" / "file").write_text("no folder")
    assert agrees(index, made)


def test_a_journal_that_cannot_be_read_is_told_of_as_without_an_index(
    made: Made, index: Index
) -> None:
    path = made.journal("ada", "r1")
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"spoke", b"broke"))
    with pytest.raises(DamagedFile) as with_index:
        list(stats(made.project, index=index))
    with pytest.raises(DamagedFile) as without:
        list(stats(made.project))
    assert str(with_index.value) == str(without.value)
    assert [row.coder for row in stats(made.project, coder="bob", index=index)] == ["bob"]
    shelf, files = Shelf(made.project, "ada", lambda: index), Shelf(made.project, "ada")
    assert shelf.read("r1") == files.read("r1")
    sums = index.totals()
    assert (sums.journals, sums.problems, sums.progress.done) == (3, 1, 1)
    path.write_bytes(sound)
    assert agrees(index, made)


def test_a_sound_line_that_holds_nonsense_is_judged_by_the_store(made: Made, index: Index) -> None:
    path = made.journal("ada", "r1")
    parsed = lines.parse(path.read_bytes(), "x")
    for old, new in ((b'"body"', b'"best"'), (b'"start":10', b'"start":true'), (b'"_":', b'"x":')):
        body = parsed.bodies[-1].replace(old, new)
        sealed = form._sealed(body[: body.rindex(b',"crc":')], b"}}")
        path.write_bytes(lines.render(parsed.head, [*parsed.bodies[:-1], sealed]))
        with pytest.raises(DamagedFile):
            list(stats(made.project, index=index))
        assert index.totals().problems == 1


def test_a_line_without_what_goes_without_saying_is_understood(made: Made, index: Index) -> None:
    path = made.journal("ada", "r1")
    parsed = lines.parse(path.read_bytes(), "x")
    body = parsed.bodies[-1].replace(b',"note":"","flagged":false', b"")
    assert body != parsed.bodies[-1]
    sealed = form._sealed(body[: body.rindex(b',"crc":')], b"}}")
    path.write_bytes(lines.render(parsed.head, [parsed.bodies[0], sealed]))
    assert agrees(index, made)
    assert index.totals().problems == 0


def test_a_line_that_is_missing_is_missed(made: Made, index: Index) -> None:
    path = made.code("ada", "r1", {2: Said(flagged=True)})
    parsed = lines.parse(path.read_bytes(), "x")
    path.write_bytes(lines.render(parsed.head, [parsed.bodies[0], parsed.bodies[2]]))
    with pytest.raises(DamagedFile, match="a line before it is lost"):
        list(stats(made.project, index=index))
    assert index.totals().problems == 1


def test_a_journal_of_a_newer_format_is_a_problem_and_no_more(made: Made, index: Index) -> None:
    path = made.journal("ada", "r1")
    head, rest = path.read_bytes().split(b"\n", 1)
    newer = head[: head.rindex(b',"crc":')].replace(b'"format":', b'"format":9')
    path.write_bytes(form._sealed(newer, b'}},"_default":{') + b"\n" + rest)
    with pytest.raises(InputError, match=f"is a coding of format 9{FORMAT}"):
        list(stats(made.project, index=index))
    assert index.totals().problems == 1


def test_samples_are_counted_only_when_they_are_asked_for(made: Made, index: Index) -> None:
    folder = made.project.paths.samples / "sample"
    folder.mkdir(parents=True)
    raw = made.journal("bob", "r1").read_bytes()
    header = TinyStore(made.project.paths.tags).read("bob", "r1").header  # type: ignore[union-attr]
    head = form.head(header.model_copy(update={"by": "sample", "sample": True}))
    (folder / "r1.json").write_bytes(head + raw[raw.index(b"\n") :])
    assert agrees(index, made)
    both = list(stats(made.project, samples=True, index=index))
    assert both == list(stats(made.project, samples=True))
    assert [(row.readout, row.coder) for row in both] == [
        ("r1", "ada"),
        ("r1", "bob"),
        ("r1", "sample"),
        ("r2", "ada"),
    ]
    assert index.totals(samples=True).progress == total(both).progress


def test_a_coders_refresh_leaves_the_others_alone(made: Made) -> None:
    with file_index(made) as index:
        assert index.refresh(coder="ada", metadata=False).read == 2
        assert index.refresh(coder="eve", metadata=False) == Freshness(complete=True)
        assert index.refresh().read == 4
        assert agrees(index, made)


# What can happen to the file of the index.


def test_an_index_deleted_while_it_is_open_goes_on(made: Made, index: Index) -> None:
    shutil.rmtree(made.project.paths.cache)
    made.code("ada", "r2", {2: DECIDED})
    assert agrees(index, made)
    with file_index(made) as again:
        assert again.refresh().read == 6
        assert agrees(again, made)
    made.code("ada", "r2", {3: DECIDED})
    assert agrees(index, made)


def test_an_index_whose_name_another_one_took_leaves_that_alone(made: Made, index: Index) -> None:
    (made.project.paths.cache / FILE).unlink()
    with file_index(made) as again:
        again.refresh()
        made.code("ada", "r2", {2: DECIDED})
        assert agrees(index, made)
        assert agrees(again, made)
        assert (index.in_memory, again.in_memory) == (True, False)


def test_only_the_file_that_failed_is_removed(made: Made, index: Index) -> None:
    path = made.project.paths.cache / FILE
    path.unlink()
    with file_index(made) as again:
        again.refresh()
        inode = path.stat().st_ino
        index._tables.recover(sqlite3.DatabaseError("database disk image is malformed"))
        assert path.stat().st_ino == inode
        assert index.refresh() == Freshness(complete=True)  # It shares what is there.
        assert not index.in_memory


def test_what_is_interrupted_while_it_is_written_is_not_there(tmp_path: Path) -> None:
    tables = Tables(tmp_path / "index.sqlite")

    def interrupted() -> None:
        with tables.changing() as db:
            db.execute("UPDATE state SET changes = 7")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert tables.rows("SELECT changes FROM state") == [(0,)]
    with tables.changing() as db:
        db.execute("UPDATE state SET changes = changes + 1")
    assert tables.rows("SELECT changes FROM state") == [(1,)]
    assert not tables.in_memory
    tables.close()


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be one" * 100)


def zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def overwritten(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:4096] + bytes(len(raw) - 4096))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE journal(id)")


def of_another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")


def without_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE state")


def without_another_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE coding")


def copied(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE journal SET done = 7")
    aside = path.with_name("aside")
    shutil.copy2(path, aside)
    aside.replace(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_link(path: Path) -> None:
    target = path.parents[2] / "precious"
    target.write_text("precious")
    path.unlink()
    path.symlink_to(target)


def a_folder_that_is_a_file(path: Path) -> None:
    shutil.rmtree(path.parent)
    path.parent.write_text("no folder")


def a_folder_that_is_a_link(path: Path) -> None:
    elsewhere = path.parents[2] / "elsewhere"
    path.parent.rename(elsewhere)
    garbage(elsewhere / FILE)
    path.parent.symlink_to(elsewhere)


TROUBLES = [
    garbage,
    zeros,
    cut_off,
    overwritten,
    empty,
    foreign,
    of_another_version,
    without_a_table,
    without_another_table,
    copied,
    a_folder,
    a_pipe,
    a_link,
    a_folder_that_is_a_file,
    a_folder_that_is_a_link,
]
IN_MEMORY = {a_folder, a_folder_that_is_a_file, a_folder_that_is_a_link}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_a_file_that_is_no_index_of_this_place_is_made_anew(
    made: Made, index: Index, trouble: Callable[[Path], None]
) -> None:
    index.close()
    trouble(made.project.paths.cache / FILE)
    with file_index(made) as again:
        assert agrees(again, made)
        assert again.in_memory == (trouble in IN_MEMORY)
    if trouble not in IN_MEMORY:
        with file_index(made) as third:
            assert third.refresh() == Freshness(complete=True)
    if trouble is a_link:
        assert (made.root.parent / "precious").read_text() == "precious"
    if trouble is a_folder_that_is_a_link:
        assert (made.root.parent / "elsewhere" / FILE).read_bytes().startswith(b"no database")


@pytest.mark.parametrize("trouble", [zeros, cut_off, overwritten, without_another_table])
def test_an_index_damaged_while_it_is_open_is_built_again(
    made: Made, index: Index, trouble: Callable[[Path], None]
) -> None:
    trouble(made.project.paths.cache / FILE)
    assert list(index.tallies()) == list(stats(made.project))
    assert agrees(index, made)


def test_an_index_of_another_project_is_thrown_away(made: Made, index: Index) -> None:
    index.close()
    other = Made(made.root.parent / "other")
    for name in ("r1", "r2", "r3"):
        other.readout(name)
    other.code("zoe", "r1", {2: DECIDED})
    other.project.paths.cache.mkdir()
    shutil.copy2(made.project.paths.cache / FILE, other.project.paths.cache / FILE)
    with file_index(other) as again:
        assert agrees(again, other)


def test_a_project_that_was_moved_keeps_its_index(made: Made, index: Index) -> None:
    index.close()
    moved = made.root.rename(made.root.parent / "moved")
    project = Project.open(moved)
    with Index(project, project.paths.cache / FILE, clock=later) as again:
        assert again.refresh() == Freshness(complete=True)


def test_an_index_that_another_process_holds_is_left_to_it(made: Made, index: Index) -> None:
    path = made.project.paths.cache / FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for lock in ("IMMEDIATE", "EXCLUSIVE"):
            other.execute(f"BEGIN {lock}")
            made.code("ada", "r2", {2: DECIDED, 3: DECIDED})
            with file_index(made) as again:
                assert agrees(again, made)
                assert again.in_memory
            other.execute("ROLLBACK")
    with file_index(made) as again:
        assert agrees(again, made)
        assert not again.in_memory


@pytest.mark.parametrize(("lock", "read"), [("IMMEDIATE", 1), ("EXCLUSIVE", 6)])
def test_an_open_index_that_becomes_locked_goes_on_in_memory_with_what_it_can_read(
    made: Made, index: Index, lock: str, read: int
) -> None:
    with closing(sqlite3.connect(made.project.paths.cache / FILE, isolation_level=None)) as other:
        other.execute(f"BEGIN {lock}")
        made.code("ada", "r2", {2: DECIDED})
        assert index.refresh() == Freshness(read=read, of=read, complete=True)
        assert index.in_memory
        assert agrees(index, made)


def test_an_index_needs_no_file(made: Made) -> None:
    with Index(made.project, None, clock=later) as index:
        assert agrees(index, made)
        assert index.refresh() == Freshness(complete=True)
    assert not made.project.paths.cache.exists()


def test_the_index_of_a_project_lies_among_what_can_be_deleted(made: Made) -> None:
    with Index.of(made.project) as index:
        assert agrees(index, made)
    assert [path.name for path in made.project.paths.cache.iterdir()] == [FILE]


# Stopping, and two at a time.


def many(made: Made, amount: int) -> None:
    """Add readouts that ada has coded, each with one mark."""
    made.code("ada", "r3", {2: DECIDED})
    made.copy("ada", "r3", amount)


def test_a_build_that_was_stopped_goes_on_where_it_stopped(made: Made) -> None:
    many(made, 40)
    told: list[tuple[int, int, str]] = []
    with file_index(made) as index:
        stopped = index.refresh(
            stopped=lambda: len(told) >= 10, progress=lambda *said: told.append(said)
        )
        assert stopped == Freshness(read=10, of=87)
        assert told[0] == (1, 87, "tags/ada/m000")
        assert told[-1] == (10, 87, "tags/ada/m009")
    with file_index(made) as index:
        assert index.refresh() == Freshness(read=77, of=77, complete=True)
        assert agrees(index, made)


def test_an_interrupted_build_keeps_what_was_written(made: Made) -> None:
    many(made, 200)

    def interrupt(done: int, of: int, name: str) -> None:
        if done == 150:
            raise KeyboardInterrupt

    with file_index(made) as index:
        with pytest.raises(KeyboardInterrupt):
            index.refresh(progress=interrupt)
        rest = index.refresh()
        assert 0 < rest.read < rest.of + 100
        assert rest.read < 400
        assert agrees(index, made)


def test_what_was_written_before_a_stop_is_not_taken_for_the_whole(made: Made) -> None:
    with file_index(made) as index:
        index.refresh()
        many(made, 2)
        seen: list[str] = []
        index.refresh(stopped=lambda: len(seen) == 2, progress=lambda *said: seen.append(said[2]))
        assert seen == ["tags/ada/m000", "tags/ada/m001"]
        for name in ("m000", "m001", "r3"):
            made.journal("ada", name).unlink()
        assert agrees(index, made)


def test_rows_that_another_process_wrote_late_are_not_believed(made: Made, index: Index) -> None:
    """One reads a file, the file changes, another reads it, and only then the first one writes."""
    made.code("ada", "r2", {2: DECIDED})
    with file_index(made) as slow:

        def meanwhile(done: int, of: int, name: str) -> None:
            made.code("ada", "r2", {3: DECIDED, 4: DECIDED})
            assert index.refresh().read == 1
            index.close()

        assert slow.refresh(progress=meanwhile, stopped=lambda: index._tables.closed).read == 1
        assert slow.totals(coder="ada").progress.done == 2  # It wrote what was.
    with file_index(made) as third:
        assert third.refresh().read == 1
        assert agrees(third, made)


def test_a_refresh_that_another_one_crossed_looks_again(made: Made, index: Index) -> None:
    made.code("ada", "r2", {2: DECIDED})
    with file_index(made) as slow:

        def meanwhile(done: int, of: int, name: str) -> None:
            if done == 1:
                made.code("ada", "r2", {3: DECIDED, 4: DECIDED})
                index.refresh()

        assert slow.refresh(progress=meanwhile) == Freshness(read=2, of=2, complete=True)
        assert agrees(slow, made)
    assert agrees(index, made)


class Crossed(Refresh):
    """A refresh that another one crosses before it sees which rows there are."""

    others: list[Callable[[], None]]

    def _works(self) -> list[Any]:
        if self.others:
            self.others.pop()()
        return super()._works()


def test_rows_that_went_with_a_locked_file_are_read_again(made: Made) -> None:
    with file_index(made) as index, file_index(made) as other:
        path = made.project.paths.cache / FILE
        lock = sqlite3.connect(path, isolation_level=None)

        def hold(done: int, of: int, name: str) -> None:
            if not lock.in_transaction:
                lock.execute("BEGIN EXCLUSIVE")

        def crossed() -> None:
            other.refresh()
            made.code("ada", "r2", {2: DECIDED})

        slow = Crossed(made.project, index._tables, later, progress=hold)
        slow.others = [crossed]
        assert slow.run().complete
        assert index.in_memory
        lock.close()
        assert agrees(index, made)
        assert index.totals().journals == len(list(index.tallies()))


class Slow(Refresh):
    """A refresh during which much may happen before it seals a folder."""

    meanwhile: Callable[[], None]

    def _put_seal(self, work: Any) -> None:
        if work.folder.key == "tags/ada":
            self.meanwhile()
        super()._put_seal(work)


def test_a_folder_is_not_sealed_over_rows_that_another_process_wrote(
    made: Made, index: Index
) -> None:
    """One reads a file, the file changes, another reads it, and the first one writes before that
    other one seals."""
    made.code("ada", "r2", {2: DECIDED})
    has_read, may_write = threading.Event(), threading.Event()

    def late(done: int, of: int, name: str) -> None:
        has_read.set()
        assert may_write.wait(30)

    with file_index(made) as first:
        writer = threading.Thread(
            target=lambda: first.refresh(progress=late, stopped=may_write.is_set)
        )
        writer.start()
        assert has_read.wait(30)
        made.code("ada", "r2", {3: DECIDED, 4: DECIDED})
        slow = Slow(made.project, index._tables, later)

        def meanwhile() -> None:
            may_write.set()
            writer.join()

        slow.meanwhile = meanwhile
        slow.run()
    with file_index(made) as third:
        assert agrees(third, made)


BUILD = """
import sys, time
from pathlib import Path
from annotator.pipeline.index import Index
from annotator.pipeline.project import Project
from annotator.pipeline.stats import stats
project = Project.open(Path(sys.argv[1]))
with Index.of(project) as index:
    for _ in range(5):
        index.refresh()
    print(sum(row.progress.done for row in stats(project, index=index)))
"""


def test_processes_may_build_one_index_at_once(made: Made) -> None:
    many(made, 150)
    command = [sys.executable, "-c", BUILD, str(made.root)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=60)[0].strip() for process in running]
    assert said == ["153"] * 3
    with file_index(made) as index:
        assert agrees(index, made)


def test_threads_may_ask_while_one_refreshes(made: Made) -> None:
    many(made, 150)
    with file_index(made) as index:
        found: list[Freshness] = []
        worker = threading.Thread(target=lambda: found.append(index.refresh()))
        worker.start()
        journals = [0]
        while worker.is_alive():
            journals.append(index.totals().journals)
            index.readouts(parse_filter("talk", made.project.codebook), "ada")
            index.entry("ada", "r1")
        worker.join()
        assert journals == sorted(journals)
        assert found[0].complete
        assert agrees(index, made)


def test_of_two_refreshes_in_one_process_the_second_gives_up_after_a_moment(made: Made) -> None:
    with file_index(made) as index:
        begun, go_on = threading.Event(), threading.Event()

        def wait(done: int, of: int, name: str) -> None:
            begun.set()
            assert go_on.wait(30)

        worker = threading.Thread(target=lambda: index.refresh(progress=wait))
        worker.start()
        assert begun.wait(30)
        assert index.refresh() == Freshness()
        # Who needs an answer reads the files in the meantime.
        assert len(list(stats(made.project, index=index))) == 3
        go_on.set()
        worker.join()
        assert agrees(index, made)


def test_a_closed_index_knows_nothing_and_harms_nobody(made: Made, index: Index) -> None:
    index.close()
    index.close()
    assert index.refresh() == Freshness()
    assert index.entry("ada", "r1") is None
    assert index.totals().journals == 0
    assert list(stats(made.project, index=index)) == list(stats(made.project))


def test_closing_ends_a_refresh(made: Made) -> None:
    many(made, 20)
    with file_index(made) as index:
        seen: list[int] = []

        def close(done: int, of: int, name: str) -> None:
            seen.append(done)
            index.close()

        assert not index.refresh(progress=close).complete
        assert seen == [1]


def test_a_folder_that_cannot_be_listed_is_an_error_of_the_project(
    made: Made, index: Index
) -> None:
    shutil.rmtree(made.root / "tags")
    (made.root / "tags").symlink_to("tags")
    with pytest.raises(StorageError, match="tags could not be read"):
        index.refresh()
    (made.root / "tags").unlink()
    assert agrees(index, made)


# What else it knows.


def test_how_long_a_journal_was_is_remembered_when_lines_are_lost(made: Made, index: Index) -> None:
    path = made.journal("ada", "r1")
    short = path.read_bytes()
    assert index.seen("ada", "r1") == (2, last_crc(path))
    made.code("ada", "r1", {3: DECIDED})
    index.refresh()
    longest = (3, last_crc(path))
    assert index.seen("ada", "r1") == longest
    path.write_bytes(short)
    index.refresh()
    assert index.seen("ada", "r1") == longest
    made.code("ada", "r1", {4: DECIDED})  # As many lines as before, and others.
    index.refresh()
    assert index.seen("ada", "r1") == longest
    path.write_bytes(b"damaged")
    index.refresh()
    assert index.seen("ada", "r1") == longest
    assert index.seen("ada", "r3") is None


def test_a_journal_that_was_compacted_or_begun_anew_is_another_one(
    made: Made, index: Index
) -> None:
    for key in (3, 4):
        path = made.code("ada", "r1", {key: DECIDED})
    index.refresh()
    assert index.seen("ada", "r1") == (4, last_crc(path))
    journal = made.project.journal("ada", "r1", "2026-01-01T00:00:00Z")
    assert journal.compact("2026-01-01T00:00:00Z") is not None
    journal.close()
    index.refresh()
    assert index.seen("ada", "r1") == (2, last_crc(path))
    path.unlink()
    made.code("ada", "r1", {2: Said(marks=(("tone", "cold"),))})
    index.refresh()
    assert index.seen("ada", "r1") == (2, last_crc(path))


def test_a_merge_of_two_copies_has_all_lines_of_both(made: Made, index: Index) -> None:
    path = made.journal("ada", "r1")
    first = lines.parse(path.read_bytes(), "x")
    made.code("ada", "r1", {3: DECIDED})
    index.refresh()
    mine = lines.parse(path.read_bytes(), "x")
    path.write_bytes(lines.render(first.head, first.bodies))
    made.code("ada", "r1", {4: DECIDED})
    theirs = lines.parse(path.read_bytes(), "x")
    path.write_bytes(lines.render(first.head, [*mine.bodies, theirs.bodies[-1]]))
    index.refresh()
    assert index.seen("ada", "r1") == (4, last_crc(path))


def last_crc(path: Path) -> str:
    return lines.parse(path.read_bytes(), "x").bodies[-1][-11:-3].decode()


@given(st.sets(st.integers(0, 300), min_size=1))
def test_packed_places_are_what_they_were(places: set[int]) -> None:
    bits = int.from_bytes(packed_places(sorted(places)), "little")
    spots = [Spot(place, place + 1, ()) for place in range(301)]
    assert unpacked_spots(packed_spots(spots), bits) == [spots[place] for place in sorted(places)]


@given(
    st.lists(
        st.builds(
            Spot, st.integers(0, 2**40), st.integers(0, 2**40), st.lists(st.text()).map(tuple)
        )
    )
)
def test_packed_sentences_are_what_they_were(spots: list[Spot]) -> None:
    assert unpacked_spots(packed_spots(spots), ALL) == spots

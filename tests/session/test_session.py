"""One coder at work: what is done, undone, pending, and on disk."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import NoReturn

import pytest

from annotator.errors import AnnotatorError, Busy, Conflict, MarkError, StorageError, TextChanged
from annotator.model.edit import Coding, Document, Edit
from annotator.session import acts
from annotator.session.session import Session, new_id, utc_now
from annotator.store.base import Dropped, Header, Journal, Snapshot
from annotator.store.disk import Disk
from annotator.store.memory import MemoryStore
from annotator.store.tiny import TinyStore
from tests.session.making import (
    AT,
    Ids,
    book,
    journal_of,
    placed,
    readout_of,
    session_of,
    session_on,
)
from tests.store.conftest import Work
from tests.store.test_faults import Faulty
from tests.store.test_migrations import put as put_file
from tests.store.test_migrations import version_1

PARTS = ("Arda said so.", "They met.")
TEXT = "\n".join(PARTS)
READOUT = readout_of(TEXT)
A, B = 1, 2


def open_again(store: MemoryStore) -> Session:
    return session_of(READOUT, placed(TEXT, PARTS, {}), store=store)


def toggle(session: Session, key: int, label: str) -> Edit | None:
    return session.do(acts.toggle(session.pen, session.coding, key, "topics", label))


class FullDisk:
    """A journal whose disk refuses every write until there is room."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.full = True
        self.closed = False

    @property
    def header(self) -> Header:
        return self._journal.header

    @property
    def coding(self) -> Coding:
        return self._journal.coding

    @property
    def history(self) -> Sequence[Edit]:
        return self._journal.history

    @property
    def notice(self) -> str:
        return self._journal.notice

    def put(self, edit: Edit) -> None:
        if self.full:
            raise StorageError("The disk is full.", "Make room.")
        self._journal.put(edit)

    def compact(self, at: str) -> Dropped | None:
        return self._journal.compact(at)

    def close(self) -> None:
        self.closed = True
        self._journal.close()


@pytest.fixture
def disk() -> FullDisk:
    return FullDisk(journal_of(MemoryStore(), READOUT, placed(TEXT, PARTS, {})))


@pytest.fixture
def full(disk: FullDisk) -> Session:
    return Session(READOUT, book(), disk, now=lambda: AT, ids=Ids())


def test_an_edit_is_pending_until_it_is_saved_and_saved_in_order() -> None:
    store = MemoryStore()
    session = open_again(store)
    first, second = toggle(session, A, "eco.trade"), toggle(session, B, "conf.iran")
    assert session.pending == 2
    assert session.save() is True
    snapshot = store.read("ada", READOUT.id)
    assert snapshot is not None
    assert snapshot.history[1:] == (first,)
    assert session.save() is False
    snapshot = store.read("ada", READOUT.id)
    assert snapshot is not None
    assert snapshot.history[1:] == (first, second)
    assert snapshot.coding == session.coding
    assert session.pending == 0
    assert session.save() is False


def test_nothing_is_an_edit_where_an_act_changes_nothing() -> None:
    session = session_on(*PARTS)
    assert session.do(None) is None
    assert session.pending == 0
    assert session.undo() is None
    assert session.redo() is None


def test_every_edit_is_told_after_the_state_has_it() -> None:
    session = session_on(*PARTS)
    told: list[tuple[str, int]] = []
    session.on_change = lambda edit: told.append((edit.act, len(session.sentence(A).marks)))
    toggle(session, A, "eco.trade")
    session.undo()
    session.redo()
    assert told == [("edit", 1), ("undo", 0), ("redo", 1)]


def test_a_failed_save_keeps_the_edit_pending_and_says_why(full: Session, disk: FullDisk) -> None:
    toggle(full, A, "eco.trade")
    with pytest.raises(StorageError, match="disk is full"):
        full.save()
    assert full.pending == 1
    assert str(full.problem) == "The disk is full. Make room."
    assert full.sentence(A).marks
    disk.full = False
    full.save_all()
    assert (full.pending, full.problem) == (0, None)
    assert disk.coding == full.coding


def test_work_goes_on_while_the_disk_refuses_and_is_saved_in_order_later(
    full: Session, disk: FullDisk
) -> None:
    toggle(full, A, "eco.trade")
    with pytest.raises(StorageError):
        full.save_all()
    toggle(full, B, "conf.iran")
    full.undo()
    assert full.pending == 3
    disk.full = False
    full.save_all()
    assert [edit.act for edit in disk.history] == ["import", "edit", "edit", "undo"]


def test_closing_lets_others_write_also_where_the_last_save_fails(
    full: Session, disk: FullDisk
) -> None:
    toggle(full, A, "eco.trade")
    with pytest.raises(StorageError):
        full.close()
    assert disk.closed


def test_closing_writes_what_is_pending_and_lets_others_write() -> None:
    store = MemoryStore()
    session = open_again(store)
    toggle(session, A, "eco.trade")
    with pytest.raises(Busy):
        open_again(store)
    session.close()
    assert open_again(store).coding == session.coding


def test_what_was_done_in_an_earlier_session_is_undone_and_redone() -> None:
    store = MemoryStore()
    first = open_again(store)
    beginning = first.coding
    toggle(first, A, "eco.trade")
    toggle(first, B, "conf.iran")
    first.close()
    second = open_again(store)
    second.undo()
    second.undo()
    assert second.coding == beginning
    assert second.undo() is None
    second.close()
    third = open_again(store)
    third.redo()
    third.redo()
    assert third.coding == first.coding
    assert third.redo() is None


def test_the_import_is_not_undone() -> None:
    session = session_on(*PARTS)
    assert session.undo() is None
    assert len(session.coding.order) == 2


def test_a_new_act_ends_what_could_be_redone() -> None:
    session = session_on(*PARTS)
    toggle(session, A, "eco.trade")
    session.undo()
    toggle(session, A, "conf.iran")
    assert session.redo() is None
    assert [mark.label for mark in session.sentence(A).marks] == ["conf.iran"]


def test_an_edit_for_another_state_is_refused_and_nothing_is_changed_or_queued() -> None:
    session = session_on(*PARTS)
    stale = acts.toggle(session.pen, session.coding, A, "topics", "eco.trade")
    toggle(session, A, "conf.iran")
    before, timeline = session.coding, session.timeline
    with pytest.raises(Conflict, match="made against another state"):
        session.do(stale)
    assert (session.coding, session.timeline, session.pending) == (before, timeline, 1)


def test_a_listener_that_fails_does_not_lose_the_edit() -> None:
    session = session_on(*PARTS)

    def fail(edit: Edit) -> NoReturn:
        raise RuntimeError

    session.on_change = fail
    with pytest.raises(RuntimeError):
        toggle(session, A, "eco.trade")
    assert session.pending == 1
    assert session.sentence(A).marks


def test_times_are_utc_to_the_second_and_ids_are_random() -> None:
    assert len(utc_now()) == len(AT)
    assert utc_now().endswith("Z")
    ids = {new_id() for _ in range(50)}
    assert len(ids) == 50
    assert {len(made) for made in ids} == {12}


# After a save that failed: the journal is opened anew, and nothing is written twice


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "tags", READOUT)


def gone() -> NoReturn:
    raise StorageError("The file of the coding is gone.", "Put it back.")


def hold(work: Work, disk: Disk | None = None, first: Callable[[], Edit] = gone) -> Journal:
    return TinyStore(work.root, disk=disk).open(work.header, READOUT, first)


@contextmanager
def coding(work: Work, journal: Journal, disk: Disk | None = None) -> Iterator[Session]:
    """A session as the screens open one: after a failure it opens the journal again."""
    reopen = partial(hold, work, disk)
    session = Session(READOUT, book(), journal, now=lambda: AT, ids=Ids(), reopen=reopen)
    yield session
    session._journal.close()


def stored(work: Work) -> list[Edit]:
    snapshot = work.tiny().read("ada", READOUT.id)
    assert snapshot is not None
    return list(snapshot.history)[1:]


def assert_saved(session: Session, work: Work, edits: Sequence[Edit | None]) -> None:
    """Each edit is on disk once and in order, and nobody is told anything any more."""
    assert (session.pending, session.problem, session.notice) == (0, None, "")
    assert stored(work) == list(edits)
    snapshot = work.tiny().read("ada", READOUT.id)
    assert snapshot is not None
    assert snapshot.coding.docs == session.coding.docs
    assert list(work.tiny().check(lambda name: READOUT)) == []


class Doubtful(FullDisk):
    """A journal whose write fails when its bytes are on disk already."""

    def put(self, edit: Edit) -> None:
        self._journal.put(edit)
        raise StorageError("The write failed.")


@pytest.mark.parametrize("later", [0, 1, 2])
def test_an_edit_that_reached_the_disk_though_its_write_failed_is_not_written_again(
    work: Work, later: int
) -> None:
    with coding(work, Doubtful(hold(work, first=work.first))) as session:
        edits = [toggle(session, A, "eco.trade")]
        if later:  # Work goes on while it is not known what became of the first.
            edits.append(session.undo())
        if later > 1:
            edits.append(toggle(session, B, "conf.iran"))
        with pytest.raises(StorageError, match="write failed"):
            session.save()
        assert session.pending == later + 1
        session.save_all()
        assert_saved(session, work, edits)
        edits.append(toggle(session, A, "sec.terror"))
        session.save_all()
        assert_saved(session, work, edits)


def test_nothing_is_opened_again_as_long_as_nothing_fails(work: Work) -> None:
    journal = hold(work, first=work.first)

    def never() -> NoReturn:
        raise AssertionError

    session = Session(READOUT, book(), journal, now=lambda: AT, ids=Ids(), reopen=never)
    for _ in range(3):
        toggle(session, A, "eco.trade")
        session.save_all()
    session.close()


SCHEDULES = [
    *({first} for first in range(2)),
    *({first, second} for first in range(2) for second in range(first + 1, 13)),
    *({first, *range(second, 1000)} for first in range(2) for second in range(first + 1, 13)),
]


def test_wherever_the_disk_fails_each_edit_is_written_once(work: Work) -> None:
    """The save fails and its taking back too, and the coder goes on without noticing it."""
    disk = Faulty()
    hold(work, first=work.first).close()
    for failing in SCHEDULES:
        before = stored(work)
        with coding(work, hold(work, disk), disk) as session:
            edits = [toggle(session, A, "eco.trade")]
            disk.arm(failing, errno.EIO)
            with pytest.raises(StorageError):
                session.save()
            edits.append(toggle(session, B, "conf.iran"))
            disk.heal()
            session.save_all()
            assert_saved(session, work, [*before, *edits])


def test_wherever_the_disk_fails_an_old_file_gets_the_first_edit_once(work: Work) -> None:
    old = version_1(work, [work.first()])
    reached = 0
    for after in range(8):
        put_file(work, old)
        disk = Faulty()
        with coding(work, hold(work, disk), disk) as session:
            edit = toggle(session, A, "eco.trade")
            disk.arm({after}, errno.EIO)
            try:
                session.save()
            except StorageError:
                reached += work.path.read_bytes() != old
                session.save_all()
            assert_saved(session, work, [edit])
    assert reached == 1


def test_a_disk_that_keeps_failing_is_tried_again_and_again(work: Work) -> None:
    disk = Faulty()
    with coding(work, hold(work, disk, work.first), disk) as session:
        edits = []
        disk.arm(range(100_000), errno.ENOSPC)
        for number in range(4):
            edits.append(toggle(session, A, "eco.trade"))
            with pytest.raises(StorageError, match="No space left"):
                session.save_all()
            assert session.pending == number + 1
            assert session.problem is not None
        disk.heal()
        session.save_all()
        assert_saved(session, work, edits)


def other_state(work: Work) -> bytes:
    """The file as it would be had something else been done."""
    before = work.path.read_bytes()
    edits = [work.first()]
    edits.append(work.note(edits[0].apply(Coding()), A, "by another"))
    put_file(work, version_1(work, edits))
    made = work.path.read_bytes()
    put_file(work, before)
    return made


def replaced(work: Work, raw: bytes) -> None:
    other = work.path.with_name("other")
    other.write_bytes(raw)
    other.replace(work.path)


def test_a_file_of_another_state_is_never_written_and_the_edits_wait(work: Work) -> None:
    with coding(work, hold(work, first=work.first)) as session:
        mine, theirs = work.path.read_bytes(), other_state(work)
        replaced(work, theirs)
        edits = [toggle(session, A, "eco.trade")]
        with pytest.raises(Conflict, match="another program"):
            session.save_all()
        for number in range(3):
            edits.append(toggle(session, B, "conf.iran"))
            with pytest.raises(Conflict, match="no longer the one that was opened") as caught:
                session.save_all()
            assert "what is not saved waits here" in caught.value.hint
            assert session.pending == number + 2
            assert session.problem is caught.value
            assert work.path.read_bytes() == theirs
        replaced(work, mine)
        session.save_all()
        assert_saved(session, work, edits)


def test_leaving_with_a_file_of_another_state_says_so_and_lets_go_of_it(work: Work) -> None:
    with coding(work, hold(work, first=work.first)) as session:
        theirs = other_state(work)
        replaced(work, theirs)
        toggle(session, A, "eco.trade")
        for _ in range(2):
            with pytest.raises(Conflict):
                session.close()
        assert session.pending == 1
        assert work.path.read_bytes() == theirs
        hold(work).close()


def test_a_file_of_the_same_state_is_gone_on_with(work: Work) -> None:
    """As version control leaves it that took it away and brought it back."""
    with coding(work, hold(work, first=work.first)) as session:
        replaced(work, work.path.read_bytes())
        edit = toggle(session, A, "eco.trade")
        with pytest.raises(Conflict, match="another program"):
            session.save()
        session.save_all()
        assert_saved(session, work, [edit])


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_file_that_is_gone_is_told_until_it_is_put_back_and_then_all_is_saved(
    work: Work, what: str
) -> None:
    with coding(work, hold(work, first=work.first)) as session:
        there = work.path if what == "file" else work.path.parent
        away = work.root / "away"
        there.rename(away)
        edits = []
        for number in range(3):
            edits.append(toggle(session, A, "eco.trade"))
            with pytest.raises(AnnotatorError, match="gone"):
                session.save_all()
            assert session.pending == number + 1
            assert "gone" in str(session.problem)
        assert not there.exists()
        away.rename(there)
        session.save_all()
        assert_saved(session, work, edits)


def test_another_process_that_took_the_file_meanwhile_is_waited_for(work: Work) -> None:
    with coding(work, Doubtful(hold(work, first=work.first))) as session:
        edits = [toggle(session, A, "eco.trade")]
        with pytest.raises(StorageError):
            session.save()
        session._journal.close()
        other = hold(work)
        for _ in range(2):
            with pytest.raises(Busy, match="is being written by process"):
                session.save_all()
        assert session.pending == 1
        other.close()
        session.save_all()
        assert_saved(session, work, edits)


class Watched(dict[int, Document]):
    """Documents that tell when they were found to be the same as others."""

    tell: Callable[[], None]

    def __eq__(self, other: object) -> bool:
        same = super().__eq__(other)
        if same:
            self.tell()
        return same

    __hash__ = None


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_key_that_is_pressed_while_the_state_is_compared_is_saved_too(
    work: Work, moment: str
) -> None:
    """One thread takes keys while another opens the journal again, so one may come any time."""
    edits: list[Edit | None] = []
    pressing: list[Thread] = []

    def press() -> None:
        if not pressing:
            pressing.append(Thread(target=lambda: edits.append(toggle(session, B, "conf.iran"))))
            pressing[0].start()
            pressing[0].join(0.2)  # It may have to wait for its turn.

    class Reopened(FullDisk):
        @property
        def coding(self) -> Coding:
            docs = Watched(self._journal.coding.docs)
            docs.tell = press if moment == "after" else lambda: None
            if moment == "before":
                press()
            return Coding(docs)

    def reopen() -> Journal:
        journal = Reopened(hold(work))
        journal.full = False
        return journal

    journal = Doubtful(hold(work, first=work.first))
    session = Session(READOUT, book(), journal, now=lambda: AT, ids=Ids(), reopen=reopen)
    edits.append(toggle(session, A, "eco.trade"))
    with pytest.raises(StorageError):
        session.save()
    for _ in range(3):  # As the screen tries it again every two seconds.
        with suppress(Conflict):
            session.save_all()
    pressing[0].join()
    session.save_all()
    assert len(edits) == 2
    assert_saved(session, work, edits)
    session.close()


# What is only read


def test_what_is_only_read_is_not_changed() -> None:
    store = MemoryStore()
    session = open_again(store)
    toggle(session, A, "eco.trade")
    session.save_all()
    before = session.coding, session.history
    session.read_only = "Somebody else writes it."
    said = r"Nothing was changed: Somebody else writes it\."
    with pytest.raises(MarkError, match=said):
        toggle(session, B, "conf.iran")
    with pytest.raises(MarkError, match=said):
        session.undo()
    assert (session.coding, session.history) == before
    assert session.pending == 0
    session.read_only = ""
    assert session.undo() is not None


def snapshot_of(store: MemoryStore) -> Snapshot:
    snapshot = store.read("ada", READOUT.id)
    assert snapshot is not None
    return snapshot


def test_what_another_process_wrote_is_shown_with_what_can_be_undone() -> None:
    store = MemoryStore()
    written, shown = open_again(store), session_on(*PARTS)
    assert shown.follow(snapshot_of(store)) == frozenset()
    edit = toggle(written, B, "conf.iran")
    written.save_all()
    assert not shown.timeline.done
    assert shown.follow(snapshot_of(store)) == {B}
    assert shown.coding == written.coding
    assert list(shown.timeline.done) == [edit]
    assert list(shown.history) == list(written.history)
    toggle(written, A, "eco.trade")
    written.undo()
    written.undo()
    written.save_all()
    assert shown.follow(snapshot_of(store)) == {B}
    assert shown.pending == 0


def test_a_sentence_that_came_or_went_is_among_what_changed() -> None:
    store = MemoryStore()
    written, shown = open_again(store), session_on(*PARTS)
    after = written.sentence(A).changed(end=len(TEXT), text=TEXT)
    written.do(written.pen.edit(written.coding, "join", {A: after, B: None}))
    written.save_all()
    assert shown.follow(snapshot_of(store)) == {A, B}
    assert list(shown.coding.order) == [A]
    written.undo()
    written.save_all()
    assert shown.follow(snapshot_of(store)) == {A, B}
    assert list(shown.coding.order) == [A, B]


def test_a_coding_of_another_text_is_not_shown() -> None:
    store = MemoryStore()
    open_again(store)
    shown = session_on("Another text.")
    before = shown.coding
    with pytest.raises(TextChanged, match="Open the readout again"):
        shown.follow(snapshot_of(store))
    assert shown.coding == before

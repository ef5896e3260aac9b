"""One coder at work: what is done, undone, pending, and on disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import pytest

from annotator.errors import Busy, Conflict, StorageError
from annotator.model.edit import Coding, Edit
from annotator.session import acts
from annotator.session.session import Session, new_id, utc_now
from annotator.store.base import Dropped, Header, Journal
from annotator.store.memory import MemoryStore
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

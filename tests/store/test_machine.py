"""Any order of acts, handles and crashes: the journal, a reader and plain TinyDB say the same.

    python -m tests.reliability machine

runs the same machines for much longer.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotator.errors import Busy, Conflict, MarkError, StorageError
from annotator.model.edit import CAST, Coding, Document, Edit, Timeline
from annotator.model.entity import Entity
from annotator.session import acts, boundaries
from annotator.session.session import Session
from annotator.store import Journal, MemoryStore, Store, TinyStore
from annotator.store.disk import Disk
from annotator.store.plain import documents
from tests.reliability.plan import CODER, Course, at, book

PLACES = st.integers(0, 20)
WORDS = st.one_of(
    st.text(max_size=30),
    st.integers(1, 12_000).map(lambda length: "long " * (length // 5)),
)
BYTES = st.one_of(st.integers(0, 40), st.integers(0, 15_000))


def lasting(examples: int, steps: int) -> settings:
    """Return how long a machine is to run; it stops for no clock."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


QUICK = lasting(60, 25)


class Dead(BaseException):
    """The process is no longer there, so that nothing can catch this."""


class Fragile(Disk):
    """A disk under which the process dies, or which refuses once, as it was told.

    Nothing here depends on what survives a loss of power, and fsync is slow.
    """

    def __init__(self) -> None:
        self._life: int | None = None
        self._refused: dict[str, int] = {}

    def die_after(self, size: int) -> None:
        """Take so many bytes more, and then nothing."""
        self._life = size

    def refuse(self, call: str, code: int) -> None:
        """Fail at the next such call; a write takes half of its bytes first."""
        self._refused[call] = code

    def open(self, path: Path, flags: int) -> int:
        self._step("open")
        return super().open(path, flags)

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        try:
            self._step("pwrite")
        except OSError:
            super().pwrite(descriptor, data[: len(data) // 2], offset)
            raise
        if self._life is None or len(data) <= self._life:
            self._life = None if self._life is None else self._life - len(data)
            return super().pwrite(descriptor, data, offset)
        super().pwrite(descriptor, data[: self._life], offset)
        self._life = -1
        raise Dead

    def truncate(self, descriptor: int, size: int) -> None:
        self._step("truncate")
        super().truncate(descriptor, size)

    def fsync(self, descriptor: int) -> None:
        if self._life is not None:
            self._life = -1
        self._step("fsync")

    def rename(self, old: Path, new: Path) -> None:
        self._step("rename")
        # Some file systems write a file out at once when it takes another one's place.
        new.unlink(missing_ok=True)
        super().rename(old, new)

    def unlink(self, path: Path) -> None:
        self._step("unlink")
        super().unlink(path)

    def sync_folder(self, folder: Path) -> None:
        self._step("sync_folder")

    def _step(self, call: str) -> None:
        if self._life is not None and self._life < 0:
            raise Dead
        code = self._refused.pop(call, None)
        if code is not None:
            raise OSError(code, os.strerror(code))


class JournalMachine(RuleBasedStateMachine):
    """One coder at one journal; the model is a list of codings, and which of them undo leads to."""

    examples = 0
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.course = Course(1)
        self.edits: list[Edit] = []
        self.codings: list[Coding] = []
        self.past: list[Coding] = []
        self.future: list[Coding] = []
        self.tried = 0
        self.store = self.make()

    def make(self) -> Store:
        return MemoryStore()

    @initialize()
    def begin(self) -> None:
        type(self).examples += 1
        first = self.course.first()
        self.edits = [first]
        self.codings = [first.apply(Coding())]
        self.begun = self.codings[0]
        self.sit_down()
        self.watch = self.reader().watch(CODER, self.course.name)
        self.shown = self.watch.look()

    def opened(self) -> Journal:
        course = self.course
        return self.store.open(course.header, course.readout, course.first)

    def reader(self) -> Store:
        """Return the store as somebody else sees it, who only reads."""
        return self.store

    def sit_down(self) -> None:
        self.journal = self.opened()
        self.sit_down_again()

    def sit_down_again(self) -> None:
        now = at(len(self.edits))
        self.session = Session(
            self.course.readout,
            book(),
            self.journal,
            now=lambda: now,
            ids=lambda: f"m{len(self.edits)}",
            reopen=self.again,
        )

    def again(self) -> Journal:
        self.journal = self.opened()
        return self.journal

    def key(self, place: int) -> int:
        order = self.session.coding.order
        return order[place % len(order)]

    def save(self, edit: Edit | None) -> None:
        if edit is not None:
            self.session.save()
            self.expect(edit)

    def expect(self, edit: Edit) -> None:
        """Tell the model what was done."""
        if edit.act == "undo":
            self.future.append(self.codings[-1])
            expected = self.past.pop()
        elif edit.act == "redo":
            self.past.append(self.codings[-1])
            expected = self.future.pop()
        else:
            self.past.append(self.codings[-1])
            self.future.clear()
            expected = edit.apply(self.codings[-1])
        self.edits.append(edit)
        self.codings.append(expected)

    def note(self, place: int, words: str) -> Edit | None:
        session = self.session
        edit = acts.write_note(session.pen, session.coding, self.key(place), words)
        return session.do(edit)

    @rule(place=PLACES, words=WORDS)
    def write_a_note(self, place: int, words: str) -> None:
        self.save(self.note(place, words))

    @rule(place=PLACES, label=st.integers(0, 3))
    def toggle_a_topic(self, place: int, label: int) -> None:
        session = self.session
        topics = next(layer for layer in book().layers if layer.id == "topics")
        name = topics.labels[label].id
        self.save(
            session.do(acts.toggle(session.pen, session.coding, self.key(place), topics.id, name))
        )

    @rule(places=st.sets(PLACES, max_size=4), words=WORDS, number=st.integers(1, 3))
    def change_several(self, places: set[int], words: str, number: int) -> None:
        session = self.session
        coding = session.coding
        documents: dict[int, Document | None] = {
            key: coding.sentence(key).changed(note=words.strip())
            for key in {self.key(place) for place in places}
        }
        office = Entity(id=f"e{number}", type="organisation", name=f"МИД {len(self.edits)}")
        documents[CAST] = coding.cast.with_entity(office)
        self.save(session.do(session.pen.edit(coding, "several", documents)))

    @rule(place=PLACES, space=st.integers(0, 5))
    def split(self, place: int, space: int) -> None:
        session, key = self.session, self.key(place)
        sentence = session.coding.sentence(key)
        spaces = [found for found, char in enumerate(sentence.text) if char == " "]
        if spaces:
            where = sentence.start + spaces[space % len(spaces)]
            self.save(session.do(boundaries.split(session.pen, session.coding, key, where)))

    @rule(place=PLACES)
    def join(self, place: int) -> None:
        session = self.session
        with suppress(MarkError):  # The last sentence has none to join with.
            text = self.course.readout.text
            edit = boundaries.join(session.pen, session.coding, self.key(place), text)
            self.save(session.do(edit))

    @rule(back=st.integers(1, 4), forth=st.integers(0, 3))
    def undo_and_redo(self, back: int, forth: int) -> None:
        for _ in range(back):
            edit = self.session.undo()
            assert (edit is None) == (not self.past)
            self.save(edit)
        for _ in range(forth):
            edit = self.session.redo()
            assert (edit is None) == (not self.future)
            self.save(edit)

    @rule()
    def open_again(self) -> None:
        left = self.journal
        left.close()
        self.sit_down()
        with pytest.raises(StorageError):
            left.put(self.edits[-1].invert("undo", at(0)))

    # It waits a moment before it gives up, so once for a state is enough.
    @precondition(lambda self: self.tried != len(self.edits))
    @rule()
    def take_a_second_handle(self) -> None:
        self.tried = len(self.edits)
        with pytest.raises(Busy):
            self.opened()

    @rule()
    def put_an_edit_of_another_state(self) -> None:
        with pytest.raises(Conflict):
            self.journal.put(self.edits[-1])

    @rule()
    def gather(self) -> None:
        dropped = self.journal.compact(at(len(self.edits)))
        assert (dropped is None) == (len(self.edits) < 3)
        if dropped is not None:
            assert dropped.acts == len(self.edits) - 1
            self.expect_gathered()

    def expect_gathered(self) -> None:
        """Tell the model that nothing can be undone any more; the state and the units stay."""
        self.edits = list(self.journal.history)
        assert [edit.act for edit in self.edits] in (["import"], ["import", "compact"])
        assert self.edits[0].apply(Coding()) == self.begun
        self.codings = [self.codings[-1]]
        self.past, self.future = [], []
        self.sit_down_again()

    @invariant()
    def everybody_sees_the_same(self) -> None:
        if not self.edits:
            return
        type(self).steps += 1
        coding = self.codings[-1]
        assert self.session.pending == 0
        assert self.session.coding == coding
        assert self.journal.coding == coding
        assert len(self.journal.history) == len(self.edits)
        snapshot = self.store.read(CODER, self.course.name)
        assert snapshot is not None
        assert (snapshot.header, snapshot.coding) == (self.course.header, coding)
        assert list(snapshot.history) == self.edits == list(self.journal.history)
        timeline = Timeline.of(snapshot.history)
        assert (len(timeline.done), len(timeline.undone)) == (len(self.past), len(self.future))
        self.shown = self.watch.look() or self.shown
        assert self.shown is not None
        assert self.shown.coding == coding
        assert list(self.shown.history) == self.edits
        assert list(self.store.check(lambda name: self.course.readout)) == []

    def teardown(self) -> None:
        if self.edits:
            self.journal.close()


class MemoryMachine(JournalMachine):
    """The store that forgets."""


class TinyMachine(JournalMachine):
    """The store in files, on a disk that fails, under a process that dies."""

    folder: Path | None = None

    def make(self) -> Store:
        self.root = Path(tempfile.mkdtemp(dir=self.folder))
        return self.restarted()

    def restarted(self) -> Store:
        self.disk = Fragile()
        return TinyStore(self.root, disk=self.disk)

    def reader(self) -> Store:
        return TinyStore(self.root)

    @rule(
        place=PLACES,
        words=WORDS,
        call=st.sampled_from(["pwrite", "fsync"]),
        code=st.sampled_from([errno.ENOSPC, errno.EIO]),
    )
    def write_to_a_disk_that_fails(self, place: int, words: str, call: str, code: int) -> None:
        edit = self.note(place, words)
        if edit is None:
            return
        self.disk.refuse(call, code)
        with pytest.raises(StorageError, match=os.strerror(code)):
            self.session.save()
        assert self.journal.coding == self.codings[-1]
        snapshot = self.store.read(CODER, self.course.name)
        assert snapshot is not None
        assert list(snapshot.history) == self.edits
        self.save(edit)

    @rule(place=PLACES, words=WORDS, life=BYTES, second=st.none() | BYTES)
    def crash(self, place: int, words: str, life: int, second: int | None) -> None:
        """Die in a write, perhaps once more while it is taken back, and start anew."""
        edit = self.note(place, words)
        if edit is None:
            return
        self.disk.die_after(life)
        with pytest.raises(Dead):
            self.session.save()
        self.start_anew(second)
        if len(self.journal.history) > len(self.edits):
            self.expect(edit)

    @rule(life=BYTES)
    def crash_while_it_gathers(self, life: int) -> None:
        if len(self.edits) < 3:
            return
        self.disk.die_after(life)
        with pytest.raises(Dead):
            self.journal.compact(at(len(self.edits)))
        self.start_anew(None)
        # It died before the new file took the place of the old one.
        assert list(self.journal.history) == self.edits

    def start_anew(self, second: int | None) -> None:
        """Open the journal in another process, after one that may have died in opening it."""
        self.journal.close()
        self.store = self.restarted()
        if second is not None:
            self.disk.die_after(second)
            with suppress(Dead):
                self.opened().close()
            self.store = self.restarted()
        self.sit_down()

    @invariant()
    def plain_tinydb_sees_it_too(self) -> None:
        if self.edits:
            path = self.course.path(self.root)
            assert documents(path) == self.codings[-1].docs
            left = {each.name for each in path.parent.iterdir()}
            # A process that died while it took a write back leaves the file that it was making.
            assert left <= {path.name, f".{path.name}.tmp"}

    def teardown(self) -> None:
        super().teardown()
        shutil.rmtree(self.root)


@pytest.mark.parametrize("machine", [TinyMachine, MemoryMachine])
def test_any_order_of_acts_handles_and_crashes_leaves_one_state(
    machine: type[JournalMachine],
) -> None:
    run_state_machine_as_test(machine, settings=QUICK)

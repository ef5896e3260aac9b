"""Whole new files: a coding without its history, and one that is moved to a changed text."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from tinydb import TinyDB

from annotator.errors import Conflict, DamagedFile, InputError, StorageError, TextChanged
from annotator.files import sha256
from annotator.model.edit import Change, Coding, Edit, Timeline
from annotator.model.readout import Readout
from annotator.pipeline.project import Project
from annotator.store import FORMAT, Header, Journal, Snapshot, TinyStore, plain
from annotator.store.base import Dropped
from annotator.store.disk import Disk
from annotator.store.lines import CLOSING, journal
from tests.store.test_faults import Faulty
from tests.store.test_migrations import put, version_1, worked

if TYPE_CHECKING:
    from tests.store.conftest import Work

AT = "2024-03-01T00:00:00Z"


def opened(work: Work, disk: Disk | None = None) -> Journal:
    return TinyStore(work.root, disk=disk).open(work.header, work.readout, work.first)


def checked(work: Work, readout: Readout) -> list[str]:
    return [finding.what for finding in work.tiny().check(lambda name: readout)]


@pytest.fixture
def coded(work: Work) -> bytes:
    """The bytes of a file with eight acts: marks, a split, a join, and some taken back."""
    raw = journal(work.header, worked(work)[0])
    put(work, raw)
    return raw


# Compaction


def test_a_compacted_file_holds_the_same_state_in_two_lines(work: Work, coded: bytes) -> None:
    edits, coding = worked(work)
    written = opened(work)
    assert written.compact(AT) == Dropped(7, edits[1].at, edits[-1].at)
    assert written.coding == coding
    written.close()
    raw = work.path.read_bytes()
    assert len(raw) < len(coded)
    assert raw.count(b"\n") == 4
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208
    first, second = opened(work).history
    assert first == work.first()
    assert (second.act, second.at, second.what) == ("compact", AT, "7 acts gathered")
    assert second.apply(first.apply(Coding())) == coding
    assert raw == journal(work.header, [first, second])


def test_plain_tinydb_sees_the_same_state_before_and_after_compaction(
    work: Work, coded: bytes
) -> None:
    _, coding = worked(work)
    assert plain.documents(work.path) == dict(coding.docs)
    opened(work).compact(AT)
    assert plain.documents(work.path) == dict(coding.docs)
    # The sentence that was joined to another is a stub still.
    with TinyDB(work.path, access_mode="r") as database:
        gone = [row.doc_id for row in database.all() if row["_"].get("gone")]
    assert gone == [4]
    assert json.loads(work.path.read_bytes())["about"]["1"]["by"] == "ada"


def test_a_sentence_that_came_and_went_leaves_no_trace_in_a_compacted_file(work: Work) -> None:
    written = opened(work)
    written.put(work.split(written.coding, 2))
    written.put(work.join(written.coding, 2))
    written.put(work.note(written.coding, 1, "on"))
    assert written.compact(AT) == Dropped(3, "2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z")
    assert [change.key for change in written.history[1].changes] == [1]
    assert set(json.loads(work.path.read_bytes())["_default"]) == {"1", "2", "3", "4"}


def test_a_coding_that_was_brought_back_to_its_beginning_is_compacted_to_one_act(
    work: Work,
) -> None:
    written = opened(work)
    written.put(work.note(written.coding, 1, "on"))
    undo = Timeline.of(written.history).undo("2024-01-03T00:00:00Z")
    assert undo is not None
    written.put(undo)
    assert written.compact(AT) == Dropped(2, "2024-01-02T03:04:05Z", "2024-01-03T00:00:00Z")
    assert list(written.history) == [work.first()]
    written.put(work.note(written.coding, 1, "again"))
    written.close()
    assert len(opened(work).history) == 2
    assert checked(work, work.readout) == []


def test_a_check_finds_nothing_in_a_compacted_file(work: Work, coded: bytes) -> None:
    opened(work).compact(AT)
    assert checked(work, work.readout) == []


def test_a_journal_with_nothing_to_drop_keeps_its_bytes(work: Work) -> None:
    written = opened(work)
    assert written.compact(AT) is None
    written.put(work.mark(written.coding, 1))
    before = work.path.read_bytes(), work.path.stat().st_ino
    assert written.compact(AT) is None
    assert (work.path.read_bytes(), work.path.stat().st_ino) == before
    written.put(work.split(written.coding, 2))
    assert written.compact(AT) is not None
    before = work.path.read_bytes(), work.path.stat().st_ino
    assert written.compact(AT) is None
    assert (work.path.read_bytes(), work.path.stat().st_ino) == before


def test_a_compacted_file_keeps_its_lock_and_mode_and_grows_by_lines(
    work: Work, coded: bytes
) -> None:
    work.path.chmod(0o640)
    written = opened(work)
    written.compact(AT)
    assert work.path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(Exception, match="is being written"):
        opened(work)
    before = work.path.read_bytes()
    written.put(work.note(written.coding, 1, "on"))
    assert work.path.read_bytes().startswith(before.removesuffix(CLOSING))
    assert len(written.history) == 3
    written.close()
    assert opened(work).coding == written.coding


def test_a_history_that_was_asked_for_before_is_still_whole_after_compaction(
    work: Work, coded: bytes
) -> None:
    written = opened(work)
    before = written.history
    written.compact(AT)
    assert list(before) == worked(work)[0]
    assert len(written.history) == 2


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_wherever_the_disk_fails_compaction_leaves_the_old_or_the_new_file(
    work: Work, coded: bytes, code: int, for_good: bool
) -> None:
    edits, coding = worked(work)
    clean = opened(work)
    clean.compact(AT)
    clean.close()
    new = work.path.read_bytes()
    ends = Counter[bytes]()
    for after in range(20):
        put(work, coded)
        disk = Faulty()
        written = opened(work, disk)
        disk.arm(range(after, 1000) if for_good else {after}, code)
        try:
            written.compact(AT)
        except StorageError:
            ends[work.path.read_bytes()] += 1
            assert (written.coding, list(written.history)) == (coding, edits)
        disk.heal()
        written.close()
        again = opened(work)
        assert again.coding == coding
        assert work.path.read_bytes() in (coded, new)
        again.close()
        if not disk.failed:
            break
    assert ends == {coded: 6, new: 1}


def test_after_a_compaction_that_failed_one_works_on_or_is_told_to_open_again(
    work: Work, coded: bytes
) -> None:
    """Nothing that is acknowledged afterwards goes into a file that has no name any more."""
    for after in range(7):
        put(work, coded)
        disk = Faulty()
        written = opened(work, disk)
        disk.arm({after}, errno.EIO)
        with pytest.raises(StorageError):
            written.compact(AT)
        disk.heal()
        edit = work.note(written.coding, 1, "on")
        try:
            written.put(edit)
        except (StorageError, Conflict) as error:
            assert error.hint == "Open the readout again."  # noqa: PT017 - either may be
            edit = None  # type: ignore[assignment]
        written.close()
        snapshot = work.tiny().read("ada", "call-1")
        assert snapshot is not None
        assert edit is None or snapshot.history[-1] == edit
        assert (edit is None) == (after == 6)


def test_a_file_that_another_program_changed_is_not_compacted(work: Work, coded: bytes) -> None:
    written = opened(work)
    other = work.path.with_name("other")
    other.write_bytes(coded)
    other.replace(work.path)
    with pytest.raises(Conflict, match="another program"):
        written.compact(AT)
    assert work.path.read_bytes() == coded


def test_a_reader_amid_compaction_sees_one_file_or_the_other(work: Work, coded: bytes) -> None:
    _, coding = worked(work)
    seen: list[int] = []

    class Read(Disk):
        def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
            self.look()
            return super().pwrite(descriptor, data, offset)

        def sync_folder(self, folder: os.PathLike[str]) -> None:
            self.look()
            super().sync_folder(folder)  # type: ignore[arg-type]

        def look(self) -> None:
            snapshot = work.tiny().read("ada", "call-1")
            assert snapshot is not None
            assert snapshot.coding == coding
            seen.append(len(snapshot.history))

    opened(work, Read()).compact(AT)
    assert seen == [8, 2]


def test_a_coding_without_its_beginning_is_compacted_to_the_last_one(work: Work) -> None:
    """A coding that was taken over or moved begins there, with what was coded by then."""
    edits, coding = worked(work)
    sentences = coding.sentences()
    taken = work.edit(coding, {sentences[0][0]: sentences[0][1].changed(flagged=True)})
    taken = taken.model_copy(update={"act": "adopt"})
    coding = taken.apply(coding)
    last = work.note(coding, 1, "after")
    put(work, journal(work.header, [*edits, taken, last]))
    written = opened(work)
    dropped = written.compact(AT)
    assert dropped == Dropped(9, edits[1].at, last.at)
    first, second = written.history
    assert (first.act, first.at) == ("import", taken.at)
    assert first.apply(Coding()) == coding
    assert [change.key for change in second.changes] == [1]
    assert written.coding == last.apply(coding)
    assert checked(work, work.readout) == []


@pytest.fixture
def project(work: Work, tmp_path: Path) -> Project:
    """A project with the readout in it, which nobody has begun to code."""
    for name, content in {"annotator.toml": "", "seeds/call-1.txt": work.readout.text}.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode())
    return Project.open(tmp_path / "project")


def test_another_coder_begins_with_the_same_units_after_a_compaction(
    work: Work, project: Project
) -> None:
    readout = project.readout("call-1")
    work = replace(work, root=project.paths.tags, readout=readout)
    written = project.journal("ada", "call-1", "2024-01-01T00:00:00Z")
    first = written.coding
    written.put(work.join(written.coding, 1))
    written.put(work.split(written.coding, 1))
    written.put(work.mark(written.coding, 1))
    assert written.coding.order != first.order
    before = project.first_edit(readout, AT)
    assert [change.after for change in before.changes] == list(first.docs.values())
    written.compact(AT)
    assert project.first_edit(readout, AT) == before
    # Whoever begins later is not the one whose units count.
    other = project.journal("bob", "call-1", "2024-01-05T00:00:00Z")
    assert other.coding == first
    other.put(work.split(other.coding, 2))
    other.put(work.note(other.coding, 2, "x"))
    other.compact(AT)
    written.close()
    assert project.first_edit(readout, AT) == before
    assert project.header("cy", readout).segmenter == written.header.segmenter


# A readout whose bytes changed


def rewritten(work: Work, text: str, *, mark: str = "") -> tuple[Header, Readout]:
    """The readout with another text, or with a byte-order mark before the same one."""
    source = sha256((mark + text).encode())
    readout = work.readout.model_copy(
        update={"text": text, "sha256": source, "text_sha256": sha256(text.encode())}
    )
    return work.header.model_copy(update={"source": source, "text": readout.text_sha256}), readout


def moved_by(work: Work, by: int, text: str) -> Callable[[Snapshot], Edit]:
    """What moves every sentence, its marks and their words by some code points."""

    def act(snapshot: Snapshot) -> Edit:
        after = {}
        for key, sentence in snapshot.coding.sentences():
            start, end = sentence.start + by, sentence.end + by
            # Marks are left away here: to move them is not the store's affair.
            after[key] = sentence.changed(start=start, end=end, text=text[start:end], marks=())
        edit = work.edit(snapshot.coding, after)
        return edit.model_copy(update={"act": "reanchor", "what": "moved"})

    return act


def never(snapshot: Snapshot) -> NoReturn:
    raise AssertionError


def test_a_changed_text_is_refused_where_nothing_moves_the_coding(work: Work, coded: bytes) -> None:
    header, readout = rewritten(work, "New. " + work.readout.text)
    for _ in range(2):
        with pytest.raises(TextChanged, match="changed since ada began") as caught:
            work.tiny().open(header, readout, work.first)
    assert "annotator reanchor call-1" in caught.value.hint
    assert work.path.read_bytes() == coded
    assert work.tiny().watch("ada", "call-1").holder() == ""


def test_an_unchanged_text_moves_nothing(work: Work, coded: bytes) -> None:
    work.tiny().open(work.header, work.readout, work.first, never).close()
    assert work.path.read_bytes() == coded


def test_a_new_coding_is_not_moved(work: Work) -> None:
    journal = work.tiny().open(work.header, work.readout, work.first, never)
    assert list(journal.history) == [work.first()]


def test_the_act_that_moves_a_coding_becomes_a_line_under_a_head_for_the_new_text(
    work: Work, coded: bytes
) -> None:
    edits, coding = worked(work)
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    given: list[Snapshot] = []
    move = moved_by(work, 5, text)

    def act(snapshot: Snapshot) -> Edit:
        given.append(snapshot)
        return move(snapshot)

    written = work.tiny().open(header, readout, work.first, act)
    [snapshot] = given
    assert (snapshot.header, snapshot.coding) == (work.header, coding)
    assert list(snapshot.history) == edits
    edit = move(snapshot)
    assert written.header == header.model_copy(update={"earlier": (work.readout.sha256,)})
    assert written.coding == edit.apply(coding)
    assert list(written.history) == [*edits, edit]
    raw = work.path.read_bytes()
    assert raw == journal(written.header, [*edits, edit])
    # Every older line stands as it was written, though it quotes the old text.
    assert raw.split(b"\n")[1:9] == coded.split(b"\n")[1:9]

    written.put(work.note(written.coding, 1, "on"))
    written.close()
    assert checked(work, readout) == []
    assert work.tiny().open(header, readout, work.first, never).coding == written.coding


def test_the_old_text_has_no_coding_any_more(work: Work, coded: bytes) -> None:
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    work.tiny().open(header, readout, work.first, moved_by(work, 5, text)).close()
    moved = work.path.read_bytes()
    with pytest.raises(TextChanged):
        opened(work)
    assert [what.rpartition(" changed")[0] for what in checked(work, work.readout)] == [
        "The readout call-1"
    ]
    assert work.path.read_bytes() == moved


def test_undo_does_not_go_back_past_a_move(work: Work, coded: bytes) -> None:
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    written = work.tiny().open(header, readout, work.first, moved_by(work, 5, text))
    assert Timeline.of(written.history) == Timeline()
    edit = work.note(written.coding, 1, "on")
    written.put(edit)
    timeline = Timeline.of(written.history)
    assert timeline.done == (edit,)
    undo = timeline.undo(AT)
    assert undo is not None
    written.put(undo)
    assert Timeline.of(written.history).undo(AT) is None


def test_a_coding_is_moved_again_and_again_and_back(work: Work, coded: bytes) -> None:
    texts = [work.readout.text, "New. " + work.readout.text, "x" + work.readout.text]
    sources = [work.readout.sha256]
    before = 0
    for place in (1, 2, 0, 1):
        header, readout = rewritten(work, texts[place])
        by = len(texts[place]) - len(texts[before])
        written = work.tiny().open(header, readout, work.first, moved_by(work, by, texts[place]))
        assert written.header.earlier == tuple(sources)
        written.put(work.note(written.coding, 1, f"on {place}"))
        written.close()
        assert checked(work, readout) == []
        sources.append(readout.sha256)
        before = place


def test_other_bytes_of_the_same_text_change_the_head_and_nothing_else(
    work: Work, coded: bytes
) -> None:
    edits, coding = worked(work)
    header, readout = rewritten(work, work.readout.text, mark="\ufeff")
    assert header.source != work.header.source
    assert header.text == work.header.text
    nothing = Edit(act="reanchor", at=AT, what="moved", changes=())
    written = work.tiny().open(header, readout, work.first, lambda snapshot: nothing)
    assert written.header.earlier == (work.readout.sha256,)
    assert written.coding == coding
    assert list(written.history) == edits
    assert work.path.read_bytes() == journal(written.header, edits)
    # No act ended it, so that what was done before can still be undone.
    assert Timeline.of(written.history).undo(AT) is not None
    written.close()
    assert checked(work, readout) == []


class OddError(Exception):
    """A defect in whatever moves a coding."""


def raising(snapshot: Snapshot) -> NoReturn:
    raise OddError


def for_another_state(snapshot: Snapshot) -> Edit:
    sentence = snapshot.coding.sentence(1)
    change = Change(key=1, before=sentence.changed(note="another"), after=sentence)
    return Edit(act="reanchor", at=AT, what="moved", changes=(change,))


def that_moves_nothing(snapshot: Snapshot) -> Edit:
    return Edit(act="reanchor", at=AT, what="moved", changes=())


def of_no_form(snapshot: Snapshot) -> Edit:
    cast = snapshot.coding.cast
    change = Change(key=99, before=None, after=cast)
    return Edit(act="reanchor", at=AT, what="moved", changes=(change,))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        (raising, OddError),
        (for_another_state, Conflict),
        (that_moves_nothing, DamagedFile),
        (of_no_form, ValueError),
    ],
)
def test_a_move_that_fails_leaves_the_file_and_lets_go_of_it(
    work: Work,
    coded: bytes,
    changed: Callable[[Snapshot], Edit],
    error: type[Exception],
) -> None:
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    before = work.path.stat()
    with pytest.raises(error):
        work.tiny().open(header, readout, work.first, changed)
    assert work.path.read_bytes() == coded
    assert work.path.stat().st_ino == before.st_ino
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208
    work.tiny().open(header, readout, work.first, moved_by(work, 5, text)).close()


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_wherever_the_disk_fails_a_move_leaves_the_old_or_the_new_file(
    work: Work, coded: bytes, code: int, for_good: bool
) -> None:
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    move = moved_by(work, 5, text)
    work.tiny().open(header, readout, work.first, move).close()
    new = work.path.read_bytes()
    ends = Counter[bytes]()
    for after in range(20):
        put(work, coded)
        disk = Faulty()
        disk.arm(range(after, 1000) if for_good else {after}, code)
        store = TinyStore(work.root, disk=disk)
        try:
            store.open(header, readout, work.first, move).close()
        except StorageError:
            ends[work.path.read_bytes()] += 1
        disk.heal()
        store.open(header, readout, work.first, move).close()
        assert work.path.read_bytes() == new
        if not disk.failed:
            break
    assert ends == {coded: 7, new: 1}


def test_a_move_takes_back_what_was_cut_short_before(work: Work, coded: bytes) -> None:
    edits, _ = worked(work)
    put(work, coded[:-40])
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    written = work.tiny().open(header, readout, work.first, moved_by(work, 5, text))
    assert [edit.act for edit in written.history] == [
        *(edit.act for edit in edits[:-1]),
        "reanchor",
    ]
    assert "taken back" in written.notice
    assert checked(work, readout) == []


def test_a_move_brings_an_old_file_into_the_current_format(work: Work) -> None:
    edits, _ = worked(work)
    put(work, version_1(work, edits))
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    written = work.tiny().open(header, readout, work.first, moved_by(work, 5, text))
    assert json.loads(work.path.read_bytes())["about"]["1"]["format"] == FORMAT
    before = work.path.read_bytes()
    written.put(work.note(written.coding, 1, "on"))
    assert work.path.read_bytes().startswith(before.removesuffix(CLOSING))
    assert [edit.act for edit in written.history[-2:]] == ["reanchor", "edit"]
    written.close()
    assert checked(work, readout) == []


def test_a_moved_coding_is_compacted_to_what_it_was_when_it_was_moved(
    work: Work, coded: bytes
) -> None:
    text = "New. " + work.readout.text
    header, readout = rewritten(work, text)
    written = work.tiny().open(header, readout, work.first, moved_by(work, 5, text))
    moved = written.coding
    written.put(work.note(moved, 1, "on"))
    coding = written.coding
    dropped = written.compact(AT)
    assert dropped is not None
    assert dropped.acts == 9
    first, second = written.history
    assert first.apply(Coding()) == moved
    assert second.apply(moved) == coding == written.coding
    assert written.header.earlier == (work.readout.sha256,)
    written.close()
    assert checked(work, readout) == []
    assert work.tiny().open(header, readout, work.first, never).coding == coding


def test_a_header_of_another_text_than_its_readout_is_refused(work: Work, coded: bytes) -> None:
    _, readout = rewritten(work, "New. " + work.readout.text)
    with pytest.raises(InputError, match="changed"):
        work.tiny().open(work.header, readout, work.first, never)
    assert work.path.read_bytes() == coded

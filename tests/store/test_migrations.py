"""A file of an older format: read as it is, and replaced whole by the first edit."""

from __future__ import annotations

import copy
import errno
import json
import os
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tinydb import TinyDB

from annotator.errors import Busy, DamagedFile, StorageError
from annotator.files import sha256
from annotator.model.edit import Coding, Edit, Timeline
from annotator.model.mark import DateValue
from annotator.model.sentence import Sentence
from annotator.store import FORMAT, Journal, TinyStore, lines, migrations
from annotator.store.disk import Disk
from annotator.store.lines import CLOSING
from annotator.store.migrations import STEPS, Step, line_of, migrated_head, path_from
from tests.store.test_faults import Faulty

if TYPE_CHECKING:
    from tests.store.conftest import Work

Fields = dict[str, Any]


def as_json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def sealed(start: bytes, end: bytes) -> bytes:
    return b'%b,"crc":"%08x"%b' % (start, zlib.crc32(start), end)


def file_of(head: Fields, written: Iterable[Fields]) -> bytes:
    """The bytes of a journal of whatever format; each of `written` is the members of a line."""
    first = sealed(b'{"about":{"1":' + as_json(head)[:-1], b'}},"_default":{')
    rows = [line_with(members) for members in written]
    return b"\n".join([first, b" " + b"\n,".join(rows), CLOSING])


def line_with(members: Fields) -> bytes:
    for member in members.values():
        if isinstance(member, dict) and "_" in member:
            member["_"] = member.pop("_")  # Behind all fields, as the form says.
    return sealed(as_json(members)[1:-3], b"}}")


def members_of(edits: Iterable[Edit], *, without: Sequence[str] = ()) -> list[Fields]:
    """The members of the lines of these edits; sentences are written without some fields."""
    revisions = Counter[int]()
    written = []
    for edit in edits:
        revisions.update(change.key for change in edit.changes)
        members = {
            str(change.key): {
                name: value
                for name, value in (
                    change.after.model_dump(mode="json") if change.after else {}
                ).items()
                if name not in without
            }
            | {"_": {"rev": revisions[change.key]} | ({} if change.after else {"gone": True})}
            for change in edit.changes
        }
        about = members[str(edit.changes[-1].key)]["_"]
        about |= {"act": edit.act, "at": edit.at, "what": edit.what}
        written.append(members)
    return written


def version_1_head(work: Work) -> Fields:
    fields = work.header.model_dump(mode="json")
    del fields["earlier"]
    return {**fields, "format": 1}


def version_1(work: Work, edits: Sequence[Edit]) -> bytes:
    """What version 1 of the form was: its head knew no earlier texts, its sentences no unplaced."""
    return file_of(version_1_head(work), uncounted(unsaid(members_of(edits, without=["unplaced"]))))


def version_2(work: Work, edits: Sequence[Edit]) -> bytes:
    """What version 2 of the form was: nobody counted the effort of a mark."""
    head = {**work.header.model_dump(mode="json"), "format": 2}
    return file_of(head, uncounted(unsaid(members_of(edits))))


def version_3(work: Work, edits: Sequence[Edit]) -> bytes:
    """What version 3 of the form was: only the ids of marks told what came from a file."""
    head = {**work.header.model_dump(mode="json"), "format": 3}
    return file_of(head, unsaid(members_of(edits)))


def unsaid(written: list[Fields]) -> list[Fields]:
    """Take out what files of other programs gave and asked, as it was before versions 4 and 5."""
    for members in written:
        for member in members.values():
            member.pop("asked", None)
            member.pop("not_asked", None)
            for mark in (*member.get("marks", ()), *member.get("unplaced", ())):
                del mark["provenance"]["imported"]
    return written


def uncounted(written: list[Fields]) -> list[Fields]:
    """Take the effort out of the marks, as it was before version 3."""
    for members in written:
        for member in members.values():
            for mark in member.get("marks", ()):
                del mark["provenance"]["keys"], mark["provenance"]["spent"]
    return written


def worked(work: Work) -> tuple[list[Edit], Coding]:
    """A history with marks, a split, a join, and one act that was undone and done again."""
    edits = [work.first()]
    coding = edits[0].apply(Coding())
    makers: list[Callable[[], Edit | None]] = [
        lambda: work.mark(coding, 1),
        lambda: work.split(coding, 2),
        lambda: work.join(coding, 3),
        lambda: work.note(coding, 1, "торговля"),
        lambda: Timeline.of(edits).undo("2024-01-03T00:00:00Z"),
        lambda: Timeline.of(edits).redo("2024-01-04T00:00:00Z"),
        lambda: Timeline.of(edits).undo("2024-01-05T00:00:00Z"),
    ]
    for make in makers:
        edit = make()
        assert edit is not None
        coding = edit.apply(coding)
        edits.append(edit)
    return edits, coding


@pytest.fixture
def old(work: Work) -> bytes:
    """The bytes of a worked file of version 1, which lies where its coder's work does."""
    raw = version_1(work, worked(work)[0])
    put(work, raw)
    return raw


def put(work: Work, raw: bytes) -> None:
    work.path.parent.mkdir(parents=True, exist_ok=True)
    work.path.write_bytes(raw)


def opened(work: Work, disk: Disk | None = None) -> Journal:
    return TinyStore(work.root, disk=disk).open(work.header, work.readout, work.first)


def test_the_files_made_here_are_bit_for_bit_those_of_version_1(old: bytes) -> None:
    """The sum is of the file that version 1 itself wrote of the same edits."""
    wrote = "1e814a86e9a75b1673e779d58588f7e3ff086bc8930ac4a22e9597f03f60022f"
    assert sha256(old) == wrote


def test_the_files_made_here_are_bit_for_bit_those_of_version_2(work: Work) -> None:
    """The sum is of the file that version 2 itself wrote of the same edits."""
    wrote = "322aff4b83d7aac67038d9158261ab73b23758c190324bec8c375f43a346edc1"
    assert sha256(version_2(work, worked(work)[0])) == wrote


def test_a_file_of_version_2_is_read_and_becomes_one_of_this_format_with_the_first_edit(
    work: Work,
) -> None:
    edits, coding = worked(work)
    old = version_2(work, edits)
    put(work, old)
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert (snapshot.coding, list(snapshot.history)) == (coding, edits)
    marks = [mark for _, sentence in coding.sentences() for mark in sentence.marks]
    assert {(mark.provenance.keys, mark.provenance.spent) for mark in marks} == {(None, None)}
    assert list(work.tiny().check(lambda name: work.readout)) == []
    journal = opened(work)
    assert work.path.read_bytes() == old
    journal.put(work.note(coding, 1, "new"))
    journal.close()
    new = work.path.read_bytes()
    assert json.loads(new)["about"]["1"]["format"] == FORMAT == 5
    before, after = old.split(b"\n"), new.split(b"\n")
    assert after[1 : len(edits) + 1] == before[1 : len(edits) + 1]


def test_the_files_made_here_are_bit_for_bit_those_of_version_3(work: Work) -> None:
    """The sum is of the file that version 3 itself wrote of the same edits."""
    wrote = "1c8d1463121d0b96d18299bf7f9e7e6328d1ccd8c01a40af1f78a1390588c421"
    assert sha256(version_3(work, worked(work)[0])) == wrote


def of_a_file(work: Work, sentence: Sentence, *layers: str) -> Sentence:
    """The sentence, decided by a file of another program that gave it marks of some layers."""
    plain = work.mark(work.first().apply(Coding()), 1).apply(work.first().apply(Coding()))
    mark = plain.sentence(1).marks[0]
    source = mark.provenance.replaced(imported=True)
    marks = tuple(
        mark.replaced(id=f"i{number:016x}", layer=layer, slots={}, provenance=source)
        for number, layer in enumerate(layers)
    )
    return sentence.replaced(marks=marks, state="done", asked=tuple(sorted(layers)))


def taken_in(work: Work) -> list[Edit]:
    """Sentences that a file decided: one looked at since, one whose mark lost its place."""
    edits = [work.first()]
    coding = edits[0].apply(Coding())
    one, two, three = (coding.sentence(key) for key in (1, 2, 3))
    given = of_a_file(work, one, "topics", "commitments")
    looked = of_a_file(work, two, "topics").replaced(asked=None, keys=1)
    lost = of_a_file(work, three, "topics")
    lost = lost.replaced(marks=(), unplaced=lost.marks, asked=())
    edits.append(work.edit(coding, {1: given, 2: looked, 3: lost}))
    coding = edits[1].apply(coding)
    edits.append(work.note(coding, 4, "x"))
    undone = Timeline.of(edits).undo("2024-01-03T00:00:00Z")
    assert undone is not None
    edits.append(undone)
    return edits


def test_what_a_file_gave_and_asked_is_told_of_version_3_by_the_ids_of_its_marks(
    work: Work,
) -> None:
    edits = taken_in(work)
    old = version_3(work, edits)
    put(work, old)
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert list(snapshot.history) == edits
    sentences = [snapshot.coding.sentence(key) for key in (1, 2, 3, 4)]
    assert [one.asked for one in sentences] == [("commitments", "topics"), None, (), None]
    assert list(work.tiny().check(lambda name: work.readout)) == []
    journal = opened(work)
    journal.put(work.note(journal.coding, 1, "new"))
    journal.close()
    assert opened(work).history[:-1] == edits


def test_a_coder_who_decided_by_version_4_was_asked_of_all(work: Work) -> None:
    edits = taken_in(work)
    head = {**work.header.model_dump(mode="json"), "format": 4}
    put(work, file_of(head, members_of(edits, without=["not_asked"])))
    journal = opened(work)
    assert list(journal.history) == edits
    assert {one.not_asked for _, one in journal.coding.sentences()} == {()}
    looked = journal.coding.sentence(2).changed(not_asked=("tone",))
    journal.put(work.edit(journal.coding, {2: looked}))
    journal.close()
    assert opened(work).coding.sentence(2).not_asked == ("tone",)
    assert list(work.tiny().check(lambda name: work.readout)) == []


@pytest.mark.parametrize("marks", [7, [7], [{"id": 7}], [{"id": f"i{0:016x}"}], {"id": 1}])
def test_a_line_of_version_3_whose_marks_are_none_is_damage_named_by_its_number(
    work: Work, marks: object
) -> None:
    written = unsaid(members_of([work.first(), work.note(work.first().apply(Coding()), 1, "x")]))
    written[1]["1"]["marks"] = marks
    put(work, file_of({**work.header.model_dump(mode="json"), "format": 3}, written))
    with pytest.raises(DamagedFile, match="line 3"):
        work.tiny().read("ada", "call-1")


def test_a_line_of_an_old_file_that_holds_no_document_is_damage(work: Work) -> None:
    written = unsaid(members_of([work.first()]))
    members: Fields = {"9": 7, **written[0]}
    put(work, file_of({**work.header.model_dump(mode="json"), "format": 3}, [members]))
    with pytest.raises(DamagedFile, match="line 2"):
        work.tiny().read("ada", "call-1")


def test_an_old_file_is_read_with_everything_in_it(work: Work, old: bytes) -> None:
    edits, coding = worked(work)
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert snapshot.header == work.header
    assert snapshot.coding == coding
    assert list(snapshot.history) == edits
    assert {edit.act for edit in edits} == {"import", "edit", "undo", "redo"}


def test_an_old_file_that_is_looked_at_opened_and_closed_stays_as_it_is(
    work: Work, old: bytes
) -> None:
    before = work.path.stat()
    store = work.tiny()
    snapshot = store.read("ada", "call-1")
    assert snapshot is not None
    assert len(list(snapshot.history)) == 8
    assert store.watch("ada", "call-1").look() is not None
    assert list(store.check(lambda name: work.readout)) == []
    journal = opened(work)
    assert len(list(journal.history)) == 8
    journal.put(work.edit(journal.coding, {}))
    journal.close()
    after = work.path.stat()
    assert work.path.read_bytes() == old
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208


def test_the_first_edit_brings_an_old_file_into_the_current_format(work: Work, old: bytes) -> None:
    edits, coding = worked(work)
    work.path.chmod(0o640)
    journal = opened(work)
    added = work.note(journal.coding, 1, "new")
    journal.put(added)
    new = work.path.read_bytes()
    rest = new.split(b"\n")[1:]
    assert json.loads(new)["about"]["1"]["format"] == FORMAT
    # No file of another program gave a mark, so that every line is the one that version 1 wrote.
    assert rest[:-3] == old.split(b"\n")[1:-2]
    assert work.path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208

    journal.put(work.note(journal.coding, 1, "newer"))
    assert work.path.read_bytes().startswith(new.removesuffix(CLOSING))
    with pytest.raises(Busy):
        opened(work)
    journal.close()
    again = opened(work)
    assert list(again.history)[:-1] == [*edits, added]
    assert again.coding.docs == {**coding.docs, 1: again.coding.docs[1]}
    assert again.header == work.header
    again.close()
    assert list(work.tiny().check(lambda name: work.readout)) == []
    with TinyDB(work.path, access_mode="r") as database:
        assert database.get(doc_id=1)["note"] == "newer"


def test_what_was_done_in_the_old_format_is_undone_and_redone_in_the_new_one(
    work: Work, old: bytes
) -> None:
    journal = opened(work)
    coding = journal.coding
    redo = Timeline.of(journal.history).redo("2024-02-01T00:00:00Z")
    assert redo is not None
    journal.put(redo)
    assert journal.coding.sentence(1).note == "торговля"
    journal.close()
    journal = opened(work)
    undone = 0
    while edit := Timeline.of(journal.history).undo("2024-02-02T00:00:00Z"):
        journal.put(edit)
        undone += 1
    assert undone == 4
    assert journal.coding == work.first().apply(Coding())
    while edit := Timeline.of(journal.history).redo("2024-02-03T00:00:00Z"):
        journal.put(edit)
    assert journal.coding == redo.apply(coding)


def test_an_edit_that_an_old_file_refuses_leaves_it_as_it_is(work: Work, old: bytes) -> None:
    journal = opened(work)
    stale = work.note(work.first().apply(Coding()), 1, "stale")
    with pytest.raises(Exception, match="another state"):
        journal.put(stale)
    assert work.path.read_bytes() == old
    journal.put(work.note(journal.coding, 1, "fresh"))


def test_a_torn_old_file_keeps_what_was_acknowledged(work: Work, old: bytes) -> None:
    edits, _ = worked(work)
    put(work, old[:-40])
    journal = opened(work)
    assert list(journal.history) == edits[:-1]
    assert journal.notice
    journal.put(work.note(journal.coding, 1, "on"))
    journal.close()
    assert opened(work).coding == journal.coding


def test_compacting_an_old_file_writes_the_current_format(work: Work, old: bytes) -> None:
    journal = opened(work)
    coding = journal.coding
    assert journal.compact("2024-03-01T00:00:00Z") is not None
    journal.close()
    assert json.loads(work.path.read_bytes())["about"]["1"]["format"] == FORMAT
    assert opened(work).coding == coding


# The disk fails, or the process ends, while the file is replaced


class Witness(Disk):
    """A disk that notes each change, and what lay in the journal's place when it was made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.seen: list[tuple[str, bytes]] = []

    def _note(self, call: str) -> None:
        self.seen.append((call, self._path.read_bytes()))

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        self._note("write")
        return super().pwrite(descriptor, data, offset)

    def truncate(self, descriptor: int, size: int) -> None:
        self._note("truncate")
        super().truncate(descriptor, size)

    def fsync(self, descriptor: int) -> None:
        self._note("fsync")
        super().fsync(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        self._note("rename")
        super().rename(old, new)

    def sync_folder(self, folder: Path) -> None:
        self._note("folder")
        super().sync_folder(folder)


def test_the_old_file_is_in_its_place_until_the_new_one_is_synced(work: Work, old: bytes) -> None:
    disk = Witness(work.path)
    journal = opened(work, disk)
    assert disk.seen == []
    journal.put(work.note(journal.coding, 1, "new"))
    calls = [call for call, _ in disk.seen]
    assert calls == ["truncate", "write", "fsync", "rename", "folder"]
    new = work.path.read_bytes()
    assert [raw for _, raw in disk.seen] == [old] * 4 + [new]


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_wherever_the_disk_fails_the_file_is_the_old_or_the_new_one(
    work: Work, old: bytes, code: int, for_good: bool
) -> None:
    edits, coding = worked(work)
    added = work.note(coding, 1, "new")
    clean = opened(work)
    clean.put(added)
    clean.close()
    new = work.path.read_bytes()
    ends = Counter[bytes]()
    for after in range(20):
        put(work, old)
        disk = Faulty()
        journal = opened(work, disk)
        disk.arm(range(after, 1000) if for_good else {after}, code)
        try:
            journal.put(added)
        except StorageError:
            assert work.path.read_bytes() in (old, new)
            assert journal.coding == coding
            assert list(journal.history) == edits
            ends[work.path.read_bytes()] += 1
        disk.heal()
        journal.close()
        again = opened(work)
        if added not in again.history:
            again.put(added)
        assert work.path.read_bytes() == new
        again.close()
        if not disk.failed:
            break
    else:
        pytest.fail("the file was never replaced")
    # Only the sync of the folder comes when the new file has the name already.
    assert ends == {old: 6, new: 1}


def test_an_old_file_that_could_not_be_replaced_is_replaced_by_the_next_try(
    work: Work, old: bytes
) -> None:
    disk = Faulty()
    journal = opened(work, disk)
    edit = work.note(journal.coding, 1, "new")
    disk.arm(range(1000), errno.ENOSPC)
    for _ in range(3):
        with pytest.raises(StorageError, match="No space"):
            journal.put(edit)
    disk.heal()
    journal.put(edit)
    journal.put(work.note(journal.coding, 1, "newer"))
    journal.close()
    assert opened(work).coding == journal.coding


KILLED = """
import os, signal, sys
from pathlib import Path
from annotator.model.edit import Edit
from annotator.model.readout import Readout
from annotator.store import Header, TinyStore
from annotator.store.disk import Disk

class Deadly(Disk):
    left = None

    def step(self):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.left is not None:
            self.left -= 1

def deadly(name):
    real = getattr(Disk, name)
    def call(self, *arguments):
        self.step()
        return real(self, *arguments)
    return call

for name in ("open", "truncate", "pwrite", "fsync", "chmod", "rename", "sync_folder", "close"):
    setattr(Deadly, name, deadly(name))

folder, header, readout, edit = sys.argv[1:]
header, readout = Header.model_validate_json(header), Readout.model_validate_json(readout)
edit = Edit.model_validate_json(edit)
for number, root in enumerate(sorted(Path(folder).iterdir())):
    child = os.fork()
    if not child:
        disk = Deadly()
        journal = TinyStore(root, disk=disk).open(header, readout, None)
        disk.left = number
        journal.put(edit)
        disk.left = None
        os.write(1, b"acknowledged %d\\n" % number)
        os._exit(0)
    os.waitpid(child, 0)
"""


def test_a_process_that_is_killed_leaves_the_old_or_the_new_file(
    work: Work, old: bytes, tmp_path: Path
) -> None:
    edits, coding = worked(work)
    added = work.note(coding, 1, "new")
    roots = [tmp_path / "killed" / f"{number:02}" for number in range(12)]
    for root in roots:
        (root / "ada").mkdir(parents=True)
        (root / "ada" / "call-1.json").write_bytes(old)
    arguments = (work.header, work.readout, added)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "killed")]
        + [argument.model_dump_json() for argument in arguments],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    acknowledged = {int(line.split()[1]) for line in done.stdout.splitlines()}
    assert acknowledged == set(range(8, 12))
    whole = set()
    for number, root in enumerate(roots):
        journal = TinyStore(root).open(work.header, work.readout, work.first)
        assert list(journal.history) in (edits, [*edits, added])
        whole.add(len(journal.history))
        assert number not in acknowledged or journal.history[-1] == added
        if added not in journal.history:
            assert (root / "ada" / "call-1.json").read_bytes() == old
            journal.put(added)
        journal.close()
        assert os.listdir(root / "ada") == ["call-1.json"]  # noqa: PTH208
        assert list(TinyStore(root).check(lambda name: work.readout)) == []
    assert whole == {len(edits), len(edits) + 1}


# The steps themselves


def test_there_is_a_step_from_every_format_before_this_one() -> None:
    assert set(STEPS) == set(range(1, FORMAT))
    assert path_from(1) == [STEPS[number] for number in range(1, FORMAT)]
    assert path_from(FORMAT) == []
    assert line_of(FORMAT) is None


def test_a_step_leaves_what_it_is_given_alone(work: Work) -> None:
    edits, _ = worked(work)
    for step in STEPS.values():
        head = version_1_head(work)
        before = copy.deepcopy(head)
        assert step.head(head) is not head
        assert head == before
        for members in members_of(edits):
            given = copy.deepcopy(members)
            if step.line is not None:
                step.line(members)
            assert members == given


def test_a_head_of_version_1_becomes_one_of_this_format_that_knows_no_earlier_text(
    work: Work,
) -> None:
    assert migrated_head(version_1_head(work)) == work.header.model_dump(mode="json") | {
        "earlier": []
    }


@pytest.mark.parametrize("number", [0, -1])
def test_a_format_that_nobody_knows_is_damage_in_the_first_line(work: Work, number: int) -> None:
    raw = file_of({**version_1_head(work), "format": number}, members_of([work.first()]))
    put(work, raw)
    for look in (lambda: work.tiny().read("ada", "call-1"), lambda: opened(work)):
        with pytest.raises(DamagedFile, match="line 1"):
            look()
    assert work.path.read_bytes() == raw
    [finding] = work.tiny().check(lambda name: work.readout)
    assert finding.severity == "damage"


@pytest.mark.parametrize("number", [None, "1", 1.0, [1]])
def test_a_format_that_is_no_number_is_damage_in_the_first_line(work: Work, number: object) -> None:
    put(work, file_of({**version_1_head(work), "format": number}, members_of([work.first()])))
    with pytest.raises(DamagedFile, match="line 1"):
        work.tiny().read("ada", "call-1")


# A step that changes every line: a version 1 that called notes remarks


def remarks_to_notes(members: Fields) -> Fields:
    return {
        key: {"note" if name == "remark" else name: value for name, value in member.items()}
        for key, member in members.items()
    }


def with_remarks(work: Work, edits: Sequence[Edit]) -> bytes:
    written = members_of(edits, without=["unplaced"])
    renamed = [
        {
            key: {"remark" if name == "note" else name: value for name, value in member.items()}
            for key, member in members.items()
        }
        for members in written
    ]
    return file_of(version_1_head(work), renamed)


@pytest.fixture
def remarks(work: Work, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setitem(STEPS, 1, Step(head=STEPS[1].head, line=remarks_to_notes))
    raw = with_remarks(work, worked(work)[0])
    put(work, raw)
    return raw


def test_a_step_may_change_every_line(work: Work, remarks: bytes) -> None:
    edits, coding = worked(work)
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert snapshot.coding == coding
    assert list(snapshot.history) == edits
    journal = opened(work)
    assert work.path.read_bytes() == remarks
    added = work.note(coding, 1, "new")
    journal.put(added)
    journal.put(work.note(journal.coding, 1, "newer"))
    journal.close()
    assert work.path.read_bytes() == version_2_of(work, remarks, journal.history)
    assert opened(work).history[:-1] == [*edits, added]


def version_2_of(work: Work, old: bytes, history: Sequence[Edit]) -> bytes:
    """What the file has to be: the old lines, which wrote no unplaced, and the two new ones."""
    before, after = members_of(history, without=["unplaced"])[:-2], members_of(history)[-2:]
    return file_of(work.header.model_dump(mode="json"), [*before, *after])


def test_an_old_file_whose_lines_have_to_change_is_followed(work: Work, remarks: bytes) -> None:
    watch = work.tiny().watch("ada", "call-1")
    first = watch.look()
    assert first is not None
    assert first.coding == worked(work)[1]
    journal = opened(work)
    for note in ("one", "two"):
        journal.put(work.note(journal.coding, 1, note))
        seen = watch.look()
        assert seen is not None
        assert seen.coding == journal.coding
        assert watch.look() is None


def test_a_check_finds_nothing_wrong_with_an_old_file_whose_lines_have_to_change(
    work: Work, remarks: bytes
) -> None:
    assert list(work.tiny().check(lambda name: work.readout)) == []


def test_a_step_may_add_a_field_at_the_end_of_a_document(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_unplaced(members: Fields) -> Fields:
        return {
            key: member if "gone" in member["_"] else {**member, "unplaced": []}
            for key, member in members.items()
        }

    edits = [work.first(), work.note(work.first().apply(Coding()), 1, "x")]
    put(work, version_1(work, edits))
    monkeypatch.setitem(STEPS, 1, Step(head=STEPS[1].head, line=with_unplaced))
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert list(snapshot.history) == edits


def test_steps_follow_one_another_up_to_the_current_format(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it will be when there is a next format, in which something else has changed too."""

    def by_hand(head: Fields) -> Fields:
        return {**head, "segmenter": f"{head['segmenter']}, {len(head['earlier'])} texts"}

    def shouted(members: Fields) -> Fields:
        return {
            key: {name: v.upper() if name == "note" else v for name, v in member.items()}
            for key, member in members.items()
        }

    following = FORMAT + 1
    monkeypatch.setattr(migrations, "FORMAT", following)
    monkeypatch.setattr(lines, "FORMAT", following)
    monkeypatch.setitem(STEPS, 1, Step(head=STEPS[1].head, line=remarks_to_notes))
    monkeypatch.setitem(STEPS, FORMAT, Step(head=by_hand, line=shouted))
    edits = [work.first(), work.note(work.first().apply(Coding()), 1, "loud")]
    put(work, with_remarks(work, edits))
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert (snapshot.header.format, snapshot.header.segmenter) == (
        following,
        "sentences 1, 0 texts",
    )
    assert snapshot.coding.sentence(1).note == "LOUD"


def test_an_old_line_that_cannot_be_understood_is_damage_named_by_its_number(work: Work) -> None:
    written = members_of([work.first(), work.note(work.first().apply(Coding()), 1, "x")])
    written[1]["1"]["state"] = "no such state"
    put(work, file_of(version_1_head(work), written))
    with pytest.raises(DamagedFile, match="line 3"):
        work.tiny().read("ada", "call-1")
    with pytest.raises(DamagedFile, match="line 3"):
        opened(work)


@pytest.mark.parametrize("version", [3, FORMAT])
def test_a_date_that_stands_in_other_digits_is_read_as_what_it_means(
    work: Work, version: int
) -> None:
    edits = [work.first()]
    edits.append(work.mark(edits[0].apply(Coding()), 1))
    written = members_of(edits)
    slots = written[1]["1"]["marks"][0]["slots"]
    slots["timeframe_date"] = [{"type": "date", "date": "２０２６-０５"}]
    if version < FORMAT:
        written = unsaid(written)
    put(work, file_of({**work.header.model_dump(mode="json"), "format": version}, written))
    journal = opened(work)
    (mark,) = journal.coding.sentence(1).marks
    assert mark.slots["timeframe_date"] == (DateValue(date="2026-05"),)
    journal.put(work.note(journal.coding, 1, "seen"))
    journal.close()
    assert b'"date":"2026-05"' in work.path.read_bytes()
    assert list(work.tiny().check(lambda name: work.readout)) == []

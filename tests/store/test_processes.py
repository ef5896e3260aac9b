"""Real processes: one writes at a time, and what it acknowledged survives its end."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING

import pytest

from annotator.errors import Busy

if TYPE_CHECKING:
    from tests.store.conftest import Work

WRITER = """
import sys
from pathlib import Path
from annotator.model.edit import Change, Edit
from annotator.model.readout import Readout
from annotator.store import Header, TinyStore

root, header, readout, length = sys.argv[1:]
journal = TinyStore(Path(root)).open(
    Header.model_validate_json(header), Readout.model_validate_json(readout), lambda: None
)
count = len(journal.history) - 1
print(count, flush=True)
while length != "0":
    count += 1
    before = journal.coding.sentence(1)
    after = before.model_copy(update={"note": f"{count} ".ljust(int(length), "x")})
    change = Change(key=1, before=before, after=after)
    journal.put(Edit(act="edit", at="2024", what="note", changes=(change,)))
    print(count, flush=True)
sys.stdin.read()
"""


def writer(work: Work, length: int = 0) -> subprocess.Popen[str]:
    """A process that holds the journal and, with a length, writes notes of it without end."""
    arguments = (work.header.model_dump_json(), work.readout.model_dump_json(), str(length))
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(work.root), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def test_a_second_process_is_told_who_writes_until_the_first_is_killed(work: Work) -> None:
    work.tiny().open(work.header, work.readout, work.first).close()
    with writer(work) as process:
        try:
            assert output(process).readline() == "0\n"
            with pytest.raises(Busy, match=f"process {process.pid}") as caught:
                work.tiny().open(work.header, work.readout, work.first)
            assert str(work.path) in caught.value.message
            snapshot = work.tiny().read("ada", "call-1")
            assert snapshot is not None
        finally:
            process.kill()
    journal = work.tiny().open(work.header, work.readout, work.first)
    journal.put(work.mark(journal.coding, 1))


def test_a_process_that_ends_by_itself_lets_go(work: Work) -> None:
    work.tiny().open(work.header, work.readout, work.first).close()
    with writer(work) as process:
        output(process).readline()
        process.communicate("")
    work.tiny().open(work.header, work.readout, work.first).close()


def test_no_acknowledged_edit_is_lost_when_the_writer_is_killed(work: Work) -> None:
    """Killed at random moments, sixteen times over one journal; long notes span many pages."""
    chance = random.Random(7)  # noqa: S311 - a test that repeats
    work.tiny().open(work.header, work.readout, work.first).close()
    total = 0
    for number in range(16):
        with writer(work, length=20_000 if number % 4 == 3 else 40) as process:
            output(process).readline()
            time.sleep(chance.uniform(0, 0.06))
            process.kill()
            acknowledged = [total, *map(int, output(process).read().split("\n")[:-1])][-1]
        snapshot = work.tiny().read("ada", "call-1")
        assert snapshot is not None
        journal = work.tiny().open(work.header, work.readout, work.first)
        assert journal.coding == snapshot.coding
        written = len(journal.history) - 1
        # The last edit may be on disk though the process died before it could say so.
        assert acknowledged <= written <= acknowledged + 1
        assert (
            [
                int(change.after.note.split()[0])  # type: ignore[union-attr]
                for edit in journal.history[1:]
                for change in edit.changes
            ]
            == list(range(1, written + 1))
        )
        assert list(work.tiny().check(lambda name: work.readout)) == []
        journal.close()
        total = written
    assert total > 50

"""What is kept beside a file, what was agreed to, and what others write into an open file."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from annotator.errors import Conflict, StorageError
from annotator.store.disk import Disk
from annotator.store.mend import name_aside
from annotator.store.tiny import TinyStore

if TYPE_CHECKING:
    from tests.store.conftest import Work


def coded(work: Work) -> bytes:
    """Return the bytes of a journal of three notes, closed."""
    journal = work.tiny().open(work.header, work.readout, work.first)
    for note in ("one", "two", "three"):
        journal.put(work.note(journal.coding, 1, note))
    journal.close()
    return work.path.read_bytes()


def flipped(raw: bytes) -> bytes:
    return raw[:-100] + bytes([raw[-100] ^ 4]) + raw[-99:]


def test_what_stands_where_the_original_is_to_be_kept_is_not_taken_for_it(work: Work) -> None:
    sound = coded(work)
    spoiled = flipped(sound)
    work.path.write_bytes(spoiled)
    taken = work.path.with_name(name_aside(work.path.name, spoiled))
    taken.write_bytes(b"")
    (found,) = work.tiny().check(lambda name: work.readout, repair=True)
    assert work.path.read_bytes() == sound
    kept = work.path.with_name(found.remedy.split()[-1].rstrip("."))
    assert kept != taken
    assert (kept.read_bytes(), taken.read_bytes()) == (spoiled, b"")


def test_a_repair_of_a_linked_file_mends_what_the_link_leads_to(work: Work) -> None:
    sound = coded(work)
    place = work.root / "elsewhere.json"
    place.write_bytes(flipped(sound))
    work.path.unlink()
    work.path.symlink_to(place)
    assert [one.severity for one in work.tiny().check(lambda _: work.readout, repair=True)] == [
        "repaired"
    ]
    assert work.path.is_symlink()
    assert place.read_bytes() == sound


def test_a_repair_looks_at_a_file_that_somebody_writes_without_calling_it_damaged(
    work: Work,
) -> None:
    coded(work)
    journal = work.tiny().open(work.header, work.readout, work.first)
    (found,) = work.tiny().check(lambda name: work.readout, repair=True)
    assert found.severity == "warning"
    assert "is being written by" in found.what
    journal.close()


def test_a_salvage_does_what_was_agreed_to_and_nothing_else(work: Work) -> None:
    lines = coded(work).split(b"\n")
    spoiled = [*lines[:3], b"?" + lines[3][1:40] + b"?" * 200, *lines[4:]]
    work.path.write_bytes(b"\n".join(spoiled))
    cost = work.tiny().salvage("ada", work.readout)
    assert cost is not None
    assert cost.broken == (4,)
    before = work.path.read_bytes()
    with pytest.raises(Conflict, match="changed meanwhile"):
        work.tiny().salvage("ada", work.readout, replace(cost, kept=cost.kept + 1))
    assert work.path.read_bytes() == before
    assert work.tiny().salvage("ada", work.readout, cost) == cost
    assert work.path.with_name(cost.aside).read_bytes() == before
    assert list(work.tiny().check(lambda name: work.readout)) == []


def test_a_change_of_the_same_size_is_not_written_behind(work: Work) -> None:
    coded(work)
    journal = work.tiny().open(work.header, work.readout, work.first)
    raw = work.path.read_bytes()
    theirs = raw.replace(b'"note":"two"', b'"note":"owt"')
    work.path.write_bytes(theirs)
    later = work.path.stat().st_mtime_ns + 10**9
    os.utime(work.path, ns=(later, later))
    with pytest.raises(Conflict, match="changed by another program"):
        journal.put(work.note(journal.coding, 1, "four"))
    with pytest.raises(Conflict, match="changed by another program"):
        journal.compact("2024")
    assert work.path.read_bytes() == theirs


def test_a_compaction_whose_end_is_unknown_asks_to_open_the_readout_again(work: Work) -> None:
    class Unsure(Disk):
        armed = False

        def sync_folder(self, folder: os.PathLike[str]) -> None:
            if self.armed:
                raise OSError(5, os.strerror(5))

    coded(work)
    disk = Unsure()
    journal = TinyStore(work.root, disk=disk).open(work.header, work.readout, work.first)
    coding = journal.coding
    disk.armed = True
    with pytest.raises(StorageError):
        journal.compact("2024")
    disk.armed = False
    with pytest.raises(StorageError, match="Open the readout again"):
        journal.put(work.note(journal.coding, 1, "four"))
    journal.close()
    again = work.tiny().open(work.header, work.readout, work.first)
    assert again.coding == coding
    again.close()

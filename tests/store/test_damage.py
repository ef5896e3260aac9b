"""Torn writes are taken back, damage is named, and neither is taken for the other."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from annotator.errors import AnnotatorError, DamagedFile
from annotator.model.edit import Coding
from annotator.store.disk import Disk
from annotator.store.lines import CLOSING, parse
from annotator.store.tiny import TinyStore

if TYPE_CHECKING:
    from tests.store.conftest import Work


class Quick(Disk):
    """Nothing here depends on what survives a loss of power, and fsync is slow."""

    def fsync(self, descriptor: int) -> None:
        pass

    def sync_folder(self, folder: os.PathLike[str]) -> None:
        pass


def versions(work: Work) -> tuple[bytes, bytes, Coding, Coding]:
    """The bytes and the coding before and after the last of some edits."""
    journal = TinyStore(work.root, disk=Quick()).open(work.header, work.readout, work.first)
    journal.put(work.mark(journal.coding, 1))
    before, coding = work.path.read_bytes(), journal.coding
    journal.put(work.split(journal.coding, 2))
    journal.close()
    return before, work.path.read_bytes(), coding, journal.coding


def overlaid(old: bytes, data: bytes, offset: int) -> bytes:
    """A file after a write at an offset."""
    padded = old.ljust(offset, b"\0")
    return padded[:offset] + data + padded[offset + len(data) :]


def test_a_write_cut_short_at_any_byte_leaves_the_state_before_or_after(work: Work) -> None:
    old, new, before, after = versions(work)
    offset = len(old) - len(CLOSING)
    data = new[offset:]
    store = TinyStore(work.root, disk=Quick())
    for cut in range(len(data) + 1):
        work.path.write_bytes(overlaid(old, data[:cut], offset))
        # A line is whole when its last brace is there, even before its line feed.
        whole = cut >= len(data) - len(CLOSING) - 1
        snapshot = store.read("ada", "call-1")
        assert snapshot is not None
        assert snapshot.coding == (after if whole else before)
        journal = store.open(work.header, work.readout, work.first)
        assert journal.coding == snapshot.coding
        assert work.path.read_bytes() == (new if whole else old)
        if cut % 50 == 1:
            journal.put(work.note(journal.coding, 1, "on"))
            assert store.read("ada", "call-1").coding == journal.coding  # type: ignore[union-attr]
        journal.close()
        assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208


def test_a_check_tells_of_a_torn_write_without_touching_it(work: Work) -> None:
    old, new, _, _ = versions(work)
    torn = new[: len(old) + 20]
    work.path.write_bytes(torn)
    [finding] = work.tiny().check(lambda name: work.readout)
    assert finding.severity == "warning"
    assert "cut short" in finding.what
    assert work.path.read_bytes() == torn


def test_opening_takes_a_torn_write_back_and_says_so_once(work: Work) -> None:
    old, new, _, _ = versions(work)
    work.path.write_bytes(new[: len(old) + 20])
    journal = work.tiny().open(work.header, work.readout, work.first)
    assert journal.notice
    journal.close()
    again = work.tiny().open(work.header, work.readout, work.first)
    assert not again.notice
    again.close()


def test_sectors_that_never_arrived_give_the_state_before_or_are_named(work: Work) -> None:
    """Each subset of a long write's sectors, in a file whose size was already extended."""
    journal = TinyStore(work.root, disk=Quick()).open(work.header, work.readout, work.first)
    journal.put(work.note(journal.coding, 2, "before"))
    old = work.path.read_bytes()
    offset = len(old) - len(CLOSING)
    journal.put(work.note(journal.coding, 1, "n" * 1800))
    new = work.path.read_bytes()
    first = offset // 512
    sectors = range(first, len(new) // 512 + 1)
    states = {"before": 0, "after": 0, "damage": 0}
    for subset in range(1 << len(sectors)):
        raw = bytearray(old.ljust(len(new), b"\0"))
        for place, sector in enumerate(sectors):
            if subset >> place & 1:
                raw[sector * 512 : sector * 512 + 512] = new[sector * 512 : sector * 512 + 512]
        try:
            lines = parse(bytes(raw), "x")
        except DamagedFile:
            states["damage"] += 1
            continue
        assert len(lines.bodies) in (2, 3)
        assert (len(lines.bodies) == 3) == (bytes(raw[: -len(CLOSING)]) == new[: -len(CLOSING)])
        states["after" if len(lines.bodies) == 3 else "before"] += 1
    assert states["damage"] == 0
    assert states["after"] in (1, 2)


def test_every_flipped_bit_is_found_or_costs_nothing(work: Work) -> None:
    _, new, _, _ = versions(work)
    bodies = parse(new, "x").bodies
    repaired = []
    for place in range(len(new)):
        for bit in range(8):
            raw = bytearray(new)
            raw[place] ^= 1 << bit
            try:
                lines = parse(bytes(raw), "x")
            except AnnotatorError:
                continue
            assert lines.torn
            assert lines.bodies == bodies
            repaired.append(place)
    # Only the closing bytes say nothing of their own.
    assert set(repaired) == set(range(len(new) - len(CLOSING), len(new)))
    assert len(repaired) == 8 * len(CLOSING)


def test_a_flipped_bit_in_the_file_is_refused_and_left_as_it_is(work: Work) -> None:
    _, new, _, _ = versions(work)
    chance = random.Random(1)  # noqa: S311 - a test that repeats
    for _ in range(40):
        place = chance.randrange(len(new) - len(CLOSING))
        raw = bytearray(new)
        raw[place] ^= 1 << chance.randrange(8)
        work.path.write_bytes(raw)
        number = new[:place].count(b"\n") + 1
        store = work.tiny()
        with pytest.raises(DamagedFile, match=f"line {number}"):
            store.open(work.header, work.readout, work.first)
        with pytest.raises(DamagedFile, match=f"line {number}"):
            store.read("ada", "call-1")
        [finding] = store.check(lambda name: work.readout)
        assert finding.severity == "damage"
        assert "check --repair" in finding.remedy
        assert work.path.read_bytes() == raw


def test_a_line_lost_between_others_is_found(work: Work) -> None:
    journal = TinyStore(work.root, disk=Quick()).open(work.header, work.readout, work.first)
    for note in ("one", "two", "three"):
        journal.put(work.note(journal.coding, 1, note))
    journal.close()
    lines = work.path.read_bytes().splitlines(keepends=True)
    work.path.write_bytes(b"".join(lines[:3] + lines[4:]))
    with pytest.raises(DamagedFile, match="line 4: a line before it is lost"):
        work.tiny().read("ada", "call-1")


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda raw: b"", 1),
        (lambda raw: b"{}\n", 1),
        (lambda raw: raw.replace(b"\n", b"\r\n"), 1),
        (lambda raw: raw[: raw.index(b"\n")], 1),
        (lambda raw: raw[: raw.index(b"\n") + 40], 2),
        (lambda raw: b"\xef\xbb\xbf" + raw, 1),
        (lambda raw: raw + raw, 5),
    ],
    ids=["empty", "other JSON", "CRLF", "head only", "import cut", "BOM", "doubled"],
)
def test_what_no_torn_write_leaves_is_damage(work: Work, change: object, number: int) -> None:
    _, new, _, _ = versions(work)
    assert callable(change)
    work.path.write_bytes(change(new))
    with pytest.raises(DamagedFile, match=f"line {number}"):
        work.tiny().open(work.header, work.readout, work.first)
    assert work.path.read_bytes() == change(new)


def test_many_bad_lines_at_the_end_are_no_torn_write(work: Work) -> None:
    """An editor that gave later lines other line ends must not cost those lines."""
    journal = TinyStore(work.root, disk=Quick()).open(work.header, work.readout, work.first)
    for note in ("one", "two", "three", "four"):
        journal.put(work.note(journal.coding, 1, note))
    journal.close()
    lines = work.path.read_bytes().splitlines()
    converted = b"\n".join(lines[:3]) + b"\n" + b"\r\n".join(lines[3:]) + b"\r\n"
    with pytest.raises(DamagedFile, match="line 4"):
        parse(converted, "x")


def test_a_sound_line_after_a_bad_one_is_never_dropped(work: Work) -> None:
    _, new, _, _ = versions(work)
    last = new.rindex(b"\n,")
    flipped = new[: last - 30] + b"?" + new[last - 29 :]
    for cut in (0, 1, len(CLOSING)):
        with pytest.raises(DamagedFile, match="line 3"):
            parse(flipped[: len(flipped) - cut], "x")


def test_a_copy_cut_in_its_second_half_keeps_the_sound_lines(work: Work) -> None:
    old, new, before, _ = versions(work)
    work.path.write_bytes(new[: len(old) + 5])
    journal = work.tiny().open(work.header, work.readout, work.first)
    assert journal.coding == before


def test_two_copies_that_were_merged_keep_both_histories_and_say_so(work: Work) -> None:
    """As git's union merge does it: the lines of one copy, then those of the other."""
    store = TinyStore(work.root, disk=Quick())
    journal = store.open(work.header, work.readout, work.first)
    base = work.path.read_bytes().removesuffix(CLOSING)
    journal.put(work.note(journal.coding, 1, "ours"))
    journal.put(work.note(journal.coding, 2, "ours alone"))
    journal.close()
    ours = work.path.read_bytes().removesuffix(CLOSING)[len(base) :]
    work.path.write_bytes(base + CLOSING)
    journal = store.open(work.header, work.readout, work.first)
    journal.put(work.note(journal.coding, 1, "theirs"))
    journal.close()
    theirs = work.path.read_bytes().removesuffix(CLOSING)[len(base) :]
    work.path.write_bytes(base + ours + theirs + CLOSING)

    [finding] = store.check(lambda name: work.readout)
    assert finding.severity == "warning"
    assert "item 1" in finding.what
    journal = store.open(work.header, work.readout, work.first)
    assert [journal.coding.sentence(key).note for key in (1, 2)] == ["theirs", "ours alone"]
    assert [edit.act for edit in journal.history] == ["import", "edit", "edit", "edit"]
    journal.put(journal.history[-1].invert("undo", "2024"))
    assert journal.coding.sentence(1).note == "ours"
    journal.close()
    assert store.open(work.header, work.readout, work.first).coding == journal.coding


def test_a_reader_that_meets_a_write_half_way_looks_again(work: Work) -> None:
    """The first page was read before the write, the second after: no state of the file."""
    old, new, _, after = versions(work)
    mixed = new[: len(old) + 20] + CLOSING
    with pytest.raises(DamagedFile):
        parse(mixed, "x")

    class Racing(Disk):
        reads = 0

        def pread(self, descriptor: int, size: int, offset: int) -> bytes:
            data = super().pread(descriptor, size, offset)
            self.reads += 1
            return mixed if self.reads == 1 else data

    snapshot = TinyStore(work.root, disk=Racing()).read("ada", "call-1")
    assert snapshot is not None
    assert snapshot.coding == after

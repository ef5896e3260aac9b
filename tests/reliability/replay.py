"""Every state in which a loss of power may leave a recorded history, opened as a coder would."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final, Literal

from annotator.errors import AnnotatorError, DamagedFile
from annotator.store import Journal, Snapshot, TinyStore
from annotator.store.disk import Disk
from annotator.store.plain import documents
from tests.reliability.medium import MISPLACED, Depth, Kind, Medium
from tests.reliability.plan import CODER, Stand, Walker
from tests.reliability.recorded import NONE, Recording
from tests.reliability.spoiled import CHANGED
from tests.reliability.tape import Promise

Outcome = Literal["opened", "taken back", "repaired", "refused", "unreadable", "lost", "silent"]
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "opened", "taken back", "repaired", "refused", "unreadable", "lost", "silent",
)  # fmt: skip
"""What came of a state.

It was opened as it is, or taken back to it by opening; it was refused as damage, named and left as
it is, and a repair brought it back or could not; it could not be read, or not in every way; less
than was promised was found; or something else was found that no coder ever wrote.
"""
UNKNOWN: Final = -2
_PROBES: Final = 40


class Quick(Disk):
    """What is looked at here was written by the harness; nothing of it has to last."""

    def fsync(self, descriptor: int) -> None:
        pass

    def rename(self, old: Path, new: Path) -> None:
        # Some file systems write a file out at once when it takes another one's place.
        new.unlink(missing_ok=True)
        super().rename(old, new)

    def sync_folder(self, folder: Path) -> None:
        pass


@dataclass(frozen=True)
class Seen:
    """What was found in a folder: the number of a stand, and how; `why` where it was not right."""

    stand: int
    how: Outcome
    why: str = ""


@dataclass
class Figures:
    """States by kind and outcome, and an example of each failure."""

    counts: Counter[tuple[Kind, Outcome]] = field(default_factory=Counter)
    examples: dict[tuple[Kind, Outcome], str] = field(default_factory=dict)
    went_on: int = 0

    def count(self, kind: Kind, outcome: Outcome, where: str) -> None:
        """Count a state; `where` says which it was."""
        self.counts[kind, outcome] += 1
        self.examples.setdefault((kind, outcome), where)

    def add(self, other: Figures) -> None:
        """Count what was found of another recording as well."""
        self.counts += other.counts
        self.examples = {**other.examples, **self.examples}
        self.went_on += other.went_on

    @property
    def states(self) -> int:
        """How many states were opened."""
        return sum(self.counts.values())

    def of(self, *outcomes: Outcome, misplaced: bool = False) -> int:
        """Return how many states that a loss of power leaves came out so, or of the others."""
        return sum(
            count
            for (kind, outcome), count in self.counts.items()
            if outcome in outcomes and (kind in MISPLACED) == misplaced
        )

    @property
    def sound(self) -> bool:
        """Tell whether nothing was lost or changed, and all that a loss of power leaves opened."""
        return not self.failures

    @property
    def failures(self) -> list[str]:
        """An example of each failure; what no loss of power leaves may be refused."""
        return [
            f"{outcome}, {kind}: {where}"
            for (kind, outcome), where in self.examples.items()
            if outcome not in OUTCOMES[: 4 if kind in MISPLACED else 2]
        ]


class Examiner:
    """Puts files into a folder, and opens them."""

    def __init__(self, root: Path, recording: Recording) -> None:
        self._recording = recording
        self._course = recording.course
        self._path = self._course.path(root)
        self._store = TinyStore(root, disk=Quick())
        self._looks = 0
        self.went_on = 0

    def look(self, files: Mapping[str, bytes]) -> Seen:
        """Read, open, check and read with plain TinyDB what the folder holds; all must agree."""
        self._lay(files)
        try:
            seen = self._seen(files)
        except (AnnotatorError, ValueError, OSError) as error:
            seen = Seen(UNKNOWN, "unreadable", repr(error))
        kept = self._recording.kept
        if kept is not None and kept not in self._left().values():
            return Seen(UNKNOWN, "lost", "the file as it was is not kept")
        return seen

    def _seen(self, files: Mapping[str, bytes]) -> Seen:
        if self._recording.repaired:
            self._repair()
        try:
            snapshot = self._store.read(CODER, self._course.name)
        except DamagedFile as error:
            return self._refused(files, error)
        return self._opened(snapshot, files.get(self._path.name))

    def _lay(self, files: Mapping[str, bytes]) -> None:
        folder = self._path.parent
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        for name, raw in files.items():
            path = self._path.with_name(name)
            path.write_bytes(raw)
            os.utime(path, (CHANGED, CHANGED))

    def _left(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._path.parent.iterdir()}

    def _repair(self) -> bool:
        """Let the store repair the file; tell whether it did."""
        readout = self._course.readout
        findings = self._store.check(lambda name: readout, repair=True)
        return [finding.severity for finding in findings] == ["repaired"]

    def _opened(self, snapshot: Snapshot | None, raw: bytes | None) -> Seen:
        course = self._course
        journal = self._store.open(course.header, course.readout, course.first)
        try:
            shown = Snapshot(journal.header, journal.coding, journal.history)
            stand = self._stand(shown)
            repaired = self._path.read_bytes() != raw
            plain = documents(self._path) == shown.coding.docs
            findings = list(self._store.check(lambda name: course.readout))
            if stand == UNKNOWN or not plain or findings:
                return Seen(UNKNOWN, "silent", f"plain: {plain}, check: {findings}")
            self._go_on(journal)
        finally:
            journal.close()
        if snapshot is None:
            made = Seen(UNKNOWN, "silent", "not there, and then opened")
            return Seen(NONE, "opened") if stand == 0 and raw is None else made
        if self._stand(snapshot) != stand:
            return Seen(UNKNOWN, "silent", "read otherwise than opened")
        return Seen(stand, "taken back" if repaired else "opened")

    def _go_on(self, journal: Journal) -> None:
        """Every now and then, code on, and look whether that is kept."""
        self._looks += 1
        if self._looks % _PROBES == 0:
            walker = Walker(self._course, journal)
            walker.act()
            walker.save()
            again = self._store.read(CODER, self._course.name)
            if again is None or again.coding != walker.session.coding:
                raise ValueError("what was coded next is not there")
            self.went_on += 1

    def _stand(self, snapshot: Snapshot) -> int:
        if snapshot.header != self._course.header:
            return UNKNOWN
        found, stands = Stand.of(snapshot), self._recording.stands
        numbers = range(len(stands) - 1, -1, -1)
        return next((number for number in numbers if stands[number] == found), UNKNOWN)

    def _refused(self, files: Mapping[str, bytes], error: DamagedFile) -> Seen:
        """Tell whether a file was refused in every way, by its name, and left; then repair it."""
        course = self._course
        try:
            self._store.open(course.header, course.readout, course.first).close()
        except DamagedFile:
            pass
        else:
            return Seen(UNKNOWN, "unreadable", "refused to readers, and opened for writing")
        findings = [each.severity for each in self._store.check(lambda name: course.readout)]
        named = str(self._path) in error.message
        if self._left() != files or findings != ["damage"] or not named:
            return Seen(UNKNOWN, "silent", f"refused, and changed or not named: {error!r}")
        if not self._repair():
            return Seen(UNKNOWN, "refused", error.message.removeprefix(str(self._path)))
        snapshot = self._store.read(CODER, course.name)
        seen = self._opened(snapshot, self._path.read_bytes())
        return Seen(seen.stand, "repaired", seen.why)


def judged(seen: Seen, promised: frozenset[int]) -> Outcome:
    """Return what came of a state, by what was promised when the power went."""
    if seen.how not in ("opened", "taken back", "repaired") or seen.stand in promised:
        return seen.how
    return "lost" if UNKNOWN < seen.stand < min(promised) else "silent"


def replay(root: Path, recording: Recording, depth: Depth) -> Figures:
    """Open every state that a recording may have left, each once for what was promised then."""
    figures = Figures()
    examiner = Examiner(root, recording)
    medium = Medium.holding(recording.tape.before)
    promised: frozenset[int] = frozenset()
    found: dict[bytes, Seen] = {}
    done: set[tuple[bytes, frozenset[int]]] = set()
    for number, event in enumerate(recording.tape.events):
        if isinstance(event, Promise):
            promised = event.stands
        else:
            medium.take(event)
        for kind, files in medium.states(depth):
            state = _digest(files)
            if (state, promised) in done:
                continue
            done.add((state, promised))
            if state not in found:
                found[state] = examiner.look(files)
            outcome = judged(found[state], promised)
            where = f"{recording.name}, call {number}: {found[state].why or found[state].stand}"
            figures.count(kind, outcome, where)
    figures.went_on = examiner.went_on
    return figures


def _digest(files: Mapping[str, bytes]) -> bytes:
    found = blake2b(digest_size=16)
    for name, raw in sorted(files.items()):
        found.update(f"{name} {len(raw)} ".encode() + raw)
    return found.digest()


def run(folder: Path, jobs: Iterable[tuple[Recording, Depth]]) -> Figures:
    """Replay recordings, and add up what was found."""
    total = Figures()
    for recording, depth in jobs:
        total.add(replay(folder / "replayed", recording, depth))
    return total

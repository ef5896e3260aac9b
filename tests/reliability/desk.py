"""The processes that are killed: a server forks them, and each works at a desk until it is dead.

    python -m tests.reliability.desk DESCRIPTOR

The server has loaded everything and opened nothing, so that a process costs a millisecond and not
an interpreter's start. Over the socket it is told what to do, with the pipe to say it into; it
answers with the process's id, and, when it is asked, with how the process ended.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from annotator.store import TinyStore
from annotator.store.disk import Disk
from tests.reliability import controls
from tests.reliability.plan import LONGEST_NOTE, Course, Walker, book, digest, number_of
from tests.reliability.spoiled import aged, replaced, spoiled, torn


@dataclass(frozen=True)
class Order:
    """What a process is to do: a scenario, in a folder, on the courses of a seed."""

    scenario: str
    root: str
    seed: int
    name: str


@dataclass
class Desk:
    """Where a process works, and says what it is about to do and what is done.

    `NAME > NUMBER` says that an act is handed to the store, `NAME = NUMBER DIGEST` that the store
    acknowledged it, or, after opening, that it is there. `NAME ! WORDS` says why a process ended.
    """

    order: Order
    pipe: int
    disk: Disk = field(default_factory=Disk)

    def __post_init__(self) -> None:
        self._store = TinyStore(Path(self.order.root), disk=self.disk)

    def course(self, part: int | None = None) -> Course:
        """Return the course, or one of many."""
        name = self.order.name if part is None else f"{self.order.name}-{part}"
        return course_of(self.order, name)

    def open(self, course: Course) -> Walker:
        """Open a journal, or make it."""
        self._say(f"{course.name} > 0")
        journal = self._store.open(course.header, course.readout, course.first)
        walker = Walker(course, journal)
        self._done(walker)
        return walker

    def act(self, walker: Walker) -> None:
        """Do the next act and save it."""
        walker.act()
        self._say(f"{walker.course.name} > {walker.number}")
        walker.save()
        self._done(walker)

    def change(self, change: Callable[[bytes], bytes]) -> None:
        """Change a file that nobody has open, if it is there."""
        path = self.course().path(Path(self.order.root))
        if path.exists():
            replaced(path, change)

    def repair(self) -> None:
        """Let the store repair what it can."""
        course = self.course()
        list(self._store.check(lambda name: course.readout, repair=True))

    def _done(self, walker: Walker) -> None:
        number, found = number_of(walker.journal.history), digest(walker.journal.coding)
        self._say(f"{walker.course.name} = {number} {found}")

    def _say(self, line: str) -> None:
        os.write(self.pipe, line.encode() + b"\n")


def _edits(desk: Desk) -> None:
    """Code one readout, going on where the process before was killed."""
    walker = desk.open(desk.course())
    while True:
        desk.act(walker)


def _creation(desk: Desk) -> None:
    """Begin one readout after the other."""
    for part in count():
        walker = desk.open(desk.course(part))
        desk.act(walker)
        walker.session.close()


def _torn(desk: Desk) -> None:
    """Find the last write cut short whenever the readout is opened."""
    while True:
        desk.change(torn)
        _one_act(desk)


def _migration(desk: Desk) -> None:
    """Find the file in an older format whenever the readout is opened."""
    while True:
        desk.change(aged)
        _one_act(desk)


def _repair(desk: Desk) -> None:
    """Find the file spoiled, and repair it, before the readout is opened."""
    for number in count():
        desk.change(partial(spoiled, seed=number))
        desk.repair()
        _one_act(desk)


def _one_act(desk: Desk) -> None:
    walker = desk.open(desk.course())
    desk.act(walker)
    walker.session.close()


@dataclass(frozen=True)
class Scenario:
    """What processes do until they are killed.

    `processes` of them work in the same folder, one after the other; then others begin anew. `note`
    is the most bytes of a note, and every so many acts, if any, `gather` those before. With
    `repaired`, the store has to repair what was left before anybody looks at it.
    """

    work: Callable[[Desk], None]
    processes: int = 6
    note: int = LONGEST_NOTE
    gather: int = 0
    repaired: bool = False
    disk: type[Disk] = Disk


SCENARIOS: Final[dict[str, Scenario]] = {
    "edits": Scenario(_edits),
    "creation": Scenario(_creation, processes=1),
    "torn": Scenario(_torn),
    "migration": Scenario(_migration),
    "compaction": Scenario(_edits, gather=4),
    "repair": Scenario(_repair, note=4_000, repaired=True),
    "late writes": Scenario(_edits, disk=controls.Late),
    "other words": Scenario(_edits, disk=controls.Swapped),
    "flipped bits": Scenario(_edits, disk=controls.Flipped),
}
"""What a process can be told to do; to kill something else, add a function here."""
CONTROLS: Final = ("late writes", "other words", "flipped bits")
"""Those whose disks betray the store, which has to come to light."""


def course_of(order: Order, name: str) -> Course:
    """Return the course of a readout; whoever knows the order knows it."""
    scenario = SCENARIOS[order.scenario]
    return Course(order.seed, name, scenario.note, gather=scenario.gather)


def _work(order: Order, pipe: int) -> None:
    try:
        scenario = SCENARIOS[order.scenario]
        scenario.work(Desk(order, pipe, scenario.disk()))
    except BaseException as error:  # noqa: BLE001 - a process that ends by itself says why
        said = " ".join("".join(traceback.format_exception_only(error)).split())
        os.write(pipe, f"{order.name} ! {said[:2000]}\n".encode())
    os._exit(1)


def serve(server: socket.socket) -> None:
    """Fork a process for every order, until nobody gives any."""
    book()
    gc.collect()
    gc.freeze()
    while True:
        message, descriptors, _, _ = socket.recv_fds(server, 4096, 1)
        if not message:
            return
        order = Order(**json.loads(message))
        [pipe] = descriptors
        process = os.fork()
        if process == 0:
            server.close()
            _work(order, pipe)
        os.close(pipe)
        server.sendall(f"{process}\n".encode())
        # Until somebody asks, the process keeps its id, so that no other can be killed by it.
        server.recv(1)
        _, status = os.waitpid(process, 0)
        server.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def written(order: Order) -> bytes:
    """Return an order as the server reads it."""
    return json.dumps(asdict(order)).encode()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))

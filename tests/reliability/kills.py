"""The observer: kills processes that code, and looks whether what they acknowledged is there.

The observer writes nothing and asks nobody: which acts were acknowledged it reads from a pipe, and
which state belongs to each of them it works out from the seed.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotator.errors import AnnotatorError
from annotator.model.readout import Readout
from annotator.store import Snapshot, TinyStore
from annotator.store.plain import documents
from tests.reliability.desk import SCENARIOS, Order, course_of, written
from tests.reliability.plan import CODER, ROOT, Course, Model, Stand, number_of

SHARES: Final = {
    "edits": 3, "creation": 6, "torn": 1, "migration": 1, "compaction": 1, "repair": 1,
}  # fmt: skip
"""Which scenarios the kills are spread over, and how many folders each gets in turn."""

ENOUGH: Final = 60
"""A process is killed anywhere between its start and about so many lines that it says."""

PATIENCE: Final = 30
"""After so many seconds without a line, a process is killed all the same."""


@dataclass
class Tally:
    """What was seen: what they fell in, and examples of what was wrong."""

    kills: int = 0
    acknowledged: int = 0
    kept: int = 0
    put_right: Counter[str] = field(default_factory=Counter)
    repaired: int = 0
    lost: int = 0
    unreadable: int = 0
    silent: int = 0
    ended: int = 0
    work: Counter[str] = field(default_factory=Counter)
    fell: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Tell whether nothing was lost, unreadable or changed, and nobody died by himself."""
        return not (self.lost or self.unreadable or self.silent or self.ended)

    def add(self, other: Tally) -> None:
        """Count what another saw as well."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Claims:
    """What a journal's processes said: the last act handed to the store, and acknowledged."""

    handed: int = -1
    acknowledged: int = -1
    wrong: int = 0


@dataclass(frozen=True)
class Death:
    """The lines that a process said, how it ended, and how many seconds it lived until then."""

    lines: list[str]
    status: int
    lived: float


class Server:
    """The process that forks those to be killed."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.desk", str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
            )

    def killed(self, order: Order, delay: float | None) -> Death:
        """Kill a process after so many seconds; without any, when it has said `ENOUGH` lines."""
        reading, writing = os.pipe()
        try:
            socket.send_fds(self._socket, [written(order)], [writing])
            process = int(self._line())
            os.close(writing)
            begun = time.monotonic()
            said = b""
            if delay is not None:
                time.sleep(delay)
            while delay is None and said.count(b"\n") < ENOUGH:
                if not select.select([reading], [], [], PATIENCE)[0]:
                    break
                heard = os.read(reading, 1 << 16)
                if not heard:  # It ended by itself.
                    break
                said += heard
            lived = time.monotonic() - begun
            os.kill(process, signal.SIGKILL)
            said += b"".join(iter(lambda: os.read(reading, 1 << 16), b""))
        finally:
            os.close(reading)
        self._socket.sendall(b"?")
        return Death(said.decode().split("\n")[:-1], int(self._line()), lived)

    def close(self) -> None:
        """End the server."""
        self._socket.close()
        self._process.wait()

    def _line(self) -> str:
        line = b""
        while not line.endswith(b"\n"):
            piece = self._socket.recv(64)
            if not piece:
                raise RuntimeError("the server ended")
            line += piece
        return line.decode()


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server, and end it."""
    server = Server()
    try:
        yield server
    finally:
        server.close()


class Observer:
    """Watches the processes of one scenario in one folder."""

    def __init__(self, server: Server, scenario: str, root: Path, seed: int) -> None:
        self._server = server
        self._order = Order(scenario, str(root), seed, "call")
        self._store = TinyStore(root)
        self._root = root
        self._models: dict[str, Model] = {}
        self._claims: dict[str, Claims] = {}
        self.tally = Tally()

    def kill(self, delay: float | None) -> float:
        """Kill one process, look at every journal of the folder, and return how long it lived."""
        death = self._server.killed(self._order, delay)
        lines, status = death.lines, death.status
        self.tally.kills += 1
        self.tally.work[self._order.scenario] += 1
        self.tally.fell[_where(lines)] += 1
        if status != -signal.SIGKILL:
            self.tally.ended += 1
            self.tally.failures.append(f"A process ended by itself: {lines[-1:]}.")
        self._hear([line for line in lines if line.split()[1] != "!"])
        if SCENARIOS[self._order.scenario].repaired:
            self._check(repair=True)
        for name in self._claims:
            self._look(name)
        if self.tally.sound:
            self._check()
        return death.lived

    def _check(self, *, repair: bool = False) -> None:
        """Let the store check what is there, which finds nothing but what it has just repaired."""
        for finding in self._store.check(self._readout, repair=repair):
            if finding.severity == "repaired":
                self.tally.repaired += 1
            else:
                self._unreadable(f"{finding.readout}: {finding.what}")

    def _hear(self, lines: Sequence[str]) -> None:
        for line in lines:
            name, kind, number, *rest = line.split()
            claims = self._claims.setdefault(name, Claims())
            if kind == ">":
                claims.handed = max(claims.handed, int(number))
                continue
            self.tally.acknowledged += int(number) > claims.acknowledged
            # A journal that was opened again may hold less than was acknowledged before.
            self._lose(name, claims.acknowledged - int(number))
            claims.acknowledged = max(claims.acknowledged, int(number))
            claims.wrong += rest != [self._model(name).stand(int(number)).digest]

    def _model(self, name: str) -> Model:
        return self._models.setdefault(name, Model(course_of(self._order, name)))

    def _readout(self, name: str) -> Readout:
        return self._model(name).course.readout

    def _look(self, name: str) -> None:
        claims, tally = self._claims[name], self.tally
        course = self._model(name).course
        path = course.path(self._root)
        if claims.wrong:
            self._silent(f"{path}: {claims.wrong} acknowledgements of another state.")
        try:
            snapshot = self._store.read(CODER, name)
            raw = path.read_bytes() if snapshot else b""
            if snapshot is None:
                self._count(path, -1, claims)
                return
            number = number_of(snapshot.history)
            self._count(path, number, claims)
            stand = self._model(name).stand(number)
            if self._opened(course, stand, snapshot):
                tally.put_right[self._order.scenario] += path.read_bytes() != raw
            else:
                self._silent(f"{path}: not the state after act {number}.")
        except (AnnotatorError, ValueError, OSError) as error:
            self._unreadable(f"{path}: {error!r}")

    def _count(self, path: Path, number: int, claims: Claims) -> None:
        self._lose(str(path), claims.acknowledged - number)
        if number > claims.handed:
            self._silent(f"{path}: holds act {number}, and only {claims.handed} was handed over.")
        if number == claims.acknowledged + 1:
            self.tally.kept += 1
        # From here on what was found counts: it was read, and is to stay.
        claims.acknowledged = number
        claims.handed = max(claims.handed, number)

    def _opened(self, course: Course, stand: Stand, snapshot: Snapshot) -> bool:
        """Tell whether every way to look at a journal shows the state."""
        journal = self._store.open(course.header, course.readout, course.first)
        try:
            shown = Stand.of(journal)
        finally:
            journal.close()
        return (
            stand == shown == Stand.of(snapshot)
            and documents(course.path(self._root)) == stand.coding.docs
            and snapshot.header == course.header
        )

    def _lose(self, name: str, lost: int) -> None:
        if lost > 0:
            self.tally.lost += lost
            self.tally.failures.append(f"{name}: {lost} acknowledged acts are lost.")

    def _unreadable(self, failure: str) -> None:
        self.tally.unreadable += 1
        self.tally.failures.append(failure)

    def _silent(self, failure: str) -> None:
        self.tally.silent += 1
        self.tally.failures.append(failure)


def _where(lines: Sequence[str]) -> str:
    """Say in what a process was killed, by the last that it said."""
    if not lines:
        return "start"
    _, kind, number, *_ = lines[-1].split()
    if kind == "=":
        return "between"
    return "opening" if number == "0" else "write"


def run(folder: Path, kills: int, *, scenarios: Sequence[str] = (), seed: int = 1) -> Tally:
    """Kill so many processes, spread over the scenarios as `SHARES` says or evenly over others."""
    total = Tally()
    spans: dict[str, float] = {}
    chance = random.Random(seed)  # noqa: S311 - a test that repeats
    names = list(scenarios) or [name for name, share in SHARES.items() for _ in range(share)]
    with serving() as server:
        while total.kills < kills:
            seed += 1
            name = names[seed % len(names)]
            root = folder / f"{name}-{seed}"
            observer = Observer(server, name, root, seed)
            for _ in range(min(SCENARIOS[name].processes, kills - total.kills)):
                # The first tells how long there is something to be killed.
                span = spans.get(name)
                lived = observer.kill(None if span is None else chance.uniform(0, span))
                spans.setdefault(name, lived)
                if not observer.tally.sound:
                    break
            total.add(observer.tally)
            shutil.rmtree(root, ignore_errors=True)
    return total

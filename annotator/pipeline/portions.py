"""An export that several processes share: each makes portions of the readouts.

Helpers are processes that make portions, while this one makes others and writes all of them in
their order: the bytes are those that it would write alone. A helper that ends before its time costs
time alone, for its portions are made here; so every error is raised here, as it would be without.

A helper is no child of the terminal, has no open file of this process but its order and the end of
a pipe for its answers, and writes nowhere else. It ends once nobody reads these any more, so none
outlives this process, however that ends.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from annotator import __version__
from annotator.formats.dialect import Dialect
from annotator.formats.output import About
from annotator.formats.training import Extras
from annotator.model.splitting import Split
from annotator.pipeline.making import Made, Making, seldom_collected
from annotator.pipeline.selection import Chosen

_MOST: Final = 8
"""Processes that share an export at most."""
_WORTH: Final = 6_000_000
"""Bytes of journals for which one more process is worth its start."""
_AHEAD: Final = 4_500_000
"""Bytes of journals that are made here while the helpers start."""
_PORTION: Final = 400_000
"""Bytes of journals that are made at once, where a readout has not more."""

_HELP: Final = (
    "import sys; sys.path[:] = sys.argv[1:];"
    " from annotator.pipeline.portions import help_out; help_out()"
)
_OUTPUT: Final = 1
"""The file descriptor of what a helper writes to."""
_LENGTH: Final = 8
"""Bytes before each answer of a helper that say how many it has."""


@dataclass(frozen=True)
class Sharing:
    """What all who share an export have to know; `splits` names the split of each readout."""

    about: About
    form: Dialect
    extras: Extras
    splits: Mapping[str, Split | None] | None = None

    def made(
        self, making: Making, chosen: Chosen, processes: int | None = None
    ) -> Generator[str, None, None]:
        """Make everything that is chosen in its order, and yield the id of each readout after it.

        `processes` says how many share the work, None as many as are worth it; a form that does not
        join is made here alone. Helpers end with the iteration, or when it is closed.
        """
        amount, sizes = 1, []
        if self.form.joins and processes != 1:
            sizes = chosen.sizes()
            amount = processes or worth(sum(sizes))
        if amount < 2 or not sizes:
            yield from self._here(making, chosen)
            return
        portions = _cut(chosen, sizes)
        chosen.passed.clear()
        with ExitStack() as stack:
            helpers = self._helpers(stack, portions, amount)
            for place, portion in enumerate(portions):
                made = helpers[place % amount].answer() if place % amount in helpers else None
                if made is None:
                    yield from self._here(making, portion)
                    chosen.count(portion.passed, portion.languages)
                else:
                    making.take(made)
                    chosen.count(made.passed, made.languages)
                    yield from portion.readouts

    def _here(self, making: Making, chosen: Chosen) -> Iterator[str]:
        for readout_id, works in chosen.works(self.splits):
            making.add(works)
            yield readout_id

    def _helpers(
        self, stack: ExitStack, portions: Sequence[Chosen], amount: int
    ) -> dict[int, _Helper]:
        """Start helpers by the place of their first portion; where none starts, there are fewer."""
        helpers = {}
        for first in range(1, min(amount, len(portions))):
            order = _Order(__version__, self, portions[first::amount])
            with suppress(OSError):
                helpers[first] = stack.enter_context(_started(order))
        return helpers

    def portion(self, portion: Chosen) -> Made:
        """Return what comes of some readouts, to be put behind what came of those before them."""
        kept = _Kept()
        making = Making(kept, self.about, self.form, self.extras)
        for _ in self._here(making, portion):
            pass
        return Made(
            written={file: b"".join(data) for file, data in kept.written.items()},
            lost=kept.losses,
            rows={one.file: one.rows for one in making.finish()},
            counts=making.counts,
            passed=portion.passed,
            languages=portion.languages,
        )


@dataclass(frozen=True)
class _Order:
    """What a helper is to make, and the version of the program that asks for it."""

    version: str
    sharing: Sharing
    portions: Sequence[Chosen]


class _Kept:
    """What a helper's writer writes to: memory."""

    def __init__(self) -> None:
        self.written: dict[str, list[bytes]] = {}
        self.losses: list[tuple[str, str]] = []

    def write(self, file: str, data: bytes) -> None:
        self.written.setdefault(file, []).append(data)

    def path(self, file: str) -> Path:
        raise NotImplementedError("a form that joins leaves no file to a library")

    def lost(self, what: str, where: str) -> None:
        self.losses.append((what, where))


@dataclass(frozen=True)
class _Helper:
    """A process that makes its portions one after the other."""

    answers: IO[bytes]

    def answer(self) -> Made | None:
        """Return what came of the next portion; None where the helper is no more."""
        head = self.answers.read(_LENGTH)
        size = int.from_bytes(head)
        raw = self.answers.read(size) if len(head) == _LENGTH else b""
        if not raw or len(raw) < size:
            return None
        made: Made = pickle.loads(raw)  # noqa: S301 - from a process of our own
        return made


@contextmanager
def _started(order: _Order) -> Iterator[_Helper]:
    """Start a helper, which is gone when the context is left; raises OSError."""
    # A file is there at once, where a pipe would wait for the helper to take it.
    with TemporaryFile() as file:
        pickle.dump(order, file, pickle.HIGHEST_PROTOCOL)
        file.seek(0)
        flags = ["-I" if sys.flags.isolated else "-P", f"-Xutf8={sys.flags.utf8_mode}"]
        # Without a session of its own, it would get what is typed to interrupt this process.
        process = subprocess.Popen(  # noqa: S603 - nothing in it is from outside
            [sys.executable, *flags, "-c", _HELP, *(p for p in sys.path if isinstance(p, str))],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    with process:
        try:
            if process.stdout is not None:
                yield _Helper(process.stdout)
        finally:
            process.kill()


def help_out() -> None:
    """Make the portions that stand on standard input, and write what came of each to the output."""
    order: _Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - from a process of our own
    if order.version != __version__:  # It was renewed while the other process ran.
        return
    with seldom_collected(), ThreadPoolExecutor(1) as thread:
        # While one answer waits to be taken, the next portion is made, and no more than that.
        before = None
        for portion in order.portions:
            answer = pickle.dumps(order.sharing.portion(portion), pickle.HIGHEST_PROTOCOL)
            if before is not None:
                before.result()
            before = thread.submit(_answer, answer)
        if before is not None:
            before.result()


def _answer(raw: bytes) -> None:
    left = memoryview(len(raw).to_bytes(_LENGTH) + raw)
    while left:  # A signal may end a write before all is written.
        left = left[os.write(_OUTPUT, left) :]


def worth(size: int) -> int:
    """Return how many processes are worth it for journals of so many bytes."""
    return min(_MOST, _processors(), size // _WORTH) if sys.executable else 1


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cut(chosen: Chosen, sizes: Sequence[int]) -> list[Chosen]:
    """Cut what is chosen into portions of whole readouts, the first one for who has no start."""
    portions, first, full, most = [], 0, 0, _AHEAD
    for place, size in enumerate(sizes):
        full += size
        if full >= most or place + 1 == len(sizes):
            portions.append(chosen.part(first, place + 1))
            first, full, most = place + 1, 0, _PORTION
    return portions

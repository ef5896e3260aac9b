"""A person's regular expression, looked for where it can be stopped.

An expression may take for ever, as `(a+)+$` does on a line of letters, and nothing stops one inside
this process. So another process looks for it, which has little time for each answer and is ended
when that is over.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from annotator.errors import AnnotatorError, InputError, StorageError
from annotator.files import printable

PATIENCE: Final = 2.0
"""Seconds that the sentences of one readout, and making the process, may take."""
LONGEST: Final = 20_000
"""Code points of a sentence that are looked at."""
MOST: Final = 1_000
"""Places in one sentence that are told."""
_BATCH: Final = 400_000
_CHUNK: Final = 1 << 16
_SHOWN: Final = 60

# What matches no character is no place. The limits end it where nobody is there to do so any more.
_PROGRAM: Final = """
import json, re, sys
from itertools import islice
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (300, 300))
except (ImportError, OSError, ValueError):
    pass
def tell(said):
    sys.stdout.write(json.dumps(said) + "\\n")
    sys.stdout.flush()
most = int(sys.argv[1])
try:
    found = re.compile(json.loads(sys.stdin.readline()), re.IGNORECASE)
except re.error as error:
    tell([error.msg, error.pos])
except (RecursionError, OverflowError, MemoryError):
    tell(["it is too large or too deep", None])
else:
    tell([])
    for line in sys.stdin:
        tell([
            list(islice((m.span() for m in found.finditer(text) if m.end() > m.start()), most))
            for text in json.loads(line)
        ])
"""

Places = list[tuple[int, int]]
"""Where something was found: half-open ranges of code points of the text that was given."""


class Expression:
    """A regular expression that is looked for in another process; case does not matter.

    Raises InputError where it is none, or takes too long.
    """

    def __init__(self, expression: str) -> None:
        shown = printable(expression)
        self._shown = f"The expression “{shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'}”"
        self._rest = b""
        self._process = _started()
        try:
            self._refuse(self._asked(expression))
        except BaseException:
            self.close()
            raise

    def _refuse(self, problem: Any) -> None:
        if problem:
            what, place = problem
            where = "" if place is None else f", at its character {place + 1}"
            raise InputError(
                f"{self._shown} is not one: {what}{where}.",
                "Put a backslash before a sign that stands for itself.",
            )

    def places(self, texts: Sequence[str]) -> list[Places]:
        """Return where it is found in each text, of which the first `LONGEST` code points count.

        Raises InputError where that takes longer than `PATIENCE`; the process is then ended.
        """
        found: list[Places] = []
        batch: list[str] = []
        room = _BATCH
        for text in texts:
            batch.append(text[:LONGEST])
            room -= len(batch[-1])
            if room <= 0:
                found += self._found(batch)
                batch, room = [], _BATCH
        return found + self._found(batch) if batch else found

    def _found(self, batch: Sequence[str]) -> list[Places]:
        told = self._asked(batch)
        return [[(start, end) for start, end in places] for places in told]

    def _asked(self, question: object) -> Any:
        until = time.monotonic() + PATIENCE
        try:
            stdin = self._process.stdin
            if stdin is not None:
                stdin.write(json.dumps(question).encode() + b"\n")
                stdin.flush()
            return json.loads(self._line(until))
        except (OSError, ValueError) as error:
            self.close()
            raise self._slow() from error

    def _line(self, until: float) -> bytes:
        """Return the next line; raises TimeoutError, BrokenPipeError where the process ended."""
        stdout = self._process.stdout
        if stdout is None:
            raise BrokenPipeError
        pieces = [self._rest]
        while b"\n" not in pieces[-1]:
            left = until - time.monotonic()
            if left <= 0 or not select.select([stdout], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(stdout.fileno(), _CHUNK)
            if not piece:
                raise BrokenPipeError
            pieces.append(piece)
        line, _, self._rest = b"".join(pieces).partition(b"\n")
        return line

    def _slow(self) -> InputError:
        return InputError(
            f"{self._shown} takes more than {PATIENCE:g} seconds or too much memory, and was"
            " stopped.",
            "Make it simpler: a repetition inside a repetition is what takes long.",
        )

    def close(self) -> None:
        """End the process; closing twice is harmless."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _started() -> subprocess.Popen[bytes]:
    if not sys.executable:
        raise AnnotatorError("Expressions need Python itself, and it was not found.")
    try:
        return subprocess.Popen(  # noqa: S603 - our own program, isolated from its surroundings
            [sys.executable, "-I", "-S", "-W", "ignore", "-c", _PROGRAM, str(MOST)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise StorageError(
            f"No process could be started to look for an expression: {error.strerror}."
        ) from error

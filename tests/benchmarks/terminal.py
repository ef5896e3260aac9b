"""A program in a pseudo-terminal, and when which bytes came out of it.

Nothing is drawn here: a model of the screen would cost more than what is measured. The same code
drives both sides of every comparison.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Final, Self

ROOT: Final = Path(__file__).resolve().parents[2]
COLUMNS: Final = 120
ROWS: Final = 40
PATIENCE: Final = 60.0
"""Seconds to wait for anything before the run is given up."""
QUIET: Final = 0.060
"""Seconds of silence that end what a key paints: a second frame may come 40 ms after one."""
QUIT: Final = b"\x11"


class Terminal:
    """Runs a Python module in a terminal of 120 by 40 cells, and notes when bytes come."""

    def __init__(self, module: str, *args: str) -> None:
        self._chunks: list[tuple[float, bytes]] = []
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.started = perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *args],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env=_environment(),
            start_new_session=True,
        )
        os.close(slave)
        self._poll = select.poll()
        self._poll.register(self._master, select.POLLIN | select.POLLHUP)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    def wait_for(self, text: str) -> float:
        """Wait for bytes, and return the seconds from the start until they had come."""
        sought, seen = text.encode(), b""
        end = self.started + PATIENCE
        while True:
            chunk = self._read(end - perf_counter())
            if chunk is None:
                last = (seen + b"".join(data for _, data in self._chunks))[-2000:]
                raise RuntimeError(f"“{text}” was not shown. The last bytes were:\n{last!r}")
            at, data = chunk
            seen += data
            if sought in seen:
                return at - self.started
            seen = seen[-4 * len(sought) :]

    def settle(self, quiet: float = 0.25) -> None:
        """Wait until nothing has come for a while."""
        while self._read(quiet) is not None:
            pass

    def press(self, key: str) -> tuple[float, float, int]:
        """Press a key; return the seconds to the first and to the last byte of what it paints.

        The third value is how many bytes came.
        """
        begun = perf_counter()
        os.write(self._master, key.encode())
        chunk = self._read(PATIENCE)
        if chunk is None:
            raise RuntimeError(f"The key {key!r} painted nothing.")
        first, count = chunk[0], 0
        while chunk is not None:
            last, data = chunk
            count += len(data)
            chunk = self._read(QUIET)
        return first - begun, last - begun, count

    def megabytes(self) -> float:
        """Return the memory that the program has in use; 0 where the system does not tell."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        except OSError:
            return 0.0
        return next(int(row.split()[1]) for row in status.splitlines() if "VmRSS" in row) / 1024

    def quit(self) -> None:
        """Leave the program."""
        os.write(self._master, QUIT)
        while self._read(PATIENCE) is not None:
            pass
        self._process.wait(PATIENCE)

    def _read(self, seconds: float) -> tuple[float, bytes] | None:
        """Return bytes and when they came, None where none came in time or no more will."""
        if not self._poll.poll(max(0.0, seconds) * 1000):
            return None
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # The program has gone.
            return None
        chunk = (perf_counter(), data)
        self._chunks = [*self._chunks[-8:], chunk]
        return chunk if data else None


def cpu_seconds(module: str, *args: str) -> float:
    """Run a module without a terminal, and return the processor time that it took."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *args],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        env=_environment(),
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(args)} ended with {process.returncode}.")
    return usage.ru_utime + usage.ru_stime


def _environment() -> dict[str, str]:
    # Whoever installs the program has its byte code, like that of every library it is compared to.
    ours = ("TEXTUAL", "ANNOTATOR", "COLUMNS", "LINES", "NO_COLOR", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}

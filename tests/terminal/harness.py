"""The program in a real pseudo-terminal: keys go in, and a model of the screen comes out.

Nothing here sleeps. Whoever presses a key waits for what it must show, and a wait that fails tells
what was on the screen instead.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from .screen import Screen

ROOT: Final = Path(__file__).resolve().parents[2]
PATIENCE: Final = 45.0
"""Seconds that a busy machine may take for anything; a wait ends as soon as it can."""

Sought = str | re.Pattern[str] | Callable[[str], bool]

# Escape is sent in the form that no byte after it can turn into another key.
KEYS: Final = {
    "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "ctrl+z": "\x1a", "f2": "\x1bOQ", "f3": "\x1bOR",
    "escape": "\x1b[27u", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "shift+right": "\x1b[1;2C", "shift+left": "\x1b[1;2D", "ctrl+right": "\x1b[1;5C",
    "ctrl+left": "\x1b[1;5D", "f1": "\x1bOP", "ctrl+d": "\x04", "ctrl+p": "\x10", "ctrl+q": "\x11",
    "ctrl+r": "\x12", "ctrl+t": "\x14", "ctrl+u": "\x15",
}  # fmt: skip

# A session leader gets the terminal for its own before it becomes the program.
_LEADER = (
    "import fcntl, os, sys, termios;"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


class Terminal:
    """A process and the terminal that it thinks it is in."""

    def __init__(
        self,
        argv: list[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        columns: int = 120,
        rows: int = 40,
    ) -> None:
        self.screen = Screen(columns, rows)
        self.raw = bytearray()
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.attributes = termios.tcgetattr(slave)
        self._slave = slave
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LEADER, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            close_fds=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self.hang_up()

    @property
    def pid(self) -> int:
        """The id of the program's process."""
        return self._process.pid

    @property
    def text(self) -> str:
        """What the screen shows."""
        return self.screen.text

    @property
    def panel(self) -> str:
        """What stands beside the text on a wide screen."""
        return "\n".join(line.partition("▏")[2].strip() for line in self.screen.lines)

    def block(self, number: int) -> str:
        """Return the rows of one sentence on the page: its text and its marks."""
        rows = [line.partition("▏")[0] for line in self.screen.lines]
        begin = re.compile(rf"^[ ▌]*{number} .  ")
        other = re.compile(r"^[ ▌]*\d+ .  ")
        first = next((place for place, row in enumerate(rows) if begin.match(row)), None)
        if first is None:
            return ""
        after = (n for n, row in enumerate(rows[first + 1 :], first + 1) if other.match(row))
        return "\n".join(rows[first : next(after, len(rows))])

    def hang_up(self) -> None:
        """Close the terminal under the program."""
        for descriptor in (self._master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = -1

    def now(self) -> list[object]:
        """Return the attributes that the terminal has now, as `termios.tcgetattr` tells them."""
        return list(termios.tcgetattr(self._slave))

    def stop_output(self) -> None:
        """Let the terminal take no output from now on, as after ctrl+s."""
        termios.tcflow(self._slave, termios.TCOOFF)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, which the kernel tells the program in front."""
        self.screen.resize(columns, rows)
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def press(self, *keys: str) -> None:
        """Press keys by name, a printable one as itself, in one write."""
        self.type("".join(KEYS[key] if len(key) > 1 else key for key in keys))

    def type(self, text: str) -> None:
        """Type characters as they are; a lone surrogate stands for a byte that is no UTF-8."""
        os.write(self._master, text.encode("utf-8", "surrogateescape"))

    def paste(self, text: str) -> None:
        """Paste text as a terminal does that was asked to say what is pasted."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def click(self, row: int, column: int, times: int = 1) -> None:
        """Press and release the mouse on a cell, both counted from 0, as fast as may be."""
        place = f"{column + 1};{row + 1}"
        self.type(f"\x1b[<0;{place}M\x1b[<0;{place}m" * times)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Draw the mouse from one cell to another with its button down; both count from 0."""
        (top, left), (bottom, right) = start, end
        self.type(f"\x1b[<0;{left + 1};{top + 1}M")
        self.type(f"\x1b[<32;{right + 1};{bottom + 1}M\x1b[<0;{right + 1};{bottom + 1}m")

    def settle(self) -> None:
        """Wait until the program has painted all it has to paint: a place found before may move."""
        while self.read(0.3):
            pass

    def read(self, seconds: float) -> bool:
        """Take what the program writes within so many seconds; return whether anything came."""
        if self._master < 0 or not select.select([self._master], [], [], max(0.0, seconds))[0]:
            return False
        try:
            raw = os.read(self._master, 65536)
        except OSError:  # Nobody holds the other end any more.
            return False
        self.raw += raw
        self.screen.feed(raw)
        return bool(raw)

    def wait_for(self, sought: Sought, timeout: float = PATIENCE) -> str:
        """Read until the screen shows something, and return the screen's text."""
        return self._wait(lambda text: _shows(text, sought), f"show {_named(sought)}", timeout)

    def steps(self, *steps: tuple[str, str]) -> None:
        """Press keys, parted by blanks, and wait for the pattern that each step must show."""
        for keys, shown in steps:
            self.press(*keys.split())
            self.wait_for(re.compile(shown))

    def changes(self, keys: str) -> None:
        """Press keys, parted by blanks, and wait until the screen is another one."""
        before = self.text
        self.press(*keys.split())
        self._wait(lambda text: text != before, f"change at {keys}", PATIENCE)

    def wait_gone(self, sought: Sought, timeout: float = PATIENCE) -> str:
        """Read until the screen shows something no more, and return the screen's text."""
        return self._wait(
            lambda text: not _shows(text, sought), f"take away {_named(sought)}", timeout
        )

    def _wait(self, done: Callable[[str], bool], deed: str, timeout: float) -> str:
        deadline = time.monotonic() + timeout
        while True:
            text = self.text
            if done(text):
                return text
            left = deadline - time.monotonic()
            ended = self._process.poll() is not None
            if self.read(0 if ended else min(left, 0.5)):
                continue
            if ended:
                raise AssertionError(
                    f"the program ended with {self._process.returncode} and did not {deed}:\n{text}"
                )
            if left <= 0:
                raise AssertionError(f"the program did not {deed} in {timeout:g} s:\n{text}")

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Read until the program has ended, and return its exit code."""
        deadline = time.monotonic() + timeout
        while self._process.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"the program did not end in {timeout:g} s:\n{self.text}")
            self.read(0.05)
        while self.read(0):
            pass
        return self._process.returncode

    def kill(self, number: signal.Signals) -> None:
        """Send the program, and nobody else, a signal."""
        if self._process.poll() is None:
            os.kill(self.pid, number)


def _shows(text: str, sought: Sought) -> bool:
    if isinstance(sought, str):
        return sought in text
    return bool(sought.search(text)) if isinstance(sought, re.Pattern) else sought(text)


def _named(sought: Sought) -> str:
    if isinstance(sought, str):
        return f"“{sought}”"
    return f"/{sought.pattern}/" if isinstance(sought, re.Pattern) else "what was waited for"


class Place:
    """A project of its own, and a home of its own for whoever works in it."""

    def __init__(self, folder: Path, *readouts: str, root: str = "project") -> None:
        self.home = folder / "home"
        self.root = folder / root
        self.home.mkdir(parents=True)
        (self.root / "seeds").mkdir(parents=True)
        shutil.copytree(ROOT / "schemas", self.root / "schemas")
        for name in readouts:
            for ending in (".txt", ".toml"):
                shutil.copy(ROOT / "seeds" / f"{name}{ending}", self.root / "seeds")

    @property
    def env(self) -> dict[str, str]:
        """The surroundings of the program: nothing of the person's who runs the tests."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_DATA_HOME": str(self.home / "data"),
            "TMPDIR": str(self.home),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
        }

    def start(self, *args: str, columns: int = 120, rows: int = 40, **env: str) -> Terminal:
        """Start the program on this project as the coder ada."""
        argv = [sys.executable, "-m", "annotator", "-p", str(self.root), "--coder", "ada", *args]
        return Terminal(argv, cwd=self.home, env={**self.env, **env}, columns=columns, rows=rows)

    @contextmanager
    def coding(self, readout: str, columns: int = 120, rows: int = 40) -> Iterator[Terminal]:
        """Start on a readout, and wait until it can be coded."""
        with self.start("--readout", readout, columns=columns, rows=rows) as terminal:
            terminal.wait_for("● saved")
            yield terminal

    def call(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program that needs no screen."""
        return subprocess.run(
            [sys.executable, "-m", "annotator", "-p", str(self.root), *args],
            cwd=self.home,
            env=self.env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )

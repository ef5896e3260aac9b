"""How the command line speaks, and how it ends: lines, tables, progress, and exit codes.

Nothing is printed that a terminal would obey.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from itertools import zip_longest
from pathlib import Path
from shutil import get_terminal_size
from types import FrameType
from typing import Any, Final

import click

from annotator.errors import AnnotatorError, InputError

PROGRAM: Final = "annotator"
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
_MANY: Final = 20
"""From how many files or readouts on a progress bar is worth its line."""
_TO_END: Final = (signal.SIGTERM, signal.SIGHUP)
"""Signals that end the program, beside the interrupt that Python takes itself."""
_LEAST: Final = 12
"""Cells that a column of text keeps, however narrow the terminal."""

Advance = Callable[[int, int, str], None]
"""Called with how many things are done, of how many, and the name of the last."""


@contextmanager
def progress(label: str) -> Iterator[Advance | None]:
    """Give what shows progress on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bars: list[Any] = []

    def advance(done: int, of: int, name: str) -> None:
        if of < _MANY:
            return
        if not bars:
            bars.append(click.progressbar(length=of, label=label, file=sys.stderr, show_pos=True))
        bars[0].update(done - bars[0].pos, name)

    try:
        yield advance
    finally:
        for bar in bars:
            bar.render_finish()


def shown(text: str) -> str:
    """Return text that may be printed."""
    from annotator.files import printable

    return printable(text)


def say(line: str) -> None:
    """Print a line."""
    click.echo(shown(line))


def say_json(line: str) -> None:
    """Print a line of JSON."""
    # JSON is UTF-8, whatever the terminal speaks.
    click.echo(f"{line}\n".encode(), nl=False)


def warn(line: str) -> None:
    """Print a line on standard error."""
    click.echo(f"{PROGRAM}: {shown(line)}", err=True)


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is done that cannot be undone; `yes` answers.

    Raises InputError where nobody can be asked, click.Abort where the answer is no.
    """
    if yes:
        return
    if not (sys.stdin and sys.stdin.isatty()):
        raise InputError("This has to be confirmed, and nobody can be asked here.", "Add --yes.")
    click.confirm(shown(question), abort=True, err=True)


def columns() -> int | None:
    """Return how many cells a line of the terminal has; None where the output is no terminal.

    A file or another program takes a line of any length, and is better off with all of it.
    """
    return get_terminal_size().columns if sys.stdout.isatty() else None


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], sides: str) -> None:
    """Print columns; `sides` has a letter for each: flush left or flush right.

    Where the terminal is too narrow, the widest columns of text are folded.
    """
    from annotator.tui.reflow import cells, wrap

    lines = [tuple(map(shown, row)) for row in (head, *rows)]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    _narrow(widths, sides, columns())
    for row in lines:
        folded = [
            [text[start:end].rstrip() for start, end in wrap(text, width)]
            for text, width in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*folded, fillvalue=""):
            gaps = [" " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)]
            row_cells = [
                part + gap if side == "l" else gap + part
                for part, gap, side in zip(parts, gaps, sides, strict=True)
            ]
            say("  ".join(row_cells).rstrip())


def _narrow(widths: list[int], sides: str, most: int | None) -> None:
    """Take from the widest columns of text what is too much for a line of `most` cells."""
    texts = [place for place, side in enumerate(sides) if side == "l"]
    over = sum(widths) + 2 * (len(widths) - 1) - (most or sys.maxsize)
    while over > 0 and texts:
        widest = max(texts, key=widths.__getitem__)
        if widths[widest] <= _LEAST:
            break
        widths[widest] -= 1
        over -= 1


class Ended(KeyboardInterrupt):
    """The program was told to end by a signal; it leaves with `exit_code`."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_code = 128 + number


@contextmanager
def _in_order() -> Iterator[None]:
    """Raise Ended where a signal would end the program, so that nothing half-done stays behind."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    # What is ignored, as under nohup, or taken by somebody else stays so.
    taken = [number for number in _TO_END if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def ended(call: Callable[[], int]) -> int:
    """Run the program and return its exit code; no error leaves it as a traceback."""
    # A stream that was closed before the start is None, which nothing expects.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # Somebody may have put another object in its place.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        with _in_order():
            return _told(call)
    except OSError:  # Not even standard error takes the message.
        return 3
    finally:
        _hush()


def _told(call: Callable[[], int]) -> int:
    """Run a call and return its exit code; what went wrong is told on standard error."""
    try:
        code = call()
        sys.stdout.flush()
    except Ended as stop:
        with suppress(OSError):  # The terminal may be what is gone.
            warn("interrupted.")
        return stop.exit_code
    except (KeyboardInterrupt, EOFError, click.Abort):
        warn("interrupted.")
        return INTERRUPTED
    except click.ClickException as error:
        warn(_usage(error))
        return 2
    except AnnotatorError as error:
        warn(str(error))
        return error.exit_code
    except BrokenPipeError:
        return BROKEN_PIPE
    except OSError as error:
        warn(f"{error.filename or 'The output'}: {error.strerror or error}.")
        return 3
    except Exception as error:  # noqa: BLE001 - the last door before the user
        from annotator import crash

        warn(crash.line(error))
        return crash.EXIT_CODE
    return code


def _usage(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split())
    sentence = message if message.endswith((".", "?")) else f"{message}."
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    return f"{sentence} See “{ctx.command_path if ctx else PROGRAM} --help”."


def _hush() -> None:
    """Keep the interpreter from telling of output that nobody takes any more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Verbs(click.Group):
    """Commands of which `open` may go without its name: `annotator DIR`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a folder in place of a command for `open` of that folder."""
        word = args[0]
        if word.startswith("-") or word in self.commands or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        if not os.path.lexists(word):
            near = get_close_matches(word, self.commands, n=1)
            raise InputError(
                f"There is neither a command nor a folder “{shown(word)}”.",
                f"Did you mean “{PROGRAM} {near[0]}”?" if near else f"See “{PROGRAM} --help”.",
            )
        return "open", self.commands["open"], args


def from_before_the_verb(name: str) -> Callable[[], Any]:
    """Return a default: what the option of that name said before the verb."""
    return lambda: click.get_current_context().find_root().params.get(name)


def option_of_project(command: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the option that names the project."""
    return click.option(
        "-p",
        "--project",
        "folder",
        metavar="DIR",
        type=click.Path(path_type=Path),
        default=from_before_the_verb("folder"),
        help="The project; without it, the one around the current folder.",
    )(command)


def require_screen() -> None:
    """Raise InputError where nobody could see the screens, or press a key."""
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        raise InputError(
            "This terminal says that it cannot show screens (TERM is dumb or not set).",
            "Set TERM to what it is, for example TERM=xterm-256color.",
        )
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(
            "The screens need a terminal, and this is none.", f"See “{PROGRAM} --help”."
        )

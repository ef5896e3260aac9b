"""From a key to the last byte of what it paints."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from annotator.pipeline.project import Project
from tests.benchmarks import corpus
from tests.benchmarks.report import Row, interleaved
from tests.benchmarks.terminal import ROWS, Terminal

STEPS = 6
"""How far the light walks down before it walks up again: so far that nothing scrolls."""
LINE = 420
"""Bytes that the minimal app saves with a key: about what a topic's edit takes."""


LEAVE = "\x1b[27u"
"""Escape, in the form that no byte after it can turn into another key."""


class Keys:
    """Keys that are pressed in turn, each timed; `first_byte` and `painted` keep what was seen."""

    def __init__(self, terminal: Terminal, keys: str) -> None:
        self.first_byte: list[float] = []
        self.painted: list[int] = []
        self._terminal, self._keys = terminal, cycle(keys)

    def __call__(self) -> float:
        """Press the next key, and return the milliseconds to the last byte."""
        first, last, count = self._terminal.press(next(self._keys))
        self.first_byte.append(first * 1000)
        self.painted.append(count)
        return last * 1000


def measure(folder: Path, small: Project, long: Project, *, runs: int) -> list[Row]:
    """Time keys in a short and a long readout and in minimal apps, in turns.

    `runs` is even, so that what was toggled is off again.
    """
    lines = folder / "lines.txt"
    lines.write_text(corpus.text(1, 20_000).replace(". ", ".\n").replace("\n\n", "\n"), "utf-8")
    panel = next(p for p in small.codebook.panels if p.layer == "topics")
    topic, second = (panel.keys[label.id] for label in panel.labels[:2])
    least = ("tests.benchmarks.minimal.rows", str(lines), str(folder / "rows"), str(LINE))
    with ExitStack() as stack:
        short = stack.enter_context(_annotate(small))
        full = stack.enter_context(_annotate(long))
        rows = stack.enter_context(Terminal(*least))
        desk = stack.enter_context(Terminal(*least, "desk"))
        beneath = stack.enter_context(Terminal(*least, "desk", "beneath"))
        for terminal in (rows, desk, beneath):
            terminal.wait_for("Orsk")
        for terminal in (short, full, rows, desk, beneath):
            terminal.settle()
        walk = "j" * STEPS + "k" * STEPS
        moved, moved_full, floor, around = _timed(
            (short, walk), (full, walk), (rows, walk), (desk, walk), runs=runs
        )
        for terminal in (short, full):
            terminal.press(panel.key)
        marked, marked_full, saved, saved_beneath = _timed(
            (short, topic), (full, topic), (rows, "x"), (beneath, "x"), runs=runs
        )
        for terminal in (short, full):
            terminal.press(topic)
        more, more_full, saved_too, saved_around = _timed(
            (short, second), (full, second), (rows, "x"), (desk, "x"), runs=runs
        )
        full.press(LEAVE)
        for terminal, steps in ((full, ROWS // 2), (rows, ROWS)):  # down to the lower edge
            for _ in range(steps):
                terminal.press("j")
        scrolled, scrolling = _timed((full, "j"), (rows, "j"), runs=runs)
        for terminal in (short, full, rows, desk, beneath):
            terminal.quit()
    app, save = "minimal app, same key", "minimal app, save and mark"
    laid_out = "minimal app with bars and a panel"
    row_beneath = "the same, and a row for the mark"
    return [
        Row("j, 20 sentences", moved, app, floor, most=1.3),
        Row("j, 20,000 sentences", moved_full, "20 sentences", moved, most=1.3),
        Row("j, 20 sentences", moved, laid_out, around),
        Row("j that scrolls, 20,000 sentences", scrolled, app, scrolling, most=1.3),
        Row("first topic, 20 sentences", marked, save, saved),
        Row("first topic, 20 sentences", marked, row_beneath, saved_beneath, most=1.3),
        Row("first topic, 20,000 sentences", marked_full, "20 sentences", marked, most=1.3),
        Row("second topic, 20 sentences", more, save, saved_too),
        Row("second topic, 20,000 sentences", more_full, "20 sentences", more, most=1.3),
        Row("second topic, 20 sentences", more, laid_out, saved_around, most=1.3),
    ]


def _timed(*sides: tuple[Terminal, str], runs: int) -> list[list[float]]:
    acts = [Keys(terminal, keys) for terminal, keys in sides]
    for act in acts:
        for _ in range(4):
            act()
    return interleaved(runs, acts)


def _annotate(project: Project) -> Terminal:
    terminal = Terminal(
        "annotator", "open", "-p", str(project.root),
        "--coder", corpus.CODER, "--readout", corpus.name(1),
    )  # fmt: skip
    terminal.wait_for("● saved")
    return terminal

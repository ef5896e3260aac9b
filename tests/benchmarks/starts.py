"""From the start of the program to a screen that can be worked on."""

from __future__ import annotations

from pathlib import Path

from annotator.pipeline.project import Project
from tests.benchmarks import corpus
from tests.benchmarks.minimal import bare, listing
from tests.benchmarks.report import Row, interleaved
from tests.benchmarks.terminal import Terminal, cpu_seconds

MINIMAL = "tests.benchmarks.minimal"


class Start:
    """A program and what its first usable screen shows."""

    def __init__(self, shown: str, module: str, *args: str) -> None:
        self.memory: list[float] = []
        self._shown, self._module, self._args = shown, module, args

    def __call__(self) -> float:
        """Start the program once, and return the milliseconds until the text was there."""
        with Terminal(self._module, *self._args) as terminal:
            seconds = terminal.wait_for(self._shown)
            terminal.settle(0.05)
            self.memory.append(terminal.megabytes())
            terminal.quit()
        return seconds * 1000


def opened(project: Project, *args: str, shown: str) -> Start:
    """Return what opens a project and waits for a text."""
    return Start(
        shown, "annotator", "open", "-p", str(project.root), "--coder", corpus.CODER, *args
    )


def measure(folder: Path, small: Project, large: Project, long: Project, *, runs: int) -> list[Row]:
    """Time the library of two projects, two readouts, and the minimal apps, in turns."""
    records = folder / "records.json"
    listing.fill(str(records), [corpus.title(number) for number in range(1, 51)])
    first = corpus.title(1)
    starts = {
        "bare": Start(bare.SHOWN, f"{MINIMAL}.bare"),
        "minimal": Start(first, f"{MINIMAL}.listing", str(records)),
        "50": opened(small, shown=first),
        "20,000": opened(large, shown=first),
        "20 sentences": opened(small, "--readout", corpus.name(1), shown="● saved"),
        "20,000 sentences": opened(long, "--readout", corpus.name(1), shown="● saved"),
    }
    for start in starts.values():  # so that byte code and pages are where they will be
        start()
        start.memory.clear()
    figures = dict(zip(starts, interleaved(runs, list(starts.values())), strict=True))
    minimal, plain = figures["minimal"], figures["bare"]
    app, none = "minimal app, 50 rows", "bare Textual app"
    cpu = interleaved(runs, [lambda: 1000 * cpu_seconds("annotator", "--version")])[0]
    used = zip(starts["20,000"].memory, starts["bare"].memory, strict=True)
    memory = [mine - theirs for mine, theirs in used]
    return [
        Row("library, 50 readouts", figures["50"], app, minimal, most=1.3),
        Row("library, 20,000 readouts", figures["20,000"], app, minimal, most=2),
        Row("library, 50 readouts", figures["50"], none, plain),
        Row("minimal app, 50 rows", minimal, none, plain),
        Row("readout of 20 sentences", figures["20 sentences"], app, minimal),
        Row("readout of 20,000 sentences", figures["20,000 sentences"], app, minimal),
        Row("annotator --version, CPU", cpu, most=100),
        Row("memory of 20,000 readouts over a bare app", memory, most=40, unit="MB"),
    ]

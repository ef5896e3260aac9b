"""Prints exact figures of what is lost when everything stops: nothing, or this exits with 1.

python -m tests.reliability [kills] [replay] [machine] [--kills N] [--quick]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.reliability import kills, replay
from tests.reliability.medium import Depth
from tests.reliability.recorded import COURSE, LONG, SHORT, odd_ends, session, upkeep
from tests.reliability.report import show_figures, show_tally
from tests.store.test_machine import MemoryMachine, TinyMachine, lasting

DEEP: Final = Depth()
COARSE: Final = Depth(bytes=50, zeros=50)
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of a random name is made there


@dataclass(frozen=True)
class Scale:
    """How much is tried."""

    kills: int = 2_000
    deep: Depth = DEEP
    coarse: Depth = COARSE
    short: bool = False
    examples: int = 1_000
    steps: int = 50


QUICK = Scale(
    kills=100,
    deep=Depth(bytes=7, zeros=21, drawn=50),
    coarse=Depth(bytes=1_000, zeros=1_000, drawn=50),
    short=True,
    examples=100,
    steps=30,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for; the exit code says whether everything was kept."""
    parts: dict[str, Callable[[Path, Scale], bool]] = {
        "kills": _kills,
        "replay": _replay,
        "machine": _machine,
    }
    parser = argparse.ArgumentParser(prog="reliability", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(parts)}")
    parser.add_argument("--kills", type=int, metavar="N", help="how many processes are killed")
    parser.add_argument("--quick", action="store_true", help="a taste of it, in half a minute")
    parser.add_argument(
        "--folder", type=Path, help="a folder on the disk where processes are killed"
    )
    asked = parser.parse_args(argv)
    unknown = [part for part in asked.parts if part not in parts]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; choose of {', '.join(parts)}")
    scale = QUICK if asked.quick else Scale()
    if asked.kills is not None:
        scale = Scale(**{**vars(scale), "kills": asked.kills})
    begun = perf_counter()
    sound = True
    for part in asked.parts or parts:
        before = perf_counter()
        with tempfile.TemporaryDirectory(prefix="reliability-", dir=_place(part, asked)) as folder:
            sound = parts[part](Path(folder), scale) and sound
        print(f"  {perf_counter() - before:.0f} s", flush=True)
    kept = "Nothing was lost, unreadable or changed." if sound else "NOT everything was kept."
    print(f"\n{kept} {perf_counter() - begun:.0f} s in all.")
    return 0 if sound else 1


def _place(part: str, asked: argparse.Namespace) -> Path | None:
    """Return where a part works: only what is killed needs a disk, and memory is faster."""
    in_memory = part != "kills" and MEMORY.is_dir()
    folder: Path | None = MEMORY if in_memory else asked.folder
    return folder


def _kills(folder: Path, scale: Scale) -> bool:
    tally = kills.run(folder / "kills", scale.kills)
    show_tally(tally)
    return tally.sound


def _replay(folder: Path, scale: Scale) -> bool:
    root = folder / "recorded"
    course, long = (SHORT, 600) if scale.short else (COURSE, LONG)
    whole = [*session(root / "session", course=course, long=long), *upkeep(root, course=course)]
    figures = replay.run(folder, ((recording, scale.deep) for recording in whole))
    figures.add(replay.run(folder, ((recording, scale.coarse) for recording in odd_ends(root))))
    show_figures(figures)
    return figures.sound


def _machine(folder: Path, scale: Scale) -> bool:
    longer = settings(lasting(scale.examples, scale.steps), database=None)
    print("\nAny order of acts, handles and crashes")
    TinyMachine.folder = folder
    for machine in (TinyMachine, MemoryMachine):
        run_state_machine_as_test(machine, settings=longer)
        print(
            f"  {machine.__name__}: {machine.examples:,} examples, {machine.steps:,} states agree"
        )
    return True


if __name__ == "__main__":
    sys.exit(main())

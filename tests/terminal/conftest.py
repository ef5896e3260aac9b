"""What every test of a program in a terminal of its own needs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

HEARD = (signal.SIGINT, signal.SIGHUP)


def _unheard(number: int, frame: FrameType | None) -> None:
    """Do nothing, as before; a program that is started does not inherit this."""


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Let the programs that a test starts hear signals that whoever runs the tests ignores.

    Tests in the background of a shell, or under nohup, would hand their deafness on.
    """
    ignored = [number for number in HEARD if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, _unheard)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)

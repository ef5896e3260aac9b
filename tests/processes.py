"""The processes of this machine that tests look for."""

from __future__ import annotations

from pathlib import Path


def helpers(parent: int) -> dict[int, str]:
    """Return the helpers of a shared export that a process started, each with its state."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            called = (folder / "cmdline").read_bytes()
            status = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if b"help_out" in called and int(status[1]) == parent:
            found[int(folder.name)] = status[0]
    return found

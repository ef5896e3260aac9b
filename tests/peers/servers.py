"""Servers of other programs on this machine: made, started, asked and ended by a test.

Each has a throw-away environment of its own, for what such programs need does not go together. They
listen on the loopback address alone, and reach nothing outside: what they ask of the network goes
to a port where nobody answers.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
KEPT = "ANNOTATOR_PEERS"
_NOWHERE = f"http://{LOOPBACK}:9"
_INSTALL_SECONDS = 1800
_START_SECONDS = 300
_END_SECONDS = 20


@contextlib.contextmanager
def environment(place: Path, *packages: str) -> Iterator[Path]:
    """Make an environment with packages while it is needed, and yield the folder of its programs.

    In the folder that the variable ANNOTATOR_PEERS names it is kept, and used the next time.
    """
    kept = os.environ.get(KEPT)
    place = Path(kept, place.name) if kept else place
    stamp = place / "packages.txt"
    try:
        if not stamp.is_file() or stamp.read_text("utf-8").split("\n") != list(packages):
            run([sys.executable, "-m", "venv", "--clear", str(place)], seconds=_INSTALL_SECONDS)
            python = str(place / "bin" / "python")
            command = [python, "-m", "pip", "install", "--quiet", *packages]
            run(command, seconds=_INSTALL_SECONDS)
            stamp.write_text("\n".join(packages), "utf-8")
        yield place / "bin"
    finally:
        if not kept:
            shutil.rmtree(place, ignore_errors=True)


def alone(home: Path, **more: str) -> dict[str, str]:
    """Return the variables of a program that knows no home but this, and no network."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    proxies = {f"{name}_proxy": _NOWHERE for name in ("http", "https", "all")}
    return {
        **kept,
        "HOME": str(home),
        **proxies,
        **{name.upper(): value for name, value in proxies.items()},
        **more,
    }


def run(command: Sequence[str], env: Mapping[str, str] | None = None, seconds: int = 600) -> None:
    """Run a command to its end; raises AssertionError with what it said where it fails."""
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=seconds, check=False
    )
    said = f"{done.stdout}\n{done.stderr}"[-4000:]
    assert done.returncode == 0, f"{' '.join(command)}\n{said}"


def free_port() -> int:
    """Return a port of the loopback address at which nobody listens."""
    with socket.socket() as one:
        one.bind((LOOPBACK, 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def served(command: Sequence[str], port: int, env: Mapping[str, str], home: Path) -> Iterator[Any]:
    """Run a server while it is needed, and yield what asks it."""
    log = home / "server.log"
    with log.open("wb") as said:
        # A session of its own, so that whatever it starts ends with it.
        server = subprocess.Popen(
            command, env=env, cwd=home, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait(server, port, log)
        httpx = import_module("httpx")
        with httpx.Client(
            base_url=f"http://{LOOPBACK}:{port}", trust_env=False, timeout=120
        ) as client:
            yield client
    finally:
        _end(server)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    last = time.monotonic() + _START_SECONDS
    while True:
        with socket.socket() as one:
            if one.connect_ex((LOOPBACK, port)) == 0:
                return
        said = log.read_text(errors="replace")[-4000:]
        assert server.poll() is None, f"it ended:\n{said}"
        assert time.monotonic() < last, f"it does not answer:\n{said}"
        time.sleep(0.2)


def _end(server: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(_END_SECONDS)


def answer(response: Any) -> Any:
    """Return what a server answered; raises AssertionError where it refused."""
    assert response.status_code < 300, f"{response.request.url}: {response.text[:2000]}"
    return response.json()

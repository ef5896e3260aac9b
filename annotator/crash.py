"""What is kept of a defect: a private file with the way to it.

Places in the code and the error's own words are written, never the values of variables: they hold
readouts, and readouts may be confidential.
"""

from __future__ import annotations

import os
import platform
import secrets
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from annotator import __version__

EXIT_CODE: Final = 70
"""What a program that stopped on a defect returns."""


def report(error: BaseException) -> Path | None:
    """Write a report that only its owner may read, and return its place; None where none is found.

    It goes to the user's state folder, else to the folder for temporary files.
    """
    text = _text(error)
    for folder in (_state_folder(), Path(tempfile.gettempdir())):
        try:
            return _write(folder, text)
        except OSError:
            continue
    return None


def line(error: BaseException) -> str:
    """Write a report and return the one sentence that a person is told, with the report's place."""
    from annotator.files import printable

    place = report(error)
    kept = f"the report {printable(str(place))} says where" if place else "no report could be kept"
    return (
        f"There is a defect in Annotator ({type(error).__name__}); {kept}."
        " What was shown as saved is on disk."
    )


def _state_folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("annotator", appauthor=False)


def _write(folder: Path, text: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = folder / f"crash-{moment}-{secrets.token_hex(4)}.txt"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return path


def _text(error: BaseException) -> str:
    about = (
        f"Annotator {__version__}, Python {platform.python_version()}, {sys.platform}\n"
        f"{datetime.now(UTC).isoformat(timespec='seconds')}\n\n"
    )
    told = traceback.TracebackException.from_exception(error, capture_locals=False, limit=100)
    return about + "".join(told.format())

"""Opening a readout for coding."""

from __future__ import annotations

from functools import partial

from annotator.errors import InputError
from annotator.pipeline.project import Project
from annotator.session.session import Session, utc_now


def open_session(project: Project, coder: str, readout_id: str) -> Session:
    """Open a readout for a coder, and begin it where it was not begun.

    Raises Busy where another process codes it under the same name, InputError or DamagedFile where
    its files are not what they should be, StorageError where the file system refuses.
    """
    readout = project.readout(readout_id)
    journal = project.journal(coder, readout_id, utc_now())
    try:
        if not journal.coding.order:
            raise InputError(f"The coding of {readout_id} holds no sentence.", "Check the readout.")
        return Session(
            readout, project.codebook, journal, reopen=partial(project.reopened, coder, readout_id)
        )
    except BaseException:
        journal.close()
        raise


def sentence_at(session: Session, offset: int) -> int | None:
    """Return the sentence that holds a code point of the text, or the nearest before it."""
    coding = session.coding
    before = [key for key in coding.order if coding.sentence(key).start <= offset]
    return before[-1] if before else None

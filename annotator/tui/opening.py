"""Opening a readout for coding, or for reading where another process codes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from annotator.errors import (
    AnnotatorError,
    Busy,
    InputError,
    NewerFormat,
    StorageError,
    Unwritable,
)
from annotator.model.readout import Readout
from annotator.pipeline.project import Project
from annotator.pipeline.rescue import rescue
from annotator.session import acts
from annotator.session.following import Follower, held
from annotator.session.reading import Reading
from annotator.session.session import Session, utc_now
from annotator.session.suggested import Suggested


def open_session(project: Project, coder: str, readout_id: str) -> Session:
    """Open a readout for a coder, and begin it where it was not begun.

    Where another process codes it under the same name, or nobody may write it, or a newer version
    of the program wrote it, it is only read, and what others write is followed.

    Raises TextChanged where the text is not the one that was coded, InputError or DamagedFile where
    its files are not what they should be, StorageError where the file system refuses.
    """
    readout = project.readout(readout_id)
    try:
        journal = project.journal(coder, readout_id, utc_now())
    except (Busy, Unwritable, NewerFormat) as problem:
        return _read_only(project, coder, readout, problem)
    try:
        if not journal.coding.order:
            raise InputError(f"The coding of {readout_id} holds no sentence.", "Check the readout.")
        session = Session(
            readout, project.codebook, journal, reopen=partial(project.reopened, coder, readout_id)
        )
        _suggest(project, session)
        session.do(acts.renew(session.pen, session.coding))
        with suppress(AnnotatorError):  # It stays pending, and the session says why.
            session.save_all()
        return session
    except BaseException:
        journal.close()
        raise


def kept(session: Session) -> str:
    """Keep elsewhere a coding that could not be saved in its place, and say where, or why not."""
    try:
        path = rescue(session.header, session.history)
    except AnnotatorError as error:
        return f"It could not be kept elsewhere either: {error}"
    return (
        f"The whole coding is kept as {path}: put it in the place of the file in tags to go on"
        " from there."
    )


def follower(
    project: Project, session: Session, changed: Callable[[frozenset[int]], None]
) -> Follower:
    """Return what keeps a session that is only read up with whoever writes."""
    watch = project.store().watch(session.coder, session.readout.id)
    return Follower(session, watch, changed, held=session.written_elsewhere)


def _read_only(project: Project, coder: str, readout: Readout, problem: AnnotatorError) -> Session:
    watch = project.store().watch(coder, readout.id)
    try:
        snapshot = watch.look()
    except StorageError as error:
        raise problem from error
    if snapshot is None or not snapshot.coding.order:
        raise problem
    busy = isinstance(problem, Busy)
    session = Session(
        readout,
        project.codebook,
        Reading(snapshot),
        read_only=held(watch.holder()) if busy else str(problem),
        written_elsewhere=busy,
    )
    session.follow(snapshot)
    _suggest(project, session)
    return session


def follow_codebook(project: Project, session: Session) -> None:
    """Let what is open be marked by the codebook that the project has now.

    It may only have more labels: no mark follows it.
    """
    shown, notice = session.suggested.shown, session.notice
    session.codebook = project.codebook
    session.pen = replace(session.pen, codebook=project.codebook)
    _suggest(project, session)
    session.suggested.shown, session.notice = shown, notice


def _suggest(project: Project, session: Session) -> None:
    """Lay what is suggested beside the work; what is wrong with it keeps nobody from coding."""
    if not project.paths.suggestions.is_dir():
        return
    from annotator.pipeline.suggestions import kept  # Most projects have none.

    try:
        found = kept(project, session.readout)
    except AnnotatorError as error:
        session.notice = f"{session.notice} {error}".lstrip()
        return
    session.suggested = Suggested(session.codebook, found.fitting)
    session.notice = f"{session.notice} {found.notice}".strip()

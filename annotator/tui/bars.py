"""The one-line bars of the annotate screen: where one is, what is saved, how far one has come."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from annotator.config import Dates
from annotator.files import hidden_characters
from annotator.model.progress import Progress
from annotator.plural import many
from annotator.session.following import FREE
from annotator.session.session import Session
from annotator.tui import dates, paint
from annotator.tui.modes.base import Ask
from annotator.tui.naming import named
from annotator.tui.paint import Line, Run, ink
from annotator.tui.workbench import Workbench

QUESTION: Final = 3
"""Rows that a question takes at most."""


# The head is painted with every key, and a text may be long.
_hidden = lru_cache(maxsize=1)(hidden_characters)


def head(session: Session, width: int, language: Dates = "iso") -> Line:
    """Say which readout this is, whose account, who codes, and whether all is on disk."""
    hidden = _hidden(session.readout.text)
    metadata = session.readout.metadata
    date = dates.said(metadata.event.date or "", language)
    about = [date, metadata.issuing_side and f"{metadata.issuing_side} side", metadata.language]
    if metadata.counterpart_of:
        about.append(f"1 of {len(metadata.counterpart_of) + 1} tellings")
    rest = [ink(f"  ·  {word}", paint.MUTED) for word in about if word]
    whole = ink(session.readout.title)
    warning: Line = ()
    if hidden:
        warning = (Run(f"  {many(hidden, 'hidden character')}", paint.WARN),)
    right = (*warning, ink(f"  {session.coder}  ", paint.MUTED), *_saved(session))
    room = width - paint.width(right) - 2
    # What does not stand there whole would say something else.
    while rest and paint.width(tuple(rest)) > room - min(width // 3, paint.width((whole,))):
        rest.pop()
    title = paint.cut(session.readout.title, max(0, room - paint.width(tuple(rest))))
    return paint.ends((Run(" "), ink(title, paint.STRONG), *rest), right, width)


def _saved(session: Session) -> Line:
    if session.read_only:
        return (Run("◌ read only ", paint.WARN),)
    if session.problem is not None:
        return (Run(f"✖ {session.pending} NOT SAVED ", paint.BAD),)
    if session.pending:
        return (Run("○ saving ", paint.WARN),)
    return (Run("● saved ", paint.GOOD),)


def unsaved(session: Session) -> str:
    """Say how many edits are not on disk."""
    return many(session.pending, "edit")


def status(bench: Workbench, progress: Progress, width: int) -> list[Line]:
    """Say what is wrong with saving, else what the last key did, beside how far one has come."""
    problem, message = bench.session.problem, named(bench.message, bench.session.codebook)
    if problem is not None:
        said = f"{unsaved(bench.session)} not on disk, tried again every two seconds: {problem}"
        told = paint.prose(f"{message} {said}".strip(), width - 2, paint.BAD)
        return [(Run(" "), *line) for line in told]
    if bench.session.read_only:
        why = _read_only(bench)
        told = paint.prose(f"{message} {why}".strip(), width - 2, paint.WARN)
        return [(Run(" "), *line) for line in told]
    said = message or (f"{bench.count} …" if bench.count else "")
    far = paint.fit(_progress(progress), width)
    if not said:
        return [far]
    shown = (ink(said, "bold"), Run(" "))
    if paint.width(far) + paint.width(shown) + 2 <= width:
        return [paint.ends(far, shown, width)]
    # Of how far one has come, the figures alone stay; what is still too long is wrapped.
    far = (Run(" "), ink(f"{progress.decided:,}/{progress.total:,}", paint.MUTED))
    if paint.width(far) + paint.width(shown) + 2 <= width:
        return [paint.ends(far, shown, width)]
    return [(Run(" "), *line) for line in paint.prose(said, width - 2, "bold")]


def _read_only(bench: Workbench) -> str:
    why = bench.session.read_only
    return f"{why} {bench.keymap.sign('write')} takes it over." if why == FREE else why


def _progress(progress: Progress) -> Line:
    share = progress.decided / progress.total if progress.total else 0.0
    full = int(share * 20)
    keys, seconds = progress.keys_per_sentence, progress.seconds_per_sentence
    pace = f"   {keys:.1f} keys  {seconds or 0:.0f} s a sentence" if keys else ""
    return (
        Run(" "),
        Run("━" * full, "$primary"),
        Run("─" * (20 - full), paint.FAINT),
        Run(f" {progress.decided:,}/{progress.total:,}", paint.STRONG),
        Run(pace, paint.MUTED),
    )


def question(ask: Ask, width: int) -> list[Line]:
    """Say what the line beneath asks for."""
    told = paint.prose(ask.title, width - 2, paint.TITLE, rows=QUESTION)
    return [(Run(" "), *line) for line in told]

"""How the library shows a readout: one row of the list, and the look into the lit one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Final

from annotator.config import Dates
from annotator.pipeline.about import not_known
from annotator.pipeline.shelf import Entry, Leaf
from annotator.plural import many
from annotator.tui import paint
from annotator.tui.aboutform import described
from annotator.tui.dates import said, widest
from annotator.tui.paint import Line, Run, ink
from annotator.tui.reflow import cells

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook
    from annotator.pipeline.index import Totals
    from annotator.tui.keys import Keymap

_BAR = 6
_READING = 24
UNFINISHED = "◌"
_COMMANDS: Final = (
    ("annotator add FILE …", "brings in .txt, .md, .html, .jsonl, or whole folders"),
    ("annotator init DIR", "makes another project with samples, to try it on"),
)
_COMMAND: Final = 24
SUGGESTED = "○"
"""The sign that suggestions have on every screen."""


class Pace:
    """Tells when something may be shown again that changes faster than anybody reads."""

    EVERY = 0.1

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._next = clock() + self.EVERY

    def is_time(self) -> bool:
        """Tell whether enough time went by since this was true."""
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + self.EVERY
        return True


class Reading:
    """Tells how far what is coded is read, and never in place of anything else that is said."""

    def __init__(self, said: Callable[[], str], say: Callable[[str, str], None]) -> None:
        self._said, self._say = said, say
        self._told = ""

    def tell(self, told: str) -> None:
        """Say it, or no more of it."""
        if told != self._said() and self._said() in ("", self._told):
            self._told = told
            self._say(told, paint.MUTED)


def reading(done: int, of: int, doing: str = "Reading what is coded") -> str:
    """Say how far the files of a project are read."""
    full = done * _READING // of if of else _READING
    return f"{doing}  {'━' * full}{'─' * (_READING - full)}  {done:,} of {of:,}"


def counted(totals: Totals) -> tuple[str, ...]:
    """Say how far a coder is with the whole project, ever shorter; empty where nothing is begun."""
    if not totals.begun:
        return ()
    decided, of = f"{totals.progress.decided:,}", f"{totals.in_begun:,}"
    whole = f"{decided} of {many(totals.in_begun, 'sentence')} decided"
    again = f"{totals.again:,} for a second pass" if totals.again else ""
    far = (
        f"{whole} in {many(totals.begun, 'readout')} begun",
        whole,
        f"{decided}/{of} decided",
        f"{decided}/{of}",
    )
    return (*("   ".join(filter(None, (one, again))) for one in far), *filter(None, (again,)))


def head(name: str, counted: Sequence[str], right: str, width: int) -> Line:
    """Show a project's name, how far one is in the longest words that have room, and the rest."""
    end = (ink(right, paint.MUTED),)
    room = width - paint.width(end) - 1
    title = (Run(" "), ink(paint.cut(name, max(8, room // 2)), paint.STRONG))
    left = room - paint.width(title) - 3
    said = next((one for one in counted if cells(one) <= left), "")
    return paint.ends((*title, ink(f"   {said}" if said else "", paint.MUTED)), end, width)


def welcome(keymap: Keymap, width: int) -> list[Line]:
    """Greet whoever opens a project without readouts, and say how some come into it."""
    lines = paint.prose("Welcome. This project has no readout yet.", width, paint.TITLE)
    lines += [(), *paint.prose("In a shell, in the project's folder:", width)]
    beside = width >= 2 * _COMMAND + _READING
    for command, what in _COMMANDS:
        lead: Line = (Run("  "), ink(command, paint.KEY))
        told = paint.prose(what, width - (_COMMAND if beside else 4), paint.MUTED)
        if beside:
            pad = Run(" " * (_COMMAND - paint.width(lead)))
            lines.append((*lead, pad, *told[0]))
            lines += [(Run(" " * _COMMAND), *line) for line in told[1:]]
        else:
            lines += [lead, *((Run("    "), *line) for line in told)]
    away, leave = keymap.sign("suspend"), keymap.sign("back")
    said = (
        f"{away} goes to the shell, and “fg” comes back; {leave} leaves the program."
        " What comes in is listed here by itself."
    )
    return [*lines, (), *paint.prose(said, width)]


ROOMY: Final = 76
"""Cells from which a row has room for a bar, and for two blanks between what it says."""


def row(entry: Entry, width: int, language: Dates = "iso", suggested: int = 0) -> Line:
    """Show a readout in one row: its progress, its title, its date, its side and language.

    `suggested` is how many suggestions wait there.
    """
    metadata = entry.metadata
    date = said(metadata.event.date or metadata.publication_date or "", language)
    unfinished = not entry.problem and not_known(metadata)
    roomy = width >= ROOMY
    about = ("  " if roomy else " ").join(
        (
            UNFINISHED if unfinished else " ",
            f"{(metadata.language or '')[:3].split('-')[0]:<3}",
            "⇄" if metadata.counterpart_of else " ",
            f"{paint.cut(metadata.issuing_side or '', 5):<5}",
            date + " " * (widest(language) - cells(date)),
        )
    )
    title = ink(entry.title, paint.WARN if entry.problem else "")
    left = (*_progress(entry, suggested, roomy=roomy), Run(" "), title)
    right = (ink(about, paint.MUTED),) if width >= 56 else (ink(date, paint.MUTED),)
    return paint.ends(left, right, width)


def _progress(entry: Entry, suggested: int, *, roomy: bool) -> Line:
    """Say how far a readout is coded, and whether anything is suggested; no bar without room.

    Where every sentence is decided, no suggestion waits: one cell has the sign of either.
    """
    bar = _BAR if roomy else 0
    if entry.problem:
        return (Run(("! unreadable" if roomy else "!").ljust(bar + 7), paint.BAD),)
    if entry.decided is None or not entry.sentences:
        wait = Run((SUGGESTED if suggested else " ").rjust(7 if bar else 1), paint.MUTED)
        return (Run(("·" * (bar or 1)).rjust(bar or 6), paint.FAINT), wait)
    full = entry.decided * bar // entry.sentences
    count = f"{entry.decided}/{entry.sentences}".rjust(6)
    wait = Run(SUGGESTED if suggested else " ", paint.MUTED)
    mark = Run("✓", paint.GOOD) if entry.finished else wait
    drawn = (Run("━" * full, "$primary"), Run("─" * (bar - full), paint.FAINT))
    return (*drawn, Run(count, paint.MUTED), mark)


def leaf(
    entry: Entry,
    found: Leaf | str | None,
    width: int,
    book: Codebook,
    fill: str,
    language: Dates = "iso",
    suggested: int = 0,
) -> list[Line]:
    """Show what is known of a readout, and how its text begins; `fill` is the key of its form."""
    metadata, event = entry.metadata, entry.metadata.event
    lines = paint.prose(entry.title, width, paint.TITLE)[:4]
    if entry.title != entry.readout:
        lines.append((ink(entry.readout, paint.MUTED),))
    lines.append(())
    if entry.problem:
        return [*lines, *paint.prose(entry.problem, width, paint.WARN)]
    kind = (metadata.doc_kind or "").replace("_", " ")
    date = said(event.date or "", language)
    people = ", ".join(found.participants) if isinstance(found, Leaf) else ""
    facts = (
        ("kind", kind),
        ("issuer", metadata.issuer or ""),
        ("side", metadata.issuing_side or ""),
        ("event", " ".join(x for x in ((event.type or "").replace("_", " "), date) if x)),
        ("between", people),
        ("told also", ", ".join(metadata.counterpart_of)),
        ("licence", metadata.licence or ""),
    )
    for name, value in facts:
        if value:
            first, *rest = paint.prose(value, width - 11)
            lines.append((Run(f"{name:<11}", paint.MUTED), *first))
            lines += [(Run(" " * 11), *line) for line in rest]
    missing = not_known(metadata)
    if missing:
        names = ", ".join(described(book, one).name.lower() for one in missing)
        lines += [
            (),
            *paint.prose(
                f"{UNFINISHED} not known: {names}.  {fill} fills it in.", width, paint.MUTED
            ),
        ]
    if suggested:
        wait = "waits" if suggested == 1 else "wait"
        lines += [(), (ink(f"{SUGGESTED} {many(suggested, 'suggestion')} {wait}", paint.MUTED),)]
    lines.append(())
    if isinstance(found, str):
        return [*lines, *paint.prose(found, width, paint.WARN)]
    if found is not None:
        if found.hidden:
            lines += paint.prose(many(found.hidden, "hidden character"), width, paint.WARN)
        for paragraph in found.text[:1500].split("\n")[:12]:
            lines += paint.prose(paragraph, width)
    return lines

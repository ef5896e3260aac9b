"""How the form of what is known about a readout is painted: its rows, and what a field takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.pipeline.about import FIELDS, About, Field, not_known
from annotator.tui import paint
from annotator.tui.paint import Line, Run, ink

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook, DocumentField

_HEADING = 10
_NAME = 24
_NOBODY = "The cast is empty, so there is nobody to choose. C makes the cast, in the open readout."
_ROOM_FOR_HEADINGS = 72
_HOW = {
    "text": "⏎ types it",
    "language": "⏎ types its tag, such as en or zh-Hans",
    "side": "⏎ types a code of two letters, or an id",
    "date": "⏎ types a date, such as 2026-03-05",
    "number": "⏎ types digits",
    "choice": "a digit chooses",
    "yes": "1 yes, 2 no",
    "entity": "a digit chooses",
    "entities": "digits: in or out",
    "readouts": "digits: in or out · ⏎ types ids",
}
_MISFIT = {"language": "! no language tag", "side": "! no code, no id"}


def described(book: Codebook, one: Field) -> DocumentField:
    """Return what the codebook says of a field, or its id made readable."""
    from annotator.model.codebook import DocumentField

    words = one.id.rpartition(".")[2].replace("_", " ").capitalize()
    found = (known for known in book.fields if known.id == one.id)
    return next(found, DocumentField(id="field", name=words))


def head(about: About, width: int) -> Line:
    """Say which readout this is, and how much of what matters is known."""
    title = about.metadata.title or about.readout
    left = (Run(" "), Run("About  ", paint.MUTED), ink(title, paint.STRONG))
    missing, wanted = len(not_known(about.metadata)), sum(one.wanted for one in FIELDS)
    said = f"{missing} of {wanted} not known " if missing else "all that matters is known "
    style = paint.WARN if missing else paint.GOOD
    right: Line = (Run(said, style),)
    room = width - paint.width(right) - 10
    left = (*left[:2], ink(paint.cut(title, max(8, room)), paint.STRONG))
    return paint.ends(left, right, width)


def row(about: About, book: Codebook, place: int, width: int) -> Line:
    """Show one field with its value; a heading stands before the first of its fields."""
    one = FIELDS[place]
    name = paint.cut(described(book, one).name, _NAME - 2).ljust(_NAME)
    value = about.said(one)
    lead: Line = ()
    if width >= _ROOM_FOR_HEADINGS:
        first = place == 0 or FIELDS[place - 1].heading != one.heading
        lead = (Run((one.heading if first else "").ljust(_HEADING), paint.TITLE),)
    room = width - paint.width(lead) - _NAME
    trouble = one.trouble(one.value(about.metadata))
    if value:
        said = f"{value}  {trouble and _MISFIT.get(one.kind, '!')}".rstrip()
        shown = ink(paint.cut(said, room), paint.WARN if trouble else "")
    elif one.wanted:
        shown = Run("not known", paint.WARN)
    else:
        shown = Run("·", paint.FAINT)
    return (*lead, ink(name, paint.MUTED), shown)


def side(about: About, book: Codebook, place: int, width: int, *, brief: bool) -> list[Line]:
    """Show what the lit field means, what it holds, and what the digits stand for.

    Where there is little room, in `brief`, what the digits stand for comes first.
    """
    one = FIELDS[place]
    known = described(book, one)
    title = paint.prose(known.name, width, paint.TITLE)
    meaning = paint.prose(known.definition, width) if known.definition else []
    numbered = enumerate(about.options(one), 1)
    options = [_option(about, one, number, option, width) for number, option in numbered]
    nobody = one.kind in ("entity", "entities") and not options
    hint = paint.prose(_NOBODY if nobody else _HOW[one.kind], width, paint.MUTED)
    if brief:
        return [*title, *paint.columns(options, width), *hint, *meaning]
    value = about.said(one)
    lines = [*title, *meaning]
    lines += [(), *paint.prose(value, width, paint.STRONG)] if value else []
    trouble = one.trouble(one.value(about.metadata))
    lines += paint.prose(f"{trouble} {one.remedy}", width, paint.WARN) if trouble else []
    lines += [(), (Run(_heading(one), paint.MUTED),), *options] if options else []
    return [*lines, (), *hint]


def _option(about: About, one: Field, number: int, option: str, width: int) -> Line:
    chosen = about.holds(one, option)
    text = ("● " if chosen else "  ") + paint.cut(about.shown(one, option), width - 5)
    key = str(number)
    return (ink(key, paint.KEY, key), Run(" ", "", key), ink(text, "bold" if chosen else "", key))


def _heading(one: Field) -> str:
    return {
        "text": "Used in this project",
        "side": "Of the cast, and used in this project",
        "date": "Used in this project",
        "language": "Used in this project",
        "entity": "Cast",
        "entities": "Cast",
        "readouts": "Tellings of the event",
    }.get(one.kind, "One of")

"""How an export is painted: its choices, how it would begin, and what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from annotator.errors import AnnotatorError
from annotator.pipeline.export import ExportReport
from annotator.pipeline.exporting import Choice, Form
from annotator.pipeline.previewing import Preview
from annotator.pipeline.survey import Survey
from annotator.plural import many
from annotator.tui import paint
from annotator.tui.exportdesk import ExportDesk, Kind, Row
from annotator.tui.paint import Line, Run, ink
from annotator.tui.spoken import ROW_BESIDES

_NAME = 14
_FIRST, _OTHERS = 24, 3
"""Rows that the first line of a file has at most, which shows its form, and each of the others."""
_UNITS: Final = {
    "code point": "Offsets count code points.",
    "UTF-16 code unit": "Offsets count UTF-16 code units.",
    "token": "Places are tokens.",
    "none": "It has no offsets.",
}


_SWITCHES: Final[tuple[Kind, ...]] = ("asked", "strict")
_IN: Final = {True: "on", False: "off"}
_TAKEN: Final = {True: "chosen", False: "not chosen"}


@dataclass(frozen=True)
class Seen:
    """What stands beside the choices: a preview or why there is none, and what was made last.

    `place` is where the dataset of the `report` lies, empty where everything was only checked.
    """

    preview: Preview | str
    report: ExportReport | None = None
    place: str = ""


def listed(rows: Sequence[Row]) -> list[tuple[Row, bool]]:
    """Return choices, each with whether it is the first of its kind."""
    kinds = [None, *(row.kind for row in rows)]
    return [(row, row.kind != before) for row, before in zip(rows, kinds, strict=False)]


def row(one: Row, desk: ExportDesk, width: int, *, first: bool) -> Line:
    """Show one choice; the heading stands before the first of its kind."""
    sign = {True: "● ", False: "○ ", None: ""}[one.on]
    if one.opens is not None:
        sign = "▾ " if one.opens else "▸ "
    if one.blocked:
        sign = "⊘ "
    room = width - _NAME - len(sign)
    style = paint.MUTED if one.on is False else ""
    if (one.kind == "held" and not desk.choice.held) or (one.blocked and one.on is not False):
        style = paint.WARN
    heading = one.heading if first else ""
    return (
        ink(heading.ljust(_NAME), paint.MUTED if heading.startswith(" ") else paint.TITLE),
        Run(sign, paint.GOOD if sign == "● " else paint.FAINT),
        ink(paint.cut(one.text, room), style),
    )


def said(one: Row) -> str:
    """Say one choice in words: what it is about, its value, and whether it is in."""
    words = [f"{one.heading.strip()}: {one.text}"]
    if one.opens is not None:
        words.append("open" if one.opens else "closed")
    elif one.on is not None:
        words.append(_IN[one.on] if one.kind in _SWITCHES else _TAKEN[one.on])
    words += [f"cannot be had, {one.blocked}"] if one.blocked else []
    return ", ".join(words)


def form(one: Form, width: int, *, brief: bool) -> list[Line]:
    """Show what a format is, what its offsets count, and what it cannot hold."""
    lines = paint.prose(one.title, width, paint.TITLE)
    lines += paint.prose(f"{_UNITS[one.unit]} Read back whole.", width, paint.MUTED)
    if not brief:
        cannot = "; ".join(one.cannot)
        told = f"It cannot hold: {cannot}." if cannot else "It can hold everything."
        lines += paint.prose(told, width, paint.MUTED)
        if one.unseen:
            told = f"It does not show, but keeps in our rows: {'; '.join(one.unseen)}."
            lines += paint.prose(told, width, paint.MUTED)
    return lines


def blocked(desk: ExportDesk, width: int) -> list[Line]:
    """Show why forms for training cannot be had, where their rows are shown or they are wanted."""
    told: dict[str, list[str]] = {}
    for row in desk.rows:
        if row.blocked:
            told.setdefault(row.blocked, []).extend([row.text] if row.kind == "extra" else [])
    said = [f"No {' and no '.join(them) or 'such form'}: {why}." for why, them in told.items()]
    return [line for one in said for line in paint.prose(one, width, paint.WARN)]


def preview(found: Preview, width: int, *, split: bool, training: bool = False) -> list[Line]:
    """Show the first readout as the format writes it, and what of it would be lost.

    With `training`, the files for training come first.
    """
    counts = _counts(found.rows)
    lines = paint.prose(f"{found.readout}, by {', '.join(found.coders)}", width, paint.STRONG)
    lines += paint.prose(counts, width, paint.MUTED) if counts else []
    if found.losses:
        lines += paint.prose(f"Lost of this readout: {_losses(found.losses)}.", width, paint.WARN)
    else:
        lines += [(Run("Nothing of this readout is lost.", paint.GOOD),)]
    if found.unseen:
        told = f"Not shown, but kept in our rows: {_losses(found.unseen)}."
        lines += paint.prose(told, width, paint.WARN)
    if split:
        lines += paint.prose("Its split is found once all is read.", width, paint.MUTED)
    lines.append(())
    files, more = [(found.file, found.lines)], [*found.training.items()]
    for file, shown in [*more, *files] if training else [*files, *more]:
        lines += [*_file(file, shown, width, no_text=file in found.no_text), ()]
    return lines[:-1]


def _file(file: str, shown: tuple[str, ...], width: int, *, no_text: bool = False) -> list[Line]:
    """Show how a file begins, or the rows that one holds which is `no_text`."""
    lines = paint.prose(file, width, paint.TITLE)
    if no_text:
        said = "This is no text that could be shown. The rows that it holds, as JSON:"
        lines += paint.prose(said, width, paint.MUTED)
    if not shown:
        return [*lines, (Run("It has no rows.", paint.MUTED),)]
    room = max(8, width - 4)
    for number, text in enumerate(shown, 1):
        folded = paint.data(text, room, rows=_FIRST if number == 1 else _OTHERS)
        lead = [f"{number:>3} ", *["    "] * (len(folded) - 1)]
        lines += [(Run(one, paint.FAINT), *line) for one, line in zip(lead, folded, strict=True)]
    return lines


def report(told: ExportReport, place: str, width: int) -> list[Line]:
    """Show what was written to a place; without a place, what would be."""
    title = f"Written to {place}" if place else "All was read, and nothing was written."
    lines = paint.prose(title, width, paint.GOOD)
    lines += paint.prose(f"{many(told.readouts, 'readout')}, by {', '.join(told.coders)}", width)
    if told.kept:
        said = f"What was changed by hand in the older one is kept beside it, in {told.kept.name}."
        lines += paint.prose(said, width, paint.WARN)
    if told.losses:
        lines.append((Run("The dataset could not hold", paint.WARN),))
        lines += [
            line
            for what, count in sorted(told.losses.items(), key=lambda one: -one[1])
            for line in paint.prose(f"{count:,} × {what}", width, indent="  ")
        ]
    else:
        lines.append((Run("Nothing is lost.", paint.GOOD),))
    if told.unseen:
        said = f"Not shown by this form, but kept in our rows: {_losses(told.unseen)}."
        lines += paint.prose(said, width, paint.WARN)
    if place and (told.losses or told.unseen):
        lines += paint.prose("losses.jsonl names each.", width, paint.MUTED)
    # A form may have many files, and what is lost must not stand beneath what is seen.
    wide = max((len(file) for file in told.rows), default=0)
    for file, count in told.rows.items():
        lines.append((ink(paint.cut(file, width - 12).ljust(min(wide, width - 12))), _count(count)))
    for why, count in told.passed.items():
        lines += paint.prose(f"Left out, as {why}: {many(count, 'sentence')}.", width, paint.MUTED)
    lines += paint.prose(told.open_questions, width, paint.MUTED) if told.open_questions else []
    return lines + (_split(told.survey, width) if told.survey else [])


def _split(survey: Survey, width: int) -> list[Line]:
    """Show how many sentences are in which split, what to know of it, and what one tells."""
    lines = paint.prose(f"Sentences by split: {survey.shares}.", width)
    for one in survey.warnings:
        lines += paint.prose(one, width, paint.WARN)
    return [*lines, *paint.prose(survey.twins, width, paint.WARN if survey.leaking else "")]


def side(
    desk: ExportDesk, seen: Seen, width: int, *, brief: bool, spoken: bool = False
) -> list[Line]:
    """Show what was made, what the format is, and how the dataset begins.

    Where it is `spoken`, the lit choice comes first if a row has no room for all of it.
    """
    choice = desk.choice
    whole = said(desk.row) if spoken else ""
    made = [*paint.prose(whole, width), ()] if not paint.fits(whole, width - ROW_BESIDES) else []
    made += [*report(seen.report, seen.place, width), ()] if seen.report else []
    lines = [*made, *form(choice.dialect, width, brief=brief), *blocked(desk, width)]
    lines += [] if brief else [()]
    if isinstance(seen.preview, str):
        return [*lines, *paint.prose(seen.preview, width, paint.MUTED)]
    training = desk.row.kind in ("training", "extra")
    found = preview(seen.preview, width, split=bool(choice.way), training=training)
    return [*lines, *found]


def call(choice: Choice, elsewhere: Path | None, width: int, most: int) -> list[Line]:
    """Show the command line in `most` rows, or why there is none; all of it is copied."""
    try:
        shown = paint.prose(choice.command(elsewhere), width - 3, rows=most)
    except AnnotatorError as error:
        told = paint.prose(str(error), width - 2, paint.WARN, rows=most)
        return [(Run(" "), *line) for line in told]
    return [(Run(" $ " if not n else "   ", paint.FAINT), *line) for n, line in enumerate(shown)]


def _count(count: int) -> Run:
    return Run(f"{count:>10,}", paint.STRONG)


def _counts(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{file} {count:,}" for file, count in rows.items())


def _losses(losses: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} × {what}" for what, count in losses.items())

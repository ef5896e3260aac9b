"""What was found, shown in its context: the words one under the other, what is around them beside.

A line of such a list is called KWIC, keyword in context. Widths are terminal cells.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final, Literal

from annotator.errors import AnnotatorError
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding
from annotator.model.sentence import Sentence
from annotator.pipeline.find import Found
from annotator.pipeline.query import parse
from annotator.tui import page, paint
from annotator.tui.naming import tag
from annotator.tui.paint import Line, Run, ink
from annotator.tui.queue import Place
from annotator.tui.reflow import cells, wrap

Order = Literal["place", "before", "after"]
ORDERS: Final[tuple[Order, ...]] = ("place", "before", "after")
SAID: Final[dict[Order, str]] = {
    "place": "by readout",
    "before": "by what stands before",
    "after": "by what follows",
}
LABELS_FROM: Final = 90
"""Columns from which labels stand beside the words."""
HIT: Final = "bold $accent"


EXAMPLES: Final = (
    ("trade agreement", "both words, in any order, also within longer ones"),
    ('"prisoner exchange"', "this phrase"),
    ("trade|commerce", "either word"),
    ("-trade", "not that; so before anything"),
    ("label:agreement", "a mark of that label; layer: family: rejected: likewise"),
    ("slot.condition:none", "a slot that holds this; none: none stated, empty: not looked at"),
    ("entity:russia", "somebody whom a mark names, by the id"),
    ("state:new|unsure", "the state of the sentence"),
    ("again:yes", "what waits for a second pass; flag: doubtful: note: likewise"),
    ("unasked:commitments", "what is decided though nobody was asked for that layer"),
    ("side:US date:2021..2023", "what is known of the readout; lang: kind: event: likewise"),
    ("coder:* label:agreement", "everybody's work, not only your own"),
    (r"re:/\bagree(d|s)?\b/", "a regular expression"),
)
"""Lines that can be asked, and what they find."""


def guide(book: Codebook, width: int) -> list[Line]:
    """Show what can be asked, by examples that the codebook understands."""
    known = [(line, says) for line, says in EXAMPLES if _understood(line, book)]
    wide = max(len(line) for line, _ in known) + 2
    found: list[Line] = []
    for line, says in known:
        first, *rest = paint.prose(says, width - wide, paint.MUTED)
        found.append((ink(line.ljust(wide), paint.KEY), *first))
        found += [(Run(" " * wide), *more) for more in rest]
    return found


def _understood(line: str, book: Codebook) -> bool:
    try:
        parse(line, book)
    except AnnotatorError:
        return False
    return True


def tail(text: str, most: int) -> str:
    """Shorten text to its last `most` cells, with an ellipsis where something is left out."""
    if cells(text) <= most:
        return text
    start, used = len(text), 1
    while start and used + cells(text[start - 1]) <= most:
        start -= 1
        used += cells(text[start])
    return "…" + text[start:].lstrip() if most > 0 else ""


def _rooms(width: int) -> tuple[int, int, int]:
    """Return the cells of a row for the readout's name, for the words and for the labels."""
    name = max(8, min(24, width // 5))
    labels = min(28, width // 4) if width >= LABELS_FROM else 0
    return name, max(6, width - name - 2 - (labels and labels + 2)), labels


def row(found: Found, width: int, *, coder: str, book: Codebook | None = None) -> Line:
    """Show a place in one line; who coded it is named where that is not `coder`.

    With the codebook, labels are named by their tags.
    """
    name_room, room, label_room = _rooms(width)
    name = found.readout if found.coder == coder else f"{found.coder}: {found.readout}"
    tags = [tag(label, book) if book else label for label in found.labels]
    labels = paint.cut(", ".join(tags), label_room)
    words = _words(found, room)
    return (
        *_padded(ink(paint.cut(name, name_room), paint.MUTED), name_room + 2),
        *words,
        Run(" " * max(0, room - paint.width(words))),
        Run("  " if label_room else ""),
        ink(labels, "$family-blue"),
    )


def _padded(run: Run, width: int) -> Line:
    return (run, Run(" " * max(0, width - cells(run.text))))


def _words(found: Found, room: int) -> Line:
    """Show what was found in the middle; a whole sentence from its start."""
    if (found.start, found.end) == found.sentence:
        return (Run(paint.cut(found.exact, room)),)
    # Shown as one, so that what joins the letter before it does so here too.
    shown = paint.show(found.before + found.exact + found.after)
    start, end = len(found.before), len(found.before) + len(found.exact)
    exact = paint.cut(shown[start:end], room)
    # What is long takes the room of what stands before it.
    side = min(room * 2 // 5, room - cells(exact))
    before = tail(shown[:start], side)
    after = paint.cut(shown[end:], room - side - cells(exact))
    return (
        Run(" " * (side - cells(before))),
        Run(before, paint.MUTED),
        Run(exact, HIT),
        Run(after, paint.MUTED),
    )


def key(order: Order) -> Callable[[Found], list[str]]:
    """Return what places are sorted by: the words nearest to what was found come first."""
    if order == "before":
        return lambda found: found.before.casefold().split()[::-1]
    return lambda found: found.after.casefold().split()


def arranged(places: list[Found], order: Order) -> list[Found]:
    """Return places in an order; those that are alike stay in the order of the readouts."""
    return places if order == "place" else sorted(places, key=key(order))


def places_of(shown: list[Found], lit: int) -> tuple[tuple[Place, ...], int]:
    """Return the sentences to be walked through, each once, and which of them the lit one is."""
    numbers: dict[tuple[str, int], int] = {}
    places: list[Place] = []
    for found in shown:
        if (found.readout, found.sentence[0]) not in numbers:
            numbers[found.readout, found.sentence[0]] = len(places)
            places.append(Place(found.readout, found.start))
    return tuple(places), numbers[shown[lit].readout, shown[lit].sentence[0]]


def preview(
    found: Found, known: tuple[Coding, Sentence] | None, codebook: Codebook, width: int
) -> list[Line]:
    """Show the whole sentence with what was found in it, and its marks."""
    start = found.start - found.sentence[0]
    end = found.end - found.sentence[0]
    whole = (found.start, found.end) == found.sentence
    shown = paint.show(found.said)
    by = Run("   ") if known is None else ink(f"   {found.coder}", paint.MUTED)
    lines: list[Line] = [(ink(found.readout, paint.TITLE), by)]
    for left, right in wrap(shown, max(8, min(page.WIDEST, width))):
        cuts = (left, max(left, min(start, right)), max(left, min(end, right)), right)
        before, hit, after = (shown[a:b] for a, b in pairwise(cuts))
        lines.append((Run(before), Run(hit, "" if whole else HIT), Run(after)))
    if known is not None:
        coding, sentence = known
        state = page.STATES[sentence.state]
        items = page.tags(codebook, coding, sentence)
        lines += paint.flow([(state, Run(f" {sentence.state}", paint.MUTED)), *items], width)
    return lines

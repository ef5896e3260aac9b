"""How the figures are shown: progress, pace, what marks take, and the labels that were given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

from annotator.model.codebook import Codebook
from annotator.model.progress import Progress
from annotator.pipeline.figures import LEAST_MARKS, Cost, Figures, Pace, Part, advice
from annotator.pipeline.figures import most_expensive as expensive
from annotator.plural import many
from annotator.tui import paint, plots
from annotator.tui.paint import MUTED, Line, Run, ink

Whose = Literal["readout", "project", "everybody"]

TWO_COLUMNS: Final = 96
"""Cells from which the labels stand beside everything else."""
_GAP: Final = 4
_NAME: Final = 20
_MEDIANS_FROM: Final = 48
"""Cells from which a label's median stands beside its share."""
_DAYS: Final = 60
_LISTED: Final = 4
"""Parts of a project that are shown of a kind at most."""
_KINDS: Final = (
    ("language", "by language"),
    ("side", "by side"),
    ("readout", "begun"),
    ("coder", "by coder"),
)
_HALF: Final = (
    "Keys and active seconds: half took no more (9/10: nine in ten). n: whose keys were counted."
    " Fixed: taken away, undone or changed later."
)
_NOTHING: Final = "Nothing is decided yet; figures come with the first sentence."
_BLIND: Final = (
    "Of other coders only counts are shown: whoever saw their labels would code less freely."
)


def lines(found: Figures, book: Codebook, whose: Whose, width: int) -> list[Line]:
    """Show figures in one column or, where there is room, in two."""
    return [paint.fit(line, width) for line in _lines(found, book, whose, width)]


def _lines(found: Figures, book: Codebook, whose: Whose, width: int) -> list[Line]:
    if whose == "everybody":
        return [*_progress(found, width), (), *paint.prose(_BLIND, width, MUTED)]
    if width < TWO_COLUMNS:
        return _joined(*_work(found, book, width), _labels(found, book, width))
    left = (width - _GAP) // 2
    return plots.beside(
        _joined(*_work(found, book, left)),
        _labels(found, book, width - left - _GAP),
        left,
        _GAP,
    )


def _joined(*parts: list[Line]) -> list[Line]:
    """Set parts under one another, a blank line between those that say something."""
    joined: list[Line] = []
    for part in parts:
        if part:
            joined += [(), *part] if joined else part
    return joined


def _work(found: Figures, book: Codebook, width: int) -> tuple[list[Line], ...]:
    return (
        _progress(found, width),
        _effort(found, book, width),
        _dearest(found, book, width),
        _pace(found, width),
    )


def _progress(found: Figures, width: int) -> list[Line]:
    progress = found.progress
    lines: list[Line] = [(Run("Progress", paint.TITLE),), *_far(progress, width)]
    if not progress.decided:
        lines += paint.prose(_NOTHING, width, MUTED)
    for kind, title in _KINDS:
        parts = found.parts.get(kind, ())
        if parts:
            lines += [(), (Run(title, MUTED),), *_parts(parts, kind, width)]
    return lines


def _far(progress: Progress, width: int) -> list[Line]:
    share = progress.decided / progress.total if progress.total else 0.0
    counts = (("done", progress.done), ("unsure", progress.unsure), ("skipped", progress.skipped))
    said = "   ".join(f"{count:,} {name}" for name, count in counts if count)
    count = f" {progress.decided:,} of {progress.total:,} sentences  {share:.0%}"
    room = max(6, min(30, width - len(count)))
    head = (*plots.bar(share, room), Run(count, paint.STRONG))
    return [head, (Run(said, MUTED),)] if said else [head]


def _parts(parts: Sequence[Part], kind: str, width: int) -> list[Line]:
    shown = parts if kind == "coder" else parts[:_LISTED]
    sentences = [f"{part.decided:,}/{part.total:,}" if part.begun else "–" for part in shown]
    readouts = [f"  {part.finished:,}/{part.readouts:,} readouts" for part in shown]
    if kind == "readout":
        readouts = [""] * len(shown)
    wide = max(map(len, sentences)), max(map(len, readouts))
    room = max(_NAME // 2, width - 36) if kind == "readout" else min(_NAME, width // 4)
    lines = [
        _barred(
            part.name or "not said",
            part.decided / part.total if part.total else 0.0,
            f"{sentences[place]:>{wide[0]}}{readouts[place]:>{wide[1]}}",
            width,
            room,
        )
        for place, part in enumerate(shown)
    ]
    if len(parts) > len(shown):
        lines.append((Run(f"and {len(parts) - len(shown)} more", MUTED),))
    return lines


def _barred(name: str, share: float, said: str, width: int, room: int, style: str = "") -> Line:
    """Show a name, a bar of a share, and what it says in figures."""
    cut = paint.cut(name, room)
    pad = " " * (room - paint.width((Run(cut),)) + 1)
    length = max(4, min(24, width - room - 3 - len(said)))
    return paint.fit(
        (ink(cut), Run(pad), *plots.bar(share, length, style or "$primary"), Run(f"  {said}")),
        width,
    )


def _pace(found: Figures, width: int) -> list[Line]:
    days = [day for day in found.days if day.decided or day.keys]
    bulk = sum(day.bulk for day in found.days)
    if not days:
        return []
    every = Pace(
        "",
        sum(day.decided for day in days),
        sum(day.keys for day in days),
        sum(day.seconds for day in days),
    )
    lines: list[Line] = [(Run("Pace", paint.TITLE),)]
    if every.per_hour is not None:
        said = (
            f"{every.per_hour:,.0f} sentences an hour:"
            f" {every.decided:,} decided by keys in {_time(every.seconds)} of active time"
        )
        lines += paint.prose(said, width)
    if bulk:
        lines += paint.prose(f"Not in it: {bulk:,} decided in bulk, without a key.", width, MUTED)
    filled = _calendar(days, min(_DAYS, width // 2))
    lines += [(), (Run("sentences decided by keys, each day", MUTED),)]
    lines += plots.columns([(day.when[5:], day.decided) for day in filled], width, 4)
    lines += [(), *_lines_of_blocks(found, filled, width)]
    return lines


def _time(seconds: float) -> str:
    minutes = seconds / 60
    return f"{minutes:,.1f} min" if minutes >= 1 else f"{seconds:.3g} s"


def _calendar(days: Sequence[Pace], most: int) -> list[Pace]:
    """Return the last days up to the last with work, those without work too."""
    known = {day.when: day for day in days}
    first, last = (date.fromisoformat(day.when) for day in (days[0], days[-1]))
    span = min(most, (last - first).days + 1)
    names = [(last - timedelta(days=back)).isoformat() for back in reversed(range(span))]
    return [known.get(name, Pace(name)) for name in names]


def _lines_of_blocks(found: Figures, days: Sequence[Pace], width: int) -> list[Line]:
    hours = {pace.when: pace for pace in found.hours}
    clock = [hours.get(f"{hour:02}", Pace("")) for hour in range(24)]
    rows = (
        ("an hour, each day", [day.per_hour or 0.0 for day in days]),
        ("by hour of day, 0–23", [float(pace.decided) for pace in clock]),
    )
    lines = []
    for name, values in rows:
        most = max(values, default=0.0)
        if most:
            line = (
                Run(f"{name:<21}", MUTED),
                Run(plots.sparkline(values[-max(24, width - 34) :]), "$primary"),
                Run(f"  most {most:,.0f}", MUTED),
            )
            lines.append(paint.fit(line, width))
    return lines


def _effort(found: Figures, book: Codebook, width: int) -> list[Line]:
    if not found.progress.decided:
        return []
    lines: list[Line] = [(Run("What it takes", paint.TITLE),)]
    lines += paint.prose(_HALF, width, MUTED)
    roomy = width >= 54
    head, widths = ["", "n", "keys", "9/10", "s", "9/10", "fixed"], [14, 5, 4, 4, 5, 5, 5]
    if not roomy:
        head, widths = ["", "n", "keys", "s", "fixed"], [14, 5, 4, 5, 5]
    most = max((layer.seconds_median or 0.0 for layer in found.layers), default=0.0)
    costs = (found.sentence, *found.layers)
    made = plots.table(head, [_row(cost, book, roomy=roomy) for cost in costs], widths)
    left = width - sum(widths) - 2 * len(widths)
    if left >= 6 and most:
        for place, cost in enumerate(found.layers, 2):
            share = (cost.seconds_median or 0.0) / most
            made[place] = (*made[place], Run("  "), *plots.bar(share, min(left, 12)))
    lines += made
    rest = (
        _uncounted("sentence", "sentences", [found.sentence]),
        _uncounted("mark", "marks", found.layers),
    )
    said = " and ".join(words for words in rest if words)
    if said:
        said = f"Not in n: {said} whose keys nobody counted (in bulk, imported, or older)."
        lines += paint.prose(said, width, MUTED)
    return lines


def _uncounted(one: str, many: str, costs: Sequence[Cost]) -> str:
    count = sum(cost.marks - cost.counted for cost in costs)
    return f"{count:,} {one if count == 1 else many}" if count else ""


def _row(cost: Cost, book: Codebook, *, roomy: bool) -> list[Line]:
    layer = book.layer(cost.layer)
    name = f"{layer.glyph} {layer.name.lower()}" if layer else cost.layer or "a sentence"
    p90_keys, p90_seconds = (
        ([_figure(cost.keys_p90)], [_figure(cost.seconds_p90)]) if roomy else ([], [])
    )
    cells = [
        f"{cost.counted:,}",
        *(_figure(cost.keys_median), *p90_keys),
        *(_figure(cost.seconds_median), *p90_seconds),
        f"{cost.fixed:,}" if cost.layer else "",
    ]
    return [(ink(name),), *((Run(cell),) for cell in cells)]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"


def _dearest(found: Figures, book: Codebook, width: int) -> list[Line]:
    dear = expensive(found.labels)
    if dear is None:
        return []
    lines: list[Line] = [(Run("Your most expensive label", paint.TITLE),)]
    one = dear.typical
    both = one is not None and (one.layer, one.label) == (dear.in_all.layer, dear.in_all.label)
    lines += paint.prose("most time in all" + ", and longest a mark" * both, width, MUTED)
    spent = f"{_time(dear.in_all.seconds)} on {_marks(dear.in_all.counted)}"
    lines += _dear(dear.in_all, book, spent, width)
    if one is None:
        said = f"Of no label {LEAST_MARKS} marks are counted, so that medians say little."
        return [*lines, *paint.prose(said, width, MUTED)]
    if not both:
        said = f"longest a mark, of labels with {LEAST_MARKS} counted or more"
        lines += paint.prose(said, width, MUTED)
        lines += _dear(one, book, f"median {one.seconds_median:g} s", width)
    return lines


def _marks(count: int) -> str:
    return many(count, "mark")


def _dear(cost: Cost, book: Codebook, said: str, width: int) -> list[Line]:
    layer = book.layer(cost.layer)
    label = layer.label(cost.label) if layer else None
    glyph = layer.glyph_of(cost.label) if layer else "◆"
    name = label.name if label else cost.label
    style = _colour(book, cost)
    room = width - paint.width((Run(said),)) - 2
    head = paint.ends((ink(paint.cut(f"{glyph} {name}", room), style),), (Run(said),), width)
    return [head, *paint.prose(advice(book, cost), width, indent="  ")]


def _labels(found: Figures, book: Codebook, width: int) -> list[Line]:
    """Show the labels of each layer by how often they stand."""
    lines: list[Line] = []
    said = "marks, share of the layer" + ", median s of those counted" * (width >= _MEDIANS_FROM)
    for whole in found.layers:
        layer = book.layer(whole.layer)
        title = f"{layer.glyph} {layer.name}" if layer else whole.layer
        own = sorted(
            (one for one in found.labels if one.layer == whole.layer and one.marks),
            key=lambda one: -one.marks,
        )
        if own:
            lines += [()] if lines else paint.prose(said, width, MUTED)
            count = Run(_marks(whole.marks), MUTED)
            lines.append(paint.ends((ink(title, paint.TITLE),), (count,), width))
            lines += [_share(one, own[0].marks, book, width) for one in own]
    return lines


def _share(cost: Cost, most: int, book: Codebook, width: int) -> Line:
    layer = book.layer(cost.layer)
    label = layer.label(cost.label) if layer else None
    glyph = layer.glyph_of(cost.label) if layer else "◆"
    said = f"{cost.marks:>5,} {cost.share:>4.0%}"
    if width >= _MEDIANS_FROM:
        counted = f"{cost.seconds_median:.1f} s of {cost.counted:,}" if cost.counted else ""
        said += f"  {counted:<12}"
    name = f"{glyph} {label.tag if label else cost.label}"
    return _barred(name, cost.marks / most, said, width, _NAME, _colour(book, cost))


def _colour(book: Codebook, cost: Cost) -> str:
    layer = book.layer(cost.layer)
    family = layer.family(cost.label) if layer else None
    return f"$family-{family.colour if family else 'grey'}"

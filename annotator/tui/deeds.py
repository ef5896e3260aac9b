"""What the commands of the annotate screen do, one function each, by the ids of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from annotator.model.progress import waits
from annotator.session import acts, boundaries, chains, walk
from annotator.session.repeat import last_marking, repeat
from annotator.tui.modes import split, starting
from annotator.tui.modes.base import Ask, Step
from annotator.tui.modes.cast import inside
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from annotator.tui.modes.role import RoleMode
from annotator.tui.modes.span import SpanMode, targets_of
from annotator.tui.modes.split import SplitMode
from annotator.tui.modes.tree import TreeMode, asking
from annotator.tui.workbench import ALL_DECIDED, Workbench

Deed = Callable[[Workbench, int | None], None]
"""Takes the workbench and the number that was typed before the key, if any."""


def _by(bench: Workbench, by: int) -> None:
    order = bench.session.coding.order
    bench.goto(order[max(0, min(len(order) - 1, bench.place + by))])


def _numbered(bench: Workbench, count: int | None, otherwise: int) -> None:
    order = bench.session.coding.order
    place = otherwise if count is None else max(0, min(len(order) - 1, count - 1))
    bench.goto(order[place])


def _waiting(bench: Workbench, count: int | None) -> None:
    found = walk.next_waiting(bench.session.coding, bench.key)
    if found is None:
        bench.message = ALL_DECIDED.format(bench.keymap.sign("readout.next"))
    else:
        bench.goto(found)


def _waiting_before(bench: Workbench, count: int | None) -> None:
    coding = bench.session.coding
    before = reversed(coding.order[: bench.place])
    found = next((key for key in before if waits(coding.sentence(key))), None)
    if found is None:
        bench.message = "No sentence before this one waits."
    else:
        bench.goto(found)


def _span(bench: Workbench, count: int | None) -> None:
    desk, lit = bench.desk(), bench.mark
    marks = bench.sentence.marks
    targets = targets_of(desk, tuple(m for m in marks if m is not lit))
    if lit is not None:
        own = targets_of(desk, (lit,))
        targets = own + targets if bench.lit_mark else targets_of(desk, marks)
    if targets:
        bench.open(SpanMode(desk, targets, back=None))
    else:
        bench.message = "A span belongs to a mark: mark this sentence first."


def _inside(bench: Workbench, count: int | None) -> None:
    """Open the panel of the speakers set to stand inside the lit attribution, or the last one."""
    panels = [p for p in bench.keymap.panels if bench.desk().layer(p.layer).entry != "label"]
    layers = {panel.layer: panel for panel in panels}
    lit = [bench.mark] if bench.mark else []
    marks = [*lit, *reversed(bench.sentence.marks)]
    mark = next((m for m in marks if m.layer in layers and not m.rejected), None)
    if mark is None:
        keys = " or ".join(panel.key for panel in panels)
        bench.message = f"There is no attribution to stand inside of; {keys} makes one."
    else:
        bench.open(inside(bench.desk(), layers[mark.layer], mark))


def _all_spans(bench: Workbench, count: int | None) -> None:
    bench.all_spans = not bench.all_spans
    key = bench.keymap.sign("spans.all")
    shown = f"the spans of all marks are drawn  {key} draws them no more"
    bench.message = shown if bench.all_spans else "spans are drawn where a form or span is open"


def _next_mark(bench: Workbench, count: int | None) -> None:
    marks = bench.sentence.marks
    if marks:
        bench.lit_mark = (bench.lit_mark + 1) % len(marks)
    else:
        bench.message = "This sentence has no mark."


def _edit_mark(bench: Workbench, count: int | None) -> None:
    mark = bench.mark
    if mark is None:
        bench.message = "This sentence has no mark to edit."
    elif bench.session.codebook.layer(mark.layer) is None:
        bench.message = f"The codebook has no layer {mark.layer}; remove the mark or keep it."
    else:
        bench.open(FrameMode(bench.desk(), mark.id, back=None))


def _decide(bench: Workbench, count: int | None) -> None:
    desk = bench.desk()
    layers = asking(desk)
    if layers:
        bench.open(TreeMode(desk, layers[0], back=None))
    else:
        bench.message = "No layer of the codebook has questions."


def _copy_mark(bench: Workbench, count: int | None) -> None:
    mark = bench.mark
    layer = bench.session.codebook.layer(mark.layer) if mark else None
    if mark is None or layer is None:
        bench.message = "This sentence has no mark to copy."
    elif mark.rejected or not layer.multiple or not layer.slots_of(mark.label):
        bench.message = (
            f"{mark.label} stands once on a sentence: there is nothing to tell a copy by."
        )
    else:
        edit, again = (bench.keymap.sign(name) for name in ("mark.edit", "mark.copy"))
        bench.follow(starting.copy(bench.desk(), layer, mark, edit=edit, again=again))


def _remove_mark(bench: Workbench, count: int | None) -> None:
    mark = bench.mark
    if mark is None:
        bench.message = "This sentence has no mark to remove."
        return
    coding, layer = bench.session.coding, bench.session.codebook.layer(mark.layer)
    freed = chains.standing_inside(layer, coding, mark) if layer else []
    bench.do(acts.remove_mark(bench.session.pen, coding, bench.key, mark.id))
    bench.lit_mark = 0
    desk, undo = bench.desk(), bench.keymap.sign("undo")
    named = ", ".join(desk.placed(desk.describe(one), key) for key, one in freed)
    left = f": {named} no longer inside it" if freed else ""
    bench.message = f"removed: {mark.label}{left}  {undo} brings it back"


def _put_away(bench: Workbench, count: int | None) -> None:
    waiting = bench.sentence.unplaced
    if not waiting:
        bench.message = "No mark of this sentence waits for a place."
        return
    bench.do(acts.put_away(bench.session.pen, bench.session.coding, bench.key))
    undo = bench.keymap.sign("undo")
    bench.message = f"put away: {waiting[0].label}  {undo} brings it back"


def _repeat(bench: Workbench, count: int | None) -> None:
    session = bench.session
    marks = last_marking(session.timeline, session.coding, session.codebook)
    edit = repeat(session.pen, session.coding, bench.key, marks)
    if edit is None:
        stands = "The last marking stands here already." if marks else ""
        bench.message = stands or "There is no marking to repeat here."
        return
    had = {mark.id for mark in bench.sentence.marks}
    bench.do(edit)
    desk = bench.desk()
    new = [desk.describe(mark) for mark in bench.sentence.marks if mark.id not in had]
    bench.message = f"repeated: {'; '.join(new)}"


def _take(bench: Workbench, count: int | None) -> None:
    """Take what is suggested for the sentence, or the one of that number, in one act."""
    offered = bench.session.suggested.of(bench.sentence)
    if not offered:
        hidden = bool(len(bench.session.suggested)) and not bench.session.suggested.shown
        show = bench.keymap.sign("suggestions.show")
        bench.message = (
            f"Suggestions are hidden; {show} shows them."
            if hidden
            else "Nothing is suggested here."
        )
        return
    if count is not None and not 0 < count <= len(offered):
        bench.message = f"There is no suggestion {count} here, but {len(offered)}."
        return
    desk, had = bench.desk(), {mark.id for mark in bench.sentence.marks}
    bench.do(desk.taking(offered if count is None else [offered[count - 1]]))
    new = [mark for mark in bench.sentence.marks if mark.id not in had]
    undo = bench.keymap.sign("undo")
    bench.message = f"taken: {'; '.join(map(desk.describe, new))}  {undo} takes it back"
    if len(new) == 1 and bench.session.codebook.check(new[0], complete=True):
        bench.open(starting.opened(desk, new[0]))


def _show_suggestions(bench: Workbench, count: int | None) -> None:
    suggested, key = bench.session.suggested, bench.keymap.sign("suggestions.show")
    suggested.shown = not suggested.shown
    if suggested.shown:
        total = len(suggested)
        bench.message = f"suggestions are shown: {total:,} in this readout  {key} hides them"
    else:
        bench.message = f"suggestions are hidden  {key} shows them"


def _reject(bench: Workbench, count: int | None) -> None:
    bench.open(PickMode(bench.desk(), bench.session.codebook.panels[0], reject=True))


def _note(bench: Workbench, count: int | None) -> None:
    def write(typed: str) -> Step:
        session = bench.session
        bench.do(acts.write_note(session.pen, session.coding, bench.key, typed))
        return Step(None, "noted" if typed.strip() else "")

    bench.ask = Ask("Note on this sentence", bench.sentence.note, write)


def _flag(bench: Workbench, count: int | None) -> None:
    bench.do(acts.toggle_flag(bench.session.pen, bench.session.coding, bench.key))


def _join(bench: Workbench, count: int | None) -> None:
    session = bench.session
    edit = boundaries.join(session.pen, session.coding, bench.key, session.readout.text)
    bench.do(edit)
    undo = bench.keymap.sign("undo")
    doubtful = split.told(bench.desk(), edit)
    bench.message = f"joined with the next sentence{doubtful}  {undo} takes it back"


DEEDS: Final[dict[str, Deed]] = {
    "sentence.confirm": lambda bench, _: bench.decide("done"),
    "sentence.unsure": lambda bench, _: bench.decide("unsure"),
    "sentence.skip": lambda bench, _: bench.decide("skipped"),
    "down": lambda bench, count: _by(bench, count or 1),
    "up": lambda bench, count: _by(bench, -(count or 1)),
    "first": lambda bench, count: _numbered(bench, count, 0),
    "last": lambda bench, count: _numbered(bench, count, -1),
    "waiting.next": _waiting,
    "waiting.previous": _waiting_before,
    "span": _span,
    "spans.all": _all_spans,
    "speaker.inside": _inside,
    "mark.next": _next_mark,
    "mark.edit": _edit_mark,
    "mark.copy": _copy_mark,
    "mark.remove": _remove_mark,
    "decide": _decide,
    "unplaced.away": _put_away,
    "repeat": _repeat,
    "suggestions.take": _take,
    "suggestions.show": _show_suggestions,
    "reject": _reject,
    "undo": lambda bench, _: bench.step_through_history(back=True),
    "redo": lambda bench, _: bench.step_through_history(back=False),
    "note": _note,
    "flag": _flag,
    "role": lambda bench, _: bench.open(RoleMode(bench.desk())),
    "split": lambda bench, _: bench.open(SplitMode(bench.desk())),
    "join": _join,
}
"""The deeds that need no screen; moving to another readout, finding and help are the screen's."""


def select(bench: Workbench, start: int, end: int) -> None:
    """Take a stretch that was drawn with the mouse for a span of the sentence in work."""
    sentence = bench.sentence
    if not sentence.start <= start < end <= sentence.end:
        return
    if not isinstance(bench.mode, SpanMode):
        bench.open(None)
        _span(bench, None)
    if isinstance(bench.mode, SpanMode):
        bench.mode.draw((start, end))

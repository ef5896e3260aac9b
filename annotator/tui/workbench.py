"""The coder's place: which sentence is in work, which panel is open, and what a key leads to.

Everything a key does on the annotate screen happens here, without a screen. Nothing here saves:
whoever calls `press` or `run` writes the session's pending edits before it shows what came out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from annotator.errors import MarkError
from annotator.model.codebook import Codebook
from annotator.model.edit import CAST, Coding, Document, Edit, Timeline
from annotator.model.mark import Mark
from annotator.model.renewal import asks, is_renewal
from annotator.model.sentence import Sentence
from annotator.model.text import State
from annotator.session import acts, walk
from annotator.session.effort import Meter
from annotator.session.session import Session
from annotator.tui.keys import Keymap, is_digit
from annotator.tui.modes.base import Ask, Mode, Step, View, keyless
from annotator.tui.modes.cast import CastMode
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from annotator.tui.modes.span import SpanMode
from annotator.tui.naming import not_asked, walked

ALL_DECIDED = "Every sentence of this readout is decided.  {} opens the next readout."
REFUSED = "Nothing can be changed here."
PASSING = "Nobody was asked here for: {}."
LOOKED_AT = "Now looked at for every layer, also: {}."
STAY = " (the labels stay as the codebook has them now)"
GONE_INTO = " (looks as before: the label went into one that stands)"
IN_DOUBT = "A mark here is doubtful since a boundary moved."
EXPLAINS = frozenset({"codebook"})
"""Commands that an open panel leaves alone, besides those that are obeyed anywhere."""

DECIDED = frozenset({"done", "unsure", "skipped"})
"""What the history says of an act that decides a sentence, and the states that it is in then."""

HISTORY = frozenset({"undo", "redo"})
"""Commands that a panel leaves to the screen wherever it has no use of its own for their key."""

PAGES: Final = {"pagedown": 1, "pageup": -1, "ctrl+d": 1, "ctrl+u": -1}
"""Keys that turn an open panel; the first two do not where it has a use of its own for them."""


class Workbench:
    """The state of the annotate screen.

    `message` is the last thing said to the coder, `act` the edit that the last key made, `ask` the
    question that waits for a line, `pages` how far the open panel was turned from its light, until
    the next key that does more. `bulk` is the act on many readouts that was made or taken back
    last, the timeline that it left here, and whether it stands. While the sentence is one that a
    queue led to, this is `visiting` it; once it is decided, the bench `leads_on` to the next place
    of the queue, which may be in another readout.
    """

    def __init__(
        self,
        session: Session,
        keymap: Keymap,
        *,
        key: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        start = key if key in session.coding.position else walk.first_to_show(session.coding)
        if start is None:
            raise MarkError(f"The readout {session.readout.id} has no sentence.")
        self.session = session
        self.keymap = keymap
        self.key = start
        self.mode: Mode | None = None
        self.ask: Ask | None = None
        self.message = session.notice
        self.act: Edit | None = None
        self.count = ""
        self.lit_mark = 0
        self.pages = 0
        self.bulk: tuple[str, Timeline, bool] | None = None
        self.all_spans = False
        self.meter = Meter(clock)
        session.weigh = lambda edit: self.meter.weighed(edit, self.key)
        self._touched = False
        self._warned = False
        self.visiting = False
        self.leads_on = False

    @property
    def sentence(self) -> Sentence:
        """The sentence in work."""
        return self.session.sentence(self.key)

    @property
    def mark(self) -> Mark | None:
        """The lit mark of the sentence, or None where it has none."""
        marks = self.sentence.marks
        return marks[self.lit_mark % len(marks)] if marks else None

    def entry(self) -> tuple[str, str] | None:
        """Return the layer and label that the codebook is to explain; no label means the layer."""
        if self.mode is not None:
            view = self.mode.view()
            return (view.layer, view.label) if view.layer else None
        return (self.mark.layer, self.mark.label) if self.mark else None

    def desk(self) -> Desk:
        """Return what a panel works on."""
        asks = any(layer.questions for layer in self.session.codebook.layers)
        questions = self.keymap.first("decide") if asks else ""
        return Desk(self.session, self.key, lambda: self.meter.seconds, questions)

    def tick(self) -> None:
        """Count a key that is pressed now, and what the open panel is about."""
        self.act = None
        self.meter.key(None if self.mode is None else self._worked_on(self.mode))

    def _worked_on(self, mode: Mode) -> str:
        """Return the mark that an open panel is about; empty where there is none, or none more."""
        match mode:
            case FrameMode():
                about = mode.mark_id
            case SpanMode():
                about = mode.targets[mode.target].mark
            case _:
                about = ""
        return about if self.sentence.mark(about) else ""

    @property
    def place(self) -> int:
        """Where the sentence stands in reading order, counted from 0."""
        return self.session.coding.position[self.key]

    def take_count(self) -> int | None:
        """Return the number that was typed before a key, and forget it."""
        count, self.count = self.count, ""
        return int(count) if count else None

    def press(self, key: str) -> bool:
        """Give a key to the open panel, to a count, or to a panel that it opens.

        Returns False where it means none of these, so that it may be a command.
        """
        turned, self.pages = self.pages, 0
        self._warned = self._warned and key == "enter"
        if self.mode is not None:
            if self._explains(key):
                return False
            if key in PAGES and (key.startswith("ctrl") or self.mode.view().turns):
                self.pages = turned + PAGES[key]
                return True
            self.message = ""
            step = self._guarded(self.mode, key)
            if step.unused and _walks_history(self.keymap, key):
                return False
            if step.back:
                self.step_through_history(back=True)
                return True
            self.follow(step)
            if not step.onward:
                return True
            self.meter.leads_on()
        if is_digit(key) and (self.count or key != "0"):
            self.count = (self.count + key)[-6:]
            return True
        panel = self.keymap.panel(key)
        if panel is None:
            return False
        self.message, self.count = "", ""
        self.open(
            PickMode(self.desk(), panel)
            if self.desk().layer(panel.layer).entry == "label"
            else CastMode(self.desk(), panel)
        )
        return True

    def _explains(self, key: str) -> bool:
        command = self.keymap.command("annotate", key)
        # A letter or digit in a panel chooses something, whatever it means outside.
        return (
            command is not None and command.id in EXPLAINS and (len(key) > 1 or not key.isalnum())
        )

    def _guarded(self, mode: Mode, key: str) -> Step:
        try:
            return mode.press(key)
        except MarkError as error:
            return Step(mode, str(error))

    def open(self, mode: Mode | None) -> None:
        """Open a panel, or close the open one; none opens where nothing can be changed."""
        if mode is not None and self.session.read_only:
            self.message = REFUSED
            return
        self.mode = mode

    def follow(self, step: Step) -> None:
        """Take what a panel made of a key."""
        self.mode = step.mode
        self.ask = step.ask
        self.message = step.message or self.message
        if step.confirm:
            self.decide("done")

    def answer(self, typed: str) -> None:
        """Answer the question that waits."""
        ask, self.ask = self.ask, None
        if ask is not None:
            self.follow(ask.done(typed))

    def do(self, edit: Edit | None) -> Edit | None:
        """Make an edit."""
        return self.session.do(edit)

    def edited(self, edit: Edit) -> None:
        """Note what an edit changed: the sentence that it took away is left for the nearest."""
        self._touched, self._warned, self.act = True, False, edit
        for change in edit.changes:
            if change.key == self.key and isinstance(change.after, Sentence):
                had = _mark_ids(change.before)
                new = [i for i, mark in enumerate(change.after.marks) if mark.id not in had]
                self.lit_mark = new[-1] if new else self.lit_mark
        if self.key not in self.session.coding.position:
            before = next((c.before for c in edit.changes if c.key == self.key), None)
            start = before.start if isinstance(before, Sentence) else 0
            order = self.session.coding.order
            self.goto(min(order, key=lambda k: abs(self.session.sentence(k).start - start)))

    def goto(self, key: int) -> None:
        """Put another sentence into work; effort is counted for it from now on."""
        self.mode, self.ask = None, None
        if key == self.key:
            return
        self.key = key
        self.lit_mark = 0
        self.meter.leave()
        self._touched = self._warned = self.visiting = False

    def decide(self, state: State) -> None:
        """Decide the sentence and go to the next that waits or, where a queue led here, lead on.

        A frame that lacks what its codebook requires is named once before it is let through, and so
        is a doubt, which that settles. That nobody was asked for a layer is named once, too, on
        the way past a sentence that is done: the same key would say that somebody looked at it.
        """
        book, unasked = self.session.codebook, not_asked(self.session.codebook, self.sentence)
        problem = _lacking(book, self.sentence) if state == "done" else ""
        passes = state == self.sentence.state == "done" and not (self._touched or self.visiting)
        if unasked and passes:
            problem = " ".join(filter(None, (problem, PASSING.format(unasked))))
        if problem and not self._warned:
            self._warned = True
            self.message = f"{problem} Enter once more confirms it so."
            return
        asked = self.sentence.is_partial or any(
            mark.doubtful or asks(self.session.codebook, mark) for mark in self.sentence.marks
        )
        if self._touched or asked or self.sentence.state != state:
            pen, coding, due = self.session.pen, self.session.coding, self.meter.take()
            self.do(acts.decide(pen, coding, self.key, state, due.keys, due.seconds))
            self.message = LOOKED_AT.format(unasked) if unasked else self.message
        following = walk.next_waiting(self.session.coding, self.key)
        if following is not None and not self.visiting:
            self.goto(following)
            return
        self.mode = None
        self._touched = False
        self.meter.leave()
        if self.visiting:
            self.leads_on = True
            return
        decided = ALL_DECIDED.format(self.keymap.sign("readout.next"))
        self.message = f"{self.message}  {decided}" if unasked else decided

    def step_through_history(self, *, back: bool) -> None:
        """Undo or redo one act, and show the sentence it belongs to."""
        done, place, panel = self.session.timeline.done, self.key, self.mode
        before = self.session.coding
        edit = self.session.undo() if back else self.session.redo()
        if edit is None:
            self.message = f"There is nothing to {'undo' if back else 'redo'}."
            if back and done:
                sign = self.keymap.sign("undo")
                self.message += f" The codebook was changed, and {sign} takes no change of it back."
            return
        key = _touched_by(edit, self.session.coding, self.key)
        following = None
        if not back and key is not None and _decides(edit, key):
            following = walk.next_waiting(self.session.coding, key)
        if key is not None:
            self.goto(key if following is None else following)
        self.mode = _outlasting(panel, self.sentence) if self.key == place else None
        self.message = walked(edit, self.session.codebook, back=back)
        if back and done and is_renewal(done[-1]) and edit.what != done[-1].what:
            self.message += (
                GONE_INTO if self.session.coding.but_effort() == before.but_effort() else STAY
            )


def shown(bench: Workbench) -> View | None:
    """Return what the open panel shows: no keys while a line is typed that narrows it."""
    view = bench.mode.view() if bench.mode else None
    narrowed = bench.ask is not None and bench.ask.live is not None
    return keyless(view) if view is not None and narrowed else view


def takes_back(bench: Workbench, view: View) -> str:
    """Return how the key is written that takes an act back and leaves a form open.

    It is empty where no key does, or the form has another use for it; a panel of labels has a key
    of its own.
    """
    if not isinstance(bench.mode, FrameMode) or view.typed:
        return ""
    own = {item.key for group in view.groups for item in group.items}
    return "" if bench.ask or bench.keymap.first("undo") in own else bench.keymap.sign("undo")


def _walks_history(keymap: Keymap, key: str) -> bool:
    command = keymap.command("annotate", key)
    return command is not None and command.id in HISTORY


def _outlasting(panel: Mode | None, sentence: Sentence) -> Mode | None:
    """Return a panel that reads its sentence anew with each key, if what it is about stands."""
    stands = isinstance(panel, PickMode) or (
        isinstance(panel, FrameMode) and sentence.mark(panel.mark_id) is not None
    )
    return panel if stands else None


def _lacking(book: Codebook, sentence: Sentence) -> str:
    problems = (book.check(mark, complete=True) for mark in sentence.marks)
    lacking = next((problem for problem in problems if problem), "")
    doubtful = any(mark.doubtful for mark in sentence.marks)
    return " ".join(filter(None, (IN_DOUBT if doubtful else "", lacking)))


def _decides(edit: Edit, key: int) -> bool:
    """Tell whether an act decided a sentence, as a key does that goes on to the next."""
    return edit.what in DECIDED and any(
        change.key == key and isinstance(change.after, Sentence) and change.after.state == edit.what
        for change in edit.changes
    )


def _touched_by(edit: Edit, coding: Coding, key: int) -> int | None:
    """Return the sentence an edit is about: one whose marks it gave or took, else the first.

    None where it is about several, and so about none of them more than about that of the key.
    """
    changes = [c for c in edit.changes if c.key != CAST and c.key in coding.position]
    about = [c for c in changes if _mark_ids(c.before) != _mark_ids(c.after)] or changes
    if len(about) > 1 and key in coding.position and not edit.moves_boundaries:
        return None
    return min((change.key for change in about), key=coding.position.__getitem__, default=None)


def _mark_ids(document: Document | None) -> frozenset[str]:
    marks = document.marks if isinstance(document, Sentence) else ()
    return frozenset(mark.id for mark in marks)

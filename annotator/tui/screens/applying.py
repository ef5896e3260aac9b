"""The marks of one sentence for all near-identical ones: chosen from a preview, in one act."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError
from annotator.model import bulk
from annotator.model.edit import Coding, Edit
from annotator.model.sentence import Sentence
from annotator.pipeline.bulk import Maker, Outcome, apply
from annotator.pipeline.formula import Twin
from annotator.plural import many
from annotator.session.carry import Carried, Original, carried, carry, lacks
from annotator.session.session import utc_now
from annotator.tui import everywhere, formulaview, paint
from annotator.tui.keys import Scope
from annotator.tui.paint import Line, Run
from annotator.tui.screens.twins import TwinsScreen
from annotator.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

_SAME = 0.9999


class ApplyingScreen(TwinsScreen):
    """Lists the undecided near-identical sentences; Enter marks those that are chosen.

    Chosen from the beginning are those with the same words; whatever differs is chosen by hand.
    """

    scope: ClassVar[Scope] = "applying"
    title_words = "These marks elsewhere"

    def __init__(self, here: AnnotateScreen) -> None:
        super().__init__(here)
        sentence = self.session.sentence(self.key)
        self._original = Original(self.session.readout.id, sentence, self.session.cast)
        self._chosen: dict[tuple[str, int], bool] = {}
        self._confirm = False
        self._decided = 0
        self._changed: set[str] = set()
        self._tally: dict[str, Counter[str]] = {}
        self._writing: Worker[None] | None = None
        self._done = False

    def agrees(self, key: str) -> bool:
        """Nothing is marked elsewhere before somebody saw what."""
        command = self.keymap.command(self.scope, key)
        return command is not None and command.id == "apply.now"

    def wants(self, twin: Twin) -> bool:
        """List what is undecided in a text that is the one that was coded; count the others."""
        if twin.changed:
            self._changed.add(twin.readout)
        elif twin.sentence.state != "new":
            self._decided += 1
        return twin.sentence.state == "new" and not twin.changed

    def counted(self, found: list[Twin]) -> str:
        """Say how many there are once all are found, and what is left out."""
        words = [f"{len(found)} undecided" if found else "No undecided sentence is like it"]
        if self.beyond:
            again, total = self.keymap.sign("formula.apply"), len(found) + self.beyond
            words = [
                f"the first {len(found)} of {total:,} undecided; once they are decided,"
                f" {again} lists the next"
            ]
        if self._decided:
            words.append(f"{self._decided:,} decided, left as they are")
        if self._changed:
            words.append(f"left out, as their text changed: {', '.join(sorted(self._changed))}")
        return "; ".join(words)

    def taken(self, found: list[Twin]) -> None:
        """Choose what has the same words, and what can be marked at all."""
        for twin in found:
            self._chosen.setdefault(_key(twin), twin.likeness >= _SAME)
        self._show_question()

    def number(self, place: int, twin: Twin) -> str:
        """Show whether a row is chosen."""
        return "●" if self._chosen.get(_key(twin)) else "○"

    def texts(self, twin: Twin) -> tuple[str, str]:
        """Marks come from here, and go there."""
        return self._original.sentence.text, twin.sentence.text

    def made(self, twin: Twin) -> Carried:
        """Return the sentence there with the marks of this one."""
        pen = self.session.pen
        return carried(pen, twin.sentence, twin.cast, self._original, readout=twin.readout)

    def _show_question(self) -> None:
        told = self.query_one("#told", LinesView)
        chosen = self._targets()
        readouts = len({twin.readout for twin in chosen})
        state = (
            "confirms them as done where nothing is left out or lacking"
            if self._confirm
            else "they stay undecided"
        )
        what = formulaview.names(self._original.sentence.marks, self.session.codebook)
        count = many(len(chosen), "sentence")
        where = many(readouts, "readout")

        def built(width: int) -> list[Line]:
            asked = f"⏎ marks {count} in {where}: {what}; {state}"
            shown = paint.prose(asked, width, paint.STRONG)
            text = formulaview.whole("here", self._original.sentence.text, width)
            return paint.within([*shown, *text], told.size.height, width)

        told.show(built)
        self.rows.refresh()

    def _targets(self) -> list[Twin]:
        return [twin for twin in self.found if self._chosen.get(_key(twin))]

    async def run_command(self, command: str) -> None:
        """Choose, mark, or do what the table says."""
        if self._writing is not None or self._done:
            if command in ("back", "apply.now") and self._done:
                self.dismiss()
            elif not command.startswith("apply.") and command != "back":
                await super().run_command(command)
            return
        match command:
            case "apply.toggle" if self.lit is not None:
                self._choose([self.lit])
                self.rows.light(self.rows.lit + 1)
                self.lit_changed()
            case "apply.all":
                self._choose(self.found)
            case "apply.confirm":
                self._confirm = not self._confirm
                self._show_question()
            case "apply.now":
                await self._apply()
            case _:
                await super().run_command(command)

    def _choose(self, twins: Iterable[Twin]) -> None:
        """Turn these on or off: all off only where all are on."""
        listed = [_key(twin) for twin in twins]
        on = not all(self._chosen.get(key) for key in listed)
        self._chosen.update(dict.fromkeys(listed, on))
        self._show_question()

    async def _apply(self) -> None:
        targets = self._targets()
        if not targets:
            self.say("Nothing is chosen; space chooses the lit sentence.")
            return
        self.workers.cancel_group(self, "formula")
        of = secrets.token_hex(3)
        what = bulk.named(
            of, formulaview.names(self._original.sentence.marks, self.session.codebook)
        )
        by_readout: dict[str, list[Twin]] = {}
        for twin in targets:
            by_readout.setdefault(twin.readout, []).append(twin)
        makers = {
            readout: partial(self._edit, twins, what) for readout, twins in by_readout.items()
        }
        done: list[Outcome] = []
        own = makers.pop(self.session.readout.id, None)
        if own is None or await self._mark_here(own, done):
            self._writing = self._write(of, makers, done)

    async def _mark_here(self, make: Maker, done: list[Outcome]) -> bool:
        """Mark the sentences of the readout that is open; nothing more is done where that fails."""
        try:
            edit = self.here.bench.do(make(self.session.coding))
        except AnnotatorError as error:
            self.say(str(error))
            return False
        saved = await self.here.save()
        if not saved:
            self.say(f"Not saved here, and nothing was marked elsewhere: {self.session.problem}")
            return False
        count = (
            sum(change.key in self.session.coding.position for change in edit.changes)
            if edit
            else 0
        )
        done.append(Outcome(self.session.readout.id, count))
        return True

    @work(thread=True, group="applying")
    def _write(self, of: str, makers: dict[str, Maker], done: list[Outcome]) -> None:
        worker = get_current_worker()
        project, coder = self.annotator.project, self.annotator.coder
        for outcome in apply(project, coder, makers, utc_now(), lambda: worker.is_cancelled):
            done.append(outcome)
            self.annotator.catalogue.forget(outcome.readout)
            if not worker.is_cancelled:
                self.app.call_from_thread(
                    self.say, f"{len(done):,} of {many(len(makers), 'readout')} …"
                )
        if not worker.is_cancelled:
            self.app.call_from_thread(self._written, of, done)

    def _written(self, of: str, done: list[Outcome]) -> None:
        """Return to the sentence; where a readout was left out, name it first."""
        self._writing, self._done = None, True
        made = (self._tally.get(one.readout, Counter()) for one in done if not one.problem)
        more = formulaview.confirmed(sum(made, Counter())) if self._confirm else ""
        said = everywhere.told("marked", done, self.keymap.sign("undo"), more)
        everywhere.remember(self.here, of, done)
        self.here.bench.message = said
        problems = [outcome for outcome in done if outcome.problem]
        if not problems:
            self.dismiss()
            self.here.say(said)
            return
        self.say(f"{said}  esc goes back")
        self.query_one("#body", LinesView).show(
            lambda width: [
                (Run("Not marked", paint.WARN),),
                *(
                    line
                    for one in problems
                    for line in paint.prose(f"{one.readout}: {one.problem}", width, indent="  ")
                ),
            ]
        )

    def _edit(self, twins: list[Twin], what: str, coding: Coding) -> Edit | None:
        """Mark those sentences that still are as they were shown, and count what is confirmed."""
        pen, confirm = self.session.pen, self._confirm
        keys = [twin.key for twin in twins if coding.docs.get(twin.key) == twin.sentence]
        readout = twins[0].readout
        edit = carry(pen, coding, keys, self._original, readout=readout, what=what, confirm=confirm)
        after = [c.after for c in edit.changes if isinstance(c.after, Sentence)] if edit else []
        self._tally[readout] = Counter(
            "" if one.state == "done" else lacks(pen.codebook, one) or "with something left out"
            for one in after
        )
        return edit

    async def may_leave(self) -> bool:
        """Wait until what is being written is written."""
        if self._writing is not None:
            await self._writing.wait()
        return True

    async def go_back(self) -> None:
        """Leave without marking anything."""
        self.dismiss()


def _key(twin: Twin) -> tuple[str, int]:
    return twin.readout, twin.key

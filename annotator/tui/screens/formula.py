"""The same formula elsewhere: near-identical sentences, whose marks are taken over by one key."""

from __future__ import annotations

from typing import ClassVar

from annotator.errors import AnnotatorError
from annotator.pipeline.formula import Twin
from annotator.session.carry import Carried, Original, carried, carry
from annotator.tui import formulaview
from annotator.tui.keys import Scope, is_digit
from annotator.tui.screens.twins import TwinsScreen


class FormulaScreen(TwinsScreen):
    """Offers the marks of each near-identical sentence; a digit or Enter takes them over here."""

    scope: ClassVar[Scope] = "formula"
    title_words = "The same formula elsewhere"
    begun = True

    def wants(self, twin: Twin) -> bool:
        """List sentences that are decided or marked; there is nothing to learn from others."""
        return twin.sentence.state != "new" or bool(twin.sentence.marks)

    def counted(self, found: list[Twin]) -> str:
        """Say how many there are once all are found."""
        if not found:
            return "No sentence that you coded is nearly this one."
        count = f"{len(found)}"
        if self.beyond:
            count = f"the first {count} of {len(found) + self.beyond:,}"
        return f"{count} that you coded; a digit or ⏎ takes over what it would mark"

    def number(self, place: int, twin: Twin) -> str:
        """Number the rows that a digit takes."""
        return str(place + 1) if place < 9 else " "

    def texts(self, twin: Twin) -> tuple[str, str]:
        """Marks come from there, and go here."""
        return twin.sentence.text, self.session.sentence(self.key).text

    def made(self, twin: Twin) -> Carried:
        """Return this sentence with the marks from there."""
        session = self.session
        return carried(
            session.pen,
            session.sentence(self.key),
            session.cast,
            _original(twin),
            readout=session.readout.id,
        )

    async def press(self, key: str) -> bool:
        """Take over the marks of the row under a digit; any other key is a command."""
        if is_digit(key):
            if 0 < int(key) <= len(self.found):
                await self._take_over(self.found[int(key) - 1])
            return True
        return await super().press(key)

    async def run_command(self, command: str) -> None:
        """Take over the lit sentence's marks, or do what the table says."""
        if command != "formula.take":
            await super().run_command(command)
        elif self.lit is not None:
            await self._take_over(self.lit)

    async def _take_over(self, twin: Twin) -> None:
        session, bench = self.session, self.here.bench
        made = self.made(twin)
        if not made.marks:
            self.say(f"Nothing to take over. {'; '.join(made.left)}".rstrip())
            return
        try:
            edit = carry(
                session.pen,
                session.coding,
                [self.key],
                _original(twin),
                readout=session.readout.id,
                what=f"take over {formulaview.names(made.marks, session.codebook)}",
            )
            bench.do(edit)
        except AnnotatorError as error:
            self.say(str(error))
            return
        said = f"taken over: {formulaview.names(made.marks, session.codebook)}"
        left = f"; left out: {'; '.join(made.left)}" if made.left else ""
        bench.message = f"{said}{left}"
        self.dismiss()
        await self.here.save()


def _original(twin: Twin) -> Original:
    return Original(twin.readout, twin.sentence, twin.cast)

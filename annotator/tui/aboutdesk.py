"""The form of what is known about a readout, without a screen: what each key leads to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from annotator.errors import AnnotatorError, MarkError
from annotator.model.codebook import Codebook
from annotator.pipeline.about import FIELDS, LINES, About, Field, not_known
from annotator.tui.aboutform import described
from annotator.tui.modes.base import Ask, Step

DEEDS: Final = frozenset({"about.fill", "about.next", "about.empty", "about.undo", "about.again"})
"""The commands of the table that the form obeys."""


class _Chosen(NamedTuple):
    """A digit that chose: at which field, and whether that changed its value."""

    key: str
    place: int
    changed: bool


class AboutDesk:
    """The lit field `at`, the question that waits for a line, and what was last said.

    A value that is given moves the light on by itself; what it then stands on was not looked at,
    and so it may be the next that is not known. `count` is what digits began to count that choose
    nothing; two that choose are two values, for they may be meant so, and a move behind them names
    both.
    `given` holds the values that fields were last given, by their ids; several forms may share it.
    `changed` is called after every change.
    """

    def __init__(
        self,
        about: About,
        codebook: Codebook,
        given: dict[str, object],
        changed: Callable[[About], None],
    ) -> None:
        self.about = about
        self.codebook = codebook
        self.at = 0
        self.ask: Ask | None = None
        self.message = ""
        self.count = ""
        self._chosen: _Chosen | None = None
        self._by_digits: list[str] = []
        self._came = False
        self._given = given
        self._changed = changed

    @property
    def field(self) -> Field:
        """The lit field."""
        return FIELDS[self.at]

    def light(self, place: int) -> None:
        """Light another field."""
        self._chosen, self._came = None, False
        self.at = max(0, min(len(FIELDS) - 1, place))

    def moved(self, place: int) -> None:
        """Light the field that a key or a click moved to."""
        chosen, self._by_digits = self._by_digits, []
        self.message = ""
        if len({said[1:] for said in chosen}) > 1:  # Several for one field are meant.
            self.message = f"Digits choose here: {', '.join(chosen)}. u takes a choice back."
        self.light(place)

    def digit(self, key: str) -> None:
        """Choose what stands under a digit, or begin a count where nothing does.

        As nothing stands under 0, it makes a count of the digit before it, whose choice goes back.
        """
        options, number, place = self.about.options(self.field), int(key), self.at
        before, self._chosen, self.count = self._chosen, None, ""
        name = described(self.codebook, self.field).name
        if 0 < number <= len(options):
            known = len(self.about.past)
            deed = partial(self.about.choose, self.field, options[number - 1])
            self._change(deed, on=not self.field.several)
            if not self.message:
                self._chosen = _Chosen(key, place, len(self.about.past) > known)
                self._by_digits.append(f"{key} {name}")
            return
        self.message = f"Nothing stands under {key} here."
        if number:
            self.count = key
            self._by_digits += [f"{key} is a count"] if self._by_digits else []
        elif before is not None:
            self._take_for_count(before)

    def _take_for_count(self, chosen: _Chosen) -> None:
        self._by_digits = []
        self.message = f"Nothing stands under {chosen.key}0 here: it is a count."
        if chosen.changed:
            self._undo()
        self.light(chosen.place)
        self.count = f"{chosen.key}0"

    def command(self, name: str) -> None:
        """Obey one of `DEEDS`."""
        self.message, self._chosen, one = "", None, self.field
        self._by_digits = []
        if name == "about.fill":
            self._fill_in()
        elif name == "about.next":
            self._to_not_known()
        elif name == "about.empty":
            self._change(partial(self.about.change, one, () if one.several else None))
        elif name == "about.undo":
            self._undo()
        elif one.id in self._given:
            self._change(partial(self.about.change, one, self._given[one.id]), on=True)
        else:
            self.message = "This field was not given here before."

    def answer(self, typed: str) -> None:
        """Take the line that was typed; raises MarkError where the field cannot have it."""
        self.ask = None
        self._change(partial(self.about.type, self.field, typed), on=True)
        if self.message:
            raise MarkError(self.message)

    def _fill_in(self) -> None:
        """Ask for the value of a field, or go on where digits choose it."""
        if self.field.kind not in LINES:
            self._move_on()
            return
        value = self.field.value(self.about.metadata)
        typed = " ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")
        self.ask = Ask(described(self.codebook, self.field).name, typed, lambda said: Step(None))

    def _change(self, deed: partial[None], *, on: bool = False) -> None:
        """Change the lit field, say what is wrong where it cannot be, and go `on` to the next."""
        self.message = ""
        try:
            deed()
        except AnnotatorError as error:
            self.message = f"Nothing was changed. {error}"
            return
        self._given[self.field.id] = self.field.value(self.about.metadata)
        self._changed(self.about)
        if on:
            self._move_on()

    def _move_on(self) -> None:
        here = self.at
        self.light(here + 1)
        self._came = self.at != here

    def _undo(self) -> None:
        try:
            one = self.about.undo()
        except AnnotatorError as error:
            self.message = f"Nothing was taken back. {error}"
            return
        if one is None:
            self.message = "There is nothing to take back."
            return
        self._changed(self.about)
        self.light(FIELDS.index(one))

    def _to_not_known(self) -> None:
        missing = [FIELDS.index(one) for one in not_known(self.about.metadata)]
        if missing:
            least = self.at if self._came else self.at + 1
            self.light(next((place for place in missing if place >= least), missing[0]))
        else:
            self.message = "All that matters is known."

"""Splitting a sentence: hop to a place, see which marks go where, and split there."""

from __future__ import annotations

from dataclasses import replace

from annotator.errors import MarkError
from annotator.model.edit import Coding, Edit
from annotator.model.mark import Mark
from annotator.model.sentence import Sentence
from annotator.session import boundaries
from annotator.session.acts import Pen
from annotator.tui.modes.base import Group, Item, Step, View
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.hops import HOP_KEYS


def told(desk: Desk, edit: Edit | None) -> str:
    """Say which marks an edit of boundaries made one, and which it leaves in doubt, and why."""
    found = boundaries.doubts(edit) if edit else ()
    ones = map(desk.describe, boundaries.merged(edit) if edit else ())
    one = ", ".join(ones)
    named = "; ".join(f"{desk.describe(doubt.mark)}, {doubt.why}" for doubt in found)
    return (f"; one mark of both: {one}" if one else "") + (f"; doubtful: {named}" if named else "")


NO_MARKS = "No marks here: the text is cut at the place."
STEPS = {"left": -1, "right": 1, "up": -5, "down": 5}


class SplitMode:
    """Choose the word before which the sentence is split; likely places have letters to hop to."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        found = boundaries.places(desk.text, *desk.bounds)
        self.places = [at for at, _ in found]
        self.likely = [n for n, (_, rank) in enumerate(found) if rank]
        middle = len(found) // 2
        by_rank = sorted(self.likely, key=lambda n: (-found[n][1], n))
        best = max((rank for _, rank in found), default=0)
        nearest = [n for n in range(len(found)) if best and found[n][1] == best]
        self.place = min(nearest, key=lambda n: abs(n - middle), default=middle)
        self.hops = dict(zip(HOP_KEYS, by_rank, strict=False))

    def press(self, key: str) -> Step:
        """Move the place, or split there."""
        if key == "escape" or not self.places:
            return Step(None, "" if self.places else "One word cannot be split.")
        if key == "enter":
            edit = boundaries.split(*self._split_here())
            self.desk.do(edit)
            return Step(None, f"split{told(self.desk, edit)}")
        if key in self.hops:
            self.place = self.hops[key]
        elif key in ("tab", "shift+tab"):
            self._to_likely(1 if key == "tab" else -1)
        elif key in STEPS:
            self.place = max(0, min(len(self.places) - 1, self.place + STEPS[key]))
        else:
            return Step(self, unused=True)
        return Step(self)

    def _split_here(self) -> tuple[Pen, Coding, int, int]:
        return self.desk.pen, self.desk.session.coding, self.desk.key, self.places[self.place]

    def _to_likely(self, by: int) -> None:
        ahead = [n for n in self.likely if (n - self.place) * by > 0]
        if self.likely:
            self.place = (ahead or self.likely)[0 if by > 0 else -1]

    def view(self) -> View:
        """Show where the sentence would be split, and what would become of its marks."""
        hint = "letter: hop · ⇥ next sign · ←→ word · ↑↓ five words · ⏎ split here · esc back"
        if not self.places:
            return View(title="Split", hint=hint)
        edit = self._tried()
        halves = [change.after for change in edit.changes] if edit else []
        groups = tuple(
            Group(name, tuple(self._item(mark) for mark in half.marks))
            for name, half in zip(("first half", "second half"), halves, strict=False)
            if isinstance(half, Sentence) and self.desk.sentence.marks
        )
        in_doubt = told(self.desk, edit).removeprefix("; ")
        return View(
            title="Split",
            hint=hint,
            groups=groups,
            about=(in_doubt,) if in_doubt else () if self.desk.sentence.marks else (NO_MARKS,),
            hops=tuple((self.places[n], k) for k, n in self.hops.items()),
            likely=frozenset(self.places[n] for n in self.hops.values()),
            caret=self.places[self.place],
        )

    def _tried(self) -> Edit | None:
        """Return the edit that a split here would make, under ids that nobody keeps."""
        pen, coding, key, at = self._split_here()
        try:
            return boundaries.split(replace(pen, new_id=lambda: "tried"), coding, key, at)
        except MarkError:
            return None

    def _item(self, mark: Mark) -> Item:
        layer = self.desk.session.codebook.layer(mark.layer)
        family = layer.family(mark.label) if layer else None
        doubt = " ?" if mark.doubtful else ""
        return Item(
            key=" ",
            text=f"{self.desk.describe(mark)}{doubt}",
            glyph=layer.glyph_of(mark.label) if layer else "",
            colour=family.colour if family else "blue",
            state="rejected" if mark.rejected else "off",
        )

"""The register as it is put in order: what a key does there, without a screen and without a disk.

What is to be looked up or written is a `wish`: whoever calls `press`, `run` or `answer` grants it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from annotator.pipeline.register import Done, Merge, Plan, Rename, Turn
from annotator.pipeline.roll import Alike, Entry, Register, Who, alike
from annotator.tui import castview
from annotator.tui.modes.base import Ask, Step

_ONLY_IN_A_CAST = "That is done in the cast of a readout."
_ONLY_THERE = "A collective becomes one of the same members; others merge in the cast of a readout."


@dataclass(frozen=True)
class Wish:
    """What is wanted of the disk: to plan a turn, to carry the plan out, to take it back."""

    kind: Literal["plan", "carry out", "take back"]
    turn: Turn | None = None


class RegisterDesk:
    """The state of the register: who is lit, what is planned, what was done."""

    def __init__(self) -> None:
        self.register = Register()
        self.pairs: dict[Who, list[Alike]] = {}
        self.namesakes: frozenset[str] = frozenset()
        self.lit = 0
        self.ask: Ask | None = None
        self.message = ""
        self.subject: Who | None = None
        self.plan: Plan | None = None
        self.done: Done | None = None
        self.wish: Wish | None = None

    @property
    def entry(self) -> Entry | None:
        """Whoever is lit, None in an empty register."""
        entries = self.register.entries
        return entries[min(self.lit, len(entries) - 1)] if entries else None

    @property
    def chosen(self) -> Entry | None:
        """Whoever is to be merged into the lit one, None where nobody is."""
        return None if self.subject is None else self.register.get(self.subject)

    def take(self, register: Register) -> None:
        """Show another state of the register, with the same one lit if they are still there."""
        lit = self.entry
        self.register = register
        self.pairs = {}
        names = Counter(one.name for one in register.entries)
        self.namesakes = frozenset(name for name, count in names.items() if count > 1)
        for pair in alike(register.entries):
            self.pairs.setdefault(pair.one, []).append(pair)
            self.pairs.setdefault(pair.other, []).append(pair)
        if lit is not None:
            self.light(lit.who)

    def light(self, who: Who) -> None:
        """Light somebody."""
        places = (p for p, one in enumerate(self.register.entries) if one.who == who)
        self.lit = next(places, self.lit)

    def press(self, key: str) -> bool:
        """Take a key for a plan that waits, or for who is chosen; False where it means neither."""
        if self.plan is not None:
            return self._press_plan(self.plan, key)
        if self.subject is None:
            return False
        if key == "escape":
            self.subject = None
        elif key == "enter":
            self._merge_into_lit()
        else:
            return False
        return True

    def _press_plan(self, plan: Plan, key: str) -> bool:
        if key == "enter":
            self.wish = Wish("carry out")
        elif key == "escape":
            self.plan, self.message = None, "Nothing was changed."
        elif key == "a" and isinstance(plan.turn, Rename) and plan.otherwise:
            self.wish = Wish("plan", replace(plan.turn, everywhere=True))
        else:
            return False
        return True

    def _merge_into_lit(self) -> None:
        gone, stays = self.chosen, self.entry
        if gone is None or stays is None or gone.who == stays.who:
            self.message = "That is the same one; choose another."
        elif gone.id == stays.id:
            self.message = f"Both have the id {gone.id}; what tells them apart is in their casts."
        elif "collective" in (gone.type, stays.type) and gone.who.members != stays.who.members:
            self.message = _ONLY_THERE
        else:
            self.subject = None
            what = f"merge {gone.name} into {stays.name}"
            self.wish = Wish("plan", Merge(gone.who, stays.who, what))

    def run(self, command: str) -> bool:
        """Do what a command of the table says; False where it is none of the register's."""
        if not command.startswith("cast.") or command in ("cast.other", "cast.go"):
            return False
        self.message, self.plan, self.subject = "", None, None
        lit = self.entry
        if command == "cast.undo":
            self.wish = Wish("take back") if self.done else None
            self.message = "" if self.done else "There is no change of the register to take back."
        elif command == "cast.alike":
            self._next_alike()
        elif lit is None:
            self.message = "Nobody is in the register yet."
        elif command == "cast.rename":
            self._rename(lit)
        elif command == "cast.merge":
            self._begin_merge(lit)
        else:
            self.message = _ONLY_IN_A_CAST
        return True

    def _next_alike(self) -> None:
        entries = self.register.entries
        places = [*range(self.lit + 1, len(entries)), *range(self.lit + 1)]
        found = next((p for p in places if entries[p].who in self.pairs), None)
        if found is None:
            self.message = "No two of the register look alike."
        else:
            self.lit = found

    def _rename(self, lit: Entry) -> None:
        def done(typed: str) -> Step:
            name = " ".join(typed.split())
            if not name or name == lit.name:
                return Step(None, "Nothing changes.")
            self.wish = Wish("plan", Rename(lit.who, lit.name, name))
            return Step(None)

        self.ask = Ask(f"What is {lit.name} called in all readouts?", lit.name, done)

    def _begin_merge(self, lit: Entry) -> None:
        self.subject = lit.who
        for pair in self.pairs.get(lit.who, [])[:1]:
            self.light(pair.other if pair.one == lit.who else pair.one)

    def answer(self, typed: str) -> None:
        """Answer the question that waits."""
        ask, self.ask = self.ask, None
        if ask is not None:
            self.message = ask.done(typed).message

    def planned(self, plan: Plan) -> None:
        """Show what a change would do."""
        self.plan = plan
        if not plan.touched:
            self.plan, self.message = None, "Nothing changes."
            if plan.left_out:
                self.message = f"{plan.left_out[0][0]}: {plan.left_out[0][1]}"

    def hint(self, plan: Plan) -> str:
        """Say which keys a plan waits for."""
        wide = isinstance(plan.turn, Rename) and bool(plan.otherwise)
        more = " · a also where they are called otherwise" if wide else ""
        return f"{plan.turn.what}?  ⏎ does it{more} · esc leaves it"

    def carried_out(self, done: Done, *, back: bool, undo: str) -> None:
        """Say what was done, and that `undo` takes it back."""
        self.plan = None
        self.done = None if back else done
        coded = castview.readouts(len(done.codings))
        files = f"{len(done.metadata)} metadata file{'' if len(done.metadata) == 1 else 's'}"
        verb = "taken back" if back else "done"
        said = f"{verb}: {done.turn.what}, in {coded} coded and {files}."
        if not back:
            said += f"  {undo} takes it back."
        if done.left_out:
            named = "; ".join(f"{readout}: {why}" for readout, why in done.left_out[:3])
            more = len(done.left_out) - 3
            said += f"  Left out: {named}{f'; and {more} more' if more > 0 else ''}"
        self.message = said

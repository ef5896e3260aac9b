"""The register as it is put in order: what a key does there, without a screen and without a disk.

What is to be looked up or written is a `wish`: whoever calls `press`, `run` or `answer` grants it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from annotator.model.ids import plain
from annotator.pipeline.register import Done, Merge, Plan, Rename, Turn
from annotator.pipeline.roll import Alike, Entry, Register, Who, alike
from annotator.plural import many
from annotator.tui import castview
from annotator.tui.modes.base import Ask, Step

_ONLY_IN_A_CAST = "That is done in the cast of a readout."
_ONLY_THERE = "A collective becomes one of the same members; others merge in the cast of a readout."
_NO_CHANGE = (
    "There is no change of the register to take back since the program began. What an earlier one"
    " did to a coding, undo takes back in its readout."
)
_NOBODY = "Of nobody all this is told: {}."


def _searched(one: Entry) -> str:
    return plain("\n".join((*one.names, one.id, one.type, one.role, one.affiliation)))


@dataclass(frozen=True)
class Wish:
    """What is wanted of the disk: to plan a turn, to carry the plan out, to take it back."""

    kind: Literal["plan", "carry out", "take back"]
    turn: Turn | None = None


class RegisterDesk:
    """The state of the register: who is lit, what is planned, what was done."""

    def __init__(self) -> None:
        self.register = Register()
        self._told: Sequence[str] = ()
        self._narrowed: tuple[str, Sequence[Entry]] | None = None
        self.pairs: dict[Who, list[Alike]] = {}
        self.namesakes: frozenset[str] = frozenset()
        self.filter = ""
        self.lit = 0
        self.ask: Ask | None = None
        self.message = ""
        self.subject: Who | None = None
        self.plan: Plan | None = None
        self.done: Done | None = None
        self.wish: Wish | None = None

    @property
    def entries(self) -> Sequence[Entry]:
        """Those who are listed: everybody, or those of whom all words of the filter are told."""
        wanted = plain(self.filter).split()
        if not wanted:
            return self.register.entries
        if self._narrowed is None or self._narrowed[0] != self.filter:
            told = zip(self.register.entries, self._told, strict=True)
            found = tuple(one for one, text in told if all(word in text for word in wanted))
            self._narrowed = self.filter, found
        return self._narrowed[1]

    @property
    def entry(self) -> Entry | None:
        """Whoever is lit, None in an empty list."""
        entries = self.entries
        return entries[min(self.lit, len(entries) - 1)] if entries else None

    @property
    def chosen(self) -> Entry | None:
        """Whoever is to be merged into the lit one, None where nobody is."""
        return None if self.subject is None else self.register.get(self.subject)

    def take(self, register: Register) -> None:
        """Show another state of the register, with the same one lit if they are still there."""
        lit = self.entry
        self.register = register
        self._told, self._narrowed = tuple(map(_searched, register.entries)), None
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
        places = (p for p, one in enumerate(self.entries) if one.who == who)
        self.lit = next(places, self.lit)

    def narrow(self, typed: str) -> None:
        """List only those of whom all words are told that are typed, and light the first.

        Of everybody, the one stays lit who was.
        """
        lit = self.entry
        self.filter, self.lit = typed, 0
        if lit is not None and not typed.strip():
            self.light(lit.who)

    def back_to(self, who: Who) -> None:
        """Light somebody again, whom what is listed may not hold."""
        if who not in (one.who for one in self.entries):
            self.filter = ""
        self.light(who)

    def press(self, key: str) -> bool:
        """Take a key for a plan that waits, or for who is chosen; False where it means neither."""
        if self.plan is not None:
            return self._press_plan(self.plan, key)
        if self.subject is None:
            return False
        if key == "escape":
            self.back_to(self.subject)
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
            self.back_to(plan.turn.who)
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
        if command == "cast.filter":
            self._filter()
            return True
        self.message, self.plan, self.subject = "", None, None
        lit = self.entry
        if command == "cast.undo":
            self.wish = Wish("take back") if self.done else None
            self.message = "" if self.done else _NO_CHANGE
        elif command == "cast.alike":
            self._next_alike()
        elif lit is None:
            self.message = "Nobody is listed." if self.filter else "Nobody is in the register yet."
        elif command == "cast.rename":
            self._rename(lit)
        elif command == "cast.merge":
            self._begin_merge(lit)
        else:
            self.message = _ONLY_IN_A_CAST
        return True

    def _filter(self) -> None:
        """Ask for the words, as which they come; who is to be merged into one of them stays."""

        def done(typed: str) -> Step:
            self.narrow(typed)
            return Step(None, "" if self.entries else _NOBODY.format(typed))

        self.message = ""
        self.ask = Ask("List only: names, roles, countries, ids", self.filter, done, self.narrow)

    def _next_alike(self) -> None:
        entries = self.entries
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
        types = castview.types_differ(plan.turn)
        return f"{plan.turn.what}?  {types and f'{types}  '}⏎ does it{more} · esc leaves it"

    def carried_out(self, done: Done, *, back: bool, undo: str) -> None:
        """Say what was done, and that `undo` takes it back."""
        self.plan = None
        self.done = None if back else done
        coded = many(len(done.codings), "readout")
        files = many(len(done.metadata), "metadata file")
        verb = "taken back" if back else "done"
        said = f"{verb}: {done.turn.what}, in {coded} coded and {files}."
        if not back:
            said += f"  {undo} takes it back."
        if done.left_out:
            named = "; ".join(f"{readout}: {why}" for readout, why in done.left_out[:3])
            more = len(done.left_out) - 3
            said += f"  Left out: {named}{f'; and {more} more' if more > 0 else ''}"
        self.message = said

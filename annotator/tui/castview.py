"""The cast and the register in lines: a row for each, and all that is known of the lit one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from annotator.model.entity import Cast, Entity
from annotator.pipeline.register import Merge, Plan, Turn
from annotator.pipeline.roll import Alike, Entry, Register
from annotator.plural import many
from annotator.tui import paint
from annotator.tui.modes.glyphs import COLOURS, GLYPHS
from annotator.tui.paint import Line, Run, ink

_ROOM_FOR_ROLES: Final = 64
MOST_LISTED: Final = 12
"""Readouts that are named one by one; of more, how many."""


def person(entity: Entity, key: str, used: int, width: int, *, sign: str = " ") -> Line:
    """Show somebody of a cast: key, name, role and country, and how many marks name them.

    `sign` tells what is being done with them.
    """
    colour = f"$family-{COLOURS[entity.type]}"
    left = (
        Run(sign, paint.WARN),
        ink(key.rjust(2), paint.KEY),
        Run(" "),
        ink(f"{GLYPHS[entity.type]} ", colour),
        ink(entity.name, "" if used else paint.MUTED),
    )
    about = " · ".join(part for part in (entity.role, entity.affiliation) if part)
    about = about or (entity.type if entity.type != "person" else "")
    count = f"{used:,}".rjust(6) if used else "–".rjust(6)
    right: Line = (ink(count, paint.MUTED),)
    if width >= _ROOM_FOR_ROLES:
        room = max(0, width // 2 - 8)
        right = (ink(paint.cut(about, room), paint.MUTED), *right)
    return paint.ends(left, right, width)


def entry(
    one: Entry,
    register: Register,
    width: int,
    *,
    sign: str = " ",
    alike: bool = False,
    namesake: bool = False,
) -> Line:
    """Show somebody of the register: name, role and country, readouts and marks.

    A `namesake` is told by the id from others who have the same name; a collective by its members.
    `!` stands where somebody of another type has the same id.
    """
    colour = f"$family-{COLOURS[one.type]}"
    clash = bool(register.clashes(one))
    left = (
        Run(sign, paint.WARN),
        ink(f"{GLYPHS[one.type]} ", colour),
        ink(one.name),
        ink(f" ({one.id})" if clash or (namesake and not one.members) else "", paint.MUTED),
        Run(" !" if clash else "", paint.BAD),
        Run(" ≈" if alike else "", paint.WARN),
    )
    right: Line = (ink(f"{len(one.readouts):>5,}{one.marks:>7,}", paint.MUTED),)
    if width >= _ROOM_FOR_ROLES:
        known = (*register.members(one), one.role, one.affiliation)
        about = " · ".join(part for part in known if part)
        about = about or (one.type if one.type != "person" else "")
        room = max(0, width - paint.width(left) - paint.width(right) - 4)
        right = (ink(f"{paint.cut(about, min(room, width // 2 - 8))}  ", paint.MUTED), *right)
    return paint.ends(left, right, width)


def heading(words: Sequence[str], width: int) -> Line:
    """Show what the columns are."""
    left, right = words
    return paint.ends((Run(f" {left}", paint.MUTED),), (Run(right, paint.MUTED),), width)


def about_person(
    entity: Entity, cast: Cast, used: int, words: Sequence[str], width: int
) -> list[Line]:
    """Show all that is known of somebody of a cast."""
    found: list[Line] = [*paint.prose(entity.name, width, paint.TITLE), ()]
    found += _pairs(
        (
            ("type", entity.type),
            ("role", entity.role or ""),
            ("country", entity.affiliation or ""),
            ("id", entity.id),
            ("Wikidata", entity.wikidata or ""),
            ("marks", f"{used:,}" if used else "none"),
        ),
        width,
    )
    found += _list("Members", [cast.name(member) for member in entity.members], width)
    found += _list("Stands for", [cast.name(other) for other in entity.represents], width)
    within = [other.name for other in cast.entities if entity.id in other.members]
    found += _list("Member of", within, width)
    found += _list("Also called", entity.aliases, width)
    return found + _list("Words of marks, no names yet", [f"“{one}”" for one in words], width)


def about_entry(one: Entry, register: Register, alike: Sequence[Alike], width: int) -> list[Line]:
    """Show all that is known of somebody of the register."""
    found: list[Line] = [*paint.prose(one.name, width, paint.TITLE), ()]
    found += _pairs(
        (
            ("type", one.type),
            ("role", one.role),
            ("country", one.affiliation),
            ("id", one.id),
            ("Wikidata", one.wikidata),
            ("in", f"{many(len(one.readouts), 'readout')}, {many(one.marks, 'mark')}"),
        ),
        width,
    )
    for pair in alike:
        other = register.get(pair.other if pair.one == one.who else pair.one)
        if other is not None:
            found.append(())
            told = f" ({other.id})" if other.name == one.name else ""
            found += paint.prose(f"≈ may be {other.name}{told}", width, paint.WARN)
            found += paint.prose(pair.why, width, paint.MUTED)
    for other in register.clashes(one):
        told = f"! {other.name} ({other.type}) has the id {other.id} as well: two rows, not one."
        found += [(), *paint.prose(told, width, paint.BAD)]
        found += paint.prose(f"in {', '.join(_few(other.readouts))}", width, paint.MUTED)
    found += _list("Members", register.members(one), width)
    found += _list("Also called", one.names[1:], width)
    return found + _list("Readouts", _few(one.readouts), width)


def types_differ(turn: Turn) -> str:
    """Say which types a merge puts together, empty where they are one or nothing is merged."""
    if not isinstance(turn, Merge) or turn.who.type == turn.stays.type:
        return ""
    return f"The types differ: {turn.who.type} into {turn.stays.type}."


def about_plan(plan: Plan, width: int) -> list[Line]:
    """Show what a change would do before it is done."""
    found: list[Line] = [*paint.prose(plan.turn.what, width, paint.TITLE), ()]
    types = types_differ(plan.turn)
    found += [*paint.prose(types, width, paint.BAD), ()] if types else []
    coded = sum(one.coding for one in plan.touched)
    files = sum(one.metadata for one in plan.touched)
    found += _pairs(
        (
            ("codings", many(coded, "readout")),
            ("marks", many(plan.marks, "mark")),
            ("metadata", many(files, "file")),
        ),
        width,
    )
    listed = [
        f"{one.readout}  {many(one.marks, 'mark')}" if one.marks else one.readout
        for one in plan.touched
    ]
    found += _list("Changes in", _few(listed), width)
    other = [f"{readout}: {name}" for readout, name in plan.otherwise]
    found += _list("Called otherwise, and left so", _few(other), width)
    return found + told_left_out(plan.left_out, width)


def told_left_out(left_out: Iterable[tuple[str, str]], width: int) -> list[Line]:
    """Say which readouts are left out, and why."""
    listed = [f"{readout}: {why}" for readout, why in left_out]
    return _list("Left out", _few(listed), width, paint.WARN)


def _few(listed: Sequence[str]) -> list[str]:
    more = len(listed) - MOST_LISTED
    return [*listed[:MOST_LISTED], *([f"and {more:,} more"] if more > 0 else [])]


def _pairs(pairs: Iterable[tuple[str, str]], width: int) -> list[Line]:
    found: list[Line] = []
    for name, value in pairs:
        if value:
            first, *rest = paint.prose(value, width - 11)
            found.append((Run(f"{name:<10} ", paint.MUTED), *first))
            found += [(Run(" " * 11), *line) for line in rest]
    return found


def _list(name: str, values: Sequence[str], width: int, style: str = "") -> list[Line]:
    if not values:
        return []
    rows = [row for value in values for row in paint.prose(value, width - 2, style, indent="  ")]
    return [(), (Run(name, paint.MUTED),), *((Run("  "), *row) for row in rows)]

"""The lines of keys at the foot of every screen: no key is cut, and one leads to all that are not.

Where not all have room, those that stand first in their list are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from annotator.tui import keys, paint
from annotator.tui.keys import Keymap
from annotator.tui.paint import Line, Run, ink

BETWEEN: Final = " · "
"""What stands between two keys in what a panel says of its own."""
_SHARE: Final = 8
_ROOMY, _CLOSE = 3, 2
_FIRST: Final = ("undo", "span", "find", "codebook", "waiting.next")
_LAST: Final = ("help", "back")
"""What leads to all other keys, and out: both have room before any other."""


class Key(NamedTuple):
    """A key as it is pressed and as it is written, and in a word or two what it does."""

    key: str
    sign: str
    words: str


_ALL: Final = Key("f1", keys.shown("f1"), "all keys")


def rows(height: int) -> int:
    """Return how many rows of a screen so high its foot may have: an eighth."""
    return max(1, height // _SHARE)


def of_panel(hint: str, width: int, most: int = 1, undo: str = "") -> list[Line]:
    """Show the keys of an open panel, which hides those of the screen, in so many rows at most.

    The key of `undo` stands behind them. Where not all have room, the key that lists all does.
    """
    items = _items(hint, undo)
    kept = _kept(items, width, most)
    return _laid(items if kept == len(items) else [*items[:kept], _item(_ALL)], width)


def of_rest(hint: str, width: int, most: int, beside: int, undo: str = "") -> list[Line]:
    """Show the keys that have no room at a foot of this width, in rows of `beside` cells."""
    items = _items(hint, undo)
    return paint.flow(items[_kept(items, width, most) :], beside, gap=_CLOSE)


def _items(hint: str, undo: str) -> list[Line]:
    said = [_read(part) for part in hint.split(BETWEEN)]
    said += [Key(undo, undo, "undo")] if undo else []
    return [_item(one) for one in said]


def _kept(items: Sequence[Line], width: int, most: int) -> int:
    """Return how many keys have room at the foot, beside the one that lists all if not all have."""
    if len(_laid(items, width)) <= most:
        return len(items)
    kept = len(items) - 1
    while kept and len(_laid([*items[:kept], _item(_ALL)], width)) > most:
        kept -= 1
    return kept


def _read(part: str) -> Key:
    """Read a key as a panel says it: its sign before a colon, or else before the first blank."""
    sign, colon, words = part.partition(": ")
    if not colon:
        sign, _, words = part.partition(" ")
    return Key(keys.pressed(sign), sign, words)


def _item(one: Key) -> Line:
    words = (ink(f" {one.words}", paint.MUTED, one.key),) if one.words else ()
    return (ink(one.sign, paint.KEY, one.key), *words)


def _laid(items: Sequence[Line], width: int) -> list[Line]:
    """Set keys into rows, with more air where one row is enough."""
    room = max(1, width - 2)
    found = paint.flow(items, room, gap=_ROOMY)
    if len(found) > 1:
        found = paint.flow(items, room, gap=_CLOSE)
    return [(Run(" "), *line) for line in found]


def foot(
    keymap: Keymap,
    scope: keys.Scope,
    width: int,
    *,
    own: Sequence[Key] = (),
    only_read: bool = False,
) -> Line:
    """Show the keys that are most used, as many as one row has room for.

    `own` are keys of the screen that stand in no table, and come first. Of one that is `only_read`
    no key that changes it is shown, but one that takes it over.
    """
    table = keymap.of(scope)
    if only_read:
        over = (c for c in table if c.id == "write")
        own = [*own, *(_key(c)._replace(words="write here") for c in over)]
        table = tuple(c for c in table if not keymap.changes(c.id))
    elif scope == "annotate":
        return _of_annotate(keymap, width)
    last = [_item(_key(c)) for c in table if c.id in _LAST]
    rest = [_item(_key(c)) for c in table if c.short and c.id not in _LAST]
    return _row([*map(_item, own), *rest], last, width)


def _of_annotate(keymap: Keymap, width: int) -> Line:
    """Show the keys of the panels with their names, or under one word where all have no room."""
    table = {command.id: command for command in keymap.of("annotate")}
    last = [_item(_key(table[name])) for name in _LAST]
    confirm, *rest = [_item(_key(c)) for c in table.values() if c.short and c.id not in _LAST]
    named = [_item(Key(p.key, p.key, p.name.lower())) for p in keymap.panels]
    whole = _laid([confirm, *named, *rest, *last], width)
    if len(whole) == 1:
        return whole[0]
    marks: list[Run] = []
    for panel in keymap.panels:
        marks += [ink(panel.key, paint.KEY, panel.key), Run(" ")]
    marks.append(Run("mark", paint.MUTED))
    others = [table[name] for name in _FIRST]
    others += [c for c in table.values() if c.short and c.id not in (*_FIRST, *_LAST)][1:]
    return _row([confirm, tuple(marks), *(_item(_key(c)) for c in others)], last, width)


def _key(command: keys.Command) -> Key:
    return Key(command.keys[0], keys.shown(command.keys[0]), command.short)


def _row(items: Sequence[Line], last: Sequence[Line], width: int) -> Line:
    """Set as many of the items into one row as have room beside the last ones, which have it."""
    left = list(items)
    found = _laid([*left, *last], width)
    while len(found) > 1 and left:
        left.pop()
        found = _laid([*left, *last], width)
    return found[0]

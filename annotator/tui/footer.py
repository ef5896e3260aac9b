"""The line of keys at the foot of every screen."""

from __future__ import annotations

from typing import Final

from annotator.tui import keys, paint
from annotator.tui.keys import Keymap
from annotator.tui.paint import Line, Run, ink

_ROOM_FOR_WORDS: Final = 112
_SHORT: Final = ("undo", "help", "palette", "span", "find", "codebook", "back")


def of_panel(hint: str, width: int, undo: str = "") -> Line:
    """Show the keys of an open panel, which hides those of the screen.

    The key of `undo` stands behind them where there is room.
    """
    longer = f"{hint} · {undo} undo"
    hint = longer if undo and paint.width((Run(longer),)) <= width - 2 else hint
    return (Run(" "), ink(paint.cut(hint, width - 2), paint.MUTED))


def holds(hint: str, width: int) -> bool:
    """Tell whether the line has room for all the keys of a panel: then they stand there alone."""
    return paint.width((ink(hint),)) <= width - 2


def foot(keymap: Keymap, scope: keys.Scope, width: int, *, only_read: bool = False) -> Line:
    """Show the keys that are most used, as many as there is room for.

    Of one that is `only_read` no key that changes it is shown, but one that takes it over.
    """
    if scope == "annotate" and width < _ROOM_FOR_WORDS and not only_read:
        return _short_foot(keymap, width)
    shown: list[tuple[str, str, str]] = []
    if only_read:
        takes_over = [c for c in keymap.of(scope) if c.id == "write"]
        looking = [c for c in keymap.of(scope) if c.short and not keymap.changes(c.id)]
        shown += [(c.keys[0], keys.shown(c.keys[0]), "write here") for c in takes_over]
        shown += [(c.keys[0], keys.shown(c.keys[0]), c.short) for c in looking]
    elif scope == "annotate":
        first, *rest = [c for c in keymap.of(scope) if c.short]
        shown.append((first.keys[0], keys.shown(first.keys[0]), first.short))
        shown += [(p.key, p.key, p.name.lower()) for p in keymap.panels]
        shown += [(c.keys[0], keys.shown(c.keys[0]), c.short) for c in rest]
    else:
        shown += [(c.keys[0], keys.shown(c.keys[0]), c.short) for c in keymap.of(scope) if c.short]
    line: list[Run] = [Run(" ")]
    used = 1
    for key, sign, words in shown:
        item = (ink(sign, paint.KEY, key), ink(f" {words}", paint.MUTED, key), Run("   "))
        wide = paint.width(item)
        if used + wide > width:
            break
        line += item
        used += wide
    return tuple(line)


def _short_foot(keymap: Keymap, width: int) -> Line:
    """Show the keys of the panels under one word, and what a newcomer cannot do without."""
    commands = {command.id: command for command in keymap.of("annotate")}
    confirm = commands["sentence.confirm"]
    line: list[Run] = [Run(" ")]
    line += [ink(keys.shown(confirm.keys[0]), paint.KEY, confirm.keys[0])]
    line += [ink(f" {confirm.short}  ", paint.MUTED)]
    for panel in keymap.panels:
        line += [ink(panel.key, paint.KEY, panel.key), Run(" ")]
    line.append(Run("mark", paint.MUTED))
    for name in _SHORT:
        command = commands[name]
        key = command.keys[0]
        item = (
            Run("  "),
            ink(keys.shown(key), paint.KEY, key),
            ink(f" {command.short}", paint.MUTED),
        )
        if paint.width((*line, *item)) <= width:
            line += item
    return paint.fit(tuple(line), width)

"""The line of keys at the foot of every screen."""

from __future__ import annotations

from annotator.tui import keys, paint
from annotator.tui.keys import Keymap
from annotator.tui.paint import Line, Run, ink


def foot(keymap: Keymap, scope: keys.Scope, width: int) -> Line:
    """Show the keys that are most used, as many as there is room for."""
    shown: list[tuple[str, str, str]] = []
    if scope == "annotate":
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

"""What can be looked up: the keys, and the codebook's entries."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

from annotator.model.codebook import Codebook, Label, Layer, Revision
from annotator.model.outdated import led_to, noted
from annotator.tui import keys, paint
from annotator.tui.inner import INNER
from annotator.tui.keys import Keymap
from annotator.tui.paint import Line, Run, ink

_KEYS = 16


def commands(keymap: Keymap, of: keys.Scope, width: int) -> list[Line]:
    """Show the commands of a screen by what they are for, then the keys within panels."""
    lines: list[Line] = []
    if of == "annotate":
        lines += _heading("Panels of the codebook")
        for panel in keymap.panels:
            lines += _entry(panel.key, panel.name, width)
    ordered = sorted(keymap.of(of), key=lambda command: _PARTS.index(command.part))
    for part, group in groupby(ordered, key=lambda command: command.part):
        lines += _heading(part)
        for command in group:
            signs = "  ".join(keys.shown(key) for key in command.keys)
            lines += _entry(signs, f"{command.title}. {command.help}", width)
    if of == "annotate":
        for title, entries in INNER.items():
            lines += _heading(title)
            for inner in entries:
                lines += _entry(inner.signs, inner.help, width)
    return lines


def elsewhere(keymap: Keymap, of: keys.Scope, width: int) -> list[Line]:
    """Show the commands of the other screens, those of each that are not the same on this one."""
    lines: list[Line] = []
    for scope, name in _SCREENS.items():
        found = [one for one in keymap.of(scope) if of not in one.scopes] if scope != of else []
        lines += _heading(name) if found else []
        for command in found:
            signs = "  ".join(keys.shown(key) for key in command.keys)
            lines += _entry(signs, f"{command.title}. {command.help}", width)
    return lines


_SCREENS: Final[dict[keys.Scope, str]] = {
    "annotate": "Elsewhere: in a readout",
    "library": "Elsewhere: in the library",
    "find": "Elsewhere: in Find",
    "codebook": "Elsewhere: in the codebook",
    "cast": "Elsewhere: in the cast and the register",
    "about": "Elsewhere: in the form of a readout",
    "figures": "Elsewhere: in the figures",
    "formula": "Elsewhere: in the list of formulas",
    "applying": "Elsewhere: where marks go to all",
    "export": "Elsewhere: in the export",
}
"""What the lists of other screens are headed by; screens that only show something have none."""
_PARTS = ("Decide", "Mark", "Change", "Move", "Look", "Program")


def _heading(words: str) -> list[Line]:
    return [(), (ink(words, paint.TITLE),)]


def _entry(sign: str, words: str, width: int) -> list[Line]:
    first, *rest = paint.prose(words, width - _KEYS)
    pad = " " * max(1, _KEYS - paint.width((ink(sign),)) - 2)
    head: Line = (Run("  "), ink(sign, paint.KEY), Run(pad))
    return [(*head, *first), *((Run(" " * _KEYS), *line) for line in rest)]


def entry(book: Codebook, layer: Layer, label: Label | None, width: int) -> list[Line]:
    """Show what a codebook says of a label, or of a layer where none is given."""
    if label is None:
        return [paint.fit(line, width) for line in _layer_head(layer, width)]
    lines = _label(layer, label, width)
    named = re.compile(rf"(?<![\w.]){re.escape(label.id)}(?!\w|\.\w)")
    cases = [case for case in layer.edge_cases if named.search(case)]
    if cases:
        lines += [(), (Run("Edge cases", paint.STRONG),)]
    for case in cases:
        lines += paint.prose(f"· {noted(layer, case)}", width, indent="  ")
    changes = [c for c in book.changes if c.layer == layer.id and _about(c, label)]
    if changes:
        lines += [(), (Run("Changes", paint.STRONG),)]
    for change in changes:
        lines += paint.prose(f"· {_told(change)}", width, paint.MUTED, indent="  ")
    return [paint.fit(line, width) for line in lines]


def _about(change: Revision, label: Label) -> bool:
    ids = {label.id, *label.was}
    return change.label in ids or not ids.isdisjoint(change.into)


def _told(change: Revision) -> str:
    into = f" → {', '.join(change.into)}" if change.into else ""
    when = f"{change.version}  {change.date}".rstrip()
    return f"{when}  {change.kind} {change.label}{into}  {change.note}".rstrip()


def _layer_head(layer: Layer, width: int) -> list[Line]:
    title = f"{layer.glyph} {layer.name}"
    lines: list[Line] = [
        (ink(title, paint.TITLE), Run("   key ", paint.MUTED), ink(layer.key, paint.KEY))
    ]
    lines += paint.prose(noted(layer, layer.definition), width) if layer.definition else []
    for title, entries in (("Rules", layer.rules), ("Edge cases", layer.edge_cases)):
        if entries:
            lines += [(), (Run(title, paint.STRONG),)]
        for entry in entries:
            lines += paint.prose(f"· {noted(layer, entry)}", width, indent="  ")
    if layer.slots:
        lines += [(), (Run("Slots", paint.STRONG),)]
    for slot in layer.slots:
        need = ", required" if slot.required else ""
        lines += paint.prose(
            f"· {slot.name} ({slot.type}{need}): {slot.definition}", width, indent="  "
        )
        for choice in slot.choices:
            lines += [
                (Run("    "), *line)
                for line in paint.prose(
                    f"{choice.key or ''} {choice.name}: {choice.definition}".strip(": "),
                    width - 4,
                    paint.MUTED,
                    indent="  ",
                )
            ]
    return [*lines, *_questions(layer, width)]


def _questions(layer: Layer, width: int) -> list[Line]:
    """Show the questions that lead to the layer's labels."""
    lines: list[Line] = [(), (Run("Questions", paint.STRONG),)] if layer.questions else []
    for question in layer.questions:
        lines += paint.prose(f"· {noted(layer, question.ask)}", width, indent="  ")
        for answer in question.answers:
            asked = layer.question(answer.question or "")
            leads = asked.ask if asked else led_to(layer, answer.label or "") or "nothing is coded"
            words = noted(layer, f"{answer.key} {answer.name} → {leads}")
            lines += [
                (Run("    "), *line)
                for line in paint.prose(words, width - 4, paint.MUTED, indent="  ")
            ]
    return lines


def _label(layer: Layer, label: Label, width: int) -> list[Line]:
    lines = paint.prose(label.name, width, paint.STRONG)
    named: Line = (*lines[-1], ink(f"   {label.id}", paint.MUTED))
    lines[-1:] = [named] if paint.width(named) <= width else [lines[-1], named[-1:]]
    if label.was:
        lines += paint.prose(f"was {', '.join(label.was)}", width, paint.MUTED)
    if label.retired:
        into = f"; now {' or '.join(label.into)}" if label.into else ""
        lines += paint.prose(f"retired in {label.retired}{into}", width, paint.WARN)
    lines += paint.prose(noted(layer, label.definition), width) if label.definition else []
    for sign, entries in (("+", label.include), ("−", label.exclude), ("“", label.examples)):
        for entry in entries:
            said = f"{sign} {noted(layer, entry)}"
            words = f"“{entry.strip('“”')}”" if sign == "“" else said
            style = "italic" if sign == "“" else paint.MUTED
            lines += [
                (Run("  "), *line) for line in paint.prose(words, width - 2, style, indent="  ")
            ]
    mapped = [f"CAP {', '.join(map(str, label.cap))}"] if label.cap else []
    mapped += [f"PLOVER {', '.join(label.plover)}"] if label.plover else []
    if mapped:
        lines.append((ink(f"  {'   '.join(mapped)}", paint.MUTED),))
    return lines

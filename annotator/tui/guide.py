"""What can be looked up: the keys, and the codebook's entries."""

from __future__ import annotations

import re
from itertools import groupby

from annotator.model.codebook import Codebook, Label, Layer, Revision
from annotator.tui import keys, paint
from annotator.tui.keys import Keymap
from annotator.tui.paint import Line, Run, ink

_KEYS = 16
_IN_PANELS = (
    ("a key", "A panel shows a key for each label or person; pressing it again takes it back."),
    ("/", "Type a part of a label's name; ⏎ takes the first that fits."),
    ("⏎", "Confirm the sentence and go on, from within a panel too. In a form: close it."),
    ("esc", "Close the panel; the sentence stays undecided."),
    ("⇥", "In a panel: choose words for the label. In a form: the next slot."),
    ("⇧⇥", "In a panel whose layer has questions: be asked until a label is left."),
    ("-  ⌫  ~", "In a form: none stated; not looked at; named by context only."),
    ("←→  ␣", "In a form: look at what the keys choose; take what is looked at."),
)
_IN_QUESTIONS = (
    ("a key", "Give that answer; the last one makes the mark and opens its form."),
    ("↑↓  ⏎", "Look at the answers; give the one that is lit."),
    ("⌫", "Go back to the question before."),
)
_IN_SPANS = (
    ("a letter", "Begin at the word above it; again: the other stretches that may begin there."),
    ("A CAPITAL", "End at the word above that letter; again: the stretches that may end there."),
    (";", "Letters for the words behind those that have one."),
    ("⏎", "Give the stretch to the slot, and close."),
    ("space", "Give it, and stay for another. A hop begins a new stretch."),
    ("1 … 9  ⇥", "Give the stretch to that slot; choose the slot."),
    ("←→", "The word before or after; with shift the right edge, with control the left edge."),
    ("↑↓", "Grow to the phrase, the clause, the sentence; shrink again."),
    (",  .  <  >", "Move the right or the left edge by one character."),
    ("⇞⇟", "Light one of the spans that the slot holds; what shapes it changes it."),
    ("⌫", "Take the lit one of them away."),
)


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
        for title, entries in _PARTS_OF_A_PANEL:
            lines += _heading(title)
            for sign, words in entries:
                lines += _entry(sign, words, width)
    return lines


_PARTS_OF_A_PANEL = (
    ("In a panel or form", _IN_PANELS),
    ("In questions", _IN_QUESTIONS),
    ("In a span", _IN_SPANS),
)
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
        lines += paint.prose(f"· {case}", width, indent="  ")
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
    lines += paint.prose(layer.definition, width) if layer.definition else []
    for title, entries in (("Rules", layer.rules), ("Edge cases", layer.edge_cases)):
        if entries:
            lines += [(), (Run(title, paint.STRONG),)]
        for entry in entries:
            lines += paint.prose(f"· {entry}", width, indent="  ")
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
        lines += paint.prose(f"· {question.ask}", width, indent="  ")
        for answer in question.answers:
            label, following = layer.label(answer.label or ""), answer.question or ""
            asked = layer.question(following)
            leads = label.name if label else asked.ask if asked else "nothing is coded"
            words = f"{answer.key} {answer.name} → {leads}"
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
    lines += paint.prose(label.definition, width) if label.definition else []
    for sign, entries in (("+", label.include), ("−", label.exclude), ("“", label.examples)):
        for entry in entries:
            words = f"“{entry.strip('“”')}”" if sign == "“" else f"{sign} {entry}"
            style = "italic" if sign == "“" else paint.MUTED
            lines += [
                (Run("  "), *line) for line in paint.prose(words, width - 2, style, indent="  ")
            ]
    mapped = [f"CAP {', '.join(map(str, label.cap))}"] if label.cap else []
    mapped += [f"PLOVER {', '.join(label.plover)}"] if label.plover else []
    if mapped:
        lines.append((ink(f"  {'   '.join(mapped)}", paint.MUTED),))
    return lines

"""What stands beside or under the text: the marks of a sentence, or the open panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.model.codebook import Layer
from annotator.model.mark import Mark
from annotator.model.renewal import asks, why
from annotator.session.chains import nested
from annotator.tui import paint
from annotator.tui.modes.base import Field, Group, Item, View
from annotator.tui.modes.pick import label_entry
from annotator.tui.page import LOST, STATES, apart, named, tag
from annotator.tui.paint import Line, Run, ink
from annotator.tui.workbench import Workbench

_FIELD_STYLES: Final = {
    "unseen": paint.MUTED,
    "filled": "",
    "none": paint.MUTED,
    "missing": paint.WARN,
    "proposed": "italic",
}
_FIELD_WORDS: Final = {"unseen": "·", "missing": "to be filled"}


_ROOM_FOR_NAMES: Final = 36
_LEAST_ENTRY: Final = 6
_LONGEST_RULE: Final = 40
"""Rows of an entry's one line, which may be a chosen stretch of any length."""
_LEAST_WINDOW: Final = 4
_LEAST_BESIDE: Final = 14
"""Cells behind a name from which what it means begins beside it."""
DENSE, LISTED, ROOMY = range(3)
"""How much is shown: what is in focus; every row and heading; definitions of what keys choose."""


def lines(bench: Workbench, width: int, height: int, view: View | None = None) -> list[Line]:
    """Show the open panel, or the sentence's marks, as roomily as `height` rows allow.

    `view` is what the open panel shows, where that is known already.
    """
    view = view or (bench.mode.view() if bench.mode else None)
    made: list[Line] = []
    for room in (ROOMY, LISTED, DENSE) if not view or _has_more(view) else (LISTED, DENSE):
        made = view_lines(view, width, room) if view else mark_lines(bench, width, room)
        if len(made) <= height:
            break
    if view is None:
        made += _cut_short(_lit_entry(bench, width), height - len(made))
    return [paint.fit(line, width) for line in _around_the_light(made, height)]


def _has_more(view: View) -> bool:
    """Tell whether there is more to show with room: details, or names in a column of their own."""
    detailed = any(item.detail for group in view.groups for item in group.items)
    return detailed or not any(group.heading for group in view.groups)


def _around_the_light(lines: list[Line], height: int) -> list[Line]:
    """Return as many lines as there is room for, the lit one among them, and say what is left out.

    The first line, which says what the panel is, always stands.
    """
    room = height - 1
    if len(lines) <= height or room < _LEAST_WINDOW:
        return lines
    lit = next((i for i, line in enumerate(lines) if any("$choice" in r.style for r in line)), 0)
    head, body = lines[:1], lines[1:]
    start = max(0, min(lit - 1 - room // 2, len(body) - room))
    shown = body[start : start + room]
    if start:
        shown[0] = (Run(f"↑ {start + 1} more lines above", paint.MUTED),)
    below = len(body) - start - room
    if below > 0:
        shown[-1] = (Run(f"↓ {below + 1} more lines below", paint.MUTED),)
    return [*head, *shown]


def _cut_short(entry: list[Line], room: int) -> list[Line]:
    """Return as much of an entry as there is room for, and nothing where that is too little."""
    if len(entry) <= room:
        return entry
    more = (Run("… ", paint.MUTED), Run("?", paint.KEY, "?"), Run(" shows all", paint.MUTED))
    return [*entry[: room - 1], more] if room > _LEAST_ENTRY else []


def view_lines(view: View, width: int, room: int) -> list[Line]:
    """Show a panel: its title, its form, what its keys choose, the entry under the light."""
    blank: list[Line] = [()] if room > DENSE else []
    found: list[Line] = [(ink(view.title, paint.TITLE),), *blank]
    if view.lead:
        first, *rest = view.lead
        found += paint.prose(first, width, paint.STRONG)
        found += [row for line in rest for row in paint.prose(line, width, paint.MUTED)]
        found += blank
    if view.fields and room > DENSE:
        found += [*_fields(view.fields, width), ()]
    elif view.fields:
        found += _fields([field for field in view.fields if field.focused], width)
    found += _groups(view.groups, width, room)
    if room < ROOMY:
        found += _lit_detail(view.groups, width)
    if view.fields and room == DENSE:
        found += _other_fields(view.fields, width)
    if view.about:
        found += [*blank, *_entry(view.about, width)]
    return [*found, *blank, *paint.prose(view.hint, width, paint.MUTED)]


def _entry(about: Sequence[str], width: int) -> list[Line]:
    """Show an entry of the codebook: its name, its definition, what it takes in and leaves out."""
    found: list[Line] = []
    for place, line in enumerate(about):
        rule = line[:1] in "+−"
        strong = place == 0 and len(about) > 1
        style = paint.STRONG if strong else paint.MUTED if rule else ""
        found += paint.prose(line, width, style, indent="  " if rule else "", rows=_LONGEST_RULE)
    return found


def _fields(fields: Sequence[Field], width: int) -> list[Line]:
    name_width = min(16, max(len(field.name) for field in fields))
    found: list[Line] = []
    for field in fields:
        style = _FIELD_STYLES[field.state]
        value = paint.cut(field.value or _FIELD_WORDS.get(field.state, ""), width - name_width - 4)
        ground = " on $choice" if field.focused else ""
        key = Run(f"{field.key or ' '} ", f"{paint.KEY}{ground}", field.key)
        named = (paint.STRONG if field.focused else paint.MUTED) + ground
        name = ink(field.name[:name_width].ljust(name_width), named, field.key)
        found.append((key, name, Run("  ", ground), ink(value, style + ground)))
    return found


def _other_fields(fields: Sequence[Field], width: int) -> list[Line]:
    """Show the rows out of focus in few lines: what is filled, then the names of the rest."""
    items: list[Line] = []
    for field in fields:
        if not field.focused and field.state != "unseen":
            value = paint.cut(field.value or _FIELD_WORDS.get(field.state, ""), max(10, width // 3))
            items.append((*_name(field), Run(" "), ink(value, _FIELD_STYLES[field.state])))
    items += [_name(f) for f in fields if f.state == "unseen" and not f.focused]
    return paint.flow(items, width)


def _name(field: Field) -> Line:
    return (ink(field.key, paint.KEY, field.key), ink(f" {field.name}", paint.MUTED, field.key))


def _groups(groups: Sequence[Group], width: int, room: int) -> list[Line]:
    items = [item for group in groups for item in group.items]
    if room == ROOMY and any(item.detail for item in items):
        return [line for item in items for line in _detailed(item, width)]
    most = max(8, width // 2 - 5)
    widest = max((min(most, paint.width(_item(item, most))) for item in items), default=0)
    plain = not any(group.heading for group in groups)
    if widest == most and (room == ROOMY or (room > DENSE and plain)):
        return [_item(item, width - 5) for item in items]
    if room == DENSE or plain:
        return paint.columns([_item(item, most) for item in items], width)
    found: list[Line] = []
    for group in groups:
        if group.heading:
            found.append((ink(group.heading, paint.MUTED),))
        found += paint.columns([_item(item, most) for item in group.items], width, least=widest)
    return found


def _lit_detail(groups: Sequence[Group], width: int) -> list[Line]:
    """Say what the item under the light means, where there is no room to say it of all."""
    lit = next((item for group in groups for item in group.items if item.lit and item.detail), None)
    return paint.prose(f"{lit.key} {lit.detail}", width, paint.MUTED) if lit else []


def _item(item: Item, most: int) -> Line:
    ground = " on $choice" if item.lit else ""
    style = _item_style(item)
    box = {"on": "●", "rejected": "✗", "off": item.glyph or " "}[item.state]
    return (
        ink(item.key.rjust(1), paint.KEY + ground, item.key),
        Run(" ", ground, item.key),
        ink(f"{box} " if box.strip() else "", style + ground, item.key),
        ink(paint.cut(item.text, most), style + ground, item.key),
    )


def _item_style(item: Item) -> str:
    if item.state == "rejected":
        return f"strike {paint.MUTED}"
    colour = f"$family-{item.colour}" if item.glyph else ""
    return f"bold {colour}".strip() if item.state == "on" else colour


def _detailed(item: Item, width: int) -> list[Line]:
    """Show an item and what it means: behind its name where there is room, else beneath."""
    name = _item(item, width - 5)
    lead = paint.width(name[:-1])
    pad = Run(" " * lead, "", item.key)
    room = width - lead
    if not item.detail or paint.width(name[-1:]) + _LEAST_BESIDE > room:
        rows = paint.prose(item.detail, room, paint.MUTED) if item.detail else []
        return [name, *((pad, *row) for row in rows)]
    first, *rest = paint.prose(f"{item.text}: {item.detail}", room, paint.MUTED)
    behind = first[0].text[len(paint.show(item.text)) :]
    return [(*name, Run(behind, paint.MUTED, item.key)), *((pad, *row) for row in rest)]


def mark_lines(bench: Workbench, width: int, room: int) -> list[Line]:
    """Show the sentence's marks by layer, with the slots of the lit one, or of all with room."""
    sentence = bench.sentence
    total = len(bench.session.coding.order)
    head: Line = (
        Run(f"Sentence {bench.place + 1} of {total}", paint.TITLE),
        Run("  "),
        STATES[sentence.state],
    )
    about = sentence.role.replace("_", " ")
    if sentence.state != "new":
        about = f"{about} · {sentence.state}"
    found = [paint.ends(head, (Run(about, paint.MUTED),), width)]
    if sentence.flagged:
        found.append((Run("✱ flagged", paint.WARN),))
    blank: list[Line] = [()] if room > DENSE else []
    if sentence.unplaced:
        found += [*blank, *_unplaced(bench, width, room), *blank]
    found += _look_again(bench, width)
    if sentence.note:
        found += paint.prose(f"✎ {sentence.note}", width, "italic", indent="  ")
    for layer in bench.session.codebook.layers:
        marks = [mark for mark in sentence.marks if mark.layer == layer.id]
        if marks or room > DENSE:
            found += [*blank, *_layer(bench, layer, marks, width, room)]
    return found


def _look_again(bench: Workbench, width: int) -> list[Line]:
    """Say which marks are older than a change of the codebook, and what a confirmation does."""
    changes = [asks(bench.session.codebook, mark) for mark in bench.sentence.marks]
    said = dict.fromkeys(why(change) for change in changes if change is not None)
    return [
        line for words in said for line in paint.prose(f"↻ {words}", width, paint.WARN, indent="  ")
    ]


def _unplaced(bench: Workbench, width: int, room: int) -> list[Line]:
    """Show the marks that wait for a place; the first of them is the one to be put away next."""
    session = bench.session
    command = next(c for c in bench.keymap.commands if c.id == "unplaced.away")
    key = command.keys[0]
    right = (ink(bench.keymap.sign(command.id), paint.KEY, key), ink(" put away", paint.MUTED, key))
    found = [paint.ends((Run(LOST, paint.WARN),), right, width)]
    for place, mark in enumerate(bench.sentence.unplaced):
        found.append((Run("  "), *named(session.codebook, session.coding, mark)))
        layer = session.codebook.layer(mark.layer)
        if layer and (place == 0 or room == ROOMY):
            found += _slots(bench, layer, mark, width)
        if mark.note and (place == 0 or room == ROOMY):
            found += paint.prose(f"    ✎ {mark.note}", width, "italic", indent="      ")
    return found


def _lit_entry(bench: Workbench, width: int) -> list[Line]:
    lit = bench.mark
    layer = bench.session.codebook.layer(lit.layer) if lit else None
    label = layer.label(lit.label) if lit and layer else None
    if layer is None or label is None:
        return []
    return [(), (Run("─" * width, paint.FAINT),), *_entry(label_entry(layer, label), width)]


def _layer(bench: Workbench, layer: Layer, marks: list[Mark], width: int, room: int) -> list[Line]:
    panels = [p for p in bench.keymap.panels if p.layer == layer.id]
    right = tuple(Run(f" {panel.key}", paint.KEY, panel.key) for panel in panels)
    found = [paint.ends((ink(layer.name, paint.MUTED),), right, width)]
    for depth, mark in nested(layer, marks):
        lit = mark is bench.mark
        pointer = Run("▸ " if lit else "  ", paint.KEY)
        inside: Line = (Run(f"{'  ' * (depth - 1)}└ ", paint.MUTED),) if depth else ()
        own = apart(layer, bench.sentence, mark)
        said = tag(layer, bench.session.coding, mark, alone=depth > 0)
        found.append((pointer, *inside, *said, *own))
        if not mark.rejected and (lit or room == ROOMY):
            found += _slots(bench, layer, mark, width)
        if mark.note and (lit or room == ROOMY):
            found += paint.prose(f"    ✎ {mark.note}", width, "italic", indent="      ")
    return found


def _slots(bench: Workbench, layer: Layer, mark: Mark, width: int) -> list[Line]:
    desk = bench.desk()
    name_width = 15 if width >= _ROOM_FOR_NAMES else 11
    found: list[Line] = []
    for slot in layer.slots_of(mark.label):
        values = mark.slots.get(slot.id)
        if not values or slot.id == layer.entry:
            continue
        style = "italic" if slot.id in mark.provenance.proposed else ""
        style = paint.MUTED if mark.none_stated(slot.id) and not style else style
        value = paint.cut(desk.values_text(values), width - name_width - 5)
        name = f"    {slot.name.lower()[:name_width]:<{name_width}} "
        found.append((ink(name, paint.MUTED), ink(value, style)))
    return found

"""What stands beside or under the text: the marks of a sentence, or the open panel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from annotator.model.codebook import Layer
from annotator.model.mark import Mark
from annotator.model.renewal import asks, why
from annotator.model.suggestion import Suggestion
from annotator.session.chains import nested
from annotator.tui import keys as signs
from annotator.tui import offers, paint, window
from annotator.tui.form import form
from annotator.tui.items import LEAST_BESIDE, LONGEST, detailed, item_line, wrapped
from annotator.tui.modes.base import Group, Item, View
from annotator.tui.modes.pick import label_entry
from annotator.tui.naming import not_asked
from annotator.tui.page import LOST, STATES, apart, named, tag
from annotator.tui.paint import Line, Run, ink
from annotator.tui.workbench import Workbench, shown

_ROOM_FOR_NAMES: Final = 36
_LEAST_ENTRY: Final = 6
_INSIDE: Final = "    "
"""What stands before everything that belongs to a mark."""
_POINTER: Final = Run("▸ ", paint.KEY)
"""What stands before the lit mark."""
DENSE, LISTED, ROOMY = range(3)
"""How much is shown: what is in focus; every row and heading; definitions of what keys choose."""


def lines(bench: Workbench, width: int, height: int, view: View | None = None) -> list[Line]:
    """Show the open panel, or the sentence's marks, as roomily as `height` rows allow.

    `view` is what the open panel shows, where that is known already. What has no room is left out
    around the light, or around the page of it that was turned to, and it is said how much.
    """
    view = view or shown(bench)
    more: tuple[Line, Line]
    if view is None:
        first, *body = _marks(bench, width, height)
        head, pages, more = [first], 0, ((), _further(bench.keymap))
    else:
        head, body = _opened(view, width, height)
        keys = ("pageup", "pagedown") if view.turns else ("ctrl+u", "ctrl+d")
        pages, more = bench.pages, (_named_key(keys[0]), _named_key(keys[1]))
    body = _window(body, height - len(head), pages, more)
    if view is not None and len(view.about) > 1 and not (view.fields or view.lead):
        head = [_explained(view.about, head[0], body, width), *head[1:]]
    return [paint.fit(line, width) for line in (*head, *body)]


def _explained(about: tuple[str, ...], title: Line, seen: Sequence[Line], width: int) -> Line:
    """Return a title with the definition of what is lit behind it, where that is not seen."""
    room = width - paint.width(title) - 3
    if room < LEAST_BESIDE or _entry(about, width)[1] in seen:
        return title
    return (*title, Run("   "), ink(paint.cut(about[1], room), paint.MUTED))


def _marks(bench: Workbench, width: int, height: int) -> list[Line]:
    found: list[Line] = []
    for room in (ROOMY, LISTED, DENSE):
        found = mark_lines(bench, width, room)
        if len(found) <= height:
            break
    return [*found, *_cut_short(_lit_entry(bench, width), height - len(found))]


def _opened(view: View, width: int, height: int) -> tuple[list[Line], list[Line]]:
    """Return what stands of a panel and what may be turned, as roomily as there is room for."""
    plain = not any(group.heading for group in view.groups)
    detailed = any(item.detail for group in view.groups for item in group.items)
    for room in (ROOMY, LISTED) if detailed or plain else (LISTED,):
        head, chosen, rest = _parts(view, width, height, room)
        needed = len(head) + len(chosen) + len(rest) + longer(view, width)
        if plain:
            # What keys choose is worth more than what explains it, which is a page away.
            needed = min(needed, len(head) + len(chosen) + 1)
        if needed <= height:
            return head, [*chosen, *rest]
    head, chosen, rest = _parts(view, width, height, DENSE)
    return head, [*chosen, *rest]


def longer(view: View, width: int) -> int:
    """Return how many rows the longest entry of a panel takes more than the one that is shown."""
    rows = (len(_entry(entry, width)) for entry in view.entries)
    return max(0, max(rows, default=0) - len(_entry(view.about, width)))


def _parts(
    view: View, width: int, height: int, room: int
) -> tuple[list[Line], list[Line], list[Line]]:
    """Return what stands of a panel, what its keys choose, and what explains them."""
    return _head(view, width, height, room), *_body(view, width, room)


def _window(lines: list[Line], room: int, pages: int, more: tuple[Line, Line]) -> list[Line]:
    """Return as many lines as there is room for, and say how many are left out on either side.

    The lit one is among them, unless the panel was turned by so many pages from there; behind the
    last page comes the first. `more` are the keys that lead up and down.
    """
    lit = next((place for place, line in enumerate(lines) if _is_lit(line)), 0)
    pointed = bool(lines) and _POINTER in lines[lit]
    if pointed and 0 < room < window.LEAST and room < len(lines):
        start = min(lit, len(lines) - room)
        return lines[start : start + room]
    # What a mark holds stands beneath it.
    seen = window.seen(len(lines), room, lit, pages, above=1 if pointed else None)
    shown = [lines[place] for place in seen]
    above, below = seen.start, len(lines) - seen.stop
    if above:
        shown[0] = (_count(f"↑ {above + 1} more", more[0]), *more[0])
    if below:
        shown[-1] = (_count(f"↓ {below + 1} more", more[1]), *more[1])
    return shown


def _count(said: str, keys: Line) -> Run:
    """Say how much is left out; with the pointer it leads to where its key does."""
    return Run(said, paint.MUTED, keys[-1].key if keys else "")


def _named_key(key: str) -> Line:
    return (Run(" · ", paint.MUTED, key), Run(signs.shown(key), paint.KEY, key))


def _further(keymap: signs.Keymap) -> Line:
    """Name the keys that show the rest of a sentence's marks, for the page keys turn the text."""
    found: list[Run] = []
    for name, words in (("mark.next", "next mark"), ("mark.edit", "all of it")):
        key = keymap.first(name)
        found += (Run(" · ", paint.MUTED), Run(signs.shown(key), paint.KEY, key))
        found.append(Run(f" {words}", paint.MUTED, key))
    return tuple(found)


def _is_lit(line: Line) -> bool:
    return _POINTER in line or any("$choice" in run.style for run in line)


def _cut_short(entry: list[Line], room: int) -> list[Line]:
    """Return as much of an entry as there is room for, and nothing where that is too little."""
    if len(entry) <= room:
        return entry
    more = (Run("… ", paint.MUTED), Run("?", paint.KEY, "?"), Run(" shows all", paint.MUTED))
    return [*entry[: room - 1], more] if room > _LEAST_ENTRY else []


def _head(view: View, width: int, height: int, room: int) -> list[Line]:
    """Show what stands while the rest of a panel is turned: its title, its form, what it asks."""
    title: Line = (ink(view.title, paint.TITLE),)
    if view.fields:
        return form(title, view.fields, width, height)
    blank: list[Line] = [()] if room > DENSE else []
    asked = [row for line in view.lead[:1] for row in paint.prose(line, width, paint.STRONG)]
    return [title, *blank, *asked]


def _body(view: View, width: int, room: int) -> tuple[list[Line], list[Line]]:
    """Return what a panel's keys choose, and the entry under the light."""
    blank: list[Line] = [()] if room > DENSE else []
    found = [row for line in view.lead[1:] for row in paint.prose(line, width, paint.MUTED)]
    found += blank if view.lead else []
    found += _groups(view.groups, width, room, view.title, whole=bool(view.lead))
    rest = _lit_detail(view.groups, width) if room < ROOMY else []
    if view.about:
        rest += [*(blank if found else []), *_entry(view.about, width)]
    return found, rest


def view_lines(view: View, width: int, room: int, height: int = 1000) -> list[Line]:
    """Show all of a panel, however high: what stands of it as in one of this height."""
    return [line for part in _parts(view, width, height, room) for line in part]


@lru_cache(maxsize=256)
def _entry(about: tuple[str, ...], width: int) -> tuple[Line, ...]:
    """Show an entry of the codebook: its name, its definition, what it takes in and leaves out."""
    found: list[Line] = []
    for place, line in enumerate(about):
        rule = line[:1] in "+−"
        strong = place == 0 and len(about) > 1
        style = paint.STRONG if strong else paint.MUTED if rule else ""
        found += paint.prose(line, width, style, indent="  " if rule else "", rows=LONGEST)
    return tuple(found)


def _groups(
    groups: Sequence[Group], width: int, room: int, title: str, *, whole: bool
) -> list[Line]:
    """Show items in as many columns as they need; `whole` ones are never cut, but wrapped.

    A heading that says no more than the title is left out.
    """
    items = [item for group in groups for item in group.items]
    if room == ROOMY and any(item.detail for item in items):
        return [line for item in items for line in detailed(item, width)]
    if whole:
        return [line for item in items for line in wrapped(item, width)]
    most = max(8, width // 2 - 5)
    plain = not any(group.heading for group in groups)
    if room > DENSE and any(_cut(group.items, most) for group in groups):
        return _listed(groups, width, title)
    # What a key chooses says enough by itself; what only tells something does so by its heading.
    if plain or (room == DENSE and any(item.key.strip() for item in items)):
        return [*_columns(tuple(items), most, width)]
    if room == DENSE:
        return [line for group in groups for line in _behind_heading(group, most, width)]
    widest = max((_widest(group.items, most) for group in groups), default=0)
    found: list[Line] = []
    for group in groups:
        found += _heading(group, title)
        found += _columns(group.items, most, width, widest)
    return found


def _heading(group: Group, title: str) -> list[Line]:
    said = group.heading and group.heading != title
    return [(ink(group.heading, paint.MUTED),)] if said else []


def _behind_heading(group: Group, most: int, width: int) -> list[Line]:
    """Show items behind their heading, in as few rows as they take."""
    heading = (ink(f"{group.heading} ", paint.MUTED),)
    items = (item_line(item, most)[2:] for item in group.items)
    first, *rest = paint.flow([heading, *items], width - 2)
    return [first, *((Run("  "), *line) for line in rest)]


def _listed(groups: Sequence[Group], width: int, title: str) -> list[Line]:
    """Show items one under the other, none of them cut."""
    found: list[Line] = []
    for group in groups:
        found += _heading(group, title)
        found += [line for item in group.items for line in wrapped(item, width)]
    return found


@lru_cache(maxsize=256)
def _cut(items: tuple[Item, ...], most: int) -> bool:
    """Tell whether an item has no room in so many cells."""
    return any(paint.width((ink(item.text),)) > most for item in items)


# With a key, one or two items of a panel change; all others are set as they were.
@lru_cache(maxsize=256)
def _widest(items: tuple[Item, ...], most: int) -> int:
    return max((min(most, paint.width(item_line(item, most))) for item in items), default=0)


@lru_cache(maxsize=256)
def _columns(items: tuple[Item, ...], most: int, width: int, least: int = 12) -> tuple[Line, ...]:
    return tuple(paint.columns([item_line(item, most) for item in items], width, least=least))


def _lit_detail(groups: Sequence[Group], width: int) -> list[Line]:
    """Say what the item under the light means, where there is no room to say it of all."""
    lit = next((item for group in groups for item in group.items if item.lit and item.detail), None)
    return paint.prose(f"{lit.key} {lit.detail}", width, paint.MUTED) if lit else []


def mark_lines(bench: Workbench, width: int, room: int) -> list[Line]:
    """Show the sentence's marks by layer, with the slots of the lit one, or of all with room."""
    sentence = bench.sentence
    total = len(bench.session.coding.order)
    head: Line = (
        Run(f"Sentence {bench.place + 1:,} of {total:,}", paint.TITLE),
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
        found += _note(sentence.note, width, "")
    for layer in bench.session.codebook.layers:
        marks = [mark for mark in sentence.marks if mark.layer == layer.id]
        if marks or room > DENSE:
            found += [*blank, *_layer(bench, layer, marks, width, room)]
    if room == DENSE and (unasked := not_asked(bench.session.codebook, sentence)):
        found += paint.prose(f"Not asked: {unasked}", width, paint.MUTED)
    suggested = bench.session.suggested.of(bench.sentence)
    return [*found, *blank, *_suggested(bench, suggested, width, room)] if suggested else found


def _suggested(
    bench: Workbench, suggested: Sequence[Suggestion], width: int, room: int
) -> list[Line]:
    """Show what is suggested: a line each, with room also what fills the slots, or all in one."""
    key = bench.keymap.first("suggestions.take")
    right = (Run(signs.shown(key), paint.KEY, key), Run(" take", paint.MUTED, key))
    desk = bench.desk()
    said = [offers.words(desk, one) for one in suggested]
    if room == DENSE:
        labels = ", ".join(dict.fromkeys(one.label for one in said))
        return [paint.ends((ink(f"○ {labels}", paint.MUTED),), right, width)]
    found = [paint.ends((Run("Suggested", paint.MUTED),), right, width)]
    for place, one in enumerate(said, 1):
        number = Run(f"{place} " if len(said) > 1 else "  ", paint.KEY)
        by = ink(one.by(width // 2), paint.MUTED)
        found.append(paint.ends((number, ink(f"○ {one.label}", paint.MUTED)), (by,), width))
        if room == ROOMY and one.slots:
            told = paint.prose(one.slots, width - len(_INSIDE), paint.MUTED, rows=2)
            found += [(Run(_INSIDE), *line) for line in told]
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
            found += _note(mark.note, width, _INSIDE)
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
    unasked = " · not asked" if bench.sentence.unasked([layer.id]) else ""
    found = [paint.ends((ink(f"{layer.name}{unasked}", paint.MUTED),), right, width)]
    for depth, mark in nested(layer, marks):
        lit = mark is bench.mark
        pointer = _POINTER if lit else Run("  ", paint.KEY)
        inside: Line = (Run(f"{'  ' * (depth - 1)}└ ", paint.MUTED),) if depth else ()
        own = apart(layer, bench.sentence, mark)
        said = tag(layer, bench.session.coding, mark, alone=depth > 0)
        found.append((pointer, *inside, *said, *own, *(_origin(mark, width) if lit else ())))
        lacking = ", ".join(slot.name for slot in bench.session.codebook.lacking(mark))
        if lacking:
            told = paint.prose(f"to be filled: {lacking}", width - len(_INSIDE), paint.WARN)
            found += [(Run(_INSIDE), *line) for line in told]
        if not mark.rejected and (lit or room == ROOMY):
            found += _slots(bench, layer, mark, width)
        if mark.note and (lit or room == ROOMY):
            found += _note(mark.note, width, _INSIDE)
    return found


def _note(words: str, width: int, lead: str) -> list[Line]:
    """Show a note behind its sign, all of its rows under one another."""
    rows = paint.prose(words, width - len(lead) - 2, "italic")
    return [
        (Run(f"{lead}{'  ' if place else '✎ '}", "italic"), *row) for place, row in enumerate(rows)
    ]


def _origin(mark: Mark, width: int) -> Line:
    """Say who suggested a mark that was taken; nothing of one that a coder gave unasked."""
    source = mark.provenance.suggester
    if source is None:
        return ()
    by = paint.cut(offers.source(source), width // 3)
    return (ink(f"  ○ {by}, {mark.provenance.origin}", paint.MUTED),)


def _slots(bench: Workbench, layer: Layer, mark: Mark, width: int) -> list[Line]:
    desk = bench.desk()
    name_width = 16 if width >= _ROOM_FOR_NAMES else 11
    found: list[Line] = []
    for slot in layer.slots_of(mark.label):
        values = mark.slots.get(slot.id)
        if not values or slot.id == layer.entry:
            continue
        style = "italic" if slot.id in mark.provenance.proposed else ""
        style = paint.MUTED if mark.none_stated(slot.id) and not style else style
        value = paint.cut(desk.values_text(values), width - name_width - 5)
        name = paint.cut(slot.name.lower(), name_width)
        pad = " " * (name_width - paint.width((Run(name),)) + 1)
        found.append((Run(_INSIDE), ink(name, paint.MUTED), Run(pad), ink(value, style)))
    return found

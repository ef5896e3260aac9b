"""The screens in words: one thing per line, no columns, no boxes, no sign that only the eye reads.

What a screen reader speaks, and what a braille line shows. The newest comes first: what the last
key did, then the open panel, then the sentence in work and those beside it. Pure: values become
lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from annotator.plural import many
from annotator.session.words import Range, words
from annotator.tui import dates, keys, offers, paint
from annotator.tui.naming import act as act_in_words
from annotator.tui.naming import named, not_asked, tag
from annotator.tui.paint import Line, Run

if TYPE_CHECKING:
    from annotator.config import Dates
    from annotator.model.codebook import Layer
    from annotator.model.edit import Edit
    from annotator.model.mark import Mark
    from annotator.model.progress import Progress
    from annotator.model.text import State
    from annotator.pipeline.find import Found
    from annotator.pipeline.past import Step
    from annotator.pipeline.shelf import Entry
    from annotator.tui.keys import Keymap, Scope
    from annotator.tui.modes.base import Field, Item, View
    from annotator.tui.workbench import Workbench

STATES: Final[dict[State, str]] = {
    "new": "not decided",
    "done": "done",
    "unsure": "unsure",
    "skipped": "skipped",
}
_ITEMS: Final = {
    "on": "marked", "rejected": "rejected", "off": "", "suggested": "suggested",
}  # fmt: skip
_FIELDS: Final = {
    "unseen": "not looked at",
    "filled": "",
    "none": "",
    "missing": "to be filled",
    "proposed": "proposed",
}
_SIGNS: Final = {
    "⏎": "Enter", "⇥": "Tab", "⌫": "Backspace", "␣": "Space", "←→": "Left and Right",
    "↑↓": "Up and Down", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "esc": "Escape",
    "⇞⇟": "Page up and Page down", "⇞": "Page up", "⇟": "Page down", "⇧": "Shift ",
    "⌃": "Control ", " · ": ", ", "…": "", "⚠": "warning:",
}  # fmt: skip
_SIGN: Final = re.compile("|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)))
_CONTROL: Final = re.compile(r"\^([a-z])\b")
_MEANINGS: Final = {
    "✓": " done", "◌": " something is not known", "⇄": " told by others too", "●": " chosen",
    "↻": " to be looked at again", "⚠": " warning", "→": " to ", "▸": "", "▾": " open",
    "⊘": " cannot be had:",
}  # fmt: skip
_MEANS: Final = re.compile("|".join(_MEANINGS))
_MERE: Final = re.compile(rf"(?!{_MEANS.pattern})[\u2500-\u26ff¶]|·{{2,}}")
"""Bars, boxes, and the signs of layers and families, beside which their name stands."""
_APART: Final = re.compile(r"(?:\s{2,},?|,\s{2,})(?=\S)")
_STRETCH: Final = 12
"""Words of the text that say what a place is."""
_LONG: Final = 400
"""Code points that are enough to know a stretch by."""


def plain(said: str) -> str:
    """Return words of the program's own with its signs for keys written out."""
    said = _CONTROL.sub(lambda found: f"Control {found[1].upper()}", said)
    said = _SIGN.sub(lambda found: _SIGNS[found.group()], said)
    return " ".join(said.split())


def _ended(said: str) -> str:
    """Return a sentence with its full stop, also where what it quotes has one."""
    return said if said.endswith((".", "?", "!", "…")) else f"{said}."


def hint(keys_said: str) -> str:
    """Say the keys of what is open."""
    return _ended(f"Keys: {plain(keys_said)}")


def key_name(key: str) -> str:
    """Return how a key is called: a capital by its shift, a sign by itself."""
    if len(key) == 1 and key.isupper():
        return f"Shift {key}"
    return plain(keys.shown(key))


class Told(NamedTuple):
    """What is said of a screen: its lines, how many of them stand, and which of them is lit.

    Where the page keys have a use of their own, they do not turn it.
    """

    lines: list[str]
    standing: int
    lit: int
    turns: bool = True


def page(bench: Workbench, progress: Progress, view: View | None, typed: str = "") -> Told:
    """Say the annotate screen; `typed` is the line that answers the open question."""
    said = [*_told(bench)]
    if bench.ask is not None:
        said.append(_ended(f"{bench.ask.title}: {typed or 'nothing typed'}"))
        said.append("Enter takes it, Escape leaves it.")
    standing = lit = len(said)
    if view is not None:
        opened = panel(view, bench.session.readout.text, bench.sentence.end)
        standing, lit = standing + opened.standing, lit + opened.lit
        said += opened.lines
    said += [*sentence(bench)]
    if view is None and bench.ask is None:
        said += [_beside(bench, -1), _beside(bench, 1)]
    metadata = bench.session.readout.metadata
    side = f", {metadata.issuing_side} side" if metadata.issuing_side else ""
    said.append(f"Readout: {bench.session.readout.title}{side}.")
    far = f"{progress.decided:,} of {many(progress.total, 'sentence')} decided"
    said.append(f"{far}, coder {bench.session.coder}.")
    if view is None:
        said.append(foot(bench.keymap, "annotate"))
    return Told(said, standing, lit, view is None or view.turns)


def _told(bench: Workbench) -> Iterator[str]:
    from annotator.tui import bars  # The library, which is shown first, does without it.

    session = bench.session
    if session.problem is not None:
        yield f"Not saved: {bars.unsaved(session)}. {session.problem}"
    if session.read_only:
        yield f"Read only: {session.read_only}"
    if bench.message:
        yield plain(named(bench.message, bench.session.codebook))
    elif bench.act is not None:
        yield _done(bench, bench.act)
    if bench.count:
        yield f"Count {bench.count}."


def _done(bench: Workbench, edit: Edit) -> str:
    """Say what the last key did, and to which sentence where another is in work by now."""
    coding = bench.session.coding
    places = [coding.position[c.key] for c in edit.changes if c.key in coding.position]
    elsewhere = bool(places) and bench.place not in places
    said = act_in_words(edit, bench.session.codebook)
    if edit.what == "flag":
        said = "flagged" if bench.sentence.flagged else "no longer flagged"
    return _ended(plain(f"Sentence {min(places) + 1}: {said}" if elsewhere else said))


def _beside(bench: Workbench, by: int) -> str:
    """Say the sentence before or after the one in work in one line."""
    coding, book, place = bench.session.coding, bench.session.codebook, bench.place + by
    if not 0 <= place < len(coding.order):
        return "This is the first sentence." if by < 0 else "This is the last sentence."
    one = coding.sentence(coding.order[place])
    facts = [f"sentence {place + 1}", one.role.replace("_", " "), STATES[one.state]]
    facts += ["flagged"] if one.flagged else []
    for mark in one.marks:
        facts.append(f"{tag(mark.label, book)}{' rejected' if mark.rejected else ''}")
    return f"{'Before' if by < 0 else 'After'}: {', '.join(facts)}: {_quoted(one.text)}"


def sentence(bench: Workbench) -> Iterator[str]:
    """Say the sentence in work: where it is, its text, and its marks layer by layer."""
    now, session = bench.sentence, bench.session
    total = len(session.coding.order)
    role = now.role.replace("_", " ")
    yield f"Sentence {bench.place + 1:,} of {total:,}, {role}, {STATES[now.state]}."
    yield now.text
    if now.flagged:
        yield "Flagged."
    for layer in session.codebook.layers:
        marks = [mark for mark in now.marks if mark.layer == layer.id]
        for mark in marks:
            yield _ended(f"{layer.name}: {_mark(bench, layer, mark)}")
    for mark in now.marks:
        if session.codebook.layer(mark.layer) is None:
            yield f"{mark.layer}: {mark.label}, not in the codebook."
    if not now.marks:
        yield "No marks."
    if unasked := not_asked(session.codebook, now):
        yield f"Not asked: {unasked}."
    for place, one in enumerate(bench.session.suggested.of(bench.sentence), 1):
        said = offers.words(bench.desk(), one)
        parts = (f"Suggested, {place}: {said.layer}: {said.label}", said.slots, f"by {said.by()}")
        yield _ended("; ".join(filter(None, parts)))
    for mark in now.unplaced:
        yield f"Lost its place: {bench.desk().describe(mark)}."
    if now.note:
        yield _ended(f"Note: {now.note}")


def _mark(bench: Workbench, layer: Layer, mark: Mark) -> str:
    """Say one mark and its slots; what entry the label has comes first, as on the page."""
    desk = bench.desk()
    said = [desk.describe(mark)]
    if mark.rejected:
        said.append("considered and rejected")
    if mark.doubtful:
        said.append("doubtful")
    if mark.certainty == "low":
        said.append("not certain")
    lacking = ", ".join(slot.name.lower() for slot in bench.session.codebook.lacking(mark))
    said += [f"to be filled: {lacking}"] if lacking else []
    if mark.provenance.suggester is not None:
        source = offers.source(mark.provenance.suggester)
        said.append(f"{mark.provenance.origin} from {source}")
    for slot in layer.slots_of(mark.label):
        values = mark.slots.get(slot.id)
        if values and slot.id != layer.entry:
            proposed = ", proposed" if slot.id in mark.provenance.proposed else ""
            said.append(f"{slot.name.lower()} {desk.values_text(values)}{proposed}")
    if mark.note:
        said.append(f"note {mark.note}")
    if mark is bench.mark and len(bench.sentence.marks) > 1:
        said.append("this one is lit")
    return "; ".join(said)


def panel(view: View, text: str, end: int) -> Told:
    """Say an open panel; `text` is the readout's, `end` where the sentence in work ends.

    Its title stands with the row in focus, and with what is chosen.
    """
    said = [f"Panel: {plain(view.title)}."]
    if view.selection is not None:
        start, stop = view.selection
        said.append(f"Chosen: “{_quoted(text[start:stop])}”.")
    if view.caret is not None:
        said.append(f"Before: “{_stretch(text, (view.caret, end))}”.")
    said += [_field(field) for field in view.fields if field.focused]
    standing = lit = len(said)
    for group in view.groups:
        said += [f"{plain(group.heading)}:"] if group.heading else []
        for item in group.items:
            lit = len(said) if item.lit else lit
            said.append(_item(item))
    said += [_field(field) for field in view.fields if not field.focused]
    said += [f"{key}: “{_stretch(text, (start, end))}”" for start, key in view.hops]
    said += [_quoted(line) for line in view.about]
    said += [hint(view.hint)] if view.hint else []
    return Told(said, standing, lit)


def _item(item: Item) -> str:
    key = f"{key_name(item.key)}: " if item.key else ""
    state = ", ".join(word for word in (_ITEMS[item.state], "here" if item.lit else "") if word)
    more = f". {item.detail}" if item.detail else ""
    return f"{key}{item.text}{', ' if state else ''}{state}{more}"


def _field(field: Field) -> str:
    key = f"{key_name(field.key)}: " if field.key else ""
    words = [field.name, field.value or "empty", _FIELDS[field.state]]
    words += ["here"] if field.focused else []
    return f"{key}{', '.join(word for word in words if word)}"


def _stretch(text: str, where: Range) -> str:
    """Return the first words of a stretch."""
    start, end = where[0], min(where[1], where[0] + _LONG)
    found = words(text, start, end)[:_STRETCH]
    return text[start : found[-1][1]] if found else text[start:end]


def _quoted(said: str) -> str:
    """Return a text of which nobody wants to hear everything, with its middle left out."""
    return said if len(said) <= 2 * _LONG else f"{said[:_LONG]} … {said[-_LONG:]}"


FOOT: Final = 4
"""Rows that the line of keys takes at most."""


def more(count: int, direction: int, *, turns: bool) -> str:
    """Say how many lines are left out above or below, and which key goes there."""
    where = "below" if direction > 0 else "above"
    page, other = ("pagedown", "ctrl+d") if direction > 0 else ("pageup", "ctrl+u")
    key = page if turns else other
    return f"{many(count, 'more line')} {where}: {key_name(key)}"


def foot(keymap: Keymap, scope: Scope, *, only_read: bool = False) -> str:
    """Say the keys that are most used; of what is `only_read` none that changes it."""
    used = [c for c in keymap.of(scope) if c.short]
    shown = [(c.keys[0], c.short) for c in used if not (only_read and keymap.changes(c.id))]
    if scope == "annotate":
        shown[1:1] = [(panel.key, panel.name.lower()) for panel in keymap.panels]
    return f"Keys: {'; '.join(f'{key_name(key)} {plain(words)}' for key, words in shown)}."


def line(drawn: Line) -> Line:
    """Say a drawn line: commas between columns, what signs mean, and nothing of bars and boxes.

    A line that is typed into, or that can be clicked, keeps its places.
    """
    if any(run.key or run.style == "reverse" for run in drawn):
        return drawn
    text = "".join(run.text for run in drawn)
    said = _MEANS.sub(lambda found: _MEANINGS[found.group()], _MERE.sub("", text)).rstrip()
    indent = len(said) - len(said.lstrip())
    return drawn if said == text else (Run(said[:indent] + _APART.sub(", ", said[indent:])),)


def row(words: str, place: int, count: int, width: int, *, lit: bool) -> Line:
    """Say a row of a list, which of how many it is, and whether it is the lit one."""
    here = "Here: " if lit else ""
    return (Run(paint.cut(f"{here}{place + 1:,} of {count:,}: {words}", width)),)


ROW_BESIDES: Final = 24
"""Cells that a row says more than its words."""


def found(place: Found, coder: str) -> str:
    """Say what was found: the words, where, what it is coded as, and what stands around it."""
    whole = (place.start, place.end) == place.sentence
    words = "whole sentence" if whole else f"“{_quoted(place.exact)}”"
    by = "" if place.coder == coder else f" by {place.coder}"
    coded = f"coded: {', '.join(place.labels)}" if place.labels else "not coded"
    around = f"{place.before[-_LONG:]}{place.exact}{place.after[:_LONG]}"
    return " ".join(f"{words}, readout {place.readout}{by}, {coded}, in: {around}".split())


def act(step: Step, where: str) -> str:
    """Say an act of the history."""
    said = [f"act {step.number}", step.at.replace("T", " ").removesuffix("Z"), step.words]
    said += ["taken back"] if step.taken_back else []
    said += [part for part in (where, step.text) if part]
    return ", ".join(said)


def entry(found: Entry, language: Dates, width: int, suggested: int = 0) -> str:
    """Say a readout of the library; a title that is too long for the width gives way."""
    metadata = found.metadata
    date = metadata.event.date or metadata.publication_date
    said = []
    if found.problem:
        said.append("unreadable")
    elif found.decided is None or not found.sentences:
        said.append("not begun")
    else:
        said.append(f"{found.decided:,} of {found.sentences:,} decided")
    said += [dates.said(date, language)] if date else []
    said += [f"{many(suggested, 'suggestion')} waiting"] if suggested else []
    said += [f"{metadata.issuing_side} side"] if metadata.issuing_side else []
    said += [metadata.language] if metadata.language else []
    said += ["told by others too"] if metadata.counterpart_of else []
    facts = ", ".join(said)
    title = paint.cut(found.title, max(width // 3, width - len(facts) - 2))
    return f"{title}, {facts}"

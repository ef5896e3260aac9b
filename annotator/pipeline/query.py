"""The line that is typed to find sentences: what may stand in it, and what it asks for.

`docs/find.md` describes the line for its users; its table of fields is `FIELDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, get_args

from annotator.errors import InputError
from annotator.files import printable
from annotator.model.base import is_in_calendar, plain_digits
from annotator.model.codebook import Codebook, Slot
from annotator.model.mark import Certainty
from annotator.model.readout import DocKind
from annotator.model.text import Role, State
from annotator.pipeline.nearest import nearest, nearest_fields

ANY: Final = "*"
"""The value that stands for any."""
NONE: Final = "none"
EMPTY: Final = "empty"
SLOT: Final = "slot."
_LISTED: Final = 12
UNCLOSED: Final = "The last quote is not closed: it goes to the end of the line."
LONGEST: Final = 2_000
"""Characters that a line may have."""

About = Literal["text", "sentence", "mark", "readout", "coder"]


class Field(NamedTuple):
    """A field of the line: its name, what it is about, its values, and when they answer."""

    name: str
    about: About
    values: str
    says: str


FIELDS: Final = (
    Field("label", "mark", "a label, `*`", "a mark of that label stands on the sentence"),
    Field("layer", "mark", "a layer, `*`", "a mark of that layer stands on it"),
    Field("family", "mark", "a family, `*`", "a mark whose label belongs to that family stands on it"),
    Field("rejected", "mark", "a label, `*`", "that label was considered here, and rejected"),
    Field("entity", "mark", "the id of an entity, `*`", "a slot of a mark holds that entity"),
    Field("slot.NAME", "mark", "a value, `none`, `empty`, `*`", "a slot of a mark holds that choice, label or entity, a date that begins so, or a text or span with these words; `none`: none stated; `empty`: the mark has that slot, and nobody looked at it"),
    Field("certainty", "mark", "`high`, `low`", "a mark of that certainty stands on it"),
    Field("doubtful", "mark", "`yes`", "a mark here is in doubt since a boundary moved, or lost its place"),
    Field("state", "sentence", "`new`, `done`, `unsure`, `skipped`", "it is in that state"),
    Field("flag", "sentence", "`yes`", "it is flagged"),
    Field("note", "sentence", "words, `*`", "a note on it or on a mark of it holds these words"),
    Field("again", "sentence", "`yes`", "it waits for a second pass: unsure, flagged, or with a doubtful mark"),
    Field("unasked", "sentence", "a layer, `*`", "it is decided, and nobody is known to have looked at that layer: a file of another program decided it that does not speak of it, or a coder did before it was there"),
    Field("role", "sentence", "`heading`, `body`, `list_item` …", "it is that in its document"),
    Field("readout", "readout", "a part of an id or title", "it stands in such a readout"),
    Field("event", "readout", "the id of an event", "its readout tells that event"),
    Field("side", "readout", "a side", "its readout was issued by that side"),
    Field("lang", "readout", "a language such as `fr`", "its readout is in that language"),
    Field("kind", "readout", "`official_readout` …", "its readout is of that kind"),
    Field("date", "readout", "`2021`, `2021-04..2022`, `>=2021-04-13`", "the event of its readout, else the publication, was then"),
    Field("coder", "coder", "a coder, `sample`, `*`", "the coding looked at is that coder's and not your own; `*`: everybody's"),
    Field("re", "text", "`/expression/` or `\"expression\"`", "a regular expression of Python finds something in it, whatever the case"),
)  # fmt: skip
"""Every field, in the order of the documentation."""

TEXT: Final = "text"
"""The field of clauses that are words or phrases, which are typed without a field."""

_ABOUT: Final = {field.name: field.about for field in FIELDS} | {TEXT: "text"}
_NAMES: Final = tuple(field.name for field in FIELDS if not field.name.startswith(SLOT))
LAST_DAY: Final = "-99-99"
"""What makes of a year or month a text that sorts after all of its days."""

_TIME = r"\d{4}(?:-\d\d(?:-\d\d)?)?"
_DATES = re.compile(rf"(?:<=?|>=?)?{_TIME}|{_TIME}\.\.|(?:{_TIME})?\.\.{_TIME}", re.ASCII)
_FIELD = re.compile(r"(-?)([A-Za-z][A-Za-z_0-9.]*):(?=\S|$)")
_EXPRESSION = re.compile(r'/((?:[^/\\]|\\.?|/(?=\S))*)/?|"([^"]*)("?)|(\S*)', re.DOTALL)
_VALUE = re.compile(r'"([^"]*)("?)|([^\s|"]+)')
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True)
class Clause:
    """One thing that is asked for: a field has one of some values or, `negative`, none of them."""

    field: str
    values: tuple[str, ...]
    negative: bool = False

    @property
    def about(self) -> str:
        """What it is about: "text", "sentence", "mark", "readout" or "coder"."""
        return "mark" if self.field.startswith(SLOT) else _ABOUT[self.field]


@dataclass(frozen=True)
class Query:
    """What is looked for: sentences of which every clause is true. An empty one finds nothing."""

    clauses: tuple[Clause, ...] = ()
    unclosed: bool = False
    """Whether a quote was never closed, and goes on to the end of the line."""

    def of(self, *about: About) -> tuple[Clause, ...]:
        """Return the clauses about something."""
        return tuple(clause for clause in self.clauses if clause.about in about)

    @property
    def coders(self) -> tuple[str, ...]:
        """The coders that were named; none stands for whoever asks."""
        return tuple(value for clause in self.of("coder") for value in clause.values)

    @property
    def needs_coding(self) -> bool:
        """Tell whether only coded sentences can answer."""
        return bool(self.of("sentence", "mark", "coder"))


def parse(typed: str, codebook: Codebook) -> Query:
    """Read a line such as `trade "peace talks" -state:done label:sec.terror|conf.syria`.

    Raises InputError for a field or value that cannot be.
    """
    if len(typed) > LONGEST:
        raise InputError(f"The line is longer than {LONGEST:,} characters.", "Ask for less.")
    read = list(_clauses(typed))
    clauses = tuple(dict.fromkeys(clause for clause, _ in read))
    for clause in clauses:
        _require_sound(clause, codebook)
    return Query(clauses, any(unclosed for _, unclosed in read))


def _clauses(typed: str) -> Iterator[tuple[Clause, bool]]:
    """Yield each clause, and whether a quote in it is never closed."""
    at = 0
    while at < len(typed):
        if blank := _BLANK.match(typed, at):
            at = blank.end()
            continue
        named = _FIELD.match(typed, at)
        if named is not None:
            negative, field = bool(named[1]), named[2]
            start = named.end()
        else:
            negative = typed[at] == "-" and at + 1 < len(typed) and not typed[at + 1].isspace()
            field, start = TEXT, at + negative
        read = _expression(typed, start) if field == "re" else _values(typed, start)
        values, at, unclosed = read
        if field == "date":
            values = tuple(plain_digits(value) for value in values)
        if values or field != TEXT:
            yield Clause(field, values, negative), unclosed


def _expression(typed: str, at: int) -> tuple[tuple[str, ...], int, bool]:
    found = _EXPRESSION.match(typed, at)
    if found is None:  # The last of its ways matches nothing at all.
        return (), at, False
    in_strokes, quoted, closing, bare = found.groups()
    value = next((group for group in (in_strokes, quoted, bare) if group is not None), "")
    return ((value,) if value else ()), found.end(), closing == ""


def _values(typed: str, at: int) -> tuple[tuple[str, ...], int, bool]:
    values = []
    unclosed = False
    while found := _VALUE.match(typed, at):
        quoted, closing, bare = found.groups()
        values.append(" ".join((bare if quoted is None else quoted).split()))
        unclosed = closing == ""
        at = found.end()
        if typed[at : at + 1] != "|":
            break
        at += 1
    else:  # A sign that begins no value, such as a lone stroke, is passed over.
        at += not values and at < len(typed) and not typed[at].isspace()
    return tuple(value for value in dict.fromkeys(values) if value), at, unclosed


def _require_sound(clause: Clause, codebook: Codebook) -> None:
    name = clause.field
    if name == TEXT:
        return
    if not name.startswith(SLOT):
        if name not in _NAMES:
            raise _no_field(clause, codebook)
    elif name not in slot_names(codebook):
        slots = [one.removeprefix(SLOT) for one in slot_names(codebook)]
        require_one_of(slots, "slot", name.removeprefix(SLOT), prefix=SLOT)
    if not clause.values:
        raise InputError(f"The field {name}: has no value.", f"Write one after it: {name}:…")
    for value in clause.values:
        if name == "date":
            _require_dates(value)
        elif value != ANY or name in ("state", "certainty", "role", "kind"):
            require_known(name, value, codebook)


def field_names(codebook: Codebook) -> tuple[str, ...]:
    """Return the fields of a line, those of a codebook's slots last."""
    plain = (field.name for field in FIELDS if not field.name.startswith(SLOT))
    return (*plain, *slot_names(codebook))


def _no_field(clause: Clause, codebook: Codebook) -> InputError:
    name = printable(clause.field)
    near = nearest_fields(clause.field, field_names(codebook))
    every = ", ".join(field.name for field in FIELDS)
    remedy = f"Did you mean “{near[0]}:”?" if near else f"There is {every}."
    return InputError(f"There is no field “{name}”.", f"{remedy} In quotes, it is words.")


def _require_dates(value: str) -> None:
    if not _DATES.fullmatch(value):
        raise InputError(
            f"“{printable(value)}” is no date.",
            "Write date:2021-04, date:2021..2023, date:>=2021-04-13 or date:<2022.",
        )
    first, between, last = value.lstrip("<>=").partition("..")
    for date in filter(None, (first, last)):
        if not is_in_calendar(date):
            raise InputError(f"“{date}” is not in the calendar.", "Change its month or day.")
    if between and first and last and first > last + LAST_DAY[len(last) - 4 :]:
        raise InputError(f"No day lies from {first} to {last}.", f"Write date:{last}..{first}.")


def known_values(name: str, codebook: Codebook) -> tuple[str, ...] | None:
    """Return the values that a field of a line can have; None where it takes any."""
    if name.startswith(SLOT):
        return _slot_values(name.removeprefix(SLOT), codebook)
    labels = [label for layer in codebook.layers for label in layer.labels]
    known: dict[str, Sequence[str]] = {
        "label": [label.id for label in labels],
        "rejected": [label.id for label in labels],
        **dict.fromkeys(("layer", "unasked"), tuple(layer.id for layer in codebook.layers)),
        "family": [family.id for layer in codebook.layers for family in layer.families],
        "certainty": get_args(Certainty),
        "state": get_args(State),
        "role": get_args(Role),
        "kind": get_args(DocKind),
        **dict.fromkeys(("flag", "again", "doubtful"), ("yes",)),
    }
    return tuple(dict.fromkeys(known[name])) if name in known else None


def _slots(codebook: Codebook) -> Iterator[Slot]:
    return (slot for layer in codebook.layers for slot in layer.slots)


def slot_names(codebook: Codebook) -> tuple[str, ...]:
    """Return the fields that a codebook's slots are, such as `slot.strength`."""
    return tuple(dict.fromkeys(f"{SLOT}{slot.id}" for slot in _slots(codebook)))


def _slot_values(name: str, codebook: Codebook) -> tuple[str, ...] | None:
    values: list[str] = []
    for slot in _slots(codebook):
        if slot.id != name:
            continue
        if slot.type in ("choice", "scale"):
            values += [choice.id for choice in slot.choices]
        elif slot.type == "label":
            layers = (layer for layer in codebook.layers if slot.layer in (None, layer.id))
            values += [label.id for layer in layers for label in layer.labels]
        else:
            return None
    return (*dict.fromkeys(values), NONE, EMPTY)


def require_known(name: str, value: str, codebook: Codebook) -> None:
    """Raise InputError where a field of sentences cannot have a value."""
    require_one_of(known_values(name, codebook), name, value)


def require_one_of(
    known: Sequence[str] | None, name: str, value: str, *, prefix: str | None = None
) -> None:
    """Raise InputError where a field has none of its values; None says that it takes any.

    The nearest value is named behind `prefix`, which is the field's name unless another is given.
    """
    if known is not None and value not in known:
        near = nearest(value, known)
        before = f"{name}:" if prefix is None else prefix
        more = " …" if len(known) > _LISTED else "."
        every = f"There is {', '.join(known[:_LISTED])}{more}"
        remedy = f"Did you mean {before}{near[0]}?" if near else every
        raise InputError(f"There is no {name} “{printable(value)}”.", remedy)

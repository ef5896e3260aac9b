"""What is known about a readout, filled in field by field.

Each change is written at once into the file beside the readout, where comments and order stay, and
can be taken back, also when the form was closed meanwhile.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from annotator import files
from annotator.errors import AnnotatorError, InputError
from annotator.formats.metadata import with_value
from annotator.model import language
from annotator.model.base import is_in_calendar, plain_digits
from annotator.model.entity import Cast, Entity
from annotator.model.readout import DocKind, EventType, Metadata
from annotator.pipeline.project import Project

Kind = Literal[
    "text", "language", "side", "date", "number", "choice", "yes", "entity", "entities", "readouts"
]
"""What a field takes; "yes" is true or false, and the last two take several."""

LINES: Final = frozenset({"text", "language", "side", "date", "number", "readouts"})
"""Kinds of fields that are typed."""

_SIDE: Final = re.compile(r"[A-Za-z]{2}|[a-z0-9][a-z0-9_]{0,63}")
_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_REMEDIES: Final[Mapping[Kind, str]] = {
    "language": language.REMEDY,
    "side": "Type the code of its state in two letters, such as FR, or the id of an organisation.",
    "date": "Type a day, month or year, such as 2026-03-05, 2026-03 or 2026.",
}

MOST_OPTIONS: Final = 9
"""How many values stand under a digit."""


@dataclass(frozen=True)
class Field:
    """A field of the form: its path in the file, what it takes, and under which heading it stands.

    A `wanted` field is one without which a readout can hardly be analysed. The values of a `shared`
    one are those of other readouts too, and are offered again.
    """

    id: str
    kind: Kind
    heading: str
    wanted: bool = False
    shared: bool = False
    choices: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The keys that lead to it."""
        return tuple(self.id.split("."))

    @property
    def several(self) -> bool:
        """Tell whether it takes several values."""
        return self.kind in ("entities", "readouts")

    def value(self, metadata: Metadata) -> object:
        """Return what is known; None, or an empty tuple, where nothing is."""
        found: object = metadata
        for step in self.path:
            found = getattr(found, step)
        return found

    def trouble(self, value: object) -> str:
        """Say what is wrong with a value that a file may hold all the same; empty for nothing."""
        said = str(value or "")
        if not said:
            return ""
        match self.kind:
            case "language":
                return language.trouble(said)
            case "side" if not _SIDE.fullmatch(said):
                return f"“{said}” is no code of a state and no id."
            case "date" if not _DATE.fullmatch(said) or not is_in_calendar(said):
                return f"“{said}” is no date."
        return ""

    @property
    def remedy(self) -> str:
        """What to type instead of a value that is in trouble."""
        return _REMEDIES.get(self.kind, "")


FIELDS: Final = (
    Field("title", "text", "Account", wanted=True),
    Field("doc_kind", "choice", "Account", wanted=True, choices=get_args(DocKind)),
    Field("issuing_side", "side", "Account", shared=True, wanted=True),
    Field("issuer", "text", "Account", shared=True, wanted=True),
    Field("outlet", "text", "Account", shared=True),
    Field("outlet_is_issuer", "yes", "Account"),
    Field("source_chain", "entities", "Account"),
    Field("completeness", "choice", "Account", choices=("full", "truncated", "fragment")),
    Field("event.id", "text", "Event", shared=True, wanted=True),
    Field("event.type", "choice", "Event", wanted=True, choices=get_args(EventType)),
    Field("event.date", "date", "Event", wanted=True),
    Field(
        "event.date_precision", "choice", "Event", choices=("day", "month", "year", "unknown")
    ),
    Field("event.participants", "entities", "Event", wanted=True),
    Field("event.initiator", "entity", "Event"),
    Field("event.duration_minutes", "number", "Event"),
    Field("event.tone", "text", "Event"),
    Field("counterpart_of", "readouts", "Event"),
    Field("language", "language", "Language", shared=True, wanted=True),
    Field("original_language", "language", "Language", shared=True),
    Field("is_translation", "yes", "Language"),
    Field("translation_of", "text", "Language"),
    Field("publication_date", "date", "Origin", wanted=True),
    Field(
        "publication_date_certainty", "choice", "Origin",
        choices=("stated", "inferred", "unknown"),
    ),
    Field("source_url", "text", "Origin"),
    Field("retrieved", "text", "Origin"),
    Field("licence", "text", "Origin", shared=True, wanted=True),
    Field("note", "text", "Origin"),
)  # fmt: skip
"""The fields of the form in their order; what the program writes itself is not among them."""


def not_known(metadata: Metadata) -> tuple[Field, ...]:
    """Return the wanted fields of which nothing is known, or nothing that can be."""
    return tuple(one for one in FIELDS if one.wanted and _lacks(one, one.value(metadata)))


def troubles(metadata: Metadata) -> list[tuple[str, str]]:
    """Say what stands in metadata that can be read, and cannot be, each with its remedy."""
    said = ((one, one.trouble(one.value(metadata))) for one in FIELDS)
    return [(f"{one.id}: {trouble}", one.remedy) for one, trouble in said if trouble]


def _lacks(one: Field, value: object) -> bool:
    return value in (None, ()) or bool(one.trouble(value))


Past = list[tuple[Field, object, object]]
"""Changes of a readout's form in their order: the field, what it held before, and since."""


@dataclass
class About:
    """The form of one readout; `cast` is whom its fields can name, in the order of their keys.

    `used` returns the values that a field has elsewhere in the project, the most frequent first.
    `past` is what was changed, which a later form of the same readout may take back.
    """

    project: Project
    readout: str
    cast: Cast
    used: Callable[[Field], Sequence[str]]
    past: Past = field(default_factory=list)
    metadata: Metadata = field(init=False)

    def __post_init__(self) -> None:
        """Read what is known; raises InputError where the file is not understood."""
        self.metadata = self.project.metadata(self.readout)

    def options(self, one: Field) -> list[str]:
        """Return the values that stand under the digits 1 to 9 for a field."""
        match one.kind:
            case "choice":
                return list(one.choices)
            case "yes":
                return ["yes", "no"]
            case "entity" | "entities":
                return [entity.id for entity in self.cast.entities][:MOST_OPTIONS]
            case "readouts":
                event = self.metadata.event.id
                tellings = self.project.event_tellings(event) if event else []
                others = dict.fromkeys((*self.metadata.counterpart_of, *tellings))
                return [other for other in others if other != self.readout][:MOST_OPTIONS]
            case "text" | "language" | "side" | "date":
                used = self.used(one) if one.shared else ()
                known = dict.fromkeys((*(self._sides() if one.kind == "side" else ()), *used))
                return [value for value in known if not one.trouble(value)][:MOST_OPTIONS]
            case "number":
                return []

    def shown(self, one: Field, option: str) -> str:
        """Return how an option is called."""
        if one.kind in ("entity", "entities"):
            return self.cast.name(option)
        return option.replace("_", " ") if one.kind == "choice" else option

    def said(self, one: Field) -> str:
        """Return what is known of a field in words; empty where nothing is."""
        value = one.value(self.metadata)
        if value is None or value == ():
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return ", ".join(self.shown(one, str(each)) for each in value)
        return self.shown(one, str(value))

    def holds(self, one: Field, option: str) -> bool:
        """Tell whether an option is the field's value, or one of its values."""
        value = one.value(self.metadata)
        if isinstance(value, bool):
            return option == ("yes" if value else "no")
        return option in value if isinstance(value, tuple) else value == option

    def choose(self, one: Field, option: str) -> None:
        """Take an option for the value; of several, put it in or take it out."""
        value: object = option
        if one.kind == "yes":
            value = option == "yes"
        elif one.several:
            held = [str(each) for each in self._several(one)]
            kept = [each for each in held if each != option]
            value = tuple(kept if option in held else [*held, option])
        self.change(one, value)

    def type(self, one: Field, typed: str) -> None:
        """Take what was typed for the value; nothing typed says that it is not known.

        Raises InputError where the field cannot have it.
        """
        typed = " ".join(typed.split())
        if one.several:
            self.change(one, tuple(dict.fromkeys(part for part in typed.replace(",", " ").split())))
        elif one.kind == "number" and typed:
            if not typed.isdecimal() or len(typed) > 6:
                raise InputError("That is no number of minutes.", "Type digits alone.")
            self.change(one, int(typed))
        elif one.kind == "yes" and typed:
            raise InputError("This field is yes or no.", "Press 1 for yes or 2 for no.")
        else:
            meant = plain_digits(typed) if one.kind == "date" else typed
            self.change(one, meant or None)

    def change(self, one: Field, value: object) -> None:
        """Write another value of a field; raises AnnotatorError where it cannot be."""
        if trouble := one.trouble(value):
            raise InputError(trouble, one.remedy)
        before = one.value(self.metadata)
        if (value or None) != (before or None) or isinstance(value, bool):
            self._write(one, value)
            self.past.append((one, before, one.value(self.metadata)))

    def undo(self) -> Field | None:
        """Take back the last change, and return its field; None where there is none.

        Raises AnnotatorError where that cannot be written: the change stands.
        """
        if not self.past:
            return None
        one, before, since = self.past[-1]
        if one.value(self.metadata) != since:
            self.past.pop()
            raise _changed(one)
        self._write(one, before)
        self.past.pop()
        return one

    def _sides(self) -> list[str]:
        """Return for whom the cast stands, those who take part first."""
        took_part = self.metadata.event.participants
        cast = sorted(self.cast.entities, key=lambda entity: entity.id not in took_part)
        return [entity.affiliation for entity in cast if entity.affiliation]

    def _several(self, one: Field) -> tuple[object, ...]:
        value = one.value(self.metadata)
        return value if isinstance(value, tuple) else ()

    def _write(self, one: Field, value: object) -> None:
        known, self.metadata = one.value(self.metadata), self.project.metadata(self.readout)
        if one.value(self.metadata) != known:
            raise _changed(one)
        path = self.project.metadata_file(self.readout)
        raw = files.read_bytes(path) if os.path.lexists(path) else b""
        if value == ():
            value = None
        written = with_value(
            raw, one.path, value, self._unknown(one, value), name=self.project.paths.shown(path)
        )
        files.write_atomic(path, written)
        self.metadata = self.project.metadata(self.readout)

    def _unknown(self, one: Field, value: object) -> list[Entity]:
        """Return whom a value names and the file does not know yet: they go into it too."""
        if one.kind not in ("entity", "entities"):
            return []
        named = value if isinstance(value, tuple) else (value,)
        known = {entity.id for entity in self.metadata.entities}
        found = (self.cast.get(str(each)) for each in named if each not in known)
        return [entity for entity in found if entity is not None]


def _changed(one: Field) -> InputError:
    return InputError(
        f"Another program changed “{one.id}” meanwhile.", "Look at its value, and try again."
    )


def cast_of(project: Project, coder: str, readout_id: str) -> Cast:
    """Return whom a readout's metadata and the coder's work on it name.

    Raises InputError where the metadata are not understood.
    """
    cast = Cast(entities=project.metadata(readout_id).entities)
    try:
        snapshot = project.store().read(coder, readout_id)
    except AnnotatorError:  # To open the readout says what is wrong with it.
        return cast
    for entity in snapshot.coding.cast.entities if snapshot else ():
        if cast.get(entity.id) is None:
            cast = cast.with_entity(entity)
    return cast

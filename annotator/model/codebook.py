"""The codebook: which layers, labels and slots there are, and what a mark may say.

Layers are data. Topics, speakers and commitments are three of them; a project adds its own by
writing it into the file, and everything that works on layers works on it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from annotator.model.base import Identifier, Key, Value
from annotator.model.mark import Mark, SlotValue
from annotator.model.questions import Question

if TYPE_CHECKING:
    from annotator.model.fitting import Taken

Glyph = Annotated[str, Field(min_length=1, max_length=1)]
SlotType = Literal["span", "entity", "choice", "scale", "date", "text", "ref", "label"]
Colour = Literal["red", "orange", "yellow", "green", "teal", "blue", "violet", "pink", "grey"]
Version = Annotated[str, Field(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
RevisionKind = Literal["add", "reword", "redefine", "rename", "merge", "split", "retire"]


def value_type(slot_type: SlotType) -> str:
    """Return the `type` of the values that a slot takes: a step of a scale is a choice."""
    return "choice" if slot_type == "scale" else slot_type


class Choice(Value):
    """One value of a choice or one step of a scale."""

    id: Identifier
    name: str
    key: Key | None = None
    definition: str = ""


class Slot(Value):
    """A typed field of a layer's marks.

    `families` limits it to labels of those families; empty means all. `layer` is the layer that a
    `ref` or `label` slot points to.
    """

    id: Identifier
    name: str
    key: Key | None = None
    type: SlotType
    required: bool = False
    repeatable: bool = False
    definition: str = ""
    families: tuple[Identifier, ...] = ()
    choices: tuple[Choice, ...] = ()
    layer: Identifier | None = None
    default: str | None = None

    def choice(self, choice_id: str) -> Choice | None:
        """Return the choice of that id, or None."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


class Family(Value):
    """A group of labels.

    A family with a `key` has a panel of its own. The labels of a `negative` family say "looks like
    one and is not": near misses.
    """

    id: Identifier
    name: str
    glyph: Glyph = "◆"
    colour: Colour = "grey"
    key: Key | None = None
    negative: bool = False


class Label(Value):
    """A value of a layer, with the rules for giving it.

    `cap` holds major topics of the Comparative Agendas Project, `plover` contexts or event types of
    the PLOVER ontology. `was` holds the ids that it had before. A label that is `retired`, since
    that version, is not given any more; `into` names the label that its marks became, or the labels
    among which a person has to choose for each of them.
    """

    id: Identifier
    family: Identifier | None = None
    name: str
    short: str = ""
    key: Key | None = None
    definition: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    cap: tuple[int, ...] = ()
    plover: tuple[str, ...] = ()
    was: tuple[Identifier, ...] = ()
    retired: Version | None = None
    into: tuple[Identifier, ...] = ()

    @property
    def tag(self) -> str:
        """The few letters that stand in the text."""
        return self.short or self.id


class Cue(Value):
    """Words that announce who speaks, for one language, and the choice that they speak for."""

    language: str
    choice: str
    forms: tuple[str, ...]


class Layer(Value):
    """One kind of marking.

    `entry` says what its panel asks first: "label", or the id of an entity slot, in which case the
    label is proposed from the text. `questions` lead a coder to a label; the first is asked first.
    """

    id: Identifier
    name: str
    key: Key
    glyph: Glyph = "◆"
    entry: str = "label"
    multiple: bool = True
    definition: str = ""
    rules: tuple[str, ...] = ()
    edge_cases: tuple[str, ...] = ()
    families: tuple[Family, ...] = ()
    labels: tuple[Label, ...]
    slots: tuple[Slot, ...] = ()
    cues: tuple[Cue, ...] = ()
    questions: tuple[Question, ...] = ()

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question | None:
        """Return the question of that id, or None."""
        return self._questions.get(question_id)

    @property
    def label_ids(self) -> Iterable[str]:
        """The ids that labels have or had."""
        return self._labels

    @cached_property
    def _labels(self) -> dict[str, Label]:
        former = {old: label for label in self.labels for old in label.was}
        return {**former, **{label.id: label for label in self.labels}}

    @property
    def in_use(self) -> tuple[Label, ...]:
        """The labels that can be given."""
        return tuple(label for label in self.labels if label.retired is None)

    @cached_property
    def _families(self) -> dict[str, Family]:
        return {family.id: family for family in self.families}

    @cached_property
    def _slots(self) -> dict[str, Slot]:
        return {slot.id: slot for slot in self.slots}

    def label(self, label_id: str) -> Label | None:
        """Return the label that has or had that id, or None."""
        return self._labels.get(label_id)

    def current(self, label_id: str) -> str:
        """Return the id that a mark of that label has now: of renamed and merged ones another."""
        label = self.label(label_id)
        for _ in self.labels:
            if label is None or len(label.into) != 1:
                break
            label = self.label(label.into[0])
        return label.id if label else label_id

    def slot(self, slot_id: str) -> Slot | None:
        """Return the slot of that id, or None."""
        return self._slots.get(slot_id)

    def family(self, label_id: str) -> Family | None:
        """Return the family of a label, or None."""
        label = self.label(label_id)
        return self._families.get(label.family) if label and label.family else None

    def negative(self, label_id: str) -> bool:
        """Tell whether the label is a near miss."""
        family = self.family(label_id)
        return family is not None and family.negative

    def glyph_of(self, label_id: str) -> str:
        """Return the glyph of a label's family, or the layer's."""
        family = self.family(label_id)
        return family.glyph if family else self.glyph

    def slots_of(self, label_id: str) -> tuple[Slot, ...]:
        """Return the slots that a mark of this label has."""
        label = self.label(label_id)
        return self._slots_by_family.get(label.family if label else None, ())

    def slots_by_id(self, label_id: str) -> Mapping[str, Slot] | None:
        """Return the slots that a mark of this label has, by their ids; None for no label."""
        return self._slots_by_label.get(label_id)

    @cached_property
    def _slots_by_label(self) -> dict[str, dict[str, Slot]]:
        return {name: {slot.id: slot for slot in self.slots_of(name)} for name in self._labels}

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each label in the order of the codebook, by its id."""
        return {label.id: place for place, label in enumerate(self.labels)}

    @cached_property
    def moved(self) -> frozenset[str]:
        """The ids of which marks have another one now: of renamed and merged labels."""
        former = {old for label in self.labels for old in (*label.was, label.id)}
        return frozenset(former - {one.id for one in self.labels if len(one.into) != 1})

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The ids of the slots that point to other marks."""
        return tuple(slot.id for slot in self.slots if slot.type == "ref")

    @cached_property
    def _slots_by_family(self) -> dict[str | None, tuple[Slot, ...]]:
        families = {None, *(label.family for label in self.labels)}
        return {
            family: tuple(s for s in self.slots if not s.families or family in s.families)
            for family in families
        }


class Panel(Value):
    """A layer's labels, or one family's, under one key, each with a key of its own."""

    key: Key
    layer: Identifier
    family: Identifier | None
    name: str
    glyph: Glyph
    labels: tuple[Label, ...]

    @cached_property
    def keys(self) -> dict[str, str]:
        """The key of each label, by label id."""
        return allocate_keys((label.id, label.tag, label.key) for label in self.labels)


class DocumentField(Value):
    """A field of the document's metadata, described for the coder."""

    id: Identifier
    name: str
    definition: str = ""
    choices: tuple[str, ...] = ()


class Revision(Value):
    """One change of a codebook: what became of a label of a layer in which version, on which day.

    With `review`, marks that were made before are to be looked at again.
    """

    version: Version
    kind: RevisionKind
    layer: Identifier
    label: Identifier
    into: tuple[Identifier, ...] = ()
    review: bool = False
    date: str = ""
    note: str = ""


class Codebook(Value):
    """Layers, labels and slots, under a name and a version that every mark repeats."""

    name: Identifier
    version: Version
    title: str = ""
    language: str = "en"
    licence: str = ""
    description: str = ""
    fields: tuple[DocumentField, ...] = ()
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    changes: tuple[Revision, ...] = ()

    @property
    def stamp(self) -> str:
        """Name and version, as marks carry them."""
        return f"{self.name} {self.version}"

    @cached_property
    def _layers(self) -> dict[str, Layer]:
        return {layer.id: layer for layer in self.layers}

    def layer(self, layer_id: str) -> Layer | None:
        """Return the layer of that id, or None."""
        return self._layers.get(layer_id)

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The panels in the codebook's order: one per layer, and one per family with a key."""
        return tuple(panel for layer in self.layers for panel in _panels(layer))

    def check(self, mark: Mark, *, complete: bool = False) -> str | None:
        """Say in one sentence what is wrong with a mark, or None where nothing is.

        With `complete`, required slots must be filled or said to be stated nowhere; without, a
        frame may still be on its way.
        """
        labels = self._takes.get(mark.layer)
        if labels is None:
            return f"The codebook {self.stamp} has no layer “{mark.layer}”."
        takes = labels.get(mark.label)
        if takes is None:
            return f"The layer “{mark.layer}” has no label “{mark.label}”."
        for slot_id, values in mark.slots.items():
            # What nearly every value is, is told at once; what is wrong may take its time.
            if slot_id in takes and len(values) == 1:
                (kind, names), value = takes[slot_id], values[0]
                if value.type == kind and (names is None or getattr(value, kind) in names):
                    continue
            problem = self._misfit(self._layers[mark.layer], mark.label, slot_id, values)
            if problem:
                return problem
        if not complete:
            return None
        missing = [slot.name for slot in self.lacking(mark)]
        return f"“{mark.label}” still lacks: {', '.join(missing)}." if missing else None

    def lacking(self, mark: Mark) -> tuple[Slot, ...]:
        """Return the required slots that a mark leaves empty; what is rejected lacks nothing."""
        layer = None if mark.rejected else self.layer(mark.layer)
        slots = layer.slots_of(mark.label) if layer else ()
        return tuple(slot for slot in slots if slot.required and not mark.slots.get(slot.id))

    def _misfit(
        self, layer: Layer, label_id: str, slot_id: str, values: Sequence[SlotValue]
    ) -> str | None:
        from annotator.model.fitting import misfit

        return misfit(self, layer, label_id, slot_id, values)

    @cached_property
    def _takes(self) -> dict[str, dict[str, dict[str, Taken]]]:
        """What the slots of each label take, by its layer."""
        from annotator.model.fitting import taken

        return {
            layer.id: {
                label: {slot.id: taken(self, slot) for slot in layer.slots_of(label)}
                for label in layer.label_ids
            }
            for layer in self.layers
        }

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        from annotator.model.consistency import inconsistencies

        problem = next(inconsistencies(self), None)
        if problem:
            raise problem
        return self


def _panels(layer: Layer) -> Iterator[Panel]:
    own = [family for family in layer.families if family.key is not None]
    own_ids = {family.id for family in own}
    rest = tuple(label for label in layer.in_use if label.family not in own_ids)
    yield Panel(
        key=layer.key, layer=layer.id, family=None, name=layer.name, glyph=layer.glyph, labels=rest
    )
    for family in own:
        labels = tuple(label for label in layer.in_use if label.family == family.id)
        yield Panel(
            key=family.key or "",
            layer=layer.id,
            family=family.id,
            name=family.name,
            glyph=family.glyph,
            labels=labels,
        )


def allocate_keys(items: Iterable[tuple[str, str, str | None]]) -> dict[str, str]:
    """Give every `(id, name, wished key)` a key of its own, as mnemonic as can be.

    Wished keys are given first. Then come, in order, the letters of the name in lower case, the
    same in upper case, and whatever letter or digit is left. The same items get the same keys.
    """
    wishes = list(items)
    keys = {item: wish for item, _, wish in wishes if wish is not None}
    taken = set(keys.values())
    spare = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for item, name, wish in wishes:
        if wish is not None:
            continue
        letters = [char for char in name.lower() if char.isascii() and char.isalnum()]
        candidates = [*letters, *(char.upper() for char in letters), *spare]
        key = next((char for char in candidates if char not in taken), None)
        if key is not None:
            keys[item] = key
            taken.add(key)
    return keys

"""The sentence on the desk: what every mode works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotator.model.codebook import Layer
from annotator.model.edit import Edit
from annotator.model.entity import Cast, Entity
from annotator.model.language import read_as
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    NoneStated,
    RefValue,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.sentence import Sentence
from annotator.model.suggestion import Suggestion
from annotator.model.text import quoted
from annotator.session import accepting, acts, framing
from annotator.session.acts import Pen
from annotator.session.candidates import Candidate, candidates
from annotator.session.scene import Scene
from annotator.session.session import Session
from annotator.session.words import Range
from annotator.tui.naming import tag, unnamed
from annotator.tui.twins import first_words, of_one_source

CAST_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


def keyed_cast(cast: Cast) -> list[tuple[str, Entity]]:
    """Give the cast its keys, in its order."""
    return list(zip(CAST_KEYS, cast.entities, strict=False))


@dataclass(frozen=True)
class Desk:
    """A session and the sentence in work; `seconds` tells how long it has been shown.

    `questions` is the key that leads to the questions of the codebook, empty where it has none.
    """

    session: Session
    key: int
    seconds: Callable[[], float]
    questions: str = ""

    @property
    def sentence(self) -> Sentence:
        """The sentence as it is now."""
        return self.session.sentence(self.key)

    @property
    def pen(self) -> Pen:
        """The coder's pen."""
        return self.session.pen

    @property
    def text(self) -> str:
        """The readout's text."""
        return self.session.readout.text

    @property
    def bounds(self) -> Range:
        """The sentence's range."""
        return self.sentence.start, self.sentence.end

    @property
    def language(self) -> str:
        """The letters of the readout's language; English where it is not known."""
        return read_as(self.session.readout.metadata.language)

    def suggestion(self, layer: str, label: str) -> Suggestion | None:
        """Return what is suggested of a label for the sentence and shown, or None."""
        return self.session.suggested.of_label(self.sentence, layer, label)

    def taking(self, offered: Sequence[Suggestion]) -> Edit | None:
        """Return the act that takes what is suggested for the sentence."""
        session = self.session
        scene, suggested = self.scene, session.suggested
        return accepting.take(
            self.pen, session.coding, scene, self.key, suggested, offered, self.seconds()
        )

    def do(self, edit: Edit | None) -> None:
        """Make an edit."""
        self.session.do(edit)

    def mark(self, mark_id: str) -> Mark | None:
        """Return a mark of the sentence by its id."""
        return self.sentence.mark(mark_id)

    def layer(self, layer_id: str) -> Layer:
        """Return a layer of the codebook; raises KeyError where there is none."""
        layer = self.session.codebook.layer(layer_id)
        if layer is None:
            raise KeyError(layer_id)
        return layer

    @property
    def scene(self) -> Scene:
        """What proposals are made from."""
        session = self.session
        return Scene(session.codebook, session.readout, self.sentence, session.cast)

    def fill(self, mark_id: str, slot: str, values: tuple[SlotValue, ...]) -> None:
        """Set a slot of a mark; what follows from it is proposed in the same edit."""
        mark = self.mark(mark_id)
        follows = (
            framing.following(self.scene, self.layer(mark.layer), mark, slot, values)
            if mark
            else None
        )
        coding = self.session.coding
        self.do(acts.fill_slot(self.pen, coding, self.key, mark_id, slot, values, follows))

    def candidates(self) -> list[Candidate]:
        """Return the stretches of the sentence that a span is likely to be."""
        book, cast = self.session.codebook, self.session.cast
        return candidates(book, cast, self.text, self.sentence, self.language)

    def value_text(self, value: SlotValue) -> str:
        """Say a slot's value in words."""
        match value:
            case SpanValue():
                return quoted(value.span.exact)
            case EntityValue():
                name = self.session.cast.name(value.entity)
                return f"{name} (inferred)" if value.inferred else name
            case ChoiceValue():
                return value.choice.replace("_", " ")
            case LabelValue():
                return tag(value.label, self.session.codebook)
            case DateValue():
                return value.date
            case TextValue():
                return value.text
            case RefValue():
                return self.mark_text(value.mark)
            case NoneStated():
                return "none stated"

    def values_text(self, values: tuple[SlotValue, ...]) -> str:
        """Say all values of a slot in words."""
        return ", ".join(self.value_text(value) for value in values)

    def mark_text(self, mark_id: str) -> str:
        """Say in a few words which mark of the readout an id means."""
        coding = self.session.coding
        # Most marks that are pointed to stand in the same sentence.
        for key in (self.key, *coding.order):
            mark = coding.sentence(key).mark(mark_id)
            if mark is not None:
                return self.placed(self._told_apart(mark, key), key)
        return mark_id

    def _told_apart(self, mark: Mark, key: int) -> str:
        layer = self.session.codebook.layer(mark.layer)
        if key != self.key or layer is None or layer.entry == "label":
            return self.describe(mark)
        # A narrow row cuts what stands last, and the words are what tells two of one source apart.
        own = of_one_source(layer, self.sentence, mark)
        return f"“{own}” {self._named(layer, mark)}" if own else self.describe(mark)

    def placed(self, said: str, key: int) -> str:
        """Put before what is said of a mark the number of its sentence, where that is another."""
        place = self.session.coding.position[key]
        return said if key == self.key else f"sentence {place + 1}: {said}"

    def describe(self, mark: Mark) -> str:
        """Say a mark in a few words: its label, and whom its entry names."""
        layer = self.session.codebook.layer(mark.layer)
        if layer is None:
            return mark.label
        own = first_words(layer, self.sentence, mark)
        name = self._named(layer, mark)
        return f"{name} “{own}”" if own else name

    def _named(self, layer: Layer, mark: Mark) -> str:
        label = layer.label(mark.label)
        name = label.tag if label else mark.label
        if layer.entry == "label":
            return name
        values = mark.values(layer.entry)
        return f"{self.values_text(values) or unnamed(layer, mark)}, {name}"

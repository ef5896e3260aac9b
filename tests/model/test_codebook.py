"""What a codebook allows a mark to say, and what it may not say of itself."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from annotator.model.codebook import Codebook, Layer, allocate_keys
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    Provenance,
    RefValue,
    Slots,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.text import Span

Tree = dict[str, Any]

BOOK: Tree = {
    "name": "small",
    "version": "1.2.3",
    "layers": [
        {
            "id": "moods",
            "name": "Moods",
            "key": "m",
            "labels": [
                {"id": "warm", "name": "Warm", "short": "wrm", "key": "w"},
                {"id": "cold", "name": "Cold"},
            ],
        },
        {
            "id": "vows",
            "name": "Vows",
            "key": "v",
            "glyph": "⚑",
            "families": [
                {"id": "real", "name": "Real", "glyph": "●"},
                {"id": "mock", "name": "Mock", "glyph": "○", "key": "x", "negative": True},
            ],
            "labels": [
                {"id": "oath", "family": "real", "name": "Oath", "key": "o"},
                {"id": "jest", "family": "mock", "name": "Jest", "key": "o"},
                {"id": "stray", "name": "Stray"},
            ],
            "slots": [
                {"id": "words", "name": "Words", "key": "w", "type": "span", "required": True},
                {
                    "id": "who",
                    "name": "Who swears",
                    "type": "entity",
                    "required": True,
                    "repeatable": True,
                    "families": ["real"],
                },
                {
                    "id": "loud",
                    "name": "Loud",
                    "type": "choice",
                    "default": "no",
                    "choices": [
                        {"id": "yes", "name": "Yes", "key": "y"},
                        {"id": "no", "name": "No", "key": "n"},
                    ],
                },
                {
                    "id": "force",
                    "name": "Force",
                    "type": "scale",
                    "choices": [{"id": "1", "name": "Low"}, {"id": "2", "name": "High"}],
                },
                {"id": "due", "name": "Due", "type": "date"},
                {"id": "lemma", "name": "Lemma", "type": "text"},
                {"id": "before", "name": "Before", "type": "ref", "layer": "vows"},
                {
                    "id": "mood",
                    "name": "Mood",
                    "type": "label",
                    "layer": "moods",
                    "repeatable": True,
                },
            ],
        },
    ],
}

SPAN = SpanValue(span=Span(start=0, end=2, exact="We"))
KING = EntityValue(entity="king")
QUEEN = EntityValue(entity="queen")
VALUES: dict[str, SlotValue] = {
    "words": SPAN,
    "who": KING,
    "loud": ChoiceValue(choice="yes"),
    "force": ChoiceValue(choice="2"),
    "due": DateValue(date="2031-06"),
    "lemma": TextValue(text="swear"),
    "before": RefValue(mark="m0"),
    "mood": LabelValue(label="cold"),
}
TYPES = {
    "words": "span",
    "who": "entity",
    "loud": "choice",
    "force": "scale",
    "due": "date",
    "lemma": "text",
    "before": "ref",
    "mood": "label",
}


def read(tree: Tree) -> Codebook:
    return Codebook.model_validate_json(json.dumps(tree))


SMALL = read(BOOK)


def mark(of: str = "vows oath", /, **slots: SlotValue | tuple[SlotValue, ...]) -> Mark:
    layer, label = of.split()
    filled: Slots = {
        name: values if isinstance(values, tuple) else (values,) for name, values in slots.items()
    }
    return Mark(
        id="m1",
        layer=layer,
        label=label,
        start=0,
        end=2,
        slots=filled,
        provenance=Provenance(coder="ada", at="2031-01-01T00:00:00Z", codebook=SMALL.stamp),
    )


def rejected(made: Mark) -> Mark:
    return made.model_copy(update={"rejected": True})


def layer_of(book: Codebook, layer_id: str) -> Layer:
    layer = book.layer(layer_id)
    assert layer is not None
    return layer


def test_a_mark_with_every_slot_filled_is_sound() -> None:
    assert SMALL.check(mark(**VALUES), complete=True) is None


def test_a_mark_on_its_way_may_lack_required_slots() -> None:
    assert SMALL.check(mark()) is None
    assert SMALL.check(mark("moods warm"), complete=True) is None


def test_a_layer_that_is_not_there_is_said_with_the_codebook() -> None:
    assert SMALL.check(mark("tones warm")) == "The codebook small 1.2.3 has no layer “tones”."


def test_a_label_that_is_not_there_is_said_with_the_layer() -> None:
    assert SMALL.check(mark("vows warm")) == "The layer “vows” has no label “warm”."


def test_a_slot_that_is_not_there_is_said_with_the_label() -> None:
    assert SMALL.check(mark(price=SPAN)) == "The label “oath” has no slot “price”."


def test_a_slot_of_another_family_is_not_there() -> None:
    assert SMALL.check(mark("vows jest", who=KING)) == "The label “jest” has no slot “who”."
    assert SMALL.check(mark("vows stray", who=KING)) == "The label “stray” has no slot “who”."
    assert SMALL.check(mark("vows jest", words=SPAN), complete=True) is None


def test_a_slot_without_a_value_is_to_be_left_out() -> None:
    assert SMALL.check(mark(words=())) == "The slot “words” holds no value; leave it out instead."


def test_none_stated_stands_alone() -> None:
    said = SMALL.check(mark(who=(KING, *NONE_STATED)))
    assert said == "The slot “who” says “none stated” beside a value."
    said = SMALL.check(mark(who=NONE_STATED * 2))
    assert said == "The slot “who” says “none stated” beside a value."


@pytest.mark.parametrize("slot", TYPES)
def test_none_stated_fits_a_slot_of_every_type(slot: str) -> None:
    assert SMALL.check(mark(**{slot: NONE_STATED})) is None


def test_only_a_repeatable_slot_takes_several_values() -> None:
    assert SMALL.check(mark(who=(KING, QUEEN))) is None
    assert SMALL.check(mark(words=(SPAN, SPAN))) == "The slot “words” takes one value, not 2."


@pytest.mark.parametrize("slot", TYPES)
@pytest.mark.parametrize("other", TYPES)
def test_a_slot_takes_values_of_its_own_type_only(slot: str, other: str) -> None:
    value = VALUES[other]
    said = SMALL.check(mark(**{slot: value}))
    if isinstance(value, type(VALUES[slot])):
        assert said is None or "has no choice" in said
    else:
        expected = f"The slot “{slot}” takes a value of type {TYPES[slot]}, not {value.type}."
        assert said == expected


@pytest.mark.parametrize("place", [0, 1])
def test_every_value_of_a_repeatable_slot_is_looked_at(place: int) -> None:
    values: list[SlotValue] = [KING, QUEEN]
    values[place] = SPAN
    said = SMALL.check(mark(who=tuple(values)))
    assert said == "The slot “who” takes a value of type entity, not span."


def test_a_choice_that_is_not_there_is_said_with_those_that_are() -> None:
    said = SMALL.check(mark(loud=ChoiceValue(choice="perhaps")))
    assert said == "The slot “loud” has no choice “perhaps”; it has yes, no."
    said = SMALL.check(mark(force=ChoiceValue(choice="3")))
    assert said == "The slot “force” has no choice “3”; it has 1, 2."


def test_a_label_slot_takes_labels_of_its_layer_only() -> None:
    both = (LabelValue(label="warm"), LabelValue(label="cold"))
    assert SMALL.check(mark(mood=both)) is None
    said = SMALL.check(mark(mood=LabelValue(label="oath")))
    assert said == "The slot “mood” points to “oath”, no label of moods."


def test_a_complete_mark_names_every_required_slot_that_it_lacks() -> None:
    assert SMALL.check(mark(), complete=True) == "“oath” still lacks: Words, Who swears."
    assert SMALL.check(mark(words=SPAN), complete=True) == "“oath” still lacks: Who swears."
    assert SMALL.check(mark("vows jest"), complete=True) == "“jest” still lacks: Words."


def test_what_is_stated_nowhere_is_not_lacking() -> None:
    assert SMALL.check(mark(words=SPAN, who=NONE_STATED), complete=True) is None


def test_a_rejected_mark_needs_no_slots_but_may_not_hold_wrong_ones() -> None:
    assert SMALL.check(rejected(mark()), complete=True) is None
    assert SMALL.check(rejected(mark(price=SPAN))) == "The label “oath” has no slot “price”."


def test_families_say_which_slots_a_label_has_and_whether_it_is_a_near_miss() -> None:
    vows = layer_of(SMALL, "vows")
    assert [slot.id for slot in vows.slots_of("oath")] == list(TYPES)
    without = [slot for slot in TYPES if slot != "who"]
    assert [slot.id for slot in vows.slots_of("jest")] == without
    assert [slot.id for slot in vows.slots_of("stray")] == without
    assert [vows.negative(label.id) for label in vows.labels] == [False, True, False]
    assert [vows.glyph_of(label.id) for label in vows.labels] == ["●", "○", "⚑"]
    assert vows.family("stray") is None
    assert vows.family("nobody") is None


def test_a_family_with_a_key_has_a_panel_of_its_own() -> None:
    assert [
        (panel.key, panel.family, panel.glyph, [label.id for label in panel.labels])
        for panel in SMALL.panels
    ] == [
        ("m", None, "◆", ["warm", "cold"]),
        ("v", None, "⚑", ["oath", "stray"]),
        ("x", "mock", "○", ["jest"]),
    ]


def test_keys_in_two_panels_of_a_layer_may_be_the_same() -> None:
    oath, jest = SMALL.panels[1], SMALL.panels[2]
    assert oath.keys["oath"] == jest.keys["jest"] == "o"


def test_labels_without_a_key_get_one_of_their_name() -> None:
    assert SMALL.panels[0].keys == {"warm": "w", "cold": "c"}


def test_a_tag_is_the_short_name_or_the_id() -> None:
    assert [label.tag for label in SMALL.layers[0].labels] == ["wrm", "cold"]


def test_wished_keys_come_first_whatever_the_order() -> None:
    assert allocate_keys([("a", "kk", None), ("b", "k", "k")]) == {"b": "k", "a": "K"}
    assert allocate_keys([("a", "é ", None)]) == {"a": "a"}


items = st.lists(
    st.tuples(st.text(min_size=1), st.text(), st.none()),
    max_size=80,
    unique_by=lambda item: item[0],
)


@given(items)
def test_keys_are_printable_unique_and_the_same_each_time(
    wishes: list[tuple[str, str, None]],
) -> None:
    keys = allocate_keys(wishes)
    assert keys == allocate_keys(wishes)
    assert len(set(keys.values())) == len(keys) == min(len(wishes), 62)
    assert all(len(key) == 1 and key.isascii() and key.isalnum() for key in keys.values())


def labels(tree: Tree, layer: int = 1) -> list[Tree]:
    found: list[Tree] = tree["layers"][layer]["labels"]
    return found


def slot(tree: Tree, slot_id: str) -> Tree:
    found: Tree = next(s for s in tree["layers"][1]["slots"] if s["id"] == slot_id)
    return found


def too_many(tree: Tree) -> None:
    tree["layers"][0]["labels"] = [{"id": f"l{n}", "name": str(n)} for n in range(63)]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: t["layers"][0].update(id="vows"), "two layers have the id “vows”"),
        (lambda t: t["layers"][0].update(key="v"), "two panels have the key “v”"),
        (lambda t: t["layers"][0].update(key="x"), "two panels have the key “x”"),
        (
            lambda t: labels(t)[2].update(id="oath"),
            "in layer “vows” two labels have the id “oath”",
        ),
        (
            lambda t: labels(t)[2].update(key="o"),
            "two labels of the panel “Vows” have the key “o”: oath and stray",
        ),
        (
            lambda t: labels(t)[0].update(family="mocked"),
            "in layer “vows” label “oath” names a family “mocked” that is not there",
        ),
        (
            lambda t: slot(t, "due").update(id="words"),
            "in layer “vows” two slots have the id “words”",
        ),
        (
            lambda t: slot(t, "due").update(key="w"),
            "in layer “vows” two slots have the key “w”",
        ),
        (
            lambda t: t["layers"][1].update(entry="words"),
            "in layer “vows” entry “words” is neither “label” nor an entity slot",
        ),
        (
            lambda t: t["layers"][1].update(entry="whom"),
            "in layer “vows” entry “whom” is neither “label” nor an entity slot",
        ),
        (
            lambda t: slot(t, "force").update(choices=[]),
            "in layer “vows” slot “force” has no choices",
        ),
        (
            lambda t: slot(t, "force")["choices"][0].update(id="2"),
            "in layer “vows” slot “force” has two choices “2”",
        ),
        (
            lambda t: slot(t, "loud")["choices"][0].update(key="n"),
            "in layer “vows” slot “loud” has two choices with the key “n”",
        ),
        (
            lambda t: slot(t, "before").pop("layer"),
            "in layer “vows” slot “before” points to a layer “None” that is not there",
        ),
        (
            lambda t: slot(t, "mood").update(layer="tones"),
            "in layer “vows” slot “mood” points to a layer “tones” that is not there",
        ),
        (
            lambda t: slot(t, "loud").update(default="maybe"),
            "in layer “vows” slot “loud” has a default “maybe” that is no choice of it",
        ),
        (
            lambda t: slot(t, "who").update(families=["real", "false"]),
            "in layer “vows” slot “who” names a family “false” that is not there",
        ),
        (
            too_many,
            "the panel “Moods” has 63 labels, and keys for 62: give a family a “key”, and it has a"
            " panel of its own, or give labels signs of ASCII as their “key”",
        ),
    ],
)
def test_a_codebook_that_contradicts_itself_is_refused(
    spoil: Callable[[Tree], object], said: str
) -> None:
    tree = copy.deepcopy(BOOK)
    spoil(tree)
    with pytest.raises(ValidationError) as caught:
        read(tree)
    (error,) = caught.value.errors()
    assert str(error["ctx"]["error"]) == said


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda t: t.update(version="1.2"), ("version",)),
        (lambda t: t.update(layers=[]), ("layers",)),
        (lambda t: t["layers"][0].update(key="ä"), ("layers", 0, "key")),
        (lambda t: t["layers"][0].update(key=" "), ("layers", 0, "key")),
        (lambda t: t["layers"][0].update(glyph="◆◆"), ("layers", 0, "glyph")),
        (lambda t: labels(t)[0].update(id="An Oath"), ("layers", 1, "labels", 0, "id")),
        (lambda t: slot(t, "words").update(type="spans"), ("layers", 1, "slots", 0, "type")),
        (lambda t: slot(t, "words").update(required="yes"), ("layers", 1, "slots", 0, "required")),
        (lambda t: labels(t)[0].update(colour="red"), ("layers", 1, "labels", 0, "colour")),
        (lambda t: labels(t)[0].pop("name"), ("layers", 1, "labels", 0, "name")),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_at_its_place(
    spoil: Callable[[Tree], object], place: tuple[str | int, ...]
) -> None:
    tree = copy.deepcopy(BOOK)
    spoil(tree)
    with pytest.raises(ValidationError) as caught:
        read(tree)
    assert [error["loc"] for error in caught.value.errors()] == [place]

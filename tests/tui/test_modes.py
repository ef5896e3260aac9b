"""What every key means in every panel."""

from __future__ import annotations

from contextlib import suppress

import pytest

from annotator.errors import MarkError
from annotator.model.codebook import Codebook, Slot
from annotator.model.entity import Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    RefValue,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.text import Role
from annotator.session import acts
from annotator.store.memory import MemoryStore
from annotator.tui.asking import Asking
from annotator.tui.modes.base import Field, Item
from annotator.tui.modes.cast import CastMode
from annotator.tui.modes.desk import CAST_KEYS, keyed_cast
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.hops import HOP_KEYS
from annotator.tui.modes.pick import IN_RULES, PickMode
from annotator.tui.modes.span import CHOOSE, SpanMode
from annotator.tui.modes.split import SplitMode
from tests.session.making import CALL, PEOPLE, Coder, book, session_on

TOPICS = book().panels[0]


@pytest.fixture
def coder() -> Coder:
    """Somebody at “Arda said that trade between the two states would grow by 2027.”."""
    return Coder.at()


@pytest.fixture
def vow() -> Coder:
    """Somebody in the form of an agreement whose committers nobody has named yet.

    “They agreed to meet in May, and to keep the bridge open.”
    """
    return Coder.at().press("j", "c", "a", "C", "backspace", "P", "backspace", "C")


def items(coder: Coder) -> list[Item]:
    return [item for group in coder.view.groups for item in group.items]


def lit(coder: Coder) -> list[str]:
    return [item.text for item in items(coder) if item.lit]


def field(coder: Coder, name: str) -> Field:
    return next(f for f in coder.view.fields if f.name == name)


def focus(coder: Coder) -> str:
    (focused,) = [f.name for f in coder.view.fields if f.focused]
    return focused


def go_to(coder: Coder, name: str) -> Coder:
    """Walk through a form to a row."""
    for _ in coder.view.fields:
        if focus(coder) == name:
            return coder
        coder.press("tab")
    raise AssertionError(f"no row {name}")


def message(coder: Coder) -> str:
    return coder.bench.message


def span(value: SlotValue) -> str:
    assert isinstance(value, SpanValue)
    return value.span.exact


def entities(mark: Mark, slot: str) -> list[str]:
    """Name who is in a slot, `~` before whom only context tells."""
    held = mark.slots.get(slot, ())
    return ["~" * v.inferred + v.entity for v in held if isinstance(v, EntityValue)]


def selected(coder: Coder) -> str:
    chosen = coder.view.selection
    assert chosen is not None
    return coder.session.readout.text[slice(*chosen)]


# Labels


@pytest.mark.parametrize("panel", [p for p in book().panels if p.layer != "speakers"])
def test_every_label_of_every_panel_is_given_by_its_key(panel: object) -> None:
    assert isinstance(panel, type(TOPICS))
    for label, key in panel.keys.items():
        coder = Coder.at().press(panel.key, key)
        assert [(m.layer, m.label, m.rejected) for m in coder.marks] == [
            (panel.layer, label, False)
        ]


@pytest.mark.parametrize("panel", book().panels)
def test_every_label_of_every_panel_is_rejected_by_its_key(panel: object) -> None:
    assert isinstance(panel, type(TOPICS))
    steps = ["tab"] * [p.key for p in book().panels].index(panel.key)
    for label, key in panel.keys.items():
        coder = Coder.at().press("x", *steps, key)
        assert [(m.layer, m.label, m.rejected) for m in coder.marks] == [(panel.layer, label, True)]
        assert coder.bench.mode is None


def test_two_topics_are_three_keys_and_the_panel_stays_open(coder: Coder) -> None:
    coder.press("t", "g", "r")
    assert coder.labels == ["eco.trade", "rel.general"]
    assert isinstance(coder.bench.mode, PickMode)


def test_the_same_key_takes_the_label_back(coder: Coder) -> None:
    assert coder.press("t", "g", "g").labels == []


def test_a_key_that_no_label_has_is_named(coder: Coder) -> None:
    coder.press("o", "z")
    assert message(coder) == "No label of Voice has the key z."
    assert coder.press("ctrl+x").labels == []


def test_the_panel_shows_which_labels_stand_and_which_are_rejected(coder: Coder) -> None:
    coder.press("x", "r", "t", "g")
    states = {item.key: item.state for item in items(coder) if item.state != "off"}
    assert states == {"g": "on", "r": "rejected"}


def test_labels_stand_under_their_families_each_with_its_key(coder: Coder) -> None:
    coder.press("t")
    families = [family.name for family in book().layers[0].families]
    assert [group.heading for group in coder.view.groups] == families
    assert {item.key for item in items(coder)} == set(TOPICS.keys.values())


@pytest.mark.parametrize(
    ("pressed", "place"),
    [
        ((), 0),
        (("right",), 1),
        (("down", "down"), 2),
        (("left",), 27),
        (("up", "right"), 0),
    ],
)
def test_arrows_move_the_light_round_and_its_entry_is_shown(
    coder: Coder, pressed: tuple[str, ...], place: int
) -> None:
    coder.press("t", *pressed)
    label = TOPICS.labels[place]
    assert lit(coder) == [label.tag]
    assert coder.view.about[0].startswith(label.name)
    assert label.definition in coder.view.about


def test_space_takes_the_label_under_the_light(coder: Coder) -> None:
    coder.press("t", "right", "space")
    assert coder.labels == [TOPICS.labels[1].id]


def test_the_light_goes_to_the_label_that_was_chosen(coder: Coder) -> None:
    coder.press("t", "g")
    assert coder.view.about[0].endswith("eco.trade")


def test_a_filter_narrows_the_labels_as_it_is_typed(coder: Coder) -> None:
    coder.press("t", "/")
    ask = coder.bench.ask
    assert ask is not None
    assert ask.live is not None
    ask.live("SANCT")
    assert [item.key for item in items(coder)] == [TOPICS.keys["eco.sanctions"]]
    coder.answer("sanct")
    assert coder.labels == ["eco.sanctions"]
    assert len(items(coder)) == len(TOPICS.labels)


def test_after_a_filter_the_light_is_on_what_it_found(coder: Coder) -> None:
    coder.press("t", "/").answer("sanct")
    assert coder.view.about[0].endswith("eco.sanctions")


def test_a_filter_that_nothing_fits_takes_nothing(coder: Coder) -> None:
    coder.press("t", "/")
    asking = Asking(coder.bench, lambda title: (title,))
    for key in (*"zzz", "enter", "enter"):
        asking.press(key)
    assert coder.labels == []
    assert coder.bench.sentence.state == "new"
    assert message(coder).startswith("No label of Topics holds “zzz”.")
    assert coder.view.lead == ("No label of Topics holds “zzz”.",)
    assert (asking.typed, items(coder)) == ("zzz", [])
    asking.press("escape")
    assert len(items(coder)) == len(TOPICS.labels)


def test_a_filter_takes_a_name_before_a_rule(coder: Coder) -> None:
    label = next(label for label in TOPICS.labels if label.id == "rel.contacts")
    assert any("contact" in one.definition for one in TOPICS.labels if one is not label)
    coder.press("t", "/")
    ask = coder.bench.ask
    assert ask is not None
    assert ask.live is not None
    ask.live("contact")
    first, others = coder.view.groups
    assert (first.heading, [item.text for item in first.items]) == ("", [label.tag])
    assert others.heading == IN_RULES
    assert first.items[0].lit
    coder.answer("contact")
    assert coder.labels == ["rel.contacts"]


def test_what_only_rules_hold_is_said_to_be_so(coder: Coder) -> None:
    coder.press("t", "/")
    ask = coder.bench.ask
    assert ask is not None
    assert ask.live is not None
    ask.live("team")
    (found,) = coder.view.groups
    assert found.heading == IN_RULES
    assert [item.text for item in found.items] == ["cyber"]


@pytest.mark.parametrize("typed", ["", "  "])
def test_an_empty_filter_takes_nothing(coder: Coder, typed: str) -> None:
    coder.press("t", "/").answer(typed)
    assert coder.labels == []


def test_a_filter_that_is_left_stays_until_escape(coder: Coder) -> None:
    coder.press("t", "/")
    assert coder.bench.ask is not None
    assert coder.bench.ask.live is not None
    coder.bench.ask.live("sanct")
    coder.bench.ask = None
    coder.press("enter")
    assert coder.labels == ["eco.sanctions"]
    coder.press("escape")
    assert coder.bench.mode is not None
    assert len(items(coder)) == len(TOPICS.labels)


def test_tab_goes_on_to_words_for_the_label(coder: Coder) -> None:
    coder.press("t", "tab")
    assert message(coder) == "A span belongs to a mark: choose a label first."
    coder.press("g", "tab")
    assert isinstance(coder.bench.mode, SpanMode)


def test_tab_in_rejecting_goes_round_all_panels(coder: Coder) -> None:
    coder.press("x")
    titles = []
    for _ in range(len(book().panels) + 1):
        titles.append(coder.view.title)
        coder.press("tab")
    assert titles[0] == titles[-1] == "Topics: considered and rejected"
    assert len(set(titles)) == len(book().panels)


def test_a_label_with_required_slots_opens_its_form_filled_from_the_text() -> None:
    coder = Coder.at().press("j", "s", "3", "escape", "t", "v", "escape", "c", "a")
    assert isinstance(coder.bench.mode, FrameMode)
    mark = coder.marks[-1]
    assert [span(v) for v in mark.slots["action"]] == ["meet"]
    assert entities(mark, "committers") == ["ada", "bo"]
    assert mark.slots["topics"] == (LabelValue(label="rel.contacts"),)
    assert mark.slots["attribution"] == (RefValue(mark=coder.marks[0].id),)
    assert set(mark.provenance.proposed) == set(mark.slots)
    assert field(coder, "Action").state == "proposed"
    assert field(coder, "Strength").state == "proposed"
    assert field(coder, "Novelty").state == "unseen"
    assert focus(coder) == "Action"


def test_a_near_miss_has_the_words_that_make_it_look_like_one() -> None:
    coder = Coder.at().press("j", "m", "d")
    assert coder.labels == ["expressed_desire"]
    (value,) = coder.marks[0].slots["action"]
    assert span(value).startswith("agreed to meet")


# Speakers


def test_the_cast_stands_under_digits_then_letters(coder: Coder) -> None:
    coder.press("s")
    shown = [(item.key, item.text) for item in items(coder)]
    assert shown == [
        ("1", "Ada Arda"),
        ("2", "Bo Belmont"),
        ("3", "the leaders"),
        ("4", "the press service"),
        ("0", "nobody is named"),
        ("+", "somebody new"),
        ("&", "several together"),
    ]


def test_a_digit_attributes_and_opens_the_form(coder: Coder) -> None:
    coder.press("s", "1")
    (mark,) = coder.marks
    assert (mark.layer, mark.label) == ("speakers", "indirect")
    assert [span(v) for v in mark.slots["cue"]] == ["said"]
    assert isinstance(coder.bench.mode, FrameMode)


def test_nobody_is_none_stated(coder: Coder) -> None:
    coder.press("s", "0")
    assert coder.marks[0].slots["source"] == NONE_STATED


def test_who_spoke_before_and_who_was_chosen_last_come_again_by_one_key_each(coder: Coder) -> None:
    assert message(coder.press("s", "=")) == "Nobody spoke before."
    assert message(coder.press(".")) == "Nobody was chosen before."
    # The third sentence is attributed first, then the second; the work goes on in the fourth.
    coder.press("escape", "j", "s", "1", "escape", "k", "s", "2", "escape", "j", "j", "s")
    shown = [(item.key, item.text) for item in items(coder)]
    assert ("=", "as before Ada Arda") in shown
    assert (".", "again Bo Belmont") in shown
    coder.press(".", "escape", "s", "=")
    assert [entities(mark, "source") for mark in coder.marks] == [["bo"], ["~ada"]]


def test_the_last_speaker_is_known_again_when_the_readout_is_opened_anew() -> None:
    store = MemoryStore()
    session = session_on(*CALL, store=store)
    Coder.at(session=session).press("s", "2", "escape", "j", "s", "1", "escape")
    session.close()
    again = Coder.at(session=session_on(*CALL, store=store)).press("s")
    assert [i.text for i in items(again) if i.key == "."] == ["again Ada Arda"]


def test_somebody_new_joins_the_cast_and_speaks(coder: Coder) -> None:
    coder.press("s", "+").answer("  The   Envoy ")
    (value,) = coder.marks[0].slots["source"]
    assert isinstance(value, EntityValue)
    assert value.entity == "the_envoy"
    assert coder.session.cast.entities[-1].name == "The Envoy"


def test_a_new_speaker_without_a_name_is_nobody(coder: Coder) -> None:
    coder.press("s", "+").answer("   ")
    assert (coder.marks, coder.session.pending) == ((), 0)
    assert isinstance(coder.bench.mode, CastMode)


def test_an_attribution_stands_inside_another(coder: Coder) -> None:
    assert "no attribution" in message(coder.press("s", ">"))
    coder.press("4", "escape", "s", ">")
    assert message(coder) == "inside the press service (inferred), indirect: who?"
    assert "inside" in coder.view.title
    coder.press("1")
    outer, inner = coder.marks
    assert inner.slots["parent"] == (RefValue(mark=outer.id),)


def test_in_the_cast_enter_confirms_and_other_keys_say_so(coder: Coder) -> None:
    coder.press("s", "9")
    assert message(coder) == "Nobody of the cast has the key 9."
    coder.press("enter")
    assert coder.session.sentence(2).state == "done"


def test_who_speaks_already_is_shown_so(coder: Coder) -> None:
    coder.press("s", "1", "escape", "s")
    assert [item.key for item in items(coder) if item.state == "on"] == ["1"]


def test_a_cast_larger_than_the_keys_keeps_its_first() -> None:
    crowd = [Entity(id=f"p{n}", type="person", name=f"P {n}") for n in range(50)]
    session = session_on(*CALL, entities=crowd)
    assert len(keyed_cast(session.cast)) == len(CAST_KEYS) == len(set(CAST_KEYS))
    coder = Coder.at(session=session).press("s", "z")
    (value,) = coder.marks[0].slots["source"]
    assert isinstance(value, EntityValue)
    assert value.entity == "p34"


@pytest.mark.parametrize(
    ("name", "made"),
    [("Ada Ard", "ada_ard"), ("Ada", "ada_2"), ("习近平", "person_5873ab94ba9d")],
)
def test_a_new_entity_has_an_id_that_nobody_has(coder: Coder, name: str, made: str) -> None:
    coder.press("s", "+").answer(f"{name}, envoy")
    if "Who is" in coder.view.title:
        coder.press("+")
    new = coder.session.cast.entities[-1]
    assert (new.id, new.role) == (made, "envoy")
    coder.press("escape", "s", "+").answer(f"{name}, attaché").press("+")
    again = coder.session.cast.entities[-1]
    assert (again.name, again.role) == (name, "attaché")
    assert again.id not in [entity.id for entity in coder.session.cast.entities[:-1]]


@pytest.mark.parametrize("typed", ["Norlund, sate", "Norlund, organization", "Ada, envoy, persn"])
def test_a_type_that_there_is_not_is_refused_with_all_that_there_are(
    coder: Coder, typed: str
) -> None:
    before = coder.session.cast
    with pytest.raises(MarkError, match="is no type"):
        coder.press("s", "+").answer(typed)
    assert coder.session.cast == before


def test_whoever_is_typed_by_a_name_of_the_cast_is_the_one_who_has_it(coder: Coder) -> None:
    coder.press("s", "+").answer("belmont")
    assert entities(coder.marks[0], "source") == ["~bo"]
    assert coder.session.cast.entities == PEOPLE


# Forms


def test_a_new_form_begins_at_the_act_and_an_old_one_at_what_is_missing(vow: Coder) -> None:
    assert focus(vow.press("escape", "e")) == "Committers"
    assert focus(vow.press("1", "escape", "c", "p")) == "Action"


def test_down_and_up_walk_round_the_rows(vow: Coder) -> None:
    names = [f.name for f in vow.view.fields]
    assert names[:6] == [
        *("Action", "Committers", "Counterparties", "Kind", "Strength", "Verifiability")
    ]
    assert names[6:12] == ["Time", "Class of time", "Date", "Condition", "Conditional", "Novelty"]
    assert names[12] == "Side"
    assert names[-2:] == ["Certainty", "Note"]
    assert focus(vow.press("down")) == "Counterparties"
    assert focus(vow.press("up", "shift+tab")) == "Action"
    assert focus(vow.press("up")) == "Note"
    assert focus(vow.press("tab")) == "Action"


def test_a_capital_goes_to_its_row_and_every_row_has_one_of_its_own(vow: Coder) -> None:
    keys = [f.key for f in vow.view.fields]
    assert len(set(keys)) == len(keys)
    for row in vow.view.fields:
        assert focus(vow.press(row.key)) == row.name


@pytest.mark.parametrize("stands", ["", "as of May"])
def test_a_capital_leaves_a_row_of_text_too_and_no_letter_is_lost(vow: Coder, stands: str) -> None:
    go_to(vow, "Note")
    if stands:
        vow.press("space").answer(stands)
    assert focus(vow.press("K")) == "Kind"
    rows = {field.key for field in vow.view.fields}
    nobodys = next(c for c in "QXYZJ" if c not in rows)
    go_to(vow, "Note").press(nobodys)
    assert (vow.bench.ask, message(vow)) == (None, f"{nobodys} says nothing here.")
    vow.press("x")
    assert vow.bench.ask is not None
    assert vow.bench.ask.value == f"{stands}x"


@pytest.mark.parametrize("row", ["Kind", "Topics"])
def test_rows_of_labels_are_filtered_and_enter_takes_the_first(vow: Coder, row: str) -> None:
    typed, said = {"Kind": ("promis", "promise"), "Topics": ("terr", "terror")}[row]
    go_to(vow, row).press("/")
    asking = Asking(vow.bench, lambda title: (title,))
    before = len(items(vow))
    for key in typed:
        asking.press(key)
    found = [item.text.casefold() for item in items(vow)]
    assert 0 < len(found) < before
    assert said in found[0]
    assert items(vow)[0].lit
    assert f"/{typed}" in vow.view.title
    asking.press("enter")
    assert said in field(vow, row).value.casefold()
    assert f"/{typed}" not in vow.view.title


def test_a_filter_that_finds_no_label_says_so_and_stays(vow: Coder) -> None:
    marks = go_to(vow, "Topics").marks
    vow.press("/")
    asking = Asking(vow.bench, lambda title: (title,))
    for key in (*"zzz", "enter"):
        asking.press(key)
    assert message(vow).startswith("No label of Topics holds “zzz”.")
    assert asking.typed == "zzz"
    asking.press("escape")
    assert len(items(vow)) > 9
    assert vow.marks == marks


def test_a_scale_takes_a_digit_and_goes_on(vow: Coder) -> None:
    go_to(vow, "Strength").press("3")
    assert vow.marks[0].slots["strength"] == (ChoiceValue(choice="3"),)
    assert focus(vow) == "Verifiability"
    vow.press("9")
    assert message(vow) == "9 says nothing here."


def test_every_choice_of_every_slot_is_taken_by_the_key_it_shows(vow: Coder) -> None:
    layer = book().layer("commitments")
    assert layer is not None
    slots = [s for s in layer.slots_of("agreement") if s.type in ("choice", "scale")]
    for slot in slots:
        for number, choice in enumerate(slot.choices):
            go_to(vow, slot.name)
            shown = items(vow)[number]
            assert shown.detail == choice.definition
            vow.press(shown.key)
            assert vow.marks[0].slots[slot.id] == (ChoiceValue(choice=choice.id),)


def test_several_people_are_put_in_and_out_by_their_keys(vow: Coder) -> None:
    vow.press("1", "2")
    assert entities(vow.marks[0], "committers") == ["ada", "bo"]
    assert [item.key for item in items(vow) if item.state == "on"] == ["1", "2"]
    vow.press("1")
    assert entities(vow.marks[0], "committers") == ["bo"]
    assert focus(vow) == "Committers"
    vow.press("2")
    assert "committers" not in vow.marks[0].slots


def test_whoever_is_looked_for_is_put_in_and_never_out(vow: Coder) -> None:
    vow.press("1")
    vow.press("/").answer("ada")
    assert entities(vow.marks[0], "committers") == ["ada"]
    assert message(vow) == "Committers has that already."
    vow.press("/").answer("bo")
    assert entities(vow.marks[0], "committers") == ["ada", "bo"]


def test_people_are_turned_into_inferred_ones_and_back(vow: Coder) -> None:
    assert message(vow.press("~")) == "Choose somebody first."
    vow.press("1", "~")
    assert entities(vow.marks[0], "committers") == ["~ada"]
    assert field(vow, "Committers").value == "Ada Arda (inferred)"
    vow.press("~")
    assert entities(vow.marks[0], "committers") == ["ada"]


@pytest.mark.parametrize("name", ["Action", "Committers", "Strength", "Date", "Topics", "Mutual"])
def test_none_stated_is_a_value_of_every_slot_and_backspace_empties_it(
    vow: Coder, name: str
) -> None:
    go_to(vow, name).press("-")
    assert (field(vow, name).state, field(vow, name).value) == ("none", "none stated")
    go_to(vow, name).press("backspace")
    assert field(vow, name).state in ("unseen", "missing")
    assert focus(vow) == name


@pytest.mark.parametrize("key", ["space", "v"])
def test_a_slot_for_words_opens_the_choice_of_words_and_comes_back(vow: Coder, key: str) -> None:
    go_to(vow, "Time").press(key)
    assert isinstance(vow.bench.mode, SpanMode)
    vow.press("escape")
    assert focus(vow) == "Time"
    vow.press(key, "enter")
    assert isinstance(vow.bench.mode, FrameMode)
    assert vow.marks[0].slots["timeframe"]


def test_v_on_another_slot_offers_the_words_of_the_mark(vow: Coder) -> None:
    go_to(vow, "Mutual").press("v")
    assert isinstance(vow.bench.mode, SpanMode)
    assert [field.name for field in vow.view.fields] == [
        "action",
        "condition",
        "time",
    ]


def test_a_date_is_typed_and_a_wrong_one_refused_in_a_sentence(vow: Coder) -> None:
    go_to(vow, "Date").press("2")
    assert vow.bench.ask is not None
    assert vow.bench.ask.value == "2"
    asking = Asking(vow.bench, lambda title: (title,))
    for key in (*"oon", "enter"):
        asking.press(key)
    assert message(vow).startswith("A date is YYYY")
    assert asking.typed == "2oon"
    for key in ("ctrl+u", "space", *"2027-05", "space", "enter"):
        asking.press(key)
    assert vow.marks[0].slots["timeframe_date"] == (DateValue(date="2027-05"),)
    go_to(vow, "Date").press("9")
    assert vow.bench.ask is not None
    assert vow.bench.ask.value == "9"
    asking.press("escape")
    vow.press("space")
    assert asking.typed == "2027-05"
    vow.answer("  ")
    assert vow.marks[0].slots["timeframe_date"] == (DateValue(date="2027-05"),)


def test_a_date_is_begun_by_the_digits_of_any_script(vow: Coder) -> None:
    go_to(vow, "Date").press("２")
    assert vow.bench.ask is not None
    assert vow.bench.ask.value == "２"
    asking = Asking(vow.bench, lambda title: (title,))
    for key in (*"０２７-０５", "enter"):
        asking.press(key)
    assert vow.marks[0].slots["timeframe_date"] == (DateValue(date="2027-05"),)
    assert "condition" not in vow.marks[0].slots


def test_text_is_typed_beginning_with_the_first_key(coder: Coder) -> None:
    go_to(coder.press("s", "1"), "Lemma of the cue").press("s")
    assert coder.bench.ask is not None
    assert coder.bench.ask.value == "s"
    coder.answer("say")
    assert coder.marks[0].slots["cue_lemma"] == (TextValue(text="say"),)


def test_topics_of_a_commitment_are_put_in_and_out(vow: Coder) -> None:
    go_to(vow, "Topics").press("g", "r", "g")
    assert vow.marks[0].slots["topics"] == (LabelValue(label="rel.general"),)


def test_a_reference_is_chosen_among_the_marks_near_by_the_nearest_first() -> None:
    coder = Coder.at().press("s", "1", "escape", "j", "s", "3", "escape", "c", "a")
    go_to(coder, "Attribution")
    said = [item.text.partition(",")[0] for item in items(coder)]
    assert said == ["the leaders", "sentence 2: Ada Arda"]
    coder.press("2")
    first = coder.session.sentence(2).marks[0]
    assert coder.marks[-1].slots["attribution"] == (RefValue(mark=first.id),)
    assert field(coder, "Attribution").value == "sentence 2: Ada Arda, indirect"


def test_a_mark_does_not_refer_to_itself(coder: Coder) -> None:
    go_to(coder.press("s", "1"), "Inside")
    assert items(coder) == []


def test_the_kind_changes_within_its_family_and_keeps_the_slots(vow: Coder) -> None:
    vow.press("1")
    go_to(vow, "Kind")
    assert {item.text for item in items(vow)} == {
        label.name for p in book().panels if p.key == "c" for label in p.labels
    }
    vow.press("o")
    assert vow.labels == ["offer"]
    assert entities(vow.marks[0], "committers") == ["ada"]
    assert vow.view.title == "Commitments: Offer"


def test_certainty_is_low_or_high(vow: Coder) -> None:
    found = [go_to(vow, "Certainty").press(key).marks[0].certainty for key in "lhl"]
    assert found == ["low", "high", "low"]
    assert message(go_to(vow, "Certainty").press("q")) == "q says nothing here."


def test_a_note_on_the_mark_is_written_and_taken_away(vow: Coder) -> None:
    go_to(vow, "Note").press("space").answer(" odd ")
    assert vow.marks[0].note == "odd"
    go_to(vow, "Note").press("space")
    assert vow.bench.ask is not None
    assert vow.bench.ask.value == "odd"
    vow.answer("")
    assert vow.marks[0].note == ""


def test_enter_leads_to_what_is_missing_once_and_then_closes(vow: Coder) -> None:
    go_to(vow, "Note").press("enter")
    assert focus(vow) == "Committers"
    assert message(vow).endswith("Enter once more leaves it so.")
    vow.press("enter")
    assert vow.bench.mode is None
    assert "still lacks" in message(vow)


def test_enter_in_a_full_form_closes_it_and_leaves_the_sentence_in_work(vow: Coder) -> None:
    vow.press("1", "S", "3", "2", "enter")
    assert vow.bench.mode is None
    assert (vow.bench.key, vow.bench.sentence.state) == (3, "new")
    assert vow.press("enter").session.sentence(3).state == "done"


def test_a_form_whose_mark_is_gone_closes(vow: Coder) -> None:
    while vow.marks:
        vow.session.undo()
    vow.press("1")
    assert vow.bench.mode is None
    assert message(vow) == "That mark is no longer there."


def test_a_slot_that_was_proposed_is_shown_so_until_it_is_changed(vow: Coder) -> None:
    assert field(vow, "Action").state == "proposed"
    go_to(vow, "Action").press("space", "right", "enter")
    assert field(vow, "Action").state == "filled"


def test_a_slot_called_note_does_not_take_the_place_of_the_marks_own_note() -> None:
    topics = book().layers[0]
    own = Slot(id="note", name="Remark", type="text")
    layer = topics.replaced(slots=(own,))
    codebook = Codebook(name="own", version="1.0.0", layers=(layer,))
    coder = Coder.at(session=session_on(*CALL, codebook=codebook)).press("t", "g", "escape", "e")
    assert [f.name for f in coder.view.fields] == ["Kind", "Remark", "Certainty", "Note"]


# Words


def with_topic(key: str = "e") -> Coder:
    """Choose words for a topic of which the sentence of the call says nothing, or for another."""
    return Coder.at().press("t", key, "escape", "v")


def test_the_choice_of_words_begins_where_the_sentence_speaks_of_the_label() -> None:
    coder = with_topic("g")
    assert selected(coder) == "trade between the two states would grow by 2027"
    coder.press("enter")
    assert [span(v) for v in coder.marks[0].slots["evidence"]] == [
        "trade between the two states would grow by 2027"
    ]


@pytest.mark.parametrize("key", ["enter", "space", "1"])
def test_where_no_words_are_likely_none_are_taken_before_a_key_chose_them(key: str) -> None:
    coder = with_topic()
    assert selected(coder) == "Arda"
    coder.press(key)
    assert coder.marks[0].slots == {}
    assert isinstance(coder.bench.mode, SpanMode)
    assert message(coder) == CHOOSE
    assert "not chosen yet" in coder.view.about[0]
    coder.press("up", key)
    assert [span(v) for v in coder.marks[0].slots["evidence"]] == ["Arda said"]


def test_the_words_for_a_person_are_proposed_where_the_text_names_them() -> None:
    coder = of_the_source(Coder.at("The press service said it; Belmont left.").press("s", "2"))
    assert selected(coder) == "Belmont"


def test_each_letter_hops_to_its_stretch_and_a_capital_goes_through_to_its_end() -> None:
    coder = with_topic()
    hops = {key: start for start, key in coder.view.hops}
    assert set(hops) == set(HOP_KEYS[: len(hops)])
    for key, start in hops.items():
        coder.press(key)
        assert coder.view.selection is not None
        assert coder.view.selection[0] == start
    first, *_, last = hops
    coder.press(first, last.upper())
    assert selected(coder).startswith("Arda said")


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        (("right",), "said"),
        (("right", "right"), "that"),
        (("right", "left"), "Arda"),
        (("shift+right",), "Arda said"),
        (("shift+right", "shift+right", "shift+left"), "Arda said"),
        (("shift+right", "ctrl+right"), "said"),
        (("right", "ctrl+left"), "Arda said"),
        (("up",), "Arda said"),
        (("up", "up"), "Arda said that trade between the two states would grow by 2027"),
        (("up", "down"), "said"),
        ((".",), "Arda "),
        ((",",), "Ard"),
        ((">",), "rda"),
        (("right", "<"), " said"),
        (("?!",), "Arda"),
        (("9",), "Arda"),
        (("0",), "Arda"),
        (("²",), "Arda"),
    ],
)
def test_keys_shape_the_selection(pressed: tuple[str, ...], expected: str) -> None:
    assert selected(with_topic().press(*pressed)) == expected


def test_enter_gives_the_words_to_the_slot_and_closes() -> None:
    coder = with_topic().press("right", "enter")
    assert [span(v) for v in coder.marks[0].slots["evidence"]] == ["said"]
    assert coder.bench.mode is None
    assert message(coder).endswith(": “said”")


def test_space_gives_the_words_and_stays_for_more() -> None:
    coder = with_topic().press("right", "left", "space", "right", "space", "space")
    assert [span(v) for v in coder.marks[0].slots["evidence"]] == ["Arda", "said"]
    assert isinstance(coder.bench.mode, SpanMode)


def test_escape_gives_nothing() -> None:
    assert with_topic().press("right", "escape").marks[0].slots == {}


def test_backspace_takes_the_words_of_a_slot_away() -> None:
    coder = with_topic().press("right", "left", "space", "backspace")
    assert (coder.marks[0].slots, message(coder)) == ({}, "evidence of event: “Arda” taken away")


def test_tab_walks_round_the_slots_and_a_digit_gives_to_one() -> None:
    coder = Coder.at().press("s", "1", "v")
    names = [field.name for field in coder.view.fields]
    assert len(names) > 2
    assert focus(coder) == names[0]
    assert focus(coder.press("tab")) == names[1]
    assert focus(coder.press("shift+tab", "shift+tab")) == names[-1]
    number = names.index("cue") + 1
    coder.press("right", "right", str(number))
    assert [span(v) for v in coder.marks[0].slots["cue"]]
    assert isinstance(coder.bench.mode, FrameMode)


def mention(mark: Mark) -> str | None:
    (value,) = mark.slots["source"]
    assert isinstance(value, EntityValue)
    return value.mention.exact if value.mention else None


def of_the_source(coder: Coder) -> Coder:
    """Choose words for whoever speaks."""
    coder.press("v")
    while focus(coder) != "source":
        coder.press("tab")
    return coder


def test_words_for_a_person_are_those_that_name_them_and_nobody_is_inferred_any_more() -> None:
    coder = of_the_source(Coder.at().press("s", "2"))
    assert mention(coder.marks[0]) is None
    coder.press("right", "space")
    value = coder.marks[0].slots["source"][0]
    assert isinstance(value, EntityValue)
    assert (value.entity, value.inferred) == ("bo", False)
    assert mention(coder.marks[0]) == selected(coder)


def test_backspace_takes_the_words_that_name_a_person_away_or_says_that_it_does_not() -> None:
    coder = of_the_source(Coder.at().press("s", "1"))
    assert mention(coder.marks[0]) == "Arda"
    coder.press("backspace")
    assert mention(coder.marks[0]) is None or message(coder) != "taken away"


def test_rejected_marks_have_no_words() -> None:
    coder = Coder.at().press("x", "g", "v")
    assert coder.bench.mode is None
    assert "mark this sentence first" in message(coder)


def test_words_of_a_mark_that_is_gone_are_given_to_nobody() -> None:
    coder = with_topic()
    coder.session.undo()
    coder.press("right", "enter")
    assert message(coder) == "That mark is no longer there."
    assert coder.marks == ()


@pytest.mark.parametrize("text", ["—", "“”", "。", "\u202e", "a"])
def test_a_sentence_without_words_can_have_a_span_and_cannot_be_split(text: str) -> None:
    coder = Coder.at(text).press("t", "g", "escape", "v", "right", "up", "enter")
    assert [span(v) for v in coder.marks[0].slots["evidence"]] == [text]
    coder.press("S")
    assert coder.view.caret is None
    coder.press("enter")
    assert message(coder) == "One word cannot be split."
    assert coder.bench.mode is None


# Splitting and roles


@pytest.mark.parametrize(
    ("pressed", "first"),
    [
        ((), "Arda said that trade between the"),
        (("left",), "Arda said that trade between"),
        (("right",), "Arda said that trade between the two"),
        (("up",), "Arda"),
        (("down", "down"), "Arda said that trade between the two states would grow by"),
        (("q",), "Arda said that trade between the"),
    ],
)
def test_the_place_to_split_moves_by_words_and_five_words(
    coder: Coder, pressed: tuple[str, ...], first: str
) -> None:
    coder.press("S", *pressed)
    caret = coder.view.caret
    assert caret is not None
    coder.press("enter")
    assert coder.bench.sentence.text == first
    assert coder.session.coding.sentences()[2][1].start == caret


CLAUSES = "They spoke; they met, then they left. It was late, and dark (as ever)."


def test_letters_hop_to_the_signs_of_a_sentence_the_ends_of_sentences_first() -> None:
    coder = Coder.at(CLAUSES).press("S")
    caret = coder.view.caret
    assert caret is not None
    assert CLAUSES[caret:].startswith("It was late")
    hops = {key: CLAUSES[at:].split()[0] for at, key in coder.view.hops}
    assert hops == {"a": "they", "s": "It", "d": "then", "f": "and", "g": "(as"}
    coder.press("f")
    assert CLAUSES[coder.view.caret or 0 :].startswith("and dark")
    assert "s" in {key for _, key in coder.view.hops}


def test_tab_walks_from_sign_to_sign_and_around() -> None:
    coder = Coder.at(CLAUSES).press("S")
    seen = []
    for key in ("tab", "tab", "tab", "shift+tab"):
        coder.press(key)
        seen.append(CLAUSES[coder.view.caret or 0 :].split()[0])
    assert seen == ["and", "(as", "they", "(as"]


def test_the_panel_of_a_split_tells_which_marks_go_where(coder: Coder) -> None:
    coder.press("t", "g", "escape", "v", "d", "enter", "x", "i", "S")
    groups = {group.heading: [item.text for item in group.items] for group in coder.view.groups}
    assert set(groups) == {"first half", "second half"}
    assert "iran ?" in groups["first half"]
    assert "iran ?" in groups["second half"]
    assert "iran, in both halves" in coder.view.about[0]
    coder.press("enter")
    assert message(coder).startswith("split; doubtful: ")
    assert "iran, in both halves" in message(coder)


def test_escape_splits_nothing(coder: Coder) -> None:
    coder.press("S")
    assert isinstance(coder.bench.mode, SplitMode)
    coder.press("escape")
    assert len(coder.session.coding.order) == len(CALL)


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("b", "body"),
        ("h", "heading"),
        ("l", "list_item"),
        ("d", "dateline"),
        ("q", "quotation"),
        ("x", "boilerplate"),
    ],
)
def test_each_role_has_its_key(coder: Coder, key: str, role: Role) -> None:
    session = coder.session
    session.do(acts.set_role(session.pen, session.coding, 2, "heading"))
    coder.press("R", key)
    assert coder.bench.sentence.role == role
    assert coder.bench.mode is None
    assert message(coder) == f"role: {role.replace('_', ' ')}"


@pytest.mark.parametrize("key", ["escape", "enter"])
def test_roles_are_left_without_a_change(coder: Coder, key: str) -> None:
    coder.press("R", "z")
    assert message(coder) == "No role has the key z."
    assert [item.text for item in items(coder) if item.state == "on"] == ["body"]
    coder.press(key)
    assert (coder.bench.mode, coder.session.pending) == (None, 0)


# All at once

KEYS = [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-=+>~/.,<[]?!²é界"]
KEYS += ["enter", "escape", "space", "tab", "shift+tab", "backspace", "delete", "up", "down"]
KEYS += ["left", "right", "shift+left", "shift+right", "ctrl+left", "ctrl+right", "f5", "ctrl+x"]


@pytest.mark.parametrize(
    "opened",
    [
        ("t",),
        ("x",),
        ("s",),
        ("s", "1"),
        ("s", "1", "v"),
        ("c",),
        ("c", "a"),
        ("c", "a", "space"),
        ("m",),
        ("m", "d"),
        ("o",),
        ("t", "g", "escape", "v"),
        ("t", "g", "escape", "e"),
        ("S",),
        ("R",),
    ],
    ids=" ".join,
)
def test_no_key_in_any_panel_does_harm(opened: tuple[str, ...]) -> None:
    for key in KEYS:
        coder = Coder.at().press(*opened)
        before = coder.session.coding
        pressed = coder.bench.press(key)
        assert pressed or key in "?du"
        if coder.bench.mode is not None:
            assert coder.view.title
        if coder.bench.ask is not None:
            with suppress(MarkError):
                coder.answer("2027")
        coder.session.save_all()
        while coder.session.coding.but_effort() != before.but_effort():
            assert coder.session.undo() is not None


def test_a_split_of_a_sentence_without_marks_says_that_only_the_text_is_cut(coder: Coder) -> None:
    assert coder.press("S").view.about == ("No marks here: the text is cut at the place.",)


def test_of_many_words_a_message_says_the_first_and_the_last() -> None:
    coder = Coder.at(f"They agreed {'to trade ' * 5000}at last.").press("t", "g", "escape", "v")
    mode = coder.bench.mode
    assert isinstance(mode, SpanMode)
    mode.selection = coder.session.sentence(1).start, coder.session.sentence(1).end
    coder.press("enter")
    assert "“They agreed" in coder.bench.message
    assert " … " in coder.bench.message
    assert "at last.”" in coder.bench.message
    assert len(coder.bench.message) < 200


def test_what_is_removed_says_which_attributions_stand_no_longer_inside_it(coder: Coder) -> None:
    coder.press("s", "4", "escape", "s", ">", "1", "escape")
    outer = next(m for m in coder.bench.sentence.marks if not m.values("parent"))
    while coder.bench.mark != outer:
        coder.press("tab")
    coder.press("backspace")
    (left,) = coder.bench.sentence.marks
    assert not left.values("parent")
    told = f"removed: {outer.label}: {coder.bench.desk().describe(left)} no longer inside it  "
    assert coder.bench.message.startswith(told)

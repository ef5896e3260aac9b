"""The panel of the speakers: chains, passives, collectives, newcomers and new names."""

from __future__ import annotations

import pytest

from annotator.errors import MarkError
from annotator.model.entity import Entity
from annotator.model.mark import NONE_STATED, ChoiceValue, EntityValue, RefValue, SpanValue
from annotator.session import acts
from annotator.tui import panel
from annotator.tui.asking import Asking
from annotator.tui.modes.cast import CastMode, TogetherMode
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.span import SpanMode
from annotator.tui.page import tags
from tests.session.making import ADA, BO, CALL, PRESS, Coder, session_on


@pytest.fixture
def coder() -> Coder:
    """Somebody at “Arda said that trade between the two states would grow by 2027.”."""
    return Coder.at()


def sources(coder: Coder) -> list[list[str]]:
    return [
        [value.entity for value in mark.values("source") if isinstance(value, EntityValue)]
        for mark in coder.marks
    ]


def told(coder: Coder) -> list[str]:
    session = coder.session
    lines = tags(session.codebook, session.coding, coder.bench.sentence)
    return ["".join(run.text for run in line) for line in lines]


def beside(coder: Coder) -> list[str]:
    lines = panel.lines(coder.bench, 50, 40)
    return ["".join(run.text for run in line).rstrip() for line in lines]


def test_a_speaker_that_is_corrected_in_the_form_leaves_no_proposal_of_the_one_before(
    coder: Coder,
) -> None:
    coder.press("s", "3", "escape")
    assert coder.marks[0].slots["holder"] == (ChoiceValue(choice="joint"),)
    coder.press("e", "S", "3", "4", "enter")
    assert sources(coder) == [["press"]]
    (mark,) = coder.marks
    assert mark.slots["holder"] == (ChoiceValue(choice="issuer"),)
    assert "holder" in mark.provenance.proposed


# Inside


def test_i_makes_the_next_attribution_inside_the_lit_one(coder: Coder) -> None:
    coder.press("s", "4", "escape", "i")
    assert coder.view.title == "Speakers inside the press service (inferred), indirect"
    coder.press("1", "escape")
    outer, inner = coder.marks
    assert inner.slots["parent"] == (RefValue(mark=outer.id),)


def test_a_chain_of_three_takes_one_key_more_for_each_and_ends_there(coder: Coder) -> None:
    coder.press("s", "4", "escape", "i", "1", "escape", "i", "2", "escape")
    assert sources(coder) == [["press"], ["ada"], ["bo"]]
    with pytest.raises(MarkError, match="3 levels are enough"):
        coder.press("i")
    assert coder.bench.mode is None
    assert "3 levels" in coder.press("s", ">").bench.message


def test_a_chain_is_shown_under_the_sentence_and_indented_in_the_panel(coder: Coder) -> None:
    coder.press("s", "4", "escape", "i", "1", "escape", "i", "2", "escape")
    assert told(coder) == [
        "☉ the press service, indirect",
        "☉ the press service › Ada Arda, indirect",
        "☉ the press service › Ada Arda › Bo Belmont, indirect",
    ]
    shown = beside(coder)
    chain = [line for line in shown if "☉" in line]
    assert chain == [
        "  ☉ the press service, indirect",
        "  └ ☉ Ada Arda, indirect",
        "▸   └ ☉ Bo Belmont, indirect",
    ]


def test_a_parent_that_is_given_later_stands_before_what_is_inside_it(coder: Coder) -> None:
    coder.press("s", "1", "escape", "s", "4", "escape", "tab", "e", "P", "1", "escape")
    leader = coder.marks[0]
    assert leader.slots["parent"] == (RefValue(mark=coder.marks[1].id),)
    assert told(coder) == [
        "☉ the press service, indirect",
        "☉ the press service › Ada Arda, indirect",
    ]


def test_a_ring_is_refused_in_the_form(coder: Coder) -> None:
    coder.press("s", "4", "escape", "i", "1", "escape", "tab", "e", "P")
    assert "inside itself" in coder.press("1").bench.message
    assert "parent" not in coder.marks[0].slots


def test_i_takes_the_last_attribution_where_another_mark_is_lit(coder: Coder) -> None:
    coder.press("s", "1", "escape", "t", "g", "escape", "i")
    assert "inside Ada Arda" in coder.view.title


def test_without_an_attribution_there_is_nothing_to_stand_inside_of(coder: Coder) -> None:
    coder.press("t", "g", "escape", "i")
    assert coder.bench.message == "There is no attribution to stand inside of; s makes one."
    assert coder.bench.mode is None


# Passives


def test_a_passive_is_two_keys_and_one_more_says_who_is_meant() -> None:
    coder = Coder.at("It was agreed to meet.", "Hope was expressed that all is well.")
    coder.press("s", "0")
    (mark,) = coder.marks
    assert mark.slots["source"] == NONE_STATED
    assert mark.slots["holder"] == (ChoiceValue(choice="unspecified"),)
    assert [v.span.exact for v in mark.values("cue") if isinstance(v, SpanValue)] == ["was agreed"]
    assert "nobody is named" in coder.bench.message
    coder.press("3", "enter")
    assert coder.marks[0].slots["source_inferred"] == (EntityValue(entity="both"),)
    assert coder.bench.mode is None
    coder.press("j", "s", "0", "enter")
    assert "source_inferred" not in coder.marks[0].slots


# Together


def test_words_for_several_are_two_keys() -> None:
    coder = Coder.at("The parties agreed to meet.")
    shown = {item.key: item.text for group in coder.press("s").view.groups for item in group.items}
    assert shown["&"] == "together: the parties"
    coder.press("&", "enter")
    made = coder.session.cast.entities[-1]
    assert (made.name, made.type, made.members) == ("the parties", "collective", ("ada", "bo"))
    (mark,) = coder.marks
    (source,) = mark.slots["source"]
    assert isinstance(source, EntityValue)
    assert source.mention is not None
    assert (source.entity, source.mention.exact) == (made.id, "The parties")
    assert mark.slots["holder"] == (ChoiceValue(choice="joint"),)


def test_members_are_chosen_by_their_keys_and_named() -> None:
    coder = Coder.at("Arda spoke.").press("s", "&")
    assert isinstance(coder.bench.mode, TogetherMode)
    assert coder.press("enter").bench.message == "A collective has two members at least."
    coder.press("1", "4", "2", "4", "!")
    assert coder.bench.message == "Nobody of the cast has the key !."
    on = [item.key for group in coder.view.groups for item in group.items if item.state == "on"]
    assert on == ["1", "2"]
    coder.press("enter")
    assert coder.bench.ask is not None
    assert coder.bench.ask.value == "Ada Arda and Bo Belmont"
    coder.answer("the two of them")
    assert coder.session.cast.entities[-1].name == "the two of them"
    assert sources(coder) == [[coder.session.cast.entities[-1].id]]


def test_a_collective_without_a_name_is_not_made() -> None:
    coder = Coder.at("Arda spoke.").press("s", "&", "1", "2", "enter").answer("  ")
    assert (coder.marks, coder.session.pending) == ((), 0)
    assert isinstance(coder.bench.mode, TogetherMode)
    assert isinstance(coder.press("escape").bench.mode, CastMode)


# Newcomers


def test_a_name_that_the_cast_does_not_know_is_two_keys() -> None:
    coder = Coder.at("President Anna Kova said that all is well.").press("s")
    shown = [item.text for group in coder.view.groups for item in group.items if item.key == "+"]
    assert shown == ["new: Anna Kova, President"]
    coder.press("+")
    assert coder.bench.ask is not None
    coder.answer(coder.bench.ask.value)
    assert coder.session.cast.entities[-1] == Entity(
        id="anna_kova",
        type="person",
        name="Anna Kova",
        role="President",
        aliases=("President Anna Kova",),
    )
    (source,) = coder.marks[0].slots["source"]
    assert isinstance(source, EntityValue)
    assert source.mention is not None
    assert source.mention.exact == "President Anna Kova"


@pytest.mark.parametrize(
    ("typed", "name", "kind", "role"),
    [
        ("Norlund, state", "Norlund", "state", None),
        ("Ann Lee, Foreign Minister", "Ann Lee", "person", "Foreign Minister"),
        ("Fleet, Staff of the, ORGANISATION", "Fleet", "organisation", "Staff of the"),
        ("Ann, ,", "Ann", "person", None),
    ],
)
def test_role_and_type_stand_behind_commas(
    coder: Coder, typed: str, name: str, kind: str, role: str | None
) -> None:
    coder.press("s", "+").answer(typed)
    made = coder.session.cast.entities[-1]
    assert (made.name, made.type, made.role) == (name, kind, role)


# Words kept as a name


def test_the_words_of_a_source_are_kept_as_a_name_by_one_key() -> None:
    coder = Coder.at("The guest said that all is well.", "The guest left.")
    coder.press("s", "2", "v", "escape")
    coder.press("s", "escape")
    mark = coder.marks[0]
    coder.press("e", "S", "v")
    assert isinstance(coder.bench.mode, SpanMode)
    text = coder.session.readout.text
    coder.bench.mode.draw((0, text.index(" said")))
    while coder.bench.mode.targets[coder.bench.mode.target].slot != "source":
        coder.press("tab")
    coder.press("enter")
    assert "+ keeps them as a name of Bo Belmont" in coder.bench.message
    assert isinstance(coder.bench.mode, FrameMode)
    coder.press("S", "+")
    assert coder.bench.message == "“The guest” is a name of Bo Belmont now."
    assert coder.session.cast.entities[1].aliases == ("Belmont", "The guest")
    assert coder.bench.desk().mark(mark.id) is not None


def test_words_that_are_a_name_already_are_not_kept(coder: Coder) -> None:
    coder.press("s", "1", "S", "+").answer("")
    assert isinstance(coder.bench.mode, FrameMode)
    assert coder.session.cast.entities[:2] == (ADA, BO)


# Somebody new, in a form and among several

NEW_TEXT = "President Anna Kova and Prime Minister Lukáš Nový agreed to meet Cato Lund in May."


def take(coder: Coder, *pressed: str) -> str:
    """Press keys, take what is proposed in the line that opens, and return it."""
    coder.press(*pressed)
    ask = coder.bench.ask
    assert ask is not None
    coder.answer(ask.value)
    return ask.value


@pytest.mark.parametrize(
    ("row", "slot"), [(("c", "a", "C"), "committers"), (("c", "a", "P"), "counterparties")]
)
def test_names_of_the_sentence_are_added_one_after_the_other_in_a_row_of_people(
    row: tuple[str, ...], slot: str
) -> None:
    coder = Coder.at(session=session_on(NEW_TEXT, entities=())).press(*row)
    assert take(coder, "+") == "Anna Kova, President"
    assert take(coder, "+") == "Lukáš Nový, Prime Minister"
    assert take(coder, "+") == "Cato Lund"
    values = coder.marks[0].values(slot)
    named = [value.entity for value in values if isinstance(value, EntityValue)]
    assert named == ["anna_kova", "lukas_novy", "cato_lund"]
    coder.press("+").answer("Cato Lund")
    assert coder.bench.message == "Cato Lund stands here already."
    assert coder.marks[0].values(slot) == values
    assert isinstance(coder.bench.mode, FrameMode)


def test_the_addressee_of_a_new_text_is_typed() -> None:
    coder = Coder.at(session=session_on("Orsk thanked them.", entities=())).press("s", "0", "A")
    coder.press("+").answer("Norlund, state")
    (value,) = coder.marks[0].values("addressee")
    assert isinstance(value, EntityValue)
    assert coder.session.cast.get(value.entity) == Entity(
        id="norlund", type="state", name="Norlund"
    )


def test_members_of_a_collective_are_added_where_they_are_chosen() -> None:
    coder = Coder.at(session=session_on(NEW_TEXT, entities=(ADA,))).press("s", "&", "1")
    assert take(coder, "+") == "Anna Kova, President"
    coder.press("+").answer("Ada Arda")
    assert coder.bench.message == "Ada Arda belongs to it already."
    coder.press("enter").answer("the two")
    both = coder.session.cast.entities[-1]
    assert (both.name, both.members) == ("the two", ("ada", "anna_kova"))
    assert sources(coder) == [["the_two"]]


def test_whoever_leaves_a_collective_is_offered_the_next_name_alone() -> None:
    coder = Coder.at(session=session_on(NEW_TEXT, entities=())).press("s", "&")
    assert take(coder, "+") == "Anna Kova, President"
    coder.press("escape")
    texts = [item.text for group in coder.view.groups for item in group.items]
    assert "new: Lukáš Nový, Prime Minister" in texts


def test_who_spoke_before_is_not_the_press_service(coder: Coder) -> None:
    coder.press("s", "4", "escape", "i", "1", "escape", "j", "s")
    shown = {item.key: item.text for group in coder.view.groups for item in group.items}
    assert shown["="] == f"as before {ADA.name}"
    assert PRESS.id in coder.session.readout.metadata.source_chain


def test_who_stands_beside_in_the_text_is_a_source_too() -> None:
    session = session_on("Arda and Belmont agreed to meet.", *CALL)
    coder = Coder.at(session=session).press("s", "1")
    assert sources(coder) == [["ada", "bo"]]


def test_an_attribution_that_differs_in_nothing_is_not_made() -> None:
    coder = Coder.at("Arda and the weather.").press("s", "1", "escape")
    before = coder.marks
    coder.press("s", "1")
    assert coder.marks == before
    assert coder.bench.mode is None
    assert coder.bench.message == "Ada Arda, indirect: it stands here already"
    assert len(coder.press("s", "2", "escape").marks) == 2


def test_a_second_attribution_to_one_speaker_has_the_next_cue() -> None:
    coder = Coder.at("Arda said that it rains and stressed that it snows.")
    coder.press("s", "1", "escape", "s", "1", "escape")
    cues = [value for mark in coder.marks for value in mark.values("cue")]
    assert [v.span.exact for v in cues if isinstance(v, SpanValue)] == ["said", "stressed"]


CROWD = tuple(
    Entity(id=f"p{n}", type="person", name=f"Person {n:02}", aliases=(f"Alias {n:02}",))
    for n in range(1, 42)
)


def test_people_without_a_key_are_counted_and_found_by_their_name() -> None:
    session = session_on("Person 01 said that Person 40 agreed.", entities=CROWD)
    coder = Coder.at(session=session).press("s")
    assert beside(coder)[0].endswith("6 more · / finds them")
    coder.press("/")
    assert coder.bench.ask is not None
    assert coder.bench.ask.live is not None
    coder.bench.ask.live("person")
    first = coder.view.groups[0].items[:3]
    assert [item.text for item in first] == ["Person 01", "Person 40", "Person 02"]
    assert [item.lit for item in first] == [True, False, False]
    coder.bench.answer("alias 41")
    assert sources(coder) == [["p41"]]


def test_nobody_is_taken_for_a_name_that_nobody_has() -> None:
    coder = Coder.at(session=session_on("They met.", entities=CROWD)).press("s", "/")
    coder.bench.answer("nowhere")
    assert coder.bench.message == "Nobody of the cast is called “nowhere”; + adds somebody."
    assert sources(coder) == []
    coder.press("/")
    coder.bench.answer("")
    assert sources(coder) == []
    assert len(coder.view.groups[0].items) == 35


def test_people_without_a_key_are_found_in_a_row_of_the_form_and_for_a_collective() -> None:
    session = session_on("Person 01 said that Person 40 agreed.", entities=CROWD)
    coder = Coder.at(session=session).press("s", "1")
    form = coder.bench.mode
    assert isinstance(form, FrameMode)
    form.at = form.rows.index("source")
    assert beside(coder)[0].endswith("6 more · / finds them")
    coder.press("/")
    coder.bench.answer("person 39")
    assert sources(coder) == [["p1", "p39"]]
    coder.press("escape", "s", "&", "/")
    coder.bench.answer("person 38")
    mode = coder.bench.mode
    assert isinstance(mode, TogetherMode)
    assert mode.members[-1] == "p38"


def test_that_nobody_is_named_is_told_from_a_source_that_is_not_coded() -> None:
    coder = Coder.at("It was agreed to meet.").press("s", "0", "escape")
    assert coder.bench.desk().describe(coder.marks[0]) == "nobody named, indirect"
    assert "nobody named, " in told(coder)[0]
    pen, coding = coder.session.pen, coder.session.coding
    coder.session.do(acts.fill_slot(pen, coding, coder.bench.key, coder.marks[0].id, "source", ()))
    assert coder.bench.desk().describe(coder.marks[0]) == "source not coded, indirect"
    assert "source not coded, " in told(coder)[0]


def test_of_two_statements_of_one_source_the_cue_is_said_first() -> None:
    coder = Coder.at("Arda asked Belmont to come, and added that it rains.")
    coder.press("s", "1", "escape")
    desk = coder.bench.desk()
    assert desk.mark_text(coder.marks[0].id) == "Ada Arda, indirect"
    coder.press("s", "1", "escape")
    assert [desk.mark_text(mark.id) for mark in coder.marks] == [
        "“asked” Ada Arda, indirect",
        "“added” Ada Arda, indirect",
    ]


def refers(coder: Coder) -> list[str]:
    (frame,) = (mark for mark in coder.marks if mark.layer == "commitments")
    return [v.mark for v in frame.values("attribution") if isinstance(v, RefValue)]


def test_a_commitment_before_its_speaker_refers_to_them_in_the_act_that_names_them() -> None:
    coder = Coder.at("Arda said that they will open the bridge.")
    coder.press("c", "a", "escape")
    assert refers(coder) == []
    before = coder.session.coding
    coder.press("s", "1")
    assert "refers to this one now" in coder.bench.message
    speaker = next(mark for mark in coder.marks if mark.layer == "speakers")
    frame = next(mark for mark in coder.marks if mark.layer == "commitments")
    assert refers(coder) == [speaker.id]
    assert "attribution" in frame.provenance.proposed
    coder.press("escape", "u")
    assert coder.session.coding.but_effort() == before.but_effort()


def test_a_commitment_refers_to_no_speaker_whose_words_do_not_hold_its_own() -> None:
    coder = Coder.at("They will open the bridge, and Arda thanked Belmont.")
    coder.press("c", "a", "escape", "s", "1")
    assert (refers(coder), coder.bench.message) == ([], "")


# A name that is typed


def test_no_key_is_shown_while_a_name_is_typed_for_it_would_be_typed_too(coder: Coder) -> None:
    keyed = "1 "
    coder.press("s")
    assert any(line.strip().startswith(keyed) for line in beside(coder))
    coder.press("/")
    asking = Asking(coder.bench, lambda title: (title,))
    for key in ("", *"ar"):
        asking.press(key)
        names = [line.strip() for line in beside(coder)]
        assert any("Arda" in line for line in names)
        assert not any(line.startswith((keyed, ". ", "0 ", "+ ")) for line in names)
    asking.press("escape")
    assert any(line.strip().startswith(keyed) for line in beside(coder))

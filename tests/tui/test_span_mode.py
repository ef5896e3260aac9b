"""Words chosen by letters: any stretch in two keys, corrected in one, several for one slot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.entity import Entity
from annotator.model.mark import EntityValue, SpanValue
from annotator.session import words
from annotator.tui.modes.hops import BLOCK, HOP_KEYS, Hops
from annotator.tui.modes.span import BEGINS_THERE, CHOOSE, SpanMode
from annotator.tui.page import Light, Page
from tests.session.making import CALL, PEOPLE, Coder, session_on
from tests.tui.test_page import page_of, shown
from tests.tui.test_page import words as said

LONG = " ".join(f"w{n}" for n in range(70)) + "."
FLAT = "one two three four five six seven eight nine ten"


def at(text: str = CALL[1], language: str = "en") -> Coder:
    """Sit down with one topic on a sentence, choosing its words."""
    return Coder.at(session=session_on(text, language=language)).press("t", "g", "tab")


def selected(coder: Coder) -> str:
    assert coder.view.selection is not None
    return coder.session.readout.text[slice(*coder.view.selection)]


def held(coder: Coder, slot: str = "evidence") -> list[str]:
    return [v.span.exact for v in coder.marks[0].slots.get(slot, ()) if isinstance(v, SpanValue)]


def key_at(coder: Coder, word: str) -> str:
    """Return the key that is drawn at the first word that begins so."""
    text = coder.session.readout.text
    return next(key for start, key in coder.view.hops if text[start:].startswith(word))


def mode(coder: Coder) -> SpanMode:
    assert isinstance(coder.bench.mode, SpanMode)
    return coder.bench.mode


# Letters


def test_every_word_has_a_letter_and_candidates_have_the_best() -> None:
    coder = at()
    starts = [start for start, _ in words.words(CALL[1], 0, len(CALL[1]))]
    assert [start for start, _ in coder.view.hops] == starts
    likely = [key for start, key in coder.view.hops if start in coder.view.likely]
    assert set(likely) == set(HOP_KEYS[: len(likely)])
    assert 3 <= len(likely) < len(starts)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 90), st.integers(0, 200))
def test_of_any_26_words_in_a_row_each_has_a_letter_of_its_own(count: int, first: int) -> None:
    text = " ".join(["x"] * count)
    hops = Hops(text, (0, len(text)), [])
    first %= count
    row = range(first, min(first + BLOCK, count))
    assert len({hops.letter(place) for place in row}) == len(row)
    assert [hops.at(hops.letter(place), first) for place in row] == list(row)
    assert hops.around(first) <= first < max(hops.around(first) + BLOCK, 1)


def test_words_behind_the_26th_have_capitals_and_those_behind_them_a_key_more() -> None:
    coder = at(LONG)
    keys = [key for _, key in coder.view.hops]
    assert (len(keys), sum(key.islower() for key in keys)) == (52, 26)
    assert selected(coder.press(key_at(coder, "w30"))).split()[0] == "w30"
    coder = at(LONG).press(";", ";")
    assert [key.islower() for _, key in coder.view.hops] == [True] * 18
    assert selected(coder.press(key_at(coder, "w60"))).split()[0] == "w60"
    assert mode(coder.press(";")).block == 0


def test_a_hop_that_went_wrong_is_put_right_by_the_letter_beside_it() -> None:
    for wrong in ("w3", "w25", "w26", "w30", "w51"):
        coder = at(LONG)
        coder.press(key_at(coder, wrong))
        beside = f"w{int(wrong[1:]) + 1}"
        key = key_at(coder, beside)
        assert key.islower()
        assert selected(coder.press(key)).split()[0] == beside


@pytest.mark.parametrize("first", [0, 5, 24, 25, 26, 40, 51])
@pytest.mark.parametrize("length", [1, 2, 3, 8, 18])
def test_a_letter_and_a_capital_are_any_stretch_of_the_first_52_words(
    first: int, length: int
) -> None:
    coder = at(LONG)
    coder.press(key_at(coder, f"w{first}"))
    coder.press(mode(coder).hops.letter(first + length - 1).upper())
    assert selected(coder).split(" ") == [f"w{n}" for n in range(first, first + length)]


def test_two_topics_and_three_words_anywhere_are_eight_keys_to_the_next_sentence() -> None:
    coder = Coder.at(session=session_on(LONG, "And another one."))
    pressed = ["t", "g", "r", "tab"]
    coder.press(*pressed)
    pressed += [key_at(coder, "w33"), key_at(coder, "w35"), "enter", "enter"]
    coder.press(*pressed[4:])
    assert len(pressed) == 8
    evidence = coder.session.sentence(1).marks[1].slots["evidence"]
    assert [v.span.exact for v in evidence if isinstance(v, SpanValue)] == ["w33 w34 w35"]
    assert (coder.session.sentence(1).state, coder.bench.key) == ("done", 2)


def test_tab_in_the_topics_offers_the_words_of_the_last_topic_first() -> None:
    coder = Coder.at().press("t", "g", "r", "tab")
    assert [field.value for field in coder.view.fields] == ["relations", "trade"]


def test_the_same_letter_goes_through_what_may_begin_there() -> None:
    coder = at("They said that the bridge opens on 3 May, and left.")
    key = key_at(coder, "that")
    assert selected(coder.press(key)) == "that the bridge opens on 3 May, and left"
    assert selected(coder.press(key)) == "that the bridge opens on 3 May"
    assert selected(coder.press(key)) == "that"
    plain = key_at(coder, "bridge")
    assert selected(coder.press(plain)) == "bridge opens"
    assert selected(coder.press(plain)) == "bridge"
    for _ in mode(coder).hops.stretches(4):
        coder.press(plain)
    assert selected(coder) == "bridge"


def test_a_capital_ends_at_its_word_and_again_at_what_begins_there() -> None:
    coder = at("They said that the bridge opens on 3 May, and left.")
    coder.press(key_at(coder, "bridge"))
    end = key_at(coder, "on").upper()
    assert selected(coder.press(end)) == "bridge opens on"
    assert selected(coder.press(end)) == "bridge opens on 3 May"
    assert selected(coder.press(end)) == "bridge opens on"
    assert selected(coder.press(key_at(coder, "opens").upper())) == "bridge opens"
    assert selected(coder.press(key_at(coder, "bridge").upper())) == "bridge"


def test_a_capital_before_the_stretch_lets_it_begin_there_and_says_so() -> None:
    coder = at(FLAT)
    coder.press(key_at(coder, "four"), key_at(coder, "five").upper(), key_at(coder, "two").upper())
    assert selected(coder) == "two three four five"
    assert coder.bench.message == BEGINS_THERE
    coder.press(key_at(coder, "seven").upper())
    assert (selected(coder), coder.bench.message) == ("two three four five six seven", "")


def test_what_is_quoted_is_hopped_to_without_and_with_its_marks() -> None:
    coder = at("He called it “a good bridge” twice.")
    key = key_at(coder, "a good")
    assert selected(coder.press(key)) == "a good bridge"
    assert selected(coder.press(key)) == "“a good bridge”"


def test_phrases_end_at_the_small_words_of_the_language() -> None:
    coder = at("Les deux présidents ont évoqué la situation dans la région.", "fr")
    key = key_at(coder, "la situation")
    assert selected(coder.press(key, key)) == "la situation"
    coder = at("Стороны обсудили ситуацию в регионе.", "ru")
    key = key_at(coder, "ситуацию")
    assert selected(coder.press(key, key)) == "ситуацию"


def test_letters_without_a_word_and_signs_of_other_scripts_do_nothing() -> None:
    coder = at("one two")
    before = selected(coder)
    assert selected(coder.press("m", "M", "я", "Я", "é", "ß", "Ⅷ", "٣")) == before


def test_chinese_is_hopped_to_by_the_character() -> None:
    coder = at("双方同意会面，并继续对话。", "zh")
    coder.press(key_at(coder, "会"), key_at(coder, "面").upper())
    assert selected(coder) == "会面"


# Growing, shrinking, nudging


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        (("shift+right",), "agreed to meet"),
        (("shift+left",), "agreed"),
        (("ctrl+left",), "two agreed to"),
        (("ctrl+right",), "to"),
        (("up",), "The two agreed to"),
        (("up", "up"), "The two agreed to meet"),
        (("up", "up", "up"), "The two agreed to meet, and left"),
        (("down",), "agreed"),
        ((".",), "agreed to "),
        ((",",), "agreed t"),
        (("<",), " agreed to"),
        ((">",), "greed to"),
    ],
)
def test_a_stretch_is_shaped_by_word_phrase_clause_and_sign(
    pressed: tuple[str, ...], expected: str
) -> None:
    coder = at("The two agreed to meet, and left.")
    coder.press(key_at(coder, "agreed"), key_at(coder, "to").upper())
    assert selected(coder) == "agreed to"
    assert selected(coder.press(*pressed)) == expected


# What a slot holds


def test_space_gives_one_stretch_after_the_other_and_each_hop_begins_a_new_one() -> None:
    coder = at(FLAT)
    for word in ("two", "five", "nine"):
        coder.press(key_at(coder, word), key_at(coder, word).upper(), "space")
    assert held(coder) == ["two", "five", "nine"]
    (group,) = coder.view.groups
    assert (group.heading, [item.text for item in group.items]) == (
        "holds",
        ["“two”", "“five”", "“nine”"],
    )
    assert coder.view.fields[0].value == "trade “two” “five” “nine”"


def test_a_stretch_that_was_given_is_put_right_and_not_given_twice() -> None:
    coder = at(FLAT)
    two = key_at(coder, "two")
    coder.press(two, two.upper(), "space", "shift+right", "space")
    assert held(coder) == ["two three"]
    coder.press("enter", "v", key_at_again("four", coder), "enter")
    assert held(coder) == ["two three four"]


@pytest.mark.parametrize(
    ("begin", "end", "now"),
    [
        ("three", "three", ["three", "nine"]),
        ("one", "two", ["one two", "nine"]),
        ("one", "ten", [FLAT]),
        ("five", "six", ["two three four", "five six", "nine"]),
    ],
)
def test_a_stretch_takes_the_place_of_all_that_it_overlaps(
    begin: str, end: str, now: list[str]
) -> None:
    coder = at(FLAT)
    for first, last in (("two", "four"), ("nine", "nine")):
        coder.press(key_at(coder, first), key_at(coder, last).upper(), "space")
    assert held(coder) == ["two three four", "nine"]
    coder.press(mode(coder).hops.letter(FLAT.split().index(begin)))
    coder.press(mode(coder).hops.letter(FLAT.split().index(end)).upper(), "enter")
    assert sorted(held(coder), key=FLAT.index) == now


def key_at_again(word: str, coder: Coder) -> str:
    """Return the CAPITAL at a word of a mode that is opened anew on what the slot holds."""
    return Hops(FLAT, (0, len(FLAT)), []).letter(FLAT.split().index(word)).upper()


def test_the_same_words_again_change_nothing() -> None:
    coder = at(FLAT)
    two, five = key_at(coder, "two"), key_at(coder, "five")
    coder.press(two, two.upper(), "space", five, five.upper(), "space")
    before = coder.session.coding
    coder.press(two, two.upper(), "space")
    assert coder.session.coding is before
    assert held(coder) == ["two", "five"]


def test_one_of_several_is_taken_away_and_the_others_stay() -> None:
    coder = at(FLAT)
    for word in ("two", "five", "nine"):
        coder.press(key_at(coder, word), key_at(coder, word).upper(), "space")
    coder.press("pageup")
    assert selected(coder) == "five"
    coder.press("backspace")
    assert held(coder) == ["two", "nine"]
    assert coder.bench.message == "evidence of trade: “five” taken away"
    coder.press("pagedown")
    assert selected(coder) == "two"
    coder.press("pagedown", "pagedown", "pagedown")
    assert selected(coder) == "nine"


def test_words_that_are_touched_are_taken_away_and_others_are_asked_for() -> None:
    coder = at(FLAT)
    two, five, nine = (key_at(coder, word) for word in ("two", "five", "nine"))
    coder.press(two, two.upper(), "space", nine, nine.upper(), "space")
    coder.press(five, five.upper(), "backspace")
    assert (held(coder), coder.bench.message) == (
        ["two", "nine"],
        "PgDn lights what can be taken away.",
    )
    coder.press(nine, nine.upper(), "backspace", "backspace", "backspace")
    assert held(coder) == []
    assert coder.bench.message == "There are no words to take away."
    coder.press("pagedown")
    assert coder.bench.message == "This slot holds no words."


def test_enter_behind_backspace_closes_and_gives_nothing_back() -> None:
    coder = at(FLAT).press("up", "space", "backspace", "enter")
    assert (held(coder), coder.bench.mode) == ([], None)
    coder = at(FLAT).press("up", "space", "backspace", "shift+left", "enter")
    assert len(held(coder)) == 1


def test_undo_brings_a_stretch_back_that_was_taken_away() -> None:
    coder = at(FLAT).press("up", "space", "backspace", "escape", "u")
    assert len(held(coder)) == 1


def two_topics() -> Coder:
    """Sit down with words of the first of two topics of which the sentence says nothing."""
    coder = Coder.at(session=session_on(CALL[1])).press("t", "i", "tab")
    return coder.press(key_at(coder, "between"), "enter", "t", "k", "escape", "v")


def test_a_slot_that_is_turned_to_is_given_nothing_that_another_holds() -> None:
    coder = two_topics()
    given = held(coder)
    coder.press("tab")
    assert [selected(coder)] == given
    coder.press("tab", "enter")
    assert coder.bench.message == CHOOSE
    assert coder.marks[1].values("evidence") == ()
    assert held(coder) == given


@pytest.mark.parametrize("key", ["space", "backspace", "."])
def test_what_was_given_put_right_or_taken_away_does_not_come_along(key: str) -> None:
    coder = two_topics().press("tab", key, "tab", "enter")
    assert coder.bench.message == CHOOSE


def test_words_that_a_key_chose_come_along_to_the_slot_they_are_for() -> None:
    coder = two_topics()
    coder.press(key_at(coder, "states"), "tab", "enter")
    assert held(coder)[-1] == "states would grow"


def test_the_help_names_the_keys_of_the_slots_where_there_are_several() -> None:
    assert "1–9" not in at().view.hint
    assert two_topics().view.hint.startswith("⇥ next slot · 1–9 give to that slot")


def test_a_slot_for_one_stretch_takes_the_new_one_in_place_of_the_old() -> None:
    coder = Coder.at().press("s", "1", "v")
    fields = [field.name for field in coder.view.fields]
    cue = str(fields.index("cue") + 1)
    key = key_at(coder, "trade")
    coder.press(key, key.upper(), cue)
    assert held(coder, "cue") == ["trade"]


def test_each_of_several_people_has_words_of_their_own() -> None:
    coder = Coder.at("Arda and Belmont agreed to meet.").press("c", "a")
    form = coder.view.fields
    committers = next(field.key for field in form if field.name == "Committers")
    coder.press(committers, "backspace", "1", "2", "v")
    fields = coder.view.fields
    people = [field.value.split(" “")[0] for field in fields if field.name == "committers"]
    assert people == ["Ada Arda", "Bo Belmont"]
    number = next(f.key for f in fields if f.value.startswith("Bo Belmont"))
    key = key_at(coder, "Belmont")
    coder.press(key, number)
    values = [v for v in coder.marks[0].slots["committers"] if isinstance(v, EntityValue)]
    assert [(v.entity, v.mention and v.mention.exact) for v in values] == [
        ("ada", None),
        ("bo", "Belmont"),
    ]


def test_many_words_are_shown_by_both_their_ends() -> None:
    coder = at("x" * 300 + " " + "y" * 300).press("up", "up", "up")
    (about,) = coder.view.about
    assert about.startswith("“xxx")
    assert about.endswith("yyy”")
    assert len(about) < 450


# Drawing


def page_in(coder: Coder, width: int = 60) -> Page:
    view = coder.view
    light = Light(1, view.selection, view.hops, mark=view.mark, likely=view.likely, brackets="mark")
    return page_of(coder.session, width, light)


@pytest.mark.parametrize(
    "text",
    [
        CALL[1],
        LONG,
        "双方同意会面，并继续对话。",
        "e\u0301te\u0301 ok",
        "أعرب الجانبان عن أملهما في عقد لقاء قريب.",
    ],
)
@pytest.mark.parametrize("width", [20, 60, 120])
def test_every_letter_stands_beneath_the_word_that_it_hops_to(text: str, width: int) -> None:
    coder = at(text)
    page = page_in(coder, width)
    found = {}
    first, end = page.rows_of(1)
    for row in range(first, end):
        column = 0
        for run in page.line(row)[0]:
            if run.key:
                before = len(run.text) - len(run.text.lstrip())
                found[run.key] = page.offset_at(row - 1, column + before)
            column += sum(map(len, [run.text]))
    assert found == {key: start for start, key in coder.view.hops}


def test_the_letters_come_with_the_mode_and_leave_with_it() -> None:
    coder = at()
    page = page_in(coder)
    high = page.rows.total
    page.relight(replace(page.light, hops=(), brackets=""))
    assert page.rows.total < high
    assert shown(page) == shown(page_of(coder.session, 60, page.light))
    assert said(page.line(0)[0]).startswith("▌")


def test_people_of_the_cast_are_candidates_by_every_name() -> None:
    odd = Entity(id="x", type="group", name="the small committee")
    session = session_on("Then the small committee met.", entities=(*PEOPLE, odd))
    coder = Coder.at(session=session).press("t", "g", "tab")
    assert selected(coder) == "the small committee"

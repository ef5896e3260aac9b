"""Where old sentences stand in a new text."""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.alignment import Place, aligned, ascending, placed, runs, words
from annotator.model.sentence import Sentence
from annotator.segment import segment

LETTERS = st.lists(st.sampled_from("abc"), max_size=40)


def cut(text: str) -> list[Sentence]:
    """Cut a text into sentences, as a project does."""
    return [Sentence(start=a, end=b, role=r, text=text[a:b]) for a, b, r in segment(text)]


def units(text: str, *bounds: int) -> list[Sentence]:
    """Cut a text at places of one's own choice, white space left out."""
    found = []
    for start, end in pairwise((0, *bounds, len(text))):
        body = text[start:end].strip()
        at = text.index(body, start)
        found.append(Sentence(start=at, end=at + len(body), role="body", text=body))
    return found


def stand(old: list[Sentence], text: str) -> list[str | None]:
    """Return the words at the place of each old sentence in a new text."""
    places = placed(old, cut(text), text)
    return [text[place.start : place.end] if place else None for place in places]


# Sequences


@settings(deadline=None)
@given(LETTERS, LETTERS)
def test_pairs_are_equal_elements_in_the_order_of_both(old: list[str], new: list[str]) -> None:
    pairs = aligned(old, new)
    assert all(old[a] == new[b] for a, b in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@settings(deadline=None)
@given(LETTERS)
def test_a_sequence_is_paired_with_itself_place_by_place(items: list[str]) -> None:
    assert aligned(items, items) == [(place, place) for place in range(len(items))]


def test_of_equal_elements_those_with_the_same_neighbours_are_paired() -> None:
    old = ["a", "same", "b", "same", "c"]
    assert aligned(old, ["a", "b", "same", "c"]) == [(0, 0), (2, 1), (3, 2), (4, 3)]
    assert aligned(old, ["a", "same", "b", "c"]) == [(0, 0), (1, 1), (2, 2), (4, 3)]


def test_a_long_sequence_of_repeated_elements_is_paired_by_the_elements_around_them() -> None:
    old = [byte % 20 for number in range(125) for byte in sha256(b"%d" % number).digest()]
    new = [*old[:500], 77, *old[500:2000], *old[2003:3500], 78, *old[3501:]]
    pairs = dict(aligned(old, new))
    assert len(pairs) == 3996
    assert (pairs[700], pairs[2500], pairs[3600]) == (701, 2498, 3598)


def test_a_long_sequence_of_repeated_elements_is_paired_with_one_that_got_longer() -> None:
    old = ["a", "b"] * 400
    pairs = [(place, place) for place in range(800)]
    assert aligned(old, [*old, *["c"] * 400]) == pairs
    assert aligned([*["c"] * 400, *old], old) == [(a + 400, b) for a, b in pairs]


def test_signs_at_the_ends_are_not_those_of_sentences_put_around() -> None:
    old = ["“", "Late", "."]
    assert aligned(old, [*old, "All", "slept", "."]) == [(0, 0), (1, 1), (2, 2)]
    assert aligned(old, ["“", "All", "slept", *old]) == [(0, 3), (1, 4), (2, 5)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 20)))
def test_a_longest_run_of_ascending_values_is_found(values: list[int]) -> None:
    places = ascending(values)
    assert all(a < b and values[a] < values[b] for a, b in pairwise(places))
    longest = [1] * len(values)
    for end, value in enumerate(values):
        longest[end] += max((longest[i] for i in range(end) if values[i] < value), default=0)
    assert len(places) == max(longest, default=0)


def test_numbers_are_cut_into_runs() -> None:
    assert list(runs([1, 2, 4, 7])) == [[1, 2], [4], [7]]
    assert list(runs([1, 2, 4, 7], 2)) == [[1, 2, 4], [7]]
    assert list(runs([])) == []


def test_a_word_is_a_run_of_letters_or_one_sign_or_one_cjk_character() -> None:
    found = words(" The U.S. and 中国, 3.5", 10)
    assert " ".join(word.folded for word in found) == "the u . s . and 中 国 , 3 . 5"
    assert (found[0].start, found[0].end) == (11, 14)


# Sentences


BASE = "Arda spoke first. Belmont thanked her. They talked about the bridge. It was late."


def test_unchanged_sentences_are_found_behind_what_was_put_before_them() -> None:
    text = f"A call took place.\n\n{BASE}"
    assert placed(cut(BASE), cut(text), text) == [
        Place(one.start + 20, one.end + 20, same=True) for one in cut(BASE)
    ]


def test_of_sentences_alike_the_one_between_the_same_neighbours_stays() -> None:
    old = "He agreed. Arda spoke. He agreed. Belmont spoke. He agreed. It was late."
    new = "Arda spoke. Belmont spoke. He agreed. It was late."
    places = placed(cut(old), cut(new), new)
    assert [place and place.start for place in places] == [None, 0, None, 12, 27, 38]


def test_sentences_alike_go_along_with_the_paragraphs_that_moved() -> None:
    one = "It went well. Arda spoke about trade. He agreed. Talks went on until ten."
    two = "It went well. Belmont spoke about the road. He agreed. He was glad of it."
    three = "It went well. Nobody spoke of war. He agreed. The press was told of it."
    tail = "It was late. The call ended. No date was set. Nobody asked why. All left then."
    old = f"{one}\n\n{two}\n\n{three}\n\n{tail}"
    new = f"{three}\n\n{tail}\n\n{two}\n\n{one}"
    starts = [place.start for place in placed(cut(old), cut(new), new) if place]
    assert starts[:4] == [one.start for one in cut(new)[-4:]]
    assert starts[4:8] == [one.start for one in cut(new)[-8:-4]]
    assert starts[8:12] == [one.start for one in cut(new)[:4]]


@pytest.mark.parametrize("front", ["", "A call took place. ", "Ada met Bo; they spoke.\n\n"])
@pytest.mark.parametrize("behind", ["", " The press was told."])
@pytest.mark.parametrize("numbers", [(1,), (2,), (1, 4), (3, 5, 7), (4,), (7, 9), (1, 2, 12, 13)])
def test_boundaries_of_ones_own_stay_where_the_words_are_unchanged(
    numbers: tuple[int, ...], front: str, behind: str
) -> None:
    starts = [match.start() for match in re.finditer(r"\S+", BASE)]
    old = units(BASE, *(starts[number] for number in numbers))
    assert stand(old, f"{front}{BASE}{behind}") == [one.text for one in old]


def test_boundaries_of_ones_own_stay_where_their_sentences_moved() -> None:
    first = "The parties met on the bridge at noon and crossed it together on foot."
    old = units(f"{first} Nobody spoke. It was late.", 38, len(first), len(first) + 15)
    assert stand(old, f"Nobody spoke. It was late. {first}") == [one.text for one in old]


def test_words_put_between_two_units_of_one_sentence_belong_to_neither() -> None:
    old = units("They met at noon and they agreed on a date.", 17)
    new = "They met at noon, to the surprise of many, and they agreed on a date."
    assert stand(old, new) == ["They met at noon", "and they agreed on a date."]


def test_a_changed_half_takes_what_was_put_between() -> None:
    old = units("They met at noon and they agreed on a date.", 17)
    new = "They met at noon but after some hours they agreed on a date."
    assert stand(old, new) == ["They met at noon", "but after some hours they agreed on a date."]


def test_a_reworded_sentence_is_the_whole_new_one() -> None:
    new = BASE.replace(
        "They talked about the bridge.", "They also talked, said Arda, of the bridge."
    )
    assert stand(cut(BASE), new)[2] == "They also talked, said Arda, of the bridge."


def test_a_sentence_that_became_two_is_both_of_them() -> None:
    old = (
        "Arda spoke. They will meet in Oren in May and they will open the new bridge. It was late."
    )
    new = "Arda spoke. They will meet in Oren in May. They will open the new bridge. It was late."
    assert (
        stand(cut(old), new)[1] == "They will meet in Oren in May. They will open the new bridge."
    )


def test_the_short_end_of_a_sentence_that_became_two_is_its_own_too() -> None:
    old = "Arda spoke. They will meet in Oren before the end of spring or in May if all goes well."
    new = old.replace("May if", "May. If")
    assert stand(cut(old), new)[1] == new[12:]


def test_a_unit_of_two_sentences_holds_one_that_was_put_between() -> None:
    old = units("Arda spoke of trade. Belmont spoke of war. It was late.", 42)
    new = "Arda spoke of trade. All listened. Belmont spoke of war. It was late."
    assert stand(old, new) == [new[:-13], "It was late."]


def test_a_changed_sentence_is_found_before_its_old_neighbour_too() -> None:
    rest = "Arda spoke first of all. Belmont thanked her. They talked for two hours."
    old = f"He agreed now. {rest} It was late."
    assert stand(cut(old), f"It was late. He agreed soon. {rest}")[0] == "He agreed soon."


def test_two_sentences_that_became_one_share_it() -> None:
    old = "Arda spoke. They will meet in Oren in May. They will open the new bridge. It was late."
    new = (
        "Arda spoke. They will meet in Oren in May, and they will open the new bridge. It was late."
    )
    assert stand(cut(old), new)[1:3] == [
        "They will meet in Oren in May, and",
        "they will open the new bridge.",
    ]


def test_a_sentence_is_the_same_while_more_than_half_of_its_letters_are_left() -> None:
    old = cut("Arda spoke. Aaaa bbbb cccc dddd eeee. It was late.")
    assert stand(old, "Arda spoke. Aaaa bbbb zzzz dddd yyyy. It was late.")[1] is not None
    assert stand(old, "Arda spoke. Aaaa xxxx zzzz wwww yyyy. It was late.")[1] is None


def test_a_sentence_cut_short_is_the_same_while_a_quarter_of_it_is_left() -> None:
    old = cut("Arda spoke. Aaaa bbbb cccc dddd eeee ffff gggg hhhh. It was late.")
    assert stand(old, "Arda spoke. Cccc dddd. It was late.")[1] == "Cccc dddd."
    assert stand(old, "Arda spoke. Cccc. It was late.")[1] is None


def test_a_sentence_that_moved_and_changed_is_found_by_its_words() -> None:
    said = "The two leaders agreed to open the northern bridge to lorries in spring."
    rest = "Arda spoke first of all. Belmont thanked her warmly. They talked for two hours."
    new = f"{rest} It was late. {said.replace('spring', 'May')}"
    assert stand(cut(f"{said} {rest} It was late."), new)[0] == said.replace("spring", "May")


def test_another_sentence_in_the_place_of_one_is_not_the_same() -> None:
    new = BASE.replace("They talked about the bridge.", "The weather was fine in the north.")
    assert stand(cut(BASE), new)[2] is None


def test_other_white_space_leaves_a_sentence_the_same_and_leads_word_by_word() -> None:
    text = BASE.replace("talked about", "talked \u00a0 about")
    place = placed(cut(BASE), cut(text), text)[2]
    assert place is not None
    assert place.same
    assert [text[new : new + end - start] for start, end, new in place.words] == [
        *("They", "talked", "about", "the", "bridge", ".")
    ]


def test_a_script_without_spaces_is_compared_character_by_character() -> None:
    old = cut("两国元首通电话。双方同意五月会晤。通话持续一小时。")
    assert stand(old, "两国元首通电话。双方同意六月在北京会晤。通话持续一小时。") == [
        "两国元首通电话。",
        "双方同意六月在北京会晤。",
        "通话持续一小时。",
    ]

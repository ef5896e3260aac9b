"""The cast put in order: renamed, merged, moved, and every mark that names it with it."""

from __future__ import annotations

import pytest

from annotator.errors import MarkError
from annotator.model.casting import of_too_few, require_two, uses, with_names
from annotator.model.edit import CAST, Coding, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import EntityValue, Mark, SlotValue
from annotator.model.text import Span
from annotator.session import acts, casting
from annotator.session.session import Session
from tests.session.making import ADA, BO, BOTH, CALL, PEOPLE, PRESS, pen_of, session_on

PEN = pen_of()


def made(session: Session, edit: Edit | None) -> Coding:
    assert edit is not None
    before = session.coding
    session.do(edit)
    after = session.coding
    # Whatever is done to the cast, undo restores exactly what was there.
    session.undo()
    assert session.coding == before
    session.redo()
    assert session.coding == after
    return after


def attributed(session: Session, key: int, *sources: SlotValue, slot: str = "source") -> Mark:
    slots = {slot: sources}
    mark = session.pen.mark(session.sentence(key), "speakers", "indirect", slots=slots)
    session.do(acts.add_mark(session.pen, session.coding, key, mark))
    return mark


def held(coding: Coding, key: int, slot: str = "source") -> list[EntityValue]:
    (mark,) = coding.sentence(key).marks
    return [value for value in mark.slots[slot] if isinstance(value, EntityValue)]


@pytest.fixture
def session() -> Session:
    return session_on(*CALL)


def refused(session: Session, act: object, *arguments: object) -> str:
    assert callable(act)
    with pytest.raises(MarkError) as caught:
        act(session.pen, session.coding, *arguments)
    return str(caught.value)


def test_a_new_name_keeps_the_old_one_as_an_alias(session: Session) -> None:
    cast = made(session, casting.rename(PEN, session.coding, "ada", "  Ada  Ford ")).cast
    assert cast.entities[0] == ADA.model_copy(
        update={"name": "Ada Ford", "aliases": ("Arda", "Ada Arda")}
    )
    assert cast.entities[1:] == PEOPLE[1:]


def test_an_alias_that_becomes_the_name_is_no_alias_any_more(session: Session) -> None:
    cast = made(session, casting.rename(PEN, session.coding, "ada", "Arda")).cast
    assert (cast.entities[0].name, cast.entities[0].aliases) == ("Arda", ("Ada Arda",))


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_nobody_goes_without_a_name(session: Session, name: str) -> None:
    assert "one letter" in refused(session, casting.rename, "ada", name)


def test_a_name_that_another_has_asks_for_a_merge(session: Session) -> None:
    assert "Merge the two" in refused(session, casting.rename, "ada", "bo belmont")


def test_the_same_name_changes_nothing(session: Session) -> None:
    assert casting.rename(PEN, session.coding, "ada", "Ada Arda") is None


def test_whoever_is_not_in_the_cast_is_refused(session: Session) -> None:
    for act, more in (
        (casting.rename, ("X",)),
        (casting.remove, ()),
        (casting.merge, ("ada",)),
        (casting.move, (1,)),
        (casting.add_alias, ("X",)),
    ):
        assert "id nobody" in refused(session, act, "nobody", *more)


def test_an_alias_is_noted_once(session: Session) -> None:
    coding = made(session, casting.add_alias(PEN, session.coding, "ada", " the  president"))
    assert coding.cast.entities[0].aliases == ("Arda", "the president")
    for known in ("The President", "ARDA", "Ada Arda", " "):
        assert casting.add_alias(PEN, coding, "ada", known) is None


@pytest.mark.parametrize(
    ("exact", "name"),
    [
        ("the  head\nof state", "the head of state"),
        ("Arda", ""),
        ("belmont", ""),
        ("", ""),
        ("w " * 60, ""),
    ],
)
def test_words_are_a_new_name_where_nobody_has_them_yet(exact: str, name: str) -> None:
    assert casting.new_name(Cast(entities=PEOPLE), "ada", exact) == name


def test_whoever_no_mark_names_can_be_removed(session: Session) -> None:
    cast = made(session, casting.remove(PEN, session.coding, "press")).cast
    assert cast.entities == (ADA, BO, BOTH)


def test_whoever_marks_or_collectives_name_stays(session: Session) -> None:
    attributed(session, 2, EntityValue(entity="press"))
    assert "stands in 1 mark." in refused(session, casting.remove, "press")
    attributed(session, 3, EntityValue(entity="press"))
    assert "stands in 2 marks." in refused(session, casting.remove, "press")
    assert "belongs to the leaders" in refused(session, casting.remove, "ada")


def test_marks_that_wait_for_a_place_name_people_too(session: Session) -> None:
    mark = attributed(session, 2, EntityValue(entity="press"))
    waiting = session.sentence(2).changed(marks=(), unplaced=(mark,))
    session.do(session.pen.edit(session.coding, "move", {2: waiting}))
    assert uses(session.coding) == {"press": 1}
    assert "1 mark" in refused(session, casting.remove, "press")
    coding = made(session, casting.merge(PEN, session.coding, "press", "bo"))
    assert uses(coding) == {"bo": 1}


def test_a_merge_goes_through_every_mark_and_collective(session: Session) -> None:
    extra = Entity(
        id="b2",
        type="person",
        name="Mr Belmont",
        aliases=("Belmont", "the guest"),
        role="Premier",
        affiliation="XB",
    )
    session.do(acts.add_entity(PEN, session.coding, extra))
    three = BOTH.model_copy(update={"members": ("ada", "b2", "bo"), "represents": ("b2",)})
    session.do(casting.change(PEN, session.coding, three))
    attributed(session, 2, EntityValue(entity="b2"))
    attributed(session, 3, EntityValue(entity="ada"))
    attributed(session, 4, EntityValue(entity="b2", inferred=True), slot="addressee")
    coding = made(session, casting.merge(PEN, session.coding, "b2", "bo"))
    assert held(coding, 2) == [EntityValue(entity="bo")]
    assert held(coding, 3) == [EntityValue(entity="ada")]
    assert held(coding, 4, "addressee") == [EntityValue(entity="bo", inferred=True)]
    assert coding.cast.entities == (
        ADA,
        BO.model_copy(
            update={
                "aliases": ("Belmont", "Mr Belmont", "the guest"),
                "role": "Premier",
                "affiliation": "XB",
            }
        ),
        BOTH.model_copy(update={"members": ("ada", "bo"), "represents": ("bo",)}),
        PRESS,
    )


def test_who_would_stand_in_a_slot_twice_stands_there_once(session: Session) -> None:
    named = Span.of(session.readout.text, session.sentence(2).start, session.sentence(2).start + 4)
    said = EntityValue(entity="bo", mention=named)
    attributed(session, 2, EntityValue(entity="ada", inferred=True), said)
    coding = made(session, casting.merge(PEN, session.coding, "bo", "ada"))
    # The one with the words is kept, in the place of the first.
    assert held(coding, 2) == [EntityValue(entity="ada", mention=named)]


def test_a_collective_and_its_member_are_never_one(session: Session) -> None:
    for gone, stays in (("ada", "both"), ("both", "ada")):
        assert "member of the leaders" in refused(session, casting.merge, gone, stays)


def test_merging_somebody_with_themselves_changes_nothing(session: Session) -> None:
    assert casting.merge(PEN, session.coding, "ada", "ada") is None


@pytest.mark.parametrize(
    ("who", "by", "order"),
    [
        ("ada", 1, "bo ada both press"),
        ("press", -9, "press ada bo both"),
        ("bo", 9, "ada both press bo"),
    ],
)
def test_people_move_up_and_down_the_cast(session: Session, who: str, by: int, order: str) -> None:
    coding = made(session, casting.move(PEN, session.coding, who, by))
    assert [entity.id for entity in coding.cast.entities] == order.split()


def test_whoever_stands_at_the_end_moves_no_further(session: Session) -> None:
    assert casting.move(PEN, session.coding, "ada", -1) is None


def test_those_whom_most_marks_name_come_first_and_others_keep_their_order(
    session: Session,
) -> None:
    for key, who in ((2, "press"), (3, "press"), (4, "bo")):
        attributed(session, key, EntityValue(entity=who))
    coding = made(session, casting.sort_by_use(PEN, session.coding))
    assert [entity.id for entity in coding.cast.entities] == ["press", "bo", "ada", "both"]
    assert casting.sort_by_use(PEN, coding) is None


def test_a_collective_stands_for_the_states_of_its_members() -> None:
    ada, bo = (e.model_copy(update={"affiliation": c}) for e, c in ((ADA, "XA"), (BO, "XB")))
    states = [Entity(id=c.lower(), type="state", name=c, affiliation=c) for c in ("XA", "XB", "XC")]
    cast = Cast(entities=(ada, bo, *states))
    made = casting.collective(cast, " the  parties ", ["ada", "bo", "ada"], "p")
    assert made == Entity(
        id="p",
        type="collective",
        name="the parties",
        members=("ada", "bo"),
        represents=("xa", "xb"),
    )


@pytest.mark.parametrize(
    ("country", "state", "stands_for"),
    [
        (None, None, ()),
        ("", "", ()),
        (None, "XK", ()),
        ("XA", None, ()),
        ("keshland", None, ("keshland",)),
        ("xk", "XK", ("keshland",)),
    ],
)
def test_whose_country_is_not_known_stands_for_no_state(
    country: str | None, state: str | None, stands_for: tuple[str, ...]
) -> None:
    ada, bo = (one.model_copy(update={"affiliation": country}) for one in (ADA, BO))
    land = Entity(id="keshland", type="state", name="Keshland", affiliation=state)
    made = casting.collective(Cast(entities=(ada, bo, land)), "the two", ["ada", "bo"], "p")
    assert made.represents == stands_for


@pytest.mark.parametrize("members", [(), ("ada",)])
def test_a_collective_keeps_two_members(session: Session, members: tuple[str, ...]) -> None:
    fewer = BOTH.model_copy(update={"members": members})
    assert "two members" in refused(session, casting.change, fewer)


@pytest.mark.parametrize(
    ("members", "represents", "few"),
    [
        ((), (), True),
        (("ada",), (), True),
        (("ada", "gone"), (), True),
        (("ada",), ("xa", "xb"), True),
        ((), ("xa",), True),
        (("ada", "bo"), (), False),
        ((), ("xa", "xb"), False),
    ],
)
def test_collectives_of_fewer_than_two_are_found(
    members: tuple[str, ...], represents: tuple[str, ...], few: bool
) -> None:
    states = [Entity(id=name, type="state", name=name) for name in ("xa", "xb")]
    one = BOTH.model_copy(update={"members": members, "represents": represents})
    cast = Cast(entities=(ADA, BO, *states, one))
    assert of_too_few(cast) == [one] * few


@pytest.mark.parametrize(("name", "members"), [("the two", ["ada"]), (" ", ["ada", "bo"])])
def test_a_collective_has_a_name_and_two_members(name: str, members: list[str]) -> None:
    with pytest.raises(MarkError):
        casting.collective(Cast(entities=PEOPLE), name, members, "p")


def test_nobody_is_a_member_of_themselves_even_through_others(session: Session) -> None:
    pair = Entity(id="pair", type="collective", name="the pair", members=("both",))
    session.do(acts.add_entity(PEN, session.coding, pair))
    ring = BOTH.model_copy(update={"members": ("ada", "pair")})
    assert "member of itself" in refused(session, casting.change, ring)


def test_changing_the_cast_touches_the_cast_alone(session: Session) -> None:
    edit = casting.change(PEN, session.coding, ADA.model_copy(update={"role": "Premier"}))
    assert edit is not None
    assert [change.key for change in edit.changes] == [CAST]


def test_collectives_that_stand_within_one_another_are_never_one() -> None:
    chain = (
        Entity(id="a", type="collective", name="A", members=("b",)),
        Entity(id="b", type="collective", name="B", members=("c",)),
        Entity(id="c", type="collective", name="C", members=("ada",)),
    )
    with pytest.raises(MarkError, match="is a member of"):
        require_two(Cast(entities=chain), "c", "a")


def test_who_belongs_to_either_of_two_collectives_belongs_to_the_one() -> None:
    two = (
        Entity(id="a", type="collective", name="A", members=("ada",)),
        Entity(id="b", type="collective", name="B", members=("bo", "ada")),
    )
    (one,) = with_names(Cast(entities=two), {"b": "a"}).entities
    assert one.members == ("ada", "bo")


def test_another_id_goes_through_every_mark_and_collective(session: Session) -> None:
    attributed(session, 2, EntityValue(entity="ada"))
    coding = made(session, casting.give_id(PEN, session.coding, "ada", "ada_2"))
    assert held(coding, 2) == [EntityValue(entity="ada_2")]
    assert coding.cast.entities[0] == ADA.model_copy(update={"id": "ada_2"})
    assert coding.cast.entities[2] == BOTH.model_copy(update={"members": ("ada_2", "bo")})


def test_what_is_no_id_or_somebody_elses_is_refused(session: Session) -> None:
    for wrong in ("Ada", "_ada", "ada arda", "x" * 65, "", "阿"):
        assert "is no id" in refused(session, casting.give_id, "ada", wrong)
    assert refused(session, casting.give_id, "ada", "bo").startswith("Bo Belmont has the id bo.")
    assert casting.give_id(PEN, session.coding, "ada", "ada") is None

"""The register over real files: who is in it, and renames and merges that go through everything."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from annotator.config import Paths, Settings
from annotator.errors import InputError
from annotator.formats.castfile import with_people
from annotator.model.casting import uses
from annotator.model.edit import CAST, Change, Coding, Edit, Timeline
from annotator.model.entity import Entity
from annotator.model.mark import EntityValue, Mark, Provenance
from annotator.model.readout import Metadata
from annotator.pipeline import register
from annotator.pipeline.project import Project
from annotator.pipeline.register import Merge, Rename
from annotator.pipeline.roll import Roll, Who, alike

TEXT = "Arda spoke. Belmont spoke. They agreed.\n"
FIRST = """# Our first call.
title = "A call"   # as read
source_chain = [
    "press",  # the outlet
    "ada",
]

[event]
participants = ["ada", "bo"]
initiator = "bo"

# The host.
[[entities]]
id = "ada"
type = "person"
name = "Ada Arda"
aliases = ["Arda"]  # short

[[entities]]
id = "bo"   # the guest
type = "person"
name = "Bo Belmont"

# Both of them.
[[entities]]
id = "both"
type = "collective"
name = "the parties"
members = ["ada", "bo"]
"""
SECOND = """title = "Another"

[[entities]]
id = "ada_2"
type = "person"
name = "Ada Ford Arda"
role = "President"

[[entities]]
id = "bo"
type = "person"
name = "B. Belmont"
valid_from = 2020-05-01
"""


@dataclass
class Made:
    """A project of three readouts: two with metadata, of which the first is coded."""

    root: Path
    ticks: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        seeds = self.root / "seeds"
        seeds.mkdir(parents=True)
        (self.root / "schemas").mkdir()
        for name in ("one", "two", "three"):
            (seeds / f"{name}.txt").write_text(TEXT, encoding="utf-8")
        self.file("one").write_text(FIRST, encoding="utf-8")
        self.file("two").write_text(SECOND, encoding="utf-8")
        self.project = Project(Paths(self.root), Settings())
        self.code("one", {1: ["ada"], 2: ["bo", "ada"], 3: ["both"]})

    def file(self, name: str) -> Path:
        return self.root / "seeds" / f"{name}.toml"

    def now(self) -> str:
        return f"2026-01-01T00:00:{next(self.ticks):02}Z"

    def code(
        self, readout: str, sources: dict[int, list[str]], *entities: Entity, coder: str = "ada"
    ) -> None:
        """Attribute sentences to people, each in a mark of its own."""
        journal = self.project.journal(coder, readout, self.now())
        try:
            for key, who in sources.items():
                sentence = journal.coding.sentence(key)
                mark = Mark(
                    id=f"{readout}{key}",
                    layer="speakers",
                    label="indirect",
                    start=sentence.start,
                    end=sentence.end,
                    slots={"source": tuple(EntityValue(entity=one) for one in who)},
                    provenance=Provenance(coder=coder, at="", codebook=""),
                )
                after = sentence.changed(marks=(*sentence.marks, mark))
                change = Change(key=key, before=sentence, after=after)
                journal.put(Edit(act="edit", at=self.now(), what="mark", changes=(change,)))
            for entity in entities:
                cast = journal.coding.cast
                change = Change(key=CAST, before=cast, after=cast.with_entity(entity))
                journal.put(Edit(act="edit", at=self.now(), what="cast", changes=(change,)))
        finally:
            journal.close()

    def coding(self, readout: str, coder: str = "ada") -> Coding:
        snapshot = self.project.store().read(coder, readout)
        assert snapshot is not None
        return snapshot.coding

    def history(self, readout: str) -> Sequence[Edit]:
        snapshot = self.project.store().read("ada", readout)
        assert snapshot is not None
        return list(snapshot.history)

    def do(self, turn: register.Turn) -> register.Done:
        plan = register.plan(self.project, "ada", turn)
        return register.carry_out(self.project, "ada", plan, self.now)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


WHO = {
    **{one: Who(one, "person") for one in ("ada", "ada_2", "bo")},
    "both": Who("both", "collective", ("ada", "bo")),
}
MERGE = Merge(WHO["ada_2"], WHO["ada"], "merge Ada Ford Arda into Ada Arda")


def test_everybody_is_in_the_register_with_readouts_and_marks(made: Made) -> None:
    found = register.register(made.project, "ada")
    assert [(e.id, e.name, e.readouts, e.marks) for e in found.entries] == [
        ("ada", "Ada Arda", ("one",), 2),
        ("bo", "Bo Belmont", ("one", "two"), 1),
        ("both", "the parties", ("one",), 1),
        ("ada_2", "Ada Ford Arda", ("two",), 0),
    ]
    assert found.entries[1].names == ("Bo Belmont", "B. Belmont")
    assert found.unread == ()


def test_another_coder_has_the_metadata_and_no_marks(made: Made) -> None:
    found = register.register(made.project, "ben")
    assert {e.marks for e in found.entries} == {0}
    assert len(found.entries) == 4


def test_whoever_only_marks_know_is_known_by_the_id(made: Made) -> None:
    made.code("three", {1: ["stranger"]})
    found = register.register(made.project, "ada").get(Who("stranger", "person"))
    assert found is not None
    assert (found.name, found.readouts, found.marks) == ("stranger", ("three",), 1)


def test_a_readout_that_cannot_be_read_is_named(made: Made) -> None:
    made.file("two").write_text("title = ", encoding="utf-8")
    found = register.register(made.project, "ada")
    ((readout, why),) = found.unread
    assert readout == "two"
    assert "not TOML" in why
    assert found.get(WHO["ada_2"]) is None


def test_reading_can_be_stopped_and_says_how_far_it_is(made: Made) -> None:
    told: list[tuple[int, int]] = []
    register.register(made.project, "ada", lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert register.register(made.project, "ada", stopped=lambda: True).entries == ()


def test_a_plan_says_what_would_change_and_changes_nothing(made: Made) -> None:
    before = made.file("one").read_bytes(), made.coding("one")
    turn = Merge(WHO["bo"], WHO["ada"], "merge")
    plan = register.plan(made.project, "ada", turn)
    # Both are of one collective in the first readout, and that is no hindrance.
    assert [(t.readout, t.marks, t.coding, t.metadata) for t in plan.touched] == [
        ("one", 1, True, True),
        ("two", 0, False, True),
    ]
    assert plan.marks == 1
    assert (made.file("one").read_bytes(), made.coding("one")) == before


def test_a_merge_goes_through_codings_and_metadata_and_keeps_comments(made: Made) -> None:
    done = made.do(Merge(WHO["bo"], WHO["ada"], "merge Bo Belmont into Ada Arda"))
    assert ([name for name, _ in done.codings], done.left_out) == (["one"], ())
    coding = made.coding("one")
    assert uses(coding) == {"ada": 2, "both": 1}
    assert [entity.id for entity in coding.cast.entities] == ["ada", "both"]
    assert coding.sentence(2).marks[0].slots["source"] == (EntityValue(entity="ada"),)
    assert made.file("one").read_text(encoding="utf-8") == (
        FIRST.replace('participants = ["ada", "bo"]', 'participants = ["ada"]')
        .replace('initiator = "bo"', 'initiator = "ada"')
        .replace('aliases = ["Arda"]  # short', 'aliases = ["Arda", "Bo Belmont"]  # short')
        .replace(
            '[[entities]]\nid = "bo"   # the guest\ntype = "person"\nname = "Bo Belmont"\n\n', ""
        )
        .replace('members = ["ada", "bo"]', 'members = ["ada"]')
    )
    assert made.file("two").read_text(encoding="utf-8") == SECOND.replace('"bo"', '"ada"')


def test_whoever_stays_keeps_the_table_also_further_down(made: Made) -> None:
    made.do(Merge(WHO["ada"], WHO["bo"], "merge"))
    entities = made.project.metadata("one").entities
    assert [entity.id for entity in entities] == ["bo", "both"]
    assert entities[0].aliases == ("Ada Arda", "Arda")
    assert "# the guest" in made.file("one").read_text(encoding="utf-8")
    assert made.project.metadata("one").source_chain == ("press", "bo")


def test_where_only_the_one_that_goes_is_there_it_takes_the_other_id(made: Made) -> None:
    done = made.do(MERGE)
    assert (done.codings, [f.path.name for f in done.metadata]) == ((), ["two.toml"])
    assert made.file("two").read_text(encoding="utf-8") == SECOND.replace('"ada_2"', '"ada"')
    found = register.register(made.project, "ada").get(WHO["ada"])
    assert found is not None
    assert found.readouts == ("one", "two")


def test_a_rename_is_made_where_the_name_is_the_one_that_goes(made: Made) -> None:
    plan = register.plan(made.project, "ada", Rename(WHO["bo"], "Bo Belmont", "Bo Bell"))
    assert [t.readout for t in plan.touched] == ["one"]
    assert plan.otherwise == (("two", "B. Belmont"),)
    register.carry_out(made.project, "ada", plan, made.now)
    bo = made.coding("one").cast.get("bo")
    assert bo is not None
    assert (bo.name, bo.aliases) == ("Bo Bell", ("Bo Belmont",))
    assert tomllib.loads(made.file("one").read_text())["entities"][1] == {
        "id": "bo",
        "type": "person",
        "name": "Bo Bell",
        "aliases": ["Bo Belmont"],
    }
    assert made.file("two").read_text(encoding="utf-8") == SECOND


def test_a_rename_everywhere_is_one(made: Made) -> None:
    made.do(Rename(WHO["bo"], "Bo Belmont", "Bo Bell", everywhere=True))
    assert [e.name for e in made.project.metadata("two").entities] == ["Ada Ford Arda", "Bo Bell"]


def test_another_coder_is_left_alone(made: Made) -> None:
    made.code("one", {1: ["bo"]}, coder="ben")
    before = made.coding("one", "ben")
    made.do(Merge(WHO["bo"], WHO["ada"], "merge"))
    assert made.coding("one", "ben") == before


def test_what_was_done_is_taken_back(made: Made) -> None:
    before = made.coding("one")
    done = made.do(Merge(WHO["bo"], WHO["ada"], "merge"))
    back = register.take_back(made.project, "ada", done, made.now)
    assert back.left_out == ()
    assert made.coding("one") == before
    assert made.history("one")[-1].act == "undo"
    for name, text in (("one", FIRST), ("two", SECOND)):
        assert made.file(name).read_text(encoding="utf-8") == text


def test_each_readout_can_be_undone_by_itself(made: Made) -> None:
    before = made.coding("one")
    made.do(Merge(WHO["bo"], WHO["ada"], "merge"))
    journal = made.project.journal("ada", "one", made.now())
    undone = Timeline.of(journal.history).undo(made.now())
    assert undone is not None
    journal.put(undone)
    journal.close()
    assert made.coding("one") == before


def test_what_was_changed_since_is_not_taken_back(made: Made) -> None:
    done = made.do(Merge(WHO["bo"], WHO["ada"], "merge"))
    made.code("one", {3: ["ada"]})
    changed = made.file("two").read_bytes() + b"# later\n"
    made.file("two").write_bytes(changed)
    back = register.take_back(made.project, "ada", done, made.now)
    assert [name for name, _ in back.left_out] == ["one", "two"]
    assert "coded further" in back.left_out[0][1]
    assert made.file("two").read_bytes() == changed
    # The metadata of the first were as they had been left.
    assert made.file("one").read_text(encoding="utf-8") == FIRST


def test_a_readout_that_is_open_is_named_and_left_out_with_its_metadata(made: Made) -> None:
    plan = register.plan(made.project, "ada", Merge(WHO["bo"], WHO["ada"], "merge"))
    journal = made.project.journal("ada", "one", made.now())
    try:
        done = register.carry_out(made.project, "ada", plan, made.now)
        assert done.left_out == (("one", "it is open."),)
        assert done.codings == ()
        assert made.file("one").read_text(encoding="utf-8") == FIRST
        assert [f.path.name for f in done.metadata] == ["two.toml"]
    finally:
        journal.close()
    # Once it is closed, the rest is made up for.
    assert [t.readout for t in register.plan(made.project, "ada", plan.turn).touched] == ["one"]


def test_a_collective_and_its_member_are_not_merged(made: Made) -> None:
    plan = register.plan(made.project, "ada", Merge(WHO["ada"], WHO["both"], "merge"))
    assert [name for name, why in plan.left_out if "is a member of" in why] == ["one"]
    assert plan.touched == ()


def test_metadata_that_went_away_meanwhile_are_left_out(made: Made) -> None:
    plan = register.plan(made.project, "ada", MERGE)
    made.file("two").unlink()
    done = register.carry_out(made.project, "ada", plan, made.now)
    assert [name for name, _ in done.left_out] == ["two"]


def test_a_file_of_a_readout_whose_text_changed_is_left_out(made: Made) -> None:
    (made.root / "seeds" / "one.txt").write_text("Another text.\n", encoding="utf-8")
    before = made.coding("one")
    done = made.do(Merge(WHO["bo"], WHO["ada"], "merge"))
    assert [name for name, _ in done.left_out] == ["one"]
    assert made.coding("one") == before


# Who is who


CLASH = """[[entities]]
id = "bo"
type = "state"
name = "Boland"

[[entities]]
id = "ada"
type = "person"
name = "Ada Arda"

[[entities]]
id = "cy"
type = "person"
name = "Cy Cerny"

[[entities]]
id = "both"
type = "collective"
name = "the two sides"
members = ["cy", "bo"]
"""


@pytest.fixture
def clashing(made: Made) -> Made:
    """Give the third readout a state and a collective under ids of the first."""
    made.file("three").write_text(CLASH, encoding="utf-8")
    made.code("three", {1: ["bo"], 2: ["both"], 3: ["cy"]})
    return made


def test_a_type_of_its_own_and_members_of_its_own_make_another_row(clashing: Made) -> None:
    found = register.register(clashing.project, "ada")
    assert {(e.name, e.type, e.readouts, e.marks) for e in found.all_of("bo")} == {
        ("Bo Belmont", "person", ("one", "two"), 1),
        ("Boland", "state", ("three",), 1),
    }
    both = {e.readouts: e for e in found.all_of("both")}
    assert {r: (e.names, e.marks) for r, e in both.items()} == {
        ("one",): (("the parties",), 1),
        ("three",): (("the two sides",), 1),
    }
    assert found.members(both["three",]) == ("Cy Cerny", "Boland")
    # The types clash; that the members of a collective are others is no clash.
    assert [e.name for e in found.clashes(found.all_of("bo")[0])] == ["Boland"]
    assert found.clashes(both["one",]) == ()


@pytest.mark.parametrize(
    "turn",
    [
        Rename(WHO["bo"], "Bo Belmont", "Bo Bell", everywhere=True),
        Rename(WHO["both"], "the parties", "both of them", everywhere=True),
        Merge(WHO["bo"], WHO["ada"], "merge"),
    ],
    ids=["rename", "rename a collective", "merge"],
)
def test_a_change_leaves_alone_who_only_shares_the_id(clashing: Made, turn: register.Turn) -> None:
    before = clashing.coding("three")
    plan = register.plan(clashing.project, "ada", turn)
    assert "three" not in [name for name, _ in plan.otherwise]
    clashing.do(turn)
    assert clashing.file("three").read_text(encoding="utf-8") == CLASH
    assert clashing.coding("three") == before


def test_nobody_becomes_who_only_shares_the_id_of_the_one_that_stays(clashing: Made) -> None:
    plan = register.plan(clashing.project, "ada", Merge(Who("cy", "person"), WHO["bo"], "merge"))
    assert plan.touched == ()
    assert plan.left_out == (("three", "the id bo is that of Boland (state) there."),)


def test_whoever_takes_an_id_takes_the_type_too(clashing: Made) -> None:
    clashing.do(Merge(Who("cy", "person"), Who("crown", "office"), "merge"))
    cast = clashing.coding("three").cast
    crown = cast.get("crown")
    assert crown is not None
    assert (crown.type, crown.name) == ("office", "Cy Cerny")
    assert clashing.project.metadata("three").entities[2] == crown


# Metadata files


@pytest.mark.parametrize(
    "text",
    [
        'entities = [{ id = "ada", type = "person", name = "Ada" }, '
        '{ id = "bo", type = "person", name = "Bo" }] # both\n',
        '\ufeff[[entities]]\nid = "ada"\ntype = "person"\nname = "Ada"\n\n'
        '[[entities]]\nid = "bo"\ntype = "person"\nname = "Bo"\n',
        '[[entities]]\r\nid = "ada"\r\ntype = "person"\r\nname = "Ada"\r\n\r\n'
        '[[entities]]\r\nid = "bo"\r\ntype = "person"\r\nname = "Bo"\r\n',
        'event.participants = ["ada", "bo"]\n[[entities]]\nid = "ada"\ntype = "person"\n'
        'name = "Ada"\n[[entities]]\nid = "bo"\ntype = "person"\nname = "Bo"\n# The end.\n',
    ],
    ids=["inline", "byte-order mark", "carriage returns", "dotted"],
)
def test_metadata_of_any_form_say_the_merge(made: Made, text: str) -> None:
    made.file("two").write_bytes(text.encode())
    made.do(Merge(WHO["bo"], WHO["ada"], "merge"))
    after = made.file("two").read_bytes()
    (one,) = made.project.metadata("two").entities
    assert (one.id, one.name, one.aliases) == ("ada", "Ada", ("Bo",))
    assert after.startswith("\ufeff".encode()) == text.startswith("\ufeff")
    assert (b"# The end." in after) == ("# The end." in text)


def test_what_cannot_be_changed_in_place_is_refused() -> None:
    wanted = Metadata(entities=(Entity(id="new", type="person", name="New"),))
    with pytest.raises(InputError, match="Change it by hand"):
        with_people(b'title = "x"\n', wanted, {}, name="x.toml")


# Who may be the same


def entries(*entities: Entity) -> list[tuple[str, str]]:
    roll = Roll()
    for place, entity in enumerate(entities):
        roll.take(f"r{place}", (entity,))
    return [(pair.one.id, pair.other.id) for pair in alike(roll.entries())]


def person(entity_id: str, name: str, **more: object) -> Entity:
    return Entity.model_validate({"id": entity_id, "type": "person", "name": name, **more})


ANN = person("ann", "Ann Lee Kova")


@pytest.mark.parametrize(
    ("other", "may_be"),
    [
        (person("a2", "ann lee kova"), True),
        (person("a2", "Ann Kova", aliases=("ANN LEE KOVA",)), True),
        (person("a2", "Ann Lee Kov"), False),
        (person("a2", "Ann Lee"), True),
        (person("a2", "Bo Belmont"), False),
        (person("a2", "Premier Kova"), True),
        (person("a2", "Premier Kova", affiliation="XA"), True),
        (person("a2", "Premier Bo Kova"), False),
        (ANN.model_copy(update={"id": "a2", "type": "state"}), False),
        (person("a2", "Ann Lee Kova", affiliation="XA"), True),
    ],
)
def test_who_may_be_the_same_is_told_by_names(other: Entity, may_be: bool) -> None:
    assert bool(entries(ANN, other)) == may_be


def test_countries_and_wikidata_tell_people_apart_and_together() -> None:
    one = person("one", "Prime Minister", affiliation="XA", wikidata="Q1")
    assert entries(one, person("two", "Prime Minister", affiliation="XB")) == []
    assert entries(one, person("two", "Prime Minister", wikidata="Q2")) == []
    assert len(entries(one, person("two", "Somebody", wikidata="Q1"))) == 1


def test_collectives_are_the_same_only_of_the_same_members() -> None:
    def group(entity_id: str, *members: str) -> Entity:
        return Entity(id=entity_id, type="collective", name="the parties", members=members)

    assert entries(group("a", "x", "y"), group("b", "x", "z")) == []
    assert len(entries(group("a", "x", "y"), group("b", "y", "x"))) == 1
    assert entries(group("a"), group("b")) == []

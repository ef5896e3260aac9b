"""Metadata are filled in field by field: comments stay, and what cannot be is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.metadata import with_value
from annotator.model.entity import Cast, Entity
from annotator.model.readout import Event, Metadata
from annotator.pipeline.about import FIELDS, About, Field, cast_of, not_known
from annotator.pipeline.check import check
from annotator.pipeline.index import Index
from annotator.pipeline.project import Project
from annotator.tomlfile import parse_toml
from tests.rendering import RENDER

READOUT = "2017-01-28-putin-trump-kremlin-retold"
BARE = "2025-12-01-tiro-brandis-xn"
ANA = Entity(id="ana", type="person", name="Ana")
WRITTEN = b"""# who says so
title = "Of a call"  # as printed

[event]
id = "call"

# the cast
[[entities]]
id = "kai"
type = "person"
name = "Kai"
"""
BY_ID = {field.id: field for field in FIELDS}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


def about(project: Project, readout: str = READOUT) -> About:
    return About(project, readout, cast_of(project, "ada", readout), lambda field: ["XA", "XB"])


def written(project: Project, readout: str = READOUT) -> Metadata:
    return project.metadata(readout)


def change(raw: bytes, path: tuple[str, ...], value: object, *entities: Entity) -> bytes:
    return with_value(raw, path, value, entities, name="a.toml")


def test_one_field_changes_and_every_other_byte_stays() -> None:
    changed = change(WRITTEN, ("event", "date"), "2024-05-01").decode()
    assert changed == WRITTEN.decode().replace(
        'id = "call"\n', 'id = "call"\ndate = "2024-05-01"\n'
    )


def test_a_field_of_the_top_goes_before_the_tables() -> None:
    read = parse_toml(change(WRITTEN, ("licence",), "CC0-1.0"), Metadata, name="a.toml")
    assert read.licence == "CC0-1.0"
    assert read.event == Event(id="call")


@pytest.mark.parametrize(
    "raw", [b"", b'event.id = "a"\n', b'event = {id = "a"}\n', b"\xef\xbb\xbf"]
)
def test_a_table_is_found_however_it_is_written_or_made(raw: bytes) -> None:
    read = parse_toml(change(raw, ("event", "date"), "2024"), Metadata, name="a.toml")
    assert read.event.date == "2024"


def test_the_sides_that_are_offered_are_first_those_of_whoever_takes_part(
    project: Project,
) -> None:
    people = (
        Entity(id="un", type="organisation", name="The UN", affiliation="UN"),
        Entity(id="kai", type="person", name="Kai", affiliation="union"),
        Entity(id="bea", type="person", name="Bea", affiliation="XB"),
        Entity(id="odd", type="person", name="Odd", affiliation="no code"),
        ANA,
    )
    form = About(project, BARE, Cast(entities=people), lambda _: ["XA", "XB"])
    form.type(BY_ID["event.participants"], "bea, kai")
    assert form.options(BY_ID["issuing_side"]) == ["union", "XB", "UN", "XA"]


def test_nothing_as_a_value_takes_the_field_out() -> None:
    assert change(change(WRITTEN, ("licence",), "CC0-1.0"), ("licence",), None) == WRITTEN


def test_whoever_a_field_names_comes_into_the_file() -> None:
    raw = change(WRITTEN, ("event", "participants"), ("kai", "ana"), ANA)
    read = parse_toml(raw, Metadata, name="a.toml")
    assert [one.id for one in read.entities] == ["kai", "ana"]
    assert read.event.participants == ("kai", "ana")


@pytest.mark.parametrize(
    ("path", "value"),
    [(("event", "date"), "soon"), (("doc_kind",), "poem"), (("counterpart_of",), ("../x",))],
)
def test_what_a_field_cannot_have_is_refused_by_its_line(path: tuple[str, ...], value: str) -> None:
    with pytest.raises(InputError, match=r"a\.toml, line \d+"):
        change(WRITTEN, path, value)


def test_a_file_that_is_not_understood_is_not_written_over(project: Project) -> None:
    path = project.metadata_file(READOUT)
    form = about(project)
    path.write_text("title = ", "utf-8")
    with pytest.raises(InputError, match="line 1"):
        form.type(BY_ID["licence"], "CC0-1.0")
    assert path.read_text("utf-8") == "title = "


def test_the_form_has_every_field_but_those_the_program_writes_itself() -> None:
    own = {"sample", "encoding", "source_file", "source_sha256", "entities", "event"}
    fields = {
        *(set(Metadata.model_fields) - own),
        *(f"event.{name}" for name in Event.model_fields),
    }
    assert {field.id for field in FIELDS} == fields


def test_every_field_is_described_by_the_shipped_codebook(project: Project) -> None:
    described = {field.id for field in project.codebook.fields}
    assert {field.id for field in FIELDS} <= described


def test_what_is_wanted_and_not_known_is_named(project: Project) -> None:
    assert [field.id for field in not_known(written(project, BARE))] == ["title"]
    assert not not_known(written(project))
    assert len(not_known(Metadata())) == sum(field.wanted for field in FIELDS)


def test_a_typed_value_is_in_the_file_at_once_and_can_be_taken_back(project: Project) -> None:
    form = about(project)
    before = project.metadata_file(READOUT).read_bytes()
    form.type(BY_ID["event.duration_minutes"], " 40 ")
    assert written(project).event.duration_minutes == 40
    assert form.undo() == BY_ID["event.duration_minutes"]
    assert project.metadata_file(READOUT).read_bytes() == before
    assert form.undo() is None


def test_what_another_wrote_meanwhile_stays(project: Project) -> None:
    form = about(project)
    other = about(project)
    other.type(BY_ID["licence"], "CC0-1.0")
    form.type(BY_ID["event.tone"], "frank")
    assert (written(project).licence, written(project).event.tone) == ("CC0-1.0", "frank")


def test_choices_are_chosen_and_several_values_go_in_and_out(project: Project) -> None:
    form = about(project)
    form.choose(BY_ID["is_translation"], "no")
    form.choose(BY_ID["doc_kind"], "letter")
    form.choose(BY_ID["event.participants"], "putin")
    form.choose(BY_ID["event.participants"], "ru")
    known = written(project)
    assert (known.is_translation, known.doc_kind) == (False, "letter")
    assert known.event.participants == ("trump", "ru")


def test_options_are_the_choices_the_cast_the_tellings_and_what_is_used(project: Project) -> None:
    form = about(project, "2021-04-13-biden-putin-us")
    assert form.options(BY_ID["is_translation"]) == ["yes", "no"]
    assert form.options(BY_ID["counterpart_of"]) == ["2021-04-13-biden-putin-ru"]
    assert form.options(BY_ID["issuing_side"]) == ["US", "RU", "UA", "XA", "XB"]
    assert form.options(BY_ID["note"]) == []
    cast = [entity.id for entity in written(project, "2021-04-13-biden-putin-us").entities]
    assert form.options(BY_ID["event.initiator"]) == cast[:9]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("event.date", "yesterday"),
        ("event.duration_minutes", "-4"),
        ("event.duration_minutes", "9999999999"),
        ("is_translation", "maybe"),
        ("counterpart_of", "a/b"),
        ("language", "foo bar"),
        ("language", "4 May 2024"),
        ("original_language", "english"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    project: Project, field: str, typed: str
) -> None:
    form = about(project)
    before = project.metadata_file(READOUT).read_bytes()
    with pytest.raises(InputError):
        form.type(BY_ID[field], typed)
    assert project.metadata_file(READOUT).read_bytes() == before


def test_a_readout_without_a_file_gets_one(project: Project) -> None:
    (project.paths.seeds / "new.txt").write_text("They talked.", "utf-8")
    form = About(project, "new", Cast(entities=(ANA,)), lambda field: ())
    form.choose(BY_ID["event.participants"], "ana")
    assert written(project, "new").event.participants == ("ana",)
    assert written(project, "new").entities == (ANA,)


def test_the_cast_is_that_of_the_metadata_and_of_the_coding(project: Project) -> None:
    ids = [entity.id for entity in cast_of(project, "ada", READOUT).entities]
    assert ids == [entity.id for entity in written(project).entities]


def test_values_that_are_used_come_by_how_often(project: Project) -> None:
    with Index(project, None) as index:
        index.refresh()
        found = index.values(BY_ID["issuing_side"].path, 3)
        sides = [written(project, one).issuing_side for one in project.readout_ids()]
        assert found == sorted(set(filter(None, sides)), key=lambda s: (-sides.count(s), s))[:3]
        assert index.values(("event", "id"), 2)
        assert index.values(("note",), 0) == []


def test_a_hostile_value_is_kept_as_it_is_and_comes_back(project: Project) -> None:
    form = about(project)
    form.type(BY_ID["issuer"], 'a "b" \\ [red] \x1b]52;c;x\x07')
    assert written(project).issuer == 'a "b" \\ [red] \x1b]52;c;x\x07'


def test_a_field_says_its_value_in_words(project: Project) -> None:
    form = about(project)
    said = {field.id: form.said(field) for field in FIELDS}
    assert said["event.participants"] == "Vladimir Putin, Donald Trump"
    assert said["doc_kind"] == "news report of readout"
    assert (said["is_translation"], said["source_url"]) == ("yes", "")


def test_fields_know_their_path() -> None:
    assert Field("event.date", "text", "Event").path == ("event", "date")


def test_a_value_that_another_program_changed_is_not_written_over(project: Project) -> None:
    form = about(project)
    about(project).choose(BY_ID["event.participants"], "ru")
    with pytest.raises(InputError, match="Another program changed"):
        form.choose(BY_ID["event.participants"], "us")
    assert written(project).event.participants == ("putin", "trump", "ru")
    form.choose(BY_ID["event.participants"], "us")
    assert written(project).event.participants == ("putin", "trump", "ru", "us")
    about(project).type(BY_ID["title"], "theirs")
    form.type(BY_ID["licence"], "CC0-1.0")
    about(project).type(BY_ID["licence"], "theirs")
    with pytest.raises(InputError, match="Another program changed"):
        form.undo()
    assert (written(project).licence, written(project).title) == ("theirs", "theirs")


@pytest.mark.parametrize("day", ["2017-02-30", "2017-13"])
def test_a_day_that_is_in_no_calendar_is_refused(project: Project, day: str) -> None:
    with pytest.raises(InputError):
        about(project).type(BY_ID["event.date"], day)


def test_no_language_that_a_file_holds_is_named_and_can_be_put_right_and_back(
    project: Project,
) -> None:
    path = project.metadata_file(READOUT)
    path.write_text(path.read_text("utf-8").replace('language = "en"', 'language = "foo bar"', 1))
    form, one = about(project), BY_ID["language"]
    assert one in not_known(form.metadata)
    (found,) = check(project)
    assert found.severity == "warning"
    assert "language: “foo bar” is no language tag." in found.what
    assert "BCP 47" in found.remedy
    form.type(one, "en")
    assert one not in not_known(form.metadata)
    form.undo()
    assert written(project).language == "foo bar"


def test_a_side_that_is_no_code_and_no_id_is_named_with_its_remedy(project: Project) -> None:
    path = project.metadata_file(READOUT)
    side = written(project).issuing_side
    text = path.read_text("utf-8").replace(f'"{side}"', '"Orlenia"', 1)
    path.write_text(text, "utf-8")
    (found,) = check(project)
    assert "issuing_side: “Orlenia” is no code of a state and no id." in found.what
    assert "such as FR" in found.remedy
    for good in ("FR", "xa", "european_union", "joint"):
        about(project).type(BY_ID["issuing_side"], good)


def test_no_language_of_another_readout_is_offered(project: Project) -> None:
    form = About(project, READOUT, Cast(), lambda field: ["foo bar", "pt-BR"])
    assert form.options(BY_ID["language"]) == ["pt-BR"]


def test_a_date_in_digits_of_another_script_is_written_as_what_it_means(project: Project) -> None:
    form = about(project)
    form.type(BY_ID["event.date"], "٢٠٢٦-٠٥-٠١")
    assert written(project).event.date == "2026-05-01"
    assert b'date = "2026-05-01"' in project.metadata_file(READOUT).read_bytes()

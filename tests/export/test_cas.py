"""CAS as the library cassis reads them, and what of CAS from elsewhere is read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import cassis
import pytest

from annotator.errors import InputError, PassedOver
from annotator.formats.cas_tags import allowed, escaped, type_of
from annotator.formats.dialects import dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.told import Told
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import text_of

FORMS = ("cas-json", "cas-xmi")
DKPRO = "de.tudarmstadt.ukp.dkpro.core.api"
CUSTOM = "webanno.custom."
EMOJI = "🤝🏽 e\u0301te\u0301 in Kyiv 会谈"


def file_of(folder: Path, form: str) -> Path:
    return folder / "documents" / "ada" / f"call-a.{form.removeprefix('cas-')}"


def load(folder: Path, form: str) -> Any:
    file = file_of(folder, form)
    if form == "cas-json":
        return cassis.load_cas_from_json(file.read_text(encoding="utf-8"))
    types = cassis.load_typesystem(folder / "TypeSystem.xml")
    return cassis.load_cas_from_xmi(file, typesystem=types)


def save(cas: Any, folder: Path, form: str) -> None:
    file = file_of(folder, form)
    if form == "cas-json":
        cas.to_json(file)
    else:
        cas.to_xmi(file)


def told(folder: Path, form: str) -> Told:
    (found,) = dialect(form).read(folder)
    assert isinstance(found, Told), found
    return found


def wrong(folder: Path, form: str) -> str:
    (found,) = dialect(form).read(folder)
    assert isinstance(found, InputError)
    return str(found)


def losses(folder: Path) -> list[dict[str, str]]:
    file = folder / LOSSES
    return [json.loads(one) for one in file.read_bytes().splitlines()] if file.exists() else []


@pytest.mark.parametrize("form", FORMS)
def test_cassis_loads_what_was_coded(coded: Project, form: str) -> None:
    cas = load(export(coded, format_name=form).folder, form)
    assert len(cas.select("uima.tcas.DocumentAnnotation")) == 1
    (about,) = cas.select(f"{DKPRO}.metadata.type.DocumentMetaData")
    assert (about.documentId, about.documentTitle, about.language) == ("call-a", "A call", "en")
    sentences = cas.select(f"{DKPRO}.segmentation.type.Sentence")
    assert "\n".join(one.get_covered_text() for one in sentences) == cas.sofa_string
    assert "terrorism" in [
        one.get_covered_text() for one in cas.select(f"{DKPRO}.segmentation.type.Token")
    ]
    topics = [(one.label, one.rejected, one.begin) for one in cas.select(f"{CUSTOM}Topics")]
    assert ("eco.trade", True, 20) in topics
    slots = {
        (one.slot, one.value, one.get_covered_text())
        for one in cas.select(f"{CUSTOM}CommitmentsSlot")
        if one.slot in ("action", "strength")
    }
    assert ("action", None, "fight terrorism") in slots
    assert ("strength", "2", "The parties agreed to fight terrorism in Syria by June.") in slots
    assert cas.typecheck() == []


@pytest.mark.parametrize("form", FORMS)
def test_offsets_in_the_file_count_utf_16(coded: Project, form: str) -> None:
    raw = file_of(export(coded, format_name=form).folder, form).read_text(encoding="utf-8")
    text = text_of("call-a")
    start = len(text[: text.index("fight")].encode("utf-16-le")) // 2
    assert start == text.index("fight") + 1
    if form == "cas-json":
        features = json.loads(raw)["%FEATURE_STRUCTURES"]
        (action,) = [one for one in features if one.get("slot") == "action"]
        assert (action["begin"], action["end"]) == (start, start + 15)
    else:
        assert re.search(rf'begin="{start}" end="{start + 15}" [^>]*slot="action"', raw)


def test_xml_has_a_space_for_what_it_does_not_allow_and_the_row_has_the_character(
    coded: Project,
) -> None:
    folder = export(coded, format_name="cas-xmi").folder
    what = "character that XML does not allow, written as a space"
    assert losses(folder) == [{"kind": "lost", "what": what, "where": "call-a#3@ada"}]
    assert f"| {what} | 1 |" in (folder / "README.md").read_text(encoding="utf-8")
    assert load(folder, "cas-xmi").sofa_string == allowed(text_of("call-a"))
    back = told(folder, "cas-xmi")
    assert back.text == text_of("call-a")
    assert "his\x0boffice\x1creports" in back.rows[1].text


def test_json_holds_every_character(coded: Project) -> None:
    folder = export(coded, format_name="cas-json").folder
    assert losses(folder) == []
    assert load(folder, "cas-json").sofa_string == text_of("call-a")


def test_what_xml_does_not_allow_is_escaped_in_json() -> None:
    hostile = "a\x00\x08\x0b\x1f\x85\ufffe\uffff\t\n\U0001f600"
    assert json.loads(escaped(json.dumps(hostile, ensure_ascii=False))) == hostile
    assert allowed(hostile) == "a    \x85  \t\n\U0001f600"
    assert len(allowed(hostile)) == len(hostile)


def test_every_layer_has_a_type_of_its_own() -> None:
    ids = ["a", "a.b", "a_b", "adotb", "9a", "layer9a", "slot", "a.slot", "codedsentence"]
    types = [type_of(one) for one in ids]
    assert len({*types, *(f"{one}Slot" for one in types)}) == 2 * len(ids)
    assert all(re.fullmatch(r"webanno\.custom\.[A-Z][A-Za-z0-9_]*", one) for one in types)


@pytest.mark.parametrize("form", FORMS)
def test_what_was_changed_elsewhere_is_what_counts(coded: Project, form: str) -> None:
    folder = export(coded, format_name=form).folder
    cas = load(folder, form)
    (topic,) = [one for one in cas.select(f"{CUSTOM}Topics") if one.label == "sec.terror"]
    cas.remove(topic)
    (strength,) = [one for one in cas.select(f"{CUSTOM}CommitmentsSlot") if one.slot == "strength"]
    strength.value = "1"
    warm = cas.typesystem.get_type(f"{CUSTOM}Tone")
    start = cas.sofa_string.index("Syria")
    cas.add(warm(begin=start, end=start + 5, label="warm"))
    save(cas, folder, form)
    back = told(folder, form)
    assert [one.label for one in back.rows[0].marks] == ["indirect", "agreement", "eco.trade"]
    assert ("strength", "1") in [(one.slot, one.value) for one in back.rows[0].marks[1].slots]
    assert "webanno.custom.CommitmentsSlot" not in [tag.field for tag in back.tags]
    (new,) = [tag for tag in back.tags if tag.field == f"{CUSTOM}Tone"]
    assert (new.label, back.text[new.start : new.end]) == ("warm", "Syria")


def foreign(tmp_path: Path, form: str, begin: int = 12, end: int = 16) -> Path:
    """Write a CAS as another program would: a named entity in a text that begins with emoji."""
    types = cassis.TypeSystem()
    entity = types.create_type(f"{DKPRO}.ner.type.NamedEntity", "uima.tcas.Annotation")
    types.create_feature(entity, "value", "uima.cas.String")
    types.create_feature(entity, "identifier", "uima.cas.String")
    cas = cassis.Cas(types, sofa_string=EMOJI, sofa_mime="text/plain")
    cas.add(entity(begin=begin, end=end, value="LOC", identifier="http://example.org/Q1899"))
    if form == "cas-json":
        cas.to_json(tmp_path / "visit.json")
    else:
        cas.to_xmi(tmp_path / "visit.xmi")
        types.to_xml(tmp_path / "TypeSystem.xml")
    return tmp_path


@pytest.mark.parametrize("form", FORMS)
def test_a_cas_from_elsewhere_is_read(tmp_path: Path, form: str) -> None:
    back = told(foreign(tmp_path, form), form)
    assert (back.name, back.text, back.rows) == ("visit", EMOJI, ())
    tag, more = back.tags
    assert (tag.field, tag.label) == (f"{DKPRO}.ner.type.NamedEntity", "LOC")
    assert more.field == f"{DKPRO}.ner.type.NamedEntity:identifier"
    assert (more.label, more.start, more.end) == ("http://example.org/Q1899", tag.start, tag.end)
    assert back.text[tag.start : tag.end] == "Kyiv"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("is_loose", [True, False], ids=["loose", "whole"])
def test_relations_are_read_and_what_becomes_no_label_is_counted(
    tmp_path: Path, form: str, is_loose: bool
) -> None:
    types = cassis.TypeSystem()
    kind = types.create_type(f"{CUSTOM}Pledge", "uima.tcas.Annotation")
    for feature in ("firmness", "topic", "note"):
        types.create_feature(kind, feature, "uima.cas.String")
    types.create_feature(kind, "amount", "uima.cas.Integer")
    link = types.create_type(f"{CUSTOM}By", "uima.tcas.Annotation")
    types.create_feature(link, "role", "uima.cas.String")
    for end in ("Governor", "Dependent"):
        types.create_feature(link, end, "uima.tcas.Annotation")
    cas = cassis.Cas(types, sofa_string=EMOJI, sofa_mime="text/plain")
    place = EMOJI.index("Kyiv")
    first = kind(begin=place, end=place + 4, firmness="firm", topic="aid", amount=3, note="why")
    second = kind(begin=place - 3, end=place - 1, firmness="soft", amount=4)
    nowhere = link(begin=place, end=place + 4, Governor=first, role="lost")
    by = link(begin=place, end=place + 4, Governor=first, Dependent=second, role="by")
    for one in (first, second, by, nowhere) if is_loose else (first, second, by):
        cas.add(one)
    if form == "cas-json":
        cas.to_json(tmp_path / "p.json")
    else:
        cas.to_xmi(tmp_path / "p.xmi")
        types.to_xml(tmp_path / "TypeSystem.xml")
    back, passed = dialect(form).read(tmp_path)
    assert isinstance(back, Told)
    assert isinstance(passed, InputError)
    assert [(tag.field.removeprefix(CUSTOM), tag.label) for tag in back.tags] == [
        ("Pledge", "soft"),
        ("Pledge", "firm"),
        ("Pledge:topic", "aid"),
    ]
    (relation,) = back.relations
    assert (relation.label, relation.head.label, relation.child.label) == ("by", "firm", "soft")
    assert ("relations By (1), " in str(passed)) == is_loose
    assert str(passed).endswith("“amount” of Pledge (2), “note” of Pledge (1) are not read.")
    # A relation without an end is an error; a feature that holds no label is none.
    assert isinstance(passed, PassedOver) != is_loose


@pytest.mark.parametrize("form", FORMS)
def test_another_text_than_that_of_the_rows_is_refused(coded: Project, form: str) -> None:
    folder = export(coded, format_name=form).folder
    cas = load(folder, form)
    cas.sofa_string = cas.sofa_string.replace("Syria", "Lybia")
    save(cas, folder, form)
    assert "has another text than its readout" in wrong(folder, form)


@pytest.mark.parametrize(("form", "name"), [("cas-json", "visit.json"), ("cas-xmi", "visit.xmi")])
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("14", "1", "offset"),  # Inside of a surrogate pair.
        ("18", "900", "offset"),
        ("14", "18", ""),
        ("14", "-2", "offset"),
    ],
)
def test_an_offset_that_is_none_is_one_sentence(
    tmp_path: Path, form: str, name: str, old: str, new: str, says: str
) -> None:
    file = foreign(tmp_path, form) / name
    raw = file.read_text(encoding="utf-8")
    ends = {"14": "begin", "18": "end"}[old]
    before = f'"{ends}": {old}' if form == "cas-json" else f'{ends}="{old}"'
    assert raw.count(before) == 1
    file.write_text(raw.replace(before, before.replace(old, new)), encoding="utf-8")
    if new == "18":
        assert told(tmp_path, form).tags[0].start == told(tmp_path, form).tags[0].end
    else:
        assert re.search(says, wrong(tmp_path, form))


def test_a_name_that_would_become_code_is_refused(tmp_path: Path) -> None:
    """Cassis makes classes whose code has the names of features in it."""
    evil = "x=print(1)):\n pass\n#\x1b[31m"
    for form, name in (("cas-json", "visit.json"), ("cas-xmi", "TypeSystem.xml")):
        file = foreign(tmp_path, form) / name
        raw = file.read_text(encoding="utf-8")
        said = json.dumps(evil)[1:-1] if form == "cas-json" else "x=print(1)):&#10; pass&#10;#"
        file.write_text(raw.replace("identifier", said), encoding="utf-8")
        found = wrong(tmp_path, form)
        assert "is no name of UIMA" in found
        assert "\x1b" not in found
        assert "\n" not in found


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
    ],
)
@pytest.mark.parametrize("name", ["visit.xmi", "TypeSystem.xml"])
def test_a_document_type_is_refused(tmp_path: Path, head: str, name: str) -> None:
    file = foreign(tmp_path, "cas-xmi") / name
    raw = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(<\?xml[^>]*\?>)?", rf"\g<0>{head}", raw, count=1), encoding="utf-8")
    assert "has a document type" in wrong(tmp_path, "cas-xmi")


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        ("cas-json", b""),
        ("cas-json", b"{}"),
        ("cas-json", b"[" * 100_000),
        ("cas-json", b'{"%TYPES": 3}'),
        ("cas-json", b'{"%TYPES": {}, "%FEATURE_STRUCTURES": [], "%VIEWS": {}}'),
        ("cas-json", b'{"%TYPES": {}, "%FEATURE_STRUCTURES": [7], "%VIEWS": {}}'),
        ("cas-json", b"\xff\xfe"),
        ("cas-xmi", b""),
        ("cas-xmi", b"<xmi/>"),
        ("cas-xmi", b"<a>" * 100_000),
        ("cas-xmi", b'<?xml version="1.0" encoding="UTF-7"?><a/>'),
    ],
)
def test_what_is_no_cas_stops_no_other_file(tmp_path: Path, form: str, raw: bytes) -> None:
    foreign(tmp_path, form)
    (tmp_path / f"a.{form.removeprefix('cas-')}").write_bytes(raw)
    first, second = dialect(form).read(tmp_path)
    assert isinstance(first, InputError)
    assert isinstance(second, Told)


@pytest.mark.parametrize("form", ["cas-json", "cas-xmi"])
def test_a_byte_that_is_no_text_is_named_with_its_line(tmp_path: Path, form: str) -> None:
    foreign(tmp_path, form)
    bad = b'{\n\n"%TYPES": "\xff"}' if form == "cas-json" else b"<a>\n\n<b>\xff</b></a>"
    (tmp_path / f"a.{form.removeprefix('cas-')}").write_bytes(bad)
    first, second = dialect(form).read(tmp_path)
    assert isinstance(first, InputError)
    assert ", line 3: " in first.message
    assert " was read." in first.message
    assert isinstance(second, Told)


def test_xmi_without_its_types_is_one_sentence(tmp_path: Path) -> None:
    (foreign(tmp_path, "cas-xmi") / "TypeSystem.xml").unlink()
    assert "has no TypeSystem.xml" in wrong(tmp_path, "cas-xmi")
    with pytest.raises(InputError, match="has no file"):
        list(dialect("cas-json").read(tmp_path))

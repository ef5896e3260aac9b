"""REFI-QDA: the same bytes each time, what other programs change, and archives that lie."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from annotator.errors import InputError, PassedOver
from annotator.formats.dialects import dialect
from annotator.formats.told import Tag, Told
from annotator.formats.xml_in import elements
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

REFI = dialect("refi")
NS = "{urn:QDA-XML:project:1.0}"
USER, TOP, CODE = (f"{n}0000000-0000-4000-8000-000000000000" for n in "abc")
FOREIGN = f"""<?xml version="1.0"?><Project xmlns="urn:QDA-XML:project:1.0" name="p">
<Users><User guid="{{{USER.upper()}}}" name="Eve"/></Users>
<CodeBook><Codes><Code guid="{TOP}" name="Top" isCodable="false">
<Code guid="{CODE}" name="Aid &lt;b&gt;" isCodable="true"/></Code></Codes></CodeBook>
<Sources><TextSource guid="{TOP}" name="doc" plainTextPath="internal://a.txt">
<PlainTextSelection guid="{TOP}" startPosition="%s" endPosition="%s" creatingUser="{USER}">
<Coding guid="{TOP}"><CodeRef targetGUID="%s"/></Coding></PlainTextSelection>
<Coding guid="{TOP}"><CodeRef targetGUID="{CODE}"/></Coding></TextSource>
<PDFSource guid="{TOP}" name="x"/></Sources></Project>"""
TEXT = "🤝\r\nHe pledged €2"


def told(path: Path) -> tuple[list[Told], list[str]]:
    """Read a folder, in which a file that is none is told, and not raised."""
    found = list(REFI.read(path.parent if path.is_file() else path))
    return (
        [item for item in found if isinstance(item, Told)],
        [str(item) for item in found if isinstance(item, InputError)],
    )


def archive(path: Path, project: str, **members: bytes) -> Path:
    with ZipFile(path / "p.qdpx", "w", ZIP_DEFLATED) as made:
        made.writestr("project.qde", project)
        for name, raw in {"a": TEXT.encode(), **members}.items():
            made.writestr(f"sources/{name}.txt", raw)
    return path / "p.qdpx"


def test_the_same_store_gives_the_same_bytes(coded: Project) -> None:
    file = export(coded, format_name="refi").folder / "project.qdpx"
    once = file.read_bytes()
    assert export(coded, format_name="refi").folder / "project.qdpx" == file
    assert file.read_bytes() == once
    with ZipFile(file) as made:
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        raw = made.read("project.qde")
    guids = re.findall(r'<(?!CodeRef)\w+ guid="([^"]*)"', raw.decode())
    assert len(guids) == len(set(guids)) > 20


def test_a_text_is_there_once_for_all_who_coded_it(coded: Project) -> None:
    folder = export(coded, format_name="refi").folder
    with ZipFile(folder / "project.qdpx") as made:
        project = fromstring(made.read("project.qde"))  # noqa: S314 - it is our own
        (source,) = project.iterfind(f".//{NS}TextSource")
        name = source.get("plainTextPath", "").removeprefix("internal://")
        text = made.read(f"sources/{name}").decode()
    assert text == coded.readout("call-a").text
    codes = {code.get("guid"): code for code in project.iter(f"{NS}Code")}
    said = {}
    for part in source.iterfind(f"{NS}PlainTextSelection"):
        words = text[int(part.get("startPosition", "")) : int(part.get("endPosition", ""))]
        for reference in part.iter(f"{NS}CodeRef"):
            said[words] = codes[reference.get("targetGUID")].get("name")
    assert said["fight terrorism"] == "action"
    assert said["trade\x85ties"] == "evidence"
    book = fromstring((folder / "codebook.qdc").read_bytes())  # noqa: S314 - it is our own
    assert book.tag == "{urn:QDA-XML:codebook:1.0}CodeBook"
    names = {code.get("name") for code in book.iter("{urn:QDA-XML:codebook:1.0}Code")}
    assert {"Topics", "Terrorism", "Near misses", "Assertion", "action"} <= names


GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What the schemas of the standard ask of the elements that are written: the attributes that must be
# there, those that may be, and what stands in them, in this order.
SHAPES: dict[str, tuple[set[str], set[str], list[str]]] = {
    "Project": ({"name"}, {"origin"}, ["Users", "CodeBook", "Sources"]),
    "Users": (set(), set(), ["User"]),
    "User": ({"guid"}, {"name", "id"}, []),
    "CodeBook": (set(), {"origin"}, ["Codes", "Sets"]),
    "Codes": (set(), set(), ["Code"]),
    "Code": ({"guid", "name", "isCodable"}, {"color"}, ["Description", "NoteRef", "Code"]),
    "Sources": (set(), set(), ["TextSource"]),
    "TextSource": (
        {"guid"},
        {"name", "plainTextPath"},
        ["Description", "PlainTextContent", "PlainTextSelection", "Coding"],
    ),
    "PlainTextSelection": (
        {"guid", "startPosition", "endPosition"},
        {"name", "creatingUser", "creationDateTime"},
        ["Description", "Coding", "NoteRef"],
    ),
    "Coding": ({"guid"}, {"creatingUser", "creationDateTime"}, ["CodeRef", "NoteRef"]),
    "CodeRef": ({"targetGUID"}, set(), []),
    "Description": (set(), set(), []),
}


def require_shape(root: Element, space: str) -> None:
    for element in root.iter():
        assert element.tag.startswith(space)
        name = element.tag.removeprefix(space)
        needed, allowed, order = SHAPES[name]
        assert needed <= set(element.attrib) <= needed | allowed
        inside = [order.index(one.tag.removeprefix(space)) for one in element]
        assert inside == sorted(inside), name
        for key in ("guid", "targetGUID", "creatingUser"):
            assert GUID.fullmatch(element.get(key, GUID_OF_NOBODY))
        assert element.get("isCodable", "true") in ("true", "false")
        assert element.get("name", "x")


GUID_OF_NOBODY = "00000000-0000-0000-0000-000000000000"


def test_codebook_and_project_have_the_shape_of_the_standard(coded: Project) -> None:
    folder = export(coded, format_name="refi").folder
    raw = (folder / "codebook.qdc").read_bytes()
    assert raw.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns=')
    book = fromstring(raw)  # noqa: S314 - it is our own
    require_shape(book, "{urn:QDA-XML:codebook:1.0}")
    with ZipFile(folder / "project.qdpx") as made:
        project = fromstring(made.read("project.qde"))  # noqa: S314 - it is our own
    require_shape(project, NS)
    assert {one.tag.removeprefix(NS) for one in project.iter()} > {"Coding", "Code", "TextSource"}
    # The codebook that stands alone is the one of the project.
    alone = [sorted(one.attrib.items()) for one in book.iter() if one.tag.endswith("}Code")]
    within = [sorted(one.attrib.items()) for one in project.iter(f"{NS}Code")]
    assert alone == within
    guids = [one.get("guid") for one in book.iter() if one.get("guid")]
    assert len(guids) == len(set(guids)) > 10
    layers = book[0].findall("{urn:QDA-XML:codebook:1.0}Code")
    assert {one.get("isCodable") for one in layers} == {"false"}


def test_positions_count_an_emoji_as_one(coded: Project) -> None:
    folder = export(coded, format_name="refi").folder
    with ZipFile(folder / "project.qdpx") as made:
        project = fromstring(made.read("project.qde"))  # noqa: S314 - it is our own
    text = coded.readout("call-a").text
    start = text.index("fight terrorism")
    assert "🤝" in text[:start]
    starts = {
        one.get("startPosition")
        for one in project.iter(f"{NS}PlainTextSelection")
        if one.get("name") == "fight terrorism"
    }
    assert starts == {str(start)}
    assert start != len(text[:start].encode("utf-16-le")) // 2


def test_a_codebook_alone_is_nothing_to_take_in(coded: Project) -> None:
    folder = export(coded, format_name="refi").folder
    with pytest.raises(InputError, match="a codebook without texts"):
        list(REFI.read(folder / "codebook.qdc"))


def test_a_coding_that_was_taken_away_and_one_that_was_added(coded: Project) -> None:
    file = export(coded, format_name="refi").folder / "project.qdpx"
    with ZipFile(file) as made:
        members = {name: made.read(name) for name in made.namelist()}
    project = members["project.qde"].decode()
    warm = re.search(r'<Code guid="([^"]*)" name="Warm"', project)
    trade = re.search(r'<Code guid="([^"]*)" name="Trade"', project)
    assert warm
    assert trade
    # The tone becomes trade: the mark is gone, and there is a new tag.
    changed = project.replace(f'targetGUID="{warm[1]}"', f'targetGUID="{trade[1]}"')
    with ZipFile(file, "w") as made:
        for name, raw in {**members, "project.qde": changed.encode()}.items():
            made.writestr(name, raw)
    (back,), wrong = told(file)
    assert not wrong
    assert "call-a#w1@ada" not in {mark.id for row in back.rows for mark in row.marks}
    assert [(tag.field, tag.label) for tag in back.tags] == [("Topics", "Trade")]


def test_a_user_who_has_another_name_there_is_the_same_coder(coded: Project) -> None:
    file = export(coded, format_name="refi").folder / "project.qdpx"
    with ZipFile(file) as made:
        members = {name: made.read(name) for name in made.namelist()}
    with ZipFile(file, "w") as made:
        for name, raw in members.items():
            made.writestr(name, raw.replace(b'name="ada"', b'name="Ada L."'))
    (back,), wrong = told(file)
    assert not wrong
    assert (back.coder, back.tags, len(back.rows)) == ("ada", (), 5)


def test_what_others_wrote_is_read(tmp_path: Path) -> None:
    found, wrong = told(archive(tmp_path, FOREIGN % (6, 13, CODE)))
    assert [(item.name, item.coder) for item in found] == [("doc", "Eve"), ("doc", None)]
    assert found[1].tags == (Tag("Top", "Aid <b>"),)
    (tag,) = found[0].tags
    assert (tag.field, tag.label) == ("Top", "Aid <b>")
    assert found[0].text == TEXT.replace("\r\n", "\n")
    assert found[0].text[tag.start : tag.end] == "pledged"
    assert "1 picture, PDF file or recording is not read" in wrong[0]


def test_memos_that_nothing_links_to_are_named(tmp_path: Path) -> None:
    memo = "<Note><PlainTextContent>A thought.</PlainTextContent></Note>"
    for count, said in ((1, "1 memo is not read"), (2, "2 memos are not read")):
        notes = f"<Notes>{memo * count}</Notes></Project>"
        project = (FOREIGN % (6, 13, CODE)).replace("</Project>", notes)
        found, wrong = told(archive(tmp_path, project))
        assert len(found) == 2
        assert [said in one for one in wrong].count(True) == 1


def test_memos_and_links_to_notes_are_counted(tmp_path: Path) -> None:
    said, link = "<Description>why</Description>", f'<NoteRef targetGUID="{TOP}"/>'
    project = FOREIGN % (6, 13, CODE)
    for end, more in (("</PlainTextSelection>", said + link), ("</Coding></TextSource>", said)):
        project = project.replace(end, f"{more}{end}")
    path = archive(tmp_path, project)
    found, wrong = told(path)
    assert len(found) == 2
    assert any("doc: 2 descriptions, 1 note link are not read" in one for one in wrong)
    passed = [str(one) for one in REFI.read(path) if isinstance(one, PassedOver)]
    assert ["picture" in one for one in passed] == [False]


@pytest.mark.parametrize(
    ("first", "last", "code", "said"),
    [
        (6, 999, CODE, "no position"),
        (-1, 3, CODE, "no position"),
        ("١", 3, CODE, "no position"),
        (9, 3, CODE, "before it starts"),
        (0, 3, USER, "no code"),
    ],
)
def test_a_selection_that_is_none_is_named_and_the_rest_is_read(
    first: object, last: object, code: str, said: str, tmp_path: Path
) -> None:
    found, wrong = told(archive(tmp_path, FOREIGN % (first, last, code)))
    assert any(said in one for one in wrong)
    assert Tag("Top", "Aid <b>") in found[-1].tags


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ("", "is no XML"),
        ("<Project", "is no XML"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><Project>&a;</Project>", "has a document type"),
        ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><Project/>", "has a document type"),
        ("<a>" * 1000, "nested too deeply"),
    ],
)
def test_xml_that_is_not_safe_is_refused(project: str, said: str, tmp_path: Path) -> None:
    found, (wrong,) = told(archive(tmp_path, project))
    assert not found
    assert said in wrong


def test_xml_without_end_is_refused_before_it_is_read() -> None:
    file = BytesIO(b"<Project>" + b" " * 1_000_000)
    with pytest.raises(InputError, match="larger than"):
        list(elements(file, (), "p.qde", limit=100_000))
    assert file.tell() < 200_000


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ("<a/>" * 6, "has more than 5 elements"),
        ("<Note/>" * 6, "has more than 5 elements"),
        (f"<a b='{'x' * 400_000}'/>", "has a tag of more than"),
        (f"<!--{'x' * 400_000}-->", "has a tag of more than"),
    ],
)
def test_xml_that_would_take_too_long_is_refused(
    project: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.xml_in._MOST", 5)
    monkeypatch.setattr("annotator.formats.xml_in._LONGEST", 200_000)
    found, (wrong,) = told(archive(tmp_path, f"<Project>{project}</Project>"))
    assert not found
    assert said in wrong
    # Many comments, and much text, are no long ones.
    fine = f"<Project>{'<!-- x -->' * 40_000}{'x' * 400_000}</Project>"
    assert told(archive(tmp_path, fine)) == ([], [])


def test_one_text_that_is_named_over_and_over_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.refi_in._MOST", 10_000)
    source = "<TextSource name='t' plainTextPath='internal://a.txt'/>"
    found, (wrong,) = told(archive(tmp_path, f"<Project>{source * 100}</Project>", a=b"a" * 3000))
    assert len(found) == 3
    assert "its texts are larger than" in wrong


@pytest.mark.parametrize(
    "path", ["internal://../../p.qdpx", "internal:///etc/passwd", "absolute:///etc/passwd", ""]
)
def test_a_name_is_no_path(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    project = (FOREIGN % (0, 1, CODE)).replace("internal://a.txt", path)
    found, wrong = told(archive(tmp_path, project))
    assert not found
    assert "the archive has no text" in wrong[0] or "its text is not in the archive" in wrong[0]


def test_a_text_that_grows_when_it_is_unpacked_is_refused(tmp_path: Path) -> None:
    file = archive(tmp_path, FOREIGN % (0, 1, CODE), a=b"a" * 5_000_001)
    assert file.stat().st_size < 50_000
    assert "larger than 5 MB" in told(file)[1][0]


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"no archive", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_is_refused(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "p.qdpx"
    file.write_bytes(raw)
    assert "is no archive" in told(file)[1][0]
    with pytest.raises(InputError, match="is no archive"):
        list(REFI.read(file))


def test_an_archive_that_is_damaged_is_an_error_and_no_crash(coded: Project) -> None:
    file = export(coded, format_name="refi").folder / "project.qdpx"
    raw = file.read_bytes()
    for place in range(0, len(raw), max(1, len(raw) // 300)):
        file.write_bytes(raw[:place] + bytes([raw[place] ^ 0xFF]) + raw[place + 1 :])
        list(REFI.read(file.parent))


TWO = """<PlainTextSelection guid="{0}" name="{1}" startPosition="{2}" endPosition="{3}">
<Coding guid="{0}"><CodeRef targetGUID="{4}"/></Coding></PlainTextSelection>"""


def selected(path: Path, *parts: tuple[str, int, int]) -> tuple[list[str], list[str]]:
    """Return the words of the tags of a project with these named selections, and what is wrong."""
    made = "".join(TWO.format(TOP, name, start, end, CODE) for name, start, end in parts)
    source = re.sub(r"<PlainTextSelection.*</PlainTextSelection>", made, FOREIGN, flags=re.S)
    source = re.sub(r"(?<=</PlainTextSelection>)\n<Coding.*?</Coding>(?=</TextSource>)", "", source)
    found, wrong = told(archive(path, source))
    words = [
        one.text[tag.start : tag.end] for one in found for tag in one.tags if tag.start is not None
    ]
    return words, [one for one in wrong if "not read" not in one]


HE, SUM = TEXT.index("He"), TEXT.index("€2")


def test_positions_in_utf_16_are_seen_by_the_words_that_name_selections(tmp_path: Path) -> None:
    by_utf16 = (("He", HE + 1, HE + 3), ("my note", SUM + 1, SUM + 3), ("pledged", HE + 4, HE + 11))
    assert selected(tmp_path, *by_utf16) == (["He", "€2", "pledged"], [])
    by_code_points = (("He", HE, HE + 2), ("my note", SUM, SUM + 2))
    assert selected(tmp_path, *by_code_points) == (["He", "€2"], [])
    assert selected(tmp_path, ("He pl…", HE + 1, HE + 11)) == (["He pledged"], [])


def test_a_selection_whose_words_stand_elsewhere_is_left_out_and_named(tmp_path: Path) -> None:
    words, wrong = selected(tmp_path, ("He", HE, HE + 2), ("pledged", HE + 4, HE + 11))
    assert words == ["He"]
    (said,) = wrong
    assert "the words “pledged” of a selection do not stand at 7; it was left out" in said


def test_a_name_that_is_no_words_of_its_selection_proves_nothing(tmp_path: Path) -> None:
    words, wrong = selected(tmp_path, ("He", SUM - 1, SUM + 2), ("aid", SUM, SUM + 2))
    assert (words, wrong) == ([" €2", "€2"], [])

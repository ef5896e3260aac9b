"""A codebook of another program becomes a sound draft of ours; what is left out is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from annotator.cli.program import cli
from annotator.errors import InputError
from annotator.formats.codebook import read_codebook
from annotator.formats.dialects import dialect
from annotator.formats.output import About
from annotator.formats.refi_book import drafted
from annotator.model.codebook import Codebook
from annotator.pipeline.draft import Draft
from annotator.tui.keys import free_for_panels, keymap

from .export.generated import BOOK, Folder

KEYS = free_for_panels()


def qdc(path: Path, codes: str, rest: str = "") -> Path:
    head = '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="X 1">'
    path.write_text(f"{head}<Codes>{codes}</Codes>{rest}</CodeBook>", "utf-8")
    return path


def code(name: str, inner: str = "", *, given: bool = True, more: str = "") -> str:
    said = "true" if given else "false"
    own = f'guid="0-{name}" name="{name}" isCodable="{said}" {more}'
    return f"<Code {own}>{inner}</Code>"


def draft(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, ["codebook", "draft", *map(str, args)])


def require_usable(book: Codebook) -> None:
    """Check what “annotator codebook check” does, and that each label has a key."""
    keymap({}, book.panels)
    for panel in book.panels:
        assert len(panel.keys) == len(panel.labels)


def test_codes_become_layers_families_and_labels_that_a_project_can_work_with(
    tmp_path: Path,
) -> None:
    deep = code("Loans", code("To states", code("Soft")))
    about = "<Description>What is given.\nInclude: gifts\nExample: He pledged.</Description>"
    file = qdc(
        tmp_path / "Ihr Buch.qdc",
        code("Aid", about + code("Grants") + deep + code("Loans", code("Ä/é"), given=False))
        + code("Aid", code("x"), given=False)
        + code("Tone &lt;b&gt;")
        + code("会谈"),
    )
    assert draft(file).exit_code == 0
    book = read_codebook(tmp_path / "Ihr Buch.toml")
    require_usable(book)
    assert (book.name, book.version, book.title) == ("ihr_buch", "0.1.0", "Ihr Buch")
    first, second, rest = book.layers
    assert [layer.id for layer in book.layers] == ["aid", "aid_2", "codes"]
    assert len({layer.key for layer in book.layers}) == 3
    assert [(one.id, one.family, one.name) for one in first.labels] == [
        ("aid", None, "Aid"),
        ("grants", None, "Grants"),
        ("loans.loans", "loans", "Loans"),
        ("loans.to_states", "loans", "To states"),
        ("loans.to_states_soft", "loans", "To states / Soft"),
        ("loans_2.a_e", "loans_2", "Ä/é"),
    ]
    assert [one.name for one in first.families] == ["Loans", "Loans"]
    label = first.labels[0]
    assert (label.definition, label.include, label.exclude, label.examples) == (
        "What is given.", ("gifts",), (), ("He pledged.",),
    )  # fmt: skip
    assert [one.name for one in second.labels] == ["x"]
    assert [(one.id, one.name) for one in rest.labels] == [("tone_b", "Tone <b>"), ("code", "会谈")]


def test_our_own_codebook_comes_back_with_every_label_and_its_rules(tmp_path: Path) -> None:
    with Draft(tmp_path / "out") as made:
        out = Folder(dialect("refi"), made)
        dialect("refi").writer(out, About(BOOK, BOOK.layers)).finish()
        made.put_in_place()
    book = drafted(tmp_path / "out" / "codebook.qdc", KEYS).book
    require_usable(book)
    for layer, back in zip(BOOK.layers, book.layers, strict=True):
        assert (back.name, back.definition) == (layer.name, layer.definition)
        said = {one.name: (one.definition, one.include, one.exclude, one.examples)
                for one in back.labels}  # fmt: skip
        for one in layer.labels:
            assert said[one.name] == (one.definition, one.include, one.exclude, one.examples)


def test_more_codes_than_a_panel_has_keys_for_are_put_on_several(tmp_path: Path) -> None:
    many = "".join(code(f"c{number}") for number in range(130))
    file = qdc(tmp_path / "large.qdc", code("Top", many) + many)
    book = drafted(file, KEYS).book
    require_usable(book)
    assert [len(layer.labels) for layer in book.layers] == [131, 130]
    assert {len(panel.labels) <= 60 for panel in book.panels} == {True}
    crowd = "".join(code(f"t{number}", code("a")) for number in range(len(KEYS) + 1))
    with pytest.raises(InputError, match="more groups of codes than there are keys"):
        drafted(qdc(tmp_path / "crowd.qdc", crowd), KEYS)


def test_what_is_not_taken_is_counted_and_nothing_is_overwritten(tmp_path: Path) -> None:
    noted = code("A", '<NoteRef targetGUID="0-1"/>', more='color="#ffffff"')
    codes = noted + code("Top", code("Bare", given=False) + code("B"))
    sets = '<Sets><Set guid="0-2" name="s"><MemberCode targetGUID="0-A"/></Set></Sets>'
    file = qdc(tmp_path / "b.qdc", codes, sets)
    said = draft(file)
    assert "Not taken: 1 colour, 1 grouping code, 1 note link, 1 set." in (said.output)
    assert "codes: Codes, with 1 label." in said.output
    before = (tmp_path / "b.toml").read_bytes()
    file.write_text(file.read_text("utf-8").replace("Top", "Other"), "utf-8")
    again = draft(file)
    assert again.exception is not None
    assert (tmp_path / "b.toml").read_bytes() == before
    assert draft(file, tmp_path / "c.toml").exit_code == 0


LAUGHS = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><CodeBook/>'
HOSTILE = [
    (LAUGHS, "has a document type, which is not read"),
    ('<!DOCTYPE b SYSTEM "file:///etc/passwd"><b/>', "has a document type, which is not read"),
    ("<CodeBook>" + "<Codes>" * 200, "is nested too deeply"),
    ("<CodeBook><Codes>", "this is no XML"),
    ("\x00\x01", "this is no XML"),
    ("<CodeBook/>", "has no code that can be given"),
    ("<Project><Sources/></Project>", "is a project"),
    ('<CodeBook><Code name="a" isCodable="false"/></CodeBook>', "has no code that can be given"),
]


@pytest.mark.parametrize(("content", "why"), HOSTILE)
def test_what_is_no_codebook_is_refused_in_one_sentence(
    content: str, why: str, tmp_path: Path
) -> None:
    file = tmp_path / "bad.qdc"
    file.write_text(content, "utf-8")
    with pytest.raises(InputError, match=why) as refused:
        drafted(file, KEYS)
    assert str(file) in str(refused.value)
    assert draft(file).exception is not None
    assert [one.name for one in tmp_path.iterdir()] == ["bad.qdc"]

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.errors import InputError, StorageError
from annotator.files import sha256
from annotator.model.edit import CAST, Change, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.readout import Metadata
from annotator.model.sentence import Sentence
from annotator.pipeline.project import Project
from annotator.resources import shipped
from annotator.segment import SEGMENTER
from tests.opened import opened_below

AT = "2026-01-02T03:04:05Z"
LATER = "2026-02-02T03:04:05Z"
CODEBOOK = """\
name = "small"
version = "1.2.3"
[[layers]]
id = "topics"
name = "Topics"
key = "t"
labels = [{ id = "war", name = "War" }]
"""
TEXT = "Readout of a call 🤝\r\n\r\nThey spoke. They agreed to meet.\r\n"
METADATA = """\
title = "A call"
[event]
id = "the-call"
[[entities]]
id = "ada"
type = "person"
name = "Ada"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in {
        "annotator.toml": "",
        "schemas/readouts.toml": CODEBOOK,
        "seeds/call.txt": TEXT,
        "seeds/call.toml": METADATA,
        "seeds/bare.md": "No metadata.",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode())
    return tmp_path


def sentences(edit: Edit) -> list[str]:
    return [change.after.text for change in edit.changes if isinstance(change.after, Sentence)]


def test_a_readout_is_its_bytes_and_its_metadata(root: Path) -> None:
    readout = Project.open(root).readout("call")
    assert readout.text == "Readout of a call 🤝\n\nThey spoke. They agreed to meet.\n"
    assert readout.sha256 == sha256(TEXT.encode())
    assert readout.text_sha256 == sha256(readout.text.encode())
    assert (readout.title, readout.metadata.event.id) == ("A call", "the-call")
    assert Project.open(root).readout("bare").metadata == Metadata()


def test_the_encoding_that_the_metadata_name_is_used(root: Path) -> None:
    (root / "seeds/old.txt").write_bytes("Переговоры".encode("koi8-r"))
    with pytest.raises(InputError, match=r"seeds/old\.txt, line 1: the byte at offset 0"):
        Project.open(root).readout("old")
    (root / "seeds/old.toml").write_text('encoding = "koi8-r"')
    assert Project.open(root).readout("old").text == "Переговоры"


def test_readouts_are_texts_whose_name_can_be_an_id(root: Path) -> None:
    seeds = root / "seeds"
    for name in ("b.c.txt", "page.html", "note.TXT", ".hidden.txt", "a b.txt", "é.txt", "x.toml"):
        (seeds / name).write_text("text")
    (seeds / ("x" * 101 + ".txt")).write_text("text")
    (seeds / "folder.txt").mkdir()
    os.mkfifo(seeds / "pipe.txt")
    (seeds / "loop.txt").symlink_to("loop.txt")
    (seeds / "gone.txt").symlink_to("nowhere")
    (seeds / "link.txt").symlink_to("call.txt")
    assert Project.open(root).readout_ids() == ["b.c", "bare", "call", "link"]


def test_two_files_of_one_id_are_refused(root: Path) -> None:
    (root / "seeds/call.md").write_text("Another.")
    project = Project.open(root)
    for refused in (project.readout_ids, lambda: project.readout("call")):
        with pytest.raises(InputError, match=r"call\.md and call\.txt .* have one id"):
            refused()


def test_a_project_without_readouts_has_none(root: Path) -> None:
    for path in (root / "seeds").iterdir():
        path.unlink()
    assert Project.open(root).readout_ids() == []
    (root / "seeds").rmdir()
    assert Project.open(root).readout_ids() == []
    (root / "seeds").write_text("no folder")
    with pytest.raises(StorageError, match="seeds could not be read"):
        Project.open(root).readout_ids()


@pytest.mark.parametrize(
    "readout_id", ["../annotator", "/etc/passwd", "", "call\n", "\x1b[31m", "a/b", "none"]
)
def test_what_is_no_readout_is_refused(root: Path, readout_id: str) -> None:
    with pytest.raises(InputError) as caught:
        Project.open(root).readout(readout_id)
    assert not {"\x1b", "\n"} & set(str(caught.value))


def test_the_codebook_is_the_projects_own_else_the_shipped_one(root: Path) -> None:
    assert Project.open(root).codebook.stamp == "small 1.2.3"
    (root / "schemas/readouts.toml").unlink()
    raw = (shipped("schemas") / "readouts.toml").read_text()
    assert f'version = "{Project.open(root).codebook.version}"' in raw
    (root / "annotator.toml").write_text('codebook = "schemas/mine.toml"')
    with pytest.raises(InputError, match=r"no codebook schemas/mine\.toml in the project"):
        assert Project.open(root).codebook
    (root / "schemas/mine.toml").write_text(CODEBOOK)
    assert Project.open(root).codebook.name == "small"


def test_a_broken_codebook_is_named_when_it_is_asked_for(root: Path) -> None:
    (root / "schemas/readouts.toml").write_text("name = ")
    project = Project.open(root)
    assert project.readout_ids() == ["bare", "call"]
    with pytest.raises(InputError, match=r"readouts\.toml, line 1: this is not TOML"):
        assert project.codebook


def test_a_journal_begins_with_the_sentences_and_the_cast(root: Path) -> None:
    project = Project.open(root)
    readout = project.readout("call")
    edit = project.first_edit(readout, AT)
    assert (edit.act, edit.at) == ("import", AT)
    assert edit.changes[0] == Change(
        key=CAST,
        before=None,
        after=Cast(entities=(Entity(id="ada", type="person", name="Ada"),)),
    )
    assert [change.key for change in edit.changes] == [0, 1, 2, 3]
    assert sentences(edit) == ["Readout of a call 🤝", "They spoke.", "They agreed to meet."]
    for sentence in project.segment(readout):
        assert readout.text[sentence.start : sentence.end] == sentence.text


def test_a_journal_says_whose_it_is_and_is_on_disk(root: Path) -> None:
    project = Project.open(root)
    journal = project.journal("ada", "call", AT)
    header, readout = journal.header, project.readout("call")
    assert (header.by, header.readout, header.source, header.text) == (
        "ada",
        "call",
        readout.sha256,
        readout.text_sha256,
    )
    assert (header.segmenter, header.codebook, header.sample) == (SEGMENTER, "small 1.2.3", False)
    journal.close()
    snapshot = Project.open(root).store().read("ada", "call")
    assert snapshot is not None
    assert snapshot.coding == journal.coding
    assert len(snapshot.coding.order) == 3
    project.journal("ada", "call", LATER).close()
    assert [edit.at for edit in snapshot.history] == [AT]


def test_no_abbreviation_of_the_settings_ends_a_sentence(root: Path) -> None:
    (root / "seeds/bare.md").write_text("He met Gl. Sec. Adams there. They spoke.")
    (root / "annotator.toml").write_text('extra_abbreviations = ["Gl.", "Sec."]')
    project = Project.open(root)
    texts = [sentence.text for sentence in project.segment(project.readout("bare"))]
    assert texts == ["He met Gl. Sec. Adams there.", "They spoke."]


def test_a_second_coder_begins_with_the_sentences_of_the_first(root: Path) -> None:
    (root / "seeds/bare.md").write_text("He met Gl. Adams there. They spoke.")
    (root / "annotator.toml").write_text('extra_abbreviations = ["Gl."]')
    first = Project.open(root).journal("zoe", "bare", AT)
    first.close()
    (root / "annotator.toml").write_text("")
    (root / "schemas/readouts.toml").write_text(CODEBOOK.replace("1.2.3", "2.0.0"))
    project = Project.open(root)
    assert len(project.segment(project.readout("bare"))) == 3
    second = project.journal("ada", "bare", LATER)
    assert second.header.codebook == "small 2.0.0"
    assert second.coding == first.coding
    second.close()


def test_the_sentences_of_another_text_or_of_a_damaged_journal_are_not_taken(root: Path) -> None:
    Project.open(root).journal("zoe", "bare", AT).close()
    (root / "seeds/bare.md").write_text("New words. And more.")
    project = Project.open(root)
    assert sentences(project.first_edit(project.readout("bare"), LATER)) == [
        "New words.",
        "And more.",
    ]
    (root / "tags/zoe/bare.json").write_bytes(b"damaged")
    project.journal("ada", "bare", LATER).close()


def test_a_readout_whose_bytes_changed_is_not_opened(root: Path) -> None:
    Project.open(root).journal("ada", "bare", AT).close()
    (root / "seeds/bare.md").write_text("New words.")
    with pytest.raises(InputError, match="The readout bare changed"):
        Project.open(root).journal("ada", "bare", LATER)


def test_the_coding_of_samples_is_apart(root: Path) -> None:
    project = Project.open(root)
    assert list(project.samples().coders()) == []
    assert project.header("sample", project.readout("call")).sample
    project.journal("ada", "call", AT).close()
    assert list(project.samples().coders()) == []
    assert list(project.store().coders()) == ["ada"]


def test_the_tellings_of_an_event_are_found(root: Path) -> None:
    for name, metadata in {
        "b": '[event]\nid = "the-call"',
        "a": 'event.id = "the\\u002dcall"',
        "other": 'title = "the-call"',
        "longer": '[event]\nid = "the-call-2"',
        "broken": '[event]\nid = "the-call',
    }.items():
        (root / f"seeds/{name}.txt").write_text("Text.")
        (root / f"seeds/{name}.toml").write_text(metadata)
    assert Project.open(root).event_tellings("the-call") == ["a", "b", "call"]
    assert Project.open(root).event_tellings("none") == []


LAZY = """
import sys
from pathlib import Path
from annotator.pipeline.project import Project

project = Project.open(Path(sys.argv[1]))
project.readout_ids()
print(sorted({"tinydb", "tomlkit", "annotator.segment", "annotator.store.tiny", "textual"}
             & set(sys.modules)))
"""


def test_to_open_a_project_loads_neither_the_segmenter_nor_the_database(root: Path) -> None:
    (root / "seeds/broken.toml").write_text("not TOML")
    ran = subprocess.run(
        [sys.executable, "-c", LAZY, str(root)], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"  # Nor has it looked at the metadata, which are broken.


def test_twenty_thousand_readouts_are_listed_without_opening_one(root: Path) -> None:
    for number in range(20_000):
        os.close(os.open(root / f"seeds/{number:05}.txt", os.O_CREAT | os.O_WRONLY))
    project = Project.open(root)
    with opened_below(root) as opened:
        assert len(project.readout_ids()) == 20_002
    assert opened == []

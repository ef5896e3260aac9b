"""Files of one text in a folder are the work of several people, whose names the paths have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.formats.dialects import dialect
from annotator.formats.told import Told
from annotator.pipeline.project import Project

from .conftest import PIECES, Call

NEVER, SPACED, TRADE = (text for _, text in PIECES["call-b"])
SOFA = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView"}
TYPES = {
    "custom.Topic": {
        "%NAME": "custom.Topic",
        "%SUPER_TYPE": "uima.tcas.Annotation",
        "label": {"%NAME": "label", "%RANGE": "uima.cas.String"},
    }
}


def cas(text: str, label: str) -> str:
    """Return a text as INCEpTION writes it, with a label on all of it."""
    topic = {"%ID": 2, "%TYPE": "custom.Topic", "@sofa": 1, "begin": 0, "end": len(text)}
    return json.dumps(
        {
            "%TYPES": TYPES,
            "%FEATURE_STRUCTURES": [{**SOFA, "sofaString": text}, {**topic, "label": label}],
            "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2]}},
        }
    )


def laid(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return folder


def columns(text: str, tag: str) -> str:
    return "".join(f"{word} {tag}\n" for word in text.split())


def coders(form: str, folder: Path) -> dict[str, str | None]:
    """Return the coder of each text by its place within the folder."""
    found = [one for one in dialect(form).read(folder) if isinstance(one, Told)]
    return {one.place.removeprefix(f"{folder}/"): one.coder for one in found}


INCEPTION = {
    "annotation/a.txt/alice.json": cas(NEVER, "Trade"),
    "annotation/a.txt/bob.json": cas(NEVER, "Terrorism"),
    "annotation/b.txt/carol.json": cas(TRADE, "Trade"),
    "curation/a.txt/CURATION_USER.json": cas(NEVER, "Trade"),
}


def test_several_coders_of_a_folder_are_named_and_taken_one_by_one(
    project: Project, tmp_path: Path, call: Call
) -> None:
    folder = laid(tmp_path / "theirs", INCEPTION)
    args = ("import", str(folder), "--format", "cas-json", "--as", "eve")
    code, said = call(*args)
    assert code == 0
    assert (
        "the work of CURATION_USER (1 text), alice (1 text), bob (1 text), carol (1 text)." in said
    )
    code, said = call(*args, "--yes")
    assert code == 2
    assert "would become that of one coder. Take each in by a call of its own" in said
    code, said = call(*args, "--from", "dave")
    assert code == 2
    assert "has no work of dave. It has that of CURATION_USER, alice, bob, carol." in said
    assert call(*args, "--from", "bob", "--yes")[0] == 0
    snapshot = project.store().read("eve", "call-b")
    assert snapshot
    marks = [mark.label for _, one in snapshot.coding.sentences() for mark in one.marks]
    assert marks == ["sec.terror"]


def test_whom_a_file_without_names_does_not_name_is_said(
    project: Project, tmp_path: Path, call: Call
) -> None:
    folder = laid(tmp_path, {"a.json": cas(NEVER, "Trade")})
    args = ("--format", "cas-json", "--as", "eve", "--from", "dave")
    code, said = call("import", str(folder / "a.json"), *args)
    assert code == 2
    assert "a.json has no work of dave. It names nobody: leave --from out." in said


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["alice/a", "bob/a", "bob/b"], ["alice", "bob", "bob"]),
        (["a/alice", "a/bob", "b/carol"], ["alice", "bob", "carol"]),
        (["one/ada/a", "one/bob/a", "two/ada/a"], ["one/ada", "one/bob", "two/ada"]),
        (["one/a/ada", "one/a/bob", "two/a/ada"], ["one/ada", "one/bob", "two/ada"]),
        (["a", "bob/a"], ["theirs", "bob"]),
        (["theirs/a", "a"], ["theirs", "theirs"]),
        (["a/alice", "b/bob"], [None, None]),
    ],
    ids=str,
)
def test_the_name_that_tells_the_files_of_a_text_apart_is_the_coder(
    tmp_path: Path, files: list[str], expected: list[str | None]
) -> None:
    """The text of a file is the one of its document, whose name has one letter."""
    texts = {"a": NEVER, "b": TRADE}
    names = {file: next(part for part in file.split("/") if part in texts) for file in files}
    folder = laid(
        tmp_path / "theirs",
        {f"{file}.json": cas(texts[name], "Trade") for file, name in names.items()},
    )
    found = coders("cas-json", folder)
    assert [found[f"{file}.json"] for file in files] == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["alice/topics", "alice/tone", "bob/topics"], ["alice", "alice", "bob"]),
        (["x.1/topics", "x.2/topics"], ["x.1", "x.2"]),
        (["topics", "tone"], [None, None]),
        (["topics", "bob/topics"], ["theirs", "bob"]),
    ],
    ids=str,
)
def test_columns_beside_each_other_are_layers_of_one_coder(
    tmp_path: Path, files: list[str], expected: list[str | None]
) -> None:
    made = {f"{file}.conll": columns(NEVER, "B-Trade") for file in files}
    found = coders("conll", laid(tmp_path / "theirs", made))
    assert [found[f"{file}.conll, document 1"] for file in files] == expected


def test_the_files_of_brat_are_told_apart_by_their_own_names_within_a_document(
    tmp_path: Path,
) -> None:
    made = {"a/alice": NEVER, "a/bob": NEVER, "b/bob": TRADE}
    notes = {f"{file}.ann": "T1\tTrade 0 2\tWe\n".replace("We", made[file][:2]) for file in made}
    texts = {f"{file}.txt": text for file, text in made.items()}
    found = coders("brat", laid(tmp_path / "theirs", {**notes, **texts}))
    assert found == {"a/alice.ann": "alice", "a/bob.ann": "bob", "b/bob.ann": "bob"}


def test_parts_of_a_data_set_that_have_a_sentence_in_common_are_no_coders(tmp_path: Path) -> None:
    train = "\n".join(columns(text, "O") for text in (NEVER, SPACED, "Thank you ."))
    dev = "\n".join(columns(text, "O") for text in ("It went on .", "No .", "Thank you ."))
    folder = laid(tmp_path, {"train/a.conll": train, "dev/a.conll": dev})
    # A line of columns that is empty ends a sentence; a document has its own sign.
    for file in folder.rglob("*.conll"):
        file.write_text(file.read_text("utf-8").replace("\n\n", "\n-DOCSTART- O\n\n"), "utf-8")
    assert set(coders("conll", folder).values()) == {None}


def test_two_documents_of_the_same_words_among_many_name_only_themselves(tmp_path: Path) -> None:
    texts = [f"Text {number}." for number in range(5)]
    files = {f"{number}.json": cas(text, "Trade") for number, text in enumerate(texts)}
    found = coders("cas-json", laid(tmp_path, {**files, "9.json": files["3.json"]}))
    assert {place: coder for place, coder in found.items() if coder} == {
        "3.json": "3",
        "9.json": "9",
    }

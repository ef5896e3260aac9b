"""Files of one text in a folder are the work of several people, whose names the paths have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.formats.dialects import dialect
from annotator.formats.told import Told
from annotator.pipeline.project import Project
from annotator.pipeline.taking import read

from .conftest import PIECES, Call

NEVER, SPACED, TRADE = (text for _, text in PIECES["call-b"])
SOFA = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView"}
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
TYPES = {
    "custom.Topic": {
        "%NAME": "custom.Topic",
        "%SUPER_TYPE": "uima.tcas.Annotation",
        "label": {"%NAME": "label", "%RANGE": "uima.cas.String"},
    },
    METADATA: {
        "%NAME": METADATA,
        "%SUPER_TYPE": "uima.tcas.DocumentAnnotation",
        "documentId": {"%NAME": "documentId", "%RANGE": "uima.cas.String"},
        "documentTitle": {"%NAME": "documentTitle", "%RANGE": "uima.cas.String"},
    },
}


def cas(text: str, label: str, said: tuple[str, str] | None = None) -> str:
    """Return a text as INCEpTION writes it, with a label on all of it; `said` is its id and title.

    An id is the name of the coder there, and a title that of the document.
    """
    topic = {"%ID": 2, "%TYPE": "custom.Topic", "@sofa": 1, "begin": 0, "end": len(text)}
    found = [{**SOFA, "sofaString": text}, {**topic, "label": label}]
    if said:
        about = {**topic, "%ID": 3, "%TYPE": METADATA}
        found.append({**about, "documentId": said[0], "documentTitle": said[1]})
    return json.dumps(
        {
            "%TYPES": TYPES,
            "%FEATURE_STRUCTURES": found,
            "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3] if said else [2]}},
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


def called(form: str, folder: Path) -> dict[str, tuple[str, str | None]]:
    """Return the name and the coder of each text by its place within the folder."""
    found = [one for one in dialect(form).read(folder) if isinstance(one, Told)]
    return {one.place.removeprefix(f"{folder}/"): (one.name, one.coder) for one in found}


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


LONG = f"{NEVER} {TRADE}"


@pytest.mark.parametrize("told", [True, False], ids=["with metadata", "by layout"])
@pytest.mark.parametrize("with_bob", [True, False])
def test_readouts_are_named_after_their_documents_and_found_again(
    project: Project, tmp_path: Path, call: Call, told: bool, with_bob: bool
) -> None:
    texts = {"talk1": f"{LONG} One.", "talk2": f"{LONG} Two."}
    who = ["alice", "bob"] if with_bob else ["alice"]
    files = {
        f"{name}.txt/{coder}.json": cas(text, "Trade", (coder, f"{name}.txt") if told else None)
        for name, text in texts.items()
        for coder in who
    }
    folder = laid(tmp_path / "annotation", files)
    assert called("cas-json", folder) == {
        place: (place.partition(".")[0], Path(place).stem) for place in files
    }
    before = set(project.readout_ids())
    assert call("add", "--format", "cas-json", str(folder))[0] == 0
    assert set(Project.open(project.root).readout_ids()) - before == set(texts)
    # Where the text stands under another name, too, that of the document decides.
    seeds = project.root / "seeds"
    laid(seeds, {f"as-{name}.txt": (seeds / f"{name}.txt").read_text("utf-8") for name in texts})
    found = read(Project.open(project.root), dialect("cas-json"), folder, "alice")
    assert (sorted(found.told), found.problems) == ([*texts], [])


@pytest.mark.parametrize(
    ("file", "said", "expected"),
    [
        ("talk1.txt/alice/alice.json", None, ("talk1", "alice")),
        ("talk 1/alice.json", ("alice", "talk 1"), ("talk 1", "alice")),
        ("elsewhere/alice.json", ("alice", "talk1.txt"), ("talk1", "alice")),
        ("alone.json", ("alice", "talk1.txt"), ("talk1", None)),
        ("talk1.json", ("talk1.txt", "talk1.txt"), ("talk1", None)),
        ("corpus.v2/talk1.json", None, ("talk1", None)),
        ("call-a.json", ("call-a", "A call"), ("call-a", None)),
    ],
    ids=str,
)
def test_the_title_or_the_folder_above_names_a_document_where_the_file_is_named_after_a_coder(
    tmp_path: Path, file: str, said: tuple[str, str] | None, expected: tuple[str, str | None]
) -> None:
    folder = laid(tmp_path / "theirs", {file: cas(NEVER, "Trade", said)})
    assert called("cas-json", folder) == {file: expected}
    # The same file, named for itself.
    alone = [one for one in dialect("cas-json").read(folder / file) if isinstance(one, Told)]
    assert [(one.name, one.coder) for one in alone] == [expected]


def test_a_folder_of_one_text_names_it_where_its_files_are_named_after_coders(
    tmp_path: Path,
) -> None:
    made = {"a/alice": NEVER, "a/bob": NEVER, "b/bob": TRADE, "c/1": SPACED, "c/2": SPACED}
    made |= {"c/3": LONG}
    files = {f"{file}.json": cas(text, "Trade") for file, text in made.items()}
    found = called("cas-json", laid(tmp_path / "theirs", files))
    assert [found[f"{file}.json"][0] for file in made] == ["a", "a", "b", "1", "2", "3"]

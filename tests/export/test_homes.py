"""Where foreign labels go: nothing is hidden, nothing is taken that nobody saw."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from annotator.model.mark import EntityValue
from annotator.model.sentence import Sentence
from annotator.pipeline.project import Project

from .conftest import Call, text_of

FIGHT = "The parties agreed to fight terrorism in Syria by June."
TRADE = {"text": "trade;", "label": ["Trade"]}


@pytest.fixture
def call(call: Call) -> Call:
    """Call the program; return its exit code, and all that it said in one line."""

    def in_a_line(*args: str) -> tuple[int, str]:
        code, said = call(*args)
        return code, " ".join(said.split())

    return in_a_line


@pytest.fixture
def taken(call: Call) -> Call:
    """Import a file of doccano as eve."""
    return lambda path, *args: call(
        "import", str(path), "--format", "doccano", "--as", "eve", *args
    )


def written(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def coded(project: Project, readout: str = "call-a") -> list[Sentence]:
    snapshot = project.store().read("eve", readout)
    return [one for _, one in snapshot.coding.sentences() if one.marks] if snapshot else []


def labels(project: Project) -> set[str]:
    return {mark.label for one in coded(project) for mark in one.marks}


def test_labels_that_a_file_of_homes_does_not_name_are_shown_and_written_behind_it(
    project: Project, tmp_path: Path, taken: Call
) -> None:
    path = written(tmp_path / "d.jsonl", [TRADE])
    taken(path)
    homes = tmp_path / "d.jsonl.homes.toml"
    mine = homes.read_text("utf-8") + "# decided with Bo\n"
    homes.write_text(mine, "utf-8")
    written(path, [TRADE, {"text": FIGHT, "label": ["Terrorism", "Borders", "Borders"]}])
    code, said = taken(path, "--yes")
    assert code == 0
    for words in (
        "label Trade 1 topics eco.trade",
        "label Terrorism 1 nothing yet: topics sec.terror?",
        "label Borders 2 nothing: no home",
        "2 labels or relations, 3 times in all, have no home yet and were left out:",
        "d.jsonl.homes.toml does not name them.",
    ):
        assert words in said
    assert labels(project) == {"eco.trade"}
    assert homes.read_text("utf-8") == mine
    code, said = taken(path)
    assert code == 0
    assert "label Terrorism 1 topics sec.terror" in said
    assert "2 labels that" in said
    assert homes.read_text("utf-8").startswith(mine)
    code, said = taken(path)
    assert "did not name" not in said
    assert taken(path, "--yes")[0] == 0
    assert labels(project) == {"eco.trade", "sec.terror"}


def test_a_file_of_homes_that_nothing_can_follow_is_left_as_it_is(
    tmp_path: Path, taken: Call
) -> None:
    path = written(tmp_path / "d.jsonl", [TRADE])
    homes = tmp_path / "d.jsonl.homes.toml"
    homes.write_text('home = [{ field = "label", label = "other" }]\n', "utf-8")
    before = homes.read_bytes()
    code, said = taken(path)
    assert code == 2
    assert "Begin each home with a line [[home]]" in said
    assert homes.read_bytes() == before


def test_without_a_look_only_what_is_called_like_ours_is_taken(
    project: Project, tmp_path: Path, taken: Call
) -> None:
    book = project.root / "schemas" / "readouts.toml"
    said = book.read_text("utf-8").replace('name = "Trade"', 'name = "Trade", short = "TRD"')
    book.write_text(said, "utf-8")
    path = written(
        tmp_path / "d.jsonl",
        [{"text": FIGHT, "label": ["Terrorism"]}, TRADE | {"label": ["trd", "odd"]}],
    )
    code, told = taken(path, "--yes")
    assert code == 0
    assert "label trd 1 nothing yet: topics eco.trade?" in told
    assert "label odd 1 nothing: no home" in told
    assert told.count("trd") == told.count("odd") == 1
    assert labels(project) == {"sec.terror"}
    assert not (tmp_path / "d.jsonl.homes.toml").exists()
    taken(path)
    assert taken(path, "--yes")[0] == 0
    assert labels(project) == {"sec.terror", "eco.trade"}


def test_labels_are_known_by_the_names_that_our_exports_write(
    project: Project, tmp_path: Path, taken: Call
) -> None:
    start = FIGHT.index("fight")
    rows = [
        {
            "text": FIGHT,
            "label": ["topics:sec.terror", "commitments:near_miss:assertion", "topics:nothing"],
            "entities": [
                {"start_offset": start, "end_offset": start + 15, "label": "topics:eco.trade"}
            ],
        }
    ]
    path = written(tmp_path / "d.jsonl", rows)
    code, said = taken(path)
    assert code == 0
    assert "label topics:nothing 1 nothing: no home" in said
    assert taken(path, "--yes")[0] == 0
    (sentence,) = coded(project)
    found = {mark.label: [span.exact for span in mark.spans()] for mark in sentence.marks}
    assert found == {"sec.terror": [], "assertion": [], "eco.trade": ["fight terrorism"]}


def test_types_as_our_brat_writes_them_are_known(
    project: Project, tmp_path: Path, call: Call
) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.txt").write_text(FIGHT, "utf-8")
    kinds = ("topics--sec-terror", "commitments--assertion", "topics--nothing", "sec-terror")
    lines = [f"T{at}\t{kind} 0 {len(FIGHT)}\t{FIGHT}\n" for at, kind in enumerate(kinds, 1)]
    (tmp_path / "b" / "x.ann").write_text("".join(lines), "utf-8")
    code, said = call("import", str(tmp_path / "b"), "--format", "brat", "--as", "eve", "--yes")
    assert code == 0
    assert "type topics--nothing 1 nothing: no home" in said
    assert "type sec-terror 1 nothing: no home" in said
    assert labels(project) == {"sec.terror", "assertion"}


def test_words_that_name_somebody_of_the_cast_fill_a_slot_of_people(
    project: Project, tmp_path: Path, taken: Call
) -> None:
    place = project.paths.seeds / "call-a.toml"
    place.write_text(place.read_text("utf-8") + 'aliases = ["the parties"]\n', "utf-8")
    rows = [{"text": FIGHT, "label": [[0, 11, "WHO"], [41, 46, "WHO"]]}]
    path = written(tmp_path / "d.jsonl", rows)
    taken(path)
    homes = tmp_path / "d.jsonl.homes.toml"
    written_down = homes.read_text("utf-8")
    assert "#   speakers (Speakers): source*, cue, content" in written_down
    whole = 'layer = "speakers"\nto = "direct"\nslot = "source"'
    homes.write_text(written_down.replace('layer = ""\nto = ""\nslot = ""', whole), "utf-8")
    code, said = taken(path, "--yes")
    assert code == 2
    assert "nobody in the cast is called “Syria”, as “WHO” would need" in said
    (sentence,) = coded(project)
    values = [value for mark in sentence.marks for value in mark.slots.get("source", ())]
    assert [
        (one.entity, one.mention and one.mention.exact)
        for one in values
        if isinstance(one, EntityValue)
    ] == [("xa", "The parties")]


def test_a_wrong_label_is_told_with_the_nearest_ones_and_where_all_are(
    tmp_path: Path, taken: Call, call: Call
) -> None:
    path = written(tmp_path / "d.jsonl", [TRADE])
    taken(path)
    homes = tmp_path / "d.jsonl.homes.toml"
    homes.write_text(homes.read_text("utf-8").replace("eco.trade", "sec.teror"), "utf-8")
    code, said = taken(path)
    assert code == 2
    assert (
        "Did you mean “sec.terror” or “eco.trade”? “annotator codebook labels topics” lists" in said
    )
    homes.write_text(homes.read_text("utf-8").replace("sec.teror", ""), "utf-8")
    code, said = taken(path)
    assert code == 2
    assert "the label “Trade”: it has the layer “topics” and no label of it in “to”. Leave" in said
    assert "Leave both empty and it is left out. Did you mean “eco.trade”?" in said
    code, said = call("codebook", "labels", "topics")
    assert code == 0
    assert said == (
        "layer label tag name topics sec.terror sec.terror Terrorism topics eco.trade eco.trade"
        " Trade"
    )
    assert "commitments assertion" in call("codebook", "labels")[1]
    code, said = call("codebook", "labels", "topcs")
    assert code == 2
    assert "Its layers are topics, speakers" in said


def test_a_label_of_any_length_leaves_the_table_narrow(tmp_path: Path, taken: Call) -> None:
    path = written(tmp_path / "d.jsonl", [TRADE | {"label": ["x" * 100_000]}])
    code, said = taken(path)
    assert code == 0
    assert f"label {'x' * 60}… 1 nothing" in said
    assert len(said) < 2_000


def test_words_without_a_slot_are_counted_in_the_look(tmp_path: Path, taken: Call) -> None:
    place = text_of("call-a").index("terrorism")
    rows = [{"text": text_of("call-a"), "label": [[place + 1, place + 10, "Terrorism"]]}]
    code, said = taken(written(tmp_path / "d.jsonl", rows))
    assert code == 0
    assert "1 label on words that have no place" in said


def test_without_a_file_of_homes_none_is_spoken_of_as_if_it_were_there(
    project: Project, tmp_path: Path, taken: Call
) -> None:
    book = project.root / "schemas" / "readouts.toml"
    said = book.read_text("utf-8").replace('name = "Trade"', 'name = "Trade", short = "TRD"')
    book.write_text(said, "utf-8")
    path = written(tmp_path / "p3.jsonl", [{"text": FIGHT, "label": ["trd"]}])
    code, said = taken(path, "--yes")
    assert code == 0
    assert "1 label or relation, 1 time in all, has no home yet and was left out:" in said
    assert "there is no" in said
    assert "Nothing new is taken in." in said
    assert "already" not in said
